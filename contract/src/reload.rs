//! Reloads changed specs. Invalid specs are reported, and the last good ones keep serving.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use specwright_codegen::escape::escaped_lines;

use crate::gaps::gaps;
use crate::registry::{Registry, RegistryError};
use crate::shared::Shared;

const PAUSE: Duration = Duration::from_millis(300);

/// There are a few dozen files, so checking their times is cheaper than a library for change events.
type Times = BTreeMap<PathBuf, (u64, Option<SystemTime>)>;

/// Reads the specs again and serves them.
pub(crate) fn reload(shared: &Shared, folder: &Path, apis: &[String]) -> Result<usize, RegistryError> {
    let registry = Registry::read(folder, apis, shared.files.as_deref())?;
    let operations = registry.apis.iter().map(|it| it.operations.len()).sum();
    shared.replace(registry);
    Ok(operations)
}

/// Watches the specs for as long as it is polled. `seen` is their state before they were first read.
pub(crate) async fn watch(shared: Arc<Shared>, folder: PathBuf, apis: Vec<String>, mut seen: Times) {
    loop {
        tokio::time::sleep(PAUSE).await;
        let now = times(&folder);
        if now == seen {
            continue;
        }
        seen = now;
        let current = Arc::clone(&shared);
        let (shared, folder, apis) = (Arc::clone(&shared), folder.clone(), apis.clone());
        let reloaded = tokio::task::spawn_blocking(move || reload(&shared, &folder, &apis)).await;
        match reloaded {
            Ok(Ok(operations)) => {
                eprintln!("specs changed: now serving {operations} operations");
                let registry = current.registry();
                let told = tokio::task::spawn_blocking(move || registry.apis.iter().flat_map(gaps).collect::<Vec<_>>());
                told.await.unwrap_or_default().iter().for_each(|it| eprintln!("note: {}", escaped_lines(it)));
            }
            Ok(Err(broken)) => eprintln!(
                "{}\nspecs changed, but have errors: the last good specs keep serving",
                escaped_lines(&broken.to_string())
            ),
            Err(_) => eprintln!("reading the specs failed: the last good specs keep serving"),
        }
    }
}

/// The state of the files of a folder.
pub(crate) fn times(folder: &Path) -> Times {
    let mut found = Times::new();
    // A project also contains large folders that are not specs.
    let spec = folder.join(specwright_codegen::pipeline::SPEC);
    let mut folders = vec![if spec.is_dir() { spec } else { folder.to_path_buf() }];
    while let Some(folder) = folders.pop() {
        // A file that cannot be read now may be readable after the next save.
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.metadata() {
                Ok(metadata) if metadata.is_dir() => folders.push(entry.path()),
                Ok(metadata) => {
                    found.insert(entry.path(), (metadata.len(), metadata.modified().ok()));
                }
                Err(_) => {}
            }
        }
    }
    found
}
