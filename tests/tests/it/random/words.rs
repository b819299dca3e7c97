//! The texts of random specs, which may break the output that contains them, and how they are written.

use serde_json::Value;

/// Words that may break the output that contains them.
pub(super) const WORDS: &[&str] = &[
    "Plain words.",
    "Ends without a stop",
    "Code `span` and ``two``, `open",
    "A \"quote\" and a 'quote' and a \\ backslash \\n \\u{41}",
    "*/ /* // /// //! #![allow(x)] #[doc]",
    "\"# r#\" \"## b\"\"",
    "<script>alert(1)</script> <b> &amp; <https://x.example>",
    "[x] [x](y) [`Vec`] [crate::nothing] ![i](j)",
    "{} {{ }} {0} {name:?} ${x}",
    "| a | b |\\| --- |",
    "- list\n- list\n\n# Heading\n\n```rust\nlet x: = 1;\n```\n\n```\nopen fence",
    "    indented\n\ttab\n\n> quote\n\n1. one\n---\n***\n===",
    "🎬 עברית zero\u{200b}width",
    "types :: BTreeMap PhantomData fmt ::",
    "$x^2$ ~strike~ __bold__ *it* **b _i_",
    "turned \u{202e}around\u{202c} and \u{2066}isolated\u{2069}",
    "no\u{a0}break, soft\u{ad}hyphen, \u{feff}mark, line\u{2028}separator, next\u{85}line",
    "nul \0, bell \u{7}, escape \u{1b}[31m, delete \u{7f}",
    "carriage\rreturn and\r\nline ends\r\n\r\nand a paragraph",
    "trailing space \n\n  two spaces  ",
    "`code \u{202e}turned`, `code with | pipe`, `a``b`",
    "~~~\ntildes\n~~~\n\n````md\n```\n````",
    "<!-- comment --> <details> </details> &lt; &#x202e;",
    "https://example.com/a_b?c=[d]&e=<f>, http://x.example/`y`",
    "#hidden\n# hidden\n## Errors\n[ref]: https://x.example\n[^1]: note",
    "a very long word: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "///",
    "//",
    "\\",
    "`",
    "{",
    "}",
];

/// What the keys begin with that are written without quotes.
pub(super) const PLAIN_KEY: &str = "plain key ";

/// A file of a spec: JSON, which is YAML, with escapes for characters that a file must not contain.
pub(super) fn file(value: &Value) -> String {
    let mut text = value.to_string();
    for key in ["1", "-2", "true", "false"] {
        text = text.replace(&format!("\"{PLAIN_KEY}{key}\":"), &format!("{key}: "));
    }
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '\u{7f}'..='\u{a0}' | '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202f}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            it => out.push(it),
        }
    }
    out
}
