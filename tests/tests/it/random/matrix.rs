//! Every form of type in every place of a request and a response, with difficult names and texts.
//!
//! Nothing here is random. `files(turn)` contains all forms in all places that allow them, and each turn has other names
//! and texts. The places that allow a form are found by compiling the form alone.

use serde_json::{Map, Value, json};

use super::names::{NAMES, RESERVED, SNAKES, TYPES, VALUES};
use super::words::{PLAIN_KEY, WORDS, file};
use super::{Fault, Files, faults};

/// The places of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Position {
    Path,
    Query,
    Header,
    Body,
    Multipart,
    /// A field of a record in a request.
    Field,
    /// A field of a response.
    Answer,
    /// A field of the result of a task.
    Result,
}

const PLACES: [Position; 8] = [
    Position::Path,
    Position::Query,
    Position::Header,
    Position::Body,
    Position::Multipart,
    Position::Field,
    Position::Answer,
    Position::Result,
];

/// The number of parameters of one operation, and of fields of one record.
const TOGETHER: usize = 9;

/// Types that the forms refer to.
fn types(turn: usize) -> Value {
    let [user, tool] = constructors(turn);
    let mut all = json!({
        "Turn": {"fields": {"role": {"enum": ["user", "tool"]}, "content": "string | [Leaf]", "next?": "Turn"}, "constructors": {
            user: {"role": "user", "content": "$"},
            tool: {"role": "tool", "content": [{"text": "$self"}], "next": {"role": "user", "content": "$type"}}}},
        "Shade": {"enum": {"light": "Bright.", "dark": {"doc": "Not."}}},
        "Mood": {"enum": ["calm", "wild"], "open": true},
        "Leaf": {"fields": {"text": "string", "size?": {"type": "integer", "minimum": 0}, "link?": "url"}},
        "Tree": {"fields": {
            "name": "string", "next?": "Tree", "other": {"type": "Tree", "nullable": true}, "third?": {"type": "Tree", "nullable": true},
            "children?": "[Tree]", "by_name?": "map<Tree>", "either?": "string | Tree", "shade?": "Shade",
            "pair?": "[Tree, integer?]"}},
        "Ring": {"fields": {"back?": "Rung", "link?": "url"}},
        "Rung": {"fields": {"on": {"type": "Ring", "nullable": true}, "off?": "string"}, "rules": [{"any_of": ["on", "off"]}]},
        "Expr": {"tag": "op", "one_of": {"not": "Not", "leaf": "Leaf", "both": "Both"}},
        "Not": {"fields": {"inner": "Expr"}},
        "Both": {"fields": {"left": "Expr", "right": {"type": "Expr", "nullable": true}, "third?": "Expr", "more?": "[Expr]"}},
        "Open": {"tag": "kind of", "open": true, "one_of": {"self": "Leaf", "wrap": "Wrap"}},
        "Wrap": {"fields": {"what": "Open", "maybe?": {"type": "Open", "nullable": true}}},
        "Data": {"one_of": ["string", "integer", "boolean", "[Data]", "Holder"]},
        "Holder": {"fields": {"data": "Data", "data2?": {"type": "Data", "nullable": true}}},
        "Scalar": {"one_of": ["string", "number", "boolean"]},
        "Choice": {"one_of": ["Shade", "integer"]},
        "Nested": {"one_of": ["Choice", "boolean"]},
        "Secretive": {"fields": {"key": {"secret": true}, "tree?": {"type": "Tree", "secret": true}}},
        "Loose": {"open": true, "fields": {"a?": "string", "old?": {"type": "Leaf", "deprecated": "Gone."}}},
        "Bare": {"fields": {}},
        "Extra": {"fields": {"a?": "string", "extra?": "date"}, "additional_properties": "Extra?"},
        "Words": {"fields": {"size": "int32"}, "additional_properties": "string | [Leaf]"},
        "Either": {"any_of": ["Leaf", "Loose", "[Leaf]", "[Tree]", "string"]},
        "Red": {"fields": {"kind": {"const": "red"}, "inner?": "Mixed"}},
        "Blue": {"fields": {"kind": {"enum": ["blue", "navy"]}, "other?": "Either"}},
        "Green": {"fields": {"kind": {"const": "green"}}},
        "Shaped": {"one_of": ["Red", "Blue"]},
        "Mixed": {"one_of": ["Shaped", "Green", "string"]},
        "Tagged": {"one_of": ["Expr", "Wrap"]},
        "Kept": {"one_of": ["integer", "Either"]},
        "Numbered": {"tag": "no", "one_of": {format!("{PLAIN_KEY}1"): "Leaf", format!("{PLAIN_KEY}-2"): "Wrap"}},
        "Switched": {"tag": "on", "one_of": {format!("{PLAIN_KEY}true"): "Leaf", format!("{PLAIN_KEY}false"): "Bare"}},
    });
    // Chains that exceed rustc's default recursion limit.
    for (name, last) in [("Deep", "string"), ("Round", "Round0")] {
        for at in 0..60 {
            let next = if at == 59 { last.to_owned() } else { format!("{name}{}", at + 1) };
            all[format!("{name}{at}")] = json!({"fields": {"next?": next, "all?": "[string]"}});
        }
    }
    all
}

