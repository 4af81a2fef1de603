//! Whatever comes that is no good request gets its problem, and changes nothing.

use bedside_tests::{Answer, Appointment, Ask, Practice, Seat, foreign_address, slot};
use serde_json::{Value, json};

mod bodies;
mod doors;

/// With what a route is called rightly.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Key,
    Admin,
    Auditor,
    /// The visit's clinician, signed in.
    Clinician,
    /// The patient's visit session.
    Session,
    /// The clinician's visit session.
    Desk,
    Nobody,
}

/// A route, and a body that it would take.
struct Route {
    method: &'static str,
    path: String,
    by: By,
    /// `None`: the route reads no body.
    body: Option<Value>,
}

/// A visit with its people, and all that the routes are called with.
struct Scene<'a> {
    practice: &'a Practice,
    visit: Appointment<'a>,
    seat: Seat<'a>,
    desk: Seat<'a>,
    guest: Value,
    tokens: [String; 3],
}

impl<'a> Scene<'a> {
    async fn set(practice: &'a Practice) -> Self {
        let visit = Appointment::make(practice, json!({})).await;
        let body = json!({"roles": [], "guests": [{"role": "guest", "displayName": "Gus"}]});
        let links = practice.lander(&visit.path("/links"), &body).await.expect(200);
        let guest = bedside_tests::credential(&links.text_at("/guests/0/link"));
        let (seat, desk) = (visit.patient_waits().await, visit.clinician_sits().await);
        let tokens =
            [practice.token("admin", None).await, practice.token("auditor", None).await, visit.clinician_token().await];
        Self { practice, visit, seat, desk, guest, tokens }
    }

    fn ask(&self, route: &Route) -> Ask<'a> {
        let ask = self.practice.ask(route.method, &route.path).header("x-local-address", &foreign_address());
        match route.by {
            By::Key => ask.bearer(self.practice.key("secretKey")),
            By::Admin => ask.bearer(&self.tokens[0]),
            By::Auditor => ask.bearer(&self.tokens[1]),
            By::Clinician => ask.bearer(&self.tokens[2]),
            By::Session => ask.session(&self.seat.session, &self.seat.device),
            By::Desk => ask.session(&self.desk.session, &self.desk.device),
            By::Nobody => ask,
        }
    }

    /// What any of it could change: the chain, the rows, what was sent, the seat's media.
    async fn state(&self) -> (Value, Value, Value, Value) {
        let state = self.practice.get("/local/state").send().await.expect(200).json;
        let (items, sent) = (state["items"].clone(), state["messages"].clone());
        (self.visit.head().await, items["Visits"].clone(), items["Audit"].clone(), sent)
    }

    fn routes(&self) -> Vec<Route> {
        let visit = |rest: &str| self.visit.path(rest);
        let person = |what: &str| visit(&format!("/participants/{}/{what}", self.seat.id));
        let route = |method, path: String, by, body| Route { method, path, by, body };
        let unknown = "019ac0de-c111-7b22-9c33-4d55e66f7788";
        let mut start = self.guest.clone();
        start["displayName"] = json!("Gus");
        start["proofs"] = json!([unknown]);
        start["deviceInfo"] = json!({"hasCamera": true, "hasMicrophone": true, "browser": "Firefox", "os": "Linux"});
        let signed_in = json!({"displayName": "Jane", "proofs": [unknown], "deviceInfo": start["deviceInfo"]});
        let mut challenge = self.guest.clone();
        challenge["factor"] = json!("phone-last4");
        vec![
            route("POST", "/api/visits".to_owned(), By::Key, Some(new_visit(self.practice, &self.visit))),
            route("GET", visit(""), By::Key, None),
            route(
                "POST",
                visit("/links"),
                By::Key,
                Some(json!({
                    "roles": ["patient"], "ttlMinutes": 20,
                    "guests": [{"role": "guest", "displayName": "Gus", "email": "g@example.com", "phone": "+12125550111"}],
                })),
            ),
            route(
                "POST",
                visit("/notify"),
                By::Key,
                Some(json!({
                    "channel": "both", "recipientRole": "both", "template": "initial",
                })),
            ),
            route(
                "POST",
                visit("/resend-link"),
                By::Key,
                Some(json!({
                    "role": "patient", "reason": "lost", "channel": "sms",
                })),
            ),
            route(
                "POST",
                visit("/end"),
                By::Clinician,
                Some(json!({
                    "endReason": "completed", "notes": "Rest.", "releaseNotes": true,
                })),
            ),
            route("GET", visit("/audit"), By::Auditor, None),
            route(
                "PUT",
                format!("/api/clinicians/{}", self.visit.clinician_id),
                By::Admin,
                Some(json!({
                    "clinicianId": self.visit.clinician_id, "givenName": "Jane", "familyName": "Doe", "title": "Dr.",
                    "email": "jane@example.com", "phone": "+12125550190", "licensedStates": ["TX"],
                    "timezone": "America/Chicago", "connectAgentId": "agent",
                })),
            ),
            route("GET", format!("/api/clinicians/{}", self.visit.clinician_id), By::Key, None),
            route(
                "PUT",
                "/api/patients/p-bad".to_owned(),
                By::Key,
                Some(json!({
                    "patientId": "p-bad", "givenName": "Ann", "familyName": "Leeward", "phone": "+12125550111",
                    "email": "ann@example.com", "state": "TX", "country": "US", "timezone": "America/Chicago",
                    "locale": "en-US",
                })),
            ),
            route("GET", format!("/api/patients/{}", self.visit.visit["patientId"].as_str().unwrap()), By::Key, None),
            route("PUT", "/api/tenant".to_owned(), By::Admin, Some(settings(self.practice))),
            route("GET", "/api/tenant".to_owned(), By::Clinician, None),
            route(
                "POST",
                "/api/keys".to_owned(),
                By::Admin,
                Some(json!({
                    "kind": "publishable", "label": "Page", "origins": ["https://lander.example"],
                    "clinicianIds": [self.visit.clinician_id],
                })),
            ),
            route("GET", "/api/keys".to_owned(), By::Admin, None),
            route("DELETE", format!("/api/keys/{unknown}"), By::Admin, None),
            route("POST", "/api/token/redeem".to_owned(), By::Nobody, Some(self.guest.clone())),
            route("GET", "/api/join/AAAABBBB".to_owned(), By::Nobody, None),
            route("POST", "/api/join/AAAABBBB".to_owned(), By::Nobody, Some(json!({"displayName": "Ada"}))),
            route("POST", visit("/start"), By::Nobody, Some(start)),
            route("POST", visit("/start-authenticated"), By::Clinician, Some(signed_in)),
            route("POST", "/api/challenges".to_owned(), By::Nobody, Some(challenge)),
            route("POST", format!("/api/challenges/{unknown}/answer"), By::Nobody, Some(json!({"answer": "123456"}))),
            route("GET", "/api/session".to_owned(), By::Session, None),
            route("POST", "/api/session/join".to_owned(), By::Session, Some(json!({}))),
            route("POST", "/api/session/leave".to_owned(), By::Desk, Some(json!({}))),
            route(
                "POST",
                "/api/session/consent".to_owned(),
                By::Session,
                Some(json!({
                    "type": "telehealth", "version": "1", "granted": true,
                })),
            ),
            route("GET", visit("/participants"), By::Desk, None),
            route("POST", person("admit"), By::Desk, Some(json!({}))),
            route("POST", person("reject"), By::Clinician, Some(json!({}))),
            route("POST", person("remove"), By::Desk, Some(json!({}))),
        ]
    }
}

