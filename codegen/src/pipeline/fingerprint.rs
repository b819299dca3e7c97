//! Detects that nothing has changed since the last run, or which APIs have not, without doing the work again.
//!
//! `target/specwright/fingerprint` holds, for each API, a hash over the compiler itself, the settings of the project, the
//! text of the API's spec files, and the length and times of every file of its crate, as they stood after a whole run
//! without errors; and one over all of them and all other folders among the crates. For each API there is another hash, over
//! its crate and the cache of what was printed of it. Anything that cannot be read, or is not a plain file, means: no
//! fingerprint, so the run does all the work. A run reads each spec once, so what it remembers of a
//! spec is what it made the crate of. `--check` never asks.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{BuildHasher as _, DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, UNIX_EPOCH};

use foldhash::quality::FixedState;

use super::crates::Crates;
use super::project::SPEC;
use super::{ApiReport, api_names, emit_cache};
use crate::load::{self, Loaded};
use crate::parallel;
use crate::regular_file;
use crate::settings::Settings;
use crate::write::{Drift, is_temporary};

/// No spec file is larger.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// The specs as they stand before a run. The run makes what it makes of them as they were read here.
#[derive(Debug)]
pub(super) struct Specs {
    /// A hash over the compiler, the settings and the texts of each API. Missing where there is something to say about files.
    hashes: BTreeMap<String, Option<u64>>,
    loaded: Mutex<BTreeMap<String, Loaded>>,
}

impl Specs {
    pub(super) fn of(project: &Path, settings: &Settings) -> Option<Self> {
        let (compiler, settings) = (compiler()?, format!("{settings:?}"));
        let (mut hashes, mut all) = (BTreeMap::new(), BTreeMap::new());
        for api in api_names(project).ok()? {
            let mut hasher = DefaultHasher::new();
            (compiler, &settings, &api).hash(&mut hasher);
            let files = read_hashed(&project.join(SPEC).join(&api), &mut hasher);
            let loaded = files.and_then(|it| load::from_files(&api, it));
            hashes.insert(api.clone(), loaded.is_some().then(|| hasher.finish()));
            all.extend(loaded.map(|it| (api, it)));
        }
        Some(Self { hashes, loaded: Mutex::new(all) })
    }

    /// Each API with its hash, by name.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, u64)> {
        self.hashes.iter().filter_map(|(api, hash)| Some((api.as_str(), (*hash)?)))
    }

    /// The files of an API that has a hash, once.
    pub(super) fn take(&self, api: &str) -> Option<Loaded> {
        self.loaded.lock().ok()?.remove(api)
    }
}

/// Which compiler this is.
pub(super) fn compiler() -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    let path = std::env::current_exe().ok()?;
    path.hash(&mut hasher);
    Stamp::of(&fs::metadata(&path).ok()?)?.hash(&mut hasher);
    Some(hasher.finish())
}

/// How everything stands before a run.
#[derive(Debug, Default)]
pub(super) struct Before {
    specs: Option<Specs>,
    crates: Option<Crates>,
    /// Whether all is as the last run left it: the requested APIs, all others, and all that is among the crates.
    pub(super) is_unchanged: bool,
    /// The reports of that run for requested APIs that are as it left them.
    pub(super) apis: Vec<ApiReport>,
    /// APIs whose crate and whose cache are as that run left them, and what it said of both.
    outputs: BTreeMap<String, u64>,
}

impl Before {
    /// How it stands with what the APIs `names` are made from, and with what was made.
    pub(super) fn of(project: &Path, settings: &Settings, names: &[String]) -> Self {
        let (crates, specs) = parallel::join(|| Crates::of(project, settings), || Specs::of(project, settings));
        let mut before = Self { specs, crates, ..Self::default() };
        if let Some(Unchanged { all, apis, outputs }) = unchanged(project, settings, &before) {
            before.outputs = outputs;
            before.apis = apis.into_iter().filter(|it| names.contains(&it.name)).collect();
            before.apis.sort_by(|a, b| a.name.cmp(&b.name));
            before.is_unchanged = all && before.apis.len() == names.len();
        }
        before
    }

    /// The files of an API, if there is nothing to say about them yet.
    pub(super) fn take_spec(&self, api: &str) -> Option<Loaded> {
        self.specs.as_ref()?.take(api)
    }

    /// Whether the files of a crate are those that its cache tells of.
    pub(super) fn has_output(&self, api: &str) -> bool {
        self.outputs.contains_key(api)
    }

    /// Where a file of a crate is, if it is a plain one.
    pub(super) fn file(&self, api: &str, path: &str) -> Option<PathBuf> {
        self.crates.as_ref()?.file(api, path)
    }
}

/// What is as the last run left it.
struct Unchanged {
    all: bool,
    apis: Vec<ApiReport>,
    outputs: BTreeMap<String, u64>,
}

fn unchanged(project: &Path, settings: &Settings, Before { specs, crates, .. }: &Before) -> Option<Unchanged> {
    let text = regular_file::read_to_string(&file(project)).ok()?;
    if holds_leftover(project)? || holds_leftover(&project.join(&settings.crates.output))? {
        return None;
    }
    let now = Now { project, specs: specs.as_ref()?, crates: crates.as_ref()? };
    let mut lines = text.lines();
    let all = now.all();
    let all = all.is_some() && lines.next().and_then(from_hex) == all;
    let (mut apis, mut outputs) = (Vec::new(), BTreeMap::new());
    for Line { report, own, output } in lines.filter_map(parse) {
        if output.is_some() && output == now.output(&report.name) {
            outputs.extend(output.map(|it| (report.name.clone(), it)));
        }
        if now.api(&report.name) == Some(own) {
            apis.push(report);
        }
    }
    Some(Unchanged { all, apis, outputs })
}

