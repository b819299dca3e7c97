//! How the requests of an operation are sent: method, path, server, encoding, styles, credentials.

use serde_json::Value;
use specwright_codegen::boundary::RequestParts;
use specwright_codegen::check::sample;
use specwright_codegen::model::{Api, Auth, AuthScheme, Encoding, Field, Location, Operation, Style};
use specwright_codegen::prose::code;
use specwright_codegen::serialize;

use crate::change::{Change, Class, Evidence, Side};
use crate::pairs;
use crate::requests::Call;
use crate::sample::{get, known_requests, put, renamed, verdict};

/// What is sent otherwise.
pub(crate) fn changes(old: Call<'_>, new: Call<'_>, out: &mut Vec<Change>) {
    let (own, theirs) = (old.operation(), new.operation());
    let name = theirs.full_name(new.api);
    let breaking = |message: String| Change::new(Class::Breaking, Side::Request, message).of(&name);
    let legal = || known_requests(old).into_iter().find(|it| verdict(old, it).is_valid());
    let unanswered = |mut change: Change| {
        if let Some(request) = legal() {
            change.evidence = Evidence::Unanswered(Box::new(request));
        }
        change
    };
    if own.method != theirs.method {
        let words = format!("the method is {} now (before: {})", theirs.method.as_str(), own.method.as_str());
        out.push(unanswered(breaking(words)));
    }
    if pairs::path_shape(own) != pairs::path_shape(theirs) {
        let words =
            format!("the path is {} now (before: {})", code(&theirs.path_template()), code(&own.path_template()));
        out.push(unanswered(breaking(words)));
    }
    let url = |api: &Api, operation: &Operation| api.servers.get(operation.server).map(|it| it.url.clone());
    let (was, is) = (url(old.api, own), url(new.api, theirs));
    // Of a server that changed, the API tells.
    let server = |api: &Api, operation: &Operation| api.servers.get(operation.server).map(|it| it.name.clone());
    if was != is && server(old.api, own) != server(new.api, theirs) {
        let shown = |it: Option<String>| code(&it.unwrap_or_default());
        out.push(breaking(format!("the server is {} now (before: {})", shown(is), shown(was))));
    }
    bodies(own, theirs, &name, out);
    styles(old, new, &name, out);
    credentials(old, new, &name, out);
    keys(own, theirs, &name, out);
}

fn bodies(own: &Operation, theirs: &Operation, name: &str, out: &mut Vec<Change>) {
    if !own.has_body || !theirs.has_body {
        return;
    }
    let list = |it: &Operation| it.content_types.iter().map(|it| it.media_type.clone()).collect::<Vec<_>>();
    let (was, is) = (list(own), list(theirs));
    let say = |class, message: String| Change::new(class, Side::Request, message).of(name).at("body");
    for gone in was.iter().filter(|it| !is.contains(it)) {
        let words = format!("the body must not be {} any more, but {}", code(gone), is.join(" or "));
        out.push(say(Class::Breaking, words));
    }
    for added in is.iter().filter(|it| !was.contains(it)) {
        if was.iter().all(|it| is.contains(it)) {
            out.push(say(Class::Widening, format!("the body may be {}", code(added))));
        }
    }
    let same = was.iter().all(|it| is.contains(it));
    if same && (own.encoding != theirs.encoding || was.first() != is.first()) {
        let words = format!(
            "the body is {} unless the caller chooses (before: {})",
            code(is.first().map_or("", String::as_str)),
            code(was.first().map_or("", String::as_str))
        );
        out.push(say(Class::Breaking, words));
    }
}

