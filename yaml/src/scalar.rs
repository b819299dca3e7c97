//! What a scalar means: YAML 1.2's core schema without its rarer spellings, which [`super::ambiguous_scalars`] reports.

use super::{Style, Value};

/// What a scalar of this text and style means.
pub(super) fn value(text: &str, style: Style) -> Value {
    if style != Style::Plain {
        return Value::String;
    }
    match text {
        "" | "~" | "null" => Value::Null,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => number(text).unwrap_or(Value::String),
    }
}

/// Why a plain scalar that looks like a number cannot be one.
pub(super) fn out_of_range(text: &str) -> Option<&'static str> {
    if !starts_number(text) {
        return None;
    }
    if is_integer(text) && integer(text).is_none() {
        return Some("does not fit into 64 bits");
    }
    let overflows = is_decimal(text) && text.parse::<f64>().is_ok_and(|it| !it.is_finite());
    overflows.then_some("is too large for a floating-point number")
}

/// Whether it is worth a look: most scalars are words.
fn starts_number(text: &str) -> bool {
    text.starts_with(|it: char| it.is_ascii_digit() || matches!(it, '-' | '+' | '.'))
}

fn number(text: &str) -> Option<Value> {
    if !starts_number(text) {
        return None;
    }
    if is_integer(text) {
        return integer(text).map(Value::Integer);
    }
    let value: f64 = text.parse().ok().filter(|_| is_decimal(text))?;
    value.is_finite().then_some(Value::Number(value))
}

/// A whole number of 64 bits, with a sign or without.
fn integer(text: &str) -> Option<i128> {
    text.parse().ok().filter(|it| (i128::from(i64::MIN)..=i128::from(u64::MAX)).contains(it))
}

/// A whole number of 64 bits as JSON.
#[must_use]
pub fn to_json(number: i128) -> serde_json::Value {
    let unsigned = || u64::try_from(number).map(serde_json::Value::from);
    i64::try_from(number).map(serde_json::Value::from).or_else(|_| unsigned()).unwrap_or_default()
}

/// `[-+]?[0-9]+`
fn is_integer(text: &str) -> bool {
    let digits = unsigned(text);
    !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit())
}

/// `[-+]? ( \.[0-9]+ | [0-9]+(\.[0-9]*)? ) ([eE][-+]?[0-9]+)?`
fn is_decimal(text: &str) -> bool {
    let (mantissa, exponent) = match unsigned(text).split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned(text), None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |it: &str| it.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty()) && exponent.is_none_or(is_integer)
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['-', '+']).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars() {
        use Value::*;
        for (text, expected) in [
            ("", Null),
            ("~", Null),
            ("null", Null),
            ("true", Bool(true)),
            ("false", Bool(false)),
            ("0", Integer(0)),
            ("-7", Integer(-7)),
            ("+7", Integer(7)),
            ("9223372036854775807", Integer(i64::MAX.into())),
            ("-9223372036854775808", Integer(i64::MIN.into())),
            ("18446744073709551615", Integer(u64::MAX.into())),
            ("18446744073709551616", String),
            ("-9223372036854775809", String),
            ("1.10", Number(1.1)),
            (".5", Number(0.5)),
            ("-.5", Number(-0.5)),
            ("1.", Number(1.0)),
            ("1e3", Number(1000.0)),
            ("1.5E-3", Number(0.0015)),
            ("1e999", String),
            (".", String),
            ("-", String),
            ("+", String),
            ("e3", String),
            ("1e", String),
            ("--1", String),
            ("inf", String),
            ("NaN", String),
            ("1.2.3", String),
            ("4k", String),
            ("a", String),
        ] {
            assert_eq!(value(text, Style::Plain), expected, "{text}");
            assert_eq!(value(text, Style::Quoted), String, "{text}");
        }
    }
}
