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
use crate::diagnostics::rust_names::rust_name_reserved;
use crate::digest::Words;
use crate::model::{
    Api, ClientParameter, ErrorKind, KeyPlace, ResourceId, ServerVariable, StatusMeaning, Type, TypeKind, Webhook,
    WebhookEvents,
};
use crate::parallel;
pub(crate) use context::Ctx;
use context::Known;
use names::reserved::reserved_for_resources;
use names::{EXPORTED_MODULES, Names, exported, feature, resource_module};
use types::TypeItems;

/// The Rust view of an API.
///
/// # Errors
/// All names that collide or are reserved, and everything that cannot be generated yet.
pub(crate) fn api(api: &Api) -> Result<view::Crate, Diagnostics> {
    lowered(api, true, Vec::new)
}

/// As [`api`], without the docs of operations of some resources: `kept` has whether the files of a resource are there, by
/// the order of resources. It is asked late, so that it can be found out meanwhile.
///
/// # Errors
/// As [`api`].
pub(crate) fn api_but_kept(api: &Api, kept: impl FnOnce() -> Vec<bool>) -> Result<view::Crate, Diagnostics> {
    lowered(api, true, kept)
}

/// What [`api`] would report, sooner: no docs and examples are made.
pub(crate) fn faults(api: &Api) -> Diagnostics {
    lowered(api, false, Vec::new).err().unwrap_or_default()
}

fn lowered(api: &Api, has_words: bool, kept: impl FnOnce() -> Vec<bool>) -> Result<view::Crate, Diagnostics> {
    let changed = single_values::as_texts(api);
    let (api, texts) = changed.as_ref().map_or((api, None), |(api, texts)| (api, Some(texts)));
    let (known, scopes, faults) = Known::of(api, texts, has_words);
    let mut ctx = Ctx::new(api, &known, scopes, faults);
    let webhook = api.webhook.as_ref().map(|it| webhook(&mut ctx, it));
    // First, since resources name what is in there.
    let mut types = types::items(&mut ctx, None);
    let mut resources = resources(&mut ctx, &mut types, &kept());
    equal_results::share(&mut ctx, &mut types);
    types.values_mut().for_each(|it| types::sort(it));
    for resource in &mut resources {
        resource.types = types.remove(&Some(resource.module.clone())).unwrap_or_default();
    }
    let types = types.remove(&None).unwrap_or_default();
    let first_call = first_call(api, &resources);
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
        has_variants: resources
            .iter()
            .flat_map(|it| &it.operations)
            .any(|it| matches!(it.entry, view::Entry::Variants { .. })),
        // Cargo takes the files of a folder of that name for programs.
        has_bin: resources.iter().any(|it| it.folder == "bin"),
        resources,
        first_call,
        xml: xml::records(&mut ctx),
    };
    let found = ctx.diagnostics;
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

/// Lowers all resources, several at once, and the types of their modules into `types`.
fn resources(ctx: &mut Ctx<'_>, types: &mut TypeItems, kept: &[bool]) -> Vec<view::Resource> {
    let mut modules = Names::new("resource");
    let mut features = Names::new("the feature of the resource");
    let ids = (0..ctx.api.resources.len()).map(|it| ResourceId(it as u32));
    let places: Vec<_> = ids.map(|it| (it, place(ctx, it, &mut modules, &mut features))).collect();
    let shared = &*ctx;
    let lowered = parallel::map(&places, |(id, place)| {
        let is_kept = kept.get(id.0 as usize).is_some_and(|it| *it);
        let mut ctx = shared.of_resource(&place.module, !is_kept);
        let resource = resource(&mut ctx, *id, place);
        let types = types::items(&mut ctx, Some(&place.module));
        (resource, types, ctx)
    });
    let mut resources = Vec::with_capacity(lowered.len());
    for ((mut resource, own_types, made), of) in lowered.into_iter().zip(&ctx.api.resources) {
        ctx.take_over(made);
        for (module, items) in own_types {
            types.entry(module).or_default().extend(items);
        }
        // Statics of XML have their names in one scope of the whole crate.
        for (operation, id) in resource.operations.iter_mut().zip(&of.operations) {
            operation.xml = xml::of_operation(ctx, ctx.api.operation(*id));
        }
        resources.push(resource);
    }
    resources
}

