//! Base URLs: their form, and which of them may be used without encryption.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use http::Uri;

use crate::byte_scan::{equal_ignore_case, find};
use crate::escape::one_line;

/// A base URL without its final slash. The error says what is wrong with it, without showing it.
pub(crate) fn checked(url: &str) -> Result<String, &'static str> {
    let url = url.trim().trim_end_matches('/');
    let plain = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    let whole = plain
        .is_some_and(|it| !it.is_empty() && !it.bytes().any(|it| matches!(it, b'?' | b'#')) && !it.starts_with('/'));
    if !whole || url.parse::<Uri>().is_err() {
        return Err("the base URL is malformed: `https://host`, perhaps with a path, is expected");
    }
    if plain.is_some_and(|it| it.bytes().take_while(|it| *it != b'/').any(|it| it == b'@')) {
        // It would be printed, but not sent.
        return Err("the base URL contains a user name or a password; send them with `ClientBuilder::header`");
    }
    Ok(url.to_owned())
}

/// The path of an absolute URL, without a slash at the end.
pub(crate) fn path_of(url: &str) -> &str {
    let rest = find(url.as_bytes(), b"://").map_or(url, |at| url.get(at + 3..).unwrap_or_default());
    find(rest.as_bytes(), b"/").and_then(|at| rest.get(at..)).unwrap_or_default().trim_end_matches('/')
}

/// Whether requests to this URL can be read on the network: it is not `https`, and its host is not this machine. Any host
/// that is not clearly this machine counts as another one.
pub(crate) fn is_insecure(url: &str) -> bool {
    match url.parse::<Uri>() {
        Ok(uri) => uri.scheme_str() != Some("https") && !uri.host().is_some_and(is_loopback),
        Err(_) => true,
    }
}

/// Why a URL is not used. It shows only the part before the path, because the path may contain secrets.
pub(crate) fn refusal(url: &str, variable: Option<&str>) -> String {
    let from = variable.map(|it| format!("environment variable {it}: ")).unwrap_or_default();
    let slashes = url.bytes().enumerate().filter(|it| it.1 == b'/');
    let end = slashes.map(|it| it.0).nth(2).unwrap_or(url.len());
    let host = one_line(url.get(..end).unwrap_or_default(), 100);
    format!(
        "{from}the base URL `{host}` is not encrypted and leads to another machine, so credentials would be sent in clear; \
         use `https://`, or call `ClientBuilder::allow_insecure()` if every network on the way is trusted"
    )
}

/// `localhost`, names below it, and loopback addresses in their usual notation. Other notations of these addresses, such
/// as `2130706433` or `127.1`, are interpreted differently by different programs.
fn is_loopback(host: &str) -> bool {
    let bare = host.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    if let Some(bare) = bare {
        let address = bare.parse::<Ipv6Addr>().map(|it| it.to_ipv4_mapped().map_or(IpAddr::V6(it), IpAddr::V4));
        return address.is_ok_and(|it| it.is_loopback());
    }
    if let Ok(address) = host.parse::<Ipv4Addr>() {
        return address.is_loopback();
    }
    let host = host.strip_suffix('.').unwrap_or(host);
    let is_label =
        |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-' || it == b'_');
    let mut labels = host.rsplit('.');
    labels.next().is_some_and(|it| equal_ignore_case(it, "localhost")) && labels.all(is_label)
}

#[cfg(test)]
mod tests {
    use super::is_insecure;

    #[track_caller]
    fn check(insecure: bool, urls: &[&str]) {
        for url in urls {
            assert_eq!(is_insecure(url), insecure, "{url}");
        }
    }

    #[test]
    fn this_machine_requires_no_encryption() {
        check(false, &["https://example.com", "https://10.0.0.1/x", "HTTPS://EXAMPLE.com"]);
        check(false, &["http://localhost", "http://LOCALHOST:8080/v1", "http://localhost.", "http://api.localhost:1"]);
        check(false, &["http://127.0.0.1", "http://127.0.0.1:80/a", "http://127.8.9.10", "HTTP://127.0.0.1"]);
        check(false, &["http://[::1]", "http://[::1]:8080/x", "http://[::ffff:127.0.0.1]", "http://[0:0:0:0:0:0:0:1]"]);
    }

    #[test]
    fn other_machines_do() {
        check(
            true,
            &["http://example.com", "http://10.0.0.1", "http://192.168.1.2:80/x", "http://[::2]", "HTTP://A.b"],
        );
        check(true, &["http://127.0.0.1.example.com", "http://127.0.0.1.nip.io", "http://localhost.example.com"]);
        check(true, &["http://notlocalhost", "http://local-host", "http://localhost@evil.example", "http://u:p@evil"]);
        check(
            true,
            &["http://127.0.0.1@evil.example", "http://127.0.0.1:80@evil.example", "http://evil.example#@localhost"],
        );
        check(true, &["http://2130706433", "http://0x7f000001", "http://0177.0.0.1", "http://127.1", "http://0.0.0.0"]);
        check(true, &["http://[::ffff:10.0.0.1]", "http://[::127.0.0.1]", "http://[::]", "http://[fe80::1]"]);
        check(
            true,
            &["http://127.0.0.1%2eexample.com", "http://evil.example%2f.localhost", "http://evil.example\\.localhost"],
        );
        check(
            true,
            &["http://..localhost", "http://localhost..", "http://", "http:", "", "ftp://example.com", "//example.com"],
        );
        check(
            true,
            &["http://evil.example/localhost", "http://evil.example?x=.localhost", "http://evil.example:80/127.0.0.1"],
        );
    }
}
