//! Calls through Amazon Connect: a contact for the patient, which the clinician takes in the Connect panel.

mod shapes;

use bedside_app::error::Outage;
use bedside_app::ports::{
    Answer, Contact, ContactSeat, Contacts, Credentials, Media, MediaError, Meeting, NewCall, Newcomer, Place,
    TakenBack,
};
use bedside_aws::{Api, Ask, CallError, Method, SdkConfig, segment};
use bedside_domain::access::Role;
use bedside_domain::settings::ConnectId;
use bedside_domain::visit::{CallRef, Recording};
use shapes::{
    AllowedCapabilities, Attributes, Capabilities, CreateConnection, CreateParticipant, CreatedConnection,
    CreatedParticipant, DescribedContact, Nothing, ParticipantDetails, RecordingInfo, StartWebRtcContact,
    StartedContact, StopContact,
};

/// Calls through Amazon Connect.
#[derive(Debug, Clone)]
pub struct Connect {
    control: Api,
    /// Where a participant's own token counts, and no signature.
    participants: Api,
}

impl Connect {
    /// In the functions' own region. No call is made.
    #[must_use]
    pub fn new(config: &SdkConfig) -> Self {
        Self {
            control: Api::new(config, "connect", Some("connect")),
            participants: Api::new(config, "participant.connect", None),
        }
    }

    async fn contact_of(&self, call: CallRef<'_>) -> Answer<Option<Contact>> {
        match call.instance_id {
            Some(instance) => self.contact(instance, call.meeting_id).await,
            None => Ok(None),
        }
    }

    async fn describe(&self, instance: &str, contact_id: &str) -> Result<DescribedContact, CallError> {
        let path = format!("/contacts/{}/{}", segment(instance), segment(contact_id));
        self.control.ask(Ask::rest(Method::GET, &path)).await
    }
}

impl Media for Connect {
    async fn create_meeting(&self, call: &NewCall<'_>) -> Result<Meeting, MediaError> {
        let Place::Connect { connect, agent } = call.place else { return Err(MediaError::Gone) };
        let (visit, epoch, token) = (call.visit.to_string(), call.epoch.to_string(), call.token());
        let body = StartWebRtcContact {
            instance_id: connect.instance_id.as_str(),
            contact_flow_id: connect.flow_id.as_str(),
            client_token: &token,
            participant_details: details(Role::Patient, None, None),
            attributes: Attributes { visit_id: &visit, epoch: &epoch, agent_id: agent },
            allowed_capabilities: call.with_video.then_some(AllowedCapabilities::ALL),
        };
        let operation = "StartWebRTCContact";
        let ask = Ask::rest(Method::PUT, "/contact/webrtc").body(body);
        let StartedContact { contact_id, connection_data, participant_id, participant_token } =
            self.control.ask(ask).await.map_err(|error| MediaError::Down(outage(operation, &error)))?;
        // "If a contact is already started, the contact ID is returned": and perhaps nothing but that.
        let Some(((connection, participant_id), participant_token)) =
            connection_data.zip(participant_id).zip(participant_token)
        else {
            return Err(MediaError::NotAgain(contact_id));
        };
        let (join_info, attendee) = connection.for_client(call.caller);
        let contact = Some(ContactSeat { participant_id, participant_token });
        Ok(Meeting {
            meeting_id: contact_id,
            instance_id: Some(connect.instance_id.clone()),
            join_info,
            first: Some(Credentials { attendee, contact }),
        })
    }

    async fn create_attendee(&self, call: CallRef<'_>, who: &Newcomer) -> Result<Credentials, MediaError> {
        let instance = instance(call).ok_or(MediaError::Gone)?;
        let capabilities = who.with_video.then_some(Capabilities::ALL);
        let body = CreateParticipant {
            instance_id: instance,
            contact_id: call.meeting_id,
            client_token: &who.token,
            // Connect knows no guests: whoever is no agent is a customer.
            participant_details: details(who.role, Some("CUSTOMER"), capabilities),
        };
        let operation = "CreateParticipant";
        let ask = Ask::rest(Method::POST, "/contact/create-participant").body(body);
        let added: Result<CreatedParticipant, _> = self.control.ask(ask).await;
        let CreatedParticipant { participant_id, participant_credentials } = match added {
            Ok(added) => added,
            Err(error) if is_gone(&error) => return Err(MediaError::Gone),
            Err(error) if is(&error, &["ServiceQuotaExceededException"]) => return Err(MediaError::Full),
            // It "will not succeed until the original caller has connected to the agent":
            // https://docs.aws.amazon.com/connect/latest/adminguide/enable-multiuser-inapp.html
            Err(error) if is(&error, &["InvalidRequestException", "ConflictException"]) => {
                let contact = self.contact_of(call).await.map_err(MediaError::Down)?;
                return Err(match contact {
                    Some(contact) if contact.is_over => MediaError::Gone,
                    Some(contact) if !contact.has_agent => MediaError::NotYet,
                    Some(_) => MediaError::Down(outage(operation, &error)),
                    None => MediaError::Gone,
                });
            }
            Err(error) => return Err(MediaError::Down(outage(operation, &error))),
        };
        let participant_token = participant_credentials.participant_token;
        let operation = "CreateParticipantConnection";
        let body = CreateConnection { kinds: ["WEBRTC_CONNECTION"] };
        let ask = Ask::rest(Method::POST, "/participant/connection").bearer(&participant_token).body(body);
        let connected: Result<CreatedConnection, _> = self.participants.ask(ask).await;
        let connected = connected.map_err(|error| MediaError::Down(outage(operation, &error)))?;
        let attendee = connected.connection.attendee.for_client(who.participant);
        Ok(Credentials { attendee, contact: Some(ContactSeat { participant_id, participant_token }) })
    }

