//! What operations have in common: servers, credentials, errors, the webhook, parameters of the client.

use specwright_codegen::model::{Api, ClientParameter, ResetFormat, Server, ServerVariable};
use specwright_codegen::prose::code;
use specwright_codegen::surface::Part;

use crate::answers::{Answers, kind_word};
use crate::change::{Change, Class, Side};
use crate::{callbacks, credentials};

/// All of it.
pub(crate) fn changes<'a>(answers: &mut Answers<'a, '_>) {
    let (old, new) = (answers.old, answers.new);
    answers.name = None;
    answers.seen.clear();
    let mut out = Vec::new();
    servers(old, new, &mut out);
    credentials::changes(old, new, &mut out);
    client_parameters(old, new, &mut out);
    headers(old, new, &mut out);
    callbacks::changes(old, new, &mut out);
    answers.out.append(&mut out);
    errors(answers, old, new);
    callbacks::events(answers, old, new);
}

pub(crate) fn say(out: &mut Vec<Change>, class: Class, place: &str, message: impl Into<String>) {
    out.push(Change::new(class, Side::Api, message).at(place));
}

pub(crate) fn differ(out: &mut Vec<Change>, place: &str, what: &str, was: &str, is: &str) {
    if was != is {
        let shown = |it: &str| if it.is_empty() { "none".to_owned() } else { code(it) };
        say(out, Class::Breaking, place, format!("{what} is {} now (before: {})", shown(is), shown(was)));
    }
}

fn servers(old: &Api, new: &Api, out: &mut Vec<Change>) {
    // Names of servers are the spec's own. Without a URL, callers set one, and may still do so.
    match (old.servers.as_slice(), new.servers.as_slice()) {
        ([was], [is]) if was.url.is_empty() && is.url.is_empty() => return,
        (was, [is]) if is.url.is_empty() && was.iter().any(|it| !it.url.is_empty()) => {
            return say(out, Class::Breaking, "server", "callers must set the URL of the server now");
        }
        ([was], _) if was.url.is_empty() => {
            for added in &new.servers {
                say(out, Class::Widening, &format!("server {}", added.name), added_words(&added.url));
            }
            return;
        }
        _ => {}
    }
    for (at, was) in old.servers.iter().enumerate() {
        let place = format!("server {}", was.name);
        let by_name = || new.servers.iter().find(|it| it.name == was.name);
        let Some(is) = new.servers.iter().find(|it| shape(it) == shape(was)).or_else(by_name) else {
            let gone = if at == 0 { "the default server" } else { "the server" };
            say(out, Class::Breaking, &place, format!("{gone} {} was removed", code(&was.url)));
            continue;
        };
        if shape(was) != shape(is) {
            differ(out, &place, "the URL", &was.url, &is.url);
        }
        variables(out, &place, was, is);
    }
    let is_new = |it: &&Server| old.servers.iter().all(|was| was.name != it.name && shape(was) != shape(it));
    for added in new.servers.iter().filter(is_new) {
        say(out, Class::Widening, &format!("server {}", added.name), added_words(&added.url));
    }
    if let (Some(was), Some(is)) = (old.servers.first(), new.servers.first())
        && shape(was) != shape(is)
        && new.servers.iter().any(|it| shape(it) == shape(was))
    {
        differ(out, "server", "the default server", &was.url, &is.url);
    }
}

fn added_words(url: &str) -> String {
    format!("the server {} was added", code(url))
}

/// A URL without the names of its variables, which are never sent.
fn shape(server: &Server) -> String {
    let mut shape = String::new();
    for (at, piece) in server.url.split('{').enumerate() {
        let rest = if at == 0 { piece } else { piece.split_once('}').map_or(piece, |(_, rest)| rest) };
        shape.push_str(if at == 0 { "" } else { "{}" });
        shape.push_str(rest);
    }
    shape
}

/// The variables of a URL, in its order.
fn placed(server: &Server) -> impl Iterator<Item = &ServerVariable> {
    let names = server.url.split('{').skip(1).filter_map(|it| it.split('}').next());
    names.filter_map(|name| server.variables.iter().find(|it| it.name == name))
}

