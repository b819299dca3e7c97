//! Tests responses of bytes and of text, without sockets.

use std::pin::Pin;
use std::task::{Context, Poll};

use super::*;
use crate::transport::SendOptions;

static SPEAK: Operation =
    Operation { name: "voice.speak", method: "POST", path: "/speak", ..VOICE_JSON.accept("audio/mpeg") };
static FETCH: Operation = Operation { name: "voice.fetch", path: "/fetch", ..BYTES };
static BILLED: Operation = Operation { idempotent: false, ..BYTES };
const BYTES: Operation = VOICE_JSON.accept("audio/mpeg");
static SUBTITLES: Operation = VOICE_JSON.accept("application/json, text/plain");
const VOICE_JSON: Operation = Operation::get(&VOICES, "voice.subtitles", "/subtitles").content_types(&[]);
static TRANSCRIBE: Operation = VOICE_JSON;
static VOICES: Api = Api {
    name: "voices",
    version: "1.0.0",
    servers: &[("default", "https://voices.test")],
    credentials: API.credentials,
    error_message: &["/error/message"],
    error_code: &["/error/code"],
    error_details: &[],
    statuses: &[],
    codes: &[("too_many", StatusKind::RateLimited)],
    rate_limit_headers: [None, None, None],
    request_id_header: Some("x-request-id"),
    ..Api::EMPTY
};

/// A request for bytes, of one operation or the other.
struct Speak(&'static Operation);

impl Rules for Speak {}

impl Request for Speak {
    type Reply = Download;

    fn operation(&self) -> &'static Operation {
        self.0
    }

    fn write(&self, out: &mut RequestParts) {
        out.path(self.0.path);
    }

    fn reply(raw: RawResponse, client: &Client) -> Result<Download> {
        reply::download(raw, client)
    }
}

struct Transcribe;

impl Rules for Transcribe {}

impl Request for Transcribe {
    type Reply = Response<Picture>;

    fn operation(&self) -> &'static Operation {
        &TRANSCRIBE
    }

    fn write(&self, out: &mut RequestParts) {
        out.path("/transcribe");
    }

    fn reply(raw: RawResponse, _: &Client) -> Result<Self::Reply> {
        reply::json_or_text(raw, "url")
    }
}

impl Downloads for Picture {
    fn operation() -> &'static Operation {
        &SPEAK
    }

    fn path() -> (&'static str, &'static str) {
        ("/speak/", "")
    }
}

fn audio(body: &'static str) -> Answer {
    Answer::new(200, body).header("content-type", "audio/mpeg")
}

#[test]
fn the_head_is_available_before_the_body() {
    let named = audio("abc").header("content-length", "3").header("x-request-id", "r-7");
    let it = Setup::new([named.header("content-disposition", "attachment; filename=\"../a.mp3\"")]);
    let download = it.send(Speak(&SPEAK)).unwrap();
    assert_eq!(it.server.requests()[0].headers()["accept"], "audio/mpeg");
    assert_eq!((download.content_type(), download.content_length()), (Some("audio/mpeg"), Some(3)));
    assert_eq!((download.file_name().as_deref(), download.request_id()), (Some("a.mp3"), Some("r-7")));
    assert_eq!((download.status().as_u16(), download.attempts(), download.warnings().len()), (200, 1, 0));
    assert!(!format!("{download:?}").contains("a.mp3"), "{download:?}");
    assert_eq!(it.clock.run(download.bytes(3)).unwrap(), "abc");
}

#[test]
fn reading_into_memory_has_a_limit() {
    for announced in [true, false] {
        let mut answer = audio("abcdef");
        if announced {
            answer = answer.header("content-length", "6");
        }
        let it = Setup::new([answer]);
        let download = it.send(Speak(&SPEAK)).unwrap();
        let error = it.clock.run(download.bytes(5)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AnswerTooLarge);
        assert!(error.to_string().contains("more than 5 bytes"), "{error}");
    }
}

