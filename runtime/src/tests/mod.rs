//! Tests against a fake server and a virtual clock: no network, no waiting.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod bodies;
mod bulk;
mod calls;
mod checks;
mod clients;
mod credentials;
mod deadlines;
mod downloads;
mod echoes;
mod errors;
#[cfg(feature = "gzip")]
mod gzip;
mod json;
mod lists;
mod many;
mod pages;
mod parser;
mod reading;
mod retries;
mod rules;
mod secrets;
mod streams;
mod styles;
mod tasks;
#[cfg(feature = "oauth2")]
mod tokens;
mod violations;
mod waiting;

use std::time::Duration;

use serde_json::json;

use crate::testing::{Answer, FakeServer, VirtualClock};
use crate::*;

pub(crate) const KEY: &str = "sk-very-secret-0123";

pub(crate) static API: Api = Api {
    name: "painter",
    version: "1.2.3",
    servers: &[
        ("default", "https://api.painter.test"),
        ("llm", "https://api.painter.test/v1"),
        ("cdn", "https://cdn.test/x"),
    ],
    credentials: &[
        Credential::key(
            "api_key",
            "PAINTER_API_KEY",
            &[Scheme::header("bearer", "Authorization", "Bearer "), Scheme::header("x_api_key", "x-api-key", "")],
        ),
        Credential::key("admin_key", "PAINTER_ADMIN_KEY", &[Scheme::header("token", "x-admin", "Token ")]),
    ],
    error_message: &["/error/message", "/error"],
    error_code: &["/error/code", "/code"],
    error_details: &["/error/details"],
    statuses: &[(531, StatusKind::Refunded)],
    codes: &[
        ("slow_down", StatusKind::RateLimited),
        ("overloaded", StatusKind::Unavailable),
        ("no_credit", StatusKind::PaymentRequired),
        ("not_nice", StatusKind::ContentRefused),
        ("took_long", StatusKind::Timeout),
    ],
    rate_limit_headers: [Some("x-ratelimit-limit"), Some("x-ratelimit-remaining"), Some("x-ratelimit-reset")],
    request_id_header: Some("x-request-id"),
    ..Api::EMPTY
};

pub(crate) static CREATE: Operation =
    Operation::post(&API, "paint.create", "/paint").statuses(&[(409, StatusKind::ContentRefused)]);
pub(crate) static READ: Operation = Operation::get(&API, "paint.read", "/paint/{id}").server(1);
pub(crate) static ADMIN: Operation =
    Operation::delete(&API, "keys.delete", "/keys").auth(&[&[(1, 0)]]).idempotent(false);
const STATUS: Operation = Operation::get(&API, "paint.status", "/paint/{id}/status");

pub(crate) static TASK: TaskSpec = TaskSpec {
    failed: &["failed", "error"],
    stage: Some("stage"),
    deadline_ms: 60_000,
    ..TaskSpec::new(STATUS, ("/paint/", "/status"))
};

pub(crate) static LENGTH: Rule =
    Rule::stated("/prompt", "max_length", "10", "`prompt` must have at most 10 characters");
pub(crate) static HINT: Rule = Rule::inferred("/prompt", "min_length", "2", "`prompt` should have 2 characters");

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Picture {
    pub(crate) url: String,
    pub(crate) seed: Option<i64>,
}

impl Decode for Picture {
    fn decode(from: &Reader<'_>) -> Result<Self, DecodeError> {
        let object = from.object()?;
        Ok(Self { url: object.required("url", |it| it.string())?, seed: object.optional("seed", |it| it.integer()) })
    }
}

impl Encode for Picture {
    fn encode(&self, out: &mut JsonWriter) {
        out.begin_object();
        out.key("url").string(&self.url);
        if let Some(seed) = self.seed {
            out.key("seed").integer(seed);
        }
        out.end_object();
    }
}

fn check_prompt(prompt: &str, out: &mut Violations) {
    if check::longer(prompt, 10) {
        out.push(&InstancePath::Root, &LENGTH, Actual::text(prompt));
    }
    if check::shorter(prompt, 2) {
        out.push(&InstancePath::Root, &HINT, Actual::Length(prompt.chars().count() as u64));
    }
}

/// A create with an immediate result.
#[derive(Clone, Debug)]
pub(crate) struct Create(pub(crate) &'static str);

impl Rules for Create {
    fn check_rules(&self, out: &mut Violations) {
        check_prompt(self.0, out);
    }
}

impl Request for Create {
    type Reply = Response<Picture>;

    fn operation(&self) -> &'static Operation {
        &CREATE
    }

    fn write(&self, out: &mut RequestParts) {
        out.path("/paint");
        out.body().begin_object();
        out.body().key("prompt").string(self.0);
        out.body().end_object();
    }

    fn reply(raw: RawResponse, _: &Client) -> Result<Self::Reply> {
        reply::json(raw)
    }
}

