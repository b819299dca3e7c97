//! Writes the parameters of a call into a request, each in its place and its style.

use std::sync::Arc;

use serde_json::{Map, Value};
use specwright_codegen::model::{Encoding, Field, Location, Operation, PartForm, PathPart, Style, Type};
use specwright_codegen::serialize;
use specwright_runtime as rt;
use specwright_runtime::{File, Multipart, RawResponse, RequestParts, UploadProgress};

use crate::arguments::{Content, FileSource, Parameters};
use crate::described;
use crate::parts;
use crate::style::style;

/// A request of any operation.
#[derive(Clone, Debug)]
pub(crate) struct CallRequest {
    of: &'static rt::Operation,
    pieces: Arc<[Piece]>,
}

/// A part of a request.
#[derive(Clone, Debug)]
pub(crate) enum Piece {
    Path(String),
    PathValue {
        value: Value,
        style: rt::Style,
        keeps_slashes: bool,
    },
    Query {
        name: String,
        value: Value,
        style: rt::Style,
    },
    Header {
        name: &'static str,
        value: Value,
        style: Option<rt::Style>,
    },
    Cookie {
        name: &'static str,
        value: Value,
        style: rt::Style,
    },
    /// The body as JSON.
    Json(Value),
    Form(Vec<(String, Value, rt::Style)>),
    /// Its parts, and whether they have no names.
    Multipart(Vec<(&'static str, Part)>, bool),
    File(FileSource, File),
    Text(String),
}

/// A part of a multipart body.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    Texts(Vec<String>, Option<&'static str>),
    /// A value with a style, and the texts that it becomes.
    Styled(Value, rt::Style, Vec<(String, String)>),
    Json(Value, &'static str),
    Files(Vec<(FileSource, File)>, Option<&'static str>),
}

impl CallRequest {
    /// # Errors
    /// Fails if a file is gone.
    pub(crate) fn new(op: &Operation, of: &'static rt::Operation, parameters: &Parameters) -> Result<Self, String> {
        Ok(Self { of, pieces: pieces(op, parameters)?.into() })
    }

    /// The body, in the form in which it was given.
    pub(crate) fn body(&self) -> Option<&Piece> {
        let is_body = |it: &&Piece| {
            matches!(it, Piece::Json(_) | Piece::Form(_) | Piece::Multipart(..) | Piece::File(..) | Piece::Text(_))
        };
        self.pieces.iter().find(is_body)
    }

    /// The same request without the parts of a multipart body, if it has one: what is in the body then is of credentials.
    pub(crate) fn without_parts(&self) -> Option<Self> {
        self.body().filter(|it| matches!(it, Piece::Multipart(..)))?;
        let pieces = self.pieces.iter().map(|it| match it {
            Piece::Multipart(_, is_related) => Piece::Multipart(Vec::new(), *is_related),
            other => other.clone(),
        });
        Some(Self { of: self.of, pieces: pieces.collect() })
    }

    /// The same request, whose files tell how far they are sent.
    pub(crate) fn watched<W>(self, watch: impl Fn(&FileSource) -> Option<W>) -> Self
    where
        W: Fn(UploadProgress) + Send + Sync + 'static,
    {
        let watched = |(source, file): &(FileSource, File)| {
            let file = file.clone();
            let file = match watch(source) {
                Some(watch) => file.with_progress(watch),
                None => file,
            };
            (source.clone(), file)
        };
        let pieces = self.pieces.iter().map(|piece| match piece {
            Piece::File(source, file) => {
                let (source, file) = watched(&(source.clone(), file.clone()));
                Piece::File(source, file)
            }
            Piece::Multipart(parts, is_related) => {
                let part = |(name, part): &(&'static str, Part)| match part {
                    Part::Files(files, kind) => (*name, Part::Files(files.iter().map(watched).collect(), *kind)),
                    other => (*name, other.clone()),
                };
                Piece::Multipart(parts.iter().map(part).collect(), *is_related)
            }
            other => other.clone(),
        });
        Self { of: self.of, pieces: pieces.collect() }
    }

    /// A request of nothing but a path.
    pub(crate) fn of_path(of: &'static rt::Operation, pieces: Vec<Piece>) -> Self {
        Self { of, pieces: pieces.into() }
    }
}

/// The interpreter has judged it.
impl rt::Rules for CallRequest {}

impl rt::Request for CallRequest {
    type Reply = RawResponse;

    fn operation(&self) -> &'static rt::Operation {
        self.of
    }

    fn write(&self, out: &mut RequestParts) {
        out.takes_keys(rt::put_extra);
        self.pieces.iter().for_each(|it| it.write(out));
    }

    fn reply(raw: RawResponse, _: &rt::Client) -> rt::Result<RawResponse> {
        Ok(raw)
    }
}

impl Piece {
    fn write(&self, out: &mut RequestParts) {
        match self {
            Self::Path(text) => out.path(text),
            Self::PathValue { value: Value::String(text), keeps_slashes: true, .. } => {
                out.path_segments(&Some(text.clone()));
            }
            Self::PathValue { value, style, .. } => out.styled_path(&Some(value.clone()), *style),
            Self::Query { name, value, style } => out.styled_query(name, &Some(value.clone()), *style),
            Self::Header { name, value, style: Some(style) } => out.styled_header(name, &Some(value.clone()), *style),
            Self::Cookie { name, value, style } => out.styled_cookie(name, &Some(value.clone()), *style),
            // Without a style a comma is a comma.
            Self::Header { name, value, style: None } => texts(value).into_iter().for_each(|it| out.header(name, it)),
            Self::Json(value) => out.body().value(value),
            Self::Form(fields) => {
                let out = out.form();
                for (name, value, style) in fields {
                    out.styled_form(name, &Some(value.clone()), *style);
                }
            }
            Self::Multipart(parts, is_related) => {
                let form = if *is_related { out.related() } else { out.multipart() };
                parts.iter().for_each(|(name, part)| part.write(name, form));
            }
            Self::File(_, file) => out.file_body(&Some(file.clone())),
            Self::Text(text) => out.text_body(&Some(text.clone())),
        }
    }
}

impl Part {
    fn write(&self, name: &'static str, form: &mut Multipart) {
        match self {
            Self::Texts(texts, Some(kind)) => form.typed_part(name, texts, kind),
            Self::Texts(texts, None) => texts.iter().for_each(|it| form.text(name, it)),
            Self::Styled(value, style, _) => form.styled_part(name, &Some(value.clone()), *style),
            Self::Json(value, kind) => form.json_part(name, &Some(value.clone()), kind),
            Self::Files(files, Some(kind)) => {
                let files: Vec<File> = files.iter().map(|it| it.1.clone()).collect();
                form.typed_part(name, &files, kind);
            }
            Self::Files(files, None) => files.iter().for_each(|it| form.file(name, &it.1)),
        }
    }
}

fn pieces(op: &Operation, parameters: &Parameters) -> Result<Vec<Piece>, String> {
    let values = &parameters.values;
    let mut pieces = Vec::new();
    for part in &op.path {
        pieces.push(match part {
            PathPart::Literal(literal) => Piece::Path(literal.clone()),
            PathPart::Parameter(ix) => {
                let field = op.parameters.field(*ix);
                let value = values.get(&field.name).cloned().unwrap_or_default();
                Piece::PathValue { value, style: style(field.sent.style), keeps_slashes: field.sent.keeps_slashes }
            }
        });
    }
    for field in &op.parameters.fields {
        let Some(value) = values.get(&field.name).cloned() else { continue };
        let style_or_none = (field.sent.style != Style::PLAIN).then(|| style(field.sent.style));
        match field.location {
            Location::Query => {
                let name = field.sent_name().to_owned();
                pieces.push(Piece::Query { name, value, style: style(field.sent.style) });
            }
            Location::Header if field.header_prefix().is_some() => {
                for (name, text) in serialize::headers(field, &value) {
                    let name = described::text(&name.to_ascii_lowercase());
                    pieces.push(Piece::Header { name, value: text.into(), style: None });
                }
            }
            Location::Header => {
                let name = described::text(&field.sent_name().to_ascii_lowercase());
                pieces.push(Piece::Header { name, value, style: style_or_none });
            }
            Location::Cookie => {
                let name = described::text(field.sent_name());
                pieces.push(Piece::Cookie { name, value, style: style(field.sent.style) });
            }
            Location::Path | Location::Body | Location::WholeBody => {}
        }
    }
    if op.has_body {
        pieces.extend(body(op, parameters)?);
    } else {
        let plain = rt::Style::PLAIN;
        let unknown = parameters.unknown.iter().map(|(name, value)| (name.clone(), value.clone()));
        pieces.extend(unknown.map(|(name, value)| Piece::Query { name, value, style: plain }));
    }
    Ok(pieces)
}

fn body(op: &Operation, parameters: &Parameters) -> Result<Option<Piece>, String> {
    let values = &parameters.values;
    if let Some((_, field)) = op.whole_body() {
        let Some(value) = values.get(&field.name) else { return Ok(None) };
        return Ok(Some(match op.encoding {
            Encoding::Binary => match parameters.files.get(&field.name).and_then(|it| it.first()) {
                Some(source) => Piece::File(source.clone(), file(source)?),
                None => {
                    let source = FileSource::of_bytes(one_text(value).into_bytes());
                    let file = file(&source)?;
                    Piece::File(source, file)
                }
            },
            Encoding::Text => Piece::Text(one_text(value)),
            Encoding::Json
            | Encoding::Xml
            | Encoding::Lines
            | Encoding::Multipart
            | Encoding::Related
            | Encoding::Form => match chosen(op, values) {
                Encoding::Form => {
                    Piece::Form(vec![(field.sent_name().to_owned(), value.clone(), style(field.sent.style))])
                }
                Encoding::Multipart if field.sent.part == PartForm::Styled => {
                    let part = parts::of(field, value, &[])?;
                    Piece::Multipart(
                        part.into_iter().map(|it| (described::text(field.sent_name()), it)).collect(),
                        false,
                    )
                }
                Encoding::Multipart => Piece::Multipart(parts::of_object(value), false),
                Encoding::Lines => Piece::Text(serialize::json_lines(value)),
                Encoding::Json | Encoding::Xml | Encoding::Related | Encoding::Binary | Encoding::Text => {
                    Piece::Json(value.clone())
                }
            },
        }));
    }
    let fields = || op.parameters.fields.iter().filter(|it| it.location == Location::Body);
    let given = || fields().filter_map(|it| Some((it, values.get(&it.name)?)));
    let unknown = parameters.unknown.iter().map(|(name, value)| (name.clone(), value.clone()));
    Ok(Some(match chosen(op, values) {
        Encoding::Form => {
            let known =
                given().map(|(field, value)| (field.sent_name().to_owned(), value.clone(), style(field.sent.style)));
            Piece::Form(known.chain(unknown.map(|(name, value)| (name, value, rt::Style::PLAIN))).collect())
        }
        encoding @ (Encoding::Multipart | Encoding::Related) => {
            let mut all = Vec::new();
            for (field, value) in given() {
                if let (PartForm::Entries, Value::Object(entries)) = (field.sent.part, value) {
                    all.extend(parts::of_entries(field, entries, parameters)?);
                    continue;
                }
                let files = parameters.files.get(&field.name).map_or(&[][..], Vec::as_slice);
                let is_list = matches!(field.ty, Type::Array(_));
                for (index, part) in parts::of(field, value, files)?.into_iter().enumerate() {
                    let name = field.sent_name();
                    let name = if is_list { field.sent.item_name(name, index) } else { name.to_owned() };
                    all.push((described::text(&name), part));
                }
            }
            all.extend(unknown.map(|(name, value)| (described::text(&name), Part::Texts(texts(&value), None))));
            Piece::Multipart(all, encoding == Encoding::Related)
        }
        Encoding::Json | Encoding::Xml | Encoding::Lines | Encoding::Binary | Encoding::Text => {
            let known = given().map(|(field, value)| (field.sent_name().to_owned(), value.clone()));
            Piece::Json(Value::Object(known.chain(unknown).collect()))
        }
    }))
}

/// How the body is written with these parameters.
pub(crate) fn chosen(op: &Operation, values: &Map<String, Value>) -> Encoding {
    let kind = values.get("Content-Type").and_then(Value::as_str);
    kind.and_then(|it| op.content_type(it)).map_or(op.encoding, |it| it.encoding)
}

pub(crate) fn file(source: &FileSource) -> Result<File, String> {
    let file = match &source.content {
        Content::Path(path) => File::path(path).map_err(|it| format!("cannot read `{}`: {it}", path.display()))?,
        Content::Bytes(bytes) => File::bytes(bytes.clone()),
    };
    Ok(match &source.content_type {
        Some(kind) => file.with_content_type(kind.clone()),
        None => file,
    })
}

/// The texts of a value: one, or one of each item; none of what is `null`.
pub(crate) fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) => items.iter().filter(|it| !it.is_null()).map(one_text).collect(),
        other => vec![one_text(other)],
    }
}

