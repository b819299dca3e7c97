//! Names as Rust wants them: casing, keywords, names that start with a digit, names made of signs.
//!
//! The only place that turns a wire name into an identifier; later stages carry both side by side.

pub(crate) mod capitals;
mod modules;
pub(crate) mod reserved;
mod scope;

pub(crate) use modules::{EXPORTED_MODULES, exported, feature, operation_module, resource_module};
pub(crate) use reserved::{looks_like_type_parameter, shadows_prelude};
pub(crate) use scope::{IdentScope, Names, first_free};

use heck::{ToSnakeCase, ToUpperCamelCase};

use crate::rust_words::{is_keyword, without_raw_prefix};

/// A field, method or module: `botName` → `bot_name`, `type` → `r#type`.
pub(crate) fn snake(name: &str) -> String {
    if is_snake(name) {
        return escape(if starts_with_digit(name) { format!("n{name}") } else { name.to_owned() });
    }
    let words = spell_symbols(&capitals::with_words(name)).to_snake_case();
    // Letters without case: as a binding it would be taken for the value of an enum that is called the same.
    let words = if words.is_empty() || words.chars().any(|it| it.is_lowercase() || it.is_ascii()) {
        words
    } else {
        format!("{words}_")
    };
    escape(if cannot_start(&words) { format!("n{words}") } else { words })
}

/// Whether a name is in snake case as it stands, which most are: nothing has to be found out about its letters.
fn is_snake(name: &str) -> bool {
    let parts = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let mut after_part = false;
    for byte in name.as_bytes() {
        let fits = parts(byte) || (after_part && *byte == b'_');
        if !fits {
            return false;
        }
        after_part = *byte != b'_';
    }
    after_part
}

/// Whether a name is in Pascal case as it stands, without digits and abbreviations.
fn is_pascal(name: &str) -> bool {
    let mut after_capital = false;
    for byte in name.as_bytes() {
        match byte {
            b'a'..=b'z' => after_capital = false,
            b'A'..=b'Z' if !after_capital => after_capital = true,
            _ => return false,
        }
    }
    name.as_bytes().first().is_some_and(u8::is_ascii_uppercase)
}

fn starts_with_digit(name: &str) -> bool {
    name.as_bytes().first().is_some_and(u8::is_ascii_digit)
}

/// Whether a name starts with a digit, or a letter that only stands behind others, such as a vowel sign.
fn cannot_start(name: &str) -> bool {
    name.chars().next().is_some_and(|it| it != '_' && !unicode_ident::is_xid_start(it))
}

/// A type or an enum variant: `seedance-1.5-pro` → `Seedance1_5Pro`, `16:9` → `R16x9`, `720p` → `P720`.
pub(crate) fn pascal(name: &str) -> String {
    if starts_with_digit(name)
        && let Some(special) = ratio(name).or_else(|| number_and_unit(name))
    {
        return special;
    }
    if is_pascal(name) {
        return escape(name.to_owned());
    }
    let camel =
        if is_snake(name) { camel_of_snake(name) } else { upper_camel(&spell_symbols(&capitals::with_plurals(name))) };
    if camel.is_empty() {
        return "Empty".to_owned();
    }
    if cannot_start(&camel) {
        return format!("N{camel}");
    }
    escape(camel)
}

/// The setter that sends `null`.
pub(crate) fn null_setter(ident: &str) -> String {
    format!("{}_null", without_raw_prefix(ident).trim_end_matches('_'))
}

/// What is left of a type's name without the name of its resource, however the numbers in that are written.
pub(crate) fn without_prefix<'n>(whole: &'n str, resource: &str) -> Option<&'n str> {
    whole.strip_prefix(&pascal(resource)).or_else(|| whole.strip_prefix(&resource.to_upper_camel_case()))
}

/// Camel case that keeps numbers apart: `v4_5` is `V4_5`, since `V45` would be another version.
fn upper_camel(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    let mut start = 0;
    let bytes = words.as_bytes();
    for at in 1..bytes.len() {
        let apart = bytes[at] == b'_' && bytes[at - 1].is_ascii_digit();
        if apart && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
            out.push_str(&words[start..at].to_upper_camel_case());
            out.push('_');
            start = at + 1;
        }
    }
    out.push_str(&words[start..].to_upper_camel_case());
    out
}

/// As [`upper_camel`], of a name in snake case.
fn camel_of_snake(name: &str) -> String {
    let bytes = name.as_bytes();
    let mut out = String::with_capacity(name.len());
    for (at, byte) in bytes.iter().enumerate() {
        let before = at.checked_sub(1).map(|it| bytes[it]);
        let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
        match byte {
            b'_' if is_digit(before.as_ref()) && is_digit(bytes.get(at + 1)) => out.push('_'),
            b'_' => {}
            byte if before.is_none_or(|it| it == b'_') => out.push(char::from(byte.to_ascii_uppercase())),
            byte => out.push(char::from(*byte)),
        }
    }
    out
}

/// `16:9` and `1024x768` as `R16x9` and `R1024x768`.
fn ratio(name: &str) -> Option<String> {
    let (width, height) = name.split_once([':', 'x', '×'])?;
    let digits = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    (digits(width) && digits(height)).then(|| format!("R{width}x{height}"))
}

