//! Expressions → layout.

use super::classify::{gets_semicolon, is_blockish, is_short_name, is_simple, is_statement, needs_line_if_wrapped};
use super::layout::{Break, INDENT, Layout};
use super::parse_types::Style;
use super::syntax::{Closure, Expr, FieldValue};
use super::tokens::Parsed;

/// Columns that a record may fill on one line.
const RECORD_WIDTH: isize = 34;

impl<'t> Layout<'t> {
    pub(super) fn expr(&mut self, expr: &Expr<'t>) -> Parsed<()> {
        self.expr_at(expr, false)
    }

    /// `at_start`: the expression begins a line, so a short name before a `.` stays with it.
    pub(super) fn expr_at(&mut self, expr: &Expr<'t>, at_start: bool) -> Parsed<()> {
        match expr {
            Expr::Await(_) | Expr::Field(..) => {
                self.all_or_none(INDENT);
                self.chain(expr, at_start)?;
                self.end();
            }
            Expr::MethodCall { receiver, .. } => {
                self.all_or_none(INDENT);
                let unindent = at_start && is_short_name(receiver);
                self.method_call(expr, at_start, unindent)?;
                self.end();
            }
            Expr::Index(base, index) => {
                self.expr_at(base, at_start)?;
                self.index(index)?;
            }
            Expr::Try(inner) => {
                self.expr_at(inner, at_start)?;
                self.text("?");
            }
            Expr::Call(function, arguments) => {
                self.expr_at(function, false)?;
                self.call(arguments)?;
            }
            Expr::Array(all) => self.array(all)?,
            Expr::Assign(to, value) => {
                self.fill(0);
                self.expr(to)?;
                self.text(" = ");
                self.never();
                self.expr(value)?;
                self.end();
            }
            Expr::Async { moves, block } => {
                self.text(if *moves { "async move " } else { "async " });
                self.all_or_none(INDENT);
                self.small_block(block)?;
                self.end();
            }
            Expr::Binary(left, operator, right) => {
                self.fill(INDENT);
                self.fill(-INDENT);
                self.expr(left)?;
                self.end();
                self.space();
                self.text(*operator);
                self.text(" ");
                self.expr(right)?;
                self.end();
            }
            Expr::Block { label, block } => {
                self.label(*label);
                self.all_or_none(INDENT);
                self.small_block(block)?;
                self.end();
            }
            Expr::Break { label, value } => {
                self.text("break");
                self.jump(*label, value.as_deref())?;
            }
            Expr::Continue(label) => {
                self.text("continue");
                self.jump(*label, None)?;
            }
            Expr::Return(value) => {
                self.text("return");
                self.jump(None, value.as_deref())?;
            }
            Expr::Cast(value, ty) => {
                self.fill(INDENT);
                self.fill(-INDENT);
                self.expr(value)?;
                self.end();
                self.space();
                self.text("as ");
                self.ty(ty)?;
                self.end();
            }
            Expr::Closure(closure) => self.closure(closure)?,
            Expr::For { label, pattern, over, body } => {
                self.fill(0);
                self.label(*label);
                self.text("for ");
                self.pattern(pattern)?;
                self.text(" in ");
                self.never();
                self.condition(over)?;
                self.text("{");
                self.never();
                self.body(body)?;
                self.end();
            }
            Expr::While { label, condition, body } => {
                self.label(*label);
                self.text("while ");
                self.condition(condition)?;
                self.text("{");
                self.never();
                self.body(body)?;
            }
            Expr::Loop { label, body } => {
                self.label(*label);
                self.text("loop {");
                self.body(body)?;
            }
            Expr::If { .. } => self.conditional(expr)?,
            Expr::Infer => self.text("_"),
            Expr::Let(pattern, value) => {
                self.fill(0);
                self.text("let ");
                self.fill(0);
                self.pattern(pattern)?;
                self.end();
                self.text(" = ");
                self.never();
                self.fill(0);
                self.expr(value)?;
                self.end();
                self.end();
            }
            Expr::Literal(text) => self.text(*text),
            Expr::Macro(it) => self.macro_call(it, false),
            Expr::Match(over, arms) => {
                self.fill(0);
                self.text("match ");
                self.condition(over)?;
                self.text("{");
                self.never();
                self.all_or_none(INDENT);
                self.line_inside();
                for arm in arms {
                    self.arm(arm)?;
                    self.line();
                }
                self.offset(-INDENT);
                self.end();
                self.text("}");
                self.end();
            }
            Expr::Paren(inner) => {
                self.text("(");
                self.expr(inner)?;
                self.text(")");
            }
            Expr::Path(path) => self.path(path, Style::Expr)?,
            Expr::Range(from, limits, to) => {
                if let Some(from) = from {
                    self.expr(from)?;
                } else if self.ends_with('.') {
                    self.text(" ");
                }
                self.text(*limits);
                if let Some(to) = to {
                    self.expr(to)?;
                }
            }
            Expr::Reference(mutable, inner) => {
                self.text(if *mutable { "&mut " } else { "&" });
                self.expr(inner)?;
            }
            Expr::Repeat(value, length) => {
                self.text("[");
                self.expr(value)?;
                self.text("; ");
                self.expr(length)?;
                self.text("]");
            }
            Expr::Struct { path, fields, rest } => {
                self.all_or_none(INDENT);
                self.fill(-INDENT);
                self.path(path, Style::Expr)?;
                self.end();
                self.text(" {");
                self.space_inside();
                for (index, field) in fields.iter().enumerate() {
                    self.field_value(field)?;
                    self.comma_in_braces(index + 1 == fields.len() && rest.is_none());
                }
                if let Some(rest) = rest {
                    self.text("..");
                    self.expr(rest)?;
                    self.space();
                }
                self.offset(-INDENT);
                self.end_within(RECORD_WIDTH);
                self.text("}");
            }
            Expr::Tuple(all) => {
                self.text("(");
                self.tuple(all.len(), true, |out, index| out.expr(&all[index]))?;
                self.text(")");
            }
            Expr::Unary(operator, inner) => {
                self.text(*operator);
                self.expr(inner)?;
            }
        }
        Ok(())
    }

