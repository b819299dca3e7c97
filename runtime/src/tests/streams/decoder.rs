//! Tests blocks of lines in any pieces and with any line ends.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use proptest::prelude::*;
use sse_stream::SseByteStream;

use crate::TransportError;
use crate::stream::wire::{Bounds, Wire};
use crate::testing::VirtualClock;
use crate::transport::Body;

struct Chunks(VecDeque<Bytes>);

impl Stream for Chunks {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.pop_front().map(Ok))
    }
}

/// Name and data of every block with data, and the error as the last one.
fn blocks<'a>(pieces: impl IntoIterator<Item = &'a [u8]>, most: usize) -> Vec<(String, String)> {
    read(pieces, most, false)
}

/// The same; with `each_line`, of lines of JSON.
fn read<'a>(pieces: impl IntoIterator<Item = &'a [u8]>, most: usize, each_line: bool) -> Vec<(String, String)> {
    let given = Chunks(pieces.into_iter().map(Bytes::copy_from_slice).collect());
    let clock = VirtualClock::new();
    let bounds = Bounds { event: most, idle: None, deadline: None };
    let body = Body::from_stream(given).into_stream();
    let mut stream = Wire::new(body, Arc::new(clock.clone()), bounds, each_line);
    let mut out = Vec::new();
    while let Some(block) = clock.run(std::future::poll_fn(|it| stream.poll_block(it))) {
        match block {
            Ok(block) => {
                if let Some(data) = block.data {
                    out.push((block.event.unwrap_or_default(), data));
                }
            }
            Err(error) => out.push(("error".to_owned(), error.to_string())),
        }
    }
    for _ in 0..3 {
        let after = clock.run(std::future::poll_fn(|it| stream.poll_block(it)));
        assert!(after.is_none(), "{after:?} after the end");
    }
    out
}

type Case = (&'static [u8], &'static [(&'static str, &'static str)]);

const CASES: &[Case] = &[
    (b"", &[]),
    (b"data: a\n\n", &[("", "a")]),
    (b"data:a\n\n", &[("", "a")]),
    (b"data:  a \n\n", &[("", " a ")]),
    (b"data\n\n", &[("", "")]),
    (b"data:\n\n", &[("", "")]),
    (b"data: a\ndata: b\ndata:\n\n", &[("", "a\nb\n")]),
    (b"event: x\ndata: a\n\n", &[("x", "a")]),
    (b"data: a\nevent: x\nevent: y\n\n", &[("y", "a")]),
    (b"event: x\n\ndata: a\n\n", &[("", "a")]),
    (b"data: a\r\ndata: b\r\n\r\ndata: c\r\n\r\n", &[("", "a\nb"), ("", "c")]),
    (b"data: a\rdata: b\r\rdata: c\r\r", &[("", "a\nb"), ("", "c")]),
    (b"data: a\r\ndata: b\r\r\ndata: c\n\r\n", &[("", "a\nb"), ("", "c")]),
    (b"\xef\xbb\xbfdata: a\n\n", &[("", "a")]),
    (b"\xef\xbb\xbf:c\ndata: a\n\n", &[("", "a")]),
    (b"data: a\n\n\xef\xbb\xbfdata: b\n\n", &[("", "a"), ("", "b")]),
    (b"data: a\r\n\xef\xbb\xbf\xef\xbb\xbfdata: \xef\xbb\xbfb\r\n\r\n", &[("", "a\n\u{feff}b")]),
    (b"\xef\xbb\xbf\xef\xbb\xbfevent: x\r\xef\xbb\xbfdata: a\r\r", &[("x", "a")]),
    (b"data: a\n\xef\xbb\xbf\ndata: b\n\n", &[("", "a"), ("", "b")]),
    (b"data: a\r\xef\xbb\xbf\ndata: b\n\n", &[("", "a"), ("", "b")]),
    (b"data: a\n\xef\xbb\ndata: b\xef\n\n", &[("", "a\nb\u{fffd}")]),
    (b"\xef\xbb\xbf", &[]),
    // Bare JSON and HTML pages, which are not fields.
    (b"data: a\n\n{\"b\": 1}\n\n[2]", &[("", "a"), ("", "{\"b\": 1}"), ("", "[2]")]),
    (b"{\r\n\"a\": 1}\r\n\r\ndata: {\r\n\r\n", &[("", "{"), ("", "{")]),
    (b"event: x\n\xef\xbb\xbf<p>\n</p>\n\n: {\n\n", &[("x", "<p>\n</p>")]),
    (b": comment\ndata: a\n: more\n\n", &[("", "a")]),
    (b":\r\n:\r\ndata: a\r\n:\r\ndata: b\r\n\r\n", &[("", "a\nb")]),
    (b"data: a\r:c\n\ndata: b\n\n", &[("", "a"), ("", "b")]),
    (b"data: a\r:c\r\n\r\ndata: b\n\n", &[("", "a"), ("", "b")]),
    (b"data: a:b: c\n\n", &[("", "a:b: c")]),
    (b"id: 1\nretry: +5\nunknown: x\nunknown\n data: y\ndata: a\n\n", &[("", "a")]),
    (b"data: a\xffb\n\n", &[("", "a\u{fffd}b")]),
    (b"data: \xc3\xa4\xe4\xbd\xa0\xf0\x9f\x98\x80\n\n", &[("", "ä你😀")]),
    (b"data: \xe4\xbd\n\n", &[("", "\u{fffd}")]),
    (b"data: \xf0\x9f\x98\xffz\n\ndata: \xc3\xa4\xff\xc3\n\n", &[("", "\u{fffd}\u{fffd}z"), ("", "ä\u{fffd}\u{fffd}")]),
    (b"event: \xff\ndata: a\n\n", &[("\u{fffd}", "a")]),
    // The last event may lack its blank line, and even its line end.
    (b"data: a\n", &[("", "a")]),
    (b"data: a", &[("", "a")]),
    (b"data: a\r", &[("", "a")]),
    (b"data: a\n\ndata: b\xe4", &[("", "a"), ("", "b\u{fffd}")]),
    (b"\n\n\r\r\n\ndata: a\n\n\n\n", &[("", "a")]),
];

