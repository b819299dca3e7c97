//! What operations have in common: servers, credentials, errors, the webhook, parameters of the client.

use specwright_codegen::model::{Api, ClientParameter, Credential, Server, Webhook};
use specwright_codegen::prose::code;
use specwright_codegen::surface::Part;

use crate::answers::Answers;
use crate::change::{Change, Class, Side};
use crate::wire::scheme_words;

/// All of it.
pub(crate) fn changes<'a>(answers: &mut Answers<'a, '_>) {
    let (old, new) = (answers.old, answers.new);
    answers.name = None;
    answers.seen.clear();
    let mut out = Vec::new();
    servers(old, new, &mut out);
    credentials(old, new, &mut out);
    client_parameters(old, new, &mut out);
    headers(old, new, &mut out);
    webhook(old, new, &mut out);
    answers.out.append(&mut out);
    errors(answers, old, new);
    events(answers, old, new);
}

fn say(out: &mut Vec<Change>, class: Class, place: &str, message: impl Into<String>) {
    out.push(Change::new(class, Side::Api, message).at(place));
}

fn differ(out: &mut Vec<Change>, place: &str, what: &str, was: &str, is: &str) {
    if was != is {
        let shown = |it: &str| if it.is_empty() { "none".to_owned() } else { code(it) };
        say(out, Class::Breaking, place, format!("{what} is {} now (before: {})", shown(is), shown(was)));
    }
}

