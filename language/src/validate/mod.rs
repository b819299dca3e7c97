//! `cargo xtask validate`: finds the operation that a method and path mean, checks the request, words the verdict.
//!
//! Two forms: one request (a verdict for people or as JSON), and JSON Lines with [`Batch`]. Reads nothing and prints
//! nothing; the command line does both. The contract server finds operations with the same [`Routes`].

mod batch;
mod find;
mod routes;
mod sent_json;
#[cfg(test)]
mod tests;
mod told;
mod url;

pub use batch::{Batch, push_object, verdict_json, verdict_text};
pub use find::{ApiRoutes, MatchedOperation, Target, find_operation};
pub use routes::{NoRoute, RouteKind, RouteMatch, RouteTarget, Routes};
pub use sent_json::{InvalidText, SentJson, read_json, read_json_lines, with_not_text};
pub use told::Told;
pub use url::{path_of_url, percent_decoded, read_parameters, read_query};

use crate::escape::escaped;
use crate::interpret::{Verdict, Violation};
use crate::model::{Api, Location};

/// A verdict for people: a headline, then a line per violation and warning.
#[must_use]
pub fn render_verdict(api: &Api, found: &MatchedOperation<'_>, verdict: &Verdict) -> String {
    let op = found.target.operation();
    let name = match found.target {
        Target::Call(_) => op.full_name(api),
        Target::Status(_) => format!("status of {}", op.full_name(api)),
    };
    let mut text = format!("{name}: {}\n", headline(verdict));
    for (kind, all, omitted) in [
        ("error", &verdict.violations, verdict.omitted_violations),
        ("warning", &verdict.warnings, verdict.omitted_warnings),
    ] {
        for it in all {
            let mut line = format!("{kind}[{}] {}: {}", it.rule, place(it), it.message);
            if let Some(found) = &it.found {
                line.push_str(&format!(" (found {found})"));
            }
            text.push_str(&escaped(&line));
            text.push('\n');
        }
        if omitted > 0 {
            text.push_str(&format!("{kind}: and {omitted} more\n"));
        }
    }
    text
}

fn headline(verdict: &Verdict) -> String {
    let warnings = match verdict.warnings.len() + verdict.omitted_warnings {
        0 => String::new(),
        1 => ", 1 warning".to_owned(),
        many => format!(", {many} warnings"),
    };
    match verdict.violations.len() + verdict.omitted_violations {
        0 => format!("valid{warnings}"),
        1 => format!("1 violation{warnings}"),
        many => format!("{many} violations{warnings}"),
    }
}

fn place(violation: &Violation) -> String {
    match (violation.location, violation.at.as_str()) {
        (Location::Body, "") => "the body".to_owned(),
        (Location::Body | Location::WholeBody, at) => at.to_owned(),
        (location, at) => format!("{} in the {}", at, location_word(location)),
    }
}

/// `body`, `path`, `query`, `header`, `cookie`.
fn location_word(location: Location) -> &'static str {
    match location {
        Location::Body | Location::WholeBody => "body",
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
        Location::Cookie => "cookie",
    }
}
