//! Calls of clients without browsers: they hear exactly one another, and whatever one does wrong or suffers, the others
//! do not notice.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bedside_media::client::{Client, Part, Seen, open};
use bedside_media::wire::{self, AudioControl, DataMessage, DataMessages, Empty, Frame, Join, Kind, PauseResume};
use bedside_media::{Attendee, MediaServer, Meetings, Patience, Presence, Refusal, Target, Trouble};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::TcpListener;
use tokio_tungstenite::tungstenite::Message;

const SOON: Duration = Duration::from_secs(10);
const TONES: [f64; 4] = [440.0, 620.0, 830.0, 1100.0];

/// One meeting, `m`, whose tokens are the names of its attendees.
#[derive(Default)]
struct Register(Mutex<Option<HashMap<String, Attendee>>>);

impl Meetings for Register {
    fn attendee(&self, meeting_id: &str, join_token: &str) -> Result<Attendee, Refusal> {
        let meeting = self.0.lock().unwrap();
        let attendees = meeting.as_ref().filter(|_| meeting_id == "m").ok_or(Refusal::Ended)?;
        attendees.get(join_token).cloned().ok_or(Refusal::Unknown)
    }

    fn end(&self, _: &str) {
        *self.0.lock().unwrap() = None;
    }
}

struct Practice {
    server: MediaServer,
    register: Arc<Register>,
    url: String,
}

impl Practice {
    async fn with(names: &[&str], patience: Patience) -> Self {
        let attendee = |name: &&str| {
            let attendee = Attendee {
                meeting_id: "m".to_owned(),
                meeting: None,
                attendee_id: format!("id-{name}"),
                external_user_id: (*name).to_owned(),
            };
            ((*name).to_owned(), attendee)
        };
        let register = Arc::new(Register(Mutex::new(Some(names.iter().map(attendee).collect()))));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("ws://{}/control/m?X-Chime-Control-Protocol-Version=3", listener.local_addr().unwrap());
        let server = MediaServer::start(listener, register.clone(), patience).await.unwrap();
        Self { server, register, url }
    }

    async fn open(names: &[&str]) -> Self {
        Self::with(names, Patience::default()).await
    }

    async fn client(&self, name: &str, hertz: f64) -> Client {
        let part = Part { hertz: Some(hertz), camera: true, listens: true };
        Client::join(&self.url, name, part).await.unwrap()
    }

    /// All of them, once each hears and sees all others.
    async fn call(&self, names: &[&str]) -> Vec<Client> {
        let mut clients = Vec::new();
        for (name, hertz) in names.iter().zip(TONES) {
            clients.push(self.client(name, hertz).await);
        }
        for (at, client) in clients.iter_mut().enumerate() {
            let others: Vec<usize> = (0..names.len()).filter(|other| *other != at).collect();
            let enough = |seen: &Seen| {
                let hears = others.iter().all(|other| seen.hears(TONES[*other]) > 0.05);
                hears && others.iter().all(|other| seen.pictures.get(names[*other]).is_some_and(|count| *count > 5))
            };
            if let Err(error) = client.until(SOON, enough).await {
                panic!("{}: {error}: {:?}", names[at], Seen { sound: Vec::new(), ..client.seen() });
            }
        }
        clients
    }

    fn target(&self, name: Option<&str>) -> Target {
        Target { meeting_id: "m".to_owned(), external_user_id: name.map(str::to_owned) }
    }

    async fn present(&self) -> Vec<String> {
        let mut names: Vec<String> =
            self.server.calls().present().await.into_iter().map(|one| one.external_user_id).collect();
        names.sort();
        names
    }
}

