//! Reading a whole chain back, and naming the first record that is not what it was.

use super::{Head, Record, Sha256};

/// What the reading of a chain found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether every record, its order and the head are as they were written.
    pub verified: bool,
    /// Where not: the first place in the chain (from 1) whose record is changed, missing, out of order or surplus.
    pub first_bad_seq: Option<u64>,
}

/// Reads a chain whose records are given oldest first, as their keys order them, up to `head`.
///
/// Whoever can rewrite every record from some place to the end, and the head with them, is found only by comparing
/// with a head that was signed before: see [`crate::jose::AuditHeadClaims`].
pub fn verify(records: impl Iterator<Item = Record>, head: &Head) -> Verdict {
    let mut verifier = Verifier::new();
    for record in records {
        verifier.read(&record);
        if verifier.is_decided() {
            break;
        }
    }
    verifier.finish(head)
}

/// What has been read so far.
#[derive(Clone, Copy, Debug)]
enum State {
    /// All is well up to the head.
    Well,
    /// The record at the head's place is sound in itself, but does not name the hash of the one before. Which of the
    /// two was rewritten shows by what follows: if the chain goes on from this one, it was the one before.
    Doubt,
    /// The record of this place is wrong.
    Bad(u64),
}

/// [`verify`] record by record, for a chain that is read page by page.
#[derive(Clone, Debug)]
pub struct Verifier {
    head: Head,
    /// `prevHash` of the record at the head.
    prev_hash: Sha256,
    state: State,
}

impl Verifier {
    /// Nothing has been read yet.
    pub const fn new() -> Self {
        Self { head: Head::genesis(), prev_hash: Sha256::ZERO, state: State::Well }
    }

    /// Reads the next record.
    pub fn read(&mut self, record: &Record) {
        let place = self.head.seq.saturating_add(1);
        self.state = match self.state {
            State::Bad(seq) => State::Bad(seq),
            State::Doubt => State::Bad(self.rewritten(record.prev_hash)),
            State::Well => self.judge(record, place),
        };
        self.head = Head { seq: place, hash: record.hash };
        self.prev_hash = record.prev_hash;
    }

    /// Notes that the next record is there but cannot be read as one.
    pub fn read_unreadable(&mut self) {
        let place = self.head.seq.saturating_add(1);
        self.state = match self.state {
            State::Bad(seq) => State::Bad(seq),
            State::Doubt => State::Bad(self.head.seq),
            State::Well => State::Bad(place),
        };
    }

    /// Whether the verdict can no longer change: the rest need not be read.
    pub const fn is_decided(&self) -> bool {
        matches!(self.state, State::Bad(_))
    }

    /// Judges the whole against the chain's head.
    pub fn finish(self, head: &Head) -> Verdict {
        let first_bad_seq = match self.state {
            State::Bad(seq) => Some(seq),
            State::Doubt if self.head.seq == head.seq => Some(self.rewritten(head.hash)),
            State::Doubt => Some(self.head.seq),
            State::Well if self.head.seq < head.seq => Some(self.head.seq.saturating_add(1)),
            State::Well if self.head.seq > head.seq => Some(head.seq.saturating_add(1)),
            State::Well if self.head.hash != head.hash => Some(head.seq.max(1)),
            State::Well => None,
        };
        Verdict { verified: first_bad_seq.is_none(), first_bad_seq }
    }

    fn judge(&self, record: &Record, place: u64) -> State {
        let sound = record.computed_hash().is_ok_and(|hash| hash == record.hash);
        let same_place = record.seq > 0 && record.seq == self.head.seq && record.prev_hash == self.prev_hash;
        if sound && same_place && record.hash != self.head.hash {
            // Two different records claim the place before, both sound: that place is in question, not this one.
            return State::Bad(self.head.seq);
        }
        if !sound || record.seq != place {
            return State::Bad(place);
        }
        match record.prev_hash == self.head.hash {
            true => State::Well,
            false if place == 1 => State::Bad(1),
            false => State::Doubt,
        }
    }

    /// The rewritten one of two neighbours that do not fit, the later of which is at the head: the earlier, if what
    /// comes behind names the later one's hash.
    fn rewritten(&self, named_behind: Sha256) -> u64 {
        if named_behind == self.head.hash { self.head.seq.saturating_sub(1) } else { self.head.seq }
    }
}

impl Default for Verifier {
    fn default() -> Self {
        Self::new()
    }
}