/// Where a resource is.
struct Place {
    module: String,
    feature: String,
}

/// The module and the feature of a resource; `modules` and `features` are those of others.
fn place(ctx: &mut Ctx<'_>, id: ResourceId, modules: &mut Names<'_>, features: &mut Names<'_>) -> Place {
    let resource = ctx.api.resource(id);
    let module = resource_module(resource);
    if let Some(why) = reserved_for_resources(&module) {
        ctx.report(rust_name_reserved("resource", &resource.name, &module, why, resource.span));
    }
    let feature = feature(resource).unwrap_or_else(|taken| {
        let why = "is a cargo feature that every generated crate has";
        ctx.report(rust_name_reserved("resource", &resource.name, &taken, why, resource.span));
        taken
    });
    modules.take(ctx, &module, &resource.name, resource.span);
    features.take(ctx, &feature, &resource.name, resource.span);
    Place { module, feature }
}

fn resource(ctx: &mut Ctx<'_>, id: ResourceId, Place { module, feature }: &Place) -> view::Resource {
    let resource = ctx.api.resource(id);
    let mut methods = Names::new("operation");
    let mut operations =
        resource.operations.iter().map(|it| operation::operation(ctx, *it, &mut methods)).collect::<Vec<_>>();
    // The handle stands in the module beside its types; people write their names, and hardly ever the handle's.
    let handle = names::pascal(resource.rust_name.as_deref().unwrap_or(&resource.name));
    let scope = ctx.scope(&Some(module.clone()));
    let free = scope.is_free(&handle) && !names::shadows_prelude(&handle);
    let handle = if free { handle } else { format!("{}Operations", handle.trim_end_matches('_')) };
    let handle = scope.take_free(&handle, &resource.name, resource.span);
    let builder = if scope.is_free("Builder") { "Builder".to_owned() } else { format!("{handle}Builder") };
    let builder_struct = scope.take_free(&builder, &resource.name, resource.span);
    for operation in &mut operations {
        operation.builder_struct.clone_from(&builder_struct);
    }
    view::Resource {
        name: resource.name.clone(),
        has_words: Words(ctx.has_words),
        folder: module.trim_start_matches("r#").to_owned(),
        feature: feature.clone(),
        handle,
        builder_struct,
        docs: docs::prose(&resource.doc),
        title: resource.title.clone(),
        rustdoc_title: docs::one_line(&resource.title),
        types: Vec::new(),
        operations,
        module: module.clone(),
    }
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
        Type::Integer | Type::Sized(_) => "Integer",
        Type::Number => "Number",
        Type::Boolean => "Boolean",
        _ => "Text",
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

/// The call that the spec names, else the first that is described in full, with values that are known, and that deletes
/// nothing; else the first of all.
fn first_call(api: &Api, resources: &[view::Resource]) -> Option<view::FirstCall> {
    let models = api.resources.iter().flat_map(|it| &it.operations).map(|it| (*it, api.operation(*it)));
    let operations = models.zip(resources.iter().flat_map(|it| &it.operations));
    let rank = |id, model: &crate::model::Operation, lines: &[String]| {
        let partly = model.partly_documented || model.deprecated.is_some();
        // What nobody knows a value for stands as an ellipsis, which rules may refuse.
        let unknown = lines.iter().any(|it| it.contains("\"…\""));
        (api.first_call != Some(id), partly, unknown, model.method == crate::model::Method::Delete)
    };
    let calls = operations.filter_map(|((id, model), it)| {
        let lines = it.example.as_ref()?;
        Some((rank(id, model, lines), lines))
    });
    // The first of those that are equal.
    calls.min_by_key(|it| it.0).map(|(_, lines)| view::FirstCall { lines: lines.clone() })
}
