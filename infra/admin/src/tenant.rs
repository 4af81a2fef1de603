//! Practices.

use crate::arguments::{CreateTenant, OidcArguments, TenantCommand};
use crate::cloud::Application;
use crate::failure::{Failure, body};
use crate::{note, say};
use bedside_app::api::{OidcInput, PutTenant};
use bedside_app::caller::Actor;
use bedside_app::error::Error;
use bedside_app::ports::Directory as _;
use bedside_app::settings::{oidc_of, tenant_view};
use bedside_domain::id::TenantId;
use bedside_domain::person::Tenant;
use serde_json::{Value, json};

pub(crate) async fn run(command: TenantCommand, app: &Application) -> Result<(), Failure> {
    match command {
        TenantCommand::Create(given) => create(&given, app).await,
        TenantCommand::Show { id } => {
            let tenant = known(app, &id).await?;
            let shown = serde_json::to_string_pretty(&tenant_view(&tenant, true));
            say(&shown.map_err(|why| Failure::new(why.to_string()))?)
        }
        TenantCommand::SignIn { id, oidc } => sign_in(&id, &oidc, app).await,
    }
}

async fn create(given: &CreateTenant, app: &Application) -> Result<(), Failure> {
    let mut settings = json!({
        "name": given.name,
        "smsName": given.sms_name,
        "supportPhone": given.support_phone,
        "timezone": given.timezone,
        "locale": given.locale,
        "joinBaseUrl": given.join_base_url,
        "oidc": oidc_json(&given.oidc),
    });
    if let (Some(email), Some(members)) = (&given.support_email, settings.as_object_mut()) {
        members.insert("supportEmail".to_owned(), json!(email));
    }
    let settings: PutTenant = body(settings)?;
    if !app.create_tenant(&given.id, &Actor::operator(), &settings).await? {
        return Err(Failure::new(format!("There is a practice {} already; nothing was changed.", given.id)));
    }
    note(&format!("The practice {} is made, with a data key of its own.", given.id));
    Ok(())
}

async fn sign_in(id: &TenantId, given: &OidcArguments, app: &Application) -> Result<(), Failure> {
    // Read as a part of the settings, so that what is wrong is said by the name of its flag.
    let Oidc { oidc } = body(json!({ "oidc": oidc_json(given) }))?;
    let moved = |before: &Tenant| Ok(Tenant { oidc: oidc_of(&oidc), ..before.clone() });
    match app.replace_tenant(id, &Actor::operator(), moved).await {
        Ok(_) => {
            note(&format!("The people of {id} sign in there now; every function knows it within a minute."));
            Ok(())
        }
        Err(Error::NotFound) => Err(unknown(id)),
        Err(error) => Err(error.into()),
    }
}

#[derive(deserr::Deserr)]
#[deserr(rename_all = camelCase, deny_unknown_fields)]
struct Oidc {
    oidc: OidcInput,
}

fn oidc_json(given: &OidcArguments) -> Value {
    json!({
        "issuer": given.oidc_issuer,
        "clientId": given.oidc_client_id,
        "rolesClaim": given.oidc_roles_claim,
        "subjectClaim": given.oidc_subject_claim,
    })
}

/// A practice that is there.
pub(crate) async fn known(app: &Application, id: &TenantId) -> Result<Tenant, Failure> {
    app.store.tenant(id).await?.ok_or_else(|| unknown(id))
}

fn unknown(id: &TenantId) -> Failure {
    Failure::new(format!("There is no practice {id}."))
}
