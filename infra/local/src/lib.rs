//! Bedside on a laptop: a whole practice in one program, with no cloud account. API Gateway and the AWS services are
//! stood in for; the functions are the very ones that are deployed.

pub mod aws;
pub mod clock;
mod control;
mod demo;
mod functions;
pub mod gateway;
mod grants;
pub mod invocation;
mod known;
mod laptop;
mod machine;
mod oidc;
mod options;
pub mod pages;
mod practice;
pub mod template;

pub use demo::SeedError;
pub use laptop::{Laptop, StartError};
pub use machine::MachineError;
pub use oidc::{IssuerError, Role};
pub use options::{Options, USAGE};
pub use practice::Keys;
