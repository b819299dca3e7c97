//! Examples of an operation: valid ones in full, rejected ones in a line.

use serde_json::Value;

use super::operation::answer_blocks;
use super::view;
use crate::emit::markdown::{code, fence, inline, json};
use crate::emit::request::Request;
use crate::model::{Api, Encoding, Example, ExampleOf, Operation};
use crate::{serialize, xml};

/// Characters of a refused request that are worth showing.
const SHOWN: usize = 200;

/// Valid requests, and responses.
pub(super) fn legal(api: &Api, operation: &Operation) -> Vec<view::Example> {
    operation.examples.iter().filter(|it| it.invalid.is_empty()).map(|it| view(api, operation, it)).collect()
}

fn view(api: &Api, operation: &Operation, example: &Example) -> view::Example {
    let mut blocks = Vec::new();
    if let Some(parameters) = &example.request {
        let request = Request::of(operation, parameters);
        let mut head = format!("{} {}", operation.method.as_str(), request.target);
        // Two operations on one path may differ by it alone.
        let accepted = operation.response_types();
        if !matches!(accepted.as_slice(), [] | ["application/json"]) {
            head.push_str(&format!("\nAccept: {}", accepted.join(", ")));
        }
        for (name, value) in &request.headers {
            head.push_str(&format!("\n{name}: {}", value.replace(['\r', '\n'], " ")));
        }
        blocks.push(fence("http", &head));
        if operation.has_body && operation.chosen_encoding(parameters) == Encoding::Form {
            let nothing = serde_json::Map::new();
            let form = serialize::form(operation, parameters.as_object().unwrap_or(&nothing));
            blocks.push(fence("text", &form.replace('&', "\n&")));
        } else {
            let in_xml = operation.has_body && operation.chosen_encoding(parameters) == Encoding::Xml;
            let element = xml::body(api, operation).filter(|_| in_xml);
            blocks.extend(request.body.as_ref().map(|it| {
                match (operation.chosen_encoding(parameters), it, &element) {
                    (_, it, Some(element)) => fence("xml", &xml::lines(api, element, it)),
                    (Encoding::Text | Encoding::Binary, Value::String(text), None) => fence("text", text),
                    (Encoding::Lines, items, None) => fence("json", crate::serialize::json_lines(items).trim_end()),
                    _ => json(it),
                }
            }));
        }
    }
    if let Some(response) = &example.response {
        let [words, json] = answer_blocks(example.of, response);
        let answers = if example.of == ExampleOf::Call { xml::answers(api, operation) } else { Vec::new() };
        let shown = match answers.first() {
            Some((_, element)) => fence("xml", &xml::lines(api, element, response)),
            None => json,
        };
        blocks.extend([words, shown]);
    }
    view::Example {
        title: inline(&example.name),
        source: example.source.as_deref().map(inline).unwrap_or_default(),
        blocks,
    }
}

/// Requests that break rules, and the rules they break.
pub(super) fn refused(operation: &Operation) -> Vec<String> {
    let line = |example: &Example| {
        let broken: Vec<String> = example
            .invalid
            .iter()
            .map(|(place, keyword)| format!("{} breaks {}", code(&place.value), code(&keyword.value)))
            .collect();
        let request = example.request.as_ref().map(ToString::to_string).unwrap_or_default();
        let shown = if request.is_empty() || request.chars().count() > SHOWN {
            String::new()
        } else {
            format!(": {}", code(&request))
        };
        format!("{} ({}){shown}", inline(&example.name), broken.join(", "))
    };
    operation.examples.iter().filter(|it| !it.invalid.is_empty()).map(line).collect()
}
