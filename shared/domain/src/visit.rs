//! A visit: its states, its window, what it owes.

use crate::access::AccessPolicy;
use crate::audit::Head;
use crate::delivery::Deliveries;
use crate::id::{ClinicianId, ParticipantId, PatientId, TenantId, VisitId};
use crate::parse::word_enum;
use crate::person::Country;
use crate::secret::{Salt, Sealed};
use crate::settings::ConnectId;
use crate::time::{Duration, SlotTime, Time};
use crate::zone::Zone;
use serde::{Deserialize, Serialize};

word_enum! {
    /// Where a visit stands.
    pub enum VisitStatus: "Must be a visit's status." {
        /// Asked for by a page, not confirmed yet; the slot is held.
        Requested = "REQUESTED",
        /// Booked.
        Scheduled = "SCHEDULED",
        /// Somebody was admitted to media.
        Active = "ACTIVE",
        /// Ended, both met.
        Completed = "COMPLETED",
        /// Ended by a fault.
        Technical = "TECHNICAL",
        /// Called off.
        Cancelled = "CANCELLED",
        /// Ended, somebody never came.
        NoShow = "NO_SHOW",
    }
}

impl VisitStatus {
    /// Whether people may still come in.
    #[must_use]
    pub const fn is_live(self) -> bool {
        match self {
            Self::Scheduled | Self::Active => true,
            Self::Requested | Self::Completed | Self::Technical | Self::Cancelled | Self::NoShow => false,
        }
    }
    /// Whether the visit can still be called off.
    #[must_use]
    pub const fn can_be_cancelled(self) -> bool {
        match self {
            Self::Requested | Self::Scheduled | Self::Active => true,
            Self::Completed | Self::Technical | Self::Cancelled | Self::NoShow => false,
        }
    }
}

/// For how long the slot of a visit that a page asked for is held until the phone's holder confirms it.
pub const HOLD_MINUTES: i64 = 15;

word_enum! {
    /// Why a visit ended.
    pub enum EndReason: "Must be completed, no-show, technical-issue or cancelled." {
        /// Both met.
        Completed = "completed",
        /// Somebody never came.
        NoShow = "no-show",
        /// A fault ended it.
        TechnicalIssue = "technical-issue",
        /// Called off.
        Cancelled = "cancelled",
    }
}

impl EndReason {
    /// The state that it leads to from `status`; `None` where the state chart has no such step.
    #[must_use]
    pub const fn leads(self, from: VisitStatus) -> Option<VisitStatus> {
        match (from, self) {
            (VisitStatus::Scheduled | VisitStatus::Active, Self::NoShow) => Some(VisitStatus::NoShow),
            (VisitStatus::Scheduled | VisitStatus::Active, Self::Cancelled) => Some(VisitStatus::Cancelled),
            (VisitStatus::Active, Self::Completed) => Some(VisitStatus::Completed),
            (VisitStatus::Active, Self::TechnicalIssue) => Some(VisitStatus::Technical),
            (VisitStatus::Scheduled, Self::Completed | Self::TechnicalIssue)
            | (
                VisitStatus::Requested
                | VisitStatus::Completed
                | VisitStatus::Technical
                | VisitStatus::Cancelled
                | VisitStatus::NoShow,
                _,
            ) => None,
        }
    }
}

word_enum! {
    /// The kind of visit.
    pub enum VisitType: "Must be initial, follow-up or urgent." {
        /// The first.
        Initial = "initial",
        /// A later one.
        FollowUp = "follow-up",
        /// Soon.
        Urgent = "urgent",
    }
}

word_enum! {
    /// How the two talk.
    pub enum Modality: "Must be video or audio." {
        /// With camera.
        Video = "video",
        /// Without.
        Audio = "audio",
    }
}

word_enum! {
    /// Which messages somebody gets.
    pub enum Channel: "Must be sms, email or both." {
        /// A text.
        Sms = "sms",
        /// An e-mail.
        Email = "email",
        /// Both.
        Both = "both",
    }
}

impl Channel {
    /// Whether it includes texts.
    #[must_use]
    pub const fn has_sms(self) -> bool {
        matches!(self, Self::Sms | Self::Both)
    }
    /// Whether it includes e-mail.
    #[must_use]
    pub const fn has_email(self) -> bool {
        matches!(self, Self::Email | Self::Both)
    }
}

word_enum! {
    /// Who carries the call.
    pub enum MediaProvider: "Must be chime or connect." {
        /// Chime SDK Meetings.
        Chime = "chime",
        /// Amazon Connect.
        Connect = "connect",
    }
}

