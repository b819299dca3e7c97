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
