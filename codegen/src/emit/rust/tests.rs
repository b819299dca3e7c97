//! A few lines of a spec, and the Rust they become: one test per construct of builders, validators and codecs.
#![allow(clippy::unwrap_used)]

use crate::{pipeline, testing};

/// The file of a crate made of one resource `x` with an operation `make`, whose entry is given from `body:` on.
fn emitted(types: &str, make: &str, file: &str) -> String {
    let response = if make.contains("response:") { "" } else { "    response: none\n" };
    let head = format!("  make:\n    post: /make\n    summary: Make it.\n{response}");
    let resource = testing::resource(&format!("{head}{}", indented(make, 4)));
    let types = if types.is_empty() { String::new() } else { format!("types:\n{}", indented(types, 2)) };
    let api = testing::api(&[("x.yaml", &format!("{resource}{types}"))]);
    let files = pipeline::crate_files(&api).unwrap();
    files.get(&format!("src/x/{file}.rs")).unwrap_or_else(|| panic!("{:?}", files.keys())).clone()
}

fn indented(text: &str, by: usize) -> String {
    text.lines().map(|it| format!("{}{it}\n", " ".repeat(by))).collect()
}

/// Without what the printer decides: white space, and commas at the end.
fn flat(text: &str) -> String {
    let text: String = text.split_whitespace().filter(|it| *it != "///").collect();
    text.replace(",)", ")").replace(",}", "}").replace(",]", "]")
}

#[track_caller]
fn holds(text: &str, expected: &str) {
    assert!(flat(text).contains(&flat(expected)), "expected\n{expected}\nin\n{text}");
}

/// What an operation's module holds.
#[track_caller]
fn check(make: &str, expected: &str) {
    holds(&emitted("", make, "make"), expected);
}

/// What the module of types holds, of types that the body's `p` uses.
#[track_caller]
fn check_type(types: &str, ty: &str, expected: &str) {
    holds(&emitted(types, &format!("body:\n  p: {ty}"), "types"), expected);
}

/// Where it is all of a required parameter, the client sends it, and nobody needs the type. Callers say how often it is in
/// a list.
#[test]
fn an_enum_of_one_value_in_a_list_is_a_type() {
    let body = "body:\n  kinds: {type: \"[string]\", items: {enum: [only]}, required: true}\n  t: string\n";
    holds(&emitted("", body, "types"), "pub enum Kinds {");
}

#[test]
fn a_setter_takes_what_becomes_its_value() {
    check(
        "body:\n  t: string\n",
        "pub fn t(mut self, t: impl Into<String>) -> Self {
            self.request.t = Some(t.into());
            self
        }",
    );
    check(
        "body:\n  t: [string]\n",
        "pub fn t(mut self, t: impl IntoIterator<Item = impl Into<String>>) -> Self {
            self.request.t = Some(t.into_iter().map(Into::into).collect());
            self
        }",
    );
    check("body:\n  type: boolean\n", "pub fn r#type(mut self, r#type: bool) -> Self {");
}

#[test]
fn a_required_parameter_fills_a_slot() {
    let make = "body:\n  a: {required: true}\n  b: {type: integer, required: true}\n";
    check(make, "pub type Make<S = (rt::Unset, rt::Unset)> = super::Builder<MakeRequest, S>;");
    check(
        make,
        "pub fn b(mut self, b: i64) -> Make<(A, rt::Set)> {
            self.request.b = Some(b);
            self.into_state()
        }",
    );
    check(
        make,
        "pub fn send(self) -> rt::PendingRequest<rt::Response<()>>
        where
        A: need::A,
        B: need::B,
        {
        self.call.start(self.request)
        }",
    );
    check(make, "B = \"required parameter `b` of `x.make` is not set\" => \"call `.b(…)` before this\"");
}

