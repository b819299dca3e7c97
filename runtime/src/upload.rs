//! Files to send: bytes, a path or a stream. The runtime never reads a file into memory as a whole.

use std::fmt;
use std::future::Future;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;

use crate::disk::{Disk, OnDisk};
use crate::transport::{Body, ByteStream, TransportError, TransportErrorKind};
use crate::{Decode, DecodeError, Encode, JsonWriter, Reader};

/// A file to send. Cheap to clone.
///
/// Bytes and paths can be sent again if an attempt fails. A stream can be sent only once.
#[derive(Clone)]
pub struct File {
    source: Source,
    name: Option<String>,
    content_type: Option<String>,
    length: Option<u64>,
    watch: Option<Watch>,
    /// Of its part of a form.
    headers: Vec<(String, String)>,
}

/// What is called whenever a piece of a file is sent.
type Watch = Arc<dyn Fn(UploadProgress) + Send + Sync>;

/// The progress of an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UploadProgress {
    /// Bytes that were handed to the connection.
    pub sent: u64,
    /// Bytes of the whole file, if that is known.
    pub total: Option<u64>,
}

/// The operations on a body that is a file or a form. They are behind a pointer, so that a program without such bodies does not
/// contain their code.
pub(crate) trait Upload: fmt::Debug + Send + Sync {
    /// Whether it can be sent from the start again.
    fn reopens(&self) -> bool;

    /// The body from its start, and its length if it is known.
    fn open(&self, disk: Disk) -> (Body, Option<u64>);

    /// All of it, if it is a file in memory.
    fn bytes(&self) -> Option<&Bytes>;

    /// Its media type. That of a file is the one that was set, or else that of its name if the operation accepts it, or else
    /// the first that the operation accepts.
    fn media_type(&self, accepted: &[&str]) -> String;
}

impl Upload for File {
    fn reopens(&self) -> bool {
        Self::reopens(self)
    }

    fn open(&self, disk: Disk) -> (Body, Option<u64>) {
        (Body::from_stream(Self::open(self, disk)), self.length)
    }

    fn bytes(&self) -> Option<&Bytes> {
        match &self.source {
            Source::Bytes(bytes) => Some(bytes),
            Source::Path(_) | Source::Stream(_) => None,
        }
    }

    fn media_type(&self, accepted: &[&str]) -> String {
        if let Some(own) = self.content_type() {
            return own.to_owned();
        }
        let named = crate::media::of_name(self.name());
        // `text/csv; charset=utf-8` is asked of what is `text/csv` by its name.
        let is_it = |it: &&&str| it.split(';').next().is_some_and(|it| it.trim_end().eq_ignore_ascii_case(named));
        let exact = accepted.iter().find(is_it).copied();
        let fits = |it: &&str| *it == "*/*" || it.strip_suffix('*').is_some_and(|it| named.starts_with(it));
        let is_accepted = accepted.iter().any(fits);
        let first = accepted.iter().find(|it| !it.ends_with('*')).copied();
        exact.or((!is_accepted).then_some(first).flatten()).unwrap_or(named).to_owned()
    }
}

#[derive(Clone)]
enum Source {
    Bytes(Bytes),
    Path(Arc<Path>),
    Stream(Arc<Mutex<Option<ByteStream>>>),
}

