//! Hashes and where a chain stands.

use jiff::Timestamp;
use ring::digest;
use serde::{Deserialize, Serialize};

use super::{Event, MAX_USER_AGENT, Record, Sha256};

/// Where a chain ends: its last record's place and hash. Kept beside the chain and moved in the same transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// The last record's `seq`; 0 where there is none yet.
    pub seq: u64,
    /// The last record's `hash`.
    pub hash: Sha256,
}

impl Head {
    /// The head of a chain without records.
    pub const fn genesis() -> Self {
        Self { seq: 0, hash: Sha256::ZERO }
    }
}

impl Default for Head {
    fn default() -> Self {
        Self::genesis()
    }
}

/// An event that has no place in a chain. What it tells of must not be done either.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// A detail has no canonical JSON form: a number beyond 2⁵³ − 1.
    #[error("the event has no canonical form: {0}")]
    NotCanonical(#[from] serde_json::Error),
    /// The chain has reached 2⁵³ − 1 records.
    #[error("the chain is full")]
    Full,
}

/// Puts `event` behind `head`: the next record, and the head that it makes.
///
/// The time is cut to milliseconds and the user agent to [`MAX_USER_AGENT`] characters before hashing.
pub fn append(head: &Head, event: Event) -> Result<(Record, Head), AppendError> {
    let seq = head.seq.checked_add(1).filter(|seq| *seq < 1 << 53).ok_or(AppendError::Full)?;
    let mut record = Record {
        seq,
        event_type: event.event_type,
        at: to_millisecond(event.at),
        visit_id: event.visit_id,
        token_id: event.token_id,
        actor_id: event.actor_id,
        actor_role: event.actor_role,
        ip: event.ip,
        user_agent: event.user_agent.map(|agent| agent.chars().take(MAX_USER_AGENT).collect()),
        success: event.success,
        error_code: event.error_code,
        metadata: event.metadata,
        prev_hash: head.hash,
        hash: Sha256::ZERO,
    };
    record.hash = record.computed_hash()?;
    let head = Head { seq, hash: record.hash };
    Ok((record, head))
}

fn to_millisecond(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

impl Record {
    /// SHA-256 over the hash before (as 32 bytes) and the RFC 8785 form of this record without its own `hash`.
    ///
    /// # Errors
    /// When the record has no canonical form, which no record that was appended or read can be.
    pub fn computed_hash(&self) -> Result<Sha256, serde_json::Error> {
        let mut value = serde_json::to_value(self)?;
        if let Some(members) = value.as_object_mut() {
            members.remove("hash");
        }
        let canonical = serde_json_canonicalizer::to_vec(&value)?;
        let mut context = digest::Context::new(&digest::SHA256);
        context.update(&self.prev_hash.0);
        context.update(&canonical);
        let mut hash = [0; 32];
        hash.iter_mut().zip(context.finish().as_ref()).for_each(|(to, from)| *to = *from);
        Ok(Sha256(hash))
    }
}
