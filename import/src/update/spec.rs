//! The files of a spec, with what has an identity of its own taken out: operations are known by method and path, types
//! by name. So they may be renamed and moved to other files, and are still found.

use std::collections::{BTreeMap, BTreeSet};

use specwright_codegen::diagnostics::{Diagnostic, Diagnostics, Severity};
use specwright_codegen::model::Method;
use specwright_codegen::source::{FileId, Span};
use specwright_codegen::yaml::{self, Entry, Kind, Node};

use super::part::{Part, Role, combined, digest, part};
use super::record::with_comments;
use super::renames::{Moves, rekey};
use crate::openapi::METHODS;

/// A file, read.
#[derive(Clone, Debug)]
pub(super) struct File {
    pub name: String,
    pub text: String,
    pub root: Node<'static>,
    /// The same with the names of types that are compared.
    compared: Option<Node<'static>>,
}

/// An operation or a type.
#[derive(Clone, Debug)]
pub(super) struct Located<'t> {
    pub file: usize,
    /// As the file calls it.
    pub name: String,
    pub entry: &'t Entry<'t>,
    pub part: Part<'t>,
    /// A digest of the comments; 0 if there are none.
    pub comments: u64,
    /// Of what it says, comments included.
    pub hash: u64,
}

/// Files that are no YAML.
#[derive(Debug)]
pub(super) struct Faulty {
    pub texts: Vec<(String, String)>,
    pub found: Vec<Diagnostic>,
}

/// All files of a spec as parts.
#[derive(Debug, Default)]
pub(super) struct Spec<'t> {
    /// Names and contents, without operations and types.
    pub files: Vec<(String, Part<'t>)>,
    pub operations: BTreeMap<String, Located<'t>>,
    pub types: BTreeMap<String, Located<'t>>,
    /// The operations of each file in its order, and the types.
    pub order: Vec<[Vec<String>; 2]>,
}

/// Reads files. What is wrong with them as YAML comes back.
pub(super) fn read(files: &[(String, String)], names: &BTreeMap<String, String>) -> Result<Vec<File>, Faulty> {
    let (mut all, mut faults) = (Vec::new(), Vec::new());
    for (at, (name, text)) in files.iter().enumerate() {
        let mut text = text.replace("\r\n", "\n");
        if !text.ends_with('\n') {
            text.push('\n');
        }
        let Some(root) = tree(at, &text, &mut faults) else { continue };
        let compared = renamed(&text, &root, names);
        let compared = if compared == text { None } else { tree(at, &compared, &mut faults) };
        all.push(File { name: name.clone(), text, root, compared });
    }
    if faults.is_empty() { Ok(all) } else { Err(Faulty { texts: files.to_vec(), found: faults }) }
}

/// Reads files whose types get other names in what is written, and keep their own in what is compared.
pub(super) fn read_renamed(files: &[(String, String)], names: &BTreeMap<String, String>) -> Result<Vec<File>, Faulty> {
    let read = self::read(files, names)?;
    let swap = |it: File, at: usize| match it.compared {
        None => Some(it),
        Some(_) => {
            let text = renamed(&it.text, &it.root, names);
            let root = tree(at, &text, &mut Vec::new())?;
            Some(File { name: it.name, text, root, compared: Some(it.root) })
        }
    };
    Ok(read.into_iter().enumerate().filter_map(|(at, it)| swap(it, at)).collect())
}

fn tree(at: usize, text: &str, faults: &mut Vec<Diagnostic>) -> Option<Node<'static>> {
    let mut out = Diagnostics::default();
    let root = yaml::parse(FileId(at as u32), text, &mut out);
    faults.extend(out.into_sorted().into_iter().filter(|it| it.severity == Severity::Error));
    root.filter(|it| it.as_map().is_some()).map(Node::into_owned)
}

