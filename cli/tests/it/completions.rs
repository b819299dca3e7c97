//! `completions`: the scripts are there, and bash completes with one.

use std::path::Path;
use std::process::Command;

use crate::project::{Project, command};

fn script(project: &Project, shell: &str) -> String {
    let output = command(&project.root, &["completions", shell]).output().expect("the program runs");
    assert_eq!(output.status.code(), Some(0));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn every_shell_has_a_script() {
    let project = Project::empty();
    for (shell, parts) in [
        ("bash", ["complete -F _specwright_words", "--max-findings", "call \"--complete=$word\""]),
        ("zsh", ["compdef _specwright_words specwright", "--max-findings", "call --complete="]),
        ("fish", ["__fish_seen_subcommand_from call", "max-findings", "call --complete="]),
    ] {
        let text = script(&project, shell);
        parts.iter().for_each(|part| assert!(text.contains(part), "{part} in {shell}: {text}"));
    }
    let output = command(&project.root, &["completions", "tcsh"]).output().expect("the program runs");
    assert_eq!(output.status.code(), Some(2));
}

/// What bash offers behind a line.
fn offered(project: &Project, script: &str, line: &str) -> Vec<String> {
    let program = Path::new(env!("CARGO_BIN_EXE_specwright"));
    let folders = [program.parent().expect("a folder").to_path_buf()].into_iter();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = folders.chain(std::env::split_paths(&path));
    let ask = format!(
        "{script}\nCOMP_LINE='{line}'; COMP_POINT=${{#COMP_LINE}}; COMP_WORDS=($COMP_LINE); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))\n\
         _specwright_words specwright \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"\n\
         printf '%s\\n' \"${{COMPREPLY[@]}}\""
    );
    let output = Command::new("bash")
        .args(["--norc", "--noprofile", "-c", &ask])
        .env("PATH", std::env::join_paths(folders).expect("a path"))
        .current_dir(&project.root)
        .output()
        .expect("bash");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.lines().filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

#[test]
#[cfg(unix)]
fn bash_completes_the_words_of_a_spec() {
    let has_bash = Command::new("bash").arg("--version").output().is_ok_and(|it| it.status.success());
    if !has_bash {
        return;
    }
    let project = Project::pets();
    let script = script(&project, "bash");
    let offered = |line: &str| offered(&project, &script, line);
    assert_eq!(offered("specwright call p"), ["pets"]);
    assert_eq!(offered("specwright call pets "), ["dogs.create", "dogs.list"]);
    assert_eq!(offered("specwright call -o a.txt pets dogs.c"), ["dogs.create"]);
    assert_eq!(offered("specwright call pets dogs.create n"), ["name="]);
    assert_eq!(offered("specwright call pets dogs.create name=x size=s"), ["small"]);
    assert_eq!(offered("specwright lint --max"), ["--max-findings"]);
    assert_eq!(offered("specwright lint p"), ["pets"]);
    assert_eq!(offered("specwright openapi p"), ["pets"]);
    project.put("body.json", "{}");
    assert_eq!(offered("specwright call pets dogs.create @bod"), ["body.json"]);
    assert_eq!(offered("specwright call pets dogs.create name=@bod"), ["body.json"]);
}