fn variables(out: &mut Vec<Change>, place: &str, was: &Server, is: &Server) {
    let same_shape = shape(was) == shape(is);
    let (own, theirs): (Vec<_>, Vec<_>) = (placed(was).collect(), placed(is).collect());
    let partner = |at: usize, one: &ServerVariable, others: &[&ServerVariable]| {
        others.iter().position(|it| it.name == one.name).or((same_shape && at < others.len()).then_some(at))
    };
    for (at, variable) in theirs.iter().enumerate() {
        let name = code(&variable.name);
        let Some(before) = partner(at, variable, &own).map(|it| own[it]) else {
            match variable.default {
                None => say(out, Class::Breaking, place, format!("callers must set the variable {name}")),
                Some(_) => say(out, Class::Widening, place, format!("callers may set the variable {name}")),
            }
            continue;
        };
        if before.name != variable.name {
            let was = code(&before.name);
            say(out, Class::Breaking, place, format!("the variable {was} is called {name} now"));
        } else {
            differ(out, place, &format!("the environment variable of {name}"), &before.env, &variable.env);
        }
        match (&before.default, &variable.default) {
            (None, Some(_)) => say(out, Class::Widening, place, format!("the variable {name} has a default")),
            (was, is) => {
                let word = |it: &Option<String>| it.clone().unwrap_or_default();
                differ(out, place, &format!("the default of {name}"), &word(was), &word(is));
            }
        }
        values(out, place, &variable.name, &before.values, &variable.values);
    }
    for (at, gone) in own.iter().enumerate() {
        if partner(at, gone, &theirs).is_none() {
            say(out, Class::Breaking, place, format!("the variable {} was removed", code(&gone.name)));
        }
    }
}

/// The values that a variable can have; none listed: any.
fn values(out: &mut Vec<Change>, place: &str, name: &str, was: &[String], is: &[String]) {
    let refused: Vec<&String> = was.iter().filter(|it| !is.is_empty() && !is.contains(it)).collect();
    for value in &refused {
        say(out, Class::Breaking, place, format!("the value {} of {} was removed", code(value), code(name)));
    }
    if was.is_empty() && !is.is_empty() {
        say(out, Class::Breaking, place, format!("{} takes listed values alone now", code(name)));
    } else if is.is_empty() && !was.is_empty() {
        say(out, Class::Widening, place, format!("{} takes any value now", code(name)));
    } else {
        for value in is.iter().filter(|it| !was.contains(it)) {
            say(out, Class::Widening, place, format!("the value {} of {} was added", code(value), code(name)));
        }
    }
}

fn client_parameters(old: &Api, new: &Api, out: &mut Vec<Change>) {
    let same =
        |one: &ClientParameter, other: &ClientParameter| one.name == other.name && one.location == other.location;
    for was in &old.client_parameters {
        let place = format!("client /{}", was.name);
        let Some(is) = new.client_parameters.iter().find(|it| same(was, it)) else {
            say(out, Class::Breaking, &place, format!("{} is no longer set on the client", code(&was.name)));
            continue;
        };
        differ(
            out,
            &place,
            "the environment variable",
            was.env.as_deref().unwrap_or_default(),
            is.env.as_deref().unwrap_or_default(),
        );
        let text = |it: &ClientParameter| it.default.as_ref().map(ToString::to_string).unwrap_or_default();
        differ(out, &place, "what is sent where callers set nothing", &text(was), &text(is));
    }
    for added in new.client_parameters.iter().filter(|it| old.client_parameters.iter().all(|was| !same(was, it))) {
        say(
            out,
            Class::Widening,
            &format!("client /{}", added.name),
            format!("{} may be set on the client", code(&added.name)),
        );
    }
}

