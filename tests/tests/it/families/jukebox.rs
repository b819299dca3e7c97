//! Access tokens of OAuth 2: what a generated client asks a token server for, and how often.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use ::jukebox::{Client, OAuth2};
use specwright_runtime as rt;

use super::*;

/// A token server and an API in one, which gives the tokens `t1`, `t2` and so on. The API refuses some of them.
async fn serve(refused: &'static [&'static str]) -> Server {
    let given = AtomicU32::new(0);
    Server::start(move |request, _| {
        if request.target == "/v1/api/token" {
            let token = format!("t{}", given.fetch_add(1, Ordering::Relaxed) + 1);
            return Answer::json(200, &json!({"access_token": token, "token_type": "Bearer", "expires_in": 3600}));
        }
        match refused.contains(&request.header("authorization").trim_start_matches("Bearer ")) {
            true => Answer::json(401, &json!({"error": {"message": "expired"}})),
            false => Answer::json(200, &json!({"id": "ada", "title": "Blue"})),
        }
    })
    .await
}

/// The requests for tokens.
fn asked(server: &Server) -> Vec<Received> {
    server.received().into_iter().filter(|it| it.target.ends_with("/api/token")).collect()
}

fn builder(server: &Server) -> rt::ClientBuilder<Client> {
    Client::builder().base_url(format!("{}/v1", server.url())).http_client(direct())
}

#[tokio::test]
async fn many_calls_ask_for_one_token() {
    let server = serve(&[]).await;
    let client = builder(&server).oauth2("app", OAuth2::new("my app").client_secret("s3/cret")).build().unwrap();
    let calls = (0..20).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { client.listeners().catalogue("r1").send().await.map(|it| it.title.clone()) })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap().unwrap(), "Blue");
    }
    let asked = asked(&server);
    assert_eq!((asked.len(), server.received().len()), (1, 21));
    let sent = &asked[0];
    assert_eq!((sent.method.as_str(), sent.target.as_str()), ("POST", "/v1/api/token"));
    assert_eq!(sent.header("content-type"), "application/x-www-form-urlencoded");
    // `my%20app:s3%2Fcret`
    assert_eq!(sent.header("authorization"), "Basic bXklMjBhcHA6czMlMkZjcmV0");
    assert_eq!(sent.body, b"grant_type=client_credentials&scope=catalogue");
    assert_eq!(last(&server).header("authorization"), "Bearer t1");
}

#[tokio::test]
async fn a_refused_token_is_replaced_once() {
    let server = serve(&["t1"]).await;
    let client = builder(&server).oauth2("app", OAuth2::new("id").client_secret("secret")).build().unwrap();
    let answer = client.listeners().catalogue("r1").send().await.unwrap();
    assert_eq!((answer.attempts(), asked(&server).len()), (2, 2));
    let server = serve(&["t1", "t2"]).await;
    let client = builder(&server).oauth2("app", OAuth2::new("id").client_secret("secret")).build().unwrap();
    let error = client.listeners().catalogue("r1").send().await.unwrap_err();
    assert!(error.is_authentication(), "{error}");
    assert_eq!((error.attempts(), asked(&server).len()), (2, 2));
}

#[tokio::test]
async fn a_listener_has_a_refresh_token() {
    let server = serve(&[]).await;
    let with = OAuth2::new("id").client_secret("secret").refresh_token("first").scopes(["favourites-read"]);
    let client = builder(&server).oauth2("listener", with).build().unwrap();
    assert_eq!(client.listeners().me().send().await.unwrap().id, "ada");
    let fields = "grant_type=refresh_token&refresh_token=first&scope=favourites-read&client_id=id&client_secret=secret";
    assert_eq!(String::from_utf8_lossy(&asked(&server)[0].body), format!("{fields}&audience=jukebox"));
    assert_eq!(asked(&server)[0].header("authorization"), "-");
    // A token that the caller has is sent as it is.
    let client = builder(&server).credential("listener", "mine").build().unwrap();
    client.listeners().me().send().await.unwrap();
    assert_eq!((last(&server).header("authorization"), asked(&server).len()), ("Bearer mine", 1));
}

