//! Declared types and type expressions.

use super::{DescribedValue, Entry, EnumDoc, Json, Remarks, RuleDoc, Text};
use crate::model::{IntegerFormat, TextFormat, Type, XmlObject};
use crate::source::Span;

/// One of `types`.
#[derive(Debug)]
pub struct TypeDecl {
    pub name: Text,
    pub doc: String,
    pub remarks: Remarks,
    pub rust: Option<Text>,
    pub xml: Option<Box<XmlObject>>,
    pub kind: TypeDeclKind,
    /// By name: values with `$` where an argument goes.
    pub constructors: Vec<(Text, Json)>,
}

/// What a declared type is.
#[derive(Debug)]
pub enum TypeDeclKind {
    Record {
        /// The record whose fields and rules it takes, but those of `without`.
        like: Option<Text>,
        without: Vec<Text>,
        fields: Vec<Entry>,
        rules: Vec<RuleDoc>,
        open: bool,
        /// What the fields are that it does not list.
        additional: Option<TypeExpr>,
    },
    Enum {
        values: EnumDoc,
        open: bool,
    },
    Union {
        members: Vec<TypeExpr>,
        /// Members need not be told apart: `any_of`.
        any_of: bool,
    },
    Tagged {
        tag: Text,
        /// What the values of the tag are: text, whole numbers or truth values.
        tag_type: Type,
        members: Vec<(DescribedValue, Text)>,
        open: bool,
    },
    /// It was reported; nothing more is said about it.
    Broken,
}

/// A type expression.
#[derive(Clone, Debug)]
pub struct TypeExpr {
    pub span: Span,
    pub kind: TypeExprKind,
}

/// The forms of a type expression.
#[derive(Clone, Debug)]
pub enum TypeExprKind {
    String,
    Integer,
    Number,
    Boolean,
    Url,
    HttpsUrl,
    DateTime,
    /// Text of another format.
    Formatted(TextFormat),
    /// A whole number of a smaller range.
    Sized(IntegerFormat),
    Base64,
    File,
    Json,
    Array(Box<TypeExpr>),
    /// `[A, B]`: a list whose items have types by place.
    Tuple(Vec<TypeExpr>),
    Map(Box<TypeExpr>),
    Union(Vec<TypeExpr>),
    /// `T?`, of an item of a list or a value of a map.
    Nullable(Box<TypeExpr>),
    Named(String),
}
