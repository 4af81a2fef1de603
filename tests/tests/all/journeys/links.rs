//! Links: replaced, sent again, early, late, wrong.

use bedside_local::Options;
use bedside_tests::{Answer, Appointment, Device, Practice, Seat, credential, foreign_address, slot};
use serde_json::{Value, json};

/// A practice in which nothing happens by itself.
async fn still() -> Practice {
    Practice::open_with(Options { ticks: false, ..Options::default() }).await
}

async fn look(practice: &Practice, credential: &Value) -> Answer {
    practice.post("/api/token/redeem", credential).header("x-local-address", &foreign_address()).send().await
}

async fn resend(visit: &Appointment<'_>, role: &str) -> Answer {
    let body = json!({"role": role, "reason": "lost", "channel": "sms"});
    visit.practice.lander(&visit.path("/resend-link"), &body).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_link_takes_the_old_ones_place() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let links = visit.links().await;
    let (old, clinicians) = (&links["patient"], &links["clinician"]);
    let by_token = json!({"token": old["token"]});
    let by_code = credential(old["link"].as_str().unwrap());
    for credential in [&by_token, &by_code] {
        let seen = look(&practice, credential).await.expect(200).json;
        assert_eq!((&seen["valid"], &seen["role"]), (&json!(true), &json!("patient")));
    }
    let new = visit.patient_credential().await;
    for credential in [&by_token, &by_code] {
        let dead = look(&practice, credential).await.problem(410, "TOKEN_REVOKED").json;
        assert_eq!((&dead["valid"], &dead["action"]), (&json!(false), &json!("REQUEST_NEW_LINK")));
        assert_eq!(dead["practice"]["supportPhone"], "+12125550100");
        let refused = visit.start(credential, &Device::new()).await.problem(410, "TOKEN_REVOKED").json;
        assert!(refused.get("valid").is_none() && refused.get("practice").is_none(), "{refused}");
    }
    look(&practice, &credential(clinicians["link"].as_str().unwrap())).await.expect(200);
    visit.start(&new, &Device::new()).await.expect(202);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_is_sent_again_after_a_minute_five_times_an_hour() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({"scheduledAt": slot(practice.now(), 180)})).await;
    let first = visit.patient_credential().await;
    let sent = resend(&visit, "patient").await.expect(200);
    assert_eq!(sent.json["sent"]["sms"]["status"], "sent");
    let second = credential(visit.texts().await[0]["links"][0].as_str().unwrap());
    look(&practice, &first).await.problem(410, "TOKEN_REVOKED");
    look(&practice, &second).await.expect(200);

    let head = visit.head().await;
    let soon = resend(&visit, "patient").await.problem(429, "RATE_LIMITED");
    let wait: i64 = soon.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((55..=60).contains(&wait), "{wait}");
    assert_eq!(visit.head().await, head);
    look(&practice, &second).await.expect(200);
    resend(&visit, "clinician").await.expect(200);

    for _ in 0..4 {
        practice.advance(61).await;
        resend(&visit, "patient").await.expect(200);
    }
    practice.advance(61).await;
    let sixth = resend(&visit, "patient").await.problem(429, "RATE_LIMITED");
    let wait: i64 = sixth.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((3200..=3600 - 5 * 61 + 5).contains(&wait), "an hour after the first of the five: {wait}");
    practice.advance(wait + 1).await;
    resend(&visit, "patient").await.expect(200);
    let events = visit.events().await;
    assert_eq!(events.iter().filter(|event| *event == "LINK_RESENT").count(), 7);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_lives_as_long_as_was_asked_or_until_the_visit_closes() {
    let practice = still().await;
    let visit = Appointment::make(&practice, json!({})).await;
    for wrong in [14, 31, 0] {
        let body = json!({"roles": ["patient"], "ttlMinutes": wrong});
        let refused = practice.lander(&visit.path("/links"), &body).await.problem(400, "VALIDATION_FAILED");
        assert_eq!(refused.json["errors"][0]["pointer"], "/ttlMinutes");
    }
    let body = json!({"roles": ["patient", "clinician"], "ttlMinutes": 15});
    let short = practice.lander(&visit.path("/links"), &body).await.expect(200).json;
    let expires: jiff::Timestamp = short["patient"]["expiresAt"].as_str().unwrap().parse().unwrap();
    let life = expires.duration_since(practice.now()).as_secs();
    assert!((15 * 60 - 10..=15 * 60 + 2).contains(&life), "{life}");
    let short = credential(short["patient"]["link"].as_str().unwrap());
    let seen = look(&practice, &short).await.expect(200).json;
    assert_eq!(seen["warnings"], json!([]));
    practice.advance(11 * 60).await;
    let seen = look(&practice, &short).await.expect(200).json;
    assert_eq!(seen["warnings"], json!(["EXPIRES_SOON"]));
    assert!(seen["expiresIn"].as_i64().unwrap() <= 4 * 60, "{seen}");
    practice.advance(4 * 60 + 5).await;
    let dead = look(&practice, &short).await.problem(410, "TOKEN_EXPIRED").json;
    assert_eq!((&dead["valid"], &dead["action"]), (&json!(false), &json!("REQUEST_NEW_LINK")));
    assert_eq!(dead["practice"]["name"], "Example Practice");
    visit.start(&short, &Device::new()).await.problem(410, "TOKEN_EXPIRED");
    assert!(visit.in_the_call().is_empty());

    let links = visit.links().await;
    assert_eq!(links["patient"]["expiresAt"], visit.visit["closesAt"]);
    let whole = credential(links["patient"]["link"].as_str().unwrap());
    practice.advance(40 * 60).await;
    look(&practice, &whole).await.problem(410, "TOKEN_EXPIRED");
    visit.start(&whole, &Device::new()).await.problem(410, "TOKEN_EXPIRED");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn before_the_visit_opens_a_link_waits_and_nothing_is_spent() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({"scheduledAt": slot(practice.now(), 24 * 60)})).await;
    let credential = visit.patient_credential().await;
    let head = visit.head().await;
    let seen = look(&practice, &credential).await.expect(200).json;
    assert_eq!((&seen["joinable"]["now"], &seen["joinable"]["reason"]), (&json!(false), &json!("NOT_OPEN_YET")));
    assert_eq!(seen["opensAt"], visit.visit["opensAt"]);
    let device = Device::new();
    let early = visit.start(&credential, &device).await.problem(409, "VISIT_NOT_OPEN").json;
    assert_eq!((&early["action"], &early["opensAt"]), (&json!("WAIT"), &visit.visit["opensAt"]));
    let opens: jiff::Timestamp = visit.visit["opensAt"].as_str().unwrap().parse().unwrap();
    let left = opens.duration_since(practice.now()).as_millis() as i64;
    assert!((left - early["opensInMs"].as_i64().unwrap()).abs() < 5_000, "{early}");
    assert!(early["detail"].as_str().unwrap().contains("CT") || early["detail"].as_str().unwrap().contains("CST"));
    visit.clinician_comes(&Device::new()).await.problem(409, "VISIT_NOT_OPEN");
    assert_eq!(visit.head().await, head);
    practice.advance(left / 1000 + 5).await;
    let seen = look(&practice, &credential).await.expect(200).json;
    assert_eq!(seen["joinable"], json!({"now": true}));
    visit.start(&credential, &device).await.expect(202);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_came_in_comes_back_until_the_visit_closes_even_with_a_link_that_has_grown_old() {
    let practice = still().await;
    let visit = Appointment::make(&practice, json!({"duration": 60})).await;
    let body = json!({"roles": ["patient"], "ttlMinutes": 15});
    let short = practice.lander(&visit.path("/links"), &body).await.expect(200);
    let short = credential(&short.text_at("/patient/link"));
    let device = Device::new();
    let patient = Seat::of(&practice, visit.start(&short, &device).await.expect(202), device);
    visit.at_desk(&patient.id, "admit").await.expect(200);
    let before = patient.join().await.expect(200).json;
    practice.advance(20 * 60).await;
    visit.start(&short, &Device::new()).await.problem(410, "TOKEN_EXPIRED");
    let own = practice.post("/api/token/redeem", &short).device(&patient.device).send().await.expect(200);
    assert_eq!(own.json["resumable"], true);
    let back = visit.start(&short, &patient.device).await.expect(200);
    assert_eq!(back.json["media"], before["media"], "the same place in the same call");
    let closes: jiff::Timestamp = visit.visit["closesAt"].as_str().unwrap().parse().unwrap();
    practice.advance(closes.duration_since(practice.now()).as_secs() + 5).await;
    visit.start(&short, &patient.device).await.problem(410, "TOKEN_EXPIRED");
    patient.join().await.problem(409, "VISIT_ENDED");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_opens_nothing_is_told_nothing() {
    let practice = Practice::open().await;
    let (visit, other) = (Appointment::make(&practice, json!({})).await, Appointment::make(&practice, json!({})).await);
    let links = visit.links().await;
    let right = credential(links["patient"]["link"].as_str().unwrap());
    let foreign = other.patient_credential().await;
    let token = links["patient"]["token"].as_str().unwrap();
    let (start, signature) = token.rsplit_once('.').unwrap();
    let turned = if signature.starts_with('A') { "B" } else { "A" };
    let unknown = json!({"code": "ABCDEFGH", "secret": "ABCDEFGHJKLMNPQR"});
    let nothing = [
        unknown.clone(),
        json!({"code": right["code"], "secret": "ABCDEFGHJKLMNPQR"}),
        json!({"code": right["code"], "secret": foreign["secret"]}),
        json!({"code": right["secret"], "secret": right["code"]}),
        json!({"code": "no", "secret": "no"}),
        json!({"code": "K7QX2MP0", "secret": right["secret"]}),
        json!({"token": right["code"]}),
        json!({"token": format!("{start}.{turned}{}", &signature[1..])}),
        json!({"token": format!("{start}.")}),
    ];
    let before = (visit.head().await, other.head().await);
    let plain = |answer: Answer| {
        let mut body = answer.problem(401, "TOKEN_INVALID").json;
        body.as_object_mut().unwrap().remove("instance");
        body
    };
    let seen = plain(look(&practice, &unknown).await);
    assert_eq!((&seen["valid"], seen.get("practice")), (&json!(false), None));
    let shut = plain(visit.start(&unknown, &Device::new()).await);
    for credential in &nothing {
        assert_eq!(plain(look(&practice, credential).await), seen, "{credential}");
        let ask = practice.post(&visit.path("/start"), credential).device(&Device::new());
        let answer = ask.header("x-local-address", &foreign_address()).send().await;
        assert_eq!(plain(answer), shut, "{credential}");
    }
    for (path, credential) in [
        (visit.path("/start"), &foreign),
        (other.path("/start"), &right),
        ("/api/visits/019ac0de-c111-7b22-9c33-4d55e66f7788/start".to_owned(), &right),
        ("/api/visits/nonsense/start".to_owned(), &right),
    ] {
        let ask = practice.post(&path, credential).device(&Device::new());
        assert_eq!(plain(ask.header("x-local-address", &foreign_address()).send().await), shut, "{path}");
    }
    assert_eq!((visit.head().await, other.head().await), before);
    visit.start(&right, &Device::new()).await.expect(202);
    let typed = json!({"code": links["patient"]["code"], "secret": right["secret"]});
    assert_eq!(typed, right, "code and secret may be typed by hand");
}
