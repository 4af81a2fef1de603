//! How fast, and how much: cold starts beside Node and Rust as it comes, CPU of warm functions, load, growth, and the
//! cost of a visit. Nothing that is deployed depends on it.

// Futures of whole visits are deep.
#![recursion_limit = "256"]

mod apart;
pub mod bill;
pub mod client;
pub mod cold;
pub mod cost;
pub mod due;
pub mod failure;
pub mod growth;
pub mod guessing;
pub mod load;
pub mod machine;
pub mod media;
pub mod options;
mod package;
pub mod peers;
pub mod process;
mod proxy;
pub mod replay;
pub mod requests;
pub mod runtime_api;
mod seed;
pub mod series;
pub mod table;
pub mod tls;
pub mod visit;
pub mod warm;

/// Says on standard error what goes on: the tables on standard output stay clean.
#[expect(clippy::print_stderr, reason = "a program's own words")]
pub fn progress(what: &str) {
    eprintln!("… {what}");
}
