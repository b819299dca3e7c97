//! `--dry-run`: the command is read back by a shell, and sends what a call would send.
#![cfg(unix)]

use std::process::Command;

use crate::server::Server;
use crate::support::{Calling, Folder, KEY, call};

/// The arguments of `curl`, as a shell reads the command with these variables.
fn arguments(command: &str, variables: &[(&str, &str)]) -> Vec<String> {
    words("curl", command, variables)
}

/// The arguments of a program in a command.
pub(crate) fn words(program: &str, command: &str, variables: &[(&str, &str)]) -> Vec<String> {
    let script = format!("{program}() {{ for it in \"$@\"; do printf '%s\\0' \"$it\"; done; }}\n{command}");
    let out = Command::new("sh").args(["-c", &script]).envs(variables.iter().copied()).output().unwrap();
    assert!(out.status.success(), "{command}\n{}", String::from_utf8_lossy(&out.stderr));
    let text = String::from_utf8(out.stdout).unwrap();
    text.split_terminator('\0').map(str::to_owned).collect()
}

/// The values of an option.
fn values<'a>(arguments: &'a [String], option: &str) -> Vec<&'a str> {
    arguments.windows(2).filter(|it| it[0] == option).map(|it| it[1].as_str()).collect()
}

const VARIABLES: [(&str, &str); 4] =
    [("SHOP_KEY", KEY), ("SHOP_USER", "ada"), ("SHOP_PASSWORD", "p w"), ("PIN", "12 34")];

/// The command of a dry run, and its arguments. Nothing is sent.
#[track_caller]
fn dry(calling: Calling) -> (String, Vec<String>) {
    let ran = calling.with(|it| it.dry_run = true).succeeds();
    assert!(ran.err.is_empty() || ran.err.starts_with("note: "), "{}", ran.err);
    (ran.out.clone(), arguments(&ran.out, &VARIABLES))
}

