//! The practices' records, made by the application's own use cases, as an operator and an administrator would.

use bedside_app::api::{CreateKey, CreateVisit, PutClinician, PutPatient, PutTenant};
use bedside_app::caller::{Actor, Client, Principal};
use bedside_app::error::Error;
use bedside_app::notes::Notes;
use bedside_app::once::Claim;
use bedside_app::ports::{Directory as _, Visits as _, Write};
use bedside_app::practice::App;
use bedside_domain::api_key::KeySecret;
use bedside_domain::id::{ClinicianId, KeyId, PatientId, TenantId};
use bedside_domain::parse::Invalid;
use bedside_domain::permit::{Action, StaffRole};
use bedside_domain::person::{KeyKind, Oidc, Tenant};
use bedside_domain::time::Time;
use bedside_domain::visit::MediaProvider;
use bedside_dynamodb::Dynamo;
use bedside_kms::Kms;
use deserr::errors::JsonError;
use serde_json::{Map, Value, json};
use std::sync::Arc;

use crate::known;
use crate::machine::Machine;
use crate::practice::Practice;

/// The application, with what it needs for people and keys.
type Application = App<Dynamo, Kms>;

/// What every practice of the laptop is called.
pub(crate) const NAME: &str = "Example Practice";
/// Its telephone.
pub(crate) const SUPPORT_PHONE: &str = "+12125550100";
/// The zone of its clocks.
pub(crate) const TIMEZONE: &str = "America/New_York";
/// Its clinician, as patients read it.
pub(crate) const CLINICIAN: &str = "Dr. Jane Rivera";
/// Its clinician among the agents of its Amazon Connect instance.
pub(crate) const AGENT: &str = "demo-agent";
/// The visits of the events' practice, so late that they do not grow old.
const EVENTS: [(&str, &str); 3] = [
    ("the events' visit", "2098-01-06T15:00:00Z"),
    ("the events' visit to be cancelled", "2098-01-06T16:00:00Z"),
    ("the events' visit to be ended", "2098-01-06T17:00:00Z"),
];
/// The time in their ids: 2026-01-01.
const EVENTS_MADE: i64 = 1_767_225_600_000;

/// Why a practice could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// A record is not one: a mistake in this program.
    #[error("a record of the demo is wrong: {0}")]
    Record(String),
    /// The application refused, or a service did.
    #[error("a record of the demo could not be written: {0}")]
    Application(String),
}

impl From<Invalid> for SeedError {
    fn from(invalid: Invalid) -> Self {
        Self::Record(invalid.to_string())
    }
}

impl From<JsonError> for SeedError {
    fn from(error: JsonError) -> Self {
        Self::Record(error.to_string())
    }
}

impl From<Error> for SeedError {
    fn from(error: Error) -> Self {
        Self::Application(format!("{error:?}"))
    }
}

/// Sees to it that these practices are there, and know where the laptop is now.
pub(crate) async fn seed(machine: &Machine, practices: &[Practice]) -> Result<(), SeedError> {
    let setup = |error: bedside_aws::SetupError| SeedError::Application(error.to_string());
    let app = machine.workshop.application().await.map_err(setup)?;
    for practice in practices {
        let (origin, issuer) = (machine.origin.as_str(), machine.issuer.issuer());
        let seed = Seed { app: &app, practice, origin, issuer, with_connect: machine.with_connect };
        seed.tenant().await?;
        seed.clinician().await?;
        let scheduler = seed.key(&practice.secret_key, KeyKind::Secret).await?;
        seed.key(&practice.publishable_key, KeyKind::Publishable).await?;
        seed.patient(scheduler).await?;
    }
    Ok(())
}

