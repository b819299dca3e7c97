//! Lists that come page by page.

use super::*;
use crate::{Extra, Items, Pages, paged, record, request};

#[derive(Clone, PartialEq)]
struct Row {
    id: i64,
}

record!(Row { "id": id });

#[derive(Clone, PartialEq)]
struct RowList {
    data: Vec<Row>,
    extra: Extra,
}

record!(RowList { "data": data, ..extra });

static LIST: Operation = Operation::get(&API, "rows.list", "/rows");

macro_rules! list {
    ($name:ident, $select:ident: $type:ty, ($($how:tt)*), $($spec:tt)*) => {
        #[derive(Clone, Debug, PartialEq)]
        struct $name {
            size: Option<i64>,
            $select: Option<$type>,
        }

        impl crate::Rules for $name {}

        request!($name => Response<RowList> { LIST, json(), path "/rows", query { size, $select } });
        paged!($name => RowList [Row], $($how)* { $($spec)* });
    };
}

list!(ByCursor, after: String, (select after),
    items: "/data", next: NextPage::Cursor("/meta/next"), more: None);
list!(ByHeader, after: String, (select after),
    items: "/data", next: NextPage::Header("x-next"), more: None);
list!(ByKey, key: Vec<i64>, (select key),
    items: "/data", next: NextPage::Cursor("/key"), more: None);
list!(ByLastItem, after: String, (select after),
    items: "/data", next: NextPage::LastItem("/id"), more: Some(("/has_more", true)));
list!(ByOffset, offset: i64, (number offset),
    items: "/data", next: NextPage::Offset(Some("/total")), more: None);
list!(ByNumber, page: i64, (number page),
    items: "/data", next: NextPage::Number(1, Some("/pages")), more: Some(("/is_last", false)));

#[derive(Clone, Debug, PartialEq)]
struct ByUrl {}

impl crate::Rules for ByUrl {}

request!(ByUrl => Response<RowList> { LIST, json(), path "/rows" });
paged!(ByUrl => RowList [Row] { items: "/data", next: NextPage::Url("/next"), more: None });

#[derive(Clone, Debug, PartialEq)]
struct ByLink {
    tag: Option<String>,
}

impl crate::Rules for ByLink {}

request!(ByLink => Response<Vec<Row>> { LIST, json(), path "/rows", query { tag } });
paged!(ByLink => Vec<Row> [Row] { items: "", next: NextPage::Link("next"), more: None });

fn rows(ids: std::ops::Range<i64>, rest: Value) -> Answer {
    let mut page = rest;
    page["data"] = ids.map(|id| json!({ "id": id })).collect();
    Answer::json(200, &page)
}

fn client(answers: impl IntoIterator<Item = Answer>) -> (FakeServer, VirtualClock, Client) {
    let clock = VirtualClock::new();
    let server = FakeServer::new(answers);
    let client = Client::builder(&API).api_key(KEY).transport(server.clone()).clock(clock.clone()).build().unwrap();
    (server, clock, client)
}

/// The ids of all items, and the URLs that were asked, below the server's.
#[track_caller]
fn check<R: Paged<Item = Row>>(request: R, answers: impl IntoIterator<Item = Answer>, ids: i64, asked: &[&str]) {
    let (server, clock, client) = client(answers);
    let items = clock.run(Items::new(client.call(), request.clone()).collect()).unwrap();
    assert_eq!(items.iter().map(|it| it.id).collect::<Vec<_>>(), (0..ids).collect::<Vec<_>>());
    let urls: Vec<String> =
        server.requests().iter().map(|it| it.uri().to_string().replace("https://api.painter.test", "")).collect();
    assert_eq!(urls, asked);
}

