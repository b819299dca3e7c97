//! Tests that the module accepts what `docs/contract-server.md` shows.

use super::{FaultInput, SONG};
use crate::faults::{FaultPlan, HEADER};

const PAGE: &str = include_str!("../../../../docs/contract-server.md");

fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("\n```{language}\n");
    PAGE.split(fence.as_str()).skip(1).filter_map(|it| it.split("```").next()).collect()
}

#[test]
fn flags_files_and_headers_of_the_page_are_read() {
    let mut plan = FaultPlan::new(0);
    for file in blocks("yaml") {
        plan.add_config("faults.yaml", file).unwrap();
    }
    let (mut flags, mut headers) = (0, 0);
    for line in blocks("text").into_iter().flat_map(str::lines) {
        if let Some(flag) = line.strip_prefix("--fault ") {
            plan.add_flag(flag.trim_matches('\'')).unwrap();
            flags += 1;
        } else if let Some(header) = line.strip_prefix(&format!("{HEADER}: ")) {
            assert_eq!(plan.decide(&FaultInput { header: Some(header), ..SONG }).unwrap().len(), 2);
            headers += 1;
        }
    }
    assert_eq!((flags, headers, plan.is_empty()), (3, 1, false));
}

#[test]
fn the_tables_are_those_of_the_module() {
    let module = include_str!("../mod.rs");
    let rows = |text: &str| -> Vec<String> {
        let lines = text.lines().map(|it| it.trim_start_matches("//! "));
        // A third column of the page says what clients do.
        let cells = |row: &str| row.split('|').take(3).collect::<Vec<_>>().join("|");
        lines.filter(|it| it.starts_with("| `")).map(cells).collect()
    };
    assert_eq!(rows(PAGE), rows(module));
    assert!(rows(PAGE).len() > 10);
    let mut plan = FaultPlan::new(0);
    for row in rows(PAGE).iter().take(10) {
        for fault in row.split('|').nth(1).unwrap_or_default().split('`').skip(1).step_by(2) {
            plan.add_flag(&format!("*: {fault}")).unwrap();
        }
    }
}
