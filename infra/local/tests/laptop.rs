//! The laptop as a whole: the real functions behind the gateway, with data that lasts, ticks and tampering.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod http;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use bedside_local::template::Template;
use bedside_local::{Laptop, Options};
use http::{Answer, send};
use serde_json::{Value, json};

struct Practice {
    laptop: Laptop,
    address: SocketAddr,
}

impl Practice {
    async fn start(options: Options) -> Self {
        let laptop = Laptop::start(options).await.unwrap();
        let address = laptop.url().strip_prefix("http://").unwrap().parse().unwrap();
        Self { laptop, address }
    }

    async fn call(&self, method: &str, path: &str, key: &str, body: &Value) -> Answer {
        let bearer = format!("Bearer {key}");
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let body = if body.is_null() { String::new() } else { body.to_string() };
        send(self.address, method, path, &headers, body.as_bytes()).await
    }

    async fn local(&self, path: &str, body: &Value) -> Value {
        let answer = send(self.address, "POST", path, &[], body.to_string().as_bytes()).await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer.json()
    }

    async fn token(&self, role: &str) -> String {
        self.local("/local/token", &json!({ "role": role })).await["accessToken"].as_str().unwrap().to_owned()
    }

    /// A visit of the demo's patient; answers its path.
    async fn visit(&self) -> String {
        let keys = self.laptop.keys();
        let soon = (self.laptop.clock().now().as_second() / 300 + 2) * 300;
        let body = json!({
            "patientId": keys.patient_id,
            "clinicianId": keys.clinician_id,
            "scheduledAt": jiff::Timestamp::from_second(soon).unwrap(),
            "duration": 15,
        });
        let answer = self.call("POST", "/api/visits", &keys.secret_key, &body).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.assert_common_headers();
        answer.header("location").unwrap().to_owned()
    }

