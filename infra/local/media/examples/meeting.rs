//! One meeting without a control side, to try a client with: `meeting NAME…` prints where it is and each name's token,
//! then what becomes of them; it obeys `cut NAME`, `kick NAME`, `blackhole NAME SECONDS`, `delay NAME SECONDS` and `end`, a line each.
#![allow(clippy::print_stdout, reason = "that is what it is for")]

use std::collections::HashMap;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bedside_media::{Attendee, MediaServer, Meetings, Patience, Refusal, Target, Told, Trouble};
use jiff::Timestamp;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

const MEETING: &str = "9d2f5c6e-0000-4000-8000-000000000001";

/// The attendees by their tokens; none once the meeting has ended.
struct Register(Mutex<Option<HashMap<String, Attendee>>>);

impl Register {
    fn change<R>(&self, change: impl FnOnce(&mut Option<HashMap<String, Attendee>>) -> R) -> R {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Meetings for Register {
    fn attendee(&self, meeting_id: &str, join_token: &str) -> Result<Attendee, Refusal> {
        self.change(|attendees| {
            let attendees = attendees.as_ref().filter(|_| meeting_id == MEETING).ok_or(Refusal::Ended)?;
            attendees.get(join_token).cloned().ok_or(Refusal::Unknown)
        })
    }

    fn end(&self, _: &str) {
        self.change(|attendees| *attendees = None);
    }
}

fn attendee(name: &str) -> Attendee {
    Attendee {
        meeting_id: MEETING.to_owned(),
        meeting: Some(Told { external_id: "example".to_owned(), media_region: "us-east-1".to_owned() }),
        attendee_id: format!("id-{name}"),
        external_user_id: name.to_owned(),
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let names: Vec<String> = std::env::args().skip(1).collect();
    let token = |name: &String| (format!("token{name}"), attendee(name));
    let register = Arc::new(Register(Mutex::new(Some(names.iter().map(token).collect()))));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    let server = MediaServer::start(listener, register.clone(), Patience::default()).await?;
    let joins = names.iter().map(|name| {
        let attendee = json!({
            "AttendeeId": format!("id-{name}"), "ExternalUserId": name, "JoinToken": format!("token{name}"),
        });
        (name.clone(), attendee)
    });
    let host = format!("127.0.0.1:{port}");
    let meeting = json!({
        "MeetingId": MEETING, "MediaRegion": "us-east-1", "ExternalMeetingId": "example",
        "MediaPlacement": {
            "AudioHostUrl": host,
            "SignalingUrl": format!("ws://{host}/control/{MEETING}"),
            "TurnControlUrl": format!("http://{host}/v2/turn_sessions"),
        },
    });
    println!("{}", json!({ "meeting": meeting, "attendees": joins.collect::<serde_json::Map<_, _>>() }));

    let (calls, mut events) = (server.calls().clone(), server.calls().events());
    let (order, mut orders) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            if order.send(line).is_err() {
                return;
            }
        }
    });
    loop {
        tokio::select! {
            event = events.recv() => {
                if let Some(told) = event?.told(Timestamp::now()) {
                    println!("{told}");
                }
            }
            order = orders.recv() => {
                let Some(order) = order else { return Ok(()) };
                let mut words = order.split(' ');
                let (what, whom) = (words.next().unwrap_or_default(), words.next().map(str::to_owned));
                let seconds = words.next().and_then(|seconds| seconds.parse().ok()).unwrap_or(0.0);
                let seconds = Duration::try_from_secs_f64(seconds)?;
                let target = Target { meeting_id: MEETING.to_owned(), external_user_id: whom.clone() };
                match what {
                    "cut" => calls.cause(target, Trouble::Cut).await,
                    "blackhole" => calls.cause(target, Trouble::Blackhole(seconds)).await,
                    "delay" => calls.cause(target, Trouble::Delay(seconds)).await,
                    "kick" => {
                        let token = format!("token{}", whom.unwrap_or_default());
                        register.change(|attendees| attendees.as_mut().and_then(|all| all.remove(&token)));
                        calls.changed(MEETING).await;
                    }
                    "end" => {
                        register.end(MEETING);
                        calls.changed(MEETING).await;
                    }
                    _ => return Err(format!("what is {order:?}?").into()),
                }
            }
        }
    }
}
