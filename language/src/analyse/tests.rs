//! What is decided, and what is left open.
#![allow(clippy::unwrap_used)]

use serde_json::json;

use super::*;
use crate::check::testing::{Demo, demo};
use crate::model::{Condition, Constraint, FieldIx, LengthUnit, Num, Record};

fn record(demo: &Demo) -> &Record {
    &demo.api.operations[0].parameters
}

/// The condition of the last clause of the field `probe`.
fn probe(record: &Record) -> &Condition {
    &record.find("probe").unwrap().1.clauses.last().unwrap().when
}

/// What is known of the condition of a probe, and of that of a second one when the first holds.
#[track_caller]
fn decides(fields: &str, given: &str, asked: &str, expected: Truth) {
    let text = format!("{fields}\nprobe: string\n+ probe forbidden when {given}");
    let first = demo(&text);
    let text = format!("{text}\n+ probe ignored when {asked}");
    let second = demo(&text);
    let domain = Domain::of(&second.api, record(&second));
    let mut known = Knowledge::nothing(&domain);
    known.assume(probe(record(&first)));
    let mut without_probe = record(&second).clone();
    without_probe.fields.last_mut().unwrap().clauses.clear();
    known.propagate(&without_probe);
    assert_eq!(known.decide(probe(record(&second))), expected, "{given} => {asked}");
}

#[test]
fn conditions_follow_from_conditions() {
    let model = "model: a | b | c";
    decides(model, "model=a", "model=a", Truth::True);
    decides(model, "model=a", "model=b,c", Truth::False);
    decides(model, "model=a,b", "model=b", Truth::Unknown);
    decides(model, "model=a,b", "model!=c", Truth::True);
    decides(model, "model=a", "model=$present", Truth::True);
    decides(model, "model!=a", "model=$present", Truth::Unknown);
    decides(model, "model=$absent", "model!=a", Truth::True);
    decides(model, "model=a or model=b", "model=a,b", Truth::True);
}

#[test]
fn absent_counts_as_its_default() {
    decides("n: integer = 5", "n=$absent", "n=5", Truth::True);
    decides("n: integer = 5", "n=$absent", "n=4", Truth::False);
    decides("n: integer = 5", "n=5", "n=$present", Truth::Unknown);
    decides("n: integer? = 5", "n=null", "n=5", Truth::False);
    let cases = "model!: a | b\nn: integer\n+ n default=1 when model=a\n+ n default=2 when model=b";
    decides(cases, "model=a and n=$absent", "n=1", Truth::True);
    decides(cases, "model=b and n=$absent", "n=1", Truth::False);
    decides(cases, "n=$absent", "n=1", Truth::Unknown);
    // A case goes before the field's own default.
    let both = "model!: a | b\nn: integer = 7\n+ n default=1 when model=a";
    decides(both, "model=a and n=$absent", "n=7", Truth::False);
    decides(both, "model=b and n=$absent", "n=7", Truth::True);
    // Defaults that lean on defaults are left open.
    let round = "x: integer\ny: integer\n+ x default=1 when y=1\n+ y default=1 when x=1";
    decides(round, "x=$absent and y=$absent", "x=1", Truth::Unknown);
}

#[test]
fn null_and_empty_are_states_of_their_own() {
    decides("t: string?", "t=null", "t=$absent", Truth::True);
    decides("t: string?", "t=$absent", "t=null", Truth::Unknown);
    decides("t: string", "t=$absent", "t=null", Truth::False);
    decides("t: string", "t=$empty", "t=$present", Truth::True);
    decides("t: string", "t=\"\"", "t=$empty", Truth::True);
    decides("t: string\n+ t min_length=1", "t=$present", "t=$empty", Truth::False);
    decides("t: integer", "t=$present", "t=$empty", Truth::False);
}

#[test]
fn clauses_and_rules_are_learnt() {
    let only = "model!: a | b\nseed: integer\n+ seed forbidden unless model=a";
    decides(only, "model=b", "seed=$absent", Truth::True);
    decides(only, "seed=$present", "model=a", Truth::True);
    decides("a: string\nb: string\nrule exactly_one_of a b", "a=$present", "b=$absent", Truth::True);
    decides("a: string\nb: string\nrule exactly_one_of a b", "a=$absent", "b=$present", Truth::True);
    decides("a: string\nb: string\nrule requires a b", "b=$absent", "a=$absent", Truth::True);
    decides(
        "a: string\nb: string\nc: string\nrule all_or_none a b\nrule requires b c",
        "a=$present",
        "c=$present",
        Truth::True,
    );
    decides("n: integer\n+ n ~enum=1,2", "n=$present", "n=1,2", Truth::Unknown);
    decides("n: integer\n+ n enum=1,2", "n=$present", "n=1,2", Truth::True);
    decides("n: integer\n+ n enum=1,2,3\n+ n minimum=2", "n=$present", "n=2,3", Truth::True);
}

#[test]
fn values_against_constraints() {
    for (constraint, value, expected) in [
        (Constraint::Minimum(Num::Integer(9_007_199_254_740_993)), json!(9_007_199_254_740_992_i64), Truth::False),
        (Constraint::Minimum(Num::Integer(3)), json!(3.0), Truth::True),
        (Constraint::ExclusiveMaximum(Num::Float(0.5)), json!(0.5), Truth::False),
        (Constraint::Enum(vec![json!(1)]), json!(1.0), Truth::True),
        (Constraint::MaxLength(3, LengthUnit::HanDouble), json!("漢字"), Truth::False),
        (Constraint::MaxLength(3, LengthUnit::Plain), json!("漢字"), Truth::True),
        (Constraint::MaxLength(3, LengthUnit::Plain), json!(12345), Truth::True),
        (Constraint::UniqueItems, json!([1, 1.0]), Truth::False),
        (Constraint::MultipleOf(Num::Integer(0)), json!(3), Truth::Unknown),
        (Constraint::Pattern("a".to_owned()), json!("b"), Truth::Unknown),
    ] {
        assert_eq!(satisfies(&constraint, &value), expected, "{constraint:?} {value}");
    }
}

#[test]
fn more_values_than_states() {
    let values: Vec<String> = (0..300).map(|it| format!("v{it}")).collect();
    let text = format!("m: {}\nn: integer\n+ n forbidden when m=v1\n+ n forbidden when m=v299", values.join(" | "));
    let demo = demo(&text);
    let domain = Domain::of(&demo.api, record(&demo));
    let mut known = Knowledge::nothing(&domain);
    known.assume_formula(&Formula::sent(&domain, FieldIx(1)));
    known.propagate(record(&demo));
    for (value, expected) in
        [("v1", Truth::False), ("v299", Truth::False), ("v2", Truth::Unknown), ("v298", Truth::Unknown)]
    {
        assert_eq!(known.decide_formula(&Formula::is(&domain, FieldIx(0), &json!(value))), expected, "{value}");
    }
}
