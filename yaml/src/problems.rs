//! The parser's complaints in plain words: what was met, and what to do about it.

use std::borrow::Cow;

use granit_parser::{ErrorKind, ScanError};

use crate::fault::{Fault, FaultKind};
use crate::source::Span;

/// Where the parser gave up.
pub(super) struct ErrorContext<'a> {
    pub(super) span: Span,
    /// The file.
    pub(super) text: &'a str,
    /// The innermost bracket that is still open.
    pub(super) bracket: Option<Span>,
}

impl<'a> ErrorContext<'a> {
    fn line_before(&self) -> &'a str {
        let before = &self.text[..self.span.start as usize];
        before.rsplit('\n').next().unwrap_or_default()
    }

    fn rest_of_line(&self) -> Span {
        let rest = self.text[self.span.start as usize..].lines().next().unwrap_or_default().trim_end();
        Span { end: self.span.start + rest.len() as u32, ..self.span }
    }

    /// The tab that is complained about: the parser points at it, behind it, or at the end of the line before.
    fn tab(&self) -> Span {
        let start = self.span.start as usize;
        let line = start - self.line_before().len();
        let indentation = |from: usize| {
            let blanks = self.text[from..].find(|it| it != ' ' && it != '\t').unwrap_or(self.text.len() - from);
            self.text[from..from + blanks].find('\t').map(|at| from + at)
        };
        let next_line = self.text[start..].find('\n').map(|at| start + at + 1);
        let found = Some(start)
            .filter(|&at| self.text[at..].starts_with('\t'))
            .or_else(|| indentation(line))
            .or_else(|| next_line.and_then(indentation))
            .or_else(|| self.line_before().rfind('\t').map(|at| line + at));
        found.map_or(self.span, |at| Span::new(self.span.file, at as u32, at as u32 + 1))
    }
}

/// The fault behind a complaint.
pub(super) fn translate(error: &ScanError, place: &ErrorContext<'_>) -> Fault {
    let fault = fault(error.kind(), place);
    let still_open = place.bracket.filter(|bracket| {
        bracket.start < place.span.start && place.text[bracket.start as usize..place.span.start as usize].contains('\n')
    });
    Fault { still_open, ..fault }
}

fn fault(kind: &ErrorKind, place: &ErrorContext<'_>) -> Fault {
    let span = place.span;
    let character = place.text[span.start as usize..span.end as usize].chars().next();
    use ErrorKind as E;
    let (problem, label, help) = match kind {
        E::TabNotAllowed
        | E::TabInBlockIndentation
        | E::TabInIndentation
        | E::TabAtBlockScalarStart
        | E::TabInPlainScalar => return Fault::new(FaultKind::TabIndentation, place.tab()),
        E::RecursionLimitExceeded => return Fault::new(FaultKind::NestedTooDeep, span),
        E::DirectiveDisallowed => return Fault::new(FaultKind::Directive, place.rest_of_line()),
        E::UnclosedQuotedScalar | E::DocumentIndicatorInQuotedScalar => (
            "quoted text has no end",
            "the quote was never closed",
            "add the closing quote; inside double quotes write `\\\"` for a quote",
        ),
        E::InvalidQuotedScalarIndent => (
            "quoted text has no end, or continues with too little indentation",
            "expected the closing quote before this",
            "add the closing quote, or indent the following lines",
        ),
        E::UnclosedFlowCollection { open } => return unclosed(*open, span),
        E::UnexpectedEofFlowSequence | E::UnexpectedEofFlowMapping | E::UnexpectedEofImplicitFlowMapping
            if character == Some(',') =>
        {
            ("nothing between two commas", "expected an entry before this", "remove the comma, or write the entry")
        }
        E::UnexpectedEofFlowSequence => return unclosed('[', span),
        E::UnexpectedEofFlowMapping | E::UnexpectedEofImplicitFlowMapping => {
            return unclosed('{', span);
        }
        E::MismatchedFlowCollectionEnd { open, close } => {
            let problem = format!("`{open}` is closed by `{close}`");
            return syntax(problem, format!("closed by `{close}`"), "lists are `[…]`, mappings are `{…}`", span);
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
        E::MappingValueNotAllowed | E::InvalidColonPlacement if !place.line_before().contains(": ") => (
            "a mapping cannot start in the middle of text",
            "the text or bracket above is not finished here",
            "close it first: look for a missing `: `, quote or bracket above, or a wrong indentation",
        ),
        E::MappingValueNotAllowed | E::InvalidColonPlacement => (
            "a second `: ` on one line",
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
            "does not match the lines above",
            "align it with the other keys; text with `: `, ` #` or after a quoted part needs quotes as a whole",
        ),
        E::ExpectedBlockSequenceEntry => (
            "expected another `- ` item of this list",
            "does not match the lines above",
            "align it with the other items, or indent it less",
        ),
        E::BlockEntryInFlowCollection | E::PlainScalarStartsWithDashFlowIndicator => (
            "a `- ` item inside brackets",
            "a bracket above is still open",
            "close it: look for a missing `}` or `]` above; inside `[…]` items are separated by commas",
        ),
        E::BlockSequenceEntryNotAllowed | E::InvalidBlockEntryWhitespace => {
            ("a `- ` item in the wrong place", "a list cannot start here", "start the list on its own line")
        }
        E::InvalidIndentation
        | E::InvalidFlowScalarIndent
        | E::InvalidBlockScalarIndent
        | E::UnexpectedEndOfPlainScalar => {
            ("the indentation matches no line above", "indented differently", "align it with its neighbours")
        }
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
        | E::InvalidUnicodeEscape => {
            ("an escape that does not exist", "unknown escape", "write `\\\\` for a backslash, or use single quotes")
        }
        E::UnexpectedCharacter { character: '`' } => {
            ("text cannot start with a backtick", "not allowed here", "put the text in quotes")
        }
        E::UnexpectedCharacter { character } => {
            let problem = format!("text cannot start with `{character}`");
            return syntax(problem, "not allowed here", "put the text in quotes", span);
        }
        E::InvalidBlockScalarHeader | E::ZeroBlockScalarIndent => (
            "text on the same line as `|` or `>`",
            "expected the end of the line",
            "start the text on the next line, indented",
        ),
        E::CommentInterceptedScalar => (
            "a comment inside text of several lines",
            "the text continues after this comment",
            "move the comment, or use `|`",
        ),
        E::CommentNotSeparated => (
            "a comment without a space before it",
            "expected a space before `#`",
            "put a space before `#`, or the text in quotes",
        ),
        E::MissingAnchorOrAliasName => {
            ("text cannot start with `&` or `*`", "not allowed here", "put the text in quotes")
        }
        E::ExpectedNodeContent => ("a value is missing", "expected a value here", "write a value, or `null`"),
        other => {
            let problem = format!("not valid YAML: {other}");
            return syntax(problem, "here", "put text with special characters in quotes", span);
        }
    };
    syntax(problem, label, help, span)
}

fn unclosed(open: char, span: Span) -> Fault {
    let close = if open == '[' { ']' } else { '}' };
    let help = format!("add the closing `{close}`");
    syntax(format!("`{open}` has no end"), "never closed", help, span)
}

fn syntax(
    problem: impl Into<Cow<'static, str>>,
    label: impl Into<Cow<'static, str>>,
    help: impl Into<Cow<'static, str>>,
    span: Span,
) -> Fault {
    Fault::new(FaultKind::Syntax { problem: problem.into(), label: label.into(), help: help.into() }, span)
}
