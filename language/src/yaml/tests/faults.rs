//! Which faults are found, where, and that one does not hide the next.

use super::{DEEPEST, MOST_BYTES, read};

/// Code, line, column and message of each fault.
#[track_caller]
fn check_short(yaml: &str, expected: &[&str]) {
    let (sources, _, diagnostics) = read(yaml);
    let lines: Vec<_> = diagnostics.iter().map(|it| crate::diagnostics::render::short(&sources, it)).collect();
    let lines: Vec<_> = lines.iter().map(|it| it.trim_start_matches("spec.yaml:")).collect();
    assert_eq!(lines, expected, "{yaml:?}");
}

#[test]
fn many_small_faults() {
    check_short(
        "a: &x 1\nb: *x\nc: *y\n",
        &[
            "1:4: error[SW0102]: anchors are not part of the spec language",
            "2:4: error[SW0103]: aliases are not part of the spec language",
            "3:4: error[SW0103]: aliases are not part of the spec language",
        ],
    );
    check_short(
        "a: !foo 1\nb: ! x\n",
        &[
            "1:4: error[SW0104]: tags are not part of the spec language",
            "2:4: error[SW0104]: tags are not part of the spec language",
        ],
    );
    check_short(
        "<<: {a: 1}\nb: <<\n",
        &[
            "1:1: error[SW0105]: merge keys are not part of the spec language",
            "2:4: error[SW0114]: `<<` without quotes is a merge key to many YAML readers",
        ],
    );
    check_short(
        "? [a]\n: 1\n[b]: 2\n{c: d}: e\n",
        &[
            "1:3: error[SW0106]: a key must be text, not a list or a mapping",
            "3:1: error[SW0106]: a key must be text, not a list or a mapping",
            "4:1: error[SW0106]: a key must be text, not a list or a mapping",
        ],
    );
    check_short(": x\n", &["1:1: error[SW0106]: a value has no key"]);
    check_short("a: 1\n...\nb: 2\n", &["3:1: error[SW0107]: a spec file must contain only one document"]);
    check_short("%YAML 1.2\n---\na: 1\n", &["1:1: error[SW0116]: YAML directives are not part of the spec language"]);
    check_short("%TAG ! x\n---\na: 1\n", &["1:1: error[SW0116]: YAML directives are not part of the spec language"]);
    check_short("\ta: b\n", &["1:1: error[SW0110]: YAML requires spaces here, not a tab"]);
    check_short("- a:\n   b: 1\n  \tc: 2\n", &["3:3: error[SW0110]: YAML requires spaces here, not a tab"]);
    check_short("a: x\rb: 1\n", &["1:5: error[SW0111]: a carriage return without a line feed (U+000D) in a spec"]);
    check_short("a: \0\0\0x\n", &["1:4: error[SW0111]: a control character (U+0000) in a spec"]);
    check_short(
        "a: x\u{2028}y\u{feff}z\n",
        &[
            "1:5: error[SW0111]: a line separator (U+2028) in a spec",
            "1:7: error[SW0111]: a byte order mark (U+FEFF) in a spec",
        ],
    );
    check_short("", &["1:1: error[SW0113]: the file is empty"]);
    check_short("---\n", &["1:1: error[SW0113]: the file is empty"]);
    check_short("null\n", &["1:1: error[SW0113]: the file is empty"]);
    check_short("~\n", &["1:1: error[SW0113]: the file is empty"]);
    check_short("# x", &["1:1: error[SW0113]: the file is empty"]);
    check_short(
        "ratio: [16:9, \"16:9\", '9:16', 10:75]\non: no\n",
        &[
            "1:9: error[SW0114]: `16:9` without quotes is a base-60 number to many YAML readers",
            "2:1: error[SW0114]: `on` without quotes is a truth value to many YAML readers",
            "2:5: error[SW0114]: `no` without quotes is a truth value to many YAML readers",
        ],
    );
    check_short(
        "a: True\nb: NULL\nc: 0x1F\nd: 017\ne: .inf\nf: =\n",
        &[
            "1:4: error[SW0114]: `True` without quotes is a truth value to many YAML readers",
            "2:4: error[SW0114]: `NULL` without quotes is nothing to many YAML readers",
            "3:4: error[SW0114]: `0x1F` without quotes is a number of another base to many YAML readers",
            "4:4: error[SW0114]: `017` without quotes is an octal number to many YAML readers",
            "5:4: error[SW0114]: `.inf` without quotes is a special floating-point number to many YAML readers",
            "6:4: error[SW0114]: `=` without quotes is a default-value marker to many YAML readers",
        ],
    );
    check_short(
        "a: {a: 1, a: 2, a: 3}\nb: {200: x, '200': y}\n",
        &[
            "1:11: error[SW0101]: duplicate key `a`",
            "1:17: error[SW0101]: duplicate key `a`",
            "2:13: error[SW0101]: duplicate key `200`",
            "2:20: error[SW0114]: `y` without quotes is a truth value to many YAML readers",
        ],
    );
    check_short(
        "a: {b: {c: 1, c: 2}, d: no}\ne: [f, &g h]\n",
        &[
            "1:15: error[SW0101]: duplicate key `c`",
            "1:25: error[SW0114]: `no` without quotes is a truth value to many YAML readers",
            "2:8: error[SW0102]: anchors are not part of the spec language",
        ],
    );
    check_short(
        "a: 1e999\nb: -9223372036854775809\n",
        &[
            "1:4: error[SW0115]: the number `1e999` is too large for a floating-point number",
            "2:4: error[SW0115]: the number `-9223372036854775809` does not fit into 64 bits",
        ],
    );
}

