//! An identity provider for the laptop's practices: signs in whoever asks, with a key of its own.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bedside_domain::jose::EcPublicKey;
use jiff::Timestamp;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use p256::elliptic_curve::sec1::ToSec1Point as _;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// How long an access token lives, in seconds, unless another time is asked for.
pub(crate) const LIFETIME_SECONDS: u32 = 3600;
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

/// The provider's key cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the identity provider's key cannot be used")]
pub struct IssuerError;

/// The identity provider.
pub(crate) struct Issuer {
    issuer: String,
    key: SigningKey,
    public: EcPublicKey,
}

impl Issuer {
    /// The provider of the laptop at `origin`.
    ///
    /// # Errors
    /// When the key has no public one.
    pub(crate) fn new(origin: &str, key: SigningKey) -> Result<Self, IssuerError> {
        let point = key.verifying_key().as_affine().to_sec1_point(false);
        let point = point.as_bytes().try_into().map_err(|_| IssuerError)?;
        let public = EcPublicKey::from_point(point).map_err(|_| IssuerError)?;
        Ok(Self { issuer: format!("{origin}{PATH}"), key, public })
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
            "token_endpoint": format!("{}/token", self.issuer),
            "authorization_endpoint": format!("{}/authorize", self.issuer),
            "end_session_endpoint": format!("{}/end", self.issuer),
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
        })
    }

    /// Its keys (RFC 7517).
    pub(crate) fn key_set(&self) -> Value {
        json!({ "keys": [self.public.to_jwk()] })
    }

    /// An access token (RFC 9068).
    pub(crate) fn token(&self, client: &str, sign_in: &SignIn<'_>) -> String {
        let header = json!({ "alg": "ES256", "typ": "at+jwt", "kid": self.public.kid() });
        let claims = json!({
            "iss": self.issuer,
            "aud": client,
            "client_id": client,
            "sub": sign_in.subject,
            "roles": [sign_in.role.name()],
            "iat": sign_in.now.as_second(),
            "exp": sign_in.now.as_second().saturating_add(sign_in.lifetime_seconds.into()),
            "jti": uuid::Uuid::now_v7().to_string(),
        });
        let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let input = format!("{}.{}", encode(&header), encode(&claims));
        let signature: Signature = self.key.sign(input.as_bytes());
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }
}

/// Who signs in, and for how long.
pub(crate) struct SignIn<'a> {
    pub(crate) subject: &'a str,
    pub(crate) role: Role,
    pub(crate) now: Timestamp,
    pub(crate) lifetime_seconds: u32,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use bedside_domain::jose::{oidc_verify, parse_jwks};

    use super::*;

    #[test]
    fn a_token_holds_for_its_client_until_it_ends() {
        let issuer = Issuer::new("http://127.0.0.1:8787", crate::known::issuer_key().unwrap()).unwrap();
        let now: Timestamp = "2026-12-01T14:50:00Z".parse().unwrap();
        let sign_in = SignIn { subject: "dr-1", role: Role::Clinician, now, lifetime_seconds: LIFETIME_SECONDS };
        let token = issuer.token("client-1", &sign_in);
        let keys = parse_jwks(issuer.key_set().to_string().as_bytes());
        let verify = |client: &str, at| oidc_verify(&token, &keys, "http://127.0.0.1:8787/local/oidc", client, at);
        let claims = verify("client-1", now).unwrap();
        assert_eq!(claims.subject("sub").as_deref(), Some("dr-1"));
        assert_eq!(claims.roles("roles"), ["clinician"]);
        assert!(verify("client-2", now).is_err());
        assert!(verify("client-1", now + jiff::SignedDuration::from_hours(2)).is_err());
    }
}
