//! The operator's command against the laptop: what it makes works, and what was tampered with is found.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use bedside_tests::{Appointment, Practice};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder of a test's own.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("bedside-admin-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
    fn file(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The command as the documents say to start it on the laptop, without those settings.
fn bedside(practice: &Practice, without: &[&str], arguments: &[&str]) -> Output {
    bedside_with(practice, without, &[], arguments)
}

/// The same with more settings.
fn bedside_with(practice: &Practice, without: &[&str], more: &[(&str, &str)], arguments: &[&str]) -> Output {
    let settings = [
        ("AWS_ENDPOINT_URL", practice.aws_url()),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "local"),
        ("AWS_SECRET_ACCESS_KEY", "local"),
        ("VISITS_TABLE", "Visits"),
        ("AUDIT_TABLE", "Audit"),
        ("LIMITS_TABLE", "Limits"),
        ("SIGNING_KEY", "alias/bedside-signing"),
        ("DATA_KEY", "alias/bedside-data"),
        ("HMAC_KEY", "alias/bedside-hmac"),
    ];
    let settings = settings.into_iter().filter(|(name, _)| !without.contains(name));
    let mut command = Command::new(env!("CARGO_BIN_EXE_bedside"));
    let command = command.args(arguments).env_clear().envs(settings).envs(more.iter().copied());
    // No credentials and no region of whoever runs the tests.
    let command = command.env("AWS_CONFIG_FILE", "/dev/null").env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
    tokio::task::block_in_place(|| command.output()).unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// What it prints, when all goes well.
#[track_caller]
fn done(output: &Output) -> String {
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

/// Its one line, when it does not.
#[track_caller]
fn failed(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(output.stdout.is_empty(), "{}", text(&output.stdout));
    let line = text(&output.stderr);
    assert_eq!(line.lines().count(), 1, "{line}");
    line.trim_end().to_owned()
}

fn new_practice<'a>(issuer: &'a str, client: &'a str) -> Vec<&'a str> {
    [
        &["tenant", "create", "--id", "river-clinic", "--name", "River Clinic", "--sms-name", "River Clinic"][..],
        &["--support-phone", "+12025550100", "--timezone", "America/New_York"],
        &["--join-base-url", "https://visit.example.com", "--oidc-issuer", issuer, "--oidc-client-id", client],
    ]
    .concat()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn a_practice_that_the_operator_makes_is_one_and_its_keys_open_it_until_they_are_deleted() {
    let practice = Practice::open().await;
    let issuer = practice.key("issuer").to_owned();
    let create = new_practice(&issuer, "river-client");
    assert_eq!(done(&bedside(&practice, &[], &create)), "");
    let again = failed(&bedside(&practice, &[], &create));
    assert_eq!(again, "There is a practice river-clinic already; nothing was changed.");
    let shown: Value =
        serde_json::from_str(&done(&bedside(&practice, &[], &["tenant", "show", "river-clinic"]))).unwrap();
    assert_eq!((&shown["name"], &shown["earlyMinutes"]), (&json!("River Clinic"), &json!(15)));
    assert_eq!(
        shown["oidc"],
        json!({
            "issuer": issuer, "clientId": "river-client", "rolesClaim": "roles", "subjectClaim": "sub",
        })
    );

    let make = ["keys", "create", "--tenant", "river-clinic", "--kind", "secret", "--label", "EHR"];
    let made = bedside(&practice, &[], &make);
    let key = done(&made).trim_end().to_owned();
    assert_eq!(done(&made), format!("{key}\n"), "the key and nothing else");
    assert!(!text(&made.stderr).contains(&key));
    let put = |key: String| {
        let body = json!({"givenName": "Ann", "familyName": "Lee", "state": "NY", "phone": "+12125550117"});
        practice.put("/api/patients/p-1", &body).bearer(&key).send()
    };
    let _ = put(key.clone()).await.expect(201);
    let _ = put(key.clone()).await.expect(200);
    let listed = done(&bedside(&practice, &[], &["keys", "list", "--tenant", "river-clinic"]));
    let columns: Vec<&str> = listed.trim_end().split('\t').collect();
    assert_eq!((columns[1], columns[2], columns[5]), ("secret", format!("{}…", &key[..8]).as_str(), "EHR"));
    assert_ne!(columns[4], "never");
    let delete = ["keys", "delete", "--tenant", "river-clinic", columns[0]];
    assert_eq!(done(&bedside(&practice, &[], &delete)), "");
    put(key).await.problem(401, "UNAUTHENTICATED");
    assert!(failed(&bedside(&practice, &[], &delete)).starts_with("The practice river-clinic has no key"));

    // Its own chain tells of all of it, and verifies.
    let folder = Folder::new("practice");
    let (file, jwks) = (folder.file("chain.json"), folder.file("jwks.json"));
    let _ = done(&bedside(&practice, &[], &["audit", "export", "--tenant", "river-clinic", "--out", &file]));
    let chain: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let events: Vec<_> = chain["events"].as_array().unwrap().iter().map(|event| event["type"].clone()).collect();
    assert_eq!(events, ["SETTINGS_CHANGED", "KEY_CREATED", "CONTACT_CHANGED", "KEY_REVOKED"]);
    assert_eq!(chain["events"][0]["actorId"], "operator");
    std::fs::write(&jwks, practice.get("/.well-known/jwks.json").send().await.text).unwrap();
    assert!(done(&bedside(&practice, &[], &["audit", "verify", &file, "--jwks", &jwks])).starts_with("4 records hold"));
    let strict = ["audit", "verify", &file, "--jwks", &jwks, "--require-signature"];
    assert!(failed(&bedside(&practice, &[], &strict)).ends_with("no head is signed."));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn a_practice_that_nobody_can_sign_in_to_any_more_is_moved_by_the_operator() {
    let practice = Practice::open().await;
    let (tenant, issuer) = (practice.key("tenantId"), practice.key("issuer"));
    let admin = practice.token("admin", None).await;
    let client = format!("{tenant}-visits");
    let move_to = |client: &str| {
        bedside(&practice, &[], &["tenant", "sign-in", tenant, "--oidc-issuer", issuer, "--oidc-client-id", client])
    };
    assert_eq!(done(&move_to("lost")), "");
    practice.get("/api/tenant").bearer(&admin).send().await.problem(401, "UNAUTHENTICATED");
    assert_eq!(done(&move_to(&client)), "");
    let _ = practice.get("/api/tenant").bearer(&admin).send().await.expect(200);
    let other = practice.local("/local/tenants", &json!({})).await;
    let theirs = format!("{}-visits", other["tenantId"].as_str().unwrap());
    assert_eq!(failed(&move_to(&theirs)), "--oidc: Another practice signs in with this issuer and client.");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn each_service_may_have_an_endpoint_of_its_own() {
    let practice = Practice::open().await;
    let show = ["tenant", "show", practice.key("tenantId")];
    let here = practice.aws_url();
    let own = [("AWS_ENDPOINT_URL_KMS", here), ("AWS_ENDPOINT_URL_DYNAMODB", here)];
    done(&bedside_with(&practice, &["AWS_ENDPOINT_URL"], &own, &show));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn what_is_wrong_is_said_in_one_plain_line() {
    let practice = Practice::open().await;
    let issuer = practice.key("issuer").to_owned();
    let show = ["tenant", "show", practice.key("tenantId")];
    for setting in ["VISITS_TABLE", "AUDIT_TABLE", "LIMITS_TABLE", "SIGNING_KEY", "DATA_KEY", "HMAC_KEY"] {
        let line = failed(&bedside(&practice, &[setting], &show));
        assert_eq!(line, format!("The setting {setting} is missing."));
    }
    assert!(failed(&bedside(&practice, &["AWS_REGION"], &show)).starts_with("No AWS region is set"));
    let dual = failed(&bedside_with(&practice, &[], &[("AWS_USE_DUALSTACK_ENDPOINT", "true")], &show));
    assert_eq!(dual, "Dual-stack endpoints are not used here: unset AWS_USE_DUALSTACK_ENDPOINT.");
    let unknown = [
        vec!["tenant", "show", "nobody"],
        vec!["keys", "create", "--tenant", "nobody", "--kind", "secret", "--label", "a"],
        vec!["keys", "list", "--tenant", "nobody"],
        vec!["audit", "export", "--tenant", "nobody", "--out", "/dev/null/x"],
        vec!["tenant", "sign-in", "nobody", "--oidc-issuer", &issuer, "--oidc-client-id", "c"],
    ];
    for arguments in unknown {
        assert_eq!(failed(&bedside(&practice, &[], &arguments)), "There is no practice nobody.", "{arguments:?}");
    }
    let id = "019ac0de-c111-7b22-9c33-4d55e66f7788";
    let line = failed(&bedside(&practice, &[], &["audit", "export", "--visit", id, "--out", "/dev/null/x"]));
    assert_eq!(line, format!("There is no visit {id}."));
    let mut wrong = new_practice(&issuer, "c");
    for (old, new) in [("+12025550100", "911"), ("America/New_York", "Mars/Base")] {
        *wrong.iter_mut().find(|argument| **argument == old).unwrap() = new;
    }
    let line = failed(&bedside(&practice, &[], &wrong));
    assert!(line.contains("--support-phone: Must be a phone number"), "{line}");
    assert!(line.contains("--timezone: Must be the name of a time zone"), "{line}");
    let page = ["keys", "create", "--tenant", practice.key("tenantId"), "--kind", "publishable", "--label", "Page"];
    assert!(failed(&bedside(&practice, &[], &page)).starts_with("--origins: Must have at least one entry"));
    let page = [&page[..], &["--origins", "https://a.example", "--clinician-ids", "nobody"]].concat();
    assert_eq!(failed(&bedside(&practice, &[], &page)), "The practice has no such clinician.");
    for usage in [&["tenant"][..], &["tenant", "show"], &["keys", "create", "--kind", "other"], &["nonsense"]] {
        assert_eq!(bedside(&practice, &[], usage).status.code(), Some(2), "{usage:?}");
    }
}

/// A visit that has ended, so that its head is signed.
async fn ended(practice: &Practice) -> Appointment<'_> {
    let visit = Appointment::make(practice, json!({})).await;
    let patient = visit.patient_waits().await;
    let desk = visit.clinician_sits().await;
    let _ = visit.admit(&desk, &patient.id).await.expect(200);
    let _ = patient.join().await.expect(200);
    let _ = visit.end(&json!({"endReason": "completed"})).await.expect(200);
    visit
}

fn write(path: &str, contents: &str) {
    std::fs::write(Path::new(path), contents).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn a_chain_that_was_taken_out_verifies_offline_and_the_first_record_that_was_tampered_with_is_named() {
    let practice = Practice::open().await;
    let visit = ended(&practice).await;
    let folder = Folder::new("visit");
    let (file, jwks, changed) = (folder.file("chain.json"), folder.file("jwks.json"), folder.file("changed.json"));
    let export = ["audit", "export", "--visit", &visit.id, "--out", &file];
    assert_eq!(done(&bedside(&practice, &[], &export)), "");
    assert!(failed(&bedside(&practice, &[], &export)).contains("cannot be written"), "what is there stays");
    write(&jwks, &practice.get("/.well-known/jwks.json").send().await.text);
    let all = ["VISITS_TABLE", "AUDIT_TABLE", "LIMITS_TABLE", "SIGNING_KEY", "DATA_KEY", "HMAC_KEY"];
    let offline =
        [&all[..], &["AWS_ENDPOINT_URL", "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]].concat();
    let verify = |file: &str| bedside(&practice, &offline, &["audit", "verify", file, "--jwks", &jwks]);
    let said = done(&verify(&file));
    assert!(said.contains("The head was signed at record"), "{said}");

    let whole: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let records = whole["events"].as_array().unwrap().len();
    assert!(records > 8 && whole["head"]["seq"] == records);
    let tampered = |tamper: &dyn Fn(&mut Vec<Value>, &mut Value)| {
        let mut export = whole.clone();
        let mut events = export["events"].as_array().unwrap().clone();
        let mut head = export["head"].clone();
        tamper(&mut events, &mut head);
        export["events"] = json!(events);
        export["head"] = head;
        write(&changed, &export.to_string());
        failed(&verify(&changed))
    };
    let bad = |seq: usize| format!("The chain does not hold. First bad record: {seq}.");
    for seq in [1, 3, records] {
        assert_eq!(tampered(&|events, _| events[seq - 1]["actorId"] = json!("somebody")), bad(seq), "flip");
        assert_eq!(tampered(&|events, _| events[seq - 1]["more"] = json!(1)), bad(seq), "a member more");
        assert_eq!(tampered(&|events, _| events[seq - 1] = json!("nothing")), bad(seq), "no record");
        assert_eq!(tampered(&|events, _| drop(events.remove(seq - 1))), bad(seq), "drop");
    }
    assert_eq!(tampered(&|events, _| events.swap(2, 3)), bad(3), "swap");
    assert_eq!(tampered(&|events, _| events.insert(4, events[1].clone())), bad(5), "insert");
    assert_eq!(tampered(&|events, _| events.truncate(5)), bad(6), "truncate");
    // Cut, and given a fitting head: the signed one speaks against it.
    let cut = tampered(&|events, head| {
        events.truncate(5);
        head["seq"] = json!(5);
        head["hash"] = events[4]["hash"].clone();
    });
    assert_eq!(cut, bad(records));
    let forged = tampered(&|_, head| {
        let token = head["signature"].as_str().unwrap();
        let (rest, signature) = token.rsplit_once('.').unwrap();
        let first = if signature.starts_with('A') { "B" } else { "A" };
        head["signature"] = json!(format!("{rest}.{first}{}", &signature[1..]));
    });
    assert_eq!(forged, "The signature of the head does not hold.");

    // Keys of somebody else prove nothing.
    let other = Practice::open().await;
    write(&jwks, &other.get("/.well-known/jwks.json").send().await.text);
    assert_eq!(failed(&verify(&file)), "The head is signed by a key that is not among these public keys.");
    write(&jwks, "{}");
    assert!(failed(&verify(&file)).ends_with("holds no public key."));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn answers_that_were_saved_page_after_page_verify_as_one_chain() {
    let practice = Practice::open().await;
    let visit = ended(&practice).await;
    let folder = Folder::new("pages");
    let (file, jwks) = (folder.file("pages.json"), folder.file("jwks.json"));
    write(&jwks, &practice.get("/.well-known/jwks.json").send().await.text);
    let auditor = practice.token("auditor", None).await;
    let (mut pages, mut cursor) = (Vec::new(), String::new());
    loop {
        let page =
            practice.get(&visit.path(&format!("/audit?limit=4{cursor}"))).bearer(&auditor).send().await.expect(200);
        pages.push(page.text);
        match page.json["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert!(pages.len() > 2);
    let verify = |pages: &[String]| {
        write(&file, &pages.join("\n"));
        bedside(&practice, &[], &["audit", "verify", &file, "--jwks", &jwks])
    };
    assert!(done(&verify(&pages)).contains("records hold"));
    assert!(failed(&verify(&pages[1..])).ends_with("First bad record: 1."));
    let mut without = pages.clone();
    let _ = without.remove(1);
    assert!(failed(&verify(&without)).ends_with("First bad record: 5."));
    let swapped = [&pages[1..2], &pages[..1], &pages[2..]].concat();
    assert!(failed(&verify(&swapped)).ends_with("First bad record: 1."));
    // A record that says something twice is read in two ways by two readers.
    let twice = pages[0].replacen("\"seq\":2", "\"seq\":2,\"seq\":2", 1);
    assert_ne!(twice, pages[0]);
    assert!(failed(&verify(&[&[twice], &pages[1..]].concat())).ends_with("First bad record: 2."));
    for nothing in ["", "[]", "{", "{\"events\":[]}"] {
        assert!(failed(&verify(&[nothing.to_owned()])).starts_with("The file is no audit export"), "{nothing}");
    }
}
