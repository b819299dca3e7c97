//! Templates: how all of them are rendered.
//!
//! A template lays out a view whose fields are formatted already; it loops and asks whether something is there, no more.

use std::sync::LazyLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};

/// What a template can read. Written by [`view!`] for views, so that nothing has to derive `Serialize`: the crates behind
/// that derive would be a sixth of what a fresh clone compiles before it can generate.
pub(super) trait View {
    /// As the template reads it.
    fn into_value(self) -> Value;
}

impl View for String {
    fn into_value(self) -> Value {
        Value::from(self)
    }
}

impl View for &str {
    fn into_value(self) -> Value {
        Value::from(self)
    }
}

impl View for bool {
    fn into_value(self) -> Value {
        Value::from(self)
    }
}

impl<T: View> View for Vec<T> {
    fn into_value(self) -> Value {
        Value::from(self.into_iter().map(T::into_value).collect::<Vec<_>>())
    }
}

impl<T: View> View for Option<T> {
    fn into_value(self) -> Value {
        Value::from(self.map(T::into_value))
    }
}

/// Makes a struct a view, whose fields a template reads by their names. The compiler asks for every field.
///
/// ```text
/// view!(Variants { list, intro, table });
/// ```
macro_rules! view {
    ($name:ident $(<$life:lifetime>)? { $($field:ident),* }) => {
        impl $(<$life>)? $crate::emit::template::View for $name $(<$life>)? {
            fn into_value(self) -> minijinja::Value {
                let Self { $($field),* } = self;
                minijinja::Value::from_pairs([
                    $((stringify!($field), $crate::emit::template::View::into_value($field))),*
                ])
            }
        }
    };
}
pub(super) use view;

/// All templates, by their names.
const TEMPLATES: [(&str, &str); 4] = [
    ("crate_readme.md.j2", include_str!("templates/crate_readme.md.j2")),
    ("overview.md.j2", include_str!("docs/templates/overview.md.j2")),
    ("page.html.j2", include_str!("book/templates/page.html.j2")),
    ("resource.md.j2", include_str!("docs/templates/resource.md.j2")),
];

/// The templates, compiled once for all pages: compiling one takes longer than filling it in.
static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true);
    environment.set_syntax(syntax.build().expect("the default delimiters are fine"));
    for (name, source) in TEMPLATES {
        environment.add_template(name, source).unwrap_or_else(|error| panic!("template {name}: {error:#}"));
    }
    environment
});

/// Compiles the templates, if that was not done yet: the first who asks for one waits otherwise.
pub(super) fn prepare() {
    LazyLock::force(&ENVIRONMENT);
}

/// Fills a template in. A template that asks for what its view lacks is a fault of ours, and ends the run.
pub(super) fn render(name: &str, view: impl View) -> String {
    let rendered = ENVIRONMENT.get_template(name).and_then(|it| it.render(view.into_value()));
    rendered.unwrap_or_else(|error| panic!("template {name}: {error:#}"))
}
