//! `validate API METHOD PATH [FILE|-]`: one request against a spec.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use serde_json::{Map, json};
use specwright_codegen::escape::json_line;
use specwright_codegen::failure::Failure;
use specwright_codegen::interpret::{self, Request, Verdict as Judgement};
use specwright_codegen::model::{Api, Operation};
use specwright_codegen::pipeline;
use specwright_codegen::validate::{
    SentJson, Target, find_operation, read_json, render_verdict, verdict_json, with_not_text,
};

use crate::{CommandResult, Verdict, output};

/// The request to check.
pub(crate) struct Question<'a> {
    /// The API.
    pub(crate) api: &'a str,
    /// The HTTP method, in any case.
    pub(crate) method: &'a str,
    /// A path template or an actual path.
    pub(crate) path: &'a str,
    /// The file of the body; `-` is standard input.
    pub(crate) file: Option<&'a str>,
    /// Print a JSON object instead of sentences.
    pub(crate) json: bool,
}

/// Violations are findings. A spec with errors, an unknown operation and a body that is not JSON are failures.
pub(crate) fn run(project: &Path, question: &Question<'_>) -> CommandResult {
    let result = judge(project, question);
    if let (true, Err(failure)) = (question.json, &result) {
        output::print(&(json_line(&json!({ "error": failure.message })) + "\n"))?;
    }
    result
}

fn judge(project: &Path, question: &Question<'_>) -> CommandResult {
    let api = &sound_api(project, question.api)?;
    let find = |body: Option<&serde_json::Value>| {
        find_operation(api, question.method, question.path, &Map::new(), body).map_err(Failure::new)
    };
    let mut found = find(None)?;
    let judgement = match found.target {
        Target::Call(operation) => {
            let body = body(operation, question.file)?;
            // Operations on one path may differ by what the body says.
            let meant = find(body.as_ref().map(|it| &it.value))?;
            let operation = match meant.target {
                Target::Call(operation) => operation,
                Target::Status(_) => operation,
            };
            found = meant;
            let headers = Map::new();
            let (path, query) = (&found.path_params, &found.query);
            let (body, places, omitted) =
                body.map_or((None, Vec::new(), 0), |it| (Some(it.value), it.not_text, it.omitted));
            let request = Request { path, query, headers: &headers, body: body.as_ref() };
            with_not_text(interpret::validate(api, operation, &request), operation.body_location(), &places, omitted)
        }
        // A status call has no rules: it is valid if it exists.
        Target::Status(_) => Judgement::default(),
    };
    let text = if question.json {
        json_line(&verdict_json(&judgement)) + "\n"
    } else {
        format!("{}\n", render_verdict(api, &found, &judgement).trim_end())
    };
    output::print(&text)?;
    Ok(if judgement.is_valid() { Verdict::Clean } else { Verdict::Findings })
}

/// The JSON of a file or of standard input. Without a file name, an operation that has no body gets none.
fn body(operation: &Operation, file: Option<&str>) -> Result<Option<SentJson>, Failure> {
    let (name, bytes) = match file {
        None if !operation.has_body => return Ok(None),
        None | Some("-") => {
            let mut bytes = Vec::new();
            let read = io::stdin().lock().read_to_end(&mut bytes);
            read.map_err(|error| Failure::io("read", Path::new("standard input"), &error))?;
            ("standard input", bytes)
        }
        Some(file) => (file, fs::read(file).map_err(|error| Failure::io("read", Path::new(file), &error))?),
    };
    if bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes).trim_ascii().is_empty() {
        return Ok(None);
    }
    let value = read_json(&bytes);
    value.map(Some).map_err(|error| Failure::new(format!("the body in `{name}` is not JSON: {error}")))
}

/// Compiles one API. A spec with errors is a failure; its diagnostics are printed.
pub(crate) fn sound_api(project: &Path, name: &str) -> Result<Api, Failure> {
    for it in pipeline::compile(project, &[name.to_owned()])? {
        match it.into_api_without_errors() {
            Ok(api) => return Ok(api),
            Err(it) => output::diagnostics(&it.sources, &it.diagnostics),
        }
    }
    Err(Failure::new(format!("the spec of `{name}` has errors"))
        .help("correct them first: this command needs a valid spec"))
}

/// The valid APIs of a project, and the names of those whose specs have errors.
pub(crate) fn all_apis(project: &Path) -> Result<(Vec<Api>, Vec<String>), Failure> {
    let (mut sound, mut broken) = (Vec::new(), Vec::new());
    for it in pipeline::compile(project, &[])? {
        match it.into_api_without_errors() {
            Ok(api) => sound.push(api),
            Err(it) => {
                output::diagnostics(&it.sources, &it.diagnostics);
                broken.push(it.name);
            }
        }
    }
    Ok((sound, broken))
}
