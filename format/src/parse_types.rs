//! Tokens → paths, types, bounds and patterns.

use super::parse::expression;
use super::syntax::{Argument, Arguments, Bound, Expr, Path, Pattern, Segment, Type};
use super::tokens::{Cursor, Delimiter, Kind, Parsed};

/// How generic arguments are written: `a::B<T>` or `a::B::<T>`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Style {
    Type,
    Expr,
}

/// The entries of a list with commas between them, and whether one stands at its end.
pub(super) fn list<'t, T>(
    mut cursor: Cursor<'t>,
    mut entry: impl FnMut(&mut Cursor<'t>) -> Parsed<T>,
) -> Parsed<(Vec<T>, bool)> {
    let mut all = Vec::new();
    let mut trailing = false;
    while !cursor.is_empty() {
        all.push(entry(&mut cursor)?);
        trailing = cursor.take(",");
        if !trailing {
            cursor.done()?;
        }
    }
    Ok((all, trailing))
}

/// A lifetime without its quote, if one is here.
pub(super) fn lifetime<'t>(cursor: &mut Cursor<'t>) -> Parsed<Option<&'t str>> {
    if cursor.take_char('\'') { cursor.ident().map(Some) } else { Ok(None) }
}

pub(super) fn path<'t>(cursor: &mut Cursor<'t>, style: Style) -> Parsed<Path<'t>> {
    if cursor.is_char('<') {
        cursor.need_char('<', "`<`")?;
        let of = Box::new(ty(cursor)?);
        let mut segments = Vec::new();
        if cursor.take_word("as") {
            segments = path(cursor, Style::Type)?.segments;
        }
        cursor.need_char('>', "`>`")?;
        let position = segments.len();
        while cursor.take("::") {
            segments.push(segment(cursor, style)?);
        }
        return Ok(Path { of: Some((of, position)), leading: false, segments });
    }
    let leading = cursor.take("::");
    let mut segments = vec![segment(cursor, style)?];
    while cursor.is("::") {
        let mut ahead = *cursor;
        ahead.take("::");
        // What a `use` goes on with.
        if ahead.kind() != Some(Kind::Ident) {
            break;
        }
        *cursor = ahead;
        segments.push(segment(cursor, style)?);
    }
    Ok(Path { of: None, leading, segments })
}

fn segment<'t>(cursor: &mut Cursor<'t>, style: Style) -> Parsed<Segment<'t>> {
    let name = cursor.ident()?;
    let mut ahead = *cursor;
    let turbofish = ahead.take("::") && ahead.is_char('<');
    if turbofish || (style == Style::Type && cursor.is_char('<')) {
        if turbofish {
            *cursor = ahead;
        }
        return Ok(Segment { name, arguments: Arguments::Angles(angles(cursor)?) });
    }
    if style == Style::Type
        && let Some(inputs) = cursor.group(Delimiter::Parenthesis)
    {
        let (inputs, _) = list(inputs, ty)?;
        let output = if cursor.take("->") { Some(Box::new(ty(cursor)?)) } else { None };
        return Ok(Segment { name, arguments: Arguments::Call(inputs, output) });
    }
    Ok(Segment { name, arguments: Arguments::None })
}

/// `<A, B>`.
pub(super) fn angles<'t>(cursor: &mut Cursor<'t>) -> Parsed<Vec<Argument<'t>>> {
    cursor.need_char('<', "`<`")?;
    let mut all = Vec::new();
    while !cursor.take_char('>') {
        all.push(argument(cursor)?);
        if !cursor.take_char(',') {
            cursor.need_char('>', "`,` or `>`")?;
            break;
        }
    }
    Ok(all)
}

fn argument<'t>(cursor: &mut Cursor<'t>) -> Parsed<Argument<'t>> {
    if let Some(name) = lifetime(cursor)? {
        return Ok(Argument::Lifetime(name));
    }
    if cursor.kind() == Some(Kind::Literal) || cursor.is_word("true") || cursor.is_word("false") {
        let text = cursor.peek();
        cursor.skip();
        return Ok(Argument::Const(Expr::Literal(text)));
    }
    if let Some(block) = cursor.group(Delimiter::Brace) {
        return Ok(Argument::Const(Expr::Block { label: None, block: super::parse::block(block)? }));
    }
    let mut ahead = *cursor;
    if let Ok(name) = ahead.ident()
        && ahead.take("=")
    {
        *cursor = ahead;
        return Ok(Argument::Named(name, ty(cursor)?));
    }
    ty(cursor).map(Argument::Type)
}

