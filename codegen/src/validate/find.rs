//! Which operation a method and path mean.

use serde_json::{Map, Value};

use super::route::{Rank, Template, path_of_url, read_query, split};
use crate::diagnostics::suggest::nearest;
use crate::model::{Api, Operation, Output, PathPart, Task};

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

/// Finds an operation by method and path; the error says in words what there is instead.
///
/// `path` is the template, a real path, either with the server's base path in front, or a full URL (whose host is
/// not looked at). Text in a template wins over parameters, from the left. Of several operations on one path, the
/// one whose credential is in `headers` is meant, else the first.
pub fn find_operation<'a>(
    api: &'a Api,
    method: &str,
    path: &str,
    headers: &Map<String, Value>,
) -> Result<MatchedOperation<'a>, String> {
    let (bare, query) = split(path.trim());
    let mut best: Option<(Rank, MatchedOperation<'a>)> = None;
    let mut other_methods: Vec<&str> = Vec::new();
    for route in routes(api) {
        let Some((rank, path_params)) = route.match_path(api, bare) else { continue };
        if !route.method.eq_ignore_ascii_case(method.trim()) {
            if !other_methods.contains(&route.method) {
                other_methods.push(route.method);
            }
            continue;
        }
        let wins = match &best {
            None => true,
            Some((best_rank, _)) if rank != *best_rank => rank > *best_rank,
            Some((_, found)) => {
                matches!((route.target, found.target), (Target::Call(_), Target::Call(_)))
                    && sends_key(api, route.target.operation(), headers)
                    && !sends_key(api, found.target.operation(), headers)
            }
        };
        if wins {
            best = Some((rank, MatchedOperation { target: route.target, path_params, query: Map::new() }));
        }
    }
    match best {
        Some((_, found)) => Ok(MatchedOperation { query: read_query(query), ..found }),
        None => Err(not_found(api, method.trim(), bare, &other_methods)),
    }
}

/// One way to reach something.
struct Route<'a> {
    target: Target<'a>,
    method: &'static str,
    parts: &'a [PathPart],
}

impl Route<'_> {
    /// Tries the path as it stands, then below the server's base path.
    fn match_path(&self, api: &Api, path: &str) -> Option<(Rank, Map<String, Value>)> {
        let template = self.template();
        let server = api.servers.get(self.target.operation().server);
        let base = server.map_or("", |it| path_of_url(&it.url)).trim_end_matches('/');
        let below = path.strip_prefix(base).filter(|it| !base.is_empty() && it.starts_with('/'));
        template.match_path(path).or_else(|| template.match_path(below?))
    }

    fn template(&self) -> Template {
        let record = &self.target.operation().parameters;
        match self.target {
            Target::Call(_) => Template::new(self.parts, |part| match part {
                PathPart::Parameter(ix) => record.field(*ix).name.clone(),
                PathPart::Literal(_) => String::new(),
            }),
            // Of a status path only the id is known, whatever its index says.
            Target::Status(_) => Template::new(self.parts, |_| "id".to_owned()),
        }
    }
}

/// Calls first, so that a status operation that is described in full wins over the path of a task.
fn routes(api: &Api) -> impl Iterator<Item = Route<'_>> {
    let calls = api.operations.iter().map(|op| {
        let parts = op.path.as_slice();
        Route { target: Target::Call(op), method: op.method.as_str(), parts }
    });
    let statuses = api.operations.iter().filter_map(|op| {
        let task = task_of(op)?;
        Some(Route { target: Target::Status(op), method: "GET", parts: task.status_path.as_slice() })
    });
    calls.chain(statuses)
}

fn task_of(op: &Operation) -> Option<&Task> {
    match &op.output {
        Output::Task(task) => Some(task),
        Output::Empty | Output::Json { .. } | Output::Binary { .. } => None,
    }
}

/// Whether the headers carry the operation's credential in the operation's way.
fn sends_key(api: &Api, op: &Operation, headers: &Map<String, Value>) -> bool {
    let scheme = op.auth.and_then(|it| api.credentials.get(it.credential)?.schemes.get(it.scheme));
    scheme.is_some_and(|scheme| {
        headers.iter().any(|(name, value)| {
            let prefix = value.as_str().and_then(|it| it.get(..scheme.prefix.len()));
            name.eq_ignore_ascii_case(&scheme.header)
                && prefix.is_some_and(|it| it.eq_ignore_ascii_case(&scheme.prefix))
        })
    })
}

fn not_found(api: &Api, method: &str, path: &str, other_methods: &[&str]) -> String {
    let mut text = format!("`{}` has no operation `{method} {path}`", api.name);
    if !other_methods.is_empty() {
        text.push_str(&format!("; the path takes {}", other_methods.join(", ")));
        return text;
    }
    let known: Vec<String> = api.operations.iter().map(Operation::path_template).collect();
    if let Some(similar) = nearest(path, known.iter().map(String::as_str)) {
        text.push_str(&format!("; a similar path exists: `{similar}`"));
    }
    text
}
