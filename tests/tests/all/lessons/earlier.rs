//! Faults of an earlier system of this very design: each is a test that would have failed there.

use super::aws::part;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bedside_tests::{Appointment, Device, Practice, credential, foreign_address, slot};
use p256::ecdsa::signature::Verifier as _;
use serde_json::{Value, json};

fn open() -> Value {
    json!({"access": {"preset": "open"}})
}

/// The key of the JWKS that a token names, and the raw signature.
async fn key_and_signature(practice: &Practice, token: &str) -> (p256::ecdsa::VerifyingKey, Vec<u8>) {
    let set = practice.get("/.well-known/jwks.json").send().await.expect(200).json;
    let kid = part(token, 0)["kid"].clone();
    let key = set["keys"].as_array().unwrap().iter().find(|key| key["kid"] == kid).expect("the key of the token");
    let coordinate = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str().unwrap()).unwrap();
    let point = [vec![4], coordinate("x"), coordinate("y")].concat();
    let signature = URL_SAFE_NO_PAD.decode(token.rsplit('.').next().unwrap()).unwrap();
    (p256::ecdsa::VerifyingKey::from_sec1_bytes(&point).unwrap(), signature)
}

/// There: the DER of KMS was put into the token as it was.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signature_is_64_raw_bytes_not_der() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let (links, seat) = (visit.links().await, visit.patient_waits().await);
    let ended = visit.clinician_sits().await.post(&visit.path("/end"), &json!({"endReason": "completed"})).await;
    let _ = ended.expect(200);
    let head = visit.head().await["signature"].as_str().expect("an ended visit's head is signed").to_owned();
    for token in [links["patient"]["token"].as_str().unwrap(), &seat.session, &head] {
        let (key, signature) = key_and_signature(&practice, token).await;
        assert_eq!(signature.len(), 64, "r and s of 32 bytes each (RFC 7518, 3.4)");
        let signature = p256::ecdsa::Signature::from_slice(&signature).unwrap();
        // The library hashes once, as ES256 says.
        let input = token.rsplit_once('.').unwrap().0;
        key.verify(input.as_bytes(), &signature).expect("the signature of the text by the key of the JWKS");
    }
}

/// There: its own verification hashed twice, so that every token failed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_tokens_that_we_make_we_also_take() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let token = json!({"token": visit.links().await["patient"]["token"]});
    let look = practice.post("/api/token/redeem", &token).send().await.expect(200);
    assert_eq!((&look.json["valid"], &look.json["role"]), (&json!(true), &json!("patient")));
    let device = Device::new();
    let session = visit.start(&token, &device).await.expect(202).text_at("/visitSession/sessionToken");
    let seat = practice.get("/api/session").session(&session, &device).send().await.expect(200);
    assert_eq!(seat.json["status"], "WAITING");
}

/// There: the page posted the short code where a JWT was expected.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_short_code_of_the_text_opens_the_visit() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let body = json!({"channel": "sms", "recipientRole": "patient", "template": "initial"});
    let _ = practice.lander(&visit.path("/notify"), &body).await.expect(200);
    let text = visit.texts().await.remove(0);
    let credential = credential(text["links"][0].as_str().expect("a link in the text"));
    assert_eq!(credential["code"].as_str().unwrap().len(), 8);
    let look = practice.post("/api/token/redeem", &credential).send().await.expect(200);
    assert_eq!(look.json["visit"]["visitId"], visit.id.as_str());
    let _ = visit.start(&credential, &Device::new()).await.expect(202);
}

/// There: `jti` was read without a look at the signature.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forged_jti_starts_nothing() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let links = visit.links().await;
    let (true_one, other) =
        (links["patient"]["token"].as_str().unwrap(), links["clinician"]["token"].as_str().unwrap());
    let (forger, head) = (Device::new(), visit.head().await);
    let forged = forger.sign(&part(true_one, 0), &part(true_one, 1));
    let mut claims = part(other, 1);
    claims["jti"] = part(true_one, 1)["jti"].clone();
    let [header, _, signature] = *other.split('.').collect::<Vec<_>>() else { panic!("no token: {other}") };
    let borrowed = format!("{header}.{}.{signature}", URL_SAFE_NO_PAD.encode(claims.to_string()));
    for token in [forged, borrowed] {
        let answer = practice.post(&visit.path("/start"), &json!({"token": token})).device(&forger);
        answer.header("x-local-address", &foreign_address()).send().await.problem(401, "TOKEN_INVALID");
    }
    assert_eq!(visit.head().await, head, "nothing happened");
    let _ = visit.start(&json!({"token": true_one}), &Device::new()).await.expect(202);
}

