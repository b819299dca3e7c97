//! What the emitters write inside of items, as trees: the part of Rust that has to be known whole before it is printed.

use std::borrow::Cow;

use super::tokens::{Cursor, Delimiter};

/// `#[…]`, `#![…]`, or a comment of documentation.
#[derive(Debug)]
pub(super) struct Attribute<'t> {
    pub(super) inner: bool,
    pub(super) what: Meta<'t>,
}

#[derive(Debug)]
pub(super) enum Meta<'t> {
    /// A line of documentation.
    Doc(Cow<'t, str>),
    /// What stands in the brackets.
    Other(Cursor<'t>),
}

#[derive(Debug)]
pub(super) struct Path<'t> {
    /// `<T as Trait>::…`: the type, and how many segments name the trait.
    pub(super) of: Option<(Box<Type<'t>>, usize)>,
    pub(super) leading: bool,
    pub(super) segments: Vec<Segment<'t>>,
}

#[derive(Debug)]
pub(super) struct Segment<'t> {
    pub(super) name: &'t str,
    pub(super) arguments: Arguments<'t>,
}

#[derive(Debug)]
pub(super) enum Arguments<'t> {
    None,
    Angles(Vec<Argument<'t>>),
    Call(Vec<Type<'t>>, Option<Box<Type<'t>>>),
}

