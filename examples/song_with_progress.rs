//! A song, with a line for every stage that it goes through.
//!
//! `cargo run -p specwright-examples --example song_with_progress`

use runapi::suno::MusicModel;

#[tokio::main]
pub(crate) async fn main() -> runapi::Result<()> {
    let client = specwright_examples::client().await?;

    let task = client
        .suno()
        .text_to_music()
        .auto_lyrics()
        .prompt("A shanty about a paper boat that crosses a puddle")
        .model(MusicModel::V5)
        .style("sea shanty, accordion")
        .send()
        .await?;

    // Called once for every change, however often the status is asked for: a progress bar would be moved here.
    let song = task
        .wait_with_progress(|status| match status.stage() {
            Some("text_generated") => println!("[1/3] the lyrics are written"),
            Some("first_audio_ready") => println!("[2/3] the first track is ready"),
            Some("all_audios_ready") => println!("[3/3] all tracks are ready"),
            None => println!("[0/3] it is {}", status.state_name()),
            // An API may grow: a stage that is new is shown by its own name.
            Some(stage) => println!("[.../3] {stage}"),
        })
        .await?;

    for track in &song.audios {
        println!("{} ({} s): {}", track.title, track.duration, track.audio_url);
    }
    Ok(())
}
