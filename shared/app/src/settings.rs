//! The practice's settings: made by the operator, read by staff, replaced by its administrators.

use crate::api::{self, PutTenant};
use crate::caller::{Actor, Staff};
use crate::error::{Error, FieldError};
use crate::ports::{Guard, Keys, Row, Store, Write};
use crate::practice::App;
use crate::sign_in::Issuers;
use bedside_domain::access::{AccessPolicy, Preset};
use bedside_domain::audit::{EventType, Metadata};
use bedside_domain::id::TenantId;
use bedside_domain::permit::StaffRole;
use bedside_domain::person::{Country, Oidc, Tenant};
use bedside_domain::settings::{QuickAction, Webhook};
use bedside_domain::visit::MediaProvider;
use std::sync::Arc;

const EARLY_MINUTES: u16 = 15;
const LATE_MINUTES: u16 = 30;
const MEDIA_REGION: &str = "us-east-1";
const ROLES_CLAIM: &str = "roles";
const SUBJECT_CLAIM: &str = "sub";
const MAX_QUICK_ACTIONS: usize = 10;
const MAX_WEBHOOKS: usize = 5;

fn wrong(pointer: &str, why: &str) -> FieldError {
    FieldError::new(pointer, why)
}

fn same_practice(body: &PutTenant, id: &TenantId) -> Result<(), Error> {
    if body.tenant_id.as_ref().is_some_and(|given| given != id) {
        return Err(Error::ValidationFailed(vec![wrong("/tenantId", "Must be your own practice's, or left out.")]));
    }
    Ok(())
}

