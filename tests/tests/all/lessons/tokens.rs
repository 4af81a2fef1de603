//! Our own verification: what it must refuse, before each route that takes a token of ours.
//!
//! Many of these are signed by the very key that signs ours: they are refused for what they say, not for who says it.

use super::aws::{part, sign};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bedside_tests::{Answer, Appointment, Device, Practice, credential, foreign_address};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// A token that must be refused, and what is wrong with it.
type Wrong = (String, String);

fn with(of: &Value, member: &str, value: Value) -> String {
    let mut changed = of.clone();
    changed[member] = value;
    changed.to_string()
}

fn without(of: &Value, member: &str) -> String {
    let mut changed = of.clone();
    changed.as_object_mut().unwrap().remove(member);
    changed.to_string()
}

fn encoded(header: &str, claims: &str, signature: &[u8]) -> String {
    let [header, claims] = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part));
    format!("{header}.{claims}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn hmac(header: &str, claims: &str, secret: &[u8]) -> String {
    let input = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret);
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(ring::hmac::sign(&key, input.as_bytes())))
}

/// The public key in each form that a library might take for a secret.
async fn public_key_forms(practice: &Practice) -> Vec<Vec<u8>> {
    let set = practice.get("/.well-known/jwks.json").send().await.expect(200);
    let key = &set.json["keys"][0];
    let coordinate = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str().unwrap()).unwrap();
    let point = [vec![4], coordinate("x"), coordinate("y")].concat();
    let spki_prefix = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE";
    let spki = [base64::engine::general_purpose::STANDARD.decode(spki_prefix).unwrap(), point[1..].to_vec()].concat();
    let body = base64::engine::general_purpose::STANDARD.encode(&spki);
    let lines: Vec<&str> = [&body[..64], &body[64..]].to_vec();
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"));
    vec![point, spki, pem.into_bytes(), key.to_string().into_bytes(), set.text.into_bytes(), vec![0; 32]]
}

