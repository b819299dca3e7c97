//! Redirects of downloads: the destination, and what may be sent there.
//!
//! APIs respond to a request for a file with a redirect to a store that has it. The runtime follows such a redirect
//! itself, with every transport, because HTTP clients that follow redirects send keys in custom headers to other hosts.

use std::borrow::Cow;

use http::header::{ACCEPT, LOCATION, RANGE};
use http::{HeaderMap, HeaderName, StatusCode, Uri};

use crate::byte_scan::equal_ignore_case;
use crate::headers;
use crate::{TransportError, TransportErrorKind};

/// The maximum number of redirects that one download follows.
const MOST: usize = 10;

/// Statuses that name another URL for the same request.
pub(crate) fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Where a redirect leads, as the server wrote it.
pub(crate) fn address(headers: &HeaderMap) -> Option<Cow<'_, str>> {
    headers::get(headers, LOCATION.as_str()).map(|it| String::from_utf8_lossy(it.as_bytes()))
}

/// The message for a status that is neither success nor error and ends the call.
pub(crate) fn words(status: StatusCode, headers: &HeaderMap) -> Option<String> {
    if status == StatusCode::NOT_MODIFIED {
        return Some("the content has not changed since the version that the request names".to_owned());
    }
    if !is_redirect(status) {
        return None;
    }
    let to = match origin_in(address(headers).unwrap_or_default().trim()) {
        Ok(Some(origin)) => format!("to {origin}"),
        Ok(None) => "to another path of its own".to_owned(),
        Err(Fault::Missing) => "without saying where".to_owned(),
        Err(_) => "to a malformed address".to_owned(),
    };
    Some(format!("the server redirects {to}, which is not followed; check the base URL"))
}

/// `https://host:port` at the beginning of an address, because the rest may be secret; `None` if it has no scheme. Its own
/// reading, since that of [`Location`] is only in programs that follow redirects.
fn origin_in(address: &str) -> Result<Option<&str>, Fault> {
    let end_of = |text: &str, ends: &[u8]| text.bytes().position(|it| ends.contains(&it)).unwrap_or(text.len());
    let scheme = end_of(address, b":/?#");
    if scheme == 0 && !address.starts_with(['/', '?']) {
        return Err(if address.starts_with(':') { Fault::Malformed } else { Fault::Missing });
    }
    let (scheme, rest) = address.split_at_checked(scheme).unwrap_or_default();
    let Some(rest) = rest.strip_prefix(':') else { return Ok(None) };
    let is_http = equal_ignore_case(scheme, "http") || equal_ignore_case(scheme, "https");
    let Some(rest) = rest.strip_prefix("//").filter(|_| is_http) else { return Err(Fault::Malformed) };
    let authority = rest.get(..end_of(rest, b"/?#")).unwrap_or_default();
    let host = authority.trim_end_matches(|it: char| it.is_ascii_digit());
    let host = if host.len() < authority.len() { host.strip_suffix(':').unwrap_or(authority) } else { authority };
    let is_host = |it: u8| it.is_ascii_alphanumeric() || b"-._~%".contains(&it);
    let is_whole = match host.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
        Some(bare) => bare.bytes().all(|it| is_host(it) || it == b':'),
        None => !host.is_empty() && host.strip_suffix(':').unwrap_or(host).bytes().all(is_host),
    };
    if is_whole { Ok(address.get(..scheme.len() + 3 + authority.len())) } else { Err(Fault::Malformed) }
}

/// The path of one request through its redirects.
pub(crate) struct Route {
    uri: Uri,
    /// Every URL so far except the last.
    before: Vec<Uri>,
    /// The headers of the next request if it has left its first origin. Credentials are only for that origin.
    kept: Option<HeaderMap>,
}

impl Route {
    pub(crate) fn new(uri: Uri) -> Self {
        Self { uri, before: Vec::new(), kept: None }
    }

    /// The URL of the next request.
    pub(crate) fn uri(&self) -> &Uri {
        &self.uri
    }

    /// Whether it has left the origin that credentials are for.
    pub(crate) fn has_left(&self) -> bool {
        self.kept.is_some()
    }

    pub(crate) fn is_redirected(&self) -> bool {
        !self.before.is_empty()
    }

