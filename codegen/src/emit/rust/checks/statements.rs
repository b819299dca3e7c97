//! The statements of a `check` function, for its emitter.

use specwright_format::{TokenStream, quote};

/// Guards of which the first that holds counts.
pub(super) struct Chain {
    pub(super) tokens: TokenStream,
    /// One guard alone: its condition.
    pub(super) single: Option<Option<TokenStream>>,
    pub(super) push: Option<TokenStream>,
}

impl Chain {
    pub(super) fn under(self, condition: &TokenStream) -> TokenStream {
        let (tokens, push) = (self.tokens, self.push);
        match self.single {
            Some(None) => quote!(if #condition { #push }),
            Some(Some(when)) => quote!(if #condition && #when { #push }),
            None => quote!(if #condition { #tokens }),
        }
    }

    pub(super) fn else_branch(self) -> TokenStream {
        let tokens = self.tokens;
        match self.single {
            Some(None) => quote!(else { #tokens }),
            Some(Some(_)) | None => quote!(else #tokens),
        }
    }
}

/// Statements of which a lone `if` can be joined with the one around it.
#[derive(Default)]
pub(super) struct Statements {
    all: Vec<Statement>,
}

pub(super) enum Statement {
    If(TokenStream, TokenStream),
    /// The first that holds counts; with the mark that they share.
    First(usize, Vec<(TokenStream, TokenStream)>),
    Other(TokenStream),
}

impl Statements {
    pub(super) fn push(&mut self, tokens: TokenStream) {
        self.all.push(Statement::Other(tokens));
    }

    pub(super) fn push_if(&mut self, condition: TokenStream, body: TokenStream) {
        self.all.push(Statement::If(condition, body));
    }

    /// An `if` that stands behind the `else` of the one before if they share a mark.
    pub(super) fn push_link(&mut self, chain: Option<usize>, condition: TokenStream, body: TokenStream) {
        match (chain, self.all.last_mut()) {
            (None, _) => self.push_if(condition, body),
            (Some(mark), Some(Statement::First(last, all))) if *last == mark => all.push((condition, body)),
            (Some(mark), _) => self.all.push(Statement::First(mark, vec![(condition, body)])),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub(super) fn all(&self) -> TokenStream {
        let all = self.all.iter().map(|it| match it {
            Statement::If(condition, body) => {
                let condition = bare(condition.clone());
                quote!(if #condition { #body })
            }
            Statement::First(_, all) => {
                let all = all.iter().map(|(condition, body)| {
                    let condition = bare(condition.clone());
                    quote!(if #condition { #body })
                });
                quote!(#(#all)else*)
            }
            Statement::Other(tokens) => tokens.clone(),
        });
        quote!(#(#all)*)
    }

    pub(super) fn lone_if(&self) -> Option<(&TokenStream, &TokenStream)> {
        match self.all.as_slice() {
            [Statement::If(condition, body)] => Some((condition, body)),
            [Statement::First(_, all)] => match all.as_slice() {
                [(condition, body)] => Some((condition, body)),
                _ => None,
            },
            _ => None,
        }
    }

    /// One call that has no other beside it.
    pub(super) fn lone_call(&self) -> Option<TokenStream> {
        let [Statement::Other(tokens)] = self.all.as_slice() else { return None };
        tokens.without_only_semicolon()
    }

    pub(super) fn under(&self, condition: &TokenStream) -> TokenStream {
        if let Some((inner, body)) = self.lone_if() {
            return quote!(if #condition && #inner { #body });
        }
        let all = self.all();
        quote!(if #condition { #all })
    }
}

/// A condition without the parentheses that it needs beside others only.
pub(super) fn bare(condition: TokenStream) -> TokenStream {
    condition.without_parentheses()
}
