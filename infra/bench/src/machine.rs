//! On what it was measured: numbers mean nothing without it.

use std::fs;
use std::process::Command;

/// Cores, processor, kernel, compiler, day.
#[must_use]
pub fn description() -> String {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let processor = fs::read_to_string("/proc/cpuinfo").ok();
    let processor = processor.as_deref().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        line.split_once(':').map(|(_, name)| name.trim().to_owned())
    });
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let memory = fs::read_to_string("/proc/meminfo").ok().as_deref().and_then(memory);
    let day = jiff::Timestamp::now().strftime("%Y-%m-%d");
    format!(
        "{day}: {cores} cores of {}, {} GB, Linux {} on {}, {}, Node {}",
        processor.as_deref().unwrap_or("an unknown processor"),
        memory.unwrap_or_default(),
        kernel.trim(),
        std::env::consts::ARCH,
        version("rustc"),
        version("node"),
    )
}

fn memory(meminfo: &str) -> Option<u64> {
    let kilobytes = meminfo.lines().next()?.split_whitespace().nth(1)?;
    kilobytes.parse::<u64>().ok().map(|kilobytes| kilobytes / 1_000_000)
}

fn version(program: &str) -> String {
    let output = Command::new(program).arg("--version").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    text.unwrap_or_else(|_| "missing".to_owned())
}
