//! The public halves of the signing keys: all that the key set and the verification of tokens need.

use crate::Service;
use crate::shapes::{GetPublicKey, PublicKey};
use bedside_aws::{Environment, SdkConfig, SetupError};
use bedside_domain::jose::EcPublicKey;
use futures_util::future::try_join_all;

/// The key that signs now, and those whose tokens may still be alive: newest first.
#[derive(Debug, Clone)]
pub struct PublicKeys {
    keys: Vec<EcPublicKey>,
    signing_key: String,
}

impl PublicKeys {
    /// Gets those of `SIGNING_KEY` and `RETIRED_SIGNING_KEYS`; no other right is needed.
    ///
    /// # Errors
    /// When a setting is missing, a key is no P-256 key, or KMS does not answer.
    pub async fn connect(config: &SdkConfig, settings: &Environment) -> Result<Self, SetupError> {
        Self::fetch(&Service::new(config), settings).await
    }

    pub(crate) async fn fetch(service: &Service, settings: &Environment) -> Result<Self, SetupError> {
        let (signing, retired) = futures_util::future::try_join(
            public_key(service, "SIGNING_KEY", settings.require("SIGNING_KEY")?),
            try_join_all(
                settings
                    .list("RETIRED_SIGNING_KEYS")
                    .into_iter()
                    .map(|id| public_key(service, "RETIRED_SIGNING_KEYS", id)),
            ),
        )
        .await?;
        let (signing_key, first) = signing;
        let keys = std::iter::once(first).chain(retired.into_iter().map(|(_, key)| key)).collect();
        Ok(Self { keys, signing_key })
    }

    /// All of them, newest first.
    #[must_use]
    pub fn as_slice(&self) -> &[EcPublicKey] {
        &self.keys
    }

    /// Which key in KMS the first one is.
    pub(crate) fn signing_key(&self) -> &str {
        &self.signing_key
    }
}

/// A key's ARN and its public half. Signing goes by the ARN: an alias may move to another key meanwhile.
async fn public_key(service: &Service, setting: &str, id: &str) -> Result<(String, EcPublicKey), SetupError> {
    let PublicKey { key_id, public_key } = service.ask_at_start("GetPublicKey", GetPublicKey { key_id: id }).await?;
    let key = EcPublicKey::from_spki_der(&public_key);
    Ok((key_id, key.map_err(|_| SetupError::Unusable { name: setting.to_owned(), why: "it is no P-256 key" })?))
}
