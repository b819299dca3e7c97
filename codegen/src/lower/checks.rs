//! Turns clauses and rules into the steps of a generated `check`.
//!
//! Sentences come from [`crate::prose`], the same that the interpreter and the docs use.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::conditions::{all, any, is_always, is_never, not};
use super::constraints::{never_fails, one_of, test};
use super::fields::{Owner, literals, place};
use super::unions::member_names;
use super::view::{
    Checks, Cond, CrossCheck, CrossTest, FieldChecks, FieldPlace, Guarded, NamedKind, NestedCheck, OneOf, RuleData,
    Storage, Strength, SumTerm, Test, Text, Ty, TypeName,
};
use super::{Ctx, limits, types};
use crate::diagnostics::emission::not_generated;
use crate::model::{
    Api, Certainty, Clause, Condition, Constraint, Field, FieldPath, LengthUnit, Matcher, PathStep, Record, Rule,
    RuleKind, Target, Type, TypeId, TypeKind, same_value,
};
use crate::prose::{self, Subject};

/// So many times the items of a list, which are all in memory, cannot overflow.
const SAFE_WEIGHT: u64 = 1 << 16;

/// The named types of requests in which something can be wrong.
pub(crate) fn checked_types(api: &Api) -> BTreeSet<TypeId> {
    let mut checked = BTreeSet::new();
    let all = || api.types.iter().enumerate().map(|(index, def)| (TypeId(index as u32), def));
    // Who must be looked at again when something turns out to be checked.
    let mut holders: BTreeMap<TypeId, Vec<TypeId>> = BTreeMap::new();
    for (id, def) in all().filter(|(_, def)| def.in_request) {
        member_types(&def.kind).into_iter().for_each(|it| holders.entry(it).or_default().push(id));
    }
    let mut open: Vec<TypeId> = all().map(|(id, _)| id).collect();
    while let Some(id) = open.pop() {
        let def = api.ty(id);
        if def.in_request && !checked.contains(&id) && needs_check(api, &def.kind, def.in_response, &checked) {
            checked.insert(id);
            open.extend(holders.get(&id).into_iter().flatten());
        }
    }
    checked
}

/// The types whose values a value of a kind holds, in lists and maps too. Unions are checked whatever they hold.
fn member_types(kind: &TypeKind) -> Vec<TypeId> {
    fn named_type(ty: &Type) -> Option<TypeId> {
        match ty {
            Type::Named(id) => Some(*id),
            Type::Array(inner) | Type::Map(inner) => named_type(inner),
            _ => None,
        }
    }
    match kind {
        TypeKind::Record(record) => record.fields.iter().filter_map(|it| named_type(&it.ty)).collect(),
        TypeKind::Tagged(union) => union.members.iter().map(|(_, it)| *it).collect(),
        TypeKind::Enum(_) | TypeKind::Union(_) => Vec::new(),
    }
}

fn needs_check(api: &Api, kind: &TypeKind, in_response: bool, checked: &BTreeSet<TypeId>) -> bool {
    match kind {
        TypeKind::Enum(_) => false,
        TypeKind::Record(record) => {
            let checkable = |it: &Clause| {
                // What is always required cannot be missing in a record: its constructor takes it.
                let by_type = it.constraint == Constraint::Required && it.when == Condition::Always;
                !by_type && !matches!(it.constraint, Constraint::Default(_))
            };
            !record.rules.is_empty()
                || record.fields.iter().any(|it| it.clauses.iter().any(checkable) || type_needs(api, &it.ty, checked))
        }
        TypeKind::Tagged(union) => {
            (in_response && !union.open) || union.members.iter().any(|(_, it)| checked.contains(it))
        }
        // What is of none of the members is held too, for answers.
        TypeKind::Union(_) => true,
    }
}

