//! Where people come from: a new country is told of, or asks for a code, and never keeps a patient out.

use bedside_tests::{Answer, Appointment, Device, Practice, Seat};
use serde_json::{Value, json};

async fn policy(practice: &Practice, policy: &str) {
    let admin = practice.token("admin", None).await;
    let mut settings = practice.get("/api/tenant").bearer(&admin).send().await.expect(200).json;
    for shown in ["createdAt", "updatedAt"] {
        let _ = settings.as_object_mut().unwrap().remove(shown);
    }
    settings["locationPolicy"] = json!(policy);
    practice.put("/api/tenant", &settings).bearer(&admin).send().await.expect(200);
}

async fn start_from(visit: &Appointment<'_>, body: &Value, device: &Device, country: &str) -> Answer {
    let ask = visit.practice.post(&visit.path("/start"), body).device(device);
    ask.header("x-local-country", country).send().await
}

async fn alerts(visit: &Appointment<'_>) -> Vec<Value> {
    let audit = visit.audit().await;
    let events = audit["events"].as_array().unwrap().iter();
    events.filter(|event| event["type"] == "LOCATION_ALERT").map(|event| event["metadata"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_patient_from_abroad_comes_in_and_the_practice_is_told() {
    let practice = Practice::open().await;
    policy(&practice, "alert").await;
    let visit = Appointment::make(&practice, json!({})).await;
    let (link, phone) = (visit.patient_credential().await, Device::new());
    let seat = Seat::of(&practice, start_from(&visit, &link, &phone, "FR").await.expect(202), phone);
    assert_eq!(alerts(&visit).await, [json!({"country": "FR", "expected": "US"})]);
    let look = |country: &'static str| seat.ask("GET", "/api/session").header("x-local-country", country).send();
    look("FR").await.expect(200);
    look("FR").await.expect(200);
    assert_eq!(alerts(&visit).await.len(), 1, "told once");
    look("DE").await.expect(200);
    look("FR").await.expect(200);
    look("DE").await.expect(200);
    assert_eq!(alerts(&visit).await[1..], [json!({"country": "DE"})], "and once for each country more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_patient_at_home_is_asked_nothing_and_nobody_is_told() {
    let practice = Practice::open().await;
    policy(&practice, "verify").await;
    let visit = Appointment::make(&practice, json!({})).await;
    let (link, phone) = (visit.patient_credential().await, Device::new());
    let seat = Seat::of(&practice, start_from(&visit, &link, &phone, "US").await.expect(202), phone);
    seat.ask("GET", "/api/session").header("x-local-country", "US").send().await.expect(200);
    assert_eq!(alerts(&visit).await, Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_practice_wants_it_a_patient_from_abroad_proves_the_phone() {
    let practice = Practice::open().await;
    policy(&practice, "verify").await;
    let visit = Appointment::make(&practice, json!({})).await;
    let (link, phone) = (visit.patient_credential().await, Device::new());
    let look = practice.post("/api/token/redeem", &link).header("x-local-country", "FR").send().await.expect(200);
    assert_eq!(look.json["requires"]["factors"], json!(["sms-otp"]));
    let refused = start_from(&visit, &link, &phone, "FR").await.problem(403, "VERIFICATION_REQUIRED");
    assert_eq!(refused.json["requires"]["factors"], json!(["sms-otp"]));
    assert_eq!(alerts(&visit).await.len(), 0, "nobody came in");
    let mut ask = link.clone();
    ask["factor"] = json!("sms-otp");
    let asked = practice.post("/api/challenges", &ask).device(&phone).send().await.expect(202).text_at("/challengeId");
    let texts = visit.texts().await;
    let digits: String = texts[0]["text"].as_str().unwrap().chars().take(6).collect();
    let path = format!("/api/challenges/{asked}/answer");
    practice.post(&path, &json!({"answer": digits})).device(&phone).send().await.expect(200);
    let mut body = link.clone();
    body["proofs"] = json!([asked]);
    start_from(&visit, &body, &phone, "FR").await.expect(202);
    assert_eq!(alerts(&visit).await.len(), 1);
    // Whoever came in comes back without another code, wherever they are.
    start_from(&visit, &link, &phone, "DE").await.expect(202);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_practice_that_wants_to_hear_nothing_hears_nothing() {
    let practice = Practice::open().await;
    policy(&practice, "off").await;
    let visit = Appointment::make(&practice, json!({})).await;
    let (link, phone) = (visit.patient_credential().await, Device::new());
    let seat = Seat::of(&practice, start_from(&visit, &link, &phone, "FR").await.expect(202), phone);
    seat.ask("GET", "/api/session").header("x-local-country", "DE").send().await.expect(200);
    assert_eq!(alerts(&visit).await, Vec::<Value>::new());
}
