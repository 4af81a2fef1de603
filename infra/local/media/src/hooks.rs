//! What can be made to go wrong with the calls.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// Whom it meets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The service's id of the meeting.
    pub meeting_id: String,
    /// Only this attendee, by the application's id.
    pub external_user_id: Option<String>,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Their sockets of the signalling break.
    Cut,
    /// No sound comes to them, for as long as this.
    StallAudio(Duration),
    /// No packet of sound or pictures comes or goes, for as long as this.
    Blackhole(Duration),
    /// Each packet of theirs takes longer by this; nothing: as quick as ever.
    Delay(Duration),
    /// No more than so many may join the meeting.
    Capacity(usize),
}

/// What a connection suffers from.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Suffering {
    no_audio_until: Option<Instant>,
    no_packets_until: Option<Instant>,
    pub(crate) delay: Duration,
}

impl Suffering {
    pub(crate) fn add(&mut self, trouble: Trouble, now: Instant) {
        match trouble {
            Trouble::StallAudio(time) => self.no_audio_until = now.checked_add(time),
            Trouble::Blackhole(time) => self.no_packets_until = now.checked_add(time),
            Trouble::Delay(by) => self.delay = by,
            Trouble::Cut | Trouble::Capacity(_) => {}
        }
    }

    pub(crate) fn is_deaf(&self, now: Instant) -> bool {
        self.no_audio_until.is_some_and(|until| now < until)
    }

    pub(crate) fn is_cut_off(&self, now: Instant) -> bool {
        self.no_packets_until.is_some_and(|until| now < until)
    }
}

/// A packet on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Packet {
    /// From there to us.
    In(SocketAddr, Vec<u8>),
    /// From us to there.
    Out(SocketAddr, Vec<u8>),
}

/// Packets that take their time.
#[derive(Debug, Default)]
pub(crate) struct SlowRoad {
    under_way: BTreeMap<(Instant, u64), Packet>,
    count: u64,
}

impl SlowRoad {
    pub(crate) fn take(&mut self, packet: Packet, due: Instant) {
        self.count += 1;
        self.under_way.insert((due, self.count), packet);
    }

    /// When the next one arrives.
    pub(crate) fn due(&self) -> Option<Instant> {
        self.under_way.first_key_value().map(|((due, _), _)| *due)
    }

    /// The next one that has arrived.
    pub(crate) fn arrived(&mut self, now: Instant) -> Option<Packet> {
        let first = self.under_way.first_entry().filter(|first| first.key().0 <= now)?;
        Some(first.remove())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_arrive_when_they_are_due_and_in_order() {
        let (start, there) = (Instant::now(), SocketAddr::from(([127, 0, 0, 1], 9)));
        let packet = |byte| Packet::Out(there, vec![byte]);
        let mut road = SlowRoad::default();
        let later = start + Duration::from_millis(100);
        road.take(packet(2), later);
        road.take(packet(1), start);
        road.take(packet(3), later);
        assert_eq!(road.due(), Some(start));
        assert_eq!(road.arrived(start), Some(packet(1)));
        assert_eq!(road.arrived(start), None);
        assert_eq!([road.arrived(later), road.arrived(later)], [Some(packet(2)), Some(packet(3))]);
        assert_eq!(road.due(), None);
    }

    #[test]
    fn what_a_connection_suffers_passes() {
        let (now, mut suffering) = (Instant::now(), Suffering::default());
        let (time, after) = (Duration::from_secs(5), now + Duration::from_secs(5));
        assert!(!suffering.is_deaf(now) && !suffering.is_cut_off(now));
        suffering.add(Trouble::StallAudio(time), now);
        assert!(suffering.is_deaf(now) && !suffering.is_deaf(after) && !suffering.is_cut_off(now));
        suffering.add(Trouble::Blackhole(time), now);
        assert!(suffering.is_cut_off(now) && !suffering.is_cut_off(after));
        suffering.add(Trouble::Blackhole(Duration::ZERO), now);
        assert!(!suffering.is_cut_off(now), "it can be taken back");
    }
}
