//! Reads parameters back from the keys and texts by which they are sent: `filter[a]=1`, `ids[]=1&ids[]=2`, `ids=1,2`.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::wire::read;
use crate::model::{Api, Field, ListStyle, Location, ObjectStyle, Operation, Record, Style, Type, TypeKind};

/// Objects inside of objects end here.
const DEEPEST: usize = 64;

/// The values of one place of a request, each under the name by which its parameter is sent. Keys that belong to no
/// parameter stay as they are, and so do values that are no text.
#[must_use]
pub fn gather<'a>(
    api: &Api,
    op: &Operation,
    location: Location,
    given: &'a Map<String, Value>,
) -> Cow<'a, Map<String, Value>> {
    let fields = || op.parameters.fields.iter().filter(|it| it.location == location);
    if given.is_empty() || fields().all(|it| it.sent.style == Style::PLAIN) {
        return Cow::Borrowed(given);
    }
    let named: BTreeSet<&str> = fields().map(Field::sent_name).collect();
    let mut rest = given.clone();
    let mut gathered = Map::new();
    // An exploded object may take any key that is left; `a*` comes before `*`.
    let explodes = |it: &&Field| it.sent.style.objects == Some(ObjectStyle::Exploded);
    let mut exploded: Vec<&Field> = fields().filter(explodes).collect();
    exploded.sort_by_key(|it| std::cmp::Reverse(it.pair_prefix().map_or(0, str::len)));
    for field in fields().filter(|it| !explodes(it)).chain(exploded) {
        let name = field.sent_name();
        let style = field.sent.style;
        let mut node = Node::default();
        let mut taken: Vec<String> = Vec::new();
        for (key, value) in &rest {
            let is_own = |it: &str| named.contains(it) && it != name;
            let Some(steps) = steps(api, field, key).filter(|_| !is_own(key)) else { continue };
            taken.push(key.clone());
            match (steps.as_slice(), value) {
                // A list that is given as such is no text to take apart.
                ([], Value::Array(_)) => node.own.push(value.clone()),
                _ => node.add(&steps, value),
            }
        }
        for key in &taken {
            rest.shift_remove(key);
        }
        if !taken.is_empty() {
            gathered.insert(name.to_owned(), Reader { api, style }.value(&field.ty, node, DEEPEST));
        }
    }
    gathered.extend(rest);
    Cow::Owned(gathered)
}

/// The steps from a parameter to the place that a key means; nothing if it means another parameter.
fn steps(api: &Api, field: &Field, key: &str) -> Option<Vec<String>> {
    let (name, style) = (field.sent_name(), field.sent.style);
    let is_whole = field.location == Location::WholeBody;
    if key == name && !is_whole {
        return Some(Vec::new());
    }
    if style == Style::PLAIN || style.json {
        return None;
    }
    if style.objects == Some(ObjectStyle::Exploded) {
        if let Some(start) = field.pair_prefix() {
            // What follows is a key of the map, whatever it holds.
            return Some(vec![key.strip_prefix(start).filter(|it| !it.is_empty())?.to_owned()]);
        }
        let steps = split_key(key, style)?;
        // What a form has is all of its body.
        return (is_whole || is_property(api, &field.ty, steps.first()?)).then_some(steps);
    }
    let rest = key.strip_prefix(name).filter(|it| it.starts_with(['[', '.']))?;
    let mut steps = split_key(&format!("x{rest}"), style)?;
    steps.remove(0);
    Some(steps)
}

/// `a[b][]` as `a`, `b` and the empty text.
fn split_key(key: &str, style: Style) -> Option<Vec<String>> {
    let dots = style.objects == Some(ObjectStyle::Dots) || style.lists == ListStyle::Numbered;
    let ends = |it: char| it == '[' || (dots && it == '.');
    let end = key.find(ends).unwrap_or(key.len());
    let (first, mut rest) = key.split_at(end);
    let mut steps = vec![first.to_owned()];
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix('[') {
            let (step, after) = inner.split_once(']')?;
            steps.push(step.to_owned());
            rest = after;
        } else if let Some(inner) = rest.strip_prefix('.').filter(|_| dots) {
            let end = inner.find(ends).unwrap_or(inner.len());
            let (step, after) = inner.split_at(end);
            steps.push(step.to_owned());
            rest = after;
        } else {
            return None;
        }
    }
    Some(steps)
}