pub(crate) fn one_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A list whose pages are followed: the same request with another page.
#[derive(Clone, Debug)]
pub(crate) struct PageRequest {
    pub(crate) request: CallRequest,
    pub(crate) spec: &'static rt::PageSpec,
    /// The parameter that selects the page, unless a URL does.
    pub(crate) selector: Option<Selector>,
}

/// The parameter that selects a page.
#[derive(Clone, Debug)]
pub(crate) struct Selector {
    pub(crate) name: String,
    pub(crate) location: Location,
    pub(crate) style: rt::Style,
    /// Whether its number tells which page it is.
    pub(crate) is_number: bool,
    /// Whether it takes a number.
    pub(crate) takes_number: bool,
    /// The names of the fields that lead to what selects the page, if that is inside of the parameter.
    pub(crate) inside: Vec<String>,
    /// All of the parameter.
    pub(crate) value: Option<Value>,
}

impl Selector {
    /// `None` without fields: a parameter, and those inside of it that lead to what selects a page.
    pub(crate) fn new(fields: &[&Field], is_number: bool, value: Option<Value>) -> Option<Self> {
        let (field, last) = (fields.first()?, fields.last()?);
        Some(Self {
            name: field.sent_name().to_owned(),
            location: field.location,
            style: style(field.sent.style),
            is_number,
            takes_number: last.ty.is_whole(),
            inside: fields.iter().skip(1).map(|it| it.name.clone()).collect(),
            value,
        })
    }

