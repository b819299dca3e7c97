//! Trees, their spans and their values.

use serde_json::json;

use super::{Kind, Node, Style, read, spans, to_json, tree};
use crate::model::Places;

/// One line per node: its depth, its source, what it is.
fn outline(yaml: &str) -> String {
    fn walk(node: &Node, yaml: &str, depth: usize, lines: &mut Vec<String>) {
        let source = &yaml[node.span.start as usize..node.span.end as usize];
        lines.push(format!("{:depth$}{source:?} {}", "", node.describe()));
        match &node.kind {
            Kind::Scalar(_) => {}
            Kind::Seq(items) => items.iter().for_each(|item| walk(item, yaml, depth + 1, lines)),
            Kind::Map(entries) => entries.iter().for_each(|entry| walk(&entry.value, yaml, depth + 1, lines)),
        }
    }
    let mut lines = Vec::new();
    walk(&tree(yaml), yaml, 0, &mut lines);
    lines.join("\n")
}

#[test]
fn spans_are_tight() {
    let yaml = "a:\n  b: 1\n\n  # c\nc: |\n  x\n\n\nd:\n# c\n- e\n- [f, {g: h} ]\n\n# c\nk: k\n  l\n\n";
    let expected = r##""a:\n  b: 1\n\n  # c\nc: |\n  x\n\n\nd:\n# c\n- e\n- [f, {g: h} ]\n\n# c\nk: k\n  l" a mapping
 "b: 1" a mapping
  "1" an integer
 "|\n  x" text
 "- e\n- [f, {g: h} ]" a list
  "e" text
  "[f, {g: h} ]" a list
   "f" text
   "{g: h}" a mapping
    "h" text
 "k\n  l" text"##;
    assert_eq!(outline(yaml), expected);
}

#[test]
fn values_left_out_stand_behind_their_indicator() {
    let yaml = "a:   # c\nb :\nc:\n-\n- # c\n- - x\n  -\nd: {e: , f: }\n";
    let mut ends = Vec::new();
    fn walk(node: &Node, ends: &mut Vec<u32>) {
        match &node.kind {
            Kind::Scalar(scalar) if scalar.text.is_empty() => {
                assert!(node.span.is_empty());
                ends.push(node.span.start);
            }
            Kind::Scalar(_) => {}
            Kind::Seq(items) => items.iter().for_each(|item| walk(item, ends)),
            Kind::Map(entries) => entries.iter().for_each(|entry| walk(&entry.value, ends)),
        }
    }
    walk(&tree(yaml), &mut ends);
    assert_eq!(ends.len(), 7);
    for end in ends {
        assert!(yaml[..end as usize].ends_with([':', '-']), "{}", &yaml[..end as usize]);
    }
}

#[test]
fn keys_are_text() {
    let node = tree("200: a\n'x y': b\ntrue: c\nlast_frame?: d\n");
    let keys: Vec<_> = node.as_map().unwrap().iter().map(|it| (&*it.key.value, it.key_style)).collect();
    let expected =
        [("200", Style::Plain), ("x y", Style::Quoted), ("true", Style::Plain), ("last_frame?", Style::Plain)];
    assert_eq!(keys, expected);
    assert_eq!(node.get("200").unwrap().value.as_scalar().unwrap().text, "a");
    assert!(node.get("300").is_none());
}

#[test]
fn values() {
    let yaml = "a: 1\nb: '1'\nc: true\nd: \"true\"\ne: null\nf:\ng: ~\nh: 1.50\ni: -3\nj: |\n  1\nk: [x y, 0.5]\nl: {m: '16:9'}\n";
    let expected = json!({
        "a": 1, "b": "1", "c": true, "d": "true", "e": null, "f": null, "g": null, "h": 1.5, "i": -3, "j": "1\n",
        "k": ["x y", 0.5], "l": {"m": "16:9"}
    });
    assert_eq!(to_json(&tree(yaml)), expected);
}

