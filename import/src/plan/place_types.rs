//! Where types go: which are used, by whom, and which are one.

use std::collections::{BTreeMap, BTreeSet};

use super::operation::{PlannedOperation, PlannedOperations};
use super::ty::{Content, Piece, Ty, TypeId};
use super::{Owner, Planner, Worst};
use crate::openapi::SchemaId;

/// Types that are used, and where.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    /// The resources that use a type, themselves or through another.
    pub resources: BTreeMap<TypeId, BTreeSet<String>>,
    /// Types that requests have.
    pub in_request: BTreeSet<TypeId>,
    /// How often a type is named.
    pub counts: BTreeMap<TypeId, usize>,
    /// Records that nothing but others that extend them has.
    pub only_extended: BTreeSet<TypeId>,
}

impl Planner<'_> {
    /// Every named type that a type names itself.
    pub(super) fn named_in(&self, id: TypeId) -> Vec<TypeId> {
        let mut found = Vec::new();
        let mut see = |it: TypeId| found.push(it);
        match &self.types[id.0 as usize].content {
            Content::Waiting | Content::Enum(_) => {}
            Content::Record { fields, extra, .. } => {
                fields.iter().for_each(|it| it.piece.ty.visit(&mut see));
                extra.iter().for_each(|it| it.visit(&mut see));
            }
            Content::Union(members) => members.iter().for_each(|it| it.visit(&mut see)),
            Content::Tagged { members, .. } => members.iter().for_each(|it| see(it.1)),
            Content::Same(ty) => ty.visit(&mut see),
        }
        found
    }

    /// Who names each type.
    pub(super) fn uses_by_type(&self, operations: &PlannedOperations<'_>) -> BTreeMap<TypeId, Vec<Owner>> {
        let mut uses: BTreeMap<TypeId, Vec<Owner>> = BTreeMap::new();
        for at in 0..self.types.len() {
            let id = TypeId(at as u32);
            for used in self.named_in(id) {
                uses.entry(used).or_default().push(Owner::Type(id));
            }
        }
        for operation in &operations.list {
            visit(operation, &mut |id, _| uses.entry(id).or_default().push(Owner::Operation(operation.at)));
        }
        uses
    }

    pub(super) fn usage(&self, operations: &PlannedOperations<'_>) -> Usage {
        let mut usage = Usage::default();
        for operation in &operations.list {
            let mut request = Vec::new();
            let mut all = Vec::new();
            visit(operation, &mut |id, sent| {
                *usage.counts.entry(id).or_default() += 1;
                all.push(id);
                if sent {
                    request.push(id);
                }
            });
            for id in self.reached(all) {
                usage.resources.entry(id).or_default().insert(operation.resource.clone());
            }
            for id in request {
                if !usage.in_request.contains(&id) {
                    let reached = self.reached(vec![id]);
                    usage.in_request.extend(reached);
                }
            }
        }
        let used: Vec<TypeId> = usage.resources.keys().copied().collect();
        for id in &used {
            for named in self.named_in(*id) {
                *usage.counts.entry(named).or_default() += 1;
            }
        }
        for id in used {
            // What others extend has to be seen where they are.
            let Some(parent) = self.parent(id).filter(|it| self.can_be_extended(*it)) else { continue };
            let is_only_extended = !usage.counts.contains_key(&parent);
            if is_only_extended {
                usage.only_extended.insert(parent);
            }
            let of_child = usage.resources.get(&id).cloned().unwrap_or_default();
            let reached = self.reached(vec![parent]);
            for it in &reached {
                usage.resources.entry(*it).or_default().extend(of_child.iter().cloned());
            }
            if is_only_extended && usage.in_request.contains(&id) {
                usage.in_request.extend(reached);
            }
        }
        usage
    }

    /// Whether others can be `like` a record: it has several fields, and no rules.
    fn can_be_extended(&self, id: TypeId) -> bool {
        let content = &self.types[id.0 as usize].content;
        matches!(content, Content::Record { fields, rules, .. } if fields.len() > 2 && rules.is_empty())
    }

    /// The record that another one extends with `allOf`.
    pub(super) fn parent(&self, id: TypeId) -> Option<TypeId> {
        let schema = self.schema(self.types[id.0 as usize].base?);
        schema.all_of.iter().find_map(|part| {
            let (base, _) = self.base(*part);
            let parent = *self.types_by_base.get(&base)?;
            (parent != id && self.types[parent.0 as usize].named).then_some(parent)
        })
    }

    /// Plans records that several others extend and that nothing else uses, so that these can be like them.
    pub(super) fn plan_parents(&mut self, operations: &PlannedOperations<'_>) {
        let usage = self.usage(operations);
        let mut children: BTreeMap<SchemaId, usize> = BTreeMap::new();
        for id in usage.resources.keys() {
            let planned = &self.types[id.0 as usize];
            let (Some(base), Content::Record { .. }) = (planned.base, &planned.content) else { continue };
            for part in self.schema(base).all_of.clone() {
                let (parent, _) = self.base(part);
                if self.kept.contains_key(&parent) && !self.types_by_base.contains_key(&parent) {
                    *children.entry(parent).or_default() += 1;
                }
            }
        }
        for (parent, _) in children.into_iter().filter(|it| it.1 > 1) {
            let flat = self.flat(parent);
            if flat.properties.len() > 2 && flat.choices.is_empty() {
                let place = self.schema(parent).place.clone();
                self.named(parent, &super::Hint::new("", ""), &place);
            }
        }
        self.build_types();
    }

    /// Some types, and all that they use.
    pub(super) fn reached(&self, start: Vec<TypeId>) -> BTreeSet<TypeId> {
        let mut seen = BTreeSet::new();
        let mut waiting = start;
        while let Some(id) = waiting.pop() {
            if seen.insert(id) {
                waiting.extend(self.named_in(id));
            }
        }
        seen
    }

    /// What is not exact of each type, and of all that it uses.
    pub(super) fn worst_of_types(&self) -> Vec<Worst> {
        let of = |at: usize| self.marks.get(&Owner::Type(TypeId(at as u32))).copied().unwrap_or_default();
        let mut worst: Vec<Worst> = (0..self.types.len()).map(of).collect();
        let mut users: Vec<Vec<usize>> = vec![Vec::new(); self.types.len()];
        for at in 0..self.types.len() {
            for used in self.named_in(TypeId(at as u32)) {
                users[used.0 as usize].push(at);
            }
        }
        let mut waiting: Vec<usize> = (0..self.types.len()).filter(|at| worst[*at] != Worst::default()).collect();
        while let Some(at) = waiting.pop() {
            for user in &users[at] {
                let both = worst[*user].max(worst[at]);
                if both != worst[*user] {
                    worst[*user] = both;
                    waiting.push(*user);
                }
            }
        }
        worst
    }

    /// A scalar beside one record or enum, which the document gives no name, is written where it is: `string | Pot`.
    pub(super) fn write_in_place(&mut self, unions: &[TypeId], operations: &mut PlannedOperations<'_>) {
        let mut words: BTreeMap<TypeId, String> = BTreeMap::new();
        for id in unions {
            let planned = &self.types[id.0 as usize];
            let Content::Union(members) = &planned.content else { continue };
            let is_short = match members.as_slice() {
                [one, other] => matches!(one, Ty::Word(_)) != matches!(other, Ty::Word(_)),
                _ => false,
            };
            let is_record = |ty: &Ty| match ty {
                Ty::Word(word) => !matches!(*word, "json" | "file"),
                Ty::Named(it) => match &self.types[it.0 as usize].content {
                    Content::Record { .. } => true,
                    Content::Enum(_) => !members.iter().any(|it| matches!(it, Ty::Word(it) if is_of_texts(it))),
                    _ => false,
                },
                _ => false,
            };
            let fits = !planned.named && !planned.any_of && planned.unclear.is_empty();
            if fits && is_short && members.iter().all(is_record) {
                words.insert(*id, planned.doc.clone());
                self.types[id.0 as usize].content = Content::Same(Ty::Union(members.clone()));
            }
        }
        // Its words go where it goes.
        let settle = |piece: &mut Piece| {
            if let Ty::Named(id) = &piece.ty
                && let Some(doc) = words.get(id)
                && piece.doc.is_empty()
            {
                piece.doc.clone_from(doc);
            }
        };
        for planned in &mut self.types {
            if let Content::Record { fields, .. } = &mut planned.content {
                fields.iter_mut().for_each(|it| settle(&mut it.piece));
            }
        }
        for operation in &mut operations.list {
            operation.body.parameters.iter_mut().for_each(|it| settle(&mut it.piece));
        }
    }

    /// Puts what a type really is in its place.
    pub(super) fn resolve_aliases(&mut self, operations: &mut PlannedOperations<'_>) {
        for _ in 0..16 {
            let mut same: BTreeMap<TypeId, Ty> = BTreeMap::new();
            for (at, planned) in self.types.iter().enumerate() {
                if let Content::Same(ty) = &planned.content {
                    let id = TypeId(at as u32);
                    let mut itself = false;
                    ty.visit(&mut |it| itself |= it == id);
                    same.insert(id, if itself { Ty::JSON } else { ty.clone() });
                }
            }
            if !self.replace_everywhere(operations, &same) {
                return;
            }
        }
    }

    /// What is not exact of a type that goes is not exact of those that use it.
    fn pass_marks_on(&mut self, operations: &PlannedOperations<'_>, same: &BTreeMap<TypeId, Ty>) {
        let marked: BTreeMap<TypeId, Worst> =
            same.keys().filter_map(|id| Some((*id, *self.marks.get(&Owner::Type(*id))?))).collect();
        if marked.is_empty() {
            return;
        }
        let mut found = Vec::new();
        for at in 0..self.types.len() {
            let id = TypeId(at as u32);
            found.extend(self.named_in(id).iter().filter_map(|it| Some((Owner::Type(id), *marked.get(it)?))));
        }
        for operation in &operations.list {
            let used = of_operation(operation);
            found.extend(used.iter().filter_map(|it| Some((Owner::Operation(operation.at), *marked.get(it)?))));
        }
        for (owner, level) in found {
            self.mark_of(owner, level);
        }
    }

    /// Whether something changed.
    pub(super) fn replace_everywhere(
        &mut self,
        operations: &mut PlannedOperations<'_>,
        same: &BTreeMap<TypeId, Ty>,
    ) -> bool {
        self.pass_marks_on(operations, same);
        let changed = std::cell::Cell::new(false);
        let replacement = |id: TypeId| {
            let ty = same.get(&id).cloned();
            changed.set(changed.get() || ty.is_some());
            ty
        };
        for planned in &mut self.types {
            match &mut planned.content {
                Content::Record { fields, extra, .. } => {
                    fields.iter_mut().for_each(|it| it.piece.ty.replace(&replacement));
                    extra.iter_mut().for_each(|it| it.replace(&replacement));
                }
                Content::Union(members) => members.iter_mut().for_each(|it| it.replace(&replacement)),
                Content::Tagged { members, .. } => {
                    for (_, member) in members {
                        if let Some(Ty::Named(other)) = replacement(*member) {
                            *member = other;
                        }
                    }
                }
                Content::Waiting | Content::Enum(_) | Content::Same(_) => {}
            }
        }
        for operation in &mut operations.list {
            types_of(operation, &mut |it| it.replace(&replacement));
            let errors = &mut operation.errors;
            for ty in errors.statuses.iter_mut().filter_map(|it| it.2.as_mut()).chain(&mut errors.default) {
                ty.replace(&replacement);
            }
        }
        changed.get()
    }
}

