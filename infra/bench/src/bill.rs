//! What counted calls cost, by the price list.

use crate::failure::Outcome;
use bedside_local::aws::Consumption;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The price list, with its day and its sources.
const PRICES: &str = include_str!("../prices.json");

/// A price.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    usd: f64,
    per: f64,
    /// What it is for.
    pub what: String,
    /// Where it is listed.
    pub source: String,
}

impl Price {
    /// Of so many.
    #[must_use]
    pub fn of(&self, quantity: f64) -> f64 {
        quantity * self.usd / self.per
    }
}

/// What is not counted but stated: all of it is on the expensive side of what is to be expected.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Assumptions {
    /// A function's memory, as the template has it.
    pub lambda_megabytes: f64,
    /// The memory at which a function has one core:
    /// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html>
    pub full_core_megabytes: f64,
    /// A request's CPU time on one core, in ms: see `bench warm`.
    pub cpu_millis: f64,
    /// A call of DynamoDB that is no transaction, in ms.
    pub dynamodb_millis: f64,
    /// A transaction, in ms.
    pub dynamodb_transaction_millis: f64,
    /// A call of KMS, in ms.
    pub kms_millis: f64,
    /// A call of Chime, in ms.
    pub chime_millis: f64,
    /// A text or e-mail handed over, in ms.
    pub message_millis: f64,
    /// How many of the requests meet a cold function.
    pub cold_share: f64,
    /// What a cold start takes besides, in ms: Lambda's own part among it.
    pub cold_millis: f64,
    /// What it asks of KMS: pepper and data key.
    pub cold_kms_symmetric: f64,
    /// What it asks of KMS: the public key.
    pub cold_kms_asymmetric: f64,
    /// What it reads: the practice's settings.
    pub cold_read_units: f64,
    /// The lines that Lambda writes for each run, in bytes.
    pub log_bytes: f64,
    /// How many of the requests are traced. X-Ray's default is the first of each second and 5 % of the others: in a
    /// small practice that is nearly all of them.
    pub traced_share: f64,
}

/// The price list.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(missing_docs, reason = "each price says in the list what it is for")]
pub struct Prices {
    pub region: String,
    pub listed_on: String,
    pub api_gateway_request: Price,
    pub lambda_request: Price,
    pub lambda_gigabyte_second: Price,
    pub dynamodb_read_unit: Price,
    pub dynamodb_write_unit: Price,
    pub kms_symmetric_request: Price,
    pub kms_asymmetric_request: Price,
    pub ses_message: Price,
    pub ses_gigabyte: Price,
    pub logs_gigabyte: Price,
    pub xray_trace: Price,
    pub transfer_gigabyte: Price,
    pub sms_segment: Price,
    pub chime_attendee_minute: Price,
    pub kms_key_month: Price,
    pub assumptions: Assumptions,
}

impl Prices {
    /// The list beside this program's sources.
    ///
    /// # Errors
    /// When it is not of the expected form.
    pub fn load() -> Outcome<Self> {
        Ok(serde_json::from_str(PRICES)?)
    }
}

/// What was counted.
#[derive(Clone, Debug, Default)]
pub struct Counted {
    /// Requests over HTTP, each a run of a function.
    pub requests: u64,
    /// Runs by the schedule.
    pub ticks: u64,
    /// Bytes of the answers.
    pub answer_bytes: usize,
    /// Calls, as `service.Operation`.
    pub calls: BTreeMap<String, u64>,
    /// What the calls of the database have taken.
    pub database: Vec<Consumption>,
    /// Bytes of the e-mails' attachments.
    pub attachment_bytes: usize,
    /// Parts of the texts.
    pub sms_segments: u64,
}

impl Counted {
    /// Calls of a service, by what their operations are.
    #[must_use]
    pub fn calls_of(&self, service: &str, is: impl Fn(&str) -> bool) -> u64 {
        let fits = |name: &str| name.split_once('.').is_some_and(|(of, operation)| of == service && is(operation));
        self.calls.iter().filter(|(name, _)| fits(name)).map(|(_, count)| count).sum()
    }

    /// Request units of reading.
    #[must_use]
    pub fn read_units(&self) -> f64 {
        self.database.iter().filter(|taken| is_read(&taken.operation)).map(|taken| taken.units).sum()
    }

    /// Request units of writing.
    #[must_use]
    pub fn write_units(&self) -> f64 {
        self.database.iter().filter(|taken| !is_read(&taken.operation)).map(|taken| taken.units).sum()
    }

    /// The time of all runs, in seconds: our own CPU time on a share of a core, and each call one after the other.
    #[must_use]
    pub fn seconds(&self, stated: &Assumptions) -> f64 {
        let runs = number(self.requests + self.ticks);
        let cpu = runs * stated.cpu_millis * stated.full_core_megabytes / stated.lambda_megabytes;
        let cold = runs * stated.cold_share * stated.cold_millis;
        let transactions = number(self.calls_of("dynamodb", |operation| operation == "TransactWriteItems"));
        let others = number(self.calls_of("dynamodb", |operation| operation != "TransactWriteItems"));
        let messages = number(self.calls_of("sesv2", |_| true) + self.calls_of("sms", |_| true));
        let services = transactions * stated.dynamodb_transaction_millis
            + others * stated.dynamodb_millis
            + number(self.calls_of("kms", |_| true)) * stated.kms_millis
            + number(self.calls_of("chime", |_| true)) * stated.chime_millis
            + messages * stated.message_millis;
        (cpu + cold + services) / 1000.0
    }
}

