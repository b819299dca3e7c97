//! An answer of Claude, printed while it comes, and what it took.
//!
//! `cargo run -p specwright-examples --example streamed_answer`

use std::io::{Write as _, stdout};

#[tokio::main]
pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // In a program of your own: `runapi::Client::from_env()?`.
    let client = specwright_examples::client().await?;

    let call = client.claude().create_message().claude_sonnet_4_6().max_tokens(1024);
    let mut answer = call.user("Why does a paper boat float?").stream().await?;
    while let Some(text) = answer.next_text().await {
        print!("{}", text?);
        stdout().flush()?;
    }

    // What the events added up to: the value that `send()` would have given.
    let whole = answer.collect().await?;
    println!("\n({} tokens read, {} written)", whole.usage.input_tokens, whole.usage.output_tokens);
    Ok(())
}
