//! Types of fields and responses.

use std::hash::{Hash, Hasher};

use serde_json::{Map, Value};

use super::{Constraint, IntegerFormat, Origin, Record, TextFormat, XmlObject, same_value};
use crate::source::Span;

/// Which type of [`super::Api::types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TypeId(pub u32);

impl TypeId {
    /// As [`crate::source::FileId::HASHED_AS`].
    pub const HASHED_AS: i128 = 2 << 64;
}

impl Hash for TypeId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_i128(Self::HASHED_AS + i128::from(self.0));
    }
}

/// What a value may be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// Text.
    String,
    /// A whole number (`5.0` is one).
    Integer,
    /// A whole number of another range.
    Sized(IntegerFormat),
    /// Any number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// Text: an absolute `http://` or `https://` URL.
    Url,
    /// Text: an absolute `https://` URL.
    HttpsUrl,
    /// Text: RFC 3339.
    DateTime,
    /// Text of another format.
    Formatted(TextFormat),
    /// Text: base64, with or without a data-URL prefix.
    Base64,
    /// Bytes of a multipart part.
    File,
    /// Anything.
    Json,
    /// A list.
    Array(Box<Type>),
    /// A list of a fixed length, whose items have types by place; at least two.
    Tuple(Vec<Type>),
    /// An object with free keys.
    Map(Box<Type>),
    /// One of several, told apart by JSON type; at least two.
    Union(Vec<Type>),
    /// An item of a list or a value of a map that may be `null`. It stands nowhere else: a field has
    /// [`super::Field::nullable`].
    Nullable(Box<Type>),
    /// A named type.
    Named(TypeId),
}

impl Type {
    /// What it is when it is not `null`.
    #[must_use]
    pub fn non_null(&self) -> &Self {
        match self {
            Self::Nullable(inner) => inner,
            other => other,
        }
    }

    /// Whether it is a text, a number or a truth value, and no named type.
    #[must_use]
    pub fn is_plain_scalar(&self) -> bool {
        use Type as T;
        matches!(self, T::String | T::Url | T::HttpsUrl | T::Base64 | T::DateTime | T::Formatted(_))
            || matches!(self, T::Integer | T::Sized(_) | T::Number | T::Boolean)
    }

    /// Whether its values are whole numbers.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        matches!(self, Self::Integer | Self::Sized(_))
    }

    /// The least and the greatest of its values, if they are whole numbers. A smaller range of [`Type::limits`] is what
    /// requests are checked for; these are the ends of what there is.
    #[must_use]
    pub fn ends(&self) -> Option<(i128, i128)> {
        match self {
            Self::Sized(format) if !format.is_of_integers() => Some(format.ends()),
            Self::Integer | Self::Sized(_) => Some((i64::MIN.into(), i64::MAX.into())),
            _ => None,
        }
    }

    /// The limits that the type itself sets: a range of whole numbers.
    #[must_use]
    pub fn limits(&self) -> &'static [Constraint] {
        match self {
            Self::Sized(format) => format.limits(),
            _ => &[],
        }
    }

    /// The same with a named type in the place of a text: `[string?]` whose texts are those of an enum.
    pub(crate) fn with_text(&self, id: TypeId) -> Box<Self> {
        Box::new(match self {
            Self::Nullable(_) => Self::Nullable(Box::new(Self::Named(id))),
            _ => Self::Named(id),
        })
    }
}

/// A type with a name: written under `types:`, or made for an inline enum or record.
#[derive(Clone, Debug, Hash)]
pub struct TypeDef {
    /// Pascal case. Unique in the API.
    pub name: String,
    /// Whether the name was written by the author, or suggested by the place of an inline type.
    pub inline: bool,
    /// In words.
    pub doc: String,
    /// Origin, doubts.
    pub origin: Origin,
    /// What it is.
    pub kind: TypeKind,
    /// Some request can hold it.
    pub in_request: bool,
    /// Some answer can hold it.
    pub in_response: bool,
    /// The resource it was written in; `None`: `api.yaml`.
    pub resource: Option<super::ResourceId>,
    /// Short ways to write a value.
    pub constructors: Vec<super::Constructor>,
    /// Rust name set by the spec.
    pub rust_name: Option<String>,
    /// How it is written in XML.
    pub xml: Option<Box<XmlObject>>,
    /// Where its name is written.
    pub span: Span,
}

