//! The contract server of a program: one, started when it is first asked for, on a thread of its own.

use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use specwright_contract::{Pace, Server};
use tokio::net::TcpListener;
use tokio::sync::OnceCell;

use crate::clock::is_watched;

/// A key, as good as any.
pub const KEY: &str = "example-key";
/// A management key: the server tells it by the word in it.
pub const MANAGEMENT_KEY: &str = "example-management-key";
/// The secret that callbacks are signed with, in base64 as the API's dashboard shows it.
pub const SECRET: &str = "YSBzZWNyZXQgdGhhdCBwcm90ZWN0cyBub3RoaW5n";
/// A public name that does not exist, to ask for callbacks with: the API takes HTTPS only, and so does its client. A
/// tunnel would do what the server does, which delivers to this machine.
pub const CALLBACKS: &str = "https://callbacks.example/callback";

/// Between the words of a streamed answer, so that one sees them come.
const STREAM_PACE: Duration = Duration::from_millis(40);
/// Polls until a task is done: enough to see every stage of a song.
const POLLS: u32 = 4;

struct Local {
    server: Server,
    /// Where callbacks are delivered, until somebody listens.
    callbacks: Mutex<Option<std::net::TcpListener>>,
}

static LOCAL: OnceCell<Local> = OnceCell::const_new();

async fn start() -> io::Result<Local> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let server = Server::builder()
        .spec_folder(Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec"))
        .apis(["runapi", "runcrate"])
        .pace(Pace::Polls(POLLS))
        .stream_pace(if is_watched() { STREAM_PACE } else { Duration::ZERO })
        .callback_secret("runapi", SECRET)
        .callbacks_to(format!("http://{}/callback", listener.local_addr()?));
    let server = server.start().await.map_err(io::Error::other)?;
    Ok(Local { server, callbacks: Mutex::new(Some(listener)) })
}

/// Where the server plays an API.
///
/// # Panics
/// The server cannot start, or does not play this API.
pub async fn url_of(api: &str) -> String {
    let local = LOCAL.get_or_try_init(start).await.unwrap_or_else(|error| panic!("the contract server: {error}"));
    local.server.url_of(api).unwrap_or_else(|| panic!("the contract server does not play `{api}`"))
}

/// As [`url_of`], for programs that have no runtime.
///
/// # Panics
/// As [`url_of`]; or the system gives no runtime.
pub fn url_of_blocking(api: &str) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(url_of(api))
}

/// Where callbacks arrive. Only one can listen there.
///
/// # Errors
/// The server cannot start, or somebody listens already.
pub async fn callbacks() -> io::Result<TcpListener> {
    let local = LOCAL.get_or_try_init(start).await?;
    let listener = local.callbacks.lock().unwrap_or_else(PoisonError::into_inner).take();
    TcpListener::from_std(listener.ok_or_else(|| io::Error::other("somebody listens for callbacks already"))?)
}
