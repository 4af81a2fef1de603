//! A lander's key as its holder has it: `bsk_` or `bpk_`, 35 random characters, and one that checks them.
//!
//! The check catches a key that was cut or mistyped before any table is asked; it proves nothing.

use crate::person::KeyKind;

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// 62^35: 208 bits.
const RANDOM: usize = 35;
/// What is kept of a key in clear, to know it by.
const PREFIX: usize = 8;

/// A key in clear. Shown once, to whoever asked for it; kept as a keyed hash.
#[derive(Clone, PartialEq, Eq)]
pub struct KeySecret(String);

impl std::fmt::Debug for KeySecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeySecret({}…)", self.prefix())
    }
}

impl KeySecret {
    /// A key of random bytes; `None` when they were too few: about 3 in 100 are passed over.
    #[must_use]
    pub fn new(kind: KeyKind, random: impl IntoIterator<Item = u8>) -> Option<Self> {
        // 248 is the largest multiple of 62 in a byte: beyond it some letters would be likelier than others.
        let drawn = random.into_iter().filter(|byte| *byte < 248).take(RANDOM);
        let mut digits: Vec<usize> = drawn.map(|byte| usize::from(byte) % ALPHABET.len()).collect();
        if digits.len() < RANDOM {
            return None;
        }
        digits.push(check(&digits));
        let letters = digits.into_iter().filter_map(|digit| ALPHABET.get(digit)).map(|letter| char::from(*letter));
        Some(Self(mark(kind).chars().chain(letters).collect()))
    }

    /// A key that somebody came with; `None` when it is none that was ever made.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let rest = KeyKind::ALL.iter().find_map(|kind| text.strip_prefix(mark(*kind)))?;
        let place = |byte: u8| ALPHABET.iter().position(|letter| *letter == byte);
        let digits: Vec<usize> = rest.bytes().map(place).collect::<Option<_>>()?;
        let (last, digits) = digits.split_last()?;
        (digits.len() == RANDOM && check(digits) == *last).then(|| Self(text.to_owned()))
    }

    /// The key in clear: for whoever asked for it, and for its hash.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Its beginning, to know it by.
    #[must_use]
    pub fn prefix(&self) -> &str {
        self.0.get(..PREFIX).unwrap_or_default()
    }
}

const fn mark(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::Secret => "bsk_",
        KeyKind::Publishable => "bpk_",
    }
}

/// Luhn's check (ISO/IEC 7812-1, annex B) with 62 digits in place of ten: every single wrong digit shows, and nearly
/// every exchange of two neighbours.
fn check(digits: &[usize]) -> usize {
    let base = ALPHABET.len();
    let doubled = |(n, digit): (usize, &usize)| {
        let value = if n % 2 == 0 { digit * 2 } else { *digit };
        value / base + value % base
    };
    let sum: usize = digits.iter().rev().enumerate().map(doubled).sum();
    (base - sum % base) % base
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn key(kind: KeyKind, seed: u8) -> KeySecret {
        KeySecret::new(kind, (0..64).map(|n: u8| n.wrapping_mul(37).wrapping_add(seed))).unwrap()
    }

    #[test]
    fn a_key_is_told_by_its_kind_and_read_as_it_was_made() {
        for (kind, mark) in [(KeyKind::Secret, "bsk_"), (KeyKind::Publishable, "bpk_")] {
            let key = key(kind, 5);
            assert!(key.expose().starts_with(mark) && key.expose().len() == 40);
            assert!(key.expose().split_at(4).1.bytes().all(|b| b.is_ascii_alphanumeric()));
            assert_eq!(KeySecret::parse(key.expose()), Some(key.clone()));
            assert!(key.expose().starts_with(key.prefix()) && key.prefix().len() == 8);
            assert!(!format!("{key:?}").contains(key.expose()));
        }
    }

    #[test]
    fn a_wrong_character_a_cut_or_more_is_no_key() {
        let key = key(KeyKind::Secret, 77);
        let text = key.expose();
        for place in 4..text.len() {
            for letter in [b'0', b'A', b'z', b'-', b' '] {
                let mut wrong = text.as_bytes().to_vec();
                if std::mem::replace(wrong.get_mut(place).unwrap(), letter) != letter {
                    assert_eq!(KeySecret::parse(&String::from_utf8(wrong).unwrap()), None, "{letter} at {place}");
                }
            }
        }
        for wrong in
            ["", "bsk_", "bsk", text.split_at(39).0, &format!("{text}0"), &text.replace("bsk_", "bxk_"), "bsk_é"]
        {
            assert_eq!(KeySecret::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn every_letter_is_as_likely_as_every_other() {
        // Each byte below 248 once is each letter four times.
        let mut counts = std::collections::BTreeMap::new();
        for first in (0..=u8::MAX).filter(|byte| *byte < 248) {
            let key = KeySecret::new(KeyKind::Secret, std::iter::repeat_n(first, RANDOM)).unwrap();
            *counts.entry(key.expose().chars().nth(4).unwrap()).or_insert(0) += 1;
        }
        assert_eq!(counts.len(), 62);
        assert!(counts.values().all(|count| *count == 4));
        assert_eq!(KeySecret::new(KeyKind::Secret, [248, 255].into_iter().chain([0; 34])), None, "too few are left");
    }
}
