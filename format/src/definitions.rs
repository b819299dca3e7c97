//! Types, traits and implementations: read and laid out in one go.

use super::generics::{generics, predicates};
use super::item::visibility;
use super::layout::{INDENT, Layout};
use super::parse::{attributes, expression};
use super::parse_types::{bounds, ty};
use super::tokens::{Cursor, Delimiter, Parsed};

impl<'t> Layout<'t> {
    pub(super) fn structure(&mut self, visibility: Option<&'static str>, cursor: &mut Cursor<'t>) -> Parsed<()> {
        cursor.skip();
        self.named(visibility, "struct ", cursor)?;
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
                    self.braces(|out| {
                        while !inner.is_empty() {
                            out.field(&mut inner)?;
                            inner.take(",");
                            out.text(",");
                            out.line();
                        }
                        Ok(())
                    })?;
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
        self.named(visibility, "enum ", cursor)?;
        let bounds = predicates(cursor)?;
        self.predicates(&bounds, false)?;
        let mut inner = cursor.need_group(Delimiter::Brace, "the variants of an enum")?;
        self.braces(|out| {
            while !inner.is_empty() {
                out.variant(&mut inner)?;
                inner.take(",");
                out.text(",");
                out.line();
            }
            Ok(())
        })?;
        self.line();
        Ok(())
    }

    fn variant(&mut self, cursor: &mut Cursor<'t>) -> Parsed<()> {
        let outer = attributes(cursor, false)?;
        self.attributes(&outer)?;
        self.text(cursor.ident()?);
        if let Some(fields) = cursor.group(Delimiter::Parenthesis) {
            self.all_or_none(INDENT);
            self.unnamed_fields(fields)?;
            self.end();
        } else if let Some(mut fields) = cursor.group(Delimiter::Brace) {
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
        if cursor.take("=") {
            self.text(" = ");
            let value = expression(cursor)?;
            self.expr(&value)?;
        }
        Ok(())
    }

    /// A trait.
    pub(super) fn definition(&mut self, visibility: Option<&'static str>, cursor: &mut Cursor<'t>) -> Parsed<()> {
        cursor.skip();
        self.named(visibility, "trait ", cursor)?;
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
        self.braces(|out| {
            out.inner_attributes(&mut inner)?;
            while !inner.is_empty() {
                let mut ahead = inner;
                attributes(&mut ahead, false)?;
                visibility(&mut ahead)?;
                if ahead.is_word("type") {
                    let outer = attributes(&mut inner, false)?;
                    out.attributes(&outer)?;
                    let visibility = visibility(&mut inner)?;
                    out.alias(visibility, true, &mut inner)?;
                } else {
                    out.item(&mut inner)?;
                }
            }
            Ok(())
        })?;
        self.line();
        Ok(())
    }
}
