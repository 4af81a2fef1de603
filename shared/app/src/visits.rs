//! Making and reading visits.

use crate::api::{self, CreateVisit};
use crate::caller::Staff;
use crate::change::{append, event_of};
use crate::error::{Error, FieldError};
use crate::once::Claim;
use crate::ports::{Booking, Chain, CommitError, Guard, Keys, Location, Row, Store, Write};
use crate::practice::{App, label, visit_row};
use crate::profile::PatientData;
use crate::seal::Sealer;
use bedside_domain::access::{AccessPolicy, Role};
use bedside_domain::audit::{EventType, Head};
use bedside_domain::file::VisitFile;
use bedside_domain::id::{ChallengeId, ParticipantId, VisitId};
use bedside_domain::link::Locator;
use bedside_domain::outbox::Transport;
use bedside_domain::participant::{Participant, ParticipantStatus};
use bedside_domain::permit::{Scope, StaffRole};
use bedside_domain::person::{Clinician, Patient, is_licensed};
use bedside_domain::secret::{Mac, Phi, Sealed};
use bedside_domain::time::{Rfc3339, Time};
use bedside_domain::visit::{Visit, VisitStatus, window};

/// How far in the past a visit may be scheduled: clocks differ, forms are filled in slowly.
const PAST_MINUTES: i64 = 5;
/// For how long a locator is kept after its visit has closed, so that an old link is told from a wrong one.
const LOCATOR_MINUTES: i64 = 30 * 24 * 60;

fn invalid(pointer: &str, detail: &str) -> Error {
    Error::ValidationFailed(vec![FieldError::new(pointer, detail)])
}

