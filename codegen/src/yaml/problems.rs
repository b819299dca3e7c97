//! The parser's complaints in plain words: what was met, and what to do about it.

use granit_parser::{ErrorKind, ScanError};

use super::DEEPEST;
use crate::diagnostics::{self, Diagnostic};
use crate::source::Span;

/// The diagnostic for a complaint at `span`.
pub(super) fn translate(error: &ScanError, span: Span) -> Diagnostic {
    use ErrorKind as E;
    let (problem, label, help) = match error.kind() {
        E::TabNotAllowed
        | E::TabInBlockIndentation
        | E::TabInIndentation
        | E::TabAtBlockScalarStart
        | E::TabInPlainScalar => return diagnostics::yaml::tab_indentation(span),
        E::RecursionLimitExceeded => return diagnostics::yaml::nested_too_deep(span, DEEPEST),
        E::DirectiveDisallowed => return diagnostics::yaml::directive(span),
        E::UnclosedQuotedScalar | E::DocumentIndicatorInQuotedScalar => (
            "a quoted text has no end",
            "the quote was never closed",
            "add the closing quote; inside double quotes write `\\\"` for a quote",
        ),
        E::UnclosedFlowCollection { open } => return unclosed(*open, span),
        E::UnexpectedEofFlowSequence => return unclosed('[', span),
        E::UnexpectedEofFlowMapping | E::UnexpectedEofImplicitFlowMapping => {
            return unclosed('{', span);
        }
        E::MismatchedFlowCollectionEnd { open, close } => {
            let problem = format!("`{open}` is closed by `{close}`");
            return diagnostics::yaml::syntax(
                &problem,
                "does not match",
                "lists are `[…]`, mappings are `{…}`",
                span,
            );
        }
        E::MisplacedFlowCollectionEnd => (
            "a closing bracket without an opening one",
            "nothing to close here",
            "remove it, or put the text in quotes",
        ),
        E::ExpectedFlowSequenceSeparator | E::ExpectedFlowMappingSeparator => (
            "entries are not separated",
            "expected `,` or the closing bracket before this",
            "put a comma between the entries",
        ),
        E::MappingValueNotAllowed | E::InvalidColonPlacement => (
            "a second `: ` in one line",
            "a mapping cannot start here",
            "put the text in quotes if the colon belongs to it",
        ),
        E::MappingKeyNotAllowed | E::InvalidSimpleKey | E::SimpleKeyExpected => (
            "expected `key: value`",
            "this line is neither a key nor a continuation of the text above",
            "add a colon and a space after the key, or check the indentation",
        ),
        E::ExpectedBlockMappingKey => (
            "expected another `key: value` of this mapping",
            "does not fit the lines above",
            "align it with the other keys; text with `: `, ` #` or after a quoted part needs quotes as a whole",
        ),
        E::ExpectedBlockSequenceEntry => (
            "expected another `- ` item of this list",
            "does not fit the lines above",
            "align it with the other items, or indent it less",
        ),
        E::BlockEntryInFlowCollection | E::PlainScalarStartsWithDashFlowIndicator => (
            "a `- ` item inside brackets",
            "not allowed here",
            "inside `[…]` items are separated by commas",
        ),
        E::BlockSequenceEntryNotAllowed | E::InvalidBlockEntryWhitespace => (
            "a `- ` item in the wrong place",
            "a list cannot start here",
            "start the list on a line of its own",
        ),
        E::InvalidIndentation
        | E::InvalidFlowScalarIndent
        | E::InvalidQuotedScalarIndent
        | E::InvalidBlockScalarIndent
        | E::UnexpectedEndOfPlainScalar => (
            "the indentation fits no line above",
            "indented differently",
            "align it with its neighbours",
        ),
        E::InvalidTrailingSingleQuotedScalar | E::InvalidTrailingDoubleQuotedScalar => (
            "text after the closing quote",
            "expected the end of the line, `,` or a closing bracket",
            "put the whole text in quotes",
        ),
        E::UnknownQuotedScalarEscape
        | E::InvalidQuotedScalarHexEscape
        | E::InvalidLowSurrogateHexEscape
        | E::InvalidLowSurrogate
        | E::MissingLowSurrogate
        | E::UnpairedLowSurrogate
        | E::InvalidUnicodeEscape => (
            "an escape that does not exist",
            "unknown escape",
            "write `\\\\` for a backslash, or use single quotes",
        ),
        E::UnexpectedCharacter { character } => {
            let problem = format!("text cannot start with `{character}`");
            return diagnostics::yaml::syntax(
                &problem,
                "not allowed here",
                "put the text in quotes",
                span,
            );
        }
        E::InvalidBlockScalarHeader | E::ZeroBlockScalarIndent => (
            "text on the line of `|` or `>`",
            "expected the end of the line",
            "start the text on the next line, indented",
        ),
        E::CommentInterceptedScalar => (
            "a comment inside a text of several lines",
            "the text goes on after this comment",
            "move the comment, or use `|`",
        ),
        E::CommentNotSeparated => (
            "a comment without a space before it",
            "expected a space before `#`",
            "put a space before `#`, or the text in quotes",
        ),
        E::MissingAnchorOrAliasName => (
            "text cannot start with `&` or `*`",
            "not allowed here",
            "put the text in quotes",
        ),
        E::ExpectedNodeContent => (
            "a value is missing",
            "expected a value here",
            "write a value, or `null`",
        ),
        other => {
            let problem = format!("not valid YAML: {other}");
            return diagnostics::yaml::syntax(
                &problem,
                "here",
                "put text with special characters in quotes",
                span,
            );
        }
    };
    diagnostics::yaml::syntax(problem, label, help, span)
}

fn unclosed(open: char, span: Span) -> Diagnostic {
    let close = if open == '[' { ']' } else { '}' };
    let help = format!("add the closing `{close}`");
    diagnostics::yaml::syntax(&format!("`{open}` has no end"), "never closed", &help, span)
}
