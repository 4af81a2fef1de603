//! People, keys and settings.

use crate::{Dynamo, keys};
use bedside_app::ports::{Answer, Directory};
use bedside_domain::id::{ClinicianId, KeyId, PatientId, TenantId};
use bedside_domain::person::{ApiKey, Clinician, Patient, Tenant};
use bedside_domain::secret::Mac;
use bedside_domain::time::Time;
use serde::Deserialize;

/// Where people sign in.
#[derive(Deserialize)]
struct Issuer {
    /// Leads to this practice.
    tenant: TenantId,
}

impl Directory for Dynamo {
    async fn tenant(&self, id: &TenantId) -> Answer<Option<Tenant>> {
        self.get(keys::tenant(id)).await
    }

    async fn tenant_of(&self, issuer: &str, client_id: &str) -> Answer<Option<TenantId>> {
        let found: Option<Issuer> = self.get(keys::issuer(issuer, client_id)).await?;
        Ok(found.map(|issuer| issuer.tenant))
    }

    async fn api_key(&self, mac: &Mac) -> Answer<Option<ApiKey>> {
        self.get(keys::api_key(mac)).await
    }

    async fn key(&self, tenant: &TenantId, id: KeyId) -> Answer<Option<ApiKey>> {
        self.get(keys::listed_key(tenant, id)).await
    }

    async fn keys(&self, tenant: &TenantId, before: Option<KeyId>, limit: usize) -> Answer<Vec<ApiKey>> {
        self.keys_of(tenant, before, limit).await
    }

    async fn count_keys(&self, tenant: &TenantId) -> Answer<usize> {
        self.number_of_keys(tenant).await
    }

    async fn key_used(&self, key: &ApiKey, at: Time) -> Answer<()> {
        self.note_key(key, at).await
    }

    async fn clinician(&self, tenant: &TenantId, id: &ClinicianId) -> Answer<Option<Clinician>> {
        self.get(keys::clinician(tenant, id)).await
    }

    async fn patient(&self, tenant: &TenantId, id: &PatientId) -> Answer<Option<Patient>> {
        self.get(keys::patient(tenant, id)).await
    }
}
