//! Keys in KMS: signatures, the tenants' data keys, and the peppers.
//!
//! KMS signs a few hundred times a second for an account: a function asks it for what is public or lasts once, at its
//! start, and afterwards only to sign and to unwrap a tenant's key.

mod peppers;
mod public_keys;

pub use public_keys::PublicKeys;

use aws_sdk_kms::Client;
use aws_sdk_kms::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::{DataKeySpec, MessageType, SigningAlgorithmSpec};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bedside_app::error::Outage;
use bedside_app::ports::{Answer, Keys, NewDataKey};
use bedside_aws::{Environment, SdkConfig, SetupError};
use bedside_domain::id::TenantId;
use bedside_domain::jose::{EcPublicKey, der_to_raw};
use bedside_domain::secret::Phi;
use ring::digest::{SHA256, digest};

/// Keys in KMS.
#[derive(Debug, Clone)]
pub struct Kms {
    client: Client,
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
        let client = Client::new(config);
        let data_key = settings.require("DATA_KEY")?.to_owned();
        let (public_keys, peppers) =
            futures_util::future::try_join(PublicKeys::fetch(&client, settings), peppers::fetch(&client, settings))
                .await?;
        Ok(Self { client, public_keys, peppers, data_key })
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
        // As a digest: a message of more than 4,096 bytes would be refused.
        let call = self.client.sign().key_id(self.public_keys.signing_key());
        let call = call
            .message(Blob::new(digest(&SHA256, input).as_ref()))
            .message_type(MessageType::Digest)
            .signing_algorithm(SigningAlgorithmSpec::EcdsaSha256);
        let answer = call.send().await.map_err(|e| outage("Sign", &e))?;
        let der = answer.signature.ok_or_else(|| unreadable("Sign"))?;
        let raw = der_to_raw(der.as_ref()).map_err(|_| unreadable("Sign"))?;
        let holds = self.public_keys.as_slice().first().is_some_and(|key| key.verify(input, &raw));
        if holds { Ok(raw) } else { Err(Outage::new("kms", "Sign signature does not hold")) }
    }

    async fn new_data_key(&self, tenant: &TenantId) -> Answer<NewDataKey> {
        let call = self.client.generate_data_key().key_id(&self.data_key).key_spec(DataKeySpec::Aes256);
        let answer = call.encryption_context("tenant", tenant.as_str()).send().await;
        let answer = answer.map_err(|e| outage("GenerateDataKey", &e))?;
        let wrapped = answer.ciphertext_blob.ok_or_else(|| unreadable("GenerateDataKey"))?;
        Ok(NewDataKey {
            plain: key_of(answer.plaintext).ok_or_else(|| unreadable("GenerateDataKey"))?,
            wrapped: STANDARD.encode(wrapped),
        })
    }

    async fn unwrap_data_key(&self, tenant: &TenantId, wrapped: &str) -> Answer<Phi<[u8; 32]>> {
        let blob = STANDARD.decode(wrapped).map_err(|_| Outage::new("kms", "Decrypt malformed wrapped key"))?;
        let call = self.client.decrypt().key_id(&self.data_key).ciphertext_blob(Blob::new(blob));
        let answer = call.encryption_context("tenant", tenant.as_str()).send().await;
        key_of(answer.map_err(|e| outage("Decrypt", &e))?.plaintext).ok_or_else(|| unreadable("Decrypt"))
    }
}

/// 256 bits, or nothing.
fn key_of(bytes: Option<Blob>) -> Option<Phi<[u8; 32]>> {
    bytes?.into_inner().try_into().ok().map(Phi::new)
}

fn outage<E: ProvideErrorMetadata>(
    operation: &str,
    error: &SdkError<E, aws_sdk_kms::config::http::HttpResponse>,
) -> Outage {
    Outage::new("kms", bedside_aws::what(operation, error))
}

fn unreadable(operation: &str) -> Outage {
    Outage::new("kms", format!("{operation} unreadable answer"))
}

fn unanswered<E: ProvideErrorMetadata>(
    operation: &str,
    error: &SdkError<E, aws_sdk_kms::config::http::HttpResponse>,
) -> SetupError {
    SetupError::Unanswered { service: "KMS", what: bedside_aws::what(operation, error) }
}
