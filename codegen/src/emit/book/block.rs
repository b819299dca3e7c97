//! Markdown in blocks: headings, paragraphs, lists, tables, quotes and code, as the project's documents use them.

use std::collections::BTreeMap;

use super::{Links, escape, inline};
use crate::emit::markdown::anchor;

/// Deeper lists and quotes are paragraphs.
const DEPTH: usize = 8;

/// HTML of a document.
pub(super) fn html(markdown: &str, links: &Links<'_>) -> String {
    let lines: Vec<&str> = markdown.lines().collect();
    let mut writer = Writer { links, anchors: BTreeMap::new(), out: String::new() };
    writer.blocks(&lines, DEPTH);
    writer.out
}

struct Writer<'a> {
    links: &'a Links<'a>,
    /// How often an anchor was given: the second gets `-1`.
    anchors: BTreeMap<String, usize>,
    out: String,
}

impl Writer<'_> {
    fn blocks(&mut self, lines: &[&str], depth: usize) {
        let mut at = 0;
        while at < lines.len() {
            at += self.block(&lines[at..], depth).max(1);
        }
    }

    /// Writes the block that begins with the first line and tells how many lines it took.
    fn block(&mut self, lines: &[&str], depth: usize) -> usize {
        let line = lines[0];
        let trimmed = line.trim();
        if trimmed.is_empty() || (trimmed.starts_with("<!--") && trimmed.ends_with("-->")) {
            1
        } else if let Some(ticks) = fence(trimmed) {
            self.code(lines, ticks)
        } else if let Some((level, text)) = heading(trimmed) {
            self.heading(level, text);
            1
        } else if trimmed.starts_with('|') && lines.get(1).is_some_and(|it| is_delimiter(it)) {
            self.table(lines)
        } else if is_rule(trimmed) {
            self.out.push_str("<hr>\n");
            1
        } else if depth > 0 && trimmed.starts_with('>') {
            self.quote(lines, depth)
        } else if let Some(item) = item(line).filter(|_| depth > 0) {
            self.list(lines, &item, depth)
        } else {
            self.paragraph(lines)
        }
    }

    fn code(&mut self, lines: &[&str], ticks: usize) -> usize {
        let indent = lines[0].len() - lines[0].trim_start().len();
        let language = lines[0].trim().trim_start_matches('`').trim();
        let closes =
            |it: &&str| fence(it.trim()).is_some_and(|it| it >= ticks) && it.trim().bytes().all(|it| it == b'`');
        let length = lines[1..].iter().position(closes).unwrap_or(lines.len() - 1);
        let class =
            if language.is_empty() { String::new() } else { format!(" class=\"language-{}\"", escape(language)) };
        self.out.push_str(&format!("<pre><code{class}>"));
        for line in &lines[1..=length] {
            let own = line.len() - line.trim_start_matches(' ').len();
            self.out.push_str(&escape(&line[own.min(indent)..]));
            self.out.push('\n');
        }
        self.out.push_str("</code></pre>\n");
        (length + 2).min(lines.len())
    }

    fn heading(&mut self, level: usize, text: &str) {
        let id = anchor(&inline::plain(text));
        let times = self.anchors.entry(id.clone()).or_default();
        let id = if *times == 0 { id } else { format!("{id}-{times}") };
        *times += 1;
        let shown = inline::html(text, self.links);
        self.out.push_str(&format!(
            "<h{level} id=\"{0}\"><a class=\"anchor\" href=\"#{0}\">#</a>{shown}</h{level}>\n",
            escape(&id)
        ));
    }

    fn table(&mut self, lines: &[&str]) -> usize {
        let length = lines.iter().take_while(|it| it.trim().starts_with('|')).count();
        self.out.push_str("<div class=\"wide\"><table>\n");
        for (index, line) in lines[..length].iter().enumerate().filter(|(index, _)| *index != 1) {
            let tag = if index == 0 { "th" } else { "td" };
            let cells = cells(line).into_iter().map(|it| format!("<{tag}>{}</{tag}>", inline::html(&it, self.links)));
            let row: String = cells.collect();
            self.out.push_str(&format!("<tr>{row}</tr>\n"));
        }
        self.out.push_str("</table></div>\n");
        length
    }

    fn quote(&mut self, lines: &[&str], depth: usize) -> usize {
        let length = lines.iter().take_while(|it| it.trim_start().starts_with('>')).count();
        let inside = lines[..length].iter().map(|it| it.trim_start().trim_start_matches('>'));
        let inside: Vec<&str> = inside.map(|it| it.strip_prefix(' ').unwrap_or(it)).collect();
        self.out.push_str("<blockquote>\n");
        self.blocks(&inside, depth - 1);
        self.out.push_str("</blockquote>\n");
        length
    }

    fn list(&mut self, lines: &[&str], first: &Item<'_>, depth: usize) -> usize {
        let tag = if first.ordered { "ol" } else { "ul" };
        self.out.push_str(&format!("<{tag}>\n"));
        let mut at = 0;
        while let Some(found) = lines.get(at).and_then(|it| item(it)).filter(|it| it.belongs_to(first)) {
            let mut inside = vec![found.text];
            at += 1;
            while let Some(line) = lines.get(at) {
                let next = lines.get(at + 1).filter(|it| !it.trim().is_empty());
                let goes_on = match line.trim().is_empty() {
                    // A blank line ends the item unless what follows is indented as its text.
                    true => next.is_some_and(|it| indent(it) >= found.width),
                    false => {
                        indent(line) >= found.width || (item(line).is_none() && !starts_block(line, lines.get(at + 1)))
                    }
                };
                if !goes_on {
                    break;
                }
                inside.push(&line[indent(line).min(found.width)..]);
                at += 1;
            }
            self.item(&inside, depth);
            // A blank line between items.
            if lines.get(at).is_some_and(|it| it.trim().is_empty())
                && lines.get(at + 1).and_then(|it| item(it)).is_some_and(|it| it.belongs_to(first))
            {
                at += 1;
            }
        }
        self.out.push_str(&format!("</{tag}>\n"));
        at
    }

    /// An item of one paragraph needs no paragraph around it.
    fn item(&mut self, lines: &[&str], depth: usize) {
        self.out.push_str("<li>");
        let simple = lines.iter().all(|it| !it.trim().is_empty() && item(it).is_none() && !starts_block(it, None));
        if simple {
            let text = lines.iter().map(|it| it.trim()).collect::<Vec<_>>().join("\n");
            self.out.push_str(&inline::html(&text, self.links));
        } else {
            self.out.push('\n');
            self.blocks(lines, depth - 1);
        }
        self.out.push_str("</li>\n");
    }

    fn paragraph(&mut self, lines: &[&str]) -> usize {
        let more = (1..lines.len())
            .take_while(|&at| {
                let line = lines[at];
                !line.trim().is_empty() && item(line).is_none() && !starts_block(line, lines.get(at + 1))
            })
            .count();
        let text = lines[..=more].iter().map(|it| it.trim()).collect::<Vec<_>>().join("\n");
        self.out.push_str(&format!("<p>{}</p>\n", inline::html(&text, self.links)));
        more + 1
    }
}

