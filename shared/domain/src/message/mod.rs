//! The words of texts and e-mails.
//!
//! Both leave the secure boundary, so nothing of the patient is in them: no name, no reason, no
//! diagnosis; the clinician's first name at most (45 CFR 164.502(b)). [`Facts`] has no field for
//! anything more.

pub mod calendar;
mod email;
pub mod gsm7;
mod sms;
mod sounds;
mod texts;
mod timezone;
mod words;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{access::Role, contact::PhoneNumber, language::Language, parse::word_enum, visit::Modality, zone::Zone};

pub use email::{Email, email};
pub use sms::{SmsText, sms};

word_enum! {
    /// What staff may ask to be sent.
    pub enum Notice: "Must be initial, reminder, urgent or ready." {
        /// The visit is arranged; here is the link.
        Initial = "initial",
        /// The visit is near.
        Reminder = "reminder",
        /// The person is missing, or the visit was put in at short notice: act now.
        Urgent = "urgent",
        /// The other side is there: come in now.
        Ready = "ready",
    }
}

/// What a message is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Template {
    /// [`Notice::Initial`].
    Initial,
    /// [`Notice::Reminder`].
    Reminder,
    /// [`Notice::Urgent`].
    Urgent,
    /// [`Notice::Ready`].
    Ready,
    /// A code to type (factor `sms-otp`).
    OneTimeCode,
    /// A link to open (factor `email-link`).
    EmailLink,
    /// The visit has another time; the link goes with it where there is one.
    Moved,
    /// The visit will not take place.
    Cancelled,
    /// An answer to HELP: who this is, and whom to call.
    Help,
    /// An answer to STOP: no more texts.
    Stopped,
    /// An answer to START: texts again.
    Started,
}

impl Template {
    /// What answers a text. It goes by text alone, and says nothing of a visit.
    pub const ANSWERS: [Self; 3] = [Self::Help, Self::Stopped, Self::Started];

    /// Whether it answers a text.
    #[must_use]
    pub fn is_answer(self) -> bool {
        Self::ANSWERS.contains(&self)
    }

    /// Every template of a visit.
    pub const ALL: [Self; 8] = [
        Self::Initial,
        Self::Reminder,
        Self::Urgent,
        Self::Ready,
        Self::OneTimeCode,
        Self::EmailLink,
        Self::Moved,
        Self::Cancelled,
    ];
}

impl From<Notice> for Template {
    fn from(notice: Notice) -> Self {
        match notice {
            Notice::Initial => Self::Initial,
            Notice::Reminder => Self::Reminder,
            Notice::Urgent => Self::Urgent,
            Notice::Ready => Self::Ready,
        }
    }
}

/// Whom a message is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Recipient {
    /// The patient of the visit.
    Patient,
    /// The clinician of the visit.
    Clinician,
    /// Somebody who was asked to the visit, such as a relative.
    Guest,
    /// Who was asked to interpret.
    Interpreter,
}

impl Recipient {
    /// Every recipient.
    pub const ALL: [Self; 4] = [Self::Patient, Self::Clinician, Self::Guest, Self::Interpreter];
}

impl From<Role> for Recipient {
    fn from(role: Role) -> Self {
        match role {
            Role::Patient => Self::Patient,
            Role::Clinician => Self::Clinician,
            Role::Guest => Self::Guest,
            Role::Interpreter => Self::Interpreter,
        }
    }
}

/// Everything that a message may say.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// The practice by its full name, for e-mails.
    pub practice_name: &'a str,
    /// The practice by its short name, for texts: best in GSM-7 and at most 20 characters.
    pub sms_name: &'a str,
    /// The practice's telephone.
    pub support_phone: &'a PhoneNumber,
    /// The first name of the clinician, never more.
    pub clinician_first_name: Option<&'a str>,
    /// How the visit is held.
    pub modality: Modality,
    /// When it begins.
    pub scheduled_at: Timestamp,
    /// How long it is planned to be.
    pub duration_minutes: u16,
    /// The zone in which the recipient reads times.
    pub zone: &'a Zone,
    /// The recipient's link. Every template needs it but [`Template::OneTimeCode`] and [`Template::Cancelled`], which
    /// have none, and [`Template::Moved`], which can do without.
    pub link: Option<&'a str>,
    /// The code of [`Template::OneTimeCode`].
    pub code: Option<&'a str>,
    /// How long the code, or the link of [`Template::EmailLink`], lasts.
    pub code_minutes: u16,
    /// Whom the message is for.
    pub recipient: Recipient,
    /// The language of the recipient.
    pub language: Language,
    /// What an e-mail's calendar entry is known by; without it an e-mail has none.
    pub entry: Option<calendar::Entry<'a>>,
}

impl<'a> Facts<'a> {
    /// The link, if it may stand in a message: `http` or `https`, in the characters of a URL
    /// (RFC 3986, 2), all of which GSM-7 has. The apostrophe is left out: it ends attributes.
    fn link(&self) -> Result<&'a str, TextError> {
        let link = self.link.ok_or(TextError::LinkMissing)?;
        let rest = link.strip_prefix("https://").or_else(|| link.strip_prefix("http://"));
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&()*+,;=%".contains(&byte);
        if rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(fits)) {
            Ok(link)
        } else {
            Err(TextError::LinkMalformed)
        }
    }

    /// The code, if it may stand in a message: 4 to 12 letters or digits.
    fn code(&self) -> Result<&'a str, TextError> {
        let code = self.code.ok_or(TextError::CodeMissing)?;
        if (4..=12).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            Ok(code)
        } else {
            Err(TextError::CodeMalformed)
        }
    }
}

/// The link that a message carries, and whether it has the code that it needs.
fn carried<'a>(template: Template, facts: &Facts<'a>) -> Result<Option<&'a str>, TextError> {
    match template {
        Template::OneTimeCode => facts.code().map(|_| None),
        Template::Cancelled | Template::Help | Template::Stopped | Template::Started => Ok(None),
        Template::Moved if facts.link.is_none() => Ok(None),
        Template::Initial
        | Template::Reminder
        | Template::Urgent
        | Template::Ready
        | Template::EmailLink
        | Template::Moved => facts.link().map(Some),
    }
}

/// Why a message cannot be written. None of these holds a part of the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TextError {
    /// The template needs a link.
    #[error("the message needs a link")]
    LinkMissing,
    /// The link is not `http` or `https`, or has characters that no URL has.
    #[error("the link is no http or https URL")]
    LinkMalformed,
    /// The link is so long that it does not fit into one text, even with the fewest words.
    #[error("the link does not fit into one text")]
    LinkTooLong,
    /// The template needs a code.
    #[error("the message needs a code")]
    CodeMissing,
    /// The code is not 4 to 12 letters or digits.
    #[error("the code is not 4 to 12 letters or digits")]
    CodeMalformed,
    /// The template of the e-mail could not be filled in, or there is none.
    #[error("the e-mail could not be put together")]
    Template,
}

/// The name without the signs that make phones and mail programs turn a word into a link:
/// `evil.example` and `jane@evil.example` become words.
fn unlinked(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let mut chars = name.chars().peekable();
    while let Some(c) = chars.next() {
        let joins = matches!(c, '.' | '@' | '/' | ':') && chars.peek().is_some_and(|next| !next.is_whitespace());
        plain.push(if joins { ' ' } else { c });
    }
    plain
}
