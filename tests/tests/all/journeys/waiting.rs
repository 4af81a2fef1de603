//! How long it takes.

use bedside_tests::{Appointment, Practice};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_is_told_how_long_once_there_is_something_to_learn_from() {
    let practice = Practice::open().await;
    let first = Appointment::make(&practice, json!({"scheduledAt": "2027-02-01T10:00:00Z"})).await.clinician_id;
    for before in 0..4 {
        let mut visit = Appointment::make(&practice, json!({"clinicianId": first})).await;
        visit.clinician_id.clone_from(&first);
        let patient = visit.patient_waits().await;
        let look = patient.look().await.expect(200).json;
        let starts: jiff::Timestamp = visit.visit["scheduledAt"].as_str().unwrap().parse().unwrap();
        let until_then = starts.duration_since(practice.now()).as_secs();
        if before < 3 {
            assert!(look.get("estimatedWaitSeconds").is_none(), "{before} visits say too little: {look}");
        } else {
            // Each of the three ended forty minutes after its patient came: a quarter of an hour late, or more.
            let overrun = look["estimatedWaitSeconds"].as_i64().unwrap() - until_then;
            assert!((13 * 60..=21 * 60).contains(&overrun), "{look}");
        }
        visit.clinician_sits().await;
        practice.advance(40 * 60).await;
        visit.end(&json!({"endReason": "completed"})).await.expect(200);
    }
}
