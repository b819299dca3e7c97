//! Tokens → attributes, expressions and statements.

use std::borrow::Cow;

use super::parse_types::{self, Style, list, one_pattern, pattern, ty};
use super::syntax::{Arm, Attribute, Block, Closure, Expr, FieldValue, Macro, Meta, Statement};
use super::tokens::{Cursor, Delimiter, Kind, Parsed};

/// The attributes here.
pub(super) fn attributes<'t>(cursor: &mut Cursor<'t>, inner: bool) -> Parsed<Vec<Attribute<'t>>> {
    let mut all = Vec::new();
    while cursor.is_char('#') && (cursor.peek_at(1) == "!") == inner {
        cursor.take_char('#');
        cursor.take_char('!');
        let content = cursor.need_group(Delimiter::Bracket, "an attribute")?;
        all.push(Attribute { inner, what: meta(content, inner) });
    }
    Ok(all)
}

fn meta(content: Cursor<'_>, inner: bool) -> Meta<'_> {
    let mut ahead = content;
    if ahead.take_word("doc") && ahead.take("=") && ahead.kind() == Some(Kind::Literal) {
        let text = ahead.peek();
        ahead.skip();
        if ahead.is_empty()
            && let Some(line) = unquoted(text)
            && !line.contains('\n')
            && (inner || !line.starts_with('/'))
        {
            return Meta::Doc(line);
        }
    }
    Meta::Other(content)
}

/// The text of a string literal.
fn unquoted(literal: &str) -> Option<Cow<'_, str>> {
    if let Some(raw) = literal.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        let quoted = raw.get(hashes..raw.len() - hashes)?;
        return quoted.strip_prefix('"')?.strip_suffix('"').map(Cow::Borrowed);
    }
    let inner = literal.strip_prefix('"')?.strip_suffix('"')?;
    if !inner.contains('\\') {
        return Some(Cow::Borrowed(inner));
    }
    let mut out = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        match characters.next()? {
            'n' => out.push('\n'),
            'r' => out.push('\r'),
            't' => out.push('\t'),
            '0' => out.push('\0'),
            same @ ('\\' | '"' | '\'') => out.push(same),
            'u' => {
                let digits: String = characters.by_ref().skip(1).take_while(|it| *it != '}').collect();
                out.push(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32)?);
            }
            _ => return None,
        }
    }
    Some(Cow::Owned(out))
}

/// How strongly operators bind.
fn strength(operator: &str) -> Option<u8> {
    Some(match operator {
        "||" => 3,
        "&&" => 4,
        "==" | "!=" | "<" | "<=" | ">" | ">=" => 5,
        "|" => 6,
        "^" => 7,
        "&" => 8,
        "<<" | ">>" => 9,
        "+" | "-" => 10,
        "*" | "/" | "%" => 11,
        _ => return None,
    })
}

const ASSIGN: u8 = 1;
const RANGE: u8 = 2;
const COMPARE: u8 = 5;
const CAST: u8 = 12;

fn is_assignment(operator: &str) -> bool {
    operator == "="
        || (operator.len() > 1 && operator.ends_with('=') && strength(operator).is_none() && operator != "..=")
}

/// What an expression may be.
#[derive(Clone, Copy)]
struct Allowed {
    /// `Path { … }`, which a condition cannot begin with.
    structs: bool,
}

pub(super) fn expression<'t>(cursor: &mut Cursor<'t>) -> Parsed<Expr<'t>> {
    binary(cursor, 0, Allowed { structs: true })
}

/// The condition of an `if`, or what a `match` looks at.
fn condition<'t>(cursor: &mut Cursor<'t>) -> Parsed<Expr<'t>> {
    binary(cursor, 0, Allowed { structs: false })
}

fn binary<'t>(cursor: &mut Cursor<'t>, least: u8, allowed: Allowed) -> Parsed<Expr<'t>> {
    let left = if cursor.is("..") || cursor.is("..=") { None } else { Some(unary(cursor, allowed)?) };
    match left {
        Some(left) => go_on(left, cursor, least, allowed),
        None => {
            let limits = cursor.operator().unwrap_or_default();
            cursor.take(limits);
            let to = if starts(cursor, allowed) { Some(Box::new(binary(cursor, RANGE + 1, allowed)?)) } else { None };
            Ok(Expr::Range(None, limits, to))
        }
    }
}

