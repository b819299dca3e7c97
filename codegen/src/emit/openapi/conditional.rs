//! Conditions as schemas: `if` and `then`.
//!
//! `duration: {cases: [{when: {model: a}, maximum: 5}]}` becomes
//! `{if: {properties: {model: {enum: [a]}}, required: [model]}, then: {properties: {duration: {maximum: 5}}}}`.
//! A condition over what the schema does not see (a path parameter, from the body) cannot be said: `None`.

use serde_json::{Map, Value, json};

use super::schema::{Context, is_stated, items_key, ty_of};
use super::{Version, keywords};
use crate::constraints;
use crate::model::{
    Certainty, Clause, Condition, Constraint, Field, FieldIx, FieldPath, Matcher, PathStep, Record, Rule, RuleKind,
    Target, Type, TypeKind, same_value,
};

/// What a schema can see.
type Visible<'a> = &'a dyn Fn(FieldIx) -> bool;

/// Everything of a record that goes beyond keywords of one field, each as a schema of the whole object.
pub(super) fn object_schemas(context: &Context<'_>, record: &Record, visible: Visible<'_>) -> Vec<Value> {
    let mut groups: Vec<(&Condition, Map<String, Value>)> = Vec::new();
    for (index, field) in record.fields.iter().enumerate() {
        if !visible(FieldIx(index as u32)) {
            continue;
        }
        for clause in field.clauses.iter().filter(|it| is_stated(it)) {
            let told_already = clause.when == Condition::Always && clause.constraint != Constraint::Forbidden;
            let Some(then) = (if told_already { None } else { consequence(context, field, clause) }) else { continue };
            match groups.iter_mut().find(|(when, _)| **when == clause.when) {
                Some((_, all)) => merge(all, then),
                None => groups.push((&clause.when, then)),
            }
        }
    }
    let clauses =
        groups.into_iter().filter_map(|(when, then)| conditional_schema(context, record, when, then, visible));
    let rules = record.rules.iter().filter_map(|it| rule_schema(context, record, it, visible));
    clauses.chain(rules).collect()
}

/// Whether the condition can be said in this version, of what is visible.
pub(super) fn can_say(context: &Context<'_>, record: &Record, when: &Condition, visible: Visible<'_>) -> bool {
    *when == Condition::Always
        || ConditionWriter { context, record, visible }.condition(when, true, &mut Vec::new()).is_some()
}

/// A rule over several fields; only stated ones that JSON Schema has words for.
pub(super) fn rule_schema(context: &Context<'_>, record: &Record, rule: &Rule, visible: Visible<'_>) -> Option<Value> {
    if rule.origin.certainty == Certainty::Inferred {
        return None;
    }
    let said = ConditionWriter { context, record, visible };
    let present = |all: &[FieldPath]| all.iter().map(|it| said.is_present_schema(it)).collect::<Option<Vec<Value>>>();
    let then = match &rule.kind {
        RuleKind::AnyOf(all) => json!({"anyOf": present(all)?}),
        RuleKind::ExactlyOneOf(all) => json!({"oneOf": present(all)?}),
        RuleKind::AtMostOneOf(all) => {
            let all = present(all)?;
            let pairs = (0..all.len()).flat_map(|left| (left + 1..all.len()).map(move |right| (left, right)));
            let both: Vec<Value> = pairs.map(|(left, right)| json!({"allOf": [all[left], all[right]]})).collect();
            if both.is_empty() {
                return None;
            }
            json!({"not": {"anyOf": both}})
        }
        RuleKind::AllOrNone(all) => {
            let all = present(all)?;
            json!({"anyOf": [{"allOf": all}, {"not": {"anyOf": all}}]})
        }
        RuleKind::Requires(first, others) => {
            json!({"anyOf": [{"not": said.is_present_schema(first)?}, {"allOf": present(others)?}]})
        }
        RuleKind::Compare(..) | RuleKind::Sum { .. } | RuleKind::TotalLength { .. } | RuleKind::SameKind(_) => {
            return None;
        }
    };
    conditional_schema(context, record, &rule.when, super::schema::object(then), visible)
}

fn conditional_schema(
    context: &Context<'_>,
    record: &Record,
    when: &Condition,
    then: Map<String, Value>,
    visible: Visible<'_>,
) -> Option<Value> {
    if *when == Condition::Always {
        return Some(Value::Object(then));
    }
    let condition = ConditionWriter { context, record, visible }.condition(when, true, &mut Vec::new())?;
    Some(json!({"if": condition, "then": then}))
}

