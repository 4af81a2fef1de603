//! Proofs that a caller holds a device's private key (DPoP, RFC 9449).

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::jose::{Compact, EcPublicKey, SKEW_SECONDS, Thumbprint, sha256_base64url};

/// The longest `jti`, in bytes.
const MAX_JTI: usize = 128;

/// Members of a JWK that belong to a private or symmetric key (RFC 7518, 6).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A proof that holds. Whether its `jti` was seen before is the table's matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The device key.
    pub thumbprint: Thumbprint,
    /// The proof's own id: 1–128 bytes that the caller chose.
    pub jti: String,
    /// When the caller's clock, corrected, says that it was made.
    pub issued_at: Timestamp,
}

/// Why a proof does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DpopError {
    /// It is malformed, signed wrongly or for another request. The reason is for the log.
    #[error("the proof does not hold: {0}")]
    Invalid(&'static str),
    /// All holds but its time, which is more than [`SKEW_SECONDS`] off: the caller signs again with our time.
    #[error("the proof's time is off")]
    ClockSkew,
}

/// Verifies a proof as RFC 9449, 4.3 asks.
///
/// `accepted_urls` are the configured public origins plus the request's path; queries and fragments are not compared.
/// With an access token, the proof must carry its hash (`ath`).
///
/// # Errors
/// [`DpopError::ClockSkew`] only when everything else holds.
pub fn verify(
    proof: &str,
    method: &str,
    accepted_urls: &[String],
    now: Timestamp,
    access_token: Option<&str>,
) -> Result<Proof, DpopError> {
    let compact = Compact::parse(proof).map_err(|_| DpopError::Invalid("not a JWS"))?;
    let key = device_key(&compact)?;
    let signature = compact.raw_signature().ok_or(DpopError::Invalid("signature's length"))?;
    require(key.verify(compact.signing_input.as_bytes(), &signature), "signature")?;

    let claims = &compact.payload;
    let jti = text(claims, "jti").ok_or(DpopError::Invalid("no jti"))?;
    require(!jti.is_empty() && jti.len() <= MAX_JTI, "jti's length")?;
    require(text(claims, "htm") == Some(method), "htm")?;
    let url = text(claims, "htu").and_then(comparable).ok_or(DpopError::Invalid("no htu"))?;
    require(accepted_urls.iter().any(|one| comparable(one).as_ref() == Some(&url)), "htu")?;
    if let Some(token) = access_token {
        require(text(claims, "ath") == Some(access_token_hash(token).as_str()), "ath")?;
    }
    let issued_at = issued_at(claims).ok_or(DpopError::Invalid("no iat"))?;
    if now.as_second().abs_diff(issued_at.as_second()) > SKEW_SECONDS.unsigned_abs() {
        return Err(DpopError::ClockSkew);
    }
    Ok(Proof { thumbprint: key.thumbprint().clone(), jti: jti.to_owned(), issued_at })
}

/// The `ath` of an access token: its SHA-256 in base64url (RFC 9449, 4.2).
pub fn access_token_hash(access_token: &str) -> String {
    sha256_base64url(access_token.as_bytes())
}

/// The public key in the header, which for a proof, and only for it, is the one to verify with.
fn device_key(compact: &Compact<'_>) -> Result<EcPublicKey, DpopError> {
    let header = &compact.header;
    require(compact.header_has_only(&["alg", "typ", "jwk", "kid"]), "header")?;
    require(text(header, "typ") == Some("dpop+jwt"), "typ")?;
    require(text(header, "alg") == Some("ES256"), "alg")?;
    let jwk = header.get("jwk").and_then(Value::as_object).ok_or(DpopError::Invalid("no jwk"))?;
    require(!PRIVATE.iter().any(|name| jwk.contains_key(*name)), "jwk is not public")?;
    require(text(jwk, "kty") == Some("EC") && text(jwk, "crv") == Some("P-256"), "jwk's kind")?;
    let (x, y) = text(jwk, "x").zip(text(jwk, "y")).ok_or(DpopError::Invalid("jwk"))?;
    EcPublicKey::from_jwk(x, y).map_err(|_| DpopError::Invalid("jwk"))
}

fn require(holds: bool, reason: &'static str) -> Result<(), DpopError> {
    if holds { Ok(()) } else { Err(DpopError::Invalid(reason)) }
}

fn text<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    members.get(name).and_then(Value::as_str)
}

/// `iat` in seconds since 1970, fractions cut (RFC 7519, 2).
fn issued_at(claims: &Map<String, Value>) -> Option<Timestamp> {
    let iat = claims.get("iat")?;
    let seconds = iat.as_i64().or_else(|| iat.as_f64().map(|seconds| seconds as i64))?;
    Timestamp::from_second(seconds).ok()
}

/// A URL in the form in which two are compared: without query and fragment, scheme and host in lower case, no default
/// port, no empty path (RFC 9449, 4.3; RFC 3986, 6.2.2 and 6.2.3). `None` for what is no web address.
fn comparable(url: &str) -> Option<String> {
    if !url.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    let (scheme, rest) = url.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let port = match scheme.as_str() {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    let rest = rest.split(['?', '#']).next()?;
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let authority = authority.to_ascii_lowercase();
    let host = authority.strip_suffix(port).or_else(|| authority.strip_suffix(':')).unwrap_or(&authority);
    let path = if path.is_empty() { "/" } else { path };
    Some(format!("{scheme}://{host}{path}"))
}
