//! The project's files, for tests that read them.

use std::fs;
use std::path::{Path, PathBuf};

/// A text file of the project.
pub(crate) struct TextFile {
    /// Relative to the project, `/` between parts.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Folders of crates and documents that people write.
const BY_HAND: [&str; 17] = [
    "bench", "call", "cli", "codegen", "contract", "diff", "docs", "examples", "format", "import", "language", "quote",
    "runtime", "spec", "tests", "xtask", "yaml",
];

/// The path of the workspace.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().expect("the crate is in a folder of the workspace").to_path_buf()
}

/// All hand-written files with this ending, by path.
pub(crate) fn by_hand(ending: &str) -> Vec<TextFile> {
    let mut files = Vec::new();
    for folder in BY_HAND {
        collect(folder, ending, &mut files);
    }
    let root = root();
    for name in names(&root).into_iter().filter(|it| it.ends_with(ending) && root.join(it).is_file()) {
        let text = fs::read_to_string(root.join(&name)).expect("a text file");
        files.push(TextFile { path: name, text });
    }
    assert!(!files.is_empty(), "no `{ending}` files found: the test looks in the wrong place");
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// All files with this ending in a folder of the project.
pub(crate) fn below(folder: &str, ending: &str) -> Vec<TextFile> {
    let mut files = Vec::new();
    collect(folder, ending, &mut files);
    files
}

/// All files with this ending in the folder of an API's sources.
pub(crate) fn generated(ending: &str) -> Vec<TextFile> {
    let mut files = Vec::new();
    folders("generated").iter().for_each(|it| collect(&format!("generated/{it}/src"), ending, &mut files));
    files
}

/// Folders directly below `folder` of the project.
pub(crate) fn folders(folder: &str) -> Vec<String> {
    let full = root().join(folder);
    names(&full).into_iter().filter(|it| full.join(it).is_dir() && !it.starts_with('.')).collect()
}

fn collect(folder: &str, ending: &str, files: &mut Vec<TextFile>) {
    let full = root().join(folder);
    for name in names(&full) {
        let path = format!("{folder}/{name}");
        if full.join(&name).is_dir() {
            if name != "target" && name != "generated" {
                collect(&path, ending, files);
            }
        } else if name.ends_with(ending) {
            let text = fs::read_to_string(full.join(&name)).unwrap_or_else(|error| panic!("{path}: {error}"));
            files.push(TextFile { path, text });
        }
    }
}

/// The names in a folder, in order. Empty if the folder does not exist.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|it| it.file_name().into_string().ok()).collect();
    names.sort();
    names
}
