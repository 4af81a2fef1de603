//! One record of a chain, in the contract's form.

use jiff::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use super::{ActorRole, EventType, Metadata, Sha256};
use crate::id::{LinkId, VisitId};
use crate::time::Rfc3339;

/// An event in its place in a chain: the contract's `AuditEvent`.
///
/// Reading is strict: a text that this type would not have written (another spelling of the time, a member twice, one
/// unknown, a `null`) is refused, so that whatever can be read hashes as it did when it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = AuditEvent)]
pub struct Record {
    /// Its place in the chain, from 1.
    #[schema(minimum = 1)]
    pub seq: u64,
    /// What happened.
    #[serde(rename = "type")]
    pub event_type: EventType,
    /// When, to the millisecond.
    #[serde(deserialize_with = "canonical_time")]
    #[schema(value_type = Rfc3339)]
    pub at: Timestamp,
    /// The visit that it is about; absent in a tenant's chain.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schema(value_type = Option<VisitId>)]
    pub visit_id: Option<String>,
    /// The link's id (`jti`), where one was used or changed.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schema(value_type = Option<LinkId>)]
    pub token_id: Option<String>,
    /// Who did it.
    #[schema(min_length = 1, max_length = 128)]
    pub actor_id: String,
    /// In which role.
    pub actor_role: ActorRole,
    /// The caller's address.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schema(min_length = 1, max_length = 45)]
    pub ip: Option<String>,
    /// The caller's user agent, at most 512 characters.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schema(max_length = 512)]
    pub user_agent: Option<String>,
    /// Whether it took effect.
    pub success: bool,
    /// The problem's `code` where it did not.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schema(min_length = 1, max_length = 64, pattern = "^[A-Z][A-Z0-9_]*$")]
    pub error_code: Option<String>,
    /// Details without PHI.
    pub metadata: Metadata,
    /// The hash of the record before; 64 zeros in the first.
    pub prev_hash: Sha256,
    /// The hash of this record.
    pub hash: Sha256,
}

/// An optional member is left out or has a value; `null` would be a second spelling of "left out".
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    String::deserialize(deserializer).map(Some)
}

/// A time in the one spelling that we write: UTC with `Z`, no trailing zeros.
fn canonical_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    let text = String::deserialize(deserializer)?;
    let at: Timestamp = text.parse().map_err(D::Error::custom)?;
    if at.to_string() != text {
        return Err(D::Error::custom("not the canonical spelling of a time"));
    }
    Ok(at)
}
