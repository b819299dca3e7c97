//! Names and types that Rust does not take as they are, and what is made of them.

use std::collections::BTreeSet;

use crate::diagnostics::{Code, Diagnostics};
use crate::{pipeline, testing};

/// The files of a crate as one text without white space, or the codes of what was found.
fn emitted(files: &[(&str, &str)]) -> Result<String, BTreeSet<Code>> {
    let api = testing::api(files);
    let codes = |found: Diagnostics| found.iter().map(|it| it.code).collect::<BTreeSet<_>>();
    let files = pipeline::crate_files(&api).map_err(codes);
    // `lint` asks for these alone.
    assert_eq!(codes(super::faults(&api)), files.as_ref().err().cloned().unwrap_or_default());
    let files = files?;
    let rust = files.into_iter().filter(|(path, _)| path.ends_with(".rs") || path.ends_with(".toml"));
    Ok(rust.map(|(path, text)| format!("{path}\n{text}")).collect())
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<String>().replace(",)", ")").replace(",}", "}")
}

/// What a resource file gives holds this, white space aside.
#[track_caller]
fn check(resource: &str, expected: &str) {
    let text = emitted(&[("x.yaml", resource)]).expect("no errors");
    assert!(flat(&text).contains(&flat(expected)), "{expected}\n is not in\n{text}");
}

fn with_types(types: &str, operation: &str) -> String {
    format!("{}types:\n{types}", testing::resource(&format!("  make:\n    post: /make\n    summary: S.\n{operation}")))
}

#[test]
fn a_crate_of_deep_values_asks_rustc_to_follow_them() {
    let body = "    body: {p: A0}\n    response: none\n";
    let chain = |length: usize, last: &str| -> String {
        let all = (0..length).map(|it| format!("  A{it}: {{fields: {{a?: A{}}}}}\n", it + 1)).collect::<String>();
        format!("{all}  A{length}: {{fields: {{a?: {last}}}}}\n")
    };
    check(&with_types(&chain(50, "string"), body), "#![recursion_limit = \"512\"]");
    check(&with_types(&chain(20, "A0"), body), "#![recursion_limit = \"256\"]");
    let shallow = emitted(&[("x.yaml", &with_types(&chain(8, "string"), body))]).expect("no errors");
    assert!(!shallow.contains("recursion_limit"));
}

#[test]
fn a_value_that_holds_its_own_kind_is_in_a_box() {
    let body = "    body: {p: P}\n    response: none\n";
    let tree = with_types("  P: {fields: {next?: P, or?: {type: P, nullable: true}, all?: \"[P]\"}}\n", body);
    check(&tree, "pub next: Option<Box<P>>,");
    check(&tree, "pub or: Option<rt::Nullable<Box<P>>>,");
    check(&tree, "pub all: Option<Vec<P>>");
    check(&tree, "pub fn next(mut self, next: P) -> Self { self.next = Some(Box::new(next)); self }");
    let required = with_types("  P: {fields: {next: {type: P, nullable: true}}}\n", body);
    check(&required, "pub fn new(next: Option<P>) -> Self { Self { next: next.map(Box::new) } }");
    let tagged = with_types(
        "  P: {tag: op, one_of: {not: Not, leaf: Leaf}}\n  Not: {fields: {of: P, why: Leaf}}\n  Leaf: {fields: {a: url}}\n",
        body,
    );
    check(&tagged, "pub of: Box<P>,");
    check(&tagged, "pub why: Leaf");
    check(&tagged, "pub fn new(of: impl Into<P>, why: Leaf) -> Self { Self { of: Box::new(of.into()), why } }");
    check(&tagged, "let of = &*self.of; of.check(&mut out.field(\"of\"));");
    let through_a_union = with_types("  P: {fields: {other?: \"string | P\"}}\n", body);
    check(&through_a_union, "pub other: Option<Box<POther>>");
    let three = with_types(
        "  P: {fields: {q?: Q}}\n  Q: {fields: {r?: R, s: S}}\n  R: {fields: {p?: P}}\n  S: {fields: {a: string}}\n",
        body,
    );
    for field in ["pub q: Option<Box<Q>>", "pub r: Option<Box<R>>", "pub p: Option<Box<P>>", "pub s: S"] {
        check(&three, field);
    }
}