#[test]
fn a_cursor_leads_to_the_next_page() {
    let pages = [rows(0..2, json!({"meta": {"next": "a b"}})), rows(2..2, json!({"meta": {"next": "c"}}))];
    let ends = [json!({}), json!({"meta": null}), json!({"meta": {"next": null}}), json!({"meta": {"next": ""}})];
    for end in ends {
        let pages = pages.iter().cloned().chain([rows(2..3, end)]);
        check(ByCursor::default(), pages, 3, &["/rows", "/rows?after=a%20b", "/rows?after=c"]);
    }
    // What is set stays, and a number is sent to a parameter of text.
    let pages = [rows(0..1, json!({"meta": {"next": 7}})), rows(1..2, json!({}))];
    check(ByCursor { size: Some(1), after: None }, pages, 2, &["/rows?size=1", "/rows?size=1&after=7"]);
}

#[test]
fn a_cursor_may_be_in_a_header_or_a_list() {
    let page = |ids, next: &str| rows(ids, json!({})).header("x-next", next);
    let pages = || [page(0..1, "]id 5..; max=9"), page(1..2, "")];
    check(ByHeader::default(), pages(), 2, &["/rows", "/rows?after=%5Did%205..%3B%20max%3D9"]);
    let pages = [rows(0..1, json!({"key": [5, 6]})), rows(1..2, json!({"key": []}))];
    check(ByKey::default(), pages, 2, &["/rows", "/rows?key=5&key=6"]);
}

#[test]
fn the_last_item_leads_to_the_next_page() {
    let pages = || [rows(0..2, json!({"has_more": true})), rows(2..3, json!({"has_more": false}))];
    check(ByLastItem::default(), pages(), 3, &["/rows", "/rows?after=1"]);
    // An API that says nothing of more pages ends with an empty one.
    let pages = [rows(0..2, json!({})), rows(2..2, json!({}))];
    check(ByLastItem::default(), pages, 2, &["/rows", "/rows?after=1"]);
}

#[test]
fn offsets_and_numbers_count_on() {
    let pages = [rows(0..2, json!({"total": 3})), rows(2..3, json!({"total": 3}))];
    check(ByOffset::default(), pages, 3, &["/rows", "/rows?offset=2"]);
    let pages = [rows(0..2, json!({})), rows(2..2, json!({}))];
    check(ByOffset { offset: Some(4), size: None }, pages, 2, &["/rows?offset=4", "/rows?offset=6"]);
    let pages = [rows(0..2, json!({"pages": 2})), rows(2..3, json!({"pages": 2}))];
    check(ByNumber::default(), pages, 3, &["/rows", "/rows?page=2"]);
    let pages = [rows(0..2, json!({"is_last": false})), rows(2..3, json!({"is_last": true}))];
    check(ByNumber::default(), pages, 3, &["/rows", "/rows?page=2"]);
    let pages = [rows(0..0, json!({"total": "many"}))];
    check(ByOffset { offset: Some(i64::MAX), size: None }, pages, 0, &["/rows?offset=9223372036854775807"]);
}

