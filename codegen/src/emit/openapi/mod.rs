//! The API as an OpenAPI document, 3.1 or 3.0.
//!
//! What always holds becomes JSON Schema keywords. What holds under a condition becomes `allOf: [{if, then}]` in 3.1,
//! as far as it speaks of the body alone; 3.0 has no such words. Either way every rule is told in words: in
//! descriptions, and as `x-specwright-rules` with a note whether the schema enforces it. Only stated rules are
//! enforced; inferred ones are words.
//!
//! Requests are closed as the spec has them, answers are always open. Named types become components; one that differs
//! between the two directions becomes two, the second with `Output` behind its name.
//!
//! Calls that share method and path become one operation with `anyOf` in it, not `oneOf`: what both of them take or
//! answer would fit twice. `x-specwright-operations` names them all.

mod answers;
mod conditional;
mod errors;
mod keywords;
mod operation;
mod paths;
mod rules;
mod schema;
mod styles;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value, json};

use self::schema::Context;
use crate::emit::labels;
use crate::model::{Api, AuthScheme, BasicAuth, Credential, Grant, KeyPlace, OAuth2, Server};

/// Of the OpenAPI specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// 3.1: JSON Schema as it is.
    V3_1,
    /// 3.0: an older subset of it.
    V3_0,
}

/// The whole document. Keys stand in the order of the spec, the same on every run.
#[must_use]
pub fn document(api: &Api, version: Version) -> Value {
    let context = Context::new(api, version);
    let mut document = Map::new();
    document.insert(
        "openapi".to_owned(),
        match version {
            Version::V3_1 => "3.1.0".into(),
            Version::V3_0 => "3.0.3".into(),
        },
    );
    document.insert("info".to_owned(), info(api));
    if let Some(server) = api.servers.first() {
        document.insert("servers".to_owned(), json!([server_object(server)]));
    }
    document.insert("tags".to_owned(), tags(api));
    let paths = paths::paths_object(&context);
    document.insert("paths".to_owned(), Value::Object(paths));
    if let Some(webhooks) = answers::webhooks(&context) {
        // A word of 3.1 only; tools that read 3.0 know it by this name.
        let key = if version == Version::V3_1 { "webhooks" } else { "x-webhooks" };
        document.insert(key.to_owned(), webhooks);
    }
    document.insert("components".to_owned(), components(&context));
    Value::Object(document)
}

fn info(api: &Api) -> Value {
    let mut info = Map::new();
    info.insert("title".to_owned(), api.title.clone().into());
    info.insert("version".to_owned(), api.version.clone().into());
    insert_text(&mut info, "description", &api.doc);
    insert_text(&mut info, "x-specwright-source", api.source.as_deref().unwrap_or_default());
    Value::Object(info)
}

fn server_object(server: &crate::model::Server) -> Value {
    let mut object = Map::new();
    let url = if server.url.is_empty() { "/" } else { &server.url };
    object.insert("url".to_owned(), url.into());
    insert_text(&mut object, "description", &server.doc);
    let mut variables = Map::new();
    for it in &server.variables {
        // OpenAPI requires a default.
        let default = it.default.as_ref().or(it.values.first()).unwrap_or(&it.name);
        let mut variable = Map::new();
        variable.insert("default".to_owned(), default.clone().into());
        if !it.values.is_empty() {
            variable.insert("enum".to_owned(), it.values.clone().into());
        }
        insert_text(&mut variable, "description", &it.doc);
        variables.insert(it.name.clone(), Value::Object(variable));
    }
    if !variables.is_empty() {
        object.insert("variables".to_owned(), Value::Object(variables));
    }
    Value::Object(object)
}

fn tags(api: &Api) -> Value {
    let tag = |it: &crate::model::Resource| {
        let mut tag = Map::new();
        tag.insert("name".to_owned(), it.name.clone().into());
        insert_text(&mut tag, "description", &joined([it.title.as_str(), it.doc.as_str()]));
        Value::Object(tag)
    };
    api.resources.iter().map(tag).collect()
}