/// `720p` and `4k` as `P720` and `K4`.
fn number_and_unit(name: &str) -> Option<String> {
    let unit = name.trim_start_matches(|it: char| it.is_ascii_digit());
    let digits = &name[..name.len() - unit.len()];
    let unit_is_short = (1..=2).contains(&unit.len()) && unit.bytes().all(|it| it.is_ascii_alphabetic());
    (!digits.is_empty() && unit_is_short).then(|| format!("{}{digits}", unit.to_upper_camel_case()))
}

/// Signs as words, so that `C#` and `C` stay apart; what no identifier may hold, by its number.
fn spell_symbols(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut before = None;
    let mut rest = name.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '#' => out.push_str("_sharp_"),
            '+' => out.push_str("_plus_"),
            '&' => out.push_str("_and_"),
            '%' => out.push_str("_percent_"),
            '*' => out.push_str("_star_"),
            '@' => out.push_str("_at_"),
            '<' => out.push_str("_less_"),
            '>' => out.push_str("_greater_"),
            '=' => out.push_str("_equal_"),
            '!' => out.push_str("_not_"),
            '-' if before.is_none() && rest.peek().is_some_and(char::is_ascii_digit) => out.push_str("minus_"),
            it if it.is_ascii_alphanumeric() => out.push(it),
            it if it.is_ascii() => out.push('_'),
            it if continues_identifier(it) => out.push(it),
            it => out.push_str(&format!("_u{:x}_", u32::from(it))),
        }
        before = Some(character);
    }
    if !name.is_empty() && out.chars().all(|it| it == '_') {
        return name.chars().map(|it| format!("_u{:x}", u32::from(it))).collect();
    }
    out
}

fn continues_identifier(character: char) -> bool {
    character.is_alphabetic() && unicode_ident::is_xid_continue(character)
}

/// Keywords get `r#`, or `_` at the end where Rust does not take that.
fn escape(name: String) -> String {
    match name.as_str() {
        "" => "empty".to_owned(),
        "self" | "super" | "crate" | "Self" | "_" => format!("{name}_"),
        _ if is_keyword(&name) => format!("r#{name}"),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use heck::ToSnakeCase as _;

    use super::{camel_of_snake, capitals, is_pascal, is_snake, pascal, snake, spell_symbols, upper_camel};

    #[test]
    fn variants_read_well() {
        for (wire, rust) in [
            ("seedance-1.5-pro", "Seedance1_5Pro"),
            ("16:9", "R16x9"),
            ("720p", "P720"),
            ("4k", "K4"),
            ("C#m", "CSharpM"),
            ("suno-v4.5-plus", "SunoV4_5Plus"),
            ("turbo_v2_5", "TurboV2_5"),
            ("claude-opus-4-7", "ClaudeOpus4_7"),
            ("INVALID_KEY", "InvalidKey"),
            ("0.5", "N0_5"),
            ("5", "N5"),
            ("-1", "Minus1"),
            ("3d-render", "N3dRender"),
            ("", "Empty"),
            ("self", "Self_"),
            ("😀", "U1f600"),
            ("->", "Greater"),
            ("日本", "日本"),
        ] {
            assert_eq!(pascal(wire), rust, "{wire:?}");
            assert!(syn::parse_str::<syn::Ident>(rust).is_ok(), "{rust}");
        }
    }

    #[test]
    fn methods_read_well() {
        for (wire, rust) in [
            ("botName", "bot_name"),
            ("allowNSFW", "allow_nsfw"),
            ("type", "r#type"),
            ("self", "self_"),
            ("seedance-v1-pro", "seedance_v1_pro"),
            ("4k", "n4k"),
            ("日本", "日本_"),
            ("x-api-key", "x_api_key"),
            ("", "empty"),
            ("🙂", "u1f642"),
        ] {
            assert_eq!(snake(wire), rust, "{wire:?}");
        }
    }

    #[test]
    fn names_start_with_what_may_start_one() {
        let only_continues = |it: &char| super::continues_identifier(*it) && !unicode_ident::is_xid_start(*it);
        let all: Vec<char> = ('\u{80}'..=char::MAX).filter(only_continues).collect();
        assert!(all.contains(&'\u{ff9e}') && all.contains(&'\u{5b0}'), "{}", all.len());
        for letter in all {
            for wire in [letter.to_string(), format!("{letter}a"), format!("-{letter}")] {
                for rust in [snake(&wire), pascal(&wire)] {
                    assert!(syn::parse_str::<syn::Ident>(&rust).is_ok(), "{wire:?} is {rust:?}");
                }
            }
        }
    }

    #[test]
    fn names_in_pascal_case_stay_as_they_are() {
        for name in ["A", "Image", "ImageResult", "ImageA", "TextToSpeechRequest", "Xy"] {
            assert!(is_pascal(name), "{name}");
            assert_eq!(upper_camel(&spell_symbols(&capitals::with_plurals(name))), name);
        }
        for name in ["", "image", "IDs", "AImage", "Image2", "Image_A", "Image A", "Ä", "Imagé"] {
            assert!(!is_pascal(name), "{name}");
        }
    }

    #[test]
    fn names_in_snake_case_are_found_without_looking_for_words() {
        for name in ["a", "a1", "model_name", "v4_5", "v4_5_x", "a_1_b2_3c", "1_2", "3d_render"] {
            assert!(is_snake(name), "{name}");
            assert_eq!(name.to_snake_case(), name);
            assert_eq!(camel_of_snake(name), upper_camel(name), "{name}");
        }
        for name in ["", "_", "_a", "a_", "a__b", "aB", "a-b", "a b", "ä"] {
            assert!(!is_snake(name), "{name}");
        }
    }
}
