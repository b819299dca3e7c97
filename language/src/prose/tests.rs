//! The sentences, one of each kind.

use super::{clause, clause_doc, condition, constraints_short, rule, type_noun};
use crate::interpret::fixture;
use crate::model::{Constraint, LengthUnit, Num, Type};

const FIELDS: &str = "
types: {Line: {fields: {text: string}}, Reasoning: {fields: {effort?: string}}}
body:
  model: {enum: [suno-v5, suno-v4, v3]}
  a: {type: integer, nullable: true}
  b: {type: [string]}
  r: Reasoning
  dialogue: {type: [Line]}
";

/// The condition of a case, in words.
#[track_caller]
fn check_condition(when: &str, expected: &str) {
    let api = fixture::api(&format!("{FIELDS}  x: {{cases: [{{when: {when}, required: true}}]}}\n"));
    let record = &api.operations[0].parameters;
    let (_, field) = record.find("x").expect("x");
    assert_eq!(condition(record, &api, &field.clauses[0].when), expected);
}

#[test]
fn conditions() {
    check_condition("{model: suno-v5}", "`model` is `suno-v5`");
    check_condition("{model: [suno-v5, suno-v4]}", "`model` is `suno-v5` or `suno-v4`");
    check_condition("{model: [suno-v5, suno-v4, v3]}", "`model` is `suno-v5`, `suno-v4` or `v3`");
    check_condition("{model: {not: v3}}", "`model` is not `v3`");
    check_condition("{model: {not: [v3, suno-v4]}}", "`model` is none of `v3`, `suno-v4`");
    check_condition("{a: $present}", "`a` is given");
    check_condition("{a: $absent}", "`a` is left out");
    check_condition("{a: null}", "`a` is `null`");
    check_condition("{b: $empty}", "`b` is empty");
    check_condition("{b: ['$absent', '$empty']}", "`b` is left out or is empty");
    check_condition("{b: {not: ['$absent', '$empty']}}", "`b` is given and is not empty");
    check_condition("{a: {not: $present}}", "`a` is left out");
    check_condition("{r.effort: high}", "`r.effort` is `high`");
    check_condition("{a: [1, true, '']}", "`a` is `1`, `true` or `\"\"`");
    check_condition("{a: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}", "`a` is `1`, `2`, `3`, `4`, `5`, `6`, `7`, `8` or 2 more");
    check_condition("{model: v3, a: $present}", "`model` is `v3` and `a` is given");
    check_condition("[{model: v3, a: $present}, {b: $absent}]", "`model` is `v3` and `a` is given, or `b` is left out");
}

/// The first clause of `x`, as a message and for docs.
#[track_caller]
fn check_clause(entry: &str, message: &str, doc: &str) {
    let api = fixture::api(&format!("{FIELDS}  x: {entry}\n"));
    let record = &api.operations[0].parameters;
    let (_, field) = record.find("x").expect("x");
    assert_eq!(clause(record, &api, field, &field.clauses[0]), message);
    assert_eq!(clause_doc(record, &api, field, &field.clauses[0]), doc);
}

#[test]
fn clauses() {
    check_clause("{required: true}", "required parameter `x` is missing", "`x` is required");
    check_clause(
        "{cases: [{when: {model: v3}, required: true}]}",
        "required parameter `x` is missing when `model` is `v3`",
        "`x` is required when `model` is `v3`",
    );
    for (entry, sentence) in [
        (
            "{cases: [{when: {model: v3}, max_length: 2500}]}",
            "`x` must have at most 2500 characters when `model` is `v3`",
        ),
        ("{max_length: 5000, han_double: true}", "`x` must have at most 5000 characters (a Han character counts as 2)"),
        ("{min_length: 3}", "`x` must have at least 3 characters"),
        ("{min_length: 1}", "`x` must not be empty"),
        ("{only: {model: v3}}", "`x` is only allowed when `model` is `v3`"),
        (
            "{cases: [{when: {model: v3}, forbidden: Taken from the image.}]}",
            "`x` is not allowed when `model` is `v3`: Taken from the image",
        ),
        ("{cases: [{when: {a: $absent}, ignored: Needs a.}]}", "`x` has no effect when `a` is left out: Needs a"),
        ("{type: integer, enum: [4, 8, 12]}", "`x` must be one of `4`, `8`, `12`"),
        ("{type: integer, enum: [4, 8]}", "`x` must be `4` or `8`"),
        ("{const: true}", "`x` must be `true`"),
        ("{type: number, minimum: 0.5}", "`x` must be at least 0.5"),
        ("{type: number, exclusive_maximum: 1}", "`x` must be less than 1"),
        ("{type: integer, multiple_of: 8}", "`x` must be a multiple of 8"),
        ("{pattern: '^[a-z]+$'}", "`x` must match `^[a-z]+$`"),
        ("{type: [string], max_items: 1}", "`x` must have at most 1 item"),
        ("{type: [string], unique_items: true}", "`x` must not contain duplicate items"),
        ("{type: [string], items: {max_length: 5}}", "each item of `x` must have at most 5 characters"),
        ("{type: file, max_bytes: 10485760}", "`x` must be at most 10 MiB"),
        ("{max_length: 5, because: The font is large.}", "`x` must have at most 5 characters: The font is large"),
        ("{cases: [{when: {model: v3}, default: y}]}", "`x` defaults to `y` when `model` is `v3`"),
    ] {
        check_clause(entry, sentence, sentence);
    }
}

