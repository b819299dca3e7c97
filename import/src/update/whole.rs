//! The files of a spec as a whole: which file of the import is which, what moves, what comes and what goes.

use std::collections::{BTreeMap, BTreeSet};

use super::entities::{Changes, Section, text_of};
use super::merge::{Decision, Merge, is_commented};
use super::record::{Base, Entity, Record};
use super::renames::{self, Moves};
use super::spec::{self, Comments, Faulty, File, Located, Spec};
use super::text::{Edit, edited};
use super::{Told, ToldKind};

/// Texts by name.
pub(super) type Texts = Vec<(String, String)>;

/// What comes out.
pub(super) struct Merged {
    pub files: Texts,
    /// The files and those of the import that the places of [`Told`] are in.
    pub spec: Texts,
    pub new: Texts,
}

/// Merges the files of an import into those of a spec.
pub(super) fn merged(
    files: &Texts,
    wanted: &Texts,
    record: Option<&Record>,
    told: &mut Vec<Told>,
) -> Result<Merged, Faulty> {
    let mut last = record.cloned().unwrap_or_default();
    let none = BTreeMap::new();
    // Types that a person renamed have that name in what is written, and that of the import in what is compared.
    let (theirs, ours, moves) = {
        let (before, after) = (spec::read(files, &none)?, spec::read(wanted, &none)?);
        let (before, after) = (spec::parts(&before), spec::parts(&after));
        let moves = renames::by_document(&before, &after, &mut last);
        let theirs = renames::types(&before, &after, &last);
        let ours = theirs.iter().map(|(name, other)| (other.clone(), name.clone())).collect();
        (theirs, ours, moves)
    };
    let last = &last;
    let new = spec::read_renamed(wanted, &theirs)?;
    let new_spec = spec::parts(&new);
    let files = relocated(files, &ours, &moves, &new, &new_spec, last)?;
    let read = spec::read(&files, &ours)?;
    let whole = Whole::new(&read, &moves, &new, &new_spec, last, record.is_some());
    let (merged, vanished) = whole.merge(told);
    let merged = without_vanished(merged, &ours, vanished, last)?;
    let merged = settled(merged, &ours)?;
    let new = new.into_iter().map(|it| (it.name, it.text)).collect();
    Ok(Merged { files: merged, spec: files, new })
}

/// The file of the spec for each file of the import: that of its name, or the one that has most of its operations.
fn counterparts(spec: &Spec<'_>, new: &Spec<'_>, last: &Record) -> BTreeMap<String, usize> {
    let mut found: BTreeMap<String, usize> = spec.files.iter().enumerate().map(|(at, it)| (it.0.clone(), at)).collect();
    for (name, _) in &new.files {
        if found.contains_key(name) {
            continue;
        }
        let mut votes: BTreeMap<usize, usize> = BTreeMap::new();
        for (key, _) in last.operations.iter().filter(|it| it.1.file == *name) {
            if let Some(it) = spec.operations.get(key) {
                *votes.entry(it.file).or_default() += 1;
            }
        }
        if let Some((at, _)) = votes.into_iter().max_by_key(|it| it.1) {
            found.insert(name.clone(), at);
        }
    }
    found
}

