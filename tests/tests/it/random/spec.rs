//! Random specs: small APIs over the whole language, mostly valid.
//!
//! A seed always gives the same spec. Files are JSON, which is YAML. Names and texts are chosen to cause problems.

use serde_json::{Map, Value, json};

use super::names::{NAMES, RESERVED, SNAKES, TYPES, VALUES};
use super::words::{PLAIN_KEY, WORDS, file};
use crate::differential::RandomSource;

/// Types of text and of small whole numbers.
const TEXTS: [&str; 13] = [
    "url",
    "https-url",
    "date-time",
    "base64",
    "date",
    "time",
    "duration",
    "uuid",
    "decimal",
    "email",
    "int32",
    "uint32",
    "uint64",
];

/// The values of a field, as far as conditions and rules require.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Text,
    Number,
    Boolean,
    Enum(Vec<String>),
    Numbers(Vec<i64>),
    List,
    Other,
}

/// The place of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ParameterLocation {
    Path,
    Query,
    Header,
    /// A part of a multipart body.
    Part,
    /// A field of a form.
    Form,
    Body,
}

#[derive(Clone, Debug)]
pub(super) struct RandomSpec {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) nullable: bool,
    pub(super) required: bool,
}

/// The files of a spec.
pub(super) fn files(seed: u64) -> Vec<(String, String)> {
    let mut maker = Maker {
        chance: RandomSource::new(&format!("spec {seed}")),
        records: Vec::new(),
        unions: Vec::new(),
        scalars: Vec::new(),
    };
    let (api, resources) = maker.api();
    let mut files = vec![("api.yaml".to_owned(), file(&api))];
    files.extend(resources.iter().enumerate().map(|(index, it)| (format!("r{index}.yaml"), file(it))));
    files
}

pub(super) struct Maker {
    pub(super) chance: RandomSource,
    /// Records of `api.yaml`, which may contain each other and themselves.
    records: Vec<String>,
    /// Unions of them.
    unions: Vec<String>,
    /// Unions of scalars.
    scalars: Vec<String>,
}

