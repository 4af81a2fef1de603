//! The frames of the Chime client's signalling, as protocol buffers: the field numbers of `SignalingProtocol` in
//! `amazon-chime-sdk-js` 3.32. What neither side of a call on the laptop reads is left out; protocol buffers pass over
//! fields that a reader does not know.

use prost::{Enumeration, Message};

use super::video::{Index, PauseResume, RemoteVideoUpdate, Subscribe, SubscribeAck};

/// What a frame is. Nothing is ever sent that the client's own list lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enumeration)]
#[repr(i32)]
#[allow(missing_docs, reason = "the protocol's own words")]
pub enum Kind {
    Join = 1,
    JoinAck = 2,
    Subscribe = 3,
    SubscribeAck = 4,
    Index = 5,
    Pause = 7,
    Resume = 8,
    Leave = 9,
    LeaveAck = 10,
    Bitrates = 13,
    AudioControl = 16,
    AudioMetadata = 17,
    AudioStreamIdInfo = 18,
    PingPong = 19,
    AudioStatus = 20,
    ClientMetric = 21,
    DataMessage = 22,
    RemoteVideoUpdate = 24,
    PrimaryMeetingJoin = 25,
    PrimaryMeetingJoinAck = 26,
    PrimaryMeetingLeave = 27,
    Notification = 34,
    MeetingSessionTiming = 43,
}

/// One message of the socket.
#[derive(Clone, PartialEq, Message)]
#[allow(missing_docs, reason = "the protocol's own words")]
pub struct Frame {
    /// When it was sent, in milliseconds since 1970.
    #[prost(uint64, required, tag = "1")]
    pub timestamp_ms: u64,
    #[prost(enumeration = "Kind", required, tag = "2")]
    pub kind: i32,
    #[prost(message, optional, tag = "3")]
    pub error: Option<Failure>,
    #[prost(message, optional, tag = "4")]
    pub join: Option<Join>,
    #[prost(message, optional, tag = "5")]
    pub join_ack: Option<JoinAck>,
    #[prost(message, optional, tag = "6")]
    pub subscribe: Option<Subscribe>,
    #[prost(message, optional, tag = "7")]
    pub subscribe_ack: Option<SubscribeAck>,
    #[prost(message, optional, tag = "8")]
    pub index: Option<Index>,
    #[prost(message, optional, tag = "10")]
    pub pause: Option<PauseResume>,
    #[prost(message, optional, tag = "11")]
    pub leave: Option<Empty>,
    #[prost(message, optional, tag = "12")]
    pub leave_ack: Option<Empty>,
    #[prost(message, optional, tag = "17")]
    pub audio_control: Option<AudioControl>,
    #[prost(message, optional, tag = "18")]
    pub audio_metadata: Option<AudioMetadata>,
    #[prost(message, optional, tag = "19")]
    pub audio_stream_id_info: Option<AudioStreamIdInfo>,
    #[prost(message, optional, tag = "20")]
    pub ping_pong: Option<PingPong>,
    #[prost(message, optional, tag = "21")]
    pub audio_status: Option<AudioStatus>,
    #[prost(message, optional, tag = "23")]
    pub data_message: Option<DataMessages>,
    #[prost(message, optional, tag = "25")]
    pub remote_video_update: Option<RemoteVideoUpdate>,
    #[prost(message, optional, tag = "27")]
    pub primary_meeting_join_ack: Option<Empty>,
}

/// A frame without fields of its own.
#[derive(Clone, Copy, PartialEq, Message)]
pub struct Empty {}

/// What went wrong, by a status as HTTP has them.
#[derive(Clone, PartialEq, Message)]
#[allow(missing_docs, reason = "the protocol's own words")]
pub struct Failure {
    #[prost(uint32, optional, tag = "1")]
    pub status: Option<u32>,
    #[prost(string, optional, tag = "2")]
    pub description: Option<String>,
}

/// The first frame of a client.
#[derive(Clone, PartialEq, Message)]
#[allow(missing_docs, reason = "the protocol's own words")]
pub struct Join {
    #[prost(uint32, optional, tag = "1")]
    pub protocol_version: Option<u32>,
    #[prost(uint32, optional, tag = "2")]
    pub max_num_of_videos: Option<u32>,
    #[prost(uint32, optional, tag = "3")]
    pub flags: Option<u32>,
    #[prost(uint64, optional, tag = "6")]
    pub audio_session_id: Option<u64>,
    #[prost(bool, optional, tag = "7")]
    pub wants_compressed_sdp: Option<bool>,
}

