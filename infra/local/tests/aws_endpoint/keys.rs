//! KMS.

use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::{DataKeySpec, MacAlgorithmSpec, MessageType, SigningAlgorithmSpec};
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{DerSignature, VerifyingKey};
use ring::digest::{SHA256, digest};
use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};

use crate::endpoint::{Endpoint, Outcome, outcome, refused};

const SIGNING: &str = "alias/bedside-signing";
const DATA: &str = "alias/bedside-data";
const HMAC: &str = "alias/bedside-hmac";

#[tokio::test]
async fn signatures_of_messages_and_digests_verify_elsewhere() {
    let endpoint = Endpoint::start().await;
    let kms = endpoint.kms();
    let key = kms.get_public_key().key_id(SIGNING).send().await.unwrap();
    let spki = key.public_key.unwrap().into_inner();
    let point = spki[spki.len() - 65..].to_vec();
    assert_eq!(spki.len(), 91, "SubjectPublicKeyInfo of P-256");
    let message = b"header.claims".to_vec();
    let hash = digest(&SHA256, &message).as_ref().to_vec();
    for (kind, given) in [(MessageType::Raw, message.clone()), (MessageType::Digest, hash)] {
        let signed = kms
            .sign()
            .key_id(SIGNING)
            .message(Blob::new(given.clone()))
            .message_type(kind.clone())
            .signing_algorithm(SigningAlgorithmSpec::EcdsaSha256)
            .send()
            .await
            .unwrap();
        assert_eq!(signed.key_id, key.key_id);
        let der = signed.signature.unwrap();
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, &point).verify(&message, der.as_ref()).unwrap();
        let other = VerifyingKey::from_sec1_bytes(&point).unwrap();
        other.verify(&message, &DerSignature::from_bytes(der.as_ref()).unwrap()).unwrap();
        let verify = kms.verify().key_id(SIGNING).message(Blob::new(given)).message_type(kind).signature(der);
        let verify = verify.signing_algorithm(SigningAlgorithmSpec::EcdsaSha256);
        assert!(verify.clone().send().await.unwrap().signature_valid);
        let forged = verify.message(Blob::new(vec![7; 32])).send().await;
        assert_eq!(outcome(forged), refused("KMSInvalidSignatureException"));
    }
}

#[tokio::test]
async fn what_kms_refuses_to_sign_is_refused() {
    let endpoint = Endpoint::start().await;
    let kms = endpoint.kms();
    let sign = || kms.sign().key_id(SIGNING).signing_algorithm(SigningAlgorithmSpec::EcdsaSha256);
    let short = sign().message(Blob::new(vec![1; 31])).message_type(MessageType::Digest).send().await;
    assert_eq!(outcome(short), refused("ValidationException"));
    let long = sign().message(Blob::new(vec![1; 4097])).send().await;
    assert_eq!(outcome(long), refused("ValidationException"));
    let empty = sign().message(Blob::new(vec![])).send().await;
    assert_eq!(outcome(empty), refused("ValidationException"));
    let unknown = sign().key_id("alias/unknown").message(Blob::new("x")).send().await;
    assert_eq!(outcome(unknown), refused("NotFoundException"));
    let other = sign().key_id(DATA).message(Blob::new("x")).send().await;
    assert_eq!(outcome(other), refused("InvalidKeyUsageException"));
    let algorithm = sign().message(Blob::new("x")).signing_algorithm(SigningAlgorithmSpec::EcdsaSha384).send().await;
    assert_eq!(outcome(algorithm), refused("InvalidKeyUsageException"));
    let dry = sign().message(Blob::new("x")).dry_run(true).send().await;
    assert_eq!(outcome(dry), refused("DryRunOperationException"));
}

