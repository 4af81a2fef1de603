#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]
use std::collections::BTreeSet;

use proptest::prelude::*;

use str0m::media::Mid;

use super::*;
use crate::meetings::CONTENT;
use crate::wire::{
    AudioStream, Duplex, Kind, MediaType, PauseResume, RemoteVideoUpdate, StreamDescriptor, Subscribe,
    VideoSubscription,
};

const NOW: u64 = 1_796_136_600_000;

fn who(name: &str) -> Attendee {
    Attendee {
        meeting_id: "m".to_owned(),
        meeting: None,
        attendee_id: name.to_owned(),
        external_user_id: format!("user-{name}"),
    }
}

fn id(number: u64) -> ConnectionId {
    ConnectionId(number)
}

/// An offer with sound, a camera, and so many sections for others.
fn offer(others: usize) -> String {
    let mut offer =
        "v=0\r\nm=audio 9 x 111\r\na=mid:0\r\na=sendrecv\r\nm=video 9 x 96\r\na=mid:1\r\na=sendonly\r\n".to_owned();
    for other in 0..others {
        offer.push_str(&format!("m=video 9 x 96\r\na=mid:{}\r\na=recvonly\r\n", other + 2));
    }
    offer
}

fn subscribe(sends: bool, receives: &[u32]) -> Said {
    let video = StreamDescriptor { media_type: Some(MediaType::Video.into()), ..StreamDescriptor::default() };
    Said::Subscribe(Subscribe {
        duplex: Some(if sends { Duplex::Duplex } else { Duplex::Rx }.into()),
        send_streams: sends.then_some(video).into_iter().collect(),
        receive_stream_ids: std::iter::once(0).chain(receives.iter().copied()).collect(),
        sdp_offer: Some(offer(receives.len())),
        ..Subscribe::default()
    })
}

/// A room whose offers are answered at once, with all that was ever sent.
#[derive(Default)]
struct Played {
    room: Room,
    done: Vec<Effect>,
}

impl Played {
    fn act(&mut self, act: impl FnOnce(&mut Room, &mut Vec<Effect>)) -> Vec<Effect> {
        let (mut out, mut answers) = (Vec::new(), Vec::new());
        act(&mut self.room, &mut out);
        for effect in &out {
            if let Effect::Negotiate(id, plan) = effect {
                self.room.answered(*id, Some(plan.offer.clone()), &mut answers);
            }
        }
        out.append(&mut answers);
        self.done.extend(out.clone());
        out
    }

    fn say(&mut self, number: u64, said: Said) -> Vec<Effect> {
        self.act(|room, out| room.said(id(number), said, NOW, out))
    }

    /// Somebody who is there and heard.
    fn come(&mut self, number: u64, name: &str) {
        self.act(|room, out| room.open(id(number), who(name), out));
        self.say(number, Said::Join);
        self.say(number, subscribe(false, &[]));
        self.act(|room, out| room.heard(id(number), out));
    }
}

fn frames_to(effects: &[Effect], number: u64) -> Vec<&Frame> {
    let to = |effect| match effect {
        &Effect::Send(to, ref frame) if to == id(number) => Some(frame),
        _ => None,
    };
    effects.iter().filter_map(to).collect()
}

fn kinds(effects: &[Effect], number: u64) -> Vec<Kind> {
    frames_to(effects, number).iter().map(|frame| frame.kind()).collect()
}

fn streams(effects: &[Effect], number: u64) -> Vec<AudioStream> {
    let frames = frames_to(effects, number).into_iter().filter_map(|frame| frame.audio_stream_id_info.clone());
    frames.flat_map(|info| info.streams).collect()
}

#[test]
fn whoever_joins_is_told_who_is_there_and_is_there_once_heard() {
    let mut call = Played::default();
    call.come(1, "a");
    call.act(|room, out| room.open(id(2), who("b"), out));
    let joined = call.say(2, Said::Join);
    assert_eq!(kinds(&joined, 2), [Kind::JoinAck, Kind::Index, Kind::AudioStreamIdInfo]);
    assert_eq!(streams(&joined, 2)[0].attendee_id.as_deref(), Some("a"));
    assert!(!joined.iter().any(|effect| matches!(effect, Effect::Tell(..))), "nobody has heard them yet");
    let heard = call.act(|room, out| room.heard(id(2), out));
    assert_eq!(heard[0], Effect::Tell(Presence::Joined, who("b")));
    assert_eq!(streams(&heard, 1)[0].external_user_id.as_deref(), Some("user-b"));
    assert!(call.act(|room, out| room.heard(id(2), out)).is_empty(), "once");
}

