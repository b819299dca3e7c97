//! The state that all connections of a server share.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use specwright_codegen::model::Webhook;
use tokio::runtime::Handle;

use crate::hosts::Hosts;
use crate::log::{Callback, Record, Ring};
use crate::rates::Rates;
use crate::registry::Registry;
use crate::settings::Settings;
use crate::signing::{self, DEFAULT_SECRET, DEFAULT_SECRET_IN_HEX, ED25519};
use crate::tasks::Tasks;
use crate::uploads::Uploads;

/// The maximum size of remembered requests of tasks, in bytes.
const MOST_TASK_BYTES: usize = 6 << 20;
/// The number of remembered callbacks.
const MOST_CALLBACKS: usize = 1024;
/// The maximum size of remembered files, in bytes.
const MOST_UPLOADED: usize = 16 << 20;

/// The state of a server.
#[derive(Debug)]
pub(crate) struct Shared {
    registry: RwLock<Arc<Registry>>,
    pub(crate) settings: Settings,
    tasks: Mutex<Tasks>,
    records: Mutex<Ring<Record>>,
    callbacks: Mutex<Ring<Callback>>,
    uploads: Mutex<Uploads>,
    rates: Mutex<Rates>,
    pub(crate) hosts: Hosts,
    /// The server's URL for callers on this machine.
    pub(crate) url: String,
    /// The base URL of this server's files. If it is `None`, responses keep the URLs of their documents.
    pub(crate) files: Option<String>,
    /// The total size of the bodies in memory, in bytes.
    pub(crate) held: AtomicUsize,
    pub(crate) connections: AtomicUsize,
    /// The number of tasks whose callbacks are not sent yet.
    pub(crate) scheduled: AtomicUsize,
    count: AtomicU64,
    /// The server's own runtime, in which deliveries are made.
    pub(crate) handle: Handle,
}

impl Shared {
    pub(crate) fn new(
        registry: Registry,
        settings: Settings,
        hosts: Hosts,
        url: String,
        files: Option<String>,
    ) -> Self {
        Self {
            registry: RwLock::new(Arc::new(registry)),
            tasks: Mutex::new(Tasks::new(settings.seed, settings.most_tasks, MOST_TASK_BYTES)),
            records: Mutex::new(Ring::new(settings.most_records)),
            callbacks: Mutex::new(Ring::new(MOST_CALLBACKS)),
            rates: Mutex::default(),
            uploads: Mutex::new(Uploads::new(MOST_UPLOADED)),
            hosts,
            url,
            files,
            settings,
            held: AtomicUsize::new(0),
            connections: AtomicUsize::new(0),
            scheduled: AtomicUsize::new(0),
            count: AtomicU64::new(0),
            handle: Handle::current(),
        }
    }

    pub(crate) fn registry(&self) -> Arc<Registry> {
        Arc::clone(&self.registry.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn replace(&self, registry: Registry) {
        *self.registry.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(registry);
    }

    pub(crate) fn tasks(&self) -> MutexGuard<'_, Tasks> {
        lock(&self.tasks)
    }

    pub(crate) fn records(&self) -> MutexGuard<'_, Ring<Record>> {
        lock(&self.records)
    }

    pub(crate) fn callbacks(&self) -> MutexGuard<'_, Ring<Callback>> {
        lock(&self.callbacks)
    }

    pub(crate) fn rates(&self) -> MutexGuard<'_, Rates> {
        lock(&self.rates)
    }

    pub(crate) fn uploads(&self) -> MutexGuard<'_, Uploads> {
        lock(&self.uploads)
    }

    /// The number of a request, counted from 1.
    pub(crate) fn next(&self) -> u64 {
        self.count.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// The secret of an API's callbacks, as a receiver has it: with Ed25519 that is the public key.
    pub(crate) fn secret(&self, api: &str, webhook: &Webhook) -> String {
        if webhook.algorithm == ED25519 {
            return signing::public_key(webhook);
        }
        let given = self.settings.secrets.get(api).cloned();
        let given = given.or_else(|| std::env::var(&webhook.env).ok());
        let default = if webhook.secret_encoding == "hex" { DEFAULT_SECRET_IN_HEX } else { DEFAULT_SECRET };
        given.unwrap_or_else(|| format!("{}{default}", webhook.secret_prefix))
    }
}

/// Ignores poisoning, because a panic cannot leave the data inconsistent.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
