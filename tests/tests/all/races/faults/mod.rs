//! Whatever fails behind us, and however: the six rules of the join protocol hold.
//!
//! A cell is one call of AWS that goes wrong in one way, once or four times. Each runs with a visit of its own; several
//! practices take cells at the same time, since a call that never answers costs seconds.

mod others;
mod start;

use bedside_tests::{Answer, Practice};
use futures_util::FutureExt as _;
use futures_util::future::join_all;
use std::any::Any;
use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Mutex;

/// How a call goes wrong.
const KINDS: [&str; 8] = ["error", "throttle", "timeout", "lost-answer", "twice", "conflict", "die", "die-after"];
/// A service, an operation of it, and what is being done meanwhile.
type Call = (&'static str, &'static str, &'static str);

/// What came of a call's cells, by kind and times.
type Row = BTreeMap<(usize, u32), String>;

/// A call that goes wrong.
#[derive(Debug, Clone, Copy)]
struct Cell {
    /// What is being done meanwhile.
    stage: &'static str,
    service: &'static str,
    operation: &'static str,
    kind: &'static str,
    times: u32,
}

impl Cell {
    fn is_death(self) -> bool {
        matches!(self.kind, "die" | "die-after")
    }

    async fn begin(self, practice: &Practice) {
        practice.fault(self.service, self.operation, self.kind, self.times).await;
    }

    /// The first answer: success, or a problem that says to try again. And the fault has truly been met.
    fn judge(self, practice: &Practice, first: &Answer) -> u16 {
        let left: u32 = practice.laptop().aws().faults().iter().map(|fault| fault.times).sum();
        assert!(left < self.times, "the call was not made");
        let status = first.status.as_u16();
        match status {
            200..=202 => assert!(!self.is_death(), "somebody who died has answered"),
            500 | 502 | 503 => {
                let code = first.text_at("/code");
                let known = ["INTERNAL", "NOTIFICATION_FAILED", "UNAVAILABLE", "MEDIA_UNAVAILABLE"];
                assert!(known.contains(&code.as_str()), "{}", first.text);
                let _ = first.clone().problem(status, &code);
                assert_eq!(status == 500, self.is_death(), "only who dies has no words: {}", first.text);
                assert!(self.is_death() || self.times > 1, "one call that fails is tried again: {}", first.text);
            }
            _ => panic!("{}", first.text),
        }
        status
    }
}

/// All kinds for each of these calls, once and four times.
fn all(calls: &[Call]) -> Vec<Cell> {
    cells(calls, |_| &[1, 4])
}

/// Those in which most goes wrong: the SDK gives up after three tries, and who died once is dead.
fn worst(calls: &[Call]) -> Vec<Cell> {
    cells(calls, |kind| match kind {
        "error" | "throttle" | "timeout" | "lost-answer" => &[4],
        _ => &[1],
    })
}

/// What takes longest comes first.
fn cells(calls: &[Call], times: impl Fn(&str) -> &'static [u32]) -> Vec<Cell> {
    let mut cells = vec![];
    for (stage, service, operation) in calls.iter().copied() {
        for kind in KINDS.into_iter().filter(|kind| *kind != "conflict" || operation == "TransactWriteItems") {
            cells.extend(times(kind).iter().map(|times| Cell { stage, service, operation, kind, times: *times }));
        }
    }
    cells.sort_by_key(|cell| (cell.kind != "timeout", u32::MAX - cell.times));
    cells
}

/// Runs each cell on one of so many practices, prints the table of what came of them, and fails if one has failed.
async fn table(title: &str, practices: usize, cells: Vec<Cell>, run: impl AsyncFn(&Practice, Cell) -> String) {
    let (todo, done) = (Mutex::new(cells.into_iter()), Mutex::new(vec![]));
    let _ = join_all((0..practices).map(async |_| {
        let practice = Practice::open().await;
        loop {
            let Some(cell) = todo.lock().unwrap().next() else { break };
            let came = AssertUnwindSafe(run(&practice, cell)).catch_unwind().await;
            practice.no_faults().await;
            done.lock().unwrap().push((cell, came.map_err(|panic| words(&*panic))));
        }
    }))
    .await;
    let done = done.into_inner().unwrap();
    print(title, &done);
    let failed: Vec<_> =
        done.iter().filter_map(|(cell, came)| Some(format!("{cell:?}: {}", came.as_ref().err()?))).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}

fn print(title: &str, done: &[(Cell, Result<String, String>)]) {
    let mut rows: BTreeMap<(&str, &str), Row> = BTreeMap::new();
    for (cell, came) in done {
        let column = KINDS.iter().position(|kind| *kind == cell.kind).unwrap();
        let text = came.clone().unwrap_or_else(|_| "FAILED".to_owned());
        let _ = rows.entry((cell.stage, cell.operation)).or_default().insert((column, cell.times), text);
    }
    let columns: Vec<(usize, u32)> = rows
        .values()
        .flat_map(|row| row.keys().copied())
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect();
    let mut lines = vec![format!("\n{title}\n{:36}", "")];
    for (kind, times) in &columns {
        lines[0].push_str(&format!("{:>17}", format!("{} x{times}", KINDS[*kind])));
    }
    for ((stage, operation), row) in rows {
        let mut line = format!("{:36}", format!("{stage}: {operation}"));
        for column in &columns {
            line.push_str(&format!("{:>17}", row.get(column).map_or("", String::as_str)));
        }
        lines.push(line);
    }
    println!("{}", lines.join("\n"));
}
