//! What an earlier system got wrong about public codes: each fault, and what holds here instead.

use super::aws;
use bedside_tests::{Appointment, Device, Practice, slot};
use serde_json::json;
use std::collections::BTreeSet;

async fn with_code(practice: &Practice) -> (Appointment<'_>, String) {
    let visit = Appointment::make(practice, json!({"access": {"publicCode": true}})).await;
    let code = visit.visit["meetingCode"].as_str().unwrap().to_owned();
    (visit, code)
}

/// There "cryptographically random" codes came from a generator that anyone can foretell.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn codes_come_from_the_whole_alphabet_and_never_twice() {
    let practice = Practice::open().await;
    let mut codes = BTreeSet::new();
    for _ in 0..80 {
        assert!(codes.insert(with_code(&practice).await.1));
    }
    let letters: BTreeSet<char> = codes.iter().flat_map(|code| code.chars()).collect();
    // Of 640 fair letters, one of the 32 is missing in one run of twenty million.
    assert_eq!(letters.into_iter().collect::<String>(), "23456789ABCDEFGHJKLMNPQRSTUVWXYZ");
    assert!(codes.iter().all(|code| code.len() == 8));
}

/// There uniqueness was looked up, and then inserted: two at once got the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visit_without_its_code_in_the_index_is_not_made() {
    let practice = Practice::open().await;
    let before = aws::items(&practice, &["Visits"]).await.len();
    let (_, _) = with_code(&practice).await;
    let after = aws::items(&practice, &["Visits"]).await;
    assert!(after.len() > before);
    // Code and visit are one transaction: where it fails, neither is there.
    let kept = aws::items(&practice, &["Visits"]).await;
    practice.fault("dynamodb", "TransactWriteItems", "error", 1000).await;
    let body = json!({
        "clinicianId": practice.key("clinicianId"), "patientId": practice.key("patientId"),
        "scheduledAt": slot(practice.now(), 30), "access": {"publicCode": true},
    });
    let failed = practice.lander("/api/visits", &body).await;
    assert_eq!(failed.status, 503, "{}", failed.text);
    practice.no_faults().await;
    assert_eq!(aws::items(&practice, &["Visits"]).await, kept);
}

/// There the caller said who they were: any guest could be the host.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_cannot_say_that_they_are_the_clinician() {
    let practice = Practice::open().await;
    let (visit, code) = with_code(&practice).await;
    let path = format!("/api/join/{code}");
    let host = json!({"displayName": "Mallory", "role": "clinician"});
    practice.post(&path, &host).device(&Device::new()).send().await.problem(400, "VALIDATION_FAILED");
    let phone = Device::new();
    let came = practice.post(&path, &json!({"displayName": "Mallory"})).device(&phone).send().await.expect(202);
    let session = came.text_at("/visitSession/sessionToken");
    // Nor is the session of one who waits a desk.
    let list = practice.get(&visit.path("/participants")).session(&session, &phone).send().await;
    list.problem(403, "FORBIDDEN");
}

/// There a code worked for as long as the visit was "scheduled".
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_dies_with_its_visit() {
    let practice = Practice::open().await;
    let (_visit, code) = with_code(&practice).await;
    let path = format!("/api/join/{code}");
    practice.get(&path).send().await.expect(200);
    practice.advance(2 * 3600).await;
    // Nobody has ended it yet: the time alone says so.
    practice.get(&path).send().await.problem(404, "CODE_NOT_FOUND");
}

/// There texts and e-mails were lines of a log.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_that_is_asked_for_by_it_is_really_texted() {
    let practice = Practice::open().await;
    let (visit, code) = with_code(&practice).await;
    let ask = json!({"factor": "sms-otp", "meetingCode": code});
    let asked = practice.post("/api/challenges", &ask).device(&Device::new()).send().await.expect(202);
    let texts = visit.texts().await;
    let text = texts.first().and_then(|text| text["text"].as_str()).unwrap();
    assert!(text.chars().take(6).all(|digit| digit.is_ascii_digit()), "{text}");
    assert!(!asked.text.contains(&text[..6]));
}
