//! Credentials: how they are made and sent, and which of them operations take.

use std::collections::BTreeSet;

use specwright_codegen::model::{
    Api, Auth, AuthScheme, BasicAuth, ClientAuthentication, Credential, Grant, KeyPlace, OAuth2,
};
use specwright_codegen::prose::code;

use crate::api::{differ, say};
use crate::change::{Change, Class, Side};
use crate::requests::Call;

/// The credentials of the API.
pub(crate) fn changes(old: &Api, new: &Api, out: &mut Vec<Change>) {
    for was in &old.credentials {
        let place = format!("credential {}", was.name);
        let Some(is) = counterpart(was, new) else {
            say(out, Class::Breaking, &place, "the credential was removed");
            continue;
        };
        if was.name != is.name {
            say(out, Class::Breaking, &place, format!("the credential is called {} now", code(&is.name)));
        }
        differ(out, &place, "the environment variable", &env(was), &env(is));
        ways(out, &place, was, is);
        match (&was.oauth2, &is.oauth2) {
            (Some(was), Some(is)) => tokens(out, &place, was, is),
            (Some(_), None) => say(out, Class::Breaking, &place, "it is no access token of OAuth 2 any more"),
            (None, Some(_)) => say(out, Class::Breaking, &place, "it is an access token of OAuth 2 now"),
            (None, None) => {}
        }
    }
    let is_new = |it: &&Credential| counterpart(it, old).is_none_or(|was| !same(was, it, new));
    for added in new.credentials.iter().filter(is_new) {
        say(out, Class::Widening, &format!("credential {}", added.name), "the credential was added");
    }
}

/// Whether a credential of the old spec is this one of the new spec.
fn same(was: &Credential, is: &Credential, new: &Api) -> bool {
    counterpart(was, new).is_some_and(|it| it.name == is.name)
}

/// The same credential of the other spec: by its name, and then by its variable.
fn counterpart<'a>(credential: &Credential, other: &'a Api) -> Option<&'a Credential> {
    let by_name = other.credentials.iter().find(|it| it.name == credential.name);
    by_name.or_else(|| {
        other.credentials.iter().find(|it| it.env == credential.env && it.schemes.len() == credential.schemes.len())
    })
}

/// The same way to send a credential.
fn same_way<'a>(scheme: &AuthScheme, other: &'a Credential) -> Option<&'a AuthScheme> {
    let by_name = other.schemes.iter().find(|it| it.name == scheme.name);
    by_name.or_else(|| other.schemes.iter().find(|it| is_sent_alike(it, scheme)))
}

