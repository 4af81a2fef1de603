//! One meeting, without sockets: frames, sounds and ticks in, effects out.

mod effect;
pub(crate) mod frames;
mod member;
#[cfg(test)]
mod tests;
mod video;

use std::collections::BTreeMap;
use std::time::Duration;

use crate::meetings::Attendee;
use crate::wire::{DataMessage, Frame, MOST_DATA, Said};

pub use effect::{Closing, ConnectionId, Effect, Plan, Presence, Status};
use member::Member;

/// The most attendees of one meeting: <https://docs.aws.amazon.com/chime-sdk/latest/dg/meetings-sdk.html>
pub const MOST_ATTENDEES: usize = 250;

/// How long it may be silent before the service ends a meeting by itself:
/// <https://docs.aws.amazon.com/chime-sdk/latest/dg/mtgs-sdk-mtgs.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// While nobody is there.
    pub with_nobody: Duration,
    /// While one person is there.
    pub with_one: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { with_nobody: Duration::from_secs(300), with_one: Duration::from_secs(1800) }
    }
}

/// A meeting.
#[derive(Debug)]
pub struct Room {
    members: BTreeMap<ConnectionId, Member>,
    /// Ids of streams rise and are never used again.
    last_stream: u32,
    capacity: usize,
    /// Since when so few are there, in milliseconds.
    lonely_since: Option<(usize, u64)>,
}

impl Default for Room {
    fn default() -> Self {
        Self { members: BTreeMap::new(), last_stream: 0, capacity: MOST_ATTENDEES, lonely_since: None }
    }
}

impl Room {
    /// How many may join.
    pub fn set_capacity(&mut self, capacity: usize) {
        self.capacity = capacity.min(MOST_ATTENDEES);
    }

    /// Everybody with a socket.
    pub fn connections(&self) -> impl Iterator<Item = (ConnectionId, &Attendee)> {
        self.members.iter().map(|(id, member)| (*id, &member.who))
    }

    /// Everybody who is heard.
    pub fn present(&self) -> impl Iterator<Item = &Attendee> {
        self.members.values().filter(|member| member.is_present).map(|member| &member.who)
    }

    /// Somebody has opened a socket. Whoever was there with the same token is there no longer.
    pub fn open(&mut self, id: ConnectionId, who: Attendee, out: &mut Vec<Effect>) {
        let same = self.members.iter().filter(|(_, member)| member.who.attendee_id == who.attendee_id);
        let before: Vec<ConnectionId> = same.map(|(id, _)| *id).collect();
        for before in before {
            self.put_out(before, Status::Elsewhere, Closing::Over, out);
        }
        let audio_stream = self.next_stream();
        self.members.insert(id, Member::new(who, audio_stream));
    }

    /// Somebody says something.
    pub fn said(&mut self, id: ConnectionId, said: Said, now_ms: u64, out: &mut Vec<Effect>) {
        let Some(member) = self.members.get_mut(&id) else { return };
        if said == Said::Join {
            return if member.has_joined { self.expel(id, Closing::Misplaced, out) } else { self.join(id, out) };
        }
        if !member.has_joined && !matches!(said, Said::Nothing | Said::Ping(_) | Said::Leave) {
            return self.expel(id, Closing::Misplaced, out);
        }
        match said {
            Said::Join | Said::Nothing => {}
            Said::Ping(ping) => out.push(Effect::Send(id, frames::pong(ping))),
            Said::Promote => out.push(Effect::Send(id, frames::promoted())),
            Said::Subscribe(subscribe) => self.subscribe(id, &subscribe, out),
            Said::Muted(muted) => self.mute(id, muted, out),
            Said::Pause(which) => self.pause(id, &which),
            Said::Resume(which) => self.resume(id, &which, out),
            Said::VideoUpdate(update) => self.update_video(id, update, out),
            Said::Data(messages) => self.pass_on(id, messages, now_ms, out),
            Said::Leave => {
                out.push(Effect::Send(id, frames::left()));
                self.take_out(id, Presence::Left, out);
                out.push(Effect::Close(id, Closing::Over));
            }
        }
    }

    fn join(&mut self, id: ConnectionId, out: &mut Vec<Effect>) {
        if self.members.values().filter(|member| member.has_joined).count() >= self.capacity {
            return self.put_out(id, Status::Full, Closing::Over, out);
        }
        if let Some(member) = self.members.get_mut(&id) {
            member.has_joined = true;
        }
        out.push(Effect::Send(id, frames::join_ack()));
        self.tell_index(out);
        let there: Vec<_> = self.members.values().filter(|member| member.is_present).map(Member::introduced).collect();
        if !there.is_empty() {
            out.push(Effect::Send(id, frames::roster(there)));
        }
    }

