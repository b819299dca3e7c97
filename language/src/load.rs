//! Reads the files of an API, and turns each into a document: text into a tree ([`crate::yaml`]), a tree into a document
//! ([`crate::syntax`]).

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::Path;

use crate::diagnostics::{Code, Diagnostics, decode};
use crate::source::{FileId, Sources, Span};
use crate::syntax::document::{ApiDocument, Documents, ResourceDocument};
use crate::{parallel, regular_file, syntax, yaml};

/// The file of an API that holds what is common.
const API_FILE: &str = "api.yaml";
/// The changelog of the generated crate.
pub const CHANGELOG: &str = "CHANGELOG.md";

/// The files of an API.
#[derive(Debug, Default)]
pub struct Loaded {
    /// Their texts; a file that could not be read has none.
    pub sources: Sources,
    /// Those that could be read, sorted by name.
    pub files: Vec<FileId>,
    /// The text of the changelog beside them, if there is one.
    pub changelog: Option<String>,
    /// Files that could not be read.
    pub diagnostics: Diagnostics,
}

impl Loaded {
    /// What later stages found, with what was wrong with the files themselves.
    #[must_use]
    pub fn with_faults_of_files(&self, found: Diagnostics) -> Diagnostics {
        let mut all = self.diagnostics.clone();
        // A file that cannot be read was named; it is not missing.
        let failed = self.diagnostics.has_errors();
        all.extend(found.into_iter().filter(|it| !(failed && matches!(it.code, Code::NoApiFile | Code::NoResources))));
        all
    }
}

/// Reads `spec/<api>/*.yaml` below the project's folder, in the order of names.
///
/// # Errors
///
/// When there is no such folder, or it cannot be listed.
pub fn load(root: &Path, api: &str) -> io::Result<Loaded> {
    if !is_plain(api) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("`{api}` is not a valid API name")));
    }
    let folder = root.join("spec").join(api);
    let at = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", folder.display()));
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).map_err(at)? {
        names.push(entry.map_err(at)?.file_name().to_string_lossy().into_owned());
    }
    names.retain(|it| is_of_spec(it));
    names.sort();
    if names.is_empty() {
        return Err(io::Error::new(io::ErrorKind::NotFound, format!("{}: no spec files", folder.display())));
    }
    let mut loaded = Loaded { changelog: changelog(&folder.join(CHANGELOG))?, ..Loaded::default() };
    for name in names {
        let shown = format!("spec/{api}/{name}");
        match read(&folder.join(&name)) {
            Ok(text) if name.ends_with(".yaml") => {
                let file = loaded.sources.add(shown, text);
                loaded.files.push(file);
            }
            outcome => {
                let other_name = |_| Unreadable::whole("its name ends in `.yml`", "spec files end in `.yaml`");
                let it = outcome.map_or_else(|fault| fault, other_name);
                let file = loaded.sources.add(shown, it.text);
                loaded.diagnostics.push(decode::unreadable(&it.problem, it.help, Span::new(file, it.at, it.at)));
            }
        }
    }
    Ok(loaded)
}

/// As [`load`], from all files of the folder, which were read before. Missing where there is something to say about them,
/// which [`load`] does.
#[must_use]
pub fn from_files(api: &str, files: BTreeMap<String, Vec<u8>>) -> Option<Loaded> {
    let mut loaded = Loaded::default();
    for (name, bytes) in files {
        if name == CHANGELOG {
            loaded.changelog = Some(String::from_utf8(bytes).ok()?);
        } else if is_of_spec(&name) {
            let is_fine = name.ends_with(".yaml") && bytes.len() <= yaml::MOST_BYTES;
            let text = String::from_utf8(bytes).ok().filter(|_| is_fine)?;
            let file = loaded.sources.add(format!("spec/{api}/{name}"), text);
            loaded.files.push(file);
        }
    }
    (is_plain(api) && !loaded.files.is_empty()).then_some(loaded)
}

/// Whether an API can have this name.
fn is_plain(api: &str) -> bool {
    !api.is_empty() && api.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-'))
}

/// Whether a file of this name belongs to a spec, or was meant to.
fn is_of_spec(name: &str) -> bool {
    !name.starts_with('.') && (name.ends_with(".yaml") || name.ends_with(".yml"))
}

