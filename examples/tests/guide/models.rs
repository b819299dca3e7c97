//! The programs of `docs/guide/talking-to-models.md`.

use std::error::Error;
use std::time::Duration;

use runapi::claude::Message;
use runapi::claude::create_message::CreateMessageEvent as Event;
use runapi::stream::EventStream;
use runapi::{Client, Response, Value};

type Done = Result<(), Box<dyn Error>>;
type Answer = runapi::Result<Response<Message>>;

#[test]
fn the_guide_shows_what_is_compiled_here() {
    super::shows("talking-to-models.md", include_str!("models.rs"));
}

async fn one_line(client: &Client) -> Answer {
    // The guide:
    let call = client.claude().create_message().claude_sonnet_4_6().max_tokens(1024);
    let answer = call.system("You answer in one sentence.").user("Why does a paper boat float?").send().await?;
    // Its end.
    Ok(answer)
}

async fn in_full(client: &Client, base64: &str) -> Answer {
    // The guide:
    use runapi::claude::{ContentBlock, ImageBlock, ImageBytes, InputMessage};

    let picture = ImageBlock::new(ImageBytes::new("image/png", base64));
    let turns = [
        InputMessage::user("Ahoy!"),
        InputMessage::assistant("Ahoy! What do you see?"),
        InputMessage::user(vec![picture.into(), ContentBlock::text("This. Will it float?")]),
    ];
    let call = client.claude().create_message().claude_sonnet_4_6().max_tokens(1024);
    let answer = call.messages(turns).send().await?;
    // Its end.
    Ok(answer)
}

fn read(answer: &Message) {
    use runapi::claude::ContentBlock;

    // The guide:
    for block in &answer.content {
        match block {
            ContentBlock::Text(it) => println!("{}", it.text),
            ContentBlock::Thinking(it) => println!("({})", it.thinking),
            ContentBlock::Other(it) => println!("something new: {it}"),
            _ => {}
        }
    }
    // Its end.
}

async fn streamed(client: &Client) -> Done {
    let call = client.claude().create_message().claude_sonnet_4_6().max_tokens(1024);
    // The guide:
    let mut answer = call.user("Why does a paper boat float?").stream().await?;
    while let Some(text) = answer.next_text().await {
        print!("{}", text?);
    }
    let whole = answer.collect().await?;
    println!("\n{} tokens", whole.usage.output_tokens);
    // Its end.
    assert_eq!(whole.usage.output_tokens, 22);
    Ok(())
}

async fn opened(client: &Client) -> runapi::Result<EventStream<Event, Message>> {
    client.claude().create_message().claude_sonnet_4_6().max_tokens(1024).user("Ahoy!").stream().await
}

async fn events(mut answer: EventStream<Event, Message>) -> Done {
    // The guide:
    use runapi::claude::BlockDelta;
    use runapi::claude::create_message::CreateMessageEvent;

    while let Some(event) = answer.next().await {
        match event? {
            CreateMessageEvent::ContentBlockDelta(it) => match it.delta {
                BlockDelta::TextDelta(it) => print!("{}", it.text),
                BlockDelta::ThinkingDelta(it) => print!("({})", it.thinking),
                _ => {}
            },
            CreateMessageEvent::Other(it) => println!("something new: {}", it.name),
            _ => {}
        }
    }
    // Its end.
    assert_eq!(answer.partial()["stop_reason"], "end_turn");
    Ok(())
}

async fn kept(mut answer: EventStream<Event, Message>) {
    // The guide:
    while let Some(text) = answer.next_text().await {
        match text {
            Ok(text) => print!("{text}"),
            Err(error) => eprintln!("\n{error}; until then: {}", answer.partial()),
        }
    }
    // Its end.
}

async fn limits(key: &str) -> Done {
    // The guide:
    let client = runapi::Client::builder()
        .api_key(key)
        .idle_timeout(Duration::from_secs(30)) // silence in streams and downloads
        .max_event_bytes(1024 * 1024) // of a single event
        .max_answer_bytes(8 * 1024 * 1024) // of what all events add up to
        .build()?;
    let call = client.claude().create_message().claude_sonnet_4_6().max_tokens(64).user("Ahoy!");
    let answer = call.stream().with_idle_timeout(Duration::from_secs(5)).await;
    // Its end.
    drop(answer);
    Ok(())
}

fn wind(given: &Value) -> String {
    format!("3 knots at the {}", given["place"].as_str().unwrap())
}

async fn tools(client: &Client) -> Answer {
    // The guide:
    use runapi::claude::{ContentBlock, InputMessage};
    use runapi::json;

    let takes = json!({"type": "object", "properties": {"place": {"type": "string"}}});
    let mut turns = vec![InputMessage::user("Can my paper boat sail now?")];
    let answer = loop {
        let call = client.claude().create_message().claude_sonnet_4_6().max_tokens(1024);
        let call = call.tool("wind", "The wind at a place.", takes.clone());
        let answer = call.messages(turns.clone()).send().await?;
        let mut brought = Vec::new();
        for block in &answer.content {
            if let ContentBlock::ToolUse(it) = block {
                brought.push(ContentBlock::tool_result(&it.id, wind(&it.input)));
            }
        }
        if brought.is_empty() {
            break answer;
        }
        turns.push(InputMessage::assistant(answer.content.clone()));
        turns.push(InputMessage::user(brought));
    };
    // Its end.
    assert_eq!(turns.len(), 3);
    Ok(answer)
}

#[tokio::test]
async fn the_programs_run() {
    let client = super::client("runapi", Client::builder()).await;
    let answer = one_line(&client).await.unwrap();
    read(&answer);
    assert!(!in_full(&client, "aGk=").await.unwrap().content.is_empty());
    streamed(&client).await.unwrap();
    events(opened(&client).await.unwrap()).await.unwrap();
    kept(opened(&client).await.unwrap()).await;
    let after = tools(&client).await.unwrap();
    assert!(after.raw()["content"][0]["text"].as_str().unwrap().starts_with("Yes: 3 knots at the puddle"));
    // Compiled alone: it would go to the API itself.
    let _ = limits;
}
