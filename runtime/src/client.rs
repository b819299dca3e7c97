//! The client: what all calls have in common.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::base_url;
use crate::clock::{Clock, TokioClock};
use crate::redact::{self, Secrets};
use crate::transport::Transport;
use crate::{Api, Call, Error, Operation, Request, Result, RetryPolicy, Secret, Validation};

/// A client of one API, with servers, credentials, limits and a transport.
///
/// Cloning is cheap and shares everything. It is `Send`, `Sync` and `'static`.
#[derive(Clone)]
pub struct Client {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) api: &'static Api,
    pub(crate) servers: Vec<String>,
    pub(crate) credentials: Vec<Option<Secret>>,
    pub(crate) headers: HeaderMap,
    /// What no text of a server may show: the credentials, and the headers that hold some.
    pub(crate) secrets: Secrets,
    pub(crate) limits: Limits,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
}

/// Settings of a client that are plain values.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) validation: Validation,
    pub(crate) timeout: Option<Duration>,
    pub(crate) total_timeout: Option<Duration>,
    pub(crate) idle_timeout: Option<Duration>,
    pub(crate) retry: RetryPolicy,
    pub(crate) max_answer: usize,
    pub(crate) max_event: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            validation: Validation::Strict,
            timeout: Some(Duration::from_secs(120)),
            total_timeout: Some(Duration::from_secs(600)),
            idle_timeout: Some(Duration::from_secs(120)),
            retry: RetryPolicy::default(),
            max_answer: 32 * 1024 * 1024,
            max_event: 8 * 1024 * 1024,
        }
    }
}

impl Client {
    /// Creates a client from the environment: each credential from its variable, and the base URL from `<API>_BASE_URL`
    /// if that is set.
    ///
    /// # Errors
    /// Fails if no credential is set, if a value is malformed, or if the base URL is `http://` on another machine. The
    /// error names the variable.
    pub fn from_env(api: &'static Api) -> Result<Self> {
        ClientBuilder::<Self>::new(api).env().build()
    }

    /// Creates a client with the default credential.
    ///
    /// # Errors
    /// Fails if the key is malformed, or if the transport cannot be set up.
    pub fn new(api: &'static Api, key: impl Into<Secret>) -> Result<Self> {
        ClientBuilder::<Self>::new(api).api_key(key).build()
    }

    /// Creates a builder for custom settings.
    pub fn builder(api: &'static Api) -> ClientBuilder<Self> {
        ClientBuilder::new(api)
    }

    /// The API of this client.
    #[must_use]
    pub fn api(&self) -> &'static Api {
        self.shared.api
    }

    /// The base URL of a server, by name; see [`Api::servers`].
    #[must_use]
    pub fn base_url(&self, server: &str) -> Option<&str> {
        let index = self.shared.api.servers.iter().position(|it| it.0 == server)?;
        self.shared.servers.get(index).map(String::as_str)
    }

    /// A call with its own options.
    #[must_use]
    pub fn call(&self) -> Call {
        Call::new(self.clone())
    }

    /// Checks, sends and reads.
    ///
    /// # Errors
    /// See [`ErrorKind`](crate::ErrorKind).
    pub async fn send<R: Request>(&self, request: R) -> Result<R::Reply> {
        self.call().send(request).await
    }

    /// The authentication header.
    pub(crate) fn authorization(
        &self,
        operation: &'static Operation,
        another: Option<&str>,
    ) -> Result<Option<(&'static str, HeaderValue)>> {
        let Some((credential, scheme)) = operation.auth else { return Ok(None) };
        let api = self.shared.api;
        let (Some(known), Some(secret)) = (api.credentials.get(credential), self.shared.credentials.get(credential))
        else {
            return Err(Error::config(format!("the API has no credential {credential}")).of(operation));
        };
        let Some(secret) = secret else {
            return Err(Error::config(missing(known, credential)).of(operation));
        };
        let scheme = match another {
            Some(name) => known.schemes.iter().find(|it| it.name == name),
            None => known.schemes.get(scheme),
        };
        let Some(scheme) = scheme else {
            let names: Vec<_> = known.schemes.iter().map(|it| it.name).collect();
            let asked = another.unwrap_or_default();
            let message =
                format!("credential `{}` has no way `{asked}` to be sent; there are: {}", known.name, names.join(", "));
            return Err(Error::config(message).of(operation));
        };
        let value = secret.header_value(scheme.prefix).map_err(|why| malformed(known, why).of(operation))?;
        Ok(Some((scheme.header, value)))
    }
}

impl Shared {
    /// Fails if futures are polled only once, but this client's would have to wait.
    #[cfg(feature = "blocking")]
    pub(crate) fn may_be_polled(&self) -> Result<()> {
        crate::blocking::may_poll(&*self.clock)
    }