    fn select(&mut self, page: &Value) {
        let mut here = self.value.get_or_insert_default();
        for name in &self.inside {
            if !here.is_object() {
                *here = Value::Object(Map::new());
            }
            let Value::Object(fields) = here else { return };
            here = fields.entry(name).or_insert(Value::Null);
        }
        *here = page.clone();
    }

    fn selected(&self) -> Option<&Value> {
        self.inside.iter().try_fold(self.value.as_ref()?, |value, name| value.get(name))
    }
}

impl rt::Rules for PageRequest {}

impl rt::Request for PageRequest {
    type Reply = rt::Response<Value>;

    fn operation(&self) -> &'static rt::Operation {
        self.request.of
    }

    fn write(&self, out: &mut RequestParts) {
        out.takes_keys(rt::put_extra);
        let selector = self.selector.as_ref().and_then(|it| Some((it, it.value.as_ref()?)));
        for piece in self.request.pieces.iter() {
            match (piece, selector) {
                // The page of the caller is replaced.
                (Piece::Query { name, .. }, Some((it, _))) if it.location == Location::Query && *name == it.name => {}
                (Piece::Json(Value::Object(fields)), Some((it, page))) if it.location == Location::Body => {
                    let mut fields = fields.clone();
                    fields.insert(it.name.clone(), page.clone());
                    out.body().value(&Value::Object(fields));
                }
                (Piece::Form(fields), Some((it, page))) if it.location == Location::Body => {
                    let mut fields = fields.clone();
                    fields.retain(|(name, ..)| *name != it.name);
                    fields.push((it.name.clone(), page.clone(), it.style));
                    Piece::Form(fields).write(out);
                }
                (Piece::Json(_), Some((it, body))) if it.location == Location::WholeBody => out.body().value(body),
                (piece, _) => piece.write(out),
            }
        }
        if let Some((it, page)) = selector.filter(|(it, _)| it.location == Location::Query) {
            out.styled_query(&it.name, &Some(page.clone()), it.style);
        }
    }

    fn reply(raw: RawResponse, _: &rt::Client) -> rt::Result<Self::Reply> {
        let read = rt::reply::optional::<Value>(raw, &[])?;
        Ok(read.map(Option::unwrap_or_default))
    }
}

impl rt::Paged for PageRequest {
    type Page = Value;
    type Item = Value;

    /// Of no list: each request has its own.
    fn pages() -> &'static rt::PageSpec {
        static NONE: rt::PageSpec = rt::PageSpec { items: "", next: rt::NextPage::Offset(None), more: None };
        &NONE
    }

    fn page_spec(&self) -> &'static rt::PageSpec {
        self.spec
    }

    fn select(&mut self, page: &Value) -> Result<(), rt::DecodeError> {
        let fits = |it: &Selector| match page {
            Value::Number(_) => it.takes_number,
            Value::String(_) => !it.takes_number,
            _ => false,
        };
        match self.selector.as_mut().filter(|it| fits(it)) {
            Some(selector) => {
                selector.select(page);
                Ok(())
            }
            None => Err(rt::Reader::new(page).expected("what selects a page")),
        }
    }

    fn selected(&self) -> Option<i64> {
        self.selector.as_ref().filter(|it| it.is_number)?.selected()?.as_i64()
    }
}
