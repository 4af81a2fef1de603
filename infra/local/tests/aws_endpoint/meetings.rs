//! Chime SDK meetings.

use aws_sdk_chimesdkmeetings::Client;
use aws_sdk_chimesdkmeetings::operation::create_meeting::builders::CreateMeetingFluentBuilder;
use aws_sdk_chimesdkmeetings::types::{
    Attendee, AttendeeCapabilities, AttendeeFeatures, MediaCapabilities, Meeting, MeetingFeaturesConfiguration,
};
use bedside_local::aws::{AwsSetup, MeetingEvent};
use jiff::SignedDuration;

use crate::endpoint::{Endpoint, Outcome, outcome, refused};

fn request(client: &Client, token: &str) -> CreateMeetingFluentBuilder {
    client.create_meeting().client_request_token(token).media_region("us-east-1").external_meeting_id("visit-1")
}

async fn meeting(client: &Client, token: &str) -> Meeting {
    request(client, token).send().await.unwrap().meeting.unwrap()
}

async fn attendee(client: &Client, meeting: &str, user: &str) -> Attendee {
    let created = client.create_attendee().meeting_id(meeting).external_user_id(user).send().await;
    created.unwrap().attendee.unwrap()
}

#[tokio::test]
async fn a_token_makes_one_meeting_while_it_lives() {
    let endpoint = Endpoint::start().await;
    let client = endpoint.chime();
    let first = meeting(&client, "visit-1-0").await;
    let id = first.meeting_id.clone().unwrap();
    let placement = first.media_placement.clone().unwrap();
    assert_eq!(placement.signaling_url, Some(format!("ws://127.0.0.1:3478/control/{id}")));
    assert_eq!(placement.audio_host_url.as_deref(), Some("127.0.0.1:3478"));
    assert_eq!(meeting(&client, "visit-1-0").await, first);
    assert_eq!(endpoint.state.meetings().len(), 1);
    let other = request(&client, "visit-1-0").external_meeting_id("visit-2").send().await;
    assert_eq!(outcome(other), refused("ConflictException"));
    assert_ne!(meeting(&client, "visit-1-1").await.meeting_id, first.meeting_id);
    client.delete_meeting().meeting_id(&id).send().await.unwrap();
    assert_eq!(outcome(client.delete_meeting().meeting_id(&id).send().await), refused("NotFoundException"));
    assert_ne!(meeting(&client, "visit-1-0").await.meeting_id, first.meeting_id);
}

#[tokio::test]
async fn what_chime_refuses_is_refused() {
    let endpoint = Endpoint::start().await;
    let client = endpoint.chime();
    let bad = refused("BadRequestException");
    assert_eq!(outcome(request(&client, "a").send().await), bad, "a token of one character");
    assert_eq!(outcome(request(&client, "visit#1").send().await), bad);
    assert_eq!(outcome(request(&client, &"x".repeat(65)).send().await), bad);
    assert_eq!(outcome(request(&client, "token").external_meeting_id("v").send().await), bad);
    assert_eq!(outcome(request(&client, "token").external_meeting_id("aws:visit").send().await), bad);
    assert_eq!(outcome(request(&client, "token").media_region("us-central-9").send().await), bad);
    assert_eq!(outcome(client.get_meeting().meeting_id("no-uuid").send().await), bad);
    let id = meeting(&client, "token").await.meeting_id.unwrap();
    let user = |user: &str| client.create_attendee().meeting_id(&id).external_user_id(user);
    assert_eq!(outcome(user("p").send().await), bad);
    let deaf = AttendeeCapabilities::builder()
        .audio(MediaCapabilities::SendReceive)
        .video(MediaCapabilities::Send)
        .content(MediaCapabilities::SendReceive)
        .build()
        .unwrap();
    assert_eq!(outcome(user("person").capabilities(deaf).send().await), bad);
    let unknown = uuid::Uuid::now_v7().to_string();
    let nowhere = client.create_attendee().meeting_id(unknown).external_user_id("person").send().await;
    assert_eq!(outcome(nowhere), refused("NotFoundException"));
}

