//! Every example request of every spec, as words, against a mock server: the legal ones are accepted, and the others are
//! refused before they are sent.

use serde_json::Value;
use specwright_call::Mock;
use specwright_codegen::model::{Api, Example, Field, Operation, Output, Type};

use crate::support::{Folder, api, call, project};

/// A parameter of an example as words.
fn words(field: Option<&Field>, name: &str, value: &Value, folder: &Folder) -> Vec<String> {
    let is_file = |ty: &Type| *ty == Type::File;
    let is_files = |ty: &Type| matches!(ty, Type::Array(item) if is_file(item));
    match (field.map(|it| &it.ty), value) {
        (Some(ty), Value::String(_) | Value::Object(_)) if is_file(ty) => vec![file(name, value, folder)],
        (Some(ty), Value::Array(files)) if is_files(ty) => files.iter().map(|it| file(name, it, folder)).collect(),
        _ => vec![format!("{name}:={value}")],
    }
}

/// The word of a file, of which an example shows the content or the size.
fn file(name: &str, value: &Value, folder: &Folder) -> String {
    let size = value.get("size").and_then(Value::as_u64).unwrap_or(0) as usize;
    let content = value.as_str().map_or_else(|| vec![0; size], |it| it.as_bytes().to_vec());
    format!("{name}=@{}", folder.file(&format!("{size}-{}.bin", content.len()), content))
}

/// What is wrong with the outcome of an example.
fn fault(api: &Api, op: &Operation, example: &Example, urls: &[(String, String)], folder: &Folder) -> Option<String> {
    let parameters = example.request.as_ref()?.as_object()?;
    let field = |name: &str| op.parameters.find(name).map(|it| it.1);
    let words: Vec<String> =
        parameters.iter().flat_map(|(name, value)| words(field(name), name, value, folder)).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let full = op.full_name(api);
    let ran = call(&api.name, &full, &words)
        .env("PAYMENTS_ACCOUNT", "acct_1")
        .with(|it| {
            it.mock = Some(Mock::Running(urls.to_vec()));
            it.no_wait = matches!(op.output, Output::Task(_));
            it.retries = Some(0);
        })
        .run();
    let all_inferred = ran.err.contains(": valid, ");
    let is_right = match example.invalid.is_empty() {
        true => ran.code == 0,
        // Inferred rules warn only.
        false => ran.code != 0 || all_inferred,
    };
    (!is_right).then(|| format!("{} {full}, {}: {} {}", api.name, example.name, ran.code, ran.err))
}

/// The number of examples.
fn every_example(of: &str, apis: &[&str]) -> usize {
    let folder = Folder::new(&format!("examples-{of}"));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let spec = project(of).join("spec");
    let server = runtime
        .block_on(specwright_contract::Server::builder().spec_folder(spec).apis(apis.iter().copied()).start())
        .unwrap_or_else(|it| panic!("{it}"));
    let (mut count, mut faults) = (0, Vec::new());
    for name in apis {
        let api = api(name);
        let url = |name: &String| Some((name.clone(), server.url_of_server(&api.name, name)?));
        let urls: Vec<(String, String)> = api.servers.iter().filter_map(|it| url(&it.name)).collect();
        // Examples tell of tasks that were not started here.
        let downloads = api.operations.iter().filter_map(|it| match &it.output {
            Output::Task(task) => task.download,
            _ => None,
        });
        let downloads: Vec<String> = downloads.map(|it| api.operation(it).full_name(api)).collect();
        for op in api.operations.iter().filter(|it| !downloads.contains(&it.full_name(api))) {
            #[cfg(unix)]
            faults.extend(shown(api, op, &urls));
            for example in op.examples.iter().filter(|it| it.request.is_some()) {
                count += 1;
                faults.extend(fault(api, op, example, &urls, &folder));
            }
        }
    }
    assert!(faults.is_empty(), "{} of {count}:\n{}", faults.len(), faults.join("\n"));
    count
}

#[test]
fn of_the_vendors() {
    let count = every_example("animeapi", &["animeapi", "runanything", "runapi", "runcrate"]);
    assert!(count > 400, "{count}");
}

#[test]
fn of_the_invented() {
    let count = every_example(
        "studio",
        &["bell", "depot", "forge", "hostile", "jukebox", "kinds", "palaver", "payments", "studio"],
    );
    assert!(count > 50, "{count}");
}

/// The example of the help is a command that a shell reads and the mock server accepts.
#[cfg(unix)]
fn shown(api: &Api, op: &Operation, urls: &[(String, String)]) -> Option<String> {
    let full = op.full_name(api);
    let help = call(&api.name, &full, &[]).help().succeeds().out;
    let command = help.split_once("\nexample:\n")?.1.split_once("\n\nWrite ")?.0;
    if command.contains("=@FILE") {
        return None;
    }
    let words = crate::curl::words("specwright", command, &[]);
    let words: Vec<&str> = words.iter().skip(3).map(String::as_str).collect();
    let calling = call(&api.name, &full, &words).env("PAYMENTS_ACCOUNT", "acct_1").with(|it| {
        it.mock = Some(Mock::Running(urls.to_vec()));
        it.no_wait = matches!(op.output, Output::Task(_));
        it.retries = Some(0);
    });
    let ran = calling.run();
    (ran.code != 0).then(|| format!("{} {full}: {command}\n{}", api.name, ran.err))
}

#[test]
fn a_mock_server_starts_for_one_call() {
    let ran = call("shop", "boats.build", &["name=Ada"]).mock().succeeds();
    assert!(ran.out.contains("\"id\""), "{}", ran.out);
    let ran = call("shop", "boats.launch", &["id=b1"]).mock().succeeds();
    assert!(ran.out.contains("afloat"), "{}", ran.out);
    let ran = call("shop", "boats.listen", &["id=b1"]).mock().succeeds();
    assert!(!ran.out.is_empty());
    call("shop", "boats.sink", &["id=b1"]).mock().succeeds();
}
