//! What a project file and a workspace's manifest say.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use super::read::read;
use super::{FILE, Missing, RootManifest, Settings, Source};
use crate::emit::openapi::Version;

#[track_caller]
fn settings(text: &str) -> Settings {
    read(FILE, text).unwrap_or_else(|failure| panic!("{failure}"))
}

#[track_caller]
fn refused(text: &str, expected: &[&str]) {
    let said = read(FILE, text).expect_err("faults").message;
    assert_eq!(said.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn every_key_is_read() {
    let all = settings(
        "[crates]\nworkspace = false\nruntime = \"0.2\"\nedition = \"2024\"\nrust-version = \"1.90\"\nlicense = \"MIT\"\n\
         repository = \"https://example.com/x\"\nauthors = [\"A\", \"B\"]\npublish = true\nprefix = \"acme-\"\n\
         output = \"clients/rust\"\n\n[outputs]\ncrates = true\ndocs = false\nopenapi = \"3.0\"\n",
    );
    let crates = &all.crates;
    assert!(!crates.workspace && crates.publish == Some(true) && crates.for_registries());
    assert_eq!(crates.runtime, Some(Source::Version("0.2".to_owned())));
    assert_eq!(crates.license(), Some("MIT"));
    assert_eq!(crates.authors, ["A", "B"]);
    assert_eq!((crates.package("pets"), crates.output.as_str()), ("acme-pets".to_owned(), "clients/rust"));
    assert!(all.outputs.crates && !all.outputs.docs);
    assert_eq!(all.outputs.openapi, Some(Version::V3_0));
    assert_eq!(settings("# nothing\n"), Settings::default());
}

#[test]
fn the_runtime_has_a_source() {
    let runtime = |text: &str| settings(&format!("[crates]\nruntime = {text}\n")).crates.runtime;
    assert_eq!(runtime("{ path = \"../x\" }"), Some(Source::Path("../x".to_owned())));
    let at = Some(("rev", "abc".to_owned()));
    assert_eq!(
        runtime("{ git = \"https://x\", rev = \"abc\" }"),
        Some(Source::Git { url: "https://x".to_owned(), at })
    );
    for wrong in [
        "{ path = \"x\", git = \"y\" }",
        "{ path = \"\" }",
        "{ git = \"\" }",
        "{}",
        "1",
        "\"latest\"",
        "\"1.x.y.z\"",
        "\">\"",
        "\"0.1\\\", path = \\\"\"",
        "{ git = \"x\", rev = \"a\", tag = \"b\" }",
    ] {
        let said = read(FILE, &format!("[crates]\nruntime = {wrong}\n")).expect_err(wrong).message;
        assert!(said.starts_with("specwright.toml:2:11: `runtime` is not a source"), "{said}");
    }
}

#[test]
fn all_faults_are_told_at_their_lines() {
    refused(
        "[crates]\nworkspce = false\npublish = \"no\"\nedition = \"2018\"\nrust-version = \"1.70\"\noutput = \"../x\"\n\
         prefix = \"é\"\nauthors = \"me\"\n[outputs]\nopenapi = 3.1\n[crate]\n",
        &[
            "specwright.toml:2:1: `workspce` is not a key of `[crates]`; a similar one exists: `workspace`",
            "specwright.toml:3:11: `publish` is string; write `true` or `false`",
            "specwright.toml:4:11: `edition` is `2018`; write `2024`",
            "specwright.toml:5:16: `rust-version` is `1.70`; write a version of Rust from 1.88 on",
            "specwright.toml:6:10: `output` is `../x`; write a folder below the project's, with `/` between parts, other \
             than `spec` and `target`",
            "specwright.toml:7:10: `prefix` is `é`; write letters, digits, `-` and `_`, beginning with a letter",
            "specwright.toml:8:11: `authors` is not a list of texts, such as `[\"Acme <api@acme.example>\"]`",
            "specwright.toml:10:11: `openapi` is neither `\"3.1\"`, `\"3.0\"` nor `false`",
            "specwright.toml:11:2: `[crate]` is not the table of a project file; a similar one exists: `crates`",
        ],
    );
    let said = read(FILE, "[crates\n").expect_err("no TOML").message;
    assert!(said.starts_with("specwright.toml:1:"), "{said}");
}

struct Workspace(PathBuf);

impl Workspace {
    fn new(manifest: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("specwright-settings-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(folder.join("api/spec")).expect("folders");
        fs::write(folder.join("Cargo.toml"), manifest).expect("a file");
        Self(folder)
    }

    fn missing(&self) -> Vec<Missing> {
        let root = RootManifest::find(&self.0.join("api")).expect("it is read").expect("it is found");
        root.missing(&Settings::default(), &["pets".to_owned()])
    }
}

impl Drop for Workspace {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn what_a_workspace_lacks_is_known() {
    assert_eq!(
        Workspace::new("[workspace]\nmembers = [\"x\", \"api/generated\"]\n").missing(),
        [
            Missing::Member,
            Missing::Package("edition"),
            Missing::Package("rust-version"),
            Missing::Package("license"),
            Missing::Package("publish"),
            Missing::Dependency("specwright-runtime"),
            Missing::Dependency("tokio"),
            Missing::Lints,
        ]
    );
    for pattern in ["api/generated/*/src/..", "api/generated/*", "./api/generated/pets", "api/*/p*s", "**"] {
        let workspace = Workspace::new(&format!(
            "[workspace]\nmembers = [\"{pattern}\"]\nlints = {{}}\n[workspace.package]\nedition = \"2024\"\n\
             rust-version = \"1.88\"\nlicense = \"ISC\"\npublish = false\n[workspace.dependencies]\ntokio = \"1\"\n\
             specwright-runtime = \"0.1\"\n"
        ));
        assert_eq!(workspace.missing(), [], "{pattern}");
        let license = Settings::load(&workspace.0.join("api")).expect("settings").crates.inherited_license;
        assert_eq!(license.as_deref(), Some("ISC"));
    }
}

#[test]
fn versions_are_those_that_cargo_takes() {
    for good in ["1", "0.1", "=1.2.3", "^0.2", "~1.0", ">=1.0, <2", "1.*", "0.1.0-rc.1", "1.2.3+build"] {
        assert!(super::is_version(good), "{good}");
    }
    for wrong in ["", ">", "*.1", "1.x", "1.2.3.4", "1,", "1 2", "latest", "1\"", "-1"] {
        assert!(!super::is_version(wrong), "{wrong}");
    }
}

#[test]
fn texts_are_of_one_line() {
    for line in
        ["license = \"MIT\\nx\"", "license = \"MIT, please\"", "repository = \"https://x y\"", "authors = [\"\"]"]
    {
        assert!(read(FILE, &format!("[crates]\n{line}\n")).is_err(), "{line}");
    }
}

#[test]
fn dependencies_by_another_name_are_found() {
    let check = |prefix: &str, line: &str, expected: &[&str]| {
        let workspace = Workspace::new(&format!("[workspace]\n[workspace.dependencies]\n{line}\n"));
        let root = RootManifest::find(&workspace.0.join("api")).expect("it is read").expect("it is found");
        let settings = settings(&format!("[crates]\nprefix = \"{prefix}\"\n"));
        let found = root.misnamed(&settings, &["toys".to_owned()]);
        let packages: Vec<&str> = found.iter().map(|it| it.package.as_str()).collect();
        assert_eq!(packages, expected, "{line}");
    };
    check("", "toys = { path = \"api/generated/toys\" }", &[]);
    check("acme-", "toys = { path = \"./api/generated/toys/\" }", &["acme-toys"]);
    check("acme-", "toys = { path = \"api/generated/toys\", package = \"acme-toys\" }", &[]);
    check("", "toys = { path = \"api/generated/toys\", package = \"acme-toys\" }", &["toys"]);
    check("acme-", "other = { path = \"other\" }\nserde = \"1\"", &[]);
}

#[test]
fn packages_of_a_workspace_have_names_and_folders() {
    let workspace = Workspace::new(
        "[package]\nname = \"top\"\n[workspace]\nmembers = [\"./a/\", \"b/*\", \"c/*/src/..\", \"gone\"]\n",
    );
    for (folder, name) in [("a", "one"), ("b/x", "two"), ("b/y", "three"), ("c/z", "four"), ("d", "other")] {
        fs::create_dir_all(workspace.0.join(folder)).expect("a folder");
        let manifest = format!("[package]\nname = \"{name}\"\n");
        fs::write(workspace.0.join(folder).join("Cargo.toml"), manifest).expect("a file");
    }
    let root = RootManifest::find(&workspace.0.join("api")).expect("it is read").expect("it is found");
    let found: Vec<String> = root.packages().into_iter().map(|(name, folder)| format!("{name}:{folder}")).collect();
    assert_eq!(found, ["top:", "one:a", "two:b/x", "three:b/y", "four:c/z"]);
}
