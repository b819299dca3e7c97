//! Templates: how all of them are rendered.
//!
//! A template lays out a view whose fields are formatted already; it loops and asks whether something is there, no more.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::Serialize;

/// Fills a template in. A template that asks for what its view lacks is a fault of ours, and ends the run.
pub(super) fn render<T: Serialize>(name: &'static str, source: &'static str, view: T) -> String {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true);
    environment.set_syntax(syntax.build().expect("the default delimiters are fine"));
    let rendered = environment.render_named_str(name, source, Value::from(Serde(view)));
    rendered.unwrap_or_else(|error| panic!("template {name}: {error:#}"))
}
