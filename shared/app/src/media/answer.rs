//! What whoever joins is told.

use crate::api;
use crate::ports::{ChimeMeeting, ContactSeat, Credentials};
use bedside_domain::visit::{MediaProvider, MeetingRecord, Visit};

/// What a clinician gets who takes the call in the Connect panel: which contact it is, once there is one.
pub(super) fn at_the_panel(visit: &Visit) -> api::JoinedSession {
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

pub(super) fn joined(record: &MeetingRecord, meeting: ChimeMeeting, credentials: Credentials) -> api::JoinedSession {
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
