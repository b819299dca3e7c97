//! One record of one spec, with the conditions of the same record of another spec said in its terms.
//!
//! To ask whether all requests that one spec accepts are accepted by another, both have to speak of the same fields.
//! Here the fields of the other spec are mapped to those of the first, its defaults are said where they differ, and
//! tests of what is inside of objects become fields of their own, which both sides share.

use std::collections::BTreeMap;

use serde_json::Value;
use specwright_codegen::model::{
    Access, Api, Clause, Condition, Constraint, Field, FieldIx, FieldPath, Location, Matcher, Operation, Origin,
    PathStep, Record, Rule, RuleKind, Target, Test, Type, TypeKind, equality_key, same_value,
};
use specwright_codegen::source::Span;

/// Defaults that lean on defaults are followed so far.
const DEEPEST: usize = 4;

/// A record of a spec.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Owner<'a> {
    pub(crate) api: &'a Api,
    pub(crate) record: &'a Record,
    /// The operation whose parameters it is.
    pub(crate) operation: Option<&'a Operation>,
}

/// Both records in the terms of the first.
#[derive(Debug)]
pub(crate) struct Space<'a> {
    pub(crate) from: Owner<'a>,
    pub(crate) to: Owner<'a>,
    /// The fields of `from` with its clauses and rules, then those that only `to` has, then shared tests.
    pub(crate) merged: Record,
    /// The place in `merged` of each field of `to`.
    pub(crate) places: Vec<FieldIx>,
    /// The field of `to` that each field of `from` is.
    pub(crate) map: Vec<Option<FieldIx>>,
    atoms: BTreeMap<String, FieldIx>,
    /// Makes a test that nothing else shares.
    unknown: usize,
}

impl<'a> Space<'a> {
    pub(crate) fn new(from: Owner<'a>, to: Owner<'a>, map: Vec<Option<FieldIx>>) -> Self {
        let mut merged = Record { rules: Vec::new(), ..from.record.clone() };
        for field in &mut merged.fields {
            if field.access == Access::ReadOnly {
                // Whatever is sent of it, nobody looks at it.
                *field = free_field(field.name.clone(), field.span);
            }
        }
        let mut places = vec![None; to.record.fields.len()];
        for (at, other) in map.iter().enumerate() {
            if let Some(slot) = other.and_then(|it| places.get_mut(it.0 as usize)) {
                *slot = Some(FieldIx(at as u32));
            }
        }
        let places = places.into_iter().zip(&to.record.fields).map(|(place, field)| {
            place.unwrap_or_else(|| {
                let mut added = free_field(format!("new {}", field.name), field.span);
                // A header that a spec does not describe is none of its parameters.
                if !from.record.open || matches!(field.location, Location::Header | Location::Cookie) {
                    added.clauses.push(never(field.span));
                }
                merged.fields.push(added);
                FieldIx(merged.fields.len() as u32 - 1)
            })
        });
        let places = places.collect();
        let mut space = Self { from, to, merged, places, map, atoms: BTreeMap::new(), unknown: 0 };
        space.take_in_own();
        space
    }

    /// The clauses and rules of `from`, with shared tests.
    fn take_in_own(&mut self) {
        for at in 0..self.from.record.fields.len() {
            let clauses = std::mem::take(&mut self.merged.fields[at].clauses);
            let clauses = clauses.into_iter().map(|it| Clause { when: self.own_condition(&it.when), ..it });
            self.merged.fields[at].clauses = clauses.collect();
        }
        for rule in &self.from.record.rules {
            let (when, kind) = (self.own_condition(&rule.when), self.rule_kind(&rule.kind, true));
            self.merged.rules.push(Rule { when, kind, ..rule.clone() });
        }
    }

    fn own_condition(&mut self, condition: &Condition) -> Condition {
        self.condition(condition, true, DEEPEST)
    }

    /// A condition of `to`.
    pub(crate) fn other_condition(&mut self, condition: &Condition) -> Condition {
        self.condition(condition, false, DEEPEST)
    }

