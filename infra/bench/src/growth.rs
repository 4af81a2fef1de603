//! The same requests with few and with many visits in the table.
//!
//! The table is the laptop's: an embedded engine on SQLite. What DynamoDB's time and price depend on is counted besides:
//! the calls of a request, the items that it reads and the units that it takes.

use crate::client::{Ask, Client};
use crate::cold::millis;
use crate::failure::{Failure, Outcome};
use crate::seed::Seed;
use crate::series::Series;
use crate::table::{Table, figure, times};
use crate::visit::{self, Practice};
use bedside_local::aws::Consumption;
use bedside_local::{Laptop, Options};
use bedside_tests::Device;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

/// Requests of each kind at each size.
const REQUESTS: usize = 200;
/// Visits of the page that is read.
const PAGE: i64 = 25;
/// Where they begin, in minutes from now: 40 days.
const AHEAD_MINUTES: i64 = 40 * 24 * 60;
/// Of memory, that a visit in the table takes with its places in the indexes: measured, with pages of 16 KB.
const BYTES_OF_A_VISIT: u64 = 20_000;
/// A request may take so much longer than with the fewest visits.
const MOST_GROWTH: f64 = 1.10;

/// What one kind of request came to.
#[derive(Default)]
struct Measured {
    millis: Series,
    taken: Vec<Consumption>,
}

impl Measured {
    /// Calls and items read, of one request.
    fn counts(&self) -> (u64, u64) {
        let calls = self.taken.iter().map(|taken| taken.calls).sum();
        let items = self.taken.iter().map(|taken| taken.items_read).sum();
        (calls, items)
    }

    /// Its request units. Ids of another length may make half a unit's difference.
    fn units(&self) -> f64 {
        // An empty sum would be minus nothing.
        self.taken.iter().fold(0.0, |units, taken| units + taken.units)
    }
}

type Kinds = BTreeMap<&'static str, Measured>;

/// Measures at each size, beside a laptop that keeps the fewest visits, and prints the table.
///
/// # Errors
/// When a request goes wrong, or the file is there already.
pub async fn run(out: &mut dyn std::io::Write, sizes: &[usize], data: Option<&Path>) -> Outcome<()> {
    if let Some(file) = data.filter(|file| file.exists()) {
        return Err(Failure::said(format!("{} is there already: growth begins with an empty table.", file.display())));
    }
    let mut sizes = sizes.to_vec();
    sizes.sort_unstable();
    let fewest = sizes.first().copied().unwrap_or_default();
    if data.is_none() {
        fits(sizes.iter().max().copied().unwrap_or_default(), crate::machine::free_memory())?;
    }
    // Both in files or both in memory: only the number of visits differs.
    let beside = data.map(|file| file.with_extension("fewest"));
    let (mut least, mut most) = (Stage::open(beside.as_deref()).await?, Stage::open(data).await?);
    least.grow(fewest).await?;
    let mut measured: Vec<(usize, [Kinds; 2])> = Vec::new();
    for size in sizes {
        most.grow(size).await?;
        crate::progress(&format!("{REQUESTS} requests of each kind with {size} visits, and with {fewest}"));
        // Once for the caches of the processor and of the engine.
        measure(&least, &most, REQUESTS / 4).await?;
        measured.push((size, measure(&least, &most, REQUESTS).await?));
    }
    print(out, fewest, &measured)
}

/// Said before, and not by the system that ends the run after ten minutes.
fn fits(visits: usize, free: Option<u64>) -> Outcome<()> {
    let needed = u64::try_from(visits).unwrap_or(u64::MAX).saturating_mul(BYTES_OF_A_VISIT);
    match free {
        Some(free) if free < needed => Err(Failure::said(format!(
            "{visits} visits take {} GB of memory, and {} GB are free: name fewer with --sizes, or a file with --data.",
            needed.div_ceil(1_000_000_000),
            free / 1_000_000_000,
        ))),
        _ => Ok(()),
    }
}

/// Each kind of request so many times on either laptop, in turns: what happens to the machine meanwhile happens to both.
async fn measure(least: &Stage, most: &Stage, requests: usize) -> Outcome<[Kinds; 2]> {
    let mut kinds = [Kinds::new(), Kinds::new()];
    for n in 0..requests {
        let is_last = n + 1 == requests;
        let (asks, others) = (least.asks().await?, most.asks().await?);
        for (one, other) in asks.into_iter().zip(others) {
            let [of_least, of_most] = &mut kinds;
            // Whoever comes second finds the processor's caches filled.
            if n.is_multiple_of(2) {
                least.ask(one, of_least, is_last).await?;
                most.ask(other, of_most, is_last).await?;
            } else {
                most.ask(other, of_most, is_last).await?;
                least.ask(one, of_least, is_last).await?;
            }
        }
    }
    Ok(kinds)
}

/// A laptop and its practice.
struct Stage {
    laptop: Laptop,
    client: Client,
    practice: Practice,
    /// One with many visits, and where the measured page of theirs begins.
    clinician: String,
    desk: String,
    from: Timestamp,
    seed: Seed,
}

