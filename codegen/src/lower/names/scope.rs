//! Which names of a scope are taken, and what is reported of those that cannot be had.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

use super::{escape, shadows_prelude};
use crate::diagnostics::rust_names::{rust_name_reserved, rust_name_taken};
use crate::lower::Ctx;
use crate::source::Span;

/// The first name that is free and hides nothing: the name itself, then with `Value` behind it, then with a number.
pub(crate) fn first_free(name: &str, is_free: impl Fn(&str) -> bool) -> String {
    let fits = |it: &String| is_free(it) && !shadows_prelude(it);
    let name = name.trim_end_matches('_');
    let plain = [escape(name.to_owned()), format!("{name}Value")];
    let numbered = (2_u32..).map(|it| format!("{name}Value{it}"));
    // One of endlessly many is free.
    plain.into_iter().chain(numbered).find(fits).unwrap_or_default()
}

/// The names of one scope, each with the place it comes from.
#[derive(Clone, Debug, Default)]
pub(crate) struct IdentScope {
    taken: BTreeMap<String, (String, Option<Span>)>,
}

/// Where names come from is only told of those that cannot be had, and an edit of a file moves all that is below it.
impl Hash for IdentScope {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.taken.len().hash(state);
        self.taken.keys().for_each(|it| it.hash(state));
    }
}

impl IdentScope {
    /// Takes a name; tells who has it already (wire name and place).
    pub(crate) fn take(&mut self, rust: &str, wire: &str, span: Option<Span>) -> Result<(), (String, Option<Span>)> {
        match self.taken.get(rust) {
            Some(first) => Err(first.clone()),
            None => {
                self.taken.insert(rust.to_owned(), (wire.to_owned(), span));
                Ok(())
            }
        }
    }

    /// Takes the first name that is free, of something that nobody could give another name.
    pub(crate) fn take_free(&mut self, rust: &str, wire: &str, span: Span) -> String {
        let name = first_free(rust, |it| self.is_free(it));
        self.taken.insert(name.clone(), (wire.to_owned(), Some(span)));
        name
    }

    /// Whether a name is free.
    pub(crate) fn is_free(&self, rust: &str) -> bool {
        !self.taken.contains_key(rust)
    }
}

/// A scope that reports what it cannot take.
pub(crate) struct Names<'w> {
    scope: IdentScope,
    what: &'w str,
}

impl<'w> Names<'w> {
    pub(crate) fn new(what: &'w str) -> Self {
        Self { scope: IdentScope::default(), what }
    }

    /// Keeps a name for generated code.
    pub(crate) fn reserve(mut self, reserved: &[&str]) -> Self {
        for name in reserved {
            let _ = self.scope.take(name, "", None);
        }
        self
    }

    pub(crate) fn is_free(&self, rust: &str) -> bool {
        self.scope.is_free(rust)
    }

    /// Takes the first free name for something that the spec cannot give another name.
    pub(crate) fn take_free(&mut self, rust: &str, wire: &str, span: Span) -> String {
        self.scope.take_free(rust, wire, span)
    }

    pub(crate) fn take(&mut self, ctx: &mut Ctx<'_>, rust: &str, wire: &str, span: Span) {
        match self.scope.take(rust, wire, Some(span)) {
            Ok(()) => {}
            Err((_, None)) => {
                let why = "generated code needs for itself";
                ctx.report(rust_name_reserved(self.what, wire, rust, why, span));
            }
            Err((first, at)) => ctx.report(rust_name_taken(self.what, wire, rust, span, &first, at)),
        }
    }
}
