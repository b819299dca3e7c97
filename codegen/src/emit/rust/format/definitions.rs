//! Types, traits and implementations: read and laid out in one go.

use proc_macro2::Delimiter;

use super::generics::{generics, predicates};
use super::item::visibility;
use super::layout::{INDENT, Layout};
use super::parse::{attributes, expression};
use super::parse_types::{bounds, ty};
use super::tokens::{Cursor, Parsed};

impl<'t> Layout<'t> {
    pub(super) fn structure(&mut self, visibility: Option<&'static str>, cursor: &mut Cursor<'t>) -> Parsed<()> {
        cursor.skip();
        self.all_or_none(INDENT);
        self.visibility(visibility);
        self.text("struct ");
        self.text(cursor.ident()?);
        let generics = generics(cursor)?;
        self.generics(&generics)?;
        if let Some(inner) = cursor.group(Delimiter::Parenthesis) {
            self.unnamed_fields(inner)?;
            let bounds = predicates(cursor)?;
            cursor.need(";")?;
            self.predicates(&bounds, true)?;
            self.end();
        } else {
            let bounds = predicates(cursor)?;
            match cursor.group(Delimiter::Brace) {
                Some(mut inner) => {
                    self.predicates(&bounds, false)?;
                    self.text("{");
                    self.line_inside();
                    while !inner.is_empty() {
                        self.field(&mut inner)?;
                        inner.take(",");
                        self.text(",");
                        self.line();
                    }
                    self.offset(-INDENT);
                    self.end();
                    self.text("}");
                }
                None => {
                    cursor.need(";")?;
                    self.predicates(&bounds, true)?;
                    self.end();
                }
            }
        }
        self.line();
        Ok(())
    }

    fn field(&mut self, cursor: &mut Cursor<'t>) -> Parsed<()> {
        let outer = attributes(cursor, false)?;
        self.attributes(&outer)?;
        let visibility = visibility(cursor)?;
        self.visibility(visibility);
        let mut ahead = *cursor;
        if let Ok(name) = ahead.ident()
            && ahead.take(":")
        {
            *cursor = ahead;
            self.text(name);
            self.text(": ");
        }
        let of = ty(cursor)?;
        self.ty(&of)
    }

    fn unnamed_fields(&mut self, mut inner: Cursor<'t>) -> Parsed<()> {
        self.text("(");
        self.zero();
        while !inner.is_empty() {
            self.field(&mut inner)?;
            inner.take(",");
            self.comma(inner.is_empty());
        }
        self.offset(-INDENT);
        self.text(")");
        Ok(())
    }

    pub(super) fn enumeration(&mut self, visibility: Option<&'static str>, cursor: &mut Cursor<'t>) -> Parsed<()> {
        cursor.skip();
        self.all_or_none(INDENT);
        self.visibility(visibility);
        self.text("enum ");
        self.text(cursor.ident()?);
        let generics = generics(cursor)?;
        self.generics(&generics)?;
        let bounds = predicates(cursor)?;
        self.predicates(&bounds, false)?;
        let mut inner = cursor.need_group(Delimiter::Brace, "the variants of an enum")?;
        self.text("{");
        self.line_inside();
        while !inner.is_empty() {
            let outer = attributes(&mut inner, false)?;
            self.attributes(&outer)?;
            self.text(inner.ident()?);
            if let Some(fields) = inner.group(Delimiter::Parenthesis) {
                self.all_or_none(INDENT);
                self.unnamed_fields(fields)?;
                self.end();
            } else if let Some(mut fields) = inner.group(Delimiter::Brace) {
                self.text(" {");
                self.all_or_none(INDENT);
                self.space();
                while !fields.is_empty() {
                    self.field(&mut fields)?;
                    fields.take(",");
                    self.comma_in_braces(fields.is_empty());
                }
                self.offset(-INDENT);
                self.end();
                self.text("}");
            }
            if inner.take("=") {
                self.text(" = ");
                let value = expression(&mut inner)?;
                self.expr(&value)?;
            }
            inner.take(",");
            self.text(",");
            self.line();
        }
        self.offset(-INDENT);
        self.end();
        self.text("}");
        self.line();
        Ok(())
    }

    /// A trait.
    pub(super) fn definition(&mut self, visibility: Option<&'static str>, cursor: &mut Cursor<'t>) -> Parsed<()> {
        cursor.skip();
        self.all_or_none(INDENT);
        self.visibility(visibility);
        self.text("trait ");
        self.text(cursor.ident()?);
        let generics = generics(cursor)?;
        self.generics(&generics)?;
        if cursor.take(":") {
            for (index, bound) in bounds(cursor)?.iter().enumerate() {
                self.text(if index == 0 { ": " } else { " + " });
                self.bound(bound)?;
            }
        }
        let bounds = predicates(cursor)?;
        self.predicates(&bounds, false)?;
        self.members(cursor)
    }

    pub(super) fn implementation(&mut self, cursor: &mut Cursor<'t>) -> Parsed<()> {
        cursor.skip();
        self.all_or_none(INDENT);
        self.fill(-INDENT);
        self.all_or_none(INDENT);
        self.text("impl");
        let generics = generics(cursor)?;
        self.generics(&generics)?;
        self.end();
        self.text(" ");
        let mut of = ty(cursor)?;
        if cursor.take_word("for") {
            self.ty(&of)?;
            self.space();
            self.text("for ");
            of = ty(cursor)?;
        }
        self.ty(&of)?;
        self.end();
        let bounds = predicates(cursor)?;
        self.predicates(&bounds, false)?;
        self.members(cursor)
    }

    /// The items of a trait or of its implementation.
    fn members(&mut self, cursor: &mut Cursor<'t>) -> Parsed<()> {
        let mut inner = cursor.need_group(Delimiter::Brace, "items in braces")?;
        self.text("{");
        self.line_inside();
        let inner_attributes = attributes(&mut inner, true)?;
        self.attributes(&inner_attributes)?;
        while !inner.is_empty() {
            let mut ahead = inner;
            attributes(&mut ahead, false)?;
            visibility(&mut ahead)?;
            if ahead.is_word("type") {
                let outer = attributes(&mut inner, false)?;
                self.attributes(&outer)?;
                let visibility = visibility(&mut inner)?;
                self.alias(visibility, true, &mut inner)?;
            } else {
                self.item(&mut inner)?;
            }
        }
        self.offset(-INDENT);
        self.end();
        self.text("}");
        self.line();
        Ok(())
    }
}
