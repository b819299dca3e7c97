//! An operation: how it is sent, its parameters, its variants, and what it brings.

use super::{
    Api, Auth, Condition, Constraint, Example, FailureCondition, Field, FieldIx, Location, Method, Origin, Pages,
    Record, ResourceId, StatusMeaning, Stream, Task, Type, TypeId, XmlObject,
};
use crate::source::Span;

/// One piece of a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PathPart {
    /// Text as it stands, slashes included.
    Literal(String),
    /// A path parameter: index in [`Operation::parameters`].
    Parameter(FieldIx),
}

/// How the body is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// `application/json`
    Json,
    /// `application/xml`: JSON in the form of XML.
    Xml,
    /// `application/x-ndjson`: each item of a list is a line of JSON.
    Lines,
    /// `multipart/form-data`
    Multipart,
    /// `multipart/related`: parts without names, in the order of the parameters.
    Related,
    /// `application/x-www-form-urlencoded`
    Form,
    /// The bytes of a file as they are.
    Binary,
    /// Text as it is.
    Text,
}

impl Encoding {
    /// The media type, where the encoding alone says it.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Xml => "application/xml",
            Self::Lines => "application/x-ndjson",
            Self::Multipart => "multipart/form-data",
            Self::Related => "multipart/related",
            Self::Form => "application/x-www-form-urlencoded",
            Self::Binary => "application/octet-stream",
            Self::Text => "text/plain",
        }
    }

    /// Whether each parameter is a part of its own.
    #[must_use]
    pub fn has_parts(self) -> bool {
        matches!(self, Self::Multipart | Self::Related)
    }
}

/// What a body can be.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ContentType {
    /// `image/png`; `image/*` for all images.
    pub media_type: String,
    /// How the body is written then.
    pub encoding: Encoding,
}

/// A parameter that is always sent, and always the same.
fn constant(field: &Field) -> Option<(&Field, &serde_json::Value)> {
    let clauses = field.clauses.iter().filter(|it| it.when == Condition::Always);
    let mut values = clauses.filter_map(|it| match &it.constraint {
        Constraint::Const(value) => Some(value),
        _ => None,
    });
    values.next().filter(|_| field.always_required()).map(|value| (field, value))
}

/// A media type without its parameters: `text/csv` of `text/csv; charset=utf-8`.
#[must_use]
pub fn without_parameters(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}

/// Whether a media type is one of JSON: `application/json`, `application/problem+json`, `application/x-amz-json-1.1`.
#[must_use]
pub fn is_json(media_type: &str) -> bool {
    let Some((_, subtype)) = without_parameters(media_type).split_once('/') else { return false };
    let has_version = || {
        let (name, version) = subtype.rsplit_once('-')?;
        let is_version = version.bytes().all(|it| it.is_ascii_digit() || it == b'.') && !version.is_empty();
        Some(is_version && name.ends_with("-json"))
    };
    subtype == "json" || subtype.ends_with("+json") || has_version().unwrap_or(false)
}

/// Whether a media type is one of XML: `application/xml`, `text/xml`, `application/atom+xml`.
#[must_use]
pub fn is_xml(media_type: &str) -> bool {
    let Some((_, subtype)) = without_parameters(media_type).split_once('/') else { return false };
    let subtype = subtype.to_ascii_lowercase();
    subtype == "xml" || subtype.ends_with("+xml")
}

/// Whether a media type is one of lines of JSON, under one of the names that APIs give it.
#[must_use]
pub fn is_json_lines(media_type: &str) -> bool {
    let Some((_, subtype)) = without_parameters(media_type).split_once('/') else { return false };
    let subtype = subtype.strip_prefix("x-").unwrap_or(subtype);
    matches!(subtype, "ndjson" | "jsonl" | "jsonlines" | "json-lines") || subtype.ends_with("+ndjson")
}

impl ContentType {
    /// Whether a header `Content-Type` says this one, whatever its parameters are.
    #[must_use]
    pub fn matches(&self, header: &str) -> bool {
        let sent = without_parameters(header);
        match self.media_type.strip_suffix('*') {
            Some("*/") => sent.contains('/'),
            Some(start) => sent.get(..start.len()).is_some_and(|it| it.eq_ignore_ascii_case(start)),
            None => sent.eq_ignore_ascii_case(without_parameters(&self.media_type)),
        }
    }

