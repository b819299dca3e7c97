//! Blocks, statements, arms and macros → layout.

use super::classify::{gets_semicolon, loses_semicolon};
use super::layout::{INDENT, Layout};
use super::syntax::{Arm, Expr, Macro, Statement};
use super::tokens::{Cursor, Delimiter, Kind, Parsed, brackets};

impl<'t> Layout<'t> {
    pub(super) fn arm(&mut self, arm: &Arm<'t>) -> Parsed<()> {
        self.attributes(&arm.attributes)?;
        self.fill(0);
        self.pattern(&arm.pattern)?;
        if let Some(guard) = &arm.guard {
            self.text(" if ");
            self.expr(guard)?;
        }
        self.text(" => ");
        let mut body = &arm.body;
        while let Expr::Block { label: None, block } = body
            && let [Statement::Expr { attributes, value, semicolon: false }] = block.as_slice()
            && attributes.is_empty()
        {
            body = value;
        }
        match body {
            Expr::Tuple(all) if all.is_empty() => {
                self.text("{");
                self.never();
                self.body(&[])?;
            }
            Expr::Block { label, block } => {
                self.label(*label);
                self.text("{");
                self.never();
                self.body(block)?;
            }
            _ => {
                self.never();
                self.braced_if_broken(body, true)?;
            }
        }
        self.end();
        Ok(())
    }

