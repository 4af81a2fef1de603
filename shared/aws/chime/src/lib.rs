//! Calls through Chime SDK Meetings.

use aws_sdk_chimesdkmeetings::Client;
use aws_sdk_chimesdkmeetings::config::{Builder, Region};
use aws_sdk_chimesdkmeetings::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_chimesdkmeetings::types;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use bedside_app::error::Outage;
use bedside_app::ports::{
    Answer, ChimeAttendee, ChimeMeeting, Credentials, Media, MediaError, MediaPlacement, Meeting, NewCall, Newcomer,
    Place, TakenBack,
};
use bedside_aws::{Environment, SdkConfig};
use bedside_domain::visit::CallRef;

/// Calls through Chime SDK Meetings.
#[derive(Debug, Clone)]
pub struct Chime {
    client: Client,
    /// For making meetings: an account may make about ten a second by default, and many visits begin on the hour.
    patient: Client,
}

impl Chime {
    /// By the control plane in `CHIME_REGION`, which need not be where the functions run (the service is in a few
    /// regions only), else in their own. No call is made.
    #[must_use]
    pub fn new(config: &SdkConfig, settings: &Environment) -> Self {
        let mut builder = Builder::from(config);
        if let Some(region) = settings.get("CHIME_REGION") {
            builder = builder.region(Region::new(region.to_owned()));
        }
        let patient =
            builder.clone().retry_config(bedside_aws::patient_retry()).timeout_config(bedside_aws::patient_timeouts());
        Self { client: Client::from_conf(builder.build()), patient: Client::from_conf(patient.build()) }
    }
}

impl Media for Chime {
    async fn create_meeting(&self, call: &NewCall<'_>) -> Result<Meeting, MediaError> {
        let Place::Chime { region } = call.place else { return Err(MediaError::Gone) };
        let ask = self.patient.create_meeting().client_request_token(call.token());
        let ask = ask.external_meeting_id(call.visit.to_string()).media_region(region);
        let answer = ask.send().await.map_err(|e| media_error("CreateMeeting", &e))?;
        answer.meeting.and_then(meeting).ok_or_else(|| MediaError::Down(unreadable("CreateMeeting")))
    }

    async fn create_attendee(&self, call: CallRef<'_>, who: &Newcomer) -> Result<Credentials, MediaError> {
        let ask = self.client.create_attendee().meeting_id(call.meeting_id);
        let answer = ask.external_user_id(who.participant.to_string()).send().await;
        let answer = answer.map_err(|e| media_error("CreateAttendee", &e))?;
        let attendee = answer.attendee.and_then(attendee);
        let attendee = attendee.ok_or_else(|| MediaError::Down(unreadable("CreateAttendee")))?;
        Ok(Credentials { attendee, contact: None })
    }

    async fn is_alive(&self, call: CallRef<'_>) -> Answer<bool> {
        match self.client.get_meeting().meeting_id(call.meeting_id).send().await {
            Ok(_) => Ok(true),
            Err(error) if is_gone(&error) => Ok(false),
            Err(error) => Err(outage("GetMeeting", &error)),
        }
    }

    async fn delete_attendee(&self, call: CallRef<'_>, attendee_id: &str) -> Answer<TakenBack> {
        let ask = self.client.delete_attendee().meeting_id(call.meeting_id).attendee_id(attendee_id);
        match ask.send().await {
            Ok(_) => Ok(TakenBack::Alone),
            Err(error) if is_gone(&error) => Ok(TakenBack::Alone),
            Err(error) => Err(outage("DeleteAttendee", &error)),
        }
    }

    async fn delete_meeting(&self, call: CallRef<'_>) -> Answer<()> {
        match self.client.delete_meeting().meeting_id(call.meeting_id).send().await {
            Ok(_) => Ok(()),
            Err(error) if is_gone(&error) => Ok(()),
            Err(error) => Err(outage("DeleteMeeting", &error)),
        }
    }
}

/// What the clients need of a meeting; its ARN, which names the account, stays here.
fn meeting(meeting: types::Meeting) -> Option<Meeting> {
    let placement = meeting.media_placement?;
    let meeting_id = meeting.meeting_id?;
    let join_info = ChimeMeeting {
        meeting_id: meeting_id.clone(),
        media_region: meeting.media_region?,
        external_meeting_id: meeting.external_meeting_id,
        media_placement: MediaPlacement {
            audio_host_url: placement.audio_host_url?,
            audio_fallback_url: placement.audio_fallback_url,
            signaling_url: placement.signaling_url?,
            turn_control_url: placement.turn_control_url,
            screen_data_url: placement.screen_data_url,
            screen_viewing_url: placement.screen_viewing_url,
            screen_sharing_url: placement.screen_sharing_url,
            event_ingestion_url: placement.event_ingestion_url,
        },
    };
    Some(Meeting { meeting_id, instance_id: None, join_info, first: None })
}

fn attendee(attendee: types::Attendee) -> Option<ChimeAttendee> {
    Some(ChimeAttendee {
        attendee_id: attendee.attendee_id?,
        external_user_id: attendee.external_user_id?,
        join_token: attendee.join_token?,
    })
}

/// The meeting or the attendee is not there (any more).
fn is_gone<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> bool {
    error.code() == Some("NotFoundException")
}

fn media_error<E: ProvideErrorMetadata>(operation: &str, error: &SdkError<E, HttpResponse>) -> MediaError {
    if is_gone(error) { MediaError::Gone } else { MediaError::Down(outage(operation, error)) }
}

fn outage<E: ProvideErrorMetadata>(operation: &str, error: &SdkError<E, HttpResponse>) -> Outage {
    Outage::new("chime", bedside_aws::what(operation, error))
}

fn unreadable(operation: &str) -> Outage {
    Outage::new("chime", format!("{operation} unreadable answer"))
}
