//! The AWS endpoint of the laptop, spoken to by the real SDK clients.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod database;
mod endpoint;
mod faults;
mod keys;
mod meetings;
mod messages;
mod meter;
mod wire;
