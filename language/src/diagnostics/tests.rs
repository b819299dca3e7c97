//! The table of codes, its pages, the collector, and rendering of places that are hard to show.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use super::render::{human, short};
use super::{Code, Diagnostic, Diagnostics, Severity, json};
use crate::source::{FileId, Sources, Span};
use crate::testing;

/// Codes whose fault no snippet can show.
const WITHOUT_SNIPPET: &[Code] = &[Code::FileTooLarge];

fn diagnostic(span: Span) -> Diagnostic {
    Diagnostic::error(Code::DuplicateKey, "message", span).label("label")
}

#[test]
fn codes_are_numbered_in_order_and_parse() {
    let ids: Vec<&str> = Code::all().iter().map(|it| it.as_str()).collect();
    assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
    for code in Code::all() {
        let id = code.as_str();
        assert!(id.len() == 6 && id.starts_with("SW0"), "{id}");
        assert!(id[3..].bytes().all(|it| it.is_ascii_digit()), "{id}");
        assert_eq!(Code::parse(&id.to_lowercase()), Some(*code));
        assert!(!code.title().is_empty() && !code.title().ends_with('.'), "{id}");
    }
    assert_eq!(Code::parse("SW9999"), None);
    assert_eq!(Code::parse(""), None);
}

#[test]
fn every_code_has_a_page_and_no_page_is_an_orphan() {
    for code in Code::all() {
        let page = code.page();
        let title = format!("# {code}: {}\n", code.title());
        assert!(page.starts_with(&title), "{code}: the page starts with {title:?}");
        assert!(page.ends_with('\n') && !page.ends_with("\n\n"), "{code}: one final line break");
        for heading in ["\n## Wrong\n", "\n## Right\n"] {
            assert_eq!(page.matches(heading).count(), 1, "{code}: {heading:?}");
        }
        let sections: Vec<&str> = page.split("\n## ").collect();
        for section in &sections[1..] {
            let shown = section.contains("```") || WITHOUT_SNIPPET.contains(code);
            assert!(shown, "{code}: a snippet under {:?}", section.lines().next());
        }
    }
    let folder = std::fs::read_dir(testing::root().join("language/src/diagnostics/pages")).unwrap();
    let files: BTreeSet<String> = folder.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    let expected: BTreeSet<String> = Code::all().iter().map(|it| format!("{it}.md")).collect();
    assert_eq!(files, expected);
}

/// The YAML under a heading, with `<U+202E>` for characters that a page cannot show.
fn snippet(page: &str, heading: &str) -> Option<String> {
    let section = page.split("\n## ").find(|it| it.starts_with(heading))?;
    let yaml = section.split("```yaml\n").nth(1)?.split("```").next()?;
    Some(yaml.replace("<U+202E>", "\u{202e}"))
}

#[test]
fn the_pages_about_yaml_tell_the_truth() {
    let codes_of = |yaml: &str| {
        let mut out = Diagnostics::new();
        crate::yaml::parse(FileId(0), yaml, &mut out);
        out.iter().map(|it| it.code).collect::<BTreeSet<_>>()
    };
    for code in Code::all().iter().filter(|it| it.as_str().starts_with("SW01")) {
        if let Some(wrong) = snippet(code.page(), "Wrong") {
            assert_eq!(codes_of(&wrong), BTreeSet::from([*code]), "{code}: {wrong}");
        }
        let right = snippet(code.page(), "Right").unwrap();
        assert!(codes_of(&right).is_empty(), "{code}: {right}");
    }
}

#[test]
fn sorted_by_place_without_duplicates() {
    let at = |file, start| Span::new(FileId(file), start, start + 1);
    let later = Diagnostic::warning(Code::Tag, "b", at(0, 9));
    let mut all = Diagnostics::new();
    all.push(diagnostic(at(1, 0)));
    all.push(later.clone());
    all.push(diagnostic(at(0, 9)));
    all.push(diagnostic(at(0, 2)));
    assert!(all.has_errors());
    all.extend([later.clone(), diagnostic(at(0, 9)), later.clone().note("n")]);
    let sorted = all.into_sorted();
    let places: Vec<_> = sorted.iter().map(|it| (it.primary.span.file.0, it.primary.span.start, it.code)).collect();
    let expected = [
        (0, 2, Code::DuplicateKey),
        (0, 9, Code::DuplicateKey),
        (0, 9, Code::Tag),
        (0, 9, Code::Tag),
        (1, 0, Code::DuplicateKey),
    ];
    assert_eq!(places, expected);
    let mut warnings = Diagnostics::new();
    warnings.push(later);
    assert!(!warnings.has_errors() && warnings.len() == 1);
    assert_eq!(Severity::Note.as_str(), "note");
}