impl File {
    /// A file from bytes in memory. Its name is `file`, which does not determine a media type, unless
    /// [`with_name`](Self::with_name) sets another.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let length = Some(bytes.len() as u64);
        Self { source: Source::Bytes(bytes), name: None, content_type: None, length, watch: None, headers: Vec::new() }
    }

    /// A file on disk, with its name. Only its length is read now. The content is read piece by piece while it is sent.
    ///
    /// # Errors
    /// Fails if there is no such file, or if it is not a regular file.
    pub fn path(path: impl Into<PathBuf>) -> io::Result<Self> {
        let path = path.into();
        let data = std::fs::metadata(&path)?;
        if !data.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a file"));
        }
        let name = path.file_name().map(|it| it.to_string_lossy().into_owned());
        Ok(Self {
            source: Source::Path(path.into()),
            name,
            content_type: None,
            length: Some(data.len()),
            watch: None,
            headers: Vec::new(),
        })
    }

    /// A file that arrives piece by piece. A `length` is announced to the server, and checked against limits.
    pub fn stream(
        stream: impl Stream<Item = Result<Bytes, TransportError>> + Send + 'static,
        length: Option<u64>,
    ) -> Self {
        let source = Source::Stream(Arc::new(Mutex::new(Some(Box::pin(stream)))));
        Self { source, name: None, content_type: None, length, watch: None, headers: Vec::new() }
    }

    /// Sets another name.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the media type, such as `image/png`. By default it follows from the extension of the name: `boat.png` is
    /// sent as `image/png`, and a file with an unknown extension as `application/octet-stream`.
    #[must_use]
    pub fn with_content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// Adds a header to the part that the file is in a multipart form. It has no effect where the file is the whole body,
    /// and a header with a line break is left out.
    #[must_use]
    pub fn with_part_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let (name, value) = (name.into(), value.into());
        let is_name = !name.is_empty() && name.bytes().all(|it| it.is_ascii_graphic() && it != b':');
        if is_name && !value.contains(['\r', '\n']) {
            self.headers.push((name, value));
        }
        self
    }

    /// Calls a function whenever a piece of the file is sent. A retry begins with the first piece again.
    ///
    /// The function is called while the request is sent, and should return soon.
    #[must_use]
    pub fn with_progress(mut self, watch: impl Fn(UploadProgress) + Send + Sync + 'static) -> Self {
        self.watch = Some(Arc::new(watch));
        self
    }

    /// The length in bytes, if it is known.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// Whether it has more bytes than this; `false` if that is unknown.
    #[must_use]
    pub fn larger(&self, most: u64) -> bool {
        self.length.is_some_and(|it| it > most)
    }

    pub(crate) fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    /// The name with which it is sent.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or("file")
    }

    pub(crate) fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// The bytes, from the start.
    pub(crate) fn open(&self, disk: Disk) -> Pieces {
        let pieces = self.unwatched(disk);
        match &self.watch {
            None => pieces,
            Some(watch) => {
                let progress = UploadProgress { sent: 0, total: self.length };
                Pieces::Watched(Box::new(Watched { pieces, progress, watch: Arc::clone(watch) }))
            }
        }
    }

    fn unwatched(&self, disk: Disk) -> Pieces {
        match &self.source {
            Source::Bytes(bytes) => Pieces::Bytes(Some(bytes.clone())),
            Source::Path(path) => {
                let (path, left) = (Arc::clone(path), self.length.unwrap_or_default());
                Pieces::Step(Box::pin(async move { read(disk.open(&path).await?, left).await }))
            }
            Source::Stream(stream) => match stream.lock().unwrap_or_else(PoisonError::into_inner).take() {
                Some(stream) => Pieces::Stream(stream),
                None => Pieces::Gone,
            },
        }
    }

    /// Whether it can be sent from the start again.
    pub(crate) fn reopens(&self) -> bool {
        match &self.source {
            Source::Bytes(_) | Source::Path(_) => true,
            Source::Stream(stream) => stream.lock().unwrap_or_else(PoisonError::into_inner).is_some(),
        }
    }
}

type Read = io::Result<(OnDisk, Bytes, u64)>;

/// The next piece, and how much must follow it. The announced length is sent, or the request fails. If a file that grew
/// were cut to its announced length, the form would be incomplete.
async fn read(mut file: OnDisk, left: u64) -> Read {
    let piece = file.read().await?;
    match left.checked_sub(piece.len() as u64) {
        Some(left) if left == 0 || !piece.is_empty() => Ok((file, piece, left)),
        left => {
            let how = if left.is_some() { "shorter" } else { "longer" };
            Err(io::Error::other(format!("the file to send has become {how} than it was")))
        }
    }
}

