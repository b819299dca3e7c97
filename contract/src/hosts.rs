//! The allowed hosts. The server has no real keys, so it checks where requests come from.
//!
//! A web page on another site can reach loopback too: with its own host name that resolves to it (DNS rebinding), or by
//! posting to `http://127.0.0.1`. The `Host` header reveals the first, since it has the page's name. The `Origin`
//! header, which browsers send, reveals the second. For a picture, a script or a link, browsers send no `Origin`, but
//! `Sec-Fetch-Site` says that the page is on another site. Programs send neither, and their `Host` is the one they were
//! given.

use std::net::{IpAddr, Ipv6Addr};

use http::HeaderValue;
use http::header::{HOST, ORIGIN, REFERER};
use http::request::Parts;

use crate::log::Refused;
use crate::refusal::Refusal;

/// The value of `Sec-Fetch-Site`.
const FETCH_SITE: &str = "sec-fetch-site";

/// The number of characters of a name that are shown.
const SHOWN: usize = 100;

/// The hosts that a server accepts.
#[derive(Clone, Debug)]
pub(crate) struct Hosts {
    /// The address that it listens on.
    bound: IpAddr,
    /// Names that were allowed, in lower case.
    names: Vec<String>,
}

impl Hosts {
    pub(crate) fn new(bound: IpAddr, names: &[String]) -> Self {
        Self { bound, names: names.iter().map(|it| it.trim_end_matches('.').to_ascii_lowercase()).collect() }
    }

    /// Refuses a request for another host, or from a page of another host.
    pub(crate) fn check(&self, head: &Parts) -> Result<(), Refusal> {
        let asked = head.uri.authority().map(http::uri::Authority::as_str);
        let sent = head.headers.get_all(HOST).iter().map(|it| it.to_str().unwrap_or_default());
        if let Some(other) = asked.into_iter().chain(sent).find(|it| !self.is_own(it)) {
            let name = shown(other);
            let help = "`--allow-host` allows other names than those of loopback";
            return Err(refusal(format!("The host `{name}` is not this server's: {help}")));
        }
        if let Some(other) = head.headers.get_all(ORIGIN).iter().find(|it| !self.is_own_page(it)) {
            let origin = shown(other.to_str().unwrap_or_default());
            return Err(refusal(format!(
                "Web pages of `{origin}` may not ask this server: `--allow-host` allows a host"
            )));
        }
        if head.headers.get_all(FETCH_SITE).iter().any(|it| it == "cross-site") && !self.is_told_by_page(head) {
            return Err(refusal(
                "Web pages of another site may not ask this server: open the address in the browser itself, or allow \
                 the page's host with `--allow-host`"
                    .to_owned(),
            ));
        }
        Ok(())
    }

    /// Whether a page identifies itself. A page of another host would already have been refused.
    fn is_told_by_page(&self, head: &Parts) -> bool {
        let mut from = head.headers.get_all(REFERER).iter().peekable();
        let referred = from.peek().is_some() && from.all(|it| self.is_own_page(it));
        head.headers.contains_key(ORIGIN) || referred
    }

    fn is_own_page(&self, origin: &HeaderValue) -> bool {
        let Some((_, rest)) = origin.to_str().ok().and_then(|it| it.split_once("://")) else { return false };
        self.is_own(rest.split(['/', '?', '#']).next().unwrap_or_default())
    }

    /// Whether the server accepts an authority, `host` or `host:port`.
    fn is_own(&self, authority: &str) -> bool {
        let host = host(authority).trim_end_matches('.').to_ascii_lowercase();
        let inner = host.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
        let address = match inner {
            Some(inner) => inner.parse::<Ipv6Addr>().ok().map(|it| IpAddr::V6(it).to_canonical()),
            None => host.parse::<IpAddr>().ok(),
        };
        if self.names.contains(&host) {
            return true;
        }
        match address {
            // Only names that nobody else can redirect are accepted.
            Some(address) => {
                address.is_loopback() || address == self.bound.to_canonical() || self.bound.is_unspecified()
            }
            None => host == "localhost" || host.ends_with(".localhost"),
        }
    }
}

