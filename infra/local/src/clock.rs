//! The laptop's clock: the system's, moved by an offset that the controls set and everything follows.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// The system's clock plus an offset in milliseconds; clones share the offset.
#[derive(Clone, Debug, Default)]
pub struct LocalClock {
    offset: Arc<AtomicI64>,
}

impl LocalClock {
    /// The laptop's present instant. Time goes on after each move.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        shifted(Timestamp::now(), self.offset.load(Ordering::SeqCst))
    }

    /// Moves the clock on, or back by a negative duration.
    pub fn advance(&self, by: SignedDuration) {
        let by = saturated(by.as_millis());
        // An update that always gives a value cannot fail.
        let _ = self.offset.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |offset| Some(offset.saturating_add(by)));
    }

    /// Makes `instant` the present.
    pub fn set(&self, instant: Timestamp) {
        let offset = instant.as_millisecond().saturating_sub(Timestamp::now().as_millisecond());
        self.offset.store(offset, Ordering::SeqCst);
    }

    /// Back to the system's clock.
    pub fn reset(&self) {
        self.offset.store(0, Ordering::SeqCst);
    }

    /// The offset in milliseconds, shared with whatever else tells the time.
    #[must_use]
    pub fn offset(&self) -> Arc<AtomicI64> {
        Arc::clone(&self.offset)
    }
}

/// `instant` moved by `milliseconds`, held within the range that a timestamp has.
fn shifted(instant: Timestamp, milliseconds: i64) -> Timestamp {
    let at = instant.as_millisecond().saturating_add(milliseconds);
    Timestamp::from_millisecond(at).unwrap_or(if milliseconds < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

fn saturated(milliseconds: i128) -> i64 {
    i64::try_from(milliseconds).unwrap_or(if milliseconds < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distance(a: Timestamp, b: Timestamp) -> SignedDuration {
        a.duration_since(b).abs()
    }

    #[test]
    fn time_goes_on_from_where_it_was_set() {
        let clock = LocalClock::default();
        let instant: Timestamp = "2026-12-01T14:50:00Z".parse().unwrap_or_default();
        clock.set(instant);
        assert!(distance(clock.now(), instant) < SignedDuration::from_secs(2));
        clock.advance(SignedDuration::from_mins(20));
        assert!(distance(clock.now(), instant + SignedDuration::from_mins(20)) < SignedDuration::from_secs(2));
        clock.reset();
        assert!(distance(clock.now(), Timestamp::now()) < SignedDuration::from_secs(2));
    }

    #[test]
    fn clones_and_holders_of_the_offset_follow() {
        let clock = LocalClock::default();
        let (copy, offset) = (clock.clone(), clock.offset());
        clock.advance(SignedDuration::from_secs(90));
        assert_eq!(offset.load(Ordering::SeqCst), 90_000);
        assert!(distance(copy.now(), clock.now()) < SignedDuration::from_secs(2));
    }

    #[test]
    fn a_move_beyond_all_time_stays_in_range() {
        let clock = LocalClock::default();
        clock.advance(SignedDuration::MAX);
        clock.advance(SignedDuration::MAX);
        assert_eq!(clock.now(), Timestamp::MAX);
        clock.reset();
        clock.advance(SignedDuration::MIN);
        assert_eq!(clock.now(), Timestamp::MIN);
    }
}
