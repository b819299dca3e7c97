//! Spec files as parts that can be compared: short and long forms of the same are one thing, the order of keys and the
//! width of lines are nothing.
//!
//! Every part has a hash of what it says. Three hashes tell who changed a part: that of the record of the last import,
//! that of the file, and that of the document of today.

use specwright_codegen::yaml::{Entry, Kind, Node, to_json};

/// What a part is, which says how its own parts are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    File,
    Types,
    Type,
    Operation,
    /// Parameters by name.
    Names,
    /// Fields by name, with a `?` where they may be missing.
    Fields,
    Entry,
    /// The values of an enum.
    Values,
    EnumValue,
    /// A list in which the order says nothing, such as rules and examples.
    Set,
    /// Any other mapping.
    Keys,
    Atom,
    /// Words, whose lines may be broken anywhere.
    Prose,
}

/// A part of a spec.
#[derive(Clone, Debug)]
pub(super) struct Part<'t> {
    pub role: Role,
    /// The key as written; items of lists and types in short form have none.
    pub key: Option<&'t Entry<'t>>,
    pub value: &'t Node<'t>,
    /// Its parts by name, in the order in which they are written; none for a single value.
    pub parts: Option<Vec<(String, Part<'t>)>>,
    /// A field that may be missing.
    pub optional: bool,
    /// Written as its type alone, or as its words alone.
    pub short: bool,
    /// Of what it says.
    pub hash: u64,
}

impl<'t> Part<'t> {
    /// The part of a name.
    pub(super) fn get(&self, name: &str) -> Option<&Part<'t>> {
        self.parts.as_ref()?.iter().find(|it| it.0 == name).map(|it| &it.1)
    }

    /// Its parts by name.
    pub(super) fn parts(&self) -> &[(String, Part<'t>)] {
        self.parts.as_deref().unwrap_or_default()
    }
}

/// FNV-1a, cut to 40 bits: the same on every machine and for every version of Rust.
pub(super) fn digest(text: &str) -> u64 {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    (hash ^ (hash >> 40)) & 0xff_ffff_ffff
}

/// The hash of parts by name, in any order.
pub(super) fn combined<'n>(parts: impl Iterator<Item = (&'n str, u64)>, optional: bool) -> u64 {
    let sum = parts.fold(1_u64, |sum, (name, hash)| sum.wrapping_add(digest(&format!("{name}\n{hash:x}"))));
    digest(&format!("parts {sum:x} {optional}"))
}

/// A part, from the node as it is written, and as it is compared. Both have the same form.
pub(super) fn part<'t>(role: Role, key: Option<&'t Entry<'t>>, value: &'t Node<'t>, compared: &Node) -> Part<'t> {
    let mut part = Part { role, key, value, parts: None, optional: false, short: false, hash: 0 };
    match (&value.kind, &compared.kind) {
        (Kind::Map(entries), Kind::Map(names)) if !matches!(role, Role::Atom | Role::Prose) => {
            let mut parts = Vec::new();
            for (entry, compared) in entries.iter().zip(names) {
                let mut name = compared.name().value;
                let role = role_of(role, &name);
                if part.role == Role::Entry && name == "type" && is_word(&compared.value, "string") {
                    continue;
                }
                let optional = part.role == Role::Fields && name.ends_with('?');
                if optional {
                    name.pop();
                }
                let mut inner = self::part(role, Some(entry), &entry.value, &compared.value);
                if optional {
                    inner.optional = true;
                    inner.hash = hash_of(&inner);
                }
                parts.push((name, inner));
            }
            part.parts = Some(parts);
        }
        (Kind::Seq(items), Kind::Seq(compared)) if role == Role::Values => {
            let one = |(item, compared): (&'t Node<'t>, &Node)| {
                let mut inner = self::part(Role::EnumValue, None, item, compared);
                (inner.short, inner.parts) = (true, Some(Vec::new()));
                inner.hash = hash_of(&inner);
                (compared.as_scalar().map(|it| it.text.to_string()).unwrap_or_default(), inner)
            };
            part.parts = Some(items.iter().zip(compared).map(one).collect());
        }
        (Kind::Seq(items), Kind::Seq(compared)) if role == Role::Set => {
            let mut parts: Vec<(String, Part<'t>)> = Vec::new();
            for (item, compared) in items.iter().zip(compared) {
                let inner = self::part(Role::Atom, None, item, compared);
                let named =
                    compared.get("name").and_then(|it| it.value.as_scalar()).map(|it| format!("name {}", it.text));
                let mut name = named.unwrap_or_else(|| format!("{:010x}", inner.hash));
                while parts.iter().any(|it| it.0 == name) {
                    name.push('+');
                }
                parts.push((name, inner));
            }
            part.parts = Some(parts);
        }
        // `name: string` is `name: {type: string}`, and `a: Words.` is `a: {doc: Words.}`.
        _ if role == Role::Entry || role == Role::EnumValue && key.is_some() => {
            let (name, inner) = if role == Role::Entry { ("type", Role::Atom) } else { ("doc", Role::Prose) };
            part.short = true;
            let is_default = role == Role::Entry && (is_word(compared, "string") || is_word(compared, ""));
            let inner = self::part(inner, None, value, compared);
            part.parts = Some(if is_default { Vec::new() } else { vec![(name.to_owned(), inner)] });
        }
        _ => {}
    }
    part.hash = match part.parts {
        Some(_) => hash_of(&part),
        None => atom(role, compared),
    };
    part
}

fn hash_of(part: &Part<'_>) -> u64 {
    let parts = part.parts.as_deref();
    match parts {
        Some(parts) => combined(parts.iter().map(|(name, it)| (name.as_str(), it.hash)), part.optional),
        None => part.hash,
    }
}

fn atom(role: Role, node: &Node) -> u64 {
    match node.as_scalar() {
        Some(scalar) if role == Role::Prose => digest(&scalar.text.split_whitespace().collect::<Vec<_>>().join(" ")),
        _ => digest(&to_json(node).to_string()),
    }
}

fn is_word(node: &Node, word: &str) -> bool {
    node.as_scalar().is_some_and(|it| it.text == word)
}

/// What a part of a part is.
fn role_of(role: Role, name: &str) -> Role {
    const PROSE: [&str; 6] = ["doc", "summary", "unclear", "deprecated", "because", "title"];
    match (role, name) {
        (Role::Types, _) => Role::Type,
        (Role::Names | Role::Fields, _) => Role::Entry,
        (Role::Values, _) => Role::EnumValue,
        (_, name) if PROSE.contains(&name) => Role::Prose,
        (Role::File, "types") => Role::Types,
        (Role::File, "parameters" | "headers") => Role::Names,
        (Role::Operation | Role::Keys, "path" | "query" | "headers" | "cookies") => Role::Names,
        (Role::Operation, "body") => Role::Names,
        (Role::Operation, "response" | "response_headers") | (Role::Type, "fields") => Role::Fields,
        (Role::Type | Role::Entry, "enum") => Role::Values,
        (Role::Type | Role::Operation | Role::Keys | Role::File, "rules" | "examples" | "without") => Role::Set,
        (Role::Type, "one_of" | "any_of") | (Role::Entry, "cases" | "examples") => Role::Set,
        (Role::Entry, "items") => Role::Entry,
        (Role::Entry, _) => Role::Atom,
        _ => Role::Keys,
    }
}