fn servers(old: &Api, new: &Api, out: &mut Vec<Change>) {
    // Names of servers are the spec's own: those that operations use are compared by URL.
    let used = |api: &Api, server: &Server| {
        let at = api.servers.iter().position(|it| it.name == server.name);
        at == Some(0) || api.operations.iter().any(|it| Some(it.server) == at)
    };
    for (at, was) in old.servers.iter().enumerate().filter(|(_, it)| used(old, it)) {
        let place = format!("server {}", was.name);
        let same = new
            .servers
            .iter()
            .find(|it| it.url == was.url)
            .or_else(|| new.servers.iter().find(|it| it.name == was.name));
        let Some(is) = same else {
            let gone = if at == 0 { "the default server" } else { "the server" };
            say(out, Class::Breaking, &place, format!("{gone} {} was removed", code(&was.url)));
            continue;
        };
        differ(out, &place, "the URL", &was.url, &is.url);
        for variable in &is.variables {
            match was.variables.iter().find(|it| it.name == variable.name) {
                None if variable.default.is_none() => {
                    say(
                        out,
                        Class::Breaking,
                        &place,
                        format!("callers must set the variable {}", code(&variable.name)),
                    );
                }
                None => {
                    say(out, Class::Widening, &place, format!("callers may set the variable {}", code(&variable.name)))
                }
                Some(before) => {
                    differ(
                        out,
                        &place,
                        &format!("the environment variable of {}", code(&variable.name)),
                        &before.env,
                        &variable.env,
                    );
                    match (&before.default, &variable.default) {
                        (None, Some(_)) => {
                            say(
                                out,
                                Class::Widening,
                                &place,
                                format!("the variable {} has a default", code(&variable.name)),
                            );
                        }
                        (was, is) => {
                            let word = |it: &Option<String>| it.clone().unwrap_or_default();
                            let what = format!("the default of {}", code(&variable.name));
                            differ(out, &place, &what, &word(was), &word(is));
                        }
                    }
                    values(out, &place, &variable.name, &before.values, &variable.values);
                }
            }
        }
        for gone in was.variables.iter().filter(|it| is.variables.iter().all(|is| is.name != it.name)) {
            say(out, Class::Breaking, &place, format!("the variable {} was removed", code(&gone.name)));
        }
    }
    for added in new.servers.iter().filter(|it| old.servers.iter().all(|was| was.name != it.name && was.url != it.url))
    {
        say(
            out,
            Class::Widening,
            &format!("server {}", added.name),
            format!("the server {} was added", code(&added.url)),
        );
    }
    if let (Some(was), Some(is)) = (old.servers.first(), new.servers.first())
        && was.url != is.url
        && new.servers.iter().any(|it| it.url == was.url)
    {
        differ(out, "server", "the default server", &was.url, &is.url);
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

fn credentials(old: &Api, new: &Api, out: &mut Vec<Change>) {
    for was in &old.credentials {
        let place = format!("credential {}", was.name);
        let by_env = || new.credentials.iter().find(|it| it.env == was.env && it.schemes.len() == was.schemes.len());
        let Some(is) = new.credentials.iter().find(|it| it.name == was.name).or_else(by_env) else {
            say(out, Class::Breaking, &place, "the credential was removed");
            continue;
        };
        if was.name != is.name {
            say(out, Class::Breaking, &place, format!("the credential is called {} now", code(&is.name)));
        }
        differ(out, &place, "the environment variable", &env(was), &env(is));
        for scheme in &was.schemes {
            match is.schemes.iter().find(|it| it.name == scheme.name) {
                Some(same) => {
                    let what = format!("the way {} to send it", code(&scheme.name));
                    differ(out, &place, &what, &scheme_words(scheme), &scheme_words(same));
                }
                None if is.schemes.iter().any(|it| scheme_words(it) == scheme_words(scheme)) => {
                    say(
                        out,
                        Class::Breaking,
                        &place,
                        format!("the way {} to send it has another name", code(&scheme.name)),
                    );
                }
                None => say(
                    out,
                    Class::Breaking,
                    &place,
                    format!("it is no longer sent by {}", code(&scheme_words(scheme))),
                ),
            }
        }
        for added in is
            .schemes
            .iter()
            .filter(|it| was.schemes.iter().all(|was| was.name != it.name && scheme_words(was) != scheme_words(it)))
        {
            say(out, Class::Widening, &place, format!("it may be sent by {}", code(&scheme_words(added))));
        }
        let oauth = |it: &Credential| {
            it.oauth2.as_ref().map(|it| {
                let scopes: Vec<&String> = it.scopes.iter().map(|(name, _)| name).collect();
                format!(
                    "{:?} at {}, {:?}, scopes {scopes:?}, {:?}",
                    it.grant, it.token_url, it.client_authentication, it.parameters
                )
            })
        };
        differ(out, &place, "the way to get a token", &oauth(was).unwrap_or_default(), &oauth(is).unwrap_or_default());
    }
    for added in
        new.credentials.iter().filter(|it| old.credentials.iter().all(|was| was.name != it.name && was.env != it.env))
    {
        say(out, Class::Widening, &format!("credential {}", added.name), "the credential was added");
    }
}

fn env(credential: &Credential) -> String {
    credential.variables().into_iter().map(|(name, _)| name).collect::<Vec<_>>().join(", ")
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
    let header = |it: &Option<String>| it.clone().unwrap_or_default().to_ascii_lowercase();
    let limits = |api: &Api| {
        api.rate_limit_headers.as_ref().map_or_else(Vec::new, |it| {
            vec![header(&it.limit), header(&it.remaining), header(&it.reset), format!("{:?}", it.reset_format)]
        })
    };
    let (was, is) = (limits(old), limits(new));
    if was.is_empty() && !is.is_empty() {
        say(out, Class::Widening, "rate limits", "responses tell the state of a limit");
    } else {
        differ(out, "rate limits", "the headers of the limit", &was.join(", "), &is.join(", "));
    }
    match (header(&old.request_id_header), header(&new.request_id_header)) {
        (was, is) if was.is_empty() && !is.is_empty() => {
            say(out, Class::Widening, "response headers", format!("the header {} names the request", code(&is)));
        }
        (was, is) => differ(out, "response headers", "the header that names the request", &was, &is),
    }
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

fn webhook(old: &Api, new: &Api, out: &mut Vec<Change>) {
    let (was, is) = match (&old.webhook, &new.webhook) {
        (Some(was), Some(is)) => (was, is),
        (Some(_), None) => return say(out, Class::Breaking, "webhook", "there are no callbacks any more"),
        (None, Some(_)) => return say(out, Class::Widening, "webhook", "there are callbacks"),
        (None, None) => return,
    };
    let lower = |it: &Option<String>| it.clone().unwrap_or_default().to_ascii_lowercase();
    type Word<'w> = (&'static str, fn(&Webhook) -> String);
    let words: [Word<'_>; 9] = [
        ("the algorithm", |it| it.algorithm.clone()),
        ("the text that is signed", |it| it.signed.clone()),
        ("the encoding of the secret", |it| it.secret_encoding.clone()),
        ("the text before the secret", |it| it.secret_prefix.clone()),
        ("the encoding of the signature", |it| it.signature_encoding.clone()),
        ("the text before a signature", |it| it.signature_prefix.clone()),
        ("the text between signatures", |it| it.separator.clone()),
        ("the environment variable of the secret", |it| it.env.clone()),
        ("the text before the time of signing", |it| it.timestamp_prefix.clone().unwrap_or_default()),
    ];
    for (what, word) in words {
        differ(out, "webhook", what, &word(was), &word(is));
    }
    differ(
        out,
        "webhook",
        "the header with the signature",
        &was.signature_header.to_ascii_lowercase(),
        &is.signature_header.to_ascii_lowercase(),
    );
    differ(out, "webhook", "the header with the id", &lower(&was.id_header), &lower(&is.id_header));
    differ(out, "webhook", "the header with the time", &lower(&was.timestamp_header), &lower(&is.timestamp_header));
    if was.retries != is.retries {
        say(out, Class::Documentation, "webhook", "how often a callback is sent again changed");
    }
    let place = |it: &Webhook| it.events.as_ref().map(|it| format!("{:?}", it.name)).unwrap_or_default();
    match (place(was), place(is)) {
        (was, is) if was.is_empty() && !is.is_empty() => {
            say(out, Class::Widening, "webhook", "its events are described")
        }
        (was, is) => differ(out, "webhook", "the place of an event's name", &was, &is),
    }
}

/// The events of the webhook.
fn events<'a>(answers: &mut Answers<'a, '_>, old: &'a Api, new: &'a Api) {
    let all = |api: &'a Api| api.webhook.iter().flat_map(|it| &it.events).flat_map(|it| &it.events);
    for was in all(old) {
        let place = format!("webhook {}", was.name);
        match all(new).find(|it| it.name == was.name) {
            Some(is) => answers.types(&was.ty, &is.ty, &place),
            None => {
                answers.say(Class::Breaking, &place, "the event was removed");
                let rust = answers.surfaces.touched(&[Part::Event(was.name.clone())], &[]);
                if let Some(last) = answers.out.last_mut() {
                    last.rust = rust;
                }
            }
        }
    }
    for is in all(new).filter(|it| all(old).all(|was| was.name != it.name)) {
        answers.say(Class::Widening, &format!("webhook {}", is.name), "the event was added");
    }
}

fn errors<'a>(answers: &mut Answers<'a, '_>, old: &'a Api, new: &'a Api) {
    let (was, is) = (&old.errors, &new.errors);
    answers.failures(was.when.as_ref().map(|it| &it.any), is.when.as_ref().map(|it| &it.any));
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
                let word = |it: Option<specwright_codegen::model::ErrorKind>| {
                    it.map(|it| format!("{it:?}")).unwrap_or_default()
                };
                answers.differ(&place, "the kind of the error", &word(code_was.kind), &word(same.kind));
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
