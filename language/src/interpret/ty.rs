//! A value against its type: JSON types, formats, enums, unions, records.

use serde_json::{Map, Value};

use super::format::{is_base64, is_date_time, is_url};
use super::number::{is_in_range, is_integer, is_whole};
use super::text::shown;
use super::text_format::has_text_format;
use super::{Checker, DEEPEST, Direction, Finding};
use crate::model::{Api, EnumDef, IntegerFormat, TaggedUnion, Type, TypeKind, is_ambiguous, shapes};
use crate::prose::{INTEGER_RANGE, Subject, exclusive_sentence, listed, type_noun, type_sentence};

/// What became of the type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// It is of the type; faults inside have been reported.
    Fits,
    /// A value that its closed enum does not list; reported.
    Unlisted,
    /// It is of another JSON type; reported. No constraint makes sense.
    Misfit,
}

impl<'a> Checker<'a> {
    /// Checks a value and all inside it.
    pub(super) fn value(&mut self, ty: &Type, value: &Value, subject: Subject<'_>) -> Fit {
        if self.depth >= DEEPEST {
            self.report(|| Finding::new("type", format!("{subject} must not be nested deeper than {DEEPEST} levels")));
            return Fit::Misfit;
        }
        self.depth += 1;
        let fit = self.shallow(ty, value, subject);
        self.depth -= 1;
        fit
    }

    fn shallow(&mut self, ty: &Type, value: &Value, subject: Subject<'_>) -> Fit {
        let api = self.api;
        match (ty, value) {
            (Type::Json, _)
            | (Type::String, Value::String(_))
            | (Type::Boolean, Value::Bool(_))
            | (Type::Number, Value::Number(_))
            | (Type::File, Value::String(_) | Value::Object(_)) => Fit::Fits,
            (Type::Integer, Value::Number(number)) if is_integer(number) => Fit::Fits,
            // No client can hold another one.
            (Type::Sized(IntegerFormat::Uint64), Value::Number(number)) => {
                if is_in_range(IntegerFormat::Uint64, number) { Fit::Fits } else { self.misfit(ty, value, subject) }
            }
            (Type::Sized(format), Value::Number(number)) if is_integer(number) => {
                if self.direction == Direction::Request && !is_in_range(*format, number) {
                    self.report(|| {
                        let message = type_sentence(api, subject, ty);
                        Finding { found: Some(shown(value)), ..Finding::new("format", message) }
                    });
                }
                Fit::Fits
            }
            (Type::Url | Type::HttpsUrl | Type::DateTime | Type::Formatted(_) | Type::Base64, Value::String(text)) => {
                if self.direction == Direction::Request && !has_format(ty, text) {
                    self.report(|| {
                        let message = type_sentence(api, subject, ty);
                        Finding { found: Some(shown(value)), ..Finding::new("format", message) }
                    });
                }
                Fit::Fits
            }
            (Type::Array(item), Value::Array(items)) => {
                for (index, value) in items.iter().enumerate() {
                    self.inside_item(index, |it| {
                        it.value(item, value, Subject::Item(&subject));
                    });
                }
                Fit::Fits
            }
            // What is answered may have grown.
            (Type::Tuple(types), Value::Array(items))
                if items.len() == types.len()
                    || (self.direction == Direction::Response && items.len() > types.len()) =>
            {
                for (index, (item, value)) in types.iter().zip(items).enumerate() {
                    self.inside_item(index, |it| {
                        it.value(item, value, Subject::Item(&subject));
                    });
                }
                Fit::Fits
            }
            (Type::Map(entry), Value::Object(entries)) => {
                for (key, value) in entries {
                    self.with_segment(key, |it| {
                        it.value(entry, value, Subject::Entry(&subject));
                    });
                }
                Fit::Fits
            }
            (Type::Nullable(_), Value::Null) => Fit::Fits,
            (Type::Nullable(inner), _) if looks_like(api, inner, value, Look::Kind, 0) => {
                self.value(inner, value, subject)
            }
            (Type::Union(members), _) => self.union(ty, (members, false), value, subject),
            (Type::Named(id), _) => match (&api.ty(*id).kind, value) {
                (TypeKind::Record(record), Value::Object(object)) => {
                    self.object(record, object, None);
                    Fit::Fits
                }
                (TypeKind::Enum(def), Value::String(text)) => self.listed(def, ty, text, value, subject),
                (TypeKind::Tagged(union), Value::Object(object)) => {
                    self.tagged(union, object, subject);
                    Fit::Fits
                }
                (TypeKind::Union { members, exclusive }, _) => self.union(ty, (members, *exclusive), value, subject),
                (TypeKind::Record(_) | TypeKind::Enum(_) | TypeKind::Tagged(_), _) => self.misfit(ty, value, subject),
            },
            _ => self.misfit(ty, value, subject),
        }
    }

