//! Everything that has fields: declared records, the parameters of operations, records written in place.

use std::collections::{BTreeMap, BTreeSet};

use super::assemble::{Assembler, EntrySource, FieldSource};
use super::inline::{self, InlineEnum, pascal};
use super::operations::OperationPlan;
use super::path_template::Template;
use super::styles;
use super::tasks::{self, TaskDeclarations};
use super::types::{self as typing, Types};
use crate::diagnostics::{Diagnostics, types};
use crate::model::{Encoding, Origin, Record, ResourceId, Type, TypeDef, TypeId, TypeKind};
use crate::source::{Span, Spanned};
use crate::syntax::document::{
    ApiDocument, BodyDoc, Entry, OperationDoc, ResourceDocument, ResponseDoc, RuleDoc, StatusCallDoc, TaskDoc,
    TypeDecl, TypeDeclKind, TypeExpr, TypeExprKind,
};

/// What an owner of fields is.
#[derive(Clone)]
pub(super) enum RecordKind {
    Type(TypeId),
    /// How its body can be written.
    Operation(Vec<Encoding>),
}

/// Something with fields.
pub(super) struct RecordSource<'d> {
    pub is: RecordKind,
    pub resource: Option<ResourceId>,
    /// Pascal case, for the names of types made for it.
    pub name: String,
    pub sources: Vec<FieldSource<'d>>,
    /// How the lists and objects of its parameters are written.
    pub styles: styles::Defaults,
    pub rules: Vec<&'d RuleDoc>,
    pub open: bool,
    /// What the fields are that it does not list.
    pub additional: Option<&'d TypeExpr>,
}

/// All owners, and the operations in the order of the spec.
pub(super) struct CollectedRecords<'d> {
    pub owners: Vec<RecordSource<'d>>,
    pub plans: Vec<OperationPlan<'d>>,
}

struct RecordCollector<'d, 't> {
    api: &'d ApiDocument,
    resources: &'d [ResourceDocument],
    types: &'t mut Types<'d>,
    assembler: Assembler<'d>,
    owners: Vec<RecordSource<'d>>,
    taken: BTreeSet<String>,
    /// Operation names that several resources have: types made for them carry the resource's name.
    common: BTreeSet<&'d str>,
    /// The create answers that specs leave to the default, by the names of their fields.
    created: BTreeMap<(String, String, bool), TypeId>,
}

/// Collects all owners; makes types for enums and records written in place.
pub(super) fn collect_records<'d>(
    api: &'d ApiDocument,
    resources: &'d [ResourceDocument],
    types: &mut Types<'d>,
    out: &mut Diagnostics,
) -> CollectedRecords<'d> {
    let mut seen = BTreeSet::new();
    let operations = resources.iter().flat_map(|it| &it.operations);
    let common = operations.map(|it| it.name.value.as_str()).filter(|it| !seen.insert(*it)).collect();
    let taken = types.defs.iter().map(|it| it.name.clone()).collect();
    let assembler = Assembler::new(api, resources);
    let mut gatherer = RecordCollector {
        api,
        resources,
        types,
        assembler,
        owners: Vec::new(),
        taken,
        common,
        created: BTreeMap::new(),
    };
    gatherer.declared(out);
    let mut plans = Vec::new();
    for (ix, resource) in resources.iter().enumerate() {
        for operation in &resource.operations {
            plans.push(gatherer.operation(ix, operation, out));
        }
    }
    gatherer.assembler.report_unused(out);
    CollectedRecords { owners: gatherer.owners, plans }
}

