//! Lists and objects in paths, queries, headers, forms and parts, byte by byte.

use super::*;
use crate::{ListStyle, Multipart, ObjectStyle, Style, request};

use ListStyle::{Brackets, Comma, Indices, Pipe, Repeated, Space};
use ObjectStyle::{DeepObject, Dots, Exploded};

/// What a query is for a value `a` in a style.
#[track_caller]
fn query(value: Value, style: Style) -> String {
    let mut parts = RequestParts::default();
    parts.styled_query("a", &Some(value), style);
    assert!(!parts.unseparable && !parts.lost_a_number);
    parts.query
}

fn lists(style: ListStyle) -> Style {
    Style::new(style, DeepObject)
}

fn objects(style: ObjectStyle) -> Style {
    Style::new(Repeated, style)
}

#[test]
fn lists_are_written_in_each_style() {
    let list = json!(["x", 2, true, "ü&"]);
    assert_eq!(query(list.clone(), lists(Repeated)), "a=x&a=2&a=true&a=%C3%BC%26");
    assert_eq!(query(list.clone(), lists(Comma)), "a=x,2,true,%C3%BC%26");
    assert_eq!(query(list.clone(), lists(Space)), "a=x%202%20true%20%C3%BC%26");
    assert_eq!(query(list.clone(), lists(Pipe)), "a=x%7C2%7Ctrue%7C%C3%BC%26");
    assert_eq!(query(list.clone(), lists(Brackets)), "a[]=x&a[]=2&a[]=true&a[]=%C3%BC%26");
    assert_eq!(query(list.clone(), lists(Indices)), "a[0]=x&a[1]=2&a[2]=true&a[3]=%C3%BC%26");
    assert_eq!(query(list.clone(), lists(ListStyle::Semicolon)), "a=x;2;true;%C3%BC%26");
    assert_eq!(query(list.clone(), lists(ListStyle::Numbered)), "a.1=x&a.2=2&a.3=true&a.4=%C3%BC%26");
    assert_eq!(query(list, lists(ListStyle::Json)), "a=%5B%22x%22%2C2%2Ctrue%2C%22%C3%BC%26%22%5D");
}

#[test]
fn objects_are_written_in_each_style() {
    // Names in this order, whatever order the map of this build of serde_json has.
    let object = json!({"b": 1, "c": "d e"});
    assert_eq!(query(object.clone(), objects(Exploded)), "b=1&c=d%20e");
    assert_eq!(query(object.clone(), objects(ObjectStyle::Comma)), "a=b,1,c,d%20e");
    assert_eq!(query(object.clone(), objects(DeepObject)), "a[b]=1&a[c]=d%20e");
    assert_eq!(query(object.clone(), objects(Dots)), "a.b=1&a.c=d%20e");
    assert_eq!(query(object, objects(ObjectStyle::Json)), "a=%7B%22b%22%3A1%2C%22c%22%3A%22d%20e%22%7D");
}

#[test]
fn values_inside_of_others_follow_the_same_styles() {
    let items = json!([{"price": "p_1", "quantity": 2}, {"tax": [1, 2]}]);
    assert_eq!(query(items.clone(), lists(Brackets)), "a[0][price]=p_1&a[0][quantity]=2&a[1][tax][]=1&a[1][tax][]=2");
    assert_eq!(
        query(items.clone(), Style::new(Indices, Dots)),
        "a[0].price=p_1&a[0].quantity=2&a[1].tax[0]=1&a[1].tax[1]=2"
    );
    assert_eq!(
        query(items.clone(), Style::new(ListStyle::Numbered, Dots)),
        "a.1.price=p_1&a.1.quantity=2&a.2.tax.1=1&a.2.tax.2=2"
    );
    let filter = json!({"ids": [1, 2], "to": {"x": {"y": "z"}}});
    assert_eq!(query(filter.clone(), lists(Comma)), "a[ids]=1,2&a[to][x][y]=z");
    assert_eq!(query(filter.clone(), objects(Exploded)), "ids=1&ids=2&to[x][y]=z");
    let json = Style::new(Repeated, ObjectStyle::Json);
    assert_eq!(query(json!([{"b": 1}, {"c": 2}]), json), "a=%7B%22b%22%3A1%7D&a=%7B%22c%22%3A2%7D");
}

