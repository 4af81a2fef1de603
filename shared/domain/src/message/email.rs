//! An e-mail in plain text and in HTML of equal content.

use std::fmt;

use askama::Template as _;

use super::calendar::{self, Invitation};
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
    /// One line without names, links or codes.
    pub subject: String,
    /// The body as plain text.
    pub text: String,
    /// The body as a whole HTML document.
    pub html: String,
    /// The visit for the recipient's calendar.
    pub invitation: Option<Invitation>,
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
    phone: String,
}

#[expect(unreachable_pub, reason = "the macro's own")]
mod filters {
    use super::super::texts::{END, ISOLATE};
    use askama::filters::Safe;

    /// The text as HTML, with an element for each isolate: programs that take out what cannot be seen leave it.
    #[askama::filter_fn]
    pub(super) fn isolates(text: &str, _: &dyn askama::Values) -> askama::Result<Safe<String>> {
        let escaped = askama::filters::escape(text, askama::filters::Html)?.0.to_string();
        Ok(Safe(escaped.replace(ISOLATE, "<bdi>").replace(END, "</bdi>")))
    }
}

/// Writes an e-mail, with the visit for a calendar where the template is about when it takes place.
///
/// # Errors
/// [`TextError`] when the link or the code is missing or malformed.
pub fn email(template: Template, facts: &Facts<'_>) -> Result<Email, TextError> {
    let link = super::carried(template, facts)?;
    let practice = clean(facts.practice_name);
    let clinician =
        facts.clinician_first_name.map(|name| clean(&super::unlinked(&name::clean(name)))).unwrap_or_default();
    let words = words::email(template, facts, &practice, &clinician, link)?;
    let (link, phone) = (link.unwrap_or_default(), facts.support_phone.format_international());
    let html = Html { words: &words, link, phone: &phone, phone_link: facts.support_phone.expose() };
    let text = Text { words: &words, link, phone: words.isolated(&phone) };
    Ok(Email {
        html: html.render().map_err(|_| TextError::Template)?,
        text: text.render().map_err(|_| TextError::Template)?,
        invitation: calendar::invitation(template, facts, &practice)?,
        subject: words.subject,
    })
}

fn clean(text: &str) -> String {
    name::clean(text).chars().take(NAME_MAX).collect()
}