    /// Whether it stands for several.
    #[must_use]
    pub fn is_range(&self) -> bool {
        self.media_type.ends_with('*')
    }
}

/// One thing the API can be asked to do.
#[derive(Clone, Debug, Hash)]
pub struct Operation {
    /// Its resource.
    pub resource: ResourceId,
    /// Snake case, unique in the resource.
    pub name: String,
    /// The method.
    pub method: Method,
    /// Path below the server's URL, in pieces.
    pub path: Vec<PathPart>,
    /// Index in [`Api::servers`].
    pub server: usize,
    /// One line.
    pub summary: String,
    /// More.
    pub doc: String,
    /// Origin, doubts, certainty.
    pub origin: Origin,
    /// Named by the document but not described in full.
    pub partly_documented: bool,
    /// Alternatives of credentials that are sent together. Empty: none is sent; an empty alternative: none is needed.
    pub auth: Vec<Vec<Auth>>,
    /// Costs money or quota: never repeated when the server may have taken it.
    pub billed: bool,
    /// Header of the key by which the server knows a request that is sent again, as documented.
    pub idempotency: Option<String>,
    /// Media types of JSON or XML that its responses have, with their parameters; empty: `application/json`.
    pub accept: Vec<String>,
    /// What to use instead.
    pub deprecated: Option<String>,
    /// How the body is written, unless the caller chooses another of its content types.
    pub encoding: Encoding,
    /// What the body can be; never empty, and the first is the default.
    pub content_types: Vec<ContentType>,
    /// All parameters of all places, and the rules over them. `open` says whether unknown body parameters pass.
    pub parameters: Record,
    /// Whether a JSON body is sent at all.
    pub has_body: bool,
    /// Typed builders. Empty: one builder for everything.
    pub variants: Vec<Variant>,
    /// What comes back.
    pub output: Output,
    /// How its response is written in XML.
    pub response_xml: Option<Box<XmlObject>>,
    /// A record: the headers of responses.
    pub response_headers: Option<TypeId>,
    /// Status of success.
    pub success: u16,
    /// Server-sent events.
    pub stream: Option<Stream>,
    /// How one page of a list leads to the next.
    pub pages: Option<Pages>,
    /// Indexes in [`Api::rate_limits`]: the limits that a call counts against.
    pub rate_limits: Vec<usize>,
    /// When an answer of success is an error.
    pub failure: Option<FailureCondition>,
    /// The type of an error's body, in place of that of the API.
    pub error_type: Option<Type>,
    /// Statuses that mean something particular here.
    pub statuses: Vec<StatusMeaning>,
    /// Requests and answers.
    pub examples: Vec<Example>,
    /// Rust name set by the spec.
    pub rust_name: Option<String>,
    /// Where it is named.
    pub span: Span,
}

/// One typed builder: the operation under a condition.
#[derive(Clone, Debug, Hash)]
pub struct Variant {
    /// Snake case where written by hand; the enum value where made by `variants: model`.
    pub name: String,
    /// What it is for.
    pub doc: String,
    /// When a request belongs to it.
    pub when: Condition,
    /// Rust name set by the spec.
    pub rust_name: Option<String>,
    /// Where it is written.
    pub span: Span,
}

/// What a success brings.
#[derive(Clone, Debug, Hash)]
pub enum Output {
    /// No body (204).
    Empty,
    /// A JSON value; `wrapper` is the object key it sits under, if any.
    Json {
        /// Its type.
        ty: Type,
        /// `{"guardrails": [...]}`: `guardrails`.
        wrapper: Option<String>,
        /// The answer may be plain text, which is the value of this field.
        plain_text: Option<String>,
        /// The answer may be `null`.
        nullable: bool,
    },
    /// A JSON value or none, by the status. Never empty, no status twice, and at least one has a value.
    ByStatus(Vec<StatusAnswer>),
    /// Text, with its media types.
    Text {
        /// `text/plain`, …
        media_types: Vec<String>,
    },
    /// Where a redirect leads.
    Redirect,
    /// Bytes, with their media types.
    Binary {
        /// `audio/mpeg`, …
        media_types: Vec<String>,
    },
    /// An asynchronous task.
    Task(Box<Task>),
}

