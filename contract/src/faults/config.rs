//! Plans in a file: YAML, read as strictly as specs. Every problem has its place.

use specwright_codegen::diagnostics::Diagnostics;
use specwright_codegen::source::{Sources, Span};
use specwright_codegen::yaml::{self, Entry, Kind, Node};

use super::language::{FaultSource, Item, effect, selector};
use super::plan::Rule;
use super::problem::{Problem, shown};

/// The content of a file.
pub(super) struct Config {
    pub(super) seed: Option<u64>,
    pub(super) rules: Vec<Rule>,
}

const SHAPE: &str =
    "the file is a map with `faults:`, a list of maps like `{where: POST /api/v1/*, status: 503}`, and `seed:`";

/// Reads a file. `name` is its name in messages.
pub(super) fn read(name: &str, text: &str) -> Result<Config, Vec<Problem>> {
    let mut sources = Sources::default();
    let file = sources.add(name, text);
    let mut diagnostics = Diagnostics::new();
    let node = yaml::parse(file, text, &mut diagnostics);
    let mut reader = Reader { sources: &sources, name, out: Vec::new() };
    let has_errors = diagnostics.has_errors();
    for diagnostic in diagnostics.into_sorted().into_iter().filter(|_| has_errors) {
        let help = diagnostic.help.clone().unwrap_or_else(|| "see the rules of YAML in the spec language".to_owned());
        reader.say(diagnostic.primary.span, diagnostic.message.clone(), help);
    }
    let config = node.filter(|_| !has_errors).map(|it| reader.config(&it));
    match config {
        Some(config) if reader.out.is_empty() => Ok(config),
        _ => {
            if reader.out.is_empty() {
                reader.say(Span::new(file, 0, 0), "the file is empty".to_owned(), SHAPE.to_owned());
            }
            Err(reader.out)
        }
    }
}

struct Reader<'a> {
    sources: &'a Sources,
    name: &'a str,
    out: Vec<Problem>,
}

impl Reader<'_> {
    fn place(&self, span: Span) -> String {
        let at = self.sources.location(span);
        format!("{}:{}:{}", self.name, at.line, at.column)
    }

    fn say(&mut self, span: Span, message: String, help: String) {
        let place = self.place(span);
        self.out.push(Problem { place, message, help });
    }

    fn config(&mut self, node: &Node) -> Config {
        let mut config = Config { seed: None, rules: Vec::new() };
        let Some(entries) = node.as_map() else {
            self.say(node.span, format!("expected a map, found {}", node.describe()), SHAPE.to_owned());
            return config;
        };
        for entry in entries {
            match &*entry.key.value {
                "seed" => {
                    let seed = entry.value.as_scalar().and_then(|it| it.text.parse().ok());
                    if seed.is_none() {
                        let message = "`seed` is not a whole number".to_owned();
                        self.say(entry.value.span, message, "write one from 0 on, like `seed: 7`".to_owned());
                    }
                    config.seed = seed;
                }
                "faults" => match entry.value.as_seq() {
                    Some(rules) => config.rules = rules.iter().filter_map(|it| self.rule(it)).collect(),
                    None => self.say(entry.value.span, "`faults` is not a list".to_owned(), SHAPE.to_owned()),
                },
                other => self.say(entry.key.span, format!("there is no key {}", shown(other)), SHAPE.to_owned()),
            }
        }
        if config.rules.is_empty() && self.out.is_empty() {
            self.say(node.span, "it is empty".to_owned(), SHAPE.to_owned());
        }
        config
    }

    fn rule(&mut self, node: &Node) -> Option<Rule> {
        let before = self.out.len();
        let Some(entries) = node.as_map() else {
            let message = format!("expected a map, found {}", node.describe());
            self.say(node.span, message, "write `{where: POST /api/v1/*, status: 503}`".to_owned());
            return None;
        };
        let place = self.place(node.span);
        let selected = match node.get("where").map(|it| (&it.value.kind, self.place(it.value.span))) {
            Some((Kind::Scalar(text), at)) => selector(&text.text, &at),
            Some((_, place)) => Err(Problem {
                place,
                message: "`where` is not text".to_owned(),
                help: "write a method and a path, like `POST /api/v1/*`".to_owned(),
            }),
            None => Err(Problem {
                place: place.clone(),
                message: "the rule does not select any requests".to_owned(),
                help: "write `where: POST /api/v1/*`, the name of an operation, or `where: \"*\"` for every request"
                    .to_owned(),
            }),
        };
        let selector = selected.map_err(|it| self.out.push(it)).ok();
        let others = entries.iter().filter(|it| it.key.value != "where");
        let items: Vec<Item> = others.filter_map(|it| self.item(it)).collect();
        // The problem of an item was already reported, so the missing fault is not reported again.
        if items.is_empty() && self.out.len() > before {
            return None;
        }
        let effect = effect(&items, FaultSource::Rule, &place, &mut self.out);
        (self.out.len() == before).then(|| selector.map(|it| Rule::new(it, effect))).flatten()
    }

    /// `task_fails: true` means the bare word, `task_fails: false` means nothing.
    fn item(&mut self, entry: &Entry) -> Option<Item> {
        let key = entry.name().value;
        let place = self.place(entry.value.span);
        let Some(scalar) = entry.value.as_scalar() else {
            let message = format!("expected a value of {}, found {}", shown(&key), entry.value.describe());
            self.say(entry.value.span, message, "write a text or a number".to_owned());
            return None;
        };
        match scalar.value() {
            yaml::Value::Bool(false) => None,
            yaml::Value::Bool(true) | yaml::Value::Null => Some(Item { key, value: None, place }),
            _ => Some(Item { key, value: Some(scalar.text.to_string()), place }),
        }
    }
}
