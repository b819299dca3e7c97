//! Other generators of Rust clients: which are installed, in which version, and how they are called.
//!
//! Each takes the OpenAPI document that `cargo xtask openapi` exports, with its own defaults.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::adapted;
use crate::context::{Context, in_path, read, write};
use crate::report::Measured;
use crate::rustc::Package;
use crate::{Result, process};

/// A generator that is installed.
pub(crate) struct Rival {
    pub(crate) name: &'static str,
    pub(crate) version: String,
    kind: Kind,
    /// What starts it, without the arguments of a run.
    program: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Progenitor,
    OpenapiToRust,
    Ploidy,
    OpenapiGenerator,
}

/// A generator, its program, and the package that has the program.
const KNOWN: [(Kind, &str, &str, &str); 4] = [
    (Kind::Progenitor, "progenitor", "cargo-progenitor", "cargo-progenitor"),
    (Kind::OpenapiToRust, "openapi-to-rust", "openapi-to-rust", "openapi-to-rust"),
    (Kind::Ploidy, "ploidy", "ploidy", "ploidy"),
    (Kind::OpenapiGenerator, "OpenAPI Generator", "openapi-generator-cli", ""),
];

/// The generators that are installed. Those that are not get a note.
pub(crate) fn installed(context: &Context, measured: &mut Measured) -> Vec<Rival> {
    let mut found = Vec::new();
    for (kind, name, program, package) in KNOWN {
        let Some(program) = started_by(context, program) else {
            measured.note(format!("{name} is not installed, so it is left out."));
            continue;
        };
        let version = installed_version(context, &program, package).or_else(|| asked_version(&program, kind));
        let version = version.unwrap_or_else(|| "of an unknown version".to_owned());
        found.push(Rival { name, version, kind, program });
    }
    if !found.is_empty() {
        let versions: Vec<String> = found.iter().map(|it| format!("{} {}", it.name, it.version)).collect();
        measured.note(format!("Beside it: {}.", versions.join(", ")));
    }
    found
}

/// The program in the folder that the user named, its `bin`, or `PATH`. A Java archive is started by `java`.
fn started_by(context: &Context, program: &str) -> Option<Vec<PathBuf>> {
    let folders = context.rivals.iter().flat_map(|it| [it.clone(), it.join("bin")]);
    for folder in folders {
        let file = folder.join(program);
        if file.is_file() {
            return Some(vec![file]);
        }
        let mut names = fs::read_dir(&folder).into_iter().flatten().flatten().map(|it| it.path());
        let is_archive = |it: &PathBuf| {
            let name = it.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with(program) && name.ends_with(".jar")
        };
        if let (Some(archive), Some(java)) = (names.find(is_archive), in_path("java")) {
            return Some(vec![java, "-jar".into(), archive]);
        }
    }
    in_path(program).map(|it| vec![it])
}

/// What `cargo install` has noted beside the folder of the program.
fn installed_version(context: &Context, program: &[PathBuf], package: &str) -> Option<String> {
    let beside = program.first()?.parent()?.parent()?.to_path_buf();
    let folders = [Some(beside), context.rivals.clone()];
    let notes = folders.iter().flatten().find_map(|it| fs::read_to_string(it.join(".crates.toml")).ok())?;
    // `"cargo-progenitor 0.15.1 (registry+…)" = ["cargo-progenitor"]`
    let line = notes.lines().find_map(|it| it.strip_prefix(&format!("\"{package} ")))?;
    Some(line.split(' ').next()?.to_owned())
}

/// What the program says of itself.
fn asked_version(program: &[PathBuf], kind: Kind) -> Option<String> {
    let flag = if kind == Kind::OpenapiGenerator { "version" } else { "--version" };
    let text = process::text(start(program)?.arg(flag)).ok()?;
    Some(text.split_whitespace().last()?.to_owned())
}

fn start(program: &[PathBuf]) -> Option<Command> {
    let (first, rest) = program.split_first()?;
    let mut command = Command::new(first);
    command.args(rest);
    Some(command)
}

impl Rival {
    /// The package that it generates.
    fn package_name(&self) -> String {
        format!("bench_{}", self.name.to_lowercase().replace([' ', '-'], "_"))
    }

    /// The folder of its package.
    fn folder(&self, context: &Context) -> PathBuf {
        context.work.join("rivals").join(self.package_name())
    }

    /// Empties the folder of its package.
    pub(crate) fn empty_folder(&self, context: &Context) -> Result<()> {
        context.fresh_folder(&format!("rivals/{}", self.package_name())).map(drop)
    }

    /// The document as this generator takes it. What it cannot take is left out, with a note.
    pub(crate) fn document(&self, exported: &Path, measured: &mut Measured) -> Result<PathBuf> {
        if self.kind != Kind::Progenitor {
            return Ok(exported.to_path_buf());
        }
        let mut document: serde_json::Value = serde_json::from_str(&read(exported)?)?;
        let removed = adapted::for_progenitor(&mut document);
        let path = exported.with_extension("progenitor.json");
        write(&path, &document.to_string())?;
        measured.note(format!(
            "progenitor gets one response of success and one error of each operation, since it stops at more; \
             operations whose bodies it does not know are left out: {removed}."
        ));
        Ok(path)
    }

    /// The command that generates a package from a document, into its folder.
    pub(crate) fn generate(&self, context: &Context, document: &Path) -> Result<Command> {
        let folder = self.folder(context);
        let package = self.package_name();
        let mut command = start(&self.program).ok_or("a generator without a program")?;
        match self.kind {
            Kind::Progenitor => {
                command.arg("progenitor").arg("--input").arg(document).arg("--output").arg(&folder);
                command.args(["--name", &package, "--version", "0.0.0"]);
            }
            Kind::OpenapiToRust => {
                command.arg("generate").arg(document).current_dir(&folder);
            }
            Kind::Ploidy => {
                command
                    .args(["generate", "rust"])
                    .arg(document)
                    .arg("--output")
                    .arg(&folder)
                    .args(["--name", &package]);
            }
            Kind::OpenapiGenerator => {
                command.args(["generate", "--skip-validate-spec", "-g", "rust", "-i"]).arg(document);
                command.arg("-o").arg(&folder).arg(format!("--package-name={package}"));
            }
        }
        Ok(command)
    }

    /// Makes a package of its own of what was generated.
    pub(crate) fn package(&self, context: &Context) -> Result<Package> {
        let folder = self.folder(context);
        let manifest = folder.join("Cargo.toml");
        let name = self.package_name();
        if self.kind == Kind::OpenapiToRust {
            // It generates modules, and says what they need.
            write(&folder.join("src/lib.rs"), "pub mod generated;\n")?;
            let needs = read(&folder.join("src/generated/REQUIRED_DEPS.toml"))?;
            let head = format!("[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n");
            let table = if needs.contains("[dependencies]") { "" } else { "[dependencies]\n" };
            write(&manifest, &format!("{head}{table}{needs}"))?;
        }
        let text = read(&manifest)?;
        if !text.lines().any(|it| it.trim() == "[workspace]") {
            write(&manifest, &format!("{text}\n[workspace]\n"))?;
        }
        Ok(Package { name, folder, flags: Vec::new() })
    }
}
