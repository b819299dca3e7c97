//! Items: read and laid out in one go.

use super::generics::{generics, predicates};
use super::layout::{INDENT, Layout};
use super::parse::{self, attributes, expression};
use super::parse_types::{Style, bounds, lifetime, list, one_pattern, path, ty};
use super::syntax::Macro;
use super::tokens::{Cursor, Delimiter, Kind, Parsed};

/// Words that items begin with.
const WORDS: [&str; 9] = ["const", "static", "fn", "use", "mod", "struct", "enum", "impl", "type"];

/// Whether an item begins here, behind its attributes.
pub(super) fn starts(cursor: &Cursor<'_>) -> bool {
    let word = cursor.peek();
    cursor.kind() == Some(Kind::Ident)
        && (WORDS.contains(&word)
            || matches!(word, "pub" | "trait")
            || (matches!(word, "async" | "unsafe") && cursor.peek_at(1) == "fn"))
}

/// Skips an item, which ends with `;` or with braces.
pub(super) fn skip(cursor: &mut Cursor<'_>) {
    // What is odd about it is told when the item is read.
    let _ = visibility(cursor);
    // Braces in these belong to a value or to a path.
    let valued = match cursor.peek() {
        "const" => cursor.peek_at(1) != "fn",
        word => matches!(word, "static" | "use" | "type"),
    };
    while !cursor.is_empty() {
        let ends = cursor.is(";") || (!valued && cursor.is_group(Delimiter::Brace));
        cursor.skip();
        if ends {
            return;
        }
    }
}

impl<'t> Layout<'t> {
    /// An item with its attributes.
    pub(super) fn item(&mut self, cursor: &mut Cursor<'t>) -> Parsed<()> {
        let outer = attributes(cursor, false)?;
        self.attributes(&outer)?;
        if cursor.is_word("impl") {
            return self.implementation(cursor);
        }
        let start = *cursor;
        let visibility = visibility(cursor)?;
        match cursor.peek() {
            "use" => {
                cursor.skip();
                self.visibility(visibility);
                self.text("use ");
                if cursor.take("::") {
                    self.text("::");
                }
                self.use_tree(cursor)?;
                cursor.need(";")?;
                self.text(";");
                self.line();
                Ok(())
            }
            "mod" => self.module(visibility, cursor),
            "struct" => self.structure(visibility, cursor),
            "enum" => self.enumeration(visibility, cursor),
            "trait" => self.definition(visibility, cursor),
            "static" => self.value("static ", visibility, cursor),
            "const" if cursor.peek_at(1) != "fn" => self.value("const ", visibility, cursor),
            "type" => self.alias(visibility, false, cursor),
            "fn" | "async" | "const" | "unsafe" => self.function(visibility, cursor),
            _ => {
                *cursor = start;
                self.macro_item(cursor)
            }
        }
    }

    /// Begins the group of an item, with `pub struct Name<T>`.
    pub(super) fn named(
        &mut self,
        visibility: Option<&'static str>,
        word: &'static str,
        cursor: &mut Cursor<'t>,
    ) -> Parsed<()> {
        self.all_or_none(INDENT);
        self.visibility(visibility);
        self.text(word);
        self.text(cursor.ident()?);
        let generics = generics(cursor)?;
        self.generics(&generics)
    }

    /// Ends the group of an item, with `;`.
    fn semicolon(&mut self, cursor: &mut Cursor<'t>) -> Parsed<()> {
        cursor.need(";")?;
        self.text(";");
        self.end();
        self.line();
        Ok(())
    }

    /// Ends the group of an item, with lines in braces.
    pub(super) fn braces(&mut self, inside: impl FnOnce(&mut Self) -> Parsed<()>) -> Parsed<()> {
        self.text("{");
        self.lines_before_brace(inside)
    }

