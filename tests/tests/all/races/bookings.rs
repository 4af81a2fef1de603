//! A clinician's time is booked once, whoever asks at once.

use bedside_tests::{Appointment, Practice, slot};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The 5-minute marks that a visit covers, in seconds.
fn marks(visit: &Value) -> impl Iterator<Item = i64> {
    let start: jiff::Timestamp = visit["scheduledAt"].as_str().unwrap().parse().unwrap();
    let minutes = visit["duration"].as_i64().unwrap();
    (0..minutes / 5).map(move |n| start.as_second() + n * 300)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_bookings_at_once_overlap_nowhere_and_lose_no_slot() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    // Starts at each of 40 marks, of 15, 20, 25, 30 and 35 minutes: every one overlaps others.
    let bodies: Vec<Value> = (0..200_i64)
        .map(|n| {
            json!({
                "patientId": visit.visit["patientId"], "clinicianId": visit.clinician_id,
                "scheduledAt": slot(practice.now(), 120 + n % 40 * 5), "duration": 15 + n / 40 * 5,
            })
        })
        .collect();
    let asked = bodies.iter().map(|body| practice.lander("/api/visits", body));
    let answers = futures_util::future::join_all(asked).await;
    let mut taken = BTreeSet::new();
    let mut made = 0;
    for answer in &answers {
        match answer.status.as_u16() {
            201 => {
                made += 1;
                for mark in marks(&answer.json) {
                    assert!(taken.insert(mark), "two visits at once: {}", answer.text);
                }
            }
            409 => assert_eq!(answer.json["code"], "CLINICIAN_DOUBLE_BOOKED", "{}", answer.text),
            other => panic!("{other}: {}", answer.text),
        }
    }
    assert!(made > 0);
    // No slot is lost: whatever nobody has can still be booked, and what somebody has cannot.
    for (body, answer) in bodies.iter().zip(&answers) {
        let free = marks(body).all(|mark| !taken.contains(&mark));
        if answer.status != 201 && free {
            let again = practice.lander("/api/visits", body).await.expect(201);
            taken.extend(marks(&again.json));
        }
    }
    let admin = practice.token("admin", None).await;
    let path = format!("/api/visits?limit=100&clinicianId={}", visit.clinician_id);
    let list = practice.get(&path).bearer(&admin).send().await.expect(200).json;
    let booked: usize = list["visits"].as_array().unwrap().iter().flat_map(marks).count();
    assert_eq!(booked, taken.len() + marks(&visit.visit).count(), "each booked mark is one visit's");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_visits_that_move_to_one_time_one_does() {
    let practice = Practice::open().await;
    let first = Appointment::make(&practice, json!({})).await;
    let body = json!({
        "patientId": first.visit["patientId"], "clinicianId": first.clinician_id, "duration": 15,
        "scheduledAt": slot(practice.now(), 60),
    });
    let second = practice.lander("/api/visits", &body).await.expect(201).text_at("/visitId");
    for round in 0..10_i64 {
        let target = json!({"scheduledAt": slot(practice.now(), 200 + round * 30)});
        let move_it = |id: &str| {
            let ask = practice.ask("PATCH", &format!("/api/visits/{id}")).json(&target);
            ask.bearer(practice.key("secretKey")).send()
        };
        let (a, b) = tokio::join!(move_it(&first.id), move_it(&second));
        let statuses = BTreeSet::from([a.status.as_u16(), b.status.as_u16()]);
        assert_eq!(statuses, BTreeSet::from([200, 409]), "{} {}", a.text, b.text);
    }
}
