//! `import`: a spec from a document, and the next version of that document.

use crate::project::Project;

const DOCUMENT: &str = "\
openapi: 3.1.0
info: {title: Tea, version: '1'}
servers: [{url: 'https://tea.example.com'}]
paths:
  /pots:
    get:
      tags: [pots]
      summary: Lists pots.
      parameters: [{name: limit, in: query, schema: {type: integer, maximum: 100}}]
      responses: {'204': {description: Done}}
";

#[test]
fn a_document_is_imported_and_imported_again() {
    let project = Project::empty();
    project.put("tea.yaml", DOCUMENT);
    project.run(&["import", "tea.yaml"]).exits(0).says("wrote 2 files");
    project.run(&["lint"]).exits(0);
    project.run(&["import", "tea.yaml"]).exits(2).says("already has files").says("--update");
    project.run(&["import", "tea.yaml", "--update"]).exits(0).says("nothing changes");

    let mine = project.get("spec/tea/pots.yaml").replace("Lists pots.", "All pots.");
    project.put("spec/tea/pots.yaml", &mine);
    project.put("tea.yaml", DOCUMENT.replace("maximum: 100", "maximum: 50").replace("Lists pots.", "Some pots."));
    let before = project.tree("spec");
    let shown = project.run(&["import", "tea.yaml", "--update"]).exits(1).says("--write").says("kept: ");
    assert!(shown.stdout.contains("+      limit: {type: integer, maximum: 50}"), "{}", shown.stdout);
    assert_eq!(project.tree("spec"), before);

    project.run(&["import", "tea.yaml", "--update", "--write"]).exits(1).says("pots.yaml:8:5").says("tea.yaml:7:7");
    let after = project.get("spec/tea/pots.yaml");
    assert!(after.contains("maximum: 50") && after.contains("All pots."), "{after}");
    project.run(&["import", "tea.yaml", "--update", "--write"]).exits(0).says("nothing changes");
    project.run(&["import", "tea.yaml", "--write"]).exits(2);
}