fn taken() -> Error {
    Error::ValidationFailed(vec![wrong("/oidc", "Another practice signs in with this issuer and client.")])
}

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    /// The practice's settings as they stand now.
    ///
    /// # Errors
    /// As the contract says of `GET /api/tenant`.
    pub async fn get_tenant(&self, staff: &Staff) -> Result<api::TenantView, Error> {
        let tenant = self.tenant_now(&staff.tenant.tenant).await?;
        Ok(tenant_view(&tenant, staff.role == StaffRole::Admin))
    }

    /// Replaces the practice's settings, whole.
    ///
    /// # Errors
    /// As the contract says of `PUT /api/tenant`.
    pub async fn put_tenant(
        &self,
        staff: &Staff,
        body: &PutTenant,
        issuers: &impl Issuers,
    ) -> Result<api::TenantView, Error> {
        same_practice(body, &staff.tenant.tenant)?;
        let id = &staff.tenant.tenant;
        let before = self.tenant_now(id).await?;
        let after = settled(body, &before)?;
        self.leads_home(staff, &before.oidc, &after.oidc, issuers).await?;
        let tenant = self.replace_tenant(id, &staff.actor(), |before| settled(body, before)).await?;
        Ok(tenant_view(&tenant, true))
    }

    /// Nobody locks themselves and everybody else out by a slip: where people are to sign in from now on, somebody must
    /// answer; and by the claims that are to count, whoever changes them must be an administrator still.
    async fn leads_home(&self, staff: &Staff, old: &Oidc, new: &Oidc, issuers: &impl Issuers) -> Result<(), Error> {
        if old == new {
            return Ok(());
        }
        if (&old.issuer, &old.client_id) != (&new.issuer, &new.client_id) {
            let keys = issuers.keys(&new.issuer, old.issuer != new.issuer).await;
            if keys.is_ok_and(|keys| !keys.is_empty()) {
                return Ok(());
            }
            let why = "No identity provider answers there with the keys of its tokens: nobody could sign in any more.";
            return Err(Error::ValidationFailed(vec![wrong("/oidc/issuer", why)]));
        }
        let Some(token) = staff.sign_in() else { return Ok(()) };
        let admin = token.roles(&new.roles_claim).iter().any(|role| role == StaffRole::Admin.as_str());
        let why = "By this claim your own sign-in is no administrator's: you would lock yourself out.";
        if !admin {
            return Err(Error::ValidationFailed(vec![wrong("/oidc/rolesClaim", why)]));
        }
        if token.subject(&new.subject_claim).is_none() {
            let why = "Your own sign-in has no such claim: you would lock yourself out.";
            return Err(Error::ValidationFailed(vec![wrong("/oidc/subjectClaim", why)]));
        }
        Ok(())
    }

    /// Makes a practice with a data key of its own; `false` when it is there already.
    ///
    /// # Errors
    /// 400 when another practice signs in with that issuer and client; 422 for a default access policy that is too weak.
    pub async fn create_tenant(&self, id: &TenantId, actor: &Actor, body: &PutTenant) -> Result<bool, Error> {
        same_practice(body, id)?;
        if self.store.tenant(id).await?.is_some() {
            return Ok(false);
        }
        let checked = settings_of(body, id, String::new(), vec![Country::us()])?;
        let data_key = self.keys.new_data_key(id).await?;
        let tenant = Tenant { wrapped_key: data_key.wrapped, updated_at: Some(self.clock.now()), ..checked };
        let mut details = Metadata::new();
        details.insert("created", true);
        let write = Write::Put(Row::Tenant(tenant.clone()), Guard::Absent);
        if self.change_tenant(id, actor, vec![write], Some((EventType::SettingsChanged, details))).await? {
            return Ok(true);
        }
        self.is_free(&tenant).await?;
        Ok(false)
    }

    /// Replaces settings by what `change` makes of them as they stand; it is asked again when others were faster.
    /// Where it changes nothing, nothing is written.
    ///
    /// # Errors
    /// What `change` says; 400 when another practice signs in with that issuer and client; 404 for no such practice.
    pub async fn replace_tenant(
        &self,
        id: &TenantId,
        actor: &Actor,
        change: impl Fn(&Tenant) -> Result<Tenant, Error>,
    ) -> Result<Arc<Tenant>, Error> {
        for attempt in 1..=crate::change::TRIES {
            let before = self.store.tenant(id).await?.ok_or(Error::NotFound)?;
            let after = Tenant { updated_at: before.updated_at, ..change(&before)? };
            if after == before {
                return self.tenant_now(id).await;
            }
            let changed = after.differences(&before).into_iter().map(str::to_owned).collect::<Vec<_>>();
            let details: Metadata = [("changed", changed)].into_iter().collect();
            let after = Tenant { updated_at: Some(self.later_than(before.updated_at)), ..after };
            let mut writes = vec![Write::Put(Row::Tenant(after.clone()), Guard::WrittenAt(before.updated_at))];
            if (&before.oidc.issuer, &before.oidc.client_id) != (&after.oidc.issuer, &after.oidc.client_id) {
                writes.push(Write::LeaveSignIn(id.clone(), before.oidc));
            }
            if self.change_tenant(id, actor, writes, Some((EventType::SettingsChanged, details))).await? {
                // What is kept in memory is read anew; the answer is what this one wrote, whoever has written since.
                self.tenant_now(id).await?;
                return Ok(Arc::new(after));
            }
            self.is_free(&after).await?;
            self.pause(attempt).await?;
        }
        Err(Error::Unavailable("dynamodb: the settings are written too often".to_owned()))
    }

    /// Whether nobody else signs in where this practice wants to.
    async fn is_free(&self, tenant: &Tenant) -> Result<(), Error> {
        let holder = self.store.tenant_of(&tenant.oidc.issuer, &tenant.oidc.client_id).await?;
        if holder.is_some_and(|holder| holder != tenant.tenant) { Err(taken()) } else { Ok(()) }
    }
}

/// What a body makes of a practice as it stands: what it cannot set stays.
fn settled(body: &PutTenant, before: &Tenant) -> Result<Tenant, Error> {
    let after = settings_of(body, &before.tenant, before.wrapped_key.clone(), before.countries.clone())?;
    // How a number is written is no setting: it changes with the number alone.
    let written = match before.support_phone == after.support_phone {
        true => before.support_phone_written.clone(),
        false => after.support_phone_written,
    };
    Ok(Tenant { updated_at: before.updated_at, support_phone_written: written, ..after })
}