    /// The headers of the next request, if they are not all. Another origin receives only what is requested, and nothing
    /// about the caller. That remains so if a redirect leads back.
    pub(crate) fn kept_headers(&self) -> Option<&HeaderMap> {
        self.kept.as_ref()
    }

    /// Follows the redirect of the response with these headers, to a request that had `sent`.
    ///
    /// # Errors
    /// Fails with the reason if it is not followed.
    pub(crate) fn follow(&mut self, headers: &HeaderMap, sent: &HeaderMap) -> Result<(), String> {
        let next = match location(headers).and_then(|it| it.from(&self.uri)) {
            Ok(next) => next,
            Err(Fault::Missing) => return Err("the server redirects the download without saying where".to_owned()),
            Err(Fault::Malformed) => return Err("the server redirects the download to a malformed address".to_owned()),
            Err(Fault::NotHttp) => {
                return Err("the server redirects the download to an address that is not http or https".to_owned());
            }
        };
        if is_https(&self.uri) && !is_https(&next) {
            return Err(format!(
                "the server redirects the download from https to {}, which is not encrypted, so it is not followed",
                origin_text(&next)
            ));
        }
        if next == self.uri || self.before.contains(&next) {
            return Err("the server redirects the download in a circle".to_owned());
        }
        if self.before.len() >= MOST {
            return Err(format!("the server redirects the download more than {MOST} times"));
        }
        if !is_same_origin(&self.uri, &next) {
            let kept = |name: HeaderName| sent.get(&name).cloned().map(|it| (name, it));
            self.kept = Some([ACCEPT, RANGE].into_iter().filter_map(kept).collect());
        }
        self.before.push(std::mem::replace(&mut self.uri, next));
        Ok(())
    }

    /// A redirected request did reach a server, whatever happened after that.
    pub(crate) fn check_location(&self, error: TransportError) -> TransportError {
        match error.kind() {
            TransportErrorKind::NotSent | TransportErrorKind::Refused if self.is_redirected() => {
                TransportError::new(TransportErrorKind::Broken, error)
            }
            _ => error,
        }
    }
}

/// Why a redirect cannot be followed.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    Missing,
    Malformed,
    NotHttp,
}

/// The target of a redirect.
#[derive(Debug)]
enum Location {
    Absolute(Uri),
    /// `//host/path`
    Host(String),
    /// A path that begins with `/`.
    Path(String),
    /// Text that begins with `?`, or a path relative to the current one.
    Beside(String),
}

/// The address that a server gave for another request of the same call, such as that of the next page.
///
/// # Errors
/// Fails if it is malformed, or if it has another origin: the credential would go there.
pub(crate) fn same_origin(base: &Uri, text: &str) -> Result<Uri, String> {
    match parse(text.as_bytes()).and_then(|it| it.from(base)) {
        Ok(uri) if is_same_origin(base, &uri) => Ok(uri),
        Ok(uri) => Err(format!(
            "the server names a URL at {}, which is not the origin of the request, so nothing is sent there",
            origin_text(&uri)
        )),
        Err(_) => Err("the server names a malformed URL".to_owned()),
    }
}

/// The address that a server gave, resolved against the URL of the request. One that is malformed stays as it is.
pub(crate) fn resolved(base: &Uri, text: &str) -> String {
    parse(text.as_bytes()).and_then(|it| it.from(base)).map_or_else(|_| text.to_owned(), |it| it.to_string())
}

fn location(headers: &HeaderMap) -> Result<Location, Fault> {
    parse(headers.get(LOCATION).ok_or(Fault::Missing)?.as_bytes())
}

fn parse(address: &[u8]) -> Result<Location, Fault> {
    let text = encoded(address);
    // The fragment after `#` is not sent.
    let text = text.split('#').next().unwrap_or_default();
    if text.is_empty() {
        return Err(Fault::Missing);
    }
    let scheme = text.split([':', '/', '?']).next().filter(|it| text[it.len()..].starts_with(':'));
    if let Some(scheme) = scheme {
        if !equal_ignore_case(scheme, "http") && !equal_ignore_case(scheme, "https") {
            return Err(Fault::NotHttp);
        }
        let has_host = text[scheme.len()..].starts_with("://");
        return if has_host { parsed(text).map(Location::Absolute) } else { Err(Fault::Malformed) };
    }
    Ok(match text.as_bytes() {
        [b'/', b'/', ..] => Location::Host(text.to_owned()),
        [b'/', ..] => Location::Path(text.to_owned()),
        _ => Location::Beside(text.to_owned()),
    })
}

