"""The official OpenAI client, unchanged, against a running contract server.

    python openai_client.py [http://127.0.0.1:4010]
"""

import sys

import openai

from report import Report, expect

SERVER = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:4010"
HELLO = [{"role": "user", "content": "Hello!"}]
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather somewhere",
        "parameters": {"type": "object", "properties": {"location": {"type": "string"}}, "required": ["location"]},
    },
}
SILENCE = b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data\x00\x00\x00\x00"

report = Report(f"openai {openai.__version__}")


def client(path, **settings):
    return openai.OpenAI(base_url=SERVER + path, api_key="sk-test-key", max_retries=0, timeout=30, **settings)


def chat(api, model, **more):
    answer = api.chat.completions.create(model=model, messages=HELLO, **more)
    expect(answer.object == "chat.completion", "an answer of a chat")
    expect(answer.choices[0].message.role == "assistant", "the assistant to speak")
    expect(isinstance(answer.choices[0].message.content, str), "a text")
    expect(answer.choices[0].finish_reason, "a reason to stop")
    expect(answer.usage.total_tokens > 0, "tokens")
    return answer.model


def chat_stream(api, model, **more):
    text, ends, usage = "", 0, None
    options = {"include_usage": True}
    for chunk in api.chat.completions.create(model=model, messages=HELLO, stream=True, stream_options=options, **more):
        expect(chunk.object == "chat.completion.chunk", "a chunk")
        for choice in chunk.choices:
            text += choice.delta.content or ""
            ends += choice.finish_reason is not None
        usage = chunk.usage or usage
    expect(text, "text")
    expect(ends >= 1, "an end")
    expect(usage is not None, "the tokens used")
    return repr(text)


def chat_stream_helper(api, model):
    with api.chat.completions.stream(model=model, messages=HELLO) as stream:
        kinds = {event.type for event in stream}
        final = stream.get_final_completion()
    expect("content.delta" in kinds and "content.done" in kinds, "text, and its end")
    expect(final.choices[0].message.content, "a text")
    expect(final.choices[0].message.role == "assistant", "the assistant to speak")
    return final.choices[0].message.content


def chat_tools(api, model):
    answer = api.chat.completions.create(model=model, messages=HELLO, tools=[WEATHER], tool_choice="auto")
    return f"finished for {answer.choices[0].finish_reason}"


def models(api):
    listed = list(api.models.list())
    expect(listed and all(it.object == "model" for it in listed), "models")
    return f"{len(listed)} of them"


def response(api):
    answer = api.responses.create(
        model="gpt-5.4", input="Explain the theory of relativity.", reasoning={"effort": "medium"}
    )
    expect(answer.status == "completed", "an end")
    expect(answer.output_text, "a text")
    return answer.output_text


def response_stream(api):
    kinds, text = [], ""
    for event in api.responses.create(model="gpt-5.4", input="Explain the theory of relativity.", stream=True):
        kinds.append(event.type)
        text += event.delta if event.type == "response.output_text.delta" else ""
    expect(kinds[0] == "response.created" and kinds[-1] == "response.completed", f"a whole stream, not {kinds}")
    expect(text, "text")
    return repr(text)


def response_stream_helper(api):
    with api.responses.stream(model="gpt-5.4", input="Explain the theory of relativity.") as stream:
        for _ in stream:
            pass
        return stream.get_final_response().output_text


def image(api):
    answer = api.images.generate(model="black-forest-labs/FLUX.1-schnell", prompt="A paper boat", n=2, size="1024x1024")
    expect(len(answer.data) == 2, f"two pictures, not {len(answer.data)}")
    expect(all(it.url or it.b64_json for it in answer.data), "a URL or bytes")
    return answer.data[0].url


def speech(api):
    answer = api.audio.speech.create(model="hexgrad/Kokoro-82M", voice="alloy", input="Hello!", response_format="wav")
    expect(len(answer.content) > 0, "bytes")
    return f"{len(answer.content)} bytes of {answer.response.headers['content-type']}"


def speech_streaming(api):
    size = 0
    create = api.audio.speech.with_streaming_response.create
    with create(model="hexgrad/Kokoro-82M", voice="alloy", input="Hello!") as answer:
        for piece in answer.iter_bytes():
            size += len(piece)
    expect(size > 0, "bytes")
    return f"{size} bytes"


def transcription(api, form):
    answer = api.audio.transcriptions.create(
        model="openai/whisper-large-v3", file=("boat.wav", SILENCE), response_format=form, language="en"
    )
    text = answer if isinstance(answer, str) else answer.text
    expect(text and not text.startswith("{"), f"a text, not {text[:40]}")
    return repr(text[:60])


