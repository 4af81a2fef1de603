//! Who sends a picture, and who sees it.

use str0m::media::Mid;

use super::member::Video;
use super::{Closing, ConnectionId, Effect, Plan, Room, frames};
use crate::sdp;
use crate::wire::{Duplex, MediaType, PauseResume, RemoteVideoUpdate, Subscribe};

impl Room {
    pub(super) fn subscribe(&mut self, id: ConnectionId, subscribe: &Subscribe, out: &mut Vec<Effect>) {
        let offer = subscribe.sdp_offer.clone().unwrap_or_default();
        let sections = sdp::sections(&offer);
        if sections.is_empty() {
            return self.expel(id, Closing::Misplaced, out);
        }
        let pictures: Vec<_> = sections.iter().filter(|one| one.carries == sdp::Carries::Video).collect();
        let camera = pictures.iter().find(|one| one.sends()).map(|one| one.mid);
        let audio = sections.iter().find(|one| one.carries == sdp::Carries::Audio && !one.is_stopped);
        let video = subscribe.send_streams.iter().rfind(|stream| stream.media_type() == MediaType::Video);
        let video = video.filter(|_| camera.is_some() && subscribe.duplex() == Duplex::Duplex);
        let ids = video.map(|_| (self.next_stream(), self.next_stream()));
        let Some(member) = self.members.get_mut(&id) else { return };
        let asked = pictures.iter().zip(&subscribe.receive_stream_ids);
        let wanted = asked.filter(|(section, stream)| section.only_receives() && **stream != 0);
        member.wanted = wanted.map(|(section, stream)| (section.mid, *stream)).collect();
        member.duplex = subscribe.duplex();
        member.new_video = video.zip(ids).map(|(stream, ids)| Video::new(stream, ids));
        let muted = subscribe.audio_muted.filter(|muted| *muted != member.muted);
        let plan = Plan { offer, audio: audio.map(|one| one.mid), camera };
        out.push(Effect::Negotiate(id, plan));
        if let Some(muted) = muted {
            self.mute(id, muted, out);
        }
    }

    /// The offer was answered; `None`: it cannot be.
    pub fn answered(&mut self, id: ConnectionId, answer: Option<String>, out: &mut Vec<Effect>) {
        let Some(answer) = answer else { return self.expel(id, Closing::Misplaced, out) };
        let Some(member) = self.members.get_mut(&id) else { return };
        let new_video = member.new_video.take();
        let changes = member.video.is_some() != new_video.is_some();
        // A video that goes on keeps its ids: the others' sections lead to them.
        member.video = member.video.take().filter(|_| new_video.is_some()).or(new_video);
        let receives = std::mem::take(&mut member.wanted);
        let fresh: Vec<u32> = receives
            .iter()
            .filter(|(mid, stream)| member.receives.get(*mid) != Some(*stream))
            .map(|(_, stream)| *stream)
            .collect();
        member.receives = receives;
        out.push(Effect::Send(id, frames::subscribe_ack(member, answer)));
        if changes {
            self.tell_index(out);
        }
        self.refresh(&fresh, out);
    }

    pub(super) fn streams_of(&self, which: &PauseResume) -> Vec<u32> {
        let videos = self.members.values().filter_map(|member| member.video.as_ref());
        let named =
            videos.filter(|video| which.stream_ids.contains(&video.stream) || which.group_ids.contains(&video.group));
        named.map(|video| video.stream).collect()
    }

    pub(super) fn pause(&mut self, id: ConnectionId, which: &PauseResume) {
        let streams = self.streams_of(which);
        if let Some(member) = self.members.get_mut(&id) {
            member.paused.extend(streams);
        }
    }

    pub(super) fn resume(&mut self, id: ConnectionId, which: &PauseResume, out: &mut Vec<Effect>) {
        let streams = self.streams_of(which);
        if let Some(member) = self.members.get_mut(&id) {
            member.paused.retain(|stream| !streams.contains(stream));
        }
        self.refresh(&streams, out);
    }

    pub(super) fn update_video(&mut self, id: ConnectionId, update: RemoteVideoUpdate, out: &mut Vec<Effect>) {
        let Some(member) = self.members.get_mut(&id) else { return };
        for mid in &update.removed_mids {
            member.receives.remove(&Mid::from(mid.as_str()));
        }
        let mut fresh = Vec::new();
        for one in update.added_or_updated {
            // Only sections that were negotiated can carry a stream.
            let section = member.receives.get_mut(&Mid::from(one.mid.as_str()));
            if let (Some(section), Some(stream)) = (section, one.stream_id)
                && *section != stream
            {
                *section = stream;
                fresh.push(stream);
            }
        }
        self.refresh(&fresh, out);
    }

    /// Where the picture of this connection goes.
    pub fn receivers(&self, id: ConnectionId) -> Vec<(ConnectionId, Mid)> {
        let Some(stream) = self.members.get(&id).and_then(|member| member.video.as_ref()).map(|video| video.stream)
        else {
            return Vec::new();
        };
        let others = self.members.iter().filter(|(other, member)| **other != id && !member.paused.contains(&stream));
        others.filter_map(|(other, member)| Some((*other, member.section_of(stream)?))).collect()
    }

    /// Who sends the picture that this section shows.
    #[must_use]
    pub fn sender(&self, id: ConnectionId, mid: Mid) -> Option<ConnectionId> {
        let stream = *self.members.get(&id)?.receives.get(&mid)?;
        self.source(stream)
    }

    pub(super) fn source(&self, stream: u32) -> Option<ConnectionId> {
        let mut all = self.members.iter();
        all.find(|(_, member)| member.video.as_ref().is_some_and(|video| video.stream == stream)).map(|(id, _)| *id)
    }

    pub(super) fn refresh(&self, streams: &[u32], out: &mut Vec<Effect>) {
        out.extend(streams.iter().filter_map(|stream| self.source(*stream)).map(Effect::KeyFrame));
    }
}
