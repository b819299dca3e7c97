//! What to write: resources and operations, types and their names, parameters that several operations share.
//!
//! Types are collected while operations are planned, so that nothing is planned that no operation uses. What a type
//! becomes where several readings are possible is decided when all types are known.

mod assemble;
mod auth;
mod body;
mod choice;
mod counts;
mod endpoints;
mod enums;
mod equal;
mod errors;
mod examples;
mod extensions;
mod flat;
mod forms;
mod likes;
mod limits;
mod media;
mod member_names;
mod members;
mod merged;
mod names;
mod operation;
mod parameters;
mod path_names;
mod piece;
mod place_types;
mod portable;
mod records;
mod render;
mod repeats;
mod response;
mod rules;
mod servers;
mod shared;
mod styles;
mod suggest;
mod tuple;
pub(crate) mod ty;
mod unions;
mod unique;
mod xml;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

pub(crate) use body::WHOLE;
pub(crate) use operation::not_found;

use crate::finding::{Findings, Level, Place};
use crate::gaps::Gap;
use crate::openapi::{Discriminator, Document, Media, Schema, SchemaId};
use crate::report::Counts;
use crate::spec::Spec;
use crate::text;
use ty::{Content, Piece, TypeId};

/// What the caller wants.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The name of the API; made from the title if it is not given.
    pub api: Option<String>,
    /// Tags and operations to import; all if there are none.
    pub only: Vec<String>,
}

/// The spec of a document, and what became of each of its parts.
pub fn plan(document: &Document, options: &Options, out: &mut Findings) -> (Spec, Counts) {
    extensions::tell_unread(document, out);
    let mut planner = Planner::new(document, out);
    let mut operations = planner.operations(options);
    planner.build_types();
    planner.plan_parents(&operations);
    planner.judge_unions(&mut operations);
    planner.merge_equal(&mut operations);
    planner.name_members();
    assemble::assemble(&mut planner, operations, options)
}

/// The name of a schema's type: that of the schema, if it is no status.
fn type_name(schema: &str) -> String {
    match schema.parse::<u16>() {
        Ok(status @ 400..=599) => format!("Error{status}"),
        Ok(status @ 100..=399) => format!("Status{status}"),
        _ => text::pascal(schema),
    }
}

/// Who a finding belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Owner {
    Type(TypeId),
    Operation(usize),
}

/// The worst that was told of something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Worst {
    everywhere: Option<Level>,
    /// What matters only where it is sent.
    in_requests: Option<Level>,
}

impl Worst {
    fn max(self, other: Self) -> Self {
        Self { everywhere: self.everywhere.max(other.everywhere), in_requests: self.in_requests.max(other.in_requests) }
    }

    /// What makes something inexact.
    fn of_weight(self) -> Self {
        let weighs = |it: &Level| *it >= Level::Approximated;
        Self { everywhere: self.everywhere.filter(weighs), in_requests: self.in_requests.filter(weighs) }
    }

    pub(crate) fn in_request(self) -> Option<Level> {
        self.everywhere.max(self.in_requests)
    }

    pub(crate) fn in_response(self) -> Option<Level> {
        self.everywhere
    }
}

/// Where a type without a name stands, from which it gets one.
#[derive(Clone, Debug)]
pub(crate) struct Hint {
    /// What it belongs to, in Pascal case.
    pub owner: String,
    /// What it is called there.
    pub name: String,
    /// A name of its own that the document has for it.
    pub title: Option<String>,
}

impl Hint {
    pub(crate) fn new(owner: &str, name: &str) -> Self {
        Self { owner: owner.to_owned(), name: name.to_owned(), title: None }
    }

    /// With a name that the document has for what is around it; numbers are no names.
    fn called(self, name: Option<&str>) -> Self {
        let title = name.filter(|it| it.starts_with(|it: char| it.is_ascii_alphabetic())).map(str::to_owned);
        Self { title, ..self }
    }

    /// Of the items of a list.
    fn item(&self) -> Self {
        let title = self.title.as_deref().map(text::singular);
        Self { owner: self.owner.clone(), name: text::singular(&self.name), title }
    }

    /// Of the only record of a union.
    fn object(&self) -> Self {
        Self { owner: self.owner.clone(), name: format!("{}Object", self.name), title: self.title.clone() }
    }

    /// Of texts that are a member of a union.
    fn text(&self) -> Self {
        Self { owner: self.owner.clone(), name: format!("{}Text", self.name), title: None }
    }

    /// Of the values of a map.
    fn value(&self) -> Self {
        self.item()
    }

