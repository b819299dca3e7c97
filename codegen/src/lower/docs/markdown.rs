//! Turns the prose of a spec into Markdown that reads the same, whatever characters it contains: no broken links, no HTML,
//! and no code that rustdoc would run.

use specwright_yaml::invisible_characters::is_plain;

use crate::lower::view::Docs;

const WIDTH: usize = 100;

/// Paragraphs, wrapped and escaped. Lines that start with `- ` are a list; fenced blocks stay, and are never run.
pub(crate) fn prose(text: &str) -> Docs {
    let mut lines = Vec::new();
    let mut paragraph = String::new();
    let mut rest = text.lines();
    while let Some(line) = rest.next() {
        let line = visible(line);
        let trimmed = line.trim();
        let fence = opens_fence(trimmed);
        let item = trimmed.strip_prefix("- ");
        if fence.is_some() || trimmed.is_empty() || item.is_some() {
            finish_paragraph(&mut paragraph, &mut lines);
        }
        if let Some((ticks, language)) = fence {
            let closes = |it: &str| it.len() >= ticks && it.bytes().all(|it| it == b'`');
            let inner: Vec<String> = rest.by_ref().take_while(|it| !closes(it.trim())).map(visible).collect();
            fenced(language, &inner, &mut lines);
        } else if trimmed.is_empty() {
            if lines.last().is_some_and(|it: &String| !it.is_empty()) {
                lines.push(String::new());
            }
        } else if let Some(item) = item {
            lines.push(format!("- {}", escape(item)));
        } else {
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(trimmed);
        }
    }
    finish_paragraph(&mut paragraph, &mut lines);
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// How many backticks open a fence, and its language.
fn opens_fence(line: &str) -> Option<(usize, &str)> {
    let language = line.trim_start_matches('`');
    let ticks = line.len() - language.len();
    (ticks >= 3 && !language.contains('`')).then_some((ticks, language.trim()))
}

/// A fenced block. Rustdoc runs what has no language, or Rust's.
fn fenced(language: &str, inner: &[String], lines: &mut Docs) {
    const SHOWN: [&str; 11] = ["bash", "console", "css", "html", "http", "js", "json", "python", "sh", "toml", "yaml"];
    if inner.iter().all(|it| it.trim().is_empty()) {
        return;
    }
    let run = |it: &String| it.split(|it| it != '`').map(str::len).max().unwrap_or(0);
    let ticks = "`".repeat(inner.iter().map(run).max().unwrap_or(0).max(2) + 1);
    let language = SHOWN.iter().find(|it| **it == language).unwrap_or(&"text");
    lines.push(format!("{ticks}{language}"));
    lines.extend(inner.iter().map(|it| it.trim_end().to_owned()));
    lines.push(ticks);
}

/// Escapes and wraps a paragraph.
fn finish_paragraph(paragraph: &mut String, lines: &mut Docs) {
    if !paragraph.is_empty() {
        if lines.last().is_some_and(|it| it.starts_with("- ")) {
            lines.push(String::new());
        }
        wrap(&escape(paragraph), lines);
        paragraph.clear();
    }
}

/// One line of prose, escaped, not wrapped.
pub(crate) fn one_line(text: &str) -> String {
    if is_plain(text) && !text.starts_with(' ') && !text.ends_with(' ') && !text.contains("  ") {
        return escape(text);
    }
    escape(&visible(&text.split_whitespace().collect::<Vec<_>>().join(" ")))
}

/// The first sentence or line.
pub(crate) fn first_line(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|it| !it.is_empty()).unwrap_or_default();
    visible(line)
}

/// A sentence: upper case at the start, a dot at the end.
pub(crate) fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut characters = text.chars();
    let Some(first) = characters.next() else { return String::new() };
    let mut out = String::with_capacity(text.len() + 1);
    out.extend(first.to_uppercase());
    out.push_str(characters.as_str());
    if !out.ends_with(['.', '!', '?', ':', '…', '`']) || out.ends_with('`') {
        out.push('.');
    }
    out
}