/// The command sends the method, the URL, the headers and the body of the call.
#[track_caller]
fn same(operation: &str, words: &[&str]) {
    let answer = crate::server::answer("200 OK", "Content-Type: application/json\r\n", br#"{"id":"b1","name":"Ada"}"#);
    let server = Server::new(&[&answer]);
    let calling = || {
        let calling =
            call("shop", operation, words).env("SHOP_USER", "ada").env("SHOP_PASSWORD", "p w").at(&server.url);
        calling.with(|it| it.no_wait = operation == "boats.launch")
    };
    let (command, arguments) = dry(calling());
    assert!(server.requests().is_empty(), "{command}");
    calling().run();
    let sent = server.request();
    let method = values(&arguments, "--request")
        .first()
        .map_or_else(|| if arguments.iter().any(|it| it.starts_with("--data")) { "POST" } else { "GET" }, |it| *it);
    assert_eq!(method, sent.method, "{command}");
    assert!(arguments.contains(&format!("{}{}", server.url, sent.target)), "{command}");
    for header in values(&arguments, "--header") {
        let (name, value) = header.split_once(": ").unwrap();
        assert_eq!(sent.headers.get(name).map(String::as_str), Some(value), "{command}");
    }
    for name in sent
        .headers
        .keys()
        .filter(|it| !["host", "content-length", "user-agent", "accept-encoding", "connection"].contains(&it.as_str()))
    {
        let is_user = name == "authorization" && !values(&arguments, "--user").is_empty();
        let is_said = values(&arguments, "--header").iter().any(|it| it.starts_with(&format!("{name}: ")));
        assert!(is_said || is_user, "{name} in {command}");
    }
    let body = values(&arguments, "--data-raw").first().copied().unwrap_or_default();
    assert_eq!(body, sent.text(), "{command}");
}

#[test]
fn a_command_sends_what_a_call_sends() {
    same("boats.build", &["name=it's $HOME `x` \"q\" \\", "length=5", "crew=Bo", "crew=Cy", "note=two\nlines"]);
    same("boats.get", &["id=a b", "fields=id", "fields=x"]);
    same("boats.rename", &["id=b1", "name=A & B", "tags=x"]);
    same("boats.log", &["id=b1", "body=@ not a file\n"]);
    same("boats.load", &["id=b1", "body=coal"]);
    same("boats.sink", &["id=b1"]);
    same("boats.launch", &["id=b1"]);
    same("boats.list", &["after=x"]);
}

#[test]
fn secrets_are_names_of_variables() {
    let (command, arguments) = dry(call("shop", "boats.build", &["name=Ada", "pin=9999"]).at("https://shop.example"));
    assert!(command.contains("\"$SHOP_KEY\"") && command.contains("\"$PIN\""), "{command}");
    assert!(!command.contains("9999"), "{command}");
    assert_eq!(values(&arguments, "--data-raw"), [r#"{"name":"Ada","pin":"12 34"}"#]);
    let ran = call("shop", "boats.build", &["name=Ada", "pin=9999"]).at("https://shop.example");
    let ran = ran.with(|it| it.dry_run = true).succeeds();
    assert_eq!(ran.err, "note: the command reads `pin` from the variable PIN\n");
    let (command, arguments) = dry(call("shop", "boats.sink", &["id=b1"]).at("https://shop.example"));
    assert!(command.contains("--user \"$SHOP_USER\":\"$SHOP_PASSWORD\""), "{command}");
    assert_eq!(values(&arguments, "--user"), ["ada:p w"]);
    // No credential is needed to see the command.
    let (command, _) = dry(call("shop", "boats.get", &["id=b1", "harbour=north"]));
    assert!(command.contains("https://north.shop.example/v1/boats/b1"), "{command}");
    assert!(command.contains("'authorization: Bearer '\"$SHOP_KEY\""), "{command}");
}

#[test]
fn forms_are_told_in_parts() {
    let folder = Folder::new("curl");
    let path = folder.file("a b.png", "1");
    let words = ["id=b1", "title=a;b \"c\"", "sail.area=2", &format!("images=@{path}"), "cover=inline"];
    let (command, arguments) = dry(call("shop", "boats.paint", &words).at("https://shop.example"));
    assert_eq!(values(&arguments, "--form-string"), ["title=a;b \"c\""]);
    let expected = [
        "sail=\"{\\\"area\\\":2}\";type=application/json".to_owned(),
        format!("images=@\"{path}\""),
        "cover=\"inline\";type=image/png;filename=file".to_owned(),
    ];
    assert_eq!(values(&arguments, "--form"), expected, "{command}");
    assert_eq!(values(&arguments, "--output"), ["answer.bin"]);
    assert!(!command.contains("boundary"), "{command}");
}

#[test]
fn a_key_in_a_multipart_body_is_the_name_of_its_variable() {
    let folder = Folder::new("key");
    let path = folder.file("sign.png", "1");
    let words = ["id=b1", "names=Ada", &format!("sign=@{path}")];
    let (command, arguments) = dry(call("shop", "boats.sign", &words).at("https://shop.example"));
    assert!(command.contains("key=\"$SHOP_KEY\"") && !command.contains(KEY), "{command}");
    assert_eq!(values(&arguments, "--form-string"), ["names=Ada", &format!("key={KEY}")], "{command}");
    assert_eq!(values(&arguments, "--form"), [format!("sign=@\"{path}\"")], "{command}");
}

#[test]
fn a_multipart_body_of_one_type_is_told_in_parts() {
    for operation in ["boats.trim", "boats.moor"] {
        let (command, arguments) = dry(call("shop", operation, &["id=b1", "body.area=2"]).at("https://shop.example"));
        assert_eq!(values(&arguments, "--form-string"), ["area=2"], "{command}");
    }
}

#[test]
fn brackets_in_a_query_are_no_pattern() {
    let calling = call("payments", "charges.list", &["created.gte=1"]).env("PAYMENTS_ACCOUNT", "acct_1");
    let (command, arguments) = dry(calling);
    assert!(arguments.contains(&"--globoff".to_owned()), "{command}");
    assert!(arguments.iter().any(|it| it.ends_with("/v1/charges?created[gte]=1")), "{command}");
}

#[test]
fn a_stream_is_not_buffered() {
    let (command, arguments) = dry(call("shop", "boats.listen", &["id=b1"]).at("https://shop.example"));
    assert!(arguments.contains(&"--no-buffer".to_owned()), "{command}");
    assert!(values(&arguments, "--header").contains(&"accept: text/event-stream"), "{command}");
}

#[test]
fn a_verbose_call_shows_the_command_and_is_sent() {
    let server = Server::json(r#"{"id":"b1","name":"Ada"}"#);
    let ran = call("shop", "boats.get", &["id=b1"]).at(&server.url).with(|it| it.verbose = true).succeeds();
    assert!(ran.err.starts_with("curl ") && ran.err.contains("HTTP 200 OK"), "{}", ran.err);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn examples_of_all_specs_are_commands_that_a_shell_reads() {
    for name in ["payments", "depot", "palaver", "jukebox", "forge", "hostile", "studio"] {
        let api = crate::support::api(name);
        for op in &api.operations {
            let examples = op.examples.iter().filter(|it| it.invalid.is_empty());
            let Some(parameters) = examples.filter_map(|it| it.request.as_ref()?.as_object()).next() else { continue };
            let words: Vec<String> = parameters
                .iter()
                .map(|(name, value)| match value {
                    serde_json::Value::String(text) if !text.starts_with(['<', '@']) => format!("{name}={text}"),
                    value => format!("{name}:={value}"),
                })
                .collect();
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let calling = call(name, &op.full_name(api), &words).env("PAYMENTS_ACCOUNT", "acct_1").with(|it| {
                it.base_url = Some("https://a.example".to_owned());
                it.dry_run = true;
                it.no_check = true;
            });
            let ran = calling.succeeds();
            let read = arguments(&ran.out, &[]);
            assert!(read.iter().any(|it| it.starts_with("https://a.example")), "{}", ran.out);
        }
    }
}

#[test]
fn a_secret_that_the_caller_wrote_is_the_name_of_its_variable() {
    let (command, arguments) = dry(call("shop", "boats.build", &[&format!("name={KEY}")]).at("http://127.0.0.1:9"));
    assert!(command.contains("\"$SHOP_KEY\""), "{command}");
    assert_eq!(values(&arguments, "--data-raw"), [format!(r#"{{"name":"{KEY}"}}"#)]);
}
