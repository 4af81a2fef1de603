//! A visit from its making to its end, by every route, each asked rightly, wrongly, and while services fail.

use super::asking::{Step, With};
use bedside_local::Options;
use bedside_tests::{Answer, Device, Practice, credential, slot};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What is personal, as no other text has it.
pub(crate) const PERSONAL: [&str; 19] = [
    "Zzyzxa",
    "Quirkleberry",
    "+13125550197",
    "zz.canary@mail.example",
    "violet spots",
    "blue bottle",
    "stairs slowly",
    "Guestalina",
    "guestalina@mail.example",
    "+13125550196",
    "Overbrookhaven",
    "overbrook@mail.example",
    "+13125550195",
    "patient-mrn-77431",
    "Canaryagent/9",
    "Wilhelmine Canary",
    "Leafcanary",
    "Pathcanary",
    "Bursitis of the doctor",
];
/// Those of them that stand in paths, where the caller's own ids belong.
pub(crate) const CALLERS_IDS: [&str; 2] = [PERSONAL[13], PERSONAL[17]];
/// What came of it all.
pub(crate) struct Walk {
    pub(crate) practice: Practice,
    /// The routes that were asked rightly.
    pub(crate) succeeded: BTreeSet<String>,
    /// Each answer, and what was asked.
    pub(crate) answers: Vec<(String, Answer)>,
    secrets: Vec<String>,
}

impl Walk {
    /// All routes, from the making of a visit to its end.
    pub(crate) async fn through_every_route() -> Self {
        let practice = Practice::open_with(Options { verbose: true, ..Options::default() }).await;
        let secrets = ["secretKey", "publishableKey"].map(|name| practice.key(name).to_owned()).to_vec();
        let mut walk = Self { practice, succeeded: BTreeSet::new(), answers: Vec::new(), secrets };
        walk.whole_visit().await;
        walk
    }

    /// What is looked for.
    pub(crate) fn canaries(&self) -> Vec<String> {
        let digits = PERSONAL.iter().filter_map(|text| text.strip_prefix("+1"));
        PERSONAL.iter().copied().chain(digits).map(str::to_owned).chain(self.secrets.iter().cloned()).collect()
    }

    /// A token of a sign-in; it is a secret too.
    async fn token(&mut self, role: &str, sub: Option<&str>) -> String {
        let token = self.practice.token(role, sub).await;
        self.secrets.push(token.clone());
        token
    }

    /// Keeps the secrets of an answer.
    fn secret(&mut self, answer: &Answer, pointer: &str) -> String {
        let secret = answer.text_at(pointer);
        self.secrets.push(secret.clone());
        secret
    }

    fn link(&mut self, url: &str) -> Value {
        let credential = credential(url);
        self.secrets.push(credential["secret"].as_str().unwrap().to_owned());
        credential
    }

    async fn whole_visit(&mut self) {
        let key = self.practice.key("secretKey").to_owned();
        // First of all: once everyone has missed too often, public codes are not looked up.
        self.by_public_code(&key).await;
        let visit = self.scheduled(&key).await;
        self.moved_and_called_off(&key).await;
        self.by_a_form(&key).await;
        let at = |rest: &str| format!("/api/visits/{visit}{rest}");
        let by_key = With::Bearer(&key);
        let guest = json!({"role": "guest", "displayName": PERSONAL[7], "email": PERSONAL[8], "phone": PERSONAL[9]});
        let links = json!({"roles": ["patient", "clinician"], "guests": [guest, guest]});
        let links = self.post("/api/visits/{visitId}/links", &at("/links"), by_key, links, 200).await;
        for pointer in ["/patient/token", "/clinician/token", "/guests/0/token"] {
            let _ = self.secret(&links, pointer);
        }
        let guests = [0, 1].map(|n| links.text_at(&format!("/guests/{n}/link")));
        let all = json!({"channel": "both", "recipientRole": "both", "template": "initial"});
        let _ = self.post("/api/visits/{visitId}/notify", &at("/notify"), by_key, all, 200).await;
        let held = self.link(&links.text_at("/patient/link"));
        let _ = self.post("/api/links/renew", "/api/links/renew", With::Nothing, held, 202).await;
        let lost = json!({"role": "patient", "reason": "lost", "channel": "both"});
        let _ = self.post("/api/visits/{visitId}/resend-link", &at("/resend-link"), by_key, lost, 200).await;
        let newest = self.newest(PERSONAL[2]).await["links"][0].as_str().unwrap().to_owned();
        let patient = self.link(&newest);
        let _ = self.post("/api/token/redeem", "/api/token/redeem", With::Nothing, patient.clone(), 200).await;

        let phone = Device::new();
        let seat = self.patient_comes(&visit, patient, &phone).await;
        let mut seats = Vec::new();
        for url in guests {
            let mut body = self.link(&url);
            body["displayName"] = json!(PERSONAL[15]);
            let device = Device::new();
            let path = at("/start");
            let start = self.post("/api/visits/{visitId}/start", &path, With::Device(&device), body, 202).await;
            seats.push(start.text_at("/participantId"));
        }
        self.at_the_desk(&visit, &seat.0, &seats).await;
        self.in_the_call(&visit, &seat.1, &phone).await;
    }