#[test]
fn a_camera_is_indexed_for_the_others_and_its_picture_goes_to_who_asked_for_it() {
    let mut call = Played::default();
    call.come(1, "a");
    call.come(2, "b");
    let on = call.say(1, subscribe(true, &[]));
    assert_eq!(kinds(&on, 1), [Kind::SubscribeAck, Kind::Index]);
    let index = frames_to(&on, 2)[0].index.clone().unwrap();
    let stream = index.sources[0].stream_id.unwrap();
    assert_eq!(index.sources[0].attendee_id.as_deref(), Some("a"));
    assert!(frames_to(&on, 1)[1].index.as_ref().unwrap().sources.is_empty(), "nobody is told of themselves");
    assert!(call.room.receivers(id(1)).is_empty());

    let asked = call.say(2, subscribe(false, &[stream]));
    assert!(asked.contains(&Effect::KeyFrame(id(1))), "whoever starts to look needs a whole picture");
    let ack = frames_to(&asked, 2)[0].subscribe_ack.clone().unwrap();
    assert_eq!((ack.tracks[0].stream_id, ack.tracks[0].track_label.as_deref()), (Some(stream), Some("v_2")));
    assert_eq!(call.room.receivers(id(1)), [(id(2), Mid::from("2"))]);
    assert_eq!(call.room.sender(id(2), Mid::from("2")), Some(id(1)));

    // The same video under another offer has the same id.
    let again = call.say(1, subscribe(true, &[]));
    assert_eq!(frames_to(&again, 1)[0].subscribe_ack.as_ref().unwrap().allocations[0].stream_id, Some(stream));
    assert!(frames_to(&again, 2).is_empty());

    let pause = PauseResume { stream_ids: vec![stream], group_ids: Vec::new() };
    call.say(2, Said::Pause(pause.clone()));
    assert!(call.room.receivers(id(1)).is_empty());
    assert_eq!(call.say(2, Said::Resume(pause)), [Effect::KeyFrame(id(1))]);
    assert_eq!(call.room.receivers(id(1)).len(), 1);

    let off = call.say(1, subscribe(false, &[]));
    assert!(frames_to(&off, 2)[0].index.as_ref().unwrap().sources.is_empty());
    assert!(call.room.receivers(id(1)).is_empty());
}

#[test]
fn sections_are_given_other_streams_but_only_sections_that_there_are() {
    let mut call = Played::default();
    for (number, name) in [(1, "a"), (2, "b"), (3, "c")] {
        call.come(number, name);
    }
    let index = |effects: &[Effect]| frames_to(effects, 3)[0].index.clone().unwrap().sources;
    let first = index(&call.say(1, subscribe(true, &[])))[0].stream_id.unwrap();
    let second = index(&call.say(2, subscribe(true, &[])))[1].stream_id.unwrap();
    call.say(3, subscribe(false, &[first]));
    let update = |mid: &str, stream| {
        let wanted = VideoSubscription { mid: mid.to_owned(), stream_id: Some(stream), attendee_id: None };
        Said::VideoUpdate(RemoteVideoUpdate { added_or_updated: vec![wanted], removed_mids: Vec::new() })
    };
    assert_eq!(call.say(3, update("2", second)), [Effect::KeyFrame(id(2))]);
    assert_eq!(call.room.receivers(id(2)), [(id(3), Mid::from("2"))]);
    assert_eq!(call.say(3, update("9", first)), []);
    assert!(call.room.receivers(id(1)).is_empty());
}

