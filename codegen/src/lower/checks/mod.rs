//! Turns the clauses of fields into the steps of a generated `check`; the submodules do so for rules and conditions.
//!
//! Sentences come from [`crate::prose`], the same that the interpreter and the docs use.

mod checked_types;
mod conditions;
mod rules;

pub(crate) use checked_types::{checked_types, sent_types};

use super::constraints::{never_fails, test, union_of};
use super::fields::{Owner, place};
use super::simplify::{all, is_never};
use super::view::{
    Checks, Cond, FieldChecks, FieldPlace, Guarded, ItemsIn, NamedCondition, NestedCheck, PlainRule, RuleCall,
    RuleData, Storage, Strength, Test, Text, TypeName,
};
use super::{Ctx, limits, plain_rules, types};
use crate::diagnostics::emission::not_generated;
use crate::model::{
    Access, Api, Certainty, Clause, Condition, Constraint, Field, FieldPath, IntegerFormat, PathStep, Record, Target,
    TextFormat, Type, TypeId, TypeKind,
};
use crate::prose::{self, Subject};

/// Everything a record's `check` does. The parameters of an operation are a record without an `id`.
pub(crate) fn of_record(
    ctx: &mut Ctx<'_>,
    record: &Record,
    id: Option<TypeId>,
    storage: fn(&Field) -> Storage,
    owner: &TypeName,
) -> Checks {
    let mut lower = Lower { ctx, record, id, storage, owner, rules: Vec::new(), conditions: Vec::new() };
    let fields = record.fields.iter().filter_map(|it| lower.field(it)).collect();
    let cross = record.rules.iter().filter_map(|it| lower.rule(it)).collect();
    let additional =
        record.additional.as_ref().and_then(|ty| nested_check(lower.ctx, ty, Subject::Additional, &mut lower.rules));
    Checks { rules: lower.rules, conditions: lower.conditions, fields, cross, additional }
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
        Type::Formatted(of) => format(text_format(*of)),
        Type::Nullable(inner) => {
            return nested_check(ctx, inner, subject, rules).map(|it| NestedCheck::NonNull(Box::new(it)));
        }
        Type::Base64 => format("is_base64"),
        Type::Sized(range) => Test::OutOfRange(integer_format(*range)?),
        Type::Array(inner) => {
            return nested_check(ctx, inner, Subject::Item(&subject), rules).map(|it| NestedCheck::Each(Box::new(it)));
        }
        Type::Tuple(items) => {
            let items = items.iter().enumerate();
            let checks = items
                .filter_map(|(at, it)| nested_check(ctx, it, Subject::Item(&subject), rules).map(|check| (at, check)));
            let checks: Vec<_> = checks.collect();
            return (!checks.is_empty()).then_some(NestedCheck::ByPlace(checks));
        }
        Type::Map(inner) => {
            return nested_check(ctx, inner, Subject::Entry(&subject), rules)
                .map(|it| NestedCheck::EachValue(Box::new(it)));
        }
        Type::Named(id) => match types::unknown_value(ctx, *id) {
            Some(test) => test,
            None => return ctx.known.checked.contains(id).then_some(NestedCheck::Check),
        },
        Type::Union(_) => return Some(NestedCheck::Check),
        Type::String | Type::Integer | Type::Number | Type::Boolean | Type::File | Type::Json => return None,
    };
    rules.push(RuleData {
        at: String::new(),
        keyword: if matches!(test, Test::Unknown) { "enum" } else { "format" },
        limit: String::new(),
        message: ctx.sentence(|| prose::type_sentence(ctx.api, subject, ty)),
        strength: Strength::Stated,
        plain: None,
    });
    Some(NestedCheck::Test(test, rules.len() - 1))
}

/// The runtime's function for a format.
fn text_format(format: TextFormat) -> &'static str {
    match format {
        TextFormat::Date => "is_date",
        TextFormat::Time => "is_time",
        TextFormat::Duration => "is_duration",
        TextFormat::Uuid => "is_uuid",
        TextFormat::Decimal => "is_decimal",
        TextFormat::Email => "is_email",
        TextFormat::Uri => "is_uri",
        TextFormat::Hostname => "is_hostname",
        TextFormat::Ipv4 => "is_ipv4",
        TextFormat::Ipv6 => "is_ipv6",
    }
}

/// The runtime's function for a range of whole numbers.
fn integer_format(format: IntegerFormat) -> Option<&'static str> {
    match format {
        IntegerFormat::Int32 => Some("is_int32"),
        IntegerFormat::Uint32 => Some("is_uint32"),
        // Its Rust type holds nothing else.
        IntegerFormat::Uint64 => None,
    }
}

fn format(function: &'static str) -> Test {
    Test::Format { text: Text::Plain, function }
}

