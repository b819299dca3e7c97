//! The report for people: what was not carried first, then faults of the document, then the counts.

use std::collections::BTreeMap;
use std::fmt::Write;

use specwright_codegen::escape::escaped_lines;

use super::{Count, Report};
use crate::finding::{Finding, Level};

/// How many findings of one kind are shown.
const SHOWN: usize = 5;

/// The report as text. All findings are shown if `all`, else some of each kind.
#[must_use]
pub fn render(report: &Report, all: bool) -> String {
    let mut out = String::new();
    for level in [Level::Dropped, Level::Approximated, Level::Fault, Level::Note] {
        let mut by_kind: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
        for it in report.findings.iter().filter(|it| it.level == level) {
            by_kind.entry(it.kind).or_default().push(it);
        }
        for (kind, findings) in by_kind {
            let shown = if all { findings.len() } else { SHOWN };
            for finding in findings.iter().take(shown) {
                let location = report.sources.location(finding.place.span);
                let file = report.sources.get(finding.place.span.file).map_or("", |it| it.path.as_str());
                let _ = writeln!(out, "{}[{kind}]: {}", level.as_str(), escaped_lines(&finding.message));
                let pointer = if finding.place.pointer.is_empty() { "/" } else { &finding.place.pointer };
                let _ = writeln!(out, "  --> {file}:{}:{}  {}", location.line, location.column, escaped_lines(pointer));
                let _ = writeln!(out, "  help: {}", escaped_lines(&finding.help));
            }
            if findings.len() > shown {
                let _ = writeln!(out, "  … and {} more of `{kind}`; `--format json` lists all", findings.len() - shown);
            }
        }
    }
    let counts = &report.counts;
    let _ = writeln!(out, "{:<12} {:>7} {:>13} {:>8}", "", "exact", "approximated", "dropped");
    for (name, count) in [("operations", counts.operations), ("parameters", counts.parameters), ("types", counts.types)]
    {
        let Count { exact, approximated, dropped } = count;
        let _ = writeln!(out, "{name:<12} {exact:>7} {approximated:>13} {dropped:>8}");
    }
    if counts.as_text > 0 {
        let all = counts.operations.approximated;
        let _ = writeln!(
            out,
            "{} of the {all} approximated operations only have a body in XML or another text that is described",
            counts.as_text
        );
    }
    out
}
