//! Multipart bodies, as far as the stand-in reads them.

use axum::http::{HeaderMap, header};

/// The parts of a body.
pub(super) struct Parts<'a>(Vec<Part<'a>>);

pub(super) struct Part<'a> {
    head: String,
    pub(super) bytes: &'a [u8],
}

impl<'a> Parts<'a> {
    /// None, if it is no multipart body.
    pub(super) fn read(headers: &HeaderMap, body: &'a [u8]) -> Self {
        let boundary = headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok()?.split_once("boundary="));
        let Some((_, boundary)) = boundary else { return Self(Vec::new()) };
        let end = format!("\r\n--{}", boundary.trim_matches('"'));
        let mut parts = Vec::new();
        let mut rest = body;
        while let Some(head) = find(rest, b"\r\n\r\n") {
            let (part, after) = (String::from_utf8_lossy(&rest[..head]).into_owned(), &rest[head + 4..]);
            let Some(length) = find(after, end.as_bytes()) else { break };
            parts.push(Part { head: part, bytes: &after[..length] });
            rest = &after[length..];
        }
        Self(parts)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Part<'a>> {
        self.0.iter().find(|it| it.head.contains(&format!("name=\"{name}\"")))
    }
}

impl Part<'_> {
    /// The media type, if it is told.
    pub(super) fn kind(&self) -> Option<String> {
        self.head.lines().find_map(|it| it.to_ascii_lowercase().strip_prefix("content-type: ").map(str::to_owned))
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(self.bytes).into_owned()
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|it| it == what)
}
