//! The files of a document, and references between them.

use std::collections::{BTreeMap, BTreeSet};

use specwright_codegen::source::{FileId, Sources};

use super::tree::{Kind, Member, Node};
use super::{Fault, parse, swagger};
use crate::finding::{Findings, Place, fault};
use crate::gaps;

/// The largest file that is read.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// The document and the files that it links to.
#[derive(Debug, Default)]
pub struct Workspace {
    /// The texts.
    pub sources: Sources,
    roots: BTreeMap<FileId, Node>,
    /// The document as it is written, if it is of Swagger 2.0 and was laid out anew.
    written: Option<Node>,
    /// Files by their path.
    by_path: BTreeMap<String, FileId>,
}

/// A node, and how it is reached.
#[derive(Clone, Debug)]
pub struct Cursor<'d> {
    /// The node.
    pub node: &'d Node,
    /// Its file.
    pub file: FileId,
    /// Its JSON pointer in the file.
    pub pointer: String,
}

impl Workspace {
    /// Reads a document and every file that it links to. `read` gives the text of a path.
    ///
    /// Nothing when the document itself has no tree.
    pub fn load(
        path: &str,
        text: String,
        read: &dyn Fn(&str) -> Result<String, String>,
        out: &mut Findings,
    ) -> Option<Self> {
        let mut workspace = Self::default();
        let mut waiting = vec![(path.to_owned(), Some(text), None::<Place>)];
        let mut seen = BTreeSet::from([path.to_owned()]);
        while let Some((path, text, linked)) = waiting.pop() {
            let text = match text.map_or_else(|| read(&path), Ok) {
                Ok(text) => text,
                Err(problem) => {
                    if let Some(place) = linked {
                        out.push(fault::unreadable_file(&path, &problem, place));
                    }
                    continue;
                }
            };
            for (found, place) in workspace.add(&path, text, out) {
                if seen.insert(found.clone()) {
                    waiting.push((found, None, Some(place)));
                }
            }
        }
        workspace.lay_out(out);
        workspace.by_path.contains_key(path).then_some(workspace)
    }

    /// Lays out a document of Swagger 2.0 anew, and what it may refer to in other files.
    fn lay_out(&mut self, out: &mut Findings) {
        let Some((first, root)) = self.roots.first_key_value().filter(|it| swagger::is_swagger(it.1)) else { return };
        let first = *first;
        let place = Place { pointer: "/swagger".to_owned(), span: root.get("swagger").unwrap_or(root).span };
        out.push(gaps::SWAGGER.at(place, &[]));
        let follow = |reference: &str| self.resolve(first, reference).ok().map(|it| it.node);
        let converted = swagger::convert(root, &follow);
        let others = self.roots.iter().skip(1).map(|(file, it)| {
            let follow = |reference: &str| self.resolve(*file, reference).ok().map(|it| it.node);
            (*file, swagger::convert_part(it, root, &follow))
        });
        let others: Vec<(FileId, Node)> = others.collect();
        self.written = self.roots.insert(first, converted);
        self.roots.extend(others);
    }

    /// Adds a file, and tells the files that it links to.
    fn add(&mut self, path: &str, text: String, out: &mut Findings) -> Vec<(String, Place)> {
        let file = self.sources.add(path, text);
        let text = &self.sources.file(file).text;
        if text.len() > MOST_BYTES {
            out.push(fault::file_too_large(text.len(), MOST_BYTES, file));
            return Vec::new();
        }
        let mut faults = Vec::new();
        let node = parse(file, text, &mut faults);
        if node.is_none() && faults.is_empty() {
            out.push(fault::empty_file(file));
        }
        out.extend(faults.into_iter().map(|it| from_fault(it, file)));
        let Some(node) = node else { return Vec::new() };
        let mut links = Vec::new();
        collect_links(&node, path, &mut String::new(), &mut links);
        self.by_path.insert(path.to_owned(), file);
        self.roots.insert(file, node);
        links
    }

    /// A place as the file has it, which matters where the tree was laid out anew.
    pub(crate) fn as_written(&self, place: &Place) -> Place {
        let (Some(mut node), true) = (self.written.as_ref(), place.span.file == FileId(0)) else {
            return place.clone();
        };
        let mut pointer = String::new();
        let has = |node: &Node| node.span.start <= place.span.start && place.span.end <= node.span.end;
        loop {
            let key = |key: &str| key.to_owned();
            let of_list = node.items().iter().enumerate().map(|(at, it)| (at.to_string(), it));
            let below = node.members().iter().map(|it| (key(&it.key), &it.value)).chain(of_list);
            let Some((segment, inner)) = below.into_iter().find(|it| has(it.1)) else { break };
            push_segment(&mut pointer, &segment);
            node = inner;
        }
        Place { pointer, span: place.span }
    }