/// The files after the moves that the document asks for: operations and types that nobody but the import has placed.
fn relocated(
    files: &Texts,
    ours: &BTreeMap<String, String>,
    moves: &Moves,
    new: &[File],
    new_spec: &Spec<'_>,
    last: &Record,
) -> Result<Texts, Faulty> {
    let read = spec::read(files, ours)?;
    let spec = spec::moved_parts(&read, moves);
    let mut places = counterparts(&spec, new_spec, last);
    let mut files: Texts = read.iter().map(|it| (it.name.clone(), it.text.clone())).collect();
    let target_of = |key: &str, of: &Located<'_>, base: &BTreeMap<String, Entity>, wanted: &Located<'_>| {
        let file = new_spec.files.get(wanted.file)?.0.clone();
        let base = base.get(key)?;
        // What all may use already need not go to the one that uses it now.
        let is_shared = base.file == "api.yaml";
        (base.file != file && !is_shared && places.get(&base.file) == Some(&of.file)).then_some(file)
    };
    let mut moved: Vec<(Section, String, String)> = Vec::new();
    let kinds = [
        (Section::Operations, &spec.operations, &new_spec.operations, &last.operations),
        (Section::Types, &spec.types, &new_spec.types, &last.types),
    ];
    for (section, present, wanted, base) in kinds {
        for (key, of) in present {
            if let Some(target) = wanted.get(key).and_then(|it| target_of(key, of, base, it)) {
                moved.push((section, key.clone(), target));
            }
        }
    }
    // New files, without what is elsewhere or was removed by hand.
    for (at, (name, _)) in new_spec.files.iter().enumerate() {
        if places.contains_key(name) {
            continue;
        }
        let is_here = |section: Section, key: &str| {
            let (present, base) = match section {
                Section::Operations => (spec.operations.contains_key(key), last.operations.contains_key(key)),
                Section::Types => (spec.types.contains_key(key), last.types.contains_key(key)),
            };
            !present && !base
        };
        let arrives = moved.iter().any(|it| it.0 == Section::Operations && it.2 == *name);
        let order = new_spec.order.get(at);
        let comes = order.is_some_and(|it| it[0].iter().any(|key| is_here(Section::Operations, key)));
        let Some(file) = new.get(at).filter(|_| arrives || comes) else {
            moved.retain(|it| it.2 != *name);
            continue;
        };
        let mut changes = Changes::default();
        for (section, all) in [(Section::Operations, &new_spec.operations), (Section::Types, &new_spec.types)] {
            let gone: Vec<_> =
                all.iter().filter(|it| it.1.file == at && !is_here(section, it.0)).map(|it| it.1.entry).collect();
            changes.remove(file, at, section, &gone);
        }
        let edits = changes.edits.remove(&at).unwrap_or_default();
        places.insert(name.clone(), files.len());
        files.push((name.clone(), edited(&file.text, edits)));
    }
    if moved.is_empty() {
        return Ok(files);
    }
    let targets = spec::read(&files, ours)?;
    let mut changes = Changes::default();
    let mut leaving: BTreeMap<(usize, Section), Vec<_>> = BTreeMap::new();
    for (section, key, name) in moved {
        let all = if section == Section::Types { &spec.types } else { &spec.operations };
        let (Some(of), Some(target)) = (all.get(&key), places.get(&name)) else { continue };
        let (Some(source), Some(file)) = (read.get(of.file), targets.get(*target)) else { continue };
        if of.file == *target {
            continue;
        }
        let text = text_of(source, section, of.entry, Changes::indent(file, section));
        let last = section.of(file).and_then(|it| it.value.as_map()).and_then(<[_]>::last);
        changes.insert(&targets, *target, section, last, text);
        leaving.entry((of.file, section)).or_default().push(of.entry);
    }
    for ((at, section), entries) in leaving {
        if let Some(file) = read.get(at) {
            changes.remove(file, at, section, &entries);
        }
    }
    let mut edits = changes.into_edits(&targets);
    Ok(files
        .into_iter()
        .enumerate()
        .map(|(at, (name, text))| (name, edited(&text, edits.remove(&at).unwrap_or_default())))
        .collect())
}

/// The three sides of an update.
struct Whole<'w> {
    files: &'w [File],
    spec: Spec<'w>,
    comments: Vec<Comments<'w>>,
    new: &'w [File],
    new_spec: &'w Spec<'w>,
    last: &'w Record,
    has_record: bool,
    places: BTreeMap<String, usize>,
}

/// What the document no longer has, and goes if nothing that stays names it.
#[derive(Default)]
struct Vanished {
    types: BTreeSet<String>,
    /// Files and names of shared parameters.
    parameters: BTreeSet<(String, String)>,
}

impl<'w> Whole<'w> {
    fn new(
        files: &'w [File],
        moves: &Moves,
        new: &'w [File],
        new_spec: &'w Spec<'w>,
        last: &'w Record,
        has_record: bool,
    ) -> Self {
        let spec = spec::moved_parts(files, moves);
        let places = counterparts(&spec, new_spec, last);
        let comments = files.iter().map(Comments::of).collect();
        Self { files, spec, comments, new, new_spec, last, has_record, places }
    }

