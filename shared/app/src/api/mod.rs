//! The shapes of the contract: what requests may say, what answers look like.

mod answers;
mod requests;

pub use answers::*;
pub use requests::*;
