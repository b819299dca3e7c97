//! What an API offers, and what an operation takes, in the sentences of the docs.

use specwright_codegen::escape::escaped;
use specwright_codegen::model::{
    Access, Api, Condition, Constraint, Field, Location, Operation, Output, Record, Type, TypeId, TypeKind,
};
use specwright_codegen::prose;

use crate::{example, shell};

/// Columns of a terminal.
const WIDTH: usize = 100;
/// Values of an enum that its noun lists; more are described below.
const LISTED: usize = 8;
/// Types that are described below an operation.
const MOST_TYPES: usize = 40;

/// The operations of an API.
pub(crate) fn api(api: &Api, program: &str) -> String {
    let mut out = String::new();
    paragraph(&mut out, "", &format!("{}: {}", api.title, api.doc));
    for resource in &api.resources {
        out.push_str(&format!("\n{}\n", escaped(&resource.title)));
        let names: Vec<String> = resource.operations.iter().map(|it| api.operation(*it).full_name(api)).collect();
        let width = names.iter().map(String::len).max().unwrap_or_default();
        for (id, name) in resource.operations.iter().zip(&names) {
            out.push_str(&format!("  {name:width$}  {}\n", one_line(&api.operation(*id).summary)));
        }
    }
    let name = &api.name;
    out.push_str(&format!("\n`{program} call {name} OPERATION --help` lists the parameters of one.\n"));
    out
}

/// The parameters of an operation, and its rules.
pub(crate) fn operation(api: &Api, op: &Operation, program: &str) -> String {
    let mut out = format!("{}: {}\n", op.full_name(api), one_line(&op.summary));
    out.push_str(&format!("{} {}\n", op.method.as_str(), escaped(&op.path_template())));
    paragraph(&mut out, "", &op.doc);
    if let Some(instead) = &op.deprecated {
        paragraph(&mut out, "", &format!("Deprecated: {instead}"));
    }
    if op.billed {
        paragraph(&mut out, "", "It costs money or quota, so a request that may have arrived is not sent again.");
    }
    if let Some(answer) = answer(op) {
        paragraph(&mut out, "", answer);
    }
    let mut wanted = Vec::new();
    if !op.parameters.fields.is_empty() {
        out.push_str("\nparameters:\n");
        fields(&mut out, api, &op.parameters, true, &mut wanted);
    }
    rules(&mut out, api, &op.parameters, "  ");
    let mut shown: Vec<TypeId> = Vec::new();
    while let Some(id) = wanted.pop() {
        if shown.contains(&id) || shown.len() >= MOST_TYPES {
            continue;
        }
        shown.push(id);
        named_type(&mut out, api, id, &mut wanted);
    }
    let variables = api.servers.get(op.server).map_or(&[][..], |it| it.variables.as_slice());
    if !variables.is_empty() {
        out.push_str("\nparts of the URL:\n");
        for it in variables {
            let default = it.default.as_ref().map(|it| format!(", default {}", prose::code(it))).unwrap_or_default();
            out.push_str(&format!("  {}  (or the environment variable {}{default})\n", it.name, it.env));
            paragraph(&mut out, "      ", &it.doc);
        }
    }
    let keys: Vec<&str> = op
        .auth
        .iter()
        .flatten()
        .filter_map(|it| api.credentials.get(it.credential))
        .flat_map(|it| it.variables().into_iter().map(|it| it.0))
        .collect();
    if !keys.is_empty() {
        let mut all: Vec<&str> = Vec::new();
        keys.into_iter().for_each(|it| {
            if !all.contains(&it) {
                all.push(it)
            }
        });
        out.push_str(&format!("\nenvironment: {}\n", all.join(", ")));
    }
    if let Some(scopes) = prose::scopes(api, op) {
        paragraph(&mut out, "", &scopes.replace('`', ""));
    }
    if let Some(words) = example::words(api, op) {
        let words = words.iter().map(|it| shell::quoted(it)).collect::<Vec<_>>().join(" ");
        out.push_str(&format!("\nexample:\n  {program} call {} {} {words}\n", api.name, op.full_name(api)));
    }
    out.push_str(&format!(
        "\nWrite `name=value`, `name:=JSON`, `name=@FILE` for a file, `name=<FILE` for a text from a file, and `@FILE.json`\n\
         for a whole body; `list=a list=b`, `list[0].field=x` and `object.field=x` reach inside.\n\
         `{program} call --help` lists the flags.\n"
    ));
    out
}

/// What it brings, where that is more than an answer.
fn answer(op: &Operation) -> Option<&'static str> {
    match &op.output {
        Output::Task(_) => Some("It starts a task, which is waited for unless `--no-wait` is given."),
        Output::Binary { .. } => Some("It answers with bytes: pass `-o FILE`."),
        _ if op.stream.is_some() => Some("Its answer can be streamed: pass `--stream`, unless it always is."),
        _ if op.pages.is_some() => Some("It is a list in pages: `--pages N` or `--pages all` follows them."),
        _ => None,
    }
}

