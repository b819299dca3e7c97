//! Faults on demand, over sockets: by plan and by header.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use specwright_contract::faults::{FaultPlan, HEADER};
use specwright_contract::{Refused, Server};

use crate::support::{JSON, RUNAPI_KEY, Reply, connect, get, head, post, read_reply, runapi, send, spec, start};

const BALANCE: &str = "/api/v1/me/balance";
const CREATE: &str = "/api/v1/nano_banana/text_to_image";
const CHAT: &str = "/v1/chat/completions";

fn planned(rules: &[&str]) -> Server {
    let mut plan = FaultPlan::new(7);
    for rule in rules {
        plan.add_flag(rule).unwrap();
    }
    start(Server::builder().spec_folder(spec()).apis(["runapi"]).faults(plan))
}

/// One request that asks for faults.
fn asked(server: &Server, fault: &str, path: &str, body: &str) -> Result<Reply, String> {
    let mut stream = connect(server.address());
    let method = if body.is_empty() { "GET" } else { "POST" };
    let length = body.len().to_string();
    let head = head(method, path, &[RUNAPI_KEY, JSON, (HEADER, fault), ("Content-Length", &length)]);
    std::io::Write::write_all(&mut stream, format!("{head}\r\n{body}").as_bytes()).unwrap();
    read_reply(&mut stream)
}

fn create() -> String {
    json!({"model": "nano-banana", "prompt": "A boat"}).to_string()
}

#[test]
fn statuses_have_the_error_body_of_the_api() {
    let server = runapi();
    let reply = asked(&server, "status=402", CREATE, &create()).unwrap();
    assert_eq!((reply.status, reply.json()), (402, json!({"error": "Insufficient credits"})));
    assert_eq!(server.requests().pop().unwrap().refused, Some(Refused::Fault));
    let reply = asked(&server, "429,retry_after=3", BALANCE, "").unwrap();
    assert_eq!((reply.status, reply.header("retry-after")), (429, "3"));
    assert_eq!(asked(&server, "503", BALANCE, "").unwrap().header("retry-after"), "1");
    assert_eq!(get(&server, BALANCE).status, 200);
    assert_eq!(server.open_tasks(), 0, "nothing was begun");
}

#[test]
fn a_body_is_read_before_a_fault() {
    let server = runapi();
    let mut stream = connect(server.address());
    let body = create();
    for _ in 0..2 {
        let headers = [RUNAPI_KEY, JSON, (HEADER, "500")];
        let reply = crate::support::exchange(&mut stream, "POST", CREATE, &headers, body.as_bytes());
        assert_eq!(reply.status, 500, "on the same connection");
    }
}

#[test]
fn bodies_are_damaged() {
    let server = runapi();
    let whole = get(&server, BALANCE);
    let reply = asked(&server, "truncate", BALANCE, "").unwrap();
    assert_eq!(reply.body, whole.body[..whole.body.len() / 2]);
    let wrong = asked(&server, "wrong_json", BALANCE, "").unwrap().json();
    assert!(wrong.is_object() && wrong != whole.json(), "{wrong}");
    assert!(asked(&server, "cut=body", BALANCE, "").unwrap_err().starts_with("cut after "));
    assert!(asked(&server, "cut=3", BALANCE, "").unwrap_err().starts_with("cut after 3 of "));
    assert!(asked(&server, "cut=before", BALANCE, "").unwrap_err().starts_with("cut before the head"));
    let body = json!({"model": "gpt-5.2", "messages": [{"role": "user", "content": "Hi"}], "stream": true}).to_string();
    let text = |fault| String::from_utf8(asked(&server, fault, CHAT, &body).unwrap().body).unwrap();
    assert!(text("wrong_json").starts_with("data: {"));
    assert!(text("truncate").len() < text("none").len());
    assert!(asked(&server, "cut=body", CHAT, &body).is_err());
}

#[test]
fn answers_are_late_and_slow() {
    let server = runapi();
    let length = get(&server, BALANCE).body.len() as u64;
    for (fault, least) in [("latency=60ms", 60), ("slow=1000", length.saturating_sub(100))] {
        let begin = Instant::now();
        assert_eq!(asked(&server, fault, BALANCE, "").unwrap().status, 200);
        assert!(begin.elapsed() >= Duration::from_millis(least), "{fault}: {:?}", begin.elapsed());
    }
}

