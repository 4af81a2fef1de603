//! A call at the provider: looked at, made, entered, given up.

use super::record::as_recorded;
use super::{After, Current, Pass, down};
use crate::error::Error;
use crate::ports::{Keys, Media, MediaError, Meeting, NewCall, Newcomer, Place, Store, TakenBack};
use crate::practice::{App, visit_row};
use crate::seal::Sealer;
use crate::visits::field;
use bedside_domain::access::Role;
use bedside_domain::file::VisitFile;
use bedside_domain::id::SessionId;
use bedside_domain::participant::{MediaGrant, Participant, ParticipantStatus};
use bedside_domain::visit::{CallRef, MediaProvider, MeetingRecord, Modality, Recording, Visit};

/// Connect forgets somebody who has been away from a contact for longer than this, while the others go on:
/// <https://docs.aws.amazon.com/connect-participant/latest/APIReference/API_CreateParticipantConnection.html>
const FORGOTTEN_AFTER_MILLIS: i64 = 60_000;

impl<S: Store, K: Keys, M: Media, E, T> App<S, K, M, E, T> {
    /// One look at what the record has, and the provider's calls that are missing.
    pub(super) async fn pass(
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
                let join_info = sealer.open_json(&visit_row(visit.visit_id), field::MEETING, &record.join_info)?;
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
    pub(super) async fn has_taken(&self, file: &VisitFile, clinician: &Participant) -> bool {
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
    pub(super) async fn provider(&self, visit: &Visit) -> Result<MediaProvider, Error> {
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
        let sealed = sealer.seal_json(&visit_row(visit.visit_id), field::MEETING, &join_info)?;
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
    pub(super) async fn give_up(&self, visit: &Visit, meeting_id: &str) -> Result<(), Error> {
        let tenant = self.tenant(&visit.tenant).await?;
        let instance_id = tenant.connect.as_ref().map(|connect| &connect.instance_id);
        let call = CallRef { provider: tenant.media_provider, meeting_id, instance_id };
        self.media.delete_meeting(call).await.map_err(|outage| down(&outage))
    }

    pub(super) async fn surplus(&self, call: CallRef<'_>, attendee_id: &str) {
        if let Err(outage) = self.media.delete_attendee(call, attendee_id).await {
            tracing::warn!(%outage, "a surplus attendee could not be deleted");
        }
    }
}

/// Whether others have credentials for the call.
fn is_shared(file: &VisitFile, participant: &Participant, record: &MeetingRecord) -> bool {
    let others = file.participants.iter().filter(|other| other.participant_id != participant.participant_id);
    others.filter_map(|other| other.media.as_ref()).any(|media| media.epoch == record.epoch)
}