#[tokio::test]
async fn an_attendee_is_made_once_for_each_user_until_removed() {
    let endpoint = Endpoint::start().await;
    let client = endpoint.chime();
    let id = meeting(&client, "token").await.meeting_id.unwrap();
    let first = attendee(&client, &id, "patient").await;
    let token = first.join_token.clone().unwrap();
    assert!(token.len() >= 32 && token.chars().all(|c| c.is_ascii_alphanumeric()));
    assert_eq!(attendee(&client, &id, "patient").await, first);
    let other = attendee(&client, &id, "clinician").await;
    assert_ne!(other.join_token, first.join_token);
    let listed = client.list_attendees().meeting_id(&id).max_results(1).send().await.unwrap();
    assert_eq!(listed.attendees(), std::slice::from_ref(&first));
    let rest = client.list_attendees().meeting_id(&id).set_next_token(listed.next_token).send().await.unwrap();
    assert_eq!((rest.attendees(), rest.next_token()), (std::slice::from_ref(&other), None));
    let first_id = first.attendee_id.clone().unwrap();
    let got = client.get_attendee().meeting_id(&id).attendee_id(&first_id).send().await.unwrap();
    assert_eq!(got.attendee.as_ref(), Some(&first));
    client.delete_attendee().meeting_id(&id).attendee_id(&first_id).send().await.unwrap();
    let gone = client.get_attendee().meeting_id(&id).attendee_id(&first_id).send().await;
    assert_eq!(outcome(gone), refused("NotFoundException"));
    assert_ne!(attendee(&client, &id, "patient").await.join_token, first.join_token);
}

#[tokio::test]
async fn a_meeting_takes_as_many_attendees_as_it_may_have() {
    let endpoint = Endpoint::start().await;
    let client = endpoint.chime();
    let features = AttendeeFeatures::builder().max_count(2).build();
    let features = MeetingFeaturesConfiguration::builder().attendee(features).build();
    let small = request(&client, "small").meeting_features(features).send().await.unwrap().meeting.unwrap();
    let large = meeting(&client, "large").await;
    for (meeting, most) in [(small, 2), (large, 250)] {
        let id = meeting.meeting_id.unwrap();
        for place in 0..most {
            attendee(&client, &id, &format!("person-{place}")).await;
        }
        let surplus = client.create_attendee().meeting_id(&id).external_user_id("surplus").send().await;
        assert_eq!(outcome(surplus), refused("LimitExceededException"));
    }
}

#[tokio::test]
async fn a_meeting_ends_after_a_day_by_the_laptops_clock() {
    let setup = AwsSetup::default();
    let clock = setup.clock.clone();
    let endpoint = Endpoint::start_with(setup).await;
    let client = endpoint.chime();
    let id = meeting(&client, "token").await.meeting_id.unwrap();
    let get = || client.get_meeting().meeting_id(&id).send();
    clock.advance(SignedDuration::from_mins(24 * 60 - 1));
    assert_eq!(outcome(get().await), Outcome::Answered);
    clock.advance(SignedDuration::from_mins(2));
    assert_eq!(outcome(get().await), refused("NotFoundException"));
    assert!(endpoint.state.meetings().is_empty());
}

#[tokio::test]
async fn controls_end_meetings_and_remove_attendees_and_the_media_server_hears_of_it() {
    let endpoint = Endpoint::start().await;
    let client = endpoint.chime();
    let mut events = endpoint.state.meeting_events();
    let id = meeting(&client, "token").await.meeting_id.unwrap();
    let first = attendee(&client, &id, "patient").await.attendee_id.unwrap();
    let held = endpoint.state.meetings();
    assert_eq!((held[0].external_id.as_str(), held[0].attendees[0].external_user_id.as_str()), ("visit-1", "patient"));
    assert_eq!(endpoint.state.remove_attendee(&id, "patient"), 1);
    let removed = MeetingEvent::AttendeeRemoved { meeting_id: id.clone(), attendee_id: first };
    assert_eq!(events.try_recv().unwrap(), removed);
    assert_eq!(endpoint.state.end_meeting("visit-1"), 1);
    let MeetingEvent::MeetingEnded { meeting_id, told } = events.try_recv().unwrap() else { panic!("it has ended") };
    assert_eq!(meeting_id, id);
    assert!(told.is_some(), "a meeting of ours is told of");
    assert_eq!(outcome(client.get_meeting().meeting_id(&id).send().await), refused("NotFoundException"));
    assert_eq!(endpoint.state.end_meeting("visit-1"), 0);
}
