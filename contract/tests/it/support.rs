//! A client that says exactly what it is told, and servers to say it to.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, fs, process};

use serde_json::Value;
use specwright_contract::{Builder, Server, StartError};

pub(crate) const RUNAPI_KEY: (&str, &str) = ("Authorization", "Bearer test-key");
pub(crate) const JSON: (&str, &str) = ("Content-Type", "application/json");

/// The project's own specs.
pub(crate) fn spec() -> PathBuf {
    root().join("spec")
}

/// Specs that use all of the language.
pub(crate) fn invented() -> PathBuf {
    root().join("tests/project/spec")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a workspace").to_path_buf()
}

pub(crate) fn try_start(builder: Builder) -> Result<Server, StartError> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(builder.start())
}

pub(crate) fn start(builder: Builder) -> Server {
    try_start(builder).expect("the server starts")
}

pub(crate) fn runapi() -> Server {
    start(Server::builder().spec_folder(spec()).apis(["runapi"]))
}

pub(crate) fn studio() -> Server {
    start(Server::builder().spec_folder(invented()).apis(["studio"]))
}

/// A folder `spec` with files, gone when it is dropped.
pub(crate) struct Project(PathBuf);

impl Project {
    pub(crate) fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let project = Self(env::temp_dir().join(format!("specwright-contract-{}-{name}", process::id())));
        for (path, text) in files {
            project.write(path, text);
        }
        project
    }

    pub(crate) fn spec(&self) -> PathBuf {
        self.0.join("spec")
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.spec().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder to write to");
        fs::write(path, text).expect("a file to write");
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// Names of the parameters at the top of what a header complains of.
    pub(crate) fn complaints(&self, header: &str) -> Vec<(String, String)> {
        let Some(text) = self.headers.get(header) else { return Vec::new() };
        let all: Vec<Value> = serde_json::from_str(text).expect("JSON in a header");
        let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
        all.iter().map(|it| (text(&it["at"]), text(&it["rule"]))).collect()
    }

    pub(crate) fn violations(&self) -> Vec<(String, String)> {
        self.complaints("x-specwright-violations")
    }
}

pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a timeout");
    stream.set_nodelay(true).expect("no delay");
    stream
}

pub(crate) fn head(method: &str, path: &str, headers: &[(&str, &str)]) -> String {
    let mut text = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text
}

/// One request on a connection of its own.
pub(crate) fn send(server: &Server, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
    let mut stream = connect(server.address());
    exchange(&mut stream, method, path, headers, body)
}

/// One request on a connection that stays.
pub(crate) fn exchange(
    stream: &mut TcpStream,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Reply {
    let mut request = head(method, path, headers).into_bytes();
    if !body.is_empty() {
        request.extend_from_slice(format!("Content-Length: {}\r\n", body.len()).as_bytes());
    }
    request.extend_from_slice(b"\r\n");
    request.extend_from_slice(body);
    stream.write_all(&request).expect("a request is written");
    // A head announces the length of the body that a `GET` would bring.
    read_reply_to(stream, method == "HEAD").expect("an answer")
}

pub(crate) fn read_reply(stream: &mut TcpStream) -> Result<Reply, String> {
    read_reply_to(stream, false)
}

fn read_reply_to(stream: &mut TcpStream, is_head: bool) -> Result<Reply, String> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        if let Some(end) = bytes.windows(4).position(|it| it == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let mut lines = head.split("\r\n");
            let status = lines.next().and_then(|it| it.split(' ').nth(1)?.parse().ok()).ok_or("no status")?;
            let header =
                |it: &str| it.split_once(": ").map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()));
            let headers: BTreeMap<String, String> = lines.filter_map(header).collect();
            let length = headers.get("content-length").filter(|_| !is_head).and_then(|it| it.parse().ok()).unwrap_or(0);
            let mut body = bytes.split_off(end + 4);
            if headers.get("transfer-encoding").is_some_and(|it| it == "chunked") {
                let body = read_chunks(stream, body)?.concat();
                return Ok(Reply { status, headers, body });
            }
            while body.len() < length {
                match stream.read(&mut buffer).map_err(|error| error.to_string())? {
                    0 => return Err(format!("cut after {} of {length} bytes", body.len())),
                    count => body.extend_from_slice(&buffer[..count]),
                }
            }
            return Ok(Reply { status, headers, body });
        }
        match stream.read(&mut buffer).map_err(|error| error.to_string())? {
            0 => return Err(format!("cut before the head, after {} bytes", bytes.len())),
            count => bytes.extend_from_slice(&buffer[..count]),
        }
    }
}

/// The chunks of an answer, its head left out.
pub(crate) fn chunks(stream: &mut TcpStream) -> Result<Vec<Vec<u8>>, String> {
    let (mut bytes, mut byte) = (Vec::new(), [0]);
    while !bytes.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).map_err(|error| error.to_string())?;
        bytes.push(byte[0]);
    }
    read_chunks(stream, Vec::new())
}

/// Reads chunks up to the last one; `rest` is what was read of them already.
fn read_chunks(stream: &mut TcpStream, mut rest: Vec<u8>) -> Result<Vec<Vec<u8>>, String> {
    let mut chunks = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        if let Some(end) = rest.windows(2).position(|it| it == b"\r\n") {
            let size =
                usize::from_str_radix(&String::from_utf8_lossy(&rest[..end]), 16).map_err(|it| it.to_string())?;
            if rest.len() >= end + 2 + size + 2 {
                let chunk = rest[end + 2..end + 2 + size].to_vec();
                rest.drain(..end + 2 + size + 2);
                if size == 0 {
                    return Ok(chunks);
                }
                chunks.push(chunk);
                continue;
            }
        }
        match stream.read(&mut buffer).map_err(|error| error.to_string())? {
            0 => return Err(format!("cut after {} chunks", chunks.len())),
            count => rest.extend_from_slice(&buffer[..count]),
        }
    }
}

pub(crate) fn get(server: &Server, path: &str) -> Reply {
    send(server, "GET", path, &[RUNAPI_KEY], b"")
}

pub(crate) fn post(server: &Server, path: &str, body: &str) -> Reply {
    send(server, "POST", path, &[RUNAPI_KEY, JSON], body.as_bytes())
}