#[test]
fn every_split_gives_the_same_blocks() {
    for (text, wanted) in CASES {
        let wanted: Vec<_> = wanted.iter().map(|it| (it.0.to_owned(), it.1.to_owned())).collect();
        for size in 1..=text.len().max(1) {
            assert_eq!(blocks(text.chunks(size), 100), wanted, "{} by {size}", text.escape_ascii());
        }
        for at in 0..text.len() {
            let (left, right) = text.split_at(at);
            assert_eq!(blocks([left, &[], right], 100), wanted, "{} at {at}", text.escape_ascii());
        }
    }
}

#[test]
fn events_before_an_oversized_one_are_read() {
    let error = ("error".to_owned(), String::new());
    for (text, most, wanted) in [
        (&b"data: 12345\n\n"[..], 11, "12345"),
        (b"data: 12345\n\n", 10, "error"),
        (b"data: 12\ndata: 3\n\n", 15, "12\n3"),
        (b"data: 12\ndata: 3\n\n", 14, "error"),
        (b"data: 1\n\ndata: 2\n\n", 7, "1 2"),
        (b"data: 1\n\ndata: 22\n\n", 7, "1 error"),
        (b": a comment of any length\ndata: 1\n\n", 7, "1"),
        (b"id: 1\nid: 2\nid: 3\nid: 4\n", 12, "error"),
        (b"{1234}\n\n{1}\n\n", 11, "{1234} {1}"),
        (b"{1}\n\n{1234}\n\n", 10, "{1} error"),
        (b"{1}\n\n", 7, "error"),
        (b"data:\xff\xff\n\n", 11, "\u{fffd}\u{fffd}"),
        (b"data:\xff\xff\n\n", 10, "error"),
        (b"{\n{\n\n", 12, "{\n{"),
        (b"{\n{\n\n", 11, "error"),
        (b"\xef\xbb\xbf\xef\xbb\xbfdata: 1\n\n", 7, "1"),
        (b"\xef\xbb\n\xef\xbb\n\n", 6, ""),
        (b"\xef\xbb\n\xef\xbb\n\n", 5, "error"),
        (b"data: 1\n\xef\xbb\xbf\xef\xbb\xbf\n", 7, "1"),
        (b"\xef\xbb:\n\n", 2, "error"),
    ] {
        for size in 1..=text.len() {
            let found = blocks(text.chunks(size), most);
            let found: Vec<_> = found.iter().map(|it| if it.0 == error.0 { "error" } else { &it.1 }).collect();
            assert_eq!(found.join(" "), wanted, "{} by {size}", text.escape_ascii());
        }
    }
}

