//! A document as typed data, read tolerantly: what is wrong is a finding, and has a reading that makes sense.
//!
//! Versions 3.0, 3.1 and 3.2 become the same data. Schemas are in one list, in which references are ids, so that
//! schemas that contain themselves are plain data too.

mod document;
mod operation;
mod reader;
mod schema;
mod security;

pub use document::read;
pub(crate) use operation::METHODS;
pub(crate) use reader::blank;
pub(crate) use schema::shown;

use serde_json::{Number, Value};

use crate::finding::Place;

/// The document.
#[derive(Debug, Default)]
pub struct Document {
    /// `info.title`
    pub title: String,
    /// `info.description`
    pub description: String,
    /// `info.version`
    pub version: String,
    /// `externalDocs.url`
    pub docs_url: Option<String>,
    pub servers: Vec<Server>,
    pub tags: Vec<Tag>,
    pub operations: Vec<Operation>,
    /// Extensions at the top, with their places.
    pub extensions: Vec<(String, Place)>,
    /// `x-fern-idempotency-headers`
    pub idempotency_header: Option<String>,
    pub security: Vec<Requirement>,
    pub schemes: Vec<(String, Scheme)>,
    pub schemas: Schemas,
    /// Webhooks and callbacks, which are told of.
    pub webhooks: Vec<(String, Place)>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Server {
    pub place: Place,
    pub url: String,
    pub description: String,
    pub variables: Vec<Variable>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    pub name: String,
    pub description: String,
    pub default: Option<String>,
    pub values: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct Tag {
    pub name: String,
    pub description: String,
}

/// Schemes that are needed together.
pub type Requirement = Vec<(String, Vec<String>, Place)>;

#[derive(Clone, Debug)]
pub struct Scheme {
    pub place: Place,
    pub description: String,
    pub kind: SchemeKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemeKind {
    Header(String),
    Query(String),
    Cookie(String),
    Bearer,
    Basic,
    OAuth2(Vec<Flow>),
    OpenId,
    /// Anything else, by its name.
    Other(String),
}

/// How a client gets an access token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// `clientCredentials`, `authorizationCode`, …
    pub kind: String,
    pub token_url: Option<String>,
    pub authorization_url: Option<String>,
    /// Names, and words for them.
    pub scopes: Vec<(String, String)>,
}

#[derive(Clone, Debug)]
pub struct Operation {
    pub place: Place,
    /// Lower case.
    pub method: String,
    pub path: String,
    pub id: Option<String>,
    pub summary: String,
    pub description: String,
    pub tags: Vec<String>,
    /// The words for it, perhaps none.
    pub deprecated: Option<String>,
    pub parameters: Vec<Parameter>,
    pub body: Option<Body>,
    pub responses: Vec<Response>,
    pub security: Option<Vec<Requirement>>,
    /// Of the operation, or of its path.
    pub servers: Vec<Server>,
    /// `x-…`
    pub extensions: Vec<(String, Value)>,
    pub callbacks: Vec<Place>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Location {
    Path,
    Query,
    Header,
    Cookie,
    /// `in: querystring` of 3.2: the whole query.
    QueryString,
}

#[derive(Clone, Debug)]
pub struct Parameter {
    pub place: Place,
    /// Its name under `components/parameters`.
    pub component: Option<String>,
    /// What clients call it: `x-ms-client-name`.
    pub client_name: Option<String>,
    pub name: String,
    pub location: Location,
    pub required: bool,
    /// The words for it, perhaps none.
    pub deprecated: Option<String>,
    pub description: String,
    pub style: Option<String>,
    pub explode: Option<bool>,
    /// What exports of this project say where `style` and `explode` cannot.
    pub own_style: Option<OwnStyle>,
    pub allow_reserved: bool,
    pub schema: Option<SchemaId>,
    /// The media type, if the value is described by `content`.
    pub media_type: Option<String>,
    pub examples: Vec<Value>,
}

#[derive(Clone, Debug)]
pub struct Body {
    pub place: Place,
    pub required: bool,
    pub description: String,
    pub content: Vec<Media>,
}

#[derive(Clone, Debug)]
pub struct Media {
    pub place: Place,
    /// In lower case, without parameters.
    pub media_type: String,
    pub schema: Option<SchemaId>,
    pub encoding: Vec<(String, PartEncoding)>,
    pub examples: Vec<(String, Value)>,
}

#[derive(Clone, Debug, Default)]
pub struct PartEncoding {
    pub content_type: Option<String>,
    pub style: Option<String>,
    pub explode: Option<bool>,
    /// As of a parameter.
    pub own_style: Option<OwnStyle>,
}

/// `x-specwright-style`: the words of the spec language for lists and for objects.
#[derive(Clone, Debug)]
pub struct OwnStyle {
    pub lists: Option<String>,
    pub objects: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Response {
    pub place: Place,
    /// Its name under `components/responses`.
    pub component: Option<String>,
    pub status: Status,
    pub description: String,
    pub content: Vec<Media>,
    pub headers: Vec<Header>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    Code(u16),
    /// `4XX` is 4.
    Range(u16),
    Default,
}

#[derive(Clone, Debug)]
pub struct Header {
    pub place: Place,
    pub name: String,
    pub required: bool,
    /// The words for it, perhaps none.
    pub deprecated: Option<String>,
    pub description: String,
    pub schema: Option<SchemaId>,
}

/// A schema in [`Schemas`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SchemaId(pub u32);

/// All schemas of a document.
#[derive(Debug, Default)]
pub struct Schemas(pub(crate) Vec<Schema>);

impl Schemas {
    /// The schema of an id.
    pub fn get(&self, id: SchemaId) -> &Schema {
        &self.0[id.0 as usize]
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum JsonType {
    String,
    Integer,
    Number,
    Boolean,
    Array,
    Object,
}

impl JsonType {
    pub(crate) fn describe(self) -> &'static str {
        match self {
            Self::String => "text",
            Self::Integer => "an integer",
            Self::Number => "a number",
            Self::Boolean => "a truth value",
            Self::Array => "an array",
            Self::Object => "an object",
        }
    }
}

/// What `additionalProperties` says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Additional {
    #[default]
    Unsaid,
    Allowed,
    Denied,
    Of(SchemaId),
}

#[derive(Clone, Debug, Default)]
pub struct Discriminator {
    pub property: String,
    /// Values, and the schemas they stand for.
    pub mapping: Vec<(String, Option<SchemaId>)>,
}

/// A schema with its keywords; `None` and empty are "not said".
#[derive(Clone, Debug)]
pub struct Schema {
    pub place: Place,
    /// Its name under `components/schemas`, or of its file.
    pub name: Option<String>,
    /// Where `$ref` leads. Other keywords may stand beside it.
    pub reference: Option<SchemaId>,
    /// A `$ref` that leads nowhere.
    pub dangling: bool,
    /// `false`: no value.
    pub nothing: bool,
    pub types: Vec<JsonType>,
    pub nullable: bool,
    pub format: Option<String>,
    pub title: Option<String>,
    /// What clients call it: `x-ms-client-name`.
    pub client_name: Option<String>,
    /// What it is to the pages of a list: `x-stainless-pagination-property`.
    pub page_part: Option<String>,
    pub description: String,
    pub values: Option<Vec<Value>>,
    pub constant: Option<Value>,
    pub default: Option<Value>,
    pub examples: Vec<Value>,
    /// The words for it, perhaps none.
    pub deprecated: Option<String>,
    pub read_only: bool,
    pub write_only: bool,
    pub limits: Limits,
    pub items: Option<SchemaId>,
    pub prefix_items: Vec<SchemaId>,
    pub properties: Vec<(String, SchemaId)>,
    pub required: Vec<String>,
    pub additional: Additional,
    /// `propertyNames`
    pub property_names: Option<SchemaId>,
    /// `patternProperties`
    pub pattern_properties: Vec<(String, SchemaId)>,
    /// `dependentRequired`
    pub dependent_required: Vec<(String, Vec<String>)>,
    /// `not`, where it is a schema.
    pub not: Option<SchemaId>,
    pub all_of: Vec<SchemaId>,
    pub one_of: Vec<SchemaId>,
    pub any_of: Vec<SchemaId>,
    pub discriminator: Option<Discriminator>,
    pub content_encoding: Option<String>,
    pub content_media_type: Option<String>,
    /// Keywords that limit values and have no reading here, such as `not` and `if`.
    pub unread: Vec<(&'static str, Place)>,
    /// Words for the values of an enum: `x-enum-descriptions`, `x-enumDescriptions`.
    pub value_docs: Vec<(String, String)>,
    /// Names for the values of an enum: `x-enum-varnames`, `x-ms-enum`.
    pub value_names: Vec<(String, String)>,
    /// `x-extensible-enum`
    pub open_enum: bool,
    pub xml: Option<Xml>,
}

/// How a schema is written in XML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Xml {
    pub name: Option<String>,
    pub namespace: Option<String>,
    pub prefix: Option<String>,
    pub attribute: bool,
    pub wrapped: bool,
    /// It is the text of the element around it: `nodeType: text` of 3.2, or `x-ms-text`.
    pub text: bool,
}

/// Limits of values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Limits {
    pub minimum: Option<Number>,
    pub maximum: Option<Number>,
    pub exclusive_minimum: Option<Number>,
    pub exclusive_maximum: Option<Number>,
    pub multiple_of: Option<Number>,
    pub min_length: Option<u64>,
    pub max_length: Option<u64>,
    pub pattern: Option<String>,
    pub min_items: Option<u64>,
    pub max_items: Option<u64>,
    pub unique_items: bool,
    pub min_properties: Option<u64>,
    pub max_properties: Option<u64>,
}
