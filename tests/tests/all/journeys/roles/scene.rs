//! A visit with its people, and everybody who could ask.

use super::actions::Action;
use super::{EVERYONE, May, May::Gone, May::No, May::Unknown, May::Yes, Who, told};
use bedside_tests::{Answer, Appointment, Ask, Device, Practice, Seat, slot};
use serde_json::{Value, json};

/// A visit with a patient who waits, and everybody's credentials.
pub(super) struct Scene<'a> {
    pub(super) practice: &'a Practice,
    pub(super) visit: Appointment<'a>,
    /// Whether the practice's key made it.
    by_key: bool,
    seat: Seat<'a>,
    desk: Seat<'a>,
    other_desk: Seat<'a>,
    bearers: Vec<(Who, String)>,
    /// A key of the practice that nobody holds.
    pub(super) key_id: String,
}

impl<'a> Scene<'a> {
    pub(super) async fn set(practice: &'a Practice, foreign: &Value, by_key: bool) -> Self {
        let other = Appointment::make(practice, json!({})).await;
        let visit = Appointment::make(practice, json!({})).await;
        let visit = if by_key { visit } else { by_admin(practice, visit).await };
        let patient = visit.visit["patientId"].as_str().unwrap().to_owned();
        let tenant = foreign["tenantId"].as_str().unwrap();
        let at = async |role: &str, sub: &str| practice.token_at(tenant, role, sub).await;
        let bearers = vec![
            (Who::Admin, practice.token("admin", None).await),
            (Who::Clinician, visit.clinician_token().await),
            (Who::OtherClinician, other.clinician_token().await),
            (Who::Auditor, practice.token("auditor", None).await),
            (Who::Patient, practice.token("patient", Some(&patient)).await),
            (Who::OtherPatient, practice.token("patient", other.visit["patientId"].as_str()).await),
            (Who::Scheduler, practice.key("secretKey").to_owned()),
            (Who::Publishable, practice.key("publishableKey").to_owned()),
            (Who::ForeignAdmin, at("admin", "admin-1").await),
            (Who::ForeignClinician, at("clinician", &visit.clinician_id).await),
            (Who::ForeignAuditor, at("auditor", "auditor-1").await),
            (Who::ForeignPatient, at("patient", &patient).await),
            (Who::ForeignScheduler, foreign["secretKey"].as_str().unwrap().to_owned()),
        ];
        let (desk, other_desk) = (visit.clinician_sits().await, other.clinician_sits().await);
        let device = Device::new();
        let start = practice.post(&visit.path("/start-authenticated"), &json!({})).bearer(&bearers[4].1);
        let seat = Seat::of(practice, start.device(&device).send().await.expect(202), device);
        let spare = json!({"kind": "secret", "label": "Spare"});
        let key_id = practice.post("/api/keys", &spare).bearer(&bearers[0].1).send().await.expect(201);
        let key_id = key_id.text_at("/keyId");
        Self { practice, visit, by_key, seat, desk, other_desk, bearers, key_id }
    }

    pub(super) fn path(&self, rest: &str) -> String {
        self.visit.path(rest)
    }
    pub(super) fn person(&self, what: &str) -> String {
        self.path(&format!("/participants/{}/{what}", self.seat.id))
    }
    pub(super) fn patient(&self) -> String {
        format!("/api/patients/{}", self.visit.visit["patientId"].as_str().unwrap())
    }
    pub(super) fn clinician(&self) -> String {
        format!("/api/clinicians/{}", self.visit.clinician_id)
    }

