//! Multipart bodies: texts and files, which are written piece by piece while they are sent.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;

use crate::concat::concat;
use crate::disk::Disk;
use crate::random;
use crate::transport::{Body, TransportError};
use crate::upload::{File, Pieces, Upload};
use crate::{Encode, JsonWriter};

/// A `multipart/form-data` body, or a `multipart/related` one, whose parts have no names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Multipart {
    parts: Vec<(String, Part)>,
    /// A number in a part cannot be written.
    pub(crate) lost_a_number: bool,
    /// An item of a list holds the separator of the list.
    pub(crate) unseparable: bool,
    pub(crate) is_related: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Part {
    /// With its media type, if that is said.
    Text(String, Option<&'static str>),
    File(File),
}

/// The operations on a form. They are behind a pointer, so that a program without uploads does not contain their code.
pub(crate) trait Form: std::fmt::Debug + Send + Sync {
    /// The form itself.
    fn form(&mut self) -> &mut Multipart;

    /// Adds a text.
    fn add(&mut self, name: &str, value: &str);

    /// The form as a body, with a boundary.
    fn into_upload(self: Box<Self>) -> Box<dyn Upload>;
}

impl Form for Multipart {
    fn form(&mut self) -> &mut Multipart {
        self
    }

    fn add(&mut self, name: &str, value: &str) {
        self.text(name, value);
    }

    fn into_upload(self: Box<Self>) -> Box<dyn Upload> {
        // Digits that no sensible file contains.
        let boundary = concat(&["specwright-", &random::digits(), &random::digits()]);
        Box::new(FormBody { form: self, boundary })
    }
}

/// A form, and what separates its parts.
#[derive(Debug)]
struct FormBody {
    form: Box<Multipart>,
    boundary: String,
}

impl Upload for FormBody {
    fn reopens(&self) -> bool {
        self.form.reopens()
    }

    fn open(&self, disk: Disk) -> (Body, Option<u64>) {
        self.form.open(&self.boundary, disk)
    }

    fn bytes(&self) -> Option<&Bytes> {
        None
    }

    fn media_type(&self, _: &[&str]) -> String {
        concat(&[self.form.media_type(), "; boundary=", &self.boundary])
    }
}

impl Multipart {
    /// Adds a text.
    pub fn text(&mut self, name: &str, value: &str) {
        self.parts.push((name.to_owned(), Part::Text(value.to_owned(), None)));
    }

    /// Adds a value as a part of JSON, or nothing if it is absent.
    #[doc(hidden)]
    pub fn json_part<T: Encode>(&mut self, name: &str, value: &Option<T>, kind: &'static str) {
        if let Some(value) = value {
            self.json(name, value, kind);
        }
    }

    /// Adds each item of a list as a part of JSON.
    #[doc(hidden)]
    pub fn json_parts<T: Encode>(&mut self, name: &str, items: &Option<Vec<T>>, kind: &'static str) {
        items.iter().flatten().for_each(|it| self.json(name, it, kind));
    }

    /// Adds a text of a media type.
    pub(crate) fn text_of_type(&mut self, name: String, text: String, kind: Option<&'static str>) {
        self.parts.push((name, Part::Text(text, kind)));
    }

    /// Notes that a number is not finite.
    pub(crate) fn lose_a_number(&mut self, lost: bool) {
        self.lost_a_number |= lost;
    }

    /// The names and texts of its parts that are no files.
    #[cfg(test)]
    pub(crate) fn texts(&self) -> Vec<(String, String)> {
        let text = |(name, part): &(String, Part)| match part {
            Part::Text(text, _) => Some((name.clone(), text.clone())),
            Part::File(_) => None,
        };
        self.parts.iter().filter_map(text).collect()
    }

    /// The number of parts.
    pub(crate) fn count(&self) -> usize {
        self.parts.len()
    }

    /// Sets the media type of the parts from this one on. A file may have another one.
    pub(crate) fn set_types(&mut self, first: usize, kind: &'static str) {
        for (_, part) in self.parts.iter_mut().skip(first) {
            match part {
                Part::Text(_, of_text) => *of_text = Some(kind),
                Part::File(file) if file.content_type().is_none() => *file = file.clone().with_content_type(kind),
                Part::File(_) => {}
            }
        }
    }

    fn json<T: Encode>(&mut self, name: &str, value: &T, kind: &'static str) {
        let mut out = JsonWriter::default();
        value.encode(&mut out);
        self.lost_a_number |= out.lost_a_number();
        let text = String::from_utf8(out.into_bytes()).unwrap_or_default();
        self.parts.push((name.to_owned(), Part::Text(text, Some(kind))));
    }

    /// Adds a file.
    pub fn file(&mut self, name: &str, file: &File) {
        self.parts.push((name.to_owned(), Part::File(file.clone())));
    }

    /// What the body is.
    pub(crate) fn media_type(&self) -> &'static str {
        if self.is_related { "multipart/related" } else { "multipart/form-data" }
    }

    /// Whether all of it can be sent again.
    pub(crate) fn reopens(&self) -> bool {
        self.parts.iter().all(|(_, part)| match part {
            Part::Text(..) => true,
            Part::File(file) => file.reopens(),
        })
    }

    /// The body from its start, and its length if it is known.
    pub(crate) fn open(&self, boundary: &str, disk: Disk) -> (Body, Option<u64>) {
        let mut pieces = VecDeque::new();
        let mut length = Some(0);
        let add = |length: &mut Option<u64>, pieces: &mut VecDeque<Pieces>, text: String| {
            *length = length.and_then(|it: u64| it.checked_add(text.len() as u64));
            pieces.push_back(Pieces::Bytes(Some(text.into())));
        };
        for (name, part) in &self.parts {
            let mut head = format!("--{boundary}");
            if !self.is_related {
                head.push_str(&format!("\r\nContent-Disposition: form-data; name=\"{}\"", quoted(name)));
            }
            match part {
                Part::Text(text, kind) => {
                    if let Some(kind) = kind {
                        head.push_str(&format!("\r\nContent-Type: {kind}"));
                    }
                    head.push_str("\r\n\r\n");
                    head.push_str(text);
                    add(&mut length, &mut pieces, head);
                }
                Part::File(file) => {
                    if !self.is_related {
                        head.push_str(&format!("; filename=\"{}\"", quoted(file.name())));
                    }
                    // A media type with a line break would end the head.
                    let kind = file.content_type().filter(|it| !it.contains(['\r', '\n']));
                    let kind = kind.unwrap_or_else(|| crate::media::of_name(file.name()));
                    head.push_str(&format!("\r\nContent-Type: {kind}\r\n"));
                    for (name, value) in file.headers() {
                        head.push_str(&format!("{name}: {value}\r\n"));
                    }
                    head.push_str("\r\n");
                    add(&mut length, &mut pieces, head);
                    length = length.zip(file.length()).and_then(|(all, file)| all.checked_add(file));
                    pieces.push_back(file.open(disk));
                }
            }
            add(&mut length, &mut pieces, "\r\n".to_owned());
        }
        add(&mut length, &mut pieces, format!("--{boundary}--\r\n"));
        (Body::from_stream(Joined { pieces }), length)
    }
}

