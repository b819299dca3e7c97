//! What callers of a generated crate write: the names of its items with their types, and which part of the spec each is
//! made from.
//!
//! `cargo xtask diff` compares two of these lists. The names are those that `lower` decides; nothing is named
//! again here.

use crate::diagnostics::Diagnostics;
use crate::lower;
use crate::lower::view::{
    self, Builder, Entry, EnumItem, Events, RecordItem, Reply, Storage, Ty, TypeItem, TypeName, UnionItem,
};
use crate::model::{Api, FieldIx, OperationId, TypeId};

/// One item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// `animeapi::images::generate::Generate::prompt`.
    pub path: String,
    /// What it takes and gives, as far as callers depend on it. Empty: its name is all there is.
    pub signature: String,
    /// What it is made from.
    pub part: Part,
}

/// The part of a spec that an item is made from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The client, or a type that has no name in the spec.
    Client,
    /// A resource, by name.
    Resource(String),
    /// An operation as a whole.
    Operation(OperationId),
    /// What an operation brings.
    Reply(OperationId),
    /// The stream of an operation.
    Stream(OperationId),
    /// An event of a stream, by name.
    StreamEvent(OperationId, String),
    /// The pages of an operation.
    Pages(OperationId),
    /// A parameter.
    Parameter(OperationId, FieldIx),
    /// A variant, by name.
    Variant(OperationId, String),
    /// A type.
    Type(TypeId),
    /// A field of a record, by its name as sent.
    Field(TypeId, String),
    /// A value of an enum or a tag of a union, as sent.
    Value(TypeId, String),
    /// An error code.
    ErrorCode(String),
    /// An event of the webhook.
    Event(String),
}

/// All items of the crate of an API, in the order of the spec.
///
/// # Errors
///
/// As [`crate::pipeline::crate_files`].
pub fn items(api: &Api) -> Result<Vec<Item>, Diagnostics> {
    let krate = lower::api(api)?;
    let mut list = List { krate: &api.name, items: Vec::new() };
    list.client(&krate);
    let resources = || krate.resources.iter().filter_map(|it| it.lowered.as_ref());
    for (resource, model) in resources().zip(&api.resources) {
        list.resource(resource, &model.name);
        for (operation, id) in resource.operations.iter().zip(&model.operations) {
            list.operation(api, resource, operation, *id);
        }
    }
    let homes = std::iter::once((None, &krate.types));
    for (module, types) in homes.chain(resources().map(|it| (Some(it.module.as_str()), &it.types))) {
        for item in types {
            list.type_item(&krate, module, item);
        }
    }
    Ok(list.items)
}

struct List<'a> {
    krate: &'a str,
    items: Vec<Item>,
}

