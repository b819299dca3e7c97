//! Operations with one method and path, which something has to tell apart.

use std::collections::{BTreeMap, BTreeSet};

use super::merged::can_be_one;
use super::operation::{PlannedOperation, PlannedOperations};
use super::parameters::Parameter;
use super::response::{Answer, Stream};
use super::ty::{Piece, Ty};
use super::{Owner, Planner};
use crate::gaps;

/// Of two operations with one method and path that nothing tells apart, the second cannot be described.
pub(super) fn same_endpoints(planner: &mut Planner<'_>, operations: &mut PlannedOperations<'_>) {
    let mut seen: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    let mut dropped = Vec::new();
    let mut joined: Vec<(usize, usize)> = Vec::new();
    let mut merged: Vec<(usize, usize)> = Vec::new();
    let mut same_operations: Vec<(usize, usize)> = Vec::new();
    for (at, operation) in operations.list.iter().enumerate() {
        let of_key = seen.entry((operation.from.method.clone(), anonymous(&operation.path))).or_default();
        let same = of_key.iter().map(|it| &operations.list[*it]).find(|it| !differ(it, operation));
        let at_same = same.and_then(|same| operations.list.iter().position(|it| std::ptr::eq(it, same)));
        if let Some(first) = at_same.filter(|it| is_same(operation, &operations.list[*it])) {
            let first_path = &operations.list[first].from.path;
            planner.out.push(gaps::SAME_OPERATION.at(operation.from.place.clone(), &[first_path]));
            same_operations.push((first, at));
        } else if let Some(first) = at_same.filter(|it| is_stream_of(operation, &operations.list[*it])) {
            planner
                .out
                .push(gaps::JOINED_STREAM.at(operation.from.place.clone(), &[&operations.list[first].from.path]));
            joined.push((first, at));
        } else if let Some(first) = at_same.filter(|it| is_merged(operation, &operations.list[*it])) {
            let first_place = operations.list[first].at;
            planner.owner = Some(Owner::Operation(first_place));
            planner.gap(&gaps::MERGED_ENDPOINT, operation.from.place.clone(), &[&operations.list[first].from.path]);
            planner.owner = None;
            merged.push((first, at));
        } else if let Some(same) = same {
            planner.owner = Some(Owner::Operation(operation.at));
            planner.gap(&gaps::SAME_ENDPOINT, operation.from.place.clone(), &[&same.from.path]);
            planner.owner = None;
            dropped.push(at);
        } else {
            of_key.push(at);
        }
    }
    for (first, at) in same_operations {
        let other = operations.list[at].clone();
        let operation = &mut operations.list[first];
        for (ours, theirs) in operation.parameters.path.iter_mut().zip(other.parameters.path) {
            if is_any_text(&theirs.piece) {
                let (doc, unclear) = (ours.piece.doc.clone(), ours.piece.unclear.clone());
                ours.piece = Piece { doc, unclear, ..Piece::of(Ty::STRING) };
            }
        }
        let of_first = operation.at;
        operations.joined.push((other.at, of_first));
        dropped.push(at);
    }
    for (first, at) in joined {
        let stream = operations.list[at].answers.stream.take();
        let place = operations.list[at].at;
        let operation = &mut operations.list[first];
        operation.answers.stream = stream.map(|it| Stream { when: Some(ASKS.to_owned()), ..it });
        if let Some(asks) = operation.body.parameters.iter_mut().find(|it| it.name == ASKS) {
            asks.piece.constant = None;
        }
        let of_first = operation.at;
        operations.joined.push((place, of_first));
        dropped.push(at);
    }
    for (first, at) in merged {
        let other = operations.list[at].clone();
        let operation = &mut operations.list[first];
        operations.joined.push((other.at, operation.at));
        planner.merge_operations(operation, other);
        dropped.push(at);
    }
    let mut at = 0;
    operations.list.retain(|_| {
        at += 1;
        !dropped.contains(&(at - 1))
    });
}

/// Whether an operation is that of another one whose response is a stream, as some documents write it: `/pots#stream`.
fn is_stream_of(operation: &PlannedOperation<'_>, first: &PlannedOperation<'_>) -> bool {
    let value = |it: &PlannedOperation<'_>| {
        let asks = it.body.parameters.iter().find(|it| it.name == ASKS && it.piece.ty == Ty::Word("boolean"));
        asks.map(|it| it.piece.constant.clone())
    };
    let names = |it: &PlannedOperation<'_>| {
        let of_body = it.body.parameters.iter().map(|it| (it.name.clone(), it.required && it.name != ASKS));
        of_body.collect::<BTreeSet<(String, bool)>>()
    };
    let asks_for_it = value(first).is_some_and(|it| it != Some(true.into()))
        && value(operation).is_some_and(|it| it != Some(false.into()));
    let is_stream = operation.answers.answer == Answer::Stream && first.answers.stream.is_none();
    asks_for_it && is_stream && names(operation) == names(first)
}