fn changelog(file: &Path) -> io::Result<Option<String>> {
    match regular_file::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(io::Error::new(error.kind(), format!("{}: {error}", file.display()))),
    }
}

/// Why a file is none.
struct Unreadable {
    problem: String,
    help: &'static str,
    /// As much of it as can be shown, and the place of the fault in it.
    text: String,
    at: u32,
}

impl Unreadable {
    fn whole(problem: &str, help: &'static str) -> Self {
        Self { problem: problem.to_owned(), help, text: String::new(), at: 0 }
    }
}

fn read(path: &Path) -> Result<String, Unreadable> {
    const ACCESS: &str = "check the file and its permissions";
    let fault = |error: io::Error| Unreadable::whole(&error.to_string(), ACCESS);
    // Opening a pipe would wait forever.
    if !fs::metadata(path).map_err(fault)?.is_file() {
        return Err(Unreadable::whole("it is not a regular file", "spec files are plain text files"));
    }
    let mut bytes = Vec::new();
    let most = yaml::MOST_BYTES as u64 + 1;
    fs::File::open(path).map_err(fault)?.take(most).read_to_end(&mut bytes).map_err(fault)?;
    if bytes.len() > yaml::MOST_BYTES {
        // The YAML stage reports the size; a character cut in two must not come first.
        return Ok(String::from_utf8_lossy(&bytes).into_owned());
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let problem = format!("byte {at} is not UTF-8");
        let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
        // What comes before the fault is the same in both.
        Unreadable { problem, help: "save the file as UTF-8", text, at: at as u32 }
    })
}

/// The documents of an API: each file becomes a tree, and each tree a document. There are none when a file is missing.
#[must_use]
pub fn documents(loaded: &Loaded) -> (Option<Documents>, Diagnostics) {
    let Loaded { sources, files, .. } = loaded;
    let mut out = Diagnostics::default();
    let mut files: Vec<(FileId, &str)> =
        files.iter().filter_map(|id| Some((*id, sources.get(*id)?.path.as_str()))).collect();
    files.sort_by_key(|(_, path)| *path);
    let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let mut api = None;
    let mut api_span = None;
    let mut folder = None;
    let mut resources = Vec::new();
    let mut complete = true;
    let length = |(id, _): &(FileId, &str)| sources.get(*id).map_or(0, |it| it.text.len());
    let decode = |(id, path): &(FileId, &str)| decode_document(sources, *id, name(path) == API_FILE);
    let documents = parallel::map_longest_first(&files, length, decode);
    for ((id, path), (document, found)) in files.iter().zip(documents) {
        out.extend(found);
        let is_api = name(path) == API_FILE;
        let span = Span::new(*id, 0, 0);
        if is_api {
            api_span = Some(span);
            folder = path.rsplit('/').nth(1).map(str::to_owned);
        }
        match document {
            Some(Document::Api(it)) => api = Some(*it),
            Some(Document::Resource(it)) => resources.push(it),
            None => complete = false,
        }
    }
    let first = files.first().map_or(Span::new(FileId(0), 0, 0), |(id, _)| Span::new(*id, 0, 0));
    if api_span.is_none() {
        out.push(decode::no_api_file(first));
    } else if files.len() == 1 {
        out.push(decode::no_resources(api_span.unwrap_or(first)));
    }
    // A file that is missing from the picture would make all that refers to it look wrong.
    let (Some(api), Some(span), true) = (api, api_span, complete) else { return (None, out) };
    (Some(Documents { api, resources, folder, span }), out)
}

/// What one file says.
#[allow(clippy::large_enum_variant, reason = "one per file, and not for long")]
enum Document {
    Api(Box<ApiDocument>),
    Resource(ResourceDocument),
}

/// The document, and what is wrong with it. The memory of its tree serves the next.
fn decode_document(sources: &Sources, id: FileId, is_api: bool) -> (Option<Document>, Diagnostics) {
    let mut out = Diagnostics::default();
    let node = sources.get(id).and_then(|it| yaml::parse(id, &it.text, &mut out));
    let document = node.as_ref().and_then(|node| match is_api {
        true => syntax::api(node, &mut out).map(|it| Document::Api(Box::new(it))),
        false => syntax::resource(node, &mut out).map(Document::Resource),
    });
    node.into_iter().for_each(yaml::free);
    (document, out)
}
