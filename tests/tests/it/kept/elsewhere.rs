//! Edits that change a resource whose own spec, and all that it leads to, stays as it is: its names and types depend on what
//! other resources say.
//!
//! What is edited stands after what it changes, or in another file, so that the numbers of types and operations stay.

use std::collections::BTreeSet;

use super::Project;

/// With types and a parameter that several resources use.
const API: &str = "
api: shop
title: Shop
doc: Sells what others made.
servers: https://api.shop.example
credentials: {api_key: {env: SHOP_API_KEY, doc: The key., send: {bearer: {header: Authorization, prefix: \"Bearer \"}}}}
tasks: {completed: [done], failed: [broken]}
parameters:
  kind: {enum: [only], doc: The only kind.}
types:
  Plate:
    doc: A plate.
    fields: {size: string | integer}
  GitHub:
    doc: One of two names that differ in capitals.
    fields: {id: string}
  Github:
    doc: The other.
    fields: {id: string}
  Film:
    doc: What a task brings.
    fields: {film: url}
";

/// A resource that comes before all others.
const AARDVARK: &str = "
operations:
  doodle:
    post: /aardvark/images
    summary: Doodle some.
    task: {result: {images: \"[url]\", seed: integer}}
";

/// A resource that stays as it is.
const ALPHA: &str = "
operations:
  make:
    post: /alpha
    summary: Make some.
    body: {plate: {type: Plate, required: true}, kind: {use: kind, required: true}}
    response: {rim: string, cup: string}
    examples: [{name: one, request: {plate: {size: 3}, kind: only}}]
  draw:
    post: /alpha/images
    summary: Draw some.
    body: {prompt: string}
    task: {result: {images: \"[url]\"}}
  paint:
    post: /alpha/pictures
    summary: Paint some.
    task: {result: {pictures: \"[url]\"}}
  spray:
    post: /alpha/walls
    summary: Spray some.
    task: {result: {pictures: \"[url]\"}}
";

/// A resource that is edited.
const OMEGA: &str = "
types:
  Crate:
    doc: A crate.
    fields: {crate: string}
operations:
  pack:
    post: /omega
    summary: Pack some.
    body: {plate: Plate, kind: {use: kind, required: true}}
    response: {crate: Crate, plate: Plate, one: GitHub, other: Github, film: Film}
  sketch:
    post: /omega/images
    summary: Sketch some.
    task: {result: {images: \"[url]\"}}
";

/// A resource behind the one that is edited.
const PSI: &str = "
operations:
  unpack:
    post: /psi
    summary: Unpack some.
    response: {plate: Plate}
  scrawl:
    post: /psi/images
    summary: Scrawl some.
    task: {result: {images: \"[url]\", seed: integer}}
";

fn project(name: &str) -> Project {
    let project = Project::of(&format!("elsewhere-{name}"), &[]);
    project.write("spec/shop/api.yaml", API.trim_start());
    for (name, rest) in [("aardvark", AARDVARK), ("alpha", ALPHA), ("omega", OMEGA), ("psi", PSI)] {
        let text = format!("resource: {name}\ntitle: The {name}\ndoc: All of {name}.\n{}", rest.trim_start());
        project.write(&format!("spec/shop/{name}.yaml"), &text);
    }
    sound(&project, "all is new");
    project
}

/// Generates after an edit that has no fault. Resources of which source files changed.
#[track_caller]
fn sound(project: &Project, edit: &str) -> BTreeSet<String> {
    let outcome = project.check(edit);
    assert!(!outcome.has_errors(), "{edit}: {:?}", outcome.apis[0].diagnostics);
    let files = outcome.drift.iter().filter_map(|it| it.path.strip_prefix("shop/src/")?.split_once('/'));
    files.map(|it| it.0.to_owned()).collect()
}

/// Makes an edit, and takes it back, and makes it again: each time, files of exactly these resources change.
#[track_caller]
fn check((file, from, to): (&str, &str, &str), changed: &[&str]) {
    let project = project("once");
    for (from, to) in [(from, to), (to, from), (from, to)] {
        project.replace(&format!("spec/shop/{file}.yaml"), from, to);
        let edit = format!("`{from}` becomes `{to}`");
        let changed: BTreeSet<String> = changed.iter().map(|it| (*it).to_owned()).collect();
        assert_eq!(sound(&project, &edit), changed, "{edit}");
    }
}

#[test]
fn equal_results_are_one_type_of_the_crate() {
    let (images, both) = ("result: {images: \"[url]\"}", "result: {images: \"[url]\", seed: integer}");
    check(("omega", images, "result: {sketches: \"[url]\"}"), &["alpha", "omega"]);
    check(("omega", images, "result: {pictures: \"[url]\"}"), &["alpha", "omega"]);
    // The type of the others gets another name, since one is free.
    check(("psi", both, "result: {scrawls: \"[url]\"}"), &["aardvark", "alpha", "omega", "psi"]);
    check(("omega", images, both), &["alpha", "omega"]);
}

#[test]
fn enums_of_one_value_are_texts_if_all_are() {
    check(("omega", "use: kind, required: true", "use: kind"), &["alpha", "omega"]);
}

#[test]
fn an_edit_of_one_resource_changes_no_other() {
    check(("omega", "summary: Pack some.", "summary: Pack all."), &["omega"]);
    check(("omega", "title: The omega", "title: Alpha"), &["omega"]);
    check(("alpha", "rim: string", "rim: integer"), &["alpha"]);
}

#[test]
fn names_of_xml_are_those_of_the_whole_crate() {
    let xml = "    encoding: xml\n    accept: application/xml\n";
    let send = |file: &str, ty: &str, xml: &str| {
        format!("  send:\n    post: /{file}/send\n    summary: S.\n{xml}    body: {ty}\n    response: none\n")
    };
    let project = project("xml");
    let (json, in_xml) = (send("omega", "GitHub", ""), send("omega", "GitHub", xml));
    for (file, text) in [("omega", &json), ("psi", &send("psi", "Github", xml))] {
        let path = format!("spec/shop/{file}.yaml");
        project.write(&path, &format!("{}{text}", project.read(&path)));
    }
    sound(&project, "one is sent in XML");
    let second = || project.read("generated/shop/src/psi/send.rs").contains("GITHUB_2");
    for (from, to, is_second) in [(&json, &in_xml, true), (&in_xml, &json, false), (&json, &in_xml, true)] {
        assert_eq!(second(), !is_second);
        project.replace("spec/shop/omega.yaml", from, to);
        sound(&project, to);
        assert_eq!(second(), is_second);
    }
}

#[test]
fn one_operation_says_how_a_result_is_downloaded() {
    let film = |name: &str| {
        format!(
            "  fetch:
    get: /{name}/films/{{id}}/content
    summary: Fetch it.
    response: {{binary: [video/mp4]}}
  film:
    post: /{name}/films
    summary: Film it.
    task: {{result: Film, download: fetch}}
"
        )
    };
    let project = project("download");
    for file in ["omega", "psi"] {
        let path = format!("spec/shop/{file}.yaml");
        project.write(&path, &format!("{}{}", project.read(&path), film(file)));
    }
    sound(&project, "two operations bring the same");
    let (with, without) = ("result: Film, download: fetch", "result: Film");
    for (from, to) in [(with, without), (without, with), (with, without)] {
        let before = project.read("generated/shop/src/psi/film.rs");
        project.replace("spec/shop/omega.yaml", from, to);
        sound(&project, to);
        assert_ne!(before, project.read("generated/shop/src/psi/film.rs"), "{to}");
    }
}

#[test]
fn resources_are_renamed_and_say_other_things() {
    for (from, to) in [
        ("resource: omega", "resource: omicron"),
        ("resource: omega", "resource: json"),
        ("resource: omega", "resource: omega\nrust: stream"),
        ("doc: All of omega.", "doc: All of them."),
        ("  pack:", "  alpha:"),
        ("crate: Crate, plate", "crates: \"[Crate]\", plate"),
        ("response: {crate", "statuses: {404: {kind: not_found, type: Film, doc: No.}}\n    response: {crate"),
    ] {
        let project = project("renamed");
        for (from, to) in [(from, to), (to, from)] {
            project.replace("spec/shop/omega.yaml", from, to);
            sound(&project, &format!("`{from}` becomes `{to}`"));
        }
    }
}

#[test]
fn the_first_call_may_be_of_any_resource() {
    let project = project("call");
    let old = |summary: &str| format!("{summary}\n    deprecated: Use another.");
    for (file, from, to) in [
        ("alpha", "size: 3", "size: 4"),
        ("omega", "title: The omega", "title: An omega"),
        ("aardvark", "summary: Doodle some.", &old("summary: Doodle some.")),
        ("alpha", "summary: Make some.", &old("summary: Make some.")),
        ("alpha", "summary: Draw some.", &old("summary: Draw some.")),
        ("omega", "summary: Pack some.", &old("summary: Pack some.")),
        ("api", "tasks:", "first_call: psi.unpack\ntasks:"),
        ("psi", "summary: Unpack some.", "summary: Unpack all."),
        ("omega", "title: An omega", "title: The omega"),
    ] {
        project.replace(&format!("spec/shop/{file}.yaml"), from, to);
        sound(&project, &format!("`{from}` becomes `{to}`"));
    }
}

#[test]
fn faults_are_told_beside_resources_that_are_not_lowered() {
    let project = project("faults");
    for (file, from, to) in [
        ("omega", "resource: omega", "resource: omega\nrust: alpha"),
        ("omega", "  Crate:\n", "  Crate:\n    rust: String\n"),
        ("omega", "  sketch:", "  Pack:\n    get: /x\n    summary: S.\n    response: none\n  sketch:"),
    ] {
        let path = format!("spec/shop/{file}.yaml");
        project.replace(&path, from, to);
        assert!(project.check(to).has_errors(), "{to}");
        project.replace(&path, to, from);
        sound(&project, from);
    }
}
