//! The alphabet of text messages (3GPP TS 23.038, 6.2.1).
//!
//! A text of these characters alone holds 160 septets in one segment; a single other character
//! turns it into UCS-2, 70 to a segment, at twice the price or more.

use super::sounds;

/// The septets of one segment.
pub const SEGMENT: usize = 160;

/// The basic set without escape, line feed and carriage return, which our texts do not hold.
const BASIC: &str = "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡\
                     ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

/// The extension table: each costs an escape too.
const EXTENSION: &str = "^{}\\[~]|€";

/// What a character costs: 1 in the basic set, 2 in the extension, `None` where GSM-7 has it not.
#[must_use]
pub fn septets_of(c: char) -> Option<usize> {
    if c.is_ascii_alphanumeric() || BASIC.contains(c) {
        Some(1)
    } else if EXTENSION.contains(c) {
        Some(2)
    } else {
        None
    }
}

/// What a text costs; `None` if GSM-7 cannot hold it.
#[must_use]
pub fn septets(text: &str) -> Option<usize> {
    text.chars().map(septets_of).sum()
}

/// The text in the basic set: letters of other alphabets by their sound in Latin ones, signs
/// without a likeness (emoji) dropped.
#[must_use]
pub fn transliterate(text: &str) -> String {
    let mut basic = String::with_capacity(text.len());
    for c in text.chars() {
        if septets_of(c) == Some(1) {
            basic.push(c);
            continue;
        }
        basic.extend(sounds::of(c).chars().filter(|c| septets_of(*c) == Some(1)));
    }
    basic
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_alphabet_has_its_size() {
        // 128 places less escape, line feed and carriage return.
        assert_eq!(BASIC.chars().count(), 125);
        assert_eq!(EXTENSION.chars().count(), 9);
        assert!(BASIC.chars().all(|c| !EXTENSION.contains(c)));
    }

    #[test]
    fn extension_characters_count_twice() {
        assert_eq!(septets("a€[b"), Some(6));
        assert_eq!(septets("ç"), None);
        assert_eq!(septets("a`b"), None);
    }

    #[test]
    fn names_keep_their_sound() {
        for (name, basic) in [
            ("Łukasz", "Lukasz"),
            ("Nguyễn", "Nguyen"),
            ("José", "José"),
            ("François", "Francois"),
            ("Борис", "Boris"),
            ("Jane 👑", "Jane "),
            ("O’Neil – “X”", "O'Neil - \"X\""),
            ("日本", "RiBen"),
        ] {
            assert_eq!(transliterate(name), basic);
        }
        assert!(!transliterate("محمد").is_empty());
    }
}