/// The same, but it returns a task.
#[derive(Clone, Debug)]
pub(crate) struct CreateTask;

impl Rules for CreateTask {}

impl Request for CreateTask {
    type Reply = Task<Picture>;

    fn operation(&self) -> &'static Operation {
        &CREATE
    }

    fn write(&self, out: &mut RequestParts) {
        out.path("/paint");
    }

    fn reply(raw: RawResponse, client: &Client) -> Result<Self::Reply> {
        reply::task(raw, client, &TASK)
    }
}

/// A read.
#[derive(Clone, Debug)]
pub(crate) struct Read(pub(crate) &'static str);

impl Rules for Read {}

impl Request for Read {
    type Reply = Response<Picture>;

    fn operation(&self) -> &'static Operation {
        &READ
    }

    fn write(&self, out: &mut RequestParts) {
        out.path("/paint/");
        out.path_value(self.0);
        out.query("full", "yes & no");
    }

    fn reply(raw: RawResponse, _: &Client) -> Result<Self::Reply> {
        reply::wrapped(raw, "picture")
    }
}

/// A management call whose response has no content.
#[derive(Clone, Debug)]
pub(crate) struct Delete;

impl Rules for Delete {}

impl Request for Delete {
    type Reply = Response<()>;

    fn operation(&self) -> &'static Operation {
        &ADMIN
    }

    fn write(&self, out: &mut RequestParts) {
        out.path("/keys");
        out.header("x-beta", "1");
    }

    fn reply(raw: RawResponse, _: &Client) -> Result<Self::Reply> {
        reply::empty(raw)
    }
}

/// A client, its server and its clock.
pub(crate) struct Setup {
    pub(crate) client: Client,
    pub(crate) server: FakeServer,
    pub(crate) clock: VirtualClock,
}

impl Setup {
    pub(crate) fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self::with(answers, |it| it)
    }

    pub(crate) fn with(
        answers: impl IntoIterator<Item = Answer>,
        change: impl FnOnce(ClientBuilder) -> ClientBuilder,
    ) -> Self {
        Self::of(&API, answers, change)
    }

    /// Of another API.
    pub(crate) fn of(
        api: &'static Api,
        answers: impl IntoIterator<Item = Answer>,
        change: impl FnOnce(ClientBuilder) -> ClientBuilder,
    ) -> Self {
        Self::talking_to(FakeServer::new(answers), api, Box::new(change))
    }

    /// Not generic, or else it would be compiled for each test.
    fn talking_to(
        server: FakeServer,
        api: &'static Api,
        change: Box<dyn FnOnce(ClientBuilder) -> ClientBuilder + '_>,
    ) -> Self {
        let clock = VirtualClock::new();
        let server = server.with_clock(&clock);
        let builder = Client::builder(api).api_key(KEY).transport(server.clone()).clock(clock.clone());
        Self { client: change(builder).build().unwrap(), server, clock }
    }

    pub(crate) fn send<R: Request>(&self, request: R) -> Result<R::Reply> {
        self.clock.run(self.client.send(request))
    }

    pub(crate) fn passed(&self) -> Duration {
        self.clock.passed()
    }
}

pub(crate) fn picture() -> Answer {
    Answer::json(200, &json!({"url": "https://x/1.png", "seed": 7}))
}

pub(crate) fn wrapped_picture() -> Answer {
    Answer::json(200, &json!({"picture": {"url": "https://x/1.png"}}))
}

/// An error in the form that the API declares.
pub(crate) fn refused(status: u16) -> Answer {
    Answer::json(status, &json!({"error": {"message": "The queue is full"}}))
}

/// As [`refused`], with a code.
pub(crate) fn coded(status: u16, code: &str) -> Answer {
    Answer::json(status, &json!({"error": {"message": "M", "code": code}}))
}

pub(crate) fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Fails to compile if a type lacks one of these bounds.
#[test]
fn clients_are_send() {
    fn holds<T: Send + Sync + Clone + 'static>() {}
    fn moves<T: Send>(_: T) {}
    holds::<Client>();
    holds::<Task<std::rc::Rc<()>>>();
    let it = Setup::new([]);
    moves(it.client.send(Create("a tree")));
    let task = Task::<Picture>::resume(&it.client, &TASK, "1");
    moves(task.wait());
    moves(task.progress());
}

#[test]
fn errors_are_pointer_sized() {
    assert_eq!(size_of::<Error>(), size_of::<usize>());
    assert!(size_of::<Call>() <= 2 * size_of::<usize>());
}