#[test]
fn rules_look_into_boxes() {
    let types = "  P:\n    fields: {kind?: string, next?: P, n?: Q}\n    rules:\n      - any_of: [next.kind, n.p]\n  Q: {fields: {p: P}}\n";
    let text = with_types(types, "    body: {p: P}\n    response: none\n");
    check(&text, "self.next.as_deref().and_then(|it| it.kind.as_ref()).is_some()");
    check(&text, "self.n.as_deref().map(|it| &*it.p).is_some()");
}

#[test]
fn a_union_of_scalars_is_text_where_only_text_can_stand() {
    let of = |place: &str| {
        testing::resource(&format!(
            "  make:\n    put: /make\n    summary: S.\n    {place}: {{p: string | integer}}\n    response: none\n"
        ))
    };
    check(&of("query"), "query { p }");
    check(&of("headers"), "headers { p = \"p\" as \"p\" }");
    check(&of("encoding: multipart\n    body"), "form { p }");
    check(&of("query"), "impl fmt::Display for MakeP {");
    check(&of("query"), "Self::Integer(value) => fmt::Display::fmt(value, f),");
    let json = emitted(&[("x.yaml", &of("body"))]).expect("no errors");
    assert!(!json.contains("fmt::Display for MakeP"), "{json}");
}

/// A resource with one operation and one parameter.
fn named(resource: &str, operation: &str, parameter: &str) -> String {
    format!(
        "resource: {resource}\ntitle: X\ndoc: X.\noperations:\n  {operation}:\n    post: /make\n    summary: S.\n    body:\n      {parameter}: \
         {{enum: [a, b]}}\n    response: none\n"
    )
}

#[test]
fn names_of_the_standard_library_and_the_runtime_are_names_like_others() {
    for name in
        ["clone", "default", "send", "result", "option", "string", "copy", "hash", "from", "into", "phantom_data"]
    {
        emitted(&[("x.yaml", &named("x", name, "p"))])
            .unwrap_or_else(|found| panic!("the operation {name}: {found:?}"));
        emitted(&[("x.yaml", &named(name, "make", "p"))])
            .or_else(
                |found| if found == BTreeSet::from([Code::RustNameReserved]) { Ok(String::new()) } else { Err(found) },
            )
            .unwrap_or_else(|found| panic!("the resource {name}: {found:?}"));
    }
    check(&named("x", "clone", "p"), "pub type CloneBuilder = super::Builder<CloneRequest>;");
    check(&named("x", "make", "builder"), "pub struct XBuilder<R, S = (), V = ()> {");
    check(&named("x", "mod", "p"), "pub mod mod_;");
    check(&named("x", "mod", "p"), "src/x/mod_.rs");
    check(&named("x", "std", "p"), "pub fn std(&self) -> std_::Std {");
    check(&named("x", "make", "result"), "pub enum ResultValue {");
    check(&named("http", "make", "p"), "pub use specwright_runtime::{");
    check(&named("http", "make", "p"), "http as http_");
    check(&named("json", "make", "p"), "json as json_");
    let blocking = named("x", "make", "p").replacen("title", "rust: blocking\ntitle", 1);
    check(&blocking, "pub use specwright_runtime::blocking::{self as blocking_, Blocking};");
    check(&named("bin", "make", "p"), "autobins = false");
    check(&named("string", "make", "p"), "pub struct StringOperations {");
    for name in ["send", "check", "extra", "into_state"] {
        check(&named("x", "make", name), &format!("pub fn {name}_(mut self,"));
    }
}

