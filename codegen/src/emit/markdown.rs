//! Spec text as Markdown that shows exactly that text.
//!
//! What authors write is text, not Markdown: it may hold pipes, HTML, links or characters that turn the reading
//! direction around, and none of it may change how a page is read. The one exception is `code` in backticks, which
//! stays code. Every text of a page goes through one of these functions exactly once, before it reaches a page.

#[cfg(test)]
mod tests;

use serde_json::Value;

/// Text that flows: paragraphs stay apart, lines stay lines, nothing starts a list, a heading or a quote.
#[must_use]
pub fn block(text: &str) -> String {
    let paragraphs = paragraphs(text);
    let shown = paragraphs.iter().map(|it| text_and_items(it));
    shown.collect::<Vec<_>>().join("\n\n")
}

/// A paragraph; lines that start with `- ` are a list, and so is what follows them.
fn text_and_items(lines: &[&str]) -> String {
    let n_text = lines.iter().position(|it| it.starts_with("- ")).unwrap_or(lines.len());
    let (text, items) = lines.split_at(n_text);
    let mut out = prose(&text.join("\n"), TextContext::Line);
    let mut separator = if text.is_empty() { "" } else { "\n\n" };
    let mut rest = items;
    while let Some((first, more)) = rest.split_first() {
        let n_more = more.iter().position(|it| it.starts_with("- ")).unwrap_or(more.len());
        let item = [&[first.strip_prefix("- ").unwrap_or(first)], &more[..n_more]].concat().join(" ");
        out.push_str(&format!("{separator}- {}", prose(&item, TextContext::Line)));
        separator = "\n";
        rest = &more[n_more..];
    }
    out
}

/// Text on one line, as in a list item: what was a line break becomes a space.
#[must_use]
pub fn inline(text: &str) -> String {
    let is_one_line = !text.starts_with(' ') && !text.ends_with(' ') && !text.contains("  ");
    if is_one_line && is_plain_prose(text, TextContext::Line) {
        return text.to_owned();
    }
    prose(&text.split_whitespace().collect::<Vec<_>>().join(" "), TextContext::Line)
}

/// Text in a cell of a table: one line, no pipe; paragraphs are kept apart by `<br>`.
#[must_use]
pub fn cell(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    if is_plain_prose(text, TextContext::Cell) {
        let is_trimmed = matches!(text.as_bytes(), [b'!'..=b'~'] | [b'!'..=b'~', .., b'!'..=b'~']);
        return if is_trimmed { text } else { text.trim() }.to_owned();
    }
    let paragraphs = paragraphs(text);
    let shown = paragraphs.iter().map(|it| prose(&it.join(" "), TextContext::Cell));
    shown.collect::<Vec<_>>().join("<br>")
}

/// Text behind `# `: one line.
#[must_use]
pub fn heading(text: &str) -> String {
    prose(&text.split_whitespace().collect::<Vec<_>>().join(" "), TextContext::Heading)
}

/// Text as a code span, whatever it holds.
#[must_use]
pub fn code(text: &str) -> String {
    if text.is_empty() {
        return "`\"\"`".to_owned();
    }
    if is_plain(text, &PLAIN_CODE) && !text.starts_with(' ') {
        return ["`", text, "`"].concat();
    }
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\t' => shown.push(' '),
            _ => push_visible(&mut shown, character),
        }
    }
    let ticks = "`".repeat(shorter_than(&longest_runs(&shown, '`')));
    let only_spaces = shown.trim_matches(' ').is_empty();
    // A space on both sides would be taken off again, and a backtick at an edge would join the ticks.
    let spaced = shown.starts_with(' ') && shown.ends_with(' ') && !only_spaces;
    let padded = spaced || shown.starts_with('`') || shown.ends_with('`');
    let pad = if padded { " " } else { "" };
    format!("{ticks}{pad}{shown}{pad}{ticks}")
}

/// Text as a code span in a cell of a table.
#[must_use]
pub fn code_cell(text: &str) -> String {
    let code = code(text);
    if code.contains('|') { code.replace('|', "\\|") } else { code }
}

/// A fenced block. The fence is longer than any run of backticks in the text.
#[must_use]
pub fn fence(language: &str, text: &str) -> String {
    if is_plain(text, &PLAIN_BLOCK) {
        return ["```", language, "\n", text.trim_end_matches('\n'), "\n```"].concat();
    }
    let longest = longest_runs(text, '`').into_iter().max().unwrap_or(0);
    let ticks = "`".repeat(longest.max(2) + 1);
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\t' => shown.push(character),
            _ => push_visible(&mut shown, character),
        }
    }
    format!("{ticks}{language}\n{}\n{ticks}", shown.trim_end_matches('\n'))
}

/// A JSON value as a fenced block. Characters that do not show are written as JSON escapes, so that it stays JSON.
#[must_use]
pub fn json(value: &Value) -> String {
    // Values of JSON can always be written.
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    if is_plain(&text, &PLAIN_BLOCK) {
        return fence("json", &text);
    }
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_hidden_character(character) && character != '\n' {
            // In JSON text these stand only inside strings, and all of them are below U+10000.
            shown.push_str(&format!("\\u{:04x}", u32::from(character)));
        } else {
            shown.push(character);
        }
    }
    fence("json", &shown)
}