fn type_needs(api: &Api, ty: &Type, checked: &BTreeSet<TypeId>) -> bool {
    match ty {
        Type::Url | Type::HttpsUrl | Type::DateTime | Type::Base64 => true,
        Type::Array(inner) | Type::Map(inner) => type_needs(api, inner, checked),
        Type::Union(_) => true,
        Type::Named(id) => {
            let def = api.ty(*id);
            let unknown = matches!(&def.kind, TypeKind::Enum(values) if !values.open && def.in_response);
            unknown || checked.contains(id)
        }
        Type::String | Type::Integer | Type::Number | Type::Boolean | Type::File | Type::Json => false,
    }
}

/// Everything a record's `check` does. The parameters of an operation are a record without an `id`.
pub(crate) fn of_record(
    ctx: &mut Ctx<'_>,
    record: &Record,
    id: Option<TypeId>,
    storage: fn(&Field) -> Storage,
    owner: &TypeName,
) -> Checks {
    let mut lower = Lower { ctx, record, id, storage, owner, rules: Vec::new() };
    let fields = record.fields.iter().filter_map(|it| lower.field(it)).collect();
    let cross = record.rules.iter().filter_map(|it| lower.rule(it)).collect();
    Checks { rules: lower.rules, fields, cross }
}

/// Checks inside a value: formats, values of enums, nested records.
pub(crate) fn nested_check(
    ctx: &Ctx<'_>,
    ty: &Type,
    subject: Subject<'_>,
    rules: &mut Vec<RuleData>,
) -> Option<NestedCheck> {
    let test = match ty {
        Type::Url => format("is_url"),
        Type::HttpsUrl => format("is_https_url"),
        Type::DateTime => format("is_date_time"),
        Type::Base64 => format("is_base64"),
        Type::Array(inner) => {
            return nested_check(ctx, inner, Subject::Item(&subject), rules).map(|it| NestedCheck::Each(Box::new(it)));
        }
        Type::Map(inner) => {
            return nested_check(ctx, inner, Subject::Entry(&subject), rules)
                .map(|it| NestedCheck::EachValue(Box::new(it)));
        }
        Type::Named(id) => match types::unknown_value(ctx, *id) {
            Some(test) => test,
            None => return ctx.checked.contains(id).then_some(NestedCheck::Check),
        },
        Type::Union(_) => return Some(NestedCheck::Check),
        Type::String | Type::Integer | Type::Number | Type::Boolean | Type::File | Type::Json => return None,
    };
    rules.push(RuleData {
        at: String::new(),
        keyword: if matches!(test, Test::Unknown) { "enum" } else { "format" },
        limit: String::new(),
        message: prose::type_sentence(ctx.api, subject, ty),
        strength: Strength::Stated,
    });
    Some(NestedCheck::Test(test, rules.len() - 1))
}

fn format(function: &'static str) -> Test {
    Test::Format { text: Text::Plain, function }
}

/// Whether the values of an enum are the only texts that the Rust of a union can hold beside `Other`.
pub(crate) fn has_closed_texts(api: &Api, members: &[Type]) -> bool {
    members.iter().any(|it| match it {
        Type::Named(id) => match &api.ty(*id).kind {
            TypeKind::Enum(values) => !values.open && !api.ty(*id).in_response,
            TypeKind::Union(members) => has_closed_texts(api, members),
            TypeKind::Record(_) | TypeKind::Tagged(_) => false,
        },
        _ => false,
    })
}

struct Lower<'l, 'a> {
    ctx: &'l mut Ctx<'a>,
    record: &'l Record,
    id: Option<TypeId>,
    storage: fn(&Field) -> Storage,
    owner: &'l TypeName,
    rules: Vec<RuleData>,
}

