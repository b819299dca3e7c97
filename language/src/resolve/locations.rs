//! The types that are allowed in queries, headers, paths, forms, multipart bodies and JSON.

use super::assemble::FieldSource;
use super::names as forms;
use super::view::TypeView;
use crate::diagnostics::{Diagnostics, types};
use crate::model::{Encoding, Field, ListStyle, Location, PartForm, Record, Type, TypeKind};
use crate::syntax::document::OperationDoc;

/// The parameters of an operation, each against its place.
pub(super) fn check_parameters(
    view: TypeView<'_>,
    record: &Record,
    sources: &[FieldSource<'_>],
    encoding: Encoding,
    out: &mut Diagnostics,
) {
    check(view, record.fields.iter().zip(sources), encoding, out);
}

/// The parameters of the body against another way to write it.
pub(super) fn check_body(
    view: TypeView<'_>,
    record: &Record,
    sources: &[FieldSource<'_>],
    encoding: Encoding,
    out: &mut Diagnostics,
) {
    let all = record.fields.iter().zip(sources);
    check(view, all.filter(|(field, _)| field.location.in_body()), encoding, out);
}

fn check<'a>(
    view: TypeView<'_>,
    fields: impl Iterator<Item = (&'a Field, &'a FieldSource<'a>)>,
    encoding: Encoding,
    out: &mut Diagnostics,
) {
    for (field, source) in fields {
        if field.location == Location::Cookie {
            forms::check_cookie(&source.entry.name, out);
        }
        if field.location == Location::Header && !source.made {
            forms::check_parameter_header(&source.entry.name, out);
        }
        if view.broken.contains(&field.span) {
            continue;
        }
        let place = match (field.location, encoding) {
            (Location::Path, _) => "a path",
            (Location::Header, _) => "a header",
            (Location::Cookie, _) => "a cookie",
            (Location::Query, _) => "a query",
            (Location::Body, Encoding::Form) => "a form",
            (Location::Body, Encoding::Multipart | Encoding::Related) => {
                check_part(view, field, out);
                "a multipart body"
            }
            (Location::WholeBody, Encoding::Binary | Encoding::Text) => continue,
            // What is wrong with these is reported for the operation.
            (Location::WholeBody, Encoding::Form | Encoding::Multipart | Encoding::Related)
            | (Location::Body, Encoding::Binary | Encoding::Text) => continue,
            (Location::Body | Location::WholeBody, Encoding::Json | Encoding::Xml) => {
                check_no_file(field, out);
                continue;
            }
            // What is wrong with fields is reported for the operation.
            (Location::Body, Encoding::Lines) => continue,
            (Location::WholeBody, Encoding::Lines) => {
                check_no_file(field, out);
                "lines of JSON"
            }
        };
        if let Some(flag) = source.entry.nullable.as_ref().filter(|it| it.value) {
            out.push(types::type_misplaced("`null`", place, "only JSON has a `null`", flag.span));
        }
        let is_repeated = field.sent.style.lists == ListStyle::Repeated && source.entry.sent.style.is_none();
        let is_list = field.location == Location::Query && matches!(field.ty, Type::Array(_));
        if is_list && is_repeated && mentions_separators(&field.doc) {
            out.push(types::repeated_keys(&field.name, field.span));
        }
    }
}

/// A body that is one value, beside everything else of the operation.
pub(super) fn check_whole_body(
    view: TypeView<'_>,
    whole: &Field,
    record: &Record,
    doc: &OperationDoc,
    out: &mut Diagnostics,
) {
    let is_form = doc.encodings().iter().any(|it| matches!(it, Encoding::Form | Encoding::Multipart));
    let is_object = |it: &&Type| {
        let named = || matches!(view.kind(it), Some(TypeKind::Record(_) | TypeKind::Tagged(_)));
        matches!(it, Type::Map(_)) || named()
    };
    if is_form && !view.broken.contains(&whole.span) && !view.members(&whole.ty).iter().all(is_object) {
        let problem = format!("a form has fields, but its body is {}", view.describe(&whole.ty));
        let help = "use a type that is an object, write the fields of the body as parameters, or remove `encoding`";
        out.push(types::bad_operation(&problem, help, whole.span));
    }
    if doc.encodings().contains(&Encoding::Related) {
        let help = "write its parts as parameters under `body`, in their order";
        out.push(types::bad_operation(
            "the body of `multipart/related` has parts, and is not one value",
            help,
            whole.span,
        ));
    }
    let is_list = matches!(whole.ty, Type::Array(_));
    if doc.encodings().contains(&Encoding::Lines) && !view.broken.contains(&whole.span) && !is_list {
        let problem =
            format!("the lines of `ndjson` are the items of a list, but the body is {}", view.describe(&whole.ty));
        let help =
            "write the type of a line in brackets, as in `body: \"[Line]\"`, or `\"[json]\"` for lines of any kind";
        out.push(types::bad_operation(&problem, help, whole.span));
    }
    if doc.open {
        let help = "`open` is about parameters: a type says with `open: true` that it has unknown fields";
        out.push(types::bad_operation("`open` on a body that is one value", help, doc.name.span));
    }
    if let Some(other) = record.fields.iter().find(|it| it.location == Location::Body) {
        let problem = format!("`{}` is a parameter of a body that is one value", other.name);
        let help = "write all of them as parameters, or as fields of the type; `without: [body]` drops the value that `like` copies";
        out.push(types::bad_operation(&problem, help, other.span));
    }
}

/// Lines of JSON are the items of one list.
pub(super) fn check_lines(record: &Record, doc: &OperationDoc, out: &mut Diagnostics) {
    if !doc.encodings().contains(&Encoding::Lines) {
        return;
    }
    if let Some(field) = record.fields.iter().find(|it| it.location == Location::Body) {
        let problem = format!("`{}` is a parameter of a body of lines", field.name);
        let help = "write `body: \"[Line]\"`, with the type of a line; or remove `encoding`, if the body is one object";
        out.push(types::bad_operation(&problem, help, field.span));
    }
}

/// The parts of `multipart/related` have no names: what is left out would give its place to the next.
pub(super) fn check_order(record: &Record, doc: &OperationDoc, out: &mut Diagnostics) {
    if !doc.encodings().contains(&Encoding::Related) {
        return;
    }
    if doc.encodings().contains(&Encoding::Multipart) {
        let help = "write an operation for each of the two";
        let problem = "`multipart` and `multipart/related` are no alternatives, since only one has names of parts";
        out.push(types::bad_operation(problem, help, doc.name.span));
    }
    if doc.open {
        let problem = "`open` on a body of `multipart/related`, whose parts have no names";
        out.push(types::bad_operation(problem, "remove `open`", doc.name.span));
    }
    let parts: Vec<&Field> = record.fields.iter().filter(|it| it.location == Location::Body).collect();
    for part in parts.iter().rev().skip(1) {
        let is_list = matches!(part.ty, Type::Array(_)) && part.sent.part != PartForm::Json;
        if is_list || !part.always_required() {
            let is = if is_list { "may be several parts" } else { "may be left out" };
            let problem = format!("`{}` {is}, so that the parts after it cannot be told apart", part.name);
            out.push(types::bad_operation(
                &problem,
                "every part but the last must be required, and one part",
                part.span,
            ));
        }
    }
}

/// Whether words describe several values in one text.
fn mentions_separators(doc: &str) -> bool {
    let doc = doc.to_lowercase();
    let signs = ["comma", "semicolon", "pipe", "space"];
    let forms = ["-separated", " separated", "-delimited", " delimited", "-joined", " joined", "separated list"];
    signs.iter().any(|sign| forms.iter().any(|form| doc.contains(&format!("{sign}{form}"))))
        || ["separated by", "delimited by", "joined by", "joined with"].iter().any(|it| {
            doc.split(it)
                .skip(1)
                .any(|rest| signs.iter().any(|sign| rest.trim_start().trim_start_matches("a ").starts_with(sign)))
        })
}

/// Fields of records live in JSON.
pub(super) fn check_no_file(field: &Field, out: &mut Diagnostics) {
    if holds_file(&field.ty) {
        let help = "files need a body with `encoding: multipart`; in JSON, use `base64`";
        out.push(types::type_misplaced("a file", "JSON", help, field.span));
    }
}

/// Recursion ends with the type expression's depth.
pub(super) fn holds_file(ty: &Type) -> bool {
    match ty {
        Type::File => true,
        Type::Array(item) | Type::Map(item) | Type::Nullable(item) => holds_file(item),
        Type::Tuple(members) | Type::Union(members) => members.iter().any(holds_file),
        _ => false,
    }
}

/// A part of a multipart body.
fn check_part(view: TypeView<'_>, field: &Field, out: &mut Diagnostics) {
    match field.sent.part {
        // What has a style was checked by that.
        PartForm::Styled => return,
        PartForm::Json | PartForm::JsonItems => return check_no_file(field, out),
        PartForm::Plain | PartForm::Named | PartForm::Entries => {}
    }
    let item = match &field.ty {
        Type::Array(item) => item,
        Type::Map(item) if field.sent.part == PartForm::Entries => item,
        other => other,
    };
    for member in view.members(item) {
        let fits = match member {
            Type::Json | Type::Array(_) | Type::Tuple(_) | Type::Map(_) | Type::Nullable(_) => false,
            Type::Named(_) => matches!(view.kind(member), Some(TypeKind::Enum(_))),
            _ => true,
        };
        if !fits {
            let help = "a part of several kinds must be JSON (`style: json`) or have another `style`";
            out.push(types::type_misplaced(&view.describe(member), "a multipart body", help, field.span));
            return;
        }
    }
}
