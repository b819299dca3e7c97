//! Access tokens: fetched once for many calls, before they expire and after they are refused, and never shown.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;

use http::header::AUTHORIZATION;

use super::*;
use crate::transport::SendOptions;
use crate::{
    ClientAuthentication, Grant, OAuth2, OAuth2Spec, Scheme, Signer, Token, TokenError, TokenSource, UnsignedRequest,
};

static APP: OAuth2Spec = OAuth2Spec {
    grant: Grant::ClientCredentials,
    token_url: "https://accounts.radio.test/api/token",
    scopes: &["read", "play"],
    client_authentication: ClientAuthentication::Basic,
    parameters: &[],
    client_id_env: "RADIO_CLIENT_ID",
    client_secret_env: Some("RADIO_CLIENT_SECRET"),
    refresh_token_env: None,
};
static USER: OAuth2Spec = OAuth2Spec {
    grant: Grant::RefreshToken,
    token_url: "/oauth/token",
    scopes: &[],
    client_authentication: ClientAuthentication::Body,
    parameters: &[("audience", "radio")],
    client_id_env: "RADIO_CLIENT_ID",
    client_secret_env: Some("RADIO_CLIENT_SECRET"),
    refresh_token_env: Some("RADIO_REFRESH_TOKEN"),
};
static RADIO: Api = Api {
    name: "radio",
    version: "1.0.0",
    servers: &[("default", "https://radio.test/v1")],
    credentials: &[
        Credential::oauth2("app", &APP, &[Scheme::header("bearer", "Authorization", "Bearer ")]),
        Credential::oauth2("user", &USER, &[Scheme::header("bearer", "Authorization", "Bearer ")]),
        Credential::key("key", "RADIO_KEY", &[Scheme::query("query", "key")]),
    ],
    error_message: &["/message"],
    ..Api::EMPTY
};
static LISTEN: Operation = Operation::get(&RADIO, "radio.listen", "/listen").auth(&[&[(0, 0)], &[(1, 0)]]);

#[derive(Clone, Debug)]
struct Listen;

impl Rules for Listen {}

impl Request for Listen {
    type Reply = Response<()>;
    fn operation(&self) -> &'static Operation {
        &LISTEN
    }
    fn write(&self, out: &mut RequestParts) {
        out.path("/listen");
    }
    fn reply(raw: RawResponse, _: &Client) -> Result<Self::Reply> {
        reply::empty(raw)
    }
}

/// A token server and an API in one, which count.
#[derive(Clone, Debug)]
struct Radio(Arc<Mutex<State>>, VirtualClock);

#[derive(Debug, Default)]
struct State {
    /// The requests for tokens: the URL, the authorization, the body.
    asked: Vec<(String, String, String)>,
    /// The tokens that were sent to the API.
    sent: Vec<String>,
    /// The answers of the token server; afterwards tokens `token-1`, `token-2`, … that live for an hour.
    answers: Vec<(u16, Value)>,
    /// Tokens that the API refuses, with a message that shows them.
    refused: Vec<&'static str>,
    /// How long the token server takes.
    takes: Duration,
}

impl Radio {
    fn new() -> Self {
        Self(Arc::default(), VirtualClock::new())
    }

    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.0.lock().unwrap())
    }

    fn client(&self, set: impl FnOnce(ClientBuilder<Client>) -> ClientBuilder<Client>) -> Client {
        set(Client::builder(&RADIO)).transport(self.clone()).clock(self.1.clone()).build().unwrap()
    }

    fn app(&self) -> Client {
        self.client(|it| it.oauth2("app", OAuth2::new("id").client_secret("s/cret")))
    }

    fn asked(&self) -> usize {
        self.with(|it| it.asked.len())
    }

    fn call(&self, client: &Client) -> Result<Response<()>> {
        self.1.run(client.send(Listen))
    }
}

