//! Scalars: without quotes where every reader of YAML takes them for text.

/// A text as a scalar. `flow` is inside of brackets.
pub(super) fn text(text: &str, flow: bool) -> String {
    if is_plain(text, flow) { text.to_owned() } else { quoted(text) }
}

/// In double quotes.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for it in text.chars() {
        match it {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            it if is_unseen(it) => {
                let code = u32::from(it);
                if code <= 0xffff {
                    out.push_str(&format!("\\u{code:04x}"));
                } else {
                    out.push_str(&format!("\\U{code:08x}"));
                }
            }
            it => out.push(it),
        }
    }
    out.push('"');
    out
}

fn is_plain(text: &str, flow: bool) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let starts = !"-?:,[]{}#&*!|>'\"%@` ".contains(first)
        || (first == '-' && text.len() > 1 && text.chars().nth(1).is_some_and(|it| it.is_alphanumeric()));
    let inside = !text.contains(": ") && !text.contains(" #") && !text.ends_with(':') && !text.ends_with(' ');
    let in_flow = !flow || !text.contains([',', '[', ']', '{', '}']) && !text.contains(":\"");
    starts && inside && in_flow && !text.chars().any(is_unseen) && !text.contains(['\n', '\t']) && !is_ambiguous(text)
}

/// What some reader takes for something else than text.
fn is_ambiguous(text: &str) -> bool {
    const WORDS: [&str; 12] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", "=", "<<"];
    let lower = text.to_ascii_lowercase();
    if WORDS.contains(&lower.as_str()) || lower == ".inf" || lower == ".nan" || lower == "-.inf" {
        return true;
    }
    let digits = text.trim_start_matches(['-', '+']);
    // `2019-06-07 15:37:43 +0000 UTC`
    if text.contains(':') && text.split('-').next().is_some_and(|it| it.len() == 4 && it.parse::<u16>().is_ok()) {
        return true;
    }
    // Numbers of all kinds, dates and times.
    digits.starts_with(|it: char| it.is_ascii_digit() || it == '.')
        && text.chars().all(|it| it.is_ascii_hexdigit() || "+-._:xXoOTtZz ".contains(it))
}

fn is_unseen(it: char) -> bool {
    it.is_control()
        || matches!(it, '\u{a0}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{1680}'
            | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}'
            | '\u{205f}'..='\u{206f}' | '\u{2800}' | '\u{3000}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a text can be a block, in which nothing is escaped.
pub(super) fn is_block(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with([' ', '\n'])
        && !text.ends_with([' ', '\n'])
        && !text.chars().any(|it| it != '\n' && is_unseen(it))
        && !text.lines().any(|it| it.ends_with(' '))
}
