//! Events with names, derived from the response that they add up to.
//!
//! Every event has a scope: the part of the response that its rules write to. `/content/{index}` is one, the whole
//! response another. The event that sets a scope opens it, without the parts that come later. Then follow the pieces of
//! its texts, the scopes inside it, and the event that closes it.

use serde_json::{Map, Value, json};
use specwright_codegen::model::{Api, Collect, CollectStep, Stream, Type, TypeKind, Verb};

use super::build::{complete, field_at, put, segments, type_at};
use super::example_hints::ExampleHints;
use super::states::StateWalk;
use super::{Event, pieces, type_of};
use crate::pointer;

/// The maximum nesting of scopes.
const DEEPEST: usize = 8;

/// The events of a response. `None` if the rules cannot be reversed.
pub(super) fn events<'a>(
    api: &'a Api,
    stream: &'a Stream,
    rules: &'a [Collect],
    answer: &Value,
    shown: &'a ExampleHints<'a>,
) -> Option<Vec<Event>> {
    let mut player =
        EventBuilder { api, stream, rules, shown, walk: StateWalk::new(stream, rules), played: Vec::new() };
    player.scope(&[], &Bindings::default(), answer, 0)?;
    for event in player.walk.end()? {
        player.push(event, Vec::new(), &Bindings::default());
    }
    Some(player.played)
}

/// The values of placeholders, and the id of the innermost enclosing value that has one.
#[derive(Clone, Default)]
struct Bindings {
    values: Vec<(String, Value)>,
    id: Option<String>,
}

struct EventBuilder<'a> {
    api: &'a Api,
    stream: &'a Stream,
    rules: &'a [Collect],
    shown: &'a ExampleHints<'a>,
    walk: StateWalk<'a>,
    played: Vec<Event>,
}

