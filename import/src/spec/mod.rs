//! The spec files to write, as a small tree: what `print` writes and `plan` makes.

use serde_json::{Number, Value};

use crate::finding::Place;

/// All files of an API.
#[derive(Debug, Default)]
pub struct Spec {
    pub api: ApiFile,
    pub resources: Vec<ResourceFile>,
}

/// `api.yaml`
#[derive(Debug, Default)]
pub struct ApiFile {
    pub name: String,
    pub title: String,
    pub doc: String,
    pub source: Option<String>,
    pub servers: Vec<Server>,
    pub credentials: Vec<Credential>,
    pub auth: Option<Auth>,
    pub error_type: Option<String>,
    pub statuses: Vec<Status>,
    /// Lines that are worth adding to `errors` by hand.
    pub error_suggestions: Vec<String>,
    /// As that of operations, of all of them.
    pub accept: Vec<String>,
    pub styles: Styles,
    /// Query parameters that callers set once, on the client.
    pub client_query: Vec<Entry>,
    pub headers: Vec<Entry>,
    pub parameters: Vec<Entry>,
    pub types: Vec<Type>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Server {
    pub name: String,
    pub url: String,
    pub doc: String,
    pub variables: Vec<crate::openapi::Variable>,
}

#[derive(Clone, Debug)]
pub struct Credential {
    pub name: String,
    pub env: Env,
    pub doc: String,
    pub send: Option<(String, Send)>,
    pub oauth2: Option<OAuth2>,
    pub unclear: Option<String>,
}

#[derive(Clone, Debug)]
pub enum Env {
    Key(String),
    Pair {
        username: String,
        password: String,
    },
    /// Of OAuth 2: the names of variables by what they hold.
    OAuth2(Vec<(&'static str, String)>),
}

/// How access tokens are fetched.
#[derive(Clone, Debug)]
pub struct OAuth2 {
    pub grant: &'static str,
    pub token_url: String,
    pub authorization_url: Option<String>,
    /// Names, and words for them.
    pub scopes: Vec<(String, String)>,
}

#[derive(Clone, Debug)]
pub enum Send {
    Header { name: String, prefix: String },
    Query(String),
    Cookie(String),
}

/// Alternatives of credentials that are sent together; no credential is `none`.
pub type Auth = Vec<Vec<CredentialUse>>;

/// A credential that is sent, and the scopes that its token must have.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CredentialUse {
    pub name: String,
    pub scopes: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Status {
    pub status: u16,
    pub kind: Option<&'static str>,
    pub doc: String,
    pub ty: Option<String>,
}

/// How lists and objects are written, where their entries do not say it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Styles {
    pub lists: Option<&'static str>,
    pub objects: Option<&'static str>,
}

/// A file of a resource.
#[derive(Debug, Default)]
pub struct ResourceFile {
    pub name: String,
    pub rust: Option<String>,
    pub title: String,
    pub doc: String,
    pub auth: Option<Auth>,
    pub server: Option<String>,
    pub statuses: Vec<Status>,
    pub parameters: Vec<Entry>,
    pub types: Vec<Type>,
    pub operations: Vec<Operation>,
}

#[derive(Clone, Debug)]
pub struct Operation {
    pub name: String,
    pub rust: Option<String>,
    pub place: Place,
    pub method: String,
    pub path: String,
    pub summary: String,
    pub doc: String,
    pub source: Option<String>,
    pub unclear: Vec<String>,
    pub deprecated: Option<String>,
    pub open: bool,
    pub server: Option<String>,
    pub auth: Option<Auth>,
    /// The header of a key that the client makes for each call.
    pub idempotency: Option<String>,
    /// Media types of responses in JSON that is never `application/json`, or in XML.
    pub accept: Vec<String>,
    /// `json`, `form`, `multipart` or media types of JSON; JSON if there are none.
    pub encoding: Vec<String>,
    pub styles: Styles,
    pub path_parameters: Vec<Entry>,
    pub query: Vec<Entry>,
    pub headers: Vec<Entry>,
    pub cookies: Vec<Entry>,
    /// Fields, or one entry that is called `$body`.
    pub body: Vec<Entry>,
    pub rules: Vec<Rule>,
    pub response: Response,
    /// How the response is written in XML.
    pub response_xml: Option<Xml>,
    pub success: Option<u16>,
    pub response_headers: Vec<Entry>,
    pub statuses: Vec<Status>,
    /// What the body of an error is, other than that of the API.
    pub error_type: Option<String>,
    pub stream: Option<Stream>,
    /// What an extension says of the pages of a list, as it is written.
    pub pages: Option<String>,
    pub examples: Vec<Example>,
    /// Lines that are worth adding by hand.
    pub comments: Vec<String>,
}

impl Operation {
    /// Its parameters, wherever they are sent.
    pub fn parameters_mut(&mut self) -> impl Iterator<Item = &mut Entry> {
        let Self { path_parameters, query, headers, cookies, body, .. } = self;
        [path_parameters, query, headers, cookies, body].into_iter().flatten()
    }
}

#[derive(Clone, Debug)]
pub enum Response {
    None,
    Type(String),
    Record(Vec<Entry>),
    Nullable(String),
    ByStatus(Vec<(u16, Response)>),
    Text(Vec<String>),
    Binary(Vec<String>),
    Redirect,
    /// Only the stream answers.
    StreamOnly,
}

#[derive(Clone, Debug)]
pub struct Stream {
    pub format: Option<&'static str>,
    pub data: String,
    /// The parameter that asks for it.
    pub when: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Example {
    pub name: String,
    pub request: Option<Value>,
    pub response: Option<Value>,
}

/// `any_of: [a, b]` and the like. Of `requires`, the first name needs the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub keyword: &'static str,
    pub names: Vec<String>,
    /// Names that meet the rule when they are sent as `null`.
    pub unless_null: Vec<String>,
}

/// A parameter or a field.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    /// As it is sent.
    pub name: String,
    pub alias: Option<String>,
    pub rust: Option<String>,
    /// The entry of `parameters` that it is.
    pub shared: Option<String>,
    /// Of parameters, written as a key; of fields, by the lack of a `?`.
    pub required: bool,
    /// As it is written; empty where the values show it.
    pub ty: String,
    pub nullable: bool,
    pub default: Option<Value>,
    pub doc: String,
    pub unclear: Vec<String>,
    pub deprecated: Option<String>,
    pub secret: bool,
    pub examples: Vec<Value>,
    pub style: Option<&'static str>,
    pub allow_reserved: bool,
    pub values: Option<Values>,
    pub constant: Option<Value>,
    pub limits: Vec<(&'static str, Value)>,
    pub items: Items,
    pub may_be_empty: bool,
    /// Of a field: only answered.
    pub read_only: bool,
    /// Of a field: only sent.
    pub write_only: bool,
    /// The media type of a part of a multipart body.
    pub content_type: Option<String>,
    /// Of a body: bytes or text.
    pub raw: Option<Raw>,
    /// How it is written in XML.
    pub xml: Option<Xml>,
}

/// What `xml` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Xml {
    pub name: Option<String>,
    pub namespace: Option<String>,
    pub prefix: Option<String>,
    pub item: Option<String>,
    pub attribute: bool,
    pub text: bool,
    pub wrapped: bool,
}

/// A body that is bytes or text of some media types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raw {
    pub binary: bool,
    pub types: Vec<String>,
}

