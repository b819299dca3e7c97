//! A text is spoken into a file, and the file is transcribed: a download, then an upload.
//!
//! `cargo run -p specwright-examples --example transcribe_and_speak`

use runcrate::File;
use runcrate::audio::SpeakResponseFormat;

#[tokio::main]
pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // In a program of your own: `runcrate::Client::from_env()?`.
    let client = specwright_examples::runcrate_client().await?;
    let path = std::env::temp_dir().join("specwright-boat.wav");

    let speech = client
        .audio()
        .speak()
        .model("hexgrad/Kokoro-82M")
        .voice("af_heart")
        .input("The paper boat has crossed the puddle.")
        .response_format(SpeakResponseFormat::Wav)
        .send()
        .await?;
    // It goes to the disk piece by piece, under another name until it is whole.
    let bytes = speech
        .save_with(&path, |it| match it.total {
            Some(total) => eprint!("\r{} of {total} bytes", it.received),
            None => eprint!("\r{} bytes", it.received),
        })
        .await?;
    eprintln!();
    println!("spoken: {bytes} bytes");

    // Only its size is looked at now; it is read piece by piece while it is sent.
    let file = File::path(&path)?;
    let heard = client.audio().transcribe().file(file).model("openai/whisper-large-v3").language("en").send().await?;
    println!("heard: {}", heard.text);
    Ok(())
}
