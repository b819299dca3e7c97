//! Requests of our builders to a server that implements the protocols of OpenAI and Anthropic on its own:
//! `cargo run -p specwright-tests --example protocols -- http://127.0.0.1:4020` against `scripts/clients/protocol_server.py`.
//!
//! Exit code 1 where one is refused, or its answer is not read.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program to run by hand")]

use std::process::ExitCode;

use serde_json::{Value, json};
use specwright_runtime as rt;

/// The text of every response of the server.
const SAID: &str = "Hello there";

type Called = rt::BoxFuture<'static, rt::Result<String>>;

/// The text of a stream, and that of its total.
macro_rules! streamed {
    ($call:expr, $again:expr, $text:literal) => {
        Box::pin(async move {
            let mut stream = $call.stream().await?;
            let mut text = String::new();
            while let Some(more) = stream.next_text().await {
                text.push_str(&more?);
            }
            let mut again = $again.stream().await?;
            while let Some(event) = again.next().await {
                event?;
            }
            let whole = at(again.collect().await?.raw(), $text);
            Ok(if text == whole { text } else { format!("{text:?}, but in one piece {whole:?}") })
        })
    };
}

macro_rules! sent {
    ($call:expr, $text:literal) => {
        Box::pin(async move { Ok(at($call.send().await?.raw(), $text)) })
    };
}

fn at(whole: &Value, pointer: &str) -> String {
    whole.pointer(pointer).map(|it| it.as_str().map_or_else(|| it.to_string(), str::to_owned)).unwrap_or_default()
}

fn weather() -> Value {
    json!({"type": "object", "properties": {"location": {"type": "string"}}, "required": ["location"]})
}

fn claude_calls(client: &runapi::Client) -> Vec<(&'static str, Called)> {
    use runapi::claude::{ClaudeToolChoice, ContentBlock, InputMessage, SystemPrompt, Thinking};

    let hello = || client.claude().create_message().claude_sonnet_4_6().anthropic_version("2023-06-01").max_tokens(64);
    let one = hello().user("Hello!");
    // Without `temperature`, `top_p` and `top_k`: RunAPI documents them, but Anthropic's package no longer lists them.
    let whole = hello()
        .system(SystemPrompt::from("Be brief."))
        .user("What is the weather in Oslo?")
        .assistant(vec![ContentBlock::text("I look.")])
        .user(vec![ContentBlock::text("And?")])
        .tool("get_weather", "The weather somewhere", weather())
        .tool_choice(ClaudeToolChoice::auto())
        .thinking(Thinking::enabled(1024))
        .stop_sequences(["END"]);
    let result = hello().messages([InputMessage::user("Weather?"), InputMessage::tool_result("toolu_1", "Rain")]);
    let piece_by_piece = || hello().user("Hello!").system("Be brief.");
    let (first, second) = (piece_by_piece(), piece_by_piece());
    let count = client.claude().count_tokens().claude_sonnet_4_6().anthropic_version("2023-06-01").user("Hello!");
    vec![
        ("claude: a message", sent!(one, "/content/0/text")),
        ("claude: many parameters of a message", sent!(whole, "/content/0/text")),
        ("claude: a tool result", sent!(result, "/content/0/text")),
        ("claude: streamed", streamed!(first, second, "/content/0/text")),
        (
            "claude: counting tokens",
            Box::pin(
                async move { Ok(if count.send().await?.input_tokens == 3 { SAID.to_owned() } else { String::new() }) },
            ),
        ),
    ]
}