impl Lower<'_, '_> {
    fn field(&mut self, field: &Field) -> Option<FieldChecks> {
        let place = self.field_place(&FieldPath::top(self.record.find(&field.name)?.0));
        let stored = (self.storage)(field);
        let mut checks = FieldChecks {
            place,
            wire: field.name.clone(),
            secret: field.secret,
            missing: Vec::new(),
            present: Vec::new(),
            ignored: Vec::new(),
            value: Vec::new(),
            items: Vec::new(),
            deep: None,
        };
        for (clause, chain) in limits::order_clauses(&field.clauses) {
            self.clause(field, stored, clause, chain, &mut checks);
        }
        // One violation for a missing or forbidden field: the first stated clause that applies, else the first other.
        let strength = |rules: &[RuleData], it: &Guarded<()>| rules[it.rule].strength as u8;
        checks.missing.sort_by_key(|it| strength(&self.rules, it));
        checks.present.sort_by_key(|it| strength(&self.rules, it));
        let n_rules = self.rules.len();
        checks.deep = nested_check(self.ctx, &field.ty, Subject::of(field), &mut self.rules);
        // A value's own format is reported at the field, its items' at the items.
        if let Some(NestedCheck::Test(..)) = checks.deep {
            self.rules[n_rules].at = pointer(&field.name);
        }
        let any = !checks.missing.is_empty()
            || !checks.present.is_empty()
            || !checks.ignored.is_empty()
            || !checks.value.is_empty()
            || !checks.items.is_empty()
            || checks.deep.is_some();
        any.then_some(checks)
    }

    fn clause(&mut self, field: &Field, stored: Storage, clause: &Clause, chain: Option<usize>, out: &mut FieldChecks) {
        let when = self.condition(&clause.when);
        if when.as_ref().is_some_and(is_never) {
            return;
        }
        match &clause.constraint {
            Constraint::Default(_) => {}
            Constraint::Required => {
                if matches!(stored, Storage::Optional | Storage::OptionalNullable) {
                    let rule = self.rule_data(field, clause, true);
                    out.missing.push(Guarded { when, test: (), rule, chain });
                }
            }
            Constraint::Forbidden | Constraint::Ignored => {
                let rule = self.rule_data(field, clause, true);
                let list = if clause.constraint == Constraint::Ignored { &mut out.ignored } else { &mut out.present };
                list.push(Guarded { when, test: (), rule, chain });
            }
            constraint => {
                let (ty, list) = match clause.target {
                    Target::Value => (&field.ty, &mut out.value),
                    Target::Items => match &field.ty {
                        Type::Array(inner) | Type::Map(inner) => (&**inner, &mut out.items),
                        other => (other, &mut out.items),
                    },
                };
                let owner = Owner {
                    name: &self.owner.ident,
                    module: self.owner.module.as_deref(),
                    field: &field.name,
                    span: field.span,
                };
                match test(self.ctx, ty, constraint, owner) {
                    Some(test) if never_fails(&test) => {}
                    Some(test) => {
                        let rule = self.rule_data(field, clause, clause.target == Target::Value);
                        list.push(Guarded { when, test, rule, chain });
                    }
                    None => {
                        let what = format!("`{}` on `{}`", constraint.keyword(), field.name);
                        self.ctx.report(not_generated(&what, &self.owner.ident, clause.span));
                    }
                }
            }
        }
    }

    fn rule_data(&mut self, field: &Field, clause: &Clause, at_field: bool) -> usize {
        let strength = match (&clause.constraint, clause.origin.certainty) {
            (Constraint::Ignored, _) => Strength::Ignored,
            (_, Certainty::Inferred) => Strength::Inferred,
            (_, Certainty::Stated) => Strength::Stated,
        };
        self.rules.push(RuleData {
            at: if at_field { pointer(&field.name) } else { String::new() },
            keyword: clause.constraint.keyword(),
            limit: prose::limit(&clause.constraint).unwrap_or_default(),
            message: prose::clause(self.record, self.ctx.api, field, clause),
            strength,
        });
        self.rules.len() - 1
    }

