//! Prepares an API once, so that a request costs little.

use std::collections::HashMap;
use std::sync::Arc;

use http::HeaderName;
use specwright_codegen::model::{
    Api, Encoding, ErrorKind, ExampleOf, Location, OAuth2, Operation, OperationId, Output, Task,
};

use crate::answers::{Answers, Ids};
use crate::keys::Keys;
use crate::statuses;
use crate::uploads::Upload;

/// An API that is ready to be served.
#[derive(Debug)]
pub(crate) struct PreparedApi {
    pub(crate) name: Arc<str>,
    pub(crate) api: Api,
    pub(crate) answers: Answers,
    pub(crate) keys: Keys,
    /// By index in [`Api::operations`].
    pub(crate) operations: Vec<PreparedOperation>,
    by_name: HashMap<Arc<str>, usize>,
    /// The path of each server's URL, below the API's own prefix.
    pub(crate) mounts: Vec<String>,
    pub(crate) request_id: Option<HeaderName>,
}

/// The prepared data of an operation.
#[derive(Debug)]
pub(crate) struct PreparedOperation {
    pub(crate) name: Arc<str>,
    /// Path parameters, in the order of the path.
    pub(crate) path: Vec<String>,
    /// Header parameters, as the spec writes them.
    pub(crate) headers: Vec<String>,
    /// Headers that only operations of its resource have, if an operation of another resource has the same path.
    pub(crate) distinguishing: Vec<HeaderName>,
    pub(crate) takes: Takes,
    pub(crate) success: u16,
    /// The status for a broken rule, …
    pub(crate) invalid: u16,
    /// … for a body that cannot be read, …
    pub(crate) malformed: u16,
    /// … for one of another content type, …
    pub(crate) unsupported: u16,
    /// … and for one that is too large.
    pub(crate) too_large: u16,
    /// Stages that a task goes through while it is pending.
    pub(crate) stages: Vec<String>,
    /// The form of the ids of its tasks.
    pub(crate) ids: Ids,
    /// The name of the parameter for the callback URL.
    pub(crate) callback: Option<String>,
    /// The place of an uploaded file, if the response has its URL.
    pub(crate) upload: Option<Upload>,
    /// Whether it returns the result of a task.
    pub(crate) is_download: bool,
}

/// The kind of body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    Nothing,
    Body(Encoding),
}

impl PreparedApi {
    /// `files` is the base URL of results. If it is `None`, the URLs of the spec are used.
    pub(crate) fn new(api: Api, files: Option<&str>) -> Self {
        let place = |op: &Operation| (op.server, op.method.as_str(), op.path_template());
        let mut places: HashMap<_, Vec<_>> = HashMap::new();
        for op in &api.operations {
            places.entry(place(op)).or_default().push(op.resource);
        }
        let prepared = |op: &Operation| {
            let all = places.get(&place(op)).map_or(&[][..], Vec::as_slice);
            let only_one = all.len() > 1 && all.iter().filter(|it| **it == op.resource).count() == 1;
            PreparedOperation::new(&api, op, if only_one { distinguishing_headers(&api, op) } else { Vec::new() })
        };
        let mut operations: Vec<_> = api.operations.iter().map(|it| prepared(it)).collect();
        for op in &api.operations {
            if let Output::Task(task) = &op.output
                && let Some(download) = task.download.and_then(|it| operations.get_mut(it.0 as usize))
            {
                download.is_download = true;
            }
        }
        let by_name = operations.iter().enumerate().map(|(index, it)| (Arc::clone(&it.name), index)).collect();
        Self {
            name: api.name.as_str().into(),
            answers: files.map_or_else(|| Answers::new(&api), |it| Answers::with_files(&api, it)),
            keys: Keys::new(&api),
            mounts: mounts(&api),
            request_id: api.request_id_header.as_deref().and_then(|it| HeaderName::from_bytes(it.as_bytes()).ok()),
            operations,
            by_name,
            api,
        }
    }

    /// An operation, with its prepared data.
    pub(crate) fn operation(&self, index: usize) -> Option<(OperationId, &Operation, &PreparedOperation)> {
        let id = OperationId(u32::try_from(index).ok()?);
        Some((id, self.api.operations.get(index)?, self.operations.get(index)?))
    }

    /// The path of a token endpoint, below the API's own prefix.
    pub(crate) fn token_path(&self, oauth2: &OAuth2) -> String {
        let first = self.api.servers.first().map_or("", |it| it.url.as_str());
        let below = oauth2.token_url.strip_prefix(first).filter(|it| !first.is_empty() && it.starts_with('/'));
        let path = below.unwrap_or_else(|| specwright_codegen::validate::path_of_url(&oauth2.token_url));
        // As clients find it from their base URL.
        format!("{}{}", self.mounts.first().map_or("", String::as_str), path.trim_end_matches('/'))
    }

