//! Whoever changes the record is found out, and so is the place.

use bedside_tests::{Appointment, Practice};
use serde_json::{Value, json};

/// A whole visit, ended: a chain of some length with a signed head.
async fn a_visit_that_was(practice: &Practice) -> Appointment<'_> {
    let visit = Appointment::make(practice, json!({})).await;
    let patient = visit.patient_waits().await;
    let desk = visit.clinician_sits().await;
    let _ = visit.admit(&desk, &patient.id).await.expect(200);
    let _ = patient.join().await.expect(200);
    let _ = visit.end(&json!({"endReason": "completed"})).await.expect(200);
    visit
}

async fn tamper(visit: &Appointment<'_>, seq: u64, change: &str) {
    let body = json!({"visitId": visit.id, "seq": seq, "change": change});
    assert!(visit.practice.local("/local/audit", &body).await["changed"].as_u64().unwrap() > 0);
}

fn verdict(audit: &Value) -> (bool, Option<u64>) {
    (audit["verified"].as_bool().unwrap(), audit["firstBadSeq"].as_u64())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_record_that_is_changed_dropped_swapped_or_cut_off_is_named() {
    let practice = Practice::open().await;
    let untouched = a_visit_that_was(&practice).await;
    let last = untouched.audit().await["head"]["seq"].as_u64().unwrap();
    assert!(last >= 8, "a chain of some length");
    // The first, one in the middle, the last (which has no next one to be swapped with).
    for (change, places) in [
        ("flip", [1, last / 2, last]),
        ("drop", [1, last / 2, last]),
        ("swap", [1, last / 2, last - 1]),
        ("truncate", [1, last / 2, last]),
    ] {
        for seq in places {
            let visit = a_visit_that_was(&practice).await;
            let before = visit.audit().await;
            assert_eq!((verdict(&before), &before["head"]["seq"]), ((true, None), &json!(last)));
            assert!(before["head"]["signature"].is_string(), "an ended visit's head is signed: {}", before["head"]);
            tamper(&visit, seq, change).await;
            let after = visit.audit().await;
            assert_eq!(verdict(&after), (false, Some(seq)), "{change} at {seq} of {last}");
        }
    }
    assert_eq!(verdict(&untouched.audit().await), (true, None), "what nobody touched still verifies");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chain_that_was_changed_stays_in_question_however_it_goes_on() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let patient = visit.patient_waits().await;
    tamper(&visit, 2, "flip").await;
    let desk = visit.clinician_sits().await;
    let _ = visit.admit(&desk, &patient.id).await.expect(200);
    let audit = visit.audit().await;
    assert_eq!(verdict(&audit), (false, Some(2)), "the visit goes on, and the record still says where it was changed");
}
