//! `init`: a workspace that works at once, and a workspace that exists and takes a spec.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::project::{Project, WORKSPACE};

/// Runs cargo in a project without a network. Slow tests share the folder of compiled crates with this workspace.
#[track_caller]
fn cargo(project: &Project, args: &[&str]) -> String {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target folder");
    let output = Command::new(env!("CARGO"))
        .args(args)
        .current_dir(&project.root)
        .envs([("CARGO_NET_OFFLINE", "true"), ("CARGO_TERM_COLOR", "never")])
        .env("CARGO_TARGET_DIR", target)
        .env_remove("CARGO_MANIFEST_DIR")
        .env_remove("CARGO_PKG_NAME")
        .output()
        .expect("cargo runs");
    let all = [output.stdout, output.stderr].map(|it| String::from_utf8_lossy(&it).into_owned()).concat();
    assert!(output.status.success(), "cargo {args:?}: {all}");
    all
}

/// A folder with the versions of dependencies that this workspace has, so that nothing is looked for.
fn folder() -> Project {
    let project = Project::empty();
    fs::remove_dir_all(&project.root).expect("removed");
    project.put("Cargo.lock", include_str!("../../../Cargo.lock"));
    project
}

/// Whether what takes minutes runs too.
fn slow() -> bool {
    std::env::var_os("RUN_SLOW_TESTS").is_some()
}

/// What somebody does with a new workspace.
fn works(project: &Project, api: &str) {
    project.run(&["codegen", "--check"]).exits(0);
    let metadata = cargo(project, &["metadata", "--format-version", "1", "--no-deps"]);
    for package in [api, "hello", "xtask"] {
        assert!(metadata.contains(&format!("\"name\":\"{package}\"")), "{package}: {metadata}");
    }
    if slow() {
        builds(project);
        cargo(project, &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]);
        cargo(project, &["fmt", "--all", "--check"]);
        assert!(cargo(project, &["xtask", "mock", "--help"]).contains("--addr"));
    }
}

/// Compiles a new workspace and runs its tests and its commands.
fn builds(project: &Project) {
    // The profile of this workspace, so that what is compiled for it is used again.
    let profile = include_str!("../../../Cargo.toml").split_once("[profile.dev]").expect("the profile").1;
    let manifest = project.get("Cargo.toml");
    let (before, _) = manifest.split_once("[profile.dev]").expect("the profile");
    project.put("Cargo.toml", format!("{before}[profile.dev]{profile}"));
    cargo(project, &["test", "--workspace"]);
    assert!(cargo(project, &["xtask", "lint"]).contains("1 API: 0 errors"));
}

#[test]
fn a_new_workspace_works() {
    let project = folder();
    project.run(&["init", ".", "--api", "paper_boat"]).exits(0).says("1 API, 2 operations").says("cargo run -p hello");
    let manifest = project.get("Cargo.toml");
    assert!(manifest.contains("specwright-cli = { path = \""), "{manifest}");
    for file in [
        ".cargo/config.toml",
        ".gitattributes",
        ".github/workflows/check.yml",
        ".gitignore",
        "README.md",
        "rust-toolchain.toml",
        "spec/paper_boat/api.yaml",
        "xtask/src/main.rs",
    ] {
        assert!(!project.get(file).contains("__"), "{file}");
    }
    assert!(project.get("hello/src/main.rs").contains(".prompt(\"A paper boat"));
    works(&project, "paper_boat");
    // One workspace is compiled wherever all is checked, which takes half a minute.
    if !slow() && std::env::var_os("CI").is_some() {
        builds(&project);
    }
}

#[test]
fn an_openapi_document_is_a_start() {
    let project = folder();
    project.put(
        "toys.json",
        r#"{"openapi": "3.1.0", "info": {"title": "Toys", "version": "1"}, "servers": [{"url": "https://toys.example"}],
            "paths": {"/toys": {"post": {"operationId": "addToy", "tags": ["toys"],
            "requestBody": {"required": true, "content": {"application/json": {"schema": {"type": "object",
                "required": ["name"], "properties": {"name": {"type": "string", "maxLength": 20}}},
                "example": {"name": "Boat"}}}},
            "responses": {"200": {"description": "Added.", "content": {"application/json": {"schema": {"type": "object",
                "properties": {"id": {"type": "string"}}}}}}}}}}}"#,
    );
    project.run(&["init", ".", "--openapi", "toys.json"]).exits(0).says("1 API, 1 operation");
    let program = project.get("hello/src/main.rs");
    assert!(program.contains(".add()") && program.contains("{answer:#?}"), "{program}");
    works(&project, "toys");
}

#[test]
fn nothing_is_overwritten_and_all_conflicts_are_told() {
    let project = folder();
    project.put("README.md", "mine\n");
    project.put("spec/boat/notes.txt", "mine\n");
    let before = project.tree("");
    project
        .run(&["init", ".", "--api", "boat"])
        .exits(2)
        .says("\n  README.md")
        .says("\n  spec/boat")
        .says("--existing");
    assert_eq!(project.tree(""), before);
    project.run(&["init", ".", "--api", "Boat"]).exits(2).says("snake case");
    project.run(&["init", ".", "--source", "svn:x"]).exits(2).says("git:URL#REVISION");
    let source = "git:https://git.example/specwright.git#1f3a";
    project.run(&["init", "new", "--api", "boat", "--source", source]).exits(0);
    let expected = "specwright-runtime = { git = \"https://git.example/specwright.git\", rev = \"1f3a\", \
                    default-features = false }";
    assert!(project.get("new/Cargo.toml").contains(expected));
}