    /// The lines of a block behind its brace, and the brace that ends it.
    pub(super) fn body(&mut self, block: &[Statement<'t>]) -> Parsed<()> {
        self.all_or_none(INDENT);
        self.lines_before_brace(|out| out.statements(block))
    }

    /// Ends a group with lines of their own, and the brace behind them.
    pub(super) fn lines_before_brace(&mut self, inside: impl FnOnce(&mut Self) -> Parsed<()>) -> Parsed<()> {
        self.line_inside();
        inside(self)?;
        self.offset(-INDENT);
        self.end();
        self.text("}");
        Ok(())
    }

    pub(super) fn small_block(&mut self, block: &[Statement<'t>]) -> Parsed<()> {
        self.text("{");
        if !block.is_empty() {
            self.space();
            match block {
                [Statement::Expr { attributes, value, semicolon: false }] if attributes.is_empty() => {
                    self.fill(0);
                    self.expr_at(value, true)?;
                    self.end();
                    self.space();
                }
                _ => self.statements(block)?,
            }
            self.offset(-INDENT);
        }
        self.text("}");
        Ok(())
    }

    pub(super) fn statements(&mut self, block: &[Statement<'t>]) -> Parsed<()> {
        for statement in block {
            self.statement(statement)?;
        }
        Ok(())
    }

    fn statement(&mut self, statement: &Statement<'t>) -> Parsed<()> {
        match statement {
            Statement::Let { attributes, pattern, value, otherwise } => {
                self.attributes(attributes)?;
                self.fill(0);
                self.text("let ");
                self.pattern(pattern)?;
                if let Some(value) = value {
                    self.text(" = ");
                    self.never();
                    self.expr(value)?;
                }
                if let Some(otherwise) = otherwise {
                    self.space();
                    self.text("else ");
                    self.end();
                    self.never();
                    self.all_or_none(INDENT);
                    self.small_block(otherwise)?;
                }
                self.end();
                self.text(";");
                self.line();
            }
            Statement::Item(tokens) => {
                let mut tokens = *tokens;
                self.item(&mut tokens)?;
                // Nothing is left out in silence.
                tokens.done()?;
            }
            Statement::Expr { attributes, value: Expr::Macro(it), semicolon }
                if *semicolon || it.delimiter == Delimiter::Brace =>
            {
                self.attributes(attributes)?;
                self.macro_call(it, *semicolon);
                self.line();
            }
            Statement::Expr { attributes, value, semicolon } => {
                self.fill(0);
                self.attributes(attributes)?;
                self.expr_at(value, true)?;
                if (*semicolon && !loses_semicolon(value)) || (!semicolon && gets_semicolon(value)) {
                    self.text(";");
                }
                self.end();
                self.line();
            }
        }
        Ok(())
    }

    pub(super) fn macro_call(&mut self, it: &Macro<'t>, semicolon: bool) {
        self.plain_path(&it.path);
        self.text("!");
        let braces = it.delimiter == Delimiter::Brace;
        self.text(if braces { " {" } else { brackets(it.delimiter).0 });
        if !it.tokens.is_empty() {
            let may_break = if braces { Self::line } else { Self::zero };
            self.all_or_none(INDENT);
            may_break(self);
            self.fill(0);
            self.macro_tokens(it.tokens);
            self.end();
            may_break(self);
            self.offset(-INDENT);
            self.end();
        }
        self.text(brackets(it.delimiter).1);
        if semicolon {
            self.text(";");
        }
    }

    /// The tokens of a macro, of which nobody knows what they mean.
    fn macro_tokens(&mut self, mut tokens: Cursor<'t>) {
        #[derive(Clone, Copy, PartialEq)]
        enum Before {
            Start,
            Pound,
            Dot,
            Colon,
            Colons,
            Word,
            WordBang,
            Group,
            Other,
        }
        let mut before = Before::Start;
        let mut joined = true;
        while let Some((kind, text, inner)) = tokens.tree() {
            let (spaced, next) = match (before, kind, text) {
                (Before::Pound, Kind::Punct { .. }, "!") => (false, Before::Pound),
                (Before::Pound, Kind::Open(Delimiter::Bracket), _) => (false, Before::Other),
                (Before::Word, Kind::Open(Delimiter::Parenthesis | Delimiter::Bracket), _) => (false, Before::Group),
                (Before::Word, Kind::Punct { joint: false }, "!") => (false, Before::WordBang),
                (Before::WordBang, Kind::Open(Delimiter::Parenthesis | Delimiter::Bracket), _) => {
                    (false, Before::Other)
                }
                (Before::Colon, Kind::Punct { .. }, ":") => (false, Before::Colons),
                (_, Kind::Open(Delimiter::Parenthesis | Delimiter::Bracket), _) => (true, Before::Group),
                (_, Kind::Open(_), _) => (true, Before::Other),
                (_, Kind::Ident, _) if !is_keyword(text) => {
                    (before != Before::Dot && before != Before::Colons, Before::Word)
                }
                (_, Kind::Literal, _) if text.ends_with('.') => (before != Before::Dot, Before::Other),
                (_, Kind::Literal, _) => (before != Before::Dot, Before::Word),
                (_, Kind::Punct { .. }, "," | ";") => (false, Before::Other),
                (_, Kind::Punct { .. }, ".") => (before != Before::Word && before != Before::Group, Before::Dot),
                (_, Kind::Punct { joint: true }, ":") => (before != Before::Word, Before::Colon),
                (_, Kind::Punct { .. }, "#") => (true, Before::Pound),
                _ => (true, Before::Other),
            };
            if !joined {
                if spaced {
                    self.space();
                } else if text == "." && matches!(kind, Kind::Punct { .. }) {
                    self.zero();
                }
            }
            joined = kind == Kind::Punct { joint: true };
            match kind {
                Kind::Open(delimiter) => {
                    let spaces = delimiter == Delimiter::Brace && !inner.is_empty();
                    self.text(brackets(delimiter).0);
                    if spaces {
                        self.space();
                    }
                    self.macro_tokens(inner);
                    if spaces {
                        self.space();
                    }
                    self.text(brackets(delimiter).1);
                }
                _ => self.text(text),
            }
            before = next;
        }
    }
}

fn is_keyword(word: &str) -> bool {
    const KEYWORDS: [&str; 32] = [
        "as", "async", "await", "box", "break", "const", "continue", "crate", "dyn", "else", "enum", "extern", "fn",
        "for", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "pub", "ref", "return",
        "static", "struct", "trait", "type", "unsafe",
    ];
    KEYWORDS.contains(&word) || matches!(word, "use" | "where" | "while" | "yield")
}