/// Names of the constructors of a type, which are also names of builder methods.
fn constructors(turn: usize) -> [&'static str; 2] {
    const OURS: [&str; 6] = ["new", "extra", "check", "send", "stream", "into_state"];
    [(0, "user"), (47, "tool")].map(|(at, plain)| match SNAKES[(turn * 3 + at) % SNAKES.len()] {
        name if OURS.contains(&name) => plain,
        name => name,
    })
}

/// Types by their expressions, and types with constraints, as the entries after a name.
fn forms(turn: usize) -> Vec<Value> {
    let expressions = [
        "string",
        "integer",
        "number",
        "boolean",
        "url",
        "https-url",
        "date-time",
        "date",
        "uuid",
        "decimal",
        "ipv6",
        "int32",
        "uint32",
        "uint64",
        "[uint64?]",
        "base64",
        "json",
        "file",
        "Shade",
        "Mood",
        "Leaf",
        "Tree",
        "Ring",
        "Expr",
        "Open",
        "Data",
        "Scalar",
        "Choice",
        "Nested",
        "Secretive",
        "Loose",
        "Bare",
        "Extra",
        "Words",
        "Either",
        "Shaped",
        "Mixed",
        "Tagged",
        "Both",
        "Holder",
        "Deep0",
        "Round0",
        "[string]",
        "[integer]",
        "[number]",
        "[boolean]",
        "[url]",
        "[date]",
        "[uuid?]",
        "[int32]",
        "map<duration>",
        "map<Leaf?>",
        "[uint32 | string?]",
        "[json]",
        "[file]",
        "[Shade]",
        "[Mood]",
        "[Tree]",
        "[Expr]",
        "[Data]",
        "[Scalar]",
        "[Either]",
        "map<Mixed?>",
        "string | Extra",
        "Kept",
        "[Kept?]",
        "boolean | Either",
        "Numbered",
        "map<Switched>",
        "string | Numbered",
        "[Choice]",
        "[[string]]",
        "[number, string?]",
        "[[Expr, Shade, url]]",
        "string | [Leaf, [Data, Mood]]",
        "[[Expr]]",
        "map<string>",
        "map<integer>",
        "map<Tree>",
        "map<[Shade]>",
        "map<map<Expr>>",
        "map<json>",
        "[map<url>]",
        "string | integer",
        "integer | boolean",
        "int32 | uuid",
        "number | Shade",
        "date-time | boolean",
        "string | [string]",
        "string | Tree",
        "Mood | [Mood] | Leaf",
        "boolean | Expr",
        "url | map<url>",
        "[string | integer]",
        "[integer | Shade]",
        "map<string | Leaf>",
        "Choice | boolean",
        "string | [string | integer]",
        "Nested | [Nested]",
        "base64 | number | [Tree] | Ring",
    ];
    let words = |at: usize| WORDS[(turn * 5 + at) % WORDS.len()];
    let value = |at: usize| VALUES[(turn * 7 + at) % VALUES.len()];
    let three = distinct(&[value(0), value(1), value(2), value(3)]);
    let described: Map<String, Value> =
        three.iter().enumerate().map(|(at, it)| ((*it).to_owned(), json!(words(at)))).collect();
    let plain = expressions.into_iter().enumerate().map(|(at, it)| match at % 4 {
        0 => json!(it),
        1 => json!({"type": it, "doc": words(at)}),
        2 => json!({"type": it, "doc": words(at), "source": words(at + 1), "unclear": words(at + 2)}),
        _ => json!({"type": it, "doc": words(at), "because": words(at + 3)}),
    });
    let limited = [
        json!({"enum": three, "default": three[0], "doc": words(4)}),
        json!({"enum": described}),
        json!({"enum": three, "open": true, "examples": [value(9)]}),
        json!({"enum": [1, 5, 10], "default": 5}),
        json!({"enum": [0.5, 1.0, -2.25]}),
        json!({"enum": [true, false], "default": true}),
        json!({"const": value(5)}),
        json!({"const": 7}),
        json!({"const": true}),
        json!({"type": "string", "default": value(6), "examples": [value(7), value(8)], "deprecated": words(7)}),
        json!({"type": "string", "min_length": 0, "max_length": 0}),
        json!({"type": "string", "min_length": 2, "max_length": 9_223_372_036_854_775_807_i64, "han_double": true, "pattern": "^[^\"\\\\#{}`*/]*$"}),
        json!({"type": "integer", "minimum": i64::MIN, "maximum": i64::MAX}),
        json!({"type": "integer", "exclusive_minimum": i64::MIN, "exclusive_maximum": i64::MAX, "multiple_of": 1}),
        json!({"type": "integer", "minimum": 0.5, "maximum": 1e18, "multiple_of": 2.5}),
        json!({"type": "number", "minimum": -1e300, "exclusive_maximum": 1e300, "multiple_of": 0.001}),
        json!({"type": "[string]", "min_items": 0, "max_items": 9, "unique_items": true, "items": {"max_length": 3, "pattern": "a"}}),
        json!({"type": "[integer]", "items": {"enum": [1, 2]}, "default": [1]}),
        json!({"type": "[string]", "items": {"enum": three}}),
        json!({"type": "map<string>", "items": {"enum": three, "open": true}}),
        json!({"type": "map<number>", "items": {"minimum": 1}}),
        json!({"type": "map<string>", "min_properties": 1, "max_properties": 3}),
        json!({"type": "json", "min_properties": 0, "max_properties": 9_223_372_036_854_775_807_i64}),
        json!({"type": "map<Tree> | string", "min_properties": 2, "min_length": 1}),
        json!({"type": "string | integer", "enum": [three[0], 5]}),
        json!({"type": "Scalar", "max_length": 3, "maximum": 7, "const": value(3)}),
        json!({"type": "Mood", "max_length": 3, "pattern": "a|b"}),
        json!({"type": "Shade", "enum": ["dark"]}),
        json!({"type": "[Shade]", "items": {"const": "dark"}}),
        json!({"type": "json", "enum": ["a", 1, true], "max_length": 2, "minimum": 1, "max_items": 3}),
        json!({"type": "string", "secret": true}),
        json!({"type": "Tree", "secret": true, "nullable": true}),
        json!({"type": "string", "nullable": true, "default": null}),
        json!({"type": "Expr", "nullable": true}),
        json!({"type": "[Tree]", "nullable": true}),
        json!({"type": "string | integer", "nullable": true}),
        json!({"enum": three, "nullable": true}),
        json!({"type": "file", "max_bytes": 10}),
        json!({"type": "file | url", "max_bytes": 10}),
        json!({"type": "uint64", "minimum": 1, "maximum": u64::MAX, "default": u64::MAX}),
        json!({"type": "uint64", "exclusive_minimum": i64::MAX, "multiple_of": 3, "not": {"enum": [u64::MAX]}}),
        json!({"type": "uint64 | string", "enum": [u64::MAX, three[0]]}),
        json!({"type": "map<string>", "style": "deep_object"}),
        json!({"type": "[file]", "max_items": 2}),
        json!({"type": "[Turn]", "push": constructors(turn)}),
    ];
    plain.chain(limited).collect()
}