/// Takes the operators that bind at least as strongly.
fn go_on<'t>(mut left: Expr<'t>, cursor: &mut Cursor<'t>, least: u8, allowed: Allowed) -> Parsed<Expr<'t>> {
    loop {
        if cursor.is_word("as") && CAST >= least {
            cursor.skip();
            left = Expr::Cast(Box::new(left), ty(cursor)?);
            continue;
        }
        let Some(operator) = cursor.operator() else { return Ok(left) };
        if let Some(strength) = strength(operator) {
            if strength < least {
                return Ok(left);
            }
            cursor.take(operator);
            let right = binary(cursor, strength + 1, allowed)?;
            left = Expr::Binary(Box::new(left), operator, Box::new(right));
        } else if operator == ".." || operator == "..=" {
            if RANGE < least {
                return Ok(left);
            }
            cursor.take(operator);
            let to = if starts(cursor, allowed) { Some(Box::new(binary(cursor, RANGE + 1, allowed)?)) } else { None };
            left = Expr::Range(Some(Box::new(left)), operator, to);
        } else if is_assignment(operator) {
            if ASSIGN < least {
                return Ok(left);
            }
            cursor.take(operator);
            let right = Box::new(binary(cursor, ASSIGN, allowed)?);
            left = match operator {
                "=" => Expr::Assign(Box::new(left), right),
                _ => Expr::Binary(Box::new(left), operator, right),
            };
        } else {
            return Ok(left);
        }
    }
}

/// Whether an expression begins here, so that a range goes on.
fn starts(cursor: &Cursor<'_>, allowed: Allowed) -> bool {
    let Some(kind) = cursor.kind() else { return false };
    match kind {
        Kind::Open(Delimiter::Brace) => allowed.structs,
        Kind::Punct { .. } => !matches!(cursor.operator(), Some("," | ";" | "=>" | "=" | "?" | ".")),
        _ => true,
    }
}

fn unary<'t>(cursor: &mut Cursor<'t>, allowed: Allowed) -> Parsed<Expr<'t>> {
    if cursor.is_char('&') {
        let twice = cursor.is("&&");
        cursor.take_char('&');
        if twice {
            cursor.take_char('&');
        }
        let mutable = cursor.take_word("mut");
        let inner = Expr::Reference(mutable, Box::new(unary(cursor, allowed)?));
        return Ok(if twice { Expr::Reference(false, Box::new(inner)) } else { inner });
    }
    for operator in ['*', '!', '-'] {
        if cursor.is_char(operator) {
            let text = cursor.peek();
            cursor.take_char(operator);
            return Ok(Expr::Unary(text, Box::new(unary(cursor, allowed)?)));
        }
    }
    let atom = atom(cursor, allowed)?;
    postfix(atom, cursor)
}

fn postfix<'t>(mut base: Expr<'t>, cursor: &mut Cursor<'t>) -> Parsed<Expr<'t>> {
    loop {
        if let Some(inner) = cursor.group(Delimiter::Parenthesis) {
            base = Expr::Call(Box::new(base), list(inner, expression)?.0);
        } else if let Some(mut inner) = cursor.group(Delimiter::Bracket) {
            base = Expr::Index(Box::new(base), Box::new(expression(&mut inner)?));
            inner.done()?;
        } else if cursor.take("?") {
            base = Expr::Try(Box::new(base));
        } else if cursor.take(".") {
            base = member(base, cursor)?;
        } else {
            return Ok(base);
        }
    }
}

fn member<'t>(base: Expr<'t>, cursor: &mut Cursor<'t>) -> Parsed<Expr<'t>> {
    if cursor.take_word("await") {
        return Ok(Expr::Await(Box::new(base)));
    }
    if cursor.kind() == Some(Kind::Literal) {
        let index = cursor.peek();
        cursor.skip();
        return Ok(Expr::Field(Box::new(base), index));
    }
    let name = cursor.ident()?;
    let mut ahead = *cursor;
    let turbofish = if ahead.take("::") { Some(parse_types::angles(&mut ahead)?) } else { None };
    match ahead.group(Delimiter::Parenthesis) {
        Some(inner) => {
            *cursor = ahead;
            let arguments = list(inner, expression)?.0;
            Ok(Expr::MethodCall { receiver: Box::new(base), method: name, turbofish, arguments })
        }
        None => Ok(Expr::Field(Box::new(base), name)),
    }
}

