//! Findings on specs as people write them.
#![allow(clippy::unwrap_used)]

use super::{check, check_others, check_within};
use crate::diagnostics::{Code, Diagnostic, render};
use crate::model::Api;
use crate::parts::Parts;
use crate::testing;

/// Everything said about a model, rendered.
fn said(api: &Api, sources: &crate::source::Sources) -> Vec<(Diagnostic, String)> {
    let found = check(api).into_sorted();
    found.into_iter().map(|it| (it.clone(), render::human(sources, &it, false))).collect()
}

#[track_caller]
fn fine(files: &[(&str, &str)]) {
    let compiled = testing::compile(files);
    let Some(api) = &compiled.api else { panic!("{}", compiled.rendered()) };
    let said = said(api, &compiled.sources);
    assert!(said.is_empty(), "{}", said.iter().map(|it| it.1.as_str()).collect::<Vec<_>>().join("\n\n"));
}

#[test]
fn a_spec_that_uses_all_of_the_language_is_fine() {
    fine(testing::atelier());
}

/// The specs of this project: warnings may be right, errors never are.
#[test]
fn the_projects_own_specs_have_no_errors() {
    for folder in std::fs::read_dir(testing::root().join("spec")).unwrap() {
        let folder = folder.unwrap().path();
        let mut files: Vec<(String, String)> = std::fs::read_dir(&folder)
            .unwrap()
            .map(|it| it.unwrap().path())
            .map(|it| (it.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&it).unwrap()))
            .collect();
        files.sort();
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let compiled = testing::compile(&files);
        let Some(api) = &compiled.api else { continue };
        for (diagnostic, text) in said(api, &compiled.sources) {
            assert!(diagnostic.severity != crate::diagnostics::Severity::Error, "{text}");
        }
        // Far from the limit: what is asked of every spec has to be cheap.
        let n_records = api.operations.len() + api.types.len();
        let steps = check_within(api, super::STEPS).1;
        assert!(steps < 60_000 * n_records as u64, "{steps} steps for {n_records} records");
    }
}

/// `lively` can send every value of `Size`, and `dull` cannot send one.
const SHARED_ENUM: &str = r#"
  lively:
    post: /lively
    summary: Call.
    body: {size: Size}
    response: none
  dull:
    post: /dull
    summary: Call.
    body: {size: {type: Size, not: {enum: [large]}}}
    response: none
"#;

#[test]
fn what_was_judged_before_still_counts() {
    let whole =
        testing::resource(SHARED_ENUM).replace("operations:", "types:\n  Size: {enum: [small, large]}\noperations:");
    let compiled = testing::compile(&[("x.yaml", &whole)]);
    let Some(api) = &compiled.api else { panic!("{}", compiled.rendered()) };
    let (found, told) = check_others(api, &Parts::default());
    assert!(found.is_empty(), "{found:?}");
    // What cannot send a value is judged by each run: another edit may be what makes it the only one.
    assert_eq!(told.operations, [1].into());
    let known = Parts { operations: [0].into(), ..Parts::default() };
    assert!(check_others(api, &known).0.is_empty(), "`lively` sends the value");

    let alone = whole.replace("body: {size: Size}", "body: {size: string}");
    let compiled = testing::compile(&[("x.yaml", &alone)]);
    let Some(api) = &compiled.api else { panic!("{}", compiled.rendered()) };
    assert_eq!(check_others(api, &Parts::default()).0.len(), 1);
}

/// Each page shows the fault and its cure: the first has to be found, the second not.
#[test]
fn the_pages_tell_the_truth() {
    let mut lies = Vec::new();
    for code in Code::all().iter().filter(|it| it.as_str().starts_with("SW05")) {
        let page = code.page();
        let mut blocks = page.split("```yaml\n").skip(1).filter_map(|it| it.split("```").next());
        let (Some(wrong), Some(right)) = (blocks.next(), blocks.next()) else { continue };
        for (block, expected) in [(wrong, true), (right, false)] {
            let text = operation(block);
            let compiled = testing::compile(&[("x.yaml", &text)]);
            let Some(api) = &compiled.api else {
                lies.push(format!("{code}: {text}\n{}", compiled.rendered()));
                continue;
            };
            let found: Vec<Code> = check(api).iter().map(|it| it.code).collect();
            if found.contains(code) != expected || !expected && !found.is_empty() {
                lies.push(format!("{code} {found:?}\n{block}"));
            }
        }
    }
    assert!(lies.is_empty(), "{}", lies.join("\n"));
}

fn operation(block: &str) -> String {
    let lines: Vec<String> = block.lines().map(|it| format!("    {it}\n")).collect();
    let head = "  call:\n    post: /call\n    summary: Call.\n    response: none\n";
    testing::resource(&format!("{head}{}", lines.concat()))
}
