//! SW05xx, conditions, rules and consistency: conditions, cases, rules and variants that cannot hold together.
//!
//! The table of the area's codes, then one constructor function per diagnostic.

use super::{Code, Diagnostic};
use crate::source::Span;

/// The table: `Variant, "SW…", "title";` in the order of the numbers, each with a page in `pages/`.
macro_rules! rules_codes {
    ($next:ident! $($before:tt)*) => { $next! { $($before)*
        VariantsOverlap, "SW0501", "variants overlap";
        VariantGap, "SW0502", "request that no variant covers";
        ImpossibleVariant, "SW0503", "variant that no request can match";
        NoLegalRequest, "SW0504", "no legal request";
        RequiredAndForbidden, "SW0505", "required and forbidden at once";
        ContradictoryLimits, "SW0506", "limits that leave no value";
        ConditionNeverHolds, "SW0507", "condition that never holds";
        NeverMatters, "SW0508", "redundant constraint";
        NeverSent, "SW0509", "parameter that can never be sent";
        ValueNeverSent, "SW0510", "enum value that can never be sent";
        DefaultBreaksRule, "SW0511", "default that breaks a rule";
        RuleNeverMet, "SW0512", "rule that cannot be met";
        DuplicateRule, "SW0513", "duplicate rule";
        NeverCompared, "SW0514", "comparison that never applies";
        LimitNeverReached, "SW0515", "limit that is never reached";
    } };
}

pub(crate) fn variants_overlap(names: [&str; 2], span: Span, first: Span, request: &str) -> Diagnostic {
    let [one, other] = names;
    let message = format!("variants `{one}` and `{other}` overlap");
    Diagnostic::error(Code::VariantsOverlap, message, span)
        .label(format!("`{other}` accepts a request …"))
        .related(first, format!("… that `{one}` accepts too"))
        .note(format!("both accept {request}"))
        .help("narrow one of the conditions, or add a rule that forbids the requests they share")
}

pub(crate) fn variant_gap(operation: &str, span: Span, variants: Span, request: &str) -> Diagnostic {
    let message = format!("the rules of `{operation}` allow requests that no variant accepts");
    Diagnostic::error(Code::VariantGap, message, span)
        .label("the rules allow more …")
        .related(variants, "… than the variants accept")
        .note(format!("no variant accepts {request}"))
        .help("make the parameter that selects the variant `required`, add a variant, or add a rule that forbids such requests")
}

pub(crate) fn impossible_variant(variant: &str, operation: &str, span: Span, why: &[Span]) -> Diagnostic {
    let message = format!("no valid request matches variant `{variant}` of `{operation}`");
    let start = Diagnostic::error(Code::ImpossibleVariant, message, span)
        .label("every request that meets this condition breaks a rule")
        .help("correct the condition, or remove the variant");
    reasons(start, why)
}

pub(crate) fn no_legal_request(name: &str, span: Span, why: &[Span]) -> Diagnostic {
    let start = Diagnostic::error(Code::NoLegalRequest, format!("the rules of `{name}` allow no request at all"), span)
        .label("every request breaks a rule")
        .help("look for parameters that are required by one rule and forbidden by another");
    reasons(start, why)
}

pub(crate) fn required_and_forbidden(name: &str, required: Span, forbidden: Span, request: &str) -> Diagnostic {
    let message = format!("`{name}` is required and forbidden in the same request");
    Diagnostic::error(Code::RequiredAndForbidden, message, forbidden)
        .label("forbidden here …")
        .related(required, "… while it is required here")
        .note(format!("both apply to {request}"))
        .help("make the two conditions exclude each other: all cases that match apply, and none overrides another")
}

/// Limits by keyword and place; `items`: so many different items there are; `request`: one to which all apply.
pub(crate) fn contradictory_limits(
    name: &str,
    others: &[(&str, Span)],
    (last_keyword, last): (&str, Span),
    items: Option<u64>,
    request: Option<&str>,
) -> Diagnostic {
    let mut keywords: Vec<&str> = others.iter().map(|(keyword, _)| *keyword).chain([last_keyword]).collect();
    keywords.dedup();
    let leave = if keywords.len() > 1 { "leave" } else { "leaves" };
    let message = format!("{} of `{name}` {leave} no value", super::decode::list(&keywords));
    let label = if others.is_empty() { "no value meets this" } else { "no value meets this …" };
    let mut diagnostic = Diagnostic::error(Code::ContradictoryLimits, message, last).label(label);
    for (_, span) in others.iter().filter(|(_, span)| *span != last) {
        diagnostic = diagnostic.related(*span, "… and this");
    }
    if let Some(items) = items {
        let only =
            if items == 1 { "there is only one item".to_owned() } else { format!("there are {items} different items") };
        diagnostic = diagnostic.note(format!("{only} that the list can hold"));
    }
    if let Some(request) = request {
        let which = match others.len() {
            0 => "it applies",
            1 => "both apply",
            _ => "all of them apply",
        };
        diagnostic = diagnostic.note(format!("{which} to {request}"));
    }
    diagnostic
        .help("widen a limit, or make the conditions exclude each other: all cases that match apply, and none overrides another")
}

