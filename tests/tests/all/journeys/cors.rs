//! Pages of landers: which may ask, which may read the answer, and that no other route lets any.

use super::form::{ask, code_in, form, phone, texts};
use bedside_tests::{Answer, Appointment, Practice, slot};
use serde_json::{Value, json};

/// An origin that the practice's publishable key allows.
fn allowed(practice: &Practice) -> String {
    practice.url().to_owned()
}

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer.headers.get(name).map(|value| value.to_str().unwrap())
}

fn cross_origin(answer: &Answer) -> Vec<&str> {
    answer.headers.keys().map(reqwest::header::HeaderName::as_str).filter(|name| name.starts_with("access-")).collect()
}

/// A challenge of a visit that a page has asked for, and its code.
async fn requested(practice: &Practice) -> (String, String) {
    let phone = phone();
    let asked = ask(practice, &form(practice, &phone, 60)).await.expect(201);
    assert_eq!(header(&asked, "access-control-allow-origin"), Some(allowed(practice).as_str()));
    (asked.text_at("/challengeId"), code_in(&texts(practice, &phone).await[0]))
}

async fn answer(practice: &Practice, challenge: &str, body: &Value, origin: &str) -> Answer {
    let ask = practice.post(&format!("/api/challenges/{challenge}/answer"), body);
    ask.bearer(practice.key("publishableKey")).header("origin", origin).send().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_may_ask_whether_it_may_answer() {
    let practice = Practice::open().await;
    for path in ["/api/challenges/019ac0de-c111-7b22-9c33-4d55e66f7788/answer", "/api/schedule"] {
        may_ask(&practice, path).await;
    }
    for path in ["/api/visits", "/api/token/redeem", "/api/challenges", "/api/session"] {
        let asked = practice.ask("OPTIONS", path).header("origin", "https://lander.example").send().await;
        assert_eq!(cross_origin(&asked), Vec::<&str>::new(), "{path}");
        asked.problem(404, "NOT_FOUND");
    }
}

async fn may_ask(practice: &Practice, path: &str) {
    let asked = practice.ask("OPTIONS", path).header("origin", "https://lander.example").send().await.expect(204);
    assert_eq!(header(&asked, "access-control-allow-origin"), Some("https://lander.example"));
    assert_eq!(header(&asked, "access-control-allow-methods"), Some("POST"));
    assert_eq!(header(&asked, "access-control-allow-headers"), Some("authorization, content-type, idempotency-key"));
    assert!(header(&asked, "access-control-max-age").is_some());
    assert_eq!((header(&asked, "vary"), header(&asked, "access-control-allow-credentials")), (Some("Origin"), None));
    for name in ["x-request-id", "x-content-type-options", "referrer-policy", "strict-transport-security"] {
        assert!(asked.headers.contains_key(name), "{name}");
    }
    assert!(asked.text.is_empty());
    for origin in ["null", "http://lander.example", "https://lander.example/page"] {
        let asked = practice.ask("OPTIONS", path).header("origin", origin).send().await.expect(204);
        assert_eq!(cross_origin(&asked), Vec::<&str>::new(), "{origin}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_reads_answers_that_its_key_allows_errors_too() {
    let practice = Practice::open().await;
    let (challenge, code) = requested(&practice).await;
    let origin = allowed(&practice);
    let wrong = answer(&practice, &challenge, &json!({"answer": "wrong0"}), &origin).await;
    let right = answer(&practice, &challenge, &json!({"answer": code}), &origin).await.expect(200);
    let broken = answer(&practice, &challenge, &json!({"answer": 7}), &origin).await;
    for answer in [wrong.problem(403, "CHALLENGE_FAILED"), right, broken.problem(400, "VALIDATION_FAILED")] {
        assert_eq!(header(&answer, "access-control-allow-origin"), Some(origin.as_str()));
        assert_eq!(header(&answer, "vary"), Some("Origin"));
        let read = header(&answer, "access-control-expose-headers").unwrap();
        assert_eq!(read, "x-request-id, retry-after, ratelimit, ratelimit-policy, idempotency-replayed");
        assert_eq!(header(&answer, "access-control-allow-credentials"), None);
    }
    // Its form's problems, too.
    let mut taken = form(&practice, &phone(), 60);
    taken["scheduledAt"] = json!(slot(practice.now(), 60));
    let taken = ask(&practice, &taken).await.problem(409, "CLINICIAN_DOUBLE_BOOKED");
    assert_eq!(header(&taken, "access-control-allow-origin"), Some(origin.as_str()));
    let foreign = answer(&practice, &challenge, &json!({"answer": code}), "https://evil.example").await;
    assert_eq!(cross_origin(&foreign), Vec::<&str>::new());
    foreign.problem(403, "ORIGIN_NOT_ALLOWED");
    let path = format!("/api/challenges/{challenge}/answer");
    let unknown = practice.post(&path, &json!({"answer": code})).bearer("bpk_nobodys").header("origin", &origin);
    let unknown = unknown.send().await;
    assert_eq!(cross_origin(&unknown), Vec::<&str>::new());
    unknown.problem(401, "UNAUTHENTICATED");
    let own = practice.post(&path, &json!({"answer": code})).header("origin", &origin).send().await.expect(200);
    assert_eq!(cross_origin(&own), Vec::<&str>::new(), "our own pages need none");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_confirms_requests_of_its_own_practice_alone() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({"access": {"preset": "strict"}})).await;
    let mut body = visit.patient_credential().await;
    body["factor"] = json!("sms-otp");
    let scheduled = practice.post("/api/challenges", &body).send().await.expect(202).text_at("/challengeId");
    let code: String = visit.texts().await[0]["text"].as_str().unwrap().chars().take(6).collect();
    let origin = allowed(&practice);
    answer(&practice, &scheduled, &json!({"answer": code}), &origin).await.problem(404, "NOT_FOUND");
    let (challenge, code) = requested(&practice).await;
    let other = practice.local("/local/tenants", &json!({})).await;
    let ask = practice.post(&format!("/api/challenges/{challenge}/answer"), &json!({"answer": code}));
    let ask = ask.bearer(other["publishableKey"].as_str().unwrap()).header("origin", &origin);
    ask.send().await.problem(404, "NOT_FOUND");
    answer(&practice, &challenge, &json!({"answer": code}), &origin).await.expect(200);
    let any = practice.post("/api/token/redeem", &json!({"code": "ABCDEFGH", "secret": "ABCDEFGHJKLMNPQR"}));
    let any = any.bearer(practice.key("publishableKey")).header("origin", &origin).send().await;
    assert_eq!(cross_origin(&any), Vec::<&str>::new(), "no other route is for pages");
}
