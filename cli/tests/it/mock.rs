//! The program: what it says and how it ends.

use std::io::{BufRead as _, BufReader};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};

use crate::project::{Project, command};

fn failure(command: &mut Command) -> (Option<i32>, String) {
    let output = command.output().expect("the program runs");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn what_cannot_be_done_is_said_with_code_2() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let project = Project::pets();
    for (args, words) in [
        (&["--addr", &address][..], "is in use"),
        (&["--addr", "0.0.0.0:0"], "--allow-remote"),
        (&["--addr", "nonsense"], "--addr"),
        (&["pest"], "`pest`"),
        (&["--strange"], "--strange"),
        (&["--fault", "*: latncy=1s"], "`latency`"),
        (&["--fault", "*: latncy=1s", "--fault", "429"], "the fault `429`"),
        (&["--faults", "nowhere.yaml"], "nowhere.yaml"),
    ] {
        let (code, said) = failure(&mut command(&project.root, &[&["mock"], args].concat()));
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(words), "{words} is not in: {said}");
    }
    let project = Project::empty();
    project.put("spec/x/api.yaml", "api: x\n");
    let (code, said) = failure(&mut command(&project.root, &["mock", "--addr", "127.0.0.1:0"]));
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("spec/x/api.yaml"), "{said}");
}

#[test]
fn it_says_when_it_is_ready() {
    let project = Project::pets();
    let mut command = command(&project.root, &["mock", "--addr", "127.0.0.1:0"]);
    let mut child = command.stderr(Stdio::null()).spawn().expect("the program runs");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let mut said = Vec::new();
    for line in &mut lines {
        said.push(line.expect("text"));
        if said.last().is_some_and(|it| it.contains("Pets: ")) {
            break;
        }
    }
    let connected = TcpStream::connect(said[0].trim_start_matches("listening at http://"));
    child.kill().expect("it can be ended");
    child.wait().expect("it ends");
    assert!(connected.is_ok(), "{said:?}");
    assert!(said.iter().any(|it| it.contains("Pets: 2 operations at http://")), "{said:?}");
}