fn distinct<'v>(values: &[&'v str]) -> Vec<&'v str> {
    let mut all: Vec<&str> = Vec::new();
    for value in values {
        if !all.contains(value) {
            all.push(value);
        }
    }
    all
}

/// The files of a turn: all forms in all places. Panics if forms that are valid individually are refused together.
pub(super) fn files(turn: usize) -> Files {
    let mut resources: Vec<Value> = Vec::new();
    let names = resource_names(turn);
    let mut declared = types(turn);
    for (at, place) in PLACES.into_iter().enumerate() {
        let mut operations = Map::new();
        let fitting = fitting(turn, place);
        assert!(fitting.len() > 20, "{place:?}: {}", fitting.len());
        for (index, together) in fitting.chunks(TOGETHER).enumerate() {
            let operation = operation(turn + index, place, at * 100 + index, together, &mut declared);
            operations.insert(operation_name(turn, at, index), operation);
        }
        let words = |it: usize| WORDS[(turn + at + it) % WORDS.len()];
        resources.push(json!({
            "resource": names[at], "title": line(words(0)), "doc": words(1), "source": words(2), "operations": operations,
        }));
    }
    resources.push(answers(turn, &names[PLACES.len()]));
    let mut files = Files::from([("api.yaml".to_owned(), file(&api(turn, &declared)))]);
    files
        .extend(resources.iter().map(|it| (format!("{}.yaml", it["resource"].as_str().unwrap_or_default()), file(it))));
    files
}

