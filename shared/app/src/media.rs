//! Media credentials: one call for each epoch, one live attendee for each seat, whoever races or fails.
//!
//! Our own record is the truth. The provider's calls are idempotent or harmless: a call by its token, a surplus
//! attendee is deleted. The record is one transaction, audited as PARTICIPANT_JOINED.
//!
//! With Amazon Connect the call is a contact, which is the patient's: others are added once the clinician has taken it
//! in the Connect panel, and the clinician gets no credentials from us. A contact's credentials cannot be taken back
//! one by one: whoever must go ends it, and those who stay come over to the next epoch.

use crate::api;
use crate::caller::{Actor, Seated};
use crate::change::{Change, TRIES};
use crate::error::{Error, Outage};
use crate::ports::{
    ChimeMeeting, CommitError, ContactSeat, Credentials, Guard, Keys, Media, MediaError, Meeting, NewCall, Newcomer,
    Place, Row, Store, TakenBack,
};
use crate::practice::{App, visit_row};
use crate::seal::Sealer;
use crate::visits::{field, seat_row};
use bedside_domain::access::Role;
use bedside_domain::audit::EventType;
use bedside_domain::file::VisitFile;
use bedside_domain::id::{ParticipantId, SessionId};
use bedside_domain::join;
use bedside_domain::participant::{MediaGrant, Participant, ParticipantStatus};
use bedside_domain::visit::{CallRef, MediaProvider, MeetingRecord, Modality, Recording, Visit};