/// There: the token's visit was never compared with the path's.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_of_one_visit_starts_no_other() {
    let practice = Practice::open().await;
    let (mine, other) = tokio::join!(
        Appointment::make(&practice, json!({})), //
        Appointment::make(&practice, json!({}))
    );
    let links = mine.links().await;
    let token = json!({"token": links["patient"]["token"]});
    let code = credential(links["patient"]["link"].as_str().unwrap());
    let head = (mine.head().await, other.head().await);
    for credential in [&token, &code] {
        let answer = practice.post(&other.path("/start"), credential).device(&Device::new());
        answer.header("x-local-address", &foreign_address()).send().await.problem(401, "TOKEN_INVALID");
    }
    assert_eq!((mine.head().await, other.head().await), head, "nothing happened, here or there");
    let _ = mine.start(&code, &Device::new()).await.expect(202);
}

/// There: the token was spent before the media call, and one throttled call was its end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_throttled_meeting_does_not_burn_the_link() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, open()).await;
    let (credential, phone) = (visit.patient_credential().await, Device::new());
    practice.fault("chime", "CreateMeeting", "throttle", 1000).await;
    let failed = visit.start(&credential, &phone).await;
    assert!(failed.headers.contains_key("retry-after"), "{:?}", failed.headers);
    failed.problem(503, "MEDIA_UNAVAILABLE");
    practice.no_faults().await;
    visit.start(&credential, &Device::new()).await.problem(409, "TOKEN_USED");
    let started = visit.start(&credential, &phone).await.expect(200);
    assert_eq!(started.json["status"], "ADMITTED");
    assert!(!started.text_at("/media/attendee/JoinToken").is_empty());
}

/// There: `start` wanted SCHEDULED and set ACTIVE.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_person_can_come_in_and_the_first_can_come_back() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, open()).await;
    let (credential, phone) = (visit.patient_credential().await, Device::new());
    let first = visit.start(&credential, &phone).await.expect(200);
    let shown = practice.get(&visit.path("")).bearer(&visit.clinician_token().await).send().await.expect(200);
    assert_eq!(shown.json["status"], "ACTIVE");
    let second = visit.clinician_sits().await;
    assert_eq!(second.start.json["status"], "ADMITTED");
    let guests = json!({"roles": [], "guests": [{"role": "interpreter", "displayName": "Kim"}]});
    let guests = practice.lander(&visit.path("/links"), &guests).await.expect(200);
    let third = bedside_tests::credential(&guests.text_at("/guests/0/link"));
    let _ = visit.start(&third, &Device::new()).await.expect(202);
    let session = first.text_at("/visitSession/sessionToken");
    let _ = practice.post("/api/session/leave", &json!({})).session(&session, &phone).send().await.expect(204);
    let back = practice.post("/api/session/join", &json!({})).session(&session, &phone).send().await.expect(200);
    assert_eq!(back.json["media"], first.json["media"]);
    let pressed_again = visit.start(&credential, &phone).await.expect(200);
    assert_eq!(pressed_again.json["media"], first.json["media"]);
}

/// There: each person started a contact of their own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_meet_in_one_meeting() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, open()).await;
    let credential = visit.patient_credential().await;
    let (phone, desk) = (Device::new(), Device::new());
    let (patient, clinician) = tokio::join!(visit.start(&credential, &phone), visit.clinician_comes(&desk));
    let (patient, clinician) = (patient.expect(200), clinician.expect(200));
    assert_eq!(patient.json["media"]["meeting"], clinician.json["media"]["meeting"]);
    assert_ne!(patient.json["media"]["attendee"], clinician.json["media"]["attendee"]);
    let meetings = practice.laptop().aws().meetings();
    assert_eq!(meetings.len(), 1, "{meetings:?}");
    assert_eq!(meetings[0].attendees.len(), 2, "{meetings:?}");
}

/// There: the idempotency key held the time of the call.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_retry_makes_no_second_meeting() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, open()).await;
    let (credential, phone) = (visit.patient_credential().await, Device::new());
    practice.fault("chime", "CreateMeeting", "die-after", 1).await;
    let died = visit.start(&credential, &phone).await;
    assert!(died.status.is_server_error(), "{}", died.text);
    practice.advance(61).await;
    practice.fault("chime", "CreateMeeting", "lost-answer", 1).await;
    let started = visit.start(&credential, &phone).await.expect(200);
    assert!(practice.calls().await["chime.CreateMeeting"] >= 3, "it was made, lost, made again and lost again");
    let meetings = practice.laptop().aws().meetings();
    assert_eq!(meetings.len(), 1, "{meetings:?}");
    assert_eq!(started.json["media"]["meeting"]["MeetingId"], meetings[0].id.as_str());
}

