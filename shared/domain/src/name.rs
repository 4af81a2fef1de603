//! Names of people, made safe to show.
//!
//! A name is shown to other people, sent in texts and e-mails and read out. It must not carry
//! links, turn the writing direction around, break a mail header or be invisible.

use std::fmt;

use crate::parse::{Invalid, from_body};

/// The longest display name, in characters.
const DISPLAY_NAME_MAX: usize = 80;
/// The longest given or family name, in characters.
const NAME_PART_MAX: usize = 100;

const EMPTY: Invalid = Invalid("Must be a name with at least one character that can be seen.");
const LONGER_THAN_80: Invalid = Invalid("Must be a name of at most 80 characters.");
const LONGER_THAN_100: Invalid = Invalid("Must be a name of at most 100 characters.");

/// The name that someone goes by in a visit, 1 to 80 characters after cleaning.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct DisplayName(String);

impl DisplayName {
    /// Cleans a text and takes what is left.
    ///
    /// # Errors
    /// When nothing or too much is left.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        cleaned(text, DISPLAY_NAME_MAX, LONGER_THAN_80).map(Self)
    }

    /// The name in clear.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for DisplayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DisplayName(***)")
    }
}

from_body!(DisplayName);

/// The given and family name of a patient or clinician, each 1 to 100 characters after cleaning.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PersonName {
    given: String,
    family: String,
}

impl PersonName {
    /// Cleans both parts and takes what is left.
    ///
    /// # Errors
    /// When nothing or too much is left of a part; to tell which one it is, ask
    /// [`clean_name_part`] for each.
    pub fn parse(given: &str, family: &str) -> Result<Self, Invalid> {
        Ok(Self { given: clean_name_part(given)?, family: clean_name_part(family)? })
    }

    /// The given name in clear.
    #[must_use]
    pub fn given(&self) -> &str {
        &self.given
    }

    /// The family name in clear.
    #[must_use]
    pub fn family(&self) -> &str {
        &self.family
    }

    /// Given and family name, in clear.
    #[must_use]
    pub fn full(&self) -> String {
        format!("{} {}", self.given, self.family)
    }
}

impl fmt::Debug for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonName(***)")
    }
}

/// A display name after cleaning; `None` when nothing is left or it is longer than 80 characters.
#[must_use]
pub fn clean_display_name(text: &str) -> Option<String> {
    cleaned(text, DISPLAY_NAME_MAX, LONGER_THAN_80).ok()
}

/// A given or family name after cleaning.
///
/// # Errors
/// When nothing is left or it is longer than 100 characters.
pub fn clean_name_part(text: &str) -> Result<String, Invalid> {
    cleaned(text, NAME_PART_MAX, LONGER_THAN_100)
}

fn cleaned(text: &str, max: usize, too_long: Invalid) -> Result<String, Invalid> {
    let name = clean(text);
    if name.is_empty() {
        Err(EMPTY)
    } else if name.chars().count() > max {
        Err(too_long)
    } else {
        Ok(name)
    }
}

/// Takes out what cannot be seen and whatever looks like a URL, and makes all white space one
/// blank. The parts that are hidden go first, since taking them out may reveal a URL.
pub(crate) fn clean(text: &str) -> String {
    let visible: String = text
        .chars()
        .filter_map(|c| if is_blank(c) { Some(' ') } else { Some(c).filter(|c| !is_invisible(*c)) })
        .collect();
    let words: Vec<&str> = visible.split_whitespace().filter(|word| !holds_url(word)).collect();
    words.join(" ")
}

/// White space, line breaks, and the letters that Unicode draws as nothing (Hangul fillers, the
/// empty braille cell).
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{115F}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{FFA0}')
}

/// Control characters and those that Unicode calls default ignorable: bidirectional controls,
/// zero-width characters, tags, variation selectors.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Whether a word is or holds a URL: one with a scheme, `www.`, or a host with something behind it.
fn holds_url(word: &str) -> bool {
    let lower = word.to_lowercase();
    if lower.contains("://") || lower.contains("www.") {
        return true;
    }
    let start = lower.trim_start_matches(|c: char| !c.is_alphanumeric());
    let Some((host, _)) = start.split_once(['/', '\\', '?', '#', ':']) else { return false };
    let labels: Vec<&str> = host.rsplit('.').collect();
    // The last label of a host has two characters at least: `M.D./Ph.D` is no URL.
    labels.len() > 1
        && labels.first().is_some_and(|top| top.chars().count() > 1)
        && labels.iter().all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_taken_out() {
        assert_eq!(clean_display_name("  Jane\r\nBcc: \tDoe ").as_deref(), Some("Jane Bcc: Doe"));
        assert_eq!(
            clean_display_name("Ja\u{202E}ne\u{2066} D\u{200B}oe\u{FEFF}\u{E0041}").as_deref(),
            Some("Jane Doe")
        );
        assert_eq!(clean_display_name("Jane\u{2028}Doe\u{85}x").as_deref(), Some("Jane Doe x"));
    }

    #[test]
    fn a_name_that_shows_nothing_is_none() {
        for text in ["", "   ", "\u{3164}\u{2800}", "\u{200B}\u{202E}", "http://evil.example/x", "\0"] {
            assert_eq!(clean_display_name(text), None, "{text:?}");
        }
    }

    #[test]
    fn urls_are_taken_out_and_titles_stay() {
        for text in [
            "Jane https://evil.example/a Doe",
            "Jane HTTP://EVIL Doe",
            "Jane www.evil.example Doe",
            "Jane (evil.example/login) Doe",
            "Jane evil.example?x Doe",
            "Jane evil.example:8080 Doe",
            "Jane ht\u{200B}tp://evil Doe",
            "Jane javascript://%0aalert(1) Doe",
        ] {
            assert_eq!(clean_display_name(text).as_deref(), Some("Jane Doe"), "{text:?}");
        }
        for name in
            ["Dr. J.R. O'Neil-Smith", "Jane Doe, M.D./Ph.D", "Nguyễn Thị Ánh", "محمد علي", "Zoë (she/her)", "李小龍"]
        {
            assert_eq!(clean_display_name(name).as_deref(), Some(name));
        }
    }

    #[test]
    fn names_have_a_longest_length() {
        assert!(DisplayName::parse(&"é".repeat(80)).is_ok());
        assert_eq!(DisplayName::parse(&"é".repeat(81)), Err(LONGER_THAN_80));
        assert_eq!(PersonName::parse("Jane", &"x".repeat(101)), Err(LONGER_THAN_100));
        assert_eq!(PersonName::parse("Jane", " "), Err(EMPTY));
    }
}