/// What `items` says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Items {
    pub values: Option<Values>,
    pub limits: Vec<(&'static str, Value)>,
}

/// Values of an enum.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values {
    pub list: Vec<EnumValue>,
    pub open: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct EnumValue {
    pub value: Value,
    pub doc: String,
    pub rust: Option<String>,
}

/// An entry of `types`.
#[derive(Clone, Debug)]
pub struct Type {
    pub name: String,
    pub place: Place,
    pub doc: String,
    pub unclear: Vec<String>,
    /// How it is written in XML.
    pub xml: Option<Xml>,
    pub kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Record {
        like: Option<String>,
        without: Vec<String>,
        fields: Vec<Entry>,
        rules: Vec<Rule>,
        open: bool,
        /// What other fields are.
        extra: Option<String>,
    },
    Enum(Values),
    Union {
        members: Vec<String>,
        /// Nothing tells the members apart.
        any_of: bool,
    },
    Tagged {
        tag: String,
        members: Vec<TagMember>,
        open: bool,
    },
}

/// A record of a tagged union.
#[derive(Clone, Debug, PartialEq)]
pub struct TagMember {
    /// Text, a whole number or a truth value.
    pub value: Value,
    pub ty: String,
    pub rust: Option<String>,
}

/// A number as a value, whole where it is.
pub(crate) fn number(number: &Number) -> Value {
    match number.as_f64() {
        Some(it) if it.fract() == 0.0 && it.abs() < 9e15 && !number.is_i64() && !number.is_u64() => (it as i64).into(),
        _ => Value::Number(number.clone()),
    }
}
