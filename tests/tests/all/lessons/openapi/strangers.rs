//! What a stranger tries who has read the document: schemathesis, with the credentials of an administrator, of a
//! lander's server, and with none.

use bedside_tests::{Appointment, Practice};
use serde_json::json;
use std::path::Path;
use std::process::Command;

/// Requests for each operation and each kind of caller.
const EXAMPLES: &str = "15";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes a minute alone on the machine: ./dev test runs it after the others"]
async fn strangers_find_nothing_that_the_document_does_not_say() {
    let practice = Practice::open().await;
    let visit = Appointment::make(&practice, json!({})).await;
    let links = json!({"roles": ["patient", "clinician"]});
    let _ = practice.lander(&visit.path("/links"), &links).await.expect(200);
    let people = [("visitId", visit.id.as_str()), ("clinicianId", visit.clinician_id.as_str())];
    let admin = practice.token("admin", None).await;
    let clinician = visit.clinician_token().await;
    let key = practice.key("secretKey");
    for (who, bearer, known) in [
        ("nobody", None, &[][..]),
        ("a key, for things that are not there", Some(key), &[]),
        ("the clinician", Some(&*clinician), &people[..]),
        ("an administrator", Some(&*admin), &people[..]),
    ] {
        println!("== {who}");
        ask(&practice, bearer, known);
    }
}

/// Runs schemathesis; what it finds fails the test.
fn ask(practice: &Practice, bearer: Option<&str>, known: &[(&str, &str)]) {
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
        .env("NO_PROXY", "127.0.0.1")
        .current_dir(&scratch);
    if let Some(bearer) = bearer {
        command.args(["--header", &format!("Authorization: Bearer {bearer}")]);
    }
    let output = tokio::task::block_in_place(|| command.output()).unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    std::fs::remove_dir_all(&scratch).unwrap();
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
}
