//! A P-256 key pair that stands in for KMS and for a device.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bedside_domain::jose::{EcPublicKey, Typed, assemble, signing_input};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};

pub(crate) struct Signer {
    pair: EcdsaKeyPair,
    pub(crate) public: EcPublicKey,
}

impl Signer {
    pub(crate) fn new() -> Self {
        let rng = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &rng).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &rng).unwrap();
        let public = EcPublicKey::from_point(pair.public_key().as_ref().try_into().unwrap()).unwrap();
        Self { pair, public }
    }

    pub(crate) fn sign(&self, message: &str) -> [u8; 64] {
        self.pair.sign(&SystemRandom::new(), message.as_bytes()).unwrap().as_ref().try_into().unwrap()
    }

    /// A token of ours.
    #[allow(dead_code, reason = "not every test file makes them")]
    pub(crate) fn token<C: Typed>(&self, claims: &C) -> String {
        let input = signing_input(self.public.kid(), claims).unwrap();
        assemble(&input, &self.sign(&input))
    }

    /// Any header and payload, rightly signed.
    pub(crate) fn raw(&self, header: &str, payload: &str) -> String {
        let input = format!("{}.{}", encode(header), encode(payload));
        assemble(&input, &self.sign(&input))
    }
}

/// base64url, as tokens have it.
pub(crate) fn encode(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}
