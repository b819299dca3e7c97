//! The client of a call: its URL, its credentials and its limits.

use specwright_codegen::failure::Failure;
use specwright_codegen::model::{Api, Credential, Operation};
use specwright_runtime as rt;
use specwright_runtime::{BlockingClock, Client, ClientBuilder, OAuth2};

use crate::arguments::{Parameters, server};
use crate::curl::Capture;
use crate::options::Asked;
use crate::shell::Markers;

/// Where credentials come from.
pub(crate) enum Keys {
    /// The environment.
    Environment,
    /// They are made up, for a mock server with these URLs by the names of the API's servers.
    Invented(Vec<(String, String)>),
}

/// Builds the client that an operation is called with.
///
/// # Errors
/// Fails if a credential or a part of the URL is missing, or malformed.
pub(crate) fn client(
    api: &Api,
    op: &Operation,
    described: &'static rt::Api,
    asked: &Asked<'_>,
    parameters: &Parameters,
    keys: Keys,
) -> Result<Client, Failure> {
    let look_up = |name: &str| (asked.environment)(name).filter(|it| !it.trim().is_empty());
    let builder = plain(described, asked);
    let builder = match keys {
        Keys::Environment => {
            has_credential(api, op, asked, &look_up)?;
            let builder = with_url(builder, api, op, asked, parameters, &look_up)?;
            let is_set = |it: &Credential| it.variables().iter().any(|(name, _)| look_up(name).is_some());
            let builder = if api.credentials.iter().any(is_set) { builder.env_from(look_up) } else { builder };
            builder.blocking()
        }
        Keys::Invented(urls) => {
            let builder = urls.iter().fold(builder, |builder, (name, url)| builder.server(name, url));
            api.credentials.iter().fold(builder, invented).blocking()
        }
    };
    builder.build().map_err(|error| not_built(&error))
}

/// A client that sends nothing: each credential stands as the name of its variable, and the request is kept.
///
/// # Errors
/// Fails if a part of the URL is missing, or malformed.
pub(crate) fn capturing(
    api: &Api,
    op: &Operation,
    described: &'static rt::Api,
    asked: &Asked<'_>,
    parameters: &Parameters,
    (markers, capture): (&mut Markers, Capture),
) -> Result<Client, Failure> {
    let look_up = |name: &str| (asked.environment)(name).filter(|it| !it.trim().is_empty());
    let builder = with_url(plain(described, asked), api, op, asked, parameters, &look_up)?;
    let builder = marked(builder, api, op, markers, &look_up).transport(capture).clock(BlockingClock);
    builder.build().map_err(|error| not_built(&error))
}

fn plain(described: &'static rt::Api, asked: &Asked<'_>) -> ClientBuilder {
    let options = &asked.options;
    let mut builder = Client::builder(described).user_agent(concat!("specwright-call/", env!("CARGO_PKG_VERSION")));
    if options.allow_insecure {
        builder = builder.allow_insecure();
    }
    if let Some(timeout) = options.timeout {
        builder = builder.timeout(timeout).idle_timeout(timeout);
    }
    builder
}

fn not_built(error: &rt::Error) -> Failure {
    let failure = Failure::new(error.message().to_owned());
    match error.message() {
        it if it.contains("http://") => failure.help("`--allow-insecure` sends unencrypted requests to other machines"),
        it if it.contains("a user name or a password") => {
            failure.help("here, credentials come from the environment variables that `call API OPERATION --help` names")
        }
        _ => failure,
    }
}

/// The base URL: of the flag, the environment or the spec, with its variables.
fn with_url(
    mut builder: ClientBuilder,
    api: &Api,
    op: &Operation,
    asked: &Asked<'_>,
    parameters: &Parameters,
    look_up: &dyn Fn(&str) -> Option<String>,
) -> Result<ClientBuilder, Failure> {
    let variable = format!("{}_BASE_URL", api.name.to_ascii_uppercase());
    if let Some(url) = asked.options.base_url.clone().or_else(|| look_up(&variable)) {
        return Ok(builder.base_url(url));
    }
    let Some(server) = server(api, op) else { return Ok(builder) };
    if server.url.is_empty() {
        return Err(Failure::new(format!("`{}` has no URL: every caller has another", api.name))
            .help(format!("pass `--base-url URL`, or set {variable}")));
    }
    let known = api.servers.iter().flat_map(|it| &it.variables);
    let mut seen = Vec::new();
    for it in known {
        if seen.contains(&&it.name) {
            continue;
        }
        seen.push(&it.name);
        let given = parameters.server_variables.iter().rfind(|(name, _)| *name == it.name);
        match given.map(|(_, value)| value.clone()).or_else(|| look_up(&it.env)) {
            Some(value) => builder = builder.server_variable(&it.name, &value),
            None if it.default.is_some() || server.variables.iter().all(|own| own.name != it.name) => {}
            None => {
                return Err(Failure::new(format!("the URL `{}` lacks a value for `{}`", server.url, it.name))
                    .help(format!("write `{}=…`, or set {}", it.name, it.env)));
            }
        }
    }
    Ok(builder)
}

