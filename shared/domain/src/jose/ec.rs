//! P-256 keys and their signatures (RFC 7518, 3.4 and 6.2; RFC 7638).

use core::fmt;

use p256::ecdsa::{DerSignature, Signature, VerifyingKey};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde::{Deserialize, Deserializer, Serialize, de};

use super::jws::{base64url, from_base64url, sha256_base64url};

/// A signature that is not the strict DER of an ECDSA signature over P-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a DER signature over P-256")]
pub struct SignatureError;

/// A public key that is malformed, of another kind or size, or not on the curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a usable public key")]
pub struct KeyError;

/// KMS answers in ASN.1 DER; JOSE wants r‖s, each left-padded to 32 bytes (RFC 7518, 3.4).
///
/// # Errors
/// When `der` is not strict DER, or r or s is not within 1 … n − 1.
pub fn der_to_raw(der: &[u8]) -> Result<[u8; 64], SignatureError> {
    let signature = DerSignature::from_bytes(der).and_then(Signature::try_from).map_err(|_| SignatureError)?;
    Ok(signature.to_bytes().into())
}

/// SubjectPublicKeyInfo of an uncompressed P-256 point, up to the point itself (RFC 5480, 2): its DER is the same for
/// every key.
const SPKI_PREFIX: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

/// A public key: a point that is on the curve P-256.
#[derive(Clone, PartialEq, Eq)]
pub struct EcPublicKey {
    /// 0x04 ‖ x ‖ y.
    point: [u8; 65],
    thumbprint: Thumbprint,
}

impl EcPublicKey {
    /// From SubjectPublicKeyInfo, as KMS `GetPublicKey` answers.
    ///
    /// # Errors
    /// When it is another kind of key, or no point of the curve.
    pub fn from_spki_der(der: &[u8]) -> Result<Self, KeyError> {
        let point = der.strip_prefix(&SPKI_PREFIX).ok_or(KeyError)?;
        Self::from_point(point.try_into().map_err(|_| KeyError)?)
    }

    /// From the coordinates of a JWK; each must have its full 32 bytes (RFC 7518, 6.2.1.2).
    ///
    /// # Errors
    /// When a coordinate is malformed, or they are no point of the curve.
    pub fn from_jwk(x: &str, y: &str) -> Result<Self, KeyError> {
        let x: [u8; 32] = from_base64url(x).ok_or(KeyError)?.try_into().map_err(|_| KeyError)?;
        let y: [u8; 32] = from_base64url(y).ok_or(KeyError)?.try_into().map_err(|_| KeyError)?;
        let mut point = [4; 65];
        let coordinates = x.iter().chain(&y);
        point.iter_mut().skip(1).zip(coordinates).for_each(|(to, from)| *to = *from);
        Self::from_point(point)
    }

    /// From 0x04 ‖ x ‖ y (SEC 1, 2.3.3).
    ///
    /// # Errors
    /// When it is no such point.
    pub fn from_point(point: [u8; 65]) -> Result<Self, KeyError> {
        if point.first() != Some(&4) {
            return Err(KeyError);
        }
        VerifyingKey::from_sec1_bytes(&point).map_err(|_| KeyError)?;
        let (x, y) = coordinates(&point);
        // RFC 7638, 3: the required members alone, in this order, without white space.
        let members = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
        let thumbprint = Thumbprint(sha256_base64url(members.as_bytes()));
        Ok(Self { point, thumbprint })
    }

    /// The key's RFC 7638 thumbprint.
    pub const fn thumbprint(&self) -> &Thumbprint {
        &self.thumbprint
    }

    /// The name of the key in headers and in the JWKS: its thumbprint, so that no name is ever used again.
    pub const fn kid(&self) -> &Thumbprint {
        &self.thumbprint
    }

    /// The key as the JWKS shows it.
    pub fn to_jwk(&self) -> Jwk {
        let (x, y) = coordinates(&self.point);
        let kid = self.thumbprint.0.clone();
        Jwk { kty: "EC".into(), crv: "P-256".into(), r#use: "sig".into(), alg: "ES256".into(), kid, x, y }
    }

    /// Whether `signature` (r‖s) is this key's over the SHA-256 of `message`. Both s and n − s hold.
    pub fn verify(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &self.point).verify(message, signature).is_ok()
    }
}

impl fmt::Debug for EcPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("EcPublicKey").field(&self.thumbprint.0).finish()
    }
}

fn coordinates(point: &[u8; 65]) -> (String, String) {
    let (_, coordinates) = point.split_at(1);
    let (x, y) = coordinates.split_at(32);
    (base64url(x), base64url(y))
}

/// A public key in the contract's JWKS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Jwk {
    /// `EC`.
    pub kty: String,
    /// `P-256`.
    pub crv: String,
    /// `sig`.
    pub r#use: String,
    /// `ES256`.
    pub alg: String,
    /// The key's thumbprint.
    #[schema(min_length = 1, max_length = 128)]
    pub kid: String,
    /// The point's x, 32 bytes in base64url.
    #[schema(min_length = 43, max_length = 43, pattern = "^[A-Za-z0-9_-]{43}$")]
    pub x: String,
    /// The point's y, 32 bytes in base64url.
    #[schema(min_length = 43, max_length = 43, pattern = "^[A-Za-z0-9_-]{43}$")]
    pub y: String,
}

/// The SHA-256 thumbprint of a public key (RFC 7638): 43 characters of base64url. It is not secret.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Thumbprint(String);

impl Thumbprint {
    /// Reads the base64url of 32 bytes.
    pub fn parse(text: &str) -> Option<Self> {
        from_base64url(text).filter(|bytes| bytes.len() == 32).map(|_| Self(text.to_owned()))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Thumbprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("not a SHA-256 thumbprint"))
    }
}
