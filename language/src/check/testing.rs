//! Models for tests, from a few lines: one operation `demo.call` (or one record type), every line a parameter, a case,
//! a rule or a variant, and its own span.
//!
//! ```text
//! model!: a | b                     a required closed enum
//! seed: integer = 5                 with a default
//! + seed maximum=9 when model=a     a clause; `unless` for its opposite; `~` before the keyword: inferred
//! rule any_of a b when seed=$present
//! variant fast when model=a
//! ```
#![allow(clippy::unwrap_used)]

use serde_json::Value;

use crate::constraints::{self, ArgumentKind, Written};
use crate::model::*;
use crate::source::{Sources, Span};

/// A model and its text.
pub(crate) struct Demo {
    pub(crate) api: Api,
    pub(crate) sources: Sources,
}

/// Reads the lines as the operation `demo.call`.
#[track_caller]
pub(crate) fn demo(text: &str) -> Demo {
    let mut sources = Sources::default();
    let text: String = text.lines().map(|it| format!("{}\n", it.trim())).collect();
    let file = sources.add("demo", text.clone());
    let mut types = Vec::new();
    let mut record = Record::default();
    let mut start = 0;
    let lines: Vec<(&str, Span)> = text
        .lines()
        .map(|line| {
            let span = Span::new(file, start, start + line.len() as u32);
            start += line.len() as u32 + 1;
            (line, span)
        })
        .filter(|(line, _)| !line.is_empty())
        .collect();
    for (line, span) in lines.iter().filter(|(line, _)| is_field(line)) {
        record.fields.push(field(line, *span, &mut types));
    }
    let mut variants = Vec::new();
    for (line, span) in lines.iter().filter(|(line, _)| !is_field(line)) {
        let (line, when) = split_condition(line, &record);
        let mut words = line.split_whitespace();
        match words.next().unwrap() {
            "+" => {
                let (ix, _) = record.find(words.next().unwrap()).unwrap();
                for word in words {
                    let clause = clause(word, when.clone(), *span);
                    record.fields[ix.0 as usize].clauses.push(clause);
                }
            }
            "rule" => {
                let kind = rule(words.next().unwrap(), &words.collect::<Vec<_>>(), &record);
                let origin = Origin::default();
                record.rules.push(Rule { when, kind, message: None, origin, span: *span });
            }
            "variant" => {
                let name = words.next().unwrap().to_owned();
                variants.push(Variant { name, doc: String::new(), when, rust_name: None, span: *span });
            }
            other => panic!("unknown line {other}"),
        }
    }
    Demo { api: api(record, variants, types, Span::new(file, 0, 4)), sources }
}

fn is_field(line: &str) -> bool {
    line.split_whitespace().next().is_some_and(|it| it.ends_with(':'))
}

fn field(line: &str, span: Span, types: &mut Vec<TypeDef>) -> Field {
    let (name, rest) = line.split_once(':').unwrap();
    let (ty, default) = match rest.split_once(" = ") {
        Some((ty, default)) => (ty.trim(), Some(value(default.trim()))),
        None => (rest.trim(), None),
    };
    let required = name.ends_with('!');
    let name = name.trim_end_matches(['!', '?']).to_owned();
    let nullable = ty.ends_with('?');
    let ty = self::ty(ty.trim_end_matches('?'), &name, span, types);
    let clauses = if required { vec![clause("required", Condition::Always, span)] } else { Vec::new() };
    Field {
        name,
        sent: crate::model::Sent::default(),
        location: Location::Body,
        ty,
        nullable,
        secret: false,
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
        span,
    }
}