/// Escapes invisible characters and those that change the direction of the text.
fn visible(line: &str) -> String {
    if is_plain(line) {
        return line.to_owned();
    }
    let mut out = String::with_capacity(line.len());
    for character in line.chars() {
        match character {
            '\t' => out.push(' '),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{feff}' => {
                out.push_str(&format!("U+{:04X}", u32::from(character)));
            }
            it if it.is_control() => out.push_str(&format!("U+{:04X}", u32::from(it))),
            it => out.push(it),
        }
    }
    out
}

/// Escapes what Markdown and rustdoc would read as something else. Text in backticks stays.
fn escape(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    let mut rest = line;
    while let Some(at) = rest.find('`') {
        escape_text(&rest[..at], out.is_empty(), &mut out);
        let ticks = rest[at..].len() - rest[at..].trim_start_matches('`').len();
        let after = &rest[at + ticks..];
        rest = match end_of_span(after, ticks) {
            Some(end) => {
                out.push_str(&rest[at..at + ticks + end]);
                &after[end..]
            }
            // It would open a span that never ends.
            None => {
                out.push_str(&"\\`".repeat(ticks));
                after
            }
        };
    }
    escape_text(rest, out.is_empty(), &mut out);
    out
}

/// The place behind the backticks that end a span: as many as opened it.
fn end_of_span(text: &str, ticks: usize) -> Option<usize> {
    let mut at = 0;
    loop {
        at += text[at..].find('`')?;
        let run = text[at..].len() - text[at..].trim_start_matches('`').len();
        at += run;
        if run == ticks {
            return Some(at);
        }
    }
}

fn escape_text(text: &str, at_start: bool, out: &mut String) {
    let is_sign = |it| matches!(it, b'[' | b']' | b'<' | b'>' | b'*' | b'_' | b'\\' | b'~' | b'|' | b'$' | b'&' | b':');
    let may_start_block =
        |it: &str| it.starts_with(['#', '-', '+', '=']) || it.starts_with(|it: char| it.is_ascii_digit());
    let may_need_escapes = text.bytes().any(is_sign) || (at_start && may_start_block(text));
    if !may_need_escapes {
        return out.push_str(text);
    }
    let has_addresses = text.contains("://");
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 {
            out.push(' ');
        }
        if has_addresses && let Some((before, link, after)) = find_address(word) {
            escape_text(before, at_start && index == 0, out);
            out.push_str(&format!("<{link}>"));
            escape_text(after, false, out);
            continue;
        }
        for (at, character) in word.char_indices() {
            let first = at_start && index == 0 && at == 0;
            match character {
                '[' | ']' | '<' | '>' | '*' | '_' | '\\' | '~' | '|' | '$' => out.push('\\'),
                '#' | '-' | '+' | '=' if first => out.push('\\'),
                // `1.` starts a list, `0.5` does not.
                '.' | ')'
                    if at_start
                        && index == 0
                        && (1..10).contains(&at)
                        && at + 1 == word.len()
                        && word[..at].bytes().all(|it| it.is_ascii_digit()) =>
                {
                    out.push('\\');
                }
                '&' => out.push('\\'),
                _ => {}
            }
            out.push(character);
        }
    }
}

/// The first address in a word, with what stands around it. Rustdoc wants addresses marked as such.
fn find_address(word: &str) -> Option<(&str, &str, &str)> {
    let start = ["https://", "http://"].iter().filter_map(|it| word.find(it)).min()?;
    let (before, rest) = word.split_at(start);
    let end = rest.find(['<', '>', '[', ']', '(', ')', '\\', '"', '\'', '|']).unwrap_or(rest.len());
    let link = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?']);
    Some((before, link, &rest[link.len()..]))
}

/// A note of a deprecation. The compiler shows it as it is, and rustdoc as Markdown: it has no links but addresses.
pub(crate) fn deprecation_note(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let has_code = text.matches('`').count().is_multiple_of(2);
    let mut in_code = false;
    let mut unlinked = |part: &str, out: &mut String| {
        for character in part.chars() {
            in_code ^= character == '`' && has_code;
            if !in_code && matches!(character, '[' | ']' | '<' | '>') {
                out.push('\\');
            }
            out.push(character);
        }
    };
    for word in visible(text).split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        match find_address(word) {
            Some((before, link, after)) => {
                unlinked(before, &mut out);
                out.push_str(&format!("<{link}>"));
                unlinked(after, &mut out);
            }
            None => unlinked(word, &mut out),
        }
    }
    out
}

