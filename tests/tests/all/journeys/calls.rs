//! In the call: leaving and coming back, consent, a meeting that dies.

use bedside_tests::{Appointment, Practice, Seat};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_leaves_comes_back_to_the_same_place() {
    let practice = Practice::open_by_chime().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let patient = visit.patient_waits().await;
    patient.leave().await.expect(204);
    assert_eq!(patient.look().await.expect(200).json["status"], "WAITING", "who waits keeps their place");
    let desk = visit.clinician_sits().await;
    visit.admit(&desk, &patient.id).await.expect(200);
    let joined = patient.join().await.expect(200).json;
    assert_eq!(patient.look().await.expect(200).json["status"], "JOINED");
    let left = patient.leave().await.expect(204);
    assert!(left.text.is_empty());
    patient.leave().await.expect(204);
    assert_eq!(patient.look().await.expect(200).json["status"], "LEFT");
    assert_eq!(patient.join().await.expect(200).json, joined);
    assert_eq!(patient.look().await.expect(200).json["status"], "JOINED");
    let events = visit.events().await;
    let mine: Vec<_> = events.iter().filter(|event| event.starts_with("PARTICIPANT_")).skip(3).collect();
    assert_eq!(mine[..4], ["PARTICIPANT_ADMITTED", "PARTICIPANT_JOINED", "PARTICIPANT_LEFT", "PARTICIPANT_JOINED"]);
    assert_eq!(visit.in_the_call().len(), 2, "nobody is there twice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_was_let_in_hears_who_the_others_are_and_nobody_else_does() {
    let practice = Practice::open_by_chime().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let patient = visit.patient_waits().await;
    let desk = visit.clinician_sits().await;
    let who = async |seat: &Seat<'_>| seat.get("/api/session?people=true").await.expect(200).json;
    let before = who(&patient).await;
    assert!(before.get("people").is_none(), "who waits is told of nobody: {before}");
    let alone = who(&desk).await;
    assert_eq!(alone["people"].as_array().unwrap().len(), 1, "who waits is not in the call: {alone}");
    visit.admit(&desk, &patient.id).await.expect(200);
    for seat in [&patient, &desk] {
        let plain = seat.look().await.expect(200).json;
        assert!(plain.get("people").is_none(), "who does not ask is not told: {plain}");
        let look = who(seat).await;
        assert!(look["media"].get("recorded").is_none(), "nobody records: {look}");
        let mut people: Vec<_> = look["people"].as_array().unwrap().iter().map(ToString::to_string).collect();
        people.sort();
        let mut expected = [
            json!({"participantId": patient.id, "role": "patient", "displayName": "Ann Leeward"}).to_string(),
            json!({"participantId": desk.id, "role": "clinician", "displayName": "Jane"}).to_string(),
        ];
        expected.sort();
        assert_eq!(people, expected);
    }
    patient.get("/api/session?people=perhaps").await.problem(400, "VALIDATION_FAILED");
    visit.end(&json!({"endReason": "completed"})).await.expect(200);
    assert!(who(&patient).await.get("people").is_none(), "a call that is over has nobody in it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_meeting_that_the_provider_has_ended_is_made_anew_and_both_move_over() {
    let practice = Practice::open_by_chime().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let patient = visit.patient_waits().await;
    let desk = visit.clinician_sits().await;
    visit.admit(&desk, &patient.id).await.expect(200);
    let first = patient.join().await.expect(200).json;
    assert_eq!(first["media"]["epoch"], 1);
    for epoch in [2, 3] {
        let ended = practice.local("/local/media", &json!({"visitId": visit.id, "kind": "end"})).await;
        assert_eq!(ended["ended"], 1);
        let (one, other) = tokio::join!(patient.join(), desk.join());
        let (one, other) = (one.expect(200).json, other.expect(200).json);
        assert_eq!((&one["media"]["epoch"], &other["media"]["epoch"]), (&json!(epoch), &json!(epoch)));
        assert_eq!(one["media"]["meeting"], other["media"]["meeting"], "they meet again");
        assert_ne!(one["media"]["meeting"]["MeetingId"], first["media"]["meeting"]["MeetingId"]);
        assert_ne!(one["media"]["attendee"], other["media"]["attendee"]);
        assert_eq!(patient.look().await.expect(200).json["media"], json!({"provider": "chime", "epoch": epoch}));
        assert_eq!(practice.laptop().aws().meetings().len(), 1, "one live meeting for an epoch");
        let mut here: Vec<_> = visit.in_the_call().into_iter().map(|(who, _)| who).collect();
        here.sort();
        let mut expected = [patient.id.clone(), desk.id.clone()];
        expected.sort();
        assert_eq!(here, expected);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn consent_is_on_record_as_it_was_given() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let patient = visit.patient_waits().await;
    for (kind, granted) in [("telehealth", true), ("recording", false)] {
        let body = json!({"type": kind, "version": "2026-11", "granted": granted});
        let recorded = patient.post("/api/session/consent", &body).await.expect(201).json;
        for name in ["type", "version", "granted"] {
            assert_eq!(recorded[name], body[name]);
        }
        assert!(recorded["at"].as_str().unwrap().parse::<jiff::Timestamp>().is_ok());
    }
    let audit = visit.audit().await;
    let consents: Vec<_> =
        audit["events"].as_array().unwrap().iter().filter(|event| event["type"] == "CONSENT_RECORDED").collect();
    assert_eq!(consents.len(), 2);
    assert_eq!(consents[0]["metadata"]["granted"], true);
    assert_eq!(consents[1]["metadata"]["granted"], false);
    assert_eq!(consents[1]["actorId"], patient.id.as_str());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_patient_may_come_after_the_clinician_and_a_third_one_later() {
    let practice = Practice::open_by_chime().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let desk = visit.clinician_sits().await;
    assert_eq!(practice.laptop().aws().meetings().len(), 1);
    let patient = visit.patient_waits().await;
    visit.admit(&desk, &patient.id).await.expect(200);
    patient.join().await.expect(200);
    let body = json!({"roles": [], "guests": [{"role": "guest", "displayName": "Gus"}]});
    let links = practice.lander(&visit.path("/links"), &body).await.expect(200);
    let credential = bedside_tests::credential(&links.text_at("/guests/0/link"));
    let device = bedside_tests::Device::new();
    let guest = bedside_tests::Seat::of(&practice, visit.start(&credential, &device).await.expect(202), device);
    visit.admit(&desk, &guest.id).await.expect(200);
    assert_eq!(guest.join().await.expect(200).json["media"]["meeting"], desk.start.json["media"]["meeting"]);
    assert_eq!(visit.in_the_call().len(), 3);
}