/// The patient of a new visit.
struct ForPatient {
    row: Patient,
    name: Phi<String>,
    has_phone: bool,
    has_email: bool,
    /// What has to be written of the patient: a new one, or a known one's new clinician.
    write: Option<Write>,
}

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
        let now = self.clock.now();
        let visit_id = match claim {
            Some(claim) => VisitId::new(claim.at, claim.bytes("visit")),
            None => VisitId::new(now, self.entropy.bytes()?),
        };
        if claim.is_some_and(|claim| claim.again)
            && let Some(made) = self.store.file(visit_id).await?
        {
            // An earlier try of this very request has made it, and died before it could say so.
            return self.visit_view(&made, Clinical::None).await;
        }
        if body.scheduled_at.time() < now.plus_minutes(-PAST_MINUTES) {
            return Err(invalid("/scheduledAt", "Must not be in the past."));
        }
        match (body.patient.is_some(), &body.patient_id) {
            (true, Some(_)) => return Err(invalid("", "Give patientId or patient, not both.")),
            (false, None) => return Err(invalid("", "Give patientId or patient.")),
            (true, None) | (false, Some(_)) => {}
        }
        let own = staff.scope() != Scope::Own || staff.subject == body.clinician_id.as_str();
        let clinician = self.store.clinician(&staff.tenant.tenant, &body.clinician_id).await?;
        let clinician = clinician.filter(|_| own).ok_or(Error::ClinicianNotFound)?;
        let factors = body.access.as_ref().and_then(|access| access.factors.as_deref()).unwrap_or_default();
        if factors.iter().enumerate().any(|(n, factor)| factors.iter().take(n).any(|before| before == factor)) {
            return Err(invalid("/access/factors", "Must name each factor once."));
        }
        let access = AccessPolicy::of(&body.access.clone().unwrap_or_default(), &staff.tenant.default_access);
        if access.is_open() && !staff.tenant.allow_open {
            return Err(Error::PolicyTooWeak);
        }
        for attempt in 1..=crate::change::TRIES {
            let patient = self.patient_of(staff, &body, &clinician).await?;
            if !is_licensed(&clinician.licensed_states, &patient.row.state) {
                return Err(Error::ClinicianNotLicensed);
            }
            let contact = body.channel.has_sms() && patient.has_phone || body.channel.has_email() && patient.has_email;
            if !contact {
                return Err(Error::NoContactForChannel);
            }
            let (visit, writes) = self.new_visit(staff, visit_id, &body, &clinician, &patient, access.clone()).await?;
            let bookings = body.scheduled_at.covered(body.duration).count();
            match self.store.commit(&writes).await {
                Ok(()) => {
                    let file =
                        VisitFile { visit, links: vec![], participants: vec![], challenges: vec![], messages: vec![] };
                    return self.visit_view(&file, Clinical::None).await;
                }
                Err(CommitError::Refused(refused)) => {
                    if refused
                        .iter()
                        .any(|(_, row)| matches!(row, Some(Row::Visit(there)) if there.visit_id == visit_id))
                    {
                        return self.visit_view(&self.file(visit_id).await?, Clinical::None).await;
                    }
                    if refused.iter().any(|(place, row)| is_taken(*place, bookings, row.as_ref(), &visit)) {
                        return Err(Error::ClinicianDoubleBooked);
                    }
                    self.pause(attempt).await?;
                }
                Err(CommitError::Conflict) => self.pause(attempt).await?,
                Err(CommitError::Down(outage)) => return Err(outage.into()),
            }
        }
        // Others keep writing the same marks: one of them has the time.
        Err(Error::ClinicianDoubleBooked)
    }

    async fn patient_of(&self, staff: &Staff, body: &CreateVisit, clinician: &Clinician) -> Result<ForPatient, Error> {
        let tenant = &staff.tenant;
        let id = body.patient.as_ref().map(|p| &p.patient_id).or(body.patient_id.as_ref());
        let id = id.ok_or(Error::PatientNotFound)?;
        // Asked before anything is looked up: without a state no licence can be checked.
        let data = body.patient.as_ref().map(|new| PatientData::of_new(new, tenant)).transpose()?;
        let known = self.store.patient(&tenant.tenant, id).await?;
        let (mut row, guard) = match (known, &data) {
            // An existing patient's data is not changed by this.
            (Some(known), _) => {
                let guard = Guard::UpdatedAt(known.updated_at);
                (known, guard)
            }
            (None, Some(data)) => {
                let (row, _) = self.patient_row(tenant, id, data, None, &staff.subject).await?;
                (row, Guard::Absent)
            }
            (None, None) => return Err(Error::PatientNotFound),
        };
        let opened = self.open_patient(tenant, &row).await?;
        let is_new = guard == Guard::Absent;
        let is_new_clinician = !row.clinicians.contains(&clinician.clinician_id);
        if is_new_clinician {
            row.clinicians.push(clinician.clinician_id.clone());
            if !is_new {
                row.updated_at = self.clock.now().max(Time::from_millis(row.updated_at.millis().saturating_add(1)));
            }
        }
        let write = (is_new || is_new_clinician).then(|| Write::Put(Row::Patient(row.clone()), guard));
        Ok(ForPatient {
            row,
            name: opened.name,
            has_phone: opened.contact.phone.is_some(),
            has_email: opened.contact.email.is_some(),
            write,
        })
    }

    /// The visit and the transaction that makes it: first the marks that it books, then the visit, then all else.
    async fn new_visit(
        &self,
        staff: &Staff,
        visit_id: VisitId,
        body: &CreateVisit,
        clinician: &Clinician,
        patient: &ForPatient,
        access: AccessPolicy,
    ) -> Result<(Visit, Vec<Write>), Error> {
        let (tenant, now) = (&staff.tenant, self.clock.now());
        let salt = Sealer::new_salt(&self.entropy)?;
        let sealer = self.sealer(tenant, &salt).await?;
        let row = visit_row(visit_id);
        let seal = |field: &str, text: &str| sealer.seal(&row, field, text);
        let seal_some = |field: &str, text: Option<&api::Text<0, 1000>>| -> Result<Option<Sealed>, Error> {
            text.filter(|text| !text.as_str().is_empty()).map(|text| seal(field, text.as_str())).transpose()
        };
        let (opens_at, closes_at) = window(body.scheduled_at, body.duration, tenant.early_minutes, tenant.late_minutes);
        let meeting_code = if access.public_code { Some(Locator::new(self.entropy.bytes()?)) } else { None };
        let mut visit = Visit {
            visit_id,
            tenant: tenant.tenant.clone(),
            status: VisitStatus::Scheduled,
            scheduled_at: body.scheduled_at,
            duration: body.duration,
            timezone: patient.row.timezone.clone(),
            visit_type: body.visit_type,
            modality: body.modality,
            channel: body.channel,
            clinician_id: clinician.clinician_id.clone(),
            clinician_name: clinician.given_name.clone(),
            patient_id: patient.row.patient_id.clone(),
            locale: patient.row.locale.to_string(),
            created_by: staff.subject.clone(),
            opens_at,
            closes_at,
            access,
            meeting_code,
            patient_seat: ParticipantId::new(now, self.entropy.bytes()?),
            clinician_seat: ParticipantId::new(now, self.entropy.bytes()?),
            patient_has_phone: patient.has_phone,
            patient_name: seal(field::PATIENT_NAME, patient.name.expose())?,
            chief_complaint: seal_some(field::CHIEF_COMPLAINT, body.chief_complaint.as_ref())?,
            patient_instructions: seal_some(field::INSTRUCTIONS, body.patient_instructions.as_ref())?,
            notes: None,
            notes_released: false,
            appointment: body.appointment.clone().map(api::AppointmentReference::into_string),
            salt,
            meeting: None,
            started_at: None,
            ended_at: None,
            end_reason: None,
            owes: vec![],
            // Should nobody end it, `tick` does once it has closed.
            due_at: Some(closes_at),
            calendar_sequence: 0,
            head: Head::genesis(),
            signed_head: None,
            created_at: now,
            updated_at: now,
        };
        let mut writes: Vec<Write> = body
            .scheduled_at
            .covered(body.duration)
            .map(|mark| Write::Put(Row::Booking(booking(&visit, mark)), Guard::Absent))
            .collect();
        writes.extend(patient.write.clone());
        if let Some(code) = &visit.meeting_code {
            let lookup = self.mac(label::LOOKUP, &[code.as_str()])?;
            writes.push(Write::Put(Row::Location(location(&visit, lookup, None)), Guard::Absent));
        }
        let actor = staff.actor();
        let mut events = vec![event_of(&actor, EventType::VisitScheduled, now)];
        if let Some(consent) = &body.consent {
            let event = event_of(&actor, EventType::ConsentRecorded, now);
            events.push(
                event
                    .with("sms", consent.sms)
                    .with("telehealth", consent.telehealth)
                    .with("version", consent.version.as_str().to_owned()),
            );
        }
        for event in events {
            let (record, head) = append(&visit.head, event.of_visit(visit_id.to_string()))?;
            visit.head = head;
            writes.push(Write::Put(Row::Audit(Chain::Visit(visit_id), record), Guard::Absent));
        }
        writes.push(Write::Put(Row::Visit(visit.clone()), Guard::Absent));
        Ok((visit, writes))
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

/// Which clinical text somebody may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clinical {
    /// None.
    None,
    /// Notes once they are released (and the instructions that are meant for the patient).
    Released,
    /// All.
    All,
}