#[tokio::test]
async fn tokens_are_kept_for_the_caller_in_the_environment() {
    let server = serve(&[]).await;
    let url = format!("{}/v1", server.url());
    let set = move |name: &str| match name {
        "JUKEBOX_CLIENT_ID" => Some("id".to_owned()),
        "JUKEBOX_CLIENT_SECRET" => Some("secret".to_owned()),
        "JUKEBOX_BASE_URL" => Some(url.clone()),
        _ => None,
    };
    let client: Client = Client::builder().env_from(set).http_client(direct()).build().unwrap();
    client.listeners().catalogue("r1").send().await.unwrap();
    assert_eq!(asked(&server).len(), 1);
    let error = client.listeners().me().send().await.unwrap_err();
    assert!(error.message().contains("JUKEBOX_REFRESH_TOKEN"), "{error}");
    assert!(!format!("{client:?}").contains("secret"));
}

#[tokio::test]
async fn a_program_without_async_asks_once_too() {
    let server = serve(&[]).await;
    let url = format!("{}/v1", server.url());
    let blocking = tokio::task::spawn_blocking(move || {
        let agent = rt::Ureq::from(ureq::Agent::config_builder().proxy(None).build().new_agent());
        let builder = Client::builder().base_url(url).oauth2("app", OAuth2::new("id").client_secret("secret"));
        let client: Client = builder.blocking().transport(agent).timeout(Duration::from_secs(30)).build().unwrap();
        std::thread::scope(|scope| {
            let call = || client.listeners().catalogue("r1").send().blocking().is_ok();
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(call)).collect();
            assert!(threads.into_iter().all(|it| it.join().unwrap()));
        });
    });
    blocking.await.unwrap();
    assert_eq!((asked(&server).len(), server.received().len()), (1, 5));
}

#[tokio::test]
async fn cookies_are_sent_in_one_header() {
    let server = echo(json!({"open": "9"})).await;
    let base = format!("{}/v1", server.url());
    let client: Client =
        Client::builder().base_url(base).http_client(direct()).credential("visitor", "v1").build().unwrap();
    let call = || client.machine().hours();
    call().send().await.unwrap();
    assert_eq!(last(&server).header("cookie"), "-");
    let full = || call().theme(::jukebox::machine::Theme::Dark).seen(["a b", "c,d;", "ü"]).shown_rows(5);
    full().send().await.unwrap();
    let own = "theme=dark; seen=a%20b,c%2Cd%3B,%C3%BC; shown-rows=5";
    assert_eq!(last(&server).header("cookie"), own);
    full().send().with_auth_scheme("cookie").await.unwrap();
    assert_eq!(last(&server).header("cookie"), format!("visitor=v1; {own}"));
    call().seen(Vec::<String>::new()).send().await.unwrap();
    assert_eq!(last(&server).header("cookie"), "-");
}

/// The contract server, and a client of it.
async fn mock(scopes: &[&str]) -> (specwright_contract::Server, Client) {
    let folder = crate::project::folder().join("spec");
    let server = specwright_contract::Server::builder().spec_folder(folder).apis(["jukebox"]).start().await.unwrap();
    let with = OAuth2::new("id").client_secret("secret");
    let of = |it: OAuth2| if scopes.is_empty() { it } else { it.scopes(scopes.iter().copied()) };
    let client = Client::builder()
        .base_url(server.url_of("jukebox").unwrap())
        .http_client(direct())
        .oauth2("listener", of(with.clone().refresh_token("first")))
        .oauth2("app", with)
        .build()
        .unwrap();
    (server, client)
}

