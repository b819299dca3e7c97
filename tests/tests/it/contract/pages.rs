//! Lists that come page by page, from the contract server to their last item.

use ::jukebox::records::{CursorPage, PageChoice, QueryOptions};

use super::*;

async fn serve_jukebox() -> (Server, ::jukebox::Client) {
    let builder = Server::builder().spec_folder(crate::project::folder().join("spec")).apis(["jukebox"]);
    let server = builder.start().await.unwrap();
    let client = client(&server, "jukebox", ::jukebox::Client::builder(), rt::Validation::Strict);
    (server, client)
}

/// Follows a list to its end: five items, all different, on as many pages.
async fn check<R: rt::Paged<Item: std::fmt::Debug>>(mut pages: rt::Pages<R>, items: rt::Items<R>, sizes: &[usize]) {
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        found.push(page.raw().pointer(R::pages().items).unwrap().as_array().unwrap().len());
    }
    assert_eq!(found, sizes);
    let items: Vec<String> = items.collect().await.unwrap().iter().map(|it| format!("{it:?}")).collect();
    assert_eq!(items.len(), 5, "{items:?}");
    let different: std::collections::BTreeSet<_> = items.iter().collect();
    assert_eq!(different.len(), 5, "{items:?}");
}

#[tokio::test]
async fn every_way_leads_to_the_last_page() {
    let (_server, client) = serve_jukebox().await;
    let (records, plays) = (client.records(), client.plays());
    // The total says that the last page is the last; without one, the page after it is empty.
    check(records.list().pages(), records.list().items(), &[2, 2, 1]).await;
    check(records.list().limit(3).pages(), records.list().limit(4).items(), &[3, 2]).await;
    check(records.shelf("s1").pages(), records.shelf("s1").items(), &[2, 2, 1]).await;
    check(records.search().q("blue").pages(), records.search().q("blue").items(), &[2, 2, 1]).await;
    check(records.new().per_page(1).pages(), records.new().items(), &[1, 1, 1, 1, 1]).await;
    let query = || records.query().query("blue");
    check(query().pages(), query().items(), &[2, 2, 1]).await;
    let three = || QueryOptions::new().page(PageChoice::new().size(3));
    check(query().options(three()).pages(), query().options(three()).items(), &[3, 2]).await;
    check(records.browse().pages(), records.browse().page(CursorPage::new().size(4)).items(), &[2, 2, 1]).await;
    check(records.range().pages(), records.range().items(), &[2, 2, 1]).await;
    check(records.scan().pages(), records.scan().size(1).items(), &[2, 3]).await;
    check(plays.history().pages(), plays.history().limit(5).items(), &[2, 2, 1]).await;
    check(plays.charts().pages(), plays.charts().items(), &[2, 2, 1, 0]).await;
    check(plays.skipped().pages(), plays.skipped().items(), &[2, 2, 1]).await;
    check(plays.wanted().limit(3).pages(), plays.wanted().items(), &[3, 2]).await;
    check(plays.queue("bar").pages(), plays.queue("bar").items(), &[2, 2, 1]).await;
}

#[tokio::test]
async fn a_list_is_resumed_at_a_page() {
    let (_server, client) = serve_jukebox().await;
    let mut pages = client.records().search().q("a b").pages();
    pages.next().await.unwrap().unwrap();
    let cursor = pages.cursor().cloned().unwrap();
    let rest = client.records().search().q("a b").items().resume(cursor).collect().await.unwrap();
    assert_eq!(rest.len(), 3);
    let rest = client.plays().history().cursor("00000000-0000-4000-8000-000000000004").items().collect().await.unwrap();
    assert_eq!(rest.len(), 1);
}

#[tokio::test]
async fn a_page_that_is_known_has_no_items() {
    let (_server, client) = serve_jukebox().await;
    let page = client.records().new().send().await.unwrap();
    let tag = page.headers()["etag"].to_str().unwrap().to_owned();
    assert_eq!(page.into_inner().map(|it| it.len()), Some(2));
    let items = client.records().new().if_none_match(tag).items().collect().await.unwrap();
    assert!(items.is_empty(), "{items:?}");
}
