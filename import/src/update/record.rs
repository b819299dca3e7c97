//! The record of an import: a digest of each key that it wrote. It is a file beside the spec, `import.lock`, from which
//! the next import knows what was written by hand.
//!
//! A line has a name and, for a single value, its digest; what is indented belongs to the line above. So a difference
//! between two records can be read, and version control can merge them.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::part::{Part, combined, digest};
use super::spec::Spec;

/// The first line.
const HEAD: &str = "# What `cargo xtask import` wrote, for `cargo xtask import --update`. Commit it; never edit it.";

/// What an import wrote of a part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Base {
    pub hash: u64,
    pub optional: bool,
    pub parts: BTreeMap<String, Base>,
    is_map: bool,
}

/// What an import wrote of an operation or a type, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Entity {
    pub file: String,
    pub name: String,
    pub base: Base,
}

/// What an import wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    /// The tags and operations that were asked for.
    pub only: Vec<String>,
    pub files: BTreeMap<String, Base>,
    pub operations: BTreeMap<String, Entity>,
    pub types: BTreeMap<String, Entity>,
}

/// The record of a spec.
pub(super) fn write(spec: &Spec<'_>, only: &[String]) -> String {
    let mut out = format!("{HEAD}\n");
    for it in only {
        let _ = writeln!(out, "only\t{}", escaped(it));
    }
    for (name, part) in &spec.files {
        let _ = writeln!(out, "file\t{}", escaped(name));
        parts(&mut out, part, 1);
    }
    for (kind, all) in [("operation", &spec.operations), ("type", &spec.types)] {
        for (key, it) in all {
            let file = spec.files.get(it.file).map_or("", |it| it.0.as_str());
            let _ = write!(out, "{kind}\t{}\t{}\t{}", escaped(key), escaped(file), escaped(&it.name));
            let _ = writeln!(out, "\t{:x}", it.comments);
            parts(&mut out, &it.part, 1);
        }
    }
    out
}

fn parts(out: &mut String, part: &Part<'_>, depth: usize) {
    for (name, it) in part.parts() {
        let mark = if it.optional { "\t?" } else { "" };
        let _ = match &it.parts {
            Some(_) => writeln!(out, "{:depth$}{}{mark}", "", escaped(name)),
            None => writeln!(out, "{:depth$}{}\t{:x}", "", escaped(name), it.hash),
        };
        parts(out, it, depth + 1);
    }
}

/// Reads a record. A line that is none is a fault: its number.
pub(super) fn read(text: &str) -> Result<Record, usize> {
    let mut record = Record::default();
    let mut lines = text.lines().enumerate().filter(|it| !it.1.is_empty() && !it.1.starts_with('#')).peekable();
    while let Some((at, line)) = lines.next() {
        let mut words = line.split('\t');
        let kind = words.next().unwrap_or_default();
        let words: Vec<String> = words.map(unescaped).collect();
        let mut base = Base { is_map: true, ..Base::default() };
        let mut path = Vec::new();
        while let Some((at, below)) = lines.next_if(|it| it.1.starts_with(' ')) {
            add(&mut base, &mut path, below).ok_or(at + 1)?;
        }
        seal(&mut base);
        match (kind, words.as_slice()) {
            ("only", [it]) => record.only.push(it.clone()),
            ("file", [name]) => {
                record.files.insert(name.clone(), base);
            }
            ("operation" | "type", [key, file, name, comments]) => {
                let comments = u64::from_str_radix(comments, 16).map_err(|_| at + 1)?;
                base.hash = with_comments(base.hash, comments);
                let entity = Entity { file: file.clone(), name: name.clone(), base };
                let all = if kind == "type" { &mut record.types } else { &mut record.operations };
                all.insert(key.clone(), entity);
            }
            _ => return Err(at + 1),
        }
    }
    Ok(record)
}

/// Adds a line to the part that it is indented below. `path` has the names of the line before.
fn add(base: &mut Base, path: &mut Vec<String>, line: &str) -> Option<()> {
    let depth = line.len() - line.trim_start_matches(' ').len();
    path.truncate(depth - 1);
    let mut parent = base;
    for name in path.iter() {
        parent = parent.parts.get_mut(name)?;
    }
    let mut words = line.trim_start_matches(' ').split('\t');
    let name = unescaped(words.next()?);
    let mut part = Base { is_map: true, ..Base::default() };
    match words.next() {
        None => {}
        Some("?") => part.optional = true,
        Some(it) => {
            part.hash = u64::from_str_radix(it, 16).ok()?;
            part.is_map = false;
        }
    }
    path.push(name.clone());
    parent.parts.insert(name, part).is_none().then_some(())
}

/// Computes the hashes from below.
fn seal(base: &mut Base) {
    if base.is_map {
        base.parts.values_mut().for_each(seal);
        base.hash = combined(base.parts.iter().map(|(name, it)| (name.as_str(), it.hash)), base.optional);
    }
}

/// The hash of a part with comments.
pub(super) fn with_comments(hash: u64, comments: u64) -> u64 {
    if comments == 0 { hash } else { digest(&format!("{hash:x} {comments:x}")) }
}

fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r");
    match text.strip_prefix(' ') {
        Some(rest) => format!("\\s{rest}"),
        None => text,
    }
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(it) = characters.next() {
        if it != '\\' {
            out.push(it);
            continue;
        }
        match characters.next() {
            Some('t') => out.push('\t'),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('s') => out.push(' '),
            Some(it) => out.push(it),
            None => {}
        }
    }
    out
}
