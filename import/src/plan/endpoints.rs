//! Operations with one method and path, which something has to tell apart.

use std::collections::BTreeMap;

use super::operation::{PlannedOperation, PlannedOperations};
use super::parameters::Parameter;
use super::{Owner, Planner};
use crate::gaps;

/// Of two operations with one method and path that nothing tells apart, the second cannot be described.
pub(super) fn same_endpoints(planner: &mut Planner<'_>, operations: &mut PlannedOperations<'_>) {
    let mut seen: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    let mut dropped = Vec::new();
    for (at, operation) in operations.list.iter().enumerate() {
        let of_key = seen.entry((operation.from.method.clone(), anonymous(&operation.path))).or_default();
        let same = of_key.iter().map(|it| &operations.list[*it]).find(|it| !differ(it, operation));
        if let Some(same) = same {
            planner.owner = Some(Owner::Operation(operation.at));
            planner.gap(&gaps::SAME_ENDPOINT, operation.from.place.clone(), &[&same.from.path]);
            planner.owner = None;
            dropped.push(at);
        } else {
            of_key.push(at);
        }
    }
    let mut at = 0;
    operations.list.retain(|_| {
        at += 1;
        !dropped.contains(&(at - 1))
    });
}

/// A path without the names of its parameters.
fn anonymous(path: &str) -> String {
    let mut anonymous = String::new();
    for (at, part) in path.split('{').enumerate() {
        if at > 0 {
            anonymous.push_str("{}");
        }
        anonymous.push_str(if at == 0 { part } else { part.split_once('}').map_or("", |it| it.1) });
    }
    anonymous
}

/// Whether a server can tell requests apart: by a constant in the query or a header, or by the type of the body.
fn differ(one: &PlannedOperation<'_>, other: &PlannedOperation<'_>) -> bool {
    let (ours, theirs) = (one.body.media_types(), other.body.media_types());
    let by_encoding = !ours.is_empty() && !theirs.is_empty() && !ours.iter().any(|it| theirs.contains(it));
    by_encoding || has_other_constant(one, other) || has_other_constant(other, one)
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
