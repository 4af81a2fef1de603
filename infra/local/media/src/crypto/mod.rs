//! The cryptography of WebRTC, by ring and RustCrypto: str0m's own choices all bring another library of C along.

mod dtls;
mod srtp;

use ring::hmac;
use str0m_proto::crypto::{CryptoProvider, Sha1HmacProvider, Sha256Provider};

/// What str0m works with. Once for the process.
pub(crate) fn install() {
    let provider = CryptoProvider {
        srtp_provider: &srtp::Srtp,
        sha1_hmac_provider: &Hashes,
        sha256_provider: &Hashes,
        dtls_provider: &dtls::Dtls,
    };
    provider.install_process_default();
}

#[derive(Debug)]
struct Hashes;

impl Sha1HmacProvider for Hashes {
    fn sha1_hmac(&self, key: &[u8], payloads: &[&[u8]]) -> [u8; 20] {
        // STUN's integrity (RFC 5389) and SRTP's (RFC 3711) are SHA-1 by definition.
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key);
        let mut context = hmac::Context::with_key(&key);
        for payload in payloads {
            context.update(payload);
        }
        let mut tag = [0; 20];
        for (byte, made) in tag.iter_mut().zip(context.sign().as_ref()) {
            *byte = *made;
        }
        tag
    }
}

impl Sha256Provider for Hashes {
    fn sha256(&self, data: &[u8]) -> [u8; 32] {
        let mut digest = [0; 32];
        for (byte, made) in digest.iter_mut().zip(ring::digest::digest(&ring::digest::SHA256, data).as_ref()) {
            *byte = *made;
        }
        digest
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn hexadecimal(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// <https://www.rfc-editor.org/rfc/rfc2202#section-3>, second case; FIPS 180, the digest of "abc".
    #[test]
    fn hashes_are_those_of_their_standards() {
        let tag = Hashes.sha1_hmac(b"Jefe", &[b"what do ya want ", b"for nothing?"]);
        assert_eq!(hexadecimal(&tag), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
        let digest = hexadecimal(&Hashes.sha256(b"abc"));
        assert_eq!(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