    #[cfg(not(feature = "blocking"))]
    #[allow(clippy::unnecessary_wraps, clippy::unused_self, reason = "its twin fails")]
    pub(crate) fn may_be_polled(&self) -> Result<()> {
        Ok(())
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let it = &*self.shared;
        f.debug_struct("Client").field("api", &it.api.name).field("servers", &it.servers).finish_non_exhaustive()
    }
}

fn missing(credential: &crate::Credential, index: usize) -> String {
    let name = credential.name;
    let method = if index == 0 { "api_key(…)".to_owned() } else { format!("credential(\"{name}\", …)") };
    format!(
        "credential `{name}` is missing: set the environment variable {}, or call `ClientBuilder::{method}`",
        credential.env
    )
}

fn malformed(credential: &crate::Credential, why: &str) -> Error {
    Error::config(format!(
        "credential `{}` (environment variable {}) is malformed: {why}",
        credential.name, credential.env
    ))
}

/// Settings of a client. `C` is the type that [`build`](Self::build) returns: the client of a generated crate.
///
/// `build` reports the faults of all settings, so that calls can be chained.
#[must_use]
pub struct ClientBuilder<C = Client> {
    settings: Box<Settings>,
    makes: PhantomData<fn() -> C>,
}

struct Settings {
    api: &'static Api,
    servers: Vec<Option<String>>,
    credentials: Vec<Option<Secret>>,
    headers: HeaderMap,
    user_agent: Option<String>,
    limits: Limits,
    transport: Option<Arc<dyn Transport>>,
    clock: Option<Arc<dyn Clock>>,
    /// Whether other machines may be called without encryption.
    insecure: bool,
    /// The environment variable that the base URL came from.
    variable: Option<String>,
    fault: Option<Error>,
}

impl<C> ClientBuilder<C> {
    /// Starts without credentials, and with defaults for everything else.
    pub fn new(api: &'static Api) -> Self {
        let settings = Settings {
            api,
            servers: vec![None; api.servers.len()],
            credentials: vec![None; api.credentials.len()],
            headers: HeaderMap::new(),
            user_agent: None,
            limits: Limits::default(),
            transport: None,
            clock: None,
            insecure: false,
            variable: None,
            fault: None,
        };
        Self { settings: Box::new(settings), makes: PhantomData }
    }

    /// Reads credentials and the base URL from the environment unless they are set already. At least one credential
    /// must be set then.
    pub fn env(self) -> Self {
        self.env_from(|name| std::env::var(name).ok())
    }

    /// As [`env`](Self::env), but looks names up elsewhere.
    pub fn env_from(mut self, look_up: impl Fn(&str) -> Option<String>) -> Self {
        self.settings.env(&look_up);
        self
    }

    /// Sets the default credential.
    pub fn api_key(mut self, key: impl Into<Secret>) -> Self {
        self.settings.credential(0, key.into());
        self
    }

    /// Sets a credential by name; see [`Api::credentials`].
    pub fn credential(mut self, name: &str, secret: impl Into<Secret>) -> Self {
        let known = self.settings.api.credentials;
        match known.iter().position(|it| it.name == name) {
            Some(index) => self.settings.credential(index, secret.into()),
            None => {
                let names: Vec<_> = known.iter().map(|it| it.name).collect();
                self.settings.fault(format!("no credential is called `{name}`; there are: {}", names.join(", ")));
            }
        }
        self
    }

