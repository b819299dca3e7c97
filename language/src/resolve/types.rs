//! Names of types to ids, type expressions to types, declared types to their kinds.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use serde_json::Value;

use super::assemble::FieldSource;
use super::extends::{self, ExtendedRecord};
use super::names::{self as forms, UniqueNames};
use super::view::TypeView;
use crate::constraints::Written;
use crate::diagnostics::{Diagnostics, names, types};
use crate::model::{
    Constructor, EnumDef, EnumValue, Field, Origin, Record, ResourceId, TaggedUnion, TextFormat, Type, TypeDef, TypeId,
    TypeKind,
};
use crate::source::Span;
use crate::syntax::document::{
    ApiDocument, DescribedValue, EnumDoc, Remarks, ResourceDocument, Text, TypeDecl, TypeDeclKind, TypeExpr,
    TypeExprKind,
};

/// All types so far and how to find them.
pub(super) struct Types<'d> {
    pub defs: Vec<TypeDef>,
    /// Declared types: where, and as what.
    pub declared: Vec<(Option<ResourceId>, &'d TypeDecl)>,
    /// The records among them, with what they take from others.
    pub records: Vec<ExtendedRecord<'d>>,
    by_name: BTreeMap<&'d str, TypeId>,
    resource_names: Vec<String>,
    /// Fields whose type was reported, by the place of their name.
    pub broken: BTreeSet<Span>,
    /// Unions of type expressions, to be looked at when all types are known.
    pub unions: Vec<(Type, Span)>,
    /// Types that were reported, so that nothing more is said about them.
    pub broken_types: BTreeSet<TypeId>,
    /// Records whose fields were taken over by another; that is a use too.
    pub copied: BTreeSet<TypeId>,
}

impl<'d> Types<'d> {
    /// Gives every declared type its id.
    pub(super) fn declare(api: &'d ApiDocument, resources: &'d [ResourceDocument], out: &mut Diagnostics) -> Self {
        let mut types = Self {
            defs: Vec::new(),
            declared: Vec::new(),
            records: Vec::new(),
            by_name: BTreeMap::new(),
            resource_names: resources
                .iter()
                .map(|it| it.resource.as_ref().map(|it| it.value.clone()).unwrap_or_default())
                .collect(),
            broken: BTreeSet::new(),
            unions: Vec::new(),
            broken_types: BTreeSet::new(),
            copied: BTreeSet::new(),
        };
        let of_api = api.types.iter().map(|it| (None, it));
        let of_resources = resources.iter().enumerate();
        let of_resources =
            of_resources.flat_map(|(ix, it)| it.types.iter().map(move |decl| (Some(ResourceId(ix as u32)), decl)));
        let mut scope = UniqueNames::default();
        for (resource, decl) in of_api.chain(of_resources) {
            forms::check_pascal("a type", &decl.name, out);
            // The second of two equal names still gets a type, so that its contents are checked.
            let is_new = scope.add("types", &decl.name, out);
            let id = types.add(TypeDef {
                name: decl.name.value.clone(),
                inline: false,
                doc: decl.doc.clone(),
                origin: origin(&decl.remarks),
                kind: TypeKind::Record(Record::default()),
                in_request: false,
                in_response: false,
                resource,
                constructors: Vec::new(),
                rust_name: forms::check_rust(decl.rust.as_ref(), out),
                xml: decl.xml.clone(),
                span: decl.name.span,
            });
            if is_new {
                types.by_name.insert(&decl.name.value, id);
            }
            types.declared.push((resource, decl));
        }
        types.records = extends::records(&mut types, out);
        types
    }

    /// The name of a resource.
    pub(super) fn resource_name(&self, id: Option<ResourceId>) -> Option<&str> {
        id.map(|it| self.resource_names[it.0 as usize].as_str())
    }

    pub(super) fn add(&mut self, def: TypeDef) -> TypeId {
        self.defs.push(def);
        TypeId(self.defs.len() as u32 - 1)
    }

    /// The type of a name, seen from a resource.
    pub(super) fn named(
        &self,
        name: &str,
        span: Span,
        resource: Option<ResourceId>,
        out: &mut Diagnostics,
    ) -> Option<TypeId> {
        let Some(id) = self.by_name.get(name) else {
            let words =
                ["string", "integer", "number", "boolean", "url", "https-url", "date-time", "base64", "file", "json"];
            let formats = TextFormat::ALL.map(TextFormat::word);
            let words = self.near_in_the_alphabet(name).into_iter().chain(words).chain(formats);
            out.push(names::unknown_type(name, words, span));
            return None;
        };
        let def = &self.defs[id.0 as usize];
        if let Some(owner) = def.resource
            && Some(owner) != resource
        {
            out.push(names::foreign_type(name, &self.resource_names[owner.0 as usize], span, def.span));
            return None;
        }
        Some(*id)
    }

