//! Which values a keyword looks at, and which types it fits.

use crate::model::{Type, TypeKind};

/// What the values of a type are to constraints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// Free text, of a format or not.
    Text,
    /// Text that should be one of some values.
    OpenEnum,
    /// Text that has to be one of some values.
    ClosedEnum,
    /// Any number.
    Number,
    /// A truth value.
    Boolean,
    /// An array.
    List,
    /// An array of a fixed length.
    Tuple,
    /// An object with free keys.
    Map,
    /// An object with known fields.
    Record,
    /// Bytes.
    File,
    /// Anything.
    Json,
}

impl ValueKind {
    /// Of a type; `kind` is asked what a named one is. `None` of a union, whose members are asked one by one.
    #[must_use]
    pub fn of<'a>(ty: &Type, kind: impl FnOnce(crate::model::TypeId) -> &'a TypeKind) -> Option<Self> {
        Some(match ty {
            Type::String | Type::Url | Type::HttpsUrl | Type::Base64 | Type::DateTime | Type::Formatted(_) => {
                Self::Text
            }
            Type::Integer | Type::Sized(_) | Type::Number => Self::Number,
            Type::Boolean => Self::Boolean,
            Type::File => Self::File,
            Type::Json => Self::Json,
            Type::Array(_) => Self::List,
            Type::Tuple(_) => Self::Tuple,
            Type::Map(_) => Self::Map,
            Type::Nullable(inner) => return Self::of(inner, kind),
            Type::Union(_) => return None,
            Type::Named(id) => match kind(*id) {
                TypeKind::Enum(def) if def.open => Self::OpenEnum,
                TypeKind::Enum(_) => Self::ClosedEnum,
                TypeKind::Record(_) | TypeKind::Tagged(_) => Self::Record,
                TypeKind::Union { .. } => return None,
            },
        })
    }
}

/// The values that a keyword looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppliesTo {
    /// None: it asks whether the field is there.
    Fields,
    /// Values that can be listed.
    Scalars,
    /// Numbers.
    Numbers,
    /// Texts.
    Texts,
    /// Arrays.
    Lists,
    /// Objects with free keys.
    Maps,
    /// Files.
    Files,
}

impl AppliesTo {
    /// Whether a keyword may be written for a type of this kind.
    #[must_use]
    pub fn fits(self, kind: ValueKind) -> bool {
        use ValueKind as K;
        // No JSON is a file.
        (kind == K::Json && self != Self::Files)
            || match self {
                Self::Fields => true,
                Self::Scalars => !matches!(kind, K::File | K::List | K::Tuple | K::Map | K::Record),
                Self::Numbers => kind == K::Number,
                Self::Texts => matches!(kind, K::Text | K::OpenEnum),
                Self::Lists => kind == K::List,
                Self::Maps => kind == K::Map,
                Self::Files => kind == K::File,
            }
    }

    /// Whether it says anything of values of this kind, as it may where several kinds are allowed.
    #[must_use]
    pub fn looks_at(self, kind: ValueKind) -> bool {
        use ValueKind as K;
        match self {
            Self::Texts => matches!(kind, K::Text | K::OpenEnum | K::ClosedEnum),
            Self::Numbers | Self::Lists | Self::Maps => self.fits(kind) && kind != K::Json,
            Self::Fields | Self::Scalars | Self::Files => false,
        }
    }

    /// The types that it fits, for a diagnostic.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Fields => "all types",
            Self::Scalars => "strings, numbers and booleans",
            Self::Numbers => "integers and numbers",
            Self::Texts => "text of every format; arrays have `min_items` and `max_items`",
            Self::Lists => "arrays",
            Self::Maps => "maps and free-form objects",
            Self::Files => "files",
        }
    }
}
