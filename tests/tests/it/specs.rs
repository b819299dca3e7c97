//! Tests that a second YAML reader reads the project's specs in the same way.

use specwright_codegen::diagnostics::Diagnostics;
use specwright_codegen::source::Sources;
use specwright_codegen::yaml;

use crate::files;

#[test]
fn a_second_yaml_reader_sees_the_same() {
    for file in files::by_hand(".yaml")
        .iter()
        .filter(|it| it.path.starts_with("spec/") || it.path.starts_with("tests/project/spec/"))
    {
        let mut sources = Sources::default();
        let id = sources.add(file.path.as_str(), file.text.as_str());
        let mut diagnostics = Diagnostics::new();
        let ours = yaml::parse(id, &file.text, &mut diagnostics);
        assert!(diagnostics.is_empty(), "{}: {diagnostics:?}", file.path);
        let theirs: serde_json::Value =
            serde_yaml::from_str(&file.text).unwrap_or_else(|error| panic!("{}: {error}", file.path));
        assert_eq!(ours.as_ref().map(yaml::to_json), Some(theirs), "{}", file.path);
    }
}
