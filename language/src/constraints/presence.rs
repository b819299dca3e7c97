//! Whether a field is there at all: `required`, `forbidden`, `ignored`, and what the server takes in its place.

use super::words::{Words, limit};
use super::{BASE, Keyword, Schema};

pub(super) const DEFAULT: &str = "default";

pub(super) const KEYWORDS: [Keyword; 4] = [
    Keyword {
        name: "required",
        words: Words::Own(|_| "is required".to_owned(), |_| "required".to_owned()),
        schema: |_| Schema::OfObject,
        ..BASE
    },
    Keyword {
        name: "forbidden",
        words: Words::Own(|_| "is not allowed".to_owned(), |_| "not allowed".to_owned()),
        holds: |_, _| Some(false),
        schema: |_| Schema::OfObject,
        ..BASE
    },
    Keyword { name: "ignored", words: Words::Own(|_| "has no effect".to_owned(), |_| "no effect".to_owned()), ..BASE },
    Keyword {
        name: DEFAULT,
        words: Words::Own(
            |it| format!("defaults to {}", limit(it).unwrap_or_default()),
            |it| format!("default {}", limit(it).unwrap_or_default()),
        ),
        ..BASE
    },
];
