//! What a person sees of a faulty document, word for word.

use super::said;

#[track_caller]
fn check(yaml: &str, expected: &str) {
    let said = said(yaml);
    assert!(said == expected.trim_start_matches('\n'), "said about {yaml:?}:\n\n{said}\n");
}

#[test]
fn duplicate_key() {
    check(
        "a: 1\nb: 2\na: 3\n",
        r#"
error[SW0101]: duplicate key `a`
 --> spec.yaml:3:1
  |
1 | a: 1
  | - first written here
2 | b: 2
3 | a: 3
  | ^ written again here
  |
  = help: remove one of the two, or merge their values"#,
    );
}

#[test]
fn anchor() {
    check(
        "image: &image\n  type: url\n",
        r#"
error[SW0102]: anchors are not part of the spec language
 --> spec.yaml:1:8
  |
1 | image: &image
  |        ^^^^^^ anchor
  |
  = help: write the value out where it is needed, or declare it under `types`"#,
    );
}

#[test]
fn alias() {
    check(
        "only: {model: *-pro}\n",
        r#"
error[SW0103]: aliases are not part of the spec language
 --> spec.yaml:1:15
  |
1 | only: {model: *-pro}
  |               ^^^^^ alias
  |
  = help: write the value out; if it is text that starts with `*`, put it in quotes"#,
    );
}

#[test]
fn base_60() {
    check(
        "ratio: 16:9\n",
        r#"
error[SW0114]: `16:9` without quotes is a base-60 number to many YAML readers
 --> spec.yaml:1:8
  |
1 | ratio: 16:9
  |        ^^^^ read as a base-60 number, or as text
  |
  = help: write the number in decimal if a number is meant
help: put it in quotes if text is meant
  |
1 - ratio: 16:9
1 + ratio: "16:9"
  |"#,
    );
}

#[test]
fn truth_value() {
    check(
        "enabled: yes\n",
        r#"
error[SW0114]: `yes` without quotes is a truth value to many YAML readers
 --> spec.yaml:1:10
  |
1 | enabled: yes
  |          ^^^ read as a truth value, or as text
  |
  = help: write `true` if a truth value is meant
help: put it in quotes if text is meant
  |
1 - enabled: yes
1 + enabled: "yes"
  |"#,
    );
}

#[test]
fn date_as_key() {
    check(
        "2026-11-20: x\n",
        r#"
error[SW0114]: `2026-11-20` without quotes is a date to many YAML readers
 --> spec.yaml:1:1
  |
1 | 2026-11-20: x
  | ^^^^^^^^^^ read as a date, or as text
  |
help: put it in quotes if text is meant
  |
1 - 2026-11-20: x
1 + "2026-11-20": x
  |"#,
    );
}

#[test]
fn grouped_number() {
    check(
        "count: 1_000\n",
        r#"
error[SW0114]: `1_000` without quotes is a number to many YAML readers
 --> spec.yaml:1:8
  |
1 | count: 1_000
  |        ^^^^^ read as a number, or as text
  |
  = help: write the number without `_` if a number is meant
help: put it in quotes if text is meant
  |
1 - count: 1_000
1 + count: "1_000"
  |"#,
    );
}

#[test]
fn integer_out_of_range() {
    check(
        "big: 99999999999999999999\n",
        r#"
error[SW0115]: the number `99999999999999999999` does not fit into 64 bits
 --> spec.yaml:1:6
  |
1 | big: 99999999999999999999
  |      ^^^^^^^^^^^^^^^^^^^^ out of range
  |
help: put it in quotes if text is meant
  |
1 - big: 99999999999999999999
1 + big: "99999999999999999999"
  |"#,
    );
}

#[test]
fn tab_indentation() {
    check(
        "a:\n\tb: 1\n",
        r#"
error[SW0110]: YAML requires spaces here, not a tab
 --> spec.yaml:2:1
  |
2 |     b: 1
  | ^^^^ tab
  |
  = help: indent with spaces"#,
    );
}

#[test]
fn direction_of_writing() {
    check(
        "a: x\u{202e}y\n",
        r#"
error[SW0111]: a character that changes the direction of the text (U+202E) in a spec
 --> spec.yaml:1:5
  |
1 | a: x�y
  |     ^ invisible here
  |
  = help: remove it, or write it as `\u202E` in double quotes"#,
    );
}

#[test]
fn nothing() {
    check(
        "# nothing\n",
        r#"
error[SW0113]: the file is empty
 --> spec.yaml:1:1
  |
1 | # nothing
  | ^ expected a mapping
  |
  = help: write the spec, or remove the file"#,
    );
}

#[test]
fn second_document() {
    check(
        "a: 1\n---\nb: 2\n",
        r#"
error[SW0107]: a spec file must contain only one document
 --> spec.yaml:2:1
  |
2 | ---
  | ^^^ a second document starts here
  |
  = help: move it to its own file"#,
    );
}

#[test]
fn open_bracket() {
    check(
        "a: [x,\n  y\nb: c\n",
        r#"
error[SW0109]: a mapping cannot start in the middle of text
 --> spec.yaml:3:2
  |
1 | a: [x,
  |    - still open
2 |   y
3 | b: c
  |  ^ the text or bracket above is not finished here
  |
  = help: close it first: look for a missing `: `, quote or bracket above, or a wrong indentation"#,
    );
}

#[test]
fn colon_in_text() {
    check(
        "doc: Two modes: fast and slow\n",
        r#"
error[SW0109]: a second `: ` on one line
 --> spec.yaml:1:15
  |
1 | doc: Two modes: fast and slow
  |               ^ a mapping cannot start here
  |
  = help: put the text in quotes if the colon belongs to it"#,
    );
}

#[test]
fn merge_key() {
    check(
        "<<: {a: 1}\n",
        r#"
error[SW0105]: merge keys are not part of the spec language
 --> spec.yaml:1:1
  |
1 | <<: {a: 1}
  | ^^ merge key
  |
  = help: write the keys out, or declare the shared part under `types`"#,
    );
}

#[test]
fn tag_behind_a_byte_order_mark() {
    check(
        "\u{feff}maximum: !!int 5\n",
        r#"
error[SW0104]: tags are not part of the spec language
 --> spec.yaml:1:10
  |
1 | maximum: !!int 5
  |          ^^^^^ tag
  |
  = help: remove the tag; if it is text that starts with `!`, put it in quotes"#,
    );
}
