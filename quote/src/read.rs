//! What stands in `quote!(…)` → steps.

use proc_macro::{Delimiter, Ident, Spacing, TokenStream, TokenTree};

/// Before an identifier.
const IDENT: char = '\u{10}';
/// Before a literal.
const LITERAL: char = '\u{11}';
/// Before a character that ends an operator.
const PUNCT: char = '\u{12}';
/// Before a character of an operator that goes on.
const JOINT: char = '\u{13}';
/// Before what opens or closes a group.
const BRACKET: char = '\u{14}';

/// Operators of more than one character, the longer ones first.
const OPERATORS: [&str; 24] = [
    "<<=", ">>=", "...", "..=", "::", "->", "=>", "==", "!=", "<=", ">=", "&&", "||", "+=", "-=", "*=", "/=", "%=",
    "^=", "&=", "|=", "<<", ">>", "..",
];

/// A part of what is quoted.
pub(crate) enum Step {
    /// Tokens with their marks.
    Fixed(String),
    Variable(Ident),
    Repeat {
        steps: Vec<Step>,
        /// Tokens between two rounds.
        separator: String,
    },
}

pub(crate) fn steps(input: TokenStream) -> Vec<Step> {
    let mut steps = Steps::default();
    steps.add(input);
    steps.0
}

#[derive(Default)]
struct Steps(Vec<Step>);

impl Steps {
    fn add(&mut self, input: TokenStream) {
        let input: Vec<TokenTree> = input.into_iter().collect();
        let mut rest = input.as_slice();
        while let [first, after @ ..] = rest {
            rest = after;
            match (first, after) {
                (TokenTree::Punct(it), [TokenTree::Ident(name), after @ ..]) if it.as_char() == '#' => {
                    self.0.push(Step::Variable(name.clone()));
                    rest = after;
                }
                (TokenTree::Punct(it), [TokenTree::Group(group), after @ ..])
                    if it.as_char() == '#' && group.delimiter() == Delimiter::Parenthesis =>
                {
                    let (separator, after) = separator(after);
                    self.0.push(Step::Repeat { steps: steps(group.stream()), separator });
                    rest = after;
                }
                (TokenTree::Group(group), _) => {
                    let (open, close) = brackets(group.delimiter());
                    mark(self.text(), BRACKET, open);
                    self.add(group.stream());
                    mark(self.text(), BRACKET, close);
                }
                _ => rest = plain(first, after, self.text()),
            }
        }
    }

    /// The text that the next tokens belong to.
    fn text(&mut self) -> &mut String {
        if !matches!(self.0.last(), Some(Step::Fixed(_))) {
            self.0.push(Step::Fixed(String::new()));
        }
        match self.0.last_mut() {
            Some(Step::Fixed(text)) => text,
            _ => unreachable!("it was pushed"),
        }
    }
}

/// Writes a token that is no group, with the rest of the operator that it starts. Gives what comes behind.
fn plain<'t>(first: &TokenTree, after: &'t [TokenTree], out: &mut String) -> &'t [TokenTree] {
    match first {
        TokenTree::Ident(it) => mark(out, IDENT, &it.to_string()),
        TokenTree::Literal(it) => mark(out, LITERAL, &it.to_string()),
        TokenTree::Punct(it) => {
            let mut run = String::from(it.as_char());
            let mut joint = it.spacing() == Spacing::Joint;
            for next in after {
                let TokenTree::Punct(next) = next else { break };
                if !joint {
                    break;
                }
                run.push(next.as_char());
                joint = next.spacing() == Spacing::Joint;
            }
            let operator = OPERATORS.into_iter().find(|it| run.starts_with(it)).unwrap_or(&run[..1]);
            // What is behind the `'` of a lifetime is its name.
            let last = if operator == "'" { JOINT } else { PUNCT };
            for (index, character) in operator.char_indices() {
                let is_last = index + 1 == operator.len();
                mark(out, if is_last { last } else { JOINT }, character.encode_utf8(&mut [0; 4]));
            }
            return &after[operator.len() - 1..];
        }
        TokenTree::Group(_) => panic!("write the group inside `#(…)*`, or nothing between `#(…)` and `*`"),
    }
    after
}

/// What stands between a group to be repeated and the `*` behind it, and what comes behind that.
fn separator(after: &[TokenTree]) -> (String, &[TokenTree]) {
    let is_star = |it: &TokenTree| matches!(it, TokenTree::Punct(it) if it.as_char() == '*');
    let mut out = String::new();
    match after {
        [star, rest @ ..] if is_star(star) => (out, rest),
        [first, rest @ ..] => match plain(first, rest, &mut out) {
            [star, rest @ ..] if is_star(star) => (out, rest),
            _ => panic!("`*` must stand behind `#(…)` and its separator"),
        },
        [] => panic!("`*` must stand behind `#(…)`"),
    }
}

fn mark(out: &mut String, mark: char, token: &str) {
    assert!(!token.contains(['\u{10}', '\u{11}', '\u{12}', '\u{13}', '\u{14}']), "write {token:?} with escapes");
    // What has no brackets was put together by another macro.
    if !token.is_empty() {
        out.push(mark);
        out.push_str(token);
    }
}

fn brackets(delimiter: Delimiter) -> (&'static str, &'static str) {
    match delimiter {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::None => ("", ""),
    }
}