#[test]
fn muting_is_told_to_all_by_number_alone() {
    let mut call = Played::default();
    call.come(1, "a");
    call.come(2, "b");
    let muted = call.say(1, Said::Muted(true));
    assert_eq!(muted[0], Effect::Mute(id(1), true));
    let told = streams(&muted, 2);
    assert_eq!((told[0].muted, told[0].attendee_id.as_ref()), (Some(true), None));
}

#[test]
fn messages_are_stamped_and_go_to_the_others_and_long_ones_nowhere() {
    let mut call = Played::default();
    for (number, name) in [(1, "a"), (2, "b"), (3, "c")] {
        call.come(number, name);
    }
    let message = |length| DataMessage {
        topic: Some("chat".to_owned()),
        data: Some(vec![7; length]),
        sender_attendee_id: Some("somebody else".to_owned()),
        ..DataMessage::default()
    };
    let sent = call.say(1, Said::Data(vec![message(MOST_DATA), message(MOST_DATA + 1)]));
    assert_eq!(sent.len(), 2, "one for each other: {sent:?}");
    let received = &frames_to(&sent, 3)[0].data_message.as_ref().unwrap().messages[0];
    assert_eq!(received.sender_attendee_id.as_deref(), Some("a"));
    assert_eq!(received.ingest_time_ns, Some(NOW as i64 * 1_000_000));
}

#[test]
fn leaving_dropping_and_the_end_are_told_apart() {
    let mut call = Played::default();
    for (number, name) in [(1, "a"), (2, "b"), (3, "c"), (4, "d")] {
        call.come(number, name);
    }
    let left = call.say(1, Said::Leave);
    assert_eq!(kinds(&left, 1), [Kind::LeaveAck]);
    assert!(left.contains(&Effect::Tell(Presence::Left, who("a"))));
    assert_eq!((streams(&left, 2)[0].dropped, &left[left.len() - 1]), (None, &Effect::Close(id(1), Closing::Over)));
    let dropped = call.act(|room, out| room.closed(id(2), out));
    assert!(dropped.contains(&Effect::Tell(Presence::Dropped, who("b"))));
    assert_eq!(streams(&dropped, 3)[0].dropped, Some(true));
    let removed = call.act(|room, out| room.put_out(id(3), Status::Removed, Closing::Over, out));
    assert_eq!(frames_to(&removed, 3)[0].audio_status.as_ref().unwrap().audio_status, Some(411));
    let ended = call.act(Room::end);
    assert_eq!(frames_to(&ended, 4)[0].audio_status.as_ref().unwrap().audio_status, Some(410));
    assert!(ended.contains(&Effect::Close(id(4), Closing::Ended)));
    assert_eq!(call.room.connections().count(), 0);
}

#[test]
fn the_same_attendee_elsewhere_takes_the_place_of_the_earlier() {
    let mut call = Played::default();
    call.come(1, "a");
    let again = call.act(|room, out| room.open(id(2), who("a"), out));
    assert_eq!(frames_to(&again, 1)[0].audio_status.as_ref().unwrap().audio_status, Some(301));
    assert!(again.contains(&Effect::Close(id(1), Closing::Over)));
    let content = call.act(|room, out| room.open(id(3), who(&format!("a{CONTENT}")), out));
    assert!(content.is_empty(), "what somebody shares is another attendee");
}

#[test]
fn a_full_room_takes_nobody_in() {
    let mut call = Played::default();
    call.room.set_capacity(1);
    call.come(1, "a");
    call.act(|room, out| room.open(id(2), who("b"), out));
    let full = call.say(2, Said::Join);
    assert_eq!(frames_to(&full, 2)[0].audio_status.as_ref().unwrap().audio_status, Some(409));
    assert_eq!(full[full.len() - 1], Effect::Close(id(2), Closing::Over));
}

