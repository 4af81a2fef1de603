//! Journeys over HTTP, races, faults, the model: every one a sentence of what Bedside is for.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod journeys;
mod model;
mod readme;
