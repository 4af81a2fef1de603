//! Cold starts: from the start of a process to its first answer, every call of a service over TLS.

use crate::failure::{Failure, Outcome};
use crate::package::{packed, size};
use crate::peers::{self, Peer};
use crate::process::{Program, Running, Taken};
use crate::replay::{self, Calls};
use crate::requests::Stage;
use crate::series::Series;
use crate::table::{Table, figure, megabytes, times};
use crate::tls::Front;
use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A function's binary is at most so large, in bytes.
const MOST_BYTES: u64 = 6_000_000;
/// A function is at least so many times as fast as the same job on Node.
const LEAST_TIMES: f64 = 15.0;
/// The function whose job the peers do.
pub const COMPARED: &str = "check-link";

/// The function that works off whatever is due.
const SCHEDULED: &str = "tick";

/// What is measured.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder of the binaries: `NAME/bootstrap`, or plain `NAME`.
    pub binaries: PathBuf,
    /// The folder of events, `NAME.json`, for functions that this program has no request for.
    pub events: PathBuf,
    /// How many cold starts of each.
    pub runs: usize,
    /// Only these functions; all that are there, where none is named.
    pub functions: Vec<String>,
}

/// A function that was built.
pub(crate) struct Built {
    pub(crate) name: String,
    pub(crate) file: PathBuf,
}

/// The functions of the folder, in the order of their names.
pub(crate) fn built(options: &Options) -> Outcome<Vec<Built>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../functions");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !options.functions.is_empty() && !options.functions.contains(&name) {
            continue;
        }
        let files = [options.binaries.join(&name).join("bootstrap"), options.binaries.join(&name)];
        if let Some(file) = files.into_iter().find(|file| file.is_file()) {
            found.push(Built { name, file });
        }
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    if found.is_empty() {
        let folder = options.binaries.display();
        return Err(Failure::said(format!(
            "There is no function in {folder}: build them in release, or name --binaries."
        )));
    }
    Ok(found)
}

/// What the cold starts of one program came to.
#[derive(Default)]
struct Starts {
    millis: Series,
    cpu_millis: Series,
    peak: u64,
    status: u16,
}

/// Where processes are started, and what they find there.
pub(crate) struct Bench {
    pub(crate) stage: Stage,
    front: Front,
    folder: PathBuf,
}

impl Bench {
    pub(crate) async fn open() -> Outcome<Self> {
        let stage = Stage::open().await?;
        let folder = peers::cache()?;
        let front = Front::open(stage.laptop.aws_url(), &folder).await?;
        Ok(Self { stage, front, folder })
    }

    pub(crate) fn peers(&self) -> Outcome<Vec<Peer>> {
        peers::of_check_link(&self.folder)
    }

    fn environment(&self) -> Vec<(String, String)> {
        let path = |path: &Path| path.to_string_lossy().into_owned();
        let mut settings = self.stage.settings(&self.front.url());
        settings.push(("SSL_CERT_FILE".to_owned(), path(self.front.roots())));
        settings.push(("NODE_EXTRA_CA_CERTS".to_owned(), path(self.front.authority())));
        settings
    }

    pub(crate) fn function(&self, file: &Path) -> Program {
        Program { file: file.to_owned(), arguments: Vec::new(), environment: self.environment() }
    }

    pub(crate) fn peer(&self, peer: &Peer) -> Program {
        let mut environment = self.environment();
        // Where Node itself is.
        let path = std::env::var("PATH").unwrap_or_default();
        environment.push(("PATH".to_owned(), path));
        environment.push(("NODE_NO_WARNINGS".to_owned(), "1".to_owned()));
        let arguments = peer.script.iter().map(|script| script.clone().into_os_string()).collect();
        Program { file: peer.file.clone(), arguments, environment }
    }
}

/// A right event for a function, or the one of the folder.
async fn event(stage: &Stage, function: &str, events: &Path) -> Outcome<Option<Value>> {
    if let Some(event) = stage.event(function).await? {
        return Ok(Some(event));
    }
    let Ok(text) = std::fs::read_to_string(events.join(format!("{function}.json"))) else { return Ok(None) };
    let event = serde_json::from_str(&text)?;
    if function == SCHEDULED {
        // What the visits of the other functions owe by now is work that its calls on Node do not have.
        stage.laptop.invoke(function, &event).await.map_err(Failure::said)?;
    }
    Ok(Some(event))
}

