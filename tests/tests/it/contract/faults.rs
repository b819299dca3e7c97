//! Tests the table of faults in the documentation of the contract server, row by row: the server counts how often the
//! generated clients send a request that has a fault every time.

use std::fs;
use std::time::Duration;

use super::*;
use rt::{ErrorKind, RetryPolicy};

const HEADER: &str = "x-specwright-fault";

/// The retries of clients according to the documentation.
const ROWS: [(&str, &str); 10] = [
    ("latency", "nothing"),
    ("status", "every call after 421, 425, 429 and 503; reads after 408, 500, 502 and 504"),
    ("cut", "reads"),
    ("truncate", "reads"),
    ("wrong_json", "nothing"),
    ("slow", "nothing"),
    ("stall", "nothing"),
    ("task_fails", "nothing"),
    ("callback_twice", "nothing"),
    ("callback_reordered", "nothing"),
];

#[test]
fn the_documentation_has_these_rows() {
    let text = fs::read_to_string(files::root().join("docs/contract-server.md")).unwrap();
    let table = text.split_once("| fault | effect | generated clients retry |").expect("the table").1;
    let shown: Vec<_> = table
        .lines()
        .skip(2)
        .take_while(|it| it.starts_with('|'))
        .map(|it| {
            let name = it.trim_start_matches("| `").split(['=', '`']).next().unwrap();
            (name, it.trim_end_matches(" |").rsplit(" | ").next().unwrap())
        })
        .collect();
    assert_eq!(shown, ROWS);
}

/// How often a read, and a create that can cost money, is sent, and whether it succeeds in the end.
async fn counts(server: &Server, fault: &str) -> [(usize, bool); 2] {
    let client = client(server, "runapi", runapi::Client::builder(), rt::Validation::Strict);
    let before = server.requests().len();
    let read = client.account().balance().send().with_header(HEADER, fault).await.is_ok();
    let reads = server.requests().len() - before;
    let create = client.nano_banana().text_to_image().nano_banana().prompt("A boat");
    let create = create.send().with_header(HEADER, fault).await.is_ok();
    [(reads, read), (server.requests().len() - before - reads, create)]
}

#[tokio::test]
async fn answers_that_fail() {
    const ALL: [(usize, bool); 2] = [(3, false), (3, false)];
    const READS: [(usize, bool); 2] = [(3, false), (1, false)];
    const NONE: [(usize, bool); 2] = [(1, false), (1, false)];
    const WELL: [(usize, bool); 2] = [(1, true), (1, true)];
    let server = serve("runapi").await;
    for (fault, expected) in [
        ("latency=1ms", WELL),
        ("latency=1ms..2ms", WELL),
        ("slow=100000", WELL),
        ("callback_twice", WELL),
        ("callback_reordered", WELL),
        ("421", ALL),
        ("425", ALL),
        ("429", ALL),
        ("503", ALL),
        ("status=503,retry_after=0", ALL),
        ("408", READS),
        ("500", READS),
        ("502", READS),
        ("504,retry_after=1", READS),
        ("400", NONE),
        ("401", NONE),
        ("402", NONE),
        ("404,retry_after=1", NONE),
        ("cut=before", READS),
        ("cut=body", READS),
        ("cut=20", READS),
        ("truncate", READS),
        ("truncate=5", READS),
        ("truncate=0", READS),
        // A number is a valid id, so the create has a task.
        ("wrong_json", [(1, false), (1, true)]),
    ] {
        assert_eq!(counts(&server, fault).await, expected, "{fault}");
    }
}

#[tokio::test]
async fn a_wait_beyond_the_limit_is_reported() {
    let server = serve("runapi").await;
    assert_eq!(counts(&server, "429,retry_after=61").await, [(1, false), (1, false)]);
}

#[tokio::test]
async fn a_stalled_stream_is_an_error() {
    let server = serve("runapi").await;
    let builder = runapi::Client::builder().api_key("example-key").base_url(server.url_of("runapi").unwrap());
    let client: runapi::Client = builder.http_client(direct()).retry(RetryPolicy::new()).build().unwrap();
    for fault in ["stall", "stall=2"] {
        let before = server.requests().len();
        let call = client.claude().create_message().claude_sonnet_4_6().user("Hello").max_tokens(9).stream();
        let call = call.with_header(HEADER, fault).with_idle_timeout(Duration::from_millis(100));
        let error = call.await.unwrap().collect().await.unwrap_err();
        assert_eq!((error.kind(), server.requests().len() - before), (ErrorKind::Timeout, 1), "{fault}");
    }
}

#[tokio::test]
async fn a_failed_task_is_an_error() {
    let server = serve("runapi").await;
    let client = client(&server, "runapi", runapi::Client::builder(), rt::Validation::Strict);
    let create = client.nano_banana().text_to_image().nano_banana().prompt("A boat");
    let task = create.send().with_header(HEADER, "task_fails").await.unwrap();
    assert!(task.wait().await.unwrap_err().is_task_failed());
    assert_eq!(server.requests().iter().filter(|it| it.method == "POST").count(), 1);
}
