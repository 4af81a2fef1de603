//! Packets, sounds and pictures.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use super::{AT_ONCE, Connection, Plane};
use crate::hooks::Packet;
use crate::mixer::Sum;
use crate::peer::Happened;
use crate::room::{Closing, ConnectionId};

/// How long the task may sleep.
const LONGEST_SLEEP: Duration = Duration::from_millis(100);

impl Plane {
    pub(super) fn next_due(&self) -> Instant {
        let latest = Instant::now() + LONGEST_SLEEP;
        let peers = self.connections.values().filter_map(|one| one.peer.as_ref()).map(|peer| peer.due);
        peers.chain(self.slow_road.due()).fold(latest, Instant::min)
    }

    /// Takes the datagrams that have come.
    pub(super) fn read(&mut self, buffer: &mut [u8]) {
        for _ in 0..AT_ONCE {
            let Ok((length, source)) = self.socket.try_recv_from(buffer) else { return };
            let Some(datagram) = buffer.get(..length) else { return };
            let now = Instant::now();
            let Some(id) = self.owner(source, datagram, now) else { continue };
            let Some(connection) = self.connections.get(&id) else { continue };
            if connection.suffering.is_cut_off(now) {
                continue;
            }
            if connection.suffering.delay.is_zero() {
                self.receive(source, datagram, now);
            } else {
                let packet = Packet::In(source, datagram.to_vec());
                self.slow_road.take(packet, now + connection.suffering.delay);
            }
        }
    }

    /// Whose datagram it is.
    fn owner(&mut self, source: SocketAddr, datagram: &[u8], now: Instant) -> Option<ConnectionId> {
        let accepts = |one: &Connection| one.peer.as_ref().is_some_and(|peer| peer.accepts(source, datagram, now));
        if let Some(known) = self.sources.get(&source)
            && self.connections.get(known).is_some_and(accepts)
        {
            return Some(*known);
        }
        let found = self.connections.iter().find(|(_, one)| accepts(one)).map(|(id, _)| *id)?;
        self.sources.insert(source, found);
        Some(found)
    }

    fn receive(&mut self, source: SocketAddr, datagram: &[u8], now: Instant) {
        let Some(id) = self.owner(source, datagram, now) else { return };
        if let Some(peer) = self.peer(id) {
            peer.receive(source, datagram, now);
            self.stirred.push_back(id);
            // Its pictures are passed on before the next datagram is read.
            self.settle();
        }
    }

    /// Lets packets arrive that took their time.
    pub(super) fn arrive(&mut self) {
        let now = Instant::now();
        while let Some(packet) = self.slow_road.arrived(now) {
            match packet {
                Packet::In(source, datagram) => self.receive(source, &datagram, now),
                // A datagram that finds no room is lost, as on any network.
                Packet::Out(there, datagram) => drop(self.socket.try_send_to(&datagram, there)),
            }
        }
    }

    /// Lets time pass for the peer connections that wait for it.
    pub(super) fn wake(&mut self) {
        let now = Instant::now();
        for (id, connection) in &mut self.connections {
            if let Some(peer) = connection.peer.as_mut().filter(|peer| peer.due <= now) {
                peer.wake(now);
                self.stirred.push_back(*id);
            }
        }
    }

    /// Sends what there is to send and passes on what has come, until all are quiet.
    pub(super) fn settle(&mut self) {
        while let Some(id) = self.stirred.pop_front() {
            for happened in self.poll(id) {
                self.follow(id, happened);
            }
        }
    }

    fn poll(&mut self, id: ConnectionId) -> Vec<Happened> {
        let (now, socket, slow_road) = (Instant::now(), &self.socket, &mut self.slow_road);
        let Some(connection) = self.connections.get_mut(&id) else { return Vec::new() };
        let Connection { peer: Some(peer), suffering, .. } = connection else { return Vec::new() };
        peer.poll(now, |there, datagram| {
            if suffering.is_cut_off(now) {
                return;
            }
            if suffering.delay.is_zero() {
                // As above.
                drop(socket.try_send_to(datagram, there));
            } else {
                slow_road.take(Packet::Out(there, datagram.to_vec()), now + suffering.delay);
            }
        })
    }

    fn follow(&mut self, id: ConnectionId, happened: Happened) {
        match happened {
            Happened::Heard => self.in_room_of(id, |room, out| room.heard(id, out)),
            Happened::Lost => self.in_room_of(id, |room, out| room.expel(id, Closing::Failed, out)),
            Happened::NeedsKeyFrame(section) => {
                let room = self.connections.get(&id).and_then(|one| self.rooms.get(&one.meeting_id));
                let sender = room.and_then(|room| room.sender(id, section));
                if let Some((sender, peer)) = sender.and_then(|sender| Some((sender, self.peer(sender)?))) {
                    peer.want_key_frame(Instant::now());
                    self.stirred.push_back(sender);
                }
            }
            Happened::Picture(picture) => {
                let room = self.connections.get(&id).and_then(|one| self.rooms.get(&one.meeting_id));
                for (receiver, section) in room.map(|room| room.receivers(id)).unwrap_or_default() {
                    if let Some(peer) = self.peer(receiver) {
                        peer.show(section, &picture);
                        self.stirred.push_back(receiver);
                    }
                }
            }
        }
    }

    /// 20 ms of sound, for everybody.
    pub(super) fn mix(&mut self, now: Instant) {
        for peer in self.connections.values_mut().filter_map(|one| one.peer.as_mut()) {
            peer.ear.advance();
        }
        for room in self.rooms.values() {
            let members: Vec<ConnectionId> = room.connections().map(|(id, _)| id).collect();
            let ears = members.iter().filter_map(|id| Some(&self.connections.get(id)?.peer.as_ref()?.ear));
            let sum = Sum::of(ears);
            for id in members {
                let Some(connection) = self.connections.get_mut(&id) else { continue };
                let is_deaf = connection.suffering.is_deaf(now);
                if let Some(peer) = connection.peer.as_mut().filter(|_| !is_deaf) {
                    peer.tell(&sum, now);
                    self.stirred.push_back(id);
                }
            }
        }
    }

    pub(super) fn tell_volumes(&mut self) {
        let meetings: Vec<String> = self.rooms.keys().cloned().collect();
        for meeting_id in meetings {
            let Some(room) = self.rooms.get(&meeting_id) else { continue };
            let ears = room.connections().filter_map(|(id, _)| {
                let peer = self.connections.get(&id)?.peer.as_ref()?;
                Some((id, peer.ear.volume()))
            });
            let volumes: std::collections::BTreeMap<_, _> = ears.collect();
            let quiet = crate::mixer::SILENCE;
            self.in_room(&meeting_id, |room, out| room.volumes(|id| volumes.get(&id).copied().unwrap_or(quiet), out));
        }
    }
}