#[test]
fn tasks_fail() {
    let server = runapi();
    let created = asked(&server, "task_fails", CREATE, &create()).unwrap().json();
    let path = format!("{CREATE}/{}", created["id"].as_str().unwrap());
    let status = (0..2).map(|_| get(&server, &path)).last().unwrap().json();
    assert_eq!(status["status"], "failed");
    assert!(status["error"].is_string());
}

#[test]
fn a_plan_is_the_same_each_time() {
    let statuses = || {
        let server = planned(&["GET /api/v1/me/*: 429 rate=0.5", "nano_banana.*: 503 times=1"]);
        let all: Vec<u16> = (0..20).map(|_| get(&server, BALANCE).status).collect();
        let others: Vec<u16> = (0..3).map(|_| post(&server, CREATE, &create()).status).collect();
        (all, others)
    };
    let (all, others) = statuses();
    assert!(all.contains(&200) && all.contains(&429), "{all:?}");
    assert_eq!((others[0], others[1]), (503, others[2]));
    assert_eq!((all, others), statuses());
}

#[test]
fn polls_are_selected_by_what_started_their_task() {
    let server = planned(&["GET nano_banana.text_to_image: 500"]);
    let created = post(&server, CREATE, &create()).json();
    assert_eq!(get(&server, &format!("{CREATE}/{}", created["id"].as_str().unwrap())).status, 500);
}

#[test]
fn a_header_with_a_mistake_is_refused() {
    let server = runapi();
    let reply = asked(&server, "latncy=3s", BALANCE, "").unwrap();
    assert_eq!(reply.status, 400);
    assert!(reply.header("x-specwright-refused").contains("latency"), "{reply:?}");
}

#[test]
fn limits_of_the_spec_are_told_and_held_to() {
    for enforced in [false, true] {
        let mut builder = Server::builder().spec_folder(spec()).apis(["animeapi"]);
        if enforced {
            builder = builder.enforce_rate_limits();
        }
        let server = start(builder);
        let mut call = None;
        server.for_each_api(|api| {
            let op = api.operations.iter().find(|it| !it.rate_limits.is_empty()).expect("an operation with limits");
            let example = op.examples.iter().find(|it| it.invalid.is_empty() && it.request.is_some());
            let parameters = example.and_then(|it| it.request.as_ref()?.as_object()).expect("an example");
            let key = specwright_contract::sample::key(api, op);
            let sample = specwright_contract::sample::request(api, op, parameters, &key).expect("a request");
            call = Some((op.rate_limits.iter().map(|it| api.rate_limits[*it].requests).min().unwrap(), sample));
        });
        let (limit, sample) = call.unwrap();
        let path =
            format!("{}{}", server.url_of("animeapi").unwrap().strip_prefix(&server.url()).unwrap(), sample.path);
        let headers: Vec<_> = sample.headers.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        let body = sample.body.unwrap_or_default();
        let replies: Vec<Reply> =
            (0..=limit).map(|_| send(&server, sample.method, &path, &headers, body.as_bytes())).collect();
        let (last, first) = replies.split_last().unwrap();
        assert!(first.iter().all(|it| it.status < 400), "{first:?}");
        assert_eq!(last.status, if enforced { 429 } else { first[0].status });
        if enforced {
            assert!((1..=60).contains(&last.header("retry-after").parse::<u64>().unwrap()), "{last:?}");
            assert!(last.json().is_object());
            assert_eq!(server.requests().pop().unwrap().refused, Some(Refused::RateLimited));
        }
    }
}

#[test]
fn what_is_left_is_told_with_every_answer() {
    let server = crate::support::studio();
    let path = format!(
        "{}/messages",
        server.url_of_server("studio", "compatible").unwrap().strip_prefix(&server.url()).unwrap()
    );
    let key = ("Authorization", "Bearer test-api-key");
    let left: Vec<String> = (0..3)
        .map(|_| send(&server, "POST", &path, &[key, JSON], b"{}").header("x-ratelimit-remaining").to_owned())
        .collect();
    assert_eq!(left, ["99", "98", "97"]);
    let reply = send(&server, "POST", &path, &[key, JSON], b"{}");
    assert_eq!(reply.header("x-ratelimit-limit"), "100");
    assert!(reply.header("x-ratelimit-reset").parse::<u64>().unwrap() > 1_700_000_000, "{reply:?}");
    assert!(reply.json().get("error").is_some_and(Value::is_object));
}
