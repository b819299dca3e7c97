//! The pages of the book: the project's documents, the reference of every API, and the page of every code.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::diagnostics::Code;
use crate::emit::book::{self, Page, Section};
use crate::emit::docs;
use crate::failure::Failure;
use crate::model::Api;
use crate::settings::Settings;
use crate::write::{self, Drift, Folder, Lock, Tree, Wanted};

/// Where the book goes, below `target/`.
const BOOK: &str = "book";

/// Documents in the project's folder, in reading order.
const START: [&str; 3] = ["README.md", "ARCHITECTURE.md", "CHANGELOG.md"];

/// Folders of documents and what they are called.
const FOLDERS: [(&str, &str); 3] = [("Guide", "docs/guide"), ("Reference", "docs"), ("Decisions", "docs/decisions")];

/// What a run of [`write_book`] did.
#[derive(Debug)]
pub struct Book {
    /// The page to open first.
    pub start: PathBuf,
    /// How many pages there are.
    pub pages: usize,
    /// Files that had to be written or removed.
    pub drift: Vec<Drift>,
}

/// Writes the book of a project and its APIs to `target/book`.
///
/// # Errors
///
/// When a document cannot be read or a page cannot be written.
pub fn write_book(lock: &Lock, apis: &[Api]) -> Result<Book, Failure> {
    let project = lock.project();
    let sections = sections(project, apis)?;
    let files = book::site(&sections);
    let target = project.join("target");
    let wanted: BTreeMap<String, String> =
        files.into_iter().map(|(path, text)| (format!("{BOOK}/{path}"), text)).collect();
    let drift =
        write::sync(lock, Tree { root: &target, beside: &target }, Wanted::texts(&wanted), &[Folder::new(BOOK)])?;
    let first = sections.first().and_then(|it| it.pages.first());
    let start = if first.is_some_and(|it| it.path == START[0]) { "index.html" } else { "docs/index.html" };
    Ok(Book { start: target.join(BOOK).join(start), pages: wanted.len(), drift })
}

fn sections(project: &Path, apis: &[Api]) -> Result<Vec<Section>, Failure> {
    let mut sections = Vec::new();
    let mut add = |title: &str, pages: Vec<Page>| {
        if !pages.is_empty() {
            sections.push(Section { title: title.to_owned(), pages });
        }
    };
    let start: Vec<String> = START.iter().map(|it| (*it).to_owned()).filter(|it| project.join(it).is_file()).collect();
    add("Start", read_all(project, start)?);
    for (title, folder) in FOLDERS {
        add(title, read_all(project, documents(project, folder)?)?);
    }
    let output = Settings::load(project)?.crates.output;
    for api in apis {
        let pages = docs::pages(api).into_iter();
        let pages = pages.map(|(path, markdown)| Page { path: format!("{output}/{}/{path}", api.name), markdown });
        add(&api.title, pages.collect());
    }
    add("Diagnostics", codes());
    Ok(sections)
}

fn read_all(project: &Path, paths: Vec<String>) -> Result<Vec<Page>, Failure> {
    let read = |path: String| {
        let full = project.join(&path);
        let markdown = fs::read_to_string(&full).map_err(|error| Failure::io("read", &full, &error))?;
        Ok(Page { path, markdown })
    };
    paths.into_iter().map(read).collect()
}

/// Markdown files right in a folder, `README.md` first.
fn documents(project: &Path, folder: &str) -> Result<Vec<String>, Failure> {
    let full = project.join(folder);
    let failed = |error: io::Error| Failure::io("read the folder", &full, &error);
    let entries = match fs::read_dir(&full) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(failed)?;
        if let Some(name) = entry.file_name().to_str().filter(|it| it.ends_with(".md") && entry.path().is_file()) {
            names.push(name.to_owned());
        }
    }
    names.sort_by_key(|name| (name != "README.md", name.clone()));
    Ok(names.into_iter().map(|name| format!("{folder}/{name}")).collect())
}

fn codes() -> Vec<Page> {
    let list: String = Code::all().iter().map(|it| format!("- [{it}]({it}.md): {}\n", it.title())).collect();
    let index = Page {
        path: "codes/README.md".to_owned(),
        markdown: format!("# All codes\n\n`cargo xtask explain CODE` shows these pages in a terminal.\n\n{list}"),
    };
    let page = |it: &Code| Page { path: format!("codes/{it}.md"), markdown: it.page().to_owned() };
    std::iter::once(index).chain(Code::all().iter().map(page)).collect()
}
