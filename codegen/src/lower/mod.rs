//! Turns the model into the Rust view. Only this module decides names, types and sentences.
//!
//! [`api`] gives plain data ([`view`]) that [`crate::emit`] prints without a decision of its own, or diagnostics where
//! a name cannot be had in Rust or something has no Rust yet.

mod boxes;
mod builders;
mod checks;
mod constraints;
mod constructors;
mod context;
mod depth;
mod docs;
mod equal_results;
mod examples;
mod fields;
mod limits;
pub(crate) mod names;
mod numbers;
mod operation;
mod pages;
mod plain_rules;
mod replies;
mod resources;
mod secrets;
mod simplify;
mod single_values;
mod streams;
#[cfg(test)]
mod tests;
mod type_modules;
mod types;
mod unions;
pub(crate) mod view;
mod xml;

use crate::diagnostics::Diagnostics;
use crate::discard;
use crate::model::{
    Api, ClientParameter, ErrorKind, KeyPlace, ServerVariable, StatusMeaning, Type, TypeKind, Webhook, WebhookEvents,
};
pub(crate) use context::Ctx;
use context::Known;
use names::{EXPORTED_MODULES, Names, exported};

/// The Rust view of an API.
///
/// # Errors
/// All names that collide or are reserved, and everything that cannot be generated yet.
pub(crate) fn api(api: &Api) -> Result<view::Crate, Diagnostics> {
    lowered(api, true, Vec::new)
}

/// As [`api`], without views of resources whose files are known, and without docs of operations of others. `kept` has the
/// outline of each resource whose files are there and that leads to the same as when they were made, in the order of
/// resources. It is asked late, so that it can be found out meanwhile.
///
/// # Errors
/// As [`api`].
pub(crate) fn api_but_kept<'k>(
    api: &Api,
    kept: impl FnOnce() -> Vec<Option<&'k view::Outline>>,
) -> Result<view::Crate, Diagnostics> {
    lowered(api, true, kept)
}

/// What [`api`] would report, sooner: no docs and examples are made.
pub(crate) fn faults(api: &Api) -> Diagnostics {
    match lowered(api, false, Vec::new) {
        Ok(krate) => {
            discard::here(krate);
            Diagnostics::default()
        }
        Err(found) => found,
    }
}

/// The views of each resource: of the whole API, and of what `rest` leaves of it, with the same around the resource.
#[cfg(test)]
pub(crate) fn of_whole_and_rest(api: &Api, rest: impl Fn(&Api, &crate::model::Resource) -> Api) -> Vec<[String; 2]> {
    let changed = single_values::as_texts(api);
    let (api, texts) = changed.as_ref().map_or((api, None), |(api, texts)| (api, Some(texts)));
    let (known, scopes, faults) = Known::of(api, texts, true);
    let mut ctx = Ctx::new(api, &known, scopes, faults);
    let _ = (api.webhook.as_ref().map(|it| webhook(&mut ctx, it)), types::items(&mut ctx, None));
    resources::of_whole_and_rest(&ctx, |it| rest(api, it))
}

fn lowered<'k>(
    api: &Api,
    has_words: bool,
    kept: impl FnOnce() -> Vec<Option<&'k view::Outline>>,
) -> Result<view::Crate, Diagnostics> {
    let changed = single_values::as_texts(api);
    let (api, texts) = changed.as_ref().map_or((api, None), |(api, texts)| (api, Some(texts)));
    let (known, scopes, faults) = Known::of(api, texts, has_words);
    let mut ctx = Ctx::new(api, &known, scopes, faults);
    let webhook = api.webhook.as_ref().map(|it| webhook(&mut ctx, it));
    // First, since resources name what is in there.
    let mut types = types::items(&mut ctx, None);
    let resources = resources::resources(&mut ctx, &mut types, &kept());
    let mut types = types.remove(&None).unwrap_or_default();
    types::sort(&mut types);
    let krate = view::Crate {
        name: api.name.clone(),
        display_name: docs::display_name(&api.title),
        docs: docs::prose(&api.doc),
        summary: docs::first_line(&api.doc),
        version: api.version.clone(),
        spec: format!("spec/{}", api.name),
        client: client(&mut ctx),
        types,
        type_names: known.type_names.clone(),
        error_codes: types::error_codes(&mut ctx),
        runtime_features: runtime_features(api),
        webhook,
        exported: EXPORTED_MODULES.iter().map(|it| (*it, exported(api, it))).collect(),
        recursion_limit: depth::recursion_limit(api),
        has_tuples: depth::has_tuples(api),
        has_variants: resources.iter().any(|it| it.outline.has_variants),
        // Cargo takes the files of a folder of that name for programs.
        has_bin: resources.iter().any(|it| it.folder == "bin"),
        first_call: resources::first_call(&resources),
        resources,
        xml: xml::records(&mut ctx),
    };
    let found = std::mem::take(&mut ctx.diagnostics);
    discard::here(ctx);
    discard::here((known, changed));
    if found.has_errors() { Err(found) } else { Ok(krate) }
}

