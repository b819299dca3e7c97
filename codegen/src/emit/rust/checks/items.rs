//! Tests of the items of a list, and of the values of a map.

use specwright_format::{TokenStream, quote};

use super::Emitter;
use super::statements::Statements;
use crate::emit::rust::tokens::id;
use crate::lower::view::{Guarded, ItemsIn, Test, Ty};

impl Emitter<'_> {
    /// Tests every item of a value; of a union, of its variant that is a list.
    pub(super) fn each_item(
        self,
        wire: &str,
        secret: bool,
        (outer, outer_ty): (&TokenStream, &Ty),
        items: &[Guarded<Test>],
        items_in: Option<&ItemsIn>,
    ) -> TokenStream {
        // Of a union, the items of the variant that is a list.
        let list = quote!(list);
        let (value, ty) = items_in.map_or((outer, outer_ty), |it| (&list, &it.list));
        let items_of = match ty {
            Ty::List(inner) | Ty::Map(inner) => Some(&**inner),
            _ => None,
        };
        let item_ty = match items_of {
            Some(Ty::Nullable(inner)) => (**inner).clone(),
            Some(inner) => inner.clone(),
            None => ty.clone(),
        };
        let mut inner = Statements::default();
        for guarded in items {
            let test = self.test(&guarded.test, &quote!(it), &item_ty);
            let when = guarded.when.as_ref().map(|it| self.condition(it));
            let all = when.into_iter().chain([test]);
            let found = if secret {
                quote!(rt::Actual::Nothing)
            } else {
                self.actual_value(&guarded.test, &quote!(it), &item_ty)
            };
            inner.push_link(guarded.chain, quote!(#(#all)&&*), self.broken(guarded.rule, &found));
        }
        let inner = match items_of {
            Some(Ty::Nullable(_)) => inner.under(&quote!(let rt::Nullable::Value(it) = it)),
            _ => inner.all(),
        };
        let each = match ty {
            Ty::Json => quote! {
                for (key, it) in rt::check::entries(#value) {
                    let out = &mut out.field(#wire);
                    let out = &mut out.key(&key);
                    #inner
                }
            },
            Ty::Map(_) => quote! {
                for (key, it) in #value {
                    let out = &mut out.field(#wire);
                    let out = &mut out.key(key);
                    #inner
                }
            },
            _ => quote! {
                for (index, it) in #value.iter().enumerate() {
                    let out = &mut out.field(#wire);
                    let out = &mut out.index(index);
                    #inner
                }
            },
        };
        match items_in {
            Some(ItemsIn { union, variant, .. }) => {
                let (union, variant) = (self.home.ty(union), id(variant));
                quote!(if let #union::#variant(#list) = #outer { #each })
            }
            None => each,
        }
    }
}
