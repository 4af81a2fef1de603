//! Bodies of answers. Absent optional fields are left out, never `null`.

use super::schema::{
    Admitted, Asked, CursorToken, DeepCheck, HealthStatus, Jwt, MaskedContact, NotJoinable, Provider, SentStatus,
    Waits, Warning,
};
use super::{ConsentType, GuestRole};
use crate::ports::{ChimeAttendee, ChimeMeeting};
use bedside_domain::access::{AccessPolicy, Factor, Role, VerifiedBy};
use bedside_domain::audit::{Record, Sha256};
use bedside_domain::contact::{EmailAddress, PhoneNumber};
use bedside_domain::delivery::MessageStatus;
use bedside_domain::id::{ChallengeId, ClinicianId, LinkId, MessageId, ParticipantId, PatientId, VisitId};
use bedside_domain::link::Locator;
use bedside_domain::name::DisplayName;
use bedside_domain::participant::ParticipantStatus;
use bedside_domain::person::{Country, Locale, State};
use bedside_domain::settings::ConnectId;
use bedside_domain::time::{Duration, Rfc3339, SlotTime};
use bedside_domain::visit::{Channel, EndReason, MediaProvider, Modality, VisitStatus, VisitType};
use bedside_domain::zone::Zone;
use serde::Serialize;
use utoipa::ToSchema;

/// Whom to call.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Practice {
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 20)]
    pub support_phone: Option<String>,
}

/// Where a message stands.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct MessageState {
    pub status: MessageStatus,
    pub at: Rfc3339,
}

/// The newest message to the patient of each channel.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Messages {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sms: Option<MessageState>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<MessageState>,
}

/// One of a visit's participants.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Participant)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct ParticipantView {
    pub participant_id: ParticipantId,
    pub role: Role,
    #[schema(value_type = DisplayName)]
    pub display_name: String,
    pub status: ParticipantStatus,
    pub since: Rfc3339,
    pub last_seen_at: Rfc3339,
    #[schema(value_type = BTreeSet<VerifiedBy>)]
    pub verified_by: Vec<VerifiedBy>,
    pub blocked_attempts: u32,
}

/// A visit, with the fields that the caller's role may see.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Visit {
    pub visit_id: VisitId,
    pub status: VisitStatus,
    #[schema(value_type = SlotTime)]
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
    #[schema(max_length = 1000)]
    pub chief_complaint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 10000)]
    pub notes: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 1000)]
    pub patient_instructions: Option<String>,
    pub created_at: Rfc3339,
    pub updated_at: Rfc3339,
}

/// A visit in a list.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct VisitSummary {
    pub visit_id: VisitId,
    pub status: VisitStatus,
    #[schema(value_type = SlotTime)]
    pub scheduled_at: Rfc3339,
    pub duration: Duration,
    pub timezone: Zone,
    pub visit_type: VisitType,
    pub modality: Modality,
    pub clinician_id: ClinicianId,
    pub patient_id: PatientId,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 201)]
    pub patient_name: Option<String>,
    pub opens_at: Rfc3339,
    pub closes_at: Rfc3339,
    #[schema(minimum = 0)]
    pub waiting: u32,
    pub messages: Messages,
}

/// One page of visits.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
#[schema(as = VisitList)]
pub struct VisitPage {
    #[schema(max_items = 100)]
    pub visits: Vec<VisitSummary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<CursorToken>)]
    pub next_cursor: Option<String>,
}

/// What came of `POST /api/schedule`.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
#[schema(as = ScheduleResponse)]
pub struct Scheduled {
    pub visit_id: VisitId,
    #[schema(value_type = Asked)]
    pub status: VisitStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub challenge_id: Option<ChallengeId>,
    #[schema(value_type = SlotTime)]
    pub scheduled_at: Rfc3339,
    pub duration: Duration,
    pub sent: SentSet,
}

/// A clinician.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Clinician {
    pub clinician_id: ClinicianId,
    #[schema(min_length = 1, max_length = 100)]
    pub given_name: String,
    #[schema(min_length = 1, max_length = 100)]
    pub family_name: String,
    #[schema(min_length = 1, max_length = 60)]
    pub title: String,
    #[schema(value_type = EmailAddress)]
    pub email: String,
    #[schema(value_type = PhoneNumber)]
    pub phone: String,
    #[schema(value_type = BTreeSet<State>, max_items = 60)]
    pub licensed_states: Vec<State>,
    pub timezone: Zone,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 256)]
    pub connect_agent_id: Option<String>,
}