impl Location {
    /// The URL, resolved against the URL of the request.
    fn from(self, base: &Uri) -> Result<Uri, Fault> {
        let scheme = base.scheme_str().unwrap_or_default();
        let host = base.authority().map_or("", |it| it.as_str());
        let text = match self {
            Self::Absolute(uri) => return Ok(uri),
            Self::Host(text) => format!("{scheme}:{text}"),
            Self::Path(text) => format!("{scheme}://{host}{}", without_dots(&text)),
            Self::Beside(text) if text.starts_with('?') => format!("{scheme}://{host}{}{text}", base.path()),
            Self::Beside(text) => {
                let folder = base.path().rsplit_once('/').map_or("", |it| it.0);
                format!("{scheme}://{host}{}", without_dots(&format!("{folder}/{text}")))
            }
        };
        parsed(&text)
    }
}

/// A URL with a host and without a user name. A user name would not be sent, and could look like a host.
fn parsed(text: &str) -> Result<Uri, Fault> {
    let uri: Uri = text.parse().map_err(|_| Fault::Malformed)?;
    let authority = uri.authority().ok_or(Fault::Malformed)?;
    let port = authority.as_str().get(authority.host().len()..).unwrap_or_default();
    let is_whole = !authority.host().is_empty() && !authority.as_str().contains('@');
    if is_whole && (matches!(port, "" | ":") || uri.port_u16().is_some()) { Ok(uri) } else { Err(Fault::Malformed) }
}

