//! One-time codes: where the policy asks for one, and for clinicians who come by link.

use bedside_tests::{Answer, Appointment, Device, Practice, Seat, credential};
use serde_json::{Value, json};

/// Asks for a code, with a link's credential, from a device.
async fn ask(practice: &Practice, credential: &Value, device: &Device) -> Answer {
    let mut body = credential.clone();
    body["factor"] = json!("sms-otp");
    practice.post("/api/challenges", &body).device(device).send().await
}

async fn answer(practice: &Practice, challenge: &str, code: &str, device: &Device) -> Answer {
    let path = format!("/api/challenges/{challenge}/answer");
    practice.post(&path, &json!({"answer": code})).device(device).send().await
}

/// The newest code that came to a phone.
async fn code_at(practice: &Practice, phone: &str) -> String {
    let messages = practice.messages().await;
    let text = messages.iter().find(|m| m["channel"] == "sms" && m["to"] == phone).unwrap()["text"].as_str().unwrap();
    let code: String = text.chars().take(6).collect();
    assert!(code.bytes().all(|digit| digit.is_ascii_digit()), "six digits, first in the text: {text}");
    code
}

fn another(code: &str) -> String {
    let turned = if code.starts_with('9') { '1' } else { '9' };
    format!("{turned}{}", &code[1..])
}