    /// What stands before a `.` of the same chain.
    fn chain(&mut self, expr: &Expr<'t>, at_start: bool) -> Parsed<()> {
        match expr {
            Expr::Await(base) => {
                self.chain(base, at_start)?;
                self.dot(base, at_start);
                self.text(".await");
            }
            Expr::Field(base, name) => {
                self.chain(base, at_start)?;
                self.dot(base, at_start);
                self.text(".");
                self.text(*name);
            }
            Expr::MethodCall { .. } => self.method_call(expr, at_start, false)?,
            Expr::Call(function, arguments) => {
                self.chain(function, false)?;
                self.call(arguments)?;
            }
            Expr::Index(base, index) => {
                self.chain(base, at_start)?;
                self.index(index)?;
            }
            Expr::Try(inner) => {
                self.chain(inner, at_start)?;
                self.text("?");
            }
            other => {
                self.all_or_none(-INDENT);
                self.expr(other)?;
                self.end();
            }
        }
        Ok(())
    }

    fn dot(&mut self, base: &Expr<'t>, at_start: bool) {
        if !(at_start && is_short_name(base)) {
            let unbroken = self.ends_with('.').then_some(' ');
            self.may_break(Break { unbroken, ..Break::default() });
        }
    }

    fn method_call(&mut self, call: &Expr<'t>, at_start: bool, unindent: bool) -> Parsed<()> {
        let Expr::MethodCall { receiver, method, turbofish, arguments } = call else { return Ok(()) };
        self.chain(receiver, at_start)?;
        self.dot(receiver, at_start);
        self.text(".");
        self.text(*method);
        if let Some(turbofish) = turbofish {
            self.angles(turbofish, Style::Expr)?;
        }
        self.all_or_none(if unindent { -INDENT } else { 0 });
        self.call(arguments)?;
        self.end();
        Ok(())
    }

    fn index(&mut self, index: &Expr<'t>) -> Parsed<()> {
        self.text("[");
        self.expr(index)?;
        self.text("]");
        Ok(())
    }

