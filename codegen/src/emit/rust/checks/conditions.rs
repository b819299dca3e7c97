//! Conditions, and the places they look at.

use specwright_format::{TokenStream, quote};

use super::Emitter;
use crate::emit::rust::tokens::{id, pattern};
use crate::lower::view::{Cond, FieldPlace, Literal, NamedKind, PlaceStep, Storage, Ty};

impl Emitter<'_> {
    pub(super) fn condition(self, cond: &Cond) -> TokenStream {
        if let Some(named) = self.conditions.iter().find(|it| it.cond == *cond) {
            let name = id(&named.ident);
            return quote!(#name.0);
        }
        match cond {
            Cond::All(parts) if parts.is_empty() => quote!(true),
            Cond::All(parts) => {
                let parts = parts.iter().map(|it| self.operand(it));
                quote!(#(#parts)&&*)
            }
            Cond::Any(parts) if parts.is_empty() => quote!(false),
            Cond::Any(parts) => {
                let parts = parts.iter().map(|it| self.operand(it));
                quote!((#(#parts)||*))
            }
            Cond::Not(inner) => self.not(inner),
            Cond::Missing(place) => self.missing(place),
            Cond::Present(place) => self.present(place),
            Cond::Null(place) => self.null(place),
            Cond::Empty(place) => {
                let option = self.option(place);
                match place.ty {
                    Ty::String | Ty::Text(_) | Ty::List(_) | Ty::Map(_) => {
                        quote!(#option.is_some_and(|it| it.is_empty()))
                    }
                    Ty::Named { kind: NamedKind::Enum, .. } => quote!(#option.is_some_and(|it| it.as_str().is_empty())),
                    Ty::Json | Ty::Named { .. } | Ty::Boxed(_) => quote!(#option.is_some_and(rt::check::is_empty)),
                    Ty::Integer
                    | Ty::Unsigned
                    | Ty::Number
                    | Ty::Boolean
                    | Ty::File
                    | Ty::Tuple(_)
                    | Ty::Nullable(_) => quote!(false),
                }
            }
            Cond::Unknown(place) => {
                let option = self.option(place);
                quote!(#option.is_some_and(|it| !it.is_known()))
            }
            Cond::Matches { place, literals, or_missing } => self.matches(place, literals, *or_missing),
            Cond::Picked { place, pick, or_missing } => {
                let (option, picked) = (self.option(place), self.is_one_of(pick, &quote!(it)));
                let function = if *or_missing { quote!(is_none_or) } else { quote!(is_some_and) };
                quote!(#option.#function(|it| #picked))
            }
        }
    }

    /// The opposite, as one would write it.
    fn not(self, cond: &Cond) -> TokenStream {
        match cond {
            Cond::Present(place) => self.absent(place),
            Cond::Unknown(place) => {
                let option = self.option(place);
                quote!(#option.is_none_or(|it| it.is_known()))
            }
            Cond::Missing(place) => match place.steps.as_slice() {
                [PlaceStep { ident, storage: Storage::Optional | Storage::OptionalNullable, .. }] => {
                    let ident = id(ident);
                    quote!(self.#ident.is_some())
                }
                _ => {
                    let missing = self.missing(place);
                    quote!(!#missing)
                }
            },
            cond => {
                let cond = self.operand(cond);
                quote!(!#cond)
            }
        }
    }

    /// A condition that can stand beside `||` and behind `!`.
    pub(super) fn operand(self, cond: &Cond) -> TokenStream {
        let tokens = self.condition(cond);
        match cond {
            Cond::All(parts) if parts.len() > 1 => quote!((#tokens)),
            _ => tokens,
        }
    }

    pub(super) fn matches(self, place: &FieldPlace, literals: &[Literal], or_missing: bool) -> TokenStream {
        let constants: Vec<_> = literals.iter().map(|it| self.home.literal(it)).collect();
        let none = or_missing.then(|| quote!(None |));
        match literals.first() {
            None => quote!(false),
            Some(Literal::Number(_)) => {
                let option = self.option(place);
                let function = if or_missing { quote!(is_none_or) } else { quote!(is_some_and) };
                quote!(#option.#function(|it| [#(#constants),*].contains(it)))
            }
            Some(Literal::Text(_)) => {
                let text = self.text(place);
                quote!(matches!(#text, #none Some(#(#constants)|*)))
            }
            Some(Literal::Variant { .. } | Literal::Integer(_) | Literal::Unsigned(_) | Literal::Boolean(_)) => {
                let option = match place.steps.as_slice() {
                    [PlaceStep { ident, storage: Storage::Optional, .. }] => {
                        let ident = id(ident);
                        quote!(self.#ident)
                    }
                    _ => self.option(place),
                };
                let pattern = pattern(self.home, literals);
                quote!(matches!(#option, #none Some(#pattern)))
            }
        }
    }

    /// `Option<&T>` of a place.
    pub(super) fn option(self, place: &FieldPlace) -> TokenStream {
        let mut tokens = quote!(self);
        for (index, step) in place.steps.iter().enumerate() {
            let ident = id(&step.ident);
            let first = index == 0;
            tokens = match (step.storage, first, step.boxed) {
                (Storage::Plain, true, false) => quote!(Some(&#tokens.#ident)),
                (Storage::Plain, true, true) => quote!(Some(&*#tokens.#ident)),
                (Storage::Plain, false, false) => quote!(#tokens.map(|it| &it.#ident)),
                (Storage::Plain, false, true) => quote!(#tokens.map(|it| &*it.#ident)),
                (Storage::Optional | Storage::Null, true, boxed) => {
                    let borrow = borrow_method(boxed);
                    quote!(#tokens.#ident.#borrow())
                }
                (Storage::Optional | Storage::Null, false, boxed) => {
                    let borrow = borrow_method(boxed);
                    quote!(#tokens.and_then(|it| it.#ident.#borrow()))
                }
                (Storage::OptionalNullable, first, boxed) => {
                    let outer = if first {
                        quote!(#tokens.#ident.as_ref())
                    } else {
                        quote!(#tokens.and_then(|it| it.#ident.as_ref()))
                    };
                    let unboxed = boxed.then(|| quote!(.map(|it| &**it)));
                    quote!(#outer.and_then(rt::Nullable::value)#unboxed)
                }
            };
        }
        tokens
    }

    /// `Option<&str>` of a place.
    pub(super) fn text(self, place: &FieldPlace) -> TokenStream {
        match (place.steps.as_slice(), &place.ty) {
            ([PlaceStep { ident, storage: Storage::Optional, .. }], Ty::String | Ty::Text(_)) => {
                let ident = id(ident);
                quote!(self.#ident.as_deref())
            }
            (_, Ty::String | Ty::Text(_)) => {
                let option = self.option(place);
                quote!(#option.map(String::as_str))
            }
            _ => {
                let option = self.option(place);
                quote!(#option.map(|it| it.as_str()))
            }
        }
    }

    pub(super) fn present(self, place: &FieldPlace) -> TokenStream {
        // JSON of any kind may be null, which is no value.
        if place.ty == Ty::Json {
            let option = self.option(place);
            return quote!(#option.is_some_and(|it| !it.is_null()));
        }
        match place.steps.as_slice() {
            [step] => {
                let ident = id(&step.ident);
                match step.storage {
                    Storage::Plain => quote!(true),
                    Storage::Optional | Storage::Null => quote!(self.#ident.is_some()),
                    Storage::OptionalNullable => quote!(matches!(self.#ident, Some(rt::Nullable::Value(_)))),
                }
            }
            _ => {
                let option = self.option(place);
                quote!(#option.is_some())
            }
        }
    }

    /// Nothing is sent: null is something.
    pub(super) fn missing(self, place: &FieldPlace) -> TokenStream {
        let Some((last, before)) = place.steps.split_last() else { return quote!(false) };
        let ident = id(&last.ident);
        if before.is_empty() {
            return match last.storage {
                Storage::Plain | Storage::Null => quote!(false),
                Storage::Optional | Storage::OptionalNullable => quote!(self.#ident.is_none()),
            };
        }
        let root = self.option(&FieldPlace { steps: before.to_vec(), ty: place.ty.clone() });
        match last.storage {
            Storage::Plain | Storage::Null => quote!(#root.is_none()),
            Storage::Optional | Storage::OptionalNullable => quote!(#root.is_none_or(|it| it.#ident.is_none())),
        }
    }

    pub(super) fn absent(self, place: &FieldPlace) -> TokenStream {
        if place.ty == Ty::Json {
            let option = self.option(place);
            return quote!(#option.is_none_or(rt::Value::is_null));
        }
        match place.steps.as_slice() {
            [step] => {
                let ident = id(&step.ident);
                match step.storage {
                    Storage::Plain => quote!(false),
                    Storage::Optional | Storage::Null => quote!(self.#ident.is_none()),
                    Storage::OptionalNullable => quote!(!matches!(self.#ident, Some(rt::Nullable::Value(_)))),
                }
            }
            _ => {
                let option = self.option(place);
                quote!(#option.is_none())
            }
        }
    }

    pub(super) fn null(self, place: &FieldPlace) -> TokenStream {
        let Some(last) = place.steps.last() else { return quote!(false) };
        if place.ty == Ty::Json && matches!(last.storage, Storage::Plain | Storage::Optional) {
            let option = self.option(place);
            return quote!(#option.is_some_and(rt::Value::is_null));
        }
        let Some((last, before)) = place.steps.split_last() else { return quote!(false) };
        let ident = id(&last.ident);
        let root = if before.is_empty() {
            quote!(Some(self))
        } else {
            self.option(&FieldPlace { steps: before.to_vec(), ty: place.ty.clone() })
        };
        match (last.storage, before.is_empty()) {
            (Storage::OptionalNullable, true) => quote!(matches!(self.#ident, Some(rt::Nullable::Null))),
            (Storage::Null, true) => quote!(self.#ident.is_none()),
            (Storage::OptionalNullable, false) => {
                quote!(#root.is_some_and(|it| matches!(it.#ident, Some(rt::Nullable::Null))))
            }
            (Storage::Null, false) => quote!(#root.is_some_and(|it| it.#ident.is_none())),
            (Storage::Plain | Storage::Optional, _) => quote!(false),
        }
    }
}

/// How an `Option` is borrowed whose value may be in a box.
fn borrow_method(boxed: bool) -> TokenStream {
    if boxed { quote!(as_deref) } else { quote!(as_ref) }
}
