//! The program: what it says and how it ends.

use std::io::{BufRead as _, BufReader};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};

use crate::support::{Project, spec};

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_specwright-mock"));
    command.arg("--project").arg(spec()).args(arguments);
    command
}

fn failure(command: &mut Command) -> (Option<i32>, String) {
    let output = command.output().expect("the program runs");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn what_cannot_be_done_is_said_with_code_2() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let project = Project::new("program", &[("x/api.yaml", "api: x\n")]);
    for (mut command, words) in [
        (program(&["--addr", &address]), "is in use"),
        (program(&["--addr", "0.0.0.0:0"]), "--allow-remote"),
        (program(&["--addr", "nonsense"]), "--addr"),
        (program(&["runnapi"]), "`runapi`"),
        (program(&["--strange"]), "--strange"),
        (program(&["--fault", "*: latncy=1s"]), "`latency`"),
        (program(&["--fault", "*: latncy=1s", "--fault", "429"]), "the fault `429`"),
        (program(&["--faults", "nowhere.yaml"]), "nowhere.yaml"),
    ] {
        let (code, said) = failure(&mut command);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(words), "{words} is not in: {said}");
    }
    let mut broken = Command::new(env!("CARGO_BIN_EXE_specwright-mock"));
    let (code, said) = failure(broken.arg("--project").arg(project.spec()).args(["--addr", "127.0.0.1:0"]));
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("spec/x/api.yaml"), "{said}");
}

#[test]
fn it_says_when_it_is_ready() {
    let mut child = program(&["--addr", "127.0.0.1:0"]).stdout(Stdio::piped()).spawn().expect("the program runs");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let mut said = Vec::new();
    for line in &mut lines {
        said.push(line.expect("text"));
        if said.last().is_some_and(|it| it.trim_start().starts_with("curl ")) {
            break;
        }
    }
    let connected = TcpStream::connect(said[0].trim_start_matches("listening at http://"));
    child.kill().expect("it can be ended");
    child.wait().expect("it ends");
    assert!(connected.is_ok(), "{said:?}");
    assert!(said.iter().any(|it| it.contains("RunAPI: ") && it.contains("operations at http://")), "{said:?}");
}