/// The bytes of a file, piece by piece.
pub(crate) enum Pieces {
    Bytes(Option<Bytes>),
    Step(Pin<Box<dyn Future<Output = Read> + Send>>),
    Stream(ByteStream),
    /// A stream that was sent before.
    Gone,
    Done,
    Watched(Box<Watched>),
}

/// Pieces whose sending is reported.
pub(crate) struct Watched {
    pieces: Pieces,
    progress: UploadProgress,
    watch: Watch,
}

/// The size of the pieces of a file in memory that is watched.
const WATCHED_PIECE: usize = 64 << 10;

impl Watched {
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>> {
        let next = match &mut self.pieces {
            Pieces::Bytes(Some(bytes)) if bytes.len() > WATCHED_PIECE => Some(Ok(bytes.split_to(WATCHED_PIECE))),
            pieces => ready!(Pin::new(pieces).poll_next(context)),
        };
        if let Some(Ok(piece)) = &next {
            self.progress.sent += piece.len() as u64;
            (self.watch)(self.progress);
        }
        Poll::Ready(next)
    }
}

impl Stream for Pieces {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match &mut *self {
            Self::Bytes(bytes) => Poll::Ready(bytes.take().filter(|it| !it.is_empty()).map(Ok)),
            Self::Stream(stream) => stream.as_mut().poll_next(context),
            Self::Done => Poll::Ready(None),
            Self::Watched(watched) => watched.poll_next(context),
            Self::Gone => {
                *self = Self::Done;
                let why = "the stream of a file was sent before and cannot be sent again";
                Poll::Ready(Some(Err(TransportError::new(TransportErrorKind::Invalid, why))))
            }
            Self::Step(step) => match ready!(step.as_mut().poll(context)) {
                Ok((_, piece, _)) if piece.is_empty() => {
                    *self = Self::Done;
                    Poll::Ready(None)
                }
                Ok((file, piece, left)) => {
                    *self = Self::Step(Box::pin(read(file, left)));
                    Poll::Ready(Some(Ok(piece)))
                }
                Err(error) => {
                    *self = Self::Done;
                    Poll::Ready(Some(Err(TransportError::new(TransportErrorKind::Invalid, error))))
                }
            },
        }
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File")
            .field("name", &self.name)
            .field("content_type", &self.content_type)
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

/// Files are equal if they have the same bytes in memory, the same path, or the same stream.
impl PartialEq for File {
    fn eq(&self, other: &Self) -> bool {
        let same = match (&self.source, &other.source) {
            (Source::Bytes(a), Source::Bytes(b)) => a == b,
            (Source::Path(a), Source::Path(b)) => a == b,
            (Source::Stream(a), Source::Stream(b)) => Arc::ptr_eq(a, b),
            _ => false,
        };
        same && self.name == other.name && self.content_type == other.content_type && self.headers == other.headers
    }
}

impl From<Vec<u8>> for File {
    fn from(bytes: Vec<u8>) -> Self {
        Self::bytes(bytes)
    }
}

impl From<Bytes> for File {
    fn from(bytes: Bytes) -> Self {
        Self::bytes(bytes)
    }
}

impl From<&'static [u8]> for File {
    fn from(bytes: &'static [u8]) -> Self {
        Self::bytes(bytes)
    }
}

/// A text becomes a file of its bytes.
impl Decode for File {
    fn decode(from: &Reader<'_>) -> Result<Self, DecodeError> {
        from.string().map(Self::bytes)
    }
}

/// Files are sent in multipart bodies. As JSON, only the name is shown.
impl Encode for File {
    fn encode(&self, out: &mut JsonWriter) {
        out.string(self.name());
    }
}