/// Whether an exploded object of a type has such a property.
fn is_property(api: &Api, ty: &Type, name: &str) -> bool {
    match ty {
        Type::Map(_) | Type::Json => true,
        Type::Union(members) => members.iter().any(|it| is_property(api, it, name)),
        Type::Named(id) => match &api.ty(*id).kind {
            TypeKind::Record(record) => record.open || record.find(name).is_some(),
            TypeKind::Tagged(_) => true,
            TypeKind::Union { members, .. } => members.iter().any(|it| is_property(api, it, name)),
            TypeKind::Enum(_) => false,
        },
        _ => false,
    }
}

/// What is sent under one key, and under keys that go on from it.
#[derive(Default)]
struct Node {
    own: Vec<Value>,
    inner: Vec<(String, Node)>,
}

impl Node {
    fn add(&mut self, steps: &[String], value: &Value) {
        let Some((step, rest)) = steps.split_first() else {
            match value {
                Value::Array(items) if items.iter().all(Value::is_string) => self.own.extend(items.iter().cloned()),
                value => self.own.push(value.clone()),
            }
            return;
        };
        let at = self.inner.iter().position(|(name, _)| name == step).unwrap_or_else(|| {
            self.inner.push((step.clone(), Self::default()));
            self.inner.len() - 1
        });
        if let Some((_, node)) = self.inner.get_mut(at) {
            node.add(rest, value);
        }
    }

    /// Whether its keys are those of a list.
    fn is_list(&self) -> bool {
        !self.inner.is_empty()
            && self.inner.iter().all(|(name, _)| name.is_empty() || name.bytes().all(|it| it.is_ascii_digit()))
    }
}

struct Reader<'a> {
    api: &'a Api,
    style: Style,
}

