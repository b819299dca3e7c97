//! Types that a person or the document has renamed, and operations that have another path now: one is gone, and another
//! one is much like it.

use std::collections::{BTreeMap, BTreeSet};

use super::part::Part;
use super::record::{Base, Entity, Record};
use super::spec::{Located, Spec};
use crate::openapi::METHODS;

/// How much of two types must be the same.
const ENOUGH: f64 = 0.6;
/// How much of what the document has renamed must be the same: nobody asked for that.
const MUCH: f64 = 0.8;

/// Keys of operations of the last import, and those that the document has for them now.
pub(super) type Moves = BTreeMap<String, String>;

/// Gives types of the record the names that the document has for them now, where what a person wrote would be lost
/// otherwise; and finds the operations that have another path now.
pub(super) fn by_document(spec: &Spec<'_>, new: &Spec<'_>, record: &mut Record) -> Moves {
    let is_edited = |name: &str, it: &Entity| spec.types.get(name).is_none_or(|of| of.hash != it.base.hash);
    let types = pairs(&record.types, &new.types, MUCH, &|name, it, _| is_edited(name, it));
    let of_path = |key: &str| {
        let (method, path) = key.split_once(' ').unwrap_or_default();
        let last = path.split('/').rfind(|it| !it.is_empty() && !it.contains('{')).unwrap_or_default();
        (method.to_owned(), last.to_owned())
    };
    let operations = pairs(&record.operations, &new.operations, MUCH, &|key, _, other| {
        spec.operations.contains_key(key) && !spec.operations.contains_key(other) && of_path(key) == of_path(other)
    });
    rekey(&mut record.types, &types);
    rekey(&mut record.operations, &operations);
    operations
}

/// Keys of what is gone, and of what came in its place. `may_be` says which of them may be one.
fn pairs(
    last: &BTreeMap<String, Entity>,
    new: &BTreeMap<String, Located<'_>>,
    enough: f64,
    may_be: &dyn Fn(&str, &Entity, &str) -> bool,
) -> Moves {
    let come: Vec<_> = new.iter().filter(|it| !last.contains_key(it.0)).collect();
    let mut found = Vec::new();
    for (name, entity) in last.iter().filter(|it| !new.contains_key(it.0)) {
        for (other, located) in come.iter().filter(|it| may_be(name, entity, it.0)) {
            let likeness = likeness(&entity.base, &located.part);
            if likeness >= enough {
                found.push((likeness, name.clone(), (*other).clone()));
            }
        }
    }
    best(found)
}

/// The best pairs, each name once.
fn best(mut found: Vec<(f64, String, String)>) -> BTreeMap<String, String> {
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut names = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for (_, name, other) in found {
        if !names.contains_key(&name) && taken.insert(other.clone()) {
            names.insert(name, other);
        }
    }
    names
}

/// Gives some values other keys.
pub(super) fn rekey<T>(all: &mut BTreeMap<String, T>, keys: &BTreeMap<String, String>) {
    for (old, new) in keys {
        if let Some(it) = all.remove(old) {
            all.insert(new.clone(), it);
        }
    }
}

/// How much of two parts is the same, but for their paths.
fn likeness(base: &Base, part: &Part<'_>) -> f64 {
    let (mut theirs, mut ours) = (BTreeSet::new(), BTreeSet::new());
    of_base(base, String::new(), &mut theirs);
    of_part(part, String::new(), &mut ours);
    let is_path = |it: &String| {
        let key = it.trim_start_matches('/').split(' ').next().unwrap_or_default();
        METHODS.contains(&key)
    };
    theirs.retain(|it| !is_path(it));
    ours.retain(|it| !is_path(it));
    theirs.intersection(&ours).count() as f64 / theirs.union(&ours).count().max(1) as f64
}

/// The names that types of the import have in the spec, where they differ.
pub(super) fn types(spec: &Spec<'_>, new: &Spec<'_>, record: &Record) -> BTreeMap<String, String> {
    let lost: Vec<_> = record.types.iter().filter(|it| !spec.types.contains_key(it.0)).collect();
    let mut found: Vec<_> = spec.types.iter().filter(|it| !record.types.contains_key(it.0)).collect();
    found.retain(|it| !new.types.contains_key(it.0));
    let mut pairs = Vec::new();
    for (name, entity) in &lost {
        for (other, located) in &found {
            let likeness = likeness(&entity.base, &located.part);
            if likeness >= ENOUGH {
                pairs.push((likeness, (*name).clone(), (*other).clone()));
            }
        }
    }
    best(pairs)
}

fn of_base(base: &Base, path: String, out: &mut BTreeSet<String>) {
    for (name, it) in &base.parts {
        let path = format!("{path}/{name}");
        if it.parts.is_empty() {
            out.insert(format!("{path} {:x}", it.hash));
        }
        of_base(it, path, out);
    }
}

fn of_part(part: &Part<'_>, path: String, out: &mut BTreeSet<String>) {
    for (name, it) in part.parts() {
        let path = format!("{path}/{name}");
        if it.parts().is_empty() {
            out.insert(format!("{path} {:x}", it.hash));
        }
        of_part(it, path, out);
    }
}
