//! Sound: whoever has media hears the others, and whom the call has lost has left.

use std::time::Duration;

use bedside_media::client::{Client, Part};
use bedside_media::wire::{Empty, Frame, Kind};
use bedside_tests::{Appointment, Practice, Seat};
use serde_json::{Value, json};

const SOON: Duration = Duration::from_secs(20);
const TONES: [f64; 2] = [440.0, 830.0];

async fn client(joined: &Value, hertz: f64) -> Client {
    let url = joined["media"]["meeting"]["MediaPlacement"]["SignalingUrl"].as_str().unwrap();
    let token = joined["media"]["attendee"]["JoinToken"].as_str().unwrap();
    Client::join(url, token, Part { hertz: Some(hertz), camera: true, listens: true }).await.unwrap()
}

/// Looks until somebody is where they should be: events take their time.
async fn becomes(seat: &Seat<'_>, status: &str) {
    let wait = async {
        while seat.look().await.expect(200).json["status"] != status {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(SOON, wait).await.unwrap_or_else(|_| panic!("never {status}"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn patient_and_clinician_hear_one_another_and_who_is_lost_has_left_and_comes_back() {
    let practice = Practice::open_by_chime().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let (patient, desk) = (visit.patient_waits().await, visit.clinician_sits().await);
    visit.admit(&desk, &patient.id).await.expect(200);
    let (theirs, hers) = (patient.join().await.expect(200).json, desk.join().await.expect(200).json);
    let mut one = client(&theirs, TONES[0]).await;
    let mut other = client(&hers, TONES[1]).await;
    one.until(SOON, |seen| seen.hears(TONES[1]) > 0.05).await.unwrap();
    other.until(SOON, |seen| seen.hears(TONES[0]) > 0.05).await.unwrap();
    assert_eq!(one.seen().person(&desk.id).map(|person| person.is_muted), Some(false), "people are their seats' ids");

    let cut = json!({"kind": "cut", "visitId": visit.id, "participantId": patient.id});
    assert_eq!(practice.local("/local/media", &cut).await, json!({"meetings": 1}));
    one.until(SOON, |seen| seen.ended == Some(None)).await.unwrap();
    becomes(&patient, "LEFT").await;
    let mut again = client(&theirs, TONES[0]).await;
    becomes(&patient, "JOINED").await;
    again.until(SOON, |seen| seen.hears(TONES[1]) > 0.05).await.unwrap();
    again.say(Frame::of(Kind::Leave, |frame| frame.leave = Some(Empty {}))).await;
    becomes(&patient, "LEFT").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_taken_out_or_whose_visit_has_ended_hears_nothing_more() {
    let practice = Practice::open_by_chime().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let (patient, desk) = (visit.patient_waits().await, visit.clinician_sits().await);
    visit.admit(&desk, &patient.id).await.expect(200);
    let (theirs, hers) = (patient.join().await.expect(200).json, desk.join().await.expect(200).json);
    let mut one = client(&theirs, TONES[0]).await;
    let mut other = client(&hers, TONES[1]).await;
    one.until(SOON, |seen| seen.hears(TONES[1]) > 0.05).await.unwrap();
    visit.at_desk(&patient.id, "remove").await.expect(200);
    assert_eq!(one.until(SOON, |seen| seen.ended.is_some()).await.unwrap().status, Some(411));
    let mut again = client(&theirs, TONES[0]).await;
    assert_eq!(again.until(SOON, |seen| seen.ended.is_some()).await.unwrap().refused, Some(403), "a spent token");
    visit.end(&json!({"endReason": "completed"})).await.expect(200);
    assert_eq!(other.until(SOON, |seen| seen.ended.is_some()).await.unwrap().status, Some(410));
}
