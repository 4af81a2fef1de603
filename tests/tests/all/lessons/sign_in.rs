//! Sign-ins: tokens of the tenants' identity providers, and what must not pass for one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bedside_tests::{Appointment, Device, Practice};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};

/// The identity provider, in our hands: everyone knows its key.
struct Provider {
    key: SigningKey,
    header: Value,
    claims: Value,
}

impl Provider {
    async fn of(practice: &Practice) -> Self {
        let key = SigningKey::from_slice(&practice.laptop().issuer_key()).unwrap();
        let token = practice.token("admin", None).await;
        Self { key, header: super::aws::part(&token, 0), claims: super::aws::part(&token, 1) }
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let part = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let input = format!("{}.{}", part(header), part(claims));
        let signature: Signature = self.key.sign(input.as_bytes());
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }

    /// A token that says this besides; `null` leaves a member out.
    fn saying(&self, of: &str, changes: &Value) -> String {
        let (mut header, mut claims) = (self.header.clone(), self.claims.clone());
        let part = if of == "header" { &mut header } else { &mut claims };
        for (name, value) in changes.as_object().unwrap() {
            if value.is_null() {
                part.as_object_mut().unwrap().remove(name);
            } else {
                part[name] = value.clone();
            }
        }
        self.sign(&header, &claims)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_of_another_issuer_client_time_or_kind_is_none() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let provider = Provider::of(&practice).await;
    let ask = async |token: &str| practice.get(&visit.path("")).bearer(token).send().await;
    let now = practice.now().as_second();

    let held = [
        json!({}),
        json!({"exp": now - 30}),
        json!({"nbf": now + 30}),
        json!({"aud": ["another", provider.claims["aud"]]}),
        json!({"aud": null}),
        json!({"token_use": "access"}),
    ];
    for claims in held {
        let answer = ask(&provider.saying("claims", &claims)).await;
        assert_eq!(answer.status, 200, "{claims}: {}", answer.text);
    }

    let elsewhere = Practice::open().await;
    let mut wrong = vec![
        ("another laptop's provider".to_owned(), elsewhere.token("admin", None).await),
        ("a forger's key".to_owned(), Device::new().sign(&provider.header, &provider.claims)),
    ];
    let wrong_claims = [
        json!({"iss": "https://login.example.com"}),
        json!({"iss": format!("{}/", provider.claims["iss"].as_str().unwrap())}),
        json!({"iss": elsewhere.key("issuer")}),
        json!({"iss": null}),
        json!({"aud": "another"}),
        json!({"aud": []}),
        json!({"aud": null, "client_id": "another"}),
        json!({"aud": null, "client_id": null}),
        json!({"aud": {"bedside": true}}),
        json!({"exp": now - 61}),
        json!({"exp": null}),
        json!({"exp": "tomorrow"}),
        json!({"nbf": now + 120}),
        json!({"token_use": "id"}),
        json!({"sub": null}),
        json!({"sub": ""}),
        json!({"sub": 7}),
    ];
    wrong.extend(wrong_claims.iter().map(|claims| (claims.to_string(), provider.saying("claims", claims))));
    let wrong_headers = [
        json!({"alg": "none"}),
        json!({"alg": "HS256"}),
        json!({"alg": "RS256"}),
        json!({"alg": null}),
        json!({"typ": "visit+jwt"}),
        json!({"typ": "join+jwt"}),
        json!({"typ": "dpop+jwt"}),
        json!({"kid": "another"}),
        json!({"jwk": {"kty": "EC"}}),
        json!({"jku": "http://127.0.0.1:9/"}),
        json!({"x5u": "http://127.0.0.1:9/"}),
        json!({"crit": ["exp"]}),
    ];
    wrong.extend(wrong_headers.iter().map(|header| (header.to_string(), provider.saying("header", header))));
    wrong.push((
        "unsigned".to_owned(),
        format!("{}.", provider.saying("header", &json!({"alg": "none"})).rsplit_once('.').unwrap().0),
    ));
    for (why, token) in wrong {
        let answer = ask(&token).await;
        assert_eq!((answer.status.as_u16(), &answer.json["code"]), (401, &json!("UNAUTHENTICATED")), "{why}");
        assert!(answer.headers.contains_key("www-authenticate"), "{why}");
    }

    let natural = practice.token("admin", None).await;
    let _ = ask(&natural).await.expect(200);
    practice.advance(3600 + 61).await;
    ask(&natural).await.problem(401, "UNAUTHENTICATED");
}

/// The tenant follows from issuer and client: a claim that names another one changes nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_at_another_practice_sees_nothing_here() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let other = practice.local("/local/tenants", &json!({})).await;
    let there = practice.token_at(other["tenantId"].as_str().unwrap(), "admin", "admin-1").await;
    let provider = Provider::of(&practice).await;
    let client = super::aws::part(&there, 1)["aud"].clone();
    let here = practice.key("tenantId");
    let names_us = json!({"aud": client, "client_id": client, "tenant": here, "tenantId": here, "tenant_id": here});
    for token in [there, provider.saying("claims", &names_us)] {
        practice.get(&visit.path("")).bearer(&token).send().await.problem(404, "NOT_FOUND");
        let path = format!("/api/clinicians/{}", visit.clinician_id);
        practice.get(&path).bearer(&token).send().await.problem(404, "NOT_FOUND");
        let own = format!("/api/clinicians/{}", other["clinicianId"].as_str().unwrap());
        let _ = practice.get(&own).bearer(&token).send().await.expect(200);
    }
    let no_role = provider.saying("claims", &json!({"roles": ["scheduler", "publishable", "root"]}));
    practice.get(&visit.path("")).bearer(&no_role).send().await.problem(403, "FORBIDDEN");
}

