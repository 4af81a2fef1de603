//! Calls through Chime SDK Meetings.

use bedside_app::error::Outage;
use bedside_app::ports::{
    Answer, ChimeAttendee, ChimeMeeting, Credentials, Media, MediaError, Meeting, NewCall, Newcomer, Place, TakenBack,
};
use bedside_aws::{Api, Ask, CallError, Environment, Method, SdkConfig, segment};
use bedside_domain::visit::CallRef;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

/// Calls through Chime SDK Meetings.
#[derive(Debug, Clone)]
pub struct Chime {
    api: Api,
    /// For making meetings: an account may make about ten a second by default, and many visits begin on the hour.
    patient: Api,
}

impl Chime {
    /// By the control plane in `CHIME_REGION`, which need not be where the functions run (the service is in a few
    /// regions only), else in their own. No call is made.
    #[must_use]
    pub fn new(config: &SdkConfig, settings: &Environment) -> Self {
        let config = match settings.get("CHIME_REGION") {
            Some(region) => &bedside_aws::in_region(config, region),
            None => config,
        };
        let api = |config: &SdkConfig| Api::new(config, "meetings-chime", Some("chime"));
        Self { api: api(config), patient: api(&bedside_aws::patient(config)) }
    }

    /// What a meeting is asked by its address alone, when only whether it was done is of interest.
    async fn done(&self, method: Method, path: &str) -> Result<(), CallError> {
        self.api.ask(Ask::rest(method, path)).await.map(|IgnoredAny| ())
    }
}

impl Media for Chime {
    async fn create_meeting(&self, call: &NewCall<'_>) -> Result<Meeting, MediaError> {
        let Place::Chime { region } = call.place else { return Err(MediaError::Gone) };
        let (token, visit) = (call.token(), call.visit.to_string());
        let body = CreateMeeting { client_request_token: &token, external_meeting_id: &visit, media_region: region };
        let operation = "CreateMeeting";
        let made = self.patient.ask(Ask::rest(Method::POST, "/meetings").body(body)).await;
        let CreatedMeeting { meeting } = made.map_err(|error| media_error(operation, &error))?;
        Ok(Meeting { meeting_id: meeting.meeting_id.clone(), instance_id: None, join_info: meeting, first: None })
    }

    async fn create_attendee(&self, call: CallRef<'_>, who: &Newcomer) -> Result<Credentials, MediaError> {
        let path = format!("{}/attendees", meeting(call));
        let body = CreateAttendee { external_user_id: &who.participant.to_string() };
        let operation = "CreateAttendee";
        let made = self.api.ask(Ask::rest(Method::POST, &path).body(body)).await;
        let CreatedAttendee { attendee } = made.map_err(|error| media_error(operation, &error))?;
        Ok(Credentials { attendee, contact: None })
    }

    async fn is_alive(&self, call: CallRef<'_>) -> Answer<bool> {
        match self.done(Method::GET, &meeting(call)).await {
            Ok(()) => Ok(true),
            Err(error) if is_gone(&error) => Ok(false),
            Err(error) => Err(outage("GetMeeting", &error)),
        }
    }

    async fn delete_attendee(&self, call: CallRef<'_>, attendee_id: &str) -> Answer<TakenBack> {
        let path = format!("{}/attendees/{}", meeting(call), segment(attendee_id));
        match self.done(Method::DELETE, &path).await {
            Ok(()) => Ok(TakenBack::Alone),
            Err(error) if is_gone(&error) => Ok(TakenBack::Alone),
            Err(error) => Err(outage("DeleteAttendee", &error)),
        }
    }

    async fn delete_meeting(&self, call: CallRef<'_>) -> Answer<()> {
        match self.done(Method::DELETE, &meeting(call)).await {
            Ok(()) => Ok(()),
            Err(error) if is_gone(&error) => Ok(()),
            Err(error) => Err(outage("DeleteMeeting", &error)),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct CreateMeeting<'a> {
    client_request_token: &'a str,
    external_meeting_id: &'a str,
    media_region: &'a str,
}

/// What the clients need of a meeting; its ARN, which names the account, is passed over.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CreatedMeeting {
    meeting: ChimeMeeting,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct CreateAttendee<'a> {
    external_user_id: &'a str,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CreatedAttendee {
    attendee: ChimeAttendee,
}

/// A meeting's address.
fn meeting(call: CallRef<'_>) -> String {
    format!("/meetings/{}", segment(call.meeting_id))
}

/// The meeting or the attendee is not there (any more).
fn is_gone(error: &CallError) -> bool {
    error.as_service_error().is_some_and(|error| error.code() == Some("NotFoundException"))
}

fn media_error(operation: &str, error: &CallError) -> MediaError {
    if is_gone(error) { MediaError::Gone } else { MediaError::Down(outage(operation, error)) }
}

fn outage(operation: &str, error: &CallError) -> Outage {
    Outage::new("chime", bedside_aws::what(operation, error))
}