#[test]
fn a_workspace_that_exists_keeps_its_crates() {
    let project = folder();
    let manifest = "# Ours.\n[workspace]\nresolver = \"2\"\nmembers = [\"ours\"]\n\n[profile.dev]\ndebug = 1\n";
    project.put("Cargo.toml", manifest);
    let ours = "[package]\nname = \"ours\"\nversion = \"1.0.0\"\nedition = \"2021\"\n";
    project.put("ours/Cargo.toml", ours);
    project.put("ours/src/lib.rs", "");
    project.run(&["init", ".", "--existing", "--api", "boat"]).exits(0).says("cargo xtask mock boat");
    let members = "members = [\"ours\", \"generated/*/src/..\", \"xtask\"]";
    assert_eq!(project.get("Cargo.toml"), manifest.replace("members = [\"ours\"]", members));
    assert_eq!(project.get("ours/Cargo.toml"), ours);
    let metadata = cargo(&project, &["metadata", "--format-version", "1", "--no-deps"]);
    for package in ["ours", "boat", "xtask"] {
        assert!(metadata.contains(&format!("\"name\":\"{package}\"")), "{package}: {metadata}");
    }
    project.run(&["codegen", "--check"]).exits(0);
}

#[test]
fn a_workspace_with_an_xtask_of_its_own_keeps_it() {
    let project = Project::empty();
    project.put("Cargo.toml", WORKSPACE.replace("src/..\"]", "src/..\", \"xtask\"]"));
    project.put(".cargo/config.toml", "[alias]\nxtask = \"run -p xtask --\"\n");
    project.put("xtask/Cargo.toml", "[package]\nname = \"xtask\"\n");
    project.run(&["init", ".", "--existing", "--api", "boat"]).exits(0).says("cargo specwright codegen");
    let config = project.get(".cargo/config.toml");
    assert!(config.contains("specwright = \"run --quiet --package specwright-commands --\""), "{config}");
    assert!(project.has("specwright/src/main.rs"));
    let empty = Project::empty();
    fs::remove_file(empty.root.join("Cargo.toml")).expect("removed");
    empty.run(&["init", ".", "--existing"]).exits(2).says("leave `--existing` out");
}

#[test]
fn a_name_that_cargo_would_refuse_is_refused_before_anything_is_written() {
    let project = folder();
    let check = |args: &[&str], says: &str| {
        project.run(&[&["init", "new"], args].concat()).exits(2).says(says);
        assert!(!project.has("new"), "{args:?}");
    };
    for name in ["hello", "xtask", "tokio", "specwright_cli"] {
        check(&["--api", name], "has a package `");
    }
    project.put("toys.json", r#"{"openapi": "3.1.0", "info": {"title": "Toys"}, "paths": {}}"#);
    for name in ["Foo Bar", "../x", "", "std"] {
        check(&["--openapi", "toys.json", "--api", name], "--api");
        project.run(&["import", "toys.json", "--into", "new", "--api", name]).exits(2).says("--api");
        assert!(!project.has("new"), "{name}");
    }
    check(&["--openapi", "https://toys.example/openapi.json"], "from standard input");
    check(&["--source", "registry:latest"], "is no version");
}

#[test]
fn what_cannot_be_written_leaves_nothing_behind() {
    let project = folder();
    project.put("generated", "a file");
    let before = project.tree("");
    project.run(&["init", ".", "--api", "boat"]).exits(2).says("generated` is not a folder, and nothing was written");
    project.put("file", "");
    project.run(&["init", "file/new", "--api", "boat"]).exits(2).says("file");
    fs::remove_file(project.root.join("file")).expect("removed");
    assert_eq!(project.tree(""), before);
    assert!(!project.has("hello"));
}

#[test]
fn a_workspace_takes_a_spec_once_and_at_its_root() {
    let project = Project::empty();
    project.put("Cargo.toml", "[workspace]\nmembers = [\"ours\"]\n");
    project.put("ours/Cargo.toml", "[package]\nname = \"ours\"\nversion = \"1.0.0\"\n");
    project.put("ours/src/lib.rs", "");
    project.put("rust-toolchain.toml", "[toolchain]\nchannel = \"1.75.0\"\n");
    project.run(&["init", "ours", "--existing", "--api", "boat"]).exits(2).says("is a package of the workspace");
    project.run(&["init", ".", "--existing", "--api", "ours"]).exits(2).says("has a package `ours`");
    project.run(&["init", ".", "--existing", "--api", "boat"]).exits(0).says("asks for Rust 1.75.0");
    project.run(&["init", ".", "--existing", "--api", "ship"]).exits(2).says("new NAME`");
    project.run(&["init", "new", "--api", "kite"]).exits(0).says("inside of the workspace");
}
