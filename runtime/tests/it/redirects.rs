//! Tests redirects over real sockets, through both transports, with their own handling of redirects turned off and on.

use std::net::TcpListener;
use std::sync::LazyLock;

use specwright_runtime::{Client, ErrorKind, Ureq};

use crate::api::{API, Content, Create, List};
use crate::server::{Server, Step, answer, says};

/// Creating one takes longer than a test.
static STAYS: LazyLock<reqwest::Client> = LazyLock::new(|| {
    reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap()
});
static FOLLOWS: LazyLock<reqwest::Client> = LazyLock::new(|| reqwest::Client::builder().no_proxy().build().unwrap());

const KEY: &str = "very-secret";

fn away(status: u16, location: &str) -> Step {
    says(format!("HTTP/1.1 {status} Said\r\nlocation: {location}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"))
}

fn sound() -> Step {
    answer(200, "audio/mpeg", "abc")
}

/// Clients whose key is in a standard header and in a custom one.
fn clients(url: &str) -> [(&'static str, Client); 4] {
    let builder = || Client::builder(&API).api_key(KEY).header("x-api-key", KEY).base_url(url);
    let agent = |most| Ureq::from(ureq::Agent::config_builder().proxy(None).max_redirects(most).build().new_agent());
    [
        ("reqwest", builder().http_client(STAYS.clone())),
        ("reqwest that follows", builder().http_client(FOLLOWS.clone())),
        ("ureq", builder().blocking().transport(agent(0))),
        ("ureq that follows", builder().blocking().transport(agent(10))),
    ]
    .map(|(name, builder)| (name, builder.build().unwrap()))
}

#[tokio::test]
async fn a_download_is_followed_without_the_key() {
    for status in [301, 302, 303, 307, 308] {
        for index in 0..4 {
            let store = Server::new([sound()]);
            let server = Server::new([away(status, &format!("{}/k?sig=1", store.url))]);
            let (name, client) = clients(&server.url).into_iter().nth(index).unwrap();
            let download = client.send(Content).await.unwrap();
            assert_eq!(download.attempts(), 1, "{name}");
            assert_eq!(download.bytes(3).await.unwrap(), "abc", "{name}");
            let asked = server.requests().pop().unwrap();
            assert!(asked.contains(KEY), "{name}: {asked}");
            let asked = store.requests().pop().unwrap();
            assert!(asked.starts_with("GET /k?sig=1 HTTP/1.1\r\n") && asked.contains("accept: audio/mpeg"), "{asked}");
            if (name, status) == ("reqwest that follows", 303) {
                // The only redirect that such a client follows itself, as its documentation says.
                assert!(!asked.contains("authorization"), "{asked}");
                continue;
            }
            let mut names: Vec<_> = asked.lines().skip(1).filter_map(|it| Some(it.split_once(':')?.0)).collect();
            names.sort_unstable();
            assert_eq!(names, ["accept", "host"], "{name}, {status}: {asked}");
        }
    }
}

#[tokio::test]
async fn a_download_keeps_its_key_on_its_origin() {
    for index in 0..4 {
        let server = Server::new([away(302, "/store?k=1"), away(307, "deeper/../7"), sound()]);
        let (name, client) = clients(&server.url).into_iter().nth(index).unwrap();
        assert_eq!(client.send(Content).await.unwrap().bytes(3).await.unwrap(), "abc", "{name}");
        let requests = server.requests();
        let targets: Vec<_> = requests.iter().map(|it| it.split(' ').nth(1).unwrap()).collect();
        assert_eq!(targets, ["/tapes/7/content", "/store?k=1", "/7"], "{name}");
        assert!(requests.iter().all(|it| it.contains("authorization: Bearer very-secret")), "{name}: {requests:?}");
    }
}

#[tokio::test]
async fn redirects_that_cannot_be_followed_are_reported() {
    for index in 0..4 {
        let steps = [
            away(302, "ftp://127.0.0.1/"),
            says("HTTP/1.1 302 Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"),
            away(302, "/tapes/7/content"),
        ];
        let server = Server::new(steps);
        let (name, client) = clients(&server.url).into_iter().nth(index).unwrap();
        for words in ["not http or https", "without saying where", "in a circle"] {
            let error = client.send(Content).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::UnexpectedStatus, "{name}: {error:?}");
            assert!(error.message().contains(words), "{name}: {error}");
        }
        server.requests();
    }
}

#[tokio::test]
async fn other_calls_report_the_target_of_a_redirect() {
    for (index, (name, _)) in clients("http://127.0.0.1:1").into_iter().enumerate() {
        let server = Server::new([away(307, "https://elsewhere.test/k?sig=1"), away(301, "https://elsewhere.test/k")]);
        let (_, client) = clients(&server.url).into_iter().nth(index).unwrap();
        let error = client.send(Create("a")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedStatus, "{name}: {error:?}");
        let words = "the server redirects to https://elsewhere.test, which is not followed; check the base URL";
        assert_eq!(error.message(), words, "{name}");
        // Whether such a client follows the redirect of a read is up to the client.
        if name != "reqwest that follows" {
            assert_eq!(client.send(List).await.unwrap_err().message(), words, "{name}");
            server.requests();
        }
    }
}

#[tokio::test]
async fn a_create_that_was_redirected_to_a_closed_port_was_processed() {
    // Bound and closed again, so nothing listens there.
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for status in [301, 302, 303, 307, 308] {
        for index in 0..4 {
            let server = Server::new([away(status, &format!("http://{closed}/k"))]);
            let (name, client) = clients(&server.url).into_iter().nth(index).unwrap();
            let error = client.send(Create("a")).await.unwrap_err();
            assert!(!error.is_connect() && error.attempts() == 1, "{name}, {status}: {error:?}");
            assert_eq!(server.requests().len(), 1, "{name}, {status}");
        }
    }
}
