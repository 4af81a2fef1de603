//! Sealing: AES-256-GCM under a key of the entity's own (HKDF of the tenant's data key and the entity's salt),
//! bound to tenant, row and field. A ciphertext that was moved anywhere else does not open.

use crate::error::Error;
use crate::world::Entropy;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bedside_domain::id::TenantId;
use bedside_domain::secret::{Phi, Salt, Sealed};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, KeyType};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The layout of what is sealed, part of the additional data.
const VERSION: &str = "1";
/// The table that holds all that is sealed.
const TABLE: &str = "Visits";

struct AesKey;
impl KeyType for AesKey {
    fn len(&self) -> usize {
        32
    }
}

/// Seals and opens the fields of one entity.
#[derive(Clone)]
pub struct Sealer {
    key: std::sync::Arc<LessSafeKey>,
    tenant: TenantId,
    entropy: Entropy,
}

fn broken(what: &str) -> Error {
    Error::Internal(format!("seal: {what}"))
}

impl Sealer {
    /// The sealer of the entity with that salt.
    ///
    /// # Errors
    /// When the salt is not one.
    pub fn new(data_key: &Phi<[u8; 32]>, tenant: &TenantId, salt: &Salt, entropy: &Entropy) -> Result<Self, Error> {
        let salt = URL_SAFE_NO_PAD.decode(&salt.0).map_err(|_| broken("salt"))?;
        let secret = ring::hkdf::Salt::new(HKDF_SHA256, &salt).extract(data_key.expose());
        let info = [b"bedside entity key 1".as_slice(), tenant.as_str().as_bytes()];
        let mut key = zeroize::Zeroizing::new([0_u8; 32]);
        let okm = secret.expand(&info, AesKey).and_then(|okm| okm.fill(key.as_mut_slice()));
        okm.map_err(|_| broken("key"))?;
        let key = UnboundKey::new(&AES_256_GCM, key.as_slice()).map_err(|_| broken("key"))?;
        Ok(Self { key: std::sync::Arc::new(LessSafeKey::new(key)), tenant: tenant.clone(), entropy: entropy.clone() })
    }

    /// A salt for a new entity.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn new_salt(entropy: &Entropy) -> Result<Salt, Error> {
        Ok(Salt(URL_SAFE_NO_PAD.encode(entropy.bytes::<16>()?)))
    }

    fn additional(&self, row: &str, field: &str) -> String {
        // No part can hold the separator: tenants and rows have no `|`, fields are ours.
        format!("{}|{TABLE}|{row}|{field}|{VERSION}", self.tenant)
    }

    /// Seals a text for the row (such as `V#…/LINK#…`) and field.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn seal(&self, row: &str, field: &str, text: &str) -> Result<Sealed, Error> {
        // A random 96-bit nonce: an entity's key seals a few dozen texts, far below 2^32.
        let nonce = self.entropy.bytes::<NONCE_LEN>()?;
        let mut bytes = text.as_bytes().to_vec();
        let aad = Aad::from(self.additional(row, field));
        self.key
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut bytes)
            .map_err(|_| broken("sealing"))?;
        Ok(Sealed(URL_SAFE_NO_PAD.encode([nonce.as_slice(), &bytes].concat())))
    }

    /// Opens what was sealed for that row and field.
    ///
    /// # Errors
    /// When it was sealed for another place, or was changed.
    pub fn open(&self, row: &str, field: &str, sealed: &Sealed) -> Result<Phi<String>, Error> {
        let bytes = URL_SAFE_NO_PAD.decode(&sealed.0).map_err(|_| broken("opening"))?;
        let (nonce, text) = bytes.split_at_checked(NONCE_LEN).ok_or_else(|| broken("opening"))?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| broken("opening"))?;
        let mut text = text.to_vec();
        let aad = Aad::from(self.additional(row, field));
        let opened = self.key.open_in_place(nonce, aad, &mut text).map_err(|_| broken("opening"))?;
        String::from_utf8(opened.to_vec()).map(Phi::new).map_err(|_| broken("opening"))
    }

    /// Seals a value, as JSON.
    ///
    /// # Errors
    /// When there is no randomness, or the value has no JSON.
    pub fn seal_json<V: Serialize>(&self, row: &str, field: &str, value: &V) -> Result<Sealed, Error> {
        let text = serde_json::to_string(value).map_err(|why| Error::Internal(why.to_string()))?;
        self.seal(row, field, &text)
    }

    /// Opens a value that was sealed as JSON.
    ///
    /// # Errors
    /// As `open`; also when it is no such value.
    pub fn open_json<V: DeserializeOwned>(&self, row: &str, field: &str, sealed: &Sealed) -> Result<V, Error> {
        let text = self.open(row, field, sealed)?;
        // serde's own message could quote the text.
        serde_json::from_str(text.expose()).map_err(|_| broken(&format!("{field} cannot be read")))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn sealer(tenant: &str, salt: u8) -> Sealer {
        let tenant = TenantId::parse(tenant).unwrap();
        let salt = Salt(URL_SAFE_NO_PAD.encode([salt; 16]));
        Sealer::new(&Phi::new([7; 32]), &tenant, &salt, &Entropy::default()).unwrap()
    }

    #[test]
    fn a_value_comes_back_as_it_was_and_nothing_of_it_is_in_the_failure() {
        let here = sealer("t-1", 1);
        let sealed = here.seal_json("V#1", "contact", &"a cough").unwrap();
        assert_eq!(here.open_json::<String>("V#1", "contact", &sealed).unwrap(), "a cough");
        // Of a text in the place of a number serde says which text.
        let refused = format!("{:?}", here.open_json::<u32>("V#1", "contact", &sealed).unwrap_err());
        assert!(!refused.contains("cough"), "{refused}");
    }

    #[test]
    fn what_is_sealed_opens_in_its_own_place_alone() {
        let here = sealer("t-1", 1);
        let sealed = here.seal("V#1", "notes", "cough").unwrap();
        assert_eq!(here.open("V#1", "notes", &sealed).unwrap().expose(), "cough");
        assert!(!sealed.0.contains("cough"));
        assert!(here.open("V#2", "notes", &sealed).is_err(), "another row");
        assert!(here.open("V#1", "chiefComplaint", &sealed).is_err(), "another field");
        assert!(sealer("t-2", 1).open("V#1", "notes", &sealed).is_err(), "another tenant");
        assert!(sealer("t-1", 2).open("V#1", "notes", &sealed).is_err(), "another entity");
    }

    #[test]
    fn any_changed_character_is_noticed() {
        let here = sealer("t-1", 1);
        let sealed = here.seal("V#1", "notes", "cough").unwrap();
        for place in 0..sealed.0.len() {
            let mut text = sealed.0.clone().into_bytes();
            let byte = text.get_mut(place).unwrap();
            *byte = if *byte == b'A' { b'B' } else { b'A' };
            assert!(here.open("V#1", "notes", &Sealed(String::from_utf8(text).unwrap())).is_err(), "at {place}");
        }
    }
}
