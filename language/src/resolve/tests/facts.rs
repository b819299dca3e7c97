//! What good specs mean.

use crate::model::{Certainty, Constraint, Output, TypeKind};
use crate::testing;

/// The lines of the model that say something about these words.
#[track_caller]
fn facts(text: &str) -> String {
    testing::model(&testing::api(&[("x.yaml", text)]))
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let facts = facts(text);
    let trimmed: Vec<&str> = facts.lines().map(str::trim).collect();
    let expected: Vec<&str> = expected.trim().lines().map(str::trim).collect();
    assert!(trimmed.windows(expected.len()).any(|it| it == expected), "expected\n{expected:#?}\nin\n{facts}");
}

#[test]
fn required_texts_and_arrays_are_not_empty() {
    check(&super::body("a: {required: true}"), "a: string\nrequired\nmin_length 1 (inferred) (implied)");
    check(&super::body("a: {type: [url], required: true}"), "a: [url]\nrequired\nmin_items 1 (inferred) (implied)");
    check(&super::body("a: {required: true, may_be_empty: true}"), "a: string\nrequired\nanswers 204 nothing");
}

#[test]
fn a_body_may_be_one_value() {
    let text = |body: &str| super::operation(&format!("put: /it\nresponse: none\nbody: {body}"));
    check(&text("map<integer>"), "body: map<integer> as the body\nrequired");
    check(&text("[url]"), "body: [url] as the body\nrequired\nmin_items 1 (inferred) (implied)");
    check(&text("{$body: {type: string, max_length: 3, required: false}}"), "body: string as the body\nmax_length 3");
    check(&text("{$body: {enum: [5, 10], nullable: true}}"), "body: integer | null as the body\nrequired\nenum 5 10");
    check(&text("{type: string}"), "type: string\nanswers 204 nothing");
}

#[test]
fn implied_minimums_follow_the_condition() {
    let text = super::body("a: {cases: [{when: {b: x}, required: true}]}\nb: string");
    check(&text, "a: string\nrequired when b in \"x\"\nmin_length 1 when b in \"x\" (inferred) (implied)\nb: string");
    let text = super::body("a: {cases: [{when: {b: x}, required: true, min_length: 3}]}\nb: string");
    check(&text, "a: string\nrequired when b in \"x\"\nmin_length 3 when b in \"x\"\nb: string");
}

#[test]
fn types_follow_from_values() {
    check(&super::body("a: {enum: [5, 10]}"), "a: integer\nenum 5 10");
    check(&super::body("a: {enum: [0, 0.5, 1]}"), "a: number\nenum 0 0.5 1");
    check(&super::body("a: {const: true}"), "a: boolean\nconst true");
    check(&super::body("a: {enum: {5: Five., 10: Ten.}}"), "a: integer\nenum 5 10");
    check(&super::body("a: {enum: {\"5\": Five., \"10\": Ten.}}"), "type A (request inline)\nenum 5 10");
}

#[test]
fn equal_enums_are_one_type_and_others_are_told_apart() {
    let two = |first: &str, second: &str| {
        let op = |name: &str, values: &str| {
            format!(
                "  {name}:\n    post: /{name}\n    summary: X.\n    response: none\n    body: {{size: {{enum: [{values}]}}}}\n"
            )
        };
        facts(&testing::resource(&(op("one", first) + &op("two", second))))
    };
    let same = two("s, m", "s, m");
    assert_eq!(same.matches("type ").count(), 1, "{same}");
    assert!(same.contains("type Size (request inline)"), "{same}");
    let different = two("s, m", "s, l");
    assert!(different.contains("type XOneSize") && different.contains("type XTwoSize"), "{different}");
}

#[test]
fn an_enum_that_several_resources_share_belongs_to_none() {
    let file = |name: &str| {
        format!(
            "resource: {name}\ntitle: X\ndoc: X.\noperations:\n  run: {{post: /{name}, summary: X., response: none, body: {{size: {{enum: [s, m]}}}}}}\n"
        )
    };
    let (a, b) = (file("a"), file("b"));
    let api = testing::api(&[("a.yaml", &a), ("b.yaml", &b)]);
    assert_eq!(api.types.len(), 1);
    assert_eq!(api.types[0].resource, None);
}

#[test]
fn case_enums_narrow_and_named_enums_take_subsets() {
    let text = super::body("a: {enum: [x, w], cases: [{when: {b: 1}, enum: [x]}]}\nb: integer");
    check(&text, "a: A\nenum \"x\" when b in 1");
}

