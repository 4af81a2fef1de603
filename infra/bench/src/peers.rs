//! The peers: the calls of any function on Node; the job of check-link there, and in Rust as it comes. They are installed
//! and built under the cache.

use crate::failure::{Failure, Outcome};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the peers' sources are.
const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/peers");

/// A peer, ready to be started.
#[derive(Clone, Debug)]
pub struct Peer {
    /// What it is called in tables.
    pub name: &'static str,
    /// What is started.
    pub file: PathBuf,
    /// Its argument, where what is started is an interpreter.
    pub script: Option<PathBuf>,
    /// What would be deployed: a file or a folder.
    pub package: PathBuf,
}

/// What is kept between runs: `$XDG_CACHE_HOME/bedside/bench`.
///
/// # Errors
/// When there is no such place.
pub fn cache() -> Outcome<PathBuf> {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| std::env::home_dir().map(|home| home.join(".cache")));
    let folder = cache.ok_or_else(|| Failure::said("there is no home folder"))?.join("bedside/bench");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Those that do the job of check-link, the slowest first.
///
/// # Errors
/// When npm or cargo cannot make one.
pub fn of_check_link(cache: &Path) -> Outcome<Vec<Peer>> {
    Ok(vec![
        on_node(cache, "*check-link on Node, SDK v3*", "check-link.mjs", "node_modules")?,
        on_node(cache, "*the same, bundled by esbuild*", "bundle.cjs", "bundle.cjs")?,
        default_rust(cache)?,
    ])
}

/// The one that makes the calls that its event tells ([`crate::replay`]).
///
/// # Errors
/// When npm cannot make it.
pub fn of_calls(cache: &Path) -> Outcome<Peer> {
    on_node(cache, "*its calls on Node, SDK v3*", "calls.mjs", "node_modules")
}

fn on_node(cache: &Path, name: &'static str, script: &str, package: &str) -> Outcome<Peer> {
    let folder = cache.join("node");
    std::fs::create_dir_all(&folder)?;
    install(&folder)?;
    Ok(Peer { name, file: "node".into(), script: Some(folder.join(script)), package: folder.join(package) })
}

/// Node's packages and the bundle, unless they are there for these very sources.
fn install(folder: &Path) -> Outcome<()> {
    let mut sources = String::new();
    for file in ["runtime.mjs", "check-link.mjs", "calls.mjs", "package.json", "package-lock.json"] {
        let source = std::fs::read_to_string(Path::new(SOURCES).join("node").join(file))?;
        std::fs::write(folder.join(file), &source)?;
        sources.push_str(&source);
    }
    let stamp = folder.join("installed");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == sources) {
        return Ok(());
    }
    crate::progress("Node's packages");
    let mut install = Command::new("npm");
    done(install.args(["ci", "--no-fund", "--no-audit", "--silent"]).current_dir(folder))?;
    let mut bundle = Command::new(folder.join("node_modules/.bin/esbuild"));
    bundle.args(["check-link.mjs", "--bundle", "--platform=node", "--target=node20", "--minify", "--log-level=error"]);
    done(bundle.arg("--outfile=bundle.cjs").current_dir(folder))?;
    // What a deployment would hold: the bundler stays at home.
    let mut prune = Command::new("npm");
    done(prune.args(["prune", "--omit=dev", "--no-fund", "--no-audit", "--silent"]).current_dir(folder))?;
    Ok(std::fs::write(&stamp, sources)?)
}

fn default_rust(cache: &Path) -> Outcome<Peer> {
    crate::progress("Rust with default features (minutes, once)");
    let target = cache.join("default-rust");
    let mut build = Command::new("cargo");
    build.args(["build", "--release", "--locked", "--quiet", "--manifest-path"]);
    build.arg(Path::new(SOURCES).join("default-rust/Cargo.toml"));
    // From the cache, where the settings of our own build do not count; one of them is in our environment.
    build.env_remove("AWS_LC_SYS_NO_JITTER_ENTROPY");
    done(build.env("CARGO_TARGET_DIR", &target).current_dir(cache))?;
    let file = target.join("release/default-check-link");
    Ok(Peer { name: "*check-link in Rust, all defaults*", package: file.clone(), file, script: None })
}

fn done(command: &mut Command) -> Outcome<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| Failure::said(format!("{name}: {error}")))?;
    if output.status.success() {
        return Ok(());
    }
    Err(Failure::said(format!("{name} failed: {}", String::from_utf8_lossy(&output.stderr).trim())))
}
