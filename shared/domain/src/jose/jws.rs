//! The compact form of a JWS: read strictly, and put together.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use serde::Serialize;
use serde_json::{Map, Value};

use super::{Thumbprint, TokenError, Typed, strict};

/// The longest token that is read, in bytes.
pub const MAX_TOKEN: usize = 8 * 1024;

/// Header members that name or carry a key, or change how the rest is read (RFC 7515, 4.1; RFC 7797). None is ever
/// needed here, and each has been a way to forge tokens elsewhere (RFC 8725, 3.10).
const FORBIDDEN: [&str; 6] = ["crit", "jku", "x5u", "x5c", "zip", "b64"];

/// The protected header of our own tokens.
#[derive(Serialize)]
struct Header<'a> {
    alg: &'static str,
    typ: &'static str,
    kid: &'a str,
}

/// A token taken apart; nothing in it has been verified.
pub(crate) struct Compact<'a> {
    pub(crate) signing_input: &'a str,
    pub(crate) header: Map<String, Value>,
    pub(crate) payload: Map<String, Value>,
    pub(crate) signature: Vec<u8>,
}

impl<'a> Compact<'a> {
    /// Takes apart three parts of base64url without padding, the first two of them JSON objects.
    pub(crate) fn parse(token: &'a str) -> Result<Self, TokenError> {
        Self::split(token).ok_or(TokenError::Malformed)
    }

    fn split(token: &'a str) -> Option<Self> {
        if token.len() > MAX_TOKEN {
            return None;
        }
        let (signing_input, signature) = token.rsplit_once('.')?;
        let (header, payload) = signing_input.split_once('.')?;
        if header.is_empty() || payload.is_empty() || signature.is_empty() {
            return None;
        }
        let header = strict::object(&from_base64url(header)?)?;
        if FORBIDDEN.iter().any(|name| header.contains_key(*name)) {
            return None;
        }
        let payload = strict::object(&from_base64url(payload)?)?;
        let signature = from_base64url(signature)?;
        Some(Self { signing_input, header, payload, signature })
    }

    /// A header member that must be a text where it is there.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, TokenError> {
        match self.header.get(name) {
            None => Ok(None),
            Some(value) => value.as_str().map(Some).ok_or(TokenError::Malformed),
        }
    }

    /// Whether the header has no members but these.
    pub(crate) fn header_has_only(&self, allowed: &[&str]) -> bool {
        self.header.keys().all(|name| allowed.contains(&name.as_str()))
    }

    /// The signature as r‖s.
    pub(crate) fn raw_signature(&self) -> Option<[u8; 64]> {
        self.signature.as_slice().try_into().ok()
    }
}

/// What has to be signed for a token of ours: header and claims, in base64url. `typ` follows from the claims.
///
/// # Errors
/// When the claims have no JSON form; ours always have one.
pub fn signing_input<C: Typed>(kid: &Thumbprint, claims: &C) -> Result<String, serde_json::Error> {
    let header = serde_json::to_vec(&Header { alg: "ES256", typ: C::TYP, kid: kid.as_str() })?;
    let claims = serde_json::to_vec(claims)?;
    Ok(format!("{}.{}", base64url(&header), base64url(&claims)))
}

/// The token: what was signed, and its signature as r‖s (see [`super::der_to_raw`]).
pub fn assemble(signing_input: &str, signature: &[u8; 64]) -> String {
    format!("{signing_input}.{}", base64url(signature))
}

/// base64url without padding (RFC 7515, 2).
pub(super) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Strict: padding, other alphabets and stray bits at the end are refused.
pub(super) fn from_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// The SHA-256 of `bytes` in base64url: 43 characters.
pub(crate) fn sha256_base64url(bytes: &[u8]) -> String {
    base64url(digest(&SHA256, bytes).as_ref())
}
