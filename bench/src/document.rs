//! `docs/benchmarks.md`: each section's tables stand between two marks, and the words around them are by hand.

use crate::Result;
use crate::context::{Context, read, write};
use crate::report::Report;

const PATH: &str = "docs/benchmarks.md";

/// Puts the tables into the document. Sections that were not measured stay as they are.
pub(crate) fn write_sections(context: &Context, reports: &[Report]) -> Result<()> {
    let path = context.root.join(PATH);
    let mut text = read(&path)?;
    for report in reports {
        text = replaced(&text, &report.section, &report.markdown())?;
    }
    write(&path, &text)?;
    eprintln!("wrote {PATH}");
    Ok(())
}

/// The document with other text between the marks of a section.
fn replaced(text: &str, section: &str, tables: &str) -> Result<String> {
    let (start, end) = (format!("<!-- bench {section} -->\n"), format!("<!-- bench {section} end -->"));
    let found = text.split_once(&start).and_then(|(before, rest)| Some((before, rest.split_once(&end)?.1)));
    let (before, after) = found.ok_or_else(|| format!("{PATH} has no place for `{section}`: add {start}{end}"))?;
    Ok(format!("{before}{start}\n{}\n\n{end}{after}", tables.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sections::SECTIONS;

    #[test]
    fn only_what_is_between_the_marks_changes() {
        let text = "a\n<!-- bench judge -->\n\nold\n\n<!-- bench judge end -->\nb\n";
        let new = replaced(text, "judge", "new\n").expect("marks");
        assert_eq!(new, "a\n<!-- bench judge -->\n\nnew\n\n<!-- bench judge end -->\nb\n");
        assert_eq!(replaced(&new, "judge", "new\n").expect("marks"), new);
        assert!(replaced(text, "build", "new\n").is_err());
    }

    #[test]
    fn the_document_has_a_place_for_each_section() {
        let text = include_str!("../../docs/benchmarks.md");
        for section in SECTIONS {
            replaced(text, section.name, "new").unwrap_or_else(|error| panic!("{error}"));
        }
    }
}
