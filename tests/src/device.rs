//! A browser's device key: P-256, not extractable there, and the proofs that it signs (RFC 9449).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};

/// A device.
pub struct Device {
    key: EcdsaKeyPair,
    jwk: Value,
}

impl Default for Device {
    fn default() -> Self {
        Self::new()
    }
}

impl Device {
    /// A device with a new key.
    #[must_use]
    pub fn new() -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random).unwrap();
        let (x, y) = key.public_key().as_ref()[1..].split_at(32);
        let jwk = json!({"kty": "EC", "crv": "P-256", "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y)});
        Self { key, jwk }
    }

    /// The public key.
    #[must_use]
    pub const fn jwk(&self) -> &Value {
        &self.jwk
    }

    /// A compact JWS of these by the key.
    #[must_use]
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let input = format!("{}.{}", part(header), part(claims));
        let signature = self.key.sign(&SystemRandom::new(), input.as_bytes()).unwrap();
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()))
    }

    /// A proof for a request, at a time (seconds since 1970), with a fresh id.
    #[must_use]
    pub fn proof(&self, method: &str, url: &str, token: Option<&str>, at: i64) -> String {
        self.proof_with(method, url, token, at, &uuid_like())
    }

    /// A proof with an id of the caller's choice.
    #[must_use]
    pub fn proof_with(&self, method: &str, url: &str, token: Option<&str>, at: i64, jti: &str) -> String {
        let mut claims = json!({"htm": method, "htu": url.split('?').next(), "iat": at, "jti": jti});
        if let Some(token) = token {
            let hash = ring::digest::digest(&ring::digest::SHA256, token.as_bytes());
            claims["ath"] = json!(URL_SAFE_NO_PAD.encode(hash));
        }
        self.sign(&json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": self.jwk}), &claims)
    }
}

/// 128 random bits in hex.
pub(crate) fn uuid_like() -> String {
    use ring::rand::SecureRandom as _;
    let mut random = [0_u8; 16];
    SystemRandom::new().fill(&mut random).unwrap();
    random.iter().map(|byte| format!("{byte:02x}")).collect()
}
