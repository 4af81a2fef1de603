//! A lander's form: a visit for somebody new, confirmed by the phone that was typed.

use crate::api::{self, ScheduleVisit};
use crate::booking::{Booked, Wanted, not_past};
use crate::caller::{Actor, Staff};
use crate::challenges::location_of;
use crate::change::{Change, TRIES};
use crate::error::{Error, FieldError};
use crate::links::Draft;
use crate::messages::{About, sent_set};
use crate::once::Claim;
use crate::ports::{Guard, Keys, Mailer, Row, Store, Texter};
use crate::practice::App;
use crate::profile::{Contact, PatientData, is_reachable};
use crate::seal::Sealer;
use bedside_domain::access::{Factor, Role};
use bedside_domain::audit::EventType;
use bedside_domain::challenge::{CONFIRM_SECONDS, Challenge};
use bedside_domain::file::VisitFile;
use bedside_domain::id::{PatientId, VisitId};
use bedside_domain::message::Template;
use bedside_domain::outbox::Message;
use bedside_domain::permit::StaffRole;
use bedside_domain::person::{Clinician, Tenant, is_licensed};
use bedside_domain::time::Rfc3339;
use bedside_domain::visit::{Channel, Modality, Visit, VisitStatus};

/// A form that was read: whom it is for, and what it asks for.
#[derive(Clone, Copy)]
struct Form<'a> {
    body: &'a ScheduleVisit,
    data: &'a PatientData,
    clinician: &'a Clinician,
    patient_id: &'a PatientId,
    visit_id: VisitId,
}

/// The two sides of a visit that is booked: where they are reached, and a link for each, signed already.
pub(crate) struct Sides {
    patient: (Contact, Draft),
    clinician: (Contact, Draft),
}

impl<S: Store, K: Keys, M, E: Mailer, T: Texter> App<S, K, M, E, T> {
    /// Takes a lander's form. From a page the slot is held until the code on the typed phone confirms it; from a server
    /// the visit is scheduled at once.
    ///
    /// # Errors
    /// As the contract says of `POST /api/schedule`.
    pub async fn schedule_visit(
        &self,
        staff: &Staff,
        body: &ScheduleVisit,
        claim: Option<&Claim>,
    ) -> Result<api::Scheduled, Error> {
        let visit_id = self.visit_id(claim)?;
        if let Some(made) = self.made_before(visit_id, claim).await? {
            return Ok(scheduled(&made.visit, made.challenges.iter().find(|c| c.confirms), &made.messages));
        }
        consented(body)?;
        not_past(body.scheduled_at, self.clock.now())?;
        let data = patient_data(body, &staff.tenant)?;
        let clinician = self.bookable(staff, body).await?;
        let now = self.clock.now();
        // Always somebody new: the id is ours.
        let patient_id = PatientId::parse(&VisitId::new(now, self.entropy.bytes()?).to_string());
        let patient_id = patient_id.map_err(|why| Error::Internal(why.to_string()))?;
        // Asked before anything is counted: what can never be booked costs nobody's place.
        if !is_licensed(&clinician.licensed_states, &data.state) {
            return Err(Error::ClinicianNotLicensed);
        }
        if !is_reachable(&body.patient.phone, &staff.tenant) {
            return Err(Error::NoContactForChannel);
        }
        let taken = match &staff.key {
            Some(key) if staff.role == StaffRole::Publishable => {
                self.may_miss(staff.client()).await?;
                self.may_request_visit(staff.client(), &body.patient.phone, key.key_id).await?
            }
            Some(_) | None => vec![],
        };
        let form = Form { body, data: &data, clinician: &clinician, patient_id: &patient_id, visit_id };
        match self.book_form(staff, &form).await {
            // Nothing came of it: whoever asks for another time is not too early. But a page has only so many guesses.
            Err(Error::ClinicianDoubleBooked) => {
                self.give_back(taken).await;
                let error = Error::ClinicianDoubleBooked;
                let is_page = staff.role == StaffRole::Publishable;
                Err(if is_page { self.missed(staff.client(), error).await } else { error })
            }
            // What else fails may have been booked: its place stays taken.
            booked => booked,
        }
    }

