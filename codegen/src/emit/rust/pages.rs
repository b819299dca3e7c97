//! Pagination of an operation: the methods that end the chain, and what the runtime follows.

use proc_macro2::TokenStream;
use quote::quote;

use super::tokens::{CurrentModule, id, option};
use crate::lower::view::{Operation, PageSelector, Pages, Reply};
use crate::model::NextPage;

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
    let field = |index: &usize| id(&operation.request.fields[*index].ident);
    let selector = match selector {
        PageSelector::Cursor(index) => {
            let field = field(index);
            Some(quote!(, select #field))
        }
        PageSelector::Number(index) => {
            let field = field(index);
            Some(quote!(, number #field))
        }
        PageSelector::Url => None,
    };
    let next = match &spec.next {
        NextPage::Cursor { from, .. } => quote!(Cursor(#from)),
        NextPage::LastItem { at, .. } => quote!(LastItem(#at)),
        NextPage::Offset { total, .. } => {
            let total = option(total.as_deref());
            quote!(Offset(#total))
        }
        NextPage::Number { first, pages, .. } => {
            let (first, pages) = (proc_macro2::Literal::i64_unsuffixed(*first), option(pages.as_deref()));
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
    Some(quote! {
        rt::paged!(#request => #page [#item] #selector { items: #items, next: rt::NextPage::#next, more: #more });
    })
}
