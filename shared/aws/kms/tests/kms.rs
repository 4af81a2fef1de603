//! The adapter against a KMS of the test's own, with real keys.

#![allow(missing_docs, unreachable_pub, dead_code)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../../config/tests/canned/mod.rs"]
mod canned;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bedside_app::ports::Keys as _;
use bedside_aws::{Environment, SdkConfig, SetupError};
use bedside_domain::id::TenantId;
use bedside_kms::{Kms, PublicKeys};
use canned::{Asked, Log};
use p256::ecdsa::signature::hazmat::PrehashSigner as _;
use p256::ecdsa::{DerSignature, Signature, SigningKey};
use serde_json::{Value, json};

/// A key that is told apart from others by a number.
fn key(n: u8) -> SigningKey {
    SigningKey::from_slice(&[n; 32]).unwrap()
}

/// SubjectPublicKeyInfo (RFC 5480, 2), as `GetPublicKey` answers it.
fn spki(key: &SigningKey) -> Vec<u8> {
    let mut der =
        b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00"
            .to_vec();
    der.extend_from_slice(key.verifying_key().to_sec1_point(false).as_bytes());
    der
}

fn blob(body: &Value, member: &str) -> Vec<u8> {
    STANDARD.decode(body[member].as_str().unwrap()).unwrap()
}

/// KMS, as far as the adapter needs it. `signs_with` is the key that it really signs with.
fn kms(asked: &Asked, signs_with: u8) -> (u16, Value) {
    let body = &asked.body;
    let answer = match asked.target.as_str() {
        "GetPublicKey" => {
            let n = match body["KeyId"].as_str().unwrap() {
                "alias/signing" => 1,
                "old" => 2,
                "older" => 3,
                other => return (400, json!({ "__type": "NotFoundException", "message": other })),
            };
            json!({ "KeyId": format!("arn:key/{n}"), "PublicKey": STANDARD.encode(spki(&key(n))) })
        }
        "GenerateMac" => {
            assert_eq!((&body["KeyId"], &body["MacAlgorithm"]), (&json!("hmac"), &json!("HMAC_SHA_256")));
            json!({ "Mac": STANDARD.encode(ring::digest::digest(&ring::digest::SHA256, &blob(body, "Message"))) })
        }
        "Sign" => {
            assert_eq!(body["KeyId"], "arn:key/1", "by the ARN, whatever the alias leads to by now");
            assert_eq!((&body["MessageType"], &body["SigningAlgorithm"]), (&json!("DIGEST"), &json!("ECDSA_SHA_256")));
            let signature: Signature = key(signs_with).sign_prehash(&blob(body, "Message")).unwrap();
            json!({ "Signature": STANDARD.encode(DerSignature::from(signature).as_bytes()) })
        }
        "GenerateDataKey" => {
            assert_eq!((&body["KeyId"], &body["KeySpec"]), (&json!("data"), &json!("AES_256")));
            let wrapped = body["EncryptionContext"].to_string();
            json!({ "CiphertextBlob": STANDARD.encode(wrapped), "Plaintext": STANDARD.encode([9; 32]) })
        }
        "Decrypt" if blob(body, "CiphertextBlob") == body["EncryptionContext"].to_string().as_bytes() => {
            json!({ "Plaintext": STANDARD.encode([9; 32]) })
        }
        "Decrypt" => return (400, json!({ "__type": "InvalidCiphertextException" })),
        other => panic!("no business with {other}"),
    };
    (200, answer)
}

fn service() -> (SdkConfig, Log) {
    canned::service(|asked| kms(asked, 1))
}

fn settings(more: &[(&'static str, &'static str)]) -> Environment {
    let base = [("SIGNING_KEY", "alias/signing"), ("DATA_KEY", "data"), ("HMAC_KEY", "hmac")];
    Environment::from_pairs(base.into_iter().chain(more.iter().copied()))
}

fn practice(name: &str) -> TenantId {
    TenantId::parse(name).unwrap()
}

#[tokio::test]
async fn keys_and_peppers_are_there_from_the_start_newest_first() {
    let (config, log) = service();
    let settings = settings(&[("RETIRED_SIGNING_KEYS", "old, older"), ("PEPPER_LABELS", "two,one")]);
    let kms = Kms::connect(&config, &settings).await.unwrap();
    let expected: Vec<_> = [1, 2, 3]
        .map(|n| bedside_domain::jose::EcPublicKey::from_spki_der(&spki(&key(n))).unwrap())
        .into_iter()
        .collect();
    assert_eq!(kms.public_keys(), expected);
    let pepper = |label: &str| ring::digest::digest(&ring::digest::SHA256, label.as_bytes()).as_ref().to_vec();
    let peppers: Vec<_> = kms.peppers().iter().map(|p| p.expose().to_vec()).collect();
    assert_eq!(peppers, [pepper("two"), pepper("one")]);
    assert_eq!(log.lock().unwrap().len(), 5);
}

