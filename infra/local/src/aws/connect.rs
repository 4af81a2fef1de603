//! Amazon Connect: contacts, over meetings of the Chime stand-in as in the cloud. Flows are not run: a contact waits
//! until somebody takes it, at their panel or by the laptop's controls.

use std::sync::{Mutex, MutexGuard};

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::broadcast;

use super::agents::Agents;
use super::chime::{Chime, join_token, new_id};
use super::contacts::{Contact, ContactParticipant, MOST_ADDED};
use super::held;
use super::meetings::Attendee;
use super::service::{Reply, Service, ServiceError};
use crate::clock::LocalClock;

/// Events that a slow listener may lag behind.
const EVENTS: usize = 1024;

/// The contacts.
pub(crate) struct Connect {
    pub(super) clock: LocalClock,
    pub(super) agents: Mutex<Agents>,
    contacts: Mutex<Vec<Contact>>,
    events: broadcast::Sender<Value>,
}

/// What a request to any of the operations may hold; which of it must be there, the model has checked.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Request {
    instance_id: String,
    contact_id: String,
    client_token: Option<String>,
    participant_details: Details,
    attributes: Value,
    #[serde(rename = "Type")]
    kinds: Vec<String>,
    participant_token: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Details {
    display_name: String,
}

impl Connect {
    pub(crate) fn new(clock: LocalClock) -> Self {
        Self { clock, agents: Mutex::default(), contacts: Mutex::default(), events: broadcast::Sender::new(EVENTS) }
    }

    /// Answers one operation.
    pub(crate) fn call(&self, chime: &Chime, operation: &str, body: Value) -> Result<Reply, ServiceError> {
        let malformed = |error: serde_json::Error| Service::Connect.malformed(&error.to_string());
        let request: Request = serde_json::from_value(body.clone()).map_err(malformed)?;
        match operation {
            "StartWebRTCContact" => self.start(chime, request, body),
            "CreateParticipant" => self.create_participant(request),
            "CreateParticipantConnection" => self.connect_participant(chime, &request),
            "StopContact" => self.stop(chime, &request),
            "DescribeContact" => self.describe(chime, &request),
            _ => Err(Service::Connect.unknown_operation()),
        }
    }

    /// Events as EventBridge delivers them.
    pub(crate) fn events(&self) -> broadcast::Receiver<Value> {
        self.events.subscribe()
    }

    pub(crate) fn contacts(&self) -> Vec<Contact> {
        held(&self.contacts).clone()
    }

    /// An agent takes the contacts of a visit that wait; answers how many.
    pub(crate) fn accept(&self, chime: &Chime, visit: &str) -> usize {
        let now = self.clock.now();
        let mut contacts = self.on(chime);
        let waiting = contacts.iter_mut().filter(|c| c.is_on() && c.agent_at.is_none() && c.visit() == Some(visit));
        waiting
            .map(|contact| {
                contact.agent_at = Some(now);
                self.publish(contact, "CONNECTED_TO_AGENT");
            })
            .count()
    }

    /// Ends the contacts of this id or visit; answers how many.
    pub(crate) fn end(&self, chime: &Chime, id: &str) -> usize {
        let now = self.clock.now();
        let mut contacts = self.on(chime);
        let ended = contacts.iter_mut().filter(|c| c.is_on() && (c.id == id || c.visit() == Some(id)));
        ended.map(|contact| self.finish(chime, contact, now)).count()
    }

    pub(crate) fn forget_all(&self) {
        held(&self.contacts).clear();
        *held(&self.agents) = Agents::default();
    }

    /// The meetings of the contacts that are on of this id or visit.
    pub(crate) fn meetings_of(&self, chime: &Chime, id: &str) -> Vec<String> {
        let contacts = self.on(chime);
        let meant = contacts.iter().filter(|c| c.is_on() && (c.id == id || c.visit() == Some(id)));
        meant.map(|contact| contact.meeting_id.clone()).collect()
    }

    /// Notices the contacts whose meeting has ended.
    pub(crate) fn look(&self, chime: &Chime) {
        drop(self.on(chime));
    }

