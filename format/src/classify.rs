//! What kind of expression it is, where the way it is printed depends on that.

use super::syntax::Expr;

pub(super) fn is_short_name(expr: &Expr<'_>) -> bool {
    matches!(expr, Expr::Path(path) if path.as_name().is_some_and(|it| it.len() <= 4))
}

/// What stands in the parentheses of a call without a line of its own.
pub(super) fn is_blockish(expr: &Expr<'_>) -> bool {
    matches!(
        expr,
        Expr::Array(_)
            | Expr::Async { .. }
            | Expr::Block { .. }
            | Expr::Closure(_)
            | Expr::Struct { .. }
            | Expr::Tuple(_)
    )
}

/// Literals that lists fill their lines with.
pub(super) fn is_simple(expr: &Expr<'_>) -> bool {
    let Expr::Literal(text) = expr else { return false };
    let is_number = text.starts_with(|it: char| it.is_ascii_digit());
    let is_float = is_number
        && !text.starts_with("0x")
        && (text.contains('.') || text.contains(['e', 'E']) || text.ends_with("f64") || text.ends_with("f32"));
    matches!(*text, "true" | "false") || text.starts_with('\'') || text.starts_with("b'") || (is_number && !is_float)
}

pub(super) fn needs_line_if_wrapped(expr: &Expr<'_>) -> bool {
    match expr {
        Expr::Assign(..)
        | Expr::Await(_)
        | Expr::Binary(..)
        | Expr::Cast(..)
        | Expr::Field(..)
        | Expr::Index(..)
        | Expr::MethodCall { .. } => true,
        Expr::Break { value: Some(inner), .. }
        | Expr::Call(inner, _)
        | Expr::Let(_, inner)
        | Expr::Paren(inner)
        | Expr::Range(_, _, Some(inner))
        | Expr::Reference(_, inner)
        | Expr::Return(Some(inner))
        | Expr::Try(inner)
        | Expr::Unary(_, inner) => needs_line_if_wrapped(inner),
        _ => false,
    }
}

/// Whether `{ … }` around an expression means the same.
pub(super) fn is_statement(expr: &Expr<'_>) -> bool {
    match expr {
        Expr::Let(..) => false,
        Expr::Assign(left, _)
        | Expr::Binary(left, ..)
        | Expr::Call(left, _)
        | Expr::Cast(left, _)
        | Expr::Index(left, _)
        | Expr::Range(Some(left), ..) => !left.is_block_like() && is_statement(left),
        Expr::Await(base) | Expr::Field(base, _) | Expr::Try(base) => is_statement(base),
        Expr::MethodCall { receiver, .. } => is_statement(receiver),
        _ => true,
    }
}

pub(super) fn gets_semicolon(expr: &Expr<'_>) -> bool {
    match expr {
        Expr::Assign(..) | Expr::Break { .. } | Expr::Continue(_) | Expr::Return(_) => true,
        Expr::Binary(_, operator, _) => operator.ends_with('=') && !matches!(*operator, "==" | "!=" | "<=" | ">="),
        _ => false,
    }
}

pub(super) fn loses_semicolon(expr: &Expr<'_>) -> bool {
    match expr {
        Expr::For { .. } | Expr::While { .. } => true,
        Expr::If { otherwise, .. } => otherwise.as_deref().is_none_or(loses_semicolon),
        _ => false,
    }
}
