//! Limits: so many in so long, and how one stands with them.

use crate::time::Time;

/// At most `quota` in `seconds`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// As `RateLimit-Policy` names it.
    pub name: &'static str,
    /// How many.
    pub quota: u32,
    /// In how long, in seconds.
    pub seconds: i64,
}

/// How one stands with a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Which one.
    pub limit: Limit,
    /// How many more there may be now.
    pub remaining: u32,
    /// Seconds until there may be more again than now; 0 where nothing was used.
    pub resets_in: i64,
}

impl Limit {
    /// A limit by its name.
    #[must_use]
    pub const fn new(name: &'static str, quota: u32, seconds: i64) -> Self {
        Self { name, quota, seconds }
    }

    /// How one stands who did it at these times, in any order: what is `seconds` old counts no more.
    #[must_use]
    pub fn standing(self, times: &[Time], now: Time) -> Standing {
        let used = self.used(times, now);
        // The oldest of those that fill the quota frees the next place.
        let oldest = used.iter().take(places(self.quota)).next_back();
        let remaining = self.quota.saturating_sub(u32::try_from(used.len()).unwrap_or(u32::MAX));
        Standing { limit: self, remaining, resets_in: oldest.map_or(0, |at| self.free_in(*at, now)) }
    }

    /// Whether `more` may be done now by one who did it at these times; else in how many seconds.
    ///
    /// # Errors
    /// The standing, with no place left and the seconds until there are enough of them.
    pub fn allows(self, times: &[Time], more: u32, now: Time) -> Result<(), Standing> {
        let used = self.used(times, now);
        let Some(in_the_way) = places(self.quota).checked_sub(places(more)) else {
            return Err(Standing { limit: self, remaining: 0, resets_in: self.seconds });
        };
        match used.get(in_the_way) {
            Some(at) => Err(Standing { limit: self, remaining: 0, resets_in: self.free_in(*at, now) }),
            None => Ok(()),
        }
    }

    /// How one stands with a count that begins anew with each window.
    #[must_use]
    pub fn counted(self, count: u32, now: Time) -> Standing {
        let resets_in = self.window_end(now).seconds_from(now).max(1);
        Standing { limit: self, remaining: self.quota.saturating_sub(count), resets_in }
    }

    /// The end of the fixed window that `now` lies in; days are those of UTC.
    #[must_use]
    pub const fn window_end(self, now: Time) -> Time {
        let length = self.seconds.saturating_mul(1000);
        Time::from_millis(now.millis().div_euclid(length).saturating_add(1).saturating_mul(length))
    }

    /// Those that still count, the newest first.
    fn used(self, times: &[Time], now: Time) -> Vec<Time> {
        let gone = now.plus_seconds(-self.seconds);
        let mut used: Vec<Time> = times.iter().copied().filter(|at| *at > gone).collect();
        used.sort_unstable_by(|a, b| b.cmp(a));
        used
    }

    fn free_in(self, at: Time, now: Time) -> i64 {
        at.plus_seconds(self.seconds).seconds_from(now).max(1)
    }
}

fn places(quota: u32) -> usize {
    usize::try_from(quota).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIVE_AN_HOUR: Limit = Limit::new("number-hour", 5, 3600);

    fn at(seconds: i64) -> Time {
        Time::from_millis(1_796_083_200_000).plus_seconds(seconds)
    }

    #[test]
    fn each_place_is_free_again_a_window_after_it_was_taken() {
        let times = [at(0), at(60), at(120)];
        let standing = FIVE_AN_HOUR.standing(&times, at(180));
        assert_eq!((standing.remaining, standing.resets_in), (2, 3600 - 180));
        assert_eq!(FIVE_AN_HOUR.standing(&times, at(3600)).remaining, 3, "at the very second");
        assert_eq!(FIVE_AN_HOUR.standing(&times, at(3599)).remaining, 2);
        assert_eq!(FIVE_AN_HOUR.standing(&[], at(0)), Standing { limit: FIVE_AN_HOUR, remaining: 5, resets_in: 0 });
    }

    #[test]
    fn several_at_once_wait_for_as_many_places() {
        let times = [at(0), at(60), at(120), at(180)];
        assert_eq!(FIVE_AN_HOUR.allows(&times, 1, at(200)), Ok(()));
        let wait = |more| FIVE_AN_HOUR.allows(&times, more, at(200)).map_err(|standing| standing.resets_in);
        assert_eq!(wait(2), Err(3600 - 200));
        assert_eq!(wait(3), Err(3660 - 200));
        assert_eq!(wait(6), Err(3600), "never");
    }

    /// Whoever does it whenever it is allowed, at pseudo-random times, never does it more often in any window.
    #[test]
    fn no_window_ever_holds_more_than_its_quota() {
        let mut drawn = 7_u64;
        let mut done: Vec<Time> = Vec::new();
        let mut now = at(0);
        for _ in 0..4000 {
            drawn = drawn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            now = Time::from_millis(now.millis().saturating_add(i64::try_from(drawn >> 43).unwrap_or(0)));
            let more = u32::try_from(drawn >> 62).unwrap_or(0).max(1);
            match FIVE_AN_HOUR.allows(&done, more, now) {
                Ok(()) => done.extend((0..more).map(|_| now)),
                Err(refused) => {
                    let sooner = now.plus_seconds(refused.resets_in - 1);
                    assert!(FIVE_AN_HOUR.allows(&done, more, sooner).is_err(), "not sooner");
                    let then = now.plus_seconds(refused.resets_in);
                    assert_eq!(FIVE_AN_HOUR.allows(&done, more, then), Ok(()), "then it is free");
                }
            }
        }
        assert!(done.len() > 500);
        for (n, first) in done.iter().enumerate() {
            let within = done.iter().skip(n).filter(|at| at.since(*first) < 3_600_000).count();
            assert!(within <= 5, "{within} from {first}");
        }
    }

    #[test]
    fn a_fixed_window_begins_anew_at_its_mark() {
        let a_day = Limit::new("tenant", 2000, 86_400);
        let late = at(86_399);
        assert_eq!(a_day.window_end(late), at(86_400), "midnight in UTC");
        let standing = a_day.counted(1999, late);
        assert_eq!((standing.remaining, standing.resets_in), (1, 1));
        assert_eq!(a_day.counted(2001, at(0)).remaining, 0);
    }
}