#[test]
fn a_name_that_is_refused_has_a_way_out() {
    let parameters = ["send", "check", "extra", "into_state"].map(|it| format!("{it}: {{rust: {it}_it}}"));
    let fields = ["new", "check", "extra"].map(|it| format!("{it}: {{rust: {it}_it}}"));
    let values = ["Other", "ALL", "A_L_L"].iter().enumerate().map(|(at, it)| format!("{it}: {{rust: v{at}}}"));
    let values: Vec<String> = values.collect();
    let types = ["Option", "String", "Result", "Box", "Default", "Clone", "From", "Vec", "Some"]
        .map(|it| format!("  {it}: {{rust: My{it}, fields: {{a: string}}}}\n"));
    let named = ["Option", "String", "Result", "Box", "Default", "Clone", "From", "Vec", "Some"]
        .map(|it| format!("p_{it}: {it}"));
    let text = format!(
        "resource: std\nrust: standard\ntitle: X\ndoc: X.\ntypes:\n  Fields: {{fields: {{{}}}}}\n{}operations:\n  make:\n    post: /make\n    \
         summary: S.\n    body: {{fields: Fields, values: {{enum: {{{}}}, open: true}}, {}, {}}}\n    response: none\n",
        fields.join(", "),
        types.join(""),
        values.join(", "),
        parameters.join(", "),
        named.join(", "),
    );
    emitted(&[("x.yaml", &text)]).unwrap_or_else(|found| panic!("{found:?}\n{text}"));
}

#[test]
fn two_resources_under_one_rust_name_are_reported() {
    let second = named("z", "make", "p").replacen("title", "rust: x\ntitle", 1).replace("/make", "/other");
    let found = emitted(&[("x.yaml", &named("x", "make", "p")), ("z.yaml", &second)]).expect_err("one module");
    assert_eq!(found, BTreeSet::from([Code::RustNameTaken]));
}

#[test]
fn names_that_nobody_wrote_never_clash() {
    let union = "    body: {u: \"string | Text | [Text]\"}\n    response: none\n";
    check(&with_types("  Text: {fields: {a: string}}\n", union), "TextValue(Text),");
    check(
        &with_types("  Other: {fields: {a: string}}\n", "    body: {u: string | Other}\n    response: none\n"),
        "OtherValue(Other),",
    );
    let events = "    stream: {events: {other: P, a.b: P, a-b: none}}\n";
    let text = with_types("  P: {fields: {a: string}}\n", events);
    check(&text, "OtherValue(super::P),");
    check(&text, "AB(super::P),");
    check(&text, "ABValue,");
    check(
        &testing::resource(
            "  make:\n    post: /make\n    summary: S.\n    body: {a1b: {type: url, required: true}, a_1b: {type: url, required: true}}\n    response: none\n",
        ),
        "A1bValue = \"required parameter",
    );
}

#[test]
fn no_comment_turns_the_direction_of_writing() {
    let text = testing::resource(
        "  make:\n    post: /make\n    summary: \"a\\u202eb\"\n    body: {p: {default: \"a\\u202eb\", doc: \"x\\u2066y\"}}\n    response: none\n",
    );
    let text = emitted(&[("x.yaml", &text)]).expect("no errors");
    assert!(text.contains("Default: `a\\u{202e}b`."), "{text}");
    assert!(!text.contains(['\u{202e}', '\u{2066}']), "{text}");
}