/// There: a link lived 20 minutes from when it was sent.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_sent_the_day_before_works_at_the_visit() {
    let practice = Practice::open().await;
    let tomorrow = json!({"scheduledAt": slot(practice.now(), 24 * 60)});
    let visit = Appointment::make(&practice, tomorrow).await;
    let body = json!({"channel": "both", "recipientRole": "patient", "template": "initial"});
    let _ = practice.lander(&visit.path("/notify"), &body).await.expect(200);
    let credential = credential(visit.texts().await[0]["links"][0].as_str().unwrap());
    let look = practice.post("/api/token/redeem", &credential).send().await.expect(200);
    assert_eq!(look.json["joinable"]["reason"], "NOT_OPEN_YET");
    visit.start(&credential, &Device::new()).await.problem(409, "VISIT_NOT_OPEN");
    practice.advance(24 * 3600).await;
    let _ = visit.start(&credential, &Device::new()).await.expect(202);
}

/// There: after five links the visit was locked for good.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_patient_can_be_sent_more_than_five_links_over_time() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({"scheduledAt": slot(practice.now(), 3 * 60)})).await;
    let resend = async || {
        let body = json!({"role": "patient", "reason": "not-received", "channel": "sms"});
        practice.lander(&visit.path("/resend-link"), &body).await
    };
    let refused = async || {
        let answer = resend().await;
        let wait: i64 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
        answer.problem(429, "RATE_LIMITED");
        wait
    };
    let mut sent = Vec::new();
    for _ in 0..5 {
        let _ = resend().await.expect(200);
        sent.push(credential(visit.texts().await[0]["links"][0].as_str().unwrap()));
        let wait = refused().await;
        assert!((1..=60).contains(&wait) || sent.len() == 5, "{wait}: a minute apart");
        practice.advance(61).await;
    }
    let wait = refused().await;
    assert!((61..3600).contains(&wait), "{wait}: five an hour");
    practice.advance(wait).await;
    for _ in 0..2 {
        let _ = resend().await.expect(200);
        sent.push(credential(visit.texts().await[0]["links"][0].as_str().unwrap()));
        practice.advance(61).await;
    }
    practice.advance(2 * 3600 - 10 * 60).await;
    let newest = sent.pop().unwrap();
    for old in &sent {
        practice.post("/api/token/redeem", old).send().await.problem(410, "TOKEN_REVOKED");
    }
    let _ = visit.start(&newest, &Device::new()).await.expect(202);
}

/// There: the address was kept and never used; used, it would have shut out whoever leaves the house.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_network_does_not_shut_the_patient_out() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, open()).await;
    let (credential, phone) = (visit.patient_credential().await, Device::new());
    let at_home = practice.post(&visit.path("/start"), &credential).device(&phone);
    let at_home = at_home.header("x-local-address", "203.0.113.7").header("user-agent", "Safari/17").send().await;
    let session = at_home.expect(200).text_at("/visitSession/sessionToken");
    for (address, browser) in
        [("198.51.100.9", "Safari/17"), ("2001:db8::9", "Safari/18"), ("192.0.2.1", "Firefox/140")]
    {
        for (method, path, status) in [("GET", "", 200), ("POST", "/leave", 204), ("POST", "/join", 200)] {
            let ask = practice.ask(method, &format!("/api/session{path}")).session(&session, &phone);
            let ask = ask.header("x-local-address", address).header("x-local-country", "CA");
            let _ = ask.header("user-agent", browser).send().await.expect(status);
        }
    }
    let events = visit.audit().await["events"].as_array().unwrap().clone();
    let seen = |kind: &str, ip: &str| events.iter().any(|event| event["type"] == kind && event["ip"] == ip);
    assert!(seen("TOKEN_REDEEMED", "203.0.113.7") && seen("PARTICIPANT_LEFT", "2001:db8::9"), "they are on record");

    let kiosk = json!({"access": {"preset": "open", "binding": "strict"}});
    let visit = Appointment::make(&practice, kiosk).await;
    let (credential, kiosk) = (visit.patient_credential().await, Device::new());
    let started = practice.post(&visit.path("/start"), &credential).device(&kiosk);
    let started = started.header("x-local-address", "203.0.113.7").send().await.expect(200);
    let session = started.text_at("/visitSession/sessionToken");
    let from =
        |address: &str| practice.get("/api/session").session(&session, &kiosk).header("x-local-address", address);
    let _ = from("203.0.113.7").send().await.expect(200);
    from("198.51.100.9").send().await.problem(403, "FORBIDDEN");
}
