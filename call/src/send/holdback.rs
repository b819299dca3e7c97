//! Pieces of text in which a secret may be cut in two: what may be its beginning waits for the rest.

/// Passes pieces on, except for an end that a secret may begin with.
#[derive(Debug)]
pub(super) struct Holdback {
    secrets: Vec<String>,
    held: String,
}

impl Holdback {
    pub(super) fn new(secrets: Vec<String>) -> Self {
        Self { secrets, held: String::new() }
    }

    /// What can be shown now.
    pub(super) fn add(&mut self, piece: &str) -> String {
        self.held.push_str(piece);
        let begins = |at: usize| {
            let end = self.held.get(at..).unwrap_or_default();
            self.secrets.iter().any(|it| it.len() > end.len() && it.starts_with(end))
        };
        let longest = self.secrets.iter().map(String::len).max().unwrap_or_default();
        let from = self.held.len().saturating_sub(longest);
        let ends = self.held.char_indices().map(|it| it.0).filter(|at| *at >= from);
        let at = ends.into_iter().find(|at| begins(*at)).unwrap_or(self.held.len());
        let rest = self.held.split_off(at);
        std::mem::replace(&mut self.held, rest)
    }

    /// What was held when nothing more comes.
    pub(super) fn finish(&mut self) -> String {
        std::mem::take(&mut self.held)
    }
}

#[cfg(test)]
mod tests {
    use super::Holdback;

    #[test]
    fn the_beginning_of_a_secret_waits() {
        let mut pieces = Holdback::new(vec!["sk-123".to_owned()]);
        assert_eq!(pieces.add("a key: s"), "a key: ");
        assert_eq!(pieces.add("k-12"), "");
        assert_eq!(pieces.add("3 é sk-"), "sk-123 é ");
        assert_eq!(pieces.add("x"), "sk-x");
        assert_eq!(pieces.add("y s"), "y ");
        assert_eq!(pieces.finish(), "s");
        assert_eq!(Holdback::new(Vec::new()).add("sk-"), "sk-");
    }
}