word_enum! {
    /// What an ended visit still has to do outside of the table.
    pub enum Owed: "Must be media-close, stale-attendees or head-signature." {
        /// Delete the meeting.
        MediaClose = "media-close",
        /// Take media credentials back that belong to a session which was moved or ended.
        StaleAttendees = "stale-attendees",
        /// Sign the audit chain's head.
        HeadSignature = "head-signature",
    }
}

word_enum! {
    /// Whether a call is recorded.
    #[derive(Default)]
    pub enum Recording: "Must be none, running or over." {
        /// It is not.
        #[default]
        None = "none",
        /// It is.
        Running = "running",
        /// It was.
        Over = "over",
    }
}

/// A call as its provider knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallRef<'a> {
    /// Who carries it.
    pub provider: MediaProvider,
    /// The provider's id.
    pub meeting_id: &'a str,
    /// The instance of Amazon Connect that it is in.
    pub instance_id: Option<&'a ConnectId>,
}

/// Our record of the meeting: it, not the provider's, is the truth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MeetingRecord {
    /// Who carries it.
    pub provider: MediaProvider,
    /// From 1; raised when the provider has ended the meeting and it was made anew.
    pub epoch: u32,
    /// The provider's id: of a meeting, or of a contact.
    pub meeting_id: String,
    /// The instance of Amazon Connect that the contact is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance_id: Option<ConnectId>,
    /// What the clients need to join, sealed.
    pub join_info: Sealed,
    /// When it was made.
    pub created_at: Time,
    /// Whether it is recorded, as far as we were told.
    #[serde(default)]
    pub recording: Recording,
}

impl MeetingRecord {
    /// What its provider knows it by.
    #[must_use]
    pub fn call(&self) -> CallRef<'_> {
        CallRef { provider: self.provider, meeting_id: &self.meeting_id, instance_id: self.instance_id.as_ref() }
    }
}

/// A visit, as it stands in the table. Whatever speaks of health or names is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Visit {
    /// Its id.
    pub visit_id: VisitId,
    /// Whose it is.
    pub tenant: TenantId,
    /// Where it stands.
    pub status: VisitStatus,
    /// When it is to begin.
    pub scheduled_at: SlotTime,
    /// How long it is to take.
    pub duration: Duration,
    /// The patient's zone.
    pub timezone: Zone,
    /// Its kind.
    pub visit_type: VisitType,
    /// With or without camera.
    pub modality: Modality,
    /// Which messages the patient gets.
    pub channel: Channel,
    /// Who treats.
    pub clinician_id: ClinicianId,
    /// First name only: what messages and the join page may say.
    pub clinician_name: String,
    /// Whom it is for.
    pub patient_id: PatientId,
    /// The patient's locale, for messages.
    pub locale: String,
    /// Who made it: a key's id or a subject; a key sees what it made.
    pub created_by: String,
    /// From when on one may come in.
    pub opens_at: Time,
    /// Until when one may.
    pub closes_at: Time,
    /// How one comes in.
    pub access: AccessPolicy,
    /// The public code, where the policy has one: a locator, in clear.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meeting_code: Option<crate::link::Locator>,
    /// The patient's seat; there is one, whatever links or sign-ins lead to it.
    pub patient_seat: ParticipantId,
    /// The clinician's seat.
    pub clinician_seat: ParticipantId,
    /// Whether the patient had a phone on record when the visit was made: whether a code could go there.
    pub patient_has_phone: bool,
    /// Where the patient lives by the record.
    #[serde(default = "Country::us")]
    pub patient_country: Country,
    /// The entity's salt; deleting it shreds what is sealed here and in the visit's links and seats.
    pub salt: Salt,
    /// The patient's name, sealed.
    pub patient_name: Sealed,
    /// Why the patient comes, sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chief_complaint: Option<Sealed>,
    /// What the patient should prepare, sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient_instructions: Option<Sealed>,
    /// The clinician's notes, sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<Sealed>,
    /// Whether the patient may read the notes.
    #[serde(default)]
    pub notes_released: bool,
    /// The FHIR Appointment that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointment: Option<String>,
    /// The meeting, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meeting: Option<MeetingRecord>,
    /// When it became ACTIVE.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Time>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Time>,
    /// Why it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_reason: Option<EndReason>,
    /// Why it was called off, sealed: for the practice, never sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel_reason: Option<Sealed>,
    /// How many wait to be admitted.
    #[serde(default)]
    pub waiting: u32,
    /// What became of the newest messages to the patient.
    #[serde(default)]
    pub deliveries: Deliveries,
    /// What an ended visit still has to do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owes: Vec<Owed>,
    /// When the next link dies that has a shorter life than the visit's window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link_dies_at: Option<Time>,
    /// When `tick` should look at it next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Time>,
    /// How often its calendar entry was changed: `SEQUENCE` of the next invitation (RFC 5545, 3.8.7.4).
    #[serde(default)]
    pub calendar_sequence: u32,
    /// The end of its audit chain.
    pub head: Head,
    /// The newest signed head (a compact JWS).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_head: Option<String>,
    /// When it was made.
    pub created_at: Time,
    /// When it was changed last.
    pub updated_at: Time,
}

