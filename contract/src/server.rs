//! A server: a thread with its own runtime, which ends when the server is dropped.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use serde_json::Value;
use specwright_codegen::failure::Failure;
use specwright_codegen::model::Api;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::oneshot;

use crate::connection;
use crate::deliveries::{self, DeliveryOrder};
use crate::gaps;
use crate::hosts::Hosts;
use crate::log::{Callback, Record};
use crate::pages;
use crate::registry::{Registry, RegistryError};
use crate::reload;
use crate::settings::Builder;
use crate::shared::Shared;

/// The number of connections that may wait to be accepted.
const BACKLOG: u32 = 1024;
/// The stack size. Deeply nested bodies are processed recursively.
const STACK: usize = 8 << 20;

/// Why a server did not start.
#[derive(Debug)]
pub enum StartError {
    /// A spec cannot be read, or no API has that name.
    Environment(Failure),
    /// Specs have errors; this is the text of the diagnostics.
    Specs(String),
    /// Other machines would reach the address.
    NotLoopback(SocketAddr),
    /// The address is in use.
    InUse(SocketAddr),
    /// The server cannot listen on the address.
    Bind(SocketAddr, io::Error),
    /// The system cannot create a thread or a runtime.
    System(io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment(failure) => failure.fmt(f),
            Self::Specs(diagnostics) => write!(f, "the specs have errors\n\n{}", diagnostics.trim_end()),
            Self::NotLoopback(address) => write!(
                f,
                "{address} is no address of loopback: other machines would reach a server without real keys\n  \
                 help: `--allow-remote` lets them"
            ),
            Self::InUse(address) => write!(
                f,
                "{address} is in use\n  help: end what listens there, or take another port with `--addr`; \
                 port 0 is any that is free"
            ),
            Self::Bind(address, error) => write!(f, "cannot listen at {address}: {error}"),
            Self::System(error) => write!(f, "the server has no room to run: {error}"),
        }
    }
}

impl std::error::Error for StartError {}

impl From<RegistryError> for StartError {
    fn from(broken: RegistryError) -> Self {
        match broken {
            RegistryError::Environment(failure) => Self::Environment(failure),
            RegistryError::Specs(diagnostics) => Self::Specs(diagnostics),
        }
    }
}

/// A server of mock APIs. It stops when it is dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    folder: PathBuf,
    apis: Vec<String>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Builder {
    /// Compiles the specs and starts to listen.
    ///
    /// # Errors
    /// Fails if a spec cannot be read or has errors, or if the server cannot listen on the address.
    pub async fn start(self) -> Result<Server, StartError> {
        Server::start(self).await
    }
}

impl Server {
    /// Sets up a server.
    pub fn builder() -> Builder {
        Builder::default()
    }

    pub(crate) async fn start(builder: Builder) -> Result<Self, StartError> {
        if !builder.address.ip().is_loopback() && !builder.allow_remote {
            return Err(StartError::NotLoopback(builder.address));
        }
        let (folder, apis) = (builder.folder.clone(), builder.apis.clone());
        let (ready, started) = oneshot::channel();
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new()
            .name("specwright-contract".to_owned())
            .stack_size(STACK)
            .spawn(move || run(builder, ready, stopped))
            .map_err(StartError::System)?;
        let gone = |_| StartError::System(io::Error::other("its thread ended"));
        let (address, shared) = started.await.map_err(gone)??;
        Ok(Self { address, shared, folder, apis, stop: Some(stop), thread: Some(thread) })
    }

    /// The address that it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:4010`. A single API is also served at this root.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The base URL of an API, for its default server.
    #[must_use]
    pub fn url_of(&self, api: &str) -> Option<String> {
        self.url_at(api, 0)
    }

    /// The base URL of one of an API's servers, by its name in the spec.
    #[must_use]
    pub fn url_of_server(&self, api: &str, server: &str) -> Option<String> {
        let registry = self.shared.registry();
        let index = registry.api(api)?.api.servers.iter().position(|it| it.name == server)?;
        self.url_at(api, index)
    }

    fn url_at(&self, api: &str, server: usize) -> Option<String> {
        let registry = self.shared.registry();
        let mount = registry.api(api)?.mounts.get(server)?;
        Some(format!("http://{}/{api}{mount}", self.address))
    }