    /// Sets the base URL of the whole API. The API's other servers keep their paths under it. It must be `https://`,
    /// unless it is on this machine: see [`allow_insecure`](Self::allow_insecure).
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.settings.base_url(&url.into());
        self
    }

    /// The base URL of a server, by name; see [`Api::servers`].
    pub fn server(mut self, name: &str, url: impl Into<String>) -> Self {
        match self.settings.api.servers.iter().position(|it| it.0 == name) {
            Some(index) => self.settings.server(index, &url.into()),
            None => self.settings.fault(format!("no server is called `{name}`")),
        }
        self
    }

    /// Allows `http://` base URLs on other machines, which [`build`](Self::build) otherwise refuses: anyone on the
    /// network path can read the credentials and everything that is sent. Use it only on trusted networks, such as a
    /// test network.
    ///
    /// It is not needed for this machine: `localhost`, names that end in `.localhost`, and loopback addresses such as
    /// `127.0.0.1` and `[::1]`.
    pub fn allow_insecure(mut self) -> Self {
        self.settings.insecure = true;
        self
    }

    /// Sets the timeout of one attempt, from connecting to the last byte; for a stream, to the response's headers. The
    /// default is 2 minutes. A response that arrived in time is parsed even if that takes longer, so that nothing is
    /// lost that was paid for. [`max_answer_bytes`](Self::max_answer_bytes) limits how long parsing can take.
    pub fn timeout(mut self, most: Duration) -> Self {
        self.settings.limits.timeout = Some(most);
        self
    }

    /// Sets the timeout of a whole call, including all attempts and the waits between them; for a stream, to its end,
    /// and for a download, to the response's headers. The default is 10 minutes. Waiting for a task has its own
    /// deadline.
    pub fn total_timeout(mut self, most: Duration) -> Self {
        self.settings.limits.total_timeout = Some(most);
        self
    }

    /// Sets the longest time between two pieces of a stream or a download; `None` for no limit but the call's own. The
    /// default is 2 minutes.
    pub fn idle_timeout(mut self, most: impl Into<Option<Duration>>) -> Self {
        self.settings.limits.idle_timeout = most.into();
        self
    }

    /// Removes all timeouts.
    pub fn without_timeouts(mut self) -> Self {
        self.settings.limits.timeout = None;
        self.settings.limits.total_timeout = None;
        self.settings.limits.idle_timeout = None;
        self
    }

    /// Sets the largest response that is read, in bytes; for a stream, the largest total of its events. The default is
    /// 32 MiB. At most 1 MiB of an error response is read in any case.
    pub fn max_answer_bytes(mut self, most: usize) -> Self {
        self.settings.limits.max_answer = most;
        self
    }

    /// Sets the largest event of a stream, in bytes. The default is 8 MiB.
    pub fn max_event_bytes(mut self, most: usize) -> Self {
        self.settings.limits.max_event = most;
        self
    }

    /// Adds to the client's own `user-agent`: `my-app/1.2`.
    pub fn user_agent(mut self, suffix: impl Into<String>) -> Self {
        self.settings.user_agent = Some(suffix.into());
        self
    }

    /// Sends a header with every request.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match header(name, value) {
            Ok((name, value)) => {
                self.settings.headers.insert(name, value);
            }
            Err(fault) => self.settings.keep_first_fault(fault),
        }
        self
    }

    /// Sets whether broken rules are errors. The default is [`Validation::Strict`].
    pub fn validation(mut self, mode: Validation) -> Self {
        self.settings.limits.validation = mode;
        self
    }

    /// Sets how often requests are retried, and after which delays.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.settings.limits.retry = policy;
        self
    }

    /// Sends with this reqwest client and its proxies, certificates and pools. Its retries are not used, and its
    /// redirects only with exceptions: see [`Reqwest`](crate::Reqwest).
    #[cfg(feature = "reqwest")]
    pub fn http_client(self, client: reqwest::Client) -> Self {
        self.transport(crate::Reqwest::from(client))
    }

    /// Makes the client usable without an async runtime: see [`blocking`](crate::blocking). It sends with
    /// [`Ureq`](crate::Ureq) and sleeps with [`BlockingClock`](crate::BlockingClock).
    #[cfg(feature = "blocking")]
    pub fn blocking(self) -> Self {
        self.transport(crate::Ureq::new()).clock(crate::BlockingClock)
    }

    /// Sends with another transport, such as a mock or another HTTP library.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.settings.transport = Some(Arc::new(transport));
        self
    }

    /// Uses another clock, for tests.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.settings.clock = Some(Arc::new(clock));
        self
    }

    /// Builds the client. Nothing is sent.
    ///
    /// # Errors
    /// Fails if a URL, header or credential is malformed, a name is unknown, [`env`](Self::env) did not find the
    /// default credential, there is no transport, or a base URL would send plain text to another machine: see
    /// [`allow_insecure`](Self::allow_insecure).
    pub fn build(self) -> Result<C>
    where
        C: From<Client>,
    {
        self.settings.build().map(C::from)
    }
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder").field("api", &self.settings.api.name).finish_non_exhaustive()
    }
}

impl Settings {
    /// Only the first fault is reported.
    fn keep_first_fault(&mut self, fault: Error) {
        self.fault.get_or_insert(fault);
    }

    fn fault(&mut self, message: String) {
        self.keep_first_fault(Error::config(message));
    }

    fn credential(&mut self, index: usize, secret: Secret) {
        let Some(known) = self.api.credentials.get(index) else {
            return self.fault("the API takes no credential".to_owned());
        };
        if let Some(why) = known.schemes.iter().find_map(|it| secret.header_value(it.prefix).err()) {
            return self.keep_first_fault(malformed(known, why));
        }
        self.credentials[index] = Some(secret);
    }

