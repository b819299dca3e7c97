//! Pagination: how one page of a list leads to the next.

use super::{FieldPath, MessagePlace, Type};
use crate::source::Span;

/// The pages of a list that an operation returns.
#[derive(Clone, Debug, Hash)]
pub struct Pages {
    /// JSON pointer of the list in the response.
    pub items: String,
    /// What the list holds.
    pub item: Type,
    /// Where the next page is found.
    pub next: NextPage,
    /// JSON pointer of a boolean in the response, and its value while more pages follow.
    pub more: Option<(String, bool)>,
    /// The parameter, or the field of one, that limits the number of items on a page.
    pub size: Option<FieldPath>,
    /// Where it is written.
    pub span: Span,
}

/// Where the next page is found.
#[derive(Clone, Debug, Hash)]
pub enum NextPage {
    /// The value at a JSON pointer in the response selects it.
    Cursor {
        /// The parameter that takes the value.
        parameter: FieldPath,
        /// JSON pointer; nothing, `null` or `""` there: this is the last page.
        from: String,
    },
    /// The value of a response header selects it.
    Header {
        /// The parameter that takes the value.
        parameter: FieldPath,
        /// The header; not there, or empty: this is the last page.
        name: String,
    },
    /// A value of the last item selects it.
    LastItem {
        /// The parameter that takes the value.
        parameter: FieldPath,
        /// JSON pointer into the item.
        at: String,
    },
    /// It begins after as many items as there were before.
    Offset {
        /// The parameter that takes their number.
        parameter: FieldPath,
        /// The number of all items.
        total: Option<MessagePlace>,
    },
    /// It has the next number.
    Number {
        /// The parameter that takes it.
        parameter: FieldPath,
        /// The number of the first page: 0 or 1.
        first: i64,
        /// The number of pages.
        pages: Option<MessagePlace>,
    },
    /// Its URL is at this JSON pointer.
    Url(String),
    /// Its URL is the target of the `Link` header with this relation.
    Link(String),
}

impl NextPage {
    /// The parameter, or the field of one, that selects a page; none where URLs do.
    #[must_use]
    pub fn parameter(&self) -> Option<&FieldPath> {
        match self {
            Self::Cursor { parameter, .. }
            | Self::Header { parameter, .. }
            | Self::LastItem { parameter, .. }
            | Self::Offset { parameter, .. }
            | Self::Number { parameter, .. } => Some(parameter),
            Self::Url(_) | Self::Link(_) => None,
        }
    }
}