/// Connect forgets somebody who has been away from a contact for longer than this, while the others go on:
/// <https://docs.aws.amazon.com/connect-participant/latest/APIReference/API_CreateParticipantConnection.html>
const FORGOTTEN_AFTER_MILLIS: i64 = 60_000;
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

    /// One look at what the record has, and the provider's calls that are missing.
    async fn pass(
        &self,
        file: &VisitFile,
        participant: &Participant,
        session: SessionId,
        sealer: &Sealer,
        after: After,
    ) -> Result<Pass, Error> {
        let visit = &file.visit;
        let record = visit.meeting.as_ref().filter(|record| match after {
            After::Nothing => true,
            // Somebody else may have been faster at the next one.
            After::Epoch(over) => record.epoch > over,
        });
        let mine = record.and_then(|record| participant.media.as_ref().filter(|grant| grant.epoch == record.epoch));
        if let Some((record, grant)) = record.zip(mine.filter(|grant| grant.session_id == session)) {
            // Coming back: the provider ends calls by itself (Chime: five minutes without audio, or 24 hours).
            if !self.media.is_alive(record.call()).await.map_err(|outage| down(&outage))? {
                return Ok(Pass::Ended(record.epoch));
            }
            if !self.is_forgotten(file, participant, record, grant) {
                return as_recorded(visit, participant, record, grant, sealer);
            }
        }
        let mut current = match record {
            Some(record) => {
                let join_info = open_json(sealer, &visit_row(visit.visit_id), field::MEETING, &record.join_info)?;
                Current { record: record.clone(), join_info, is_new: false, first: None }
            }
            None => match self.new_call(visit, participant, sealer, after).await? {
                Ok(current) => current,
                Err(unknown) => return Ok(unknown),
            },
        };
        // The credentials of the device before are taken back, so that it stops. Before new ones are made: the provider
        // gives the same user of a meeting the same attendee (`ExternalUserId` is an idempotency token there).
        if let Some(old) = mine.filter(|old| old.session_id != session) {
            let taken = self.media.delete_attendee(current.record.call(), &old.attendee_id).await;
            if taken.map_err(|outage| down(&outage))? == TakenBack::WithTheCall {
                return Ok(Pass::Ended(current.record.epoch));
            }
        }
        if let Some(credentials) = current.first.take() {
            return Ok(Pass::Made { current, credentials });
        }
        let newcomer = self.newcomer(visit, participant, session);
        match self.media.create_attendee(current.record.call(), &newcomer).await {
            Ok(credentials) => Ok(Pass::Made { current, credentials }),
            // A meeting that was made a moment ago and is gone is the provider's fault, not an end.
            Err(MediaError::Gone) if current.is_new => Err(Error::MediaUnavailable("the call is gone".to_owned())),
            Err(MediaError::Gone | MediaError::NotAgain(_)) => Ok(Pass::Ended(current.record.epoch)),
            // The contact is the patient's own: one that does not know them, nor anybody else, is of no use.
            Err(MediaError::NotYet)
                if participant.role == Role::Patient && !is_shared(file, participant, &current.record) =>
            {
                self.media.delete_meeting(current.record.call()).await.map_err(|outage| down(&outage))?;
                Ok(Pass::Ended(current.record.epoch))
            }
            Err(MediaError::NotYet) => Err(Error::MediaUnavailable("connect: no agent is there yet".to_owned())),
            Err(MediaError::Full) => match mine.filter(|grant| grant.session_id == session) {
                // Whoever is still there may go on with what they have.
                Some(grant) => as_recorded(visit, participant, &current.record, grant, sealer),
                None => Err(Error::MediaUnavailable("connect: the call is full".to_owned())),
            },
            Err(MediaError::Down(outage)) => Err(down(&outage)),
        }
    }

    /// Who is to get in. Asking again within the minute asks for the same: what was lost then may be forgotten later.
    fn newcomer(&self, visit: &Visit, participant: &Participant, session: SessionId) -> Newcomer {
        let minute = self.clock.now().millis() / FORGOTTEN_AFTER_MILLIS;
        Newcomer {
            participant: participant.participant_id,
            role: participant.role,
            token: format!("{session}-{minute}"),
            with_video: visit.modality == Modality::Video,
        }
    }

    /// Whether the provider has forgotten somebody in a call that goes on without them. A contact of two ends when one
    /// of them goes; one of more does not.
    fn is_forgotten(
        &self,
        file: &VisitFile,
        participant: &Participant,
        record: &MeetingRecord,
        grant: &MediaGrant,
    ) -> bool {
        let given_at = grant.given_at.unwrap_or(participant.since);
        record.provider == MediaProvider::Connect
            && self.clock.now().since(given_at) > FORGOTTEN_AFTER_MILLIS
            && is_shared(file, participant, record)
    }

    /// Whether the clinician took the contact before their seat: when that was told, nobody was there of whom to note it.
    async fn has_taken(&self, file: &VisitFile, clinician: &Participant) -> bool {
        let Some(record) = file.visit.meeting.as_ref().filter(|_| clinician.status != ParticipantStatus::Joined) else {
            return false;
        };
        self.media.is_taken(record.call()).await.unwrap_or_else(|outage| {
            // The seat is theirs all the same.
            tracing::warn!(%outage, "the contact cannot be asked for");
            false
        })
    }

    /// Who carries the visit's call: whoever does already, else whom the practice has chosen.
    async fn provider(&self, visit: &Visit) -> Result<MediaProvider, Error> {
        match &visit.meeting {
            Some(record) => Ok(record.provider),
            None => Ok(self.tenant(&visit.tenant).await?.media_provider),
        }
    }

    /// A new call, after the one of the record or of a later epoch that came to nothing.
    async fn new_call(
        &self,
        visit: &Visit,
        participant: &Participant,
        sealer: &Sealer,
        after: After,
    ) -> Result<Result<Current, Pass>, Error> {
        let tenant = self.tenant(&visit.tenant).await?;
        let recorded = visit.meeting.as_ref().map_or(0, |meeting| meeting.epoch);
        let before = match after {
            After::Nothing => recorded,
            After::Epoch(epoch) => recorded.max(epoch),
        };
        let epoch = before.saturating_add(1);
        let clinician = match tenant.media_provider {
            MediaProvider::Chime => None,
            // Others wait outside of Connect: a contact of their own would lead to nobody.
            MediaProvider::Connect if participant.role != Role::Patient => {
                return Err(Error::MediaUnavailable("connect: the patient is not there yet".to_owned()));
            }
            MediaProvider::Connect => self.store.clinician(&visit.tenant, &visit.clinician_id).await?,
        };
        let place = match (tenant.media_provider, &tenant.connect) {
            (MediaProvider::Chime, _) => Place::Chime { region: &tenant.media_region },
            (MediaProvider::Connect, Some(connect)) => {
                Place::Connect { connect, agent: clinician.as_ref().and_then(|c| c.connect_agent_id.as_deref()) }
            }
            (MediaProvider::Connect, None) => {
                return Err(Error::Internal("a practice with Connect names no instance".to_owned()));
            }
        };
        let with_video = visit.modality == Modality::Video;
        let call = NewCall { visit: visit.visit_id, epoch, place, caller: participant.participant_id, with_video };
        let Meeting { meeting_id, instance_id, join_info, first } = match self.media.create_meeting(&call).await {
            Ok(meeting) => meeting,
            Err(MediaError::NotAgain(meeting_id)) => return Ok(Err(Pass::Unknown(epoch, meeting_id))),
            Err(MediaError::Down(outage)) => return Err(down(&outage)),
            Err(MediaError::Gone | MediaError::NotYet | MediaError::Full) => {
                return Err(Error::MediaUnavailable("no call was made".to_owned()));
            }
        };
        let sealed = seal_json(sealer, &visit_row(visit.visit_id), field::MEETING, &join_info)?;
        let record = MeetingRecord {
            provider: place.provider(),
            epoch,
            meeting_id,
            instance_id,
            join_info: sealed,
            created_at: self.clock.now(),
            recording: Recording::None,
        };
        Ok(Ok(Current { record, join_info, is_new: true, first }))
    }

    /// Ends a call that was made without our knowing what lets one in: an answer was lost, and is not given again.
    async fn give_up(&self, visit: &Visit, meeting_id: &str) -> Result<(), Error> {
        let tenant = self.tenant(&visit.tenant).await?;
        let instance_id = tenant.connect.as_ref().map(|connect| &connect.instance_id);
        let call = CallRef { provider: tenant.media_provider, meeting_id, instance_id };
        self.media.delete_meeting(call).await.map_err(|outage| down(&outage))
    }

    /// The change that records new credentials (and, with them, a new meeting).
    #[expect(clippy::too_many_arguments, reason = "all of them are the record")]
    fn record_media(
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
            attendee: seal_json(sealer, &seat_row(participant.participant_id), field::ATTENDEE, credentials)?,
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

    async fn surplus(&self, call: CallRef<'_>, attendee_id: &str) {
        if let Err(outage) = self.media.delete_attendee(call, attendee_id).await {
            tracing::warn!(%outage, "a surplus attendee could not be deleted");
        }
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

/// Whether others have credentials for the call.
fn is_shared(file: &VisitFile, participant: &Participant, record: &MeetingRecord) -> bool {
    let others = file.participants.iter().filter(|other| other.participant_id != participant.participant_id);
    others.filter_map(|other| other.media.as_ref()).any(|media| media.epoch == record.epoch)
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

/// What the record has of somebody.
fn as_recorded(
    visit: &Visit,
    participant: &Participant,
    record: &MeetingRecord,
    grant: &MediaGrant,
    sealer: &Sealer,
) -> Result<Pass, Error> {
    let credentials = open_json(sealer, &seat_row(participant.participant_id), field::ATTENDEE, &grant.attendee)?;
    let meeting = open_json(sealer, &visit_row(visit.visit_id), field::MEETING, &record.join_info)?;
    Ok(Pass::Have(joined(record, meeting, credentials)))
}

/// What a clinician gets who takes the call in the Connect panel: which contact it is, once there is one.
fn at_the_panel(visit: &Visit) -> api::JoinedSession {
    let record = visit.meeting.as_ref();
    let epoch = record.map_or(1, |record| record.epoch);
    let media = api::Media { provider: MediaProvider::Connect, epoch, meeting: None, attendee: None };
    let connect_contact = record.and_then(|record| contact(record, None));
    api::JoinedSession { media, chime_join_info: None, connect_contact }
}

/// The contact of a call over Connect, with what one person has of it.
fn contact(record: &MeetingRecord, seat: Option<ContactSeat>) -> Option<api::ConnectContact> {
    let (participant_id, participant_token) = seat.map(|seat| (seat.participant_id, seat.participant_token)).unzip();
    record.instance_id.clone().map(|instance_id| api::ConnectContact {
        contact_id: record.meeting_id.clone(),
        instance_id,
        participant_id,
        participant_token,
    })
}

fn joined(record: &MeetingRecord, meeting: ChimeMeeting, credentials: Credentials) -> api::JoinedSession {
    let Credentials { attendee, contact: seat } = credentials;
    api::JoinedSession {
        media: api::Media {
            provider: record.provider,
            epoch: record.epoch,
            meeting: Some(meeting.clone()),
            attendee: Some(attendee.clone()),
        },
        connect_contact: contact(record, seat),
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
