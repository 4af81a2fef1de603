//! The encryption of sound and pictures: AES-GCM (RFC 7714) by ring, counter mode (RFC 3711) by RustCrypto's AES.

use aes::cipher::generic_array::GenericArray;
use aes::cipher::{BlockEncrypt, KeyInit};
use aes::{Aes128, Aes256};
use ring::aead::{AES_128_GCM, AES_256_GCM, Aad, Algorithm, LessSafeKey, Nonce, UnboundKey};
use str0m_proto::crypto::{
    AeadAes128GcmCipher, AeadAes256GcmCipher, Aes128CmSha1_80Cipher, CryptoError, SrtpProvider, SupportedAeadAes128Gcm,
    SupportedAeadAes256Gcm, SupportedAes128CmSha1_80,
};

/// The bytes of a tag.
const TAG: usize = 16;
/// The bytes of a block.
const BLOCK: usize = 16;

#[derive(Debug)]
pub(super) struct Srtp;

impl SrtpProvider for Srtp {
    fn aes_128_cm_sha1_80(&self) -> &'static dyn SupportedAes128CmSha1_80 {
        &Srtp
    }

    fn aead_aes_128_gcm(&self) -> &'static dyn SupportedAeadAes128Gcm {
        &Srtp
    }

    fn aead_aes_256_gcm(&self) -> &'static dyn SupportedAeadAes256Gcm {
        &Srtp
    }

    fn srtp_aes_128_ecb_round(&self, key: &[u8], input: &[u8], output: &mut [u8]) {
        round::<Aes128>(key, input, output);
    }

    fn srtp_aes_256_ecb_round(&self, key: &[u8], input: &[u8], output: &mut [u8]) {
        round::<Aes256>(key, input, output);
    }
}

/// One block, for the derivation of keys.
fn round<C: KeyInit + BlockEncrypt>(key: &[u8], input: &[u8], output: &mut [u8]) {
    let Ok(cipher) = C::new_from_slice(key) else { return };
    let mut block = GenericArray::default();
    for (byte, given) in block.iter_mut().zip(input) {
        *byte = *given;
    }
    cipher.encrypt_block(&mut block);
    for (byte, made) in output.iter_mut().zip(block.iter()) {
        *byte = *made;
    }
}

impl SupportedAes128CmSha1_80 for Srtp {
    fn create_cipher(&self, key: [u8; 16], _encrypt: bool) -> Box<dyn Aes128CmSha1_80Cipher> {
        Box::new(Counter(Aes128::new(&key.into())))
    }
}

impl SupportedAeadAes128Gcm for Srtp {
    fn create_cipher(&self, key: [u8; 16], _encrypt: bool) -> Box<dyn AeadAes128GcmCipher> {
        Box::new(Gcm::new(&AES_128_GCM, &key))
    }
}

impl SupportedAeadAes256Gcm for Srtp {
    fn create_cipher(&self, key: [u8; 32], _encrypt: bool) -> Box<dyn AeadAes256GcmCipher> {
        Box::new(Gcm::new(&AES_256_GCM, &key))
    }
}

struct Counter(Aes128);

impl std::fmt::Debug for Counter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Counter").finish_non_exhaustive()
    }
}

impl Aes128CmSha1_80Cipher for Counter {
    fn encrypt(&mut self, iv: &[u8; 16], input: &[u8], output: &mut [u8]) -> Result<(), CryptoError> {
        let mut count = u128::from_be_bytes(*iv);
        for (plain, cipher) in input.chunks(BLOCK).zip(output.chunks_mut(BLOCK)) {
            let mut pad = count.to_be_bytes().into();
            self.0.encrypt_block(&mut pad);
            for ((made, byte), mask) in cipher.iter_mut().zip(plain).zip(pad.iter()) {
                *made = byte ^ mask;
            }
            count = count.wrapping_add(1);
        }
        Ok(())
    }

    fn decrypt(&mut self, iv: &[u8; 16], input: &[u8], output: &mut [u8]) -> Result<(), CryptoError> {
        self.encrypt(iv, input, output)
    }
}

/// None where ring refuses the key, which has the length of its algorithm.
struct Gcm(Option<LessSafeKey>);

impl std::fmt::Debug for Gcm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gcm").finish_non_exhaustive()
    }
}

fn failed() -> CryptoError {
    CryptoError::Other("AES-GCM failed".to_owned())
}

impl Gcm {
    fn new(algorithm: &'static Algorithm, key: &[u8]) -> Self {
        Self(UnboundKey::new(algorithm, key).ok().map(LessSafeKey::new))
    }

