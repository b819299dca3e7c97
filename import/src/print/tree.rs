//! A small tree of YAML, and how it is laid out.

use serde_json::Value;

use super::{Mark, scalar};

/// How wide lines are, if what is on them can be broken.
const WIDTH: usize = 118;

/// How many bytes are surely more than a line, whatever the characters.
const TOO_LONG: usize = 4 * WIDTH;

/// Where parts of a spec are in a text: start, end, part. A part comes before those in it.
pub type Marks = Vec<(u32, u32, Mark)>;

/// A value.
#[derive(Clone, Debug)]
pub(super) enum Yaml {
    /// As it is written.
    Raw(String),
    Text(String),
    /// Prose, which may be a block.
    Prose(String),
    List(Vec<Yaml>),
    Map(Vec<Pair>),
}

/// A key and its value.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    key: String,
    value: Yaml,
    mark: Option<Mark>,
    /// Lines above it.
    comment: Vec<String>,
    /// An empty line above it.
    apart: bool,
    /// Never on one line.
    tall: bool,
    /// The key is a number.
    number: bool,
}

/// A mapping that is put together key by key.
#[derive(Clone, Debug, Default)]
pub(super) struct Map(pub(super) Vec<Pair>);

impl Map {
    pub(super) fn add(&mut self, key: &str, value: Yaml) -> &mut Pair {
        let (key, mark, comment) = (key.to_owned(), None, Vec::new());
        self.0.push(Pair { key, value, mark, comment, apart: false, tall: false, number: false });
        let last = self.0.len() - 1;
        &mut self.0[last]
    }

    pub(super) fn text(&mut self, key: &str, text: &str) {
        if !text.is_empty() {
            self.add(key, Yaml::Text(text.to_owned()));
        }
    }

    /// One text, or a list of several.
    pub(super) fn text_or_list(&mut self, key: &str, texts: &[String]) {
        match texts {
            [] => {}
            [only] => self.text(key, only),
            several => drop(self.add(key, Yaml::List(several.iter().map(|it| Yaml::Text(it.clone())).collect()))),
        }
    }

    pub(super) fn prose(&mut self, key: &str, text: &str) {
        if !text.is_empty() {
            self.add(key, Yaml::Prose(text.to_owned()));
        }
    }

    pub(super) fn flag(&mut self, key: &str, flag: bool) {
        if flag {
            self.add(key, Yaml::Raw("true".to_owned()));
        }
    }

    pub(super) fn whole(self) -> Yaml {
        Yaml::Map(self.0)
    }
}

impl Pair {
    pub(super) fn mark(&mut self, mark: Mark) -> &mut Self {
        self.mark = Some(mark);
        self
    }

    pub(super) fn comment(&mut self, lines: &[String]) -> &mut Self {
        self.comment = lines.to_vec();
        self
    }

    /// With an empty line above.
    pub(super) fn apart(&mut self) -> &mut Self {
        self.apart = true;
        self
    }

    /// With a key that is a number.
    pub(super) fn number(&mut self) -> &mut Self {
        self.number = true;
        self
    }

    /// Never on one line.
    pub(super) fn tall(&mut self) -> &mut Self {
        self.tall = true;
        self
    }
}

/// A JSON value.
pub(super) fn json(value: &Value) -> Yaml {
    match value {
        Value::Null => Yaml::Raw("null".to_owned()),
        Value::Bool(it) => Yaml::Raw(it.to_string()),
        Value::Number(it) => Yaml::Raw(it.to_string()),
        Value::String(it) => Yaml::Text(it.clone()),
        Value::Array(items) => Yaml::List(items.iter().map(json).collect()),
        Value::Object(members) => {
            let mut map = Map::default();
            for (key, value) in members {
                map.add(key, json(value));
            }
            map.whole()
        }
    }
}

/// The text of a whole file.
pub(super) fn print(map: Map) -> (String, Marks) {
    let mut printer = Printer { out: String::new(), marks: Vec::new() };
    printer.pairs(&map.0, 0);
    (printer.out, printer.marks)
}

struct Printer {
    out: String,
    marks: Marks,
}

impl Printer {
    fn pairs(&mut self, pairs: &[Pair], indent: usize) {
        for (at, pair) in pairs.iter().enumerate() {
            if pair.apart && at > 0 {
                self.out.push('\n');
            }
            for line in &pair.comment {
                let line = format!("{}# {line}", " ".repeat(indent));
                self.out.push_str(line.trim_end());
                self.out.push('\n');
            }
            self.out.push_str(&" ".repeat(indent));
            self.pair(pair, indent);
        }
    }

    fn pair(&mut self, pair: &Pair, indent: usize) {
        let start = self.out.len() as u32;
        let slot = pair.mark.map(|mark| {
            self.marks.push((start, start, mark));
            self.marks.len() - 1
        });
        self.out.push_str(&key(pair, false));
        self.out.push(':');
        let column = indent + pair.key.len() + 2;
        self.value(&pair.value, indent, column, pair.tall);
        if let Some(slot) = slot {
            self.marks[slot].1 = self.out.len() as u32;
        }
    }

