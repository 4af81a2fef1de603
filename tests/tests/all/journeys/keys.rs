//! Landers' keys: made, used, listed, revoked.

use crate::lessons::aws;
use bedside_tests::{Answer, Practice};
use serde_json::{Value, json};

const PATH: &str = "/api/keys";

fn secret(label: &str) -> Value {
    json!({"kind": "secret", "label": label})
}

fn publishable(practice: &Practice) -> Value {
    json!({
        "kind": "publishable", "label": "Landing page", "origins": ["https://lander.example", "http://localhost:3000"],
        "clinicianIds": [practice.key("clinicianId")],
    })
}

async fn make(practice: &Practice, body: &Value) -> Answer {
    practice.post(PATH, body).bearer(&practice.token("admin", None).await).send().await
}

async fn delete(practice: &Practice, id: &str) -> Answer {
    let admin = practice.token("admin", None).await;
    practice.ask("DELETE", &format!("{PATH}/{id}")).bearer(&admin).send().await
}

async fn list(practice: &Practice, query: &str) -> Value {
    let admin = practice.token("admin", None).await;
    practice.get(&format!("{PATH}{query}")).bearer(&admin).send().await.expect(200).json
}

/// Something small that a key may do.
async fn uses(practice: &Practice, key: &str) -> Answer {
    practice.get(&format!("/api/clinicians/{}", practice.key("clinicianId"))).bearer(key).send().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_is_shown_once_works_at_once_and_stops_at_once() {
    let practice = Practice::open().await;
    let made = make(&practice, &secret("EHR")).await.expect(201);
    let (id, key) = (made.text_at("/keyId"), made.text_at("/key"));
    assert_eq!(made.headers["location"], format!("{PATH}/{id}").as_str());
    assert!(key.starts_with("bsk_") && key.len() == 40 && key[4..].bytes().all(|b| b.is_ascii_alphanumeric()));
    assert_eq!(made.text_at("/prefix"), key[..8]);
    assert!(made.json.get("origins").is_none() && made.json.get("lastUsedAt").is_none(), "{}", made.text);
    assert_ne!(make(&practice, &secret("EHR")).await.expect(201).text_at("/key"), key);

    let _ = uses(&practice, &key).await.expect(200);
    let listed = list(&practice, "").await;
    let shown = listed["keys"].as_array().unwrap().iter().find(|key| key["keyId"] == id.as_str()).unwrap();
    let used: jiff::Timestamp = shown["lastUsedAt"].as_str().unwrap().parse().unwrap();
    assert!(practice.now().duration_since(used).as_secs() < 60);
    let mut as_made = made.json.clone();
    let _ = as_made.as_object_mut().unwrap().remove("key");
    as_made["lastUsedAt"] = shown["lastUsedAt"].clone();
    assert_eq!(*shown, as_made);

    assert!(delete(&practice, &id).await.expect(204).text.is_empty());
    uses(&practice, &key).await.problem(401, "UNAUTHENTICATED");
    delete(&practice, &id).await.problem(404, "NOT_FOUND");
    let left = list(&practice, "").await;
    assert!(!left.to_string().contains(&id));

    let rows = aws::items(&practice, &["Visits", "Audit", "Limits"]).await;
    assert!(rows.iter().all(|row| !row.to_string().contains(&key[8..])), "it is kept nowhere");
    let of_it: Vec<_> = rows.iter().filter(|row| row["metadata"]["M"]["keyId"]["S"] == id.as_str()).collect();
    let events: Vec<_> = of_it.iter().map(|row| row["type"]["S"].as_str().unwrap()).collect();
    assert_eq!(events, ["KEY_CREATED", "KEY_REVOKED"]);
    assert!(of_it.iter().all(|row| row["actorId"]["S"] == "admin-1" && row["actorRole"]["S"] == "admin"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pages_key_is_for_its_pages_and_its_clinicians() {
    let practice = Practice::open().await;
    let made = make(&practice, &publishable(&practice)).await.expect(201);
    assert!(made.text_at("/key").starts_with("bpk_"));
    for (name, value) in publishable(&practice).as_object().unwrap() {
        assert_eq!(made.json[name], *value);
    }
    let ask = |origin: &str| uses_from(&practice, made.text_at("/key"), origin.to_owned());
    for origin in ["https://lander.example", "http://localhost:3000"] {
        ask(origin).await.problem(400, "VALIDATION_FAILED");
    }
    for origin in ["https://lander.example:8443", "http://lander.example", "https://evil.example", "null"] {
        ask(origin).await.problem(403, "ORIGIN_NOT_ALLOWED");
    }
    let id = made.text_at("/keyId");
    let _ = delete(&practice, &id).await.expect(204);
    ask("https://lander.example").await.problem(401, "UNAUTHENTICATED");
}

async fn uses_from(practice: &Practice, key: String, origin: String) -> Answer {
    practice.post("/api/schedule", &json!({})).bearer(&key).header("origin", &origin).send().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_cannot_be_is_not_made() {
    let practice = Practice::open().await;
    let foreign = practice.local("/local/tenants", &json!({})).await;
    let before = list(&practice, "?limit=100").await;
    let page = |name: &str, value: Value| {
        let mut body = publishable(&practice);
        body[name] = value;
        body
    };
    let without = |name: &str| {
        let mut body = publishable(&practice);
        let _ = body.as_object_mut().unwrap().remove(name);
        body
    };
    for (body, pointer) in [
        (json!({"label": "EHR"}), "/kind"),
        (json!({"kind": "public", "label": "EHR"}), "/kind"),
        (json!({"kind": "secret"}), "/label"),
        (secret(""), "/label"),
        (secret(&"x".repeat(81)), "/label"),
        (json!({"kind": "secret", "label": "a", "origins": ["https://a.example"]}), "/origins"),
        (json!({"kind": "secret", "label": "a", "clinicianIds": []}), "/clinicianIds"),
        (without("origins"), "/origins"),
        (without("clinicianIds"), "/clinicianIds"),
        (page("origins", json!([])), "/origins"),
        (page("clinicianIds", json!([])), "/clinicianIds"),
        (page("origins", json!(["https://a.example/"])), "/origins/0"),
        (page("origins", json!(["https://a.example", "*"])), "/origins/1"),
        (page("origins", json!(["https://a.example", "https://a.example"])), "/origins"),
        (page("origins", json!((0..21).map(|n| format!("https://a{n}.example")).collect::<Vec<_>>())), "/origins"),
        (page("clinicianIds", json!(["no spaces"])), "/clinicianIds/0"),
        (page("clinicianIds", json!((0..201).map(|n| format!("c{n}")).collect::<Vec<_>>())), "/clinicianIds"),
    ] {
        let answer = make(&practice, &body).await.problem(400, "VALIDATION_FAILED");
        assert_eq!(answer.json["errors"][0]["pointer"], pointer, "{body}: {}", answer.text);
        assert_eq!(answer.json["errors"].as_array().unwrap().len(), 1, "{}", answer.text);
    }
    for unknown in [json!(["nobody"]), json!([practice.key("clinicianId"), foreign["clinicianId"]])] {
        make(&practice, &page("clinicianIds", unknown)).await.problem(404, "CLINICIAN_NOT_FOUND");
    }
    assert_eq!(list(&practice, "?limit=100").await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_are_for_administrators_each_of_their_own_practice() {
    let practice = Practice::open().await;
    let made = make(&practice, &secret("EHR")).await.expect(201);
    let (id, key) = (made.text_at("/keyId"), made.text_at("/key"));
    let foreign = practice.local("/local/tenants", &json!({})).await;
    let tenant = foreign["tenantId"].as_str().unwrap();
    let mut others = vec![practice.key("secretKey").to_owned(), practice.key("publishableKey").to_owned()];
    for role in ["clinician", "auditor", "patient"] {
        others.push(practice.token(role, None).await);
    }
    let one = format!("{PATH}/{id}");
    let asks = || [practice.post(PATH, &secret("x")), practice.get(PATH), practice.ask("DELETE", &one)];
    for other in &others {
        for ask in asks() {
            let ask = ask.bearer(other).header("origin", practice.key("allowedOrigin"));
            ask.send().await.problem(403, "FORBIDDEN");
        }
    }
    for ask in asks() {
        ask.send().await.problem(401, "UNAUTHENTICATED");
    }
    let theirs = practice.token_at(tenant, "admin", "admin-1").await;
    practice.ask("DELETE", &one).bearer(&theirs).send().await.problem(404, "NOT_FOUND");
    let own = practice.get(PATH).bearer(&theirs).send().await.expect(200).json;
    assert_eq!(own["keys"].as_array().unwrap().len(), 2);
    assert!(!own.to_string().contains(&id));
    let _ = uses(&practice, &key).await.expect(200);
    for never in ["019ac0de-c111-7b22-9c33-4d55e66f7788", "nonsense", &id.to_uppercase()] {
        delete(&practice, never).await.problem(404, "NOT_FOUND");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_eight_who_revoke_a_key_at_once_one_does() {
    let practice = Practice::open().await;
    let admin = practice.token("admin", None).await;
    for _ in 0..4 {
        let id = make(&practice, &secret("EHR")).await.expect(201).text_at("/keyId");
        let path = format!("{PATH}/{id}");
        let all = (0..8).map(|_| practice.ask("DELETE", &path).bearer(&admin).send());
        let answers = futures_util::future::join_all(all).await;
        let mut seen: Vec<_> = answers.iter().map(|answer| answer.status.as_u16()).collect();
        seen.sort_unstable();
        assert_eq!(seen, [204, 404, 404, 404, 404, 404, 404, 404]);
        let rows = aws::items(&practice, &["Audit"]).await;
        let revoked = rows.iter().filter(|row| row["metadata"]["M"]["keyId"]["S"] == id.as_str());
        assert_eq!(revoked.count(), 2, "made once, revoked once");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_are_listed_newest_first_page_by_page() {
    let practice = Practice::open().await;
    let admin = practice.token("admin", None).await;
    let mut expected = Vec::new();
    for n in 0..5 {
        expected.insert(0, make(&practice, &secret(&format!("key {n}"))).await.expect(201).text_at("/keyId"));
    }
    let ids = |page: &Value| -> Vec<String> {
        page["keys"].as_array().unwrap().iter().map(|key| key["keyId"].as_str().unwrap().to_owned()).collect()
    };
    let all = list(&practice, "").await;
    assert_eq!(ids(&all)[..5], expected);
    assert_eq!(ids(&all).len(), 7, "and the demo's own two");
    assert!(all.get("nextCursor").is_none());
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = list(&practice, &format!("?limit=2{cursor}")).await;
        assert!(ids(&page).len() <= 2);
        seen.extend(ids(&page));
        // What is made meanwhile is newer than all that is still to come.
        if seen.len() == 2 {
            let _ = make(&practice, &secret("meanwhile")).await.expect(201);
        }
        match page["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, ids(&all));
    for query in ["?limit=0", "?limit=101", "?limit=ten", "?cursor=nonsense", "?cursor="] {
        practice.get(&format!("{PATH}{query}")).bearer(&admin).send().await.problem(400, "VALIDATION_FAILED");
    }
    let foreign = practice.local("/local/tenants", &json!({})).await;
    let theirs = practice.token_at(foreign["tenantId"].as_str().unwrap(), "admin", "admin-1").await;
    let page = practice.get(&format!("{PATH}?limit=1")).bearer(&theirs).send().await.expect(200);
    let path = format!("{PATH}?cursor={}", page.text_at("/nextCursor"));
    practice.get(&path).bearer(&admin).send().await.problem(400, "VALIDATION_FAILED");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_use_of_a_key_is_known_to_the_hour_and_no_request_fails_for_it() {
    let practice = Practice::open().await;
    let made = make(&practice, &secret("EHR")).await.expect(201);
    let (id, key) = (made.text_at("/keyId"), made.text_at("/key"));
    let used = async || {
        let keys = list(&practice, "").await;
        let found = keys["keys"].as_array().unwrap().iter().find(|key| key["keyId"] == id.as_str()).unwrap().clone();
        found["lastUsedAt"].as_str().map(str::to_owned)
    };
    // Reading a clinician writes nothing else.
    for kind in ["error", "throttle", "conflict"] {
        practice.fault("dynamodb", "TransactWriteItems", kind, 1000).await;
        let _ = uses(&practice, &key).await.expect(200);
        practice.no_faults().await;
        assert_eq!(used().await, None, "{kind}");
    }
    practice.reset_calls().await;
    for _ in 0..5 {
        let _ = uses(&practice, &key).await.expect(200);
    }
    assert_eq!(practice.calls().await["dynamodb.TransactWriteItems"], 1, "noted once");
    let first = used().await.unwrap();
    practice.advance(3500).await;
    let _ = uses(&practice, &key).await.expect(200);
    assert_eq!(used().await.unwrap(), first);
    practice.advance(200).await;
    let _ = uses(&practice, &key).await.expect(200);
    assert_ne!(used().await.unwrap(), first);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_practice_has_at_most_500_keys_even_when_two_are_asked_for_at_once() {
    let practice = Practice::open().await;
    let partition = format!("KEYS#{}", practice.key("tenantId"));
    for n in 0..497 {
        let item = json!({"PK": {"S": partition}, "SK": {"S": format!("019ac0de-0000-7000-8000-{n:012}")}});
        let _ = aws::call(&practice, "DynamoDB_20120810.PutItem", &json!({"TableName": "Visits", "Item": item})).await;
    }
    let label = secret("the last");
    let (one, two) = tokio::join!(make(&practice, &label), make(&practice, &label));
    let mut seen = [one.status.as_u16(), two.status.as_u16()];
    seen.sort_unstable();
    assert_eq!(seen, [201, 400]);
    let (made, refused) = if one.status == 201 { (one, two) } else { (two, one) };
    let refused = refused.problem(400, "VALIDATION_FAILED");
    assert_eq!(refused.json["errors"][0]["pointer"], "");
    make(&practice, &label).await.problem(400, "VALIDATION_FAILED");
    let _ = delete(&practice, &made.text_at("/keyId")).await.expect(204);
    let _ = make(&practice, &label).await.expect(201);
}
