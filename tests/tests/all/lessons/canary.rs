//! What nobody may read by the way: unusual names, complaints, numbers and secrets go through every route, rightly,
//! wrongly and while services fail, and none of them comes back in a problem or a header, or lies in what was logged.
//!
//! The practice runs in a process of its own, so that all that it writes is seen: the test starts its own program again.

use super::walk::{CALLERS_IDS, PERSONAL, Walk};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the process with the practice leaves the secrets that it made, for its parent to look for.
const FOUND: &str = "BEDSIDE_CANARY_SECRETS";

/// This test's name, as the test program knows it.
fn name() -> String {
    let module = module_path!().split_once("::").unwrap().1;
    format!("{module}::nothing_personal_and_no_secret_is_in_a_problem_a_header_or_a_log")
}

#[test]
fn nothing_personal_and_no_secret_is_in_a_problem_a_header_or_a_log() {
    match std::env::var_os(FOUND) {
        Some(file) => walk(Path::new(&file)),
        None => watch(),
    }
}

/// The process with the practice: all routes, and a look at each answer.
fn walk(file: &Path) {
    // What a function writes in the cloud, and all that our own code has to say.
    bedside_http::start_logs();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let walk = runtime.block_on(Walk::through_every_route());
    let routes = bedside_local::template::Template::load().unwrap().routes;
    for route in &routes {
        let known = format!("{} {}", route.method, route.path);
        assert!(walk.succeeded.contains(&known), "{known} was not walked");
    }
    // What else there is to see of a walk through all routes.
    runtime.block_on(super::records::are_as_the_document_says(&walk));
    let canaries = walk.canaries();
    assert!(canaries.len() > 40, "there is something to look for");
    let (mut problems, mut headers) = (0, 0);
    for (what, answer) in &walk.answers {
        for (name, value) in &answer.headers {
            headers += 1;
            let mut found = found(&String::from_utf8_lossy(value.as_bytes()), &canaries);
            if name == "location" {
                // Where something was put is named by the id that the caller gave it.
                found.retain(|canary| !CALLERS_IDS.contains(canary));
            }
            assert_eq!(found, Vec::<&str>::new(), "header {name} of {what}: {value:?}");
        }
        if !answer.status.is_success() {
            problems += 1;
            assert_eq!(found(&answer.text, &canaries), Vec::<&str>::new(), "{what}: {}", answer.text);
        }
    }
    assert!(problems > 300 && headers > 3000, "{problems} problems, {headers} headers");
    std::fs::write(file, json!(canaries).to_string()).unwrap();
}

/// The parent: starts that process, and reads all that it wrote.
fn watch() {
    let file: PathBuf = std::env::temp_dir().join(format!("bedside-canary-{}", std::process::id()));
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &name(), "--nocapture"])
        .env(FOUND, &file)
        .env("LOG_LEVEL", "trace")
        .output()
        .unwrap();
    let [stdout, stderr] = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text).into_owned());
    assert!(output.status.success(), "{stdout}\n{stderr}");
    let canaries: Vec<String> = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    std::fs::remove_file(&file).unwrap();
    // Both kinds of log were really written.
    for line in ["POST /api/visits/{visitId}/start 202", "GET /api/patients/{patientId} 200", "POST (no route) 404"] {
        assert!(stderr.contains(line), "no {line} in the access log: {stderr}");
    }
    let lines: Vec<Value> = stdout.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let of_level = |level: &str| lines.iter().filter(|line| line["level"] == level).count();
    assert!(of_level("WARN") > 20 && of_level("INFO") > 0, "{stdout}");
    for (name, text) in [("standard output", &stdout), ("standard error", &stderr)] {
        for line in text.lines() {
            assert_eq!(found(line, &canaries), Vec::<&str>::new(), "{name}: {line}");
        }
    }
}

/// Which canaries stand in a text, in any case, in clear or escaped for a URL or for JSON.
fn found<'a>(text: &str, canaries: &'a [String]) -> Vec<&'a str> {
    let text = text.to_lowercase();
    let stands = |canary: &&str| {
        let canary = canary.to_lowercase();
        let forms = [canary.clone(), canary.replace(' ', "%20"), canary.replace(' ', "+"), canary.replace('+', "%2b")];
        // Six digits stand in many an id; alone they are a code.
        let alone = |at: usize| {
            let (before, after) = (text[..at].chars().next_back(), text[at + canary.len()..].chars().next());
            let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            !is_word(before) && !is_word(after)
        };
        let is_code = canary.len() == 6 && canary.bytes().all(|b| b.is_ascii_digit());
        if is_code {
            text.match_indices(&canary).any(|(at, _)| alone(at))
        } else {
            forms.iter().any(|f| text.contains(f))
        }
    };
    canaries.iter().map(String::as_str).filter(stands).collect()
}

#[test]
fn a_canary_is_found_in_whatever_form_it_stands() {
    let canaries = PERSONAL.map(str::to_owned);
    for text in
        ["x Zzyzxa y", "ZZYZXA", "/api/patients/violet%20spots", "to=%2B13125550197", "{\"a\":\"violet spots\"}"]
    {
        assert_eq!(found(text, &canaries).len(), 1, "{text}");
    }
    let code = ["123456".to_owned()];
    assert_eq!(found("your code 123456.", &code).len(), 1);
    assert!(found("019a123456bc", &code).is_empty());
}