#[test]
fn urls_of_the_server_are_followed() {
    let pages = [
        rows(0..1, json!({"next": "https://api.painter.test/rows?page=b%20c"})),
        rows(1..2, json!({"next": "/other?page=3#top"})),
        rows(2..3, json!({"next": "?page=4"})),
        rows(3..4, json!({"next": ""})),
    ];
    check(ByUrl {}, pages, 4, &["/rows", "/rows?page=b%20c", "/other?page=3", "/rows?page=4"]);
    let page = |id: i64| Answer::json(200, &json!([{ "id": id }]));
    let pages = [page(0).header("link", r#"</rows?p=2>; rel="next", </rows?p=9>; rel="last""#), page(1)];
    check(ByLink { tag: Some("x".to_owned()) }, pages, 2, &["/rows?tag=x", "/rows?p=2"]);
}

#[test]
fn the_credential_goes_to_no_other_origin() {
    for next in ["https://evil.test/rows", "http://api.painter.test/rows", "//evil.test/rows", "https://", "ftp://x/y"]
    {
        let (server, clock, client) = client([rows(0..1, json!({ "next": next }))]);
        let mut items = Items::new(client.call(), ByUrl {});
        clock.run(async {
            assert_eq!(items.next().await.unwrap().unwrap(), Row { id: 0 });
            let error = items.next().await.unwrap().unwrap_err();
            assert!(error.message().contains("the server names a"), "{error}");
            assert!(items.next().await.is_none());
        });
        assert_eq!(server.count(), 1, "{next}");
    }
}

#[test]
fn a_list_without_end_is_an_error() {
    let again = || rows(0..1, json!({"meta": {"next": "same"}}));
    let (_, clock, client_) = client([again(), again(), again()]);
    let mut pages = Pages::new(client_.call(), ByCursor::default());
    clock.run(async {
        assert!(pages.next().await.unwrap().is_ok());
        let error = pages.next().await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(error.message().contains("goes in a circle"), "{error}");
        assert!(pages.next().await.is_none());
    });
    let (server, clock, client) = client((0..1100).map(|it| rows(0..0, json!({"meta": {"next": it}}))));
    let error = clock.run(Items::new(client.call(), ByCursor::default()).collect()).unwrap_err();
    assert!(error.message().contains("has no end"), "{error}");
    assert_eq!(server.count(), 1000);
}

#[test]
fn pages_are_resumed_where_they_failed() {
    let (_, clock, client) = client([
        rows(0..2, json!({"meta": {"next": "b"}})),
        Answer::json(400, &json!({"error": "no"})),
        rows(2..3, json!({})),
    ]);
    let mut pages = Pages::new(client.call(), ByCursor::default());
    let cursor = clock.run(async {
        assert_eq!(pages.cursor(), None);
        assert_eq!(pages.next().await.unwrap().unwrap().data.len(), 2);
        assert_eq!(pages.next().await.unwrap().unwrap_err().message(), "no");
        assert!(pages.next().await.is_none());
        pages.cursor().cloned().unwrap()
    });
    assert_eq!(cursor, "b");
    let items = Items::new(client.call(), ByCursor::default()).resume(cursor).collect();
    assert_eq!(clock.run(items).unwrap(), [Row { id: 2 }]);
}

#[test]
fn each_page_is_a_call_that_is_retried_and_limited() {
    let (server, clock, client) = client([
        rows(0..2, json!({"meta": {"next": "b"}})),
        Answer::new(503, ""),
        rows(2..3, json!({"meta": {"next": "c"}})),
    ]);
    let mut items = Items::new(client.call(), ByCursor::default()).with_max_pages(2).with_header("x-tag", "1");
    clock.run(async {
        let mut ids = Vec::new();
        while let Some(item) = items.next().await {
            ids.push(item.unwrap().id);
        }
        assert_eq!(ids, [0, 1, 2]);
    });
    assert_eq!(server.count(), 3);
    assert!(server.requests().iter().all(|it| it.headers()["x-tag"] == "1"));
}

#[test]
fn an_item_that_cannot_be_read_is_named_after_the_items_before_it() {
    let page = json!({"data": [{"id": 1}, {"id": "x"}, {"id": 3}], "meta": {"next": "b"}});
    let (server, clock, client) = client([Answer::json(200, &page)]);
    let mut items = Items::new(client.call(), ByCursor::default());
    clock.run(async {
        assert_eq!(items.next().await.unwrap().unwrap().id, 1);
        let error = items.next().await.unwrap().unwrap_err();
        assert!(error.to_string().contains("/data/1/id"), "{error}");
        assert!(items.next().await.is_none());
    });
    assert_eq!(server.count(), 1);
}

#[test]
fn a_page_without_a_list_has_no_items() {
    for page in [json!({}), json!({"data": null}), json!({"data": {}}), json!([])] {
        check(ByOffset::default(), [Answer::json(200, &page)], 0, &["/rows"]);
    }
}

#[cfg(feature = "blocking")]
#[test]
fn a_blocking_client_iterates() {
    let server = FakeServer::new([rows(0..2, json!({"meta": {"next": "b"}})), rows(2..3, json!({}))]);
    let client = Client::builder(&API).api_key(KEY).blocking().transport(server).build().unwrap();
    let ids = Items::new(client.call(), ByCursor::default()).blocking().map(|it| it.unwrap().id);
    assert_eq!(ids.collect::<Vec<_>>(), [0, 1, 2]);
}
