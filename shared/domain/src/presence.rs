//! When somebody was in the call, and how long two sides were there together.

use crate::time::Time;
use serde::{Deserialize, Serialize};

/// Comings and goings that are kept of one person; beyond it the shortest absence counts as none.
const MOST_MARKS: usize = 64;

/// A coming or a going, as the call's carrier tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mark {
    at: Time,
    is_there: bool,
}

/// When somebody came into the call and went, as its carrier tells. Carriers tell late, twice and in any order: what is
/// known does not depend on it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Presence(Vec<Mark>);

impl Presence {
    /// Takes over that somebody came or went. `false`: nothing new. Who came and went in one moment has gone.
    pub fn note(&mut self, at: Time, is_there: bool) -> bool {
        match self.0.binary_search_by_key(&at, |mark| mark.at) {
            Ok(index) => match self.0.get_mut(index) {
                Some(mark) if mark.is_there && !is_there => mark.is_there = false,
                _ => return false,
            },
            Err(index) => self.0.insert(index, Mark { at, is_there }),
        }
        if self.0.len() > MOST_MARKS {
            self.forget_one();
        }
        true
    }

    /// When the newest happened, and whether they are there since.
    #[must_use]
    pub fn newest(&self) -> Option<(Time, bool)> {
        self.0.last().map(|mark| (mark.at, mark.is_there))
    }

    /// Whether nothing was told.
    #[must_use]
    pub const fn is_unknown(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether they ever were there.
    #[must_use]
    pub fn has_been(&self) -> bool {
        self.0.iter().any(|mark| mark.is_there)
    }

    /// What the fewest know: a mark that says again what the one before says, else the shortest absence.
    fn forget_one(&mut self) {
        let pairs = || self.0.iter().zip(self.0.iter().skip(1)).enumerate();
        let again = pairs().find(|(_, (before, after))| before.is_there == after.is_there);
        if let Some((index, _)) = again {
            self.0.remove(index + 1);
            return;
        }
        let absences = pairs().filter(|(_, (gone, _))| !gone.is_there);
        if let Some((index, _)) = absences.min_by_key(|(_, (gone, back))| back.at.since(gone.at)) {
            self.0.drain(index..index + 2);
        }
    }

    /// From when until when they were there; who never went was there until `end`.
    fn stays(&self, end: Time) -> Vec<(Time, Time)> {
        let mut stays = Vec::new();
        let mut since = None;
        for mark in self.0.iter().take_while(|mark| mark.at < end) {
            match (since, mark.is_there) {
                (None, true) => since = Some(mark.at),
                (Some(came), false) => {
                    stays.push((came, mark.at));
                    since = None;
                }
                (None, false) | (Some(_), true) => {}
            }
        }
        stays.extend(since.map(|came| (came, end)));
        stays
    }
}

/// For how many milliseconds until `end` somebody of the one side and somebody of the other were there at once.
#[must_use]
pub fn together<'a>(
    one: impl IntoIterator<Item = &'a Presence>,
    other: impl IntoIterator<Item = &'a Presence>,
    end: Time,
) -> i64 {
    let (one, other) = (union(one, end), union(other, end));
    let overlaps = one.iter().flat_map(|left| other.iter().map(move |right| overlap(*left, *right)));
    overlaps.sum()
}

/// When anybody of a side was there: stays apart from one another, in order.
fn union<'a>(side: impl IntoIterator<Item = &'a Presence>, end: Time) -> Vec<(Time, Time)> {
    let mut stays: Vec<_> = side.into_iter().flat_map(|presence| presence.stays(end)).collect();
    stays.sort_unstable();
    let mut apart: Vec<(Time, Time)> = Vec::new();
    for (came, went) in stays {
        match apart.last_mut() {
            Some(last) if came <= last.1 => last.1 = last.1.max(went),
            _ => apart.push((came, went)),
        }
    }
    apart
}

fn overlap((a, b): (Time, Time), (c, d): (Time, Time)) -> i64 {
    b.min(d).since(a.max(c)).max(0)
}

#[cfg(test)]
mod tests {
    use super::{MOST_MARKS, Presence, together};
    use crate::time::Time;
    use proptest::prelude::*;

    fn presence(marks: &[(i64, bool)]) -> Presence {
        let mut presence = Presence::default();
        for (at, is_there) in marks {
            presence.note(Time::from_millis(*at), *is_there);
        }
        presence
    }

    fn is_there(marks: &[(i64, bool)], at: i64) -> bool {
        // Of two that happened at once the going counts.
        let before = marks.iter().filter(|(time, _)| *time <= at);
        before.max_by_key(|(time, is_there)| (*time, !is_there)).is_some_and(|(_, is_there)| *is_there)
    }

    fn marks() -> impl Strategy<Value = Vec<(i64, bool)>> {
        prop::collection::vec((0..200_i64, any::<bool>()), 0..20)
    }

    proptest! {
        #[test]
        fn time_together_is_each_moment_in_which_both_sides_are_there(
            one in prop::collection::vec(marks(), 0..3),
            other in prop::collection::vec(marks(), 0..3),
            end in 0..250_i64,
        ) {
            let both = |at: &i64| [&one, &other].iter().all(|side| side.iter().any(|marks| is_there(marks, *at)));
            let expected = i64::try_from((0..end).filter(both).count()).unwrap();
            let side = |all: &[Vec<(i64, bool)>]| all.iter().map(|marks| presence(marks)).collect::<Vec<_>>();
            prop_assert_eq!(together(&side(&one), &side(&other), Time::from_millis(end)), expected);
        }

        #[test]
        fn the_order_and_number_of_tellings_are_no_matter(marks in marks(), seed in any::<prop::sample::Index>()) {
            let mut other = marks.clone();
            other.extend(marks.iter().rev().copied());
            let middle = if other.is_empty() { 0 } else { seed.index(other.len()) };
            other.rotate_left(middle);
            prop_assert_eq!(presence(&marks), presence(&other));
        }

        #[test]
        fn a_line_that_flaps_for_ever_stays_small_and_loses_only_its_shortest_absences(gaps in prop::collection::vec(1..50_i64, 200)) {
            let mut flapping = Presence::default();
            let (mut now, mut absences) = (0, Vec::new());
            for pair in gaps.chunks(2) {
                flapping.note(Time::from_millis(now), true);
                now += 100;
                flapping.note(Time::from_millis(now), false);
                now += pair[0];
                absences.push(pair[0]);
            }
            prop_assert!(flapping.0.len() <= MOST_MARKS);
            absences.pop();
            let present = flapping.stays(Time::from_millis(now)).iter().map(|(a, b)| b.since(*a)).sum::<i64>();
            let lost = present - 100 * i64::try_from(gaps.len() / 2).unwrap();
            prop_assert!(lost >= 0 && lost < absences.iter().sum());
        }
    }

    #[test]
    fn who_has_not_gone_is_there_until_the_end() {
        let patient = presence(&[(10, true)]);
        let clinician = presence(&[(30, true), (50, false), (60, true)]);
        assert_eq!(together([&patient], [&clinician], Time::from_millis(100)), 60);
        assert_eq!(together([&patient], [], Time::from_millis(100)), 0);
    }
}
