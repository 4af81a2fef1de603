//! The frames about streams: who sends what, who wants to see whom.

use prost::{Enumeration, Message};

/// In which direction video goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enumeration)]
#[repr(i32)]
#[allow(missing_docs, reason = "the protocol's own words")]
pub enum Duplex {
    Rx = 1,
    Tx = 2,
    Duplex = 3,
}

/// Sound or picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enumeration)]
#[repr(i32)]
#[allow(missing_docs, reason = "the protocol's own words")]
pub enum MediaType {
    Audio = 1,
    Video = 2,
}

/// What a client sends and wants to receive, with the offer of its peer connection.
#[derive(Clone, PartialEq, Message)]
#[allow(missing_docs, reason = "the protocol's own words")]
pub struct Subscribe {
    #[prost(enumeration = "Duplex", optional, tag = "1")]
    pub duplex: Option<i32>,
    #[prost(message, repeated, tag = "2")]
    pub send_streams: Vec<StreamDescriptor>,
    /// One for each video section of the offer; 0 where nothing comes.
    #[prost(uint32, repeated, packed = "false", tag = "3")]
    pub receive_stream_ids: Vec<u32>,
    #[prost(string, optional, tag = "4")]
    pub sdp_offer: Option<String>,
    #[prost(string, optional, tag = "5")]
    pub audio_host: Option<String>,
    #[prost(bool, optional, tag = "6")]
    pub audio_checkin: Option<bool>,
    #[prost(bool, optional, tag = "7")]
    pub audio_muted: Option<bool>,
}

/// The answer to it.
#[derive(Clone, PartialEq, Message)]
#[allow(missing_docs, reason = "the protocol's own words")]
pub struct SubscribeAck {
    #[prost(enumeration = "Duplex", optional, tag = "1")]
    pub duplex: Option<i32>,
    #[prost(message, repeated, tag = "2")]
    pub allocations: Vec<StreamAllocation>,
    #[prost(string, optional, tag = "3")]
    pub sdp_answer: Option<String>,
    #[prost(message, repeated, tag = "4")]
    pub tracks: Vec<TrackMapping>,
}

/// Whose video there is.
#[derive(Clone, PartialEq, Message)]
#[allow(missing_docs, reason = "the protocol's own words")]
pub struct Index {
    #[prost(bool, optional, tag = "1")]
    pub at_capacity: Option<bool>,
    #[prost(message, repeated, tag = "2")]
    pub sources: Vec<StreamDescriptor>,
    #[prost(uint32, repeated, packed = "false", tag = "3")]
    pub paused_at_source_ids: Vec<u32>,
    #[prost(uint32, optional, tag = "4")]
    pub num_participants: Option<u32>,
}

/// Streams that are to stop, or to go on.
#[derive(Clone, PartialEq, Message)]
#[allow(missing_docs, reason = "the protocol's own words")]
pub struct PauseResume {
    #[prost(uint32, repeated, packed = "false", tag = "1")]
    pub stream_ids: Vec<u32>,
    #[prost(uint32, repeated, packed = "false", tag = "2")]
    pub group_ids: Vec<u32>,
}

/// One stream of media.
#[derive(Clone, PartialEq, Message)]
#[allow(missing_docs, reason = "the protocol's own words")]
pub struct StreamDescriptor {
    #[prost(uint32, optional, tag = "1")]
    pub stream_id: Option<u32>,
    #[prost(uint32, optional, tag = "2")]
    pub framerate: Option<u32>,
    #[prost(uint32, optional, tag = "3")]
    pub max_bitrate_kbps: Option<u32>,
    #[prost(string, optional, tag = "4")]
    pub track_label: Option<String>,
    #[prost(uint32, optional, tag = "6")]
    pub group_id: Option<u32>,
    #[prost(uint32, optional, tag = "7")]
    pub avg_bitrate_bps: Option<u32>,
    #[prost(string, optional, tag = "8")]
    pub attendee_id: Option<String>,
    #[prost(enumeration = "MediaType", optional, tag = "9")]
    pub media_type: Option<i32>,
    #[prost(string, optional, tag = "10")]
    pub external_user_id: Option<String>,
}

/// The ids of a stream that a client sends.
#[derive(Clone, PartialEq, Message)]
#[allow(missing_docs, reason = "the protocol's own words")]
pub struct StreamAllocation {
    #[prost(string, optional, tag = "1")]
    pub track_label: Option<String>,
    #[prost(uint32, optional, tag = "2")]
    pub stream_id: Option<u32>,
    #[prost(uint32, optional, tag = "3")]
    pub group_id: Option<u32>,
}

/// Where in the answer a stream is that a client receives.
#[derive(Clone, PartialEq, Message)]
#[allow(missing_docs, reason = "the protocol's own words")]
pub struct TrackMapping {
    #[prost(uint32, optional, tag = "1")]
    pub stream_id: Option<u32>,
    #[prost(uint32, optional, tag = "2")]
    pub ssrc: Option<u32>,
    #[prost(string, optional, tag = "3")]
    pub track_label: Option<String>,
}

/// Other streams on the sections that there are.
#[derive(Clone, PartialEq, Message)]
#[allow(missing_docs, reason = "the protocol's own words")]
pub struct RemoteVideoUpdate {
    #[prost(message, repeated, tag = "1")]
    pub added_or_updated: Vec<VideoSubscription>,
    #[prost(string, repeated, tag = "2")]
    pub removed_mids: Vec<String>,
}

/// Which stream is to come on which section.
#[derive(Clone, PartialEq, Message)]
#[allow(missing_docs, reason = "the protocol's own words")]
pub struct VideoSubscription {
    #[prost(string, required, tag = "1")]
    pub mid: String,
    #[prost(string, optional, tag = "2")]
    pub attendee_id: Option<String>,
    #[prost(uint32, optional, tag = "3")]
    pub stream_id: Option<u32>,
}
