//! How much work a diff is: as much more as the spec is larger, and no more. Counted, since clocks differ.

use std::cell::Cell;

use specwright_test_specs as specs;

use crate::compare;

thread_local! {
    static ASKED: Cell<u64> = const { Cell::new(0) };
    static LOOKED_AT: Cell<u64> = const { Cell::new(0) };
    static WALKED: Cell<u64> = const { Cell::new(0) };
}

/// A spec was asked what it says of a request.
pub(crate) fn asked() {
    ASKED.set(ASKED.get() + 1);
}

/// An item of the old crate was compared with that of the new one.
pub(crate) fn looked_at() {
    LOOKED_AT.set(LOOKED_AT.get() + 1);
}

/// Two types of what comes back were compared.
pub(crate) fn walked() {
    WALKED.set(WALKED.get() + 1);
}

/// How often the specs were asked, and items looked at.
fn work(old: &str, new: &str) -> (u64, u64) {
    let (old, new) = (specs::api(&[("x.yaml", old)]), specs::api(&[("x.yaml", new)]));
    ASKED.set(0);
    LOOKED_AT.set(0);
    WALKED.set(0);
    let diff = compare(&old, &new);
    assert!(!diff.changes.is_empty());
    (ASKED.get(), LOOKED_AT.get())
}

/// So many operations that send and get a type which holds all others.
fn spec(operations: usize, types: usize, changed: usize, most: u32) -> String {
    let mut text = String::new();
    for at in 0..operations {
        text.push_str(&format!(
            "  make_{at}:\n    post: /things/{at}\n    summary: Makes.\n    body: {{whole: Whole}}\n    response: Whole\n"
        ));
    }
    let mut text = specs::resource(&text);
    text.push_str("types:\n  Whole:\n    doc: All.\n    fields:\n");
    (0..types).for_each(|at| text.push_str(&format!("      part_{at}?: Part{at}\n")));
    for at in 0..types {
        let most = if at < changed { most } else { 50 };
        let kind = if at < changed && most != 50 { "integer" } else { "string" };
        text.push_str(&format!(
            "  Part{at}:\n    doc: A part.\n    fields:\n      size?: {{type: integer, maximum: {most}}}\n      name?: {kind}\n"
        ));
    }
    text
}

#[test]
fn operations_that_cannot_have_changed_are_not_asked() {
    let old = spec(12, 10, 0, 50);
    let new = old.replace("summary: Makes.\n    body: {whole: Whole}", "summary: Does.\n    body: {whole: Whole}");
    assert_eq!(work(&old, &new).0, 0);
}

#[test]
fn twice_the_operations_are_twice_the_work() {
    let of = |count: usize| work(&spec(count, 10, 2, 50), &spec(count, 10, 2, 40));
    let (once, twice) = (of(6), of(12));
    assert!(twice.0 <= once.0 * 21 / 10, "{once:?}, {twice:?}");
    assert!(twice.1 <= once.1 * 21 / 10, "{once:?}, {twice:?}");
    // For each operation.
    assert!(once.0 / 6 < 8_000, "{once:?}");
}

#[test]
fn twice_the_changes_are_at_most_twice_the_work() {
    let of = |changed: usize| work(&spec(2, 16, changed, 50), &spec(2, 16, changed, 40));
    let (once, twice) = (of(4), of(8));
    assert!(twice.0 <= once.0 * 21 / 10, "{once:?}, {twice:?}");
    assert!(twice.1 <= once.1 * 21 / 10, "{once:?}, {twice:?}");
}

#[test]
fn changes_look_at_their_own_items() {
    // Types that did not change are looked at once, at the end.
    let of = |types: usize| work(&spec(4, types, 4, 50), &spec(4, types, 4, 40));
    let (few, many) = (of(10), of(40));
    let items = many.1 - few.1;
    let alone = work(&spec(1, 40, 1, 50), &spec(1, 40, 1, 40)).1 - work(&spec(1, 10, 1, 50), &spec(1, 10, 1, 40)).1;
    assert!(items <= alone * 4, "{items} of four operations, {alone} of one");
}

#[test]
fn types_that_are_the_same_are_compared_once() {
    let (few, many) = (spec(2, 30, 0, 50), spec(8, 30, 0, 50));
    let walked = |old: &str| {
        work(old, &old.replace("summary: Makes.", "summary: Does."));
        WALKED.get()
    };
    assert_eq!((walked(&few), walked(&many)), (31, 31));
    let new = spec(8, 30, 1, 40);
    work(&many, &new);
    // Once each, and then for each operation those that hold what changed.
    assert_eq!(WALKED.get(), 31 + 8 * 2);
}
