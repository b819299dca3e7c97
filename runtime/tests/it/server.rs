//! A server on loopback that writes every byte itself. Each connection is passed to the next step of a list.

#![allow(dead_code, reason = "not every feature uses all of it")]

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// The address of the server, and its requests.
pub(crate) struct Server {
    pub(crate) url: String,
    requests: Receiver<String>,
    thread: JoinHandle<()>,
}

/// What to do with one connection, after a request was read from it.
pub(crate) type Step = Box<dyn FnOnce(&mut TcpStream) + Send>;

/// Writes these bytes, and closes the connection.
pub(crate) fn says(answer: impl Into<Vec<u8>>) -> Step {
    let answer = answer.into();
    Box::new(move |stream| stream.write_all(&answer).unwrap())
}

/// A complete response with a body.
pub(crate) fn answer(status: u16, kind: &str, body: &str) -> Step {
    let length = body.len();
    says(format!(
        "HTTP/1.1 {status} Said\r\ncontent-type: {kind}\r\nx-request-id: r-1\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n{body}"
    ))
}

/// These bytes, and then nothing until the client closes the connection.
pub(crate) fn stalls(start: &str) -> Step {
    let start = start.to_owned();
    Box::new(move |stream| {
        stream.write_all(start.as_bytes()).unwrap();
        // Fails or ends when the client has closed the connection.
        while stream.read(&mut [0; 64]).is_ok_and(|it| it > 0) {}
    })
}

/// A body of this many bytes, announced or in chunks. It ends early if the client closes the connection.
pub(crate) fn pours(total: usize, chunked: bool) -> Step {
    Box::new(move |stream| {
        let how = if chunked { "transfer-encoding: chunked".to_owned() } else { format!("content-length: {total}") };
        stream.write_all(format!("HTTP/1.1 200 OK\r\ncontent-type: audio/mpeg\r\n{how}\r\n\r\n").as_bytes()).unwrap();
        let piece = vec![b'x'; 64 * 1024];
        let mut left = total;
        while left > 0 {
            let now = left.min(piece.len());
            let mut sent = Vec::with_capacity(now + 16);
            if chunked {
                sent.extend(format!("{now:x}\r\n").into_bytes());
            }
            sent.extend(&piece[..now]);
            if chunked {
                sent.extend(b"\r\n");
            }
            if stream.write_all(&sent).is_err() {
                return;
            }
            left -= now;
        }
        if chunked {
            stream.write_all(b"0\r\n\r\n").ok();
        }
    })
}

impl Server {
    pub(crate) fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (send, requests) = channel();
        let steps: Vec<_> = steps.into_iter().collect();
        let thread = std::thread::spawn(move || {
            for step in steps {
                let (mut stream, _) = listener.accept().unwrap();
                // A failed test must end.
                stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
                send.send(request(&mut stream)).ok();
                step(&mut stream);
            }
        });
        Self { url, requests, thread }
    }

    /// All requests, once every step is done.
    pub(crate) fn requests(self) -> Vec<String> {
        self.thread.join().unwrap();
        self.requests.into_iter().collect()
    }
}

/// One request, head and body, as text.
pub(crate) fn request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut room = [0; 16 * 1024];
    loop {
        if let Some(end) = bytes.windows(4).position(|it| it == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
            let length = head.lines().find_map(|it| it.strip_prefix("content-length: "));
            let done = match length {
                Some(length) => bytes.len() >= end + 4 + length.parse::<usize>().unwrap(),
                None if head.contains("transfer-encoding: chunked") => bytes.ends_with(b"\r\n0\r\n\r\n"),
                None => true,
            };
            if done {
                return String::from_utf8_lossy(&bytes).into_owned();
            }
        }
        let read = stream.read(&mut room).unwrap();
        if read == 0 {
            // The client closed the connection in the middle.
            return String::from_utf8_lossy(&bytes).into_owned();
        }
        bytes.extend(&room[..read]);
    }
}

/// The peak memory of this process, in bytes. `None` if the system does not report it.
pub(crate) fn peak_memory() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<usize>().ok()? * 1024)
}

/// A folder for this test only.
pub(crate) struct Folder(pub(crate) std::path::PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("specwright-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// The names in it, in order.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).unwrap();
        let mut names: Vec<_> = entries.map(|it| it.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}