/// What a status of success is called, in Pascal case: `Created`, `NoContent`.
#[must_use]
pub fn status_name(status: u16) -> String {
    let name = match status {
        200 => "Ok",
        201 => "Created",
        202 => "Accepted",
        203 => "NonAuthoritative",
        204 => "NoContent",
        205 => "ResetContent",
        206 => "PartialContent",
        207 => "MultiStatus",
        208 => "AlreadyReported",
        226 => "ImUsed",
        304 => "NotModified",
        308 => "ResumeIncomplete",
        other => return format!("Status{other}"),
    };
    name.to_owned()
}

/// The answer with one status.
#[derive(Clone, Debug, Hash)]
pub struct StatusAnswer {
    /// A status of success, 304 or 308.
    pub status: u16,
    /// The type of its body; `None`: it has none. That of text is a string, and that of bytes a file.
    pub ty: Option<Type>,
    /// What its body is.
    pub form: StatusForm,
}

/// What the body of one of several answers is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum StatusForm {
    /// JSON, or nothing.
    #[default]
    Json,
    /// JSON under one key of an object.
    Wrapped(String),
    /// Text of these media types.
    Text(Vec<String>),
    /// Bytes of these media types.
    Binary(Vec<String>),
}

impl StatusForm {
    /// The key that the value is under.
    #[must_use]
    pub fn wrapper(&self) -> Option<&str> {
        match self {
            Self::Wrapped(key) => Some(key),
            Self::Json | Self::Text(_) | Self::Binary(_) => None,
        }
    }

    /// Whether it is JSON, wherever its value is.
    #[must_use]
    pub fn is_json(&self) -> bool {
        matches!(self, Self::Json | Self::Wrapped(_))
    }

    /// The media types of what is no JSON.
    #[must_use]
    pub fn media_types(&self) -> &[String] {
        match self {
            Self::Text(all) | Self::Binary(all) => all,
            Self::Json | Self::Wrapped(_) => &[],
        }
    }
}

impl Output {
    /// The type of a page of a list, and the key that it is under. By status, all bodies are pages of one type; a status
    /// without a body is a page that has not changed.
    #[must_use]
    pub fn page(&self) -> Option<(&Type, Option<&str>)> {
        match self {
            Self::Json { ty, wrapper, plain_text: None, .. } => Some((ty, wrapper.as_deref())),
            Self::ByStatus(all) if all.iter().all(|it| it.form == StatusForm::Json) => {
                let mut types = all.iter().filter_map(|it| it.ty.as_ref());
                let first = types.next()?;
                types.all(|it| it == first).then_some((first, None))
            }
            _ => None,
        }
    }

    /// The types of the JSON that a call brings, each as often as it is written.
    #[must_use]
    pub fn types(&self) -> Vec<&Type> {
        match self {
            Self::Json { ty, .. } => vec![ty],
            Self::ByStatus(answers) => {
                answers.iter().filter(|it| it.form.is_json()).filter_map(|it| it.ty.as_ref()).collect()
            }
            Self::Empty | Self::Binary { .. } | Self::Text { .. } | Self::Redirect | Self::Task(_) => Vec::new(),
        }
    }
}

impl Operation {
    /// The types of errors' bodies that this operation names itself.
    pub fn error_types(&self) -> impl Iterator<Item = &Type> {
        self.error_type.iter().chain(self.statuses.iter().filter_map(|it| it.ty.as_ref()))
    }

    /// `seedance.text_to_video`: how messages name it.
    #[must_use]
    pub fn full_name(&self, api: &Api) -> String {
        format!("{}.{}", api.resource(self.resource).name, self.name)
    }

    /// Whether it can be repeated although the server may have acted on it.
    #[must_use]
    pub fn is_idempotent(&self) -> bool {
        !self.billed && self.method.is_idempotent()
    }

    /// Whether the body is JSON of the usual media type, which other kinds of JSON stand for as well.
    #[must_use]
    pub fn is_plain_json(&self) -> bool {
        matches!(&*self.content_types, [only] if only.media_type == Encoding::Json.media_type())
    }

    /// What the header `Content-Type` of a request means, if the operation takes it.
    #[must_use]
    pub fn content_type(&self, header: &str) -> Option<&ContentType> {
        let kind = without_parameters(header).to_ascii_lowercase();
        let is_json = || self.is_plain_json() && kind.starts_with("application/") && kind.ends_with("+json");
        let all = || self.content_types.iter();
        // Several may differ in their parameters alone.
        let exact = all().find(|it| it.media_type == header);
        exact.or_else(|| all().find(|it| it.matches(header))).or_else(|| all().next().filter(|_| is_json()))
    }

