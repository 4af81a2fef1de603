//! Bodies of requests. Each field is parsed into a value that cannot be wrong; unknown fields are refused.

use bedside_domain::access::{AccessPolicyInput, Factor};
use bedside_domain::contact::{EmailAddress, PhoneNumber};
use bedside_domain::id::{ChallengeId, ClinicianId, PatientId, VisitId};
use bedside_domain::message::Notice;
use bedside_domain::name::DisplayName;
use bedside_domain::parse::Invalid;
use bedside_domain::person::{Country, Locale, State};
use bedside_domain::time::{Duration, SlotTime, Time};
use bedside_domain::visit::{Channel, EndReason, Modality, Visit, VisitStatus, VisitType};
use bedside_domain::zone::Zone;
use deserr::{DeserializeError, Deserr, ErrorKind, IntoValue, Value, ValuePointerRef};
use utoipa::ToSchema;

/// A text of at least `MIN` and at most `MAX` characters.
#[derive(Clone, PartialEq, Eq)]
pub struct Text<const MIN: usize, const MAX: usize>(String);

impl<const MIN: usize, const MAX: usize> Text<MIN, MAX> {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// The text.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl<const MIN: usize, const MAX: usize> std::fmt::Debug for Text<MIN, MAX> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[text]")
    }
}

fn refuse<E: DeserializeError, V: IntoValue>(msg: String, location: ValuePointerRef<'_>) -> E {
    deserr::take_cf_content(E::error::<V>(None, ErrorKind::Unexpected { msg }, location))
}

impl<E: DeserializeError, const MIN: usize, const MAX: usize> Deserr<E> for Text<MIN, MAX> {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, E> {
        let text = <String as Deserr<E>>::deserialize_from_value(value, location)?;
        if (MIN..=MAX).contains(&text.chars().count()) {
            return Ok(Self(text));
        }
        let msg = if MIN == 0 {
            format!("Must have at most {MAX} characters.")
        } else {
            format!("Must have {MIN} to {MAX} characters.")
        };
        Err(refuse::<E, V>(msg, location))
    }
}

/// A list without repetitions, of at most `MAX` entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Several<T, const MAX: usize>(pub Vec<T>);

impl<T, const MAX: usize> Default for Several<T, MAX> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<E: DeserializeError, T: Deserr<E> + PartialEq, const MAX: usize> Deserr<E> for Several<T, MAX> {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, E> {
        let list = <Vec<T> as Deserr<E>>::deserialize_from_value(value, location)?;
        let twice = list.iter().enumerate().any(|(n, one)| list.iter().take(n).any(|before| before == one));
        if list.len() > MAX || twice {
            return Err(refuse::<E, V>(format!("Must have at most {MAX} entries, each one once."), location));
        }
        Ok(Self(list))
    }
}

/// A FHIR reference to an appointment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppointmentReference(String);

impl AppointmentReference {
    /// # Errors
    /// When it is not `Appointment/` and 1–64 of `A-Z a-z 0-9 - .` (FHIR R4, `id`).
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let id = text.strip_prefix("Appointment/").unwrap_or_default();
        let fits = (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b));
        if fits { Ok(Self(text.to_owned())) } else { Err(Invalid("Must be a reference such as Appointment/123.")) }
    }
    /// The reference.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl<E: DeserializeError> Deserr<E> for AppointmentReference {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, E> {
        let text = <String as Deserr<E>>::deserialize_from_value(value, location)?;
        Self::parse(&text).map_err(|why| refuse::<E, V>(why.to_string(), location))
    }
}

/// What a person agreed to, by the text of which version.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(rename_all = camelCase, deny_unknown_fields)]
#[schema(rename_all = "camelCase")]
pub struct ConsentInput {
    /// Texts.
    pub sms: bool,
    /// Treatment by video or phone.
    pub telehealth: bool,
    /// Of the text.
    pub version: Text<1, 32>,
}

/// `patient` of [`CreateVisit`].
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(rename_all = camelCase, deny_unknown_fields)]
#[schema(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct NewPatient {
    pub patient_id: PatientId,
    pub given_name: Text<1, 100>,
    pub family_name: Text<1, 100>,
    #[deserr(default)]
    pub phone: Option<PhoneNumber>,
    #[deserr(default)]
    pub email: Option<EmailAddress>,
    #[deserr(default)]
    pub state: Option<State>,
    #[deserr(default)]
    pub country: Option<Country>,
    #[deserr(default)]
    pub timezone: Option<Zone>,
    #[deserr(default)]
    pub locale: Option<Locale>,
}