    fn misfit(&mut self, ty: &Type, value: &Value, subject: Subject<'_>) -> Fit {
        let api = self.api;
        self.report(|| {
            let mut message = type_sentence(api, subject, ty);
            if *ty == Type::Integer && value.as_number().is_some_and(is_whole) {
                message.push_str(INTEGER_RANGE);
            }
            Finding { found: Some(shown(value)), ..Finding::new("type", message) }
        });
        Fit::Misfit
    }

    fn listed(&mut self, def: &EnumDef, ty: &Type, text: &str, value: &Value, subject: Subject<'_>) -> Fit {
        if def.open || self.direction == Direction::Response || def.values.iter().any(|it| it.value == text) {
            return Fit::Fits;
        }
        self.not_listed(def, ty, value, subject)
    }

    /// `ty` is the type that the sentence names. It may allow more than the enum does.
    fn not_listed(&mut self, def: &EnumDef, ty: &Type, value: &Value, subject: Subject<'_>) -> Fit {
        let api = self.api;
        self.report(|| {
            let values: Vec<Value> = def.values.iter().map(|it| it.value.clone().into()).collect();
            let limit = listed(&values);
            let rule_span = def.values.first().map(|it| it.span);
            let found = Some(shown(value));
            Finding { limit: Some(limit), found, rule_span, ..Finding::new("enum", type_sentence(api, subject, ty)) }
        });
        Fit::Unlisted
    }

    /// The member is chosen by JSON type, and of records by their shapes, never by trying them out: that keeps the time
    /// linear.
    fn union(&mut self, ty: &Type, union: (&[Type], bool), value: &Value, subject: Subject<'_>) -> Fit {
        let (members, exclusive) = union;
        if is_ambiguous(&self.api.types, members, value) {
            // What is answered is accepted by several as soon as it has fields that are not listed.
            let exclusive = exclusive && self.direction == Direction::Request && !self.open;
            let enough = if exclusive { 2 } else { 1 };
            let accepting = members.iter().filter(|it| self.accepts(it, value)).take(enough).count();
            return match accepting {
                0 => self.misfit(ty, value, subject),
                1 => Fit::Fits,
                _ => {
                    let api = self.api;
                    self.report(|| Finding {
                        found: Some(shown(value)),
                        ..Finding::new("one_of", exclusive_sentence(api, subject, members))
                    });
                    Fit::Fits
                }
            };
        }
        if let (Some(shapes), Value::Object(object)) = (shapes(&self.api.types, members), value) {
            return match shapes.iter().find(|(_, it)| it.fits(object)) {
                Some((at, _)) => self.value(&members[*at], value, subject),
                // Of a response it is kept.
                None if self.direction == Direction::Response => Fit::Fits,
                None => self.misfit(ty, value, subject),
            };
        }
        // A text beside a file is a text.
        let is_text = |it: &Type| !(value.is_string() && *it == Type::File);
        let fits = |it: &&Type| is_text(it) && looks_like(self.api, it, value, Look::Close, 0);
        let alike = |it: &&Type| is_text(it) && looks_like(self.api, it, value, Look::Kind, 0);
        match members.iter().find(fits).or_else(|| members.iter().find(alike)) {
            // Counts as a level, so that a union of itself ends.
            Some(member) => match self.unlisted(member, value) {
                // The message names everything that is allowed, not only the enum's values.
                Some(def) => self.not_listed(def, ty, value, subject),
                None => self.value(member, value, subject),
            },
            None => self.misfit(ty, value, subject),
        }
    }

