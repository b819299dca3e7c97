//! The states of a field that conditions and constraints can tell apart.

use serde_json::{Value, json};

use super::values::Values;
use super::{Formula, Truth};
use crate::constraints;
use crate::model::{Api, Condition, Constraint, Field, FieldIx, Matcher, Record, Target, Type, TypeKind, same_value};

/// States of one field at most: what fits a [`Mask`]. Values beyond that count as [`State::Other`].
const MOST_STATES: usize = 120;

/// A set of states of one field, by index.
pub(super) type Mask = u128;

/// One of finitely many things a field can be.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// Not sent.
    Absent,
    /// Sent as null.
    Null,
    /// Sent as `""`, `[]` or `{}`.
    Empty,
    /// Sent as this value, which the spec mentions.
    Value(Value),
    /// Sent as any value the spec does not mention.
    Other,
}

/// All states of every field of a record.
#[derive(Clone, Debug)]
pub struct Domain {
    fields: Vec<FieldDomain>,
}

/// The states of one field.
#[derive(Clone, Debug)]
pub(super) struct FieldDomain {
    pub(super) states: Vec<State>,
    /// The value that [`State::Empty`] represents.
    pub(super) empties: Vec<Value>,
    /// Mentioned values that had no room as states of their own: part of [`State::Other`].
    blurred: Values,
    /// Defaults with their conditions; the first that applies counts.
    pub(super) defaults: Vec<(Condition, Value)>,
}

impl Domain {
    /// The states that matter for a record: the values of closed enums, booleans, and every literal that a condition,
    /// an `enum` or a `const` of the record mentions.
    #[must_use]
    pub fn of(api: &Api, record: &Record) -> Self {
        Self::with_conditions(api, record, [])
    }

    /// As [`of`](Self::of), and with the literals of further conditions, such as those of variants.
    #[must_use]
    pub fn with_conditions<'a>(
        api: &Api,
        record: &Record,
        conditions: impl IntoIterator<Item = &'a Condition>,
    ) -> Self {
        let mut literals = vec![Vec::new(); record.fields.len()];
        for clause in record.fields.iter().flat_map(|it| &it.clauses) {
            collect(&clause.when, &mut literals);
        }
        for rule in &record.rules {
            collect(&rule.when, &mut literals);
        }
        for condition in conditions {
            collect(condition, &mut literals);
        }
        let fields = record.fields.iter().zip(literals);
        Self { fields: fields.map(|(field, literals)| FieldDomain::new(api, field, literals)).collect() }
    }

    /// The states of one field.
    #[must_use]
    pub fn states(&self, field: FieldIx) -> &[State] {
        &self.fields[field.0 as usize].states
    }

    /// Number of fields.
    #[must_use]
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// Whether the record has no field.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// A condition as a formula over this domain's states.
    #[must_use]
    pub fn formula(&self, condition: &Condition) -> Formula {
        Formula::of(self, condition)
    }

    pub(super) fn field(&self, field: FieldIx) -> &FieldDomain {
        &self.fields[field.0 as usize]
    }

    /// Whether a condition names a field whose default has a condition itself.
    pub(super) fn hangs_on_conditional_defaults(&self, condition: &Condition) -> bool {
        match condition {
            Condition::Always => false,
            Condition::Test(test) => {
                self.field(test.path.field).defaults.iter().any(|(when, _)| *when != Condition::Always)
            }
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().any(|it| self.hangs_on_conditional_defaults(it))
            }
            Condition::Not(inner) => self.hangs_on_conditional_defaults(inner),
        }
    }
}