    async fn book_form(&self, staff: &Staff, form: &Form<'_>) -> Result<api::Scheduled, Error> {
        let Form { body, data, clinician, patient_id, visit_id } = *form;
        let channel = if data.email.is_some() { Channel::Both } else { Channel::Sms };
        let is_page = staff.role == StaffRole::Publishable;
        let actor = staff.actor();
        for attempt in 1..=TRIES {
            let patient =
                self.for_patient(&staff.tenant, &staff.subject, patient_id, None, Some(data), clinician).await?;
            let wanted = Wanted {
                tenant: &staff.tenant,
                clinician,
                patient: &patient,
                scheduled_at: body.scheduled_at,
                duration: body.duration,
                visit_type: body.visit_type,
                modality: Modality::Video,
                channel,
                access: staff.tenant.default_access.clone(),
                chief_complaint: body.chief_complaint.as_ref().map(api::Text::as_str),
                patient_instructions: None,
                appointment: None,
                consent: Some(&body.consent),
                created_by: &staff.subject,
                status: if is_page { VisitStatus::Requested } else { VisitStatus::Scheduled },
            };
            let mut change = self.new_visit(visit_id, &wanted, &actor).await?;
            let sealer = self.sealer(&staff.tenant, &change.visit.salt).await?;
            let owed = if is_page {
                self.ask_to_confirm(&mut change, &patient.contact, &sealer, &actor)?
            } else {
                let sides = self.sides(&staff.tenant, &change.visit, patient.contact.clone(), clinician).await?;
                self.welcome(&mut change, &staff.tenant, &sealer, &sides, &actor)?
            };
            match self.book(change).await? {
                Booked::New(_) => return self.sent_for(visit_id, owed, &actor).await,
                Booked::There(file) => {
                    return Ok(scheduled(&file.visit, file.challenges.iter().find(|c| c.confirms), &file.messages));
                }
                Booked::Again => {}
            }
            self.pause(attempt).await?;
        }
        Err(Error::ClinicianDoubleBooked)
    }