    /// `None`: its condition never holds.
    fn rule(&mut self, rule: &Rule) -> Option<CrossCheck> {
        let when = self.condition(&rule.when);
        if when.as_ref().is_some_and(is_never) {
            return None;
        }
        let (first, limit, test) = match &rule.kind {
            RuleKind::AnyOf(paths) => (paths.first(), String::new(), CrossTest::NoneOf(self.places(paths))),
            RuleKind::ExactlyOneOf(paths) => {
                (paths.first(), String::new(), CrossTest::NotExactlyOne(self.places(paths)))
            }
            RuleKind::AtMostOneOf(paths) => (paths.first(), String::new(), CrossTest::MoreThanOne(self.places(paths))),
            RuleKind::AllOrNone(paths) => (paths.first(), String::new(), CrossTest::SomeButNotAll(self.places(paths))),
            RuleKind::Requires(path, needed) => {
                (needed.first(), String::new(), CrossTest::Without(self.field_place(path), self.places(needed)))
            }
            RuleKind::Compare(left, comparison, right) => {
                let number = |it: &Ty| matches!(it, Ty::Integer | Ty::Number);
                let (a, b) = (self.field_place_of(left, number, rule), self.field_place_of(right, number, rule));
                let test = CrossTest::NotCompared(a, *comparison, b);
                (Some(left), String::new(), test)
            }
            RuleKind::Sum { terms, minimum, maximum } => {
                let sum = terms.iter().map(|(it, weight)| self.sum_term(it, *weight, rule)).collect();
                let saturating = terms.iter().any(|(_, weight)| *weight > SAFE_WEIGHT);
                let test = CrossTest::Sum { terms: sum, saturating, minimum: *minimum, maximum: *maximum };
                (terms.first().map(|(it, _)| it), limits(*minimum, *maximum), test)
            }
            RuleKind::TotalLength { path, weights, minimum, maximum } => {
                let test = CrossTest::TotalLength {
                    place: self.field_place_of(
                        path,
                        |it| matches!(it, Ty::String | Ty::Named { kind: NamedKind::Enum, .. }),
                        rule,
                    ),
                    han_double: *weights == LengthUnit::HanDouble,
                    minimum: *minimum,
                    maximum: *maximum,
                };
                (Some(path), limits(*minimum, *maximum), test)
            }
            RuleKind::SameKind(path) => (Some(path), String::new(), CrossTest::SeveralKinds(self.field_place(path))),
        };
        let at = first.map(|it| self.pointer(it)).unwrap_or_default();
        self.rules.push(RuleData {
            at,
            keyword: rule.kind.keyword(),
            limit,
            message: prose::rule(self.record, self.ctx.api, rule),
            strength: match rule.origin.certainty {
                Certainty::Stated => Strength::Stated,
                Certainty::Inferred => Strength::Inferred,
            },
        });
        Some(CrossCheck { when, rule: self.rules.len() - 1, test })
    }

    /// The pointer of a path, up to its first list.
    fn pointer(&mut self, path: &FieldPath) -> String {
        let steps = self.field_place(path).steps;
        let end = steps.iter().position(|it| it.each > 0).map_or(steps.len(), |it| it + 1);
        steps[..end].iter().map(|it| pointer(&it.wire)).collect()
    }

    fn sum_term(&mut self, path: &FieldPath, weight: u64, rule: &Rule) -> SumTerm {
        let place = self.field_place(path);
        if place.steps.iter().any(|it| it.each > 0) {
            self.ctx.report(not_generated("a sum over items of items", &self.owner.ident, rule.span));
        }
        let members = match &leaf(self.ctx.api, self.record, path).ty {
            Type::Union(members) => members.as_slice(),
            Type::Named(id) => match &self.ctx.api.ty(*id).kind {
                TypeKind::Union(members) => members.as_slice(),
                TypeKind::Record(_) | TypeKind::Enum(_) | TypeKind::Tagged(_) => &[],
            },
            _ => &[],
        };
        let names = member_names(self.ctx, members).into_iter().zip(members);
        let lists = names.filter(|(_, it)| matches!(it, Type::Array(_))).map(|(name, _)| name).collect();
        SumTerm { place, weight, lists }
    }

