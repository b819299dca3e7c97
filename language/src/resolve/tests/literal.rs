//! What is not meant as it is written: characters that nobody sees, numbers that lose their spelling, paths for names,
//! and what an API does that a spec cannot say yet. Each gives exactly one remark, with the way out.

use crate::diagnostics::Severity;
use crate::testing;

/// The one remark about a text: its words, its way out, and its fix.
#[track_caller]
fn said(text: &str) -> (Severity, String, String, Option<String>) {
    let compiled = testing::compile(&[("x.yaml", text)]);
    let [one] = compiled.diagnostics.as_slice() else { panic!("{text}\n{}", compiled.rendered()) };
    let fix = one.fix.as_ref().map(|it| it.replacement.clone());
    (one.severity, one.message.clone(), one.help.clone().unwrap_or_default(), fix)
}

#[track_caller]
fn error(text: &str, message: &str, fix: Option<&str>) {
    let (severity, found, _, replacement) = said(text);
    assert_eq!((severity, found.as_str(), replacement.as_deref()), (Severity::Error, message, fix), "{text}");
}

#[track_caller]
fn fine(text: &str) {
    let compiled = testing::compile(&[("x.yaml", text)]);
    assert!(compiled.diagnostics.is_empty(), "{text}\n{}", compiled.rendered());
}

fn body(parameters: &str) -> String {
    super::body(parameters)
}

fn typed(types: &str) -> String {
    let operations = "operations:\n  get_it:\n    get: /it\n    summary: Get it.\n    response: It\n";
    let lines: String = types.lines().map(|it| format!("  {it}\n")).collect();
    format!("resource: x\ntitle: X\ndoc: X.\ntypes:\n{lines}{operations}")
}

#[test]
fn names_and_values_hold_nothing_that_nobody_sees() {
    let no_break = "a no-break space (U+00A0) in a name or a value";
    error(&body("a: {enum: [\u{a0}slow, fast]}"), no_break, Some(" "));
    error(&body("a: {enum: [\"slow\u{a0}\", fast]}"), no_break, Some(" "));
    error(&body("a: {enum: {slow\u{a0}: Slow., fast: Fast.}}"), no_break, Some(" "));
    error(&body("a\u{a0}b: string"), no_break, Some(" "));
    error(&body("a: {const: a\u{a0}b}"), no_break, Some(" "));
    error(&body("a: {default: [x, \"a\u{a0}b\"], type: \"[string]\"}"), no_break, Some(" "));
    error(&body("a: {pattern: \"^a\u{a0}b$\"}"), no_break, Some(" "));
    error(&body("a: {type: str\u{ad}ing}"), "a soft hyphen (U+00AD) in a name or a value", Some(""));
    error(&super::operation("post: /run\u{200b}"), "a zero-width space (U+200B) in a name or a value", Some(""));
    error(
        &typed("It: {tag: ty\u{2060}pe, one_of: {a: A}}\nA: {fields: {b: string}}"),
        "a word joiner (U+2060) in a name or a value",
        Some(""),
    );
    error(
        &body("b: {enum: [v, x]}\na: {cases: [{when: {b: \"x\u{202f}\"}, required: true}]}"),
        "a narrow no-break space (U+202F) in a name or a value",
        Some(" "),
    );
    let (_, _, help, _) = said(&body("a: {const: a\u{3000}b}"));
    assert_eq!(help, "if the API really uses it, write it as `\\u3000` in double quotes");
}

#[test]
fn prose_emoji_and_escapes_are_left_alone() {
    fine(&body("a: {doc: \"up to 5\u{a0}MB, soft\u{ad}hyphen, zero\u{200b}width\"}"));
    fine(&body("a: {enum: {a: \"5\u{a0}MB\", b: {doc: \"x\u{2009}y\"}}}"));
    fine(&body("a: {enum: [\"\\u00a0slow\", \"a\\u200bb\"]}"));
    fine(&body("a: {enum: [👩\u{200d}🚀, ❤\u{fe0f}]}"));
    fine(&super::operation("post: /run\nbody: {a: string}\nexamples: [{name: x, request: {a: \"5\u{a0}MB\"}}]"));
    fine(&body(
        "b: {enum: [v, x]}\na: {cases: [{when: {b: x}, forbidden: \"no\u{a0}way\", because: \"so\u{a0}be it\"}]}",
    ));
}

#[test]
fn what_breaks_the_syntax_unseen_is_named() {
    let compiled = testing::compile(&[("x.yaml", &body("a:\u{a0}{type: string}\nb: {c: d"))]);
    let named = compiled.diagnostics.iter().any(|it| it.message.contains("no-break space"));
    assert!(named, "{}", compiled.rendered());
    let compiled = testing::compile(&[("x.yaml", &body("a: {required: true\u{a0}}"))]);
    assert!(compiled.rendered().contains("no-break space"), "{}", compiled.rendered());
}

#[test]
fn numbers_that_lose_their_spelling_among_texts_are_reported() {
    for (entry, written, read) in [
        ("{enum: [1.10, 1]}", "1.10", "1.1"),
        ("{enum: [1, 1e3]}", "1e3", "1000.0"),
        ("{enum: {+1: Up., 2: Down.}}", "+1", "1"),
        ("{const: .5}", ".5", "0.5"),
        ("{const: 1.}", "1.", "1.0"),
        ("{type: string, default: 1.10}", "1.10", "1.1"),
        ("{type: json, default: {version: 1.10}}", "1.10", "1.1"),
        ("{type: string | number, examples: [1.50]}", "1.50", "1.5"),
        ("{type: \"[string]\", items: {enum: [2.10]}}", "2.10", "2.1"),
        ("{type: string, cases: [{when: {b: 1}, const: 1.10}]}", "1.10", "1.1"),
    ] {
        let text = body(&format!("a: {entry}\nb: integer"));
        let message = format!("`{written}` without quotes is the number {read}");
        error(&text, &message, Some(&format!("\"{written}\"")));
    }
    error(&typed("It: {enum: [a, 1.10]}"), "`1.10` without quotes is the number 1.1", Some("\"1.10\""));
}

