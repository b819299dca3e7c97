//! Which names tokens mention: the imports of a module follow from it.

use proc_macro2::{Spacing, TokenStream, TokenTree};

/// Which of these identifiers tokens hold: as the start of a path where it is lower case. Text in quotes is not looked
/// at. One walk for all names, since a walk copies the tokens.
#[must_use]
pub fn mentioned<const N: usize>(names: [&str; N], tokens: &TokenStream) -> [bool; N] {
    let mut found = [false; N];
    find_mentions(&names, tokens, &mut found);
    found
}

fn find_mentions(names: &[&str], tokens: &TokenStream, found: &mut [bool]) {
    let mut before: Option<usize> = None;
    for token in tokens.clone() {
        // A path that starts with the name before this token.
        if let Some(at) = before.take()
            && matches!(&token, TokenTree::Punct(it) if it.as_char() == ':' && it.spacing() == Spacing::Joint)
        {
            found[at] = true;
        }
        match token {
            TokenTree::Group(group) => find_mentions(names, &group.stream(), found),
            TokenTree::Ident(ident) => {
                let Some(at) = names.iter().position(|it| ident == it) else { continue };
                if names[at].starts_with(|it: char| it.is_ascii_lowercase()) {
                    before = Some(at);
                } else {
                    found[at] = true;
                }
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::mentioned;

    #[test]
    fn a_module_at_the_start_of_a_path_and_a_type_anywhere() {
        let names = ["types", "BTreeMap"];
        assert_eq!(
            mentioned(
                names,
                &quote!(
                    fn f(a: types::A) {}
                )
            ),
            [true, false]
        );
        assert_eq!(
            mentioned(
                names,
                &quote!({
                    let types = [BTreeMap::new()];
                })
            ),
            [false, true]
        );
        assert_eq!(
            mentioned(
                names,
                &quote!(
                    const A: &str = "types::A BTreeMap";
                )
            ),
            [false, false]
        );
    }
}
