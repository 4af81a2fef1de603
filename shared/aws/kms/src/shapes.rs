//! Requests and answers of the five operations, as KMS's API reference has them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bedside_domain::secret::Phi;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes, in base64.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct Blob<'a>(#[serde(serialize_with = "in_base64")] pub(crate) &'a [u8]);

fn in_base64<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&STANDARD.encode(bytes))
}

fn bytes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    STANDARD.decode(text).map_err(|_| serde::de::Error::custom("no base64"))
}

/// 256 bits, and nothing else.
fn key<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Phi<[u8; 32]>, D::Error> {
    bytes(deserializer)?.try_into().map(Phi::new).map_err(|_| serde::de::Error::custom("no 256 bits"))
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GetPublicKey<'a> {
    pub(crate) key_id: &'a str,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PublicKey {
    /// Its ARN, however it was asked for.
    pub(crate) key_id: String,
    /// SubjectPublicKeyInfo, in DER.
    #[serde(deserialize_with = "bytes")]
    pub(crate) public_key: Vec<u8>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GenerateMac<'a> {
    pub(crate) key_id: &'a str,
    pub(crate) mac_algorithm: &'static str,
    pub(crate) message: Blob<'a>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GeneratedMac {
    #[serde(deserialize_with = "key")]
    pub(crate) mac: Phi<[u8; 32]>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Sign<'a> {
    pub(crate) key_id: &'a str,
    pub(crate) message: Blob<'a>,
    pub(crate) message_type: &'static str,
    pub(crate) signing_algorithm: &'static str,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Signed {
    /// In DER.
    #[serde(deserialize_with = "bytes")]
    pub(crate) signature: Vec<u8>,
}

/// What a data key is bound to.
#[derive(Debug, Serialize)]
pub(crate) struct Context<'a> {
    pub(crate) tenant: &'a str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GenerateDataKey<'a> {
    pub(crate) key_id: &'a str,
    pub(crate) key_spec: &'static str,
    pub(crate) encryption_context: Context<'a>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GeneratedDataKey {
    /// In base64, as it is kept.
    pub(crate) ciphertext_blob: String,
    #[serde(deserialize_with = "key")]
    pub(crate) plaintext: Phi<[u8; 32]>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Decrypt<'a> {
    pub(crate) key_id: &'a str,
    /// In base64, as it was kept.
    pub(crate) ciphertext_blob: &'a str,
    pub(crate) encryption_context: Context<'a>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Decrypted {
    #[serde(deserialize_with = "key")]
    pub(crate) plaintext: Phi<[u8; 32]>,
}
