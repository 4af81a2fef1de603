//! Landers' keys, as an administrator asks for and reads them.

use super::schema::{CursorToken, KeyInClear, KeyPrefix};
use super::{Several, Text};
use bedside_domain::id::{ClinicianId, KeyId};
use bedside_domain::person::{ApiKey, KeyKind};
use bedside_domain::settings::Origin;
use bedside_domain::time::Rfc3339;
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

/// `POST /api/keys`
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(rename_all = camelCase, deny_unknown_fields)]
#[schema(rename_all = "camelCase", as = CreateKeyRequest)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct CreateKey {
    pub kind: KeyKind,
    pub label: Text<1, 80>,
    #[deserr(default)]
    #[schema(value_type = Option<BTreeSet<Origin>>, min_items = 1, max_items = 20)]
    pub origins: Option<Several<Origin, 20>>,
    #[deserr(default)]
    #[schema(value_type = Option<BTreeSet<ClinicianId>>, min_items = 1, max_items = 200)]
    pub clinician_ids: Option<Several<ClinicianId, 200>>,
}

/// A key, without what would let one use it.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
#[schema(as = Key)]
pub struct KeyView {
    pub key_id: KeyId,
    pub kind: KeyKind,
    #[schema(min_length = 1, max_length = 80)]
    pub label: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false, value_type = BTreeSet<Origin>, min_items = 1, max_items = 20)]
    pub origins: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false, value_type = BTreeSet<ClinicianId>, min_items = 1, max_items = 200)]
    pub clinician_ids: Vec<ClinicianId>,
    pub created_at: Rfc3339,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Rfc3339>,
    #[schema(value_type = KeyPrefix)]
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
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct CreatedKey {
    pub key_id: KeyId,
    pub kind: KeyKind,
    #[schema(min_length = 1, max_length = 80)]
    pub label: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false, value_type = BTreeSet<Origin>, min_items = 1, max_items = 20)]
    pub origins: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false, value_type = BTreeSet<ClinicianId>, min_items = 1, max_items = 200)]
    pub clinician_ids: Vec<ClinicianId>,
    pub created_at: Rfc3339,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Rfc3339>,
    #[schema(value_type = KeyPrefix)]
    pub prefix: String,
    #[schema(value_type = KeyInClear)]
    pub key: String,
}

impl CreatedKey {
    /// A key and its secret.
    #[must_use]
    pub fn of(key: ApiKey, secret: String) -> Self {
        let KeyView { key_id, kind, label, origins, clinician_ids, created_at, last_used_at, prefix } = key.into();
        Self { key_id, kind, label, origins, clinician_ids, created_at, last_used_at, prefix, key: secret }
    }
}

/// One page of keys.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct KeyList {
    #[schema(max_items = 100)]
    pub keys: Vec<KeyView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<CursorToken>)]
    pub next_cursor: Option<String>,
}