    async fn scheduled(&mut self, key: &str) -> String {
        let admin = self.token("admin", None).await;
        let clinician = json!({
            "givenName": "Jane", "familyName": PERSONAL[10], "title": "Dr.", "email": PERSONAL[11],
            "phone": PERSONAL[12], "licensedStates": ["TX"], "timezone": "America/Chicago",
        });
        let (route, path) = ("PUT /api/clinicians/{clinicianId}", "/api/clinicians/c-canary");
        let with = With::Bearer(&admin);
        let _ = self.step(Step { route, path, with, body: Some(clinician.clone()), status: 201 }).await;
        // What was put wrongly in its stead is put right again.
        let put = self.practice.put(path, &clinician).bearer(&admin).send().await;
        let _ = put.expect(200);
        let _ = self.get("/api/clinicians/{clinicianId}", path, With::Bearer(key)).await;
        let patient = json!({
            "givenName": PERSONAL[0], "familyName": PERSONAL[1], "phone": PERSONAL[2], "email": PERSONAL[3],
            "state": "TX", "timezone": "America/Chicago", "locale": "en-US",
        });
        let (route, path) = ("PUT /api/patients/{patientId}", "/api/patients/patient-mrn-77431");
        let with = With::Bearer(key);
        let _ = self.step(Step { route, path, with, body: Some(patient.clone()), status: 201 }).await;
        let _ = self.practice.put(path, &patient).bearer(key).send().await.expect(200);
        let _ = self.get("/api/patients/{patientId}", path, With::Bearer(key)).await;
        let visit = json!({
            "patientId": PERSONAL[13], "clinicianId": "c-canary", "scheduledAt": slot(self.practice.now(), 5),
            "duration": 120, "chiefComplaint": PERSONAL[4], "patientInstructions": PERSONAL[5],
            "consent": {"sms": true, "telehealth": true, "version": "2026-11"},
            "access": {"waitingRoom": true, "factors": ["sms-otp"], "binding": "required"},
        });
        let made = self.post("/api/visits", "/api/visits", With::Bearer(key), visit, 201).await;
        let path = format!("/api/visits/{}", made.text_at("/visitId"));
        let clinician = self.token("clinician", Some("c-canary")).await;
        let _ = self.get("/api/visits/{visitId}", &path, With::Bearer(&clinician)).await;
        made.text_at("/visitId")
    }

    /// Another visit of the same people, moved and then cancelled, for a reason that is nobody's business.
    async fn moved_and_called_off(&mut self, key: &str) {
        let clinician = self.token("clinician", Some("c-canary")).await;
        let visit = json!({
            "patientId": PERSONAL[13], "clinicianId": "c-canary", "scheduledAt": slot(self.practice.now(), 200),
            "chiefComplaint": PERSONAL[4],
        });
        let made = self.practice.lander("/api/visits", &visit).await.expect(201).text_at("/visitId");
        let path = format!("/api/visits/{made}");
        let _ = self.get("/api/visits", "/api/visits", With::Bearer(&clinician)).await;
        let (route, with) = ("PATCH /api/visits/{visitId}", With::Bearer(key));
        let body = Some(json!({"scheduledAt": slot(self.practice.now(), 300)}));
        let _ = self.step(Step { route, path: &path, with, body, status: 200 }).await;
        let path = format!("{path}/cancel");
        let reason = json!({"reason": PERSONAL[18]});
        let _ = self.post("/api/visits/{visitId}/cancel", &path, with, reason, 200).await;
    }

