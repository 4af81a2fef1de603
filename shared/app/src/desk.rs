//! The desk: who is there, who is let in, who is turned away or taken out.

use crate::api;
use crate::caller::Desk;
use crate::change::Change;
use crate::error::Error;
use crate::messages::About;
use crate::ports::{Guard, Keys, Media, Row, Store, Texter};
use crate::practice::App;
use crate::seat::admit;
use bedside_domain::access::Role;
use bedside_domain::audit::EventType;
use bedside_domain::file::VisitFile;
use bedside_domain::id::ParticipantId;
use bedside_domain::message::Template;
use bedside_domain::outbox::Message;
use bedside_domain::participant::{MediaGrant, Participant, ParticipantStatus};
use bedside_domain::visit::{Channel, MediaProvider, MeetingRecord, Owed};

/// Whoever has not been heard of for so long has put the phone away: they are called by text.
const ASLEEP_MILLIS: i64 = 10_000;

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    /// Everyone of the visit, the longest waiting first.
    ///
    /// # Errors
    /// As the contract says of `GET /api/visits/{visitId}/participants`.
    pub async fn list_participants(&self, desk: &Desk) -> Result<api::Participants, Error> {
        Ok(api::Participants { participants: self.participant_views(&desk.file).await? })
    }

    /// Turns away somebody who waits.
    ///
    /// # Errors
    /// As the contract says of `POST …/participants/{participantId}/reject`.
    pub async fn reject_participant(&self, desk: Desk, id: ParticipantId) -> Result<api::ParticipantState, Error> {
        let actor = desk.actor;
        self.change(desk.file, |file, change| {
            let mut participant = seat(file, id)?.clone();
            match participant.status {
                ParticipantStatus::Rejected => return Ok(state(&participant)),
                ParticipantStatus::Waiting => {}
                ParticipantStatus::Admitted
                | ParticipantStatus::Joined
                | ParticipantStatus::Left
                | ParticipantStatus::Removed => return Err(Error::ParticipantState),
            }
            participant.become_status(ParticipantStatus::Rejected, change.now);
            let who = id.to_string();
            change.record(&actor, EventType::ParticipantRejected, None, |event| event.with("participantId", who))?;
            change.put(Row::Participant(participant.clone()), Guard::Present);
            Ok(state(&participant))
        })
        .await
    }
}

impl<S: Store, K: Keys, M, E: Sync, T: Texter> App<S, K, M, E, T> {
    /// Lets somebody in. Admission belongs to the person, not to the connection.
    ///
    /// # Errors
    /// As the contract says of `POST …/participants/{participantId}/admit`.
    pub async fn admit_participant(&self, desk: Desk, id: ParticipantId) -> Result<api::ParticipantState, Error> {
        let (actor, visit_id) = (desk.actor, desk.file.visit.visit_id);
        let tenant = self.tenant(&desk.file.visit.tenant).await?;
        let asleep = desk.file.participant(id).filter(|p| is_asleep(p, self.clock.now()));
        let contact = match asleep {
            Some(p) if p.role == Role::Patient => Some(self.contact_of(&tenant, &desk.file, p.role).await?),
            Some(_) | None => None,
        };
        let (answer, owed) = self
            .change(desk.file, |file, change| {
                let mut participant = seat(file, id)?.clone();
                if participant.status.is_admitted() {
                    return Ok((state(&participant), vec![]));
                }
                if participant.status != ParticipantStatus::Waiting {
                    return Err(Error::ParticipantState);
                }
                let sleeps = is_asleep(&participant, change.now);
                admit(change, &actor, &mut participant, None)?;
                change.put(Row::Participant(participant.clone()), Guard::Present);
                let contact = contact.as_ref().filter(|_| sleeps);
                let owed = match contact {
                    Some(contact) => self.call_in(file, change, &participant, contact)?,
                    None => vec![],
                };
                Ok((state(&participant), owed))
            })
            .await?;
        if !owed.is_empty() {
            // The person is in, whatever becomes of the text: what fails stays owed, and `tick` sends it.
            let file = self.file(visit_id).await?;
            if let Err(error) = self.deliver_texts(file, owed, &actor).await {
                tracing::warn!(?error, "the text that calls somebody in stays owed");
            }
        }
        Ok(answer)
    }

