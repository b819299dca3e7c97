//! Authentication: which operations a key is valid for.
//!
//! Any well-formed key is accepted. A request is refused if it has no key, if the key contains `revoked` or was
//! configured as revoked, or if the key is of another kind. A key is of another kind if it was configured so, if it
//! begins like the keys of another credential (`looks_like: mk_…`) and not like its own, or if it contains a word that
//! only another credential's name has: `test-management-1` if there are an `api_key` and a `management_key`.

use std::collections::{HashMap, HashSet};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::HeaderMap;
use http::header::{AUTHORIZATION, COOKIE, HeaderName};
use specwright_codegen::model::{Api, Auth, AuthScheme, BasicAuth, KeyPlace};
use specwright_codegen::validate::read_query;

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
    /// It is an access token without a scope that is needed.
    LacksScope,
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
    schemes: Vec<PreparedScheme>,
}

/// A way to send a key, with its prefix.
#[derive(Debug)]
struct PreparedScheme {
    place: PreparedPlace,
    prefix: String,
}

#[derive(Debug)]
enum PreparedPlace {
    Header(HeaderName),
    Query(String),
    Cookie(String),
    Body(String),
    Basic(BasicAuth),
    /// The spec's header is none.
    Nowhere,
}

/// The parts of a request that may carry a key.
#[derive(Clone, Copy)]
pub(crate) struct SentKeys<'h> {
    pub(crate) headers: &'h HeaderMap,
    pub(crate) query: Option<&'h str>,
    /// The body, once it is read.
    pub(crate) body: Option<&'h serde_json::Value>,
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
            let scheme = |it: &AuthScheme| {
                let place = match &it.place {
                    KeyPlace::Header(name) => {
                        HeaderName::from_bytes(name.as_bytes()).map_or(PreparedPlace::Nowhere, PreparedPlace::Header)
                    }
                    KeyPlace::Query(name) => PreparedPlace::Query(name.clone()),
                    KeyPlace::Cookie(name) => PreparedPlace::Cookie(name.clone()),
                    KeyPlace::Body(name) => PreparedPlace::Body(name.clone()),
                    KeyPlace::Basic(how) => PreparedPlace::Basic(how.clone()),
                };
                PreparedScheme { place, prefix: it.prefix.clone() }
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

    /// Whether the key of some alternative is present, sent by the operation's own scheme.
    pub(crate) fn is_sent(&self, auth: &[Vec<Auth>], request: SentKeys<'_>) -> bool {
        auth.iter().flatten().any(|auth| {
            let credential = self.credentials.get(auth.credential);
            let scheme = credential.and_then(|it| it.schemes.get(auth.scheme));
            scheme.is_some_and(|it| matches!(read(it, request), Some(Ok(_))))
        })
    }

    /// The first key that was sent, by any scheme.
    pub(crate) fn sent(&self, auth: &[Vec<Auth>], request: SentKeys<'_>) -> Option<String> {
        auth.iter().flatten().find_map(|auth| {
            let schemes = &self.credentials.get(auth.credential)?.schemes;
            schemes.iter().find_map(|it| read(it, request)?.ok())
        })
    }

    /// Whether the caller may use an operation that requires one of these alternatives. The error names the credential that
    /// is at fault: that of the alternative of which most was sent.
    pub(crate) fn check(
        &self,
        auth: &[Vec<Auth>],
        request: SentKeys<'_>,
        named: &KnownKeys,
    ) -> Result<(), (KeyError, usize)> {
        let mut worst = None;
        for all in auth {
            let fault =
                all.iter().find_map(|it| self.check_one(it, request, named).err().map(|why| (why, it.credential)));
            match fault {
                None => return Ok(()),
                Some(fault) if worst.is_none_or(|(why, _)| why == KeyError::Missing) => worst = Some(fault),
                Some(_) => {}
            }
        }
        worst.map_or(Ok(()), Err)
    }

    fn check_one(&self, auth: &Auth, request: SentKeys<'_>, named: &KnownKeys) -> Result<(), KeyError> {
        let Some(credential) = self.credentials.get(auth.credential) else { return Ok(()) };
        // The operation's own scheme comes first; the credential's other schemes are valid too.
        let first = credential.schemes.get(auth.scheme).and_then(|it| read(it, request));
        let mut all = first.into_iter().chain(credential.schemes.iter().filter_map(|it| read(it, request)));
        let key = all.next().ok_or(KeyError::Missing)??;
        let key = key.as_str();
        if let Some(granted) = granted_scopes(key, &credential.name)
            && auth.scopes.iter().any(|it| !granted.split(' ').any(|granted| granted == it))
        {
            return Err(KeyError::LacksScope);
        }
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

/// A token of the token endpoint. It says itself which scopes it has, if the client asked for some.
pub(crate) fn token(credential: &str, number: u64, scopes: Option<&str>) -> String {
    let scopes = scopes.map(|it| format!(".{}", URL_SAFE_NO_PAD.encode(it))).unwrap_or_default();
    format!("{}{number}{scopes}", token_start(credential))
}

fn token_start(credential: &str) -> String {
    format!("test-{}-", credential.replace('_', "-"))
}

/// The scopes of a token that has only some.
fn granted_scopes(key: &str, credential: &str) -> Option<String> {
    let (number, encoded) = key.strip_prefix(&*token_start(credential))?.split_once('.')?;
    number.parse::<u64>().ok()?;
    String::from_utf8(URL_SAFE_NO_PAD.decode(encoded).ok()?).ok()
}

/// The key, if there is something in its place.
fn read(scheme: &PreparedScheme, request: SentKeys<'_>) -> Option<Result<String, KeyError>> {
    let prefix = &*scheme.prefix;
    let header =
        |name: &HeaderName| Some(std::str::from_utf8(request.headers.get(name)?.as_bytes()).unwrap_or_default());
    let key = match &scheme.place {
        PreparedPlace::Header(name) => {
            let text = header(name)?;
            match text.split_at_checked(prefix.len()) {
                Some((start, key)) if start.eq_ignore_ascii_case(prefix) => key.trim().to_owned(),
                _ => return Some(Err(KeyError::Malformed)),
            }
        }
        PreparedPlace::Query(name) => read_query(request.query?).get(name)?.as_str().unwrap_or_default().to_owned(),
        PreparedPlace::Cookie(name) => {
            let cookies = header(&COOKIE)?.split(';').filter_map(|it| it.trim().split_once('='));
            cookies.into_iter().find(|it| it.0 == name)?.1.to_owned()
        }
        PreparedPlace::Body(name) => request.body?.get(name)?.as_str().unwrap_or_default().to_owned(),
        PreparedPlace::Basic(how) => match basic(header(&AUTHORIZATION)?, how) {
            Some(key) => key,
            None => return Some(Err(KeyError::Malformed)),
        },
        PreparedPlace::Nowhere => return None,
    };
    // HTTP basic encodes what a header cannot contain.
    let is_encoded = matches!(scheme.place, PreparedPlace::Basic(_));
    let fits = |it: char| if is_encoded { !it.is_control() } else { it.is_ascii_graphic() };
    let fine = !key.is_empty() && key.len() <= MOST_BYTES && key.chars().all(fits);
    Some(if fine { Ok(key) } else { Err(KeyError::Malformed) })
}

/// The key of HTTP basic authentication.
fn basic(header: &str, how: &BasicAuth) -> Option<String> {
    let (scheme, encoded) = header.split_once(' ')?;
    let bytes = STANDARD.decode(encoded.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let text = String::from_utf8(bytes).ok()?;
    let (username, password) = text.split_once(':')?;
    match how {
        BasicAuth::Pair => Some(text),
        BasicAuth::Username => password.is_empty().then(|| username.to_owned()),
        BasicAuth::Password(expected) => (username == expected).then(|| password.to_owned()),
    }
}

/// Whether a key contains a word between its separators, regardless of case.
fn contains_word(key: &str, word: &str) -> bool {
    key.split(|it: char| !it.is_ascii_alphanumeric()).any(|it| it.eq_ignore_ascii_case(word))
}
