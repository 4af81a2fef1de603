//! A visit is moved: in time, or to another clinician.

use bedside_tests::{Answer, Appointment, Device, Practice, Seat, credential, slot};
use serde_json::{Value, json};

async fn patch(visit: &Appointment<'_>, body: &Value) -> Answer {
    let ask = visit.practice.ask("PATCH", &visit.path("")).json(body);
    ask.bearer(visit.practice.key("secretKey")).send().await
}

/// Another clinician of the practice.
async fn clinician(practice: &Practice, id: &str, states: &[&str]) {
    let admin = practice.token("admin", None).await;
    let body = json!({
        "givenName": "Omar", "familyName": "Reed", "title": "Dr.", "email": format!("{id}@example.com"),
        "phone": "+12125550191", "licensedStates": states,
    });
    practice.put(&format!("/api/clinicians/{id}"), &body).bearer(&admin).send().await.expect(201);
}

/// Books the clinician of a visit for another patient at that time.
async fn book(visit: &Appointment<'_>, at: &str) -> Answer {
    let body = json!({
        "patientId": visit.visit["patientId"], "clinicianId": visit.clinician_id, "scheduledAt": at, "duration": 15,
    });
    visit.practice.lander("/api/visits", &body).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_moved_visit_keeps_its_links_for_the_new_window() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let credential = visit.patient_credential().await;
    let later = slot(practice.now(), 26 * 60);
    let moved = patch(&visit, &json!({"scheduledAt": later, "duration": 30})).await.expect(200).json;
    assert_eq!((&moved["scheduledAt"], &moved["duration"]), (&json!(later), &json!(30)));
    assert_eq!(moved["status"], "SCHEDULED");
    let look = practice.post("/api/token/redeem", &credential).send().await.expect(200).json;
    assert_eq!(look["joinable"]["reason"], "NOT_OPEN_YET", "{look}");
    assert_eq!(look["expiresAt"], moved["closesAt"], "the link lives as long as the visit");
    visit.start(&credential, &Device::new()).await.problem(409, "VISIT_NOT_OPEN");
    practice.advance(26 * 3600 - 300).await;
    let patient = Device::new();
    visit.start(&credential, &patient).await.expect(202);
    assert_eq!(visit.events().await[..3], ["VISIT_SCHEDULED", "TOKEN_ISSUED", "VISIT_RESCHEDULED"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_sides_hear_of_a_move_with_the_link_that_they_have() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({"channel": "both"})).await;
    let notice = json!({"channel": "sms", "recipientRole": "patient", "template": "initial"});
    practice.lander(&visit.path("/notify"), &notice).await.expect(200);
    let before = visit.texts().await[0]["links"][0].clone();
    patch(&visit, &json!({"scheduledAt": slot(practice.now(), 120)})).await.expect(200);
    let texts = visit.texts().await;
    assert_eq!((texts.len(), &texts[0]["links"][0]), (2, &before), "{texts:?}");
    let messages = practice.messages().await;
    let mails: Vec<_> = messages.iter().filter(|m| m["channel"] == "email").map(|m| m["to"].clone()).collect();
    let patient = format!("{}@example.com", visit.visit["patientId"].as_str().unwrap());
    assert!(mails.contains(&json!(patient)), "{mails:?}");
    assert!(mails.contains(&json!(format!("{}@example.com", visit.clinician_id))), "{mails:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_move_onto_a_booked_time_changes_nothing() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let taken = slot(practice.now(), 60);
    let other = book(&visit, &taken).await.expect(201).json;
    let (head, messages) = (visit.head().await, practice.messages().await.len());
    patch(&visit, &json!({"scheduledAt": taken})).await.problem(409, "CLINICIAN_DOUBLE_BOOKED");
    let overlapping = slot(practice.now(), 50);
    patch(&visit, &json!({"scheduledAt": overlapping, "duration": 30})).await.problem(409, "CLINICIAN_DOUBLE_BOOKED");
    assert_eq!((visit.head().await, practice.messages().await.len()), (head, messages));
    // Its own time is still its own, and nobody else's.
    book(&visit, visit.visit["scheduledAt"].as_str().unwrap()).await.problem(409, "CLINICIAN_DOUBLE_BOOKED");
    let read = practice.lander(&format!("/api/visits/{}/cancel", other["visitId"].as_str().unwrap()), &json!({})).await;
    read.expect(200);
    patch(&visit, &json!({"scheduledAt": taken})).await.expect(200);
    book(&visit, visit.visit["scheduledAt"].as_str().unwrap()).await.expect(201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visit_may_be_moved_over_its_own_time() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({"duration": 30, "scheduledAt": slot(practice.now(), 60)})).await;
    let shifted = slot(practice.now(), 70);
    patch(&visit, &json!({"scheduledAt": shifted})).await.expect(200);
    book(&visit, visit.visit["scheduledAt"].as_str().unwrap()).await.problem(409, "CLINICIAN_DOUBLE_BOOKED");
    patch(&visit, &json!({"duration": 45})).await.expect(200);
    patch(&visit, &json!({"duration": 15})).await.expect(200);
    book(&visit, &slot(practice.now(), 85)).await.expect(201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_clinician_takes_over_with_a_link_of_their_own() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let links = visit.links().await;
    clinician(&practice, "c-omar", &["TX"]).await;
    let moved = patch(&visit, &json!({"clinicianId": "c-omar"})).await.expect(200).json;
    assert_eq!(moved["clinicianId"], "c-omar");
    let former = credential(links["clinician"]["link"].as_str().unwrap());
    practice.post("/api/token/redeem", &former).send().await.problem(410, "TOKEN_REVOKED");
    let patient = credential(links["patient"]["link"].as_str().unwrap());
    let look = practice.post("/api/token/redeem", &patient).send().await.expect(200).json;
    assert_eq!(look["visit"]["clinicianName"], "Omar");
    // The new one was sent a link, and may sign in; to the former one the visit is not there any more.
    let messages = practice.messages().await;
    let mail = messages.iter().find(|m| m["to"] == "c-omar@example.com").expect("the new one is told");
    let new = credential(mail["links"][0].as_str().unwrap());
    assert_eq!(practice.post("/api/token/redeem", &new).send().await.expect(200).json["role"], "clinician");
    let told = |m: &&Value| m["to"] == format!("{}@example.com", visit.clinician_id);
    assert_eq!(messages.iter().filter(told).count(), 1, "the former one is told: {messages:?}");
    visit.clinician_comes(&Device::new()).await.problem(404, "NOT_FOUND");
    let omar = practice.token("clinician", Some("c-omar")).await;
    let start = practice.post(&visit.path("/start-authenticated"), &json!({})).bearer(&omar).device(&Device::new());
    start.send().await.expect(200);
    // And reads the patient of the visit now.
    let path = format!("/api/patients/{}", visit.visit["patientId"].as_str().unwrap());
    practice.get(&path).bearer(&omar).send().await.expect(200);
    // The former one's time is free.
    book(&visit, visit.visit["scheduledAt"].as_str().unwrap()).await.expect(201);
    let events = visit.events().await;
    for event in ["VISIT_RESCHEDULED", "TOKEN_REVOKED", "TOKEN_ISSUED"] {
        assert!(events.iter().any(|e| e == event), "{event}: {events:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visit_is_not_handed_to_somebody_who_may_not_treat_there() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    clinician(&practice, "c-elsewhere", &["AK"]).await;
    patch(&visit, &json!({"clinicianId": "c-elsewhere"})).await.problem(422, "CLINICIAN_NOT_LICENSED");
    patch(&visit, &json!({"clinicianId": "c-nobody"})).await.problem(404, "CLINICIAN_NOT_FOUND");
    // A clinician books their own time, nobody else's.
    clinician(&practice, "c-colleague", &["TX"]).await;
    let ask = practice.ask("PATCH", &visit.path("")).json(&json!({"clinicianId": "c-colleague"}));
    ask.bearer(&visit.clinician_token().await).send().await.problem(404, "CLINICIAN_NOT_FOUND");
    assert_eq!(visit.events().await, ["VISIT_SCHEDULED"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_what_has_not_begun_is_moved_and_a_move_to_the_same_place_is_none() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    patch(&visit, &json!({})).await.problem(400, "VALIDATION_FAILED");
    patch(&visit, &json!({"scheduledAt": "2020-01-01T00:00:00Z"})).await.problem(400, "VALIDATION_FAILED");
    patch(&visit, &json!({"scheduledAt": visit.visit["scheduledAt"]})).await.expect(200);
    assert_eq!(visit.events().await, ["VISIT_SCHEDULED"], "nothing happened");
    let patient = visit.patient_waits().await;
    let desk: Seat<'_> = visit.clinician_sits().await;
    visit.admit(&desk, &patient.id).await.expect(200);
    let refused = patch(&visit, &json!({"scheduledAt": slot(practice.now(), 60)})).await;
    assert_eq!(refused.problem(409, "VISIT_STATE").json["visitStatus"], "ACTIVE");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_move_stands_though_no_message_can_be_sent_and_they_are_sent_later() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({"channel": "sms"})).await;
    practice.fault("sms", "SendTextMessage", "error", 4).await;
    practice.fault("sesv2", "SendEmail", "error", 4).await;
    patch(&visit, &json!({"scheduledAt": slot(practice.now(), 180)})).await.expect(200);
    assert!(visit.texts().await.is_empty());
    practice.no_faults().await;
    practice.advance(90).await;
    practice.local("/local/tick", &json!({})).await;
    assert_eq!(visit.texts().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_former_clinician_cannot_take_the_new_ones_link_away() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let links = visit.links().await;
    clinician(&practice, "c-omar", &["TX"]).await;
    patch(&visit, &json!({"clinicianId": "c-omar"})).await.expect(200);
    let of_omar = |messages: Vec<Value>| messages.into_iter().filter(|m| m["to"] == "c-omar@example.com").count();
    let sent = of_omar(practice.messages().await);
    let former = credential(links["clinician"]["link"].as_str().unwrap());
    practice.advance(61).await;
    practice.post("/api/links/renew", &former).send().await.expect(202);
    let messages = practice.messages().await;
    let mail = messages.iter().find(|m| m["to"] == "c-omar@example.com").unwrap().clone();
    assert_eq!(of_omar(messages), sent, "nothing is sent for it");
    let new = credential(mail["links"][0].as_str().unwrap());
    practice.post("/api/token/redeem", &new).send().await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_made_or_spent_while_the_visit_moves_lives_as_long_as_the_visit() {
    let practice = Practice::open().await;
    for round in 0..6_i64 {
        let visit = Appointment::make(&practice, json!({})).await;
        let later = json!({"scheduledAt": slot(practice.now(), 10), "duration": 60});
        let credential = visit.patient_credential().await;
        let device = Device::new();
        let (path, roles) = (visit.path("/links"), json!({"roles": ["clinician"]}));
        let (moved, _, made) =
            tokio::join!(patch(&visit, &later), visit.start(&credential, &device), practice.lander(&path, &roles));
        let (moved, made) = (moved.expect(200).json, made.expect(200).json);
        let clinicians = bedside_tests::credential(made["clinician"]["link"].as_str().unwrap());
        let look = practice.post("/api/token/redeem", &clinicians).send().await.expect(200).json;
        assert_eq!(look["expiresAt"], moved["closesAt"], "round {round}: {look}");
        let look = practice.post("/api/token/redeem", &credential).device(&device).send().await.expect(200).json;
        assert_eq!(look["expiresAt"], moved["closesAt"], "round {round}: {look}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_who_move_different_things_at_once_both_get_what_they_asked_for() {
    let practice = Practice::open().await;
    for round in 0..6_i64 {
        let visit = Appointment::make(&practice, json!({})).await;
        let at = slot(practice.now(), 120 + round);
        let (time, length) = (json!({"scheduledAt": at}), json!({"duration": 45}));
        let (a, b) = tokio::join!(patch(&visit, &time), patch(&visit, &length));
        a.expect(200);
        b.expect(200);
        let admin = practice.token("admin", None).await;
        let visit = practice.get(&visit.path("")).bearer(&admin).send().await.expect(200).json;
        assert_eq!((&visit["scheduledAt"], &visit["duration"]), (&json!(at), &json!(45)), "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn news_of_a_move_is_not_sent_once_the_visit_is_called_off() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({"channel": "sms"})).await;
    practice.fault("sms", "SendTextMessage", "error", 4).await;
    patch(&visit, &json!({"scheduledAt": slot(practice.now(), 180)})).await.expect(200);
    practice.no_faults().await;
    practice.lander(&visit.path("/cancel"), &json!({})).await.expect(200);
    practice.advance(90).await;
    practice.local("/local/tick", &json!({})).await;
    let texts = visit.texts().await;
    assert_eq!(texts.len(), 1, "{texts:?}");
    assert!(texts[0]["text"].as_str().unwrap().contains("cancel"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn moving_to_and_fro_texts_nobody_without_end() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({"channel": "sms"})).await;
    for n in 0..26_i64 {
        patch(&visit, &json!({"scheduledAt": slot(practice.now(), 120 + n % 2 * 30)})).await.expect(200);
    }
    assert!(visit.texts().await.len() <= 20, "{}", visit.texts().await.len());
    assert!(visit.events().await.contains(&"NOTIFICATION_FAILED".to_owned()), "and it is on record");
}
