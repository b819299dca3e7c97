//! The interpreter's verdict on a call, as `validate` prints it.

use serde_json::{Map, Value};
use specwright_codegen::diagnostics::suggest::nearest;
use specwright_codegen::escape::escaped;
use specwright_codegen::interpret::{self, Request, Verdict, Violation};
use specwright_codegen::model::{Api, Location, Operation};
use specwright_codegen::validate::{MatchedOperation, Target, render_verdict};

use crate::arguments::Parameters;
use crate::types;

/// What the rules of the spec say of a call.
pub(crate) fn verdict(api: &Api, op: &Operation, parameters: &Parameters) -> Verdict {
    let [mut path, mut query, mut headers, mut body] = [(); 4].map(|()| Map::new());
    let whole = op.whole_body();
    for (name, value) in &parameters.values {
        let Some((_, field)) = op.parameters.find(name) else { continue };
        let target = match field.location {
            Location::Path => &mut path,
            Location::Query => &mut query,
            Location::Header => &mut headers,
            Location::Cookie => {
                interpret::put_cookie(&mut headers, field.sent_name(), Some(value.clone()));
                continue;
            }
            Location::Body => &mut body,
            Location::WholeBody => continue,
        };
        target.insert(field.sent_name().to_owned(), value.clone());
    }
    let unknown = if op.has_body && whole.is_none() { &mut body } else { &mut query };
    unknown.extend(parameters.unknown.iter().map(|(name, value)| (name.clone(), value.clone())));
    let body = match whole {
        Some((_, field)) => parameters.values.get(&field.name).cloned(),
        None => op.has_body.then_some(Value::Object(body)),
    };
    interpret::validate(api, op, &Request { path: &path, query: &query, headers: &headers, body: body.as_ref() })
}

/// The verdict in words, with what may have been meant; empty if there is nothing to say.
pub(crate) fn words(api: &Api, op: &Operation, parameters: &Parameters, verdict: &Verdict) -> String {
    if verdict.is_valid() && verdict.warnings.is_empty() {
        return String::new();
    }
    let found = MatchedOperation { target: Target::Call(op), path_params: Map::new(), query: Map::new() };
    let mut text = render_verdict(api, &found, verdict);
    let mut helps: Vec<String> = Vec::new();
    for it in verdict.violations.iter().filter(|it| it.rule == "enum") {
        if let Some(help) = similar_value(api, op, parameters, it)
            && !helps.contains(&help)
        {
            helps.push(help);
        }
    }
    helps.iter().for_each(|it| text.push_str(&format!("  help: {}\n", escaped(it))));
    text
}

/// The value of an enum that may have been meant.
fn similar_value(api: &Api, op: &Operation, parameters: &Parameters, violation: &Violation) -> Option<String> {
    let (first, rest) = match violation.at.strip_prefix('/')?.split_once('/') {
        Some((first, rest)) => (first, format!("/{rest}")),
        None => (violation.at.strip_prefix('/')?, String::new()),
    };
    let name = first.replace("~1", "/").replace("~0", "~");
    let fields = || op.parameters.fields.iter();
    let field = fields().find(|it| it.name == name).or_else(|| fields().find(|it| it.sent_name() == name))?;
    if field.secret {
        return None;
    }
    let sent = parameters.values.get(&field.name)?.pointer(&rest)?.as_str()?;
    let values = types::enum_values(api, types::at(api, &field.ty, &rest)?);
    let similar = nearest(sent, values.iter().copied())?;
    Some(format!("`{}`: a similar value exists: `{similar}`", violation.at))
}
