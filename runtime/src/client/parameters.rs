//! Parameters that are set once, on the client, and that a call can replace.

use serde_json::Value;

use super::Client;
use super::settings::{Settings, unknown_name};
use crate::concat::concat;
use crate::json::parse;
use crate::operation::{ClientParameter, ParameterForm};
use crate::{Decode, Reader};

impl Settings {
    /// Sets a parameter from its text.
    pub(super) fn parameter(&mut self, name: &str, text: &str) {
        let known = self.api.client_parameters;
        let Some((index, parameter)) = known.iter().enumerate().find(|it| it.1.name == name) else {
            let names: Vec<_> = known.iter().map(|it| it.name).collect();
            let none = "the API has no parameters of the client";
            return self
                .fault(unknown_name("parameter of the client", name, &names).unwrap_or_else(|| none.to_owned()));
        };
        if !parameter.values.is_empty() && !parameter.values.contains(&text.trim()) {
            let values = parameter.values.join(", ");
            return self.fault(format!("`{name}` has none of its values: {values}"));
        }
        match parameter.read(text) {
            Ok(value) => self.parameters[index] = Some(value),
            // It may hold anything, so it is not shown.
            Err(expected) => self.fault(format!("the value of `{name}` is not {expected}")),
        }
    }

    /// The parameters, with their defaults.
    pub(super) fn take_parameters(&mut self) -> Vec<Option<Value>> {
        let mut all = std::mem::take(&mut self.parameters);
        for (known, set) in self.api.client_parameters.iter().zip(&mut all) {
            if let (None, Some(text)) = (&set, known.default) {
                *set = known.read(text).ok();
            }
        }
        all
    }
}

impl ClientParameter {
    /// The value that a text says. The error says what it should have been.
    fn read(&self, text: &str) -> Result<Value, &'static str> {
        (self.form.read)(text.trim())
    }
}

impl ParameterForm {
    /// Text.
    #[must_use]
    pub const fn text() -> Self {
        Self { read: |text| if text.is_empty() { Err("there: it is empty") } else { Ok(text.into()) } }
    }

    /// A whole number.
    #[must_use]
    pub const fn integer() -> Self {
        Self { read: whole_number }
    }

    /// A number.
    #[must_use]
    pub const fn number() -> Self {
        Self { read: |text| json_number(text).ok_or("a number") }
    }

    /// `true` or `false`.
    #[must_use]
    pub const fn boolean() -> Self {
        Self { read: |text| text.parse::<bool>().map(Value::from).map_err(|_| "`true` or `false`") }
    }
}

fn whole_number(text: &str) -> Result<Value, &'static str> {
    let unsigned = || text.parse::<u64>().map(Value::from);
    text.parse::<i64>().map(Value::from).or_else(|_| unsigned()).map_err(|_| "a whole number")
}

/// The number that a person wrote, who also writes `.5`, `5.`, `+1` and `007`. JSON's reader is in every program, while that
/// of the standard library brings large tables.
fn json_number(text: &str) -> Option<Value> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let begins = |it: &str| it.starts_with(|it: char| it.is_ascii_digit());
    if !begins(digits.strip_prefix('.').unwrap_or(digits)) {
        return None;
    }
    let digits = digits.trim_start_matches('0');
    let zero = if begins(digits) { "" } else { "0" };
    let json = concat(&[sign, zero, digits.strip_suffix('.').unwrap_or(digits)]);
    parse(json.as_bytes()).ok()
}

impl Client {
    /// The value of a parameter, by its index in [`Api::client_parameters`](crate::Api::client_parameters). For generated
    /// code, which builds every request with it.
    #[doc(hidden)]
    #[must_use]
    pub fn parameter<T: Decode>(&self, index: usize) -> Option<T> {
        T::decode(&Reader::new(self.shared.parameters.get(index)?.as_ref()?)).ok()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::json_number;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, number) in [
            ("5", json!(5)),
            ("-0.5", json!(-0.5)),
            ("+1.5", json!(1.5)),
            (".5", json!(0.5)),
            ("-.5", json!(-0.5)),
            ("5.", json!(5)),
            ("007", json!(7)),
            ("000", json!(0)),
            ("0.25e1", json!(2.5)),
        ] {
            assert_eq!(json_number(text), Some(number), "{text}");
        }
        for text in ["", ".", "-", "e5", "+-1", "0x10", "five", "1 2", "NaN", "inf", "1e999", "[1]", "1,5"] {
            assert_eq!(json_number(text), None, "{text}");
        }
    }
}
