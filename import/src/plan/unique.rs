//! Names that would be one in Rust, or that stand in two places of a request.

use std::collections::BTreeSet;

use specwright_codegen::naming;

use crate::spec::{Entry, Operation, TagMember, Values};

/// Gives parameters of one operation names that are unique, as sent and in Rust.
pub(super) fn parameters(operation: &mut Operation) {
    let mut called: BTreeSet<String> = BTreeSet::new();
    let mut idents: BTreeSet<String> = BTreeSet::new();
    if operation.stream.as_ref().is_some_and(|it| it.when.is_none()) {
        // The method that opens the stream.
        idents.insert("stream".to_owned());
    }
    // A body that is one value is called `body`, and its media type is chosen with a method.
    if operation.body.iter().any(|it| it.name == super::body::WHOLE) {
        called.insert("body".to_owned());
        idents.insert("body".to_owned());
    }
    idents.insert("content_type".to_owned());
    let places = [
        ("path", &mut operation.path_parameters),
        ("query", &mut operation.query),
        ("header", &mut operation.headers),
        ("cookie", &mut operation.cookies),
        ("body", &mut operation.body),
    ];
    for (place, entries) in places {
        for entry in entries.iter_mut().filter(|it| it.name != super::body::WHOLE) {
            let mut name = entry.name.clone();
            let mut number = 1;
            while !called.insert(name.clone()) {
                number += 1;
                name = if number == 2 {
                    format!("{place}_{}", entry.name)
                } else {
                    format!("{place}_{}_{number}", entry.name)
                };
            }
            if name != entry.name {
                entry.alias = Some(name.clone());
            }
            settle(entry, &name, &mut idents);
            enums(entry);
        }
    }
}

/// Gives an entry the name that the document gives it, or else one that is free.
fn settle(entry: &mut Entry, name: &str, taken: &mut BTreeSet<String>) {
    let given = entry.rust.take().filter(|it| taken.insert(it.clone()));
    entry.rust = given.or_else(|| free(&naming::snake(name), taken));
}

/// Gives the values of the enums of an entry names that are unique in Rust.
fn enums(entry: &mut Entry) {
    for values in [&mut entry.values, &mut entry.items.values].into_iter().flatten() {
        self::values(values);
    }
}

/// Gives the fields of a record names that are unique in Rust.
pub(super) fn fields(entries: &mut [Entry]) {
    let mut idents: BTreeSet<String> = BTreeSet::new();
    for entry in entries.iter_mut() {
        let name = entry.name.clone();
        settle(entry, &name, &mut idents);
        enums(entry);
    }
}

/// Gives the values of an enum names that are unique in Rust.
pub(super) fn values(values: &mut Values) {
    // Names that enums have anyway.
    let mut idents: BTreeSet<String> = ["Other", "ALL"].into_iter().map(str::to_owned).collect();
    for it in &mut values.list {
        let Some(text) = it.value.as_str() else { continue };
        let own = it.rust.take().map(|it| naming::pascal(&it)).filter(|it| !idents.contains(it));
        match own {
            Some(name) => {
                idents.insert(name.clone());
                it.rust = Some(name);
            }
            None => it.rust = free(&naming::pascal(text), &mut idents),
        }
    }
}

/// Gives the members of a tagged union names that are unique in Rust.
pub(super) fn tags(members: &mut [TagMember]) {
    let mut idents: BTreeSet<String> = std::iter::once("Other".to_owned()).collect();
    for it in members {
        // A variant is called after its tag, or after its record if the tag is no text.
        let name = it.value.as_str().unwrap_or(&it.ty);
        it.rust = free(&naming::pascal(name), &mut idents);
    }
}

/// Takes an identifier; another one if it is taken.
fn free(ident: &str, taken: &mut BTreeSet<String>) -> Option<String> {
    if taken.insert(ident.to_owned()) {
        return None;
    }
    let stem: String = ident.trim_start_matches("r#").chars().take(58).collect();
    let stem = if stem.starts_with(|it: char| it.is_ascii_alphabetic()) && stem.is_ascii() {
        stem
    } else {
        "other".to_owned()
    };
    let mut number = 2;
    loop {
        let name = if stem.starts_with(|it: char| it.is_ascii_uppercase()) {
            format!("{stem}{number}")
        } else {
            format!("{stem}_{number}")
        };
        if taken.insert(name.clone()) {
            return Some(name);
        }
        number += 1;
    }
}
