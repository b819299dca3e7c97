//! Text of specs and requests made safe to show: what a terminal obeys and what nobody sees is escaped, as `\u{1b}`.
//!
//! Diagnostics with lines of a spec put one character in place of one, so that columns hold: see
//! [`render`](crate::diagnostics::render).

use serde_json::Value;

/// Whether a terminal acts on this character, or shows nothing for it. Line breaks are among them, other white space is
/// not. Variation selectors of emoji are left alone: they change only the character before them.
#[must_use]
pub fn is_unseen(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_control();
    }
    matches!(
        u32::from(character),
        // Control characters of eight bits.
        0x80..=0x9f
        // Direction, joining, and lines of their own.
        | 0x61c | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f
        // No width, or as wide as a space although they are letters.
        | 0xad | 0x34f | 0x115f | 0x1160 | 0x17b4 | 0x17b5 | 0x180b..=0x180f | 0x3164 | 0xfeff | 0xffa0
        | 0xfff0..=0xfffb | 0x1bca0..=0x1bca3 | 0x1d173..=0x1d17a
        // Tags, which can carry whole sentences unseen.
        | 0xe0000..=0xe0fff
    )
}

/// A text on one line.
#[must_use]
pub fn escaped(text: &str) -> String {
    kept(text, |_| false)
}

/// A text of several lines, which stay lines; tabs stay too.
#[must_use]
pub fn escaped_lines(text: &str) -> String {
    kept(text, |it| matches!(it, '\n' | '\t'))
}

fn kept(text: &str, keep: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            other if !is_unseen(other) || keep(other) => out.push(other),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            other => out.push_str(&format!("\\u{{{:x}}}", u32::from(other))),
        }
    }
    out
}

/// A JSON value on one line, that means the same to a program and is safe to show: JSON has escapes of its own.
#[must_use]
pub fn json_line(value: &Value) -> String {
    safe_json(value.to_string())
}

/// JSON without line breaks, made safe to show.
pub(crate) fn safe_json(text: String) -> String {
    // Control characters are escaped already, but for one.
    if text.is_ascii() && !text.as_bytes().contains(&0x7f) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut units = [0; 2];
    for character in text.chars() {
        if is_unseen(character) {
            // Only within texts: what stands between them is plain.
            character.encode_utf16(&mut units).iter().for_each(|it| out.push_str(&format!("\\u{it:04x}")));
        } else {
            out.push(character);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "a\u{1b}[2J\r\n\tb\u{9b}\u{202e}c\u{200b}\u{feff}\u{e0041}\u{7}\u{0}\u{2028}d\u{7f}";

    #[test]
    fn what_a_terminal_obeys_is_escaped() {
        let shown = escaped(HOSTILE);
        let expected =
            "a\\u{1b}[2J\\r\\n\\tb\\u{9b}\\u{202e}c\\u{200b}\\u{feff}\\u{e0041}\\u{7}\\u{0}\\u{2028}d\\u{7f}";
        assert_eq!(shown, expected);
        assert_eq!(escaped(&shown), shown);
        assert_eq!(escaped_lines("a\r\n\tb\u{1b}"), "a\\r\n\tb\\u{1b}");
        assert_eq!(escaped("naïve 漢字 🙂\u{fe0f}"), "naïve 漢字 🙂\u{fe0f}");
    }

    #[test]
    fn json_means_the_same() {
        let value = serde_json::json!({HOSTILE: [HOSTILE, 1, null, "\\u{1b}", "é"]});
        let line = json_line(&value);
        assert!(!line.chars().any(is_unseen), "{line:?}");
        assert!(line.contains("\\udb40\\udc41") && line.contains('é'), "{line}");
        assert_eq!(serde_json::from_str::<Value>(&line).ok(), Some(value));
        assert_eq!(json_line(&serde_json::json!({"a": "b"})), r#"{"a":"b"}"#);
    }
}
