//! A new visit: whom it is for, the time that it books, and the change that makes it.

use crate::api::ConsentInput;
use crate::caller::Actor;
use crate::change::Change;
use crate::error::Error;
use crate::once::Claim;
use crate::ports::{Booking, CommitError, Guard, Keys, Location, Row, Store, Write};
use crate::practice::{App, label, visit_row};
use crate::profile::{Contact, PatientData};
use crate::seal::Sealer;
use crate::visits::field;
use bedside_domain::access::AccessPolicy;
use bedside_domain::audit::{EventType, Head};
use bedside_domain::delivery::Deliveries;
use bedside_domain::file::VisitFile;
use bedside_domain::id::{LinkId, ParticipantId, PatientId, VisitId};
use bedside_domain::link::Locator;
use bedside_domain::person::{Clinician, Country, Patient, Tenant, is_licensed};
use bedside_domain::secret::{Mac, Phi, Sealed};
use bedside_domain::time::{Duration, SlotTime, Time};
use bedside_domain::visit::{Channel, HOLD_MINUTES, Modality, Visit, VisitStatus, VisitType, window};

/// How far in the past a visit may be scheduled: clocks differ, forms are filled in slowly.
const PAST_MINUTES: i64 = 5;
/// For how long a locator is kept after its visit has closed, so that an old link is told from a wrong one.
const LOCATOR_MINUTES: i64 = 30 * 24 * 60;

/// The patient of a new visit.
pub(crate) struct ForPatient {
    pub(crate) row: Patient,
    pub(crate) name: Phi<String>,
    pub(crate) contact: Contact,
    /// What has to be written of the patient: a new one, or a known one's new clinician.
    write: Option<Write>,
}

/// Who asks for a visit, and which one.
pub(crate) struct Wanted<'a> {
    pub(crate) tenant: &'a Tenant,
    pub(crate) clinician: &'a Clinician,
    pub(crate) patient: &'a ForPatient,
    pub(crate) scheduled_at: SlotTime,
    pub(crate) duration: Duration,
    pub(crate) visit_type: VisitType,
    pub(crate) modality: Modality,
    pub(crate) channel: Channel,
    pub(crate) access: AccessPolicy,
    pub(crate) chief_complaint: Option<&'a str>,
    pub(crate) patient_instructions: Option<&'a str>,
    pub(crate) appointment: Option<String>,
    pub(crate) consent: Option<&'a ConsentInput>,
    /// A key's id or a subject.
    pub(crate) created_by: &'a str,
    /// SCHEDULED, or REQUESTED until somebody confirms it.
    pub(crate) status: VisitStatus,
}

/// What came of writing a new visit.
pub(crate) enum Booked {
    /// It is written.
    New(Box<Visit>),
    /// Another try of this very request has written it.
    There(Box<VisitFile>),
    /// Somebody else wrote one of its rows at that moment: it is to be put together anew.
    Again,
}

