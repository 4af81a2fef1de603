//! All calls of the server: one task has the rooms, the peer connections and the one UDP socket.

mod media;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::net::UdpSocket;
use tokio::sync::{broadcast, mpsc, oneshot};
use tokio::time::{Interval, MissedTickBehavior};

use crate::events::CallEvent;
use crate::hooks::{SlowRoad, Suffering, Target, Trouble};
use crate::meetings::{Attendee, Meetings, Refusal};
use crate::peer::Peer;
use crate::room::{Closing, ConnectionId, Effect, Patience, Plan, Room, Status};
use crate::wire::{self, Frame, Said};

/// How much sound is mixed at a time.
const FRAME_TIME: Duration = Duration::from_millis(20);
/// After a pause of this (a laptop that slept) the sound is not made up for.
const TOO_LATE: Duration = Duration::from_secs(1);
/// Datagrams that are read before anything else has its turn.
const AT_ONCE: usize = 64;
/// The largest datagram.
const MOST_DATAGRAM: usize = 2048;
/// Of how many frames of sound each tells the volumes: every 200 ms.
const VOLUMES_EVERY: u64 = 10;
/// Of how many each looks for meetings in which nobody is: every second.
const LOOK_EVERY: u64 = 50;

/// To a socket of the signalling.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "nearly all of them are frames")]
pub(crate) enum Outgoing {
    Frame(Frame),
    Close(Closing),
}

/// From the sockets and the controls.
#[derive(Debug)]
pub(crate) enum Command {
    Open { id: ConnectionId, who: Attendee, token: String, outbox: mpsc::Sender<Outgoing> },
    Said(ConnectionId, Said),
    Unreadable(ConnectionId, Closing),
    Closed(ConnectionId),
    Changed(String),
    AllChanged,
    Trouble(Target, Trouble),
    Present(oneshot::Sender<Vec<Attendee>>),
}

struct Connection {
    meeting_id: String,
    external_user_id: String,
    token: String,
    outbox: mpsc::Sender<Outgoing>,
    peer: Option<Peer>,
    is_muted: bool,
    suffering: Suffering,
}

/// All calls.
pub(crate) struct Plane {
    meetings: Arc<dyn Meetings>,
    patience: Patience,
    events: broadcast::Sender<CallEvent>,
    socket: UdpSocket,
    address: SocketAddr,
    rooms: HashMap<String, Room>,
    connections: BTreeMap<ConnectionId, Connection>,
    sources: HashMap<SocketAddr, ConnectionId>,
    /// Whose peer connection has something to say.
    stirred: VecDeque<ConnectionId>,
    slow_road: SlowRoad,
    frames: u64,
}

impl Plane {
    pub(crate) fn new(
        meetings: Arc<dyn Meetings>,
        patience: Patience,
        events: broadcast::Sender<CallEvent>,
        socket: UdpSocket,
    ) -> std::io::Result<Self> {
        Ok(Self {
            meetings,
            patience,
            events,
            address: socket.local_addr()?,
            socket,
            rooms: HashMap::new(),
            connections: BTreeMap::new(),
            sources: HashMap::new(),
            stirred: VecDeque::new(),
            slow_road: SlowRoad::default(),
            frames: 0,
        })
    }