/// A table whose cells are Markdown already. A column in which no row has anything is left out, and so is a table
/// without rows.
#[must_use]
pub fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let filled = |column: usize| rows.iter().any(|it| it.get(column).is_some_and(|cell| !cell.is_empty()));
    let columns: Vec<usize> = (0..head.len()).filter(|it| filled(*it)).collect();
    let size: usize = rows.iter().flatten().map(|it| it.len() + " | ".len()).sum();
    let mut out = String::with_capacity(size + 2 * rows.len() + 100);
    out.push('|');
    for column in &columns {
        push_cell(&mut out, head[*column]);
    }
    out.push_str("\n|");
    out.push_str(&"---|".repeat(columns.len()));
    for row in rows {
        out.push_str("\n|");
        for column in &columns {
            push_cell(&mut out, row.get(*column).map_or("", String::as_str));
        }
    }
    out
}

fn push_cell(out: &mut String, cell: &str) {
    out.push(' ');
    out.push_str(cell);
    out.push_str(" |");
}

/// The end of an address that leads to a heading: lower case, no punctuation, spaces as `-`.
#[must_use]
pub fn anchor(heading: &str) -> String {
    let mut anchor = String::new();
    for character in heading.chars().flat_map(char::to_lowercase) {
        match character {
            ' ' => anchor.push('-'),
            '-' | '_' => anchor.push(character),
            _ if character.is_alphanumeric() => anchor.push(character),
            _ => {}
        }
    }
    anchor
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum TextContext {
    Line,
    Cell,
    Heading,
}

/// Lines without their indent, grouped at empty lines.
fn paragraphs(text: &str) -> Vec<Vec<&str>> {
    let mut all = vec![Vec::new()];
    for line in text.lines().map(str::trim) {
        match all.last_mut() {
            Some(last) if !line.is_empty() => last.push(line),
            Some(last) if !last.is_empty() => all.push(Vec::new()),
            _ => {}
        }
    }
    all.retain(|it| !it.is_empty());
    all
}

/// Which bytes are visible ASCII or a space, and none of these signs.
const fn plain_but(signs: &[u8]) -> [bool; 256] {
    let mut plain = [false; 256];
    let mut byte = b' ';
    while byte <= b'~' {
        plain[byte as usize] = true;
        byte += 1;
    }
    let mut at = 0;
    while at < signs.len() {
        plain[signs[at] as usize] = false;
        at += 1;
    }
    plain
}

/// Most text has nothing to be escaped.
static PLAIN_PROSE: [bool; 256] = plain_but(b"`\\*[]<|~#_&");
static PLAIN_CODE: [bool; 256] = plain_but(b"`");
/// As [`PLAIN_CODE`], on several lines.
static PLAIN_BLOCK: [bool; 256] = {
    let mut plain = PLAIN_CODE;
    plain[b'\n' as usize] = true;
    plain
};

fn is_plain(text: &str, plain: &[bool; 256]) -> bool {
    text.as_bytes().iter().all(|it| plain[usize::from(*it)])
}

/// Whether [`prose`] leaves a text as it is.
fn is_plain_prose(text: &str, place: TextContext) -> bool {
    let starts_block = |it: u8| it.is_ascii_digit() || b"#-+=>:".contains(&it);
    let may_start_block = place == TextContext::Line && text.bytes().next().is_some_and(starts_block);
    // To look for a character is quicker, and most texts do not have it.
    !may_start_block && is_plain(text, &PLAIN_PROSE) && !(text.contains(':') && text.contains("://"))
}

fn prose(text: &str, place: TextContext) -> String {
    if is_plain_prose(text, place) {
        return text.to_owned();
    }
    let characters: Vec<char> = text.chars().collect();
    let closings = BacktickRuns::of(&characters);
    let mut out = String::with_capacity(text.len() + 8);
    let mut at = 0;
    // Nothing in a cell or behind `# ` starts a block.
    let mut line_start = place == TextContext::Line;
    while at < characters.len() {
        let character = characters[at];
        if character == '`' {
            let run = run_length(&characters, at);
            match closings.after(at + run, run) {
                Some(close) => {
                    let inside: String =
                        characters[at + run..close].iter().map(|it| if *it == '\n' { ' ' } else { *it }).collect();
                    out.push_str(&if place == TextContext::Cell {
                        code_cell(trim_code_span(&inside))
                    } else {
                        code(trim_code_span(&inside))
                    });
                    at = close + run;
                }
                None => {
                    out.push_str(&"\\`".repeat(run));
                    at += run;
                }
            }
            line_start = false;
            continue;
        }
        if let Some(length) = address(&characters, at) {
            out.push('<');
            out.extend(&characters[at..at + length]);
            out.push('>');
            at += length;
            line_start = false;
            continue;
        }
        if line_start {
            line_start = false;
            at += push_line_start(&mut out, &characters[at..]);
            continue;
        }
        if character == '\n' {
            line_start = place == TextContext::Line;
            out.push('\n');
        } else {
            if needs_escape(&characters, at, place) {
                out.push('\\');
            }
            push_visible(&mut out, character);
        }
        at += 1;
    }
    out
}

/// Writes the first characters of a line where they would start a block; tells how many it wrote.
fn push_line_start(out: &mut String, line: &[char]) -> usize {
    let digits = line.iter().take_while(|it| it.is_ascii_digit()).count();
    let ends_at = |at: usize| line.get(at).is_none_or(|it| it.is_whitespace());
    if digits > 0 && matches!(line.get(digits), Some('.' | ')')) && ends_at(digits + 1) {
        out.extend(&line[..digits]);
        out.push('\\');
        out.push(line[digits]);
        return digits + 1;
    }
    match line.first() {
        Some('-' | '+' | ':') if !ends_at(1) && line[1] != '-' => {
            out.push(line[0]);
            1
        }
        Some('#' | '-' | '+' | '=' | '>' | ':') => {
            out.push('\\');
            out.push(line[0]);
            1
        }
        Some(_) if digits > 0 => {
            out.extend(&line[..digits]);
            digits
        }
        Some(&first) => {
            if needs_escape(line, 0, TextContext::Line) {
                out.push('\\');
            }
            push_visible(out, first);
            1
        }
        None => 0,
    }
}

fn needs_escape(text: &[char], at: usize, place: TextContext) -> bool {
    let next = text.get(at + 1).copied();
    match text[at] {
        '\\' | '*' | '[' | ']' | '<' | '|' | '~' => true,
        '#' => place == TextContext::Heading,
        // Inside a word an underscore means nothing.
        '_' => {
            let before = at.checked_sub(1).and_then(|it| text.get(it)).is_some_and(|it| it.is_alphanumeric());
            !(before && next.is_some_and(char::is_alphanumeric))
        }
        '&' => next.is_some_and(|it| it == '#' || it.is_ascii_alphanumeric()),
        _ => false,
    }
}

/// How long the bare address that starts here is; closing punctuation is not part of it.
fn address(text: &[char], at: usize) -> Option<usize> {
    if text[at] != 'h' || at.checked_sub(1).is_some_and(|it| text[it].is_alphanumeric()) {
        return None;
    }
    let scheme = ["https://", "http://"].iter().find(|it| starts_with(&text[at..], it))?.len();
    let is_part = |it: &&char| it.is_ascii_alphanumeric() || "-._~/?#=%&+:@!$,;()'{}".contains(**it);
    let mut length = scheme + text[at + scheme..].iter().take_while(is_part).count();
    while length > scheme && matches!(text[at + length - 1], '.' | ',' | ';' | ':' | '!' | '?' | ')' | '\'') {
        length -= 1;
    }
    (length > scheme && text[at + scheme].is_ascii_alphanumeric()).then_some(length)
}

fn starts_with(text: &[char], prefix: &str) -> bool {
    prefix.chars().enumerate().all(|(at, it)| text.get(at) == Some(&it))
}

fn run_length(text: &[char], at: usize) -> usize {
    text[at..].iter().take_while(|it| **it == '`').count()
}

/// Where runs of backticks start, by their length: finds the end of a code span without reading the text again.
struct BacktickRuns(std::collections::BTreeMap<usize, Vec<usize>>);

impl BacktickRuns {
    fn of(text: &[char]) -> Self {
        let mut runs = std::collections::BTreeMap::<usize, Vec<usize>>::new();
        let mut at = 0;
        while at < text.len() {
            if text[at] != '`' {
                at += 1;
                continue;
            }
            let length = run_length(text, at);
            runs.entry(length).or_default().push(at);
            at += length;
        }
        Self(runs)
    }

    fn after(&self, at: usize, length: usize) -> Option<usize> {
        let starts = self.0.get(&length)?;
        starts.get(starts.partition_point(|it| *it < at)).copied()
    }
}

/// What a code span shows: one space on each side belongs to the ticks.
fn trim_code_span(inside: &str) -> &str {
    match inside.strip_prefix(' ').and_then(|it| it.strip_suffix(' ')) {
        Some(inner) if !inner.trim_matches(' ').is_empty() => inner,
        _ => inside,
    }
}

fn longest_runs(text: &str, wanted: char) -> Vec<usize> {
    let mut runs = Vec::new();
    let mut length = 0;
    for character in text.chars() {
        if character == wanted {
            length += 1;
        } else if length > 0 {
            runs.push(length);
            length = 0;
        }
    }
    if length > 0 {
        runs.push(length);
    }
    runs
}

/// The smallest number of backticks that is not the length of a run.
fn shorter_than(runs: &[usize]) -> usize {
    (1..=runs.len() + 1).find(|it| !runs.contains(it)).unwrap_or(1)
}

fn push_visible(out: &mut String, character: char) {
    if character == '\t' {
        out.push(' ');
    } else if is_hidden_character(character) {
        out.push_str(&character.escape_unicode().to_string());
    } else {
        out.push(character);
    }
}

/// Controls, and characters that reorder or hide what stands around them. Joiners stay: emoji need them.
fn is_hidden_character(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
