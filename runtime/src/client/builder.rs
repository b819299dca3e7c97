//! The builder of a client.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use super::settings::Settings;
use super::signing::Signing;
use super::{Client, header};
#[cfg(feature = "reqwest")]
use crate::adapter::Reqwest;
#[cfg(feature = "blocking")]
use crate::blocking::{clock::BlockingClock, transport::Ureq};
use crate::clock::Clock;
use crate::headers;
use crate::transport::Transport;
use crate::{Api, Result, RetryPolicy, Secret, Signer, Validation};

/// Settings of a client. `C` is the type that [`build`](Self::build) returns: the client of a generated crate.
///
/// `build` reports the faults of all settings, so that calls can be chained.
#[must_use]
pub struct ClientBuilder<C = Client> {
    pub(super) settings: Box<Settings>,
    makes: PhantomData<fn() -> C>,
}

impl<C> ClientBuilder<C> {
    /// Starts without credentials, and with defaults for everything else.
    pub fn new(api: &'static Api) -> Self {
        Self { settings: Box::new(Settings::new(api)), makes: PhantomData }
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

    /// Sets a variable of the servers' URLs, such as `shop` in `https://{shop}.example.com`.
    ///
    /// [`base_url`](Self::base_url) replaces whole URLs, which then have no variables.
    pub fn server_variable(mut self, name: &str, value: &str) -> Self {
        self.settings.variable(name, value);
        self
    }

    /// Sets a parameter that every operation which has it sends, by its name: see
    /// [`Api::client_parameters`](crate::Api::client_parameters). A call that sets it sends its own value.
    pub fn parameter(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.settings.parameter(name, &value.to_string());
        self
    }

    /// Sets the first credential that is a user name and a password.
    pub fn basic_auth(mut self, username: impl AsRef<str>, password: impl Into<Secret>) -> Self {
        let (username, password) = (username.as_ref().trim(), password.into());
        match self.settings.api.credentials.iter().position(|it| it.username_env.is_some()) {
            _ if username.contains(':') => self.settings.fault("a user name cannot contain `:`".to_owned()),
            Some(index) => self.settings.credential(index, format!("{username}:{}", password.expose()).into()),
            None => self.settings.fault("the API has no credential of a user name and a password".to_owned()),
        }
        self
    }

    /// Sets a credential by name; see [`Api::credentials`].
    pub fn credential(mut self, name: &str, secret: impl Into<Secret>) -> Self {
        if let Some(index) = self.settings.credential_index(name) {
            self.settings.credential(index, secret.into());
        }
        self
    }

    /// Signs every request: see [`Signer`]. No credential is needed then, and those that are set are sent too.
    pub fn signer(mut self, signer: impl Signer) -> Self {
        self.settings.signer = Some(Signing::new(signer));
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
            None => self.settings.fault(format!("no server is named `{name}`")),
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
                headers::set(&mut self.settings.headers, name, value);
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
        self.transport(Reqwest::from(client))
    }

    /// Makes the client usable without an async runtime: see [`blocking`](crate::blocking). It sends with
    /// [`Ureq`](crate::Ureq) and sleeps with [`BlockingClock`](crate::BlockingClock).
    #[cfg(feature = "blocking")]
    pub fn blocking(self) -> Self {
        self.transport(Ureq::new()).clock(BlockingClock)
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
    pub fn build(mut self) -> Result<C>
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
