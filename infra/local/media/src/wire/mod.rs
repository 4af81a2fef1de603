//! The messages of the Chime client's socket: one byte, and a frame as protocol buffer.

mod frames;
mod video;

use std::time::{SystemTime, UNIX_EPOCH};

use bytes::{BufMut as _, Bytes, BytesMut};
use prost::Message as _;

pub use frames::*;
pub use video::*;

/// What a message starts with.
const LEAD: u8 = 0x05;
/// As older clients start it.
const EARLIER_LEAD: u8 = 0x02;
/// The largest message of a client, in bytes. An offer with 25 videos has less than 100,000.
pub const MOST_BYTES: usize = 256 * 1024;
/// The most bytes of one data message:
/// <https://docs.aws.amazon.com/chime-sdk/latest/dg/use-data-messages.html>
pub const MOST_DATA: usize = 2048;

/// Why a message cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is no frame at all.
    #[error("it is no frame")]
    Garbage,
    /// It is longer than any frame.
    #[error("it is too long")]
    TooLong,
    /// It is a frame that only the server sends, or one without what it is about.
    #[error("it is no frame of a client")]
    Misplaced,
}

/// What a client says.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    /// It is there.
    Join,
    /// What it sends and wants to receive.
    Subscribe(Subscribe),
    /// It is muted, or not.
    Muted(bool),
    /// These streams are to stop.
    Pause(PauseResume),
    /// These streams are to go on.
    Resume(PauseResume),
    /// Other streams on the sections that there are.
    VideoUpdate(RemoteVideoUpdate),
    /// For the others' pages.
    Data(Vec<DataMessage>),
    /// It asks whether we are there.
    Ping(u32),
    /// It would like to be of the primary meeting; all of a replica's attendees are.
    Promote,
    /// It goes.
    Leave,
    /// Measurements, and whatever a later client says besides.
    Nothing,
}

/// Reads a message of the server.
///
/// # Errors
/// Where it is none.
pub fn decode(message: &[u8]) -> Result<Frame, Unreadable> {
    if message.len() > MOST_BYTES {
        return Err(Unreadable::TooLong);
    }
    match message.split_first() {
        Some((&(LEAD | EARLIER_LEAD), frame)) => Frame::decode(frame).map_err(|_| Unreadable::Garbage),
        _ => Err(Unreadable::Garbage),
    }
}

/// Milliseconds since 1970, with which frames are stamped.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the client compares it with the world's clock, which nobody moves")]
pub fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// The message with this frame.
#[must_use]
pub fn encode(frame: &Frame) -> Bytes {
    let mut message = BytesMut::with_capacity(1 + frame.encoded_len());
    message.put_u8(LEAD);
    message.put(frame.encode_to_vec().as_slice());
    message.freeze()
}

impl Said {
    /// Reads a message of a client.
    ///
    /// # Errors
    /// Where it is none that a client sends.
    pub fn parse(message: &[u8]) -> Result<Self, Unreadable> {
        let frame = decode(message)?;
        // A kind that nobody knows yet is for later servers.
        let Ok(kind) = Kind::try_from(frame.kind) else { return Ok(Self::Nothing) };
        match kind {
            Kind::Join => Ok(Self::Join),
            Kind::Subscribe => frame.subscribe.map(Self::Subscribe).ok_or(Unreadable::Misplaced),
            Kind::AudioControl => {
                let muted = frame.audio_control.and_then(|control| control.muted);
                muted.map(Self::Muted).ok_or(Unreadable::Misplaced)
            }
            Kind::Pause => frame.pause.map(Self::Pause).ok_or(Unreadable::Misplaced),
            Kind::Resume => frame.pause.map(Self::Resume).ok_or(Unreadable::Misplaced),
            Kind::RemoteVideoUpdate => frame.remote_video_update.map(Self::VideoUpdate).ok_or(Unreadable::Misplaced),
            Kind::DataMessage => {
                let messages = frame.data_message.ok_or(Unreadable::Misplaced)?.messages;
                Ok(Self::Data(messages))
            }
            Kind::PingPong => {
                let ping = frame.ping_pong.ok_or(Unreadable::Misplaced)?;
                Ok(if ping.kind() == PingPongKind::Ping { Self::Ping(ping.ping_id) } else { Self::Nothing })
            }
            Kind::PrimaryMeetingJoin => Ok(Self::Promote),
            Kind::Leave => Ok(Self::Leave),
            Kind::ClientMetric | Kind::MeetingSessionTiming | Kind::PrimaryMeetingLeave => Ok(Self::Nothing),
            Kind::JoinAck
            | Kind::SubscribeAck
            | Kind::Index
            | Kind::LeaveAck
            | Kind::Bitrates
            | Kind::AudioMetadata
            | Kind::AudioStreamIdInfo
            | Kind::AudioStatus
            | Kind::PrimaryMeetingJoinAck
            | Kind::Notification => Err(Unreadable::Misplaced),
        }
    }
}

