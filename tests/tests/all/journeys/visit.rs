//! A whole visit.

use bedside_tests::{Appointment, Device, Practice, credential};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_patient_comes_in_from_a_text_message_and_is_treated() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let links = visit.links().await;
    let body = json!({"channel": "both", "recipientRole": "both", "template": "initial"});
    let sent = practice.lander(&visit.path("/notify"), &body).await.expect(200);
    assert_eq!(sent.json["sent"]["sms"]["status"], "sent");
    let text = &visit.texts().await[0];
    assert_eq!(text["links"][0], links["patient"]["link"], "the text carries the link that links gave");
    let credential = credential(text["links"][0].as_str().unwrap());

    for _ in 0..2 {
        let look = practice.post("/api/token/redeem", &credential).send().await.expect(200);
        assert_eq!(look.json["valid"], true);
    }
    let (phone, desk) = (Device::new(), Device::new());
    let waiting = visit.start(&credential, &phone).await.expect(202);
    let session = waiting.text_at("/visitSession/sessionToken");
    let join = || practice.post("/api/session/join", &json!({})).session(&session, &phone).send();
    join().await.problem(409, "NOT_ADMITTED");

    let clinician = visit.clinician_comes(&desk).await.expect(200);
    let desk_session = clinician.text_at("/visitSession/sessionToken");
    let list = practice.get(&visit.path("/participants")).session(&desk_session, &desk).send().await.expect(200);
    assert_eq!(list.json["participants"][0]["displayName"], "Ann Leeward", "who waits stands first, by name");
    let who = waiting.text_at("/participantId");
    let admit = visit.path(&format!("/participants/{who}/admit"));
    let _ = practice.post(&admit, &json!({})).session(&desk_session, &desk).send().await.expect(200);

    let joined = join().await.expect(200);
    if practice.by_connect {
        let beside =
            practice.post("/api/session/join", &json!({})).session(&desk_session, &desk).send().await.expect(200);
        let contact = &beside.json["connectContact"]["contactId"];
        assert_eq!(joined.json["connectContact"]["contactId"], *contact, "they meet in the panel");
    } else {
        assert_eq!(joined.json["media"]["meeting"], clinician.json["media"]["meeting"], "they meet");
    }
    assert_eq!(join().await.expect(200).json["media"], joined.json["media"], "coming back gets the same");
    visit.start(&credential, &Device::new()).await.problem(409, "TOKEN_USED");

    let end = json!({"endReason": "completed", "notes": "Rest."});
    let ended =
        practice.post(&visit.path("/end"), &end).bearer(&visit.clinician_token().await).send().await.expect(200);
    assert_eq!(ended.json["status"], "COMPLETED");
    join().await.problem(409, "VISIT_ENDED");
    let mut expected = vec![
        "VISIT_SCHEDULED",
        "TOKEN_ISSUED",
        "TOKEN_ISSUED",
        "NOTIFICATION_SENT",
        "NOTIFICATION_SENT",
        "NOTIFICATION_SENT",
        "NOTIFICATION_SENT",
        "TOKEN_REDEEMED",
        "PARTICIPANT_WAITING",
        "PARTICIPANT_ADMITTED",
        "VISIT_STARTED",
        "PARTICIPANT_JOINED",
        "PARTICIPANT_ADMITTED",
        "PARTICIPANT_JOINED",
        "TOKEN_REUSE_BLOCKED",
        "TOKEN_REVOKED",
        "TOKEN_REVOKED",
        "VISIT_ENDED",
    ];
    if practice.by_connect {
        // The clinician has left the contact in the panel.
        expected.remove(11);
    }
    assert_eq!(visit.events().await, expected);
}
