//! Clinicians and patients of the practice.

use crate::api::{self, PutClinician, PutPatient};
use crate::caller::{Actor, Staff};
use crate::error::{Error, FieldError};
use crate::ports::{Guard, Keys, Row, Store, Write};
use crate::practice::App;
use crate::profile::{
    ClinicianProfile, PatientData, PatientProfile, changed_of_clinician, changed_of_patient, clinician_row, names,
    patient_row,
};
use crate::seal::Sealer;
use crate::visits::field;
use bedside_domain::audit::{EventType, Metadata};
use bedside_domain::contact::KeptPhone;
use bedside_domain::id::{ClinicianId, PatientId};
use bedside_domain::permit::{Scope, StaffRole};
use bedside_domain::person::{Clinician, Patient, Tenant};
use bedside_domain::time::Time;

fn same_id<I: PartialEq>(pointer: &str, body: Option<&I>, path: &I) -> Result<(), Error> {
    if body.is_some_and(|id| id != path) {
        let why = "Must be the same as in the path, or left out.";
        return Err(Error::ValidationFailed(vec![FieldError::new(pointer, why)]));
    }
    Ok(())
}

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    /// Registers or replaces a clinician. The flag says whether they are new.
    ///
    /// # Errors
    /// As the contract says of `PUT /api/clinicians/{clinicianId}`.
    pub async fn put_clinician(
        &self,
        staff: &Staff,
        id: &ClinicianId,
        body: PutClinician,
    ) -> Result<(api::Clinician, bool), Error> {
        same_id("/clinicianId", body.clinician_id.as_ref(), id)?;
        self.write_clinician(&staff.tenant, &staff.actor(), id, &body).await
    }

    /// The same for whoever may write without a sign-in: the operator and the laptop's seed.
    ///
    /// # Errors
    /// As [`App::put_clinician`].
    pub async fn write_clinician(
        &self,
        tenant: &Tenant,
        actor: &Actor,
        id: &ClinicianId,
        body: &PutClinician,
    ) -> Result<(api::Clinician, bool), Error> {
        let name = names("", body.given_name.as_str(), body.family_name.as_str())?;
        let row = clinician_row(id);
        for attempt in 1..=crate::change::TRIES {
            let before = self.store.clinician(&tenant.tenant, id).await?;
            let salt = match &before {
                Some(before) => before.salt.clone(),
                None => Sealer::new_salt(&self.entropy)?,
            };
            let sealer = self.sealer(tenant, &salt).await?;
            let profile = ClinicianProfile {
                family_name: name.family().to_owned(),
                title: body.title.as_str().to_owned(),
                email: body.email.expose().to_owned(),
                phone: (&body.phone).into(),
            };
            let old = before
                .as_ref()
                .map(|c| sealer.open_json::<ClinicianProfile>(&row, field::PROFILE, &c.profile))
                .transpose()?;
            let clinician = Clinician {
                clinician_id: id.clone(),
                tenant: tenant.tenant.clone(),
                given_name: name.given().to_owned(),
                licensed_states: body.licensed_states.0.clone(),
                timezone: body.timezone.clone().unwrap_or_else(|| tenant.timezone.clone()),
                connect_agent_id: body.connect_agent_id.clone().map(api::Text::into_string),
                profile: sealer.seal_json(&row, field::PROFILE, &profile)?,
                salt,
                updated_at: self.later_than(before.as_ref().map(|c| c.updated_at)),
            };
            let guard = before.as_ref().map_or(Guard::Absent, |c| Guard::UpdatedAt(c.updated_at));
            let changed = changed_of_clinician(before.as_ref().zip(old.as_ref()), (&clinician, &profile));
            let event = (!changed.is_empty()).then(|| {
                let mut details: Metadata = [("clinicianId", id.to_string())].into_iter().collect();
                details.insert("phone", body.phone.mask());
                details.insert("email", body.email.mask());
                details.insert("changed", changed);
                (EventType::ContactChanged, details)
            });
            let answer = clinician_view(&clinician, profile);
            let write = Write::Put(Row::Clinician(clinician), guard);
            if self.change_tenant(&tenant.tenant, actor, vec![write], event).await? {
                return Ok((answer, before.is_none()));
            }
            self.pause(attempt).await?;
        }
        Err(Error::Unavailable("dynamodb: the clinician is written too often".to_owned()))
    }

    /// Reads a clinician.
    ///
    /// # Errors
    /// As the contract says of `GET /api/clinicians/{clinicianId}`.
    pub async fn get_clinician(&self, staff: &Staff, id: &ClinicianId) -> Result<api::Clinician, Error> {
        if staff.scope() == Scope::Myself && staff.subject != id.as_str() {
            return Err(Error::NotFound);
        }
        let clinician = self.store.clinician(&staff.tenant.tenant, id).await?.ok_or(Error::NotFound)?;
        let sealer = self.sealer(&staff.tenant, &clinician.salt).await?;
        let profile = sealer.open_json(&clinician_row(id), field::PROFILE, &clinician.profile)?;
        Ok(clinician_view(&clinician, profile))
    }

    /// Registers or replaces a patient. The flag says whether they are new.
    ///
    /// # Errors
    /// As the contract says of `PUT /api/patients/{patientId}`.
    pub async fn put_patient(
        &self,
        staff: &Staff,
        id: &PatientId,
        body: PutPatient,
    ) -> Result<(api::Patient, bool), Error> {
        same_id("/patientId", body.patient_id.as_ref(), id)?;
        let data = PatientData::of_put(body, &staff.tenant)?;
        for attempt in 1..=crate::change::TRIES {
            let before = self.store.patient(&staff.tenant.tenant, id).await?;
            if let Some(before) = &before {
                sees_patient(staff, before)?;
            }
            let (patient, changed) =
                self.patient_row(&staff.tenant, id, &data, before.as_ref(), &staff.subject).await?;
            let guard = before.as_ref().map_or(Guard::Absent, |p| Guard::UpdatedAt(p.updated_at));
            let event = (!changed.is_empty()).then(|| {
                let mut details = contact_details(id, &data);
                details.insert("changed", changed);
                (EventType::ContactChanged, details)
            });
            let answer = patient_view(&patient, &data);
            let write = Write::Put(Row::Patient(patient), guard);
            if self.change_tenant(&staff.tenant.tenant, &staff.actor(), vec![write], event).await? {
                return Ok((answer, before.is_none()));
            }
            self.pause(attempt).await?;
        }
        Err(Error::Unavailable("dynamodb: the patient is written too often".to_owned()))
    }

    /// The row of a patient, and which of its fields are not as before.
    pub(crate) async fn patient_row(
        &self,
        tenant: &Tenant,
        id: &PatientId,
        data: &PatientData,
        before: Option<&Patient>,
        created_by: &str,
    ) -> Result<(Patient, Vec<String>), Error> {
        let row = patient_row(id);
        let salt = match before {
            Some(before) => before.salt.clone(),
            None => Sealer::new_salt(&self.entropy)?,
        };
        let sealer = self.sealer(tenant, &salt).await?;
        let profile = PatientProfile {
            given_name: data.name.given().to_owned(),
            family_name: data.name.family().to_owned(),
            phone: data.phone.as_ref().map(KeptPhone::from),
            email: data.email.as_ref().map(|e| e.expose().to_owned()),
        };
        let old = before.map(|p| sealer.open_json::<PatientProfile>(&row, field::PROFILE, &p.profile)).transpose()?;
        let patient = Patient {
            patient_id: id.clone(),
            tenant: tenant.tenant.clone(),
            state: data.state.clone(),
            country: data.country.clone(),
            timezone: data.timezone.clone(),
            locale: data.locale.clone(),
            created_by: before.map_or_else(|| created_by.to_owned(), |p| p.created_by.clone()),
            clinicians: before.map(|p| p.clinicians.clone()).unwrap_or_default(),
            profile: sealer.seal_json(&row, field::PROFILE, &profile)?,
            salt,
            updated_at: self.later_than(before.map(|p| p.updated_at)),
        };
        let changed = changed_of_patient(before.zip(old.as_ref()), (&patient, &profile));
        Ok((patient, changed))
    }

    /// Reads a patient, and notes in the tenant's chain that somebody did.
    ///
    /// # Errors
    /// As the contract says of `GET /api/patients/{patientId}`.
    pub async fn get_patient(&self, staff: &Staff, id: &PatientId) -> Result<api::Patient, Error> {
        let patient = self.store.patient(&staff.tenant.tenant, id).await?.ok_or(Error::NotFound)?;
        sees_patient(staff, &patient)?;
        let sealer = self.sealer(&staff.tenant, &patient.salt).await?;
        let profile: PatientProfile = sealer.open_json(&patient_row(id), field::PROFILE, &patient.profile)?;
        let details: Metadata = [("patientId", id.to_string())].into_iter().collect();
        self.change_tenant(&staff.tenant.tenant, &staff.actor(), vec![], Some((EventType::PhiRead, details))).await?;
        Ok(api::Patient {
            patient_id: id.clone(),
            given_name: profile.given_name,
            family_name: profile.family_name,
            phone: profile.phone.map(|phone| phone.expose().to_owned()),
            email: profile.email,
            state: patient.state,
            country: patient.country,
            timezone: patient.timezone,
            locale: patient.locale,
        })
    }

    /// Now, but never the time that is there already: rows are guarded by when they were written.
    pub(crate) fn later_than(&self, before: Option<Time>) -> Time {
        let now = self.clock.now();
        before.map_or(now, |before| now.max(Time::from_millis(before.millis().saturating_add(1))))
    }
}

