//! The examples of the document are what a practice was really asked and really answered: this journey records them.

use super::plain_names::Names;
use bedside_tests::document::{DOCUMENT, errors, operation, resolved};
use bedside_tests::{Answer, Ask, Device, Practice, credential};
use serde_json::{Map, Value, json};

/// When the recorded afternoon begins.
const BEGINS: &str = "2026-12-01T19:46:00Z";

#[derive(Default)]
struct Recorder {
    names: Names,
    operations: Map<String, Value>,
    problems: Map<String, Value>,
    /// Those of check-link, which tells more of a dead link.
    link_problems: Map<String, Value>,
}

impl Recorder {
    /// Asks, and keeps what was asked and answered, the first of each kind.
    async fn ask(&mut self, ask: Ask<'_>, status: u16) -> Answer {
        let (method, path, request) = ask.asked();
        let answer = ask.send().await.expect(status);
        let (_, operation) = operation(&method, &path).unwrap();
        let id = operation["operationId"].as_str().unwrap();
        if answer.status.is_success() {
            let entry = self.operations.entry(id).or_insert_with(|| json!({"responses": {}}));
            if let (Some(request), None) = (&request, entry.get("request")) {
                entry["request"] = self.names.plain(request);
            }
            let status = status.to_string();
            if !answer.text.is_empty() && entry["responses"].get(&status).is_none() {
                entry["responses"][&status] = self.names.plain(&answer.json);
            }
        } else {
            let plain = self.names.plain(&answer.json);
            let kind = if id == "checkLink" { &mut self.link_problems } else { &mut self.problems };
            kind.entry(answer.text_at("/code")).or_insert(plain);
        }
        answer
    }
}

async fn recorded() -> Value {
    let practice = Practice::open().await;
    let begins: jiff::Timestamp = BEGINS.parse().unwrap();
    practice.advance(begins.as_second() - jiff::Timestamp::now().as_second()).await;
    let mut r = Recorder::default();
    let admin = practice.token("admin", None).await;
    let key = practice.key("secretKey").to_owned();
    let visit = scheduling(&mut r, &practice, &admin, &key).await;
    let patient = messages(&mut r, &practice, &key, &visit).await;
    in_the_visit(&mut r, &practice, &visit, &patient).await;
    by_code(&mut r, &practice, &key).await;
    the_practice(&mut r, &practice, &admin, &key).await;
    json!({"operations": r.operations, "problems": r.problems, "linkProblems": r.link_problems})
}

async fn scheduling(r: &mut Recorder, practice: &Practice, admin: &str, key: &str) -> String {
    let clinician = json!({
        "givenName": "Jane", "familyName": "Example", "title": "MD", "email": "jane@example.com",
        "phone": "+12025550177", "licensedStates": ["NY", "NJ"], "timezone": "America/New_York",
    });
    r.ask(practice.put("/api/clinicians/c-3", &clinician).bearer(admin), 201).await;
    r.ask(practice.put("/api/clinicians/c-3", &clinician).bearer(admin), 200).await;
    r.ask(practice.get("/api/clinicians/c-3").bearer(key), 200).await;
    let patient = json!({
        "givenName": "Ada", "familyName": "Example", "phone": "+12025550123", "email": "ada@example.com",
        "state": "NY", "country": "US", "timezone": "America/New_York", "locale": "en-US",
    });
    r.ask(practice.put("/api/patients/p-17", &patient).bearer(key), 201).await;
    r.ask(practice.put("/api/patients/p-17", &patient).bearer(key), 200).await;
    r.ask(practice.get("/api/patients/p-17").bearer(key), 200).await;
    let visit = json!({
        "patientId": "p-17", "clinicianId": "c-3", "scheduledAt": "2026-12-01T20:00:00Z", "duration": 30,
        "visitType": "follow-up", "modality": "video", "channel": "sms", "chiefComplaint": "Cough for a week",
        "patientInstructions": "Please have your list of medicines at hand.",
        "consent": {"sms": true, "telehealth": true, "version": "2026-11"},
        "access": {"preset": "strict"},
    });
    let made = r.ask(practice.post("/api/visits", &visit).bearer(key), 201).await.text_at("/visitId");
    r.ask(practice.post("/api/visits", &visit).bearer(key), 409).await;
    let wrong =
        json!({"patientId": "p-17", "clinicianId": "c-3", "scheduledAt": "2026-12-01T20:00:00Z", "duration": 17});
    r.ask(practice.post("/api/visits", &wrong).bearer(key), 400).await;
    r.ask(practice.post("/api/visits", &wrong), 401).await;
    let path = format!("/api/visits/{made}");
    let jane = practice.token("clinician", Some("c-3")).await;
    r.ask(practice.get("/api/visits?clinicianId=c-3&limit=1").bearer(&jane), 200).await;
    r.ask(practice.get(&path).bearer(&jane), 200).await;
    let later = json!({"scheduledAt": "2026-12-01T20:15:00Z"});
    r.ask(practice.ask("PATCH", &path).json(&later).bearer(key), 200).await;
    let back = json!({"scheduledAt": "2026-12-01T20:00:00Z", "duration": 30});
    r.ask(practice.ask("PATCH", &path).json(&back).bearer(key), 200).await;
    r.ask(practice.get(&format!("{path}/audit")).bearer(key), 403).await;
    r.ask(practice.get("/api/visits/019ac0de-7e10-7c3a-9f00-2b6f5d1c4a01").bearer(key), 404).await;
    made
}

