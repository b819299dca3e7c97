//! What the server shows of itself, below a path that no API has.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use http::Method;
use http::request::Parts;
use serde_json::json;

use crate::files;
use crate::outcome::Outcome;
use crate::shared::Shared;

/// Where all of it is.
pub(crate) const PREFIX: &str = "/__specwright/";
const FILES: &str = "files/";

/// Where the URLs of files begin, for callers on this machine.
pub(crate) fn files_at(address: SocketAddr) -> String {
    let mut address = address;
    if address.ip().is_unspecified() {
        address.set_ip(if address.is_ipv4() {
            IpAddr::V4(Ipv4Addr::LOCALHOST)
        } else {
            IpAddr::V6(Ipv6Addr::LOCALHOST)
        });
    }
    format!("http://{address}{PREFIX}files")
}

/// The page or file of a path that begins with [`PREFIX`].
pub(crate) fn page(shared: &Shared, head: &Parts) -> Outcome {
    let path = head.uri.path().strip_prefix(PREFIX).unwrap_or_default();
    let mut outcome = match (&head.method, path.strip_prefix(FILES)) {
        (&Method::GET | &Method::HEAD, Some(file)) => self::file(shared, file),
        (&Method::GET | &Method::HEAD, None) => not_found("There is no such page"),
        _ => Outcome::json(405, &json!({ "error": "Only GET is taken here" })).allow("GET, HEAD"),
    };
    // What came with it is not read.
    outcome.manner.close = !matches!(head.method, Method::GET | Method::HEAD);
    outcome
}

/// What was given, or a sample of what the name speaks of.
fn file(shared: &Shared, path: &str) -> Outcome {
    match shared.uploads().find(path) {
        Some(Some((given, kind))) => Outcome::bytes(200, &kind, given.bytes),
        Some(None) => not_found("This upload is forgotten: only the last 16 MiB are kept"),
        None => {
            let kind = files::media_type_of_name(path);
            Outcome::bytes(200, kind, files::of_type(kind))
        }
    }
}

fn not_found(why: &str) -> Outcome {
    Outcome::json(404, &json!({ "error": why }))
}
