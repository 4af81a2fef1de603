//! KMS: signatures, data keys and HMACs that are what they say.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use p256::ecdsa::signature::hazmat::{PrehashSigner as _, PrehashVerifier as _};
use p256::ecdsa::{DerSignature, SigningKey};
use p256::elliptic_curve::sec1::ToSec1Point as _;
use ring::aead::{Aad, LessSafeKey, NONCE_LEN, Nonce};
use ring::{digest, hmac};
use serde::Deserialize;
use serde_json::{Value, json};

use super::keys::{ACCOUNT, Key, KeyRing, Secret, Usage, random};
use super::service::{Reply, Service, ServiceError};

/// The DER of a P-256 `SubjectPublicKeyInfo` up to the point (RFC 5480).
const SPKI_PREFIX: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

/// What a request to any of the operations may hold; which of it must be there, the model has checked.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Request {
    key_id: Option<String>,
    message: Blob,
    message_type: Option<String>,
    signing_algorithm: Option<String>,
    signature: Blob,
    mac: Blob,
    mac_algorithm: Option<String>,
    plaintext: Blob,
    ciphertext_blob: Blob,
    encryption_algorithm: Option<String>,
    encryption_context: BTreeMap<String, String>,
    key_spec: Option<String>,
    number_of_bytes: Option<usize>,
    dry_run: bool,
}

/// Bytes, base64 on the wire.
#[derive(Default)]
struct Blob(Vec<u8>);

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = Option::<String>::deserialize(from)?.unwrap_or_default();
        STANDARD.decode(text).map(Self).map_err(serde::de::Error::custom)
    }
}

/// Answers one operation.
pub(crate) fn call(keys: &KeyRing, operation: &str, body: Value) -> Result<Reply, ServiceError> {
    let request: Request = serde_json::from_value(body).map_err(|error| Service::Kms.malformed(&error.to_string()))?;
    let answer = match operation {
        "Sign" => sign(keys, &request),
        "Verify" => verify(keys, &request),
        "GetPublicKey" => public_key(keys, &request),
        "GenerateMac" => generate_mac(keys, &request),
        "VerifyMac" => verify_mac(keys, &request),
        "GenerateDataKey" => generate_data_key(keys, &request),
        "Encrypt" => encrypt(keys, &request),
        "Decrypt" => decrypt(keys, &request),
        "DescribeKey" => find(keys, &request).map(describe),
        _ => Err(Service::Kms.unknown_operation()),
    }?;
    Ok(Reply::ok(&answer))
}

fn error(code: &str, message: &str) -> ServiceError {
    ServiceError::new(Service::Kms, 400, code, message)
}

fn find<'k>(keys: &'k KeyRing, request: &Request) -> Result<&'k Key, ServiceError> {
    let name = request.key_id.as_deref().unwrap_or_default();
    keys.find(name).ok_or_else(|| error("NotFoundException", &format!("Key '{name}' does not exist")))
}

fn wrong_usage(key: &Key) -> ServiceError {
    error("InvalidKeyUsageException", &format!("{} key usage is {}.", key.arn(), usage_name(key.usage())))
}

/// <https://docs.aws.amazon.com/kms/latest/developerguide/testing-permissions.html>: after all checks, before the work.
fn unless_dry_run(request: &Request) -> Result<(), ServiceError> {
    if request.dry_run {
        let text = "The request would have succeeded, but the DryRun option is set.";
        return Err(error("DryRunOperationException", text));
    }
    Ok(())
}

fn signing<'k>(keys: &'k KeyRing, request: &Request) -> Result<(&'k Key, &'k SigningKey, Vec<u8>), ServiceError> {
    let key = find(keys, request)?;
    let Secret::Signing(secret) = &key.secret else { return Err(wrong_usage(key)) };
    let algorithm = request.signing_algorithm.as_deref().unwrap_or_default();
    if algorithm != "ECDSA_SHA_256" {
        let text = format!("Algorithm {algorithm} and key spec ECC_NIST_P256 are incompatible.");
        return Err(error("InvalidKeyUsageException", &text));
    }
    let hash = match request.message_type.as_deref().unwrap_or("RAW") {
        "RAW" => digest::digest(&digest::SHA256, &request.message.0).as_ref().to_vec(),
        "DIGEST" if request.message.0.len() == digest::SHA256_OUTPUT_LEN => request.message.0.clone(),
        "DIGEST" => return Err(Service::Kms.invalid("Digest is invalid length for algorithm ECDSA_SHA_256.")),
        other => return Err(Service::Kms.invalid(&format!("MessageType {other} does not fit ECDSA_SHA_256."))),
    };
    unless_dry_run(request)?;
    Ok((key, secret, hash))
}