/// Starts a program once and gives it an event; which calls it made.
async fn calls_of(bench: &Bench, program: &Program, event: Value) -> Outcome<Calls> {
    let aws = bench.stage.laptop.aws();
    aws.start_keeping_calls(replay::HELD);
    let started = start(program, event, &mut Starts::default()).await;
    let calls = Calls::of(aws.stop_keeping_calls());
    started.map(|()| calls)
}

/// Starts a program once and gives it an event.
async fn start(program: &Program, event: Value, starts: &mut Starts) -> Outcome<()> {
    let mut process = Running::start(program).await?;
    let invoked = process.invoke(event).await?;
    if invoked.status >= 400 {
        return Err(Failure::said(format!("it does not do the job: {}", invoked.status)));
    }
    let Taken { cpu, peak_bytes } = process.taken()?;
    starts.millis.push(millis(process.since_start(invoked.at)));
    starts.cpu_millis.push(millis(cpu));
    starts.peak = starts.peak.max(peak_bytes);
    starts.status = starts.status.max(invoked.status);
    Ok(())
}

pub(crate) fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Measures, and prints the tables.
///
/// # Errors
/// When nothing is built, or a function does not answer.
pub async fn run(out: &mut dyn Write, options: &Options) -> Outcome<()> {
    let functions = built(options)?;
    let bench = Bench::open().await?;
    let peers = bench.peers()?;
    let on_node = bench.peer(&peers::of_calls(&bench.folder)?);
    let mut rows = Vec::new();
    for function in &functions {
        rows.push(Row::new(&function.name, &function.name, bench.function(&function.file), &function.file)?);
    }
    for peer in &peers {
        rows.push(Row::new(peer.name, COMPARED, bench.peer(peer), &peer.package)?);
    }
    // In rounds: what happens to the machine meanwhile happens to all of them. The first round reads the files from the
    // disk, whose speed is not asked for, and finds out which calls there are.
    for round in 0..=options.runs {
        crate::progress(&format!("cold starts of {} programs, round {round} of {}", rows.len(), options.runs));
        for row in &mut rows {
            let done = match round {
                0 => row.look(&bench, options, &on_node).await,
                _ => row.measure(&bench, options, &on_node).await,
            };
            done.map_err(|error| Failure::said(format!("{}: {error}", row.name)))?;
        }
    }
    let (own, others) = rows.split_at(functions.len());
    print(out, own, options.runs)?;
    print_compared(out, own, others)
}

/// A program of the tables.
struct Row<'a> {
    name: &'a str,
    /// The function whose event it gets.
    job: &'a str,
    program: Program,
    size: u64,
    packed: u64,
    starts: Starts,
    calls: Calls,
    /// Cold starts of Node that make its calls.
    on_node: Starts,
}

impl<'a> Row<'a> {
    fn new(name: &'a str, job: &'a str, program: Program, package: &Path) -> Outcome<Self> {
        let (size, packed) = (size(package)?, packed(package)?);
        let (starts, calls, on_node) = (Starts::default(), Calls::of(Vec::new()), Starts::default());
        Ok(Self { name, job, program, size, packed, starts, calls, on_node })
    }

    fn is_own(&self) -> bool {
        self.name == self.job
    }

    /// Which calls it makes, and that Node makes the same.
    async fn look(&mut self, bench: &Bench, options: &Options, on_node: &Program) -> Outcome<()> {
        let Some(event) = event(&bench.stage, self.job, &options.events).await? else { return Ok(()) };
        self.calls = calls_of(bench, &self.program, event).await?;
        if self.is_own() {
            let made = calls_of(bench, on_node, self.calls.event()).await?;
            if made.operations() != self.calls.operations() {
                let (made, calls) = (made.operations(), self.calls.operations());
                return Err(Failure::said(format!("Node makes other calls: {made:?}, not {calls:?}")));
            }
        }
        Ok(())
    }