fn ty(text: &str, name: &str, span: Span, types: &mut Vec<TypeDef>) -> Type {
    match text {
        "string" => Type::String,
        "integer" => Type::Integer,
        "number" => Type::Number,
        "boolean" => Type::Boolean,
        "url" => Type::Url,
        "json" => Type::Json,
        "[string]" => Type::Array(Box::new(Type::String)),
        "[url]" => Type::Array(Box::new(Type::Url)),
        "[boolean]" => Type::Array(Box::new(Type::Boolean)),
        "[integer]" => Type::Array(Box::new(Type::Integer)),
        "[[boolean]]" => Type::Array(Box::new(Type::Array(Box::new(Type::Boolean)))),
        "map<integer>" => Type::Map(Box::new(Type::Integer)),
        "base64" => Type::Base64,
        values => {
            let values = values.split('|').map(|it| it.trim().to_owned()).map(|value| EnumValue {
                value,
                doc: String::new(),
                rust_name: None,
                span,
            });
            types.push(TypeDef {
                name: name.to_owned(),
                inline: true,
                doc: String::new(),
                origin: Origin::default(),
                kind: TypeKind::Enum(EnumDef { values: values.collect(), open: false }),
                in_request: true,
                in_response: false,
                resource: None,
                constructors: Vec::new(),
                rust_name: None,
                xml: None,
                span,
            });
            Type::Named(TypeId(types.len() as u32 - 1))
        }
    }
}

fn clause(word: &str, when: Condition, span: Span) -> Clause {
    let certainty = if word.starts_with('~') { Certainty::Inferred } else { Certainty::Stated };
    let word = word.trim_start_matches('~');
    let (target, word) = match word.strip_prefix("items.") {
        Some(word) => (Target::Items, word),
        None => (Target::Value, word),
    };
    let (keyword, limit) = word.split_once('=').unwrap_or((word, ""));
    let constraint = match keyword {
        "required" => Constraint::Required,
        "forbidden" => Constraint::Forbidden,
        "ignored" => Constraint::Ignored,
        "enum" => Constraint::Enum(limit.split(',').map(value).collect()),
        "default" => Constraint::Default(value(limit)),
        _ => {
            let row = constraints::with_argument().find(|it| it.name == keyword);
            let row = row.unwrap_or_else(|| panic!("unknown keyword {keyword}"));
            let argument = match row.argument {
                ArgumentKind::Own | ArgumentKind::Flag => Written::Flag(true),
                ArgumentKind::Number => {
                    let whole = limit.parse().map(Num::Integer);
                    Written::Number(whole.unwrap_or_else(|_| Num::Float(limit.parse().unwrap())))
                }
                ArgumentKind::Count => Written::Count(limit.parse().unwrap()),
                ArgumentKind::Text => Written::Text(limit.to_owned()),
                ArgumentKind::Scalar => Written::Scalar(value(limit)),
                ArgumentKind::Excluded => {
                    Written::Excluded(crate::model::Excluded::Values(limit.split(',').map(value).collect()))
                }
            };
            (row.constraint)(&argument, LengthUnit::Plain).unwrap()
        }
    };
    let origin = Origin { certainty, ..Origin::default() };
    Clause { when, target, constraint, because: None, origin, implied: false, span }
}

fn rule(keyword: &str, words: &[&str], record: &Record) -> RuleKind {
    let limit = |name: &str| {
        let text = words.iter().find_map(|it| it.strip_prefix(name)?.strip_prefix('='));
        text.map(|it| it.parse::<u64>().unwrap())
    };
    let names = words.iter().filter(|it| !it.contains('='));
    let paths: Vec<FieldPath> =
        names.filter(|it| !matches!(**it, "<" | ">")).map(|it| path(it.split('*').next().unwrap(), record)).collect();
    let unit =
        words.iter().filter(|it| !it.contains('=')).map(|it| it.split_once('*').map_or(1, |(_, n)| n.parse().unwrap()));
    let (minimum, maximum) = (limit("minimum"), limit("maximum"));
    match keyword {
        "any_of" => RuleKind::AnyOf(paths),
        "exactly_one_of" => RuleKind::ExactlyOneOf(paths),
        "at_most_one_of" => RuleKind::AtMostOneOf(paths),
        "all_or_none" => RuleKind::AllOrNone(paths),
        "requires" => RuleKind::Requires(paths[0].clone(), paths[1..].to_vec()),
        "compare" => RuleKind::Compare(paths[0].clone(), Comparison::Greater, paths[1].clone()),
        "sum" => RuleKind::Sum { terms: paths.into_iter().zip(unit).collect(), minimum, maximum },
        "total_length" => {
            let mut path = paths[0].clone();
            path.steps.push(PathStep::Items);
            RuleKind::TotalLength { path, unit: LengthUnit::Plain, minimum, maximum }
        }
        other => panic!("unknown rule {other}"),
    }
}

