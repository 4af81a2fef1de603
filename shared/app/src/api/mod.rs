//! The shapes of the contract: what requests may say, what answers look like.

mod answers;
mod keys;
mod requests;
mod settings;

pub use answers::*;
pub use keys::*;
pub use requests::*;
pub use settings::*;
