//! What is sent and answered, by the service's own description, as far as it is used.

use bedside_app::ports::{ChimeAttendee, ChimeMeeting, MediaPlacement};
use bedside_domain::id::ParticipantId;
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct StartWebRtcContact<'a> {
    pub(crate) instance_id: &'a str,
    pub(crate) contact_flow_id: &'a str,
    pub(crate) client_token: &'a str,
    pub(crate) participant_details: ParticipantDetails<'a>,
    pub(crate) attributes: Attributes<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) allowed_capabilities: Option<AllowedCapabilities>,
}

/// What flow and panel may know: ids of ours, and nothing of a person.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Attributes<'a> {
    pub(crate) visit_id: &'a str,
    pub(crate) epoch: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) agent_id: Option<&'a str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ParticipantDetails<'a> {
    pub(crate) display_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) participant_role: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) participant_capabilities: Option<Capabilities>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AllowedCapabilities {
    customer: Capabilities,
    agent: Capabilities,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Capabilities {
    video: &'static str,
    screen_share: &'static str,
}

impl Capabilities {
    pub(crate) const ALL: Self = Self { video: "SEND", screen_share: "SEND" };
}

impl AllowedCapabilities {
    pub(crate) const ALL: Self = Self { customer: Capabilities::ALL, agent: Capabilities::ALL };
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct StartedContact {
    pub(crate) contact_id: String,
    pub(crate) connection_data: Option<Connection>,
    pub(crate) participant_id: Option<String>,
    pub(crate) participant_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct CreateParticipant<'a> {
    pub(crate) instance_id: &'a str,
    pub(crate) contact_id: &'a str,
    pub(crate) client_token: &'a str,
    pub(crate) participant_details: ParticipantDetails<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct CreatedParticipant {
    pub(crate) participant_id: String,
    pub(crate) participant_credentials: ParticipantCredentials,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ParticipantCredentials {
    pub(crate) participant_token: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct CreateConnection {
    #[serde(rename = "Type")]
    pub(crate) kinds: [&'static str; 1],
}

#[derive(Deserialize)]
pub(crate) struct CreatedConnection {
    #[serde(rename = "WebRTCConnection")]
    pub(crate) connection: AddedConnection,
}

/// Its meeting is the contact's, told with less.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AddedConnection {
    pub(crate) attendee: Attendee,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct StopContact<'a> {
    pub(crate) instance_id: &'a str,
    pub(crate) contact_id: &'a str,
}

/// An answer in which nothing stands that we need.
#[derive(Deserialize)]
pub(crate) struct Nothing {}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DescribedContact {
    pub(crate) contact: ContactDescription,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ContactDescription {
    /// Seconds since 1970, as JSON 1.1 spells times: only whether there is one counts here.
    pub(crate) disconnect_timestamp: Option<f64>,
    pub(crate) agent_info: Option<AgentInfo>,
    #[serde(default)]
    pub(crate) attributes: ReadAttributes,
    #[serde(default)]
    pub(crate) recordings: Vec<RecordingInfo>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AgentInfo {
    pub(crate) connected_to_agent_timestamp: Option<f64>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReadAttributes {
    pub(crate) visit_id: Option<String>,
    pub(crate) epoch: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct RecordingInfo {
    pub(crate) start_timestamp: Option<f64>,
    pub(crate) stop_timestamp: Option<f64>,
}

/// What a client needs to get into a call.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Connection {
    attendee: Attendee,
    meeting: Meeting,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Attendee {
    attendee_id: String,
    join_token: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Meeting {
    meeting_id: String,
    media_region: String,
    media_placement: MediaPlacement,
}

impl Connection {
    /// As the Chime client takes them: it is the same client.
    pub(crate) fn for_client(self, participant: ParticipantId) -> (ChimeMeeting, ChimeAttendee) {
        let Meeting { meeting_id, media_region, media_placement } = self.meeting;
        let meeting = ChimeMeeting { meeting_id, media_region, external_meeting_id: None, media_placement };
        (meeting, self.attendee.for_client(participant))
    }
}

impl Attendee {
    /// Connect knows no id of ours for the attendee.
    pub(crate) fn for_client(self, participant: ParticipantId) -> ChimeAttendee {
        let Self { attendee_id, join_token } = self;
        ChimeAttendee { attendee_id, external_user_id: participant.to_string(), join_token }
    }
}

/// Tokens stand in some of them: none is for a log.
macro_rules! unspoken {
    ($($name:ty)+) => {
        $(impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(stringify!($name))
            }
        })+
    };
}

unspoken!(StartedContact CreatedParticipant CreatedConnection Nothing DescribedContact);
