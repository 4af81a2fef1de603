//! What went wrong elsewhere, and must not here; tokens before the eyes of others; the layers; what nobody may read.

mod agreement;
mod asking;
pub(crate) mod aws;
mod canary;
mod earlier;
mod entries;
mod events;
mod foreign;
mod kept;
mod layering;
mod openapi;
mod policies;
mod public_codes;
mod records;
mod sign_in;
mod tokens;
mod walk;

pub(crate) use entries::read_entries;
