//! The programs of the documents. Each is repeated here as code, identical except for white space, so that it compiles.
//! It also runs against a server on loopback.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::fs;

use specwright_runtime::json;

use crate::files;
use crate::support::{Answer, Server, alone, is_alone};

/// The programs of documents, and the identical code here.
const SHOWN: [(&str, usize, &str); 6] = [
    ("README.md", 0, "root"),
    ("README.md", 1, "streamed"),
    ("generated/animeapi/README.md", 0, "animeapi"),
    ("generated/runanything/README.md", 0, "runanything"),
    ("docs/guide/getting-started.md", 0, "first call"),
    ("docs/guide/getting-started.md", 1, "task"),
];

/// The blocks of a document that are marked as Rust.
fn blocks(document: &str) -> Vec<String> {
    let text = fs::read_to_string(files::root().join(document)).unwrap();
    let starts = text.split("```rust\n").skip(1);
    starts.map(|it| it.split_once("```").unwrap().0.to_owned()).collect()
}

/// The code of this file between the comments that name it.
fn copy(name: &str) -> &'static str {
    let source = include_str!("readme.rs");
    let start = format!("// The document: {name}\n");
    let (_, rest) = source.split_once(&start).unwrap_or_else(|| panic!("no copy of `{name}`"));
    rest.split_once("// Its end.").unwrap().0
}

#[test]
fn the_documents_show_what_is_compiled_here() {
    let bare = |text: &str| text.chars().filter(|it| !it.is_whitespace()).collect::<String>();
    for (document, block, name) in SHOWN {
        assert_eq!(bare(&blocks(document)[block]), bare(copy(name)), "{document}: update the copy, or the document");
    }
    for (document, count) in [("README.md", 2), ("docs/guide/getting-started.md", 2)] {
        assert_eq!(blocks(document).len(), count, "{document} shows a program that has no copy");
    }
}

/// The first program unchanged: with the process's environment and the default reqwest.
async fn root() -> animeapi::Result<()> {
    // The document: root
    let client = animeapi::Client::from_env()?; // ANIMEAPI_API_KEY
    let image = client.images().generate().prompt("A paper boat crossing a puddle").send().await?;
    println!("{}", image.image_url);
    // Its end.
    Ok(())
}

/// The same for the second program.
async fn streamed() -> Result<(), Box<dyn std::error::Error>> {
    // The document: streamed
    use std::io::{Write as _, stdout};

    let client = runapi::Client::from_env()?; // RUNAPI_API_KEY
    let call = client.claude().create_message().claude_sonnet_4_6().max_tokens(1024);
    let mut answer = call.user("Why does a paper boat float?").stream().await?;
    while let Some(text) = answer.next_text().await {
        print!("{}", text?);
        stdout().flush()?;
    }
    let whole = answer.collect().await?; // what `send()` would have given
    println!("\n{} tokens", whole.usage.output_tokens);
    // Its end.
    Ok(())
}

#[tokio::test]
async fn the_streamed_program_runs() {
    if is_alone() {
        streamed().await.unwrap();
        return;
    }
    let message = json!({
        "id": "m", "type": "message", "role": "assistant", "model": "claude-sonnet-4-6", "content": [],
        "usage": {"input_tokens": 9, "output_tokens": 1},
    });
    let delta =
        |text: &str| json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}});
    let events = [
        json!({"type": "message_start", "message": message}),
        json!({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}),
        delta("It is "),
        delta("light."),
        json!({"type": "content_block_stop", "index": 0}),
        json!({"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 3}}),
        json!({"type": "message_stop"}),
    ];
    let events: String = events.iter().map(|it| format!("data: {it}\n\n")).collect();
    let server = Server::answering([Answer::new(200, events).header("content-type", "text/event-stream")]).await;
    let url = server.url();
    let environment = [("RUNAPI_API_KEY", "key_1"), ("RUNAPI_BASE_URL", &url)];
    let output = alone("readme::the_streamed_program_runs", &environment).await;
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && printed.contains("It is light.\n3 tokens"), "{output:?}");
    assert_eq!(server.only().json()["stream"], true);
}

async fn image_server() -> Server {
    let body = json!({"image_url": "https://x/boat.webp", "enhanced_prompt": "a", "balance_usd": 9.5, "generation_time_ms": 12});
    Server::answering([Answer::json(200, &body)]).await
}

