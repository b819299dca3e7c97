//! Tests the amount of generated code per operation against a budget, so that it does not grow unnoticed.

use std::collections::BTreeSet;

use crate::files;

/// Lines of code per operation without builders, over all APIs.
const MOST_LINES: usize = 200;
/// Lines of code per operation of builders.
const MOST_BUILDER_LINES: usize = 125;

#[derive(Default)]
struct Size {
    operations: usize,
    lines: usize,
    builder_lines: usize,
}

impl Size {
    /// Adds a file item by item: an item ends with a line that closes it at the margin.
    fn add(&mut self, text: &str) {
        self.operations += text.matches("static OPERATION: ").count();
        let builders = builders(text);
        let mut item = Vec::new();
        for line in text.lines() {
            item.push(line);
            let ends = line == "}" || line == "});" || (!line.starts_with([' ', '/']) && line.ends_with(';'));
            if ends {
                self.add_item(&item, &builders);
                item.clear();
            }
        }
        self.add_item(&item, &builders);
    }

    fn add_item(&mut self, item: &[&str], builders: &BTreeSet<&str>) {
        let is_code = |line: &&&str| !line.trim().is_empty() && !line.trim_start().starts_with("//");
        let lines = item.iter().filter(is_code).count();
        let head = item.iter().find(|it| !it.is_empty() && !it.starts_with(['/', '#'])).unwrap_or(&"");
        let is_macro = ["rt::builder!", "rt::requirements!"].iter().any(|it| head.starts_with(it));
        if is_macro || name(head).is_some_and(|it| builders.contains(it)) {
            self.builder_lines += lines;
        } else {
            self.lines += lines;
        }
    }
}

/// The name of the type that an item declares or implements methods of.
fn name(head: &str) -> Option<&str> {
    let rest = match head.strip_prefix("pub struct ").or_else(|| head.strip_prefix("pub type ")) {
        Some(rest) => rest,
        None => {
            let rest = head.strip_prefix("impl")?;
            let generics = if rest.starts_with('<') { rest.find('>')? + 1 } else { 0 };
            rest[generics..].strip_prefix(' ')?
        }
    };
    let rest = rest.trim_start_matches("super::");
    let end = rest.find(|it: char| !it.is_alphanumeric() && it != '_').unwrap_or(rest.len());
    (!rest.contains(" for ")).then(|| &rest[..end])
}

/// The structs that hold a call, and the names of builders and of selectors.
fn builders(text: &str) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    let mut last = None;
    for line in text.lines() {
        if line.starts_with("pub struct ") || line.starts_with("pub type ") {
            last = name(line);
        }
        if line.contains(" = super::Builder<") {
            found.extend(last);
            found.insert("Builder");
        }
        if line.contains(" = crate::Selector<") {
            found.extend(last);
        }
        if line.trim_start().trim_start_matches("pub(super) ").starts_with("call: rt::Call,") {
            found.extend(last);
        }
    }
    found
}

#[test]
fn generated_code_keeps_to_its_budget() {
    let mut size = Size::default();
    files::generated(".rs").iter().for_each(|it| size.add(&it.text));
    let Size { operations, lines, builder_lines } = size;
    assert!(operations > 100, "{operations} operations");
    let (each, each_builder) = (lines / operations, builder_lines / operations);
    let found = format!("{each} lines of code per operation, and {each_builder} of builders, of {operations}");
    assert!(each <= MOST_LINES && each_builder <= MOST_BUILDER_LINES, "{found}");
    // A budget that is far from the actual size is useless.
    assert!(each * 2 > MOST_LINES && each_builder * 2 > MOST_BUILDER_LINES, "{found}");
}