#[test]
fn all_parts_are_shown() {
    let mut sources = Sources::default();
    let one = sources.add("one.yaml", "a: b\nc: dé!\n");
    let two = sources.add("two.yaml", "e: f\n");
    let d = Diagnostic::warning(Code::Tag, "message", Span::new(one, 8, 11))
        .label("primary")
        .related(Span::new(one, 0, 1), "related")
        .related(Span::new(two, 3, 4), "elsewhere")
        .help("help")
        .note("note one")
        .note("note two")
        .fix(Span::new(one, 8, 8), "not ", "insert it");
    let expected = "\
warning[SW0104]: message
 --> one.yaml:2:4
  |
1 | a: b
  | - related
2 | c: dé!
  |    ^^ primary
  |
 ::: two.yaml:1:4
  |
1 | e: f
  |    - elsewhere
  |
  = note: note one
  = note: note two
  = help: help
help: insert it
  |
2 | c: not dé!
  |    +++";
    assert_eq!(human(&sources, &d, false), expected);
    assert!(human(&sources, &d, true).contains("\u{1b}["));
    assert_eq!(short(&sources, &d), "one.yaml:2:4: warning[SW0104]: message");
    let expected = serde_json::json!({
        "code": "SW0104", "severity": "warning", "message": "message", "file": "one.yaml",
        "line": 2, "column": 4, "end_line": 2, "end_column": 6, "byte_start": 8, "byte_end": 11, "label": "primary",
        "related": [
            {"file": "one.yaml", "line": 1, "column": 1, "end_line": 1, "end_column": 2,
             "byte_start": 0, "byte_end": 1, "label": "related"},
            {"file": "two.yaml", "line": 1, "column": 4, "end_line": 1, "end_column": 5,
             "byte_start": 3, "byte_end": 4, "label": "elsewhere"},
        ],
        "help": "help", "notes": ["note one", "note two"],
        "fix": {"file": "one.yaml", "line": 2, "column": 4, "end_line": 2, "end_column": 4,
                "byte_start": 8, "byte_end": 8, "replacement": "not ", "title": "insert it"},
    });
    let json = json::to_json(&sources, &d);
    assert_eq!(json, expected);
    assert!(json.to_string().starts_with(r#"{"code":"SW0104","severity":"warning","message":"message","file":"#));
}

#[test]
fn no_span_is_too_strange() {
    let long = format!("{}é: \u{202e}{}\nb: c", "x".repeat(3000), "y".repeat(3000));
    let texts = [
        "",
        "\n",
        "a",
        "é",
        "a: é\r\nb: \u{202e}c\tд\r\n\r\n",
        "\u{feff}a: 漢字\n  👩‍🚀",
        "\0\u{1b}[31m\u{feff}\u{85}\u{2028}\r",
        &long,
    ];
    let offsets = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 3001, 3002, 6000, 7000, u32::MAX];
    for text in texts {
        let mut sources = Sources::default();
        let file = sources.add("a\u{202e}.yaml", text);
        let other = sources.add("b.yaml", "x");
        for (index, start) in offsets.into_iter().enumerate() {
            for end in offsets {
                for file in [file, FileId(99)] {
                    let span = Span { file, start, end };
                    let d = diagnostic(span)
                        .related(Span { file: other, start: end, end: start }, "\u{1b}[0m\n")
                        .related(Span { file, start: 0, end: start }, "")
                        .fix(span, "new\n", "title");
                    let shown = human(&sources, &d, index % 2 == 0) + &short(&sources, &d);
                    assert!(!shown.contains(['\u{202e}', '\0', '\r', '\u{feff}', '\u{2028}']), "{shown:?}");
                    assert!(shown.len() < 16_000, "{}", shown.len());
                    assert_eq!(json::to_json(&sources, &d)["code"], "SW0101");
                }
            }
        }
    }
}

#[test]
fn columns_count_characters() {
    let mut sources = Sources::default();
    let file = sources.add("a.yaml", "é: \u{202e}\u{7}漢x\r\nb\n");
    let at = |start, end| {
        let it = sources.location(Span::new(file, start, end));
        (it.line, it.column, it.end_line, it.end_column)
    };
    assert_eq!(at(11, 12), (1, 7, 1, 8));
    assert_eq!(at(14, 15), (2, 1, 2, 2));
    assert_eq!(at(15, 15), (2, 2, 2, 2));
    assert_eq!(at(99, 99), (3, 1, 3, 1));
    let shown = human(&sources, &diagnostic(Span::new(file, 11, 12)), false);
    assert!(shown.contains("a.yaml:1:7\n"), "{shown}");
}

#[test]
fn long_lines_and_long_spans_are_cut() {
    let mut sources = Sources::default();
    let line = format!("{}HERE{}", "x ".repeat(50_000), " y".repeat(50_000));
    let file = sources.add("a.yaml", line);
    let shown = human(&sources, &diagnostic(Span::new(file, 100_000, 100_004)), false);
    assert!(shown.contains("HERE") && shown.len() < 1000, "{}", shown.len());
    assert!(shown.contains("a.yaml:1:100001"), "{shown}");
    let file = sources.add("b.yaml", "key: value\n".repeat(1000));
    let shown = human(&sources, &diagnostic(Span::new(file, 11, 10_000)), false);
    assert_eq!(shown.lines().count(), 5, "{shown}");
}
