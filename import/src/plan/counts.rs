//! What became of operations, parameters and types.

use std::collections::{BTreeMap, BTreeSet};

use super::Owner;
use super::assemble::Assembler;
use super::operation::{PlannedOperation, PlannedOperations};
use super::parameters::Parameter;
use crate::finding::Level;
use crate::report::Counts;

impl Assembler<'_, '_> {
    pub(super) fn counts(&self, operations: &PlannedOperations<'_>) -> Counts {
        let planner = &self.planner;
        let mut counts = Counts::default();
        let mark = |owner: Owner| planner.marks.get(&owner).copied().unwrap_or_default();
        let of_types = planner.worst_of_types();
        // One that stands there several times, with other bodies, counts once.
        let mut described: BTreeMap<usize, (&PlannedOperation<'_>, Option<Level>)> = BTreeMap::new();
        for operation in &operations.list {
            let (_, level) = described.entry(operation.at).or_insert((operation, None));
            *level = (*level).max(mark(Owner::Operation(operation.at)).in_request());
            let all = super::place_types::of_operation(operation);
            *level = all.iter().map(|it| of_types[it.0 as usize].in_response()).fold(*level, Option::max);
            let sent = super::place_types::of_request(operation);
            *level = sent.iter().map(|it| of_types[it.0 as usize].in_request()).fold(*level, Option::max);
            for parameter in sent_parameters(operation) {
                let key = (operation.at, parameter.name.clone());
                counts.parameters.add(planner.parameter_marks.get(&key).copied().map(|it| it.min(Level::Approximated)));
            }
        }
        let mut inexact: BTreeSet<usize> = BTreeSet::new();
        let is_text = |at: usize| planner.as_text.contains(&at);
        for (at, (_, level)) in &mut described {
            *level = level.filter(|it| *it >= Level::Approximated).map(|it| it.min(Level::Approximated));
            inexact.extend(level.map(|_| *at));
            if is_text(*at) {
                *level = Some(Level::Approximated);
            }
        }
        for (operation, level) in described.values() {
            counts.operations.add(*level);
            counts.as_text += usize::from(is_text(operation.at) && !inexact.contains(&operation.at));
            if let Some(level) = level {
                counts.inexact.push((shown(operation.from), *level));
            }
        }
        for (at, first) in &operations.joined {
            let level = described.get(first).and_then(|it| it.1);
            counts.operations.add(level);
            if let Some(level) = level {
                counts.inexact.push((shown(&planner.document.operations[*at]), level));
            }
        }
        for (at, worst) in &planner.marks {
            if let (Owner::Operation(at), Some(level @ Level::Dropped)) = (at, worst.in_request())
                && !described.contains_key(at)
            {
                counts.operations.dropped += 1;
                counts.inexact.push((shown(&planner.document.operations[*at]), level));
                counts.parameters.dropped += planner.document.operations[*at].parameters.len();
            }
        }
        for (at, name) in planner.parameter_marks.keys() {
            let operation = operations.list.iter().find(|it| it.at == *at);
            let missing = operation.is_some_and(|it| sent_parameters(it).all(|it| it.name != *name));
            counts.parameters.dropped += usize::from(missing);
        }
        for id in self.usage.resources.keys() {
            let worst = mark(Owner::Type(*id));
            let sent = self.usage.in_request.contains(id);
            counts.types.add(if sent { worst.in_request() } else { worst.in_response() });
        }
        counts
    }
}

/// The parameters of an operation, wherever they are sent.
fn sent_parameters<'o>(operation: &'o PlannedOperation<'_>) -> impl Iterator<Item = &'o Parameter> {
    let PlannedOperation { parameters, body, .. } = operation;
    let lists = [&parameters.path, &parameters.query, &parameters.headers, &parameters.cookies, &body.parameters];
    lists.into_iter().flatten()
}

fn shown(operation: &crate::openapi::Operation) -> String {
    format!("{} {}", operation.method.to_ascii_uppercase(), operation.path)
}