    /// The contacts. One whose meeting has ended has ended too.
    pub(super) fn on(&self, chime: &Chime) -> MutexGuard<'_, Vec<Contact>> {
        let now = self.clock.now();
        let mut contacts = held(&self.contacts);
        for contact in contacts.iter_mut().filter(|contact| contact.is_on()) {
            if chime.shape_of(&contact.meeting_id).is_none() {
                self.finish(chime, contact, now);
            }
        }
        contacts
    }

    pub(super) fn finish(&self, chime: &Chime, contact: &mut Contact, now: Timestamp) {
        contact.ended_at = Some(now);
        chime.end_meeting(&contact.meeting_id);
        self.publish(contact, "DISCONNECTED");
    }

    /// <https://docs.aws.amazon.com/connect/latest/adminguide/contact-events.html>
    pub(super) fn publish(&self, contact: &Contact, event_type: &str) {
        let instance_arn = format!("arn:aws:connect:us-east-1:000000000000:instance/{}", contact.instance_id);
        let contact_arn = format!("{instance_arn}/contact/{}", contact.id);
        let event = json!({
            "version": "0",
            "id": uuid::Uuid::now_v7().to_string(),
            "detail-type": "Amazon Connect Contact Event",
            "source": "aws.connect",
            "account": "000000000000",
            "time": self.clock.now(),
            "region": "us-east-1",
            "resources": [instance_arn, contact_arn],
            "detail": {
                "eventType": event_type,
                "contactId": contact.id,
                "initialContactId": contact.id,
                "channel": "VOICE",
                "instanceArn": instance_arn,
                "initiationMethod": "WEBRTC_API",
                "initiationTimestamp": contact.started_at,
            },
        });
        // Without a function that follows contacts nobody listens.
        let _ = self.events.send(event);
    }

    /// The same token gives the same contact; what lets one in is told again for as long as it is on.
    fn start(&self, chime: &Chime, request: Request, body: Value) -> Result<Reply, ServiceError> {
        let mut contacts = self.on(chime);
        let same =
            |contact: &&Contact| request.client_token.is_some() && contact.token() == request.client_token.as_deref();
        if let Some(contact) = contacts.iter().find(same) {
            if contact.request != body {
                let text = "The client token was used with other parameters.";
                return Err(Service::Connect.invalid(text));
            }
            return Ok(Reply::ok(&started(chime, contact)?));
        }
        let id = new_id()?;
        let first = ContactParticipant {
            id: new_id()?,
            display_name: request.participant_details.display_name,
            client_token: String::new(),
            token: join_token()?,
        };
        let contact = Contact {
            meeting_id: chime.open(&id)?,
            id,
            instance_id: request.instance_id,
            attributes: request.attributes,
            started_at: self.clock.now(),
            agent_at: None,
            agent: None,
            ended_at: None,
            is_cleared: false,
            participants: vec![first],
            request: body,
        };
        let answer = started(chime, &contact)?;
        contacts.push(contact);
        Ok(Reply::ok(&answer))
    }

    fn create_participant(&self, request: Request) -> Result<Reply, ServiceError> {
        let mut contacts = held(&self.contacts);
        let contact = find(&mut contacts, &request).filter(|contact| contact.is_on()).ok_or_else(no_resource)?;
        let token = request.client_token.unwrap_or_default();
        if let Some(known) = contact.participants.iter().find(|one| !token.is_empty() && one.client_token == token) {
            return Ok(Reply::ok(&added(known)));
        }
        if contact.agent_at.is_none() {
            return Err(Service::Connect.invalid("The contact is not connected to an agent."));
        }
        if contact.participants.len() > MOST_ADDED {
            let text = "The contact has as many participants as it may have.";
            return Err(ServiceError::new(Service::Connect, 402, "ServiceQuotaExceededException", text));
        }
        let participant = ContactParticipant {
            id: new_id()?,
            display_name: request.participant_details.display_name,
            client_token: token,
            token: join_token()?,
        };
        let answer = added(&participant);
        contact.participants.push(participant);
        Ok(Reply::ok(&answer))
    }

    fn connect_participant(&self, chime: &Chime, request: &Request) -> Result<Reply, ServiceError> {
        let contacts = self.on(chime);
        let holds = |one: &ContactParticipant| one.token == request.participant_token;
        let found = contacts.iter().filter(|contact| contact.is_on()).find_map(|contact| {
            contact.participants.iter().find(|one| holds(one)).map(|participant| (contact, participant))
        });
        let Some((contact, participant)) = found else {
            let text = "The participant token is not valid.";
            return Err(ServiceError::new(Service::Connect, 403, "AccessDeniedException", text));
        };
        if request.kinds != ["WEBRTC_CONNECTION"] {
            let text = "A participant of a call has a WEBRTC_CONNECTION.";
            return Err(ServiceError::new(Service::Connect, 400, "ValidationException", text));
        }
        // Whoever is added is told less of the meeting than the first caller.
        let mut connection = connection(chime, contact, participant)?;
        if let Some(meeting) = connection.get_mut("Meeting").and_then(Value::as_object_mut) {
            meeting.remove("MediaRegion");
        }
        Ok(Reply::ok(&json!({ "WebRTCConnection": connection })))
    }

    fn stop(&self, chime: &Chime, request: &Request) -> Result<Reply, ServiceError> {
        let now = self.clock.now();
        let mut contacts = self.on(chime);
        let contact = find(&mut contacts, request).filter(|contact| contact.is_on()).ok_or_else(|| {
            let text = "The contact with the specified ID does not exist.";
            ServiceError::new(Service::Connect, 410, "ContactNotFoundException", text)
        })?;
        self.finish(chime, contact, now);
        Ok(Reply::ok(&json!({})))
    }

    fn describe(&self, chime: &Chime, request: &Request) -> Result<Reply, ServiceError> {
        let mut contacts = self.on(chime);
        let contact = find(&mut contacts, request).ok_or_else(no_resource)?;
        let mut shape = json!({
            "Id": contact.id,
            "InitialContactId": contact.id,
            "InitiationMethod": "WEBRTC_API",
            "Channel": "VOICE",
            "InitiationTimestamp": seconds(contact.started_at),
            "Attributes": contact.attributes,
        });
        if let Some(members) = shape.as_object_mut() {
            if let Some(at) = contact.agent_at {
                members.insert("AgentInfo".to_owned(), json!({ "ConnectedToAgentTimestamp": seconds(at) }));
            }
            if let Some(at) = contact.ended_at {
                members.insert("DisconnectTimestamp".to_owned(), seconds(at));
            }
        }
        Ok(Reply::ok(&json!({ "Contact": shape })))
    }
}

