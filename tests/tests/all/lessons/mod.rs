//! What went wrong elsewhere, and must not here; tokens before the eyes of others; the layers; what nobody may read.

mod asking;
mod aws;
mod canary;
mod earlier;
mod foreign;
mod kept;
mod layering;
mod openapi;
mod sign_in;
mod tokens;
mod walk;
