//! SW04xx, types and values: keywords, values and types that do not match.
//!
//! The table of the area's codes, then one constructor function per diagnostic.

use super::decode::shortened;
use super::{Code, Diagnostic, suggest};
use crate::source::Span;

/// The table: `Variant, "SW…", "title";` in the order of the numbers, each with a page in `pages/`.
macro_rules! types_codes {
    ($next:ident! $($before:tt)*) => { $next! { $($before)*
        KeywordMisfit, "SW0401", "keyword that does not fit the type";
        ImpossibleLimits, "SW0402", "limits that no value can meet";
        WrongType, "SW0403", "value of the wrong type";
        OutsideEnum, "SW0404", "value outside the enum";
        BadEnum, "SW0405", "enum of the wrong form";
        BadPattern, "SW0406", "pattern of the wrong form";
        TypeMisplaced, "SW0407", "type not allowed here";
        EndlessType, "SW0408", "endless type";
        AmbiguousUnion, "SW0409", "union that cannot be told apart";
        BadMember, "SW0410", "member that does not fit its union";
        BadGlob, "SW0411", "glob of no effect";
        BadCondition, "SW0412", "condition that cannot be tested";
        BadVariants, "SW0413", "variants of the wrong form";
        BadTask, "SW0414", "task of the wrong form";
        BadRule, "SW0415", "rule that cannot be checked";
        BadOperation, "SW0416", "operation of the wrong form";
        BadStream, "SW0417", "stream of the wrong form";
        BadConstructor, "SW0418", "constructor of the wrong form";
        RepeatedKeys, "SW0419", "list that is sent as repeated keys";
        FailureInSuccess, "SW0420", "success response that may report a failure";
        BadStyle, "SW0421", "value that its style cannot write";
        StyleMissing, "SW0422", "object without a style";
        BadXml, "SW0423", "value that XML cannot hold";
        BadPages, "SW0430", "pages of the wrong form";
    } };
}

pub(crate) fn keyword_misfit(keyword: &str, ty: &str, fits: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::KeywordMisfit, format!("`{keyword}` does not apply to {ty}"), span)
        .help(format!("it is only valid for {fits}"))
}

/// A keyword that changes the meaning of others, without one of them.
pub(crate) fn keyword_alone(keyword: &str, partners: &[&str], span: Span) -> Diagnostic {
    Diagnostic::error(Code::KeywordMisfit, format!("`{keyword}` has no effect here"), span)
        .help(format!("it is only valid beside {}", super::decode::joined_by_or(partners)))
}

/// A keyword where nothing asks for it.
pub(crate) fn keyword_without_effect(what: &str, fits: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::KeywordMisfit, format!("{what} has no effect"), span)
        .help(format!("it is only valid for {fits}"))
}

pub(crate) fn impossible_limits(problem: &str, span: Span, other: Option<Span>) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::ImpossibleLimits, problem, span);
    match other {
        Some(other) => diagnostic.related(other, "excluded by this").help("lower one or raise the other"),
        None => diagnostic,
    }
}

pub(crate) fn wrong_type(what: &str, value: &str, ty: &str, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::WrongType, format!("{what} `{}` is not {ty}", shortened(value)), span);
    let is_plain = matches!(value, "true" | "false") || value.parse::<f64>().is_ok();
    if is_plain && ty.contains("string") { diagnostic.help("put it in quotes if text is meant") } else { diagnostic }
}

pub(crate) fn outside_enum(what: &str, value: &str, known: &[&str], span: Span) -> Diagnostic {
    let message = format!("{what} `{}` is not a value of the enum", shortened(value));
    let diagnostic = Diagnostic::error(Code::OutsideEnum, message, span);
    match suggest::nearest(value, known.iter().copied()) {
        Some(near) => diagnostic.help(format!("a similar value exists: `{near}`")),
        None if known.len() <= 12 && !known.is_empty() => {
            diagnostic.help(format!("the enum's values are {}", super::decode::list(known)))
        }
        None => diagnostic,
    }
}

pub(crate) fn duplicate_value(value: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(Code::BadEnum, format!("the enum lists `{}` twice", shortened(value)), span)
        .related(first, "first listed here")
        .help("remove one of the two")
}

pub(crate) fn mixed_enum(value: &str, ty: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::BadEnum, format!("the enum value `{}` is not {ty}", shortened(value)), span)
        .help("all values of an enum have one type; put a number in quotes if text is meant")
}

