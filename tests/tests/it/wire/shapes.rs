//! Tests the totals of streams as real servers send them, which is not always as documented.

use super::*;
use crate::support::chain;

const RESPONSES: Drains = ALL[2].2;
const GEMINI: Drains = ALL[3].2;
const CONTENTS: Drains = ALL[4].2;
const RUNCRATE: Drains = ALL[5].2;

/// Data that ends the streams of chunks.
const DONE: &str = "[DONE]";

/// The result of events with these data. The last one may end the stream.
async fn drained(drains: Drains, events: &[String], end: Option<&str>) -> Drained {
    let data = events.iter().map(String::as_str).chain(end);
    let text: String = data.map(|it| format!("data: {it}\n\n")).collect();
    let server = ScriptedServer::start(move |mut line| {
        let text = format!("{EVENTS}{text}");
        async move {
            line.say(text).await;
        }
    })
    .await;
    drains(&Setup::of(&server)).await.unwrap()
}

#[track_caller]
fn whole(it: Drained) -> Value {
    assert!(it.errors.is_empty(), "{:?}", it.errors);
    it.whole.unwrap_or_else(|error| panic!("{}", chain(&error)))
}

/// Chunks with these deltas.
fn deltas(deltas: &[Value]) -> Vec<String> {
    deltas.iter().map(|it| json!({"id": "c", "choices": [{"index": 0, "delta": it}]}).to_string()).collect()
}

fn call(id: &str, name: &str, arguments: &str) -> Value {
    json!({"id": id, "type": "function", "function": {"name": name, "arguments": arguments}})
}

#[tokio::test]
async fn calls_of_tools_in_many_shapes() {
    let wind = || call("a", "wind", "{\"at\":1}");
    let rain = || call("b", "rain", "{}");
    let pieces: [(&str, Vec<Value>, Vec<Value>); 7] = [
        (
            "as the format has it, interleaved",
            vec![
                json!({"role": "assistant", "content": null, "tool_calls": [
                    {"index": 0, "id": "a", "type": "function", "function": {"name": "wind", "arguments": ""}}]}),
                json!({"tool_calls": [
                    {"index": 1, "id": "b", "type": "function", "function": {"name": "rain", "arguments": ""}}]}),
                json!({"tool_calls": [{"index": 1, "function": {"arguments": "{"}}, {"index": 0, "function": {"arguments": "{\"at\":"}}]}),
                json!({"tool_calls": [{"index": 0, "function": {"arguments": "1}"}}]}),
                json!({"tool_calls": [{"index": 1, "function": {"arguments": "}"}}]}),
            ],
            vec![wind(), rain()],
        ),
        (
            "without positions, types and roles",
            vec![
                json!({"tool_calls": [{"id": "a", "function": {"name": "wind", "arguments": ""}}]}),
                json!({"tool_calls": [{"function": {"arguments": "{\"at\":"}}]}),
                json!({"tool_calls": [{"function": {"arguments": "1}"}}, {"id": "b", "function": {"name": "rain", "arguments": "{}"}}]}),
            ],
            vec![wind(), rain()],
        ),
        (
            "everything again and again",
            vec![
                json!({"role": "assistant", "tool_calls": [{"index": 0, "id": "a", "type": "function", "function": {"name": "wind", "arguments": "{"}}]}),
                json!({"role": "assistant", "tool_calls": [{"index": 0, "id": "a", "type": "function", "function": {"name": "wind", "arguments": "\"at\":"}}]}),
                json!({"role": "assistant", "tool_calls": [{"index": 0, "id": "a", "type": "function", "function": {"name": "wind", "arguments": "1}"}}]}),
            ],
            vec![wind()],
        ),
        (
            "empty texts afterwards",
            vec![
                json!({"role": "assistant", "tool_calls": [{"index": 0, "id": "a", "type": "function", "function": {"name": "wind", "arguments": "{\"at\":"}}]}),
                json!({"role": "", "content": "", "tool_calls": [{"index": 0, "id": "", "type": "", "function": {"name": "", "arguments": "1}"}}]}),
            ],
            vec![wind()],
        ),
        (
            "one position for all",
            vec![
                json!({"tool_calls": [{"index": 0, "id": "a", "type": "function", "function": {"name": "wind", "arguments": "{\"at\":1}"}}]}),
                json!({"tool_calls": [{"index": 0, "id": "b", "type": "function", "function": {"name": "rain", "arguments": "{}"}}]}),
            ],
            vec![wind(), rain()],
        ),
        (
            "nothing to call it with",
            vec![json!({"tool_calls": [{"index": 0, "id": "n", "type": "function", "function": {"name": "now"}}]})],
            vec![call("n", "now", "")],
        ),
        (
            "no id",
            vec![
                json!({"tool_calls": [{"index": 0, "type": "function", "function": {"name": "rain", "arguments": "{}"}}]}),
            ],
            vec![call("", "rain", "{}")],
        ),
    ];
    for (what, pieces, wanted) in pieces {
        for drains in [GPT, GEMINI, RUNCRATE] {
            let whole = whole(drained(drains, &deltas(&pieces), Some(DONE)).await);
            let mut calls = whole["choices"][0]["message"]["tool_calls"].clone();
            // If the type was left out, RunAPI's calls have none.
            calls.as_array_mut().unwrap().iter_mut().for_each(|it| it["type"] = "function".into());
            assert_eq!(calls, Value::from(wanted.clone()), "{what}");
            assert_eq!(whole["choices"][0]["message"]["role"], "assistant", "{what}");
        }
    }
}

