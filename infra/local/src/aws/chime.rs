//! Chime SDK meetings: the control side, for the media server on the same machine.

use std::sync::{Mutex, MutexGuard};

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::broadcast;

use bedside_media::Refusal;

use super::held;
use super::keys::random;
use super::meetings::{Attendee, Meeting, MeetingEvent, Meetings};
use super::service::{Reply, Service, ServiceError};
use crate::clock::LocalClock;

/// The most attendees of one meeting: <https://docs.aws.amazon.com/chime-sdk/latest/dg/meetings-sdk.html>
const MOST_ATTENDEES: u64 = 250;
/// Events a slow media server may lag behind.
const EVENTS: usize = 1024;

/// The meetings and where their media is.
pub(crate) struct Chime {
    media_port: u16,
    clock: LocalClock,
    meetings: Mutex<Meetings>,
    events: broadcast::Sender<MeetingEvent>,
}

/// What a request to any of the operations may hold; which of it must be there, the model has checked.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Request {
    client_request_token: String,
    media_region: String,
    external_meeting_id: String,
    meeting_id: String,
    attendee_id: String,
    external_user_id: String,
    capabilities: Option<Value>,
    max_results: Option<usize>,
    next_token: Option<String>,
}

impl Chime {
    pub(crate) fn new(media_port: u16, clock: LocalClock) -> Self {
        Self { media_port, clock, meetings: Mutex::default(), events: broadcast::Sender::new(EVENTS) }
    }

    /// Answers one operation.
    pub(crate) fn call(&self, operation: &str, body: Value) -> Result<Reply, ServiceError> {
        let malformed = |error: serde_json::Error| Service::Chime.malformed(&error.to_string());
        let request: Request = serde_json::from_value(body.clone()).map_err(malformed)?;
        match operation {
            "CreateMeeting" => self.create_meeting(request, body),
            "GetMeeting" => self.get_meeting(&request),
            "DeleteMeeting" => self.delete_meeting(&request),
            "CreateAttendee" => self.create_attendee(request),
            "GetAttendee" => self.get_attendee(&request),
            "DeleteAttendee" => self.delete_attendee(&request),
            "ListAttendees" => self.list_attendees(&request),
            _ => Err(Service::Chime.unknown_operation()),
        }
    }

    pub(crate) fn events(&self) -> broadcast::Receiver<MeetingEvent> {
        self.events.subscribe()
    }

    pub(crate) fn meetings(&self) -> Vec<Meeting> {
        self.living().living.clone()
    }

    pub(crate) fn end_meeting(&self, id: &str) -> usize {
        let ended = self.living().end(|meeting| meeting.id == id || meeting.external_id == id);
        self.publish(ended)
    }

    pub(crate) fn end_all(&self) {
        let ended = self.living().end(|_| true);
        self.publish(ended);
    }

    pub(crate) fn remove_attendee(&self, meeting_id: &str, attendee: &str) -> usize {
        let gone = |one: &Attendee| one.id == attendee || one.external_user_id == attendee;
        let removed = self.living().find(meeting_id).map(|meeting| meeting.remove(gone)).unwrap_or_default();
        self.publish(removed)
    }

