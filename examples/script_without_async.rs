//! The same calls from a program without an async runtime, which the feature `blocking` allows.
//!
//! `cargo run -p specwright-examples --example script_without_async`

use runcrate::Blocking as _;

pub(crate) fn main() -> runcrate::Result<()> {
    // In a program of your own: `runcrate::Client::builder().env().blocking().build()?`.
    let client = specwright_examples::blocking_client()?;

    // A call, with `blocking()?` in place of `await?`.
    let chat = client.chat().complete().model("meta-llama/Meta-Llama-3.1-8B-Instruct");
    let reply = chat.user("A title for a film about a paper boat?").send().blocking()?;
    let title = reply.choices.first().and_then(|it| it.message.content.as_deref()).unwrap_or("Untitled");
    println!("title: {title}");

    // A task.
    let task = client.videos().generate().prompt(format!("A film called {title}")).send().blocking()?;
    let video = task.wait().blocking()?;
    println!("{} took {} s of film", video.id, video.seconds.as_ref().map_or("no", |it| it.as_str()));

    // A download.
    let path = std::env::temp_dir().join("specwright-script.mp4");
    let bytes = task.download().blocking()?.save(path).blocking()?;
    println!("saved: {bytes} bytes");
    Ok(())
}