/// The typed response has them too: no call is dropped because one of its fields is missing.
#[tokio::test]
async fn calls_are_in_the_typed_response() {
    let chunks = deltas(&[
        json!({"tool_calls": [{"function": {"name": "wind"}}]}),
        json!({"tool_calls": [{"custom": {"name": "sing", "input": "la"}}]}),
    ]);
    let text: String = chunks.iter().map(|it| format!("data: {it}\n\n")).collect();
    let server = ScriptedServer::start(move |mut line| {
        let text = format!("{EVENTS}{text}data: [DONE]\n\n");
        async move {
            line.say(text).await;
        }
    })
    .await;
    let client: runcrate::Client = Setup::of(&server).client(runcrate::Client::builder());
    let stream = client.chat().complete().model("m").user("Hello").stream().await.unwrap();
    let whole = stream.collect().await.unwrap();
    let calls = whole.choices[0].message.tool_calls.as_deref().unwrap();
    let shown: Vec<_> = calls.iter().map(|it| format!("{it:?}")).collect();
    assert!(matches!(calls, [runcrate::chat::ToolCall::Function(_), runcrate::chat::ToolCall::Custom(_)]), "{shown:?}");
}

#[tokio::test]
async fn nearly_empty_chunks_are_accepted() {
    let chunks = [
        json!({"id": "", "model": "", "choices": []}),
        json!({"id": "c", "model": "m", "choices": [{"delta": {"role": "assistant", "content": ""}}]}),
        json!({"id": "c", "model": "m", "choices": [{"index": 0, "delta": {"content": "Ahoy"}, "finish_reason": ""}]}),
        json!({"id": "d", "model": "", "choices": [{"index": 0, "finish_reason": "stop"}]}),
        json!({"id": "c", "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}}),
        json!({"id": "c", "choices": null, "usage": {}}),
    ];
    let chunks = chunks.map(|it| it.to_string());
    for drains in [GPT, GEMINI, RUNCRATE] {
        let whole = whole(drained(drains, &chunks, Some(DONE)).await);
        assert_eq!(
            (&whole["id"], &whole["model"], &whole["usage"]["total_tokens"]),
            (&json!("c"), &json!("m"), &json!(2))
        );
        let wanted = json!({"index": 0, "message": {"role": "assistant", "content": "Ahoy"}, "finish_reason": "stop"});
        assert_eq!(whole["choices"], json!([wanted]));
    }
}

#[tokio::test]
async fn content_in_parts_is_reported() {
    for content in [json!([{"type": "text", "text": "Ahoy"}]), json!({"text": "Ahoy"}), json!(5)] {
        for drains in [GPT, GEMINI, RUNCRATE] {
            let it =
                drained(drains, &deltas(&[json!({"content": "A"}), json!({"content": content})]), Some(DONE)).await;
            let error = it.whole.unwrap_err();
            assert!(error.message().starts_with("event 2 was lost"), "{error}");
            assert_eq!(error.decode().unwrap().at, "/choices/0/delta/content");
            assert_eq!(it.partial["choices"][0]["message"]["content"], "A");
        }
    }
}

#[tokio::test]
async fn an_unclosed_block_is_accepted() {
    let start = json!({"type": "message_start", "message": {"id": "m", "type": "message", "role": "assistant",
        "model": "claude-sonnet-4-6", "content": [], "usage": {"input_tokens": 1, "output_tokens": 1}}});
    let block = |nth: usize, block: Value| json!({"type": "content_block_start", "index": nth, "content_block": block});
    let delta = |nth: usize, delta: Value| json!({"type": "content_block_delta", "index": nth, "delta": delta});
    let events = [
        start,
        block(0, json!({"type": "thinking", "thinking": ""})),
        delta(0, json!({"type": "thinking_delta", "thinking": "Hm."})),
        delta(0, json!({"type": "signature_delta", "signature": "c2ln"})),
        block(1, json!({"type": "tool_use", "id": "t", "name": "wind", "input": {}})),
        delta(1, json!({"type": "input_json_delta", "partial_json": ""})),
        delta(1, json!({"type": "input_json_delta", "partial_json": "{\"at\": \"\\ud83d"})),
        delta(1, json!({"type": "input_json_delta", "partial_json": "\\ude00\"}"})),
        json!({"type": "message_delta", "delta": {"stop_reason": "tool_use", "stop_sequence": ""}, "usage": {"output_tokens": 9}}),
        json!({"type": "message_delta", "delta": {"stop_reason": ""}, "usage": {}}),
        json!({"type": "message_stop"}),
    ];
    let whole = whole(drained(CLAUDE, &events.map(|it| it.to_string()), None).await);
    assert_eq!(
        whole["content"],
        json!([
            {"type": "thinking", "thinking": "Hm.", "signature": "c2ln"},
            {"type": "tool_use", "id": "t", "name": "wind", "input": {"at": "😀"}},
        ])
    );
    assert_eq!((&whole["stop_reason"], &whole["usage"]["output_tokens"]), (&json!("tool_use"), &json!(9)));
}

#[tokio::test]
async fn responses_whose_last_event_repeats_nothing() {
    let events = [
        json!({"type": "response.created", "response": {"id": "r", "status": "in_progress", "output": []}}),
        json!({"type": "response.output_item.added", "output_index": 0,
            "item": {"type": "function_call", "id": "i", "call_id": "a", "name": "wind", "arguments": ""}}),
        json!({"type": "response.function_call_arguments.delta", "output_index": 0, "delta": "{\"at\":"}),
        json!({"type": "response.function_call_arguments.delta", "output_index": 0, "delta": "1}"}),
        json!({"type": "response.function_call_arguments.done", "output_index": 0, "arguments": ""}),
        json!({"type": "response.completed", "response": {"id": "", "status": "completed", "output": []}}),
    ];
    let whole = whole(drained(RESPONSES, &events.map(|it| it.to_string()), None).await);
    assert_eq!((&whole["id"], &whole["status"]), (&json!("r"), &json!("completed")));
    assert_eq!((&whole["output"][0]["name"], &whole["output"][0]["arguments"]), (&json!("wind"), &json!("{\"at\":1}")));
}

#[tokio::test]
async fn candidates_are_kept_apart() {
    let piece = |index: usize, text: &str| {
        json!({"candidates": [{"index": index, "content": {"role": "model", "parts": [{"text": text}]}}]}).to_string()
    };
    let whole = whole(drained(CONTENTS, &[piece(0, "a"), piece(1, "b"), piece(0, "c"), piece(1, "d")], None).await);
    let text = |nth: usize| whole["candidates"][nth]["content"]["parts"].clone();
    assert_eq!((text(0), text(1)), (json!([{"text": "ac"}]), json!([{"text": "bd"}])));
}

/// Responses, errors and events with a lone surrogate, a byte order mark and bytes that are not UTF-8.
#[tokio::test]
async fn invalid_text_does_not_affect_the_rest() {
    let half =
        |text: &str| format!("{{\"id\":\"c\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{text}\"}}}}]}}");
    for drains in [GPT, GEMINI, RUNCRATE] {
        let chunks = [format!("\u{feff}{}", half("a \\ud83d")), half("\\ude00 b"), half("\\udbff")];
        let whole = whole(drained(drains, &chunks, Some(DONE)).await);
        assert_eq!(whole["choices"][0]["message"]["content"], "a 😀 b\u{fffd}");
    }
    let body = b"\xef\xbb\xbf{\"id\":\"c\xff\",\"choices\":[{\"index\":0,\"message\":{\"content\":\"a\\ud83d\"}}]}";
    let server = ScriptedServer::start(move |mut line| async move {
        line.say([JSON.as_bytes(), body].concat()).await;
    })
    .await;
    let client: runcrate::Client = Setup::of(&server).client(runcrate::Client::builder());
    let answer = client.chat().complete().model("m").user("Hello").send().await.unwrap();
    assert_eq!((answer.id.as_str(), answer.choices[0].message.content.as_deref()), ("c\u{fffd}", Some("a\u{fffd}")));
}
