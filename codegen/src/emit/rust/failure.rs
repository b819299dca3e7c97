//! The conditions under which answers of success are errors, as static data.

use serde_json::Value;
use specwright_format::{TokenStream, quote};

use crate::model::number::Exact;
use crate::model::{FailureCondition, FailureTest, Matcher};

/// `rt::FailureCondition(&[&[rt::FailureTest { at: "/ok", matcher: … }]])`
pub(crate) fn condition(condition: &FailureCondition) -> TokenStream {
    let any = condition.any.iter().map(|all| {
        let tests = all.iter().map(|FailureTest { at, matcher: it }| {
            let it = matcher(it);
            quote!(rt::FailureTest { at: #at, matcher: #it })
        });
        quote!(&[#(#tests),*])
    });
    quote!(rt::FailureCondition(&[#(#any),*]))
}

fn matcher(it: &Matcher) -> TokenStream {
    match it {
        Matcher::OneOf(values) => {
            let values = values.iter().map(value);
            quote!(rt::FailureMatcher::OneOf(&[#(#values),*]))
        }
        Matcher::Present => quote!(rt::FailureMatcher::Present),
        Matcher::Absent => quote!(rt::FailureMatcher::Absent),
        Matcher::Null => quote!(rt::FailureMatcher::Null),
        Matcher::Empty => quote!(rt::FailureMatcher::Empty),
        Matcher::Any(all) => {
            let all = all.iter().map(matcher);
            quote!(rt::FailureMatcher::Any(&[#(#all),*]))
        }
        Matcher::Not(inner) => {
            let inner = matcher(inner);
            quote!(rt::FailureMatcher::Not(&#inner))
        }
    }
}

fn value(value: &Value) -> TokenStream {
    match value {
        Value::Bool(flag) => quote!(rt::FailureValue::Boolean(#flag)),
        Value::Number(number) => match Exact::of(number) {
            Exact::Whole(whole) => {
                let whole = super::tokens::integer(whole);
                quote!(rt::FailureValue::Integer(#whole))
            }
            Exact::Double(other) => {
                let other = super::tokens::float(other);
                quote!(rt::FailureValue::Number(#other))
            }
        },
        Value::String(text) => quote!(rt::FailureValue::Text(#text)),
        // Conditions compare scalars; nothing else is read as a value.
        other => {
            let text = other.to_string();
            quote!(rt::FailureValue::Text(#text))
        }
    }
}
