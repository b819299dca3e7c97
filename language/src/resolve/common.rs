//! The common parts of `api.yaml`: servers, credentials, errors, limits, webhook.

use super::failures;
use super::names::{self as forms, UniqueNames};
use crate::diagnostics::{Diagnostics, decode, names, types};
use crate::model::{
    ErrorCode, ErrorExample, ErrorKind, ErrorModel, MessagePlace, RateLimit, RateLimitHeaders, Server, ServerVariable,
    StatusMeaning, Webhook,
};
use crate::source::Spanned;
use crate::syntax::document::{ApiDocument, ServerVariableDoc, StatusDoc, Text};

pub(super) fn servers(api: &ApiDocument, out: &mut Diagnostics) -> Vec<Server> {
    let api_name = api.api.as_ref().map_or("", |it| it.value.as_str());
    let server = |it: &crate::syntax::document::ServerDoc, out: &mut Diagnostics| {
        forms::check_snake("a server", &it.name, out);
        let variables: Vec<_> = it.variables.iter().map(|it| variable(it, api_name, out)).collect();
        let url = forms::check_server(&it.url, &it.variables, out);
        Server { name: it.name.value.clone(), url, doc: it.doc.clone(), variables, span: it.name.span }
    };
    api.servers.iter().map(|it| server(it, out)).collect()
}

fn variable(doc: &ServerVariableDoc, api: &str, out: &mut Diagnostics) -> ServerVariable {
    forms::check_snake("a variable of a URL", &doc.name, out);
    for value in doc.default.iter().chain(&doc.values) {
        if !is_part_of_url(&value.value) {
            let help = "write letters, digits, `-`, `.`, `_` and `~`";
            out.push(decode::bad_text(&value.value, "a part of a URL", help, value.span));
        }
    }
    if let Some(default) = &doc.default
        && !doc.values.is_empty()
        && !doc.values.iter().any(|it| it.value == default.value)
    {
        let known: Vec<&str> = doc.values.iter().map(|it| it.value.as_str()).collect();
        out.push(types::outside_enum("the default", &default.value, &known, default.span));
    }
    ServerVariable {
        name: doc.name.value.clone(),
        env: format!("{api}_{}", doc.name.value).to_ascii_uppercase(),
        doc: doc.doc.clone(),
        default: doc.default.as_ref().map(|it| it.value.clone()),
        values: doc.values.iter().map(|it| it.value.clone()).collect(),
        span: doc.name.span,
    }
}

fn is_part_of_url(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_alphanumeric() || b"-._~".contains(&it))
}

pub(super) fn errors(api: &ApiDocument, out: &mut Diagnostics) -> ErrorModel {
    let texts = |them: &[Text]| them.iter().map(|it| it.value.clone()).collect();
    let docs = &api.errors;
    let code = |it: &crate::syntax::document::ErrorCodeDoc, out: &mut Diagnostics| ErrorCode {
        value: it.value.value.clone(),
        doc: it.doc.clone(),
        kind: it.kind,
        rust_name: forms::check_rust(it.rust.as_ref(), out),
        span: it.value.span,
    };
    ErrorModel {
        when: docs.when.as_ref().and_then(|it| failures::condition(it, out)),
        ty: None,
        message: texts(&docs.message),
        code: texts(&docs.code),
        details: texts(&docs.details),
        codes: docs.codes.iter().map(|it| code(it, out)).collect(),
        statuses: statuses(&docs.statuses),
        examples: docs
            .examples
            .iter()
            .map(|it| ErrorExample {
                name: it.name.value.clone(),
                status: it.status,
                body: it.body.clone(),
                span: it.span,
            })
            .collect(),
    }
}

/// What statuses mean to an operation: its own words go before those of its file.
pub(super) fn statuses_of(own: &[StatusDoc], file: &[StatusDoc]) -> Vec<StatusMeaning> {
    let others = file.iter().filter(|it| own.iter().all(|own| own.status.value != it.status.value));
    let mut all: Vec<&StatusDoc> = own.iter().chain(others).collect();
    all.sort_by_key(|it| it.status.value);
    statuses(all)
}

fn statuses<'d>(docs: impl IntoIterator<Item = &'d StatusDoc>) -> Vec<StatusMeaning> {
    let status = |it: &StatusDoc| StatusMeaning {
        status: it.status.value,
        kind: it.kind.unwrap_or_else(|| ErrorKind::of_status(it.status.value)),
        doc: it.doc.clone(),
        // Known when the types are.
        ty: None,
        span: it.status.span,
    };
    docs.into_iter().map(status).collect()
}