#[test]
fn globs_lists_and_words() {
    let model = "model: {enum: [wan-2.6, wan-2.7-a, wan-2.7-b]}\nk: integer\n";
    let only = |condition: &str| super::body(&format!("{model}a: {{only: {condition}}}"));
    check(&only("{model: wan-2.7-*}"), "forbidden when not model in \"wan-2.7-a\" \"wan-2.7-b\"");
    check(&only("{model: [wan-2.6, \"*-b\", wan-2.6]}"), "forbidden when not model in \"wan-2.6\" \"wan-2.7-b\"");
    check(&only("{model: [wan-2.6, $absent]}"), "forbidden when not model in \"wan-2.6\" | absent");
    check(&only("[{model: wan-2.6}, {k: 5}]"), "forbidden when not (model in \"wan-2.6\" or k in 5)");
    check(
        &only("{model: {not: [wan-2.6]}, k: $present}"),
        "forbidden when not (model not(in \"wan-2.6\") and k present)",
    );
}

#[test]
fn words_and_certainty_come_from_case_and_entry() {
    let text = super::body(
        "a: {certainty: inferred, because: E., maximum: 5, type: integer, cases: [{when: {b: 1}, minimum: 1, certainty: stated, because: C.}, {when: {b: 2}, forbidden: F.}]}\nb: integer",
    );
    let api = testing::api(&[("x.yaml", &text)]);
    let clauses = &api.operations[0].parameters.fields[0].clauses;
    let said: Vec<(&str, Option<&str>, Certainty)> =
        clauses.iter().map(|it| (it.constraint.keyword(), it.because.as_deref(), it.origin.certainty)).collect();
    assert_eq!(
        said,
        [
            ("maximum", Some("E."), Certainty::Inferred),
            ("minimum", Some("C."), Certainty::Stated),
            ("forbidden", Some("F."), Certainty::Inferred),
        ]
    );
}

#[test]
fn shared_parameters_are_replaced_key_by_key_and_cases_are_added() {
    let text = "resource: x\ntitle: X\ndoc: X.\nparameters:\n  p: {min_length: 3, max_length: 9, cases: [{when: {b: 1}, required: true}]}\noperations:\n  run:\n    post: /run\n    summary: X.\n    response: none\n    body: {p: {use: p, max_length: 5, cases: [{when: {b: 2}, forbidden: true}]}, b: integer}\n";
    check(text, "p: string\nmin_length 3\nmax_length 5\nrequired when b in 1\nforbidden when b in 2\nb: integer");
}

#[test]
fn a_file_says_statuses_and_tasks_for_its_operations() {
    let file = "resource: x\ntitle: X\ndoc: X.\nstatuses: {500: {kind: server, doc: File.}, 408: {kind: timeout, doc: File.}}\ntasks: {interval: 2s, state: phase, completed: [done], failed: [lost], callback: back}\noperations:\n";
    let own = "  one:\n    post: /one\n    summary: X.\n    statuses: {500: {kind: unavailable, doc: Own.}, 404: {kind: not_found, doc: Own.}}\n    body: {back: url}\n    task: {result: {url: url}, interval: 3s}\n";
    let other = "  two: {post: /two, summary: X., body: {a: string}, task: {result: {url: url}}}\n";
    let api = testing::api(&[("x.yaml", &format!("{file}{own}{other}"))]);
    let said = |at: usize| {
        let statuses = api.operations[at].statuses.iter();
        let statuses: Vec<(u16, &str)> = statuses.map(|it| (it.status, it.doc.as_str())).collect();
        let Output::Task(task) = &api.operations[at].output else { panic!("a task") };
        (statuses, task.poll_interval_ms, task.state_field.clone(), task.completed.clone(), task.callback.is_some())
    };
    let done = || vec!["done".to_owned()];
    assert_eq!(said(0), (vec![(404, "Own."), (408, "File."), (500, "Own.")], 3000, "phase".to_owned(), done(), true));
    assert_eq!(said(1), (vec![(408, "File."), (500, "File.")], 2000, "phase".to_owned(), done(), false));
}

#[test]
fn a_record_like_another_takes_fields_and_rules() {
    let text = "resource: x\ntitle: X\ndoc: X.\ntypes:\n  Base: {fields: {a: string, b?: string, c?: string}, rules: [{any_of: [a, b]}, {any_of: [b, c]}]}\n  Middle: {like: Base, without: [c], fields: {b: integer}}\n  It: {like: Middle, fields: {d: string}, rules: [{any_of: [a, d]}]}\noperations:\n  run: {post: /run, summary: X., response: none, body: {it: It}}\n";
    check(
        text,
        "type It (request)\na: string\nrequired\nmin_length 1 (inferred) (implied)\nb: integer\nrequired\nd: string\nrequired\nmin_length 1 (inferred) (implied)\nrule any_of when always\nrule any_of when always\noperation x.run POST /run",
    );
    let compiled = testing::compile(&[("x.yaml", text)]);
    assert!(compiled.diagnostics.is_empty(), "what is taken over is used: {}", compiled.rendered());
}

