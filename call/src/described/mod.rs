//! An API as the static data with which generated crates describe one to the runtime.
//!
//! The data is leaked on purpose: the runtime refers to it for as long as the program runs, and the program makes one call.

mod failure;
mod stream;
mod xml;

use specwright_codegen::model::{
    self, Api, AuthScheme, BasicAuth, ClientAuthentication, Encoding, ErrorKind, Grant, KeyPlace, MessagePlace,
    NextPage, Operation, Output, Pages, StatusMeaning, StatusPath, Task,
};
use specwright_runtime as rt;

pub(crate) use stream::stream;

pub(crate) fn text(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

fn list<T>(items: impl IntoIterator<Item = T>) -> &'static [T] {
    Box::leak(items.into_iter().collect::<Vec<T>>().into_boxed_slice())
}

fn texts<'t>(all: impl IntoIterator<Item = &'t String>) -> &'static [&'static str] {
    list(all.into_iter().map(|it| text(it)))
}

pub(crate) fn one<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

fn optional(text_or_none: Option<&str>) -> Option<&'static str> {
    text_or_none.map(text)
}

/// What all operations share.
pub(crate) fn api(api: &Api) -> &'static rt::Api {
    let headers = api.rate_limit_headers.as_ref();
    let errors = &api.errors;
    let codes = errors.codes.iter().filter_map(|it| Some((text(&it.value), status_kind(it.kind?))));
    let variables = api.servers.iter().flat_map(|it| &it.variables).map(|it| {
        rt::ServerVariable::new(text(&it.name), text(&it.env), optional(it.default.as_deref()), texts(&it.values))
    });
    // Two servers may have the same variable.
    let mut known: Vec<rt::ServerVariable> = Vec::new();
    for it in variables {
        if known.iter().all(|known| known.name != it.name) {
            known.push(it);
        }
    }
    one(rt::Api {
        name: text(&api.name),
        version: text(&api.version),
        servers: list(api.servers.iter().map(|it| (text(&it.name), text(&it.url)))),
        credentials: list(api.credentials.iter().map(credential)),
        error_message: texts(&errors.message),
        error_code: texts(&errors.code),
        error_details: texts(&errors.details),
        statuses: statuses(&errors.statuses),
        codes: list(codes),
        rate_limit_headers: [
            optional(headers.and_then(|it| it.limit.as_deref())),
            optional(headers.and_then(|it| it.remaining.as_deref())),
            optional(headers.and_then(|it| it.reset.as_deref())),
        ],
        request_id_header: optional(api.request_id_header.as_deref()),
        server_variables: Box::leak(known.into_boxed_slice()),
        // The arguments have them already, as the interpreter judges them.
        client_parameters: &[],
        xml_errors: xml::errors(api),
    })
}

fn credential(it: &model::Credential) -> rt::Credential {
    let oauth2 = it.oauth2.as_ref().map(|oauth2| {
        one(rt::OAuth2Spec {
            grant: match oauth2.grant {
                Grant::ClientCredentials => rt::Grant::ClientCredentials,
                Grant::RefreshToken => rt::Grant::RefreshToken,
            },
            token_url: text(&oauth2.token_url),
            scopes: list(oauth2.scopes.iter().map(|it| text(&it.0))),
            client_authentication: match oauth2.client_authentication {
                ClientAuthentication::Basic => rt::ClientAuthentication::Basic,
                ClientAuthentication::Body => rt::ClientAuthentication::Body,
                ClientAuthentication::None => rt::ClientAuthentication::None,
            },
            parameters: list(oauth2.parameters.iter().map(|(name, value)| (text(name), text(value)))),
            client_id_env: text(&it.env),
            client_secret_env: optional(oauth2.client_secret_env.as_deref()),
            refresh_token_env: optional(oauth2.refresh_token_env.as_deref()),
        })
    });
    rt::Credential {
        name: text(&it.name),
        env: text(&it.env),
        username_env: optional(it.username_env.as_deref()),
        schemes: list(it.schemes.iter().map(scheme)),
        oauth2,
    }
}