    /// Whether a value breaks nothing of a type. What was found out is kept: the same value may be asked about once for
    /// every member of every union around it.
    fn accepts(&mut self, ty: &Type, value: &Value) -> bool {
        let is_outermost = self.trials.is_none();
        let mut trials = self.trials.take().unwrap_or_default();
        let key = (std::ptr::from_ref(ty) as usize, std::ptr::from_ref(value) as usize);
        let accepted = match trials.get(&key) {
            Some(accepted) => *accepted,
            None => {
                let mut trial =
                    Checker { most: 0, depth: self.depth, open: self.open, ..Checker::new(self.api, self.direction) };
                trial.trials = Some(std::mem::take(&mut trials));
                trial.value(ty, value, Subject::Body);
                trials = trial.trials.take().unwrap_or_default();
                let accepted = trial.verdict.omitted_violations == 0;
                trials.insert(key, accepted);
                accepted
            }
        };
        // Outside of the outermost value, the places in memory may come to mean others.
        self.trials = (!is_outermost).then_some(trials);
        accepted
    }

    /// The closed enum that does not list the value, if that is what the type is.
    fn unlisted(&self, ty: &Type, value: &Value) -> Option<&'a EnumDef> {
        let api = self.api;
        let Type::Named(id) = ty else { return None };
        let TypeKind::Enum(def) = &api.ty(*id).kind else { return None };
        let open = def.open || self.direction == Direction::Response || is_of(api, ty, value);
        (!open && value.is_string()).then_some(def)
    }

    fn tagged(&mut self, union: &TaggedUnion, object: &Map<String, Value>, subject: Subject<'_>) {
        let tag = union.tag.as_str();
        let open = union.open || self.direction == Direction::Response;
        let below: &[&str] = &[tag];
        match object.get(tag) {
            None => {
                self.report(|| {
                    let message = format!("required parameter `{tag}` is missing");
                    Finding { below, ..Finding::new("required", message) }
                });
            }
            Some(sent) if is_of(self.api, &union.tag_type, sent) => {
                if let Some((_, id)) = union.member_of(object) {
                    if let TypeKind::Record(record) = &self.api.ty(*id).kind {
                        self.object(record, object, Some(tag));
                    }
                } else if !open {
                    self.report(|| {
                        let limit = listed(&union.tag_values());
                        let message = format!("`{tag}` of {subject} must be one of {limit}");
                        let rule_span = union.members.first().map(|(it, _)| it.span);
                        let (limit, found) = (Some(limit), Some(shown(sent)));
                        Finding { limit, found, rule_span, below, ..Finding::new("enum", message) }
                    });
                }
            }
            Some(other) => {
                let api = self.api;
                self.report(|| {
                    let message = format!("`{tag}` must be {}", type_noun(api, &union.tag_type));
                    Finding { found: Some(shown(other)), below, ..Finding::new("type", message) }
                });
            }
        }
    }
}

/// Whether a text has the form that a type asks for.
pub(crate) fn has_format(ty: &Type, text: &str) -> bool {
    match ty {
        Type::Url => is_url(text, &["http", "https"]),
        Type::HttpsUrl => is_url(text, &["https"]),
        Type::DateTime => is_date_time(text),
        Type::Formatted(format) => has_text_format(*format, text),
        Type::Base64 => is_base64(text),
        _ => true,
    }
}

