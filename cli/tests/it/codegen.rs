//! `codegen` and `lint`: what is written, what is left alone, and what is told.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, SystemTime};

use crate::project::{API, DOGS, Project, command};

/// A second API of a project.
fn add_cats(project: &Project) {
    project.put("spec/cats/api.yaml", API.replace("pets", "cats").replace("Pets", "Cats"));
    project.put("spec/cats/dogs.yaml", DOGS);
}

fn times(project: &Project) -> Vec<(PathBuf, SystemTime)> {
    let files = project.tree("generated").into_iter();
    files
        .map(|(path, _)| {
            let time = fs::metadata(&path).and_then(|it| it.modified()).expect("a time");
            (path, time)
        })
        .collect()
}

#[test]
fn lint_tells_every_fault_with_its_place() {
    let project = Project::pets();
    project.run(&["lint"]).exits(0).says("1 API: 0 errors");
    project.put(
        "spec/pets/dogs.yaml",
        DOGS.replace("max_length: 5", "max_lenght: 5").replace("title: Dogs", "titel: Dogs"),
    );
    let ran = project.run(&["lint"]).exits(1).says("spec/pets/dogs.yaml:2").says("max_lenght").says("error[SW");
    assert_eq!(ran.stdout, "");
    let ran = project.run(&["lint", "--format", "json"]).exits(1);
    let lines: Vec<serde_json::Value> =
        ran.stdout.lines().map(|it| serde_json::from_str(it).expect("a JSON line")).collect();
    assert!(lines.len() >= 2, "{lines:?}");
    for line in &lines {
        assert_eq!(line["file"], "spec/pets/dogs.yaml");
        assert!(line["code"].as_str().is_some_and(|it| it.starts_with("SW")), "{line}");
    }
}

#[test]
fn a_crate_is_written_and_told() {
    let project = Project::pets();
    let ran = project.run(&["codegen"]).exits(0).says("2 operations").says("total: 1 API");
    assert_eq!(ran.stdout, "");
    assert!(project.has("generated/pets/docs/dogs.md"));
    assert!(project.has("generated/pets/docs/README.md"));
    for (path, text) in project.tree("generated") {
        assert!(text.lines().take(3).any(|it| it.contains("@generated")), "{}", path.display());
    }
    project.run(&["codegen", "--check"]).exits(0);
}

#[test]
fn a_second_run_touches_nothing() {
    let project = Project::pets();
    project.run(&["codegen"]).exits(0);
    let before = times(&project);
    project.run(&["codegen"]).exits(0).says("nothing changed since the last run").says("0 written");
    project.run(&["codegen", "pets"]).exits(0).says("nothing changed since the last run");
    assert_eq!(times(&project), before);
    fs::remove_file(project.root.join("target/specwright/fingerprint")).expect("a fingerprint");
    project.run(&["codegen"]).exits(0).says("0 written");
    assert_eq!(times(&project), before);
}

#[test]
fn the_fingerprint_gives_way_to_any_change() {
    let project = Project::pets();
    project.run(&["codegen"]).exits(0);
    // A spec, a generated file, a generated file that is gone, one too many, a damaged fingerprint.
    project.put("spec/pets/dogs.yaml", DOGS.replace("List all dogs.", "List every dog."));
    let ran = project.run(&["codegen"]).exits(0).says(" written, 0 removed");
    assert!(!ran.stderr.contains(" 0 written") && !ran.stderr.contains("nothing changed"), "{ran:?}");
    let original = project.get("generated/pets/docs/README.md");
    assert!(original.contains("List every dog."));
    project.put("generated/pets/docs/README.md", "<!-- @generated -->\n");
    project.run(&["codegen"]).exits(0).says("1 written");
    assert_eq!(project.get("generated/pets/docs/README.md"), original);
    fs::remove_file(project.root.join("generated/pets/docs/README.md")).expect("removed");
    project.run(&["codegen"]).exits(0).says("1 written");
    project.put("generated/pets/src/old.rs", "// @generated\n");
    project.run(&["codegen"]).exits(0).says("1 removed");
    assert!(!project.has("generated/pets/src/old.rs"));
    // An edit of the same length whose time was set back.
    #[cfg(unix)]
    {
        let path = project.root.join("generated/pets/docs/README.md");
        let time = fs::metadata(&path).and_then(|it| it.modified()).expect("a time");
        project.put("generated/pets/docs/README.md", original.replacen("dog", "god", 1));
        fs::File::options().write(true).open(&path).and_then(|it| it.set_modified(time)).expect("the time can be set");
        project.run(&["codegen"]).exits(0).says("1 written");
    }
    project.put("target/specwright/fingerprint", "nonsense\n");
    project.run(&["codegen"]).exits(0).says("0 written");
}

