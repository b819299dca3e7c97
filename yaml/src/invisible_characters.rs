//! Characters that nobody can see in a text, or that look like a plain space: which they are, and what they are called.
//!
//! Vendors' pages are full of them, and what is copied from there looks right and is not: `"slow"` with a no-break space
//! in front is another value than `"slow"`.

/// Whether a text is nothing but visible characters of ASCII and spaces, as most are.
pub fn is_plain(text: &str) -> bool {
    text.as_bytes().iter().fold(true, |all, byte| all & matches!(byte, b' '..=b'~'))
}

/// What a character is called that cannot be told from nothing, or from a space; `None`: it can be seen, or is a control
/// character or one that turns the direction of writing, which YAML reports wherever they stand.
pub fn name(character: char) -> Option<&'static str> {
    Some(match character {
        '\u{a0}' => "no-break space",
        '\u{ad}' => "soft hyphen",
        '\u{34f}' => "combining grapheme joiner",
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' => "Hangul filler",
        '\u{70f}' => "Syriac abbreviation mark",
        '\u{1680}' => "Ogham space mark",
        '\u{17b4}' | '\u{17b5}' => "Khmer inherent vowel",
        '\u{180b}'..='\u{180d}' | '\u{180f}' => "Mongolian variation selector",
        '\u{180e}' => "Mongolian vowel separator",
        '\u{2000}' => "en quad",
        '\u{2001}' => "em quad",
        '\u{2002}' => "en space",
        '\u{2003}' => "em space",
        '\u{2004}' => "three-per-em space",
        '\u{2005}' => "four-per-em space",
        '\u{2006}' => "six-per-em space",
        '\u{2007}' => "figure space",
        '\u{2008}' => "punctuation space",
        '\u{2009}' => "thin space",
        '\u{200a}' => "hair space",
        '\u{200b}' => "zero-width space",
        '\u{200c}' => "zero-width non-joiner",
        '\u{200d}' => "zero-width joiner",
        '\u{202f}' => "narrow no-break space",
        '\u{205f}' => "medium mathematical space",
        '\u{2060}' => "word joiner",
        '\u{2061}'..='\u{2064}' => "invisible operator",
        '\u{206a}'..='\u{206f}' => "deprecated format character",
        '\u{2d7f}' | '\u{10a3f}' | '\u{1107f}' => "joiner of letters",
        '\u{2800}' => "blank Braille pattern",
        '\u{3000}' => "ideographic space",
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => "variation selector",
        '\u{feff}' => "zero-width no-break space",
        '\u{fff9}'..='\u{fffb}' => "interlinear annotation mark",
        '\u{fffc}' => "object replacement character",
        '\u{13430}'..='\u{1343f}' => "hieroglyph format control",
        '\u{13441}' | '\u{13442}' => "blank hieroglyph",
        '\u{16fe4}' => "Khitan filler",
        '\u{1bca0}'..='\u{1bca3}' => "shorthand format control",
        '\u{1d159}' => "null notehead",
        '\u{1d173}'..='\u{1d17a}' => "musical format control",
        '\u{e0001}' | '\u{e0020}'..='\u{e007f}' => "tag character",
        // What readers of Unicode show as nothing until it is something.
        '\u{2065}' | '\u{fff0}'..='\u{fff8}' | '\u{e0000}'..='\u{e0fff}' => "ignorable character",
        _ => return None,
    })
}

/// Whether it stands for a space, so that a plain one is what was meant.
pub fn is_space(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{2800}' | '\u{3164}' | '\u{ffa0}' | '\u{115f}' | '\u{1160}')
}

/// The places of such characters in a text. Those that make one emoji of several characters are part of what is seen.
pub fn places(text: &str) -> impl Iterator<Item = (usize, char)> {
    let found = text.char_indices().filter(|(_, it)| !it.is_ascii() && name(*it).is_some());
    found.filter(|(at, it)| !is_part_of_emoji(text, *at, *it))
}

/// A text as it was meant: without such characters, or with plain spaces for them.
pub fn removed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (at, character) in places(text) {
        out.push_str(&text[from..at]);
        if is_space(character) {
            out.push(' ');
        }
        from = at + character.len_utf8();
    }
    out.push_str(&text[from..]);
    out.trim().to_owned()
}

fn is_part_of_emoji(text: &str, at: usize, character: char) -> bool {
    let before = text[..at].chars().next_back();
    let after = text[at + character.len_utf8()..].chars().next();
    let is_symbol =
        |it: Option<char>| it.is_some_and(|it| u32::from(it) >= 0x203c && !it.is_alphanumeric() && !it.is_whitespace());
    match character {
        '\u{200d}' => is_symbol(before) && is_symbol(after),
        // `1️⃣` is a digit, a selector and a frame.
        '\u{fe0e}' | '\u{fe0f}' => is_symbol(before) || after == Some('\u{20e3}'),
        // The flag of a part of a country: at most five letters and digits, and an end.
        '\u{e0020}'..='\u{e007f}' => {
            let is_tag = |it: &char| matches!(it, '\u{e0020}'..='\u{e007e}');
            let n_before = text[..at].chars().rev().take_while(is_tag).count();
            let flag = text[..at].chars().rev().nth(n_before) == Some('\u{1f3f4}');
            let n_after = text[at..].chars().take_while(is_tag).count();
            flag && n_before + n_after <= 5 && text[at..].chars().nth(n_after) == Some('\u{e007f}')
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{places, removed};

    #[test]
    fn what_nobody_sees_is_found_and_emoji_are_left_alone() {
        for hidden in
            "\u{70f}\u{115f}\u{2065}\u{2800}\u{3164}\u{fff0}\u{fffc}\u{13430}\u{16fe4}\u{1d159}\u{e0080}\u{e0fff}"
                .chars()
        {
            assert_eq!(places(&format!("sl{hidden}ow")).count(), 1, "{hidden:?}");
        }
        // A flag hides nothing but its own letters.
        assert_eq!(places("🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}").count(), 0);
        assert_eq!(places("🏴\u{e0067}\u{e0062}").count(), 2);
        assert_eq!(places("🏴\u{e0061}\u{e0061}\u{e0061}\u{e0061}\u{e0061}\u{e0061}\u{e007f}").count(), 7);
        for text in ["\u{a0}slow", "slow\u{200b}", "sl\u{ad}ow", "a\u{3000}b", "a\u{200d}b", "a\u{fe0f}", "a\u{2009}b"]
        {
            assert_eq!(places(text).count(), 1, "{text:?}");
        }
        assert_eq!(removed("\u{a0}slow\u{200b}er\u{2009}now\u{a0}"), "slower now");
        for text in
            ["slow", "größe", "日本", "👩\u{200d}🚀", "❤\u{fe0f}", "1\u{fe0f}\u{20e3}", "❤\u{fe0f}\u{200d}🔥", "👍🏽"]
        {
            assert_eq!(places(text).count(), 0, "{text:?}");
        }
    }
}
