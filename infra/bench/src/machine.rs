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

/// How much memory can be had, in bytes, where the system says it.
#[must_use]
pub fn free_memory() -> Option<u64> {
    kilobytes(&fs::read_to_string("/proc/meminfo").ok()?, "MemAvailable").map(|kilobytes| kilobytes * 1_024)
}

fn memory(meminfo: &str) -> Option<u64> {
    kilobytes(meminfo, "MemTotal").map(|kilobytes| kilobytes / 1_000_000)
}

fn kilobytes(meminfo: &str, name: &str) -> Option<u64> {
    let value = meminfo.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    value.split_whitespace().next()?.parse().ok()
}

fn version(program: &str) -> String {
    let output = Command::new(program).arg("--version").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    text.unwrap_or_else(|_| "missing".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_by_its_name() {
        let told = "MemTotal:       24576000 kB\nMemFree:         1000000 kB\nMemAvailable:   20480000 kB\n";
        assert_eq!((memory(told), kilobytes(told, "MemAvailable")), (Some(24), Some(20_480_000)));
        assert_eq!(kilobytes(told, "Mem"), None);
        assert_eq!(kilobytes("", "MemTotal"), None);
    }
}
