//! The required form of names, and one table per scope to find duplicates.

use std::collections::BTreeMap;

use crate::diagnostics::{Diagnostics, names};
use crate::source::Span;
use crate::syntax::document::{ServerVariableDoc, Text};

/// The longest name of an operation, a resource or a type.
const LONGEST: usize = 64;

/// A lower-case name: `text_to_video`, `seedance_2`.
pub(super) fn check_snake(what: &str, name: &Text, out: &mut Diagnostics) -> bool {
    let text = &name.value;
    let starts = text.starts_with(|it: char| it.is_ascii_lowercase());
    let fine = starts
        && text.len() <= LONGEST
        && text.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_')
        && !text.ends_with('_')
        && !text.contains("__");
    if !fine {
        let form = format!("write it in snake case, at most {LONGEST} characters: `text_to_video`");
        out.push(names::bad_name(what, text, &form, name.span));
    }
    fine
}

/// A capitalised name: `ImagePart`.
pub(super) fn check_pascal(what: &str, name: &Text, out: &mut Diagnostics) -> bool {
    let text = &name.value;
    let starts = text.starts_with(|it: char| it.is_ascii_uppercase());
    let fine = starts && text.len() <= LONGEST && text.bytes().all(|it| it.is_ascii_alphanumeric());
    if !fine {
        let form = format!("write it in Pascal case, at most {LONGEST} characters: `ImagePart`");
        out.push(names::bad_name(what, text, &form, name.span));
    }
    fine
}

/// A name for Rust: letters, digits and `_`, not beginning with a digit.
pub(super) fn check_rust(name: Option<&Text>, out: &mut Diagnostics) -> Option<String> {
    let name = name?;
    let text = &name.value;
    let starts = text.starts_with(|it: char| it.is_ascii_alphabetic());
    let fine = starts && text.len() <= LONGEST && text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
    if !fine {
        let form = format!("write letters, digits and `_`, at most {LONGEST} characters");
        out.push(names::bad_name("Rust code", text, &form, name.span));
    }
    fine.then(|| text.clone())
}

/// `ANIMEAPI_API_KEY`
pub(super) fn check_env(name: &Text, out: &mut Diagnostics) {
    let text = &name.value;
    let starts = text.starts_with(|it: char| it.is_ascii_uppercase());
    let fine = text.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == b'_');
    if !(starts && fine) {
        let form = "write capital letters, digits and `_`: `EXAMPLE_API_KEY`";
        out.push(names::bad_name("an environment variable", text, form, name.span));
    }
}

/// A header's name is a token of HTTP.
fn is_token(it: u8) -> bool {
    it.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&it)
}

pub(super) fn check_header_token(name: &Text, out: &mut Diagnostics) -> bool {
    let fine = !name.value.is_empty() && name.value.bytes().all(is_token);
    if !fine {
        out.push(names::bad_header(&name.value, "is not a valid header name", name.span));
    }
    fine
}

/// A cookie has a name of the same characters as a header.
pub(super) fn check_cookie(name: &Text, out: &mut Diagnostics) {
    if !name.value.bytes().all(is_token) || name.value.is_empty() {
        out.push(names::bad_header(&name.value, "is not a valid name of a cookie", name.span));
    }
}

/// A header that a parameter may set: not one that the client sets by itself.
pub(super) fn check_parameter_header(name: &Text, out: &mut Diagnostics) {
    const OURS: &[&str] = &["content-type", "content-length", "authorization", "host", "accept", "transfer-encoding"];
    if check_header_token(name, out) && OURS.contains(&name.value.to_ascii_lowercase().as_str()) {
        out.push(names::bad_header(&name.value, "is set by the client itself", name.span));
    }
}

/// An absolute `http` or `https` URL without query and fragment, perhaps with variables in braces, or nothing; gives it
/// without a slash at the end.
pub(super) fn check_server(url: &Text, variables: &[ServerVariableDoc], out: &mut Diagnostics) -> String {
    let text = url.value.trim_end_matches('/');
    if text.is_empty() && url.value.is_empty() {
        return String::new();
    }
    // A variable replaces a word or a part of one.
    let mut filled = text.to_owned();
    for variable in variables {
        let braced = format!("{{{}}}", variable.name.value);
        if !filled.contains(&braced) {
            let problem = format!("the URL does not contain `{braced}`");
            out.push(names::bad_url(&problem, variable.name.span));
        }
        filled = filled.replace(&braced, "x");
    }
    let rest = filled.strip_prefix("https://").or_else(|| filled.strip_prefix("http://"));
    let host = rest.map(|it| it.split('/').next().unwrap_or_default());
    let problem = match host {
        None => Some("is not an absolute http or https URL"),
        Some(_) if filled.contains(['{', '}']) => Some("contains a variable that is not declared under `variables`"),
        Some(host) if !is_host(host) => Some("has no valid host"),
        Some(_) if filled.contains(['?', '#']) => Some("has a query or a fragment"),
        Some(_) if filled.contains(|it: char| it.is_whitespace() || it.is_control() || "\"<>\\^`|".contains(it)) => {
            Some("has characters that are not allowed in a URL")
        }
        Some(_) => None,
    };
    if let Some(problem) = problem {
        let shown = crate::diagnostics::decode::shortened(&url.value);
        out.push(names::bad_url(&format!("`{shown}` {problem}"), url.span));
    } else if filled.starts_with("http://") && !host.is_some_and(is_loopback) {
        out.push(names::unencrypted(text, url.span));
    }
    text.to_owned()
}

/// Whether a host, perhaps with a port, is this machine.
fn is_loopback(host: &str) -> bool {
    let name = host.split_once(':').map_or(host, |it| it.0);
    let is_local = name.rsplit('.').next().is_some_and(|it| it.eq_ignore_ascii_case("localhost"));
    is_local || name.parse::<std::net::Ipv4Addr>().is_ok_and(|it| it.is_loopback())
}

fn is_host(host: &str) -> bool {
    let (name, port) = host.split_once(':').unwrap_or((host, "80"));
    let labels = name.split('.').all(|it| {
        !it.is_empty() && it.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-') && !it.starts_with('-')
    });
    labels && port.parse::<u16>().is_ok_and(|it| it > 0)
}

/// Names of one scope; the second of two equal ones is reported.
#[derive(Default)]
pub(super) struct UniqueNames {
    seen: BTreeMap<String, Span>,
}

impl UniqueNames {
    /// Whether the name is new.
    pub(super) fn add(&mut self, what: &str, name: &Text, out: &mut Diagnostics) -> bool {
        if let Some(first) = self.seen.get(&name.value) {
            out.push(names::duplicate_name(what, &name.value, name.span, *first));
            return false;
        }
        self.seen.insert(name.value.clone(), name.span);
        true
    }
}
