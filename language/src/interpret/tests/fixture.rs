//! A small reader of the spec language for tests: enough to write models as specs, without the front end.
//!
//! Takes an operation (`body`, `query`, `path`, `headers`, `rules`, `open`, …) and `types` in one map. It trusts the
//! test: what it does not know, it panics at.

mod rules;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use self::rules::{PENDING, clause, clauses, resolved};
use crate::model::*;
use crate::source::{FileId, Span};

pub(crate) const SPAN: Span = Span { file: FileId(0), start: 0, end: 0 };

/// An API with one operation `things.make`, `POST /things` unless `post`, `get`, … says otherwise.
pub(crate) fn api(yaml: &str) -> Api {
    let spec: Map<String, Value> = serde_yaml::from_str(yaml).unwrap_or_else(|error| panic!("{error}\n{yaml}"));
    let mut reader = Reader::default();
    reader.types(spec.get("types"));
    let ops: Vec<Operation> = match spec.get("operations") {
        Some(all) => object(all).iter().map(|(name, it)| reader.operation(name, object(it))).collect(),
        None => vec![reader.operation("make", &spec)],
    };
    let server = |url: &str| Server {
        name: "default".into(),
        url: url.into(),
        doc: String::new(),
        variables: Vec::new(),
        span: SPAN,
    };
    let scheme = |name: &str, header: &str, prefix: &str| AuthScheme {
        name: name.into(),
        place: crate::model::KeyPlace::Header(header.into()),
        prefix: prefix.into(),
    };
    Api {
        name: "test".into(),
        title: "Test".into(),
        doc: String::new(),
        version: "0.1.0".into(),
        source: None,
        servers: vec![server("https://api.example.com/base")],
        credentials: vec![Credential {
            name: "api_key".into(),
            env: "KEY".into(),
            username_env: None,
            doc: String::new(),
            looks_like: None,
            oauth2: None,
            schemes: vec![scheme("bearer", "Authorization", "Bearer "), scheme("x_api_key", "x-api-key", "")],
            span: SPAN,
        }],
        errors: ErrorModel::default(),
        rate_limits: Vec::new(),
        rate_limit_headers: None,
        first_call: None,
        request_id_header: None,
        client_parameters: Vec::new(),
        has_xml: false,
        webhook: None,
        types: reader.types.into(),
        resources: vec![Resource {
            name: "things".into(),
            title: "Things".into(),
            doc: String::new(),
            source: None,
            operations: (0..ops.len()).map(|it| OperationId(it as u32)).collect(),
            rust_name: None,
            span: SPAN,
        }],
        operations: ops.into_iter().map(Into::into).collect(),
        span: SPAN,
    }
}

#[derive(Default)]
struct Reader {
    types: Vec<TypeDef>,
    ids: BTreeMap<String, TypeId>,
}

impl Reader {
    fn types(&mut self, types: Option<&Value>) {
        let Some(types) = types.map(object) else { return };
        for name in types.keys() {
            self.declare(name, TypeKind::Union { members: Vec::new(), exclusive: false });
        }
        for (name, def) in types {
            let def = object(def);
            let open = def.get("open") == Some(&Value::Bool(true));
            let kind = if let Some(fields) = def.get("fields") {
                let fields = object(fields).iter().map(|(name, entry)| self.field(name, entry, Location::Body, true));
                TypeKind::Record(resolved(fields.collect(), def.get("rules"), open, &self.types))
            } else if let Some(values) = def.get("enum") {
                TypeKind::Enum(enum_def(values, open))
            } else if let Some(tag) = def.get("tag") {
                let member = |(tag, ty): (&String, &Value)| (enum_value(tag), self.ids[text(ty)]);
                let members = object(&def["one_of"]).iter().map(member).collect();
                TypeKind::Tagged(TaggedUnion { tag: text(tag).into(), tag_type: Type::String, members, open })
            } else {
                let (key, exclusive) = if def.contains_key("any_of") { ("any_of", false) } else { ("one_of", true) };
                TypeKind::Union { members: list(&def[key]).iter().map(|it| self.ty(it)).collect(), exclusive }
            };
            let id = self.ids[name];
            self.types[id.0 as usize].kind = kind;
        }
    }

    fn declare(&mut self, name: &str, kind: TypeKind) -> TypeId {
        let id = TypeId(self.types.len() as u32);
        self.ids.insert(name.into(), id);
        self.types.push(TypeDef {
            name: name.into(),
            inline: false,
            doc: String::new(),
            origin: Origin::default(),
            kind,
            in_request: true,
            in_response: true,
            resource: None,
            constructors: Vec::new(),
            rust_name: None,
            xml: None,
            span: SPAN,
        });
        id
    }

    fn ty(&self, expression: &Value) -> Type {
        match expression {
            Value::Array(one) => Type::Array(Box::new(self.ty(&one[0]))),
            other => self.ty_text(text(other).trim()),
        }
    }

