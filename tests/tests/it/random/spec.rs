//! Specs by chance: small APIs over the whole language, mostly sound.
//!
//! A seed always gives the same spec. Files are JSON, which is YAML; names and words are chosen to be trouble.

use serde_json::{Map, Value, json};

use crate::differential::Chance;

/// Names of parameters and fields: keywords, names of generated code, signs, digits, casings.
const NAMES: &[&str] = &[
    "prompt",
    "type",
    "move",
    "self",
    "super",
    "crate",
    "async",
    "fn",
    "botName",
    "4k",
    "x-api",
    "a.b",
    "out",
    "at",
    "value",
    "request",
    "state",
    "call",
    "it",
    "name",
    "id",
    "items",
    "start",
    "to",
    "from",
    "index",
    "key",
    "count",
    "r",
    "add",
    "not",
    "is_public",
    "to_email",
    "from_url",
    "into",
    "clone",
    "fields",
    "object",
    "encode",
    "decode",
    "types",
    "rt",
    "total",
    "field",
    "a",
    "b",
    "x~/y",
    "日本",
    "é",
    "weird name",
    "with_timeout_ms",
    "RULES",
    "OPERATION",
    "String",
    "vec",
    "str",
    "u8",
    "i64",
    "true_",
    "_x",
    "__",
    "gen",
    "union",
];
/// Values of enums.
const VALUES: &[&str] = &[
    "a",
    "b",
    "16:9",
    "9:16",
    "4k",
    "1080p",
    "C#m",
    "C",
    "suno-v4.5-plus",
    "brush-1.5",
    "brush-2",
    "self",
    "none",
    "some",
    "1",
    "0.5",
    "-1",
    "a b",
    "日本",
    "🎬",
    "é",
    "ALL",
    "x*y",
    "quote\"",
    "back\\slash",
    "{}",
    "",
    "err",
    "Error",
    "ﬁ",
    "ẞ",
];
/// Names of types.
const TYPES: &[&str] = &["Image", "Message", "Part", "Shot", "Config", "Clip", "Item", "Node"];
/// Words that may break what they are put into.
pub(super) const WORDS: &[&str] = &[
    "Plain words.",
    "Ends without a stop",
    "Code `span` and ``two``, `open",
    "A \"quote\" and a 'quote' and a \\ backslash \\n \\u{41}",
    "*/ /* // /// //! #![allow(x)] #[doc]",
    "\"# r#\" \"## b\"\"",
    "<script>alert(1)</script> <b> &amp; <https://x.example>",
    "[x] [x](y) [`Vec`] [crate::nothing] ![i](j)",
    "{} {{ }} {0} {name:?} ${x}",
    "| a | b |\\| --- |",
    "- list\n- list\n\n# Heading\n\n```rust\nlet x: = 1;\n```\n\n```\nopen fence",
    "    indented\n\ttab\n\n> quote\n\n1. one\n---\n***\n===",
    "🎬 עברית zero\u{200b}width",
    "types :: BTreeMap PhantomData fmt ::",
    "$x^2$ ~strike~ __bold__ *it* **b _i_",
];

/// What values a field takes, as far as conditions and rules need to know.
#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Text,
    Number,
    Boolean,
    Enum(Vec<String>),
    Numbers(Vec<i64>),
    List,
    Other,
}

#[derive(Clone, Debug)]
struct Made {
    name: String,
    kind: Kind,
    nullable: bool,
    required: bool,
}

/// The files of a spec.
pub(super) fn files(seed: u64) -> Vec<(String, String)> {
    let mut maker = Maker { chance: Chance::new(&format!("spec {seed}")), records: Vec::new(), unions: Vec::new() };
    let (api, resources) = maker.api();
    let mut files = vec![("api.yaml".to_owned(), api)];
    files.extend(resources.into_iter().enumerate().map(|(index, it)| (format!("{}.yaml", resource_name(index)), it)));
    files.into_iter().map(|(name, value)| (name, value.to_string())).collect()
}