/// `POST /api/visits`
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(rename_all = camelCase, deny_unknown_fields)]
#[schema(rename_all = "camelCase", as = CreateVisitRequest)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct CreateVisit {
    #[deserr(default)]
    pub patient_id: Option<PatientId>,
    #[deserr(default)]
    pub patient: Option<NewPatient>,
    pub clinician_id: ClinicianId,
    pub scheduled_at: SlotTime,
    #[deserr(default = Duration::DEFAULT)]
    #[schema(required = false, default = 30)]
    pub duration: Duration,
    #[deserr(default = VisitType::Initial)]
    #[schema(required = false, default = "initial")]
    pub visit_type: VisitType,
    #[deserr(default = Modality::Video)]
    #[schema(required = false, default = "video")]
    pub modality: Modality,
    #[deserr(default = Channel::Both)]
    #[schema(required = false, default = "both")]
    pub channel: Channel,
    #[deserr(default)]
    pub chief_complaint: Option<Text<0, 1000>>,
    #[deserr(default)]
    pub appointment: Option<AppointmentReference>,
    #[deserr(default)]
    pub patient_instructions: Option<Text<0, 1000>>,
    #[deserr(default)]
    pub consent: Option<ConsentInput>,
    #[deserr(default)]
    pub access: Option<AccessPolicyInput>,
}

/// The query of `GET /api/visits`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VisitFilter {
    /// Standing there.
    pub status: Option<VisitStatus>,
    /// Of this clinician.
    pub clinician_id: Option<ClinicianId>,
    /// Of this patient.
    pub patient_id: Option<PatientId>,
    /// Scheduled at or after.
    pub from: Option<Time>,
    /// Scheduled before.
    pub to: Option<Time>,
}

impl VisitFilter {
    /// Whether a visit is asked for. (Times are the list's own order.)
    #[must_use]
    pub fn fits(&self, visit: &Visit) -> bool {
        self.status.is_none_or(|status| status == visit.status)
            && self.clinician_id.as_ref().is_none_or(|id| *id == visit.clinician_id)
            && self.patient_id.as_ref().is_none_or(|id| *id == visit.patient_id)
    }
}

/// `PATCH /api/visits/{visitId}`
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(rename_all = camelCase, deny_unknown_fields)]
#[schema(rename_all = "camelCase", as = RescheduleVisitRequest)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct RescheduleVisit {
    #[deserr(default)]
    pub scheduled_at: Option<SlotTime>,
    #[deserr(default)]
    pub duration: Option<Duration>,
    #[deserr(default)]
    pub clinician_id: Option<ClinicianId>,
}

/// `POST /api/visits/{visitId}/cancel`
#[derive(Debug, Clone, Default, Deserr, ToSchema)]
#[deserr(rename_all = camelCase, deny_unknown_fields)]
#[schema(rename_all = "camelCase", as = CancelVisitRequest)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct CancelVisit {
    #[deserr(default)]
    pub reason: Option<Text<1, 200>>,
}

/// `patient` of [`ScheduleVisit`]: always somebody new.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(rename_all = camelCase, deny_unknown_fields)]
#[schema(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct RequestedPatient {
    pub given_name: Text<1, 100>,
    pub family_name: Text<1, 100>,
    pub phone: PhoneNumber,
    #[deserr(default)]
    pub email: Option<EmailAddress>,
    #[deserr(default)]
    pub state: Option<State>,
    #[deserr(default)]
    pub timezone: Option<Zone>,
    #[deserr(default)]
    pub locale: Option<Locale>,
}

/// `POST /api/schedule`
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(rename_all = camelCase, deny_unknown_fields)]
#[schema(rename_all = "camelCase", as = ScheduleRequest)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct ScheduleVisit {
    pub patient: RequestedPatient,
    pub clinician_id: ClinicianId,
    pub scheduled_at: SlotTime,
    #[deserr(default = Duration::DEFAULT)]
    #[schema(required = false, default = 30)]
    pub duration: Duration,
    #[deserr(default = VisitType::Initial)]
    #[schema(required = false, default = "initial")]
    pub visit_type: VisitType,
    #[deserr(default)]
    pub chief_complaint: Option<Text<0, 1000>>,
    pub consent: ConsentInput,
}

/// `PUT /api/clinicians/{clinicianId}`
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(rename_all = camelCase, deny_unknown_fields)]
#[schema(rename_all = "camelCase", as = PutClinicianRequest)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct PutClinician {
    #[deserr(default)]
    pub clinician_id: Option<ClinicianId>,
    pub given_name: Text<1, 100>,
    pub family_name: Text<1, 100>,
    pub title: Text<1, 60>,
    pub email: EmailAddress,
    pub phone: PhoneNumber,
    #[schema(value_type = BTreeSet<State>, max_items = 60)]
    pub licensed_states: Several<State, 60>,
    #[deserr(default)]
    pub timezone: Option<Zone>,
    #[deserr(default)]
    pub connect_agent_id: Option<Text<1, 256>>,
}

