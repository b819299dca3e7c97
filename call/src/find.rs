//! The operation of a name.

use specwright_codegen::diagnostics::suggest::nearest;
use specwright_codegen::failure::Failure;
use specwright_codegen::model::{Api, Operation};

/// The operation that is called `resource.operation`, or `operation` if only one resource has it.
pub(crate) fn operation<'a>(api: &'a Api, name: &str, program: &str) -> Result<&'a Operation, Failure> {
    let mut named = api.operations.iter().filter(|it| it.full_name(api) == name || it.name == name);
    let exact = api.operations.iter().find(|it| it.full_name(api) == name);
    if let Some(found) = exact {
        return Ok(found);
    }
    match (named.next(), named.next()) {
        (Some(only), None) => return Ok(only),
        (Some(_), Some(_)) => {
            let all = api.operations.iter().filter(|it| it.name == name).map(|it| format!("`{}`", it.full_name(api)));
            let all: Vec<String> = all.collect();
            return Err(Failure::new(format!("several resources of `{}` have an operation `{name}`", api.name))
                .help(format!("name one of them: {}", all.join(", "))));
        }
        (None, _) => {}
    }
    let known: Vec<String> = api.operations.iter().map(|it| it.full_name(api)).collect();
    let resource = name.split('.').next().unwrap_or_default();
    // An operation of the resource that was named is meant before one of another.
    let of_resource = known.iter().filter(|it| it.split('.').next() == Some(resource)).map(String::as_str);
    let similar = nearest(name, of_resource).or_else(|| nearest(name, known.iter().map(String::as_str)));
    let similar = similar.or_else(|| {
        let short = nearest(name, api.operations.iter().map(|it| it.name.as_str()))?;
        known.iter().find(|it| it.split_once('.').is_some_and(|(_, it)| it == short)).map(String::as_str)
    });
    let list = format!("`{program} call {}` lists the operations", api.name);
    let failure = Failure::new(format!("`{}` has no operation `{name}`", api.name));
    Err(match similar {
        Some(similar) => failure.help(format!("a similar one exists: `{similar}`; {list}")),
        None => failure.help(list),
    })
}