    fn ask(&self, who: Who, method: &str, path: &str) -> Ask<'a> {
        let plain = self.practice.ask(method, path);
        match who {
            Who::Desk => self.desk.ask(method, path),
            Who::OtherDesk => self.other_desk.ask(method, path),
            Who::Seat => self.seat.ask(method, path),
            Who::Nobody => plain,
            known => {
                let bearer = &self.bearers.iter().find(|(who, _)| *who == known).unwrap().1;
                plain.bearer(bearer).header("origin", self.practice.key("allowedOrigin"))
            }
        }
    }

    pub(super) async fn act(&self, who: Who, action: &Action) -> Answer {
        let ask = self.ask(who, action.method, &(action.path)(self));
        // Whoever comes in again comes from where they are, so that nobody's session moves.
        let ask = match (action.name, who) {
            ("start-visit-authenticated", Who::Clinician) => ask.device(&self.desk.device),
            ("start-visit-authenticated", Who::Patient) => ask.device(&self.seat.device),
            _ => ask,
        };
        if action.method == "GET" { ask.send().await } else { ask.json(&(action.body)(self)).send().await }
    }

    /// Everybody; but once a foreign administrator has made a record of that id, it is theirs alone there.
    pub(super) fn who_asks(&self, action: &Action) -> impl Iterator<Item = Who> {
        let makes = action.makes;
        let makers = [Who::ForeignClinician, Who::ForeignScheduler];
        EVERYONE.into_iter().filter(move |who| !makes || !makers.contains(who))
    }

    /// What is not theirs looks to them like what is not there.
    pub(super) async fn is_as_if_never(&self, who: Who, action: &Action, answer: &Answer) {
        let path = (action.path)(self);
        let unknown = "019ac0de-c111-7b22-9c33-4d55e66f7788";
        let never = path.replace(&self.visit.id, unknown).replace(&self.key_id, unknown);
        let never = never.replace("/patients/p", "/patients/never-").replace("/clinicians/c", "/clinicians/never-");
        // A record that never was is made by whoever asks for it; a body's own names are judged elsewhere.
        if action.makes || never == path {
            return;
        }
        let ask = self.ask(who, action.method, &never);
        let ask = if action.method == "GET" { ask } else { ask.json(&(action.body)(self)) };
        let there = ask.send().await;
        assert_eq!(told(&there), told(answer), "{who:?} {}: not there, and not theirs", action.name);
    }

    /// What the document says.
    pub(super) fn expected(&self, who: Who, action: &Action) -> May {
        let scope = |role: &str| action.scope(role);
        let in_scope = |role: &str, own: bool| match scope(role) {
            None => No,
            Some(_) if action.at_home => Yes,
            Some("tenant") => Yes,
            Some("own" | "self") if own => Yes,
            Some("created") if self.by_key => Yes,
            Some(_) => Gone,
        };
        let foreign = |role: &str| match scope(role) {
            None => No,
            Some(_) if action.makes || action.at_home => Yes,
            Some(_) => Gone,
        };
        let session = |role: &str, own: bool| match (action.name, scope("session:clinician")) {
            // A session is a credential only where sessions are taken; at the challenges' door nobody looks at it.
            (_, None) => Unknown,
            (_, Some(_)) if role != "clinician" => No,
            (_, Some(_)) => {
                if own {
                    Yes
                } else {
                    Gone
                }
            }
        };
        // A session speaks for its own seat alone, and there nobody else's word counts.
        if scope("session:patient") == Some("self") {
            return if matches!(who, Who::Desk | Who::OtherDesk | Who::Seat) { Yes } else { Unknown };
        }
        match who {
            Who::Admin => in_scope("admin", false),
            Who::Clinician => in_scope("clinician", true),
            Who::OtherClinician => in_scope("clinician", false),
            Who::Auditor => in_scope("auditor", false),
            Who::Patient => in_scope("patient", true),
            Who::OtherPatient => in_scope("patient", false),
            Who::Scheduler => in_scope("scheduler", false),
            Who::Publishable => in_scope("publishable", false),
            Who::ForeignAdmin => foreign("admin"),
            Who::ForeignClinician => foreign("clinician"),
            Who::ForeignAuditor => foreign("auditor"),
            Who::ForeignPatient => foreign("patient"),
            Who::ForeignScheduler => foreign("scheduler"),
            Who::Desk => session("clinician", true),
            Who::OtherDesk => session("clinician", false),
            Who::Seat => session("patient", true),
            Who::Nobody => Unknown,
        }
    }
}

/// The same visit again, made by the practice's administrator and not by its key.
async fn by_admin<'a>(practice: &'a Practice, mut visit: Appointment<'a>) -> Appointment<'a> {
    let patient = format!("pa-{}", &visit.id[24..]);
    let body = json!({
        "clinicianId": visit.clinician_id, "scheduledAt": slot(practice.now(), 5), "duration": 15,
        "patient": {
            "patientId": patient, "givenName": "Ann", "familyName": "Leeward", "state": "TX",
            "phone": visit.phone, "email": "ann@example.com",
        },
    });
    visit.end_quietly().await;
    let admin = practice.token("admin", None).await;
    visit.visit = practice.post("/api/visits", &body).bearer(&admin).send().await.expect(201).json;
    visit.id = visit.visit["visitId"].as_str().unwrap().to_owned();
    visit
}

trait Quietly {
    /// Frees the time that it has.
    async fn end_quietly(&self);
}

impl Quietly for Appointment<'_> {
    async fn end_quietly(&self) {
        let _ = self.end(&json!({"endReason": "cancelled"})).await.expect(200);
    }
}
