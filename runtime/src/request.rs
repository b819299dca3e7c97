//! What a generated request does for the runtime.

use crate::{JsonWriter, Operation, Violations};

/// A request that generated code can check and write.
pub trait Request: Send + 'static {
    /// What sending it brings: `Response<T>` or `Task<T>`.
    type Reply: Send;

    /// The operation it belongs to.
    fn operation(&self) -> &'static Operation;

    /// Collects everything that breaks a rule. Allocates nothing for a legal request.
    fn check(&self, out: &mut Violations);

    /// Writes path, query, headers and body.
    fn write(&self, out: &mut Parts);
}

/// The pieces of an HTTP request while it is written.
#[derive(Debug, Default)]
pub struct Parts {
    path: String,
    query: String,
    headers: Vec<(&'static str, String)>,
    body: JsonWriter,
}

impl Parts {
    /// Adds literal text of the path.
    pub fn path(&mut self, text: &str) {
        self.path.push_str(text);
    }

    /// Adds a parameter of the path, percent-encoded: one segment whatever it holds.
    pub fn path_value(&mut self, value: &str) {
        percent_encode(&mut self.path, value);
    }

    /// Adds a query parameter.
    pub fn query(&mut self, name: &str, value: &str) {
        if !self.query.is_empty() {
            self.query.push('&');
        }
        percent_encode(&mut self.query, name);
        self.query.push('=');
        percent_encode(&mut self.query, value);
    }

    /// Adds a header.
    pub fn header(&mut self, name: &'static str, value: impl Into<String>) {
        self.headers.push((name, value.into()));
    }

    /// The body: one JSON value.
    pub fn body(&mut self) -> &mut JsonWriter {
        &mut self.body
    }
}

/// Everything but RFC 3986's unreserved characters is encoded. `.` and `..` as whole segments are too.
fn percent_encode(out: &mut String, text: &str) {
    let dots = matches!(text, "." | "..");
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'~' => out.push(byte as char),
            b'.' if !dots => out.push('.'),
            _ => {
                const HEX: &[u8; 16] = b"0123456789ABCDEF";
                out.push('%');
                out.push(HEX[usize::from(byte >> 4)] as char);
                out.push(HEX[usize::from(byte & 15)] as char);
            }
        }
    }
}
