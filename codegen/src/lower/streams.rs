//! Streams: the parameter that requests one, the names of its events, and what they add up to.

use super::fields::{self, Owner, literals};
use super::names::{Names, resource_module};
use super::view::{self, EventEnum, EventMember, Events, Literal, Reply, Ty};
use super::{Ctx, docs, names};
use crate::diagnostics::emission::not_generated;
use crate::model::{Condition, Operation, Stream, StreamEvents};
use crate::prose;

/// The stream of an operation.
pub(crate) fn stream(
    ctx: &mut Ctx<'_>,
    operation: &Operation,
    pascal: &str,
    full_name: &str,
    reply: &Reply,
) -> Option<view::Stream> {
    let stream = operation.stream.as_ref()?;
    let sets = stream_parameters(ctx, operation, full_name);
    let module = resource_module(ctx.api.resource(operation.resource));
    let owner = |field| Owner { name: pascal, module: Some(&module), field, span: stream.span };
    let events = match &stream.events {
        StreamEvents::Data(ty) => Events::Chunks(fields::ty(ctx, ty, owner("chunk"))),
        StreamEvents::Named(events) => {
            let mut scope = Names::new("event").reserve(&["Other"]);
            let mut members = Vec::new();
            for (name, ty) in events {
                // An event has no Rust name of its own to give.
                let ident = scope.take_free(&names::pascal(name), name, stream.span);
                let ty = ty.as_ref().map(|it| fields::ty(ctx, it, owner(name)));
                let docs = vec![prose::code(name)];
                members.push(EventMember { ident, name: name.clone(), docs, ty });
            }
            let ident = format!("{}Event", pascal.trim_end_matches('_'));
            Events::Named(EventEnum {
                docs: vec![format!("An event of the stream of `{}`.", docs::one_line(full_name))],
                ident,
                members,
            })
        }
    };
    Some(view::Stream {
        always: stream.when == Condition::Always,
        sets,
        events,
        collected: collected_type(stream, reply),
        spec: stream.clone(),
    })
}

/// The parameters that ask for a stream, with the value that does.
fn stream_parameters(ctx: &mut Ctx<'_>, operation: &Operation, full_name: &str) -> Vec<(usize, Literal)> {
    let Some(stream) = &operation.stream else { return Vec::new() };
    let mut sets = Vec::new();
    for (field, value) in stream.asked_by().unwrap_or_default() {
        let ty = &operation.parameters.field(field).ty;
        match literals(ctx, ty, std::slice::from_ref(value)).unwrap_or_default().pop() {
            Some(literal) => sets.push((field.0 as usize, literal)),
            None => ctx.report(not_generated("a stream that is asked for by such a value", full_name, stream.span)),
        }
    }
    sets
}

/// Whether a parameter only asks for the stream: `stream()` sets it, and no setter does.
pub(crate) fn asks_for_stream(operation: &Operation, field: usize) -> bool {
    let asked_by = operation.stream.as_ref().and_then(Stream::asked_by).unwrap_or_default();
    asked_by.iter().any(|(it, _)| it.0 as usize == field)
}

/// What the collected events are: the answer in one piece.
fn collected_type(stream: &Stream, reply: &Reply) -> Option<Ty> {
    match reply {
        Reply::Json { ty, wrapper: None, .. } if stream.collect.is_some() => Some(ty.clone()),
        _ => None,
    }
}
