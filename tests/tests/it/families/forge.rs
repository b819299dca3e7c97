//! Paths with slashes, lists and odd characters, and methods that are met less often.

use super::*;

fn client(server: &Server) -> ::forge::Client {
    ::forge::Client::builder().base_url(server.url()).http_client(direct()).build().unwrap()
}

#[tokio::test]
async fn a_slash_in_a_path_stays_one() {
    let server = echo(json!({"name": "a b.md"})).await;
    let client = client(&server);
    client.repos().content("ada", "notes/1", "docs/a b.md").r#ref("v1").send().await.unwrap();
    assert_eq!(last(&server).target, "/repos/ada/notes%2F1/contents/docs/a%20b.md?ref=v1");
    client.repos().content("ada", "notes", "a?b#c%2F").send().await.unwrap();
    assert_eq!(last(&server).target, "/repos/ada/notes/contents/a%3Fb%23c%252F");
    for wrong in ["", "/docs", "docs//a", "../secrets", "docs/.."] {
        let error = client.repos().content("ada", "notes", wrong).send().await.unwrap_err();
        assert!(error.is_config(), "{wrong:?}: {error}");
    }
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn what_is_asked_for_tells_operations_apart() {
    let server = echo(json!({"name": "n"})).await;
    let client = client(&server);
    client.repos().content("ada", "notes", "a.md").send().await.unwrap();
    assert_eq!(last(&server).header("accept"), "application/vnd.forge+json; version=4");
    client.repos().raw_content("ada", "notes", "a.md").send().await.unwrap();
    assert_eq!(last(&server).header("accept"), "application/vnd.forge.raw");
}

#[tokio::test]
async fn a_required_parameter_tells_operations_apart() {
    let server = echo(json!([])).await;
    let client = client(&server);
    client.repos().labels("ada", "notes").send().await.unwrap();
    assert_eq!(last(&server).target, "/repos/ada/notes/labels");
    let server = echo(json!({"name": "bug", "labels": ["typo"]})).await;
    let client = self::client(&server);
    client.repos().find_label("ada", "notes").name("bug").send().await.unwrap();
    assert_eq!(last(&server).target, "/repos/ada/notes/labels?name=bug");
    client.repos().labels_of_team("ada", "notes").x_team("docs").send().await.unwrap();
    let sent = last(&server);
    assert_eq!((sent.target.as_str(), sent.header("x-team")), ("/repos/ada/notes/labels", "docs"));
}

#[tokio::test]
async fn paths_and_headers_have_lists() {
    let server = echo(json!([])).await;
    let client = client(&server);
    let bounds = [("from", "1"), ("to", "2")];
    let call = client.repos().labelled([4, 5]).labels(["bug", "help, wanted"]);
    call.x_fields(["a", "b,c"]).x_where(bounds).send().await.unwrap();
    let sent = last(&server);
    assert_eq!(sent.target, "/issues/4,5/labels?labels=bug,help%2C%20wanted");
    assert_eq!((sent.header("x-fields"), sent.header("x-where")), ("a,b%2Cc", "from=1,to=2"));
}

#[tokio::test]
async fn paths_may_be_odd() {
    let server = echo(json!({"name": "n"})).await;
    let client = client(&server);
    client.repos().root().send().await.unwrap();
    assert_eq!(last(&server).target, "/");
    client.repos().compare("ada", "notes", "v1.0", "ada:fix/1").send().await.unwrap();
    assert_eq!(last(&server).target, "/repos/ada/notes/compare/v1.0...ada%3Afix%2F1.json");
    client.repos().odd("2").send().await.unwrap();
    assert_eq!(last(&server).target, "/legacy/%3Call%3E/v2");
}

#[tokio::test]
async fn head_and_options_are_methods_too() {
    let server = Server::answering([Answer::new(204, "")]).await;
    let client = client(&server);
    client.repos().exists("ada", "notes").send().await.unwrap();
    let sent = last(&server);
    assert_eq!((sent.method.as_str(), sent.target.as_str(), sent.body.len()), ("HEAD", "/repos/ada/notes", 0));
    client.repos().methods("ada", "notes").send().await.unwrap();
    assert_eq!(last(&server).method, "OPTIONS");
}

#[tokio::test]
async fn a_get_may_have_a_body() {
    let server = echo(json!({"name": "n"})).await;
    let client = client(&server);
    client.repos().search().query([("name", "a")]).send().await.unwrap();
    let sent = last(&server);
    assert_eq!((sent.method.as_str(), sent.target.as_str()), ("GET", "/search"));
    assert_eq!(sent.header("content-type"), "application/json");
    assert_eq!(sent.json(), json!({"query": {"name": "a"}}));
}

#[tokio::test]
async fn constants_tell_operations_apart() {
    let server = echo(json!({"name": "n", "names": []})).await;
    let client = client(&server);
    client.repos().by_name().value("notes").send().await.unwrap();
    assert_eq!(last(&server).target, "/lookup?by=name&value=notes");
    client.repos().by_tag().value("rust").send().await.unwrap();
    assert_eq!(last(&server).target, "/lookup?by=tag&value=rust");
}

#[tokio::test]
async fn parameters_may_be_called_like_methods() {
    let server = Server::answering([Answer::new(204, "")]).await;
    let client = client(&server);
    let call =
        client.repos().flags().send_(true).check_("a").into_state_(1).any("b").stream(true).blocking(true).pages(2);
    call.extra_(::forge::repos::Flag::new("x").extra_("y").check_(true)).extra("more", 1).send().await.unwrap();
    let expected = json!({
        "send": true, "check": "a", "extra": {"new": "x", "extra": "y", "check": true}, "into_state": 1,
        "any": "b", "stream": true, "blocking": true, "pages": 2, "more": 1,
    });
    assert_eq!(last(&server).json(), expected);
}