/// `PUT /api/patients/{patientId}`
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(rename_all = camelCase, deny_unknown_fields)]
#[schema(rename_all = "camelCase", as = PutPatientRequest)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct PutPatient {
    #[deserr(default)]
    pub patient_id: Option<PatientId>,
    pub given_name: Text<1, 100>,
    pub family_name: Text<1, 100>,
    #[deserr(default)]
    pub phone: Option<PhoneNumber>,
    #[deserr(default)]
    pub email: Option<EmailAddress>,
    pub state: State,
    #[deserr(default)]
    pub country: Option<Country>,
    #[deserr(default)]
    pub timezone: Option<Zone>,
    #[deserr(default)]
    pub locale: Option<Locale>,
}

/// Who a link may be asked for by role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserr, ToSchema)]
#[deserr(rename_all = lowercase)]
#[schema(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub enum LinkRole {
    Patient,
    Clinician,
}

/// Who else may be asked to a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserr, ToSchema)]
#[deserr(rename_all = lowercase)]
#[schema(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub enum GuestRole {
    Guest,
    Interpreter,
}

/// One of `guests` of [`CreateLinks`].
#[derive(Debug, Clone, PartialEq, Eq, Deserr, ToSchema)]
#[deserr(rename_all = camelCase, deny_unknown_fields)]
#[schema(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct Guest {
    pub role: GuestRole,
    pub display_name: DisplayName,
    #[deserr(default)]
    pub email: Option<EmailAddress>,
    #[deserr(default)]
    pub phone: Option<PhoneNumber>,
}

/// `POST /api/visits/{visitId}/links`
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(rename_all = camelCase, deny_unknown_fields)]
#[schema(rename_all = "camelCase", as = CreateLinksRequest)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct CreateLinks {
    #[schema(value_type = BTreeSet<LinkRole>, max_items = 2)]
    pub roles: Several<LinkRole, 2>,
    #[deserr(default)]
    #[schema(minimum = 15, maximum = 30)]
    pub ttl_minutes: Option<u16>,
    #[deserr(default)]
    #[schema(min_items = 1, max_items = 8)]
    pub guests: Option<Vec<Guest>>,
}

/// Whom a message is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserr, ToSchema)]
#[deserr(rename_all = lowercase)]
#[schema(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub enum RecipientRole {
    Patient,
    Clinician,
    Both,
}

/// `POST /api/visits/{visitId}/notify`
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(rename_all = camelCase, deny_unknown_fields)]
#[schema(rename_all = "camelCase", as = NotifyVisitRequest)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct NotifyVisit {
    pub channel: Channel,
    pub recipient_role: RecipientRole,
    pub template: Notice,
}

/// Why a link is sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserr, ToSchema)]
#[expect(missing_docs, reason = "the contract's own names")]
pub enum ResendReason {
    #[deserr(rename = "expired")]
    #[schema(rename = "expired")]
    Expired,
    #[deserr(rename = "lost")]
    #[schema(rename = "lost")]
    Lost,
    #[deserr(rename = "not-received")]
    #[schema(rename = "not-received")]
    NotReceived,
}

/// `POST /api/visits/{visitId}/resend-link`
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(rename_all = camelCase, deny_unknown_fields)]
#[schema(rename_all = "camelCase", as = ResendLinkRequest)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct ResendLink {
    pub role: LinkRole,
    pub reason: ResendReason,
    pub channel: Channel,
}

/// `POST /api/visits/{visitId}/end`
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(rename_all = camelCase, deny_unknown_fields)]
#[schema(rename_all = "camelCase", as = EndVisitRequest)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct EndVisit {
    pub end_reason: EndReason,
    #[deserr(default)]
    pub notes: Option<Text<0, 10_000>>,
    #[deserr(default)]
    #[schema(default = false)]
    pub release_notes: Option<bool>,
}

/// A link's credential: the JWT, or code and secret. What is no JWT or no code is no field error: it opens nothing.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(rename_all = camelCase, deny_unknown_fields)]
#[schema(rename_all = "camelCase", as = Credential)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct CredentialBody {
    #[deserr(default)]
    pub token: Option<Text<1, 4096>>,
    #[deserr(default)]
    pub code: Option<Text<1, 64>>,
    #[deserr(default)]
    pub secret: Option<Text<1, 64>>,
}

