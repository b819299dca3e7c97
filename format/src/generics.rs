//! Parameters of what is generic, and bounds behind `where`: read, and laid out.

use super::layout::{INDENT, Layout};
use super::parse_types::{bounds, lifetime, ty};
use super::syntax::{Bound, Type};
use super::tokens::{Cursor, Delimiter, Parsed};

/// A parameter of what is generic.
pub(super) enum Parameter<'t> {
    Lifetime(&'t str, Vec<&'t str>),
    Type(&'t str, Vec<Bound<'t>>, Option<Type<'t>>),
    Const(&'t str, Type<'t>),
}

pub(super) fn generics<'t>(cursor: &mut Cursor<'t>) -> Parsed<Vec<Parameter<'t>>> {
    let mut parameters = Vec::new();
    if !cursor.take_char('<') {
        return Ok(parameters);
    }
    while !cursor.take_char('>') {
        parameters.push(parameter(cursor)?);
        if !cursor.take_char(',') {
            cursor.need_char('>', "`,` or `>`")?;
            break;
        }
    }
    Ok(parameters)
}

fn parameter<'t>(cursor: &mut Cursor<'t>) -> Parsed<Parameter<'t>> {
    if let Some(name) = lifetime(cursor)? {
        let mut outlives = Vec::new();
        if cursor.take(":") {
            while let Some(other) = lifetime(cursor)? {
                outlives.push(other);
                cursor.take("+");
            }
        }
        return Ok(Parameter::Lifetime(name, outlives));
    }
    if cursor.take_word("const") {
        let name = cursor.ident()?;
        cursor.need(":")?;
        return Ok(Parameter::Const(name, ty(cursor)?));
    }
    let name = cursor.ident()?;
    let bounds = if cursor.take(":") { bounds(cursor)? } else { Vec::new() };
    let default = if cursor.take_char('=') { Some(ty(cursor)?) } else { None };
    Ok(Parameter::Type(name, bounds, default))
}

pub(super) type Predicates<'t> = Vec<(Type<'t>, Vec<Bound<'t>>)>;

pub(super) fn predicates<'t>(cursor: &mut Cursor<'t>) -> Parsed<Predicates<'t>> {
    let mut all = Vec::new();
    if !cursor.take_word("where") {
        return Ok(all);
    }
    while !cursor.is_empty() && !cursor.is(";") && !cursor.is("=") && !cursor.is_group(Delimiter::Brace) {
        let of = ty(cursor)?;
        cursor.need(":")?;
        all.push((of, bounds(cursor)?));
        cursor.take(",");
    }
    Ok(all)
}

impl<'t> Layout<'t> {
    pub(super) fn generics(&mut self, parameters: &[Parameter<'t>]) -> Parsed<()> {
        if parameters.is_empty() {
            return Ok(());
        }
        self.text("<");
        self.all_or_none(0);
        self.zero();
        for (index, parameter) in parameters.iter().enumerate() {
            match parameter {
                Parameter::Lifetime(name, outlives) => {
                    self.lifetime(name);
                    for (index, other) in outlives.iter().enumerate() {
                        self.text(if index == 0 { ": " } else { " + " });
                        self.lifetime(other);
                    }
                }
                Parameter::Type(name, bounds, default) => {
                    self.text(*name);
                    self.fill(INDENT);
                    self.bounds(bounds)?;
                    if let Some(default) = default {
                        self.space();
                        self.text("= ");
                        self.ty(default)?;
                    }
                    self.end();
                }
                Parameter::Const(name, ty) => {
                    self.text("const ");
                    self.text(*name);
                    self.text(": ");
                    self.ty(ty)?;
                }
            }
            self.comma(index + 1 == parameters.len());
        }
        self.offset(-INDENT);
        self.end();
        self.text(">");
        Ok(())
    }

    /// The bounds behind a name, which may stand on several lines.
    pub(super) fn bounds(&mut self, bounds: &[Bound<'t>]) -> Parsed<()> {
        for (index, bound) in bounds.iter().enumerate() {
            if index == 0 {
                self.text(": ");
            } else {
                self.space();
                self.text("+ ");
            }
            self.bound(bound)?;
        }
        Ok(())
    }

    /// The bounds before a body, or before the semicolon.
    pub(super) fn predicates(&mut self, predicates: &Predicates<'t>, semicolon: bool) -> Parsed<()> {
        if predicates.is_empty() {
            self.text(if semicolon { ";" } else { " " });
            return Ok(());
        }
        self.line();
        self.offset(-INDENT);
        self.text("where");
        self.line();
        for (index, (of, bounds)) in predicates.iter().enumerate() {
            self.ty(of)?;
            self.text(":");
            self.fill(if bounds.len() == 1 { 0 } else { INDENT });
            for (index, bound) in bounds.iter().enumerate() {
                if index == 0 {
                    self.text(" ");
                } else {
                    self.space();
                    self.text("+ ");
                }
                self.bound(bound)?;
            }
            self.end();
            if index + 1 == predicates.len() && semicolon {
                self.text(";");
            } else {
                self.text(",");
                self.line();
            }
        }
        if !semicolon {
            self.offset(-INDENT);
        }
        Ok(())
    }
}
