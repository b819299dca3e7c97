//! Authentication: which operations a key is valid for.
//!
//! Any well-formed key is accepted. A request is refused if it has no key, if the key contains `revoked` or was
//! configured as revoked, or if the key is of another kind. A key is of another kind if it was configured so, if it
//! begins like the keys of another credential (`looks_like: mk_…`) and not like its own, or if it contains a word that
//! only another credential's name has: `test-management-1` if there are an `api_key` and a `management_key`.

use std::collections::{HashMap, HashSet};

use http::HeaderMap;
use http::header::HeaderName;
use specwright_codegen::model::{Api, Auth};

/// The longest key that is checked.
const MOST_BYTES: usize = 4096;

/// Keys with a configured meaning.
#[derive(Clone, Debug, Default)]
pub(crate) struct KnownKeys {
    pub(crate) revoked: HashSet<String>,
    /// Key → name of its credential.
    pub(crate) kinds: HashMap<String, String>,
    /// Whether keys must have the form in the spec.
    pub(crate) strict: bool,
}

/// Why a key is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyError {
    Missing,
    Malformed,
    Revoked,
    WrongKind,
}

/// The prepared credentials of an API.
#[derive(Debug)]
pub(crate) struct Keys {
    credentials: Vec<Credential>,
}

#[derive(Debug)]
struct Credential {
    name: String,
    /// The prefix of its keys, if it is known.
    start: Option<String>,
    /// Words that only occur in its name.
    words: Vec<String>,
    schemes: Vec<(Option<HeaderName>, String)>,
}

impl Keys {
    pub(crate) fn new(api: &Api) -> Self {
        let words = |name: &str| name.to_ascii_lowercase().split('_').map(str::to_owned).collect::<Vec<_>>();
        let credentials = api.credentials.iter().enumerate().map(|(index, it)| {
            let mut own = words(&it.name);
            for (_, that) in api.credentials.iter().enumerate().filter(|(other, _)| *other != index) {
                let theirs = words(&that.name);
                own.retain(|word| !theirs.contains(word));
            }
            let start = it.looks_like.as_deref().and_then(|it| it.strip_suffix('…').or(it.strip_suffix("...")));
            let scheme = |it: &specwright_codegen::model::AuthScheme| {
                (HeaderName::from_bytes(it.header.as_bytes()).ok(), it.prefix.clone())
            };
            Credential {
                name: it.name.clone(),
                start: start.filter(|it| !it.is_empty()).map(str::to_owned),
                words: own,
                schemes: it.schemes.iter().map(scheme).collect(),
            }
        });
        Self { credentials: credentials.collect() }
    }

    /// Whether the header of this scheme is present.
    pub(crate) fn is_sent(&self, auth: Auth, headers: &HeaderMap) -> bool {
        let credential = self.credentials.get(auth.credential);
        let scheme = credential.and_then(|it| it.schemes.get(auth.scheme));
        scheme.is_some_and(|it| matches!(read(it, headers), Some(Ok(_))))
    }

    /// The key that was sent, by any scheme.
    pub(crate) fn sent<'h>(&self, auth: Auth, headers: &'h HeaderMap) -> Option<&'h str> {
        let schemes = &self.credentials.get(auth.credential)?.schemes;
        schemes.iter().find_map(|it| read(it, headers)?.ok())
    }

    /// Whether the caller may use an operation that requires `auth`.
    pub(crate) fn check(&self, auth: Auth, headers: &HeaderMap, named: &KnownKeys) -> Result<(), KeyError> {
        let Some(credential) = self.credentials.get(auth.credential) else { return Ok(()) };
        // The operation's own scheme comes first; the credential's other schemes are valid too.
        let first = credential.schemes.get(auth.scheme).and_then(|it| read(it, headers));
        let mut all = first.into_iter().chain(credential.schemes.iter().filter_map(|it| read(it, headers)));
        let key = all.next().ok_or(KeyError::Missing)??;
        if named.revoked.contains(key) || contains_word(key, "revoked") {
            return Err(KeyError::Revoked);
        }
        if let Some(kind) = named.kinds.get(key) {
            return if *kind == credential.name { Ok(()) } else { Err(KeyError::WrongKind) };
        }
        let starts = |it: &Credential| it.start.as_deref().is_some_and(|start| key.starts_with(start));
        if starts(credential) {
            return Ok(());
        }
        let names = |it: &Credential| it.words.iter().any(|word| contains_word(key, word));
        let others = || self.credentials.iter().filter(|it| it.name != credential.name);
        if others().any(starts) || (!names(credential) && others().any(names)) {
            return Err(KeyError::WrongKind);
        }
        if named.strict && credential.start.is_some() { Err(KeyError::Malformed) } else { Ok(()) }
    }
}

/// The key, if the header is present.
fn read<'h>(scheme: &(Option<HeaderName>, String), headers: &'h HeaderMap) -> Option<Result<&'h str, KeyError>> {
    let (Some(name), prefix) = scheme else { return None };
    let value = headers.get(name)?.as_bytes();
    let text = std::str::from_utf8(value).unwrap_or_default();
    let key = match text.split_at_checked(prefix.len()) {
        Some((start, key)) if start.eq_ignore_ascii_case(prefix) => key.trim(),
        _ => return Some(Err(KeyError::Malformed)),
    };
    let fine = !key.is_empty() && key.len() <= MOST_BYTES && key.bytes().all(|it| it.is_ascii_graphic());
    Some(if fine { Ok(key) } else { Err(KeyError::Malformed) })
}

/// Whether a key contains a word between its separators, regardless of case.
fn contains_word(key: &str, word: &str) -> bool {
    key.split(|it: char| !it.is_ascii_alphanumeric()).any(|it| it.eq_ignore_ascii_case(word))
}
