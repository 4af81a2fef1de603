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
use utoipa::ToSchema;

/// `oidc` of [`PutTenant`].
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(rename_all = camelCase, deny_unknown_fields)]
#[schema(rename_all = "camelCase", as = OidcInput)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct OidcInput {
    pub issuer: Issuer,
    pub client_id: Text<1, 255>,
    #[deserr(default)]
    #[schema(default = "roles")]
    pub roles_claim: Option<Text<1, 128>>,
    #[deserr(default)]
    #[schema(default = "sub")]
    pub subject_claim: Option<Text<1, 128>>,
}

/// One of `quickActions` of [`PutTenant`].
#[derive(Debug, Clone, PartialEq, Eq, Deserr, ToSchema)]
#[deserr(rename_all = camelCase, deny_unknown_fields)]
#[schema(rename_all = "camelCase", as = QuickActionInput)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct QuickActionInput {
    pub label: Text<1, 40>,
    pub url_template: UrlTemplate,
}

/// One of `webhooks` of [`PutTenant`].
#[derive(Debug, Clone, PartialEq, Eq, Deserr, ToSchema)]
#[deserr(rename_all = camelCase, deny_unknown_fields)]
#[schema(rename_all = "camelCase", as = WebhookInput)]
#[expect(missing_docs, reason = "the contract's own names")]
pub struct WebhookInput {
    pub url: WebhookUrl,
    #[schema(value_type = BTreeSet<EventType>, min_items = 1, max_items = 35)]
    pub events: Several<EventType, 35>,
}

/// `PUT /api/tenant`: the whole record. What is left out takes its default.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(rename_all = camelCase, deny_unknown_fields)]
#[schema(rename_all = "camelCase", as = PutTenantRequest)]
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
    #[schema(value_type = Option<u16>, minimum = 0, maximum = 120, default = 15)]
    pub early_minutes: Option<Minutes<120>>,
    #[deserr(default)]
    #[schema(value_type = Option<u16>, minimum = 0, maximum = 240, default = 30)]
    pub late_minutes: Option<Minutes<240>>,
    #[deserr(default)]
    #[schema(required = false)]
    pub default_access: AccessPolicyInput,
    #[deserr(default)]
    #[schema(required = false, default = false)]
    pub allow_open: bool,
    #[deserr(default = MediaProvider::Chime)]
    #[schema(required = false, default = "chime")]
    pub media_provider: MediaProvider,
    #[deserr(default)]
    #[schema(default = "us-east-1")]
    pub media_region: Option<MediaRegion>,
    #[deserr(default)]
    pub connect: Option<Connect>,
    pub oidc: OidcInput,
    #[deserr(default)]
    #[schema(required = false, max_items = 10)]
    pub quick_actions: Vec<QuickActionInput>,
    #[deserr(default)]
    #[schema(required = false, max_items = 5)]
    pub webhooks: Vec<WebhookInput>,
    #[deserr(default)]
    #[schema(required = false, default = "alert")]
    pub location_policy: LocationPolicy,
}

/// Where people sign in.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
#[schema(as = Oidc)]
pub struct OidcView {
    #[schema(value_type = Issuer)]
    pub issuer: String,
    #[schema(min_length = 1, max_length = 255)]
    pub client_id: String,
    #[schema(min_length = 1, max_length = 128, default = "roles")]
    pub roles_claim: String,
    #[schema(min_length = 1, max_length = 128, default = "sub")]
    pub subject_claim: String,
}

/// A practice's settings; `oidc` and `webhooks` for administrators alone.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own names")]
#[schema(as = Tenant)]
pub struct TenantView {
    pub tenant_id: TenantId,
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    #[schema(value_type = SmsName)]
    pub sms_name: String,
    #[schema(value_type = PhoneNumber)]
    pub support_phone: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<EmailAddress>)]
    pub support_email: Option<String>,
    pub timezone: Zone,
    pub locale: Locale,
    #[schema(value_type = Origin)]
    pub join_base_url: String,
    #[schema(minimum = 0, maximum = 120, default = 15)]
    pub early_minutes: u16,
    #[schema(minimum = 0, maximum = 240, default = 30)]
    pub late_minutes: u16,
    pub default_access: AccessPolicy,
    #[schema(default = false)]
    pub allow_open: bool,
    #[schema(default = "chime")]
    pub media_provider: MediaProvider,
    #[schema(value_type = MediaRegion, default = "us-east-1")]
    pub media_region: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connect: Option<Connect>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oidc: Option<OidcView>,
    #[schema(max_items = 10)]
    pub quick_actions: Vec<QuickAction>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 5)]
    pub webhooks: Option<Vec<Webhook>>,
    #[schema(default = "alert")]
    pub location_policy: LocationPolicy,
}