pub(super) fn ty<'t>(cursor: &mut Cursor<'t>) -> Parsed<Type<'t>> {
    if cursor.take_char('&') {
        let lifetime = lifetime(cursor)?;
        let mutable = cursor.take_word("mut");
        return Ok(Type::Reference { lifetime, mutable, to: Box::new(ty(cursor)?) });
    }
    if cursor.take_char('!') {
        return Ok(Type::Never);
    }
    if let Some(mut inner) = cursor.group(Delimiter::Bracket) {
        let of = Box::new(ty(&mut inner)?);
        if inner.take(";") {
            let length = Box::new(expression(&mut inner)?);
            inner.done()?;
            return Ok(Type::Array(of, length));
        }
        inner.done()?;
        return Ok(Type::Slice(of));
    }
    if let Some(inner) = cursor.group(Delimiter::Parenthesis) {
        let (mut all, trailing) = list(inner, ty)?;
        return Ok(match all.pop() {
            Some(one) if all.is_empty() && !trailing => Type::Paren(Box::new(one)),
            last => {
                all.extend(last);
                Type::Tuple(all)
            }
        });
    }
    for word in ["impl", "dyn"] {
        if cursor.take_word(word) {
            return Ok(Type::Bounds(word, bounds(cursor)?));
        }
    }
    if cursor.take_word("_") {
        return Ok(Type::Infer);
    }
    // `for<'a> fn(&'a str)`, which generated code does not have: it is not a path.
    if cursor.is_word("for") {
        return Err(cursor.unexpected("a type"));
    }
    if cursor.take_word("fn") {
        let (inputs, _) = list(cursor.need_group(Delimiter::Parenthesis, "the inputs of a function")?, ty)?;
        let output = if cursor.take("->") { Some(Box::new(ty(cursor)?)) } else { None };
        return Ok(Type::Fn(inputs, output));
    }
    path(cursor, Style::Type).map(Type::Path)
}

pub(super) fn bounds<'t>(cursor: &mut Cursor<'t>) -> Parsed<Vec<Bound<'t>>> {
    let mut all = vec![bound(cursor)?];
    while cursor.take("+") {
        all.push(bound(cursor)?);
    }
    Ok(all)
}

fn bound<'t>(cursor: &mut Cursor<'t>) -> Parsed<Bound<'t>> {
    if let Some(name) = lifetime(cursor)? {
        return Ok(Bound::Lifetime(name));
    }
    if cursor.take_word("use") {
        return names(cursor).map(Bound::Use);
    }
    let lifetimes = if cursor.take_word("for") { names(cursor)? } else { Vec::new() };
    let maybe = cursor.take("?");
    Ok(Bound::Trait { lifetimes, maybe, path: path(cursor, Style::Type)? })
}

/// `<'a, T>`: each name, and whether it is a lifetime's.
fn names<'t>(cursor: &mut Cursor<'t>) -> Parsed<Vec<(bool, &'t str)>> {
    let mut all = Vec::new();
    cursor.need_char('<', "`<`")?;
    while !cursor.take_char('>') {
        let name = match lifetime(cursor)? {
            Some(lifetime) => (true, lifetime),
            None => (false, cursor.ident()?),
        };
        all.push(name);
        cursor.take_char(',');
    }
    Ok(all)
}

/// A pattern, with `|` between its cases.
pub(super) fn pattern<'t>(cursor: &mut Cursor<'t>) -> Parsed<Pattern<'t>> {
    cursor.take("|");
    let mut cases = vec![one_pattern(cursor)?];
    while cursor.take("|") {
        cases.push(one_pattern(cursor)?);
    }
    Ok(if cases.len() > 1 { Pattern::Or(cases) } else { cases.remove(0) })
}