impl<'a> EventBuilder<'a> {
    fn scope(&mut self, scope: &[String], bound: &Bindings, target: &Value, depth: usize) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        let rules = self.rules;
        let own = || rules.iter().filter(|it| scope_of_rule(it) == scope);
        let opens =
            |rule: &&Collect| rule.steps.iter().any(|it| matches!(it.verb, Verb::Set) && segments(&it.into) == scope);
        let opener = own().find(opens);
        let mut inside = bound.clone();
        if let Some(rule) = opener {
            let told = rule.steps.iter().filter(|it| !matches!(it.verb, Verb::Const(_)));
            let values = told.map(|step| self.opening_values(rule, step, scope, target)).collect::<Option<_>>()?;
            self.emit(&rule.event, values, bound)?;
            inside.id = target.get("id").and_then(Value::as_str).map(str::to_owned).or(inside.id);
        }
        for rule in own().filter(|it| !is_whole(it)) {
            // A constant value does not have to be sent, wherever it goes.
            for step in rule.steps.iter().filter(|it| !matches!(it.verb, Verb::Const(_))) {
                self.pieces(rule, step, scope, &inside, target)?;
            }
        }
        for child in self.children(scope) {
            let list: String = child.get(scope.len()..child.len() - 1)?.iter().map(|it| format!("/{it}")).collect();
            let field = child.last().and_then(|it| name_of(it))?;
            for (key, item) in entries(target.pointer(&list)) {
                let mut deeper = inside.clone();
                deeper.values.push((field.to_owned(), key));
                self.scope(&child, &deeper, item, depth + 1)?;
            }
        }
        let closers = own().filter(|it| is_whole(it) && opener.is_none_or(|opener| opener.event != it.event));
        for rule in closers {
            if self.walk.has_ended() {
                break;
            }
            let values: Vec<_> = rule.steps.iter().filter_map(|it| self.closing(rule, it, scope, target)).collect();
            if !values.is_empty() {
                self.emit(&rule.event, values, &inside)?;
            }
        }
        Some(())
    }

    /// The scopes directly inside a scope.
    fn children(&self, scope: &[String]) -> Vec<Vec<String>> {
        let mut all: Vec<Vec<String>> = Vec::new();
        for step in self.rules.iter().flat_map(|it| &it.steps) {
            let into = segments(&step.into);
            let Some(rest) = into.strip_prefix(scope) else { continue };
            let Some(end) = rest.iter().position(|it| name_of(it).is_some()) else { continue };
            let child = into.get(..scope.len() + end + 1).unwrap_or_default().to_vec();
            if !all.contains(&child) {
                all.push(child);
            }
        }
        all
    }

    /// The content of an opening event, without the parts that come later.
    fn opening_values(
        &self,
        rule: &'a Collect,
        step: &'a CollectStep,
        scope: &[String],
        target: &Value,
    ) -> Option<(Vec<String>, Value)> {
        let from = segments(&step.from);
        let into = segments(&step.into);
        let mut value = target.pointer(&pointer(into.strip_prefix(scope)?)).cloned().unwrap_or_default();
        if into != scope {
            return Some((from, value));
        }
        let ty = type_of(self.stream, &rule.event).and_then(|it| type_at(self.api, it, &from));
        for other in self.rules.iter().filter(|it| it.event != rule.event) {
            for later in &other.steps {
                let at = segments(&later.into);
                let Some(rest) = at.strip_prefix(scope) else { continue };
                self.leave_out(&mut value, ty, other, later, rest);
            }
        }
        // If examples open with their own state, this does too.
        let names: Vec<String> = value.as_object().into_iter().flatten().map(|it| it.0.clone()).collect();
        for name in names {
            let field = ty.and_then(|it| field_at(self.api, it, &name));
            let is_enum = |ty: &Type| match ty {
                Type::Named(id) => matches!(self.api.ty(*id).kind, TypeKind::Enum(_)),
                _ => false,
            };
            if field.is_some_and(|it| is_enum(&it.ty))
                && let Some(constant) = self.shown.constant(&rule.event, &from, &name)
            {
                value[&name] = constant.clone();
            }
        }
        if let Some(ty) = ty {
            complete(self.api, ty, &mut value);
        }
        Some((from, value))
    }

    fn leave_out(&self, value: &mut Value, ty: Option<&Type>, rule: &Collect, step: &CollectStep, rest: &[String]) {
        if let Some(list) = rest.iter().position(|it| name_of(it).is_some()) {
            let at = pointer(rest.get(..list).unwrap_or_default());
            match value.pointer_mut(&at) {
                Some(Value::Array(items)) => items.clear(),
                Some(Value::Object(fields)) if list > 0 => fields.clear(),
                _ => {}
            }
            return;
        }
        match (&step.verb, rest.split_last()) {
            (Verb::Append, Some(_)) => {
                if let Some(Value::String(text)) = value.pointer_mut(&pointer(rest)) {
                    text.clear();
                }
            }
            (Verb::Json, Some(_)) => {
                if let Some(place) = value.pointer_mut(&pointer(rest)) {
                    *place = json!({});
                }
            }
            (Verb::Concat(_), Some(_)) => {
                if let Some(place) = value.pointer_mut(&pointer(rest)) {
                    *place = json!([]);
                }
            }
            (Verb::Set | Verb::First, Some((name, above))) => {
                if let Some(Value::Object(fields)) = value.pointer_mut(&pointer(above)) {
                    fields.shift_remove(name);
                }
            }
            (Verb::Merge, None) => {
                let merged = type_of(self.stream, &rule.event);
                let merged = merged.and_then(|it| type_at(self.api, it, &segments(&step.from)));
                let (Some(merged), Some(ty), Value::Object(fields)) = (merged, ty, value) else { return };
                let later: Vec<String> = fields.keys().filter(|it| later(self.api, merged, ty, it)).cloned().collect();
                for name in later {
                    if field_at(self.api, ty, &name).is_some_and(|it| it.nullable) {
                        fields.insert(name, Value::Null);
                    } else {
                        fields.shift_remove(&name);
                    }
                }
            }
            _ => {}
        }
    }

    /// The content of a closing event.
    fn closing(
        &self,
        rule: &Collect,
        step: &CollectStep,
        scope: &[String],
        target: &Value,
    ) -> Option<(Vec<String>, Value)> {
        let from = segments(&step.from);
        let part = target.pointer(&pointer(segments(&step.into).strip_prefix(scope)?))?;
        let ty = type_of(self.stream, &rule.event).and_then(|it| type_at(self.api, it, &from));
        let value = match (&step.verb, part) {
            (Verb::Const(_), _) | (_, Value::Null) => return None,
            (Verb::Merge, Value::Object(fields)) => {
                let known = fields.iter().filter(|it| ty.is_none_or(|ty| field_at(self.api, ty, it.0).is_some()));
                Value::Object(known.map(|(name, it)| (name.clone(), it.clone())).collect())
            }
            _ => part.clone(),
        };
        Some((from, value))
    }

    fn pieces(
        &mut self,
        rule: &'a Collect,
        step: &'a CollectStep,
        scope: &[String],
        bound: &Bindings,
        target: &Value,
    ) -> Option<()> {
        let at = pointer(segments(&step.into).strip_prefix(scope)?);
        let Some(part) = target.pointer(&at).filter(|it| !it.is_null()) else { return Some(()) };
        let from = segments(&step.from);
        let all: Vec<Value> = match (&step.verb, part) {
            (Verb::Append, Value::String(text)) => pieces::of_text(text).into_iter().map(Value::from).collect(),
            (Verb::Json, value) => pieces::of_json(&value.to_string()).into_iter().map(Value::from).collect(),
            (Verb::Set | Verb::First | Verb::Merge, value) => vec![value.clone()],
            (Verb::Concat(_), Value::Array(items)) => items.iter().map(|it| json!([it])).collect(),
            _ => return None,
        };
        for piece in all {
            self.emit(&rule.event, vec![(from.clone(), piece)], bound)?;
        }
        Some(())
    }

    /// Adds an event, after the events that must come before it.
    fn emit(&mut self, event: &'a str, values: Vec<(Vec<String>, Value)>, bound: &Bindings) -> Option<()> {
        // The event that closes the previous scope belongs to that scope.
        let before = self.walk.go(event)?;
        let outer = self.played.last().map(|it| it.1.clone());
        for event in before {
            let last = outer.as_ref().and_then(Value::as_object).cloned().unwrap_or_default();
            let values = bound.values.iter().map(|it| &it.0);
            let known = values.filter_map(|name| Some((name.clone(), last.get(name)?.clone())));
            let bound = Bindings { values: known.collect(), id: None };
            self.push(event, Vec::new(), &bound);
        }
        self.push(event, values, bound);
        Some(())
    }

    fn push(&mut self, event: &str, values: Vec<(Vec<String>, Value)>, bound: &Bindings) {
        let ty = type_of(self.stream, event);
        let mut data = Value::Object(Map::new());
        if let Some(name) = &self.stream.name {
            put(&mut data, &segments(name), event.into());
        }
        let has = |name: &str| ty.is_some_and(|it| field_at(self.api, it, name).is_some());
        if let (Some(id), Some(Type::Named(type_id))) = (&bound.id, ty)
            && let TypeKind::Record(record) = &self.api.ty(*type_id).kind
        {
            for field in record.fields.iter().filter(|it| it.name.ends_with("_id") && it.ty == Type::String) {
                put(&mut data, std::slice::from_ref(&field.name), id.as_str().into());
            }
        }
        for (name, value) in bound.values.iter().filter(|it| has(&it.0)) {
            put(&mut data, std::slice::from_ref(name), value.clone());
        }
        for (at, value) in values {
            put(&mut data, &at, value);
        }
        if let Some(ty) = ty {
            complete(self.api, ty, &mut data);
        }
        self.played.push((event.to_owned(), data));
    }
}

