//! Our tokens before libraries of others: npm's jose and PyPI's jwcrypto, by the JWKS alone.

use bedside_tests::{Appointment, Practice};
use serde_json::{Value, json};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// What the scripts end with when their library is not there.
const NO_LIBRARY: i32 = 3;

/// The two scripts, each by its interpreter.
fn scripts() -> [(&'static str, Command); 2] {
    [("jose", script("node", "verify.mjs")), ("jwcrypto", python("verify.py"))]
}

fn script(program: &str, script: &str) -> Command {
    let mut command = Command::new(program);
    command.arg(PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/foreign")).join(script));
    command
}

/// A script in Python, with the libraries that `./dev test` sets up.
pub(super) fn python(name: &str) -> Command {
    script(&std::env::var("BEDSIDE_PYTHON").unwrap_or_else(|_| "python3".to_owned()), name)
}

/// A script's verdicts on these, one on each.
pub(super) fn verdicts(name: &str, mut script: Command, jwks: &str, checks: &[Value]) -> Vec<Value> {
    let missing = |why: &str| -> ! { panic!("{name} is not there. Run ./dev test, which sets it up. ({why})") };
    let child = script.arg(jwks).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.unwrap_or_else(|error| missing(&error.to_string()));
    let mut input = child.stdin.take().unwrap();
    // A script without its library ends before it has read anything.
    let written = input.write_all(Value::from(checks).to_string().as_bytes());
    drop(input);
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    if output.status.code() == Some(NO_LIBRARY) {
        missing(errors.trim());
    }
    assert!(output.status.success() && written.is_ok(), "{name}: {errors}");
    let verdicts: Vec<Value> = serde_json::from_slice(&output.stdout).expect("verdicts");
    assert_eq!(verdicts.len(), checks.len());
    verdicts
}

/// The token with another character in the middle of one of its three parts.
fn changed(token: &str, part: usize) -> String {
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    let middle = parts[part].len() / 2;
    let other = if parts[part].as_bytes()[middle] == b'A' { "B" } else { "A" };
    parts[part].replace_range(middle..=middle, other);
    parts.join(".")
}

fn check(token: &str, typ: &str, issuer: Option<&str>) -> Value {
    let mut check = json!({"token": token, "typ": typ});
    if let Some(issuer) = issuer {
        check["issuer"] = json!(issuer);
        check["audience"] = json!("bedside");
    }
    check
}

/// Tokens of every kind: links of all roles, sessions, a signed audit head.
async fn tokens(practice: &Practice) -> Vec<Value> {
    let issuer = Some(practice.key("publicOrigin"));
    let visit = Appointment::make(practice, json!({})).await;
    let guests = json!([{"role": "guest", "displayName": "Alex"}, {"role": "interpreter", "displayName": "Kim"}]);
    let mut tokens = Vec::new();
    // About one signature in 128 has a half with a leading zero byte, which must be padded: the more, the better.
    for _ in 0..10 {
        let body = json!({"roles": ["patient", "clinician"], "guests": guests});
        let links = practice.lander(&visit.path("/links"), &body).await.expect(200).json;
        let made = ["/patient", "/clinician"].iter().filter_map(|role| links.pointer(role));
        let made = made.chain(links["guests"].as_array().unwrap());
        tokens.extend(made.map(|link| check(link["token"].as_str().unwrap(), "join+jwt", issuer)));
    }
    let (patient, clinician) = (visit.patient_waits().await, visit.clinician_sits().await);
    tokens.extend([&patient, &clinician].map(|seat| check(&seat.session, "visit+jwt", issuer)));
    let _ = visit.end(&json!({"endReason": "completed"})).await.expect(200);
    let head = visit.head().await;
    tokens.push(check(head["signature"].as_str().expect("an ended visit's head is signed"), "audit-head+jwt", None));
    tokens
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn libraries_of_others_verify_our_tokens_by_the_jwks() {
    let practice = Practice::open().await;
    let jwks = format!("{}/.well-known/jwks.json", practice.url());
    let good = tokens(&practice).await;
    let mut bad = Vec::new();
    for kind in [&good[0], &good[good.len() - 3], &good[good.len() - 1]] {
        for part in 0..3 {
            let mut one = kind.clone();
            one["token"] = json!(changed(kind["token"].as_str().unwrap(), part));
            bad.push(one);
        }
        // Right in itself, but not what it is shown as.
        let mut other = kind.clone();
        other["typ"] = json!(if kind["typ"] == "join+jwt" { "visit+jwt" } else { "join+jwt" });
        bad.push(other);
    }
    for (member, value) in [("issuer", "https://elsewhere.example"), ("audience", "another")] {
        let mut other = good[0].clone();
        other[member] = json!(value);
        bad.push(other);
    }
    let checks = [good.clone(), bad].concat();
    for (name, script) in scripts() {
        let verdicts = tokio::task::block_in_place(|| verdicts(name, script, &jwks, &checks));
        let (held, refused) = verdicts.split_at(good.len());
        for (check, verdict) in good.iter().zip(held) {
            assert_eq!(verdict["valid"], true, "{name} of {check}: {verdict}");
            let claims = super::aws::part(check["token"].as_str().unwrap(), 1);
            assert_eq!(verdict["claims"], claims, "{name} read what we wrote");
        }
        for verdict in refused {
            assert_eq!(verdict["valid"], false, "{name}: {verdict}");
        }
    }
}