/// What a clause asks of the object.
fn consequence(context: &Context<'_>, field: &Field, clause: &Clause) -> Option<Map<String, Value>> {
    let then = match &clause.constraint {
        Constraint::Required => json!({"required": [field.sent_name()]}),
        Constraint::Forbidden => json!({"not": {"required": [field.sent_name()]}}),
        constraint => {
            let mut words = keywords::keywords_of(context.version, constraint)?;
            words = keywords::of_any_json(context.version, ty_of(&field.ty, clause.target), words);
            if clause.target == Target::Items {
                words = keywords::of_items(context.version, &field.ty, words);
                words = Map::from_iter([(items_key(&field.ty).to_owned(), Value::Object(words))]);
            } else if field.nullable && constraints::listed(constraint).is_some() {
                words = keywords::nullable(context.version, words);
            }
            json!({"properties": { field.sent_name(): words }})
        }
    };
    Some(super::schema::object(then))
}

/// Both hold: lists of required fields grow together, and so do the keywords of one field.
fn merge(all: &mut Map<String, Value>, more: Map<String, Value>) {
    for (key, value) in more {
        match (key.as_str(), all.get_mut(&key), value) {
            ("required", Some(Value::Array(names)), Value::Array(more)) => names.extend(more),
            ("properties", Some(Value::Object(fields)), Value::Object(more)) => {
                for (name, words) in more {
                    match (fields.get_mut(&name), words) {
                        (Some(Value::Object(before)), Value::Object(words)) => keywords::add_keywords(before, words),
                        (_, words) => {
                            fields.insert(name, words);
                        }
                    }
                }
            }
            (_, Some(_), value) => keywords::push_all_of(all, Value::Object(Map::from_iter([(key, value)]))),
            (_, None, value) => {
                all.insert(key, value);
            }
        }
    }
}

/// Writes conditions over the fields of one record.
struct ConditionWriter<'a> {
    context: &'a Context<'a>,
    record: &'a Record,
    visible: Visible<'a>,
}

