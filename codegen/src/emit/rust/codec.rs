//! How a value is written as JSON and read from it: one call per field.

use proc_macro2::TokenStream;
use quote::quote;

use super::tokens::id;
use crate::lower::view::{NamedKind, RecordField, Storage, Ty};

/// Writes `value`, a reference, to `out`.
pub(crate) fn write(ty: &Ty, out: &TokenStream, value: &TokenStream) -> TokenStream {
    match ty {
        Ty::String => quote!(#out.string(#value)),
        Ty::Integer => quote!(#out.integer(*#value)),
        Ty::Number => quote!(#out.number(*#value)),
        Ty::Boolean => quote!(#out.boolean(*#value)),
        Ty::Json => quote!(#out.value(#value)),
        Ty::List(inner) => {
            let item = write(inner, &quote!(out), &quote!(it));
            quote!(#out.list(#value, |out, it| #item))
        }
        Ty::Map(_) | Ty::File | Ty::Boxed(_) => quote!(rt::Encode::encode(#value, #out)),
        Ty::Named { kind: NamedKind::Enum, .. } => quote!(#out.string(#value.as_str())),
        Ty::Named { kind: NamedKind::Record | NamedKind::Union, .. } => quote!(rt::Encode::encode(#value, #out)),
    }
}

/// Writes a field of `self` with its name to `out`, a mutable reference.
pub(crate) fn write_field(ident: &str, wire: &str, ty: &Ty, storage: Storage) -> TokenStream {
    let field = id(ident);
    let value = quote!(value);
    let out = quote!(out.key(#wire));
    match storage {
        Storage::Plain => {
            let place = match ty {
                // A scalar is read where it stands.
                Ty::Integer | Ty::Number | Ty::Boolean => {
                    let method = match ty {
                        Ty::Integer => quote!(integer),
                        Ty::Number => quote!(number),
                        _ => quote!(boolean),
                    };
                    return quote!(#out.#method(self.#field););
                }
                Ty::Named { kind: NamedKind::Enum, .. } => quote!(self.#field),
                _ => quote!(&self.#field),
            };
            let write = write(ty, &out, &place);
            quote!(#write;)
        }
        Storage::Optional | Storage::OptionalNullable => quote!(out.optional(#wire, &self.#field);),
        Storage::Null => {
            let write = write(ty, &out, &value);
            quote! {
                match &self.#field {
                    Some(value) => #write,
                    None => #out.null(),
                }
            }
        }
    }
}

/// Reads a field of a request from `object`, as `ident: …`: what is there has to be right, or something of the request
/// would be lost.
pub(crate) fn read_given(ident: &str, wire: &str, storage: Storage) -> TokenStream {
    let ident = id(ident);
    match storage {
        Storage::Plain => quote!(#ident: object.field(#wire)?),
        Storage::Optional | Storage::OptionalNullable => quote!(#ident: object.strict_optional(#wire)?),
        Storage::Null => quote!(#ident: object.field::<rt::Nullable<_>>(#wire)?.into()),
    }
}

/// Reads a field of an answer from `object`, as `ident: …`: what cannot be read is left out, so that the rest can be
/// used.
pub(crate) fn read_field(field: &RecordField) -> TokenStream {
    let (ident, wire) = (id(&field.ident), &field.wire);
    match field.storage {
        Storage::Plain => quote!(#ident: object.field(#wire)?),
        Storage::Optional | Storage::Null => quote!(#ident: object.lenient(#wire)),
        Storage::OptionalNullable => quote!(#ident: object.maybe_null(#wire)),
    }
}