    /// A visit of the demo's people, with a public code; who has it waits.
    async fn by_public_code(&mut self, key: &str) {
        let (clinician, patient) = (self.practice.key("clinicianId"), self.practice.key("patientId"));
        let visit = json!({
            "clinicianId": clinician, "patientId": patient, "scheduledAt": slot(self.practice.now(), 5),
            "access": {"publicCode": true},
        });
        let made = self.practice.lander("/api/visits", &visit).await.expect(201);
        let (route, path) = ("/api/join/{meetingCode}", format!("/api/join/{}", made.text_at("/meetingCode")));
        let _ = self.get(route, &path, With::Nothing).await;
        let knocks = json!({
            "displayName": PERSONAL[15],
            "deviceInfo": {"hasCamera": true, "hasMicrophone": true, "browser": "Safari", "os": "iOS"},
        });
        let waits = self.post(route, &path, With::Nothing, knocks, 202).await;
        let _ = self.secret(&waits, "/visitSession/sessionToken");
        let path = format!("/api/visits/{}/cancel", made.text_at("/visitId"));
        let _ = self.practice.post(&path, &json!({"reason": "Over"})).bearer(key).send().await.expect(200);
    }

    async fn by_a_form(&mut self, key: &str) {
        let form = json!({
            "patient": {
                "givenName": PERSONAL[0], "familyName": PERSONAL[1], "phone": PERSONAL[2], "email": PERSONAL[3],
                "state": "TX",
            },
            "clinicianId": "c-canary", "scheduledAt": slot(self.practice.now(), 400), "chiefComplaint": PERSONAL[4],
            "consent": {"sms": true, "telehealth": true, "version": "2026-11"},
        });
        let _ = self.post("/api/schedule", "/api/schedule", With::Bearer(key), form, 201).await;
        let route = "OPTIONS /api/schedule";
        let _ = self.step(Step { route, path: "/api/schedule", with: With::Nothing, body: None, status: 204 }).await;
    }

    /// The patient proves the phone, and comes in; gives participant and session.
    async fn patient_comes(&mut self, visit: &str, mut body: Value, phone: &Device) -> (String, String) {
        for (factor, to) in [("email-link", PERSONAL[3]), ("sms-otp", PERSONAL[2])] {
            let ask = json!({"factor": factor, "code": body["code"], "secret": body["secret"]});
            let with = With::Device(phone);
            let asked = self.post("/api/challenges", "/api/challenges", with, ask, 202).await;
            let message = self.newest(to).await;
            let answer = match message["links"][0].as_str() {
                Some(link) => link.split_once('#').unwrap().1.to_owned(),
                None => message["text"]
                    .as_str()
                    .unwrap()
                    .split(|c: char| !c.is_ascii_digit())
                    .find(|d| d.len() == 6)
                    .unwrap()
                    .to_owned(),
            };
            self.secrets.push(answer.clone());
            let id = asked.text_at("/challengeId");
            let path = format!("/api/challenges/{id}/answer");
            let route = "/api/challenges/{challengeId}/answer";
            let _ = self.post(route, &path, with, json!({"answer": answer}), 200).await;
            let route = "OPTIONS /api/challenges/{challengeId}/answer";
            let _ = self.step(Step { route, path: &path, with: With::Nothing, body: None, status: 204 }).await;
            body["proofs"] = json!([id]);
        }
        body["displayName"] = json!(PERSONAL[15]);
        body["deviceInfo"] = json!({"hasCamera": true, "hasMicrophone": true, "browser": "Safari", "os": "iOS"});
        let (route, path) = ("/api/visits/{visitId}/start", format!("/api/visits/{visit}/start"));
        let start = self.post(route, &path, With::Device(phone), body, 202).await;
        (start.text_at("/participantId"), self.secret(&start, "/visitSession/sessionToken"))
    }

