//! Time zones, and times as the people of a zone read them.

use std::fmt;

use jiff::{Timestamp, tz::TimeZone};

use crate::parse::{Invalid, text_value};

const NO_ZONE: Invalid = Invalid("Must be the name of a time zone, such as America/New_York.");

/// A time zone of the IANA database that is built into the program.
#[derive(Clone)]
pub struct Zone(TimeZone);

impl Zone {
    /// Finds a zone by its IANA name, in any case; `as_str` gives the name as IANA spells it.
    ///
    /// # Errors
    /// When the database has no zone of this name.
    pub fn parse(name: &str) -> Result<Self, Invalid> {
        let zone = TimeZone::get(name).map_err(|_| NO_ZONE)?;
        // `Etc/Unknown` is found but is no zone.
        if zone.iana_name().is_none() { Err(NO_ZONE) } else { Ok(Self(zone)) }
    }

    /// The IANA name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The zone for calculations.
    #[must_use]
    pub fn time_zone(&self) -> &TimeZone {
        &self.0
    }

    /// The place that a person knows the zone by: `New York` of `America/New_York`. `None` where
    /// the name holds no place, as `UTC` and `Etc/GMT+5`.
    #[must_use]
    pub fn place(&self) -> Option<String> {
        let (area, rest) = self.as_str().split_once('/')?;
        let place = rest.rsplit('/').next().unwrap_or(rest);
        (area != "Etc" && place != "UTC").then(|| place.replace('_', " "))
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Zone {}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.as_str())
    }
}

text_value!(Zone);

/// A moment in the parts that a message is put together from, in English as of the United States.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalTime {
    /// `Tuesday`
    pub weekday: String,
    /// `Tue`
    pub short_weekday: String,
    /// `December 1, 2026`
    pub date: String,
    /// `Dec 1`
    pub short_date: String,
    /// `2:45 PM`
    pub time: String,
    /// `EST`, or `UTC+7` where the zone has no letters of its own.
    pub zone: String,
    /// `New York`
    pub place: Option<String>,
}

/// The moment on the clocks and calendars of `zone`.
#[must_use]
pub fn local_time(instant: Timestamp, zone: &Zone) -> LocalTime {
    let there = instant.to_zoned(zone.time_zone().clone());
    let offset = zone.time_zone().to_offset_info(instant);
    LocalTime {
        weekday: there.strftime("%A").to_string(),
        short_weekday: there.strftime("%a").to_string(),
        date: there.strftime("%B %-d, %Y").to_string(),
        short_date: there.strftime("%b %-d").to_string(),
        time: there.strftime("%-I:%M %p").to_string(),
        zone: zone_letters(offset.abbreviation()),
        place: zone.place(),
    }
}

/// Zones without letters of their own are called `+07`, `-0330` or `-00` in the IANA database.
fn zone_letters(abbreviation: &str) -> String {
    if !abbreviation.starts_with(['+', '-']) {
        return abbreviation.to_owned();
    }
    let (sign, digits) = abbreviation.split_at(1);
    let (hours, minutes) = digits.split_at_checked(2).unwrap_or((digits, ""));
    let hours = hours.trim_start_matches('0');
    match (hours, minutes) {
        ("", "" | "00") => "UTC".to_owned(),
        ("", minutes) => format!("UTC{sign}0:{minutes}"),
        (hours, "" | "00") => format!("UTC{sign}{hours}"),
        (hours, minutes) => format!("UTC{sign}{hours}:{minutes}"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_zone_without_letters_is_told_by_its_distance_from_utc() {
        for (abbreviation, letters) in [
            ("EST", "EST"),
            ("+07", "UTC+7"),
            ("-03", "UTC-3"),
            ("+0545", "UTC+5:45"),
            ("-00", "UTC"),
            ("+0030", "UTC+0:30"),
        ] {
            assert_eq!(zone_letters(abbreviation), letters);
        }
    }

    #[test]
    fn every_zone_of_the_database_can_be_told_in_a_text() {
        let december: Timestamp = "2026-12-01T19:45:00Z".parse().unwrap();
        let mut seen = 0;
        for name in jiff::tz::db().available() {
            let zone = Zone::parse(name.as_str()).unwrap();
            let local = local_time(december, &zone);
            assert!(!local.zone.is_empty() && local.zone.len() <= 9, "{name}: {}", local.zone);
            assert!(local.zone.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-:".contains(&byte)), "{name}");
            seen += 1;
        }
        assert!(seen > 400);
    }
}
