//! How fast a server is: validated requests per second of its one thread, memory, time to ready, and whether the
//! number of operations matters.
//!
//! `cargo run --release -p specwright-contract --example load [--json] [SECONDS]` in the project's folder. It plays the
//! specs of the project, sends them requests over keep-alive connections without pipelining, and divides what was
//! answered by the processor time of the server's thread: on a machine with a core to spare that is requests per second,
//! and on a busy one it still says what one core can do. Linux only, for `/proc`.
//!
//! `--json` prints an object per line instead of a sentence, for `cargo xtask bench`. `--start FOLDER [API]…` starts a
//! server once and prints how long it took: that is how this program starts others of its kind, since the memory of a
//! process is only known before it has done anything else.

use std::error::Error;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use serde_json::{Value, json};
use specwright_codegen::model::{Api, Output};
use specwright_contract::{Server, sample};

const CONNECTIONS: usize = 16;
/// Threads that send.
const DRIVERS: usize = 2;
/// How often a server is started; the quickest start counts.
const STARTS: usize = 3;
/// Bodies that break rules, of which the first is sent that the API refuses: some take any field.
const BROKEN: [&str; 2] = [r#"{"strange":1}"#, "[]"];

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// How to print, and how long to send each request.
struct Options {
    json: bool,
    time: Duration,
}

impl Options {
    fn print(&self, sentence: &str, object: &Value) {
        if self.json {
            println!("{object}");
        } else {
            println!("{sentence}");
        }
    }
}

/// A request as it is sent again and again.
struct Sent {
    what: String,
    bytes: Vec<u8>,
    /// 0 for a request that is to be refused.
    expected: u16,
}

fn main() -> Result<()> {
    let mut options = Options { json: false, time: Duration::from_secs(2) };
    let mut arguments = env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--json" => options.json = true,
            "--start" => {
                let folder = arguments.next().ok_or("which folder?")?;
                let (_server, ready) = start(Path::new(&folder), &arguments.collect::<Vec<_>>())?;
                println!("{} {}", ready.as_secs_f64() * 1e3, mib()?);
                return Ok(());
            }
            seconds => options.time = Duration::from_secs(seconds.parse()?),
        }
    }
    let specs = Path::new("spec");
    started(&options, "all", &starts(specs, &[])?, false);
    let (server, _) = start(specs, &[])?;
    let mut requests = Vec::new();
    let mut names = Vec::new();
    server.for_each_api(|api| {
        names.push(api.name.clone());
        requests.extend(of_api(&server, api));
    });
    for it in &requests {
        report(&options, &server, it)?;
    }
    let open = server.open_tasks();
    options.print(
        &format!("{open} tasks remembered, {:.1} MiB resident", mib()?),
        &json!({ "specs": format!("all, with {open} tasks"), "mib": mib()? }),
    );
    drop(server);
    for name in &names {
        started(&options, name, &starts(specs, &[name.as_str()])?, false);
    }
    for operations in [10, 100, 1000] {
        let folder = env::temp_dir().join(format!("specwright-load-{}", std::process::id())).join("spec");
        synthetic(&folder, operations)?;
        let (server, _) = start(&folder, &[])?;
        let body = r#"{"prompt":"A paper boat","model":"b","count":3}"#;
        let last = format!("POST /load/v1/group_{}/act/{{id}}/run", operations - 1).replace("{id}", "x");
        let bytes = request(&last, &[("Authorization", "Bearer k")], Some(body));
        let what = format!("a made-up API of {operations} operations");
        started(&options, &what, &starts(&folder, &[])?, true);
        report(&options, &server, &Sent { what, bytes, expected: 200 })?;
        drop(server);
        fs::remove_dir_all(folder.parent().unwrap_or(&folder))?;
    }
    Ok(())
}

/// A start of a server in a process of its own.
struct Started {
    ready_ms: f64,
    mib: f64,
}

fn started(options: &Options, specs: &str, it: &Started, made_up: bool) {
    let Started { ready_ms, mib } = it;
    options.print(
        &format!("{specs}: ready in {ready_ms:.0} ms, {mib:.1} MiB resident"),
        &json!({ "specs": specs, "ready_ms": ready_ms, "mib": mib, "made_up": made_up }),
    );
}