    fn call(&mut self, arguments: &[Expr<'t>]) -> Parsed<()> {
        self.text("(");
        if let [only] = arguments
            && is_blockish(only)
        {
            self.expr(only)?;
        } else {
            self.all_or_none(INDENT);
            self.zero();
            for (index, argument) in arguments.iter().enumerate() {
                self.expr(argument)?;
                self.comma(index + 1 == arguments.len());
            }
            self.offset(-INDENT);
            self.end();
        }
        self.text(")");
        Ok(())
    }

    fn array(&mut self, all: &[Expr<'t>]) -> Parsed<()> {
        if all.is_empty() {
            self.text("[]");
        } else if all.iter().all(is_simple) {
            self.all_or_none(INDENT);
            self.text("[");
            self.zero();
            self.fill(0);
            for (index, one) in all.iter().enumerate() {
                self.expr(one)?;
                if index + 1 < all.len() {
                    self.text(",");
                    self.space();
                }
            }
            self.end();
            self.comma(true);
            self.offset(-INDENT);
            self.text("]");
            self.end();
        } else {
            self.text("[");
            self.all_or_none(INDENT);
            self.zero();
            for (index, one) in all.iter().enumerate() {
                self.expr(one)?;
                self.comma(index + 1 == all.len());
            }
            self.offset(-INDENT);
            self.end();
            self.text("]");
        }
        Ok(())
    }

    pub(super) fn label(&mut self, label: Option<&'t str>) {
        if let Some(label) = label {
            self.lifetime(label);
            self.text(": ");
        }
    }

    fn jump(&mut self, label: Option<&'t str>, value: Option<&Expr<'t>>) -> Parsed<()> {
        if let Some(label) = label {
            self.text(" ");
            self.lifetime(label);
        }
        if let Some(value) = value {
            self.text(" ");
            self.expr(value)?;
        }
        Ok(())
    }

    fn closure(&mut self, closure: &Closure<'t>) -> Parsed<()> {
        self.fill(0);
        if closure.asynchronous {
            self.text("async ");
        }
        if closure.moves {
            self.text("move ");
        }
        self.all_or_none(INDENT);
        self.text("|");
        for (index, input) in closure.inputs.iter().enumerate() {
            if index == 0 {
                self.zero();
            }
            self.pattern(input)?;
            if index + 1 < closure.inputs.len() {
                self.text(",");
                self.space();
            }
        }
        if let Some(output) = &closure.output {
            if !closure.inputs.is_empty() {
                self.comma(true);
                self.offset(-INDENT);
            }
            self.text("|");
            self.end();
            self.text(" -> ");
            self.ty(output)?;
            self.text(" ");
            self.never();
            self.expr(&closure.body)?;
        } else {
            self.text("|");
            self.space();
            self.offset(-INDENT);
            self.end();
            self.never();
            let body = &closure.body;
            if is_blockish(body) || matches!(body, Expr::Match(..) | Expr::Call(..)) {
                self.expr(body)?;
            } else {
                self.braced_if_broken(body, false)?;
            }
        }
        self.end();
        Ok(())
    }

    /// An expression that gets braces when it does not fit.
    pub(super) fn braced_if_broken(&mut self, body: &Expr<'t>, of_arm: bool) -> Parsed<()> {
        self.all_or_none(INDENT);
        let braces = is_statement(body);
        self.may_break(Break { before: Some(if braces { '{' } else { '(' }), ..Break::default() });
        self.expr_at(body, of_arm)?;
        let after = match (braces, of_arm) {
            (true, _) => "}",
            (false, true) => "),",
            (false, false) => ")",
        };
        self.may_break(Break {
            offset: -INDENT,
            before: (braces && gets_semicolon(body)).then_some(';'),
            after,
            unbroken: (of_arm && !body.is_block_like()).then_some(','),
            ..Break::default()
        });
        self.end();
        Ok(())
    }

    pub(super) fn condition(&mut self, condition: &Expr<'t>) -> Parsed<()> {
        self.all_or_none(0);
        self.expr(condition)?;
        if needs_line_if_wrapped(condition) {
            self.space();
        } else {
            self.text(" ");
        }
        self.end();
        Ok(())
    }

    fn conditional(&mut self, expr: &Expr<'t>) -> Parsed<()> {
        let Expr::If { condition, then, otherwise } = expr else { return Ok(()) };
        self.all_or_none(INDENT);
        self.text("if ");
        self.all_or_none(-INDENT);
        self.condition(condition)?;
        self.end();
        match otherwise {
            Some(otherwise) => {
                self.small_block(then)?;
                let mut next = Some(&**otherwise);
                while let Some(branch) = next.take() {
                    self.text(" else ");
                    match branch {
                        Expr::If { condition, then, otherwise } => {
                            self.text("if ");
                            self.all_or_none(-INDENT);
                            self.condition(condition)?;
                            self.end();
                            self.small_block(then)?;
                            next = otherwise.as_deref();
                        }
                        Expr::Block { block, .. } => self.small_block(block)?,
                        other => self.expr(other)?,
                    }
                }
            }
            None if then.is_empty() => self.text("{}"),
            None => {
                self.text("{");
                self.line();
                self.statements(then)?;
                self.offset(-INDENT);
                self.text("}");
            }
        }
        self.end();
        Ok(())
    }

    fn field_value(&mut self, field: &FieldValue<'t>) -> Parsed<()> {
        self.attributes(&field.attributes)?;
        self.text(field.name);
        if let Some(value) = &field.value {
            self.text(": ");
            self.fill(0);
            self.expr(value)?;
            self.end();
        }
        Ok(())
    }
}
