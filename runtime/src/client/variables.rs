//! Variables of the servers' URLs, such as `shop` in `https://{shop}.example.com`.

use super::settings::{Settings, unknown_name};
use crate::byte_scan::find;
use crate::operation::VariableSteps;
use crate::{Api, ServerVariable};

impl ServerVariable {
    /// A variable that is set by its name or by an environment variable. If there is a default, it is used otherwise; if there
    /// are values, it has no others.
    #[must_use]
    pub const fn new(
        name: &'static str,
        env: &'static str,
        default: Option<&'static str>,
        values: &'static [&'static str],
    ) -> Self {
        Self { name, env, default, values, steps: &VariableSteps { filled, missing } }
    }
}

impl Settings {
    pub(super) fn variable(&mut self, name: &str, value: &str) {
        let known = self.api.server_variables;
        let Some((index, variable)) = known.iter().enumerate().find(|it| it.1.name == name) else {
            let names: Vec<_> = known.iter().map(|it| it.name).collect();
            let none = "the API's URLs have no variables";
            return self
                .fault(unknown_name("variable of the API's URLs", name, &names).unwrap_or_else(|| none.to_owned()));
        };
        let value = value.trim();
        if value.is_empty() || !value.bytes().all(|it| it.is_ascii_alphanumeric() || b"-._~".contains(&it)) {
            // It may hold anything, so it is not shown.
            return self
                .fault(format!("the value of `{name}` cannot be a part of a URL: write letters, digits and `-`"));
        }
        if !variable.values.is_empty() && !variable.values.contains(&value) {
            let values = variable.values.join(", ");
            return self.fault(format!("`{name}` has none of its values: {values}"));
        }
        self.variables[index] = Some(value.to_owned());
    }
}

fn filled(api: &Api, values: &[Option<String>], url: &str) -> String {
    let (mut out, mut rest) = (String::new(), url);
    while let Some((before, name, after)) = next_variable(rest) {
        let known = api.server_variables.iter().zip(values).find(|it| it.0.name == name);
        let value = known.and_then(|(known, value)| value.as_deref().or(known.default));
        out.push_str(before);
        // As it stands, braces included, if it has no value.
        out.push_str(value.or(rest.get(before.len()..rest.len() - after.len())).unwrap_or_default());
        rest = after;
    }
    out + rest
}

fn missing(api: &Api, url: &str) -> Option<String> {
    let names = std::iter::successors(next_variable(url), |it| next_variable(it.2)).map(|it| it.1);
    let missing = names.filter_map(|name| api.server_variables.iter().find(|it| it.name == name)).next();
    let ServerVariable { name, env, .. } = missing?;
    Some(format!(
        "the API's URL is `{url}`: set the environment variable {env}, or call \
         `ClientBuilder::server_variable(\"{name}\", …)`"
    ))
}

/// What is before the first `{name}` of a URL, the name, and what follows it.
fn next_variable(url: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let end = from + find(url.as_bytes().get(from..)?, b"}")?;
        if let Some(start) = url.as_bytes().get(from..end)?.iter().rposition(|it| *it == b'{') {
            let start = from + start;
            return Some((url.get(..start)?, url.get(start + 1..end)?, url.get(end + 1..)?));
        }
        from = end + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::next_variable;

    #[test]
    fn variables_of_urls_are_found() {
        for (url, found) in [
            ("https://{shop}.test/{v}", Some(("https://", "shop", ".test/{v}"))),
            ("{{region}}", Some(("{", "region", "}"))),
            ("h/{x/{region}", Some(("h/{x/", "region", ""))),
            ("a}b{c}d", Some(("a}b", "c", "d"))),
            ("a}b", None),
            ("{a", None),
            ("", None),
        ] {
            assert_eq!(next_variable(url), found, "{url}");
        }
    }
}