/// The text of a header. Characters that a URL does not allow are percent-encoded, as browsers do.
fn encoded(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for &byte in bytes.trim_ascii() {
        match byte {
            b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' => out.push_str(&format!("%{byte:02X}")),
            0x21..=0x7e => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// A path, with an optional query, whose `.` and `..` are resolved.
fn without_dots(text: &str) -> String {
    let (path, query) = text.find('?').map_or((text, ""), |at| text.split_at(at));
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.strip_prefix('/').unwrap_or(path).split('/').peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        match segment {
            "." | ".." => {
                if segment == ".." {
                    kept.pop();
                }
                if is_last {
                    kept.push("");
                }
            }
            other => kept.push(other),
        }
    }
    format!("/{}{query}", kept.join("/"))
}

fn is_https(uri: &Uri) -> bool {
    uri.scheme_str() == Some("https")
}

fn port(uri: &Uri) -> u16 {
    uri.port_u16().unwrap_or(if is_https(uri) { 443 } else { 80 })
}

fn is_same_origin(one: &Uri, other: &Uri) -> bool {
    let host = |it: &Uri| it.host().unwrap_or_default().to_ascii_lowercase();
    is_https(one) == is_https(other) && port(one) == port(other) && host(one) == host(other)
}

/// `https://host:port`, because the rest may be secret.
fn origin_text(uri: &Uri) -> String {
    format!("{}://{}", uri.scheme_str().unwrap_or_default(), uri.authority().map_or("", |it| it.as_str()))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn headers(location: &[u8]) -> HeaderMap {
        HeaderMap::from_iter([(LOCATION, HeaderValue::from_bytes(location).unwrap_or(HeaderValue::from_static("")))])
    }

    #[track_caller]
    fn is_followed_by(from: &'static str, location: &str, to: Result<&str, &str>) {
        let mut route = Route::new(Uri::from_static(from));
        match (route.follow(&headers(location.as_bytes()), &HeaderMap::new()), to) {
            (Ok(()), Ok(to)) => assert_eq!(route.uri().to_string(), to, "{from} + {location}"),
            (Err(why), Err(words)) => assert!(why.contains(words), "{from} + {location}: {why}"),
            (got, _) => panic!("{from} + {location}: {got:?} {}", route.uri()),
        }
    }

    #[test]
    fn locations_are_resolved_against_the_request() {
        const FROM: &str = "https://a.test:81/v1/tapes/7?x=1";
        for (location, to) in [
            ("https://b.test/k?sig=1%2F", "https://b.test/k?sig=1%2F"),
            ("HTTPS://b.test", "https://b.test/"),
            ("https://b.test?x", "https://b.test/?x"),
            ("https://b.test:444/#part", "https://b.test:444/"),
            ("//b.test/k", "https://b.test/k"),
            ("/k", "https://a.test:81/k"),
            ("/a/../b/./c/..", "https://a.test:81/b/"),
            ("/../../k?../x", "https://a.test:81/k?../x"),
            ("8", "https://a.test:81/v1/tapes/8"),
            ("../k", "https://a.test:81/v1/k"),
            (".", "https://a.test:81/v1/tapes/"),
            ("?y=2", "https://a.test:81/v1/tapes/7?y=2"),
            ("  /k  ", "https://a.test:81/k"),
            ("/a b\"{}", "https://a.test:81/a%20b%22%7B%7D"),
            ("/grüße", "https://a.test:81/gr%C3%BC%C3%9Fe"),
            ("/\\b.test", "https://a.test:81/%5Cb.test"),
            ("https://[::1]:8/k", "https://[::1]:8/k"),
        ] {
            is_followed_by(FROM, location, Ok(to));
        }
        for (location, words) in [
            ("", "without saying where"),
            ("#part", "without saying where"),
            ("ftp://b.test/k", "not http or https"),
            ("data:audio/mpeg,abc", "not http or https"),
            ("file:///etc/passwd", "not http or https"),
            ("javascript:alert(1)", "not http or https"),
            ("https:", "malformed"),
            ("https:k", "malformed"),
            ("https:///k", "malformed"),
            ("https://b.test:99999/", "malformed"),
            ("https://b.test:x/", "malformed"),
            ("https://a.test@b.test/", "malformed"),
            ("https://a.test\\@b.test/", "malformed"),
            ("//", "malformed"),
            ("http://b.test/k", "from https to http://b.test"),
            ("http://a.test:81/v1", "from https to http://a.test:81"),
            (FROM, "in a circle"),
            ("", "without"),
        ] {
            is_followed_by(FROM, location, Err(words));
        }
        is_followed_by("http://a.test/k", "https://a.test/k", Ok("https://a.test/k"));
        is_followed_by("http://a.test/k", "//b.test/k", Ok("http://b.test/k"));
    }

    #[test]
    fn other_origins_receive_no_credentials() {
        let mut all = HeaderMap::new();
        for name in ["accept", "authorization", "x-api-key", "cookie", "user-agent", "x-trace", "range"] {
            all.insert(name, HeaderValue::from_static("v"));
        }
        for (first, second, kept) in [
            ("http://a.test/2", None, 7),
            ("http://A.test:80/2", None, 7),
            ("http://a.test:81/2", None, 2),
            ("https://a.test/2", None, 2),
            ("http://b.test/2", None, 2),
            ("http://a.test.b.test/2", None, 2),
            // After the first other origin, a redirect back is not trusted.
            ("http://b.test/2", Some("http://a.test/3"), 2),
        ] {
            let mut route = Route::new(Uri::from_static("http://a.test/1"));
            route.follow(&headers(first.as_bytes()), &all).unwrap_or_else(|it| panic!("{it}"));
            if let Some(second) = second {
                route.follow(&headers(second.as_bytes()), &all).unwrap_or_else(|it| panic!("{it}"));
            }
            let sent = route.kept_headers().unwrap_or(&all);
            assert_eq!(sent.len(), kept, "{first}: {sent:?}");
            assert!(sent.contains_key("accept") && sent.contains_key("range"), "{first}: {sent:?}");
        }
    }

    #[test]
    fn redirects_are_limited() {
        let mut route = Route::new(Uri::from_static("http://a.test/0"));
        for hop in 1..=MOST {
            assert_eq!(route.follow(&headers(format!("/{hop}").as_bytes()), &HeaderMap::new()), Ok(()), "{hop}");
        }
        assert!(route.follow(&headers(b"/more"), &HeaderMap::new()).is_err_and(|it| it.contains("more than 10 times")));
        assert!(route.follow(&headers(b"/3"), &HeaderMap::new()).is_err_and(|it| it.contains("in a circle")));
    }
}
