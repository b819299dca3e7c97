//! Tests that generated functions are few, and are compiled where they are called: a function that is neither generic nor
//! `#[inline]` is compiled with its crate, whether anybody calls it or not.

use super::none;
use crate::files;

/// Functions per operation, over all APIs.
const MOST_FUNCTIONS: usize = 32;

#[test]
fn generated_functions_keep_to_their_budget() {
    let (mut operations, mut functions) = (0, 0);
    for file in files::generated(".rs") {
        operations += file.text.matches("static OPERATION: ").count();
        functions += functions_of(&file.text).len();
    }
    assert!(operations > 100, "{operations} operations");
    let each = functions / operations;
    let found = format!("{each} functions per operation, {functions} in all");
    // A budget that is far from the actual size is useless.
    assert!(each <= MOST_FUNCTIONS && each * 2 > MOST_FUNCTIONS, "{found}");
}

#[test]
fn generated_functions_are_compiled_where_they_are_called() {
    let mut offenders = Vec::new();
    for file in files::generated(".rs") {
        let compiled = functions_of(&file.text).into_iter().filter(|it| !it.is_generic && !it.is_inline);
        offenders.extend(compiled.map(|it| format!("{}: `{}`", file.path, it.name)));
    }
    none("neither generic nor `#[inline]`", &offenders);
}

#[derive(Debug, PartialEq)]
struct Function<'a> {
    name: &'a str,
    /// By parameters of its own, or of the block that it is in.
    is_generic: bool,
    is_inline: bool,
}

/// The functions of a file as the emitter formats it, without those of macros.
fn functions_of(text: &str) -> Vec<Function<'_>> {
    let mut found = Vec::new();
    let (mut in_generic_block, mut is_inline) = (false, false);
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let code = line.trim_start();
        if let Some(head) = line.strip_prefix("impl") {
            in_generic_block = has_type_parameters(head);
        } else if line == "}" {
            in_generic_block = false;
        }
        if code.starts_with("#[inline") {
            is_inline = true;
        } else if let Some(rest) = signature(code) {
            let end = rest.find(['(', '<']).unwrap_or(rest.len());
            let mut whole = rest.to_owned();
            // A long signature has its parameters in lines of their own.
            while !whole.ends_with(['{', '}', ';']) {
                let Some(line) = lines.next() else { break };
                whole.push_str(line.trim_start());
            }
            let is_generic = in_generic_block || has_type_parameters(&whole[end..]) || whole.contains("impl ");
            found.push(Function { name: &rest[..end], is_generic, is_inline });
            is_inline = false;
        } else if !code.starts_with(['#', '/']) {
            is_inline = false;
        }
    }
    found
}

/// What comes after `fn` in the first line of a function.
fn signature(code: &str) -> Option<&str> {
    let mut rest = code;
    for word in ["pub ", "pub(crate) ", "pub(super) ", "const ", "async "] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    rest.strip_prefix("fn ")
}

/// Whether the list in angle brackets at the start has more than lifetimes.
fn has_type_parameters(text: &str) -> bool {
    let list = text.strip_prefix('<').and_then(|it| it.split('>').next());
    list.is_some_and(|it| it.split(',').any(|it| !it.trim_start().starts_with('\'')))
}

#[test]
fn functions_are_found() {
    let text = "impl Boat {\n    /// A fn.\n    #[inline]\n    #[must_use]\n    pub fn fold(&self) -> u8 {\n        1\n    }\n\n    \
                pub fn sail(\n        &self,\n        to: impl Into<String>,\n    ) {\n    }\n}\n\nimpl<S> Fleet<S> {\n    \
                fn len(self) {}\n}\n\nfn sink<'a>(boat: &'a Boat) {}\n";
    let function = |name, is_generic, is_inline| Function { name, is_generic, is_inline };
    let expected = [
        function("fold", false, true),
        function("sail", true, false),
        function("len", true, false),
        function("sink", false, false),
    ];
    assert_eq!(functions_of(text), expected);
}
