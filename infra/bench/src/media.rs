//! The laptop's media server: what a call takes, and how many go on at once without loss.
//!
//! The server is a process of its own; the people are clients without browsers in this one. Each says a tone, sends
//! pictures, and counts what comes.

use crate::apart::{Apart, serve_until_input_ends};
use crate::cold::millis;
use crate::failure::{Failure, Outcome};
use crate::series::Series;
use crate::table::{Table, figure, megabytes, times};
use bedside_media::client::{Client, Part, Seen};
use bedside_media::{Attendee, MediaServer, Meetings, Patience, Refusal};
use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::sleep;

/// Meetings at once, and people in each; the first is what the others are compared with.
const ROUNDS: [(usize, usize); 5] = [(1, 2), (1, 4), (10, 2), (25, 2), (50, 2)];
/// For how long everybody is there.
const TALK: Duration = Duration::from_secs(20);
/// How long somebody may take to hear the others.
const SOON: Duration = Duration::from_secs(20);
/// Meetings begin one after the other, not in one moment.
const APART: Duration = Duration::from_millis(100);
/// Packets of sound in a second.
const PACKETS: f64 = 50.0;

const COLUMNS: [&str; 10] = [
    "meetings × people",
    "heard after, ms",
    "p99, ms",
    "packets, %",
    "lost, %",
    "pictures a second",
    "core, %",
    "core a person, %",
    "÷ the first",
    "peak MB",
];

/// Every meeting there could be, and everybody in it.
struct Anybody;

impl Meetings for Anybody {
    fn attendee(&self, meeting_id: &str, join_token: &str) -> Result<Attendee, Refusal> {
        Ok(Attendee {
            meeting_id: meeting_id.to_owned(),
            meeting: None,
            attendee_id: join_token.to_owned(),
            external_user_id: join_token.to_owned(),
        })
    }

    fn end(&self, _: &str) {}
}

/// The server that is measured: it says where it is, and runs until its standard input ends.
///
/// # Errors
/// When it cannot start.
pub async fn server(out: &mut dyn Write) -> Outcome<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    let server = MediaServer::start(listener, Arc::new(Anybody), Patience::default()).await?;
    let ended = serve_until_input_ends(out, &address).await;
    drop(server);
    ended
}

/// Measures each number of meetings, and prints the table.
///
/// # Errors
/// When the server does not start, or somebody hears nothing.
pub async fn run(out: &mut dyn Write) -> Outcome<()> {
    rounds(out, &ROUNDS, TALK).await
}

async fn rounds(out: &mut dyn Write, rounds: &[(usize, usize)], talk: Duration) -> Outcome<()> {
    let mut table = Table::new(COLUMNS);
    let mut first = None;
    for (meetings, people) in rounds {
        crate::progress(&format!("{meetings} meetings of {people}"));
        let measured = match round(*meetings, *people, talk).await {
            Ok(measured) => measured,
            // What was measured before is told all the same.
            Err(why) => return writeln!(out, "{table}").map_err(Failure::from).and(Err(why)),
        };
        first = Some(row(&mut table, (*meetings, *people), &measured, first));
    }
    writeln!(out, "{table}")?;
    writeln!(
        out,
        "{} s each. Targets: four people under 10 % of a core and 40 MB; 50 meetings of two without loss.",
        talk.as_secs()
    )?;
    Ok(())
}

/// One more row; gives what a person took in the first.
fn row(table: &mut Table, (meetings, people): (usize, usize), round: &Round, first: Option<f64>) -> f64 {
    let each = round.core / count(meetings * people);
    let first = first.unwrap_or(each);
    table.row([
        format!("{meetings} × {people}"),
        figure(round.heard_after.median()),
        figure(round.heard_after.at(0.99)),
        figure(round.packets),
        figure(round.lost),
        figure(round.pictures),
        figure(round.core),
        figure(each),
        times(each, first),
        megabytes(round.peak_bytes),
    ]);
    first
}

struct Round {
    heard_after: Series,
    /// Of those that are due.
    packets: f64,
    lost: f64,
    /// Of each of the others.
    pictures: f64,
    core: f64,
    peak_bytes: u64,
}

