//! Adding a spec to a workspace that exists: new files, and the fewest changes of the manifest and cargo's settings.
//!
//! The crates get a project file that lets them stand alone, so that the manifest needs two more members and nothing else.

use std::io;
use std::path::Path;

use specwright_codegen::failure::Failure;
use specwright_codegen::regular_file;
use specwright_codegen::settings::FILE;
use toml_edit::{Array, DocumentMut, Item, Table, Value};

use super::files::{self, File, Names};
use super::surroundings;
use crate::output::say;
use crate::source::Source;

const CONFIG: &str = ".cargo/config.toml";
const ATTRIBUTES: &str = ".gitattributes";
const GENERATED: &str = "generated/** linguist-generated";

/// All files but the spec. `names` gets another name for the commands where the workspace has an `xtask` of its own.
pub(super) fn plan(folder: &Path, names: &mut Names, source: &Source) -> Result<Vec<File>, Failure> {
    let Some(manifest) = read(folder, "Cargo.toml")? else {
        let message = format!("`{}` has no `Cargo.toml`, so there is no workspace to add to", folder.display());
        return Err(Failure::new(message).help("leave `--existing` out to make a workspace"));
    };
    surroundings::is_root(folder)?;
    if let Some(commands) = commands_of(folder)? {
        let message = format!("`{}` has the commands of Specwright already, as `cargo {commands}`", folder.display());
        return Err(Failure::new(message).help(format!(
            "there, `cargo {commands} new NAME` starts another API, and `cargo {commands} import FILE` makes one from a document"
        )));
    }
    surroundings::note_old_toolchain(folder);
    let config = read(folder, CONFIG)?;
    let has_alias = config.as_deref().is_some_and(|it| alias(it, "xtask"));
    if has_alias || folder.join("xtask").exists() {
        (names.tool, names.folder, names.package) =
            ("specwright".to_owned(), "specwright".to_owned(), "specwright-commands".to_owned());
    }
    let formatter = files::formatter();
    let mut plan = Vec::new();
    if read(folder, &formatter.path)?.is_none() {
        plan.push(formatter);
    }
    plan.extend(files::commands(names, &source.dependency("cli")));
    if read(folder, FILE)?.is_none() {
        plan.push(File::new(FILE, project_file(source)));
    }
    plan.push(edit(folder, "Cargo.toml", &manifest, |it| add_members(it, &names.folder))?);
    plan.push(match &config {
        Some(text) => edit(folder, CONFIG, text, |it| add_alias(it, names))?,
        None => File::new(
            CONFIG,
            include_str!("templates/config.toml.in")
                .replace("__tool__", &names.tool)
                .replace("__package__", &names.package),
        ),
    });
    match read(folder, ATTRIBUTES)? {
        None => plan.push(File::new(ATTRIBUTES, format!("{GENERATED}\n"))),
        Some(text) if !text.contains(GENERATED) => {
            say(&format!("note: put the line `{GENERATED}` into `{ATTRIBUTES}`, so that reviews fold generated code"));
        }
        Some(_) => {}
    }
    Ok(plan)
}

/// The alias of a package of the workspace that is one call of these commands.
fn commands_of(folder: &Path) -> Result<Option<&'static str>, Failure> {
    for name in ["xtask", "specwright"] {
        let manifest = read(folder, &format!("{name}/Cargo.toml"))?.and_then(|it| it.parse::<DocumentMut>().ok());
        let has = |it: DocumentMut| it.get("dependencies").is_some_and(|it| it.get("specwright-cli").is_some());
        if manifest.is_some_and(has) {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

/// A project file whose crates need nothing of the workspace.
fn project_file(source: &Source) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let runtime = match source {
        Source::Path(folder) => format!("{{ path = {} }}", quoted(&format!("{folder}/runtime"))),
        Source::Git { url, rev } => format!("{{ git = {}, rev = {} }}", quoted(url), quoted(rev)),
        Source::Registry(version) => quoted(version),
    };
    format!(
        "# How `cargo xtask codegen` makes the crates in `generated/`.\n[crates]\n\
         # Their manifests say all themselves, and inherit nothing from the workspace.\nworkspace = false\n\
         runtime = {runtime}\npublish = false\n"
    )
}

fn read(folder: &Path, path: &str) -> Result<Option<String>, Failure> {
    let path = folder.join(path);
    match regular_file::read_to_string(&path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::io("read", &path, &error)),
    }
}

