//! Four kinds of streams: what servers of these families send, and their responses without a stream.

use crate::stream::{CollectRule, CollectStep, State, StreamSpec, TextAt, Verb};

const fn step(verb: Verb, from: &'static str, into: &'static str) -> CollectStep {
    CollectStep { verb, from, into }
}

/// Named events, blocks by index, and tool arguments as JSON in pieces.
pub(super) static NAMED: StreamSpec = StreamSpec {
    named: true,
    name: Some("/type"),
    end_data: None,
    error_events: &["error"],
    error: None,
    states: &[
        State { name: "before", moves: &[("message_start", 1)], ends: false },
        State { name: "open", moves: &[("message_stop", 2)], ends: false },
        State { name: "done", moves: &[], ends: true },
    ],
    text: &[TextAt { event: "content_block_delta", at: "/delta/text", unless: None }],
    collect: &[
        CollectRule { event: "message_start", steps: &[step(Verb::Set, "/message", "")] },
        CollectRule { event: "content_block_start", steps: &[step(Verb::Set, "/content_block", "/content/{index}")] },
        CollectRule {
            event: "content_block_delta",
            steps: &[
                step(Verb::Append, "/delta/text", "/content/{index}/text"),
                step(Verb::Json, "/delta/partial_json", "/content/{index}/input"),
            ],
        },
        CollectRule {
            event: "message_delta",
            steps: &[step(Verb::Merge, "/delta", ""), step(Verb::Merge, "/usage", "/usage")],
        },
    ],
};

/// Chunks with tool calls by index, and a terminator.
pub(super) static CHUNKS: StreamSpec = StreamSpec {
    named: false,
    name: None,
    end_data: Some("[DONE]"),
    error_events: &["error"],
    error: Some("/error"),
    states: &[],
    text: &[TextAt { event: "", at: "/choices/0/delta/content", unless: None }],
    collect: &[CollectRule {
        event: "",
        steps: &[
            step(Verb::First, "/id", "/id"),
            step(Verb::Const("\"chat.completion\""), "", "/object"),
            step(Verb::First, "/model", "/model"),
            step(Verb::Set, "/usage", "/usage"),
            step(
                Verb::Numbered { at: "index", id: None, begins: &[], ends: None, steps: CHOICE },
                "/choices",
                "/choices",
            ),
        ],
    }],
};

const CHOICE: &[CollectStep] = &[
    step(Verb::Set, "/index", "/{index}/index"),
    step(Verb::First, "/delta/role", "/{index}/message/role"),
    step(Verb::Append, "/delta/content", "/{index}/message/content"),
    step(Verb::Set, "/finish_reason", "/{index}/finish_reason"),
    step(
        Verb::Numbered {
            at: "index",
            id: Some("/id"),
            begins: &["/function/name"],
            ends: Some("/function/arguments"),
            steps: &[
                step(Verb::First, "/id", "/{index}/id"),
                step(Verb::Const("\"\""), "", "/{index}/id"),
                step(Verb::First, "/function/name", "/{index}/function/name"),
                step(Verb::Append, "/function/arguments", "/{index}/function/arguments"),
                step(Verb::Const("\"\""), "/function", "/{index}/function/arguments"),
            ],
        },
        "/delta/tool_calls",
        "/{index}/message/tool_calls",
    ),
];

/// Chunks that are complete responses, whose parts are joined. The end of the connection is the end.
pub(super) static PARTS: StreamSpec = StreamSpec {
    named: false,
    name: None,
    end_data: None,
    error_events: &[],
    error: Some("/error"),
    states: &[],
    text: &[TextAt { event: "", at: "/candidates/*/content/parts/*/text", unless: Some("thought") }],
    collect: &[CollectRule {
        event: "",
        steps: &[
            step(Verb::Concat(Some("text")), "/candidates/0/content/parts", "/candidates/0/content/parts"),
            step(Verb::Set, "/candidates/0/finishReason", "/candidates/0/finishReason"),
            step(Verb::Set, "/usageMetadata", "/usageMetadata"),
        ],
    }],
};

/// Named events, the last of which contains the whole response.
pub(super) static ITEMS: StreamSpec = StreamSpec {
    named: true,
    name: Some("/type"),
    end_data: None,
    error_events: &["error", "response.failed"],
    error: None,
    states: &[
        State { name: "open", moves: &[("response.completed", 1), ("response.incomplete", 1)], ends: false },
        State { name: "done", moves: &[], ends: true },
    ],
    text: &[TextAt { event: "response.output_text.delta", at: "/delta", unless: None }],
    collect: &[
        CollectRule { event: "response.created", steps: &[step(Verb::Set, "/response", "")] },
        CollectRule {
            event: "response.output_item.added",
            steps: &[step(Verb::Set, "/item", "/output/{output_index}")],
        },
        CollectRule {
            event: "response.output_text.delta",
            steps: &[step(Verb::Append, "/delta", "/output/{output_index}/content/{content_index}/text")],
        },
        CollectRule { event: "response.completed", steps: &[step(Verb::Set, "/response", "")] },
    ],
};

