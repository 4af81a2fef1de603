//! Credentials that do not hold, and paths that lead nowhere.

use super::{By, Scene, is_well_dressed, refused};
use bedside_tests::{Answer, Device, Practice};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_carries_the_common_headers() {
    let practice = Practice::open().await;
    let scene = Scene::set(&practice).await;
    let mut seen = Vec::new();
    for route in scene.routes() {
        let ask = scene.ask(&route);
        let answer = match &route.body {
            Some(body) => ask.json(body).send().await,
            None => ask.send().await,
        };
        assert!(answer.status.as_u16() < 500, "{} {}: {}", route.method, route.path, answer.text);
        is_well_dressed(&answer);
        let kind = answer.headers.get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
        let expected = match answer.status.as_u16() {
            204 => None,
            200..300 => Some("application/json".to_owned()),
            _ => Some("application/problem+json".to_owned()),
        };
        assert_eq!(kind, expected, "{} {}", route.method, route.path);
        seen.push(answer.headers["x-request-id"].to_str().unwrap().to_owned());
    }
    let all = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), all, "every request has an id of its own");
    let jwks = practice.get("/.well-known/jwks.json").send().await.expect(200);
    assert_eq!(jwks.headers["cache-control"], "public, max-age=300");
    assert!(jwks.headers.contains_key("x-request-id"));
}