/// Keeps what a whole run found that began like this, and changed these files. `stored`: the cache of this API is that of
/// this run. Errors are ignored: the next run does all the work.
pub(super) fn remember(
    project: &Path,
    settings: &Settings,
    before: Before,
    (reports, drift): (&[ApiReport], &[Drift]),
    stored: impl Fn(&str) -> bool,
) {
    let file = file(project);
    // The old fingerprint goes first: should the new one not get written, there is none.
    let _ = fs::remove_file(&file);
    let Before { specs: Some(specs), crates, outputs, .. } = before else { return };
    let crates = match crates {
        Some(it) => it.after(drift, project, settings),
        None => Crates::of(project, settings),
    };
    let Some(crates) = crates else { return };
    let now = Now { project, specs: &specs, crates: &crates };
    let Some(all) = now.all() else { return };
    let mut text = format!("{all:016x}\n");
    for it in reports {
        let Some(own) = now.api(&it.name) else { return };
        let files = it.written + it.unchanged;
        text.push_str(&format!("{} {} {files} {} {own:016x}", it.name, it.operations, it.warnings));
        let output = match it.unchanged_since_last_run {
            // Someone else may have changed its cache since.
            true => outputs.get(&it.name).copied(),
            false => now.output(&it.name).filter(|_| stored(&it.name)),
        };
        text.push_str(&output.map_or("\n".to_owned(), |it| format!(" {it:016x}\n")));
    }
    if let Some(folder) = file.parent() {
        let _ =
            fs::create_dir_all(folder).and_then(|()| regular_file::check(&file).and_then(|()| fs::write(&file, text)));
    }
}

fn file(project: &Path) -> PathBuf {
    project.join("target").join("specwright").join("fingerprint")
}

/// What is kept of an API.
struct Line {
    report: ApiReport,
    /// Of its spec and its crate.
    own: u64,
    /// Of its crate and its cache, if the one tells of the other.
    output: Option<u64>,
}

fn parse(line: &str) -> Option<Line> {
    let mut words = line.split(' ');
    let name = words.next()?.to_owned();
    let mut number = || words.next()?.parse().ok();
    let (operations, unchanged, warnings) = (number()?, number()?, number()?);
    let (own, output) = (from_hex(words.next()?)?, words.next().and_then(from_hex));
    let report =
        ApiReport { name, operations, unchanged, warnings, unchanged_since_last_run: true, ..Default::default() };
    Some(Line { report, own, output })
}

fn from_hex(word: &str) -> Option<u64> {
    u64::from_str_radix(word, 16).ok()
}

/// The specs, and the crates that were made from them.
struct Now<'n> {
    project: &'n Path,
    specs: &'n Specs,
    crates: &'n Crates,
}

impl Now<'_> {
    fn all(&self) -> Option<u64> {
        let mut hasher = DefaultHasher::new();
        let specs: Option<Vec<_>> = self.specs.hashes.iter().map(|(api, hash)| Some((api, (*hash)?))).collect();
        (specs?, self.crates.all()?).hash(&mut hasher);
        Some(hasher.finish())
    }

    /// An API and its crate.
    fn api(&self, name: &str) -> Option<u64> {
        let mut hasher = DefaultHasher::new();
        ((*self.specs.hashes.get(name)?)?, self.crates.digest(name)?).hash(&mut hasher);
        Some(hasher.finish())
    }

    /// The crate of an API, and its cache.
    fn output(&self, name: &str) -> Option<u64> {
        let mut hasher = DefaultHasher::new();
        self.crates.digest(name)?.hash(&mut hasher);
        Stamp::of(&fs::metadata(emit_cache::file(self.project, name)).ok()?)?.hash(&mut hasher);
        Some(hasher.finish())
    }
}

/// All files of a spec by name, which are hashed. Other things in its folder leave it in doubt.
fn read_hashed(folder: &Path, hasher: &mut DefaultHasher) -> Option<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    for entry in entries(folder)? {
        // Through links, as specs are read.
        let metadata = fs::metadata(entry.path()).ok().filter(fs::Metadata::is_file)?;
        if metadata.len() > MOST_BYTES {
            return None;
        }
        let bytes = fs::read(entry.path()).ok()?;
        entry.file_name().hash(hasher);
        // Before each run, and so by a hash that is made for long texts.
        FixedState::default().hash_one(&bytes).hash(hasher);
        files.insert(entry.file_name().to_str()?.to_owned(), bytes);
    }
    Some(files)
}

fn entries(folder: &Path) -> Option<Vec<fs::DirEntry>> {
    let mut entries: Vec<fs::DirEntry> = fs::read_dir(folder).ok()?.collect::<Result<_, _>>().ok()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    Some(entries)
}

/// Whether a killed run left something right in a folder.
fn holds_leftover(folder: &Path) -> Option<bool> {
    let entries = entries(folder)?;
    Some(entries.iter().any(|it| it.file_name().to_str().is_some_and(is_temporary)))
}

/// The length and the times of a file.
#[derive(Clone, Debug, Hash)]
pub(super) struct Stamp {
    length: u64,
    modified: Duration,
    /// The time of the last edit can be set to what it was; that of the last change to a file's data or rights cannot.
    changed: (i64, i64, u64),
}

impl Stamp {
    pub(super) fn of(metadata: &fs::Metadata) -> Option<Self> {
        #[cfg(unix)]
        let changed = {
            use std::os::unix::fs::MetadataExt as _;
            (metadata.ctime(), metadata.ctime_nsec(), metadata.ino())
        };
        #[cfg(not(unix))]
        let changed = (0, 0, 0);
        let modified = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some(Self { length: metadata.len(), modified, changed })
    }
}