impl List<'_> {
    fn add(&mut self, path: &[&str], signature: String, part: Part) {
        let path = format!("{}::{}", self.krate, path.join("::"));
        self.items.push(Item { path, signature, part });
    }

    fn client(&mut self, krate: &view::Crate) {
        for code in krate.error_codes.iter().flat_map(|it| &it.variants) {
            self.add(&["ErrorCode", &code.ident], String::new(), Part::ErrorCode(code.value.clone()));
        }
        let Some(webhook) = &krate.webhook else { return };
        self.add(&["webhook"], String::new(), Part::Client);
        for event in webhook.events.iter().flat_map(|it| &it.variants) {
            let signature = self.ty(&event.ty);
            self.add(&["webhook", "Event", &event.ident], signature, Part::Event(event.wire.clone()));
        }
    }

    fn resource(&mut self, resource: &view::Resource, name: &str) {
        self.add(&["Client", &resource.module], String::new(), Part::Resource(name.to_owned()));
    }

    fn operation(&mut self, api: &Api, resource: &view::Resource, operation: &view::Operation, id: OperationId) {
        let module = resource.module.as_str();
        let model = api.operation(id);
        let within = [module, operation.module.as_str()];
        let arguments = operation.arguments.iter().filter_map(|it| operation.request.fields.get(*it));
        let arguments: Vec<String> = arguments.map(|it| self.ty(&it.ty)).collect();
        let method = [module, &resource.handle, &operation.method];
        self.add(&method, format!("({})", arguments.join(", ")), Part::Operation(id));
        let reply = self.reply(operation);
        let send = [within[0], within[1], "send"];
        self.add(&send, reply, Part::Reply(id));
        self.further_replies(&within, operation, id);
        match &operation.entry {
            Entry::Single { builder, .. } => self.builder(&within, operation, builder, id),
            Entry::Variants { selector, variants, builders, any, .. } => {
                for (entry, variant) in variants.iter().zip(&model.variants) {
                    let part = Part::Variant(id, variant.name.clone());
                    self.add(&[within[0], within[1], selector, &entry.method], String::new(), part);
                }
                builders.iter().chain([any]).for_each(|it| self.builder(&within, operation, it, id));
            }
        }
        for (index, field) in operation.request.fields.iter().enumerate() {
            let path = [within[0], within[1], &operation.request.ident, &field.ident];
            let signature = self.stored(&field.ty, field.storage);
            self.add(&path, signature, Part::Parameter(id, FieldIx(index as u32)));
        }
    }

    /// The other ways to call it.
    fn further_replies(&mut self, within: &[&str; 2], operation: &view::Operation, id: OperationId) {
        if let Some(stream) = &operation.stream {
            let event = match &stream.events {
                Events::Chunks(ty) => self.ty(ty),
                Events::Named(it) => it.ident.clone(),
            };
            let collected = stream.collected.as_ref().map_or_else(|| "()".to_owned(), |it| self.ty(it));
            let path = [within[0], within[1], "stream"];
            self.add(&path, format!("Streaming<{event}, {collected}>"), Part::Stream(id));
            if let Events::Named(events) = &stream.events {
                for member in &events.members {
                    let signature = member.ty.as_ref().map(|it| self.ty(it)).unwrap_or_default();
                    let path = [within[0], within[1], events.ident.as_str(), member.ident.as_str()];
                    self.add(&path, signature, Part::StreamEvent(id, member.name.clone()));
                }
            }
        }
        if let Some(pages) = &operation.pages {
            let signature = format!("Items<{}>", self.ty(&pages.item));
            self.add(&[within[0], within[1], "items"], signature, Part::Pages(id));
        }
    }

    fn builder(&mut self, within: &[&str; 2], operation: &view::Operation, builder: &Builder, id: OperationId) {
        for setter in &builder.setters {
            let Some(field) = operation.request.fields.get(setter.field) else { continue };
            let subset = setter.subset.and_then(|it| builder.subsets.get(it));
            let ty = match subset {
                Some(subset) => subset.ident.clone(),
                None => self.ty(&field.ty),
            };
            let must = if setter.slot.is_some() { ", must be called" } else { "" };
            let part = || Part::Parameter(id, FieldIx(setter.field as u32));
            let path = [within[0], within[1], &builder.ident, &field.ident];
            self.add(&path, format!("({ty}){must}"), part());
            if let Some(null) = &field.null_setter {
                self.add(&[within[0], within[1], &builder.ident, null], String::new(), part());
            }
        }
        for push in &builder.pushes {
            let arguments: Vec<String> = push.arguments.iter().map(|it| self.ty(&it.ty)).collect();
            let part = Part::Parameter(id, FieldIx(push.field as u32));
            let path = [within[0], within[1], &builder.ident, &push.method];
            self.add(&path, format!("({})", arguments.join(", ")), part);
        }
    }

    fn reply(&self, operation: &view::Operation) -> String {
        match &operation.reply {
            Reply::Empty => "()".to_owned(),
            Reply::Json { ty, .. } => self.ty(ty),
            Reply::Optional { ty, .. } => format!("Option<{}>", self.ty(ty)),
            Reply::ByStatus(all) => {
                let member = |it: &view::StatusMember| match &it.ty {
                    Some(ty) => format!("{}({})", it.ident, self.ty(ty)),
                    None if matches!(it.form, crate::model::StatusForm::Binary(_)) => format!("{}(Bytes)", it.ident),
                    None => it.ident.clone(),
                };
                let members: Vec<String> = all.answers.iter().map(member).collect();
                format!("{} {{ {} }}", all.ident, members.join(", "))
            }
            Reply::Text => "String".to_owned(),
            Reply::Redirect => "Redirect".to_owned(),
            Reply::Bytes => "Download".to_owned(),
            Reply::Task(task) => format!("Task<{}>", self.named(&task.result)),
        }
    }

    fn type_item(&mut self, krate: &view::Crate, module: Option<&str>, item: &TypeItem) {
        let home = module.unwrap_or("types");
        let ident = match item {
            TypeItem::Enum(it) => &it.ident,
            TypeItem::Record(it) => &it.ident,
            TypeItem::Union(it) => &it.ident,
            TypeItem::Alias(it) => &it.record.ident,
        };
        let is_this = |it: &TypeName| it.module.as_deref() == module && it.ident == *ident;
        let id = krate.type_names.iter().position(is_this).map(|it| TypeId(it as u32));
        let part = id.map_or(Part::Client, Part::Type);
        self.add(&[home, ident], String::new(), part.clone());
        match item {
            TypeItem::Enum(it) => self.enum_item(home, it, id),
            TypeItem::Record(it) => self.record(home, it, id),
            TypeItem::Union(it) => self.union(home, it, id),
            TypeItem::Alias(it) => self.record(home, &it.record, id),
        }
    }

    fn enum_item(&mut self, home: &str, item: &EnumItem, id: Option<TypeId>) {
        for variant in &item.variants {
            let part = id.map_or(Part::Client, |it| Part::Value(it, variant.value.clone()));
            self.add(&[home, &item.ident, &variant.ident], String::new(), part);
        }
        if item.other {
            self.add(&[home, &item.ident, "Other"], String::new(), id.map_or(Part::Client, Part::Type));
        } else {
            // A value that may be any text is no copy.
            let path = [home, item.ident.as_str(), "Copy"];
            self.add(&path, String::new(), id.map_or(Part::Client, Part::Type));
        }
    }

    fn record(&mut self, home: &str, item: &RecordItem, id: Option<TypeId>) {
        for field in &item.fields {
            let part = id.map_or(Part::Client, |it| Part::Field(it, field.wire.clone()));
            let signature = self.stored(&field.ty, field.storage);
            self.add(&[home, &item.ident, &field.ident], signature, part);
        }
        let whole = || id.map_or(Part::Client, Part::Type);
        if item.construct {
            let is_argument = |it: &&view::RecordField| {
                !it.received && (it.needed || matches!(it.storage, Storage::Plain | Storage::Null))
            };
            let arguments = item.fields.iter().filter(is_argument);
            let arguments: Vec<String> = arguments.map(|it| self.ty(&it.ty)).collect();
            self.add(&[home, &item.ident, "new"], format!("({})", arguments.join(", ")), whole());
        }
        for made in &item.constructors {
            let arguments: Vec<String> = made.arguments.iter().map(|it| self.ty(&it.ty)).collect();
            self.add(&[home, &item.ident, &made.method], format!("({})", arguments.join(", ")), whole());
        }
        if item.extra || item.additional.is_some() {
            let signature = item.additional.as_ref().map_or_else(|| "Extra".to_owned(), |it| self.ty(it));
            self.add(&[home, &item.ident, "extra"], signature, whole());
        }
    }

    fn union(&mut self, home: &str, item: &UnionItem, id: Option<TypeId>) {
        for member in &item.members {
            let part = id.map_or(Part::Client, |it| Part::Value(it, member.value.clone()));
            let signature = self.ty(&member.ty);
            self.add(&[home, &item.ident, &member.ident], signature, part);
        }
        let whole = || id.map_or(Part::Client, Part::Type);
        if item.other {
            self.add(&[home, &item.ident, "Other"], String::new(), whole());
        }
        for made in &item.constructors {
            let arguments: Vec<String> = made.arguments.iter().map(|it| self.ty(&it.ty)).collect();
            self.add(&[home, &item.ident, &made.method], format!("({})", arguments.join(", ")), whole());
        }
    }

    fn named(&self, name: &TypeName) -> String {
        format!("{}::{}::{}", self.krate, name.module.as_deref().unwrap_or("types"), name.ident)
    }

    fn stored(&self, ty: &Ty, storage: Storage) -> String {
        let ty = self.ty(ty);
        match storage {
            Storage::Plain => ty,
            Storage::Optional | Storage::Null => format!("Option<{ty}>"),
            Storage::OptionalNullable => format!("Option<Nullable<{ty}>>"),
        }
    }

    fn ty(&self, ty: &Ty) -> String {
        match ty {
            Ty::String | Ty::Text(_) => "String".to_owned(),
            Ty::Integer => "i64".to_owned(),
            Ty::Unsigned => "u64".to_owned(),
            Ty::Number => "f64".to_owned(),
            Ty::Boolean => "bool".to_owned(),
            Ty::Json => "Value".to_owned(),
            Ty::File => "File".to_owned(),
            Ty::List(inner) => format!("Vec<{}>", self.ty(inner)),
            Ty::Tuple(items) => {
                let items: Vec<String> = items.iter().map(|it| self.ty(it)).collect();
                format!("({})", items.join(", "))
            }
            Ty::Map(inner) => format!("BTreeMap<String, {}>", self.ty(inner)),
            Ty::Nullable(inner) => format!("Nullable<{}>", self.ty(inner)),
            Ty::Boxed(inner) => format!("Box<{}>", self.ty(inner)),
            Ty::Named { name, .. } => self.named(name),
        }
    }
}
