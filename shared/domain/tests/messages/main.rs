//! What people are sent: texts, e-mails and calendar entries, in each language.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod calendar;
mod email;
mod hostile;
mod languages;
mod sms;

use bedside_domain::{
    contact::{EmailAddress, PhoneNumber},
    language::Language,
    message::{Facts, Recipient, Template, calendar::Entry, sms},
    visit::Modality,
    zone::Zone,
};

const LINK: &str = "https://visit.example.com/j/K7QX2MPA#T9WMR4VX8KQ2PLNA";
const DECEMBER: &str = "2026-12-01T19:45:00Z";

/// What the facts of a test borrow from.
struct Ground {
    phone: PhoneNumber,
    zone: Zone,
    support: EmailAddress,
    attendee: EmailAddress,
}

fn ground(zone: &str) -> Ground {
    Ground {
        phone: PhoneNumber::parse("+12025550100").unwrap(),
        zone: Zone::parse(zone).unwrap(),
        support: EmailAddress::parse("help@practice.example").unwrap(),
        attendee: EmailAddress::parse("ann@example.com").unwrap(),
    }
}

impl Ground {
    fn facts(&self) -> Facts<'_> {
        Facts {
            practice_name: "Lakeside Family Practice",
            sms_name: "Example Practice",
            support_phone: &self.phone,
            clinician_first_name: Some("Jane"),
            modality: Modality::Video,
            scheduled_at: DECEMBER.parse().unwrap(),
            duration_minutes: 30,
            zone: &self.zone,
            link: Some(LINK),
            code: Some("123456"),
            code_minutes: 5,
            recipient: Recipient::Patient,
            language: Language::English,
            entry: Some(Entry {
                uid: "01890a5d-ac96-774b-bcce-b302099a8057@visit.example.com",
                sequence: 0,
                written_at: "2026-11-20T12:00:00Z".parse().unwrap(),
                organizer: &self.support,
                sender: None,
                attendee: &self.attendee,
            }),
        }
    }
}

fn text(template: Template, facts: &Facts<'_>) -> String {
    sms(template, facts).unwrap().expose().to_owned()
}

/// The templates that carry a link.
const LINKED: [Template; 6] =
    [Template::Initial, Template::Reminder, Template::Urgent, Template::Ready, Template::EmailLink, Template::Moved];
