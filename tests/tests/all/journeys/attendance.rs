//! Who was in the call, as Chime tells: late, twice, in any order; and how long both sides were there together.

use bedside_tests::{Appointment, Practice};
use serde_json::{Value, json};

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

/// What is on record of the end.
async fn end_of(visit: &Appointment<'_>) -> Value {
    let audit = visit.audit().await;
    let events = audit["events"].as_array().unwrap();
    events.iter().rev().find(|event| event["type"] == "VISIT_ENDED").unwrap()["metadata"].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visit_is_as_long_as_both_sides_were_there_together() {
    let practice = Practice::open_by_chime().await;
    let orders = [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 0, 4, 1, 3]];
    for order in orders {
        let visit = Appointment::make(&practice, json!({})).await;
        let (patient, desk) = (visit.patient_waits().await, visit.clinician_sits().await);
        visit.admit(&desk, &patient.id).await.expect(200);
        let (theirs, hers) = (patient.join().await.expect(200).json, desk.join().await.expect(200).json);
        let start = practice.laptop().clock().now();
        practice.advance(100).await;
        let events = [
            told("AttendeeJoined", start, 5, &theirs, &visit.id, &patient.id),
            told("AttendeeJoined", start, 20, &hers, &visit.id, &desk.id),
            told("AttendeeDropped", start, 50, &theirs, &visit.id, &patient.id),
            told("AttendeeJoined", start, 70, &theirs, &visit.id, &patient.id),
            told("AttendeeLeft", start, 90, &hers, &visit.id, &desk.id),
        ];
        for _ in 0..2 {
            for index in order {
                practice.laptop().invoke("on-meeting-event", &events[index]).await.unwrap();
            }
        }
        practice.advance(60).await;
        visit.end(&json!({"endReason": "completed"})).await.expect(200);
        assert_eq!(end_of(&visit).await, json!({"reason": "completed", "togetherSeconds": 50}), "{order:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_taken_out_is_there_no_more_though_chime_never_says_so() {
    let practice = Practice::open_by_chime().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let (patient, desk) = (visit.patient_waits().await, visit.clinician_sits().await);
    visit.admit(&desk, &patient.id).await.expect(200);
    let (theirs, hers) = (patient.join().await.expect(200).json, desk.join().await.expect(200).json);
    let start = practice.laptop().clock().now();
    for (joined, seat) in [(&theirs, &patient), (&hers, &desk)] {
        let here = told("AttendeeJoined", start, 0, joined, &visit.id, &seat.id);
        practice.laptop().invoke("on-meeting-event", &here).await.unwrap();
    }
    practice.advance(120).await;
    visit.at_desk(&patient.id, "remove").await.expect(200);
    practice.advance(600).await;
    visit.end(&json!({"endReason": "technical-issue"})).await.expect(200);
    let seconds = end_of(&visit).await["togetherSeconds"].as_i64().unwrap();
    assert!((120..125).contains(&seconds), "{seconds}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clinician_who_had_the_key_to_the_call_and_never_came_has_missed_it() {
    let practice = Practice::open_by_chime().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let (patient, desk) = (visit.patient_waits().await, visit.clinician_sits().await);
    visit.admit(&desk, &patient.id).await.expect(200);
    let theirs = patient.join().await.expect(200).json;
    let here = told("AttendeeJoined", practice.laptop().clock().now(), 0, &theirs, &visit.id, &patient.id);
    practice.laptop().invoke("on-meeting-event", &here).await.unwrap();
    practice.advance(3600 + 60).await;
    practice.local("/local/tick", &json!({})).await;
    let end = end_of(&visit).await;
    assert_eq!(end, json!({"reason": "no-show", "missing": ["clinician"], "togetherSeconds": 0}));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_nobody_has_told_of_the_call_nothing_is_said_of_its_length() {
    let practice = Practice::open_by_chime().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let (patient, desk) = (visit.patient_waits().await, visit.clinician_sits().await);
    visit.admit(&desk, &patient.id).await.expect(200);
    patient.join().await.expect(200);
    practice.advance(3600 + 60).await;
    practice.local("/local/tick", &json!({})).await;
    assert_eq!(end_of(&visit).await, json!({"reason": "completed"}), "both could be there");
}