/// When one may come in: from `early` minutes before the start until `late` minutes after the planned end.
#[must_use]
pub fn window(scheduled_at: SlotTime, duration: Duration, early: u16, late: u16) -> (Time, Time) {
    let start = scheduled_at.time();
    let end = start.plus_minutes(i64::from(duration.minutes()));
    (start.plus_minutes(-i64::from(early)), end.plus_minutes(i64::from(late)))
}

impl Visit {
    /// The first admission to media: SCHEDULED becomes ACTIVE; ACTIVE stays. Says whether it began now.
    pub fn begin(&mut self, now: Time) -> bool {
        let begins = self.status == VisitStatus::Scheduled;
        if begins {
            self.status = VisitStatus::Active;
            self.started_at = Some(now);
        }
        begins
    }

    /// The phone's holder has confirmed what a page asked for: it is booked.
    pub fn confirm(&mut self) {
        self.status = VisitStatus::Scheduled;
        self.due_at = self.next_look();
    }

    /// When there is something to do again by the clock alone: a link dies, or the visit closes.
    #[must_use]
    pub fn next_look(&self) -> Option<Time> {
        let next = self.link_dies_at.map_or(self.closes_at, |at| at.min(self.closes_at));
        self.status.is_live().then_some(next)
    }

    /// A link was made that dies then.
    pub fn watch_link(&mut self, dies_at: Time) {
        if dies_at < self.closes_at {
            self.link_dies_at = Some(self.link_dies_at.map_or(dies_at, |at| at.min(dies_at)));
            self.due_at = self.due_at.map(|due| due.min(dies_at));
        }
    }

    /// The next link dies then. What is owed is looked at when it is due.
    pub fn watch_links(&mut self, next: Option<Time>) {
        self.link_dies_at = next;
        if self.owes.is_empty() {
            self.due_at = self.next_look();
        }
    }

    /// Moves it: the window keeps its distance from the visit, whatever the practice's settings say by now.
    pub fn move_to(&mut self, scheduled_at: SlotTime, duration: Duration) {
        let end = |start: SlotTime, duration: Duration| start.time().plus_minutes(i64::from(duration.minutes()));
        let early = self.scheduled_at.time().since(self.opens_at);
        let late = self.closes_at.since(end(self.scheduled_at, self.duration));
        self.scheduled_at = scheduled_at;
        self.duration = duration;
        self.opens_at = Time::from_millis(scheduled_at.time().millis().saturating_sub(early));
        self.closes_at = Time::from_millis(end(scheduled_at, duration).millis().saturating_add(late));
        if self.owes.is_empty() {
            self.due_at = self.next_look();
        }
    }

    /// Ends it. The caller has asked [`EndReason::leads`].
    pub fn end(&mut self, status: VisitStatus, reason: EndReason, now: Time) {
        self.status = status;
        self.end_reason = Some(reason);
        self.ended_at = Some(now);
        self.owes.clear();
        self.owe(Owed::HeadSignature, now);
        if self.meeting.is_some() {
            self.owe(Owed::MediaClose, now);
        }
    }

    /// Owes something: `tick` does it in a minute, should whoever owes it not have done it by then.
    pub fn owe(&mut self, owed: Owed, now: Time) {
        if !self.owes.contains(&owed) {
            self.owes.push(owed);
        }
        let soon = now.plus_minutes(1);
        self.due_at = Some(self.due_at.map_or(soon, |due| due.min(soon)));
    }

    /// Strikes off what is done. A visit that people can still come into is looked at again when it closes.
    pub fn settle(&mut self, done: Owed) {
        self.owes.retain(|owed| *owed != done);
        if self.owes.is_empty() {
            self.due_at = self.next_look();
        }
    }
}
