//! Names that generated code has for itself.

/// Methods that every builder has.
pub(crate) const BUILDER_METHODS: [&str; 4] = ["send", "check", "extra", "into_state"];

/// Methods that every selector of a variant has.
pub(crate) const SELECTOR_METHODS: [&str; 2] = ["any", "request"];

/// Methods that every type has whose values users make, and the field for what the spec does not know.
pub(crate) const RECORD_METHODS: [&str; 3] = ["extra", "new", "check"];

/// Methods that every union has.
pub(crate) const UNION_METHODS: [&str; 2] = ["check", "tag"];

/// Cargo features that every generated crate has.
pub(crate) const FEATURES: [&str; 6] = ["default", "serde", "blocking", "gzip", "reqwest-rustls", "webhooks"];

/// Names that the module of an operation cannot have: other modules, and crates that its code uses.
pub(crate) const OPERATION_MODULES: [&str; 5] = ["r#mod", "types", "rt", "std", "specwright_runtime"];

/// Why a resource's module, which is a method of the client too, cannot be called that.
pub(crate) fn reserved_for_resources(module: &str) -> Option<&'static str> {
    match module {
        "client" | "types" | "error" | "webhook" | "xml_records" | "lib" | "main" => {
            Some("is a module that every generated crate has")
        }
        "std" | "core" | "alloc" | "specwright_runtime" => Some("is a crate that generated code uses"),
        "new" | "from_env" | "builder" | "send" => Some("is a method that every client has"),
        _ => None,
    }
}

/// Names that generated modules use unqualified, in their order.
const PRELUDE: [&str; 45] = [
    "AsMut",
    "AsRef",
    "BTreeMap",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Future",
    "Hash",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "PhantomData",
    "Result",
    "Self",
    "Send",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "Vec",
];

/// Whether a name is one that generated modules use unqualified: a spec type of such a name needs a Rust name of its own.
pub(crate) fn shadows_prelude(name: &str) -> bool {
    PRELUDE.binary_search(&name).is_ok()
}

/// Whether a name is like those of type parameters, such as `S` or `B2`.
pub(crate) fn looks_like_type_parameter(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|it| it.is_ascii_uppercase()) && characters.all(|it| it.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{PRELUDE, shadows_prelude};

    #[test]
    fn every_name_of_the_prelude_is_found() {
        assert!(PRELUDE.iter().all(|it| shadows_prelude(it)));
        assert!(!shadows_prelude("Image") && !shadows_prelude(""));
    }
}