fn sign(keys: &KeyRing, request: &Request) -> Result<Value, ServiceError> {
    let (key, secret, hash) = signing(keys, request)?;
    let signature: DerSignature = secret.sign_prehash(&hash).map_err(|_| Service::Kms.internal_error())?;
    let signature = STANDARD.encode(signature.as_bytes());
    Ok(json!({ "KeyId": key.arn(), "Signature": signature, "SigningAlgorithm": "ECDSA_SHA_256" }))
}

fn verify(keys: &KeyRing, request: &Request) -> Result<Value, ServiceError> {
    let (key, secret, hash) = signing(keys, request)?;
    let invalid = || error("KMSInvalidSignatureException", "The signature is not valid.");
    let signature = DerSignature::from_bytes(&request.signature.0).map_err(|_| invalid())?;
    secret.verifying_key().verify_prehash(&hash, &signature).map_err(|_| invalid())?;
    Ok(json!({ "KeyId": key.arn(), "SignatureValid": true, "SigningAlgorithm": "ECDSA_SHA_256" }))
}

fn public_key(keys: &KeyRing, request: &Request) -> Result<Value, ServiceError> {
    let key = find(keys, request)?;
    let Secret::Signing(secret) = &key.secret else {
        return Err(error("UnsupportedOperationException", &format!("{} has no public key.", key.arn())));
    };
    let point = secret.verifying_key().as_affine().to_sec1_point(false);
    let spki = [SPKI_PREFIX.as_slice(), point.as_bytes()].concat();
    Ok(json!({
        "KeyId": key.arn(),
        "PublicKey": STANDARD.encode(spki),
        "KeySpec": "ECC_NIST_P256",
        "CustomerMasterKeySpec": "ECC_NIST_P256",
        "KeyUsage": usage_name(key.usage()),
        "SigningAlgorithms": ["ECDSA_SHA_256"],
    }))
}

fn mac<'k>(keys: &'k KeyRing, request: &Request) -> Result<(&'k Key, &'k hmac::Key), ServiceError> {
    let key = find(keys, request)?;
    let Secret::Mac(secret) = &key.secret else { return Err(wrong_usage(key)) };
    let algorithm = request.mac_algorithm.as_deref().unwrap_or_default();
    if algorithm != "HMAC_SHA_256" {
        let text = format!("Algorithm {algorithm} and key spec HMAC_256 are incompatible.");
        return Err(error("InvalidKeyUsageException", &text));
    }
    unless_dry_run(request)?;
    Ok((key, secret))
}

fn generate_mac(keys: &KeyRing, request: &Request) -> Result<Value, ServiceError> {
    let (key, secret) = mac(keys, request)?;
    let tag = STANDARD.encode(hmac::sign(secret, &request.message.0));
    Ok(json!({ "KeyId": key.arn(), "Mac": tag, "MacAlgorithm": "HMAC_SHA_256" }))
}

fn verify_mac(keys: &KeyRing, request: &Request) -> Result<Value, ServiceError> {
    let (key, secret) = mac(keys, request)?;
    hmac::verify(secret, &request.message.0, &request.mac.0)
        .map_err(|_| error("KMSInvalidMacException", "The HMAC is not valid."))?;
    Ok(json!({ "KeyId": key.arn(), "MacValid": true, "MacAlgorithm": "HMAC_SHA_256" }))
}

fn encrypting<'k>(keys: &'k KeyRing, request: &Request) -> Result<(&'k Key, &'k LessSafeKey), ServiceError> {
    let key = find(keys, request)?;
    let Secret::Data(secret) = &key.secret else { return Err(wrong_usage(key)) };
    let algorithm = request.encryption_algorithm.as_deref().unwrap_or("SYMMETRIC_DEFAULT");
    if algorithm != "SYMMETRIC_DEFAULT" {
        let text = format!("Algorithm {algorithm} and key spec SYMMETRIC_DEFAULT are incompatible.");
        return Err(error("InvalidKeyUsageException", &text));
    }
    Ok((key, secret))
}

fn generate_data_key(keys: &KeyRing, request: &Request) -> Result<Value, ServiceError> {
    let (key, secret) = encrypting(keys, request)?;
    let length = match (request.key_spec.as_deref(), request.number_of_bytes) {
        (Some("AES_256"), None) => 32,
        (Some(_), None) => 16,
        (None, Some(length)) => length,
        (Some(_), Some(_)) | (None, None) => {
            return Err(Service::Kms.invalid("Please specify either number of bytes or key spec."));
        }
    };
    unless_dry_run(request)?;
    // The model allows 1 to 1024 bytes.
    let bytes = random::<1024>().map_err(|_| Service::Kms.internal_error())?;
    let plaintext = bytes.get(..length).unwrap_or(&bytes);
    let sealed = seal(key, secret, plaintext, &request.encryption_context)?;
    Ok(json!({
        "KeyId": key.arn(),
        "Plaintext": STANDARD.encode(plaintext),
        "CiphertextBlob": STANDARD.encode(sealed),
    }))
}

