//! A time zone as calendars carry it (RFC 5545, 3.6.5), by the rules of the built-in database around a visit.

use jiff::civil::{DateTime, date};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use super::calendar::Lines;
use crate::zone::Zone;

/// Of the most restless zone, four a year in three years; the bound is for the reader's peace.
const MOST_CHANGES: usize = 32;

/// A moment at which the clocks are changed.
struct Change {
    /// What the clocks showed before: so is an onset written.
    onset: DateTime,
    from: Offset,
    to: Offset,
    letters: String,
}

impl Change {
    fn is_forward(&self) -> bool {
        self.to > self.from
    }
}

/// Writes the zone with its changes in the year before the visit, its own, and the next. Where each year follows the
/// same rule, the rule is written, as calendars expect it of zones with summer time; otherwise each change by itself.
pub(super) fn write(lines: &mut Lines, zone: &Zone, visit: Timestamp) {
    let tz = zone.time_zone();
    let year = visit.to_zoned(tz.clone()).year();
    let first = year.saturating_sub(1);
    let begins = start_of(first, tz);
    let changes = changes(tz, begins, start_of(year.saturating_add(2), tz));
    lines.add("BEGIN:VTIMEZONE");
    lines.add(&format!("TZID:{}", zone.as_str()));
    let (forward, back): (Vec<&Change>, Vec<&Change>) = changes.iter().partition(|change| change.is_forward());
    match (rule(&forward, first), rule(&back, first)) {
        (Some((change, forward)), Some((other, back))) => {
            observance(lines, change, Some(&forward));
            observance(lines, other, Some(&back));
        }
        (Some(_) | None, _) => {
            let info = tz.to_offset_info(begins);
            let (offset, letters) = (info.offset(), info.abbreviation().to_owned());
            let before = Change { onset: offset.to_datetime(begins), from: offset, to: offset, letters };
            observance(lines, &before, None);
            for change in &changes {
                observance(lines, change, None);
            }
        }
    }
    lines.add("END:VTIMEZONE");
}

fn start_of(year: i16, tz: &TimeZone) -> Timestamp {
    let start = date(year, 1, 1).to_zoned(tz.clone());
    start.map_or(Timestamp::UNIX_EPOCH, |start| start.timestamp())
}

fn changes(tz: &TimeZone, begins: Timestamp, ends: Timestamp) -> Vec<Change> {
    let within = tz.following(begins).take_while(|change| change.timestamp() < ends).take(MOST_CHANGES);
    let of = |at: Timestamp, to: Offset, letters: &str| {
        let just_before = at.saturating_sub(SignedDuration::from_nanos(1)).unwrap_or(at);
        let from = tz.to_offset(just_before);
        Change { onset: from.to_datetime(at), from, to, letters: letters.to_owned() }
    };
    // What changes the letters alone moves no clock.
    within
        .map(|change| of(change.timestamp(), change.offset(), change.abbreviation()))
        .filter(|change| change.from != change.to)
        .collect()
}

/// The one rule that these changes follow in three years, and the first of them.
fn rule<'a>(changes: &[&'a Change], first_year: i16) -> Option<(&'a Change, String)> {
    let [first, ..] = changes else { return None };
    let years: Vec<i16> = changes.iter().map(|change| change.onset.year()).collect();
    if years != [first_year, first_year.checked_add(1)?, first_year.checked_add(2)?] {
        return None;
    }
    let same = |change: &&&Change| {
        (change.onset.month(), change.onset.time(), change.onset.weekday(), change.from, change.to)
            == (first.onset.month(), first.onset.time(), first.onset.weekday(), first.from, first.to)
            && change.letters == first.letters
    };
    let is_last = |change: &&&Change| change.onset.day() > change.onset.date().days_in_month() - 7;
    let nth = |change: &Change| (change.onset.day() - 1) / 7 + 1;
    if !changes.iter().all(|change| same(&change)) {
        return None;
    }
    let place = if changes.iter().all(|change| is_last(&change)) {
        -1
    } else if changes.iter().all(|change| nth(change) == nth(first)) {
        nth(first)
    } else {
        return None;
    };
    let weekday = match first.onset.weekday() {
        jiff::civil::Weekday::Monday => "MO",
        jiff::civil::Weekday::Tuesday => "TU",
        jiff::civil::Weekday::Wednesday => "WE",
        jiff::civil::Weekday::Thursday => "TH",
        jiff::civil::Weekday::Friday => "FR",
        jiff::civil::Weekday::Saturday => "SA",
        jiff::civil::Weekday::Sunday => "SU",
    };
    Some((first, format!("RRULE:FREQ=YEARLY;BYMONTH={};BYDAY={place}{weekday}", first.onset.month())))
}

fn observance(lines: &mut Lines, change: &Change, rule: Option<&str>) {
    // Ireland's law calls its winter time the exception; calendars know the later clock as summer time.
    let kind = if change.is_forward() { "DAYLIGHT" } else { "STANDARD" };
    lines.add(&format!("BEGIN:{kind}"));
    lines.add(&format!("DTSTART:{}", change.onset.strftime("%Y%m%dT%H%M%S")));
    lines.add(&format!("TZOFFSETFROM:{}", offset(change.from)));
    lines.add(&format!("TZOFFSETTO:{}", offset(change.to)));
    lines.add(&format!("TZNAME:{}", change.letters));
    if let Some(rule) = rule {
        lines.add(rule);
    }
    lines.add(&format!("END:{kind}"));
}

/// `-0500`, with seconds only where there are some.
fn offset(offset: Offset) -> String {
    let seconds = offset.seconds();
    let sign = if seconds < 0 { '-' } else { '+' };
    let (hours, minutes, rest) = (seconds.abs() / 3600, seconds.abs() / 60 % 60, seconds.abs() % 60);
    if rest == 0 { format!("{sign}{hours:02}{minutes:02}") } else { format!("{sign}{hours:02}{minutes:02}{rest:02}") }
}