#[tokio::test]
async fn a_token_without_a_scope_is_refused() {
    let (_server, client) = mock(&[]).await;
    client.listeners().favour().ids(["r1"]).send().await.unwrap();
    client.listeners().catalogue("r1").send().await.unwrap();
    let (_server, client) = mock(&["favourites-read"]).await;
    client.listeners().me().send().await.unwrap();
    let error = client.listeners().favour().ids(["r1"]).send().await.unwrap_err();
    assert_eq!(error.kind(), rt::ErrorKind::Api(rt::StatusKind::PermissionDenied));
    assert_eq!(error.status().map(|it| it.as_u16()), Some(403));
    let challenge = error.headers().and_then(|it| it.get("www-authenticate")).and_then(|it| it.to_str().ok());
    assert_eq!(challenge, Some("Bearer error=\"insufficient_scope\", scope=\"favourites-read favourites-write\""));
    let (_server, client) = mock(&["other"]).await;
    let error = client.listeners().me().send().await.unwrap_err();
    assert!(error.to_string().contains("invalid_scope"), "{error}");
}

#[tokio::test]
async fn the_contract_server_reads_cookies() {
    let (_server, client) = mock(&[]).await;
    let call = || client.machine().hours();
    call().theme(::jukebox::machine::Theme::Dark).seen(["c,d;", "ü"]).shown_rows(5).send().await.unwrap();
    let wrong = |it: &str| call().send().with_header("cookie", it);
    wrong("shown-rows=5; theme=light").await.unwrap();
    assert!(wrong("shown-rows=many").await.unwrap_err().to_string().contains("shown-rows"));
    assert!(wrong("theme=blue").await.unwrap_err().to_string().contains("theme"));
}

#[tokio::test]
async fn a_page_is_selected_inside_of_an_object() {
    use ::jukebox::records::QueryOptions;
    let page = |meta: serde_json::Value| json!({"results": [{"id": "r1", "title": "Blue"}], "meta": {"page": meta}});
    let pages = [json!({"current": 1, "total_pages": 2}), json!({"current": 2, "total_pages": 2})];
    let server = Server::answering(pages.map(|it| Answer::json(200, &page(it)))).await;
    let client = set_up(Client::builder(), &server).build().unwrap();
    let options = QueryOptions::new().facets(["year"]);
    let items = client.records().query().query("blue").options(options).items().collect().await.unwrap();
    assert_eq!(items.len(), 2);
    let bodies: Vec<serde_json::Value> = server.received().iter().map(Received::json).collect();
    let options = [json!({"facets": ["year"]}), json!({"facets": ["year"], "page": {"current": 2}})];
    assert_eq!(bodies, options.map(|it| json!({"query": "blue", "options": it})));

    let page = |next: Option<&str>| json!({"data": [{"id": "r1", "title": "Blue"}], "next_cursor": next.unwrap_or("")});
    let server = Server::answering([Some("a b"), None].map(|it| Answer::json(200, &page(it)))).await;
    let client = set_up(Client::builder(), &server).build().unwrap();
    client.records().browse().items().collect().await.unwrap();
    let targets: Vec<String> = server.received().iter().map(|it| it.target.clone()).collect();
    assert_eq!(targets, ["/records/all", "/records/all?page[cursor]=a%20b"]);
}

#[tokio::test]
async fn a_cursor_is_in_a_header_or_an_object() {
    let record = json!({"id": "r1", "title": "Blue"});
    let first = Answer::json(206, &json!([record])).header("next-range", "]id r1..; max=1");
    let server = Server::answering([first, Answer::json(200, &json!([record]))]).await;
    let client = set_up(Client::builder(), &server).build().unwrap();
    assert_eq!(client.records().range().items().collect().await.unwrap().len(), 2);
    let ranges: Vec<String> = server.received().iter().map(|it| it.header("range").to_owned()).collect();
    assert_eq!(ranges, ["-", "]id r1..; max=1"]);

    let page = |last: serde_json::Value| Answer::json(200, &json!({"rows": [record], "last": last}));
    let server = Server::answering([page(json!({"shelf": "a", "place": 6, "x": 1})), page(json!(null))]).await;
    let client = set_up(Client::builder(), &server).build().unwrap();
    assert_eq!(client.records().scan().size(1).items().collect().await.unwrap().len(), 2);
    assert_eq!(last(&server).json(), json!({"start": {"shelf": "a", "place": 6, "x": 1}, "size": 1}));
}