fn components(context: &Context<'_>) -> Value {
    let mut components = Map::new();
    // These name types too, so that they come before the types.
    let responses = errors::responses(context);
    let mut schemas = context.components();
    schemas.insert(context.error_schema_name(), errors::schema(context.api));
    components.insert("schemas".to_owned(), Value::Object(schemas));
    components.insert("responses".to_owned(), Value::Object(responses));
    let headers = errors::header_components(context.api);
    if !headers.is_empty() {
        components.insert("headers".to_owned(), Value::Object(headers));
    }
    let mut schemes = Map::new();
    for credential in &context.api.credentials {
        for scheme in &credential.schemes {
            let security = match &credential.oauth2 {
                Some(oauth2) => oauth2_scheme(context.api, credential, oauth2, scheme),
                None => security_scheme(credential, scheme),
            };
            schemes.insert(scheme_name(credential, scheme), security);
        }
    }
    if !schemes.is_empty() {
        components.insert("securitySchemes".to_owned(), Value::Object(schemes));
    }
    Value::Object(components)
}

/// `api_key`, or `api_key_x_header` where there are several ways to send it.
fn scheme_name(credential: &Credential, scheme: &AuthScheme) -> String {
    if credential.schemes.len() == 1 { credential.name.clone() } else { format!("{}_{}", credential.name, scheme.name) }
}

fn security_scheme(credential: &Credential, scheme: &AuthScheme) -> Value {
    let mut object = Map::new();
    let mut words = credential.doc.clone();
    let mut key = |place: &str, name: &str| {
        object.insert("type".to_owned(), "apiKey".into());
        object.insert("in".to_owned(), place.into());
        object.insert("name".to_owned(), name.into());
    };
    match &scheme.place {
        KeyPlace::Header(name) if name.eq_ignore_ascii_case("authorization") && scheme.prefix.trim() == "Bearer" => {
            object.insert("type".to_owned(), "http".into());
            object.insert("scheme".to_owned(), "bearer".into());
        }
        KeyPlace::Header(name) => {
            key("header", name);
            if !scheme.prefix.is_empty() {
                words = joined([words.as_str(), &format!("The value starts with `{}`.", scheme.prefix)]);
            }
        }
        KeyPlace::Query(name) => key("query", name),
        KeyPlace::Cookie(name) => key("cookie", name),
        KeyPlace::Basic(how) => {
            object.insert("type".to_owned(), "http".into());
            object.insert("scheme".to_owned(), "basic".into());
            let how = match how {
                BasicAuth::Pair => String::new(),
                BasicAuth::Username => "The key is the user name, and the password is empty.".to_owned(),
                BasicAuth::Password(username) => format!("The key is the password, and the user name is `{username}`."),
            };
            words = joined([words.as_str(), &how]);
        }
    }
    insert_text(&mut object, "description", &words);
    Value::Object(object)
}

/// Access tokens. OpenAPI has no flow for a refresh token alone: it comes from the flow that a user consents to.
fn oauth2_scheme(api: &Api, credential: &Credential, oauth2: &OAuth2, scheme: &AuthScheme) -> Value {
    let mut token_url = oauth2.token_url.clone();
    if token_url.starts_with('/') {
        token_url = format!("{}{token_url}", api.servers.first().map(Server::example_url).unwrap_or_default());
    }
    let scopes: Map<String, Value> =
        oauth2.scopes.iter().map(|(name, doc)| (name.clone(), doc.trim().into())).collect();
    let mut flow = Map::new();
    let name = match oauth2.grant {
        Grant::ClientCredentials => "clientCredentials",
        Grant::RefreshToken => {
            flow.insert("authorizationUrl".to_owned(), oauth2.authorization_url.clone().unwrap_or_default().into());
            flow.insert("refreshUrl".to_owned(), token_url.clone().into());
            "authorizationCode"
        }
    };
    flow.insert("tokenUrl".to_owned(), token_url.into());
    flow.insert("scopes".to_owned(), Value::Object(scopes));
    let mut object = Map::new();
    object.insert("type".to_owned(), "oauth2".into());
    object.insert("flows".to_owned(), json!({ name: flow }));
    let sent = match &scheme.place {
        KeyPlace::Header(name) if name.eq_ignore_ascii_case("authorization") && scheme.prefix.trim() == "Bearer" => {
            String::new()
        }
        _ => format!("The token is sent as `{}`.", labels::sent_as(scheme)),
    };
    insert_text(&mut object, "description", &joined([credential.doc.as_str(), &sent]));
    Value::Object(object)
}

/// Puts a text in, unless it is empty.
fn insert_text(object: &mut Map<String, Value>, key: &str, text: &str) {
    let text = text.trim();
    if !text.is_empty() {
        object.insert(key.to_owned(), text.into());
    }
}

/// Paragraphs, without the empty ones.
fn joined<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let parts: Vec<&str> = parts.into_iter().map(str::trim).filter(|it| !it.is_empty()).collect();
    parts.join("\n\n")
}
