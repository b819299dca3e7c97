//! `openapi`: where the document goes; what is in it is tested beside its emitter.

use serde_json::Value;

use crate::project::{DOGS, Project};

#[test]
fn the_document_is_printed_or_written() {
    let project = Project::pets();
    let ran = project.run(&["openapi", "pets"]).exits(0);
    let document: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert!(document["openapi"].as_str().is_some_and(|it| it.starts_with("3.1")), "{document}");
    assert!(document["paths"]["/dogs/{kennel}"]["post"].is_object(), "{document}");
    let ran = project.run(&["openapi", "pets", "--openapi", "3.0", "-o", "pets.json"]).exits(0);
    assert_eq!(ran.stdout, "");
    let document: Value = serde_json::from_str(&project.get("pets.json")).expect("JSON");
    assert!(document["openapi"].as_str().is_some_and(|it| it.starts_with("3.0")), "{document}");
    project.run(&["openapi", "pets", "--openapi", "2.0"]).exits(2);
    project.run(&["openapi", "pets", "-o", "no/such/folder.json"]).exits(2).says("no/such");
}

#[test]
fn a_spec_with_errors_gives_none() {
    let project = Project::pets();
    project.put("spec/pets/dogs.yaml", DOGS.replace("type: string", "type: strnig"));
    let ran = project.run(&["openapi", "pets"]).exits(2).says("strnig");
    assert_eq!(ran.stdout, "");
}
