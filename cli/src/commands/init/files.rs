//! The files of a new workspace.

use specwright_codegen::model::Api;
use specwright_codegen::pipeline::{self, FirstCall};
use specwright_codegen::settings::RUST_VERSION;

use super::environment;
use crate::source::Source;

/// Names that packages of a new workspace and its dependencies have.
pub(super) const PACKAGES: [&str; 5] = ["hello", "specwright_cli", "specwright_contract", "tokio", "xtask"];

/// The version of Rust that Specwright is developed with.
const TOOLCHAIN: &str = "1.95.0";

/// A file to be written.
pub(super) struct File {
    /// Relative to the workspace, with `/` between parts.
    pub(super) path: String,
    pub(super) text: String,
    /// It is an edit of a file that is there.
    pub(super) replaces: bool,
}

impl File {
    pub(super) fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into(), replaces: false }
    }
}

/// What stands for the words between `__` in the templates.
pub(super) struct Names {
    pub(super) api: String,
    pub(super) title: String,
    /// The word behind `cargo`.
    pub(super) tool: String,
    /// The folder of the package with the commands.
    pub(super) folder: String,
    /// The package with the commands.
    pub(super) package: String,
}

impl Default for Names {
    fn default() -> Self {
        let xtask = || "xtask".to_owned();
        Self { api: String::new(), title: String::new(), tool: xtask(), folder: xtask(), package: xtask() }
    }
}

impl Names {
    fn fill(&self, template: &str) -> String {
        let words = [
            ("__api__", &self.api),
            ("__title__", &self.title),
            ("__tool__", &self.tool),
            ("__package__", &self.package),
        ];
        words.into_iter().fold(template.to_owned(), |text, (word, value)| text.replace(word, value))
    }
}

/// Every file of a new workspace but the spec.
pub(super) fn new_workspace(names: &Names, source: &Source, api: Option<&Api>) -> Vec<File> {
    let manifest = names.fill(include_str!("templates/Cargo.toml.in"));
    let manifest = manifest
        .replace("__rust_version__", RUST_VERSION)
        .replace("__cli__", &source.dependency("cli"))
        .replace("__contract__", &source.dependency("contract"))
        .replace("__runtime__", &source.dependency("runtime"));
    let note = match source {
        Source::Path(folder) => format!(
            "\nSpecwright is taken from `{folder}`. Before others use this workspace, let `Cargo.toml` say where they get it."
        ),
        _ => String::new(),
    };
    let readme = names.fill(include_str!("templates/README.md.in")).replace("\n__note__", &note);
    let toolchain = include_str!("templates/toolchain.toml.in").replace("__toolchain__", TOOLCHAIN);
    let mut files = vec![
        File::new("Cargo.toml", manifest),
        File::new(".cargo/config.toml", names.fill(include_str!("templates/config.toml.in"))),
        File::new(".gitignore", include_str!("templates/gitignore.in")),
        File::new(".gitattributes", include_str!("templates/gitattributes.in")),
        File::new(".github/workflows/check.yml", include_str!("templates/check.yml.in")),
        File::new("README.md", readme),
        File::new("rust-toolchain.toml", toolchain),
        formatter(),
    ];
    files.extend(commands(names, "{ workspace = true }"));
    files.extend(hello(names, api));
    files
}

/// Keeps the formatter away from generated code.
pub(super) fn formatter() -> File {
    File::new("generated/rustfmt.toml", include_str!("templates/rustfmt.toml.in"))
}

/// The package with the commands. `dependency` is the value of its dependency on them.
pub(super) fn commands(names: &Names, dependency: &str) -> [File; 2] {
    let manifest = names.fill(include_str!("templates/xtask.toml.in")).replace("__cli__", dependency);
    [
        File::new(format!("{}/Cargo.toml", names.folder), manifest),
        File::new(format!("{}/src/main.rs", names.folder), names.fill(include_str!("templates/xtask.rs.in"))),
    ]
}

/// The program that calls the mock.
fn hello(names: &Names, api: Option<&Api>) -> [File; 2] {
    let call = api.and_then(pipeline::first_call);
    let call = call.as_ref();
    let (environment, env_from) = environment::code(&api.map(environment::made_up).unwrap_or_default());
    let feature = call.map(|it| format!("\"{}\"", it.feature)).unwrap_or_default();
    let manifest = names.fill(include_str!("templates/hello.toml.in")).replace("__features__", &feature);
    let imports: String = call.into_iter().flat_map(|it| &it.imports).map(|it| format!("{it}\n")).collect::<String>();
    let program = names.fill(include_str!("templates/hello.rs.in"));
    let program = program.replace("__imports__", &imports).replace("__call__", &body(call).join("\n"));
    let program = program.replace("__environment__", &environment).replace("        __env_from__\n", &env_from);
    [File::new("hello/Cargo.toml", manifest), File::new("hello/src/main.rs", program)]
}

/// The call, and what is done with its result.
fn body(call: Option<&FirstCall>) -> Vec<String> {
    let Some(call) = call else {
        return vec![
            "    // No operation of the spec has an example of a request yet.\n    let _ = client;".to_owned(),
        ];
    };
    let mut lines: Vec<String> =
        call.lines.iter().map(|it| format!("    {}", it.replace("let mut ", "let "))).collect();
    let result = call.lines.first().and_then(|it| it.strip_prefix("let ")?.split_once(" = ")).map_or("", |it| it.0);
    let then: &[&str] = match result {
        "task" => &[
            "println!(\"task {} is under way\", task.id());",
            "let result = task.wait().await?;",
            "println!(\"{result:#?}\");",
        ],
        "answer" => &["println!(\"{answer:#?}\");"],
        "redirect" => &["println!(\"{redirect:?}\");"],
        "done" => &["println!(\"done: {done:?}\");"],
        "download" => &["println!(\"a download has begun: {download:?}\");"],
        _ => &["println!(\"a stream has begun\");", "drop(stream);"],
    };
    lines.extend(then.iter().map(|it| format!("    {it}")));
    lines
}
