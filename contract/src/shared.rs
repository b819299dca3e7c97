//! What all connections of a server share.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use specwright_codegen::model::Webhook;

use crate::hosts::Hosts;
use crate::log::{Callback, Record, Ring};
use crate::rates::Rates;
use crate::registry::Registry;
use crate::settings::Settings;
use crate::signing::DEFAULT_SECRET;
use crate::tasks::Tasks;
use crate::uploads::Uploads;

/// Bytes of remembered requests of tasks.
const MOST_TASK_BYTES: usize = 6 << 20;
/// Callbacks that are remembered.
const MOST_CALLBACKS: usize = 1024;
/// Bytes of files that are remembered.
const MOST_UPLOADED: usize = 16 << 20;

/// State of a server.
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
    /// Where callers on this machine find the server.
    pub(crate) url: String,
    /// Where URLs of this server's files begin; `None`: answers keep the URLs of their documents.
    pub(crate) files: Option<String>,
    /// Bytes of bodies that are being held.
    pub(crate) held: AtomicUsize,
    pub(crate) connections: AtomicUsize,
    /// Tasks whose callbacks are still to be sent.
    pub(crate) promised: AtomicUsize,
    count: AtomicU64,
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
            promised: AtomicUsize::new(0),
            count: AtomicU64::new(0),
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

    /// The secret of an API's callbacks.
    pub(crate) fn secret(&self, api: &str, webhook: &Webhook) -> String {
        let given = self.settings.secrets.get(api).cloned();
        let given = given.or_else(|| std::env::var(&webhook.env).ok());
        given.unwrap_or_else(|| format!("{}{DEFAULT_SECRET}", webhook.secret_prefix))
    }
}

/// A panic elsewhere leaves nothing half done in here.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
