//! The waiting room and the desk.

use bedside_tests::{Appointment, Device, Practice, Seat, credential};
use serde_json::{Value, json};

/// A guest comes in by a link of their own, and waits.
async fn guest_waits<'a>(visit: &Appointment<'a>, role: &str, name: &str) -> Seat<'a> {
    let body = json!({"roles": [], "guests": [{"role": role, "displayName": name}]});
    let links = visit.practice.lander(&visit.path("/links"), &body).await.expect(200);
    let guest = &links.json["guests"][0];
    assert_eq!((&guest["role"], &guest["displayName"]), (&json!(role), &json!(name)));
    let device = Device::new();
    let start = visit.start(&credential(guest["link"].as_str().unwrap()), &device).await.expect(202);
    assert_eq!(start.json["participantId"], guest["participantId"]);
    Seat::of(visit.practice, start, device)
}

async fn people(visit: &Appointment<'_>) -> Vec<Value> {
    let token = visit.clinician_token().await;
    let list = visit.practice.get(&visit.path("/participants")).bearer(&token).send().await.expect(200);
    list.json["participants"].as_array().unwrap().clone()
}

fn column(people: &[Value], name: &str) -> Vec<String> {
    people.iter().map(|who| who[name].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_is_seen_at_the_desk_in_the_order_they_came() {
    let practice = Practice::open_by_chime().await;
    let visit = Appointment::make(&practice, json!({})).await;
    assert!(people(&visit).await.is_empty(), "nobody has come yet");
    let interpreter = guest_waits(&visit, "interpreter", "Iva").await;
    practice.advance(1).await;
    let patient = visit.patient_waits().await;
    practice.advance(1).await;
    let guest = guest_waits(&visit, "guest", "Gus").await;
    for (seat, position) in [(&interpreter, 1), (&patient, 2), (&guest, 3)] {
        assert_eq!(seat.start.json["position"], position);
        assert_eq!(seat.start.json["pollAfterMs"], 4000);
        let look = seat.look().await.expect(200).json;
        assert_eq!((&look["status"], &look["position"]), (&json!("WAITING"), &json!(position)));
        assert_eq!((&look["pollAfterMs"], &look["visitStatus"]), (&json!(4000), &json!("SCHEDULED")));
        assert!(look.get("media").is_none(), "nobody holds media before they are admitted: {look}");
        seat.join().await.problem(409, "NOT_ADMITTED");
    }
    let desk = visit.clinician_sits().await;
    let list = desk.get(&visit.path("/participants")).await.expect(200).json;
    assert_eq!(list["participants"].as_array().unwrap(), &people(&visit).await, "the same by session and by sign-in");
    let list = people(&visit).await;
    assert_eq!(column(&list, "displayName"), ["Iva", "Ann Leeward", "Gus", "Jane"], "who waits comes first");
    assert_eq!(column(&list, "role"), ["interpreter", "patient", "guest", "clinician"]);
    assert_eq!(column(&list, "status"), ["WAITING", "WAITING", "WAITING", "JOINED"]);
    assert_eq!(list[1]["verifiedBy"], json!(["link"]));
    assert_eq!(list[3]["verifiedBy"], json!(["portal"]));

    visit.admit(&desk, &interpreter.id).await.expect(200);
    assert_eq!(patient.look().await.expect(200).json["position"], 1, "the queue moves up");
    assert_eq!(guest.look().await.expect(200).json["position"], 2);
    let look = interpreter.look().await.expect(200).json;
    assert!(look.get("position").is_none(), "{look}");
    assert_eq!((&look["status"], &look["pollAfterMs"]), (&json!("ADMITTED"), &json!(15000)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_is_admitted_once_by_session_or_by_sign_in() {
    let practice = Practice::open_by_chime().await;
    for by_session in [true, false] {
        let visit = Appointment::make(&practice, json!({})).await;
        let patient = visit.patient_waits().await;
        let desk = visit.clinician_sits().await;
        let admit = async || match by_session {
            true => visit.admit(&desk, &patient.id).await,
            false => visit.at_desk(&patient.id, "admit").await,
        };
        let expected = json!({"participantId": patient.id, "status": "ADMITTED"});
        assert_eq!(admit().await.expect(200).json, expected);
        let head = visit.head().await;
        assert_eq!(admit().await.expect(200).json, expected, "again is as good as once");
        assert_eq!(visit.head().await, head, "and nothing new happened");
        let joined = patient.join().await.expect(200);
        assert_eq!(joined.json["media"]["meeting"], desk.start.json["media"]["meeting"], "they meet");
        assert_eq!(joined.json["chimeJoinInfo"]["attendee"], joined.json["media"]["attendee"]);
        assert_eq!(admit().await.expect(200).json["status"], "JOINED");
        visit.at_desk(&patient.id, "reject").await.problem(409, "PARTICIPANT_STATE");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_turned_away_stays_out() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let credential = visit.patient_credential().await;
    let device = Device::new();
    let patient = Seat::of(&practice, visit.start(&credential, &device).await.expect(202), device);
    visit.at_desk(&patient.id, "remove").await.problem(409, "PARTICIPANT_STATE");
    let expected = json!({"participantId": patient.id, "status": "REJECTED"});
    assert_eq!(visit.at_desk(&patient.id, "reject").await.expect(200).json, expected);
    let head = visit.head().await;
    assert_eq!(visit.at_desk(&patient.id, "reject").await.expect(200).json, expected);
    assert_eq!(visit.head().await, head);
    let refused = patient.join().await.problem(409, "NOT_ADMITTED");
    assert!(refused.json.get("action").is_none(), "waiting does not help: {}", refused.text);
    assert_eq!(patient.look().await.expect(200).json["status"], "REJECTED", "the page can say so");
    for what in ["admit", "remove"] {
        visit.at_desk(&patient.id, what).await.problem(409, "PARTICIPANT_STATE");
    }
    visit.start(&credential, &patient.device).await.problem(409, "PARTICIPANT_STATE");
    let sent_again = visit.patient_credential().await;
    visit.start(&sent_again, &Device::new()).await.problem(409, "PARTICIPANT_STATE");
    let signed_in = practice.token("patient", visit.visit["patientId"].as_str()).await;
    let start = practice.post(&visit.path("/start-authenticated"), &json!({})).bearer(&signed_in);
    start.device(&Device::new()).send().await.problem(409, "PARTICIPANT_STATE");
    assert!(visit.in_the_call().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_taken_out_is_out_at_once_and_stays_out() {
    let practice = Practice::open_by_chime().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let credential = visit.patient_credential().await;
    let device = Device::new();
    let patient = Seat::of(&practice, visit.start(&credential, &device).await.expect(202), device);
    let desk = visit.clinician_sits().await;
    visit.admit(&desk, &patient.id).await.expect(200);
    patient.join().await.expect(200);
    assert_eq!(visit.in_the_call().len(), 2);
    let remove = visit.path(&format!("/participants/{}/remove", patient.id));
    let removed = desk.post(&remove, &json!({})).await.expect(200);
    assert_eq!(removed.json, json!({"participantId": patient.id, "status": "REMOVED"}));
    let here: Vec<_> = visit.in_the_call().into_iter().map(|(who, _)| who).collect();
    assert_eq!(here, std::slice::from_ref(&desk.id), "the media credentials are dead");
    assert_eq!(patient.look().await.expect(200).json["status"], "REMOVED", "the page can say so");
    let refused = patient.join().await.problem(409, "NOT_ADMITTED");
    assert!(refused.json.get("action").is_none(), "waiting does not help: {}", refused.text);
    assert_eq!(visit.in_the_call().len(), 1);
    visit.start(&credential, &patient.device).await.problem(409, "PARTICIPANT_STATE");
    let head = visit.head().await;
    desk.post(&remove, &json!({})).await.expect(200);
    assert_eq!(visit.head().await, head, "again is as good as once");
    visit.at_desk(&patient.id, "admit").await.problem(409, "PARTICIPANT_STATE");
    desk.join().await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guests_and_interpreters_wait_even_where_the_patient_does_not() {
    let practice = Practice::open_by_chime().await;
    let visit = Appointment::make(&practice, json!({"access": {"preset": "open"}})).await;
    let guest = guest_waits(&visit, "guest", "Gus").await;
    let interpreter = guest_waits(&visit, "interpreter", "Iva").await;
    let patient = visit.patient_credential().await;
    let started = visit.start(&patient, &Device::new()).await.expect(200);
    assert_eq!(started.json["status"], "ADMITTED");
    let meeting = &started.json["media"]["meeting"];
    assert_eq!(started.json["media"]["epoch"], 1);
    for seat in [&guest, &interpreter] {
        seat.join().await.problem(409, "NOT_ADMITTED");
        visit.at_desk(&seat.id, "admit").await.expect(200);
        assert_eq!(seat.join().await.expect(200).json["media"]["meeting"], *meeting);
    }
    assert_eq!(visit.in_the_call().len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_clinicians_own_seat_has_a_desk_and_only_of_its_own_visit() {
    let practice = Practice::open_by_chime().await;
    let (visit, other) = (Appointment::make(&practice, json!({})).await, Appointment::make(&practice, json!({})).await);
    let (patient, guest) = (visit.patient_waits().await, guest_waits(&visit, "guest", "Gus").await);
    let stranger = other.clinician_sits().await;
    let head = visit.head().await;
    for path in ["/participants".to_owned(), format!("/participants/{}/admit", patient.id), "/end".to_owned()] {
        let (path, method) = (visit.path(&path), if path == "/participants" { "GET" } else { "POST" });
        let body = if path.ends_with("end") { json!({"endReason": "no-show"}) } else { json!({}) };
        for seat in [&patient, &guest] {
            seat.ask(method, &path).json(&body).send().await.problem(403, "FORBIDDEN");
        }
        stranger.ask(method, &path).json(&body).send().await.problem(404, "NOT_FOUND");
    }
    let desk = visit.clinician_sits().await;
    let unknown = "019ac0de-c111-7b22-9c33-4d55e66f7788";
    for who in [unknown, "nobody", &stranger.id] {
        for what in ["admit", "reject", "remove"] {
            let path = visit.path(&format!("/participants/{who}/{what}"));
            desk.post(&path, &json!({})).await.problem(404, "NOT_FOUND");
        }
    }
    assert!(visit.head().await["seq"].as_u64() > head["seq"].as_u64(), "the clinician came in; nothing else did");
    assert_eq!(column(&people(&visit).await, "status"), ["WAITING", "WAITING", "JOINED"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proof_beside_a_sign_in_is_no_need_but_a_broken_one_is_refused() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let patient = visit.patient_waits().await;
    let token = visit.clinician_token().await;
    let head = visit.head().await;
    for (method, path) in [
        ("GET", visit.path("/participants")),
        ("POST", visit.path(&format!("/participants/{}/admit", patient.id))),
        ("POST", visit.path("/end")),
    ] {
        let body = if path.ends_with("end") { json!({"endReason": "no-show"}) } else { json!({}) };
        let ask = practice.ask(method, &path).bearer(&token).header("dpop", "no.proof.really");
        ask.json(&body).send().await.problem(401, "DPOP_INVALID");
    }
    assert_eq!(visit.head().await, head);
    let ask = practice.get(&visit.path("/participants")).bearer(&token);
    ask.device(&Device::new()).send().await.expect(200);
    assert_eq!(column(&people(&visit).await, "status"), ["WAITING"]);
}
