//! Three ways into one: what the last import wrote, what the file says, and what the document says now.
//!
//! Mappings in blocks are edited line by line, so that comments and order stay. What stands on one line is put together
//! again, in the order that it had.

use specwright_codegen::yaml::{Entry, Kind};

use super::part::{Part, Role};
use super::record::Base;
use super::spec::{Comments, File};
use super::text::{
    Edit, Value, column, has_comment, is_block, is_flow, item, line_end, line_start, lines_of, list, mapping, shifted,
    slice, value_behind,
};
use super::{Told, ToldKind};

/// What becomes of a part of the spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    Keep,
    Replace,
    Descend,
    Delete,
    Insert,
}

/// What becomes of a part that is put together again.
enum Rebuilt {
    Same,
    Empty,
    Value(Value),
}

/// A file of the spec with the file of the document that is merged into it.
pub(super) struct Merge<'m> {
    pub file: &'m File,
    pub file_at: usize,
    pub comments: &'m Comments<'m>,
    pub new: &'m File,
    pub new_at: usize,
    /// Whether it is known what the last import wrote.
    pub has_record: bool,
    pub edits: &'m mut Vec<Edit>,
    pub told: &'m mut Vec<Told>,
    /// The names on the way to the present part.
    pub path: Vec<String>,
    /// Shared parameters that go later, if nothing uses them.
    pub kept: Vec<String>,
}

impl<'m> Merge<'m> {
    /// What becomes of a part that is in some of the three.
    pub(super) fn decide(&mut self, of: Option<&Part<'_>>, base: Option<&Base>, new: Option<&Part<'_>>) -> Decision {
        let base_hash = base.map(|it| it.hash);
        match (of, new) {
            (Some(of), Some(new)) if of.hash == new.hash || base_hash == Some(new.hash) => Decision::Keep,
            (Some(of), Some(new)) => {
                let is_list = |it: &Part<'_>| matches!(it.value.kind, Kind::Seq(_));
                let same_form = is_list(of) == is_list(new) || matches!(of.role, Role::Values | Role::Entry);
                if of.parts.is_some() && new.parts.is_some() && same_form {
                    return Decision::Descend;
                }
                let commented = of.key.is_some_and(|it| self.has_comment(it));
                if base_hash == Some(of.hash) && (of.parts.is_none() || !commented) {
                    return Decision::Replace;
                }
                self.conflict(of, new);
                Decision::Keep
            }
            (Some(of), None) => match base_hash {
                None => Decision::Keep,
                Some(hash) if hash == of.hash && !of.key.is_some_and(|it| self.has_comment(it)) => Decision::Delete,
                Some(_) => {
                    self.tell(ToldKind::Gone, Some(of), None);
                    Decision::Keep
                }
            },
            (None, Some(new)) => match base_hash {
                None => Decision::Insert,
                Some(hash) if hash == new.hash => Decision::Keep,
                Some(_) => {
                    self.tell(ToldKind::Removed, None, Some(new));
                    Decision::Keep
                }
            },
            (None, None) => Decision::Keep,
        }
    }

    fn has_comment(&self, entry: &Entry) -> bool {
        is_commented(self.file, self.comments, entry)
    }

    fn conflict(&mut self, of: &Part<'_>, new: &Part<'_>) {
        let kind = if self.has_record { ToldKind::Conflict } else { ToldKind::Differs };
        self.tell(kind, Some(of), Some(new));
    }

