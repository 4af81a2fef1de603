//! The controls of a laptop that runs in this process.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod http;

use std::net::SocketAddr;

use bedside_local::{Laptop, Options, StartError};
use http::{Answer, send};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

async fn laptop() -> (Laptop, SocketAddr) {
    let laptop =
        Laptop::start(Options { web: Some("no-pages".into()), ..Options::default().ports_free() }).await.unwrap();
    let address = laptop.url().strip_prefix("http://").unwrap().parse().unwrap();
    (laptop, address)
}

async fn post(address: SocketAddr, path: &str, body: &Value) -> Answer {
    send(address, "POST", path, &[], body.to_string().as_bytes()).await
}

async fn get(address: SocketAddr, path: &str) -> Value {
    let answer = send(address, "GET", path, &[], b"").await;
    assert_eq!(answer.status, 200, "{path}: {answer:?}");
    answer.assert_common_headers();
    answer.json()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demos_keys_are_there_from_the_start() {
    let (laptop, address) = laptop().await;
    let keys = get(address, "/local/keys").await;
    let mut members: Vec<_> = keys.as_object().unwrap().keys().map(String::as_str).collect();
    members.sort_unstable();
    let expected = [
        "allowedOrigin",
        "clinicianId",
        "issuer",
        "patientId",
        "publicOrigin",
        "publishableKey",
        "secretKey",
        "tenantId",
    ];
    assert_eq!(members, expected);
    assert_eq!(keys["publicOrigin"], laptop.url());
    assert_eq!(keys["secretKey"], laptop.keys().secret_key);
    let page = send(address, "GET", "/", &[], b"").await;
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    page.assert_common_headers();
}

#[tokio::test(flavor = "multi_thread")]
async fn another_practice_has_keys_and_people_of_its_own() {
    let (_laptop, address) = laptop().await;
    let one = get(address, "/local/keys").await;
    let two = post(address, "/local/tenants", &json!({})).await.json();
    for member in ["tenantId", "secretKey", "publishableKey", "clinicianId", "patientId"] {
        assert_ne!(one[member], two[member], "{member}");
    }
    let token = json!({ "role": "clinician", "tenantId": two["tenantId"] });
    assert_eq!(post(address, "/local/token", &token).await.status, 200);
    let unknown = json!({ "role": "clinician", "tenantId": "nobody" });
    post(address, "/local/token", &unknown).await.problem(404, "NOT_FOUND");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_identity_providers_tokens_verify_and_follow_the_clock() {
    use bedside_domain::jose::{oidc_unverified, oidc_verify, parse_jwks};
    let (laptop, address) = laptop().await;
    let keys = laptop.keys();
    let path = |url: &str| url.strip_prefix(laptop.url()).unwrap().to_owned();
    let metadata = get(address, &format!("{}/.well-known/openid-configuration", path(&keys.issuer))).await;
    assert_eq!(metadata["issuer"], keys.issuer.as_str());
    let set = get(address, &path(metadata["jwks_uri"].as_str().unwrap())).await;
    let set = parse_jwks(set.to_string().as_bytes());

    post(address, "/local/clock", &json!({ "set": "2027-03-01T08:00:00Z" })).await;
    let answer = post(address, "/local/token", &json!({ "role": "patient" })).await.json();
    assert_eq!(answer["expiresIn"], 3600);
    let token = answer["accessToken"].as_str().unwrap();
    let client = oidc_unverified(token).unwrap().clients.first().unwrap().clone();
    let now: Timestamp = "2027-03-01T08:00:30Z".parse().unwrap();
    let claims = oidc_verify(token, &set, &keys.issuer, &client, now).unwrap();
    assert_eq!(claims.subject("sub").as_deref(), Some(keys.patient_id.as_str()));
    assert_eq!(claims.roles("roles"), ["patient"]);
    let later = now + SignedDuration::from_hours(2);
    assert!(oidc_verify(token, &set, &keys.issuer, &client, later).is_err());

    for wrong in [json!({}), json!({ "role": "king" }), json!({ "role": "admin", "x": 1 }), json!([])] {
        post(address, "/local/token", &wrong).await.problem(400, "MALFORMED_REQUEST");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clock_moves_and_goes_on() {
    let (laptop, address) = laptop().await;
    let now = |answer: &Value| -> Timestamp { answer["now"].as_str().unwrap().parse().unwrap() };
    let near = |a: Timestamp, b: Timestamp| a.duration_since(b).abs() < SignedDuration::from_secs(5);
    let before = now(&get(address, "/local/clock").await);
    let answer = post(address, "/local/clock", &json!({ "advance": "PT20M" })).await.json();
    assert!(near(now(&answer), before + SignedDuration::from_mins(20)));
    assert!(near(laptop.clock().now(), now(&answer)));
    let answer = post(address, "/local/clock", &json!({ "set": "2026-12-01T14:50:00Z" })).await.json();
    assert!(near(now(&answer), "2026-12-01T14:50:00Z".parse().unwrap()));
    let answer = post(address, "/local/clock", &json!({ "reset": true })).await.json();
    assert!(near(now(&answer), Timestamp::now()));
    let wrong = [
        json!({}),
        json!({ "reset": false }),
        json!({ "advance": "20 minutes or so" }),
        json!({ "advance": "PT1M", "reset": true }),
        json!({ "set": "9999-01-01T00:00:00Z" }),
        json!({ "add": "PT1M" }),
    ];
    for wrong in wrong {
        post(address, "/local/clock", &wrong).await.problem(400, "MALFORMED_REQUEST");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_are_added_listed_and_cleared() {
    let (_laptop, address) = laptop().await;
    let fault = json!({ "service": "dynamodb", "operation": "GetItem", "kind": "lost-answer", "times": 4 });
    assert_eq!(post(address, "/local/faults", &fault).await.json(), json!({ "faults": [fault] }));
    assert_eq!(get(address, "/local/faults").await, json!({ "faults": [fault] }));
    let kinds = ["error", "throttle", "timeout", "lost-answer", "twice", "conflict", "die"];
    for kind in kinds {
        let fault = json!({ "service": "kms", "operation": "Sign", "kind": kind });
        assert_eq!(post(address, "/local/faults", &fault).await.status, 200, "{kind}");
    }
    let cleared = send(address, "DELETE", "/local/faults", &[], b"").await;
    assert_eq!(cleared.json(), json!({ "faults": [] }));
    for wrong in [json!({ "service": "s3", "operation": "PutObject", "kind": "error" }), json!({ "kind": "error" })] {
        post(address, "/local/faults", &wrong).await.problem(400, "MALFORMED_REQUEST");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_leaves_the_demo_and_nothing_else() {
    let (laptop, address) = laptop().await;
    let keys = get(address, "/local/keys").await;
    let fresh = get(address, "/local/state").await;
    let other = post(address, "/local/tenants", &json!({})).await.json();
    post(address, "/local/clock", &json!({ "advance": "P3D" })).await;
    post(address, "/local/faults", &json!({ "service": "kms", "operation": "Sign", "kind": "error" })).await;
    laptop.aws().opt_out("+12025550123");
    let changed = get(address, "/local/state").await;
    assert_eq!(changed["practices"], json!([keys["tenantId"], other["tenantId"]]));
    assert_ne!(changed["items"], fresh["items"]);

    assert_eq!(post(address, "/local/reset", &json!({})).await.json(), keys);
    let after = get(address, "/local/state").await;
    for member in ["items", "faults", "practices", "meetings", "messages", "optedOut", "clockOffsetMs"] {
        assert_eq!(after[member], fresh[member], "{member}");
    }
    assert_eq!(get(address, "/local/calls").await, json!({ "calls": [] }));
    let gone = json!({ "role": "admin", "tenantId": other["tenantId"] });
    post(address, "/local/token", &gone).await.problem(404, "NOT_FOUND");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_events_have_a_practice_of_their_own_which_a_reset_leaves() {
    let options = Options { events: true, ..Options::default().ports_free() };
    let laptop = Laptop::start(options).await.unwrap();
    let address = laptop.url().strip_prefix("http://").unwrap().parse().unwrap();
    let practices = json!(["demo-practice", "events-practice"]);
    let fresh = get(address, "/local/state").await;
    assert_eq!(fresh["practices"], practices);
    assert_eq!(get(address, "/local/keys").await["tenantId"], "demo-practice");
    post(address, "/local/tenants", &json!({})).await;
    post(address, "/local/reset", &json!({})).await;
    let after = get(address, "/local/state").await;
    assert_eq!((&after["practices"], &after["items"]), (&practices, &fresh["items"]));
    let sign_in = json!({ "role": "clinician", "tenantId": "events-practice" });
    assert_eq!(post(address, "/local/token", &sign_in).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn counted_limits_are_forgotten_and_other_items_stay() {
    let (laptop, address) = laptop().await;
    for key in ["COUNT#a", "COUNT#b", "PROOF#c"] {
        let item = json!({ "TableName": "Limits", "Item": { "PK": { "S": key }, "SK": { "S": "1" } } });
        laptop.aws().dynamodb("PutItem", item).await.unwrap();
    }
    post(address, "/local/limits", &json!({ "reset": false })).await.problem(400, "MALFORMED_REQUEST");
    assert_eq!(post(address, "/local/limits", &json!({ "reset": true })).await.json(), json!({ "deleted": 2 }));
    assert_eq!(get(address, "/local/state").await["items"]["Limits"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_is_tampered_with_as_asked() {
    let (laptop, address) = laptop().await;
    let record = |seq: u64| json!({ "PK": { "S": "V#v" }, "SK": { "S": format!("{seq:012}") }, "seq": { "N": seq.to_string() }, "actorId": { "S": "system" } });
    for seq in 1..=6 {
        let put = json!({ "TableName": "Audit", "Item": record(seq) });
        laptop.aws().dynamodb("PutItem", put).await.unwrap();
    }
    let tamper = |seq: u64, change: &str| {
        let body = json!({ "visitId": "v", "seq": seq, "change": change });
        async move { post(address, "/local/audit", &body).await }
    };
    for (seq, change, count) in [(1, "flip", 1), (2, "swap", 2), (4, "drop", 1), (5, "truncate", 2)] {
        assert_eq!(tamper(seq, change).await.json(), json!({ "changed": count }), "{change}");
    }
    let query = json!({
        "TableName": "Audit", "KeyConditionExpression": "PK = :v", "ExpressionAttributeValues": { ":v": { "S": "V#v" } },
    });
    let left = laptop.aws().dynamodb("Query", query).await.unwrap();
    let seen =
        |item: &Value| [&item["SK"]["S"], &item["seq"]["N"], &item["actorId"]["S"]].map(Value::to_string).join(" ");
    let seen: Vec<_> = left["Items"].as_array().unwrap().iter().map(seen).collect();
    let expected =
        [r#""000000000001" "1" "systel""#, r#""000000000002" "3" "system""#, r#""000000000003" "2" "system""#];
    assert_eq!(seen, expected);
    tamper(4, "flip").await.problem(404, "NOT_FOUND");
    tamper(1, "burn").await.problem(400, "MALFORMED_REQUEST");
}

#[tokio::test(flavor = "multi_thread")]
async fn media_has_troubles_for_the_calls_that_there_are() {
    let (_laptop, address) = laptop().await;
    let end = json!({ "kind": "end", "visitId": "none" });
    assert_eq!(post(address, "/local/media", &end).await.json(), json!({ "ended": 0 }));
    post(address, "/local/media", &json!({ "kind": "end" })).await.problem(400, "MALFORMED_REQUEST");
    post(address, "/local/media", &json!({ "kind": "melt" })).await.problem(400, "MALFORMED_REQUEST");
    let none = [
        json!({ "kind": "cut", "visitId": "v", "participantId": "p" }),
        json!({ "kind": "stall-audio", "visitId": "v", "seconds": 2 }),
        json!({ "kind": "blackhole", "visitId": "v", "seconds": 0.5 }),
        json!({ "kind": "delay", "visitId": "v", "participantId": "p", "seconds": 0.2 }),
        json!({ "kind": "capacity", "visitId": "v", "most": 2 }),
    ];
    for trouble in none {
        assert_eq!(post(address, "/local/media", &trouble).await.json(), json!({ "meetings": 0 }), "{trouble}");
    }
    let kick = json!({ "kind": "kick", "visitId": "v", "participantId": "p" });
    assert_eq!(post(address, "/local/media", &kick).await.json(), json!({ "kicked": 0 }));
    let wrong = [
        json!({ "kind": "blackhole", "visitId": "v", "seconds": -1 }),
        json!({ "kind": "delay", "visitId": "v", "seconds": 601 }),
        json!({ "kind": "delay", "visitId": "v" }),
        json!({ "kind": "capacity", "visitId": "v", "most": 2, "seconds": 1 }),
    ];
    for wrong in wrong {
        post(address, "/local/media", &wrong).await.problem(400, "MALFORMED_REQUEST");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_other_origins_cannot_use_the_controls() {
    let (_laptop, address) = laptop().await;
    for origin in ["https://evil.example", "null", "http://localhost:1"] {
        send(address, "GET", "/local/keys", &[("origin", origin)], b"").await.problem(403, "FORBIDDEN");
        send(address, "POST", "/local/reset", &[("origin", origin)], b"{}").await.problem(403, "FORBIDDEN");
    }
    let own = format!("http://localhost:{}", address.port());
    assert_eq!(send(address, "GET", "/local/keys", &[("origin", &own)], b"").await.status, 200);
    for (method, path) in [("GET", "/local/nothing"), ("PUT", "/local/keys"), ("OPTIONS", "/local/keys")] {
        send(address, method, path, &[], b"").await.problem(404, "NOT_FOUND");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_port_is_said_and_a_stopped_laptop_leaves_its_ports() {
    let (laptop, address) = laptop().await;
    let options = Options { port: address.port(), ..Options::default().ports_free() };
    let Err(error) = Laptop::start(options.clone()).await else { panic!("two on one port") };
    assert!(matches!(error, StartError::Busy { flag: "--port", .. }));
    let said = format!("Port {} is in use by another program; choose another one with --port.", address.port());
    assert_eq!(error.to_string(), said);
    drop(laptop);
    let again = async {
        loop {
            match Laptop::start(options.clone()).await {
                Ok(laptop) => break laptop,
                Err(_) => tokio::task::yield_now().await,
            }
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), again).await.unwrap();
}
