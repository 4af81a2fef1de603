//! Bodies of answers. Absent optional fields are left out, never `null`.

use super::ConsentType;
use crate::ports::{ChimeAttendee, ChimeMeeting};
use bedside_domain::access::{AccessPolicy, Factor, Role, VerifiedBy};
use bedside_domain::audit::{Record, Sha256};
use bedside_domain::delivery::MessageStatus;
use bedside_domain::id::{ChallengeId, ClinicianId, LinkId, MessageId, ParticipantId, PatientId, VisitId};
use bedside_domain::link::Locator;
use bedside_domain::participant::ParticipantStatus;
use bedside_domain::person::{Country, Locale, State};
use bedside_domain::time::{Duration, Rfc3339};
use bedside_domain::visit::{Channel, EndReason, MediaProvider, Modality, VisitStatus, VisitType};
use bedside_domain::zone::Zone;
use serde::Serialize;

/// Whom to call.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Practice {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub support_phone: Option<String>,
}

/// Where a message stands.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct MessageState {
    pub status: MessageStatus,
    pub at: Rfc3339,
}

/// The newest message to the patient of each channel.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Messages {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sms: Option<MessageState>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<MessageState>,
}

/// One of a visit's participants.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct ParticipantView {
    pub participant_id: ParticipantId,
    pub role: Role,
    pub display_name: String,
    pub status: ParticipantStatus,
    pub since: Rfc3339,
    pub last_seen_at: Rfc3339,
    pub verified_by: Vec<VerifiedBy>,
    pub blocked_attempts: u32,
}

/// A visit, with the fields that the caller's role may see.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Visit {
    pub visit_id: VisitId,
    pub status: VisitStatus,
    pub scheduled_at: Rfc3339,
    pub duration: Duration,
    pub timezone: Zone,
    pub visit_type: VisitType,
    pub modality: Modality,
    pub channel: Channel,
    pub clinician_id: ClinicianId,
    pub patient_id: PatientId,
    pub opens_at: Rfc3339,
    pub closes_at: Rfc3339,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meeting_code: Option<Locator>,
    pub access: AccessPolicy,
    pub messages: Messages,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub participants: Option<Vec<ParticipantView>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Rfc3339>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Rfc3339>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_reason: Option<EndReason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chief_complaint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient_instructions: Option<String>,
    pub created_at: Rfc3339,
    pub updated_at: Rfc3339,
}

/// A visit in a list.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct VisitSummary {
    pub visit_id: VisitId,
    pub status: VisitStatus,
    pub scheduled_at: Rfc3339,
    pub duration: Duration,
    pub timezone: Zone,
    pub visit_type: VisitType,
    pub modality: Modality,
    pub clinician_id: ClinicianId,
    pub patient_id: PatientId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient_name: Option<String>,
    pub opens_at: Rfc3339,
    pub closes_at: Rfc3339,
    pub waiting: u32,
    pub messages: Messages,
}

/// One page of visits.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct VisitPage {
    pub visits: Vec<VisitSummary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// What came of `POST /api/schedule`.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Scheduled {
    pub visit_id: VisitId,
    pub status: VisitStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub challenge_id: Option<ChallengeId>,
    pub scheduled_at: Rfc3339,
    pub duration: Duration,
    pub sent: SentSet,
}

/// A clinician.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Clinician {
    pub clinician_id: ClinicianId,
    pub given_name: String,
    pub family_name: String,
    pub title: String,
    pub email: String,
    pub phone: String,
    pub licensed_states: Vec<State>,
    pub timezone: Zone,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connect_agent_id: Option<String>,
}

/// A patient.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Patient {
    pub patient_id: PatientId,
    pub given_name: String,
    pub family_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    pub state: State,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
    pub timezone: Zone,
    pub locale: Locale,
}

/// A link; its secret is shown here only.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Link {
    pub token_id: LinkId,
    pub token: String,
    pub link: String,
    pub code: Locator,
    pub opens_at: Rfc3339,
    pub expires_at: Rfc3339,
}

/// A guest's or interpreter's link.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct GuestLink {
    pub participant_id: ParticipantId,
    pub role: Role,
    pub display_name: String,
    pub token_id: LinkId,
    pub token: String,
    pub link: String,
    pub code: Locator,
    pub opens_at: Rfc3339,
    pub expires_at: Rfc3339,
}

/// What create-links made.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Links {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient: Option<Link>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clinician: Option<Link>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guests: Option<Vec<GuestLink>>,
}

