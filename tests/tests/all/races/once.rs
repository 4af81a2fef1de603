//! A request under its `Idempotency-Key`, whatever fails behind it: one effect, and an answer in the end.

use bedside_tests::{Answer, Appointment, Practice, slot};
use serde_json::{Value, json};

/// A little more than the lease of a claim.
const LEASE: i64 = 36;

fn new_visit(practice: &Practice, clinician: &str) -> Value {
    json!({
        "patient": {
            "patientId": format!("p-of-{clinician}"), "givenName": "Ann", "familyName": "Leeward",
            "phone": "+12025550123", "email": "ann@example.com", "state": "TX",
        },
        "clinicianId": clinician, "scheduledAt": slot(practice.now(), 60), "duration": 15,
    })
}

async fn schedule(practice: &Practice, body: &Value) -> Answer {
    let ask = practice.post("/api/visits", body).bearer(practice.key("secretKey"));
    ask.header("idempotency-key", "the-visit").send().await
}

/// Tries until it is told, as a client does: when it is told to wait, it waits.
async fn until_told(practice: &Practice, body: &Value) -> Answer {
    for _ in 0..4 {
        let answer = schedule(practice, body).await;
        match answer.status.as_u16() {
            409 => {
                let _ = answer.problem(409, "REQUEST_IN_PROGRESS");
                practice.advance(LEASE).await;
            }
            500 | 503 => {}
            _ => return answer,
        }
    }
    panic!("it is never told");
}

/// How many visits stand in the table, besides the one that was there.
async fn visits(practice: &Practice) -> usize {
    let scan = json!({"TableName": bedside_local::aws::VISITS});
    let rows = practice.laptop().aws().dynamodb("Scan", scan).await.unwrap();
    let is_visit = |row: &&Value| row["SK"]["S"] == "#VISIT";
    rows["Items"].as_array().unwrap().iter().filter(is_visit).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_function_that_dies_after_its_effect_is_found_out_by_the_next_try() {
    let practice = Practice::open().await;
    let clinician = Appointment::make(&practice, json!({})).await.clinician_id;
    let (body, before) = (new_visit(&practice, &clinician), visits(&practice).await);
    practice.fault("dynamodb", "TransactWriteItems", "die-after", 1).await;
    schedule(&practice, &body).await.problem(500, "INTERNAL");
    assert_eq!(visits(&practice).await, before + 1, "it was made");
    let waits = schedule(&practice, &body).await.problem(409, "REQUEST_IN_PROGRESS");
    assert!(waits.headers.contains_key("retry-after"));
    practice.advance(LEASE).await;
    let told = schedule(&practice, &body).await.expect(201);
    assert_eq!(told.headers["location"].to_str().unwrap(), format!("/api/visits/{}", told.text_at("/visitId")));
    assert_eq!(told.json["status"], "SCHEDULED");
    assert_eq!(visits(&practice).await, before + 1, "it is the same visit");
    let again = schedule(&practice, &body).await.expect(201);
    assert_eq!((again.headers["idempotency-replayed"].to_str().unwrap(), again.text), ("true", told.text));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_fails_the_visit_is_made_once_and_told_in_the_end() {
    let practice = Practice::open().await;
    let faults = [
        ("PutItem", "die"),
        ("PutItem", "die-after"),
        ("PutItem", "lost-answer"),
        ("TransactWriteItems", "die"),
        ("TransactWriteItems", "die-after"),
        ("TransactWriteItems", "lost-answer"),
        ("TransactWriteItems", "error"),
        ("UpdateItem", "die"),
        ("UpdateItem", "die-after"),
        ("UpdateItem", "lost-answer"),
        ("UpdateItem", "error"),
    ];
    for (operation, kind) in faults {
        for times in [1, 4] {
            let clinician = Appointment::make(&practice, json!({})).await.clinician_id;
            let (body, before) = (new_visit(&practice, &clinician), visits(&practice).await);
            practice.fault("dynamodb", operation, kind, times).await;
            let _ = schedule(&practice, &body).await;
            practice.no_faults().await;
            let told = until_told(&practice, &body).await;
            let what = format!("{operation} {kind} x{times}: {}", told.text);
            assert_eq!(told.status, 201, "{what}");
            assert_eq!(visits(&practice).await, before + 1, "{what}");
            assert_eq!(until_told(&practice, &body).await.json["visitId"], told.json["visitId"], "{what}");
            practice.advance(24 * 3600).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_done_without_a_claim() {
    let practice = Practice::open().await;
    let clinician = Appointment::make(&practice, json!({})).await.clinician_id;
    let (body, before) = (new_visit(&practice, &clinician), visits(&practice).await);
    practice.fault("dynamodb", "PutItem", "error", 1000).await;
    let refused = schedule(&practice, &body).await;
    assert!(refused.headers.contains_key("retry-after"));
    refused.problem(503, "UNAVAILABLE");
    assert_eq!(visits(&practice).await, before);
    practice.no_faults().await;
    let _ = schedule(&practice, &body).await.expect(201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_cannot_be_kept_is_given_all_the_same() {
    let practice = Practice::open().await;
    let clinician = Appointment::make(&practice, json!({})).await.clinician_id;
    let (body, before) = (new_visit(&practice, &clinician), visits(&practice).await);
    practice.fault("dynamodb", "UpdateItem", "error", 1000).await;
    let made = schedule(&practice, &body).await.expect(201);
    practice.no_faults().await;
    practice.advance(LEASE).await;
    let again = schedule(&practice, &body).await.expect(201);
    assert_eq!((again.json["visitId"].clone(), visits(&practice).await), (made.json["visitId"].clone(), before + 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_that_were_made_before_the_function_died_are_handed_out_by_the_next_try() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let guest = json!({"role": "guest", "displayName": "Gus", "phone": "+12125550133"});
    let body = json!({"roles": ["patient", "clinician"], "guests": [guest]});
    let ask = || {
        let ask = practice.post(&visit.path("/links"), &body).bearer(practice.key("secretKey"));
        ask.header("idempotency-key", "these very links").send()
    };
    practice.fault("dynamodb", "TransactWriteItems", "die-after", 1).await;
    let _ = ask().await.problem(500, "INTERNAL");
    let before = visit.head().await;
    practice.advance(40).await;
    let links = ask().await.expect(200).json;
    assert_eq!(visit.head().await["seq"], before["seq"], "nothing is made twice");
    assert_eq!(links["guests"].as_array().unwrap().len(), 1);
    for link in [&links["patient"], &links["clinician"], &links["guests"][0]] {
        let credential = bedside_tests::credential(link["link"].as_str().unwrap());
        practice.post("/api/token/redeem", &credential).send().await.expect(200);
    }
}
