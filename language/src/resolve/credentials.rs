//! Credentials, and which of them an operation sends.

use super::names as forms;
use crate::diagnostics::{Diagnostics, decode, names, types};
use crate::model::{Auth, AuthScheme, BasicAuth, Credential, Encoding, KeyPlace, Location, Method, OAuth2, Record};
use crate::syntax::document::{
    ApiDocument, AuthDoc, CredentialUseDoc, KeyPlaceDoc, OAuth2Doc, OAuth2EnvDoc, OperationDoc, SchemeDoc, Text,
};

/// The credentials of an API.
pub(super) fn credentials(api: &ApiDocument, out: &mut Diagnostics) -> Vec<Credential> {
    let mut credentials = Vec::new();
    for doc in &api.credentials {
        forms::check_snake("a credential", &doc.name, out);
        for env in doc.env.iter().chain(&doc.username_env) {
            forms::check_env(env, out);
        }
        let text = |it: &Text| it.value.clone();
        let schemes: Vec<_> = doc.schemes.iter().filter_map(|it| scheme(it, out)).collect();
        let mut env = doc.env.as_ref().map(text).unwrap_or_default();
        let oauth2 = doc.oauth2.as_ref().map(|(it, envs)| {
            if let Some(envs) = envs {
                env.clone_from(&envs.client_id.value);
            }
            oauth2(it, envs.as_ref(), out)
        });
        if oauth2.is_some()
            && let Some(other) = doc.schemes.iter().find(|it| !matches!(it.place, Some(KeyPlaceDoc::Header(_)) | None))
        {
            let help = "say `{header: Authorization, prefix: \"Bearer \"}`, or leave `send` out";
            out.push(types::bad_operation("access tokens are sent in a header", help, other.name.span));
        }
        credentials.push(Credential {
            name: doc.name.value.clone(),
            env,
            username_env: doc.username_env.as_ref().map(text),
            doc: doc.doc.clone(),
            looks_like: doc.looks_like.clone(),
            schemes,
            oauth2,
            span: doc.name.span,
        });
    }
    credentials
}

fn oauth2(doc: &OAuth2Doc, envs: Option<&OAuth2EnvDoc>, out: &mut Diagnostics) -> OAuth2 {
    let text = |it: &Text| it.value.clone();
    if let Some(envs) = envs {
        let others = envs.client_secret.iter().chain(&envs.refresh_token);
        [&envs.client_id].into_iter().chain(others).for_each(|it| forms::check_env(it, out));
    }
    let is_path = |it: &str| it.starts_with('/') && !it.starts_with("//");
    let fits = |it: &str| !it.contains(|it: char| it == '#' || it.is_whitespace() || it.is_control() || !it.is_ascii());
    let is_https = |it: &str| it.strip_prefix("https://").is_some_and(|it| !it.is_empty() && !it.starts_with('/'));
    let help = "write `https://host/path`, or a path under the API's first server: `/oauth/token`";
    if !(is_path(&doc.token_url.value) || is_https(&doc.token_url.value)) || !fits(&doc.token_url.value) {
        out.push(decode::bad_text(&doc.token_url.value, "the URL of a token server", help, doc.token_url.span));
    }
    if let Some(url) = doc.authorization_url.as_ref().filter(|it| !is_https(&it.value) || !fits(&it.value)) {
        out.push(decode::bad_text(&url.value, "a URL", "write `https://host/path`", url.span));
    }
    for (scope, _) in &doc.scopes {
        // RFC 6749, 3.3.
        let is_plain = |it: char| it.is_ascii_graphic() && it != '"' && it != '\\';
        if scope.value.is_empty() || !scope.value.chars().all(is_plain) {
            out.push(decode::bad_text(&scope.value, "a scope", "write one scope per item, without spaces", scope.span));
        }
    }
    OAuth2 {
        grant: doc.grant,
        token_url: doc.token_url.value.clone(),
        authorization_url: doc.authorization_url.as_ref().map(text),
        scopes: doc.scopes.iter().map(|(name, doc)| (name.value.clone(), doc.clone())).collect(),
        client_authentication: doc.client_authentication,
        parameters: doc.parameters.iter().map(|(name, value)| (name.value.clone(), value.value.clone())).collect(),
        client_secret_env: envs.and_then(|it| it.client_secret.as_ref()).map(text),
        refresh_token_env: envs.and_then(|it| it.refresh_token.as_ref()).map(text),
    }
}

fn scheme(doc: &SchemeDoc, out: &mut Diagnostics) -> Option<AuthScheme> {
    forms::check_snake("a way to send a credential", &doc.name, out);
    let place = match doc.place.as_ref()? {
        KeyPlaceDoc::Header(header) => {
            forms::check_header_token(header, out);
            if doc.prefix.chars().any(|it| it.is_control() || !it.is_ascii()) {
                let problem = "has characters that are not allowed in a header";
                out.push(names::bad_header(&doc.prefix, problem, header.span));
            }
            KeyPlace::Header(header.value.clone())
        }
        KeyPlaceDoc::Query(name) => KeyPlace::Query(name.value.clone()),
        KeyPlaceDoc::Cookie(name) => {
            forms::check_header_token(name, out);
            KeyPlace::Cookie(name.value.clone())
        }
        KeyPlaceDoc::Body(name) => KeyPlace::Body(name.value.clone()),
        KeyPlaceDoc::Basic(how, span) => {
            if let BasicAuth::Password(username) = how
                && username.contains(|it: char| it == ':' || it.is_control())
            {
                let problem = format!("`{username}` cannot be the user name of HTTP basic authentication");
                out.push(types::bad_operation(&problem, "use a user name without `:`", *span));
            }
            KeyPlace::Basic(how.clone())
        }
    };
    Some(AuthScheme { name: doc.name.value.clone(), place, prefix: doc.prefix.clone() })
}

