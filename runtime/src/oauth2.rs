//! Access tokens of OAuth 2 (RFC 6749): what a client proves itself with, and how it asks a token server.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use http::{HeaderValue, Method};
use serde_json::Value;

use crate::clock::{Clock, within};
use crate::operation::{ClientAuthentication, Grant, OAuth2Spec};
use crate::redact::Secrets;
use crate::response::{RequestUrl, ResponseHead};
use crate::retry::jitter;
use crate::token::{FetchToken, Token};
use crate::transport::{Body, Patience, SendOptions, Transport, TransportErrorKind};
use crate::{
    Api, Error, ErrorKind, Operation, Result, RetryPolicy, Secret, StatusKind, TransportError, reading, status,
};

/// The largest answer that is read.
const MOST_BYTES: usize = 1 << 20;

/// The API of a token server.
static TOKEN_API: Api =
    Api { name: "oauth2", error_message: &["/error_description", "/error"], error_code: &["/error"], ..Api::EMPTY };

static TOKEN: Operation = Operation::post(&TOKEN_API, "oauth2.token", "").auth(&[]);

type OnRefreshToken = Arc<dyn Fn(&Secret) + Send + Sync>;

/// What a client proves itself with to get access tokens of OAuth 2. `Debug` shows no secret.
///
/// ```
/// # use specwright_runtime::OAuth2;
/// let app = OAuth2::new("my-app").client_secret("…");
/// let listener = OAuth2::new("my-app").client_secret("…").refresh_token("…");
/// ```
#[derive(Clone)]
#[must_use]
pub struct OAuth2 {
    pub(crate) client_id: String,
    pub(crate) client_secret: Option<Secret>,
    pub(crate) refresh_token: Option<Secret>,
    pub(crate) token_url: Option<String>,
    pub(crate) scopes: Option<String>,
    pub(crate) on_refresh_token: Option<OnRefreshToken>,
}

impl OAuth2 {
    /// The id of the client, which many APIs call an app.
    pub fn new(client_id: impl Into<String>) -> Self {
        let client_id = client_id.into().trim().to_owned();
        let (client_secret, refresh_token, token_url) = (None, None, None);
        Self { client_id, client_secret, refresh_token, token_url, scopes: None, on_refresh_token: None }
    }

    /// Sets the secret of the client.
    pub fn client_secret(mut self, secret: impl Into<Secret>) -> Self {
        self.client_secret = Some(secret.into());
        self
    }

    /// Sets the refresh token that the consent of a user has brought.
    pub fn refresh_token(mut self, token: impl Into<Secret>) -> Self {
        self.refresh_token = Some(token.into());
        self
    }

    /// Fetches tokens from another URL than the one that the API documents.
    pub fn token_url(mut self, url: impl Into<String>) -> Self {
        self.token_url = Some(url.into());
        self
    }

    /// Asks for these scopes instead of those that the API's spec lists.
    pub fn scopes<S: AsRef<str>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        let scopes: Vec<_> = scopes.into_iter().map(|it| it.as_ref().to_owned()).collect();
        self.scopes = Some(scopes.join(" "));
        self
    }

    /// Calls a function with each refresh token that the server sends in place of the one before, which may be good for
    /// nothing then. Use it to save the token for the next start of the program.
    pub fn on_refresh_token(mut self, save: impl Fn(&Secret) + Send + Sync + 'static) -> Self {
        self.on_refresh_token = Some(Arc::new(save));
        self
    }
}

impl fmt::Debug for OAuth2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuth2").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

