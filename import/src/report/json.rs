//! The report for programs.

use serde_json::{Value, json};

use super::{Count, Report};

/// The report as JSON.
#[must_use]
pub fn render(report: &Report) -> Value {
    let count = |it: Count| json!({"exact": it.exact, "approximated": it.approximated, "dropped": it.dropped});
    let findings: Vec<Value> = report
        .findings
        .iter()
        .map(|it| {
            let location = report.sources.location(it.place.span);
            let file = report.sources.get(it.place.span.file).map_or("", |it| it.path.as_str());
            json!({
                "level": it.level.as_str(),
                "kind": it.kind,
                "file": file,
                "pointer": it.place.pointer,
                "line": location.line,
                "column": location.column,
                "message": it.message,
                "help": it.help,
            })
        })
        .collect();
    let inexact: Vec<Value> =
        report.counts.inexact.iter().map(|(name, level)| json!({"operation": name, "level": level.as_str()})).collect();
    json!({
        "api": report.api,
        "operations": count(report.counts.operations),
        "parameters": count(report.counts.parameters),
        "types": count(report.counts.types),
        "as_text": report.counts.as_text,
        "inexact": inexact,
        "findings": findings,
    })
}
