//! The meetings of the Chime stand-in: who may join which, until when.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::Value;

use bedside_media::Told;

/// A meeting ends by itself 24 hours after it was made:
/// <https://docs.aws.amazon.com/chime-sdk/latest/dg/meetings-sdk.html>
const LIFE: SignedDuration = SignedDuration::from_hours(24);

/// One attendee of a meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Attendee {
    /// The id that the service gave.
    pub id: String,
    /// The id that the application gave.
    pub external_user_id: String,
    /// What lets its holder into the media.
    #[serde(skip_serializing)]
    pub join_token: String,
    /// What the attendee may send and receive, as in the API.
    pub capabilities: Value,
}

/// A meeting that lives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Meeting {
    /// The id that the service gave.
    pub id: String,
    /// The id that the application gave.
    pub external_id: String,
    /// The region of the media.
    pub media_region: String,
    /// When it was made, by the laptop's clock.
    pub created_at: Timestamp,
    /// Those who may join, in the order they were made.
    pub attendees: Vec<Attendee>,
    /// The request that made it; none where it carries a contact of Connect, which owns it.
    #[serde(skip)]
    pub(crate) request: Value,
}

/// What the media server must follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MeetingEvent {
    /// A meeting ended.
    MeetingEnded {
        /// The service's id of the meeting.
        meeting_id: String,
        /// What its events say of it; nothing where nobody is told of it.
        told: Option<Told>,
    },
    /// An attendee was removed, or replaced.
    AttendeeRemoved {
        /// The service's id of the meeting.
        meeting_id: String,
        /// The service's id of the attendee.
        attendee_id: String,
    },
}

/// The meetings that live, in the order they were made, and the tokens that made them.
#[derive(Debug, Default)]
pub(crate) struct Meetings {
    pub(crate) living: Vec<Meeting>,
    pub(crate) tokens: HashMap<String, String>,
}

impl Meetings {
    pub(crate) fn find(&mut self, id: &str) -> Option<&mut Meeting> {
        self.living.iter_mut().find(|meeting| meeting.id.eq_ignore_ascii_case(id))
    }

    /// The meeting that this token made, while it lives.
    pub(crate) fn by_token(&self, token: &str) -> Option<&Meeting> {
        let id = self.tokens.get(token)?;
        self.living.iter().find(|meeting| meeting.id == *id)
    }

    /// Ends the meetings that `over` picks; answers what happened.
    pub(crate) fn end(&mut self, over: impl Fn(&Meeting) -> bool) -> Vec<MeetingEvent> {
        let ended: Vec<Meeting> = self.living.extract_if(.., |meeting| over(meeting)).collect();
        self.tokens.retain(|_, id| !ended.iter().any(|meeting| meeting.id == *id));
        let event = |meeting: Meeting| MeetingEvent::MeetingEnded { told: meeting.told(), meeting_id: meeting.id };
        ended.into_iter().map(event).collect()
    }

    /// Ends what has lived its day.
    pub(crate) fn expire(&mut self, now: Timestamp) -> Vec<MeetingEvent> {
        self.end(|meeting| now.duration_since(meeting.created_at) >= LIFE)
    }
}

impl Meeting {
    /// What its events say of it. Meetings that carry a contact are Connect's own: nobody else is told of them.
    pub(crate) fn told(&self) -> Option<Told> {
        let told = || Told { external_id: self.external_id.clone(), media_region: self.media_region.clone() };
        (!self.request.is_null()).then(told)
    }

    /// Removes the attendees that `gone` picks; answers what happened.
    pub(crate) fn remove(&mut self, gone: impl Fn(&Attendee) -> bool) -> Vec<MeetingEvent> {
        let removed = self.attendees.extract_if(.., |attendee| gone(attendee));
        let meeting_id = &self.id;
        removed
            .map(|attendee| MeetingEvent::AttendeeRemoved { meeting_id: meeting_id.clone(), attendee_id: attendee.id })
            .collect()
    }
}
