//! The third step: the URL, headers and body, which can be sent several times.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue, Uri};
use secrecy::SecretSlice;

use super::options::CallOptions;
use crate::client::{SentCredential, header, unfit};
use crate::concat::concat;
use crate::headers;
use crate::random;
use crate::redact::{self, Secrets};
use crate::request::has_dot_segment;
use crate::upload::Upload;
use crate::{Client, Error, Extra, Operation, RequestParts, Result, Secret};

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
    Upload(Box<dyn Upload>),
}

impl Outgoing {
    pub(crate) fn reopens(&self) -> bool {
        match self {
            Self::Bytes(_) => true,
            Self::Upload(upload) => upload.reopens(),
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
        parts: &mut RequestParts,
        options: &CallOptions,
        (accept, span): (&'static str, &tracing::Span),
    ) -> Result<Self> {
        let shared = &*client.shared;
        let mut out = Self {
            operation,
            uri: Uri::default(),
            headers: headers::copy(&shared.headers),
            body: Outgoing::Bytes(Bytes::new()),
            secrets: shared.secrets.clone(),
            timeout: options.timeout.or(shared.limits.timeout),
            idle_timeout: options.idle_timeout.unwrap_or(shared.limits.idle_timeout),
            // A limit beyond the range of the clock counts as no limit.
            deadline: options
                .total_timeout
                .or(shared.limits.total_timeout)
                .and_then(|it| shared.clock.now().checked_add(it)),
            max_retries: options.max_retries.unwrap_or(shared.limits.retry.max_retries),
            may_repeat: operation.idempotent || operation.idempotency.is_some(),
            expects_nothing: parts.expects_nothing,
            #[cfg(feature = "oauth2")]
            tokens: Vec::new(),
            span: span.clone(),
        };
        out.fill(client, parts, options, accept).map_err(|it| it.of(operation))?;
        Ok(out)
    }

    /// Adds everything that may be malformed or missing.
    fn fill(
        &mut self,
        client: &Client,
        parts: &mut RequestParts,
        options: &CallOptions,
        accept: &'static str,
    ) -> Result<()> {
        check_path(self.operation, parts)?;
        // Secrets in the headers and the query of this call. Those of the client are the same for every call.
        let mut secrets = Vec::new();
        headers::set_default(&mut self.headers, ACCEPT, HeaderValue::from_static(accept));
        #[cfg(feature = "gzip")]
        crate::gzip::ask(self.operation, &mut self.headers);
        let keys = self.add_credentials(client, options)?;
        redact::in_headers(&options.headers, &mut secrets);
        for (name, value) in &parts.headers {
            redact::in_header(name, value.as_bytes(), &mut secrets);
            if name.as_ref() == COOKIE.as_str() {
                add_cookie(&mut self.headers, value);
            } else {
                self.set_header(name, value)?;
            }
        }
        check_values(parts)?;
        add_to_body(self.operation, &keys, parts)?;
        if let Some(put) = options.put_extra {
            put(&options.extra, parts, self.operation.has_body).map_err(Error::config)?;
        }
        self.take_body(parts, &mut secrets)?;
        match (self.operation.idempotency, &options.idempotency_key) {
            (Some(name), Some(key)) => self.set_header(name, key)?,
            (Some(name), None) => self.set_header(name, &random_key())?,
            (None, Some(_)) => return Err(Error::config("the operation takes no idempotency key")),
            (None, None) => {}
        }
        for (name, value) in &options.headers {
            headers::set(&mut self.headers, name.clone(), value.clone());
        }
        redact::in_query(&parts.query, &mut secrets);
        let base = client.shared.servers.get(self.operation.server).map_or("", String::as_str);
        if let Some(message) = unfit(client.shared.api, base) {
            return Err(Error::config(message));
        }
        self.uri = self.with_query(&(base.to_owned() + &parts.path), &parts.query)?;
        if let Some((url, resolve)) = &options.url {
            self.uri = resolve(&self.uri, url).map_err(Error::config)?;
            redact::in_query(self.uri.query().unwrap_or_default(), &mut secrets);
        }
        for (name, secret) in keys.iter().filter_map(SentKey::in_query) {
            let sent = self.uri.query().unwrap_or_default().split('&').any(|it| it.split('=').next() == Some(name));
            if !sent {
                let mut key = RequestParts::default();
                key.query(name, secret.expose());
                self.uri = self.with_query(&self.uri.to_string(), &key.query)?;
            }
        }
        self.secrets = self.secrets.and(secrets);
        Ok(())
    }

    /// Adds the credentials in headers, and returns the others.
    fn add_credentials(&mut self, client: &Client, options: &CallOptions) -> Result<Vec<SentKey>> {
        let all = &client.shared.headers;
        let by_hand = |name: &str| headers::get(all, name).or(headers::get(&options.headers, name)).is_some();
        let mut others = Vec::new();
        for credential in client.credentials(self.operation, options.scheme.as_ref(), &by_hand)? {
            match credential {
                SentCredential::Header(name, value) => {
                    let name = HeaderName::from_bytes(name.as_bytes())
                        .map_err(|_| Error::config("a credential has a malformed header name"))?;
                    headers::set(&mut self.headers, name, value);
                }
                SentCredential::Query(name, secret) => others.push(SentKey { name, secret, in_body: false }),
                SentCredential::Body(name, secret) => others.push(SentKey { name, secret, in_body: true }),
                SentCredential::Cookie(name, secret) => {
                    add_cookie(&mut self.headers, &format!("{name}={}", secret.expose()));
                }
                #[cfg(feature = "oauth2")]
                SentCredential::Token(credential, scheme) => self.tokens.push((credential, scheme)),
            }
        }
        Ok(others)
    }

    fn set_header(&mut self, name: &str, value: &str) -> Result<()> {
        let (name, value) = header(name, value)?;
        headers::set(&mut self.headers, name, value);
        Ok(())
    }

    /// Takes the body, and the media type that it has if the request does not choose one.
    fn take_body(&mut self, parts: &mut RequestParts, secrets: &mut Vec<SecretSlice<u8>>) -> Result<()> {
        let operation = self.operation;
        let chosen = parts.headers.iter().rfind(|(name, _)| name.as_ref() == CONTENT_TYPE.as_str()).map(|it| &*it.1);
        let mut is_chosen = chosen.is_some();
        let default = operation.content_types.first().copied().unwrap_or("application/json");
        let upload = match parts.multipart.take() {
            Some(form) => {
                // Only its own has the boundary.
                is_chosen = false;
                Some(form.into_upload())
            }
            None if parts.form.is_some() => None,
            None => parts.file.take(),
        };
        let kind = if let Some(upload) = upload {
            let kind = upload.media_type(operation.content_types);
            self.body = Outgoing::Upload(upload);
            Cow::Owned(kind)
        } else if let Some(form) = parts.form.take() {
            redact::in_query(&form, secrets);
            self.body = Outgoing::Bytes(form.into());
            Cow::Borrowed("application/x-www-form-urlencoded")
        } else if let Some(text) = parts.text.take() {
            self.body = Outgoing::Bytes(text.into());
            Cow::Borrowed(default)
        } else if operation.has_body && !parts.body.as_bytes().is_empty() {
            let body = std::mem::take(&mut parts.body).into_bytes();
            #[cfg(feature = "xml")]
            let body = as_xml(operation, body, chosen.unwrap_or(default)).map_err(Error::config)?;
            self.body = Outgoing::Bytes(body.into());
            Cow::Borrowed(default)
        } else {
            return Ok(());
        };
        if !is_chosen || headers::get(&self.headers, CONTENT_TYPE.as_str()).is_none() {
            let malformed = |_| Error::config(format!("the content type `{kind}` is malformed"));
            headers::set(&mut self.headers, CONTENT_TYPE, HeaderValue::from_str(&kind).map_err(malformed)?);
        }
        Ok(())
    }

    /// A URL with more in its query.
    fn with_query(&self, url: &str, more: &str) -> Result<Uri> {
        let mark = match (more, url.contains('?')) {
            ("", _) => "",
            (_, true) => "&",
            (_, false) => "?",
        };
        let path = self.operation.path;
        let malformed = |_| Error::config(format!("the URL of `{path}` is malformed or too long"));
        concat(&[url, mark, more]).parse().map_err(malformed)
    }
}

/// A credential in the query, or in a field of the body.
struct SentKey {
    name: &'static str,
    secret: Secret,
    in_body: bool,
}

impl SentKey {
    fn in_query(&self) -> Option<(&'static str, &Secret)> {
        (!self.in_body).then_some((self.name, &self.secret))
    }
}

/// Fails if a value would make the path another one.
fn check_path(operation: &Operation, parts: &RequestParts) -> Result<()> {
    let fault = match parts.empty_path_value {
        true => "empty",
        false if has_dot_segment(&parts.path) => "`.` or `..`",
        false => return Ok(()),
    };
    Err(Error::config(format!("a parameter of the path `{}` is {fault}", operation.path)))
}

/// Fails if a value was lost when it was written.
fn check_values(parts: &mut RequestParts) -> Result<()> {
    let form = parts.multipart.as_mut().map(|it| it.form());
    let (lost, unseparable) = form.map_or((false, false), |it| (it.lost_a_number, it.unseparable));
    Err(Error::config(if parts.body.lost_a_number() {
        "the body has a number that is not finite, which JSON cannot represent"
    } else if parts.lost_a_number || lost {
        "a number is not finite, which no text can say"
    } else if parts.unseparable || unseparable {
        "an item of a list holds the character that separates the items"
    } else {
        return Ok(());
    }))
}

/// Adds the credentials that are fields of the body.
fn add_to_body(operation: &Operation, keys: &[SentKey], parts: &mut RequestParts) -> Result<()> {
    for SentKey { name, secret, .. } in keys.iter().filter(|it| it.in_body) {
        let mut key = Extra::new();
        key.insert((*name).to_owned(), secret.expose().into());
        let put = parts.put_keys.filter(|_| operation.has_body);
        if put.is_none_or(|put| put(&key, parts, true).is_err()) {
            return Err(Error::config("a credential is sent in the body, which has no fields"));
        }
    }
    Ok(())
}

/// The body in XML, where the operation has one and the media type is one of XML.
#[cfg(feature = "xml")]
fn as_xml(operation: &Operation, body: Vec<u8>, media_type: &str) -> std::result::Result<Vec<u8>, String> {
    let element = operation.xml.and_then(|it| it.body).filter(|_| crate::xml::is_xml(media_type));
    let Some(element) = element else { return Ok(body) };
    let value = crate::json::parse(&body).map_err(|it| format!("the body cannot be written in XML: {it}"))?;
    crate::xml::write(element, &value).map(String::into_bytes)
}

/// Adds a cookie to those that are there.
fn add_cookie(headers: &mut HeaderMap, cookie: &str) {
    let mut cookies = Vec::new();
    for known in headers.get_all(COOKIE) {
        cookies.extend_from_slice(known.as_bytes());
        cookies.extend_from_slice(b"; ");
    }
    cookies.extend_from_slice(cookie.as_bytes());
    if let Ok(mut value) = HeaderValue::from_bytes(&cookies) {
        value.set_sensitive(true);
        headers::set(headers, COOKIE, value);
    }
}

/// A random UUID of version 4: no two calls have the same.
fn random_key() -> String {
    let mut key = String::new();
    for (index, digit) in (random::digits() + &random::digits()).chars().enumerate() {
        if matches!(index, 8 | 12 | 16 | 20) {
            key.push('-');
        }
        key.push(match (index, digit) {
            (12, _) => '4',
            // The first two bits are the variant.
            (16, '0'..='3') => '8',
            (16, '4'..='7') => '9',
            (16, '8'..='b') => 'a',
            (16, _) => 'b',
            (_, digit) => digit,
        });
    }
    key
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

    #[test]
    fn keys_have_all_variants_equally_often() {
        let variants: Vec<u8> = (0..4_000).map(|_| random_key().as_bytes()[19]).collect();
        for variant in *b"89ab" {
            let count = variants.iter().filter(|it| **it == variant).count();
            assert!((850..1_150).contains(&count), "{} is there {count} times", char::from(variant));
        }
    }
}
