//! Journeys over HTTP, races, faults, the model: every one a sentence of what Bedside is for.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs
)]

mod journeys;
mod lessons;
mod model;
mod races;
mod readme;
