//! A picture from the disk is uploaded, and then edited by a model.
//!
//! `cargo run -p specwright-examples --example upload_then_edit`

use runapi::File;
use runapi::gpt_image::{AspectRatio, Quality};

#[tokio::main]
pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = specwright_examples::client().await?;
    let picture = concat!(env!("CARGO_MANIFEST_DIR"), "/boat.png");

    // Only its size is looked at now; it is read piece by piece while it is sent. A file that is larger than the API takes
    // is refused here, before a byte leaves.
    let file = File::path(picture)?;
    let uploaded = client.files().from_stream().file(file).file_name("boat.png").send().await?;
    println!("uploaded {} ({} bytes, {})", uploaded.file_name, uploaded.file_size, uploaded.mime_type);

    let edited = client
        .gpt_image()
        .edit_image()
        .prompt("Give the boat a red sail")
        .source_image_urls([&uploaded.download_url])
        .aspect_ratio(AspectRatio::R1x1)
        .quality(Quality::High)
        .send()
        .await?
        .wait()
        .await?;
    for image in &edited.images {
        println!("edited: {}", image.url);
    }
    Ok(())
}
