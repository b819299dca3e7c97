//! The third step: the URL, headers and body, which can be sent several times.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue, Uri};

use super::options::CallOptions;
use crate::client::{SentCredential, header, unfit};
use crate::multipart::{self, Form};
use crate::redact::{self, Secrets};
use crate::redirect;
use crate::request::has_dot_segment;
use crate::response::copy;
use crate::upload::Upload;
use crate::{Client, Error, Extra, Operation, RequestParts, Result};

/// Everything about a call that does not change between attempts.
pub(crate) struct PreparedCall {
    pub(crate) operation: &'static Operation,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Outgoing,
    pub(crate) secrets: Secrets,
    pub(crate) timeout: Option<Duration>,
    pub(crate) idle_timeout: Option<Duration>,
    pub(crate) deadline: Option<Instant>,
    pub(crate) max_retries: u32,
    /// It may be sent again although the server may have acted on it.
    pub(crate) may_repeat: bool,
    pub(crate) expects_nothing: bool,
    /// The credentials that are access tokens, and how each is sent.
    #[cfg(feature = "oauth2")]
    pub(crate) tokens: Vec<(usize, &'static crate::Scheme)>,
    pub(crate) span: tracing::Span,
}

/// A body that can be sent again, if its source allows that.
pub(crate) enum Outgoing {
    Bytes(Bytes),
    File(Box<dyn Upload>),
    Multipart(Box<dyn Form>, String),
}

impl Outgoing {
    pub(crate) fn reopens(&self) -> bool {
        match self {
            Self::Bytes(_) => true,
            Self::File(file) => file.reopens(),
            Self::Multipart(form, _) => form.reopens(),
        }
    }
}

impl PreparedCall {
    /// Everything about the call of a client.
    ///
    /// # Errors
    /// Fails if a part of the path, a header or the URL is malformed, if a number is not finite, or if the credential is
    /// missing.
    pub(crate) fn new(
        client: &Client,
        operation: &'static Operation,
        mut parts: RequestParts,
        options: CallOptions,
        (accept, span): (&'static str, &tracing::Span),
    ) -> Result<Self> {
        let fault = |message: String| Error::config(message).of(operation);
        let shared = &*client.shared;
        if parts.empty_path_value {
            return Err(fault(format!("a parameter of the path `{}` is empty", operation.path)));
        }
        if has_dot_segment(&parts.path) {
            return Err(fault(format!("a parameter of the path `{}` is `.` or `..`", operation.path)));
        }
        let mut headers = copy(&shared.headers);
        headers.entry(ACCEPT).or_insert(HeaderValue::from_static(accept));
        #[cfg(feature = "gzip")]
        crate::gzip::ask(operation, &mut headers);
        let by_hand = |name: &str| shared.headers.contains_key(name) || options.headers.contains_key(name);
        let (mut in_query, mut in_body) = (Vec::new(), Vec::new());
        #[cfg(feature = "oauth2")]
        let mut tokens = Vec::new();
        for credential in client.credentials(operation, options.scheme.as_deref(), &by_hand)? {
            match credential {
                SentCredential::Header(name, value) => {
                    let name = HeaderName::from_bytes(name.as_bytes());
                    headers
                        .insert(name.map_err(|_| fault("a credential has a malformed header name".to_owned()))?, value);
                }
                SentCredential::Query(name, secret) => in_query.push((name, secret)),
                SentCredential::Body(name, secret) => in_body.push((name, secret)),
                SentCredential::Cookie(name, secret) => {
                    add_cookie(&mut headers, &format!("{name}={}", secret.expose()))
                }
                #[cfg(feature = "oauth2")]
                SentCredential::Token(credential, scheme) => tokens.push((credential, scheme)),
            }
        }
        // The client's secrets are the same for every call. Secrets in the headers and query of this call are added here.
        let mut more_secrets = Vec::new();
        for (name, value) in &options.headers {
            redact::in_header(name.as_str(), value.as_bytes(), &mut more_secrets);
        }
        for (name, value) in &parts.headers {
            redact::in_header(name, value.as_bytes(), &mut more_secrets);
            if name.as_ref() == COOKIE.as_str() {
                add_cookie(&mut headers, value);
                continue;
            }
            let (name, value) = header(name, value).map_err(|it| it.of(operation))?;
            headers.insert(name, value);
        }
        if parts.body.lost_a_number() {
            return Err(fault("the body has a number that is not finite, which JSON cannot represent".to_owned()));
        }
        let form = parts.multipart.as_mut().map(|it| it.form());
        let (lost, unseparable) = form.map_or((false, false), |it| (it.lost_a_number, it.unseparable));
        if parts.lost_a_number || lost {
            return Err(fault("a number is not finite, which no text can say".to_owned()));
        }
        if parts.unseparable || unseparable {
            let why = "an item of a list holds the character that separates the items";
            return Err(fault(why.to_owned()));
        }
        for (name, secret) in in_body {
            let key = Extra::from_iter([(name.to_owned(), secret.expose().into())]);
            let why = "a credential is sent in the body, which has no fields";
            let put = parts.put_keys.filter(|_| operation.has_body).ok_or_else(|| fault(why.to_owned()))?;
            put(&key, &mut parts, true).map_err(|_| fault(why.to_owned()))?;
        }
        if let Some(put) = options.put_extra {
            put(&options.extra, &mut parts, operation.has_body).map_err(|it| fault(it.to_owned()))?;
        }
        let mut chosen = parts.headers.iter().filter(|(name, _)| name.as_ref() == CONTENT_TYPE.as_str());
        let chosen = chosen.next_back().map(|it| it.1.clone());
        let is_chosen = chosen.is_some();
        let default = operation.content_types.first().copied().unwrap_or("application/json");
        let (body, kind) = if let Some(mut form) = parts.multipart.take() {
            let boundary = multipart::boundary();
            let kind = format!("{}; boundary={boundary}", form.form().media_type());
            headers.remove(CONTENT_TYPE);
            (Outgoing::Multipart(form, boundary), Some(Cow::Owned(kind)))
        } else if let Some(form) = parts.form.take() {
            redact::in_query(&form, &mut more_secrets);
            (Outgoing::Bytes(form.into()), Some(Cow::Borrowed("application/x-www-form-urlencoded")))
        } else if let Some(file) = parts.file.take() {
            let kind = file.media_type(operation.content_types);
            (Outgoing::File(file), Some(Cow::Owned(kind)))
        } else if let Some(text) = parts.text.take() {
            (Outgoing::Bytes(text.into()), Some(Cow::Borrowed(default)))
        } else if operation.has_body && !parts.body.as_bytes().is_empty() {
            let body = parts.body.into_bytes();
            #[cfg(feature = "xml")]
            let body = as_xml(operation, body, chosen.as_deref().unwrap_or(default)).map_err(fault)?;
            (Outgoing::Bytes(body.into()), Some(Cow::Borrowed(default)))
        } else {
            (Outgoing::Bytes(Bytes::new()), None)
        };
        if let Some(kind) = kind.filter(|_| !is_chosen || !headers.contains_key(CONTENT_TYPE)) {
            let malformed = |_| fault(format!("the content type `{kind}` is malformed"));
            headers.insert(CONTENT_TYPE, HeaderValue::from_str(&kind).map_err(malformed)?);
        }
        match (operation.idempotency, options.idempotency_key) {
            (Some(name), key) => {
                let (name, value) = header(name, &key.unwrap_or_else(random_key)).map_err(|it| it.of(operation))?;
                headers.insert(name, value);
            }
            (None, Some(_)) => return Err(fault("the operation takes no idempotency key".to_owned())),
            (None, None) => {}
        }
        headers.extend(options.headers);
        redact::in_query(&parts.query, &mut more_secrets);

        let base = shared.servers.get(operation.server).map_or("", String::as_str);
        if let Some(message) = unfit(shared.api, base) {
            return Err(fault(message));
        }
        let malformed = || fault(format!("the URL of `{}` is malformed or too long", operation.path));
        let mut uri = with_query(&format!("{base}{}", parts.path), &parts.query).ok_or_else(malformed)?;
        if let Some(url) = &options.url {
            uri = redirect::same_origin(&uri, url).map_err(&fault)?;
            redact::in_query(uri.query().unwrap_or_default(), &mut more_secrets);
        }
        for (name, secret) in &in_query {
            let sent = uri.query().unwrap_or_default().split('&').any(|it| it.split('=').next() == Some(*name));
            if !sent {
                let mut key = RequestParts::default();
                key.query(name, secret.expose());
                uri = with_query(&uri.to_string(), &key.query).ok_or_else(malformed)?;
            }
        }
        let total = options.total_timeout.or(shared.limits.total_timeout);
        Ok(Self {
            operation,
            uri,
            headers,
            body,
            secrets: shared.secrets.and(more_secrets),
            timeout: options.timeout.or(shared.limits.timeout),
            idle_timeout: options.idle_timeout.unwrap_or(shared.limits.idle_timeout),
            // A limit beyond the range of the clock counts as no limit.
            deadline: total.and_then(|it| shared.clock.now().checked_add(it)),
            max_retries: options.max_retries.unwrap_or(shared.limits.retry.max_retries),
            may_repeat: operation.idempotent || operation.idempotency.is_some(),
            expects_nothing: parts.expects_nothing,
            #[cfg(feature = "oauth2")]
            tokens,
            span: span.clone(),
        })
    }
}

/// The body in XML, where the operation has one and the media type is one of XML.
#[cfg(feature = "xml")]
fn as_xml(operation: &Operation, body: Vec<u8>, media_type: &str) -> std::result::Result<Vec<u8>, String> {
    let element = operation.xml.and_then(|it| it.body).filter(|_| crate::xml::is_xml(media_type));
    let Some(element) = element else { return Ok(body) };
    let value = serde_json::from_slice(&body).map_err(|it| format!("the body cannot be written in XML: {it}"))?;
    crate::xml::write(element, &value).map(String::into_bytes)
}

/// A URL with more in its query.
fn with_query(url: &str, more: &str) -> Option<Uri> {
    let mark = match (more, url.contains('?')) {
        ("", _) => "",
        (_, true) => "&",
        (_, false) => "?",
    };
    format!("{url}{mark}{more}").parse().ok()
}

/// Adds a cookie to those that are there.
fn add_cookie(headers: &mut HeaderMap, cookie: &str) {
    let mut cookies: Vec<Vec<u8>> = headers.get_all(COOKIE).iter().map(|it| it.as_bytes().to_vec()).collect();
    cookies.push(cookie.as_bytes().to_vec());
    if let Ok(mut value) = HeaderValue::from_bytes(&cookies.join(&b"; "[..])) {
        value.set_sensitive(true);
        headers.insert(COOKIE, value);
    }
}

/// A random UUID of version 4: no two calls have the same.
fn random_key() -> String {
    let random = fastrand::u128(..) & !((0xf000 << 64) | (0xc000 << 48));
    let bits = random | (0x4000 << 64) | (0x8000 << 48);
    let hex = format!("{bits:032x}");
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

#[cfg(test)]
mod tests {
    use super::random_key;

    #[test]
    fn keys_are_uuids_and_differ() {
        let key = random_key();
        let lengths: Vec<usize> = key.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12], "{key}");
        assert!(key.as_bytes()[14] == b'4' && b"89ab".contains(&key.as_bytes()[19]), "{key}");
        assert_ne!(key, random_key());
    }
}