#[test]
fn what_was_printed_is_taken_only_where_nothing_changed() {
    const KEPT: &str = "target/specwright/emit_cache/pets";
    const FINGERPRINT: &str = "target/specwright/fingerprint";
    let project = Project::pets();
    project.run(&["codegen"]).exits(0);
    project.put("spec/pets/dogs.yaml", DOGS.replace("List all dogs.", "List every dog."));
    project.run(&["codegen"]).exits(0);
    // Made anew, all is the same; so it is with half of what was kept.
    let read = || fs::read(project.root.join(KEPT)).expect("a file");
    let kept = read();
    fs::remove_dir_all(project.root.join("target/specwright")).expect("removed");
    project.run(&["codegen"]).exits(0).says("0 written");
    assert_eq!(read(), kept);
    fs::remove_file(project.root.join(FINGERPRINT)).expect("a fingerprint");
    project.put(KEPT, &kept[..kept.len() / 2]);
    project.run(&["codegen"]).exits(0).says("0 written");
    assert_eq!(read(), kept);
    // A lie in it does not fit its end. Two files are swapped, and their texts in it.
    let paths = ["docs/dogs.md", "src/types.rs"];
    let [docs, types] = paths.map(|it| project.get(&format!("generated/pets/{it}")));
    project.put("generated/pets/docs/dogs.md", &types);
    project.put("generated/pets/src/types.rs", &docs);
    let text = String::from_utf8(kept.clone()).expect("text");
    let digest = |path: &str| {
        let line = text.lines().find(|it| it.ends_with(&format!(" {path}"))).expect("a line of it");
        line.split(' ').nth(1).expect("a digest of its text")
    };
    let digests = paths.map(digest);
    project.put(KEPT, text.replace(digests[0], "other").replace(digests[1], digests[0]).replace("other", digests[1]));
    project.run(&["codegen"]).exits(0).says("2 written");
    assert_eq!((paths.map(|it| project.get(&format!("generated/pets/{it}"))), read()), ([docs, types], kept));
    project.run(&["codegen", "--check"]).exits(0);
}

#[test]
fn check_tells_the_difference_and_writes_nothing() {
    let project = Project::pets();
    project.run(&["codegen", "--check"]).exits(1).says("missing: generated/pets/docs/dogs.md");
    assert!(!project.has("generated"));
    project.run(&["codegen"]).exits(0);
    let path = project.root.join("generated/pets/docs/README.md");
    let text = project.get("generated/pets/docs/README.md");
    let time = fs::metadata(&path).and_then(|it| it.modified()).expect("a time");
    // Same length, same time: the fingerprint would be fooled, `--check` is not.
    let last = text.trim_end().chars().last().expect("some text");
    let at = text.rfind(last).expect("it is there");
    let edited = format!("{}~{}", &text[..at], &text[at + last.len_utf8()..]);
    project.put("generated/pets/docs/README.md", &edited);
    fs::File::options().write(true).open(&path).and_then(|it| it.set_modified(time)).expect("the time can be set");
    project.put("generated/pets/src/old.rs", "// @generated\n");
    project
        .run(&["codegen", "--check"])
        .exits(1)
        .says("differs: generated/pets/docs/README.md")
        .says("stale:   generated/pets/src/old.rs")
        .says("~")
        .says("`specwright codegen` repairs it");
    assert_eq!(project.get("generated/pets/docs/README.md"), edited);
    project.run(&["codegen"]).exits(0);
    project.run(&["codegen", "--check"]).exits(0);
}