/// The host of an authority, in brackets if it has them.
fn host(authority: &str) -> &str {
    match authority.rfind(':') {
        Some(colon) if authority[colon + 1..].bytes().all(|it| it.is_ascii_digit()) => &authority[..colon],
        _ => authority,
    }
}

fn refusal(message: String) -> Refusal {
    Refusal::new(403, Refused::Host, message)
}

fn shown(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

    use http::Request;

    use super::*;

    fn is_taken(bound: &str, names: &[&str], uri: &str, headers: &[(&str, &str)]) -> bool {
        let hosts = Hosts::new(bound.parse().unwrap(), &names.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>());
        let mut request = Request::builder().uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        hosts.check(&request.body(()).unwrap().into_parts().0).is_ok()
    }

    #[test]
    fn hosts() {
        let of = |bound: &str, host: &str| is_taken(bound, &["Mock", "api.test."], "/x", &[("host", host)]);
        for host in [
            "127.0.0.1",
            "127.0.0.1:4010",
            "127.9.9.9",
            "localhost",
            "LocalHost.:80",
            "studio.localhost:4010",
            "[::1]",
            "[::1]:4010",
            "[::ffff:127.0.0.1]:1",
            "mock:4010",
            "API.TEST",
        ] {
            assert!(of("127.0.0.1", host), "{host}");
        }
        for host in [
            "evil.example",
            "evil.example:4010",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "notlocalhost",
            "192.168.0.7",
            "0.0.0.0:4010",
            "[::2]:80",
            "2130706433",
            "0x7f.1",
            "127.1",
            "[localhost]",
            "",
            "::1",
            "mock.evil.example",
            "127.0.0.1@evil.example",
            "evil.example:127.0.0.1",
            "127.0.0.1:80.evil.example",
            "localhost:evil.example",
            "localhost:80:80",
        ] {
            assert!(!of("127.0.0.1", host), "{host}");
        }
        assert!(
            of("192.168.0.7", "192.168.0.7:4010") && !of("192.168.0.7", "192.168.0.8") && of("0.0.0.0", "10.0.0.1")
        );
        assert!(of("::", "[fe80::1]:4010") && !of("0.0.0.0", "evil.example"));
    }

    #[test]
    fn every_header_with_a_host_is_checked() {
        let of = |uri: &str, headers: &[(&str, &str)]| is_taken("127.0.0.1", &[], uri, headers);
        assert!(of("/x", &[]), "a program of HTTP/1.0");
        assert!(of("http://localhost:1/x", &[("host", "localhost:1")]));
        assert!(!of("http://evil.example/x", &[("host", "localhost")]));
        assert!(!of("http://localhost/x", &[("host", "evil.example")]));
        assert!(!of("/x", &[("host", "localhost"), ("host", "evil.example")]));
    }

    #[test]
    fn origins() {
        let of =
            |origin: &str| is_taken("127.0.0.1", &["app.test"], "/x", &[("host", "localhost"), ("origin", origin)]);
        for origin in
            ["http://localhost:3000", "https://127.0.0.1", "http://[::1]:80", "tauri://localhost", "https://app.test"]
        {
            assert!(of(origin), "{origin}");
        }
        for origin in
            ["null", "", "http://evil.example", "https://localhost.evil.example", "file://", "http://192.168.0.1"]
        {
            assert!(!of(origin), "{origin}");
        }
    }

    #[test]
    fn pages_without_an_origin_are_checked() {
        let of = |headers: &[(&str, &str)]| {
            is_taken("127.0.0.1", &["app.test"], "/x", &[&[("host", "localhost")][..], headers].concat())
        };
        for site in ["none", "same-origin", "same-site"] {
            assert!(of(&[("sec-fetch-site", site)]), "{site}");
        }
        let far = ("sec-fetch-site", "cross-site");
        assert!(!of(&[far]));
        assert!(!of(&[far, ("referer", "https://evil.example/localhost")]));
        assert!(!of(&[far, ("referer", "https://app.test/"), ("referer", "https://evil.example/")]));
        assert!(!of(&[far, ("origin", "https://evil.example"), ("referer", "https://app.test/")]));
        assert!(of(&[far, ("referer", "https://app.test/page?x")]) && of(&[far, ("origin", "https://app.test")]));
    }
}
