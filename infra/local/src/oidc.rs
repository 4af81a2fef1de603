//! An identity provider for the laptop's practices: signs in whoever asks, with a key of its own.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bedside_domain::jose::EcPublicKey;
use jiff::Timestamp;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// How long an access token lives, in seconds.
pub(crate) const LIFETIME_SECONDS: i64 = 3600;
/// Where the provider answers, below the laptop's origin.
const PATH: &str = "/local/oidc";

/// A role that the provider can sign somebody in with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Runs the practice.
    Admin,
    /// Treats.
    Clinician,
    /// Reads the audit chains.
    Auditor,
    /// Has an account at the portal.
    Patient,
}

impl Role {
    /// Its name in the token.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Clinician => "clinician",
            Self::Auditor => "auditor",
            Self::Patient => "patient",
        }
    }
}

/// The provider's key cannot be made or read.
#[derive(Debug, thiserror::Error)]
#[error("the identity provider's key cannot be used")]
pub struct IssuerError;

/// The identity provider.
pub(crate) struct Issuer {
    issuer: String,
    pair: EcdsaKeyPair,
    public: EcPublicKey,
    random: SystemRandom,
}

/// A new key, as [`Issuer::new`] takes it: PKCS #8 in base64.
///
/// # Errors
/// When the system has no randomness.
pub(crate) fn new_key() -> Result<String, IssuerError> {
    let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
    Ok(STANDARD.encode(key.map_err(|_| IssuerError)?))
}

impl Issuer {
    /// The provider of the laptop at `origin`.
    ///
    /// # Errors
    /// When `key` is none.
    pub(crate) fn new(origin: &str, key: &str) -> Result<Self, IssuerError> {
        let random = SystemRandom::new();
        let key = STANDARD.decode(key).map_err(|_| IssuerError)?;
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &key, &random).map_err(|_| IssuerError)?;
        let point = pair.public_key().as_ref().try_into().map_err(|_| IssuerError)?;
        let public = EcPublicKey::from_point(point).map_err(|_| IssuerError)?;
        Ok(Self { issuer: format!("{origin}{PATH}"), pair, public, random })
    }

    /// `iss` of its tokens.
    #[must_use]
    pub(crate) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Its metadata (OpenID Connect Discovery 1.0, 3).
    pub(crate) fn discovery(&self) -> Value {
        json!({
            "issuer": self.issuer,
            "jwks_uri": format!("{}/jwks.json", self.issuer),
            // Nobody types a password here: tokens come from /local/token.
            "token_endpoint": format!("{}/local/token", self.issuer.trim_end_matches(PATH)),
            "authorization_endpoint": format!("{}/authorize", self.issuer),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
        })
    }

    /// Its keys (RFC 7517).
    pub(crate) fn key_set(&self) -> Value {
        json!({ "keys": [self.public.to_jwk()] })
    }

    /// An access token (RFC 9068).
    ///
    /// # Errors
    /// When the system has no randomness.
    pub(crate) fn token(&self, client: &str, subject: &str, role: Role, now: Timestamp) -> Result<String, IssuerError> {
        let header = json!({ "alg": "ES256", "typ": "at+jwt", "kid": self.public.kid() });
        let claims = json!({
            "iss": self.issuer,
            "aud": client,
            "client_id": client,
            "sub": subject,
            "roles": [role.name()],
            "iat": now.as_second(),
            "exp": now.as_second() + LIFETIME_SECONDS,
            "jti": uuid::Uuid::now_v7().to_string(),
        });
        let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let input = format!("{}.{}", encode(&header), encode(&claims));
        let signature = self.pair.sign(&self.random, input.as_bytes()).map_err(|_| IssuerError)?;
        Ok(format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use bedside_domain::jose::{oidc_verify, parse_jwks};

    use super::*;

    #[test]
    fn a_token_holds_for_its_client_until_it_ends() {
        let issuer = Issuer::new("http://127.0.0.1:8787", &new_key().unwrap()).unwrap();
        let now: Timestamp = "2026-12-01T14:50:00Z".parse().unwrap();
        let token = issuer.token("client-1", "dr-1", Role::Clinician, now).unwrap();
        let keys = parse_jwks(issuer.key_set().to_string().as_bytes());
        let verify = |client: &str, at| oidc_verify(&token, &keys, "http://127.0.0.1:8787/local/oidc", client, at);
        let claims = verify("client-1", now).unwrap();
        assert_eq!(claims.subject("sub").as_deref(), Some("dr-1"));
        assert_eq!(claims.roles("roles"), ["clinician"]);
        assert!(verify("client-2", now).is_err());
        assert!(verify("client-1", now + jiff::SignedDuration::from_hours(2)).is_err());
    }

    #[test]
    fn a_key_that_is_none_is_refused() {
        assert!(Issuer::new("http://127.0.0.1:8787", "bm8ga2V5").is_err());
    }
}
