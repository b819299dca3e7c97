//! Enums: values of one type, with the words that the document has for them.

use serde_json::Value;

use super::flat::Flat;
use super::ty::{Content, Piece, Ty};
use super::{Hint, Planner};
use crate::finding::{Place, fault};
use crate::gaps;
use crate::openapi::{JsonType, SchemaId};
use crate::spec::{EnumValue, Values};
use crate::text;

/// The most values that an enum of the spec language has.
const MOST_VALUES: usize = 4096;

impl Planner<'_> {
    pub(super) fn enumeration(&mut self, base: SchemaId, flat: &Flat, hint: &Hint, place: &Place) -> Piece {
        let mut values = flat.values.clone().unwrap_or_default();
        // `null` among the values of a type that is not nullable is never sent.
        let nullable = values.contains(&Value::Null) && (flat.nullable || flat.types.is_empty());
        values.retain(|it| !it.is_null());
        let values = self.of_one_type(values, flat, place);
        let Some(first) = values.first() else {
            self.out.push(fault::empty_enum(place.clone()));
            return match flat.types.first() {
                Some(JsonType::String) | None => Piece { nullable, ..Piece::of(Ty::STRING) },
                Some(JsonType::Integer) => Piece { nullable, ..Piece::of(Ty::Word("integer")) },
                _ => Piece { nullable, ..Piece::of(Ty::JSON) },
            };
        };
        let kinds: std::collections::BTreeSet<u8> = values.iter().map(kind).collect();
        if kinds.len() > 1
            && let Some(mut piece) = self.of_several_types(&values, hint, place)
        {
            piece.nullable = nullable;
            return piece;
        }
        if values.iter().all(Value::is_object) {
            let mut piece = self.of_objects(base, &values, hint, place);
            piece.nullable = nullable;
            return piece;
        }
        if first.is_string() && kinds.len() == 1 && values.len() > MOST_VALUES {
            let message = format!("an enum of {} values is more than a spec lists; any text is accepted", values.len());
            self.limit_gap(&gaps::LIMIT, place.clone(), &[&message]);
            let mut piece = Piece { nullable, ..Piece::of(Ty::STRING) };
            piece.unclear.push(format!("The document lists {} values", values.len()));
            return piece;
        }
        if kinds.len() > 1 || kind(first) > 2 || values.len() > MOST_VALUES {
            let shown: Vec<String> = values.iter().take(4).map(Value::to_string).collect();
            self.gap(&gaps::MIXED_ENUM, place.clone(), &[&shown.join(", ")]);
            let mut piece = Piece::of(Ty::JSON);
            piece.unclear.push("The document allows only some values".to_owned());
            return piece;
        }
        let mut piece = match kind(first) {
            0 => Piece::of(Ty::STRING),
            1 if values.iter().all(Value::is_i64) => Piece::of(Ty::Word("integer")),
            1 if values.iter().all(Value::is_u64) => Piece::of(Ty::Word("uint64")),
            1 => Piece::of(Ty::Word("number")),
            // Both truth values are no limit.
            _ if values.len() > 1 => return Piece { nullable, ..Piece::of(Ty::Word("boolean")) },
            _ => Piece::of(Ty::Word("boolean")),
        };
        piece.nullable = nullable;
        if let ([only], false) = (values.as_slice(), flat.open_enum) {
            piece.constant = Some(only.clone());
            return piece;
        }
        let is_text = first.is_string();
        let values = self.described(values, flat);
        let named = self.schema(base).name.is_some();
        if is_text && named {
            let id = self.declare(base, hint, place);
            self.types[id.0 as usize].content = Content::Enum(values);
            piece.ty = Ty::Named(id);
            return piece;
        }
        piece.values = Some(values);
        piece
    }

    /// Objects as a record of the fields that they have, each with its values.
    fn of_objects(&mut self, base: SchemaId, values: &[Value], hint: &Hint, place: &Place) -> Piece {
        let mut fields: Vec<(String, Vec<Value>, usize)> = Vec::new();
        for (name, value) in values.iter().filter_map(Value::as_object).flatten() {
            match fields.iter_mut().find(|it| it.0 == *name) {
                Some((_, seen, count)) => {
                    *count += 1;
                    seen.extend((!seen.contains(value)).then(|| value.clone()));
                }
                None => fields.push((name.clone(), vec![value.clone()], 1)),
            }
        }
        let mut whole = self.blank(base);
        whole.types = vec![JsonType::Object];
        whole.title.clone_from(&self.schema(base).title);
        whole.description.clone_from(&self.schema(base).description);
        for (name, seen, count) in fields {
            if count == values.len() {
                whole.required.push(name.clone());
            }
            let mut field = self.blank(base);
            field.nullable = seen.contains(&Value::Null);
            field.values = seen.iter().any(|it| !it.is_null()).then_some(seen);
            let id = self.add(field);
            whole.properties.push((name, id));
        }
        let id = self.add(whole);
        if let Some(name) = self.kept.get(&base).cloned() {
            self.kept.insert(id, name);
        }
        if values.len() > 1 {
            self.limit_gap(
                &gaps::LIMIT,
                place.clone(),
                &["which values the fields of an object have together is not said"],
            );
        }
        self.piece(id, hint)
    }

    /// Texts, numbers and truth values as a union; nothing if that cannot say which values they are.
    fn of_several_types(&mut self, values: &[Value], hint: &Hint, place: &Place) -> Option<Piece> {
        let of = |wanted: u8| values.iter().filter(|it| kind(it) == wanted).cloned().collect::<Vec<Value>>();
        let (texts, numbers, flags) = (of(0), of(1), of(2));
        let all_flags = flags.len() != 1;
        if texts.len() + numbers.len() + flags.len() != values.len() || !all_flags && !numbers.is_empty() {
            return None;
        }
        let mut members = Vec::new();
        let mut limits = Vec::new();
        if !texts.is_empty() {
            let list = texts.into_iter().map(|value| EnumValue { value, doc: String::new(), rust: None }).collect();
            let id = self.hoist(place.clone(), &hint.value(), Content::Enum(Values { list, open: false }));
            members.push(Ty::Named(id));
        }
        if !numbers.is_empty() {
            members.push(Ty::Word(if numbers.iter().all(Value::is_i64) { "integer" } else { "number" }));
            limits.push(("enum", Value::Array(numbers)));
        }
        if !flags.is_empty() {
            members.push(Ty::Word("boolean"));
            if !all_flags {
                limits.push(("enum", Value::Array(flags)));
            }
        }
        Some(Piece { limits, ..Piece::of(Ty::Union(members)) })
    }

    /// The values that are of the type that the schema says.
    fn of_one_type(&mut self, values: Vec<Value>, flat: &Flat, place: &Place) -> Vec<Value> {
        let mut fitting = Vec::new();
        for value in values {
            let fits = flat.types.is_empty() || flat.types.iter().any(|it| is_of(&value, *it));
            if fits {
                fitting.push(value);
                continue;
            }
            // `enum: [yes, no]` without quotes, `enum: ["1"]` of an integer.
            let meant = match (flat.types.first(), &value) {
                (Some(JsonType::String), Value::Number(it)) => Some(Value::String(it.to_string())),
                (Some(JsonType::String), Value::Bool(it)) => Some(Value::String(it.to_string())),
                (Some(JsonType::Integer | JsonType::Number), Value::String(it)) => {
                    it.parse::<i64>().ok().map(Value::from)
                }
                (Some(JsonType::Boolean), Value::String(it)) => it.parse::<bool>().ok().map(Value::from),
                _ => None,
            };
            self.out.push(fault::enum_misfit(&crate::openapi::shown(&value), place.clone()));
            fitting.extend(meant.filter(|it| !fitting.contains(it)));
        }
        fitting
    }

    pub(super) fn described(&mut self, values: Vec<Value>, flat: &Flat) -> Values {
        let word = |list: &[(String, String)], value: &Value| {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            list.iter().find(|it| it.0 == text).map(|it| it.1.clone())
        };
        let list = values.into_iter().map(|value| {
            let mut doc = word(&flat.value_docs, &value).map(|it| text::plain(&it)).unwrap_or_default();
            let name = word(&flat.value_names, &value);
            let Some(text) = value.as_str() else {
                // A number has no name in Rust.
                if doc.is_empty() && value.is_number() {
                    doc = name.map(|it| text::plain(&it)).unwrap_or_default();
                }
                return EnumValue { value, doc, rust: None };
            };
            // A name helps where the value has no letters, or other words; `StatusActive` says no more than `active`.
            let nameless = !text.contains(|it: char| it.is_ascii_alphabetic());
            let own = text::pascal(text);
            let helps = |it: &String| nameless || !text::pascal(it).to_lowercase().ends_with(&own.to_lowercase());
            let rust = name.filter(helps).and_then(|it| text::rust_name(&it));
            EnumValue { value, doc, rust }
        });
        Values { list: list.collect(), open: flat.open_enum }
    }
}

fn kind(value: &Value) -> u8 {
    match value {
        Value::String(_) => 0,
        Value::Number(_) => 1,
        Value::Bool(_) => 2,
        _ => 3,
    }
}

/// Whether a value is of a type.
pub(super) fn is_of(value: &Value, ty: JsonType) -> bool {
    match ty {
        JsonType::String => value.is_string(),
        JsonType::Integer => value.as_f64().is_some_and(|it| it.fract() == 0.0),
        JsonType::Number => value.is_number(),
        JsonType::Boolean => value.is_boolean(),
        JsonType::Array => value.is_array(),
        JsonType::Object => value.is_object(),
    }
}
