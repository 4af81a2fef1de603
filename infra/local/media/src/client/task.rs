//! What a client does by itself: joins, offers, speaks, shows, notes.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use str0m::Event;
use str0m::media::MediaData;
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio::time::MissedTickBehavior;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use super::rtc::Line;
use super::{ClientError, Order, Part, Seen};
use crate::tone::Tone;
use crate::wire::{
    self, Duplex, Frame, Index, Join, Kind, MediaType, PingPong, PingPongKind, StreamDescriptor, Subscribe,
    SubscribeAck,
};

/// Silence as Opus.
const QUIET: [u8; 3] = [0xf8, 0xff, 0xfe];
/// Frames of sound between two pictures: about 15 a second.
const PER_PICTURE: u64 = 3;
/// Frames of sound between two pings: ten seconds.
const PER_PING: u64 = 500;
/// The most samples of one packet.
const MOST_SAMPLES: usize = 5760;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

pub(super) struct Task {
    socket: Socket,
    part: Part,
    seen: watch::Sender<Seen>,
    line: Line,
    mouth: Option<Tone>,
    ear: Option<ropus::Decoder>,
    /// Others' streams and whose they are.
    sources: BTreeMap<u32, String>,
    is_stale: bool,
    has_index: bool,
    last_packet: Option<u64>,
    frames: u64,
}

impl Task {
    pub(super) async fn new(socket: Socket, part: Part, seen: watch::Sender<Seen>) -> Result<Self, ClientError> {
        crate::crypto::install();
        let ear = part.listens.then(|| ropus::Decoder::new(crate::mixer::RATE, ropus::Channels::Mono).ok());
        Ok(Self {
            socket,
            part,
            seen,
            line: Line::new().await?,
            mouth: part.hertz.and_then(|hertz| Tone::new(hertz).ok()),
            ear: ear.flatten(),
            sources: BTreeMap::new(),
            is_stale: true,
            has_index: false,
            last_packet: None,
            frames: 0,
        })
    }

    pub(super) async fn run(mut self, mut orders: mpsc::Receiver<Order>) {
        let join = Join { protocol_version: Some(2), flags: Some(2), ..Join::default() };
        if self.say(Frame::of(Kind::Join, |frame| frame.join = Some(join))).await.is_err() {
            return;
        }
        let mut frames = tokio::time::interval(Duration::from_millis(20));
        frames.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let mut buffer = [0; 2048];
        loop {
            let due = self.line.due;
            let goes_on = tokio::select! {
                _ = frames.tick() => self.next_frame().await,
                message = self.socket.next() => self.note(message),
                order = orders.recv() => self.obey(order).await,
                ready = self.line.socket.readable() => {
                    while let Ok((length, source)) = self.line.socket.try_recv_from(&mut buffer) {
                        self.line.receive(source, buffer.get(..length).unwrap_or_default());
                        self.poll();
                    }
                    ready.is_ok()
                }
                () = tokio::time::sleep_until(due.into()) => { self.line.wake(); true }
            };
            if !goes_on {
                return;
            }
            self.poll();
            self.subscribe().await;
        }
    }

    async fn say(&mut self, mut frame: Frame) -> Result<(), tungstenite::Error> {
        frame.timestamp_ms = wire::now_ms();
        self.socket.send(Message::Binary(wire::encode(&frame))).await
    }

    async fn obey(&mut self, order: Option<Order>) -> bool {
        match order {
            Some(Order::Say(frame)) => {
                // The end of the socket is noted where it is read.
                let _ = self.say(*frame).await;
                true
            }
            Some(Order::Camera(on)) => {
                self.is_stale |= self.part.camera != on;
                self.part.camera = on;
                true
            }
            Some(Order::Quit) | None => false,
        }
    }

    async fn next_frame(&mut self) -> bool {
        self.frames += 1;
        let packet = self.mouth.as_mut().and_then(Tone::packet).unwrap_or_else(|| QUIET.to_vec());
        self.line.speak(packet);
        if self.part.camera && self.frames.is_multiple_of(PER_PICTURE) {
            self.line.show();
        }
        if self.frames.is_multiple_of(PER_PING) {
            let ping = PingPong { kind: PingPongKind::Ping.into(), ping_id: 1 };
            let _ = self.say(Frame::of(Kind::PingPong, |frame| frame.ping_pong = Some(ping))).await;
        }
        true
    }