/// Each page shows the fault and its cure.
#[test]
fn the_pages_tell_the_truth() {
    for code in [Code::NotGenerated, Code::RustNameTaken, Code::RustNameReserved] {
        let mut blocks = code.page().split("```yaml\n").skip(1).filter_map(|it| it.split("```").next());
        for expected in [BTreeSet::from([code]), BTreeSet::new()] {
            let block = blocks.next().expect("a snippet");
            let operation = |text: &str| {
                let lines: String = text.lines().map(|it| format!("    {it}\n")).collect();
                testing::resource(&format!("  make:\n    post: /make\n    summary: S.\n    response: none\n{lines}"))
            };
            let resource = match block.split(':').next() {
                Some("operations") => format!("resource: x\ntitle: X\ndoc: X.\n{block}"),
                Some("enum") => {
                    let lines: String = block.lines().map(|it| format!("    {it}\n")).collect();
                    operation(&format!("body:\n  p:\n{lines}"))
                }
                _ => operation(block),
            };
            let found = emitted(&[("x.yaml", &resource)]).err().unwrap_or_default();
            assert_eq!(found, expected, "{code}\n{resource}");
        }
    }
}

#[test]
fn names_that_mean_something_in_rust_are_said_to_be_the_apis() {
    let own = "  P: {fields: {a: string}, constructors: {default: {a: $}, p: {a: x}}}\n";
    let body = "    body: {add: integer, p: P}\n    response: none\n";
    let text = with_types(own, body).replace("  make:", "  clone:");
    let theirs = "#[allow(clippy::should_implement_trait, reason = \"a name of the API\")]";
    check(&text, &format!("{theirs} #[inline] pub fn add(mut self, add: i64)"));
    check(&text, &format!("{theirs} #[inline] pub fn clone(&self)"));
    check(&text, &format!("{theirs} #[must_use] pub fn default(a: impl Into<String>) -> Self"));
    check(
        &text,
        "#[allow(clippy::self_named_constructors, reason = \"a name of the API\")] #[must_use] #[inline] pub fn p() -> Self",
    );
}

#[test]
fn a_task_of_an_operation_called_self_is_gone_on_with_by_one_word() {
    let task = "    task: {result: {a?: string}}\n";
    check(
        &with_types("", task).replace("  make:", "  self:").replace("types:\n", ""),
        "pub fn self_task(&self, id: impl Into<String>)",
    );
}

/// A resource with tasks `draw`, `paint` and `film`, whose results have these fields.
fn tasks(results: [&str; 3]) -> String {
    let task = |(name, result): (&str, &str)| {
        format!("  {name}:\n    post: /{name}\n    summary: S.\n    task: {{result: {{{result}}}}}\n")
    };
    testing::resource(&["draw", "paint", "film"].into_iter().zip(results).map(task).collect::<String>())
}

#[test]
fn equal_results_are_one_type_with_several_names() {
    let (images, more) = ("images: {type: \"[url]\", doc: Them.}", "images: {type: \"[url]\", doc: Others.}");
    let two = tasks([images, images, more]);
    check(&two, "pub struct ImagesResult {");
    check(&two, "pub type DrawResult = ImagesResult;");
    check(&two, "pub type PaintResult = ImagesResult;");
    check(&two, "pub struct FilmResult {");
    check(&two, "rt::request!(DrawRequest => rt::Task<super::DrawResult> {");
    let none = emitted(&[("x.yaml", &tasks([images, more, "videos: \"[url]\""]))]).expect("no errors");
    assert!(!none.contains("pub type DrawResult") && !none.contains("ImagesResult"), "{none}");
}

#[test]
fn what_has_one_value_is_text_that_the_client_sets() {
    let model = "    body: {model: {enum: [x-1], required: true}, a: string}\n    response: none\n";
    let make = with_types("", model).replace("types:\n", "");
    check(&make, "pub model: Option<String>,");
    check(&make, "let request = make::MakeRequest { model: Some(\"x-1\".to_owned()), ..Default::default() };");
    check(&make, "out.required(\"model\", self.model.is_some());");
    check(&make, "out.one_of(\"model\", &[\"x-1\"], model);");
    let optional = make.replace(", required: true", "");
    check(&optional, "pub fn model(mut self, model: super::Model) -> Self {");
    let nested = with_types("  P: {fields: {model: {enum: [x-1]}}}\n", "    body: {p: P}\n    response: none\n");
    check(&nested, "X1 = \"x-1\"");
}