    fn ty_text(&self, text: &str) -> Type {
        if let Some(inner) = text.strip_prefix('[').and_then(|it| it.strip_suffix(']'))
            && !inner.contains('|')
        {
            return Type::Array(Box::new(self.ty_text(inner)));
        }
        if text.contains(" | ") {
            return Type::Union(text.split(" | ").map(|it| self.ty_text(it)).collect());
        }
        if let Some(inner) = text.strip_prefix("map<").and_then(|it| it.strip_suffix('>')) {
            return Type::Map(Box::new(self.ty_text(inner)));
        }
        match text {
            "string" => Type::String,
            "integer" => Type::Integer,
            "number" => Type::Number,
            "boolean" => Type::Boolean,
            "url" => Type::Url,
            "https-url" => Type::HttpsUrl,
            "date-time" => Type::DateTime,
            "base64" => Type::Base64,
            "file" => Type::File,
            "json" => Type::Json,
            name => Type::Named(*self.ids.get(name).unwrap_or_else(|| panic!("unknown type {name}"))),
        }
    }

    fn operation(&mut self, name: &str, spec: &Map<String, Value>) -> Operation {
        let mut fields = Vec::new();
        for (key, location) in [
            ("path", Location::Path),
            ("query", Location::Query),
            ("headers", Location::Header),
            ("body", Location::Body),
        ] {
            for (name, entry) in spec.get(key).map(object).into_iter().flatten() {
                fields.push(self.field(name, entry, location, location == Location::Path));
            }
        }
        let methods = [
            ("get", Method::Get),
            ("post", Method::Post),
            ("put", Method::Put),
            ("patch", Method::Patch),
            ("delete", Method::Delete),
        ];
        let (method, template) = methods
            .into_iter()
            .find_map(|(key, method)| Some((method, text(spec.get(key)?).to_owned())))
            .unwrap_or((Method::Post, "/things".into()));
        let path = self.path(&template, &mut fields);
        let open = spec.get("open") == Some(&Value::Bool(true));
        let output = match (spec.get("task"), spec.get("response")) {
            (Some(task), _) => {
                let task = object(task);
                let named = |key: &str| self.ids[text(&task[key])];
                Output::Task(Box::new(Task {
                    created: named("created"),
                    result: named("result"),
                    id_field: "id".into(),
                    is_url_in_header: false,
                    status: Some(crate::model::StatusPath::of_id(&format!("{template}/"), "")),
                    every_state: task.get("every_state").map(strings).unwrap_or_default(),
                    state_field: "status".into(),
                    pending: vec!["processing".into()],
                    completed: vec!["completed".into()],
                    failed: vec!["failed".into()],
                    has_boolean_states: false,
                    error_pointer: "/error".into(),
                    stage: None,
                    poll_interval_ms: 5000,
                    deadline_ms: 600_000,
                    download: None,
                    cancel: None,
                    callback: None,
                    span: SPAN,
                }))
            }
            (None, Some(Value::Object(it))) if it.contains_key("binary") => {
                Output::Binary { media_types: strings(&it["binary"]) }
            }
            (None, Some(Value::Object(it))) => Output::Json {
                ty: self.ty(&it["type"]),
                wrapper: Some(text(&it["wrapped"]).into()),
                plain_text: None,
                nullable: false,
            },
            (None, Some(ty)) => Output::Json { ty: self.ty(ty), wrapper: None, plain_text: None, nullable: false },
            (None, None) => Output::Empty,
        };
        let scheme = spec.get("auth").map_or(0, |it| usize::from(text(it) == "api_key.x_api_key"));
        let has_body = fields.iter().any(|it| it.location == Location::Body);
        Operation {
            resource: ResourceId(0),
            name: name.into(),
            method,
            path,
            server: 0,
            summary: String::new(),
            doc: String::new(),
            origin: Origin::default(),
            partly_documented: false,
            auth: vec![vec![Auth { credential: 0, scheme, scopes: Vec::new() }]],
            billed: false,
            encoding: Encoding::Json,
            content_types: vec![crate::model::ContentType {
                media_type: Encoding::Json.media_type().to_owned(),
                encoding: Encoding::Json,
            }],
            parameters: resolved(fields, spec.get("rules"), open, &self.types),
            has_body: has_body || open,
            variants: Vec::new(),
            output,
            success: 200,
            stream: None,
            pages: None,
            rate_limits: Vec::new(),
            idempotency: None,
            accept: Vec::new(),
            deprecated: None,
            failure: None,
            response_xml: None,
            response_headers: None,
            error_type: None,
            statuses: Vec::new(),
            examples: spec.get("examples").map(list).into_iter().flatten().map(example).collect(),
            rust_name: None,
            span: SPAN,
        }
    }

    fn path(&mut self, template: &str, fields: &mut Vec<Field>) -> Vec<PathPart> {
        let mut parts = Vec::new();
        for (index, piece) in template.split('{').enumerate() {
            let literal = if index == 0 { piece } else { piece.split_once('}').expect("closed").1 };
            if index > 0 {
                let name = piece.split_once('}').expect("closed").0;
                let known = fields.iter().position(|it| it.name == name && it.location == Location::Path);
                let ix = known.unwrap_or_else(|| {
                    fields.push(self.field(name, &Value::from("string"), Location::Path, true));
                    fields.len() - 1
                });
                parts.push(PathPart::Parameter(FieldIx(ix as u32)));
            }
            if !literal.is_empty() {
                parts.push(PathPart::Literal(literal.into()));
            }
        }
        parts
    }