/// Whether two operations accept and answer the same, whatever their path parameters are called.
fn is_same(one: &PlannedOperation<'_>, other: &PlannedOperation<'_>) -> bool {
    let bare = |it: &Parameter| {
        let (doc, unclear, examples) = (String::new(), Vec::new(), Vec::new());
        (it.required, it.style, Piece { doc, unclear, examples, default: None, ..it.piece.clone() })
    };
    let same = |ours: &[Parameter], theirs: &[Parameter]| {
        let is_there = |it: &Parameter| theirs.iter().any(|other| other.name == it.name && bare(other) == bare(it));
        ours.len() == theirs.len() && ours.iter().all(is_there)
    };
    let (ours, theirs) = (&one.parameters, &other.parameters);
    let is_path_same = |(one, other): (&Parameter, &Parameter)| {
        bare(one) == bare(other) || is_any_text(&one.piece) || is_any_text(&other.piece)
    };
    ours.path.len() == theirs.path.len()
        && ours.path.iter().zip(&theirs.path).all(is_path_same)
        && same(&ours.query, &theirs.query)
        && same(&ours.headers, &theirs.headers)
        && same(&ours.cookies, &theirs.cookies)
        && same(&one.body.parameters, &other.body.parameters)
        && one.body.media_types() == other.body.media_types()
        && one.answers.answer == other.answers.answer
        && one.answers.stream.is_none()
        && other.answers.stream.is_none()
}

pub(super) fn is_any_text(piece: &Piece) -> bool {
    piece.ty == Ty::STRING && piece.is_plain()
}

/// Whether two operations can be one, and no constant says what the other one is.
fn is_merged(one: &PlannedOperation<'_>, other: &PlannedOperation<'_>) -> bool {
    let has_constant = |it: &PlannedOperation<'_>| {
        it.parameters.query.iter().chain(&it.parameters.headers).any(|it| constant(it).is_some())
    };
    !has_constant(one) && can_be_one(one, other)
}

/// The parameter that asks for a stream.
const ASKS: &str = "stream";

/// A path without the names of its parameters.
pub(super) fn anonymous(path: &str) -> String {
    let mut anonymous = String::new();
    for (at, part) in path.split('{').enumerate() {
        if at > 0 {
            anonymous.push_str("{}");
        }
        anonymous.push_str(if at == 0 { part } else { part.split_once('}').map_or("", |it| it.1) });
    }
    anonymous
}

/// Whether a server can tell requests apart: by a parameter that one of them always has, by a constant, or by the type of
/// the body.
fn differ(one: &PlannedOperation<'_>, other: &PlannedOperation<'_>) -> bool {
    let (ours, theirs) = (one.body.media_types(), other.body.media_types());
    let by_encoding = !ours.is_empty() && !theirs.is_empty() && !ours.iter().any(|it| theirs.contains(it));
    let needs_another = needs_another(one, other) || needs_another(other, one);
    by_encoding || needs_another || has_other_constant(one, other) || has_other_constant(other, one)
}

/// Whether an operation always sends a scalar that the other one never sends.
fn needs_another(one: &PlannedOperation<'_>, other: &PlannedOperation<'_>) -> bool {
    let places =
        [(&one.parameters.query, &other.parameters.query), (&one.parameters.headers, &other.parameters.headers)];
    places.into_iter().any(|(ours, theirs)| {
        let is_new = |it: &&Parameter| !theirs.iter().any(|known| known.name.eq_ignore_ascii_case(&it.name));
        let is_scalar = |it: &Parameter| matches!(it.piece.ty, Ty::Word(word) if word != "json" && word != "file");
        let is_sent = |it: &&Parameter| it.required && !it.piece.nullable && it.piece.default.is_none();
        ours.iter().filter(is_new).filter(is_sent).any(|it| is_scalar(it) && it.piece.values.is_none())
    })
}

fn has_other_constant(one: &PlannedOperation<'_>, other: &PlannedOperation<'_>) -> bool {
    let places =
        [(&one.parameters.query, &other.parameters.query), (&one.parameters.headers, &other.parameters.headers)];
    places.into_iter().any(|(ours, theirs)| {
        ours.iter().filter_map(constant).any(|(name, value)| {
            let same = theirs.iter().find(|it| it.name.eq_ignore_ascii_case(name));
            same.is_none_or(|it| constant(it).is_some_and(|it| it.1 != value))
        })
    })
}

fn constant(parameter: &Parameter) -> Option<(&str, &serde_json::Value)> {
    let value = parameter.piece.constant.as_ref().filter(|_| parameter.required)?;
    Some((&parameter.name, value))
}