/// A pattern without `|`, as closures take them.
pub(super) fn one_pattern<'t>(cursor: &mut Cursor<'t>) -> Parsed<Pattern<'t>> {
    if cursor.take_word("_") {
        return Ok(Pattern::Wild);
    }
    if cursor.is("..") {
        let mut ahead = *cursor;
        ahead.take("..");
        if ahead.is_empty() || ahead.is(",") {
            *cursor = ahead;
            return Ok(Pattern::Rest);
        }
    }
    if cursor.take_char('&') {
        let mutable = cursor.take_word("mut");
        return Ok(Pattern::Reference(mutable, Box::new(one_pattern(cursor)?)));
    }
    if let Some(inner) = cursor.group(Delimiter::Parenthesis) {
        let (mut all, trailing) = list(inner, pattern)?;
        return Ok(match all.pop() {
            Some(one) if all.is_empty() && !trailing && !matches!(one, Pattern::Rest) => Pattern::Paren(Box::new(one)),
            last => {
                all.extend(last);
                Pattern::Tuple(all, trailing)
            }
        });
    }
    if let Some(inner) = cursor.group(Delimiter::Bracket) {
        return Ok(Pattern::Slice(list(inner, pattern)?.0));
    }
    let reference = cursor.take_word("ref");
    let mutable = cursor.take_word("mut");
    if !reference && !mutable {
        if cursor.kind() == Some(Kind::Literal)
            || cursor.is_char('-')
            || cursor.is_word("true")
            || cursor.is_word("false")
        {
            return range(literal(cursor)?, cursor);
        }
        let path = path(cursor, Style::Expr)?;
        if let Some(inner) = cursor.group(Delimiter::Parenthesis) {
            return Ok(Pattern::TupleStruct(path, list(inner, pattern)?.0));
        }
        if let Some(inner) = cursor.group(Delimiter::Brace) {
            return fields(path, inner);
        }
        let Some(name) = path.as_name() else { return range(Expr::Path(path), cursor) };
        if cursor.is("..=") || cursor.is("..") {
            return range(Expr::Path(path), cursor);
        }
        return sub(cursor, false, false, name);
    }
    let name = cursor.ident()?;
    sub(cursor, reference, mutable, name)
}

fn sub<'t>(cursor: &mut Cursor<'t>, reference: bool, mutable: bool, name: &'t str) -> Parsed<Pattern<'t>> {
    let sub = if cursor.take("@") { Some(Box::new(one_pattern(cursor)?)) } else { None };
    Ok(Pattern::Name { reference, mutable, name, sub })
}

fn literal<'t>(cursor: &mut Cursor<'t>) -> Parsed<Expr<'t>> {
    if cursor.is_char('-') {
        let sign = cursor.peek();
        cursor.take_char('-');
        return Ok(Expr::Unary(sign, Box::new(literal(cursor)?)));
    }
    let text = cursor.peek();
    cursor.skip();
    Ok(Expr::Literal(text))
}

/// A value, or the range that it starts.
fn range<'t>(from: Expr<'t>, cursor: &mut Cursor<'t>) -> Parsed<Pattern<'t>> {
    for limits in ["..=", ".."] {
        if !cursor.take(limits) {
            continue;
        }
        let open = cursor.is_empty() || cursor.is("|") || cursor.is(",") || cursor.is("=>") || cursor.is_word("if");
        let to = match cursor.kind() {
            _ if open => None,
            Some(Kind::Ident) if !cursor.is_word("true") => Some(Box::new(Expr::Path(path(cursor, Style::Expr)?))),
            _ => Some(Box::new(literal(cursor)?)),
        };
        return Ok(Pattern::Value(Box::new(Expr::Range(Some(Box::new(from)), limits, to))));
    }
    Ok(match from {
        Expr::Path(_) => Pattern::Value(Box::new(from)),
        _ => Pattern::Literal(Box::new(from)),
    })
}

fn fields<'t>(path: Path<'t>, inner: Cursor<'t>) -> Parsed<Pattern<'t>> {
    let mut rest = false;
    let (fields, _) = list(inner, |cursor| {
        if cursor.take("..") {
            rest = true;
            return Ok(None);
        }
        let mut ahead = *cursor;
        if let Ok(name) = ahead.ident()
            && ahead.take(":")
        {
            *cursor = ahead;
            return Ok(Some((Some(name), pattern(cursor)?)));
        }
        Ok(Some((None, one_pattern(cursor)?)))
    })?;
    Ok(Pattern::Struct { path, fields: fields.into_iter().flatten().collect(), rest })
}