/// What the browser can do, for support.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(rename_all = camelCase, deny_unknown_fields)]
#[schema(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct DeviceInfo {
    pub has_camera: bool,
    pub has_microphone: bool,
    pub browser: Text<1, 80>,
    pub os: Text<1, 80>,
}

/// `POST /api/visits/{visitId}/start`
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(rename_all = camelCase, deny_unknown_fields)]
#[schema(rename_all = "camelCase", as = StartVisitRequest)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct StartVisit {
    #[deserr(default)]
    pub token: Option<Text<1, 4096>>,
    #[deserr(default)]
    pub code: Option<Text<1, 64>>,
    #[deserr(default)]
    pub secret: Option<Text<1, 64>>,
    #[deserr(default)]
    pub display_name: Option<DisplayName>,
    #[deserr(default)]
    #[schema(value_type = BTreeSet<ChallengeId>, max_items = 4, required = false)]
    pub proofs: Several<ChallengeId, 4>,
    #[deserr(default)]
    pub device_info: Option<DeviceInfo>,
}

/// `POST /api/join/{meetingCode}`
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(rename_all = camelCase, deny_unknown_fields)]
#[schema(rename_all = "camelCase", as = JoinByCodeRequest)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct JoinByCode {
    pub display_name: DisplayName,
    #[deserr(default)]
    #[schema(value_type = BTreeSet<ChallengeId>, max_items = 4, required = false)]
    pub proofs: Several<ChallengeId, 4>,
    #[deserr(default)]
    pub device_info: Option<DeviceInfo>,
}

/// `POST /api/visits/{visitId}/start-authenticated`
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(rename_all = camelCase, deny_unknown_fields)]
#[schema(rename_all = "camelCase", as = StartVisitAuthenticatedRequest)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct StartVisitAuthenticated {
    #[deserr(default)]
    pub display_name: Option<DisplayName>,
    #[deserr(default)]
    #[schema(value_type = BTreeSet<ChallengeId>, max_items = 4, required = false)]
    pub proofs: Several<ChallengeId, 4>,
    #[deserr(default)]
    pub device_info: Option<DeviceInfo>,
}

/// What somebody consents to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserr, ToSchema, serde::Serialize)]
#[deserr(rename_all = lowercase)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub enum ConsentType {
    Telehealth,
    Recording,
}

/// `POST /api/session/consent`
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(rename_all = camelCase, deny_unknown_fields)]
#[schema(rename_all = "camelCase", as = RecordConsentRequest)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct RecordConsent {
    #[deserr(rename = "type")]
    #[schema(rename = "type")]
    pub consent_type: ConsentType,
    pub version: Text<1, 32>,
    pub granted: bool,
}

/// `POST /api/challenges`
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(rename_all = camelCase, deny_unknown_fields)]
#[schema(rename_all = "camelCase", as = CreateChallengeRequest)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct CreateChallenge {
    pub factor: Factor,
    #[deserr(default)]
    pub token: Option<Text<1, 4096>>,
    #[deserr(default)]
    pub code: Option<Text<1, 64>>,
    #[deserr(default)]
    pub secret: Option<Text<1, 64>>,
    #[deserr(default)]
    pub meeting_code: Option<Text<1, 64>>,
    #[deserr(default)]
    pub visit_id: Option<VisitId>,
}

/// An answer: 4–64 letters and digits.
#[derive(Clone, PartialEq, Eq)]
pub struct GivenAnswer(String);

impl GivenAnswer {
    /// # Errors
    /// When it is not 4–64 letters and digits.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let fits = (4..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
        if fits { Ok(Self(text.to_owned())) } else { Err(Invalid("Must be 4 to 64 letters and digits.")) }
    }
    /// The answer.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for GivenAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[not shown]")
    }
}

impl<E: DeserializeError> Deserr<E> for GivenAnswer {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, E> {
        let text = <String as Deserr<E>>::deserialize_from_value(value, location)?;
        Self::parse(&text).map_err(|why| refuse::<E, V>(why.to_string(), location))
    }
}

/// `POST /api/challenges/{challengeId}/answer`
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(rename_all = camelCase, deny_unknown_fields)]
#[schema(rename_all = "camelCase", as = AnswerChallengeRequest)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct AnswerChallenge {
    pub answer: GivenAnswer,
}

/// `{}`, or no body at all.
#[derive(Debug, Clone, Copy, Default, Deserr, ToSchema)]
#[deserr(deny_unknown_fields)]
pub struct Empty {}