impl Frame {
    /// A frame of this kind, of which `fill` makes the rest.
    #[must_use]
    pub fn of(kind: Kind, fill: impl FnOnce(&mut Self)) -> Self {
        let mut frame = Self { kind: kind.into(), ..Self::default() };
        fill(&mut frame);
        frame
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_message_is_a_byte_and_a_frame() {
        let ping = Frame::of(Kind::PingPong, |frame| {
            frame.timestamp_ms = 300;
            frame.ping_pong = Some(PingPong { kind: PingPongKind::Ping.into(), ping_id: 7 });
        });
        let message = encode(&ping);
        // Field 1 (300), field 2 (19), field 20 with 4 bytes: field 1 (1), field 2 (7).
        assert_eq!(&message[..], [5, 8, 0xac, 2, 16, 19, 0xa2, 1, 4, 8, 1, 16, 7]);
        assert_eq!(Said::parse(&message), Ok(Said::Ping(7)));
        let mut earlier = message.to_vec();
        earlier[0] = EARLIER_LEAD;
        assert_eq!(Said::parse(&earlier), Ok(Said::Ping(7)));
    }

    #[test]
    fn what_is_no_frame_of_a_client_is_refused() {
        for garbage in [&b""[..], b"\x05\xff", b"\x07", b"hello", &[5, 10]] {
            assert_eq!(Said::parse(garbage), Err(Unreadable::Garbage), "{garbage:?}");
        }
        assert_eq!(Said::parse(&vec![5; MOST_BYTES + 1]), Err(Unreadable::TooLong));
        for ours in [Kind::JoinAck, Kind::Index, Kind::AudioStatus, Kind::Subscribe, Kind::Pause, Kind::DataMessage] {
            assert_eq!(Said::parse(&encode(&Frame::of(ours, |_| {}))), Err(Unreadable::Misplaced), "{ours:?}");
        }
        let later = Frame { kind: 1000, ..Frame::default() };
        assert_eq!(Said::parse(&encode(&later)), Ok(Said::Nothing));
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_fall(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            let _ = Said::parse(&bytes);
            let led: Vec<u8> = std::iter::once(LEAD).chain(bytes).collect();
            let _ = Said::parse(&led);
        }

        #[test]
        fn whatever_is_cut_out_of_a_frame_or_changed_in_it_is_read_or_refused(
            ids in proptest::collection::vec(any::<u32>(), 0..30),
            offer in ".{0,200}",
            at in any::<prop::sample::Index>(),
            byte in any::<u8>(),
            length in any::<prop::sample::Index>(),
        ) {
            let subscribe = Subscribe { receive_stream_ids: ids, sdp_offer: Some(offer), ..Subscribe::default() };
            let frame = Frame::of(Kind::Subscribe, |frame| frame.subscribe = Some(subscribe.clone()));
            let message = encode(&frame).to_vec();
            prop_assert_eq!(Said::parse(&message), Ok(Said::Subscribe(subscribe)));
            let mut changed = message.clone();
            changed[at.index(message.len())] = byte;
            let _ = Said::parse(&changed);
            let _ = Said::parse(&message[..length.index(message.len())]);
        }
    }
}