#[tokio::test]
async fn credentials_are_fields_of_the_body() {
    let server = echo(json!({"position": 1})).await;
    let client = builder(&server).credential("club_id", "c 1").credential("club_secret", "s&cret").build().unwrap();
    client.machine().reserve().day("monday").send().await.unwrap();
    assert_eq!(last(&server).body, br#"{"day":"monday","club_id":"c 1","secret":"s&cret"}"#);
    client.machine().release().send().await.unwrap();
    let sent = last(&server);
    assert_eq!(sent.body, b"club_id=c%201&secret=s%26cret");
    assert_eq!(sent.header("content-type"), "application/x-www-form-urlencoded");

    let server = Server::answering([Answer::json(400, &json!({"error": {"message": "no s&cret here"}}))]).await;
    let client = builder(&server).credential("club_id", "c 1").credential("club_secret", "s&cret").build().unwrap();
    let error = client.machine().reserve().day("monday").send().await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("s&cret"), "{error:?}");
    let client = builder(&server).credential("club_id", "c 1").build().unwrap();
    let error = client.machine().reserve().day("monday").send().await.unwrap_err();
    assert!(error.is_config() && error.message().contains("club_secret"), "{error}");
}

#[tokio::test]
async fn operations_on_one_path_may_differ_by_a_constant_of_the_body() {
    let server = echo(json!({"jsonrpc": "2.0", "id": 1, "result": {"position": 3}})).await;
    let client = set_up(Client::builder(), &server).basic_auth("box-1", "pin").build().unwrap();
    let answer = client.machine().play().id(1).params(["r1"]).send().await.unwrap();
    assert_eq!(answer.position, 3);
    let sent = last(&server);
    assert_eq!(sent.target, "/eu/machine/commands");
    assert_eq!(sent.body, br#"{"jsonrpc":"2.0","method":"play","id":1,"params":["r1"]}"#);
    let server = echo(json!({"jsonrpc": "2.0", "id": 2, "result": 12})).await;
    let client = set_up(Client::builder(), &server).basic_auth("box-1", "pin").build().unwrap();
    assert_eq!(client.machine().coins().id(2).send().await.unwrap().into_inner(), 12);
    assert_eq!(last(&server).body, br#"{"jsonrpc":"2.0","method":"coins","id":2}"#);
    let error = json!({"jsonrpc": "2.0", "id": 2, "error": {"code": -32601, "message": "no such method"}});
    let server = echo(error).await;
    let client = set_up(Client::builder(), &server).basic_auth("box-1", "pin").build().unwrap();
    assert!(client.machine().coins().id(2).send().await.is_err());
}

#[tokio::test]
async fn the_number_of_pages_may_be_in_a_header() {
    let page = |id: &str| Answer::json(200, &json!([id])).header("x-total-pages", "2").header("x-total-count", "2");
    let server = Server::answering([page("a"), page("b")]).await;
    let client = set_up(Client::builder(), &server).build().unwrap();
    assert_eq!(client.plays().skipped().items().collect().await.unwrap().len(), 2);
    assert_eq!(server.received().len(), 2, "the second page is the last");
    let server = Server::answering([page("a"), page("b")]).await;
    let client = set_up(Client::builder(), &server).build().unwrap();
    assert_eq!(client.plays().wanted().items().collect().await.unwrap().len(), 2);
    assert_eq!(server.received().len(), 2);
}
