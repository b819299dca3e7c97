//! Bytes: files by media type, results of tasks, what was uploaded, and answers that are plain text.

use serde_json::{Value, json};
use specwright_contract::{Refused, Server};

use crate::support::{JSON, RUNAPI_KEY, Reply, get, post, runapi, send, spec, start, studio};

const SPEECH: &str = "/v1/audio/speech";
const TRANSCRIPTIONS: &str = "/v1/audio/transcriptions";

fn runcrate() -> Server {
    start(Server::builder().spec_folder(spec()).apis(["runcrate"]))
}

/// What a URL of an answer leads to.
fn fetched(server: &Server, url: &Value) -> Reply {
    let path = url.as_str().unwrap().strip_prefix(&server.url()).expect("a URL of this server");
    send(server, "GET", path, &[], b"")
}

fn base(server: &Server) -> String {
    let mut name = String::new();
    server.for_each_api(|it| name.clone_from(&it.name));
    server.url_of(&name).unwrap().strip_prefix(&server.url()).unwrap().to_owned()
}

#[test]
fn speech_has_the_format_that_is_asked_for() {
    let server = runcrate();
    let base = base(&server);
    let spoken = |format: &str| {
        let mut body = json!({"model": "m", "input": "Hi", "voice": "v", "response_format": format});
        if format.is_empty() {
            body.as_object_mut().unwrap().remove("response_format");
        }
        post(&server, &format!("{base}{SPEECH}").replace("/v1/v1", "/v1"), &body.to_string())
    };
    for (format, kind, begin) in [
        ("", "audio/mpeg", &b"\xff\xfb"[..]),
        ("mp3", "audio/mpeg", b"\xff\xfb"),
        ("wav", "audio/wav", b"RIFF"),
        ("flac", "audio/flac", b"fLaC"),
        ("opus", "audio/opus", b"OggS"),
        ("a format that nobody knows", "audio/mpeg", b"\xff\xfb"),
    ] {
        let reply = spoken(format);
        assert_eq!((reply.status, reply.header("content-type")), (200, kind), "{format}");
        assert!(reply.body.starts_with(begin), "{format}");
        assert_eq!(reply.header("content-length"), reply.body.len().to_string());
        assert_eq!(spoken(format).body, reply.body, "{format}");
    }
}

fn transcribed(server: &Server, format: &str) -> Reply {
    let path = format!("{}{TRANSCRIPTIONS}", base(server)).replace("/v1/v1", "/v1");
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.mp3\"\r\n\r\n\0\r\n--b\r\nContent-Disposition: \
         form-data; name=\"model\"\r\n\r\nm\r\n--b\r\nContent-Disposition: form-data; name=\"response_format\"\r\n\r\n{format}\r\n--b--\r\n"
    );
    send(server, "POST", &path, &[RUNAPI_KEY, ("Content-Type", "multipart/form-data; boundary=b")], body.as_bytes())
}

#[test]
fn transcriptions_are_text_where_text_is_asked_for() {
    let server = runcrate();
    let whole = transcribed(&server, "json");
    assert_eq!(whole.header("content-type"), "application/json", "{whole:?}");
    assert!(transcribed(&server, "verbose_json").json()["text"].is_string());
    for (format, begin) in [
        ("text", "The paper boat"),
        ("srt", "1\n00:00:00,000 --> 00:00:03,000\nThe paper boat"),
        // The spec's own example has times.
        ("vtt", "WEBVTT\n\n00:00:00.000 --> 00:00:03.300\nThe paper boat"),
    ] {
        let reply = transcribed(&server, format);
        assert_eq!((reply.status, reply.header("content-type")), (200, "text/plain; charset=utf-8"), "{format}");
        let text = String::from_utf8(reply.body).unwrap();
        assert!(text.starts_with(begin) && text.ends_with('\n'), "{format}: {text}");
    }
}

