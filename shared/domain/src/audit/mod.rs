//! The audit chain: who did what, when, from where and with which outcome (45 CFR 164.312(b)).
//!
//! There is one chain for each visit and one for each tenant. A use case says an [`Event`]; [`append`] turns it into
//! the next [`Record`] of its chain and moves the chain's [`Head`]. [`verify`] reads a whole chain and names the first
//! record that is not what it was.

mod chain;
mod hash;
mod metadata;
mod record;
mod types;
mod verify;

pub use chain::{AppendError, Head, append};
pub use hash::Sha256;
pub use metadata::{Meta, Metadata};
pub use record::Record;
pub use types::{ActorRole, EventType};
pub use verify::{Verdict, Verifier, verify};

use jiff::Timestamp;

/// The longest `userAgent` that is recorded, in characters; what is longer is cut.
pub const MAX_USER_AGENT: usize = 512;

/// Something that happened, as a use case says it: not yet in a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What happened.
    pub event_type: EventType,
    /// When it happened; recorded to the millisecond.
    pub at: Timestamp,
    /// The visit that it is about; absent in a tenant's chain.
    pub visit_id: Option<String>,
    /// The link's id (`jti`), where one was used or changed.
    pub token_id: Option<String>,
    /// Who did it: an opaque id of 1–128 characters, never a name.
    pub actor_id: String,
    /// In which role.
    pub actor_role: ActorRole,
    /// The caller's address; absent for [`ActorRole::System`].
    pub ip: Option<String>,
    /// The caller's user agent; absent for [`ActorRole::System`].
    pub user_agent: Option<String>,
    /// Whether it took effect.
    pub success: bool,
    /// The problem's `code` where it did not.
    pub error_code: Option<String>,
    /// Details without PHI; contact addresses masked.
    pub metadata: Metadata,
}

impl Event {
    /// A successful event without further details.
    pub fn new(event_type: EventType, at: Timestamp, actor_id: impl Into<String>, actor_role: ActorRole) -> Self {
        Self {
            event_type,
            at,
            visit_id: None,
            token_id: None,
            actor_id: actor_id.into(),
            actor_role,
            ip: None,
            user_agent: None,
            success: true,
            error_code: None,
            metadata: Metadata::new(),
        }
    }

    /// The same event about a visit.
    #[must_use]
    pub fn of_visit(mut self, visit_id: impl Into<String>) -> Self {
        self.visit_id = Some(visit_id.into());
        self
    }

    /// The same event about a link.
    #[must_use]
    pub fn of_token(mut self, token_id: impl Into<String>) -> Self {
        self.token_id = Some(token_id.into());
        self
    }

    /// The same event with the place it came from.
    #[must_use]
    pub fn from_place(mut self, ip: Option<String>, user_agent: Option<String>) -> Self {
        self.ip = ip;
        self.user_agent = user_agent;
        self
    }

    /// The same event as a refusal, with the problem's code.
    #[must_use]
    pub fn refused(mut self, error_code: impl Into<String>) -> Self {
        self.success = false;
        self.error_code = Some(error_code.into());
        self
    }

    /// The same event with one more detail; an earlier one of that name is replaced.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Meta>) -> Self {
        self.metadata.insert(name, value);
        self
    }
}
