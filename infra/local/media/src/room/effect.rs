//! What a room wants done.

use str0m::media::Mid;

use crate::meetings::Attendee;
use crate::wire::Frame;

/// One socket of the signalling. Numbers rise and are never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// How a socket ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closing {
    /// All is said.
    Over,
    /// The meeting has ended.
    Ended,
    /// Nobody may join with that token.
    Refused,
    /// What came was no frame.
    Malformed,
    /// What came was too long.
    TooLong,
    /// What came does not belong there.
    Misplaced,
    /// The server failed: the client may try again.
    Failed,
    /// Without a word, as when a network goes away.
    Cut,
}

impl Closing {
    /// The code of the WebSocket; none where it is cut. From 4000 on they are Chime's own: 4410 is the end, 4500 to 4599
    /// make the client try again.
    #[must_use]
    pub const fn code(self) -> Option<u16> {
        match self {
            Self::Over => Some(1000),
            Self::Misplaced => Some(1002),
            Self::Malformed => Some(1007),
            Self::TooLong => Some(1009),
            Self::Refused => Some(4403),
            Self::Ended => Some(4410),
            Self::Failed => Some(4500),
            Self::Cut => None,
        }
    }
}

/// How a call stands with a client, by the statuses that it knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Status {
    /// The same attendee has joined elsewhere.
    Elsewhere = 301,
    /// Nobody may join with that token.
    Refused = 403,
    /// The meeting is full.
    Full = 409,
    /// The meeting has ended.
    Ended = 410,
    /// The attendee was removed.
    Removed = 411,
}

/// What became of somebody, as the service tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// They are heard.
    Joined,
    /// They went.
    Left,
    /// Their connection broke.
    Dropped,
}

/// What a peer connection is to carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The client's offer.
    pub offer: String,
    /// The section with the client's sound, and the mix for it.
    pub audio: Option<Mid>,
    /// The section with the client's picture.
    pub camera: Option<Mid>,
}

/// One thing to do, in order.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "nearly all of them are frames")]
pub enum Effect {
    /// To a socket.
    Send(ConnectionId, Frame),
    /// The end of a socket, and of its media.
    Close(ConnectionId, Closing),
    /// The offer is to be answered: [`super::Room::answered`] follows.
    Negotiate(ConnectionId, Plan),
    /// What somebody says is not to be heard, or again.
    Mute(ConnectionId, bool),
    /// Somebody's camera is to send a whole picture.
    KeyFrame(ConnectionId),
    /// To whom follows the meeting.
    Tell(Presence, Attendee),
}
