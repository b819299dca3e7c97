//! Words that Rust keeps for itself, for names of crates and for identifiers.

/// Words of the Rust 2024 language in their order, those kept for later included.
pub const KEYWORDS: [&str; 51] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
    "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true",
    "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Names of crates that a generated crate sees anyway, and would hide.
pub const CRATES: [&str; 6] = ["alloc", "core", "proc_macro", "specwright_runtime", "std", "test"];

/// Whether a name is a keyword.
pub fn is_keyword(name: &str) -> bool {
    KEYWORDS.binary_search(&name).is_ok()
}

/// Why no crate can have a name; nothing where one can.
pub fn why_no_crate(name: &str) -> Option<&'static str> {
    if is_keyword(name) {
        // It could not be imported as it is.
        return Some("is a keyword of Rust");
    }
    CRATES.contains(&name).then_some("is the name of a crate that generated crates see")
}

/// An identifier without `r#`: as links of rustdoc and names of files have it.
pub fn without_raw_prefix(ident: &str) -> &str {
    ident.strip_prefix("r#").unwrap_or(ident)
}

#[cfg(test)]
mod tests {
    use super::{KEYWORDS, is_keyword};

    #[test]
    fn every_keyword_is_found() {
        assert!(KEYWORDS.iter().all(|it| is_keyword(it)));
        assert!(!is_keyword("model") && !is_keyword("") && !is_keyword("yields"));
    }
}