/// What came of one message.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Sent {
    pub message_id: MessageId,
    pub to: String,
    pub status: MessageStatus,
    pub provider: &'static str,
}

/// What came of each message.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct SentSet {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sms: Option<Sent>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Sent>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clinician_sms: Option<Sent>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clinician_email: Option<Sent>,
}

/// What was sent.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct SentAnswer {
    pub sent: SentSet,
}

/// `{}`: nothing is said.
#[derive(Clone, Copy, Serialize)]
pub struct Nothing {}

/// What is still to be proven, and whether one waits afterwards.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Requirements {
    pub factors: Vec<Factor>,
    pub waiting_room: bool,
}

/// What the join page may know of a visit.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct VisitPreview {
    pub visit_id: VisitId,
    pub scheduled_at: Rfc3339,
    pub duration: Duration,
    pub timezone: Zone,
    pub modality: Modality,
    pub clinician_name: String,
}

/// Whether one may come in now.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Joinable {
    pub now: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opens_in_ms: Option<i64>,
}

/// What a link is for. Nothing is consumed by asking.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct CheckedLink {
    pub valid: bool,
    pub role: Role,
    pub visit: VisitPreview,
    pub practice: Practice,
    pub opens_at: Rfc3339,
    pub expires_at: Rfc3339,
    pub expires_in: i64,
    pub server_time: Rfc3339,
    pub joinable: Joinable,
    pub requires: Requirements,
    pub resumable: bool,
    pub warnings: Vec<&'static str>,
}

/// What one needs to join the call.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Media {
    pub provider: MediaProvider,
    pub epoch: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meeting: Option<ChimeMeeting>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attendee: Option<ChimeAttendee>,
}

/// Which meeting is on.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct MediaStatus {
    pub provider: MediaProvider,
    pub epoch: u32,
}

/// The same as in `media`.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct ChimeJoinInfo {
    pub meeting: ChimeMeeting,
    pub attendee: ChimeAttendee,
}

/// The session of someone who came in.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct VisitSession {
    pub session_token: String,
    pub expires_in: i64,
}

/// Admitted.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Started {
    pub participant_id: ParticipantId,
    pub status: &'static str,
    pub media: Media,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chime_join_info: Option<ChimeJoinInfo>,
    pub visit_session: VisitSession,
}

/// Waiting to be admitted.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Waiting {
    pub participant_id: ParticipantId,
    pub status: &'static str,
    pub position: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimated_wait_seconds: Option<i64>,
    pub poll_after_ms: u32,
    pub visit_session: VisitSession,
}

/// Media to join.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct JoinedSession {
    pub media: Media,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chime_join_info: Option<ChimeJoinInfo>,
}

/// How it stands.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Session {
    pub participant_id: ParticipantId,
    pub role: Role,
    pub status: ParticipantStatus,
    pub visit_status: VisitStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimated_wait_seconds: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media: Option<MediaStatus>,
    pub practice: Practice,
    pub poll_after_ms: u32,
    pub server_time: Rfc3339,
}

/// A consent as it was recorded.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Consent {
    #[serde(rename = "type")]
    pub consent_type: ConsentType,
    pub version: String,
    pub granted: bool,
    pub at: Rfc3339,
}

/// Everyone of a visit.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Participants {
    pub participants: Vec<ParticipantView>,
}

/// Where a participant stands now.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct ParticipantState {
    pub participant_id: ParticipantId,
    pub status: ParticipantStatus,
}

/// A challenge on its way.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct ChallengeAnswer {
    pub challenge_id: ChallengeId,
    pub factor: Factor,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    pub expires_in: i64,
}

/// Answered: the id is now the proof.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Answered {
    pub challenge_id: ChallengeId,
    pub answered: bool,
    pub expires_in: i64,
}

/// The end of a chain.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct AuditHead {
    pub seq: u64,
    pub hash: Sha256,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
}

/// One page of a chain, and whether the whole chain verifies.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct AuditPage {
    pub events: Vec<Record>,
    pub head: AuditHead,
    pub verified: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_bad_seq: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// One of the deep checks.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct HealthCheck {
    pub name: &'static str,
    pub ok: bool,
    pub ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// How the service is.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Health {
    pub status: &'static str,
    pub version: &'static str,
    pub server_time: Rfc3339,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checks: Option<Vec<HealthCheck>>,
}
