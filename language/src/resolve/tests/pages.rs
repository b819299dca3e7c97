//! The pages about codes of this stage and of `syntax` tell the truth: what is wrong gives the code, what is right gives none.

use std::collections::BTreeSet;

use crate::diagnostics::Code;
use crate::testing;

/// Codes about folders and lengths, which a snippet does not show.
const ELSEWHERE: &[Code] = &[Code::TooMany, Code::NoApiFile, Code::NoResources, Code::Unreadable, Code::NameMismatch];

#[test]
fn wrong_is_wrong_and_right_is_right() {
    for code in Code::all() {
        let area = &code.as_str()[..4];
        if !matches!(area, "SW02" | "SW03" | "SW04") || ELSEWHERE.contains(code) {
            continue;
        }
        let page = code.page();
        assert_eq!(codes(&snippet(page, "Wrong")), BTreeSet::from([*code]), "{code}: what is wrong\n{}", shown(page));
        assert_eq!(codes(&snippet(page, "Right")), BTreeSet::new(), "{code}: what is right");
    }
}

fn snippet(page: &str, heading: &str) -> String {
    let section = page.split("\n## ").find(|it| it.starts_with(heading)).expect("the heading");
    section.split("```yaml\n").nth(1).and_then(|it| it.split("```").next()).expect("a snippet").to_owned()
}

fn shown(page: &str) -> String {
    let files = files(&snippet(page, "Wrong"));
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    testing::compile(&files).rendered()
}

fn codes(snippet: &str) -> BTreeSet<Code> {
    let files = files(snippet);
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    testing::compile(&files).diagnostics.iter().map(|it| it.code).collect()
}

/// What stands around a snippet follows from its first key.
fn files(snippet: &str) -> Vec<(&'static str, String)> {
    let first = snippet.split(':').next().unwrap_or_default();
    let text = match first {
        "api" => {
            let resource = super::operation("get: /ping");
            return vec![("api.yaml", snippet.to_owned()), ("x.yaml", resource)];
        }
        "types" | "parameters" | "operations" | "tasks" => format!("resource: x\ntitle: X\ndoc: X.\n{snippet}"),
        // A missing summary is one of the faults.
        "post"
            if !snippet.contains("summary") && snippet.lines().count() == 2 && snippet.contains("response: none") =>
        {
            testing::resource(&format!(
                "  run:\n{}",
                snippet.lines().map(|it| format!("    {it}\n")).collect::<String>()
            ))
        }
        "get" | "post" | "put" | "patch" | "delete" | "head" => super::operation(snippet),
        _ => super::body(snippet),
    };
    vec![("x.yaml", text)]
}
