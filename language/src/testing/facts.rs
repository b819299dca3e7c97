//! The model as short lines of text, so that tests can say what a spec means.

use std::fmt::Write;

use crate::model::{
    Access, Api, Argument, Certainty, Condition, Constraint, Field, FieldPath, LengthUnit, Location, Matcher, Output,
    PathStep, Record, Stream, StreamEvents, Target, Type, TypeKind,
};

/// All types and operations, one fact per line.
#[must_use]
pub(crate) fn model(api: &Api) -> String {
    let mut text = String::new();
    for def in api.types.iter() {
        let sides = match (def.in_request, def.in_response) {
            (true, true) => "both",
            (true, false) => "request",
            (false, true) => "response",
            (false, false) => "unused",
        };
        let inline = if def.inline { " inline" } else { "" };
        line(&mut text, 0, &format!("type {} ({sides}{inline})", def.name));
        match &def.kind {
            TypeKind::Record(it) => record(api, it, &mut text),
            TypeKind::Enum(it) => {
                let values: Vec<&str> = it.values.iter().map(|it| it.value.as_str()).collect();
                line(&mut text, 1, &format!("enum {}{}", values.join(" "), if it.open { " …" } else { "" }));
            }
            TypeKind::Tagged(it) => {
                for (value, id) in &it.members {
                    line(&mut text, 1, &format!("{} {} = {}", it.tag, value.value, api.ty(*id).name));
                }
            }
            TypeKind::Union { members, .. } => line(&mut text, 1, &ty(api, &Type::Union(members.clone()))),
        }
    }
    for operation in &api.operations {
        let head = format!(
            "operation {} {} {}",
            operation.full_name(api),
            operation.method.as_str(),
            operation.path_template()
        );
        line(&mut text, 0, &head);
        record(api, &operation.parameters, &mut text);
        for variant in &operation.variants {
            let when = condition(api, &operation.parameters, &variant.when);
            line(&mut text, 1, &format!("variant {}: {when}", variant.name));
        }
        line(&mut text, 1, &format!("answers {} {}", operation.success, output(api, &operation.output)));
        if let Some(it) = &operation.stream {
            line(&mut text, 1, &stream(api, &operation.parameters, it));
        }
    }
    text
}

fn line(text: &mut String, depth: usize, words: &str) {
    let _ = writeln!(text, "{:depth$}{words}", "", depth = depth * 2);
}

fn record(api: &Api, it: &Record, text: &mut String) {
    for field in &it.fields {
        let place = match field.location {
            Location::Body => "",
            Location::WholeBody => " as the body",
            Location::Path => " in path",
            Location::Query => " in query",
            Location::Header => " in header",
            Location::Cookie => " in cookie",
        };
        let null = if field.nullable { " | null" } else { "" };
        let default = field.default.as_ref().map(|it| format!(" = {it}")).unwrap_or_default();
        let access = match field.access {
            Access::Both => "",
            Access::ReadOnly => " read-only",
            Access::WriteOnly => " write-only",
        };
        line(text, 1, &format!("{}: {}{null}{place}{access}{default}", field.name, ty(api, &field.ty)));
        clauses(api, it, field, text);
    }
    for rule in &it.rules {
        let when = condition(api, it, &rule.when);
        line(text, 1, &format!("rule {} when {when}", rule.kind.keyword()));
    }
}

fn clauses(api: &Api, record: &Record, field: &Field, text: &mut String) {
    for clause in &field.clauses {
        let mut words = constraint(&clause.constraint);
        if clause.target == Target::Items {
            words.insert_str(0, "each ");
        }
        if clause.when != Condition::Always {
            words = format!("{words} when {}", condition(api, record, &clause.when));
        }
        if clause.origin.certainty == Certainty::Inferred {
            words += " (inferred)";
        }
        if clause.implied {
            words += " (implied)";
        }
        line(text, 2, &words);
    }
}

fn constraint(it: &Constraint) -> String {
    let keyword = it.keyword();
    let unit = if it.unit() == LengthUnit::HanDouble { " han_double" } else { "" };
    match it.argument() {
        Argument::None => keyword.to_owned(),
        Argument::Values(values) => {
            let values: Vec<String> = values.iter().map(ToString::to_string).collect();
            format!("{keyword} {}", values.join(" "))
        }
        Argument::Value(value) => format!("{keyword} {value}"),
        Argument::Number(number) => format!("{keyword} {number}"),
        Argument::Count(count) => format!("{keyword} {count}{unit}"),
        Argument::Pattern(pattern) | Argument::Keys(pattern) | Argument::NotPattern(pattern) => {
            format!("{keyword} {pattern}")
        }
    }
}

