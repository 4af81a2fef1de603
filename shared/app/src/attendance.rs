//! Who is in the call, as its carrier tells: events come late, twice and in any order, so that each is a reason to look
//! how the call stands now, and nothing more.

use crate::caller::Actor;
use crate::change::Change;
use crate::error::Error;
use crate::ports::{Contact, Contacts, Guard, Keys, Media, Row, Store};
use crate::practice::App;
use bedside_domain::access::Role;
use bedside_domain::audit::EventType;
use bedside_domain::file::VisitFile;
use bedside_domain::participant::{Participant, ParticipantStatus};
use bedside_domain::settings::ConnectId;
use bedside_domain::visit::{CallRef, MediaProvider, MeetingRecord, Recording, Visit};

impl<S: Store, K: Keys, M: Contacts + Media, E, T> App<S, K, M, E, T> {
    /// Takes over how a contact of Amazon Connect stands: the clinician has joined once an agent has taken it, all have
    /// left once it is over. `false`: it is no contact of a visit, or of an epoch that is gone.
    ///
    /// # Errors
    /// When Connect or the store is down: whoever told of the event tells it again.
    pub async fn follow_contact(&self, instance: &ConnectId, contact_id: &str) -> Result<bool, Error> {
        let Some(contact) = self.media.contact(instance, contact_id).await? else { return Ok(false) };
        let Some(visit) = contact.visit else { return Ok(false) };
        let Some(file) = self.store.file(visit).await? else { return Ok(false) };
        let call = CallRef { provider: MediaProvider::Connect, meeting_id: contact_id, instance_id: Some(instance) };
        if self.is_left_behind(&file.visit, &contact, call).await? {
            self.media.delete_meeting(call).await?;
            return Ok(false);
        }
        self.change(file, |file, change| {
            // Whoever writes flows of the instance can name any visit in a contact: only ours counts.
            let Some(record) = file.visit.meeting.as_ref().filter(|record| record.call() == call) else {
                return Ok(false);
            };
            note_recording(change, record, contact.recording)?;
            if file.visit.status.is_live() {
                note_presence(file, change, record, &contact)?;
            }
            Ok(true)
        })
        .await
    }

    /// Whether it rings for nobody: a contact of the visit, in the practice's own instance, that was started and never
    /// recorded, and whose time has gone by.
    async fn is_left_behind(&self, visit: &Visit, contact: &Contact, call: CallRef<'_>) -> Result<bool, Error> {
        let record = visit.meeting.as_ref();
        if contact.is_over || record.is_some_and(|record| record.call() == call) {
            return Ok(false);
        }
        let superseded = record.zip(contact.epoch).is_some_and(|(record, epoch)| record.epoch > epoch);
        let tenant = self.tenant(&visit.tenant).await?;
        let instance = tenant.connect.as_ref().map(|connect| &connect.instance_id);
        Ok(instance == call.instance_id && (superseded || !visit.status.is_live()))
    }
}

fn note_recording(change: &mut Change, record: &MeetingRecord, now: Recording) -> Result<(), Error> {
    let actor = Actor::system();
    let before = record.recording;
    if before == Recording::None && now != Recording::None {
        change.record(&actor, EventType::RecordingStarted, None, |event| event)?;
    }
    if before != Recording::Over && now == Recording::Over {
        change.record(&actor, EventType::RecordingStopped, None, |event| event)?;
    }
    // What has stopped is not unheard of again when an older answer comes late.
    if now > before {
        change.visit.meeting = Some(MeetingRecord { recording: now, ..record.clone() });
    }
    Ok(())
}

fn note_presence(
    file: &VisitFile,
    change: &mut Change,
    record: &MeetingRecord,
    contact: &Contact,
) -> Result<(), Error> {
    for participant in file.participants.iter().filter(|participant| participant.status.is_admitted()) {
        let of_this_call = match participant.role {
            Role::Clinician => contact.has_agent,
            Role::Patient | Role::Guest | Role::Interpreter => {
                participant.media.as_ref().is_some_and(|grant| grant.epoch == record.epoch)
            }
        };
        if !of_this_call {
            continue;
        }
        let mut seat = participant.clone();
        let comes = seat.role == Role::Clinician
            && (seat.status == ParticipantStatus::Admitted
                || seat.status == ParticipantStatus::Left && !contact.is_over);
        if comes {
            step(change, &mut seat, ParticipantStatus::Joined, EventType::ParticipantJoined, record)?;
        }
        if contact.is_over && seat.status == ParticipantStatus::Joined {
            step(change, &mut seat, ParticipantStatus::Left, EventType::ParticipantLeft, record)?;
        }
        // Connect tells of the contact alone: whoever is in it is there once an agent has taken it.
        let is_there = contact.has_agent && seat.status == ParticipantStatus::Joined;
        if is_there && !seat.presence.newest().is_some_and(|(_, was_there)| was_there) {
            seat.presence.note(change.now, true);
        }
        if seat != *participant {
            let session = participant.session.as_ref().map(|session| session.session_id);
            change.put(Row::Participant(seat), Guard::SessionIs(session));
        }
    }
    Ok(())
}

pub(crate) fn step(
    change: &mut Change,
    seat: &mut Participant,
    status: ParticipantStatus,
    event_type: EventType,
    record: &MeetingRecord,
) -> Result<(), Error> {
    seat.become_status(status, change.now);
    let (who, epoch) = (seat.participant_id.to_string(), i64::from(record.epoch));
    let actor = Actor::system();
    change.record(&actor, event_type, None, |event| event.with("participantId", who).with("epoch", epoch))
}
