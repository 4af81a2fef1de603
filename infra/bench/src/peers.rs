//! The peers: the job of check-link on Node, and in Rust as it comes. They are installed and built under the cache.

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

/// All of them, the slowest first: it is the one that the targets speak of.
///
/// # Errors
/// When npm or cargo cannot make one.
pub fn all(cache: &Path) -> Outcome<Vec<Peer>> {
    let mut peers = node(cache)?;
    peers.push(default_rust(cache)?);
    Ok(peers)
}

fn node(cache: &Path) -> Outcome<Vec<Peer>> {
    let folder = cache.join("node");
    std::fs::create_dir_all(&folder)?;
    install(&folder)?;
    let peer = |name, script: &str, package: &str| Peer {
        name,
        file: "node".into(),
        script: Some(folder.join(script)),
        package: folder.join(package),
    };
    Ok(vec![
        peer("*check-link on Node, SDK v3*", "function.mjs", "node_modules"),
        peer("*the same, bundled by esbuild*", "bundle.cjs", "bundle.cjs"),
    ])
}

/// Node's packages and the bundle, unless they are there for these very sources.
fn install(folder: &Path) -> Outcome<()> {
    let mut sources = String::new();
    for file in ["function.mjs", "package.json", "package-lock.json"] {
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
    bundle.args(["function.mjs", "--bundle", "--platform=node", "--target=node20", "--minify", "--log-level=error"]);
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