/// What is wrong with a token in form, algorithm, key or header.
async fn wrong_headers(practice: &Practice, token: &str, lair: &str) -> Vec<Wrong> {
    let (header, claims) = (part(token, 0), part(token, 1));
    let (head, said) = (header.to_string(), claims.to_string());
    let signature = URL_SAFE_NO_PAD.decode(token.rsplit('.').next().unwrap()).unwrap();
    let mut wrong: Vec<Wrong> = Vec::new();
    let mut add = |why: String, token: String| wrong.push((why, token));

    for none in ["none", "None", "NONE"] {
        let header = with(&header, "alg", json!(none));
        add(format!("alg {none}, unsigned"), encoded(&header, &said, b""));
        add(format!("alg {none}, with our key"), sign(practice, &header, &said).await);
    }
    for alg in ["HS256", "ES256"] {
        let header = with(&header, "alg", json!(alg));
        for (n, secret) in public_key_forms(practice).await.iter().enumerate() {
            add(format!("an HMAC under the public key in form {n}, called {alg}"), hmac(&header, &said, secret));
        }
    }
    for alg in ["ES384", "RS256", "EdDSA", "es256", "HS256", ""] {
        add(format!("alg {alg} with our key"), sign(practice, &with(&header, "alg", json!(alg)), &said).await);
    }
    add("no alg".to_owned(), sign(practice, &without(&header, "alg"), &said).await);

    // Somebody else's key, offered in each way that a header knows.
    let forger = Device::new();
    let mut jwk = forger.jwk().clone();
    for name in ["kid", "use", "alg"] {
        jwk[name] = header[if name == "use" { "typ" } else { name }].clone();
    }
    let offers = [
        ("jwk", jwk.clone()),
        ("jku", json!(format!("{lair}/jwks.json"))),
        ("x5u", json!(format!("{lair}/key.pem"))),
        ("x5c", json!(["MIIB"])),
        ("x5t", json!("AAAA")),
        ("zip", json!("DEF")),
        ("b64", json!(false)),
        ("cty", json!("JWT")),
        ("crit", json!(["exp"])),
        ("crit", json!(["b64"])),
        ("crit", json!([])),
    ];
    for (name, value) in offers {
        let offering: Value = serde_json::from_str(&with(&header, name, value)).unwrap();
        add(format!("{name} with a forger's key"), forger.sign(&offering, &claims));
        add(format!("{name} with our key"), sign(practice, &offering.to_string(), &said).await);
    }
    add("a forger's key".to_owned(), forger.sign(&header, &claims));

    for kid in
        [json!("another"), json!(""), json!(1), Value::Null, header["kid"].as_str().unwrap().to_lowercase().into()]
    {
        add(format!("kid {kid}"), sign(practice, &with(&header, "kid", kid), &said).await);
    }
    add("no kid".to_owned(), sign(practice, &without(&header, "kid"), &said).await);
    for typ in ["JWT", "at+jwt", "dpop+jwt", "audit-head+jwt", "join+jwt", "visit+jwt", "JOIN+JWT", ""] {
        if header["typ"] != typ {
            add(format!("typ {typ}"), sign(practice, &with(&header, "typ", json!(typ)), &said).await);
        }
    }
    add("no typ".to_owned(), sign(practice, &without(&header, "typ"), &said).await);

    let twice = |of: &str, member: &str| format!("{{{member},{}", &of[1..]);
    add("alg twice".to_owned(), sign(practice, &twice(&head, r#""alg":"none""#), &said).await);
    add("jti or sid twice".to_owned(), sign(practice, &head, &twice(&said, r#""jti":"a","sid":"b""#)).await);
    add("sub twice".to_owned(), sign(practice, &head, &twice(&said, r#""sub":"a""#)).await);
    add("a list of claims".to_owned(), sign(practice, &head, "[]").await);
    let padded = token.split('.').map(|part| format!("{part}=")).collect::<Vec<_>>().join(".");
    add("padding".to_owned(), padded);
    add("no signature".to_owned(), encoded(&head, &said, b""));
    add("half a signature".to_owned(), encoded(&head, &said, &signature[..32]));
    add("a signature of zeros".to_owned(), encoded(&head, &said, &[0; 64]));
    let der = p256::ecdsa::Signature::from_slice(&signature).unwrap().to_der();
    add("a DER signature".to_owned(), encoded(&head, &said, der.as_bytes()));
    add("a fourth part".to_owned(), format!("{token}.e30"));
    add("a white space".to_owned(), format!("{token} x"));
    wrong
}

/// What is wrong with a token in what it claims; all are signed by our key.
async fn wrong_claims(practice: &Practice, token: &str, other_tenant: &str) -> Vec<Wrong> {
    let (header, claims) = (part(token, 0).to_string(), part(token, 1));
    let now = practice.now().as_second();
    let mut wrong = Vec::new();
    let changes = [
        ("iss", json!("https://visit.example.com")),
        ("iss", json!(format!("{}/", practice.key("publicOrigin")))),
        ("iss", json!(practice.key("issuer"))),
        ("aud", json!("another")),
        ("aud", json!(["bedside"])),
        ("nbf", json!(now + 120)),
        ("exp", json!("tomorrow")),
        ("tenant", json!(other_tenant)),
        ("visit_id", json!("019ac0de-8122-7b0c-8e55-7d3a9c1f2b06")),
        ("admin", json!(true)),
    ];
    for (name, value) in changes {
        let why = format!("{name} {value}");
        wrong.push((why, sign(practice, &header, &with(&claims, name, value)).await));
    }
    for name in ["iss", "aud", "exp", "nbf", "sub", "visit_id", "tenant"] {
        wrong.push((format!("no {name}"), sign(practice, &header, &without(&claims, name)).await));
    }
    wrong
}

/// A place that a header may point to; nobody must ever come.
async fn lair() -> (String, TcpListener) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    (format!("http://{}", listener.local_addr().unwrap()), listener)
}

async fn nobody_came(listener: TcpListener) {
    let came = tokio::time::timeout(std::time::Duration::from_millis(50), listener.accept()).await;
    assert!(came.is_err(), "somebody fetched a key from where the token's header pointed to");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_token_that_is_not_ours_in_every_respect_opens_nothing() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let links = visit.links().await;
    let token = links["patient"]["token"].as_str().unwrap();
    let other = practice.local("/local/tenants", &json!({})).await["tenantId"].as_str().unwrap().to_owned();
    let clinician = visit.clinician_sits().await;
    let (lair, listener) = lair().await;

    let look = async |token: &str| -> Answer {
        let ask = practice.post("/api/token/redeem", &json!({"token": token}));
        ask.header("x-local-address", &foreign_address()).send().await
    };
    let again = sign(&practice, &part(token, 0).to_string(), &part(token, 1).to_string()).await;
    let _ = look(&again).await.expect(200);
    let in_skew = with(&part(token, 1), "nbf", json!(practice.now().as_second() + 30));
    let _ = look(&sign(&practice, &part(token, 0).to_string(), &in_skew).await).await.expect(200);

    let mut wrong = wrong_headers(&practice, token, &lair).await;
    wrong.extend(wrong_claims(&practice, token, &other).await);
    let claims = part(token, 1);
    for (name, value) in [("jti", json!("019ac0de-8122-7b0c-8e55-7d3a9c1f2b06")), ("jti", json!(""))] {
        let forged = sign(&practice, &part(token, 0).to_string(), &with(&claims, name, value.clone())).await;
        wrong.push((format!("{name} {value}"), forged));
    }
    wrong.push(("a session's token".to_owned(), clinician.session.clone()));
    wrong.push(("a sign-in".to_owned(), visit.clinician_token().await));
    let head = visit.head().await;
    for (why, token) in wrong {
        let looked = look(&token).await;
        assert_eq!((looked.status.as_u16(), &looked.json["code"]), (401, &json!("TOKEN_INVALID")), "{why}: {token}");
        let start = practice.post(&visit.path("/start"), &json!({"token": token})).device(&Device::new());
        let started = start.header("x-local-address", &foreign_address()).send().await;
        assert_eq!((started.status.as_u16(), &started.json["code"]), (401, &json!("TOKEN_INVALID")), "{why}: {token}");
    }
    assert_eq!(visit.head().await, head, "none of them did anything");
    nobody_came(listener).await;
    let _ = visit.start(&json!({"token": token}), &Device::new()).await.expect(202);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_token_that_is_not_ours_in_every_respect_seats_nobody() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let links = visit.links().await;
    // Not bound to a device key, so that the token alone decides.
    let started = practice.post(&visit.path("/start"), &credential(links["patient"]["link"].as_str().unwrap()));
    let token = started.send().await.expect(202).text_at("/visitSession/sessionToken");
    let other = practice.local("/local/tenants", &json!({})).await["tenantId"].as_str().unwrap().to_owned();
    let (lair, listener) = lair().await;
    let (header, claims) = (part(&token, 0).to_string(), part(&token, 1));

    let look = async |token: &str| practice.get("/api/session").bearer(token).send().await;
    let again = sign(&practice, &header, &claims.to_string()).await;
    let _ = look(&again).await.expect(200);

    let mut wrong = wrong_headers(&practice, &token, &lair).await;
    wrong.extend(wrong_claims(&practice, &token, &other).await);
    let now = practice.now().as_second();
    let thumbprint = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";
    for (name, value) in [
        ("exp", json!(now - 61)),
        ("sid", json!("019ac0de-8122-7b0c-8e55-7d3a9c1f2b06")),
        ("sub", json!("019ac0de-8122-7b0c-8e55-7d3a9c1f2b06")),
        ("cnf", json!({"jkt": thumbprint})),
    ] {
        let forged = sign(&practice, &header, &with(&claims, name, value.clone())).await;
        wrong.push((format!("{name} {value}"), forged));
    }
    wrong.push(("a link's token".to_owned(), links["patient"]["token"].as_str().unwrap().to_owned()));
    wrong.push(("a sign-in".to_owned(), visit.clinician_token().await));
    let head = visit.head().await;
    for (why, token) in wrong {
        let looked = look(&token).await;
        assert_eq!((looked.status.as_u16(), &looked.json["code"]), (401, &json!("UNAUTHENTICATED")), "{why}: {token}");
        let list = practice.get(&visit.path("/participants")).bearer(&token).send().await;
        let allowed = why == "a sign-in" && list.status == 200;
        assert!(allowed || list.status == 401, "{why}: {}", list.text);
    }
    assert_eq!(visit.head().await, head, "none of them did anything");
    nobody_came(listener).await;
    let _ = look(&token).await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_ends_with_its_time() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let body = json!({"roles": ["clinician"], "ttlMinutes": 15});
    let short = practice.lander(&visit.path("/links"), &body).await.expect(200).text_at("/clinician/token");
    let seat = visit.patient_waits().await;
    practice.advance(15 * 60 + 1).await;
    let look = practice.post("/api/token/redeem", &json!({"token": short})).send().await;
    look.problem(410, "TOKEN_EXPIRED");
    let _ = seat.look().await.expect(200);
    // 15 minutes of visit and 30 after it, and the skew that clocks are allowed.
    practice.advance((5 + 5 + 15 + 30) * 60 + 60).await;
    seat.look().await.problem(401, "UNAUTHENTICATED");
}