/// A condition in one line: `model in "a" "b" and not (x present)`.
fn condition(api: &Api, record: &Record, it: &Condition) -> String {
    let joined = |them: &[Condition], word: &str| {
        let parts: Vec<String> = them.iter().map(|it| condition(api, record, it)).collect();
        format!("({})", parts.join(word))
    };
    match it {
        Condition::Always => "always".to_owned(),
        Condition::Test(test) => format!("{} {}", path(api, record, &test.path), matcher(&test.matcher)),
        Condition::All(them) => joined(them, " and "),
        Condition::Any(them) => joined(them, " or "),
        Condition::Not(inner) => format!("not {}", condition(api, record, inner)),
    }
}

fn matcher(it: &Matcher) -> String {
    match it {
        Matcher::OneOf(values) => {
            let values: Vec<String> = values.iter().map(ToString::to_string).collect();
            format!("in {}", values.join(" "))
        }
        Matcher::Present => "present".to_owned(),
        Matcher::Absent => "absent".to_owned(),
        Matcher::Null => "null".to_owned(),
        Matcher::Empty => "empty".to_owned(),
        Matcher::Any(them) => them.iter().map(matcher).collect::<Vec<_>>().join(" | "),
        Matcher::Not(inner) => format!("not({})", matcher(inner)),
    }
}

fn path(api: &Api, record: &Record, it: &FieldPath) -> String {
    let mut text = record.field(it.field).name.clone();
    for step in &it.steps {
        match step {
            PathStep::Items => text += "[]",
            PathStep::Field(id, ix) => {
                if let TypeKind::Record(inner) = &api.ty(*id).kind {
                    text = format!("{text}.{}", inner.field(*ix).name);
                }
            }
        }
    }
    text
}

fn output(api: &Api, it: &Output) -> String {
    match it {
        Output::Empty => "nothing".to_owned(),
        Output::Text { media_types } => format!("text {}", media_types.join(" ")),
        Output::Redirect => "redirect".to_owned(),
        Output::ByStatus(answers) => {
            let answer = |it: &crate::model::StatusAnswer| {
                let what = it.ty.as_ref().map_or_else(|| "nothing".to_owned(), |it| ty(api, it));
                format!("{} {what}", it.status)
            };
            answers.iter().map(answer).collect::<Vec<_>>().join(", ")
        }
        Output::Json { ty: it, wrapper, plain_text: _, nullable: _ } => match wrapper {
            Some(key) => format!("{{{key}: {}}}", ty(api, it)),
            None => ty(api, it),
        },
        Output::Binary { media_types } => format!("bytes {}", media_types.join(" ")),
        Output::Task(task) => format!("task {} -> {}", api.ty(task.created).name, api.ty(task.result).name),
    }
}

fn stream(api: &Api, record: &Record, it: &Stream) -> String {
    let when = condition(api, record, &it.when);
    match &it.events {
        StreamEvents::Data(data) => format!("streams {} when {when}", ty(api, data)),
        StreamEvents::Named(events) => {
            let name = |(name, it): &(String, Option<Type>)| {
                format!("{name}={}", it.as_ref().map_or("none".to_owned(), |it| ty(api, it)))
            };
            let events: Vec<String> = events.iter().map(name).collect();
            format!("streams {} when {when}", events.join(" "))
        }
    }
}

fn ty(api: &Api, it: &Type) -> String {
    match it {
        Type::String => "string".to_owned(),
        Type::Integer => "integer".to_owned(),
        Type::Sized(format) => format.word().to_owned(),
        Type::Number => "number".to_owned(),
        Type::Boolean => "boolean".to_owned(),
        Type::Url => "url".to_owned(),
        Type::HttpsUrl => "https-url".to_owned(),
        Type::DateTime => "date-time".to_owned(),
        Type::Formatted(format) => format.word().to_owned(),
        Type::Nullable(inner) => format!("{}?", ty(api, inner)),
        Type::Base64 => "base64".to_owned(),
        Type::File => "file".to_owned(),
        Type::Json => "json".to_owned(),
        Type::Array(item) => format!("[{}]", ty(api, item)),
        Type::Tuple(items) => format!("[{}]", items.iter().map(|it| ty(api, it)).collect::<Vec<_>>().join(", ")),
        Type::Map(item) => format!("map<{}>", ty(api, item)),
        Type::Union(members) => members.iter().map(|it| ty(api, it)).collect::<Vec<_>>().join(" | "),
        Type::Named(id) => api.ty(*id).name.clone(),
    }
}