fn webhook(ctx: &mut Ctx<'_>, webhook: &Webhook) -> view::Webhook {
    let is_public_key = webhook.algorithm == "ed25519";
    let (algorithm, feature) = match webhook.algorithm.as_str() {
        "hmac-sha1" => ("HmacSha1", "sha1"),
        "hmac-sha512" => ("HmacSha512", "webhooks"),
        "ed25519" => ("Ed25519", "ed25519"),
        "token" => ("Token", "webhooks"),
        _ => ("HmacSha256", "webhooks"),
    };
    let encoding = |name: &str| match name {
        "base64" => "Base64",
        "hex" => "Hex",
        _ => "Text",
    };
    view::Webhook {
        docs: docs::prose(&webhook.doc),
        id: webhook.id.as_ref().map(|it| it.word().to_owned()),
        timestamp: webhook.timestamp.as_ref().map(|it| it.word().to_owned()),
        signature: webhook.signature.word().to_owned(),
        algorithm,
        feature,
        signed: signed_parts(&webhook.signed, webhook.timestamp_prefix.as_deref()),
        secret: match webhook.secret_encoding.as_str() {
            "base64" if is_public_key => "PublicKeyBase64",
            _ if is_public_key => "PublicKeyHex",
            other => encoding(other),
        },
        secret_prefix: webhook.secret_prefix.clone(),
        encoding: encoding(&webhook.signature_encoding),
        signature_prefix: webhook.signature_prefix.clone(),
        separator: webhook.separator.clone(),
        env: webhook.env.clone(),
        events: webhook.events.as_ref().map(|it| events(ctx, it)),
    }
}

fn events(ctx: &mut Ctx<'_>, events: &WebhookEvents) -> view::WebhookEvents {
    let mut scope = Names::new("event").reserve(&["Other"]);
    let mut variants = Vec::new();
    for event in &events.events {
        let ident = names::pascal(event.rust_name.as_deref().unwrap_or(&event.name));
        scope.take(ctx, &ident, &event.name, event.span);
        let owner = fields::Owner { name: "Event", module: None, field: &event.name, span: event.span };
        let said = (!event.doc.trim().is_empty()).then(|| docs::prose(&event.doc));
        variants.push(view::WebhookEvent {
            docs: said.unwrap_or_else(|| vec![format!("The event {}.", crate::prose::code(&event.name))]),
            ty: fields::ty(ctx, &event.ty, owner),
            wire: event.name.clone(),
            ident,
        });
    }
    view::WebhookEvents { name: events.name.clone(), variants }
}

/// `{id}.{timestamp}.{body}` in parts.
fn signed_parts(template: &str, timestamp_prefix: Option<&str>) -> Vec<view::SignedPart> {
    let timestamp = || match timestamp_prefix {
        Some(prefix) => view::SignedPart::TimestampAfter(prefix.to_owned()),
        None => view::SignedPart::Timestamp,
    };
    let mut parts = Vec::new();
    let mut rest = template;
    while !rest.is_empty() {
        let known = [
            ("{id}", view::SignedPart::Id),
            ("{timestamp}", timestamp()),
            ("{url}", view::SignedPart::Url),
            ("{body}", view::SignedPart::Body),
            ("{fields}", view::SignedPart::Fields),
        ];
        if let Some((word, part)) = known.into_iter().find(|(word, _)| rest.starts_with(word)) {
            parts.push(part);
            rest = &rest[word.len()..];
            continue;
        }
        if let Some((place, others)) = rest.strip_prefix('{').and_then(|it| it.split_once('}')) {
            parts.push(view::SignedPart::At(place.to_owned()));
            rest = others;
            continue;
        }
        let next = rest.find('{').unwrap_or(rest.len());
        parts.push(view::SignedPart::Text(rest[..next].to_owned()));
        rest = &rest[next..];
    }
    parts
}

/// What has a price that only those pay who have it: HTTP basic authentication, OAuth 2, and XML.
fn runtime_features(api: &Api) -> Vec<&'static str> {
    let mut all = Vec::new();
    let mut schemes = api.credentials.iter().flat_map(|it| &it.schemes);
    // It includes HTTP basic authentication.
    if api.credentials.iter().any(|it| it.oauth2.is_some()) {
        all.push("oauth2");
    } else if schemes.any(|it| matches!(it.place, KeyPlace::Basic(_))) {
        all.push("basic");
    }
    if api.has_xml {
        all.push("xml");
    }
    all
}

