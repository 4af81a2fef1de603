//! What the journeys are told with: a practice on the laptop, and the people who use it, over HTTP alone.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod device;
pub mod document;
mod practice;
mod seat;
mod visit;

pub use device::Device;
pub use practice::{Answer, Ask, Practice, credential};
pub use seat::{Seat, foreign_address};
pub use visit::{Appointment, slot};