fn settings_of(body: &PutTenant, id: &TenantId, wrapped_key: String, countries: Vec<Country>) -> Result<Tenant, Error> {
    hang_together(body)?;
    let default_access = AccessPolicy::of(&body.default_access, &AccessPolicy::preset(Preset::Standard));
    if default_access.is_open() && !body.allow_open {
        return Err(Error::PolicyTooWeak);
    }
    Ok(Tenant {
        tenant: id.clone(),
        name: body.name.as_str().to_owned(),
        sms_name: body.sms_name.to_string(),
        support_phone: body.support_phone.expose().to_owned(),
        support_phone_written: Some(body.support_phone.format_international()),
        support_email: body.support_email.as_ref().map(|email| email.expose().to_owned()),
        timezone: body.timezone.clone(),
        locale: body.locale.clone(),
        join_base_url: body.join_base_url.to_string(),
        early_minutes: body.early_minutes.map_or(EARLY_MINUTES, bedside_domain::settings::Minutes::get),
        late_minutes: body.late_minutes.map_or(LATE_MINUTES, bedside_domain::settings::Minutes::get),
        default_access,
        allow_open: body.allow_open,
        media_provider: body.media_provider,
        media_region: body.media_region.as_ref().map_or_else(|| MEDIA_REGION.to_owned(), ToString::to_string),
        connect: body.connect.clone(),
        quick_actions: body.quick_actions.iter().map(quick_action).collect(),
        webhooks: body.webhooks.iter().map(webhook).collect(),
        location_policy: body.location_policy,
        oidc: oidc_of(&body.oidc),
        wrapped_key,
        countries,
        updated_at: None,
    })
}

/// Where people sign in, with its defaults.
#[must_use]
pub fn oidc_of(given: &api::OidcInput) -> Oidc {
    let claim = |given: Option<&str>, default: &str| given.unwrap_or(default).to_owned();
    Oidc {
        issuer: given.issuer.to_string(),
        client_id: given.client_id.as_str().to_owned(),
        roles_claim: claim(given.roles_claim.as_ref().map(api::Text::as_str), ROLES_CLAIM),
        subject_claim: claim(given.subject_claim.as_ref().map(api::Text::as_str), SUBJECT_CLAIM),
    }
}

fn quick_action(given: &api::QuickActionInput) -> QuickAction {
    QuickAction { label: given.label.as_str().to_owned(), url_template: given.url_template.clone() }
}

fn webhook(given: &api::WebhookInput) -> Webhook {
    Webhook { url: given.url.clone(), events: given.events.0.clone() }
}

/// What no single field says.
fn hang_together(body: &PutTenant) -> Result<(), Error> {
    let mut errors = Vec::new();
    let factors = body.default_access.factors.as_deref().unwrap_or_default();
    if factors.iter().enumerate().any(|(n, factor)| factors.iter().take(n).any(|before| before == factor)) {
        errors.push(wrong("/defaultAccess/factors", "Must name each factor once."));
    }
    if body.media_provider == MediaProvider::Connect && body.connect.is_none() {
        errors.push(wrong("/connect", "Is needed where mediaProvider is connect."));
    }
    if body.quick_actions.len() > MAX_QUICK_ACTIONS {
        errors.push(wrong("/quickActions", "Must have at most 10 entries."));
    }
    if body.webhooks.len() > MAX_WEBHOOKS {
        errors.push(wrong("/webhooks", "Must have at most 5 entries."));
    }
    for (n, webhook) in body.webhooks.iter().enumerate() {
        if webhook.events.0.is_empty() {
            errors.push(wrong(&format!("/webhooks/{n}/events"), "Must name at least one event."));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::ValidationFailed(errors)) }
}

/// The settings as they are shown; where people sign in and who is told is for administrators.
#[must_use]
pub fn tenant_view(tenant: &Tenant, to_admin: bool) -> api::TenantView {
    let oidc = &tenant.oidc;
    api::TenantView {
        tenant_id: tenant.tenant.clone(),
        name: tenant.name.clone(),
        sms_name: tenant.sms_name.clone(),
        support_phone: tenant.support_phone.clone(),
        support_email: tenant.support_email.clone(),
        timezone: tenant.timezone.clone(),
        locale: tenant.locale.clone(),
        join_base_url: tenant.join_base_url.clone(),
        early_minutes: tenant.early_minutes,
        late_minutes: tenant.late_minutes,
        default_access: tenant.default_access.clone(),
        allow_open: tenant.allow_open,
        media_provider: tenant.media_provider,
        media_region: tenant.media_region.clone(),
        connect: tenant.connect.clone(),
        oidc: to_admin.then(|| api::OidcView {
            issuer: oidc.issuer.clone(),
            client_id: oidc.client_id.clone(),
            roles_claim: oidc.roles_claim.clone(),
            subject_claim: oidc.subject_claim.clone(),
        }),
        quick_actions: tenant.quick_actions.clone(),
        webhooks: to_admin.then(|| tenant.webhooks.clone()),
        location_policy: tenant.location_policy,
    }
}
