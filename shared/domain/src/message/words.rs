//! What each template says: which texts of [`super::texts`] it is made of.

use super::texts::{Words, isolated};
use super::{Facts, Template, TextError};
use crate::language::Language;

/// As the template is called in the texts.
pub(super) const fn name(template: Template) -> &'static str {
    match template {
        Template::Initial => "initial",
        Template::Reminder => "reminder",
        Template::Urgent => "urgent",
        Template::Ready => "ready",
        Template::OneTimeCode => "one-time-code",
        Template::EmailLink => "email-link",
        Template::Moved => "moved",
        Template::Cancelled => "cancelled",
        Template::Help => "help",
        Template::Stopped => "stopped",
        Template::Started => "started",
    }
}

/// What a text message says of a visit or a code when there is room for no more.
pub(super) const fn bare(template: Template) -> &'static str {
    match template {
        Template::Initial | Template::Reminder | Template::Urgent => "sms-bare-visit",
        Template::Ready => "sms-bare-ready",
        Template::OneTimeCode => "sms-bare-one-time-code",
        Template::EmailLink => "sms-bare-email-link",
        Template::Moved => "sms-bare-moved",
        Template::Cancelled => "sms-bare-cancelled",
        Template::Help => "sms-help",
        Template::Stopped => "sms-stopped",
        Template::Started => "sms-started",
    }
}

/// What an e-mail says, the same for its text and its HTML.
pub(super) struct EmailWords {
    pub(super) language: Language,
    pub(super) subject: String,
    pub(super) heading: String,
    pub(super) paragraphs: Vec<String>,
    /// A label and what it names.
    pub(super) details: Vec<(String, String)>,
    /// What the link does; `None` where the message has no link.
    pub(super) button: Option<String>,
    /// What to do when the button does not work.
    pub(super) copy: String,
    pub(super) notes: Vec<String>,
    pub(super) help: String,
}

impl EmailWords {
    /// As HTML names it.
    pub(super) const fn direction(&self) -> &'static str {
        if self.language.is_right_to_left() { "rtl" } else { "ltr" }
    }

    /// What goes from left to right in any language, such as a telephone number.
    pub(super) fn isolated(&self, text: &str) -> String {
        isolated(self.language, text)
    }
}

/// The words of one e-mail. `practice` and `clinician` are clean; either may be empty.
///
/// # Errors
/// [`TextError::Template`] when a text cannot be put together.
pub(super) fn email(
    template: Template,
    facts: &Facts<'_>,
    practice: &str,
    clinician: &str,
    link: Option<&str>,
) -> Result<EmailWords, TextError> {
    let mut words = Words::of(facts);
    let practice = if practice.is_empty() { words.say("no-practice")? } else { isolated(facts.language, practice) };
    words.set("practice", practice.clone());
    words.set_clinician(isolated(facts.language, clinician));
    let say = |name: &str| words.say(name);
    let all = |names: &[&str]| names.iter().map(|name| words.say(name)).collect::<Result<Vec<_>, _>>();
    let paragraphs: &[&str] = match template {
        Template::Initial | Template::Reminder | Template::Ready => &["body-visit", "body-open"],
        Template::Urgent => &["body-visit", "body-open", "body-urgent"],
        Template::Moved if link.is_some() => &["body-moved", "body-visit", "body-open"],
        Template::Moved => &["body-moved", "body-visit"],
        Template::Cancelled => &["body-cancelled"],
        Template::OneTimeCode => &["body-one-time-code"],
        Template::EmailLink => &["body-email-link"],
        // What answers a text is a text.
        Template::Help | Template::Stopped | Template::Started => return Err(TextError::Template),
    };
    let button = match template {
        Template::Ready | Template::Urgent => "button-join-now",
        Template::EmailLink => "button-confirm",
        Template::Initial
        | Template::Reminder
        | Template::Moved
        | Template::Cancelled
        | Template::OneTimeCode
        | Template::Help
        | Template::Stopped
        | Template::Started => "button-join",
    };
    let notes: &[&str] = match template {
        Template::OneTimeCode => &["note-code", "note-not-expected"],
        Template::EmailLink => &["note-email-link", "note-not-expected"],
        Template::Cancelled | Template::Help | Template::Stopped | Template::Started => &[],
        Template::Initial | Template::Reminder | Template::Urgent | Template::Ready | Template::Moved => {
            if link.is_some() { &["note-link"] } else { &[] }
        }
    };
    Ok(EmailWords {
        language: facts.language,
        subject: say(&format!("subject-{}", name(template)))?,
        heading: say(&format!("heading-{}", name(template)))?,
        paragraphs: all(paragraphs)?,
        details: details(template, facts, &words, &practice, clinician)?,
        button: link.map(|_| say(button)).transpose()?,
        copy: say("button-copy")?,
        notes: all(notes)?,
        help: say("note-questions")?,
    })
}

fn details(
    template: Template,
    facts: &Facts<'_>,
    words: &Words<'_>,
    practice: &str,
    clinician: &str,
) -> Result<Vec<(String, String)>, TextError> {
    let when = match template {
        Template::Initial | Template::Reminder | Template::Urgent | Template::Ready | Template::Moved => "label-when",
        Template::Cancelled => "label-was",
        Template::OneTimeCode => {
            return Ok(vec![(words.say("label-code")?, facts.code.unwrap_or_default().to_owned())]);
        }
        Template::EmailLink | Template::Help | Template::Stopped | Template::Started => return Ok(Vec::new()),
    };
    let mut lasting = Words::of(facts);
    lasting.set("minutes", facts.duration_minutes);
    let mut details = vec![
        (words.say(when)?, words.say("moment")?),
        (words.say("label-how-long")?, lasting.say("minutes")?),
        (words.say("label-how")?, words.say("value-how")?),
    ];
    if !clinician.is_empty() && facts.recipient != super::Recipient::Clinician {
        details.push((words.say("label-with")?, isolated(facts.language, clinician)));
    }
    details.push((words.say("label-practice")?, practice.to_owned()));
    Ok(details)
}
