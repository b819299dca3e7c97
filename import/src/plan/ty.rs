//! Types as they are planned: names are ids until all of them are known.

use serde_json::Value;

use crate::spec::{Items, Values, Xml};

/// A type of the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct TypeId(pub(crate) u32);

/// A type expression.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Ty {
    /// `string`, `date-time`, `json`, …
    Word(&'static str),
    List(Box<Ty>),
    /// Types by place.
    Tuple(Vec<Ty>),
    Map(Box<Ty>),
    /// An item that may be `null`.
    Nullable(Box<Ty>),
    Named(TypeId),
    Union(Vec<Ty>),
}

impl Ty {
    pub(crate) const JSON: Self = Self::Word("json");
    pub(crate) const STRING: Self = Self::Word("string");

    /// Every named type in it.
    pub(crate) fn visit(&self, see: &mut dyn FnMut(TypeId)) {
        match self {
            Self::Word(_) => {}
            Self::List(it) | Self::Map(it) | Self::Nullable(it) => it.visit(see),
            Self::Named(id) => see(*id),
            Self::Tuple(members) | Self::Union(members) => members.iter().for_each(|it| it.visit(see)),
        }
    }

    /// Puts other types in place of the named ones.
    pub(crate) fn replace(&mut self, with: &dyn Fn(TypeId) -> Option<Ty>) {
        match self {
            Self::Word(_) => {}
            Self::List(it) | Self::Map(it) | Self::Nullable(it) => it.replace(with),
            Self::Named(id) => {
                if let Some(ty) = with(*id) {
                    *self = ty;
                }
            }
            Self::Tuple(members) | Self::Union(members) => members.iter_mut().for_each(|it| it.replace(with)),
        }
    }
}

/// What is said of a value: its type and all that limits it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Piece {
    pub ty: Ty,
    pub nullable: bool,
    pub values: Option<Values>,
    pub constant: Option<Value>,
    pub limits: Vec<(&'static str, Value)>,
    pub items: Items,
    pub doc: String,
    pub default: Option<Value>,
    pub examples: Vec<Value>,
    /// The words for it, perhaps none.
    pub deprecated: Option<String>,
    /// What clients call it, if the document says so.
    pub client_name: Option<String>,
    pub secret: bool,
    pub read_only: bool,
    pub write_only: bool,
    pub unclear: Vec<String>,
    /// How it is written in XML.
    pub xml: Option<Xml>,
}

impl Piece {
    pub(crate) fn of(ty: Ty) -> Self {
        Self {
            ty,
            nullable: false,
            values: None,
            constant: None,
            limits: Vec::new(),
            items: Items::default(),
            doc: String::new(),
            default: None,
            examples: Vec::new(),
            deprecated: None,
            client_name: None,
            secret: false,
            read_only: false,
            write_only: false,
            unclear: Vec::new(),
            xml: None,
        }
    }

    /// Whether the type is all that is said of the value.
    pub(crate) fn is_plain(&self) -> bool {
        self.values.is_none() && self.constant.is_none() && self.limits.is_empty() && self.items == Items::default()
    }
}

/// A field of a planned record.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub name: String,
    pub required: bool,
    pub piece: Piece,
}

/// What a planned type is.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// Still to be built.
    Waiting,
    Record {
        fields: Vec<Field>,
        open: bool,
        /// What other fields are.
        extra: Option<Ty>,
        rules: Vec<crate::spec::Rule>,
    },
    Enum(Values),
    Union(Vec<Ty>),
    Tagged {
        tag: String,
        members: Vec<(Value, TypeId)>,
        open: bool,
    },
    /// Another type: the uses have that one.
    Same(Ty),
}
