//! The Rust view of an API: every name, type and sentence decided. Plain data; [`crate::emit`] only prints it.
//!
//! This file has the crate and its resources, and the others what they hold.

mod checks;
mod operation;
mod outline;
mod types;
mod xml;

use crate::digest::Words;
pub(crate) use checks::*;
pub(crate) use operation::*;
pub(crate) use outline::*;
pub(crate) use types::*;
pub(crate) use xml::*;

/// Lines of rustdoc, without the leading `///`.
pub(crate) type Docs = Vec<String>;

/// One generated crate.
#[derive(Debug, Hash)]
pub(crate) struct Crate {
    /// Features of the runtime that the crate cannot do without.
    pub runtime_features: Vec<&'static str>,
    pub name: String,
    /// What sentences call the API: "AnimeAPI", "the Runcrate API".
    pub display_name: String,
    pub docs: Docs,
    pub summary: String,
    pub version: String,
    /// `spec/animeapi`: shown in headers.
    pub spec: String,
    pub client: Client,
    pub types: Vec<TypeItem>,
    /// The Rust name of every type of the model, by its id.
    pub type_names: Vec<TypeName>,
    pub error_codes: Option<EnumItem>,
    pub webhook: Option<Webhook>,
    /// Modules of the runtime that the crate exports, and what it calls them.
    pub exported: Vec<(&'static str, String)>,
    /// Where values nest deeper than rustc follows by itself: how deep it must.
    pub recursion_limit: Option<usize>,
    pub has_tuples: bool,
    /// Some operation has variants.
    pub has_variants: bool,
    /// A folder of sources is called `bin`.
    pub has_bin: bool,
    pub resources: Vec<CrateResource>,
    /// A first call, as lines of Rust.
    pub first_call: Option<FirstCall>,
    /// How objects are written in XML.
    pub xml: Vec<XmlRecord>,
}

/// What a newcomer copies.
#[derive(Clone, Debug, Hash)]
pub(crate) struct FirstCall {
    /// Lines after `let client = …`.
    pub lines: Vec<String>,
}

/// The API's constants.
#[derive(Debug, Hash)]
pub(crate) struct Client {
    pub servers: Vec<(String, String)>,
    pub server_variables: Vec<crate::model::ServerVariable>,
    /// The environment may have to say where the API is, although it needs no credential.
    pub has_open_url: bool,
    /// The first variable of the environment that a client is made from, if there is any.
    pub first_variable: Option<String>,
    pub parameters: Vec<ClientParameter>,
    pub credentials: Vec<Credential>,
    pub error_message: Vec<String>,
    pub error_code: Vec<String>,
    pub error_details: Vec<String>,
    pub statuses: Vec<(u16, &'static str)>,
    /// When an answer of success is an error, for all operations that do not say otherwise.
    pub failure: Option<crate::model::FailureCondition>,
    /// Codes of errors that mean a status of their own.
    pub codes: Vec<(String, &'static str)>,
    pub rate_limit_headers: [Option<String>; 3],
    pub request_id_header: Option<String>,
    /// The bodies of errors in XML, by status.
    pub xml_errors: Vec<(u16, XmlElement)>,
}

#[derive(Debug, Hash)]
pub(crate) struct Credential {
    pub name: String,
    pub method: String,
    pub env: String,
    pub username_env: Option<String>,
    pub docs: Docs,
    pub schemes: Vec<crate::model::AuthScheme>,
    pub oauth2: Option<OAuth2>,
}

/// A parameter that callers set on the client.
#[derive(Debug, Hash)]
pub(crate) struct ClientParameter {
    pub name: String,
    pub env: Option<String>,
    pub default: Option<String>,
    /// The runtime's function for what it holds.
    pub form: &'static str,
    /// Those of a closed enum: the type can say no others.
    pub values: Vec<String>,
}

/// How the access tokens of a credential are fetched.
#[derive(Debug, Hash)]
pub(crate) struct OAuth2 {
    /// The static that describes it.
    pub ident: String,
    pub spec: crate::model::OAuth2,
}

/// How callbacks are signed.
#[derive(Debug, Hash)]
pub(crate) struct Webhook {
    pub docs: Docs,
    pub id: Option<String>,
    pub timestamp: Option<String>,
    pub signature: String,
    /// The variant of the runtime's enum.
    pub algorithm: &'static str,
    /// The feature of the runtime that verifies it.
    pub feature: &'static str,
    pub signed: Vec<SignedPart>,
    pub secret: &'static str,
    pub secret_prefix: String,
    pub encoding: &'static str,
    pub signature_prefix: String,
    pub separator: String,
    pub env: String,
    pub events: Option<WebhookEvents>,
}

/// The events of a webhook: an enum.
#[derive(Debug, Hash)]
pub(crate) struct WebhookEvents {
    pub name: crate::model::MessagePlace,
    pub variants: Vec<WebhookEvent>,
}

#[derive(Debug, Hash)]
pub(crate) struct WebhookEvent {
    pub ident: String,
    pub wire: String,
    pub docs: Docs,
    pub ty: Ty,
}

#[derive(Debug, Hash)]
pub(crate) enum SignedPart {
    Id,
    Timestamp,
    TimestampAfter(String),
    Url,
    Body,
    /// The fields of a form, sorted by their names.
    Fields,
    /// The text at this JSON pointer of the body.
    At(String),
    Text(String),
}

/// What the files of a resource are made from: one module, one cargo feature.
#[derive(Debug, Hash)]
pub(crate) struct Resource {
    /// As the spec has it.
    pub name: String,
    /// Whether its operations have docs: those of files that are kept are not made.
    pub has_words: Words<bool>,
    pub module: String,
    /// Folder name: the module without `r#`.
    pub folder: String,
    pub feature: String,
    pub handle: String,
    /// The struct that the builders of all operations are.
    pub builder_struct: String,
    pub docs: Docs,
    pub title: String,
    /// The title as it stands in lines of rustdoc.
    pub rustdoc_title: String,
    /// Types that only this resource uses.
    pub types: Vec<TypeItem>,
    pub operations: Vec<Operation>,
}
