//! Each file of `events/`, replayed through its function as Lambda would, answers as `events/README.md` says.

use super::aws::part;
use bedside_domain::jose::{oidc_verify, parse_jwks};
use bedside_local::template::Template;
use bedside_tests::{Answer, Practice, document};
use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The laptop that the files are written for.
const ORIGIN: &str = "http://127.0.0.1:8787";
/// The practice that they are about.
const TENANT: &str = "events-practice";

/// A line of the tables in `events/README.md`.
#[derive(Debug)]
struct Line {
    /// The file, without its ending.
    name: String,
    function: String,
    /// A status, a status and a problem's code, or that there is none.
    answer: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("events")
}

fn lines() -> Vec<Line> {
    let text = fs::read_to_string(folder().join("README.md")).unwrap();
    let line = |line: &str| {
        let cells: Vec<&str> = line.strip_prefix("| `")?.split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        let [name, function, answer] = [cells[0], cells[1], cells[2]].map(str::to_owned);
        Some(Line { name, function, answer })
    };
    text.lines().filter_map(line).collect()
}

/// The names of the files that there are.
fn files() -> BTreeSet<String> {
    let names = |folder: PathBuf| {
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let events = files.filter(|file| file.extension().is_some_and(|extension| extension == "json"));
        events.map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let awkward = names(folder().join("awkward")).into_iter().map(|name| format!("awkward/{name}"));
    names(folder()).into_iter().chain(awkward).collect()
}

fn event(name: &str) -> Value {
    let file = folder().join(format!("{name}.json"));
    let text = fs::read_to_string(&file).unwrap_or_else(|why| panic!("{}: {why}", file.display()));
    serde_json::from_str(&text).unwrap_or_else(|why| panic!("{}: {why}", file.display()))
}

/// The token of a sign-in, where a header has one.
fn sign_in(header: &str) -> Option<&str> {
    header.strip_prefix("Bearer ").filter(|token| token.starts_with("eyJ") && token.split('.').count() == 3)
}

/// The event as it would be for a laptop on other ports: there the identity provider has another name.
async fn moved(practice: &Practice, event: Value) -> Value {
    let mut text = event.to_string().replace(ORIGIN, practice.url());
    let tokens: BTreeSet<String> = text.split('"').filter_map(sign_in).map(str::to_owned).collect();
    for token in tokens {
        let claims = part(&token, 1);
        let (role, sub) = (claims["roles"][0].as_str().unwrap(), claims["sub"].as_str().unwrap());
        let fresh = practice.token_at(TENANT, role, sub).await;
        // One that is cut short stays so.
        let cut = token.split('.').next_back().unwrap().len();
        let whole = fresh.rsplit_once('.').unwrap();
        text = text.replace(&token, &format!("{}.{}", whole.0, &whole.1[..cut]));
    }
    serde_json::from_str(&text).unwrap()
}

/// What was answered, in the words of the table.
fn said(event: &Value, answer: &Result<Value, String>) -> String {
    let Ok(answer) = answer else { return "none".to_owned() };
    let Some(status) = answer["statusCode"].as_u64() else { return "done".to_owned() };
    let mut headers = HeaderMap::new();
    for (name, values) in answer["multiValueHeaders"].as_object().unwrap() {
        for value in values.as_array().unwrap() {
            headers.append(
                reqwest::header::HeaderName::from_bytes(name.as_bytes()).unwrap(),
                value.as_str().unwrap().parse().unwrap(),
            );
        }
    }
    let text = answer["body"].as_str().unwrap_or_default().to_owned();
    let json: Value = serde_json::from_str(&text).unwrap_or_default();
    let status = u16::try_from(status).unwrap();
    let whole = Answer { status: status.try_into().unwrap(), headers, text, json: json.clone() };
    let method = Method::from_bytes(event["httpMethod"].as_str().unwrap().as_bytes()).unwrap();
    document::check(&method, event["path"].as_str().unwrap(), &whole);
    if status < 400 {
        return status.to_string();
    }
    let code = json["code"].as_str().unwrap().to_owned();
    whole.problem(status, &code);
    format!("{status} {code}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_event_is_answered_as_its_table_says() {
    let practice = Practice::open_with_events().await;
    let mut wrong = Vec::new();
    for line in lines() {
        let event = moved(&practice, event(&line.name)).await;
        let answer = practice.laptop().invoke(&line.function, &event).await;
        let said = said(&event, &answer);
        if said != line.answer {
            wrong.push(format!(
                "{} by {} is {said}, and should be {}: {answer:?}",
                line.name, line.function, line.answer
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_file_stands_in_the_tables_and_each_function_has_its_own() {
    let lines = lines();
    let named: Vec<String> = lines.iter().map(|line| line.name.clone()).collect();
    assert_eq!(named.iter().cloned().collect::<BTreeSet<_>>(), files(), "events/README.md and the files");
    assert_eq!(named.len(), files().len(), "each once");
    let template = Template::load().unwrap();
    let functions = template.routes.iter().map(|route| &route.function).chain(&template.behind_events);
    let usual = lines.iter().filter(|line| line.name == line.function).map(|line| &line.function);
    assert_eq!(usual.collect::<BTreeSet<_>>(), functions.collect::<BTreeSet<_>>(), "one event of each function");
}

#[test]
fn an_event_is_of_a_route_of_its_function() {
    let template = Template::load().unwrap();
    for line in lines() {
        let event = event(&line.name);
        let Some(resource) = event["resource"].as_str() else {
            assert!(template.behind_events.contains(&line.function) || event == serde_json::json!({}), "{}", line.name);
            continue;
        };
        let method = event["httpMethod"].as_str().unwrap();
        let fits = template.routes.iter().find(|route| route.method == *method && route.path == resource);
        assert_eq!(fits.map(|route| route.function.as_str()), Some(line.function.as_str()), "{}", line.name);
        let path = event["path"].as_str().unwrap();
        let (_, operation) = document::operation(method, path).unwrap_or_else(|| panic!("{}: no {path}", line.name));
        assert_eq!(operation["x-function"], line.function, "{}", line.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demos_practice_has_nothing_of_the_events() {
    let practice = Practice::open_with_events().await;
    let list = |token: String| practice.get("/api/visits").bearer(&token).send();
    let events = list(practice.token_at(TENANT, "admin", "admin-1").await).await.expect(200).json;
    assert_eq!(events["visits"].as_array().map(Vec::len), Some(3), "{events}");
    for (role, sub) in [("admin", None), ("clinician", None), ("patient", None)] {
        let demos = list(practice.token(role, sub).await).await.expect(200).json;
        assert_eq!(demos["visits"], serde_json::json!([]), "{role}");
    }
    for line in lines() {
        let event = moved(&practice, event(&line.name)).await;
        let _ = practice.laptop().invoke(&line.function, &event).await;
    }
    let demos = list(practice.token("admin", None).await).await.expect(200).json;
    assert_eq!(demos["visits"], serde_json::json!([]), "nor do the events make any there");
}

/// What is in the files is what a laptop on its usual ports would take, now and for long.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_and_sign_ins_of_the_events_are_those_of_their_practice() {
    let practice = Practice::open_with_events().await;
    let key_set = practice.get("/local/oidc/jwks.json").send().await.expect(200);
    let keys = parse_jwks(key_set.text.as_bytes());
    let (mut sign_ins, mut secrets) = (0, BTreeSet::new());
    // The awkward ones may be wrong.
    for name in files().iter().filter(|name| !name.starts_with("awkward/")) {
        let event = event(name);
        let Some(header) = event["headers"]["Authorization"].as_str() else { continue };
        if let Some(token) = sign_in(header) {
            let (issuer, client) = (format!("{ORIGIN}/local/oidc"), "events-practice-visits");
            let read = oidc_verify(token, &keys, &issuer, client, practice.now()).unwrap_or_else(|_| panic!("{name}"));
            assert!(read.expires_at > "2098-12-31T00:00:00Z".parse().unwrap(), "{name}");
            sign_ins += 1;
        } else if let Some(key) = header.strip_prefix("Bearer ").filter(|key| key.starts_with("bsk_")) {
            secrets.insert(key.to_owned());
        }
    }
    assert!(sign_ins > 5, "{sign_ins} sign-ins");
    let secrets: Vec<String> = secrets.into_iter().collect();
    let [secret] = secrets.as_slice() else { panic!("one key for all: {secrets:?}") };
    let theirs = practice.get("/api/patients/events-patient").bearer(secret).send().await.expect(200);
    assert_eq!(theirs.json["patientId"], "events-patient");
}
