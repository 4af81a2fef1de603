//! Each action that asks who is calling: how it is called. Whom it is allowed, the OpenAPI document says.

use super::scene::Scene;
use bedside_tests::document::DOCUMENT;
use bedside_tests::slot;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicI64, Ordering};

/// One action, on the visit (or one of its people).
pub(super) struct Action {
    pub(super) name: &'static str,
    pub(super) method: &'static str,
    pub(super) path: fn(&Scene<'_>) -> String,
    pub(super) body: fn(&Scene<'_>) -> Value,
    /// Whether it is about the caller's own practice, whichever that is: nobody else's can be named.
    pub(super) at_home: bool,
    /// Whether what is asked for may be made where it is not: then another practice makes one of its own.
    pub(super) makes: bool,
}

fn nothing(_: &Scene<'_>) -> Value {
    json!({})
}

impl Action {
    /// For which things the document lets a role do it: `tenant`, `own`, `created`, `self`.
    pub(super) fn scope(&self, role: &str) -> Option<&'static str> {
        described().find(|operation| operation["x-function"] == self.name).unwrap()["x-roles"][role].as_str()
    }
}

/// What the document says of each operation.
pub(super) fn described() -> impl Iterator<Item = &'static Value> {
    let paths = DOCUMENT["paths"].as_object().unwrap().values();
    paths.flat_map(|item| item.as_object().unwrap().values())
}

pub(super) fn actions() -> Vec<Action> {
    let action = |name, method, path, body| Action { name, method, path, body, at_home: false, makes: false };
    let making = |action: Action| Action { makes: true, ..action };
    let at_home = |action: Action| Action { at_home: true, ..action };
    vec![
        action("get-visit", "GET", |s| s.path(""), nothing),
        at_home(action("list-visits", "GET", |_| "/api/visits".to_owned(), nothing)),
        at_home(action("get-tenant", "GET", |_| "/api/tenant".to_owned(), nothing)),
        at_home(action("put-tenant", "PUT", |_| "/api/tenant".to_owned(), no_settings)),
        at_home(action("list-keys", "GET", |_| "/api/keys".to_owned(), nothing)),
        at_home(action("create-key", "POST", |_| "/api/keys".to_owned(), key)),
        at_home(action("schedule-visit", "POST", |_| "/api/schedule".to_owned(), no_form)),
        action("delete-key", "DELETE", |s| format!("/api/keys/{}", s.key_id), nothing),
        action("reschedule-visit", "PATCH", |s| s.path(""), same_time),
        action("create-links", "POST", |s| s.path("/links"), guest),
        action("notify-visit", "POST", |s| s.path("/notify"), notice),
        action("resend-link", "POST", |s| s.path("/resend-link"), lost),
        action("get-audit", "GET", |s| s.path("/audit"), nothing),
        action("list-participants", "GET", |s| s.path("/participants"), nothing),
        action("get-session", "GET", |_| "/api/session".to_owned(), nothing),
        action("record-consent", "POST", |_| "/api/session/consent".to_owned(), consent),
        action("admit-participant", "POST", |s| s.person("admit"), nothing),
        action("reject-participant", "POST", |s| s.person("reject"), nothing),
        action("start-visit-authenticated", "POST", |s| s.path("/start-authenticated"), nothing),
        action("create-challenge", "POST", |_| "/api/challenges".to_owned(), challenge),
        action("join-session", "POST", |_| "/api/session/join".to_owned(), nothing),
        action("leave-session", "POST", |_| "/api/session/leave".to_owned(), nothing),
        action("end-visit", "POST", |s| s.path("/end"), |_| json!({"endReason": "completed"})),
        action("remove-participant", "POST", |s| s.person("remove"), nothing),
        action("cancel-visit", "POST", |s| s.path("/cancel"), nothing),
        action("create-visit", "POST", |_| "/api/visits".to_owned(), visit),
        action("get-patient", "GET", patient_path, nothing),
        making(action("put-patient", "PUT", patient_path, patient)),
        action("get-clinician", "GET", clinician_path, nothing),
        making(action("put-clinician", "PUT", clinician_path, clinician)),
    ]
}

fn patient_path(scene: &Scene<'_>) -> String {
    scene.patient()
}
fn clinician_path(scene: &Scene<'_>) -> String {
    scene.clinician()
}
fn guest(_: &Scene<'_>) -> Value {
    json!({"roles": [], "guests": [{"role": "guest", "displayName": "Gus"}]})
}
fn consent(_: &Scene<'_>) -> Value {
    json!({"type": "telehealth", "version": "2026-11", "granted": true})
}
fn notice(_: &Scene<'_>) -> Value {
    json!({"channel": "email", "recipientRole": "clinician", "template": "reminder"})
}
/// Settings that nobody takes: who may put them is told what is missing.
fn no_settings(_: &Scene<'_>) -> Value {
    json!({})
}
fn no_form(_: &Scene<'_>) -> Value {
    json!({})
}
fn key(_: &Scene<'_>) -> Value {
    json!({"kind": "secret", "label": "Another server"})
}
fn same_time(scene: &Scene<'_>) -> Value {
    json!({"scheduledAt": scene.visit.visit["scheduledAt"]})
}
fn lost(_: &Scene<'_>) -> Value {
    json!({"role": "clinician", "reason": "lost", "channel": "email"})
}
fn challenge(scene: &Scene<'_>) -> Value {
    json!({"factor": "phone-last4", "visitId": scene.visit.id})
}
fn patient(_: &Scene<'_>) -> Value {
    json!({"givenName": "Ann", "familyName": "Leeward", "phone": "+12125550111", "state": "TX"})
}
fn clinician(_: &Scene<'_>) -> Value {
    json!({
        "givenName": "Jane", "familyName": "Doe", "title": "Dr.", "email": "jane@example.com",
        "phone": "+12125550190", "licensedStates": ["TX"],
    })
}
fn visit(scene: &Scene<'_>) -> Value {
    static HOURS: AtomicI64 = AtomicI64::new(3);
    let hours = HOURS.fetch_add(3, Ordering::Relaxed);
    json!({
        "clinicianId": scene.visit.clinician_id, "scheduledAt": slot(scene.practice.now(), hours * 60),
        "patient": {
            "patientId": format!("p-roles-{hours}"), "givenName": "A", "familyName": "B", "state": "TX",
            "phone": "+12125550111",
        },
    })
}
