//! An e-mail in plain text and in HTML of equal content.

use std::fmt;

use askama::Template as _;

use super::{
    Facts, Template, TextError,
    words::{self, EmailWords},
};
use crate::name;

/// The longest name in an e-mail, in characters.
const NAME_MAX: usize = 100;

/// A complete e-mail without its addresses.
///
/// Its bodies hold a link or a code, so `Debug` does not show them.
#[derive(Clone, PartialEq, Eq)]
pub struct Email {
    /// One line, ASCII, without names, links or codes.
    pub subject: String,
    /// The body as plain text.
    pub text: String,
    /// The body as a whole HTML document.
    pub html: String,
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Email").field("subject", &self.subject).finish_non_exhaustive()
    }
}

/// No resource from elsewhere, no tracking, and readable with images off, since there are none.
#[derive(askama::Template)]
#[template(path = "message.html")]
struct Html<'a> {
    words: &'a EmailWords,
    link: &'a str,
    phone: &'a str,
    phone_link: &'a str,
}

#[derive(askama::Template)]
#[template(path = "message.txt", escape = "none")]
struct Text<'a> {
    words: &'a EmailWords,
    link: &'a str,
    phone: &'a str,
}

/// Writes an e-mail.
///
/// # Errors
/// [`TextError`] when the link or the code is missing or malformed.
pub fn email(template: Template, facts: &Facts<'_>) -> Result<Email, TextError> {
    let link = match template {
        Template::OneTimeCode => facts.code().map(|_| "")?,
        Template::Initial
        | Template::Moved
        | Template::Cancelled
        | Template::Reminder
        | Template::Urgent
        | Template::Ready
        | Template::EmailLink => facts.link()?,
    };
    let practice = clean(facts.practice_name);
    let practice = if practice.is_empty() { "your practice" } else { &practice };
    let clinician =
        facts.clinician_first_name.map(|name| clean(&super::unlinked(&name::clean(name)))).unwrap_or_default();
    let words = words::email(template, facts, practice, &clinician);
    let phone = facts.support_phone.format_international();
    let html = Html { words: &words, link, phone: &phone, phone_link: facts.support_phone.expose() };
    let text = Text { words: &words, link, phone: &phone };
    Ok(Email {
        html: html.render().map_err(|_| TextError::Template)?,
        text: text.render().map_err(|_| TextError::Template)?,
        subject: words.subject,
    })
}

fn clean(text: &str) -> String {
    name::clean(text).chars().take(NAME_MAX).collect()
}
