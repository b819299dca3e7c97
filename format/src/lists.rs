//! Text of the runtime's macros that list fields or values: as many on a line as fit, which a formatter of Rust, to whom the
//! arguments of a macro are no Rust, would write as one endless line.

use super::tokens::{Cursor, Delimiter, Kind, brackets};

/// Columns of a line.
const WIDTH: usize = 100;

/// Takes an item `rt::name!(…);` with a list in it, and writes it. `None`: there is none here, and nothing is taken.
pub(super) fn text(cursor: &mut Cursor<'_>) -> Option<String> {
    let mut ahead = *cursor;
    let mut take = |expected: &str| {
        let (_, text, _) = ahead.tree()?;
        (expected.is_empty() || text == expected).then_some(text)
    };
    take("rt")?;
    take(":")?;
    take(":")?;
    let name = take("")?;
    take("!")?;
    let (Kind::Open(Delimiter::Parenthesis), _, tokens) = ahead.tree()? else { return None };
    if !has_list(tokens) {
        return None;
    }
    ahead.tree().filter(|(_, text, _)| *text == ";")?;
    let mut out = format!("rt::{name}!(");
    let width = WIDTH - out.len() - ");".len();
    lay_out(tokens, 0, width, &mut out);
    out.push_str(");\n");
    *cursor = ahead;
    Some(out)
}

/// Writes tokens on one line if they fit, else with the entries of their last list on lines of their own.
fn lay_out(tokens: Cursor<'_>, indent: usize, width: usize, out: &mut String) {
    let flat = flat(tokens);
    if flat.chars().count() <= width {
        out.push_str(&flat);
        return;
    }
    let (mut at, mut list) = (tokens, None);
    while let before = at
        && let Some((kind, _, inner)) = at.tree()
    {
        if kind == Kind::Open(Delimiter::Brace) {
            list = Some((tokens.until(before), inner, at));
        }
    }
    let Some((before, list, after)) = list else {
        out.push_str(&flat);
        return;
    };
    let before = self::flat(before);
    out.push_str(&before);
    out.push_str(if before.is_empty() { "{\n" } else { " {\n" });
    entries(list, indent + 4, out);
    out.push_str(&" ".repeat(indent));
    out.push('}');
    let after = self::flat(after);
    if !after.is_empty() {
        out.push(' ');
        out.push_str(&after);
    }
}

/// The entries of a list; one that holds a list itself stands alone.
fn entries(list: Cursor<'_>, indent: usize, out: &mut String) {
    let margin = " ".repeat(indent);
    let mut line = String::new();
    for entry in split(list) {
        let nested = has_list(entry);
        let text = flat(entry);
        let full = indent + line.len() + text.len() + ", ,".len() > WIDTH;
        if (full || nested) && !line.is_empty() {
            out.push_str(&format!("{margin}{line}\n"));
            line.clear();
        }
        if nested {
            out.push_str(&margin);
            lay_out(entry, indent, WIDTH - indent - 1, out);
            out.push_str(",\n");
            continue;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&text);
        // Nothing follows what stands for the rest.
        if !text.starts_with("..") {
            line.push(',');
        }
    }
    if !line.is_empty() {
        out.push_str(&format!("{margin}{line}\n"));
    }
}

/// Whether one of the tokens is a list.
fn has_list(mut tokens: Cursor<'_>) -> bool {
    while let Some((kind, ..)) = tokens.tree() {
        if kind == Kind::Open(Delimiter::Brace) {
            return true;
        }
    }
    false
}

fn split(mut tokens: Cursor<'_>) -> Vec<Cursor<'_>> {
    let (mut all, mut start) = (Vec::new(), tokens);
    while let before = tokens
        && let Some((kind, text, _)) = tokens.tree()
    {
        if text == "," && matches!(kind, Kind::Punct { .. }) {
            all.push(start.until(before));
            start = tokens;
        }
    }
    all.push(start);
    all.retain(|it| !it.is_empty());
    all
}

/// Tokens on one line.
fn flat(tokens: Cursor<'_>) -> String {
    let mut out = String::new();
    push_flat(tokens, &mut out);
    out
}

fn push_flat(mut tokens: Cursor<'_>, out: &mut String) {
    let start = out.len();
    let mut sign = String::new();
    // Whether a space stands before the next word.
    let mut gap = false;
    while let Some((kind, text, inner)) = tokens.tree() {
        match kind {
            Kind::Punct { joint } => {
                sign.push_str(text);
                if joint && matches!(text, ":" | "." | "=" | "-") {
                    continue;
                }
                let is_spaced = matches!(sign.as_str(), "=" | "=>" | "->");
                if is_spaced || (gap && matches!(sign.as_str(), ".." | "?")) {
                    out.push(' ');
                }
                out.push_str(&sign);
                gap = is_spaced || matches!(sign.as_str(), "," | ":");
                sign.clear();
            }
            Kind::Open(delimiter) => {
                let is_list = delimiter == Delimiter::Brace && out.len() > start;
                // Beside a word, parentheses are those of a call.
                if (gap || is_list) && delimiter != Delimiter::Parenthesis {
                    out.push(' ');
                }
                let (open, close) = brackets(delimiter);
                out.push_str(open);
                let inside = out.len();
                let pad = if delimiter == Delimiter::Brace { " " } else { "" };
                out.push_str(pad);
                push_flat(inner, out);
                while out.len() > inside + pad.len() && out.ends_with(',') {
                    out.pop();
                }
                if out.len() == inside + pad.len() {
                    out.truncate(inside);
                } else {
                    out.push_str(pad);
                }
                out.push_str(close);
                gap = true;
            }
            Kind::Ident | Kind::Literal | Kind::Close(_) => {
                if gap {
                    out.push(' ');
                }
                out.push_str(text);
                gap = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{TokenStream, quote};

    fn check(tokens: TokenStream, expected: &str) {
        let tokens = crate::Tokens::new(&tokens);
        let mut cursor = tokens.cursor();
        assert_eq!(super::text(&mut cursor).expect("a list"), expected);
        assert!(cursor.is_empty());
    }

    #[test]
    fn a_short_list_stands_on_one_line() {
        check(
            quote!(rt::record!(Image { "url": url, "isSafe": ?is_safe, "error": [error OrNull], ..extra });),
            "rt::record!(Image { \"url\": url, \"isSafe\": ?is_safe, \"error\": [error OrNull], ..extra });\n",
        );
        check(quote!(rt::record!(strict Image tag "type" {});), "rt::record!(strict Image tag \"type\" {});\n");
    }

    #[test]
    fn a_long_list_fills_its_lines() {
        let field = quote!(a_field_with_a_name);
        check(
            quote!(rt::record!(Image { #field, #field, #field, #field, #field, ..extra });),
            "rt::record!(Image {\n    a_field_with_a_name, a_field_with_a_name, a_field_with_a_name, a_field_with_a_name,\n    a_field_with_a_name, ..extra\n});\n",
        );
    }

    #[test]
    fn lists_in_a_list_stand_alone() {
        check(
            quote!(rt::request!(SpeakRequest => rt::Response<Vec<types::Speech>> {
                OPERATION, task(TASK), keys by put_extra, path "/v1/voices/" { voice_id = "voiceId" } "/speech", body { "text": text, "format": format },
            });),
            "rt::request!(SpeakRequest => rt::Response<Vec<types::Speech>> {\n    OPERATION, task(TASK), keys by put_extra,\n    path \"/v1/voices/\" { voice_id = \"voiceId\" } \"/speech\",\n    body { \"text\": text, \"format\": format },\n});\n",
        );
    }
}
