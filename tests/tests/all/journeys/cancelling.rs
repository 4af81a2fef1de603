//! A visit is called off.

use bedside_tests::{Appointment, Practice, credential};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_visit_lets_nobody_in_frees_the_time_and_tells_both() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({"channel": "sms"})).await;
    let links = visit.links().await;
    let reason = json!({"reason": "Clinician is ill, flu"});
    let cancelled = practice.lander(&visit.path("/cancel"), &reason).await.expect(200).json;
    assert_eq!((&cancelled["status"], &cancelled["endReason"]), (&json!("CANCELLED"), &json!("cancelled")));
    assert!(cancelled["endedAt"].is_string());
    for role in ["patient", "clinician"] {
        let credential = credential(links[role]["link"].as_str().unwrap());
        practice.post("/api/token/redeem", &credential).send().await.problem(409, "VISIT_CANCELLED");
    }
    let texts = visit.texts().await;
    assert_eq!(texts.len(), 1);
    let text = texts[0]["text"].as_str().unwrap();
    assert!(
        text.contains("cancel") && !text.contains("flu") && texts[0]["links"].as_array().unwrap().is_empty(),
        "{text}"
    );
    let messages = practice.messages().await;
    let clinicians = format!("{}@example.com", visit.clinician_id);
    let mail = messages.iter().find(|m| m["to"] == clinicians.as_str()).expect("the clinician is told");
    assert!(!mail.to_string().contains("flu"), "the reason stays with the practice: {mail}");
    let again = json!({
        "patientId": visit.visit["patientId"], "clinicianId": visit.clinician_id,
        "scheduledAt": visit.visit["scheduledAt"], "duration": 15,
    });
    practice.lander("/api/visits", &again).await.expect(201);
    let events = visit.events().await;
    assert_eq!(events.iter().filter(|e| *e == "TOKEN_REVOKED").count(), 2, "{events:?}");
    assert!(events.contains(&"VISIT_CANCELLED".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cancelling_again_changes_nothing_and_needs_no_body() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let cancel = || practice.ask("POST", &visit.path("/cancel")).bearer(practice.key("secretKey")).send();
    cancel().await.expect(200);
    let (head, messages) = (visit.head().await, practice.messages().await.len());
    cancel().await.expect(200);
    assert_eq!((visit.head().await, practice.messages().await.len()), (head, messages));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_is_under_way_is_closed_and_a_visit_that_is_over_stays_so() {
    let practice = Practice::open_by_chime().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let patient = visit.patient_waits().await;
    let desk = visit.clinician_sits().await;
    visit.admit(&desk, &patient.id).await.expect(200);
    patient.join().await.expect(200);
    assert_eq!(practice.meetings_of(&visit.id).len(), 1);
    practice.lander(&visit.path("/cancel"), &json!({})).await.expect(200);
    assert!(practice.meetings_of(&visit.id).is_empty(), "the meeting is closed");
    patient.join().await.problem(409, "VISIT_CANCELLED");
    let over = Appointment::make(&practice, json!({})).await;
    over.end(&json!({"endReason": "no-show"})).await.expect(200);
    let refused = practice.lander(&over.path("/cancel"), &json!({})).await.problem(409, "VISIT_STATE");
    assert_eq!(refused.json["visitStatus"], "NO_SHOW");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_cancels_at_once_cancels_once() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({"channel": "sms"})).await;
    let body = json!({});
    let path = visit.path("/cancel");
    let cancels = (0..8).map(|_| practice.lander(&path, &body));
    for answer in futures_util::future::join_all(cancels).await {
        answer.expect(200);
    }
    let events = visit.events().await;
    assert_eq!(events.iter().filter(|e| *e == "VISIT_CANCELLED").count(), 1, "{events:?}");
    assert_eq!(visit.texts().await.len(), 1);
}
