//! An image from a text: the shortest way from a prompt to a result.
//!
//! `cargo run -p specwright-examples --example text_to_image`

use runapi::nano_banana::OutputResolution;

#[tokio::main]
pub(crate) async fn main() -> runapi::Result<()> {
    // In a program of your own: `runapi::Client::from_env()?`.
    let client = specwright_examples::client().await?;

    let task = client
        .nano_banana()
        .text_to_image()
        .nano_banana_pro() // from here on: the parameters of this model, and no others
        .prompt("A paper boat crossing a puddle, watercolour")
        .output_resolution(OutputResolution::K2)
        .send()
        .await?;
    println!("task {} is under way", task.id());

    // Polls at the interval of the API until the task is finished or its deadline has passed.
    let result = task.wait().await?;
    for image in &result.images {
        println!("image: {}", image.url);
    }
    Ok(())
}