#[test]
fn a_task_is_downloaded_when_it_is_done() {
    let server = studio();
    let films = format!("{}/v1/films", base(&server));
    let key = ("Authorization", "Bearer test-api-key");
    let created = send(&server, "POST", &films, &[key, JSON], br#"{"prompt": "A boat"}"#);
    let id = created.json()["id"].as_str().unwrap_or_else(|| panic!("{created:?}")).to_owned();
    let content = |id: &str| send(&server, "GET", &format!("{films}/{id}/content"), &[key], b"");
    let early = content(&id);
    assert!([404, 409].contains(&early.status), "{early:?}");
    assert_eq!(server.requests().pop().unwrap().refused, Some(Refused::NotReady));
    assert_eq!(content(&id).status, early.status, "looking is no poll");
    for _ in 0..2 {
        assert_eq!(send(&server, "GET", &format!("{films}/{id}"), &[key], b"").status, 200);
    }
    let film = content(&id);
    assert_eq!((film.status, film.header("content-type")), (200, "video/mp4"));
    assert_eq!(&film.body[4..8], b"ftyp");
    assert_eq!(content("task_0").status, 404);
    assert_eq!(server.requests().pop().unwrap().refused, Some(Refused::UnknownTask));
}

#[test]
fn results_are_files_of_the_server() {
    let server = runapi();
    let path = "/api/v1/nano_banana/text_to_image";
    let body = json!({"model": "nano-banana", "prompt": "A boat"}).to_string();
    let created = post(&server, path, &body);
    let id = created.json()["id"].as_str().unwrap_or_else(|| panic!("{created:?}")).to_owned();
    get(&server, &format!("{path}/{id}"));
    let status = get(&server, &format!("{path}/{id}")).json();
    let url = &status["images"][0]["url"];
    assert!(url.as_str().unwrap().contains(&id), "{status}");
    let image = fetched(&server, url);
    assert_eq!(image.status, 200);
    assert!(image.header("content-type").starts_with("image/"), "{image:?}");
    let seen = server.requests().len();
    fetched(&server, url);
    assert_eq!(server.requests().len(), seen, "files are not of the API");
}

#[test]
fn urls_stay_those_of_the_documents_where_asked() {
    let server = start(Server::builder().spec_folder(spec()).apis(["runapi"]).documented_urls());
    let reply = post(&server, "/api/v1/files/from_base64", r#"{"base64_data": "aGVsbG8="}"#);
    assert!(!reply.json()["download_url"].as_str().unwrap().starts_with(&server.url()), "{reply:?}");
}

#[test]
fn uploads_come_back() {
    let server = runapi();
    let body = json!({"base64_data": "data:image/png;base64,aGVsbG8=", "file_name": "a.png"}).to_string();
    let reply = post(&server, "/api/v1/files/from_base64", &body);
    assert_eq!(reply.status, 201, "{reply:?}");
    assert_eq!(reply.json()["file_size"], 5);
    let file = fetched(&server, &reply.json()["download_url"]);
    assert_eq!((file.header("content-type"), &*file.body), ("image/png", &b"hello"[..]));
    let form = b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\nContent-Type: x/y\r\n\r\n\0\r\n--\xff\r\n--b--\r\n";
    let reply = send(
        &server,
        "POST",
        "/api/v1/files/from_stream",
        &[RUNAPI_KEY, ("Content-Type", "multipart/form-data; boundary=b")],
        form,
    );
    assert_eq!(reply.status, 201, "{reply:?}");
    let file = fetched(&server, &reply.json()["download_url"]);
    assert_eq!((file.header("content-type"), &*file.body), ("x/y", &b"\0\r\n--\xff"[..]));
    let url = reply.json()["download_url"].as_str().unwrap().replace("upload_", "upload_0");
    assert_eq!(fetched(&server, &url.into()).status, 404);
}

/// Whatever is uploaded, it is no page of the server: there it could ask in the server's own name.
#[test]
fn uploaded_pages_are_files() {
    let server = runapi();
    let upload = |kind: &str, content: &str| {
        let form = format!(
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\nContent-Type: {kind}\r\n\r\n{content}\r\n--b--\r\n"
        );
        let headers = [RUNAPI_KEY, ("Content-Type", "multipart/form-data; boundary=b")];
        let reply = send(&server, "POST", "/api/v1/files/from_stream", &headers, form.as_bytes());
        assert_eq!(reply.status, 201, "{reply:?}");
        fetched(&server, &reply.json()["download_url"])
    };
    for (kind, shown, disposition) in [
        ("text/html", "application/octet-stream", "attachment"),
        ("Text/HTML; charset=utf-8", "application/octet-stream", "attachment"),
        ("image/svg+xml", "application/octet-stream", "attachment"),
        ("application/xhtml+xml", "application/octet-stream", "attachment"),
        ("text/javascript", "application/octet-stream", "attachment"),
        ("text/css", "text/css", "attachment"),
        ("image/png", "image/png", ""),
        ("text/plain", "text/plain", ""),
    ] {
        let file = upload(kind, &format!("<script>fetch('/')</script>{kind}"));
        assert_eq!((file.header("content-type"), file.header("content-disposition")), (shown, disposition), "{kind}");
        assert_eq!(file.header("x-content-type-options"), "nosniff", "{kind}");
        assert!(file.header("content-security-policy").contains("sandbox"), "{kind}");
        assert!(file.body.ends_with(kind.as_bytes()), "the bytes are those that were given");
    }
    let data = json!({"base64_data": "data:text/html;base64,PGI+", "file_name": "a.html"}).to_string();
    let reply = post(&server, "/api/v1/files/from_base64", &data);
    let file = fetched(&server, &reply.json()["download_url"]);
    assert_eq!((file.header("content-disposition"), &*file.body), ("attachment", &b"<b>"[..]));
}

#[test]
fn no_page_is_anything_else() {
    let server = runapi();
    assert_eq!(send(&server, "GET", "/__specwright/x", &[], b"").status, 404);
    let reply = send(&server, "POST", "/__specwright/files/a.png", &[], b"{}");
    assert_eq!((reply.status, reply.header("allow"), reply.header("connection")), (405, "GET, HEAD", "close"));
}
