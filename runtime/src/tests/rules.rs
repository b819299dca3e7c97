//! Tests the violations of rules in generated calls.

use crate::{Checks, Strength, Violations, When};

/// Place, keyword, limit and message of a violation.
fn found(check: impl FnOnce(&mut Checks<'_>)) -> Vec<[String; 4]> {
    let mut out = Violations::default();
    check(&mut out.at_root());
    let all = out.into_vec().into_iter();
    all.map(|it| [it.at.into_owned(), it.rule.keyword.to_owned(), it.rule.limit(), it.rule.message()]).collect()
}

#[track_caller]
fn says(check: impl FnOnce(&mut Checks<'_>), expected: [&str; 4]) {
    assert_eq!(found(check), [expected.map(str::to_owned)]);
}

#[test]
fn a_violation_says_what_is_required() {
    says(|it| _ = it.required("a", false), ["/a", "required", "", "required parameter `a` is missing"]);
    says(|it| _ = it.forbidden("a/b", true), ["/a~1b", "forbidden", "", "`a/b` is not allowed"]);
    says(|it| _ = it.ignored("a", true), ["/a", "ignored", "", "`a` has no effect"]);
    says(|it| _ = it.max_length("a", 2, "äöü"), ["/a", "max_length", "2", "`a` must have at most 2 characters"]);
    says(|it| _ = it.min_length("a", 1, ""), ["/a", "min_length", "1", "`a` must not be empty"]);
    says(|it| _ = it.max_items("a", 1, 2), ["/a", "max_items", "1", "`a` must have at most 1 item"]);
    says(|it| _ = it.minimum("a", 0.5, 0.25), ["/a", "minimum", "0.5", "`a` must be at least 0.5"]);
    says(|it| _ = it.maximum_integer("a", -1, 0), ["/a", "maximum", "-1", "`a` must be at most -1"]);
    says(|it| _ = it.one_of("a", &["x", "y"], "z"), ["/a", "enum", "`x`, `y`", "`a` must be `x` or `y`"]);
    let sentence = "`a` must be one of `1`, `2`, `3`";
    says(|it| _ = it.one_of_integers("a", &[1, 2, 3], 4), ["/a", "enum", "`1`, `2`, `3`", sentence]);
    says(|it| _ = it.one_of_numbers("a", &[5.0], 0.5), ["/a", "enum", "`5`", "`a` must be `5`"]);
    says(|it| _ = it.https_url("a", "http://x.y"), ["/a", "format", "", "`a` must be an absolute `https://` URL"]);
    let sentence = "each item of `a` must be an absolute `http://` or `https://` URL";
    says(|it| it.urls("a", &["https://x.y".to_owned(), "x".to_owned()]), ["/a/1", "format", "", sentence]);
}

#[test]
fn conditions_and_reasons_follow_the_message() {
    let pro = When(true, "`model` is `pro`");
    says(
        |it| _ = it.when(pro).because("it is so").max_length("a", 1, "xy"),
        ["/a", "max_length", "1", "`a` must have at most 1 character when `model` is `pro`: it is so"],
    );
    says(|it| _ = it.when(pro).only("a", true), ["/a", "forbidden", "", "`a` is only allowed when `model` is `pro`"]);
    let other = When(false, "`model` is `other`");
    assert!(found(|it| assert!(it.when(other).required("a", false))).is_empty());
}

#[test]
fn only_the_first_violation_of_a_place_is_reported() {
    let all = found(|it| {
        let _ = it.max_length("a", 1, "abc") && it.max_length("a", 2, "abc");
    });
    assert_eq!(all.len(), 1);
}

#[test]
fn nested_places_are_named_and_secrets_are_hidden() {
    let mut out = Violations::default();
    let root = &mut out.at_root();
    root.field("list").index(3).key("k~").inferred().max_length("a", 1, "xy");
    root.secret().field("list").max_length("a", 1, "xy");
    let all = out.into_vec();
    assert_eq!((&*all[0].at, all[0].rule.strength), ("/list/3/k~0/a", Strength::Inferred));
    assert_eq!(all[0].to_string(), "/list/3/k~0/a: `a` must have at most 1 character (found 2 characters)");
    assert_eq!(all[1].to_string(), "/list/a: `a` must have at most 1 character");
}