#[test]
fn what_has_no_text_is_not_sent() {
    for style in [Repeated, Comma, Space, Pipe, Brackets, Indices] {
        assert_eq!(query(json!([]), lists(style)), "");
        assert_eq!(query(json!([null]), lists(style)), "");
    }
    for style in [Exploded, ObjectStyle::Comma, DeepObject, Dots] {
        assert_eq!(query(json!({}), objects(style)), "");
        assert_eq!(query(json!({"b": null, "c": [], "d": {}}), objects(style)).trim_start_matches("a=c,"), {
            // A list or an object cannot stand between commas; specs refuse it.
            if style == ObjectStyle::Comma { "%5B%5D,d,%7B%7D" } else { "" }
        });
    }
    assert_eq!(query(json!(null), Style::JSON), "");
    // JSON says both.
    assert_eq!(query(json!([]), Style::JSON), "a=%5B%5D");
    assert_eq!(query(json!(""), lists(Comma)), "a=");
}

#[test]
fn text_keeps_what_json_escapes() {
    let text = "\"\\\n\r\t\u{1}\u{7f}☃ [{,}]";
    let encoded = "%22%5C%0A%0D%09%01%7F%E2%98%83%20%5B%7B%2C%7D%5D";
    assert_eq!(query(json!(text), lists(Comma)), format!("a={encoded}"));
    assert_eq!(query(json!([text, "x"]), lists(Comma)), format!("a={encoded},x"));
    let name = encoded.replace("%2C", ",");
    assert_eq!(query(json!({ text: [text] }), lists(Brackets)), format!("a[{name}][]={encoded}"));
    assert_eq!(query(json!("x"), Style::JSON), "a=%22x%22");
}

#[test]
fn json_in_a_header_is_ascii() {
    let mut parts = RequestParts::default();
    parts.styled_header("x-arg", &Some(json!({"path": "/ü,☃🍵\u{7f}"})), Style::JSON);
    assert_eq!(parts.headers, [("x-arg".into(), "{\"path\":\"/\\u00fc,\\u2603\\ud83c\\udf75\\u007f\"}".to_owned())]);
}