/// Whether a line ends the paragraph before it.
fn starts_block(line: &str, next: Option<&&str>) -> bool {
    let line = line.trim();
    fence(line).is_some()
        || heading(line).is_some()
        || line.starts_with('>')
        || is_rule(line)
        || (line.starts_with('|') && next.is_some_and(|it| is_delimiter(it)))
}

/// How many backticks open or close a block of code here.
fn fence(line: &str) -> Option<usize> {
    let ticks = line.bytes().take_while(|it| *it == b'`').count();
    (ticks >= 3 && !line[ticks..].contains('`')).then_some(ticks)
}

fn heading(line: &str) -> Option<(usize, &str)> {
    let level = line.bytes().take_while(|it| *it == b'#').count();
    let text = line[level..].strip_prefix(' ')?;
    (1..=6).contains(&level).then(|| (level, text.trim()))
}

fn is_rule(line: &str) -> bool {
    line.len() >= 3 && ["-", "*", "_"].iter().any(|it| line.replace(it, "").is_empty())
}

fn is_delimiter(line: &str) -> bool {
    let line = line.trim();
    line.starts_with('|') && line.contains('-') && line.bytes().all(|it| matches!(it, b'|' | b'-' | b':' | b' '))
}

/// Cells of a row; `\|` is a pipe in one.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let mut cells = vec![String::new()];
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        let piece = match character {
            '\\' if characters.peek() == Some(&'|') => characters.next().into_iter().collect(),
            // Kept for the reader of the cell; a pipe behind it belongs to it.
            '\\' => std::iter::once('\\').chain(characters.next()).collect::<String>(),
            '|' => {
                cells.push(String::new());
                continue;
            }
            other => other.to_string(),
        };
        if let Some(cell) = cells.last_mut() {
            cell.push_str(&piece);
        }
    }
    // What is behind the last pipe is no cell.
    if cells.last().is_some_and(|it| it.trim().is_empty()) {
        cells.pop();
    }
    cells.into_iter().map(|it| it.trim().to_owned()).collect()
}

/// The first line of a list's item.
struct Item<'a> {
    ordered: bool,
    /// Columns before the mark.
    indent: usize,
    /// Columns before the text.
    width: usize,
    text: &'a str,
}

impl Item<'_> {
    fn belongs_to(&self, first: &Item<'_>) -> bool {
        self.ordered == first.ordered && self.indent == first.indent
    }
}

fn item(line: &str) -> Option<Item<'_>> {
    let indent = indent(line);
    let rest = &line[indent..];
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let mark = match rest.as_bytes().get(digits)? {
        b'-' | b'*' | b'+' if digits == 0 => 1,
        b'.' | b')' if (1..=9).contains(&digits) => digits + 1,
        _ => return None,
    };
    let text = rest[mark..].strip_prefix(' ')?;
    let spaces = 1 + text.len() - text.trim_start_matches(' ').len();
    (!is_rule(rest.trim())).then(|| Item {
        ordered: digits > 0,
        indent,
        width: indent + mark + spaces,
        text: text.trim(),
    })
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}