    fn field(&mut self, name: &str, entry: &Value, location: Location, required: bool) -> Field {
        let short;
        let entry = match entry {
            Value::Object(entry) => entry,
            ty => {
                short = Map::from_iter([("type".to_owned(), ty.clone())]);
                &short
            }
        };
        let plain = name.trim_end_matches('?');
        let is_true = |key: &str| entry.get(key) == Some(&Value::Bool(true));
        let of_strings = |it: &Value| it.is_object() || list(it).iter().all(Value::is_string);
        let mut base = entry.clone();
        let ty = match (entry.get("type"), entry.get("enum")) {
            (Some(ty), _) => self.ty(ty),
            (None, Some(values)) if of_strings(values) => {
                base.remove("enum");
                let def = enum_def(values, is_true("open"));
                Type::Named(self.declare(&format!("{plain}-enum-{}", self.types.len()), TypeKind::Enum(def)))
            }
            (None, Some(_)) => Type::Number,
            (None, None) => match entry.get("const") {
                Some(Value::Bool(_)) => Type::Boolean,
                Some(Value::Number(_)) => Type::Number,
                _ => Type::String,
            },
        };
        let required = required && name == plain || is_true("required");
        base.insert("required".into(), required.into());
        let default = base.remove("default");
        let mut clauses = clauses(&base);
        if required && location != Location::Path && !is_true("may_be_empty") && !is_true("nullable") {
            let implied = match &ty {
                Type::String => Some(Constraint::MinLength(1, LengthUnit::Plain)),
                Type::Array(_) => Some(Constraint::MinItems(1)),
                _ => None,
            };
            let origin = Origin { certainty: Certainty::Inferred, ..Origin::default() };
            clauses.extend(implied.map(|it| Clause { origin, implied: true, ..clause(Condition::Always, it) }));
        }
        PENDING.with_borrow_mut(|pending| {
            let mut add = |at: usize, when: Value| pending.push((plain.to_owned(), at, when));
            for case in entry.get("cases").map(list).into_iter().flatten() {
                for made in rules::clauses(object(case)) {
                    add(clauses.len(), case["when"].clone());
                    clauses.push(made);
                }
            }
            if let Some(only) = entry.get("only") {
                add(clauses.len(), Value::from_iter([("$not", only.clone())]));
                clauses.push(clause(Condition::Always, Constraint::Forbidden));
            }
        });
        Field {
            name: plain.into(),
            sent: crate::model::Sent::default(),
            location,
            ty,
            nullable: is_true("nullable"),
            secret: is_true("secret"),
            access: crate::model::Access::Both,
            may_lack: false,
            doc: String::new(),
            origin: Origin::default(),
            default,
            deprecated: None,
            clauses,
            examples: Vec::new(),
            push: Vec::new(),
            rust_name: None,
            client: None,
            span: SPAN,
        }
    }
}

fn example(spec: &Value) -> Example {
    let spec = object(spec);
    let spanned = |it: &str| crate::source::Spanned { value: it.to_owned(), span: SPAN };
    let claims = spec.get("invalid").map(object).into_iter().flatten();
    let of_call = spec.get("response").map(|it| (it, ExampleOf::Call));
    let of_status = spec.get("status").map(|it| (it, ExampleOf::Status));
    let of_callback = spec.get("callback").map(|it| (it, ExampleOf::Callback));
    let answer = of_call.or(of_status).or(of_callback);
    Example {
        name: text(&spec["name"]).into(),
        request: spec.get("request").cloned(),
        invalid: claims.map(|(at, rule)| (spanned(at), spanned(text(rule)))).collect(),
        response: answer.map(|(it, _)| it.clone()),
        events: Vec::new(),
        of: answer.map_or(ExampleOf::Call, |(_, of)| of),
        source: None,
        span: SPAN,
        request_places: Default::default(),
        response_places: Default::default(),
    }
}

fn enum_def(values: &Value, open: bool) -> EnumDef {
    let values = match values {
        Value::Object(map) => map.keys().map(|it| enum_value(it)).collect(),
        other => list(other).iter().map(|it| enum_value(text(it))).collect(),
    };
    EnumDef { values, open }
}

fn enum_value(value: &str) -> EnumValue {
    EnumValue { value: value.into(), doc: String::new(), rust_name: None, span: SPAN }
}

fn object(value: &Value) -> &Map<String, Value> {
    value.as_object().unwrap_or_else(|| panic!("no map: {value}"))
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("no list: {value}"))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

fn strings(value: &Value) -> Vec<String> {
    list(value).iter().map(|it| text(it).to_owned()).collect()
}

fn num(value: &Value) -> Num {
    value.as_i64().map_or_else(|| Num::Float(value.as_f64().expect("a number")), |it| Num::Integer(it.into()))
}
