//! `variants`: by the values of a parameter, or by named conditions.

use super::assemble::FieldSource;
use super::operations::scope;
use super::types::Types;
use super::{condition, names as forms};
use crate::diagnostics::{Diagnostics, names, types};
use crate::model::{Condition, Constraint, FieldPath, Matcher, Record, Test, TypeKind, Variant};
use crate::source::Span;
use crate::syntax::document::{VariantDoc, VariantsDoc};

pub(super) fn variants(
    doc: &VariantsDoc,
    types_: &Types<'_>,
    record: &Record,
    sources: &[FieldSource<'_>],
    out: &mut Diagnostics,
) -> Vec<Variant> {
    let scope = scope(types_, record, sources);
    match doc {
        VariantsDoc::Named(named) => {
            let mut variants = Vec::new();
            for VariantDoc { name, when, doc, rust } in &named.value {
                forms::check_snake("a variant", name, out);
                let rust_name = forms::check_rust(rust.as_ref(), out);
                let Some(when) = condition::resolve(scope, when, out) else { continue };
                variants.push(Variant { name: name.value.clone(), doc: doc.clone(), when, rust_name, span: name.span });
            }
            variants
        }
        VariantsDoc::ByParameter(name) => {
            let Some((ix, field)) = record.find(&name.value) else {
                let known = record.fields.iter().map(|it| it.name.as_str());
                out.push(names::unknown_parameter(&name.value, "the operation", known, name.span));
                return Vec::new();
            };
            if types_.broken.contains(&field.span) {
                return Vec::new();
            }
            let narrowed = field.clauses.iter().find_map(|it| match &it.constraint {
                Constraint::Enum(values) if it.when == Condition::Always => Some(values),
                _ => None,
            });
            let variant = |name: String, value: serde_json::Value, doc: String, rust_name, span: Span| Variant {
                name,
                doc,
                when: Condition::Test(Test { path: FieldPath::top(ix), matcher: Matcher::OneOf(vec![value]) }),
                rust_name,
                span,
            };
            match (scope.view.kind(&field.ty), narrowed) {
                (Some(TypeKind::Enum(def)), _) if !def.open => {
                    let allowed = |it: &str| narrowed.is_none_or(|them| them.iter().any(|them| them == it));
                    let values = def.values.iter().filter(|it| allowed(&it.value));
                    let made = values.map(|it| {
                        let rust = it.rust_name.clone();
                        variant(it.value.clone(), it.value.as_str().into(), it.doc.clone(), rust, it.span)
                    });
                    made.collect()
                }
                (None, Some(values)) => {
                    let made = values.iter().map(|it| {
                        variant(super::view::value_as_written(it), it.clone(), String::new(), None, field.span)
                    });
                    made.collect()
                }
                _ => {
                    let problem = format!("`{}` has no closed list of values", name.value);
                    let help = "list its values with `enum`, or name conditions: `variants: {short: {…}, long: {…}}`";
                    out.push(types::bad_variants(&problem, help, name.span));
                    Vec::new()
                }
            }
        }
    }
}