fn resource_name(index: usize) -> &'static str {
    ["assets", "jobs", "match"][index]
}

struct Maker {
    chance: Chance,
    /// Records of `api.yaml`.
    records: Vec<String>,
    unions: Vec<String>,
}

impl Maker {
    fn words(&mut self) -> Value {
        let first = WORDS[self.chance.below(WORDS.len())];
        match self.chance.one_in(4) {
            true => json!(format!("{first}\n\n{}", WORDS[self.chance.below(WORDS.len())])),
            false => json!(first),
        }
    }

    /// One line of them.
    fn line(&mut self) -> Value {
        let words = WORDS[self.chance.below(WORDS.len())];
        json!(words.replace(['\n', '\t'], " "))
    }

    fn names(&mut self, count: usize) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for _ in 0..count * 2 {
            let name = NAMES[self.chance.below(NAMES.len())];
            if names.len() < count && !names.iter().any(|it| it == name) {
                names.push(name.to_owned());
            }
        }
        names
    }

    fn values(&mut self) -> Vec<String> {
        let mut values: Vec<String> = Vec::new();
        for _ in 0..2 + self.chance.below(4) {
            let value = VALUES[self.chance.below(VALUES.len())].to_owned();
            if !values.contains(&value) {
                values.push(value);
            }
        }
        values
    }

    fn api(&mut self) -> (Value, Vec<Value>) {
        let mut types = Map::new();
        for name in TYPES.iter().take(self.chance.below(4)) {
            let name = (*name).to_owned();
            let record = self.record();
            types.insert(name.clone(), record);
            self.records.push(name);
        }
        if self.records.len() > 1 && self.chance.one_in(2) {
            let member = self.records[0].clone();
            let union = match self.chance.one_in(2) {
                true => json!({"one_of": ["string", format!("[{member}]"), "integer"]}),
                false => {
                    json!({"tag": "kind of", "open": self.chance.one_in(2), "one_of": {"a-1": member, "self": self.records[1]}})
                }
            };
            types.insert("Either".to_owned(), union);
            self.unions.push("Either".to_owned());
        }
        let mut api = json!({
            "api": "random_api", "title": self.line(), "doc": self.words(),
            "servers": {"default": "https://api.example.com/v1", "other": {"url": "https://other.example.com", "doc": self.line()}},
            "credentials": {"api_key": {"env": "RANDOM_API_KEY", "doc": self.line(), "send": {"bearer": {"header": "Authorization", "prefix": "Bearer "}, "plain": {"header": "x-key"}}}},
            "errors": {"message": ["/error/message", "/error"], "code": "/code", "codes": {"A_B": self.line(), "c-d": self.line()}, "statuses": {"401": {"kind": "authentication", "doc": self.line()}}},
            "tasks": {"pending": ["processing"], "completed": ["completed"], "failed": ["failed"], "error": "/error"},
        });
        if !types.is_empty() {
            api["types"] = Value::Object(types);
        }
        let resources = (0..1 + self.chance.below(3)).map(|it| self.resource(it)).collect();
        (api, resources)
    }

    fn resource(&mut self, index: usize) -> Value {
        let mut operations = Map::new();
        for (at, name) in ["create", "list_all", "delete", "loop"].iter().enumerate().take(1 + self.chance.below(4)) {
            let operation = self.operation(index, at);
            operations.insert((*name).to_owned(), operation);
        }
        json!({"resource": resource_name(index), "title": self.line(), "doc": self.words(), "operations": operations})
    }

    fn operation(&mut self, resource: usize, at: usize) -> Value {
        let path = format!("/{}/{at}", resource_name(resource));
        let count = 1 + self.chance.below(10);
        let names = self.names(count);
        let mut made: Vec<Made> = Vec::new();
        let (mut path_parameters, mut query, mut body) = (Map::new(), Map::new(), Map::new());
        let get = self.chance.one_in(5);
        let mut suffix = String::new();
        for (index, name) in names.iter().enumerate() {
            let simple = name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
            let in_path = simple && index == 0 && self.chance.one_in(3);
            let in_query = !in_path && (get || (simple && self.chance.one_in(6)));
            let (entry, one) = self.entry(name, in_path || in_query, in_path);
            if in_path {
                suffix = format!("/{{{name}}}{}", if self.chance.one_in(2) { ":do" } else { "" });
            }
            let place = match (in_path, in_query) {
                (true, _) => &mut path_parameters,
                (_, true) => &mut query,
                _ => &mut body,
            };
            place.insert(name.clone(), entry);
            made.push(one);
        }
        self.cases(&made, &mut body);
        let mut operation = json!({
            (if get { "get" } else { "post" }): format!("{path}{suffix}"), "summary": self.line(), "doc": self.words(),
        });
        for (key, map) in [("path", path_parameters), ("query", query), ("body", body)] {
            if !map.is_empty() {
                operation[key] = Value::Object(map);
            }
        }
        let rules = self.rules(&made);
        if !rules.is_empty() {
            operation["rules"] = Value::Array(rules);
        }
        let whole = |it: &&Made| matches!(it.kind, Kind::Enum(_)) && !it.nullable && it.required;
        let enums: Vec<&Made> = made.iter().filter(whole).collect();
        if !enums.is_empty() && self.chance.one_in(2) {
            operation["variants"] = json!(enums[self.chance.below(enums.len())].name);
        }
        if self.chance.one_in(4) && !get && suffix.is_empty() {
            operation["task"] = json!({"result": {"url": "url", "type?": "string"}});
        } else {
            let response = match self.chance.below(4) {
                0 => json!("none"),
                1 => json!({"id": "string", "self?": {"enum": self.values()}, "made at?": "date-time"}),
                2 if !self.records.is_empty() => json!(format!("[{}]", self.records[0])),
                _ => json!({"wrapped": "data", "type": "[string]"}),
            };
            operation["response"] = response;
        }
        operation
    }

    /// An entry, and what is to be known of it. Places outside of the body take scalars.
    fn entry(&mut self, name: &str, scalar: bool, in_path: bool) -> (Value, Made) {
        let mut entry = Map::new();
        let kinds = if scalar { 6 } else { 13 };
        let kind = match self.chance.below(kinds) {
            0 => {
                let most = 1 + self.chance.below(30);
                if self.chance.one_in(2) {
                    entry.insert("max_length".to_owned(), json!(most));
                }
                if self.chance.one_in(4) {
                    entry.insert("pattern".to_owned(), json!("^[^\"\\\\#{}]*$"));
                }
                Kind::Text
            }
            1 => {
                entry.insert("type".to_owned(), json!("integer"));
                let limits = [("minimum", json!(-3)), ("exclusive_maximum", json!(100)), ("multiple_of", json!(1))];
                self.some(&mut entry, &limits);
                Kind::Number
            }
            2 => {
                entry.insert("type".to_owned(), json!("number"));
                let limits = [("exclusive_minimum", json!(-3.5)), ("maximum", json!(1e3)), ("multiple_of", json!(0.5))];
                self.some(&mut entry, &limits);
                Kind::Number
            }
            3 => {
                entry.insert("type".to_owned(), json!("boolean"));
                Kind::Boolean
            }
            4 => {
                let values = self.values();
                let described: Map<String, Value> = values.iter().map(|it| (it.clone(), self.line())).collect();
                entry.insert("enum".to_owned(), if self.chance.one_in(2) { json!(values) } else { json!(described) });
                match self.chance.one_in(4) {
                    true => {
                        entry.insert("open".to_owned(), json!(true));
                        Kind::Other
                    }
                    false => Kind::Enum(values),
                }
            }
            5 => {
                let values = vec![1, 5, 10];
                entry.insert("enum".to_owned(), json!(values));
                Kind::Numbers(values)
            }
            6 => {
                entry.insert("type".to_owned(), json!("[string]"));
                let limits =
                    [("max_items", json!(5)), ("unique_items", json!(true)), ("items", json!({"max_length": 9}))];
                self.some(&mut entry, &limits);
                Kind::List
            }
            7 => {
                let ty = ["url", "https-url", "date-time", "base64"][self.chance.below(4)];
                entry.insert("type".to_owned(), json!(ty));
                Kind::Other
            }
            8 => {
                entry.insert("type".to_owned(), json!("map<number>"));
                Kind::List
            }
            9 => {
                entry.insert("type".to_owned(), json!("json"));
                Kind::Other
            }
            10 => {
                entry.insert("type".to_owned(), json!("string | [string] | boolean"));
                Kind::Other
            }
            11 => {
                let ty = self.unions.first().cloned().unwrap_or_else(|| "[url]".to_owned());
                entry.insert("type".to_owned(), json!(ty));
                Kind::Other
            }
            _ => {
                let Some(record) = self.records.first().cloned() else {
                    entry.insert("type".to_owned(), json!("[integer]"));
                    return (
                        Value::Object(entry),
                        Made { name: name.to_owned(), kind: Kind::List, nullable: false, required: false },
                    );
                };
                let ty = if self.chance.one_in(2) { format!("[{record}]") } else { record };
                entry.insert("type".to_owned(), json!(ty));
                Kind::Other
            }
        };
        entry.insert("doc".to_owned(), self.words());
        if self.chance.one_in(3) && !in_path {
            entry.insert("required".to_owned(), json!(true));
        }
        let nullable = !scalar && self.chance.one_in(6);
        if nullable {
            entry.insert("nullable".to_owned(), json!(true));
        }
        for (key, rarely) in [("source", 6), ("unclear", 8), ("deprecated", 8), ("because", 8)] {
            if self.chance.one_in(rarely) {
                let words = self.line();
                entry.insert(key.to_owned(), words);
            }
        }
        if self.chance.one_in(10) {
            entry.insert("secret".to_owned(), json!(true));
        }
        if let (Kind::Enum(values), true) = (&kind, self.chance.one_in(3)) {
            entry.insert("default".to_owned(), json!(values[0]));
        }
        let required = in_path || entry.contains_key("required");
        (Value::Object(entry), Made { name: name.to_owned(), kind, nullable, required })
    }

    fn some(&mut self, entry: &mut Map<String, Value>, all: &[(&str, Value)]) {
        for (key, value) in all {
            if self.chance.one_in(2) {
                entry.insert((*key).to_owned(), value.clone());
            }
        }
    }

    /// A condition on one of the parameters, but not on that one.
    fn when(&mut self, made: &[Made], but: &str) -> Option<Value> {
        let others: Vec<&Made> = made.iter().filter(|it| it.name != but).collect();
        if others.is_empty() {
            return None;
        }
        let one = others[self.chance.below(others.len())];
        let presence = ["$present", "$absent"][self.chance.below(2)];
        let matcher = match (&one.kind, self.chance.below(4)) {
            (_, 0) if !one.required => json!(presence),
            (_, 1) if one.nullable => Value::Null,
            (Kind::Enum(values), 2) => json!({"not": values[0]}),
            (Kind::Enum(values), _) => json!([values[self.chance.below(values.len())]]),
            (Kind::Numbers(values), _) => json!(values[0]),
            (Kind::Boolean, it) => json!(it == 2),
            (Kind::Text, 3) if !one.required => json!(["some text", "$absent"]),
            (Kind::Text, _) if one.required => json!("text"),
            (Kind::Text | Kind::List, 2) if !one.required => json!("$empty"),
            (Kind::Number, _) => json!(7),
            _ if one.required => return None,
            _ => json!(presence),
        };
        let mut when = json!({ &one.name: matcher });
        if self.chance.one_in(4)
            && let Some(other) = self.when(made, but)
        {
            let mut any = vec![when];
            match other {
                Value::Array(more) => any.extend(more),
                one => any.push(one),
            }
            when = Value::Array(any);
        }
        Some(when)
    }

    fn cases(&mut self, made: &[Made], body: &mut Map<String, Value>) {
        for one in made {
            let Some(Value::Object(entry)) = body.get_mut(&one.name) else { continue };
            let mut cases: Vec<Value> = Vec::new();
            for _ in 0..self.chance.below(3) {
                let decided = cases.iter().any(|it| it.get("required").is_some() || it.get("forbidden").is_some());
                let Some(when) = self.when(made, &one.name) else { continue };
                let mut case = json!({ "when": when });
                match self.chance.below(6) {
                    0 if !decided && !one.required => case["required"] = json!(true),
                    1 if !decided && !one.required => case["forbidden"] = self.line(),
                    2 => case["ignored"] = self.line(),
                    _ => match &one.kind {
                        Kind::Enum(values) if values.len() > 1 => case["enum"] = json!(values[1..]),
                        Kind::Text => case["max_length"] = json!(7),
                        Kind::Number => case["maximum"] = json!(50),
                        Kind::Boolean => case["const"] = json!(true),
                        Kind::Numbers(values) => case["enum"] = json!(values[..2]),
                        Kind::List | Kind::Enum(_) | Kind::Other => case["ignored"] = self.line(),
                    },
                }
                if self.chance.one_in(3) {
                    case["because"] = self.line();
                }
                if self.chance.one_in(4) {
                    case["certainty"] = json!("inferred");
                }
                cases.push(case);
            }
            if !cases.is_empty() {
                entry.insert("cases".to_owned(), Value::Array(cases));
            }
        }
    }

    fn rules(&mut self, made: &[Made]) -> Vec<Value> {
        let mut rules = Vec::new();
        if made.len() < 3 {
            return rules;
        }
        for _ in 0..self.chance.below(3) {
            let from = self.chance.below(made.len() - 1);
            let names: Vec<&str> = made[from..made.len().min(from + 3)].iter().map(|it| it.name.as_str()).collect();
            let free = made.iter().all(|it| !it.required);
            let numbers: Vec<&str> = made
                .iter()
                .filter(|it| it.kind == Kind::Number && !it.name.contains(' '))
                .map(|it| it.name.as_str())
                .collect();
            let mut rule = match self.chance.below(7) {
                0 => json!({ "any_of": names }),
                1 if free => json!({ "at_most_one_of": names }),
                2 => json!({ "all_or_none": names }),
                3 => json!({"requires": {names[0]: names[1]}}),
                4 if numbers.len() > 1 => json!({"compare": format!("{} <= {}", numbers[0], numbers[1])}),
                5 => match made.iter().find(|it| it.kind == Kind::Text) {
                    Some(text) => json!({"total_length": text.name, "maximum": 100}),
                    None if free => json!({ "exactly_one_of": names }),
                    None => json!({ "any_of": names }),
                },
                _ => json!({"sum": names, "maximum": 5}),
            };
            if self.chance.one_in(3) {
                rule["message"] = self.line();
            }
            if self.chance.one_in(3) {
                rule["certainty"] = json!("inferred");
            }
            if self.chance.one_in(3)
                && let Some(when) = self.when(made, "")
            {
                rule["when"] = when;
            }
            rules.push(rule);
        }
        rules
    }

    fn record(&mut self) -> Value {
        let mut fields = Map::new();
        let names = self.names(4);
        let mut made = Vec::new();
        for name in &names {
            let (mut entry, one) = self.entry(name, false, true);
            let optional = self.chance.one_in(2);
            if let Some(entry) = entry.as_object_mut() {
                entry.shift_remove("required");
                entry.shift_remove("default");
            }
            fields.insert(if optional { format!("{name}?") } else { name.clone() }, entry);
            made.push(Made { required: !optional, ..one });
        }
        let mut record = json!({"doc": self.words(), "fields": fields});
        let rules = self.rules(&made);
        if !rules.is_empty() && self.chance.one_in(2) {
            record["rules"] = Value::Array(rules);
        }
        record
    }
}
