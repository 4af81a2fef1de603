//! What letters sound like in Latin ones.

// What `build.rs` writes from the library's table.
include!(concat!(env!("OUT_DIR"), "/sounds.rs"));

/// The sound of a character, in ASCII; empty where it has none. ASCII itself is not asked for.
pub(super) fn of(c: char) -> &'static str {
    sound(u32::from(c)).unwrap_or_default()
}

fn sound(code: u32) -> Option<&'static str> {
    let [low, ..] = code.to_le_bytes();
    let row = ROWS.get(usize::from(*BLOCKS.get(usize::try_from(code >> 8).ok()?)?))?;
    let rest = BANK.get(2 * usize::from(*row.get(usize::from(low))?)..)?;
    let length = usize::from(*rest.as_bytes().first()?);
    rest.get(1..=length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use any_ascii::any_ascii_char;

    #[test]
    fn the_table_says_of_every_letter_what_the_library_says() {
        let letters = ('\u{80}'..='\u{FFFF}').chain('\u{11100}'..='\u{1114F}').chain('\u{1E900}'..='\u{1E95F}');
        let mut told = 0;
        for c in letters {
            let ascii = any_ascii_char(c);
            let is_emoji = ascii.len() > 1 && ascii.starts_with(':');
            assert_eq!(of(c), if is_emoji { "" } else { ascii }, "{c:?}");
            told += usize::from(!of(c).is_empty());
        }
        assert!(told > 40_000, "{told}");
    }

    #[test]
    fn decorated_letters_are_letters_and_emoji_are_nothing() {
        assert_eq!(['𝓙', '𝔞', '🄽', 'é'].map(of), ["J", "a", "N", "e"]);
        assert_eq!(['👑', '𓀀', '\u{10FFFF}'].map(of), ["", "", ""]);
    }
}