/// The text with a change that leaves everything else as it is.
fn edit(
    folder: &Path,
    path: &str,
    text: &str,
    change: impl FnOnce(&mut DocumentMut) -> Option<()>,
) -> Result<File, Failure> {
    let broken = |why: &str| Failure::new(format!("cannot change `{}`: {why}", folder.join(path).display()));
    let mut document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| broken(error.message()))?;
    change(&mut document).ok_or_else(|| broken("a table or list that this adds to is something else"))?;
    Ok(File { path: path.to_owned(), text: document.to_string(), replaces: true })
}

/// Adds the commands and the generated crates to the workspace, which a package becomes where there was none.
fn add_members(document: &mut DocumentMut, commands: &str) -> Option<()> {
    let workspace = document.entry("workspace").or_insert(Item::Table(Table::new())).as_table_like_mut()?;
    if workspace.get("members").is_none() {
        workspace.insert("members", Item::Value(Value::Array(Array::new())));
    }
    let members = workspace.get_mut("members")?.as_array_mut()?;
    for member in ["generated/*/src/..", commands] {
        let has = |name: &str| members.iter().any(|it| it.as_str() == Some(name));
        if has(member) || has(member.trim_end_matches("/src/..")) || (member == commands && has("*")) {
            continue;
        }
        // As its neighbour stands, on a line of its own or not.
        let decor =
            members.iter().last().map(|it| it.decor().prefix().and_then(|it| it.as_str()).unwrap_or(" ").to_owned());
        match decor {
            Some(before) if before.contains('\n') => {
                // Without the comment that may stand before the neighbour, and behind the comment that belongs to it.
                let before = before.rfind('\n').map_or("", |at| before.get(at..).unwrap_or_default());
                let behind = members.trailing().as_str().unwrap_or_default().to_owned();
                let (comment, rest) = behind.split_at(behind.rfind('\n').unwrap_or(0));
                members.push_formatted(Value::from(member).decorated(format!("{comment}{before}"), ""));
                members.set_trailing(rest);
            }
            _ => members.push(member),
        }
    }
    Some(())
}

fn add_alias(document: &mut DocumentMut, names: &Names) -> Option<()> {
    let alias = document.entry("alias").or_insert(Item::Table(Table::new())).as_table_like_mut()?;
    if alias.get(&names.tool).is_none() {
        alias.insert(&names.tool, toml_edit::value(format!("run --quiet --package {} --", names.package)));
    }
    Some(())
}

/// Whether cargo's settings have an alias.
fn alias(config: &str, name: &str) -> bool {
    let document = config.parse::<DocumentMut>().ok();
    document.is_some_and(|it| it.get("alias").and_then(|it| it.get(name)).is_some())
}

#[cfg(test)]
mod tests {
    use super::{add_alias, add_members};
    use crate::commands::init::files::Names;
    use toml_edit::DocumentMut;

    #[track_caller]
    fn check(change: impl FnOnce(&mut DocumentMut) -> Option<()>, before: &str, after: &str) {
        let mut document: DocumentMut = before.parse().expect("TOML");
        change(&mut document).expect("a change");
        assert_eq!(document.to_string(), after);
    }

    #[test]
    fn members_are_added_and_nothing_else_moves() {
        check(
            |it| add_members(it, "xtask"),
            "# mine\n[workspace]\nmembers = [\"a\"] # all\n\n[profile.dev]\nopt-level=1\n",
            "# mine\n[workspace]\nmembers = [\"a\", \"generated/*/src/..\", \"xtask\"] # all\n\n[profile.dev]\nopt-level=1\n",
        );
        check(
            |it| add_members(it, "xtask"),
            "[workspace]\nmembers = [\n    \"a\", # first\n    \"generated/*\",\n]\n",
            "[workspace]\nmembers = [\n    \"a\", # first\n    \"generated/*\",\n    \"xtask\",\n]\n",
        );
        check(
            |it| add_members(it, "xtask"),
            "[package]\nname = \"a\"\n",
            "[package]\nname = \"a\"\n\n[workspace]\nmembers = [\"generated/*/src/..\", \"xtask\"]\n",
        );
    }

    #[test]
    fn a_comment_stays_with_its_member() {
        check(
            |it| add_members(it, "xtask"),
            "[workspace]\nmembers = [\n    \"a\", # first\n]\n",
            "[workspace]\nmembers = [\n    \"a\", # first\n    \"generated/*/src/..\",\n    \"xtask\",\n]\n",
        );
    }

    #[test]
    fn an_alias_is_added_beside_others() {
        check(
            |it| add_alias(it, &Names::default()),
            "[alias]\nt = \"test\"\n",
            "[alias]\nt = \"test\"\nxtask = \"run --quiet --package xtask --\"\n",
        );
    }
}
