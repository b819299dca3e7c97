//! A server for which a test chooses every byte and when it closes the connection.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::support::{Received, server};

/// Runs the given script for each connection, with one request each.
pub(super) struct ScriptedServer {
    address: SocketAddr,
    requests: Arc<AtomicUsize>,
    plays: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

/// A connection whose request has arrived. It is closed when this is dropped.
pub(super) struct ScriptedConnection {
    socket: TcpStream,
    pub(super) request: Received,
    /// The number of earlier connections.
    pub(super) before: usize,
    /// The number of bytes that the client accepted, including those in transit.
    pub(super) pushed: usize,
}

/// What is said on a connection. Boxed, or else the server and its tasks would be compiled for each test.
type Script = dyn Fn(ScriptedConnection) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync;

impl ScriptedServer {
    pub(super) async fn start<Play>(play: impl Fn(ScriptedConnection) -> Play + Send + Sync + 'static) -> Self
    where
        Play: Future<Output = ()> + Send + 'static,
    {
        Self::playing(Arc::new(move |connection| Box::pin(play(connection)))).await
    }

    async fn playing(play: Arc<Script>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(AtomicUsize::new(0));
        let plays = Arc::<Mutex<Vec<_>>>::default();
        let (count, all) = (requests.clone(), plays.clone());
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let (count, play, all) = (count.clone(), play.clone(), all.clone());
                tokio::spawn(async move {
                    socket.set_nodelay(true).unwrap();
                    let mut buffer = Vec::new();
                    if let Some(request) = server::read(&mut socket, &mut buffer).await {
                        let before = count.fetch_add(1, Ordering::SeqCst);
                        let playing = tokio::spawn(play(ScriptedConnection { socket, request, before, pushed: 0 }));
                        all.lock().unwrap().push(playing);
                    }
                });
            }
        });
        Self { address, requests, plays }
    }

    /// Waits until the scripts of all connections have ended, and fails if one failed.
    pub(super) async fn finished(self) {
        loop {
            let Some(playing) = self.plays.lock().unwrap().pop() else { return };
            playing.await.unwrap();
        }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(super) fn count(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

/// The head of a response that ends with the connection.
pub(super) const EVENTS: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
/// The same in chunks, so that a broken connection is detected.
pub(super) const CHUNKS: &str =
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n";
/// The head of a response in one piece.
pub(super) const JSON: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n";

impl ScriptedConnection {
    /// Returns whether the client was still connected.
    pub(super) async fn say(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        let bytes = bytes.as_ref();
        let said = self.socket.write_all(bytes).await.is_ok();
        self.pushed += if said { bytes.len() } else { 0 };
        said
    }

    /// Sends one chunk of a chunked body.
    pub(super) async fn chunk(&mut self, bytes: &[u8]) -> bool {
        let head = format!("{:x}\r\n", bytes.len());
        self.say([head.as_bytes(), bytes, b"\r\n"].concat()).await
    }

    /// Ends a chunked body.
    pub(super) async fn end(&mut self) {
        self.say("0\r\n\r\n").await;
    }

    /// Sends pieces of these sizes, one by one.
    pub(super) async fn dribble(&mut self, mut bytes: &[u8], mut size: impl FnMut() -> usize) {
        while !bytes.is_empty() {
            let (now, then) = bytes.split_at(size().clamp(1, bytes.len()));
            if !self.say(now).await {
                return;
            }
            tokio::task::yield_now().await;
            bytes = then;
        }
    }

    /// Sends the same bytes repeatedly, until the client closes the connection.
    pub(super) async fn forever(&mut self, bytes: &[u8]) {
        while self.say(bytes).await {}
    }

    /// Sends nothing more, until the client closes the connection.
    pub(super) async fn until_left(&mut self) {
        while self.socket.read(&mut [0; 64]).await.is_ok_and(|it| it > 0) {}
    }
}
