//! The key set of an identity provider (RFC 7517, 5).

use serde_json::{Map, Value};

use super::{EcPublicKey, RsaPublicKey, strict};

/// How many keys of a set are kept.
const MAX_KEYS: usize = 64;

/// A key with which a provider's tokens are verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VerifyingKey {
    /// For ES256.
    Ec(EcPublicKey),
    /// For RS256.
    Rsa(RsaPublicKey),
}

/// A key of an identity provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OidcKey {
    /// Its name; a set of a single key may go without.
    pub kid: Option<String>,
    /// The key itself.
    pub key: VerifyingKey,
}

/// The usable keys of a set: at most 64, for signatures, RSA for RS256 or P-256 for ES256. Others are passed over, as
/// RFC 7517, 5 asks; a text that is no key set has none.
pub fn parse_jwks(json: &[u8]) -> Vec<OidcKey> {
    let set = strict::object(json).unwrap_or_default();
    let keys = set.get("keys").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    keys.iter().filter_map(Value::as_object).filter_map(usable).take(MAX_KEYS).collect()
}

fn usable(jwk: &Map<String, Value>) -> Option<OidcKey> {
    let text = |name: &str| jwk.get(name).and_then(Value::as_str);
    let says = |name: &str, expected: &str| !jwk.contains_key(name) || text(name) == Some(expected);
    let verifies = match jwk.get("key_ops") {
        None => true,
        Some(operations) => operations.as_array().is_some_and(|list| list.iter().any(|one| one == "verify")),
    };
    if !says("use", "sig") || !verifies {
        return None;
    }
    let key = match text("kty")? {
        "EC" if text("crv") == Some("P-256") && says("alg", "ES256") => {
            VerifyingKey::Ec(EcPublicKey::from_jwk(text("x")?, text("y")?).ok()?)
        }
        "RSA" if says("alg", "RS256") => VerifyingKey::Rsa(RsaPublicKey::from_jwk(text("n")?, text("e")?).ok()?),
        _ => return None,
    };
    let kid = match jwk.get("kid") {
        None => None,
        Some(kid) => Some(kid.as_str()?.to_owned()),
    };
    Some(OidcKey { kid, key })
}