/// Breaks a line at spaces outside of backticks.
pub(super) fn wrap(line: &str, out: &mut Vec<String>) {
    if line.len() <= WIDTH && !line.is_empty() && !line.starts_with(' ') {
        return out.push(line.to_owned());
    }
    let mut current = String::new();
    let mut width = 0;
    let mut in_code = false;
    for word in line.split(' ') {
        let length = word.chars().count();
        // What starts a line must not read as a heading, a list or a quote.
        let harmless = !word.starts_with(['#', '-', '+', '>', '=', '|'])
            && !word.starts_with("``")
            && !word.starts_with(|it: char| it.is_ascii_digit());
        if width > 0 && width + 1 + length > WIDTH && !in_code && harmless {
            out.push(std::mem::take(&mut current));
            width = 0;
        }
        if width > 0 {
            current.push(' ');
            width += 1;
        }
        current.push_str(word);
        width += length;
        if word.matches('`').count() % 2 == 1 {
            in_code = !in_code;
        }
    }
    if !current.is_empty() {
        out.push(current);
    }
}

/// Joins blocks with an empty line between.
pub(crate) fn join(parts: impl IntoIterator<Item = Docs>) -> Docs {
    let mut lines: Docs = Vec::new();
    for part in parts {
        if part.is_empty() {
            continue;
        }
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.extend(part);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{deprecation_note, prose};

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(prose(text), expected);
    }

    #[test]
    fn hostile_prose_stays_prose() {
        check("a [link](x) and <b>bold</b>", &[r"a \[link\](x) and \<b\>bold\</b\>"]);
        check("# heading", &[r"\# heading"]);
        check("1. one", &[r"1\. one"]);
        check("0.5 to 1", &["0.5 to 1"]);
        check("see https://example.com/a_b.", &["see <https://example.com/a_b>."]);
        check("see (https://example.com/a_b), so", &["see (<https://example.com/a_b>), so"]);
        check("https://example.com/a?b=[c]", &[r"<https://example.com/a?b=>\[c\]"]);
        check("`[code]` stays", &["`[code]` stays"]);
        check("an odd ` tick", &[r"an odd \` tick"]);
        check("a\u{202e}b", &["aU+202Eb"]);
        check("    indented is no code", &["indented is no code"]);
        check("```\nlet x;\n```", &["```text", "let x;", "```"]);
        check("```\nnever closed", &["```text", "never closed", "```"]);
        check("```rust\nno Rust\n```", &["```text", "no Rust", "```"]);
        check("```json\n{}\n```\nafter", &["```json", "{}", "```", "after"]);
        check("`````\n```\n`````", &["````text", "```", "````"]);
        check("```\n```", &[]);
        check("```not a fence```", &["```not a fence```"]);
        check("``a`b``<x>` y", &[r"``a`b``\<x\>\` y"]);
        check("one\n\n\n\ntwo\n", &["one", "", "two"]);
        check("*/ \"# &amp;", &["\\*/ \"# \\&amp;"]);
    }

    #[test]
    fn notes_have_no_links_but_addresses() {
        for (text, expected) in [
            ("Use `x_y` instead.", "Use `x_y` instead."),
            ("see [x](y) and `[z]`", r"see \[x\](y) and `[z]`"),
            ("see https://x.example/a_b.", "see <https://x.example/a_b>."),
            ("an odd ` [x]", r"an odd ` \[x\]"),
        ] {
            assert_eq!(deprecation_note(text), expected);
        }
    }

    #[test]
    fn long_prose_is_wrapped_outside_code() {
        let text = format!("{} `{}` end", "word ".repeat(30).trim(), "in code ".repeat(20).trim());
        let lines = prose(&text);
        assert!(lines.len() > 2);
        assert!(lines.iter().all(|it| it.matches('`').count() % 2 == 0), "{lines:?}");
    }
}
