//! What a stranger tries who has read the document: schemathesis, with the credentials of an administrator, of a
//! lander's server, and with none.

use bedside_tests::{Appointment, Practice};
use serde_json::json;
use std::path::Path;
use std::process::Command;

/// Requests for each operation and each kind of caller.
const EXAMPLES: &str = "6";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes a minute alone on the machine: ./dev test runs it after the others"]
async fn strangers_find_nothing_that_the_document_does_not_say() {
    let practice = Practice::open().await;
    let admin = practice.token("admin", None).await;
    let settings = practice.get("/api/tenant").bearer(&admin).send().await.expect(200).json;
    let sign_in = settings["oidc"].to_string();
    let mut found = Vec::new();
    let mut note = |who: &str, said: Option<String>| found.extend(said.map(|said| format!("== {who}\n{said}")));
    note("nobody", ask(&practice, &sign_in, None, &[]));
    note("a key, for things that are not there", ask(&practice, &sign_in, Some(practice.key("secretKey")), &[]));
    for who in ["clinician", "admin"] {
        let visit = Appointment::make(&practice, json!({})).await;
        let seat = visit.patient_waits().await;
        let token = if who == "admin" { practice.token(who, None).await } else { visit.clinician_token().await };
        let patient = visit.visit["patientId"].as_str().unwrap();
        let known = [
            ("visitId", visit.id.as_str()),
            ("participantId", &seat.id),
            ("clinicianId", &visit.clinician_id),
            ("patientId", patient),
        ];
        note(who, ask(&practice, &sign_in, Some(&token), &known));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Runs schemathesis, and gives what it says when it finds something.
fn ask(practice: &Practice, sign_in: &str, bearer: Option<&str>, known: &[(&str, &str)]) -> Option<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("foreign");
    let scratch = std::env::temp_dir().join(format!("bedside-strangers-{}", std::process::id()));
    std::fs::create_dir_all(&scratch).unwrap();
    let settings = std::fs::read_to_string(folder.join("schemathesis.toml")).unwrap();
    let known: String = known.iter().map(|(name, id)| format!("{name} = \"{id}\"\n")).collect();
    let config = scratch.join("schemathesis.toml");
    std::fs::write(&config, format!("{settings}\n[parameters]\n{known}")).unwrap();
    let python = std::env::var("BEDSIDE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let document = format!("{}/api/openapi.json", practice.url());
    let mut command = Command::new(python);
    command
        .args(["-m", "schemathesis.cli", "--config-file"])
        .arg(&config)
        .args(["run", &document, "--url", practice.url(), "--max-examples", EXAMPLES])
        .args(["--phases", "examples,coverage,fuzzing", "--suppress-health-check", "all", "--no-color"])
        .args(["--generation-database", "none"])
        .env("SCHEMATHESIS_HOOKS", "schemathesis_hooks")
        .env("PYTHONPATH", &folder)
        .env("BEDSIDE_OIDC", sign_in)
        .env("NO_PROXY", "127.0.0.1")
        .current_dir(&scratch);
    if let Some(bearer) = bearer {
        command.args(["--header", &format!("Authorization: Bearer {bearer}")]);
    }
    let output = tokio::task::block_in_place(|| command.output()).unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    std::fs::remove_dir_all(&scratch).unwrap();
    (!output.status.success()).then(|| format!("{said}\n{}", String::from_utf8_lossy(&output.stderr)))
}
