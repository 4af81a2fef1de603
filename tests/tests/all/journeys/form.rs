//! A lander's form: somebody new asks for a visit, and confirms it on the phone that they typed.

use bedside_tests::{Answer, Appointment, Device, Practice, credential, foreign_address, slot};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};

/// Numbers kept for fiction that no other test of this file asks for.
pub(super) fn phone() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("+1808555{:04}", 100 + NEXT.fetch_add(1, Ordering::Relaxed) % 100)
}

pub(super) fn form(practice: &Practice, phone: &str, minutes: i64) -> Value {
    json!({
        "patient": {"givenName": "Rosa", "familyName": "Marin", "phone": phone, "state": "NY"},
        "clinicianId": practice.key("clinicianId"), "scheduledAt": slot(practice.now(), minutes), "duration": 15,
        "chiefComplaint": "Sore throat", "consent": {"sms": true, "telehealth": true, "version": "2026-11"},
    })
}

pub(super) async fn ask(practice: &Practice, form: &Value) -> Answer {
    let ask = practice.post("/api/schedule", form).bearer(practice.key("publishableKey"));
    ask.header("origin", practice.key("allowedOrigin")).header("x-local-address", &foreign_address()).send().await
}

/// Texts to a number, newest first.
pub(super) async fn texts(practice: &Practice, phone: &str) -> Vec<Value> {
    practice.messages().await.into_iter().filter(|m| m["to"] == phone).collect()
}

pub(super) fn code_in(text: &Value) -> String {
    let words = text["text"].as_str().unwrap().split(|c: char| !c.is_ascii_digit());
    words.into_iter().find(|word| word.len() == 6).unwrap_or_else(|| panic!("no code: {text}")).to_owned()
}

async fn answer(practice: &Practice, challenge: &str, code: &str) -> Answer {
    let ask = practice.post(&format!("/api/challenges/{challenge}/answer"), &json!({"answer": code}));
    let ask = ask.bearer(practice.key("publishableKey")).header("origin", practice.key("allowedOrigin"));
    ask.header("x-local-address", &foreign_address()).send().await
}

