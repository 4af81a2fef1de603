//! Who carries the calls: Chime SDK Meetings or Amazon Connect, behind one port.

use super::Answer;
use crate::error::Outage;
use bedside_domain::access::Role;
use bedside_domain::id::{ParticipantId, VisitId};
use bedside_domain::settings::{Connect, ConnectId};
use bedside_domain::visit::{CallRef, MediaProvider, Recording};
use serde::{Deserialize, Serialize};
use std::future::Future;

/// Where a call is made.
#[derive(Debug, Clone, Copy)]
pub enum Place<'a> {
    /// A meeting of Chime, with its media in a region.
    Chime {
        /// The region.
        region: &'a str,
    },
    /// A contact of Amazon Connect.
    Connect {
        /// In which instance, through which flow.
        connect: &'a Connect,
        /// The agent whom the flow is to route to: the clinician, where it is known who of the instance that is.
        agent: Option<&'a str>,
    },
}

impl Place<'_> {
    /// Whose place it is.
    #[must_use]
    pub const fn provider(&self) -> MediaProvider {
        match self {
            Self::Chime { .. } => MediaProvider::Chime,
            Self::Connect { .. } => MediaProvider::Connect,
        }
    }
}

/// A call that is to be made.
#[derive(Debug, Clone, Copy)]
pub struct NewCall<'a> {
    /// For which visit.
    pub visit: VisitId,
    /// Which of its calls: from 1.
    pub epoch: u32,
    /// Where.
    pub place: Place<'a>,
    /// Who asks for it. A contact is made for somebody; a meeting is made for nobody.
    pub caller: ParticipantId,
    /// Whether there are cameras.
    pub with_video: bool,
}

impl NewCall<'_> {
    /// What makes it one call however often it is asked for: 2–64 of `-_a-zA-Z0-9`.
    #[must_use]
    pub fn token(&self) -> String {
        format!("{}-{}", self.visit, self.epoch)
    }
}

/// Somebody who is to get into a call.
#[derive(Debug, Clone)]
pub struct Newcomer {
    /// Who.
    pub participant: ParticipantId,
    /// As whom.
    pub role: Role,
    /// What makes it one set of credentials however often it is asked for.
    pub token: String,
    /// Whether with a camera.
    pub with_video: bool,
}

/// A call as its provider made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// The provider's id.
    pub meeting_id: String,
    /// The instance of Amazon Connect that it is in.
    pub instance_id: Option<ConnectId>,
    /// What the clients need, as the contract gives it on.
    pub join_info: ChimeMeeting,
    /// Credentials of whom it was made for, where it was made for somebody.
    pub first: Option<Credentials>,
}

/// `meeting` of the contract: the names that the Chime client takes as they are. No ARN, no account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ChimeMeeting {
    /// The provider's id.
    #[schema(min_length = 1, max_length = 64)]
    pub meeting_id: String,
    /// Where it runs.
    #[schema(min_length = 1, max_length = 25)]
    pub media_region: String,
    /// The visit's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<VisitId>)]
    pub external_meeting_id: Option<String>,
    /// Where the client connects.
    pub media_placement: MediaPlacement,
}

/// Where the client connects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the provider's own names")]
pub struct MediaPlacement {
    #[schema(min_length = 1, max_length = 2048)]
    pub audio_host_url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 2048)]
    pub audio_fallback_url: Option<String>,
    #[schema(min_length = 1, max_length = 2048)]
    pub signaling_url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 2048)]
    pub turn_control_url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 2048)]
    pub screen_data_url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 2048)]
    pub screen_viewing_url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 2048)]
    pub screen_sharing_url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 2048)]
    pub event_ingestion_url: Option<String>,
}

/// `attendee` of the contract. Its token is a media credential: nobody holds it before admission.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ChimeAttendee {
    /// The provider's id.
    #[schema(min_length = 1, max_length = 64)]
    pub attendee_id: String,
    /// The participant's id.
    #[schema(value_type = ParticipantId)]
    pub external_user_id: String,
    /// What lets one in.
    #[schema(min_length = 1, max_length = 2048)]
    pub join_token: String,
}

impl std::fmt::Debug for ChimeAttendee {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChimeAttendee").field("attendee_id", &self.attendee_id).finish_non_exhaustive()
    }
}

/// What lets one person into a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Credentials {
    /// For the media.
    #[serde(flatten)]
    pub attendee: ChimeAttendee,
    /// For a contact of Amazon Connect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactSeat>,
}

/// Somebody in a contact of Amazon Connect.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContactSeat {
    /// The provider's id.
    pub participant_id: String,
    /// What lets one in.
    pub participant_token: String,
}