fn find<'c>(contacts: &'c mut [Contact], request: &Request) -> Option<&'c mut Contact> {
    let named = |contact: &&mut Contact| contact.id == request.contact_id && contact.instance_id == request.instance_id;
    contacts.iter_mut().find(named)
}

fn started(chime: &Chime, contact: &Contact) -> Result<Value, ServiceError> {
    let Some(first) = contact.participants.first().filter(|_| contact.is_on()) else {
        return Ok(json!({ "ContactId": contact.id }));
    };
    Ok(json!({
        "ContactId": contact.id,
        "ParticipantId": first.id,
        "ParticipantToken": first.token,
        "ConnectionData": connection(chime, contact, first)?,
    }))
}

fn added(participant: &ContactParticipant) -> Value {
    json!({ "ParticipantId": participant.id, "ParticipantCredentials": { "ParticipantToken": participant.token } })
}

/// What a Chime client needs. Connect tells nothing of the names that it has there.
fn connection(chime: &Chime, contact: &Contact, participant: &ContactParticipant) -> Result<Value, ServiceError> {
    let Attendee { id, join_token, .. } = chime.admit(&contact.meeting_id, &participant.id)?;
    let meeting = chime.shape_of(&contact.meeting_id).ok_or_else(no_resource)?;
    let placement = ["AudioHostUrl", "AudioFallbackUrl", "SignalingUrl", "TurnControlUrl"]
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), meeting.pointer(&format!("/MediaPlacement/{name}"))?.clone())));
    Ok(json!({
        "Attendee": { "AttendeeId": id, "JoinToken": join_token },
        "Meeting": {
            "MeetingId": contact.meeting_id,
            "MediaRegion": meeting.get("MediaRegion"),
            "MediaPlacement": placement.collect::<serde_json::Map<_, _>>(),
        },
    }))
}

/// As JSON of these services spells times.
fn seconds(at: Timestamp) -> Value {
    Value::from(at.as_second())
}

fn no_resource() -> ServiceError {
    ServiceError::new(Service::Connect, 404, "ResourceNotFoundException", "The specified resource was not found.")
}
