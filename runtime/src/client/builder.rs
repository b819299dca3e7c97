//! What a client can be given before it is made.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use super::settings::Settings;
use super::{Client, header};
#[cfg(feature = "reqwest")]
use crate::adapter::Reqwest;
#[cfg(feature = "blocking")]
use crate::blocking::{clock::BlockingClock, transport::Ureq};
use crate::clock::Clock;
use crate::transport::Transport;
use crate::{Api, Result, RetryPolicy, Secret, Validation};

/// Settings of a client, before it is made. `C` is what [`build`](Self::build) makes: the client of a generated crate.
///
/// Faults are kept until `build`, so that calls can be chained.
#[must_use]
pub struct ClientBuilder<C = Client> {
    settings: Box<Settings>,
    makes: PhantomData<fn() -> C>,
}

impl<C> ClientBuilder<C> {
    /// With no credentials, and defaults for everything else.
    pub fn new(api: &'static Api) -> Self {
        Self { settings: Box::new(Settings::new(api)), makes: PhantomData }
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
        self.transport(Reqwest::from(client))
    }

    /// Makes a client for programs without an async runtime: see [`blocking`](crate::blocking). It sends with
    /// [`Ureq`](crate::Ureq) and sleeps with [`BlockingClock`](crate::BlockingClock).
    #[cfg(feature = "blocking")]
    pub fn blocking(self) -> Self {
        self.transport(Ureq::new()).clock(BlockingClock)
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
