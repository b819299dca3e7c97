//! Builders: one type per variant whose state says which required parameters are set.
//!
//! All builders of a resource are one generic struct: what they have in common is compiled once. Each has a name of its
//! own, an alias that says what it sends, its state and its variant. So are the selectors in front of variants, which are
//! one struct per crate.

use specwright_format::{Ident, TokenStream, quote};

use super::tokens::{CurrentModule, docs, id, inline};
use crate::lower::view::{Builder, Entry, Need, Operation, Push, RequestField, Setter, Storage, SubsetEnum, Ty};
use crate::rust_words::without_raw_prefix;

const HOME: CurrentModule = CurrentModule::Operation;

/// All builders of an operation, the selector in front of them, and the traits that name what is missing.
pub(crate) fn items(operation: &Operation, reply: &TokenStream) -> TokenStream {
    let ctx = Ctx { operation, reply };
    let needs = requirement_traits(operation);
    match &operation.entry {
        Entry::Single { builder, pinned: _ } => {
            let builder = ctx.builder(builder);
            quote!(#builder #needs)
        }
        Entry::Variants { selector, docs: words, variants, builders, any } => {
            let name = id(selector);
            let words = docs(words);
            let request = id(&operation.request.ident);
            let methods = variants.iter().map(|it| {
                let (words, method) = (docs(&it.docs), id(&it.method));
                let target = &builders[it.builder];
                let ty = id(&target.ident);
                let pins = pin_statements(operation, &it.pinned);
                let mutable = (!it.pinned.is_empty()).then(|| quote!(mut));
                let deprecated =
                    it.pinned.iter().any(|(index, _)| operation.request.fields[*index].deprecated.is_some());
                let allow = deprecated.then(|| quote!(#[allow(deprecated, reason = "sets the field itself")]));
                let named = super::tokens::allow_name(&it.method, super::tokens::Receiver::Value);
                quote! {
                    #words
                    #allow
                    #named
                    #[inline]
                    pub fn #method(#mutable self) -> #ty {
                        #pins
                        #ty { call: self.call, request: self.request, state: PhantomData }
                    }
                }
            });
            let any_ty = id(&any.ident);
            let marks = variant_marks(&operation.full_name, builders.iter().chain([any]));
            let common = ctx.common_setters(any);
            let builders = builders.iter().chain([any]).map(|it| ctx.builder(it));
            quote! {
                #words
                pub type #name = crate::Selector<#request>;
                impl #name {
                    #(#methods)*
                    /// Accepts every parameter of every variant, and checks the request when it is sent.
                    #[inline]
                    pub fn any(self) -> #any_ty {
                        #any_ty { call: self.call, request: self.request, state: PhantomData }
                    }
                }
                #(#builders)*
                #common
                #marks
                #needs
            }
        }
    }
}