/// The parts of files.
pub(super) fn parts(files: &[File]) -> Spec<'_> {
    let mut spec = Spec::default();
    let mut endpoints = BTreeSet::new();
    for (at, file) in files.iter().enumerate() {
        let compared = file.compared.as_ref().unwrap_or(&file.root);
        let mut whole = part(Role::File, None, &file.root, compared);
        let mut order = [Vec::new(), Vec::new()];
        let comments = Comments::of(file);
        if let (Some(entries), Some(names)) = (file.root.as_map(), compared.as_map()) {
            for (section, compared) in entries.iter().zip(names) {
                let is_types = section.key.value == "types";
                if !is_types && section.key.value != "operations" {
                    continue;
                }
                let (Some(entries), Some(names)) = (section.value.as_map(), compared.value.as_map()) else { continue };
                let mut previous = section.key.span.end as usize;
                for (entry, compared) in entries.iter().zip(names) {
                    let key = match is_types {
                        true => compared.name().value,
                        false => endpoint(&entry.value, &entry.key.value, &mut endpoints),
                    };
                    let role = if is_types { Role::Type } else { Role::Operation };
                    let part = part(role, Some(entry), &entry.value, &compared.value);
                    let comments = comments.digest(previous, entry.value.span.end as usize);
                    previous = entry.value.span.end as usize;
                    let hash = with_comments(part.hash, comments);
                    let name = entry.name().value;
                    order[usize::from(is_types)].push(key.clone());
                    let all = if is_types { &mut spec.types } else { &mut spec.operations };
                    all.insert(key, Located { file: at, name, entry, part, comments, hash });
                }
            }
        }
        if let Some(parts) = &mut whole.parts {
            parts.retain(|it| it.0 != "operations" && it.0 != "types");
            whole.hash = combined(parts.iter().map(|(name, it)| (name.as_str(), it.hash)), false);
        }
        spec.files.push((file.name.clone(), whole));
        spec.order.push(order);
    }
    spec
}

/// As [`parts`], with operations that have another path now under the key of that one.
pub(super) fn moved_parts<'t>(files: &'t [File], moves: &Moves) -> Spec<'t> {
    let mut spec = parts(files);
    rekey(&mut spec.operations, moves);
    for key in spec.order.iter_mut().flat_map(|it| &mut it[0]) {
        if let Some(new) = moves.get(key) {
            key.clone_from(new);
        }
    }
    spec
}

/// `GET /pots/{}`: what an operation is known by. A second one of the same is known by its name too.
fn endpoint(operation: &Node, name: &str, seen: &mut BTreeSet<String>) -> String {
    let is_method = |key: &str| METHODS.contains(&key) || Method::is_name(key);
    let mut methods = operation.as_map().into_iter().flatten().filter(|it| is_method(&it.key.value));
    let path = methods.find_map(|it| Some((&*it.key.value, it.value.as_scalar()?)));
    let mut key = match path {
        Some((method, path)) => format!("{} {}", method.to_ascii_uppercase(), without_names(&path.text)),
        None => format!("? {name}"),
    };
    if !seen.insert(key.clone()) {
        key = format!("{key} {name}");
        seen.insert(key.clone());
    }
    key
}

/// A path in which parameters have no names.
fn without_names(path: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for it in path.chars() {
        match it {
            '{' => {
                out.push('{');
                inside = true;
            }
            '}' => {
                out.push('}');
                inside = false;
            }
            it if !inside => out.push(it),
            _ => {}
        }
    }
    out
}

/// What the comments of imports start with.
const SUGGESTED: [&str; 5] = ["pages: {", "idempotency: ", "task: {", "message: /", "code: /"];

/// The comments of a file.
pub(super) struct Comments<'t> {
    /// Where each starts, and its text.
    lines: Vec<(usize, &'t str)>,
}

impl<'t> Comments<'t> {
    /// Finds them: lines that start with `#` outside of texts, and what follows a value on its line.
    pub(super) fn of(file: &'t File) -> Self {
        let mut scalars = Vec::new();
        spans(&file.root, &mut scalars);
        scalars.sort_by_key(|it| it.start);
        let mut lines = Vec::new();
        let mut at = 0;
        let mut next = 0;
        for line in file.text.split_inclusive('\n') {
            let end = at + line.len();
            // What is left of the line behind the last value that ends on it.
            let mut from = at;
            while let Some(span) = scalars.get(next).filter(|it| (it.start as usize) < end) {
                from = from.max((span.end as usize).min(end));
                if span.end as usize >= end {
                    break;
                }
                next += 1;
            }
            let rest = file.text.get(from..end).unwrap_or_default();
            let found = if from == at { rest.trim_start().starts_with('#').then_some(0) } else { rest.find(" #") };
            if let Some(found) = found {
                lines.push((from + found, rest.get(found..).unwrap_or_default().trim()));
            }
            at = end;
        }
        Self { lines }
    }

    /// Whether there are any between two places, but for what imports suggest.
    pub(super) fn any(&self, start: usize, end: usize) -> bool {
        let from = self.lines.partition_point(|it| it.0 < start);
        let is_suggested = |it: &str| SUGGESTED.iter().any(|key| it.trim_start_matches(['#', ' ']).starts_with(key));
        self.lines.iter().skip(from).take_while(|it| it.0 < end).any(|it| !is_suggested(it.1))
    }