#[test]
fn an_item_that_holds_the_separator_is_refused() {
    for (style, item, separable) in
        [(Comma, "x,y", true), (Space, "x y", false), (Pipe, "x|y", false), (Pipe, "x y", true)]
    {
        let mut parts = RequestParts::default();
        parts.styled_query("a", &Some(json!([item])), lists(style));
        assert_eq!(!parts.unseparable, separable, "{item:?}");
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Search {
    id: Option<Vec<i64>>,
    file: Option<String>,
    page: Option<i64>,
    ids: Option<Vec<String>>,
    range: Option<Value>,
    fields: Option<Vec<String>>,
}

impl crate::Rules for Search {}

request!(Search => Response<()> {
    CREATE, empty(), path "/search/" [id in lists(Comma)] "/in/" { *file } ".txt",
    query { page = "p" as "page", [ids in lists(Pipe)], [range = "between" as "range" in lists(Comma)] },
    headers { [fields = "X-Fields" as "x-fields" in lists(Comma)] },
});

#[derive(Clone, Debug, PartialEq)]
struct Charge {
    id: Option<String>,
    amount: Option<i64>,
    metadata: Option<Value>,
}

impl crate::Rules for Charge {}

request!(Charge => Response<()> {
    CREATE, empty(), path "/charges/" { id } "",
    fields { amount in lists(Brackets), metadata = "meta" as "metadata" in lists(Brackets) },
});

#[test]
fn a_request_writes_each_parameter_in_its_style() {
    let search = Search {
        id: Some(vec![1, 2]),
        file: Some("docs/a b?.é+c".to_owned()),
        page: Some(2),
        ids: Some(vec!["x".to_owned(), "y".to_owned()]),
        range: Some(json!({"from": 1})),
        fields: Some(vec!["a, b".to_owned(), "c".to_owned()]),
    };
    let mut parts = RequestParts::default();
    search.write(&mut parts);
    assert_eq!(parts.path, "/search/1,2/in/docs/a%20b%3F.%C3%A9+c.txt");
    assert_eq!(parts.query, "page=2&ids=x%7Cy&range[from]=1");
    assert_eq!(parts.headers, [("x-fields".into(), "a%2C b,c".to_owned())]);
    assert!(!parts.empty_path_value);
}

#[test]
fn dots_of_a_path_are_between_items() {
    let mut parts = RequestParts::default();
    parts.styled_path(&Some(json!(["a b", 2])), lists(ListStyle::Dots));
    assert_eq!((parts.path.as_str(), parts.unseparable), ("a%20b.2", false));
    parts.styled_path(&Some(json!(["1.5"])), lists(ListStyle::Dots));
    assert!(parts.unseparable);
}

#[test]
fn a_path_of_several_segments_has_no_empty_one() {
    for (file, empty) in [("a/b", false), ("a/", false), ("", true), ("/a", true), ("a//b", true)] {
        let mut parts = RequestParts::default();
        parts.path_segments(&Some(file.to_owned()));
        assert_eq!(parts.empty_path_value, empty, "{file:?}");
    }
    let mut parts = RequestParts::default();
    parts.styled_path(&None::<Vec<i64>>, lists(Comma));
    assert!(parts.empty_path_value);
}

#[test]
fn a_form_is_sent_with_its_content_type_and_extra_fields() {
    let it = Setup::new([Answer::json(200, &json!({}))]);
    let charge =
        Charge { id: Some("c".to_owned()), amount: Some(5), metadata: Some(json!({"order id": "a&b", "lines": [1]})) };
    let mut call = it.client.call();
    call.options().extra("more", "x y");
    it.clock.run(call.send(charge)).unwrap();
    let sent = &it.server.requests()[0];
    assert_eq!(sent.headers()["content-type"], "application/x-www-form-urlencoded");
    let body = String::from_utf8_lossy(sent.body());
    // This build of serde_json may sort the names of a map.
    let body: std::collections::BTreeSet<&str> = body.split('&').collect();
    assert_eq!(body, ["amount=5", "metadata[lines][]=1", "metadata[order%20id]=a%26b", "more=x%20y"].into());
}

/// The names and texts of the parts that a value `a` becomes, and whether its items can be told apart.
fn parts(value: Value, style: Style) -> (Vec<(String, String)>, bool) {
    let mut form = Multipart::default();
    form.styled_part("a", &Some(value), style);
    (form.texts(), !form.unseparable)
}

#[test]
fn parts_are_not_escaped() {
    let check = |value: Value, style: Style, expected: &[(&str, &str)]| {
        let expected = expected.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        assert_eq!(parts(value, style), (expected, true));
    };
    check(json!(["x y", "c&d"]), lists(Comma), &[("a", "x y,c&d")]);
    check(json!([1, 2]), lists(Pipe), &[("a", "1|2")]);
    check(json!(["x", {"b": [1]}]), lists(Brackets), &[("a[]", "x"), ("a[1][b][]", "1")]);
    check(json!({"b c": "ü", "d": null}), objects(DeepObject), &[("a[b c]", "ü")]);
    check(json!({"b": {"c": true}}), objects(Exploded), &[("b[c]", "true")]);
    check(json!([]), lists(Space), &[]);
    for (style, item, separable) in [(Comma, "x,y", false), (Space, "x y", false), (Pipe, "x,y", true)] {
        assert_eq!(parts(json!([item]), lists(style)).1, separable, "{item}");
    }
}

#[test]
fn parts_are_numbered() {
    let mut form = Multipart::default();
    form.indexed_parts("a", &Some(vec!["x".to_owned(), "y".to_owned()]), "");
    assert_eq!(form.texts(), [("a[0]".into(), "x".into()), ("a[1]".into(), "y".into())]);
}

#[test]
fn texts_of_a_query_are_encoded_reserved_or_nothing() {
    let plain = Style::PLAIN;
    let text = "a/b?c:@!$'()*,;=&+#[%ü";
    assert_eq!(query(json!(text), plain.reserved()), "a=a/b?c:@!$'()*,;=%26%2B%23%5B%25%C3%BC");
    assert_eq!(query(json!(["b,c", "d"]), lists(Pipe).reserved()), "a=b,c%7Cd");
    assert_eq!(query(json!(""), plain.reserved()), "a=");
    assert_eq!(query(json!(""), plain.flag()), "a");
    assert_eq!(query(json!(""), plain), "a=");
    let mut parts = RequestParts::default();
    parts.styled_query("a", &Some(json!(["b,c"])), lists(Comma).reserved());
    assert!(parts.unseparable);
}

#[test]
fn names_keep_what_a_url_may_hold() {
    let mut parts = RequestParts::default();
    for name in ["$filter", "ids[]", "o:tag", "StartTime>", "a b&c=d+e", "x.y"] {
        parts.styled_query(name, &Some(json!(1)), Style::PLAIN);
        parts.query(name, "2");
    }
    let names = ["$filter", "ids[]", "o:tag", "StartTime%3E", "a%20b%26c%3Dd%2Be", "x.y"];
    assert_eq!(parts.query, names.map(|it| format!("{it}=1&{it}=2")).join("&"));
    // The names inside of an object are those of callers.
    let filter = json!({"$gt": 1, "a]b": 2});
    assert_eq!(query(filter.clone(), objects(DeepObject)), "a[$gt]=1&a[a%5Db]=2");
    assert_eq!(query(filter, objects(Exploded)), "$gt=1&a%5Db=2");
}

#[test]
fn a_map_of_a_name_with_a_star_is_several_parameters() {
    let mut parts = RequestParts::default();
    parts.styled_query("v:*", &Some(json!({"a b": [1, 2], "color": "blue"})), objects(Exploded));
    assert_eq!(parts.query, "v:a%20b=1&v:a%20b=2&v:color=blue");
}