#[test]
fn nothing_is_written_while_a_spec_has_errors() {
    let project = Project::pets();
    add_cats(&project);
    project.put("spec/pets/dogs.yaml", DOGS.replace("type: string", "type: strnig"));
    project.run(&["codegen"]).exits(1).says("spec/pets/dogs.yaml").says("pets: 1 error").says("nothing was written");
    assert!(!project.has("generated"));
    // The other API alone is fine.
    project.run(&["codegen", "cats"]).exits(0);
    assert!(project.has("generated/cats/docs/dogs.md"));
    let before = times(&project);
    project.put("spec/cats/dogs.yaml", DOGS.replace("max_length: 5", "max_length: five"));
    // The faults of both are told.
    project.run(&["codegen"]).exits(1).says("spec/cats/dogs.yaml").says("spec/pets/dogs.yaml");
    assert_eq!(times(&project), before);
    project.run(&["codegen", "--check"]).exits(1);
}

#[test]
fn the_crate_of_a_spec_that_is_gone_goes_too() {
    let project = Project::pets();
    add_cats(&project);
    project.run(&["codegen"]).exits(0);
    fs::remove_dir_all(project.root.join("spec/cats")).expect("removed");
    project.run(&["codegen", "pets"]).exits(0);
    assert!(project.has("generated/cats/docs/dogs.md"), "a run for one API leaves others alone");
    project.run(&["codegen", "--check"]).exits(1).says("stale:   generated/cats/docs/dogs.md");
    project.put("generated/cats/notes.txt", "mine");
    project.run(&["codegen"]).exits(2).says("notes.txt");
    assert!(project.has("generated/cats/docs/dogs.md"));
    fs::remove_file(project.root.join("generated/cats/notes.txt")).expect("removed");
    project.run(&["codegen"]).exits(0).says("cats").says("its spec no longer exists");
    assert!(!project.has("generated/cats"));
    assert!(project.has("generated/pets/docs/dogs.md"));
}

#[test]
fn somebody_elses_file_is_not_overwritten() {
    let project = Project::pets();
    project.put("generated/pets/docs/README.md", "Mine.\n");
    project.run(&["codegen"]).exits(2).says("README.md").says("not overwritten");
    assert_eq!(project.get("generated/pets/docs/README.md"), "Mine.\n");
    assert!(!project.has("generated/pets/docs/dogs.md"));
}

#[test]
fn watch_runs_again_after_a_save_and_outlives_errors() {
    let project = Project::pets();
    let command = &mut command(&project.root, &["codegen", "--watch"]);
    let mut watcher = Watcher(command.stderr(Stdio::null()).spawn().expect("the tool starts"));
    let wait = |what: &str, done: &dyn Fn() -> bool| {
        let start = SystemTime::now();
        while !done() {
            assert!(start.elapsed().is_ok_and(|it| it < Duration::from_secs(30)), "{what}");
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    wait("the first run", &|| project.has("generated/pets/docs/README.md"));
    project.put("spec/pets/dogs.yaml", "resource: [\n");
    std::thread::sleep(Duration::from_millis(600));
    let added = format!("{DOGS}  remove:\n    delete: /dogs/{{id}}\n    summary: Forget a dog.\n    response: none\n");
    project.put("spec/pets/dogs.yaml", added);
    let all = || project.tree("generated").iter().map(|(_, text)| text.as_str()).collect::<String>();
    wait("the run after the save", &|| all().contains("Forget a dog."));
    assert!(watcher.0.try_wait().expect("it can be asked").is_none(), "it still runs");
}

/// Ends with the test, however that ends.
struct Watcher(Child);

impl Drop for Watcher {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