    /// The leaf of a path that a rule compares or measures, which has to be of one of these types.
    fn field_place_of(&mut self, path: &FieldPath, fits: fn(&Ty) -> bool, rule: &Rule) -> FieldPlace {
        let place = self.field_place(path);
        if !fits(&place.ty) {
            let what = format!("`{}` over a value of several kinds", rule.kind.keyword());
            self.ctx.report(not_generated(&what, &self.owner.ident, rule.span));
        }
        place
    }

    fn field_place(&mut self, path: &FieldPath) -> FieldPlace {
        place(self.ctx, (self.record, self.id), self.storage, self.owner, path)
    }

    fn places(&mut self, paths: &[FieldPath]) -> Vec<FieldPlace> {
        paths.iter().map(|it| self.field_place(it)).collect()
    }

    /// `None`: always.
    fn condition(&mut self, condition: &Condition) -> Option<Cond> {
        Some(self.cond(condition, true)).filter(|it| !is_always(it))
    }

    /// The condition, or its opposite if it is not `wanted`. Neither holds when what it looks at is itself refused.
    fn cond(&mut self, condition: &Condition, wanted: bool) -> Cond {
        match (condition, wanted) {
            (Condition::Always, true) => Cond::All(Vec::new()),
            (Condition::Always, false) => Cond::Any(Vec::new()),
            (Condition::All(parts), true) | (Condition::Any(parts), false) => {
                all(parts.iter().map(|it| self.cond(it, wanted)).collect())
            }
            (Condition::Any(parts), true) | (Condition::All(parts), false) => {
                any(parts.iter().map(|it| self.cond(it, wanted)).collect())
            }
            (Condition::Not(inner), _) => self.cond(inner, !wanted),
            (Condition::Test(test), true) => self.matcher(&test.path, &test.matcher),
            (Condition::Test(test), false) => self.opposite(&test.path, &test.matcher),
        }
    }

    fn opposite(&mut self, path: &FieldPath, matcher: &Matcher) -> Cond {
        match matcher {
            Matcher::Not(inner) => self.matcher(path, inner),
            Matcher::Any(parts) => all(parts.iter().map(|it| self.opposite(path, it)).collect()),
            Matcher::OneOf(values) => {
                let place = self.field_place(path);
                let field = leaf(self.ctx.api, self.record, path);
                let unknown = matches!(&field.ty, Type::Named(id) if types::unknown_value(self.ctx, *id).is_some());
                let known = unknown.then(|| not(Cond::Unknown(place.clone())));
                let refused = path.steps.is_empty() && field.must_be_sent();
                let one_of = self.one_of(path, place, values, refused);
                all([not(one_of)].into_iter().chain(known).collect())
            }
            Matcher::Present | Matcher::Absent | Matcher::Null | Matcher::Empty => not(self.matcher(path, matcher)),
        }
    }

    fn matcher(&mut self, path: &FieldPath, matcher: &Matcher) -> Cond {
        let place = self.field_place(path);
        match matcher {
            Matcher::Present => Cond::Present(place),
            Matcher::Absent => not(Cond::Present(place)),
            Matcher::Null => match (place.steps.last().map(|it| it.storage), &place.ty) {
                (Some(Storage::Plain | Storage::Optional), ty) if *ty != Ty::Json => any(Vec::new()),
                _ => Cond::Null(place),
            },
            Matcher::Empty => match place.ty {
                Ty::Integer | Ty::Number | Ty::Boolean | Ty::File => any(Vec::new()),
                _ => Cond::Empty(place),
            },
            Matcher::Any(parts) => any(parts.iter().map(|it| self.matcher(path, it)).collect()),
            Matcher::Not(inner) => self.opposite(path, inner),
            Matcher::OneOf(values) => self.one_of(path, place, values, false),
        }
    }

    /// When an absent field counts as one of the values: by the default of a case that applies, else by its own.
    fn absent_matches(&mut self, field: &Field, values: &[Value]) -> Cond {
        let is_one = |it: &Value| values.iter().any(|value| same_value(value, it));
        let mut matching = Vec::new();
        let mut others = Vec::new();
        for clause in &field.clauses {
            if let Constraint::Default(default) = &clause.constraint {
                let list = if is_one(default) { &mut matching } else { &mut others };
                list.push(self.cond(&clause.when, true));
            }
        }
        if field.default.as_ref().is_some_and(is_one) {
            matching.push(not(any(others)));
        }
        any(matching)
    }

