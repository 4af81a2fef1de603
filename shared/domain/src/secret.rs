//! What must not be printed, and what was sealed.

use serde::{Deserialize, Serialize};

/// Health or personal data, or a secret, in memory: it has no `Display`, no serde, and its `Debug` says nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Phi<T>(T);

impl<T> Phi<T> {
    /// Wraps it.
    pub const fn new(value: T) -> Self {
        Self(value)
    }
    /// The value in clear: for sealing, for the person who may read it, for the message that carries it.
    pub const fn expose(&self) -> &T {
        &self.0
    }
    /// The value in clear, taken out.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> std::fmt::Debug for Phi<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[not shown]")
    }
}

/// A ciphertext (AES-256-GCM: nonce, then text and tag), in base64url. It opens only in its own tenant, row and field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sealed(pub String);

/// 128 random bits of an entity, in base64url: its key is derived with them. Deleting them shreds the entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Salt(pub String);

/// HMAC-SHA-256 under the pepper, in base64url.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mac(pub String);

impl Mac {
    /// Whether both are the same, in constant time.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        use subtle::ConstantTimeEq as _;
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}