/// The links and what is sent; gives the patient's credential.
async fn messages(r: &mut Recorder, practice: &Practice, key: &str, visit: &str) -> Value {
    let path = |rest: &str| format!("/api/visits/{visit}{rest}");
    let interpreter = json!({"role": "interpreter", "displayName": "Interpreter (Spanish)", "phone": "+12025550144"});
    let links = json!({"roles": ["patient", "clinician"], "guests": [interpreter]});
    let links = r.ask(practice.post(&path("/links"), &links).bearer(key), 200).await;
    let notice = json!({"channel": "both", "recipientRole": "both", "template": "initial"});
    r.ask(practice.post(&path("/notify"), &notice).bearer(key), 200).await;
    let lost = json!({"role": "patient", "reason": "lost", "channel": "sms"});
    r.ask(practice.post(&path("/resend-link"), &lost).bearer(key), 200).await;
    r.ask(practice.post(&path("/resend-link"), &lost).bearer(key), 429).await;
    let old = credential(&links.text_at("/patient/link"));
    r.ask(practice.post("/api/token/redeem", &old), 410).await;
    let texts = practice.get("/local/messages?to=%2B12025550123").send().await.expect(200);
    let patient = credential(&texts.text_at("/messages/0/links/0"));
    r.ask(practice.post("/api/token/redeem", &patient), 200).await;
    let unknown = json!({"code": "AAAABBBB", "secret": "AAAABBBBCCCCDDDD"});
    r.ask(practice.post("/api/token/redeem", &unknown), 401).await;
    patient
}

