//! Media credentials: one meeting for each epoch, one live attendee for each seat, whoever races or fails.
//!
//! Our own record is the truth. The provider's calls are idempotent or harmless: a meeting by its token, a surplus
//! attendee is deleted. The record is one transaction, audited as PARTICIPANT_JOINED.

use crate::api;
use crate::caller::{Actor, Seated};
use crate::change::{Change, TRIES};
use crate::error::{Error, Outage};
use crate::ports::{ChimeAttendee, ChimeMeeting, CommitError, Guard, Keys, Media, MediaError, Meeting, Row, Store};
use crate::practice::{App, visit_row};
use crate::seal::Sealer;
use crate::visits::{field, seat_row};
use bedside_domain::audit::EventType;
use bedside_domain::file::VisitFile;
use bedside_domain::id::{ParticipantId, SessionId};
use bedside_domain::join;
use bedside_domain::participant::{MediaGrant, Participant, ParticipantStatus};
use bedside_domain::visit::{MediaProvider, MeetingRecord, Visit};

fn down(outage: &Outage) -> Error {
    Error::MediaUnavailable(outage.to_string())
}

/// A meeting that is on: as it stands in the table, or just made.
struct Current {
    record: MeetingRecord,
    join_info: ChimeMeeting,
    is_new: bool,
}

/// What one pass has found.
#[expect(clippy::large_enum_variant, reason = "one at a time")]
enum Pass {
    /// The record has it, and the provider still knows it.
    Have(api::JoinedSession),
    /// New credentials were made, to be recorded.
    Made { current: Current, attendee: ChimeAttendee },
    /// The provider has ended the meeting: make it anew.
    Ended,
}

impl<S: Store, K: Keys, M: Media, E, T> App<S, K, M, E, T> {
    /// Media for the session on a seat that was admitted: the same again after a drop, new ones for a new device or
    /// epoch.
    ///
    /// # Errors
    /// 503 `MEDIA_UNAVAILABLE` when the provider fails: nothing is lost, the same caller goes on from there. Also when
    /// another session takes the seat meanwhile: its credentials are not this caller's.
    pub(crate) async fn media_for(
        &self,
        mut file: VisitFile,
        seat: ParticipantId,
        actor: &Actor,
    ) -> Result<api::JoinedSession, Error> {
        let id = file.visit.visit_id;
        let sealer = self.visit_sealer(&file.visit).await?;
        let session = session_of(admitted(&file, seat)?).ok_or(Error::Unauthenticated)?;
        let mut is_over = false;
        // What was made and could not be recorded yet, because something else of the visit was written meanwhile.
        let mut made: Option<(Current, ChimeAttendee)> = None;
        for attempt in 1..=TRIES {
            let participant = admitted(&file, seat)?.clone();
            if session_of(&participant) != Some(session) {
                return Err(Error::MediaUnavailable("the seat was taken meanwhile".to_owned()));
            }
            let (current, attendee) = match made.take() {
                Some(fitting) => fitting,
                None => match self.pass(&file.visit, &participant, session, &sealer, is_over).await? {
                    Pass::Have(joined) => return self.back(file, seat, joined, actor).await,
                    Pass::Ended => {
                        is_over = true;
                        continue;
                    }
                    Pass::Made { current, attendee } => (current, attendee),
                },
            };
            let change = self.record_media(&file, participant, session, &current, &attendee, &sealer, actor)?;
            match self.store.commit(&change.into_writes()).await {
                Ok(()) => return Ok(joined(&current.record, current.join_info, attendee)),
                Err(CommitError::Down(outage)) => return Err(outage.into()),
                Err(CommitError::Refused(_) | CommitError::Conflict) => {
                    self.pause(attempt).await?;
                    file = self.file(id).await?;
                    is_over = false;
                    made = self.still_fitting(&file, seat, session, current, attendee).await;
                }
            }
        }
        Err(Error::Unavailable("dynamodb: the visit is written too often".to_owned()))
    }

