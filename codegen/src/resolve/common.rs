//! The common parts of `api.yaml`: servers, credentials, errors, limits, webhook.

use super::failures;
use super::names::{self as forms, UniqueNames};
use crate::diagnostics::{Diagnostics, decode, names};
use crate::model::{
    Auth, AuthScheme, Credential, ErrorCode, ErrorExample, ErrorKind, ErrorModel, RateLimit, RateLimitHeaders, Server,
    StatusMeaning, Webhook,
};
use crate::source::Spanned;
use crate::syntax::document::{ApiDocument, StatusDoc, Text};

pub(super) fn servers(api: &ApiDocument, out: &mut Diagnostics) -> Vec<Server> {
    let server = |it: &crate::syntax::document::ServerDoc, out: &mut Diagnostics| {
        forms::check_snake("a server", &it.name, out);
        let url = forms::check_server(&it.url, out);
        Server { name: it.name.value.clone(), url, doc: it.doc.clone(), span: it.name.span }
    };
    api.servers.iter().map(|it| server(it, out)).collect()
}

pub(super) fn credentials(api: &ApiDocument, out: &mut Diagnostics) -> Vec<Credential> {
    let mut credentials = Vec::new();
    for doc in &api.credentials {
        forms::check_snake("a credential", &doc.name, out);
        if let Some(env) = &doc.env {
            forms::check_env(env, out);
        }
        let mut schemes = Vec::new();
        for scheme in &doc.schemes {
            forms::check_snake("a way to send a credential", &scheme.name, out);
            let Some(header) = &scheme.header else { continue };
            forms::check_header_token(header, out);
            if scheme.prefix.chars().any(|it| it.is_control() || !it.is_ascii()) {
                out.push(names::bad_header(
                    &scheme.prefix,
                    "has characters that are not allowed in a header",
                    header.span,
                ));
            }
            let (name, prefix) = (scheme.name.value.clone(), scheme.prefix.clone());
            schemes.push(AuthScheme { name, header: header.value.clone(), prefix });
        }
        credentials.push(Credential {
            name: doc.name.value.clone(),
            env: doc.env.as_ref().map(|it| it.value.clone()).unwrap_or_default(),
            doc: doc.doc.clone(),
            looks_like: doc.looks_like.clone(),
            schemes,
            span: doc.name.span,
        });
    }
    credentials
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
        scope.add("headers of the webhook", &name.clone().map(|it| it.to_ascii_lowercase()), out);
    }
    let named = |name: &Option<Text>, out: &mut Diagnostics| {
        if let Some(name) = name {
            forms::check_header_token(name, out);
        }
        name.as_ref().map(|it| it.value.clone())
    };
    Some(Webhook {
        id_header: named(&doc.id, out),
        timestamp_header: named(&doc.timestamp, out),
        signature_header: named(&doc.signature, out).unwrap_or_default(),
        algorithm: doc.algorithm.clone(),
        signed: doc.signed.clone(),
        secret_encoding: doc.secret_encoding.clone(),
        secret_prefix: doc.secret_prefix.clone(),
        signature_encoding: doc.signature_encoding.clone(),
        signature_prefix: doc.signature_prefix.clone(),
        separator: doc.separator.clone(),
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

/// `credential` or `credential.scheme`; the outer `None` is a fault.
pub(super) fn auth(name: &Text, credentials: &[Credential], out: &mut Diagnostics) -> Option<Option<Auth>> {
    if name.value == "none" {
        return Some(None);
    }
    let (credential, scheme) = match name.value.split_once('.') {
        Some((credential, scheme)) => (credential, Some(scheme)),
        None => (name.value.as_str(), None),
    };
    let Some(at) = credentials.iter().position(|it| it.name == credential) else {
        let known: Vec<&str> = credentials.iter().map(|it| it.name.as_str()).collect();
        out.push(names::unknown_name("credential", credential, &known, name.span));
        return None;
    };
    let schemes = &credentials[at].schemes;
    let Some(scheme) = scheme else { return Some(Some(Auth { credential: at, scheme: 0 })) };
    let Some(scheme_at) = schemes.iter().position(|it| it.name == scheme) else {
        let known: Vec<&str> = schemes.iter().map(|it| it.name.as_str()).collect();
        out.push(names::unknown_name("way to send the credential", scheme, &known, name.span));
        return None;
    };
    Some(Some(Auth { credential: at, scheme: scheme_at }))
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