#[test]
fn null_has_a_setter_of_its_own() {
    check(
        "body:\n  num: {type: integer, nullable: true}\n",
        "/// Sends [`num`](#method.num) as `null`.
        #[inline]
        pub fn num_null(mut self) -> Self {
            self.request.num = Some(rt::Nullable::Null);
            self
        }",
    );
    check("body:\n  num: {type: integer, nullable: true}\n", "body { \"num\": num }");
    check_type(
        "P:\n  fields:\n    a: {type: integer, nullable: true}\n    b?: {type: integer, nullable: true}\n    c?: integer",
        "P",
        "rt::record!(strict P { \"a\": [a OrNull], \"b\": [b OrLeftOut], \"c\": ?c });",
    );
}

#[test]
fn docs_of_a_builder_leave_out_what_it_pins() {
    let make = "variants: model\nbody:\n  model: {enum: [one, two], required: true}\n  a: string\n  b: {cases: [{when: {model: one, a: $present}, forbidden: true}]}\nrules:\n  - {any_of: [a, b], when: {model: one}}\n";
    let text = emitted("", make, "make");
    let (one, any) = text.split_once("pub type MakeAny").unwrap();
    holds(one, "/// - At least one of `a`, `b` is required.\n");
    holds(one, "/// - `b` is not allowed when `a` is given.\n");
    holds(any, "/// - `b` is not allowed when `model` is `one` and `a` is given.\n");
    holds(any, "/// Undocumented by the vendor.\npub fn a(");
}

#[test]
fn a_variant_is_pinned_and_narrowed() {
    let make = "variants: model\nbody:\n  model: {enum: [one, two], required: true}\n  size: {enum: [s, m, l], cases: [{when: {model: one}, enum: [s, m]}]}\n";
    check(
        make,
        "pub fn one(mut self) -> One {
            self.request.model = Some(super::Model::One);
            One { call: self.call, request: self.request, state: PhantomData }
        }",
    );
    check(make, "pub fn size(mut self, size: OneSize) -> Self {\nself.request.size = Some(size.into());\nself\n}");
    check(make, "rt::string_enum!(OneSize of super::Size { S = \"s\", M = \"m\" });");
    check(make, "pub fn any(self) -> MakeAny {");
    check(make, "pub type One = super::Builder<MakeRequest, (), variant::One>;");
    check(make, "pub enum One {}");
}

#[test]
fn what_all_variants_have_is_written_once() {
    let make = "variants: model\nbody:\n  model: {enum: [one, two], required: true}\n  a: {type: integer}\n  b: {type: integer, required: true}\n";
    let text = emitted("", make, "make");
    holds(
        &text,
        "impl<S, V> super::Builder<MakeRequest, S, V> {\n/// Undocumented by the vendor.\npub fn a(mut self, a: i64) -> Self {",
    );
    assert_eq!(text.matches("pub fn a(").count(), 1, "{text}");
    holds(&text, "impl<A> MakeBuilder<(A,)> {");
    holds(&text, "#[inline] pub fn b(mut self, b: i64) -> Self {");
}