struct Lower<'l, 'a> {
    ctx: &'l mut Ctx<'a>,
    record: &'l Record,
    id: Option<TypeId>,
    storage: fn(&Field) -> Storage,
    owner: &'l TypeName,
    rules: Vec<RuleData>,
    conditions: Vec<NamedCondition>,
}

impl Lower<'_, '_> {
    fn field(&mut self, field: &Field) -> Option<FieldChecks> {
        if field.access == Access::ReadOnly {
            return None;
        }
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
            items_in: self.items_in(field),
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
        if let Some(deep) = &checks.deep
            && let Some(rule) = self.rules.get_mut(n_rules)
        {
            rule.plain = plain_rules::of_format(&field.name, deep, &rule.message);
        }
        let any = !checks.missing.is_empty()
            || !checks.present.is_empty()
            || !checks.ignored.is_empty()
            || !checks.value.is_empty()
            || !checks.items.is_empty()
            || checks.deep.is_some();
        any.then_some(checks)
    }

    /// The variant of a union whose items are looked at.
    fn items_in(&mut self, field: &Field) -> Option<ItemsIn> {
        let (at, _) = self.ctx.api.listed_items(&field.ty)?;
        field.clauses.iter().find(|it| it.target == Target::Items)?;
        let (name, module) = (self.owner.ident.clone(), self.owner.module.clone());
        let owner = Owner { name: &name, module: module.as_deref(), field: &field.name, span: field.span };
        let union = union_of(self.ctx, &field.ty, owner)?;
        let (variant, list) = union.members.get(at)?.clone();
        let list = super::fields::ty(self.ctx, &list, union.owner(field.span));
        Some(ItemsIn { union: union.ty, variant, list })
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
                    self.make_plain(rule, field, clause, when.as_ref(), Some(RuleCall::Presence("required")));
                    out.missing.push(Guarded { when, test: (), rule, chain });
                }
            }
            Constraint::Forbidden | Constraint::Ignored => {
                let rule = self.rule_data(field, clause, true);
                let call = match (&clause.constraint, &clause.when) {
                    (Constraint::Ignored, _) => "ignored",
                    (_, Condition::Not(_)) => "only",
                    _ => "forbidden",
                };
                self.make_plain(rule, field, clause, when.as_ref(), Some(RuleCall::Presence(call)));
                let list = if clause.constraint == Constraint::Ignored { &mut out.ignored } else { &mut out.present };
                list.push(Guarded { when, test: (), rule, chain });
            }
            constraint => {
                let (ty, list) = match clause.target {
                    Target::Value => (&field.ty, &mut out.value),
                    Target::Items => match &field.ty {
                        Type::Array(inner) | Type::Map(inner) => (inner.non_null(), &mut out.items),
                        other => match self.ctx.api.listed_items(other) {
                            Some((_, item)) => (item, &mut out.items),
                            None => (other, &mut out.items),
                        },
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
                        let call = match clause.target {
                            Target::Value => plain_rules::call(&test, constraint),
                            Target::Items => None,
                        };
                        self.make_plain(rule, field, clause, when.as_ref(), call);
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
            limit: self.ctx.sentence(|| prose::limit(&clause.constraint).unwrap_or_default()),
            message: self.ctx.sentence(|| prose::clause(self.record, self.ctx.api, field, clause)),
            strength,
            plain: None,
        });
        self.rules.len() - 1
    }

    /// Leaves the sentence of a rule to the runtime, if that makes the same one.
    fn make_plain(&mut self, rule: usize, field: &Field, clause: &Clause, when: Option<&Cond>, call: Option<RuleCall>) {
        let Some(call) = call.filter(|_| self.ctx.known.has_words) else { return };
        // What is taken only under a condition is forbidden under its opposite, and the sentence names the former.
        let named = match (&call, &clause.when) {
            (RuleCall::Presence("only"), Condition::Not(inner)) => inner,
            (_, condition) => condition,
        };
        let words = match named {
            Condition::Always => None,
            condition => Some(prose::condition(self.record, self.ctx.api, condition)),
        };
        let said = plain_rules::sentence(&field.name, &call, words.as_deref());
        let because = match self.rules[rule].message.strip_prefix(&said) {
            Some("") => None,
            Some(rest) => match rest.strip_prefix(": ") {
                Some(because) => Some(because.to_owned()),
                None => return,
            },
            None => return,
        };
        let when = words.map(|words| {
            let cond = when.cloned().unwrap_or_else(|| all(Vec::new()));
            let is_opposite = matches!(call, RuleCall::Presence("only"));
            plain_rules::name_condition(&mut self.conditions, self.record, cond, words, is_opposite)
        });
        self.rules[rule].plain = Some(PlainRule { name: field.name.clone(), call, when, because });
    }

    fn field_place(&mut self, path: &FieldPath) -> FieldPlace {
        place(self.ctx, (self.record, self.id), self.storage, self.owner, path)
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

/// `/name`, escaped as a JSON pointer.
fn pointer(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}