    fn seal(&self, iv: &[u8; 12], aad: &[u8], input: &[u8], output: &mut [u8]) -> Result<(), CryptoError> {
        let key = self.0.as_ref().ok_or_else(failed)?;
        let (text, rest) = output.split_at_mut_checked(input.len()).ok_or_else(failed)?;
        text.copy_from_slice(input);
        let nonce = Nonce::assume_unique_for_key(*iv);
        let tag = key.seal_in_place_separate_tag(nonce, Aad::from(aad), text).map_err(|_| failed())?;
        rest.get_mut(..TAG).ok_or_else(failed)?.copy_from_slice(tag.as_ref());
        Ok(())
    }

    fn open(&self, iv: &[u8; 12], aads: &[&[u8]], input: &[u8], output: &mut [u8]) -> Result<usize, CryptoError> {
        let key = self.0.as_ref().ok_or_else(failed)?;
        let (nonce, mut text) = (Nonce::assume_unique_for_key(*iv), input.to_vec());
        let plain = key.open_in_place(nonce, Aad::from(aads.concat()), &mut text).map_err(|_| failed())?;
        output.get_mut(..plain.len()).ok_or_else(failed)?.copy_from_slice(plain);
        Ok(plain.len())
    }
}

impl AeadAes128GcmCipher for Gcm {
    fn encrypt(&mut self, iv: &[u8; 12], aad: &[u8], input: &[u8], output: &mut [u8]) -> Result<(), CryptoError> {
        self.seal(iv, aad, input, output)
    }

    fn decrypt(
        &mut self,
        iv: &[u8; 12],
        aads: &[&[u8]],
        input: &[u8],
        output: &mut [u8],
    ) -> Result<usize, CryptoError> {
        self.open(iv, aads, input, output)
    }
}

impl AeadAes256GcmCipher for Gcm {
    fn encrypt(&mut self, iv: &[u8; 12], aad: &[u8], input: &[u8], output: &mut [u8]) -> Result<(), CryptoError> {
        self.seal(iv, aad, input, output)
    }

    fn decrypt(
        &mut self,
        iv: &[u8; 12],
        aads: &[&[u8]],
        input: &[u8],
        output: &mut [u8],
    ) -> Result<usize, CryptoError> {
        self.open(iv, aads, input, output)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn bytes(hexadecimal: &str) -> Vec<u8> {
        (0..hexadecimal.len()).step_by(2).map(|at| u8::from_str_radix(&hexadecimal[at..at + 2], 16).unwrap()).collect()
    }

    /// <https://www.rfc-editor.org/rfc/rfc3711#appendix-B.2>
    #[test]
    fn counter_mode_makes_the_standard_s_pads() {
        let key = bytes("2b7e151628aed2a6abf7158809cf4f3c").try_into().unwrap();
        let mut cipher = SupportedAes128CmSha1_80::create_cipher(&Srtp, key, true);
        let iv = bytes("f0f1f2f3f4f5f6f7f8f9fafbfcfd0000").try_into().unwrap();
        let mut pad = [0; 36];
        cipher.encrypt(&iv, &[0; 36], &mut pad).unwrap();
        assert_eq!(pad[..32], bytes("e03ead0935c95e80e166b16dd92b4eb4d23513162b02d0f72a43a2fe4a5f97ab")[..]);
    }

    /// <https://www.rfc-editor.org/rfc/rfc7714#section-16.1>
    #[test]
    fn galois_mode_makes_the_standard_s_packet_and_takes_no_other() {
        let key = bytes("000102030405060708090a0b0c0d0e0f").try_into().unwrap();
        let mut cipher = SupportedAeadAes128Gcm::create_cipher(&Srtp, key, true);
        let iv = bytes("51753c6580c2726f20718414").try_into().unwrap();
        let head = bytes("8040f17b8041f8d35501a0b2");
        let plain = b"Gallia est omnis divisa in partes tres";
        let mut sealed = vec![0; plain.len() + TAG];
        cipher.encrypt(&iv, &head, plain, &mut sealed).unwrap();
        let expected = "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833\
            899d7f27beb16a9152cf765ee4390cce";
        assert_eq!(sealed, bytes(&expected.replace(char::is_whitespace, "")));
        let mut opened = vec![0; sealed.len()];
        let length = cipher.decrypt(&iv, &[&head[..4], &head[4..]], &sealed, &mut opened).unwrap();
        assert_eq!(&opened[..length], plain);
        sealed[0] ^= 1;
        assert!(cipher.decrypt(&iv, &[&head], &sealed, &mut opened).is_err());
    }

    /// <https://www.rfc-editor.org/rfc/rfc3711#appendix-B.3>
    #[test]
    fn keys_are_derived_from_one_block() {
        let mut made = [0; 32];
        let input = bytes("0ec675ad498afeebb6960b3aabe60000");
        Srtp.srtp_aes_128_ecb_round(&bytes("e1f97a0d3e018be0d64fa32c06de4139"), &input, &mut made);
        assert_eq!(made[..16], bytes("c61e7a93744f39ee10734afe3ff7a087")[..]);
    }
}