    /// The last requests, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<Record> {
        self.shared.records().all()
    }

    /// The last deliveries of callbacks, oldest first.
    #[must_use]
    pub fn callbacks(&self) -> Vec<Callback> {
        self.shared.callbacks().all()
    }

    /// Delivers an event of an API's webhook, or any other event with a `body`, to a URL. It is signed as the spec says, and
    /// repeated if the receiver does not accept it: see [`callbacks`](Self::callbacks). Returns the id of the delivery.
    ///
    /// # Errors
    /// Fails if the API has no such event, or if the URL cannot be called. The message says why.
    pub fn deliver_event(&self, api: &str, event: &str, url: &str, body: Option<Value>) -> Result<String, String> {
        let (api, event, url) = (Some(api.to_owned()), Some(event.to_owned()), Some(url.to_owned()));
        deliveries::deliver(&self.shared, &DeliveryOrder { api, event, task: None, url, body }).map(|it| it.id)
    }

    /// Delivers the present status of a task to a URL, as a callback.
    ///
    /// # Errors
    /// As [`deliver_event`](Self::deliver_event).
    pub fn deliver_status(&self, task: &str, url: &str) -> Result<String, String> {
        let order =
            DeliveryOrder { task: Some(task.to_owned()), url: Some(url.to_owned()), ..DeliveryOrder::default() };
        deliveries::deliver(&self.shared, &order).map(|it| it.id)
    }

    /// What verifies an API's callbacks, in the form that its dashboard would show: the secret, or the public key.
    #[must_use]
    pub fn callback_secret(&self, api: &str) -> Option<String> {
        let registry = self.shared.registry();
        let prepared = registry.api(api)?;
        Some(self.shared.secret(api, prepared.api.webhook.as_ref()?))
    }

    /// The number of remembered tasks.
    #[must_use]
    pub fn open_tasks(&self) -> usize {
        self.shared.tasks().len()
    }

    /// A line for each response that no example shows and that cannot be generated: the operation, the place, and the
    /// reason. Such a request gets 501.
    #[must_use]
    pub fn unanswerable(&self) -> Vec<String> {
        self.shared.registry().apis.iter().flat_map(gaps::gaps).collect()
    }

    /// Reads the specs again. Tasks stay.
    ///
    /// # Errors
    /// Fails if a spec cannot be read or has errors. The last good specs keep serving then.
    pub fn reload(&self) -> Result<(), StartError> {
        reload::reload(&self.shared, &self.folder, &self.apis)?;
        Ok(())
    }

    /// Calls `visit` with every API.
    pub fn for_each_api(&self, mut visit: impl FnMut(&Api)) {
        let registry = self.shared.registry();
        registry.apis.iter().for_each(|it| visit(&it.api));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // This is quick, because open connections are dropped. Afterwards the port is free.
            let _ = thread.join();
        }
    }
}

type Ready = oneshot::Sender<Result<(SocketAddr, Arc<Shared>), StartError>>;

fn run(builder: Builder, ready: Ready, stopped: oneshot::Receiver<()>) {
    // Read before the specs, so that a save in between is noticed.
    let seen = builder.watch.then(|| reload::times(&builder.folder));
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return drop(ready.send(Err(StartError::System(error)))),
    };
    runtime.block_on(async move {
        let listener = match listen(builder.address) {
            Ok(listener) => listener,
            Err(error) => return drop(ready.send(Err(error))),
        };
        let address = listener.local_addr().unwrap_or(builder.address);
        let url = pages::url_at(address);
        let files = (!builder.settings.documented_urls).then(|| pages::files_at(&url));
        let registry = match Registry::read(&builder.folder, &builder.apis, files.as_deref()) {
            Ok(registry) => registry,
            Err(broken) => return drop(ready.send(Err(broken.into()))),
        };
        let hosts = Hosts::new(address.ip(), &builder.hosts);
        let shared = Arc::new(Shared::new(registry, builder.settings, hosts, url, files));
        if ready.send(Ok((address, Arc::clone(&shared)))).is_err() {
            return;
        }
        if let Some(seen) = seen {
            tokio::spawn(reload::watch(Arc::clone(&shared), builder.folder, builder.apis, seen));
        }
        tokio::select! {
            _ = stopped => {}
            never = connection::accept(listener, shared) => match never {},
        }
    });
    // Threads that still read specs are not joined.
    runtime.shutdown_background();
}

fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    let fault = |error: io::Error| match error.kind() {
        io::ErrorKind::AddrInUse => StartError::InUse(address),
        _ => StartError::Bind(address, error),
    };
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }.map_err(fault)?;
    // On other systems it would let two servers share a port.
    #[cfg(unix)]
    socket.set_reuseaddr(true).map_err(fault)?;
    socket.bind(address).map_err(fault)?;
    socket.listen(BACKLOG).map_err(fault)
}