/// A patient.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Patient {
    pub patient_id: PatientId,
    #[schema(min_length = 1, max_length = 100)]
    pub given_name: String,
    #[schema(min_length = 1, max_length = 100)]
    pub family_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<PhoneNumber>)]
    pub phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<EmailAddress>)]
    pub email: Option<String>,
    pub state: State,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
    pub timezone: Zone,
    pub locale: Locale,
}

/// A link; its secret is shown here only.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Link {
    pub token_id: LinkId,
    #[schema(value_type = Jwt)]
    pub token: String,
    #[schema(min_length = 1, max_length = 512, pattern = r"^https?://[^\s#]+/j/[A-HJ-NP-Z2-9]{8}#[A-HJ-NP-Z2-9]{16}$")]
    pub link: String,
    pub code: Locator,
    pub opens_at: Rfc3339,
    pub expires_at: Rfc3339,
}

/// A guest's or interpreter's link.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct GuestLink {
    pub participant_id: ParticipantId,
    #[schema(value_type = GuestRole)]
    pub role: Role,
    #[schema(value_type = DisplayName)]
    pub display_name: String,
    pub token_id: LinkId,
    #[schema(value_type = Jwt)]
    pub token: String,
    #[schema(min_length = 1, max_length = 512, pattern = r"^https?://[^\s#]+/j/[A-HJ-NP-Z2-9]{8}#[A-HJ-NP-Z2-9]{16}$")]
    pub link: String,
    pub code: Locator,
    pub opens_at: Rfc3339,
    pub expires_at: Rfc3339,
}

/// What create-links made.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CreateLinksResponse)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Links {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient: Option<Link>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clinician: Option<Link>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 8)]
    pub guests: Option<Vec<GuestLink>>,
}

/// What came of one message.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Sent {
    pub message_id: MessageId,
    #[schema(value_type = MaskedContact)]
    pub to: String,
    #[schema(value_type = SentStatus)]
    pub status: MessageStatus,
    #[schema(value_type = Provider)]
    pub provider: &'static str,
}

/// What came of each message.
#[derive(Clone, Serialize, ToSchema)]
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
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SentResponse)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct SentAnswer {
    pub sent: SentSet,
}

/// `{}`: nothing is said.
#[derive(Clone, Copy, Serialize)]
pub struct Nothing {}

/// What is still to be proven, and whether one waits afterwards.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Requirements {
    #[schema(value_type = BTreeSet<Factor>, max_items = 3)]
    pub factors: Vec<Factor>,
    pub waiting_room: bool,
}

/// What the join page may know of a visit.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct VisitPreview {
    pub visit_id: VisitId,
    #[schema(value_type = SlotTime)]
    pub scheduled_at: Rfc3339,
    pub duration: Duration,
    pub timezone: Zone,
    pub modality: Modality,
    #[schema(min_length = 1, max_length = 100)]
    pub clinician_name: String,
}

/// Whether one may come in now.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Joinable {
    pub now: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<NotJoinable>)]
    pub reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1)]
    pub opens_in_ms: Option<i64>,
}

/// What a link is for. Nothing is consumed by asking.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CheckLinkResponse)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct CheckedLink {
    pub valid: bool,
    pub role: Role,
    pub visit: VisitPreview,
    pub practice: Practice,
    pub opens_at: Rfc3339,
    pub expires_at: Rfc3339,
    #[schema(minimum = 0)]
    pub expires_in: i64,
    pub server_time: Rfc3339,
    pub joinable: Joinable,
    pub requires: Requirements,
    pub resumable: bool,
    #[schema(value_type = BTreeSet<Warning>)]
    pub warnings: Vec<&'static str>,
}

/// What a public code is for. Nothing is consumed by asking.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CheckCodeResponse)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct CheckedCode {
    pub opens_at: Rfc3339,
    pub closes_at: Rfc3339,
    pub timezone: Zone,
    #[schema(min_length = 1, max_length = 100)]
    pub clinician_name: String,
    pub practice: Practice,
    pub requires: Requirements,
}

/// What one needs to join the call.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Media {
    pub provider: MediaProvider,
    #[schema(minimum = 1)]
    pub epoch: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meeting: Option<ChimeMeeting>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attendee: Option<ChimeAttendee>,
}

/// Which meeting is on.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct MediaStatus {
    pub provider: MediaProvider,
    #[schema(minimum = 1)]
    pub epoch: u32,
    /// With `people`: whether it is being recorded, as far as its provider has told; absent where it is not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub recorded: bool,
}

