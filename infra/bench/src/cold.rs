//! Cold starts: from the start of a process to its first answer, every call of a service over TLS.

use crate::failure::{Failure, Outcome};
use crate::peers::{self, Peer};
use crate::process::{Program, Running, Taken};
use crate::requests::Stage;
use crate::series::Series;
use crate::table::{Table, figure, megabytes, times};
use crate::tls::Front;
use flate2::Compression;
use flate2::write::DeflateEncoder;
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
        peers::all(&self.folder)
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

    /// A right event for a function, or the one of the folder.
    pub(crate) async fn event(&self, function: &str, events: &Path) -> Outcome<Option<Value>> {
        if let Some(event) = self.stage.event(function).await? {
            return Ok(Some(event));
        }
        match std::fs::read_to_string(events.join(format!("{function}.json"))) {
            Ok(text) => Ok(Some(serde_json::from_str(&text)?)),
            Err(_) => Ok(None),
        }
    }
}

/// Starts a program once and gives it an event.
async fn start(program: &Program, event: Value, starts: &mut Starts) -> Outcome<()> {
    let mut process = Running::start(program).await?;
    let invoked = process.invoke(event).await?;
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

/// Measures, and prints the table.
///
/// # Errors
/// When nothing is built, or a function does not answer.
pub async fn run(out: &mut dyn Write, options: &Options) -> Outcome<()> {
    let functions = built(options)?;
    let bench = Bench::open().await?;
    let peers = bench.peers()?;
    let mut rows: Vec<(String, u64, u64, Starts)> = Vec::new();
    for function in &functions {
        crate::progress(&format!("cold starts of {}", function.name));
        let (program, mut starts) = (bench.function(&function.file), Starts::default());
        for run in 0..=options.runs {
            let Some(event) = bench.event(&function.name, &options.events).await? else { break };
            let mut unread = Starts::default();
            // The first one reads the file from the disk: that is the disk's speed.
            let into = if run == 0 { &mut unread } else { &mut starts };
            let started = start(&program, event, into).await;
            started.map_err(|error| Failure::said(format!("{}: {error}", function.name)))?;
        }
        let size = std::fs::metadata(&function.file)?.len();
        rows.push((function.name.clone(), size, packed(&function.file)?, starts));
    }
    for peer in &peers {
        crate::progress(&format!("cold starts of {}", peer.name));
        let (program, mut starts) = (bench.peer(peer), Starts::default());
        for run in 0..=options.runs {
            let Some(event) = bench.event(COMPARED, &options.events).await? else { break };
            let mut unread = Starts::default();
            start(&program, event, if run == 0 { &mut unread } else { &mut starts }).await?;
        }
        if starts.status != 200 {
            return Err(Failure::said(format!("{} does not do the job: {}", peer.name, starts.status)));
        }
        rows.push((peer.name.to_owned(), size(&peer.package)?, packed(&peer.package)?, starts));
    }
    print(out, &rows, peers.len(), options.runs)
}

fn print(out: &mut dyn Write, rows: &[(String, u64, u64, Starts)], peers: usize, runs: usize) -> Outcome<()> {
    let own = rows.len().saturating_sub(peers);
    let of_peer = |n: usize| rows.get(own + n).map_or(0.0, |(_, _, _, starts)| starts.millis.median());
    let (node, bundled, default_rust) = (of_peer(0), of_peer(1), of_peer(2));
    let mut table = Table::new([
        "function",
        "MB",
        "zip MB",
        "first answer, ms",
        "p90, ms",
        "CPU, ms",
        "peak MB",
        "Node ÷ it",
        "bundled Node ÷ it",
        "default Rust ÷ it",
        "status",
    ]);
    let (mut large, mut slow) = (Vec::new(), Vec::new());
    for (n, (name, size, packed, starts)) in rows.iter().enumerate() {
        let median = starts.millis.median();
        let (cells, measured) = ([megabytes(*size), megabytes(*packed)], !starts.millis.is_empty());
        if n < own && *size > MOST_BYTES {
            large.push(format!("{name} ({} MB)", megabytes(*size)));
        }
        if n < own && measured && node < LEAST_TIMES * median {
            slow.push(format!("{name} ({})", times(node, median)));
        }
        let figures = if measured {
            let times = [times(node, median), times(bundled, median), times(default_rust, median)];
            let cpu = starts.cpu_millis.median();
            let own = [figure(median), figure(starts.millis.at(0.9)), figure(cpu), megabytes(starts.peak)];
            own.into_iter().chain(times).chain([starts.status.to_string()]).collect()
        } else {
            vec!["no event".to_owned()]
        };
        table.row([name.clone()].into_iter().chain(cells).chain(figures));
    }
    writeln!(out, "{table}")?;
    writeln!(
        out,
        "{runs} cold starts of each, medians. Targets: at most 6 MB; at least {LEAST_TIMES} times as fast as Node."
    )?;
    let said = |list: &[String]| if list.is_empty() { "none".to_owned() } else { list.join(", ") };
    writeln!(out, "Larger: {}.\nSlower: {}.", said(&large), said(&slow))?;
    Ok(())
}

/// The size of a file, or of all in a folder.
fn size(path: &Path) -> Outcome<u64> {
    let mut total = 0;
    each_file(path, &mut |file| {
        total += std::fs::metadata(file)?.len();
        Ok(())
    })?;
    Ok(total)
}

/// How large it is when it is deployed: deflated, as in a zip file.
fn packed(path: &Path) -> Outcome<u64> {
    let mut total = 0;
    each_file(path, &mut |file| {
        let mut packer = DeflateEncoder::new(Vec::new(), Compression::best());
        packer.write_all(&std::fs::read(file)?)?;
        total += packer.finish()?.len() as u64;
        Ok(())
    })?;
    Ok(total)
}

fn each_file(path: &Path, act: &mut dyn FnMut(&Path) -> Outcome<()>) -> Outcome<()> {
    if !path.is_dir() {
        return act(path);
    }
    for entry in std::fs::read_dir(path)? {
        let entry = entry?;
        // Links within point to what is counted already.
        if !entry.file_type()?.is_symlink() {
            each_file(&entry.path(), act)?;
        }
    }
    Ok(())
}
