//! Moving a visit: to another time, or to another clinician.

use crate::api::{self, RescheduleVisit};
use crate::booking::{booking, location, not_past};
use crate::caller::{Actor, Staff};
use crate::change::Change;
use crate::error::Error;
use crate::links::{Draft, withdraw};
use crate::messages::About;
use crate::ports::{Guard, Keys, Mailer, Row, Store, Texter, Write};
use crate::practice::{App, label};
use crate::profile::Contact;
use crate::seal::Sealer;
use crate::view::Clinical;
use bedside_domain::access::Role;
use bedside_domain::audit::EventType;
use bedside_domain::file::VisitFile;
use bedside_domain::id::{ParticipantId, VisitId};
use bedside_domain::link::{Link, LinkStatus};
use bedside_domain::message::Template;
use bedside_domain::outbox::{Former, Message};
use bedside_domain::participant::{Participant, ParticipantStatus};
use bedside_domain::permit::Scope;
use bedside_domain::person::{Clinician, Patient, is_licensed};
use bedside_domain::time::{Duration, SlotTime};
use bedside_domain::visit::{Channel, Visit, VisitStatus};

/// Where a visit goes.
struct Target {
    scheduled_at: Option<SlotTime>,
    duration: Option<Duration>,
    /// The new clinician, if it is another one.
    clinician: Option<NewClinician>,
}

/// Who takes a visit over, with a seat and a link of their own.
struct NewClinician {
    row: Clinician,
    contact: Contact,
    draft: Draft,
    /// The patient, as one of theirs.
    patient: Option<(Patient, Guard)>,
}

impl<S: Store, K: Keys, M, E: Mailer, T: Texter> App<S, K, M, E, T> {
    /// Moves a visit. The marks move with it or nothing does; links go on for the new window; both sides are told.
    ///
    /// # Errors
    /// As the contract says of `PATCH /api/visits/{visitId}`.
    pub async fn reschedule_visit(
        &self,
        staff: &Staff,
        id: VisitId,
        body: &RescheduleVisit,
    ) -> Result<api::Visit, Error> {
        if body.scheduled_at.is_none() && body.duration.is_none() && body.clinician_id.is_none() {
            return Err(Error::invalid("", "Give scheduledAt, duration or clinicianId."));
        }
        if let Some(at) = body.scheduled_at {
            not_past(at, self.clock.now())?;
        }
        let file = self.file(id).await?;
        staff.sees(&file.visit)?;
        may_move(&file.visit)?;
        let target = Target {
            scheduled_at: body.scheduled_at,
            duration: body.duration,
            clinician: self.new_clinician(staff, &file, body).await?,
        };
        if target.is_there(&file.visit) {
            return self.visit_view(&file, Clinical::None).await;
        }
        self.keep_locators(&file, &target).await?;
        let (sealer, actor) = (self.visit_sealer(&file.visit).await?, staff.actor());
        let (patient, clinician) = self.contacts_of_sides(&staff.tenant, &file).await?;
        let contacts = Contacts { patient, clinician };
        let told = self.may_tell(staff, &file, &contacts).await?;
        let contacts = if told { contacts } else { contacts.unreached() };
        let owed = self
            .change(file, |file, change| {
                staff.sees(&file.visit)?;
                may_move(&file.visit)?;
                self.move_visit(file, change, staff, &actor, &sealer, &target, &contacts)
            })
            .await?;
        let moved = self.file(id).await?;
        self.deliver_or_owe(moved, owed, &actor).await;
        self.visit_view(&self.file(id).await?, Clinical::None).await
    }
}

/// Where the two sides are reached.
struct Contacts {
    patient: Contact,
    clinician: Contact,
}

impl Contacts {
    /// The same two, to whom nothing can be sent now.
    fn unreached(self) -> Self {
        let nowhere = |contact: Contact| Contact { phone: None, email: None, ..contact };
        Self { patient: nowhere(self.patient), clinician: nowhere(self.clinician) }
    }
}

