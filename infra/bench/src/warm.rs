//! Warm functions: the CPU time of a request, in the function's own process. Services cost nothing here, since they work
//! in another one.

use crate::cold::{Bench, COMPARED, Options, built, millis};
use crate::failure::{Failure, Outcome};
use crate::process::{Program, Running};
use crate::series::Series;
use crate::table::{Table, figure, times};
use serde_json::Value;
use std::io::Write;
use std::time::Instant;

/// A request takes at most so much CPU time, in ms.
const MOST_MILLIS: f64 = 1.0;
/// Requests before the clock runs: Node compiles what it finds busy.
const BEFORE: usize = 50;

/// What a program's requests came to.
struct Warm {
    cpu_millis: f64,
    answer: Series,
    status: u16,
}

/// Measures, and prints the table.
///
/// # Errors
/// When the functions are not built, or do not answer.
pub async fn run(out: &mut dyn Write, options: &Options, requests: usize) -> Outcome<()> {
    let wanted = Options { functions: vec!["start-visit".to_owned(), COMPARED.to_owned()], ..options.clone() };
    let functions = built(&wanted)?;
    let bench = Bench::open().await?;
    let mut rows = Vec::new();
    for function in &functions {
        crate::progress(&format!("{requests} requests to {}", function.name));
        let events = events(&bench, &function.name, requests).await?;
        rows.push((function.name.clone(), serve(&bench.function(&function.file), events).await?));
    }
    for peer in bench.peers()? {
        crate::progress(&format!("{requests} requests to {}", peer.name));
        let events = events(&bench, COMPARED, requests).await?;
        rows.push((peer.name.to_owned(), serve(&bench.peer(&peer), events).await?));
    }
    let compared = rows.iter().find(|(name, _)| name == COMPARED).map_or(0.0, |(_, warm)| warm.cpu_millis);
    let mut table =
        Table::new(["function", "CPU a request, ms", "÷ check-link", "answer p50, ms", "answer p99, ms", "status"]);
    for (name, warm) in &rows {
        let answers = [warm.answer.median(), warm.answer.at(0.99)].map(figure);
        let own = [name.clone(), format!("{:.3}", warm.cpu_millis), times(warm.cpu_millis, compared)];
        table.row(own.into_iter().chain(answers).chain([warm.status.to_string()]));
    }
    writeln!(out, "{table}")?;
    writeln!(
        out,
        "{requests} requests, one after the other, after {BEFORE} more. Target: start-visit at most {MOST_MILLIS} ms."
    )?;
    Ok(())
}

/// Events of their own: a link can be spent once.
async fn events(bench: &Bench, function: &str, requests: usize) -> Outcome<Vec<Value>> {
    let mut events = Vec::new();
    for _ in 0..BEFORE + requests {
        let event = bench.stage.event(function).await?;
        events.push(event.ok_or_else(|| Failure::said(format!("no event for {function}")))?);
    }
    Ok(events)
}

#[expect(clippy::cast_precision_loss, reason = "a few hundred")]
async fn serve(program: &Program, events: Vec<Value>) -> Outcome<Warm> {
    let mut process = Running::start(program).await?;
    let (mut answer, mut status, mut before) = (Series::default(), 0, process.taken()?);
    for (n, event) in events.into_iter().enumerate() {
        if n == BEFORE {
            before = process.taken()?;
        }
        let asked = Instant::now();
        let invoked = process.invoke(event).await?;
        status = status.max(invoked.status);
        if n >= BEFORE {
            answer.push(millis(invoked.at.saturating_duration_since(asked)));
        }
    }
    let cpu = process.taken()?.cpu.saturating_sub(before.cpu);
    Ok(Warm { cpu_millis: millis(cpu) / answer.len() as f64, answer, status })
}
