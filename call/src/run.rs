//! A call from its words to its outcome.

use std::cell::Cell;
use std::fs::{self, OpenOptions};
use std::path::Path;

use specwright_codegen::failure::Failure;
use specwright_codegen::model::{Api, Operation, Output};
use specwright_runtime as rt;
use specwright_runtime::{Blocking as _, Client};

use crate::arguments::{self, Parameters};
use crate::client::{self, Keys};
use crate::described::{self, Described};
use crate::options::{Asked, Mock, Options};
use crate::output::{Console, Outcome};
use crate::request::CallRequest;
use crate::send::{self, Sending};
use crate::shell::Markers;
use crate::{check, curl, find, help};

/// Runs a call, or explains what can be called.
///
/// # Errors
/// Fails if the arguments are wrong, if a credential is missing, or if the server cannot be reached. That a request breaks
/// a rule, and that the server refuses it, are findings.
pub fn run(api: &Api, asked: &Asked<'_>, console: &mut Console<'_>) -> Result<Outcome, Failure> {
    let Some(name) = asked.operation else {
        console.print(&help::api(api, asked.program))?;
        return Ok(Outcome::Clean);
    };
    let op = find::operation(api, name, asked.program)?;
    if asked.help {
        console.print(&help::operation(api, op, asked.program))?;
        return Ok(Outcome::Clean);
    }
    let options = &asked.options;
    fits(api, op, options, console)?;
    let mut parameters = match options.task {
        Some(_) if asked.words.is_empty() => Parameters::default(),
        // Its status may be at a path with more than its id.
        Some(_) => {
            arguments::read(api, op, asked.words, true, console.input).map_err(|it| with_help(it, api, op, asked))?
        }
        None => arguments::read(api, op, asked.words, options.no_check, console.input)
            .map_err(|it| with_help(it, api, op, asked))?,
    };
    if options.task.is_none() {
        arguments::fill(api, op, &mut parameters, asked.environment, options.stream);
        let verdict = check::verdict(api, op, &parameters);
        console.say_if_any(&check::words(api, op, &parameters, &verdict));
        if !verdict.is_valid() && !options.no_check {
            console.say("nothing was sent; `--no-check` sends it all the same");
            return Ok(Outcome::Findings);
        }
    }
    let described_api = described::api(api);
    let described = described::operation(api, described_api, op);
    if options.task.is_none() && (options.dry_run || options.verbose) {
        let (command, notes) = command(api, op, asked, &mut parameters.clone(), (described_api, described))?;
        if options.dry_run {
            notes.iter().for_each(|it| console.say(it));
            console.print(&command)?;
            return Ok(Outcome::Clean);
        }
        console.say(&command);
    }
    let request = CallRequest::new(op, described.operation, &parameters).map_err(Failure::new)?;
    let request = request.watched(|it| console.progress_of_upload(&it.name()?));
    let variables = api.credentials.iter().flat_map(|it| it.variables()).map(|it| it.0);
    let secrets = variables.filter_map(|it| (asked.environment)(it)).map(|it| it.trim().to_owned());
    let secrets: Vec<String> = secrets.filter(|it| !it.is_empty()).collect();
    let sending = |client: Client, console: &mut Console<'_>| {
        let (request, secrets) = (request.clone(), secrets.clone());
        let (parameters, program) = (&parameters, asked.program);
        send::send(
            &Sending {
                api,
                op,
                described_api,
                described,
                client,
                request,
                parameters,
                options,
                secrets,
                program,
                head_shown: Cell::new(false),
            },
            console,
        )
    };
    let client = |keys: Keys| client::client(api, op, described_api, asked, &parameters, keys);
    match &options.mock {
        None => sending(client(Keys::Environment)?, console),
        Some(Mock::Running(urls)) => sending(client(Keys::Invented(urls.clone()))?, console),
        #[cfg(feature = "mock")]
        Some(Mock::Start(spec)) => {
            // It ends when the call has ended.
            let server = crate::mock::start(spec, api)?;
            sending(client(Keys::Invented(crate::mock::urls(&server, api)))?, console)
        }
        #[cfg(not(feature = "mock"))]
        Some(Mock::Start(_)) => Err(Failure::new("this program was compiled without the mock server")),
    }
}