fn scheme(it: &AuthScheme) -> rt::Scheme {
    let name = text(&it.name);
    match &it.place {
        KeyPlace::Header(header) => rt::Scheme::header(name, text(header), text(&it.prefix)),
        KeyPlace::Query(parameter) => rt::Scheme::query(name, text(parameter)),
        KeyPlace::Cookie(cookie) => rt::Scheme::cookie(name, text(cookie)),
        KeyPlace::Body(field) => rt::Scheme::body(name, text(field)),
        KeyPlace::Basic(how) => rt::Scheme::basic(
            name,
            match how {
                BasicAuth::Pair => rt::BasicAuth::Pair,
                BasicAuth::Username => rt::BasicAuth::Username,
                BasicAuth::Password(username) => rt::BasicAuth::Password(text(username)),
            },
        ),
    }
}

fn statuses(all: &[StatusMeaning]) -> &'static [(u16, rt::StatusKind)] {
    list(all.iter().map(|it| (it.status, status_kind(it.kind))))
}

fn status_kind(kind: ErrorKind) -> rt::StatusKind {
    match kind {
        ErrorKind::InvalidRequest => rt::StatusKind::InvalidRequest,
        ErrorKind::Authentication => rt::StatusKind::Authentication,
        ErrorKind::PaymentRequired => rt::StatusKind::PaymentRequired,
        ErrorKind::PermissionDenied => rt::StatusKind::PermissionDenied,
        ErrorKind::NotFound => rt::StatusKind::NotFound,
        ErrorKind::Conflict => rt::StatusKind::Conflict,
        ErrorKind::Timeout => rt::StatusKind::Timeout,
        ErrorKind::TooLarge => rt::StatusKind::TooLarge,
        ErrorKind::UnsupportedMedia => rt::StatusKind::UnsupportedMedia,
        ErrorKind::RateLimited => rt::StatusKind::RateLimited,
        ErrorKind::ContentRefused => rt::StatusKind::ContentRefused,
        ErrorKind::Server => rt::StatusKind::Server,
        ErrorKind::Unavailable => rt::StatusKind::Unavailable,
        ErrorKind::Refunded => rt::StatusKind::Refunded,
    }
}

/// An operation, and how its task is followed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Described {
    pub(crate) operation: &'static rt::Operation,
    pub(crate) task: Option<&'static rt::TaskSpec>,
}

/// An operation of the API.
pub(crate) fn operation(of: &Api, api: &'static rt::Api, op: &Operation) -> Described {
    let plain = one(built(of, api, op, None));
    let Output::Task(task) = &op.output else {
        return Described { operation: plain, task: None };
    };
    // An operation refers to its task, for its states, and the task to the operation, for its status: the states are in
    // the first round.
    let operation = one(built(of, api, op, Some(task_spec(of, op, task, plain))));
    Described { operation, task: Some(task_spec(of, op, task, operation)) }
}

fn built(of: &Api, api: &'static rt::Api, op: &Operation, task: Option<&'static rt::TaskSpec>) -> rt::Operation {
    let mut out = rt::Operation {
        name: text(&op.full_name(of)),
        api,
        method: op.method.as_str(),
        path: text(&op.path_template()),
        server: op.server,
        auth: list(op.auth.iter().map(|all| list(all.iter().map(|it| (it.credential, it.scheme))))),
        idempotent: op.is_idempotent(),
        has_body: op.has_body,
        content_types: content_types(op),
        json_type: (!op.accept.is_empty()).then(|| text(&op.accept.join(", "))),
        statuses: statuses(&op.statuses),
        idempotency: op.idempotency.as_ref().map(|it| text(&it.to_ascii_lowercase())),
        json_lines: op.stream.as_ref().is_some_and(|it| it.json_lines),
        form: match &op.output {
            _ if op.has_text_by_status() => rt::AnswerForm::Text(text(&op.response_types().join(", "))),
            Output::Text { media_types } => rt::AnswerForm::Text(text(&media_types.join(", "))),
            Output::Json { nullable: true, .. } | Output::Redirect | Output::Empty | Output::ByStatus(_) => {
                rt::AnswerForm::JsonOrNothing
            }
            Output::Json { .. } | Output::Binary { .. } | Output::Task(_) => rt::AnswerForm::Json,
        },
        other_answers: match &op.output {
            Output::Redirect => &[301, 302, 303, 307, 308],
            Output::ByStatus(answers) => list(answers.iter().map(|it| it.status).filter(|it| *it >= 300)),
            _ => &[],
        },
        xml: xml::of_operation(of, op),
        ..rt::Operation::other(op.method.as_str(), api, "", "")
    };
    if let Output::Binary { media_types } = &op.output {
        out = out.accept(text(&media_types.join(", ")));
    }
    match &op.failure {
        Some(condition) => out.failure(failure::condition(condition), task),
        None => rt::Operation { task, ..out },
    }
}

