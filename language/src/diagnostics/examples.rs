//! SW06xx, examples: examples that disagree with the rules they illustrate.
//!
//! The table of the area's codes, then one constructor function per diagnostic.

use super::{Code, Diagnostic};
use crate::interpret::Violation;
use crate::model::Location;
use crate::source::Span;

/// The table: `Variant, "SW…", "title";` in the order of the numbers, each with a page in `pages/`.
macro_rules! examples_codes {
    ($next:ident! $($before:tt)*) => { $next! { $($before)*
        ExampleBreaksRule, "SW0601", "example that breaks a rule";
        ExampleWarns, "SW0602", "example that breaks an inferred rule";
        ClaimNotBroken, "SW0603", "example that breaks less than it claims";
        UnclaimedViolation, "SW0604", "example that breaks more than it claims";
        ExampleAnswerMisfit, "SW0605", "example response that does not match its type";
        ExampleNotParameters, "SW0606", "example request that is not a map of parameters";
        ExampleAnswerUnexpected, "SW0607", "example response where none is expected";
        ExampleMistaken, "SW0608", "example of an error among responses, or the reverse";
    } };
}

pub(crate) fn example_breaks_rule(example: &str, span: Span, violation: &Violation) -> Diagnostic {
    let claim = claim_key(violation);
    let diagnostic = Diagnostic::error(
        Code::ExampleBreaksRule,
        format!("example `{example}` breaks a rule: {}", violation.message),
        span,
    )
    .label(place_and_find(violation))
    .help(format!(
        "change the request or the rule; if the example shows a mistake on purpose, add `invalid: {{{claim}: {}}}`",
        violation.rule
    ));
    with_rule(with_quotes(diagnostic, violation), violation)
}

pub(crate) fn example_warns(example: &str, span: Span, violation: &Violation) -> Diagnostic {
    let ignored = violation.rule == "ignored";
    let (kind, help) = if ignored {
        (
            "sends a parameter without effect",
            "remove the parameter, or remove `ignored` if the vendor's documentation shows an effect",
        )
    } else {
        ("breaks an inferred rule", "the vendor's own example contradicts the inference: relax the rule or remove it")
    };
    let message = format!("example `{example}` {kind}: {}", violation.message);
    let diagnostic = Diagnostic::warning(Code::ExampleWarns, message, span).label(place_and_find(violation)).help(help);
    with_rule(diagnostic, violation)
}

pub(crate) fn claim_not_broken(example: &str, at: &str, rule: &str, span: Span, example_span: Span) -> Diagnostic {
    let message = format!("example `{example}` claims to break `{rule}` of `{at}`, but does not");
    Diagnostic::error(Code::ClaimNotBroken, message, span)
        .label("not broken")
        .related(example_span, "by this request")
        .help("remove the claim, or change the request so that it breaks the rule")
}

pub(crate) fn unclaimed_violation(example: &str, span: Span, violation: &Violation) -> Diagnostic {
    let message = format!("example `{example}` breaks more than it claims: {}", violation.message);
    let diagnostic = Diagnostic::error(Code::UnclaimedViolation, message, span)
        .label(place_and_find(violation))
        .help(format!("correct the request, or add `{}: {}` to `invalid`", claim_key(violation), violation.rule));
    with_rule(diagnostic, violation)
}

pub(crate) fn example_answer_misfit(example: &str, answer: &str, span: Span, violation: &Violation) -> Diagnostic {
    // Violations are worded for requests; a response has fields.
    let why = violation.message.replacen("required parameter", "required field", 1);
    let message = format!("{answer} of example `{example}` does not match its type: {why}");
    let diagnostic = Diagnostic::error(Code::ExampleAnswerMisfit, message, span)
        .label(place_and_find(violation))
        .help("if the vendor's documentation shows this response, the type is too narrow: make the field optional or nullable, or change its type");
    with_rule(with_quotes(diagnostic, violation), violation)
}

pub(crate) fn example_not_parameters(example: &str, span: Span) -> Diagnostic {
    let message = format!("the request of example `{example}` is not a map of parameters");
    Diagnostic::error(Code::ExampleNotParameters, message, span).help(
        "write every parameter by name, wherever it goes in the request: `request: {model: suno-v5, prompt: A song}`",
    )
}

pub(crate) fn example_answer_unexpected(example: &str, answer: &str, why: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::ExampleAnswerUnexpected, format!("example `{example}` has {answer}, but {why}"), span)
        .help("remove it from the example, or describe it in the operation")
}

/// A response that is an error after `errors.when`.
pub(crate) fn example_is_failure(example: &str, when: &str, span: Span, condition: Span) -> Diagnostic {
    let message = format!("the response of example `{example}` is an error: {when}");
    Diagnostic::error(Code::ExampleMistaken, message, span)
        .related(condition, "by this condition")
        .help("show it under `examples` of `errors` in `api.yaml`, with its status")
}

/// An error with a status of success that nothing makes an error.
pub(crate) fn example_is_no_failure(example: &str, status: u16, when: Option<&str>, span: Span) -> Diagnostic {
    let message = format!("the example `{example}` has status {status}, so that it is no error");
    let help = match when {
        Some(when) => format!("an answer of success is an error when {when}; correct the body or the condition"),
        None => "say with `when` which answers of success are errors, such as `when: {ok: false}`".to_owned(),
    };
    Diagnostic::error(Code::ExampleMistaken, message, span).help(help)
}

/// A number where another type is wanted may be a text that was written without quotes.
fn with_quotes(diagnostic: Diagnostic, violation: &Violation) -> Diagnostic {
    let found = violation.found.as_ref().map(ToString::to_string).unwrap_or_default();
    let is_plain = matches!(found.as_str(), "true" | "false") || found.parse::<f64>().is_ok();
    if violation.rule == "type" && is_plain {
        diagnostic.note("text that looks like a number or a truth value needs quotes")
    } else {
        diagnostic
    }
}

/// `prompt`, or a pointer in quotes where it goes deeper.
fn claim_key(violation: &Violation) -> String {
    match violation.at.strip_prefix('/') {
        Some(name) if !name.contains(['/', '~']) => name.to_owned(),
        _ => format!("\"{}\"", violation.at),
    }
}

fn place_and_find(violation: &Violation) -> String {
    let place = match (violation.location, violation.at.as_str()) {
        (Location::Body, "") => "the whole value".to_owned(),
        (_, at) => format!("`{at}`"),
    };
    match &violation.found {
        Some(found) => format!("{place} breaks `{}`, found {found}", violation.rule),
        None => format!("{place} breaks `{}`", violation.rule),
    }
}

fn with_rule(diagnostic: Diagnostic, violation: &Violation) -> Diagnostic {
    match violation.rule_span {
        Some(span) => diagnostic.related(span, "the rule"),
        None => diagnostic,
    }
}
