//! Guessing: what a run over many codes from many addresses gets to look up, and who gets in meanwhile; and whether the
//! kinds of miss can be told apart.

use crate::client::{Answer, Ask, Client};
use crate::cold::millis;
use crate::failure::{Failure, Outcome};
use crate::series::Series;
use crate::table::{Table, figure, times};
use crate::visit::{self, Practice};
use bedside_local::{Laptop, Options};
use bedside_tests::Device;
use futures_util::StreamExt as _;
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::time::Instant;

/// Codes that are guessed, and the addresses that they come from in turns.
const CODES: usize = 100_000;
const ADDRESSES: usize = 10_000;
/// In so many minutes of the laptop's clock.
const MINUTES: usize = 100;
/// Guesses that are under way at once.
const AT_ONCE: usize = 32;
/// Patients with links, all behind one address, who come in meanwhile.
const PATIENTS: usize = 100;
const THEIR_ADDRESS: &str = "198.51.100.77";
/// Look-ups that everyone has in a minute.
const BUDGET: usize = 60;
/// Minutes by which a patient's visit lies ahead of a round: within the window in which one may come in.
const AHEAD: i64 = 5;

/// Measures both, and prints the tables.
///
/// # Errors
/// When the laptop does not start, or a patient does not get in.
pub async fn run(out: &mut dyn Write) -> Outcome<()> {
    guesses(out).await?;
    writeln!(out, "\n## Kinds of miss\n")?;
    misses(out).await
}

/// What came of a run of guesses.
#[derive(Default)]
struct Run {
    looked_up: usize,
    most_in_a_minute: usize,
    refused: usize,
    found: usize,
    other: usize,
    came_in: usize,
}

async fn guesses(out: &mut dyn Write) -> Outcome<()> {
    let laptop = Laptop::start(Options::default().ports_free()).await?;
    let mut client = Client::new(laptop.url())?;
    let practice = Practice::demo(&client).await?;
    let (_, code) = with_code(&client, &practice).await?;
    let mut run = Run::default();
    for minute in 0..MINUTES {
        crate::progress(&format!("{CODES} guesses, minute {minute} of {MINUTES}"));
        // The budget is that of the clock's minute: each round begins one.
        let into = client.now().as_second().rem_euclid(60);
        client.advance(SignedDuration::from_secs(60 - into)).await?;
        let share = CODES / MINUTES;
        let answers = futures_util::stream::iter(minute * share..(minute + 1) * share)
            .map(|n| guess(&client, n))
            .buffer_unordered(AT_ONCE)
            .collect::<Vec<Outcome<u16>>>();
        // Sign-ins last an hour, and the clock is moved by more.
        let signed_in = Practice::demo(&client).await?;
        let (answers, came_in) = tokio::join!(answers, comes_in(&client, &signed_in));
        run.came_in += usize::from(came_in?);
        let mut looked_up = 0;
        for status in answers {
            match status? {
                404 => looked_up += 1,
                429 => run.refused += 1,
                200 => run.found += 1,
                _ => run.other += 1,
            }
        }
        run.looked_up += looked_up;
        run.most_in_a_minute = run.most_in_a_minute.max(looked_up);
    }
    let into = client.now().as_second().rem_euclid(60);
    client.advance(SignedDuration::from_secs(60 - into)).await?;
    let calm = client.send(&Ask::get(format!("/api/join/{code}")).from_address("192.0.2.9")).await?;
    run.print(out, calm.status)
}

impl Run {
    fn print(&self, out: &mut dyn Write, calm: u16) -> Outcome<()> {
        let mut table = Table::new(["", "count"]);
        let rows = [
            ("codes guessed", CODES),
            ("addresses", ADDRESSES),
            ("minutes of the clock", MINUTES),
            ("looked up: 404", self.looked_up),
            ("most in one minute", self.most_in_a_minute),
            ("refused before a look-up: 429", self.refused),
            ("found: 200", self.found),
            ("any other answer", self.other),
            ("patients with links, from one address, who came in meanwhile", self.came_in),
        ];
        for (what, count) in rows {
            table.row([what.to_owned(), count.to_string()]);
        }
        writeln!(out, "{table}")?;
        let years = 2_f64.powi(40) / to_float(BUDGET) / 60.0 / 24.0 / 365.0;
        let within = if self.most_in_a_minute <= BUDGET { "never beyond" } else { "BEYOND" };
        writeln!(
            out,
            "{within} the budget of {BUDGET} a minute; all codes of 40 bits would take {years:.0} years. A minute after, a right code is {calm} again."
        )?;
        if self.came_in == PATIENTS.min(MINUTES) { Ok(()) } else { Err(Failure::said("a patient did not get in")) }
    }
}

