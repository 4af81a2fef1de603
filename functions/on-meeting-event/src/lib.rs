//! Somebody came into a meeting of Chime or went, or it ended: who is in the call.

use bedside_app::error::Error;
use bedside_app::practice::App;
use bedside_app::presence::{MeetingNews, News};
use bedside_domain::id::{ParticipantId, VisitId};
use bedside_domain::time::Time;
use bedside_dynamodb::Dynamo;
use bedside_http::{Runtime, SetupError};
use bedside_kms::Kms;
use serde::{Deserialize, Serialize};

/// The function.
pub struct OnMeetingEvent(App<Dynamo, Kms>);

/// What EventBridge delivers: <https://docs.aws.amazon.com/chime-sdk/latest/dg/mtgs-sdk-event-bridge.html>
#[derive(Debug, Deserialize)]
pub struct MeetingEvent {
    detail: Detail,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    event_type: String,
    /// Milliseconds since 1970.
    timestamp: i64,
    meeting_id: String,
    external_meeting_id: Option<String>,
    attendee_id: Option<String>,
    external_user_id: Option<String>,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Followed {
    /// Whether it is a meeting of a visit, and somebody in it.
    pub ours: bool,
}

impl OnMeetingEvent {
    /// The function, built from its settings.
    ///
    /// # Errors
    /// When a setting is missing, or KMS does not answer.
    pub async fn new(runtime: &Runtime) -> Result<Self, SetupError> {
        let store = Dynamo::new(&runtime.sdk, &runtime.settings)?;
        let keys = Kms::connect(&runtime.sdk, &runtime.settings).await?;
        Ok(Self(runtime.app(store, keys)?))
    }

    /// Takes over what the event says.
    ///
    /// # Errors
    /// When the store is down: Lambda tries the event again.
    pub async fn run(&self, event: MeetingEvent) -> Result<Followed, Error> {
        match event.detail.news() {
            Some(news) => Ok(Followed { ours: self.0.follow_meeting(&news).await? }),
            None => Ok(Followed { ours: false }),
        }
    }
}

impl Detail {
    /// What it says of a visit; nothing where the ids are not ours, or it is about something else.
    fn news(self) -> Option<MeetingNews> {
        let is_there = match self.event_type.as_str() {
            "chime:AttendeeJoined" => Some(true),
            "chime:AttendeeLeft" | "chime:AttendeeDropped" => Some(false),
            "chime:MeetingEnded" => None,
            _ => return None,
        };
        let what = match is_there {
            Some(is_there) => News::Presence {
                participant: ParticipantId::parse(&self.external_user_id?).ok()?,
                attendee_id: self.attendee_id?,
                is_there,
            },
            None => News::Ended,
        };
        Some(MeetingNews {
            visit: VisitId::parse(&self.external_meeting_id?).ok()?,
            meeting_id: self.meeting_id,
            at: Time::from_millis(self.timestamp),
            what,
        })
    }
}
