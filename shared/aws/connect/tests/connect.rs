//! What is asked of Amazon Connect, and what its answers mean.

#![allow(missing_docs, unreachable_pub, dead_code)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../../config/tests/canned/mod.rs"]
mod canned;

use bedside_app::ports::{Contacts as _, Media as _, MediaError, NewCall, Newcomer, Place, TakenBack};
use bedside_connect::Connect;
use bedside_domain::access::Role;
use bedside_domain::id::{ParticipantId, VisitId};
use bedside_domain::settings::{Connect as Settings, ConnectId};
use bedside_domain::time::Time;
use bedside_domain::visit::{CallRef, MediaProvider, Recording};
use serde_json::{Value, json};

fn visit() -> VisitId {
    VisitId::new(Time::from_millis(1), [1; 10])
}

fn participant() -> ParticipantId {
    ParticipantId::new(Time::from_millis(1), [2; 10])
}

fn instance() -> ConnectId {
    ConnectId::parse("instance-1").unwrap()
}

fn settings() -> Settings {
    Settings { instance_id: instance(), flow_id: ConnectId::parse("flow-1").unwrap() }
}

fn new_call(settings: &Settings) -> NewCall<'_> {
    let place = Place::Connect { connect: settings, agent: Some("agent-7") };
    NewCall { visit: visit(), epoch: 3, place, caller: participant(), with_video: true }
}

fn newcomer() -> Newcomer {
    Newcomer { participant: participant(), role: Role::Interpreter, token: "token-9".to_owned(), with_video: false }
}

fn call(instance: &ConnectId) -> CallRef<'_> {
    CallRef { provider: MediaProvider::Connect, meeting_id: "contact-1", instance_id: Some(instance) }
}

fn connection() -> Value {
    json!({
        "Attendee": { "AttendeeId": "attendee-1", "JoinToken": "secret" },
        "Meeting": {
            "MeetingId": "meeting-1", "MediaRegion": "us-east-1",
            "MediaPlacement": { "AudioHostUrl": "audio", "SignalingUrl": "signal", "TurnControlUrl": "turn" },
            "MeetingFeatures": { "Audio": { "EchoReduction": "AVAILABLE" } },
        },
    })
}

fn connect(status: u16, body: Value) -> Connect {
    Connect::new(&canned::service(move |_| (status, body.clone())).0)
}

fn refused(code: &str) -> Value {
    json!({ "__type": format!("com.amazonaws.connect#{code}"), "Message": "of somebody" })
}

#[tokio::test]
async fn a_contact_is_the_patients_and_tells_nobodys_name() {
    let (config, log) = canned::service(|_| {
        (
            200,
            json!({
                "ContactId": "contact-1", "ParticipantId": "p-1", "ParticipantToken": "t-1", "ConnectionData": connection(),
            }),
        )
    });
    let settings = settings();
    let made = Connect::new(&config).create_meeting(&new_call(&settings)).await.unwrap();
    assert_eq!((made.meeting_id.as_str(), made.instance_id), ("contact-1", Some(instance())));
    let first = made.first.unwrap();
    let seat = first.contact.unwrap();
    assert_eq!((seat.participant_id.as_str(), seat.participant_token.as_str()), ("p-1", "t-1"));
    assert_eq!(first.attendee.external_user_id, participant().to_string());
    let join_info = serde_json::to_value(&made.join_info).unwrap();
    assert_eq!(join_info["MeetingId"], "meeting-1");
    let asked = log.lock().unwrap().pop().unwrap();
    assert_eq!(asked.call, "PUT https://connect.us-east-1.amazonaws.com/contact/webrtc");
    let both = json!({ "Video": "SEND", "ScreenShare": "SEND" });
    let expected = json!({
        "InstanceId": "instance-1", "ContactFlowId": "flow-1", "ClientToken": format!("{}-3", visit()),
        "ParticipantDetails": { "DisplayName": "Patient" },
        "Attributes": { "visitId": visit().to_string(), "epoch": "3", "agentId": "agent-7" },
        "AllowedCapabilities": { "Customer": both, "Agent": both },
    });
    assert_eq!(asked.body, expected);
}