impl<S: Store, K: Keys, M, E: Mailer, T: Texter> App<S, K, M, E, T> {
    /// Whether both sides may be told: moving a visit to and fro sends no more messages than anything else. The move
    /// itself is not refused; the refusal to tell is on record.
    async fn may_tell(&self, staff: &Staff, file: &VisitFile, contacts: &Contacts) -> Result<bool, Error> {
        let to = [(file.visit.channel, &contacts.patient), (Channel::Email, &contacts.clinician)];
        match self.may_send(&staff.client().unnoted(), &staff.actor(), file, &to).await {
            Ok(_) => Ok(true),
            Err(Error::RateLimited { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

impl Target {
    fn is_there(&self, visit: &Visit) -> bool {
        let (scheduled_at, duration) = self.of(visit);
        scheduled_at == visit.scheduled_at && duration == visit.duration && self.clinician.is_none()
    }
    /// Where the visit as it stands goes: what is not asked for stays as others have left it meanwhile.
    fn of(&self, visit: &Visit) -> (SlotTime, Duration) {
        (self.scheduled_at.unwrap_or(visit.scheduled_at), self.duration.unwrap_or(visit.duration))
    }
}

/// A visit is moved before it begins.
fn may_move(visit: &Visit) -> Result<(), Error> {
    if visit.status == VisitStatus::Scheduled { Ok(()) } else { Err(Error::VisitState(visit.status)) }
}

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    async fn new_clinician(
        &self,
        staff: &Staff,
        file: &VisitFile,
        body: &RescheduleVisit,
    ) -> Result<Option<NewClinician>, Error> {
        let visit = &file.visit;
        let Some(id) = body.clinician_id.as_ref().filter(|id| **id != visit.clinician_id) else { return Ok(None) };
        // Clinicians book their own time, nobody else's.
        let row = match staff.scope() {
            Scope::Own => None,
            Scope::Tenant | Scope::Created | Scope::Myself | Scope::Key => {
                self.store.clinician(&staff.tenant.tenant, id).await?
            }
        };
        let row = row.ok_or(Error::ClinicianNotFound)?;
        let patient = self.store.patient(&staff.tenant.tenant, &visit.patient_id).await?;
        let mut patient = patient.ok_or_else(|| Error::Internal("a visit without its patient".to_owned()))?;
        if !is_licensed(&row.licensed_states, &patient.state) {
            return Err(Error::ClinicianNotLicensed);
        }
        let is_known = patient.clinicians.contains(id);
        let guard = Guard::UpdatedAt(patient.updated_at);
        patient.clinicians.push(id.clone());
        patient.updated_at = self.later_than(Some(patient.updated_at));
        let mut moved = visit.clone();
        moved.move_to(body.scheduled_at.unwrap_or(visit.scheduled_at), body.duration.unwrap_or(visit.duration));
        let seat = ParticipantId::new(self.clock.now(), self.entropy.bytes()?);
        let draft = self.draft(&moved, Role::Clinician, seat, None, None).await?;
        let contact = self.clinician_contact(&staff.tenant, &row).await?;
        Ok(Some(NewClinician { row, contact, draft, patient: (!is_known).then_some((patient, guard)) }))
    }

    /// Locators live as long as the window that they lead to. They are lengthened first: should the move fail, no harm.
    async fn keep_locators(&self, file: &VisitFile, target: &Target) -> Result<(), Error> {
        let mut moved = file.visit.clone();
        let (scheduled_at, duration) = target.of(&file.visit);
        moved.move_to(scheduled_at, duration);
        if moved.closes_at <= file.visit.closes_at {
            return Ok(());
        }
        let live = file.links.iter().filter(|link| link.status != LinkStatus::Revoked);
        let codes = live.map(|link| &link.code).chain(&file.visit.meeting_code);
        let mut writes = Vec::new();
        for code in codes {
            let parts = [code.as_str()];
            for lookup in self.macs(label::LOOKUP, &parts).collect::<Vec<_>>() {
                if let Some(there) = self.store.locate(&lookup).await? {
                    let longer = location(&moved, lookup, there.link_id);
                    writes.push(Write::Put(Row::Location(longer), Guard::Present));
                    break;
                }
            }
        }
        match self.store.commit(&writes).await {
            Ok(()) => Ok(()),
            Err(crate::ports::CommitError::Down(outage)) => Err(outage.into()),
            Err(why) => Err(Error::Unavailable(format!("locators: {why:?}"))),
        }
    }

    #[expect(clippy::too_many_arguments, reason = "all of them are the change's context")]
    fn move_visit(
        &self,
        file: &VisitFile,
        change: &mut Change,
        staff: &Staff,
        actor: &Actor,
        sealer: &Sealer,
        target: &Target,
        contacts: &Contacts,
    ) -> Result<Vec<Message>, Error> {
        let before = &file.visit;
        let (scheduled_at, duration) = target.of(before);
        change.visit.move_to(scheduled_at, duration);
        change.visit.calendar_sequence = before.calendar_sequence.saturating_add(1);
        if let Some(new) = &target.clinician {
            change.visit.clinician_id = new.row.clinician_id.clone();
            change.visit.clinician_name = new.row.given_name.clone();
            change.visit.clinician_seat = new.draft.participant_id;
        }
        move_marks(before, change);
        let after = change.visit.clone();
        change.record(actor, EventType::VisitRescheduled, None, |event| {
            let event = event.with("from", before.scheduled_at.time().to_string());
            let event = event.with("to", after.scheduled_at.time().to_string());
            let event = event.with("duration", i64::from(after.duration.minutes()));
            match &target.clinician {
                Some(new) => event.with("clinicianId", new.row.clinician_id.to_string()),
                None => event,
            }
        })?;
        let keeps = |link: &&Link| target.clinician.is_none() || link.role != Role::Clinician;
        for link in file.links.iter().filter(keeps) {
            move_link(change, before, link);
        }
        let mut owed = self.tell(change, file, Role::Patient, before.channel, &contacts.patient)?;
        match &target.clinician {
            None => owed.extend(self.tell(change, file, Role::Clinician, Channel::Email, &contacts.clinician)?),
            Some(new) => {
                owed.extend(self.hand_over(change, file, staff, actor, sealer, new, &contacts.clinician)?);
            }
        }
        Ok(owed)
    }

    /// Owes the news of the move to one side.
    fn tell(
        &self,
        change: &mut Change,
        file: &VisitFile,
        role: Role,
        channel: Channel,
        contact: &Contact,
    ) -> Result<Vec<Message>, Error> {
        let seat = if role == Role::Patient { file.visit.patient_seat } else { file.visit.clinician_seat };
        // The link is as good as before: it dies with the new window.
        let link = file.links.iter().find(|l| l.role == role && l.status != LinkStatus::Revoked && l.sealed.is_some());
        let about = About {
            template: Template::Moved,
            role,
            participant_id: seat,
            former: None,
            link_id: link.map(|link| link.link_id),
            challenge_id: None,
        };
        self.owe(change, channel, contact, &about)
    }

    /// The former clinician's link and session end, the new one gets a link; both are told.
    #[expect(clippy::too_many_arguments, reason = "all of them are the change's context")]
    fn hand_over(
        &self,
        change: &mut Change,
        file: &VisitFile,
        staff: &Staff,
        actor: &Actor,
        sealer: &Sealer,
        new: &NewClinician,
        former: &Contact,
    ) -> Result<Vec<Message>, Error> {
        let before = &file.visit;
        if let Some(seated) = file.participant(before.clinician_seat) {
            let held = seated.session.as_ref().map(|session| session.session_id);
            let gone =
                Participant { status: ParticipantStatus::Removed, session: None, since: change.now, ..seated.clone() };
            change.put(Row::Participant(gone), Guard::SessionIs(held));
        }
        for link in file.links.iter().filter(|l| l.role == Role::Clinician && l.status != LinkStatus::Revoked) {
            withdraw(change, actor, link, EventType::TokenRevoked, "moved")?;
        }
        let linkless = VisitFile { visit: change.visit.clone(), links: vec![], ..VisitFile::of(before.clone()) };
        let made = self.make_link(&linkless, change, actor, &staff.tenant, sealer, &new.draft, false)?;
        if let Some((patient, guard)) = &new.patient {
            change.put(Row::Patient(patient.clone()), guard.clone());
        }
        let about = |template, participant_id, former, link_id| About {
            template,
            role: Role::Clinician,
            participant_id,
            former,
            link_id,
            challenge_id: None,
        };
        let was = Former {
            clinician_id: before.clinician_id.clone(),
            scheduled_at: before.scheduled_at,
            duration: before.duration,
        };
        let gone = about(Template::Cancelled, before.clinician_seat, Some(was), None);
        let mut owed = self.owe(change, Channel::Email, former, &gone)?;
        let welcome = about(Template::Initial, new.draft.participant_id, None, Some(made.link.link_id));
        owed.extend(self.owe(change, Channel::Email, &new.contact, &welcome)?);
        Ok(owed)
    }
}

/// Only the difference is written: one transaction may not touch a row twice.
fn move_marks(before: &Visit, change: &mut Change) {
    let after = change.visit.clone();
    let same = before.clinician_id == after.clinician_id;
    let old: Vec<SlotTime> = before.scheduled_at.covered(before.duration).collect();
    let new: Vec<SlotTime> = after.scheduled_at.covered(after.duration).collect();
    for mark in new.iter().filter(|mark| !(same && old.contains(mark))) {
        change.put(Row::Booking(booking(&after, *mark)), Guard::Absent);
    }
    for mark in old.iter().filter(|mark| !(same && new.contains(mark))) {
        change.push(Write::Unbook(booking(before, *mark)));
    }
}

/// A link that lived until the visit closed lives until it closes now; one with a shorter life of its own keeps that.
fn move_link(change: &mut Change, before: &Visit, link: &Link) {
    if link.status != LinkStatus::Revoked && link.expires_at == before.closes_at {
        let moved = Link { expires_at: change.visit.closes_at, ..link.clone() };
        change.put(Row::Link(moved), Guard::Present);
    }
}
