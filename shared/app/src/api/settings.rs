//! The practice's settings, as an administrator sends and reads them.

use super::{Several, Text};
use bedside_domain::access::{AccessPolicy, AccessPolicyInput};
use bedside_domain::audit::EventType;
use bedside_domain::contact::{EmailAddress, PhoneNumber};
use bedside_domain::id::TenantId;
use bedside_domain::person::Locale;
use bedside_domain::settings::{
    Connect, Issuer, LocationPolicy, MediaRegion, Minutes, Origin, QuickAction, SmsName, UrlTemplate, Webhook,
    WebhookUrl,
};
use bedside_domain::visit::MediaProvider;
use bedside_domain::zone::Zone;
use deserr::Deserr;
use serde::Serialize;

/// `oidc` of [`PutTenant`].
#[derive(Debug, Clone, Deserr)]
#[deserr(rename_all = camelCase, deny_unknown_fields)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct OidcInput {
    pub issuer: Issuer,
    pub client_id: Text<1, 255>,
    #[deserr(default)]
    pub roles_claim: Option<Text<1, 128>>,
    #[deserr(default)]
    pub subject_claim: Option<Text<1, 128>>,
}

/// One of `quickActions` of [`PutTenant`].
#[derive(Debug, Clone, PartialEq, Eq, Deserr)]
#[deserr(rename_all = camelCase, deny_unknown_fields)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct QuickActionInput {
    pub label: Text<1, 40>,
    pub url_template: UrlTemplate,
}

/// One of `webhooks` of [`PutTenant`].
#[derive(Debug, Clone, PartialEq, Eq, Deserr)]
#[deserr(rename_all = camelCase, deny_unknown_fields)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct WebhookInput {
    pub url: WebhookUrl,
    pub events: Several<EventType, 35>,
}

/// `PUT /api/tenant`: the whole record. What is left out takes its default.
#[derive(Debug, Clone, Deserr)]
#[deserr(rename_all = camelCase, deny_unknown_fields)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct PutTenant {
    #[deserr(default)]
    pub tenant_id: Option<TenantId>,
    pub name: Text<1, 100>,
    pub sms_name: SmsName,
    pub support_phone: PhoneNumber,
    #[deserr(default)]
    pub support_email: Option<EmailAddress>,
    pub timezone: Zone,
    pub locale: Locale,
    pub join_base_url: Origin,
    #[deserr(default)]
    pub early_minutes: Option<Minutes<120>>,
    #[deserr(default)]
    pub late_minutes: Option<Minutes<240>>,
    #[deserr(default)]
    pub default_access: AccessPolicyInput,
    #[deserr(default)]
    pub allow_open: bool,
    #[deserr(default = MediaProvider::Chime)]
    pub media_provider: MediaProvider,
    #[deserr(default)]
    pub media_region: Option<MediaRegion>,
    #[deserr(default)]
    pub connect: Option<Connect>,
    pub oidc: OidcInput,
    #[deserr(default)]
    pub quick_actions: Vec<QuickActionInput>,
    #[deserr(default)]
    pub webhooks: Vec<WebhookInput>,
    #[deserr(default)]
    pub location_policy: LocationPolicy,
}

/// Where people sign in.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct OidcView {
    pub issuer: String,
    pub client_id: String,
    pub roles_claim: String,
    pub subject_claim: String,
}

/// A practice's settings; `oidc` and `webhooks` for administrators alone.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct TenantView {
    pub tenant_id: TenantId,
    pub name: String,
    pub sms_name: String,
    pub support_phone: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub support_email: Option<String>,
    pub timezone: Zone,
    pub locale: Locale,
    pub join_base_url: String,
    pub early_minutes: u16,
    pub late_minutes: u16,
    pub default_access: AccessPolicy,
    pub allow_open: bool,
    pub media_provider: MediaProvider,
    pub media_region: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connect: Option<Connect>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oidc: Option<OidcView>,
    pub quick_actions: Vec<QuickAction>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhooks: Option<Vec<Webhook>>,
    pub location_policy: LocationPolicy,
}