impl std::fmt::Debug for ContactSeat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ContactSeat").field("participant_id", &self.participant_id).finish_non_exhaustive()
    }
}

/// Why a call could not be made or joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediaError {
    /// There is no such call (any more).
    Gone,
    /// Nobody can be added yet: Amazon Connect takes further people once an agent is there.
    NotYet,
    /// The call has as many people as it may have.
    Full,
    /// The call was made by the same token before, and its credentials are not told twice. Its id.
    NotAgain(String),
    /// The service is down or throttles.
    Down(Outage),
}

/// What was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenBack {
    /// One person's credentials.
    Alone,
    /// Everybody's: the call is over. Those who stay come over to the next one.
    WithTheCall,
}

/// Who carries the calls.
pub trait Media: Send + Sync + 'static {
    /// Makes a call; the same token again gives the same one.
    fn create_meeting(&self, call: &NewCall<'_>) -> impl Future<Output = Result<Meeting, MediaError>> + Send;
    /// Makes media credentials for somebody.
    fn create_attendee(
        &self,
        call: CallRef<'_>,
        who: &Newcomer,
    ) -> impl Future<Output = Result<Credentials, MediaError>> + Send;
    /// Whether the call is still on.
    fn is_alive(&self, call: CallRef<'_>) -> impl Future<Output = Answer<bool>> + Send;
    /// Whether the clinician is in a call that rings for them beside our own pages. Where none does, nobody is.
    fn is_taken(&self, _call: CallRef<'_>) -> impl Future<Output = Answer<bool>> + Send {
        std::future::ready(Ok(false))
    }
    /// Takes credentials back. Gone already is as good.
    fn delete_attendee(&self, call: CallRef<'_>, attendee_id: &str) -> impl Future<Output = Answer<TakenBack>> + Send;
    /// Ends a call. Gone already is as good.
    fn delete_meeting(&self, call: CallRef<'_>) -> impl Future<Output = Answer<()>> + Send;
}

/// Both carriers: each call goes to its own.
#[derive(Debug, Clone)]
pub struct Carriers<M, N> {
    /// Chime SDK Meetings.
    pub chime: M,
    /// Amazon Connect.
    pub connect: N,
}

impl<M: Media, N: Media> Media for Carriers<M, N> {
    async fn create_meeting(&self, call: &NewCall<'_>) -> Result<Meeting, MediaError> {
        match call.place.provider() {
            MediaProvider::Chime => self.chime.create_meeting(call).await,
            MediaProvider::Connect => self.connect.create_meeting(call).await,
        }
    }

    async fn create_attendee(&self, call: CallRef<'_>, who: &Newcomer) -> Result<Credentials, MediaError> {
        match call.provider {
            MediaProvider::Chime => self.chime.create_attendee(call, who).await,
            MediaProvider::Connect => self.connect.create_attendee(call, who).await,
        }
    }

    async fn is_alive(&self, call: CallRef<'_>) -> Answer<bool> {
        match call.provider {
            MediaProvider::Chime => self.chime.is_alive(call).await,
            MediaProvider::Connect => self.connect.is_alive(call).await,
        }
    }

    async fn is_taken(&self, call: CallRef<'_>) -> Answer<bool> {
        match call.provider {
            MediaProvider::Chime => self.chime.is_taken(call).await,
            MediaProvider::Connect => self.connect.is_taken(call).await,
        }
    }

    async fn delete_attendee(&self, call: CallRef<'_>, attendee_id: &str) -> Answer<TakenBack> {
        match call.provider {
            MediaProvider::Chime => self.chime.delete_attendee(call, attendee_id).await,
            MediaProvider::Connect => self.connect.delete_attendee(call, attendee_id).await,
        }
    }

    async fn delete_meeting(&self, call: CallRef<'_>) -> Answer<()> {
        match call.provider {
            MediaProvider::Chime => self.chime.delete_meeting(call).await,
            MediaProvider::Connect => self.connect.delete_meeting(call).await,
        }
    }
}

/// How a contact of Amazon Connect stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The visit that it says it is for.
    pub visit: Option<VisitId>,
    /// Which of its calls it says it is.
    pub epoch: Option<u32>,
    /// Whether an agent has taken it.
    pub has_agent: bool,
    /// Whether it has ended.
    pub is_over: bool,
    /// Whether it is, or was, recorded.
    pub recording: Recording,
}

/// What Amazon Connect knows of its contacts.
pub trait Contacts: Send + Sync + 'static {
    /// A contact as it stands; `None` where there is none of that id.
    fn contact(&self, instance: &ConnectId, contact_id: &str) -> impl Future<Output = Answer<Option<Contact>>> + Send;
}
