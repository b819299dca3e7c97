//! Type expressions: `[Image]`, `[number, number]`, `map<string>`, `string | [Part]`, `[string?]`.
//!
//! The parser is a loop over tokens with a depth limit; every name keeps its span where the text stands unescaped.

use super::document::{TypeExpr, TypeExprKind};
use super::read;
use crate::diagnostics::{Diagnostics, decode};
use crate::model::{IntegerFormat, TextFormat};
use crate::source::{Span, Spanned};
use crate::yaml::{Kind, Node, Style};

/// How deep `[…]` and `map<…>` may nest.
const DEEPEST: usize = 16;
/// The most members of a union: there are not that many JSON types.
const MOST_MEMBERS: usize = 64;
/// The most items of a tuple: the standard library compares and prints no longer ones.
const MOST_PLACES: usize = 12;

/// The type that a node says: a text, or a list of types for an array.
pub(super) fn of_node(node: &Node, out: &mut Diagnostics) -> Option<TypeExpr> {
    of(node, false, out)
}

/// As [`of_node`], of a place where a `?` says that `null` may stand as well.
pub(super) fn of_item(node: &Node, out: &mut Diagnostics) -> Option<TypeExpr> {
    of(node, true, out)
}

fn of(node: &Node, is_item: bool, out: &mut Diagnostics) -> Option<TypeExpr> {
    at_depth(node, is_item, 0, out)
}

fn at_depth(node: &Node, is_item: bool, depth: usize, out: &mut Diagnostics) -> Option<TypeExpr> {
    if depth > DEEPEST {
        out.push(decode::bad_type("nested too deep", "give the inner part a name under `types`", node.span));
        return None;
    }
    if let Kind::Seq(items) = &node.kind {
        if items.is_empty() || items.len() > MOST_PLACES {
            let help = "write `[T]` for an array, `[A, B]` for one whose items have types by place, and `[A | B]` for a mixed one";
            out.push(decode::bad_type(&format!("an array has 1 to {MOST_PLACES} item types"), help, node.span));
            return None;
        }
        let items: Vec<_> = items.iter().map(|it| at_depth(it, true, depth + 1, out)).collect();
        return Some(array(items.into_iter().collect::<Option<_>>()?, node.span));
    }
    if let Kind::Map(_) = node.kind {
        out.push(decode::wrong_kind("a type", node.describe(), node.span));
        return None;
    }
    let quoted = node.as_scalar().map(|it| it.style);
    let text = read::text(node, out)?;
    let offset = match quoted {
        Some(Style::Plain) => Some(0),
        // Inside quotes the text stands one byte in, unless escapes moved it.
        Some(Style::Quoted) if text.span.len() as usize == text.value.len() + 2 => Some(1),
        _ => None,
    };
    parse(&text, offset, is_item, out)
}

/// An array of one type, or of types by place.
fn array(items: Vec<TypeExpr>, span: Span) -> TypeExpr {
    let kind = match <[TypeExpr; 1]>::try_from(items) {
        Ok([item]) => TypeExprKind::Array(Box::new(item)),
        Err(items) => TypeExprKind::Tuple(items),
    };
    TypeExpr { span, kind }
}

/// `is_item`: the text is that of an array's items.
fn parse(text: &Spanned<String>, offset: Option<u32>, is_item: bool, out: &mut Diagnostics) -> Option<TypeExpr> {
    let mut parser = Parser { text, offset, at: 0, depth: 0 };
    let whole = if is_item { parser.item() } else { parser.union() };
    let result = whole.and_then(|ty| {
        parser.skip_blanks();
        match parser.peek() {
            None => Ok(ty),
            Some('?') => Err(parser
                .fault("`?` is for items, as in `[string?]`; a field is `nullable: true`, or has a name with `?`")),
            Some(other) => Err(parser.fault(&format!("`{other}` is not expected here"))),
        }
    });
    match result {
        Ok(ty) => Some(ty),
        Err((problem, span)) => {
            let help = "types are `string`, `integer`, `[T]`, `[A, B]`, `map<T>`, `A | B`, a name under `types`, …";
            out.push(decode::bad_type(&problem, help, span));
            None
        }
    }
}

struct Parser<'t> {
    text: &'t Spanned<String>,
    offset: Option<u32>,
    at: usize,
    depth: usize,
}

type Fault = (String, Span);