#[test]
fn limits_are_compared_with_the_value() {
    check(
        "body:\n  num: {type: integer, minimum: 3, exclusive_maximum: 9.5, multiple_of: 2}\n",
        "if let Some(num) = &self.num {
            out.minimum_integer(\"num\", 3, *num);
            if *num >= 10 {
                out.broken(rt::Rule::stated(\"/num\", \"exclusive_maximum\", \"9.5\", \"`num` must be less than 9.5\"), rt::Actual::Integer(*num));
            }
            if *num % 2 != 0 {",
    );
    check(
        "body:\n  num: {type: number, multiple_of: 0.1}\n",
        "if let Some(num) = &self.num && !rt::check::multiple_of(*num, 0.1) {
            out.broken(rt::Rule::stated(\"/num\", \"multiple_of\", \"0.1\", \"`num` must be a multiple of 0.1\"), rt::Actual::Number(*num));
        }",
    );
    check(
        "body:\n  t: {max_length: 5, han_double: true}\n",
        "if let Some(t) = &self.t && rt::check::han_longer(t, 5) {
            out.broken(",
    );
}

#[test]
fn a_rule_says_what_it_asks_for_and_the_runtime_the_rest() {
    check(
        "body:\n  t: {max_length: 5, cases: [{when: {u: $present}, min_length: 2, certainty: inferred, because: It is so.}]}\n  u: url\n",
        "let u_is_given = rt::When(self.u.is_some(), \"`u` is given\");
        if let Some(t) = &self.t {
            out.max_length(\"t\", 5, t);
            out.when(u_is_given).inferred().because(\"It is so\").min_length(\"t\", 2, t);
        }
        if let Some(u) = &self.u {
            out.url(\"u\", u);
        }",
    );
    check(
        "body:\n  t: {enum: [a, b], cases: [{when: {u: 1}, enum: [a]}]}\n  u: integer\n",
        ".one_of(\"t\", &[\"a\"], t.as_str());",
    );
    check("body:\n  us: [url]\n", "out.urls(\"us\", us);");
    // A sentence that the runtime would not make is the rule's own.
    check(
        "body:\n  t: {pattern: \"^a\"}\n",
        "rt::Rule::stated(\"/t\", \"pattern\", \"`^a`\", \"`t` must match `^a`\")",
    );
}

#[test]
fn values_are_listed() {
    check("body:\n  num: {type: number, enum: [0, 0.5]}\n", "out.one_of_numbers(\"num\", &[0.0, 0.5], *num);");
    check("body:\n  t: {const: \"a\\\"#\"}\n", "!matches!(t.as_str(), \"a\\\"#\")");
    check("body:\n  b: {type: boolean, const: true}\n", "if let Some(b) = &self.b && !*b {");
    check("body:\n  num: {type: integer, const: 3}\n", "if let Some(num) = &self.num && *num != 3 {");
}

#[test]
fn what_a_secret_holds_is_not_shown() {
    let make = "body:\n  key: {max_length: 5, secret: true}\n";
    check(
        make,
        "out.broken(rt::Rule::stated(\"/key\", \"max_length\", \"5\", \"`key` must have at most 5 characters\"), rt::Actual::Nothing);",
    );
    check(make, "f.debug_struct(\"MakeRequest\").field(\"key\", &\"…\").finish_non_exhaustive()");
}

#[test]
fn items_are_looked_at_one_by_one() {
    check(
        "body:\n  tags: {type: [string], unique_items: true, items: {max_length: 5}}\n",
        "for (index, it) in tags.iter().enumerate() {
            let out = &mut out.field(\"tags\");
            let out = &mut out.index(index);
            if rt::check::longer(it, 5) {
                out.broken(",
    );
}

#[test]
fn missing_and_forbidden_are_told_once_the_stated_first() {
    check(
        "body:\n  a: {type: integer, cases: [{when: {b: 1}, required: true, certainty: inferred}, {when: {b: 2}, required: true}]}\n  b: integer\n",
        "let _ = out.when(b_is_2).required(\"a\", self.a.is_some())
            && out.when(b_is_1).inferred().required(\"a\", self.a.is_some());",
    );
    check(
        "body:\n  a: {only: {b: $present}}\n  b: integer\n",
        "let unless_b_is_given = rt::When(self.b.is_none(), \"`b` is given\");
        out.when(unless_b_is_given).only(\"a\", self.a.is_some());",
    );
}

#[test]
fn conditions_are_as_simple_as_can_be() {
    let when = |when: &str| {
        format!(
            "body:\n  a: {{cases: [{{when: {when}, forbidden: No.}}]}}\n  b: {{type: integer, default: 2}}\n  c: boolean\n  d: {{nullable: true}}\n"
        )
    };
    check(&when("{b: [1, 2]}"), "rt::When(matches!(self.b, None | Some(1 | 2))");
    check(&when("{b: {not: 1}, c: true}"), "rt::When(!matches!(self.b, Some(1)) && matches!(self.c, Some(true))");
    check(&when("[{b: 1}, {c: $absent}]"), "rt::When(matches!(self.b, Some(1)) || self.c.is_none(), ");
    check(&when("{c: {not: [true, $absent]}}"), "rt::When(!matches!(self.c, Some(true)) && self.c.is_some()");
    check(&when("{d: null}"), "rt::When(matches!(self.d, Some(rt::Nullable::Null))");
}

#[test]
fn a_missing_parameter_decides_no_condition() {
    let make =
        |model: &str| format!("body:\n  m: {{enum: [a, b, c]{model}}}\n  num: {{type: integer, only: {{m: a}}}}\n");
    check(&make(", required: true"), "rt::When(!matches!(self.m, None | Some(super::M::A)), ");
    check(&make(""), "rt::When(!matches!(self.m, Some(super::M::A)), ");
    // An enum that answers have too holds values that no request may have.
    let make = "response: {m: T}\nbody:\n  m: {type: T}\n  num: {type: integer, only: {m: a}}\n";
    holds(
        &emitted("T: {enum: [a, b]}", make, "make"),
        "rt::When(!matches!(self.m, Some(super::T::A)) && self.m.as_ref().is_none_or(|it| it.is_known())",
    );
}

#[test]
fn of_limits_of_one_kind_the_strictest_goes_first() {
    let make = |cases: &str| format!("body:\n  m: {{enum: [a, b]}}\n  num: {{type: integer, {cases}}}\n");
    check(
        &make("minimum: 1, cases: [{when: {m: a}, minimum: 5}]"),
        "let _ = out.when(m_is_a).minimum_integer(\"num\", 5, *num) && out.minimum_integer(\"num\", 1, *num);",
    );
    // Never looked at together.
    check(
        &make("cases: [{when: {m: a}, minimum: 1}, {when: {m: b}, minimum: 5}]"),
        "out.when(m_is_a).minimum_integer(\"num\", 1, *num);
        out.when(m_is_b).minimum_integer(\"num\", 5, *num);",
    );
}

#[test]
fn the_default_of_a_case_goes_before_the_own_one() {
    check(
        "body:\n  a: {cases: [{when: {b: 2}, forbidden: No.}]}\n  b: {type: integer, default: 2, cases: [{when: {c: true}, default: 3}]}\n  c: boolean\n",
        "rt::When(matches!(self.b, Some(2)) || (self.b.is_none() && !matches!(self.c, Some(true))),",
    );
}

#[test]
fn rules_over_several_parameters() {
    let make = |rule: &str| format!("body:\n  a: number\n  b: integer\n  c: [string]\nrules:\n  - {rule}\n");
    check(
        &make("any_of: [a, b]"),
        "rt::Presence(&[(\"/a\", self.a.is_some()), (\"/b\", self.b.is_some())])
        .any(out, rt::Rule::stated(\"/a\", \"any_of\", \"\", \"at least one of `a`, `b` is required\"));",
    );
    check(
        &make("compare: a > b"),
        "if let (Some(a), Some(b)) = (self.a.as_ref(), self.b.as_ref())
            && rt::check::Number::from(*a) <= i128::from(*b)
        {
            out.broken(",
    );
    check(
        &make("{sum: {c: 2, a: 1}, maximum: 4, when: {b: 1}}"),
        "if matches!(self.b, Some(1)) {
            let total: usize = self.c.as_ref().map_or(0, Vec::len) * 2 + usize::from(self.a.is_some());
            if total > 4 {",
    );
    check(
        &make("{total_length: \"c[]\", maximum: 9}"),
        "let mut total = 0usize;
        if let Some(value) = &self.c {
            for it in value {
                total += rt::check::length(it);
            }
        }
        if total > 9 {",
    );
}

#[test]
fn a_request_is_written_to_its_places() {
    check(
        "query: {tag: [string], page: integer}\nheaders: {X-Trace: string}\nbody: {t: string}\n",
        "rt::request!(MakeRequest => rt::Response<()> {
            OPERATION, empty(), path \"/make\",
            query { tag, page },
            headers { x_trace = \"X-Trace\" as \"x-trace\" },
            body { \"t\": t }
        });",
    );
    check("body: {botName: string}\n", "body { \"botName\": bot_name }");
}

#[test]
fn a_record_is_made_checked_and_written() {
    let types = "P:\n  fields:\n    name: {type: string, max_length: 5}\n    index?: integer";
    check_type(
        types,
        "P",
        "pub fn new(name: impl Into<String>) -> Self {
            Self { name: name.into(), index: None }
        }",
    );
    check_type(types, "P", "let name = &self.name;\nout.max_length(\"name\", 5, name);");
    check_type(types, "P", "rt::record!(strict P { \"name\": name, \"index\": ?index });");
}

#[test]
fn a_tagged_union_writes_its_tag() {
    let types =
        "P:\n  tag: type\n  one_of: {text: T, image: I}\nT:\n  fields: {text: string}\nI:\n  fields: {url: url}";
    check_type(types, "P", "Self::Text(value) => out.tagged(\"type\", \"text\", value),");
    check_type(types, "P", "match from.object()?.field::<String>(\"type\")?.as_str() {");
}

#[test]
fn a_union_checks_the_member_it_holds() {
    let types = "P:\n  one_of: [url, \"[url]\"]";
    check_type(
        types,
        "P",
        "match self {
            Self::Url(value) if !rt::check::is_url(value) => {
                out.broken(rt::Rule::stated(\"\", \"format\", \"\", \"`P` must be an absolute `http://` or `https://` URL\"), rt::Actual::text(value));
            }
            Self::UrlList(value) => {
                for (index, it) in value.iter().enumerate() {",
    );
    let text_or_list = "P:\n  one_of: [string, \"[url]\"]";
    check_type(text_or_list, "P", "Self::UrlList(value) => { for (index, it) in value.iter().enumerate() {");
    check_type(text_or_list, "P", "Self::Other(_) => { out.broken(");
    check_type("P:\n  one_of: [integer, string]", "P", "if let Self::Other(_) = self { out.broken(");
}

#[test]
fn values_that_are_no_identifiers_get_names() {
    let enum_of = |value: &str| format!("P:\n  enum: [{value}]");
    for (value, name) in [("\"16:9\"", "R16x9"), ("4k", "K4"), ("C#m", "CSharpM"), ("suno-v4.5-plus", "SunoV4_5Plus")] {
        check_type(&enum_of(value), "P", &format!("{name} = \"{}\"", value.trim_matches('"')));
    }
}

#[test]
fn paths_hold_their_parameters() {
    let resource = testing::resource(
        "  make:\n    get: /m/{model}/{num}:go\n    summary: S.\n    response: string\n    path: {model: {enum: [a-1, b]}, num: integer}\n",
    );
    let api = testing::api(&[("x.yaml", &resource)]);
    let files = pipeline::crate_files(&api).unwrap();
    holds(&files["src/x/make.rs"], "path \"/m/\" { model } \"/\" { num } \":go\"");
    holds(&files["src/x/mod.rs"], "pub fn make(&self, model: Model, num: i64) -> make::Make {");
}

#[test]
fn a_setter_tells_its_form_and_its_narrowest_limits() {
    let make = "variants: model
body:
  model: {enum: [one, two], required: true}
  prompt:
    required: true
    max_length: 20
    cases: [{when: {model: one}, max_length: 5}]
  link: {type: https-url, doc: Where to.}
  links: {type: [url], max_items: 3, doc: Where else.}
";
    check(make, "/// Required. At most 5 characters.\npub fn prompt(");
    check(make, "/// Required. At most 20 characters.\npub fn prompt(");
    check(make, "/// Where to.\n///\n/// An absolute `https://` URL.\npub fn link(");
    check(make, "/// Each an absolute `http://` or `https://` URL. At most 3 items.\npub fn links(");
}

#[test]
fn what_alternatives_share_is_asked_once() {
    let make = "body:
  a: boolean
  b: [string]
  c: [string]
  d:
    type: string
    cases: [{when: [{a: true, b: $empty}, {a: true, c: $empty}], forbidden: true}]
";
    check(
        make,
        "rt::When(matches!(self.a, Some(true))
            && (self.b.as_ref().is_some_and(|it| it.is_empty()) || self.c.as_ref().is_some_and(|it| it.is_empty()))",
    );
}

#[test]
fn a_constraint_of_a_union_looks_at_its_own_kind() {
    check(
        "body:\n  p: {type: integer | string, max_length: 3}",
        "match p {
            super::MakeP::Text(value) => rt::check::longer(value, 3),
            _ => false
        }",
    );
    check("body:\n  p: {type: json, maximum: 3}", "rt::check::Number::of(p).as_ref().is_some_and(|value| *value > 3)");
    check(
        "body:\n  p: integer | string\n  q: {cases: [{when: {p: 5}, required: true}]}",
        "self.p.as_ref().is_some_and(|it| match it {
            super::MakeP::Integer(value) => matches!(value, 5),
            _ => false
        })",
    );
}

#[test]
fn places_in_lists_of_lists_have_an_index_each() {
    check(
        "body:\n  p: \"[[url]]\"",
        "for (index, it) in p.iter().enumerate() {
            for (index2, it) in it.iter().enumerate() {
                if !rt::check::is_url(it) {
                    out.field(\"p\").index(index).index(index2).broken(",
    );
}

#[test]
fn no_secret_is_shown_however_deep_it_stands() {
    let deep = "body:\n  p: {type: \"[url]\", secret: true}";
    check(deep, "out.secret().field(\"p\").index(index).broken(");
    check("body:\n  p: {type: url | integer, secret: true}", "p.check(&mut out.secret().field(\"p\"));");
}

#[test]
fn limits_that_nothing_can_break_are_left_out() {
    let text = emitted(
        "",
        "body:\n  p: {type: \"[string]\", min_items: 0}\n  q: {type: integer, maximum: 9223372036854775807}",
        "make",
    );
    assert!(!text.contains("fn check_rules"), "{text}");
    check("body:\n  p: {enum: [3, 1, 2, 7]}", "out.one_of_integers(\"p\", &[3, 1, 2, 7], *p);");
}

#[test]
fn nothing_of_what_is_only_answered_is_checked() {
    let types = "Pot:\n  fields:\n    lid?: {type: Lid, read_only: true}\n    of?: {type: url | integer, read_only: true}\n\
                 Lid: {fields: {at: url}}\n";
    let text = emitted(types, "body:\n  pot: Pot\nresponse: Pot", "types");
    assert!(text.contains("pub struct Lid") && !text.contains("fn check"), "{text}");
}

#[test]
fn maps_of_other_fields_are_imported() {
    let text = emitted("Pot: {fields: {size: integer}, additional_properties: string}\n", "response: Pot", "types");
    assert!(text.contains("use std::collections::BTreeMap;"), "{text}");
}

#[test]
fn names_that_generated_crates_use_are_refused() {
    for name in ["lib", "new", "builder", "serde", "default", "reqwest_rustls", "specwright_runtime"] {
        let resource = testing::resource("  make:\n    post: /make\n    summary: S.\n    response: none\n");
        let resource = resource.replacen("resource: x", &format!("resource: {name}"), 1);
        let compiled = testing::compile(&[(&format!("{name}.yaml"), &resource)]);
        let found = pipeline::crate_files(&compiled.api.unwrap()).expect_err(name);
        assert!(found.into_sorted().iter().any(|it| it.code.as_str() == "SW0802"), "{name}");
    }
}

#[test]
fn what_conditions_share_is_tested_once() {
    check(
        "body:\n  a: {type: integer}\n  b: string\n  c: string\n  d: {cases: [{when: [{a: 1, b: $present}, {a: 1, c: $present}], required: true}]}",
        "matches!(self.a, Some(1)) && (self.b.is_some() || self.c.is_some())",
    );
}

#[test]
fn only_a_constant_of_nothing_is_a_flag() {
    let text = emitted("", "query:\n  a: {const: \"\", required: true}\n  b: {type: string, default: \"\"}\n", "make");
    holds(&text, "[a in rt::Style::new(rt::ListStyle::Repeated, rt::ObjectStyle::DeepObject).flag()]");
    assert_eq!(text.matches(".flag()").count(), 1, "{text}");
}