pub(super) fn rate_limits(api: &ApiDocument, out: &mut Diagnostics) -> Vec<RateLimit> {
    let mut limits = Vec::new();
    for doc in &api.rate_limits {
        forms::check_snake("a rate limit", &doc.name, out);
        limits.push(RateLimit {
            name: doc.name.value.clone(),
            doc: doc.doc.clone(),
            requests: doc.requests,
            per_seconds: doc.per_ms / 1000,
            unit: doc.unit.clone(),
            scope: doc.scope.clone(),
            span: doc.name.span,
        });
    }
    limits
}

pub(super) fn rate_limit_headers(api: &ApiDocument, out: &mut Diagnostics) -> Option<RateLimitHeaders> {
    let doc = api.rate_limit_headers.as_ref()?;
    Some(RateLimitHeaders {
        limit: header(doc.limit.as_ref(), out),
        remaining: header(doc.remaining.as_ref(), out),
        reset: header(doc.reset.as_ref(), out),
        reset_format: doc.format,
    })
}

/// A response header's name in lower case.
pub(super) fn header(name: Option<&Text>, out: &mut Diagnostics) -> Option<String> {
    let name = name?;
    forms::check_header_token(name, out);
    Some(name.value.to_ascii_lowercase())
}

pub(super) fn webhook(api: &ApiDocument, out: &mut Diagnostics) -> Option<Webhook> {
    let doc = api.webhook.as_ref()?;
    if let Some(env) = &doc.env {
        forms::check_env(env, out);
    }
    let mut scope = UniqueNames::default();
    for name in [&doc.id, &doc.timestamp, &doc.signature].into_iter().flatten() {
        let is_header = !name.value.starts_with('/');
        let name = name.clone().map(|it| if is_header { it.to_ascii_lowercase() } else { it });
        let what = if is_header { "headers of the webhook" } else { "places of the webhook" };
        scope.add(what, &name, out);
    }
    let named = |name: &Option<Text>, out: &mut Diagnostics| {
        let name = name.as_ref()?;
        if name.value.starts_with('/') {
            return Some(MessagePlace::Body(name.value.clone()));
        }
        forms::check_header_token(name, out);
        Some(MessagePlace::Header(name.value.clone()))
    };
    Some(Webhook {
        id: named(&doc.id, out),
        timestamp: named(&doc.timestamp, out),
        signature: named(&doc.signature, out).unwrap_or(MessagePlace::Header(String::new())),
        algorithm: doc.algorithm.clone(),
        signed: doc.signed.clone(),
        secret_encoding: doc.secret_encoding.clone(),
        secret_prefix: doc.secret_prefix.clone(),
        signature_encoding: doc.signature_encoding.clone(),
        signature_prefix: doc.signature_prefix.clone(),
        separator: doc.separator.clone(),
        timestamp_prefix: doc.timestamp_prefix.clone(),
        // Known when the types are.
        events: None,
        env: doc.env.as_ref().map(|it| it.value.clone()).unwrap_or_default(),
        retries: doc.retries.map(|it| u32::try_from(it).unwrap_or(u32::MAX)),
        doc: doc.doc.clone(),
        span: doc.span,
    })
}

/// `MAJOR.MINOR.PATCH`, perhaps with a pre-release.
pub(super) fn version(api: &ApiDocument, out: &mut Diagnostics) -> String {
    let Some(version) = &api.version else { return "0.1.0".to_owned() };
    let (numbers, rest) = match version.value.split_once('-') {
        Some((numbers, rest)) => (numbers, Some(rest)),
        None => (version.value.as_str(), None),
    };
    let part = |it: &str| {
        it.parse::<u32>().is_ok() && it.bytes().all(|it| it.is_ascii_digit()) && (it == "0" || !it.starts_with('0'))
    };
    let tail = rest.is_none_or(|it| {
        !it.is_empty() && it.split('.').all(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_alphanumeric()))
    });
    if numbers.split('.').count() != 3 || !numbers.split('.').all(part) || !tail {
        out.push(decode::bad_text(&version.value, "a version", "write it like `0.1.0`", version.span));
    }
    version.value.clone()
}

/// The index of a server.
pub(super) fn server(name: &Text, servers: &[Server], out: &mut Diagnostics) -> usize {
    if servers.is_empty() {
        // That was reported.
        return 0;
    }
    index("server", name, servers.iter().map(|it| it.name.as_str()), out).unwrap_or(0)
}

/// The index of a name among others.
pub(super) fn index<'a>(
    what: &str,
    name: &Spanned<String>,
    known: impl Iterator<Item = &'a str>,
    out: &mut Diagnostics,
) -> Option<usize> {
    let known: Vec<&str> = known.collect();
    let at = known.iter().position(|it| *it == name.value);
    if at.is_none() {
        out.push(names::unknown_name(what, &name.value, &known, name.span));
    }
    at
}