fn is_read(operation: &str) -> bool {
    ["GetItem", "Query", "Scan", "BatchGetItem", "TransactGetItems"].contains(&operation)
}

/// The operations of KMS with the elliptic-curve key.
fn is_asymmetric(operation: &str) -> bool {
    ["Sign", "Verify", "GetPublicKey"].contains(&operation)
}

#[expect(clippy::cast_precision_loss, reason = "counts of one visit")]
fn number(count: u64) -> f64 {
    count as f64
}

#[expect(clippy::cast_precision_loss, reason = "sizes of one visit")]
fn gigabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e9
}

/// One line of a bill.
#[derive(Clone, Debug)]
pub struct Line {
    /// What for.
    pub what: &'static str,
    /// How much of it.
    pub quantity: f64,
    /// In what.
    pub unit: &'static str,
    /// For how much.
    pub usd: f64,
}

/// A bill.
#[derive(Clone, Debug)]
pub struct Bill(pub Vec<Line>);

impl Bill {
    /// Of what was counted. Texts and media are not in it.
    #[must_use]
    pub fn of(counted: &Counted, prices: &Prices) -> Self {
        let stated = &prices.assumptions;
        let (requests, runs) = (number(counted.requests), number(counted.requests + counted.ticks));
        let cold = runs * stated.cold_share;
        let gigabyte_seconds = counted.seconds(stated) * stated.lambda_megabytes / 1024.0;
        let symmetric = number(counted.calls_of("kms", |name| !is_asymmetric(name))) + cold * stated.cold_kms_symmetric;
        let asymmetric = number(counted.calls_of("kms", is_asymmetric)) + cold * stated.cold_kms_asymmetric;
        let reads = counted.read_units() + cold * stated.cold_read_units;
        let e_mails = number(counted.calls_of("sesv2", |_| true));
        let traces = runs * stated.traced_share;
        let logged = runs * stated.log_bytes / 1e9;
        let line = |what, price: &Price, quantity, unit| Line { what, quantity, unit, usd: price.of(quantity) };
        Self(vec![
            line("API Gateway", &prices.api_gateway_request, requests, "requests"),
            line("X-Ray", &prices.xray_trace, traces, "traces"),
            line("Lambda, runs", &prices.lambda_request, runs, "runs"),
            line("Lambda, time", &prices.lambda_gigabyte_second, gigabyte_seconds, "GB-s"),
            line("DynamoDB, reads", &prices.dynamodb_read_unit, reads, "units"),
            line("DynamoDB, writes", &prices.dynamodb_write_unit, counted.write_units(), "units"),
            line("KMS, elliptic-curve key", &prices.kms_asymmetric_request, asymmetric, "calls"),
            line("KMS, other keys", &prices.kms_symmetric_request, symmetric, "calls"),
            line("SES, e-mails", &prices.ses_message, e_mails, "e-mails"),
            line("SES, attachments", &prices.ses_gigabyte, gigabytes(counted.attachment_bytes), "GB"),
            line("CloudWatch Logs", &prices.logs_gigabyte, logged, "GB"),
            line("answers to the internet", &prices.transfer_gigabyte, gigabytes(counted.answer_bytes), "GB"),
        ])
    }

    /// All lines together, in US dollars.
    #[must_use]
    pub fn usd(&self) -> f64 {
        self.0.iter().map(|line| line.usd).sum()
    }

    /// The line that costs most.
    #[must_use]
    pub fn greatest(&self) -> Option<&Line> {
        self.0.iter().max_by(|one, other| one.usd.total_cmp(&other.usd))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn nearly(one: f64, other: f64) {
        assert!((one - other).abs() < 1e-12, "{one} and {other}");
    }

    #[test]
    fn a_million_requests_cost_what_the_list_says() {
        let prices = Prices::load().unwrap();
        let counted = Counted { requests: 1_000_000, ..Counted::default() };
        let bill = Bill::of(&counted, &prices);
        let usd = |what| bill.0.iter().find(|line| line.what == what).unwrap().usd;
        nearly(usd("API Gateway"), 3.5);
        nearly(usd("Lambda, runs"), 0.2);
        nearly(usd("X-Ray"), 5.0 * prices.assumptions.traced_share);
        nearly(usd("DynamoDB, writes"), 0.0);
    }

    #[test]
    fn reads_writes_and_keys_go_to_their_own_lines() {
        let prices = Prices::load().unwrap();
        let taken =
            |operation: &str, units| Consumption { operation: operation.to_owned(), calls: 1, units, items_read: 0 };
        let counted = Counted {
            calls: [("kms.Sign".to_owned(), 2), ("kms.Decrypt".to_owned(), 3), ("sesv2.SendEmail".to_owned(), 4)]
                .into(),
            database: vec![taken("Query", 2.0), taken("GetItem", 1.0), taken("TransactWriteItems", 40.0)],
            ..Counted::default()
        };
        let bill = Bill::of(&counted, &prices);
        let usd = |what| bill.0.iter().find(|line| line.what == what).unwrap().usd;
        nearly(usd("DynamoDB, reads"), 3.0 * 0.125e-6);
        nearly(usd("DynamoDB, writes"), 40.0 * 0.625e-6);
        nearly(usd("KMS, elliptic-curve key"), 2.0 * 0.15e-4);
        nearly(usd("KMS, other keys"), 3.0 * 0.03e-4);
        nearly(usd("SES, e-mails"), 4e-4);
        nearly(bill.usd(), bill.0.iter().map(|line| line.usd).sum());
    }
}
