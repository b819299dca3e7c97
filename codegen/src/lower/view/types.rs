//! Types of a generated crate: enums, records, unions, and the Rust types of fields.

use std::hash::{Hash, Hasher};
use std::mem;

use super::{Checks, Docs, JsonKind, NestedCheck, RuleData};

#[derive(Debug, Hash)]
pub(crate) enum TypeItem {
    Enum(EnumItem),
    Record(RecordItem),
    Union(UnionItem),
    Alias(AliasItem),
}

impl TypeItem {
    /// Makes a record another name of a type that it equals.
    pub(crate) fn become_alias(&mut self, target: &TypeName) {
        if let Self::Record(record) = self {
            let record = std::mem::take(record);
            *self = Self::Alias(AliasItem { record, target: target.clone() });
        }
    }
}

/// A name for a record that several names stand for.
#[derive(Debug, Hash)]
pub(crate) struct AliasItem {
    /// What it is, under the name that the alias has.
    pub record: RecordItem,
    pub target: TypeName,
}

#[derive(Debug, Hash)]
pub(crate) struct EnumItem {
    pub ident: String,
    pub docs: Docs,
    pub variants: Vec<EnumVariant>,
    /// Has an `Other(String)`.
    pub other: bool,
    /// Stands where only text can.
    pub as_text: bool,
}

#[derive(Clone, Debug, Hash)]
pub(crate) struct EnumVariant {
    pub ident: String,
    pub value: String,
    pub docs: Docs,
}

#[derive(Debug, Default, Hash)]
pub(crate) struct RecordItem {
    pub ident: String,
    pub docs: Docs,
    pub fields: Vec<RecordField>,
    /// Fields that tell the record apart in a union: the union's, not the record's.
    pub tags: Vec<String>,
    /// Keeps fields the spec does not know.
    pub extra: bool,
    /// A union compares it with other members, of which only one may accept a value: requests have no such fields.
    pub is_compared: bool,
    /// The type of the fields that the spec does not list, where it says one.
    pub additional: Option<Ty>,
    /// Of requests only: what cannot be read is an error.
    pub strict: bool,
    /// Users make values of it: a constructor and setters.
    pub construct: bool,
    pub constructors: Vec<Ctor>,
    pub check: Option<Checks>,
}

#[derive(Debug, Hash)]
pub(crate) struct RecordField {
    pub ident: String,
    pub wire: String,
    pub ty: Ty,
    pub storage: Storage,
    /// The method that sends `null`, where a field that can be left out has one.
    pub null_setter: Option<String>,
    pub secret: bool,
    /// It comes from the server and is never sent.
    pub received: bool,
    /// Values that are sent need it, though those that are received lack it.
    pub needed: bool,
    pub docs: Docs,
    pub deprecated: Option<String>,
}

/// How a field holds its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Storage {
    /// `T`
    Plain,
    /// `Option<T>`: may be left out.
    Optional,
    /// `Option<T>`: always sent, `None` is `null`.
    Null,
    /// `Option<Nullable<T>>`: left out, `null` or a value.
    OptionalNullable,
}

#[derive(Debug, Hash)]
pub(crate) struct UnionItem {
    pub ident: String,
    pub docs: Docs,
    /// Told apart by this field; `None`: by JSON type.
    pub tag: Option<Tag>,
    pub members: Vec<UnionMember>,
    /// Has an `Other(Value)`.
    pub other: bool,
    /// Its values are written as text, in paths or queries for instance: all members are scalars.
    pub as_text: bool,
    pub constructors: Vec<Ctor>,
    pub check: Option<UnionChecks>,
}

/// A short way to write a value.
#[derive(Debug, Hash)]
pub(crate) struct Ctor {
    pub method: String,
    pub docs: Docs,
    pub arguments: Vec<Argument>,
    pub value: Expr,
}

#[derive(Clone, Debug, Hash)]
pub(crate) struct Argument {
    pub ident: String,
    pub ty: Ty,
}

/// A value with holes for arguments.
#[derive(Debug, Hash)]
pub(crate) enum Expr {
    /// Index of the argument.
    Argument(usize),
    /// Of text: owned or a variant.
    Literal(Literal, bool),
    /// Free-form, as JSON text.
    Json(String),
    List(Vec<Self>),
    Boxed(Box<Self>),
    Record {
        name: TypeName,
        fields: Vec<(String, Storage, Option<Self>)>,
        extra: Option<ExtraFields>,
    },
    Member {
        name: TypeName,
        variant: String,
        inner: Box<Self>,
    },
}

