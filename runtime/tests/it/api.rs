//! An API as generated code would describe it.

#![allow(dead_code, reason = "not every feature uses all of it")]

use specwright_runtime::{
    Api, Client, Credential, Decode, DecodeError, Download, Downloads, File, Operation, RawResponse, Reader, Request,
    RequestParts, Response, Result, Rules, Scheme, Task, TaskSpec, reply,
};

pub(crate) static API: Api = Api {
    name: "tapes",
    version: "1.0.0",
    servers: &[("default", "https://tapes.test")],
    credentials: &[Credential::key(
        "api_key",
        "TAPES_API_KEY",
        &[Scheme::header("bearer", "authorization", "Bearer ")],
    )],
    error_message: &["/error/message"],
    error_code: &["/error/code"],
    error_details: &[],
    statuses: &[],
    codes: &[],
    rate_limit_headers: [None, None, None],
    request_id_header: Some("x-request-id"),
    ..Api::EMPTY
};

const PLAIN: Operation = Operation::get(&API, "tapes.list", "/tapes");
pub(crate) static LIST: Operation = PLAIN;
pub(crate) static CREATE: Operation =
    Operation { name: "tapes.create", method: "POST", idempotent: false, has_body: true, ..PLAIN };
pub(crate) static UPLOAD: Operation =
    Operation { name: "tapes.upload", method: "POST", path: "/upload", idempotent: false, ..PLAIN };
pub(crate) static DELETE: Operation =
    Operation { name: "tapes.delete", method: "DELETE", path: "/tapes/{id}", ..PLAIN };
pub(crate) const STATUS: Operation = Operation { name: "tapes.status", path: "/tapes/{id}", ..PLAIN };
pub(crate) static CONTENT: Operation =
    Operation { name: "tapes.content", path: "/tapes/{id}/content", ..PLAIN.accept("audio/mpeg") };

pub(crate) static TASK: TaskSpec = SPEC;
pub(crate) const SPEC: TaskSpec = TaskSpec {
    state: "state",
    completed: &["done"],
    error: "/error/message",
    interval_ms: 1,
    deadline_ms: 60_000,
    ..TaskSpec::new(STATUS, ("/tapes/", ""))
};

/// The type of a tape; only its name matters.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tape {
    pub(crate) id: String,
}

impl Decode for Tape {
    fn decode(from: &Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { id: from.object()?.required("id", |it| it.string())? })
    }
}

impl Downloads for Tape {
    fn operation() -> &'static Operation {
        &CONTENT
    }

    fn path() -> (&'static str, &'static str) {
        ("/tapes/", "/content")
    }
}

/// Requests, one per operation.
#[derive(Clone, Debug)]
pub(crate) struct List;

impl Rules for List {}

impl Request for List {
    type Reply = Response<Tape>;

    fn operation(&self) -> &'static Operation {
        &LIST
    }

    fn write(&self, out: &mut RequestParts) {
        out.path("/tapes");
    }

    fn reply(raw: RawResponse, _: &Client) -> Result<Self::Reply> {
        reply::json(raw)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Create(pub(crate) &'static str);

impl Rules for Create {}

impl Request for Create {
    type Reply = Task<Tape>;

    fn operation(&self) -> &'static Operation {
        &CREATE
    }

    fn write(&self, out: &mut RequestParts) {
        out.path("/tapes");
        out.body().begin_object();
        out.body().key("name").string(self.0);
        out.body().end_object();
    }

    fn reply(raw: RawResponse, client: &Client) -> Result<Self::Reply> {
        reply::task(raw, client, &TASK)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Upload(pub(crate) File);

impl Rules for Upload {}

impl Request for Upload {
    type Reply = Response<Tape>;

    fn operation(&self) -> &'static Operation {
        &UPLOAD
    }

    fn write(&self, out: &mut RequestParts) {
        out.path("/upload");
        out.multipart().text("name", "a");
        out.multipart().file("file", &self.0);
    }

    fn reply(raw: RawResponse, _: &Client) -> Result<Self::Reply> {
        reply::json(raw)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Delete;

impl Rules for Delete {}

impl Request for Delete {
    type Reply = Response<()>;

    fn operation(&self) -> &'static Operation {
        &DELETE
    }

    fn write(&self, out: &mut RequestParts) {
        out.path("/tapes/7");
    }

    fn reply(raw: RawResponse, _: &Client) -> Result<Self::Reply> {
        reply::empty(raw)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Content;

impl Rules for Content {}

impl Request for Content {
    type Reply = Download;

    fn operation(&self) -> &'static Operation {
        &CONTENT
    }

    fn write(&self, out: &mut RequestParts) {
        out.path("/tapes/");
        out.path_value("7");
        out.path("/content");
    }

    fn reply(raw: RawResponse, client: &Client) -> Result<Self::Reply> {
        reply::download(raw, client)
    }
}