async fn in_the_visit(r: &mut Recorder, practice: &Practice, visit: &str, patient: &Value) {
    let path = |rest: &str| format!("/api/visits/{visit}{rest}");
    let (phone, desk) = (Device::new(), Device::new());
    let mut body = patient.clone();
    body["deviceInfo"] = json!({"hasCamera": true, "hasMicrophone": true, "browser": "Safari", "os": "iOS"});
    r.ask(practice.post(&path("/start"), &body).device(&phone), 403).await;
    let ask = json!({"factor": "sms-otp", "code": patient["code"], "secret": patient["secret"]});
    let asked = r.ask(practice.post("/api/challenges", &ask).device(&phone), 202).await.text_at("/challengeId");
    let texts = practice.get("/local/messages?to=%2B12025550123").send().await.expect(200);
    let text = texts.text_at("/messages/0/text");
    let code = text.split(|c: char| !c.is_ascii_digit()).find(|word| word.len() == 6).unwrap().to_owned();
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let answer = format!("/api/challenges/{asked}/answer");
    r.ask(practice.post(&answer, &json!({"answer": wrong})).device(&phone), 403).await;
    r.ask(practice.post(&answer, &json!({"answer": code})).device(&phone), 200).await;
    body["proofs"] = json!([asked]);
    let start = r.ask(practice.post(&path("/start"), &body).device(&phone), 202).await;
    r.ask(practice.post(&path("/start"), &body).device(&Device::new()), 409).await;
    let (session, seat) = (start.text_at("/visitSession/sessionToken"), start.text_at("/participantId"));
    r.ask(practice.get("/api/session").session(&session, &phone), 200).await;
    r.ask(practice.post("/api/session/join", &json!({})).session(&session, &phone), 409).await;
    let jane = practice.token("clinician", Some("c-3")).await;
    let comes = practice.post(&path("/start-authenticated"), &json!({})).bearer(&jane).device(&desk);
    r.ask(comes, 200).await;
    r.ask(practice.get(&path("/participants")).bearer(&jane), 200).await;
    let person = |who: &str, what: &str| practice.post(&path(&format!("/participants/{who}/{what}")), &json!({}));
    r.ask(person(&seat, "admit").bearer(&jane), 200).await;
    r.ask(person(&seat, "reject").bearer(&jane), 409).await;
    r.ask(practice.post(&path("/start"), &body).device(&phone), 200).await;
    r.ask(practice.post("/api/session/join", &json!({})).session(&session, &phone), 200).await;
    let consent = json!({"type": "telehealth", "version": "2026-11", "granted": true});
    r.ask(practice.post("/api/session/consent", &consent).session(&session, &phone), 201).await;
    r.ask(practice.post("/api/session/leave", &json!({})).session(&session, &phone), 204).await;
    r.ask(practice.ask("PATCH", &path("")).json(&json!({"duration": 45})).bearer(practice.key("secretKey")), 409).await;
    let texts = practice.get("/local/messages?to=%2B12025550144").send().await.expect(200);
    let interpreter = credential(&texts.text_at("/messages/0/links/0"));
    let waits = practice.post(&path("/start"), &interpreter).device(&Device::new()).send().await.expect(202);
    r.ask(person(&waits.text_at("/participantId"), "reject").bearer(&jane), 200).await;
    r.ask(person(&seat, "remove").bearer(&jane), 200).await;
    let end = json!({"endReason": "completed", "notes": "Rest and fluids.", "releaseNotes": true});
    r.ask(practice.post(&path("/end"), &end).bearer(&jane), 200).await;
    let auditor = practice.token("auditor", None).await;
    r.ask(practice.get(&path("/audit?limit=2")).bearer(&auditor), 200).await;
    r.ask(practice.post("/api/links/renew", patient), 202).await;
}

async fn by_code(r: &mut Recorder, practice: &Practice, key: &str) {
    let (clinician, patient) = (practice.key("clinicianId"), practice.key("patientId"));
    let visit = json!({
        "clinicianId": clinician, "patientId": patient, "scheduledAt": "2026-12-01T20:00:00Z",
        "access": {"publicCode": true},
    });
    let made = practice.post("/api/visits", &visit).bearer(key).send().await.expect(201);
    let path = format!("/api/join/{}", made.text_at("/meetingCode"));
    r.ask(practice.get(&path), 200).await;
    let (phone, ada) = (Device::new(), json!({"displayName": "Ada"}));
    let waits = r.ask(practice.post(&path, &ada).device(&phone), 202).await.text_at("/participantId");
    let desk = practice.token("clinician", None).await;
    let admit = format!("/api/visits/{}/participants/{waits}/admit", made.text_at("/visitId"));
    let _ = practice.post(&admit, &json!({})).bearer(&desk).send().await.expect(200);
    r.ask(practice.post(&path, &ada).device(&phone), 200).await;
    r.ask(practice.get("/api/join/AAAABBBB"), 404).await;
    // The clinician's time is free again.
    let cancel = format!("/api/visits/{}/cancel", made.text_at("/visitId"));
    let _ = practice.post(&cancel, &json!({"reason": "Over"})).bearer(key).send().await.expect(200);
}

