//! Problems (RFC 9457): the one place where what went wrong becomes a status, a code and words for a person.

use crate::catalogue::{ProblemAction, ProblemCode};
use bedside_app::error::{Error, FieldError, Practice};
use bedside_domain::time::{Rfc3339, Time};
use serde::Serialize;
use utoipa::ToSchema;

/// The documents that describe the problems.
const TYPE: &str = "https://visit.example.com/problems/";
/// When a service behind us is down: time for it to recover, short enough for a person at a page.
const RETRY_AFTER_SECONDS: i64 = 2;

/// An error on its way out. A link's page is told more of its link's end.
#[derive(Debug, Clone)]
pub struct Failure {
    error: Error,
    of_link: bool,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { error, of_link: false }
    }
}

impl Failure {
    /// An error of check-link: `valid: false`, and the practice to call.
    #[must_use]
    pub const fn of_link(error: Error) -> Self {
        Self { error, of_link: true }
    }
    /// The error.
    #[must_use]
    pub const fn error(&self) -> &Error {
        &self.error
    }
}

/// Titles and codes of the problems that no function makes, for the gateway: code, status, title, detail.
#[must_use]
pub const fn problem_titles() -> [(&'static str, u16, &'static str, &'static str); 3] {
    [
        ("NOT_FOUND", 404, "Not found", "Not found."),
        ("PAYLOAD_TOO_LARGE", 413, "The request is too large", "The request is too large."),
        ("INTERNAL", 500, "Something went wrong", "Something went wrong. Please try again."),
    ]
}

/// RFC 9457. The members after `action` come with the codes named, and only with them
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    #[serde(rename = "type")]
    #[schema(format = "uri", max_length = 200)]
    kind: String,
    #[schema(min_length = 1, max_length = 100)]
    pub(crate) title: &'static str,
    #[schema(minimum = 400, maximum = 599)]
    pub(crate) status: u16,
    #[schema(min_length = 1, max_length = 500)]
    detail: String,
    #[schema(min_length = 1, max_length = 128)]
    instance: String,
    #[schema(value_type = ProblemCode)]
    pub(crate) code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<ProblemAction>)]
    pub(crate) action: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 50)]
    errors: Option<Vec<Field>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    practice: Option<bedside_app::api::Practice>,
    #[serde(skip_serializing_if = "Option::is_none")]
    server_time: Option<Rfc3339>,
    #[serde(skip_serializing_if = "Option::is_none")]
    visit_status: Option<bedside_domain::visit::VisitStatus>,
    #[serde(skip_serializing_if = "Option::is_none")]
    opens_at: Option<Rfc3339>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1)]
    opens_in_ms: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    requires: Option<bedside_app::api::Requirements>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 5)]
    attempts_left: Option<u32>,
    #[serde(skip)]
    pub(crate) retry_after: Option<i64>,
    #[serde(skip)]
    pub(crate) www_authenticate: Option<&'static str>,
}

/// A field that is not right.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FieldError)]
pub(crate) struct Field {
    #[schema(max_length = 500, pattern = "^(/([^~/]|~[01])*)*$")]
    pointer: String,
    #[schema(min_length = 1, max_length = 300)]
    detail: String,
}

impl From<FieldError> for Field {
    fn from(error: FieldError) -> Self {
        Self { pointer: error.pointer, detail: error.detail }
    }
}

const BEARER: &str = "Bearer";
const DPOP: &str = "DPoP algs=\"ES256\"";

struct Said(u16, &'static str, &'static str, &'static str, Option<&'static str>);