impl Transport for Radio {
    fn send(
        &self,
        request: http::Request<Body>,
        _: SendOptions,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let authorization = head.headers.get(AUTHORIZATION).map_or("", |it| it.to_str().unwrap()).to_owned();
            let (status, answer) = if head.uri.path().ends_with("/token") {
                let body = String::from_utf8(body.into_bytes().unwrap().to_vec()).unwrap();
                let takes = self.with(|it| {
                    it.asked.push((head.uri.to_string(), authorization, body));
                    it.takes
                });
                self.1.sleep(takes).await;
                self.with(|it| match it.answers.is_empty() {
                    true => {
                        let token = format!("token-{}", it.asked.len());
                        (200, json!({"access_token": token, "token_type": "bearer", "expires_in": 3600}))
                    }
                    false => it.answers.remove(0),
                })
            } else {
                let token = authorization.trim_start_matches("Bearer ").to_owned();
                self.with(|it| {
                    let is_refused = it.refused.contains(&&*token);
                    it.sent.push(token.clone());
                    if is_refused { (401, json!({"message": format!("{token} is expired")})) } else { (200, json!({})) }
                })
            };
            let body = Body::from_bytes(answer.to_string());
            Ok(http::Response::builder().status(status).header("content-type", "application/json").body(body).unwrap())
        })
    }
}

type Running<'f, T> = Pin<Box<dyn Future<Output = T> + 'f>>;