pub(crate) fn condition_never_holds(what: &str, span: Span, why: &[Span]) -> Diagnostic {
    let start = Diagnostic::error(Code::ConditionNeverHolds, format!("the condition of {what} never holds"), span)
        .label("matches no valid request")
        .help("correct the condition: no otherwise valid request satisfies it");
    reasons(start, why)
}

pub(crate) fn never_matters(name: &str, keyword: &str, span: Span, other: Span) -> Diagnostic {
    Diagnostic::warning(Code::NeverMatters, format!("`{keyword}` of `{name}` has no effect"), span)
        .label("redundant")
        .related(other, "whenever it applies, this applies too and is at least as strict")
        .help("remove it, or correct the limit: a case cannot relax another constraint")
}

pub(crate) fn never_sent(name: &str, span: Span, why: &[Span]) -> Diagnostic {
    let message = format!("`{name}` can never be sent");
    let start = Diagnostic::error(Code::NeverSent, message, span)
        .label("every request with it breaks a rule")
        .help("remove the parameter, or narrow the conditions that forbid it");
    reasons(start, why)
}

pub(crate) fn value_never_sent(name: &str, value: &str, span: Span, why: &[Span]) -> Diagnostic {
    let message = format!("{value} can never be sent as `{name}`");
    let start = Diagnostic::warning(Code::ValueNeverSent, message, span)
        .label("every request with it breaks a rule")
        .help("remove the value, or add it to a case that should allow it");
    reasons(start, why)
}

pub(crate) fn default_breaks_rule(name: &str, default: &str, keyword: &str, span: Span, rule: Span) -> Diagnostic {
    let message = format!("the default {default} of `{name}` breaks its `{keyword}`");
    Diagnostic::error(Code::DefaultBreaksRule, message, span)
        .label("this default …")
        .related(rule, "… is refused here")
        .help("correct the default or the rule; a default that cannot be sent belongs in the `doc`")
}

pub(crate) fn rule_never_met(what: &str, span: Span, fields: Vec<(String, Span)>) -> Diagnostic {
    let start = Diagnostic::error(Code::RuleNeverMet, format!("{what} can never be met where it applies"), span)
        .label("the other rules exclude what it asks for")
        .help("narrow the rule with `when`, or correct the rules of its parameters");
    related_fields(start, fields)
}

pub(crate) fn requires_forbidden(source: &str, target: &str, span: Span, field: Span) -> Diagnostic {
    let message = format!("`{source}` requires `{target}`, which can never be sent together with it");
    Diagnostic::error(Code::RuleNeverMet, message, span)
        .label("can never be met")
        .related(field, format!("`{target}` is ruled out here when `{source}` is given"))
        .help("correct the rule, or the conditions under which the parameter is forbidden")
}

pub(crate) fn amount_never_reached(
    keyword: &str,
    minimum: u64,
    most: u64,
    span: Span,
    fields: Vec<(String, Span)>,
) -> Diagnostic {
    let message = format!("the minimum {minimum} of `{keyword}` can never be met");
    let start = Diagnostic::error(Code::RuleNeverMet, message, span)
        .label(format!("the parameters' own limits allow {most} at most"))
        .help("lower the minimum, or correct the limits of the parameters");
    related_fields(start, fields)
}

pub(crate) fn duplicate_rule(keyword: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::warning(Code::DuplicateRule, format!("duplicate `{keyword}`"), span)
        .label("written again here")
        .related(first, "first written here")
        .help("remove one of the two")
}

pub(crate) fn never_compared(names: &[String; 2], span: Span, fields: Vec<(String, Span)>) -> Diagnostic {
    let [a, b] = names;
    let message = format!("`{a}` and `{b}` are compared, but never sent together");
    let start = Diagnostic::error(Code::NeverCompared, message, span)
        .label("never applies")
        .help("remove the comparison, or correct the rules that keep the two apart");
    related_fields(start, fields)
}

pub(crate) fn limit_never_exceeded(
    keyword: &str,
    maximum: u64,
    most: u64,
    span: Span,
    fields: Vec<(String, Span)>,
) -> Diagnostic {
    let message = format!("the maximum {maximum} of `{keyword}` can never be exceeded");
    let start = Diagnostic::warning(Code::LimitNeverReached, message, span)
        .label(format!("the parameters' own limits allow {most} at most"))
        .help("remove the rule, or correct a limit");
    related_fields(start, fields)
}

fn related_fields(diagnostic: Diagnostic, fields: Vec<(String, Span)>) -> Diagnostic {
    fields.into_iter().fold(diagnostic, |it, (name, span)| it.related(span, format!("`{name}`")))
}

/// The lines that together prove it.
fn reasons(diagnostic: Diagnostic, why: &[Span]) -> Diagnostic {
    const MOST: usize = 6;
    let primary = diagnostic.primary.span;
    let others = why.iter().filter(|it| **it != primary).take(MOST);
    others.fold(diagnostic, |it, span| it.related(*span, "because of this"))
}
