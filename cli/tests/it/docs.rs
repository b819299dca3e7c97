//! `docs`: the book of a project.

use crate::project::Project;

#[test]
fn the_book_holds_documents_apis_and_codes() {
    let project = Project::pets();
    project.put("README.md", "# Hello\n\n[guide](docs/guide/README.md), [pets](generated/pets/docs/README.md)\n");
    project.put("docs/guide/README.md", "# Guide\n");
    project.run(&["docs"]).exits(0).says("target/book/index.html");
    let home = project.get("target/book/index.html");
    assert!(home.contains("<a href=\"docs/guide/index.html\">guide</a>"), "{home}");
    assert!(home.contains("<a href=\"generated/pets/docs/index.html\">pets</a>"), "{home}");
    assert!(project.get("target/book/generated/pets/docs/dogs.html").contains("Add a dog."));
    assert!(project.has("target/book/codes/SW0101.html"));
    project.run(&["docs"]).exits(0).says(" 0 written or removed");
    std::fs::remove_file(project.root.join("docs/guide/README.md")).expect("removed");
    project.run(&["docs"]).exits(0);
    assert!(!project.has("target/book/docs"));
}

#[test]
fn a_spec_with_errors_gives_no_book() {
    let project = Project::pets();
    project.put("spec/pets/dogs.yaml", "resource: [\n");
    project.run(&["docs"]).exits(1).says("no book");
    assert!(!project.has("target/book"));
}
