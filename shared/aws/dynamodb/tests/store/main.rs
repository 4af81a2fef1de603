//! The store against the embedded database: what is written is read, and each guard holds what it says.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unreachable
)]

mod api_keys;
mod attempts;
mod engine;
mod guards;
mod limits;
mod ports;
mod rows;
mod samples;
