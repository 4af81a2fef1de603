//! Making and reading visits.

use crate::api::{self, CreateVisit};
use crate::booking::{Booked, Wanted, not_past};
use crate::caller::Staff;
use crate::change::TRIES;
use crate::error::Error;
use crate::once::Claim;
use crate::ports::{Keys, Store};
use crate::practice::App;
use crate::profile::{Contact, PatientData};
use crate::view::Clinical;
use bedside_domain::access::AccessPolicy;
use bedside_domain::audit::EventType;
use bedside_domain::file::VisitFile;
use bedside_domain::id::{ChallengeId, ParticipantId, VisitId};
use bedside_domain::permit::{Scope, StaffRole};
use bedside_domain::person::Tenant;
use bedside_domain::visit::{Channel, VisitStatus};

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    /// Books the clinician's time and makes the visit, in one transaction.
    ///
    /// # Errors
    /// As the contract says of `POST /api/visits`.
    pub async fn create_visit(
        &self,
        staff: &Staff,
        body: CreateVisit,
        claim: Option<&Claim>,
    ) -> Result<api::Visit, Error> {
        let visit_id = self.visit_id(claim)?;
        if let Some(made) = self.made_before(visit_id, claim).await? {
            return self.visit_view(&made, Clinical::None).await;
        }
        let tenant = &staff.tenant;
        not_past(body.scheduled_at, self.clock.now())?;
        let id = match (&body.patient, &body.patient_id) {
            (Some(_), Some(_)) => return Err(Error::invalid("", "Give patientId or patient, not both.")),
            (None, None) => return Err(Error::invalid("", "Give patientId or patient.")),
            (Some(new), None) => &new.patient_id,
            (None, Some(id)) => id,
        };
        let own = staff.scope() != Scope::Own || staff.subject == body.clinician_id.as_str();
        let clinician = self.store.clinician(&tenant.tenant, &body.clinician_id).await?;
        let clinician = clinician.filter(|_| own).ok_or(Error::ClinicianNotFound)?;
        let access = access_of(&body, tenant)?;
        // Asked before the patient is looked up: without a state no licence can be checked.
        let data = body.patient.as_ref().map(|new| PatientData::of_new(new, tenant)).transpose()?;
        let actor = staff.actor();
        for attempt in 1..=TRIES {
            let known = self.store.patient(&tenant.tenant, id).await?;
            let patient = self.for_patient(tenant, &staff.subject, id, known, data.as_ref(), &clinician).await?;
            reachable(body.channel, &patient.contact)?;
            let wanted = Wanted {
                tenant,
                clinician: &clinician,
                patient: &patient,
                scheduled_at: body.scheduled_at,
                duration: body.duration,
                visit_type: body.visit_type,
                modality: body.modality,
                channel: body.channel,
                access: access.clone(),
                chief_complaint: body.chief_complaint.as_ref().map(api::Text::as_str),
                patient_instructions: body.patient_instructions.as_ref().map(api::Text::as_str),
                appointment: body.appointment.clone().map(api::AppointmentReference::into_string),
                consent: body.consent.as_ref(),
                created_by: &staff.subject,
                status: VisitStatus::Scheduled,
            };
            let change = self.new_visit(visit_id, &wanted, &actor).await?;
            match self.book(change).await? {
                Booked::New(visit) => return self.visit_view(&VisitFile::of(*visit), Clinical::None).await,
                Booked::There(file) => return self.visit_view(&file, Clinical::None).await,
                Booked::Again => self.pause(attempt).await?,
            }
        }
        // Others keep writing the same marks: one of them has the time.
        Err(Error::ClinicianDoubleBooked)
    }

    /// Reads a visit, with the fields that the caller's role may see.
    ///
    /// # Errors
    /// As the contract says of `GET /api/visits/{visitId}`.
    pub async fn get_visit(&self, staff: &Staff, id: VisitId) -> Result<api::Visit, Error> {
        let file = self.file(id).await?;
        staff.sees(&file.visit)?;
        let clinical = match staff.role {
            StaffRole::Admin | StaffRole::Clinician => Clinical::All,
            StaffRole::Patient => Clinical::Released,
            StaffRole::Auditor | StaffRole::Scheduler | StaffRole::Publishable => Clinical::None,
        };
        let view = self.visit_view(&file, clinical).await?;
        if view.chief_complaint.is_some() || view.notes.is_some() {
            let actor = staff.actor();
            self.change(file, |_, change| change.record(&actor, EventType::PhiRead, None, |event| event)).await?;
        }
        Ok(view)
    }
}

/// The access policy of a new visit.
fn access_of(body: &CreateVisit, tenant: &Tenant) -> Result<AccessPolicy, Error> {
    let access = AccessPolicy::of(&body.access.clone().unwrap_or_default(), &tenant.default_access);
    if access.is_open() && !tenant.allow_open { Err(Error::PolicyTooWeak) } else { Ok(access) }
}

/// Whether somebody has an address for the channel.
pub(crate) fn reachable(channel: Channel, contact: &Contact) -> Result<(), Error> {
    let any = channel.has_sms() && contact.phone.is_some() || channel.has_email() && contact.email.is_some();
    if any { Ok(()) } else { Err(Error::NoContactForChannel) }
}

/// Names of sealed fields: part of what they are bound to.
pub(crate) mod field {
    pub(crate) const PROFILE: &str = "profile";
    pub(crate) const PATIENT_NAME: &str = "patientName";
    pub(crate) const CHIEF_COMPLAINT: &str = "chiefComplaint";
    pub(crate) const INSTRUCTIONS: &str = "patientInstructions";
    pub(crate) const NOTES: &str = "notes";
    pub(crate) const CANCEL_REASON: &str = "cancelReason";
    pub(crate) const DISPLAY_NAME: &str = "displayName";
    pub(crate) const LINK: &str = "link";
    pub(crate) const CONTACT: &str = "contact";
    pub(crate) const MEETING: &str = "meeting";
    pub(crate) const ATTENDEE: &str = "attendee";
    pub(crate) const ANSWER: &str = "answer";
}

/// How a seat is named in the additional data of what it seals. A guest's link names the seat's, too.
pub(crate) fn seat_row(id: ParticipantId) -> String {
    format!("WHO#{id}")
}

/// How a challenge is named in the additional data of what it seals.
pub(crate) fn challenge_row(id: ChallengeId) -> String {
    format!("CHALLENGE#{id}")
}