#[test]
fn a_body_must_have_its_announced_length() {
    let cases = [
        (audio("abc").header("content-length", "4"), Err("after 3 of 4 bytes")),
        (audio("abc").broken(), Err("after 3 bytes")),
        (audio("").header("content-length", "1"), Err("after 0 of 1 bytes")),
        (audio(""), Ok("")),
        // This is the length of the compressed body.
        (audio("abc").header("content-length", "9").header("content-encoding", "gzip"), Ok("abc")),
        (audio("abc").header("content-length", "many"), Ok("abc")),
    ];
    for (answer, expected) in cases {
        let it = Setup::new([answer]);
        let download = it.send(Speak(&SPEAK)).unwrap();
        match (it.clock.run(download.bytes(9)), expected) {
            (Ok(bytes), Ok(expected)) => assert_eq!(bytes, expected),
            (Err(error), Err(words)) => {
                assert_eq!(error.kind(), ErrorKind::Transport);
                assert!(error.to_string().contains(words), "{error}");
            }
            (got, _) => panic!("{expected:?}: {got:?}"),
        }
    }
}

#[test]
fn errors_with_a_success_status_are_detected() {
    let refused = |code: &str| Answer::json(200, &json!({"error": {"message": format!("no {KEY}"), "code": code}}));
    let it = Setup::new([refused("too_many")]);
    let error = it.send(Speak(&SPEAK)).unwrap_err();
    assert!(error.is_rate_limited() && error.code() == Some("too_many"), "{error}");
    assert!(!error.to_string().contains(KEY), "{error}");
    let it = Setup::new([refused("what")]);
    let error = it.send(Speak(&SPEAK)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Api(StatusKind::Server));
    assert!(error.message().starts_with("no "), "{error}");
    // The server did respond: a retry would have the same result.
    assert_eq!(it.server.count(), 1);
    // A declared code is enough.
    let it = Setup::new([Answer::json(200, &json!({"error": {"code": "too_many"}}))]);
    assert!(it.send(Speak(&SPEAK)).unwrap_err().is_rate_limited());
}