/// How a record holds the fields that it does not list.
#[derive(Clone, Copy, Debug, Hash)]
pub(crate) enum ExtraFields {
    Any,
    /// Each is of the type that the spec gives them.
    Typed,
}

/// The field that tells the members of a union apart.
#[derive(Debug, Hash)]
pub(crate) struct Tag {
    pub field: String,
    /// Text, a whole number or a truth value.
    pub ty: Ty,
}

#[derive(Debug, Hash)]
pub(crate) struct UnionMember {
    pub ident: String,
    /// Value of the tag, as the spec names it.
    pub value: String,
    /// Value of the tag, as it is sent.
    pub tag: Option<Literal>,
    pub docs: Docs,
    pub ty: Ty,
    /// Takes any JSON, if need be as `Other`: a union without tag.
    pub takes_all: bool,
    /// Of such a union: the kinds of JSON that it keeps as `Other` although they are of its members.
    pub keeps: Vec<JsonKind>,
    /// What tells an object of it from those of the other members, where several are objects: any of these.
    pub shape: Vec<MemberShape>,
    /// Nothing tells it apart from other members: the JSON is kept, and a method of this name reads it.
    pub reader: Option<String>,
}

/// What an object has and those of the other members do not.
#[derive(Debug, Hash)]
pub(crate) struct MemberShape {
    /// Name as sent.
    pub field: String,
    /// The field has one of these values; `None`: it is there.
    pub values: Option<Vec<Literal>>,
}

/// What is checked of a union: each member's own rules, and that it is one of the known.
#[derive(Debug, Hash)]
pub(crate) struct UnionChecks {
    pub members: Vec<(usize, NestedCheck)>,
    pub rules: Vec<RuleData>,
    /// Rule broken by `Other`.
    pub other: Option<usize>,
    /// JSON types that are kept as `Other`, and break no rule.
    pub kept: Vec<JsonKind>,
    /// Rule broken by text that is none of a member's values, and so became `Other`.
    pub other_text: Option<usize>,
    /// What is asked of the members that nothing tells apart.
    pub trial: Option<UnionTrial>,
}

/// Asks how many members accept a value that nothing tells apart.
#[derive(Debug, Hash)]
pub(crate) struct UnionTrial {
    /// The members that nothing tells apart, by index.
    pub members: Vec<usize>,
    /// Rule broken by a value that none accepts.
    pub none: usize,
    /// Rule broken by a value that several accept.
    pub several: Option<usize>,
}

/// A Rust type of a field.
#[derive(Clone, Debug, PartialEq, Hash)]
pub(crate) enum Ty {
    String,
    /// Text of a format: a `String` that setters also take other types for. The name of what they take, in the
    /// runtime's `text`.
    Text(&'static str),
    Integer,
    /// A whole number without a sign.
    Unsigned,
    Number,
    Boolean,
    Json,
    File,
    List(Box<Ty>),
    Map(Box<Ty>),
    /// Types by place.
    Tuple(Vec<Ty>),
    /// Of an item of a list or a map that may be `null`.
    Nullable(Box<Ty>),
    /// Of a field through which a value holds another of its kind.
    Boxed(Box<Ty>),
    Named {
        name: TypeName,
        kind: NamedKind,
    },
}

/// A named type and the module it is in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TypeName {
    /// The resource's module; `None`: `crate::types`.
    pub module: Option<String>,
    pub ident: String,
}

impl TypeName {
    /// `crate::types::X`, `crate::seedance::X`.
    pub(crate) fn path(&self) -> String {
        format!("crate::{}::{}", self.module.as_deref().unwrap_or("types"), self.ident)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum NamedKind {
    Enum,
    Record,
    Union,
}

/// A constant of Rust.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Literal {
    Variant {
        ty: TypeName,
        variant: String,
    },
    Text(String),
    Integer(i64),
    /// Of a `u64`, or beyond an `i64`.
    Unsigned(u64),
    Number(f64),
    Boolean(bool),
}

impl Hash for Literal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        mem::discriminant(self).hash(state);
        match self {
            Self::Variant { ty, variant } => (ty, variant).hash(state),
            Self::Text(it) => it.hash(state),
            Self::Integer(it) => it.hash(state),
            Self::Unsigned(it) => it.hash(state),
            Self::Number(it) => it.to_bits().hash(state),
            Self::Boolean(it) => it.hash(state),
        }
    }
}