    fn call_in(
        &self,
        file: &VisitFile,
        change: &mut Change,
        participant: &Participant,
        contact: &crate::profile::Contact,
    ) -> Result<Vec<Message>, Error> {
        let Some(link) = file.live_link(participant.role, change.now) else { return Ok(vec![]) };
        let about = About {
            template: Template::Ready,
            role: participant.role,
            participant_id: participant.participant_id,
            former: None,
            link_id: Some(link.link_id),
            challenge_id: None,
        };
        self.owe(change, Channel::Sms, contact, &about)
    }
}

impl<S: Store, K: Keys, M: Media, E, T> App<S, K, M, E, T> {
    /// Takes somebody out of the call: their session ends, and so do their media credentials.
    ///
    /// # Errors
    /// As the contract says of `POST …/participants/{participantId}/remove`.
    pub async fn remove_participant(&self, desk: Desk, id: ParticipantId) -> Result<api::ParticipantState, Error> {
        let actor = desk.actor;
        let in_panel = desk.file.participant(id).is_some_and(|participant| {
            participant.role == Role::Clinician && participant.status == ParticipantStatus::Joined
        });
        let (answer, grant, meeting): (_, Option<MediaGrant>, Option<MeetingRecord>) = self
            .change(desk.file, |file, change| {
                let mut participant = seat(file, id)?.clone();
                match participant.status {
                    ParticipantStatus::Removed => {
                        return Ok((state(&participant), participant.media, file.visit.meeting.clone()));
                    }
                    ParticipantStatus::Admitted | ParticipantStatus::Joined | ParticipantStatus::Left => {}
                    ParticipantStatus::Waiting | ParticipantStatus::Rejected => return Err(Error::ParticipantState),
                }
                participant.become_status(ParticipantStatus::Removed, change.now);
                change.visit.owe(Owed::StaleAttendees, change.now);
                let who = id.to_string();
                change.record(&actor, EventType::ParticipantRemoved, None, |event| event.with("participantId", who))?;
                change.put(Row::Participant(participant.clone()), Guard::Present);
                Ok((state(&participant), participant.media, file.visit.meeting.clone()))
            })
            .await?;
        let Some(meeting) = meeting else { return Ok(answer) };
        // Repeating the removal repeats this: somebody who is removed must not stay in the call. Whoever has come over
        // to a later one since is not concerned.
        let gone = match grant.filter(|grant| grant.epoch == meeting.epoch) {
            Some(grant) => self.media.delete_attendee(meeting.call(), &grant.attendee_id).await.map(|_| ()),
            // In the Connect panel a clinician has no credentials of ours: the call itself ends.
            None if in_panel && meeting.provider == MediaProvider::Connect => {
                self.media.delete_meeting(meeting.call()).await
            }
            None => Ok(()),
        };
        gone.map_err(|outage| Error::MediaUnavailable(outage.to_string()))?;
        Ok(answer)
    }
}

/// The seat, in a visit where people still come and go.
fn seat(file: &VisitFile, id: ParticipantId) -> Result<&Participant, Error> {
    let participant = file.participant(id).ok_or(Error::NotFound)?;
    if file.visit.status.is_live() { Ok(participant) } else { Err(Error::VisitState(file.visit.status)) }
}

const fn state(participant: &Participant) -> api::ParticipantState {
    api::ParticipantState { participant_id: participant.participant_id, status: participant.status }
}

const fn is_asleep(participant: &Participant, now: bedside_domain::time::Time) -> bool {
    now.since(participant.last_seen_at) > ASLEEP_MILLIS
}
