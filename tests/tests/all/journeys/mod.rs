//! The journeys of every role, over HTTP: each a sentence of what Bedside is for.

mod bad_input;
mod calls;
mod codes;
mod cors;
mod desk;
mod devices;
mod ending;
mod factors;
mod idempotency;
mod lander;
mod limits;
mod links;
mod messages;
mod reading;
mod roles;
mod visit;
mod waiting;