#[tokio::test]
async fn a_contact_that_was_started_before_may_tell_its_id_alone() {
    let settings = settings();
    let made = connect(200, json!({ "ContactId": "contact-1" })).create_meeting(&new_call(&settings)).await;
    assert_eq!(made, Err(MediaError::NotAgain("contact-1".to_owned())));
}

#[tokio::test]
async fn whoever_is_added_gets_a_connection_by_their_own_token() {
    let (config, log) = canned::service(|asked| match asked.call.contains("create-participant") {
        true => (200, json!({ "ParticipantId": "p-2", "ParticipantCredentials": { "ParticipantToken": "t-2" } })),
        false => (
            200,
            json!({ "WebRTCConnection": {
            "Attendee": { "AttendeeId": "attendee-1", "JoinToken": "secret" },
            "Meeting": { "MeetingId": "meeting-1", "MediaPlacement": { "AudioHostUrl": "audio" } },
        } }),
        ),
    });
    let instance = instance();
    let added = Connect::new(&config).create_attendee(call(&instance), &newcomer()).await.unwrap();
    assert_eq!(added.contact.unwrap().participant_token, "t-2");
    assert_eq!(added.attendee.join_token, "secret");
    let log = log.lock().unwrap();
    let calls: Vec<&str> = log.iter().map(|asked| asked.call.as_str()).collect();
    assert_eq!(
        calls,
        [
            "POST https://connect.us-east-1.amazonaws.com/contact/create-participant",
            "POST https://participant.connect.us-east-1.amazonaws.com/participant/connection",
        ]
    );
    let expected = json!({
        "InstanceId": "instance-1", "ContactId": "contact-1", "ClientToken": "token-9",
        "ParticipantDetails": { "DisplayName": "Interpreter", "ParticipantRole": "CUSTOMER" },
    });
    assert_eq!(log[0].body, expected);
    assert_eq!(log[1].body, json!({ "Type": ["WEBRTC_CONNECTION"] }));
}

#[tokio::test]
async fn before_an_agent_is_there_nobody_can_be_added_yet() {
    let instance = instance();
    let answers = |over: bool| {
        move |asked: &canned::Asked| match asked.call.contains("create-participant") {
            true => (400, refused("InvalidRequestException")),
            false if over => (200, json!({ "Contact": { "DisconnectTimestamp": 1.5e9 } })),
            false => (200, json!({ "Contact": {} })),
        }
    };
    let waiting = Connect::new(&canned::service(answers(false)).0);
    assert_eq!(waiting.create_attendee(call(&instance), &newcomer()).await, Err(MediaError::NotYet));
    let full = connect(402, refused("ServiceQuotaExceededException"));
    assert_eq!(full.create_attendee(call(&instance), &newcomer()).await, Err(MediaError::Full));
    let over = Connect::new(&canned::service(answers(true)).0);
    assert_eq!(over.create_attendee(call(&instance), &newcomer()).await, Err(MediaError::Gone));
}

#[tokio::test]
async fn a_contact_is_alive_until_it_has_been_disconnected() {
    let instance = instance();
    for (contact, alive) in
        [(json!({ "Contact": {} }), true), (json!({ "Contact": { "DisconnectTimestamp": 1 } }), false)]
    {
        let (config, log) = canned::service(move |_| (200, contact.clone()));
        assert_eq!(Connect::new(&config).is_alive(call(&instance)).await, Ok(alive));
        let asked = log.lock().unwrap().pop().unwrap();
        assert_eq!(asked.call, "GET https://connect.us-east-1.amazonaws.com/contacts/instance-1/contact-1");
    }
    assert_eq!(connect(404, refused("ResourceNotFoundException")).is_alive(call(&instance)).await, Ok(false));
}