    /// Names of types that may have been meant: of thousands, those that begin like this one.
    fn near_in_the_alphabet(&self, name: &str) -> Vec<&'d str> {
        const MOST: usize = 100;
        let before = (Bound::Unbounded, Bound::Excluded(name));
        let mut near: Vec<_> = self.by_name.range::<str, _>(before).rev().take(MOST).map(|(it, _)| *it).collect();
        near.reverse();
        let behind = (Bound::Included(name), Bound::Unbounded);
        near.extend(self.by_name.range::<str, _>(behind).take(MOST).map(|(it, _)| *it));
        near
    }

    /// The type of an expression. Recursion ends with the expression's own depth, which the parser limits.
    pub(super) fn expr(
        &mut self,
        expr: &TypeExpr,
        resource: Option<ResourceId>,
        out: &mut Diagnostics,
    ) -> Option<Type> {
        Some(match &expr.kind {
            TypeExprKind::String => Type::String,
            TypeExprKind::Integer => Type::Integer,
            TypeExprKind::Sized(format) => Type::Sized(*format),
            TypeExprKind::Number => Type::Number,
            TypeExprKind::Boolean => Type::Boolean,
            TypeExprKind::Url => Type::Url,
            TypeExprKind::HttpsUrl => Type::HttpsUrl,
            TypeExprKind::DateTime => Type::DateTime,
            TypeExprKind::Formatted(format) => Type::Formatted(*format),
            TypeExprKind::Base64 => Type::Base64,
            TypeExprKind::File => Type::File,
            TypeExprKind::Json => Type::Json,
            TypeExprKind::Array(item) => Type::Array(Box::new(self.expr(item, resource, out)?)),
            TypeExprKind::Tuple(items) => {
                let items: Vec<Option<Type>> = items.iter().map(|it| self.expr(it, resource, out)).collect();
                Type::Tuple(items.into_iter().collect::<Option<Vec<_>>>()?)
            }
            TypeExprKind::Map(item) => Type::Map(Box::new(self.expr(item, resource, out)?)),
            TypeExprKind::Nullable(inner) => Type::Nullable(Box::new(self.expr(inner, resource, out)?)),
            TypeExprKind::Union(members) => {
                let resolved: Vec<Option<Type>> = members.iter().map(|it| self.expr(it, resource, out)).collect();
                let union = Type::Union(resolved.into_iter().collect::<Option<Vec<_>>>()?);
                self.unions.push((union.clone(), expr.span));
                union
            }
            TypeExprKind::Named(name) => Type::Named(self.named(name, expr.span, resource, out)?),
        })
    }

    /// The fields of a record, without clauses. `enums` are the types planned for enums in place, by source.
    pub(super) fn record(
        &mut self,
        sources: &[FieldSource<'_>],
        resource: Option<ResourceId>,
        enums: impl Fn(usize) -> Option<TypeId>,
        out: &mut Diagnostics,
    ) -> Record {
        let mut record = Record::default();
        for (ix, source) in sources.iter().enumerate() {
            let entry = &source.entry;
            let ty = match &entry.ty {
                Some(expr) => self.expr(expr, resource, out),
                None => Some(implied_type(source)),
            };
            if ty.is_none() || entry.broken {
                self.broken.insert(entry.name.span);
            }
            let ty = match (ty.unwrap_or(Type::Json), enums(ix)) {
                (Type::String, Some(id)) => Type::Named(id),
                (Type::Array(item), Some(id)) if *item.non_null() == Type::String => Type::Array(item.with_text(id)),
                (Type::Map(item), Some(id)) if *item.non_null() == Type::String => Type::Map(item.with_text(id)),
                (ty, _) => ty,
            };
            record.fields.push(Field {
                name: entry.alias_or_name().value.clone(),
                sent: crate::model::Sent {
                    name: entry.sent.alias.is_some().then(|| entry.name.value.clone()),
                    xml: entry.sent.xml.clone(),
                    ..crate::model::Sent::default()
                },
                location: source.location,
                ty,
                nullable: entry.nullable.as_ref().is_some_and(|it| it.value),
                secret: entry.secret.unwrap_or(false),
                access: entry.access.unwrap_or_default(),
                may_lack: false,
                doc: entry.doc.clone().unwrap_or_default(),
                origin: Origin { unclear: entry.remarks.unclear.clone(), ..origin(&entry.remarks) },
                default: entry.default.as_ref().map(|it| it.value.clone()),
                deprecated: entry.deprecated.clone(),
                clauses: Vec::new(),
                examples: entry.examples.iter().map(|it| it.value.clone()).collect(),
                push: entry.push.iter().map(|it| it.value.clone()).collect(),
                rust_name: forms::check_rust(entry.rust.as_ref(), out),
                client: entry.client.as_ref().map(|it| it.index),
                span: entry.name.span,
            });
        }
        record
    }

    /// The kinds of declared types other than records.
    pub(super) fn define(&mut self, out: &mut Diagnostics) {
        for index in 0..self.declared.len() {
            let (resource, decl) = self.declared[index];
            let id = TypeId(index as u32);
            let kind = match &decl.kind {
                TypeDeclKind::Record { .. } => continue,
                TypeDeclKind::Enum { values, open } => Some(TypeKind::Enum(enum_def(values, *open, true, out))),
                TypeDeclKind::Union { members, any_of } => {
                    let members: Vec<Option<Type>> = members.iter().map(|it| self.expr(it, resource, out)).collect();
                    let members = members.into_iter().collect::<Option<Vec<_>>>();
                    members.map(|members| TypeKind::Union { members, exclusive: !any_of })
                }
                TypeDeclKind::Tagged { tag, tag_type, members, open } => {
                    let members = self.tagged_members(tag, members, resource, out);
                    let (tag, tag_type) = (tag.value.clone(), tag_type.clone());
                    Some(TypeKind::Tagged(TaggedUnion { tag, tag_type, members, open: *open }))
                }
                TypeDeclKind::Broken => None,
            };
            match kind {
                Some(kind) => self.defs[index].kind = kind,
                None => {
                    self.broken_types.insert(id);
                }
            }
        }
    }

    /// The constructors of all types, by index.
    pub(super) fn constructors(&self, out: &mut Diagnostics) -> Vec<Vec<Constructor>> {
        let view = TypeView { types: &self.defs, broken: &self.broken };
        let of = |at: usize, out: &mut Diagnostics| match self.declared.get(at) {
            Some((_, decl)) if !self.broken_types.contains(&TypeId(at as u32)) => {
                super::constructors::resolve(view, TypeId(at as u32), &decl.constructors, out)
            }
            _ => Vec::new(),
        };
        (0..self.defs.len()).map(|at| of(at, out)).collect()
    }

    fn tagged_members(
        &self,
        tag: &Text,
        members: &[(DescribedValue, Text)],
        resource: Option<ResourceId>,
        out: &mut Diagnostics,
    ) -> Vec<(EnumValue, TypeId)> {
        let mut resolved = Vec::new();
        for (value, name) in members {
            let Some(id) = self.named(&name.value, name.span, resource, out) else { continue };
            if let Some((_, decl)) = self.declared.get(id.0 as usize) {
                match &decl.kind {
                    TypeDeclKind::Record { .. } => {
                        let record = self.records.get(id.0 as usize);
                        let mut fields = record.into_iter().flat_map(|it| &it.fields);
                        if let Some(field) = fields.find(|it| it.name.value == tag.value) {
                            let problem = format!("`{}` lists the tag `{}` itself", name.value, tag.value);
                            out.push(types::bad_member(&problem, name.span, Some(field.name.span)));
                        }
                    }
                    TypeDeclKind::Broken => {}
                    TypeDeclKind::Enum { .. } | TypeDeclKind::Union { .. } | TypeDeclKind::Tagged { .. } => {
                        let problem = format!("`{}` is not a record; only records can have a tag", name.value);
                        out.push(types::bad_member(&problem, name.span, Some(decl.name.span)));
                    }
                }
            }
            resolved.push((enum_value(&value.value, &value.doc, value.rust.as_ref(), out), id));
        }
        resolved
    }
}