impl<'d> RecordCollector<'d, '_> {
    fn declared(&mut self, out: &mut Diagnostics) {
        for index in 0..self.types.declared.len() {
            let (resource, decl): (Option<ResourceId>, &'d TypeDecl) = self.types.declared[index];
            if let TypeDeclKind::Record { open, additional, .. } = &decl.kind {
                let record = std::mem::take(&mut self.types.records[index]);
                let sources = self.assembler.fields(written(record.fields.iter().copied()), out);
                self.owners.push(RecordSource {
                    is: RecordKind::Type(TypeId(index as u32)),
                    resource,
                    name: decl.name.value.clone(),
                    sources,
                    styles: styles::Defaults::default(),
                    rules: record.rules.clone(),
                    open: *open,
                    additional: additional.as_ref(),
                });
                self.types.records[index] = record;
            }
        }
    }

    fn operation(&mut self, resource: usize, doc: &'d OperationDoc, out: &mut Diagnostics) -> OperationPlan<'d> {
        let template = doc.path_template.as_ref().and_then(|it| Template::parse(it, out));
        let parameters = self.assembler.parameters(resource, doc, template.as_ref(), out);
        let id = ResourceId(resource as u32);
        self.owners.push(RecordSource {
            is: RecordKind::Operation(doc.encodings()),
            resource: Some(id),
            name: pascal(&doc.name.value),
            sources: parameters.sources,
            styles: styles::defaults(doc, &self.resources[resource], self.api),
            rules: parameters.rules,
            open: doc.open,
            additional: None,
        });
        let owner = self.owners.len() - 1;
        let mut plan = OperationPlan {
            resource: id,
            doc,
            template,
            owner,
            response: None,
            by_status: BTreeMap::new(),
            response_headers: None,
            created: None,
            result: None,
        };
        if let Some(response) = &doc.response
            && let ResponseDoc::Body(BodyDoc::Record(fields))
            | ResponseDoc::Nullable(BodyDoc::Record(fields))
            | ResponseDoc::Wrapped(_, BodyDoc::Record(fields))
            | ResponseDoc::PlainText(_, BodyDoc::Record(fields)) = &response.value
        {
            plan.response = Some(self.inline_record(id, doc, "Response", written(&fields.value), fields.span, out));
        }
        if let Some(ResponseDoc::ByStatus(answers)) = doc.response.as_ref().map(|it| &it.value) {
            for answer in answers {
                let (status, Some(BodyDoc::Record(fields))) = (answer.status.value, &answer.body) else { continue };
                let role = crate::model::status_name(status);
                let made = self.inline_record(id, doc, &role, written(&fields.value), fields.span, out);
                plan.by_status.insert(status, made);
            }
        }
        if let Some(headers) = &doc.response_headers {
            let made = self.inline_record(id, doc, "Headers", written(&headers.value), headers.span, out);
            plan.response_headers = Some(made);
        }
        if let Some(task) = &doc.task {
            plan.created = self.created(id, doc, task, out);
            plan.result = self.result_record(id, doc, task, out);
        }
        plan
    }

    /// A record written in place.
    fn inline_record(
        &mut self,
        resource: ResourceId,
        doc: &OperationDoc,
        role: &str,
        fields: Vec<EntrySource<'d>>,
        span: Span,
        out: &mut Diagnostics,
    ) -> TypeId {
        let name = self.inline_record_name(resource, doc, role);
        let sources = self.assembler.fields(fields, out);
        self.record(name, Some(resource), sources, span)
    }

    fn inline_record_name(&mut self, resource: ResourceId, doc: &OperationDoc, role: &str) -> String {
        let short = format!("{}{role}", pascal(&doc.name.value));
        let resource = self.resources[resource.0 as usize].resource.as_ref().map_or("", |it| &it.value);
        let long = format!("{}{short}", pascal(resource));
        let choices = if self.common.contains(doc.name.value.as_str()) { vec![long] } else { vec![short, long] };
        inline::first_free_name(choices, &mut self.taken)
    }

    fn record(
        &mut self,
        name: String,
        resource: Option<ResourceId>,
        sources: Vec<FieldSource<'d>>,
        span: Span,
    ) -> TypeId {
        let id = self.types.add(inline_def(name.clone(), resource, TypeKind::Record(Record::default()), span));
        self.owners.push(RecordSource {
            is: RecordKind::Type(id),
            resource,
            name,
            sources,
            styles: styles::Defaults::default(),
            rules: Vec::new(),
            open: false,
            additional: None,
        });
        id
    }

    fn created(
        &mut self,
        resource: ResourceId,
        doc: &OperationDoc,
        task: &'d TaskDoc,
        out: &mut Diagnostics,
    ) -> Option<TypeId> {
        match &task.created {
            Some(BodyDoc::Record(fields)) => {
                Some(self.inline_record(resource, doc, "Created", written(&fields.value), fields.span, out))
            }
            Some(BodyDoc::Type(expr)) => self.record_type(expr, resource, out),
            None => {
                let said = self.task_declarations(resource, task);
                let is_boolean = tasks::has_boolean_states(&said);
                // A header is no field of the response.
                let in_header = matches!(task.status, Some(StatusCallDoc::Header(_)));
                let id = if in_header { String::new() } else { tasks::id(&said) };
                let key = (id, tasks::state(&said), is_boolean);
                if let Some(place) = [&key.0, &key.1].into_iter().find(|it| it.starts_with('/')) {
                    let problem = format!("the response that creates the task is not described, but has `{place}`");
                    let help = "describe it: `created: {…}`";
                    out.push(types::bad_task(&problem, help, task.span.unwrap_or(doc.name.span)));
                    return None;
                }
                if let Some(id) = self.created.get(&key) {
                    return Some(*id);
                }
                let span = task.span.unwrap_or(doc.name.span);
                let field = |name: &str, optional: bool, kind: TypeExprKind| {
                    let mut entry = crate::syntax::blank_entry(Spanned::new(name.to_owned(), span), optional);
                    entry.ty = Some(TypeExpr { span, kind });
                    EntrySource::Made(Box::new(entry))
                };
                let id = (!in_header).then(|| field(&key.0, false, TypeExprKind::String));
                let mut fields: Vec<_> = id.into_iter().collect();
                if key.1 != key.0 {
                    let kind = if is_boolean { TypeExprKind::Boolean } else { TypeExprKind::String };
                    fields.push(field(&key.1, true, kind));
                }
                let sources = self.assembler.fields(fields, out);
                let name = inline::first_free_name(vec!["TaskCreated".to_owned()], &mut self.taken);
                let id = self.record(name, None, sources, span);
                self.created.insert(key, id);
                Some(id)
            }
        }
    }

    fn task_declarations(&self, resource: ResourceId, own: &'d TaskDoc) -> TaskDeclarations<'d> {
        TaskDeclarations { own, file: &self.resources[resource.0 as usize].tasks, api: &self.api.tasks }
    }

    /// The result's own record, or one in place that adds the fields of every state to it.
    fn result_record(
        &mut self,
        resource: ResourceId,
        doc: &OperationDoc,
        task: &'d TaskDoc,
        out: &mut Diagnostics,
    ) -> Option<TypeId> {
        let every = tasks::every_state(&self.task_declarations(resource, task));
        match task.result.as_ref()? {
            BodyDoc::Record(fields) => {
                for field in &fields.value {
                    if every.iter().any(|it| it.name.value == field.name.value) {
                        let problem = format!("`{}` is a field of every state already", field.name.value);
                        out.push(types::bad_task(&problem, "remove it from `result`", field.name.span));
                    }
                }
                let own = &fields.value;
                let more = every.iter().filter(|it| !own.iter().any(|own| own.name.value == it.name.value));
                let all = written(own.iter().chain(more));
                Some(self.inline_record(resource, doc, "Result", all, fields.span, out))
            }
            BodyDoc::Type(expr) => {
                let id = self.record_type(expr, resource, out)?;
                let fields = self.types.records.get(id.0 as usize)?.fields.clone();
                let missing: Vec<&'d Entry> =
                    every.iter().filter(|it| !fields.iter().any(|own| own.name.value == it.name.value)).collect();
                if missing.is_empty() {
                    return Some(id);
                }
                self.types.copied.insert(id);
                let all = written(fields.into_iter().chain(missing));
                Some(self.inline_record(resource, doc, "Result", all, expr.span, out))
            }
        }
    }

    /// A type that must be a declared record.
    fn record_type(&mut self, expr: &TypeExpr, resource: ResourceId, out: &mut Diagnostics) -> Option<TypeId> {
        let ty = self.types.expr(expr, Some(resource), out)?;
        let id = match ty {
            Type::Named(id) => Some(id),
            _ => None,
        };
        let decl = id.and_then(|id| self.types.declared.get(id.0 as usize).map(|(_, decl)| decl));
        match decl.map(|it| &it.kind) {
            Some(TypeDeclKind::Record { .. }) => id,
            Some(TypeDeclKind::Broken) => None,
            _ => {
                out.push(types::bad_task(
                    "the responses of a task must be objects",
                    "write a record or the name of a record",
                    expr.span,
                ));
                None
            }
        }
    }
}

/// The records of operations, without clauses, and empty ones in place of those of types, which get theirs; enums written in
/// place become types.
pub(super) fn type_all(owners: &[RecordSource<'_>], types: &mut Types<'_>, out: &mut Diagnostics) -> Vec<Record> {
    let resource_name =
        |id: Option<ResourceId>, types: &Types<'_>| types.resource_name(id).map(pascal).unwrap_or_default();
    let mut wanted = Vec::new();
    for (ix, owner) in owners.iter().enumerate() {
        for (at, source) in owner.sources.iter().enumerate() {
            let Some(listed) = inline::enum_of(source) else { continue };
            let open = source.entry.constraints.open.as_ref().or(source.entry.items.open.as_ref());
            wanted.push(InlineEnum {
                at: (ix, at),
                resource: owner.resource,
                resource_name: resource_name(owner.resource, types),
                owner_name: owner.name.clone(),
                field_name: pascal(&source.entry.name.value),
                values: listed.values.iter().map(|it| super::view::value_as_written(&it.value.value)).collect(),
                open: open.is_some_and(|it| it.value),
            });
        }
    }
    let mut taken = types.defs.iter().map(|it| it.name.clone()).collect();
    let mut enums: BTreeMap<(usize, usize), TypeId> = BTreeMap::new();
    for planned in inline::plan_enums(&wanted, &mut taken) {
        let listed = planned.shared_by.iter().filter_map(|(owner, at)| {
            let source = &owners[*owner].sources[*at];
            Some((inline::enum_of(source)?, source))
        });
        let listed: Vec<_> = listed.collect();
        let Some((first, source)) = listed.first() else { continue };
        let open = source.entry.constraints.open.as_ref().or(source.entry.items.open.as_ref());
        let mut def = typing::enum_def(first, open.is_some_and(|it| it.value), false, out);
        // Words may stand beside any of the equal lists.
        for (other, _) in &listed[1..] {
            for (value, doc) in def.values.iter_mut().zip(&other.values) {
                if value.doc.is_empty() {
                    value.doc.clone_from(&doc.doc);
                }
                if value.rust_name.is_none() {
                    value.rust_name = super::names::check_rust(doc.rust.as_ref(), out);
                }
            }
        }
        let id = types.add(inline_def(planned.name, planned.resource, TypeKind::Enum(def), source.entry.name.span));
        enums.extend(planned.shared_by.into_iter().map(|at| (at, id)));
    }
    let mut records = Vec::new();
    for (ix, owner) in owners.iter().enumerate() {
        let mut record = types.record(&owner.sources, owner.resource, |at| enums.get(&(ix, at)).copied(), out);
        record.additional = owner.additional.and_then(|it| types.expr(it, owner.resource, out));
        match owner.is {
            RecordKind::Type(id) => {
                types.defs[id.0 as usize].kind = TypeKind::Record(record);
                records.push(Record::default());
            }
            RecordKind::Operation(_) => records.push(record),
        }
    }
    records
}

fn written<'d>(entries: impl IntoIterator<Item = &'d Entry>) -> Vec<EntrySource<'d>> {
    entries.into_iter().map(EntrySource::Written).collect()
}

fn inline_def(name: String, resource: Option<ResourceId>, kind: TypeKind, span: Span) -> TypeDef {
    TypeDef {
        name,
        inline: true,
        doc: String::new(),
        origin: Origin::default(),
        kind,
        in_request: false,
        in_response: false,
        resource,
        constructors: Vec::new(),
        rust_name: None,
        xml: None,
        span,
    }
}
