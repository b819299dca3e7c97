//! How a value is written as JSON, and the lists of fields from which the runtime's macros write the rest.

use specwright_format::{TokenStream, quote};

use super::tokens::id;
use crate::lower::view::{NamedKind, RecordField, Storage, Ty};

/// Writes `value`, a reference, to `out`.
pub(crate) fn write(ty: &Ty, out: &TokenStream, value: &TokenStream) -> TokenStream {
    match ty {
        Ty::String | Ty::Text(_) => quote!(#out.string(#value)),
        Ty::Integer => quote!(#out.integer(*#value)),
        Ty::Unsigned => quote!(#out.unsigned(*#value)),
        Ty::Number => quote!(#out.number(*#value)),
        Ty::Boolean => quote!(#out.boolean(*#value)),
        Ty::Json => quote!(#out.value(#value)),
        Ty::List(inner) => {
            let item = write(inner, &quote!(out), &quote!(it));
            quote!(#out.list(#value, |out, it| #item))
        }
        Ty::Map(_) | Ty::Tuple(_) | Ty::Nullable(_) | Ty::File | Ty::Boxed(_) => {
            quote!(rt::Encode::encode(#value, #out))
        }
        Ty::Named { kind: NamedKind::Enum, .. } => quote!(#out.string(#value.as_str())),
        Ty::Named { kind: NamedKind::Record | NamedKind::Union, .. } => quote!(rt::Encode::encode(#value, #out)),
    }
}

/// A field in the list of a macro of the runtime: its name, and the name in JSON where that is another.
pub(crate) fn listed(ident: &str, wire: &str) -> TokenStream {
    let field = id(ident);
    if ident == wire { quote!(#field) } else { quote!(#field = #wire) }
}

/// A field of a record in the list of a macro of the runtime, after its name in JSON.
pub(crate) fn listed_in_record(field: &RecordField) -> TokenStream {
    let RecordField { ident, wire, storage, received, secret, .. } = field;
    let name = id(ident);
    let other = match (storage, secret) {
        _ if *received && *secret => "HiddenReceived",
        _ if *received => "Received",
        (Storage::Plain, false) => return quote!(#wire: #name),
        (Storage::Optional, false) => return quote!(#wire: ?#name),
        (Storage::Null, false) => "OrNull",
        (Storage::OptionalNullable, false) => "OrLeftOut",
        (Storage::Plain | Storage::Optional, true) => "Hidden",
        (Storage::Null, true) => "HiddenOrNull",
        (Storage::OptionalNullable, true) => "HiddenOrLeftOut",
    };
    let other = id(other);
    quote!(#wire: [#name #other])
}
