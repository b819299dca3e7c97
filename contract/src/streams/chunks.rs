//! Chunks of one type, derived from the response that they add up to.

use serde_json::{Map, Value};
use specwright_codegen::model::{Api, CollectStep, Type, Verb};

use super::Event;
use super::build::{complete, put, segments};
use super::example_hints::{ExampleHints, Phase};
use super::pieces;

/// The content of a chunk by place.
type Fragment = Vec<(Vec<String>, Value)>;

/// The chunks of a response. `None` if the rules cannot be reversed.
pub(super) fn chunks(
    api: &Api,
    ty: &Type,
    steps: &[CollectStep],
    answer: &Value,
    shown: &ExampleHints<'_>,
) -> Option<Vec<Event>> {
    let told = |name: &str| steps.iter().any(|it| segments(&it.from).first().is_some_and(|it| it == name));
    let constants = shown.constants().into_iter().filter(|(name, _)| !told(name));
    let own: Fragment = constants.map(|(name, value)| (vec![name], value)).collect();
    let level = Level { shown, around: Vec::new(), placeholder: None };
    let fragments = level.fragments(steps, answer, own)?;
    let chunk = |fragment: Fragment| {
        let mut data = built(fragment);
        if let Value::Object(fields) = &mut data {
            for name in shown.lists() {
                fields.entry(name).or_insert_with(|| Value::Array(Vec::new()));
            }
        }
        complete(api, ty, &mut data);
        (String::new(), data)
    };
    Some(fragments.into_iter().map(chunk).collect())
}

fn built(fragment: Fragment) -> Value {
    let mut data = Value::Object(Map::new());
    for (at, value) in fragment {
        put(&mut data, &at, value);
    }
    data
}

/// The chunk itself, or the items of a list in it.
struct Level<'s, 'a> {
    shown: &'s ExampleHints<'a>,
    /// The place in a chunk; `*` means every item of a list.
    around: Vec<String>,
    /// The field with the index of the item in the response's list.
    placeholder: Option<String>,
}

impl Level<'_, '_> {
    fn fragments(&self, steps: &[CollectStep], answer: &Value, own: Fragment) -> Option<Vec<Fragment>> {
        let (mut always, mut first, mut last) = (own, Fragment::new(), Fragment::new());
        let mut middle: Vec<Fragment> = Vec::new();
        for step in steps {
            let from = segments(&step.from);
            if let ([only], Some(placeholder)) = (&*from, &self.placeholder)
                && only == placeholder
            {
                continue;
            }
            let Some(part) = answer.pointer(&self.relative(&step.into)?).filter(|it| !it.is_null()) else { continue };
            match (&step.verb, part) {
                // Fields that are not required are sent once, where servers send them.
                (Verb::Const(value), _) => {
                    let text = value.as_str().filter(|it| !it.is_empty() && part == value);
                    let place = text.and_then(|it| self.shown.place(&self.around, it));
                    first.extend(place.map(|it| (it, part.clone())));
                }
                (Verb::Set | Verb::First | Verb::Merge, _) => {
                    let at = [&*self.around, &*from].concat();
                    let early = middle.is_empty();
                    let phase = self.shown.phase(&self.around, &at);
                    let unsaid = if early { Phase::First } else { Phase::Last };
                    match phase.unwrap_or(unsaid) {
                        Phase::Always => &mut always,
                        Phase::First => &mut first,
                        Phase::Last => &mut last,
                    }
                    .push((from, part.clone()));
                }
                (Verb::Append, Value::String(text)) => {
                    middle.extend(pieces::of_text(text).into_iter().map(|it| vec![(from.clone(), it.into())]));
                }
                (Verb::Json, value) => {
                    let all = pieces::of_json(&value.to_string());
                    middle.extend(all.into_iter().map(|it| vec![(from.clone(), it.into())]));
                }
                (Verb::Concat(join), Value::Array(items)) => {
                    for item in items.iter().flat_map(|it| parts(it, join.as_deref())) {
                        middle.push(vec![(from.clone(), Value::Array(vec![item]))]);
                    }
                }
                (Verb::Each(inner) | Verb::Numbered(_, inner), items) => {
                    let placeholder = placeholder(inner)?;
                    let around = [&*self.around, &*from, &["*".to_owned()]].concat();
                    let level = Level { shown: self.shown, around, placeholder: Some(placeholder.clone()) };
                    for (key, item) in entries(items) {
                        let own = vec![(vec![placeholder.clone()], key)];
                        let fragments = level.fragments(inner, item, own)?;
                        let wrapped = |it| vec![(from.clone(), Value::Array(vec![built(it)]))];
                        middle.extend(fragments.into_iter().map(wrapped));
                    }
                }
                _ => return None,
            }
        }
        let with = |more: Fragment| [always.clone(), more].concat();
        let mut all = Vec::new();
        if !first.is_empty() || (middle.is_empty() && last.is_empty()) {
            all.push(with(first));
        }
        all.extend(middle.into_iter().map(with));
        if !last.is_empty() {
            all.push(with(last));
        }
        Some(all)
    }

    /// The place in the item. `None` if it is elsewhere.
    fn relative(&self, into: &str) -> Option<String> {
        let rest = match &self.placeholder {
            None => into,
            Some(name) => into.strip_prefix(&format!("/{{{name}}}"))?,
        };
        (!rest.contains('{')).then(|| rest.to_owned())
    }
}

/// The field that the steps for items name in `into`.
fn placeholder(steps: &[CollectStep]) -> Option<String> {
    let first = segments(&steps.first()?.into).into_iter().next()?;
    Some(first.strip_prefix('{')?.strip_suffix('}')?.to_owned())
}

fn entries(items: &Value) -> Vec<(Value, &Value)> {
    match items {
        Value::Array(items) => items.iter().enumerate().map(|(index, it)| (Value::from(index), it)).collect(),
        Value::Object(fields) => fields.iter().map(|(key, it)| (Value::from(key.as_str()), it)).collect(),
        _ => Vec::new(),
    }
}

/// An item of a list whose text is sent piece by piece.
fn parts(item: &Value, join: Option<&str>) -> Vec<Value> {
    let Some((key, text)) = join.and_then(|key| Some((key, item.get(key)?.as_str()?))) else {
        return vec![item.clone()];
    };
    let pieces = pieces::of_text(text);
    if pieces.is_empty() {
        return vec![item.clone()];
    }
    let with = |piece: String| {
        let mut part = item.clone();
        part[key] = piece.into();
        part
    };
    pieces.into_iter().map(with).collect()
}