impl ConditionWriter<'_> {
    /// The condition, or its opposite if it is not `wanted`. Neither holds of what must be sent and is not.
    ///
    /// `busy`: fields whose default is being asked for; defaults that lean on each other end there.
    fn condition(&self, condition: &Condition, wanted: bool, busy: &mut Vec<FieldIx>) -> Option<Value> {
        // 3.0 has no `if`, and nothing else uses conditions.
        if self.context.version == Version::V3_0 {
            return None;
        }
        let mut parts = |all: &[Condition]| -> Option<Vec<Value>> {
            all.iter().map(|it| self.condition(it, wanted, busy)).collect()
        };
        Some(match (condition, wanted) {
            (Condition::Always, true) => json!({}),
            (Condition::Always, false) => json!({"not": {}}),
            (Condition::All(all), true) | (Condition::Any(all), false) => json!({"allOf": parts(all)?}),
            (Condition::Any(all), true) | (Condition::All(all), false) => json!({"anyOf": parts(all)?}),
            (Condition::Not(inner), _) => self.condition(inner, !wanted, busy)?,
            (Condition::Test(test), true) => self.matcher(&test.path, &test.matcher, busy)?,
            (Condition::Test(test), false) => self.opposite(&test.path, &test.matcher, busy)?,
        })
    }

    fn matcher(&self, path: &FieldPath, matcher: &Matcher, busy: &mut Vec<FieldIx>) -> Option<Value> {
        Some(match matcher {
            Matcher::Present => self.is_present_schema(path)?,
            Matcher::Absent => json!({"not": self.is_present_schema(path)?}),
            Matcher::Null => self.nested_schema(path, json!({"type": "null"}))?,
            Matcher::Empty => self.nested_schema(path, json!({"enum": ["", [], {}]}))?,
            Matcher::Not(inner) => self.opposite(path, inner, busy)?,
            Matcher::Any(all) => {
                let all: Option<Vec<Value>> = all.iter().map(|it| self.matcher(path, it, busy)).collect();
                json!({"anyOf": all?})
            }
            Matcher::OneOf(values) => self.one_of(path, values, busy)?,
        })
    }

    fn opposite(&self, path: &FieldPath, matcher: &Matcher, busy: &mut Vec<FieldIx>) -> Option<Value> {
        Some(match matcher {
            Matcher::Not(inner) => self.matcher(path, inner, busy)?,
            Matcher::Any(all) => {
                let all: Option<Vec<Value>> = all.iter().map(|it| self.opposite(path, it, busy)).collect();
                json!({"allOf": all?})
            }
            Matcher::Absent => self.is_present_schema(path)?,
            Matcher::OneOf(values) if path.steps.is_empty() && self.record.field(path.field).must_be_sent() => {
                let others = match self.other_enum_values(self.record.field(path.field), values) {
                    Some(others) => json!({"enum": others}),
                    None => json!({"not": {"enum": values}}),
                };
                self.nested_schema(path, others)?
            }
            Matcher::OneOf(_) | Matcher::Present | Matcher::Null | Matcher::Empty => {
                json!({"not": self.matcher(path, matcher, busy)?})
            }
        })
    }

    /// The values of a closed enum that are none of these, if there are any.
    fn other_enum_values(&self, field: &Field, values: &[Value]) -> Option<Vec<Value>> {
        let Type::Named(id) = &field.ty else { return None };
        let TypeKind::Enum(def) = &self.context.api.ty(*id).kind else { return None };
        let all = def.values.iter().map(|it| Value::from(it.value.as_str()));
        let others: Vec<Value> = all.filter(|it| !values.contains(it)).collect();
        (!def.open && !others.is_empty()).then_some(others)
    }

    /// Sent as one of the values, or absent with a default among them.
    fn one_of(&self, path: &FieldPath, values: &[Value], busy: &mut Vec<FieldIx>) -> Option<Value> {
        let sent = self.nested_schema(path, json!({"enum": values}))?;
        let absent = json!({"not": self.nested_schema(path, json!({}))?});
        Some(match self.default_among(path, values, busy)? {
            Default::Never => sent,
            Default::Always if path.steps.is_empty() => {
                json!({"properties": { self.record.field(path.field).sent_name(): {"enum": values} }})
            }
            Default::Always => json!({"anyOf": [sent, absent]}),
            Default::When(when) => json!({"anyOf": [sent, {"allOf": [absent, when]}]}),
        })
    }

    /// When an absent field counts as one of the values. Cases come before the field's own default.
    fn default_among(&self, path: &FieldPath, values: &[Value], busy: &mut Vec<FieldIx>) -> Option<Default> {
        let field = self.field_at(path)?;
        let is_among = |it: &Value| values.iter().any(|value| same_value(value, it));
        let own = field.default.as_ref().is_some_and(is_among);
        let cases: Vec<(&Condition, bool)> = field
            .clauses
            .iter()
            .filter_map(|it| match &it.constraint {
                Constraint::Default(value) => Some((&it.when, is_among(value))),
                _ => None,
            })
            .collect();
        if !path.steps.is_empty() || cases.is_empty() || busy.contains(&path.field) {
            return Some(if own { Default::Always } else { Default::Never });
        }
        busy.push(path.field);
        let mut earlier: Vec<Value> = Vec::new();
        let mut ways: Vec<Value> = Vec::new();
        for (when, among) in cases {
            let holds = self.condition(when, true, busy)?;
            if among {
                let first: Vec<Value> = earlier.iter().cloned().chain([holds.clone()]).collect();
                ways.push(json!({"allOf": first}));
            }
            earlier.push(json!({"not": holds}));
        }
        busy.pop();
        if own {
            ways.push(json!({"allOf": earlier}));
        }
        Some(if ways.is_empty() { Default::Never } else { Default::When(json!({"anyOf": ways})) })
    }

    /// Sent and not null.
    fn is_present_schema(&self, path: &FieldPath) -> Option<Value> {
        let nullable = self.field_at(path)?.nullable;
        let leaf = match self.context.version {
            Version::V3_1 if nullable => json!({"not": {"type": "null"}}),
            Version::V3_0 if nullable => return None,
            Version::V3_1 | Version::V3_0 => json!({}),
        };
        self.nested_schema(path, leaf)
    }

    /// Sent, and as `leaf` says. `None`: not to be seen, or inside of a list.
    fn nested_schema(&self, path: &FieldPath, leaf: Value) -> Option<Value> {
        if !(self.visible)(path.field) {
            return None;
        }
        let mut names = vec![self.record.field(path.field).sent_name().to_owned()];
        for step in &path.steps {
            let PathStep::Field(id, ix) = step else { return None };
            let TypeKind::Record(inner) = &self.context.api.ty(*id).kind else { return None };
            names.push(inner.field(*ix).name.clone());
        }
        let n_names = names.len();
        let mut schema = leaf;
        for (depth, name) in names.into_iter().enumerate().rev() {
            let mut object = Map::new();
            if depth > 0 && n_names > 1 {
                object.insert("type".to_owned(), "object".into());
            }
            if schema.as_object().is_none_or(|it| !it.is_empty()) {
                object.insert("properties".to_owned(), json!({ name.clone(): schema }));
            }
            object.insert("required".to_owned(), json!([name]));
            schema = Value::Object(object);
        }
        Some(schema)
    }

    fn field_at(&self, path: &FieldPath) -> Option<&Field> {
        let mut field = self.record.field(path.field);
        for step in &path.steps {
            let PathStep::Field(id, ix) = step else { return None };
            let TypeKind::Record(inner) = &self.context.api.ty(*id).kind else { return None };
            field = inner.field(*ix);
        }
        Some(field)
    }
}

/// When an absent field counts as one of some values.
enum Default {
    Never,
    Always,
    When(Value),
}
