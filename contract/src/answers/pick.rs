//! Which of several examples fits a request best.

use bytes::Bytes;
use serde_json::{Map, Value};
use specwright_codegen::model::{Api, Constraint, Operation, Type, TypeKind};

use super::gap::Gap;
use super::plan::{Context, Plan};

/// The weight of a parameter: added if it is equal, subtracted if it differs. Values chosen from a list weigh more.
const CHOSEN: i64 = 8;
const FREE: i64 = 2;

/// A candidate for the response.
#[derive(Debug)]
pub(super) struct Candidate {
    /// The parameters of its request, and their unit.
    request: Vec<(String, Value, i64)>,
    /// Parameters that the response itself contains.
    shown: Vec<(String, Value, i64)>,
    plan: Plan,
    /// The finished response, if it does not depend on the request.
    bytes: Option<Bytes>,
    /// Why it violates the spec.
    pub(super) gap: Option<Gap>,
}

impl Candidate {
    /// `shown` is the example's response.
    pub(super) fn new(
        api: &Api,
        op: &Operation,
        plan: Plan,
        request: Option<&Map<String, Value>>,
        shown: &Value,
    ) -> Self {
        let weighed = |object: Option<&Map<String, Value>>| {
            let known = object.into_iter().flatten().filter_map(|(name, value)| {
                let (_, parameter) = op.parameters.find(name)?;
                let listed = parameter.clauses.iter().any(|it| matches!(it.constraint, Constraint::Enum(_)));
                let weight = match &parameter.ty {
                    Type::Boolean => CHOSEN,
                    Type::Named(id) if matches!(api.ty(*id).kind, TypeKind::Enum(_)) => CHOSEN,
                    _ if listed => CHOSEN,
                    _ => FREE,
                };
                Some((name.clone(), value.clone(), weight))
            });
            known.collect::<Vec<_>>()
        };
        let bytes = matches!(plan, Plan::Fixed(_)).then(|| Bytes::from(plan.bytes(Context::plain(api))));
        Self { request: weighed(request), shown: weighed(shown.as_object()), plan, bytes, gap: None }
    }

    /// The candidate for a response without an example.
    pub(super) fn synthetic(api: &Api, op: &Operation, plan: Plan, gap: Option<Gap>) -> Self {
        Self { gap, ..Self::new(api, op, plan, None, &Value::Null) }
    }

    fn score(&self, request: &Map<String, Value>) -> i64 {
        let all = self.request.iter().map(|it| (it, true)).chain(self.shown.iter().map(|it| (it, false)));
        all.map(|((name, value, weight), sent)| match request.get(name) {
            Some(it) if it == value => *weight,
            // The value of a parameter in it is replaced anyway.
            Some(_) => -weight / 2,
            None if sent => -1,
            None => 0,
        })
        .sum()
    }

    pub(super) fn value(&self, context: Context<'_>) -> Value {
        self.plan.value(context)
    }

    pub(super) fn bytes(&self, context: Context<'_>) -> Bytes {
        self.bytes.clone().unwrap_or_else(|| self.plan.bytes(context).into())
    }
}

/// The candidate that fits best. Of equally good ones, the first.
pub(super) fn best<'c>(all: &'c [Candidate], request: Option<&Map<String, Value>>) -> Option<&'c Candidate> {
    match (all, request) {
        ([], _) => None,
        ([only], _) => Some(only),
        ([first, ..], None) => Some(first),
        ([first, rest @ ..], Some(request)) => {
            let mut chosen = (first, first.score(request));
            for candidate in rest {
                let score = candidate.score(request);
                if score > chosen.1 {
                    chosen = (candidate, score);
                }
            }
            Some(chosen.0)
        }
    }
}
