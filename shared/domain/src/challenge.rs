//! A challenge: something asked of a person, and the tries left. Answered, its id is a proof.

use crate::access::{Factor, Role};
use crate::id::{ChallengeId, ParticipantId, TenantId, VisitId};
use crate::jose::Thumbprint;
use crate::secret::{Mac, Sealed};
use crate::time::Time;
use serde::{Deserialize, Serialize};

/// For how long an answered challenge counts as proof.
pub const PROOF_SECONDS: i64 = 15 * 60;
/// Failures after which a factor is closed for a visit, and a person must admit (NIST SP 800-63B-4 allows 100 in a row;
/// nobody needs 20).
#[must_use]
pub const fn most_failures(factor: Factor) -> u32 {
    match factor {
        Factor::SmsOtp | Factor::EmailLink => 20,
        Factor::PhoneLast4 => 3,
    }
}

/// How long a challenge may be answered, in seconds.
#[must_use]
pub const fn lifetime_seconds(factor: Factor) -> i64 {
    match factor {
        Factor::SmsOtp => 5 * 60,
        Factor::EmailLink | Factor::PhoneLast4 => 15 * 60,
    }
}

/// How long the code that confirms a visit may be answered, in seconds: the page is open, the phone may be elsewhere.
pub const CONFIRM_SECONDS: i64 = 10 * 60;

/// How many tries there are.
#[must_use]
pub const fn tries(factor: Factor) -> u32 {
    match factor {
        Factor::SmsOtp | Factor::EmailLink => 5,
        Factor::PhoneLast4 => 3,
    }
}

/// A challenge, as it stands in the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Challenge {
    /// Its id; the proof, once answered.
    pub challenge_id: ChallengeId,
    /// Whose visit it is for.
    pub tenant: TenantId,
    /// Which visit.
    pub visit_id: VisitId,
    /// Whose seat it is about.
    pub participant_id: ParticipantId,
    /// In which role.
    pub role: Role,
    /// What is asked.
    pub factor: Factor,
    /// The device key that asked; the proof counts for it alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumbprint: Option<Thumbprint>,
    /// HMAC of the challenge's id and the right answer.
    pub answer_mac: Mac,
    /// The answer, sealed, so that a resend repeats it; erased once answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Sealed>,
    /// Tries left. Counted down before comparing.
    pub tries_left: u32,
    /// Answers that were wrong.
    pub failures: u32,
    /// When it was asked first.
    pub created_at: Time,
    /// When the answer was sent last.
    pub sent_at: Time,
    /// Until when it may be answered.
    pub expires_at: Time,
    /// Whether the right answer confirms the visit itself, which a page asked for. It proves nothing to come in with.
    #[serde(default)]
    pub confirms: bool,
    /// When it was answered rightly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed_at: Option<Time>,
}

impl Challenge {
    /// Whether an answer is still taken.
    #[must_use]
    pub fn is_open(&self, now: Time) -> bool {
        self.passed_at.is_none() && self.tries_left > 0 && now < self.expires_at
    }

    /// How long it may be answered, in minutes.
    #[must_use]
    pub const fn lifetime_minutes(&self) -> i64 {
        self.expires_at.since(self.created_at) / 60_000
    }

    /// Until when its id counts as a proof, once answered.
    #[must_use]
    pub fn proves_until(&self) -> Option<Time> {
        self.passed_at.map(|at| at.plus_seconds(PROOF_SECONDS))
    }

    /// Whether it proves its factor for that seat to a caller with that device key (or none), at `now`.
    #[must_use]
    pub fn proves(&self, seat: ParticipantId, caller: Option<&Thumbprint>, now: Time) -> bool {
        !self.confirms
            && self.participant_id == seat
            && self.thumbprint.as_ref() == caller
            && self.proves_until().is_some_and(|until| now < until)
    }
}
