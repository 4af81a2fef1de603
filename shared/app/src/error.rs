//! What can go wrong, free of any transport. The HTTP edge maps it to a problem in one place.

use bedside_domain::access::Factor;
use bedside_domain::person::Tenant;
use bedside_domain::time::Time;
use bedside_domain::visit::VisitStatus;

/// Whom to call: what a problem about a link may say of the practice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Practice {
    /// As people know it.
    pub name: String,
    /// Whom to call.
    pub support_phone: String,
}

impl From<&Tenant> for Practice {
    fn from(tenant: &Tenant) -> Self {
        Self { name: tenant.name.clone(), support_phone: tenant.support_phone.clone() }
    }
}

/// One field of a request that is not right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// RFC 6901 into the body; `/query/…`, `/path/…`, `/header/…` for the others.
    pub pointer: String,
    /// What is not right, for a person.
    pub detail: String,
}

impl FieldError {
    /// Names a field and what is not right with it.
    pub fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), detail: detail.into() }
    }
}

/// Each way in which a use case says no. One variant for each code of the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// No JSON object, a duplicate key, too deep, or not UTF-8.
    MalformedRequest,
    /// Some fields are not right.
    ValidationFailed(Vec<FieldError>),
    /// The policy asks for a device key.
    DeviceKeyRequired,
    /// No credential, or one that does not hold.
    Unauthenticated,
    /// The proof of the device key does not hold.
    DpopInvalid,
    /// The proof's time is off.
    DpopClockSkew {
        /// To sign again with.
        server_time: Time,
    },
    /// Unknown link, wrong secret, or another visit's.
    TokenInvalid,
    /// The caller is known, the role may not do this.
    Forbidden,
    /// A publishable key from a page that may not use it.
    OriginNotAllowed,
    /// Something is still to be proven.
    VerificationRequired {
        /// What.
        factors: Vec<Factor>,
        /// Whether one waits afterwards.
        waiting_room: bool,
    },
    /// A wrong answer.
    ChallengeFailed {
        /// Tries left.
        attempts_left: u32,
    },
    /// No such thing, or not the caller's to see.
    NotFound,
    /// No visit with this code: one and the same for unknown, expired, ended, cancelled.
    CodeNotFound,
    /// The clinician is unknown.
    ClinicianNotFound,
    /// The patient is unknown.
    PatientNotFound,
    /// The time is taken.
    ClinicianDoubleBooked,
    /// The visit's state does not allow this.
    VisitState(VisitStatus),
    /// The visit is over.
    VisitEnded(Option<Practice>),
    /// The visit was called off.
    VisitCancelled(Option<Practice>),
    /// Too early.
    VisitNotOpen {
        /// When it opens.
        opens_at: Time,
        /// What is left until then.
        opens_in_millis: i64,
        /// As a person reads it, in their zone.
        opens_local: String,
    },
    /// Spent by another owner.
    TokenUsed {
        /// Whether a one-time code may move it here.
        movable: bool,
        /// Whom to call.
        practice: Option<Practice>,
    },
    /// The participant is past this.
    ParticipantState,
    /// Still waiting, or turned away.
    NotAdmitted {
        /// Whether waiting helps.
        waiting: bool,
    },
    /// Past its time.
    TokenExpired(Option<Practice>),
    /// Replaced.
    TokenRevoked(Option<Practice>),
    /// The challenge is over.
    ChallengeExpired,
    /// More than 16 KiB.
    PayloadTooLarge,
    /// Not JSON by its content type.
    UnsupportedMediaType,
    /// Not licensed in the patient's state.
    ClinicianNotLicensed,
    /// The patient's state is not known.
    PatientStateRequired,
    /// No address for the channel.
    NoContactForChannel,
    /// No waiting room and no factor.
    PolicyTooWeak,
    /// The same request is under way.
    RequestInProgress {
        /// When to ask again.
        retry_after_seconds: i64,
    },
    /// The `Idempotency-Key` came with another body before.
    IdempotencyKeyReused,
    /// Too often.
    RateLimited {
        /// When to try again.
        retry_after_seconds: i64,
    },
    /// Our fault: what the log needs, and nobody else may read.
    Internal(String),
    /// Every message that was asked for failed.
    NotificationFailed,
    /// A service behind us is down: which, for the log.
    Unavailable(String),
    /// The call could not be set up; the link is not lost.
    MediaUnavailable(String),
}

impl Error {
    /// One field that is not right.
    pub fn invalid(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::ValidationFailed(vec![FieldError::new(pointer, detail)])
    }
}

/// A service behind us did not do what was asked: what the log may say. No personal data, no token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{service}: {what}")]
pub struct Outage {
    /// Which service and call.
    pub service: &'static str,
    /// What it said: an error code.
    pub what: String,
}

impl Outage {
    /// A call that failed.
    pub fn new(service: &'static str, what: impl Into<String>) -> Self {
        Self { service, what: what.into() }
    }
}

impl From<Outage> for Error {
    fn from(outage: Outage) -> Self {
        Self::Unavailable(outage.to_string())
    }
}
