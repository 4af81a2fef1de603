//! The shapes of the contract: what requests may say, what answers look like.

mod answers;
mod keys;
mod requests;
mod schema;
mod settings;

pub use answers::*;
pub use keys::*;
pub use requests::*;
pub use schema::INLINE;
pub use settings::*;