/// Where a practice signs in now, it signs in at once; and where it did before, no longer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_practice_that_moves_its_sign_in_leaves_the_old_one_and_has_the_new_one_at_once() {
    let practice = Practice::open().await;
    let provider = Provider::of(&practice).await;
    let old = practice.token("admin", None).await;
    let new = provider.saying("claims", &json!({"aud": "another-client", "client_id": "another-client"}));
    let ask = async |path: &str, token: &str| practice.get(path).bearer(token).send().await;
    let clinician = format!("/api/clinicians/{}", practice.key("clinicianId"));
    for path in ["/api/tenant", &clinician] {
        let _ = ask(path, &old).await.expect(200);
        ask(path, &new).await.problem(401, "UNAUTHENTICATED");
    }
    let mut settings = ask("/api/tenant", &old).await.json;
    settings["oidc"]["clientId"] = json!("another-client");
    let moved = practice.put("/api/tenant", &settings).bearer(&old).send().await.expect(200).json;
    assert_eq!(moved, settings);
    // The functions that have the old settings in memory as well.
    for path in ["/api/tenant", &clinician] {
        ask(path, &old).await.problem(401, "UNAUTHENTICATED");
        let _ = ask(path, &new).await.expect(200);
    }
    // What it has left, another practice may take.
    let other = practice.local("/local/tenants", &json!({})).await;
    let theirs = practice.token_at(other["tenantId"].as_str().unwrap(), "admin", "admin-1").await;
    let mut taken = ask("/api/tenant", &theirs).await.expect(200).json;
    taken["oidc"]["clientId"] = json!("another-client");
    let answer = practice.put("/api/tenant", &taken).bearer(&theirs).send().await.problem(400, "VALIDATION_FAILED");
    assert_eq!(answer.json["errors"][0]["pointer"], "/oidc");
    taken["oidc"]["clientId"] = provider.claims["aud"].clone();
    let _ = practice.put("/api/tenant", &taken).bearer(&theirs).send().await.expect(200);
    let seen = ask("/api/tenant", &old).await.expect(200).json;
    assert_eq!(seen["tenantId"], other["tenantId"], "the token leads where the table does");
}