async fn status(practice: &Practice, visit: &str) -> String {
    let admin = practice.token("admin", None).await;
    practice.get(&format!("/api/visits/{visit}")).bearer(&admin).send().await.expect(200).text_at("/status")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visit_from_a_page_is_booked_by_the_code_on_the_phone_and_the_link_goes_there() {
    let practice = Practice::open().await;
    let phone = phone();
    let asked = ask(&practice, &form(&practice, &phone, 60)).await.expect(201);
    assert_eq!(asked.text_at("/status"), "REQUESTED");
    assert!(!asked.text.contains("/j/"), "never a link in the answer: {}", asked.text);
    assert_eq!(asked.json["sent"]["sms"]["status"], "sent");
    let (visit, challenge) = (asked.text_at("/visitId"), asked.text_at("/challengeId"));
    let sent = texts(&practice, &phone).await;
    assert_eq!((sent.len(), sent[0]["links"].as_array().unwrap().len()), (1, 0), "one text, a code: {sent:?}");
    // The slot is held: nobody else gets it.
    ask(&practice, &form(&practice, &self::phone(), 60)).await.problem(409, "CLINICIAN_DOUBLE_BOOKED");
    let code = code_in(&sent[0]);
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let failed = answer(&practice, &challenge, wrong).await.problem(403, "CHALLENGE_FAILED");
    assert_eq!(failed.json["attemptsLeft"], 4);
    let passed = answer(&practice, &challenge, &code).await.expect(200);
    assert!(!passed.text.contains("/j/"));
    assert_eq!(status(&practice, &visit).await, "SCHEDULED");
    // Whose answer was lost asks again, and nothing is sent twice.
    answer(&practice, &challenge, &code).await.expect(200);
    let sent = texts(&practice, &phone).await;
    assert_eq!(sent.len(), 2, "{sent:?}");
    let credential = credential(sent[0]["links"][0].as_str().unwrap());
    practice.advance(50 * 60).await;
    let path = format!("/api/visits/{visit}/start");
    practice.post(&path, &credential).device(&Device::new()).send().await.expect(202);
    let auditor = practice.token("auditor", None).await;
    let audit = practice.get(&format!("/api/visits/{visit}/audit")).bearer(&auditor).send().await.expect(200).json;
    let types: Vec<&str> = audit["events"].as_array().unwrap().iter().map(|e| e["type"].as_str().unwrap()).collect();
    for recorded in ["VISIT_REQUESTED", "CHALLENGE_SENT", "CHALLENGE_FAILED", "CHALLENGE_PASSED", "VISIT_SCHEDULED"] {
        assert_eq!(types.iter().filter(|one| **one == recorded).count(), 1, "{recorded} once: {types:?}");
    }
    // The clinician was told, too.
    let mails = practice.messages().await;
    assert!(mails.iter().any(|m| m["channel"] == "email" && !m["links"].as_array().unwrap().is_empty()), "{mails:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slot_that_nobody_confirms_is_free_after_a_quarter_of_an_hour() {
    let practice = Practice::open().await;
    let phone = phone();
    let asked = ask(&practice, &form(&practice, &phone, 60)).await.expect(201);
    let (visit, challenge) = (asked.text_at("/visitId"), asked.text_at("/challengeId"));
    let code = code_in(&texts(&practice, &phone).await[0]);
    practice.advance(9 * 60).await;
    practice.local("/local/tick", &json!({})).await;
    assert_eq!(status(&practice, &visit).await, "REQUESTED");
    practice.advance(2 * 60).await;
    answer(&practice, &challenge, &code).await.problem(410, "CHALLENGE_EXPIRED");
    practice.advance(5 * 60).await;
    practice.local("/local/tick", &json!({})).await;
    assert_eq!(status(&practice, &visit).await, "CANCELLED");
    assert_eq!(texts(&practice, &phone).await.len(), 1, "a number that was only typed hears no more");
    let taken = form(&practice, &self::phone(), 60 - 16);
    ask(&practice, &taken).await.expect(201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_with_a_secret_key_schedules_at_once() {
    let practice = Practice::open().await;
    let phone = phone();
    let mut form = form(&practice, &phone, 60);
    form["patient"]["email"] = json!("rosa@example.com");
    let answer = practice.lander("/api/schedule", &form).await.expect(201);
    assert_eq!(answer.text_at("/status"), "SCHEDULED");
    assert!(answer.json.get("challengeId").is_none());
    assert_eq!(
        (&answer.json["sent"]["sms"]["status"], &answer.json["sent"]["email"]["status"]),
        (&json!("sent"), &json!("sent"))
    );
    assert_eq!(texts(&practice, &phone).await[0]["links"].as_array().unwrap().len(), 1);
    practice.lander("/api/schedule", &form).await.problem(409, "CLINICIAN_DOUBLE_BOOKED");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_that_is_not_right_is_told_so_and_books_nothing() {
    let practice = Practice::open().await;
    let with = |pointer: &str, value: Value| {
        let mut form = form(&practice, "+18085550101", 60);
        match form.pointer_mut(pointer) {
            Some(place) => *place = value,
            None => {
                let (parent, name) = pointer.rsplit_once('/').unwrap();
                form.pointer_mut(parent).unwrap()[name] = value;
            }
        }
        form
    };
    for (pointer, value) in [
        ("/consent/sms", json!(false)),
        ("/consent/telehealth", json!(false)),
        ("/patient/patientId", json!("p-1")),
        ("/patient/phone", json!("555")),
        ("/patient/givenName", json!("")),
        ("/scheduledAt", json!("2020-01-01T00:00:00Z")),
        ("/duration", json!(17)),
    ] {
        let problem = ask(&practice, &with(pointer, value)).await.problem(400, "VALIDATION_FAILED");
        assert_eq!(problem.json["errors"][0]["pointer"], pointer);
    }
    let mut stateless = form(&practice, "+18085550101", 60);
    stateless["patient"].as_object_mut().unwrap().remove("state");
    ask(&practice, &stateless).await.problem(422, "PATIENT_STATE_REQUIRED");
    ask(&practice, &with("/patient/state", json!("AK"))).await.problem(422, "CLINICIAN_NOT_LICENSED");
    ask(&practice, &with("/patient/phone", json!("+442079460123"))).await.problem(422, "NO_CONTACT_FOR_CHANNEL");
    ask(&practice, &with("/clinicianId", json!("c-nobody"))).await.problem(404, "CLINICIAN_NOT_FOUND");
    // One of the practice's, but not of this key's.
    let other = Appointment::make(&practice, json!({})).await;
    ask(&practice, &with("/clinicianId", json!(other.clinician_id))).await.problem(404, "CLINICIAN_NOT_FOUND");
    assert!(practice.messages().await.is_empty(), "nobody was written to");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_publishable_key_can_do_nothing_else_from_any_origin() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let key = practice.key("publishableKey").to_owned();
    let other = form(&practice, "+18085550102", 60);
    let foreign = practice.post("/api/schedule", &other).bearer(&key).header("origin", "https://evil.example");
    foreign.send().await.problem(403, "ORIGIN_NOT_ALLOWED");
    practice.post("/api/schedule", &other).bearer(&key).send().await.problem(403, "ORIGIN_NOT_ALLOWED");
    let paths = [
        ("GET", "/api/visits".to_owned()),
        ("GET", visit.path("")),
        ("PATCH", visit.path("")),
        ("POST", visit.path("/cancel")),
        ("POST", visit.path("/links")),
        ("POST", visit.path("/notify")),
        ("POST", "/api/visits".to_owned()),
        ("GET", format!("/api/patients/{}", visit.visit["patientId"].as_str().unwrap())),
        ("GET", format!("/api/clinicians/{}", visit.clinician_id)),
    ];
    for (method, path) in paths {
        for origin in [practice.key("allowedOrigin"), "https://evil.example"] {
            let ask = practice.ask(method, &path).json(&json!({})).bearer(&key).header("origin", origin).send().await;
            assert_eq!(ask.status, 403, "{method} {path} from {origin}: {}", ask.text);
        }
    }
    // And what it made is not its own to see either.
    let asked = ask(&practice, &form(&practice, &phone(), 60)).await.expect(201);
    let path = format!("/api/visits/{}", asked.text_at("/visitId"));
    let read = practice.get(&path).bearer(&key).header("origin", practice.key("allowedOrigin")).send().await;
    read.problem(403, "FORBIDDEN");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_that_confirms_is_no_proof_to_come_in_with() {
    let practice = Practice::open().await;
    let phone = phone();
    let mut strict = form(&practice, &phone, 10);
    strict["patient"]["email"] = json!("strict@example.com");
    let asked = ask(&practice, &strict).await.expect(201);
    let (visit, challenge) = (asked.text_at("/visitId"), asked.text_at("/challengeId"));
    answer(&practice, &challenge, &code_in(&texts(&practice, &phone).await[0])).await.expect(200);
    let mut body = credential(texts(&practice, &phone).await[0]["links"][0].as_str().unwrap());
    body["proofs"] = json!([challenge]);
    let start =
        practice.post(&format!("/api/visits/{visit}/start"), &body).device(&Device::new()).send().await.expect(202);
    let path = format!("/api/visits/{visit}/participants");
    let admin = practice.token("admin", None).await;
    let people = practice.get(&path).bearer(&admin).send().await.expect(200).json;
    assert_eq!(people["participants"][0]["participantId"], start.json["participantId"]);
    assert_eq!(people["participants"][0]["verifiedBy"], json!(["link"]), "{people}");
}

async fn ask_from(practice: &Practice, form: &Value, address: &str) -> Answer {
    let ask = practice.post("/api/schedule", form).bearer(practice.key("publishableKey"));
    ask.header("origin", practice.key("allowedOrigin")).header("x-local-address", address).send().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_is_asked_for_once_an_hour_and_three_times_a_day() {
    let practice = Practice::open().await;
    let phone = phone();
    let mut asked = 0;
    for hour in 0..5_i64 {
        let answer = ask(&practice, &form(&practice, &phone, 60 + hour * 60)).await;
        if hour < 3 {
            assert_eq!(answer.expect(201).text_at("/status"), "REQUESTED");
            asked += 1;
            let again = ask(&practice, &form(&practice, &phone, 600 + hour * 60)).await.problem(429, "RATE_LIMITED");
            let wait: i64 = again.headers["retry-after"].to_str().unwrap().parse().unwrap();
            assert!((1..=3600).contains(&wait) || hour == 2, "{wait}");
            assert!(again.headers["ratelimit"].to_str().unwrap().contains("r=0"), "{:?}", again.headers);
        } else {
            answer.problem(429, "RATE_LIMITED");
        }
        assert_eq!(texts(&practice, &phone).await.len(), asked, "a refused request costs no text");
        practice.advance(3601).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_time_that_is_taken_costs_no_request_but_cannot_be_guessed_for_ever() {
    let practice = Practice::open().await;
    ask(&practice, &form(&practice, &phone(), 60)).await.expect(201);
    let (phone, address) = (phone(), foreign_address());
    for _ in 0..4 {
        let taken = ask_from(&practice, &form(&practice, &phone, 60), &address).await;
        taken.problem(409, "CLINICIAN_DOUBLE_BOOKED");
    }
    ask_from(&practice, &form(&practice, &phone, 120), &address).await.expect(201);
    let guesser = foreign_address();
    let mut refused = 0;
    for _ in 0..8 {
        let answer = ask_from(&practice, &form(&practice, &self::phone(), 60), &guesser).await;
        refused += i32::from(answer.status == 429);
    }
    assert!(refused >= 2, "{refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_asks_three_times_an_hour() {
    let practice = Practice::open().await;
    let address = foreign_address();
    for n in 0..3_i64 {
        ask_from(&practice, &form(&practice, &phone(), 60 + n * 60), &address).await.expect(201);
    }
    ask_from(&practice, &form(&practice, &phone(), 600), &address).await.problem(429, "RATE_LIMITED");
    ask(&practice, &form(&practice, &phone(), 600)).await.expect(201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_that_is_sent_again_after_a_lost_answer_is_one_visit_and_one_text() {
    let practice = Practice::open().await;
    let (phone, key) = (phone(), "a form that was filled in once");
    let form = form(&practice, &phone, 60);
    let send = || {
        let ask = practice.post("/api/schedule", &form).bearer(practice.key("publishableKey"));
        let ask = ask.header("origin", practice.key("allowedOrigin")).header("idempotency-key", key);
        ask.header("x-local-address", &foreign_address()).send()
    };
    let first = send().await.expect(201);
    let again = send().await.expect(201);
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!((first.json, texts(&practice, &phone).await.len()), (again.json, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_whose_function_died_after_booking_finds_its_own_visit() {
    let practice = Practice::open().await;
    let form = form(&practice, &phone(), 60);
    let send = || {
        let ask = practice.post("/api/schedule", &form).bearer(practice.key("publishableKey"));
        let ask = ask.header("origin", practice.key("allowedOrigin")).header("idempotency-key", "this very form");
        ask.header("x-local-address", &foreign_address()).send()
    };
    // It dies when it would send the text: the visit stands, and nobody was told.
    practice.fault("sms", "SendTextMessage", "die", 1).await;
    let _ = send().await.problem(500, "INTERNAL");
    practice.advance(40).await;
    let again = send().await.expect(201);
    assert_eq!(again.text_at("/status"), "REQUESTED");
    assert!(again.json["challengeId"].is_string());
    practice.advance(90).await;
    practice.local("/local/tick", &json!({})).await;
    let phone = form["patient"]["phone"].as_str().unwrap();
    let code = code_in(&texts(&practice, phone).await[0]);
    answer(&practice, &again.text_at("/challengeId"), &code).await.expect(200);
    assert_eq!(status(&practice, &again.text_at("/visitId")).await, "SCHEDULED");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_right_code_twice_at_once_is_right_twice_and_books_once() {
    let practice = Practice::open().await;
    for _ in 0..4 {
        let phone = phone();
        let asked = ask(&practice, &form(&practice, &phone, 60)).await.expect(201);
        let code = code_in(&texts(&practice, &phone).await[0]);
        let challenge = asked.text_at("/challengeId");
        let (a, b) = tokio::join!(answer(&practice, &challenge, &code), answer(&practice, &challenge, &code));
        a.expect(200);
        b.expect(200);
        assert_eq!(texts(&practice, &phone).await.len(), 2, "a code and a link");
        let visit = asked.text_at("/visitId");
        practice.lander(&format!("/api/visits/{visit}/cancel"), &json!({})).await.problem(404, "NOT_FOUND");
        let admin = practice.token("admin", None).await;
        let cancel = practice.post(&format!("/api/visits/{visit}/cancel"), &json!({})).bearer(&admin);
        cancel.send().await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_asks_in_vain_uses_up_nothing_of_the_keys_day() {
    let practice = Practice::open().await;
    let mut unlicensed = form(&practice, &phone(), 60);
    unlicensed["patient"]["state"] = json!("AK");
    for _ in 0..30 {
        ask(&practice, &unlicensed).await.problem(422, "CLINICIAN_NOT_LICENSED");
    }
    ask(&practice, &form(&practice, &phone(), 60)).await.expect(201);
    for _ in 0..30 {
        ask(&practice, &form(&practice, &phone(), 60)).await.problem(409, "CLINICIAN_DOUBLE_BOOKED");
    }
    let key = practice.get("/api/keys");
    let admin = practice.token("admin", None).await;
    let keys = key.bearer(&admin).send().await.expect(200).json;
    let page = keys["keys"].as_array().unwrap().iter().find(|k| k["kind"] == "publishable").unwrap()["keyId"].clone();
    let query = json!({
        "TableName": "Limits", "KeyConditionExpression": "PK = :pk",
        "ExpressionAttributeValues": {":pk": {"S": format!("COUNT#requests-by#{}", page.as_str().unwrap())}},
    });
    let drawn = practice.laptop().aws().dynamodb("Query", query).await.unwrap();
    assert_eq!(drawn["Items"][0]["n"]["N"], "1", "{drawn}");
}