/// One guess, never the same, from one of the addresses.
async fn guess(client: &Client, n: usize) -> Outcome<u16> {
    const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    // Odd, so that numbers and codes go one to one.
    let mixed = n.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let letter = |place: usize| LETTERS.get((mixed >> (place * 5 + 20)) % 32).copied().map_or('A', char::from);
    let code: String = (0..8).map(letter).collect();
    let from = n % ADDRESSES;
    let address = format!("10.{}.{}.{}", from / 65_536, from / 256 % 256, from % 256);
    let ask = Ask::get(format!("/api/join/{code}")).from_address(&address);
    Ok(client.send(&ask).await?.status)
}

/// A patient with a link comes in, from where everybody comes.
async fn comes_in(client: &Client, practice: &Practice) -> Outcome<bool> {
    let clinician = visit::fresh("clinician");
    practice.clinician(client, &clinician).await?;
    let at = visit::slot(client.now(), AHEAD);
    let create = practice.create(&clinician, &visit::fresh("patient"), at);
    let id = client.send(&create).await?.expect(201)?.text("/visitId")?;
    let credential = visit::patients(&client.send(&practice.links(&id)).await?.expect(200)?)?;
    let start = visit::start(client, &id, &credential, &Device::new());
    Ok(client.send(&start.from_address(THEIR_ADDRESS)).await?.status == 202)
}

/// A visit with a public code; gives its id and the code.
async fn with_code(client: &Client, practice: &Practice) -> Outcome<(String, String)> {
    let clinician = visit::fresh("clinician");
    practice.clinician(client, &clinician).await?;
    let at = visit::slot(client.now(), 300);
    let mut create = practice.create(&clinician, &visit::fresh("patient"), at);
    if let Some(members) = create.body.as_mut().and_then(Value::as_object_mut) {
        members.insert("access".to_owned(), json!({ "publicCode": true }));
    }
    let made = client.send(&create).await?.expect(201)?;
    Ok((made.text("/visitId")?, made.text("/meetingCode")?))
}

/// How often each kind of miss is asked for.
const ROUNDS: usize = 300;

/// Codes that lead nowhere, for each reason: their answers, their calls, their times.
async fn misses(out: &mut dyn Write) -> Outcome<()> {
    let laptop = Laptop::start(Options::default().ports_free()).await?;
    let mut client = Client::new(laptop.url())?;
    let practice = Practice::demo(&client).await?;
    let (_, over) = with_code(&client, &practice).await?;
    let (last, called_off) = with_code(&client, &practice).await?;
    let cancel = Ask::post(format!("/api/visits/{last}/cancel"), json!({ "reason": "Over" }));
    client.send(&practice.server(cancel)).await?.expect(200)?;
    client.advance(SignedDuration::from_hours(7)).await?;
    let unknown = "AAAABBBB".to_owned();
    let kinds = [("unknown", unknown), ("expired", over), ("called off", called_off)];
    let mut told: BTreeMap<&str, (Series, Option<Answer>, String)> = BTreeMap::new();
    for round in 0..ROUNDS {
        crate::progress(&format!("kinds of miss, round {round} of {ROUNDS}"));
        for (kind, code) in &kinds {
            // Each is the first miss of its address, and of its minute.
            client.control("/local/limits", json!({ "reset": true })).await?;
            client.control("/local/calls", json!({ "reset": true })).await.ok();
            let asked = Instant::now();
            let answer = client.send(&Ask::get(format!("/api/join/{code}"))).await?.expect(404)?;
            let taken = millis(asked.elapsed());
            let calls = client.send(&Ask::get("/local/calls")).await?.expect(200)?.body;
            let entry = told.entry(kind).or_insert_with(|| (Series::default(), None, calls_of(&calls)));
            if round > 0 {
                entry.0.push(taken);
            }
            entry.1 = Some(answer);
            entry.2 = calls_of(&calls);
        }
    }
    let floor = told.get("unknown").map(|(series, ..)| series.median()).unwrap_or_default();
    let mut table = Table::new(["a code that is", "p50, ms", "p99, ms", "p50 ÷ unknown", "bytes", "calls"]);
    for (kind, (series, answer, calls)) in &told {
        let bytes = answer.as_ref().map(|answer| answer.bytes).unwrap_or_default();
        let (median, late) = (series.median(), series.at(0.99));
        table.row([
            (*kind).to_owned(),
            figure(median),
            figure(late),
            times(median, floor),
            bytes.to_string(),
            calls.clone(),
        ]);
    }
    writeln!(out, "{table}")?;
    writeln!(out, "{} times each, in turns; the bytes with all headers.", ROUNDS - 1)?;
    Ok(())
}

/// The calls of a request, in words.
fn calls_of(body: &Value) -> String {
    let calls = body.pointer("/calls").and_then(Value::as_array).cloned().unwrap_or_default();
    let word = |call: &Value| {
        let operation = call.get("operation").and_then(Value::as_str)?.to_owned();
        let count = call.get("count").and_then(Value::as_u64)?;
        Some(format!("{count} {operation}"))
    };
    calls.iter().filter_map(word).collect::<Vec<_>>().join(", ")
}

#[expect(clippy::cast_precision_loss, reason = "a budget")]
fn to_float(count: usize) -> f64 {
    count as f64
}