fn settings(practice: &Practice) -> Value {
    json!({
        "tenantId": practice.key("tenantId"), "name": "Practice", "smsName": "Practice", "supportPhone": "+12125550100",
        "supportEmail": "help@example.com", "timezone": "America/New_York", "locale": "en-US",
        "joinBaseUrl": practice.key("publicOrigin"), "earlyMinutes": 15, "lateMinutes": 30,
        "defaultAccess": {"preset": "standard"}, "allowOpen": false, "mediaProvider": "chime", "mediaRegion": "us-east-1",
        "connect": {"instanceId": "i", "flowId": "f"},
        "oidc": {"issuer": practice.key("issuer"), "clientId": format!("{}-visits", practice.key("tenantId"))},
        "quickActions": [{"label": "Chart", "urlTemplate": "https://example.com/{patientId}"}],
        "webhooks": [{"url": "https://example.com/hook", "events": ["VISIT_ENDED"]}], "locationPolicy": "alert",
    })
}

fn new_visit(practice: &Practice, visit: &Appointment<'_>) -> Value {
    json!({
        "patient": {
            "patientId": "p-new", "givenName": "Ann", "familyName": "Leeward", "phone": "+12125550111",
            "email": "ann@example.com", "state": "TX", "country": "US", "timezone": "America/Chicago",
            "locale": "en-US",
        },
        "clinicianId": visit.clinician_id, "scheduledAt": slot(practice.now(), 600), "duration": 30,
        "visitType": "initial", "modality": "video", "channel": "both", "chiefComplaint": "Cough",
        "appointment": "Appointment/1", "patientInstructions": "None.",
        "consent": {"sms": true, "telehealth": true, "version": "1"},
        "access": {
            "preset": "standard", "waitingRoom": true, "factors": ["sms-otp"], "publicCode": false,
            "binding": "preferred",
        },
    })
}

/// What every answer carries.
fn is_well_dressed(answer: &Answer) {
    let header = |name: &str| answer.headers.get(name).unwrap_or_else(|| panic!("no {name}: {}", answer.text));
    assert!(!header("x-request-id").is_empty());
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("referrer-policy"), "no-referrer");
    assert_eq!(header("strict-transport-security"), "max-age=63072000; includeSubDomains");
    assert_eq!(header("cache-control"), "no-store");
    assert!(answer.headers.get("access-control-allow-origin").is_none());
}

fn refused(answer: Answer, status: u16, code: &str, what: &str) -> Answer {
    assert_eq!((answer.status.as_u16(), answer.json["code"].as_str()), (status, Some(code)), "{what}: {}", answer.text);
    is_well_dressed(&answer);
    answer.problem(status, code)
}
