//! Declared records with what they take from others by `like`.

use std::collections::BTreeSet;

use super::assemble::rule_mentions;
use super::types::Types;
use crate::diagnostics::{Diagnostics, decode, names, suggest};
use crate::model::{ResourceId, TypeId};
use crate::syntax::document::{Entry, RuleDoc, Text, TypeDecl, TypeDeclKind};

/// The longest chain of records that are `like` each other.
const LONGEST_CHAIN: usize = 32;

/// What a record has, its own and what it takes; nothing for a type that is no record.
#[derive(Default)]
pub(super) struct ExtendedRecord<'d> {
    pub fields: Vec<Entry>,
    pub rules: Vec<&'d RuleDoc>,
}

/// All declared types as records, by their ids.
pub(super) fn records<'d>(types: &mut Types<'d>, out: &mut Diagnostics) -> Vec<ExtendedRecord<'d>> {
    (0..types.declared.len()).map(|it| resolve_record(types, it, out)).collect()
}

fn resolve_record<'d>(types: &mut Types<'d>, index: usize, out: &mut Diagnostics) -> ExtendedRecord<'d> {
    let mut whole = ExtendedRecord::default();
    let (chain, complete) = extends_chain(types, index, out);
    for decl in chain.into_iter().rev() {
        let TypeDeclKind::Record { like, without, fields, rules, .. } = &decl.kind else { continue };
        let dropped: BTreeSet<&str> = without.iter().map(|it| it.value.as_str()).collect();
        for name in without.iter().filter(|_| like.is_some() && complete) {
            if !whole.fields.iter().any(|it| it.name.value == name.value) {
                let known = whole.fields.iter().map(|it| it.name.value.as_str());
                out.push(names::unknown_parameter(&name.value, "the other record", known, name.span));
            }
        }
        whole.fields.retain(|it| !dropped.contains(it.name.value.as_str()));
        whole.rules.retain(|it| !rule_mentions(it, &dropped));
        let taken = whole.fields.len();
        for field in fields {
            match whole.fields[..taken].iter().position(|it| it.name.value == field.name.value) {
                Some(at) => whole.fields[at] = field.clone(),
                // Twice the same among its own is told where fields are collected.
                None => whole.fields.push(field.clone()),
            }
        }
        whole.rules.extend(rules);
    }
    whole
}

/// The record, then what it is `like`, and so on; and whether that is all of it.
fn extends_chain<'d>(types: &mut Types<'d>, index: usize, out: &mut Diagnostics) -> (Vec<&'d TypeDecl>, bool) {
    let (mut resource, mut decl): (Option<ResourceId>, &'d TypeDecl) = types.declared[index];
    let mut chain = vec![decl];
    let mut seen = BTreeSet::from([index]);
    while let TypeDeclKind::Record { like: Some(like), .. } = &decl.kind {
        let Some(TypeId(next)) = types.named(&like.value, like.span, resource, out) else { return (chain, false) };
        let next = next as usize;
        if !seen.insert(next) {
            out.push(names::cycle("the type", &like.value, like.span));
            return (chain, false);
        }
        if chain.len() == LONGEST_CHAIN {
            let what = "records in a chain of `like`";
            out.push(decode::too_many(what, LONGEST_CHAIN + 1, LONGEST_CHAIN, like.span));
            return (chain, false);
        }
        (resource, decl) = types.declared[next];
        match decl.kind {
            TypeDeclKind::Record { .. } => {}
            TypeDeclKind::Broken => return (chain, false),
            TypeDeclKind::Enum { .. } | TypeDeclKind::Union { .. } | TypeDeclKind::Tagged { .. } => {
                out.push(no_record(types, like));
                return (chain, false);
            }
        }
        types.copied.insert(TypeId(next as u32));
        chain.push(decl);
    }
    (chain, true)
}

fn no_record(types: &Types<'_>, like: &Text) -> crate::diagnostics::Diagnostic {
    let is_record = |it: &&TypeDecl| matches!(it.kind, TypeDeclKind::Record { .. });
    let known = types.declared.iter().map(|(_, it)| *it).filter(is_record).map(|it| it.name.value.as_str());
    let known: Vec<&str> = known.take(suggest::MOST_KNOWN).collect();
    names::unknown_name("record", &like.value, &known, like.span)
}