#[track_caller]
fn check_rule(text: &str, expected: &str) {
    let api = fixture::api(&format!("{FIELDS}rules: [{text}]\n"));
    let record = &api.operations[0].parameters;
    assert_eq!(rule(record, &api, &record.rules[0]), expected);
}

#[test]
fn rules() {
    check_rule("{any_of: [a, b]}", "at least one of `a`, `b` is required");
    check_rule("{any_of: [a, b], when: {r: $present}}", "at least one of `a`, `b` is required when `r` is given");
    check_rule("{exactly_one_of: [a, b]}", "exactly one of `a`, `b` is required");
    check_rule("{at_most_one_of: [a, b]}", "at most one of `a`, `b` is allowed");
    check_rule("{all_or_none: [a, b]}", "`a`, `b` must be given together or not at all");
    check_rule("{requires: {a: b}}", "`a` requires `b`");
    check_rule("{requires: {a: [b, r]}, when: {model: v3}}", "`a` requires `b` and `r` when `model` is `v3`");
    check_rule("{compare: a > a}", "`a` must be greater than `a`");
    check_rule("{sum: {a: 1, b: 2}, maximum: 7}", "the number of items, `a` + 2 × `b`, must be at most 7");
    check_rule("{sum: {a: 1}, minimum: 1, maximum: 3}", "the number of items, `a`, must be 1 to 3");
    check_rule(
        "{total_length: 'dialogue[].text', maximum: 5000}",
        "`dialogue[].text` must have at most 5000 characters in total",
    );
    check_rule("{any_of: [a], message: Say what to draw.}", "Say what to draw");
}

#[test]
fn cells() {
    let short = |all: &[Constraint]| constraints_short(all);
    let length =
        |least, most| [Constraint::MinLength(least, LengthUnit::Plain), Constraint::MaxLength(most, LengthUnit::Plain)];
    assert_eq!(short(&length(3, 2500)), "3 to 2500 characters");
    assert_eq!(short(&length(5, 5)), "exactly 5 characters");
    assert_eq!(short(&[Constraint::Maximum(Num::Integer(15)), Constraint::Minimum(Num::Integer(4))]), "4 to 15");
    assert_eq!(short(&[Constraint::Enum(vec!["a".into(), "b".into()])]), "one of `a`, `b`");
    assert_eq!(short(&[Constraint::MinItems(1), Constraint::UniqueItems]), "not empty; no duplicate items");
    assert_eq!(short(&[Constraint::MinItems(1), Constraint::MaxItems(1)]), "exactly 1 item");
    assert_eq!(short(&[]), "");
}

#[test]
fn types() {
    let api = fixture::api("types: {E: {enum: [x, y]}, U: {one_of: [string, '[U]']}}\nbody: {u: U, e: E}");
    let noun = |name: &str| type_noun(&api, &api.operations[0].parameters.find(name).expect("a field").1.ty);
    assert_eq!(noun("u"), "a string or a list");
    assert_eq!(noun("e"), "one of `x`, `y`");
    assert_eq!(type_noun(&api, &Type::Integer), "a whole number");
}
