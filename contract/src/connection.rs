//! Connections: accepted up to a limit, served, and closed in a way that the last response arrives.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};

use crate::handle::handle;
use crate::outcome::response;
use crate::shared::Shared;

/// The timeout of a head, and of an idle connection.
const PATIENCE: Duration = Duration::from_secs(75);
/// The maximum size of a head in bytes. Of headers there may be 100, as hyper has it: with a number of our own, it clears memory
/// for all of them before it reads each head.
const MOST_HEAD: usize = 64 * 1024;
/// After a refusal, the rest of the request is read and discarded, up to this time and size. Otherwise the caller would
/// not receive the response.
const LINGER: Duration = Duration::from_secs(2);
const MOST_LINGERED: usize = 64 << 20;
/// The number of refused connections that are closed this way; others are closed immediately.
const MOST_REFUSED: usize = 256;

const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\nretry-after: 1\r\n\
    connection: close\r\ncontent-length: 34\r\n\r\n{\"error\":\"Too many connections\"}\r\n";

/// Accepts connections until it is dropped.
pub(crate) async fn accept(listener: TcpListener, shared: Arc<Shared>) -> Infallible {
    loop {
        let Ok((mut stream, _)) = listener.accept().await else {
            // Out of file descriptors: waiting connections are served when others have closed.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let counted = Counted(Arc::clone(&shared));
        let before = shared.connections.fetch_add(1, Ordering::Relaxed);
        let most = shared.settings.most_connections;
        if before >= most {
            // One attempt is enough: it fits into the buffer of a new connection.
            let _ = stream.try_write(FULL);
        }
        if before < most {
            tokio::spawn(async move { serve(stream, &counted.0).await });
        } else if before < most + MOST_REFUSED {
            tokio::spawn(async move {
                let _counted = counted;
                let _ = stream.shutdown().await;
                linger(stream).await;
            });
        }
    }
}

/// One connection, counted until it ends in any way.
struct Counted(Arc<Shared>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.connections.fetch_sub(1, Ordering::Relaxed);
    }
}

async fn serve(stream: TcpStream, shared: &Arc<Shared>) {
    // A connection that has sent nothing needs no buffer yet.
    if tokio::time::timeout(PATIENCE, stream.peek(&mut [0])).await.is_err() {
        return;
    }
    Box::pin(serve_connection(stream, shared)).await;
}

async fn serve_connection(stream: TcpStream, shared: &Arc<Shared>) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| async { response(handle(shared, request).await) });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .max_buf_size(MOST_HEAD)
        .max_header_size(MOST_HEAD)
        .half_close(true)
        .serve_connection(TokioIo::new(stream), service);
    // An error means that the caller left, or that the connection was cut on purpose. Both end here.
    if let Ok(parts) = connection.without_shutdown().await {
        let mut stream = parts.io.into_inner();
        if stream.shutdown().await.is_ok() {
            linger(stream).await;
        }
    }
}

/// Reads what a caller still sends. Closing with unread bytes would reset the connection, and the response would be lost.
async fn linger(stream: TcpStream) {
    let drain = async {
        let mut left = MOST_LINGERED;
        while stream.readable().await.is_ok() {
            // The buffer is not held while it waits, because thousands may wait.
            let mut buffer = [0; 16 * 1024];
            match stream.try_read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => left = left.saturating_sub(count),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(_) => break,
            }
            if left == 0 {
                break;
            }
        }
    };
    let _ = tokio::time::timeout(LINGER, drain).await;
}
