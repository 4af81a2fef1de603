//! The shapes of the contract: what requests may say, what answers look like.

mod answers;
mod requests;
mod schema;

pub use answers::*;
pub use requests::*;
pub use schema::INLINE;
