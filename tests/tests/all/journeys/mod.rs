//! The journeys of every role, over HTTP: each a sentence of what Bedside is for.

mod bad_input;
mod calls;
mod cancelling;
mod codes;
mod cors;
mod desk;
mod devices;
mod ending;
mod factors;
mod form;
mod idempotency;
mod keys;
mod lander;
mod limits;
mod links;
mod lists;
mod messages;
mod moving;
mod portal;
mod reading;
mod renewing;
mod roles;
mod settings;
mod visit;
mod waiting;