#[tokio::test]
async fn one_label_is_the_default_and_three_are_too_many() {
    let (config, log) = service();
    let kms = Kms::connect(&config, &settings(&[])).await.unwrap();
    assert_eq!(kms.peppers().len(), 1);
    let asked = std::mem::take(&mut *log.lock().unwrap());
    let mac = asked.iter().find(|asked| asked.target == "GenerateMac").unwrap();
    assert_eq!(blob(&mac.body, "Message"), b"bedside-pepper-1");
    let error = Kms::connect(&config, &settings(&[("PEPPER_LABELS", "a,b,c")])).await.unwrap_err();
    assert_eq!(error.to_string(), "The setting PEPPER_LABELS cannot be used: it has more than two labels.");
}

#[tokio::test]
async fn each_missing_setting_and_each_silent_key_is_named() {
    let (config, _) = service();
    for name in ["SIGNING_KEY", "DATA_KEY", "HMAC_KEY"] {
        let error = Kms::connect(&config, &settings(&[(name, "")])).await.unwrap_err();
        assert_eq!(error, SetupError::Missing(name.to_owned()));
    }
    let error = Kms::connect(&config, &settings(&[("SIGNING_KEY", "unknown")])).await.unwrap_err();
    assert_eq!(error.to_string(), "KMS did not answer at the start: GetPublicKey NotFoundException.");
}

#[tokio::test]
async fn a_key_of_another_kind_does_not_sign() {
    let (config, _) = canned::service(|_| (200, json!({ "KeyId": "rsa", "PublicKey": STANDARD.encode("rsa") })));
    let error = PublicKeys::connect(&config, &settings(&[])).await.unwrap_err();
    assert_eq!(error.to_string(), "The setting SIGNING_KEY cannot be used: it is no P-256 key.");
}

#[tokio::test]
async fn the_key_set_asks_for_public_keys_alone() {
    let (config, log) = service();
    let keys = PublicKeys::connect(&config, &Environment::from_pairs([("SIGNING_KEY", "alias/signing")])).await;
    assert_eq!(keys.unwrap().as_slice().len(), 1);
    let log = log.lock().unwrap();
    assert!(log.iter().all(|asked| asked.target == "GetPublicKey") && log.len() == 1);
}

#[tokio::test]
async fn signatures_are_raw_and_hold() {
    let (config, _) = service();
    let kms = Kms::connect(&config, &settings(&[])).await.unwrap();
    // About one in 128 has a shorter half, which DER writes with fewer bytes.
    for n in 0..600_u32 {
        let input = [b"input".repeat(1000), n.to_be_bytes().to_vec()].concat();
        let raw = kms.sign(&input).await.unwrap();
        assert!(kms.public_keys()[0].verify(&input, &raw));
    }
}

#[tokio::test]
async fn a_signature_that_does_not_hold_is_not_handed_out() {
    let (config, _) = canned::service(|asked| kms(asked, 2));
    let kms = Kms::connect(&config, &settings(&[])).await.unwrap();
    let outage = kms.sign(b"input").await.unwrap_err();
    assert_eq!(outage.to_string(), "kms: Sign signature does not hold");
}

#[tokio::test]
async fn a_data_key_opens_for_its_own_tenant_alone() {
    let (config, _) = service();
    let kms = Kms::connect(&config, &settings(&[])).await.unwrap();
    let made = kms.new_data_key(&practice("a")).await.unwrap();
    let opened = kms.unwrap_data_key(&practice("a"), &made.wrapped).await.unwrap();
    assert_eq!(opened.expose(), made.plain.expose());
    let outage = kms.unwrap_data_key(&practice("b"), &made.wrapped).await.unwrap_err();
    assert_eq!(outage.to_string(), "kms: Decrypt InvalidCiphertextException");
}

#[tokio::test]
async fn a_throttled_call_is_tried_three_times() {
    let (config, log) = canned::service(|asked| match asked.target.as_str() {
        "GenerateDataKey" => (400, json!({ "__type": "ThrottlingException" })),
        _ => kms(asked, 1),
    });
    let kms = Kms::connect(&config, &settings(&[])).await.unwrap();
    let outage = kms.new_data_key(&practice("a")).await.err().unwrap();
    assert_eq!(outage.to_string(), "kms: GenerateDataKey ThrottlingException");
    let tries = log.lock().unwrap().iter().filter(|asked| asked.target == "GenerateDataKey").count();
    assert_eq!(tries, 3);
}
