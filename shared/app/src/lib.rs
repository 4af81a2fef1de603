//! The use cases of Bedside, and the ports they need.
//!
//! Nothing here knows HTTP or AWS. A use case is a method of [`practice::App`], bounded by the ports that it uses.

pub mod agenda;
pub mod answer;
pub mod api;
pub mod attendance;
mod booking;
pub mod caller;
pub mod cancel;
pub mod challenges;
pub mod change;
pub mod check;
pub mod credential;
mod cursor;
pub mod desk;
pub mod end;
pub mod error;
mod guests;
pub mod health;
pub mod keys;
pub mod limits;
pub mod links;
pub mod lists;
pub mod media;
pub mod messages;
pub mod notes;
pub mod notify;
pub mod once;
pub mod people;
pub mod ports;
pub mod practice;
pub mod profile;
pub mod renew;
pub mod reschedule;
pub mod schedule;
pub mod seal;
pub mod seat;
pub mod session;
pub mod settings;
pub mod settle;
pub mod sign_in;
pub mod start;
pub mod trail;
mod view;
pub mod visits;
mod words;
pub mod world;