    /// `or_missing`: holds when nothing is sent too.
    fn one_of(&mut self, path: &FieldPath, place: FieldPlace, values: &[Value], or_missing: bool) -> Cond {
        let field = leaf(self.ctx.api, self.record, path).clone();
        let wanted: Vec<Value> = values.iter().filter(|it| value_fits_type(self.ctx, &field.ty, it)).cloned().collect();
        let owner = Owner {
            name: &self.owner.ident,
            module: self.owner.module.as_deref(),
            field: &field.name,
            span: field.span,
        };
        let Some(picked) = one_of(self.ctx, &field.ty, &wanted, owner) else {
            let what = format!("a condition on the value of `{}`", field.name);
            self.ctx.report(not_generated(&what, &self.owner.ident, field.span));
            return any(Vec::new());
        };
        let absent = self.absent_matches(&field, values);
        // A required field of a type is always there.
        let always_there = place.steps.iter().all(|it| matches!(it.storage, Storage::Plain | Storage::Null));
        let nullable = place.steps.last().is_some_and(|it| it.storage == Storage::OptionalNullable);
        match absent {
            Cond::Any(parts) if parts.is_empty() => matches(place, picked, or_missing && !always_there),
            _ if always_there => matches(place, picked, false),
            absent if is_always(&absent) && !nullable => matches(place, picked, true),
            absent => any(vec![matches(place.clone(), picked, false), all(vec![Cond::Missing(place), absent])]),
        }
    }
}

fn matches(place: FieldPlace, pick: OneOf, or_missing: bool) -> Cond {
    match (pick, or_missing) {
        (OneOf::Literals(literals), true) if literals.is_empty() => Cond::Missing(place),
        (OneOf::Literals(literals), false) if literals.is_empty() => any(Vec::new()),
        (OneOf::Literals(literals), _) => Cond::Matches { place, literals, or_missing },
        (pick, _) => Cond::Picked { place, pick, or_missing },
    }
}

/// The field that a path ends in.
fn leaf<'r>(api: &'r Api, record: &'r Record, path: &FieldPath) -> &'r Field {
    let mut field = record.field(path.field);
    for step in &path.steps {
        if let PathStep::Field(id, ix) = step
            && let TypeKind::Record(inner) = &api.ty(*id).kind
        {
            field = inner.field(*ix);
        }
    }
    field
}

/// Whether a value can be one of the type at all.
pub(super) fn value_fits_type(ctx: &Ctx<'_>, ty: &Type, value: &Value) -> bool {
    if let Some(members) = members(ctx.api, ty) {
        return members.iter().any(|it| value_fits_type(ctx, it, value));
    }
    if *ty == Type::Json {
        return !value.is_null();
    }
    literals(ctx, ty, std::slice::from_ref(value)).is_some() || value.is_array() || value.is_object()
}

fn limits(minimum: Option<u64>, maximum: Option<u64>) -> String {
    match (minimum, maximum) {
        (Some(least), Some(most)) => format!("{least} to {most}"),
        (Some(limit), None) | (None, Some(limit)) => limit.to_string(),
        (None, None) => String::new(),
    }
}

/// `/name`, escaped as a JSON pointer.
fn pointer(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// The members of a union that is told apart by JSON type.
pub(super) fn members<'m>(api: &'m Api, ty: &'m Type) -> Option<&'m [Type]> {
    match ty {
        Type::Union(members) => Some(members),
        Type::Named(id) => match &api.ty(*id).kind {
            TypeKind::Union(members) => Some(members),
            TypeKind::Record(_) | TypeKind::Enum(_) | TypeKind::Tagged(_) => None,
        },
        _ => None,
    }
}
