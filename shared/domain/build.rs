//! Writes the table of what letters sound like in Latin ones: the library's own holds every sign of Unicode, half a
//! megabyte of it for scripts that nobody's name is written in and for emoji, whose names nobody wants in a text.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::{env, fs, io, path::Path};

/// What the table has beyond the basic plane: living scripts such as Chakma, Rohingya and Adlam, and the letters of
/// mathematics and in frames, with which people decorate names. Not cuneiform, hieroglyphs and others that scholars
/// read, nor emoji, nor the rarest Chinese characters, which took as much as all that is here.
fn is_in_names(block: u32) -> bool {
    matches!(block, 0..=0x11F | 0x161 | 0x1D4..=0x1D7 | 0x1E0..=0x1EC | 0x1EE..=0x1EF | 0x1F1)
}

fn sound(c: char) -> &'static str {
    let ascii = any_ascii::any_ascii_char(c);
    // Emoji come back by name, as `:crown:`.
    if ascii.len() > 1 && ascii.starts_with(':') { "" } else { ascii }
}

/// Sounds stand in one text, each after its length; a row says for 256 characters where theirs begins, in pairs of
/// bytes.
fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let (mut bank, mut places) = (String::from("\0 "), BTreeMap::from([("", 0)]));
    let (mut rows, mut blocks) = (vec![[0; 256]], Vec::new());
    for block in 0..0x1100 {
        let mut row = [0_usize; 256];
        for (low, place) in (0..).zip(&mut row) {
            let c = char::from_u32(block << 8 | low).filter(|c| !c.is_ascii() && is_in_names(block));
            let sound = c.map(sound).unwrap_or_default();
            *place = *places.entry(sound).or_insert_with(|| {
                let place = bank.len() / 2;
                bank.extend(u8::try_from(sound.len()).ok().map(char::from));
                bank.push_str(sound);
                bank.push_str(if sound.len().is_multiple_of(2) { " " } else { "" });
                place
            });
        }
        let known = rows.iter().position(|known| *known == row);
        blocks.push(known.unwrap_or(rows.len()));
        if known.is_none() {
            rows.push(row);
        }
    }
    while blocks.last() == Some(&0) {
        blocks.pop();
    }
    let mut code = String::new();
    let _ = writeln!(code, "static BANK: &str = {bank:?};");
    let _ = writeln!(code, "static ROWS: [[u16; 256]; {}] = {rows:?};", rows.len());
    let _ = writeln!(code, "static BLOCKS: [u16; {}] = {blocks:?};", blocks.len());
    fs::write(Path::new(&env::var("OUT_DIR").unwrap_or_default()).join("sounds.rs"), code)
}