pub(crate) fn bad_pattern(problem: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::BadPattern, format!("not a portable pattern: {problem}"), span)
        .help("patterns may use literals, classes, anchors, quantifiers, groups and alternation")
}

pub(crate) fn type_misplaced(ty: &str, place: &str, help: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::TypeMisplaced, format!("{ty} is not allowed in {place}"), span).help(help)
}

pub(crate) fn endless_type(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::EndlessType, format!("every `{name}` would contain another `{name}`, endlessly"), span)
        .help("make one of the fields in the cycle optional, nullable or a list")
}

pub(crate) fn ambiguous_union(problem: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::AmbiguousUnion, problem, span)
        .help("members must differ in their JSON type; records need a `tag`, required fields that differ, or a type with `one_of` or `any_of`; use `json` for anything else")
}

pub(crate) fn kept_in_union(problem: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::AmbiguousUnion, problem, span)
        .help("list the members of the inner union in place of it, in a type with `one_of` or `any_of`")
}

pub(crate) fn any_of_told_apart(span: Span) -> Diagnostic {
    Diagnostic::error(Code::AmbiguousUnion, "the members of this `any_of` can be told apart", span)
        .help("write `one_of`, so that a value is read as the one that it is")
}

pub(crate) fn bad_member(problem: &str, span: Span, declared: Option<Span>) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::BadMember, problem, span);
    match declared {
        Some(declared) => diagnostic.related(declared, "declared here"),
        None => diagnostic,
    }
}

pub(crate) fn glob_without_match(glob: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::BadGlob, format!("no value of the enum matches `{glob}`"), span)
}

pub(crate) fn glob_misplaced(glob: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::BadGlob, format!("the glob `{glob}` is only valid for a closed enum of strings"), span)
        .help("list the values")
}

pub(crate) fn bad_condition(problem: &str, help: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::BadCondition, problem, span).help(help)
}

pub(crate) fn bad_variants(problem: &str, help: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::BadVariants, problem, span).help(help)
}

pub(crate) fn bad_task(problem: &str, help: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::BadTask, problem, span).help(help)
}

pub(crate) fn bad_rule(problem: &str, help: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::BadRule, problem, span).help(help)
}

pub(crate) fn bad_operation(problem: &str, help: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::BadOperation, problem, span).help(help)
}

pub(crate) fn bad_stream(problem: &str, help: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::BadStream, problem, span).help(help)
}

pub(crate) fn bad_pages(problem: &str, help: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::BadPages, problem, span).help(help)
}

pub(crate) fn bad_constructor(problem: &str, help: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::BadConstructor, problem, span).help(help)
}

pub(crate) fn repeated_keys(name: &str, span: Span) -> Diagnostic {
    Diagnostic::warning(
        Code::RepeatedKeys,
        format!("`{name}` is sent as `{name}=a&{name}=b`, but its `doc` describes one value with separators"),
        span,
    )
    .help(
        "if the API expects one value with separators, write `style: comma`, `space` or `pipe`; otherwise write `style: repeated`",
    )
}

pub(crate) fn bad_style(name: &str, problem: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::BadStyle, format!("`{name}` cannot be written like this: {problem}"), span)
        .help("choose another `style`, or another type")
}

pub(crate) fn bad_xml(problem: &str, help: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::BadXml, problem, span).help(help)
}

pub(crate) fn style_missing(name: &str, ty: &str, place: &str, choices: &str, span: Span) -> Diagnostic {
    let message = format!("`{name}` is {ty}, which {place} can hold in several ways");
    Diagnostic::error(Code::StyleMissing, message, span).help(format!(
        "say in which with `style`: {choices}; `styles: {{objects: …}}` sets a default for queries and forms"
    ))
}

pub(crate) fn failure_in_success(flag: &str, span: Span) -> Diagnostic {
    Diagnostic::hint(
        Code::FailureInSuccess,
        format!("an answer with `{flag}: false` and a success status is `Ok(…)` in Rust"),
        span,
    )
    .help(format!(
        "if it reports a failure, write `when: {{{flag}: false}}` under `errors` in `api.yaml`, or `errors: {{when: {{{flag}: false}}}}` here; if it does not, write `errors: none`",
    ))
}
