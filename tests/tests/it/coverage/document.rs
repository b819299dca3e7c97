//! The facts of the second reading, as they are committed.

use std::fs;

use serde_json::Value;

use crate::files;

/// One section of a document.
pub(super) struct Document(Value);

/// One table of it.
pub(super) struct Table<'a>(&'a Value);

/// All sections of an API's documents, by file name.
pub(super) fn of(api: &str) -> Vec<Document> {
    let folder = files::root().join("tests/coverage").join(api);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|it| it.expect("an entry").path()).collect();
    paths.retain(|it| it.extension().is_some_and(|it| it == "json"));
    paths.sort();
    assert!(!paths.is_empty(), "no facts in {}", folder.display());
    let read = |path: &std::path::PathBuf| {
        let text = fs::read_to_string(path).expect("a text file");
        Document(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
    };
    paths.iter().map(read).collect()
}

impl Document {
    pub(super) fn title(&self) -> &str {
        text(&self.0, "title")
    }

    pub(super) fn tables(&self) -> impl Iterator<Item = Table<'_>> {
        list(&self.0, "tables").iter().map(Table)
    }

    /// Entries under `models`, `endpoints`, `rates`, `statuses`, `sends` or `samples`.
    pub(super) fn entries(&self, of: &str) -> &[Value] {
        list(&self.0, of)
    }

    /// Texts under `urls`.
    pub(super) fn texts(&self, of: &str) -> Vec<&str> {
        texts(&self.0, of)
    }

    /// The entry `rate_limit_headers`.
    pub(super) fn one(&self, of: &str) -> Option<&Value> {
        self.0.get(of)
    }

    /// Every `METHOD /path` that the section names.
    pub(super) fn operations(&self) -> Vec<&str> {
        let named = list(&self.0, "operations").iter();
        let tables = self.tables().filter_map(|it| it.0.get("operation"));
        let samples = self.entries("samples").iter().filter_map(|it| it.get("operation"));
        let endpoints = self.entries("endpoints").iter().flat_map(|it| list(it, "operations"));
        let mut all: Vec<_> = named.chain(tables).chain(samples).chain(endpoints).filter_map(Value::as_str).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

impl<'a> Table<'a> {
    pub(super) fn section(&self) -> &'a str {
        text(self.0, "section")
    }

    pub(super) fn kind(&self) -> &'a str {
        text(self.0, "kind")
    }

    pub(super) fn operation(&self) -> &'a str {
        text(self.0, "operation")
    }

    /// The field that the rows are in: `videos[]`.
    pub(super) fn inside(&self) -> Option<&'a str> {
        self.0.get("inside").and_then(Value::as_str)
    }

    /// The condition of the table, if several tables share an operation.
    pub(super) fn when(&self) -> Option<&'a Value> {
        self.0.get("when")
    }

    pub(super) fn rows(&self) -> &'a [Value] {
        list(self.0, "rows")
    }
}

/// A text that must be there.
pub(super) fn text<'a>(of: &'a Value, key: &str) -> &'a str {
    of.get(key).and_then(Value::as_str).unwrap_or_else(|| panic!("no text `{key}` in {of}"))
}

/// A list, which is empty if it is left out.
pub(super) fn list<'a>(of: &'a Value, key: &str) -> &'a [Value] {
    of.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A list of texts; left out, it is empty.
pub(super) fn texts<'a>(of: &'a Value, key: &str) -> Vec<&'a str> {
    list(of, key).iter().map(|it| it.as_str().unwrap_or_else(|| panic!("`{key}` holds more than texts"))).collect()
}
