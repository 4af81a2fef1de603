//! How fast, and how much: cold starts beside Node and Rust as it comes, CPU of warm functions, load, growth, and the
//! cost of a visit. Nothing that is deployed depends on it.

pub mod bill;
pub mod client;
pub mod cost;
pub mod failure;
pub mod machine;
pub mod series;
pub mod table;
pub mod visit;
