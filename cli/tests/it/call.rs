//! `call`: flags, exit codes and what goes where. What calls do is tested in the crate `call`.

use crate::project::{Project, command};

/// Exit code, standard output and standard error.
fn call(project: &Project, args: &[&str]) -> (Option<i32>, String, String) {
    let output = command(&project.root, &[&["call"], args].concat()).output().expect("the program runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn an_operation_is_called_from_its_spec_alone() {
    let project = Project::pets();
    let (code, out, err) = call(&project, &["pets"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(out.contains("\n  dogs.create  Add a dog.\n"), "{out}");
    let (code, out, _) = call(&project, &["pets", "dogs.create", "--help"]);
    assert_eq!(code, Some(0));
    assert!(out.starts_with("dogs.create: Add a dog.\nPOST /dogs/{kennel}\n"), "{out}");
    let (code, _, err) = call(&project, &["pets", "cats.nothing"]);
    assert_eq!(code, Some(2), "{err}");
    assert!(err.contains("`specwright call pets` lists the operations"), "{err}");
    let (code, out, err) = call(&project, &["pets", "dogs.create", "kennel=a", "name=Rex", "size=small", "--mock"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(out.contains("\"id\": "), "{out}");
    let (code, _, err) = call(&project, &["pets", "dogs.create", "kennel=a", "name=Waldmann", "--mock"]);
    assert_eq!(code, Some(1), "{err}");
    assert!(err.starts_with("dogs.create: 1 violation\nerror[max_length] /name: "), "{err}");
    let (code, out, err) = call(&project, &["pets", "dogs.list", "--dry-run"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert_eq!(out, "curl https://pets.example.com/dogs \\\n  --header 'accept: application/json'\n");
    let (code, out, _) = call(&project, &["--complete", "dogs.c", "pets"]);
    assert_eq!((code, out.as_str()), (Some(0), "dogs.create\n"));
    let (code, out, _) = call(&project, &["--complete", "p"]);
    assert_eq!((code, out.as_str()), (Some(0), "pets\n"));
}

#[test]
fn the_flags_are_listed_without_an_api() {
    let (code, out, _) = call(&Project::empty(), &["--help"]);
    assert_eq!(code, Some(0));
    assert!(out.contains("--dry-run") && out.contains("name:=JSON"), "{out}");
}
