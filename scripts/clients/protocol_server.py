"""A server that takes a request only if the official packages' own types of the protocol do: for clients of ours.

    python protocol_server.py [4020]

Bodies are read by pydantic after the types of requests in `openai` and `anthropic`, where no further field is allowed;
answers are written by their types of answers. Nothing of it comes from our specs.
"""

import email.parser
import email.policy
import inspect
import json
import sys
import typing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import anthropic.types
import openai.types.audio.transcription_create_params as transcription
import openai.types.audio.speech_create_params as speech
import openai.types.chat.completion_create_params as chat
import openai.types.image_generate_params as image
import openai.types.responses.response_create_params as response
from anthropic.types import Message, RawMessageStreamEvent, message_count_tokens_params, message_create_params
from openai.types import ImagesResponse
from openai.types.audio import Transcription
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from openai.types.responses import Response, ResponseStreamEvent
from pydantic import ConfigDict, TypeAdapter, ValidationError
from typing_extensions import TypedDict, is_typeddict


def forbid_extra_fields():
    """Also inside: every type of a request refuses what it does not list."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("openai.types", "anthropic.types")):
            for _, it in inspect.getmembers(module, is_typeddict):
                it.__pydantic_config__ = ConfigDict(extra="forbid", arbitrary_types_allowed=True)


forbid_extra_fields()


def without_file(params):
    """A form's fields beside the file, which is bytes and nothing to read."""
    hints = typing.get_type_hints(params, include_extras=True)
    hints.pop("file")
    made = TypedDict("Fields", hints, total=False)
    made.__pydantic_config__ = ConfigDict(extra="forbid")
    return made


REQUESTS = {
    ("/v1/chat/completions", False): TypeAdapter(chat.CompletionCreateParamsNonStreaming),
    ("/v1/chat/completions", True): TypeAdapter(chat.CompletionCreateParamsStreaming),
    ("/v1/responses", False): TypeAdapter(response.ResponseCreateParamsNonStreaming),
    ("/v1/responses", True): TypeAdapter(response.ResponseCreateParamsStreaming),
    ("/v1/images/generations", False): TypeAdapter(image.ImageGenerateParamsNonStreaming),
    ("/v1/audio/speech", False): TypeAdapter(speech.SpeechCreateParams),
    ("/v1/audio/transcriptions", False): TypeAdapter(without_file(transcription.TranscriptionCreateParamsNonStreaming)),
    ("/v1/messages", False): TypeAdapter(message_create_params.MessageCreateParamsNonStreaming),
    ("/v1/messages", True): TypeAdapter(message_create_params.MessageCreateParamsStreaming),
    ("/v1/messages/count_tokens", False): TypeAdapter(message_count_tokens_params.MessageCountTokensParams),
}
MULTIPART = "/v1/audio/transcriptions"
STREAM_EVENTS = {
    "/v1/chat/completions": TypeAdapter(ChatCompletionChunk),
    "/v1/responses": TypeAdapter(ResponseStreamEvent),
    "/v1/messages": TypeAdapter(RawMessageStreamEvent),
}


def whole(value):
    """Lists are read as they are gone through: go through them all."""
    if isinstance(value, dict):
        return {name: whole(it) for name, it in value.items()}
    if isinstance(value, (str, bytes)) or not hasattr(value, "__iter__"):
        return value
    return [whole(it) for it in value]


def form(content_type, body):
    parser = email.parser.BytesParser(policy=email.policy.HTTP)
    fields, files = {}, 0
    for part in parser.parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body).iter_parts():
        name = part.get_param("name", header="content-disposition")
        if name == "file":
            if not part.get_filename() or not part.get_payload(decode=True):
                raise ValueError("a file with a name and bytes")
            files += 1
        elif name.endswith("[]"):
            fields.setdefault(name[:-2], []).append(part.get_content().rstrip("\r\n"))
        else:
            fields[name] = part.get_payload(decode=True).decode()
    if files != 1:
        raise ValueError(f"one file, not {files}")
    return fields


CHAT = {"id": "chatcmpl-1", "created": 1, "model": "m"}
USAGE = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}
OUTPUT = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed",
          "content": [{"type": "output_text", "text": "Hello there", "annotations": []}]}
RESPONSE = {"id": "resp_1", "object": "response", "created_at": 1, "model": "m", "output": [OUTPUT], "status": "completed",
            "parallel_tool_calls": True, "tool_choice": "auto", "tools": [],
            "usage": {"input_tokens": 3, "output_tokens": 2, "total_tokens": 5,
                      "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
                      "output_tokens_details": {"reasoning_tokens": 0}}}
