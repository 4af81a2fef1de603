//! The practice's settings: read, replaced whole, guarded against slips.

use crate::lessons::aws;
use bedside_tests::{Appointment, Practice};
use serde_json::{Value, json};

const PATH: &str = "/api/tenant";

/// The settings as an administrator reads them.
async fn settings(practice: &Practice) -> Value {
    practice.get(PATH).bearer(&practice.token("admin", None).await).send().await.expect(200).json
}

/// Every field, each with another value than its default.
fn everything(before: &Value) -> Value {
    json!({
        "tenantId": before["tenantId"], "name": "Praxis Müller", "smsName": "Praxis Müller", "supportPhone": "+12025550101",
        "supportEmail": "desk@example.com", "timezone": "America/Chicago", "locale": "es-US",
        "joinBaseUrl": "https://visit.example.com", "earlyMinutes": 0, "lateMinutes": 240,
        "defaultAccess": {
            "preset": "strict", "waitingRoom": true, "factors": ["sms-otp", "phone-last4"], "publicCode": true,
            "binding": "strict",
        },
        "allowOpen": false, "mediaProvider": "connect", "mediaRegion": "eu-central-1",
        "connect": {"instanceId": "instance-1", "flowId": "flow-1"}, "oidc": before["oidc"],
        "quickActions": [{"label": "Chart", "urlTemplate": "https://example.com/chart/{patientId}"}],
        "webhooks": [{"url": "https://example.com/hooks?of=visits", "events": ["VISIT_ENDED", "VISIT_SCHEDULED"]}],
        "locationPolicy": "off",
    })
}

/// What must be there.
fn least(before: &Value) -> Value {
    let needed = ["name", "smsName", "supportPhone", "timezone", "locale", "joinBaseUrl", "oidc"];
    needed.iter().map(|name| ((*name).to_owned(), before[*name].clone())).collect::<serde_json::Map<_, _>>().into()
}

/// The practice's own chain: type and details of each record.
async fn chain(practice: &Practice) -> Vec<(String, Value)> {
    let chain = format!("T#{}", practice.key("tenantId"));
    let records = aws::items(practice, &["Audit"]).await.into_iter().filter(|item| item["PK"]["S"] == chain.as_str());
    records.map(|item| (item["type"]["S"].as_str().unwrap().to_owned(), item["metadata"].clone())).collect()
}

