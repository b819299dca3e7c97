//! The APIs that tests ask about, each compiled once for all of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, OnceLock};

use specwright_codegen::model::Api;
use specwright_codegen::pipeline;

type Compiled = BTreeMap<(PathBuf, String), &'static OnceLock<Api>>;

/// By project and name; kept until the process ends.
static COMPILED: LazyLock<Mutex<Compiled>> = LazyLock::new(Mutex::default);

/// The API `name` of a project, whose spec has no errors. Whoever asks first compiles; others wait for this API alone.
pub(crate) fn of(project: &Path, name: &str) -> &'static Api {
    let slot = {
        let mut all = COMPILED.lock().expect("nobody fails while they hold it");
        *all.entry((project.to_path_buf(), name.to_owned())).or_insert_with(|| Box::leak(Box::default()))
    };
    slot.get_or_init(|| {
        let compiled = pipeline::compile_one(project, name).unwrap_or_else(|failure| panic!("{name}: {failure}"));
        let refused = |_| panic!("the spec of {name} has errors: run `cargo xtask lint {name}`");
        compiled.into_api_without_errors().unwrap_or_else(refused)
    })
}
