//! Many press at the same moment: one link admits one person, whoever they say they are.

use bedside_tests::{Answer, Appointment, Ask, Device, Practice};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// How somebody at the door can be known again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    ByDevice,
    ByKey,
    NotAtAll,
}

/// Somebody who presses.
struct Racer {
    known: Known,
    device: Device,
    key: String,
}

impl Racer {
    fn new(known: Known, n: usize) -> Self {
        Self { known, device: Device::new(), key: format!("racer-{n:04}-of-this-one-link") }
    }

    fn ask<'a>(&self, visit: &Appointment<'a>, credential: &Value) -> Ask<'a> {
        let ask = visit.practice.post(&visit.path("/start"), credential);
        match self.known {
            Known::ByDevice => ask.device(&self.device),
            Known::ByKey => ask.header("idempotency-key", &self.key),
            Known::NotAtAll => ask,
        }
    }
}

/// Who races in a round: all of one kind, then all kinds against each other.
fn racers(many: usize, round: usize) -> Vec<Racer> {
    const KINDS: [Known; 3] = [Known::ByDevice, Known::ByKey, Known::NotAtAll];
    let known = |n: usize| KINDS[if round % 4 == 3 { n % 3 } else { round % 4 }];
    (0..many).map(|n| Racer::new(known(n), n)).collect()
}

fn came_in(answer: &Answer) -> bool {
    matches!(answer.status.as_u16(), 200 | 202)
}

/// Nobody was told yes or no: the service was too busy.
fn is_undecided(answer: &Answer) -> bool {
    matches!(answer.status.as_u16(), 429 | 503)
}

/// One race for one link: exactly one grant, and everybody finds out where they stand.
async fn race(practice: &Practice, many: usize, round: usize) {
    // Without a waiting room a seat is taken for good; in it, one that is silent for 15 s may be taken over, and a
    // large race of a debug build can last as long.
    let preset = if many > 8 { "open" } else { ["open", "standard"][round / 4 % 2] };
    let visit = Appointment::make(practice, json!({"access": {"preset": preset}})).await;
    let credential = visit.patient_credential().await;
    let racers = racers(many, round);
    let began = Instant::now();
    let at_once: Vec<_> = racers.iter().map(|racer| racer.ask(&visit, &credential).send()).collect();
    let mut answers = join_all(at_once).await;
    // Whoever was told to try again does.
    for _ in 0..20 {
        let again: Vec<usize> = (0..many).filter(|n| is_undecided(&answers[*n])).collect();
        let sent = join_all(again.iter().map(|n| racers[*n].ask(&visit, &credential).send())).await;
        again.iter().zip(sent).for_each(|(n, answer)| answers[*n] = answer);
    }
    let winners: Vec<usize> = (0..many).filter(|n| came_in(&answers[*n])).collect();
    for (n, answer) in answers.iter().enumerate().filter(|(n, _)| !winners.contains(n)) {
        assert_eq!(answer.status.as_u16(), 409, "racer {n} of {many}: {}", answer.text);
        let _ = answer.clone().problem(409, "TOKEN_USED");
    }
    let [winner] = winners[..] else { panic!("{} of {many} came in, round {round}", winners.len()) };

    let again = racers[winner].ask(&visit, &credential).send().await;
    if racers[winner].known == Known::NotAtAll {
        let _ = again.problem(409, "TOKEN_USED");
    } else {
        assert!(came_in(&again), "the winner is let in again: {}", again.text);
        assert_eq!(again.json["participantId"], answers[winner].json["participantId"], "on the same seat");
        assert_eq!(again.json["media"], answers[winner].json["media"], "with the same media");
    }
    let loser = (winner + 1) % many;
    let _ = racers[loser].ask(&visit, &credential).send().await.problem(409, "TOKEN_USED");
    one_grant_is_on_record(&visit, preset, began.elapsed()).await;
}

/// What the record says of it: one grant, one seat, and the refusals counted in one record a minute.
async fn one_grant_is_on_record(visit: &Appointment<'_>, preset: &str, took: Duration) {
    let events = visit.events().await;
    let count = |name: &str| events.iter().filter(|event| *event == name).count();
    assert_eq!(count("TOKEN_REDEEMED"), 1, "{events:?}");
    let seated = if preset == "open" { "PARTICIPANT_ADMITTED" } else { "PARTICIPANT_WAITING" };
    assert_eq!((count(seated), count("SESSION_REBOUND")), (1, 0), "{events:?}");
    let minutes = 1 + usize::try_from(took.as_secs()).unwrap() / 60;
    assert!((1..=minutes).contains(&count("TOKEN_REUSE_BLOCKED")), "{events:?}");
    let meetings = visit.practice.meetings_of(&visit.id);
    assert_eq!(meetings.len(), usize::from(preset == "open"), "one meeting at most");
    assert!(meetings.iter().all(|meeting| meeting.attendees.len() == 1), "and one attendee in it");
}

async fn races(many: usize, rounds: usize) {
    let (practice, began) = (Practice::open().await, Instant::now());
    for round in 0..rounds {
        race(&practice, many, round).await;
    }
    println!("{many} at once, {rounds} rounds: one grant in each; {:.1} s", began.elapsed().as_secs_f64());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_press_at_once_one_comes_in() {
    races(2, 50).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_eight_who_press_at_once_one_comes_in() {
    races(8, 50).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_sixty_four_who_press_at_once_one_comes_in() {
    races(64, 4).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_hundred_and_fifty_six_who_press_at_once_one_comes_in() {
    races(256, 2).await;
}

/// `./dev test` runs this by itself, after all others: whoever waits while 256 press must not be taken for gone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes, and the whole machine: ./dev test runs it alone"]
async fn crowds_in_fifty_rounds() {
    races(64, 50).await;
    races(256, 50).await;
}

/// `cargo test --workspace --test all -- --ignored --nocapture a_thousand`
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "once is enough"]
async fn a_thousand_and_twenty_four_once() {
    races(1024, 1).await;
}
