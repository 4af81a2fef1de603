//! The peppers: a stolen table alone tells nobody whether a code or a key is right.

use crate::{key_of, unanswered};
use aws_sdk_kms::Client;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::MacAlgorithmSpec;
use bedside_aws::{Environment, SetupError};
use bedside_domain::secret::Phi;
use futures_util::future::try_join_all;

/// The label of the first pepper; the next one's is `bedside-pepper-2,bedside-pepper-1`.
const FIRST_LABEL: &str = "bedside-pepper-1";
/// The newest, and the one before, for as long as something made with it is alive.
const MOST: usize = 2;

/// A pepper is the MAC of a fixed label, so that it can be had again but never leaves a function's memory.
pub(crate) async fn fetch(client: &Client, settings: &Environment) -> Result<Vec<Phi<[u8; 32]>>, SetupError> {
    let key = settings.require("HMAC_KEY")?;
    let mut labels = settings.list("PEPPER_LABELS");
    if labels.is_empty() {
        labels.push(FIRST_LABEL);
    }
    if labels.len() > MOST {
        return Err(SetupError::Unusable { name: "PEPPER_LABELS".to_owned(), why: "it has more than two labels" });
    }
    try_join_all(labels.into_iter().map(|label| pepper(client, key, label))).await
}

async fn pepper(client: &Client, key: &str, label: &str) -> Result<Phi<[u8; 32]>, SetupError> {
    let call = client.generate_mac().key_id(key).mac_algorithm(MacAlgorithmSpec::HmacSha256);
    let answer = call.message(Blob::new(label)).send().await.map_err(|e| unanswered("GenerateMac", &e))?;
    key_of(answer.mac)
        .ok_or_else(|| SetupError::Unanswered { service: "KMS", what: "GenerateMac unreadable answer".to_owned() })
}
