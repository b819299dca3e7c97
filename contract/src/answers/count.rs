//! Finds the parameter of a request that sets the number of items in the response.
//!
//! A rule replaces a list of vendors' names, or a key of the spec that every author would have to remember. A parameter
//! sets a count if it is a number and its name is `n` or contains `num`, `number` or `count`. The rest of the name says
//! what it counts. If the rest is empty or a word for any result (`output_count`, `n_samples`), it counts the outermost
//! list of the response. Another word (`num_images`) counts only the list with that name, so `num_frames` does not count
//! videos. Names that contain a bound (`max_count`) count nothing.

use specwright_codegen::model::{Api, Operation, Type, TypeKind};

use super::name_hints::{singular, words};

/// Words for results of any kind.
const RESULTS: [&str; 13] = [
    "output",
    "result",
    "sample",
    "generation",
    "item",
    "candidate",
    "choice",
    "completion",
    "variation",
    "variant",
    "response",
    "batch",
    "size",
];

/// A parameter that sets a count.
pub(super) struct Count {
    /// The name of the parameter.
    pub(super) name: String,
    /// The server's.
    pub(super) default: Option<u64>,
    /// What it counts. Empty for results of any kind.
    of: Vec<String>,
}

/// The counting parameters of an operation.
pub(super) fn counts(op: &Operation) -> Vec<Count> {
    let numbers =
        op.parameters.fields.iter().filter(|it| matches!(it.ty, Type::Integer | Type::Sized(_) | Type::Number));
    numbers.filter_map(|it| count(&it.name, it.default.as_ref().and_then(serde_json::Value::as_u64))).collect()
}

fn count(name: &str, default: Option<u64>) -> Option<Count> {
    let all = words(name);
    let speaks = |it: &String| matches!(it.as_str(), "n" | "num" | "number" | "count");
    let bounds = |it: &String| matches!(it.as_str(), "max" | "min" | "maximum" | "minimum" | "limit" | "page");
    if !all.iter().any(speaks) || all.iter().any(bounds) {
        return None;
    }
    let rest = all.iter().filter(|it| !speaks(it) && *it != "of").map(|it| singular(it));
    let of = rest.filter(|it| !RESULTS.contains(&it.as_str())).collect();
    Some(Count { name: name.to_owned(), default, of })
}

/// The parameter that counts the items of an outermost list called `name`.
pub(super) fn counting<'c>(api: &Api, counts: &'c [Count], name: &str, item: &Type) -> Option<&'c Count> {
    let called: Vec<String> = words(name).iter().map(|it| singular(it)).collect();
    let by_name = counts.iter().find(|it| !it.of.is_empty() && it.of.iter().all(|word| called.contains(word)));
    by_name.or_else(|| counts.iter().find(|it| it.of.is_empty() && is_result(api, item, &called)))
}

/// Plain texts and numbers are more likely a property of the result than results.
fn is_result(api: &Api, item: &Type, called: &[String]) -> bool {
    match item {
        Type::Url | Type::HttpsUrl | Type::Base64 | Type::Union(_) => true,
        Type::String => called.iter().any(|it| RESULTS.contains(&it.as_str()) || it == "url"),
        Type::Named(id) => !matches!(api.ty(*id).kind, TypeKind::Enum(_)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::count;

    #[test]
    fn names_that_count() {
        let of = |name: &str| count(name, None).map(|it| it.of.join(" "));
        let any =
            ["n", "output_count", "numOutputs", "n_samples", "sampleCount", "num_results", "count", "batch_count"];
        for name in any {
            assert_eq!(of(name).as_deref(), Some(""), "{name}");
        }
        assert_eq!(of("num_images").as_deref(), Some("image"));
        assert_eq!(of("number_of_videos").as_deref(), Some("video"));
        assert_eq!(of("num_inference_steps").as_deref(), Some("inference step"));
        for name in ["max_count", "page_number", "country", "seed", "account_id", "limit"] {
            assert_eq!(of(name), None, "{name}");
        }
    }
}