/// Somebody in the call, as the others see them.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Person)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct PersonView {
    pub participant_id: ParticipantId,
    pub role: Role,
    pub display_name: String,
}

/// The same as in `media`.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct ChimeJoinInfo {
    pub meeting: ChimeMeeting,
    pub attendee: ChimeAttendee,
}

/// The contact of Amazon Connect that carries the call. A clinician takes it in the Connect panel: nobody gives them a
/// token.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct ConnectContact {
    #[schema(min_length = 1, max_length = 256)]
    pub contact_id: String,
    #[schema(min_length = 1, max_length = 100)]
    pub instance_id: ConnectId,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 256)]
    pub participant_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 4096)]
    pub participant_token: Option<String>,
}

/// The session of someone who came in.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct VisitSession {
    #[schema(value_type = Jwt)]
    pub session_token: String,
    #[schema(minimum = 1)]
    pub expires_in: i64,
}

/// Admitted.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StartedResponse)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Started {
    pub participant_id: ParticipantId,
    #[schema(value_type = Admitted)]
    pub status: &'static str,
    pub media: Media,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chime_join_info: Option<ChimeJoinInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connect_contact: Option<ConnectContact>,
    pub visit_session: VisitSession,
}

/// Waiting to be admitted.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WaitingResponse)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Waiting {
    pub participant_id: ParticipantId,
    #[schema(value_type = Waits)]
    pub status: &'static str,
    #[schema(minimum = 1)]
    pub position: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0)]
    pub estimated_wait_seconds: Option<i64>,
    #[schema(minimum = 1000, maximum = 60000)]
    pub poll_after_ms: u32,
    pub visit_session: VisitSession,
}

/// Media to join.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = JoinSessionResponse)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct JoinedSession {
    pub media: Media,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chime_join_info: Option<ChimeJoinInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connect_contact: Option<ConnectContact>,
}

/// How it stands.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Session {
    pub participant_id: ParticipantId,
    pub role: Role,
    pub status: ParticipantStatus,
    pub visit_status: VisitStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1)]
    pub position: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0)]
    pub estimated_wait_seconds: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media: Option<MediaStatus>,
    /// With `people`: everybody who was let in, oneself too; only for whoever was let in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub people: Option<Vec<PersonView>>,
    pub practice: Practice,
    #[schema(minimum = 1000, maximum = 60000)]
    pub poll_after_ms: u32,
    pub server_time: Rfc3339,
}

/// A consent as it was recorded.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Consent {
    #[serde(rename = "type")]
    pub consent_type: ConsentType,
    #[schema(min_length = 1, max_length = 32)]
    pub version: String,
    pub granted: bool,
    pub at: Rfc3339,
}

/// Everyone of a visit.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ParticipantList)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Participants {
    pub participants: Vec<ParticipantView>,
}

/// Where a participant stands now.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ParticipantStatusResponse)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct ParticipantState {
    pub participant_id: ParticipantId,
    pub status: ParticipantStatus,
}

/// A challenge on its way.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Challenge)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct ChallengeAnswer {
    pub challenge_id: ChallengeId,
    pub factor: Factor,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<MaskedContact>)]
    pub to: Option<String>,
    #[schema(minimum = 1, maximum = 900)]
    pub expires_in: i64,
}

/// Answered: the id is now the proof.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AnswerChallengeResponse)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Answered {
    pub challenge_id: ChallengeId,
    pub answered: bool,
    #[schema(minimum = 1, maximum = 900)]
    pub expires_in: i64,
}

/// The end of a chain.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct AuditHead {
    pub seq: u64,
    pub hash: Sha256,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Jwt>)]
    pub signature: Option<String>,
}

/// One page of a chain, and whether the whole chain verifies.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct AuditPage {
    #[schema(max_items = 100)]
    pub events: Vec<Record>,
    pub head: AuditHead,
    pub verified: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1)]
    pub first_bad_seq: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<CursorToken>)]
    pub next_cursor: Option<String>,
}

/// One of the deep checks.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct HealthCheck {
    #[schema(value_type = DeepCheck)]
    pub name: &'static str,
    pub ok: bool,
    pub ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 300)]
    pub detail: Option<String>,
}

/// How the service is.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Health {
    #[schema(value_type = HealthStatus)]
    pub status: &'static str,
    #[schema(min_length = 1, max_length = 64)]
    pub version: &'static str,
    pub server_time: Rfc3339,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checks: Option<Vec<HealthCheck>>,
}
