//! The settings of a server.

use std::collections::HashMap;
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::body::Limits;
use crate::faults::FaultPlan;
use crate::hook::Hook;
use crate::keys::KnownKeys;
use crate::server::{Server, StartError};

/// When tasks are done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// At the poll of that number, counted from 1.
    Polls(u32),
    /// So long after they were started.
    Time(Duration),
}

/// What a server does, apart from the specs.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) limits: Limits,
    pub(crate) keys: KnownKeys,
    pub(crate) pace: Pace,
    pub(crate) seed: u64,
    pub(crate) most_tasks: usize,
    pub(crate) most_connections: usize,
    pub(crate) most_records: usize,
    pub(crate) hook: Option<Arc<dyn Hook>>,
    /// Where callbacks go instead of to the URL of the request.
    pub(crate) callbacks_to: Option<String>,
    /// Secrets of callbacks by API.
    pub(crate) secrets: HashMap<String, String>,
    pub(crate) callback_after: Duration,
    pub(crate) retry_after: Duration,
    /// Between the events of a stream.
    pub(crate) stream_pace: Duration,
    /// Answers keep the URLs of their documents.
    pub(crate) documented_urls: bool,
    pub(crate) faults: Arc<FaultPlan>,
    /// Rate limits of the spec are held to.
    pub(crate) enforce_rate_limits: bool,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("pace", &self.pace).field("seed", &self.seed).finish_non_exhaustive()
    }
}

/// Sets up a [`Server`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Builder {
    pub(crate) folder: PathBuf,
    pub(crate) apis: Vec<String>,
    pub(crate) address: SocketAddr,
    pub(crate) allow_remote: bool,
    pub(crate) hosts: Vec<String>,
    pub(crate) watch: bool,
    pub(crate) settings: Settings,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            folder: PathBuf::from("spec"),
            apis: Vec::new(),
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            allow_remote: false,
            hosts: Vec::new(),
            watch: false,
            settings: Settings {
                limits: Limits { one: 16 << 20, all: 128 << 20 },
                keys: KnownKeys::default(),
                pace: Pace::Polls(2),
                seed: 0,
                most_tasks: 12_000,
                most_connections: 1024,
                most_records: 1024,
                hook: None,
                callbacks_to: None,
                secrets: HashMap::new(),
                callback_after: Duration::from_millis(100),
                retry_after: Duration::from_millis(500),
                stream_pace: Duration::ZERO,
                documented_urls: false,
                faults: Arc::default(),
                enforce_rate_limits: false,
            },
        }
    }
}

impl Builder {
    /// The folder `spec` of a project, or the project. Default: `spec` in the current folder.
    pub fn spec_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = folder.into();
        self
    }

    /// Plays only these. Default: all.
    pub fn apis<T: Into<String>>(mut self, names: impl IntoIterator<Item = T>) -> Self {
        self.apis = names.into_iter().map(Into::into).collect();
        self
    }

    /// The address to listen at. Default: loopback, with a port by the system.
    pub fn bind(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// Answers to this host name too, and to pages that come from it. Without it only addresses and names of loopback are
    /// answered to, and the address that the server listens at: a web page elsewhere must not reach it under a name of its
    /// own. A server that listens at all addresses answers to every IP address.
    pub fn allow_host(mut self, name: impl Into<String>) -> Self {
        self.hosts.push(name.into());
        self
    }

    /// Lets other machines in: without it, an address that is not of loopback is refused.
    pub fn allow_remote(mut self) -> Self {
        self.allow_remote = true;
        self
    }

    /// Plays changed specs at once; broken ones are told on standard error, and the last good ones stay.
    pub fn watch(mut self) -> Self {
        self.watch = true;
        self
    }

    /// When tasks are done. Default: at the second poll.
    pub fn pace(mut self, pace: Pace) -> Self {
        self.settings.pace = pace;
        self
    }

    /// Changes ids and made-up values; equal seeds give equal answers. With 0, the default, answers are those of the
    /// documents.
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = seed;
        self
    }

    /// This key is refused from now on.
    pub fn revoke(mut self, key: impl Into<String>) -> Self {
        self.settings.keys.revoked.insert(key.into());
        self
    }

    /// This key is one of that credential (`management_key`), and good for nothing else.
    pub fn key(mut self, key: impl Into<String>, credential: impl Into<String>) -> Self {
        self.settings.keys.kinds.insert(key.into(), credential.into());
        self
    }

    /// Keys must begin as `looks_like` of the spec says.
    pub fn strict_keys(mut self) -> Self {
        self.settings.keys.strict = true;
        self
    }

    /// Bytes of a body that are taken. Default: 16 MiB.
    pub fn most_bytes(mut self, bytes: usize) -> Self {
        self.settings.limits.one = bytes;
        self.settings.limits.all = self.settings.limits.all.max(bytes);
        self
    }

    /// Tasks that are remembered; the oldest are forgotten. Default: 12 000.
    pub fn most_tasks(mut self, tasks: usize) -> Self {
        self.settings.most_tasks = tasks.max(1);
        self
    }

    /// Connections at a time; more are answered with 503. Default: 1024.
    pub fn most_connections(mut self, connections: usize) -> Self {
        self.settings.most_connections = connections.max(1);
        self
    }

    /// Requests that [`Server::requests`] remembers. Default: the last 1024.
    pub fn most_records(mut self, records: usize) -> Self {
        self.settings.most_records = records;
        self
    }

    /// Sends every callback to this URL instead of to the one of its request: for specs that take HTTPS alone.
    pub fn callbacks_to(mut self, url: impl Into<String>) -> Self {
        self.settings.callbacks_to = Some(url.into());
        self
    }

    /// The secret that callbacks of an API are signed with, as its dashboard would show it. Default: the environment
    /// variable that the spec names, else a fixed one that [`Server::callback_secret`] tells.
    pub fn callback_secret(mut self, api: impl Into<String>, secret: impl Into<String>) -> Self {
        self.settings.secrets.insert(api.into(), secret.into());
        self
    }

    /// When the callback of a task is sent, counted from its start. Default: 100 ms.
    pub fn callback_after(mut self, time: Duration) -> Self {
        self.settings.callback_after = time;
        self
    }

    /// Pause before a refused callback is sent again, doubled each time. Default: 500 ms.
    pub fn retry_after(mut self, time: Duration) -> Self {
        self.settings.retry_after = time;
        self
    }

    /// URLs of results stay those of the documents, where nothing is; without it they lead to files of this server.
    pub fn documented_urls(mut self) -> Self {
        self.settings.documented_urls = true;
        self
    }

    /// What goes wrong on purpose. Single requests may ask for more in the header [`crate::faults::HEADER`].
    pub fn faults(mut self, plan: FaultPlan) -> Self {
        self.settings.faults = Arc::new(plan);
        self
    }

    /// Holds callers to the rate limits of the spec, each key by itself: 429 with `Retry-After`.
    pub fn enforce_rate_limits(mut self) -> Self {
        self.settings.enforce_rate_limits = true;
        self
    }

    /// Pause between the events of a stream. Default: none.
    pub fn stream_pace(mut self, time: Duration) -> Self {
        self.settings.stream_pace = time;
        self
    }

    /// Steps in before and after every answer.
    pub fn hook(mut self, hook: Arc<dyn Hook>) -> Self {
        self.settings.hook = Some(hook);
        self
    }

    /// Compiles the specs and starts to listen.
    ///
    /// # Errors
    /// When a spec cannot be read or has errors, or the address cannot be listened at.
    pub async fn start(self) -> Result<Server, StartError> {
        Server::start(self).await
    }
}
