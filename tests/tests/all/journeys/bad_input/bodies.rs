//! Bodies that are not right.

use super::{Scene, refused};
use bedside_tests::{Answer, Device, Practice};
use serde_json::{Map, Value, json};

fn pointers(answer: &Answer) -> Vec<String> {
    let errors = answer.json["errors"].as_array().unwrap();
    let mut pointers: Vec<_> = errors
        .iter()
        .map(|error| {
            assert!(!error["detail"].as_str().unwrap().is_empty());
            error["pointer"].as_str().unwrap().to_owned()
        })
        .collect();
    pointers.sort();
    pointers
}
/// The body with this member.
fn with(body: &Value, name: &str, value: Value) -> Value {
    let mut body = body.clone();
    body[name] = value;
    body
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_is_no_json_object_is_refused_at_every_route_and_changes_nothing() {
    let practice = Practice::open().await;
    let scene = Scene::set(&practice).await;
    let before = scene.state().await;
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(39), "]".repeat(39));
    let large = format!("{{\"a\":\"{}\"}}", "x".repeat(17 * 1024));
    for route in scene.routes() {
        let Some(body) = &route.body else { continue };
        let what = |how: &str| format!("{} {} {how}", route.method, route.path);
        let text = body.to_string();
        let twice = format!("{{\"a\":1,\"a\":1{}{}", if text == "{}" { "" } else { "," }, &text[1..]);
        let malformed =
            ["{", "[]", "null", "1", "\"text\"", "{}{}", "{'a':1}", "\u{feff}{}", &deep, &twice, &format!("[{text}]")];
        for malformed in malformed {
            let answer = scene.ask(&route).raw(malformed).send().await;
            refused(answer, 400, "MALFORMED_REQUEST", &what(malformed));
        }
        if *body != json!({}) {
            let answer = scene.ask(&route).send().await;
            assert_eq!(answer.json["code"], "MALFORMED_REQUEST", "{}", what("without a body"));
        }
        refused(scene.ask(&route).raw(&large).send().await, 413, "PAYLOAD_TOO_LARGE", &what("17 KiB"));
        for other in ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=iso-8859-1", "json"]
        {
            let answer = scene.ask(&route).untyped(&text).header("content-type", other).send().await;
            refused(answer, 415, "UNSUPPORTED_MEDIA_TYPE", &what(other));
        }
        let answer = scene.ask(&route).untyped(&text).send().await;
        refused(answer, 415, "UNSUPPORTED_MEDIA_TYPE", &what("no content type"));
        assert_eq!(scene.state().await, before, "{}", what("changed something"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_field_that_is_not_right_is_named_at_once_and_nothing_changes() {
    let practice = Practice::open().await;
    let scene = Scene::set(&practice).await;
    let before = scene.state().await;
    for route in scene.routes() {
        let Some(body) = &route.body else { continue };
        let what = |how: &str| format!("{} {} {how}", route.method, route.path);
        let send = async |body: &Value, how: &str| {
            let answer = scene.ask(&route).json(body).send().await;
            pointers(&refused(answer, 400, "VALIDATION_FAILED", &what(how)))
        };
        assert_eq!(send(&with(body, "wat", json!(1)), "an unknown field").await, ["/wat"]);
        assert_eq!(send(&with(body, "a/b~c", json!(1)), "an odd name").await, ["/a~1b~0c"]);
        let names: Vec<&String> = body.as_object().unwrap().keys().collect();
        if names.is_empty() {
            continue;
        }
        // One and a half is no value of any field.
        let all = |value: Value| -> (Value, Vec<String>) {
            let wrong = names.iter().map(|name| ((*name).clone(), value.clone())).collect::<Map<_, _>>();
            let mut expected: Vec<_> = names.iter().map(|name| format!("/{name}")).collect();
            expected.sort();
            (Value::Object(wrong), expected)
        };
        for value in [json!(1.5), json!(null)] {
            let (wrong, expected) = all(value.clone());
            assert_eq!(send(&wrong, &format!("all of them {value}")).await, expected);
        }
        for name in &names {
            for value in [json!(1.5), json!(null)] {
                let wrong = with(body, name, value);
                assert_eq!(send(&wrong, name).await, [format!("/{name}")], "{}", what(name));
            }
        }
        assert_eq!(scene.state().await, before, "{}", what("changed something"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fields_within_fields_are_named_by_their_whole_path() {
    let practice = Practice::open().await;
    let scene = Scene::set(&practice).await;
    let before = scene.state().await;
    let wrong = json!({
        "patient": {"patientId": "no spaces", "givenName": "", "phone": "911", "zip": "1", "timezone": "Mars/Base"},
        "clinicianId": "c", "scheduledAt": "tomorrow", "duration": 17, "channel": null,
        "access": {"factors": ["sms-otp", "palm"], "binding": "loose"}, "consent": {"sms": 1},
    });
    let answer = practice.lander("/api/visits", &wrong).await.problem(400, "VALIDATION_FAILED");
    assert_eq!(
        pointers(&answer),
        [
            "/access/binding",
            "/access/factors/1",
            "/channel",
            "/consent/sms",
            "/consent/telehealth",
            "/consent/version",
            "/duration",
            "/patient/familyName",
            "/patient/givenName",
            "/patient/patientId",
            "/patient/phone",
            "/patient/timezone",
            "/patient/zip",
            "/scheduledAt",
        ]
    );
    let twice = json!({"patientId": "p", "clinicianId": "c", "scheduledAt": "2026-12-01T20:00:00Z",
        "access": {"factors": ["sms-otp", "email-link", "sms-otp"]}});
    let answer = practice.lander("/api/visits", &twice).await.problem(400, "VALIDATION_FAILED");
    assert_eq!(pointers(&answer), ["/access/factors"]);
    let guests = json!({"roles": ["patient", "boss"], "guests": [
        {"role": "guest", "displayName": "Gus"},
        {"role": "practitioner", "displayName": "x".repeat(81), "email": "no"},
    ]});
    let answer = practice.lander(&scene.visit.path("/links"), &guests).await.problem(400, "VALIDATION_FAILED");
    assert_eq!(pointers(&answer), ["/guests/1/displayName", "/guests/1/email", "/guests/1/role", "/roles/1"]);
    for credential in [
        json!({}),
        json!({"code": "K7QX2MPA"}),
        json!({"secret": "ABCDEFGHJKLMNPQR"}),
        json!({"token": "x", "code": "K7QX2MPA", "secret": "ABCDEFGHJKLMNPQR"}),
    ] {
        practice.post("/api/token/redeem", &credential).send().await.problem(400, "VALIDATION_FAILED");
        let start = practice.post(&scene.visit.path("/start"), &credential).device(&Device::new());
        start.send().await.problem(400, "VALIDATION_FAILED");
        let body = with(&credential, "factor", json!("sms-otp"));
        practice.post("/api/challenges", &body).send().await.problem(400, "VALIDATION_FAILED");
    }
    assert_eq!(scene.state().await, before);
}