pub(super) const NAMED_TEXT: &str = r#"event: message_start
data: {"type":"message_start","message":{"id":"m1","role":"assistant","content":[],"stop_reason":null,"usage":{"input_tokens":9,"output_tokens":1}}}

event: content_block_start
data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

event: ping
data: {"type": "ping"}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Grüß "}}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Gott 你"}}

event: content_block_stop
data: {"type":"content_block_stop","index":0}

event: content_block_start
data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t1","name":"weather","input":{}}}

event: content_block_delta
data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":""}}

event: content_block_delta
data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"city\": \"Mün"}}

event: content_block_delta
data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"chen\"}"}}

event: content_block_start
data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"t2","name":"now","input":{}}}

event: content_block_delta
data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":""}}

event: message_delta
data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":40}}

event: message_stop
data: {"type":"message_stop"}

"#;

pub(super) const NAMED_WHOLE: &str = r#"{"id":"m1","role":"assistant","content":[
    {"type":"text","text":"Grüß Gott 你"},
    {"type":"tool_use","id":"t1","name":"weather","input":{"city":"München"}},
    {"type":"tool_use","id":"t2","name":"now","input":{}}
],"stop_reason":"tool_use","usage":{"input_tokens":9,"output_tokens":40}}"#;

pub(super) const CHUNKS_TEXT: &str = r#"data: {"id":"c1","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}

data: {"id":"c1","choices":[{"index":0,"delta":{"content":"Hel"}}]}

: keep-alive

data: {"id":"c1","choices":[{"index":0,"delta":{"content":"lo"}},{"index":1,"delta":{"role":"assistant","content":"Hi"}}]}

data: {"id":"c1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"t0","function":{"name":"a","arguments":""}},{"index":1,"id":"t1","function":{"name":"b","arguments":"{"}}]}}]}

data: {"id":"c1","choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"function":{"arguments":"}"}}]}}]}

data: {"id":"c1","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"},{"index":1,"delta":{},"finish_reason":"stop"}]}

data: {"id":"c1","choices":[],"usage":{"total_tokens":12}}

data: [DONE]

"#;

pub(super) const CHUNKS_WHOLE: &str = r#"{"id":"c1","object":"chat.completion","choices":[
    {"index":0,"message":{"role":"assistant","content":"Hello","tool_calls":[
        {"id":"t0","function":{"name":"a","arguments":""}},{"id":"t1","function":{"name":"b","arguments":"{}"}}
    ]},"finish_reason":"tool_calls"},
    {"index":1,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}
],"usage":{"total_tokens":12}}"#;

pub(super) const PARTS_TEXT: &str = r#"data: {"candidates":[{"content":{"parts":[{"text":"Let me ","thought":true}]}}],"usageMetadata":{"total":1}}

data: {"candidates":[{"content":{"parts":[{"text":"think","thought":true},{"text":"A "}]}}]}

data: {"candidates":[{"content":{"parts":[{"text":"boat"}]}}]}

data: {"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{}}},{"text":"."}]},"finishReason":"STOP"}],"usageMetadata":{"total":7}}

"#;

pub(super) const PARTS_WHOLE: &str = r#"{"candidates":[{"content":{"parts":[
    {"text":"Let me think","thought":true},{"text":"A boat"},{"functionCall":{"name":"f","args":{}}},{"text":"."}
]},"finishReason":"STOP"}],"usageMetadata":{"total":7}}"#;

pub(super) const ITEMS_TEXT: &str = r#"event: response.created
data: {"type":"response.created","response":{"id":"r1","status":"in_progress","error":null,"output":[]}}

event: response.output_item.added
data: {"type":"response.output_item.added","output_index":0,"item":{"type":"message","content":[]}}

event: response.output_text.delta
data: {"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"Hel"}

event: response.output_text.delta
data: {"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"lo"}

event: response.completed
data: {"type":"response.completed","response":{"id":"r1","status":"completed","error":null,"output":[{"type":"message","content":[{"type":"output_text","text":"Hello"}]}]}}

"#;

pub(super) const ITEMS_WHOLE: &str = r#"{"id":"r1","status":"completed","error":null,
    "output":[{"type":"message","content":[{"type":"output_text","text":"Hello"}]}]}"#;

/// Spec, stream, the same response without a stream, and its text.
pub(super) const ALL: [(&StreamSpec, &str, &str, &str); 4] = [
    (&NAMED, NAMED_TEXT, NAMED_WHOLE, "Grüß Gott 你"),
    (&CHUNKS, CHUNKS_TEXT, CHUNKS_WHOLE, "Hello"),
    (&PARTS, PARTS_TEXT, PARTS_WHOLE, "A boat."),
    (&ITEMS, ITEMS_TEXT, ITEMS_WHOLE, "Hello"),
];