#[test]
fn other_json_is_returned() {
    let huge = format!("{{\"error\": {{\"message\": \"{}\"}}}}", "x".repeat(70_000));
    let cases = [
        (&SPEAK, r#"{"subtitles": []}"#.to_owned()),
        (&SPEAK, "{\"error\":".to_owned()),
        (&SPEAK, r#"{"error": {"message": "", "code": "what"}}"#.to_owned()),
        (&SPEAK, r#"{"error": {"message": false}}"#.to_owned()),
        (&SPEAK, huge),
        (&SUBTITLES, r#"{"error": {"message": "is a subtitle"}}"#.to_owned()),
    ];
    for (operation, body) in cases {
        for announced in [true, false] {
            let mut answer = Answer::new(200, body.clone()).header("content-type", "application/json");
            if announced {
                answer = answer.header("content-length", &body.len().to_string());
            }
            let it = Setup::new([answer]);
            let download = it.send(Speak(operation)).unwrap();
            assert_eq!(it.clock.run(download.bytes(100_000)).unwrap(), body);
        }
    }
}

#[test]
fn a_failed_head_is_retried_and_a_failed_body_is_not() {
    let it = Setup::new([Answer::new(500, ""), audio("abc").broken()]);
    let download = it.send(Speak(&SPEAK)).unwrap();
    assert_eq!(download.attempts(), 2);
    assert!(it.clock.run(download.bytes(9)).is_err());
    assert_eq!(it.server.count(), 2);
}

fn away(status: u16, location: &str) -> Answer {
    Answer::new(status, "<title>Moved</title>").header("location", location)
}

/// A download with this response, of an operation that may be retried.
fn fetched(answers: impl IntoIterator<Item = Answer>) -> (Setup, Result<Download>) {
    let it = Setup::with(answers, |it| it.header("x-api-key", KEY).header("x-team", "red"));
    let mut call = it.client.call();
    call.options().header("if-none-match", "\"v1\"");
    let download = it.clock.run(call.send(Speak(&FETCH)));
    (it, download)
}

#[test]
fn redirects_of_a_download_are_followed_without_the_key() {
    for status in [301, 302, 303, 307, 308] {
        let (it, download) = fetched([away(status, "https://store.test/k?sig=1"), audio("abc")]);
        let download = download.unwrap();
        assert_eq!(download.attempts(), 1);
        assert_eq!(it.clock.run(download.bytes(9)).unwrap(), "abc");
        let sent = &it.server.requests()[1];
        assert_eq!((sent.method().as_str(), sent.uri().to_string().as_str()), ("GET", "https://store.test/k?sig=1"));
        let names: Vec<_> = sent.headers().keys().map(|it| it.as_str()).collect();
        assert_eq!(names, ["accept"]);
        assert_eq!(sent.headers()["accept"], "audio/mpeg");
    }
    // Within the same origin, only the URL changes.
    let (it, download) = fetched([away(302, "/v2/fetch"), audio("abc")]);
    assert!(download.is_ok());
    let sent = it.server.requests();
    assert_eq!((sent[1].uri().path(), sent[1].headers()), ("/v2/fetch", sent[0].headers()));
    assert!(sent[1].headers().contains_key("authorization"));
}

#[test]
fn redirects_that_cannot_be_followed_are_reported() {
    let elsewhere = |index: usize| away(302, &format!("/{index}"));
    for (answers, sent, words) in [
        (vec![Answer::new(302, "")], 1, "without saying where"),
        (vec![away(302, "https://")], 1, "to a malformed address"),
        (vec![away(302, "file:///etc/passwd")], 1, "not http or https"),
        (vec![away(302, "http://store.test/k")], 1, "from https to http://store.test"),
        (vec![away(302, "/fetch")], 1, "in a circle"),
        (vec![away(302, "/a"), away(302, "/b"), away(302, "/a")], 3, "in a circle"),
        ((0..12).map(elsewhere).collect(), 11, "more than 10 times"),
    ] {
        let (it, download) = fetched(answers);
        let error = download.unwrap_err();
        assert_eq!((error.kind(), it.server.count()), (ErrorKind::UnexpectedStatus, sent), "{error}");
        assert!(error.message().contains(words) && error.status().unwrap().is_redirection(), "{error}");
    }
    let (it, download) = fetched([Answer::new(304, "")]);
    let error = download.unwrap_err();
    assert!(error.message().contains("has not changed") && it.server.count() == 1, "{error}");
    // Requests with a body do not follow redirects.
    let it = Setup::new([away(307, "https://store.test/k"), audio("abc")]);
    let error = it.send(Speak(&SPEAK)).unwrap_err();
    assert!(error.message().contains("check the base URL") && it.server.count() == 1, "{error}");
}

#[test]
fn a_failed_store_is_retried_from_the_first_url() {
    let to_store = || away(302, "https://store.test/k");
    let faults = [Answer::new(503, "<html>"), Answer::fault(TransportErrorKind::NotSent), Answer::never()];
    for fault in faults {
        let (it, download) = fetched([to_store(), fault.clone(), to_store(), audio("abc")]);
        assert_eq!((download.unwrap().attempts(), it.server.count()), (2, 4), "{fault:?}");
        // A download that costs money is not retried, because the first response may already be billed.
        let it = Setup::new([to_store(), fault.clone(), audio("abc")]);
        let error = it.send(Speak(&BILLED)).unwrap_err();
        assert_eq!((error.attempts(), it.server.count()), (1, 2), "{fault:?}");
        assert!(!error.is_connect(), "{error}");
    }
    let it = Setup::new([to_store(), Answer::new(503, "").header("retry-after", "0"), audio("abc")]);
    assert!(it.send(Speak(&BILLED)).is_err());
    assert_eq!(it.server.count(), 2);
}

/// Responds with pieces at the given times, in seconds, and then with nothing more.
#[derive(Debug)]
struct Slow(VirtualClock, &'static [u64]);

impl Transport for Slow {
    fn send(
        &self,
        _: http::Request<Body>,
        options: SendOptions,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        assert!(options.streams && options.idle_timeout == Some(secs(10)), "{options:?}");
        let ticks = Ticks { clock: self.0.clone(), left: self.1, wait: None };
        Box::pin(async move { Ok(http::Response::new(Body::from_stream(ticks))) })
    }
}

struct Ticks {
    clock: VirtualClock,
    left: &'static [u64],
    wait: Option<BoxFuture<'static, ()>>,
}

impl futures_core::Stream for Ticks {
    type Item = Result<bytes::Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let Some((first, left)) = this.left.split_first() else { return Poll::Pending };
        let clock = &this.clock;
        let wait = this.wait.get_or_insert_with(|| clock.sleep(secs(*first)));
        std::task::ready!(wait.as_mut().poll(context));
        (this.left, this.wait) = (left, None);
        Poll::Ready(Some(Ok("x".into())))
    }
}

#[test]
fn only_silence_is_limited() {
    let clock = VirtualClock::new();
    let slow = Slow(clock.clone(), &[9, 9, 9, 0, 9]);
    let builder = Client::builder(&VOICES).api_key(KEY).transport(slow).clock(clock.clone());
    // The timeouts of a call end with the head.
    let client = builder.idle_timeout(secs(10)).timeout(secs(5)).total_timeout(secs(6)).build().unwrap();
    let mut download = clock.run(client.send(Speak(&SPEAK))).unwrap();
    for _ in 0..5 {
        assert_eq!(clock.run(download.next()).unwrap().unwrap(), "x");
    }
    assert_eq!(clock.passed(), secs(36));
    let error = clock.run(download.next()).unwrap().unwrap_err();
    assert!(error.is_timeout() && error.to_string().contains("no data for 10s, after 5 bytes"), "{error}");
    assert_eq!(clock.passed(), secs(46));
    assert!(clock.run(download.next()).is_none());
}

#[test]
fn a_task_is_downloaded_by_its_id() {
    let done = Answer::json(200, &json!({"status": "completed", "url": "u"}));
    let it = Setup::new([done, audio("abc"), Answer::new(404, "")]);
    let task = Task::<Picture>::resume(&it.client, &TASK, "a/b");
    let download = it.clock.run(task.wait_and_download()).unwrap();
    assert_eq!(it.clock.run(download.bytes(9)).unwrap(), "abc");
    assert_eq!(it.server.requests()[1].uri().path(), "/speak/a%2Fb");
    let error = it.clock.run(task.download().with_max_retries(0)).unwrap_err();
    assert!(error.is_not_found() && error.task_id() == Some("a/b"), "{error}");

    let it = Setup::new([Answer::json(200, &json!({"status": "failed", "error": "no luck"})), audio("abc")]);
    let task = Task::<Picture>::resume(&it.client, &TASK, "7");
    assert!(it.clock.run(task.wait_and_download()).unwrap_err().is_task_failed());
    assert_eq!(it.server.count(), 1);
}

#[test]
fn text_is_read_as_a_field() {
    let text = |kind: &str, body: &'static str| Answer::new(200, body).header("content-type", kind);
    let cases = [
        (text("text/plain; charset=utf-8", "Hello\n"), Ok("Hello\n")),
        (text("application/x-subrip", "1\n00:00"), Ok("1\n00:00")),
        (text("text/vtt", "\u{feff}WEBVTT"), Ok("WEBVTT")),
        (text("text/plain", "{\"url\": 1}"), Ok("{\"url\": 1}")),
        (text("text/plain", ""), Ok("")),
        (text("application/json", "{\"url\": \"Hello\"}"), Ok("Hello")),
        (text("Application/Problem+JSON", "{\"url\": \"Hello\"}"), Ok("Hello")),
        (Answer::new(200, " {\"url\": \"Hello\"}"), Ok("Hello")),
        (Answer::new(200, "Hello"), Ok("Hello")),
        (text("application/json", "Hello"), Err("not JSON")),
        (text("text/html", "<h1>Log in"), Err("a page")),
        (Answer::new(200, &b"\xff\xfe"[..]).header("content-type", "text/plain"), Err("not text")),
    ];
    for (answer, expected) in cases {
        let it = Setup::new([answer.clone()]);
        match (it.send(Transcribe), expected) {
            (Ok(got), Ok(expected)) => {
                assert_eq!((got.url.as_str(), &got.raw()["url"]), (expected, &json!(expected)), "{answer:?}");
            }
            (Err(error), Err(words)) => assert!(error.is_decode() && error.to_string().contains(words), "{error}"),
            (got, _) => panic!("{answer:?}: {got:?}"),
        }
    }
}

#[test]
fn downloads_move_between_threads() {
    fn moves<T: Send + Unpin>(_: &T) {}
    fn moved<T: Send>(_: T) {}
    let it = Setup::new([audio("abc")]);
    let download = it.send(Speak(&SPEAK)).unwrap();
    moves(&download);
    moved(download.save("never"));
    moved(Task::<Picture>::resume(&it.client, &TASK, "1").wait_and_download());
}

#[test]
fn saving_requires_no_async_runtime() {
    let path = std::env::temp_dir().join(format!("specwright-here-{}.mp3", std::process::id()));
    let it = Setup::new([audio("abc")]);
    let download = it.send(Speak(&SPEAK)).unwrap();
    assert_eq!(it.clock.run(download.save(&path)).unwrap(), 3);
    assert_eq!(std::fs::read(&path).unwrap(), b"abc");
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn a_blocking_clock_does_not_sleep_during_a_download() {
    /// A clock on which sleeping is an error.
    #[derive(Debug)]
    struct Holds;

    impl Clock for Holds {
        fn now(&self) -> std::time::Instant {
            TokioClock.now()
        }

        fn system_time(&self) -> std::time::SystemTime {
            TokioClock.system_time()
        }

        fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
            panic!("a sleep began")
        }

        fn random(&self) -> f64 {
            0.0
        }

        fn blocks(&self) -> bool {
            true
        }
    }

    let server = FakeServer::new([picture(), audio("abc")]);
    let client = Client::builder(&API).api_key(KEY).transport(server).clock(Holds).build().unwrap();
    let clock = VirtualClock::new();
    assert!(clock.run(client.send(Create("a tree"))).is_ok());
    assert_eq!(clock.run(clock.run(client.send(Speak(&SPEAK))).unwrap().bytes(9)).unwrap(), "abc");
}

/// A blocking clock whose time only passes when a server uses it.
#[derive(Clone, Debug)]
struct Held(std::time::Instant, std::sync::Arc<std::sync::Mutex<Duration>>);

impl Held {
    fn passed(&self) -> Duration {
        *self.1.lock().unwrap()
    }

    fn pass(&self, time: Duration) {
        *self.1.lock().unwrap() += time;
    }
}

impl Clock for Held {
    fn now(&self) -> std::time::Instant {
        self.0 + self.passed()
    }

    fn system_time(&self) -> std::time::SystemTime {
        TokioClock.system_time()
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'static, ()> {
        self.pass(time);
        Box::pin(std::future::ready(()))
    }

    fn random(&self) -> f64 {
        1.0
    }

    fn blocks(&self) -> bool {
        true
    }
}

/// A server that takes three seconds for every head and for every byte. It redirects, or sends this response.
#[derive(Clone, Debug)]
struct Dawdles {
    clock: Held,
    answer: Option<(u16, &'static str)>,
    told: std::sync::Arc<std::sync::Mutex<Vec<Option<Duration>>>>,
}

impl Transport for Dawdles {
    fn send(
        &self,
        _: http::Request<Body>,
        options: SendOptions,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        let mut told = self.told.lock().unwrap();
        told.push(options.timeout);
        self.clock.pass(secs(3));
        let head = http::Response::builder().header("content-type", "application/json");
        let answer = match self.answer {
            None => head.status(302).header("location", format!("/{}", told.len())).body(Body::from_bytes("")),
            Some((status, byte)) => head.status(status).body(Body::from_stream(Drips(self.clock.clone(), byte))),
        };
        Box::pin(std::future::ready(Ok(answer.unwrap())))
    }
}

struct Drips(Held, &'static str);

impl futures_core::Stream for Drips {
    type Item = Result<bytes::Bytes, TransportError>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.pass(secs(3));
        Poll::Ready(Some(Ok(self.1.into())))
    }
}

#[test]
fn timeouts_apply_to_blocking_transports() {
    for (answer, is, took) in [
        (None, (|it| it.is_timeout()) as fn(&Error) -> bool, 12),
        // The transport has no timeout for a body that may be read later.
        (Some((200, "{")), |it| it.is_timeout(), 12),
        (Some((500, "x")), |it| it.kind() == ErrorKind::Api(StatusKind::Server) && it.body_is_cut(), 12),
    ] {
        let clock = Held(std::time::Instant::now(), std::sync::Arc::default());
        let dawdles = Dawdles { clock: clock.clone(), answer, told: std::sync::Arc::default() };
        let builder = Client::builder(&VOICES).api_key(KEY).transport(dawdles.clone()).clock(clock.clone());
        let client = builder.retry(RetryPolicy::none()).timeout(secs(10)).build().unwrap();
        let error = VirtualClock::new().run(client.send(Speak(&FETCH))).unwrap_err();
        assert!(is(&error), "{answer:?}: {error}");
        assert_eq!((clock.passed(), error.attempts()), (secs(took), 1), "{answer:?}");
        let told = dawdles.told.lock().unwrap();
        let left: Vec<_> = [10, 7, 4, 1].into_iter().map(|it| Some(secs(it))).take(told.len()).collect();
        assert!(*told == left && told.len() == if answer.is_none() { 4 } else { 1 }, "{told:?}");
    }
}