/// Fails if the operation needs a credential that is not there.
fn has_credential(
    api: &Api,
    op: &Operation,
    asked: &Asked<'_>,
    look_up: &dyn Fn(&str) -> Option<String>,
) -> Result<(), Failure> {
    let lacks = |it: &Credential| it.variables().iter().any(|(name, _)| look_up(name).is_none());
    let credential = |it: &specwright_codegen::model::Auth| api.credentials.get(it.credential);
    let is_whole = |all: &Vec<_>| !all.iter().filter_map(credential).any(lacks);
    if op.auth.is_empty() || op.auth.iter().any(is_whole) {
        return Ok(());
    }
    let first = op.auth.iter().flatten().filter_map(credential).find(|it| lacks(it));
    let Some(first) = first else { return Ok(()) };
    let names: Vec<&str> = first.variables().iter().map(|it| it.0).filter(|it| look_up(it).is_none()).collect();
    let mock = format!("`{} call --mock …` needs none", asked.program);
    let doc = first.doc.split_whitespace().collect::<Vec<_>>().join(" ");
    let help = if doc.is_empty() { mock } else { format!("{doc}\n        {mock}") };
    Err(Failure::new(format!(
        "`{}` needs the credential `{}`: set the environment variable {}",
        op.full_name(api),
        first.name,
        names.join(" and ")
    ))
    .help(help))
}

/// Marks the credentials that are there, or else those of the first alternative.
fn marked(
    mut builder: ClientBuilder,
    api: &Api,
    op: &Operation,
    markers: &mut Markers,
    look_up: &dyn Fn(&str) -> Option<String>,
) -> ClientBuilder {
    let is_set = |it: &&Credential| it.variables().iter().all(|(name, _)| look_up(name).is_some());
    let mut known: Vec<&Credential> = api.credentials.iter().filter(is_set).collect();
    let is_known = |known: &[&Credential], at: usize| {
        known.iter().any(|it| api.credentials.get(at).is_some_and(|that| that.name == it.name))
    };
    if !op.auth.iter().any(|all| all.iter().all(|it| is_known(&known, it.credential))) {
        known = op.auth.first().into_iter().flatten().filter_map(|it| api.credentials.get(it.credential)).collect();
    }
    for it in known {
        let secret = match (&it.oauth2, &it.username_env) {
            // A command cannot fetch a token on the way.
            (Some(oauth2), _) => {
                let variable = format!("{}_ACCESS_TOKEN", api.name.to_ascii_uppercase());
                markers.mark_with_note(&variable, &format!("an access token of {}", oauth2.token_url))
            }
            (None, Some(username)) => format!("{}:{}", markers.mark(username), markers.mark(&it.env)),
            (None, None) => markers.mark(&it.env),
        };
        builder = builder.credential(&it.name, secret);
    }
    builder
}

/// A credential that a mock server accepts.
fn invented(builder: ClientBuilder, it: &Credential) -> ClientBuilder {
    if it.oauth2.is_some() {
        let with = OAuth2::new("mock-client").client_secret("mock-client-secret").refresh_token("mock-refresh-token");
        return builder.oauth2(&it.name, with);
    }
    let start = it.looks_like.as_deref().and_then(|it| it.strip_suffix('…').or(it.strip_suffix("...")));
    let key = match start {
        Some(start) => format!("{start}mock"),
        None => format!("mock-{}", it.name.replace('_', "-")),
    };
    let secret = if it.username_env.is_some() { format!("mock:{key}") } else { key };
    builder.credential(&it.name, secret)
}