    /// A merge of one file into another.
    fn pair<'m>(
        &'m self,
        at: usize,
        new_at: usize,
        edits: &'m mut Vec<Edit>,
        told: &'m mut Vec<Told>,
    ) -> Option<Merge<'m>> {
        Some(Merge {
            file: self.files.get(at)?,
            file_at: at,
            comments: self.comments.get(at)?,
            new: self.new.get(new_at)?,
            new_at,
            has_record: self.has_record,
            edits,
            told,
            path: Vec::new(),
            kept: Vec::new(),
        })
    }

    fn merge(&self, told: &mut Vec<Told>) -> (Texts, Vanished) {
        let mut changes = Changes::default();
        let mut vanished = Vanished::default();
        for (new_at, (name, part)) in self.new_spec.files.iter().enumerate() {
            let Some((at, present)) = self.places.get(name).and_then(|at| Some((*at, &self.spec.files.get(*at)?.1)))
            else {
                continue;
            };
            let edits = changes.edits.entry(at).or_default();
            let base = self.last.files.get(name);
            self.note_parameters(name, at, base, part, &mut vanished);
            if let Some(mut merge) = self.pair(at, new_at, edits, told) {
                merge.kept = vanished.parameters.iter().filter(|it| it.0 == *name).map(|it| it.1.clone()).collect();
                merge.parts(present, base, part);
            }
        }
        self.entities(Section::Operations, &mut changes, told, &mut vanished);
        self.entities(Section::Types, &mut changes, told, &mut vanished);
        let mut edits = changes.into_edits(self.files);
        let texts = self
            .files
            .iter()
            .enumerate()
            .map(|(at, file)| (file.name.clone(), edited(&file.text, edits.remove(&at).unwrap_or_default())));
        (texts.collect(), vanished)
    }

    /// Shared parameters go when nothing that stays uses them.
    fn note_parameters(
        &self,
        name: &str,
        at: usize,
        base: Option<&Base>,
        new: &super::part::Part<'_>,
        out: &mut Vanished,
    ) {
        let present = self.spec.files.get(at).and_then(|it| it.1.get("parameters"));
        let base = base.and_then(|it| it.parts.get("parameters"));
        for (parameter, part) in present.map(|it| it.parts()).unwrap_or_default() {
            let is_base = base.and_then(|it| it.parts.get(parameter)).is_some_and(|it| it.hash == part.hash);
            let sides = part.key.zip(self.files.get(at)).zip(self.comments.get(at));
            let is_commented = sides.is_some_and(|((entry, file), comments)| is_commented(file, comments, entry));
            if is_base && !is_commented && new.get("parameters").and_then(|it| it.get(parameter)).is_none() {
                out.parameters.insert((name.to_owned(), parameter.clone()));
            }
        }
    }

    fn entities(&self, section: Section, changes: &mut Changes, told: &mut Vec<Told>, vanished: &mut Vanished) {
        let (present, wanted, last) = match section {
            Section::Operations => (&self.spec.operations, &self.new_spec.operations, &self.last.operations),
            Section::Types => (&self.spec.types, &self.new_spec.types, &self.last.types),
        };
        let mut taken: BTreeSet<(usize, String)> = present.values().map(|it| (it.file, it.name.clone())).collect();
        for (new_at, order) in self.new_spec.order.iter().enumerate() {
            let order = &order[usize::from(section == Section::Types)];
            for (at, key) in order.iter().enumerate() {
                let Some(new) = wanted.get(key) else { continue };
                let base = last.get(key).map(|it| &it.base);
                if let Some(of) = present.get(key) {
                    self.merge_entity(section, of, base, new, changes, told);
                    continue;
                }
                if let Some(base) = base {
                    if base.hash != new.hash && self.new.get(new_at).is_some() {
                        let place = Some((new_at, new.entry.key.span.start as usize));
                        told.push(told_of(ToldKind::Removed, section, &new.name, None, place));
                    }
                    continue;
                }
                let target = self.new_spec.files.get(new_at).and_then(|it| self.places.get(&it.0));
                let (Some(target), Some(source)) = (target, self.new.get(new_at)) else { continue };
                let Some(file) = self.files.get(*target) else { continue };
                let mut text = text_of(source, section, new.entry, Changes::indent(file, section));
                let mut name = new.name.clone();
                while section == Section::Operations && !taken.insert((*target, name.clone())) {
                    name.push_str("_2");
                }
                if name != new.name {
                    text = text.replacen(&format!("{}:", new.name), &format!("{name}:"), 1);
                }
                let earlier = order.get(..at).unwrap_or_default().iter().rev();
                let mut earlier = earlier.filter_map(|it| present.get(it)).filter(|it| it.file == *target);
                changes.insert(self.files, *target, section, earlier.next().map(|it| it.entry), text);
            }
        }
        let mut leaving: BTreeMap<usize, Vec<&Located<'_>>> = BTreeMap::new();
        for (key, of) in present.iter().filter(|it| !wanted.contains_key(it.0)) {
            let Some(base) = last.get(key) else { continue };
            let place = Some((of.file, of.entry.key.span.start as usize));
            if base.base.hash != of.hash {
                told.push(told_of(ToldKind::Gone, section, &of.name, place, None));
            } else if section == Section::Types {
                vanished.types.insert(of.name.clone());
            } else {
                leaving.entry(of.file).or_default().push(of);
            }
        }
        for (at, all) in leaving {
            let Some(file) = self.files.get(at) else { continue };
            // Without operations the file goes, and what was written at its head would go with it.
            let count = section.of(file).and_then(|it| it.value.as_map()).map_or(0, <[_]>::len);
            let comes = changes.edits.get(&at).is_some_and(|it| it.iter().any(|it| it.text.starts_with('\n')));
            let head = self.spec.files.get(at);
            let untouched = head
                .is_some_and(|it| self.last.files.get(&it.0).is_some_and(|base| base.hash == it.1.hash))
                && self.spec.types.iter().filter(|it| it.1.file == at).all(|it| self.goes(it.0, it.1));
            if all.len() == count && !comes && !untouched {
                for of in all {
                    let place = Some((at, of.entry.key.span.start as usize));
                    told.push(told_of(ToldKind::Gone, section, &of.name, place, None));
                }
                continue;
            }
            let entries: Vec<_> = all.iter().map(|it| it.entry).collect();
            changes.remove(file, at, section, &entries);
        }
    }

    /// Whether the document no longer has a type that nobody has changed.
    fn goes(&self, name: &str, of: &Located<'_>) -> bool {
        let base = self.last.types.get(name);
        !self.new_spec.types.contains_key(name) && base.is_some_and(|it| it.base.hash == of.hash)
    }

    fn merge_entity(
        &self,
        section: Section,
        of: &Located<'_>,
        base: Option<&Base>,
        new: &Located<'_>,
        changes: &mut Changes,
        told: &mut Vec<Told>,
    ) {
        if of.part.hash == new.part.hash || base.is_some_and(|it| it.hash == new.hash) {
            return;
        }
        let edits = changes.edits.entry(of.file).or_default();
        let Some(mut merge) = self.pair(of.file, new.file, edits, told) else { return };
        merge.path = vec![section.key().to_owned(), of.name.clone()];
        match merge.decide(Some(&of.part), base, Some(&new.part)) {
            Decision::Descend => {
                merge.descend(&of.part, base, &new.part);
            }
            Decision::Replace => merge.replace_whole(&of.part, &new.part),
            _ => {}
        }
    }
}

