//! The client: what is the same for every call.

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

/// A client of one API: servers, credentials, limits and a transport.
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
    /// With everything from the environment: each credential from its variable, and the base URL from
    /// `<API>_BASE_URL` where it is set.
    ///
    /// # Errors
    /// No credential's variable is set, a value is malformed, or the base URL is `http://` on another machine. The error
    /// names the variable.
    pub fn from_env(api: &'static Api) -> Result<Self> {
        ClientBuilder::<Self>::new(api).env().build()
    }

    /// With the default credential.
    ///
    /// # Errors
    /// The key is malformed, or the transport cannot be set up.
    pub fn new(api: &'static Api, key: impl Into<Secret>) -> Result<Self> {
        ClientBuilder::<Self>::new(api).api_key(key).build()
    }

    /// With settings of its own.
    pub fn builder(api: &'static Api) -> ClientBuilder<Self> {
        ClientBuilder::new(api)
    }

    /// The API that it talks to.
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

    /// A call with options of its own.
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

    /// The header that proves who calls.
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
    /// Fails where futures are polled only once, and this client's would have to wait.
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

/// Settings of a client, before it is made. `C` is what [`build`](Self::build) makes: the client of a generated crate.
///
/// Faults are kept until `build`, so that calls can be chained.
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
    /// Other machines may be called without encryption.
    insecure: bool,
    /// The variable that the base URL is from.
    variable: Option<String>,
    fault: Option<Error>,
}

impl<C> ClientBuilder<C> {
    /// With no credentials, and defaults for everything else.
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

    /// Takes credentials and the base URL from the environment where they are not set yet. One credential at least must
    /// be there then.
    pub fn env(self) -> Self {
        self.env_from(|name| std::env::var(name).ok())
    }

    /// As [`env`](Self::env), with another place to look names up.
    pub fn env_from(mut self, look_up: impl Fn(&str) -> Option<String>) -> Self {
        self.settings.env(&look_up);
        self
    }

    /// The default credential.
    pub fn api_key(mut self, key: impl Into<Secret>) -> Self {
        self.settings.credential(0, key.into());
        self
    }

    /// A credential by name; see [`Api::credentials`].
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

    /// The base URL of the whole API. Other servers of the API keep their path below it. It must be `https://`, unless it
    /// is on this machine: see [`allow_insecure`](Self::allow_insecure).
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.settings.base_url(&url.into());
        self
    }

    /// The base URL of one server, by name; see [`Api::servers`].
    pub fn server(mut self, name: &str, url: impl Into<String>) -> Self {
        match self.settings.api.servers.iter().position(|it| it.0 == name) {
            Some(index) => self.settings.server(index, &url.into()),
            None => self.settings.fault(format!("no server is called `{name}`")),
        }
        self
    }

    /// Allows base URLs of `http://` on other machines, which [`build`](Self::build) refuses without it: whoever is on the
    /// way can read the credentials and all that is sent. For networks that are trusted, such as that of a test.
    ///
    /// It is not needed for this machine, that is for `localhost`, names that end in `.localhost`, and addresses of
    /// loopback such as `127.0.0.1` and `[::1]`.
    pub fn allow_insecure(mut self) -> Self {
        self.settings.insecure = true;
        self
    }

    /// The longest one attempt may take, from connecting to the last byte; of a stream, to the head of the answer. The
    /// default is 2 minutes. An answer that has arrived in time is read even if that takes longer, so that nothing is lost
    /// that was paid for; [`max_answer_bytes`](Self::max_answer_bytes) bounds how long reading can take.
    pub fn timeout(mut self, most: Duration) -> Self {
        self.settings.limits.timeout = Some(most);
        self
    }

    /// The longest a call may take, with all attempts and the waits between them; of a stream, to its end, and of a
    /// download, to the head of the answer. The default is 10 minutes. Waiting for a task has a limit of its own.
    pub fn total_timeout(mut self, most: Duration) -> Self {
        self.settings.limits.total_timeout = Some(most);
        self
    }

    /// The longest time between two pieces of an answer that is read while it arrives, such as a stream or a download;
    /// `None` for as long as the call may take. The default is 2 minutes.
    pub fn idle_timeout(mut self, most: impl Into<Option<Duration>>) -> Self {
        self.settings.limits.idle_timeout = most.into();
        self
    }

    /// Takes all limits of time away.
    pub fn without_timeouts(mut self) -> Self {
        self.settings.limits.timeout = None;
        self.settings.limits.total_timeout = None;
        self.settings.limits.idle_timeout = None;
        self
    }

    /// The largest answer that is read, in bytes; of a stream, the largest that its events may add up to. The default is
    /// 32 MiB. Of an answer with an error status no more than 1 MiB is read in any case.
    pub fn max_answer_bytes(mut self, most: usize) -> Self {
        self.settings.limits.max_answer = most;
        self
    }

    /// The largest event of a stream that is read, in bytes. The default is 8 MiB.
    pub fn max_event_bytes(mut self, most: usize) -> Self {
        self.settings.limits.max_event = most;
        self
    }

    /// Words after the client's own in `user-agent`: `my-app/1.2`.
    pub fn user_agent(mut self, suffix: impl Into<String>) -> Self {
        self.settings.user_agent = Some(suffix.into());
        self
    }

    /// A header of every request.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match header(name, value) {
            Ok((name, value)) => {
                self.settings.headers.insert(name, value);
            }
            Err(fault) => self.settings.keep_first_fault(fault),
        }
        self
    }

    /// How much broken rules matter. The default is [`Validation::Strict`].
    pub fn validation(mut self, mode: Validation) -> Self {
        self.settings.limits.validation = mode;
        self
    }

    /// How often and how patiently requests are sent again.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.settings.limits.retry = policy;
        self
    }

    /// Sends with this reqwest client: its proxies, certificates and pools. Its retries are not used, and its redirects with
    /// exceptions: see [`Reqwest`](crate::Reqwest).
    #[cfg(feature = "reqwest")]
    pub fn http_client(self, client: reqwest::Client) -> Self {
        self.transport(crate::Reqwest::from(client))
    }

    /// Makes a client for programs without an async runtime: see [`blocking`](crate::blocking). It sends with
    /// [`Ureq`](crate::Ureq) and sleeps with [`BlockingClock`](crate::BlockingClock).
    #[cfg(feature = "blocking")]
    pub fn blocking(self) -> Self {
        self.transport(crate::Ureq::new()).clock(crate::BlockingClock)
    }

    /// Sends with another transport: a mock, another HTTP library.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.settings.transport = Some(Arc::new(transport));
        self
    }

    /// Takes time from elsewhere, for tests.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.settings.clock = Some(Arc::new(clock));
        self
    }

    /// Makes the client. Nothing is sent.
    ///
    /// # Errors
    /// A URL, header or credential is malformed, a name is unknown, [`env`](Self::env) did not find the default
    /// credential, there is no transport, or a base URL would send in clear to another machine: see
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
    /// The first fault is the one that is told.
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

/// A header of the caller's.
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