    /// Of a member of a union.
    fn member(&self, at: usize, title: Option<String>) -> Self {
        let title = title.filter(|it| it.len() <= 40 && it.split_whitespace().count() <= 5);
        Self { owner: self.owner.clone(), name: format!("{}Option{}", self.name, at + 1), title }
    }
}

/// A type that is planned.
#[derive(Clone, Debug)]
pub(crate) struct Planned {
    pub name: String,
    pub place: Place,
    pub doc: String,
    pub unclear: Vec<String>,
    pub content: Content,
    /// A union whose members nothing tells apart, and of which several may accept a value.
    pub any_of: bool,
    /// A union of which only one member may accept a value.
    pub exclusive: bool,
    /// What it is called where it stands, without what it belongs to.
    own_name: String,
    /// Whether the document names it.
    pub named: bool,
    /// The schema that it comes from; none for parts of one.
    pub base: Option<SchemaId>,
}

pub(crate) struct Planner<'p> {
    pub document: &'p Document,
    /// Schemas that are put together from those of the document.
    made: Vec<Schema>,
    combined: HashMap<Vec<SchemaId>, SchemaId>,
    without_choices: HashMap<SchemaId, SchemaId>,
    pub types: Vec<Planned>,
    types_by_base: HashMap<SchemaId, TypeId>,
    discriminators: BTreeMap<TypeId, Option<Discriminator>>,
    waiting: VecDeque<TypeId>,
    taken: BTreeSet<String>,
    /// Names of the document's schemas, kept for them.
    kept: HashMap<SchemaId, String>,
    /// Schemas that were written in place, where bytes are files and where they are not, and what was told of them.
    pieces: HashMap<(SchemaId, bool), (ty::Piece, Worst)>,
    /// Schemas that are being written in place.
    expanding: Vec<SchemaId>,
    pub out: &'p mut Findings,
    owner: Option<Owner>,
    /// The worst that was told since the present schema was begun.
    worst: Worst,
    /// Whether what is planned is answered, and limits nobody.
    answering: bool,
    /// Whether bytes are files here, as in a multipart body.
    files: bool,
    /// What is not exact.
    marks: BTreeMap<Owner, Worst>,
    /// Named types that may be `null` by a member of their union; each use says it.
    nullable_types: BTreeSet<TypeId>,
    /// What limits the values of a named type that its declaration cannot say; each use says it.
    limits_of: HashMap<TypeId, Piece>,
    /// Operations with a body that the document describes and the spec has as text.
    as_text: BTreeSet<usize>,
    /// Parameters that are not exact, or missing.
    parameter_marks: BTreeMap<(usize, String), Level>,
}

impl<'p> Planner<'p> {
    fn new(document: &'p Document, out: &'p mut Findings) -> Self {
        let mut planner = Self {
            document,
            made: Vec::new(),
            combined: HashMap::new(),
            without_choices: HashMap::new(),
            types: Vec::new(),
            types_by_base: HashMap::new(),
            discriminators: BTreeMap::new(),
            waiting: VecDeque::new(),
            taken: BTreeSet::new(),
            kept: HashMap::new(),
            pieces: HashMap::new(),
            expanding: Vec::new(),
            out,
            owner: None,
            worst: Worst::default(),
            answering: false,
            files: false,
            marks: BTreeMap::new(),
            nullable_types: BTreeSet::new(),
            limits_of: HashMap::new(),
            as_text: BTreeSet::new(),
            parameter_marks: BTreeMap::new(),
        };
        for at in 0..document.schemas.0.len() {
            let id = SchemaId(at as u32);
            if let Some(name) = &document.schemas.get(id).name {
                let name = planner.free_name(&[type_name(name)]);
                planner.kept.insert(id, name);
            }
        }
        planner
    }

    pub(crate) fn schema(&self, id: SchemaId) -> &Schema {
        let known = self.document.schemas.0.len();
        match (id.0 as usize).checked_sub(known) {
            None => self.document.schemas.get(id),
            Some(at) => &self.made[at],
        }
    }

    /// A new schema at the place of another.
    fn blank(&self, like: SchemaId) -> Schema {
        crate::openapi::blank(self.schema(like).place.clone())
    }

    fn add(&mut self, schema: Schema) -> SchemaId {
        self.made.push(schema);
        SchemaId((self.document.schemas.0.len() + self.made.len() - 1) as u32)
    }

    /// Tells of something that the language cannot say, and remembers whose it is.
    pub(crate) fn gap(&mut self, gap: &Gap, place: Place, details: &[&str]) {
        let finding = gap.at(place, details);
        self.mark(finding.level);
        self.out.push(finding);
    }