fn told_of(
    kind: ToldKind,
    section: Section,
    name: &str,
    spec: Option<(usize, usize)>,
    document: Option<(usize, usize)>,
) -> Told {
    let path = format!("{}.{name}", section.key());
    Told { kind, path, spec, document, is: String::new(), wanted: String::new() }
}

/// Removes types and shared parameters that the document no longer has, unless something that stays names them, and
/// files without operations.
fn without_vanished(
    texts: Texts,
    ours: &BTreeMap<String, String>,
    vanished: Vanished,
    last: &Record,
) -> Result<Texts, Faulty> {
    let mut texts = texts;
    // A file without operations goes when nothing else of it stays.
    let files = spec::read(&texts, ours)?;
    let spec = spec::parts(&files);
    let mut going = vanished.types;
    let mut unused: BTreeSet<(usize, String)> = BTreeSet::new();
    for (name, parameter) in &vanished.parameters {
        unused.extend(spec.files.iter().position(|it| it.0 == *name).map(|at| (at, parameter.clone())));
    }
    loop {
        let mut kept = BTreeSet::new();
        for (at, (_, part)) in spec.files.iter().enumerate() {
            let goes = |name: &str| unused.contains(&(at, name.to_owned()));
            spec::mentioned_in_file(part, &goes, &mut kept);
        }
        let types = spec.types.values().filter(|it| !going.contains(&it.name));
        types.chain(spec.operations.values()).for_each(|it| spec::mentioned(&it.part, &mut kept));
        let before = going.len() + unused.len();
        going.retain(|it| !kept.contains(it));
        unused.retain(|it| !kept.contains(&format!("use {}", it.1)));
        if going.len() + unused.len() == before {
            break;
        }
    }
    let mut changes = Changes::default();
    for (at, file) in files.iter().enumerate() {
        let leaving = spec.types.values().filter(|it| it.file == at && going.contains(&it.name));
        let leaving: Vec<_> = leaving.map(|it| it.entry).collect();
        if !leaving.is_empty() {
            changes.remove(file, at, Section::Types, &leaving);
        }
        let Some(all) = file.root.get("parameters") else { continue };
        let names: Vec<&str> = unused.iter().filter(|it| it.0 == at).map(|it| it.1.as_str()).collect();
        let entries = all.value.as_map().unwrap_or_default();
        let mut previous = all.key.span.end as usize;
        let edits = changes.edits.entry(at).or_default();
        for entry in entries {
            let (start, end) = super::text::lines_of(&file.text, previous, entry);
            previous = entry.value.span.end as usize;
            if names.contains(&&*entry.key.value) && names.len() < entries.len() {
                edits.push(Edit { start, end, text: String::new() });
            }
        }
        if !names.is_empty() && names.len() == entries.len() {
            let root = file.root.as_map().unwrap_or_default();
            let before = root.iter().take_while(|it| it.key.span.start < all.key.span.start).last();
            let (start, end) =
                super::text::lines_of(&file.text, before.map_or(0, |it| it.value.span.end as usize), all);
            edits.push(Edit { start, end, text: String::new() });
        }
    }
    let mut edits = changes.into_edits(&files);
    for (at, it) in texts.iter_mut().enumerate() {
        it.1 = edited(&it.1, edits.remove(&at).unwrap_or_default());
    }
    let files = spec::read(&texts, ours)?;
    let empty = |file: &File| {
        let is_ours = last.files.contains_key(&file.name) && file.name != "api.yaml";
        is_ours && file.root.get("operations").is_none() && file.root.get("types").is_none()
    };
    let names: BTreeSet<&str> = files.iter().filter(|it| empty(it)).map(|it| it.name.as_str()).collect();
    texts.retain(|it| !names.contains(it.0.as_str()));
    Ok(texts)
}

