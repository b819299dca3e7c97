//! Short ways to write a value of a type.
//!
//! `user: {role: user, content: $}` becomes
//!
//! ```text
//! pub fn user(content: impl Into<Content>) -> Self { Self { role: Role::User, content: content.into() } }
//! ```

use specwright_format::{TokenStream, quote};

use super::tokens::{CurrentModule, Receiver, allow_many, allow_name, docs, id, inline};
use crate::lower::view::{Ctor, Expr, ExtraFields, Literal, Storage};
use crate::rust_words::without_raw_prefix;

/// A constructor of a type as an associated function.
pub(crate) fn function(ty: &str, ctor: &Ctor, home: CurrentModule) -> TokenStream {
    let Ctor { method, docs: words, arguments, value } = ctor;
    let named = allow_name(method, Receiver::None);
    let many = allow_many(arguments.len());
    let of_type =
        without_raw_prefix(method).replace('_', "").eq_ignore_ascii_case(without_raw_prefix(ty).trim_end_matches('_'));
    let of_type = of_type.then(|| quote!(#[allow(clippy::self_named_constructors, reason = "a name of the API")]));
    let (words, method) = (docs(words), id(method));
    let arguments: Vec<_> = arguments
        .iter()
        .map(|it| {
            let ident = id(&it.ident);
            let (ty, value) = home.argument(&it.ty, &quote!(#ident));
            (quote!(#ident: #ty), value)
        })
        .collect();
    let taken: Vec<_> = arguments.iter().map(|it| &it.0).collect();
    let inline = inline(taken.iter().copied());
    let value = expr(value, &arguments, home);
    quote! {
        #words
        #named
        #of_type
        #many
        #[must_use]
        #inline
        pub fn #method(#(#taken),*) -> Self { #value }
    }
}

fn expr(value: &Expr, arguments: &[(TokenStream, TokenStream)], home: CurrentModule) -> TokenStream {
    match value {
        Expr::Argument(at) => arguments.get(*at).map(|it| it.1.clone()).unwrap_or_default(),
        Expr::Literal(literal, text) => {
            let owned = (*text && matches!(literal, Literal::Text(_))).then(|| quote!(.to_owned()));
            let literal = home.literal(literal);
            quote!(#literal #owned)
        }
        Expr::Json(text) => {
            quote!(rt::constant(#text))
        }
        Expr::List(items) => {
            let items = items.iter().map(|it| expr(it, arguments, home));
            quote!(vec![#(#items),*])
        }
        Expr::Boxed(inner) => {
            let inner = expr(inner, arguments, home);
            quote!(Box::new(#inner))
        }
        Expr::Record { name, fields, extra } => {
            let name = home.named(name);
            let fields = fields.iter().map(|(ident, storage, value)| {
                let ident = id(ident);
                match value {
                    None => quote!(#ident: None),
                    Some(value) => {
                        let value = expr(value, arguments, home);
                        let value = match storage {
                            Storage::Plain => value,
                            Storage::Optional | Storage::Null => quote!(Some(#value)),
                            Storage::OptionalNullable => quote!(Some(rt::Nullable::Value(#value))),
                        };
                        if value.is(ident.as_str()) { quote!(#ident) } else { quote!(#ident: #value) }
                    }
                }
            });
            let extra = extra.map(|it| match it {
                ExtraFields::Any => quote!(extra: rt::Extra::new(),),
                ExtraFields::Typed => quote!(extra: BTreeMap::new(),),
            });
            quote!(#name { #(#fields,)* #extra })
        }
        Expr::Member { name, variant, inner } => {
            let (name, variant) = (home.named(name), id(variant));
            let inner = expr(inner, arguments, home);
            quote!(#name::#variant(#inner))
        }
    }
}