/// The types by which the compiler tells the builders of an operation apart.
fn variant_marks<'b>(full_name: &str, builders: impl Iterator<Item = &'b Builder>) -> TokenStream {
    let marks = builders.map(|it| {
        let name = id(&it.ident);
        let words = docs(&vec![format!("The variant of [`{0}`](super::{0}).", it.ident)]);
        quote!(#words pub enum #name {})
    });
    let words = docs(&vec![format!("Tells the builders of `{full_name}` apart.")]);
    quote! {
        #words
        #[doc(hidden)]
        pub mod variant { #(#marks)* }
    }
}

/// Statements that set what choosing a variant decides.
pub(crate) fn pin_statements(operation: &Operation, pinned: &[(usize, crate::lower::view::Literal)]) -> TokenStream {
    let pins = pinned.iter().map(|(index, literal)| {
        let field = &operation.request.fields[*index];
        let (ident, literal) = (id(&field.ident), HOME.literal(literal));
        let literal = match (&field.ty, field.storage) {
            (Ty::String | Ty::Text(_), Storage::OptionalNullable) => {
                quote!(rt::Nullable::Value(#literal.to_owned()))
            }
            (Ty::String | Ty::Text(_), _) => quote!(#literal.to_owned()),
            (_, Storage::OptionalNullable) => quote!(rt::Nullable::Value(#literal)),
            _ => literal,
        };
        quote!(self.request.#ident = Some(#literal);)
    });
    quote!(#(#pins)*)
}

/// One trait per parameter that some builder requires; the compiler's message names the parameter.
fn requirement_traits(operation: &Operation) -> Option<TokenStream> {
    let used = |index: usize| operation.entry.builders().any(|it| it.required.contains(&index));
    let traits: Vec<_> = operation
        .needs
        .iter()
        .enumerate()
        .filter(|(index, _)| used(*index))
        .map(|(_, it)| {
            let Need { field: _, ident, message, label } = it;
            let name = id(ident);
            quote!(#name = #message => #label)
        })
        .collect();
    (!traits.is_empty()).then(|| quote!(rt::requirements!({ #(#traits,)* });))
}

struct Ctx<'o> {
    operation: &'o Operation,
    reply: &'o TokenStream,
}

impl Ctx<'_> {
    fn builder(&self, builder: &Builder) -> TokenStream {
        let Builder { ident, docs: words, required, setters, pushes, subsets } = builder;
        let name = id(ident);
        let words = docs(words);
        let request = id(&self.operation.request.ident);
        let slots: Vec<Ident<'_>> = (0..required.len()).map(slot_ident).collect();
        let subsets = subsets.iter().filter(|it| !it.shared).map(subset_enum);
        let is_plain = |it: &&Setter| it.slot.is_none() && !*it.is_common;
        let plain = setters.iter().filter(is_plain).map(|it| self.setter(builder, it, &slots, !slots.is_empty()));
        let pushed = pushes.iter().filter(|it| it.slot.is_none()).map(|it| self.push(builder, it, &slots));
        let plain = plain.chain(pushed);
        let whole = id(&self.operation.builder_struct);
        let variant = matches!(self.operation.entry, Entry::Variants { .. }).then(|| quote!(variant::#name));
        let bounds = slots.iter().zip(required).map(|(slot, need)| {
            let need = id(&self.operation.needs[*need].ident);
            quote!(#slot: need::#need)
        });
        let bounds = (!slots.is_empty()).then(|| quote!(where #(#bounds),*));
        let sends = self.send_methods(bounds.as_ref());
        if slots.is_empty() {
            let arguments = variant.map(|it| quote!(, (), #it));
            return quote! {
                #words
                pub type #name = super::#whole<#request #arguments>;
                impl #name {
                    #(#plain)*
                    #sends
                }
                #(#subsets)*
            };
        }
        let variant = variant.map(|it| quote!(, #it));
        let plain: Vec<_> = plain.collect();
        let plain = (!plain.is_empty()).then(|| quote!(impl<S> #name<S> { #(#plain)* }));
        let states = setters.iter().filter(|it| it.slot.is_some()).map(|it| self.setter(builder, it, &slots, true));
        let pushed = pushes.iter().filter(|it| it.slot.is_some()).map(|it| self.push(builder, it, &slots));
        let states = states.chain(pushed);
        let unset = slots.iter().map(|_| quote!(rt::Unset));
        let unset = quote!((#(#unset,)*));
        let complex = (slots.len() > MANY_SLOTS)
            .then(|| quote!(#[allow(clippy::type_complexity, reason = "a slot per required parameter")]));
        quote! {
            #words
            pub type #name<S = #unset> = super::#whole<#request, S #variant>;
            #plain
            #complex
            impl<#(#slots),*> #name<(#(#slots,)*)> {
                #(#states)*
                #sends
            }
            #(#subsets)*
        }
    }

    /// What ends the chain: for the answer in one piece, for its events, or both.
    fn send_methods(&self, bounds: Option<&TokenStream>) -> TokenStream {
        let reply = self.reply;
        // With a state the builder is generic.
        let inline = bounds.is_none().then(|| quote!(#[inline]));
        let stream = self.operation.stream.as_ref();
        let send = stream.is_none_or(|it| !it.always).then(|| {
            quote! {
                /// Checks and sends the request when awaited.
                ///
                /// # Errors
                /// Fails if a rule is broken, if the call fails, or if the response cannot be read.
                #inline
                pub fn send(self) -> rt::PendingRequest<#reply> #bounds { self.call.start(self.request) }
            }
        });
        let stream = stream.map(|it| {
            let (event, whole, read) = super::stream::types(it);
            let pins = pin_statements(self.operation, &it.sets);
            let mutable = (!it.sets.is_empty()).then(|| quote!(mut));
            quote! {
                /// Checks and sends the request when awaited, and streams the response.
                ///
                /// # Errors
                /// Fails if a rule is broken, or if the call fails before the first event.
                #inline
                pub fn stream(#mutable self) -> rt::Streaming<#event, #whole> #bounds {
                    #pins
                    self.call.stream(self.request, &STREAM, #read)
                }
            }
        });
        let pages = super::pages::methods(self.operation, bounds);
        quote!(#send #stream #pages)
    }

    /// A method that adds an item to a list.
    fn push(&self, builder: &Builder, push: &Push, slots: &[Ident<'_>]) -> TokenStream {
        let Push { field, slot, method, docs: words, arguments, item, constructor } = push;
        let field: &RequestField = &self.operation.request.fields[*field];
        let named = super::tokens::allow_name(method, super::tokens::Receiver::Value);
        let many = super::tokens::allow_many(arguments.len() + 1);
        let (words, method, list) = (docs(words), id(method), id(&field.ident));
        let (item, constructor) = (HOME.named(item), id(constructor));
        let taken = arguments.iter().map(|it| {
            let ident = id(&it.ident);
            let (ty, _) = HOME.argument(&it.ty, &quote!(#ident));
            quote!(#ident: #ty)
        });
        let taken: Vec<_> = taken.collect();
        let inline = if slots.is_empty() { inline(taken.iter()) } else { None };
        let given = arguments.iter().map(|it| id(&it.ident));
        let (result, finish) = return_with_slot_filled(builder, *slot, slots);
        quote! {
            #words
            #named
            #many
            #inline
            pub fn #method(mut self, #(#taken),*) -> #result {
                self.request.#list.get_or_insert_default().push(#item::#constructor(#(#given),*));
                #finish
            }
        }
    }

    /// The setters that the builders of all variants have.
    fn common_setters(&self, any: &Builder) -> Option<TokenStream> {
        let (whole, request) = (id(&self.operation.builder_struct), id(&self.operation.request.ident));
        let common = any.setters.iter().filter(|it| *it.is_common).map(|it| self.setter(any, it, &[], true));
        let common: Vec<_> = common.collect();
        (!common.is_empty()).then(|| quote!(impl<S, V> super::#whole<#request, S, V> { #(#common)* }))
    }

    /// A method that sets a parameter; `is_generic`: it is one of a builder with type parameters.
    fn setter(&self, builder: &Builder, setter: &Setter, slots: &[Ident<'_>], is_generic: bool) -> TokenStream {
        let field: &RequestField = &self.operation.request.fields[setter.field];
        let (words, ident) = (docs(&setter.docs), id(&field.ident));
        let (argument, value) = match setter.subset {
            Some(subset) => {
                let subset = id(&builder.subsets[subset].ident);
                (quote!(#subset), quote!(#ident.into()))
            }
            None => HOME.argument(&field.ty, &quote!(#ident)),
        };
        let deprecated = field.deprecated.as_ref().map(|it| quote!(#[deprecated = #it]));
        let allow = field.deprecated.is_some().then(|| quote!(#[allow(deprecated, reason = "sets the field itself")]));
        let value = match field.storage {
            Storage::OptionalNullable => quote!(rt::Nullable::Value(#value)),
            Storage::Plain | Storage::Optional | Storage::Null => value,
        };
        let (result, finish) = return_with_slot_filled(builder, setter.slot, slots);
        let (parameter, value) = match field.is_flag {
            true => (quote!(), quote!(String::new())),
            false => (quote!(, #ident: #argument), value),
        };
        let named = super::tokens::allow_name(&field.ident, super::tokens::Receiver::Value);
        let inline = if is_generic { None } else { inline([&argument].into_iter()) };
        let inline_null = (!is_generic).then(|| quote!(#[inline]));
        let null = field.null_setter.as_ref().map(|it| {
            let method = id(it);
            let text = format!(" Sends [`{0}`](#method.{0}) as `null`.", without_raw_prefix(&field.ident));
            quote! {
                #[doc = #text]
                #allow
                #inline_null
                pub fn #method(mut self) -> #result {
                    self.request.#ident = Some(rt::Nullable::Null);
                    #finish
                }
            }
        });
        quote! {
            #words
            #deprecated
            #allow
            #named
            #inline
            pub fn #ident(mut self #parameter) -> #result {
                self.request.#ident = Some(#value);
                #finish
            }
            #null
        }
    }
}

/// What a method gives that fills a slot, and how it ends.
fn return_with_slot_filled(builder: &Builder, slot: Option<usize>, slots: &[Ident<'_>]) -> (TokenStream, TokenStream) {
    let Some(filled) = slot else { return (quote!(Self), quote!(self)) };
    let name = id(&builder.ident);
    let state = |(index, slot): (usize, &Ident<'_>)| if index == filled { quote!(rt::Set) } else { quote!(#slot) };
    let states = slots.iter().enumerate().map(state);
    (quote!(#name<(#(#states,)*)>), quote!(self.into_state()))
}

/// With more slots than this, clippy finds the state too complex a type.
const MANY_SLOTS: usize = 7;

/// Name of a slot of the state: `A`, `B`, …
fn slot_ident(index: usize) -> Ident<'static> {
    let letter = char::from(b'A' + (index % 26) as u8);
    Ident::new(if index < 26 { letter.to_string() } else { format!("{letter}{}", index / 26) })
}

/// The values of an enum that one variant takes.
fn subset_enum(item: &SubsetEnum) -> TokenStream {
    let SubsetEnum { ident, docs: words, full, variants, shared: _ } = item;
    let (name, words, full) = (id(ident), docs(words), HOME.named(full));
    let names: Vec<_> = variants.iter().map(|it| id(&it.ident)).collect();
    let values = variants.iter().map(|it| &it.value);
    let variant_docs = variants.iter().map(|it| docs(&it.docs));
    quote! {
        #words
        #[non_exhaustive]
        pub enum #name { #(#variant_docs #names,)* }
        rt::string_enum!(#name of #full { #(#names = #values),* });
    }
}
