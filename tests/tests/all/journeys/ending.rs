//! The end of a visit.

use bedside_tests::{Appointment, Device, Practice, Seat};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visit_ends_once_and_for_one_reason() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let credential = visit.patient_credential().await;
    let device = Device::new();
    let patient = Seat::of(&practice, visit.start(&credential, &device).await.expect(202), device);
    let desk = visit.clinician_sits().await;
    visit.admit(&desk, &patient.id).await.expect(200);
    patient.join().await.expect(200);
    let ended = visit.end(&json!({"endReason": "completed"})).await.expect(200).json;
    assert_eq!((&ended["status"], &ended["endReason"]), (&json!("COMPLETED"), &json!("completed")));
    assert!(ended["startedAt"].is_string() && ended["endedAt"].is_string());
    assert!(practice.laptop().aws().meetings().is_empty(), "the meeting is closed");
    let head = visit.head().await;
    assert!(head["signature"].is_string(), "the end of the chain is signed: {head}");
    assert_eq!(visit.end(&json!({"endReason": "completed"})).await.expect(200).json["status"], "COMPLETED");
    for other in ["no-show", "technical-issue", "cancelled"] {
        visit.end(&json!({"endReason": other})).await.problem(409, "VISIT_ENDED");
    }
    assert_eq!(visit.head().await, head, "nothing moved any more");

    patient.join().await.problem(409, "VISIT_ENDED");
    desk.join().await.problem(409, "VISIT_ENDED");
    assert_eq!(patient.look().await.expect(200).json["visitStatus"], "COMPLETED");
    patient.leave().await.expect(204);
    let consent = json!({"type": "telehealth", "version": "1", "granted": true});
    patient.post("/api/session/consent", &consent).await.problem(409, "VISIT_ENDED");
    for what in ["admit", "reject", "remove"] {
        let refused = visit.at_desk(&patient.id, what).await.problem(409, "VISIT_STATE");
        assert_eq!(refused.json["visitStatus"], "COMPLETED");
    }
    let links = practice.lander(&visit.path("/links"), &json!({"roles": ["patient"]})).await;
    assert_eq!(links.problem(409, "VISIT_STATE").json["visitStatus"], "COMPLETED");
    let notify = json!({"channel": "both", "recipientRole": "both", "template": "reminder"});
    practice.lander(&visit.path("/notify"), &notify).await.problem(409, "VISIT_STATE");
    let resend = json!({"role": "patient", "reason": "lost", "channel": "sms"});
    practice.lander(&visit.path("/resend-link"), &resend).await.problem(409, "VISIT_STATE");
    let look = practice.post("/api/token/redeem", &credential).send().await.problem(409, "VISIT_ENDED");
    assert_eq!((&look.json["valid"], &look.json["practice"]["name"]), (&json!(false), &json!("Example Practice")));
    visit.start(&credential, &Device::new()).await.problem(409, "VISIT_ENDED");
    visit.clinician_comes(&Device::new()).await.problem(409, "VISIT_ENDED");
    assert_eq!(visit.head().await, head);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visit_that_never_began_can_be_missed_or_called_off_but_not_completed() {
    let practice = Practice::open().await;
    for (reason, status) in [("no-show", "NO_SHOW"), ("cancelled", "CANCELLED")] {
        let visit = Appointment::make(&practice, json!({})).await;
        let credential = visit.patient_credential().await;
        let head = visit.head().await;
        for never in ["completed", "technical-issue"] {
            let refused = visit.end(&json!({"endReason": never})).await.problem(409, "VISIT_STATE");
            assert_eq!(refused.json["visitStatus"], "SCHEDULED");
        }
        assert_eq!(visit.head().await, head);
        assert_eq!(visit.end(&json!({"endReason": reason})).await.expect(200).json["status"], status);
        let code = if reason == "cancelled" { "VISIT_CANCELLED" } else { "VISIT_ENDED" };
        practice.post("/api/token/redeem", &credential).send().await.problem(409, code);
        visit.start(&credential, &Device::new()).await.problem(409, code);
    }
    let visit = Appointment::make(&practice, json!({})).await;
    visit.clinician_sits().await;
    let ended = visit.end(&json!({"endReason": "technical-issue"})).await.expect(200).json;
    assert_eq!(ended["status"], "TECHNICAL");
    assert!(visit.events().await.contains(&"TECHNICAL_ISSUE".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clinicians_session_ends_the_visit_but_writes_no_clinical_text() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let desk = visit.clinician_sits().await;
    let head = visit.head().await;
    for text in [json!({"notes": "Rest."}), json!({"releaseNotes": true})] {
        let mut body = text;
        body["endReason"] = json!("completed");
        desk.post(&visit.path("/end"), &body).await.problem(403, "FORBIDDEN");
    }
    assert_eq!(visit.head().await, head);
    let ended = desk.post(&visit.path("/end"), &json!({"endReason": "completed"})).await.expect(200);
    assert_eq!(ended.json["status"], "COMPLETED");
    assert!(ended.json.get("chiefComplaint").is_none(), "a session reads no clinical text");
    desk.post(&visit.path("/end"), &json!({"endReason": "completed"})).await.expect(200);
}