fn headers(old: &Api, new: &Api, out: &mut Vec<Change>) {
    type Header = (&'static str, fn(&specwright_codegen::model::RateLimitHeaders) -> Option<&String>);
    let all: [Header; 3] = [
        ("the header of the limit", |it| it.limit.as_ref()),
        ("the header of what is left", |it| it.remaining.as_ref()),
        ("the header of the time when it is whole again", |it| it.reset.as_ref()),
    ];
    for (what, get) in all {
        let get = |api: &Api| api.rate_limit_headers.as_ref().and_then(get).cloned();
        header(out, "rate limits", what, get(old), get(new));
    }
    let format = |api: &Api| {
        let headers = api.rate_limit_headers.as_ref().filter(|it| it.reset.is_some())?;
        Some(match headers.reset_format {
            ResetFormat::Seconds => "seconds from now",
            ResetFormat::Unix => "seconds since 1970",
            ResetFormat::Unknown => "not known",
        })
    };
    if let (Some(was), Some(is)) = (format(old), format(new)) {
        differ(out, "rate limits", "what the time is told in", was, is);
    }
    let id = |api: &Api| api.request_id_header.clone();
    header(out, "response headers", "the header that names the request", id(old), id(new));
    let words = |api: &Api| {
        let mut all: Vec<String> = api
            .rate_limits
            .iter()
            .map(|it| format!("{} {} per {} s and {}", it.requests, it.unit, it.per_seconds, it.scope))
            .collect();
        all.sort();
        all.join("; ")
    };
    if words(old) != words(new) {
        let message = format!("the rate limits are {} now (before: {})", code(&words(new)), code(&words(old)));
        say(out, Class::Documentation, "rate limits", message);
    }
}

/// A header of responses: capitals do not count, and one more is no loss.
pub(crate) fn header(out: &mut Vec<Change>, place: &str, what: &str, was: Option<String>, is: Option<String>) {
    match (was, is) {
        (None, Some(is)) => say(out, Class::Widening, place, format!("{what} is known: {}", code(&is))),
        (was, is) if was.as_deref().map(str::to_ascii_lowercase) != is.as_deref().map(str::to_ascii_lowercase) => {
            differ(out, place, what, &was.unwrap_or_default(), &is.unwrap_or_default());
        }
        _ => {}
    }
}

fn errors<'a>(answers: &mut Answers<'a, '_>, old: &'a Api, new: &'a Api) {
    let (was, is) = (&old.errors, &new.errors);
    answers.failures(was.when.as_ref(), is.when.as_ref());
    answers.error_type(was.ty.as_ref(), is.ty.as_ref(), "error");
    for (what, own, theirs) in [
        ("the place of an error's message", &was.message, &is.message),
        ("the place of an error's code", &was.code, &is.code),
        ("the place of an error's details", &was.details, &is.details),
    ] {
        if own.is_empty() && !theirs.is_empty() {
            answers.say(Class::Widening, "error", format!("{what} is known: {}", theirs.join(", ")));
        } else if !own.iter().all(|it| theirs.contains(it)) || own.len() == theirs.len() {
            answers.differ("error", what, &own.join(", "), &theirs.join(", "));
        } else if own != theirs {
            answers.say(Class::Widening, "error", format!("{what} may also be {}", theirs.join(", ")));
        }
    }
    for code_was in &was.codes {
        let place = format!("error {}", code_was.value);
        match is.codes.iter().find(|it| it.value == code_was.value) {
            None => {
                answers.say(Class::Breaking, &place, format!("the error code {} was removed", code(&code_was.value)));
                let rust = answers.surfaces.touched(&[Part::ErrorCode(code_was.value.clone())], &[]);
                if let Some(last) = answers.out.last_mut() {
                    last.rust = rust;
                }
            }
            Some(same) => {
                let word = |it: Option<specwright_codegen::model::ErrorKind>| it.map_or("", kind_word);
                answers.differ(&place, "the kind of the error", word(code_was.kind), word(same.kind));
            }
        }
    }
    for added in is.codes.iter().filter(|it| was.codes.iter().all(|was| was.value != it.value)) {
        answers.say(
            Class::Widening,
            &format!("error {}", added.value),
            format!("the error code {} was added", code(&added.value)),
        );
    }
    answers.statuses((&was.statuses, &[]), (&is.statuses, &[]));
}
