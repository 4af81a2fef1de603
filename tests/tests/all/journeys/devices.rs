//! The device: whose proof counts, and how a seat moves to another one.

use bedside_tests::{Appointment, Device, Practice, Seat};
use serde_json::{Value, json};

const JOIN: &str = "/api/session/join";

async fn seated<'a>(visit: &Appointment<'a>, credential: &Value) -> Seat<'a> {
    let device = Device::new();
    Seat::of(visit.practice, visit.start(credential, &device).await.expect(202), device)
}

fn url(practice: &Practice, path: &str) -> String {
    format!("{}{path}", practice.key("publicOrigin"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seat_whose_holder_has_gone_silent_may_be_taken_by_the_same_link() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let credential = visit.patient_credential().await;
    let robot = seated(&visit, &credential).await;
    let refused = visit.start(&credential, &Device::new()).await.problem(409, "TOKEN_USED").json;
    assert_eq!(refused["action"], "VERIFY", "there is a phone on record");
    practice.advance(10).await;
    robot.look().await.expect(200);
    practice.advance(10).await;
    visit.start(&credential, &Device::new()).await.problem(409, "TOKEN_USED");
    practice.advance(7).await;
    let patient = seated(&visit, &credential).await;
    assert_eq!(patient.id, robot.id, "the same seat");
    assert!(visit.events().await.contains(&"SESSION_REBOUND".to_owned()));
    robot.look().await.problem(401, "UNAUTHENTICATED");
    robot.join().await.problem(401, "UNAUTHENTICATED");
    visit.at_desk(&patient.id, "admit").await.expect(200);
    patient.join().await.expect(200);
    practice.advance(30).await;
    let late = visit.start(&credential, &Device::new()).await.problem(409, "TOKEN_USED");
    assert_eq!(late.json["action"], "VERIFY", "whoever was admitted is not displaced by silence");
    let people = practice.get(&visit.path("/participants")).bearer(&visit.clinician_token().await).send().await;
    assert_eq!(people.expect(200).json["participants"][0]["blockedAttempts"], 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_spent_link_moves_to_a_new_device_by_a_code_to_the_phone() {
    let practice = Practice::open_by_chime().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let credential = visit.patient_credential().await;
    let old = seated(&visit, &credential).await;
    let desk = visit.clinician_sits().await;
    visit.admit(&desk, &old.id).await.expect(200);
    let before = old.attendee().await;

    let tablet = Device::new();
    let look = practice.post("/api/token/redeem", &credential).device(&tablet).send().await;
    assert_eq!(look.problem(409, "TOKEN_USED").json["action"], "VERIFY");
    let mut body = credential.clone();
    body["factor"] = json!("sms-otp");
    let asked = practice.post("/api/challenges", &body).device(&tablet).send().await.expect(202);
    let challenge = asked.text_at("/challengeId");
    let code: String = visit.texts().await[0]["text"].as_str().unwrap().chars().take(6).collect();
    let path = format!("/api/challenges/{challenge}/answer");
    practice.post(&path, &json!({"answer": code})).device(&tablet).send().await.expect(200);
    let here = practice.post("/api/token/redeem", &credential).device(&tablet).send().await.expect(200);
    assert_eq!(here.json["visit"]["visitId"], visit.id.as_str(), "this device is told where to go on");
    let elsewhere = practice.post("/api/token/redeem", &credential).device(&Device::new()).send().await;
    elsewhere.problem(409, "TOKEN_USED");
    let mut body = credential.clone();
    body["proofs"] = json!([challenge]);
    visit.start(&body, &Device::new()).await.problem(409, "TOKEN_USED");
    let moved = Seat::of(&practice, visit.start(&body, &tablet).await.expect(200), tablet);

    assert_eq!(moved.id, old.id, "admission belongs to the person");
    old.look().await.problem(401, "UNAUTHENTICATED");
    old.join().await.problem(401, "UNAUTHENTICATED");
    let now = moved.start.text_at("/media/attendee/AttendeeId");
    assert_ne!(now, before);
    let mine: Vec<_> = visit.in_the_call().into_iter().filter(|(who, _)| *who == moved.id).collect();
    assert_eq!(mine, [(moved.id.clone(), now)], "the old device's credentials are dead");
    assert!(visit.events().await.contains(&"SESSION_REBOUND".to_owned()));
    visit.start(&credential, &old.device).await.problem(409, "TOKEN_USED");
    assert_eq!(moved.join().await.expect(200).json["media"], moved.start.json["media"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clinician_who_signs_in_elsewhere_moves_there() {
    let practice = Practice::open_by_chime().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let first = visit.clinician_sits().await;
    let again = visit.clinician_comes(&first.device).await.expect(200);
    assert_eq!(again.json["media"], first.start.json["media"], "the same device gets the same");
    let second = visit.clinician_sits().await;
    assert_eq!(second.id, first.id);
    first.look().await.problem(401, "UNAUTHENTICATED");
    second.look().await.expect(200);
    assert_eq!(visit.in_the_call().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_key_the_session_is_a_bearers_unless_the_policy_wants_one() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let credential = visit.patient_credential().await;
    let owner = "an-idempotency-key-of-length";
    let start = async || {
        let ask = practice.post(&visit.path("/start"), &credential).header("idempotency-key", owner);
        ask.send().await.expect(202)
    };
    let first = start().await;
    let token = first.text_at("/visitSession/sessionToken");
    assert_eq!(start().await.json["participantId"], first.json["participantId"], "a lost answer is found again");
    let stranger = practice.post(&visit.path("/start"), &credential).header("idempotency-key", "another-key-of-length");
    stranger.send().await.problem(409, "TOKEN_USED");
    practice.get("/api/session").bearer(&token).send().await.expect(200);
    let device = Device::new();
    practice.get("/api/session").session(&token, &device).send().await.problem(401, "UNAUTHENTICATED");
    practice.advance(10 * 60 + 5).await;
    practice.get("/api/session").bearer(&token).send().await.expect(200);
    let late = practice.post(&visit.path("/start"), &credential).header("idempotency-key", owner).send().await;
    late.problem(409, "TOKEN_USED");

    for binding in ["required", "strict"] {
        let visit = Appointment::make(&practice, json!({"access": {"binding": binding}})).await;
        let credential = visit.patient_credential().await;
        let head = visit.head().await;
        let ask = practice.post(&visit.path("/start"), &credential).header("idempotency-key", owner);
        ask.send().await.problem(400, "DEVICE_KEY_REQUIRED");
        let clinician = visit.clinician_token().await;
        let ask = practice.post(&visit.path("/start-authenticated"), &json!({})).bearer(&clinician);
        ask.send().await.problem(400, "DEVICE_KEY_REQUIRED");
        assert_eq!(visit.head().await, head, "nothing is spent");
        seated(&visit, &credential).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_strict_session_stays_at_its_address_and_browser() {
    let practice = Practice::open().await;
    for (binding, status) in [("strict", 403), ("required", 200)] {
        let visit = Appointment::make(&practice, json!({"access": {"binding": binding}})).await;
        let seat = seated(&visit, &visit.patient_credential().await).await;
        seat.look().await.expect(200);
        let elsewhere = seat.ask("GET", "/api/session").header("x-local-address", "203.0.113.5").send().await;
        assert_eq!(elsewhere.status, status, "{binding}: {}", elsewhere.text);
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        let browser = seat.ask("GET", "/api/session").header("user-agent", firefox).send().await;
        assert_eq!(browser.status, status, "{binding}: {}", browser.text);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stolen_session_is_worth_nothing_without_the_devices_key() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let seat = seated(&visit, &visit.patient_credential().await).await;
    let thief = Device::new();
    let refused = practice.get("/api/session").bearer(&seat.session).send().await.problem(401, "UNAUTHENTICATED");
    assert!(refused.headers.contains_key("www-authenticate"));
    let refused = practice.get("/api/session").session(&seat.session, &thief).send().await;
    let refused = refused.problem(401, "DPOP_INVALID");
    assert!(refused.headers["www-authenticate"].to_str().unwrap().starts_with("DPoP"));
    let bare = practice.get("/api/session").header("authorization", &format!("DPoP {}", seat.session)).send().await;
    bare.problem(401, "DPOP_INVALID");
    let two = seat.ask("GET", "/api/session").header("dpop", "x.y.z").send().await;
    two.problem(401, "DPOP_INVALID");
    seat.look().await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proof_counts_once_for_one_request_and_now() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let seat = seated(&visit, &visit.patient_credential().await).await;
    visit.at_desk(&seat.id, "admit").await.expect(200);
    let join = async |proof: &str| {
        let ask = practice.post(JOIN, &json!({})).header("dpop", proof);
        ask.header("authorization", &format!("DPoP {}", seat.session)).send().await
    };
    let (device, token, now) = (&seat.device, Some(seat.session.as_str()), practice.now().as_second());
    let here = url(&practice, JOIN);
    let good = device.proof("POST", &here, token, now);
    join(&good).await.expect(200);
    join(&good).await.problem(401, "DPOP_INVALID");
    for (proof, how) in [
        (device.proof("GET", &here, token, now), "another method"),
        (device.proof("POST", &url(&practice, "/api/session/leave"), token, now), "another path"),
        (device.proof("POST", &format!("https://evil.example{JOIN}"), token, now), "another origin"),
        (device.proof("POST", &here, None, now), "no token"),
        (device.proof("POST", &here, Some("another"), now), "another token"),
    ] {
        let refused = join(&proof).await;
        assert_eq!(refused.json["code"], "DPOP_INVALID", "{how}: {}", refused.text);
    }
    let claims = json!({"htm": "POST", "htu": here, "iat": now, "jti": "a-jti-of-its-own"});
    for header in [
        json!({"typ": "JWT", "alg": "ES256", "jwk": device.jwk()}),
        json!({"typ": "dpop+jwt", "alg": "none", "jwk": device.jwk()}),
        json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": Device::new().jwk()}),
        json!({"typ": "dpop+jwt", "alg": "ES256"}),
    ] {
        join(&device.sign(&header, &claims)).await.problem(401, "DPOP_INVALID");
    }
    for off in [-120, 120] {
        let skewed = join(&device.proof("POST", &here, token, now + off)).await.problem(401, "DPOP_CLOCK_SKEW").json;
        assert_eq!(skewed["action"], "RETRY");
        let server: jiff::Timestamp = skewed["serverTime"].as_str().unwrap().parse().unwrap();
        join(&device.proof("POST", &here, token, server.as_second())).await.expect(200);
    }
    for near in [-50, 50] {
        join(&device.proof("POST", &here, token, practice.now().as_second() + near)).await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proof_that_was_overheard_at_the_door_opens_nothing() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let credential = visit.patient_credential().await;
    let device = Device::new();
    let path = visit.path("/start");
    let proof = device.proof("POST", &url(&practice, &path), None, practice.now().as_second());
    let start = async || practice.post(&path, &credential).header("dpop", &proof).send().await;
    start().await.expect(202);
    start().await.problem(401, "DPOP_INVALID");
    visit.start(&credential, &device).await.expect(202);
}