impl Reader<'_> {
    /// The value that texts and keys mean for a type. What does not fit stays text, and breaks the type later.
    fn value(&self, ty: &Type, node: Node, depth: usize) -> Value {
        let Some(depth) = depth.checked_sub(1) else { return Value::Null };
        if node.inner.is_empty() {
            return self.texts(ty, node.own);
        }
        let is_list = node.is_list();
        let members = self.members(ty);
        let list = members.iter().find_map(|it| match it {
            Type::Array(item) => Some(&**item),
            _ => None,
        });
        if let Some(item) = list.filter(|_| is_list) {
            return self.list(item, node, depth);
        }
        if let Some(object) = members.iter().find(|it| self.is_object(it)) {
            return self.object(object, node, depth);
        }
        match (is_list, list) {
            (false, Some(item)) => self.list(item, node, depth),
            (true, None) if members.contains(&&Type::Json) => self.list(&Type::Json, node, depth),
            _ => self.object(&Type::Json, node, depth),
        }
    }

    fn list(&self, item: &Type, node: Node, depth: usize) -> Value {
        let mut items: Vec<Value> = node.own.iter().map(|it| read(self.api, item, it).into_owned()).collect();
        for (name, inner) in node.inner {
            if name.is_empty() && inner.inner.is_empty() {
                // Several files are a list already.
                let all = inner.own.iter().flat_map(|it| it.as_array().map_or(std::slice::from_ref(it), Vec::as_slice));
                items.extend(all.map(|it| read(self.api, item, it).into_owned()));
            } else {
                items.push(self.value(item, inner, depth));
            }
        }
        Value::Array(items)
    }

    fn object(&self, ty: &Type, node: Node, depth: usize) -> Value {
        let record = self.record(ty, &node);
        let mut object = Map::new();
        for (name, inner) in node.inner {
            let field = record.and_then(|it| it.find(&name)).map(|(_, it)| &it.ty);
            let ty = field.or(record.and_then(|it| it.additional.as_ref())).unwrap_or(match ty {
                Type::Map(value) => value,
                Type::Named(id) => match &self.api.ty(*id).kind {
                    TypeKind::Tagged(union) if union.tag == name => &union.tag_type,
                    _ => &Type::Json,
                },
                _ => &Type::Json,
            });
            let value = self.value(ty, inner, depth);
            object.insert(name, value);
        }
        Value::Object(object)
    }

    /// The record that an object is of; that of a tagged union is known by its tag.
    fn record(&self, ty: &Type, node: &Node) -> Option<&Record> {
        let Type::Named(id) = ty else { return None };
        let id = match &self.api.ty(*id).kind {
            TypeKind::Record(record) => return Some(record),
            TypeKind::Tagged(union) => {
                let (_, tag) = node.inner.iter().find(|(name, _)| *name == union.tag)?;
                let tag = tag.own.first()?.as_str()?;
                union.members.iter().find(|(value, _)| value.value == tag)?.1
            }
            TypeKind::Enum(_) | TypeKind::Union { .. } => return None,
        };
        match &self.api.ty(id).kind {
            TypeKind::Record(record) => Some(record),
            _ => None,
        }
    }

    fn is_object(&self, ty: &Type) -> bool {
        match ty {
            Type::Map(_) => true,
            Type::Named(id) => matches!(self.api.ty(*id).kind, TypeKind::Record(_) | TypeKind::Tagged(_)),
            _ => false,
        }
    }

    fn members<'t>(&'t self, ty: &'t Type) -> Vec<&'t Type> {
        let mut members = Vec::new();
        let mut todo = vec![(ty, DEEPEST)];
        while let Some((ty, fuel)) = todo.pop() {
            let inner = match ty {
                Type::Union(inner) => Some(inner),
                Type::Named(id) => match &self.api.ty(*id).kind {
                    TypeKind::Union { members: inner, .. } => Some(inner),
                    _ => None,
                },
                _ => None,
            };
            match (inner, fuel.checked_sub(1)) {
                (Some(inner), Some(fuel)) => todo.extend(inner.iter().rev().map(|it| (it, fuel))),
                _ => members.push(ty),
            }
        }
        members
    }

    /// What stands under the key itself: one text, or several.
    fn texts(&self, ty: &Type, mut own: Vec<Value>) -> Value {
        let members = self.members(ty);
        let list = members.iter().find_map(|it| match it {
            Type::Array(item) => Some(&**item),
            _ => None,
        });
        if own.len() != 1 {
            let item = list.unwrap_or(ty);
            return own.iter().map(|it| read(self.api, item, it).into_owned()).collect();
        }
        let one = own.remove(0);
        let Value::String(text) = &one else { return read(self.api, ty, &one).into_owned() };
        let json = || serde_json::from_str::<Value>(text).ok();
        if self.style.json {
            return json().unwrap_or(one);
        }
        let object = members.iter().find(|it| self.is_object(it) || ***it == Type::Json);
        if let Some(object) = object {
            let read = match self.style.objects {
                Some(ObjectStyle::Json) => json().filter(Value::is_object),
                Some(ObjectStyle::Comma) => self.words(object, text, ","),
                Some(ObjectStyle::Exploded) => self.words(object, text, "="),
                _ => None,
            };
            if let Some(read) = read {
                return read;
            }
        }
        if let Some(item) = list {
            let items = match self.style.lists {
                ListStyle::Comma => Some(split(text, ',')),
                ListStyle::Space => Some(split(text, ' ')),
                ListStyle::Pipe => Some(split(text, '|')),
                ListStyle::Semicolon => Some(split(text, ';')),
                ListStyle::Dots => Some(split(text, '.')),
                ListStyle::Json => return json().filter(Value::is_array).unwrap_or(one),
                ListStyle::Repeated | ListStyle::Brackets | ListStyle::Indices | ListStyle::Numbered => None,
            };
            // One text may also be a scalar of the union.
            let scalar = members.len() > 1 && items.as_ref().is_some_and(|it| it.len() == 1);
            if let Some(items) = items.filter(|_| !scalar) {
                return items.iter().map(|it| read(self.api, item, it).into_owned()).collect();
            }
        }
        read(self.api, ty, &one).into_owned()
    }

    /// `a,1,b,2`, or `a=1,b=2`.
    fn words(&self, ty: &Type, text: &str, between: &str) -> Option<Value> {
        let words: Vec<&str> = text.split(',').collect();
        let pairs: Vec<(&str, &str)> = if between == "=" {
            words.iter().map(|it| it.split_once('=')).collect::<Option<_>>()?
        } else {
            let (pairs, rest) = words.as_chunks::<2>();
            (rest.is_empty()).then(|| pairs.iter().map(|[name, value]| (*name, *value)).collect())?
        };
        let mut node = Node::default();
        for (name, value) in pairs {
            node.add(&[name.replace("%2C", ",")], &Value::from(value.replace("%2C", ",")));
        }
        Some(self.object(ty, node, DEEPEST))
    }
}

/// The items of a text; nothing is an empty list. A comma of an item is escaped.
fn split(text: &str, separator: char) -> Vec<Value> {
    let items = text
        .split(separator)
        .map(|it| Value::from(if separator == ',' { it.replace("%2C", ",") } else { it.to_owned() }));
    if text.is_empty() { Vec::new() } else { items.collect() }
}
