//! The programs of `docs/guide/calling-an-api.md`: each stands here once more as code, the same but for white space, so that
//! it compiles; those that the contract server can answer run as well.

use std::error::Error;
use std::time::Duration;

use axum::http::HeaderMap;
use runapi::{Client, Task, nano_banana, seedance, suno};

type Done = Result<(), Box<dyn Error>>;
type Image = Task<nano_banana::TextToImageResult>;
type Video = Task<seedance::TextToVideoResult>;

#[test]
fn the_guide_shows_what_is_compiled_here() {
    super::shows("calling-an-api.md", include_str!("calling.rs"));
}

fn from_env() -> Done {
    // The guide:
    let client = runapi::Client::from_env()?; // RUNAPI_API_KEY, and RUNAPI_BASE_URL where it is set
    // Its end.
    drop(client);
    Ok(())
}

fn builder(key: &str) -> Done {
    // The guide:
    use std::time::Duration;

    let client = runapi::Client::builder()
        .api_key(key) // kept secret: no message or log shows it
        .user_agent("paper-boats/1.2")
        .timeout(Duration::from_secs(30)) // of one attempt
        .total_timeout(Duration::from_secs(120)) // including all retries and the waits between them
        .build()?;
    // Its end.
    drop(client);
    Ok(())
}

async fn variant(client: &Client) -> runapi::Result<Video> {
    // The guide:
    use runapi::seedance::AspectRatio;

    let task = client
        .seedance()
        .text_to_video()
        .seedance_1_5_pro()
        .prompt("A paper boat crossing a puddle")
        .aspect_ratio(AspectRatio::R16x9)
        .duration_seconds(8)
        .send()
        .await?;
    // Its end.
    Ok(task)
}

fn any(client: &Client, from_user: &str) -> Done {
    // The guide:
    use runapi::seedance::Model;

    let model: Model = from_user.parse()?;
    let call = client.seedance().text_to_video().any().model(model).prompt("A paper boat crossing a puddle");
    // Its end.
    assert!(call.check()?.is_empty());
    Ok(())
}

async fn data(client: &Client) -> runapi::Result<Image> {
    // The guide:
    use runapi::nano_banana::TextToImageModel;
    use runapi::nano_banana::text_to_image::TextToImageRequest;

    let mut request = TextToImageRequest::default();
    request.model = Some(TextToImageModel::NanoBanana);
    request.prompt = Some("A paper boat crossing a puddle".to_owned());
    let task = client.send(request).await?;
    // Its end.
    Ok(task)
}

async fn wait(task: &Video) -> Done {
    // The guide:
    let result = task.wait().await?;
    println!("{}", result.videos[0].url);
    // Its end.
    Ok(())
}

async fn wait_with(task: &Video) -> Done {
    // The guide:
    use runapi::WaitOptions;
    use std::time::Duration;

    let patient = WaitOptions::new().interval(Duration::from_secs(10)).deadline(Duration::from_secs(3600));
    let result = task.wait_with(patient).await?;
    // Its end.
    assert_eq!(result.status, "completed");
    Ok(())
}

async fn resume(client: &Client, id: &str) -> Done {
    // The guide:
    let task = client.seedance().text_to_video_task(id);
    let status = task.status().await?; // polls once
    if !status.is_finished() {
        println!("still {}", status.state_name());
    }
    // Its end.
    Ok(())
}

async fn progress(task: &Task<suno::TextToMusicResult>) -> Done {
    // The guide:
    let song = task.wait_with_progress(|status| println!("{}", status.stage().unwrap_or("waiting"))).await?;
    // Its end.
    assert!(!song.audios.is_empty());
    Ok(())
}

async fn many_calls(client: &Client) -> Done {
    // The guide:
    let prompts = ["A paper boat", "A paper plane", "A paper hat"];
    let calls = prompts.map(|prompt| client.nano_banana().text_to_image().nano_banana().prompt(prompt).send());
    let tasks: runapi::Result<Vec<_>> = runapi::send_all(calls, 2).await.into_iter().collect();
    // Its end.
    assert_eq!(tasks?.len(), 3);
    Ok(())
}

async fn many(client: &Client) -> Done {
    // The guide:
    let mut tasks = Vec::new();
    for prompt in ["A paper boat", "A paper plane", "A paper hat"] {
        tasks.push(client.nano_banana().text_to_image().nano_banana().prompt(prompt).send().await?);
    }
    for result in runapi::wait_all(tasks, 4).await {
        match result {
            Ok(result) => println!("{}", result.images[0].url),
            Err(error) => eprintln!("{error}"),
        }
    }
    // Its end.
    Ok(())
}

