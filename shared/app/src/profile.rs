//! What is personal of clinicians and patients: sealed, opened, compared.

use crate::api::{NewPatient, PutPatient};
use crate::error::{Error, FieldError};
use crate::ports::{Keys, Store};
use crate::practice::App;
use crate::visits::field;
use bedside_domain::contact::{EmailAddress, KeptPhone, PhoneNumber};
use bedside_domain::id::{ClinicianId, PatientId};
use bedside_domain::name::PersonName;
use bedside_domain::person::{Clinician, Country, Locale, Patient, State, Tenant};
use bedside_domain::secret::Phi;
use bedside_domain::zone::Zone;
use serde::{Deserialize, Serialize};

/// A clinician's names and addresses, in clear: only on the way into and out of a seal.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ClinicianProfile {
    pub(crate) family_name: String,
    pub(crate) title: String,
    pub(crate) email: String,
    #[serde(flatten)]
    pub(crate) phone: KeptPhone,
}

/// A patient's names and addresses, in clear: only on the way into and out of a seal.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PatientProfile {
    pub(crate) given_name: String,
    pub(crate) family_name: String,
    #[serde(flatten)]
    pub(crate) phone: Option<KeptPhone>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) email: Option<String>,
}

/// Where somebody can be reached, and in which zone they read times.
#[derive(Debug, Clone)]
pub struct Contact {
    /// The registered phone, in a country that gets texts.
    pub phone: Option<PhoneNumber>,
    /// The registered e-mail.
    pub email: Option<EmailAddress>,
    /// Their zone.
    pub timezone: Zone,
}

pub(crate) fn clinician_row(id: &ClinicianId) -> String {
    format!("C#{id}")
}

pub(crate) fn patient_row(id: &PatientId) -> String {
    format!("P#{id}")
}

pub(crate) fn names(at: &str, given: &str, family: &str) -> Result<PersonName, Error> {
    PersonName::parse(given, family).map_err(|why| {
        let part = if PersonName::parse(given, "x").is_err() { "givenName" } else { "familyName" };
        Error::ValidationFailed(vec![FieldError::new(format!("{at}/{part}"), why.to_string())])
    })
}

/// What stands in a patient's record, parsed, whoever sent it.
pub(crate) struct PatientData {
    pub(crate) name: PersonName,
    pub(crate) phone: Option<PhoneNumber>,
    pub(crate) email: Option<EmailAddress>,
    pub(crate) state: State,
    pub(crate) country: Option<Country>,
    pub(crate) timezone: Zone,
    pub(crate) locale: Locale,
}

impl PatientData {
    pub(crate) fn of_put(body: PutPatient, tenant: &Tenant) -> Result<Self, Error> {
        Ok(Self {
            name: names("", body.given_name.as_str(), body.family_name.as_str())?,
            phone: body.phone,
            email: body.email,
            state: body.state,
            country: body.country,
            timezone: body.timezone.unwrap_or_else(|| tenant.timezone.clone()),
            locale: body.locale.unwrap_or_else(|| tenant.locale.clone()),
        })
    }

    pub(crate) fn of_new(body: &NewPatient, tenant: &Tenant) -> Result<Self, Error> {
        Ok(Self {
            name: names("/patient", body.given_name.as_str(), body.family_name.as_str())?,
            phone: body.phone.clone(),
            email: body.email.clone(),
            state: body.state.clone().ok_or(Error::PatientStateRequired)?,
            country: body.country.clone(),
            timezone: body.timezone.clone().unwrap_or_else(|| tenant.timezone.clone()),
            locale: body.locale.clone().unwrap_or_else(|| tenant.locale.clone()),
        })
    }
}

/// A patient's record, opened.
pub(crate) struct OpenPatient {
    pub(crate) name: Phi<String>,
    pub(crate) contact: Contact,
}

/// Numbers outside of the practice's countries get no texts: they count as none.
pub(crate) fn reachable(phone: Option<&KeptPhone>, tenant: &Tenant) -> Option<PhoneNumber> {
    phone?.number().filter(|phone| is_reachable(phone, tenant))
}

