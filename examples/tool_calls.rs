//! GPT asks for a tool, gets what it brought, and answers with it: a whole turn, streamed.
//!
//! `cargo run -p specwright-examples --example tool_calls`

use std::io::{Write as _, stdout};

use runapi::types::{ChatMessage, ChatRole};
use runapi::{Nullable, Value, json};

/// The tool. A real one would ask somebody.
fn wind(place: &str) -> String {
    format!("3 knots at the {place}, from the west")
}

#[tokio::main]
pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = specwright_examples::client().await?;
    let takes = json!({"type": "object", "properties": {"place": {"type": "string"}}, "required": ["place"]});
    let mut messages = vec![ChatMessage::user("Can my paper boat sail on the puddle now?")];

    loop {
        let call = client.gpt().chat().gpt_5_2().function("wind", "The wind at a place.", takes.clone());
        let mut answer = call.messages(messages.clone()).stream().await?;
        while let Some(text) = answer.next_text().await {
            print!("{}", text?);
            stdout().flush()?;
        }
        println!();

        // The arguments of calls came in pieces; here they are whole.
        let whole = answer.collect().await?.into_inner();
        let called = whole.choices.into_iter().next().and_then(|it| it.message.tool_calls);
        let Some(Nullable::Value(calls)) = called else { return Ok(()) };
        messages.push(ChatMessage::new(ChatRole::Assistant).tool_calls(calls.clone()));
        for call in calls {
            let given: Value = call.function.arguments.parse()?;
            let brought = wind(given["place"].as_str().unwrap_or("puddle"));
            println!("[{} of {given}: {brought}]", call.function.name);
            messages.push(ChatMessage::tool(call.id, brought));
        }
    }
}
