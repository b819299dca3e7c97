//! Where things are, what is installed, and how cargo is called.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use crate::Result;

/// Variables that `cargo run` sets for this program, and that would mislead the cargo that it calls.
const OF_CARGO: [&str; 4] = ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "CARGO_PKG_NAME", "CARGO_PKG_VERSION"];

/// What the user has chosen.
pub(crate) struct Options {
    /// How often a build is measured.
    pub(crate) rounds: u32,
    /// Where other generators are looked for, besides `PATH`.
    pub(crate) rivals: Option<PathBuf>,
    /// The API that is compared with other generators.
    pub(crate) api: String,
    /// Do little: it is only to be seen that all works.
    pub(crate) quick: bool,
}

/// What all sections need to know.
pub(crate) struct Context {
    /// The repository.
    pub(crate) root: PathBuf,
    /// Where everything is built and written: `target/bench` of the repository.
    pub(crate) work: PathBuf,
    /// See [`Options::rounds`].
    pub(crate) rounds: u32,
    /// See [`Options::rivals`].
    pub(crate) rivals: Option<PathBuf>,
    /// See [`Options::api`].
    pub(crate) api: String,
    /// See [`Options::quick`].
    pub(crate) quick: bool,
    /// GNU time, which knows how much memory a program had.
    pub(crate) time: Option<PathBuf>,
}

impl Context {
    pub(crate) fn new(options: &Options) -> Result<Context> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("the crate is not in a folder")?.to_path_buf();
        let rivals = match &options.rivals {
            Some(folder) => Some(folder.canonicalize().map_err(|error| format!("{}: {error}", folder.display()))?),
            None => None,
        };
        let (rounds, api, quick) = (options.rounds, options.api.clone(), options.quick);
        if !root.join("generated").join(&api).join("Cargo.toml").is_file() {
            return Err(format!("there is no crate `{api}` in `generated/`").into());
        }
        let work = root.join("target").join("bench");
        fs::create_dir_all(&work).map_err(|error| format!("cannot create {}: {error}", work.display()))?;
        let time = PathBuf::from("/usr/bin/time");
        let knows_memory = Command::new(&time).args(["-f", "%M", "true"]).stderr(Stdio::null()).status();
        let time = knows_memory.is_ok_and(|it| it.success()).then_some(time);
        Ok(Context { root, work, rounds, rivals, api, quick, time })
    }

    /// Cargo in the repository, with the target folder that `cargo xtask` uses.
    pub(crate) fn cargo_of_xtask(&self) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        for name in OF_CARGO {
            command.env_remove(name);
        }
        command.current_dir(&self.root);
        command
    }

    /// Cargo in the repository, with a target folder of its own, so that no other build is disturbed. Nothing is
    /// incremental.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = self.cargo_of_xtask();
        command.env("CARGO_TARGET_DIR", self.target()).env("CARGO_INCREMENTAL", "0");
        command
    }

    /// The target folder of [`Context::cargo`].
    pub(crate) fn target(&self) -> PathBuf {
        self.work.join("target")
    }

    /// An empty folder below `target/bench`.
    pub(crate) fn fresh_folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.work.join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(|error| format!("cannot delete {}: {error}", folder.display()))?;
        }
        create_folder(&folder)?;
        Ok(folder)
    }

    /// The names of the generated crates that are measured.
    pub(crate) fn apis(&self) -> Result<Vec<String>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(self.root.join("generated"))? {
            let entry = entry?;
            if entry.path().join("Cargo.toml").is_file() {
                found.extend(entry.file_name().into_string().ok());
            }
        }
        found.sort();
        if self.quick {
            found.retain(|it| *it == self.api);
        }
        Ok(found)
    }
}

/// Creates a folder and those above it.
pub(crate) fn create_folder(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).map_err(|error| format!("cannot create {}: {error}", folder.display()).into())
}

/// Reads a text file.
pub(crate) fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()).into())
}

/// Writes a file if its text differs, so that cargo builds nothing anew without need.
pub(crate) fn write(path: &Path, text: &str) -> Result<()> {
    if fs::read_to_string(path).is_ok_and(|it| it == text) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        create_folder(folder)?;
    }
    fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()).into())
}

/// The program of this name in `PATH`.
pub(crate) fn in_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|it| it.join(name)).find(|it| it.is_file())
}
