"""The official Anthropic client, unchanged, against a running contract server.

    python anthropic_client.py [http://127.0.0.1:4010]
"""

import sys

import anthropic

from report import Report, expect

SERVER = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:4010"
HELLO = [{"role": "user", "content": "Hello!"}]
WEATHER = {
    "name": "get_weather",
    "description": "The weather somewhere",
    "input_schema": {"type": "object", "properties": {"location": {"type": "string"}}, "required": ["location"]},
}

report = Report(f"anthropic {anthropic.__version__}")
api = anthropic.Anthropic(base_url=SERVER + "/runapi", api_key="sk-test-key", max_retries=0, timeout=30)
by_bearer = anthropic.Anthropic(base_url=SERVER + "/runapi", auth_token="sk-test-key", max_retries=0, timeout=30)


def message(client, model="claude-sonnet-4-6", **more):
    answer = client.messages.create(model=model, max_tokens=1024, messages=HELLO, **more)
    expect(answer.type == "message" and answer.role == "assistant", "an answer")
    expect(answer.content and answer.content[0].type, "content")
    expect(answer.stop_reason, "a reason to stop")
    expect(answer.usage.output_tokens > 0, "tokens")
    expect(answer.model == model, f"{model}, not {answer.model}")
    return [it.type for it in answer.content]


def events(client, **more):
    kinds = []
    for event in client.messages.create(model="claude-sonnet-4-6", max_tokens=64, messages=HELLO, stream=True, **more):
        kinds.append(event.type)
    expect(kinds[0] == "message_start" and kinds[-1] == "message_stop", f"a whole stream, not {kinds}")
    return f"{len(kinds)} events"


def helper(client, **more):
    with client.messages.stream(model="claude-sonnet-4-6", max_tokens=64, messages=HELLO, **more) as stream:
        text = "".join(stream.text_stream)
        final = stream.get_final_message()
    expect(final.stop_reason, "a reason to stop")
    expect(text == "".join(it.text for it in final.content if it.type == "text"), "the same text twice")
    return repr(text)


def count(client):
    counted = client.messages.count_tokens(model="claude-sonnet-4-6", messages=HELLO)
    expect(counted.input_tokens > 0, "tokens")
    return f"{counted.input_tokens} tokens"


def models():
    listed = list(api.models.list())
    expect(listed and all(it.type == "model" and it.display_name for it in listed), "models")
    return f"{len(listed)} of them"


def refused(action, error, status, words):
    try:
        action()
    except error as it:
        expect(it.status_code == status, f"{status}, not {it.status_code}")
        expect(words in str(it), f"{words!r} in {it}")
        return type(it).__name__
    raise AssertionError(f"expected {error.__name__}")


TURNS = [
    {"role": "user", "content": [
        {"type": "text", "text": "What is in this image?", "cache_control": {"type": "ephemeral"}},
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}},
        {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "A boat."}},
    ]},
    {"role": "assistant", "content": [{"type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": {"location": "Oslo"}}]},
    {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": [{"type": "text", "text": "Rain"}]}]},
]

report.check("a message", lambda: message(api))
report.check("a message, with the key as a bearer token", lambda: message(by_bearer))
report.check("a message of DeepSeek", lambda: message(api, "deepseek-v4-flash"))
report.check("a message with what the spec does not list", lambda: message(api, service_tier="auto", metadata={"user_id": "u"}))
report.check("a system prompt in blocks", lambda: message(api, system=[{"type": "text", "text": "Be brief."}]))
report.check("thinking and tools", lambda: message(
    api, "claude-opus-4-7", tools=[WEATHER], tool_choice={"type": "auto"}, thinking={"type": "enabled", "budget_tokens": 1024}))
report.check("images, documents, tools and what they brought", lambda: api.messages.create(
    model="claude-opus-4-5", max_tokens=64, messages=TURNS, tools=[WEATHER]).stop_reason)
report.check("a beta feature", lambda: api.beta.messages.create(
    model="claude-opus-4-5", max_tokens=64, messages=HELLO, betas=["interleaved-thinking-2025-05-14"]).stop_reason)
report.check("piece by piece, as events", lambda: events(api))
report.check("piece by piece, with the client's helper", lambda: helper(api))
report.check("piece by piece, with thinking and tools", lambda: helper(
    api, tools=[WEATHER], thinking={"type": "enabled", "budget_tokens": 1024}))
report.check("counting tokens", lambda: count(api))
report.check("models", models)
report.check("refused: no such model", lambda: refused(
    lambda: message(api, "claude-1"), anthropic.UnprocessableEntityError, 422, "model"))
report.check("refused: no messages", lambda: refused(
    lambda: api.post("/v1/messages", body={"model": "claude-sonnet-4-6", "max_tokens": 1}, cast_to=object),
    anthropic.UnprocessableEntityError, 422, "messages"))
report.check("refused: a revoked key", lambda: refused(
    lambda: message(api.with_options(api_key="sk-revoked-1")), anthropic.AuthenticationError, 401, ""))
report.end()
