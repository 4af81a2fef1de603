//! The client's side of a peer connection.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use str0m::change::{SdpAnswer, SdpPendingOffer};
use str0m::format::{Codec, PayloadParams};
use str0m::media::{Direction, Frequency, MediaKind, MediaTime, Mid};
use str0m::net::{Protocol, Receive};
use str0m::{Candidate, Event, Input, Output, Rtc};
use tokio::net::UdpSocket;

use crate::mixer::FRAME;

/// The size of a picture, in bytes: about 500 kbit/s at 15 a second.
const PICTURE: usize = 4000;

/// A peer connection, with the sections that it has offered.
pub(super) struct Line {
    rtc: Rtc,
    pub(super) socket: UdpSocket,
    address: SocketAddr,
    audio: Option<Mid>,
    camera: Option<Mid>,
    /// The sections for others' pictures, in their order, with the stream that each shows.
    pub(super) shows: Vec<(Mid, u32)>,
    pending: Option<SdpPendingOffer>,
    frames: u64,
    pictures: u64,
    pub(super) due: Instant,
}

impl Line {
    pub(super) async fn new() -> std::io::Result<Self> {
        let socket = UdpSocket::bind(("127.0.0.1", 0)).await?;
        let address = socket.local_addr()?;
        let now = Instant::now();
        let mut rtc = Rtc::builder().clear_codecs().enable_opus(true, false).enable_vp8(true).build(now);
        if let Ok(candidate) = Candidate::host(address, "udp") {
            rtc.add_local_candidate(candidate);
        }
        let (shows, due) = (Vec::new(), now);
        Ok(Self { rtc, socket, address, audio: None, camera: None, shows, pending: None, frames: 0, pictures: 0, due })
    }

    /// An offer that sends sound, and pictures if asked, and has a section for each of these streams; with the streams by
    /// section. None while another one waits for its answer, or where nothing would change.
    pub(super) fn offer(&mut self, camera: bool, streams: &[u32]) -> Option<(String, Vec<u32>)> {
        if self.pending.is_some() {
            return None;
        }
        let mut change = self.rtc.sdp_api();
        if self.audio.is_none() {
            self.audio = Some(change.add_media(MediaKind::Audio, Direction::SendRecv, None, None, None));
            // The camera's section comes before those of the others, used or not.
            self.camera = Some(change.add_media(MediaKind::Video, Direction::SendOnly, None, None, None));
        }
        let free = self.shows.len();
        for _ in free..streams.len() {
            let section = change.add_media(MediaKind::Video, Direction::RecvOnly, None, None, None);
            self.shows.push((section, 0));
        }
        for (at, (_, stream)) in self.shows.iter_mut().enumerate() {
            *stream = streams.get(at).copied().unwrap_or(0);
        }
        if let Some(mid) = self.camera {
            change.set_direction(mid, if camera { Direction::SendOnly } else { Direction::Inactive });
        }
        let (offer, pending) = change.apply()?;
        self.pending = Some(pending);
        let receives = std::iter::once(0).chain(self.shows.iter().map(|(_, stream)| *stream));
        Some((offer.to_sdp_string(), receives.collect()))
    }

    pub(super) fn answer(&mut self, answer: &str) {
        let Some((pending, answer)) = self.pending.take().zip(SdpAnswer::from_sdp_string(answer).ok()) else { return };
        if let Err(error) = self.rtc.sdp_api().accept_answer(pending, answer) {
            tracing::warn!(%error, "the answer cannot be used");
        }
    }

    pub(super) fn receive(&mut self, source: SocketAddr, datagram: &[u8]) {
        let Ok(contents) = datagram.try_into() else { return };
        let receive = Receive { proto: Protocol::Udp, source, destination: self.address, contents };
        if let Err(error) = self.rtc.handle_input(Input::Receive(Instant::now(), receive)) {
            tracing::warn!(%error, "a packet cannot be used");
        }
    }

    pub(super) fn wake(&mut self) {
        if let Err(error) = self.rtc.handle_input(Input::Timeout(Instant::now())) {
            tracing::warn!(%error, "the connection fails");
        }
    }

    /// Sends what there is to send; what has come.
    pub(super) fn poll(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        loop {
            match self.rtc.poll_output() {
                Ok(Output::Timeout(due)) => {
                    self.due = due;
                    return events;
                }
                Ok(Output::Transmit(packet)) => drop(self.socket.try_send_to(&packet.contents, packet.destination)),
                Ok(Output::Event(event)) => events.push(event),
                Err(_) => {
                    self.due = Instant::now() + Duration::from_secs(1);
                    return events;
                }
            }
        }
    }

    pub(super) fn is_audio(&self, mid: Mid) -> bool {
        self.audio == Some(mid)
    }

    /// 20 ms of sound.
    pub(super) fn speak(&mut self, packet: Vec<u8>) {
        self.frames += 1;
        let time = MediaTime::new(self.frames.wrapping_mul(FRAME as u64), Frequency::FORTY_EIGHT_KHZ);
        self.write(self.audio, Codec::Opus, time, packet);
    }

    /// A picture; each first of thirty is whole.
    pub(super) fn show(&mut self) {
        // <https://www.rfc-editor.org/rfc/rfc6386#section-9.1>: the lowest bit says whether it builds on others.
        let mut picture = vec![u8::from(!self.pictures.is_multiple_of(30)); PICTURE];
        if let Some(last) = picture.last_mut() {
            *last = (self.pictures % 256) as u8;
        }
        let time = MediaTime::new(self.pictures.wrapping_mul(6000), Frequency::NINETY_KHZ);
        self.pictures += 1;
        self.write(self.camera, Codec::Vp8, time, picture);
    }

    fn write(&mut self, section: Option<Mid>, codec: Codec, time: MediaTime, data: Vec<u8>) {
        let Some(writer) = section.and_then(|section| self.rtc.writer(section)) else { return };
        let Some(code) = writer.payload_params().find(|one| one.spec().codec == codec).map(PayloadParams::pt) else {
            return;
        };
        if let Err(error) = writer.write(code, Instant::now(), time, data) {
            tracing::debug!(%error, "media could not be sent");
        }
    }
}
