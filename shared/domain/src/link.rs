//! A link: a locator that anyone may see, a secret that only its holder has, and who spent it.

use crate::access::Role;
use crate::id::{LinkId, ParticipantId, SessionId, TenantId, VisitId};
use crate::jose::Thumbprint;
use crate::parse::{Invalid, text_value, word_enum};
use crate::secret::{Mac, Phi, Sealed};
use crate::time::Time;
use serde::{Deserialize, Serialize};

/// No 0 and O, no 1 and I: 32 characters, 5 bits each.
pub const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// The first part of a link: 8 characters, 40 bits. It names, it proves nothing; safe in a log.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Locator(String);

/// The fragment of a link: 16 characters, 80 bits. It proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkSecret(Phi<String>);

fn spell<const N: usize>(random: [u8; N]) -> String {
    random.iter().filter_map(|b| ALPHABET.get(usize::from(b & 31)).copied().map(char::from)).collect()
}

fn is_spelled(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| ALPHABET.contains(&b))
}

impl Locator {
    /// From 8 random bytes (each gives 5 bits).
    #[must_use]
    pub fn new(random: [u8; 8]) -> Self {
        Self(spell(random))
    }
    /// # Errors
    /// When it is not 8 characters of the alphabet. Small letters are taken as large ones: people type codes.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let upper = text.to_ascii_uppercase();
        if is_spelled(&upper, 8) { Ok(Self(upper)) } else { Err(Invalid("Must be a code of 8 characters.")) }
    }
    /// The 8 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

text_value!(Locator);

impl LinkSecret {
    /// From 16 random bytes (each gives 5 bits).
    #[must_use]
    pub fn new(random: [u8; 16]) -> Self {
        Self(Phi::new(spell(random)))
    }
    /// # Errors
    /// When it is not 16 characters of the alphabet.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if is_spelled(text, 16) {
            Ok(Self(Phi::new(text.to_owned())))
        } else {
            Err(Invalid("Must be a link's secret."))
        }
    }
    /// The 16 characters.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

word_enum! {
    /// Where a link stands. That it has expired is a matter of the time, not of this.
    pub enum LinkStatus: "Must be a link's status." {
        /// Not spent.
        Active = "ACTIVE",
        /// Spent, by its owner.
        Redeemed = "REDEEMED",
        /// Replaced or withdrawn.
        Revoked = "REVOKED",
    }
}

/// Who spent a link, and so may go on with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "camelCase")]
pub enum Owner {
    /// Whoever holds the device key (RFC 7638 thumbprint).
    Device {
        /// Of the key.
        thumbprint: Thumbprint,
    },
    /// Whoever repeats the Idempotency-Key, until then.
    Key {
        /// Of the key, under the pepper.
        mac: Mac,
        /// Ten minutes after the start.
        until: Time,
    },
    /// Nobody: a lost answer costs a new link.
    Nobody,
}

impl Owner {
    /// Whether `caller` is this owner, at `now`.
    #[must_use]
    pub fn is(&self, caller: &Self, now: Time) -> bool {
        match (self, caller) {
            (Self::Device { thumbprint }, Self::Device { thumbprint: theirs }) => thumbprint == theirs,
            (Self::Key { mac, until }, Self::Key { mac: theirs, .. }) => now < *until && mac.matches(theirs),
            (Self::Device { .. } | Self::Key { .. } | Self::Nobody, _) => false,
        }
    }
}

/// A link, as it stands in the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    /// `tokenId`, and `jti` of the JWT.
    pub link_id: LinkId,
    /// Whose it is.
    pub tenant: TenantId,
    /// Which visit it opens.
    pub visit_id: VisitId,
    /// As whom.
    pub role: Role,
    /// Which seat.
    pub participant_id: ParticipantId,
    /// Where it stands.
    pub status: LinkStatus,
    /// The locator, in clear: it proves nothing.
    pub code: Locator,
    /// HMAC of code and secret.
    pub secret_mac: Mac,
    /// Link and JWT, sealed, for sending them again; erased when the link dies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed: Option<Sealed>,
    /// A guest's or interpreter's name, sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<Sealed>,
    /// Where a guest or an interpreter is reached, sealed; erased when the link dies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Sealed>,
    /// When it dies: the visit's close, or sooner with `ttlMinutes`.
    pub expires_at: Time,
    /// When it was made.
    pub created_at: Time,
    /// Whether it was made by a resend: those are counted.
    #[serde(default)]
    pub resent: bool,
    /// Who spent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Owner>,
    /// The session that its owner opened: once the seat has moved on, the owner cannot go on with the link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<SessionId>,
    /// When it was spent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redeemed_at: Option<Time>,
    /// Tries of others that were refused.
    #[serde(default)]
    pub blocked: u32,
    /// How many of them stand in the audit chain.
    #[serde(default)]
    pub blocked_recorded: u32,
    /// When they were recorded last: one record a minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked_recorded_at: Option<Time>,
}

impl Link {
    /// Withdraws it: it opens nothing any more, and cannot be sent again.
    pub fn revoke(&mut self) {
        self.status = LinkStatus::Revoked;
        self.sealed = None;
        self.contact = None;
    }

    /// Notes that it has run out: it stays as it is, but cannot be sent again.
    pub fn expire(&mut self) {
        self.sealed = None;
        self.contact = None;
    }

    /// Whether it has run out unspent.
    #[must_use]
    pub fn has_expired(&self, now: Time) -> bool {
        self.status == LinkStatus::Active && now >= self.expires_at
    }

    /// Whether it ran out and that is on record. What is sealed of a link is erased when it dies, in one write with the
    /// record.
    #[must_use]
    pub fn is_expiry_recorded(&self, now: Time) -> bool {
        self.has_expired(now) && self.sealed.is_none()
    }

    /// Whether it can still be spent.
    #[must_use]
    pub fn is_spendable(&self, now: Time) -> bool {
        self.status == LinkStatus::Active && now < self.expires_at
    }
}
