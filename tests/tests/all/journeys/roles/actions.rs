//! Each action that asks who is calling, as it is called, and whom the contract allows it.

use super::scene::Scene;
use bedside_tests::slot;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicI64, Ordering};

/// One action, on the visit (or one of its people), and what each role may, in the words of `x-roles`.
pub(super) struct Action {
    pub(super) name: &'static str,
    pub(super) method: &'static str,
    pub(super) path: fn(&Scene<'_>) -> String,
    pub(super) body: fn(&Scene<'_>) -> Value,
    /// Role and scope: `tenant`, `own`, `created`, `self`.
    pub(super) roles: &'static [(&'static str, &'static str)],
    /// Whether what is asked for may be made where it is not: then another practice makes one of its own.
    pub(super) makes: bool,
}

const STAFF: &[(&str, &str)] = &[("admin", "tenant"), ("clinician", "own"), ("scheduler", "created")];
const DESK: &[(&str, &str)] = &[("admin", "tenant"), ("clinician", "own"), ("session:clinician", "own")];

fn nothing(_: &Scene<'_>) -> Value {
    json!({})
}

pub(super) fn actions() -> Vec<Action> {
    let action = |name, method, path, body, roles| Action { name, method, path, body, roles, makes: false };
    let making = |action: Action| Action { makes: true, ..action };
    vec![
        action(
            "get-visit",
            "GET",
            |s| s.path(""),
            nothing,
            &[("admin", "tenant"), ("clinician", "own"), ("patient", "own"), ("scheduler", "created")],
        ),
        action("create-links", "POST", |s| s.path("/links"), guest, STAFF),
        action("notify-visit", "POST", |s| s.path("/notify"), notice, STAFF),
        action("resend-link", "POST", |s| s.path("/resend-link"), lost, STAFF),
        action("get-audit", "GET", |s| s.path("/audit"), nothing, &[("admin", "tenant"), ("auditor", "tenant")]),
        action("list-participants", "GET", |s| s.path("/participants"), nothing, DESK),
        action("admit-participant", "POST", |s| s.person("admit"), nothing, DESK),
        action("reject-participant", "POST", |s| s.person("reject"), nothing, DESK),
        action(
            "start-visit-authenticated",
            "POST",
            |s| s.path("/start-authenticated"),
            nothing,
            &[("clinician", "own"), ("patient", "own")],
        ),
        action(
            "create-challenge",
            "POST",
            |_| "/api/challenges".to_owned(),
            challenge,
            &[("clinician", "own"), ("patient", "own")],
        ),
        action("end-visit", "POST", |s| s.path("/end"), |_| json!({"endReason": "completed"}), DESK),
        action("remove-participant", "POST", |s| s.person("remove"), nothing, DESK),
        action(
            "create-visit",
            "POST",
            |_| "/api/visits".to_owned(),
            visit,
            &[("admin", "tenant"), ("clinician", "own"), ("scheduler", "tenant")],
        ),
        action(
            "get-patient",
            "GET",
            patient_path,
            nothing,
            &[("admin", "tenant"), ("clinician", "own"), ("patient", "self"), ("scheduler", "created")],
        ),
        making(action("put-patient", "PUT", patient_path, patient, STAFF)),
        action(
            "get-clinician",
            "GET",
            clinician_path,
            nothing,
            &[("admin", "tenant"), ("clinician", "self"), ("scheduler", "tenant")],
        ),
        making(action("put-clinician", "PUT", clinician_path, clinician, &[("admin", "tenant")])),
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
fn notice(_: &Scene<'_>) -> Value {
    json!({"channel": "email", "recipientRole": "clinician", "template": "reminder"})
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
