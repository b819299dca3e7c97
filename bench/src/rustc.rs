//! What rustc takes for one crate, with everything that the crate depends on built before.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::context::{Context, create_folder};
use crate::{Result, process};

/// Stands between cargo and rustc, and notes what rustc took for one crate: seconds by the clock, seconds of the
/// processors (two figures), KiB.
const WRAPPER: &str = r#"#!/bin/sh
# Written by `cargo xtask bench`.
case " $* " in
  *" --crate-name $BENCH_CRATE "*) exec "$BENCH_TIME" -f '%e %U %S %M' -o "$BENCH_NOTE" "$@" ;;
esac
exec "$@"
"#;

/// How a crate is compiled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Mode {
    Check,
    Release,
}

/// A package, and how cargo is told to compile it.
#[derive(Clone)]
pub(crate) struct Package {
    /// As cargo knows it.
    pub(crate) name: String,
    /// The folder in which cargo runs.
    pub(crate) folder: PathBuf,
    /// Flags for its features.
    pub(crate) flags: Vec<String>,
}

/// What rustc took.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct RustcCost {
    pub(crate) clock: f64,
    pub(crate) processor: f64,
    pub(crate) mib: f64,
}

impl RustcCost {
    /// The better of two runs, figure by figure.
    pub(crate) fn best(runs: &[RustcCost]) -> Option<RustcCost> {
        runs.iter().copied().reduce(|a, b| RustcCost {
            clock: a.clock.min(b.clock),
            processor: a.processor.min(b.processor),
            mib: a.mib.min(b.mib),
        })
    }
}

impl Package {
    /// A generated crate of this repository, with some of its resources and without TLS, which only dependencies have.
    pub(crate) fn generated(context: &Context, api: &str, resources: &[String]) -> Package {
        let flags = vec!["--no-default-features".to_owned(), "--features".to_owned(), resources.join(",")];
        Package { name: api.to_owned(), folder: context.root.clone(), flags }
    }

    /// The crate's name in Rust.
    fn crate_name(&self) -> String {
        self.name.replace('-', "_")
    }

    /// Where a release build puts the library.
    pub(crate) fn rlib(&self, context: &Context) -> PathBuf {
        context.target().join("release").join(format!("lib{}.rlib", self.crate_name()))
    }

    /// Builds the package, so that its dependencies are there.
    pub(crate) fn build(&self, context: &Context, mode: Mode) -> Result<()> {
        process::run(self.cargo(context, mode)?.arg("--quiet")).map(drop)
    }

    /// Compiles the package alone, and says what rustc took for it. Its dependencies were built before.
    pub(crate) fn measure(&self, context: &Context, mode: Mode) -> Result<RustcCost> {
        let Some(time) = &context.time else { return Err("what rustc takes is measured with GNU time".into()) };
        let mut clean = context.cargo();
        clean.current_dir(&self.folder).args(["clean", "--quiet", "-p", &self.name]);
        if mode == Mode::Release {
            clean.arg("--release");
        }
        process::run(&mut clean)?;
        let note = context.work.join("rustc-note");
        let _ = fs::remove_file(&note);
        let mut cargo = self.cargo(context, mode)?;
        cargo.env("BENCH_CRATE", self.crate_name()).env("BENCH_NOTE", &note).env("BENCH_TIME", time);
        process::run(cargo.arg("--quiet"))?;
        let text = fs::read_to_string(&note).map_err(|_| format!("rustc was not called for `{}`", self.name))?;
        parsed(&text).ok_or_else(|| format!("GNU time wrote {text:?} about rustc").into())
    }

    fn cargo(&self, context: &Context, mode: Mode) -> Result<Command> {
        let mut cargo = context.cargo();
        cargo.current_dir(&self.folder).env("RUSTC_WRAPPER", wrapper(context)?);
        match mode {
            Mode::Check => cargo.arg("check"),
            Mode::Release => cargo.args(["build", "--release"]),
        };
        cargo.args(["--lib", "-p", &self.name]).args(&self.flags);
        Ok(cargo)
    }
}

/// `1.23 1.00 0.20 4567`, the last line of what GNU time wrote.
fn parsed(note: &str) -> Option<RustcCost> {
    let fields: Vec<f64> = note.lines().last()?.split(' ').map(|it| it.parse().ok()).collect::<Option<_>>()?;
    let [clock, user, system, kib] = fields[..] else { return None };
    Some(RustcCost { clock, processor: user + system, mib: kib / 1024.0 })
}

/// The wrapper's path. It is written only if it differs, since cargo would build everything anew for a newer one.
fn wrapper(context: &Context) -> Result<PathBuf> {
    let path = context.work.join("rustc-wrapper");
    if !fs::read_to_string(&path).is_ok_and(|it| it == WRAPPER) {
        create_folder(&context.work)?;
        fs::write(&path, WRAPPER).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
        make_executable(&path)?;
    }
    Ok(path)
}

#[cfg(unix)]
fn make_executable(path: &std::path::Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(fs::set_permissions(path, fs::Permissions::from_mode(0o755))?)
}

#[cfg(not(unix))]
fn make_executable(_: &std::path::Path) -> Result<()> {
    Err("a wrapper around rustc needs a Unix shell".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_read() {
        let cost = parsed("1.23 1.00 0.25 2048\n").expect("four figures");
        assert_eq!(cost, RustcCost { clock: 1.23, processor: 1.25, mib: 2.0 });
        assert_eq!(parsed("Command exited with non-zero status 1\n"), None);
    }

    #[test]
    fn the_best_of_each_figure_counts() {
        let (a, b) =
            (RustcCost { clock: 1.0, processor: 2.0, mib: 9.0 }, RustcCost { clock: 2.0, processor: 1.0, mib: 8.0 });
        assert_eq!(RustcCost::best(&[a, b]), Some(RustcCost { clock: 1.0, processor: 1.0, mib: 8.0 }));
        assert_eq!(RustcCost::best(&[]), None);
    }
}
