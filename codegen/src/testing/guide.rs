//! `docs/guide/describing-an-api.md` against the compiler: the spec that it builds up is fine after every step.

use std::fs;

use super::compile;
use crate::{check, pipeline};

fn pieces() -> Vec<String> {
    let path = super::root().join("docs/guide/describing-an-api.md");
    let page = fs::read_to_string(path).expect("the page");
    page.split("```yaml\n").skip(1).filter_map(|it| it.split("```").next()).map(str::to_owned).collect()
}

/// All that is said of the two files.
fn said(api: &str, films: &str) -> Vec<String> {
    let compiled = compile(&[("api.yaml", api), ("films.yaml", films)]);
    let Some(model) = &compiled.api else { return vec![compiled.rendered()] };
    let found = check::check(model).into_sorted();
    let refused = pipeline::crate_files(model).err().into_iter().flatten();
    compiled
        .diagnostics
        .iter()
        .chain(&found)
        .map(|it| format!("{} {}", it.code, it.message))
        .chain(refused.map(|it| format!("{} {}", it.code, it.message)))
        .collect()
}

#[test]
fn the_spec_of_the_guide_is_fine_after_every_step() {
    let pieces = pieces();
    let [api, start, table, examples] = pieces.as_slice() else { panic!("{} pieces", pieces.len()) };
    assert_eq!(said(api, start), Vec::<String>::new(), "the start");
    let body = "    body: {}\n";
    assert!(start.contains(body), "the table replaces the empty body");
    let with_table = start.replace(body, table);
    assert_eq!(said(api, &with_table), Vec::<String>::new(), "with the table");
    assert_eq!(said(api, &format!("{with_table}{examples}")), Vec::<String>::new(), "with the examples");
}