/// Parameters that are the same and are written otherwise.
fn styles(old: Call<'_>, new: Call<'_>, name: &str, out: &mut Vec<Change>) {
    let (own, theirs) = (old.operation(), new.operation());
    for (at, other) in pairs::parameters(own, theirs).into_iter().enumerate() {
        let Some(other) = other else { continue };
        let (own_field, field) = (&own.parameters.fields[at], theirs.parameters.field(other));
        let (was, is) = (&own_field.sent, &field.sent);
        if own_field.location != field.location {
            continue;
        }
        let other_name = own_field.sent_name() != field.sent_name()
            && own_field.location != Location::Path
            && !own_field.sent_name().eq_ignore_ascii_case(field.sent_name());
        let in_json = field.location.in_body() && matches!(theirs.encoding, Encoding::Json);
        let style = was.style != is.style && !in_json;
        let part = was.part != is.part || was.part_type() != is.part_type();
        let slashes = was.keeps_slashes != is.keeps_slashes;
        if !(other_name || style || part || slashes) {
            continue;
        }
        // A style that no value of the parameter needs is no difference.
        let legal =
            |it: &RequestParts| verdict(old, it).is_valid() && verdict(new, &renamed(it, own, theirs)).is_valid();
        let shown =
            with_sample(old, own_field).into_iter().flat_map(|it| with_two(it, own_field)).find_map(|request| {
                let value = get(&request, own_field)?;
                let (was, is) = (sent(own_field, value), sent(field, value));
                (was != is && legal(&request)).then(|| (was, is, request.clone()))
            });
        let place = format!("{} /{}", crate::gap::location_word(field.location), own_field.name);
        let words = match &shown {
            Some((was, is, _)) => {
                format!("{} is sent as {} now (before: {})", code(&own_field.name), code(is), code(was))
            }
            None if was.style.lists == is.style.lists && same_style(&was.style, &is.style) && !part && !slashes => {
                continue;
            }
            None => format!("{} is written in another way when it is sent", code(&own_field.name)),
        };
        let mut change = Change::new(Class::Breaking, Side::Request, words).of(name).at(place);
        if let Some((_, _, request)) = shown {
            change.evidence = Evidence::MeansOther(Box::<RequestParts>::new(request));
        }
        out.push(change);
    }
}

/// Requests of an operation, first those made to have a parameter.
fn with_sample(call: Call<'_>, field: &Field) -> Vec<RequestParts> {
    let known: Vec<RequestParts> = known_requests(call).into_iter().filter(|it| verdict(call, it).is_valid()).collect();
    let made = known.iter().filter_map(|it| {
        let mut request = it.clone();
        put(&mut request, field, Some(sample(call.api, field)?));
        Some(request)
    });
    let mut all: Vec<RequestParts> = made.take(8).collect();
    all.extend(known);
    all
}

/// A value as it is sent.
fn sent(field: &Field, value: &Value) -> String {
    match field.location {
        Location::Path | Location::Header => serialize::header(field, value).unwrap_or_default(),
        Location::Cookie => serialize::cookie(field, value).unwrap_or_default(),
        Location::Query | Location::Body | Location::WholeBody => serialize::pairs(field, value).join("&"),
    }
}

/// The request, and the same with two items in a list: one alone does not show how they are joined.
fn with_two(request: RequestParts, field: &Field) -> Vec<RequestParts> {
    let mut all = vec![request.clone()];
    if let Some(Value::Array(items)) = get(&request, field)
        && let Some(first) = items.first()
    {
        let second = match first {
            Value::String(text) => Value::from(format!("{text}b")),
            Value::Number(number) => number.as_i64().map_or_else(|| first.clone(), |it| Value::from(it + 1)),
            other => other.clone(),
        };
        for other in [second, first.clone()] {
            let mut two = request.clone();
            put(&mut two, field, Some(Value::Array(vec![first.clone(), other])));
            all.push(two);
        }
    }
    all
}

fn same_style(one: &Style, other: &Style) -> bool {
    one.objects == other.objects && one.json == other.json
}