/// Whether the practice sends texts to that country.
pub(crate) fn is_reachable(phone: &PhoneNumber, tenant: &Tenant) -> bool {
    tenant.countries.iter().any(|country| phone.country() == Some(country.as_str()))
}

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    /// A patient's name and where they can be reached.
    pub(crate) async fn open_patient(&self, tenant: &Tenant, patient: &Patient) -> Result<OpenPatient, Error> {
        let sealer = self.sealer(tenant, &patient.salt).await?;
        let profile: PatientProfile =
            sealer.open_json(&patient_row(&patient.patient_id), field::PROFILE, &patient.profile)?;
        Ok(OpenPatient {
            name: Phi::new(format!("{} {}", profile.given_name, profile.family_name)),
            contact: Contact {
                phone: reachable(profile.phone.as_ref(), tenant),
                email: profile.email.as_deref().and_then(|text| EmailAddress::parse(text).ok()),
                timezone: patient.timezone.clone(),
            },
        })
    }

    /// Where a clinician can be reached.
    pub(crate) async fn clinician_contact(&self, tenant: &Tenant, clinician: &Clinician) -> Result<Contact, Error> {
        let sealer = self.sealer(tenant, &clinician.salt).await?;
        let row = clinician_row(&clinician.clinician_id);
        let profile: ClinicianProfile = sealer.open_json(&row, field::PROFILE, &clinician.profile)?;
        Ok(Contact {
            phone: reachable(Some(&profile.phone), tenant),
            email: EmailAddress::parse(&profile.email).ok(),
            timezone: clinician.timezone.clone(),
        })
    }
}

/// The names of the fields that are not as before; all of them of somebody new. Names alone: the values are personal.
pub(crate) fn changed_of_patient(
    before: Option<(&Patient, &PatientProfile)>,
    after: (&Patient, &PatientProfile),
) -> Vec<String> {
    let differs = |is: fn(&Patient, &PatientProfile) -> Option<String>| {
        before.is_none_or(|(p, profile)| is(p, profile) != is(after.0, after.1))
    };
    let fields: [(&str, bool); 8] = [
        ("givenName", differs(|_, profile| Some(profile.given_name.clone()))),
        ("familyName", differs(|_, profile| Some(profile.family_name.clone()))),
        ("phone", differs(|_, profile| Some(profile.phone.as_ref()?.expose().to_owned()))),
        ("email", differs(|_, profile| profile.email.clone())),
        ("state", differs(|p, _| Some(p.state.to_string()))),
        ("country", differs(|p, _| p.country.as_ref().map(ToString::to_string))),
        ("timezone", differs(|p, _| Some(p.timezone.to_string()))),
        ("locale", differs(|p, _| Some(p.locale.to_string()))),
    ];
    fields.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name.to_owned()).collect()
}

/// The same of a clinician.
pub(crate) fn changed_of_clinician(
    before: Option<(&Clinician, &ClinicianProfile)>,
    after: (&Clinician, &ClinicianProfile),
) -> Vec<String> {
    let differs = |is: fn(&Clinician, &ClinicianProfile) -> Option<String>| {
        before.is_none_or(|(c, profile)| is(c, profile) != is(after.0, after.1))
    };
    let states = |c: &Clinician| c.licensed_states.iter().map(State::as_str).collect::<Vec<_>>().join(" ");
    let fields: [(&str, bool); 8] = [
        ("givenName", differs(|c, _| Some(c.given_name.clone()))),
        ("familyName", differs(|_, profile| Some(profile.family_name.clone()))),
        ("title", differs(|_, profile| Some(profile.title.clone()))),
        ("phone", differs(|_, profile| Some(profile.phone.expose().to_owned()))),
        ("email", differs(|_, profile| Some(profile.email.clone()))),
        ("licensedStates", before.is_none_or(|(c, _)| states(c) != states(after.0))),
        ("timezone", differs(|c, _| Some(c.timezone.to_string()))),
        ("connectAgentId", differs(|c, _| c.connect_agent_id.clone())),
    ];
    fields.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name.to_owned()).collect()
}