async fn start_with(visit: &Appointment<'_>, credential: &Value, proof: &str, device: &Device) -> Answer {
    let mut body = credential.clone();
    body["proofs"] = json!([proof]);
    visit.start(&body, device).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_policy_is_strict_a_code_to_the_registered_phone_comes_first() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({"access": {"preset": "strict"}})).await;
    let credential = visit.patient_credential().await;
    let (phone, thief) = (Device::new(), Device::new());
    let look = practice.post("/api/token/redeem", &credential).send().await.expect(200).json;
    assert_eq!(look["requires"], json!({"factors": ["sms-otp"], "waitingRoom": true}));
    let keyless = practice.post(&visit.path("/start"), &credential).send().await;
    keyless.problem(400, "DEVICE_KEY_REQUIRED");
    let refused = visit.start(&credential, &phone).await.problem(403, "VERIFICATION_REQUIRED").json;
    assert_eq!((&refused["requires"], &refused["action"]), (&look["requires"], &json!("VERIFY")));

    let asked = ask(&practice, &credential, &phone).await.expect(202);
    assert_eq!(asked.json["to"], format!("***-***-{}", &visit.phone[8..]));
    assert_eq!(asked.json["factor"], "sms-otp");
    assert!((290..=300).contains(&asked.json["expiresIn"].as_i64().unwrap()), "{}", asked.text);
    let challenge = asked.text_at("/challengeId");
    let code = code_at(&practice, &visit.phone).await;
    assert!(!asked.text.contains(&code));
    let unproven = start_with(&visit, &credential, &challenge, &phone).await;
    unproven.problem(403, "VERIFICATION_REQUIRED");

    let right = answer(&practice, &challenge, &code, &phone).await.expect(200).json;
    assert_eq!((&right["answered"], &right["challengeId"]), (&json!(true), &json!(challenge)));
    answer(&practice, &challenge, &code, &phone).await.expect(200);
    answer(&practice, &challenge, &code, &thief).await.problem(404, "NOT_FOUND");
    start_with(&visit, &credential, &challenge, &thief).await.problem(403, "VERIFICATION_REQUIRED");
    let seat = Seat::of(&practice, start_with(&visit, &credential, &challenge, &phone).await.expect(202), phone);
    let desk = visit.clinician_sits().await;
    let people = desk.get(&visit.path("/participants")).await.expect(200).json;
    assert_eq!(people["participants"][0]["verifiedBy"], json!(["link", "sms-otp"]));
    visit.admit(&desk, &seat.id).await.expect(200);
    seat.join().await.expect(200);
    let events = visit.events().await;
    for event in ["CHALLENGE_SENT", "CHALLENGE_PASSED"] {
        assert_eq!(events.iter().filter(|one| *one == event).count(), 1, "{event}: {events:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clinicians_link_only_names_the_visit() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({"access": {"preset": "open"}})).await;
    let links = visit.links().await;
    let credential = credential(links["clinician"]["link"].as_str().unwrap());
    let desk = Device::new();
    let refused = visit.start(&credential, &desk).await.problem(403, "VERIFICATION_REQUIRED").json;
    assert_eq!(refused["requires"]["factors"], json!(["sms-otp"]));
    let challenge = ask(&practice, &credential, &desk).await.expect(202).text_at("/challengeId");
    let code = code_at(&practice, &visit.clinician_phone).await;
    answer(&practice, &challenge, &code, &desk).await.expect(200);
    let started = start_with(&visit, &credential, &challenge, &desk).await.expect(200);
    let seat = Seat::of(&practice, started, desk);
    let patient = visit.patient_credential().await;
    visit.start(&patient, &Device::new()).await.expect(200);
    let list = seat.get(&visit.path("/participants")).await.expect(200).json;
    assert_eq!(list["participants"].as_array().unwrap().len(), 2, "a clinician who came by link has the desk");
    seat.post(&visit.path("/end"), &json!({"endReason": "completed"})).await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_codes_count_down_and_a_new_text_resets_nothing() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({"access": {"preset": "strict"}})).await;
    let credential = visit.patient_credential().await;
    let phone = Device::new();
    let challenge = ask(&practice, &credential, &phone).await.expect(202).text_at("/challengeId");
    let code = code_at(&practice, &visit.phone).await;
    let texts = visit.texts().await.len();
    let soon = ask(&practice, &credential, &phone).await.problem(429, "RATE_LIMITED");
    let wait: i64 = soon.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((50..=60).contains(&wait), "{wait}");
    assert_eq!(visit.texts().await.len(), texts);
    for left in [4, 3] {
        let wrong = answer(&practice, &challenge, &another(&code), &phone).await.problem(403, "CHALLENGE_FAILED").json;
        assert_eq!((&wrong["attemptsLeft"], &wrong["action"]), (&json!(left), &json!("RETRY")));
    }
    practice.advance(61).await;
    let again = ask(&practice, &credential, &phone).await.expect(202);
    assert_eq!(again.text_at("/challengeId"), challenge, "the same while it lives");
    assert_eq!(visit.texts().await.len(), texts + 1);
    assert_eq!(code_at(&practice, &visit.phone).await, code, "the same code is sent again");
    assert!(again.json["expiresIn"].as_i64().unwrap() < 245, "its end does not move: {}", again.text);
    for left in [2, 1] {
        let wrong = answer(&practice, &challenge, &another(&code), &phone).await.problem(403, "CHALLENGE_FAILED").json;
        assert_eq!(wrong["attemptsLeft"], left, "a resend resets no count");
    }
    let last = answer(&practice, &challenge, &another(&code), &phone).await.problem(403, "CHALLENGE_FAILED").json;
    assert_eq!((&last["attemptsLeft"], last.get("action")), (&json!(0), None));
    let dead = answer(&practice, &challenge, &code, &phone).await.problem(410, "CHALLENGE_EXPIRED").json;
    assert_eq!(dead["action"], "VERIFY");
    start_with(&visit, &credential, &challenge, &phone).await.problem(403, "VERIFICATION_REQUIRED");
    practice.advance(61).await;
    let fresh = ask(&practice, &credential, &phone).await.expect(202).text_at("/challengeId");
    assert_ne!(fresh, challenge);
    let code = code_at(&practice, &visit.phone).await;
    practice.advance(301).await;
    answer(&practice, &fresh, &code, &phone).await.problem(410, "CHALLENGE_EXPIRED");
    let failed = visit.events().await.iter().filter(|event| *event == "CHALLENGE_FAILED").count();
    assert_eq!(failed, 5, "every wrong answer is on record");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_number_gets_five_codes_in_any_hour() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({"access": {"preset": "strict"}, "duration": 120})).await;
    let credential = visit.patient_credential().await;
    // Across the clock's hour: it is any hour that counts.
    let into = practice.now().as_second().rem_euclid(3600);
    practice.advance((2 * 3600 - 2 * 61 - into) % 3600).await;
    for n in 0..5 {
        if n > 0 {
            practice.advance(61).await;
        }
        ask(&practice, &credential, &Device::new()).await.expect(202);
    }
    practice.advance(61).await;
    let texts = visit.texts().await.len();
    let sixth = ask(&practice, &credential, &Device::new()).await.problem(429, "RATE_LIMITED");
    let wait: i64 = sixth.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((3600 - 5 * 61 - 10..=3600 - 5 * 61).contains(&wait), "{wait}: an hour after the first");
    assert_eq!(visit.texts().await.len(), texts, "a refused one costs no text");
    practice.advance(wait + 1).await;
    ask(&practice, &credential, &Device::new()).await.expect(202);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proof_lasts_a_quarter_of_an_hour() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({"access": {"preset": "strict"}, "duration": 60})).await;
    let credential = visit.patient_credential().await;
    let phone = Device::new();
    let challenge = ask(&practice, &credential, &phone).await.expect(202).text_at("/challengeId");
    let code = code_at(&practice, &visit.phone).await;
    answer(&practice, &challenge, &code, &phone).await.expect(200);
    practice.advance(14 * 60).await;
    answer(&practice, &challenge, &code, &phone).await.expect(200);
    practice.advance(2 * 60).await;
    answer(&practice, &challenge, &code, &phone).await.problem(410, "CHALLENGE_EXPIRED");
    start_with(&visit, &credential, &challenge, &phone).await.problem(403, "VERIFICATION_REQUIRED");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_is_asked_for_only_with_a_link_that_opens_something() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({"access": {"preset": "strict"}})).await;
    let old = visit.patient_credential().await;
    let live = visit.patient_credential().await;
    let device = Device::new();
    ask(&practice, &old, &device).await.problem(410, "TOKEN_REVOKED");
    let wrong = json!({"code": live["code"], "secret": old["secret"]});
    ask(&practice, &wrong, &device).await.problem(401, "TOKEN_INVALID");
    let meeting = json!({"factor": "sms-otp", "meetingCode": "K7QX2MPA"});
    practice.post("/api/challenges", &meeting).send().await.problem(404, "CODE_NOT_FOUND");
    let unknown = "019ac0de-c111-7b22-9c33-4d55e66f7788";
    answer(&practice, unknown, "123456", &device).await.problem(404, "NOT_FOUND");
    assert!(visit.texts().await.is_empty());
    let patient = practice.token("patient", visit.visit["patientId"].as_str()).await;
    let body = json!({"factor": "sms-otp", "visitId": visit.id});
    let asked = practice.post("/api/challenges", &body).bearer(&patient).device(&device).send().await.expect(202);
    let code = code_at(&practice, &visit.phone).await;
    answer(&practice, &asked.text_at("/challengeId"), &code, &device).await.expect(200);
    let body = json!({"proofs": [asked.json["challengeId"]]});
    let start = practice.post(&visit.path("/start-authenticated"), &body).bearer(&patient).device(&device);
    start.send().await.expect(202);
    visit.end(&json!({"endReason": "cancelled"})).await.expect(200);
    ask(&practice, &live, &device).await.problem(409, "VISIT_CANCELLED");
}