    /// What was made, if it can still be recorded; else it is surplus, unless somebody has recorded the very same or
    /// may be about to: the seat's attendee of a meeting is one, whichever session asks for it.
    async fn still_fitting(
        &self,
        file: &VisitFile,
        seat: ParticipantId,
        session: SessionId,
        mut current: Current,
        attendee: ChimeAttendee,
    ) -> Option<(Current, ChimeAttendee)> {
        let participant = file.participant(seat);
        let grant = participant.and_then(|p| p.media.as_ref());
        if grant.is_some_and(|grant| grant.attendee_id == attendee.attendee_id) {
            return None;
        }
        let same_session = participant.and_then(session_of) == Some(session);
        let recorded = file.visit.meeting.as_ref();
        let is_recorded = recorded.is_some_and(|meeting| meeting.meeting_id == current.record.meeting_id);
        if join::is_live(&file.visit).is_err() && current.is_new && !is_recorded {
            // The visit ended before it knew of this meeting: nobody else will close it.
            if let Err(outage) = self.media.delete_meeting(&current.record.meeting_id).await {
                tracing::warn!(%outage, "a surplus meeting could not be deleted");
            }
            return None;
        }
        let same_meeting = is_recorded || current.is_new && recorded.is_none();
        current.is_new = !is_recorded;
        if same_meeting && admitted(file, seat).is_ok() {
            return same_session.then_some((current, attendee));
        }
        self.surplus(&current.record.meeting_id, &attendee.attendee_id).await;
        None
    }

    /// One look at what the record has, and the provider's calls that are missing.
    async fn pass(
        &self,
        visit: &Visit,
        participant: &Participant,
        session: SessionId,
        sealer: &Sealer,
        is_over: bool,
    ) -> Result<Pass, Error> {
        let record = visit.meeting.as_ref().filter(|_| !is_over);
        if let Some(record) = record {
            let grant = participant.media.as_ref().filter(|g| g.epoch == record.epoch && g.session_id == session);
            if let Some(grant) = grant {
                // Coming back: the provider ends meetings by itself (five minutes without audio, or 24 hours).
                if !self.media.is_alive(&record.meeting_id).await.map_err(|outage| down(&outage))? {
                    return Ok(Pass::Ended);
                }
                let attendee =
                    open_json(sealer, &seat_row(participant.participant_id), field::ATTENDEE, &grant.attendee)?;
                let meeting = open_json(sealer, &visit_row(visit.visit_id), field::MEETING, &record.join_info)?;
                return Ok(Pass::Have(joined(record, meeting, attendee)));
            }
        }
        let current = match record {
            Some(record) => {
                let join_info = open_json(sealer, &visit_row(visit.visit_id), field::MEETING, &record.join_info)?;
                Current { record: record.clone(), join_info, is_new: false }
            }
            None => self.new_meeting(visit, sealer).await?,
        };
        self.take_back(&current.record, participant).await?;
        match self.media.create_attendee(&current.record.meeting_id, participant.participant_id).await {
            Ok(attendee) => Ok(Pass::Made { current, attendee }),
            // A meeting that was made a moment ago and is gone is the provider's fault, not an end.
            Err(MediaError::Gone) if current.is_new => Err(Error::MediaUnavailable("chime: meeting gone".to_owned())),
            Err(MediaError::Gone) => Ok(Pass::Ended),
            Err(MediaError::Down(outage)) => Err(down(&outage)),
        }
    }

    async fn new_meeting(&self, visit: &Visit, sealer: &Sealer) -> Result<Current, Error> {
        let tenant = self.tenant(&visit.tenant).await?;
        let epoch = visit.meeting.as_ref().map_or(0, |meeting| meeting.epoch).saturating_add(1);
        let token = format!("{}-{epoch}", visit.visit_id);
        let made = self.media.create_meeting(&token, visit.visit_id, &tenant.media_region).await;
        let Meeting { meeting_id, join_info } = made.map_err(|error| match error {
            MediaError::Gone => Error::MediaUnavailable("chime: no meeting".to_owned()),
            MediaError::Down(outage) => down(&outage),
        })?;
        let sealed = seal_json(sealer, &visit_row(visit.visit_id), field::MEETING, &join_info)?;
        let record = MeetingRecord {
            provider: MediaProvider::Chime,
            epoch,
            meeting_id,
            join_info: sealed,
            created_at: self.clock.now(),
        };
        Ok(Current { record, join_info, is_new: true })
    }