/// The variables of all servers, each once.
fn server_variables(api: &Api) -> Vec<ServerVariable> {
    let mut all: Vec<ServerVariable> = Vec::new();
    for variable in api.servers.iter().flat_map(|it| &it.variables) {
        if !all.iter().any(|it| it.name == variable.name) {
            all.push(variable.clone());
        }
    }
    all
}

fn client(ctx: &mut Ctx<'_>) -> view::Client {
    let api = ctx.api;
    let mut methods = Names::new("credential");
    let mut credentials = Vec::new();
    for credential in &api.credentials {
        let method = names::snake(&credential.name);
        methods.take(ctx, &method, &credential.name, credential.span);
        credentials.push(view::Credential {
            name: credential.name.clone(),
            method,
            env: credential.env.clone(),
            docs: docs::credential(credential),
            username_env: credential.username_env.clone(),
            schemes: credential.schemes.clone(),
            oauth2: credential.oauth2.as_ref().map(|spec| {
                let ident = format!("OAUTH2_{}", credential.name.to_ascii_uppercase());
                view::OAuth2 { ident, spec: spec.clone() }
            }),
        });
    }
    let headers = api.rate_limit_headers.as_ref();
    let has_open_url = api.servers.iter().any(|it| it.url.is_empty() || !it.variables.is_empty());
    let base_url = has_open_url.then(|| format!("{}_BASE_URL", api.name.to_ascii_uppercase()));
    let of_parameters = || api.client_parameters.iter().find_map(|it| client_parameter(api, it).env);
    let first_variable = api.credentials.first().map(|it| it.env.clone()).or(base_url).or_else(of_parameters);
    view::Client {
        servers: api.servers.iter().map(|it| (it.name.clone(), it.url.clone())).collect(),
        server_variables: server_variables(api),
        has_open_url,
        first_variable,
        parameters: api.client_parameters.iter().map(|it| client_parameter(api, it)).collect(),
        credentials,
        error_message: api.errors.message.clone(),
        error_code: api.errors.code.clone(),
        error_details: api.errors.details.clone(),
        statuses: statuses(&api.errors.statuses),
        failure: api.errors.when.clone(),
        codes: api.errors.codes.iter().filter_map(|it| Some((it.value.clone(), status_kind(it.kind?)))).collect(),
        rate_limit_headers: [
            headers.and_then(|it| it.limit.clone()),
            headers.and_then(|it| it.remaining.clone()),
            headers.and_then(|it| it.reset.clone()),
        ],
        request_id_header: api.request_id_header.clone(),
        xml_errors: xml::errors(ctx),
    }
}

fn client_parameter(api: &Api, parameter: &ClientParameter) -> view::ClientParameter {
    let form = match parameter.ty {
        Type::Integer | Type::Sized(_) => "integer",
        Type::Number => "number",
        Type::Boolean => "boolean",
        _ => "text",
    };
    let text = |it: &serde_json::Value| it.as_str().map_or_else(|| it.to_string(), str::to_owned);
    let default = parameter.default.as_ref().map(text);
    let values = match parameter.ty {
        Type::Named(id) => match &api.ty(id).kind {
            TypeKind::Enum(def) if !def.open => def.values.iter().map(|it| it.value.clone()).collect(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    };
    view::ClientParameter { name: parameter.name.clone(), env: parameter.env.clone(), default, form, values }
}

fn statuses(statuses: &[StatusMeaning]) -> Vec<(u16, &'static str)> {
    statuses.iter().map(|it| (it.status, status_kind(it.kind))).collect()
}

/// The runtime's name of a kind.
fn status_kind(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::InvalidRequest => "InvalidRequest",
        ErrorKind::Authentication => "Authentication",
        ErrorKind::PaymentRequired => "PaymentRequired",
        ErrorKind::PermissionDenied => "PermissionDenied",
        ErrorKind::NotFound => "NotFound",
        ErrorKind::Conflict => "Conflict",
        ErrorKind::Timeout => "Timeout",
        ErrorKind::TooLarge => "TooLarge",
        ErrorKind::UnsupportedMedia => "UnsupportedMedia",
        ErrorKind::RateLimited => "RateLimited",
        ErrorKind::ContentRefused => "ContentRefused",
        ErrorKind::Server => "Server",
        ErrorKind::Unavailable => "Unavailable",
        ErrorKind::Refunded => "Refunded",
    }
}