/// Runs futures side by side.
async fn all<T>(futures: Vec<Running<'_, T>>) -> Vec<T> {
    let mut futures: Vec<_> = futures.into_iter().map(|it| (it, None)).collect();
    poll_fn(|context| {
        for (future, output) in futures.iter_mut().filter(|it| it.1.is_none()) {
            if let Poll::Ready(it) = future.as_mut().poll(context) {
                *output = Some(it);
            }
        }
        if futures.iter().any(|it| it.1.is_none()) { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    futures.into_iter().filter_map(|it| it.1).collect()
}

fn calls(clients: &[Client]) -> Vec<Running<'_, Result<Response<()>>>> {
    clients.iter().map(|it| -> Running<'_, _> { Box::pin(it.send(Listen)) }).collect()
}

#[test]
fn many_calls_fetch_one_token() {
    let radio = Radio::new();
    radio.with(|it| it.takes = Duration::from_secs(2));
    let clients = vec![radio.app(); 50];
    assert!(radio.1.run(all(calls(&clients))).iter().all(Result::is_ok));
    assert_eq!(radio.asked(), 1);
    assert_eq!(radio.with(|it| it.sent.clone()), vec!["token-1"; 50]);
    let (url, authorization, body) = radio.with(|it| it.asked[0].clone());
    assert_eq!(url, "https://accounts.radio.test/api/token");
    // `id:s%2Fcret`, as RFC 6749 has it.
    assert_eq!(authorization, "Basic aWQ6cyUyRmNyZXQ=");
    assert_eq!(body, "grant_type=client_credentials&scope=read%20play");
}

#[test]
fn a_token_is_renewed_before_it_expires() {
    let radio = Radio::new();
    let client = radio.app();
    let after = |seconds| radio.1.run(radio.1.sleep(Duration::from_secs(seconds)));
    radio.call(&client).unwrap();
    after(3539);
    radio.call(&client).unwrap();
    assert_eq!(radio.asked(), 1);
    after(1);
    radio.call(&client).unwrap();
    assert_eq!(
        (radio.asked(), radio.with(|it| it.sent.clone())),
        (2, vec!["token-1".into(), "token-1".into(), "token-2".into()])
    );
    // A server that cannot renew it does not end a token that is still good.
    after(3540);
    radio.with(|it| it.answers = vec![(400, json!({"error": "server_busy"}))]);
    radio.call(&client).unwrap();
    assert_eq!(radio.with(|it| it.sent.last().cloned()).unwrap(), "token-2");
    after(60);
    radio.call(&client).unwrap();
    assert_eq!(radio.with(|it| it.sent.last().cloned()).unwrap(), "token-4");
}

#[test]
fn a_refused_token_is_replaced_once() {
    let radio = Radio::new();
    radio.with(|it| it.refused = vec!["token-1"]);
    let client = radio.app();
    let clients = vec![client.clone(); 20];
    let answers = radio.1.run(all(calls(&clients)));
    assert!(answers.iter().all(|it| it.as_ref().is_ok_and(|it| it.attempts() <= 2)));
    assert_eq!(radio.asked(), 2);
    assert_eq!(radio.1.passed(), Duration::ZERO, "nothing is waited for");
    // What is refused again is an error, and shows no token.
    radio.with(|it| it.refused = vec!["token-2", "token-3"]);
    let error = radio.call(&client).unwrap_err();
    assert!(error.is_authentication());
    assert_eq!((radio.asked(), error.attempts()), (3, 2));
    assert_eq!(error.message(), "[secret] is expired");
    assert!(!format!("{error:?} {client:?}").contains("token-"));
}

#[test]
fn a_failure_is_one_for_all_who_wait() {
    let radio = Radio::new();
    radio.with(|it| {
        it.takes = Duration::from_secs(1);
        it.answers = vec![(401, json!({"error": "invalid_client", "error_description": "Unknown client s/cret"}))];
    });
    let clients = vec![radio.app(); 10];
    let errors = radio.1.run(all(calls(&clients)));
    assert_eq!((radio.asked(), radio.with(|it| it.sent.len())), (1, 0));
    for error in errors {
        let error = error.unwrap_err();
        assert!(error.is_authentication());
        assert_eq!(error.attempts(), 0);
        let message = "there is no access token for credential `app`: Unknown client [secret] (invalid_client)";
        assert_eq!(error.message(), message);
    }
    // The next call asks again, and again after a failure that passes.
    radio.with(|it| it.answers = vec![(503, json!({}))]);
    radio.call(&clients[0]).unwrap();
    assert_eq!(radio.asked(), 3);
}

#[test]
fn a_call_that_is_dropped_loses_no_token() {
    let radio = Radio::new();
    radio.with(|it| it.takes = Duration::from_secs(5));
    let client = radio.app();
    let error = radio.1.run(client.call().start(Listen).with_total_timeout(Duration::from_secs(1))).unwrap_err();
    assert!(error.is_timeout(), "{error}");
    radio.call(&client).unwrap();
    assert_eq!((radio.asked(), radio.with(|it| it.sent.clone())), (1, vec!["token-1".to_owned()]));
}

#[test]
fn a_refresh_token_may_be_replaced() {
    let radio = Radio::new();
    let saved = Arc::new(Mutex::new(Vec::new()));
    let save = Arc::clone(&saved);
    radio
        .with(|it| it.answers = vec![(200, json!({"access_token": "a", "refresh_token": "next", "expires_in": "60"}))]);
    let with = OAuth2::new("id").client_secret("s").refresh_token("first");
    let with = with.on_refresh_token(move |it| save.lock().unwrap().push(it.expose().to_owned()));
    let client = radio.client(|it| it.oauth2("user", with));
    radio.call(&client).unwrap();
    radio.1.run(radio.1.sleep(Duration::from_secs(55)));
    radio.call(&client).unwrap();
    let asked = radio.with(|it| it.asked.clone());
    let ends = "client_id=id&client_secret=s&audience=radio";
    assert_eq!(asked[0].2, format!("grant_type=refresh_token&refresh_token=first&{ends}"));
    assert_eq!(asked[1].2, format!("grant_type=refresh_token&refresh_token=next&{ends}"));
    assert_eq!((&*asked[0].0, &*asked[0].1), ("https://radio.test/v1/oauth/token", ""));
    assert_eq!(*saved.lock().unwrap(), ["next"]);
}

#[test]
fn the_environment_and_the_base_url() {
    let radio = Radio::new();
    let env = |pairs: &'static [(&str, &str)]| {
        let look_up = |name: &str| pairs.iter().find(|it| it.0 == name).map(|it| it.1.to_owned());
        Client::builder(&RADIO).env_from(look_up).transport(radio.clone()).clock(radio.1.clone()).build()
    };
    let client =
        env(&[("RADIO_CLIENT_ID", "id"), ("RADIO_CLIENT_SECRET", "s"), ("RADIO_BASE_URL", "http://localhost:1/v1")]);
    radio.call(&client.unwrap()).unwrap();
    assert_eq!(radio.with(|it| it.asked[0].0.clone()), "http://localhost:1/v1/api/token");
    let error = env(&[("RADIO_CLIENT_ID", "id")]).unwrap_err();
    assert_eq!(error.message(), "RADIO_CLIENT_ID is set, but RADIO_CLIENT_SECRET is not");
    let error = env(&[]).unwrap_err();
    assert!(
        error.message().contains("RADIO_CLIENT_ID, RADIO_CLIENT_SECRET, or call `ClientBuilder::oauth2(\"app\", …)`"),
        "{error}"
    );
    let fault = |set: fn(ClientBuilder<Client>) -> ClientBuilder<Client>| {
        set(Client::builder(&RADIO)).transport(radio.clone()).build().unwrap_err().message().to_owned()
    };
    assert_eq!(
        fault(|it| it.oauth2("user", OAuth2::new("id").client_secret("s"))),
        "credential `user` lacks a refresh token"
    );
    assert_eq!(fault(|it| it.oauth2("key", OAuth2::new("id"))), "credential `key` is no access token of OAuth 2");
    assert!(fault(|it| it.oauth2("other", OAuth2::new("id"))).starts_with("no credential is named `other`"));
    let plain =
        fault(|it| it.oauth2("app", OAuth2::new("id").client_secret("s").token_url("http://accounts.test/token")));
    assert!(plain.contains("is not encrypted"), "{plain}");
}

/// Counts its fetches, and calls the API from within one if it has a client.
#[derive(Debug, Default)]
struct Own(AtomicU32, Mutex<Option<Client>>);

impl TokenSource for Arc<Own> {
    fn fetch(&self) -> BoxFuture<'_, Result<Token, TokenError>> {
        Box::pin(async {
            let client = self.1.lock().unwrap().clone();
            if let Some(client) = client {
                client.send(Listen).await?;
            }
            match self.0.fetch_add(1, Ordering::Relaxed) {
                0 => Ok(Token::new("mine\n")),
                _ => Err("the file is gone".into()),
            }
        })
    }
}

#[test]
fn tokens_come_from_a_source_of_ones_own() {
    let radio = Radio::new();
    let own = Arc::new(Own::default());
    let client = radio.client(|it| it.token_source("app", Arc::clone(&own)));
    radio.call(&client).unwrap();
    radio.call(&client).unwrap();
    assert_eq!((radio.asked(), own.0.load(Ordering::Relaxed)), (0, 1));
    radio.with(|it| it.refused = vec!["mine"]);
    let error = radio.call(&client).unwrap_err();
    assert!(error.to_string().contains("the source of the token failed: the file is gone"), "{error}");
    // A source that needs its own token is told so, and waits for nothing.
    *own.1.lock().unwrap() = Some(client.clone());
    let error = radio.call(&client).unwrap_err();
    assert!(error.to_string().contains("makes a call that needs the token itself"), "{error}");
    let fault = Client::builder(&RADIO).token_source("key", own).transport(radio.clone()).build().unwrap_err();
    assert_eq!(fault.message(), "credential `key` is not sent in a header, as access tokens are");
}

#[cfg(feature = "blocking")]
#[test]
fn threads_of_a_blocking_client_fetch_one_token() {
    use crate::Blocking as _;
    /// Blocks while it waits.
    #[derive(Debug)]
    struct Slow(Radio);
    impl Transport for Slow {
        fn send(
            &self,
            request: http::Request<Body>,
            options: SendOptions,
        ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
            self.0.send(request, options)
        }
    }
    let radio = Radio::new();
    let builder = Client::builder(&RADIO).oauth2("app", OAuth2::new("id").client_secret("s"));
    let client = builder.transport(Slow(radio.clone())).clock(crate::BlockingClock).build().unwrap();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| client.send(Listen).blocking().is_ok())).collect();
        assert!(threads.into_iter().all(|it| it.join().unwrap()));
    });
    assert_eq!((radio.asked(), radio.with(|it| it.sent.len())), (1, 8));
}

/// Signs what it sees.
#[derive(Debug)]
struct Seal;

impl Signer for Seal {
    fn sign<'a>(&'a self, request: UnsignedRequest<'a>) -> BoxFuture<'a, Result<(), crate::SignError>> {
        Box::pin(async move {
            let body = request.body.ok_or("the body is not known")?;
            let text = format!("{} {} {}", request.head.method, request.head.uri, body.len());
            request.head.headers.insert(AUTHORIZATION, format!("Bearer {}", text.replace(' ', "_")).parse()?);
            Ok(())
        })
    }
}

#[test]
fn a_signer_sees_the_request_and_needs_no_credential() {
    let radio = Radio::new();
    let client = radio.client(|it| it.env_from(|_| None).signer(Seal));
    radio.call(&client).unwrap();
    assert_eq!(radio.with(|it| it.sent.clone()), ["GET_https://radio.test/v1/listen_0"]);
}
