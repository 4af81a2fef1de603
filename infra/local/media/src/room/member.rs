//! One connection of a room.

use std::collections::{BTreeMap, BTreeSet};

use str0m::media::Mid;

use super::Presence;
use crate::meetings::Attendee;
use crate::wire::{AudioStream, Duplex, StreamDescriptor};

/// What a client that says nothing of it is taken to send.
const USUAL_KBPS: u32 = 600;
const USUAL_FRAMES: u32 = 15;

/// A picture that somebody sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Video {
    pub(super) stream: u32,
    pub(super) group: u32,
    pub(super) kbps: u32,
    pub(super) frames: u32,
}

impl Video {
    pub(super) fn new(said: &StreamDescriptor, (stream, group): (u32, u32)) -> Self {
        Self {
            stream,
            group,
            kbps: said.max_bitrate_kbps.filter(|kbps| *kbps > 0).unwrap_or(USUAL_KBPS),
            frames: said.framerate.filter(|frames| *frames > 0).unwrap_or(USUAL_FRAMES),
        }
    }
}

/// One connection.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) who: Attendee,
    /// It has said `JOIN`.
    pub(super) has_joined: bool,
    /// It is heard.
    pub(super) is_present: bool,
    pub(super) muted: bool,
    pub(super) audio_stream: u32,
    pub(super) video: Option<Video>,
    /// Which stream comes on which section.
    pub(super) receives: BTreeMap<Mid, u32>,
    pub(super) paused: BTreeSet<u32>,
    /// What the last offer asks for, until it is answered.
    pub(super) duplex: Duplex,
    pub(super) new_video: Option<Video>,
    pub(super) wanted: BTreeMap<Mid, u32>,
}

impl Member {
    pub(super) fn new(who: Attendee, audio_stream: u32) -> Self {
        Self {
            who,
            has_joined: false,
            is_present: false,
            muted: false,
            audio_stream,
            video: None,
            receives: BTreeMap::new(),
            paused: BTreeSet::new(),
            duplex: Duplex::Rx,
            new_video: None,
            wanted: BTreeMap::new(),
        }
    }

    pub(super) fn section_of(&self, stream: u32) -> Option<Mid> {
        self.receives.iter().find(|(_, one)| **one == stream).map(|(mid, _)| *mid)
    }

    /// With an attendee the client takes it for somebody new.
    pub(super) fn introduced(&self) -> AudioStream {
        AudioStream {
            audio_stream_id: Some(self.audio_stream),
            attendee_id: Some(self.who.attendee_id.clone()),
            external_user_id: Some(self.who.external_user_id.clone()),
            muted: Some(self.muted),
            dropped: None,
        }
    }

    pub(super) fn muted_or_not(&self) -> AudioStream {
        let (id, muted) = (Some(self.audio_stream), Some(self.muted));
        AudioStream { audio_stream_id: id, muted, ..AudioStream::default() }
    }

    pub(super) fn gone(&self, presence: Presence) -> AudioStream {
        let dropped = (presence == Presence::Dropped).then_some(true);
        AudioStream { audio_stream_id: Some(self.audio_stream), dropped, ..AudioStream::default() }
    }
}