    /// The root of the document.
    pub fn root(&self) -> Option<Cursor<'_>> {
        self.root_of(*self.roots.keys().next()?)
    }

    fn root_of(&self, file: FileId) -> Option<Cursor<'_>> {
        Some(Cursor { node: self.roots.get(&file)?, file, pointer: String::new() })
    }

    /// Where a `$ref` leads, or why nowhere.
    pub fn resolve(&self, from: FileId, reference: &str) -> Result<Cursor<'_>, String> {
        let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let file = if path.is_empty() {
            from
        } else if is_remote(path) {
            return Err("it leads to a URL, and nothing is downloaded".to_owned());
        } else {
            let whole = joined(&self.sources.file(from).path, &decoded(path));
            match self.by_path.get(&whole) {
                Some(file) => *file,
                // `$ref: Pet` for `$ref: '#/components/schemas/Pet'`.
                None if !reference.contains(['/', '.', '#']) => {
                    return self.resolve(from, &format!("#/components/schemas/{reference}"));
                }
                None => return Err(format!("there is no file `{path}`")),
            }
        };
        let root = self.root_of(file).ok_or("the file has no content")?;
        let fragment = decoded(fragment);
        if !fragment.is_empty() && !fragment.starts_with('/') {
            return Err("it is no JSON pointer".to_owned());
        }
        let found = root.clone().follow(&fragment).or_else(|| {
            // A file of Swagger 2.0 that was laid out anew, and those that were not.
            let moved = self.written.as_ref().and_then(|_| swagger::moved(&fragment))?;
            root.follow(&moved)
        });
        found.ok_or_else(|| "there is no such place".to_owned())
    }
}

impl<'d> Cursor<'d> {
    /// The place that a JSON pointer leads to from here.
    fn follow(self, pointer: &str) -> Option<Self> {
        pointer.split('/').skip(1).try_fold(self, |cursor, segment| {
            let key = segment.replace("~1", "/").replace("~0", "~");
            cursor.get(&key).or_else(|| cursor.at(key.parse().ok()?))
        })
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<Cursor<'d>> {
        let node = self.node.get(key)?;
        Some(self.below(key, node))
    }

    /// An item of a list.
    pub fn at(&self, index: usize) -> Option<Cursor<'d>> {
        let node = self.node.items().get(index)?;
        Some(self.below(&index.to_string(), node))
    }

    /// The keys and values of a mapping.
    pub fn members(&self) -> impl Iterator<Item = (&'d Member, Cursor<'d>)> {
        let node: &'d Node = self.node;
        node.members().iter().map(|it| (it, self.below(&it.key, &it.value)))
    }

    /// The items of a list.
    pub fn items(&self) -> impl Iterator<Item = Cursor<'d>> {
        let node: &'d Node = self.node;
        node.items().iter().enumerate().map(|(at, it)| self.below(&at.to_string(), it))
    }

    /// Where it is.
    pub fn place(&self) -> Place {
        Place { pointer: self.pointer.clone(), span: self.node.span }
    }

    fn below(&self, segment: &str, node: &'d Node) -> Cursor<'d> {
        let mut pointer = self.pointer.clone();
        push_segment(&mut pointer, segment);
        Cursor { node, file: self.file, pointer }
    }
}

fn push_segment(pointer: &mut String, segment: &str) {
    pointer.push('/');
    if segment.contains(['~', '/']) {
        pointer.push_str(&segment.replace('~', "~0").replace('/', "~1"));
    } else {
        pointer.push_str(segment);
    }
}

fn from_fault(it: Fault, file: FileId) -> crate::finding::Finding {
    match it {
        Fault::Syntax { problem, span } => fault::syntax(&problem, span),
        Fault::DuplicateKey { key, span } => fault::duplicate_key(&key, span),
        Fault::UnknownAlias { span } => fault::unknown_alias(span),
        Fault::Yaml11 { text, span } => fault::yaml_1_1(&text, span),
        Fault::SecondDocument => fault::second_document(file),
        Fault::TooDeep { span } => fault::too_deep(span),
        Fault::TooManyNodes { span } => fault::too_many_nodes(span),
    }
}

/// The paths of other files in the `$ref`s of a tree.
fn collect_links(node: &Node, path: &str, pointer: &mut String, links: &mut Vec<(String, Place)>) {
    let length = pointer.len();
    match &node.kind {
        Kind::Map(members) => {
            for it in members {
                push_segment(pointer, &it.key);
                if it.key == "$ref"
                    && let Some(text) = it.value.text()
                {
                    let (other, _) = text.split_once('#').unwrap_or((text, ""));
                    let is_file = !other.is_empty() && !is_remote(other) && text.contains(['/', '.', '#']);
                    if is_file {
                        let place = Place { pointer: pointer.clone(), span: it.value.span };
                        links.push((joined(path, &decoded(other)), place));
                    }
                } else {
                    collect_links(&it.value, path, pointer, links);
                }
                pointer.truncate(length);
            }
        }
        Kind::List(items) => {
            for (at, it) in items.iter().enumerate() {
                push_segment(pointer, &at.to_string());
                collect_links(it, path, pointer, links);
                pointer.truncate(length);
            }
        }
        _ => {}
    }
}

fn is_remote(path: &str) -> bool {
    path.contains("://") || path.starts_with("//")
}

/// A path seen from the folder of another.
fn joined(from: &str, path: &str) -> String {
    if path.starts_with('/') {
        return path.to_owned();
    }
    let folder = from.rsplit_once('/').map_or("", |it| it.0);
    let mut parts: Vec<&str> = folder.split('/').filter(|it| !it.is_empty() && *it != ".").collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|it| *it != "..") => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    let start = if from.starts_with('/') { "/" } else { "" };
    format!("{start}{}", parts.join("/"))
}

/// Percent-encoded characters as they are meant.
fn decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let byte =
            text.get(at + 1..at + 3).filter(|_| bytes[at] == b'%').and_then(|it| u8::from_str_radix(it, 16).ok());
        out.push(byte.unwrap_or(bytes[at]));
        at += if byte.is_some() { 3 } else { 1 };
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}
