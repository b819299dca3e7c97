//! What `Client::from_env` of an API reads, made up so that the mock takes it.

use specwright_codegen::model::{Api, Type, TypeKind};

/// Variables and values: for every credential, and for parameters of the client that have no default.
pub(super) fn made_up(api: &Api) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for it in &api.credentials {
        // The mock takes a key for one of another credential if it looks like that.
        let start = it.looks_like.as_deref().and_then(|it| it.strip_suffix('…').or(it.strip_suffix("...")));
        let key = start.map_or_else(|| format!("mock-{}", it.name.replace('_', "-")), |it| format!("{it}mock"));
        all.extend(it.variables().into_iter().map(|(name, _)| (name.to_owned(), key.clone())));
    }
    let parameters = api.client_parameters.iter().filter(|it| it.default.is_none());
    all.extend(parameters.filter_map(|it| Some((it.env.clone()?, value(api, &it.ty)))));
    all.sort();
    all.dedup_by(|one, other| one.0 == other.0);
    all
}

/// A value as the text of a variable.
fn value(api: &Api, ty: &Type) -> String {
    match ty {
        Type::Boolean => "true".to_owned(),
        Type::Number => "1".to_owned(),
        ty if ty.is_whole() => "1".to_owned(),
        Type::Named(id) => match &api.ty(*id).kind {
            TypeKind::Enum(def) => def.values.first().map_or_else(String::new, |it| it.value.clone()),
            _ => "mock".to_owned(),
        },
        Type::Url | Type::HttpsUrl => "https://example.com".to_owned(),
        _ => "mock".to_owned(),
    }
}

/// A function of the program that gives them, and the line that sets it; nothing if there are none.
pub(super) fn code(variables: &[(String, String)]) -> (String, String) {
    if variables.is_empty() {
        return (String::new(), String::new());
    }
    let arms: String = variables.iter().map(|(name, value)| format!("        {name:?} => {value:?},\n")).collect();
    let function = format!(
        "\n/// What `Client::from_env` would read, made up: the mock takes any key.\n\
         fn environment(name: &str) -> Option<String> {{\n    let value = match name {{\n{arms}        _ => return None,\n    }};\n    \
         Some(value.to_owned())\n}}\n"
    );
    (function, "        .env_from(environment)\n".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{code, made_up};
    use specwright_codegen::pipeline;

    const API: &str = "\
api: toys
title: Toys
doc: Toys.
servers: https://toys.example.com
credentials:
  toys_auth: {env: TOYS_AUTH, doc: One., send: {bearer: {header: Authorization, prefix: 'Bearer '}}}
  api_key: {env: TOYS_API_KEY, looks_like: tk_…, doc: Another., send: {header: {header: X-Key}}}
client:
  headers:
    X-Count: {type: integer, env: TOYS_COUNT, doc: Three.}
    X-Version: {default: '1', env: TOYS_VERSION, doc: Four.}
auth: api_key
";
    const RESOURCE: &str = "\
resource: toys
title: Toys
doc: Toys.
operations:
  list: {get: /toys, summary: List toys., response: none}
";

    #[test]
    fn every_credential_has_a_value_of_its_own() {
        let files = [("api.yaml", API), ("toys.yaml", RESOURCE)].map(|(name, text)| (name.to_owned(), text.to_owned()));
        let compiled = pipeline::lint_texts("toys", files);
        let Some(api) = compiled.api else { panic!("{:#?}", compiled.diagnostics) };
        let expected = [("TOYS_API_KEY", "tk_mock"), ("TOYS_AUTH", "mock-toys-auth"), ("TOYS_COUNT", "1")];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(made_up(&api), expected);
        let (function, line) = code(&expected);
        assert!(function.contains("        \"TOYS_AUTH\" => \"mock-toys-auth\",\n"), "{function}");
        assert_eq!((line.as_str(), code(&[])), ("        .env_from(environment)\n", (String::new(), String::new())));
    }
}
