//! The words themselves, in English, each text in one place.

use super::{Facts, Recipient, Template};
use crate::{
    visit::Modality,
    zone::{LocalTime, local_time},
};

/// What a text message is put together from. The names may have been shortened or left out.
pub(super) struct SmsParts<'a> {
    pub(super) template: Template,
    pub(super) recipient: Recipient,
    pub(super) practice: &'a str,
    pub(super) clinician: &'a str,
    pub(super) manner: &'a str,
    pub(super) local: &'a LocalTime,
    pub(super) link: &'a str,
    pub(super) code: &'a str,
    pub(super) minutes: u16,
    pub(super) opt_out: bool,
    /// Only what can never be given up, for a link that leaves room for no more.
    pub(super) bare: bool,
}

/// One text message. A part that is empty leaves no gap.
pub(super) fn sms(parts: &SmsParts<'_>) -> String {
    let SmsParts { practice, link, code, .. } = *parts;
    if parts.template == Template::OneTimeCode {
        let of = if practice.is_empty() { String::new() } else { format!(" for {practice}") };
        let minutes = minutes(parts.minutes);
        return format!("{code} is your code{of}. It lasts {minutes}. We never ask you for it by phone.");
    }
    let sentence = if parts.bare { bare(parts) } else { sentence(parts) };
    let opt_out = if parts.opt_out { " Reply STOP to opt out" } else { "" };
    if practice.is_empty() {
        format!("{}: {link}{opt_out}", capitalized(&sentence))
    } else {
        format!("{practice}: {sentence}: {link}{opt_out}")
    }
}

fn sentence(parts: &SmsParts<'_>) -> String {
    match parts.template {
        Template::Ready => ready(parts),
        Template::EmailLink => format!("confirm within {} that it is you", minutes(parts.minutes)),
        Template::Initial
        | Template::Moved
        | Template::Cancelled
        | Template::Reminder
        | Template::Urgent
        | Template::OneTimeCode => {
            let opening = opening(parts.template, parts.recipient);
            let clinician = if parts.recipient == Recipient::Clinician { "" } else { parts.clinician };
            format!("{opening}{} {}{}", prefixed(" with ", clinician), when(parts.local), prefixed(" ", parts.manner))
        }
    }
}

fn bare(parts: &SmsParts<'_>) -> String {
    match parts.template {
        Template::Ready => format!("come in now, {} {}", parts.local.time, parts.local.zone),
        Template::EmailLink => "confirm that it is you".to_owned(),
        Template::Initial
        | Template::Moved
        | Template::Cancelled
        | Template::Reminder
        | Template::Urgent
        | Template::OneTimeCode => {
            format!("visit {}", when(parts.local))
        }
    }
}

fn when(local: &LocalTime) -> String {
    let LocalTime { short_weekday, short_date, time, zone, .. } = local;
    format!("{short_weekday} {short_date} {time} {zone}")
}

fn opening(template: Template, recipient: Recipient) -> &'static str {
    match (template, recipient) {
        (Template::Reminder, Recipient::Patient | Recipient::Guest) => "reminder, visit",
        (Template::Reminder, Recipient::Clinician) => "reminder, you have a visit",
        (Template::Urgent, Recipient::Patient | Recipient::Guest | Recipient::Clinician) => "urgent, please join visit",
        (
            Template::Initial
            | Template::Moved
            | Template::Cancelled
            | Template::Ready
            | Template::OneTimeCode
            | Template::EmailLink,
            Recipient::Patient | Recipient::Guest,
        ) => "visit",
        (
            Template::Initial
            | Template::Moved
            | Template::Cancelled
            | Template::Ready
            | Template::OneTimeCode
            | Template::EmailLink,
            Recipient::Clinician,
        ) => "you have a visit",
    }
}

fn ready(parts: &SmsParts<'_>) -> String {
    let LocalTime { time, zone, .. } = parts.local;
    let manner = prefixed(", ", parts.manner);
    let who = match parts.recipient {
        Recipient::Patient | Recipient::Guest if parts.clinician.is_empty() => "we are ready for".to_owned(),
        Recipient::Patient | Recipient::Guest => format!("{} is ready for", parts.clinician),
        Recipient::Clinician => "your patient is here for".to_owned(),
    };
    let whose = if parts.recipient == Recipient::Patient { "your" } else { "the" };
    format!("{who} {whose} {time} {zone} visit. Come in now{manner}")
}

