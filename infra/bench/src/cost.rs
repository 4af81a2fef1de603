//! What a visit costs, outside of texts and media: a whole one is lived through on the laptop, its calls and units are
//! counted, and the price list is applied.

use crate::bill::{Bill, Counted, Prices};
use crate::client::{Answer, Ask, Client};
use crate::failure::{Failure, Outcome};
use crate::table::{Table, figure};
use crate::visit::{self, Practice, Seat};
use bedside_local::aws::{Channel, Consumption};
use bedside_local::{Laptop, Options};
use bedside_tests::Device;
use jiff::SignedDuration;
use serde_json::{Value, json};

/// A visit must cost less, in US dollars.
pub const MOST_USD: f64 = 0.005;
/// The patient waits so long, in seconds.
const WAIT: i64 = 5 * 60;
/// And talks so long, in seconds.
const TALK: i64 = 20 * 60;
/// The patient asks so often meanwhile, as `pollAfterMs` says.
const WAITING_POLL: i64 = 4;
/// The most that a text part holds (GSM 7-bit, in a text of several parts).
const SEGMENT: usize = 153;

/// What the pages do beside what they must.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Habits {
    /// Only the patient asks, while waiting: the call itself needs no poll.
    Needed,
    /// The desk looks at the waiting room every 4 seconds too, and in the call both ask every 15 seconds.
    Most,
}

/// A visit that was lived through.
#[derive(Debug)]
pub struct Lived {
    /// What was counted.
    pub counted: Counted,
    /// How long people were in the call, in minutes, together.
    pub attendee_minutes: f64,
}

/// Lives a visit through and counts it: two people, by text and e-mail, 5 minutes of waiting, 20 of talk.
///
/// # Errors
/// When any step goes wrong: a visit that was not whole must not look cheap.
pub async fn visit(habits: Habits) -> Outcome<Lived> {
    let laptop = Laptop::start(Options::default().ports_free()).await?;
    // One before, uncounted: functions are warm, as most are that somebody meets.
    let mut first = Stage::open(Client::new(laptop.url())?).await?;
    first.live(Habits::Needed).await?;
    let mut stage = Stage::open(first.client).await?;
    stage.client.control("/local/calls", json!({ "reset": true })).await?;
    laptop.aws().clear_messages();
    laptop.aws().start_meter();
    let attendee_minutes = stage.live(habits).await?;
    let database = laptop.aws().stop_meter();
    let calls = stage.client.send(&Ask::get("/local/calls")).await?.expect(200)?;
    let counted = stage.counted(&laptop, &calls, database)?;
    Ok(Lived { counted, attendee_minutes })
}

/// What an hour without visits costs: the schedule runs every minute.
///
/// # Errors
/// When the laptop does not answer.
pub async fn idle_tick() -> Outcome<Counted> {
    let laptop = Laptop::start(Options::default().ports_free()).await?;
    let client = Client::new(laptop.url())?;
    client.control("/local/tick", json!({})).await?;
    client.control("/local/calls", json!({ "reset": true })).await?;
    laptop.aws().start_meter();
    client.control("/local/tick", json!({})).await?;
    let database = laptop.aws().stop_meter();
    let calls = client.send(&Ask::get("/local/calls")).await?.expect(200)?;
    Ok(Counted { ticks: 1, calls: call_counts(&calls)?, database, ..Counted::default() })
}

/// A visit on the laptop, its clock moved by hand.
struct Stage {
    client: Client,
    practice: Practice,
    clinician: String,
    desk: String,
    counted: Counted,
    /// Seconds of the laptop's clock since the schedule ran.
    since_tick: i64,
}

impl Stage {
    async fn open(client: Client) -> Outcome<Self> {
        let practice = Practice::demo(&client).await?;
        let clinician = visit::fresh("clinician");
        let desk = practice.clinician(&client, &clinician).await?;
        Ok(Self { client, practice, clinician, desk, counted: Counted::default(), since_tick: 0 })
    }

    /// A request that must go well.
    async fn ask(&mut self, ask: Ask, status: u16) -> Outcome<Answer> {
        let what = format!("{} {}", ask.method, ask.path);
        let answer = self.client.send(&ask).await?.expect(status);
        let answer = answer.map_err(|error| Failure::said(format!("{what}: {error}")))?;
        self.counted.requests += 1;
        self.counted.answer_bytes += answer.bytes;
        Ok(answer)
    }

    /// Time passes, and with each minute the schedule runs.
    async fn pass(&mut self, seconds: i64) -> Outcome<()> {
        self.client.advance(SignedDuration::from_secs(seconds)).await?;
        self.since_tick += seconds;
        if self.since_tick >= 60 {
            self.since_tick -= 60;
            self.client.control("/local/tick", json!({})).await?;
            self.counted.ticks += 1;
        }
        Ok(())
    }