    /// The meetings, without those whose day is over.
    fn living(&self) -> MutexGuard<'_, Meetings> {
        let mut meetings = held(&self.meetings);
        let expired = meetings.expire(self.clock.now());
        self.publish(expired);
        meetings
    }

    fn publish(&self, events: Vec<MeetingEvent>) -> usize {
        let count = events.len();
        for event in events {
            // Without a media server nobody listens.
            let _ = self.events.send(event);
        }
        count
    }

    /// The meeting behind a contact of Connect; gives its id.
    pub(crate) fn open(&self, contact: &str) -> Result<String, ServiceError> {
        let meeting = Meeting {
            id: new_id()?,
            external_id: contact.to_owned(),
            media_region: "us-east-1".to_owned(),
            created_at: self.clock.now(),
            attendees: Vec::new(),
            request: Value::Null,
        };
        let id = meeting.id.clone();
        self.living().living.push(meeting);
        Ok(id)
    }

    /// An attendee of such a meeting: the same again for the same user.
    pub(crate) fn admit(&self, meeting_id: &str, user: &str) -> Result<Attendee, ServiceError> {
        let mut meetings = self.living();
        let meeting = meetings.find(meeting_id).ok_or_else(no_meeting)?;
        if let Some(known) = meeting.attendees.iter().find(|one| one.external_user_id == user) {
            return Ok(known.clone());
        }
        let capabilities = everything();
        let attendee =
            Attendee { id: new_id()?, external_user_id: user.to_owned(), join_token: join_token()?, capabilities };
        meeting.attendees.push(attendee.clone());
        Ok(attendee)
    }

    /// Whose token this is.
    pub(crate) fn holder(&self, meeting_id: &str, join_token: &str) -> Result<bedside_media::Attendee, Refusal> {
        let mut meetings = self.living();
        let meeting = meetings.find(meeting_id).ok_or(Refusal::Ended)?;
        let holds = |one: &&Attendee| one.join_token == join_token;
        let attendee = meeting.attendees.iter().find(holds).ok_or(Refusal::Unknown)?;
        Ok(bedside_media::Attendee {
            meeting_id: meeting.id.clone(),
            meeting: meeting.told(),
            attendee_id: attendee.id.clone(),
            external_user_id: attendee.external_user_id.clone(),
        })
    }

    /// A meeting that lives, as the API shows it.
    pub(crate) fn shape_of(&self, meeting_id: &str) -> Option<Value> {
        let mut meetings = self.living();
        meetings.find(meeting_id).map(|meeting| self.shape(meeting))
    }

    fn create_meeting(&self, request: Request, body: Value) -> Result<Reply, ServiceError> {
        let mut meetings = self.living();
        if let Some(meeting) = meetings.by_token(&request.client_request_token) {
            if meeting.request != body {
                let text = "The client request token was used with other parameters.";
                return Err(ServiceError::new(Service::Chime, 409, "ConflictException", text).with("Code", "Conflict"));
            }
            return Ok(Reply::ok(&json!({ "Meeting": self.shape(meeting) })));
        }
        let meeting = Meeting {
            id: new_id()?,
            external_id: request.external_meeting_id,
            media_region: request.media_region,
            created_at: self.clock.now(),
            attendees: Vec::new(),
            request: body,
        };
        let answer = json!({ "Meeting": self.shape(&meeting) });
        meetings.tokens.insert(request.client_request_token, meeting.id.clone());
        meetings.living.push(meeting);
        Ok(Reply::ok(&answer))
    }

    fn get_meeting(&self, request: &Request) -> Result<Reply, ServiceError> {
        let mut meetings = self.living();
        let meeting = meetings.find(&request.meeting_id).ok_or_else(no_meeting)?;
        Ok(Reply::ok(&json!({ "Meeting": self.shape(meeting) })))
    }

    fn delete_meeting(&self, request: &Request) -> Result<Reply, ServiceError> {
        let ended = self.living().end(|meeting| meeting.id.eq_ignore_ascii_case(&request.meeting_id));
        if self.publish(ended) == 0 {
            return Err(no_meeting());
        }
        Ok(Reply::no_content())
    }

    /// The external user id is "an idempotency token" of this call:
    /// <https://docs.aws.amazon.com/chime-sdk/latest/APIReference/API_meeting-chime_CreateAttendee.html>
    fn create_attendee(&self, request: Request) -> Result<Reply, ServiceError> {
        let mut meetings = self.living();
        let meeting = meetings.find(&request.meeting_id).ok_or_else(no_meeting)?;
        let known = meeting.attendees.iter().find(|one| one.external_user_id == request.external_user_id);
        if let Some(attendee) = known {
            return Ok(Reply::ok(&json!({ "Attendee": attendee_shape(attendee) })));
        }
        let capabilities = match request.capabilities {
            Some(capabilities) => checked_capabilities(capabilities)?,
            None => everything(),
        };
        let most = meeting.request.pointer("/MeetingFeatures/Attendee/MaxCount").and_then(Value::as_u64);
        if meeting.attendees.len() as u64 >= most.unwrap_or(MOST_ATTENDEES) {
            let text = "The meeting has as many attendees as it may have.";
            let full = ServiceError::new(Service::Chime, 400, "LimitExceededException", text);
            return Err(full.with("Code", "LimitExceeded"));
        }
        let attendee = Attendee {
            id: new_id()?,
            external_user_id: request.external_user_id,
            join_token: join_token()?,
            capabilities,
        };
        let answer = json!({ "Attendee": attendee_shape(&attendee) });
        meeting.attendees.push(attendee);
        Ok(Reply::ok(&answer))
    }

    fn get_attendee(&self, request: &Request) -> Result<Reply, ServiceError> {
        let mut meetings = self.living();
        let meeting = meetings.find(&request.meeting_id).ok_or_else(no_meeting)?;
        let found = meeting.attendees.iter().find(|one| one.id.eq_ignore_ascii_case(&request.attendee_id));
        let attendee = found.ok_or_else(no_attendee)?;
        Ok(Reply::ok(&json!({ "Attendee": attendee_shape(attendee) })))
    }

    fn delete_attendee(&self, request: &Request) -> Result<Reply, ServiceError> {
        let gone = |one: &Attendee| one.id.eq_ignore_ascii_case(&request.attendee_id);
        let removed = self.living().find(&request.meeting_id).ok_or_else(no_meeting)?.remove(gone);
        if self.publish(removed) == 0 {
            return Err(no_attendee());
        }
        Ok(Reply::no_content())
    }

    fn list_attendees(&self, request: &Request) -> Result<Reply, ServiceError> {
        let mut meetings = self.living();
        let meeting = meetings.find(&request.meeting_id).ok_or_else(no_meeting)?;
        let start: usize = match &request.next_token {
            Some(token) => token.parse().map_err(|_| Service::Chime.invalid("The next token is not valid."))?,
            None => 0,
        };
        let size = request.max_results.unwrap_or(100);
        let page: Vec<Value> = meeting.attendees.iter().skip(start).take(size).map(attendee_shape).collect();
        let next = start + page.len();
        let mut answer = json!({ "Attendees": page });
        if let (true, Some(members)) = (next < meeting.attendees.len(), answer.as_object_mut()) {
            members.insert("NextToken".to_owned(), Value::from(next.to_string()));
        }
        Ok(Reply::ok(&answer))
    }

    fn shape(&self, meeting: &Meeting) -> Value {
        let (host, id) = (format!("127.0.0.1:{}", self.media_port), &meeting.id);
        let mut shape = json!({
            "MeetingId": id,
            "ExternalMeetingId": meeting.external_id,
            "MediaRegion": meeting.media_region,
            "MeetingArn": format!("arn:aws:chime:us-east-1:000000000000:meeting/{id}"),
            "TenantIds": [],
            "MediaPlacement": {
                "AudioHostUrl": host,
                "AudioFallbackUrl": format!("ws://{host}/calls/{id}"),
                "SignalingUrl": format!("ws://{host}/control/{id}"),
                "TurnControlUrl": format!("http://{host}/v2/turn_sessions"),
                "ScreenDataUrl": format!("ws://{host}/v2/screen/{id}"),
                "ScreenViewingUrl": format!("ws://{host}/ws/connect?X-BitHub-Call-Id={id}"),
                "ScreenSharingUrl": format!("ws://{host}/v2/screen/{id}"),
            },
        });
        if let Some(members) = shape.as_object_mut() {
            for echoed in ["MeetingHostId", "MeetingFeatures", "PrimaryMeetingId", "TenantIds"] {
                if let Some(value) = meeting.request.get(echoed).filter(|value| !value.is_null()) {
                    members.insert(echoed.to_owned(), value.clone());
                }
            }
        }
        shape
    }
}

