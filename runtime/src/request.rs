//! The interface of generated requests to the runtime.

use std::borrow::Cow;

use crate::multipart::Form;
use crate::percent::{keep, percent_encode};
use crate::upload::Upload;
use crate::{Client, Encode, Extra, File, JsonWriter, Multipart, Operation, RawResponse, Result, Violations};

/// The rules of a request.
pub trait Rules {
    /// Collects all violations, of which there are none without rules. A valid request causes no allocation.
    fn check_rules(&self, out: &mut Violations) {
        let _ = out;
    }
}

/// A request that generated code can check and write.
pub trait Request: Rules + Send + 'static {
    /// The result of sending it: `Response<T>` or `Task<T>`.
    type Reply: 'static;

    /// The operation it belongs to.
    fn operation(&self) -> &'static Operation;

    /// Collects all violations.
    #[inline]
    fn check(&self, out: &mut Violations) {
        self.check_rules(out);
    }

    /// Writes path, query, headers and body.
    fn write(&self, out: &mut RequestParts);

    /// Reads a response with a success status, with one of the functions of [`reply`](crate::reply).
    ///
    /// # Errors
    /// Fails if the response is not what the API promises.
    fn reply(raw: RawResponse, client: &Client) -> Result<Self::Reply>;
}

/// Adds fields that the spec does not declare to a written request. Only programs that add some have this code.
pub(crate) type PutExtra = fn(&Extra, &mut RequestParts, bool) -> std::result::Result<(), &'static str>;

/// The pieces of an HTTP request while it is written.
#[derive(Debug, Default)]
pub struct RequestParts {
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: Vec<(Cow<'static, str>, String)>,
    pub(crate) body: JsonWriter,
    /// A multipart body instead of JSON.
    pub(crate) multipart: Option<Box<dyn Form>>,
    /// A file instead of JSON.
    pub(crate) file: Option<Box<dyn Upload>>,
    /// Text instead of JSON.
    pub(crate) text: Option<String>,
    /// The fields of a form in place of JSON, encoded.
    pub(crate) form: Option<String>,
    /// A number outside of the body cannot be written.
    pub(crate) lost_a_number: bool,
    /// An item of a list holds the separator of the list.
    pub(crate) unseparable: bool,
    /// What adds credentials to the body, where an operation takes them there.
    pub(crate) put_keys: Option<PutExtra>,
    /// An empty value in the path would name another resource.
    pub(crate) empty_path_value: bool,
    /// Whether nothing is read from the response, so that its body may be empty.
    pub(crate) expects_nothing: bool,
}

impl RequestParts {
    /// Adds literal text of the path.
    pub fn path(&mut self, text: &str) {
        self.path.push_str(text);
    }

    /// Adds a parameter of the path, percent-encoded: one segment, whatever it contains.
    /// Sending fails when it is empty, `.` or `..`, which would name another path.
    pub fn path_value(&mut self, value: &str) {
        self.empty_path_value |= value.is_empty();
        percent_encode(&mut self.path, value);
    }

    /// Adds a query parameter.
    pub fn query(&mut self, name: &str, value: &str) {
        if !self.query.is_empty() {
            self.query.push('&');
        }
        encode_name(&mut self.query, name);
        self.query.push('=');
        percent_encode(&mut self.query, value);
    }

    /// The body takes credentials.
    #[doc(hidden)]
    pub fn takes_keys(&mut self, put: fn(&Extra, &mut Self, bool) -> std::result::Result<(), &'static str>) {
        self.put_keys = Some(put);
    }

    /// Adds a header.
    pub fn header(&mut self, name: &'static str, value: impl Into<String>) {
        self.headers.push((name.into(), value.into()));
    }

    /// Whether the request says that its body is of this media type.
    #[doc(hidden)]
    #[must_use]
    pub fn is_chosen(&self, media_type: &str) -> bool {
        self.headers.iter().any(|(name, value)| name == "content-type" && value == media_type)
    }

    /// The body: one JSON value.
    pub fn body(&mut self) -> &mut JsonWriter {
        // Enough for most bodies, so that the buffer rarely grows.
        self.body.reserve(512);
        &mut self.body
    }

    /// The body: this value, or nothing if it is absent.
    pub fn whole_body<T: Encode>(&mut self, value: &Option<T>) {
        if let Some(value) = value {
            value.encode(self.body());
        }
    }

    /// The body: a line of JSON for each item, or nothing if the list is absent.
    pub fn lines_body<T: Encode>(&mut self, items: &Option<Vec<T>>) {
        for item in items.iter().flatten() {
            item.encode(self.body());
            self.body().end_line();
        }
    }

    /// The body: this file, or nothing if it is absent.
    pub fn file_body(&mut self, file: &Option<File>) {
        self.file = file.as_ref().map(|it| Box::new(it.clone()) as Box<dyn Upload>);
    }

    /// The body: this text, or nothing if it is absent.
    pub fn text_body(&mut self, text: &Option<String>) {
        self.text.clone_from(text);
    }

    /// The body: fields of a form in place of JSON. It is one even if no field follows.
    pub fn form(&mut self) -> &mut Self {
        self.form.get_or_insert_default();
        self
    }

    /// Adds a field of a form.
    pub(crate) fn form_text(&mut self, name: &str, value: &str) {
        let form = self.form.get_or_insert_default();
        if !form.is_empty() {
            form.push('&');
        }
        encode_name(form, name);
        form.push('=');
        percent_encode(form, value);
    }

    /// The body: texts and files instead of JSON.
    pub fn multipart(&mut self) -> &mut Multipart {
        self.multipart.get_or_insert_with(|| Box::new(Multipart::default())).form()
    }

    /// The body: parts without names, in their order.
    #[doc(hidden)]
    pub fn related(&mut self) -> &mut Multipart {
        let form = self.multipart();
        form.is_related = true;
        form
    }
}

/// Whether a segment of the path is `.` or `..`. Encoding does not help, because programs that parse URLs like browsers
/// treat `%2E` as a dot.
pub(crate) fn has_dot_segment(path: &str) -> bool {
    path.split('/').any(|it| matches!(it, "." | ".." | "%2E" | "%2E%2E" | ".%2E" | "%2E."))
}

/// What the name of a parameter may hold as it is: `$filter`, `ids[]`.
const NAME: &[char] = &['/', '?', ':', '@', '!', '$', '\'', '(', ')', '*', ',', ';', '[', ']'];

/// Adds the name of a parameter of a query or a form.
pub(crate) fn encode_name(out: &mut String, name: &str) {
    keep(out, name, NAME);
}