#[tokio::test]
async fn the_first_program_runs() {
    if is_alone() {
        root().await.unwrap();
        return;
    }
    let server = image_server().await;
    let url = server.url();
    let environment = [("ANIMEAPI_API_KEY", "ank_1"), ("ANIMEAPI_BASE_URL", &url)];
    let output = alone("readme::the_first_program_runs", &environment).await;
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && printed.contains("https://x/boat.webp"), "{output:?}");
    let sent = server.only();
    assert_eq!(sent.json(), json!({"prompt": "A paper boat crossing a puddle"}));
    assert_eq!((sent.target.as_str(), sent.header("authorization")), ("/api/generate", "Bearer ank_1"));
}

/// The other programs, with clients that the test configures where the document reads the environment.
mod programs {
    use std::cell::RefCell;

    use crate::support::{Server, SkippingClock, anime, run, set_up};

    thread_local! {
        static AT: RefCell<Option<::runanything::Client>> = const { RefCell::new(None) };
        static IMAGES: RefCell<Option<::animeapi::Client>> = const { RefCell::new(None) };
    }

    /// The client that `from_env` returns from now on, in this thread.
    pub(super) fn use_servers(images: &Server, text: &Server) {
        let client = set_up(::runanything::Client::builder(), text).clock(SkippingClock::new()).build();
        AT.set(Some(client.unwrap_or_else(|_| run(text))));
        IMAGES.set(Some(anime(images)));
    }

    mod animeapi {
        pub(super) struct Client;

        impl Client {
            pub(super) fn from_env() -> ::animeapi::Result<::animeapi::Client> {
                Ok(super::IMAGES.with_borrow(|it| it.clone().expect("a client")))
            }
        }
    }

    mod runanything {
        pub(super) use ::runanything::text;

        pub(super) struct Client;

        impl Client {
            pub(super) fn from_env() -> ::runanything::Result<::runanything::Client> {
                Ok(super::AT.with_borrow(|it| it.clone().expect("a client")))
            }
        }
    }

    type Done = Result<(), Box<dyn std::error::Error>>;

    pub(super) async fn anime_readme() -> Done {
        // The document: animeapi
        let client = animeapi::Client::from_env()?; // ANIMEAPI_API_KEY
        let answer = client.images().generate().prompt("anime girl with blue hair").send().await?;
        // Its end.
        assert_eq!(answer.attempts(), 1);
        Ok(())
    }

    pub(super) async fn run_readme() -> Done {
        // The document: runanything
        use runanything::text::{Message, Role};

        let client = runanything::Client::from_env()?; // RUNANYTHING_API_KEY
        let task = client
            .text()
            .generate()
            .default_model()
            .messages([Message::new(Role::You, "Hello!", 0)])
            .bot_name("Assistant")
            .send()
            .await?;
        // Its end.
        assert_eq!(task.id(), "t-1");
        Ok(())
    }

    pub(super) mod guide {
        use super::animeapi;

        // The document: first call
        #[tokio::main]
        async fn main() -> Result<(), Box<dyn std::error::Error>> {
            let client = animeapi::Client::from_env()?;
            let image = client.images().generate().prompt("anime girl with blue hair").send().await?;
            println!("{} for a balance of {} USD", image.image_url, image.balance_usd);
            Ok(())
        }
        // Its end.

        pub(in super::super) fn run() -> super::Done {
            main()
        }
    }

    pub(super) async fn task() -> Done {
        // The document: task
        use runanything::text::{Message, Role};

        let client = runanything::Client::from_env()?; // RUNANYTHING_API_KEY
        let task = client
            .text()
            .generate()
            .mage() // which character replies
            .messages([Message::new(Role::You, "What is a qubit?", 0)])
            .send()
            .await?;
        let answer = task.wait().await?;
        println!("{}", answer.reply);
        // Its end.
        assert_eq!(answer.reply, "A coin in the air.");
        Ok(())
    }
}

#[tokio::test]
async fn the_other_programs_run() {
    let created = Answer::json(200, &json!({"id": "t-1", "tokens": -1}));
    let done = Answer::json(200, &json!({"status": "completed", "reply": "A coin in the air.", "tokens": 5}));
    let (images, text) = (image_server().await, Server::answering([created.clone(), created, done]).await);
    programs::use_servers(&images, &text);
    programs::anime_readme().await.unwrap();
    programs::run_readme().await.unwrap();
    programs::task().await.unwrap();
    assert_eq!((images.count(), text.count()), (1, 3));
}

/// A `main` has its own runtime, so the server needs another one.
#[test]
fn the_program_of_the_guide_runs() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (images, text) = runtime.block_on(async { (image_server().await, image_server().await) });
    programs::use_servers(&images, &text);
    programs::guide::run().unwrap();
    assert_eq!(images.only().json(), json!({"prompt": "anime girl with blue hair"}));
}