    fn condition(&mut self, condition: &Condition, own: bool, depth: usize) -> Condition {
        match condition {
            Condition::Always => Condition::Always,
            Condition::Test(test) => self.test(test, own, depth),
            Condition::All(parts) => Condition::All(parts.iter().map(|it| self.condition(it, own, depth)).collect()),
            Condition::Any(parts) => Condition::Any(parts.iter().map(|it| self.condition(it, own, depth)).collect()),
            Condition::Not(inner) => Condition::Not(Box::new(self.condition(inner, own, depth))),
        }
    }

    fn test(&mut self, test: &Test, own: bool, depth: usize) -> Condition {
        let place = self.place(test.path.field, own);
        if !test.path.steps.is_empty() {
            let path = self.path_words(&test.path, own);
            return self.inner_test(&path, &test.matcher);
        }
        if own || self.same_defaults(test.path.field, depth) {
            return Condition::Test(Test { path: FieldPath::top(place), matcher: test.matcher.clone() });
        }
        self.told_apart(test.path.field, place, &test.matcher, depth)
    }

    /// A test of `to` of a field whose default is another there: what is sent and what is left out are said apart.
    fn told_apart(&mut self, field: FieldIx, place: FieldIx, matcher: &Matcher, depth: usize) -> Condition {
        let is = |matcher: Matcher| Condition::Test(Test { path: FieldPath::top(place), matcher });
        match matcher {
            Matcher::Any(parts) => {
                Condition::Any(parts.iter().map(|it| self.told_apart(field, place, it, depth)).collect())
            }
            Matcher::Not(inner) => Condition::Not(Box::new(self.told_apart(field, place, inner, depth))),
            Matcher::OneOf(values) => {
                let left_out = Condition::All(vec![is(Matcher::Absent), Condition::Not(Box::new(is(Matcher::Null)))]);
                let sent = Condition::All(vec![is(matcher.clone()), Condition::Not(Box::new(left_out.clone()))]);
                let mut ways = vec![sent];
                let mut before: Vec<Condition> = Vec::new();
                for (when, value) in defaults(self.to.record.field(field)) {
                    let when = match depth.checked_sub(1) {
                        Some(depth) => self.condition(&when, false, depth),
                        None => self.unknown_test(),
                    };
                    if values.iter().any(|it| same_value(it, &value)) {
                        let mut way = vec![left_out.clone()];
                        way.extend(before.iter().cloned().map(|it| Condition::Not(Box::new(it))));
                        way.push(when);
                        ways.push(Condition::All(way));
                    } else {
                        before.push(when);
                    }
                }
                Condition::Any(ways)
            }
            Matcher::Present | Matcher::Absent | Matcher::Null | Matcher::Empty => is(matcher.clone()),
        }
    }

    /// Whether a field of `to` counts as the same in both when it is left out.
    pub(crate) fn same_defaults(&mut self, field: FieldIx, depth: usize) -> bool {
        let place = self.place(field, false);
        let theirs = defaults(self.to.record.field(field));
        let own = match self.from.record.fields.get(place.0 as usize) {
            Some(_) => defaults(&self.merged.fields[place.0 as usize]),
            None => Vec::new(),
        };
        let Some(depth) = depth.checked_sub(1) else { return false };
        own.len() == theirs.len()
            && own.iter().zip(&theirs).all(|((when, value), (other, other_value))| {
                let other = self.condition(other, false, depth);
                same_value(value, other_value) && canonical(when) == canonical(&other)
            })
    }

    /// A test of a value inside of an object.
    fn inner_test(&mut self, path: &str, matcher: &Matcher) -> Condition {
        match matcher {
            Matcher::Present => self.atom(format!("{path} present")),
            Matcher::Absent => Condition::Not(Box::new(self.atom(format!("{path} present")))),
            Matcher::Null => self.atom(format!("{path} null")),
            Matcher::Empty => self.atom(format!("{path} empty")),
            Matcher::Any(parts) => Condition::Any(parts.iter().map(|it| self.inner_test(path, it)).collect()),
            Matcher::Not(inner) => Condition::Not(Box::new(self.inner_test(path, inner))),
            Matcher::OneOf(values) => {
                let one = |it: &Value| format!("{path} = {}", equality_key(it));
                Condition::Any(values.iter().map(|it| self.atom(one(it))).collect())
            }
        }
    }

