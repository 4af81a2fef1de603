//! The public code: typed from a card or read out on the telephone, it opens the waiting room and nothing else.

use bedside_tests::{Answer, Appointment, Device, Practice, Seat, foreign_address, slot};
use serde_json::{Value, json};

/// A visit with a public code, and the code.
async fn with_code<'a>(practice: &'a Practice, over: Value) -> (Appointment<'a>, String) {
    let mut wanted = json!({"access": {"publicCode": true}, "duration": 30});
    for (name, value) in over.as_object().unwrap() {
        wanted[name] = value.clone();
    }
    let visit = Appointment::make(practice, wanted).await;
    let code = visit.visit["meetingCode"].as_str().unwrap().to_owned();
    (visit, code)
}

async fn look(practice: &Practice, code: &str) -> Answer {
    practice.get(&format!("/api/join/{code}")).header("x-local-address", &foreign_address()).send().await
}

async fn knock(practice: &Practice, code: &str, body: &Value, device: &Device) -> Answer {
    let ask = practice.post(&format!("/api/join/{code}"), body).device(device);
    ask.header("x-local-address", &foreign_address()).send().await
}

async fn code_at(practice: &Practice, phone: &str) -> String {
    let messages = practice.messages().await;
    let text = messages.iter().find(|m| m["channel"] == "sms" && m["to"] == phone).unwrap()["text"].as_str().unwrap();
    text.chars().take(6).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_the_code_waits_and_comes_in_once_admitted() {
    let practice = Practice::open_by_chime().await;
    let (visit, code) = with_code(&practice, json!({})).await;
    let seen = look(&practice, &code.to_lowercase()).await.expect(200).json;
    for (name, at) in [("opensAt", "opensAt"), ("closesAt", "closesAt"), ("timezone", "timezone")] {
        assert_eq!(seen[name], visit.visit[at], "{seen}");
    }
    assert_eq!(seen["clinicianName"], "Jane");
    assert_eq!(seen["requires"], json!({"factors": [], "waitingRoom": true}));
    for hidden in ["visitId", "patientName", "Leeward", &visit.id] {
        assert!(!seen.to_string().contains(hidden), "{hidden} in {seen}");
    }
    let phone = Device::new();
    let start = knock(&practice, &code, &json!({"displayName": "Ada"}), &phone).await.expect(202);
    assert_eq!((&start.json["status"], &start.json["position"]), (&json!("WAITING"), &json!(1)));
    let seat = Seat::of(&practice, start, phone);
    seat.join().await.problem(409, "NOT_ADMITTED");

    let desk = visit.clinician_sits().await;
    let people = desk.get(&visit.path("/participants")).await.expect(200).json;
    let ada = people["participants"].as_array().unwrap().iter().find(|p| p["displayName"] == "Ada").unwrap().clone();
    assert_eq!((&ada["role"], &ada["verifiedBy"]), (&json!("patient"), &json!(["meeting-code"])));
    visit.admit(&desk, &seat.id).await.expect(200);
    let again = knock(&practice, &code, &json!({"displayName": "Ada"}), &seat.device).await.expect(200);
    assert_eq!(again.text_at("/participantId"), seat.id, "the same owner finds their seat again");
    assert!(again.json["media"]["attendee"]["JoinToken"].is_string());
    seat.join().await.expect(200);
    let events = visit.events().await;
    assert_eq!(events.iter().filter(|event| *event == "PARTICIPANT_WAITING").count(), 1, "{events:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_chooses_a_role_and_an_open_door_still_has_a_waiting_room() {
    let practice = Practice::open().await;
    let (visit, code) = with_code(&practice, json!({"access": {"preset": "open", "publicCode": true}})).await;
    for role in ["clinician", "practitioner", "host", "interpreter"] {
        let body = json!({"displayName": "Mallory", "role": role});
        knock(&practice, &code, &body, &Device::new()).await.problem(400, "VALIDATION_FAILED");
    }
    knock(&practice, &code, &json!({}), &Device::new()).await.problem(400, "VALIDATION_FAILED");
    let start = knock(&practice, &code, &json!({"displayName": "Mallory"}), &Device::new()).await.expect(202);
    let people = visit.clinician_sits().await.get(&visit.path("/participants")).await.expect(200).json;
    let mallory = people["participants"].as_array().unwrap().iter().find(|p| p["displayName"] == "Mallory").unwrap();
    assert_eq!(mallory["status"], "WAITING", "{people}");
    assert!(start.json.get("media").is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_takes_nobodys_place() {
    let practice = Practice::open().await;
    let (visit, code) = with_code(&practice, json!({})).await;
    let ada = json!({"displayName": "Ada"});
    let (first, second) = (Device::new(), Device::new());
    let one = knock(&practice, &code, &ada, &first).await.expect(202).text_at("/participantId");
    let two = knock(&practice, &code, &ada, &second).await.expect(202).text_at("/participantId");
    assert_ne!(one, two, "everyone by it has a seat of their own");
    let own = knock(&practice, &code, &ada, &first).await.expect(202);
    assert_eq!(own.text_at("/participantId"), one, "a second press is no second seat");
    let desk = visit.clinician_sits().await;
    for seat in [&one, &two] {
        let path = visit.path(&format!("/participants/{seat}/reject"));
        desk.post(&path, &json!({})).await.expect(200);
    }
    knock(&practice, &code, &ada, &first).await.problem(409, "PARTICIPANT_STATE");
    // Strangers who were turned away do not stand in the way of the patient's own link.
    visit.start(&visit.patient_credential().await, &Device::new()).await.expect(202);
    // Without a device key the Idempotency-Key is the owner; without either, nobody is.
    let keyed = |key: &'static str| {
        let ask = practice.post(&format!("/api/join/{code}"), &ada).header("idempotency-key", key);
        ask.header("x-local-address", &foreign_address()).send()
    };
    let by_key = keyed("a-key-of-twenty-two-characters").await.expect(202).text_at("/participantId");
    assert_eq!(keyed("a-key-of-twenty-two-characters").await.expect(202).text_at("/participantId"), by_key);
    assert_ne!(keyed("another-key-of-enough-characters").await.expect(202).text_at("/participantId"), by_key);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_presses_at_once_take_one_seat() {
    let practice = Practice::open().await;
    let (visit, code) = with_code(&practice, json!({})).await;
    let (phone, ada) = (Device::new(), json!({"displayName": "Ada"}));
    let presses = (0..20).map(|_| knock(&practice, &code, &ada, &phone));
    let answers = futures_util::future::join_all(presses).await;
    let seats: std::collections::BTreeSet<_> =
        answers.into_iter().map(|answer| answer.expect(202).text_at("/participantId")).collect();
    assert_eq!(seats.len(), 1);
    let waiting = visit.events().await.into_iter().filter(|event| event == "PARTICIPANT_WAITING").count();
    assert_eq!(waiting, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_strangers_fills_eight_seats_and_whoever_is_silent_makes_room() {
    let practice = Practice::open().await;
    let (visit, code) = with_code(&practice, json!({})).await;
    let ada = json!({"displayName": "Ada"});
    for _ in 0..8 {
        knock(&practice, &code, &ada, &Device::new()).await.expect(202);
    }
    let full = knock(&practice, &code, &ada, &Device::new()).await.problem(429, "RATE_LIMITED");
    assert_eq!(full.headers["retry-after"], "30");
    visit.start(&visit.patient_credential().await, &Device::new()).await.expect(202);
    practice.advance(16).await;
    knock(&practice, &code, &ada, &Device::new()).await.expect(202);
    let people = visit.clinician_sits().await.get(&visit.path("/participants")).await.expect(200).json;
    let by_code = people["participants"].as_array().unwrap().iter().filter(|p| p["verifiedBy"][0] == "meeting-code");
    assert_eq!(by_code.count(), 8, "{people}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unknown_expired_and_called_off_are_one_answer_after_the_same_work() {
    let practice = Practice::open().await;
    let (over, expired_code) = with_code(&practice, json!({"duration": 15})).await;
    let (called_off, cancelled_code) = with_code(&practice, json!({})).await;
    let reason = json!({"reason": "Clinician is ill"});
    practice.lander(&called_off.path("/cancel"), &reason).await.expect(200);
    let (ended, ended_code) = with_code(&practice, json!({})).await;
    let end = practice.post(&ended.path("/end"), &json!({"endReason": "no-show"}));
    end.bearer(&ended.clinician_token().await).send().await.expect(200);
    let (later, early_code) = with_code(&practice, json!({"scheduledAt": slot(practice.now(), 600)})).await;
    let link = later.patient_credential().await["code"].as_str().unwrap().to_owned();
    practice.advance(3 * 3600).await;
    practice.local("/local/tick", &json!({})).await;
    drop(over);
    let mut shapes = Vec::new();
    for code in ["AAAABBBB", "no-code-at-all", &expired_code, &cancelled_code, &ended_code, &link] {
        let method_and_body = [("GET", None), ("POST", Some(json!({"displayName": "Ada"})))];
        for (method, body) in method_and_body {
            practice.reset_calls().await;
            let ask = practice.ask(method, &format!("/api/join/{code}")).header("x-local-address", &foreign_address());
            let ask = match &body {
                Some(body) => ask.json(body),
                None => ask,
            };
            let answer = ask.send().await.problem(404, "CODE_NOT_FOUND");
            let calls = practice.calls().await;
            let mut plain = answer.json.clone();
            plain["instance"] = json!("");
            let mut headers: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
            headers.sort();
            shapes.push((code.to_owned(), method, plain, headers, calls));
        }
    }
    let first = &shapes[..2];
    for pair in shapes.chunks(2) {
        for (one, expected) in pair.iter().zip(first) {
            assert_eq!((&one.2, &one.3, &one.4), (&expected.2, &expected.3, &expected.4), "{} {}", one.1, one.0);
        }
    }
    // One that is only early says when.
    look(&practice, &early_code).await.expect(200);
    let body = json!({"displayName": "Ada"});
    let early = knock(&practice, &early_code, &body, &Device::new()).await.problem(409, "VISIT_NOT_OPEN");
    assert_eq!(early.json["action"], "WAIT");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_policy_asks_for_a_code_the_patients_own_phone_gets_it() {
    let practice = Practice::open().await;
    let (visit, code) = with_code(&practice, json!({"access": {"preset": "strict", "publicCode": true}})).await;
    let seen = look(&practice, &code).await.expect(200).json;
    assert_eq!(seen["requires"], json!({"factors": ["sms-otp"], "waitingRoom": true}));
    let (phone, thief) = (Device::new(), Device::new());
    let ada = json!({"displayName": "Ada"});
    let keyless = practice.post(&format!("/api/join/{code}"), &ada).header("x-local-address", &foreign_address());
    keyless.send().await.problem(400, "DEVICE_KEY_REQUIRED");
    let refused = knock(&practice, &code, &ada, &phone).await.problem(403, "VERIFICATION_REQUIRED").json;
    assert_eq!(refused["requires"], seen["requires"]);
    let ask = json!({"factor": "sms-otp", "meetingCode": code});
    let asked = practice.post("/api/challenges", &ask).device(&phone).send().await.expect(202);
    assert_eq!(asked.json["to"], format!("***-***-{}", &visit.phone[8..]));
    let id = asked.text_at("/challengeId");
    let digits = code_at(&practice, &visit.phone).await;
    let path = format!("/api/challenges/{id}/answer");
    practice.post(&path, &json!({"answer": digits})).device(&phone).send().await.expect(200);
    let proven = json!({"displayName": "Ada", "proofs": [id]});
    knock(&practice, &code, &proven, &thief).await.problem(403, "VERIFICATION_REQUIRED");
    let start = knock(&practice, &code, &proven, &phone).await.expect(202).text_at("/participantId");
    let desk = visit.clinician_sits().await;
    let people = desk.get(&visit.path("/participants")).await.expect(200).json;
    let ada = people["participants"].as_array().unwrap().iter().find(|p| p["participantId"] == start.as_str()).unwrap();
    assert_eq!(ada["verifiedBy"], json!(["meeting-code", "sms-otp"]));
    // A right code costs no miss; a wrong one sends nothing to anybody.
    let texts = practice.messages().await.len();
    let wrong = json!({"factor": "sms-otp", "meetingCode": "AAAABBBB"});
    practice.post("/api/challenges", &wrong).device(&thief).send().await.problem(404, "CODE_NOT_FOUND");
    assert_eq!(practice.messages().await.len(), texts);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asking_for_codes_without_end_is_refused_on_record_and_sends_nothing() {
    let practice = Practice::open().await;
    let (visit, code) = with_code(&practice, json!({})).await;
    let ask = json!({"factor": "sms-otp", "meetingCode": code});
    let send = || {
        let ask = practice.post("/api/challenges", &ask).device(&Device::new());
        ask.header("x-local-address", &foreign_address()).send()
    };
    send().await.expect(202);
    let texts = visit.texts().await.len();
    for _ in 0..5 {
        let refused = send().await.problem(429, "RATE_LIMITED");
        assert!(refused.headers.contains_key("retry-after"));
    }
    assert_eq!(visit.texts().await.len(), texts);
    let audit = visit.audit().await;
    let records: Vec<&Value> =
        audit["events"].as_array().unwrap().iter().filter(|e| e["type"] == "CHALLENGE_SENT").collect();
    let refused: Vec<_> =
        records.iter().filter(|e| e["errorCode"] == "RATE_LIMITED" && e["success"] == false).collect();
    assert_eq!((records.len(), refused.len()), (2, 1), "one record a minute: {audit}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_public_code_over_connect_takes_the_call_of_nobody() {
    let practice = Practice::open().await;
    let (visit, code) = with_code(&practice, json!({})).await;
    let link = visit.patient_credential().await;
    let phone = Device::new();
    let patient = Seat::of(&practice, visit.start(&link, &phone).await.expect(202), phone);
    let other = Device::new();
    let start = knock(&practice, &code, &json!({"displayName": "Ada"}), &other).await.expect(202);
    let ada = Seat::of(&practice, start, other);
    let desk = visit.clinician_sits().await;
    visit.admit(&desk, &patient.id).await.expect(200);
    let call = patient.join().await.expect(200).text_at("/media/meeting/MeetingId");
    visit.admit(&desk, &ada.id).await.expect(200);
    // Whether or not there is a place for one more, the patient's call goes on.
    let _ = ada.join().await;
    assert_eq!(patient.join().await.expect(200).text_at("/media/meeting/MeetingId"), call);
}