/// Status, code, title, words, action. Each code of the contract stands here once.
#[expect(clippy::too_many_lines, reason = "one line for each code of the contract")]
fn said(error: &Error) -> Said {
    const CONTACT: Option<&str> = Some("CONTACT_SUPPORT");
    const NEW_LINK: Option<&str> = Some("REQUEST_NEW_LINK");
    const RETRY: Option<&str> = Some("RETRY");
    const VERIFY: Option<&str> = Some("VERIFY");
    const WAIT: Option<&str> = Some("WAIT");
    match error {
        Error::MalformedRequest => {
            Said(400, "MALFORMED_REQUEST", "The request cannot be read", "The request cannot be read.", None)
        }
        Error::ValidationFailed(_) => {
            Said(400, "VALIDATION_FAILED", "Some fields are not right", "Some fields are not right.", None)
        }
        Error::DeviceKeyRequired => Said(
            400,
            "DEVICE_KEY_REQUIRED",
            "A device key is needed",
            "This visit can only be joined from a browser that keeps a key. Please open the link in Safari or Chrome.",
            None,
        ),
        Error::Unauthenticated => Said(401, "UNAUTHENTICATED", "Sign-in is needed", "Please sign in again.", None),
        Error::DpopInvalid => Said(
            401,
            "DPOP_INVALID",
            "The device's proof does not hold",
            "We could not recognise this device. Please open your link again.",
            None,
        ),
        Error::DpopClockSkew { .. } => {
            Said(401, "DPOP_CLOCK_SKEW", "The device's clock is off", "Your device's clock is off.", RETRY)
        }
        Error::TokenInvalid => Said(
            401,
            "TOKEN_INVALID",
            "This link does not work",
            "This link does not work. Please open the newest message from your practice, or call them.",
            CONTACT,
        ),
        Error::Forbidden => Said(403, "FORBIDDEN", "Not allowed", "You are not allowed to do this.", None),
        Error::OriginNotAllowed => {
            Said(403, "ORIGIN_NOT_ALLOWED", "This site may not use the key", "This site may not use the key.", None)
        }
        Error::VerificationRequired { .. } => {
            Said(403, "VERIFICATION_REQUIRED", "One more step", "We need to check that it is you.", VERIFY)
        }
        Error::ChallengeFailed { attempts_left: 0 } => Said(
            403,
            "CHALLENGE_FAILED",
            "That is not the right answer",
            "That code is not right, and there are no tries left. Please ask for a new one.",
            None,
        ),
        Error::ChallengeFailed { .. } => Said(
            403,
            "CHALLENGE_FAILED",
            "That is not the right answer",
            "That code is not right. Please look at the text again.",
            RETRY,
        ),
        Error::NotFound => Said(404, "NOT_FOUND", "Not found", "Not found.", None),
        Error::CodeNotFound => Said(
            404,
            "CODE_NOT_FOUND",
            "No visit with this code",
            "There is no visit with this code. Please check it, or call your practice.",
            CONTACT,
        ),
        Error::ClinicianNotFound => {
            Said(404, "CLINICIAN_NOT_FOUND", "No such clinician", "There is no such clinician.", None)
        }
        Error::PatientNotFound => Said(404, "PATIENT_NOT_FOUND", "No such patient", "There is no such patient.", None),
        Error::ClinicianDoubleBooked => Said(
            409,
            "CLINICIAN_DOUBLE_BOOKED",
            "The clinician is booked then",
            "The clinician already has a visit at that time.",
            None,
        ),
        Error::VisitState(_) => Said(
            409,
            "VISIT_STATE",
            "The visit's state does not allow this",
            "The visit's state does not allow this.",
            None,
        ),
        Error::VisitEnded(_) => Said(409, "VISIT_ENDED", "The visit has ended", "The visit has ended.", CONTACT),
        Error::VisitCancelled(_) => {
            Said(409, "VISIT_CANCELLED", "The visit was cancelled", "The visit was cancelled.", CONTACT)
        }
        Error::VisitNotOpen { .. } => Said(
            409,
            "VISIT_NOT_OPEN",
            "Not open yet",
            "Your visit is not open yet. This page will let you in then.",
            WAIT,
        ),
        Error::TokenUsed { movable: true, .. } => Said(
            409,
            "TOKEN_USED",
            "This link was used elsewhere",
            "This link was already used on another device. We can text a code to your phone to go on here.",
            VERIFY,
        ),
        Error::TokenUsed { .. } => Said(
            409,
            "TOKEN_USED",
            "This link was used elsewhere",
            "This link was already used on another device. We can send you a new one.",
            NEW_LINK,
        ),
        Error::ParticipantState => Said(
            409,
            "PARTICIPANT_STATE",
            "The participant's state does not allow this",
            "That is not possible any more for this person.",
            None,
        ),
        Error::NotAdmitted { waiting: true } => {
            Said(409, "NOT_ADMITTED", "Not admitted yet", "You are in the waiting room. You will be let in soon.", WAIT)
        }
        Error::NotAdmitted { waiting: false } => {
            Said(409, "NOT_ADMITTED", "Not admitted yet", "You were not let in. Please call your practice.", None)
        }
        Error::TokenExpired(_) => {
            Said(410, "TOKEN_EXPIRED", "This link has expired", "This link has expired.", NEW_LINK)
        }
        Error::TokenRevoked(_) => Said(
            410,
            "TOKEN_REVOKED",
            "This link was replaced",
            "This link was replaced. Please open the newest message from your practice.",
            NEW_LINK,
        ),
        Error::ChallengeExpired => Said(
            410,
            "CHALLENGE_EXPIRED",
            "This code has expired",
            "This code has expired. Please ask for a new one.",
            VERIFY,
        ),
        Error::PayloadTooLarge => {
            Said(413, "PAYLOAD_TOO_LARGE", "The request is too large", "The request is too large.", None)
        }
        Error::UnsupportedMediaType => {
            Said(415, "UNSUPPORTED_MEDIA_TYPE", "Send JSON", "Send JSON (content type application/json).", None)
        }
        Error::ClinicianNotLicensed => Said(
            422,
            "CLINICIAN_NOT_LICENSED",
            "The clinician is not licensed there",
            "The clinician is not licensed in the patient's state.",
            None,
        ),
        Error::PatientStateRequired => Said(
            422,
            "PATIENT_STATE_REQUIRED",
            "The patient's state is needed",
            "The patient's state is needed to check the licence.",
            None,
        ),
        Error::NoContactForChannel => Said(
            422,
            "NO_CONTACT_FOR_CHANNEL",
            "No address for this channel",
            "There is no phone number or e-mail address for this channel.",
            None,
        ),
        Error::PolicyTooWeak => Said(
            422,
            "POLICY_TOO_WEAK",
            "This access policy is too weak",
            "A visit needs a waiting room or a factor.",
            None,
        ),
        Error::RateLimited { .. } => {
            Said(429, "RATE_LIMITED", "Too many requests", "Too many tries. Please wait a little.", WAIT)
        }
        Error::Internal(_) => {
            Said(500, "INTERNAL", "Something went wrong", "Something went wrong. Please try again.", RETRY)
        }
        Error::RequestInProgress { .. } => Said(
            409,
            "REQUEST_IN_PROGRESS",
            "The same request is under way",
            "The same request is being done already. Please ask again in a moment.",
            RETRY,
        ),
        Error::IdempotencyKeyReused => Said(
            422,
            "IDEMPOTENCY_KEY_REUSED",
            "The Idempotency-Key was used for another request",
            "This Idempotency-Key was used for another request. Please use a new one.",
            None,
        ),
        Error::NotificationFailed => Said(
            502,
            "NOTIFICATION_FAILED",
            "No message could be sent",
            "No message could be sent just now. We keep trying.",
            RETRY,
        ),
        Error::Unavailable(_) => Said(
            503,
            "UNAVAILABLE",
            "Not available just now",
            "Not available just now. Please try again in a moment.",
            RETRY,
        ),
        Error::MediaUnavailable(_) => Said(
            503,
            "MEDIA_UNAVAILABLE",
            "The call could not be set up",
            "We could not set up the call. Please press Join again; your link still works.",
            RETRY,
        ),
    }
}