    /// Carries the calls, until nobody can say anything any more.
    pub(crate) async fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        let mut frames = tokio::time::interval(FRAME_TIME);
        frames.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let mut buffer = [0; MOST_DATAGRAM];
        loop {
            let due = self.next_due();
            tokio::select! {
                biased;
                at = frames.tick() => self.next_frame(at.into_std(), &mut frames),
                command = commands.recv() => match command {
                    Some(command) => self.obey(command),
                    None => return,
                },
                ready = self.socket.readable() => if ready.is_err() { return },
                () = tokio::time::sleep_until(due.into()) => {}
            }
            self.read(&mut buffer);
            self.arrive();
            self.wake();
            self.settle();
        }
    }

    fn next_frame(&mut self, at: Instant, frames: &mut Interval) {
        let now = Instant::now();
        if now.duration_since(at) > TOO_LATE {
            frames.reset();
        }
        self.frames += 1;
        self.mix(now);
        if self.frames.is_multiple_of(VOLUMES_EVERY) {
            self.tell_volumes();
        }
        if self.frames.is_multiple_of(LOOK_EVERY) {
            self.end_forsaken();
        }
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Open { id, who, token, outbox } => self.open(id, who, token, outbox),
            Command::Said(id, said) => {
                let now = wire::now_ms();
                self.in_room_of(id, |room, out| room.said(id, said, now, out));
            }
            Command::Unreadable(id, closing) => self.in_room_of(id, |room, out| room.expel(id, closing, out)),
            Command::Closed(id) => {
                self.in_room_of(id, |room, out| room.closed(id, out));
                self.forget(id);
            }
            Command::Changed(meeting_id) => self.look_again(&meeting_id),
            Command::AllChanged => {
                for meeting_id in self.rooms.keys().cloned().collect::<Vec<_>>() {
                    self.look_again(&meeting_id);
                }
            }
            Command::Trouble(target, trouble) => self.cause(&target, trouble),
            Command::Present(answer) => {
                let present = self.rooms.values().flat_map(Room::present).cloned().collect();
                // Whoever asked may not wait any more.
                let _ = answer.send(present);
            }
        }
    }

    fn open(&mut self, id: ConnectionId, who: Attendee, token: String, outbox: mpsc::Sender<Outgoing>) {
        let meeting_id = who.meeting_id.clone();
        let connection = Connection {
            meeting_id: meeting_id.clone(),
            external_user_id: who.external_user_id.clone(),
            token,
            outbox,
            peer: None,
            is_muted: false,
            suffering: Suffering::default(),
        };
        self.connections.insert(id, connection);
        self.rooms.entry(meeting_id.clone()).or_default();
        self.in_room(&meeting_id, |room, out| room.open(id, who, out));
        // It may have ended, or the attendee may have been removed, after the token was looked at.
        self.look_again(&meeting_id);
    }

    /// Asks the control side again about everybody of a meeting.
    fn look_again(&mut self, meeting_id: &str) {
        let here = self.connections.iter().filter(|(_, connection)| connection.meeting_id == meeting_id);
        let asked = here.map(|(id, one)| (*id, self.meetings.attendee(meeting_id, &one.token)));
        for (id, answer) in asked.collect::<Vec<_>>() {
            match answer {
                Ok(_) => {}
                Err(Refusal::Unknown) => {
                    self.in_room(meeting_id, |room, out| room.put_out(id, Status::Removed, Closing::Over, out));
                }
                Err(Refusal::Ended) => return self.end(meeting_id),
            }
        }
    }

    fn end(&mut self, meeting_id: &str) {
        self.in_room(meeting_id, Room::end);
        self.rooms.remove(meeting_id);
    }

    fn end_forsaken(&mut self) {
        let (now, patience) = (wire::now_ms(), self.patience);
        let forsaken =
            self.rooms.iter_mut().filter_map(|(id, room)| room.is_forsaken(patience, now).then(|| id.clone()));
        for meeting_id in forsaken.collect::<Vec<_>>() {
            self.end(&meeting_id);
            self.meetings.end(&meeting_id);
        }
    }

    fn cause(&mut self, target: &Target, trouble: Trouble) {
        if let Trouble::Capacity(capacity) = trouble {
            return self.rooms.entry(target.meeting_id.clone()).or_default().set_capacity(capacity);
        }
        let now = Instant::now();
        let meant = self.connections.iter_mut().filter(|(_, one)| {
            let user = target.external_user_id.as_ref();
            one.meeting_id == target.meeting_id && user.is_none_or(|user| *user == one.external_user_id)
        });
        let mut cut = Vec::new();
        for (id, connection) in meant {
            connection.suffering.add(trouble, now);
            if trouble == Trouble::Cut {
                cut.push(*id);
            }
        }
        for id in cut {
            self.in_room_of(id, |room, out| room.expel(id, Closing::Cut, out));
        }
    }

    /// Lets something happen in a room, and does what it wants done.
    fn in_room(&mut self, meeting_id: &str, act: impl FnOnce(&mut Room, &mut Vec<Effect>)) {
        let Some(room) = self.rooms.get_mut(meeting_id) else { return };
        let mut effects = Vec::new();
        act(room, &mut effects);
        let mut waiting = VecDeque::from(effects);
        while let Some(effect) = waiting.pop_front() {
            let more = self.perform(meeting_id, effect);
            waiting.extend(more);
        }
    }

    fn in_room_of(&mut self, id: ConnectionId, act: impl FnOnce(&mut Room, &mut Vec<Effect>)) {
        if let Some(meeting_id) = self.connections.get(&id).map(|connection| connection.meeting_id.clone()) {
            self.in_room(&meeting_id, act);
        }
    }

    /// Does one thing; what the room wants done because of it.
    fn perform(&mut self, meeting_id: &str, effect: Effect) -> Vec<Effect> {
        let mut more = Vec::new();
        match effect {
            Effect::Send(id, mut frame) => {
                frame.timestamp_ms = wire::now_ms();
                let Some(connection) = self.connections.get(&id) else { return more };
                // Whoever does not read is cut off: nobody waits for them.
                if connection.outbox.try_send(Outgoing::Frame(frame)).is_err()
                    && let Some(room) = self.rooms.get_mut(meeting_id)
                {
                    room.expel(id, Closing::Cut, &mut more);
                }
            }
            Effect::Close(id, closing) => {
                if let Some(connection) = self.connections.get(&id) {
                    // One that is full ends when its sender is gone.
                    let _ = connection.outbox.try_send(Outgoing::Close(closing));
                }
                self.forget(id);
            }
            Effect::Negotiate(id, plan) => {
                let answer = self.negotiate(id, &plan);
                if let Some(room) = self.rooms.get_mut(meeting_id) {
                    room.answered(id, answer, &mut more);
                }
            }
            Effect::Mute(id, muted) => {
                if let Some(connection) = self.connections.get_mut(&id) {
                    connection.is_muted = muted;
                    if let Some(peer) = &mut connection.peer {
                        peer.is_muted = muted;
                    }
                }
            }
            Effect::KeyFrame(id) => {
                if let Some(peer) = self.peer(id) {
                    peer.want_key_frame(Instant::now());
                    self.stirred.push_back(id);
                }
            }
            Effect::Tell(presence, who) => {
                // Without anybody who follows calls nobody listens.
                let _ = self.events.send(CallEvent { presence, who });
            }
        }
        more
    }

    fn negotiate(&mut self, id: ConnectionId, plan: &Plan) -> Option<String> {
        let connection = self.connections.get_mut(&id)?;
        let mut peer = match connection.peer.take() {
            Some(peer) => peer,
            None => Peer::new(self.address, Instant::now()).inspect_err(|error| tracing::warn!(%error)).ok()?,
        };
        peer.is_muted = connection.is_muted;
        let answer = peer.negotiate(plan).inspect_err(|error| tracing::debug!(%error, "an offer cannot be answered"));
        connection.peer = Some(peer);
        self.stirred.push_back(id);
        answer.ok()
    }

    fn peer(&mut self, id: ConnectionId) -> Option<&mut Peer> {
        self.connections.get_mut(&id)?.peer.as_mut()
    }

    fn forget(&mut self, id: ConnectionId) {
        self.connections.remove(&id);
        self.sources.retain(|_, of| *of != id);
    }
}
