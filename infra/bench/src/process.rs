//! A function in a process of its own, and what the kernel says of it.

use crate::failure::{Failure, Outcome};
use crate::runtime_api::{Invoked, RuntimeApi};
use serde_json::Value;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What is started, and with which settings.
#[derive(Clone, Debug)]
pub struct Program {
    /// The file.
    pub file: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// The whole of its environment.
    pub environment: Vec<(String, String)>,
}

/// A running function. Dropping it ends it.
pub struct Running {
    child: Child,
    api: RuntimeApi,
    started: Instant,
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a process has taken so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Taken {
    /// CPU time of all its threads, user and system.
    pub cpu: Duration,
    /// The most memory that it held at once, in bytes.
    pub peak_bytes: u64,
}

impl Running {
    /// Starts it.
    ///
    /// # Errors
    /// When it cannot be started.
    pub async fn start(program: &Program) -> Outcome<Self> {
        let api = RuntimeApi::open().await?;
        let mut command = Command::new(&program.file);
        command.args(&program.arguments).env_clear().envs(program.environment.iter().cloned());
        command.env("AWS_LAMBDA_RUNTIME_API", api.address()).stdin(Stdio::null()).stdout(Stdio::null());
        let started = Instant::now();
        let child = command.spawn().map_err(|error| Failure::said(format!("{}: {error}", program.file.display())))?;
        Ok(Self { child, api, started })
    }

    /// Hands it an event.
    ///
    /// # Errors
    /// When it fails, or has ended.
    pub async fn invoke(&mut self, event: Value) -> Outcome<Invoked> {
        let answered = self.api.invoke(event).await;
        match (answered, self.child.try_wait()?) {
            (Err(why), Some(status)) => Err(Failure::said(format!("{why}; the process ended, {status}"))),
            (answered, _) => answered,
        }
    }

    /// How long after its start something happened.
    #[must_use]
    pub fn since_start(&self, at: Instant) -> Duration {
        at.saturating_duration_since(self.started)
    }

    /// What it has taken so far. Threads that have ended are not in it.
    ///
    /// # Errors
    /// When the kernel does not say (it is Linux that does).
    pub fn taken(&self) -> Outcome<Taken> {
        taken(self.child.id())
    }
}

/// What a process has taken so far. Threads that have ended are not in it.
pub(crate) fn taken(process: u32) -> Outcome<Taken> {
    let own = PathBuf::from(format!("/proc/{process}"));
    let mut nanoseconds = 0;
    for thread in std::fs::read_dir(own.join("task"))? {
        // A thread may end while we look.
        let Ok(schedule) = std::fs::read_to_string(thread?.path().join("schedstat")) else { continue };
        let run = schedule.split_whitespace().next().and_then(|time| time.parse::<u64>().ok());
        nanoseconds += run.ok_or_else(|| Failure::said("the kernel does not tell a process's CPU time"))?;
    }
    let status = std::fs::read_to_string(own.join("status"))?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = peak.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default();
    Ok(Taken { cpu: Duration::from_nanos(nanoseconds), peak_bytes: kilobytes * 1024 })
}