    /// How the body of a request with these parameters is written, given by name.
    #[must_use]
    pub fn chosen_encoding(&self, parameters: &serde_json::Value) -> Encoding {
        let chosen = parameters.get("Content-Type").and_then(serde_json::Value::as_str);
        let known = self.content_types.iter().find(|it| chosen == Some(it.media_type.as_str()));
        known.map_or(self.encoding, |it| it.encoding)
    }

    /// The parameter that is the whole body, if the body is one value.
    #[must_use]
    pub fn whole_body(&self) -> Option<(FieldIx, &Field)> {
        let mut fields = self.parameters.fields.iter().enumerate();
        let (ix, field) = fields.find(|(_, it)| it.location == Location::WholeBody)?;
        Some((FieldIx(ix as u32), field))
    }

    /// Where the body goes: as a whole, or in parts.
    #[must_use]
    pub fn body_location(&self) -> Location {
        if self.whole_body().is_some() { Location::WholeBody } else { Location::Body }
    }

    fn outside(&self) -> impl Iterator<Item = &Field> {
        self.parameters.fields.iter().filter(|it| matches!(it.location, Location::Query | Location::Header))
    }

    /// The parameters of the query and the headers that callers always send as one text.
    pub fn always_sent(&self) -> impl Iterator<Item = &Field> {
        self.outside().filter(|it| it.must_be_sent() && it.ty.is_plain_scalar())
    }

    /// The parameters of the query and the headers that are always sent, and always the same.
    pub fn constants(&self) -> impl Iterator<Item = (&Field, &serde_json::Value)> {
        self.outside().filter_map(constant)
    }

    /// The fields of the body that are always sent, and always the same: the `method` of JSON-RPC.
    pub fn constants_of_body(&self) -> impl Iterator<Item = (&Field, &serde_json::Value)> {
        self.parameters.fields.iter().filter(|it| it.location == Location::Body).filter_map(constant)
    }

    /// The media types of its responses, as a request asks for them. Where no response has a body, those of errors if the
    /// spec names them.
    #[must_use]
    pub fn response_types(&self) -> Vec<&str> {
        if let Some(stream) = self.stream.as_ref().filter(|it| it.when == Condition::Always) {
            return vec![stream.media_type()];
        }
        let (json, others): (bool, Vec<&String>) = match &self.output {
            Output::Empty | Output::Redirect => (!self.accept.is_empty(), Vec::new()),
            Output::Binary { media_types } | Output::Text { media_types } => (false, media_types.iter().collect()),
            Output::Json { .. } | Output::Task(_) => (true, Vec::new()),
            Output::ByStatus(answers) => (
                answers.iter().any(|it| it.ty.is_some() && it.form.is_json()),
                answers.iter().flat_map(|it| it.form.media_types()).collect(),
            ),
        };
        self.json_types().filter(|_| json).chain(others.into_iter().map(String::as_str)).collect()
    }

    /// Whether what it responds in JSON may be XML.
    #[must_use]
    pub fn has_xml(&self) -> bool {
        self.accept.iter().any(|it| is_xml(it))
    }

    /// The media types of what it responds in JSON.
    pub fn json_types(&self) -> impl Iterator<Item = &str> {
        let plain = self.accept.is_empty().then_some(Encoding::Json.media_type());
        plain.into_iter().chain(self.accept.iter().map(String::as_str))
    }

    /// Whether some of its responses, by their statuses, are text or bytes.
    #[must_use]
    pub fn has_text_by_status(&self) -> bool {
        matches!(&self.output, Output::ByStatus(answers) if answers.iter().any(|it| !it.form.is_json()))
    }

    /// `/api/text/{model_id}`.
    #[must_use]
    pub fn path_template(&self) -> String {
        let mut text = String::new();
        for part in &self.path {
            match part {
                PathPart::Literal(literal) => text.push_str(literal),
                PathPart::Parameter(ix) => {
                    text.push('{');
                    text.push_str(self.parameters.field(*ix).sent_name());
                    text.push('}');
                }
            }
        }
        text
    }
}
