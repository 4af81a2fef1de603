//! A visit that was scheduled, with a clinician and a patient of its own.

use crate::device::{Device, uuid_like};
use crate::practice::{Answer, Practice, credential};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};

/// Numbers kept for fiction, a new one each time.
fn number() -> String {
    const AREAS: [u16; 12] = [202, 212, 312, 415, 512, 617, 702, 713, 206, 305, 303, 404];
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let n = NEXT.fetch_add(1, Ordering::Relaxed) as usize;
    format!("+1{}55501{:02}", AREAS[(n / 100) % AREAS.len()], n % 100)
}

/// A visit, and what its people are known by.
pub struct Appointment<'a> {
    /// Whose it is.
    pub practice: &'a Practice,
    /// What create-visit answered.
    pub visit: Value,
    /// Its id.
    pub id: String,
    /// Its clinician.
    pub clinician_id: String,
    /// Its patient's phone.
    pub phone: String,
    /// Its clinician's phone.
    pub clinician_phone: String,
}

impl<'a> Appointment<'a> {
    /// Schedules one that begins in about five minutes; `over` replaces members of the request.
    pub async fn make(practice: &'a Practice, over: Value) -> Self {
        let mark = &uuid_like()[..10];
        let (clinician_id, patient_id) = (format!("c-{mark}"), format!("p-{mark}"));
        let (phone, clinician_phone) = (number(), number());
        let admin = practice.token("admin", None).await;
        let clinician = json!({
            "givenName": "Jane", "familyName": "Doe", "title": "Dr.", "email": format!("{clinician_id}@example.com"),
            "phone": clinician_phone, "licensedStates": ["TX", "NY"], "timezone": "America/Chicago",
        });
        let put = practice.put(&format!("/api/clinicians/{clinician_id}"), &clinician).bearer(&admin).send().await;
        let _ = put.expect(201);
        let mut body = json!({
            "patient": {
                "patientId": patient_id, "givenName": "Ann", "familyName": "Leeward", "phone": phone,
                "email": format!("{patient_id}@example.com"), "state": "TX", "timezone": "America/Chicago", "locale": "en-US",
            },
            "clinicianId": clinician_id, "scheduledAt": slot(practice.now(), 5), "duration": 15,
            "chiefComplaint": "Headache for three days",
        });
        for (name, value) in over.as_object().into_iter().flatten() {
            body[name] = value.clone();
        }
        let visit = practice.lander("/api/visits", &body).await.expect(201).json;
        let id = visit["visitId"].as_str().unwrap().to_owned();
        Self { practice, visit, id, clinician_id, phone, clinician_phone }
    }

    /// A path under the visit.
    #[must_use]
    pub fn path(&self, rest: &str) -> String {
        format!("/api/visits/{}{rest}", self.id)
    }

    /// Makes links for patient and clinician.
    pub async fn links(&self) -> Value {
        self.practice.lander(&self.path("/links"), &json!({"roles": ["patient", "clinician"]})).await.expect(200).json
    }

    /// Makes the patient's link, and gives what its page would send.
    pub async fn patient_credential(&self) -> Value {
        let links = self.practice.lander(&self.path("/links"), &json!({"roles": ["patient"]})).await.expect(200);
        credential(&links.text_at("/patient/link"))
    }

    /// Starts with a link's credential, on a device.
    pub async fn start(&self, credential: &Value, device: &Device) -> Answer {
        self.practice.post(&self.path("/start"), credential).device(device).send().await
    }

    /// The visit's clinician, signed in, comes in.
    pub async fn clinician_comes(&self, device: &Device) -> Answer {
        let token = self.clinician_token().await;
        self.practice.post(&self.path("/start-authenticated"), &json!({})).bearer(&token).device(device).send().await
    }

    /// An access token of the visit's clinician.
    pub async fn clinician_token(&self) -> String {
        self.practice.token("clinician", Some(&self.clinician_id)).await
    }

    /// The visit's audit chain.
    pub async fn audit(&self) -> Value {
        let token = self.practice.token("auditor", None).await;
        self.practice.get(&self.path("/audit?limit=100")).bearer(&token).send().await.expect(200).json
    }

    /// The types of the chain's events, in their order.
    pub async fn events(&self) -> Vec<String> {
        let audit = self.audit().await;
        assert_eq!(audit["verified"], true, "{audit}");
        audit["events"].as_array().unwrap().iter().map(|event| event["type"].as_str().unwrap().to_owned()).collect()
    }

    /// Texts to the patient's phone, newest first.
    pub async fn texts(&self) -> Vec<Value> {
        let messages = self.practice.messages().await;
        messages.into_iter().filter(|m| m["channel"] == "sms" && m["to"] == self.phone.as_str()).collect()
    }
}

/// The next 5-minute mark at least that many minutes ahead.
#[must_use]
pub fn slot(now: Timestamp, minutes: i64) -> String {
    let at = now + SignedDuration::from_mins(minutes);
    let second = at.as_second().div_euclid(300) * 300 + 300;
    Timestamp::from_second(second).unwrap().to_string()
}
