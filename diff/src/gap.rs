//! What one spec accepts and another may refuse.

use serde_json::Value;
use specwright_codegen::model::{
    Condition, Constraint, EnumValue, Field, FieldIx, Location, RuleKind, TaggedUnion, Target, Type, TypeId,
};
use specwright_codegen::source::Span;
use specwright_codegen::surface::Part;

/// One step from a request to a value in it.
#[derive(Clone, Debug)]
pub(crate) enum Step<'a> {
    /// Of the operation or of a record.
    Field(&'a Field),
    /// Of a list.
    Item,
    /// Of a tuple, by place.
    Place(usize, &'a Type),
    /// Of a map, or a field that a record does not list.
    Entry,
    /// The value as one member of a union.
    Member(&'a Type),
    /// The object with this tag.
    Tagged(&'a TaggedUnion, &'a EnumValue, TypeId),
}

/// A request, or many, that `from` may accept and `to` may refuse.
#[derive(Clone, Debug)]
pub(crate) struct Gap<'a> {
    pub(crate) steps: Vec<Step<'a>>,
    pub(crate) kind: GapKind<'a>,
    /// When `to` refuses it, in the terms of `to`: of parameters alone.
    pub(crate) when: Option<&'a Condition>,
    /// Where `to` says so.
    pub(crate) span: Option<Span>,
    /// The parameter of `from` and that of `to`.
    pub(crate) parameter: (Option<FieldIx>, Option<FieldIx>),
    /// What it is in the crates of `from` and of `to`.
    pub(crate) parts: (Vec<Part>, Vec<Part>),
    /// The variants of `to` for which there is no proof; empty: it is not known.
    pub(crate) variants: Vec<String>,
}

#[derive(Clone, Debug)]
pub(crate) enum GapKind<'a> {
    /// `to` requires a field. The sentence of `to`.
    Required { sentence: String, known: bool },
    /// `to` has a limit or a rule for which there is no proof in `from`. The sentences of both; `spread`: `from` has the
    /// same sentence, for other requests.
    Limit { limit: Limit<'a>, sentence: String, before: Option<String>, spread: bool },
    /// `to` does not know the field.
    Removed,
    /// `to` does not take fields that it does not list.
    Closed,
    /// Values of the type of `from` are none of that of `to`.
    Type { from: String, to: String, ty: &'a Type },
    /// `to` does not take `null`.
    Null,
    /// `to` does not list a value of an enum, or a tag.
    Value { value: String, tag: bool },
    /// `to` takes listed values or tags alone, or asks more of objects with a tag. Values that it may refuse.
    Unlisted { tag: bool, samples: Vec<Value> },
    /// The parameter is sent elsewhere.
    Moved { from: Location, to: Location },
    /// The body is of another form.
    Body(&'static str),
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Limit<'a> {
    Clause(Target, &'a Constraint),
    Rule(&'a RuleKind),
    /// Only one member of a union may accept a value.
    OneOf,
}

impl Limit<'_> {
    /// Whether both limit the same, from the same side.
    pub(crate) fn is_alike(&self, other: &Limit<'_>) -> bool {
        let side = |it: &Limit<'_>| match it.keyword() {
            "exclusive_maximum" => "maximum",
            "exclusive_minimum" => "minimum",
            "const" => "enum",
            keyword => keyword,
        };
        side(self) == side(other)
    }

    pub(crate) fn keyword(&self) -> &'static str {
        match self {
            Self::Clause(_, constraint) => constraint.keyword(),
            Self::Rule(kind) => kind.keyword(),
            Self::OneOf => "one_of",
        }
    }
}

impl Gap<'_> {
    /// The place as a JSON pointer, with `*` for items and entries.
    pub(crate) fn pointer(&self) -> String {
        let mut pointer = String::new();
        for step in &self.steps {
            match step {
                Step::Field(field) => {
                    pointer.push('/');
                    pointer.push_str(&field.name.replace('~', "~0").replace('/', "~1"));
                }
                Step::Item | Step::Entry => pointer.push_str("/*"),
                Step::Place(at, _) => pointer.push_str(&format!("/{at}")),
                Step::Member(_) | Step::Tagged(..) => {}
            }
        }
        pointer
    }

    /// `messages[].content`, by the names that are sent.
    pub(crate) fn sent_name(&self) -> String {
        let mut name = String::new();
        for step in &self.steps {
            match step {
                Step::Field(field) => {
                    if !name.is_empty() {
                        name.push('.');
                    }
                    name.push_str(field.sent_name());
                }
                Step::Item | Step::Entry => name.push_str("[]"),
                Step::Place(at, _) => name.push_str(&format!("[{at}]")),
                Step::Member(_) | Step::Tagged(..) => {}
            }
        }
        name
    }

    /// `body /prompt`.
    pub(crate) fn place(&self) -> String {
        let location = self.steps.iter().find_map(|it| match it {
            Step::Field(field) => Some(field.location),
            _ => None,
        });
        match location.map(location_word) {
            Some(word) => format!("{word} {}", self.pointer()),
            None => String::new(),
        }
    }

    /// Whether a violation of `to` is about this.
    pub(crate) fn is_told_by(&self, at: &str, rule: &str, span: Option<Span>) -> bool {
        if self.span.is_some() && matches!(self.kind, GapKind::Limit { .. } | GapKind::Required { .. }) {
            return self.span == span;
        }
        let own = self.pointer();
        let below = |at: &str| {
            let (mut own, mut at) = (own.split('/'), at.split('/'));
            loop {
                match (own.next(), at.next()) {
                    (None, rest) => return Some(rest.is_none()),
                    (Some(one), Some(other)) if one == other || one == "*" => {}
                    _ => return None,
                }
            }
        };
        match (&self.kind, below(at)) {
            (_, None) => false,
            (GapKind::Required { .. }, _) => rule == "required",
            (GapKind::Limit { limit, .. }, _) => rule == limit.keyword(),
            (GapKind::Removed, exact) => exact == Some(true) && rule == "unknown_parameter",
            (GapKind::Closed, _) => rule == "unknown_parameter",
            (GapKind::Type { .. }, _) => matches!(rule, "type" | "format" | "enum" | "required" | "unknown_parameter"),
            (GapKind::Null, exact) => exact == Some(true) && rule == "type",
            (GapKind::Unlisted { tag: true, .. }, _) => true,
            (GapKind::Value { .. } | GapKind::Unlisted { .. }, _) => matches!(rule, "enum" | "type"),
            (GapKind::Moved { .. }, _) => true,
            (GapKind::Body(_), _) => true,
        }
    }
}

pub(crate) fn location_word(location: Location) -> &'static str {
    match location {
        Location::Body | Location::WholeBody => "body",
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
        Location::Cookie => "cookie",
    }
}
