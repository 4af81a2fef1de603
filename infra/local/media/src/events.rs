//! What the service tells of its meetings, in the shape in which EventBridge delivers it:
//! <https://docs.aws.amazon.com/chime-sdk/latest/dg/mtgs-sdk-event-bridge.html>

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::meetings::{Attendee, Told};
use crate::room::Presence;

/// Somebody came or went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallEvent {
    /// What they did.
    pub presence: Presence,
    /// Who.
    pub who: Attendee,
}

impl CallEvent {
    /// As EventBridge delivers it; nothing of a meeting of which nobody is told.
    #[must_use]
    pub fn told(&self, at: Timestamp) -> Option<Value> {
        let of = if self.who.is_content() { "AttendeeContent" } else { "Attendee" };
        let did = match self.presence {
            Presence::Joined => "Joined",
            Presence::Left => "Left",
            Presence::Dropped => "Dropped",
        };
        let mut event = told(&format!("{of}{did}"), &self.who.meeting_id, self.who.meeting.as_ref()?, at);
        if let Some(detail) = event.get_mut("detail").and_then(Value::as_object_mut) {
            detail.insert("attendeeId".to_owned(), self.who.attendee_id.clone().into());
            detail.insert("externalUserId".to_owned(), self.who.external_user_id.clone().into());
            detail.insert("networkType".to_owned(), "Voip".into());
        }
        Some(event)
    }
}

/// The end of a meeting, as EventBridge delivers it.
#[must_use]
pub fn ended(meeting_id: &str, meeting: &Told, at: Timestamp) -> Value {
    told("MeetingEnded", meeting_id, meeting, at)
}

fn told(what: &str, meeting_id: &str, meeting: &Told, at: Timestamp) -> Value {
    json!({
        "version": "0",
        "id": uuid::Uuid::now_v7().to_string(),
        "detail-type": "Chime Meeting State Change",
        "source": "aws.chime",
        "account": "000000000000",
        // To the second, as EventBridge does; the detail is exact.
        "time": at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "region": "us-east-1",
        "resources": [],
        "detail": {
            "version": "0",
            "eventType": format!("chime:{what}"),
            "timestamp": at.as_millisecond(),
            "meetingId": meeting_id,
            "externalMeetingId": meeting.external_id,
            "mediaRegion": meeting.media_region,
        },
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn events_have_the_shape_of_event_bridge() {
        let meeting = Told { external_id: "visit".to_owned(), media_region: "us-east-1".to_owned() };
        let who = |id: &str| Attendee {
            meeting_id: "m".to_owned(),
            meeting: Some(meeting.clone()),
            attendee_id: id.to_owned(),
            external_user_id: "seat".to_owned(),
        };
        let at: Timestamp = "2026-12-01T14:50:00.25Z".parse().unwrap();
        let event = CallEvent { presence: Presence::Joined, who: who("a") }.told(at).unwrap();
        assert_eq!((&event["source"], &event["time"]), (&"aws.chime".into(), &"2026-12-01T14:50:00Z".into()));
        let detail = json!({
            "version": "0", "eventType": "chime:AttendeeJoined", "timestamp": 1_796_136_600_250_i64, "meetingId": "m",
            "externalMeetingId": "visit", "mediaRegion": "us-east-1", "attendeeId": "a", "externalUserId": "seat",
            "networkType": "Voip",
        });
        assert_eq!(event["detail"], detail);
        let content = CallEvent { presence: Presence::Dropped, who: who("a#content") }.told(at).unwrap();
        assert_eq!(content["detail"]["eventType"], "chime:AttendeeContentDropped");
        assert_eq!(ended("m", &meeting, at)["detail"]["eventType"], "chime:MeetingEnded");
        let unheard = CallEvent { presence: Presence::Joined, who: Attendee { meeting: None, ..who("a") } };
        assert_eq!(unheard.told(at), None);
    }
}