fn atom<'t>(cursor: &mut Cursor<'t>, allowed: Allowed) -> Parsed<Expr<'t>> {
    if cursor.kind() == Some(Kind::Literal) || cursor.is_word("true") || cursor.is_word("false") {
        let text = cursor.peek();
        cursor.skip();
        return Ok(Expr::Literal(text));
    }
    if let Some(inner) = cursor.group(Delimiter::Parenthesis) {
        let (mut all, trailing) = list(inner, expression)?;
        return Ok(match all.pop() {
            Some(one) if all.is_empty() && !trailing => Expr::Paren(Box::new(one)),
            last => {
                all.extend(last);
                Expr::Tuple(all)
            }
        });
    }
    if let Some(inner) = cursor.group(Delimiter::Bracket) {
        return array(inner);
    }
    if cursor.is("|") || cursor.is("||") || cursor.is_word("move") {
        return closure(cursor, allowed);
    }
    if cursor.is_char('\'') || cursor.is_group(Delimiter::Brace) {
        return labelled(cursor);
    }
    match cursor.peek() {
        "if" | "match" | "for" | "while" | "loop" => labelled(cursor),
        "_" => {
            cursor.skip();
            Ok(Expr::Infer)
        }
        "let" => {
            cursor.skip();
            let pattern = pattern(cursor)?;
            cursor.need("=")?;
            let left = unary(cursor, allowed)?;
            // `&&` joins conditions.
            Ok(Expr::Let(pattern, Box::new(go_on(left, cursor, COMPARE, allowed)?)))
        }
        "return" => {
            cursor.skip();
            Ok(Expr::Return(value(cursor, allowed)?))
        }
        "break" => {
            cursor.skip();
            let label = parse_types::lifetime(cursor)?;
            Ok(Expr::Break { label, value: value(cursor, allowed)? })
        }
        "continue" => {
            cursor.skip();
            Ok(Expr::Continue(parse_types::lifetime(cursor)?))
        }
        "async" => {
            let mut ahead = *cursor;
            ahead.skip();
            let moves = ahead.take_word("move");
            match ahead.group(Delimiter::Brace) {
                Some(inner) => {
                    *cursor = ahead;
                    Ok(Expr::Async { moves, block: block(inner)? })
                }
                None => closure(cursor, allowed),
            }
        }
        _ => path(cursor, allowed),
    }
}

fn value<'t>(cursor: &mut Cursor<'t>, allowed: Allowed) -> Parsed<Option<Box<Expr<'t>>>> {
    if starts(cursor, allowed) { Ok(Some(Box::new(binary(cursor, 0, allowed)?))) } else { Ok(None) }
}

fn array<'t>(mut inner: Cursor<'t>) -> Parsed<Expr<'t>> {
    let mut ahead = inner;
    if !ahead.is_empty() {
        let first = expression(&mut ahead)?;
        if ahead.take(";") {
            let length = expression(&mut ahead)?;
            ahead.done()?;
            return Ok(Expr::Repeat(Box::new(first), Box::new(length)));
        }
        let mut all = vec![first];
        inner = ahead;
        if inner.take(",") {
            all.extend(list(inner, expression)?.0);
        } else {
            inner.done()?;
        }
        return Ok(Expr::Array(all));
    }
    Ok(Expr::Array(Vec::new()))
}

fn closure<'t>(cursor: &mut Cursor<'t>, allowed: Allowed) -> Parsed<Expr<'t>> {
    let asynchronous = cursor.take_word("async");
    let moves = cursor.take_word("move");
    let mut inputs = Vec::new();
    if !cursor.take("||") {
        cursor.need("|")?;
        while !cursor.take("|") {
            let mut input = one_pattern(cursor)?;
            if cursor.take(":") {
                input = super::syntax::Pattern::Typed(Box::new(input), ty(cursor)?);
            }
            inputs.push(input);
            cursor.take(",");
        }
    }
    let output = if cursor.take("->") { Some(ty(cursor)?) } else { None };
    let body = binary(cursor, 0, allowed)?;
    Ok(Expr::Closure(Box::new(Closure { asynchronous, moves, inputs, output, body })))
}

/// What may have a label, or is a block.
fn labelled<'t>(cursor: &mut Cursor<'t>) -> Parsed<Expr<'t>> {
    let label = parse_types::lifetime(cursor)?;
    if label.is_some() {
        cursor.need(":")?;
    }
    if let Some(inner) = cursor.group(Delimiter::Brace) {
        return Ok(Expr::Block { label, block: block(inner)? });
    }
    match cursor.ident()? {
        "if" => if_expression(cursor),
        "match" => {
            let over = Box::new(condition(cursor)?);
            let mut inner = cursor.need_group(Delimiter::Brace, "the arms of a `match`")?;
            let mut arms = Vec::new();
            while !inner.is_empty() {
                arms.push(arm(&mut inner)?);
            }
            Ok(Expr::Match(over, arms))
        }
        "for" => {
            let pattern = pattern(cursor)?;
            cursor.need_word("in")?;
            let over = Box::new(condition(cursor)?);
            Ok(Expr::For { label, pattern, over, body: braces(cursor)? })
        }
        "while" => {
            let condition = Box::new(condition(cursor)?);
            Ok(Expr::While { label, condition, body: braces(cursor)? })
        }
        "loop" => Ok(Expr::Loop { label, body: braces(cursor)? }),
        _ => Err(cursor.unexpected("an expression")),
    }
}