/// Whether a field of a scope comes from a merge into the scope. A merge of the whole response does not count.
fn later(api: &Api, merged: &Type, ty: &Type, name: &str) -> bool {
    merged != ty && field_at(api, merged, name).is_some()
}

/// Whether one event has the complete value of a rule.
fn is_whole(rule: &Collect) -> bool {
    rule.steps.iter().all(|it| matches!(it.verb, Verb::Set | Verb::First | Verb::Merge | Verb::Const(_)))
}

/// The innermost part of the response that a rule writes to.
fn scope_of_rule(rule: &Collect) -> Vec<String> {
    let scope = |step: &CollectStep| {
        let mut into = segments(&step.into);
        into.truncate(into.iter().rposition(|it| name_of(it).is_some()).map_or(0, |it| it + 1));
        into
    };
    rule.steps.iter().map(scope).max_by_key(Vec::len).unwrap_or_default()
}

/// `index` of `{index}`.
fn name_of(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

fn pointer(at: &[String]) -> String {
    at.iter().map(|it| format!("/{}", pointer::escaped(it))).collect()
}

fn entries(items: Option<&Value>) -> Vec<(Value, &Value)> {
    match items {
        Some(Value::Array(items)) => items.iter().enumerate().map(|(index, it)| (Value::from(index), it)).collect(),
        Some(Value::Object(fields)) => fields.iter().map(|(key, it)| (Value::from(key.as_str()), it)).collect(),
        _ => Vec::new(),
    }
}
