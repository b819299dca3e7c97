//! A project below `target/bench`, so that nothing in the repository changes while the compiler is measured.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Result;
use crate::context::{Context, create_folder, read, write};

/// What generated crates inherit. Nobody compiles them here, so the runtime need not be where it says.
const WORKSPACE: &str = r#"[workspace]
resolver = "3"
members = ["generated/*/src/.."]

[workspace.package]
edition = "2024"
rust-version = "1.88"
license = "MIT OR Apache-2.0"
publish = false

[workspace.dependencies]
specwright-runtime = { path = "runtime", default-features = false }
tokio = { version = "1", default-features = false }

[workspace.lints]
"#;

/// A folder with `spec/`, and the workspace that `generated/` needs.
pub(crate) struct Project {
    pub(crate) folder: PathBuf,
}

impl Project {
    /// An empty project.
    pub(crate) fn empty(context: &Context, name: &str) -> Result<Project> {
        let folder = context.fresh_folder(name)?;
        write(&folder.join("Cargo.toml"), WORKSPACE)?;
        create_folder(&folder.join("spec"))?;
        Ok(Project { folder })
    }

    /// A project with the specs of this repository.
    pub(crate) fn of_repository(context: &Context, name: &str) -> Result<Project> {
        let project = Project::empty(context, name)?;
        copy(&context.root.join("spec"), &project.folder.join("spec"))?;
        Ok(project)
    }

    /// Deletes what the compiler keeps between runs. The generated files stay.
    pub(crate) fn forget(&self) -> Result<()> {
        let kept = self.folder.join("target");
        if kept.exists() {
            fs::remove_dir_all(kept)?;
        }
        Ok(())
    }

    /// The largest file of specs: the one that is edited.
    pub(crate) fn largest_file(&self) -> Result<PathBuf> {
        let mut found = Vec::new();
        collect(&self.folder.join("spec"), &mut found)?;
        let largest = found.into_iter().max_by_key(|(path, size)| (*size, path.clone()));
        Ok(largest.ok_or("there are no specs")?.0)
    }
}

/// Changes the first summary of a spec, each time to something else.
pub(crate) fn edit(file: &Path, turn: u32) -> Result<()> {
    let text = read(file)?;
    let start = text.find("summary: ").ok_or_else(|| format!("{} has no summary", file.display()))?;
    let end = text.get(start..).and_then(|it| it.find('\n')).map_or(text.len(), |it| start + it);
    let (before, after) = (text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default());
    write(file, &format!("{before}summary: Do it for time number {turn}.{after}"))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    create_folder(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn collect(folder: &Path, found: &mut Vec<(PathBuf, u64)>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.path().is_dir() {
            collect(&entry.path(), found)?;
        } else {
            found.push((entry.path(), entry.metadata()?.len()));
        }
    }
    Ok(())
}