fn path(name: &str, record: &Record) -> FieldPath {
    FieldPath::top(record.find(name).unwrap_or_else(|| panic!("no field {name}")).0)
}

fn split_condition<'t>(line: &'t str, record: &Record) -> (&'t str, Condition) {
    if let Some((line, when)) = line.split_once(" when ") {
        (line, condition(when, record))
    } else if let Some((line, unless)) = line.split_once(" unless ") {
        (line, Condition::Not(Box::new(condition(unless, record))))
    } else {
        (line, Condition::Always)
    }
}

fn condition(text: &str, record: &Record) -> Condition {
    let either: Vec<Condition> = text.split(" or ").map(|it| conjunction(it, record)).collect();
    if either.len() == 1 { either.into_iter().next().unwrap() } else { Condition::Any(either) }
}

fn conjunction(text: &str, record: &Record) -> Condition {
    let all: Vec<Condition> = text.split(" and ").map(|it| test(it.trim(), record)).collect();
    if all.len() == 1 { all.into_iter().next().unwrap() } else { Condition::All(all) }
}

fn test(text: &str, record: &Record) -> Condition {
    let (name, matcher) = text.split_once('=').unwrap();
    let negated = name.ends_with('!');
    let matcher = match matcher {
        "$present" => Matcher::Present,
        "$absent" => Matcher::Absent,
        "$empty" => Matcher::Empty,
        "null" => Matcher::Null,
        values => Matcher::OneOf(values.split(',').map(value).collect()),
    };
    let matcher = if negated { Matcher::Not(Box::new(matcher)) } else { matcher };
    Condition::Test(Test { path: path(name.trim_end_matches('!'), record), matcher })
}

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
}

fn api(parameters: Record, variants: Vec<Variant>, types: Vec<TypeDef>, span: Span) -> Api {
    let op = Operation {
        resource: ResourceId(0),
        name: "call".to_owned(),
        method: Method::Post,
        path: vec![PathPart::Literal("/call".to_owned())],
        server: 0,
        summary: String::new(),
        doc: String::new(),
        origin: Origin::default(),
        partly_documented: false,
        auth: Vec::new(),
        billed: false,
        encoding: Encoding::Json,
        content_types: vec![crate::model::ContentType {
            media_type: Encoding::Json.media_type().to_owned(),
            encoding: Encoding::Json,
        }],
        parameters,
        has_body: true,
        variants,
        output: Output::Empty,
        success: 204,
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
        examples: Vec::new(),
        rust_name: None,
        span,
    };
    let resource = Resource {
        name: "demo".to_owned(),
        title: String::new(),
        doc: String::new(),
        source: None,
        operations: vec![OperationId(0)],
        rust_name: None,
        span,
    };
    Api {
        name: "demo".to_owned(),
        title: String::new(),
        doc: String::new(),
        version: String::new(),
        source: None,
        servers: Vec::new(),
        credentials: Vec::new(),
        errors: ErrorModel::default(),
        rate_limits: Vec::new(),
        rate_limit_headers: None,
        first_call: None,
        request_id_header: None,
        client_parameters: Vec::new(),
        has_xml: false,
        webhook: None,
        types: types.into(),
        resources: vec![resource],
        operations: vec![op.into()],
        span,
    }
}
