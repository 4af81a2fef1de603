//! Who is in a meeting of Chime, as it tells. Nobody can be asked how a meeting stands: events say when they happened,
//! and the newest of each person counts, however late, often and disordered they come.

use crate::attendance::step;
use crate::change::Change;
use crate::error::Error;
use crate::ports::{Guard, Keys, Row, Store};
use crate::practice::App;
use bedside_domain::audit::EventType;
use bedside_domain::file::VisitFile;
use bedside_domain::id::{ParticipantId, VisitId};
use bedside_domain::participant::{Participant, ParticipantStatus};
use bedside_domain::time::Time;
use bedside_domain::visit::{CallRef, MediaProvider, MeetingRecord};

/// What Chime tells of a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingNews {
    /// The visit that the meeting says that it is for.
    pub visit: VisitId,
    /// The provider's id of the meeting.
    pub meeting_id: String,
    /// When it happened.
    pub at: Time,
    /// What happened.
    pub what: News,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// Somebody came or went.
    Presence {
        /// Who, as the attendee says.
        participant: ParticipantId,
        /// The provider's id of the attendee.
        attendee_id: String,
        /// Whether they are there since.
        is_there: bool,
    },
    /// The meeting is over.
    Ended,
}

impl<S: Store, K: Keys, M, E, T> App<S, K, M, E, T> {
    /// Takes over what Chime tells. `false`: it is no meeting of a visit, or of an epoch that is gone, or nobody in it
    /// whom we know.
    ///
    /// # Errors
    /// When the store is down: whoever told of the event tells it again.
    pub async fn follow_meeting(&self, news: &MeetingNews) -> Result<bool, Error> {
        let Some(file) = self.store.file(news.visit).await? else { return Ok(false) };
        let call = CallRef { provider: MediaProvider::Chime, meeting_id: &news.meeting_id, instance_id: None };
        self.change(file, |file, change| {
            // Whoever makes meetings in the account can name any visit: only the recorded one counts.
            let Some(record) = file.visit.meeting.as_ref().filter(|record| record.call() == call) else {
                return Ok(false);
            };
            let has_media = |seat: &&Participant| seat.media.as_ref().is_some_and(|grant| grant.epoch == record.epoch);
            let here = file.participants.iter().filter(has_media).filter(|seat| seat.status.is_admitted());
            match &news.what {
                News::Presence { participant, attendee_id, is_there } => {
                    let is_theirs = |seat: &Participant| {
                        let attendee = seat.media.as_ref().map(|grant| &grant.attendee_id);
                        seat.participant_id == *participant && attendee == Some(attendee_id)
                    };
                    let Some(seat) = here.into_iter().find(|seat| is_theirs(seat)) else { return Ok(false) };
                    note(file, change, seat, record, news.at, *is_there)?;
                }
                News::Ended => {
                    for seat in here {
                        note(file, change, seat, record, news.at, false)?;
                    }
                }
            }
            Ok(true)
        })
        .await
    }
}

/// Notes where somebody is, unless something newer is known.
fn note(
    file: &VisitFile,
    change: &mut Change,
    seat: &Participant,
    record: &MeetingRecord,
    at: Time,
    is_there: bool,
) -> Result<(), Error> {
    // An event from the future would silence all others until then.
    let at = at.min(change.now);
    let mut noted = seat.clone();
    if !file.visit.status.is_live() || !noted.presence.note(at, is_there) {
        return Ok(());
    }
    let (status, event_type) = match is_there {
        true => (ParticipantStatus::Joined, EventType::ParticipantJoined),
        false => (ParticipantStatus::Left, EventType::ParticipantLeft),
    };
    // Who has asked for media again since is there, and who has said goodbye since is not.
    let is_newest = noted.presence.newest() == Some((at, is_there));
    let is_new = is_newest && at >= seat.since && (is_there || seat.status == ParticipantStatus::Joined);
    if is_new && seat.status != status {
        step(change, &mut noted, status, event_type, record)?;
        noted.since = at;
    }
    let session = seat.session.as_ref().map(|session| session.session_id);
    change.put(Row::Participant(noted), Guard::SessionIs(session));
    Ok(())
}
