//! Credentials of all kinds: what a generated client sends, the contract server accepts.

use super::*;

type Builder = rt::ClientBuilder<::jukebox::Client>;

async fn serve_jukebox() -> Server {
    let builder = Server::builder().spec_folder(crate::project::folder().join("spec")).apis(["jukebox"]);
    builder.start().await.unwrap()
}

fn jukebox(server: &Server, set: fn(Builder) -> Builder) -> ::jukebox::Client {
    let builder = set(::jukebox::Client::builder()).base_url(server.url_of("jukebox").unwrap());
    builder.http_client(direct()).clock(SkippingClock::new()).build().unwrap()
}

#[tokio::test]
async fn each_kind_is_accepted() {
    let server = serve_jukebox().await;
    let client = jukebox(&server, |it| it.basic_auth("box-1", "pass:word").credential("visitor", "v-7"));
    assert!(client.machine().status().send().await.is_ok());
    assert!(client.machine().pair().send().await.is_ok());
    assert!(client.machine().hours().day("monday").send().await.is_ok());
    assert!(client.machine().request().record("r1").send().await.is_ok());
    assert!(client.machine().request().record("r1").send().with_auth_scheme("cookie").await.is_ok());
    let client = jukebox(&server, |it| it.api_key("abc"));
    assert!(client.machine().request().record("r1").send().await.is_ok());
    // None is needed for what is open to all.
    assert!(client.machine().hours().send().await.is_ok());
}

#[tokio::test]
async fn what_is_missing_is_named_before_anything_is_sent() {
    let server = serve_jukebox().await;
    let client = jukebox(&server, |it| it.api_key("abc"));
    let error = client.machine().status().send().await.unwrap_err();
    assert!(error.message().contains("JUKEBOX_MACHINE and JUKEBOX_PASSWORD"), "{error}");
    let client = jukebox(&server, |it| it.basic_auth("box-1", "secret"));
    let error = client.machine().pair().send().await.unwrap_err();
    assert!(error.message().starts_with("credential `visitor` is missing"), "{error}");
}

#[tokio::test]
async fn tokens_come_from_the_server_itself() {
    let server = serve_jukebox().await;
    let app = |secret: &str| ::jukebox::OAuth2::new("my-app").client_secret(secret);
    let client = jukebox(&server, |it| it.oauth2("app", ::jukebox::OAuth2::new("id").client_secret("a/b")));
    assert!(client.listeners().catalogue("r1").send().await.is_ok());
    let client = jukebox(&server, |it| {
        it.oauth2("listener", ::jukebox::OAuth2::new("id").client_secret("a/b").refresh_token("r"))
    });
    assert!(client.listeners().me().send().await.is_ok());
    let builder =
        ::jukebox::Client::builder().oauth2("app", app("revoked")).base_url(server.url_of("jukebox").unwrap());
    let client: ::jukebox::Client = builder.http_client(direct()).build().unwrap();
    let error = client.listeners().catalogue("r1").send().await.unwrap_err();
    assert!(error.is_authentication() && error.message().ends_with("(invalid_client)"), "{error}");
}

#[tokio::test]
async fn a_wrong_key_is_refused() {
    let server = serve_jukebox().await;
    let client = jukebox(&server, |it| it.credential("visitor", "revoked-1").basic_auth("box-1", "revoked"));
    for status in [
        client.machine().request().record("r1").send().await.unwrap_err().status(),
        client.machine().status().send().await.unwrap_err().status(),
    ] {
        assert_eq!(status.map(|it| it.as_u16()), Some(401));
    }
}

#[tokio::test]
async fn keys_in_the_body_are_read_and_are_no_parameters() {
    let server = serve_jukebox().await;
    let client = jukebox(&server, |it| it.credential("club_id", "c1").credential("club_secret", "s1"));
    assert!(client.machine().reserve().day("monday").send().await.is_ok());
    assert!(client.machine().release().send().await.is_ok());
    let client = jukebox(&server, |it| it.credential("club_id", "c1").credential("club_secret", "revoked-1"));
    for status in [
        client.machine().reserve().day("monday").send().await.unwrap_err().status(),
        client.machine().release().send().await.unwrap_err().status(),
    ] {
        assert_eq!(status.map(|it| it.as_u16()), Some(401));
    }
}

#[tokio::test]
async fn a_constant_of_the_body_says_which_operation_is_meant() {
    let server = serve_jukebox().await;
    let client = jukebox(&server, |it| it.basic_auth("box-1", "pass:word"));
    client.machine().play().id(1).params(["r1"]).send().await.unwrap();
    client.machine().coins().id(2).send().await.unwrap();
    let operations: Vec<_> = server.requests().into_iter().filter_map(|it| it.operation).collect();
    assert!(operations.iter().map(|it| &**it).eq(["machine.play", "machine.coins"]), "{operations:?}");
}