/// The forms that a place allows, each with a name.
fn fitting(turn: usize, place: Position) -> Vec<(String, Value)> {
    let mut left: Vec<(String, Value)> =
        forms(turn).into_iter().enumerate().map(|(at, form)| (format!("p{at}"), form)).collect();
    loop {
        let mut declared = types(turn);
        let operation = operation(turn, place, 0, &left, &mut declared);
        let resource =
            json!({"resource": "alone", "title": "Alone", "doc": "Alone.", "operations": {"run": operation}});
        let files = [("api.yaml".to_owned(), file(&api(turn, &declared))), ("alone.yaml".to_owned(), file(&resource))];
        let faults = faults(&files);
        if faults.is_empty() {
            break;
        }
        // Diagnostics of the whole operation follow from those of its parameters.
        let refused: Vec<String> = faults.iter().flat_map(|it| refused(&files, &left, it)).map(str::to_owned).collect();
        assert!(!refused.is_empty(), "turn {turn}, {place:?}: {}", faults[0].message);
        left.retain(|(name, _)| !refused.contains(name));
    }
    let mut spelled: Vec<String> = Vec::new();
    let mut next = turn * 17;
    for (name, _) in &mut left {
        next += 1;
        let wanted = NAMES[next % NAMES.len()];
        // Names with the same Rust spelling are tested elsewhere.
        let spelling: String = wanted.chars().filter(|it| it.is_alphanumeric()).collect::<String>().to_lowercase();
        if can_be_called(turn, place, wanted) && !spelling.is_empty() && !spelled.contains(&spelling) {
            *name = wanted.to_owned();
            spelled.push(spelling);
        }
    }
    left
}

/// The parameters that have diagnostics.
fn refused<'l>(files: &[(String, String)], left: &'l [(String, Value)], fault: &Fault) -> Vec<&'l str> {
    let of = |(file, at): &(String, usize)| {
        let (_, text) = files.iter().find(|(name, _)| name == file)?;
        keys_before(text, *at).find_map(|key| left.iter().find(|(name, _)| *name == key).map(|(name, _)| name.as_str()))
    };
    fault.places.iter().filter_map(of).collect()
}

/// The keys that start at or before a position, without their `?`, from the last one on.
fn keys_before(text: &str, at: usize) -> impl Iterator<Item = &str> {
    let end = text[at..].find(':').map_or(text.len(), |it| at + it + 1);
    text[..end].rmatch_indices(':').filter_map(move |(colon, _)| {
        let (_, key) = text[..colon].strip_suffix('"')?.rsplit_once('"')?;
        let start = colon - key.len() - 2;
        (start <= at).then(|| key.trim_end_matches('?'))
    })
}

/// Whether the place allows a name unchanged, and generated code does not use it itself.
fn can_be_called(turn: usize, place: Position, name: &str) -> bool {
    let simple = |sign: char| name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_' || it == sign);
    let fits = match place {
        Position::Path => simple('_'),
        Position::Header => simple('-'),
        _ => true,
    };
    let lower = name.to_lowercase();
    fits && !["send", "check", "extra", "new"].contains(&&*lower) && !constructors(turn).contains(&&*lower)
}