/// How a union's member is compared with a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    /// The JSON type only.
    Kind,
    /// Also the first item, whole numbers, formats and closed enums.
    Close,
}

/// Levels of first items and of unions in unions that a look goes down.
const DEEPEST_LOOK: usize = 12;

fn looks_like(api: &Api, ty: &Type, value: &Value, look: Look, depth: usize) -> bool {
    if depth >= DEEPEST_LOOK {
        return true;
    }
    let close = look == Look::Close;
    match (ty, value) {
        (Type::Json, _)
        | (Type::String, Value::String(_))
        | (Type::Boolean, Value::Bool(_))
        | (Type::Number, Value::Number(_))
        | (Type::File, Value::String(_) | Value::Object(_))
        | (Type::Map(_), Value::Object(_)) => true,
        (Type::Integer, Value::Number(number)) => !close || is_integer(number),
        (Type::Sized(format), Value::Number(number)) => !close || is_in_range(*format, number),
        (Type::Url | Type::HttpsUrl | Type::DateTime | Type::Formatted(_) | Type::Base64, Value::String(text)) => {
            !close || has_format(ty, text)
        }
        (Type::Array(item), Value::Array(items)) => match items.first() {
            Some(first) if close => looks_like(api, item, first, look, depth + 1),
            _ => true,
        },
        (Type::Tuple(types), Value::Array(items)) => !close || items.len() >= types.len(),
        (Type::Nullable(inner), _) => value.is_null() || looks_like(api, inner, value, look, depth + 1),
        (Type::Union(members), _) => members.iter().any(|it| looks_like(api, it, value, look, depth + 1)),
        (Type::Named(id), _) => match (&api.ty(*id).kind, value) {
            (TypeKind::Record(_) | TypeKind::Tagged(_), Value::Object(_)) => true,
            (TypeKind::Enum(def), Value::String(text)) => {
                !close || def.open || def.values.iter().any(|it| it.value == *text)
            }
            (TypeKind::Union { members, .. }, _) => {
                members.iter().any(|it| looks_like(api, it, value, look, depth + 1))
            }
            _ => false,
        },
        _ => false,
    }
}

/// Whether a value is one that the type takes, formats and what is inside aside. Unions and `json` take every value.
pub(super) fn is_of(api: &Api, ty: &Type, value: &Value) -> bool {
    match ty {
        Type::Json | Type::Union(_) => true,
        Type::Boolean => value.is_boolean(),
        Type::Number => value.is_number(),
        Type::Sized(IntegerFormat::Uint64) => {
            value.as_number().is_some_and(|it| is_in_range(IntegerFormat::Uint64, it))
        }
        Type::Integer | Type::Sized(_) => value.as_number().is_some_and(is_integer),
        Type::String | Type::Url | Type::HttpsUrl | Type::DateTime | Type::Formatted(_) | Type::Base64 => {
            value.is_string()
        }
        Type::File => value.is_string() || value.is_object(),
        Type::Array(_) => value.is_array(),
        Type::Tuple(types) => value.as_array().is_some_and(|it| it.len() >= types.len()),
        Type::Map(_) => value.is_object(),
        Type::Nullable(inner) => value.is_null() || is_of(api, inner, value),
        Type::Named(id) => match &api.ty(*id).kind {
            TypeKind::Enum(def) => {
                value.as_str().is_some_and(|text| def.open || def.values.iter().any(|it| it.value == text))
            }
            TypeKind::Record(_) | TypeKind::Tagged(_) => value.is_object(),
            TypeKind::Union { .. } => true,
        },
    }
}

/// Whether null is of the type by itself.
pub(super) fn takes_null(ty: &Type) -> bool {
    match ty {
        Type::Json => true,
        Type::Union(members) => members.contains(&Type::Json),
        _ => false,
    }
}
