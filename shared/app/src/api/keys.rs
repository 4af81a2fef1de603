//! Landers' keys, as an administrator asks for and reads them.

use super::{Several, Text};
use bedside_domain::id::{ClinicianId, KeyId};
use bedside_domain::person::{ApiKey, KeyKind};
use bedside_domain::settings::Origin;
use bedside_domain::time::Rfc3339;
use deserr::Deserr;
use serde::Serialize;

/// `POST /api/keys`
#[derive(Debug, Clone, Deserr)]
#[deserr(rename_all = camelCase, deny_unknown_fields)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct CreateKey {
    pub kind: KeyKind,
    pub label: Text<1, 80>,
    #[deserr(default)]
    pub origins: Option<Several<Origin, 20>>,
    #[deserr(default)]
    pub clinician_ids: Option<Several<ClinicianId, 200>>,
}

/// A key, without what would let one use it.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct KeyView {
    pub key_id: KeyId,
    pub kind: KeyKind,
    pub label: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub origins: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clinician_ids: Vec<ClinicianId>,
    pub created_at: Rfc3339,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Rfc3339>,
    pub prefix: String,
}

impl From<ApiKey> for KeyView {
    fn from(key: ApiKey) -> Self {
        Self {
            key_id: key.key_id,
            kind: key.kind,
            label: key.label,
            origins: key.origins,
            clinician_ids: key.clinician_ids,
            created_at: Rfc3339(key.created_at),
            last_used_at: key.last_used_at.map(Rfc3339),
            prefix: key.prefix,
        }
    }
}

/// A new key: the only answer that shows it.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct CreatedKey {
    #[serde(flatten)]
    pub of: KeyView,
    pub key: String,
}

/// One page of keys.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct KeyList {
    pub keys: Vec<KeyView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}