/// Whether a type without a name is text.
fn is_of_texts(word: &str) -> bool {
    !matches!(word, "integer" | "int32" | "uint32" | "uint64" | "number" | "boolean")
}

/// The type expressions of an operation, but for those of its errors.
fn types_of(operation: &mut PlannedOperation<'_>, see: &mut dyn FnMut(&mut Ty)) {
    use super::response::Answer;
    let parameters = &mut operation.parameters;
    let body = &mut operation.body.parameters;
    let lists = [&mut parameters.path, &mut parameters.query, &mut parameters.headers, &mut parameters.cookies, body];
    for parameter in lists.into_iter().flatten() {
        see(&mut parameter.piece.ty);
    }
    let answers = &mut operation.answers;
    match &mut answers.answer {
        Answer::Json { ty, .. } => see(ty),
        Answer::ByStatus(all) => {
            for (_, answer) in all {
                if let Answer::Json { ty, .. } = answer {
                    see(ty);
                }
            }
        }
        Answer::None | Answer::Text(_) | Answer::Binary(_) | Answer::Redirect | Answer::Stream => {}
    }
    answers.headers.iter_mut().for_each(|it| see(&mut it.piece.ty));
    if let Some(stream) = &mut answers.stream {
        see(&mut stream.data);
    }
}

