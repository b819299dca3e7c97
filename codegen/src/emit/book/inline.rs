//! Markdown within a line: code, links, emphasis. Everything else is text, and raw HTML is shown as it is written,
//! `<br>` aside.

use super::{Links, escape, push_escaped};

/// Deeper emphasis and links are text.
const DEPTH: usize = 8;

/// HTML of a run of text.
pub(super) fn html(text: &str, links: &Links<'_>) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    push(&mut out, text, links, DEPTH);
    out
}

/// The text without its marks, for titles and anchors.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let taken = match character {
            '\\' => match escaped(rest) {
                Some(it) => {
                    out.push(it);
                    2
                }
                None => {
                    out.push('\\');
                    1
                }
            },
            '`' | '*' => 1,
            '[' => match link(rest) {
                Some((inside, _, length)) => {
                    out.push_str(&plain(inside));
                    length
                }
                None => {
                    out.push('[');
                    1
                }
            },
            other => {
                out.push(other);
                other.len_utf8()
            }
        };
        rest = &rest[taken..];
    }
    out
}

fn push(out: &mut String, text: &str, links: &Links<'_>, depth: usize) {
    let mut at = 0;
    while let Some(character) = text[at..].chars().next() {
        let rest = &text[at..];
        let before = text[..at].chars().next_back();
        at += match special(out, rest, character, before, links, depth) {
            Some(taken) => taken,
            None => {
                push_escaped(out, character);
                character.len_utf8()
            }
        };
    }
}

/// Writes what begins here and tells how much was taken; nothing if it is plain text.
fn special(
    out: &mut String,
    rest: &str,
    character: char,
    before: Option<char>,
    links: &Links<'_>,
    depth: usize,
) -> Option<usize> {
    match character {
        '\\' => {
            push_escaped(out, escaped(rest)?);
            Some(2)
        }
        '`' => {
            let (code, length) = code(rest)?;
            out.push_str(&format!("<code>{}</code>", escape(code)));
            Some(length)
        }
        '&' => {
            let length = entity(rest)?;
            out.push_str(&rest[..length]);
            Some(length)
        }
        '<' => {
            if rest.starts_with("<br>") {
                out.push_str("<br>");
                return Some(4);
            }
            let (address, _) = rest[1..].split_once('>')?;
            let known = ["https://", "http://", "mailto:"].iter().any(|it| address.starts_with(it));
            if !known || address.contains(char::is_whitespace) {
                return None;
            }
            out.push_str(&format!("<a href=\"{0}\">{0}</a>", escape(address)));
            Some(address.len() + 2)
        }
        '[' if depth > 0 => {
            let (inside, target, length) = link(rest)?;
            match links.resolve(target) {
                Some(address) => {
                    out.push_str(&format!("<a href=\"{}\">", escape(&address)));
                    push(out, inside, links, depth - 1);
                    out.push_str("</a>");
                }
                None => push(out, inside, links, depth - 1),
            }
            Some(length)
        }
        '*' | '_' if depth > 0 => {
            let (tag, mark) = if rest[1..].starts_with(character) { ("strong", 2) } else { ("em", 1) };
            // `snake_case` is no emphasis.
            if character == '_' && before.is_some_and(char::is_alphanumeric) {
                return None;
            }
            let inside = emphasised(rest, mark)?;
            out.push_str(&format!("<{tag}>"));
            push(out, inside, links, depth - 1);
            out.push_str(&format!("</{tag}>"));
            Some(inside.len() + 2 * mark)
        }
        _ => None,
    }
}

/// The character behind a backslash, if it is one that can be escaped.
fn escaped(rest: &str) -> Option<char> {
    rest[1..].chars().next().filter(char::is_ascii_punctuation)
}

/// The inside of a code span and the length of all of it.
fn code(rest: &str) -> Option<(&str, usize)> {
    let ticks = rest.len() - rest.trim_start_matches('`').len();
    let inside = &rest[ticks..];
    let mut from = 0;
    loop {
        let start = from + inside[from..].find('`')?;
        let run = inside[start..].len() - inside[start..].trim_start_matches('`').len();
        from = start + run;
        if run == ticks {
            let code = &inside[..start];
            let padded = code.starts_with(' ') && code.ends_with(' ') && !code.trim_matches(' ').is_empty();
            let shown = if padded { &code[1..code.len() - 1] } else { code };
            return Some((shown, ticks + from));
        }
    }
}

/// The length of `&lt;`, `&#60;`, `&#x3c;`.
fn entity(rest: &str) -> Option<usize> {
    let end = rest.bytes().take(12).position(|it| it == b';')?;
    let name = &rest[1..end];
    let digits = |text: &str, ok: fn(&u8) -> bool| !text.is_empty() && text.as_bytes().iter().all(ok);
    let good = match name.strip_prefix('#') {
        None => digits(name, u8::is_ascii_alphanumeric),
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(number) => digits(number, u8::is_ascii_hexdigit),
            None => digits(number, u8::is_ascii_digit),
        },
    };
    good.then_some(end + 1)
}

/// Text, target and length of `[text](target)`.
fn link(rest: &str) -> Option<(&str, &str, usize)> {
    let mut depth = 0;
    let mut skip = false;
    for (at, character) in rest.char_indices() {
        if std::mem::take(&mut skip) {
            continue;
        }
        match character {
            '\\' => skip = true,
            '[' => depth += 1,
            ']' => {
                depth -= 1;
                if depth == 0 {
                    let target = rest[at + 1..].strip_prefix('(')?;
                    let target = &target[..target.find(')')?];
                    let plain = !target.is_empty() && !target.contains(char::is_whitespace);
                    return plain.then(|| (&rest[1..at], target, at + 3 + target.len()));
                }
            }
            _ => {}
        }
    }
    None
}

/// What stands between marks of this length, which must hug it.
fn emphasised(rest: &str, mark: usize) -> Option<&str> {
    let (marks, inside) = rest.split_at(mark);
    if inside.starts_with(|it: char| it.is_whitespace() || marks.contains(it)) {
        return None;
    }
    let mut skip = false;
    let mut in_code = false;
    for (at, character) in inside.char_indices() {
        if std::mem::take(&mut skip) {
            continue;
        }
        match character {
            '\\' => skip = true,
            '`' => in_code = !in_code,
            _ if !in_code && at > 0 && inside[at..].starts_with(marks) => {
                let after = inside[at + mark..].chars().next();
                let hugs = !inside[..at].ends_with(char::is_whitespace);
                let in_word = marks.starts_with('_') && after.is_some_and(char::is_alphanumeric);
                if hugs && !in_word {
                    return Some(&inside[..at]);
                }
            }
            _ => {}
        }
    }
    None
}