/// Escapes names of parts as the HTML standard does.
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

struct Joined {
    pieces: VecDeque<Pieces>,
}

impl Stream for Joined {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        while let Some(first) = self.pieces.front_mut() {
            match ready!(Pin::new(first).poll_next(context)) {
                Some(piece) => return Poll::Ready(Some(piece)),
                None => self.pieces.pop_front(),
            };
        }
        Poll::Ready(None)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

    use super::Multipart;
    use crate::disk::Disk;

    use crate::testing::VirtualClock;
    use crate::upload::File;

    fn written(form: &Multipart) -> (String, Option<u64>) {
        let (body, length) = form.open("XX", Disk::Here);
        let bytes = VirtualClock::new().run(body.collect(1 << 20)).unwrap();
        (String::from_utf8(bytes.to_vec()).unwrap(), length)
    }

    #[test]
    fn texts_and_files() {
        let mut form = Multipart::default();
        form.text("file_name", "a b.png");
        form.file("file", &File::bytes("PNG").with_name("x\"y\r\n.png").with_content_type("image/png"));
        let (text, length) = written(&form);
        let expected = "--XX\r\nContent-Disposition: form-data; name=\"file_name\"\r\n\r\na b.png\r\n\
             --XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x%22y%0D%0A.png\"\r\n\
             Content-Type: image/png\r\n\r\nPNG\r\n--XX--\r\n";
        assert_eq!(text, expected);
        assert_eq!(length, Some(text.len() as u64));
        assert!(form.reopens());
        assert_eq!(written(&form).0, text);
    }

