//! Streams: what asks for one, what its events are called, and what they add up to.

use super::fields::{self, Owner, literals};
use super::view::{EventEnum, EventMember, Events, Literal, Reply, Stream, Ty};
use super::{Ctx, Names, docs, names};
use crate::diagnostics::emission::not_generated;
use crate::model::{Condition, FieldIx, Matcher, Operation, StreamEvents};

/// The stream of an operation.
pub(crate) fn stream(ctx: &mut Ctx<'_>, operation: &Operation, pascal: &str, full_name: &str) -> Option<Stream> {
    let stream = operation.stream.as_ref()?;
    let sets = sets(ctx, operation, full_name);
    let module = super::resource_module(ctx.api.resource(operation.resource));
    let owner = |field| Owner { name: pascal, module: Some(&module), field, span: stream.span };
    let events = match &stream.events {
        StreamEvents::Data(ty) => Events::Chunks(fields::ty(ctx, ty, owner("chunk"))),
        StreamEvents::Named(events) => {
            let mut scope = Names::new("event").reserve(&["Other"]);
            let mut members = Vec::new();
            for (name, ty) in events {
                let ident = names::pascal(name);
                scope.take(ctx, &ident, name, stream.span);
                let ty = ty.as_ref().map(|it| fields::ty(ctx, it, owner(name)));
                members.push(EventMember { ident, name: name.clone(), ty });
            }
            let ident = format!("{}Event", pascal.trim_end_matches('_'));
            Events::Named(EventEnum {
                docs: vec![format!("An event of the stream of `{}`.", docs::plain(full_name))],
                ident,
                members,
            })
        }
    };
    Some(Stream { always: stream.when == Condition::Always, sets, events, spec: stream.clone() })
}

/// The parameters that ask for a stream, with the value that does.
fn sets(ctx: &mut Ctx<'_>, operation: &Operation, full_name: &str) -> Vec<(usize, Literal)> {
    let Some(stream) = &operation.stream else { return Vec::new() };
    let tests: Vec<_> = match &stream.when {
        Condition::Always => return Vec::new(),
        Condition::All(parts) => parts.iter().collect(),
        one => vec![one],
    };
    let mut sets = Vec::new();
    for test in tests {
        let set = match test {
            Condition::Test(test) if test.path.steps.is_empty() => match &test.matcher {
                Matcher::OneOf(values) if values.len() == 1 => {
                    let field = operation.parameters.field(test.path.field);
                    let constants = literals(ctx, &field.ty, values).unwrap_or_default();
                    constants.into_iter().next().map(|it| (test.path.field.0 as usize, it))
                }
                _ => None,
            },
            _ => None,
        };
        match set {
            Some(set) => sets.push(set),
            None => ctx.report(not_generated("a stream under a condition like this", full_name, stream.span)),
        }
    }
    sets
}

/// Whether a parameter only asks for the stream: `stream()` sets it, and no setter does.
pub(crate) fn asks(operation: &Operation, field: usize) -> bool {
    let Some(stream) = &operation.stream else { return false };
    let tests: Vec<_> = match &stream.when {
        Condition::Always => return false,
        Condition::All(parts) => parts.iter().collect(),
        one => vec![one],
    };
    tests.iter().any(|it| matches!(it, Condition::Test(test) if test.path.field == FieldIx(field as u32)))
}

/// What the collected events are: the answer in one piece.
pub(crate) fn whole<'r>(stream: &Stream, reply: &'r Reply) -> Option<&'r Ty> {
    match reply {
        Reply::Json { ty, wrapper: None, .. } if stream.spec.collect.is_some() => Some(ty),
        _ => None,
    }
}
