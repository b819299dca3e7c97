//! A video: submitted, waited for, downloaded.
//!
//! `cargo run -p specwright-examples --example submit_wait_download`

use runcrate::videos::{Seconds, VideoSize};

#[tokio::main]
pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = specwright_examples::runcrate_client().await?;
    let path = std::env::temp_dir().join("specwright-boat.mp4");

    let task = client
        .videos()
        .generate()
        .model("Wan-AI/Wan2.2-T2V-A14B")
        .prompt("A paper boat crosses a puddle")
        .seconds(Seconds::S8)
        .size(VideoSize::Landscape720)
        .send()
        .await?;
    // Worth keeping: `client.videos().generate_task(id)` goes on from here after a restart.
    println!("{} is submitted", task.id());

    task.wait_with_progress(|status| println!("{}, {} %", status.state_name(), status.raw()["progress"])).await?;

    // Without a word on the way: `task.wait_and_download().await?.save(&path).await?`.
    let film = task.download().await?;
    let kind = film.content_type().unwrap_or("unknown").to_owned();
    let bytes = film.save_with(&path, |it| eprint!("\r{} bytes", it.received)).await?;
    eprintln!();
    println!("saved: {bytes} bytes of {kind}");
    Ok(())
}
