//! Text of `specwright.toml` → settings, or every fault with its line.

use toml_edit::{Document, Item, TableLike};

use super::{Crates, EDITION, FILE, Outputs, RUST_VERSION, Settings, Source};
use crate::diagnostics::suggest;
use crate::emit::openapi::Version;
use crate::failure::Failure;

const TABLES: [&str; 2] = ["crates", "outputs"];

const CRATES: [&str; 10] = [
    "workspace",
    "runtime",
    "edition",
    "rust-version",
    "license",
    "repository",
    "authors",
    "publish",
    "prefix",
    "output",
];

const OUTPUTS: [&str; 3] = ["crates", "docs", "openapi"];

const GIT: [&str; 3] = ["rev", "tag", "branch"];

/// The settings. `path` is the name of the file in messages.
pub(super) fn read(path: &str, text: &str) -> Result<Settings, Failure> {
    let document = Document::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |it| it.start);
        Failure::new(format!("{path}:{}: {}", place(text, at), error.message().trim().replace('\n', "; ")))
    })?;
    let mut reader = Reader { path, text, faults: Vec::new() };
    let mut settings = Settings::default();
    let root = document.as_table();
    reader.keys(root, &TABLES, "");
    if let Some(table) = reader.table(root, "crates") {
        reader.crates(table, &mut settings.crates);
    }
    if let Some(table) = reader.table(root, "outputs") {
        reader.outputs(table, &mut settings.outputs);
    }
    if reader.faults.is_empty() {
        return Ok(settings);
    }
    reader.faults.sort();
    let faults: Vec<String> = reader.faults.into_iter().map(|it| it.1).collect();
    Err(Failure::new(faults.join("\n")).help(format!("`docs/project-file.md` lists all keys of `{FILE}`")))
}

struct Reader<'t> {
    path: &'t str,
    text: &'t str,
    /// With their places in the text.
    faults: Vec<(usize, String)>,
}

impl Reader<'_> {
    fn fault(&mut self, item: &Item, message: impl AsRef<str>) {
        self.fault_at(item.span().map_or(0, |it| it.start), message);
    }

    fn fault_at(&mut self, at: usize, message: impl AsRef<str>) {
        let message = format!("{}:{}: {}", self.path, place(self.text, at), message.as_ref());
        self.faults.push((at, message));
    }

    /// Refuses every key that is not known. `table` is empty at the top.
    fn keys(&mut self, found: &dyn TableLike, known: &[&'static str], table: &str) {
        let of = if table.is_empty() { "the table".to_owned() } else { format!("a key of `[{table}]`:") };
        for (name, item) in found.iter() {
            if known.contains(&name) {
                continue;
            }
            let at = found.key(name).and_then(|it| it.span()).or(item.span()).map_or(0, |it| it.start);
            let near = match suggest::nearest(name, known.iter().copied()) {
                Some(near) => format!("a similar one exists: `{near}`"),
                None => format!("known are {}", list(known)),
            };
            let kind = if table.is_empty() {
                format!("`[{name}]` is not {of} of a project file")
            } else {
                format!("`{name}` is not {of}")
            };
            self.fault_at(at, format!("{}; {near}", kind.trim_end_matches(':')));
        }
    }

    fn table<'d>(&mut self, root: &'d dyn TableLike, name: &str) -> Option<&'d dyn TableLike> {
        let item = root.get(name)?;
        let table = item.as_table_like();
        if table.is_none() {
            self.fault(item, format!("`{name}` is {}; write a table `[{name}]`", item.type_name()));
        }
        table
    }

    fn crates(&mut self, table: &dyn TableLike, crates: &mut Crates) {
        self.keys(table, &CRATES, "crates");
        if let Some(it) = self.switch(table, "workspace") {
            crates.workspace = it;
        }
        crates.publish = self.switch(table, "publish");
        crates.runtime = table.get("runtime").and_then(|it| self.source(it));
        crates.edition = self.checked(table, "edition", &format!("`{EDITION}`"), |it| it == EDITION);
        let oldest = format!("a version of Rust from {RUST_VERSION} on");
        crates.rust_version = self.checked(table, "rust-version", &oldest, is_rust_version);
        crates.license = self.checked(table, "license", "an SPDX expression such as `MIT`", is_license);
        crates.repository = self.checked(table, "repository", "a URL", |it| it.contains("://") && is_word(it));
        crates.authors = self.texts(table, "authors");
        let prefix = "letters, digits, `-` and `_`, beginning with a letter";
        crates.prefix = self.checked(table, "prefix", prefix, is_prefix).unwrap_or_default();
        let folder = "a folder below the project's, with `/` between parts, other than `spec` and `target`";
        if let Some(it) = self.checked(table, "output", folder, is_output) {
            crates.output = it;
        }
    }

    fn outputs(&mut self, table: &dyn TableLike, outputs: &mut Outputs) {
        self.keys(table, &OUTPUTS, "outputs");
        outputs.crates = self.switch(table, "crates").unwrap_or(true);
        outputs.docs = self.switch(table, "docs").unwrap_or(true);
        let Some(item) = table.get("openapi") else { return };
        outputs.openapi = match (item.as_bool(), item.as_str()) {
            (Some(false), _) => None,
            (Some(true), _) | (_, Some("3.1")) => Some(Version::V3_1),
            (_, Some("3.0")) => Some(Version::V3_0),
            _ => {
                self.fault(item, "`openapi` is neither `\"3.1\"`, `\"3.0\"` nor `false`");
                None
            }
        };
    }

    fn switch(&mut self, table: &dyn TableLike, name: &str) -> Option<bool> {
        let item = table.get(name)?;
        let value = item.as_bool();
        if value.is_none() {
            self.fault(item, format!("`{name}` is {}; write `true` or `false`", item.type_name()));
        }
        value
    }

    /// A text for which `is_good` holds.
    fn checked(
        &mut self,
        table: &dyn TableLike,
        name: &str,
        expected: &str,
        is_good: impl Fn(&str) -> bool,
    ) -> Option<String> {
        let item = table.get(name)?;
        match item.as_str() {
            Some(text) if is_good(text) => Some(text.to_owned()),
            Some(text) => {
                self.fault(item, format!("`{name}` is `{text}`; write {expected}"));
                None
            }
            None => {
                self.fault(item, format!("`{name}` is {}; write {expected}, as text", item.type_name()));
                None
            }
        }
    }

    fn texts(&mut self, table: &dyn TableLike, name: &str) -> Vec<String> {
        let Some(item) = table.get(name) else { return Vec::new() };
        let plain = |it: &toml_edit::Value| it.as_str().filter(|it| is_plain(it)).map(str::to_owned);
        let texts = item.as_array().map(|it| it.iter().map(plain).collect());
        texts.flatten().unwrap_or_else(|| {
            self.fault(item, format!("`{name}` is not a list of texts, such as `[\"Acme <api@acme.example>\"]`"));
            Vec::new()
        })
    }

    /// `"0.2"`, `{path = "…"}` or `{git = "…", rev = "…"}`.
    fn source(&mut self, item: &Item) -> Option<Source> {
        if let Some(version) = item.as_str().filter(|it| is_version(it)) {
            return Some(Source::Version(version.to_owned()));
        }
        let expected = "`runtime` is not a source; write a version such as `\"0.1\"`, `{ path = \"…\" }` or \
                        `{ git = \"…\", rev = \"…\" }`";
        let Some(table) = item.as_table_like() else {
            self.fault(item, expected);
            return None;
        };
        let text = |name: &str| table.get(name).and_then(Item::as_str).filter(|it| is_plain(it)).map(str::to_owned);
        let at: Vec<_> = GIT.into_iter().filter_map(|it| Some((it, text(it)?))).collect();
        match (text("path"), text("git"), table.len(), at.as_slice()) {
            (Some(path), None, 1, []) => Some(Source::Path(path.replace('\\', "/"))),
            (None, Some(url), 1, []) => Some(Source::Git { url, at: None }),
            (None, Some(url), 2, [at]) => Some(Source::Git { url, at: Some(at.clone()) }),
            _ => {
                self.fault(item, expected);
                None
            }
        }
    }
}

