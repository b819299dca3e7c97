//! The commented spec that `cargo xtask new NAME` writes to `spec/NAME/`.
//!
//! The templates are specs themselves, so that editors and readers can open them. Three words stand for the name:
//! `__name__` as it is, `__NAME__` in upper case for environment variables, `__Title__` for people. Writes nothing.

#[cfg(test)]
mod tests;

use crate::rust_words::why_no_crate;

/// Path below `spec/NAME/`, and text.
const TEMPLATES: [(&str, &str); 2] =
    [("api.yaml", include_str!("api.yaml")), ("example.yaml", include_str!("example.yaml"))];

/// A name has at most so many characters: it is part of paths, crate names and environment variables.
const LONGEST: usize = 40;

/// Words that some YAML reader takes for a truth value or for nothing: a spec would have to quote them everywhere.
const YAML_WORDS: [&str; 7] = ["n", "no", "null", "off", "on", "y", "yes"];

/// The files of a starter spec: paths below `spec/NAME/` and their texts.
///
/// # Errors
///
/// When the name cannot be that of a folder, a crate and a module; the message says what is expected.
pub fn files(name: &str) -> Result<Vec<(String, String)>, String> {
    check_name(name)?;
    let title = title(name);
    let upper = name.to_uppercase();
    let put = |line: &str| line.replace("__name__", name).replace("__NAME__", &upper).replace("__Title__", &title);
    let fill = |text: &str| text.lines().map(|line| in_column(line, &put(line)) + "\n").collect::<String>();
    Ok(TEMPLATES.iter().map(|(path, text)| ((*path).to_owned(), fill(text))).collect())
}

/// The filled line with its comment in the column where the template has it, if there is room.
fn in_column(template: &str, filled: &str) -> String {
    let (Some((before, _)), Some((content, comment))) = (template.split_once(" #"), filled.split_once(" #")) else {
        return filled.to_owned();
    };
    let content = content.trim_end();
    format!("{content:<width$} #{comment}", width = before.chars().count())
}

/// Whether a name can be that of a folder, a crate and a module.
///
/// # Errors
///
/// When it cannot; the message says what is expected.
pub fn check_name(name: &str) -> Result<(), String> {
    if !is_snake_case(name) {
        return Err(format!(
            "`{name}` is not a valid API name: expected snake case, that is lower-case letters and digits, beginning with a \
             letter, with single `_` between words, such as `my_api`"
        ));
    }
    if name.len() > LONGEST {
        let length = name.len();
        return Err(format!("`{name}` has {length} characters: expected at most {LONGEST}"));
    }
    if let Some(why) = why_no_crate(name) {
        return Err(format!("`{name}` {why}: expected a name that a crate can have, such as `{name}_api`"));
    }
    if YAML_WORDS.contains(&name) {
        return Err(format!(
            "`{name}` is not plain text in YAML: expected a name that needs no quotes, such as `{name}_api`"
        ));
    }
    Ok(())
}

/// `my_api`, `v2`: words of lower-case ASCII letters and digits with single `_` between, a letter first.
fn is_snake_case(name: &str) -> bool {
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit());
    name.starts_with(|it: char| it.is_ascii_lowercase()) && name.split('_').all(is_word)
}

/// `my_api` → `My Api`: a beginning; the author knows how the vendor writes it.
fn title(name: &str) -> String {
    use heck::ToTitleCase as _;
    name.to_title_case()
}