impl FieldDomain {
    fn new(api: &Api, field: &Field, mut literals: Vec<Value>) -> Self {
        let mut closed = false;
        match &field.ty {
            Type::Boolean => {
                closed = true;
                literals = vec![Value::Bool(false), Value::Bool(true)];
            }
            Type::Named(id) => {
                if let TypeKind::Enum(def) = &api.ty(*id).kind {
                    closed = !def.open;
                    // What a condition mentions goes first: it needs states of its own before the rest.
                    let listed: Vec<Value> = def.values.iter().map(|it| Value::String(it.value.clone())).collect();
                    if closed {
                        let known: Values = listed.iter().collect();
                        literals.retain(|it| known.contains(it));
                    }
                    literals.extend(listed);
                }
            }
            _ => {}
        }
        for clause in field.clauses.iter().filter(|it| it.target == Target::Value && !closed) {
            literals.extend(constraints::listed(&clause.constraint).unwrap_or_default().iter().cloned());
        }
        let mut empties = empties(api, &field.ty);
        let mut states = vec![State::Absent];
        if field.nullable || takes_null(&field.ty) {
            states.push(State::Null);
        }
        empties.extend(literals.iter().filter(|it| is_empty(it)).cloned());
        empties.dedup();
        if !empties.is_empty() {
            states.push(State::Empty);
        }
        let mut blurred = Values::default();
        for literal in literals.into_iter().filter(|it| !it.is_null() && !is_empty(it)) {
            if states.iter().any(|it| matches!(it, State::Value(value) if same_value(value, &literal))) {
                continue;
            }
            if states.len() < MOST_STATES {
                states.push(State::Value(literal));
            } else {
                blurred.insert(&literal);
            }
        }
        if !closed || !blurred.is_empty() {
            states.push(State::Other);
        }
        Self { states, empties, blurred, defaults: defaults(field) }
    }

    /// Whether a value that is [`State::Other`] is one of these.
    pub(super) fn other_is_one_of(&self, values: &[Value]) -> Truth {
        if values.iter().any(|it| self.blurred.contains(it)) { Truth::Unknown } else { Truth::False }
    }

    /// The states that a predicate picks.
    pub(super) fn mask(&self, picks: impl Fn(&State) -> bool) -> Mask {
        self.states.iter().enumerate().filter(|(_, it)| picks(it)).fold(0, |mask, (at, _)| mask | 1 << at)
    }

    /// All states.
    pub(super) fn all(&self) -> Mask {
        // There are fewer states than bits.
        (1 << self.states.len()) - 1
    }
}

fn defaults(field: &Field) -> Vec<(Condition, Value)> {
    let own = field.default.iter().map(|it| (Condition::Always, it.clone()));
    let of_cases = field.clauses.iter().filter_map(|it| match &it.constraint {
        Constraint::Default(value) => Some((it.when.clone(), value.clone())),
        _ => None,
    });
    of_cases.chain(own).collect()
}

/// The empty values a type has.
fn empties(api: &Api, ty: &Type) -> Vec<Value> {
    match ty {
        Type::String | Type::Base64 => vec![json!("")],
        Type::Array(_) => vec![json!([])],
        Type::Map(_) => vec![json!({})],
        Type::Nullable(inner) => empties(api, inner),
        Type::Json | Type::Union(_) => vec![json!(""), json!([]), json!({})],
        Type::Named(id) => match &api.ty(*id).kind {
            TypeKind::Enum(def) => {
                if def.open {
                    vec![json!("")]
                } else {
                    Vec::new()
                }
            }
            TypeKind::Record(_) => vec![json!({})],
            TypeKind::Union { .. } => vec![json!(""), json!([]), json!({})],
            TypeKind::Tagged(_) => Vec::new(),
        },
        Type::Tuple(_)
        | Type::Integer
        | Type::Sized(_)
        | Type::Number
        | Type::Boolean
        | Type::Url
        | Type::HttpsUrl
        | Type::DateTime
        | Type::Formatted(_)
        | Type::File => Vec::new(),
    }
}

fn takes_null(ty: &Type) -> bool {
    match ty {
        Type::Json => true,
        Type::Union(members) => members.contains(&Type::Json),
        _ => false,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn collect(condition: &Condition, out: &mut [Vec<Value>]) {
    match condition {
        Condition::Always => {}
        Condition::Test(test) => {
            if test.path.steps.is_empty() {
                collect_matcher(&test.matcher, &mut out[test.path.field.0 as usize]);
            }
        }
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|it| collect(it, out)),
        Condition::Not(inner) => collect(inner, out),
    }
}

fn collect_matcher(matcher: &Matcher, out: &mut Vec<Value>) {
    match matcher {
        Matcher::OneOf(values) => out.extend(values.iter().cloned()),
        Matcher::Any(parts) => parts.iter().for_each(|it| collect_matcher(it, out)),
        Matcher::Not(inner) => collect_matcher(inner, out),
        Matcher::Present | Matcher::Absent | Matcher::Null | Matcher::Empty => {}
    }
}