def transcription_times(api):
    answer = api.audio.transcriptions.create(
        model="openai/whisper-large-v3",
        file=("boat.wav", SILENCE),
        response_format="verbose_json",
        timestamp_granularities=["word", "segment"],
    )
    expect(answer.text and answer.duration is not None, "a text and its length")
    return f"{len(answer.words or [])} words, {len(answer.segments or [])} segments"


def video(api):
    made = api.videos.create(model="Wan-AI/Wan2.2-T2V-A14B", prompt="A paper boat", seconds="8", size="1280x720")
    expect(made.id and made.status == "queued", "a job")
    polls = 0
    while made.status in ("queued", "in_progress"):
        made, polls = api.videos.retrieve(made.id), polls + 1
        expect(polls < 50, "an end")
    expect(made.status == "completed", f"a video, not {made.status}")
    # The client's own download asks OpenAI's path, which this API does not have.
    content = api.get(f"/videos/{made.id}/download", cast_to=openai._legacy_response.HttpxBinaryResponseContent)
    expect(len(content.content) > 0, "bytes")
    return f"{polls} polls, {len(content.content)} bytes"


def video_from_picture(api):
    made = api.videos.create(prompt="It begins to move", input_reference=("boat.png", b"\x89PNG", "image/png"))
    return made.status


def refused(action, error, status, words):
    try:
        action()
    except error as it:
        expect(it.status_code == status, f"{status}, not {it.status_code}")
        # The message of the error shows OpenAI's own shape only.
        expect(words in it.response.text, f"{words!r} in {it.response.text}")
        return type(it).__name__
    raise AssertionError(f"expected {error.__name__}")


gpt = client("/runapi/v1")
gemini = client("/runapi/v1beta/openai")
runcrate = client("/runcrate/v1")
LLAMA = "meta-llama/Meta-Llama-3.1-8B-Instruct"
SURFACES = [("gpt", gpt, "gpt-5.2"), ("deepseek", gpt, "deepseek-v4-flash"), ("gemini", gemini, "gemini-2.5-flash"),
            ("runcrate", runcrate, LLAMA)]

for name, api, model in SURFACES:
    report.check(f"{name}: chat", lambda: chat(api, model))
    report.check(f"{name}: chat with what the spec does not list", lambda: chat(api, model, seed=1, user="u", store=False))
    report.check(f"{name}: chat with tools", lambda: chat_tools(api, model))
    report.check(f"{name}: chat piece by piece", lambda: chat_stream(api, model))
    report.check(f"{name}: chat piece by piece, with the client's helper", lambda: chat_stream_helper(api, model))
for name, api, _ in SURFACES[:3:2]:
    report.check(f"{name}: models", lambda: models(api))
report.check("gpt: responses", lambda: response(gpt))
report.check("gpt: responses piece by piece", lambda: response_stream(gpt))
report.check("gpt: responses piece by piece, with the client's helper", lambda: response_stream_helper(gpt))
report.check("runcrate: images", lambda: image(runcrate))
report.check("runcrate: speech", lambda: speech(runcrate))
report.check("runcrate: speech, read piece by piece", lambda: speech_streaming(runcrate))
for form in ("json", "text", "srt", "vtt"):
    report.check(f"runcrate: transcription as {form}", lambda: transcription(runcrate, form))
report.check("runcrate: transcription with times", lambda: transcription_times(runcrate))
report.check("runcrate: video", lambda: video(runcrate))
report.check("runcrate: video from a picture", lambda: video_from_picture(runcrate))
report.check("refused: a model of another path", lambda: refused(
    lambda: chat(gpt, "gpt-5.5"), openai.UnprocessableEntityError, 422, "model"))
report.check("refused: no such role of messages", lambda: refused(
    lambda: gpt.chat.completions.create(model="gpt-5.2", messages=[{"content": "x"}]),
    openai.UnprocessableEntityError, 422, "role"))
report.check("refused: a revoked key", lambda: refused(
    lambda: chat(runcrate.with_options(api_key="sk-revoked-1"), LLAMA), openai.AuthenticationError, 401, ""))
report.check("refused: too low a speed only warns, since the limit is inferred", lambda: runcrate.audio.speech.create(
    model="hexgrad/Kokoro-82M", voice="alloy", input="Hello!", speed=0.1) and None)
report.check("refused: an image without a prompt only warns, for the same reason", lambda: runcrate.images.generate(
    model="black-forest-labs/FLUX.1-schnell", prompt="") and None)
report.end()