/// Sees to it that the visits are there that `events/*.json` are about. The application says that it has made them
/// before; where it has not, it makes them now, under the same ids.
pub(crate) async fn seed_visits(machine: &Machine, practice: &Practice) -> Result<(), SeedError> {
    let setup = |error: bedside_aws::SetupError| SeedError::Application(error.to_string());
    let app = machine.workshop.application().await.map_err(setup)?;
    let (origin, issuer) = (machine.origin.as_str(), machine.issuer.issuer());
    let seed = Seed { app: &app, practice, origin, issuer, with_connect: machine.with_connect };
    let scheduler = seed.key(&practice.secret_key, KeyKind::Secret).await?;
    let staff = seed.caller(StaffRole::Scheduler, scheduler.to_string()).await?.may(Action::CreateVisit)?;
    for (name, at) in EVENTS {
        let claim = Claim::known(Time::from_millis(EVENTS_MADE), known::bytes::<16>(name));
        let body: CreateVisit = record(json!({
            "clinicianId": practice.clinician_id, "patientId": practice.patient_id, "scheduledAt": at,
        }))?;
        match app.create_visit(&staff, body, Some(&claim)).await {
            Ok(_) => {}
            // Whoever has kept their data may have given the time to another visit.
            Err(Error::ClinicianDoubleBooked) => tracing::warn!("the time of {name} is taken"),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

struct Seed<'a> {
    app: &'a Application,
    practice: &'a Practice,
    origin: &'a str,
    issuer: &'a str,
    /// Whether calls are to go by Amazon Connect.
    with_connect: bool,
}

impl Seed<'_> {
    fn tenant_id(&self) -> Result<TenantId, SeedError> {
        Ok(TenantId::parse(&self.practice.tenant_id)?)
    }

    /// The practice. One that is there learns the port of this start.
    async fn tenant(&self) -> Result<(), SeedError> {
        let (id, actor) = (self.tenant_id()?, Actor::operator());
        let mut settings = members(json!({
            "name": NAME,
            "smsName": "Example Practice",
            "supportPhone": SUPPORT_PHONE,
            "supportEmail": "help@example.com",
            "timezone": TIMEZONE,
            "locale": "en-US",
            "joinBaseUrl": self.origin,
            "allowOpen": true,
            "oidc": { "issuer": self.issuer, "clientId": self.practice.client_id },
        }));
        if self.with_connect {
            let connect = json!({ "instanceId": "demo-instance", "flowId": "demo-flow" });
            settings.extend([("mediaProvider".to_owned(), json!("connect")), ("connect".to_owned(), connect)]);
        }
        let settings: PutTenant = record(Value::Object(settings))?;
        if self.app.create_tenant(&id, &actor, &settings).await? {
            return Ok(());
        }
        let here = |known: &Tenant| {
            let oidc = Oidc {
                issuer: self.issuer.to_owned(),
                client_id: self.practice.client_id.clone(),
                roles_claim: "roles".to_owned(),
                subject_claim: "sub".to_owned(),
            };
            let known = Tenant { join_base_url: self.origin.to_owned(), oidc, ..known.clone() };
            Ok(match &settings.connect {
                Some(connect) if self.with_connect => {
                    Tenant { media_provider: MediaProvider::Connect, connect: Some(connect.clone()), ..known }
                }
                Some(_) | None => known,
            })
        };
        self.app.replace_tenant(&id, &actor, here).await?;
        Ok(())
    }

    /// A lander's key; answers its id. One that is there for another port, or is not in its practice's list, is made
    /// anew under the same secret.
    async fn key(&self, key: &str, kind: KeyKind) -> Result<KeyId, SeedError> {
        let (id, actor) = (self.tenant_id()?, Actor::operator());
        let secret = KeySecret::parse(key).ok_or_else(|| SeedError::Record("a key is none".to_owned()))?;
        let body: CreateKey = record(match kind {
            KeyKind::Secret => json!({ "kind": "secret", "label": "The demo's server" }),
            KeyKind::Publishable => json!({
                "kind": "publishable",
                "label": "The demo's page",
                "origins": [self.origin],
                "clinicianIds": [self.practice.clinician_id],
            }),
        })?;
        let store = &self.app.store;
        if let Some(known) = store.api_key(&self.app.key_mac(key)?).await.map_err(Error::from)? {
            let listed = store.key(&id, known.key_id).await.map_err(Error::from)?;
            let is_here = kind == KeyKind::Secret || known.origins == [self.origin];
            if listed.is_some() && is_here {
                return Ok(known.key_id);
            }
            let gone = store.commit(&[Write::Revoke(known)]).await;
            gone.map_err(|error| SeedError::Application(format!("{error:?}")))?;
        }
        Ok(self.app.issue_key(&id, &actor, body, &secret).await?.key_id)
    }

    async fn clinician(&self) -> Result<(), SeedError> {
        let (tenant, id) = (self.tenant_id()?, ClinicianId::parse(&self.practice.clinician_id)?);
        if self.app.store.clinician(&tenant, &id).await.map_err(Error::from)?.is_some() {
            return Ok(());
        }
        let staff = self.caller(StaffRole::Admin, "admin-1".to_owned()).await?.may(Action::PutClinician)?;
        let mut body = members(json!({
            "givenName": "Jane",
            "familyName": "Rivera",
            "title": "Dr.",
            "email": format!("{id}@example.com"),
            "phone": "+12125550142",
            "licensedStates": ["NY", "NJ", "CT"],
            "timezone": "America/New_York",
        }));
        if self.with_connect {
            body.insert("connectAgentId".to_owned(), json!(AGENT));
        }
        let body: PutClinician = record(Value::Object(body))?;
        self.app.put_clinician(&staff, &id, body).await?;
        Ok(())
    }

    /// The patient, registered by the lander's server, so that its key sees them.
    async fn patient(&self, scheduler: KeyId) -> Result<(), SeedError> {
        let (tenant, id) = (self.tenant_id()?, PatientId::parse(&self.practice.patient_id)?);
        if self.app.store.patient(&tenant, &id).await.map_err(Error::from)?.is_some() {
            return Ok(());
        }
        let staff = self.caller(StaffRole::Scheduler, scheduler.to_string()).await?.may(Action::PutPatient)?;
        let body: PutPatient = record(json!({
            "givenName": "Ann",
            "familyName": "Lee",
            "phone": "+12125550117",
            "email": format!("{id}@example.com"),
            "state": "NY",
            "timezone": "America/New_York",
            "locale": "en-US",
        }))?;
        self.app.put_patient(&staff, &id, body).await?;
        Ok(())
    }

    async fn caller(&self, role: StaffRole, subject: String) -> Result<Principal, SeedError> {
        let client = Client {
            request_id: "seed".to_owned(),
            nonce: "seed".to_owned(),
            address: "127.0.0.1".to_owned(),
            country: None,
            user_agent: "bedside-local".to_owned(),
            notes: Notes::default(),
        };
        let tenant: Arc<Tenant> = self.app.tenant(&self.tenant_id()?).await?;
        Ok(Principal { tenant, roles: vec![role], subject, key: None, sign_in: None, client })
    }
}

fn members(object: Value) -> Map<String, Value> {
    match object {
        Value::Object(members) => members,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Map::new(),
    }
}

/// A request's body from its JSON, checked as a caller's would be.
fn record<T: deserr::Deserr<JsonError>>(body: Value) -> Result<T, SeedError> {
    Ok(deserr::deserialize::<T, Value, JsonError>(body)?)
}
