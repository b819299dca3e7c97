//! Text in, Markdown out.

use serde_json::json;

use super::{anchor, block, cell, code, code_cell, fence, heading, inline, table};

#[track_caller]
fn check(function: fn(&str) -> String, text: &str, expected: &str) {
    assert_eq!(function(text), expected);
}

#[test]
fn plain_text_stays_as_it_is() {
    check(inline, "At most 3 images, 10 MB each (see limits).", "At most 3 images, 10 MB each (see limits).");
    check(inline, "snake_case_name stays", "snake_case_name stays");
    check(inline, "Größe 中文 👩‍👩‍👧 ok", "Größe 中文 👩‍👩‍👧 ok");
    check(inline, "a & b, 5 > 3", "a & b, 5 > 3");
}

#[test]
fn author_written_backticks_stay_code() {
    check(inline, "Send `a|b` or ``x ` y``.", "Send `a|b` or ``x ` y``.");
    check(cell, "Send `a|b`.", "Send `a\\|b`.");
    check(inline, "`<b>` and `*`", "`<b>` and `*`");
}

#[test]
fn a_lone_backtick_is_text() {
    check(inline, "5` long", "5\\` long");
    check(inline, "``a` b", "\\`\\`a\\` b");
}

#[test]
fn a_fence_of_three_does_not_open_a_block() {
    check(block, "```rust\nlet a;\n```", "`rust let a; `");
    check(block, "```\nopen", "\\`\\`\\`\nopen");
}

#[test]
fn html_links_and_emphasis_are_text() {
    check(inline, "<script>alert(1)</script>", "\\<script>alert(1)\\</script>");
    check(inline, "[x](javascript:1) ![y](z)", "\\[x\\](javascript:1) !\\[y\\](z)");
    check(inline, "*a* _b_ __c__ ~~d~~", "\\*a\\* \\_b\\_ \\_\\_c\\_\\_ \\~\\~d\\~\\~");
    check(inline, "&lt; &#60; a&b", "\\&lt; \\&#60; a\\&b");
    check(inline, "back\\slash \\* end\\", "back\\\\slash \\\\\\* end\\\\");
    check(inline, "quotes \" ' */ \"# done", "quotes \" ' \\*/ \"# done");
}

#[test]
fn lists_are_lists() {
    check(block, "These:\n- one *x*\n- two\n  more\n\nEnd", "These:\n\n- one \\*x\\*\n- two more\n\nEnd");
    check(block, "- # a\n- - b", "- \\# a\n- \\- b");
}

#[test]
fn nothing_starts_a_block() {
    check(
        block,
        "# a\n-b\n+ c\n12. d\n3) e\n> f\n=== g\n    h",
        "\\# a\n-b\n\\+ c\n12\\. d\n3\\) e\n\\> f\n\\=== g\nh",
    );
    check(block, "a\n---\n***\nb | c\n-|-", "a\n\\---\n\\*\\*\\*\nb \\| c\n-\\|-");
    check(inline, "2026 was", "2026 was");
    check(inline, "0.1 to 2", "0.1 to 2");
    check(inline, "-1 or :x", "-1 or :x");
    check(block, "a\n:--", "a\n\\:--");
}

#[test]
fn paragraphs_stay_apart() {
    check(block, "\n a\n b\n\n\n c \n", "a\nb\n\nc");
    check(block, "a\tb", "a b");
    check(cell, "a\nb\n\nc | d", "a b<br>c \\| d");
    check(inline, "a\n\nb", "a b");
    check(heading, "a\nb # c #", "a b \\# c \\#");
}

#[test]
fn addresses_become_links() {
    check(inline, "See https://a.example/x_y?z=1, or not.", "See <https://a.example/x_y?z=1>, or not.");
    check(inline, "http:// and https://[x]", "http:// and https://\\[x\\]");
    check(inline, "\\https://a.example", "\\\\<https://a.example>");
    check(cell, "(https://a.example/b|c)", "(<https://a.example/b>\\|c)");
}

#[test]
fn hidden_characters_show() {
    check(inline, "a\u{202e}b\u{0}c\u{feff}", "a\\u{202e}b\\u{0}c\\u{feff}");
    check(code, "a\u{202e}b", "`a\\u{202e}b`");
    check(cell, "\u{1b}[31m", "\\u{1b}\\[31m");
}

#[test]
fn code_holds_anything() {
    check(code, "", "`\"\"`");
    check(code, "a", "`a`");
    check(code, "`", "`` ` ``");
    check(code, "a`b``c", "```a`b``c```");
    check(code, " a ", "`  a  `");
    check(code, "  ", "`  `");
    check(code, "a\nb", "`a b`");
    check(code_cell, "a|b", "`a\\|b`");
}

#[test]
fn fences_outgrow_their_text() {
    assert_eq!(fence("json", "a"), "```json\na\n```");
    assert_eq!(fence("", "```\na\n```\n"), "````\n```\na\n```\n````");
}

#[test]
fn json_stays_json() {
    let value = json!({"a": "x\u{202e}y\n```\u{7f}"});
    let shown = super::json(&value);
    let text = shown.strip_prefix("````json\n").and_then(|it| it.strip_suffix("\n````")).expect("a fence");
    assert!(!text.contains('\u{202e}'));
    assert_eq!(serde_json::from_str::<serde_json::Value>(text).expect("JSON"), value);
}

#[test]
fn anchors_are_those_of_github() {
    check(anchor, "`seedance.text_to_video`", "seedancetext_to_video");
    check(anchor, "Type `Message`", "type-message");
}

#[test]
fn long_text_is_quick_and_whole() {
    let text = "|`<*".repeat(2500);
    let shown = cell(&text);
    assert_eq!(shown.matches('|').count(), 2500);
    assert!(!shown.contains('\n'));
    let ticks = "`".repeat(10_000);
    assert_eq!(inline(&ticks), "\\`".repeat(10_000));
    assert_eq!(inline(&"` ".repeat(5000)).matches('`').count(), 5000);
}

#[test]
fn empty_columns_of_tables_are_left_out() {
    let rows = [vec!["a".to_owned(), String::new(), "b".to_owned()], vec!["c".to_owned()]];
    assert_eq!(table(&["x", "y", "z"], &rows), "| x | z |\n|---|---|\n| a | b |\n| c |  |");
    assert_eq!(table(&["x"], &[]), "");
}