    async fn measure(&mut self, bench: &Bench, options: &Options, on_node: &Program) -> Outcome<()> {
        let Some(event) = event(&bench.stage, self.job, &options.events).await? else { return Ok(()) };
        start(&self.program, event, &mut self.starts).await?;
        if self.is_own() {
            start(on_node, self.calls.event(), &mut self.on_node).await?;
        }
        Ok(())
    }

    /// Its size, and what its cold starts came to.
    fn figures(&self) -> Vec<String> {
        let (millis, cpu) = (&self.starts.millis, self.starts.cpu_millis.median());
        let mut cells = vec![self.name.to_owned(), megabytes(self.size), megabytes(self.packed)];
        cells.extend([millis.median(), millis.at(0.9), cpu].map(figure));
        cells.push(megabytes(self.starts.peak));
        cells
    }

    /// How many times as long Node takes for its calls.
    fn times_on_node(&self) -> f64 {
        self.on_node.millis.median() / self.starts.millis.median()
    }
}

/// Each function beside its own calls on Node.
fn print(out: &mut dyn Write, own: &[Row<'_>], runs: usize) -> Outcome<()> {
    let mut table = Table::new([
        "function",
        "MB",
        "zip MB",
        "first answer, ms",
        "p90, ms",
        "CPU, ms",
        "peak MB",
        "calls",
        "in sequence",
        "its calls on Node, ms",
        "Node ÷ it",
        "status",
    ]);
    let (measured, idle): (Vec<_>, Vec<_>) = own.iter().partition(|row| !row.starts.millis.is_empty());
    for row in &measured {
        let mut cells = row.figures();
        cells.extend([row.calls.count(), row.calls.in_sequence()].map(|count| count.to_string()));
        let on_node = row.on_node.millis.median();
        cells.extend([figure(on_node), times(on_node, row.starts.millis.median()), row.starts.status.to_string()]);
        table.row(cells);
    }
    writeln!(out, "{table}")?;
    writeln!(
        out,
        "{runs} cold starts of each, in turns; medians. Targets: at most 6 MB; at least {LEAST_TIMES} times as fast as Node."
    )?;
    let said = |list: Vec<String>| if list.is_empty() { "none".to_owned() } else { list.join(", ") };
    let large = own.iter().filter(|row| row.size > MOST_BYTES);
    let large = large.map(|row| format!("{} ({} MB)", row.name, megabytes(row.size))).collect();
    let slow = measured.iter().filter(|row| row.times_on_node() < LEAST_TIMES);
    let slow = slow.map(|row| format!("{} ({:.1} ×)", row.name, row.times_on_node())).collect();
    writeln!(out, "Larger: {}.\nSlower: {}.", said(large), said(slow))?;
    if !idle.is_empty() {
        writeln!(out, "No event: {}.", said(idle.iter().map(|row| row.name.to_owned()).collect()))?;
    }
    Ok(())
}

/// The compared function beside those that do its whole job.
fn print_compared(out: &mut dyn Write, own: &[Row<'_>], others: &[Row<'_>]) -> Outcome<()> {
    let Some(compared) = own.iter().find(|row| row.name == COMPARED) else { return Ok(()) };
    let mut table =
        Table::new(["program", "MB", "zip MB", "first answer, ms", "p90, ms", "CPU, ms", "peak MB", "÷ check-link"]);
    for row in [compared].into_iter().chain(others) {
        let ratio = times(row.starts.millis.median(), compared.starts.millis.median());
        table.row(row.figures().into_iter().chain([ratio]));
    }
    writeln!(out, "\n{table}")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use bedside_local::template::Template;

    /// No route leads to them: each works on what its own source sends.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn every_function_behind_events_has_an_event_that_it_takes() {
        let stage = Stage::open().await.unwrap();
        let events = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events");
        for function in Template::load().unwrap().behind_events {
            let event = event(&stage, &function, &events).await.unwrap();
            let event = event.unwrap_or_else(|| panic!("no event for {function}"));
            let done = stage.laptop.invoke(&function, &event).await;
            assert!(done.is_ok(), "{function}: {done:?}");
        }
    }
}
