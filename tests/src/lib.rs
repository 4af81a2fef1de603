//! What the journeys are told with: a practice on the laptop, and the people who use it, over HTTP alone.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod device;
mod practice;
mod visit;

pub use device::Device;
pub use practice::{Answer, Practice, credential};
pub use visit::{Appointment, slot};
