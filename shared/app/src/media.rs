//! Media credentials: one call for each epoch, one live attendee for each seat, whoever races or fails.
//!
//! Our own record is the truth. The provider's calls are idempotent or harmless: a call by its token, a surplus
//! attendee is deleted. The record is one transaction, audited as PARTICIPANT_JOINED.
//!
//! With Amazon Connect the call is a contact, which is the patient's: others are added once the clinician has taken it
//! in the Connect panel, and the clinician gets no credentials from us. A contact's credentials cannot be taken back
//! one by one: whoever must go ends it, and those who stay come over to the next epoch.

mod answer;
mod call;
mod record;

use self::answer::{at_the_panel, joined};
use crate::api;
use crate::caller::{Actor, Seated};
use crate::change::TRIES;
use crate::error::{Error, Outage};
use crate::ports::{ChimeMeeting, CommitError, Credentials, Keys, Media, Store};
use crate::practice::App;
use bedside_domain::access::Role;
use bedside_domain::file::VisitFile;
use bedside_domain::id::{ParticipantId, SessionId};
use bedside_domain::join;
use bedside_domain::participant::{Participant, ParticipantStatus};
use bedside_domain::visit::{MediaProvider, MeetingRecord};

/// How often a call that was made before without our knowing its credentials is left alone, since somebody may just be
/// recording them, before it is given up.
const PATIENT_TRIES: u32 = 13;

fn down(outage: &Outage) -> Error {
    Error::MediaUnavailable(outage.to_string())
}

/// A call that is on: as it stands in the table, or just made.
struct Current {
    record: MeetingRecord,
    join_info: ChimeMeeting,
    is_new: bool,
    /// Of whom it was made for.
    first: Option<Credentials>,
}

/// From which record on a call is made.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    /// The one that stands in the table is on, as far as we know.
    Nothing,
    /// The provider has ended the call of this epoch, or it is of no use.
    Epoch(u32),
}

/// What one pass has found.
enum Pass {
    /// The record has it, and the provider still knows it.
    Have(api::JoinedSession),
    /// New credentials were made, to be recorded.
    Made { current: Current, credentials: Credentials },
    /// The call of this epoch is over: make it anew.
    Ended(u32),
    /// The call of this epoch was made before, and nobody has recorded what lets one in.
    Unknown(u32, String),
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
        let asking = admitted(&file, seat)?;
        if asking.role == Role::Clinician && self.provider(&file.visit).await? == MediaProvider::Connect {
            let joined = at_the_panel(&file.visit);
            return if self.has_taken(&file, asking).await {
                self.back(file, seat, joined, actor).await
            } else {
                Ok(joined)
            };
        }
        let session = session_of(asking).ok_or(Error::Unauthenticated)?;
        let sealer = self.visit_sealer(&file.visit).await?;
        let mut after = After::Nothing;
        // What was made and could not be recorded yet, because something else of the visit was written meanwhile.
        let mut made: Option<(Current, Credentials)> = None;
        for attempt in 1..=TRIES {
            let participant = admitted(&file, seat)?.clone();
            if session_of(&participant) != Some(session) {
                return Err(Error::MediaUnavailable("the seat was taken meanwhile".to_owned()));
            }
            let (current, credentials) = match made.take() {
                Some(fitting) => fitting,
                None => match self.pass(&file, &participant, session, &sealer, after).await? {
                    Pass::Have(joined) => return self.back(file, seat, joined, actor).await,
                    Pass::Ended(epoch) => {
                        after = After::Epoch(epoch);
                        continue;
                    }
                    Pass::Unknown(epoch, meeting_id) => {
                        self.pause(attempt).await?;
                        file = self.file(id).await?;
                        let recorded = file.visit.meeting.as_ref().map_or(0, |meeting| meeting.epoch);
                        if attempt >= PATIENT_TRIES && recorded < epoch {
                            self.give_up(&file.visit, &meeting_id).await?;
                            after = After::Epoch(epoch);
                        }
                        continue;
                    }
                    Pass::Made { current, credentials } => (current, credentials),
                },
            };
            let change = self.record_media(&file, participant, session, &current, &credentials, &sealer, actor)?;
            match self.store.commit(&change.into_writes()).await {
                Ok(()) => return Ok(joined(&current.record, current.join_info, credentials)),
                Err(CommitError::Down(outage)) => return Err(outage.into()),
                Err(CommitError::Refused(_) | CommitError::Conflict) => {
                    self.pause(attempt).await?;
                    file = self.file(id).await?;
                    after = After::Nothing;
                    made = self.still_fitting(&file, seat, session, current, credentials).await;
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
        credentials: Credentials,
    ) -> Option<(Current, Credentials)> {
        let participant = file.participant(seat);
        let grant = participant.and_then(|p| p.media.as_ref());
        if grant.is_some_and(|grant| grant.attendee_id == credentials.attendee.attendee_id) {
            return None;
        }
        let same_session = participant.and_then(session_of) == Some(session);
        let recorded = file.visit.meeting.as_ref();
        let is_recorded = recorded.is_some_and(|meeting| meeting.meeting_id == current.record.meeting_id);
        if join::is_live(&file.visit).is_err() && current.is_new && !is_recorded {
            // The visit ended before it knew of this meeting: nobody else will close it.
            if let Err(outage) = self.media.delete_meeting(current.record.call()).await {
                tracing::warn!(%outage, "a surplus meeting could not be deleted");
            }
            return None;
        }
        // One that is to take the place of an earlier epoch's still is.
        let is_next = recorded.is_none_or(|meeting| meeting.epoch < current.record.epoch);
        let same_meeting = is_recorded || current.is_new && is_next;
        current.is_new = !is_recorded;
        if same_meeting && admitted(file, seat).is_ok() {
            return same_session.then_some((current, credentials));
        }
        // What nobody was told opens nothing; and the others' contact must not end for it.
        if !(is_recorded && current.record.provider == MediaProvider::Connect) {
            self.surplus(current.record.call(), &credentials.attendee.attendee_id).await;
        }
        None
    }

    /// Media for a session.
    ///
    /// # Errors
    /// As the contract says of `POST /api/session/join`.
    pub async fn join_session(&self, mut seated: Seated) -> Result<api::JoinedSession, Error> {
        self.note_location(&mut seated).await?;
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
