//! The programs of the guide: each stands here once more as code, the same but for white space, so that it compiles; those
//! that the contract server can answer run as well.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod calling;
mod files;
mod models;

use specwright_examples::{Hurried, local};
use specwright_runtime::ClientBuilder;

/// Fails when a page of the guide has other programs than this source.
fn shows(page: &str, source: &str) {
    let path = format!("{}/../docs/guide/{page}", env!("CARGO_MANIFEST_DIR"));
    let guide = std::fs::read_to_string(path).unwrap().replace("\r\n", "\n");
    let cut = |text: &str, start: &str, end: &str| -> Vec<String> {
        let blocks = text.split(start).skip(1).map(|it| it.split_once(end).unwrap().0);
        blocks.map(|it| it.split_whitespace().collect::<String>()).collect()
    };
    let shown = cut(&guide, "```rust\n", "```");
    let compiled = cut(source, "    // The guide:\n", "// Its end.");
    assert_eq!(shown.len(), compiled.len(), "{page} has a program that has no copy here, or the other way round");
    for (shown, compiled) in shown.iter().zip(&compiled) {
        assert_eq!(shown, compiled, "update the copy, or {page}");
    }
}

/// A client of the contract server, whatever is in the environment of the tests.
async fn client<C: From<specwright_runtime::Client>>(api: &str, builder: ClientBuilder<C>) -> C {
    specwright_examples::nobody_watches();
    client_with(api, builder, Hurried::new()).await
}

/// As [`client`], for calls with a short timeout.
async fn patient_client<C: From<specwright_runtime::Client>>(api: &str, builder: ClientBuilder<C>) -> C {
    client_with(api, builder, Hurried::watched()).await
}

async fn client_with<C: From<specwright_runtime::Client>>(api: &str, builder: ClientBuilder<C>, clock: Hurried) -> C {
    let direct = reqwest::Client::builder().no_proxy().build().unwrap();
    let builder = builder.api_key(local::KEY).base_url(local::url_of(api).await);
    builder.http_client(direct).clock(clock).build().unwrap()
}