fn fields(out: &mut String, api: &Api, record: &Record, places: bool, wanted: &mut Vec<TypeId>) {
    // What is needed comes first.
    let (needed, others): (Vec<&Field>, Vec<&Field>) = record.fields.iter().partition(|it| it.always_required());
    for field in needed.into_iter().chain(others).filter(|it| it.access != Access::ReadOnly) {
        let mut notes = vec![kind(api, &field.ty)];
        if field.always_required() {
            notes.push("required".to_owned());
        }
        if places && !field.location.in_body() {
            notes.push(match field.location {
                Location::Path => "in the path".to_owned(),
                Location::Query => "in the query".to_owned(),
                Location::Header => "a header".to_owned(),
                Location::Cookie => "a cookie".to_owned(),
                Location::Body | Location::WholeBody => String::new(),
            });
        }
        if field.nullable {
            notes.push("or null".to_owned());
        }
        if let Some(default) = &field.default {
            notes.push(format!("default {}", prose::value(default)));
        }
        out.push_str(&format!("  {}  ({})\n", escaped(&field.name), notes.join(", ")));
        paragraph(out, "      ", &field.doc);
        let of_client = field.client.and_then(|it| api.client_parameters.get(it));
        if let Some(variable) = of_client.and_then(|it| it.env.as_ref()) {
            paragraph(out, "      ", &format!("The environment variable {variable} sets it for all calls."));
        }
        if let Some(instead) = &field.deprecated {
            paragraph(out, "      ", &format!("Deprecated: {instead}"));
        }
        let told = |it: &&specwright_codegen::model::Clause| {
            let said_above = matches!(it.constraint, Constraint::Required) && it.when == Condition::Always;
            !it.implied && !said_above
        };
        for clause in field.clauses.iter().filter(told) {
            paragraph(out, "      - ", &prose::clause_doc(record, api, field, clause));
        }
        mentioned(api, &field.ty, wanted);
    }
}

/// The type in words, with the names of those that are described below.
fn kind(api: &Api, ty: &Type) -> String {
    match ty {
        Type::Named(id) if !matches!(api.ty(*id).kind, TypeKind::Enum(_)) => escaped(&api.ty(*id).name),
        Type::Array(item) => format!("list of {}", without_article(&kind(api, item))),
        Type::Tuple(items) => {
            let all: Vec<String> = items.iter().map(|it| kind(api, it)).collect();
            format!("list of ({})", all.join(", "))
        }
        Type::Map(value) => format!("map of {}", without_article(&kind(api, value))),
        Type::Nullable(inner) => format!("{} or null", kind(api, inner)),
        Type::Union(members) => {
            let all: Vec<String> = members.iter().map(|it| kind(api, it)).collect();
            all.join(" or ")
        }
        other => escaped(&prose::type_noun(api, other)),
    }
}

/// `string` of `a string`.
fn without_article(noun: &str) -> &str {
    noun.strip_prefix("a ").or(noun.strip_prefix("an ")).unwrap_or(noun)
}

fn mentioned(api: &Api, ty: &Type, wanted: &mut Vec<TypeId>) {
    let mut ids = Vec::new();
    ty.mentions(&mut ids);
    for id in ids {
        if !matches!(&api.ty(id).kind, TypeKind::Enum(def) if def.values.len() <= LISTED) {
            wanted.insert(0, id);
        }
    }
}

fn named_type(out: &mut String, api: &Api, id: TypeId, wanted: &mut Vec<TypeId>) {
    let def = api.ty(id);
    out.push_str(&format!("\n{}:\n", escaped(&def.name)));
    paragraph(out, "  ", &def.doc);
    match &def.kind {
        TypeKind::Record(record) => {
            fields(out, api, record, false, wanted);
            rules(out, api, record, "  ");
        }
        TypeKind::Enum(def) => {
            for it in &def.values {
                let doc = one_line(&it.doc);
                let doc = if doc.is_empty() { doc } else { format!("  {doc}") };
                out.push_str(&format!("  {}{doc}\n", escaped(&it.value)));
            }
        }
        TypeKind::Tagged(union) => {
            out.push_str(&format!("  told apart by `{}`:\n", escaped(&union.tag)));
            for (tag, id) in &union.members {
                out.push_str(&format!("  {}  ({})\n", escaped(&tag.value), escaped(&api.ty(*id).name)));
                wanted.insert(0, *id);
            }
        }
        TypeKind::Union { members, .. } => {
            for it in members {
                out.push_str(&format!("  {}\n", kind(api, it)));
                mentioned(api, it, wanted);
            }
        }
    }
}

fn rules(out: &mut String, api: &Api, record: &Record, indent: &str) {
    for rule in &record.rules {
        let when = match &rule.when {
            Condition::Always => String::new(),
            when => format!("{} ", prose::when(record, api, when)),
        };
        paragraph(out, &format!("{indent}- "), &format!("{when}{}", prose::rule(record, api, rule)));
    }
}

fn one_line(text: &str) -> String {
    escaped(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A text in lines of a terminal; lines after the first are indented as far as the first.
fn paragraph(out: &mut String, indent: &str, text: &str) {
    let mut line = indent.to_owned();
    let mut is_empty = true;
    for word in text.split_whitespace() {
        let word = escaped(word);
        if !is_empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            out.push_str(&line);
            out.push('\n');
            line = " ".repeat(indent.chars().count());
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(&word);
        is_empty = false;
    }
    if !is_empty {
        out.push_str(&line);
        out.push('\n');
    }
}