fn line(words: &str) -> String {
    let line = words.replace(['\n', '\r', '\t', '\u{85}', '\u{2028}'], " ");
    if line.trim().is_empty() { "Words.".to_owned() } else { line }
}

fn api(turn: usize, declared: &Value) -> Value {
    let words = |at: usize| WORDS[(turn * 3 + at) % WORDS.len()];
    let value = |at: usize| VALUES[(turn * 13 + at) % VALUES.len()];
    let codes: Map<String, Value> = (0..4).map(|it| (format!("{}{it}", value(it)), json!(words(it)))).collect();
    let snake = |at: usize| SNAKES[(turn * 5 + at * 31) % SNAKES.len()];
    json!({
        "api": "random_api", "title": line(words(0)), "doc": words(1), "source": words(2),
        "servers": {snake(0): "https://api.example.com/v1", "other_2": {"url": "https://other.example.com", "doc": words(3)}},
        "credentials": {
            snake(1): {"env": "RANDOM_API_KEY", "doc": words(4), "looks_like": value(5), "send": {snake(2): {"header": "Authorization", "prefix": "Bearer "}, "plain_2": {"header": "x-key"}}},
            "second_2": {"env": "RANDOM_SECOND", "send": {"key": {"header": "x-second"}}},
            "token_2": {"env": {"client_id": "RANDOM_ID", "client_secret": "RANDOM_SECRET"}, "doc": words(8), "oauth2": {
                "grant": "client_credentials", "token_url": "/token", "scopes": {"read": words(9)}, "parameters": {"audience": value(6)}}},
        },
        "errors": {"message": ["/error/message", "/error"], "code": "/code", "details": "/de\"tails", "codes": codes,
            "statuses": {"401": {"kind": "authentication", "doc": words(5)}}},
        "rate_limits": {snake(3): {"requests": 5, "per": "1m", "unit": "requests", "scope": "key", "doc": words(6)}},
        "rate_limit_headers": {"limit": "X-Limit", "reset": {"header": "X-Reset", "format": "unix"}},
        "request_id_header": "x-request-id",
        "webhook": {"headers": {"id": "X-Id", "timestamp": "X-Time", "signature": "X-Sign"}, "algorithm": "hmac-sha256",
            "signed": "{id}.\"{timestamp}\\.{body}", "secret": {"env": "RANDOM_SECRET", "encoding": "text"},
            "signature": {"encoding": "hex", "separator": " "}, "doc": words(7),
            "events": {"name": "/type", "types": {"it.happened": {"type": "json", "doc": words(10)}, "more": "string | [integer]"}}},
        "client": {"headers": {"X-Of-All": {"default": value(7), "doc": words(11)}}, "query": {"of.all_2": {"type": "integer", "env": "RANDOM_OF_ALL"}}},
        "tasks": {"pending": [value(20), "processing"], "completed": ["completed"], "failed": ["failed"], "error": "/error",
            "interval": "366d", "deadline": "366d"},
        "types": declared,
    })
}

/// Names for the resources, all different.
fn resource_names(turn: usize) -> Vec<String> {
    let free = |at| SNAKES[(turn * 9 + at) % SNAKES.len()];
    (0..SNAKES.len()).map(free).filter(|it| !RESERVED.contains(it)).take(PLACES.len() + 1).map(str::to_owned).collect()
}

fn operation_name(turn: usize, place: usize, index: usize) -> String {
    // Eight names of a resource, all different.
    SNAKES[(turn * 19 + place * 23 + index * 29) % SNAKES.len()].to_owned()
}