/// Starts a server of some APIs, or of all, several times.
fn starts(folder: &Path, apis: &[&str]) -> Result<Started> {
    let mut best: Option<Started> = None;
    for _ in 0..STARTS {
        let output = Command::new(env::current_exe()?).arg("--start").arg(folder).args(apis).output()?;
        let text = String::from_utf8(output.stdout)?;
        let (ready, mib) = text.trim().split_once(' ').ok_or("the server did not start")?;
        let it = Started { ready_ms: ready.parse()?, mib: mib.parse()? };
        best = Some(match best {
            Some(best) if best.ready_ms <= it.ready_ms => best,
            _ => it,
        });
    }
    best.ok_or_else(|| "no server was started".into())
}

/// A server of some APIs, or of all.
fn start(folder: &Path, apis: &[String]) -> Result<(Server, Duration)> {
    let start = Instant::now();
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let mut builder = Server::builder().spec_folder(folder);
    if !apis.is_empty() {
        builder = builder.apis(apis);
    }
    let server = runtime.block_on(builder.start())?;
    Ok((server, start.elapsed()))
}

/// The example with the most parameters that is answered at once, one that starts a task, and one that is refused.
fn of_api(server: &Server, api: &Api) -> Vec<Sent> {
    let mut all = Vec::new();
    // A stream is no answer that is counted in requests.
    for op in api.operations.iter().filter(|it| it.stream.is_none()) {
        for example in op.examples.iter().filter(|it| it.invalid.is_empty()) {
            let Some(parameters) = example.request.as_ref().and_then(|it| it.as_object()) else { continue };
            let Some(sample) = sample::request(api, op, parameters, &sample::key(api, op)) else { continue };
            all.push((parameters.len(), op, sample));
        }
    }
    all.sort_by_key(|(parameters, ..)| *parameters);
    let task = all.iter().rfind(|(_, op, _)| matches!(op.output, Output::Task(_)));
    let call = all.iter().rfind(|(_, op, _)| matches!(op.output, Output::Json { .. }));
    let mut found = Vec::new();
    for (parameters, op, sample) in task.into_iter().chain(call) {
        let server_name = api.servers.get(op.server).map_or("", |it| it.name.as_str());
        let base = server.url_of_server(&api.name, server_name).unwrap_or_default();
        let path = base.strip_prefix(&server.url()).unwrap_or_default();
        let headers: Vec<(&str, &str)> = sample.headers.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        let line = format!("{} {path}{}", sample.method, sample.path);
        let name = format!("{} {}, {parameters} parameters", api.name, op.full_name(api));
        let bytes = request(&line, &headers, sample.body.as_deref());
        found.push(Sent { what: name.clone(), bytes, expected: op.success });
        let refused = |bytes: &Vec<u8>| status_of(server, bytes).is_ok_and(|it| it >= 400);
        if sample.body.is_some()
            && let Some(bytes) = BROKEN.iter().map(|it| request(&line, &headers, Some(it))).find(refused)
        {
            found.push(Sent { what: format!("{name}, refused"), bytes, expected: 0 });
        }
    }
    found
}

