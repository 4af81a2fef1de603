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
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

/// Requests of each kind at each size.
const REQUESTS: usize = 200;
/// A request may take so much longer than with the fewest visits.
const MOST_GROWTH: f64 = 1.10;

/// What one kind of request came to.
#[derive(Default)]
struct Measured {
    millis: Series,
    taken: Vec<Consumption>,
}

impl Measured {
    /// Calls, items read and units, of one request.
    fn counts(&self) -> (u64, u64, f64) {
        let calls = self.taken.iter().map(|taken| taken.calls).sum();
        (calls, self.taken.iter().map(|taken| taken.items_read).sum(), self.taken.iter().map(|taken| taken.units).sum())
    }
}

type Kinds = BTreeMap<&'static str, Measured>;

/// Measures at each size, and prints the table.
///
/// # Errors
/// When a request goes wrong, or the file is there already.
pub async fn run(out: &mut dyn std::io::Write, sizes: &[usize], data: Option<&Path>) -> Outcome<()> {
    if let Some(file) = data.filter(|file| file.exists()) {
        return Err(Failure::said(format!("{} is there already: growth begins with an empty table.", file.display())));
    }
    let options = Options { data: data.map(Path::to_owned), ..Options::default() };
    let laptop = Laptop::start(options.ports_free()).await?;
    let stage = Stage::open(&laptop).await?;
    let mut seed = Seed::of_a_visit(&laptop, &stage.client, &stage.practice, &stage.clinician).await?;
    let mut sizes = sizes.to_vec();
    sizes.sort_unstable();
    let mut measured: Vec<(usize, Kinds)> = Vec::new();
    for size in sizes {
        seed.grow(&laptop, size).await?;
        crate::progress(&format!("{REQUESTS} requests of each kind with {size} visits"));
        // Once for the caches of the process and of the engine.
        stage.measure(&laptop, REQUESTS / 4).await?;
        measured.push((size, stage.measure(&laptop, REQUESTS).await?));
    }
    print(out, &measured)
}

struct Stage {
    client: Client,
    practice: Practice,
    /// One with many visits.
    clinician: String,
    desk: String,
}

impl Stage {
    async fn open(laptop: &Laptop) -> Outcome<Self> {
        let client = Client::new(laptop.url())?;
        let practice = Practice::demo(&client).await?;
        let clinician = visit::fresh("clinician");
        let desk = practice.clinician(&client, &clinician).await?;
        Ok(Self { client, practice, clinician, desk })
    }

    /// Each kind of request so many times, one after the other, in turns: what happens to the machine happens to all.
    async fn measure(&self, laptop: &Laptop, requests: usize) -> Outcome<Kinds> {
        let mut kinds = Kinds::new();
        for n in 0..requests {
            let last = n + 1 == requests;
            for (kind, ask, status) in self.asks().await? {
                let measured = kinds.entry(kind).or_default();
                // Metering takes time: the last of them is counted instead of measured.
                if last {
                    laptop.aws().start_meter();
                }
                let asked = Instant::now();
                let answer = self.client.send(&ask).await?;
                if last {
                    measured.taken = laptop.aws().stop_meter();
                } else {
                    measured.millis.push(millis(asked.elapsed()));
                }
                answer.expect(status).map_err(|error| Failure::said(format!("{kind}: {error}")))?;
            }
        }
        Ok(kinds)
    }

    /// One of each kind, on a visit of its own.
    async fn asks(&self) -> Outcome<[(&'static str, Ask, u16); 6]> {
        let (client, practice) = (&self.client, &self.practice);
        let clinician = visit::fresh("clinician");
        practice.clinician(client, &clinician).await?;
        let at = visit::slot(client.now(), 0);
        let made = client.send(&practice.create(&clinician, &visit::fresh("patient"), at)).await?.expect(201)?;
        let id = made.text("/visitId")?;
        let link = visit::patients(&client.send(&practice.links(&id)).await?.expect(200)?)?;
        let later = visit::slot(client.now(), 120);
        let list = format!("/api/visits?limit=25&clinicianId={}", self.clinician);
        Ok([
            ("health: gateway and HTTP alone", Ask::get("/api/health"), 200),
            ("check-link", Ask::post("/api/token/redeem", link.clone()), 200),
            ("start that waits", visit::start(client, &id, &link, &Device::new()), 202),
            ("get-visit", practice.server(Ask::get(format!("/api/visits/{id}"))), 200),
            ("list-visits, a page of 25", Ask::get(list).bearer(&self.desk), 200),
            ("create-visit", practice.create(&clinician, &visit::fresh("patient"), later), 201),
        ])
    }
}

fn print(out: &mut dyn std::io::Write, measured: &[(usize, Kinds)]) -> Outcome<()> {
    let Some((fewest, first)) = measured.first() else { return Ok(()) };
    let mut table =
        Table::new(["request", "visits", "p50, ms", "÷ fewest", "p99, ms", "calls", "items read", "units"]);
    let mut grown = Vec::new();
    for (kind, least) in first {
        for (size, kinds) in measured {
            let Some(now) = kinds.get(kind) else { continue };
            let (median, (calls, items, units)) = (now.millis.median(), now.counts());
            let [median_ms, p99] = [median, now.millis.at(0.99)].map(figure);
            let ratio = times(median, least.millis.median());
            let counts = [calls.to_string(), items.to_string(), units.to_string()];
            let cells = [(*kind).to_owned(), size.to_string(), median_ms, ratio, p99];
            table.row(cells.into_iter().chain(counts));
            if median > least.millis.median() * MOST_GROWTH || now.counts() != least.counts() {
                grown.push(format!("{kind} at {size}"));
            }
        }
    }
    writeln!(out, "{table}")?;
    let grown = if grown.is_empty() { "none".to_owned() } else { grown.join(", ") };
    writeln!(out, "Against {fewest} visits; target: at most {MOST_GROWTH} ×, and the same counts. Beyond it: {grown}.")?;
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