    /// Offers anew where something has changed.
    async fn subscribe(&mut self) {
        if !self.is_stale || !self.has_index {
            return;
        }
        let streams: Vec<u32> = self.sources.keys().copied().collect();
        let Some((offer, receives)) = self.line.offer(self.part.camera, &streams) else { return };
        self.is_stale = false;
        let camera = StreamDescriptor { media_type: Some(MediaType::Video.into()), ..StreamDescriptor::default() };
        let subscribe = Subscribe {
            duplex: Some(if self.part.camera { Duplex::Duplex } else { Duplex::Rx }.into()),
            send_streams: self.part.camera.then_some(camera).into_iter().collect(),
            receive_stream_ids: receives,
            sdp_offer: Some(offer),
            ..Subscribe::default()
        };
        let _ = self.say(Frame::of(Kind::Subscribe, |frame| frame.subscribe = Some(subscribe))).await;
    }

    /// Reads what the server says; `false` at the end of the socket.
    fn note(&mut self, message: Option<Result<Message, tungstenite::Error>>) -> bool {
        let code = match message {
            Some(Ok(Message::Binary(bytes))) => {
                if let Ok(frame) = wire::decode(&bytes) {
                    self.note_frame(frame);
                }
                return true;
            }
            Some(Ok(Message::Close(close))) => close.map(|close| close.code.into()),
            Some(Ok(_)) => return true,
            Some(Err(_)) | None => None,
        };
        self.seen.send_modify(|seen| seen.ended = Some(code));
        false
    }

    fn note_frame(&mut self, frame: Frame) {
        if let Some(SubscribeAck { sdp_answer: Some(answer), .. }) = &frame.subscribe_ack {
            self.line.answer(answer);
        }
        if let Some(Index { sources, .. }) = &frame.index {
            let named = sources.iter().filter_map(|source| Some((source.stream_id?, source.external_user_id.clone()?)));
            let now: BTreeMap<u32, String> = named.collect();
            self.is_stale |= now != self.sources;
            (self.sources, self.has_index) = (now, true);
        }
        self.seen.send_modify(|seen| {
            seen.refused = frame.error.and_then(|error| error.status).or(seen.refused);
            seen.status = frame.audio_status.and_then(|status| status.audio_status).or(seen.status);
            seen.count = frame.index.and_then(|index| index.num_participants).unwrap_or(seen.count);
            seen.messages.extend(frame.data_message.into_iter().flat_map(|data| data.messages));
            if let Some(info) = frame.audio_stream_id_info {
                seen.roster(info);
            }
            if let Some(metadata) = &frame.audio_metadata {
                seen.loudness(metadata);
            }
        });
    }

    fn poll(&mut self) {
        for event in self.line.poll() {
            match event {
                Event::MediaData(data) if self.line.is_audio(data.mid) => self.note_sound(&data),
                Event::MediaData(data) => {
                    let stream = self.line.shows.iter().find(|(mid, _)| *mid == data.mid).map(|(_, stream)| *stream);
                    if let Some(whose) = stream.and_then(|stream| self.sources.get(&stream)) {
                        self.seen.send_modify(|seen| *seen.pictures.entry(whose.clone()).or_default() += 1);
                    }
                }
                Event::KeyframeRequest(_) => self.seen.send_modify(|seen| seen.key_frames += 1),
                _ => {}
            }
        }
    }

    fn note_sound(&mut self, data: &MediaData) {
        let number = **data.seq_range.start();
        let missing = self.last_packet.map_or(0, |last| number.saturating_sub(last + 1));
        self.last_packet = Some(number);
        let mut samples = [0; MOST_SAMPLES];
        let decode = |ear: &mut ropus::Decoder| ear.decode(&data.data, &mut samples, ropus::DecodeMode::Normal).ok();
        let count = self.ear.as_mut().and_then(decode).unwrap_or(0);
        self.seen.send_modify(|seen| {
            seen.packets += 1;
            seen.missing += missing;
            seen.hear(samples.get(..count).unwrap_or_default());
        });
    }
}
