//! What a document says many times over, and a person would say once: words of fields, and examples of responses.

use std::collections::BTreeMap;

use crate::finding::{Findings, Place};
use crate::gaps;
use crate::spec::{Entry, Kind, Response, Spec};
use crate::text;

/// In so many places, the same words of fields of one name are noise.
const MANY: usize = 5;
/// Words that are longer than this are cut.
const LONG: usize = 80;

/// Long words that fields of one name have in many types stand with the first of them. The others keep their first
/// sentence.
pub(super) fn cut_docs(spec: &mut Spec, out: &mut Findings) {
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    each_field(spec, &mut |_, _, entry| {
        if entry.doc.len() > LONG {
            *counts.entry((entry.name.clone(), entry.doc.clone())).or_default() += 1;
        }
    });
    counts.retain(|_, count| *count >= MANY);
    let mut told: BTreeMap<(String, String), (String, Place, usize)> = BTreeMap::new();
    each_field(spec, &mut |owner, place, entry| {
        let key = (entry.name.clone(), entry.doc.clone());
        let Some(count) = counts.get(&key) else { return };
        let first_line = entry.doc.lines().next().unwrap_or_default();
        let sentence = text::lead(first_line).unwrap_or(first_line).to_owned();
        if sentence.ends_with(':') || sentence.len() * 3 > entry.doc.len() * 2 {
            return;
        }
        match told.get(&key) {
            None => drop(told.insert(key, (owner.to_owned(), place.clone(), *count))),
            Some(_) => entry.doc = sentence,
        }
    });
    for ((name, _), (owner, place, count)) in told {
        out.push(gaps::REPEATED_DOC.at(place, &[&name, &count.to_string(), &owner]));
    }
}

/// The longest example of a value, as JSON.
const LONGEST_EXAMPLE: usize = 300;

/// Examples of values that are long show nothing that a short one would not.
pub(super) fn drop_long_examples(spec: &mut Spec, out: &mut Findings) {
    let mut settle = |owner: &str, place: &Place, entry: &mut Entry| {
        let before = entry.examples.len();
        entry.examples.retain(|it| it.to_string().len() <= LONGEST_EXAMPLE);
        if entry.examples.len() < before {
            out.push(gaps::LONG_EXAMPLE.at(place.clone(), &[&entry.name, owner]));
        }
    };
    each_field(spec, &mut settle);
    for file in &mut spec.resources {
        for operation in &mut file.operations {
            let owner = format!("{}.{}", file.name, operation.name);
            let place = operation.place.clone();
            operation.parameters_mut().for_each(|it| settle(&owner, &place, it));
        }
    }
}

/// Every field of a type or a response, and what it belongs to.
fn each_field(spec: &mut Spec, see: &mut dyn FnMut(&str, &Place, &mut Entry)) {
    let types = spec.api.types.iter_mut().chain(spec.resources.iter_mut().flat_map(|it| &mut it.types));
    for ty in types {
        if let Kind::Record { fields, .. } = &mut ty.kind {
            fields.iter_mut().for_each(|it| see(&ty.name, &ty.place, it));
        }
    }
    for file in &mut spec.resources {
        for operation in &mut file.operations {
            if let Response::Record(fields) = &mut operation.response {
                let owner = format!("{}.{}", file.name, operation.name);
                let place = operation.place.clone();
                fields.iter_mut().for_each(|it| see(&owner, &place, it));
            }
        }
    }
}

/// A response that an earlier operation shows too is left out.
pub(super) fn drop_examples(spec: &mut Spec, out: &mut Findings) {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for file in &mut spec.resources {
        for operation in &mut file.operations {
            let called = format!("{}.{}", file.name, operation.name);
            let place = operation.place.clone();
            operation.examples.retain(|it| {
                let Some(response) = it.response.as_ref().filter(|it| it.is_object() || it.is_array()) else {
                    return true;
                };
                let first = seen.entry(response.to_string()).or_insert_with(|| called.clone());
                let is_new = *first == called || it.request.is_some();
                if !is_new {
                    out.push(gaps::REPEATED_EXAMPLE.at(place.clone(), &[&it.name, first]));
                }
                is_new
            });
        }
    }
}