fn if_expression<'t>(cursor: &mut Cursor<'t>) -> Parsed<Expr<'t>> {
    let condition = Box::new(condition(cursor)?);
    let then = braces(cursor)?;
    let otherwise = if !cursor.take_word("else") {
        None
    } else if cursor.take_word("if") {
        Some(Box::new(if_expression(cursor)?))
    } else {
        Some(Box::new(Expr::Block { label: None, block: braces(cursor)? }))
    };
    Ok(Expr::If { condition, then, otherwise })
}

fn braces<'t>(cursor: &mut Cursor<'t>) -> Parsed<Block<'t>> {
    block(cursor.need_group(Delimiter::Brace, "a block")?)
}

fn arm<'t>(cursor: &mut Cursor<'t>) -> Parsed<Arm<'t>> {
    let attributes = attributes(cursor, false)?;
    let pattern = pattern(cursor)?;
    let guard = if cursor.take_word("if") { Some(expression(cursor)?) } else { None };
    cursor.need("=>")?;
    let body = statement_expression(cursor)?;
    if !cursor.take(",") && !cursor.is_empty() && !body.is_block_like() {
        return Err(cursor.unexpected("`,` behind an arm"));
    }
    Ok(Arm { attributes, pattern, guard, body })
}

/// An expression where a block at its beginning ends it.
fn statement_expression<'t>(cursor: &mut Cursor<'t>) -> Parsed<Expr<'t>> {
    let is_block = cursor.is_group(Delimiter::Brace)
        || cursor.is_char('\'')
        || ["if", "match", "for", "while", "loop"].iter().any(|it| cursor.is_word(it));
    if !is_block {
        return expression(cursor);
    }
    let block = labelled(cursor)?;
    if !cursor.is(".") && !cursor.is("?") {
        return Ok(block);
    }
    let base = postfix(block, cursor)?;
    go_on(base, cursor, 0, Allowed { structs: true })
}

/// A path, or what begins with one: a macro, a record.
fn path<'t>(cursor: &mut Cursor<'t>, allowed: Allowed) -> Parsed<Expr<'t>> {
    let path = parse_types::path(cursor, Style::Expr)?;
    if cursor.is("!") {
        let mut ahead = *cursor;
        ahead.take("!");
        if let Some(Kind::Open(delimiter)) = ahead.kind() {
            let tokens = ahead.need_group(delimiter, "the tokens of a macro")?;
            *cursor = ahead;
            return Ok(Expr::Macro(Macro { path, delimiter, tokens }));
        }
    }
    if allowed.structs
        && let Some(inner) = cursor.group(Delimiter::Brace)
    {
        let mut rest = None;
        let (fields, _) = list(inner, |cursor| {
            if cursor.take("..") {
                rest = Some(Box::new(expression(cursor)?));
                return Ok(None);
            }
            let attributes = attributes(cursor, false)?;
            let name = cursor.peek();
            cursor.skip();
            let value = if cursor.take(":") { Some(expression(cursor)?) } else { None };
            Ok(Some(FieldValue { attributes, name, value }))
        })?;
        return Ok(Expr::Struct { path, fields: fields.into_iter().flatten().collect(), rest });
    }
    Ok(Expr::Path(path))
}

/// The statements of a block.
pub(super) fn block<'t>(mut cursor: Cursor<'t>) -> Parsed<Block<'t>> {
    let mut all = Vec::new();
    while !cursor.is_empty() {
        if cursor.take(";") {
            continue;
        }
        all.push(statement(&mut cursor)?);
    }
    Ok(all)
}

fn statement<'t>(cursor: &mut Cursor<'t>) -> Parsed<Statement<'t>> {
    let start = *cursor;
    let attributes = attributes(cursor, false)?;
    if cursor.take_word("let") {
        let mut bound = pattern(cursor)?;
        if cursor.take(":") {
            bound = super::syntax::Pattern::Typed(Box::new(bound), ty(cursor)?);
        }
        let value = if cursor.take("=") { Some(expression(cursor)?) } else { None };
        let otherwise = if cursor.take_word("else") { Some(braces(cursor)?) } else { None };
        cursor.need(";")?;
        return Ok(Statement::Let { attributes, pattern: bound, value, otherwise });
    }
    if super::item::starts(cursor) {
        super::item::skip(cursor);
        return Ok(Statement::Item(start.until(*cursor)));
    }
    let value = statement_expression(cursor)?;
    let semicolon = cursor.take(";");
    if !semicolon && !cursor.is_empty() && !value.is_block_like() && !matches!(value, Expr::Macro(_)) {
        return Err(cursor.unexpected("`;` behind a statement"));
    }
    Ok(Statement::Expr { attributes, value, semicolon })
}