async fn put(practice: &Practice, body: &Value) -> bedside_tests::Answer {
    practice.put(PATH, body).bearer(&practice.token("admin", None).await).send().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_can_put_what_they_got_whatever_it_is() {
    let practice = Practice::open_by_chime().await;
    let demo = settings(&practice).await;
    let records = chain(&practice).await.len();
    assert_eq!(put(&practice, &demo).await.expect(200).json, demo);
    assert_eq!(chain(&practice).await.len(), records, "nothing changed: nothing is on record");

    let all = everything(&demo);
    assert_eq!(all.as_object().unwrap().len(), 19, "every setting of the contract");
    assert_eq!(put(&practice, &all).await.expect(200).json, all);
    assert_eq!(settings(&practice).await, all, "another function shows them at once");
    assert_eq!(put(&practice, &all).await.expect(200).json, all);

    let chain = chain(&practice).await;
    assert_eq!(chain.len(), records + 1);
    let (event, details) = chain.last().unwrap();
    assert_eq!(event, "SETTINGS_CHANGED");
    let changed: Vec<_> =
        details["M"]["changed"]["L"].as_array().unwrap().iter().map(|name| name["S"].clone()).collect();
    let expected = [
        "name",
        "smsName",
        "supportPhone",
        "supportEmail",
        "timezone",
        "locale",
        "joinBaseUrl",
        "earlyMinutes",
        "lateMinutes",
        "defaultAccess",
        "allowOpen",
        "mediaProvider",
        "mediaRegion",
        "connect",
        "quickActions",
        "webhooks",
        "locationPolicy",
    ];
    assert_eq!(changed, expected, "names alone");
    for value in ["Praxis", "555", "example.com"] {
        assert!(!details.to_string().contains(value), "no values: {details}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_left_out_takes_its_default() {
    let practice = Practice::open().await;
    let demo = settings(&practice).await;
    let _ = put(&practice, &everything(&demo)).await.expect(200);
    let mut least = least(&demo);
    for claim in ["rolesClaim", "subjectClaim"] {
        let _ = least["oidc"].as_object_mut().unwrap().remove(claim).unwrap();
    }
    let now = put(&practice, &least).await.expect(200).json;
    assert_eq!(now, settings(&practice).await);
    assert_eq!(now["oidc"], demo["oidc"], "the claims have defaults too");
    for (name, value) in [
        ("earlyMinutes", json!(15)),
        ("lateMinutes", json!(30)),
        ("allowOpen", json!(false)),
        ("mediaProvider", json!("chime")),
        ("mediaRegion", json!("us-east-1")),
        ("quickActions", json!([])),
        ("webhooks", json!([])),
        ("locationPolicy", json!("alert")),
        ("supportEmail", Value::Null),
        ("connect", Value::Null),
        (
            "defaultAccess",
            json!({
                "preset": "standard", "waitingRoom": true, "factors": [], "publicCode": false, "binding": "preferred",
            }),
        ),
    ] {
        assert_eq!(now[name], value, "{name}");
    }
    assert!(now.as_object().unwrap().values().all(|value| !value.is_null()), "absent, never null");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_that_cannot_be_are_named_and_change_nothing() {
    let practice = Practice::open_by_chime().await;
    let demo = settings(&practice).await;
    let records = chain(&practice).await.len();
    let actions = vec![json!({"label": "a", "urlTemplate": "https://example.com"}); 11];
    let hooks = vec![json!({"url": "https://example.com", "events": ["VISIT_ENDED"]}); 6];
    for (name, value, pointer) in [
        ("tenantId", json!("another"), "/tenantId"),
        ("name", json!(""), "/name"),
        ("name", json!("x".repeat(101)), "/name"),
        ("smsName", json!("François"), "/smsName"),
        ("smsName", json!("123456789012345678901"), "/smsName"),
        ("supportPhone", json!("202-555-0100"), "/supportPhone"),
        ("supportEmail", json!("nobody"), "/supportEmail"),
        ("timezone", json!("Mars/Base"), "/timezone"),
        ("locale", json!("e"), "/locale"),
        ("joinBaseUrl", json!("https://visit.example.com/"), "/joinBaseUrl"),
        ("joinBaseUrl", json!("http://visit.example.com"), "/joinBaseUrl"),
        ("earlyMinutes", json!(121), "/earlyMinutes"),
        ("earlyMinutes", json!(-1), "/earlyMinutes"),
        ("lateMinutes", json!(241), "/lateMinutes"),
        ("defaultAccess", json!({"factors": ["sms-otp", "sms-otp"]}), "/defaultAccess/factors"),
        ("defaultAccess", json!({"preset": "loose"}), "/defaultAccess/preset"),
        ("mediaProvider", json!("connect"), "/connect"),
        ("mediaRegion", json!("us-east"), "/mediaRegion"),
        ("connect", json!({"instanceId": "a b", "flowId": "f"}), "/connect/instanceId"),
        ("connect", json!({"instanceId": "i"}), "/connect/flowId"),
        ("quickActions", json!(actions), "/quickActions"),
        ("quickActions", json!([{"label": "", "urlTemplate": "https://example.com"}]), "/quickActions/0/label"),
        ("quickActions", json!([{"label": "a", "urlTemplate": "http://example.com"}]), "/quickActions/0/urlTemplate"),
        ("webhooks", json!(hooks), "/webhooks"),
        ("webhooks", json!([{"url": "https://example.com", "events": []}]), "/webhooks/0/events"),
        ("webhooks", json!([{"url": "https://example.com", "events": ["NOTHING"]}]), "/webhooks/0/events/0"),
        ("webhooks", json!([{"url": "https://a", "events": ["VISIT_ENDED", "VISIT_ENDED"]}]), "/webhooks/0/events"),
        ("webhooks", json!([{"url": "ftp://example.com", "events": ["VISIT_ENDED"]}]), "/webhooks/0/url"),
        ("locationPolicy", json!("never"), "/locationPolicy"),
        ("oidc", json!({"issuer": "https://example.com?a=b", "clientId": "c"}), "/oidc/issuer"),
        ("oidc", json!({"issuer": demo["oidc"]["issuer"], "clientId": ""}), "/oidc/clientId"),
        ("oidc", json!({"issuer": demo["oidc"]["issuer"]}), "/oidc/clientId"),
    ] {
        let mut body = demo.clone();
        body[name] = value.clone();
        let answer = put(&practice, &body).await.problem(400, "VALIDATION_FAILED");
        assert_eq!(answer.json["errors"][0]["pointer"], pointer, "{name} {value}: {}", answer.text);
        assert_eq!(answer.json["errors"].as_array().unwrap().len(), 1, "{}", answer.text);
    }
    let mut open = demo.clone();
    open["allowOpen"] = json!(false);
    for access in [
        json!({"preset": "open"}),
        json!({"waitingRoom": false}),
        json!({"waitingRoom": false, "factors": ["phone-last4"]}),
    ] {
        open["defaultAccess"] = access;
        put(&practice, &open).await.problem(422, "POLICY_TOO_WEAK");
    }
    assert_eq!(settings(&practice).await, demo);
    assert_eq!(chain(&practice).await.len(), records);
    open["allowOpen"] = json!(true);
    let _ = put(&practice, &open).await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_writes_settings_and_a_clinician_reads_most_of_them() {
    let practice = Practice::open().await;
    let demo = settings(&practice).await;
    let mut seen = demo.clone();
    for hidden in ["oidc", "webhooks"] {
        let _ = seen.as_object_mut().unwrap().remove(hidden).unwrap();
    }
    let clinician = practice.token("clinician", None).await;
    assert_eq!(practice.get(PATH).bearer(&clinician).send().await.expect(200).json, seen);
    practice.put(PATH, &demo).bearer(&clinician).send().await.problem(403, "FORBIDDEN");
    let mut others = vec![practice.key("secretKey").to_owned(), practice.key("publishableKey").to_owned()];
    for role in ["auditor", "patient"] {
        others.push(practice.token(role, None).await);
    }
    for other in &others {
        for ask in [practice.get(PATH), practice.put(PATH, &demo)] {
            let ask = ask.bearer(other).header("origin", practice.key("allowedOrigin"));
            ask.send().await.problem(403, "FORBIDDEN");
        }
    }
    practice.get(PATH).send().await.problem(401, "UNAUTHENTICATED");
    practice.put(PATH, &demo).send().await.problem(401, "UNAUTHENTICATED");

    let foreign = practice.local("/local/tenants", &json!({})).await;
    let tenant = foreign["tenantId"].as_str().unwrap();
    let theirs = practice.token_at(tenant, "admin", "admin-1").await;
    let own = practice.get(PATH).bearer(&theirs).send().await.expect(200).json;
    assert_eq!(own["tenantId"], tenant, "their own, whatever they ask");
    let answer = practice.put(PATH, &demo).bearer(&theirs).send().await.problem(400, "VALIDATION_FAILED");
    assert_eq!(answer.json["errors"][0]["pointer"], "/tenantId");
    let mut thief = own.clone();
    thief["oidc"] = demo["oidc"].clone();
    let answer = practice.put(PATH, &thief).bearer(&theirs).send().await.problem(400, "VALIDATION_FAILED");
    assert_eq!(answer.json["errors"][0]["pointer"], "/oidc", "our sign-in is not theirs to take");
    assert_eq!(settings(&practice).await, demo);
    assert_eq!(practice.get(PATH).bearer(&theirs).send().await.expect(200).json, own);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn visits_that_are_there_keep_their_window_and_their_access() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let read = async || practice.get(&visit.path("")).bearer(practice.key("secretKey")).send().await.expect(200).json;
    let before = read().await;
    let mut changed = settings(&practice).await;
    changed["earlyMinutes"] = json!(60);
    changed["lateMinutes"] = json!(0);
    changed["defaultAccess"] = json!({"preset": "strict"});
    let _ = put(&practice, &changed).await.expect(200);
    practice.advance(61).await;
    let now = read().await;
    for kept in ["opensAt", "closesAt", "access"] {
        assert_eq!(now[kept], before[kept], "{kept}");
    }
    let next = Appointment::make(&practice, json!({})).await.visit;
    assert_eq!(next["access"]["preset"], "strict");
    assert_ne!(next["access"], before["access"]);
    let minutes = |visit: &Value, from: &str, to: &str| {
        let at = |name: &str| visit[name].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
        at(to).duration_since(at(from)).as_mins()
    };
    assert_eq!(minutes(&next, "opensAt", "scheduledAt"), 60);
    assert_eq!(minutes(&next, "scheduledAt", "closesAt"), 15, "the visit's own length");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_write_at_once_both_are_heard_and_one_has_the_last_word() {
    let practice = Practice::open().await;
    let demo = settings(&practice).await;
    let records = chain(&practice).await.len();
    let admin = practice.token("admin", None).await;
    let mut rounds = 0;
    for round in 0..8 {
        let named = |who: &str| {
            let mut body = everything(&demo);
            body["name"] = json!(format!("{who} {round}"));
            body["smsName"] = json!(format!("{who} {round}"));
            body
        };
        let (one, two) = (named("One"), named("Two"));
        let (first, second) = tokio::join!(
            practice.put(PATH, &one).bearer(&admin).send(),
            practice.put(PATH, &two).bearer(&admin).send()
        );
        assert_eq!([first.expect(200).json, second.expect(200).json], [one.clone(), two.clone()]);
        let now = settings(&practice).await;
        assert!(now == one || now == two, "whole, of one of them: {now}");
        rounds += 2;
    }
    let chain = chain(&practice).await;
    assert_eq!(chain.len(), records + rounds, "each of them is on record, once");
    assert!(chain[records..].iter().all(|(event, _)| event == "SETTINGS_CHANGED"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_locks_themselves_out_by_a_slip() {
    let practice = Practice::open().await;
    let demo = settings(&practice).await;
    let issuer = demo["oidc"]["issuer"].as_str().unwrap();
    for (member, value, pointer) in [
        ("issuer", "http://127.0.0.1:1/nobody", "/oidc/issuer"),
        ("issuer", &format!("{issuer}x"), "/oidc/issuer"),
        ("rolesClaim", "groups", "/oidc/rolesClaim"),
        ("subjectClaim", "employee", "/oidc/subjectClaim"),
    ] {
        let mut body = demo.clone();
        body["oidc"][member] = json!(value);
        let answer = put(&practice, &body).await.problem(400, "VALIDATION_FAILED");
        assert_eq!(answer.json["errors"][0]["pointer"], pointer, "{member} {value}");
    }
    assert_eq!(settings(&practice).await, demo, "and they still sign in");
    // A claim that says the same of them is no slip.
    let mut body = demo.clone();
    body["oidc"]["subjectClaim"] = json!("client_id");
    let _ = put(&practice, &body).await.expect(200);
}
