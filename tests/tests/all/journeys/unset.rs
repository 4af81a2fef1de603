//! A deployment that has neither e-mail nor texts set up still schedules, and people join by link.

use bedside_local::Options;
use bedside_tests::{Appointment, Practice, Seat};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn visits_are_scheduled_and_joined_by_link_and_health_says_what_is_missing() {
    let practice = Practice::open_with(Options { messages: false, ..Options::default() }).await;
    let visit = Appointment::make(&practice, json!({})).await;
    let body = json!({"channel": "both", "recipientRole": "both", "template": "initial"});
    practice.lander(&visit.path("/notify"), &body).await.problem(502, "NOTIFICATION_FAILED");
    assert!(practice.messages().await.is_empty());

    let (patient, desk): (Seat<'_>, Seat<'_>) = (visit.patient_waits().await, visit.clinician_sits().await);
    visit.admit(&desk, &patient.id).await.expect(200);
    patient.join().await.expect(200);
    visit.end(&json!({"endReason": "completed"})).await.expect(200);

    let admin = practice.token("admin", None).await;
    let health = practice.get("/api/health?deep=true").bearer(&admin).send().await.expect(200).json;
    assert_eq!(health["status"], "incomplete");
    let named = |ok: bool| {
        let checks = health["checks"].as_array().unwrap().iter().filter(move |check| check["ok"] == ok);
        checks.map(|check| check["name"].as_str().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(named(false), ["email", "sms"], "what is missing is named");
    assert!(["sign", "write", "read", "encrypt"].iter().all(|name| named(true).contains(name)));
}