async fn round(meetings: usize, people: usize, talk: Duration) -> Outcome<Round> {
    let server = Apart::start("media-server")?;
    let mut joining = JoinSet::new();
    for meeting in 0..meetings {
        for person in 0..people {
            let url = format!("ws://{}/control/m{meeting}?X-Chime-Control-Protocol-Version=3", server.address());
            joining.spawn(async move {
                sleep(APART * u32::try_from(meeting).unwrap_or_default()).await;
                join(&url, person, people).await
            });
        }
    }
    let (mut clients, mut heard_after) = (Vec::new(), Series::default());
    while let Some(joined) = joining.join_next().await {
        let (client, took) = joined.map_err(|error| Failure::said(error.to_string()))??;
        heard_after.push(millis(took));
        clients.push(client);
    }
    let (before, cpu, began) = (seen(&clients), server.taken()?.cpu, Instant::now());
    sleep(talk).await;
    let (after, taken, seconds) = (seen(&clients), server.taken()?, began.elapsed().as_secs_f64());
    let sum = |of: fn(&Seen) -> u64| {
        let now: u64 = after.iter().map(of).sum();
        now.saturating_sub(before.iter().map(of).sum())
    };
    let (packets, missing) = (sum(|seen| seen.packets), sum(|seen| seen.missing));
    let pictures = sum(|seen| seen.pictures.values().sum());
    let everybody = count(clients.len());
    for client in clients {
        client.vanish().await;
    }
    Ok(Round {
        heard_after,
        packets: 100.0 * amount(packets) / (everybody * PACKETS * seconds),
        lost: 100.0 * amount(missing) / amount(packets + missing).max(1.0),
        pictures: amount(pictures) / (everybody * count(people - 1) * seconds),
        core: 100.0 * (taken.cpu - cpu).as_secs_f64() / seconds,
        peak_bytes: taken.peak_bytes,
    })
}

/// Somebody comes, and hears and sees all others: after how long they heard anything.
async fn join(url: &str, person: usize, people: usize) -> Outcome<(Client, Duration)> {
    let came = Instant::now();
    let part = Part { hertz: Some(440.0 + 100.0 * count(person)), camera: true, listens: false };
    let failed = |error: &dyn std::fmt::Display| Failure::said(format!("somebody could not come: {error}"));
    let mut client = Client::join(url, &format!("p{person}"), part).await.map_err(|error| failed(&error))?;
    let heard = client.until(SOON, |seen| seen.packets > 0).await;
    let took = came.elapsed();
    let seen = match heard {
        Ok(_) => client.until(SOON, |seen| seen.pictures.len() + 1 == people).await,
        Err(error) => Err(error),
    };
    match seen {
        Ok(_) => Ok((client, took)),
        Err(error) => {
            let seen = client.seen();
            Err(failed(&format!(
                "{error}; closed {:?}, refused {:?}, status {:?}",
                seen.ended, seen.refused, seen.status
            )))
        }
    }
}

fn seen(clients: &[Client]) -> Vec<Seen> {
    clients.iter().map(Client::seen).collect()
}

#[expect(clippy::cast_precision_loss, reason = "some hundreds")]
const fn count(number: usize) -> f64 {
    number as f64
}

#[expect(clippy::cast_precision_loss, reason = "some millions")]
const fn amount(number: u64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_round_is_one_row_and_compared_with_the_first() {
        let mut table = Table::new(COLUMNS);
        let of = |core| Round {
            heard_after: Series::default(),
            packets: 100.0,
            lost: 0.0,
            pictures: 15.0,
            core,
            peak_bytes: 0,
        };
        let first = row(&mut table, (1, 2), &of(4.0), None);
        row(&mut table, (10, 2), &of(20.0), Some(first));
        let said = table.to_string();
        let last: Vec<&str> = said.lines().last().unwrap().split('|').map(str::trim).collect();
        assert_eq!((last[1], last[8], last[9]), ("10 × 2", "1.00", "0.50 ×"), "{said}");
    }
}
