//! `pages:` of an operation.

use super::Text;
use crate::source::Span;

/// How one page of a list leads to the next.
#[derive(Debug)]
pub struct PagesDoc {
    pub items: Option<Text>,
    pub next: NextPageDoc,
    /// A place, and its value while more pages follow.
    pub more: Option<(Text, bool)>,
    pub size: Option<Text>,
    pub span: Span,
}

/// The way to the next page.
#[derive(Debug)]
pub enum NextPageDoc {
    Cursor { parameter: Text, from: Text },
    Header { parameter: Text, name: Text },
    LastItem { parameter: Text, at: Text },
    Offset { parameter: Text, total: Option<CountDoc> },
    Number { parameter: Text, first: i64, pages: Option<CountDoc> },
    Url(Text),
    Link(Text),
}

/// `/total`, or `{header: X-Total-Count}`
#[derive(Debug)]
pub enum CountDoc {
    Body(Text),
    Header(Text),
}
