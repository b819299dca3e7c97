//! All calls by path and method; calls that share both become one.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::schema::Context;
use super::{answers, operation};
use crate::model::{Method, Output};

/// The `paths` object, in the order of the operations; status calls of tasks come after all of them.
pub(super) fn paths_object(context: &Context<'_>) -> Map<String, Value> {
    let mut paths = Paths::default();
    for call in &context.api.operations {
        paths.add(&call.path_template(), call.method, operation::object_of(context, call));
    }
    for call in &context.api.operations {
        if let Output::Task(task) = &call.output
            && let Some(path) = &task.status
        {
            paths.add(&path.path_template(), Method::Get, answers::status_call(context, call, (task, path)));
        }
    }
    paths.paths
}

#[derive(Default)]
struct Paths {
    paths: Map<String, Value>,
    /// The template of each shape: `/a/{id}` and `/a/{name}` are one path.
    templates: BTreeMap<String, String>,
    ids: std::collections::BTreeSet<String>,
}

impl Paths {
    fn add(&mut self, template: &str, method: Method, mut call: Map<String, Value>) {
        let (shape, names) = shape_of(template);
        let canonical = self.templates.entry(shape).or_insert_with(|| template.to_owned()).clone();
        let (_, canonical_names) = shape_of(&canonical);
        for (name, canonical_name) in names.iter().zip(&canonical_names) {
            rename_path_parameter(&mut call, name, canonical_name);
        }
        let item = self.paths.entry(canonical).or_insert_with(|| json!({}));
        let Value::Object(item) = item else { return };
        // What OpenAPI has no key for is an extension.
        let (item, key) = match method {
            Method::Other(name) if name != "TRACE" => {
                let others = item.entry("x-specwright-methods").or_insert_with(|| json!({}));
                let Value::Object(others) = others else { return };
                (others, name.to_owned())
            }
            method => (item, method.as_str().to_lowercase()),
        };
        match item.get_mut(&key) {
            Some(Value::Object(before)) => merge(before, call),
            _ => {
                // A status call may bear the name of an operation.
                let mut id = call.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned();
                while !self.ids.insert(id.clone()) {
                    id.push('_');
                }
                call.insert("operationId".to_owned(), id.into());
                item.insert(key, Value::Object(call));
            }
        }
    }
}

/// `/a/{}/b` and the names in the braces.
fn shape_of(template: &str) -> (String, Vec<String>) {
    let mut shape = String::new();
    let mut names = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { break };
        shape.push_str(before);
        shape.push_str("{}");
        names.push(name.to_owned());
        rest = after;
    }
    shape.push_str(rest);
    (shape, names)
}

fn rename_path_parameter(call: &mut Map<String, Value>, name: &str, canonical: &str) {
    for parameter in call.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
        if parameter["in"] == "path" && parameter["name"] == name {
            parameter["name"] = canonical.into();
        }
    }
}

/// Two calls under one method and path: either may be meant.
fn merge(before: &mut Map<String, Value>, mut call: Map<String, Value>) {
    let first = before.get("operationId").cloned().unwrap_or_default();
    let ids = before.entry("x-specwright-operations").or_insert_with(|| json!([first]));
    if let Value::Array(ids) = ids {
        ids.extend(call.remove("operationId"));
    }
    let summary = call.get("summary").and_then(Value::as_str).map(|it| format!("Or: {it}")).unwrap_or_default();
    let words = [before.get("description"), Some(&Value::from(summary)), call.get("description")]
        .into_iter()
        .flatten()
        .filter_map(|it| it.as_str().map(str::to_owned))
        .collect::<Vec<_>>();
    super::insert_text(before, "description", &super::joined(words.iter().map(String::as_str)));
    merge_parameters(before, call.remove("parameters"));
    merge_body(before, call.remove("requestBody"));
    merge_responses(before, call.remove("responses"));
    for key in ["security", "servers", "tags", "x-specwright-rules", "x-specwright-variants"] {
        union_lists(before, key, call.remove(key));
    }
    if let Some(Value::Object(more)) = call.remove("callbacks") {
        let callbacks = before.entry("callbacks").or_insert_with(|| json!({}));
        for (name, callback) in more {
            if let Value::Object(callbacks) = callbacks {
                callbacks.entry(name).or_insert(callback);
            }
        }
    }
}

