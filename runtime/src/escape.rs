//! Makes text from others safe to show: control characters and invisible characters are escaped.
//!
//! A server can put control characters into its texts, such as those that colour or clear a terminal, reverse the
//! direction of writing, or are not shown at all. Every `Display` of this crate shows them as `\u{1b}`.

/// Whether a terminal acts on this character, or shows nothing for it. Line breaks are among them, other white space is
/// not. Variation selectors of emoji are left alone: they change only the character before them.
pub(crate) fn is_unseen(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_control();
    }
    matches!(
        character,
        // Eight-bit control characters, which some terminals treat like ESC.
        '\u{80}'..='\u{9f}'
        // Direction, joining, and line separators.
        | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        // Characters without width, or letters that look like a space.
        | '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        // Tags, which can encode whole invisible sentences.
        | '\u{e0000}'..='\u{e0fff}'
    )
}

#[inline(never)]
fn escape(to: &mut String, character: char) {
    match character {
        '\n' => to.push_str("\\n"),
        '\r' => to.push_str("\\r"),
        '\t' => to.push_str("\\t"),
        other => to.push_str(&format!("\\u{{{:x}}}", u32::from(other))),
    }
}

/// The text with invisible characters escaped.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((at, character)) = rest.char_indices().find(|it| is_unseen(it.1)) {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        escape(&mut out, character);
        let mut after = after.chars();
        after.next();
        rest = after.as_str();
    }
    out.push_str(rest);
    out
}

/// One line of at most `most` characters. A run of white space becomes one space, and other invisible characters are
/// escaped.
pub(crate) fn one_line(text: &str, most: usize) -> String {
    let mut out = String::new();
    let mut count = 0;
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
            count += 1;
        }
        for character in word.chars() {
            let before = out.len();
            if is_unseen(character) {
                escape(&mut out, character);
                count += out.len() - before;
            } else {
                out.push(character);
                count += 1;
            }
            if count > most {
                // An escape is shown completely or not at all. To truncate would bring a panic.
                while out.len() > before {
                    out.pop();
                }
                out.push('…');
                return out;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{escaped, is_unseen, one_line};

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(escaped(text), expected, "{text:?}");
        assert_eq!(escaped(expected), expected, "escaped text is not changed again");
    }

    #[test]
    fn control_characters_are_escaped() {
        check("", "");
        check("plain, naïve, 漢字 and 🙂\u{fe0f}", "plain, naïve, 漢字 and 🙂\u{fe0f}");
        check("\u{1b}[2Jgone", "\\u{1b}[2Jgone");
        check("\u{1b}]0;title\u{7}", "\\u{1b}]0;title\\u{7}");
        check("a\r\nb\tc", "a\\r\\nb\\tc");
        check("a\u{0}b\u{7f}c", "a\\u{0}b\\u{7f}c");
        check("\u{9b}31m\u{85}", "\\u{9b}31m\\u{85}");
        check("gpj\u{202e}exe\u{2066}\u{2069}\u{200e}\u{61c}", "gpj\\u{202e}exe\\u{2066}\\u{2069}\\u{200e}\\u{61c}");
        check("a\u{2028}b\u{2029}c", "a\\u{2028}b\\u{2029}c");
        check("k\u{200b}e\u{feff}y\u{ad}\u{2060}", "k\\u{200b}e\\u{feff}y\\u{ad}\\u{2060}");
        check("\u{e0041}\u{e007f}\u{3164}", "\\u{e0041}\\u{e007f}\\u{3164}");
    }

    #[test]
    fn one_line_is_cut_between_characters() {
        assert_eq!(one_line(" a \t b\n\nc\u{2028}d ", 20), "a b c d");
        assert_eq!(one_line("abcdef", 6), "abcdef");
        assert_eq!(one_line("abcdefg", 6), "abcdef…");
        assert_eq!(one_line("ab\u{1b}c", 7), "ab…");
        assert_eq!(one_line("ab\u{1b}c", 8), "ab\\u{1b}…");
        assert_eq!(one_line("ab\u{1b}c", 9), "ab\\u{1b}c");
        assert_eq!(one_line("", 6), "");
    }

    #[test]
    fn letters_and_signs_are_not_escaped() {
        for character in ('\u{0}'..=char::MAX).filter(|it| it.is_alphanumeric() && !is_unseen(*it)).take(100_000) {
            assert!(!character.is_control());
        }
        assert!(('\u{0}'..=char::MAX).filter(|it| it.is_control()).all(is_unseen));
        assert!(!is_unseen(' ') && !is_unseen('\u{a0}') && !is_unseen('\u{301}'));
    }
}
