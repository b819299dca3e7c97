//! Bodies that are a file, a text or one value.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use bytes::Bytes;

use super::*;
use crate::request;

static PUT: Operation =
    Operation::put(&API, "files.put", "/files").idempotent(true).content_types(&["image/png", "image/jpeg"]);
static NOTE: Operation = Operation::put(&API, "files.note", "/note").content_types(&["application/xml", "text/plain"]);
static PATCH: Operation =
    Operation::patch(&API, "files.patch", "/meta").content_types(&["application/merge-patch+json"]);

#[derive(Clone, Debug, PartialEq)]
struct Put {
    content_type: Option<String>,
    body: Option<File>,
}

impl crate::Rules for Put {}

request!(Put => Response<()> {
    PUT, empty(), path "/files",
    headers { content_type = "Content-Type" as "content-type" },
    whole { body as file_body },
});

#[derive(Clone, Debug, PartialEq)]
struct Note {
    body: Option<String>,
}

impl crate::Rules for Note {}

request!(Note => Response<()> { NOTE, empty(), path "/note", whole { body as text_body } });

#[derive(Clone, Debug, PartialEq)]
struct Patch {
    body: Option<Vec<i64>>,
}

impl crate::Rules for Patch {}

request!(Patch => Response<()> { PATCH, empty(), path "/meta", whole { body as whole_body } });

/// The content type, the length and the body that were sent.
fn sent(request: impl Request) -> (String, String, Bytes) {
    let it = Setup::new([Answer::new(204, "")]);
    it.send(request).unwrap();
    let [sent] = it.server.requests().try_into().unwrap();
    let header = |name: &str| sent.headers().get(name).map_or("-", |it| it.to_str().unwrap()).to_owned();
    (header("content-type"), header("content-length"), sent.body().clone())
}

fn put(file: File) -> Put {
    Put { body: Some(file), content_type: None }
}

fn kind(request: Put) -> String {
    sent(request).0
}

#[test]
fn a_file_is_sent_as_it_is() {
    let (kind, length, body) = sent(put(File::bytes(&b"\x89PNG"[..])));
    assert_eq!((kind.as_str(), length.as_str(), &body[..]), ("image/png", "4", &b"\x89PNG"[..]));
    let path = std::env::temp_dir().join(format!("specwright-body-{}.jpeg", std::process::id()));
    std::fs::write(&path, "JPEG").unwrap();
    let (kind, length, body) = sent(put(File::path(&path).unwrap()));
    std::fs::remove_file(&path).unwrap();
    assert_eq!((kind.as_str(), length.as_str(), &body[..]), ("image/jpeg", "4", &b"JPEG"[..]));
    assert_eq!(sent(Put::default()), ("-".to_owned(), "0".to_owned(), Bytes::new()));
}

#[test]
fn the_content_type_is_what_the_caller_says() {
    let file = || File::bytes("x");
    assert_eq!(kind(put(file().with_name("a.jpg"))), "image/jpeg");
    // The operation takes no such file, so its name is wrong.
    assert_eq!(kind(put(file().with_name("a.mp3"))), "image/png");
    assert_eq!(kind(put(file().with_content_type("image/x-own"))), "image/x-own");
    let chosen = Put { content_type: Some("image/jpeg".to_owned()), ..put(file().with_name("a.png")) };
    assert_eq!(kind(chosen), "image/jpeg");
    let it = Setup::new([Answer::new(204, "")]);
    let error = it.send(put(file().with_content_type("a/b\r\nx: 1"))).unwrap_err();
    assert!(error.is_config() && error.to_string().contains("content type"), "{error}");
}

#[test]
fn texts_and_other_json_have_their_content_types() {
    let (kind, _, body) = sent(Note { body: Some("<a>é</a>".to_owned()) });
    assert_eq!((kind.as_str(), &body[..]), ("application/xml", "<a>é</a>".as_bytes()));
    let (kind, _, body) = sent(Patch { body: Some(vec![1]) });
    assert_eq!((kind.as_str(), &body[..]), ("application/merge-patch+json", &b"[1]"[..]));
}

#[test]
fn only_json_takes_extra_fields() {
    let it = Setup::new([Answer::new(204, "")]);
    let mut call = it.client.call();
    call.options().extra("a", 1);
    let error = it.clock.run(call.send(Note { body: Some("a".to_owned()) })).unwrap_err();
    assert!(error.is_config() && error.to_string().contains("extra fields"), "{error}");
}

struct Pieces(Vec<&'static str>);

impl futures_core::Stream for Pieces {
    type Item = std::result::Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = (!self.0.is_empty()).then(|| Ok(self.0.remove(0).into()));
        Poll::Ready(next)
    }
}

#[test]
fn a_stream_is_sent_once_and_a_file_again() {
    let failing = || [Answer::new(503, "busy"), Answer::new(204, "")];
    let it = Setup::new(failing());
    assert!(it.send(put(File::stream(Pieces(vec!["a", "b"]), None))).is_err());
    assert_eq!(it.server.count(), 1);
    let it = Setup::new(failing());
    it.send(put(File::bytes("ab"))).unwrap();
    assert_eq!(it.server.requests().iter().map(|it| it.body().len()).collect::<Vec<_>>(), [2, 2]);
}

#[test]
fn progress_is_reported_piece_by_piece() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let watch = |seen: &Arc<Mutex<Vec<_>>>| {
        let seen = Arc::clone(seen);
        move |it: UploadProgress| seen.lock().unwrap().push((it.sent, it.total))
    };
    sent(put(File::stream(Pieces(vec!["ab", "c"]), Some(3)).with_progress(watch(&seen))));
    assert_eq!(std::mem::take(&mut *seen.lock().unwrap()), [(2, Some(3)), (3, Some(3))]);
    let large = vec![0; 150 << 10];
    let (_, _, body) = sent(put(File::bytes(large).with_progress(watch(&seen))));
    assert_eq!(body.len(), 150 << 10);
    let total = Some(150 << 10);
    assert_eq!(*seen.lock().unwrap(), [(64 << 10, total), (128 << 10, total), (150 << 10, total)]);
}