    /// Attributes of the item that the braces belong to.
    pub(super) fn inner_attributes(&mut self, cursor: &mut Cursor<'t>) -> Parsed<()> {
        let inner = attributes(cursor, true)?;
        self.attributes(&inner)
    }

    pub(super) fn visibility(&mut self, visibility: Option<&'static str>) {
        if let Some(visibility) = visibility {
            self.text(visibility);
        }
    }

    fn module(&mut self, visibility: Option<&'static str>, cursor: &mut Cursor<'t>) -> Parsed<()> {
        cursor.skip();
        self.all_or_none(INDENT);
        self.visibility(visibility);
        self.text("mod ");
        self.text(cursor.ident()?);
        if let Some(mut inner) = cursor.group(Delimiter::Brace) {
            self.text(" ");
            self.braces(|out| {
                out.inner_attributes(&mut inner)?;
                while !inner.is_empty() {
                    out.item(&mut inner)?;
                }
                Ok(())
            })?;
            self.line();
            return Ok(());
        }
        self.semicolon(cursor)
    }

    fn use_tree(&mut self, cursor: &mut Cursor<'t>) -> Parsed<()> {
        loop {
            if cursor.take("*") {
                self.text("*");
                return Ok(());
            }
            if let Some(inner) = cursor.group(Delimiter::Brace) {
                return self.use_group(inner);
            }
            self.text(cursor.ident()?);
            if cursor.take("::") {
                self.text("::");
                continue;
            }
            if cursor.take_word("as") {
                self.text(" as ");
                self.text(cursor.ident()?);
            }
            return Ok(());
        }
    }

    fn use_group(&mut self, inner: Cursor<'t>) -> Parsed<()> {
        let (mut trees, _) = list(inner, |cursor| {
            let start = *cursor;
            while !cursor.is_empty() && !cursor.is(",") {
                cursor.skip();
            }
            Ok(start.until(*cursor))
        })?;
        match trees.as_mut_slice() {
            [] => self.text("{}"),
            [only] if !only.is_word("self") => self.use_tree(only)?,
            trees => {
                self.all_or_none(INDENT);
                self.text("{");
                self.zero();
                self.fill(0);
                let count = trees.len();
                for (index, tree) in trees.iter_mut().enumerate() {
                    let mut rest = *tree;
                    let mut has_group = false;
                    while !rest.is_empty() {
                        has_group |= rest.is_group(Delimiter::Brace);
                        rest.skip();
                    }
                    self.use_tree(tree)?;
                    if index + 1 < count {
                        self.text(",");
                        if has_group { self.line() } else { self.space() }
                    }
                }
                self.end();
                self.comma(true);
                self.offset(-INDENT);
                self.text("}");
                self.end();
            }
        }
        Ok(())
    }

    /// A constant or a static.
    fn value(&mut self, word: &'static str, visibility: Option<&'static str>, cursor: &mut Cursor<'t>) -> Parsed<()> {
        cursor.skip();
        self.all_or_none(0);
        self.visibility(visibility);
        self.text(word);
        self.text(cursor.ident()?);
        cursor.need(":")?;
        self.text(": ");
        let of = ty(cursor)?;
        self.ty(&of)?;
        if cursor.take("=") {
            self.text(" = ");
            self.never();
            let value = expression(cursor)?;
            self.expr(&value)?;
        }
        self.semicolon(cursor)
    }

    pub(super) fn alias(
        &mut self,
        visibility: Option<&'static str>,
        of_trait: bool,
        cursor: &mut Cursor<'t>,
    ) -> Parsed<()> {
        cursor.need_word("type")?;
        self.named(visibility, "type ", cursor)?;
        if of_trait && cursor.take(":") {
            self.bounds(&bounds(cursor)?)?;
        }
        if cursor.take("=") {
            self.text(" = ");
            self.never();
            self.fill(-INDENT);
            let of = ty(cursor)?;
            self.ty(&of)?;
            self.end();
        }
        self.semicolon(cursor)
    }