    fn atom(&mut self, key: String) -> Condition {
        let field = self.atom_field(key);
        Condition::Test(Test { path: FieldPath::top(field), matcher: Matcher::Present })
    }

    fn atom_field(&mut self, key: String) -> FieldIx {
        if let Some(known) = self.atoms.get(&key) {
            return *known;
        }
        let span = self.from.record.fields.first().map_or_else(nowhere, |it| it.span);
        let mut field = free_field(key.clone(), span);
        field.ty = Type::Boolean;
        field.nullable = false;
        self.merged.fields.push(field);
        let ix = FieldIx(self.merged.fields.len() as u32 - 1);
        self.atoms.insert(key, ix);
        ix
    }

    fn unknown_test(&mut self) -> Condition {
        self.unknown += 1;
        self.atom(format!("unknown {}", self.unknown))
    }

    fn place(&self, field: FieldIx, own: bool) -> FieldIx {
        if own { field } else { self.places.get(field.0 as usize).copied().unwrap_or(field) }
    }

    /// The variants of `to`, in the terms of `from`.
    pub(crate) fn other_variants(&mut self) -> Vec<(&'a str, Condition)> {
        let to = self.to;
        let all = to.operation.map_or(&[][..], |it| it.variants.as_slice());
        all.iter().map(|it| (it.name.as_str(), self.other_condition(&it.when))).collect()
    }

    /// A path as both specs say it.
    pub(crate) fn path_words(&self, path: &FieldPath, own: bool) -> String {
        let owner = if own { self.from } else { self.to };
        let mut words = format!("#{}", self.place(path.field, own).0);
        for step in &path.steps {
            match step {
                PathStep::Items => words.push_str("[]"),
                PathStep::Field(id, ix) => {
                    words.push('.');
                    if let TypeKind::Record(record) = &owner.api.ty(*id).kind {
                        words.push_str(&record.field(*ix).name);
                    }
                }
            }
        }
        words
    }

    /// A rule of one of the two: what is inside of objects is a field of its own there.
    pub(crate) fn rule_kind(&mut self, kind: &RuleKind, own: bool) -> RuleKind {
        let mut all = |paths: &[FieldPath]| paths.iter().map(|it| self.presence(it, own)).collect::<Vec<_>>();
        match kind {
            RuleKind::AnyOf(paths) => RuleKind::AnyOf(all(paths)),
            RuleKind::ExactlyOneOf(paths) => RuleKind::ExactlyOneOf(all(paths)),
            RuleKind::AtMostOneOf(paths) => RuleKind::AtMostOneOf(all(paths)),
            RuleKind::AllOrNone(paths) => RuleKind::AllOrNone(all(paths)),
            RuleKind::Requires(first, others) => {
                let others = all(others);
                RuleKind::Requires(self.presence(first, own), others)
            }
            RuleKind::Compare(..) | RuleKind::Sum { .. } | RuleKind::TotalLength { .. } | RuleKind::SameKind(_) => {
                kind.clone()
            }
        }
    }

    fn presence(&mut self, path: &FieldPath, own: bool) -> FieldPath {
        if path.steps.is_empty() {
            return FieldPath::top(self.place(path.field, own));
        }
        let words = self.path_words(path, own);
        FieldPath::top(self.atom_field(format!("{words} present")))
    }

    /// The rules of `to` over which fields are there, in the terms of `from`. Others stay as they are.
    pub(crate) fn other_rules(&mut self) -> Vec<Rule> {
        let to = self.to;
        let rule = |it: &Rule| {
            let (when, kind) = (self.other_condition(&it.when), self.rule_kind(&it.kind, false));
            Rule { when, kind, ..it.clone() }
        };
        to.record.rules.iter().map(rule).collect()
    }
}

