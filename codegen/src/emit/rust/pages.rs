//! Pagination of an operation: the methods that end the chain, and what the runtime follows.

use specwright_format::{TokenStream, quote};

use super::tokens::{CurrentModule, id, option};
use crate::lower::view::{NamedKind, Operation, PageField, PageSelector, Pages, Reply, Storage, Ty};
use crate::model::{MessagePlace, NextPage};

const HOME: CurrentModule = CurrentModule::Operation;

/// `pages()` and `items()`.
pub(crate) fn methods(operation: &Operation, bounds: Option<&TokenStream>) -> Option<TokenStream> {
    operation.pages.as_ref()?;
    let request = id(&operation.request.ident);
    let inline = bounds.is_none().then(|| quote!(#[inline]));
    Some(quote! {
        /// The pages of the list as a stream. Each page is requested when it is asked for.
        #inline
        pub fn pages(self) -> rt::Pages<#request> #bounds { rt::Pages::new(self.call, self.request) }

        /// The items of the list as a stream. Pages are requested as they are needed.
        #inline
        pub fn items(self) -> rt::Items<#request> #bounds { rt::Items::new(self.call, self.request) }
    })
}

/// The implementation of the runtime's trait.
pub(crate) fn implementation(operation: &Operation) -> Option<TokenStream> {
    let Pages { item, selector, spec } = operation.pages.as_ref()?;
    let page = match &operation.reply {
        Reply::Json { ty, .. } => HOME.ty(ty),
        Reply::Optional { ty, .. } => {
            let ty = HOME.ty(ty);
            quote!(Option<#ty>)
        }
        _ => return None,
    };
    let (request, item) = (id(&operation.request.ident), HOME.ty(item));
    let mut nested = None;
    let selector = match selector {
        PageSelector::Cursor(field) if field.objects.is_empty() => {
            let field = id(&field.ident);
            Some(quote!(, select #field))
        }
        PageSelector::Number(field) if field.objects.is_empty() => {
            let field = id(&field.ident);
            Some(quote!(, number #field))
        }
        PageSelector::Cursor(field) => {
            nested = Some((nested_selection(field), quote!(None)));
            None
        }
        PageSelector::Number(field) => {
            nested = Some((nested_selection(field), nested_number(field)));
            None
        }
        PageSelector::Url => None,
    };
    let next = match &spec.next {
        NextPage::Cursor { from, .. } => quote!(Cursor(#from)),
        NextPage::Header { name, .. } => {
            let name = name.to_ascii_lowercase();
            quote!(Header(#name))
        }
        NextPage::LastItem { at, .. } => quote!(LastItem(#at)),
        NextPage::Offset { total, .. } => {
            let total = count(total.as_ref());
            quote!(Offset(#total))
        }
        NextPage::Number { first, pages, .. } => {
            let (first, pages) = (super::tokens::integer((*first).into()), count(pages.as_ref()));
            quote!(Number(#first, #pages))
        }
        NextPage::Url(at) => quote!(Url(#at)),
        NextPage::Link(relation) => quote!(Link(#relation)),
    };
    let items = &spec.items;
    let more = match &spec.more {
        Some((at, goes_on)) => quote!(Some((#at, #goes_on))),
        None => quote!(None),
    };
    let spec = quote!(items: #items, next: rt::NextPage::#next, more: #more);
    if let Some((select, selected)) = nested {
        return Some(quote! {
            impl rt::Paged for #request {
                type Page = #page;
                type Item = #item;

                fn pages() -> &'static rt::PageSpec {
                    static PAGES: rt::PageSpec = rt::PageSpec { #spec };
                    &PAGES
                }

                fn select(&mut self, page: &rt::Value) -> ::core::result::Result<(), rt::DecodeError> {
                    let page = rt::Reader::new(page);
                    #select
                    Ok(())
                }

                fn selected(&self) -> Option<i64> { #selected }
            }
        });
    }
    Some(quote! {
        rt::paged!(#request => #page [#item] #selector { #spec });
    })
}

/// Sets a field inside of objects of the request, which are created if they can be.
fn nested_selection(field: &PageField) -> TokenStream {
    let mut place = quote!(self);
    for object in &field.objects {
        let ident = id(&object.ident);
        place = match (&object.ty, object.storage) {
            (_, Storage::Plain | Storage::Null) => quote!(#place.#ident),
            (Some(ty), _) => {
                let ty = HOME.ty(&Ty::Named { name: ty.clone(), kind: NamedKind::Record });
                let made = if object.boxed { quote!(|| Box::new(#ty::new())) } else { quote!(#ty::new) };
                quote!(#place.#ident.get_or_insert_with(#made))
            }
            (None, _) => {
                let wanted = format!("the object `{}` in the request", object.name);
                quote!(#place.#ident.as_mut().ok_or_else(|| page.expected(#wanted))?)
            }
        };
    }
    let ident = id(&field.ident);
    let value = quote!(rt::Decode::decode(&page)?);
    let value = if matches!(field.storage, Storage::Plain) { value } else { quote!(Some(#value)) };
    quote!(#place.#ident = #value;)
}

/// The number in a field inside of objects.
fn nested_number(field: &PageField) -> TokenStream {
    let mut place = quote!(self);
    for object in &field.objects {
        let ident = id(&object.ident);
        place = match object.storage {
            Storage::Plain | Storage::Null => quote!(#place.#ident),
            Storage::Optional | Storage::OptionalNullable => quote!(#place.#ident.as_ref()?),
        };
    }
    let ident = id(&field.ident);
    let field =
        if matches!(field.storage, Storage::Plain) { quote!(Some(#place.#ident)) } else { quote!(#place.#ident) };
    quote!(rt::page_number(#field))
}

/// The place of a number: a JSON pointer, or the name of a header in lower case.
fn count(place: Option<&MessagePlace>) -> TokenStream {
    let word = place.map(|it| match it {
        MessagePlace::Body(at) => at.clone(),
        MessagePlace::Header(name) => name.to_ascii_lowercase(),
    });
    option(word.as_deref())
}
