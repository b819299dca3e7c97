//! Which names tokens mention: the imports of a module follow from it.

use super::tokens::{Kind, Tokens};

impl Tokens<'_> {
    /// Which of these identifiers there are: as the start of a path where it is lower case. Text in quotes is not looked at.
    #[must_use]
    pub fn mentioned<const N: usize>(&self, names: [&str; N]) -> [bool; N] {
        let mut found = [false; N];
        self.find(&names, &mut found);
        found
    }

    /// Compiled here, as what is generic is not: this crate is optimised more than the one that calls it.
    fn find(&self, names: &[&str], found: &mut [bool]) {
        let mut cursor = self.cursor();
        while let Some(kind) = cursor.kind() {
            if kind == Kind::Ident
                && let Some(at) = names.iter().position(|it| *it == cursor.peek())
            {
                let is_module = names[at].starts_with(|it: char| it.is_ascii_lowercase());
                let is_path = || cursor.kind_at(1) == Some(Kind::Punct { joint: true }) && cursor.peek_at(1) == ":";
                found[at] |= !is_module || is_path();
            }
            cursor.skip_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{TokenStream, Tokens, quote};

    fn mentioned(tokens: TokenStream) -> [bool; 2] {
        Tokens::new(&tokens).mentioned(["types", "BTreeMap"])
    }

    #[test]
    fn a_module_at_the_start_of_a_path_and_a_type_anywhere() {
        assert_eq!(
            mentioned(quote!(
                fn f(a: types::A) {}
            )),
            [true, false]
        );
        assert_eq!(
            mentioned(quote!({
                let types = [BTreeMap::new()];
            })),
            [false, true]
        );
        assert_eq!(
            mentioned(quote!(
                const A: &str = "types::A BTreeMap";
            )),
            [false, false]
        );
        assert_eq!(mentioned(quote!(f(types) :: types)), [false, false]);
    }
}
