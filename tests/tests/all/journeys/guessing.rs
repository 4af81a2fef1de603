//! Guessing codes: it ends at the budget, whoever guesses from wherever, and keeps no patient out.

use bedside_tests::{Appointment, Device, Practice, credential};
use futures_util::StreamExt as _;
use serde_json::json;

/// So many guesses are admitted to a look-up in a minute, from all addresses together.
const BUDGET: usize = 60;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_addresses_guess_no_more_than_the_budget_and_patients_get_in_meanwhile() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({"access": {"publicCode": true}, "duration": 30})).await;
    let code = visit.visit["meetingCode"].as_str().unwrap();
    let guess = |n: usize| {
        let path = format!("/api/join/{}", spelled(n));
        let from = format!("10.{}.{}.{}", n / 65_536, n / 256 % 256, n % 256);
        let ask = practice.get(&path).header("x-local-address", &from);
        async move { ask.send().await.status.as_u16() }
    };
    for minute in 0..3 {
        // The budget is that of the clock's minute.
        let now = practice.now().as_second();
        practice.advance(60 - now.rem_euclid(60)).await;
        let guesses = (minute * 300..(minute + 1) * 300).map(guess);
        let answers: Vec<u16> = futures_util::stream::iter(guesses).buffer_unordered(16).collect().await;
        let looked_up = answers.iter().filter(|status| **status == 404).count();
        assert!(answers.iter().all(|status| [404, 429].contains(status)), "{answers:?}");
        assert_eq!(looked_up, BUDGET, "no more, however many at once");
        // A right code is short too: it waits until the storm is over.
        let refused = practice.get(&format!("/api/join/{code}")).header("x-local-address", "192.0.2.9").send().await;
        refused.problem(429, "RATE_LIMITED");
    }
    for n in 0..300 {
        let _ = guess(n + 100_000).await;
        if n % 100 == 99 {
            let other = Appointment::make(&practice, json!({})).await;
            let link = other.patient_credential().await;
            let from = "198.51.100.77";
            let ask = practice.post(&other.path("/start"), &link).device(&Device::new());
            ask.header("x-local-address", from).send().await.expect(202);
        }
    }
    practice.advance(60).await;
    practice.get(&format!("/api/join/{code}")).header("x-local-address", "192.0.2.9").send().await.expect(200);
}

/// A code, never the same.
fn spelled(n: usize) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    (0..8).map(|place| char::from(LETTERS[(n.wrapping_mul(7919) >> (place * 3)) % 32])).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_wrong_codes_at_once_are_five_comparisons_and_the_right_one_is_refused_then() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({"access": {"preset": "strict"}})).await;
    let (mut ask, phone) = (visit.patient_credential().await, Device::new());
    ask["factor"] = json!("sms-otp");
    let challenge = practice.post("/api/challenges", &ask).device(&phone).send().await.expect(202);
    let id = challenge.text_at("/challengeId");
    let texts = visit.texts().await;
    let right: String = texts[0]["text"].as_str().unwrap().chars().take(6).collect();
    let path = format!("/api/challenges/{id}/answer");
    let tries = (0..500_usize).map(|n| {
        let wrong = format!("{:06}", (right.parse::<usize>().unwrap() + 1 + n) % 1_000_000);
        let from = format!("10.9.{}.{}", n / 256, n % 256);
        let answer = practice.post(&path, &json!({"answer": wrong})).device(&phone).header("x-local-address", &from);
        async move { answer.send().await }
    });
    let answers: Vec<_> = futures_util::stream::iter(tries).buffer_unordered(64).collect().await;
    let count = |code: &str| answers.iter().filter(|answer| answer.json["code"] == code).count();
    assert_eq!(count("CHALLENGE_FAILED"), 5, "compared");
    // Whoever is held up too long by the others is told to try again, and was not compared.
    let rest = answers.iter().filter(|answer| answer.json["code"] != "CHALLENGE_FAILED");
    assert!(rest.clone().all(|answer| [410, 503].contains(&answer.status.as_u16())), "{:?}", rest.collect::<Vec<_>>());
    let late = practice.post(&path, &json!({"answer": right})).device(&phone).send().await;
    late.problem(410, "CHALLENGE_EXPIRED");
    // A resend resets nothing: what is sent then is another code, and failures add up.
    practice.advance(61).await;
    let again = practice.post("/api/challenges", &ask).device(&phone).send().await.expect(202);
    assert_ne!(again.text_at("/challengeId"), id);
    let failed = visit.events().await.into_iter().filter(|event| event == "CHALLENGE_FAILED").count();
    assert_eq!(failed, 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_requests_for_a_new_link_are_five_texts() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({"duration": 60})).await;
    let mut link = visit.patient_credential().await;
    let before = visit.texts().await.len();
    for round in 0..20_usize {
        let asks = (0..50_usize).map(|n| {
            let from = format!("10.8.{round}.{n}");
            let ask = practice.post("/api/links/renew", &link).header("x-local-address", &from);
            async move { ask.send().await.expect(202).json }
        });
        let answers: Vec<_> = futures_util::stream::iter(asks).buffer_unordered(16).collect().await;
        assert!(answers.iter().all(|answer| *answer == json!({})));
        // Whoever has the newest link asks on with that.
        let texts = visit.texts().await;
        link = credential(texts[0]["links"][0].as_str().unwrap());
        practice.advance(61).await;
    }
    assert_eq!(visit.texts().await.len() - before, 5);
}