fn union_lists(before: &mut Map<String, Value>, key: &str, more: Option<Value>) {
    let Some(Value::Array(more)) = more else { return };
    let list = before.entry(key).or_insert_with(|| json!([]));
    if let Value::Array(list) = list {
        for value in more {
            if !list.contains(&value) {
                list.push(value);
            }
        }
    }
}

fn merge_parameters(before: &mut Map<String, Value>, more: Option<Value>) {
    let mut more = match more {
        Some(Value::Array(more)) => more,
        _ => Vec::new(),
    };
    let is_same = |left: &Value, right: &Value| left["in"] == right["in"] && left["name"] == right["name"];
    let list = before.entry("parameters").or_insert_with(|| json!([]));
    let Value::Array(list) = list else { return };
    for parameter in list.iter_mut() {
        match more.iter().position(|it| is_same(it, parameter)) {
            Some(at) => {
                let other = more.remove(at);
                if other.get("required").is_none() {
                    make_optional(parameter);
                }
                if other["schema"] != parameter["schema"] {
                    parameter["schema"] = any_of(parameter["schema"].take(), other["schema"].clone());
                }
            }
            None => make_optional(parameter),
        }
    }
    more.iter_mut().for_each(make_optional);
    list.extend(more);
    if list.is_empty() {
        before.shift_remove("parameters");
    }
}

fn make_optional(parameter: &mut Value) {
    if parameter["in"] != "path"
        && let Value::Object(parameter) = parameter
    {
        parameter.shift_remove("required");
    }
}

fn merge_body(before: &mut Map<String, Value>, more: Option<Value>) {
    match (before.get_mut("requestBody"), more) {
        (Some(body), Some(more)) => merge_content(body, more),
        (Some(Value::Object(body)), None) => {
            body.insert("required".to_owned(), false.into());
        }
        (None, Some(mut more)) => {
            more["required"] = false.into();
            before.insert("requestBody".to_owned(), more);
        }
        (_, None) => {}
    }
}

fn merge_responses(before: &mut Map<String, Value>, more: Option<Value>) {
    let (Some(Value::Object(responses)), Some(Value::Object(more))) = (before.get_mut("responses"), more) else {
        return;
    };
    let default = responses.shift_remove("default");
    for (status, response) in more {
        if status == "default" {
            continue;
        }
        match responses.get_mut(&status) {
            Some(before) => merge_content(before, response),
            None => {
                responses.insert(status, response);
            }
        }
    }
    responses.extend(default.map(|it| ("default".to_owned(), it)));
}

/// Joins what has `content`; references stay as they are.
fn merge_content(before: &mut Value, mut more: Value) {
    let Some(Value::Object(more)) = more.get_mut("content").map(Value::take) else { return };
    let Value::Object(before) = before else { return };
    if before.contains_key("$ref") {
        return;
    }
    let content = before.entry("content").or_insert_with(|| json!({}));
    for (media_type, mut media) in more {
        let Some(known) = content.get_mut(&media_type) else {
            content[media_type] = media;
            continue;
        };
        if known["schema"] != media["schema"] {
            known["schema"] = any_of(known["schema"].take(), media["schema"].take());
        }
        if let Some(Value::Object(more)) = media.get_mut("examples").map(Value::take)
            && let Value::Object(known) = known
            && let Value::Object(examples) = known.entry("examples").or_insert_with(|| json!({}))
        {
            for (name, example) in more {
                let mut key = name;
                while examples.contains_key(&key) {
                    key.push('_');
                }
                examples.insert(key, example);
            }
        }
    }
}

/// `anyOf` of two schemas; grows one that was made here before.
fn any_of(before: Value, more: Value) -> Value {
    match before {
        Value::Object(mut before) if before.len() == 1 && before.contains_key("anyOf") => {
            if let Some(Value::Array(members)) = before.get_mut("anyOf")
                && !members.contains(&more)
            {
                members.push(more);
            }
            Value::Object(before)
        }
        before => json!({"anyOf": [before, more]}),
    }
}
