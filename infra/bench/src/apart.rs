//! What is measured, in a process of its own: this program once more.

use crate::failure::{Failure, Outcome};
use crate::process::{Taken, taken};
use std::io::{BufRead as _, BufReader, Write};
use std::process::{Child, Command, Stdio};

/// A process that says its address, and runs until its standard input ends. Dropping it ends it.
pub(crate) struct Apart {
    child: Child,
    address: String,
}

impl Drop for Apart {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Apart {
    /// Starts this program with another thing to do.
    pub(crate) fn start(what: &str) -> Outcome<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        let mut child = command.arg(what).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let out = child.stdout.take().ok_or_else(|| Failure::said(format!("the {what} has no output")))?;
        let mut address = String::new();
        BufReader::new(out).read_line(&mut address)?;
        let apart = Self { child, address: address.trim().to_owned() };
        if apart.address.is_empty() { Err(Failure::said(format!("the {what} did not start"))) } else { Ok(apart) }
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// What it has taken so far.
    pub(crate) fn taken(&self) -> Outcome<Taken> {
        taken(self.child.id())
    }
}

/// Says the address, and comes back when standard input ends.
pub(crate) async fn serve_until_input_ends(out: &mut dyn Write, address: &str) -> Outcome<()> {
    writeln!(out, "{address}")?;
    out.flush()?;
    // A blocking read, and nothing else to do on this thread.
    let ended = tokio::task::spawn_blocking(|| std::io::copy(&mut std::io::stdin(), &mut std::io::sink())).await;
    ended.map_err(|error| Failure::said(error.to_string()))?.map(drop).map_err(Failure::from)
}
