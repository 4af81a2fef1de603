//! The journeys of every role, over HTTP: each a sentence of what Bedside is for.

mod bad_input;
mod calendar;
mod calls;
mod codes;
mod desk;
mod devices;
mod ending;
mod factors;
mod guests;
mod lander;
mod languages;
mod links;
mod messages;
mod reading;
mod roles;
mod visit;
mod waiting;