    /// A value behind its key, and the end of its line.
    fn value(&mut self, value: &Yaml, indent: usize, column: usize, tall: bool) {
        if !tall
            && let Some(line) = flow(value, false)
            && (column + line.chars().count() <= WIDTH || is_short(value))
        {
            self.out.push(' ');
            self.out.push_str(&line);
            self.out.push('\n');
            return;
        }
        match value {
            Yaml::Raw(text) => self.line(text),
            Yaml::Text(text) if text.contains('\n') && scalar::is_block(text) => self.block(text, "|-", indent + 2),
            Yaml::Text(text) => self.line(&scalar::text(text, false)),
            Yaml::Prose(text) if scalar::is_block(text) => {
                let text = wrapped(text, WIDTH.saturating_sub(indent + 2).max(40));
                self.block(&text, "|", indent + 2);
            }
            Yaml::Prose(text) => self.line(&scalar::quoted(text)),
            Yaml::List(items) if items.is_empty() => self.line("[]"),
            Yaml::List(items) if items.iter().all(is_scalar) => self.wrapped_list(items, indent + 2),
            Yaml::List(items) => {
                self.out.push('\n');
                for item in items {
                    self.out.push_str(&" ".repeat(indent + 2));
                    self.out.push('-');
                    self.item(item, indent + 2);
                }
            }
            Yaml::Map(pairs) if pairs.is_empty() => self.line("{}"),
            Yaml::Map(pairs) => {
                self.out.push('\n');
                self.pairs(pairs, indent + 2);
            }
        }
    }

    fn item(&mut self, item: &Yaml, indent: usize) {
        match item {
            Yaml::Map(pairs) if !pairs.is_empty() && !fits(item, indent + 2) => {
                self.out.push(' ');
                for (at, pair) in pairs.iter().enumerate() {
                    if at > 0 {
                        self.out.push_str(&" ".repeat(indent + 2));
                    }
                    self.pair(pair, indent + 2);
                }
            }
            other => self.value(other, indent, indent + 2, false),
        }
    }

    fn line(&mut self, text: &str) {
        self.out.push(' ');
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn block(&mut self, text: &str, header: &str, indent: usize) {
        self.line(header);
        for line in text.lines() {
            if !line.is_empty() {
                self.out.push_str(&" ".repeat(indent));
                self.out.push_str(line);
            }
            self.out.push('\n');
        }
    }

    /// `[a, b, …]` over several lines.
    fn wrapped_list(&mut self, items: &[Yaml], indent: usize) {
        self.out.push('\n');
        let mut line = format!("{}[", " ".repeat(indent));
        for (at, item) in items.iter().enumerate() {
            let text = flow(item, true).unwrap_or_default();
            let last = at + 1 == items.len();
            let piece = if last { format!("{text}]") } else { format!("{text},") };
            if line.chars().count() + piece.chars().count() + 1 > WIDTH && !line.ends_with('[') {
                self.out.push_str(line.trim_end());
                self.out.push('\n');
                line = " ".repeat(indent + 1);
            }
            line.push_str(&piece);
            if !last {
                line.push(' ');
            }
        }
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }
}

/// The key of a pair. A status is a number.
fn key(pair: &Pair, flow: bool) -> String {
    if pair.number { pair.key.clone() } else { scalar::text(&pair.key, flow) }
}

fn is_scalar(value: &Yaml) -> bool {
    matches!(value, Yaml::Raw(_) | Yaml::Text(_))
}

/// What has no better form than one line.
fn is_short(value: &Yaml) -> bool {
    match value {
        Yaml::Raw(_) => true,
        Yaml::Text(text) => !(text.contains('\n') && scalar::is_block(text)),
        _ => false,
    }
}

fn fits(value: &Yaml, column: usize) -> bool {
    flow(value, false).is_some_and(|it| column + it.chars().count() <= WIDTH)
}

/// A value on one line, if it may be on one.
fn flow(value: &Yaml, inside: bool) -> Option<String> {
    Some(match value {
        Yaml::Raw(text) => text.clone(),
        Yaml::Text(text) if !inside && text.contains('\n') && scalar::is_block(text) => return None,
        Yaml::Prose(text) if text.contains('\n') => return None,
        Yaml::Text(text) | Yaml::Prose(text) => scalar::text(text, inside),
        Yaml::List(items) => {
            let mut words = Vec::new();
            let mut length = 0;
            for item in items {
                let word = flow(item, true)?;
                length += word.len();
                words.push(word);
                // What is longer than a line is never on one, and need not be put together.
                if length > TOO_LONG {
                    return None;
                }
            }
            format!("[{}]", words.join(", "))
        }
        Yaml::Map(pairs) => {
            let mut words = Vec::new();
            let mut length = 0;
            for pair in pairs {
                if length > TOO_LONG || !pair.comment.is_empty() || pair.tall || pair.mark.is_some() {
                    return None;
                }
                words.push(format!("{}: {}", key(pair, true), flow(&pair.value, true)?));
                length += words.last().map_or(0, String::len);
            }
            format!("{{{}}}", words.join(", "))
        }
    })
}

/// Prose with lines of some width: paragraphs are wrapped, and lists, tables and code stay as they are.
fn wrapped(text: &str, width: usize) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut code = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            code = !code;
        }
        let is_prose = !code && !line.starts_with([' ', '|', '#', '>']) && !line.starts_with("```");
        if !is_prose || line.chars().count() <= width {
            out.push(line.to_owned());
            continue;
        }
        let hanging = if line.starts_with("- ") || line.starts_with("* ") { "  " } else { "" };
        let mut current = String::new();
        for word in line.split(' ') {
            let starts_something = word.starts_with(['-', '*', '+', '#', '>', '|', '=', '`', '~', '<', '['])
                || word.ends_with(['.', ')']) && word.starts_with(|it: char| it.is_ascii_digit());
            if !current.is_empty()
                && current.chars().count() + 1 + word.chars().count() > width
                && !starts_something
                && !current.trim().is_empty()
            {
                out.push(std::mem::take(&mut current).trim_end().to_owned());
                current.push_str(hanging);
                current.push_str(word);
                continue;
            }
            if !current.is_empty() && current != hanging {
                current.push(' ');
            }
            current.push_str(word);
        }
        out.push(current.trim_end().to_owned());
    }
    out.join("\n")
}