    fn function(&mut self, visibility: Option<&'static str>, cursor: &mut Cursor<'t>) -> Parsed<()> {
        self.all_or_none(INDENT);
        self.visibility(visibility);
        for word in ["const", "async", "unsafe"] {
            if cursor.take_word(word) {
                self.text(word);
                self.text(" ");
            }
        }
        cursor.need_word("fn")?;
        self.text("fn ");
        self.text(cursor.ident()?);
        let generics = generics(cursor)?;
        self.generics(&generics)?;
        let mut inputs = cursor.need_group(Delimiter::Parenthesis, "the inputs of a function")?;
        self.text("(");
        self.never();
        self.all_or_none(0);
        self.zero();
        while !inputs.is_empty() {
            self.input(&mut inputs)?;
            inputs.take(",");
            self.comma(inputs.is_empty());
        }
        self.offset(-INDENT);
        self.end();
        self.text(")");
        self.all_or_none(-INDENT);
        if cursor.take("->") {
            let output = ty(cursor)?;
            self.output(Some(&output))?;
        }
        self.end();
        let bounds = predicates(cursor)?;
        match cursor.group(Delimiter::Brace) {
            Some(mut inner) => {
                self.predicates(&bounds, false)?;
                self.braces(|out| {
                    out.inner_attributes(&mut inner)?;
                    out.statements(&parse::block(inner)?)
                })?;
            }
            None => {
                cursor.need(";")?;
                self.predicates(&bounds, true)?;
                self.end();
            }
        }
        self.line();
        Ok(())
    }

    fn input(&mut self, cursor: &mut Cursor<'t>) -> Parsed<()> {
        let outer = attributes(cursor, false)?;
        self.attributes(&outer)?;
        let mut ahead = *cursor;
        let reference = ahead.take_char('&');
        let lifetime = lifetime(&mut ahead)?;
        let mutable = ahead.take_word("mut");
        if ahead.take_word("self") {
            *cursor = ahead;
            if reference {
                self.text("&");
            }
            if let Some(lifetime) = lifetime {
                self.lifetime(lifetime);
                self.text(" ");
            }
            self.text(if mutable { "mut self" } else { "self" });
            if cursor.take(":") {
                self.text(": ");
                let of = ty(cursor)?;
                self.ty(&of)?;
            }
            return Ok(());
        }
        let name = one_pattern(cursor)?;
        self.pattern(&name)?;
        cursor.need(":")?;
        self.text(": ");
        let of = ty(cursor)?;
        self.ty(&of)
    }

    fn macro_item(&mut self, cursor: &mut Cursor<'t>) -> Parsed<()> {
        let path = path(cursor, Style::Expr)?;
        cursor.need("!")?;
        let Some(Kind::Open(delimiter)) = cursor.kind() else { return Err(cursor.unexpected("an item")) };
        let tokens = cursor.need_group(delimiter, "the tokens of a macro")?;
        cursor.take(";");
        self.macro_call(&Macro { path, delimiter, tokens }, delimiter != Delimiter::Brace);
        self.line();
        Ok(())
    }
}

/// `pub`, `pub(crate)` or nothing.
pub(super) fn visibility(cursor: &mut Cursor<'_>) -> Parsed<Option<&'static str>> {
    if !cursor.take_word("pub") {
        return Ok(None);
    }
    let mut ahead = *cursor;
    let Some(mut inner) = ahead.group(Delimiter::Parenthesis) else { return Ok(Some("pub ")) };
    let within = match inner.peek() {
        "crate" => "pub(crate) ",
        "super" => "pub(super) ",
        "self" => "pub(self) ",
        "in" => return Err(inner.unexpected("`crate`, `super` or `self`")),
        // The type of an unnamed field.
        _ => return Ok(Some("pub ")),
    };
    inner.skip();
    inner.done()?;
    *cursor = ahead;
    Ok(Some(within))
}