impl Problem {
    /// The problem of a failure, for that request.
    pub(crate) fn of(failure: Failure, request_id: &str) -> Self {
        let Said(status, code, title, detail, action) = said(&failure.error);
        let mut problem = Self {
            kind: format!("{TYPE}{}", code.to_ascii_lowercase().replace('_', "-")),
            title,
            status,
            detail: detail.to_owned(),
            instance: request_id.to_owned(),
            code,
            action,
            errors: None,
            valid: None,
            practice: None,
            server_time: None,
            visit_status: None,
            opens_at: None,
            opens_in_ms: None,
            requires: None,
            attempts_left: None,
            retry_after: None,
            www_authenticate: None,
        };
        problem.add_members(failure);
        problem
    }

    /// The members that come with some codes, and only with them.
    fn add_members(&mut self, failure: Failure) {
        let of_link = failure.of_link;
        match failure.error {
            Error::ValidationFailed(errors) => self.errors = Some(errors.into_iter().map(Field::from).collect()),
            Error::Unauthenticated => self.www_authenticate = Some(BEARER),
            Error::DpopInvalid => self.www_authenticate = Some(DPOP),
            Error::DpopClockSkew { server_time } => {
                self.www_authenticate = Some(DPOP);
                self.server_time = Some(Rfc3339(server_time));
            }
            Error::TokenInvalid => self.valid = of_link.then_some(false),
            Error::VisitEnded(practice)
            | Error::VisitCancelled(practice)
            | Error::TokenExpired(practice)
            | Error::TokenRevoked(practice)
            | Error::TokenUsed { practice, .. } => {
                self.valid = of_link.then_some(false);
                self.practice = practice.filter(|_| of_link).map(practice_view);
            }
            Error::VerificationRequired { factors, waiting_room } => {
                if factors.contains(&bedside_domain::access::Factor::SmsOtp) {
                    self.detail.push_str(" We can text a code to your phone.");
                }
                self.requires = Some(bedside_app::api::Requirements { factors, waiting_room });
            }
            Error::ChallengeFailed { attempts_left } => self.attempts_left = Some(attempts_left),
            Error::VisitState(status) => self.visit_status = Some(status),
            Error::VisitNotOpen { opens_at, opens_in_millis, opens_local } => {
                self.detail = format!("Your visit opens at {opens_local}. This page will let you in then.");
                self.open_at(opens_at, opens_in_millis);
            }
            Error::RateLimited { retry_after_seconds } => self.retry_after = Some(retry_after_seconds.clamp(1, 86_400)),
            Error::RequestInProgress { retry_after_seconds } => self.retry_after = Some(retry_after_seconds.max(1)),
            Error::Unavailable(_) | Error::MediaUnavailable(_) => self.retry_after = Some(RETRY_AFTER_SECONDS),
            Error::MalformedRequest
            | Error::DeviceKeyRequired
            | Error::Forbidden
            | Error::OriginNotAllowed
            | Error::NotFound
            | Error::CodeNotFound
            | Error::ClinicianNotFound
            | Error::PatientNotFound
            | Error::ClinicianDoubleBooked
            | Error::ParticipantState
            | Error::NotAdmitted { .. }
            | Error::ChallengeExpired
            | Error::PayloadTooLarge
            | Error::UnsupportedMediaType
            | Error::ClinicianNotLicensed
            | Error::PatientStateRequired
            | Error::NoContactForChannel
            | Error::PolicyTooWeak
            | Error::IdempotencyKeyReused
            | Error::Internal(_)
            | Error::NotificationFailed => {}
        }
    }

    fn open_at(&mut self, opens_at: Time, opens_in_millis: i64) {
        self.opens_at = Some(Rfc3339(opens_at));
        self.opens_in_ms = Some(opens_in_millis.max(1));
    }
}

fn practice_view(practice: Practice) -> bedside_app::api::Practice {
    bedside_app::api::Practice { name: practice.name, support_phone: Some(practice.support_phone) }
}