/// Whether cargo takes a text for a requirement on a version: one or more such as `0.2`, `=1.2.3` or `>=1, <2`.
#[must_use]
pub fn is_version(text: &str) -> bool {
    let is_one = |it: &str| {
        let it = it.trim().trim_start_matches(['=', '^', '~', '>', '<']).trim_start();
        let plain = it.split(['-', '+']).next().unwrap_or(it);
        let parts: Vec<&str> = plain.split('.').collect();
        let is_number = |(at, part): (usize, &&str)| part.parse::<u64>().is_ok() || (at > 0 && *part == "*");
        (1..=3).contains(&parts.len())
            && parts.iter().enumerate().all(is_number)
            && it.chars().all(|it| it.is_ascii_alphanumeric() || ".-+*".contains(it))
    };
    text.split(',').all(is_one)
}

/// Text of one line that says something.
fn is_plain(text: &str) -> bool {
    !text.trim().is_empty() && !text.chars().any(char::is_control)
}

/// The same without spaces.
fn is_word(text: &str) -> bool {
    is_plain(text) && !text.contains(char::is_whitespace)
}

/// Names of licences, joined by words and brackets. Whether the names are known is for registries to say.
fn is_license(text: &str) -> bool {
    is_plain(text) && text.chars().all(|it| it.is_ascii_alphanumeric() || "-.+:() /".contains(it))
}

fn is_rust_version(text: &str) -> bool {
    let numbers = |it: &str| it.split('.').map(|it| it.parse().ok()).collect::<Option<Vec<u32>>>();
    let (found, oldest) = (numbers(text), numbers(RUST_VERSION));
    found.is_some_and(|it| (2..=3).contains(&it.len()) && oldest.is_some_and(|oldest| it >= oldest))
}

fn is_prefix(text: &str) -> bool {
    let plain = |it: char| it.is_ascii_alphanumeric() || it == '-' || it == '_';
    text.is_empty() || (text.chars().all(plain) && text.starts_with(|it: char| it.is_ascii_alphabetic()))
}

fn is_output(text: &str) -> bool {
    let plain = |it: &str| {
        let has_only = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.');
        !it.is_empty() && it.chars().all(has_only) && !it.starts_with('.')
    };
    text.split('/').all(plain) && !["spec", "target"].contains(&text.split('/').next().unwrap_or(text))
}

fn list(names: &[&str]) -> String {
    names.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
}

/// `3:1`: line and column of a place in a text, from 1.
fn place(text: &str, at: usize) -> String {
    let before = text.get(..at).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or(before);
    format!("{}:{}", before.matches('\n').count() + 1, line.chars().count() + 1)
}
