//! Tests the faults that can occur between a client and a server, each on a real socket.

use std::time::Duration;

use rt::{ErrorKind, RetryPolicy};
use tokio::net::TcpSocket;

use super::*;
use crate::support::{chain, direct};

/// The errors of both clients, without retries.
async fn once(server: &Server) -> (rt::Error, rt::Error) {
    let anime = set_up(animeapi::Client::builder(), server).retry(RetryPolicy::none()).build().unwrap();
    let run = set_up(runanything::Client::builder(), server).retry(RetryPolicy::none()).build().unwrap();
    (draw(&anime).await.unwrap_err(), look(&run).await.unwrap_err())
}

#[tokio::test]
async fn nobody_listens() {
    // Bound but not listening, so that no other process gets the port meanwhile.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let clock = SkippingClock::new();
    let client = animeapi::Client::builder()
        .api_key(KEY)
        .base_url(format!("http://{}", socket.local_addr().unwrap()))
        .http_client(direct())
        .clock(clock.clone())
        .build()
        .unwrap();
    let error = draw(&client).await.unwrap_err();
    assert!(error.is_connect() && error.is_transient(), "{}", chain(&error));
    // The server certainly did not see the request, so even a create was retried, with growing waits.
    assert_eq!((error.attempts(), clock.waits()), (3, vec![Duration::from_millis(500), Duration::from_secs(1)]));
    assert_eq!((error.status(), error.body()), (None, None));
    let told = chain(&error);
    assert!(told.starts_with("`images.generate`: no connection"), "{told}");
    assert!(!told.contains("127.0.0.1:") || !told.contains("/api/generate"), "the URL is not shown: {told}");
}

#[tokio::test]
async fn the_connection_is_cut_before_any_byte() {
    let server = Server::answering([Answer::cut()]).await;
    let (create, read) = once(&server).await;
    for error in [create, read] {
        assert_eq!(error.kind(), ErrorKind::Transport, "{}", chain(&error));
        assert_eq!(error.status(), None);
    }
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn the_body_is_cut() {
    let server = Server::answering([image().truncated().header("x-served-by", "a")]).await;
    let (create, read) = once(&server).await;
    for error in [create, read] {
        assert_eq!(error.kind(), ErrorKind::Transport, "{}", chain(&error));
        assert_eq!(error.headers().unwrap()["x-served-by"], "a", "the head arrived");
    }
    // The status of an error is enough.
    let server = Server::answering([Answer::json(401, &json!({"error": "no"})).truncated()]).await;
    let (create, read) = once(&server).await;
    assert!(create.is_authentication() && read.is_authentication());
}

#[tokio::test]
async fn bodies_of_the_wrong_form() {
    let page = "<!doctype html><html><head><title>Welcome to nginx!</title></head></html>";
    for (body, kind, says) in [
        ("{\"image_url\": ", "application/json", ""),
        ("nonsense", "application/json", "not JSON"),
        (page, "text/html", "not JSON"),
        ("", "application/json", "empty"),
        ("[]", "application/json", "expected an object at the top, found an array"),
        ("{}", "application/json", "found nothing"),
        ("{\"image_url\": 5, \"status\": 5}", "application/json", "expected a string at /"),
        ("\u{feff}{}", "application/json", "found nothing"),
    ] {
        let server = Server::answering([Answer::new(200, body).header("content-type", kind)]).await;
        let (create, read) = once(&server).await;
        for error in [create, read] {
            let told = chain(&error);
            assert!(error.is_decode() && told.contains(says), "{body}: {told}");
            assert_eq!((error.status().unwrap().as_u16(), &*error.body_text()), (200, body));
            assert!(!error.is_transient());
        }
        assert_eq!(server.count(), 2, "{body}");
    }
}

#[tokio::test]
async fn success_without_a_body() {
    let server = Server::answering([Answer::new(204, "")]).await;
    let (create, read) = once(&server).await;
    for error in [create, read] {
        assert!(error.is_decode() && error.message() == "the body is empty", "{error}");
        assert_eq!(error.status().unwrap().as_u16(), 204);
    }
}

#[tokio::test]
async fn the_title_of_an_error_page_is_shown() {
    let page = "<html>\n<head><TITLE>502 Bad\n Gateway</TITLE></head><body>nginx</body></html>";
    let server = Server::answering([Answer::new(502, page).header("content-type", "text/html")]).await;
    let (create, _) = once(&server).await;
    assert_eq!(create.to_string(), "`images.generate`: server error: 502 Bad Gateway (status 502)");
    assert_eq!((create.code(), create.body_json(), &*create.body_text()), (None, None, page));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let target = Server::answering([image()]).await;
    let server = Server::answering([Answer::new(302, "").header("location", &target.url())]).await;
    let (create, _) = once(&server).await;
    assert_eq!(create.kind(), ErrorKind::UnexpectedStatus);
    assert!(create.to_string().contains("redirect"), "{create}");
    assert_eq!(target.count(), 0);
}

#[tokio::test]
async fn the_answer_is_larger_than_the_limit() {
    let long = json!({"image_url": "x".repeat(2_000)});
    for status in [200, 500] {
        let server = Server::answering([Answer::json(status, &long)]).await;
        let client = set_up(animeapi::Client::builder(), &server)
            .max_answer_bytes(1_000)
            .retry(RetryPolicy::none())
            .build()
            .unwrap();
        let error = draw(&client).await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), status);
        if status == 200 {
            assert_eq!(error.kind(), ErrorKind::AnswerTooLarge);
            assert!(error.to_string().contains("more than 1000 bytes"), "{error}");
        } else {
            assert_eq!(error.kind(), ErrorKind::Api(rt::StatusKind::Server));
        }
    }
    let body = image();
    let server = Server::answering([body]).await;
    let client = set_up(animeapi::Client::builder(), &server).max_answer_bytes(200).build().unwrap();
    draw(&client).await.unwrap();
}

#[tokio::test]
async fn the_body_does_not_end() {
    let server = Server::answering([image().stalled()]).await;
    let client = set_up(animeapi::Client::builder(), &server).timeout(Duration::from_millis(50)).build().unwrap();
    let error = draw(&client).await.unwrap_err();
    assert!(error.is_timeout() && error.to_string().contains("50ms, the limit of one attempt"), "{error}");
    assert_eq!(error.attempts(), 1, "a create is not retried, because the server may have processed it");
}

#[tokio::test]
async fn no_answer_comes() {
    let server = Server::answering([Answer::silent()]).await;
    let client = set_up(runanything::Client::builder(), &server)
        .retry(RetryPolicy::new().delays(Duration::from_millis(1), Duration::from_millis(1)))
        .build()
        .unwrap();
    let error = client.status().check("t").send().with_timeout(Duration::from_millis(30)).await.unwrap_err();
    assert!(error.is_timeout() && error.attempts() == 3, "a read is retried: {error}");

    let call = client.status().check("t").send().with_total_timeout(Duration::from_millis(30));
    let error = call.await.unwrap_err();
    assert!(error.is_timeout() && error.to_string().contains("the limit of the call"), "{error}");
    assert_eq!(error.attempts(), 1);
}
