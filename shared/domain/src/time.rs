//! Times to the millisecond, spans of a visit, and marks of the booking grid.

use crate::parse::{Invalid, from_body};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// A point in time, UTC, to the millisecond. In the table a number (milliseconds since 1970), on the wire RFC 3339.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Time(i64);

impl Time {
    /// Milliseconds since 1970.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }
    /// Milliseconds since 1970.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }
    /// Whole seconds since 1970, as JWTs count.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }
    /// For zones and calendars. Times beyond the year 9999 are held at that end.
    #[must_use]
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_millisecond(self.0).unwrap_or(Timestamp::MAX)
    }
    /// # Errors
    /// When it is not RFC 3339 in UTC with `Z`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        const WHY: Invalid = Invalid("Must be a time in UTC, such as 2026-12-01T20:00:00Z.");
        let bytes = text.as_bytes();
        let shaped = text.len() >= 20 && text.len() <= 32 && bytes.get(10) == Some(&b'T') && text.ends_with('Z');
        if !shaped {
            return Err(WHY);
        }
        text.parse::<Timestamp>().map(Self::from).map_err(|_| WHY)
    }
    /// Later by so many minutes.
    #[must_use]
    pub const fn plus_minutes(self, minutes: i64) -> Self {
        Self(self.0.saturating_add(minutes.saturating_mul(60_000)))
    }
    /// Later by so many seconds.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1000)))
    }
    /// Milliseconds from `earlier` until this; negative if this is before.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
    /// Whole seconds from `now` until this, rounded up, at least 0.
    #[must_use]
    pub fn seconds_from(self, now: Self) -> i64 {
        self.since(now).max(0).saturating_add(999).div_euclid(1000)
    }
}

impl From<Timestamp> for Time {
    fn from(at: Timestamp) -> Self {
        Self(at.as_millisecond())
    }
}

impl std::ops::Add<SignedDuration> for Time {
    type Output = Self;
    fn add(self, span: SignedDuration) -> Self {
        Self(self.0.saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl std::fmt::Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.timestamp())
    }
}

impl std::fmt::Debug for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}

from_body!(Time);

/// A `Time` on the wire: RFC 3339 in UTC with `Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rfc3339(pub Time);

impl Serialize for Rfc3339 {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// A mark of the booking grid: every 5 minutes, to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SlotTime(Time);

/// The booking grid, in minutes.
pub const SLOT_MINUTES: i64 = 5;

impl SlotTime {
    /// # Errors
    /// When it is no time, or not a multiple of 5 minutes.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let time = Time::parse(text)?;
        // Sub-millisecond digits are no multiple of 5 minutes either: compare what was written.
        let whole = text.parse::<Timestamp>().is_ok_and(|at| at.subsec_nanosecond() == 0);
        if whole && time.0.rem_euclid(SLOT_MINUTES * 60_000) == 0 {
            Ok(Self(time))
        } else {
            Err(Invalid("Must be a multiple of 5 minutes, such as 2026-12-01T20:05:00Z."))
        }
    }
    /// The time it marks.
    #[must_use]
    pub const fn time(self) -> Time {
        self.0
    }
    /// The marks that a visit of `duration` from here on covers, this one first.
    pub fn covered(self, duration: Duration) -> impl Iterator<Item = Self> {
        (0..i64::from(duration.minutes()) / SLOT_MINUTES).map(move |n| Self(self.0.plus_minutes(n * SLOT_MINUTES)))
    }
}

from_body!(SlotTime);

/// How long a visit is planned to take: 15–120 minutes, a multiple of 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Duration(u16);

impl Duration {
    /// What a visit takes when nobody says otherwise: 30 minutes.
    pub const DEFAULT: Self = Self(30);
    /// # Errors
    /// When out of range or no multiple of 5.
    pub fn from_minutes(minutes: u64) -> Result<Self, Invalid> {
        match u16::try_from(minutes) {
            Ok(m) if (15..=120).contains(&m) && m % 5 == 0 => Ok(Self(m)),
            Ok(_) | Err(_) => Err(Invalid("Must be a multiple of 5, from 15 to 120.")),
        }
    }
    /// In minutes.
    #[must_use]
    pub const fn minutes(self) -> u16 {
        self.0
    }
}

impl<E: deserr::DeserializeError> deserr::Deserr<E> for Duration {
    fn deserialize_from_value<V: deserr::IntoValue>(
        value: deserr::Value<V>,
        location: deserr::ValuePointerRef<'_>,
    ) -> Result<Self, E> {
        let minutes = match value {
            deserr::Value::Integer(minutes) => Some(minutes),
            // JSON knows one kind of number: 30.0 is 30 (JSON Schema says the same of "integer").
            deserr::Value::Float(f) if f.fract() == 0.0 && (15.0..=120.0).contains(&f) => Some(f as u64),
            deserr::Value::Null
            | deserr::Value::Boolean(_)
            | deserr::Value::NegativeInteger(_)
            | deserr::Value::Float(_)
            | deserr::Value::String(_)
            | deserr::Value::Sequence(_)
            | deserr::Value::Map(_) => None,
        };
        Self::from_minutes(minutes.unwrap_or(0)).map_err(|why| {
            let kind = deserr::ErrorKind::Unexpected { msg: why.to_string() };
            deserr::take_cf_content(E::error::<V>(None, kind, location))
        })
    }
}