#[test]
fn each_line_is_a_block() {
    const TEXT: &[u8] = b"\xef\xbb\xbf{\"a\": 1}\r\n\r\n [2]\t\n \n: \ndata: 3\n\xef\xbb\xbf\n\xff\r\r4";
    let wanted = ["{\"a\": 1}", "[2]", ":", "data: 3", "\u{fffd}", "4"].map(|it| (String::new(), it.to_owned()));
    for size in 1..=TEXT.len() {
        assert_eq!(read(TEXT.chunks(size), 8, true), wanted, "by {size}");
    }
    let found =
        |text: &str, most| read([text.as_bytes()], most, true).into_iter().map(|it| it.0 + &it.1).collect::<Vec<_>>();
    assert_eq!(found("{1}\n{1}\n{1}", 3), ["{1}", "{1}", "{1}"]);
    assert_eq!(found("{1}\n{12}\n{1}", 3).len(), 2, "an error ends the stream");
    assert_eq!(found(" \n \n", 3), [""; 0]);
}

#[test]
fn errors_are_told_once() {
    // One at each place of a turn, after which other tasks are let in.
    for pieces in 60..70 {
        let text = b": c\n".repeat(pieces);
        let found = blocks(text.chunks(4).chain([&b"data: too large"[..]]), 10);
        assert_eq!(found.len(), 1, "{pieces}: {found:?}");
    }
}

/// Bytes with a meaning in a stream, and some without.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let part = prop::sample::select(vec![
        &b"data: "[..],
        b"data",
        b"event:",
        b":",
        b"\n",
        b"\r",
        b"\r\n",
        b"\n\n",
        b"x",
        b" ",
        b"\xc3",
        b"\xa4",
        b"\xf0\x9f\x98\x80",
        b"\xf0\x9f",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\xef",
        b"\xef\xbb",
        b"{",
        b"<",
        b"id: 7",
        b"[DONE]",
    ]);
    prop::collection::vec(part, 0..40).prop_map(|it| it.concat())
}

proptest! {
    #[test]
    fn the_split_into_pieces_makes_no_difference(text in bytes(), cuts in prop::collection::vec(0..200_usize, 0..8), most in 1..60_usize) {
        let mut cuts: Vec<_> = cuts.into_iter().map(|it| it.min(text.len())).collect();
        cuts.sort_unstable();
        let mut pieces = Vec::new();
        let mut from = 0;
        for at in cuts {
            pieces.push(&text[from..at]);
            from = at;
        }
        pieces.push(&text[from..]);
        for each_line in [false, true] {
            prop_assert_eq!(read(pieces.clone(), most, each_line), read([&text[..]], most, each_line));
        }
    }

    #[test]
    fn valid_text_is_read_as_by_another_parser(text in bytes(), size in 1..9_usize) {
        let text = String::from_utf8_lossy(&text).into_owned() + "\n\n";
        // Lines that the standard drops have their own tests.
        let text = text.replace(['\u{feff}', '[', '{', '<'], "");
        let given = Chunks([Bytes::from(text.clone())].into());
        let mut plain = SseByteStream::new(given);
        let mut wanted = Vec::new();
        let clock = VirtualClock::new();
        while let Some(block) = clock.run(std::future::poll_fn(|it| Pin::new(&mut plain).poll_next(it))) {
            let block = block.unwrap();
            wanted.extend(block.data.map(|data| (block.event.unwrap_or_default(), data)));
        }
        prop_assert_eq!(blocks(text.as_bytes().chunks(size), 10_000), wanted);
    }
}