    fn server(&mut self, index: usize, url: &str) {
        match base_url::checked(url) {
            Ok(url) => self.servers[index] = Some(url),
            Err(why) => self.fault(why.to_owned()),
        }
    }

    fn base_url(&mut self, url: &str) {
        let Some(&(_, first)) = self.api.servers.first() else { return };
        let base = url.trim().trim_end_matches('/');
        self.server(0, url);
        for (index, &(_, own)) in self.api.servers.iter().enumerate().skip(1) {
            let path = own.strip_prefix(first).filter(|it| it.is_empty() || it.starts_with('/'));
            let path = path.unwrap_or_else(|| base_url::path_of(own));
            self.server(index, &format!("{base}{path}"));
        }
    }

    fn env(&mut self, look_up: &dyn Fn(&str) -> Option<String>) {
        let look_up = |name: &str| look_up(name).filter(|it| !it.trim().is_empty());
        let api = self.api;
        for (index, known) in api.credentials.iter().enumerate() {
            if self.credentials[index].is_some() {
                continue;
            }
            if let Some(secret) = look_up(known.env) {
                self.credential(index, secret.into());
            }
        }
        // Any one will do to begin with: a call that needs another says so itself.
        if let Some(first) = api.credentials.first().filter(|_| self.credentials.iter().all(Option::is_none)) {
            self.fault(missing(first, 0));
        }
        if self.servers.iter().all(Option::is_none) {
            let name = format!("{}_BASE_URL", api.name.to_uppercase().replace('-', "_"));
            if let Some(url) = look_up(&name) {
                self.variable = Some(name.clone());
                let was_well = self.fault.is_none();
                self.base_url(&url);
                if let Some(fault) = self.fault.as_mut().filter(|_| was_well) {
                    let inner = fault.inner_mut();
                    inner.message = format!("environment variable {name}: {}", inner.message).into();
                }
            }
        }
    }

    fn build(mut self) -> Result<Client> {
        let mut agent = format!("{}/{}", self.api.name, self.api.version);
        if let Some(suffix) = &self.user_agent {
            agent = format!("{agent} {suffix}");
        }
        match HeaderValue::from_str(&agent) {
            Ok(value) => {
                self.headers.entry(http::header::USER_AGENT).or_insert(value);
            }
            Err(_) => self.fault("the user agent holds a character that a header cannot carry".to_owned()),
        }
        let servers = self.api.servers.iter().zip(std::mem::take(&mut self.servers));
        let servers: Vec<_> = servers.map(|(known, own)| own.unwrap_or_else(|| known.1.to_owned())).collect();
        if let Some(url) = servers.iter().find(|it| !self.insecure && base_url::is_insecure(it)) {
            self.fault(base_url::refusal(url, self.variable.as_deref()));
        }
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let transport = match self.transport {
            Some(transport) => transport,
            None => default_transport()?,
        };
        let mut secrets: Vec<_> = self.credentials.iter().flatten().map(Secret::to_bytes).collect();
        for (name, value) in &self.headers {
            redact::in_header(name.as_str(), value.as_bytes(), &mut secrets);
        }
        Ok(Client {
            shared: Arc::new(Shared {
                api: self.api,
                servers,
                credentials: self.credentials,
                headers: self.headers,
                secrets: Secrets::new(secrets),
                limits: self.limits,
                transport,
                clock: self.clock.unwrap_or_else(|| Arc::new(TokioClock)),
            }),
        })
    }
}

#[cfg(feature = "reqwest")]
fn default_transport() -> Result<Arc<dyn Transport>> {
    let made = crate::Reqwest::new();
    made.map(|it| Arc::new(it) as _).map_err(|it| Error::config("the HTTP client cannot be set up").because(it))
}

#[cfg(not(feature = "reqwest"))]
fn default_transport() -> Result<Arc<dyn Transport>> {
    let help = "there is no transport: turn on a `reqwest-*` feature, or call `ClientBuilder::transport(…)`, or with the \
        feature `blocking` `ClientBuilder::blocking()`";
    Err(Error::config(help))
}

/// A header that the caller set.
pub(crate) fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue)> {
    let Ok(name) = HeaderName::from_bytes(name.as_bytes()) else {
        return Err(Error::config(format!("`{}` is no header name", crate::escape::one_line(name, 40))));
    };
    // The value may be a secret: it is not shown.
    let Ok(mut value) = HeaderValue::from_str(value) else {
        return Err(Error::config(format!(
            "the value of header `{name}` holds a character that a header cannot carry"
        )));
    };
    // Which headers carry secrets is the caller's to know, so none is printed.
    value.set_sensitive(true);
    Ok((name, value))
}
