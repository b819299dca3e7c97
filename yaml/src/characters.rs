//! Characters that nobody can see in a spec: control characters, stray line separators, marks that turn the direction
//! of writing. In double quotes each of them can be written as an escape.

use crate::fault::{Fault, FaultKind};
use crate::invisible_characters;
use crate::source::{FileId, Span, Spanned};

/// A file with more of them is probably no text at all; the rest is not reported.
const MOST_REPORTED: usize = 10;

/// Reports such characters, a run of equal ones once, and gives back where they all stand.
pub(super) fn check(file: FileId, text: &str, out: &mut Vec<Fault>) -> Vec<u32> {
    let mut places = Vec::new();
    let mut reported = 0;
    let mut previous: Option<(usize, char)> = None;
    let mut from = 0;
    while let Some((at, character)) = next_unusual(text, from) {
        from = at + character.len_utf8();
        if !is_invisible(text, at, character) {
            continue;
        }
        places.push(at as u32);
        let goes_on = previous == Some((at, character));
        previous = Some((at + character.len_utf8(), character));
        if !goes_on && reported < MOST_REPORTED {
            reported += 1;
            let span = Span::new(file, at as u32, (at + character.len_utf8()) as u32);
            out.push(Fault::new(FaultKind::InvisibleCharacter(character), span));
        }
    }
    places
}

/// The first character from a byte on that is neither visible ASCII nor a usual blank.
fn next_unusual(text: &str, mut from: usize) -> Option<(usize, char)> {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGH: u64 = ONES << 7;
    let bytes = text.as_bytes();
    while let Some(byte) = bytes.get(from) {
        // Eight bytes at once: the highest bit of one is set, or it is less than a space, or it is 0x7f.
        if let Some(eight) = bytes.get(from..).and_then(<[u8]>::first_chunk) {
            let word = u64::from_le_bytes(*eight);
            if (word | word.wrapping_sub(ONES * 0x20) | word.wrapping_add(ONES)) & HIGH == 0 {
                from += 8;
                continue;
            }
        }
        if matches!(byte, b' '..=b'~' | b'\n' | b'\t') {
            from += 1;
            continue;
        }
        return text.get(from..)?.chars().next().map(|it| (from, it));
    }
    None
}

/// The places of characters that look like nothing or like a space. In prose they do no harm; in names and values they do.
pub(super) fn unseen(file: FileId, text: &str) -> Vec<Spanned<char>> {
    if text.is_ascii() {
        return Vec::new();
    }
    let spanned = |(at, character): (usize, char)| {
        Spanned::new(character, Span::new(file, at as u32, (at + character.len_utf8()) as u32))
    };
    // At the start of a file it says how the file is written.
    invisible_characters::places(text)
        .filter(|(at, character)| *at > 0 && *character != '\u{feff}')
        .map(spanned)
        .collect()
}

/// The fault of one of them where it does harm.
pub(super) fn unseen_character(found: Spanned<char>) -> Fault {
    Fault::new(FaultKind::UnseenCharacter(found.value), found.span)
}

fn is_invisible(text: &str, at: usize, character: char) -> bool {
    match character {
        '\t' | '\n' => false,
        '\r' => text.as_bytes().get(at + 1) != Some(&b'\n'),
        '\u{feff}' => at > 0,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => true,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        _ => false,
    }
}