    async fn at_the_desk(&mut self, visit: &str, patient: &str, guests: &[String]) {
        let (sign_in, desk) = (self.token("clinician", Some("c-canary")).await, Device::new());
        let at = |rest: &str| format!("/api/visits/{visit}{rest}");
        let with = With::SignInAndDevice(&sign_in, &desk);
        let path = at("/start-authenticated");
        let start = self.post("/api/visits/{visitId}/start-authenticated", &path, with, json!({}), 200).await;
        let session = self.secret(&start, "/visitSession/sessionToken");
        let _ = self.secret(&start, "/media/attendee/JoinToken");
        let with = With::Session(&session, &desk);
        let _ = self.get("/api/visits/{visitId}/participants", &at("/participants"), with).await;
        let each = [(patient, "admit"), (&guests[0], "reject"), (&guests[1], "admit"), (&guests[1], "remove")];
        for (who, what) in each {
            let route = format!("/api/visits/{{visitId}}/participants/{{participantId}}/{what}");
            let _ = self.post(&route, &at(&format!("/participants/{who}/{what}")), with, json!({}), 200).await;
        }
    }

    async fn in_the_call(&mut self, visit: &str, session: &str, phone: &Device) {
        let with = With::Session(session, phone);
        let _ = self.get("/api/session", "/api/session", with).await;
        let joined = self.post("/api/session/join", "/api/session/join", with, json!({}), 200).await;
        let _ = self.secret(&joined, "/media/attendee/JoinToken");
        let consent = json!({"type": "recording", "version": "2026-11", "granted": true});
        let _ = self.post("/api/session/consent", "/api/session/consent", with, consent, 201).await;
        let _ = self.post("/api/session/leave", "/api/session/leave", with, json!({}), 204).await;
        let stolen = self.practice.get("/api/session").session(session, &Device::new()).send().await;
        self.answers.push(("a stolen session".to_owned(), stolen.clone()));
        stolen.problem(401, "DPOP_INVALID");

        let (clinician, auditor, admin) = (
            self.token("clinician", Some("c-canary")).await,
            self.token("auditor", None).await,
            self.token("admin", None).await,
        );
        let end = json!({"endReason": "completed", "notes": PERSONAL[6], "releaseNotes": true});
        let path = format!("/api/visits/{visit}/end");
        let _ = self.post("/api/visits/{visitId}/end", &path, With::Bearer(&clinician), end, 200).await;
        let path = format!("/api/visits/{visit}/audit");
        let _ = self.get("/api/visits/{visitId}/audit", &path, With::Bearer(&auditor)).await;
        let _ = self.get("/api/health", "/api/health?deep=true", With::Bearer(&admin)).await;
        let _ = self.get("/.well-known/jwks.json", "/.well-known/jwks.json", With::Nothing).await;
        let _ = self.get("/api/openapi.json", "/api/openapi.json", With::Nothing).await;
        self.practices_own(&admin).await;
        let _ = self.practice.local("/local/tick", &json!({})).await;
    }

    /// Keys and settings; the settings last, since what is put wrongly may be right, and be another sign-in.
    async fn practices_own(&mut self, admin: &str) {
        let with = With::Bearer(admin);
        let key = json!({
            "kind": "publishable", "label": "Page", "origins": ["https://lander.example"], "clinicianIds": ["c-canary"],
        });
        let made = self.post("/api/keys", "/api/keys", with, key, 201).await;
        let _ = self.secret(&made, "/key");
        let _ = self.get("/api/keys", "/api/keys", with).await;
        let (route, path) = ("DELETE /api/keys/{keyId}", format!("/api/keys/{}", made.text_at("/keyId")));
        let _ = self.step(Step { route, path: &path, with, body: None, status: 204 }).await;
        let mut settings = self.get("/api/tenant", "/api/tenant", with).await.json;
        settings["supportPhone"] = json!(PERSONAL[12]);
        settings["supportEmail"] = json!(PERSONAL[11]);
        let (route, path) = ("PUT /api/tenant", "/api/tenant");
        let _ = self.step(Step { route, path, with, body: Some(settings), status: 200 }).await;
    }

    async fn post(&mut self, route: &str, path: &str, with: With<'_>, body: Value, status: u16) -> Answer {
        self.step(Step { route: &format!("POST {route}"), path, with, body: Some(body), status }).await
    }

    async fn get(&mut self, route: &str, path: &str, with: With<'_>) -> Answer {
        self.step(Step { route: &format!("GET {route}"), path, with, body: None, status: 200 }).await
    }

    async fn newest(&self, to: &str) -> Value {
        let messages = self.practice.messages().await;
        messages.into_iter().find(|message| message["to"] == to).expect("a message")
    }
}
