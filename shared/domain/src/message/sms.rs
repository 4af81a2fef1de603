//! One text message in one segment, whatever the names are.

use std::fmt;

use super::{
    Facts, Template, TextError, gsm7,
    words::{self, SmsParts},
};
use crate::{name, zone::local_time};

/// The longest name in a text, in characters: the practice's short name may have 20, and a
/// clinician is held to the same.
const NAME_MAX: usize = 20;
/// A clinician's name is not cut to fewer characters than this: it is left out instead.
const CLINICIAN_MIN: usize = 3;
/// The same for the practice, of which less is told by its first letters.
const PRACTICE_MIN: usize = 6;

/// A text of one GSM-7 segment: at most 160 septets.
///
/// It holds a link or a code, so `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct SmsText(String);

impl SmsText {
    /// The text in clear.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What it costs of the segment's 160 septets.
    #[must_use]
    pub fn septets(&self) -> usize {
        gsm7::septets(&self.0).unwrap_or_default()
    }
}

impl fmt::Debug for SmsText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SmsText({} septets)", self.septets())
    }
}

/// How much of a name is said.
#[derive(Clone, Copy)]
enum Say {
    Whole,
    /// As many characters as there is room for.
    Cut,
    Not,
}

/// One step of shortening.
struct Step {
    opt_out: bool,
    clinician: Say,
    practice: Say,
    manner: Manner,
}

/// How much is said of how the visit is held.
#[derive(Clone, Copy)]
enum Manner {
    Full,
    Brief,
    Not,
}

/// What is given up, in this order: the word on opting out (a reply of STOP works without it), the
/// clinician, letters of the practice, that one need not travel, the practice, how the visit is
/// held. The time with its zone, the link and the code are never given up.
const STEPS: [Step; 8] = [
    Step { opt_out: true, clinician: Say::Whole, practice: Say::Whole, manner: Manner::Full },
    Step { opt_out: false, clinician: Say::Whole, practice: Say::Whole, manner: Manner::Full },
    Step { opt_out: false, clinician: Say::Cut, practice: Say::Whole, manner: Manner::Full },
    Step { opt_out: false, clinician: Say::Not, practice: Say::Whole, manner: Manner::Full },
    Step { opt_out: false, clinician: Say::Not, practice: Say::Cut, manner: Manner::Full },
    Step { opt_out: false, clinician: Say::Not, practice: Say::Cut, manner: Manner::Brief },
    Step { opt_out: false, clinician: Say::Not, practice: Say::Not, manner: Manner::Brief },
    Step { opt_out: false, clinician: Say::Not, practice: Say::Not, manner: Manner::Not },
];

/// Writes a text message of one segment.
///
/// Names are transliterated, cleaned, and shortened in a fixed order until the text fits.
///
/// # Errors
/// [`TextError`] when the link or the code is missing or malformed, or the link is too long to
/// stand in one segment beside the time.
pub fn sms(template: Template, facts: &Facts<'_>) -> Result<SmsText, TextError> {
    let (link, code) = match template {
        Template::OneTimeCode => ("", facts.code()?),
        Template::Initial
        | Template::Moved
        | Template::Cancelled
        | Template::Reminder
        | Template::Urgent
        | Template::Ready
        | Template::EmailLink => (facts.link()?, ""),
    };
    let practice = sms_name(facts.sms_name);
    let clinician = facts.clinician_first_name.map(sms_person).unwrap_or_default();
    let (full, brief) = words::manner(facts.modality, facts.recipient);
    let local = local_time(facts.scheduled_at, facts.zone);
    let whole = SmsParts {
        template,
        recipient: facts.recipient,
        practice: &practice,
        clinician: &clinician,
        manner: full,
        local: &local,
        link,
        code,
        minutes: facts.code_minutes,
        opt_out: template == Template::Initial,
        bare: false,
    };
    STEPS.iter().find_map(|step| step.take(&whole, brief)).map(SmsText).ok_or(TextError::LinkTooLong)
}

impl Step {
    /// The text after this step, if it fits.
    fn take(&self, whole: &SmsParts<'_>, brief: &str) -> Option<String> {
        let mut parts = SmsParts {
            opt_out: whole.opt_out && self.opt_out,
            manner: match self.manner {
                Manner::Full => whole.manner,
                Manner::Brief => brief,
                Manner::Not => "",
            },
            bare: matches!(self.manner, Manner::Not),
            ..*whole
        };
        if matches!(self.clinician, Say::Not) {
            parts.clinician = "";
        }
        if matches!(self.practice, Say::Not) {
            parts.practice = "";
        }
        let text = words::sms(&parts);
        // A character of a transliterated name costs one septet.
        let over = gsm7::septets(&text)?.saturating_sub(gsm7::SEGMENT);
        if over == 0 {
            return Some(text);
        }
        let clinician = matches!(self.clinician, Say::Cut).then(|| cut(parts.clinician, over, CLINICIAN_MIN)).flatten();
        let practice = matches!(self.practice, Say::Cut).then(|| cut(parts.practice, over, PRACTICE_MIN)).flatten();
        if clinician.is_none() && practice.is_none() {
            return None;
        }
        parts.clinician = clinician.as_deref().unwrap_or(parts.clinician);
        parts.practice = practice.as_deref().unwrap_or(parts.practice);
        Some(words::sms(&parts)).filter(|text| gsm7::septets(text).is_some_and(|count| count <= gsm7::SEGMENT))
    }
}

/// The name without its last `over` characters, unless fewer than `least` would be left.
fn cut(name: &str, over: usize, least: usize) -> Option<String> {
    let left = name.chars().count().checked_sub(over)?;
    Some(clipped(name, left)).filter(|name| name.chars().count() >= least)
}

fn clipped(name: &str, max: usize) -> String {
    name.chars().take(max).collect::<String>().trim_end().to_owned()
}

/// A name in the letters of a text. Transliteration may bring a URL to light, so it is cleaned again.
fn sms_name(name: &str) -> String {
    clipped(&name::clean(&gsm7::transliterate(&name::clean(name))), NAME_MAX)
}

/// A person's first name in the letters of a text.
fn sms_person(first_name: &str) -> String {
    clipped(&name::clean(&super::unlinked(&sms_name(first_name))), NAME_MAX)
}