#[test]
fn what_comes_out_of_order_ends_that_connection_and_no_other() {
    let early = [subscribe(true, &[]), Said::Muted(true), Said::Data(Vec::new()), Said::Promote];
    for said in early {
        let mut call = Played::default();
        call.come(1, "a");
        call.act(|room, out| room.open(id(2), who("b"), out));
        assert_eq!(call.say(2, said), [Effect::Close(id(2), Closing::Misplaced)]);
        assert_eq!(call.room.connections().count(), 1);
    }
    let mut call = Played::default();
    call.come(1, "a");
    let twice = call.say(1, Said::Join);
    assert_eq!(twice[twice.len() - 1], Effect::Close(id(1), Closing::Misplaced));
    call.come(2, "b");
    let empty = call.say(2, Said::Subscribe(Subscribe::default()));
    assert_eq!(empty[empty.len() - 1], Effect::Close(id(2), Closing::Misplaced));
    call.come(3, "c");
    let unanswered = call.act(|room, out| room.answered(id(3), None, out));
    assert_eq!(unanswered[unanswered.len() - 1], Effect::Close(id(3), Closing::Misplaced));
}

#[test]
fn a_silent_meeting_is_forsaken_after_its_time_and_not_while_two_talk() {
    let patience = Patience { with_nobody: Duration::from_secs(5), with_one: Duration::from_secs(30) };
    let mut call = Played::default();
    let forsaken = |call: &mut Played, seconds: u64| call.room.is_forsaken(patience, NOW + seconds * 1000);
    assert!(!forsaken(&mut call, 0) && !forsaken(&mut call, 4) && forsaken(&mut call, 5));
    call.come(1, "a");
    assert!(!forsaken(&mut call, 6) && !forsaken(&mut call, 35) && forsaken(&mut call, 36));
    call.come(2, "b");
    assert!(!forsaken(&mut call, 37) && !forsaken(&mut call, 10_000));
    call.say(1, Said::Leave);
    assert!(!forsaken(&mut call, 10_001) && forsaken(&mut call, 10_031));
}

/// Anything that anybody may do.
#[derive(Debug, Clone)]
enum Act {
    Open(u64, u8, bool),
    Join(u64),
    Subscribe(u64, bool, Vec<u32>),
    Muted(u64, bool),
    Pause(u64, u32),
    Resume(u64, u32),
    Data(u64),
    Update(u64, u32),
    Heard(u64),
    Leave(u64),
    Closed(u64),
    Remove(u64),
    Volumes,
    End,
}

fn acts() -> impl Strategy<Value = Act> {
    let number = 0..6_u64;
    prop_oneof![
        3 => (number.clone(), 0..4_u8, any::<bool>()).prop_map(|(n, a, c)| Act::Open(n, a, c)),
        5 => number.clone().prop_map(Act::Join),
        5 => (number.clone(), any::<bool>(), proptest::collection::vec(0..30_u32, 0..4)).prop_map(|(n, s, r)| Act::Subscribe(n, s, r)),
        1 => (number.clone(), any::<bool>()).prop_map(|(n, m)| Act::Muted(n, m)),
        1 => (number.clone(), 0..30_u32).prop_map(|(n, s)| Act::Pause(n, s)),
        1 => (number.clone(), 0..30_u32).prop_map(|(n, s)| Act::Resume(n, s)),
        1 => number.clone().prop_map(Act::Data),
        1 => (number.clone(), 0..30_u32).prop_map(|(n, s)| Act::Update(n, s)),
        4 => number.clone().prop_map(Act::Heard),
        1 => number.clone().prop_map(Act::Leave),
        1 => number.clone().prop_map(Act::Closed),
        1 => number.prop_map(Act::Remove),
        1 => Just(Act::Volumes),
        1 => Just(Act::End),
    ]
}

/// Numbers of connections are never used again.
struct Sockets {
    last: u64,
    of: [u64; 6],
}

