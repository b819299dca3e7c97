//! Names of modules and cargo features.

use super::{reserved, snake};
use crate::model::{Api, Operation, Resource};
use crate::rust_words::without_raw_prefix;

/// The module of a resource.
pub(crate) fn resource_module(resource: &Resource) -> String {
    snake(resource.rust_name.as_deref().unwrap_or(&resource.name))
}

/// The module of an operation, which is its method too, unless the module of its resource has that name already or
/// cargo would take its file for that module.
pub(crate) fn operation_module(operation: &Operation) -> String {
    let module = snake(operation.rust_name.as_deref().unwrap_or(&operation.name));
    if reserved::OPERATION_MODULES.contains(&module.as_str()) {
        return format!("{}_", without_raw_prefix(&module));
    }
    module
}

/// Modules and macros of the runtime that every generated crate exports under their names.
pub(crate) const EXPORTED_MODULES: [&str; 5] = ["blocking", "http", "json", "stream", "transport"];

/// What a generated crate calls a module of the runtime: its name, with a `_` where a resource is called so.
pub(crate) fn exported(api: &Api, module: &'static str) -> String {
    let taken = api.resources.iter().any(|it| resource_module(it) == module);
    if taken { format!("{module}_") } else { module.to_owned() }
}

/// The cargo feature of a resource: its name, or its Rust name where the crate has a feature of that name already.
pub(crate) fn feature(resource: &Resource) -> Result<String, String> {
    let names = [Some(&resource.name), resource.rust_name.as_ref()];
    let mut features = names.into_iter().flatten().map(|it| it.replace('_', "-"));
    let taken = |it: &String| reserved::FEATURES.contains(&it.as_str());
    features.find(|it| !taken(it)).ok_or_else(|| resource.name.replace('_', "-"))
}