    async fn is_alive(&self, call: CallRef<'_>) -> Answer<bool> {
        Ok(self.contact_of(call).await?.is_some_and(|contact| !contact.is_over))
    }

    async fn is_taken(&self, call: CallRef<'_>) -> Answer<bool> {
        Ok(self.contact_of(call).await?.is_some_and(|contact| contact.has_agent && !contact.is_over))
    }

    /// Connect takes nobody's credentials back alone.
    async fn delete_attendee(&self, call: CallRef<'_>, _: &str) -> Answer<TakenBack> {
        self.delete_meeting(call).await.map(|()| TakenBack::WithTheCall)
    }

    async fn delete_meeting(&self, call: CallRef<'_>) -> Answer<()> {
        let Some(instance) = instance(call) else { return Ok(()) };
        let operation = "StopContact";
        let body = StopContact { instance_id: instance, contact_id: call.meeting_id };
        let ask = Ask::rest(Method::POST, "/contact/stop").body(body);
        let stopped: Result<Nothing, _> = self.control.ask(ask).await;
        match stopped {
            Ok(_) => Ok(()),
            Err(error) if is_gone(&error) => Ok(()),
            // What it answers for a contact that has ended by itself is not said anywhere: ask.
            Err(error) if is(&error, &["InvalidRequestException", "InvalidParameterException"]) => {
                if self.is_alive(call).await? { Err(outage(operation, &error)) } else { Ok(()) }
            }
            Err(error) => Err(outage(operation, &error)),
        }
    }
}

impl Contacts for Connect {
    async fn contact(&self, instance: &ConnectId, contact_id: &str) -> Answer<Option<Contact>> {
        let contact = match self.describe(instance.as_str(), contact_id).await {
            Ok(described) => described.contact,
            Err(error) if is_gone(&error) => return Ok(None),
            Err(error) => return Err(outage("DescribeContact", &error)),
        };
        let agent = contact.agent_info.and_then(|agent| agent.connected_to_agent_timestamp);
        Ok(Some(Contact {
            // A contact of another flow of the instance may hold anything there.
            visit: contact.attributes.visit_id.and_then(|id| id.parse().ok()),
            epoch: contact.attributes.epoch.and_then(|epoch| epoch.parse().ok()),
            has_agent: agent.is_some(),
            is_over: contact.disconnect_timestamp.is_some(),
            recording: recording(&contact.recordings),
        }))
    }
}

fn recording(recordings: &[RecordingInfo]) -> Recording {
    let (over, running): (Vec<_>, Vec<_>) =
        recordings.iter().filter(|one| one.start_timestamp.is_some()).partition(|one| one.stop_timestamp.is_some());
    match (over.is_empty(), running.is_empty()) {
        (_, false) => Recording::Running,
        (false, true) => Recording::Over,
        (true, true) => Recording::None,
    }
}

/// Nobody's name goes to Connect: the role says enough.
fn details(
    role: Role,
    participant_role: Option<&'static str>,
    participant_capabilities: Option<Capabilities>,
) -> ParticipantDetails<'static> {
    let display_name = match role {
        Role::Patient => "Patient",
        Role::Clinician => "Clinician",
        Role::Guest => "Guest",
        Role::Interpreter => "Interpreter",
    };
    ParticipantDetails { display_name, participant_role, participant_capabilities }
}

fn instance(call: CallRef<'_>) -> Option<&str> {
    call.instance_id.map(ConnectId::as_str)
}

fn is(error: &CallError, codes: &[&str]) -> bool {
    error.as_service_error().and_then(|error| error.code()).is_some_and(|code| codes.contains(&code))
}

fn is_gone(error: &CallError) -> bool {
    is(error, &["ResourceNotFoundException", "ContactNotFoundException"])
}

fn outage(operation: &str, error: &CallError) -> Outage {
    Outage::new("connect", bedside_aws::what(operation, error))
}