/// A token with its signature's first letter turned.
fn turned(token: &str) -> String {
    let (rest, signature) = token.rsplit_once('.').unwrap();
    let first = if signature.starts_with('A') { "B" } else { "A" };
    format!("{rest}.{first}{}", &signature[1..])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_credential_that_is_none_is_refused_at_every_route_and_changes_nothing() {
    let practice = Practice::open().await;
    let scene = Scene::set(&practice).await;
    let other = Practice::open().await;
    let elsewhere = other.token("admin", None).await;
    let unsigned = format!("{}.", scene.tokens[0].rsplit_once('.').unwrap().0);
    let key = practice.key("secretKey");
    let headers = [
        "Basic YTpi".to_owned(),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        "Bearer nonsense".to_owned(),
        "Bearer a.b.c".to_owned(),
        "Bearer bsk_0000000000000000000000000000000000000000".to_owned(),
        format!("Bearer {}", &key[..key.len() - 1]),
        format!("Bearer {}", turned(&scene.tokens[0])),
        format!("Bearer {}", turned(&scene.seat.session)),
        format!("Bearer {unsigned}"),
        format!("Bearer {elsewhere}"),
        format!("Bearer {}", scene.seat.session),
        format!("Basic {key}"),
        key.to_owned(),
    ];
    let before = scene.state().await;
    for route in scene.routes() {
        if route.by == By::Nobody {
            continue;
        }
        let ask = || {
            let ask = practice.ask(route.method, &route.path);
            match &route.body {
                Some(body) => ask.json(body),
                None => ask,
            }
        };
        let is_refused = |answer: Answer, how: &str| {
            let what = format!("{} {} {how}", route.method, route.path);
            let answer = refused(answer, 401, "UNAUTHENTICATED", &what);
            assert!(answer.headers.contains_key("www-authenticate"), "{what}");
        };
        is_refused(ask().send().await, "without a credential");
        for header in &headers {
            is_refused(ask().header("authorization", header).send().await, header);
        }
        if route.by == By::Session || route.path.starts_with("/api/session") {
            is_refused(ask().bearer(key).send().await, "with a key where a session belongs");
            is_refused(ask().bearer(&scene.tokens[0]).send().await, "with a sign-in where a session belongs");
        }
    }
    assert_eq!(scene.state().await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pages_key_opens_nothing_but_the_lander() {
    let practice = Practice::open().await;
    let scene = Scene::set(&practice).await;
    let before = scene.state().await;
    for route in scene.routes() {
        if matches!(route.by, By::Nobody | By::Session) || route.path.starts_with("/api/session") {
            continue;
        }
        let ask = |origin: Option<&str>| {
            let ask = practice.ask(route.method, &route.path).bearer(practice.key("publishableKey"));
            let ask = match &route.body {
                Some(body) => ask.json(body),
                None => ask,
            };
            match origin {
                Some(origin) => ask.header("origin", origin),
                None => ask,
            }
        };
        let what = format!("{} {}", route.method, route.path);
        refused(ask(Some(practice.key("allowedOrigin"))).send().await, 403, "FORBIDDEN", &what);
        // From whatever page: where the key has no say, its origin has none.
        refused(ask(None).send().await, 403, "FORBIDDEN", &what);
        refused(ask(Some("https://evil.example")).send().await, 403, "FORBIDDEN", &what);
    }
    assert_eq!(scene.state().await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_sign_in_is_none() {
    let practice = Practice::open().await;
    let token = practice.token("admin", None).await;
    let path = format!("/api/clinicians/{}", practice.key("clinicianId"));
    practice.get(&path).bearer(&token).send().await.expect(200);
    practice.advance(24 * 3600).await;
    refused(practice.get(&path).bearer(&token).send().await, 401, "UNAUTHENTICATED", "a day later");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_path_that_leads_nowhere_is_not_found_and_an_id_that_cannot_be_is_not_there() {
    let practice = Practice::open().await;
    let scene = Scene::set(&practice).await;
    let before = scene.state().await;
    let [admin, auditor, clinician] = &scene.tokens;
    let key = practice.key("secretKey");
    let long = "x".repeat(65);
    for id in ["nonsense", "019ac0de", "%20", "019ac0de-c111-4b22-9c33-4d55e66f7788", "..%2F..", "%00", &long] {
        for (method, path, bearer, body) in [
            ("GET", format!("/api/visits/{id}"), admin, json!(null)),
            ("GET", format!("/api/visits/{id}/audit"), auditor, json!(null)),
            ("GET", format!("/api/visits/{id}/participants"), clinician, json!(null)),
            ("POST", format!("/api/visits/{id}/links"), admin, json!({"roles": ["patient"]})),
            ("POST", format!("/api/visits/{id}/end"), clinician, json!({"endReason": "completed"})),
            ("POST", format!("/api/visits/{id}/start-authenticated"), clinician, json!({})),
            ("POST", scene.visit.path(&format!("/participants/{id}/admit")), clinician, json!({})),
            ("POST", format!("/api/challenges/{id}/answer"), clinician, json!({"answer": "123456"})),
            ("DELETE", format!("/api/keys/{id}"), admin, json!(null)),
        ] {
            let ask = practice.ask(method, &path).bearer(bearer);
            let ask = if body.is_null() { ask } else { ask.json(&body) };
            refused(ask.send().await, 404, "NOT_FOUND", &format!("{method} {path}"));
        }
    }
    let record = json!({"givenName": "A", "familyName": "B", "state": "NY"});
    for id in ["no%20space", "%C3%A9", "a%2Fb", "%00", &long] {
        for (kind, name) in [("patients", "patientId"), ("clinicians", "clinicianId")] {
            let path = format!("/api/{kind}/{id}");
            refused(practice.get(&path).bearer(admin).send().await, 404, "NOT_FOUND", &path);
            let answer = practice.put(&path, &record).bearer(admin).send().await;
            let answer = refused(answer, 400, "VALIDATION_FAILED", &path);
            let errors = answer.json["errors"].as_array().unwrap();
            assert!(errors.iter().any(|error| error["pointer"] == format!("/path/{name}")), "{}", answer.text);
        }
    }
    for (method, path) in [
        ("GET", "/api"),
        ("GET", "/api/"),
        ("GET", "/api/nowhere"),
        ("GET", "/api/visits/"),
        ("GET", "/api/visits/a/b/c/d"),
        ("DELETE", "/api/visits"),
        ("PUT", "/api/visits"),
        ("DELETE", "/api/session"),
        ("POST", "/api/session"),
        ("GET", "/api/token/redeem"),
        ("GET", "/api/session/join"),
        ("PATCH", "/api/patients/p-1"),
        ("POST", "/.well-known/jwks.json"),
        ("OPTIONS", "/api/visits"),
    ] {
        refused(practice.ask(method, path).bearer(key).send().await, 404, "NOT_FOUND", &format!("{method} {path}"));
    }
    assert_eq!(scene.state().await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_parameter_that_cannot_be_is_named() {
    let practice = Practice::open().await;
    let scene = Scene::set(&practice).await;
    for (query, pointer) in [
        ("limit=0", "/query/limit"),
        ("limit=101", "/query/limit"),
        ("limit=ten", "/query/limit"),
        ("limit=5&limit=6", "/query/limit"),
        ("cursor=nonsense", "/query/cursor"),
    ] {
        let path = scene.visit.path(&format!("/audit?{query}"));
        let answer = practice.get(&path).bearer(&scene.tokens[1]).send().await;
        let answer = refused(answer, 400, "VALIDATION_FAILED", query);
        assert_eq!(answer.json["errors"][0]["pointer"], pointer);
    }
    let answer = practice.get("/api/health?deep=perhaps").send().await;
    assert_eq!(refused(answer, 400, "VALIDATION_FAILED", "deep").json["errors"][0]["pointer"], "/query/deep");
    let long = "k".repeat(129);
    let start = practice.post(&scene.visit.path("/start"), &scene.guest).header("idempotency-key", &long);
    let answer = refused(start.send().await, 400, "VALIDATION_FAILED", "a long key");
    assert_eq!(answer.json["errors"][0]["pointer"], "/header/Idempotency-Key");
    let device = Device::new();
    let start = practice.post(&scene.visit.path("/start"), &scene.guest).device(&device).header("dpop", "x.y.z");
    refused(start.send().await, 401, "DPOP_INVALID", "two proofs");
}
