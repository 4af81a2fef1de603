//! Our own tokens: the link as a JWT, the visit session, the signed head of an audit chain.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Compact, EcPublicKey, SKEW_SECONDS, Thumbprint, TokenError};
use crate::audit::Sha256;

/// The content of a token whose header says what it is (RFC 8725, 3.11).
pub trait Typed: Serialize + DeserializeOwned {
    /// The header's `typ`.
    const TYP: &'static str;

    /// Whether the members agree with each other.
    fn is_consistent(&self) -> bool {
        true
    }
}

/// The content of a token that is made by someone, for someone, for a time.
pub trait Claims: Typed {
    /// Who made it.
    fn issuer(&self) -> &str;
    /// For whom.
    fn audience(&self) -> &str;
    /// The second from which it holds.
    fn not_before(&self) -> i64;
    /// The second in which it ends.
    fn expires(&self) -> i64;
}

/// A link as a JWT. The table decides on its life, not `exp` alone: see the visit's window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JoinClaims {
    /// Who made it.
    pub iss: String,
    /// For whom.
    pub aud: String,
    /// The person that it admits.
    pub sub: String,
    /// The link's id.
    pub jti: String,
    /// Made at, in seconds since 1970.
    pub iat: i64,
    /// Holds from; the same as `iat`.
    pub nbf: i64,
    /// Holds until.
    pub exp: i64,
    /// The visit that it opens.
    pub visit_id: String,
    /// The visit's tenant.
    pub tenant: String,
    /// The role that it gives.
    pub role: String,
    /// Randomness that makes the token unguessable even to who knows its ids.
    pub nonce: String,
}

/// A visit session: someone who came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionClaims {
    /// Who made it.
    pub iss: String,
    /// For whom.
    pub aud: String,
    /// The participant.
    pub sub: String,
    /// The session's id, which also stands on the participant's row.
    pub sid: String,
    /// Made at, in seconds since 1970.
    pub iat: i64,
    /// Holds from.
    pub nbf: i64,
    /// Holds until.
    pub exp: i64,
    /// The visit.
    pub visit_id: String,
    /// The visit's tenant.
    pub tenant: String,
    /// The participant's role.
    pub role: String,
    /// The device key to which it is bound; absent for an unbound one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cnf: Option<Confirmation>,
}

/// The key that the holder must prove (RFC 7800, 3.1; RFC 9449, 6.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    /// The device key's thumbprint.
    pub jkt: Thumbprint,
}

/// The head of one chain as it was at a time: evidence against a chain that was cut or written anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditHeadClaims {
    /// The visit whose chain it is; absent for a tenant's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit_id: Option<String>,
    /// The tenant whose chain it is; absent for a visit's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// The last record's `seq`.
    pub seq: u64,
    /// The last record's `hash`.
    pub hash: Sha256,
    /// Signed at, in seconds since 1970.
    pub iat: i64,
}

impl Typed for JoinClaims {
    const TYP: &'static str = "join+jwt";
}

impl Typed for SessionClaims {
    const TYP: &'static str = "visit+jwt";
}

impl Typed for AuditHeadClaims {
    const TYP: &'static str = "audit-head+jwt";

    fn is_consistent(&self) -> bool {
        self.visit_id.is_some() != self.tenant.is_some()
    }
}

macro_rules! claims {
    ($($name:ident),+) => {
        $(impl Claims for $name {
            fn issuer(&self) -> &str { &self.iss }
            fn audience(&self) -> &str { &self.aud }
            fn not_before(&self) -> i64 { self.nbf }
            fn expires(&self) -> i64 { self.exp }
        })+
    };
}

claims!(JoinClaims, SessionClaims);

/// Claims whose signature, type, issuer and audience hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked<C> {
    /// The claims.
    pub claims: C,
    /// Whether the token has expired: good enough to say so, not to let anyone in.
    pub expired: bool,
}

/// Verifies a token of ours: ES256 by the key that its `kid` names, the type of `C`, issuer, audience and times.
///
/// # Errors
/// Says what does not hold; the order is form, key, type, signature, issuer and audience, times.
pub fn verify<C: Claims>(
    token: &str,
    keys: &[EcPublicKey],
    issuer: &str,
    audience: &str,
    now: Timestamp,
) -> Result<C, TokenError> {
    let checked = verify_even_expired::<C>(token, keys, issuer, audience, now)?;
    if checked.expired { Err(TokenError::Expired) } else { Ok(checked.claims) }
}

/// Like [`verify`], but tells of a token that is right in all but its age.
///
/// # Errors
/// As [`verify`], without [`TokenError::Expired`].
pub fn verify_even_expired<C: Claims>(
    token: &str,
    keys: &[EcPublicKey],
    issuer: &str,
    audience: &str,
    now: Timestamp,
) -> Result<Checked<C>, TokenError> {
    let claims: C = verify_signature(token, keys)?;
    if claims.issuer() != issuer || claims.audience() != audience {
        return Err(TokenError::WrongIssuerOrAudience);
    }
    if is_early(claims.not_before(), now) {
        return Err(TokenError::NotYet);
    }
    let expired = is_late(claims.expires(), now);
    Ok(Checked { claims, expired })
}

/// Verifies form, key, type and signature alone: for what has no audience and no end, such as [`AuditHeadClaims`].
///
/// # Errors
/// Says what does not hold.
pub fn verify_signature<C: Typed>(token: &str, keys: &[EcPublicKey]) -> Result<C, TokenError> {
    let compact = Compact::parse(token)?;
    if !compact.header_has_only(&["alg", "typ", "kid"]) || compact.text("alg")? != Some("ES256") {
        return Err(TokenError::Malformed);
    }
    let kid = compact.text("kid")?.ok_or(TokenError::WrongKey)?;
    let key = keys.iter().find(|key| key.kid().as_str() == kid).ok_or(TokenError::WrongKey)?;
    if compact.text("typ")? != Some(C::TYP) {
        return Err(TokenError::WrongType);
    }
    let signature = compact.raw_signature().ok_or(TokenError::BadSignature)?;
    if !key.verify(compact.signing_input.as_bytes(), &signature) {
        return Err(TokenError::BadSignature);
    }
    let claims: C = serde_json::from_value(Value::Object(compact.payload)).map_err(|_| TokenError::Malformed)?;
    if claims.is_consistent() { Ok(claims) } else { Err(TokenError::Malformed) }
}

/// Whether `not_before` is still ahead, clocks differing as they may.
pub(super) fn is_early(not_before: i64, now: Timestamp) -> bool {
    not_before.saturating_sub(SKEW_SECONDS) > now.as_second()
}

/// Whether `expires` has passed, clocks differing as they may.
pub(super) fn is_late(expires: i64, now: Timestamp) -> bool {
    expires.saturating_add(SKEW_SECONDS) <= now.as_second()
}
