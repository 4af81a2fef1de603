//! The practices' records, made by the application's own use cases, as an operator and an administrator would.

use bedside_app::api::{PutClinician, PutPatient};
use bedside_app::caller::{Client, Principal};
use bedside_app::error::Error;
use bedside_app::notes::Notes;
use bedside_app::ports::{CommitError, Directory as _, Guard, Keys as _, Row, Visits as _, Write};
use bedside_app::practice::App;
use bedside_domain::access::{AccessPolicy, Binding, Preset};
use bedside_domain::id::{ClinicianId, KeyId, PatientId, TenantId};
use bedside_domain::parse::Invalid;
use bedside_domain::permit::{Action, StaffRole};
use bedside_domain::person::{ApiKey, Country, KeyKind, Locale, Oidc, Tenant};
use bedside_domain::visit::MediaProvider;
use bedside_domain::zone::Zone;
use bedside_dynamodb::Dynamo;
use bedside_kms::Kms;
use deserr::errors::JsonError;
use serde_json::{Value, json};
use std::sync::Arc;

use crate::machine::Machine;
use crate::practice::Practice;

/// The application, with what it needs for people and keys.
type Application = App<Dynamo, Kms>;

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
        let seed = Seed { app: &app, practice, origin: &machine.origin, issuer: machine.issuer.issuer() };
        seed.tenant().await?;
        let scheduler = seed.key(&practice.secret_key, KeyKind::Secret).await?;
        seed.key(&practice.publishable_key, KeyKind::Publishable).await?;
        seed.clinician().await?;
        seed.patient(scheduler).await?;
    }
    Ok(())
}

struct Seed<'a> {
    app: &'a Application,
    practice: &'a Practice,
    origin: &'a str,
    issuer: &'a str,
}

impl Seed<'_> {
    fn tenant_id(&self) -> Result<TenantId, SeedError> {
        Ok(TenantId::parse(&self.practice.tenant_id)?)
    }

    async fn commit(&self, row: Row, guard: Guard) -> Result<(), SeedError> {
        let committed = self.app.store.commit(&[Write::Put(row, guard)]).await;
        committed.map_err(|error: CommitError| SeedError::Application(format!("{error:?}")))
    }

    /// The practice. One that is there learns the port of this start.
    async fn tenant(&self) -> Result<(), SeedError> {
        let id = self.tenant_id()?;
        let oidc = Oidc {
            issuer: self.issuer.to_owned(),
            client_id: self.practice.client_id.clone(),
            roles_claim: "roles".to_owned(),
            subject_claim: "sub".to_owned(),
        };
        if let Some(known) = self.app.store.tenant(&id).await.map_err(Error::from)? {
            let moved = Tenant { join_base_url: self.origin.to_owned(), oidc, ..known.clone() };
            return if moved == known { Ok(()) } else { self.commit(Row::Tenant(moved), Guard::Present).await };
        }
        let data_key = self.app.keys.new_data_key(&id).await.map_err(Error::from)?;
        let tenant = Tenant {
            tenant: id,
            name: "Example Practice".to_owned(),
            sms_name: "Example Practice".to_owned(),
            support_phone: "+12125550100".to_owned(),
            support_email: Some("help@example.com".to_owned()),
            timezone: Zone::parse("America/New_York")?,
            locale: Locale::parse("en-US")?,
            join_base_url: self.origin.to_owned(),
            early_minutes: 15,
            late_minutes: 30,
            default_access: AccessPolicy {
                preset: Preset::Standard,
                waiting_room: true,
                factors: Vec::new(),
                public_code: false,
                binding: Binding::Preferred,
            },
            allow_open: true,
            media_provider: MediaProvider::Chime,
            media_region: "us-east-1".to_owned(),
            oidc,
            wrapped_key: data_key.wrapped,
            countries: vec![Country::us()],
        };
        self.commit(Row::Tenant(tenant), Guard::Absent).await
    }

    /// A lander's key; answers its id.
    async fn key(&self, key: &str, kind: KeyKind) -> Result<KeyId, SeedError> {
        let mac = self.app.key_mac(key)?;
        let (origins, clinicians, label) = match kind {
            KeyKind::Secret => (Vec::new(), Vec::new(), "The demo's server"),
            KeyKind::Publishable => {
                let clinician = ClinicianId::parse(&self.practice.clinician_id)?;
                (vec![self.origin.to_owned()], vec![clinician], "The demo's page")
            }
        };
        if let Some(known) = self.app.store.api_key(&mac).await.map_err(Error::from)? {
            let id = known.key_id;
            if known.origins != origins {
                self.commit(Row::ApiKey(ApiKey { origins, ..known }), Guard::Present).await?;
            }
            return Ok(id);
        }
        let now = self.app.clock.now();
        let row = ApiKey {
            key_id: KeyId::new(now, self.app.entropy.bytes()?),
            tenant: self.tenant_id()?,
            kind,
            label: label.to_owned(),
            mac,
            prefix: key.chars().take(8).collect(),
            origins,
            clinician_ids: clinicians,
            created_at: now,
        };
        let id = row.key_id;
        self.commit(Row::ApiKey(row), Guard::Absent).await?;
        Ok(id)
    }

    async fn clinician(&self) -> Result<(), SeedError> {
        let (tenant, id) = (self.tenant_id()?, ClinicianId::parse(&self.practice.clinician_id)?);
        if self.app.store.clinician(&tenant, &id).await.map_err(Error::from)?.is_some() {
            return Ok(());
        }
        let staff = self.caller(StaffRole::Admin, "admin-1".to_owned()).await?.may(Action::PutClinician)?;
        let body: PutClinician = record(json!({
            "givenName": "Jane",
            "familyName": "Rivera",
            "title": "Dr.",
            "email": format!("{id}@example.com"),
            "phone": "+12125550142",
            "licensedStates": ["NY", "NJ", "CT"],
            "timezone": "America/New_York",
        }))?;
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
            user_agent: "bedside-local".to_owned(),
            notes: Notes::default(),
        };
        let tenant: Arc<Tenant> = self.app.tenant(&self.tenant_id()?).await?;
        Ok(Principal { tenant, roles: vec![role], subject, key: None, client })
    }
}

/// A request's body from its JSON, checked as a caller's would be.
fn record<T: deserr::Deserr<JsonError>>(body: Value) -> Result<T, SeedError> {
    Ok(deserr::deserialize::<T, Value, JsonError>(body)?)
}