    /// The change that records new credentials (and, with them, a new meeting).
    #[expect(clippy::too_many_arguments, reason = "all of them are the record")]
    fn record_media(
        &self,
        file: &VisitFile,
        mut participant: Participant,
        session: SessionId,
        current: &Current,
        attendee: &ChimeAttendee,
        sealer: &Sealer,
        actor: &Actor,
    ) -> Result<Change, Error> {
        let mut change = Change::of(file, self.clock.now());
        if current.is_new {
            change.visit.meeting = Some(current.record.clone());
        }
        participant.media = Some(MediaGrant {
            epoch: current.record.epoch,
            attendee_id: attendee.attendee_id.clone(),
            session_id: session,
            attendee: seal_json(sealer, &seat_row(participant.participant_id), field::ATTENDEE, attendee)?,
        });
        participant.become_status(ParticipantStatus::Joined, change.now);
        change.record(actor, EventType::ParticipantJoined, None, |event| {
            event
                .with("participantId", participant.participant_id.to_string())
                .with("attendeeId", attendee.attendee_id.clone())
                .with("epoch", i64::from(current.record.epoch))
        })?;
        change.put(Row::Participant(participant), Guard::SessionIs(Some(session)));
        Ok(change)
    }

    /// Somebody who had left is back with what they had.
    async fn back(
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

    /// Takes the credentials of the device before back, so that it stops. Before new ones are made: the provider gives
    /// the same user of a meeting the same attendee (`ExternalUserId` is an idempotency token there).
    async fn take_back(&self, meeting: &MeetingRecord, participant: &Participant) -> Result<(), Error> {
        match participant.media.as_ref().filter(|old| old.epoch == meeting.epoch) {
            Some(old) => {
                let taken = self.media.delete_attendee(&meeting.meeting_id, &old.attendee_id).await;
                taken.map_err(|outage| down(&outage))
            }
            None => Ok(()),
        }
    }

    pub(crate) async fn surplus(&self, meeting_id: &str, attendee_id: &str) {
        if let Err(outage) = self.media.delete_attendee(meeting_id, attendee_id).await {
            tracing::warn!(%outage, "a surplus attendee could not be deleted");
        }
    }

    /// Media for a session.
    ///
    /// # Errors
    /// As the contract says of `POST /api/session/join`.
    pub async fn join_session(&self, seated: Seated) -> Result<api::JoinedSession, Error> {
        let actor = seated.actor();
        let now = self.clock.now();
        let visit = &seated.file.visit;
        join::is_live(visit).map_err(|refusal| crate::check::refused(refusal, visit, now, None))?;
        if now >= visit.closes_at {
            return Err(Error::VisitEnded(None));
        }
        self.media_for(seated.file, seated.participant_id, &actor).await
    }
}

fn session_of(participant: &Participant) -> Option<SessionId> {
    participant.session.as_ref().map(|session| session.session_id)
}

/// The seat, if media is theirs. Asked again before every step: an admission can be taken back meanwhile.
fn admitted(file: &VisitFile, seat: ParticipantId) -> Result<&Participant, Error> {
    join::is_live(&file.visit)
        .map_err(|refusal| crate::check::refused(refusal, &file.visit, file.visit.updated_at, None))?;
    let participant = file.participant(seat).ok_or(Error::Unauthenticated)?;
    if participant.status.is_admitted() {
        Ok(participant)
    } else {
        Err(Error::NotAdmitted { waiting: participant.status == ParticipantStatus::Waiting })
    }
}

fn joined(record: &MeetingRecord, meeting: ChimeMeeting, attendee: ChimeAttendee) -> api::JoinedSession {
    api::JoinedSession {
        media: api::Media {
            provider: record.provider,
            epoch: record.epoch,
            meeting: Some(meeting.clone()),
            attendee: Some(attendee.clone()),
        },
        chime_join_info: Some(api::ChimeJoinInfo { meeting, attendee }),
    }
}

fn seal_json<V: serde::Serialize>(
    sealer: &Sealer,
    row: &str,
    field: &str,
    value: &V,
) -> Result<bedside_domain::secret::Sealed, Error> {
    let text = serde_json::to_string(value).map_err(|why| Error::Internal(why.to_string()))?;
    sealer.seal(row, field, &text)
}

fn open_json<V: serde::de::DeserializeOwned>(
    sealer: &Sealer,
    row: &str,
    field: &str,
    sealed: &bedside_domain::secret::Sealed,
) -> Result<V, Error> {
    let text = sealer.open(row, field, sealed)?;
    serde_json::from_str(text.expose()).map_err(|_| Error::Internal("a sealed record cannot be read".to_owned()))
}
