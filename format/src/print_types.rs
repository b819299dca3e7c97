//! Attributes, paths, types, bounds and patterns → layout.

use std::borrow::Cow;

use super::layout::{INDENT, Layout};
use super::parse::expression;
use super::parse_types::{Style, path};
use super::syntax::{Argument, Arguments, Attribute, Bound, Meta, Path, Pattern, Segment, Type};
use super::tokens::{Cursor, Delimiter, Kind, Parsed, brackets};

impl<'t> Layout<'t> {
    pub(super) fn attributes(&mut self, attributes: &[Attribute<'t>]) -> Parsed<()> {
        for Attribute { inner, what } in attributes {
            match what {
                Meta::Doc(line) => {
                    self.text(if *inner { "//!" } else { "///" });
                    self.text(match line {
                        Cow::Borrowed(line) => Cow::Borrowed(line.trim_end_matches(' ')),
                        Cow::Owned(line) => Cow::Owned(line.trim_end_matches(' ').to_owned()),
                    });
                    self.line();
                }
                Meta::Other(content) => {
                    self.text(if *inner { "#![" } else { "#[" });
                    self.meta(*content)?;
                    self.text("]");
                    self.space();
                }
            }
        }
        Ok(())
    }

    fn meta(&mut self, mut content: Cursor<'t>) -> Parsed<()> {
        self.plain_path(&path(&mut content, Style::Expr)?);
        if content.take("=") {
            self.text(" = ");
            self.expr(&expression(&mut content)?)?;
            return content.done();
        }
        self.meta_tokens(content);
        Ok(())
    }

    /// The list of an attribute, as the formatter writes it: token by token.
    fn meta_tokens(&mut self, list: Cursor<'t>) {
        #[derive(Clone, Copy, PartialEq)]
        enum Before {
            Word,
            Sign,
            Comma,
        }
        let mut before = Before::Word;
        let mut stack: Vec<(Cursor<'t>, Delimiter)> = vec![(list, Delimiter::None)];
        // Only what is at the very beginning is not in a group.
        let mut nested = false;
        while let Some((tokens, delimiter)) = stack.last_mut() {
            let delimiter = *delimiter;
            let Some((kind, text, inner)) = tokens.tree() else {
                stack.pop();
                if delimiter == Delimiter::Parenthesis {
                    if before != Before::Comma {
                        self.zero();
                    }
                    self.offset(-INDENT);
                    self.end();
                }
                self.text(brackets(delimiter).1);
                before = Before::Sign;
                nested = !stack.is_empty() && nested;
                continue;
            };
            let is_last = tokens.is_empty();
            match kind {
                Kind::Ident | Kind::Literal => {
                    if before == Before::Word {
                        if nested { self.space() } else { self.text(" ") }
                    }
                    self.text(text);
                    before = Before::Word;
                }
                Kind::Punct { .. } => {
                    if before == Before::Word && text == "=" {
                        self.text(" ");
                    }
                    if text == "," && is_last {
                        self.comma(true);
                        before = Before::Comma;
                    } else {
                        self.text(text);
                        if text == "=" {
                            self.text(" ");
                        } else if text == "," {
                            if nested { self.space() } else { self.text(" ") }
                        }
                        before = Before::Sign;
                    }
                }
                Kind::Open(delimiter) => {
                    self.text(brackets(delimiter).0);
                    if delimiter == Delimiter::Parenthesis {
                        self.all_or_none(INDENT);
                        self.zero();
                    }
                    before = Before::Sign;
                    nested = true;
                    stack.push((inner, delimiter));
                }
                Kind::Close(_) => {}
            }
        }
    }

    /// A path of names alone.
    pub(super) fn plain_path(&mut self, path: &Path<'t>) {
        for (index, segment) in path.segments.iter().enumerate() {
            if index > 0 || path.leading {
                self.text("::");
            }
            self.text(segment.name);
        }
    }

    pub(super) fn path(&mut self, path: &Path<'t>, style: Style) -> Parsed<()> {
        let mut of_trait = 0;
        if let Some((of, position)) = &path.of {
            of_trait = *position;
            self.text("<");
            self.ty(of)?;
            if of_trait > 0 {
                self.text(" as ");
            } else {
                self.text(">");
            }
        }
        for (index, segment) in path.segments.iter().enumerate() {
            let in_trait = index < of_trait;
            if (index > 0 || path.leading || path.of.is_some()) && !(in_trait && index == 0) {
                self.text("::");
            }
            self.segment(segment, if in_trait { Style::Type } else { style })?;
            if index + 1 == of_trait {
                self.text(">");
            }
        }
        Ok(())
    }

    fn segment(&mut self, segment: &Segment<'t>, style: Style) -> Parsed<()> {
        self.text(segment.name);
        match &segment.arguments {
            Arguments::None => {}
            Arguments::Angles(arguments) => self.angles(arguments, style)?,
            Arguments::Call(inputs, output) => {
                self.all_or_none(INDENT);
                self.text("(");
                self.zero();
                for (index, input) in inputs.iter().enumerate() {
                    self.ty(input)?;
                    self.comma(index + 1 == inputs.len());
                }
                self.offset(-INDENT);
                self.text(")");
                self.output(output.as_deref())?;
                self.end();
            }
        }
        Ok(())
    }

    pub(super) fn output(&mut self, output: Option<&Type<'t>>) -> Parsed<()> {
        if let Some(output) = output {
            self.text(" -> ");
            self.ty(output)?;
        }
        Ok(())
    }

    pub(super) fn angles(&mut self, arguments: &[Argument<'t>], style: Style) -> Parsed<()> {
        if arguments.is_empty() {
            return Ok(());
        }
        if style == Style::Expr {
            self.text("::");
        }
        self.text("<");
        self.all_or_none(INDENT);
        self.zero();
        for (index, argument) in arguments.iter().enumerate() {
            match argument {
                Argument::Lifetime(name) => self.lifetime(name),
                Argument::Type(ty) => self.ty(ty)?,
                Argument::Const(value) => self.expr(value)?,
                Argument::Named(name, ty) => {
                    self.text(*name);
                    self.text(" = ");
                    self.ty(ty)?;
                }
            }
            self.comma(index + 1 == arguments.len());
        }
        self.offset(-INDENT);
        self.end();
        self.text(">");
        Ok(())
    }

    pub(super) fn lifetime(&mut self, name: &'t str) {
        self.text("'");
        self.text(name);
    }

    pub(super) fn ty(&mut self, ty: &Type<'t>) -> Parsed<()> {
        match ty {
            Type::Path(path) => self.path(path, Style::Type)?,
            Type::Reference { lifetime, mutable, to } => {
                self.text("&");
                if let Some(lifetime) = lifetime {
                    self.lifetime(lifetime);
                    self.text(" ");
                }
                if *mutable {
                    self.text("mut ");
                }
                self.ty(to)?;
            }
            Type::Slice(of) => {
                self.text("[");
                self.ty(of)?;
                self.text("]");
            }
            Type::Array(of, length) => {
                self.text("[");
                self.ty(of)?;
                self.text("; ");
                self.expr(length)?;
                self.text("]");
            }
            Type::Tuple(all) => {
                self.text("(");
                self.tuple(all.len(), true, |out, index| out.ty(&all[index]))?;
                self.text(")");
            }
            Type::Paren(inner) => {
                self.text("(");
                self.ty(inner)?;
                self.text(")");
            }
            Type::Fn(inputs, output) => {
                self.text("fn(");
                self.all_or_none(INDENT);
                self.zero();
                for (index, input) in inputs.iter().enumerate() {
                    self.ty(input)?;
                    self.comma(index + 1 == inputs.len());
                }
                self.offset(-INDENT);
                self.end();
                self.text(")");
                self.output(output.as_deref())?;
            }
            Type::Bounds(word, bounds) => {
                self.text(*word);
                for (index, bound) in bounds.iter().enumerate() {
                    self.text(if index == 0 { " " } else { " + " });
                    self.bound(bound)?;
                }
            }
            Type::Never => self.text("!"),
            Type::Infer => self.text("_"),
        }
        Ok(())
    }

    pub(super) fn bound(&mut self, bound: &Bound<'t>) -> Parsed<()> {
        match bound {
            Bound::Lifetime(name) => self.lifetime(name),
            Bound::Use(names) => {
                self.text("use<");
                self.names(names);
                self.text(">");
            }
            Bound::Trait { lifetimes, maybe, path } => {
                if !lifetimes.is_empty() {
                    self.text("for<");
                    self.names(lifetimes);
                    self.text("> ");
                }
                if *maybe {
                    self.text("?");
                }
                self.path(path, Style::Type)?;
            }
        }
        Ok(())
    }

    fn names(&mut self, names: &[(bool, &'t str)]) {
        for (index, (is_lifetime, name)) in names.iter().enumerate() {
            if index > 0 {
                self.text(", ");
            }
            if *is_lifetime {
                self.lifetime(name);
            } else {
                self.text(*name);
            }
        }
    }

    /// The entries of a tuple; the only one has a comma if `only` says so.
    pub(super) fn tuple(
        &mut self,
        count: usize,
        only: bool,
        entry: impl Fn(&mut Self, usize) -> Parsed<()>,
    ) -> Parsed<()> {
        self.all_or_none(INDENT);
        self.zero();
        for index in 0..count {
            entry(self, index)?;
            if count == 1 {
                if only {
                    self.text(",");
                }
                self.zero();
            } else {
                self.comma(index + 1 == count);
            }
        }
        self.offset(-INDENT);
        self.end();
        Ok(())
    }

    pub(super) fn pattern(&mut self, pattern: &Pattern<'t>) -> Parsed<()> {
        match pattern {
            Pattern::Wild => self.text("_"),
            Pattern::Rest => self.text(".."),
            Pattern::Name { reference, mutable, name, sub } => {
                if *reference {
                    self.text("ref ");
                }
                if *mutable {
                    self.text("mut ");
                }
                self.text(*name);
                if let Some(sub) = sub {
                    self.text(" @ ");
                    self.pattern(sub)?;
                }
            }
            Pattern::Value(value) | Pattern::Literal(value) => self.expr(value)?,
            Pattern::TupleStruct(path, all) => {
                self.path(path, Style::Expr)?;
                self.text("(");
                self.all_or_none(INDENT);
                self.zero();
                for (index, one) in all.iter().enumerate() {
                    self.pattern(one)?;
                    self.comma(index + 1 == all.len());
                }
                self.offset(-INDENT);
                self.end();
                self.text(")");
            }
            Pattern::Struct { path, fields, rest } => {
                self.all_or_none(INDENT);
                self.path(path, Style::Expr)?;
                self.text(" {");
                self.space_inside();
                for (index, (name, pattern)) in fields.iter().enumerate() {
                    if let Some(name) = name {
                        self.text(*name);
                        self.text(": ");
                    }
                    self.pattern(pattern)?;
                    self.comma_in_braces(index + 1 == fields.len() && !rest);
                }
                if *rest {
                    self.text("..");
                    self.space();
                }
                self.offset(-INDENT);
                self.end();
                self.text("}");
            }
            Pattern::Tuple(all, trailing) => {
                self.text("(");
                self.tuple(all.len(), *trailing, |out, index| out.pattern(&all[index]))?;
                self.text(")");
            }
            Pattern::Slice(all) => {
                self.text("[");
                for (index, one) in all.iter().enumerate() {
                    self.pattern(one)?;
                    self.comma(index + 1 == all.len());
                }
                self.text("]");
            }
            Pattern::Paren(inner) => {
                self.text("(");
                self.pattern(inner)?;
                self.text(")");
            }
            Pattern::Reference(mutable, inner) => {
                self.text(if *mutable { "&mut " } else { "&" });
                self.pattern(inner)?;
            }
            Pattern::Or(cases) => {
                if cases.iter().all(|it| matches!(it, Pattern::Literal(_) | Pattern::Wild)) {
                    self.fill(0);
                } else {
                    self.all_or_none(0);
                }
                for (index, case) in cases.iter().enumerate() {
                    if index > 0 {
                        self.space();
                        self.text("| ");
                    }
                    self.pattern(case)?;
                }
                self.end();
            }
            Pattern::Typed(pattern, ty) => {
                self.pattern(pattern)?;
                self.text(": ");
                self.ty(ty)?;
            }
        }
        Ok(())
    }
}