    /// The operation of a full name.
    pub(crate) fn find(&self, name: &str) -> Option<(OperationId, &Operation, &PreparedOperation)> {
        self.operation(*self.by_name.get(name)?)
    }
}

impl PreparedOperation {
    fn new(api: &Api, op: &Operation, distinguishing: Vec<HeaderName>) -> Self {
        let at = |location: Location| {
            let fields = op.parameters.fields.iter().filter(move |it| it.location == location);
            fields.map(|it| it.sent_name().to_owned()).collect::<Vec<_>>()
        };
        let path = op.path.iter().filter_map(|part| match part {
            specwright_codegen::model::PathPart::Parameter(ix) => Some(op.parameters.field(*ix).sent_name().to_owned()),
            specwright_codegen::model::PathPart::Literal(_) => None,
        });
        let task = match &op.output {
            Output::Task(task) => Some(&**task),
            _ => None,
        };
        let callback = task.and_then(|it| it.callback).map(|ix| op.parameters.field(ix).name.clone());
        Self {
            name: op.full_name(api).into(),
            path: path.collect(),
            headers: {
                let cookies = !at(Location::Cookie).is_empty();
                at(Location::Header).into_iter().chain(cookies.then(|| "Cookie".to_owned())).collect()
            },
            distinguishing,
            takes: if op.has_body { Takes::Body(op.encoding) } else { Takes::Nothing },
            success: op.success,
            invalid: statuses::status(api, Some(op), ErrorKind::InvalidRequest),
            malformed: statuses::malformed(api, op),
            unsupported: statuses::status(api, Some(op), ErrorKind::UnsupportedMedia),
            too_large: statuses::status(api, Some(op), ErrorKind::TooLarge),
            stages: task.map_or_else(Vec::new, |it| pending_stages(api, it)),
            // A URL in place of an id has ours at its end.
            ids: task.filter(|it| it.status.is_some()).map(|it| Ids::of(api, it)).unwrap_or_default(),
            callback,
            upload: Upload::of(op),
            is_download: false,
        }
    }
}

/// A header that a client of one resource sends with every request, such as a protocol's version, distinguishes its
/// requests from those of another resource, whatever the single operation lists.
fn distinguishing_headers(api: &Api, op: &Operation) -> Vec<HeaderName> {
    let headers = |own: bool| {
        let operations = api.operations.iter().filter(move |it| (it.resource == op.resource) == own);
        let fields = operations.flat_map(|it| &it.parameters.fields);
        fields.filter(|it| it.location == Location::Header).map(|it| it.sent_name())
    };
    let mut distinguishing: Vec<HeaderName> = headers(true)
        .filter(|name| !headers(false).any(|it| it.eq_ignore_ascii_case(name)))
        .filter_map(|name| HeaderName::from_bytes(name.as_bytes()).ok())
        .collect();
    distinguishing.sort_by(|a, b| a.as_str().cmp(b.as_str()));
    distinguishing.dedup();
    distinguishing
}

/// The stages before the end: those that no example of the API shows in a finished task.
fn pending_stages(api: &Api, task: &Task) -> Vec<String> {
    let Some(stage) = &task.stage else { return Vec::new() };
    let bodies = || {
        let examples = api.operations.iter().flat_map(|it| &it.examples);
        examples.filter(|it| it.of != ExampleOf::Call).filter_map(|it| it.response.as_ref())
    };
    let ends = |value: &str| {
        task.failed.iter().any(|it| it == value)
            || bodies().any(|body| {
                let state = task.state_in(body).unwrap_or_default();
                body.get(&stage.field).and_then(|it| it.as_str()) == Some(value)
                    && task.completed.iter().chain(&task.failed).any(|it| it == state)
            })
    };
    stage.values.iter().map(|(value, _)| value).filter(|it| !ends(it)).cloned().collect()
}

/// Servers keep the path of their URL, so that a client only has to replace the host. Two servers that differ only by
/// host would collide, so the later one is below `/@name`.
fn mounts(api: &Api) -> Vec<String> {
    let path = |url: &str| specwright_codegen::validate::path_of_url(url).trim_end_matches('/').to_owned();
    let mut mounts: Vec<String> = Vec::with_capacity(api.servers.len());
    for server in &api.servers {
        let plain = path(&server.example_url());
        let taken = api.servers.iter().zip(&mounts).any(|(it, mount)| *mount == plain && it.url != server.url);
        mounts.push(if taken { format!("/@{}{plain}", server.name) } else { plain });
    }
    mounts
}
