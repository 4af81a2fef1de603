//! Somebody who came in, and what they do from their seat.

use crate::device::Device;
use crate::practice::{Answer, Ask, Practice};
use crate::visit::Appointment;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};

/// A seat of a visit: its session, on its device.
pub struct Seat<'a> {
    practice: &'a Practice,
    /// The device that came in.
    pub device: Device,
    /// The session's token.
    pub session: String,
    /// The participant's id.
    pub id: String,
    /// What start answered.
    pub start: Answer,
}

impl<'a> Seat<'a> {
    /// The seat that a start has given.
    #[track_caller]
    #[must_use]
    pub fn of(practice: &'a Practice, start: Answer, device: Device) -> Self {
        let (session, id) = (start.text_at("/visitSession/sessionToken"), start.text_at("/participantId"));
        Self { practice, device, session, id, start }
    }
    /// A request by this session.
    #[must_use]
    pub fn ask(&self, method: &str, path: &str) -> Ask<'a> {
        self.practice.ask(method, path).session(&self.session, &self.device)
    }
    /// A GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path).send().await
    }
    /// A POST.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask("POST", path).json(body).send().await
    }
    /// How it stands.
    pub async fn look(&self) -> Answer {
        self.get("/api/session").await
    }
    /// Asks for media.
    pub async fn join(&self) -> Answer {
        self.post("/api/session/join", &json!({})).await
    }
    /// Leaves.
    pub async fn leave(&self) -> Answer {
        self.post("/api/session/leave", &json!({})).await
    }
    /// The provider's attendee of this seat now, by its own words.
    pub async fn attendee(&self) -> String {
        self.join().await.expect(200).text_at("/media/attendee/AttendeeId")
    }
}

impl<'a> Appointment<'a> {
    /// The patient comes in by a new link, and waits.
    pub async fn patient_waits(&self) -> Seat<'a> {
        let credential = self.patient_credential().await;
        let device = Device::new();
        Seat::of(self.practice, self.start(&credential, &device).await.expect(202), device)
    }
    /// The clinician comes in by sign-in.
    pub async fn clinician_sits(&self) -> Seat<'a> {
        let device = Device::new();
        Seat::of(self.practice, self.clinician_comes(&device).await.expect(200), device)
    }
    /// The clinician lets somebody in from their session.
    pub async fn admit(&self, desk: &Seat<'_>, who: &str) -> Answer {
        desk.post(&self.path(&format!("/participants/{who}/admit")), &json!({})).await
    }
    /// Something about a participant, by the visit's clinician, signed in.
    pub async fn at_desk(&self, who: &str, what: &str) -> Answer {
        let path = self.path(&format!("/participants/{who}/{what}"));
        self.practice.post(&path, &json!({})).bearer(&self.clinician_token().await).send().await
    }
    /// Ends the visit, by its clinician, signed in.
    pub async fn end(&self, body: &Value) -> Answer {
        self.practice.post(&self.path("/end"), body).bearer(&self.clinician_token().await).send().await
    }
    /// The end of the audit chain: it moves with every change of the visit.
    pub async fn head(&self) -> Value {
        self.audit().await["head"].clone()
    }
    /// Whose attendees the visit's newest meeting has, by participant, and how many of them.
    #[must_use]
    pub fn in_the_call(&self) -> Vec<(String, String)> {
        let meetings = self.practice.laptop().aws().meetings();
        let meeting = meetings.into_iter().rev().find(|meeting| meeting.external_id == self.id);
        let attendees = meeting.map(|meeting| meeting.attendees).unwrap_or_default();
        attendees.into_iter().map(|attendee| (attendee.external_user_id, attendee.id)).collect()
    }
}

/// An address that no test has called from before: misses are counted by address.
#[must_use]
pub fn foreign_address() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("198.{}.{}.{}", 18 + (n >> 16) % 2, (n >> 8) & 255, n & 255)
}