#[test]
fn like_takes_parameters_and_rules() {
    let text = testing::resource(
        "  one: {post: /one, summary: X., response: none, body: {a: string, b: string, c: string}, rules: [{any_of: [a, b]}, {any_of: [b, c]}]}\n  two: {post: /two, summary: X., response: none, like: one, without: [c], body: {a: integer}}\n",
    );
    check(&text, "operation x.two POST /two\na: integer\nb: string\nrule any_of when always\nanswers 204 nothing");
}

#[test]
fn tasks_have_defaults() {
    let text = super::operation("post: /run\ntask: {result: {url: url}}");
    let api = testing::api(&[("x.yaml", &text)]);
    let Output::Task(task) = &api.operations[0].output else { panic!("a task") };
    assert_eq!(api.operations[0].success, 202);
    assert_eq!(
        (task.id_field.as_str(), task.state_field.as_str(), task.error_pointer.as_str()),
        ("id", "status", "/error")
    );
    assert_eq!((task.poll_interval_ms, task.deadline_ms), (5_000, 600_000));
    assert_eq!(task.status.as_ref().map(|it| it.parts.len()), Some(2));
    assert_eq!(api.ty(task.created).name, "TaskCreated");
    assert_eq!(api.ty(task.result).name, "RunResult");
    assert!(!api.operations[0].billed, "a post without a body costs nothing");
}

#[test]
fn prose_passes_unchanged() {
    let doc = format!("{} 👩‍🚀 עברית “quotes” \\ {{}} `code`", "x".repeat(10_000));
    let yaml = format!("a: {{doc: {doc:?}}}");
    let yaml = yaml.replace("\\u{200d}", "\u{200d}");
    let api = testing::api(&[("x.yaml", &super::body(&yaml))]);
    assert_eq!(api.operations[0].parameters.fields[0].doc, doc);
}

#[test]
fn wire_names_are_free() {
    let names = ["a.b", "$ref", "日本", "x-y", "type", "9", "a b", "🎬"];
    let lines: String = names.iter().map(|it| format!("{it:?}: {{enum: [p, q]}}\n")).collect();
    let api = testing::api(&[("x.yaml", &super::body(&lines))]);
    let fields = &api.operations[0].parameters.fields;
    assert_eq!(fields.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), names);
    for def in api.types.iter() {
        assert!(matches!(def.kind, TypeKind::Enum(_)));
        assert!(def.name.starts_with(|it: char| it.is_ascii_uppercase()), "{}", def.name);
    }
}

#[test]
fn dots_reach_into_records_and_belong_to_names() {
    let text = "resource: x\ntitle: X\ndoc: X.\ntypes: {R: {fields: {effort?: {enum: [low, high]}}}}\noperations:\n  run:\n    post: /run\n    summary: X.\n    response: none\n    body: {r: R, a.b: integer, c: {only: {r.effort: low}}, d: {only: {a.b: 5}}}\n";
    check(text, "c: string\nforbidden when not r.effort in \"low\"\nd: string\nforbidden when not a.b in 5");
}

#[test]
fn an_order_of_declarations_changes_nothing_but_the_order() {
    let one = "  A: {fields: {b?: B}}\n";
    let two = "  B: {fields: {a?: A}}\n";
    let file = |types: String| {
        format!(
            "resource: x\ntitle: X\ndoc: X.\ntypes:\n{types}operations:\n  a: {{get: /a, summary: X., response: A}}\n"
        )
    };
    let sorted = |text: String| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    let first = facts(&file(format!("{one}{two}")));
    let second = facts(&file(format!("{two}{one}")));
    assert_eq!(sorted(first), sorted(second));
}

#[test]
fn constraints_without_condition_come_first() {
    for operation in &testing::api(testing::atelier()).operations {
        for field in &operation.parameters.fields {
            let always = |it: &crate::model::Clause| it.when == crate::model::Condition::Always;
            assert!(field.clauses.is_sorted_by_key(|it| !always(it)), "{}", field.name);
            assert!(
                !field.clauses.iter().any(|it| matches!(it.constraint, Constraint::Enum(ref them) if them.is_empty()))
            );
        }
    }
}
