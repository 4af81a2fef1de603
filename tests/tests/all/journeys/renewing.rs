//! "Send me a new link": to the addresses on record, and nowhere else.

use bedside_tests::{Answer, Appointment, Device, Practice, credential, foreign_address};
use serde_json::{Value, json};

async fn renew(practice: &Practice, credential: &Value) -> Answer {
    practice.post("/api/links/renew", credential).header("x-local-address", &foreign_address()).send().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_holds_a_dead_link_gets_a_new_one_on_their_own_phone() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let short = json!({"roles": ["patient"], "ttlMinutes": 15});
    let link = practice.lander(&visit.path("/links"), &short).await.expect(200).text_at("/patient/link");
    let dead = credential(&link);
    practice.advance(16 * 60).await;
    practice.post("/api/token/redeem", &dead).send().await.problem(410, "TOKEN_EXPIRED");
    let answer = renew(&practice, &dead).await.expect(202);
    assert_eq!(answer.text, "{}");
    let texts = visit.texts().await;
    assert_eq!(texts.len(), 1);
    let new = credential(texts[0]["links"][0].as_str().unwrap());
    visit.start(&new, &Device::new()).await.expect(202);
    let mails = practice.messages().await;
    let patient = format!("{}@example.com", visit.visit["patientId"].as_str().unwrap());
    assert!(mails.iter().any(|m| m["to"] == patient.as_str()), "and by e-mail: {mails:?}");
    assert!(visit.events().await.contains(&"LINK_RESENT".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_that_somebody_else_has_spent_is_replaced() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let credential = visit.patient_credential().await;
    visit.start(&credential, &Device::new()).await.expect(202);
    visit.start(&credential, &Device::new()).await.problem(409, "TOKEN_USED");
    renew(&practice, &credential).await.expect(202);
    let new = bedside_tests::credential(visit.texts().await[0]["links"][0].as_str().unwrap());
    assert_ne!(new, credential);
    practice.post("/api/token/redeem", &credential).send().await.problem(410, "TOKEN_REVOKED");
    practice.post("/api/token/redeem", &new).send().await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_answer_is_the_same_for_a_right_a_wrong_and_an_unknown_link() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let right = visit.patient_credential().await;
    let wrong = json!({"code": right["code"], "secret": "AAAABBBBCCCCDDDD"});
    let unknown = json!({"code": "AAAABBBB", "secret": "AAAABBBBCCCCDDDD"});
    let over = Appointment::make(&practice, json!({})).await;
    let ended = over.patient_credential().await;
    practice.lander(&over.path("/cancel"), &json!({})).await.expect(200);
    let before = practice.messages().await.len();
    for credential in
        [&wrong, &unknown, &ended, &json!({"token": "no.jwt.at-all"}), &json!({"code": "x", "secret": "y"})]
    {
        let answer = renew(&practice, credential).await.expect(202);
        assert_eq!(answer.text, "{}", "{credential}");
    }
    assert_eq!(practice.messages().await.len(), before, "nothing was sent");
    assert_eq!(renew(&practice, &right).await.expect(202).text, "{}");
    assert_eq!(visit.texts().await.len(), 1);
    practice.post("/api/links/renew", &json!({})).send().await.problem(400, "VALIDATION_FAILED");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_often_it_is_asked_few_texts_go() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let mut credential = visit.patient_credential().await;
    for _ in 0..8 {
        for _ in 0..3 {
            renew(&practice, &credential).await.expect(202);
        }
        let newest = visit.texts().await[0]["links"][0].as_str().unwrap().to_owned();
        credential = bedside_tests::credential(&newest);
        practice.advance(61).await;
    }
    assert_eq!(visit.texts().await.len(), 5, "five an hour");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_link_is_owed_though_no_text_can_be_sent_now() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let credential = visit.patient_credential().await;
    practice.fault("sms", "SendTextMessage", "error", 4).await;
    practice.fault("sesv2", "SendEmail", "error", 4).await;
    renew(&practice, &credential).await.expect(202);
    assert!(visit.texts().await.is_empty());
    practice.no_faults().await;
    practice.advance(90).await;
    practice.local("/local/tick", &json!({})).await;
    assert_eq!(visit.texts().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_asks_for_five_new_links_in_ten_minutes_whatever_they_are() {
    let practice = Practice::open().await;
    let address = foreign_address();
    let unknown = json!({"code": "AAAABBBB", "secret": "AAAABBBBCCCCDDDD"});
    let ask = || practice.post("/api/links/renew", &unknown).header("x-local-address", &address).send();
    for _ in 0..5 {
        let answer = ask().await.expect(202);
        assert!(answer.headers.contains_key("ratelimit-policy"), "{:?}", answer.headers);
    }
    ask().await.problem(429, "RATE_LIMITED");
    practice.advance(601).await;
    ask().await.expect(202);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn headers_do_not_tell_a_right_link_from_a_wrong_one() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let right = visit.patient_credential().await;
    let wrong = json!({"code": right["code"], "secret": "AAAABBBBCCCCDDDD"});
    let told = async |credential: &Value| {
        let answer = renew(&practice, credential).await.expect(202);
        let mut headers: Vec<_> = answer.headers.iter().map(|(k, v)| format!("{k}: {v:?}")).collect();
        headers.retain(|header| !header.starts_with("x-request-id") && !header.starts_with("date"));
        headers
    };
    assert_eq!(told(&wrong).await, told(&right).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_asks_for_links_does_not_keep_the_desk_from_sending_one() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let link = visit.patient_credential().await;
    renew(&practice, &link).await.expect(202);
    let lost = json!({"role": "patient", "reason": "lost", "channel": "sms"});
    practice.lander(&visit.path("/resend-link"), &lost).await.expect(200);
}
