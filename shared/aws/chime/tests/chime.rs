//! What is asked of Chime, and what its answers mean.

#![allow(missing_docs, unreachable_pub, dead_code)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../../config/tests/canned/mod.rs"]
mod canned;

use bedside_app::ports::{Media as _, MediaError, NewCall, Newcomer, Place, TakenBack};
use bedside_aws::Environment;
use bedside_chime::Chime;
use bedside_domain::access::Role;
use bedside_domain::id::{ParticipantId, VisitId};
use bedside_domain::time::Time;
use bedside_domain::visit::{CallRef, MediaProvider};
use serde_json::{Value, json};

fn visit() -> VisitId {
    VisitId::new(Time::from_millis(1), [1; 10])
}

fn participant() -> ParticipantId {
    ParticipantId::new(Time::from_millis(1), [2; 10])
}

fn new_call(region: &str) -> NewCall<'_> {
    NewCall { visit: visit(), epoch: 1, place: Place::Chime { region }, caller: participant(), with_video: true }
}

fn newcomer() -> Newcomer {
    Newcomer { participant: participant(), role: Role::Patient, token: "token".to_owned(), with_video: true }
}

const CALL: CallRef<'static> = CallRef { provider: MediaProvider::Chime, meeting_id: "meeting-1", instance_id: None };

fn meeting() -> Value {
    json!({ "Meeting": {
        "MeetingId": "meeting-1",
        "MeetingArn": "arn:aws:chime:us-east-1:123456789012:meeting/meeting-1",
        "ExternalMeetingId": visit().to_string(),
        "MediaRegion": "eu-central-1",
        "MediaPlacement": {
            "AudioHostUrl": "audio", "AudioFallbackUrl": "fallback", "SignalingUrl": "signal",
            "TurnControlUrl": "turn", "ScreenDataUrl": "data", "ScreenViewingUrl": "view",
            "ScreenSharingUrl": "share", "EventIngestionUrl": "events",
        },
    } })
}

fn chime(status: u16, body: Value) -> Chime {
    Chime::new(&canned::service(move |_| (status, body.clone())).0, &Environment::default())
}

fn not_found() -> Chime {
    chime(404, json!({ "__type": "NotFoundException", "message": "no such meeting" }))
}

#[tokio::test]
async fn a_meeting_is_made_by_its_token_for_its_visit() {
    let (config, log) = canned::service(|_| (201, meeting()));
    let chime = Chime::new(&config, &Environment::from_pairs([("CHIME_REGION", "eu-central-1")]));
    let made = chime.create_meeting(&new_call("eu-central-1")).await.unwrap();
    assert_eq!(made.meeting_id, "meeting-1");
    // As the client takes it: the provider's own names, and nothing of our account.
    let mut expected = meeting()["Meeting"].clone();
    expected.as_object_mut().unwrap().remove("MeetingArn");
    assert_eq!(serde_json::to_value(&made.join_info).unwrap(), expected);
    let asked = log.lock().unwrap().pop().unwrap();
    assert!(asked.call.contains("meetings-chime.eu-central-1.") && asked.call.ends_with("/meetings"), "{}", asked.call);
    let expected = json!({
        "ClientRequestToken": format!("{}-1", visit()), "ExternalMeetingId": visit().to_string(),
        "MediaRegion": "eu-central-1",
    });
    assert_eq!(asked.body, expected);
}

#[tokio::test]
async fn the_control_plane_is_in_the_functions_region_where_nobody_says_otherwise() {
    let (config, log) = canned::service(|_| (200, meeting()));
    assert!(Chime::new(&config, &Environment::default()).is_alive(CALL).await.unwrap());
    let asked = log.lock().unwrap().pop().unwrap();
    assert!(asked.call.contains("meetings-chime.us-east-1."), "{}", asked.call);
}

#[tokio::test]
async fn an_attendee_is_the_participant() {
    let attendee = json!({ "Attendee": {
        "AttendeeId": "attendee-1", "ExternalUserId": participant().to_string(), "JoinToken": "secret",
    } });
    let (config, log) = canned::service(move |_| (201, attendee.clone()));
    let made = Chime::new(&config, &Environment::default()).create_attendee(CALL, &newcomer()).await.unwrap();
    assert_eq!((made.attendee.attendee_id.as_str(), made.attendee.join_token.as_str()), ("attendee-1", "secret"));
    let asked = log.lock().unwrap().pop().unwrap();
    assert!(asked.call.ends_with("/meetings/meeting-1/attendees"), "{}", asked.call);
    assert_eq!(asked.body, json!({ "ExternalUserId": participant().to_string() }));
}

#[tokio::test]
async fn a_meeting_that_is_gone_is_told_apart_and_may_be_ended_again() {
    assert_eq!(not_found().create_attendee(CALL, &newcomer()).await, Err(MediaError::Gone));
    assert_eq!(not_found().is_alive(CALL).await, Ok(false));
    assert_eq!(not_found().delete_attendee(CALL, "attendee-1").await, Ok(TakenBack::Alone));
    assert_eq!(not_found().delete_meeting(CALL).await, Ok(()));
    assert_eq!(chime(204, Value::Null).delete_meeting(CALL).await, Ok(()));
}

#[tokio::test]
async fn a_fault_is_an_outage() {
    let down = || chime(503, json!({ "__type": "ServiceUnavailableException" }));
    let code = "ServiceUnavailableException";
    assert_eq!(down().is_alive(CALL).await.unwrap_err().to_string(), format!("chime: GetMeeting {code}"));
    assert_eq!(down().delete_meeting(CALL).await.unwrap_err().to_string(), format!("chime: DeleteMeeting {code}"));
    let Err(MediaError::Down(outage)) = down().create_attendee(CALL, &newcomer()).await else { panic!("down") };
    assert_eq!(outage.to_string(), format!("chime: CreateAttendee {code}"));
}

#[tokio::test]
async fn an_answer_without_what_clients_need_is_an_outage() {
    let Err(MediaError::Down(outage)) =
        chime(201, json!({ "Meeting": { "MeetingId": "m" } })).create_meeting(&new_call("us-east-1")).await
    else {
        panic!("down")
    };
    assert_eq!(outage.to_string(), "chime: CreateMeeting unreadable answer");
}

#[tokio::test]
async fn meetings_that_are_throttled_are_tried_longer_than_other_calls() {
    let (config, log) = canned::service(|_| (429, json!({ "__type": "ThrottlingException" })));
    let chime = Chime::new(&config, &Environment::default());
    assert!(matches!(chime.create_meeting(&new_call("us-east-1")).await, Err(MediaError::Down(_))));
    assert_eq!(std::mem::take(&mut *log.lock().unwrap()).len(), 6);
    assert!(chime.is_alive(CALL).await.is_err());
    assert_eq!(log.lock().unwrap().len(), 3);
}