/// How the visit is held, in full and, where room is short, in brief. A clinician is not told
/// where to be.
pub(super) fn manner(modality: Modality, recipient: Recipient) -> (&'static str, &'static str) {
    match (modality, recipient) {
        (Modality::Video, Recipient::Patient | Recipient::Guest) => ("by video, do not travel", "by video"),
        (Modality::Audio, Recipient::Patient | Recipient::Guest) => ("by phone, do not travel", "by phone"),
        (Modality::Video, Recipient::Clinician) => ("by video", "by video"),
        (Modality::Audio, Recipient::Clinician) => ("by phone", "by phone"),
    }
}

/// What an e-mail says, the same for its text and its HTML.
pub(super) struct EmailWords {
    pub(super) subject: String,
    pub(super) heading: String,
    pub(super) paragraphs: Vec<String>,
    /// A label and what it names.
    pub(super) details: Vec<(&'static str, String)>,
    /// What the link does; `None` where the message has no link.
    pub(super) button: Option<&'static str>,
    pub(super) notes: Vec<String>,
    pub(super) help: String,
}

/// The words of one e-mail. `practice` and `clinician` are clean; `clinician` may be empty.
pub(super) fn email(template: Template, facts: &Facts<'_>, practice: &str, clinician: &str) -> EmailWords {
    let help = format!("Questions? Call {practice}:");
    match template {
        Template::OneTimeCode => EmailWords {
            subject: "Your code".to_owned(),
            heading: "Your code".to_owned(),
            paragraphs: vec![format!("Type this code on the page of {practice} that asks for it.")],
            details: vec![("Code", facts.code.unwrap_or_default().to_owned())],
            button: None,
            notes: vec![
                format!("The code lasts {}. We never ask you for it by phone.", minutes(facts.code_minutes)),
                NOT_EXPECTED.to_owned(),
            ],
            help,
        },
        Template::EmailLink => EmailWords {
            subject: "Confirm that it is you".to_owned(),
            heading: "Confirm that it is you".to_owned(),
            paragraphs: vec![format!(
                "{practice} was asked to let you in. Open the link on the device that you join with."
            )],
            details: Vec::new(),
            button: Some("Yes, it is me"),
            notes: vec![
                format!("The link lasts {} and works once.", minutes(facts.code_minutes)),
                NOT_EXPECTED.to_owned(),
            ],
            help,
        },
        Template::Initial
        | Template::Moved
        | Template::Cancelled
        | Template::Reminder
        | Template::Urgent
        | Template::Ready => {
            let local = local_time(facts.scheduled_at, facts.zone);
            let kind = kind(facts.modality);
            EmailWords {
                subject: subject(template, facts.recipient, kind, &local),
                heading: heading(template, facts.recipient, kind),
                paragraphs: visit_paragraphs(template, facts, practice, clinician),
                details: visit_details(facts, &local, practice, clinician),
                button: Some(match template {
                    Template::Ready | Template::Urgent => "Join the visit now",
                    Template::Initial
                    | Template::Moved
                    | Template::Cancelled
                    | Template::Reminder
                    | Template::OneTimeCode
                    | Template::EmailLink => "Join the visit",
                }),
                notes: vec!["This link is for you alone. Please do not pass it on.".to_owned()],
                help,
            }
        }
    }
}

const NOT_EXPECTED: &str = "If you did not ask for this, you need not do anything.";

fn subject(template: Template, recipient: Recipient, kind: &str, local: &LocalTime) -> String {
    let LocalTime { short_weekday, short_date, time, zone, .. } = local;
    let when = format!("{short_weekday}, {short_date} at {time} {zone}");
    match (template, recipient) {
        (Template::Reminder, Recipient::Patient | Recipient::Clinician) => format!("Reminder: your {kind} on {when}"),
        (Template::Reminder, Recipient::Guest) => format!("Reminder: {kind} on {when}"),
        (Template::Urgent, Recipient::Patient | Recipient::Clinician | Recipient::Guest) => {
            format!("Urgent: please join the {kind} of {when}")
        }
        (Template::Ready, Recipient::Patient) => format!("Your clinician is ready: come in to your {kind} now"),
        (Template::Ready, Recipient::Clinician) => format!("Your patient is waiting: {kind} of {when}"),
        (Template::Ready, Recipient::Guest) => format!("Come in to the {kind} now"),
        (
            Template::Initial | Template::Moved | Template::Cancelled | Template::OneTimeCode | Template::EmailLink,
            Recipient::Patient | Recipient::Clinician,
        ) => format!("Your {kind} on {when}"),
        (
            Template::Initial | Template::Moved | Template::Cancelled | Template::OneTimeCode | Template::EmailLink,
            Recipient::Guest,
        ) => {
            format!("You are invited to a {kind} on {when}")
        }
    }
}

fn heading(template: Template, recipient: Recipient, kind: &str) -> String {
    match (template, recipient) {
        (Template::Ready, Recipient::Patient) => "Your clinician is ready. Come in now.".to_owned(),
        (Template::Ready, Recipient::Clinician) => "Your patient is waiting. Come in now.".to_owned(),
        (Template::Ready, Recipient::Guest) => "Come in now.".to_owned(),
        (Template::Urgent, Recipient::Patient | Recipient::Clinician | Recipient::Guest) => {
            "Please join now".to_owned()
        }
        (
            Template::Initial
            | Template::Moved
            | Template::Cancelled
            | Template::Reminder
            | Template::OneTimeCode
            | Template::EmailLink,
            Recipient::Patient | Recipient::Clinician,
        ) => format!("Your {kind}"),
        (
            Template::Initial
            | Template::Moved
            | Template::Cancelled
            | Template::Reminder
            | Template::OneTimeCode
            | Template::EmailLink,
            Recipient::Guest,
        ) => {
            format!("You are invited to a {kind}")
        }
    }
}

fn visit_paragraphs(template: Template, facts: &Facts<'_>, practice: &str, clinician: &str) -> Vec<String> {
    let mut paragraphs = Vec::new();
    match facts.recipient {
        Recipient::Patient | Recipient::Guest => {
            let with = prefixed(" with ", clinician);
            let whose = if facts.recipient == Recipient::Patient { "Your" } else { "The" };
            paragraphs.push(match facts.modality {
                Modality::Video => {
                    format!("{whose} visit{with} at {practice} is by video, do not travel to the practice.")
                }
                Modality::Audio => {
                    format!("{whose} visit{with} at {practice} is by phone, do not travel to the practice.")
                }
            });
            paragraphs.push(match facts.modality {
                Modality::Video => {
                    "Open the link on a phone, tablet or computer with a camera and a microphone.".to_owned()
                }
                Modality::Audio => {
                    "Open the link on a phone, tablet or computer with a microphone. No camera is needed.".to_owned()
                }
            });
        }
        Recipient::Clinician => {
            let manner = manner(facts.modality, facts.recipient).0;
            paragraphs.push(format!("You have a visit {manner} for {practice}."));
            paragraphs.push("The link names the visit. You will be asked to show who you are.".to_owned());
        }
    }
    match template {
        Template::Urgent => paragraphs.push("Please join as soon as you can.".to_owned()),
        Template::Initial
        | Template::Moved
        | Template::Cancelled
        | Template::Reminder
        | Template::Ready
        | Template::OneTimeCode
        | Template::EmailLink => {}
    }
    paragraphs
}

fn visit_details(facts: &Facts<'_>, local: &LocalTime, practice: &str, clinician: &str) -> Vec<(&'static str, String)> {
    let LocalTime { weekday, date, time, zone, place, .. } = local;
    let place = place.as_ref().map(|place| format!(" ({place} time)")).unwrap_or_default();
    let mut details = vec![
        ("When", format!("{weekday}, {date} at {time} {zone}{place}")),
        ("How long", minutes(facts.duration_minutes)),
        (
            "How",
            match facts.modality {
                Modality::Video => "By video".to_owned(),
                Modality::Audio => "By phone".to_owned(),
            },
        ),
    ];
    if !clinician.is_empty() && facts.recipient != Recipient::Clinician {
        details.push(("With", clinician.to_owned()));
    }
    details.push(("Practice", practice.to_owned()));
    details
}

fn kind(modality: Modality) -> &'static str {
    match modality {
        Modality::Video => "video visit",
        Modality::Audio => "phone visit",
    }
}

fn minutes(count: u16) -> String {
    if count == 1 { "1 minute".to_owned() } else { format!("{count} minutes") }
}

fn prefixed(prefix: &str, text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{prefix}{text}") }
}

fn capitalized(sentence: &str) -> String {
    let mut chars = sentence.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