#[test]
fn parts_of_values_are_found_where_they_are_written() {
    let yaml = "a: {b/c: [1, {d: 2}], e~: x}\nf: [[], [3, {}]]\ng:\n  - h\n";
    let node = tree(yaml);
    let (value, places) = (to_json(&node), Places(spans(&node)));
    for (pointer, expected) in [
        ("/a/b~1c", "[1, {d: 2}]"),
        ("/a/b~1c/0", "1"),
        ("/a/b~1c/1/d", "2"),
        ("/a/e~0", "x"),
        ("/f/1", "[3, {}]"),
        ("/f/1/1", "{}"),
        ("/g/0", "h"),
        // What is not there is missing in what is.
        ("/f/2/x", "[[], [3, {}]]"),
        ("/f/x", "[[], [3, {}]]"),
        ("/a/b~1c/1/none", "{d: 2}"),
        ("/g/0/none", "h"),
        ("/none", yaml.trim_end()),
        ("", yaml.trim_end()),
    ] {
        let span = places.find(&value, pointer).unwrap();
        assert_eq!(&yaml[span.start as usize..span.end as usize], expected, "{pointer}");
    }
}

#[test]
fn a_byte_order_mark_is_tolerated() {
    let node = tree("\u{feff}a: b\n");
    let entry = node.get("a").unwrap();
    assert_eq!((entry.key.span.start, entry.value.span.start), (3, 6));
    let (sources, _, diagnostics) = read("\u{feff}a: no\n");
    assert_eq!(sources.location(diagnostics[0].primary.span).column, 4);
}

#[test]
fn a_rejected_key_is_left_out_and_the_rest_is_read() {
    let (_, node, diagnostics) = read("a: 1\n[b]: 2\na: 3\n<<: {x: no}\nc: 4\n");
    assert_eq!(to_json(&node.unwrap()), json!({"a": 1, "c": 4}));
    assert_eq!(diagnostics.len(), 4);
}

#[test]
fn a_second_reader_agrees() {
    for yaml in [
        "a: 1\nb: [x, 'y', \"z\\n\\u00e9\", ~, true, 1.10, .5, 1e3, -0.0, +7]\n",
        "a: |\n  one\n  two\n\n  three\n\nb: >-\n  one\n  two\n\n  three\nc: |+\n  x\n\nd: >\n   i\n     j\n   k\n",
        "a: |\n  no final break",
        "a: >-\n  no final break",
        "a: |+\n  no final break",
        "a: |\n  blank last line\n ",
        "a:\n- b: c\n  d: e\n-\n  - f\n  - g\nh: {i: [j, {k: l}], m: }\n",
        "200: x\n'201': w\ntrue: z\n",
        "a: plain over\n  two lines\n\n  and more\nb: 'quoted over\n  two lines'\n",
        "--- # start\na: b # c\n...\n",
        "a: \"1:1\"\nb: [10:75, 4k, C#m, suno-v4.5-plus, $absent, seedance-v1-*]\n",
        "types: {videos: [Video], last_frame_image_url?: url}\r\nb: c\r\n",
        "\u{feff}a: b\n",
    ] {
        let second: serde_json::Value = serde_yaml::from_str(yaml).unwrap();
        assert_eq!(to_json(&tree(yaml)), second, "{yaml}");
    }
}

#[test]
fn the_spec_language_is_plain_yaml() {
    let yaml = r#"
resource: seedance # a comment
operations:
  text_to_video:
    post: /api/v1/seedance/text_to_video
    task: # asynchronous
      result: {videos: [Video], last_frame_image_url?: url}
    variants: {single_shot: {multi_shots: false}, extend: {upload_url: $present, audio_id: $absent}}
    body:
      aspect_ratio:
        enum: ["1:1", "16:9", auto]
        cases:
          - {when: {model: [seedance-v1-lite, seedance-2.0*]}, required: true}
          - {when: {model: wan-2.7-*, tail: {not: a}}, forbidden: Taken from the image., enum: [4, 8.5, C#m]}
      images: {type: [url], doc: Needs at least one; a | b, map<T>}
    rules:
      - total_length: dialogue[].text
        maximum: 5000
      - {compare: a > b}
"#;
    let second: serde_json::Value = serde_yaml::from_str(yaml).unwrap();
    assert_eq!(to_json(&tree(yaml)), second);
}
