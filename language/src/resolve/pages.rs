//! Pagination: its parameters, and its places in the response.

use super::ConditionScope;
use super::condition;
use super::pointer::{self, PointerFault};
use super::view::TypeView;
use crate::diagnostics::{Diagnostics, types as say};
use crate::model::{FieldPath, MessagePlace, Method, NextPage, Output, Pages, PathStep, Type, TypeKind};
use crate::syntax::document::{CountDoc, NextPageDoc, PagesDoc, Text};

/// The pages of an operation.
pub(super) fn resolve(
    doc: &PagesDoc,
    output: &Output,
    (scope, method): (ConditionScope<'_>, Method),
    out: &mut Diagnostics,
) -> Option<Pages> {
    if matches!(doc.next, NextPageDoc::Url(_) | NextPageDoc::Link(_)) && method != Method::Get {
        let help = "use `cursor`, `offset` or `page`, which set a parameter";
        out.push(say::bad_pages("the URL of a next page can only be requested with `get`", help, doc.span));
    }
    let Some((ty, wrapper)) = output.page() else {
        let help = "describe a page of the list with `response`";
        out.push(say::bad_pages("`pages` requires a JSON response", help, doc.span));
        return None;
    };
    let mut resolver = Resolver { scope, view: scope.view, ty, wrapper, out };
    let items = resolver.items(doc);
    let next = resolver.next(&doc.next, items.as_ref().map(|it| &it.1));
    let more = doc.more.as_ref().map(|(at, goes_on)| {
        resolver.place(at, "a boolean", |it| matches!(it, Type::Boolean));
        (at.value.clone(), *goes_on)
    });
    let size = doc.size.as_ref().and_then(|it| resolver.parameter(it, true));
    let (items, item) = items?;
    Some(Pages { items, item, next: next?, more, size, span: doc.span })
}

struct Resolver<'a, 'o> {
    scope: ConditionScope<'a>,
    view: TypeView<'a>,
    /// Of the response.
    ty: &'a Type,
    wrapper: Option<&'a str>,
    out: &'o mut Diagnostics,
}

impl<'a> Resolver<'a, '_> {
    fn items(&mut self, doc: &PagesDoc) -> Option<(String, Type)> {
        let whole = Text::new(String::new(), doc.span);
        let at = doc.items.as_ref().unwrap_or(&whole);
        let found = self.follow(at)?;
        let list = found.iter().find_map(|it| match it {
            Type::Array(item) => Some((**item).clone()),
            Type::Json => Some(Type::Json),
            _ => None,
        });
        if list.is_none() {
            let is = found.first().map_or("nothing".to_owned(), |it| self.view.describe(it));
            let (problem, help) = if at.value.is_empty() {
                let problem = format!("the response is not a list but {is}");
                (problem, "add `items` with the place of the list in the response, such as `items: /data`")
            } else {
                (format!("`{}` is not a list but {is}", at.value), "point to the list of the page's items")
            };
            self.out.push(say::bad_pages(&problem, help, at.span));
        }
        Some((at.value.clone(), list?))
    }

    fn next(&mut self, doc: &NextPageDoc, item: Option<&Type>) -> Option<NextPage> {
        match doc {
            NextPageDoc::Cursor { parameter, from } => {
                let found = self.follow(from);
                let parameter = self.cursor(parameter, found.as_deref().map(|it| (from, it)));
                Some(NextPage::Cursor { parameter: parameter?, from: from.value.clone() })
            }
            NextPageDoc::Header { parameter, name } => {
                super::names::check_header_token(name, self.out);
                let parameter = self.parameter(parameter, false);
                Some(NextPage::Header { parameter: parameter?, name: name.value.clone() })
            }
            NextPageDoc::LastItem { parameter, at } => {
                let found = item.and_then(|item| match pointer::follow(self.view, item, &at.value) {
                    Ok(found) => Some(found.into_iter().cloned().collect::<Vec<_>>()),
                    Err(fault) => {
                        self.report(at, &fault);
                        None
                    }
                });
                let found = found.as_ref().map(|it| it.iter().collect::<Vec<_>>());
                let parameter = self.cursor(parameter, found.as_deref().map(|it| (at, it)));
                Some(NextPage::LastItem { parameter: parameter?, at: at.value.clone() })
            }
            NextPageDoc::Offset { parameter, total } => {
                let total = total.as_ref().map(|it| self.count(it));
                let parameter = self.parameter(parameter, true);
                Some(NextPage::Offset { parameter: parameter?, total })
            }
            NextPageDoc::Number { parameter, first, pages } => {
                let pages = pages.as_ref().map(|it| self.count(it));
                let parameter = self.parameter(parameter, true);
                Some(NextPage::Number { parameter: parameter?, first: *first, pages })
            }
            NextPageDoc::Url(at) => {
                self.place(at, "text", |it| is_text(it) || *it == Type::Json);
                Some(NextPage::Url(at.value.clone()))
            }
            NextPageDoc::Link(relation) => Some(NextPage::Link(relation.value.clone())),
        }
    }

    fn count(&mut self, place: &CountDoc) -> MessagePlace {
        match place {
            CountDoc::Body(at) => {
                self.place(at, "a whole number", |it| matches!(it, Type::Integer | Type::Sized(_) | Type::Json));
                MessagePlace::Body(at.value.clone())
            }
            CountDoc::Header(name) => {
                super::names::check_header_token(name, self.out);
                MessagePlace::Header(name.value.clone())
            }
        }
    }

    /// A parameter that takes what is found at a place: text or a whole number, or a list, map or record of the same type.
    fn cursor(&mut self, name: &Text, found: Option<(&Text, &[&Type])>) -> Option<FieldPath> {
        let (path, target) = condition::path(self.scope, name, self.out)?;
        let is_whole = matches!(target.ty, Type::Array(_) | Type::Map(_) | Type::Named(_) | Type::Json);
        if !is_whole || target.nullable || target.through_items {
            if let Some((at, found)) = found {
                let is_value = |it: &Type| is_text(it) || matches!(it, Type::Integer | Type::Sized(_) | Type::Json);
                self.require(found, at, "text or a whole number", is_value);
            }
            return self.parameter(name, false);
        }
        if let Some((at, found)) = found {
            let what = format!("{}, as `{}` is,", self.view.describe(target.ty), name.value);
            self.require(found, at, &what, |it| it == target.ty || *target.ty == Type::Json);
        }
        self.objects(&path, name)?;
        Some(path)
    }

    /// A parameter that the client sets, or a field of one: text where it is a cursor, a whole number where it counts.
    fn parameter(&mut self, name: &Text, counts: bool) -> Option<FieldPath> {
        let (path, target) = condition::path(self.scope, name, self.out)?;
        let fits = !target.nullable
            && !target.through_items
            && match target.ty {
                Type::Integer | Type::Sized(_) => true,
                ty => is_text(ty) && !counts,
            };
        if !fits {
            let wanted = if counts { "`integer`" } else { "`string` or `integer`" };
            let is = if target.through_items { "in a list".to_owned() } else { self.view.describe(target.ty) };
            let problem = format!("`{}` cannot select a page: it is {is}", name.value);
            let help = format!("its type must be {wanted}, and not nullable");
            self.out.push(say::bad_pages(&problem, &help, name.span));
            return None;
        }
        self.objects(&path, name)?;
        Some(path)
    }

    /// The client makes the objects around what selects a page, unless they are always there.
    fn objects(&mut self, path: &FieldPath, name: &Text) -> Option<()> {
        let mut outer = self.scope.record.field(path.field);
        for step in &path.steps {
            let PathStep::Field(id, ix) = step else { continue };
            let TypeKind::Record(record) = &self.view.types[id.0 as usize].kind else { continue };
            let missing = record.fields.iter().find(|it| it.always_required());
            let (problem, help) = match missing {
                _ if outer.nullable => (
                    format!("`{}` may be `null`, and then has no field that selects a page", outer.name),
                    "remove `nullable`",
                ),
                Some(missing) if !outer.always_required() => (
                    format!("`{}` may be left out, but cannot be created without `{}`", outer.name, missing.name),
                    "require the object, or make its fields optional with `?`",
                ),
                _ => {
                    outer = record.field(*ix);
                    continue;
                }
            };
            self.out.push(say::bad_pages(&problem, help, name.span));
            return None;
        }
        Some(())
    }

    fn place(&mut self, at: &Text, what: &str, fits: impl Fn(&Type) -> bool) {
        if let Some(found) = self.follow(at) {
            self.require(&found, at, what, fits);
        }
    }

    fn require(&mut self, found: &[&Type], at: &Text, what: &str, fits: impl Fn(&Type) -> bool) {
        if !found.iter().any(|it| fits(it)) {
            let is = found.first().map_or(String::new(), |it| format!(" but {}", self.view.describe(it)));
            let problem = format!("`{}` is not {what}{is}", at.value);
            self.out.push(say::bad_pages(&problem, "point to another place", at.span));
        }
    }

    /// The types at a place of the response; the value under a wrapper is below the wrapper's key.
    fn follow(&mut self, at: &Text) -> Option<Vec<&'a Type>> {
        let below = match self.wrapper {
            None => Some(at.value.as_str()),
            Some(key) => at.value.strip_prefix(&format!("/{}", key.replace('~', "~0").replace('/', "~1"))),
        };
        let Some(below) = below.filter(|it| it.is_empty() || it.starts_with('/')) else {
            // Nothing is known of what is beside the wrapped value.
            return (!at.value.is_empty()).then(|| vec![&Type::Json]).or_else(|| {
                self.report_wrapped(at);
                None
            });
        };
        match pointer::follow(self.view, self.ty, below) {
            Ok(found) => Some(found),
            Err(fault) => {
                self.report(at, &fault);
                None
            }
        }
    }

    fn report_wrapped(&mut self, at: &Text) {
        let key = self.wrapper.unwrap_or_default();
        let help = format!("add `items: /{key}`: places begin at the top of the response, outside of `wrapped`");
        self.out.push(say::bad_pages("the response is an object, not a list", &help, at.span));
    }

    fn report(&mut self, at: &Text, fault: &PointerFault) {
        self.out.push(say::bad_pages(&fault.problem(&at.value), &fault.help(), at.span));
    }
}

/// Text, of whatever format: an id may be a UUID, and the next page a URI.
fn is_text(ty: &Type) -> bool {
    matches!(ty, Type::String | Type::Url | Type::HttpsUrl | Type::DateTime | Type::Formatted(_) | Type::Base64)
}