    /// As [`gap`](Self::gap), of a limit: a response is typed the same without it.
    pub(crate) fn limit_gap(&mut self, gap: &Gap, place: Place, details: &[&str]) {
        let finding = gap.at(place, details);
        self.mark_worst(Worst { everywhere: None, in_requests: Some(finding.level) });
        self.out.push(finding);
    }

    /// As [`gap`](Self::gap), of a body whose schema is told and whose text is all that is carried.
    pub(crate) fn text_gap(&mut self, gap: &Gap, media: &Media, schema: SchemaId) {
        let described = media::described(self, schema);
        self.out.push(gap.at(media.place.clone(), &[&media.media_type, &described]));
        if let Some(Owner::Operation(at)) = self.owner {
            self.as_text.insert(at);
        }
    }

    fn mark(&mut self, level: Level) {
        self.mark_worst(Worst { everywhere: Some(level), in_requests: None });
    }

    fn mark_worst(&mut self, worst: Worst) {
        let worst = worst.of_weight();
        if worst == Worst::default() {
            return;
        }
        self.worst = self.worst.max(worst);
        if let Some(owner) = self.owner {
            self.mark_of(owner, worst);
        }
    }

    fn mark_of(&mut self, owner: Owner, worst: Worst) {
        let worst = match owner {
            Owner::Operation(_) if self.answering => Worst { in_requests: None, ..worst },
            _ => worst,
        };
        let mark = self.marks.entry(owner).or_default();
        *mark = mark.max(worst);
    }

    /// The type of a schema, which is built later.
    fn named(&mut self, base: SchemaId, hint: &Hint, place: &Place) -> TypeId {
        if let Some(id) = self.types_by_base.get(&base) {
            return *id;
        }
        let id = self.declare(base, hint, place);
        self.waiting.push_back(id);
        id
    }

    /// The type of a schema, whose content is set by the caller.
    fn declare(&mut self, base: SchemaId, hint: &Hint, place: &Place) -> TypeId {
        if let Some(id) = self.types_by_base.get(&base) {
            return *id;
        }
        let schema = self.schema(base);
        let doc = text::prose(&schema.description);
        let title = hint.title.clone().or_else(|| schema.title.clone());
        let named = self.kept.contains_key(&base);
        let name = match self.kept.get(&base) {
            Some(name) => name.clone(),
            None => self.hoisted_name(hint, title.as_deref()),
        };
        let planned = Planned {
            name,
            place: place.clone(),
            doc,
            unclear: Vec::new(),
            content: Content::Waiting,
            any_of: false,
            exclusive: false,
            own_name: text::pascal(&hint.name),
            named,
            base: Some(base),
        };
        self.types.push(planned);
        let id = TypeId(self.types.len() as u32 - 1);
        self.types_by_base.insert(base, id);
        id
    }

    /// A type for a part of a schema.
    fn hoist(&mut self, place: Place, hint: &Hint, content: Content) -> TypeId {
        let name = self.hoisted_name(hint, None);
        let (doc, unclear) = (String::new(), Vec::new());
        let own_name = text::pascal(&hint.name);
        self.types.push(Planned {
            name,
            place,
            doc,
            unclear,
            content,
            any_of: false,
            exclusive: false,
            own_name,
            named: false,
            base: None,
        });
        TypeId(self.types.len() as u32 - 1)
    }

    fn hoisted_name(&mut self, hint: &Hint, title: Option<&str>) -> String {
        let whole = text::pascal(&format!("{} {}", hint.owner, hint.name));
        let title =
            title.filter(|it| it.len() <= 40 && it.split_whitespace().count() <= 4 && !it.contains(['(', ',', ':']));
        let own = title.map(text::pascal).filter(|it| it.len() > 2);
        let choices: Vec<String> = own.into_iter().chain([whole]).collect();
        self.free_name(&choices)
    }

    /// The first of some names that is free; else the last with a number.
    fn free_name(&mut self, choices: &[String]) -> String {
        let fits = |it: &str, taken: &BTreeSet<String>| !taken.contains(it) && !names::is_reserved_type(it);
        for name in choices {
            if fits(name, &self.taken) {
                self.taken.insert(name.clone());
                return name.clone();
            }
        }
        let last: String = choices.last().map_or("Type", String::as_str).chars().take(58).collect();
        let last = if names::is_reserved_type(&last) { format!("{last}Type") } else { last };
        let mut name = last.clone();
        let mut number = 2;
        while !fits(&name, &self.taken) {
            name = format!("{last}{number}");
            number += 1;
        }
        self.taken.insert(name.clone());
        name
    }
}