fn task_spec(of: &Api, op: &Operation, task: &Task, creates: &'static rt::Operation) -> &'static rt::TaskSpec {
    let (before, after) = task.status.as_ref().map(StatusPath::around_the_id).unwrap_or_default();
    let status = rt::Operation::status_of(
        creates,
        text(&format!("{} status", creates.name)),
        text(&task.status.as_ref().map_or_else(|| creates.path.to_owned(), StatusPath::template)),
    );
    let within = list(task.status.iter().flat_map(StatusPath::others).map(|it| (text(&it.name), it.client(op))));
    let mut out = rt::TaskSpec::new(status, (text(&before), text(&after))).within(within);
    if task.status.is_none() {
        out = out.at_url();
    }
    one(rt::TaskSpec {
        id_has_segments: task.status.as_ref().is_some_and(|it| it.keeps_slashes),
        url_header: task.is_url_in_header.then(|| text(&task.id_field.to_ascii_lowercase())),
        id: text(&task.id_field),
        status_id: task.status_has_id(of).then(|| text(&task.id_field)),
        state: text(&task.state_field),
        completed: texts(&task.completed),
        failed: texts(&task.failed),
        error: text(&task.error_pointer),
        stage: task.stage.as_ref().map(|it| text(&it.field)),
        interval_ms: task.poll_interval_ms,
        deadline_ms: task.deadline_ms,
        ..out
    })
}

/// How one page leads to the next.
pub(crate) fn pages(pages: &Pages) -> &'static rt::PageSpec {
    one(rt::PageSpec {
        items: text(&pages.items),
        next: match &pages.next {
            NextPage::Cursor { from, .. } => rt::NextPage::Cursor(text(from)),
            NextPage::Header { name, .. } => rt::NextPage::Header(text(&name.to_ascii_lowercase())),
            NextPage::LastItem { at, .. } => rt::NextPage::LastItem(text(at)),
            NextPage::Offset { total, .. } => rt::NextPage::Offset(count(total.as_ref())),
            NextPage::Number { first, pages, .. } => rt::NextPage::Number(*first, count(pages.as_ref())),
            NextPage::Url(at) => rt::NextPage::Url(text(at)),
            NextPage::Link(relation) => rt::NextPage::Link(text(relation)),
        },
        more: pages.more.as_ref().map(|(at, goes_on)| (text(at), *goes_on)),
    })
}

/// A JSON pointer, or the name of a header in lower case.
fn count(place: Option<&MessagePlace>) -> Option<&'static str> {
    place.map(|it| match it {
        MessagePlace::Body(at) => text(at),
        MessagePlace::Header(name) => text(&name.to_ascii_lowercase()),
    })
}

fn content_types(op: &Operation) -> &'static [&'static str] {
    let is_one_value =
        matches!(op.encoding, Encoding::Json | Encoding::Xml | Encoding::Lines | Encoding::Binary | Encoding::Text);
    match op.has_body && !op.is_plain_json() && is_one_value {
        true => list(op.content_types.iter().map(|it| text(&it.media_type))),
        false => &["application/json"],
    }
}
