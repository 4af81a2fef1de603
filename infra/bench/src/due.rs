//! What `tick` does of much that is due at once: texts that are owed, and visits that nobody ended.
//!
//! The function and the services that it calls share this machine, so that its time is theirs too.

use crate::client::{Ask, Client};
use crate::failure::{Failure, Outcome};
use crate::seed::Seed;
use crate::table::{Table, figure};
use crate::visit::{self, Practice};
use bedside_local::aws::{Fault, FaultKind, Service};
use bedside_local::{Laptop, Options};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// It runs every minute: what is due is worked off within one.
const WITHIN: Duration = Duration::from_secs(60);
/// One in so many is a text, the others are visits.
const TEXTS: usize = 4;
/// Requests at once, while the table is filled.
const AT_ONCE: usize = 8;

/// Measures, and prints the table.
///
/// # Errors
/// When a request goes wrong, or `tick` fails.
#[expect(clippy::cast_precision_loss, reason = "some thousands")]
pub async fn run(out: &mut dyn std::io::Write, items: usize) -> Outcome<()> {
    let laptop = Laptop::start(Options::default().ports_free()).await?;
    let mut client = Client::new(laptop.url())?;
    let practice = Practice::demo(&client).await?;
    let texts = items / TEXTS;
    crate::progress(&format!("{texts} texts that could not be sent"));
    owe_texts(&laptop, &client, &practice, texts).await?;
    crate::progress(&format!("{} visits that nobody ended", items - texts));
    let clinician = visit::fresh("clinician");
    practice.clinician(&client, &clinician).await?;
    let seed = Seed::of_a_visit(&laptop, &client, &practice, &clinician).await?;
    seed.leave_open(&laptop, items - texts).await?;
    // A text that could not be sent is tried again after half a minute.
    client.advance(SignedDuration::from_secs(40)).await?;

    let mut table = Table::new(["tick", "seconds", "texts", "visits", "failed", "left", "calls", "calls an item"]);
    let (mut done, mut taken) = (0, Duration::ZERO);
    for n in 1.. {
        laptop.aws().reset_calls();
        let began = Instant::now();
        let did = laptop.invoke("tick", &Value::Null).await.map_err(Failure::said)?;
        let seconds = began.elapsed();
        let of = |name: &str| did.get(name).and_then(Value::as_u64).unwrap_or_default();
        let (texts, visits, failed, left) = (of("messages"), of("visits"), of("failed"), of("left"));
        let calls: u64 = laptop.aws().calls().iter().map(|call| call.count).sum();
        if texts + visits == 0 {
            break;
        }
        (done, taken) = (done + texts + visits, taken + seconds);
        let counts = [texts, visits, failed, left, calls].map(|count| count.to_string());
        let of_an_item = figure(calls as f64 / (texts + visits) as f64);
        table.row([n.to_string(), figure(seconds.as_secs_f64())].into_iter().chain(counts).chain([of_an_item]));
        // Those who were refused are due again.
        client.advance(SignedDuration::from_secs(61)).await?;
    }
    writeln!(out, "{table}")?;
    let of_them = figure(taken.as_secs_f64());
    writeln!(out, "{done} items in {of_them} s. Target: {items} within {} s, in one tick.", WITHIN.as_secs())?;
    Ok(())
}

/// Visits of their own, each with a text that its carrier did not take.
async fn owe_texts(laptop: &Laptop, client: &Client, practice: &Practice, many: usize) -> Outcome<()> {
    let down = Fault {
        service: Service::Sms,
        operation: "SendTextMessage".to_owned(),
        kind: FaultKind::Error,
        times: u32::MAX,
    };
    laptop.aws().add_fault(down);
    let mut asked = JoinSet::new();
    for _ in 0..many {
        if asked.len() >= AT_ONCE {
            asked.join_next().await.transpose().map_err(|error| Failure::said(error.to_string()))?.transpose()?;
        }
        let (client, practice) = (client.clone(), practice.clone());
        asked.spawn(async move { owe_text(&client, &practice).await });
    }
    while let Some(one) = asked.join_next().await {
        one.map_err(|error| Failure::said(error.to_string()))??;
    }
    laptop.aws().clear_faults();
    Ok(())
}

async fn owe_text(client: &Client, practice: &Practice) -> Outcome<()> {
    let clinician = visit::fresh("clinician");
    client.send(&practice.put_clinician(&clinician)).await?.expect(201)?;
    let at = visit::slot(client.now(), 120);
    let made = client.send(&practice.create(&clinician, &visit::fresh("patient"), at)).await?.expect(201)?;
    let text = json!({ "channel": "sms", "recipientRole": "patient", "template": "reminder" });
    let path = format!("/api/visits/{}/notify", made.text("/visitId")?);
    client.send(&practice.server(Ask::post(path, text))).await?.expect(502)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn all_that_is_made_due_is_done_and_nothing_of_it_fails() {
        let mut out = Vec::new();
        run(&mut out, 40).await.unwrap();
        let said = String::from_utf8(out).unwrap();
        assert!(said.contains("40 items in "), "{said}");
        let row: Vec<&str> = said.lines().nth(2).unwrap().split('|').map(str::trim).collect();
        assert_eq!((row[3], row[4], row[5], row[6]), ("10", "30", "0", "0"), "{said}");
    }
}