/// A visit cannot be booked for a time that has gone by.
pub(crate) fn not_past(at: SlotTime, now: Time) -> Result<(), Error> {
    if at.time() < now.plus_minutes(-PAST_MINUTES) {
        return Err(Error::invalid("/scheduledAt", "Must not be in the past."));
    }
    Ok(())
}

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    /// The patient, `known` or new, as one of this clinician's.
    pub(crate) async fn for_patient(
        &self,
        tenant: &Tenant,
        created_by: &str,
        id: &PatientId,
        known: Option<Patient>,
        data: Option<&PatientData>,
        clinician: &Clinician,
    ) -> Result<ForPatient, Error> {
        let (mut row, guard) = match (known, data) {
            // An existing patient's data is not changed by this.
            (Some(known), _) => {
                let guard = Guard::UpdatedAt(known.updated_at);
                (known, guard)
            }
            (None, Some(data)) => {
                let (row, _) = self.patient_row(tenant, id, data, None, created_by).await?;
                (row, Guard::Absent)
            }
            (None, None) => return Err(Error::PatientNotFound),
        };
        if !is_licensed(&clinician.licensed_states, &row.state) {
            return Err(Error::ClinicianNotLicensed);
        }
        let opened = self.open_patient(tenant, &row).await?;
        let is_new = guard == Guard::Absent;
        let is_new_clinician = !row.clinicians.contains(&clinician.clinician_id);
        if is_new_clinician {
            row.clinicians.push(clinician.clinician_id.clone());
            if !is_new {
                row.updated_at = self.later_than(Some(row.updated_at));
            }
        }
        let write = (is_new || is_new_clinician).then(|| Write::Put(Row::Patient(row.clone()), guard));
        Ok(ForPatient { row, name: opened.name, contact: opened.contact, write })
    }

    /// The change that makes the visit: its marks, its patient, its public code, its records.
    pub(crate) async fn new_visit(&self, id: VisitId, wanted: &Wanted<'_>, actor: &Actor) -> Result<Change, Error> {
        let now = self.clock.now();
        let salt = Sealer::new_salt(&self.entropy)?;
        let sealer = self.sealer(wanted.tenant, &salt).await?;
        let row = visit_row(id);
        let seal = |field: &str, text: &str| sealer.seal(&row, field, text);
        let seal_some = |field: &str, text: Option<&str>| -> Result<Option<Sealed>, Error> {
            text.filter(|text| !text.is_empty()).map(|text| seal(field, text)).transpose()
        };
        let Wanted { tenant, clinician, patient, scheduled_at, duration, status, .. } = *wanted;
        let (opens_at, closes_at) = window(scheduled_at, duration, tenant.early_minutes, tenant.late_minutes);
        let meeting_code = if wanted.access.public_code { Some(Locator::new(self.entropy.bytes()?)) } else { None };
        // Should nobody end it, `tick` does once it has closed; should nobody confirm it, when the hold is over.
        let due_at = if status == VisitStatus::Requested { now.plus_minutes(HOLD_MINUTES) } else { closes_at };
        let visit = Visit {
            visit_id: id,
            tenant: tenant.tenant.clone(),
            status,
            scheduled_at,
            duration,
            timezone: patient.row.timezone.clone(),
            visit_type: wanted.visit_type,
            modality: wanted.modality,
            channel: wanted.channel,
            clinician_id: clinician.clinician_id.clone(),
            clinician_name: clinician.given_name.clone(),
            patient_id: patient.row.patient_id.clone(),
            locale: patient.row.locale.to_string(),
            created_by: wanted.created_by.to_owned(),
            opens_at,
            closes_at,
            access: wanted.access.clone(),
            meeting_code,
            patient_seat: ParticipantId::new(now, self.entropy.bytes()?),
            clinician_seat: ParticipantId::new(now, self.entropy.bytes()?),
            patient_has_phone: patient.contact.phone.is_some(),
            patient_country: patient.row.country.clone().unwrap_or_else(Country::us),
            patient_name: seal(field::PATIENT_NAME, patient.name.expose())?,
            chief_complaint: seal_some(field::CHIEF_COMPLAINT, wanted.chief_complaint)?,
            patient_instructions: seal_some(field::INSTRUCTIONS, wanted.patient_instructions)?,
            notes: None,
            notes_released: false,
            appointment: wanted.appointment.clone(),
            salt,
            meeting: None,
            started_at: None,
            ended_at: None,
            end_reason: None,
            cancel_reason: None,
            waiting: 0,
            deliveries: Deliveries::default(),
            owes: vec![],
            link_dies_at: None,
            due_at: Some(due_at),
            calendar_sequence: 0,
            head: Head::genesis(),
            signed_head: None,
            created_at: now,
            updated_at: now,
        };
        let mut change = Change::making(visit, now);
        for mark in scheduled_at.covered(duration) {
            let booking = booking(&change.visit, mark);
            change.put(Row::Booking(booking), Guard::Absent);
        }
        if let Some(write) = &patient.write {
            change.push(write.clone());
        }
        if let Some(code) = change.visit.meeting_code.clone() {
            let lookup = self.mac(label::LOOKUP, &[code.as_str()])?;
            let location = location(&change.visit, lookup, None);
            change.put(Row::Location(location), Guard::Absent);
        }
        let made = if status == VisitStatus::Requested { EventType::VisitRequested } else { EventType::VisitScheduled };
        change.record(actor, made, None, |event| event)?;
        if let Some(consent) = wanted.consent {
            change.record(actor, EventType::ConsentRecorded, None, |event| {
                event
                    .with("sms", consent.sms)
                    .with("telehealth", consent.telehealth)
                    .with("version", consent.version.as_str().to_owned())
            })?;
        }
        Ok(change)
    }

    /// The id of a visit to be made: the same on each try of one request.
    pub(crate) fn visit_id(&self, claim: Option<&Claim>) -> Result<VisitId, Error> {
        match claim {
            Some(claim) => Ok(VisitId::new(claim.at, claim.bytes("visit"))),
            None => Ok(VisitId::new(self.clock.now(), self.entropy.bytes()?)),
        }
    }

    /// What an earlier try of this very request has made, before it died and could not say so.
    pub(crate) async fn made_before(&self, id: VisitId, claim: Option<&Claim>) -> Result<Option<VisitFile>, Error> {
        if claim.is_some_and(|claim| claim.again) { Ok(self.store.file(id).await?) } else { Ok(None) }
    }

    /// Writes a new visit.
    ///
    /// # Errors
    /// 409 when one of its marks is another visit's; 503 when the store is down.
    pub(crate) async fn book(&self, change: Change) -> Result<Booked, Error> {
        let visit = change.visit.clone();
        let writes = change.into_writes();
        match self.store.commit(&writes).await {
            Ok(()) => Ok(Booked::New(Box::new(visit))),
            // Another try of this very request was faster.
            Err(CommitError::Refused(refused))
                if refused.iter().any(|(_, row)| is_visit(row.as_ref(), visit.visit_id)) =>
            {
                Ok(Booked::There(Box::new(self.file(visit.visit_id).await?)))
            }
            Err(CommitError::Refused(refused)) if is_taken(&refused, &writes, visit.visit_id) => {
                Err(Error::ClinicianDoubleBooked)
            }
            Err(CommitError::Refused(_) | CommitError::Conflict) => Ok(Booked::Again),
            Err(CommitError::Down(outage)) => Err(outage.into()),
        }
    }
}

/// Whether a mark that was to be booked is another visit's.
pub(crate) fn is_taken(refused: &[(usize, Option<Row>)], writes: &[Write], mine: VisitId) -> bool {
    refused.iter().any(|(place, row)| match (writes.get(*place), row) {
        (Some(Write::Put(Row::Booking(_), _)), Some(Row::Booking(there))) => there.visit_id != mine,
        (Some(Write::Put(Row::Booking(_), _)), _) => true,
        _ => false,
    })
}

fn is_visit(row: Option<&Row>, id: VisitId) -> bool {
    matches!(row, Some(Row::Visit(there)) if there.visit_id == id)
}

/// A mark of the visit's clinician's day.
pub(crate) fn booking(visit: &Visit, mark: SlotTime) -> Booking {
    Booking { tenant: visit.tenant.clone(), clinician_id: visit.clinician_id.clone(), mark, visit_id: visit.visit_id }
}

/// Where a locator of the visit leads.
pub(crate) fn location(visit: &Visit, lookup: Mac, link_id: Option<LinkId>) -> Location {
    let sweep_at = visit.closes_at.plus_minutes(LOCATOR_MINUTES);
    Location { lookup, tenant: visit.tenant.clone(), visit_id: visit.visit_id, link_id, sweep_at }
}