impl Sockets {
    fn perform(&mut self, call: &mut Played, act: Act) {
        let at = |number: u64| self.of[number as usize];
        let one = |stream| PauseResume { stream_ids: vec![stream], group_ids: vec![stream] };
        match act {
            Act::Open(number, attendee, content) => {
                let before = at(number);
                self.last += 1;
                self.of[number as usize] = self.last;
                let name = format!("{attendee}{}", if content { CONTENT } else { "" });
                call.act(|room, out| room.closed(id(before), out));
                call.act(|room, out| room.open(id(self.last), who(&name), out));
            }
            Act::Join(number) => drop(call.say(at(number), Said::Join)),
            Act::Subscribe(number, sends, receives) => drop(call.say(at(number), subscribe(sends, &receives))),
            Act::Muted(number, muted) => drop(call.say(at(number), Said::Muted(muted))),
            Act::Pause(number, stream) => drop(call.say(at(number), Said::Pause(one(stream)))),
            Act::Resume(number, stream) => drop(call.say(at(number), Said::Resume(one(stream)))),
            Act::Data(number) => drop(call.say(at(number), Said::Data(vec![DataMessage::default()]))),
            Act::Update(number, stream) => {
                let wanted = VideoSubscription { mid: "2".to_owned(), stream_id: Some(stream), attendee_id: None };
                let update = RemoteVideoUpdate { added_or_updated: vec![wanted], removed_mids: vec!["3".to_owned()] };
                call.say(at(number), Said::VideoUpdate(update));
            }
            Act::Heard(number) => drop(call.act(|room, out| room.heard(id(at(number)), out))),
            Act::Leave(number) => drop(call.say(at(number), Said::Leave)),
            Act::Closed(number) => drop(call.act(|room, out| room.closed(id(at(number)), out))),
            Act::Remove(number) => {
                let removed = id(at(number));
                call.act(|room, out| room.put_out(removed, Status::Removed, Closing::Over, out));
            }
            Act::Volumes => drop(call.act(|room, out| room.volumes(|_| 30, out))),
            Act::End => drop(call.act(Room::end)),
        }
    }
}

proptest! {
    #[test]
    fn whatever_anybody_does_a_room_stays_sound(acts in proptest::collection::vec(acts(), 0..80)) {
        let (mut call, mut sockets) = (Played::default(), Sockets { last: 100, of: [0; 6] });
        let mut closed: BTreeSet<ConnectionId> = BTreeSet::new();
        let mut there: Vec<Attendee> = Vec::new();
        let mut rosters: std::collections::BTreeMap<ConnectionId, BTreeSet<u32>> = std::collections::BTreeMap::new();
        for act in acts {
            let before = call.done.len();
            sockets.perform(&mut call, act);
            for effect in &call.done[before..] {
                match effect {
                    Effect::Send(to, frame) => {
                        prop_assert!(!closed.contains(to), "nothing is said to a socket that has ended");
                        let roster = rosters.entry(*to).or_default();
                        for stream in frame.audio_stream_id_info.iter().flat_map(|info| &info.streams) {
                            let number = stream.audio_stream_id.unwrap();
                            match (&stream.attendee_id, stream.muted) {
                                (Some(_), _) => { roster.insert(number); }
                                (None, Some(_)) => prop_assert!(roster.contains(&number), "of somebody unheard of"),
                                (None, None) => prop_assert!(roster.remove(&number), "nobody goes who was not there"),
                            }
                        }
                    }
                    Effect::Close(to, _) => { closed.insert(*to); }
                    Effect::Tell(Presence::Joined, who) => {
                        prop_assert!(!there.contains(who), "nobody comes twice");
                        there.push(who.clone());
                    }
                    Effect::Tell(_, who) => {
                        let at = there.iter().position(|one| one == who);
                        prop_assert!(at.is_some(), "nobody goes who has not come");
                        there.remove(at.unwrap());
                    }
                    Effect::KeyFrame(of) => prop_assert!(call.done.len() > before && of.0 > 0),
                    Effect::Negotiate(..) | Effect::Mute(..) => {}
                }
            }
            let mut present: Vec<Attendee> = call.room.present().cloned().collect();
            present.sort_by(|a, b| a.attendee_id.cmp(&b.attendee_id));
            there.sort_by(|a, b| a.attendee_id.cmp(&b.attendee_id));
            prop_assert_eq!(&present, &there);
            // Everybody has the same roster: those who are there.
            for (connection, _) in call.room.connections() {
                if let Some(roster) = rosters.get(&connection) {
                    prop_assert_eq!(roster.len(), there.len());
                }
                for (receiver, section) in call.room.receivers(connection) {
                    prop_assert!(receiver != connection, "nobody is shown their own picture");
                    prop_assert_eq!(call.room.sender(receiver, section), Some(connection));
                }
            }
        }
    }
}