/// Names of sealed fields: part of what they are bound to.
pub(crate) mod field {
    pub(crate) const PATIENT_NAME: &str = "patientName";
    pub(crate) const CHIEF_COMPLAINT: &str = "chiefComplaint";
    pub(crate) const INSTRUCTIONS: &str = "patientInstructions";
    pub(crate) const NOTES: &str = "notes";
    pub(crate) const DISPLAY_NAME: &str = "displayName";
    pub(crate) const LINK: &str = "link";
    pub(crate) const MEETING: &str = "meeting";
    pub(crate) const ATTENDEE: &str = "attendee";
    pub(crate) const ANSWER: &str = "answer";
}

/// A mark of the visit's clinician's day.
pub(crate) fn booking(visit: &Visit, mark: bedside_domain::time::SlotTime) -> Booking {
    Booking { tenant: visit.tenant.clone(), clinician_id: visit.clinician_id.clone(), mark, visit_id: visit.visit_id }
}

/// Where a locator of the visit leads.
pub(crate) fn location(visit: &Visit, lookup: Mac, link_id: Option<bedside_domain::id::LinkId>) -> Location {
    let sweep_at = visit.closes_at.plus_minutes(LOCATOR_MINUTES);
    Location { lookup, tenant: visit.tenant.clone(), visit_id: visit.visit_id, link_id, sweep_at }
}

