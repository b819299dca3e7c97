//! Which operation a method and path mean.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::routes::{NoRoute, RouteKind, RouteMatch, RouteTarget, Routes};
use super::told::Told;
use super::url::{path_of_url, read_parameters, read_query, split};
use crate::diagnostics::suggest::nearest;
use crate::model::{Api, Location, Method, Operation, Output, PathPart};

/// What a request is for.
#[derive(Clone, Copy, Debug)]
pub enum Target<'a> {
    /// The operation itself.
    Call(&'a Operation),
    /// The status of a task that the operation started: it has no rules of its own.
    Status(&'a Operation),
}

impl<'a> Target<'a> {
    /// The operation, or the one that started the task.
    #[must_use]
    pub fn operation(self) -> &'a Operation {
        match self {
            Self::Call(op) | Self::Status(op) => op,
        }
    }
}

/// The operation of a request, and what its path says.
#[derive(Clone, Debug)]
pub struct MatchedOperation<'a> {
    /// What it is for.
    pub target: Target<'a>,
    /// Path parameters; none for parts that stood in the path as `{name}`.
    pub path_params: Map<String, Value>,
    /// Query parameters written behind the path.
    pub query: Map<String, Value>,
}

/// The way to the operations of one API, made once for many requests.
#[derive(Debug)]
pub struct ApiRoutes {
    routes: Routes,
}

impl ApiRoutes {
    /// Of this API: each path as it stands, and below the base path of its server.
    #[must_use]
    pub fn new(api: &Api) -> Self {
        let mut routes = Routes::new();
        for (operation, op) in api.operations.iter().enumerate() {
            let server = api.servers.get(op.server);
            let base = server.map(crate::model::Server::example_url).unwrap_or_default();
            let base = path_of_url(&base).trim_end_matches('/');
            let bases = [Some(""), Some(base).filter(|it| !it.is_empty())];
            for base in bases.into_iter().flatten() {
                let target = |kind| RouteTarget { api: 0, operation, kind };
                routes.add_operation(base, op, target(RouteKind::Call));
                if let Output::Task(task) = &op.output
                    && let Some(path) = &task.status
                {
                    routes.add_status(base, path, target(RouteKind::Status));
                }
            }
        }
        Self { routes }
    }

    /// Finds an operation of the API that the routes are of, by method and path; the error says in words what there is
    /// instead.
    ///
    /// `path` is the template, a real path, either with the server's base path in front, or a full URL (whose host is
    /// not looked at). Text in a template wins over parameters, from the left. Of several operations on one path, the
    /// one whose constants and content type are sent is meant, then the one whose credential is in `headers`, else the
    /// first. An operation wins over the status of a task.
    ///
    /// # Errors
    /// There is no such operation.
    pub fn find<'a>(
        &self,
        api: &'a Api,
        method: &str,
        path: &str,
        headers: &Map<String, Value>,
        body: Option<&Value>,
    ) -> Result<MatchedOperation<'a>, String> {
        let (path, query) = split(path.trim());
        let method = method.trim();
        let known = Method::known(method);
        let RouteMatch { targets, captures } =
            self.routes.find(known, path).map_err(|it| not_found(api, method, path, &it))?;
        let given = read_query(query);
        let sent = |name: &str| headers.iter().find(|(it, _)| it.eq_ignore_ascii_case(name))?.1.as_str();
        let target = choose(api, targets, headers, &Told { query: &given, header: &sent, body })
            .ok_or_else(|| not_found(api, method, path, &NoRoute::Path))?;
        // A `{name}` in the path stands for itself: it is no value.
        let values = parameter_names(target).into_iter().zip(captures);
        let values = values.filter(|(_, value)| !(value.starts_with('{') && value.ends_with('}')));
        let path_params = values.map(|(name, value)| (name, Value::String(value.into_owned()))).collect();
        let query = match target {
            Target::Call(op) => read_parameters(api, op, Location::Query, query),
            Target::Status(_) => given,
        };
        Ok(MatchedOperation { target, path_params, query })
    }
}

/// Finds one operation: see [`ApiRoutes::find`], which is for many.
///
/// # Errors
/// There is no such operation.
pub fn find_operation<'a>(
    api: &'a Api,
    method: &str,
    path: &str,
    headers: &Map<String, Value>,
    body: Option<&Value>,
) -> Result<MatchedOperation<'a>, String> {
    ApiRoutes::new(api).find(api, method, path, headers, body)
}

/// Of what shares a path, the call that the constants and the content type mean, then the one whose credential is sent,
/// else the first call, else the status of a task.
fn choose<'a>(
    api: &'a Api,
    targets: &[RouteTarget],
    headers: &Map<String, Value>,
    told: &Told<'_>,
) -> Option<Target<'a>> {
    let operation = |target: &RouteTarget| api.operations.get(target.operation).map(Arc::as_ref);
    let calls: Vec<&Operation> = targets.iter().filter(|it| it.kind == RouteKind::Call).filter_map(operation).collect();
    let meant = told.meant(&calls);
    let first = meant.first().copied();
    let call = meant.into_iter().find(|it| sends_key(api, it, headers)).or(first).map(Target::Call);
    call.or_else(|| targets.first().and_then(operation).map(Target::Status))
}

/// The names of the parameters, in the order of the path.
fn parameter_names(target: Target<'_>) -> Vec<String> {
    match target {
        Target::Call(op) => {
            let indexes = op.path.iter().filter_map(|it| match it {
                PathPart::Parameter(index) => Some(*index),
                PathPart::Literal(_) => None,
            });
            indexes.map(|it| op.parameters.field(it).sent_name().to_owned()).collect()
        }
        // Of a status path only the id is known, whatever its index says.
        Target::Status(_) => vec!["id".to_owned()],
    }
}

/// Whether the headers carry the operation's credential in the operation's way.
fn sends_key(api: &Api, op: &Operation, headers: &Map<String, Value>) -> bool {
    api.schemes(op).any(|scheme| {
        let Some(header) = scheme.header() else { return false };
        headers.iter().any(|(name, value)| {
            let prefix = value.as_str().and_then(|it| it.get(..scheme.prefix.len()));
            name.eq_ignore_ascii_case(header) && prefix.is_some_and(|it| it.eq_ignore_ascii_case(&scheme.prefix))
        })
    })
}

fn not_found(api: &Api, method: &str, path: &str, why: &NoRoute) -> String {
    let mut text = format!("`{}` has no operation `{method} {path}`", api.name);
    if let NoRoute::Method(others) = why {
        let others: Vec<_> = others.iter().map(|it| it.as_str()).collect();
        text.push_str(&format!("; the path takes {}", others.join(", ")));
        return text;
    }
    let known: Vec<String> = api.operations.iter().map(|it| it.path_template()).collect();
    if let Some(similar) = nearest(path, known.iter().map(String::as_str)) {
        text.push_str(&format!("; a similar path exists: `{similar}`"));
    }
    text
}
