//! The rules of Bedside: visits, links, participants, factors, windows, messages, masks, the audit chain.
//!
//! Pure: no AWS, no HTTP, no clock and no randomness of its own. What is now, and what is random, is told.

pub mod access;
pub mod api_key;
pub mod audit;
pub mod challenge;
pub mod contact;
pub mod delivery;
pub mod dpop;
pub mod file;
pub mod id;
pub mod join;
pub mod jose;
pub mod language;
pub mod limit;
pub mod link;
pub mod message;
pub mod name;
pub mod outbox;
pub mod pace;
pub mod parse;
pub mod participant;
pub mod permit;
pub mod person;
pub mod presence;
mod schema;
pub mod secret;
pub mod settings;
pub mod text_reply;
pub mod time;
pub mod visit;
pub mod zone;