fn request(line: &str, headers: &[(&str, &str)], body: Option<&str>) -> Vec<u8> {
    let mut text = format!("{line} HTTP/1.1\r\nHost: localhost\r\n");
    for (name, value) in headers.iter().filter(|it| it.0 != "Content-Type") {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    if let Some(body) = body {
        text.push_str(&format!("Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len()));
    } else {
        text.push_str("\r\n");
    }
    text.into_bytes()
}

fn report(options: &Options, server: &Server, sent: &Sent) -> Result<()> {
    let (Sent { what, bytes: request, expected }, time) = (sent, options.time);
    // Once before the clock runs: everything that is made late is made then.
    let status = status_of(server, request)?;
    if *expected != 0 && status != *expected {
        return Err(format!("{what}: {status} instead of {expected}").into());
    }
    let before = server_time()?;
    let start = Instant::now();
    let address = server.address();
    let drivers: Vec<_> = (0..DRIVERS)
        .map(|_| {
            let request = request.to_vec();
            thread::spawn(move || drive(address, &request, status, time))
        })
        .collect();
    let mut answered = 0;
    for driver in drivers {
        answered += driver.join().map_err(|_| "a driver failed")??;
    }
    let elapsed = start.elapsed().as_secs_f64();
    let used = (server_time()? - before).as_secs_f64();
    let (per_second, per_second_of_thread) = (f64::from(answered) / elapsed, f64::from(answered) / used);
    options.print(
        &format!(
            "{what}: {status}; {per_second:.0} requests/s, {per_second_of_thread:.0} per second of the server's thread \
             ({:.1} µs each)",
            1e6 / per_second_of_thread,
        ),
        &json!({
            "request": what,
            "status": status,
            "refused": *expected == 0,
            "per_second": per_second,
            "per_second_of_thread": per_second_of_thread,
        }),
    );
    Ok(())
}

/// Sends to several connections, then reads from each: the server always has something to do.
fn drive(address: SocketAddr, request: &[u8], expected: u16, time: Duration) -> Result<u32> {
    let mut streams = Vec::new();
    for _ in 0..CONNECTIONS / DRIVERS {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        streams.push(stream);
    }
    let mut buffer = vec![0; 64 * 1024];
    let mut answered = 0;
    let start = Instant::now();
    for stream in &mut streams {
        stream.write_all(request)?;
    }
    while start.elapsed() < time {
        for stream in &mut streams {
            let status = read_answer(stream, &mut buffer)?;
            if status != expected {
                return Err(format!("{status} instead of {expected}").into());
            }
            answered += 1;
            stream.write_all(request)?;
        }
    }
    Ok(answered)
}

/// Sends a request once; gives the status of the answer.
fn status_of(server: &Server, request: &[u8]) -> Result<u16> {
    let mut stream = TcpStream::connect(server.address())?;
    stream.write_all(request)?;
    read_answer(&mut stream, &mut vec![0; 1 << 20])
}

/// Reads one whole answer; gives its status.
fn read_answer(stream: &mut TcpStream, buffer: &mut [u8]) -> Result<u16> {
    let mut filled = 0;
    loop {
        let count = stream.read(buffer.get_mut(filled..).unwrap_or_default())?;
        if count == 0 {
            return Err("the server closed the connection".into());
        }
        filled += count;
        let seen = buffer.get(..filled).unwrap_or_default();
        let Some(end) = seen.windows(4).position(|it| it == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(seen.get(..end).unwrap_or_default());
        let length = head.lines().find_map(|it| it.strip_prefix("content-length: ")?.parse::<usize>().ok());
        if filled >= end + 4 + length.unwrap_or(0) {
            return Ok(head.split(' ').nth(1).unwrap_or_default().parse()?);
        }
    }
}

/// Processor time of the server's thread.
fn server_time() -> Result<Duration> {
    let mut found = None;
    for task in fs::read_dir("/proc/self/task")? {
        let folder = task?.path();
        // Cut to 15 characters by the system.
        if fs::read_to_string(folder.join("comm"))?.trim() == "specwright-cont" {
            let schedstat = fs::read_to_string(folder.join("schedstat"))?;
            found = schedstat.split(' ').next().and_then(|it| it.parse().ok()).map(Duration::from_nanos);
        }
    }
    found.ok_or_else(|| "the server's thread is not there".into())
}

/// MiB in memory, those of the drivers included.
fn mib() -> Result<f64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|it| it.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse::<f64>()? / 1024.0)
}

/// An API with many operations.
fn synthetic(folder: &Path, operations: usize) -> Result<()> {
    let folder = folder.join("load");
    fs::create_dir_all(&folder)?;
    fs::write(
        folder.join("api.yaml"),
        "api: load\ntitle: Load\ndoc: Many operations.\nservers: https://load.example/v1\n\
         credentials:\n  key: {env: LOAD_KEY, doc: Any., send: {bearer: {header: Authorization, prefix: \"Bearer \"}}}\n",
    )?;
    let mut text = String::from("resource: all\ntitle: All\ndoc: All of them.\noperations:\n");
    for index in 0..operations {
        text.push_str(&format!(
            "  act_{index}:\n    post: /group_{index}/act/{{id}}/run\n    summary: Act.\n    body:\n      \
             prompt: {{type: string, required: true, max_length: 500}}\n      model: {{enum: [a, b], required: true}}\n      \
             count: {{type: integer, minimum: 1, maximum: 9}}\n    response: {{text: string}}\n    examples:\n      \
             - name: one\n        response: {{text: Done.}}\n",
        ));
    }
    fs::write(folder.join("all.yaml"), text)?;
    Ok(())
}
