//! The programs of `docs/guide/files-and-scripts.md`.

use std::error::Error;
use std::path::Path;

use runcrate::{Client, Download};

type Done = Result<(), Box<dyn Error>>;

#[test]
fn the_guide_shows_what_is_compiled_here() {
    super::shows("files-and-scripts.md", include_str!("files.rs"));
}

async fn transcribe(client: &Client) -> Done {
    // The guide:
    use runcrate::File;

    let file = File::path("boat.wav")?; // sent as audio/wav
    let heard = client.audio().transcribe().file(file).model("openai/whisper-large-v3").send().await?;
    println!("{}", heard.text);
    // Its end.
    Ok(())
}

async fn save(client: &Client) -> runcrate::Result<u64> {
    // The guide:
    let call = client.audio().speak().model("hexgrad/Kokoro-82M").voice("af_heart");
    let speech = call.input("The paper boat has crossed the puddle.").send().await?;
    let bytes = speech.save("speech.mp3").await?;
    // Its end.
    Ok(bytes)
}

async fn progress(speech: Download) -> Done {
    // The guide:
    let saved = speech.save_with("speech.mp3", |it| match it.total {
        Some(total) => println!("{} of {total} bytes", it.received),
        None => println!("{} bytes", it.received),
    });
    println!("{} bytes", saved.await?);
    // Its end.
    Ok(())
}

async fn in_memory(speech: Download) -> runcrate::Result<usize> {
    // The guide:
    let bytes = speech.bytes(10 * 1024 * 1024).await?;
    // Its end.
    Ok(bytes.len())
}

async fn task(client: &Client) -> Done {
    // The guide:
    let task = client.videos().generate().prompt("A paper boat crosses a puddle").send().await?;
    let film = task.wait_and_download().await?;
    film.save("boat.mp4").await?;
    // Its end.
    Ok(())
}

fn script() -> Done {
    // The guide:
    use runcrate::Blocking as _;

    let client = runcrate::Client::builder().env().blocking().build()?; // RUNCRATE_API_KEY
    let task = client.videos().generate().prompt("A paper boat crosses a puddle").send().blocking()?;
    task.wait_and_download().blocking()?.save("boat.mp4").blocking()?;
    // Its end.
    Ok(())
}

fn iterate(client: &Client) -> Done {
    use runcrate::Blocking as _;

    // The guide:
    let chat = client.chat().complete().model("meta-llama/Meta-Llama-3.1-8B-Instruct").user("Ahoy!");
    for text in runcrate::blocking::iter(chat.stream().blocking()?.into_text()) {
        print!("{}", text?);
    }
    // Its end.
    Ok(())
}

/// They name files of the folder they are in: one of their own, in a process of its own.
#[test]
fn the_programs_run() {
    const ALONE: &str = "SPECWRIGHT_GUIDE_ALONE";
    if std::env::var_os(ALONE).is_none() {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("guide");
        std::fs::create_dir_all(&folder).unwrap();
        let mut child = std::process::Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "files::the_programs_run", "--nocapture"]).env(ALONE, "1").current_dir(&folder);
        let output = child.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        assert_eq!(&std::fs::read(folder.join("boat.mp4")).unwrap()[4..8], b"ftyp");
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let client = super::client("runcrate", Client::builder()).await;
        let speech = || async { client.audio().speak().model("m").voice("v").input("Ahoy!").send().await.unwrap() };
        let bytes = save(&client).await.unwrap();
        assert!(bytes > 1000, "{bytes}");
        progress(speech().await).await.unwrap();
        assert_eq!(in_memory(speech().await).await.unwrap() as u64, bytes);
        std::fs::copy("speech.mp3", "boat.wav").unwrap();
        transcribe(&client).await.unwrap();
        task(&client).await.unwrap();
    });
    // Compiled alone: what is in the environment is for nobody to know here.
    let _ = script;
    iterate(&specwright_examples::blocking_client().unwrap()).unwrap();
}
