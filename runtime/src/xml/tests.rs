//! Tables by hand: what is written and read, whole calls, and hostile documents.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use serde_json::{Value, json};

use super::*;
use crate::testing::Answer;
use crate::tests::Setup;
use crate::{Api, Credential, ErrorKind, Operation, Response, RetryPolicy, Scheme, StatusKind, request};

static TAG: Record = Record {
    fields: &[
        Field { name: "key", node: Node::AttributeIn("k:key", "urn:k", Content::Text) },
        Field { name: "value", node: Node::Text(Content::Number) },
    ],
    rest: Content::Any,
};

static SHELF: Record = Record {
    fields: &[
        Field { name: "id", node: Node::Attribute("id", Content::Number) },
        Field::element("name", "Name", Content::Text),
        Field::element("open", "IsOpen", Content::Boolean),
        Field { name: "books", node: Node::Items(Element::new("Book", Content::Text)) },
        Field { name: "marks", node: Node::AllItems(Element::new("Mark", Content::Text)) },
        Field::element("tags", "TagSet", Content::List(&Element::new("Tag", Content::Record(&TAG)))),
        Field::element("sizes", "Sizes", Content::Map(&Content::Number)),
        Field::element("either", "Either", Content::OneOf(&[Content::Text, Content::Number, Content::Record(&TAG)])),
        Field::element("inner", "Inner", Content::Record(&SHELF)),
        Field::element("any", "Any", Content::Any),
    ],
    rest: Content::Any,
};

const ROOT: Element = Element::new("s:Shelf", Content::Record(&SHELF)).with(&[("", "urn:shelf"), ("s", "urn:s&t")]);

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<s:Shelf xmlns=\"urn:shelf\" xmlns:s=\"urn:s&amp;t\"";

#[track_caller]
fn writes(value: &Value, expected: &str) {
    let text = write(&ROOT, value).unwrap();
    assert_eq!(text.strip_prefix(HEAD).unwrap(), expected);
}

#[track_caller]
fn reads(text: &str, expected: &Value) {
    assert_eq!(read(text, &ROOT).unwrap(), *expected, "{text}");
}

/// Written, and read as the same.
#[track_caller]
fn both(value: &Value, expected: &str) {
    writes(value, expected);
    reads(&format!("{HEAD}{expected}"), value);
}

#[test]
fn fields_are_elements_attributes_and_text() {
    both(
        &json!({"id": 7, "name": "a < b & \"c\"\r\n", "open": true, "marks": []}),
        " id=\"7\"><Name>a &lt; b &amp; \"c\"&#13;\n</Name><IsOpen>true</IsOpen></s:Shelf>",
    );
    both(
        &json!({"tags": [{"key": "a\t\"\n", "value": 1.5}, {"key": "", "value": -2}], "marks": []}),
        "><TagSet><Tag xmlns:k=\"urn:k\" k:key=\"a&#9;&quot;&#10;\">1.5</Tag><Tag xmlns:k=\"urn:k\" k:key=\"\">-2</Tag></TagSet></s:Shelf>",
    );
}

#[test]
fn lists_are_beside_the_fields_or_in_an_element() {
    both(
        &json!({"books": ["a", "b"], "marks": ["x"], "tags": []}),
        "><Book>a</Book><Book>b</Book><Mark>x</Mark><TagSet/></s:Shelf>",
    );
    writes(&json!({"books": [], "marks": []}), "/>");
    reads("<Shelf/>", &json!({"marks": []}));
    reads("<Shelf><Book/><Name/><Book>b</Book></Shelf>", &json!({"books": ["", "b"], "name": "", "marks": []}));
}

#[test]
fn objects_with_free_keys_are_elements_by_their_names() {
    both(
        &json!({"sizes": {"a": 1, "b": 2}, "any": {"x": {"y": "1"}, "z": ["1", "2"]}, "marks": []}),
        "><Sizes><a>1</a><b>2</b></Sizes><Any><x><y>1</y></x><z>1</z><z>2</z></Any></s:Shelf>",
    );
    let error = write(&ROOT, &json!({"sizes": {"a b": 1}})).unwrap_err();
    assert_eq!(error, "`a b` cannot be the name of an element in XML");
}