    /// From the making of the visit to its end; answers the minutes in the call.
    async fn live(&mut self, habits: Habits) -> Outcome<f64> {
        let at = visit::slot(self.client.now(), 5);
        let create = self.practice.create(&self.clinician, &visit::fresh("patient"), at);
        let id = self.ask(create, 201).await?.text("/visitId")?;
        let links = self.ask(self.practice.links(&id), 200).await?;
        let notify = self.practice.notify(&id);
        self.ask(notify, 200).await?;
        let credential = visit::patients(&links)?;
        self.ask(Ask::post("/api/token/redeem", credential.clone()), 200).await?;
        let phone = Device::new();
        let start = self.ask(visit::start(&self.client, &id, &credential, &phone), 202).await?;
        let patient = Seat::of(&start, phone)?;
        let computer = Device::new();
        let start = self.ask(visit::start_signed_in(&self.client, &id, &self.desk, &computer), 200).await?;
        let clinician = Seat::of(&start, computer)?;

        for second in (WAITING_POLL..=WAIT).step_by(usize::try_from(WAITING_POLL).unwrap_or(1)) {
            self.pass(WAITING_POLL).await?;
            self.ask(patient.poll(&self.client), 200).await?;
            if habits == Habits::Most {
                self.ask(visit::participants(&id, &self.desk), 200).await?;
                if second % 16 == 0 {
                    self.ask(clinician.poll(&self.client), 200).await?;
                }
            }
        }
        self.ask(visit::participants(&id, &self.desk), 200).await?;
        self.ask(visit::admit(&id, &patient.id, &self.desk), 200).await?;
        self.ask(patient.poll(&self.client), 200).await?;
        self.ask(patient.join(&self.client), 200).await?;
        for _ in (0..TALK).step_by(15) {
            self.pass(15).await?;
            if habits == Habits::Most {
                self.ask(patient.poll(&self.client), 200).await?;
                self.ask(clinician.poll(&self.client), 200).await?;
            }
        }
        self.ask(visit::end(&id, &self.desk), 200).await?;
        // The clinician has been there from the start.
        #[expect(clippy::cast_precision_loss, reason = "minutes")]
        Ok((WAIT + 2 * TALK) as f64 / 60.0)
    }

    fn counted(self, laptop: &Laptop, calls: &Answer, database: Vec<Consumption>) -> Outcome<Counted> {
        let messages = laptop.aws().messages();
        let attachments = messages.iter().flat_map(|message| &message.attachments);
        // In a mail they are in base64.
        let attachment_bytes = attachments.map(|file| file.text.len() * 4 / 3).sum();
        let texts = messages.iter().filter(|message| message.channel == Channel::Sms);
        let parts = texts.map(|text| if text.text.len() <= 160 { 1 } else { text.text.len().div_ceil(SEGMENT) });
        let sms_segments = parts.map(|parts| parts as u64).sum();
        Ok(Counted { calls: call_counts(calls)?, database, attachment_bytes, sms_segments, ..self.counted })
    }
}

/// What `/local/calls` says, as `service.Operation`.
fn call_counts(answer: &Answer) -> Outcome<std::collections::BTreeMap<String, u64>> {
    let counts = answer.body.get("calls").and_then(Value::as_array);
    let counts = counts.ok_or_else(|| Failure::said("the laptop's answer has no calls"))?;
    let count = |call: &Value| {
        let (service, operation) = (call.get("service")?.as_str()?, call.get("operation")?.as_str()?);
        Some((format!("{service}.{operation}"), call.get("count")?.as_u64()?))
    };
    Ok(counts.iter().filter_map(count).collect())
}

/// Lives two visits through and prints their bills.
///
/// # Errors
/// When one of them goes wrong, or costs too much.
pub async fn run(out: &mut dyn std::io::Write) -> Outcome<()> {
    let prices = Prices::load()?;
    let (needed, most) = (visit(Habits::Needed).await?, visit(Habits::Most).await?);
    let bills = (Bill::of(&needed.counted, &prices), Bill::of(&most.counted, &prices));
    let mut table = Table::new(["", "needed", "$", "at most", "$ at most", "share"]);
    for (less, more) in bills.0.0.iter().zip(&bills.1.0) {
        let quantity = |line: &crate::bill::Line| {
            if line.unit == "GB" {
                format!("{:.0} KB", line.quantity * 1e6)
            } else {
                format!("{} {}", figure(line.quantity), line.unit)
            }
        };
        let share = format!("{:.0} %", more.usd / bills.1.usd() * 100.0);
        table.row([more.what.to_owned(), quantity(less), usd(less.usd), quantity(more), usd(more.usd), share]);
    }
    let (less, more) = (bills.0.usd(), bills.1.usd());
    table.row(["**a visit**".to_owned(), String::new(), usd(less), String::new(), usd(more), "100 %".to_owned()]);
    writeln!(out, "{table}")?;
    let greatest = bills.1.greatest().map_or("nothing", |line| line.what);
    writeln!(
        out,
        "Limit: {}. At most {} of it; the greatest line is {greatest}.",
        usd(MOST_USD),
        percent(more / MOST_USD)
    )?;
    apart(out, &prices, &most)?;
    standing(out, &prices).await?;
    if more < MOST_USD { Ok(()) } else { Err(Failure::said(format!("a visit costs {}", usd(more)))) }
}

/// What others take, whatever we do.
fn apart(out: &mut dyn std::io::Write, prices: &Prices, lived: &Lived) -> Outcome<()> {
    #[expect(clippy::cast_precision_loss, reason = "a few texts")]
    let segments = lived.counted.sms_segments as f64;
    let (texts, media) = (prices.sms_segment.of(segments), prices.chime_attendee_minute.of(lived.attendee_minutes));
    writeln!(
        out,
        "Apart: {segments} parts of texts {}, {} attendee-minutes of Chime {}.",
        usd(texts),
        figure(lived.attendee_minutes),
        usd(media)
    )?;
    Ok(())
}

/// What a month costs without any visit.
async fn standing(out: &mut dyn std::io::Write, prices: &Prices) -> Outcome<()> {
    const MINUTES: f64 = 30.0 * 24.0 * 60.0;
    let tick = Bill::of(&idle_tick().await?, prices).usd() * MINUTES;
    let keys = prices.kms_key_month.of(4.0);
    writeln!(out, "A month without a visit: the schedule every minute {}, four keys {}.", usd(tick), usd(keys))?;
    Ok(())
}

fn usd(amount: f64) -> String {
    if amount >= 0.1 { format!("${amount:.2}") } else { format!("${amount:.6}") }
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}
