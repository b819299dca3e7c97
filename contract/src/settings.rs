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

/// When tasks are done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// At the poll of this number, counted from 1.
    Polls(u32),
    /// This long after they were started.
    Time(Duration),
}

/// The behaviour of a server, apart from the specs.
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
    /// The pause between the events of a stream.
    pub(crate) stream_pace: Duration,
    /// Responses keep the documented URLs.
    pub(crate) documented_urls: bool,
    pub(crate) faults: Arc<FaultPlan>,
    /// The rate limits of the spec are enforced.
    pub(crate) enforce_rate_limits: bool,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("pace", &self.pace).field("seed", &self.seed).finish_non_exhaustive()
    }
}

/// Sets up a [`Server`](crate::Server).
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

    /// Serves only these APIs. Default: all.
    pub fn apis<T: Into<String>>(mut self, names: impl IntoIterator<Item = T>) -> Self {
        self.apis = names.into_iter().map(Into::into).collect();
        self
    }

    /// The address to listen on. Default: loopback, with a port that the system chooses.
    pub fn bind(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// Accepts requests for this host name too, and from its pages. By default the server accepts only loopback
    /// addresses and names, and the address that it listens on, so that a web page on another site cannot reach it
    /// under another name. A server that listens on all addresses accepts every IP address.
    pub fn allow_host(mut self, name: impl Into<String>) -> Self {
        self.hosts.push(name.into());
        self
    }

    /// Allows connections from other machines. Without it, an address that is not loopback is refused.
    pub fn allow_remote(mut self) -> Self {
        self.allow_remote = true;
        self
    }

    /// Reloads changed specs. Invalid specs are reported on standard error, and the last good ones keep serving.
    pub fn watch(mut self) -> Self {
        self.watch = true;
        self
    }

    /// When tasks are done. Default: at the second poll.
    pub fn pace(mut self, pace: Pace) -> Self {
        self.settings.pace = pace;
        self
    }

    /// Changes ids and generated values. Equal seeds give equal responses. With 0, the default, responses are those of
    /// the examples.
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = seed;
        self
    }

    /// Refuses this key from now on.
    pub fn revoke(mut self, key: impl Into<String>) -> Self {
        self.settings.keys.revoked.insert(key.into());
        self
    }

    /// Makes this a key of a credential (`management_key`), which is valid for nothing else.
    pub fn key(mut self, key: impl Into<String>, credential: impl Into<String>) -> Self {
        self.settings.keys.kinds.insert(key.into(), credential.into());
        self
    }

    /// Requires keys to start as the spec's `looks_like` says.
    pub fn strict_keys(mut self) -> Self {
        self.settings.keys.strict = true;
        self
    }

    /// The largest body, in bytes. Default: 16 MiB.
    pub fn most_bytes(mut self, bytes: usize) -> Self {
        self.settings.limits.one = bytes;
        self.settings.limits.all = self.settings.limits.all.max(bytes);
        self
    }

    /// The number of tasks that are remembered; the oldest are forgotten first. Default: 12 000.
    pub fn most_tasks(mut self, tasks: usize) -> Self {
        self.settings.most_tasks = tasks.max(1);
        self
    }

    /// The number of connections at a time; more get 503. Default: 1024.
    pub fn most_connections(mut self, connections: usize) -> Self {
        self.settings.most_connections = connections.max(1);
        self
    }

    /// The number of requests that [`Server::requests`](crate::Server::requests) remembers. Default: the last 1024.
    pub fn most_records(mut self, records: usize) -> Self {
        self.settings.most_records = records;
        self
    }

    /// Sends every callback to this URL instead of the one in its request, for specs that accept only HTTPS.
    pub fn callbacks_to(mut self, url: impl Into<String>) -> Self {
        self.settings.callbacks_to = Some(url.into());
        self
    }

    /// The secret that signs an API's callbacks, in the form that its dashboard would show. Default: the environment
    /// variable that the spec names, or else a fixed secret, which [`Server::callback_secret`](crate::Server::callback_secret) returns.
    pub fn callback_secret(mut self, api: impl Into<String>, secret: impl Into<String>) -> Self {
        self.settings.secrets.insert(api.into(), secret.into());
        self
    }

    /// The time from the start of a task to its callback. Default: 100 ms.
    pub fn callback_after(mut self, time: Duration) -> Self {
        self.settings.callback_after = time;
        self
    }

    /// The pause before a refused callback is sent again, doubled each time. Default: 500 ms.
    pub fn retry_after(mut self, time: Duration) -> Self {
        self.settings.retry_after = time;
        self
    }

    /// Keeps the documented URLs of results, which lead nowhere. By default they lead to files of this server.
    pub fn documented_urls(mut self) -> Self {
        self.settings.documented_urls = true;
        self
    }

    /// Faults to cause on purpose. Single requests may add more with the header [`crate::faults::HEADER`].
    pub fn faults(mut self, plan: FaultPlan) -> Self {
        self.settings.faults = Arc::new(plan);
        self
    }

    /// Enforces the rate limits of the spec for each key, with 429 and `Retry-After`.
    pub fn enforce_rate_limits(mut self) -> Self {
        self.settings.enforce_rate_limits = true;
        self
    }

    /// The pause between the events of a stream. Default: none.
    pub fn stream_pace(mut self, time: Duration) -> Self {
        self.settings.stream_pace = time;
        self
    }

    /// A hook before and after every response.
    pub fn hook(mut self, hook: Arc<dyn Hook>) -> Self {
        self.settings.hook = Some(hook);
        self
    }
}