fn sees_patient(staff: &Staff, patient: &Patient) -> Result<(), Error> {
    let id = staff.subject.as_str();
    let sees = match staff.scope() {
        Scope::Tenant => true,
        // A clinician's own are those of their visits, and those whom they registered.
        Scope::Own => patient.created_by == id || patient.clinicians.iter().any(|c| c.as_str() == id),
        Scope::Created => patient.created_by == id,
        Scope::Key => false,
        Scope::Myself => staff.role == StaffRole::Patient && patient.patient_id.as_str() == id,
    };
    if sees { Ok(()) } else { Err(Error::NotFound) }
}

pub(crate) fn contact_details(id: &PatientId, data: &PatientData) -> Metadata {
    let mut details: Metadata = [("patientId", id.to_string())].into_iter().collect();
    if let Some(phone) = &data.phone {
        details.insert("phone", phone.mask());
    }
    if let Some(email) = &data.email {
        details.insert("email", email.mask());
    }
    details
}

fn clinician_view(clinician: &Clinician, profile: ClinicianProfile) -> api::Clinician {
    api::Clinician {
        clinician_id: clinician.clinician_id.clone(),
        given_name: clinician.given_name.clone(),
        family_name: profile.family_name,
        title: profile.title,
        email: profile.email,
        phone: profile.phone.expose().to_owned(),
        licensed_states: clinician.licensed_states.clone(),
        timezone: clinician.timezone.clone(),
        connect_agent_id: clinician.connect_agent_id.clone(),
    }
}

fn patient_view(patient: &Patient, data: &PatientData) -> api::Patient {
    api::Patient {
        patient_id: patient.patient_id.clone(),
        given_name: data.name.given().to_owned(),
        family_name: data.name.family().to_owned(),
        phone: data.phone.as_ref().map(|p| p.expose().to_owned()),
        email: data.email.as_ref().map(|e| e.expose().to_owned()),
        state: patient.state.clone(),
        country: patient.country.clone(),
        timezone: patient.timezone.clone(),
        locale: patient.locale.clone(),
    }
}
