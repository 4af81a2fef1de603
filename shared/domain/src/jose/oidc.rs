//! Access tokens of the tenants' identity providers (RFC 9068 and what providers made before it).

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::claims::{is_early, is_late};
use super::{Compact, OidcKey, TokenError, VerifyingKey};

/// The algorithms that providers may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// ECDSA over P-256 with SHA-256.
    Es256,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
}

/// What a token claims before anything is verified: enough to look up the tenant and the provider's keys, no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unverified {
    /// `iss`.
    pub issuer: String,
    /// For whom it may be: `aud` where there is one, else `client_id` and `azp`.
    pub clients: Vec<String>,
    /// The key's name.
    pub kid: Option<String>,
    /// The algorithm.
    pub algorithm: Algorithm,
}

/// A token that holds.
#[derive(Clone, Debug, PartialEq)]
pub struct OidcToken {
    claims: Map<String, Value>,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl OidcToken {
    /// The roles that a claim names: an array of texts, or one text with spaces between (as `scope` has).
    pub fn roles(&self, claim: &str) -> Vec<String> {
        match self.claims.get(claim) {
            Some(Value::String(text)) => text.split_ascii_whitespace().map(str::to_owned).collect(),
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) | None => Vec::new(),
        }
    }

    /// Who it is, by the claim that the tenant chose; `None` where it is missing, empty or no text.
    pub fn subject(&self, claim: &str) -> Option<String> {
        self.claims.get(claim).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// A claim by its name.
    pub fn claim(&self, name: &str) -> Option<&Value> {
        self.claims.get(name)
    }
}

/// Reads what a token claims. Trust none of it.
///
/// # Errors
/// [`TokenError::Malformed`] when it is no JWS, has a header that is not allowed or no issuer;
/// [`TokenError::WrongType`] when its `typ` is that of another kind of token.
pub fn oidc_unverified(token: &str) -> Result<Unverified, TokenError> {
    let compact = Compact::parse(token)?;
    let algorithm = check_header(&compact)?;
    let issuer = compact.payload.get("iss").and_then(Value::as_str).ok_or(TokenError::Malformed)?.to_owned();
    let clients = clients(&compact.payload).into_iter().map(str::to_owned).collect();
    let kid = compact.text("kid")?.map(str::to_owned);
    Ok(Unverified { issuer, clients, kid, algorithm })
}

/// Verifies an access token: by the key that `kid` names, of the kind that `alg` needs, for this issuer and client.
///
/// # Errors
/// Says what does not hold. [`TokenError::WrongKey`] may mean that the key set is out of date.
pub fn oidc_verify(
    token: &str,
    keys: &[OidcKey],
    issuer: &str,
    client_id: &str,
    now: Timestamp,
) -> Result<OidcToken, TokenError> {
    let compact = Compact::parse(token)?;
    let algorithm = check_header(&compact)?;
    check_signature(&compact, algorithm, keys)?;
    let claims = compact.payload;
    if claims.get("iss").and_then(Value::as_str) != Some(issuer) || !clients(&claims).contains(&client_id) {
        return Err(TokenError::WrongIssuerOrAudience);
    }
    // Members of ID tokens alone (OpenID Connect Core 1.0, 3.1.3.6 and 3.1.2.1): they are for the page that signed in.
    if claims.contains_key("at_hash") || claims.contains_key("nonce") {
        return Err(TokenError::WrongType);
    }
    // Cognito's ID tokens have the same keys, issuer and `typ` as its access tokens.
    if claims.get("token_use").is_some_and(|used_as| used_as != "access") {
        return Err(TokenError::WrongType);
    }
    let expires = numeric_date(&claims, "exp")?.ok_or(TokenError::Malformed)?;
    if numeric_date(&claims, "nbf")?.is_some_and(|not_before| is_early(not_before, now)) {
        return Err(TokenError::NotYet);
    }
    if is_late(expires, now) {
        return Err(TokenError::Expired);
    }
    let expires_at = Timestamp::from_second(expires).map_err(|_| TokenError::Malformed)?;
    Ok(OidcToken { claims, expires_at })
}

/// `typ` is `at+jwt` by RFC 9068, 2.1, and `JWT` or nothing with older providers; other members that do no harm
/// (`x5t`) are passed over.
fn check_header(compact: &Compact<'_>) -> Result<Algorithm, TokenError> {
    if compact.header.contains_key("jwk") {
        return Err(TokenError::Malformed);
    }
    let known = |typ: &str| ["JWT", "at+jwt", "application/at+jwt"].iter().any(|one| one.eq_ignore_ascii_case(typ));
    if !compact.text("typ")?.is_none_or(known) {
        return Err(TokenError::WrongType);
    }
    match compact.text("alg")? {
        Some("ES256") => Ok(Algorithm::Es256),
        Some("RS256") => Ok(Algorithm::Rs256),
        Some(_) | None => Err(TokenError::Malformed),
    }
}

fn check_signature(compact: &Compact<'_>, algorithm: Algorithm, keys: &[OidcKey]) -> Result<(), TokenError> {
    let fits = |key: &&OidcKey| {
        matches!(
            (&key.key, algorithm),
            (VerifyingKey::Ec(_), Algorithm::Es256) | (VerifyingKey::Rsa(_), Algorithm::Rs256)
        )
    };
    let candidates: Vec<&OidcKey> = match compact.text("kid")? {
        Some(kid) => keys.iter().filter(fits).filter(|key| key.kid.as_deref() == Some(kid)).collect(),
        // Without a name there must be nothing to choose from.
        None => keys.iter().filter(fits).take(2).collect(),
    };
    let &[key] = candidates.as_slice() else { return Err(TokenError::WrongKey) };
    let message = compact.signing_input.as_bytes();
    let holds = match &key.key {
        VerifyingKey::Ec(key) => compact.raw_signature().is_some_and(|signature| key.verify(message, &signature)),
        VerifyingKey::Rsa(key) => key.verify(message, &compact.signature),
    };
    if holds { Ok(()) } else { Err(TokenError::BadSignature) }
}

/// For whom a token is. Where there is an `aud` it decides (RFC 8725, 3.9): a token for another service must not work
/// here because the same client asked for it. Cognito's access tokens have none and name the client in `client_id`.
fn clients(claims: &Map<String, Value>) -> Vec<&str> {
    match claims.get("aud") {
        Some(Value::String(audience)) => vec![audience],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) => Vec::new(),
        None => ["client_id", "azp"].iter().filter_map(|name| claims.get(*name)?.as_str()).collect(),
    }
}

/// Seconds since 1970; RFC 7519, 2 allows fractions, which are cut.
fn numeric_date(claims: &Map<String, Value>, name: &str) -> Result<Option<i64>, TokenError> {
    let Some(value) = claims.get(name) else { return Ok(None) };
    let seconds = value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds as i64));
    seconds.map(Some).ok_or(TokenError::Malformed)
}

/// The `typ` that a token says of itself: enough to choose how to verify it, no more.
pub fn type_of(token: &str) -> Option<String> {
    Compact::parse(token).ok()?.text("typ").ok()?.map(str::to_owned)
}