impl Parser<'_> {
    fn union(&mut self) -> Result<TypeExpr, Fault> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.fault("nested too deep"));
        }
        let first = self.single()?;
        let mut members = vec![first];
        loop {
            self.skip_blanks();
            if self.peek() != Some('|') {
                break;
            }
            self.at += 1;
            members.push(self.single()?);
            if members.len() > MOST_MEMBERS {
                return Err(self.fault("too many members"));
            }
        }
        self.depth -= 1;
        match <[TypeExpr; 1]>::try_from(members) {
            Ok([only]) => Ok(only),
            Err(members) => {
                let span = members[0].span.to(members[members.len() - 1].span);
                Ok(TypeExpr { span, kind: TypeExprKind::Union(members) })
            }
        }
    }

    /// The type of the items of a list or a map, with `?` if they may be `null`.
    fn item(&mut self) -> Result<TypeExpr, Fault> {
        let start = self.at;
        let ty = self.union()?;
        self.skip_blanks();
        if self.peek() != Some('?') {
            return Ok(ty);
        }
        match ty.kind {
            TypeExprKind::Json => return Err(self.fault("`json` may be `null` without a `?`")),
            TypeExprKind::File => return Err(self.fault("a file cannot be `null`")),
            _ => {}
        }
        self.at += 1;
        Ok(TypeExpr { span: self.span(start), kind: TypeExprKind::Nullable(Box::new(ty)) })
    }

    fn single(&mut self) -> Result<TypeExpr, Fault> {
        self.skip_blanks();
        let start = self.at;
        if self.peek() == Some('[') {
            self.at += 1;
            let mut items = vec![self.item()?];
            self.skip_blanks();
            while self.peek() == Some(',') {
                self.at += 1;
                items.push(self.item()?);
                if items.len() > MOST_PLACES {
                    return Err(self.fault("too many items"));
                }
                self.skip_blanks();
            }
            self.expect(']')?;
            return Ok(array(items, self.span(start)));
        }
        let rest = &self.text.value[start..];
        let length = rest.find(|it: char| !(it.is_alphanumeric() || matches!(it, '_' | '-'))).unwrap_or(rest.len());
        let name = &rest[..length];
        if name.is_empty() {
            let problem = match self.peek() {
                Some(other) => format!("expected a type, found `{other}`"),
                None => "expected a type".to_owned(),
            };
            return Err(self.fault(&problem));
        }
        self.at += length;
        let kind = match name {
            "string" => TypeExprKind::String,
            "integer" => TypeExprKind::Integer,
            "number" => TypeExprKind::Number,
            "boolean" => TypeExprKind::Boolean,
            "url" => TypeExprKind::Url,
            "https-url" => TypeExprKind::HttpsUrl,
            "date-time" => TypeExprKind::DateTime,
            "base64" => TypeExprKind::Base64,
            "file" => TypeExprKind::File,
            "json" => TypeExprKind::Json,
            "map" => {
                self.expect('<')?;
                let item = self.item()?;
                self.expect('>')?;
                TypeExprKind::Map(Box::new(item))
            }
            name => {
                let text = TextFormat::ALL.into_iter().find(|it| it.word() == name).map(TypeExprKind::Formatted);
                let whole = || IntegerFormat::ALL.into_iter().find(|it| it.word() == name).map(TypeExprKind::Sized);
                text.or_else(whole).unwrap_or_else(|| TypeExprKind::Named(name.to_owned()))
            }
        };
        Ok(TypeExpr { span: self.span(start), kind })
    }

    fn expect(&mut self, wanted: char) -> Result<(), Fault> {
        self.skip_blanks();
        if self.peek() == Some(wanted) {
            self.at += 1;
            return Ok(());
        }
        let found = self.peek().map_or("the end".to_owned(), |it| format!("`{it}`"));
        Err(self.fault(&format!("expected `{wanted}`, found {found}")))
    }

    fn peek(&self) -> Option<char> {
        self.text.value[self.at..].chars().next()
    }

    fn skip_blanks(&mut self) {
        let rest = &self.text.value[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }

    fn fault(&self, problem: &str) -> Fault {
        let next = self.peek().map_or(0, char::len_utf8);
        (problem.to_owned(), self.range(self.at, self.at + next))
    }

    fn span(&self, start: usize) -> Span {
        self.range(start, self.at)
    }

    fn range(&self, start: usize, end: usize) -> Span {
        let whole = self.text.span;
        match self.offset {
            Some(offset) => {
                Span::new(whole.file, whole.start + offset + start as u32, whole.start + offset + end as u32)
            }
            None => whole,
        }
    }
}