    #[test]
    fn related_parts_have_no_names() {
        let mut form = Multipart { is_related: true, ..Multipart::default() };
        form.json_part("meta", &Some("a".to_owned()), "application/json");
        form.file("file", &File::bytes("PNG").with_name("a.png"));
        let expected = "--XX\r\nContent-Type: application/json\r\n\r\n\"a\"\r\n\
             --XX\r\nContent-Type: image/png\r\n\r\nPNG\r\n--XX--\r\n";
        assert_eq!(written(&form), (expected.to_owned(), Some(expected.len() as u64)));
    }

    #[test]
    fn the_type_follows_the_name() {
        let sent = |file: &File| {
            let mut form = Multipart::default();
            form.file("file", file);
            let text = written(&form).0;
            text.split("Content-Type: ").nth(1).unwrap().split("\r\n").next().unwrap().to_owned()
        };
        let path = std::env::temp_dir().join(format!("specwright-typed-{}.PNG", std::process::id()));
        std::fs::write(&path, "PNG").unwrap();
        let on_disk = File::path(&path).unwrap();
        for file in [File::bytes("PNG"), File::stream(Once(Some("PNG".into())), None)] {
            assert_eq!(sent(&file.clone().with_name("boat.png")), "image/png");
        }
        assert_eq!(sent(&on_disk), "image/png");
        std::fs::remove_file(&path).unwrap();
        let boat = File::bytes("PNG").with_name("boat.png");
        // An explicit type comes before that of the name, and a name without a known extension has the default type.
        assert_eq!(sent(&boat.clone().with_content_type("image/x-own")), "image/x-own");
        assert_eq!(sent(&boat.clone().with_content_type("a/b\r\nx-evil: 1")), "image/png");
        assert_eq!(sent(&boat.with_name("boat")), "application/octet-stream");
        assert_eq!(sent(&File::bytes("PNG")), "application/octet-stream");
    }

    #[test]
    fn a_stream_is_only_sent_once() {
        let (body, _) = Multipart::default().open("XX", Disk::Here);
        let mut form = Multipart::default();
        form.file("file", &File::stream(Once(Some("abc".into())), None));
        assert!(form.reopens());
        let (text, length) = written(&form);
        assert!(text.contains("\r\n\r\nabc\r\n"), "{text}");
        assert_eq!(length, None);
        assert!(!form.reopens());
        drop(body);
        // An impossible length is not announced.
        let mut form = Multipart::default();
        form.file("file", &File::stream(Once(None), Some(u64::MAX)));
        assert_eq!(written(&form).1, None);
    }

    struct Once(Option<bytes::Bytes>);

    impl futures_core::Stream for Once {
        type Item = Result<bytes::Bytes, crate::TransportError>;

        fn poll_next(
            mut self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Self::Item>> {
            std::task::Poll::Ready(self.0.take().map(Ok))
        }
    }

    #[test]
    fn a_changed_file_is_an_error() {
        let path = std::env::temp_dir().join(format!("specwright-changing-{}", std::process::id()));
        std::fs::write(&path, "abc").unwrap();
        let mut form = Multipart::default();
        form.file("file", &File::path(&path).unwrap());
        let sent = || VirtualClock::new().run(form.open("XX", Disk::Here).0.collect(1 << 20));
        assert!(sent().is_ok());
        for (text, how) in [("abcd", "longer"), ("ab", "shorter")] {
            std::fs::write(&path, text).unwrap();
            let Err(crate::transport::CollectError::Transport(error)) = sent() else { panic!("{how} was sent") };
            let why = std::error::Error::source(&error).unwrap().to_string();
            assert!(why.contains(how), "{why}");
        }
        std::fs::remove_file(&path).unwrap();
    }

    #[test]
    fn limits_check_known_lengths() {
        assert!(File::bytes(vec![0; 11]).larger(10));
        assert!(!File::bytes(vec![0; 10]).larger(10));
        assert!(!File::stream(Once(None), None).larger(0));
        assert!(File::path("/no/such/file").is_err());
        assert!(File::path(std::env::temp_dir()).is_err());
        assert!(!format!("{:?}", File::bytes("secret")).contains("secret"));
    }
}
