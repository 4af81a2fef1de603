//! The signalling: a WebSocket for each client.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use futures_util::stream::SplitSink;
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_tungstenite::tungstenite;

use crate::meetings::{Attendee, CONTENT, Meetings, Refusal};
use crate::plane::{Command, Outgoing};
use crate::room::{Closing, ConnectionId, frames};
use crate::wire::{self, MOST_BYTES, Said, Unreadable};

/// The protocol that client and server agree on; the client names its token as another one.
const PROTOCOL: &str = "_aws_wt_session";
/// Frames that a client may be behind.
const OUTBOX: usize = 256;
/// How long a message may take to be sent: a client that does not read is cut off.
const SEND_TIME: Duration = Duration::from_secs(10);
/// How long a client may say nothing. It says ping every ten seconds.
const QUIET_TIME: Duration = Duration::from_secs(60);

/// How long a client may take to close its side.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// What the sockets share.
pub(crate) struct Desk {
    pub(crate) meetings: Arc<dyn Meetings>,
    pub(crate) commands: mpsc::Sender<Command>,
    pub(crate) count: AtomicU64,
}

pub(crate) fn router(desk: Arc<Desk>) -> Router {
    Router::new().route("/control/{meeting}", get(control)).with_state(desk)
}

async fn control(
    State(desk): State<Arc<Desk>>,
    Path(meeting_id): Path<String>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !is_from_here(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let Some(token) = token(&headers) else { return StatusCode::BAD_REQUEST.into_response() };
    let upgrade = upgrade.protocols([PROTOCOL]).max_message_size(MOST_BYTES).max_frame_size(MOST_BYTES);
    // Content is shared with the same token and a mark behind it.
    let (own, is_content) = token.strip_suffix(CONTENT).map_or((token.as_str(), false), |own| (own, true));
    let own = own.to_owned();
    match desk.meetings.attendee(&meeting_id, &own) {
        Ok(mut who) => {
            if is_content {
                who.attendee_id.push_str(CONTENT);
            }
            upgrade.on_upgrade(move |socket| carry(desk, who, own, socket))
        }
        // The client is told why in its own words: of an HTTP status it would see nothing, and try again for minutes.
        Err(refusal) => upgrade.on_upgrade(move |socket| refuse(socket, refusal)),
    }
}

/// Pages of this machine only: a name of another one could be made to lead here.
fn is_from_here(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let is_ours = |authority: &str| {
        let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
        ["127.0.0.1", "localhost", "[::1]"].contains(&host)
    };
    let origin = |origin: &str| origin.parse::<Uri>().ok()?.authority().map(|authority| is_ours(authority.as_str()));
    text(header::HOST).is_some_and(is_ours) && text(header::ORIGIN).is_none_or(|one| origin(one).unwrap_or(false))
}

/// The token among the protocols that the client offers; only beside ours.
fn token(headers: &HeaderMap) -> Option<String> {
    let offered = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter().filter_map(|value| value.to_str().ok());
    let offered: Vec<&str> = offered.flat_map(|value| value.split(',')).map(str::trim).collect();
    let token = offered.iter().find(|one| **one != PROTOCOL && !one.is_empty())?;
    offered.contains(&PROTOCOL).then(|| (*token).to_owned())
}

async fn refuse(mut socket: WebSocket, refusal: Refusal) {
    let closing = match refusal {
        Refusal::Ended => Closing::Ended,
        Refusal::Unknown => {
            // Nobody is left to tell when the client has gone.
            let _ = socket.send(Message::Binary(wire::encode(&frames::refused()))).await;
            Closing::Refused
        }
    };
    let _ = socket.send(goodbye(closing)).await;
}

fn goodbye(closing: Closing) -> Message {
    Message::Close(closing.code().map(|code| CloseFrame { code, reason: "".into() }))
}

async fn carry(desk: Arc<Desk>, who: Attendee, token: String, socket: WebSocket) {
    let id = ConnectionId(desk.count.fetch_add(1, Ordering::Relaxed));
    let (outbox, mut outgoing) = mpsc::channel(OUTBOX);
    if desk.commands.send(Command::Open { id, who, token, outbox }).await.is_err() {
        return;
    }
    let (mut out, mut incoming) = socket.split();
    let (mut is_reading, mut heard_at) = (true, Instant::now());
    loop {
        tokio::select! {
            next = outgoing.recv() => if !send(&mut out, next).await { break },
            came = timeout_at(heard_at + QUIET_TIME, incoming.next()), if is_reading => {
                let Some(command) = came.ok().flatten().and_then(|message| read(id, message)) else { break };
                // Nothing is read behind what cannot be understood; the plane says how the socket ends.
                is_reading = !matches!(command, Command::Unreadable(..));
                heard_at = Instant::now();
                if desk.commands.send(command).await.is_err() {
                    break;
                }
            }
        }
    }
    // The plane may be gone, with all calls.
    let _ = desk.commands.send(Command::Closed(id)).await;
    // A socket that is dropped with something unread takes our last words with it.
    let unread = async { while let Some(Ok(_)) = incoming.next().await {} };
    let _ = timeout(LAST_WORDS, unread).await;
}

/// Sends it; `false` where nothing can follow.
async fn send(out: &mut SplitSink<WebSocket, Message>, next: Option<Outgoing>) -> bool {
    match next {
        Some(Outgoing::Frame(frame)) => {
            let sending = out.send(Message::Binary(wire::encode(&frame)));
            matches!(timeout(SEND_TIME, sending).await, Ok(Ok(())))
        }
        Some(Outgoing::Close(closing)) => {
            if closing.code().is_some() {
                let _ = timeout(SEND_TIME, out.send(goodbye(closing))).await;
            }
            false
        }
        None => false,
    }
}

/// What has come; none where the socket is at its end.
fn read(id: ConnectionId, message: Result<Message, axum::Error>) -> Option<Command> {
    match message {
        Ok(Message::Binary(bytes)) => Some(match Said::parse(&bytes) {
            Ok(said) => Command::Said(id, said),
            Err(unreadable) => Command::Unreadable(id, closing(unreadable)),
        }),
        Ok(Message::Text(_)) => Some(Command::Unreadable(id, Closing::Malformed)),
        Ok(Message::Ping(_) | Message::Pong(_)) => Some(Command::Said(id, Said::Nothing)),
        Ok(Message::Close(_)) => None,
        Err(error) => {
            let inner = error.into_inner();
            let too_long = inner.downcast_ref().is_some_and(|one| matches!(one, tungstenite::Error::Capacity(_)));
            too_long.then_some(Command::Unreadable(id, Closing::TooLong))
        }
    }
}

fn closing(unreadable: Unreadable) -> Closing {
    match unreadable {
        Unreadable::Garbage => Closing::Malformed,
        Unreadable::TooLong => Closing::TooLong,
        Unreadable::Misplaced => Closing::Misplaced,
    }
}