    /// Somebody's first sound has come: now they are there.
    pub fn heard(&mut self, id: ConnectionId, out: &mut Vec<Effect>) {
        let Some(member) = self.members.get_mut(&id).filter(|member| member.has_joined && !member.is_present) else {
            return;
        };
        member.is_present = true;
        out.push(Effect::Tell(Presence::Joined, member.who.clone()));
        let came = frames::roster(vec![member.introduced()]);
        self.broadcast(&came, out);
    }

    /// How loud everybody is.
    pub fn volumes(&self, of: impl Fn(ConnectionId) -> u32, out: &mut Vec<Effect>) {
        let there = self.members.iter().filter(|(_, member)| member.is_present);
        let states: Vec<_> = there.map(|(id, member)| frames::loudness(member, of(*id))).collect();
        self.broadcast(&frames::volumes(states), out);
    }

    fn mute(&mut self, id: ConnectionId, muted: bool, out: &mut Vec<Effect>) {
        let Some(member) = self.members.get_mut(&id) else { return };
        member.muted = muted;
        out.push(Effect::Mute(id, muted));
        if member.is_present {
            let changed = frames::roster(vec![member.muted_or_not()]);
            self.broadcast(&changed, out);
        }
    }

    fn pass_on(&self, id: ConnectionId, messages: Vec<DataMessage>, now_ms: u64, out: &mut Vec<Effect>) {
        let Some(sender) = self.members.get(&id) else { return };
        for message in messages {
            if message.data.as_ref().is_some_and(|data| data.len() > MOST_DATA) {
                continue;
            }
            let stamped = frames::data(&sender.who, message, now_ms);
            let others = self.members.iter().filter(|(other, member)| **other != id && member.has_joined);
            out.extend(others.map(|(other, _)| Effect::Send(*other, stamped.clone())));
        }
    }

    /// A socket has broken, or its owner has gone without a word.
    pub fn closed(&mut self, id: ConnectionId, out: &mut Vec<Effect>) {
        self.take_out(id, Presence::Dropped, out);
    }

    /// Ends a socket that says what nobody can understand.
    pub fn expel(&mut self, id: ConnectionId, closing: Closing, out: &mut Vec<Effect>) {
        self.take_out(id, Presence::Dropped, out);
        out.push(Effect::Close(id, closing));
    }

    /// Takes somebody out, and tells them why.
    pub fn put_out(&mut self, id: ConnectionId, status: Status, closing: Closing, out: &mut Vec<Effect>) {
        if self.members.contains_key(&id) {
            out.push(Effect::Send(id, frames::status(status)));
            self.take_out(id, Presence::Left, out);
            out.push(Effect::Close(id, closing));
        }
    }

    /// The meeting is over, for everybody.
    pub fn end(&mut self, out: &mut Vec<Effect>) {
        let all: Vec<ConnectionId> = self.members.keys().copied().collect();
        for id in all {
            self.put_out(id, Status::Ended, Closing::Ended, out);
        }
    }

    fn take_out(&mut self, id: ConnectionId, presence: Presence, out: &mut Vec<Effect>) {
        let Some(member) = self.members.remove(&id) else { return };
        if member.is_present {
            out.push(Effect::Tell(presence, member.who.clone()));
            self.broadcast(&frames::roster(vec![member.gone(presence)]), out);
        }
        if let Some(video) = &member.video {
            for other in self.members.values_mut() {
                other.receives.retain(|_, stream| *stream != video.stream);
                other.paused.remove(&video.stream);
            }
        }
        if member.has_joined {
            self.tell_index(out);
        }
    }

    /// Whether it has been silent for too long, at this time.
    pub fn is_forsaken(&mut self, patience: Patience, now_ms: u64) -> bool {
        let there = self.present().filter(|who| !who.is_content()).count();
        let limit = match there {
            0 => patience.with_nobody,
            1 => patience.with_one,
            _ => {
                self.lonely_since = None;
                return false;
            }
        };
        let (as_many, since) = *self.lonely_since.get_or_insert((there, now_ms));
        if as_many != there {
            self.lonely_since = Some((there, now_ms));
            return false;
        }
        u128::from(now_ms.saturating_sub(since)) >= limit.as_millis()
    }

    /// Whose video there is, and how many are there.
    fn tell_index(&self, out: &mut Vec<Effect>) {
        let joined = self.members.values().filter(|member| member.has_joined).count();
        for (id, _) in self.members.iter().filter(|(_, member)| member.has_joined) {
            let others = self.members.iter().filter(|(other, _)| *other != id).map(|(_, other)| other);
            out.push(Effect::Send(*id, frames::index(others, joined)));
        }
    }

    fn broadcast(&self, frame: &Frame, out: &mut Vec<Effect>) {
        let joined = self.members.iter().filter(|(_, member)| member.has_joined);
        out.extend(joined.map(|(id, _)| Effect::Send(*id, frame.clone())));
    }

    fn next_stream(&mut self) -> u32 {
        self.last_stream = self.last_stream.wrapping_add(1).max(1);
        self.last_stream
    }
}
