//! The peppers: a stolen table alone tells nobody whether a code or a key is right.

use crate::Service;
use crate::shapes::{Blob, GenerateMac, GeneratedMac};
use bedside_aws::{Environment, SetupError};
use bedside_domain::secret::Phi;
use futures_util::future::try_join_all;

/// The label of the first pepper; the next one's is `bedside-pepper-2,bedside-pepper-1`.
const FIRST_LABEL: &str = "bedside-pepper-1";
/// The newest, and the one before, for as long as something made with it is alive.
const MOST: usize = 2;

/// A pepper is the MAC of a fixed label, so that it can be had again but never leaves a function's memory.
pub(crate) async fn fetch(service: &Service, settings: &Environment) -> Result<Vec<Phi<[u8; 32]>>, SetupError> {
    let key = settings.require("HMAC_KEY")?;
    let mut labels = settings.list("PEPPER_LABELS");
    if labels.is_empty() {
        labels.push(FIRST_LABEL);
    }
    if labels.len() > MOST {
        return Err(SetupError::Unusable { name: "PEPPER_LABELS".to_owned(), why: "it has more than two labels" });
    }
    try_join_all(labels.into_iter().map(|label| pepper(service, key, label))).await
}

async fn pepper(service: &Service, key: &str, label: &str) -> Result<Phi<[u8; 32]>, SetupError> {
    let body = GenerateMac { key_id: key, mac_algorithm: "HMAC_SHA_256", message: Blob(label.as_bytes()) };
    let GeneratedMac { mac } = service.ask_at_start("GenerateMac", body).await?;
    Ok(mac)
}
