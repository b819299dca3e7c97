//! `types.rs`: enums and records with their codecs and checks; `unions` adds the others.

use specwright_format::{TokenStream, quote};

use super::checks;
use super::codec::listed_in_record;
use super::print::Module;
use super::tokens::{CurrentModule, docs, id, inline, module_docs};
use super::unions::union_item;
use crate::lower::view::{AliasItem, Crate, Docs, EnumItem, RecordField, RecordItem, Resource, Storage, Ty, TypeItem};
use crate::rust_words::without_raw_prefix;

/// The types that several resources share.
#[derive(Clone, Hash)]
pub(crate) struct SharedTypes<'c> {
    /// What sentences call the API.
    api: &'c str,
    /// Of all resources.
    features: Vec<&'c str>,
    types: &'c [TypeItem],
}

impl<'c> SharedTypes<'c> {
    pub(crate) fn of(krate: &'c Crate) -> Self {
        let features = krate.resources.iter().map(|it| it.feature.as_str()).collect();
        Self { api: &krate.display_name, features, types: &krate.types }
    }
}

/// `crate::types`: the types that several resources share.
pub(crate) fn module(SharedTypes { api, features, types }: SharedTypes<'_>) -> Module {
    let words = vec![
        format!("Types of {api} that several resources share."),
        String::new(),
        "Responses stay readable when the API grows: unknown fields are kept in `extra`, unknown values in `Other`."
            .to_owned(),
    ];
    let checked = types.iter().any(|it| match it {
        TypeItem::Enum(_) => false,
        TypeItem::Record(it) => it.check.is_some(),
        TypeItem::Union(it) => it.check.is_some(),
        TypeItem::Alias(_) => false,
    });
    let all = match features.as_slice() {
        [only] => quote!(feature = #only),
        _ => quote!(all(#(feature = #features),*)),
    };
    let dead = checked
        .then(|| quote!(#![cfg_attr(not(#all), allow(dead_code, reason = "used by resources that are left out"))]));
    items(&words, dead, types, CurrentModule::Shared)
}

/// `types.rs` of a resource: the types that only it uses.
pub(crate) fn resource_module(resource: &Resource) -> Module {
    let words = vec![format!("Types of {}.", resource.rustdoc_title)];
    items(&words, None, &resource.types, CurrentModule::Types)
}

fn items(words: &Docs, dead: Option<TokenStream>, types: &[TypeItem], home: CurrentModule) -> Module {
    let words = module_docs(words);
    let items: TokenStream = types
        .iter()
        .map(|it| match it {
            TypeItem::Enum(it) => enum_item(it),
            TypeItem::Record(it) => record_item(it, home),
            TypeItem::Union(it) => union_item(it, home),
            TypeItem::Alias(it) => alias_item(it, home),
        })
        .collect();
    let maps = types.iter().any(uses_map).then(|| {
        quote!(
            use std::collections::BTreeMap;
        )
    });
    let fmt = types.iter().any(uses_fmt).then(|| {
        quote!(
            use std::fmt;
        )
    });
    let runtime = (!types.is_empty()).then(|| {
        quote!(
            use specwright_runtime as rt;
        )
    });
    let head = move |[shared]: [bool; 1]| {
        let shared = shared.then(|| {
            quote!(
                use crate::types;
            )
        });
        quote! {
            #words
            #dead
            #maps
            #fmt
            #runtime
            #shared
        }
    };
    Module::new(["types"], head, items)
}

/// The module of error codes.
pub(crate) fn error_module(krate: &Crate, codes: &EnumItem) -> TokenStream {
    let words = module_docs(&vec![format!("Error codes of {}.", krate.display_name)]);
    let item = enum_item(codes);
    quote! {
        #words
        use specwright_runtime as rt;
        #item
        impl ErrorCode {
            /// The code of a failed call, if its response has one.
            #[must_use]
            #[inline]
            pub fn of(error: &rt::Error) -> Option<Self> {
                error.code().map(Self::from)
            }
        }
    }
}

fn alias_item(item: &AliasItem, home: CurrentModule) -> TokenStream {
    let AliasItem { record, target } = item;
    let (words, name, target) = (docs(&record.docs), id(&record.ident), home.named(target));
    quote!(#words pub type #name = #target;)
}

fn uses_map(item: &TypeItem) -> bool {
    fn holds(ty: &Ty) -> bool {
        match ty {
            Ty::Map(_) => true,
            Ty::List(inner) | Ty::Nullable(inner) => holds(inner),
            Ty::Tuple(items) => items.iter().any(holds),
            _ => false,
        }
    }
    match item {
        TypeItem::Enum(_) | TypeItem::Alias(_) => false,
        TypeItem::Record(it) => it.additional.is_some() || it.fields.iter().any(|it| holds(&it.ty)),
        TypeItem::Union(it) => it.members.iter().any(|it| holds(&it.ty)),
    }
}

fn uses_fmt(item: &TypeItem) -> bool {
    match item {
        TypeItem::Enum(_) | TypeItem::Record(_) | TypeItem::Alias(_) => false,
        TypeItem::Union(it) => it.as_text,
    }
}

fn enum_item(item: &EnumItem) -> TokenStream {
    let EnumItem { ident, docs: words, variants, other, as_text } = item;
    let name = id(ident);
    let words = docs(words);
    let names: Vec<_> = variants.iter().map(|it| id(&it.ident)).collect();
    let values = variants.iter().map(|it| &it.value);
    let variant_docs = variants.iter().map(|it| docs(&it.docs));
    let (other_variant, derive, open) = if *other {
        let variant = quote! {
            /// A value that the API's documentation does not list.
            Other(String),
        };
        (Some(variant), Some(quote!(#[derive(Clone, PartialEq, Hash)])), Some(quote!(open)))
    } else {
        (None, None, None)
    };
    let parameter = as_text.then(|| {
        quote! {
            impl rt::Parameter for #name {
                #[inline]
                fn each_text(&self, send: &mut dyn FnMut(&str)) { send(self.as_str()); }
            }
        }
    });
    quote! {
        #words
        #derive
        #[non_exhaustive]
        pub enum #name {
            #(#variant_docs #names,)*
            #other_variant
        }
        rt::string_enum!(#open #name { #(#names = #values),* });
        #parameter
    }
}

fn record_item(item: &RecordItem, home: CurrentModule) -> TokenStream {
    let RecordItem {
        ident,
        docs: words,
        fields,
        tags,
        extra,
        is_compared,
        additional,
        strict,
        construct,
        constructors,
        check,
    } = item;
    let name = id(ident);
    let words = docs(words);
    let declared = fields.iter().map(|it| {
        let (words, ident, ty) = (docs(&it.docs), id(&it.ident), home.stored(&it.ty, it.storage));
        let deprecated = it.deprecated.as_ref().map(|it| quote!(#[deprecated = #it]));
        quote!(#words #deprecated pub #ident: #ty)
    });
    let extra_field = match additional {
        Some(ty) => {
            let ty = home.ty(ty);
            Some(quote! {
                /// Fields by names that the spec does not list.
                pub extra: BTreeMap<String, #ty>,
            })
        }
        None => extra.then(|| {
            quote! {
                /// Fields that this crate does not know.
                pub extra: rt::Extra,
            }
        }),
    };
    let short = constructors.iter().map(|it| super::constructors::function(ident, it, home));
    let short = quote!(#(#short)*);
    let methods = construct.then(|| constructor(item, home)).map(|it| quote!(#it #short));
    let checks = check.as_ref().map(|it| checks::function(it, home));
    let uses_deprecated = fields.iter().any(|it| it.deprecated.is_some());
    let allow = uses_deprecated.then(|| quote!(#[allow(deprecated, reason = "every field is handled")]));
    let methods = (methods.is_some() || checks.is_some()).then(|| quote!(#allow impl #name { #methods #checks }));
    // Answers keep what they do not know; what only requests hold is exact.
    let strict = strict.then(|| quote!(strict));
    let list = fields.iter().map(listed_in_record);
    let rest = match additional {
        None if *extra && *is_compared => Some(quote!(..extra as Unlisted)),
        _ => (*extra || additional.is_some()).then(|| quote!(..extra)),
    };
    quote! {
        #words
        #[derive(Clone, PartialEq)]
        #[non_exhaustive]
        pub struct #name { #(#declared,)* #extra_field }
        #methods
        rt::record!(#strict #name #(tag #tags)* { #(#list,)* #rest });
    }
}

/// `new` with what is required, and a setter for everything else.
fn constructor(item: &RecordItem, home: CurrentModule) -> TokenStream {
    let mut arguments = Vec::new();
    let mut values = Vec::new();
    let mut setters = Vec::new();
    for field in &item.fields {
        let ident = id(&field.ident);
        let (argument, value) = home.argument(&field.ty, &quote!(#ident));
        match field.storage {
            _ if field.received => values.push(quote!(#ident: None)),
            Storage::OptionalNullable if field.needed => {
                let ty = home.ty(&field.ty);
                arguments.push(quote!(#ident: Option<#ty>));
                values.push(quote!(#ident: Some(#ident.into())));
                setters.push(record_setter(field, home));
            }
            _ if field.needed => {
                arguments.push(quote!(#ident: #argument));
                values.push(quote!(#ident: Some(#value)));
                setters.push(record_setter(field, home));
            }
            Storage::Plain => {
                arguments.push(quote!(#ident: #argument));
                // Written as `role`, not `role: role`.
                let same = value.is(ident.as_str());
                values.push(if same { quote!(#ident) } else { quote!(#ident: #value) });
            }
            Storage::Null => match &field.ty {
                // People hand the value itself in.
                Ty::Boxed(inner) => {
                    let ty = home.ty(inner);
                    arguments.push(quote!(#ident: Option<#ty>));
                    values.push(quote!(#ident: #ident.map(Box::new)));
                }
                ty => {
                    let ty = home.ty(ty);
                    arguments.push(quote!(#ident: Option<#ty>));
                    values.push(quote!(#ident));
                }
            },
            Storage::Optional | Storage::OptionalNullable => {
                values.push(quote!(#ident: None));
                setters.push(record_setter(field, home));
            }
        }
    }
    if let Some(ty) = &item.additional {
        values.push(quote!(extra: BTreeMap::new()));
        let value = quote!(extra);
        let (argument, value) = home.argument(&Ty::Map(Box::new(ty.clone())), &value);
        setters.push(quote! {
            /// Sets fields by names that the spec does not list.
            #[must_use]
            pub fn extra(mut self, extra: #argument) -> Self {
                self.extra = #value;
                self
            }
        });
    } else if item.extra {
        values.push(quote!(extra: rt::Extra::new()));
    }
    let many = (arguments.len() > 7)
        .then(|| quote!(#[allow(clippy::too_many_arguments, reason = "the API requires them all")]));
    let inline = inline(arguments.iter());
    let words =
        if arguments.is_empty() { " Creates an empty value." } else { " Creates a value with the required fields." };
    let default = arguments
        .is_empty()
        .then(|| quote!(#[allow(clippy::new_without_default, reason = "required fields may come later")]));
    quote! {
        #[doc = #words]
        #[must_use]
        #many
        #default
        #inline
        pub fn new(#(#arguments),*) -> Self { Self { #(#values),* } }
        #(#setters)*
    }
}

fn record_setter(field: &RecordField, home: CurrentModule) -> TokenStream {
    let named = super::tokens::allow_name(&field.ident, super::tokens::Receiver::Value);
    // What it is stands at the field.
    let plain = without_raw_prefix(&field.ident);
    let (words, ident) = (docs(&vec![format!("Sets [`{plain}`](#structfield.{plain}).")]), id(&field.ident));
    let (argument, value) = home.argument(&field.ty, &quote!(#ident));
    let deprecated = field.deprecated.as_ref().map(|it| quote!(#[deprecated = #it]));
    let null = field.null_setter.as_ref().map(|it| {
        let method = id(it);
        let text = format!(" Sends [`{0}`](Self::{0}) as `null`.", without_raw_prefix(&field.ident));
        quote! {
            #[doc = #text]
            #[must_use]
            #[inline]
            pub fn #method(mut self) -> Self {
                self.#ident = Some(rt::Nullable::Null);
                self
            }
        }
    });
    let inline = inline([&argument].into_iter());
    let value = match field.storage {
        Storage::OptionalNullable => quote!(rt::Nullable::Value(#value)),
        Storage::Plain | Storage::Optional | Storage::Null => value,
    };
    quote! {
        #words
        #deprecated
        #named
        #[must_use]
        #inline
        pub fn #ident(mut self, #ident: #argument) -> Self {
            self.#ident = Some(#value);
            self
        }
        #null
    }
}