/// Whether an entry that was refused is a mark that another visit has.
fn is_taken(place: usize, bookings: usize, row: Option<&Row>, visit: &Visit) -> bool {
    match row {
        Some(Row::Booking(there)) => there.visit_id != visit.visit_id,
        Some(_) | None => place < bookings,
    }
}

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    /// A visit as the contract shows it.
    pub(crate) async fn visit_view(&self, file: &VisitFile, clinical: Clinical) -> Result<api::Visit, Error> {
        let visit = &file.visit;
        let sealer = self.visit_sealer(visit).await?;
        let row = visit_row(visit.visit_id);
        let open = |field: &str, sealed: Option<&Sealed>| -> Result<Option<String>, Error> {
            sealed.map(|sealed| sealer.open(&row, field, sealed).map(Phi::into_inner)).transpose()
        };
        let all = clinical == Clinical::All;
        let notes = all || clinical == Clinical::Released && visit.notes_released;
        let participants = if all { Some(self.participant_views(file).await?) } else { None };
        Ok(api::Visit {
            visit_id: visit.visit_id,
            status: visit.status,
            scheduled_at: Rfc3339(visit.scheduled_at.time()),
            duration: visit.duration,
            timezone: visit.timezone.clone(),
            visit_type: visit.visit_type,
            modality: visit.modality,
            channel: visit.channel,
            clinician_id: visit.clinician_id.clone(),
            patient_id: visit.patient_id.clone(),
            opens_at: Rfc3339(visit.opens_at),
            closes_at: Rfc3339(visit.closes_at),
            meeting_code: visit.meeting_code.clone(),
            access: visit.access.clone(),
            messages: messages_view(file),
            participants: participants.filter(|list| !list.is_empty()),
            started_at: visit.started_at.map(Rfc3339),
            ended_at: visit.ended_at.map(Rfc3339),
            end_reason: visit.end_reason,
            chief_complaint: open(field::CHIEF_COMPLAINT, visit.chief_complaint.as_ref().filter(|_| all))?,
            notes: open(field::NOTES, visit.notes.as_ref().filter(|_| notes))?,
            patient_instructions: open(
                field::INSTRUCTIONS,
                visit.patient_instructions.as_ref().filter(|_| clinical != Clinical::None),
            )?,
            created_at: Rfc3339(visit.created_at),
            updated_at: Rfc3339(visit.updated_at),
        })
    }

    /// Everyone of a visit: who waits first, the one who came first in front.
    pub(crate) async fn participant_views(&self, file: &VisitFile) -> Result<Vec<api::ParticipantView>, Error> {
        let sealer = self.visit_sealer(&file.visit).await?;
        let mut list: Vec<_> = file.participants.iter().collect();
        let waits = |p: &Participant| p.status != ParticipantStatus::Waiting;
        list.sort_by_key(|p| (waits(p), p.arrived_at, p.participant_id));
        let view = |p: &Participant| {
            let blocked = file.links.iter().filter(|l| l.participant_id == p.participant_id).map(|l| l.blocked);
            Ok(api::ParticipantView {
                participant_id: p.participant_id,
                role: p.role,
                display_name: display_name(&sealer, file, p)?,
                status: p.status,
                since: Rfc3339(p.since),
                last_seen_at: Rfc3339(p.last_seen_at),
                verified_by: p.verified_by.clone(),
                blocked_attempts: blocked.fold(0, u32::saturating_add),
            })
        };
        list.into_iter().map(view).collect()
    }
}

/// The name at the desk: what they typed or were given, else the name on record.
fn display_name(sealer: &Sealer, file: &VisitFile, p: &Participant) -> Result<String, Error> {
    let visit = visit_row(file.visit.visit_id);
    if let Some(sealed) = &p.display_name {
        return Ok(sealer.open(&seat_row(p.participant_id), field::DISPLAY_NAME, sealed)?.into_inner());
    }
    match p.role {
        Role::Patient => {
            let name = sealer.open(&visit, field::PATIENT_NAME, &file.visit.patient_name)?.into_inner();
            Ok(name.chars().take(80).collect())
        }
        Role::Clinician => Ok(file.visit.clinician_name.chars().take(80).collect()),
        Role::Guest => Ok("Guest".to_owned()),
        Role::Interpreter => Ok("Interpreter".to_owned()),
    }
}

/// How a seat is named in the additional data of what it seals. A guest's link names the seat's, too.
pub(crate) fn seat_row(id: ParticipantId) -> String {
    format!("WHO#{id}")
}

/// How a challenge is named in the additional data of what it seals.
pub(crate) fn challenge_row(id: ChallengeId) -> String {
    format!("CHALLENGE#{id}")
}

fn messages_view(file: &VisitFile) -> api::Messages {
    let newest =
        |transport| file.newest_message(transport).map(|m| api::MessageState { status: m.status, at: Rfc3339(m.at) });
    api::Messages { sms: newest(Transport::Sms), email: newest(Transport::Email) }
}
