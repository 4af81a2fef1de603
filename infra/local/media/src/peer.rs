//! One peer connection: sound and pictures of a client.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use str0m::change::SdpOffer;
use str0m::format::{Codec, PayloadParams};
use str0m::media::{Frequency, KeyframeRequestKind, MediaData, MediaTime, Mid};
use str0m::net::{Protocol, Receive};
use str0m::{Candidate, Event, IceConnectionState, Input, Output, Rtc};

use crate::mixer::{Ear, FRAME, NoCodec, Sum};
use crate::room::Plan;
use crate::sdp;

/// Whole pictures are large: at most one in this time is asked for.
const BETWEEN_KEY_FRAMES: Duration = Duration::from_millis(300);
/// How long a peer may sleep that has nothing to do.
const LONGEST_SLEEP: Duration = Duration::from_secs(1);

/// What a client's packets have brought about.
#[derive(Debug)]
pub(crate) enum Happened {
    /// It sends sound.
    Heard,
    /// It sends a picture.
    Picture(Box<MediaData>),
    /// It cannot go on with the picture of this section.
    NeedsKeyFrame(Mid),
    /// It is not there any more.
    Lost,
}

/// A peer connection cannot be set up.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PeerError {
    #[error("{0}")]
    Codec(#[from] NoCodec),
    #[error("{0}")]
    Rtc(#[from] str0m::RtcError),
    #[error("{0}")]
    Address(#[from] str0m::error::IceError),
    #[error("{0}")]
    Offer(#[from] str0m::error::SdpError),
}

/// A peer connection.
#[derive(Debug)]
pub(crate) struct Peer {
    rtc: Rtc,
    address: SocketAddr,
    audio: Option<Mid>,
    camera: Option<Mid>,
    pub(crate) ear: Ear,
    pub(crate) is_muted: bool,
    is_connected: bool,
    is_lost: bool,
    /// How many frames of sound it was sent.
    frames: u64,
    wants_key_frame: bool,
    key_frame_at: Option<Instant>,
    /// When it has to be polled again.
    pub(crate) due: Instant,
}

impl Peer {
    /// One that listens at this address.
    pub(crate) fn new(address: SocketAddr, now: Instant) -> Result<Self, PeerError> {
        // One codec for pictures, which every browser has: they are passed on as they are.
        let config = Rtc::builder().set_ice_lite(true).clear_codecs().enable_opus(true, false).enable_vp8(true);
        let mut rtc = config.build(now);
        rtc.add_local_candidate(Candidate::host(address, "udp")?);
        Ok(Self {
            rtc,
            address,
            audio: None,
            camera: None,
            ear: Ear::new()?,
            is_muted: false,
            is_connected: false,
            is_lost: false,
            frames: 0,
            wants_key_frame: false,
            key_frame_at: None,
            due: now,
        })
    }

    /// Answers an offer.
    pub(crate) fn negotiate(&mut self, plan: &Plan) -> Result<String, PeerError> {
        let offer = SdpOffer::from_sdp_string(&plan.offer)?;
        let answer = self.rtc.sdp_api().accept_offer(offer)?;
        (self.audio, self.camera) = (plan.audio, plan.camera);
        Ok(sdp::in_the_client_s_words(&answer.to_sdp_string(), &sdp::sections(&plan.offer)))
    }

    /// Whether a datagram is for this one.
    pub(crate) fn accepts(&self, source: SocketAddr, datagram: &[u8], now: Instant) -> bool {
        let Some(input) = self.input(source, datagram, now) else { return false };
        self.rtc.accepts(&input)
    }

    pub(crate) fn receive(&mut self, source: SocketAddr, datagram: &[u8], now: Instant) {
        let Some(input) = self.input(source, datagram, now) else { return };
        if let Err(error) = self.rtc.handle_input(input) {
            self.lose(&error);
        }
    }

    fn input<'d>(&self, source: SocketAddr, datagram: &'d [u8], now: Instant) -> Option<Input<'d>> {
        let contents = datagram.try_into().ok()?;
        Some(Input::Receive(now, Receive { proto: Protocol::Udp, source, destination: self.address, contents }))
    }

    fn lose(&mut self, error: &str0m::RtcError) {
        tracing::debug!(%error, "a peer connection failed");
        self.rtc.disconnect();
        self.is_connected = false;
    }

    /// Lets time pass.
    pub(crate) fn wake(&mut self, now: Instant) {
        if self.rtc.is_alive()
            && let Err(error) = self.rtc.handle_input(Input::Timeout(now))
        {
            self.lose(&error);
        }
        self.ask_for_key_frame(now);
    }

    /// Sends all that is to be sent, and says what has happened.
    pub(crate) fn poll(&mut self, now: Instant, mut send: impl FnMut(SocketAddr, &[u8])) -> Vec<Happened> {
        let mut happened = Vec::new();
        while self.rtc.is_alive() {
            match self.rtc.poll_output() {
                Ok(Output::Timeout(due)) => {
                    self.due = due.min(now + LONGEST_SLEEP);
                    return happened;
                }
                Ok(Output::Transmit(packet)) => send(packet.destination, &packet.contents),
                Ok(Output::Event(event)) => happened.extend(self.event(event)),
                Err(error) => self.lose(&error),
            }
        }
        self.due = now + LONGEST_SLEEP;
        if !self.is_lost {
            self.is_lost = true;
            happened.push(Happened::Lost);
        }
        happened
    }

    fn event(&mut self, event: Event) -> Option<Happened> {
        match event {
            Event::Connected => self.is_connected = true,
            Event::IceConnectionStateChange(IceConnectionState::Disconnected) => self.rtc.disconnect(),
            Event::MediaData(data) if Some(data.mid) == self.audio => {
                if !self.is_muted {
                    self.ear.hear(&data.data);
                }
                return Some(Happened::Heard);
            }
            Event::MediaData(data) if Some(data.mid) == self.camera => {
                // Something is missing: whoever sees it could not go on.
                self.wants_key_frame |= !data.contiguous;
                return Some(Happened::Picture(Box::new(data)));
            }
            Event::KeyframeRequest(request) => return Some(Happened::NeedsKeyFrame(request.mid)),
            _ => {}
        }
        None
    }

    /// Sends 20 ms of what the others say.
    pub(crate) fn tell(&mut self, sum: &Sum, now: Instant) {
        // The time goes on whether or not somebody listens.
        self.frames += 1;
        let Some(audio) = self.audio.filter(|_| self.is_connected) else { return };
        let Some(packet) = self.ear.tell(sum) else { return };
        let time = MediaTime::new(self.frames.wrapping_mul(FRAME as u64), Frequency::FORTY_EIGHT_KHZ);
        let Some(writer) = self.rtc.writer(audio) else { return };
        let Some(opus) = writer.payload_params().find(|one| one.spec().codec == Codec::Opus).map(PayloadParams::pt)
        else {
            return;
        };
        if let Err(error) = writer.write(opus, now, time, packet) {
            tracing::debug!(%error, "sound could not be sent");
        }
    }

    /// Sends somebody's picture on a section.
    pub(crate) fn show(&mut self, section: Mid, picture: &MediaData) {
        if !self.is_connected {
            return;
        }
        let Some(writer) = self.rtc.writer(section) else { return };
        let Some(codec) = writer.match_params(picture.params) else { return };
        let sent = writer.write(codec, picture.network_time, picture.time, picture.data.clone());
        if let Err(error) = sent {
            tracing::debug!(%error, "a picture could not be sent");
        }
    }

    /// The camera is to send a whole picture, now or as soon as it may be asked again.
    pub(crate) fn want_key_frame(&mut self, now: Instant) {
        self.wants_key_frame = true;
        self.ask_for_key_frame(now);
    }

    fn ask_for_key_frame(&mut self, now: Instant) {
        let too_soon = self.key_frame_at.is_some_and(|at| now.duration_since(at) < BETWEEN_KEY_FRAMES);
        if !self.wants_key_frame || too_soon || !self.is_connected {
            return;
        }
        let Some(mut writer) = self.camera.and_then(|camera| self.rtc.writer(camera)) else { return };
        // Before the first packet there is nothing to ask: the first picture is a whole one.
        if writer.request_keyframe(None, KeyframeRequestKind::Pli).is_ok() {
            (self.wants_key_frame, self.key_frame_at) = (false, Some(now));
        }
    }
}
