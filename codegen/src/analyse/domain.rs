//! The states of a field that conditions and constraints can tell apart.

use serde_json::Value;

use crate::model::{Api, Condition, Constraint, Field, FieldIx, Matcher, Record, Target, Type, TypeKind};

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
    states: Vec<Vec<State>>,
    defaults: Vec<Vec<(Condition, Value)>>,
}

impl Domain {
    /// The states that matter for a record: the values of closed enums, booleans, and every literal that a condition,
    /// an `enum` or a `const` of the record mentions.
    #[must_use]
    pub fn of(api: &Api, record: &Record) -> Self {
        let mut literals = vec![Vec::new(); record.fields.len()];
        for field in &record.fields {
            for clause in &field.clauses {
                collect(&clause.when, &mut literals);
            }
        }
        for rule in &record.rules {
            collect(&rule.when, &mut literals);
        }
        Self::with_literals(api, record, literals)
    }

    /// As [`of`](Self::of), with the literals of further conditions (of variants) as well.
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
        Self::with_literals(api, record, literals)
    }

    fn with_literals(api: &Api, record: &Record, literals: Vec<Vec<Value>>) -> Self {
        let mut states = Vec::with_capacity(record.fields.len());
        let mut defaults = Vec::with_capacity(record.fields.len());
        for (field, literals) in record.fields.iter().zip(literals) {
            states.push(field_states(api, field, literals));
            defaults.push(field_defaults(field));
        }
        Self { states, defaults }
    }

    /// The states of one field.
    #[must_use]
    pub fn states(&self, field: FieldIx) -> &[State] {
        &self.states[field.0 as usize]
    }

    /// Number of fields.
    #[must_use]
    pub fn len(&self) -> usize {
        self.states.len()
    }

    /// Whether the record has no field.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.states.is_empty()
    }

    /// Whether a condition names a field whose default has a condition itself.
    pub(super) fn hangs_on_conditional_defaults(&self, condition: &Condition) -> bool {
        match condition {
            Condition::Always => false,
            Condition::Test(test) => self.defaults(test.path.field).iter().any(|(when, _)| *when != Condition::Always),
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().any(|it| self.hangs_on_conditional_defaults(it))
            }
            Condition::Not(inner) => self.hangs_on_conditional_defaults(inner),
        }
    }

    /// Defaults of one field with their conditions.
    pub(super) fn defaults(&self, field: FieldIx) -> &[(Condition, Value)] {
        &self.defaults[field.0 as usize]
    }
}

fn field_defaults(field: &Field) -> Vec<(Condition, Value)> {
    let own = field.default.iter().map(|it| (Condition::Always, it.clone()));
    let of_cases = field.clauses.iter().filter_map(|it| match &it.constraint {
        Constraint::Default(value) => Some((it.when.clone(), value.clone())),
        _ => None,
    });
    own.chain(of_cases).collect()
}

fn field_states(api: &Api, field: &Field, mut literals: Vec<Value>) -> Vec<State> {
    let mut closed = false;
    match &field.ty {
        Type::Boolean => {
            closed = true;
            literals.extend([Value::Bool(false), Value::Bool(true)]);
        }
        Type::Named(id) => {
            if let TypeKind::Enum(def) = &api.ty(*id).kind {
                closed = !def.open;
                let values = def.values.iter().map(|it| Value::String(it.value.clone()));
                literals = values.chain(literals).collect();
            }
        }
        Type::String
        | Type::Integer
        | Type::Number
        | Type::Url
        | Type::HttpsUrl
        | Type::DateTime
        | Type::Base64
        | Type::File
        | Type::Json
        | Type::Array(_)
        | Type::Map(_)
        | Type::Union(_) => {}
    }
    for clause in &field.clauses {
        match (&clause.constraint, clause.target) {
            (Constraint::Enum(values), Target::Value) => literals.extend(values.iter().cloned()),
            (Constraint::Const(value), Target::Value) => literals.push(value.clone()),
            _ => {}
        }
    }
    let mut states = vec![State::Absent];
    if field.nullable {
        states.push(State::Null);
    }
    if can_be_empty(api, &field.ty) {
        states.push(State::Empty);
    }
    for literal in literals {
        let state = State::Value(literal);
        if !states.iter().any(|it| same(it, &state)) {
            states.push(state);
        }
    }
    if !closed {
        states.push(State::Other);
    }
    states
}

fn can_be_empty(api: &Api, ty: &Type) -> bool {
    match ty {
        Type::String | Type::Base64 | Type::Json | Type::Array(_) | Type::Map(_) | Type::Union(_) => true,
        Type::Named(id) => match &api.ty(*id).kind {
            TypeKind::Enum(def) => def.open,
            TypeKind::Record(_) | TypeKind::Union(_) => true,
            TypeKind::Tagged(_) => false,
        },
        Type::Integer | Type::Number | Type::Boolean | Type::Url | Type::HttpsUrl | Type::DateTime | Type::File => {
            false
        }
    }
}

fn same(a: &State, b: &State) -> bool {
    match (a, b) {
        (State::Value(a), State::Value(b)) => equal(a, b),
        _ => a == b,
    }
}

/// Equality of JSON values where 1 and 1.0 are the same number.
pub(super) fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        _ => a == b,
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
