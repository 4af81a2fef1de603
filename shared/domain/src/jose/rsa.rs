//! RSA keys of identity providers (RFC 7518, 3.3 and 6.3).

use core::fmt;

use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};

use super::KeyError;
use super::jws::from_base64url;

/// An RSA public key of 2,048 to 8,192 bits.
#[derive(Clone, PartialEq, Eq)]
pub struct RsaPublicKey {
    /// Big-endian, without leading zeros.
    n: Vec<u8>,
    e: Vec<u8>,
}

impl RsaPublicKey {
    /// From modulus and exponent of a JWK. Leading zero bytes, which some providers write, are dropped.
    ///
    /// # Errors
    /// When one is malformed, the modulus is too short, too long or even, or the exponent is even or below 3.
    pub fn from_jwk(n: &str, e: &str) -> Result<Self, KeyError> {
        let n = unsigned(n)?;
        let e = unsigned(e)?;
        let bits = n.first().map_or(0, |first| n.len() * 8 - first.leading_zeros() as usize);
        if !(2_048..=8_192).contains(&bits) || !is_odd(&n) || !is_odd(&e) || e == [1] || e.len() > 4 {
            return Err(KeyError);
        }
        Ok(Self { n, e })
    }

    /// Whether `signature` is this key's over the SHA-256 of `message` (RS256).
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        let key = RsaPublicKeyComponents { n: &self.n, e: &self.e };
        key.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature).is_ok()
    }
}

impl fmt::Debug for RsaPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RsaPublicKey").field("bytes", &self.n.len()).finish_non_exhaustive()
    }
}

fn unsigned(text: &str) -> Result<Vec<u8>, KeyError> {
    let bytes = from_base64url(text).ok_or(KeyError)?;
    Ok(bytes.into_iter().skip_while(|byte| *byte == 0).collect())
}

fn is_odd(number: &[u8]) -> bool {
    number.last().is_some_and(|byte| byte % 2 == 1)
}
