//! Records that extend others: `like`.

use std::collections::BTreeSet;

use super::assemble::Assembler;
use super::ty::{Content, TypeId};
use crate::spec::{Entry, Kind, Spec, Type};

impl Assembler<'_, '_> {
    /// A record that extends another one is like it.
    pub(super) fn like(&self, id: TypeId, resources: &BTreeSet<String>, whole: Kind) -> Kind {
        let planner = &self.planner;
        let Kind::Record { fields, rules, open, extra, .. } = &whole else { return whole };
        let Some(parent) = planner.parent(id) else { return whole };
        let Some(of_parent) = self.usage.resources.get(&parent) else { return whole };
        let seen = of_parent.len() > 1 || of_parent == resources;
        let Content::Record { fields: inherited, rules: its_rules, .. } = &planner.types[parent.0 as usize].content
        else {
            return whole;
        };
        if !seen || self.inline.contains(&parent) || !its_rules.is_empty() {
            return whole;
        }
        let mut inherited: Vec<Entry> = inherited.iter().map(|it| planner.field(it)).collect();
        super::unique::fields(&mut inherited);
        let kept = inherited.iter().filter(|it| fields.contains(it)).count();
        if kept < 2 || kept * 2 < inherited.len() {
            return whole;
        }
        let own: Vec<Entry> = fields.iter().filter(|it| !inherited.contains(it)).cloned().collect();
        let without = inherited.iter().filter(|it| !fields.iter().any(|own| own.name == it.name));
        let without = without.map(|it| it.name.clone()).collect();
        let like = Some(planner.types[parent.0 as usize].name.clone());
        Kind::Record { like, without, fields: own, rules: rules.clone(), open: *open, extra: extra.clone() }
    }

    /// Records that only others extend stand before these, or nowhere if none of them is like it after all.
    pub(super) fn settle_parents(&mut self, spec: &mut Spec) {
        for id in self.usage.only_extended.clone() {
            let name = self.planner.types[id.0 as usize].name.clone();
            let mut lists = vec![&mut spec.api.types];
            lists.extend(spec.resources.iter_mut().map(|it| &mut it.types));
            let is_like = |it: &Type| matches!(&it.kind, Kind::Record { like: Some(parent), .. } if *parent == name);
            let is_used = lists.iter().any(|types| types.iter().any(is_like));
            for types in lists {
                let Some(at) = types.iter().position(|it| it.name == name) else { continue };
                let parent = types.remove(at);
                if is_used {
                    let first = types.iter().position(is_like).map_or(at, |it| it.min(at));
                    types.insert(first, parent);
                }
            }
            if !is_used {
                self.usage.resources.remove(&id);
            }
        }
    }
}

/// The fewest fields that two records have in common by more than chance.
const FEWEST: usize = 5;

/// Records that have all fields of another one, word by word, are like it, though the document does not say so.
pub(super) fn find_equal(spec: &mut Spec) {
    let of_api: Vec<Record> = spec.api.types.iter().filter_map(record).collect();
    let files = std::iter::once(&mut spec.api.types).chain(spec.resources.iter_mut().map(|it| &mut it.types));
    for (at, types) in files.enumerate() {
        let mut parents = if at == 0 { Vec::new() } else { of_api.clone() };
        parents.extend(types.iter().filter_map(record));
        // The larger the parent, the less is left.
        parents.sort_by_key(|it| std::cmp::Reverse(it.1.len()));
        let mut used: BTreeSet<String> = BTreeSet::new();
        let mut like: BTreeSet<String> = BTreeSet::new();
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for ty in types.iter_mut() {
            seen.insert(ty.name.clone());
            let Kind::Record { like: own @ None, fields, rules, .. } = &mut ty.kind else { continue };
            if fields.len() < FEWEST || !rules.is_empty() || used.contains(&ty.name) {
                continue;
            }
            let fits = |it: &&Record| {
                // Of two that are equal, the first is one.
                let is_before = seen.contains(&it.0) || at > 0 && of_api.iter().any(|of| of.0 == it.0);
                it.0 != ty.name
                    && !like.contains(&it.0)
                    && it.1.len() <= fields.len()
                    && (it.1.len() < fields.len() || is_before)
                    && it.1.len() * 2 >= fields.len()
                    && it.1.iter().all(|entry| fields.contains(entry))
            };
            let Some((parent, inherited)) = parents.iter().find(fits) else { continue };
            *own = Some(parent.clone());
            fields.retain(|it| !inherited.contains(it));
            used.insert(parent.clone());
            like.insert(ty.name.clone());
        }
    }
}

/// The name and the fields of a record that others can be like.
type Record = (String, Vec<Entry>);

fn record(ty: &Type) -> Option<Record> {
    match &ty.kind {
        Kind::Record { like: None, fields, rules, .. } if rules.is_empty() && fields.len() >= FEWEST => {
            Some((ty.name.clone(), fields.clone()))
        }
        _ => None,
    }
}
