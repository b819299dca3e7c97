//! The server's own pages, below a path that no API has.

mod status;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use bytes::Bytes;
use http::Method;
use http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, X_CONTENT_TYPE_OPTIONS};
use http::request::Parts;
use serde_json::json;

use crate::files;
use crate::outcome::Outcome;
use crate::shared::Shared;

/// The path of all pages.
pub(crate) const PREFIX: &str = "/__specwright/";
const FILES: &str = "files/";

/// The server's URL for callers on this machine.
pub(crate) fn url_at(address: SocketAddr) -> String {
    let mut address = address;
    if address.ip().is_unspecified() {
        address.set_ip(if address.is_ipv4() {
            IpAddr::V4(Ipv4Addr::LOCALHOST)
        } else {
            IpAddr::V6(Ipv6Addr::LOCALHOST)
        });
    }
    format!("http://{address}")
}

/// The base URL of files.
pub(crate) fn files_at(url: &str) -> String {
    format!("{url}{PREFIX}files")
}

/// The page or file of a path. `None` if the path is not one of the server's own.
pub(crate) fn page(shared: &Shared, head: &Parts) -> Option<Outcome> {
    let path = head.uri.path().strip_prefix(PREFIX)?;
    if !matches!(head.method, Method::GET | Method::HEAD) {
        let mut outcome = Outcome::json(405, &json!({ "error": "Only GET is allowed here" })).allow("GET, HEAD");
        // The body of the request is not read.
        outcome.manner.close = true;
        return Some(outcome);
    }
    Some(match (path, path.strip_prefix(FILES)) {
        (_, Some(file)) => self::file(shared, file),
        ("", None) => status::html(shared),
        ("requests", None) => status::requests(shared),
        _ => not_found("There is no such page"),
    })
}

/// Whether a page is requested at a path where an API may have its own operation.
pub(crate) fn is_root(head: &Parts) -> bool {
    head.uri.path() == "/" && matches!(head.method, Method::GET | Method::HEAD)
}

/// The page at the root.
pub(crate) fn root(shared: &Shared) -> Outcome {
    status::html(shared)
}

/// The uploaded file, or a sample for the file's name.
fn file(shared: &Shared, path: &str) -> Outcome {
    match shared.uploads().find(path) {
        Some(Some((given, kind))) => as_data(&kind, given.bytes),
        Some(None) => not_found("This upload is forgotten: only the last 16 MiB are kept"),
        None => {
            let kind = files::media_type_of_name(path);
            as_data(kind, files::of_type(kind))
        }
    }
}

/// A file that browsers do not show as a page of this server, whatever its content: such a page could send requests with
/// the server's own origin.
fn as_data(kind: &str, bytes: Bytes) -> Outcome {
    let is_inert = files::is_inert(kind);
    let lower = kind.to_ascii_lowercase();
    let is_page = ["html", "xml", "script"].iter().any(|it| lower.contains(it));
    let outcome = Outcome::bytes(200, if is_page { "application/octet-stream" } else { kind }, bytes)
        .header(X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox");
    if is_inert { outcome } else { outcome.header(CONTENT_DISPOSITION, "attachment") }
}

fn not_found(why: &str) -> Outcome {
    Outcome::json(404, &json!({ "error": why }))
}