#[test]
fn numbers_are_read_by_their_value_where_nothing_else_is_meant() {
    for entry in [
        "{type: number, enum: [1.10, 1e3, .5], default: 1.10}",
        "{type: integer, default: +1}",
        "{type: \"[number]\", items: {enum: [1.50]}}",
        "{enum: [0.5, 1.0, 2]}",
        "{enum: [\"1.10\", \"1e3\"]}",
        "{type: number, minimum: 1e3, maximum: 1.0e5}",
    ] {
        fine(&body(&format!("a: {entry}")));
    }
}

#[test]
fn tags_are_of_one_kind() {
    let of = |tags: [&str; 2]| {
        let [one, two] = tags;
        typed(&format!(
            "It: {{tag: kind, one_of: {{{one}: A, {two}: B}}}}\nA: {{fields: {{a: string}}}}\nB: {{fields: {{b: string}}}}"
        ))
    };
    error(&of(["two", "1"]), "the tag `1` is a number, and another one is text", Some("\"1\""));
    error(&of(["two", "true"]), "the tag `true` is a truth value, and another one is text", Some("\"true\""));
    error(&of(["1", "two"]), "the tag `two` is text, and another one is a number", None);
    error(
        &of(["1", "2.5"]),
        "a tag must be text, a whole number or a truth value, but `2.5` is another number",
        Some("\"2.5\""),
    );
    error(&of(["0", "-0"]), "the tag `0` is listed twice", None);
    fine(&of(["\"1\"", "two"]));
    fine(&of(["1", "-2"]));
    fine(&of(["true", "false"]));
}

#[test]
fn a_path_is_no_name_of_a_field() {
    let wrapped =
        |name: &str| super::operation(&format!("get: /run\nresponse: {{wrapped: {name}, type: \"[string]\"}}"));
    error(&wrapped("/data"), "`wrapped` expects the name of a field, but `/data` is a path", Some("data"));
    error(&wrapped("/data/items"), "`wrapped` expects the name of a field, but `/data/items` is a path", None);
    fine(&wrapped("\"@odata.value\""));
    let (severity, message, ..) = said(&wrapped("data.items"));
    assert_eq!(
        (severity, message.as_str()),
        (Severity::Warning, "`wrapped` expects the name of one field, but `data.items` may be a path")
    );
    let tag = |name: &str| typed(&format!("It: {{tag: {name}, one_of: {{a: A}}}}\nA: {{fields: {{b: string}}}}"));
    error(&tag("/type"), "`tag` expects the name of a field, but `/type` is a path", Some("type"));
    for path in ["meta.type", "items[]", "items[0].type", "$.type", "meta.items[*].type"] {
        assert_eq!(said(&tag(&format!("\"{path}\""))).0, Severity::Warning, "{path}");
    }
    fine(&tag("\"@type\""));
}

#[test]
fn a_type_in_braces_is_no_record_by_accident() {
    let response = |text: &str| super::operation(&format!("get: /run\nresponse: {text}"));
    error(
        &response("{type: \"[string]\"}"),
        "this declares a record with one field named `type`",
        Some("\"[string]\""),
    );
    error(
        &response("{wrapped: data, type: {type: integer}}"),
        "this declares a record with one field named `type`",
        Some("\"integer\""),
    );
    fine(&response("{type: {type: string}}"));
    fine(&response("{type: string, id: string}"));
}

#[test]
fn what_the_language_cannot_say_yet_is_noted() {
    let (severity, ..) = said(&super::operation("get: /run\nresponse: {ok: boolean, error?: string}"));
    assert_eq!(severity, Severity::Note);
    fine(&super::operation("get: /run\nresponse: {ok: boolean, found?: string}"));
    let query = |doc: &str| super::operation(&format!("get: /run\nquery: {{ids: {{type: \"[string]\", doc: {doc}}}}}"));
    for doc in ["A comma-separated list.", "Ids separated by commas.", "Ids joined with a comma"] {
        assert_eq!(said(&query(doc)).0, Severity::Warning, "{doc}");
    }
    fine(&query("Ids of images."));
}

#[test]
fn a_list_that_is_never_empty_needs_an_end() {
    error(
        &typed("It: {fields: {all: {type: \"[It]\", min_items: 1}}}"),
        "every `It` would contain another `It`, endlessly",
        None,
    );
    fine(&typed("It: {fields: {all: \"[It]\"}}"));
    fine(&typed("It: {fields: {all?: {type: \"[It]\", min_items: 1}}}"));
}

#[test]
fn an_api_has_the_name_of_a_crate() {
    for (name, why) in [("fn", "a keyword of Rust"), ("core", "the name of a crate that generated crates see")] {
        let api = testing::API.replacen("test_api", name, 1);
        let compiled = testing::compile(&[("api.yaml", &api), ("x.yaml", &super::operation("post: /run"))]);
        let help = compiled.diagnostics[0].help.clone().unwrap_or_default();
        assert_eq!(help, format!("it is {why}; a crate can be called `{name}_api`"), "{}", compiled.rendered());
    }
}