/// Moves types to `api.yaml` that something outside of their file names.
fn settled(mut texts: Texts, ours: &BTreeMap<String, String>) -> Result<Texts, Faulty> {
    loop {
        let files = spec::read(&texts, ours)?;
        let spec = spec::parts(&files);
        let Some(api) = files.iter().position(|it| it.name == "api.yaml") else { return Ok(texts) };
        let mut mentioned: Vec<BTreeSet<String>> = vec![BTreeSet::new(); files.len()];
        let entities = spec.operations.values().chain(spec.types.values());
        let heads = spec.files.iter().enumerate().map(|(at, it)| (at, &it.1));
        for (at, part) in entities.map(|it| (it.file, &it.part)).chain(heads) {
            if let Some(out) = mentioned.get_mut(at) {
                spec::mentioned(part, out);
            }
        }
        let elsewhere = |of: &Located<'_>| {
            mentioned.iter().enumerate().any(|(at, names)| at != of.file && names.contains(&of.name))
        };
        let moving: Vec<&Located<'_>> = spec.types.values().filter(|it| it.file != api && elsewhere(it)).collect();
        if moving.is_empty() {
            return Ok(texts);
        }
        let mut changes = Changes::default();
        let mut leaving: BTreeMap<usize, Vec<_>> = BTreeMap::new();
        let target = files.get(api);
        let last = target.and_then(|it| Section::Types.of(it)).and_then(|it| it.value.as_map()).and_then(<[_]>::last);
        for of in moving {
            let (Some(source), Some(target)) = (files.get(of.file), target) else { continue };
            let text = text_of(source, Section::Types, of.entry, Changes::indent(target, Section::Types));
            changes.insert(&files, api, Section::Types, last, text);
            leaving.entry(of.file).or_default().push(of.entry);
        }
        for (at, entries) in leaving {
            if let Some(file) = files.get(at) {
                changes.remove(file, at, Section::Types, &entries);
            }
        }
        let mut edits = changes.into_edits(&files);
        for (at, it) in texts.iter_mut().enumerate() {
            it.1 = edited(&it.1, edits.remove(&at).unwrap_or_default());
        }
    }
}
