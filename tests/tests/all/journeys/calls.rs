//! In the call: leaving and coming back, consent, a meeting that dies.

use bedside_tests::{Appointment, Practice};
use serde_json::{Value, json};

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

/// An event of Chime for a seat with media, so many seconds after `start`.
fn told(kind: &str, start: jiff::Timestamp, seconds: i64, joined: &Value, visit: &str, seat: &str) -> Value {
    json!({"source": "aws.chime", "detail-type": "Chime Meeting State Change", "detail": {
        "version": "0", "eventType": format!("chime:{kind}"), "timestamp": start.as_millisecond() + seconds * 1000,
        "meetingId": joined["media"]["meeting"]["MeetingId"], "externalMeetingId": visit,
        "attendeeId": joined["media"]["attendee"]["AttendeeId"], "externalUserId": seat, "networkType": "Voip",
    }})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whom_chime_has_lost_has_left_and_the_newest_event_counts_in_any_order_and_once() {
    let practice = Practice::open_by_chime().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let (patient, desk) = (visit.patient_waits().await, visit.clinician_sits().await);
    visit.admit(&desk, &patient.id).await.expect(200);
    let joined = patient.join().await.expect(200).json;
    let start = practice.laptop().clock().now();
    practice.advance(100).await;
    let event = |kind: &str, seconds| told(kind, start, seconds, &joined, &visit.id, &patient.id);
    let tell = async |event: &Value| practice.laptop().invoke("on-meeting-event", event).await.unwrap();
    let status = async || patient.look().await.expect(200).json["status"].clone();
    for (kind, seconds, expected) in [
        ("AttendeeJoined", 5, "JOINED"),
        ("AttendeeDropped", 20, "LEFT"),
        ("AttendeeDropped", 20, "LEFT"),
        ("AttendeeJoined", 10, "LEFT"),
        ("AttendeeJoined", 40, "JOINED"),
        ("AttendeeLeft", 30, "JOINED"),
        ("AttendeeDropped", 20, "JOINED"),
        ("MeetingEnded", 60, "LEFT"),
        ("AttendeeContentJoined", 70, "LEFT"),
    ] {
        let ours = kind != "AttendeeContentJoined";
        assert_eq!(tell(&event(kind, seconds)).await, json!({"ours": ours}));
        assert_eq!(status().await, expected, "{kind} at {seconds}");
    }
    let moves = visit.events().await.into_iter().filter(|event| event.starts_with("PARTICIPANT_"));
    let moves: Vec<String> = moves.collect();
    let mine = ["PARTICIPANT_LEFT", "PARTICIPANT_JOINED", "PARTICIPANT_LEFT", "PARTICIPANT_LEFT"];
    assert_eq!(moves[moves.len() - 4..], mine, "the meeting's end is everybody's");

    // Who comes back by the page is there, whatever is told late of before.
    patient.join().await.expect(200);
    let before = visit.head().await;
    tell(&event("AttendeeLeft", 80)).await;
    assert_eq!(status().await, "JOINED");
    assert_eq!(visit.head().await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_meetings_and_people_that_are_not_ours_nothing_is_believed() {
    let practice = Practice::open_by_chime().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let (patient, desk) = (visit.patient_waits().await, visit.clinician_sits().await);
    visit.admit(&desk, &patient.id).await.expect(200);
    let joined = patient.join().await.expect(200).json;
    let start = practice.laptop().clock().now();
    practice.advance(100).await;
    let before = visit.head().await;
    let changed = |pointer: &str, value: Value| {
        let mut event = told("AttendeeLeft", start, 50, &joined, &visit.id, &patient.id);
        event["detail"][pointer] = value;
        event
    };
    for (field, value) in [
        ("meetingId", json!("5d1e2f3a-0c3b-4b7e-9a44-2f3f0f6b0706")),
        ("attendeeId", json!("5d1e2f3a-0c3b-4b7e-9a44-2f3f0f6b0706")),
        ("externalUserId", json!(desk.id)),
        ("externalUserId", json!("somebody")),
        ("externalMeetingId", json!("../../x")),
        ("externalMeetingId", Value::Null),
        ("eventType", json!("chime:AttendeeVideoStarted")),
    ] {
        let told = practice.laptop().invoke("on-meeting-event", &changed(field, value.clone())).await;
        assert_eq!(told, Ok(json!({"ours": false})), "{field}: {value}");
    }
    assert!(practice.laptop().invoke("on-meeting-event", &changed("timestamp", json!("now"))).await.is_err());
    assert_eq!(visit.head().await, before);
    assert_eq!(patient.look().await.expect(200).json["status"], "JOINED");
}
