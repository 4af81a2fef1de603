//! What a room says to its members.

use super::member::{Member, Video};
use super::{MOST_ATTENDEES, Status};
use crate::meetings::Attendee;
use crate::sdp::{self, Carries};
use crate::wire::{
    AudioAttendeeState, AudioMetadata, AudioStatus, AudioStream, AudioStreamIdInfo, DataMessage, DataMessages, Empty,
    Failure, Frame, Index, JoinAck, Kind, MediaType, PingPong, PingPongKind, StreamAllocation, StreamDescriptor,
    SubscribeAck, TrackMapping,
};

/// The most videos that a client shows at once.
const MOST_VIDEOS: u32 = 25;
/// What the client calls its camera.
const CAMERA: &str = "AmazonChimeExpressVideo";
/// The best of the client's scale.
const GOOD_SIGNAL: u32 = 2;

pub(super) fn join_ack() -> Frame {
    Frame::of(Kind::JoinAck, |frame| {
        frame.join_ack =
            Some(JoinAck { video_subscription_limit: Some(MOST_VIDEOS), wants_compressed_sdp: Some(false) });
    })
}

pub(super) fn pong(ping_id: u32) -> Frame {
    Frame::of(Kind::PingPong, |frame| {
        frame.ping_pong = Some(PingPong { kind: PingPongKind::Pong.into(), ping_id });
    })
}

pub(super) fn promoted() -> Frame {
    Frame::of(Kind::PrimaryMeetingJoinAck, |frame| frame.primary_meeting_join_ack = Some(Empty {}))
}

pub(super) fn left() -> Frame {
    Frame::of(Kind::LeaveAck, |frame| frame.leave_ack = Some(Empty {}))
}

pub(super) fn status(status: Status) -> Frame {
    Frame::of(Kind::AudioStatus, |frame| {
        frame.audio_status = Some(AudioStatus { audio_status: Some(status as u32) });
    })
}

/// Nobody may join with that token.
pub(crate) fn refused() -> Frame {
    Frame::of(Kind::JoinAck, |frame| {
        let description = Some("The join token is not valid for this meeting.".to_owned());
        frame.error = Some(Failure { status: Some(Status::Refused as u32), description });
    })
}

pub(super) fn roster(streams: Vec<AudioStream>) -> Frame {
    Frame::of(Kind::AudioStreamIdInfo, |frame| frame.audio_stream_id_info = Some(AudioStreamIdInfo { streams }))
}

pub(super) fn loudness(member: &Member, volume: u32) -> AudioAttendeeState {
    AudioAttendeeState {
        audio_stream_id: Some(member.audio_stream),
        volume: Some(volume),
        muted: None,
        signal_strength: Some(GOOD_SIGNAL),
    }
}

pub(super) fn volumes(attendee_states: Vec<AudioAttendeeState>) -> Frame {
    Frame::of(Kind::AudioMetadata, |frame| frame.audio_metadata = Some(AudioMetadata { attendee_states }))
}

pub(super) fn data(sender: &Attendee, mut message: DataMessage, now_ms: u64) -> Frame {
    message.sender_attendee_id = Some(sender.attendee_id.clone());
    message.sender_external_user_id = Some(sender.external_user_id.clone());
    message.ingest_time_ns = i64::try_from(now_ms).ok().and_then(|millis| millis.checked_mul(1_000_000));
    Frame::of(Kind::DataMessage, |frame| frame.data_message = Some(DataMessages { messages: vec![message] }))
}

pub(super) fn subscribe_ack(member: &Member, answer: String) -> Frame {
    let sections = sdp::sections(&answer);
    let source = |mid| sections.iter().find(|section| section.mid == mid).and_then(|section| section.ssrc);
    let tracks = member.receives.iter().map(|(mid, stream)| TrackMapping {
        stream_id: Some(*stream),
        ssrc: source(*mid),
        track_label: Some(sdp::label(Carries::Video, *mid)),
    });
    let allocation = |video: &Video| StreamAllocation {
        track_label: Some(CAMERA.to_owned()),
        stream_id: Some(video.stream),
        group_id: Some(video.group),
    };
    let ack = SubscribeAck {
        duplex: Some(member.duplex.into()),
        allocations: member.video.iter().map(allocation).collect(),
        tracks: tracks.collect(),
        sdp_answer: Some(answer),
    };
    Frame::of(Kind::SubscribeAck, |frame| frame.subscribe_ack = Some(ack))
}

pub(super) fn index<'m>(others: impl Iterator<Item = &'m Member>, joined: usize) -> Frame {
    let sources = others.filter_map(|other| Some(descriptor(&other.who, other.video.as_ref()?)));
    let count = u32::try_from(joined.min(MOST_ATTENDEES)).ok();
    let index = Index {
        at_capacity: Some(false),
        sources: sources.collect(),
        paused_at_source_ids: Vec::new(),
        num_participants: count,
    };
    Frame::of(Kind::Index, |frame| frame.index = Some(index))
}

fn descriptor(who: &Attendee, video: &Video) -> StreamDescriptor {
    StreamDescriptor {
        stream_id: Some(video.stream),
        group_id: Some(video.group),
        framerate: Some(video.frames),
        max_bitrate_kbps: Some(video.kbps),
        avg_bitrate_bps: Some(video.kbps.saturating_mul(1000)),
        track_label: Some(CAMERA.to_owned()),
        media_type: Some(MediaType::Video.into()),
        attendee_id: Some(who.attendee_id.clone()),
        external_user_id: Some(who.external_user_id.clone()),
    }
}
