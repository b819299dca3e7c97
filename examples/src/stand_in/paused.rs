//! Bodies that come piece by piece, so that one sees them come.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use futures_core::Stream;
use tokio::sync::mpsc;

/// Between two pieces.
const PAUSE: Duration = Duration::from_millis(40);

/// A body of these pieces. It stops when nobody reads it any more.
pub(super) fn body(pieces: Vec<Bytes>) -> Body {
    let (to, from) = mpsc::channel(1);
    tokio::spawn(async move {
        for piece in pieces {
            if to.send(piece).await.is_err() {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
    });
    Body::from_stream(Pieces(from))
}

struct Pieces(mpsc::Receiver<Bytes>);

impl Stream for Pieces {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|it| it.map(Ok))
    }
}