    fn digest(&self, start: usize, end: usize) -> u64 {
        let from = self.lines.partition_point(|it| it.0 < start);
        let found = self.lines.iter().skip(from).take_while(|it| it.0 < end).map(|it| it.1);
        let found: Vec<&str> = found.collect();
        if found.is_empty() { 0 } else { digest(&found.join("\n")) }
    }
}

/// The spans of scalars, keys included.
fn spans(node: &Node, out: &mut Vec<Span>) {
    match &node.kind {
        Kind::Scalar(_) => out.push(node.span),
        Kind::Seq(items) => items.iter().for_each(|it| spans(it, out)),
        Kind::Map(entries) => {
            for it in entries {
                out.push(it.key.span);
                spans(&it.value, out);
            }
        }
    }
}

/// A text in which types have other names, wherever a type is named.
pub(super) fn renamed(text: &str, root: &Node, names: &BTreeMap<String, String>) -> String {
    if names.is_empty() {
        return text.to_owned();
    }
    let mut found = Vec::new();
    if let Some(types) = root.get("types").and_then(|it| it.value.as_map()) {
        found.extend(types.iter().filter(|it| names.contains_key(&*it.key.value)).map(|it| it.key.span));
    }
    mentions(root, names, &mut found);
    found.sort_by_key(|it| it.start);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for span in found {
        out.push_str(text.get(at..span.start as usize).unwrap_or_default());
        let word = |it: &str| names.get(it).cloned().unwrap_or_else(|| it.to_owned());
        let mut name = String::new();
        for it in text.get(span.start as usize..span.end as usize).unwrap_or_default().chars() {
            if it.is_ascii_alphanumeric() {
                name.push(it);
            } else {
                out.push_str(&word(&std::mem::take(&mut name)));
                out.push(it);
            }
        }
        out.push_str(&word(&name));
        at = span.end as usize;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// The scalars that name some types.
fn mentions(node: &Node, names: &BTreeMap<String, String>, out: &mut Vec<Span>) {
    match &node.kind {
        Kind::Scalar(scalar) if types_in(&scalar.text).any(|it| names.contains_key(it)) => out.push(node.span),
        Kind::Scalar(_) => {}
        Kind::Seq(items) => items.iter().for_each(|it| mentions(it, names, out)),
        Kind::Map(entries) => {
            for it in entries.iter().filter(|it| !is_prose(&it.key.value)) {
                mentions(&it.value, names, out);
            }
        }
    }
}

fn is_prose(key: &str) -> bool {
    matches!(key, "doc" | "summary" | "unclear" | "deprecated" | "because" | "title")
}

/// The names in what may be a type, such as `[Pot]`; none in other texts.
fn types_in(text: &str) -> impl Iterator<Item = &str> {
    let fits = text.chars().all(|it| it.is_ascii_alphanumeric() || "[]<>|? ".contains(it));
    text.split(|it: char| !it.is_ascii_alphanumeric())
        .filter(move |it| fits && it.starts_with(|it: char| it.is_ascii_uppercase()))
}

/// The types that a part names, and shared parameters, as `use name`.
pub(super) fn mentioned(part: &Part<'_>, out: &mut BTreeSet<String>) {
    let is_entry = part.role == Role::Entry;
    for (name, it) in part.parts() {
        match it.role {
            Role::Prose | Role::Values | Role::EnumValue => continue,
            _ if is_entry && name == "use" => {
                let text = it.value.as_scalar().map_or("", |it| &*it.text);
                out.insert(format!("use {text}"));
            }
            _ if is_entry && name != "type" && name != "items" => continue,
            _ if it.parts.is_some() => mentioned(it, out),
            _ => in_node(it.value, out),
        }
    }
}

/// As [`mentioned`], of a file, but for shared parameters that go.
pub(super) fn mentioned_in_file(file: &Part<'_>, goes: &dyn Fn(&str) -> bool, out: &mut BTreeSet<String>) {
    for (section, part) in file.parts() {
        let inner = [(section.clone(), part.clone())];
        let entries = if section == "parameters" { part.parts() } else { &inner };
        for (name, it) in entries.iter().filter(|it| section != "parameters" || !goes(&it.0)) {
            match it.parts {
                Some(_) => mentioned(it, out),
                None if it.role == Role::Prose || is_prose(name) => {}
                None => in_node(it.value, out),
            }
        }
    }
}

fn in_node(node: &Node, out: &mut BTreeSet<String>) {
    match &node.kind {
        Kind::Scalar(scalar) => out.extend(types_in(&scalar.text).map(str::to_owned)),
        Kind::Seq(items) => items.iter().for_each(|it| in_node(it, out)),
        Kind::Map(entries) => entries.iter().for_each(|it| in_node(&it.value, out)),
    }
}