    pub(super) fn tell(&mut self, kind: ToldKind, of: Option<&Part<'_>>, new: Option<&Part<'_>>) {
        let shown = |file: &File, part: &Part<'_>| {
            let text = slice(&file.text, part.value.span).split_whitespace().collect::<Vec<_>>().join(" ");
            let cut: String = text.chars().take(60).collect();
            if cut.len() < text.len() { format!("{cut}…") } else { cut }
        };
        let start = |part: &Part<'_>| part.key.map_or(part.value.span.start, |it| it.key.span.start) as usize;
        self.told.push(Told {
            kind,
            path: self.path.join("."),
            spec: of.map(|it| (self.file_at, start(it))),
            document: new.map(|it| (self.new_at, start(it))),
            is: of.map(|it| shown(self.file, it)).unwrap_or_default(),
            wanted: new.map(|it| shown(self.new, it)).unwrap_or_default(),
        });
    }

    /// Merges the parts of a part. Whether nothing is left of it comes back.
    pub(super) fn parts(&mut self, of: &Part<'_>, base: Option<&Base>, new: &Part<'_>) -> bool {
        let list = matches!(of.value.kind, Kind::Seq(_));
        let before = self.edits.len();
        let (mut left, mut inserted) = (0, 0);
        // What is shared now has other keys, whatever is said above those that it had.
        let is_use = |it: &Part<'_>| it.role == Role::Entry && it.get("use").is_some();
        let becomes_other = is_use(of) != is_use(new);
        for (name, part) in of.parts() {
            self.path.push(name.clone());
            let (base, other) = (base.and_then(|it| it.parts.get(name)), new.get(name));
            let is_shared = match self.path.as_slice() {
                [only] => only == "parameters",
                [first, name] => first == "parameters" && self.kept.contains(name),
                _ => false,
            };
            let is_kept = other.is_none() && is_shared && !self.kept.is_empty();
            if becomes_other && other.is_none() && base.is_some_and(|it| it.hash == part.hash) {
                self.delete_key(part);
                self.path.pop();
                continue;
            }
            let decision = if is_kept { Decision::Keep } else { self.decide(Some(part), base, other) };
            let gone = match (decision, other) {
                (Decision::Delete, _) => true,
                (Decision::Replace, Some(other)) => {
                    self.replace(part, other, new);
                    false
                }
                (Decision::Descend, Some(other)) => self.descend(part, base, other),
                _ => false,
            };
            if gone {
                self.delete(of, part);
            } else {
                left += 1;
            }
            if let (Some(entry), Some(other)) = (part.key, other)
                && !gone
                && base.is_some_and(|it| it.optional == part.optional)
                && other.optional != part.optional
                && let Some(key) = other.key
            {
                let text = slice(&self.new.text, key.key.span).to_owned();
                self.edits.push(Edit { start: entry.key.span.start as usize, end: entry.key.span.end as usize, text });
            }
            self.path.pop();
        }
        for (at, (name, part)) in new.parts().iter().enumerate() {
            if of.get(name).is_some() {
                continue;
            }
            self.path.push(name.clone());
            if self.decide(None, base.and_then(|it| it.parts.get(name)), Some(part)) == Decision::Insert {
                inserted += 1;
                let earlier = new.parts().get(..at).unwrap_or_default().iter().rev();
                let after = earlier.filter_map(|it| of.get(&it.0)).next();
                if list {
                    self.insert_item(of, after, part, new);
                } else {
                    self.insert(of, after, name, part, new);
                }
            }
            self.path.pop();
        }
        let unread = of.value.as_map().map_or(0, <[Entry]>::len).saturating_sub(of.parts().len());
        if left + inserted + unread == 0 {
            self.edits.truncate(before);
            return true;
        }
        false
    }

    /// Merges a part of which both sides have parts. Whether nothing is left of it comes back.
    pub(super) fn descend(&mut self, of: &Part<'_>, base: Option<&Base>, new: &Part<'_>) -> bool {
        let text = &self.file.text;
        let becomes_map = of.role == Role::Values && of.value.as_seq().is_some() && has_words(new);
        if is_block(text, of.value) && !becomes_map {
            return self.parts(of, base, new);
        }
        let Some(entry) = of.key else { return false };
        let start = line_start(text, entry.key.span.start as usize);
        if has_comment(text.get(start..of.value.span.end as usize).unwrap_or_default()) {
            self.conflict(of, new);
            return false;
        }
        let key = column(text, entry.key.span.start as usize) + (entry.key.span.len() as usize) + 2;
        match self.rebuild(of, base, new, key) {
            Rebuilt::Same => false,
            Rebuilt::Empty => true,
            Rebuilt::Value(value) => {
                self.put(entry, &value);
                false
            }
        }
    }

    /// Puts a part together again that stands on one line.
    fn rebuild(&mut self, of: &Part<'_>, base: Option<&Base>, new: &Part<'_>, column: usize) -> Rebuilt {
        let mut changed = false;
        let mut items: Vec<(String, String, Value)> = Vec::new();
        // `type: string` is no part, since it is the default.
        let says_string = of.role == Role::Entry && of.get("type").is_none() && of.value.get("type").is_some();
        if says_string && new.get("type").is_none() {
            items.push(("type".to_owned(), "type".to_owned(), Value::line("string")));
        }
        for (name, part) in of.parts() {
            self.path.push(name.clone());
            let (base, other) = (base.and_then(|it| it.parts.get(name)), new.get(name));
            let mut key = key_of(self.file, part, name);
            let mut value = value_of(self.file, of, part);
            let decision = self.decide(Some(part), base, other);
            let mut kept = true;
            match (decision, other) {
                (Decision::Delete, _) => (kept, changed) = (false, true),
                (Decision::Replace, Some(other)) => {
                    value = value_of(self.new, new, other);
                    changed = true;
                }
                (Decision::Descend, Some(other)) => match self.rebuild(part, base, other, column + key.len() + 3) {
                    Rebuilt::Same => {}
                    Rebuilt::Empty => (kept, changed) = (false, true),
                    Rebuilt::Value(it) => (value, changed) = (it, true),
                },
                _ => {}
            }
            if let Some(other) = other.filter(|it| it.optional != part.optional)
                && base.is_some_and(|it| it.optional == part.optional)
            {
                key = key_of(self.new, other, name);
                changed = true;
            }
            if kept {
                items.push((name.clone(), key, value));
            }
            self.path.pop();
        }
        for (at, (name, part)) in new.parts().iter().enumerate() {
            if of.get(name).is_some() {
                continue;
            }
            self.path.push(name.clone());
            if self.decide(None, base.and_then(|it| it.parts.get(name)), Some(part)) == Decision::Insert {
                changed = true;
                let earlier = new.parts().get(..at).unwrap_or_default().iter().rev();
                let after = earlier.filter_map(|it| items.iter().position(|item| item.0 == it.0)).next();
                let one = (name.clone(), key_of(self.new, part, name), value_of(self.new, new, part));
                items.insert(after.map_or(0, |it| it + 1), one);
            }
            self.path.pop();
        }
        if !changed {
            return Rebuilt::Same;
        }
        let value = match (of.role, items.as_slice()) {
            (Role::Entry, []) => Value::line("string"),
            (Role::EnumValue, []) => Value::line("{}"),
            (_, []) => return Rebuilt::Empty,
            (Role::Entry, [(name, _, value)]) if name == "type" => value.clone(),
            (Role::EnumValue, [(name, _, value)]) if name == "doc" && of.short => value.clone(),
            (Role::Set, _) if of.value.as_seq().is_some() => {
                list(&items.into_iter().map(|it| it.2).collect::<Vec<_>>(), column)
            }
            (Role::Values, _) if of.value.as_seq().is_some() && items.iter().all(|it| it.2.head == "{}") => {
                list(&items.into_iter().map(|it| Value::line(it.1)).collect::<Vec<_>>(), column)
            }
            _ => mapping(&items.into_iter().map(|it| (it.1, it.2)).collect::<Vec<_>>(), column),
        };
        Rebuilt::Value(value)
    }

    /// Another value for an operation or a type.
    pub(super) fn replace_whole(&mut self, of: &Part<'_>, new: &Part<'_>) {
        if let (Some(entry), Some(key)) = (of.key, new.key) {
            let value = value_behind(&self.new.text, key.key.span, &key.value, false);
            self.put(entry, &value);
        }
    }

    fn replace(&mut self, part: &Part<'_>, other: &Part<'_>, parent: &Part<'_>) {
        let value = value_of(self.new, parent, other);
        match part.key {
            Some(entry) => self.put(entry, &value),
            None => {
                let text = &self.file.text;
                let dash = text.get(..part.value.span.start as usize).and_then(|it| it.rfind('-')).unwrap_or_default();
                let indent = column(text, dash);
                let written = value.under("-", indent);
                let edit = Edit {
                    start: line_start(text, dash),
                    end: line_end(text, part.value.span.end as usize),
                    text: written,
                };
                self.edits.push(edit);
            }
        }
    }

    /// Another value for a key in a block.
    fn put(&mut self, entry: &Entry, value: &Value) {
        let text = &self.file.text;
        let indent = column(text, entry.key.span.start as usize);
        let mut end = entry.value.span.end as usize;
        let mut value = value.clone();
        let rest = text.get(end..line_end(text, end)).unwrap_or_default().trim_end_matches('\n');
        let takes_comment = value.head.is_empty() || value.head.starts_with(['|', '>']);
        if !value.tail.is_empty() && takes_comment && rest.trim_start().starts_with('#') {
            value.head = format!("{} {}", value.head, rest.trim()).trim_start().to_owned();
            end += rest.len();
        }
        let written = value.under(":", indent);
        let written = written.trim_start_matches(' ').trim_end_matches('\n').to_owned();
        self.edits.push(Edit { start: entry.key.span.end as usize, end, text: written });
    }

    fn delete(&mut self, parent: &Part<'_>, part: &Part<'_>) {
        let text = &self.file.text;
        let (start, end) = match part.key {
            Some(entry) => lines_of(text, previous(parent, entry), entry),
            None => {
                let dash = text.get(..part.value.span.start as usize).and_then(|it| it.rfind('-')).unwrap_or_default();
                (line_start(text, dash), line_end(text, part.value.span.end as usize))
            }
        };
        self.edits.retain(|it| it.start < start || it.end > end);
        self.edits.push(Edit { start, end, text: String::new() });
    }

    /// Deletes a key in a block, and leaves the comments above it.
    fn delete_key(&mut self, part: &Part<'_>) {
        let Some(entry) = part.key else { return };
        let start = line_start(&self.file.text, entry.key.span.start as usize);
        let end = line_end(&self.file.text, entry.value.span.end.max(entry.key.span.end) as usize);
        self.edits.push(Edit { start, end, text: String::new() });
    }

    /// A new key in a block, behind another.
    fn insert(&mut self, of: &Part<'_>, after: Option<&Part<'_>>, name: &str, part: &Part<'_>, parent: &Part<'_>) {
        let text = &self.file.text;
        let Some(first) = of.value.as_map().and_then(<[Entry]>::first) else { return };
        // A default that was no part is one now.
        if let Some(entry) = of.value.get(name).filter(|_| name == "type") {
            let value = value_of(self.new, parent, part);
            return self.put(entry, &value);
        }
        let indent = column(text, first.key.span.start as usize);
        let at = match after.and_then(|it| it.key) {
            Some(entry) => line_end(text, entry.value.span.end.max(entry.key.span.end) as usize),
            None => lines_of(text, previous(of, first), first).0,
        };
        let written = match part.key.filter(|_| is_block(&self.new.text, parent.value)) {
            Some(entry) => {
                let (start, end) = lines_of(&self.new.text, previous(parent, entry), entry);
                let from = column(&self.new.text, entry.key.span.start as usize);
                shifted(self.new.text.get(start..end).unwrap_or_default(), from, indent)
            }
            None => {
                let key = format!("{}:", key_of(self.new, part, name));
                value_of(self.new, parent, part).under(&key, indent)
            }
        };
        self.edits.push(Edit { start: at, end: at, text: written });
    }

    /// A new item in a list in a block.
    fn insert_item(&mut self, of: &Part<'_>, after: Option<&Part<'_>>, part: &Part<'_>, parent: &Part<'_>) {
        let text = &self.file.text;
        let Some(first) = of.value.as_seq().and_then(<[_]>::first) else { return };
        let dash = text.get(..first.span.start as usize).and_then(|it| it.rfind('-')).unwrap_or_default();
        let last = after.or(of.parts().last().map(|it| &it.1)).map_or(first, |it| it.value);
        let at = line_end(text, last.span.end as usize);
        let value = match of.role {
            Role::Values => Value::line(key_of(self.new, part, "")),
            _ => value_of(self.new, parent, part),
        };
        self.edits.push(Edit { start: at, end: at, text: value.under("-", column(text, dash)) });
    }
}

