//! The other factors: a link to the registered e-mail, the last digits of the phone; and what stays shut.

use bedside_tests::{Answer, Appointment, Device, Practice, Seat, foreign_address};
use serde_json::{Value, json};

async fn visit_with<'a>(practice: &'a Practice, factors: &Value) -> Appointment<'a> {
    Appointment::make(practice, json!({"access": {"factors": factors}, "duration": 60})).await
}

async fn ask(practice: &Practice, credential: &Value, factor: &str, device: &Device) -> Answer {
    let mut body = credential.clone();
    body["factor"] = json!(factor);
    practice.post("/api/challenges", &body).device(device).send().await
}

async fn answer(practice: &Practice, challenge: &str, text: &str, device: Option<&Device>) -> Answer {
    let ask = practice.post(&format!("/api/challenges/{challenge}/answer"), &json!({"answer": text}));
    // What is tried here is the challenge's own patience, not that with an address.
    let ask = ask.header("x-local-address", &foreign_address());
    match device {
        Some(device) => ask.device(device).send().await,
        None => ask.send().await,
    }
}

async fn start_with(visit: &Appointment<'_>, credential: &Value, proofs: &[&str], device: &Device) -> Answer {
    let mut body = credential.clone();
    body["proofs"] = json!(proofs);
    visit.start(&body, device).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_email_link_confirms_in_any_browser_for_the_device_that_asked() {
    let practice = Practice::open().await;
    let visit = visit_with(&practice, &json!(["email-link"])).await;
    let credential = visit.patient_credential().await;
    let phone = Device::new();
    let asked = ask(&practice, &credential, "email-link", &phone).await.expect(202);
    assert_eq!(asked.json["to"], "p***@example.com");
    let challenge = asked.text_at("/challengeId");
    let mail = practice.messages().await[0].clone();
    assert_eq!(mail["channel"], "email");
    let link = mail["links"][0].as_str().unwrap();
    let (path, secret) = link.split_once('#').unwrap();
    assert_eq!(path, format!("{}/m/{challenge}", practice.key("publicOrigin")));
    assert!(mail["html"].as_str().unwrap().contains(link) && mail["text"].as_str().unwrap().contains(link));
    start_with(&visit, &credential, &[&challenge], &phone).await.problem(403, "VERIFICATION_REQUIRED");
    answer(&practice, &challenge, secret, None).await.expect(200);
    let thief = Device::new();
    start_with(&visit, &credential, &[&challenge], &thief).await.problem(403, "VERIFICATION_REQUIRED");
    start_with(&visit, &credential, &[&challenge], &phone).await.expect(202);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_digits_give_nothing_away_and_may_be_missed_three_times() {
    let practice = Practice::open().await;
    let visit = visit_with(&practice, &json!(["phone-last4"])).await;
    let credential = visit.patient_credential().await;
    let device = Device::new();
    let asked = ask(&practice, &credential, "phone-last4", &device).await.expect(202);
    assert!(asked.json.get("to").is_none(), "the mask would be the answer: {}", asked.text);
    assert!(practice.messages().await.is_empty());
    let challenge = asked.text_at("/challengeId");
    for left in [2, 1] {
        let wrong = answer(&practice, &challenge, "0000", Some(&device)).await.problem(403, "CHALLENGE_FAILED");
        assert_eq!(wrong.json["attemptsLeft"], left);
    }
    let digits = &visit.phone[visit.phone.len() - 4..];
    answer(&practice, &challenge, digits, Some(&device)).await.expect(200);
    start_with(&visit, &credential, &[&challenge], &device).await.expect(202);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_factor_that_the_policy_names_is_asked_for() {
    let practice = Practice::open().await;
    let visit = visit_with(&practice, &json!(["sms-otp", "phone-last4"])).await;
    let credential = visit.patient_credential().await;
    let device = Device::new();
    let refused = visit.start(&credential, &device).await.problem(403, "VERIFICATION_REQUIRED").json;
    assert_eq!(refused["requires"]["factors"], json!(["sms-otp", "phone-last4"]));
    let last4 = ask(&practice, &credential, "phone-last4", &device).await.expect(202).text_at("/challengeId");
    let digits = &visit.phone[visit.phone.len() - 4..];
    answer(&practice, &last4, digits, Some(&device)).await.expect(200);
    let refused = start_with(&visit, &credential, &[&last4], &device).await.problem(403, "VERIFICATION_REQUIRED").json;
    assert_eq!(refused["requires"]["factors"], json!(["sms-otp"]), "only what is still missing");
    let otp = ask(&practice, &credential, "sms-otp", &device).await.expect(202).text_at("/challengeId");
    let code: String = visit.texts().await[0]["text"].as_str().unwrap().chars().take(6).collect();
    answer(&practice, &otp, &code, Some(&device)).await.expect(200);
    start_with(&visit, &credential, &[&last4, &otp], &device).await.expect(202);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proof_of_one_visit_is_none_in_another() {
    let practice = Practice::open().await;
    let (visit, other) =
        (visit_with(&practice, &json!(["phone-last4"])).await, visit_with(&practice, &json!(["phone-last4"])).await);
    let (here, there) = (visit.patient_credential().await, other.patient_credential().await);
    let device = Device::new();
    let proof = ask(&practice, &there, "phone-last4", &device).await.expect(202).text_at("/challengeId");
    answer(&practice, &proof, &other.phone[other.phone.len() - 4..], Some(&device)).await.expect(200);
    start_with(&visit, &here, &[&proof], &device).await.problem(403, "VERIFICATION_REQUIRED");
    start_with(&other, &there, &[&proof], &device).await.expect(202);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silent_seat_is_taken_only_by_whoever_shows_what_the_policy_asks() {
    let practice = Practice::open().await;
    let visit = visit_with(&practice, &json!(["phone-last4"])).await;
    let credential = visit.patient_credential().await;
    let come = async || {
        let device = Device::new();
        let proof = ask(&practice, &credential, "phone-last4", &device).await.expect(202).text_at("/challengeId");
        answer(&practice, &proof, &visit.phone[visit.phone.len() - 4..], Some(&device)).await.expect(200);
        start_with(&visit, &credential, &[&proof], &device).await
    };
    come().await.expect(202);
    practice.advance(17).await;
    visit.start(&credential, &Device::new()).await.problem(403, "VERIFICATION_REQUIRED");
    come().await.expect(202);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guesses_close_a_factor_but_keep_no_patient_out() {
    let practice = Practice::open().await;
    let visit = visit_with(&practice, &json!(["phone-last4"])).await;
    let open = json!({"access": {"waitingRoom": false, "factors": ["sms-otp"]}, "duration": 60});
    let other = Appointment::make(&practice, open).await;
    for (visit, factor, challenges, tries) in [(&visit, "phone-last4", 1, 3), (&other, "sms-otp", 4, 5)] {
        let credential = visit.patient_credential().await;
        let guesser = Device::new();
        for _ in 0..challenges {
            let asked = ask(&practice, &credential, factor, &guesser).await.expect(202).text_at("/challengeId");
            for left in (0..tries).rev() {
                visit.start(&credential, &guesser).await.problem(403, "VERIFICATION_REQUIRED");
                let wrong = answer(&practice, &asked, "00000000", Some(&guesser)).await;
                assert_eq!(wrong.problem(403, "CHALLENGE_FAILED").json["attemptsLeft"], left);
            }
            answer(&practice, &asked, "00000000", Some(&guesser)).await.problem(410, "CHALLENGE_EXPIRED");
            practice.advance(61).await;
        }
        let closed = ask(&practice, &credential, factor, &guesser).await.problem(429, "RATE_LIMITED");
        assert!(closed.headers.contains_key("retry-after"));
        let patient = Device::new();
        ask(&practice, &credential, factor, &patient).await.problem(429, "RATE_LIMITED");
        let waits = visit.start(&credential, &patient).await.expect(202);
        let seat = Seat::of(&practice, waits, patient);
        seat.join().await.problem(409, "NOT_ADMITTED");
        visit.at_desk(&seat.id, "admit").await.expect(200);
        seat.join().await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_wrong_answers_at_once_five_are_looked_at() {
    let practice = Practice::open().await;
    let visit = visit_with(&practice, &json!(["sms-otp"])).await;
    let credential = visit.patient_credential().await;
    let device = Device::new();
    let challenge = ask(&practice, &credential, "sms-otp", &device).await.expect(202).text_at("/challengeId");
    let wrong = async || answer(&practice, &challenge, "wrong0", Some(&device)).await;
    let (a, b, c, d) = tokio::join!(wrong(), wrong(), wrong(), wrong());
    let (e, f, g, h) = tokio::join!(wrong(), wrong(), wrong(), wrong());
    let (looked_at, refused): (Vec<_>, Vec<_>) = [a, b, c, d, e, f, g, h].into_iter().partition(|a| a.status == 403);
    let mut left: Vec<_> = looked_at.iter().map(|answer| answer.json["attemptsLeft"].as_u64().unwrap()).collect();
    left.sort_unstable();
    assert_eq!(left, [0, 1, 2, 3, 4]);
    for answer in refused {
        answer.problem(410, "CHALLENGE_EXPIRED");
    }
    let code: String = visit.texts().await[0]["text"].as_str().unwrap().chars().take(6).collect();
    answer(&practice, &challenge, &code, Some(&device)).await.problem(410, "CHALLENGE_EXPIRED");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_patient_who_cannot_be_sent_a_code_waits_for_a_person() {
    let practice = Practice::open().await;
    let body = json!({
        "access": {"waitingRoom": false, "factors": ["sms-otp"]},
        "patient": {
            "patientId": "p-nophone", "givenName": "Ann", "familyName": "Leeward", "email": "ann@example.com",
            "state": "TX",
        },
    });
    let visit = Appointment::make(&practice, body).await;
    let seat = visit.patient_waits().await;
    seat.join().await.problem(409, "NOT_ADMITTED");
    visit.at_desk(&seat.id, "admit").await.expect(200);
    seat.join().await.expect(200);
}
