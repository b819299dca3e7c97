//! Types that a person has renamed: one of the record is gone from the spec, and another one is much like it.

use std::collections::{BTreeMap, BTreeSet};

use super::part::Part;
use super::record::{Base, Record};
use super::spec::Spec;

/// How much of two types must be the same.
const ENOUGH: f64 = 0.6;

/// The names that types of the import have in the spec, where they differ.
pub(super) fn types(spec: &Spec<'_>, new: &Spec<'_>, record: &Record) -> BTreeMap<String, String> {
    let lost: Vec<_> = record.types.iter().filter(|it| !spec.types.contains_key(it.0)).collect();
    let mut found: Vec<_> = spec.types.iter().filter(|it| !record.types.contains_key(it.0)).collect();
    found.retain(|it| !new.types.contains_key(it.0));
    let mut pairs = Vec::new();
    for (name, entity) in &lost {
        let mut theirs = BTreeSet::new();
        of_base(&entity.base, String::new(), &mut theirs);
        for (other, located) in &found {
            let mut ours = BTreeSet::new();
            of_part(&located.part, String::new(), &mut ours);
            let same = theirs.intersection(&ours).count() as f64;
            let likeness = same / theirs.union(&ours).count().max(1) as f64;
            if likeness >= ENOUGH {
                pairs.push((likeness, (*name).clone(), (*other).clone()));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut names = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for (_, name, other) in pairs {
        if !names.contains_key(&name) && taken.insert(other.clone()) {
            names.insert(name, other);
        }
    }
    names
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
