//! Declared records with the entries that they copy with `like`.

use std::collections::{BTreeMap, BTreeSet};

use super::assemble::{rule_mentions, weight};
use super::types::Types;
use crate::diagnostics::{Diagnostics, decode, names, suggest};
use crate::model::{ResourceId, TypeId};
use crate::syntax::document::{Entry, RuleDoc, Text, TypeDecl, TypeDeclKind};

/// The longest chain of records that are `like` each other.
const LONGEST_CHAIN: usize = 32;

/// What all records of an API take from others, in every step on the way: few lines can ask for very much.
const MOST_TAKEN: usize = 50_000;

/// The fields of a record, its own and the copied ones. Empty for other types.
#[derive(Default)]
pub(super) struct ExtendedRecord<'d> {
    pub fields: Vec<&'d Entry>,
    pub rules: Vec<&'d RuleDoc>,
}

/// All declared types as records, by their ids.
pub(super) fn records<'d>(types: &mut Types<'d>, out: &mut Diagnostics) -> Vec<ExtendedRecord<'d>> {
    let mut taken = 0;
    (0..types.declared.len()).map(|it| resolve_record(types, it, &mut taken, out)).collect()
}

fn resolve_record<'d>(
    types: &mut Types<'d>,
    index: usize,
    taken: &mut usize,
    out: &mut Diagnostics,
) -> ExtendedRecord<'d> {
    let mut whole = ExtendedRecord::default();
    let (mut chain, mut complete) = extends_chain(types, index, out);
    let takes: usize = chain.iter().skip(1).map(|it| own(it)).sum();
    if takes > 0 && *taken + takes > MOST_TAKEN {
        if let TypeDeclKind::Record { like: Some(like), .. } = &types.declared[index].1.kind
            && *taken <= MOST_TAKEN
        {
            let what = "fields, values and cases that records take by `like`";
            out.push(decode::too_many(what, *taken + takes, MOST_TAKEN, like.span));
        }
        // Told once; nothing is taken any more.
        *taken = MOST_TAKEN + 1;
        chain.truncate(1);
        complete = false;
    } else {
        *taken += takes;
    }
    for decl in chain.into_iter().rev() {
        let TypeDeclKind::Record { like, without, fields, rules, .. } = &decl.kind else { continue };
        let dropped: BTreeSet<&str> = without.iter().map(|it| it.value.as_str()).collect();
        let names: BTreeMap<String, usize> = whole.fields.iter().map(|it| it.name.value.clone()).zip(0..).collect();
        for name in without.iter().filter(|_| like.is_some() && complete) {
            if !names.contains_key(&name.value) {
                let known = whole.fields.iter().map(|it| it.name.value.as_str());
                out.push(names::unknown_parameter(&name.value, "the other record", known, name.span));
            }
        }
        whole.fields.retain(|it| !dropped.contains(it.name.value.as_str()));
        whole.rules.retain(|it| !rule_mentions(it, &dropped));
        let names: BTreeMap<String, usize> = whole.fields.iter().map(|it| it.name.value.clone()).zip(0..).collect();
        for field in fields {
            match names.get(&field.name.value) {
                Some(&at) => whole.fields[at] = field,
                // A field that is written twice is reported where fields are collected.
                None => whole.fields.push(field),
            }
        }
        whole.rules.extend(rules);
    }
    whole
}

/// How much a record has of its own: fields, with their values and cases.
fn own(decl: &TypeDecl) -> usize {
    match &decl.kind {
        TypeDeclKind::Record { fields, .. } => fields.iter().map(|it| 1 + weight(it)).sum(),
        _ => 0,
    }
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
