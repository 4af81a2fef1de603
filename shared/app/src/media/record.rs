//! What the table knows of calls and of who is in them.

use super::answer::joined;
use super::{Current, Pass, admitted};
use crate::api;
use crate::caller::Actor;
use crate::change::Change;
use crate::error::Error;
use crate::ports::{Credentials, Guard, Keys, Media, Row, Store};
use crate::practice::{App, visit_row};
use crate::seal::Sealer;
use crate::visits::{field, seat_row};
use bedside_domain::audit::EventType;
use bedside_domain::file::VisitFile;
use bedside_domain::id::{ParticipantId, SessionId};
use bedside_domain::participant::{MediaGrant, Participant, ParticipantStatus};
use bedside_domain::visit::{MeetingRecord, Visit};

impl<S: Store, K: Keys, M: Media, E, T> App<S, K, M, E, T> {
    /// The change that records new credentials (and, with them, a new meeting).
    #[expect(clippy::too_many_arguments, reason = "all of them are the record")]
    pub(super) fn record_media(
        &self,
        file: &VisitFile,
        mut participant: Participant,
        session: SessionId,
        current: &Current,
        credentials: &Credentials,
        sealer: &Sealer,
        actor: &Actor,
    ) -> Result<Change, Error> {
        let mut change = Change::of(file, self.clock.now());
        if current.is_new {
            change.visit.meeting = Some(current.record.clone());
        }
        participant.media = Some(MediaGrant {
            epoch: current.record.epoch,
            attendee_id: credentials.attendee.attendee_id.clone(),
            session_id: session,
            given_at: Some(change.now),
            attendee: sealer.seal_json(&seat_row(participant.participant_id), field::ATTENDEE, credentials)?,
        });
        participant.become_status(ParticipantStatus::Joined, change.now);
        change.record(actor, EventType::ParticipantJoined, None, |event| {
            event
                .with("participantId", participant.participant_id.to_string())
                .with("attendeeId", credentials.attendee.attendee_id.clone())
                .with("epoch", i64::from(current.record.epoch))
        })?;
        change.put(Row::Participant(participant), Guard::SessionIs(Some(session)));
        Ok(change)
    }

    /// Somebody who had left, or whose coming nobody noted, is there with what they have.
    pub(super) async fn back(
        &self,
        file: VisitFile,
        seat: ParticipantId,
        joined: api::JoinedSession,
        actor: &Actor,
    ) -> Result<api::JoinedSession, Error> {
        self.change(file, |file, change| {
            let mut participant = admitted(file, seat)?.clone();
            if participant.become_status(ParticipantStatus::Joined, change.now) {
                let session = participant.session.as_ref().map(|session| session.session_id);
                let who = seat.to_string();
                change.record(actor, EventType::ParticipantJoined, None, |event| event.with("participantId", who))?;
                change.put(Row::Participant(participant), Guard::SessionIs(session));
            }
            Ok(())
        })
        .await?;
        Ok(joined)
    }
}

/// What the record has of somebody.
pub(super) fn as_recorded(
    visit: &Visit,
    participant: &Participant,
    record: &MeetingRecord,
    grant: &MediaGrant,
    sealer: &Sealer,
) -> Result<Pass, Error> {
    let credentials = sealer.open_json(&seat_row(participant.participant_id), field::ATTENDEE, &grant.attendee)?;
    let meeting = sealer.open_json(&visit_row(visit.visit_id), field::MEETING, &record.join_info)?;
    Ok(Pass::Have(joined(record, meeting, credentials)))
}
