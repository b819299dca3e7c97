//! Short ways to write a value of a type.

use super::{FieldIx, Type, TypeId};
use crate::source::Span;

/// A function that makes a value of a type.
#[derive(Clone, Debug, Hash)]
pub struct Constructor {
    /// Snake case.
    pub name: String,
    /// Names and types, in the order in which the value holds them.
    pub arguments: Vec<(String, Type)>,
    /// What it makes.
    pub value: Template,
    /// The value as the spec writes it.
    pub written: serde_json::Value,
    /// Where it is written.
    pub span: Span,
}

/// A value with holes for arguments.
#[derive(Clone, Debug, Hash)]
pub enum Template {
    /// Index in [`Constructor::arguments`].
    Argument(usize),
    /// A value of a scalar type, an enum or free-form JSON.
    Value(Type, serde_json::Value),
    /// The fields that are there.
    Record(TypeId, Vec<(FieldIx, Template)>),
    /// Items, with their type.
    List(Vec<Template>),
    /// A member of a union, by its index.
    Member(Type, usize, Box<Template>),
}
