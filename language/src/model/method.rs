//! HTTP methods.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// The method of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// GET
    Get,
    /// POST
    Post,
    /// PUT
    Put,
    /// PATCH
    Patch,
    /// DELETE
    Delete,
    /// HEAD
    Head,
    /// OPTIONS
    Options,
    /// Another one, by its name: `PROPFIND`.
    Other(&'static str),
}

/// Methods whose requests may be repeated: those that the registry of HTTP methods says it of, and what caches and
/// stores of secrets call lists and removals.
const IDEMPOTENT: [&str; 25] = [
    "ACL",
    "BASELINE-CONTROL",
    "BIND",
    "CHECKIN",
    "CHECKOUT",
    "COPY",
    "LABEL",
    "LINK",
    "LIST",
    "MERGE",
    "MKCALENDAR",
    "MKCOL",
    "MOVE",
    "ORDERPATCH",
    "PROPFIND",
    "PROPPATCH",
    "PURGE",
    "QUERY",
    "REBIND",
    "REPORT",
    "SEARCH",
    "TRACE",
    "UNBIND",
    "UNLINK",
    "UNLOCK",
];

/// Names of other methods that specs have; a few in a run, and each kept once.
static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

impl Method {
    /// Those that have a name of their own here.
    pub const ALL: [Self; 7] = [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete, Self::Head, Self::Options];

    /// Whether a name can be that of an [`Other`](Self::Other) method: capitals, perhaps with hyphens and digits.
    /// `CONNECT` opens a tunnel, and is no request of an API.
    #[must_use]
    pub fn is_name(name: &str) -> bool {
        let mut bytes = name.bytes();
        bytes.next().is_some_and(|it| it.is_ascii_uppercase())
            && bytes.all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == b'-')
            && (2..=32).contains(&name.len())
            && name != "CONNECT"
    }

    /// The method of a name: see [`is_name`](Self::is_name).
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        if let Some(known) = Self::known(name).filter(|it| it.as_str() == name) {
            return Some(known);
        }
        if !Self::is_name(name) {
            return None;
        }
        let name: &'static str = Box::leak(name.to_owned().into_boxed_str());
        let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
        names.insert(name);
        Some(Self::Other(names.get(name).copied().unwrap_or(name)))
    }

    /// The method of a name that a spec has, whatever its case.
    #[must_use]
    pub fn known(name: &str) -> Option<Self> {
        let own = Self::ALL.into_iter().find(|it| it.as_str().eq_ignore_ascii_case(name));
        own.or_else(|| {
            let names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
            names.iter().find(|it| it.eq_ignore_ascii_case(name)).map(|it| Self::Other(it))
        })
    }

    /// `GET`, …
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Head => "HEAD",
            Self::Options => "OPTIONS",
            Self::Other(name) => name,
        }
    }

    /// Whether a request of it usually has no body.
    #[must_use]
    pub fn reads(self) -> bool {
        matches!(self, Self::Get | Self::Delete | Self::Head | Self::Options)
    }

    /// Whether sending the same request again changes nothing more.
    #[must_use]
    pub fn is_idempotent(self) -> bool {
        match self {
            Self::Get | Self::Put | Self::Delete | Self::Head | Self::Options => true,
            Self::Post | Self::Patch => false,
            Self::Other(name) => IDEMPOTENT.contains(&name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert_eq!(Method::named("GET"), Some(Method::Get));
        assert_eq!(Method::known("BREW"), None);
        assert_eq!(Method::named("BREW"), Some(Method::Other("BREW")));
        assert_eq!(Method::known("brew"), Some(Method::Other("BREW")));
        for name in ["", "B", "Brew", "BREW TEA", "1A", "CONNECT", "A_B"] {
            assert_eq!(Method::named(name), None, "{name}");
        }
    }

    #[test]
    fn what_may_be_repeated() {
        let may = |name| Method::named(name).is_some_and(Method::is_idempotent);
        assert!(may("PROPFIND") && may("QUERY") && may("DELETE") && may("LIST"));
        assert!(!may("LOCK") && !may("POST") && !may("BREW"));
    }
}