async fn hears_exactly(client: &mut Client, expected: &[f64]) {
    let right = |seen: &Seen| {
        seen.sound.len() > 12_000 && TONES.iter().all(|tone| (seen.hears(*tone) > 0.05) == expected.contains(tone))
    };
    if let Err(error) = client.until(SOON, right).await {
        let heard: Vec<f64> = TONES.iter().map(|tone| client.seen().hears(*tone)).collect();
        panic!("{error}: {heard:?}, not {expected:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_people_hear_exactly_the_others_and_see_all_of_them() {
    let names = ["ann", "ben", "cat", "dan"];
    let practice = Practice::open(&names).await;
    let mut clients = practice.call(&names).await;
    for (at, client) in clients.iter_mut().enumerate() {
        let others: Vec<f64> =
            TONES.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, tone)| *tone).collect();
        hears_exactly(client, &others).await;
        assert_eq!(client.seen().people.len(), 4);
        assert_eq!(client.seen().count, 4);
    }
    let loud = |seen: &Seen| seen.volumes.values().filter(|volume| (10..30).contains(*volume)).count() == 4;
    clients[0].until(SOON, loud).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_mutes_is_not_heard_and_all_are_told() {
    let practice = Practice::open(&["ann", "ben"]).await;
    let mut clients = practice.call(&["ann", "ben"]).await;
    let mute =
        |muted| Frame::of(Kind::AudioControl, |frame| frame.audio_control = Some(AudioControl { muted: Some(muted) }));
    clients[0].say(mute(true)).await;
    clients[1].until(SOON, |seen| seen.person("ann").is_some_and(|ann| ann.is_muted)).await.unwrap();
    hears_exactly(&mut clients[1], &[]).await;
    hears_exactly(&mut clients[0], &[TONES[1]]).await;
    clients[0].say(mute(false)).await;
    hears_exactly(&mut clients[1], &[TONES[0]]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_paused_picture_stops_and_a_resumed_one_is_asked_for_anew() {
    let practice = Practice::open(&["ann", "ben"]).await;
    let mut clients = practice.call(&["ann", "ben"]).await;
    // A first camera has the third stream: after both sounds, or between them.
    let all = PauseResume { stream_ids: (1..20).collect(), group_ids: Vec::new() };
    let pause = |kind| Frame::of(kind, |frame| frame.pause = Some(all.clone()));
    clients[1].say(pause(Kind::Pause)).await;
    let mut before = u64::MAX;
    // It has stopped once two looks find the same count.
    while clients[1].seen().pictures["ann"] != before {
        before = clients[1].seen().pictures["ann"];
        let packets = clients[1].seen().packets;
        clients[1].until(SOON, |seen| seen.packets > packets + 25).await.unwrap();
    }
    let asked = clients[0].seen().key_frames;
    clients[1].say(pause(Kind::Resume)).await;
    clients[0].until(SOON, |seen| seen.key_frames > asked).await.unwrap();
    clients[1].until(SOON, |seen| seen.pictures["ann"] > before + 5).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_reach_the_others_and_not_oneself() {
    let practice = Practice::open(&["ann", "ben", "cat"]).await;
    let mut clients = practice.call(&["ann", "ben", "cat"]).await;
    let message =
        DataMessage { topic: Some("chat".to_owned()), data: Some(b"hello".to_vec()), ..DataMessage::default() };
    let data = DataMessages { messages: vec![message] };
    clients[0].say(Frame::of(Kind::DataMessage, |frame| frame.data_message = Some(data))).await;
    for client in &mut clients[1..] {
        let seen = client.until(SOON, |seen| !seen.messages.is_empty()).await.unwrap();
        assert_eq!(seen.messages[0].sender_external_user_id.as_deref(), Some("ann"));
        assert_eq!(seen.messages[0].data.as_deref(), Some(&b"hello"[..]));
    }
    assert!(clients[0].seen().messages.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leaving_vanishing_being_removed_and_the_end_are_told() {
    let names = ["ann", "ben", "cat", "dan"];
    let practice = Practice::open(&names).await;
    let mut events = practice.server.calls().events();
    let mut clients = practice.call(&names).await;
    let mut next = async || {
        let event = tokio::time::timeout(SOON, events.recv()).await.unwrap().unwrap();
        (event.presence, event.who.external_user_id)
    };
    let mut came = [next().await, next().await, next().await, next().await];
    came.sort_by(|a, b| a.1.cmp(&b.1));
    assert_eq!(came, names.map(|name| (Presence::Joined, name.to_owned())));

    clients.remove(3).vanish().await;
    assert_eq!(next().await, (Presence::Dropped, "dan".to_owned()));
    clients[0].until(SOON, |seen| seen.person("dan").is_none()).await.unwrap();

    clients[2].say(Frame::of(Kind::Leave, |frame| frame.leave = Some(Empty {}))).await;
    assert_eq!(next().await, (Presence::Left, "cat".to_owned()));
    assert_eq!(clients[2].until(SOON, |seen| seen.ended.is_some()).await.unwrap().ended, Some(Some(1000)));

    practice.register.0.lock().unwrap().as_mut().unwrap().remove("ben");
    practice.server.calls().changed("m").await;
    assert_eq!(next().await, (Presence::Left, "ben".to_owned()));
    assert_eq!(clients[1].until(SOON, |seen| seen.ended.is_some()).await.unwrap().status, Some(411));
    assert_eq!(practice.present().await, ["ann"]);

    practice.register.end("m");
    practice.server.calls().changed("m").await;
    let ended = clients[0].until(SOON, |seen| seen.ended.is_some()).await.unwrap();
    assert_eq!((ended.status, ended.ended), (Some(410), Some(Some(4410))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_meeting_in_which_nobody_is_ends_by_itself() {
    let patience = Patience { with_nobody: Duration::from_secs(1), with_one: Duration::from_secs(2) };
    let practice = Practice::with(&["ann", "ben"], patience).await;
    let mut ann = practice.client("ann", TONES[0]).await;
    let ended = ann.until(SOON, |seen| seen.ended.is_some()).await.unwrap();
    assert_eq!(ended.status, Some(410), "alone for too long");
    assert_eq!(practice.register.attendee("m", "ann"), Err(Refusal::Ended));
}

/// What the server says to a socket that was opened like this, and how it ends.
async fn told(url: &str, protocols: &str, says: &[Message]) -> (Vec<Frame>, Option<u16>) {
    let mut socket = open(url, protocols).await.unwrap();
    for message in says {
        socket.send(message.clone()).await.unwrap();
    }
    let mut frames = Vec::new();
    loop {
        match tokio::time::timeout(SOON, socket.next()).await.expect("the server ends it") {
            Some(Ok(Message::Binary(bytes))) => frames.push(wire::decode(&bytes).unwrap()),
            Some(Ok(Message::Close(close))) => return (frames, close.map(|close| close.code.into())),
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return (frames, None),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_says_nonsense_is_shown_the_door_and_nobody_else_notices() {
    let practice = Practice::open(&["ann", "ben", "eve"]).await;
    let mut clients = practice.call(&["ann", "ben"]).await;
    let eve = "_aws_wt_session, eve";
    let frame = |kind| Message::Binary(wire::encode(&Frame::of(kind, |frame| frame.join = Some(Join::default()))));
    let nonsense: [(&[Message], u16); 6] = [
        (&[Message::Binary(b"\x05\xff\xff".to_vec().into())], 1007),
        (&[Message::Text("hello".into())], 1007),
        (&[Message::Binary(vec![5; 300_000].into())], 1009),
        (&[frame(Kind::Index)], 1002),
        (&[frame(Kind::Join), frame(Kind::Join)], 1002),
        (&[frame(Kind::Join), frame(Kind::Subscribe)], 1002),
    ];
    for (says, code) in nonsense {
        assert_eq!(told(&practice.url, eve, says).await.1, Some(code), "{says:?}");
    }
    let (frames, code) = told(&practice.url, "_aws_wt_session, nobody", &[]).await;
    assert_eq!((frames[0].error.as_ref().unwrap().status, code), (Some(403), Some(4403)));
    let elsewhere = practice.url.replace("/control/m", "/control/other");
    assert_eq!(told(&elsewhere, eve, &[]).await.1, Some(4410));
    assert!(open(&practice.url, "eve").await.is_err(), "without the protocol");
    assert!(open(&practice.url, "_aws_wt_session").await.is_err(), "without a token");
    hears_exactly(&mut clients[0], &[TONES[1]]).await;
    assert_eq!(clients[0].seen().people.len(), 2);
    assert_eq!(clients[0].seen().missing, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_never_reads_is_cut_off_and_nobody_else_notices() {
    let practice = Practice::open(&["ann", "ben", "eve"]).await;
    let mut clients = practice.call(&["ann", "ben"]).await;
    let mut events = practice.server.calls().events();
    let mut eve = open(&practice.url, "_aws_wt_session, eve").await.unwrap();
    let frame = |kind| Message::Binary(wire::encode(&Frame::of(kind, |frame| frame.join = Some(Join::default()))));
    eve.send(frame(Kind::Join)).await.unwrap();
    // She reads nothing; the others write as much as they may.
    let message = DataMessage { data: Some(vec![7; 2048]), ..DataMessage::default() };
    let data = DataMessages { messages: vec![message; 100] };
    let flood = Frame::of(Kind::DataMessage, |frame| frame.data_message = Some(data));
    clients[0].until(SOON, |seen| seen.count == 3).await.unwrap();
    let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
    while clients[1].seen().count == 3 {
        assert!(tokio::time::Instant::now() < deadline, "she is still there");
        let packets = clients[0].seen().packets;
        clients[0].say(flood.clone()).await;
        clients[0].until(SOON, |seen| seen.packets > packets).await.unwrap();
    }
    assert_eq!(practice.present().await, ["ann", "ben"]);
    hears_exactly(&mut clients[1], &[TONES[0]]).await;
    assert!(events.try_recv().is_err(), "nobody came or went who was heard");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn troubles_meet_whom_they_are_meant_for_and_pass() {
    let practice = Practice::open(&["ann", "ben", "cat"]).await;
    let mut clients = practice.call(&["ann", "ben"]).await;
    let calls = practice.server.calls();
    let second = Duration::from_secs(1);

    let before = (clients[0].seen().packets, clients[1].seen().packets);
    calls.cause(practice.target(Some("ann")), Trouble::StallAudio(second * 2)).await;
    clients[1].until(SOON, |seen| seen.packets > before.1 + 60).await.unwrap();
    assert!(clients[0].seen().packets < before.0 + 40, "she hears nothing");
    clients[0].until(SOON, |seen| seen.packets > before.0 + 80).await.unwrap();

    let before = clients[1].seen().packets;
    calls.cause(practice.target(None), Trouble::Blackhole(second * 2)).await;
    assert!(clients[1].until(second, |seen| seen.packets > before + 25).await.is_err(), "no packet comes");
    clients[1].until(SOON, |seen| seen.packets > before + 100).await.unwrap();
    hears_exactly(&mut clients[1], &[TONES[0]]).await;

    calls.cause(practice.target(None), Trouble::Delay(second / 5)).await;
    let before = clients[1].seen().packets;
    clients[1].until(SOON, |seen| seen.packets > before + 100).await.unwrap();
    hears_exactly(&mut clients[0], &[TONES[1]]).await;
    calls.cause(practice.target(None), Trouble::Delay(Duration::ZERO)).await;

    calls.cause(practice.target(None), Trouble::Capacity(2)).await;
    let mut cat = practice.client("cat", TONES[2]).await;
    assert_eq!(cat.until(SOON, |seen| seen.ended.is_some()).await.unwrap().status, Some(409));

    calls.cause(practice.target(Some("ben")), Trouble::Cut).await;
    assert_eq!(clients[1].until(SOON, |seen| seen.ended.is_some()).await.unwrap().ended, Some(None));
    clients[0].until(SOON, |seen| seen.person("ben").is_none()).await.unwrap();
    // He comes back with the same token.
    let mut ben = practice.client("ben", TONES[1]).await;
    hears_exactly(&mut ben, &[TONES[0]]).await;
    hears_exactly(&mut clients[0], &[TONES[1]]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_token_elsewhere_ends_the_first() {
    let practice = Practice::open(&["ann", "ben"]).await;
    let mut clients = practice.call(&["ann", "ben"]).await;
    let mut again = practice.client("ann", TONES[2]).await;
    assert_eq!(clients[0].until(SOON, |seen| seen.ended.is_some()).await.unwrap().status, Some(301));
    hears_exactly(&mut again, &[TONES[1]]).await;
    hears_exactly(&mut clients[1], &[TONES[2]]).await;
    assert_eq!(practice.present().await, ["ann", "ben"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_other_machines_are_not_let_in() {
    use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
    let practice = Practice::open(&["ann"]).await;
    for (header, value, is_in) in [
        ("origin", "http://localhost:8787", true),
        ("origin", "http://127.0.0.1:1", true),
        ("origin", "https://evil.example", false),
        ("origin", "null", false),
        ("host", "evil.example:8788", false),
    ] {
        let mut request = practice.url.as_str().into_client_request().unwrap();
        let headers = request.headers_mut();
        headers.insert("sec-websocket-protocol", "_aws_wt_session, ann".parse().unwrap());
        headers.insert(header, value.parse().unwrap());
        assert_eq!(tokio_tungstenite::connect_async(request).await.is_ok(), is_in, "{header}: {value}");
    }
}