fn encrypt(keys: &KeyRing, request: &Request) -> Result<Value, ServiceError> {
    let (key, secret) = encrypting(keys, request)?;
    unless_dry_run(request)?;
    let sealed = seal(key, secret, &request.plaintext.0, &request.encryption_context)?;
    Ok(json!({
        "KeyId": key.arn(),
        "CiphertextBlob": STANDARD.encode(sealed),
        "EncryptionAlgorithm": "SYMMETRIC_DEFAULT",
    }))
}

/// The ciphertext names its key, so that `KeyId` may be left out; where it is given, it must be the same.
fn decrypt(keys: &KeyRing, request: &Request) -> Result<Value, ServiceError> {
    let invalid = || error("InvalidCiphertextException", "The ciphertext or its encryption context is not valid.");
    let (id, sealed) = request.ciphertext_blob.0.split_at_checked(KEY_ID_LENGTH).ok_or_else(invalid)?;
    let id = std::str::from_utf8(id).map_err(|_| invalid())?;
    let key = keys.find(id).ok_or_else(invalid)?;
    if request.key_id.is_some() && find(keys, request)?.id != key.id {
        let text = "The key ID in the request does not identify a CMK that can perform this operation.";
        return Err(error("IncorrectKeyException", text));
    }
    let Secret::Data(secret) = &key.secret else { return Err(invalid()) };
    let plaintext = open(key, secret, sealed, &request.encryption_context).ok_or_else(invalid)?;
    unless_dry_run(request)?;
    Ok(json!({
        "KeyId": key.arn(),
        "Plaintext": STANDARD.encode(plaintext),
        "EncryptionAlgorithm": "SYMMETRIC_DEFAULT",
    }))
}

/// A UUID in its usual form, before the nonce and the AES-GCM ciphertext.
const KEY_ID_LENGTH: usize = 36;

/// The key's id and the encryption context, so that neither can be exchanged.
fn bound_to(key: &Key, context: &BTreeMap<String, String>) -> Vec<u8> {
    json!([key.id, context]).to_string().into_bytes()
}

fn seal(
    key: &Key,
    secret: &LessSafeKey,
    plaintext: &[u8],
    context: &BTreeMap<String, String>,
) -> Result<Vec<u8>, ServiceError> {
    let nonce = random::<NONCE_LEN>().map_err(|_| Service::Kms.internal_error())?;
    let mut sealed = plaintext.to_vec();
    secret
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(bound_to(key, context)), &mut sealed)
        .map_err(|_| Service::Kms.internal_error())?;
    Ok([key.id.as_bytes(), &nonce, &sealed].concat())
}

fn open(key: &Key, secret: &LessSafeKey, sealed: &[u8], context: &BTreeMap<String, String>) -> Option<Vec<u8>> {
    let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let mut sealed = sealed.to_vec();
    let plaintext = secret.open_in_place(nonce, Aad::from(bound_to(key, context)), &mut sealed).ok()?;
    Some(plaintext.to_vec())
}

fn usage_name(usage: Usage) -> &'static str {
    match usage {
        Usage::SignVerify => "SIGN_VERIFY",
        Usage::EncryptDecrypt => "ENCRYPT_DECRYPT",
        Usage::GenerateVerifyMac => "GENERATE_VERIFY_MAC",
    }
}

fn describe(key: &Key) -> Value {
    let (spec, algorithms) = match key.usage() {
        Usage::SignVerify => ("ECC_NIST_P256", ("SigningAlgorithms", "ECDSA_SHA_256")),
        Usage::EncryptDecrypt => ("SYMMETRIC_DEFAULT", ("EncryptionAlgorithms", "SYMMETRIC_DEFAULT")),
        Usage::GenerateVerifyMac => ("HMAC_256", ("MacAlgorithms", "HMAC_SHA_256")),
    };
    let (member, algorithm) = algorithms;
    json!({ "KeyMetadata": {
        "AWSAccountId": ACCOUNT,
        "KeyId": key.id,
        "Arn": key.arn(),
        "CreationDate": key.created,
        "Enabled": true,
        "Description": key.alias,
        "KeyUsage": usage_name(key.usage()),
        "KeyState": "Enabled",
        "Origin": "AWS_KMS",
        "KeyManager": "CUSTOMER",
        "KeySpec": spec,
        "CustomerMasterKeySpec": spec,
        member: [algorithm],
        "MultiRegion": false,
    } })
}