/// Checks the flags against the operation, before anything is sent.
fn fits(api: &Api, op: &Operation, options: &Options, console: &Console<'_>) -> Result<(), Failure> {
    let name = op.full_name(api);
    let is_task = matches!(op.output, Output::Task(_));
    if options.dry_run && options.task.is_some() {
        return Err(Failure::new("`--dry-run` shows the request that starts a task, and `--task` sends none"));
    }
    let wrong = |why: &str| Err(Failure::new(format!("`{name}` {why}")));
    if (options.no_wait || options.task.is_some() || options.deadline.is_some()) && !is_task {
        return wrong("starts no task, so there is none to wait for");
    }
    if options.pages.is_some() && op.pages.is_none() {
        return wrong("has no pages");
    }
    if options.stream && op.stream.is_none() {
        return wrong("has no stream");
    }
    let goes_to_terminal = options.output.as_deref().is_none_or(send::is_dash) && console.out_is_terminal;
    if send::brings_bytes(op) && goes_to_terminal && !options.dry_run {
        return Err(Failure::new(format!("`{name}` answers with bytes, which a terminal cannot show"))
            .help("write them to a file with `-o FILE`"));
    }
    match options.output.as_deref().filter(|it| !send::is_dash(it) && !options.dry_run) {
        Some(path) => can_be_written(path),
        None => Ok(()),
    }
}

/// What cannot be written is told before anything is sent: the answer may have cost money.
fn can_be_written(path: &Path) -> Result<(), Failure> {
    let failed = |why: &str| {
        Err(Failure::new(format!("`{}` cannot be written: {why}; nothing was sent", path.display()))
            .help("name another file with `-o`"))
    };
    match fs::metadata(path) {
        Ok(about) if about.is_dir() => failed("it is a folder"),
        // It is opened, and stays as it is. What is no file, such as a pipe, is opened once.
        Ok(about) if about.is_file() => match OpenOptions::new().append(true).open(path) {
            Ok(_) => Ok(()),
            Err(error) => failed(&error.to_string()),
        },
        Ok(_) => Ok(()),
        Err(_) => match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() && !folder.is_dir() => {
                failed(&format!("there is no folder `{}`", folder.display()))
            }
            _ => Ok(()),
        },
    }
}

fn with_help(failure: Failure, api: &Api, op: &Operation, asked: &Asked<'_>) -> Failure {
    let help = format!("`{} call {} {} --help` lists the parameters", asked.program, api.name, op.full_name(api));
    if failure.help.is_some() { failure } else { failure.help(help) }
}

/// The request as a command for a shell, and what has to be known of it.
fn command(
    api: &Api,
    op: &Operation,
    asked: &Asked<'_>,
    parameters: &mut Parameters,
    (described_api, described): (&'static rt::Api, Described),
) -> Result<(String, Vec<String>), Failure> {
    let mut markers = Markers::default();
    for (variable, _) in api.credentials.iter().flat_map(|it| it.variables()) {
        if let Some(value) = (asked.environment)(variable) {
            markers.hide(variable, value.trim());
        }
    }
    curl::without_secrets(api, op, parameters, &mut markers);
    let request = CallRequest::new(op, described.operation, parameters).map_err(Failure::new)?;
    let capture = curl::Capture::default();
    let client = client::capturing(api, op, described_api, asked, parameters, (&mut markers, capture.clone()))?;
    let take = |request: CallRequest| {
        let call = send::call(&client, &asked.options);
        let refused = match op.stream.as_ref().filter(|_| send::is_streamed(op, parameters)) {
            Some(stream) => {
                let spec = described::stream(stream);
                call.stream::<_, send::Event, ()>(request, spec, send::read).blocking().err()
            }
            None => call.start(request).blocking().err(),
        };
        capture.take().ok_or_else(|| {
            let why = refused.map(|it| it.to_string()).unwrap_or_default();
            Failure::new(format!("the request cannot be written: {why}"))
        })
    };
    let mut taken = take(request.clone())?;
    // The parts that the caller did not write are taken from a request that has no others.
    if let Some(empty) = request.without_parts().filter(|_| curl::has_key_in_body(api, op)) {
        capture.read_parts();
        taken.body = take(empty)?.body;
    }
    let output = asked.options.output.as_deref().map_or("answer.bin".into(), |it| it.display().to_string());
    Ok((curl::command(op, &taken, &request, &markers, &output), markers.notes))
}