/// What a credential is. One that is called otherwise now, or is in another variable, is told once, of the API.
fn credential(api: &Api, other: &Api, auth: &Auth) -> String {
    let Some(credential) = api.credentials.get(auth.credential) else { return String::new() };
    let same = other.credentials.iter().find(|it| it.name == credential.name);
    let same = same.or_else(|| other.credentials.iter().find(|it| it.env == credential.env));
    let name = same.map_or(&credential.name, |it| (&it.name).min(&credential.name));
    // How each way is sent is told of the API too, unless the operation takes another way.
    let scheme = credential.schemes.get(auth.scheme);
    let is_only = credential.schemes.len() == 1 && same.is_some_and(|it| it.schemes.len() == 1);
    let way = scheme.filter(|_| !is_only).map(|it| format!(" ({})", scheme_words(it)));
    let scopes = (!auth.scopes.is_empty()).then(|| {
        let mut scopes = auth.scopes.clone();
        scopes.sort();
        format!(" with {}", scopes.join(", "))
    });
    format!("{name}{}{}", way.unwrap_or_default(), scopes.unwrap_or_default())
}

pub(crate) fn scheme_words(scheme: &AuthScheme) -> String {
    use specwright_codegen::model::{BasicAuth, KeyPlace};
    match &scheme.place {
        KeyPlace::Header(name) => format!("header {name}: {}…", scheme.prefix),
        KeyPlace::Query(name) => format!("query {name}"),
        KeyPlace::Cookie(name) => format!("cookie {name}"),
        KeyPlace::Basic(BasicAuth::Pair) => "HTTP basic".to_owned(),
        KeyPlace::Basic(BasicAuth::Username) => "HTTP basic, as the user name".to_owned(),
        KeyPlace::Basic(BasicAuth::Password(user)) => format!("HTTP basic, as the password of {user}"),
    }
}

fn credentials(old: Call<'_>, new: Call<'_>, name: &str, out: &mut Vec<Change>) {
    let all = |call: Call<'_>, other: &Api| {
        let one = |all: &Vec<Auth>| {
            let mut parts: Vec<String> = all.iter().map(|it| credential(call.api, other, it)).collect();
            parts.sort();
            if parts.is_empty() { "none".to_owned() } else { parts.join(" and ") }
        };
        let alternatives: Vec<String> = call.operation().auth.iter().map(one).collect();
        if alternatives.is_empty() { vec!["none".to_owned()] } else { alternatives }
    };
    let (was, is) = (all(old, new.api), all(new, old.api));
    let say = |class, message: String| Change::new(class, Side::Request, message).of(name);
    for gone in was.iter().filter(|it| !is.contains(it)) {
        let words = format!("the credential {} is not enough any more; it takes {}", code(gone), is.join(" or "));
        out.push(say(Class::Breaking, words));
    }
    let kept = was.iter().all(|it| is.contains(it));
    for added in is.iter().filter(|it| !was.contains(it) && kept) {
        out.push(say(Class::Widening, format!("the credential {} is enough", code(added))));
    }
}

/// Keys of calls that are sent again.
fn keys(own: &Operation, theirs: &Operation, name: &str, out: &mut Vec<Change>) {
    let lower = |it: &Operation| it.idempotency.as_ref().map(|it| it.to_ascii_lowercase());
    let say = |class, message: String| Change::new(class, Side::Request, message).of(name);
    match (lower(own), lower(theirs)) {
        (Some(was), Some(is)) if was != is => {
            out.push(say(Class::Breaking, format!("the idempotency key is in the header {is} now (before: {was})")));
        }
        (Some(was), None) => {
            out.push(say(Class::Breaking, format!("there is no idempotency key any more (before: header {was})")));
        }
        (None, Some(is)) => {
            out.push(say(Class::Widening, format!("calls have an idempotency key, in the header {is}")));
        }
        _ => {}
    }
    if own.billed != theirs.billed {
        let words = if theirs.billed {
            "it costs money or quota now, and is not sent again after a failure that leaves its effect open"
        } else {
            "it costs nothing now, and may be sent again after a failure"
        };
        out.push(say(Class::Widening, words.to_owned()));
    }
}
