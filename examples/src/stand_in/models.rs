//! Language models: Claude and GPT as event streams, and a chat in one piece.

use axum::Router;
use axum::body::Bytes;
use axum::http::header;
use axum::response::{IntoResponse as _, Json, Response};
use axum::routing::post;
use serde_json::{Value, json};

use super::paused;

pub(super) fn routes() -> Router {
    Router::new().route("/messages", post(message)).route("/chat/completions", post(chat))
}

/// What the models have to say about boats.
const FLOATS: &str = "It weighs less than the water it pushes away, \
     and the folds keep the rest of the puddle out. For a while.";

fn events(lines: Vec<String>) -> Response {
    let pieces = lines.into_iter().map(Bytes::from).collect();
    ([(header::CONTENT_TYPE, "text/event-stream")], paused::body(pieces)).into_response()
}

/// Text as models write it, a word at a time.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(' ')
}

/// Claude, in one piece or as Anthropic's events: each has a name, which its data repeats. Tools are used in one piece.
async fn message(Json(body): Json<Value>) -> Response {
    let last = body["messages"].as_array().and_then(|it| it.last());
    let brought = last.and_then(|it| it["content"][0].as_object()).filter(|it| it.contains_key("tool_use_id"));
    let tool = body["tools"][0]["name"].as_str().filter(|_| brought.is_none());
    let content = match (tool, brought) {
        (Some(name), _) => json!({"type": "tool_use", "id": "toolu_1", "name": name, "input": {"place": "puddle"}}),
        (None, Some(it)) => json!({"type": "text", "text": format!("Yes: {}.", text_in(&it["content"]))}),
        (None, None) => json!({"type": "text", "text": FLOATS}),
    };
    let why = if tool.is_some() { "tool_use" } else { "end_turn" };
    let used = words(FLOATS).count();
    let head =
        json!({"id": "msg_1", "type": "message", "role": "assistant", "model": body["model"], "stop_sequence": null});
    let said = |content: Value, why: Value, used: usize| {
        let usage = json!({"input_tokens": 14, "output_tokens": used});
        with(&head, json!({"content": content, "stop_reason": why, "usage": usage}))
    };
    if body["stream"] != true {
        return Json(said(json!([content]), why.into(), used)).into_response();
    }
    let mut all = vec![
        json!({"type": "message_start", "message": said(json!([]), Value::Null, 1)}),
        json!({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}),
        json!({"type": "ping"}),
    ];
    all.extend(
        words(FLOATS)
            .map(|it| json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": it}})),
    );
    all.push(json!({"type": "content_block_stop", "index": 0}));
    let end = json!({"stop_reason": "end_turn", "stop_sequence": null});
    all.push(json!({"type": "message_delta", "delta": end, "usage": {"output_tokens": used}}));
    all.push(json!({"type": "message_stop"}));
    let name = |it: &Value| it["type"].as_str().unwrap_or_default().to_owned();
    events(all.iter().map(|it| format!("event: {}\ndata: {it}\n\n", name(it))).collect())
}

fn text_in(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// OpenAI's chunks: none has a name, and `[DONE]` is the last. Whoever has tools is asked to use the first.
async fn chat(Json(body): Json<Value>) -> Response {
    let asked = body["tools"][0]["function"]["name"].as_str();
    let brought = body["messages"].as_array().and_then(|it| it.last()).filter(|it| it["role"] == "tool");
    let text = match brought {
        Some(it) => format!("Yes: {}. It will cross in a minute.", it["content"].as_str().unwrap_or_default()),
        None if asked.is_some() => "Let me look at the wind.".to_owned(),
        None => "The Long Way Over the Puddle".to_owned(),
    };
    let calls = asked.filter(|_| brought.is_none());
    let head = json!({"id": "chatcmpl-1", "created": 1_767_225_600, "model": body["model"]});
    if body["stream"] != true {
        let message = json!({"role": "assistant", "content": text});
        let choice = json!({"index": 0, "message": message, "finish_reason": "stop"});
        return Json(with(&head, json!({"object": "chat.completion", "choices": [choice]}))).into_response();
    }
    let mut deltas = vec![json!({"role": "assistant", "content": ""})];
    deltas.extend(words(&text).map(|it| json!({"content": it})));
    if let Some(name) = calls {
        // The arguments come in pieces, as they do from a model.
        let call = json!({"index": 0, "id": "call_1", "type": "function", "function": {"name": name, "arguments": ""}});
        let more = |text: &str| json!({"tool_calls": [{"index": 0, "function": {"arguments": text}}]});
        deltas.push(json!({"tool_calls": [call]}));
        deltas.extend(["{\"pla", "ce\": \"pud", "dle\"}"].map(more));
    }
    let mut choices: Vec<_> =
        deltas.into_iter().map(|it| json!({"index": 0, "delta": it, "finish_reason": null})).collect();
    let why = if calls.is_some() { "tool_calls" } else { "stop" };
    choices.push(json!({"index": 0, "delta": {}, "finish_reason": why}));
    let chunk = |it| with(&head, json!({"object": "chat.completion.chunk", "choices": [it]}));
    let mut lines: Vec<_> = choices.into_iter().map(|it| format!("data: {}\n\n", chunk(it))).collect();
    lines.push("data: [DONE]\n\n".to_owned());
    events(lines)
}

/// The fields of both.
fn with(head: &Value, rest: Value) -> Value {
    let fields = [head.clone(), rest].into_iter().filter_map(|it| match it {
        Value::Object(fields) => Some(fields),
        _ => None,
    });
    Value::Object(fields.flatten().collect())
}