/// Keys that are written without quotes, so that they are numbers or truth values: see [`file`].
fn plain_keys<const N: usize>(keys: [&str; N]) -> Vec<String> {
    keys.map(|it| format!("{PLAIN_KEY}{it}")).to_vec()
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
    pub(super) fn line(&mut self) -> Value {
        let words = WORDS[self.chance.below(WORDS.len())];
        let line = words.replace(['\n', '\r', '\t', '\u{85}', '\u{2028}'], " ");
        json!(if line.trim().is_empty() { "Words." } else { &line })
    }

    /// A snake case name that is not among those.
    fn snake(&mut self, taken: &mut Vec<String>) -> String {
        let mut at = self.chance.below(SNAKES.len());
        while taken.iter().any(|it| it == SNAKES[at]) {
            at = (at + 1) % SNAKES.len();
        }
        taken.push(SNAKES[at].to_owned());
        SNAKES[at].to_owned()
    }

    fn text(&mut self) -> Value {
        json!(VALUES[self.chance.below(VALUES.len())])
    }

    /// Some of the words, which rarely include two with the same Rust spelling.
    fn some_of(&mut self, words: &[&str], count: usize) -> Vec<String> {
        let spelled = |it: &str| it.chars().filter(|it| it.is_alphanumeric()).collect::<String>().to_lowercase();
        let careless = self.chance.one_in(20);
        let mut some: Vec<String> = Vec::new();
        for _ in 0..count * 2 {
            let word = words[self.chance.below(words.len())];
            let same = |it: &String| it == word || (!careless && spelled(it) == spelled(word));
            if some.len() < count && !some.iter().any(same) {
                some.push(word.to_owned());
            }
        }
        some
    }

    fn names(&mut self, count: usize) -> Vec<String> {
        self.some_of(NAMES, count)
    }

    fn values(&mut self) -> Vec<String> {
        let count = 2 + self.chance.below(4);
        self.some_of(VALUES, count)
    }

    fn api(&mut self) -> (Value, Vec<Value>) {
        let mut types = Map::new();
        let count = self.chance.below(7);
        let mut names = self.some_of(TYPES, count);
        if names.len() > 2 && self.chance.one_in(2) {
            self.unions.extend(names.pop());
        }
        if names.len() > 1 && self.chance.one_in(2) {
            self.scalars.extend(names.pop());
        }
        self.records = names;
        for name in self.records.clone() {
            let record = self.record();
            types.insert(name, record);
        }
        for name in self.unions.clone() {
            let (member, other) = (self.records[0].clone(), self.records[self.records.len() - 1].clone());
            let union = match self.chance.below(4) {
                3 => {
                    let keyword = if self.chance.one_in(2) { "one_of" } else { "any_of" };
                    json!({keyword: ["map<integer>", member, "string"]})
                }
                0 => json!({"one_of": ["string", format!("[{member}]"), "integer"]}),
                1 => json!({"one_of": ["boolean", member, format!("[{name}]")]}),
                _ => {
                    let values = match self.chance.below(4) {
                        0 => plain_keys(["1", "-2"]),
                        1 => plain_keys(["true", "false"]),
                        _ => self.some_of(VALUES, 2),
                    };
                    let members: Map<String, Value> =
                        values.into_iter().zip([member, other]).map(|(value, ty)| (value, json!(ty))).collect();
                    json!({"tag": "kind of", "open": self.chance.one_in(2), "one_of": members})
                }
            };
            types.insert(name, union);
        }
        for name in self.scalars.clone() {
            let members = [["string", "integer"], ["number", "boolean"], ["url", "boolean"]][self.chance.below(3)];
            types.insert(name, json!({"one_of": members, "doc": self.words()}));
        }
        let mut snakes = Vec::new();
        let [server, credential, scheme, limit] = [0; 4].map(|_| self.snake(&mut snakes));
        let codes: Map<String, Value> = self.values().into_iter().map(|it| (it, self.line())).collect();
        let mut api = json!({
            "api": "random_api", "title": self.line(), "doc": self.words(),
            "servers": {server: "https://api.example.com/v1", "other_2": {"url": "https://other.example.com", "doc": self.line()}},
            "credentials": {credential: {"env": "RANDOM_API_KEY", "doc": self.line(), "send": {
                scheme: {"header": "Authorization", "prefix": "Bearer "}, "plain_2": {"header": "x-key"}}}},
            "errors": {"message": ["/error/message", "/error"], "code": "/code", "codes": codes,
                "statuses": {"401": {"kind": "authentication", "doc": self.line()}}},
            "rate_limits": {limit: {"requests": 5, "per": "1m", "unit": "requests", "scope": "key", "doc": self.line()}},
            "tasks": {"pending": ["processing"], "completed": ["completed"], "failed": ["failed"], "error": "/error"},
        });
        if !types.is_empty() {
            api["types"] = Value::Object(types);
        }
        let mut taken = Vec::new();
        let resources = (0..1 + self.chance.below(3)).map(|it| self.resource(it, &mut taken)).collect();
        (api, resources)
    }

    fn resource(&mut self, index: usize, taken: &mut Vec<String>) -> Value {
        let mut operations = Map::new();
        let mut names = Vec::new();
        for at in 0..1 + self.chance.below(4) {
            let operation = self.operation(index, at);
            operations.insert(self.snake(&mut names), operation);
        }
        let name = self.snake(taken);
        let mut resource =
            json!({"resource": name, "title": self.line(), "doc": self.words(), "operations": operations});
        if RESERVED.contains(&name.as_str()) {
            resource["rust"] = json!(format!("{name}_{index}x"));
        }
        resource
    }

    fn operation(&mut self, resource: usize, at: usize) -> Value {
        let path = format!("/{resource}/{at}");
        let count = 1 + self.chance.below(10);
        let names = self.names(count);
        let mut made: Vec<RandomSpec> = Vec::new();
        let mut places: [Map<String, Value>; 4] = Default::default();
        let get = self.chance.one_in(5);
        let multipart = !get && self.chance.one_in(6);
        let form = !get && !multipart && self.chance.one_in(6);
        // The body is one value, and no parameter is in it.
        let raw = !get && !multipart && !form && self.chance.one_in(6);
        // Its parts have no names, and no parameter is one of them.
        let related = !get && !multipart && !form && !raw && self.chance.one_in(8);
        let mut suffix = String::new();
        for (index, name) in names.iter().enumerate() {
            let simple = name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
            let place = match self.chance.below(6) {
                0 if simple && index == 0 => ParameterLocation::Path,
                1 if simple => ParameterLocation::Header,
                2 => ParameterLocation::Query,
                _ if get || raw || related => ParameterLocation::Query,
                _ if multipart => ParameterLocation::Part,
                _ if form => ParameterLocation::Form,
                _ => ParameterLocation::Body,
            };
            let (entry, one) = self.entry(name, place);
            if place == ParameterLocation::Path {
                suffix = format!("/{{{name}}}{}", if self.chance.one_in(2) { ":do" } else { "" });
            }
            let map = match place {
                ParameterLocation::Path => 0,
                ParameterLocation::Query => 1,
                ParameterLocation::Header => 2,
                ParameterLocation::Part | ParameterLocation::Form | ParameterLocation::Body => 3,
            };
            places[map].insert(name.clone(), entry);
            made.push(one);
        }
        let [path_parameters, query, mut headers, mut body] = places;
        if self.chance.one_in(6) {
            let (name, entry) = self.headers_by_prefix();
            headers.insert(name, entry);
        }
        self.cases(&made, &mut body);
        let mut operation = json!({
            (if get { "get" } else { "post" }): format!("{path}{suffix}"), "summary": self.line(), "doc": self.words(),
        });
        if (multipart || form) && !body.is_empty() {
            operation["encoding"] = json!(if form { "form" } else { "multipart" });
        }
        for (key, map) in [("path", path_parameters), ("query", query), ("headers", headers), ("body", body)] {
            if !map.is_empty() {
                operation[key] = Value::Object(map);
            }
        }
        if raw {
            operation["body"] = self.whole_body();
            // What XML cannot hold is refused.
            if self.chance.one_in(6) {
                operation["encoding"] = json!(["json", "xml"]);
                operation["accept"] = json!("application/xml");
            }
        }
        if related {
            operation["encoding"] = json!("multipart/related");
            operation["body"] = self.related_parts();
        }
        if self.chance.one_in(4) {
            operation["styles"] = json!({"lists": self.list_style(), "objects": "deep_object"});
        }
        let rules = self.rules(&made);
        if !rules.is_empty() {
            operation["rules"] = Value::Array(rules);
        }
        self.variants(&made, &mut operation);
        self.output(&mut operation, !get && suffix.is_empty());
        operation
    }

    /// Headers whose names begin alike.
    fn headers_by_prefix(&mut self) -> (String, Value) {
        let ty = ["string", "integer", "uint64", "boolean", "uuid"][self.chance.below(5)];
        let mut entry = json!({"type": format!("map<{ty}>"), "doc": self.words()});
        if self.chance.one_in(3) {
            entry["max_properties"] = json!(4);
        }
        if self.chance.one_in(3) {
            entry["property_names"] = json!("^[a-z]{1,9}$");
        }
        (["x-meta-*", "X-Amz-Meta-*"][self.chance.below(2)].to_owned(), entry)
    }

    /// The parts of `multipart/related`, all but the last of which are required.
    fn related_parts(&mut self) -> Value {
        let record = self.records.first().cloned().unwrap_or_else(|| "map<string>".to_owned());
        let meta = [record.as_str(), "string", "json", "uint64"][self.chance.below(4)];
        let (content, required) = (["file", "[file]", "string"][self.chance.below(3)], self.chance.one_in(2));
        json!({
            "related meta": {"type": meta, "required": true, "doc": self.words()},
            "related content": {"type": content, "required": required},
        })
    }

    /// A body that is one value.
    fn whole_body(&mut self) -> Value {
        let record = self.records.first().cloned().unwrap_or_else(|| "integer".to_owned());
        match self.chance.below(6) {
            0 => json!({"binary": ["image/png"]}),
            1 => json!({"$body": {"binary": ["image/*", "audio/mpeg"], "max_bytes": 1000, "doc": self.words()}}),
            2 => json!({"text": ["application/xml", "text/plain"]}),
            3 => json!(record),
            4 => json!({"$body": {"type": format!("[{record}]"), "max_items": 3, "required": false}}),
            _ => json!("map<string>"),
        }
    }

    fn list_style(&mut self) -> &'static str {
        ["repeated", "comma", "space", "pipe", "brackets", "indices", "json"][self.chance.below(7)]
    }

    fn variants(&mut self, made: &[RandomSpec], operation: &mut Value) {
        let whole = |it: &&RandomSpec| !it.nullable && it.required;
        let enums: Vec<&RandomSpec> = made.iter().filter(|it| matches!(it.kind, Kind::Enum(_))).filter(whole).collect();
        let switches: Vec<&RandomSpec> = made.iter().filter(|it| it.kind == Kind::Boolean).filter(whole).collect();
        if !enums.is_empty() && self.chance.one_in(2) {
            operation["variants"] = json!(enums[self.chance.below(enums.len())].name);
        } else if !switches.is_empty() && self.chance.one_in(2) {
            let switch = &switches[self.chance.below(switches.len())].name;
            let mut taken = Vec::new();
            let [yes, no] = [0; 2].map(|_| self.snake(&mut taken));
            operation["variants"] =
                json!({yes: {"when": {switch: true}, "doc": self.words()}, no: {"when": {switch: false}}});
        }
    }

    fn output(&mut self, operation: &mut Value, may_be_task: bool) {
        if self.chance.one_in(4) && may_be_task {
            operation["task"] = json!({"result": {"url": "url", "type?": "string", "more?": {"enum": self.values(), "doc": self.words()}}});
            return;
        }
        let named: Vec<String> = self.records.iter().chain(&self.unions).chain(&self.scalars).cloned().collect();
        let ty = match named.is_empty() {
            true => "[string]".to_owned(),
            false => named[self.chance.below(named.len())].clone(),
        };
        operation["response"] = match self.chance.below(6) {
            0 => json!("none"),
            1 => json!({"id": "string", "self?": {"enum": self.values()}, "made at?": "date-time"}),
            2 => json!(format!("[{ty}]")),
            3 => json!(ty),
            4 => json!({"wrapped": "da\"ta", "type": format!("map<{ty}>")}),
            _ => json!({"wrapped": "data", "type": "[string]"}),
        };
        if self.chance.one_in(8) {
            let events: Map<String, Value> =
                self.values().into_iter().filter(|it| !it.is_empty()).map(|it| (it, json!(ty))).collect();
            operation["stream"] = match self.chance.one_in(2) {
                true => json!({"data": ty, "end_data": self.text()}),
                false => json!({"events": events}),
            };
            operation.as_object_mut().map(|it| it.shift_remove("response"));
        }
    }

    /// An entry, and the properties of its values. Places outside a JSON body allow scalars.
    fn entry(&mut self, name: &str, place: ParameterLocation) -> (Value, RandomSpec) {
        let mut entry = Map::new();
        let (scalar, in_path) = (place != ParameterLocation::Body, place == ParameterLocation::Path);
        let kinds = if scalar { 9 } else { 17 };
        let kind = match self.chance.below(kinds) {
            0 => {
                let most = self.chance.below(30);
                match self.chance.below(5) {
                    0 => entry.insert("max_length".to_owned(), json!(most)),
                    4 => entry.insert("not".to_owned(), json!({"pattern": "^[\"#]"})),
                    1 => entry.insert("pattern".to_owned(), json!("^[^\"\\\\#{}]*$")),
                    2 => entry.insert("default".to_owned(), self.text()),
                    _ => entry.insert("examples".to_owned(), json!([self.text()])),
                };
                entry.insert("type".to_owned(), json!("string"));
                Kind::Text
            }
            1 => {
                entry.insert("type".to_owned(), json!("integer"));
                let limits = [
                    ("minimum", json!(-3)),
                    ("exclusive_maximum", json!(100)),
                    ("multiple_of", json!(1)),
                    ("not", json!({"enum": [4, 7]})),
                ];
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
                let types = ["string | integer", "boolean | number", "url | integer", "string | boolean | number"];
                entry.insert("type".to_owned(), json!(types[self.chance.below(types.len())]));
                Kind::Other
            }
            7 => {
                let ty = self.scalars.first().cloned().unwrap_or_else(|| "date-time | boolean".to_owned());
                entry.insert("type".to_owned(), json!(ty));
                Kind::Other
            }
            8 if place == ParameterLocation::Part => {
                let (ty, style) = [
                    ("file", None),
                    ("[file]", None),
                    ("file | url", None),
                    ("[string | integer]", None),
                    ("[file]", Some("brackets")),
                    ("[file | string]", Some("indices")),
                    ("[uuid]", Some("comma")),
                    ("map<boolean>", Some("deep_object")),
                ][self.chance.below(8)];
                entry.insert("type".to_owned(), json!(ty));
                entry.extend(style.map(|it| ("style".to_owned(), json!(it))));
                Kind::Other
            }
            8 if matches!(place, ParameterLocation::Query | ParameterLocation::Form) => {
                if self.chance.one_in(3) {
                    let record = self.records.first().cloned().unwrap_or_else(|| "map<integer>".to_owned());
                    let (ty, style) = [
                        ("map<string>", "deep_object"),
                        ("map<boolean>", "exploded"),
                        ("map<integer | string>", "dots"),
                        ("map<uuid>", "comma"),
                        (record.as_str(), "json"),
                    ][self.chance.below(5)];
                    entry.insert("type".to_owned(), json!(ty));
                    entry.insert("style".to_owned(), json!(style));
                    Kind::Other
                } else {
                    let ty = ["[string]", "[boolean]", "[integer | string]", "[uuid]", "[int32]"][self.chance.below(5)];
                    entry.insert("type".to_owned(), json!(ty));
                    if self.chance.one_in(2) {
                        entry.insert("style".to_owned(), json!(self.list_style()));
                    }
                    Kind::List
                }
            }
            8 => {
                entry.insert("const".to_owned(), [self.text(), json!(7), json!(true)][self.chance.below(3)].clone());
                Kind::Other
            }
            9 => {
                entry.insert("type".to_owned(), json!("[string]"));
                let limits =
                    [("max_items", json!(5)), ("unique_items", json!(true)), ("items", json!({"max_length": 9}))];
                self.some(&mut entry, &limits);
                Kind::List
            }
            10 => {
                let ty = TEXTS[self.chance.below(TEXTS.len())];
                entry.insert("type".to_owned(), json!(ty));
                Kind::Other
            }
            11 => {
                entry.insert("type".to_owned(), json!("map<number>"));
                let limits = [("max_properties", json!(5)), ("property_names", json!("^[a-z ]{2,9}$"))];
                self.some(&mut entry, &limits);
                Kind::List
            }
            12 => {
                entry.insert("type".to_owned(), json!("json"));
                Kind::Other
            }
            13 => {
                entry.insert("type".to_owned(), json!("string | [string] | boolean"));
                Kind::Other
            }
            14 => {
                let ty = self.unions.first().cloned().unwrap_or_else(|| "[url]".to_owned());
                entry.insert("type".to_owned(), json!(ty));
                Kind::Other
            }
            _ => {
                let ty = match self.records.len() {
                    0 => "[integer]".to_owned(),
                    count => {
                        let record = &self.records[self.chance.below(count)];
                        let forms = [
                            "R",
                            "R",
                            "[R]",
                            "[R?]",
                            "map<R>",
                            "map<R?>",
                            "[[R]]",
                            "[R, url]",
                            "string | R",
                            "boolean | [R] | R",
                        ];
                        forms[self.chance.below(forms.len())].replace('R', record)
                    }
                };
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
        if let (Kind::Enum(values), true) = (&kind, self.chance.one_in(3) && !entry.contains_key("default")) {
            entry.insert("default".to_owned(), json!(values[0]));
        }
        let required = in_path || entry.contains_key("required");
        (Value::Object(entry), RandomSpec { name: name.to_owned(), kind, nullable, required })
    }

    fn some(&mut self, entry: &mut Map<String, Value>, all: &[(&str, Value)]) {
        for (key, value) in all {
            if self.chance.one_in(2) {
                entry.insert((*key).to_owned(), value.clone());
            }
        }
    }

    fn record(&mut self) -> Value {
        let mut fields = Map::new();
        let names = self.names(4);
        let mut made = Vec::new();
        for name in &names {
            let (mut entry, one) = self.entry(name, ParameterLocation::Body);
            // A required field must not lead to a cycle.
            let holds = self
                .records
                .iter()
                .chain(&self.unions)
                .any(|it| entry["type"].as_str().unwrap_or_default().contains(it));
            let optional = holds || self.chance.one_in(2);
            if let Some(entry) = entry.as_object_mut() {
                entry.shift_remove("required");
                entry.shift_remove("default");
            }
            let one_way =
                [("read_only", 8), ("write_only", 12)].into_iter().find(|(_, rarely)| self.chance.one_in(*rarely));
            if let (Some((way, _)), Some(entry)) = (one_way, entry.as_object_mut()) {
                entry.insert(way.to_owned(), json!(true));
            }
            fields.insert(if optional { format!("{name}?") } else { name.clone() }, entry);
            // Rules name what goes both ways.
            if one_way.is_none() {
                made.push(RandomSpec { required: !optional, ..one });
            }
        }
        let mut record = json!({"doc": self.words(), "fields": fields});
        if self.chance.one_in(4) {
            let types = ["string", "int32", "integer?", "[date]", "string | [string]", "map<boolean>"];
            record["additional_properties"] = json!(types[self.chance.below(types.len())]);
        }
        let rules = self.rules(&made);
        if !rules.is_empty() && self.chance.one_in(2) {
            record["rules"] = Value::Array(rules);
        }
        record
    }
}