fn gpt_calls(client: &runapi::Client) -> Vec<(&'static str, Called)> {
    use runapi::gpt::{Effort, InputItem, Reasoning};

    let chat = || client.gpt().chat().gpt_5_2().user("Hello!");
    let tools =
        chat().system("Be brief.").assistant("Yes?").user("Weather?").function("get_weather", "Weather", weather());
    let response = || client.gpt().create_response().gpt_5_4().input("Hello!");
    let turns = client.gpt().create_response().gpt_5_4().input(vec![InputItem::user("Hello!")]);
    let (first, second) = (chat(), chat());
    let (third, fourth) = (response(), response());
    let (one, two) = (chat(), response().reasoning(Reasoning::new().effort(Effort::Medium)).web_search());
    let gemini = client.gemini().chat().gemini_2_5_flash().system("Be brief.").user("Hello!");
    vec![
        ("gpt: a chat", sent!(one, "/choices/0/message/content")),
        ("gpt: a chat with tools", sent!(tools, "/choices/0/message/content")),
        ("gpt: a chat streamed", streamed!(first, second, "/choices/0/message/content")),
        ("gpt: a response with a search", sent!(two, "/output/0/content/0/text")),
        ("gpt: a response to turns", sent!(turns, "/output/0/content/0/text")),
        ("gpt: a response streamed", streamed!(third, fourth, "/output/0/content/0/text")),
        ("gemini: a chat", sent!(gemini, "/choices/0/message/content")),
    ]
}

fn runcrate_calls(client: &runcrate::Client) -> Vec<(&'static str, Called)> {
    use runcrate::audio::{Granularity, TranscribeResponseFormat};
    use runcrate::chat::{ContentPart, ResponseFormat, StreamOptions};

    let chat = || client.chat().complete().model("gpt-4o").user("Hello!");
    let whole = chat()
        .system("Be brief.")
        .user(vec![ContentPart::text("What is this?"), ContentPart::image("https://files.example/boat.png")])
        .temperature(0.5)
        .n(1)
        .max_completion_tokens(64)
        .stop("END")
        .seed(7)
        .response_format(ResponseFormat::json_schema("weather", weather()))
        .function("get_weather", "The weather somewhere", weather());
    let (first, second) = (chat().stream_options(StreamOptions::usage()), chat());
    let picture = client.images().generate().model("dall-e-3").prompt("A paper boat").n(1);
    let speech = client.audio().speak().model("tts-1").input("Hello!").voice("alloy").speed(1.25);
    let file = || rt::File::bytes(b"RIFF".to_vec()).with_name("boat.wav").with_content_type("audio/wav");
    let transcript = client.audio().transcribe().file(file()).model("whisper-1").language("en").temperature(0.2);
    let times = client.audio().transcribe().file(file()).model("whisper-1");
    let times = times
        .response_format(TranscribeResponseFormat::VerboseJson)
        .timestamp_granularities([Granularity::Word, Granularity::Segment]);
    let one = chat();
    vec![
        ("runcrate: a chat", sent!(one, "/choices/0/message/content")),
        ("runcrate: many parameters of a chat", sent!(whole, "/choices/0/message/content")),
        ("runcrate: a chat streamed", streamed!(first, second, "/choices/0/message/content")),
        (
            "runcrate: an image",
            Box::pin(async move {
                let made = picture.send().await?;
                Ok(if at(made.raw(), "/data/0/url").ends_with("boat.png") {
                    SAID.to_owned()
                } else {
                    at(made.raw(), "")
                })
            }),
        ),
        (
            "runcrate: speech",
            Box::pin(async move {
                let bytes = speech.send().await?.bytes(1024).await?;
                Ok(if bytes.as_ref() == b"RIFF" { SAID.to_owned() } else { format!("{bytes:?}") })
            }),
        ),
        ("runcrate: a transcription", sent!(transcript, "/text")),
        ("runcrate: a transcription with times", sent!(times, "/text")),
    ]
}

fn main() -> ExitCode {
    let url = std::env::args().nth(1).unwrap_or_else(|| "http://127.0.0.1:4020".to_owned());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let runapi = runapi::Client::builder().api_key("sk-test").base_url(&url).build().unwrap();
    let runcrate = runcrate::Client::builder().api_key("rc_live_test").base_url(&url).build().unwrap();
    let mut failed = 0;
    for (name, call) in [claude_calls(&runapi), gpt_calls(&runapi), runcrate_calls(&runcrate)].into_iter().flatten() {
        match runtime.block_on(call) {
            Ok(text) if text == SAID => println!("ok   {name}"),
            Ok(other) => {
                println!("FAIL {name}: it says {other}");
                failed += 1;
            }
            Err(error) => {
                println!("FAIL {name}: {error}");
                failed += 1;
            }
        }
    }
    println!("{failed} failed");
    ExitCode::from(u8::from(failed > 0))
}
