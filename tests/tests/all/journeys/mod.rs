//! The journeys of every role, over HTTP: each a sentence of what Bedside is for.

mod bad_input;
mod calls;
mod codes;
mod desk;
mod devices;
mod ending;
mod factors;
mod keys;
mod lander;
mod links;
mod messages;
mod reading;
mod roles;
mod settings;
mod visit;
mod waiting;
