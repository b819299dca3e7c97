//! Tests streams, downloads and uploads on real sockets, through reqwest, against a server that chooses every byte.
//! Whatever it does, there is no panic, memory is bounded, and the error says what happened.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod blocking;
mod downloads;
mod faults;
mod heads;
mod limits;
mod opening;
mod scripted_server;
mod shapes;
mod splits;
mod typing;
mod uploads;

use std::sync::OnceLock;
use std::time::Duration;

use serde_json::Value;
use specwright_codegen::model;
use specwright_runtime as rt;

use crate::streams::wire::{Manner, written};
use crate::support::{KEY, direct};
use crate::{apis, files};
use rt::{ErrorKind, StatusKind, json};
use scripted_server::{EVENTS, JSON, ScriptedServer};

/// The limits of one stream, which are small in tests of the limits.
#[derive(Clone)]
struct Setup {
    url: String,
    http: reqwest::Client,
    idle: Duration,
    total: Duration,
    max_event: usize,
    max_answer: usize,
}

impl Setup {
    fn of(server: &ScriptedServer) -> Self {
        let far = Duration::from_secs(60);
        let (max_event, max_answer) = (1 << 20, 1 << 20);
        Self { url: server.url(), http: direct(), idle: far, total: far, max_event, max_answer }
    }

    fn client<C: From<rt::Client>>(&self, builder: rt::ClientBuilder<C>) -> C {
        builder
            .api_key(KEY)
            .base_url(&self.url)
            .http_client(self.http.clone())
            .idle_timeout(self.idle)
            .total_timeout(self.total)
            .max_event_bytes(self.max_event)
            .max_answer_bytes(self.max_answer)
            .build()
            .unwrap()
    }
}

/// The result of a stream that was read to its end.
struct Drained {
    events: usize,
    text: String,
    errors: Vec<rt::Error>,
    partial: Value,
    /// The total, if there is one.
    whole: rt::Result<Value>,
}

impl Drained {
    /// The kind of the only error.
    #[track_caller]
    fn kind(&self) -> ErrorKind {
        let [error] = &self.errors[..] else { panic!("one error is expected: {:?}", self.errors) };
        assert_eq!(self.whole.as_ref().unwrap_err().kind(), error.kind(), "the total fails in the same way");
        error.kind()
    }
}

type Drains = fn(&Setup) -> rt::BoxFuture<'static, rt::Result<Drained>>;

macro_rules! drains {
    ($api:ident, |$it:ident| $call:expr) => {
        |setup: &Setup| {
            let $it: $api::Client = setup.client($api::Client::builder());
            Box::pin(async move {
                let mut stream = $call.stream().await?;
                let (mut events, mut errors) = (0, Vec::new());
                while let Some(event) = stream.next().await {
                    match event {
                        Ok(_) => events += 1,
                        Err(error) => errors.push(error),
                    }
                    // A stream of faults must end too.
                    assert!(errors.len() < 10_000);
                }
                let partial = stream.partial().clone();
                let whole = stream.collect().await.map(|it| it.raw().clone());
                Ok(Drained { events, text: text_of(&partial), errors, partial, whole })
            })
        }
    };
}

/// Every operation whose stream adds up to a response, with valid calls.
const ALL: [(&str, &str, Drains); 6] = [
    (
        "runapi",
        "claude.create_message",
        drains!(runapi, |it| it.claude().create_message().claude_sonnet_4_6().user("Hello").max_tokens(9)),
    ),
    ("runapi", "gpt.chat", drains!(runapi, |it| it.gpt().chat().gpt_5_2().user("Hello"))),
    ("runapi", "gpt.create_response", drains!(runapi, |it| it.gpt().create_response().gpt_5_4().input("Hello"))),
    ("runapi", "gemini.chat", drains!(runapi, |it| it.gemini().chat().gemini_2_5_pro().user("Hello"))),
    (
        "runapi",
        "gemini.stream_contents",
        drains!(runapi, |it| it.gemini().stream_contents().gemini_3_5_flash().user("Hello")),
    ),
    ("runcrate", "chat.complete", drains!(runcrate, |it| it.chat().complete().model("m").user("Hello"))),
];

const CLAUDE: Drains = ALL[0].2;
const GPT: Drains = ALL[1].2;

/// An example of a spec whose response is a stream of events.
struct Sample {
    operation: &'static str,
    name: String,
    drains: Drains,
    stream: model::Stream,
    events: Vec<(String, Value)>,
}

impl Sample {
    /// Its events in the notation of different servers.
    fn written(&self, manner: Manner) -> Vec<u8> {
        written(&self.stream, &self.events, manner)
    }
}

/// The notation of most servers.
const PLAIN: Manner = Manner { line_end: "\n", names: true, noise: false };

/// All notations.
fn samples() -> &'static [Sample] {
    static SAMPLES: OnceLock<Vec<Sample>> = OnceLock::new();
    SAMPLES.get_or_init(|| {
        let mut all = Vec::new();
        for api in ["runapi", "runcrate"] {
            let sound = apis::of(&files::root(), api);
            for &(_, operation, drains) in ALL.iter().filter(|it| it.0 == api) {
                let op = sound.operations.iter().find(|it| it.full_name(sound) == operation).unwrap();
                let stream = op.stream.as_ref().unwrap();
                let examples = op.examples.iter().filter(|it| !it.events.is_empty());
                all.extend(examples.map(|it| Sample {
                    operation,
                    name: it.name.clone(),
                    drains,
                    stream: stream.clone(),
                    events: it.events.clone(),
                }));
            }
        }
        all
    })
}

/// All texts of a value, one after the other.
fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text_of).collect(),
        Value::Object(fields) => fields.values().map(text_of).collect(),
        _ => String::new(),
    }
}

/// Claude's events up to the first word, and the rest.
const HALF: &str = concat!(
    "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",",
    "\"model\":\"claude-sonnet-4-6\",\"content\":[],\"stop_reason\":null,\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}}\n\n",
    "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n",
    "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,",
    "\"delta\":{\"type\":\"text_delta\",\"text\":\"Ahoy\"}}\n\n",
);
const REST: &str = concat!(
    "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n",
    "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":3}}\n\n",
    "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
);

/// Whether the events before a fault are kept.
fn keeps_half(it: &Drained) -> bool {
    it.partial["content"][0]["text"] == "Ahoy"
}