/// The answer to it. With TURN credentials, which are left out, a client would use relays only.
#[derive(Clone, PartialEq, Message)]
#[allow(missing_docs, reason = "the protocol's own words")]
pub struct JoinAck {
    #[prost(uint32, optional, tag = "2")]
    pub video_subscription_limit: Option<u32>,
    #[prost(bool, optional, tag = "3")]
    pub wants_compressed_sdp: Option<bool>,
}

/// A client mutes itself, or not.
#[derive(Clone, PartialEq, Message)]
#[allow(missing_docs, reason = "the protocol's own words")]
pub struct AudioControl {
    #[prost(bool, optional, tag = "1")]
    pub muted: Option<bool>,
}

/// How loud everybody is.
#[derive(Clone, PartialEq, Message)]
#[allow(missing_docs, reason = "the protocol's own words")]
pub struct AudioMetadata {
    #[prost(message, repeated, tag = "1")]
    pub attendee_states: Vec<AudioAttendeeState>,
}

/// How loud somebody is.
#[derive(Clone, PartialEq, Message)]
#[allow(missing_docs, reason = "the protocol's own words")]
pub struct AudioAttendeeState {
    #[prost(uint32, optional, tag = "1")]
    pub audio_stream_id: Option<u32>,
    /// In decibel below full scale, without the sign.
    #[prost(uint32, optional, tag = "2")]
    pub volume: Option<u32>,
    #[prost(bool, optional, tag = "3")]
    pub muted: Option<bool>,
    /// 0 (none) to 2 (good).
    #[prost(uint32, optional, tag = "4")]
    pub signal_strength: Option<u32>,
}

/// Who came, went, or changed.
#[derive(Clone, PartialEq, Message)]
#[allow(missing_docs, reason = "the protocol's own words")]
pub struct AudioStreamIdInfo {
    #[prost(message, repeated, tag = "1")]
    pub streams: Vec<AudioStream>,
}

/// With an attendee: is there. With `muted` alone: has changed. With neither: is gone.
#[derive(Clone, PartialEq, Message)]
#[allow(missing_docs, reason = "the protocol's own words")]
pub struct AudioStream {
    #[prost(uint32, optional, tag = "1")]
    pub audio_stream_id: Option<u32>,
    #[prost(string, optional, tag = "2")]
    pub attendee_id: Option<String>,
    #[prost(bool, optional, tag = "3")]
    pub muted: Option<bool>,
    #[prost(string, optional, tag = "4")]
    pub external_user_id: Option<String>,
    #[prost(bool, optional, tag = "5")]
    pub dropped: Option<bool>,
}

/// Whether somebody asks if the other side is there, or answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enumeration)]
#[repr(i32)]
#[allow(missing_docs, reason = "the protocol's own words")]
pub enum PingPongKind {
    Ping = 1,
    Pong = 2,
}

/// Whether the other side is there.
#[derive(Clone, PartialEq, Message)]
#[allow(missing_docs, reason = "the protocol's own words")]
pub struct PingPong {
    #[prost(enumeration = "PingPongKind", required, tag = "1")]
    pub kind: i32,
    #[prost(uint32, required, tag = "2")]
    pub ping_id: u32,
}

/// How the client's call stands, by a status as HTTP has them.
#[derive(Clone, PartialEq, Message)]
#[allow(missing_docs, reason = "the protocol's own words")]
pub struct AudioStatus {
    #[prost(uint32, optional, tag = "1")]
    pub audio_status: Option<u32>,
}

/// What the pages tell one another.
#[derive(Clone, PartialEq, Message)]
#[allow(missing_docs, reason = "the protocol's own words")]
pub struct DataMessages {
    #[prost(message, repeated, tag = "1")]
    pub messages: Vec<DataMessage>,
}

/// One of them.
#[derive(Clone, PartialEq, Message)]
#[allow(missing_docs, reason = "the protocol's own words")]
pub struct DataMessage {
    #[prost(string, optional, tag = "1")]
    pub topic: Option<String>,
    #[prost(bytes = "vec", optional, tag = "2")]
    pub data: Option<Vec<u8>>,
    #[prost(uint32, optional, tag = "3")]
    pub lifetime_ms: Option<u32>,
    #[prost(string, optional, tag = "4")]
    pub sender_attendee_id: Option<String>,
    #[prost(int64, optional, tag = "5")]
    pub ingest_time_ns: Option<i64>,
    #[prost(string, optional, tag = "6")]
    pub sender_external_user_id: Option<String>,
}
