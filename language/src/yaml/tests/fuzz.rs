//! Random documents: no panic, spans inside the file and on character boundaries, fixes that mend, a second reader that
//! agrees.

use super::soup::soup_of;
use super::{Diagnostic, Kind, Node, read, to_json};
use crate::diagnostics::{Code, json, render};
use crate::source::Span;

const TOKENS: &[&str] = &[
    "a",
    "b",
    "model",
    "é",
    "漢字",
    "👩‍🚀",
    "\u{202e}",
    "\u{feff}",
    "\0",
    "\u{7f}",
    "\u{85}",
    "\r",
    "\r\n",
    "\n",
    "\n",
    "\n",
    "\n  ",
    "\n    ",
    " ",
    " ",
    "  ",
    "\t",
    ": ",
    ": ",
    ": ",
    ":",
    "- ",
    "- ",
    "-",
    "? ",
    "?",
    "[",
    "]",
    "{",
    "}",
    ", ",
    ",",
    "&x ",
    "*x ",
    "!t ",
    "!",
    "!!str ",
    "<<: ",
    "# c",
    " # c\n",
    "'",
    "''",
    "\"",
    "\\",
    "\\u00e9",
    "|",
    ">",
    "|-\n",
    "|+\n",
    ">2\n",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "no",
    "y",
    "16:9",
    "017",
    "1_000",
    "2026-11-20",
    "=",
    "1",
    "-2.5",
    "1e999",
    "99999999999999999999",
    "true",
    "True",
    "null",
    "~",
    "@",
    "`",
    "a: ",
    "b: ",
    "c: 1\n",
    "- d\n",
    "[e, f]",
    "{g: h}",
    "\"i\"",
    "'j'",
];

/// The token soup of a seed.
fn soup(seed: u64) -> String {
    soup_of(TOKENS, seed)
}

fn check_span(yaml: &str, span: Span) {
    assert!(span.start <= span.end, "{span:?} in {yaml:?}");
    assert!(yaml.get(span.start as usize..span.end as usize).is_some(), "{span:?} in {yaml:?}");
}

fn check_tree(yaml: &str, node: &Node) {
    check_span(yaml, node.span);
    let inside = |inner: Span| {
        check_span(yaml, inner);
        assert!(
            node.span.start <= inner.start && inner.end <= node.span.end,
            "{inner:?} in {:?} of {yaml:?}",
            node.span
        );
    };
    match &node.kind {
        Kind::Scalar(_) => {}
        Kind::Seq(items) => {
            for item in items {
                inside(item.span);
                check_tree(yaml, item);
            }
        }
        Kind::Map(entries) => {
            for entry in entries {
                inside(entry.key.span);
                inside(entry.value.span);
                assert!(entry.key.span.end <= entry.value.span.start, "{entry:?} of {yaml:?}");
                check_tree(yaml, &entry.value);
            }
        }
    }
}

fn fixed(yaml: &str, diagnostics: &[Diagnostic]) -> String {
    let mut text = yaml.to_owned();
    for fix in diagnostics.iter().rev().filter_map(|it| it.fix.as_ref()) {
        text.replace_range(fix.span.start as usize..fix.span.end as usize, &fix.replacement);
    }
    text
}

#[test]
fn token_soup() {
    let (mut accepted, mut agreed) = (0, 0);
    for seed in 0..8_000 {
        let yaml = soup(seed);
        let (sources, node, diagnostics) = read(&yaml);
        for diagnostic in &diagnostics {
            check_span(&yaml, diagnostic.primary.span);
            let shown = render::human(&sources, diagnostic, seed % 2 == 0) + &render::short(&sources, diagnostic);
            let obeyed = |it: char| matches!(it, '\u{202a}'..='\u{202e}' | '\0' | '\r' | '\u{feff}');
            assert!(!shown.contains(obeyed), "{shown:?}");
            let _ = json::to_json(&sources, diagnostic);
        }
        let Some(node) = node else {
            assert!(!diagnostics.is_empty(), "nothing said about {yaml:?}");
            continue;
        };
        check_tree(&yaml, &node);
        let value = to_json(&node);
        let mendable = |it: &Diagnostic| matches!(it.code, Code::AmbiguousScalar | Code::NumberOutOfRange);
        if !diagnostics.is_empty() && diagnostics.iter().all(mendable) {
            let mended = fixed(&yaml, &diagnostics);
            assert!(read(&mended).2.is_empty(), "{yaml:?} mended to {mended:?}");
        }
        // Readers differ on a block of text at the root; no spec is one.
        if diagnostics.is_empty() && node.as_scalar().is_none() {
            accepted += 1;
            if let Ok(second) = serde_yaml::from_str::<serde_json::Value>(&yaml) {
                agreed += 1;
                assert_eq!(value, second, "{yaml:?}");
            }
        }
    }
    // The second reader refuses a few oddities; that many agreements show that the test tests something.
    assert!(agreed > 100 && agreed * 10 > accepted * 9, "{agreed} of {accepted} read by both");
}
