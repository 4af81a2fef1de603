//! Many visits at once, against a laptop in a process of its own.
//!
//! Visits begin one after the other, at a rate; all of them are in the waiting room at once, then all in the call, then
//! they end. Nobody waits for somebody else's answer: each visit asks when it is time to.

use crate::apart::{Apart, serve_until_input_ends};
use crate::client::{Answer, Ask, Client};
use crate::cold::millis;
use crate::failure::{Failure, Outcome};
use crate::series::Series;
use crate::table::{Table, figure, times};
use crate::visit::{self, Practice, Seat};
use bedside_local::{Laptop, Options};
use bedside_tests::Device;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio::time::sleep;

/// Visits that begin in a second: a health system's morning.
const BEGIN_RATE: f64 = 20.0;
/// Rounds of polls in the waiting room, and in the call.
const ROUNDS: u32 = 3;
/// As `pollAfterMs` says while waiting.
const POLL: Duration = Duration::from_secs(4);
/// A practice may send 5,000 messages a day, three for each visit here: more visits are of more practices.
const VISITS_OF_PRACTICE: usize = 250;
/// The step that everything is compared with: the gateway and HTTP, and a function that asks nobody.
const FLOOR: &str = "health";

/// The laptop that is measured: it says where it is, and runs until its standard input ends.
///
/// # Errors
/// When it cannot start.
pub async fn laptop(out: &mut dyn Write) -> Outcome<()> {
    let laptop = Laptop::start(Options { port: 0, aws_port: 0, ..Options::default() }).await?;
    let ended = serve_until_input_ends(out, laptop.url()).await;
    drop(laptop);
    ended
}

/// What the requests of one step came to.
#[derive(Default)]
struct Step {
    millis: Series,
    errors: BTreeMap<String, usize>,
}