    async fn audit(&self, visit: &str) -> Value {
        let answer = self.call("GET", &format!("{visit}/audit"), &self.token("auditor").await, &Value::Null).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_of_the_template_reaches_its_function() {
    let practice = Practice::start(Options::default().ports_free()).await;
    for route in Template::load().unwrap().routes {
        let path = route.path.replace(['{', '}'], "");
        let answer = practice.call(route.method.as_str(), &path, "nobody", &json!({})).await;
        assert!((200..500).contains(&answer.status), "{}: {answer:?}", route.function);
        // The keys are public and may be kept for a while; nothing else may.
        if route.function == "jwks" {
            assert_eq!(answer.header("cache-control"), Some("public, max-age=300"));
        } else {
            answer.assert_common_headers();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demos_key_schedules_a_visit_and_its_texts_arrive() {
    let practice = Practice::start(Options::default().ports_free()).await;
    let visit = practice.visit().await;
    let keys = practice.laptop.keys();
    let notify = json!({ "channel": "both", "recipientRole": "patient", "template": "initial" });
    let sent = practice.call("POST", &format!("{visit}/notify"), &keys.secret_key, &notify).await;
    assert_eq!(sent.status, 200, "{sent:?}");
    let to = send(practice.address, "GET", "/local/messages?to=+12125550117", &[], b"").await.json();
    let messages = to["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 1);
    let link = messages[0]["links"][0].as_str().unwrap();
    assert!(link.starts_with(&format!("{}/j/", practice.laptop.url())), "{link}");
    let all = send(practice.address, "GET", "/local/messages", &[], b"").await.json();
    assert_eq!(all["messages"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn practices_do_not_see_each_others_visits() {
    let practice = Practice::start(Options::default().ports_free()).await;
    let visit = practice.visit().await;
    let other = practice.local("/local/tenants", &json!({})).await;
    let key = other["secretKey"].as_str().unwrap();
    practice.call("GET", &visit, key, &Value::Null).await.problem(404, "NOT_FOUND");
    let admin = json!({ "role": "admin", "tenantId": other["tenantId"] });
    let admin = practice.local("/local/token", &admin).await["accessToken"].as_str().unwrap().to_owned();
    practice.call("GET", &visit, &admin, &Value::Null).await.problem(404, "NOT_FOUND");
    let own = practice.call("GET", &visit, &practice.token("admin").await, &Value::Null).await;
    assert_eq!(own.status, 200, "{own:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_that_was_tampered_with_no_longer_verifies() {
    let practice = Practice::start(Options::default().ports_free()).await;
    for (change, bad) in [("flip", 2), ("drop", 2), ("swap", 2), ("truncate", 2)] {
        let visit = practice.visit().await;
        let links = json!({ "roles": ["patient", "clinician"] });
        let made = practice.call("POST", &format!("{visit}/links"), &practice.laptop.keys().secret_key, &links).await;
        assert_eq!(made.status, 200, "{made:?}");
        assert_eq!(practice.audit(&visit).await["verified"], true);
        let visit_id = visit.rsplit('/').next().unwrap();
        practice.local("/local/audit", &json!({ "visitId": visit_id, "seq": bad, "change": change })).await;
        let audit = practice.audit(&visit).await;
        assert_eq!((&audit["verified"], &audit["firstBadSeq"]), (&json!(false), &json!(bad)), "{change}");
        practice.local("/local/clock", &json!({ "advance": "PT1H" })).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_scheduled_function_runs_when_asked_and_by_the_clock() {
    let practice = Practice::start(Options { ticks: true, ..Options::default().ports_free() }).await;
    let visit = practice.visit().await;
    let fault = json!({ "service": "sms", "operation": "SendTextMessage", "kind": "throttle", "times": 20 });
    practice.local("/local/faults", &fault).await;
    let key = practice.laptop.keys().secret_key;
    let notify = json!({ "channel": "both", "recipientRole": "patient", "template": "initial" });
    practice.call("POST", &format!("{visit}/notify"), &key, &notify).await;
    send(practice.address, "DELETE", "/local/faults", &[], b"").await;
    assert!(practice.laptop.aws().messages().iter().all(|message| message.to != "+12125550117"));

    // What the fault kept from being sent is sent by a tick that nobody asks for.
    practice.local("/local/clock", &json!({ "advance": "PT5M" })).await;
    let sent = async {
        while practice.laptop.aws().messages().iter().all(|message| message.to != "+12125550117") {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), sent).await.expect("no tick within ten seconds");
    let did = practice.local("/local/tick", &json!({})).await;
    assert_eq!(did["messages"], 0, "all was sent: {did}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_that_a_fault_kills_is_a_plain_500_and_its_work_can_go_on() {
    let practice = Practice::start(Options::default().ports_free()).await;
    let fault = json!({ "service": "dynamodb", "operation": "TransactWriteItems", "kind": "die" });
    practice.local("/local/faults", &fault).await;
    let keys = practice.laptop.keys();
    let body = json!({
        "patientId": keys.patient_id, "clinicianId": keys.clinician_id, "scheduledAt": "2099-01-01T10:00:00Z",
    });
    practice.call("POST", "/api/visits", &keys.secret_key, &body).await.problem(500, "INTERNAL");
    assert_eq!(practice.call("POST", "/api/visits", &keys.secret_key, &body).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_in_a_file_is_there_again_on_other_ports() {
    let folder = std::env::temp_dir().join(format!("bedside-laptop-{}", uuid::Uuid::now_v7()));
    std::fs::create_dir(&folder).unwrap();
    let data: PathBuf = folder.join("data");
    let options = || Options { data: Some(data.clone()), events: true, ..Options::default().ports_free() };
    let first = Practice::start(options()).await;
    let (keys, visit) = (first.laptop.keys(), first.visit().await);
    let other = first.local("/local/tenants", &json!({})).await;
    drop(first);

    let again = Practice::start(options()).await;
    let moved = again.laptop.keys();
    assert_eq!((&moved.secret_key, &moved.tenant_id), (&keys.secret_key, &keys.tenant_id));
    assert_ne!(moved.issuer, keys.issuer);
    for caller in [moved.secret_key.clone(), again.token("clinician").await] {
        let answer = again.call("GET", &visit, &caller, &Value::Null).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    assert_eq!(again.audit(&visit).await["verified"], true);
    let sign_in = json!({ "role": "admin", "tenantId": other["tenantId"] });
    let admin = again.local("/local/token", &sign_in).await["accessToken"].as_str().unwrap().to_owned();
    let path = format!("/api/clinicians/{}", other["clinicianId"].as_str().unwrap());
    assert_eq!(again.call("GET", &path, &admin, &Value::Null).await.status, 200);
    let sign_in = json!({ "role": "admin", "tenantId": "events-practice" });
    let admin = again.local("/local/token", &sign_in).await["accessToken"].as_str().unwrap().to_owned();
    let visits = again.call("GET", "/api/visits", &admin, &Value::Null).await.json();
    assert_eq!(visits["visits"].as_array().map(Vec::len), Some(3), "the events' visits are made once: {visits}");
    drop(again);
    std::fs::remove_dir_all(folder).unwrap();
}