/// A credential in the body is a field beside the parameters, so that the body must have fields with names.
pub(super) fn check_body(
    auth: &[Vec<Auth>],
    credentials: &[Credential],
    doc: &OperationDoc,
    record: &Record,
    out: &mut Diagnostics,
) {
    let in_body = |it: &Auth| {
        let credential = credentials.get(it.credential)?;
        Some((credential, credential.schemes.get(it.scheme)?.body()?))
    };
    let has_names = |it: Encoding| matches!(it, Encoding::Json | Encoding::Form | Encoding::Multipart);
    for (credential, field) in auth.iter().flatten().filter_map(in_body) {
        let method = doc.method.as_ref().map_or(Method::Post, |it| it.value);
        let writes = matches!(method, Method::Post | Method::Put | Method::Patch);
        let is_whole = record.fields.iter().any(|it| it.location == Location::WholeBody);
        if is_whole || !(writes || doc.body.is_some()) || !doc.encodings().into_iter().all(has_names) {
            let problem = format!("`{}` is sent in the body, which has no fields here", credential.name);
            let help = "write the fields of the body as parameters, or another `auth`";
            out.push(types::bad_operation(&problem, help, doc.name.span));
        }
        if let Some(same) = record.fields.iter().find(|it| it.location == Location::Body && it.sent_name() == field) {
            let problem = format!("`{field}` is a parameter, and also how `{}` is sent", credential.name);
            out.push(types::bad_operation(
                &problem,
                "remove the parameter: the client sends the credential",
                same.span,
            ));
        }
    }
}

/// The credentials of an operation: what it says itself, or else its resource, or the API; by default the first credential.
pub(super) fn auth(written: Option<&AuthDoc>, credentials: &[Credential], out: &mut Diagnostics) -> Vec<Vec<Auth>> {
    let Some(written) = written else {
        return if credentials.is_empty() {
            Vec::new()
        } else {
            vec![vec![Auth { credential: 0, scheme: 0, scopes: Vec::new() }]]
        };
    };
    let mut alternatives = Vec::new();
    for together in written {
        match together.as_slice() {
            [none] if none.name.value == "none" && none.scopes.is_empty() => alternatives.push(Vec::new()),
            all => {
                let found: Vec<_> = all.iter().filter_map(|it| one(it, credentials, out)).collect();
                if !found.is_empty() {
                    alternatives.push(found);
                }
            }
        }
    }
    // An operation that needs nothing has no alternatives.
    if alternatives.iter().all(Vec::is_empty) { Vec::new() } else { alternatives }
}

fn one(written: &CredentialUseDoc, credentials: &[Credential], out: &mut Diagnostics) -> Option<Auth> {
    let name = &written.name;
    let (credential, scheme) = match name.value.split_once('.') {
        Some((credential, scheme)) => (credential, Some(scheme)),
        None => (name.value.as_str(), None),
    };
    let Some(at) = credentials.iter().position(|it| it.name == credential) else {
        let known: Vec<&str> = credentials.iter().map(|it| it.name.as_str()).collect();
        out.push(names::unknown_name("credential", credential, &known, name.span));
        return None;
    };
    let scopes = scopes(&written.scopes, &credentials[at], out);
    let schemes = &credentials[at].schemes;
    let Some(scheme) = scheme else { return Some(Auth { credential: at, scheme: 0, scopes }) };
    let Some(scheme_at) = schemes.iter().position(|it| it.name == scheme) else {
        let known: Vec<&str> = schemes.iter().map(|it| it.name.as_str()).collect();
        out.push(names::unknown_name("way to send the credential", scheme, &known, name.span));
        return None;
    };
    Some(Auth { credential: at, scheme: scheme_at, scopes })
}

/// The scopes that an operation needs, which are among those of its credential.
fn scopes(written: &[Text], of: &Credential, out: &mut Diagnostics) -> Vec<String> {
    let Some(first) = written.first() else { return Vec::new() };
    let Some(oauth2) = &of.oauth2 else {
        let problem = format!("`{}` has no scopes", of.name);
        let help = "only access tokens of OAuth 2 have scopes: say with `oauth2` how they are fetched";
        out.push(types::bad_operation(&problem, help, first.span));
        return Vec::new();
    };
    let known: Vec<&str> = oauth2.scopes.iter().map(|it| it.0.as_str()).collect();
    for scope in written.iter().filter(|it| !known.contains(&it.value.as_str())) {
        out.push(names::unknown_name("scope", &scope.value, &known, scope.span));
    }
    written.iter().map(|it| it.value.clone()).collect()
}