impl Stage {
    async fn open(data: Option<&Path>) -> Outcome<Self> {
        let options = Options { data: data.map(Path::to_owned), ..Options::default() };
        let laptop = Laptop::start(options.ports_free()).await?;
        let client = Client::new(laptop.url())?;
        let practice = Practice::demo(&client).await?;
        let clinician = visit::fresh("clinician");
        let desk = practice.clinician(&client, &clinician).await?;
        // Past all copies: whoever reads a page of these opens their patients' names.
        let from = visit::slot(client.now(), AHEAD_MINUTES);
        for hour in 0..=PAGE {
            let at = from + SignedDuration::from_hours(hour);
            client.send(&practice.create(&clinician, &visit::fresh("patient"), at)).await?.expect(201)?;
        }
        let seed = Seed::of_a_visit(&laptop, &client, &practice, &clinician).await?;
        Ok(Self { laptop, client, practice, clinician, desk, from, seed })
    }

    async fn grow(&mut self, size: usize) -> Outcome<()> {
        self.seed.grow(&self.laptop, size).await
    }

    async fn ask(&self, asked: Asked, kinds: &mut Kinds, is_last: bool) -> Outcome<()> {
        let Asked { kind, ask, status } = asked;
        let measured = kinds.entry(kind).or_default();
        // Metering takes time: the last one is counted instead of measured.
        if is_last {
            self.laptop.aws().start_meter();
        }
        let began = Instant::now();
        let answer = self.client.send(&ask).await?;
        if is_last {
            measured.taken = self.laptop.aws().stop_meter();
        } else {
            measured.millis.push(millis(began.elapsed()));
        }
        answer.expect(status).map_err(|error| Failure::said(format!("{kind}: {error}")))?;
        Ok(())
    }

    /// One of each kind, on a visit of its own.
    async fn asks(&self) -> Outcome<[Asked; 6]> {
        let (client, practice) = (&self.client, &self.practice);
        let clinician = visit::fresh("clinician");
        practice.clinician(client, &clinician).await?;
        let at = visit::slot(client.now(), 0);
        let made = client.send(&practice.create(&clinician, &visit::fresh("patient"), at)).await?.expect(201)?;
        let id = made.text("/visitId")?;
        let link = visit::patients(&client.send(&practice.links(&id)).await?.expect(200)?)?;
        let later = visit::slot(client.now(), 120);
        let list = format!("/api/visits?limit={PAGE}&clinicianId={}&from={}", self.clinician, self.from);
        let asked = |kind, ask, status| Asked { kind, ask, status };
        Ok([
            asked("health: gateway and HTTP alone", Ask::get("/api/health"), 200),
            asked("check-link", Ask::post("/api/token/redeem", link.clone()), 200),
            asked("start that waits", visit::start(client, &id, &link, &Device::new()), 202),
            asked("get-visit", practice.server(Ask::get(format!("/api/visits/{id}"))), 200),
            asked("list-visits, a page of 25", Ask::get(list).bearer(&self.desk), 200),
            asked("create-visit", practice.create(&clinician, &visit::fresh("patient"), later), 201),
        ])
    }
}

/// A request of a kind, and the status of its answer.
struct Asked {
    kind: &'static str,
    ask: Ask,
    status: u16,
}

fn print(out: &mut dyn std::io::Write, fewest: usize, measured: &[(usize, [Kinds; 2])]) -> Outcome<()> {
    let mut table = Table::new([
        "request",
        "visits",
        "p50, ms",
        "p50 with fewest, ms",
        "÷ fewest",
        "p99, ms",
        "calls",
        "items read",
        "units",
    ]);
    let mut grown = Vec::new();
    let kinds = measured.first().map(|(_, [least, _])| least.keys()).into_iter().flatten();
    for kind in kinds {
        for (size, [least, most]) in measured {
            let (Some(least), Some(most)) = (least.get(kind), most.get(kind)) else { continue };
            let (before, now) = (least.millis.median(), most.millis.median());
            let (calls, items) = most.counts();
            let cells = [(*kind).to_owned(), size.to_string(), figure(now), figure(before), times(now, before)];
            let counts = [figure(most.millis.at(0.99)), calls.to_string(), items.to_string(), most.units().to_string()];
            table.row(cells.into_iter().chain(counts));
            if now > before * MOST_GROWTH || most.counts() != least.counts() {
                grown.push(format!("{kind} at {size}"));
            }
        }
    }
    writeln!(out, "{table}")?;
    let grown = if grown.is_empty() { "none".to_owned() } else { grown.join(", ") };
    writeln!(
        out,
        "Beside a table of {fewest} visits, in turns; target: at most {MOST_GROWTH} ×, and the same counts. Beyond it: {grown}."
    )?;
    Ok(())
}

/// The body of a query of all that is in a partition.
pub(crate) fn partition(key: &str) -> serde_json::Value {
    json!({
        "TableName": "Visits",
        "KeyConditionExpression": "PK = :pk",
        "ExpressionAttributeValues": { ":pk": { "S": key } },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_that_does_not_fit_is_not_begun() {
        assert!(fits(1_000_000, Some(20_000_000_000)).is_ok());
        assert!(fits(1_000_000, None).is_ok(), "where the system does not say");
        let said = fits(1_000_000, Some(15_900_000_000)).map_err(|error| error.to_string());
        assert_eq!(
            said,
            Err("1000000 visits take 20 GB of memory, and 15 GB are free: name fewer with --sizes, or a file with --data."
                .to_owned())
        );
    }
}