/// What `enum` or `const` show; text if neither is there.
fn implied_type(source: &FieldSource<'_>) -> Type {
    let constraints = &source.entry.constraints;
    let mut values: Vec<&Value> =
        constraints.enum_.iter().flat_map(|it| &it.values).map(|it| &it.value.value).collect();
    values.extend(constraints.limits.iter().filter_map(|it| match &it.argument {
        Written::Scalar(value) => Some(value),
        _ => None,
    }));
    match values.first() {
        Some(Value::Bool(_)) => Type::Boolean,
        Some(Value::Number(_)) if values.iter().all(|it| it.is_i64() || !it.is_number()) => Type::Integer,
        Some(Value::Number(_)) => Type::Number,
        _ => Type::String,
    }
}

/// The enum of a list of texts.
pub(super) fn enum_def(doc: &EnumDoc, open: bool, report: bool, out: &mut Diagnostics) -> EnumDef {
    let mut values: Vec<EnumValue> = Vec::new();
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for it in &doc.values {
        let span = it.value.span;
        let Some(text) = crate::syntax::as_text(&it.value) else {
            if report {
                let shown = super::view::value_as_written(&it.value.value);
                out.push(types::mixed_enum(&shown, "a text", span));
            }
            continue;
        };
        let Value::String(key) = &it.value.value else { continue };
        if let Some(first) = seen.get(key.as_str()) {
            if report {
                out.push(types::duplicate_value(key, span, *first));
            }
            continue;
        }
        seen.insert(key, span);
        values.push(enum_value(&text, &it.doc, it.rust.as_ref(), out));
    }
    EnumDef { values, open }
}

fn enum_value(value: &Text, doc: &str, rust: Option<&Text>, out: &mut Diagnostics) -> EnumValue {
    EnumValue {
        value: value.value.clone(),
        doc: doc.to_owned(),
        rust_name: forms::check_rust(rust, out),
        span: value.span,
    }
}

pub(super) fn origin(remarks: &Remarks) -> Origin {
    Origin {
        source: remarks.source.clone(),
        unclear: remarks.unclear.clone(),
        certainty: remarks.certainty.unwrap_or_default(),
    }
}
