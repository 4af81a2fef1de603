//! Signed tokens: JWS in its compact form (RFC 7515), ES256 for ours, ES256 or RS256 for identity providers'.
//!
//! The rules are those of RFC 8725: a fixed algorithm, an explicit type, an exact issuer, audience and key, and no key
//! material from the header. What is signed elsewhere (KMS answers in DER) becomes a token by [`signing_input`],
//! [`der_to_raw`] and [`assemble`].

mod claims;
mod ec;
mod jwks;
mod jws;
mod oidc;
mod rsa;
mod strict;

pub use claims::{
    AuditHeadClaims, Checked, Claims, Confirmation, JoinClaims, SessionClaims, Typed, verify, verify_even_expired,
    verify_signature,
};
pub use ec::{EcPublicKey, Jwk, KeyError, SignatureError, Thumbprint, der_to_raw};
pub use jwks::{OidcKey, VerifyingKey, parse_jwks};
pub use jws::{MAX_TOKEN, assemble, signing_input};
pub use oidc::{Algorithm, OidcToken, Unverified, oidc_unverified, oidc_verify, type_of};
pub use rsa::RsaPublicKey;

pub(crate) use jws::{Compact, sha256_base64url};

/// How far clocks may differ, in seconds.
pub const SKEW_SECONDS: i64 = 60;

/// Why a token does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It is no token of ours in form: not three parts, a member twice, a header that is not allowed.
    #[error("the token is malformed")]
    Malformed,
    /// No key has its `kid`.
    #[error("the token's key is unknown")]
    WrongKey,
    /// The signature is not that key's.
    #[error("the token's signature does not hold")]
    BadSignature,
    /// Its `typ` or `token_use` is another one.
    #[error("the token is of another type")]
    WrongType,
    /// It was made by or for somebody else.
    #[error("the token is from another issuer or for another audience")]
    WrongIssuerOrAudience,
    /// Its `nbf` is more than [`SKEW_SECONDS`] ahead.
    #[error("the token is not valid yet")]
    NotYet,
    /// Its `exp` is [`SKEW_SECONDS`] ago or more.
    #[error("the token has expired")]
    Expired,
}
