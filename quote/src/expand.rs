//! Steps → the expression that makes the stream.

use std::collections::BTreeMap;

use proc_macro::{Delimiter, Group, Ident, Literal, TokenStream, TokenTree};

use crate::read::Step;

/// One call, or a block where something is repeated.
pub(crate) fn expression(steps: &[Step]) -> TokenStream {
    if steps.iter().all(|it| !matches!(it, Step::Repeat { .. })) {
        let mut out = code("::specwright_format::TokenStream::quoted");
        out.extend(arguments(steps));
        return out;
    }
    let mut block = code("let mut __out = ::specwright_format::TokenStream::default();");
    block.extend(statements(steps));
    block.extend(code("__out"));
    group(Delimiter::Brace, block)
}

/// Statements that add to `__out`.
fn statements(steps: &[Step]) -> TokenStream {
    let mut out = TokenStream::new();
    for run in steps.chunk_by(|a, b| !matches!(a, Step::Repeat { .. }) && !matches!(b, Step::Repeat { .. })) {
        match run {
            [Step::Repeat { steps, separator }] => out.extend(repetition(steps, separator)),
            _ => {
                out.extend(code("__out.append"));
                out.extend(arguments(run));
                out.extend(code(";"));
            }
        }
    }
    out
}

/// `(&["…", "…"], &[&variable])`: each variable stands behind the text of the same place.
fn arguments(steps: &[Step]) -> TokenStream {
    let (mut texts, mut variables) = (TokenStream::new(), TokenStream::new());
    let mut is_behind_text = false;
    for step in steps {
        match step {
            Step::Fixed(text) => {
                push_text(&mut texts, text);
                is_behind_text = true;
            }
            Step::Variable(name) => {
                if !is_behind_text {
                    push_text(&mut texts, "");
                }
                is_behind_text = false;
                variables.extend(code("&"));
                variables.extend([TokenTree::Ident(name.clone())]);
                variables.extend(code(","));
            }
            Step::Repeat { .. } => unreachable!("it is a statement of its own"),
        }
    }
    let mut both = code("&");
    both.extend(group(Delimiter::Bracket, texts));
    both.extend(code(", &"));
    both.extend(group(Delimiter::Bracket, variables));
    group(Delimiter::Parenthesis, both)
}

/// A loop over what the variables iterate over, each by its own name.
fn repetition(steps: &[Step], separator: &str) -> TokenStream {
    let mut names = BTreeMap::new();
    variables(steps, &mut names);
    let mut names = names.into_values();
    let first = names.next().expect("a variable must stand in `#(…)*`");
    let (mut pattern, mut values) = (TokenStream::from(TokenTree::Ident(first.clone())), repeated(first));
    for name in names {
        let mut pair = pattern;
        pair.extend(code(","));
        pair.extend([TokenTree::Ident(name.clone())]);
        pattern = group(Delimiter::Parenthesis, pair);
        values.extend(code(".zip"));
        values.extend(group(Delimiter::Parenthesis, repeated(name)));
    }
    let mut body = TokenStream::new();
    if !separator.is_empty() {
        let mut between = code("&mut __is_next, ");
        push_text(&mut between, separator);
        body.extend(code("__out.separate"));
        body.extend(group(Delimiter::Parenthesis, between));
        body.extend(code(";"));
    }
    body.extend(statements(steps));
    let mut block = code("use ::specwright_format::repeat::{RepeatIterator as _, RepeatSlice as _};");
    if !separator.is_empty() {
        block.extend(code("let mut __is_next = false;"));
    }
    block.extend(code("for"));
    block.extend(pattern);
    block.extend(code("in"));
    block.extend(values);
    block.extend(group(Delimiter::Brace, body));
    group(Delimiter::Brace, block)
}

fn repeated(name: Ident) -> TokenStream {
    let mut out = TokenStream::from(TokenTree::Ident(name));
    out.extend(code(".repeated()"));
    out
}

/// The variables in steps, by name.
fn variables(steps: &[Step], names: &mut BTreeMap<String, Ident>) {
    for step in steps {
        match step {
            Step::Fixed(_) => {}
            Step::Variable(name) => {
                names.entry(name.to_string()).or_insert_with(|| name.clone());
            }
            Step::Repeat { steps, .. } => variables(steps, names),
        }
    }
}

fn push_text(out: &mut TokenStream, text: &str) {
    out.extend([TokenTree::Literal(Literal::string(text))]);
    out.extend(code(","));
}

fn group(delimiter: Delimiter, stream: TokenStream) -> TokenStream {
    TokenTree::Group(Group::new(delimiter, stream)).into()
}

fn code(text: &str) -> TokenStream {
    text.parse().expect("Rust")
}