/// What an attendee may do unless something else is said.
fn everything() -> Value {
    json!({ "Audio": "SendReceive", "Video": "SendReceive", "Content": "SendReceive" })
}

fn attendee_shape(attendee: &Attendee) -> Value {
    json!({
        "ExternalUserId": attendee.external_user_id,
        "AttendeeId": attendee.id,
        "JoinToken": attendee.join_token,
        "Capabilities": attendee.capabilities,
    })
}

/// Content cannot be received where video is not:
/// <https://docs.aws.amazon.com/chime-sdk/latest/APIReference/API_meeting-chime_AttendeeCapabilities.html>
fn checked_capabilities(capabilities: Value) -> Result<Value, ServiceError> {
    let receives = |name: &str| {
        let value = capabilities.get(name).and_then(Value::as_str);
        value.is_some_and(|value| value.ends_with("Receive"))
    };
    if receives("Content") && !receives("Video") {
        return Err(Service::Chime.invalid("Content capabilities to receive need video capabilities to receive."));
    }
    Ok(capabilities)
}

fn no_meeting() -> ServiceError {
    let text = "The meeting has ended or does not exist.";
    ServiceError::new(Service::Chime, 404, "NotFoundException", text).with("Code", "NotFound")
}

fn no_attendee() -> ServiceError {
    let text = "The attendee does not exist.";
    ServiceError::new(Service::Chime, 404, "NotFoundException", text).with("Code", "NotFound")
}

/// A version 4 UUID: ids of meetings and attendees must not be guessed from one another.
pub(super) fn new_id() -> Result<String, ServiceError> {
    let bytes = random::<16>().map_err(|_| Service::Chime.internal_error())?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid().to_string())
}

/// 256 bits in hexadecimal: the client puts the token into a header that takes letters and digits only.
pub(super) fn join_token() -> Result<String, ServiceError> {
    let bytes = random::<32>().map_err(|_| Service::Chime.internal_error())?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