fn is_sent_alike(one: &AuthScheme, other: &AuthScheme) -> bool {
    let header = |it: &AuthScheme| match &it.place {
        KeyPlace::Header(name) => Some(name.to_ascii_lowercase()),
        KeyPlace::Query(_) | KeyPlace::Cookie(_) | KeyPlace::Body(_) | KeyPlace::Basic(_) => None,
    };
    let same_place = match (header(one), header(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one.place == other.place,
    };
    same_place && one.prefix == other.prefix
}

fn ways(out: &mut Vec<Change>, place: &str, was: &Credential, is: &Credential) {
    for scheme in &was.schemes {
        let Some(same) = same_way(scheme, is) else {
            say(out, Class::Breaking, place, format!("it is no longer sent by {}", code(&scheme_words(scheme))));
            continue;
        };
        if same.name != scheme.name {
            let message = format!("the way {} to send it is called {} now", code(&scheme.name), code(&same.name));
            say(out, Class::Breaking, place, message);
        } else if !is_sent_alike(scheme, same) {
            let what = format!("the way {} to send it", code(&scheme.name));
            differ(out, place, &what, &scheme_words(scheme), &scheme_words(same));
        }
    }
    for added in is.schemes.iter().filter(|it| same_way(it, was).is_none()) {
        say(out, Class::Widening, place, format!("it may be sent by {}", code(&scheme_words(added))));
    }
}

/// How access tokens are fetched.
fn tokens(out: &mut Vec<Change>, place: &str, was: &OAuth2, is: &OAuth2) {
    let grant = |it: &OAuth2| match it.grant {
        Grant::ClientCredentials => "client_credentials",
        Grant::RefreshToken => "refresh_token",
    };
    let client = |it: &OAuth2| match it.client_authentication {
        ClientAuthentication::Basic => "basic",
        ClientAuthentication::Body => "body",
        ClientAuthentication::None => "none",
    };
    differ(out, place, "the grant of the token", grant(was), grant(is));
    differ(out, place, "the URL that gives the token", &was.token_url, &is.token_url);
    differ(out, place, "the authentication of the client", client(was), client(is));
    let names = |it: &OAuth2| it.scopes.iter().map(|(name, _)| name.clone()).collect::<BTreeSet<_>>();
    let (own, theirs) = (names(was), names(is));
    // A token without a scope permits less, and a client may not get one that it has not asked for before.
    for scope in own.difference(&theirs) {
        say(out, Class::Breaking, place, format!("the scope {} is not asked for any more", code(scope)));
    }
    for scope in theirs.difference(&own) {
        say(out, Class::Breaking, place, format!("the scope {} is asked for now", code(scope)));
    }
    let fields = |it: &OAuth2| {
        let mut all: Vec<String> = it.parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
        all.sort();
        all.join(", ")
    };
    differ(out, place, "what else is sent for the token", &fields(was), &fields(is));
    if let (Some(own), Some(theirs)) = (&was.authorization_url, &is.authorization_url)
        && own != theirs
    {
        let message = format!("users consent at {} now (before: {})", code(theirs), code(own));
        say(out, Class::Documentation, place, message);
    }
}

fn env(credential: &Credential) -> String {
    credential.variables().into_iter().map(|(name, _)| name).collect::<Vec<_>>().join(", ")
}

fn scheme_words(scheme: &AuthScheme) -> String {
    match &scheme.place {
        KeyPlace::Header(name) => format!("header {name}: {}…", scheme.prefix),
        KeyPlace::Query(name) => format!("query {name}"),
        KeyPlace::Cookie(name) => format!("cookie {name}"),
        KeyPlace::Body(name) => format!("field {name} of the body"),
        KeyPlace::Basic(BasicAuth::Pair) => "HTTP basic".to_owned(),
        KeyPlace::Basic(BasicAuth::Username) => "HTTP basic, as the user name".to_owned(),
        KeyPlace::Basic(BasicAuth::Password(user)) => format!("HTTP basic, as the password of {user}"),
    }
}

/// Credentials that are sent together, each by what both specs know it by and in words. None: no credential.
type Alternative = Vec<(String, String)>;

/// The alternatives of an operation. What changed of a credential itself is told once, of the API.
fn alternatives(call: Call<'_>, other: &Api) -> Vec<Alternative> {
    let one = |auth: &Auth| {
        let credential = call.api.credentials.get(auth.credential)?;
        let scheme = credential.schemes.get(auth.scheme)?;
        let same = counterpart(credential, other);
        let way = same.and_then(|it| same_way(scheme, it));
        let least = |one: &String, other: Option<&String>| one.min(other.unwrap_or(one)).clone();
        let name = least(&credential.name, same.map(|it| &it.name));
        let key = format!("{name} {}", least(&scheme.name, way.map(|it| &it.name)));
        let is_only = credential.schemes.len() == 1 && same.is_none_or(|it| it.schemes.len() == 1);
        let way = if is_only { name } else { format!("{name} ({})", scheme_words(scheme)) };
        let mut scopes = auth.scopes.clone();
        scopes.sort();
        let words = if scopes.is_empty() { way } else { format!("{way} with {}", scopes.join(", ")) };
        // A scope is one thing more to have.
        let scopes: Alternative = scopes.iter().map(|it| (format!("{key} {it}"), String::new())).collect();
        Some(std::iter::once((key, words)).chain(scopes))
    };
    let all = |all: &Vec<Auth>| {
        let mut all: Alternative = all.iter().filter_map(one).flatten().collect();
        all.sort();
        all
    };
    let alternatives: Vec<Alternative> = call.operation().auth.iter().map(all).collect();
    if alternatives.is_empty() { vec![Vec::new()] } else { alternatives }
}

fn words(alternative: &Alternative) -> String {
    let all: Vec<String> = alternative.iter().filter(|(_, it)| !it.is_empty()).map(|(_, it)| code(it)).collect();
    if all.is_empty() { "no credential".to_owned() } else { all.join(" and ") }
}

fn keys(alternative: &Alternative) -> BTreeSet<&String> {
    alternative.iter().map(|(key, _)| key).collect()
}

/// The credentials that an operation takes.
pub(crate) fn of_operation(old: Call<'_>, new: Call<'_>, name: &str, out: &mut Vec<Change>) {
    let (was, is) = (alternatives(old, new.api), alternatives(new, old.api));
    let mut tell = |class, message: String| out.push(Change::new(class, Side::Request, message).of(name));
    let listed = |it: &Alternative, all: &[Alternative]| all.iter().any(|other| keys(other) == keys(it));
    let mut told = Vec::new();
    for own in was.iter().filter(|it| !listed(it, &is)) {
        // Who sends more than is asked for is not refused.
        // One that was enough before is another way to call, and no relief.
        let is_less = |it: &&Alternative| keys(it).is_subset(&keys(own)) && !listed(it, &was);
        match is.iter().find(is_less) {
            Some(less) => {
                if !told.contains(&less) {
                    told.push(less);
                    tell(Class::Widening, format!("{} is enough now (before: {})", words(less), words(own)));
                }
            }
            None => {
                let all: Vec<String> = is.iter().map(words).collect();
                let message = format!("{} is not enough any more; it takes {}", words(own), all.join(" or "));
                tell(Class::Breaking, message);
            }
        }
    }
    let kept = |it: &Alternative| {
        listed(it, &is) || is.iter().any(|other| keys(other).is_subset(&keys(it)) && !listed(other, &was))
    };
    let added = is.iter().filter(|it| !listed(it, &was) && !told.contains(it));
    if was.iter().all(kept) {
        added.for_each(|it| tell(Class::Widening, format!("{} is enough now", words(it))));
    }
}