/// Every named type of an operation, and whether it is sent.
fn visit(operation: &PlannedOperation<'_>, see: &mut dyn FnMut(TypeId, bool)) {
    use super::response::Answer;
    let parameters = &operation.parameters;
    let body = &operation.body.parameters;
    let lists = [&parameters.path, &parameters.query, &parameters.headers, &parameters.cookies, body];
    for parameter in lists.into_iter().flatten() {
        parameter.piece.ty.visit(&mut |it| see(it, true));
    }
    match &operation.answers.answer {
        Answer::Json { ty, .. } => ty.visit(&mut |it| see(it, false)),
        Answer::ByStatus(all) => {
            for (_, answer) in all {
                if let Answer::Json { ty, .. } = answer {
                    ty.visit(&mut |it| see(it, false));
                }
            }
        }
        Answer::None | Answer::Text(_) | Answer::Binary(_) | Answer::Redirect | Answer::Stream => {}
    }
    operation.answers.headers.iter().for_each(|it| it.piece.ty.visit(&mut |it| see(it, false)));
    if let Some(stream) = &operation.answers.stream {
        stream.data.visit(&mut |it| see(it, false));
    }
    for ty in operation.errors.statuses.iter().filter_map(|it| it.2.as_ref()).chain(&operation.errors.default) {
        ty.visit(&mut |it| see(it, false));
    }
}

/// The named types of an operation.
pub(super) fn of_operation(operation: &PlannedOperation<'_>) -> Vec<TypeId> {
    let mut found = Vec::new();
    visit(operation, &mut |id, _| found.push(id));
    found
}

/// The named types of what an operation sends.
pub(super) fn of_request(operation: &PlannedOperation<'_>) -> Vec<TypeId> {
    let mut found = Vec::new();
    visit(operation, &mut |id, sent| found.extend(sent.then_some(id)));
    found
}