MESSAGE = {"id": "msg_1", "type": "message", "role": "assistant", "model": "m", "stop_reason": "end_turn", "stop_sequence": None,
           "content": [{"type": "text", "text": "Hello there"}], "usage": {"input_tokens": 3, "output_tokens": 2}}


def answer(path):
    if path == "/v1/chat/completions":
        said = {"role": "assistant", "content": "Hello there"}
        choice = {"index": 0, "message": said, "finish_reason": "stop", "logprobs": None}
        return ChatCompletion.model_validate(CHAT | {"object": "chat.completion", "choices": [choice], "usage": USAGE})
    if path == "/v1/responses":
        return Response.model_validate(RESPONSE)
    if path == "/v1/images/generations":
        return ImagesResponse.model_validate({"created": 1, "data": [{"url": "https://files.example/boat.png"}]})
    if path == MULTIPART:
        return Transcription.model_validate({"text": "Hello there"})
    if path == "/v1/messages":
        return Message.model_validate(MESSAGE)
    return anthropic.types.MessageTokensCount.model_validate({"input_tokens": 3})


def pieces(path):
    if path == "/v1/chat/completions":
        chunk = CHAT | {"object": "chat.completion.chunk"}
        for delta, end in (({"role": "assistant", "content": "Hello"}, None), ({"content": " there"}, None), ({}, "stop")):
            yield chunk | {"choices": [{"index": 0, "delta": delta, "finish_reason": end}]}
        yield chunk | {"choices": [], "usage": USAGE}
    elif path == "/v1/responses":
        begun = RESPONSE | {"status": "in_progress", "output": []}
        part = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
        yield {"type": "response.created", "response": begun}
        yield {"type": "response.in_progress", "response": begun}
        yield {"type": "response.output_item.added", "output_index": 0, "item": OUTPUT | {"content": [], "status": "in_progress"}}
        empty = {"type": "output_text", "text": "", "annotations": []}
        yield {"type": "response.content_part.added", "part": empty} | part
        for text in ("Hello", " there"):
            yield {"type": "response.output_text.delta", "delta": text, "logprobs": []} | part
        yield {"type": "response.output_text.done", "text": "Hello there", "logprobs": []} | part
        yield {"type": "response.content_part.done", "part": OUTPUT["content"][0]} | part
        yield {"type": "response.output_item.done", "output_index": 0, "item": OUTPUT}
        yield {"type": "response.completed", "response": RESPONSE}
    else:
        yield {"type": "message_start", "message": MESSAGE | {"content": [], "stop_reason": None}}
        yield {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
        for text in ("Hello", " there"):
            yield {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}}
        yield {"type": "content_block_stop", "index": 0}
        end = {"stop_reason": "end_turn", "stop_sequence": None}
        yield {"type": "message_delta", "delta": end, "usage": {"output_tokens": 2}}
        yield {"type": "message_stop"}


def events(path):
    """The stream, each event of it read by the package's type first."""
    reader = STREAM_EVENTS[path]
    for number, it in enumerate(pieces(path)):
        if path == "/v1/responses":
            it["sequence_number"] = number
        text = json.dumps(reader.validate_python(it).model_dump(mode="json", exclude_unset=True))
        named = "" if path == "/v1/chat/completions" else f"event: {it['type']}\n"
        yield f"{named}data: {text}\n\n"
    if path == "/v1/chat/completions":
        yield "data: [DONE]\n\n"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        path = self.path.removeprefix("/v1beta/openai") if self.path.startswith("/v1beta/openai") else self.path
        path = path if path.startswith("/v1/") else "/v1" + path
        try:
            sent = form(self.headers["content-type"], body) if path == MULTIPART else json.loads(body)
            stream = bool(sent.get("stream"))
            whole(REQUESTS[path, stream].validate_python(sent))
            if path.startswith("/v1/messages") and not self.headers.get("anthropic-version"):
                raise ValueError("the header anthropic-version")
        except (ValidationError, ValueError, KeyError) as error:
            print(f"FAIL {self.path}: {str(error)[:1500]}\n     {body[:600]!r}", flush=True)
            return self.send(400, "application/json", json.dumps({"error": {"message": str(error)[:500]}}).encode())
        print(f"ok   {self.path}{' (stream)' if stream else ''} {body[:160]!r}", flush=True)
        if path == "/v1/audio/speech":
            return self.send(200, "audio/wav", b"RIFF")
        if stream:
            return self.send(200, "text/event-stream", "".join(events(path)).encode())
        self.send(200, "application/json", answer(path).model_dump_json(exclude_unset=True).encode())

    def send(self, status, content_type, body):
        self.send_response(status)
        self.send_header("content-type", content_type)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 4020
    print(f"listening at http://127.0.0.1:{port}", flush=True)
    try:
        ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
    except KeyboardInterrupt:
        pass
