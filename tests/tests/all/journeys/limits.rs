//! Limits: guessing ends soon, honest people never meet it, and nobody is flooded with messages.

use bedside_local::aws::LIMITS;
use bedside_tests::{Answer, Appointment, Device, Practice, foreign_address, slot};
use serde_json::{Value, json};

const POLICY: &str = "\"address\";q=5;w=600, \"everyone\";q=60;w=60";

async fn look(practice: &Practice, credential: &Value, address: &str) -> Answer {
    practice.post("/api/token/redeem", credential).header("x-local-address", address).send().await
}

fn wrong(n: usize) -> Value {
    let letter = char::from(b'A' + u8::try_from(n % 8).unwrap());
    json!({"code": format!("ABCDEFG{letter}"), "secret": "ABCDEFGHJKLMNPQR"})
}

fn header(answer: &Answer, name: &str) -> String {
    answer.headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

/// `RateLimit` of an answer: name, remaining, seconds.
fn nearest(answer: &Answer) -> (String, i64, i64) {
    let text = header(answer, "ratelimit");
    let parts: Vec<&str> = text.split(';').collect();
    let number = |part: &str| part[2..].parse().unwrap();
    let [name, remaining, seconds] = parts[..] else { panic!("no RateLimit: {:?}", answer.headers) };
    (name.trim_matches('"').to_owned(), number(remaining), number(seconds))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_misses_close_an_address_for_ten_minutes_but_no_right_link() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({"duration": 60})).await;
    let right = visit.patient_credential().await;
    let address = foreign_address();
    let fine = look(&practice, &right, &address).await.expect(200);
    assert_eq!((header(&fine, "ratelimit-policy"), header(&fine, "ratelimit")), (POLICY.to_owned(), String::new()));
    for n in 0..4 {
        let miss = look(&practice, &wrong(n), &address).await.problem(401, "TOKEN_INVALID");
        assert_eq!(nearest(&miss), ("address".to_owned(), 4 - i64::try_from(n).unwrap(), nearest(&miss).2));
    }
    practice.advance(300).await;
    let fifth = practice.post(&visit.path("/start"), &wrong(0)).header("x-local-address", &address).send().await;
    assert_eq!(nearest(&fifth.problem(401, "TOKEN_INVALID")), ("address".to_owned(), 0, 600));
    for path in ["/api/token/redeem".to_owned(), visit.path("/start"), "/api/challenges".to_owned()] {
        let mut body = wrong(1);
        if path == "/api/challenges" {
            body["factor"] = json!("sms-otp");
        }
        let refused = practice.post(&path, &body).header("x-local-address", &address).send().await;
        let refused = refused.problem(429, "RATE_LIMITED");
        assert_eq!(refused.json["action"], "WAIT");
        let (name, remaining, seconds) = nearest(&refused);
        assert_eq!((name.as_str(), remaining, seconds.to_string()), ("address", 0, header(&refused, "retry-after")));
        assert!((590..=600).contains(&seconds), "{seconds}: ten minutes from the last miss");
    }
    look(&practice, &right, &address).await.expect(200);
    look(&practice, &wrong(1), &foreign_address()).await.problem(401, "TOKEN_INVALID");
    let device = Device::new();
    let start = practice.post(&visit.path("/start"), &right).device(&device).header("x-local-address", &address);
    start.send().await.expect(202);
    practice.advance(590).await;
    look(&practice, &wrong(2), &address).await.problem(429, "RATE_LIMITED");
    practice.advance(11).await;
    assert_eq!(nearest(&look(&practice, &wrong(2), &address).await.problem(401, "TOKEN_INVALID")).1, 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_network_of_ipv6_is_one_address() {
    let practice = Practice::open().await;
    for n in 1..=5 {
        look(&practice, &wrong(n), &format!("2001:db8:7:1::{n}")).await.problem(401, "TOKEN_INVALID");
    }
    look(&practice, &wrong(6), "2001:db8:7:1:ffff::1").await.problem(429, "RATE_LIMITED");
    look(&practice, &wrong(6), "2001:db8:7:2::1").await.problem(401, "TOKEN_INVALID");
    practice.local("/local/limits", &json!({"reset": true})).await;
    look(&practice, &wrong(6), "2001:db8:7:1::1").await.problem(401, "TOKEN_INVALID");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_that_leads_nowhere_costs_the_same_as_a_wrong_secret() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let right = visit.patient_credential().await;
    let known = json!({"code": right["code"], "secret": "ABCDEFGHJKLMNPQR"});
    let _ = look(&practice, &right, &foreign_address()).await.expect(200);
    let mut seen = Vec::new();
    for credential in [known, wrong(3)] {
        practice.reset_calls().await;
        let miss = look(&practice, &credential, &foreign_address()).await.problem(401, "TOKEN_INVALID");
        let mut body = miss.json.clone();
        body.as_object_mut().unwrap().remove("instance");
        seen.push((practice.calls().await, body, header(&miss, "ratelimit"), header(&miss, "ratelimit-policy")));
    }
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_answers_are_misses_and_a_right_one_is_not_kept_out() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({"access": {"preset": "strict"}})).await;
    let mut body = visit.patient_credential().await;
    body["factor"] = json!("sms-otp");
    let (device, address) = (Device::new(), foreign_address());
    let asked = practice.post("/api/challenges", &body).device(&device).send().await.expect(202);
    assert_eq!(nearest(&asked), ("number-minute".to_owned(), 0, 60));
    let policy = header(&asked, "ratelimit-policy");
    for limit in ["\"number-hour\";q=5;w=3600", "\"number-day\";q=10;w=86400", "\"tenant\";q=2000;w=86400"] {
        assert!(policy.contains(limit), "{policy}");
    }
    let answer = async |challenge: &str, answer: &str| {
        let ask = practice.post(&format!("/api/challenges/{challenge}/answer"), &json!({"answer": answer}));
        ask.device(&device).header("x-local-address", &address).send().await
    };
    for _ in 0..4 {
        answer("019ac0de-c111-7b22-9c33-4d55e66f7788", "123456").await.problem(404, "NOT_FOUND");
    }
    let challenge = asked.text_at("/challengeId");
    assert_eq!(nearest(&answer(&challenge, "wrong0").await.problem(403, "CHALLENGE_FAILED")).0, "address");
    answer(&challenge, "wrong0").await.problem(429, "RATE_LIMITED");
    let code: String = visit.texts().await[0]["text"].as_str().unwrap().chars().take(6).collect();
    answer(&challenge, &code).await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_everyone_misses_too_often_public_codes_are_not_looked_up() {
    let practice = Practice::open().await;
    // All of it within one minute of the clock.
    practice.advance(61 - practice.now().as_second().rem_euclid(60)).await;
    let by_code = json!({"factor": "sms-otp", "meetingCode": "K7QX2MPA"});
    let ask =
        async || practice.post("/api/challenges", &by_code).header("x-local-address", &foreign_address()).send().await;
    for n in 0..59 {
        look(&practice, &wrong(n), &foreign_address()).await.problem(401, "TOKEN_INVALID");
    }
    ask().await.problem(404, "CODE_NOT_FOUND");
    let refused = ask().await.problem(429, "RATE_LIMITED");
    let (name, remaining, seconds) = nearest(&refused);
    assert_eq!((name.as_str(), remaining, seconds.to_string()), ("everyone", 0, header(&refused, "retry-after")));
    look(&practice, &wrong(1), &foreign_address()).await.problem(401, "TOKEN_INVALID");
    practice.advance(60).await;
    ask().await.problem(404, "CODE_NOT_FOUND");
}

async fn notify(visit: &Appointment<'_>, channel: &str) -> Answer {
    let body = json!({"channel": channel, "recipientRole": "patient", "template": "initial"});
    visit.practice.lander(&visit.path("/notify"), &body).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_gets_twenty_messages_a_day_whoever_sends_them() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({"scheduledAt": slot(practice.now(), 3 * 24 * 60)})).await;
    for left in (0..20).rev() {
        let sent = notify(&visit, "sms").await.expect(200);
        assert_eq!(nearest(&sent).1, left, "{:?}", sent.headers);
        practice.advance(60).await;
    }
    let texts = visit.texts().await.len();
    let refused = notify(&visit, "sms").await.problem(429, "RATE_LIMITED");
    let (name, remaining, seconds) = nearest(&refused);
    assert_eq!((name.as_str(), remaining, seconds.to_string()), ("number", 0, header(&refused, "retry-after")));
    let resend = json!({"role": "patient", "reason": "lost", "channel": "both"});
    practice.lander(&visit.path("/resend-link"), &resend).await.problem(429, "RATE_LIMITED");
    assert_eq!(visit.texts().await.len(), texts, "nothing is sent");
    let audit = visit.audit().await;
    let refusals: Vec<_> =
        audit["events"].as_array().unwrap().iter().filter(|event| event["errorCode"] == "RATE_LIMITED").collect();
    assert_eq!(refusals.len(), 1, "one record a minute");
    assert_eq!((&refusals[0]["type"], &refusals[0]["success"]), (&json!("NOTIFICATION_FAILED"), &json!(false)));
    let sent = notify(&visit, "email").await.expect(200);
    assert_eq!(nearest(&sent).1, 19, "a refused one has cost the mailbox no place: {:?}", sent.headers);
    practice.advance(seconds).await;
    notify(&visit, "sms").await.expect(200);
    notify(&visit, "sms").await.problem(429, "RATE_LIMITED");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_practice_has_its_budget_of_a_day() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({"access": {"preset": "strict"}})).await;
    let day = 86_400;
    let end = (practice.now().as_second().div_euclid(day) + 1) * day;
    let tenant = practice.key("tenantId");
    for (budget, n) in [("messages-of", 4999), ("challenges-of", 2000)] {
        let item = json!({
            "PK": {"S": format!("COUNT#{budget}#{tenant}")}, "SK": {"S": end.to_string()},
            "n": {"N": n.to_string()}, "by": {"S": "somebody"}, "ttl": {"N": end.to_string()},
        });
        let put = json!({"TableName": LIMITS, "Item": item});
        practice.laptop().aws().dynamodb("PutItem", put).await.unwrap();
    }
    let credential = visit.patient_credential().await;
    let both = notify(&visit, "both").await.problem(429, "RATE_LIMITED");
    assert_eq!((nearest(&both).0.as_str(), nearest(&both).1), ("tenant", 0), "two are more than one");
    assert_eq!(nearest(&both).2.to_string(), header(&both, "retry-after"));
    notify(&visit, "sms").await.expect(200);
    notify(&visit, "sms").await.problem(429, "RATE_LIMITED");
    assert_eq!(visit.texts().await.len(), 1);
    let mut body = credential;
    body["factor"] = json!("sms-otp");
    for _ in 0..2 {
        // No place of the number is lost to it: otherwise the second would have to wait a minute only.
        let refused = practice.post("/api/challenges", &body).device(&Device::new()).send().await;
        assert_eq!(nearest(&refused.problem(429, "RATE_LIMITED")).0, "tenant");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_resend_says_when_the_next_one_goes() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({"scheduledAt": slot(practice.now(), 180)})).await;
    let resend = async || {
        let body = json!({"role": "patient", "reason": "lost", "channel": "sms"});
        practice.lander(&visit.path("/resend-link"), &body).await
    };
    let sent = resend().await.expect(200);
    assert_eq!(nearest(&sent), ("role-minute".to_owned(), 0, 60));
    let refused = resend().await.problem(429, "RATE_LIMITED");
    assert_eq!(nearest(&refused).2.to_string(), header(&refused, "retry-after"));
    for _ in 0..4 {
        practice.advance(61).await;
        resend().await.expect(200);
    }
    practice.advance(61).await;
    assert_eq!(nearest(&resend().await.problem(429, "RATE_LIMITED")).0, "role-hour");
}
