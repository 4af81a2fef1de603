//! A request that comes again under its `Idempotency-Key` is done once, and answered as often as it comes.

use bedside_local::aws::LIMITS;
use bedside_tests::{Answer, Appointment, Ask, Practice, credential, slot};
use futures_util::future::join_all;
use serde_json::{Value, json};

fn new_visit(practice: &Practice, clinician: &str) -> Value {
    json!({
        "patient": {
            "patientId": format!("p-of-{clinician}"), "givenName": "Ann", "familyName": "Leeward",
            "phone": "+12025550123", "email": "ann@example.com", "state": "TX",
        },
        "clinicianId": clinician, "scheduledAt": slot(practice.now(), 60), "duration": 15,
    })
}

fn by_key<'a>(practice: &'a Practice, path: &str, body: &Value, key: &str) -> Ask<'a> {
    practice.post(path, body).bearer(practice.key("secretKey")).header("idempotency-key", key)
}

fn is_replayed(answer: &Answer) -> bool {
    answer.headers.get("idempotency-replayed").is_some_and(|value| value == "true")
}

/// What is kept in the table of limits, by the first part of its keys.
async fn kept(practice: &Practice, prefix: &str) -> Vec<Value> {
    let rows = practice.laptop().aws().dynamodb("Scan", json!({"TableName": LIMITS})).await.unwrap();
    let is_one = |row: &&Value| row["PK"]["S"].as_str().unwrap().starts_with(prefix);
    rows["Items"].as_array().unwrap().iter().filter(is_one).cloned().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_visit_is_made_once_and_told_again() {
    let practice = Practice::open().await;
    let clinician = Appointment::make(&practice, json!({})).await.clinician_id;
    let body = new_visit(&practice, &clinician);
    let first = by_key(&practice, "/api/visits", &body, "one").send().await.expect(201);
    assert!(!is_replayed(&first));
    let again = by_key(&practice, "/api/visits", &body, "one").send().await.expect(201);
    assert!(is_replayed(&again));
    assert_eq!((&again.text, &again.headers["location"]), (&first.text, &first.headers["location"]));
    assert_ne!(again.headers["x-request-id"], first.headers["x-request-id"], "it is a request of its own");
    assert_eq!(again.headers["content-type"], "application/json");
    assert_eq!(again.headers["cache-control"], "no-store");
    by_key(&practice, "/api/visits", &body, "two").send().await.problem(409, "CLINICIAN_DOUBLE_BOOKED");
    let mut other = body.clone();
    other["duration"] = json!(30);
    by_key(&practice, "/api/visits", &other, "one").send().await.problem(422, "IDEMPOTENCY_KEY_REUSED");
    practice.local("/local/limits", &json!({"reset": true})).await;
    let still = by_key(&practice, "/api/visits", &body, "one").send().await.expect(201);
    assert!(is_replayed(&still), "answers are no limits");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_refused_for_good_is_refused_again_in_the_same_words() {
    let practice = Practice::open().await;
    let body = new_visit(&practice, "dr-nobody");
    let first = by_key(&practice, "/api/visits", &body, "k").send().await.problem(404, "CLINICIAN_NOT_FOUND");
    let again = by_key(&practice, "/api/visits", &body, "k").send().await.problem(404, "CLINICIAN_NOT_FOUND");
    assert!(is_replayed(&again));
    assert_eq!(first.json["detail"], again.json["detail"]);
    for wrong in ["", "k\tk", &"k".repeat(129)] {
        let refused = by_key(&practice, "/api/visits", &body, wrong).send().await.problem(400, "VALIDATION_FAILED");
        assert_eq!(refused.json["errors"][0]["pointer"], "/header/Idempotency-Key", "{wrong:?}");
    }
    by_key(&practice, "/api/visits", &body, &"k".repeat(128)).send().await.problem(404, "CLINICIAN_NOT_FOUND");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_sees_an_answer_of_somebody_else() {
    let practice = Practice::open().await;
    let (one, two) = (Appointment::make(&practice, json!({})).await, Appointment::make(&practice, json!({})).await);
    let body = json!({"roles": ["patient"]});
    let mine = by_key(&practice, &one.path("/links"), &body, "k").send().await.expect(200);
    let elsewhere = by_key(&practice, &two.path("/links"), &body, "k").send().await.expect(200);
    assert!(!is_replayed(&elsewhere), "another path");
    let links_of = async |token: &str, visit: &Appointment<'_>| {
        practice.post(&visit.path("/links"), &body).bearer(token).header("idempotency-key", "k").send().await
    };
    let admin = practice.token("admin", None).await;
    let of_admin = links_of(&admin, &one).await.expect(200);
    assert!(!is_replayed(&of_admin), "another principal of the practice");
    assert_ne!(of_admin.json, mine.json);
    // The same subject at another practice, which has no such visit.
    let tenant = practice.local("/local/tenants", &json!({})).await["tenantId"].as_str().unwrap().to_owned();
    let stranger = practice.token_at(&tenant, "admin", "admin-7").await;
    links_of(&stranger, &one).await.problem(404, "NOT_FOUND");
    let own = practice.token("admin", Some("admin-7")).await;
    assert!(!is_replayed(&links_of(&own, &one).await.expect(200)), "another practice");
    assert!(is_replayed(&links_of(&own, &one).await.expect(200)));
    let claims = kept(&practice, "ONCE#").await.len();
    let auditor = practice.token("auditor", None).await;
    links_of(&auditor, &one).await.problem(403, "FORBIDDEN");
    links_of("nonsense", &one).await.problem(401, "UNAUTHENTICATED");
    assert_eq!(kept(&practice, "ONCE#").await.len(), claims, "who may not do it leaves no claim");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_are_given_again_and_lie_sealed() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let body = json!({"roles": ["patient", "clinician"]});
    let first = by_key(&practice, &visit.path("/links"), &body, "links").send().await.expect(200);
    let again = by_key(&practice, &visit.path("/links"), &body, "links").send().await.expect(200);
    assert_eq!(again.json, first.json);
    let patient = credential(&first.text_at("/patient/link"));
    practice.post("/api/token/redeem", &patient).send().await.expect(200);
    let stored = Value::from(kept(&practice, "ONCE#").await).to_string();
    assert!(stored.contains("sealed"));
    for secret in [patient["secret"].as_str().unwrap(), &first.text_at("/patient/token"), &visit.id, "links"] {
        assert!(!stored.contains(secret), "{secret} lies in clear");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_goes_once_until_its_answer_is_forgotten() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({"scheduledAt": slot(practice.now(), 3 * 24 * 60)})).await;
    let body = json!({"channel": "sms", "recipientRole": "patient", "template": "initial"});
    let notify = async || by_key(&practice, &visit.path("/notify"), &body, "k").send().await.expect(200);
    let first = notify().await;
    practice.advance(24 * 3600 - 60).await;
    let again = notify().await;
    assert!(is_replayed(&again));
    assert_eq!((visit.texts().await.len(), &again.text), (1, &first.text));
    practice.advance(61).await;
    assert!(!is_replayed(&notify().await), "after a day, whether or not the table's broom came by");
    assert_eq!(visit.texts().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_the_desk_the_key_is_for_who_signed_in() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let patient = visit.patient_waits().await;
    let desk = visit.clinician_sits().await;
    let token = visit.clinician_token().await;
    for what in ["admit", "remove"] {
        let path = visit.path(&format!("/participants/{}/{what}", patient.id));
        let once = async || {
            practice.post(&path, &json!({})).bearer(&token).header("idempotency-key", "k").send().await.expect(200)
        };
        assert!(!is_replayed(&once().await));
        assert!(is_replayed(&once().await), "{what}");
    }
    let reject = visit.path(&format!("/participants/{}/reject", patient.id));
    let by_session = async || desk.ask("POST", &reject).json(&json!({})).header("idempotency-key", "k").send().await;
    for _ in 0..2 {
        assert!(!is_replayed(&by_session().await.problem(409, "PARTICIPANT_STATE")), "a session's key is not kept");
    }
    let end = json!({"endReason": "completed", "notes": "Rest."});
    let ask = async || {
        practice.post(&visit.path("/end"), &end).bearer(&token).header("idempotency-key", "k").send().await.expect(200)
    };
    let first = ask().await;
    let again = ask().await;
    assert_eq!((is_replayed(&again), again.text), (true, first.text));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_sixteen_at_once_one_is_done_and_the_others_are_told() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let body = json!({"channel": "sms", "recipientRole": "patient", "template": "initial"});
    let answers = join_all((0..16).map(|_| by_key(&practice, &visit.path("/notify"), &body, "k").send())).await;
    let mut done = 0;
    for answer in answers {
        match answer.status.as_u16() {
            200 if is_replayed(&answer) => {}
            200 => done += 1,
            _ => {
                let answer = answer.problem(409, "REQUEST_IN_PROGRESS");
                assert_eq!(answer.json["action"], "RETRY");
                let wait: u32 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
                assert!((1..=2).contains(&wait));
            }
        }
    }
    assert_eq!((done, visit.texts().await.len()), (1, 1));
    let last = by_key(&practice, &visit.path("/notify"), &body, "k").send().await.expect(200);
    assert!(is_replayed(&last));
}