/// The defaults of a field with their conditions; the first that applies counts.
pub(crate) fn defaults(field: &Field) -> Vec<(Condition, Value)> {
    let of_cases = field.clauses.iter().filter_map(|it| match &it.constraint {
        Constraint::Default(value) => Some((it.when.clone(), value.clone())),
        _ => None,
    });
    of_cases.chain(field.default.iter().map(|it| (Condition::Always, it.clone()))).collect()
}

fn nowhere() -> Span {
    Span::new(specwright_codegen::source::FileId(0), 0, 0)
}

/// A field that can be anything.
fn free_field(name: String, span: Span) -> Field {
    Field {
        name,
        sent: Default::default(),
        location: Location::Body,
        ty: Type::Json,
        nullable: true,
        secret: false,
        access: Access::Both,
        may_lack: false,
        doc: String::new(),
        origin: Origin::default(),
        default: None,
        deprecated: None,
        clauses: Vec::new(),
        examples: Vec::new(),
        push: Vec::new(),
        rust_name: None,
        client: None,
        span,
    }
}

fn never(span: Span) -> Clause {
    Clause {
        when: Condition::Always,
        target: Target::Value,
        constraint: Constraint::Forbidden,
        because: None,
        origin: Origin::default(),
        implied: true,
        span,
    }
}

/// A text that conditions share which say the same by their form: order, repetition and double negation do not count.
pub(crate) fn canonical(condition: &Condition) -> String {
    form(condition, false).text()
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    Const(bool),
    Literal(String),
    All(Vec<Form>),
    Any(Vec<Form>),
}

impl Form {
    fn text(&self) -> String {
        let list =
            |word: &str, all: &[Self]| format!("{word}({})", all.iter().map(Self::text).collect::<Vec<_>>().join(","));
        match self {
            Self::Const(value) => value.to_string(),
            Self::Literal(text) => text.clone(),
            Self::All(parts) => list("all", parts),
            Self::Any(parts) => list("any", parts),
        }
    }
}

fn form(condition: &Condition, opposite: bool) -> Form {
    match condition {
        Condition::Always => Form::Const(!opposite),
        Condition::Test(test) => literal(&format!("{:?}", test.path), &test.matcher, opposite),
        Condition::Not(inner) => form(inner, !opposite),
        Condition::All(parts) => joined(parts.iter().map(|it| form(it, opposite)).collect(), !opposite),
        Condition::Any(parts) => joined(parts.iter().map(|it| form(it, opposite)).collect(), opposite),
    }
}

fn literal(path: &str, matcher: &Matcher, opposite: bool) -> Form {
    let one = |what: &str| Form::Literal(format!("{path}{}{what}", if opposite { " not " } else { " " }));
    match matcher {
        Matcher::OneOf(values) => {
            joined(values.iter().map(|it| one(&format!("= {}", equality_key(it)))).collect(), opposite)
        }
        Matcher::Present => one("present"),
        Matcher::Absent => literal(path, &Matcher::Present, !opposite),
        Matcher::Null => one("null"),
        Matcher::Empty => one("empty"),
        Matcher::Any(parts) => joined(parts.iter().map(|it| literal(path, it, opposite)).collect(), opposite),
        Matcher::Not(inner) => literal(path, inner, !opposite),
    }
}

/// All of them, or any.
fn joined(parts: Vec<Form>, all: bool) -> Form {
    let mut flat = Vec::new();
    for part in parts {
        match part {
            Form::All(inner) if all => flat.extend(inner),
            Form::Any(inner) if !all => flat.extend(inner),
            Form::Const(value) if value == all => {}
            Form::Const(value) => return Form::Const(value),
            other => flat.push(other),
        }
    }
    flat.sort();
    flat.dedup();
    match flat.pop() {
        None => Form::Const(all),
        Some(only) if flat.is_empty() => only,
        Some(last) => {
            flat.push(last);
            if all { Form::All(flat) } else { Form::Any(flat) }
        }
    }
}