#[test]
fn unions_are_told_apart_by_what_is_there() {
    for either in [json!("a"), json!(5), json!({"key": "k", "value": 3})] {
        let value = json!({"either": either, "marks": []});
        reads(&write(&ROOT, &value).unwrap(), &value);
    }
}

#[test]
fn null_is_said_and_what_nobody_knows_is_kept() {
    both(
        &json!({"name": null, "marks": []}),
        "><Name xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"/></s:Shelf>",
    );
    reads(
        "<!-- a --><?go?><x:Shelf xmlns:x='urn:x' x:id='1' y='2'><x:New><a>1</a></x:New><x:Name>n</x:Name><tags>t</tags></x:Shelf>",
        &json!({"id": 1, "New": {"a": "1"}, "name": "n", "marks": []}),
    );
}

#[test]
fn text_is_read_as_its_type_or_stays_text() {
    reads(
        "<S id=' +7 '><IsOpen> 1 </IsOpen><Sizes><a>.5</a><b>007</b><c>no</c><d/></Sizes></S>",
        &json!({"id": 7, "open": true, "sizes": {"a": 0.5, "b": 7, "c": "no", "d": ""}, "marks": []}),
    );
    reads(
        "<S><Name>a<![CDATA[<b>]]>&#99;&amp;&lol;&#0;</Name></S>",
        &json!({"name": "a<b>c&&lol;\u{fffd}", "marks": []}),
    );
    let wide = "<S><Name>\u{1f525}é</Name></S>";
    reads(wide, &json!({"name": "\u{1f525}é", "marks": []}));
}

#[test]
fn what_xml_cannot_hold_is_not_sent() {
    let error = write(&ROOT, &json!({"name": "a\u{1}"})).unwrap_err();
    assert_eq!(error, "a text has the character '\\u{1}', which XML cannot hold");
}

#[test]
fn the_only_field_may_be_the_whole_document() {
    static ENVELOPE: Record =
        Record { fields: &[Field::element("shelf", "Shelf", Content::Record(&SHELF))], rest: Content::Any };
    let envelope = Element::new("Result", Content::Record(&ENVELOPE));
    let expected = json!({"shelf": {"name": "a", "marks": []}});
    for text in ["<Result><Shelf><Name>a</Name></Shelf></Result>", "<s:Shelf xmlns:s='u'><Name>a</Name></s:Shelf>"] {
        assert_eq!(read(text, &envelope).unwrap(), expected);
    }
    assert_eq!(read("<Shelf/>", &envelope).unwrap(), json!({"shelf": {"marks": []}}));
}

#[test]
fn hostile_xml_is_an_error_and_never_more_than_it_is() {
    let bomb = "<!DOCTYPE a [<!ENTITY b \"cccccccc\"><!ENTITY d \"&b;&b;&b;&b;\">]><S><Name>&d;</Name></S>";
    let fails = |text: &str, expected: &str| {
        let error = read(text, &ROOT).unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
    };
    fails(bomb, "document type");
    fails("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><S/>", "document type");
    fails("<!DOCTYPE html><html></html>", "a page");
    fails("<html><body/></html>", "a page");
    fails("", "no element");
    fails("<S/><S/>", "more than one");
    fails("<S></T>", "");
    fails("<S><Name>", "too early");
    fails("<S><Nam", "too early");
    fails(&"<Inner>".repeat(100_000), "inside of each other");
    let many = format!("<S{}/>", (0..200_000).map(|it| format!(" a{it}=''")).collect::<String>());
    read(&many, &ROOT).unwrap();
    let deep = format!("{}{}", "<a>".repeat(127), "</a>".repeat(127));
    read(&deep, &Element::new("a", Content::Any)).unwrap();
}

#[test]
fn no_bytes_make_it_panic() {
    let text = format!(
        "{HEAD} id='1'><Name>é&amp;</Name><Book/><TagSet><Tag xmlns:k=\"urn:k\" k:key=\"a\">1</Tag></TagSet><!-- c --><![CDATA[x]]></s:Shelf>"
    );
    for cut in 0..text.len() {
        let _ = read(&String::from_utf8_lossy(&text.as_bytes()[..cut]), &ROOT);
        for byte in [0, b'<', b'>', b'&', b'"', b'/', 0xff] {
            let mut bytes = text.clone().into_bytes();
            bytes[cut] = byte;
            let _ = read(&String::from_utf8_lossy(&bytes), &ROOT);
        }
    }
}

