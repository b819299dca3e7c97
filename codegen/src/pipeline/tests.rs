//! What a project's folders mean; whole runs are tested through the command line.

use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use super::crates::Crates;
use super::fingerprint::Before;
use super::{Stage, Watch, api_names, fingerprint, generate_watched, in_parallel, requested};
use crate::digest::Digest;
use crate::failure::Failure;
use crate::scaffold;
use crate::settings::Settings;
use crate::write::{Drift, DriftKind, Mode};

/// A folder that goes away with the test.
struct Folder(PathBuf);

impl Folder {
    fn with(files: &[(&str, &[u8])]) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("specwright-pipeline-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = Self(std::env::temp_dir().join(name));
        fs::create_dir_all(folder.0.join("spec")).expect("a temporary folder");
        for (path, bytes) in files {
            let path = folder.0.join(path);
            fs::create_dir_all(path.parent().expect("has a parent")).expect("a folder");
            fs::write(path, bytes).expect("a file");
        }
        folder
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().expect("has a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn apis_are_the_folders_with_an_api_file() {
    let folder = Folder::with(&[
        ("spec/b/api.yaml", b""),
        ("spec/a/api.yaml", b""),
        ("spec/.git/config", b""),
        ("spec/README.md", b""),
    ]);
    assert_eq!(api_names(&folder.0).expect("readable"), ["a", "b"]);
    assert_eq!(requested(&folder.0, &["b".into(), "a".into(), "b".into()]).expect("known"), ["a", "b"]);
    let failure = requested(&folder.0, &["c".into()]).expect_err("unknown");
    assert!(failure.help.is_some_and(|it| it.contains("a, b")));
    fs::create_dir(folder.0.join("spec/c")).expect("a folder");
    assert!(api_names(&folder.0).expect_err("no API").message.contains("spec/c"));
}

#[test]
fn results_keep_the_order_of_the_names() {
    let names: Vec<String> = (0..20).map(|it| format!("{it}")).collect();
    let lengths = in_parallel(&names, |name| Ok(name.to_owned())).expect("all done");
    assert_eq!(lengths, names);
    let failed = in_parallel(&names, |name| if name == "7" { Err(Failure::new("no")) } else { Ok(()) });
    assert_eq!(failed, Err(Failure::new("no")));
}

#[test]
fn a_spec_edited_during_a_run_is_not_the_one_that_was_read() {
    let settings = super::Settings::default();
    let folder = Folder::with(&[("spec/a/api.yaml", b"api: a"), ("generated/a/Cargo.toml", b"# @generated")]);
    let names = ["a".to_owned()];
    let reports = [super::ApiReport { name: "a".to_owned(), ..Default::default() }];
    let before = || Before::of(&folder.0, &settings, &names);
    let remember = |before| fingerprint::remember(&folder.0, &settings, before, (&reports, &[]), |_| true);
    remember(before());
    let unchanged = before();
    assert!(unchanged.is_unchanged);
    fs::write(folder.0.join("spec/a/api.yaml"), "api: b").expect("a file");
    remember(unchanged);
    assert!(before().apis.is_empty());
}

#[test]
fn an_edit_leaves_the_fingerprints_of_other_apis() {
    let folder = Folder::with(&[
        ("spec/a/api.yaml", b"api: a"),
        ("spec/b/api.yaml", b"api: b"),
        ("generated/a/Cargo.toml", b"# @generated"),
        ("generated/b/Cargo.toml", b"# @generated"),
    ]);
    let settings = super::Settings::default();
    let names = ["a".to_owned(), "b".to_owned()];
    let remember = |settings| {
        let reports = names.clone().map(|name| super::ApiReport { name, operations: 3, ..Default::default() });
        let before = Before::of(&folder.0, settings, &names);
        fingerprint::remember(&folder.0, settings, before, (&reports, &[]), |_| true);
    };
    let unchanged = |settings| {
        let it = Before::of(&folder.0, settings, &names);
        assert!(it.apis.iter().all(|it| it.operations == 3 && it.unchanged_since_last_run));
        (it.is_unchanged, it.apis.into_iter().map(|it| it.name).collect::<String>())
    };
    let check = |path: &str, expected: &str| {
        remember(&settings);
        assert_eq!(unchanged(&settings), (true, "ab".to_owned()));
        fs::create_dir_all(folder.0.join(path).parent().expect("a folder")).expect("a folder");
        fs::write(folder.0.join(path), path).expect("a file");
        assert_eq!(unchanged(&settings), (false, expected.to_owned()), "{path}");
    };
    check("spec/a/api.yaml", "b");
    check("spec/a/more.yaml", "b");
    check("generated/b/Cargo.toml", "a");
    check("generated/b/src/lib.rs", "a");
    check("generated/c/Cargo.toml", "ab");
    remember(&settings);
    let mut others = super::Settings::default();
    others.crates.publish = Some(true);
    assert_eq!(unchanged(&others), (false, String::new()));
}

/// A spec of one resource with these types.
fn toys(types: &str) -> String {
    let operation = "operations:\n  list: {get: /toys, summary: List all., response: none}\n";
    format!("resource: toys\ntitle: Toys\ndoc: Toys.\n{types}{operation}")
}

/// `clean`, `edited`, and `warned`, which has a type that nothing uses.
fn three_apis() -> Folder {
    let api = |name: &str| format!("api: {name}\ntitle: Toys\ndoc: Toys.\nservers: https://{name}.example.com\n");
    let unused = "types:\n  Toy: {doc: A toy., fields: {id: {type: string, doc: Its id.}}}\n";
    Folder::with(&[
        ("spec/clean/api.yaml", api("clean").as_bytes()),
        ("spec/clean/toys.yaml", toys("").as_bytes()),
        ("spec/edited/api.yaml", api("edited").as_bytes()),
        ("spec/edited/toys.yaml", toys("").as_bytes()),
        ("spec/warned/api.yaml", api("warned").as_bytes()),
        ("spec/warned/toys.yaml", toys(unused).as_bytes()),
    ])
}

#[test]
fn lint_reads_again_what_was_edited_or_has_findings() {
    let folder = three_apis();
    let run = |apis: &[&str]| {
        let apis: Vec<String> = apis.iter().map(|it| (*it).to_owned()).collect();
        let linted = super::lint(&folder.0, &apis).expect("a project");
        linted
            .iter()
            .map(|it| {
                let read = if it.unchanged_since_last_run { "not read" } else { "read" };
                format!("{}: {read}, {}", it.name, it.diagnostics.len())
            })
            .collect::<Vec<_>>()
    };
    let first = ["clean: read, 0", "edited: read, 0", "warned: read, 1"];
    assert_eq!(run(&[]), first);
    assert_eq!(run(&[]), ["clean: not read, 0", "edited: not read, 0", "warned: read, 1"]);
    folder.write("spec/edited/toys.yaml", "resource: [");
    assert_eq!(run(&[]), ["clean: not read, 0", "edited: read, 1", "warned: read, 1"]);
    // An error stays one until the file is as it was when nothing was found.
    assert_eq!(run(&["edited"]), ["edited: read, 1"]);
    folder.write("spec/edited/toys.yaml", &toys(""));
    assert_eq!(run(&["edited", "clean"]), ["clean: not read, 0", "edited: not read, 0"]);
    folder.write("spec/edited/more.yaml", &toys("").replace("toys", "more"));
    assert_eq!(run(&["edited"]), ["edited: read, 0"]);
    assert_eq!(run(&[]), ["clean: not read, 0", "edited: not read, 0", "warned: read, 1"]);
    // What the settings and the file of hashes say is no reason to trust a spec.
    folder.write("target/specwright/linted", "warned 0000000000000000\nclean\n");
    assert_eq!(run(&[]), first);
    folder.write("specwright.toml", "[crates]\npublish = true\n");
    assert_eq!(run(&[]), first);
}

#[test]
fn warnings_are_told_again_after_an_edit_elsewhere() {
    let folder = three_apis();
    let run = || {
        let lock = super::lock(&folder.0, Mode::Write, || {}).expect("a lock");
        let outcome = super::generate(&lock, &[]).expect("it is generated");
        assert!(!outcome.has_errors());
        outcome
            .apis
            .into_iter()
            .map(|it| (it.name, it.unchanged_since_last_run, it.diagnostics.len()))
            .collect::<Vec<_>>()
    };
    let all = |told: [(bool, usize); 3]| {
        ["clean", "edited", "warned"]
            .into_iter()
            .zip(told)
            .map(|(name, it)| (name.to_owned(), it.0, it.1))
            .collect::<Vec<_>>()
    };
    assert_eq!(run(), all([(false, 0), (false, 0), (false, 1)]));
    folder.write("spec/edited/toys.yaml", &toys("").replace("List all.", "List them."));
    assert_eq!(run(), all([(true, 0), (false, 0), (false, 1)]));
    // Nothing is said at all where nothing changed, as before.
    assert_eq!(run(), all([(true, 0), (true, 0), (true, 0)]));
}

#[test]
fn a_watch_sees_all_stages_in_their_order() {
    struct Seen(Mutex<Vec<(String, Stage)>>);
    impl Watch for Seen {
        fn begins(&self, api: &str, stage: Stage) {
            self.0.lock().expect("no panic").push((api.to_owned(), stage));
        }
    }
    let files = scaffold::files("toys").expect("a name");
    let paths: Vec<String> = files.iter().map(|it| format!("spec/toys/{}", it.0)).collect();
    let files: Vec<(&str, &[u8])> =
        paths.iter().map(String::as_str).zip(files.iter().map(|it| it.1.as_bytes())).collect();
    let folder = Folder::with(&files);
    let seen = Seen(Mutex::default());
    let lock = super::lock(&folder.0, Mode::Write, || {}).expect("a lock");
    let outcome = generate_watched(&lock, &[], &seen).expect("it is generated");
    assert!(!outcome.has_errors() && outcome.apis.len() == 1);
    let expected = [Stage::Read, Stage::Check, Stage::Lower, Stage::Emit, Stage::Done];
    assert_eq!(seen.0.into_inner().expect("no panic"), expected.map(|it| ("toys".to_owned(), it)));
}

#[test]
fn the_first_call_deletes_nothing_and_has_values() {
    let check = |operations: &str, expected: &str| {
        let api = "api: toys\ntitle: Toys\ndoc: Toys.\nservers: https://toys.example.com\n".to_owned();
        let toys = format!("resource: toys\ntitle: Toys\ndoc: Toys.\noperations:\n{operations}");
        let files = [("api.yaml".to_owned(), api), ("toys.yaml".to_owned(), toys)];
        let compiled = super::lint_texts("toys", files);
        let Some(api) = compiled.api else { panic!("{:#?}", compiled.diagnostics) };
        let lines = super::first_call(&api).expect("a call").lines.join("");
        assert!(lines.contains(&format!(".{expected}(")), "{expected}: {lines}");
    };
    let drop = "  drop: {delete: /toys, summary: Drop all., response: none}\n";
    let find = "  find:\n    post: /find\n    summary: Find one.\n    response: none\n    body:\n      \
                code: {type: string, required: true, pattern: '^[A-Z]{9}$', doc: A code.}\n";
    let list = "  list: {get: /toys, summary: List all., response: none}\n";
    check(drop, "drop");
    check(&[drop, find].concat(), "drop");
    check(&[drop, find, list].concat(), "list");
    check(&[list, drop].concat(), "list");
}

/// What stands among the crates after a run that made the first edits, while somebody else made the second: whether the
/// next run finds that all is as the run left it. An edit without a text removes a file.
#[track_caller]
fn check_after(by_the_run: &[(&str, Option<&str>)], by_hand: &[(&str, Option<&str>)], is_as_left: bool) {
    let old: [(&str, &[u8]); 5] = [
        ("generated/one/src/lib.rs", b"lib"),
        ("generated/one/src/a.rs", b"a"),
        ("generated/one/src/b.rs", b"b"),
        ("generated/two/src/lib.rs", b"two"),
        ("generated/three/lib.rs", b"three"),
    ];
    let project = Folder::with(&old);
    let settings = Settings::default();
    let before = Crates::of(&project.0, &settings).expect("plain files");
    let edit = |(path, text): &(&str, Option<&str>)| match text {
        Some(text) => project.write(&format!("generated/{path}"), text),
        None => fs::remove_file(project.0.join("generated").join(path)).expect("a file"),
    };
    let drift = by_the_run.iter().map(|it| {
        let kind = match (it.1, old.iter().any(|(path, _)| path.strip_prefix("generated/") == Some(it.0))) {
            (None, _) => DriftKind::Stale,
            (Some(_), true) => DriftKind::Changed { diff: String::new() },
            (Some(_), false) => DriftKind::Missing,
        };
        Drift { path: it.0.to_owned(), kind }
    });
    by_the_run.iter().for_each(edit);
    by_hand.iter().for_each(edit);
    let _ = fs::remove_dir(project.0.join("generated/three"));
    let remembered = before.after(&drift.collect::<Vec<_>>(), &project.0, &settings).and_then(|it| it.all());
    let next = Crates::of(&project.0, &settings).and_then(|it| it.all());
    assert_eq!(remembered.is_some() && remembered == next, is_as_left, "{by_the_run:?}, {by_hand:?}");
}

#[test]
fn what_somebody_else_does_during_a_run_is_found_by_the_next() {
    let runs: [&[(&str, Option<&str>)]; 6] = [
        &[],
        &[("one/src/lib.rs", Some("new"))],
        &[("one/src/lib.rs", Some("new")), ("one/src/c.rs", Some("c"))],
        &[("one/src/a.rs", None)],
        &[("three/lib.rs", None)],
        &[("four/src/lib.rs", Some("four")), ("one/src/d/e.rs", Some("e"))],
    ];
    for run in runs {
        check_after(run, &[], true);
        check_after(run, &[("one/src/b.rs", Some("by hand"))], false);
        check_after(run, &[("two/src/lib.rs", Some("by hand"))], false);
        check_after(run, &[("two/src/lib.rs", None)], false);
    }
    check_after(runs[2], &[("one/src/mine.rs", Some("by hand"))], false);
    check_after(runs[5], &[("four/src/mine.rs", Some("by hand"))], false);
}

#[test]
fn a_folder_without_files_does_not_look_like_an_edit() {
    let project = Folder::with(&[("generated/one/src/lib.rs", b"lib")]);
    let settings = Settings::default();
    fs::create_dir_all(project.0.join("generated/one/src/empty/inside")).expect("a folder");
    let before = Crates::of(&project.0, &settings).expect("plain files");
    fs::remove_dir_all(project.0.join("generated/one/src/empty")).expect("a folder");
    let remembered = before.after(&[], &project.0, &settings).and_then(|it| it.all());
    assert_eq!(remembered, Crates::of(&project.0, &settings).and_then(|it| it.all()));
}

#[test]
fn what_is_kept_is_used_and_a_check_does_not_ask_it() {
    let project = Folder::with(&[("specwright.toml", b"[crates]\nworkspace = false\n")]);
    for (name, text) in scaffold::files("toys").expect("a name") {
        project.write(&format!("spec/toys/{name}"), &text);
    }
    let generate = |mode| {
        let lock = super::lock(&project.0, mode, || {}).expect("a lock");
        super::generate(&lock, &[]).expect("it is generated").drift.len()
    };
    assert!(generate(Mode::Write) > 5);
    // A lie that fits its end: two files are swapped, and their texts in what is kept.
    let paths =
        ["src/example/account.rs", "src/example/draw.rs"].map(|it| (it, project.0.join("generated/toys").join(it)));
    let [first, second] = paths.each_ref().map(|(_, it)| fs::read(it).expect("a file"));
    fs::write(&paths[0].1, second).expect("a file");
    fs::write(&paths[1].1, first).expect("a file");
    let file = super::emit_cache::file(&project.0, "toys");
    let kept = fs::read_to_string(&file).expect("text");
    let (all, _) = kept.trim_end().rsplit_once('\n').expect("a last line");
    let digest = |path: &str| {
        let line = all.lines().find(|it| it.ends_with(&format!(" {path}"))).expect("a line of it");
        line.split(' ').nth(1).expect("a digest of its text")
    };
    let [first, second] = [digest(paths[0].0), digest(paths[1].0)];
    let all = all.replace(first, "other").replace(second, first).replace("other", second) + "\n";
    let Digest(end) = Digest::of(all.as_bytes());
    fs::write(&file, format!("{all}{end:032x}\n")).expect("a file");
    fs::remove_file(project.0.join("target/specwright/fingerprint")).expect("a fingerprint");
    assert_eq!([generate(Mode::Write), generate(Mode::Check)], [0, 2]);
}