#[test]
fn syntax_errors_in_plain_words() {
    check_short("a: [1, 2\n", &["1:4: error[SW0109]: `[` has no end"]);
    check_short("a: {b: 1\n", &["1:4: error[SW0109]: `{` has no end"]);
    check_short("a: [1}\n", &["1:4: error[SW0109]: `[` is closed by `}`"]);
    check_short("a: ]\n", &["1:4: error[SW0109]: a closing bracket without an opening one"]);
    check_short("a: \"x\n", &["1:6: error[SW0109]: quoted text has no end, or continues with too little indentation"]);
    check_short("a: 'x\n", &["1:6: error[SW0109]: quoted text has no end, or continues with too little indentation"]);
    check_short("a: b: c\n", &["1:5: error[SW0109]: a second `: ` on one line"]);
    check_short("a\nb: 1\n", &["2:2: error[SW0109]: a mapping cannot start in the middle of text"]);
    check_short("a: 1\n  b: 2\n", &["2:4: error[SW0109]: a mapping cannot start in the middle of text"]);
    check_short("a:\n  b: 1\n c: 2\n", &["3:2: error[SW0109]: expected another `key: value` of this mapping"]);
    check_short("a: @x\n", &["1:4: error[SW0109]: text cannot start with `@`"]);
    check_short("a: `x`\n", &["1:4: error[SW0109]: text cannot start with a backtick"]);
    check_short("a: %x\n", &["1:4: error[SW0109]: text cannot start with `%`"]);
    check_short("a: \"x\" y\n", &["1:8: error[SW0109]: text after the closing quote"]);
    check_short("a: 'it's'\n", &["1:8: error[SW0109]: text after the closing quote"]);
    check_short("a: \"\\q\"\n", &["1:4: error[SW0109]: an escape that does not exist"]);
    check_short("a: - b\n", &["1:4: error[SW0109]: a `- ` item in the wrong place"]);
    check_short("a: [- b]\n", &["1:5: error[SW0109]: a `- ` item inside brackets"]);
    check_short("a: | x\n  y\n", &["1:4: error[SW0109]: text on the same line as `|` or `>`"]);
    check_short("a: b\n  # c\n  d\n", &["3:3: error[SW0109]: expected another `key: value` of this mapping"]);
    check_short("a: [a, , b]\n", &["1:8: error[SW0109]: nothing between two commas"]);
    check_short("- a\nb: c\n", &["2:1: error[SW0109]: expected another `- ` item of this list"]);
    check_short("a: 1\n- b\n", &["2:3: error[SW0109]: expected another `key: value` of this mapping"]);
    check_short("a: *\n", &["1:4: error[SW0109]: text cannot start with `&` or `*`"]);
    check_short("a: {b: c}d\n", &["1:10: error[SW0109]: expected another `key: value` of this mapping"]);
    check_short("a: \"x\"#c\n", &["1:7: error[SW0109]: a comment without a space before it"]);
    check_short("a:b\nc: d\n", &["2:2: error[SW0109]: a mapping cannot start in the middle of text"]);
    check_short("a: \"\\ud800\"\n", &["1:4: error[SW0109]: an escape that does not exist"]);
}

#[test]
fn nesting_has_a_limit() {
    for depth in [DEEPEST - 1, DEEPEST, 200, 300, 100_000] {
        let yaml = format!("a: {}{}\nb: no\n", "[".repeat(depth), "]".repeat(depth));
        let (_, _, diagnostics) = read(&yaml);
        let too_deep = diagnostics.iter().filter(|it| it.code == crate::diagnostics::Code::NestedTooDeep).count();
        assert_eq!(too_deep, usize::from(depth >= DEEPEST), "{depth}");
    }
    let block: String = (0..300).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    check_short(&block, &["65:65: error[SW0108]: nested deeper than 64 levels"]);
}

#[test]
fn huge_files_are_refused() {
    let yaml = format!("a: {}\n", "x".repeat(MOST_BYTES));
    let (_, node, diagnostics) = read(&yaml);
    assert!(node.is_none());
    assert_eq!(diagnostics[0].message, "the file has 4194308 bytes; at most 4194304 are allowed");
}