/// Fetches tokens from a token server.
pub(crate) struct TokenServer {
    pub(crate) spec: &'static OAuth2Spec,
    pub(crate) with: OAuth2,
    /// The refresh token of this moment; a server may replace it.
    pub(crate) refresh_token: Mutex<Option<Secret>>,
    pub(crate) url: String,
    pub(crate) agent: Option<HeaderValue>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry: RetryPolicy,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl TokenServer {
    /// Asks for a token, and asks again after failures that pass. A refresh token that a lost answer has replaced is lost
    /// either way.
    pub(crate) fn fetch(self: &Arc<Self>) -> FetchToken {
        let server = Arc::clone(self);
        Box::pin(async move {
            let mut attempt = 0;
            loop {
                attempt += 1;
                let error = match server.ask(attempt).await {
                    Ok(token) => return Ok(token),
                    Err(error) => error,
                };
                let wait =
                    error.retry_after().unwrap_or_else(|| jitter(&*server.clock, server.retry.max_backoff(attempt)));
                if attempt > server.retry.max_retries || !error.is_transient() || wait > server.retry.max_wait {
                    return Err(error);
                }
                server.clock.sleep(wait).await;
            }
        })
    }

    async fn ask(&self, attempt: u32) -> Result<Token> {
        let (request, secrets) = self.request()?;
        let options = SendOptions { timeout: self.timeout, ..SendOptions::default() };
        let exchange = Box::pin(async {
            let (head, body) = self.transport.send(request, options).await.map_err(unanswered)?.into_parts();
            let (body, _) = body.collect_most(MOST_BYTES, &|| false, Patience::None).await;
            Ok((head, body))
        });
        let late = || Err(Error::new(ErrorKind::Timeout, "the token server did not answer in time"));
        let (head, body) = within(&*self.clock, self.timeout, exchange).await.unwrap_or_else(late)?;
        let meta = ResponseHead {
            operation: &TOKEN,
            status: head.status,
            headers: head.headers,
            warnings: Vec::new(),
            attempts: attempt,
            is_redirected: false,
            url: RequestUrl::default(),
            secrets,
        };
        if !meta.status.is_success() {
            return Err(refused(status::error(&meta, body, self.clock.system_time())));
        }
        self.read(&meta, body)
    }

    fn request(&self) -> Result<(http::Request<Body>, Secrets)> {
        let refresh_token = self.refresh_token.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let secret = self.with.client_secret.as_ref();
        let mut form = String::new();
        let mut field = |name: &str, value: &str| {
            let mark = if form.is_empty() { "" } else { "&" };
            form.push_str(&format!("{mark}{name}={}", form_encoded(value)));
        };
        match (self.spec.grant, &refresh_token) {
            (Grant::RefreshToken, Some(token)) => {
                field("grant_type", "refresh_token");
                field("refresh_token", token.expose());
            }
            (Grant::ClientCredentials | Grant::RefreshToken, _) => field("grant_type", "client_credentials"),
        }
        let own = self.spec.scopes.join(" ");
        let scopes = self.with.scopes.as_deref().unwrap_or(&own);
        if !scopes.is_empty() {
            field("scope", scopes);
        }
        let id = &self.with.client_id;
        let mut authorization = None;
        match (self.spec.client_authentication, secret) {
            (ClientAuthentication::Basic, Some(secret)) => authorization = Some(basic(id, secret)),
            (ClientAuthentication::Body, Some(secret)) => {
                field("client_id", id);
                field("client_secret", secret.expose());
            }
            (ClientAuthentication::None, _) | (_, None) => field("client_id", id),
        }
        for (name, value) in self.spec.parameters {
            field(name, value);
        }
        let mut request = http::Request::new(Body::from_bytes(form));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.url.parse().map_err(|_| Error::config("the URL of the token server is malformed"))?;
        let headers = request.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        if let Some(agent) = &self.agent {
            headers.insert(USER_AGENT, agent.clone());
        }
        if let Some(value) = &authorization {
            let malformed = |why| Error::config(format!("the id or the secret of the client is malformed: {why}"));
            headers.insert(AUTHORIZATION, value.header_value("Basic ").map_err(malformed)?);
        }
        let secrets = [secret, refresh_token.as_ref(), authorization.as_ref()];
        let secrets = Secrets::new(secrets.into_iter().flatten().map(Secret::to_bytes).collect());
        Ok((request, secrets))
    }

    fn read(&self, meta: &ResponseHead, body: Bytes) -> Result<Token> {
        // The answer is not shown, since it may hold a token.
        let unread = |message| Error::new(ErrorKind::Decode, message);
        let answer = reading::read(&body).map_err(|_| unread("the answer of the token server is not JSON"))?;
        let text = |name: &str| answer.get(name).and_then(Value::as_str).filter(|it| !it.trim().is_empty());
        let Some(token) = text("access_token") else {
            // Some servers report errors with a status of success.
            return Err(match text("error") {
                Some(_) => refused(status::error(meta, body, self.clock.system_time())),
                None => unread("the answer of the token server has no `access_token`"),
            });
        };
        if let Some(next) = text("refresh_token") {
            self.replace_refresh_token(next.into());
        }
        // Some servers send the number as text.
        let seconds = answer.get("expires_in").and_then(|it| it.as_f64().or_else(|| it.as_str()?.trim().parse().ok()));
        let lifetime = seconds.and_then(|it| Duration::try_from_secs_f64(it).ok());
        Ok(Token { secret: token.into(), lifetime })
    }

    /// Keeps a refresh token that replaces the one before.
    fn replace_refresh_token(&self, token: Secret) {
        let mut held = self.refresh_token.lock().unwrap_or_else(PoisonError::into_inner);
        if held.as_ref().is_some_and(|it| it.expose() == token.expose()) {
            return;
        }
        *held = Some(token.clone());
        drop(held);
        if let Some(save) = &self.with.on_refresh_token {
            save(&token);
        }
    }
}

/// The error of a request without an answer.
fn unanswered(error: TransportError) -> Error {
    let kind = match error.kind() {
        TransportErrorKind::NotSent | TransportErrorKind::Refused => ErrorKind::Connect,
        TransportErrorKind::Timeout => ErrorKind::Timeout,
        TransportErrorKind::Broken => ErrorKind::Transport,
        TransportErrorKind::Invalid => ErrorKind::Config,
    };
    Error::new(kind, "the token server cannot be reached").because(error)
}

/// What a token server refuses for good is a matter of the credential, whatever status it sends.
fn refused(mut error: Error) -> Error {
    if matches!(error.kind(), ErrorKind::Api(_) | ErrorKind::UnexpectedStatus | ErrorKind::Decode)
        && !error.is_transient()
    {
        error.inner_mut().kind = Some(ErrorKind::Api(StatusKind::Authentication));
    }
    error
}

/// The client's id and secret for HTTP basic authentication, each encoded as in a form before (RFC 6749, 2.3.1).
fn basic(id: &str, secret: &Secret) -> Secret {
    use base64::Engine as _;
    let pair = Secret::from(format!("{}:{}", form_encoded(id), form_encoded(secret.expose())));
    base64::engine::general_purpose::STANDARD.encode(pair.expose()).into()
}

/// Text in a form, percent-encoded.
fn form_encoded(text: &str) -> String {
    let is_plain = |it: u8| it.is_ascii_alphanumeric() || b"-._~".contains(&it);
    let encoded = |it: u8| if is_plain(it) { char::from(it).to_string() } else { format!("%{it:02X}") };
    text.bytes().map(encoded).collect()
}