/// What all of them came to, in the order in which the steps were met first.
#[derive(Default)]
struct Log(Mutex<Vec<(&'static str, Step)>>);

impl Log {
    fn note(&self, name: &'static str, millis: f64, error: Option<String>) {
        let mut steps = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let n = steps.iter().position(|(known, _)| *known == name).unwrap_or(steps.len());
        if n == steps.len() {
            steps.push((name, Step::default()));
        }
        if let Some((_, step)) = steps.get_mut(n) {
            step.millis.push(millis);
            if let Some(error) = error {
                *step.errors.entry(error).or_default() += 1;
            }
        }
    }
}

/// Measures each number of visits, and prints a table for each.
///
/// # Errors
/// When the laptop does not start, or a request went wrong.
pub async fn run(out: &mut dyn Write, visits: &[usize]) -> Outcome<()> {
    let mut wrong = 0;
    for visits in visits {
        wrong += round(out, *visits).await?;
    }
    if wrong == 0 { Ok(()) } else { Err(Failure::said(format!("{wrong} requests went wrong"))) }
}

#[expect(clippy::cast_precision_loss, reason = "some thousands")]
async fn round(out: &mut dyn Write, visits: usize) -> Outcome<usize> {
    let apart = Apart::start("laptop")?;
    let client = Client::new(apart.address())?;
    crate::progress(&format!("{visits} visits: clinicians and practices"));
    let crowd = Arc::new(crowd(&client, visits).await?);
    let log = Arc::new(Log::default());
    let ramp = Duration::from_secs_f64(visits as f64 / BEGIN_RATE);
    let wait = POLL * ROUNDS;
    crate::progress(&format!("{visits} visits: about {} s", (ramp * 3 + wait * 2).as_secs()));
    let began = Instant::now();
    let mut running = JoinSet::new();
    for n in 0..visits {
        let place = Place { client: client.clone(), crowd: Arc::clone(&crowd), log: Arc::clone(&log), n };
        let late = ramp.mul_f64(n as f64 / visits as f64);
        running.spawn(async move {
            sleep(late).await;
            // What went wrong is in the log; the visit ends there.
            let _ = place.live(ramp).await;
        });
    }
    running.join_all().await;
    let seconds = began.elapsed().as_secs_f64();
    let log = Arc::into_inner(log).ok_or_else(|| Failure::said("a visit still runs"))?;
    print(out, visits, &log.0.into_inner().unwrap_or_else(PoisonError::into_inner), seconds)
}

/// The practices of a round, and each visit's clinician with their sign-in.
struct Crowd {
    practices: Vec<Practice>,
    clinicians: Vec<(String, String)>,
}

async fn crowd(client: &Client, visits: usize) -> Outcome<Crowd> {
    let mut practices = vec![Practice::demo(client).await?];
    while practices.len() * VISITS_OF_PRACTICE < visits {
        practices.push(Practice::another(client).await?);
    }
    let mut clinicians = Vec::with_capacity(visits);
    // Each has one visit at a time.
    for practice in practices.iter().cycle().take(visits) {
        let id = visit::fresh("clinician");
        clinicians.push((id.clone(), practice.clinician(client, &id).await?));
    }
    Ok(Crowd { practices, clinicians })
}

/// One visit of the round.
struct Place {
    client: Client,
    crowd: Arc<Crowd>,
    log: Arc<Log>,
    n: usize,
}

impl Place {
    /// Asks as somebody at an address of their own, and notes how long it took.
    async fn ask(&self, step: &'static str, person: u8, ask: Ask, status: u16) -> Outcome<Answer> {
        let address = format!("100.{}.{}.{person}", 64 + self.n / 256 % 64, self.n % 256);
        let ask = ask.from_address(&address);
        let asked = Instant::now();
        let answer = self.client.send(&ask).await.and_then(|answer| answer.expect(status));
        self.log.note(step, millis(asked.elapsed()), answer.as_ref().err().map(ToString::to_string));
        answer
    }

    /// From the making to the end; `ramp` apart, so that all are waiting at once, and in the call at once.
    async fn live(&self, ramp: Duration) -> Outcome<()> {
        let gone = || Failure::said("nobody is there");
        let practice = self.crowd.practices.get(self.n % self.crowd.practices.len()).ok_or_else(gone)?;
        let (clinician, desk) = self.crowd.clinicians.get(self.n).ok_or_else(gone)?;
        let client = &self.client;
        self.ask(FLOOR, 1, Ask::get("/api/health"), 200).await?;
        let at = visit::slot(client.now(), 0);
        let made = self.ask("create-visit", 1, practice.create(clinician, &visit::fresh("patient"), at), 201).await?;
        let id = made.text("/visitId")?;
        let links = self.ask("create-links", 1, practice.links(&id), 200).await?;
        self.ask("notify-visit", 1, practice.notify(&id), 200).await?;
        let credential = visit::patients(&links)?;
        self.ask("check-link", 2, Ask::post("/api/token/redeem", credential.clone()), 200).await?;
        let phone = Device::new();
        let start = self.ask("start-visit", 2, visit::start(client, &id, &credential, &phone), 202).await?;
        let patient = Seat::of(&start, phone)?;
        self.poll(&patient, "get-session, waiting", ramp).await?;

        self.ask(FLOOR, 1, Ask::get("/api/health"), 200).await?;
        let computer = Device::new();
        let start = visit::start_signed_in(client, &id, desk, &computer);
        let start = self.ask("start-visit-authenticated", 3, start, 200).await?;
        let clinician = Seat::of(&start, computer)?;
        self.ask("list-participants", 3, visit::participants(&id, desk), 200).await?;
        self.ask("admit-participant", 3, visit::admit(&id, &patient.id, desk), 200).await?;
        self.ask("join-session", 2, patient.join(client), 200).await?;
        self.poll(&clinician, "get-session, in the call", ramp).await?;

        self.ask("join-session, again", 2, patient.join(client), 200).await?;
        self.ask(FLOOR, 1, Ask::get("/api/health"), 200).await?;
        self.ask("end-visit", 3, visit::end(&id, desk), 200).await?;
        Ok(())
    }

    /// Asks every 4 seconds, until all others are there too and have asked a few times.
    async fn poll(&self, seat: &Seat, step: &'static str, ramp: Duration) -> Outcome<()> {
        let until = Instant::now() + ramp + POLL * ROUNDS;
        while Instant::now() < until {
            sleep(POLL).await;
            self.ask(step, 2, seat.poll(&self.client), 200).await?;
        }
        Ok(())
    }
}

#[expect(clippy::cast_precision_loss, reason = "some thousands")]
fn print(out: &mut dyn Write, visits: usize, steps: &[(&'static str, Step)], seconds: f64) -> Outcome<usize> {
    let floor = steps.iter().find(|(name, _)| *name == FLOOR).map_or(0.0, |(_, step)| step.millis.median());
    let columns = ["step", "requests", "p50, ms", "p99, ms", "max, ms", "p50 ÷ health", "errors"];
    let mut table = Table::new(columns);
    let (mut all, mut wrong) = (Series::default(), 0);
    for (name, step) in steps {
        let errors: usize = step.errors.values().sum();
        let figures = [step.millis.median(), step.millis.at(0.99), step.millis.max()].map(figure);
        let ratio = times(step.millis.median(), floor);
        let cells = [(*name).to_owned(), step.millis.len().to_string()];
        table.row(cells.into_iter().chain(figures).chain([ratio, errors.to_string()]));
        all.extend(&step.millis);
        wrong += errors;
    }
    let figures = [all.median(), all.at(0.99), all.max()].map(figure);
    let cells = ["**all**".to_owned(), all.len().to_string()];
    table.row(cells.into_iter().chain(figures).chain([times(all.median(), floor), wrong.to_string()]));
    writeln!(out, "{table}")?;
    let rate = figure(all.len() as f64 / seconds);
    writeln!(out, "{visits} visits at once: {} s, {rate} requests a second, {wrong} errors.\n", figure(seconds))?;
    for (name, step) in steps {
        for (error, count) in &step.errors {
            writeln!(out, "- {name}: {count} × {error}")?;
        }
    }
    Ok(wrong)
}