fn operation(turn: usize, place: Position, id: usize, fields: &[(String, Value)], declared: &mut Value) -> Value {
    let words = |at: usize| WORDS[(turn + id + at) % WORDS.len()];
    let map: Map<String, Value> = fields.iter().cloned().collect();
    let mut operation = json!({"summary": line(words(0)), "doc": words(1), "unclear": words(2), "response": "none"});
    let (method, path) = match place {
        Position::Path => {
            let names: String = fields.iter().map(|(name, _)| format!("/{{{name}}}")).collect();
            operation["path"] = json!(map);
            ("get", format!("/it/{id}{names}"))
        }
        Position::Query => {
            operation["query"] = json!(map);
            ("get", format!("/it/{id}"))
        }
        Position::Header => {
            operation["headers"] = json!(map);
            ("delete", format!("/it/{id}"))
        }
        Position::Body => {
            operation["body"] = json!(with_required(turn, map));
            ("post", format!("/it/{id}"))
        }
        Position::Multipart => {
            operation["encoding"] = json!("multipart");
            operation["body"] = json!(with_required(turn, map));
            ("put", format!("/it/{id}"))
        }
        Position::Field => {
            let name = format!("{}{id}x", TYPES[(turn + id) % TYPES.len()]);
            declared[&name] = json!({"doc": words(3), "fields": with_optional(turn, map)});
            operation["body"] = if id.is_multiple_of(2) { json!({"it": name}) } else { json!(name) };
            ("patch", format!("/it/{id}"))
        }
        Position::Answer => {
            operation["response"] = json!(with_optional(turn, map));
            ("get", format!("/it/{id}"))
        }
        Position::Result => {
            operation.as_object_mut().expect("an object").shift_remove("response");
            operation["task"] = json!({"result": with_optional(turn, map), "stage": {"field": "stage of", "values": {"a \"b": words(5)}}});
            ("post", format!("/it/{id}"))
        }
    };
    operation[method] = json!(path);
    operation
}

/// Every third parameter is required.
fn with_required(turn: usize, map: Map<String, Value>) -> Map<String, Value> {
    let entry = |(at, (name, form)): (usize, (String, Value))| {
        let form = match form {
            Value::String(ty) if (at + turn).is_multiple_of(3) => json!({"type": ty, "required": true}),
            Value::Object(mut entry) if (at + turn).is_multiple_of(3) => {
                entry.insert("required".to_owned(), json!(true));
                Value::Object(entry)
            }
            other => other,
        };
        (name, form)
    };
    map.into_iter().enumerate().map(entry).collect()
}

/// Every second field is optional.
fn with_optional(turn: usize, map: Map<String, Value>) -> Map<String, Value> {
    let entry = |(at, (name, form)): (usize, (String, Value))| {
        (if (at + turn).is_multiple_of(2) { format!("{name}?") } else { name }, form)
    };
    map.into_iter().enumerate().map(entry).collect()
}

/// Types of a response, of a value under its key, and of stream events.
fn answers(turn: usize, name: &str) -> Value {
    const TYPES: [&str; 14] = [
        "string",
        "integer",
        "json",
        "[string]",
        "[Tree]",
        "map<Expr>",
        "Tree",
        "Expr",
        "Open",
        "Data",
        "Scalar",
        "Mood",
        "Shade",
        "string | [Leaf]",
    ];
    let words = |at: usize| WORDS[(turn * 2 + at) % WORDS.len()];
    let value = |at: usize| VALUES[(turn * 2 + at) % VALUES.len()];
    let mut operations = Map::new();
    for (at, ty) in TYPES.into_iter().enumerate() {
        let answer = match at % 2 {
            0 => json!(ty),
            _ => json!({"wrapped": format!("{}x", value(at).replace(['/', '.'], "")), "type": ty}),
        };
        let name = SNAKES[(turn * 7 + at * 13) % SNAKES.len()];
        operations.insert(
            name.to_owned(),
            json!({"get": format!("/whole/{at}"), "summary": line(words(at)), "response": answer}),
        );
    }
    for (at, ty) in TYPES.into_iter().enumerate() {
        let mut events: Map<String, Value> = Map::new();
        events.insert(format!("{}e", value(at)), json!(ty));
        events.insert("other".to_owned(), json!("none"));
        events.insert("a.b".to_owned(), json!("Tree"));
        events.insert("a-b".to_owned(), json!("none"));
        let stream = match at % 3 {
            0 => json!({"data": ty, "end_data": format!("{}d", value(at))}),
            1 => json!({"events": events, "error_event": value(at + 1)}),
            _ => json!({"when": {"go": true}, "data": ty}),
        };
        let mut operation = json!({
            "post": format!("/stream/{at}"), "summary": line(words(at + 1)), "body": {"go": "boolean", "it": "string"},
            "response": "Leaf", "stream": stream,
        });
        if at % 3 < 2 {
            operation.as_object_mut().expect("an object").shift_remove("response");
        }
        operations.insert(format!("stream_{at}"), operation);
    }
    json!({"resource": name, "title": line(words(3)), "doc": words(4), "operations": operations})
}