#[derive(Debug)]
pub(super) enum Argument<'t> {
    Lifetime(&'t str),
    Type(Type<'t>),
    Const(Expr<'t>),
    /// `Item = T`.
    Named(&'t str, Type<'t>),
}

#[derive(Debug)]
pub(super) enum Type<'t> {
    Path(Path<'t>),
    Reference {
        lifetime: Option<&'t str>,
        mutable: bool,
        to: Box<Type<'t>>,
    },
    Slice(Box<Type<'t>>),
    Array(Box<Type<'t>>, Box<Expr<'t>>),
    Tuple(Vec<Type<'t>>),
    Paren(Box<Type<'t>>),
    Fn(Vec<Type<'t>>, Option<Box<Type<'t>>>),
    /// `impl` or `dyn`.
    Bounds(&'static str, Vec<Bound<'t>>),
    Never,
    Infer,
}

#[derive(Debug)]
pub(super) enum Bound<'t> {
    Lifetime(&'t str),
    Trait {
        lifetimes: Vec<(bool, &'t str)>,
        maybe: bool,
        path: Path<'t>,
    },
    /// `use<'a, T>`: each name, and whether it is a lifetime's.
    Use(Vec<(bool, &'t str)>),
}

#[derive(Debug)]
pub(super) enum Pattern<'t> {
    Wild,
    Rest,
    Name {
        reference: bool,
        mutable: bool,
        name: &'t str,
        sub: Option<Box<Pattern<'t>>>,
    },
    /// A literal, a path or a range.
    Value(Box<Expr<'t>>),
    Literal(Box<Expr<'t>>),
    TupleStruct(Path<'t>, Vec<Pattern<'t>>),
    Struct {
        path: Path<'t>,
        fields: Vec<(Option<&'t str>, Pattern<'t>)>,
        rest: bool,
    },
    Tuple(Vec<Pattern<'t>>, bool),
    Slice(Vec<Pattern<'t>>),
    Paren(Box<Pattern<'t>>),
    Reference(bool, Box<Pattern<'t>>),
    Or(Vec<Pattern<'t>>),
    Typed(Box<Pattern<'t>>, Type<'t>),
}

#[derive(Debug)]
pub(super) enum Expr<'t> {
    Array(Vec<Expr<'t>>),
    Assign(Box<Expr<'t>>, Box<Expr<'t>>),
    Async {
        moves: bool,
        block: Block<'t>,
    },
    Await(Box<Expr<'t>>),
    Binary(Box<Expr<'t>>, &'t str, Box<Expr<'t>>),
    Block {
        label: Option<&'t str>,
        block: Block<'t>,
    },
    Break {
        label: Option<&'t str>,
        value: Option<Box<Expr<'t>>>,
    },
    Call(Box<Expr<'t>>, Vec<Expr<'t>>),
    Cast(Box<Expr<'t>>, Type<'t>),
    Closure(Box<Closure<'t>>),
    Continue(Option<&'t str>),
    Field(Box<Expr<'t>>, &'t str),
    For {
        label: Option<&'t str>,
        pattern: Pattern<'t>,
        over: Box<Expr<'t>>,
        body: Block<'t>,
    },
    If {
        condition: Box<Expr<'t>>,
        then: Block<'t>,
        otherwise: Option<Box<Expr<'t>>>,
    },
    Index(Box<Expr<'t>>, Box<Expr<'t>>),
    Infer,
    Let(Pattern<'t>, Box<Expr<'t>>),
    Literal(&'t str),
    Loop {
        label: Option<&'t str>,
        body: Block<'t>,
    },
    Macro(Macro<'t>),
    Match(Box<Expr<'t>>, Vec<Arm<'t>>),
    MethodCall {
        receiver: Box<Expr<'t>>,
        method: &'t str,
        turbofish: Option<Vec<Argument<'t>>>,
        arguments: Vec<Expr<'t>>,
    },
    Paren(Box<Expr<'t>>),
    Path(Path<'t>),
    Range(Option<Box<Expr<'t>>>, &'t str, Option<Box<Expr<'t>>>),
    Reference(bool, Box<Expr<'t>>),
    Repeat(Box<Expr<'t>>, Box<Expr<'t>>),
    Return(Option<Box<Expr<'t>>>),
    Struct {
        path: Path<'t>,
        fields: Vec<FieldValue<'t>>,
        rest: Option<Box<Expr<'t>>>,
    },
    Try(Box<Expr<'t>>),
    Tuple(Vec<Expr<'t>>),
    Unary(&'t str, Box<Expr<'t>>),
    While {
        label: Option<&'t str>,
        condition: Box<Expr<'t>>,
        body: Block<'t>,
    },
}

#[derive(Debug)]
pub(super) struct Closure<'t> {
    pub(super) asynchronous: bool,
    pub(super) moves: bool,
    pub(super) inputs: Vec<Pattern<'t>>,
    pub(super) output: Option<Type<'t>>,
    pub(super) body: Expr<'t>,
}

#[derive(Debug)]
pub(super) struct FieldValue<'t> {
    pub(super) attributes: Vec<Attribute<'t>>,
    pub(super) name: &'t str,
    pub(super) value: Option<Expr<'t>>,
}

#[derive(Debug)]
pub(super) struct Arm<'t> {
    pub(super) attributes: Vec<Attribute<'t>>,
    pub(super) pattern: Pattern<'t>,
    pub(super) guard: Option<Expr<'t>>,
    pub(super) body: Expr<'t>,
}

#[derive(Debug)]
pub(super) struct Macro<'t> {
    pub(super) path: Path<'t>,
    pub(super) delimiter: Delimiter,
    pub(super) tokens: Cursor<'t>,
}

pub(super) type Block<'t> = Vec<Statement<'t>>;

#[derive(Debug)]
pub(super) enum Statement<'t> {
    Let {
        attributes: Vec<Attribute<'t>>,
        pattern: Pattern<'t>,
        value: Option<Expr<'t>>,
        otherwise: Option<Block<'t>>,
    },
    /// The tokens of an item.
    Item(Cursor<'t>),
    Expr {
        attributes: Vec<Attribute<'t>>,
        value: Expr<'t>,
        semicolon: bool,
    },
}

impl<'t> Path<'t> {
    /// The name that the path is, if it is nothing else.
    pub(super) fn as_name(&self) -> Option<&'t str> {
        match (&self.of, self.segments.as_slice()) {
            (None, [Segment { name, arguments: Arguments::None }]) if !self.leading => Some(name),
            _ => None,
        }
    }
}

impl Expr<'_> {
    /// Whether it needs no comma as the body of an arm, and no semicolon as a statement.
    pub(super) fn is_block_like(&self) -> bool {
        matches!(
            self,
            Self::If { .. }
                | Self::Match(..)
                | Self::Block { .. }
                | Self::While { .. }
                | Self::Loop { .. }
                | Self::For { .. }
        )
    }
}
