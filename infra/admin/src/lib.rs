//! The operator's command: makes practices and their keys, and takes their audit chains out and verifies them.
//!
//! It works on the tables and keys themselves, by the application's own use cases, with the operator's AWS credentials.
//! What is asked for goes to standard output, all else to standard error: `bedside keys create … > key` is a key.

mod arguments;
mod audit;
mod cloud;
mod failure;
mod keys;
mod tenant;
mod verify;

pub use arguments::Arguments;
use arguments::{AuditCommand, Command};
pub use failure::Failure;

use std::io::Write as _;

/// Does what was asked for.
///
/// # Errors
/// One plain line.
pub async fn run(arguments: Arguments) -> Result<(), Failure> {
    match arguments.command {
        Command::Tenant(command) => tenant::run(command, &cloud::application().await?).await,
        Command::Keys(command) => keys::run(command, &cloud::application().await?).await,
        Command::Audit(AuditCommand::Export(export)) => audit::export(&export, &cloud::application().await?).await,
        Command::Audit(AuditCommand::Verify(verify)) => verify::run(&verify),
    }
}

/// Tells what was asked for.
fn say(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush()).map_err(|why| Failure::new(format!("Nobody reads: {why}.")))
}

/// Tells what happened besides.
fn note(text: &str) {
    // Whoever has closed it does not want to know.
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
