//! Keys in KMS: signatures, the tenants' data keys, and the peppers.
//!
//! KMS signs a few hundred times a second for an account: a function asks it for what is public or lasts once, at its
//! start, and afterwards only to sign and to unwrap a tenant's key.

mod peppers;
mod public_keys;
mod shapes;

pub use public_keys::PublicKeys;

use bedside_app::error::Outage;
use bedside_app::ports::{Answer, Keys, NewDataKey};
use bedside_aws::{Api, Ask, CallError, Environment, SdkConfig, SetupError};
use bedside_domain::id::TenantId;
use bedside_domain::jose::{EcPublicKey, der_to_raw};
use bedside_domain::secret::Phi;
use ring::digest::{SHA256, digest};
use serde::Serialize;
use serde::de::DeserializeOwned;
use shapes::{Blob, Context, Decrypt, Decrypted, GenerateDataKey, GeneratedDataKey, Sign, Signed};

/// Keys in KMS.
#[derive(Debug, Clone)]
pub struct Kms {
    service: Service,
    public_keys: PublicKeys,
    peppers: Vec<Phi<[u8; 32]>>,
    data_key: String,
}

impl Kms {
    /// Gets the public keys and the peppers, all at once. Settings:
    /// - `SIGNING_KEY`: id, ARN or alias of the P-256 key that signs; `RETIRED_SIGNING_KEYS`: those whose tokens may
    ///   still be alive, newest first, separated by commas.
    /// - `DATA_KEY`: wraps the tenants' data keys.
    /// - `HMAC_KEY`: makes the peppers; `PEPPER_LABELS`: one or two of its messages, newest first.
    ///
    /// # Errors
    /// When a setting is missing, a key is of another kind, or KMS does not answer.
    pub async fn connect(config: &SdkConfig, settings: &Environment) -> Result<Self, SetupError> {
        let service = Service::new(config);
        let data_key = settings.require("DATA_KEY")?.to_owned();
        let (public_keys, peppers) =
            futures_util::future::try_join(PublicKeys::fetch(&service, settings), peppers::fetch(&service, settings))
                .await?;
        Ok(Self { service, public_keys, peppers, data_key })
    }
}

impl Keys for Kms {
    fn public_keys(&self) -> &[EcPublicKey] {
        self.public_keys.as_slice()
    }

    fn peppers(&self) -> &[Phi<[u8; 32]>] {
        &self.peppers
    }

    async fn sign(&self, input: &[u8]) -> Answer<[u8; 64]> {
        let hash = digest(&SHA256, input);
        let body = Sign {
            key_id: self.public_keys.signing_key(),
            // As a digest: a message of more than 4,096 bytes would be refused.
            message: Blob(hash.as_ref()),
            message_type: "DIGEST",
            signing_algorithm: "ECDSA_SHA_256",
        };
        let Signed { signature } = self.service.ask("Sign", body).await?;
        let raw = der_to_raw(&signature).map_err(|_| Outage::new("kms", "Sign unreadable answer"))?;
        let holds = self.public_keys.as_slice().first().is_some_and(|key| key.verify(input, &raw));
        if holds { Ok(raw) } else { Err(Outage::new("kms", "Sign signature does not hold")) }
    }

    async fn new_data_key(&self, tenant: &TenantId) -> Answer<NewDataKey> {
        let encryption_context = Context { tenant: tenant.as_str() };
        let body = GenerateDataKey { key_id: &self.data_key, key_spec: "AES_256", encryption_context };
        let GeneratedDataKey { plaintext, ciphertext_blob } = self.service.ask("GenerateDataKey", body).await?;
        Ok(NewDataKey { plain: plaintext, wrapped: ciphertext_blob })
    }

    async fn unwrap_data_key(&self, tenant: &TenantId, wrapped: &str) -> Answer<Phi<[u8; 32]>> {
        let encryption_context = Context { tenant: tenant.as_str() };
        let body = Decrypt { key_id: &self.data_key, ciphertext_blob: wrapped, encryption_context };
        let Decrypted { plaintext } = self.service.ask("Decrypt", body).await?;
        Ok(plaintext)
    }
}

/// KMS itself.
#[derive(Debug, Clone)]
struct Service(Api);

impl Service {
    fn new(config: &SdkConfig) -> Self {
        Self(Api::new(config, "kms", Some("kms")))
    }

    async fn ask<O: DeserializeOwned>(&self, operation: &'static str, body: impl Serialize) -> Answer<O> {
        let answer = self.call(operation, body).await;
        answer.map_err(|error| Outage::new("kms", bedside_aws::what(operation, &error)))
    }

    /// While the function is being set up.
    async fn ask_at_start<O: DeserializeOwned>(
        &self,
        operation: &'static str,
        body: impl Serialize,
    ) -> Result<O, SetupError> {
        let answer = self.call(operation, body).await;
        answer.map_err(|error| SetupError::Unanswered { service: "KMS", what: bedside_aws::what(operation, &error) })
    }

    async fn call<O: DeserializeOwned>(&self, operation: &'static str, body: impl Serialize) -> Result<O, CallError> {
        self.0.ask(Ask::json_1_1("TrentService", operation).body(body)).await
    }
}