async fn the_practice(r: &mut Recorder, practice: &Practice, admin: &str, key: &str) {
    let form = json!({
        "patient": {"givenName": "Rosa", "familyName": "Example", "phone": "+12025550166", "state": "NY"},
        "clinicianId": practice.key("clinicianId"), "scheduledAt": "2026-12-02T15:30:00Z",
        "consent": {"sms": true, "telehealth": true, "version": "2026-11"},
    });
    let page = practice.post("/api/schedule", &form).bearer(practice.key("publishableKey"));
    let asked = r.ask(page.header("origin", practice.key("allowedOrigin")), 201).await.text_at("/visitId");
    let cancel = format!("/api/visits/{asked}/cancel");
    r.ask(practice.post(&cancel, &json!({"reason": "Clinician is ill"})).bearer(admin), 200).await;
    let page = json!({"kind": "publishable", "label": "Web site", "origins": ["https://www.example.com"], "clinicianIds": ["c-3"]});
    let made = r.ask(practice.post("/api/keys", &page).bearer(admin), 201).await.text_at("/keyId");
    r.ask(practice.get("/api/keys?limit=1").bearer(admin), 200).await;
    r.ask(practice.ask("DELETE", &format!("/api/keys/{made}")).bearer(admin), 204).await;
    let mut settings = r.ask(practice.get("/api/tenant").bearer(admin), 200).await.json;
    settings["quickActions"] = json!([{"label": "Chart", "urlTemplate": "https://example.com/chart/{patientId}"}]);
    r.ask(practice.put("/api/tenant", &settings).bearer(admin), 200).await;
    r.ask(practice.get("/api/health"), 200).await;
    r.ask(practice.get("/.well-known/jwks.json"), 200).await;
    let body = json!({
        "patientId": "p-17", "clinicianId": practice.key("clinicianId"), "scheduledAt": "2026-12-01T20:00:00Z",
    });
    let visit = practice.post("/api/visits", &body).bearer(key).send().await.expect(201).text_at("/visitId");
    let ada = practice.token("patient", Some("p-17")).await;
    let comes = practice.post(&format!("/api/visits/{visit}/start-authenticated"), &json!({})).bearer(&ada);
    r.ask(comes.device(&Device::new()), 202).await;
    let body = json!({
        "patientId": "p-17", "clinicianId": "c-3", "scheduledAt": "2026-12-02T20:00:00Z", "access": {"publicCode": true},
    });
    let visit = practice.post("/api/visits", &body).bearer(key).send().await.expect(201).text_at("/visitId");
    let links = practice.post(&format!("/api/visits/{visit}/links"), &json!({"roles": ["patient"]})).bearer(key);
    let early = credential(&links.send().await.expect(200).text_at("/patient/link"));
    r.ask(practice.post(&format!("/api/visits/{visit}/start"), &early), 409).await;
}

/// `BEDSIDE_EXAMPLES=write` writes them anew: see `./dev openapi`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_examples_are_what_is_really_asked_and_answered() {
    let recorded = recorded().await;
    let file = bedside_openapi::recorded();
    let text = serde_json::to_string_pretty(&recorded).unwrap() + "\n";
    if std::env::var("BEDSIDE_EXAMPLES").is_ok_and(|what| what == "write") {
        std::fs::write(&file, text).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(&file).unwrap();
    let differing = kept.lines().zip(text.lines()).find(|(kept, now)| kept != now);
    assert!(kept == text, "{differing:?}: ./dev openapi writes the examples anew");
}

#[test]
fn every_example_is_valid_by_its_schema() {
    let mut shown = 0;
    for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let what = format!("{method} {path}");
            let body = &operation["requestBody"]["content"]["application/json"];
            if !body.is_null() {
                assert!(!body["example"].is_null(), "{what}: no request is shown");
                assert_eq!(errors(&body["schema"], &body["example"]), Vec::<String>::new(), "{what}");
                shown += 1;
            }
            for (status, response) in operation["responses"].as_object().unwrap() {
                for content in resolved(response)["content"].as_object().into_iter().flat_map(Map::values) {
                    let example = &content["example"];
                    let large = operation["operationId"] == "openapi";
                    assert!(
                        large || !status.starts_with('2') || !example.is_null(),
                        "{what} {status}: nothing is shown"
                    );
                    let several = content["examples"].as_object().into_iter().flat_map(Map::values);
                    for value in several.map(|one| &one["value"]).chain(Some(example).filter(|one| !one.is_null())) {
                        assert_eq!(errors(&content["schema"], value), Vec::<String>::new(), "{what} {status}");
                        shown += 1;
                    }
                }
            }
        }
    }
    assert!(shown > 100, "{shown} examples");
}