/// Whether a person says something about an entry: right above it, beside it, or inside of it.
pub(super) fn is_commented(file: &File, comments: &Comments<'_>, entry: &Entry) -> bool {
    let text = &file.text;
    let mut start = line_start(text, entry.key.span.start as usize);
    while let Some(above) = text.get(..start).and_then(|it| it.lines().next_back())
        && above.trim_start().starts_with('#')
    {
        start = start.saturating_sub(above.len() + 1);
    }
    comments.any(start, line_end(text, entry.value.span.end as usize))
}

/// Whether values of an enum have words or names.
fn has_words(values: &Part<'_>) -> bool {
    values.parts().iter().any(|it| !it.1.parts().is_empty())
}

/// The end of what comes before an entry of a mapping.
pub(super) fn previous(parent: &Part<'_>, entry: &Entry) -> usize {
    let entries = parent.value.as_map().unwrap_or_default();
    let before = entries.iter().take_while(|it| it.key.span.start < entry.key.span.start).last();
    match before {
        Some(it) => it.value.span.end.max(it.key.span.end) as usize,
        None => parent.key.map_or(0, |it| it.key.span.end as usize),
    }
}

/// A key as it is written.
fn key_of(file: &File, part: &Part<'_>, name: &str) -> String {
    match (part.key, part.role) {
        (Some(entry), _) => slice(&file.text, entry.key.span).to_owned(),
        (None, Role::EnumValue) => slice(&file.text, part.value.span).to_owned(),
        (None, _) => name.to_owned(),
    }
}

/// What stands behind the key of a part, or is the item of a list.
fn value_of(file: &File, parent: &Part<'_>, part: &Part<'_>) -> Value {
    let in_flow = parent.short || is_flow(&file.text, parent.value);
    match part.key {
        Some(entry) => value_behind(&file.text, entry.key.span, &entry.value, in_flow),
        None if part.role == Role::EnumValue => Value::line("{}"),
        None if slice(&file.text, part.value.span).starts_with(['|', '>']) => {
            let key = parent.key.map_or(part.value.span.at_start(), |it| it.key.span);
            value_behind(&file.text, key, part.value, false)
        }
        None => item(&file.text, part.value, in_flow),
    }
}