#[tokio::test]
async fn a_data_key_opens_only_in_its_own_context() {
    let endpoint = Endpoint::start().await;
    let kms = endpoint.kms();
    let made = kms
        .generate_data_key()
        .key_id(DATA)
        .key_spec(DataKeySpec::Aes256)
        .encryption_context("tenant", "one")
        .encryption_context("use", "seal")
        .send()
        .await
        .unwrap();
    let plaintext = made.plaintext.unwrap();
    assert_eq!(plaintext.as_ref().len(), 32);
    let sealed = made.ciphertext_blob.unwrap();
    let open = |context: &[(&str, &str)], blob: &Blob| {
        let context = context.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        kms.decrypt().ciphertext_blob(blob.clone()).set_encryption_context(Some(context))
    };
    let right = [("use", "seal"), ("tenant", "one")];
    assert_eq!(open(&right, &sealed).send().await.unwrap().plaintext.unwrap(), plaintext);
    assert_eq!(open(&right, &sealed).key_id(DATA).send().await.unwrap().plaintext.unwrap(), plaintext);
    for wrong in [&[("tenant", "two"), ("use", "seal")][..], &[("tenant", "one")], &[]] {
        assert_eq!(outcome(open(wrong, &sealed).send().await), refused("InvalidCiphertextException"));
    }
    let mut flipped = sealed.clone().into_inner();
    *flipped.last_mut().unwrap() ^= 1;
    assert_eq!(outcome(open(&right, &Blob::new(flipped)).send().await), refused("InvalidCiphertextException"));
    let short = open(&right, &Blob::new("short")).send().await;
    assert_eq!(outcome(short), refused("InvalidCiphertextException"));
    let other = open(&right, &sealed).key_id(HMAC).send().await;
    assert_eq!(outcome(other), refused("IncorrectKeyException"));
    let neither = kms.generate_data_key().key_id(DATA).send().await;
    assert_eq!(outcome(neither), refused("ValidationException"));
}

#[tokio::test]
async fn what_was_encrypted_is_decrypted() {
    let endpoint = Endpoint::start().await;
    let kms = endpoint.kms();
    let sealed =
        kms.encrypt().key_id(DATA).plaintext(Blob::new("words")).send().await.unwrap().ciphertext_blob.unwrap();
    let opened = kms.decrypt().ciphertext_blob(sealed).send().await.unwrap();
    assert_eq!(opened.plaintext.unwrap().as_ref(), b"words");
}

#[tokio::test]
async fn macs_are_the_same_for_the_same_message_only() {
    let endpoint = Endpoint::start().await;
    let kms = endpoint.kms();
    let mac = async |message: &str| {
        let request = kms.generate_mac().key_id(HMAC).mac_algorithm(MacAlgorithmSpec::HmacSha256);
        request.message(Blob::new(message)).send().await.unwrap().mac.unwrap()
    };
    let first = mac("pepper:1").await;
    assert_eq!(first.as_ref().len(), 32);
    assert_eq!(first, mac("pepper:1").await);
    assert_ne!(first, mac("pepper:2").await);
    let verify = kms.verify_mac().key_id(HMAC).mac_algorithm(MacAlgorithmSpec::HmacSha256).mac(first);
    assert_eq!(outcome(verify.clone().message(Blob::new("pepper:1")).send().await), Outcome::Answered);
    let other = verify.message(Blob::new("pepper:2")).send().await;
    assert_eq!(outcome(other), refused("KMSInvalidMacException"));
}

#[tokio::test]
async fn keys_are_described() {
    let endpoint = Endpoint::start().await;
    let kms = endpoint.kms();
    for (alias, usage) in [(SIGNING, "SIGN_VERIFY"), (DATA, "ENCRYPT_DECRYPT"), (HMAC, "GENERATE_VERIFY_MAC")] {
        let key = kms.describe_key().key_id(alias).send().await.unwrap().key_metadata.unwrap();
        assert_eq!(key.key_usage.unwrap().as_str(), usage);
        let same = kms.describe_key().key_id(key.arn.unwrap()).send().await.unwrap().key_metadata.unwrap();
        assert_eq!(same.key_id, key.key_id);
    }
}