    /// Sends what a new visit owes. What could not be sent is said, still owed, and goes with the next tick.
    async fn sent_for(&self, id: VisitId, owed: Vec<Message>, actor: &Actor) -> Result<api::Scheduled, Error> {
        let file = self.file(id).await?;
        let told = match self.deliver(file.clone(), owed.clone(), actor).await {
            Ok(told) => told,
            Err(error) => {
                tracing::warn!(?error, "messages of a new visit are still owed");
                owed
            }
        };
        Ok(scheduled(&file.visit, file.challenges.iter().find(|c| c.confirms), &told))
    }
}

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    /// The clinician, if this key may book them.
    async fn bookable(&self, staff: &Staff, body: &ScheduleVisit) -> Result<Clinician, Error> {
        let of_key = |key: &bedside_domain::person::ApiKey| key.clinician_ids.contains(&body.clinician_id);
        let may = staff.role != StaffRole::Publishable || staff.key.as_ref().is_some_and(of_key);
        let clinician = if may { self.store.clinician(&staff.tenant.tenant, &body.clinician_id).await? } else { None };
        clinician.ok_or(Error::ClinicianNotFound)
    }

    /// The code whose right answer confirms the visit, and the text that carries it.
    fn ask_to_confirm(
        &self,
        change: &mut Change,
        contact: &Contact,
        sealer: &Sealer,
        actor: &Actor,
    ) -> Result<Vec<Message>, Error> {
        let answer = self.answer_for(Factor::SmsOtp, contact)?;
        let seat = change.visit.patient_seat;
        let challenge =
            self.new_challenge(&change.visit, Role::Patient, seat, Factor::SmsOtp, None, &answer, sealer, change.now)?;
        let expires_at = change.now.plus_seconds(CONFIRM_SECONDS);
        let challenge = Challenge { confirms: true, expires_at, ..challenge };
        let id = challenge.challenge_id;
        let location = location_of(&challenge);
        change.put(Row::Location(location), Guard::Absent);
        change.put(Row::Challenge(challenge), Guard::Absent);
        change.record(actor, EventType::ChallengeSent, None, |event| {
            let event = event.with("factor", Factor::SmsOtp.as_str().to_owned());
            let event = event.with("challengeId", id.to_string());
            match &contact.phone {
                Some(phone) => event.with("to", phone.mask()),
                None => event,
            }
        })?;
        let about = About {
            template: Template::OneTimeCode,
            role: Role::Patient,
            participant_id: seat,
            former: None,
            link_id: None,
            challenge_id: Some(id),
        };
        self.owe(change, Channel::Sms, contact, &about)
    }

    /// The two sides of a visit, with links that are signed already (two KMS calls).
    pub(crate) async fn sides(
        &self,
        tenant: &Tenant,
        visit: &Visit,
        patient: Contact,
        clinician: &Clinician,
    ) -> Result<Sides, Error> {
        let contact = self.clinician_contact(tenant, clinician).await?;
        let (for_patient, for_clinician) = tokio::join!(
            self.draft(visit, Role::Patient, visit.patient_seat, None, None),
            self.draft(visit, Role::Clinician, visit.clinician_seat, None, None)
        );
        Ok(Sides { patient: (patient, for_patient?), clinician: (contact, for_clinician?) })
    }

    /// Links for both sides of a visit that is booked now, and the messages that carry them: nobody else will send them.
    pub(crate) fn welcome(
        &self,
        change: &mut Change,
        tenant: &Tenant,
        sealer: &Sealer,
        sides: &Sides,
        actor: &Actor,
    ) -> Result<Vec<Message>, Error> {
        let mut owed = Vec::new();
        let channel = change.visit.channel;
        for ((contact, draft), channel) in [(&sides.patient, channel), (&sides.clinician, Channel::Email)] {
            let file = VisitFile::of(change.visit.clone());
            let made = self.make_link(&file, change, actor, tenant, sealer, draft, false)?;
            let about = About {
                template: Template::Initial,
                role: draft.role,
                participant_id: draft.participant_id,
                former: None,
                link_id: Some(made.link.link_id),
                challenge_id: None,
            };
            owed.extend(self.owe(change, channel, contact, &about)?);
        }
        Ok(owed)
    }

    /// What confirming a visit needs, made before the change: nothing of it counts until then.
    pub(crate) async fn sides_of(&self, tenant: &Tenant, file: &VisitFile) -> Result<Sides, Error> {
        let clinician = async { Ok(self.store.clinician(&tenant.tenant, &file.visit.clinician_id).await?) };
        let (patient, clinician) = tokio::try_join!(self.contact_of(tenant, file, Role::Patient), clinician)?;
        let clinician = clinician.ok_or_else(|| Error::Internal("a visit without its clinician".to_owned()))?;
        self.sides(tenant, &file.visit, patient, &clinician).await
    }
}

fn scheduled(visit: &Visit, challenge: Option<&Challenge>, messages: &[Message]) -> api::Scheduled {
    api::Scheduled {
        visit_id: visit.visit_id,
        status: visit.status,
        challenge_id: challenge.map(|challenge| challenge.challenge_id),
        scheduled_at: Rfc3339(visit.scheduled_at.time()),
        duration: visit.duration,
        sent: sent_set(&messages.iter().cloned().map(Message::as_told).collect::<Vec<_>>()),
    }
}

/// Without both consents there is no visit by video and no text.
fn consented(body: &ScheduleVisit) -> Result<(), Error> {
    let given = [("sms", body.consent.sms), ("telehealth", body.consent.telehealth)];
    let missing = given.into_iter().filter(|(_, given)| !given);
    let errors: Vec<_> = missing
        .map(|(name, _)| FieldError::new(format!("/consent/{name}"), "Must be given to ask for a visit here."))
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(Error::ValidationFailed(errors)) }
}

fn patient_data(body: &ScheduleVisit, tenant: &Tenant) -> Result<PatientData, Error> {
    let patient = &body.patient;
    Ok(PatientData {
        name: crate::profile::names("/patient", patient.given_name.as_str(), patient.family_name.as_str())?,
        phone: Some(patient.phone.clone()),
        email: patient.email.clone(),
        state: patient.state.clone().ok_or(Error::PatientStateRequired)?,
        country: None,
        timezone: patient.timezone.clone().unwrap_or_else(|| tenant.timezone.clone()),
        locale: patient.locale.clone().unwrap_or_else(|| tenant.locale.clone()),
    })
}
