//! The visit for a calendar: an invitation that mail programs put into it (RFC 5545, RFC 5546).
//!
//! Calendars are shared with families and employers. So an entry says no more than a subject does, and it has no link:
//! a link lets in whoever holds it.

use std::fmt::Write as _;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::texts::{END, ISOLATE, Words};
use super::{Facts, Template, TextError, timezone};
use crate::contact::EmailAddress;
use crate::zone::Zone;

/// What an entry is known by, and whose it is.
#[derive(Clone, Copy)]
pub struct Entry<'a> {
    /// The same for all messages about a visit: a calendar knows by it which entry to change.
    pub uid: &'a str,
    /// Rises with every change of time and with the cancelling.
    pub sequence: u32,
    /// When the entry was written.
    pub written_at: Timestamp,
    /// Who invites: whom an answer reaches.
    pub organizer: &'a EmailAddress,
    /// Who sends on the organizer's behalf, where that is another address.
    pub sender: Option<&'a EmailAddress>,
    /// Who is invited.
    pub attendee: &'a EmailAddress,
}

/// What a calendar is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Put the entry in, or change it.
    Request,
    /// Take it out.
    Cancel,
}

impl Method {
    /// As RFC 5546 spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
        }
    }
}

/// An iCalendar object with one visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// What a calendar is to do with it.
    pub method: Method,
    /// The object, in lines of at most 75 octets.
    pub text: String,
}

/// The invitation of a message; `None` where the facts name no entry, or the message changes nothing of when the visit
/// takes place. `practice` is clean; it may be empty.
pub(super) fn invitation(
    template: Template,
    facts: &Facts<'_>,
    practice: &str,
) -> Result<Option<Invitation>, TextError> {
    let method = match template {
        Template::Initial | Template::Reminder | Template::Urgent | Template::Moved => Method::Request,
        Template::Cancelled => Method::Cancel,
        // Of these, the first is for now, and the others are about no time.
        Template::Ready
        | Template::OneTimeCode
        | Template::EmailLink
        | Template::Help
        | Template::Stopped
        | Template::Started => return Ok(None),
    };
    let Some(entry) = &facts.entry else { return Ok(None) };
    let mut words = Words::of(facts);
    let practice = if practice.is_empty() { words.say("no-practice")? } else { practice.to_owned() };
    words.set("practice", practice.clone());
    // No room for isolates here: not every calendar keeps them to itself.
    let say = |name: &str| words.say(name).map(|text| text.replace([ISOLATE, END], ""));
    let description = match method {
        Method::Request => "calendar-description",
        Method::Cancel => "calendar-cancelled",
    };
    let mut lines = Lines::default();
    for line in ["BEGIN:VCALENDAR", "PRODID:-//Bedside//Bedside//EN", "VERSION:2.0", "CALSCALE:GREGORIAN"] {
        lines.add(line);
    }
    lines.add(&format!("METHOD:{}", method.as_str()));
    let (start, end) = when(facts);
    if start.is_local {
        timezone::write(&mut lines, facts.zone, facts.scheduled_at);
    }
    lines.add("BEGIN:VEVENT");
    lines.add(&format!("UID:{}", escaped(entry.uid)));
    lines.add(&format!("SEQUENCE:{}", entry.sequence));
    lines.add(&format!("DTSTAMP:{}", utc(entry.written_at)));
    lines.add(&format!("DTSTART{}", start.value));
    lines.add(&format!("DTEND{}", end.value));
    lines.add(&format!("SUMMARY:{}", escaped(&say("calendar-summary")?)));
    lines.add(&format!("LOCATION:{}", escaped(&say("calendar-location")?)));
    lines.add(&format!("DESCRIPTION:{}", escaped(&say(description)?)));
    let behalf = entry.sender.filter(|sender| *sender != entry.organizer);
    let behalf = behalf.map(|sender| format!(";SENT-BY=\"{}\"", mailto(sender))).unwrap_or_default();
    lines.add(&format!("ORGANIZER;CN=\"{}\"{behalf}:{}", parameter(&practice), mailto(entry.organizer)));
    lines.add(&format!(
        "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE:{}",
        mailto(entry.attendee)
    ));
    lines.add(match method {
        Method::Request => "STATUS:CONFIRMED",
        Method::Cancel => "STATUS:CANCELLED",
    });
    for line in ["CLASS:PRIVATE", "TRANSP:OPAQUE", "END:VEVENT", "END:VCALENDAR"] {
        lines.add(line);
    }
    Ok(Some(Invitation { method, text: lines.0 }))
}

/// A moment of an entry: its parameters and value.
struct Moment {
    value: String,
    is_local: bool,
}

/// Start and end on the recipient's clocks. In the hour that the clocks show twice, local time means the first one
/// (RFC 5545, 3.3.5): a visit in the second is told in UTC.
fn when(facts: &Facts<'_>) -> (Moment, Moment) {
    let start = facts.scheduled_at;
    let end = start.saturating_add(SignedDuration::from_mins(i64::from(facts.duration_minutes))).unwrap_or(start);
    let moment = |at: Timestamp, is_local: bool| {
        let value = if is_local {
            let there = at.to_zoned(facts.zone.time_zone().clone());
            format!(";TZID={}:{}", facts.zone.as_str(), there.strftime("%Y%m%dT%H%M%S"))
        } else {
            format!(":{}", utc(at))
        };
        Moment { value, is_local }
    };
    let is_local = is_first(start, facts.zone) && is_first(end, facts.zone);
    (moment(start, is_local), moment(end, is_local))
}

/// Whether the clocks of the zone show this moment for the first time.
fn is_first(at: Timestamp, zone: &Zone) -> bool {
    let shown = at.to_zoned(zone.time_zone().clone()).datetime();
    shown.to_zoned(zone.time_zone().clone()).is_ok_and(|first| first.timestamp() == at)
}

fn utc(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// RFC 5545, 3.3.11.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => escaped.extend(['\\', c]),
            '\n' => escaped.push_str("\\n"),
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    escaped
}

/// What may stand between quotes (RFC 5545, 3.2): there is no way to write a quote there.
fn parameter(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).map(|c| if c == '"' { '\'' } else { c }).collect()
}

/// RFC 6068, 2: what has a meaning of its own in a URI is written by its number.
fn mailto(address: &EmailAddress) -> String {
    let mut uri = String::from("mailto:");
    for byte in address.expose().bytes() {
        if byte.is_ascii_alphanumeric() || b"@.-_~+!$'*=".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

/// Content lines (RFC 5545, 3.1).
#[derive(Default)]
pub(super) struct Lines(String);

impl Lines {
    /// Adds a line, folded so that no part has more than 75 octets and no character is torn.
    pub(super) fn add(&mut self, line: &str) {
        let mut octets = 0;
        for c in line.chars() {
            if octets + c.len_utf8() > 75 {
                self.0.push_str("\r\n ");
                octets = 1;
            }
            self.0.push(c);
            octets += c.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}