#[tokio::test]
async fn ending_a_contact_twice_is_as_good_and_takes_everybody_back() {
    let instance = instance();
    assert_eq!(connect(200, json!({})).delete_meeting(call(&instance)).await, Ok(()));
    assert_eq!(connect(410, refused("ContactNotFoundException")).delete_meeting(call(&instance)).await, Ok(()));
    let taken = connect(200, json!({})).delete_attendee(call(&instance), "attendee-1").await;
    assert_eq!(taken, Ok(TakenBack::WithTheCall));
    let ended = |asked: &canned::Asked| match asked.call.contains("/contact/stop") {
        true => (400, refused("InvalidRequestException")),
        false => (200, json!({ "Contact": { "DisconnectTimestamp": 1 } })),
    };
    assert_eq!(Connect::new(&canned::service(ended).0).delete_meeting(call(&instance)).await, Ok(()));
    let still_on = |asked: &canned::Asked| match asked.call.contains("/contact/stop") {
        true => (400, refused("InvalidRequestException")),
        false => (200, json!({ "Contact": {} })),
    };
    let outage = Connect::new(&canned::service(still_on).0).delete_meeting(call(&instance)).await.unwrap_err();
    assert_eq!(outage.to_string(), "connect: StopContact InvalidRequestException");
}

#[tokio::test]
async fn a_contact_says_its_visit_its_agent_and_its_recording() {
    let instance = instance();
    let stands = async |contact: Value| {
        connect(200, json!({ "Contact": contact })).contact(&instance, "contact-1").await.unwrap().unwrap()
    };
    let contact = stands(json!({
        "Attributes": { "visitId": visit().to_string(), "epoch": "3" },
        "AgentInfo": { "Id": "agent", "ConnectedToAgentTimestamp": 1_767_225_600.25 },
        "Recordings": [{ "StartTimestamp": 1 }, { "StartTimestamp": 1, "StopTimestamp": 2 }],
    }));
    let contact = contact.await;
    assert_eq!(
        (contact.visit, contact.epoch, contact.has_agent, contact.is_over),
        (Some(visit()), Some(3), true, false)
    );
    assert_eq!(contact.recording, Recording::Running);
    let foreign = stands(json!({ "Attributes": { "visitId": "of another flow" }, "AgentInfo": {} })).await;
    assert_eq!((foreign.visit, foreign.has_agent, foreign.recording), (None, false, Recording::None));
    let over =
        stands(json!({ "DisconnectTimestamp": 3, "Recordings": [{ "StartTimestamp": 1, "StopTimestamp": 2 }] })).await;
    assert_eq!((over.is_over, over.recording), (true, Recording::Over));
    assert_eq!(connect(404, refused("ResourceNotFoundException")).contact(&instance, "c").await, Ok(None));
}

#[tokio::test]
async fn a_fault_is_an_outage_after_three_tries_and_says_nothing_of_anybody() {
    let instance = instance();
    for (status, code) in [(500, "InternalServiceException"), (429, "ThrottlingException")] {
        let (config, log) = canned::service(move |_| (status, refused(code)));
        let outage = Connect::new(&config).is_alive(call(&instance)).await.unwrap_err();
        assert_eq!(outage.to_string(), format!("connect: DescribeContact {code}"));
        assert_eq!(log.lock().unwrap().len(), 3);
    }
    let settings = settings();
    let (config, log) = canned::service(|_| (400, refused("LimitExceededException")));
    let Err(MediaError::Down(outage)) = Connect::new(&config).create_meeting(&new_call(&settings)).await else {
        panic!("down")
    };
    assert_eq!(outage.to_string(), "connect: StartWebRTCContact LimitExceededException");
    assert!(!log.lock().unwrap().is_empty());
}

#[tokio::test]
async fn an_answer_without_what_is_needed_is_an_outage() {
    let instance = instance();
    let outage = connect(200, json!({ "Contact": 7 })).is_alive(call(&instance)).await.unwrap_err();
    assert_eq!(outage.to_string(), "connect: DescribeContact unreadable answer");
}