/// What a named type is.
#[derive(Clone, Debug, Hash)]
pub enum TypeKind {
    /// An object with known fields.
    Record(Record),
    /// Strings.
    Enum(EnumDef),
    /// Objects told apart by one field.
    Tagged(TaggedUnion),
    /// One of several; at least two.
    Union {
        /// What a value may be.
        members: Vec<Type>,
        /// A value that several members accept is refused, in requests: `one_of`. It matters only where nothing tells
        /// the members apart, as [`super::is_ambiguous`] says.
        exclusive: bool,
    },
}

/// A set of strings.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct EnumDef {
    /// In the order of the spec; no two equal.
    pub values: Vec<EnumValue>,
    /// Other values pass. In answers they always do.
    pub open: bool,
}

/// One string of an enum.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct EnumValue {
    /// As sent.
    pub value: String,
    /// In words; may be empty.
    pub doc: String,
    /// Rust name set by the spec.
    pub rust_name: Option<String>,
    /// Where it is written.
    pub span: Span,
}

/// Objects told apart by one field.
#[derive(Clone, Debug, Hash)]
pub struct TaggedUnion {
    /// Name of the telling field; the records do not list it.
    pub tag: String,
    /// What its values are: text, whole numbers or truth values.
    pub tag_type: Type,
    /// Tag value as text, and the record that goes with it.
    pub members: Vec<(EnumValue, TypeId)>,
    /// Objects with other tags pass. In answers they always do.
    pub open: bool,
}

impl TaggedUnion {
    /// The tag of a member as it is sent.
    #[must_use]
    pub fn tag_value(&self, member: &EnumValue) -> Value {
        let text = member.value.as_str();
        match self.tag_type {
            Type::Integer => text.parse::<i64>().map_or_else(|_| text.into(), Value::from),
            Type::Boolean => (text == "true").into(),
            _ => text.into(),
        }
    }

    /// The tags of all members as they are sent.
    #[must_use]
    pub fn tag_values(&self) -> Vec<Value> {
        self.members.iter().map(|(it, _)| self.tag_value(it)).collect()
    }

    /// Which member an object with this tag is.
    #[must_use]
    pub fn position(&self, tag: &Value) -> Option<usize> {
        match (&self.tag_type, tag) {
            (Type::String, Value::String(text)) => self.members.iter().position(|(it, _)| it.value == *text),
            (Type::String, _) => None,
            _ => self.members.iter().position(|(it, _)| same_value(&self.tag_value(it), tag)),
        }
    }

    /// The member that an object is.
    #[must_use]
    pub fn member_of(&self, object: &Map<String, Value>) -> Option<&(EnumValue, TypeId)> {
        self.members.get(self.position(object.get(&self.tag)?)?)
    }
}

impl Type {
    /// Adds the named types that it mentions. Recursion ends with the depth of the type expression.
    pub fn mentions(&self, out: &mut Vec<TypeId>) {
        match self {
            Self::Named(id) => out.push(*id),
            Self::Array(inner) | Self::Map(inner) | Self::Nullable(inner) => inner.mentions(out),
            Self::Tuple(members) | Self::Union(members) => members.iter().for_each(|it| it.mentions(out)),
            Self::String
            | Self::Integer
            | Self::Sized(_)
            | Self::Number
            | Self::Boolean
            | Self::Url
            | Self::HttpsUrl
            | Self::DateTime
            | Self::Formatted(_)
            | Self::Base64
            | Self::File
            | Self::Json => {}
        }
    }
}

impl TypeKind {
    /// Adds the named types that it mentions itself.
    pub fn mentions(&self, out: &mut Vec<TypeId>) {
        match self {
            Self::Record(record) => record.types().for_each(|it| it.mentions(out)),
            Self::Union { members, .. } => members.iter().for_each(|it| it.mentions(out)),
            Self::Tagged(union) => out.extend(union.members.iter().map(|(_, id)| *id)),
            Self::Enum(_) => {}
        }
    }
}