async fn each(tasks: Vec<Image>) -> runapi::Result<Vec<&'static str>> {
    let mut names = vec!["waiting"; tasks.len()];
    // The guide:
    let count = tasks.len();
    let mut each = runapi::wait_each(tasks, 4);
    while let Some((index, result)) = each.next().await {
        println!("{} of {count}: {}", count - each.left(), result?.images[0].url);
        names[index] = "done";
    }
    // Its end.
    Ok(names)
}

fn called_back(headers: HeaderMap, body: Vec<u8>) -> Done {
    // The guide:
    use runapi::TaskState;
    use runapi::kling::image_to_video;

    let webhook = runapi::webhook::from_env()?.with_replay_window(Duration::from_secs(300)); // RUNAPI_CALLBACK_SECRET
    let delivery = webhook.verify(&headers, &body)?;
    let status = image_to_video::callback(delivery.body())?;
    match status.state {
        TaskState::Completed(result) => println!("{}", result.videos[0].url),
        TaskState::Failed(failure) => eprintln!("{failure}"),
        TaskState::Pending => {}
    }
    // Its end.
    Ok(())
}

async fn file(client: &Client) -> Done {
    // The guide:
    use runapi::File;

    let file = File::path("boat.png")?; // sent as image/png
    let uploaded = client.files().from_stream().file(file).send().await?;
    println!("{}", uploaded.download_url);
    // Its end.
    Ok(())
}

async fn errors(client: &Client) {
    // The guide:
    match client.account().balance().send().await {
        Ok(balance) => println!("{} cents", balance.balance_cents),
        Err(error) if error.is_rate_limited() => println!("again in {:?}", error.retry_after()),
        Err(error) if error.is_authentication() => println!("check the key"),
        Err(error) => eprintln!("{error} (status {:?}, request {:?})", error.status(), error.request_id()),
    }
    // Its end.
}

async fn checks(client: &Client) {
    // The guide:
    let call = client.nano_banana().text_to_image().nano_banana().prompt("");
    let error = call.reference_image_urls(["ftp://boats/1.png"]).send().await.unwrap_err();
    for violation in &error.validation().expect("it was refused here").violations {
        println!("{}: {violation}", violation.at);
    }
    // Its end.
    assert_eq!(error.validation().unwrap().violations[0].at, "/reference_image_urls/0");
}

async fn last_word(client: &Client) -> Done {
    // The guide:
    use runapi::Validation;

    let task = client
        .nano_banana()
        .text_to_image()
        .nano_banana()
        .prompt("A paper boat crossing a puddle")
        .extra("seed", 7) // a parameter that the crate does not know
        .send()
        .with_validation(Validation::Warn) // or Off: no checks at all
        .await?;
    // Its end.
    assert!(task.warnings().is_empty());
    Ok(())
}

fn retries(key: &str) -> Done {
    // The guide:
    use runapi::RetryPolicy;
    use std::time::Duration;

    let policy = RetryPolicy::new()
        .max_retries(5)
        .delays(Duration::from_millis(200), Duration::from_secs(20))
        .max_wait(Duration::from_secs(30)); // the longest `Retry-After` to wait for
    let client = runapi::Client::builder().api_key(key).retry(policy).build()?;
    // Its end.
    drop(client);
    Ok(())
}

async fn one_call(client: &Client) -> Done {
    // The guide:
    let answer = client
        .account()
        .balance()
        .send()
        .with_max_retries(0)
        .with_timeout(Duration::from_secs(5))
        .with_header("x-trace", "1f")
        .await?;
    // Its end.
    drop(answer);
    Ok(())
}

#[tokio::test]
async fn the_programs_run() {
    builder("key").unwrap();
    retries("key").unwrap();
    // What is in the environment is for nobody to know here; it must not panic.
    let _ = from_env();
    assert!(called_back(HeaderMap::new(), b"{}".to_vec()).is_err());

    let client = super::client("runapi", Client::builder()).await;
    any(&client, "seedance-2.0").unwrap();
    assert!(any(&client, "seedance-2.1").is_err());
    let task = variant(&client).await.unwrap();
    resume(&client, task.id()).await.unwrap();
    wait(&task).await.unwrap();
    wait_with(&task).await.unwrap();
    many_calls(&client).await.unwrap();
    many(&client).await.unwrap();
    let tasks = vec![data(&client).await.unwrap(), data(&client).await.unwrap()];
    assert_eq!(each(tasks).await.unwrap(), ["done", "done"]);
    let call = client.suno().text_to_music().instrumental().model(suno::MusicModel::V5);
    progress(&call.send().await.unwrap()).await.unwrap();
    file(&client).await.unwrap();
    checks(&client).await;
    // It was sent; the contract server knows the parameters that the crate knows, and no others.
    let refused = last_word(&client).await.unwrap_err();
    assert!(refused.to_string().contains("Unknown parameter `seed`"), "{refused}");
    errors(&client).await;
    one_call(&super::patient_client("runapi", Client::builder()).await).await.unwrap();
}