static PROBLEM: Record = Record {
    fields: &[Field::element("code", "Code", Content::Text), Field::element("message", "Message", Content::Text)],
    rest: Content::Any,
};

static LIBRARY: Api = Api {
    name: "library",
    servers: &[("default", "https://library.test")],
    credentials: &[Credential::key("key", "KEY", &[Scheme::header("key", "x-key", "")])],
    error_message: &["/message"],
    error_code: &["/code"],
    codes: &[("SlowDown", StatusKind::RateLimited)],
    xml_errors: &[(0, &Element::new("Error", Content::Record(&PROBLEM)))],
    ..Api::EMPTY
};

static PUT: Operation = Operation::put(&LIBRARY, "shelves.put", "/shelf")
    .idempotent(true)
    .content_types(&["application/xml", "application/json"])
    .json_type("application/xml")
    .xml(&Xml { body: Some(&ROOT), answers: &[(0, &ROOT)], errors: &[] });

#[derive(Clone, Debug)]
struct Put {
    content_type: Option<String>,
    body: Option<Value>,
}

impl crate::Rules for Put {}

request!(Put => Response<Value> {
    PUT, json(), path "/shelf",
    headers { content_type = "Content-Type" as "content-type" },
    whole { body as whole_body },
});

fn put(content_type: Option<&str>) -> Put {
    Put { content_type: content_type.map(str::to_owned), body: Some(json!({"name": "a", "marks": ["m"]})) }
}

fn xml(status: u16, body: &str) -> Answer {
    Answer::new(status, body.to_owned()).header("content-type", "application/xml")
}

fn setup(answers: impl IntoIterator<Item = Answer>) -> Setup {
    Setup::of(&LIBRARY, answers, |it| it)
}

#[test]
fn a_call_sends_and_reads_xml() {
    let it = setup([xml(200, "<Shelf><Name>b</Name></Shelf>"), Answer::json(200, &json!({"name": "c"}))]);
    let answer = it.send(put(None)).unwrap();
    assert_eq!(*answer, json!({"name": "b", "marks": []}));
    assert_eq!(*answer.raw(), *answer);
    // A server that answers in JSON nevertheless is understood.
    assert_eq!(*it.send(put(Some("application/json"))).unwrap(), json!({"name": "c"}));
    let [first, second] = it.server.requests().try_into().unwrap();
    assert_eq!(first.body(), &format!("{HEAD}><Name>a</Name><Mark>m</Mark></s:Shelf>"));
    assert_eq!(
        (&first.headers()["content-type"], &first.headers()["accept"]),
        (&"application/xml".parse().unwrap(), &"application/xml".parse().unwrap())
    );
    // Objects of serde_json are in the order of the alphabet, or in that of their making, as its features say.
    let second: Value = serde_json::from_slice(second.body()).unwrap();
    assert_eq!(second, json!({"name": "a", "marks": ["m"]}));
}

#[test]
fn an_error_in_xml_is_an_error_like_any_other() {
    let body = "<?xml version=\"1.0\"?><Error><Code>SlowDown</Code><Message>Wait.</Message></Error>";
    let it = Setup::of(&LIBRARY, [xml(503, body)], |it| it.retry(RetryPolicy::none()));
    let error = it.send(put(None)).unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Api(StatusKind::RateLimited), Some("SlowDown")));
    assert!(error.to_string().contains("Wait."), "{error}");
    assert_eq!(error.body_json().unwrap()["code"], "SlowDown");
    let it = Setup::of(&LIBRARY, [Answer::new(502, "<html><title>Bad gateway</title></html>")], |it| {
        it.retry(RetryPolicy::none())
    });
    assert!(it.send(put(None)).unwrap_err().to_string().contains("Bad gateway"));
}

#[test]
fn an_answer_that_broke_off_is_asked_for_again() {
    let it = setup([xml(200, "<Shelf><Name>b</Na"), xml(200, "<Shelf><Name>b</Name></Shelf>")]);
    assert_eq!(it.send(put(None)).unwrap().attempts(), 2);
    let it = setup([xml(200, "<!DOCTYPE a><Shelf/>")]);
    let error = it.send(put(None)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("the body is not XML"), "{error}");
}
