//! Pieces of the plan as entries of the spec, when all names are known.

use serde_json::Value;

use super::Planner;
use super::parameters::Parameter;
use super::ty::{Content, Field, Piece, Ty};
use crate::spec::Entry;
use crate::text;

impl Planner<'_> {
    /// A type as it is written.
    pub(super) fn ty(&self, ty: &Ty) -> String {
        match ty {
            Ty::Word(word) => (*word).to_owned(),
            Ty::List(item) => format!("[{}]", self.item(item)),
            Ty::Tuple(items) => {
                format!("[{}]", items.iter().map(|it| self.item(it)).collect::<Vec<_>>().join(", "))
            }
            Ty::Map(item) => format!("map<{}>", self.item(item)),
            Ty::Nullable(inner) => self.ty(inner),
            Ty::Named(id) => match &self.types[id.0 as usize].content {
                // One that is only itself, in the end.
                Content::Same(Ty::Word(word)) => (*word).to_owned(),
                Content::Same(_) => "json".to_owned(),
                _ => self.types[id.0 as usize].name.clone(),
            },
            Ty::Union(members) => {
                let mut words: Vec<String> = members.iter().map(|it| self.ty(it)).collect();
                words.dedup();
                if words.iter().any(|it| it == "json") { "json".to_owned() } else { words.join(" | ") }
            }
        }
    }

    pub(super) fn item(&self, ty: &Ty) -> String {
        let Ty::Nullable(inner) = ty else { return self.ty(ty) };
        let text = self.ty(inner);
        if text == "json" || text == "file" { text } else { format!("{text}?") }
    }

    pub(super) fn field(&self, field: &Field) -> Entry {
        let mut entry = self.entry(&field.piece, &field.name);
        entry.required = field.required;
        entry.read_only = field.piece.read_only;
        entry.write_only = field.piece.write_only && !field.piece.read_only;
        entry
    }

    pub(super) fn parameter_entry(&self, parameter: &Parameter) -> Entry {
        let mut entry = self.entry(&parameter.piece, &parameter.name);
        entry.required = parameter.required;
        entry.raw.clone_from(&parameter.raw);
        entry.content_type.clone_from(&parameter.content_type);
        if parameter.name == super::body::WHOLE {
            return entry;
        }
        entry.style = parameter.style;
        entry.allow_reserved = parameter.allow_reserved;
        // Otherwise a required text or list must not be empty.
        let is_free = |keyword: &str| !parameter.piece.limits.iter().any(|it| it.0 == keyword);
        let text = entry.ty == "string" && entry.values.is_none() && entry.constant.is_none();
        entry.may_be_empty = false;
        if entry.required && (text && is_free("min_length") || entry.ty.starts_with('[') && is_free("min_items")) {
            entry.may_be_empty = self.keeps_empty(parameter);
        }
        entry
    }

    /// Whether the document says that an empty value is sent.
    fn keeps_empty(&self, _parameter: &Parameter) -> bool {
        false
    }

    fn entry(&self, piece: &Piece, name: &str) -> Entry {
        let ty = self.ty(&piece.ty);
        let default = piece.default.clone().filter(|it| self.fits(it, piece, &ty));
        // A constant is its own example, and both truth values are known.
        let says_nothing = piece.constant.is_some() || ty == "boolean";
        let mut examples: Vec<Value> = Vec::new();
        for it in piece.examples.iter().filter(|it| !says_nothing && self.fits(it, piece, &ty)) {
            if !examples.contains(it) && examples.len() < 2 {
                examples.push(it.clone());
            }
        }
        let deprecated = piece.deprecated.as_ref().map(|it| deprecated_words(it, &piece.doc));
        Entry {
            name: name.to_owned(),
            rust: piece.client_name.as_ref().and_then(|it| text::client_name(it, name)),
            ty,
            nullable: piece.nullable,
            default: default.filter(|it| !it.is_null()),
            doc: match &deprecated {
                Some(words) if says_only(&piece.doc, words) => String::new(),
                _ if text::only_repeats(&piece.doc, name) => String::new(),
                _ => text::prose(&piece.doc),
            },
            unclear: piece.unclear.clone(),
            deprecated,
            secret: piece.secret,
            examples,
            values: piece.values.clone(),
            constant: piece.constant.clone(),
            limits: piece.limits.clone(),
            items: piece.items.clone(),
            xml: piece.xml.clone(),
            ..Entry::default()
        }
    }

    /// Whether a value is one of a piece, as far as that is seen at once; the compiler judges the rest.
    fn fits(&self, value: &Value, piece: &Piece, ty: &str) -> bool {
        if value.is_null() {
            return false;
        }
        if let Some(values) = &piece.values
            && !values.open
        {
            return values.list.iter().any(|it| it.value == *value);
        }
        if let Some(constant) = &piece.constant {
            return constant == value;
        }
        match ty {
            "json" => true,
            "integer" | "int32" | "uint32" => value.is_i64(),
            "uint64" => value.is_u64(),
            "number" => value.is_number(),
            "boolean" => value.is_boolean(),
            "file" => false,
            _ => match &piece.ty {
                Ty::Word(_) => value.is_string(),
                Ty::List(item) => match (value, item.as_ref()) {
                    (Value::Array(items), Ty::Word(word)) => items.iter().all(|it| is_word(it, word)),
                    (Value::Array(_), _) => true,
                    _ => false,
                },
                Ty::Tuple(items) => value.as_array().is_some_and(|it| it.len() == items.len()),
                Ty::Map(_) => value.is_object(),
                Ty::Named(id) => match &self.types[id.0 as usize].content {
                    Content::Enum(values) => values.open || values.list.iter().any(|it| it.value == *value),
                    Content::Record { .. } | Content::Tagged { .. } => value.is_object(),
                    _ => true,
                },
                _ => true,
            },
        }
    }
}

fn is_word(value: &Value, word: &str) -> bool {
    match word {
        "json" => true,
        "integer" | "int32" | "uint32" => value.is_i64(),
        "uint64" => value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        _ => value.is_string(),
    }
}

/// What the document says of something that is deprecated, or else the sentence of its description that says what to use
/// instead.
pub(super) fn deprecated_words(said: &str, doc: &str) -> String {
    let said = text::plain(said);
    let own: String = said.split_inclusive(". ").filter(|it| !is_bare(it)).collect();
    if !own.is_empty() {
        return own.trim().to_owned();
    }
    let plain = text::plain(doc);
    let words = plain.split_inclusive(". ").find(|it| {
        let lower = it.to_ascii_lowercase();
        !is_bare(it) && (lower.contains("deprecated") || lower.contains("instead"))
    });
    match words {
        Some(words) if words.len() < 200 => words.trim().to_owned(),
        _ => "No longer recommended.".to_owned(),
    }
}

/// `Deprecated.` alone, which says no more than the key does.
fn is_bare(sentence: &str) -> bool {
    sentence.trim_matches(|it: char| !it.is_alphanumeric()).eq_ignore_ascii_case("deprecated")
}

/// Whether a description is nothing but these words, perhaps behind `Deprecated.`
fn says_only(doc: &str, words: &str) -> bool {
    let plain = text::plain(doc);
    let rest: Vec<&str> = plain.split_inclusive(". ").map(str::trim).filter(|it| !is_bare(it)).collect();
    rest.is_empty() || rest == [words]
}
