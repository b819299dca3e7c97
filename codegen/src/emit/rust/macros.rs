//! Text of the runtime's macros that list fields or values: as many on a line as fit, which the formatter of Rust, to whom
//! the arguments of a macro are no Rust, would write as one endless line.

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};

/// Columns of a line.
const WIDTH: usize = 100;

/// An item `rt::name!(…);` with a list in it. `None`: it is none.
pub(super) fn text(item: &syn::ItemMacro) -> Option<String> {
    let of_runtime = item.mac.path.segments.first().is_some_and(|it| it.ident == "rt");
    let name = &item.mac.path.segments.last()?.ident;
    if !of_runtime || !item.attrs.is_empty() || !item.mac.tokens.clone().into_iter().any(|it| is_list(&it)) {
        return None;
    }
    let mut out = format!("rt::{name}!(");
    let width = WIDTH - out.len() - ");".len();
    let tokens: Vec<TokenTree> = item.mac.tokens.clone().into_iter().collect();
    lay_out(&tokens, 0, width, &mut out);
    out.push_str(");\n");
    Some(out)
}

/// Writes tokens on one line if they fit, else with the entries of their last list on lines of their own.
fn lay_out(tokens: &[TokenTree], indent: usize, width: usize, out: &mut String) {
    let flat = flat(tokens);
    if flat.chars().count() <= width {
        out.push_str(&flat);
        return;
    }
    let list = tokens.iter().enumerate().rev().find_map(|(index, it)| match it {
        TokenTree::Group(group) if is_list(it) => Some((index, group)),
        _ => None,
    });
    let Some((index, list)) = list else {
        out.push_str(&flat);
        return;
    };
    let before = self::flat(&tokens[..index]);
    out.push_str(&before);
    out.push_str(if before.is_empty() { "{\n" } else { " {\n" });
    entries(list, indent + 4, out);
    out.push_str(&" ".repeat(indent));
    out.push('}');
    let after = self::flat(&tokens[index + 1..]);
    if !after.is_empty() {
        out.push(' ');
        out.push_str(&after);
    }
}

/// The entries of a list; one that holds a list itself stands alone.
fn entries(list: &Group, indent: usize, out: &mut String) {
    let margin = " ".repeat(indent);
    let mut line = String::new();
    for entry in split(list.stream()) {
        let nested = entry.iter().any(is_list);
        let text = flat(&entry);
        let full = indent + line.len() + text.len() + ", ,".len() > WIDTH;
        if (full || nested) && !line.is_empty() {
            out.push_str(&format!("{margin}{line}\n"));
            line.clear();
        }
        if nested {
            out.push_str(&margin);
            lay_out(&entry, indent, WIDTH - indent - 1, out);
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

fn is_list(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(it) if it.delimiter() == Delimiter::Brace)
}

fn split(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut all = vec![Vec::new()];
    for token in tokens {
        match (&token, all.last_mut()) {
            (TokenTree::Punct(it), _) if it.as_char() == ',' => all.push(Vec::new()),
            (_, Some(last)) => last.push(token),
            (_, None) => {}
        }
    }
    all.retain(|it| !it.is_empty());
    all
}

/// Tokens on one line.
fn flat(tokens: &[TokenTree]) -> String {
    let mut out = String::new();
    let mut sign = String::new();
    // Whether a space stands before the next word.
    let mut gap = false;
    for token in tokens {
        match token {
            TokenTree::Punct(punct) => {
                sign.push(punct.as_char());
                if punct.spacing() == Spacing::Joint && matches!(punct.as_char(), ':' | '.' | '=' | '-') {
                    continue;
                }
                match sign.as_str() {
                    "=" | "=>" | "->" => {
                        out.push(' ');
                        out.push_str(&sign);
                        gap = true;
                    }
                    "," | ":" => {
                        out.push_str(&sign);
                        gap = true;
                    }
                    ".." if gap => {
                        out.push_str(" ..");
                        gap = false;
                    }
                    _ => {
                        out.push_str(&sign);
                        gap = false;
                    }
                }
                sign.clear();
            }
            TokenTree::Group(group) => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                let inner = flat(&inner);
                let inner = inner.trim_end_matches(',');
                let is_list = group.delimiter() == Delimiter::Brace && !out.is_empty();
                let space = if gap || is_list { " " } else { "" };
                match group.delimiter() {
                    Delimiter::Brace if inner.is_empty() => out.push_str(&format!("{space}{{}}")),
                    Delimiter::Brace => out.push_str(&format!("{space}{{ {inner} }}")),
                    // Beside a word it is a call.
                    Delimiter::Parenthesis => out.push_str(&format!("({inner})")),
                    Delimiter::Bracket => out.push_str(&format!("{space}[{inner}]")),
                    Delimiter::None => out.push_str(&format!("{space}{inner}")),
                }
                gap = true;
            }
            TokenTree::Ident(_) | TokenTree::Literal(_) => {
                if gap {
                    out.push(' ');
                }
                out.push_str(&token.to_string());
                gap = true;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;
    use quote::quote;

    fn check(tokens: TokenStream, expected: &str) {
        let item = syn::parse2(tokens).expect("an item");
        assert_eq!(super::text(&item).expect("a list"), expected);
    }

    #[test]
    fn a_short_list_stands_on_one_line() {
        check(
            quote!(rt::record!(Image { url, is_safe = "isSafe", error: OrNull, ..extra });),
            "rt::record!(Image { url, is_safe = \"isSafe\", error: OrNull, ..extra });\n",
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
                OPERATION, task(TASK), check check_rules, path "/v1/voices/" { voice_id = "voiceId" } "/speech", body { text, format },
            });),
            "rt::request!(SpeakRequest => rt::Response<Vec<types::Speech>> {\n    OPERATION, task(TASK), check check_rules,\n    path \"/v1/voices/\" { voice_id = \"voiceId\" } \"/speech\",\n    body { text, format },\n});\n",
        );
    }
}
