//! Rules over several fields.

use specwright_format::{TokenStream, quote};

use super::Emitter;
use super::statements::bare;
use crate::emit::rust::tokens::{count, id};
use crate::lower::view::{CrossCheck, CrossTest, FieldPlace, PlaceStep, Storage, SumTerm, Ty};
use crate::model::Comparison;

impl Emitter<'_> {
    pub(super) fn cross_check(self, check: &CrossCheck) -> TokenStream {
        let rule = self.rule(check.rule);
        let given = |places: &[FieldPlace]| {
            let all = places.iter().map(|it| {
                let (at, present) = (pointer(it), self.present(it));
                quote!((#at, #present))
            });
            quote!(rt::Presence(&[#(#all),*]))
        };
        let mut when = check.when.as_ref().map(|it| self.condition(it));
        let body = match &check.test {
            CrossTest::NoneOf(places) => {
                let given = given(places);
                quote!(#given.any(out, #rule);)
            }
            CrossTest::NotExactlyOne(places) => {
                let given = given(places);
                quote!(#given.exactly_one(out, #rule);)
            }
            CrossTest::MoreThanOne(places) => {
                let given = given(places);
                quote!(#given.at_most_one(out, #rule);)
            }
            CrossTest::SomeButNotAll(places) => {
                let given = given(places);
                quote!(#given.all_or_none(out, #rule);)
            }
            CrossTest::Without(place, needed) => {
                let (present, given) = (self.present(place), given(needed));
                when = Some(match when {
                    Some(when) => quote!(#when && #present),
                    None => present,
                });
                quote!(#given.all(out, #rule);)
            }
            CrossTest::NotCompared(left, comparison, right) => {
                let (a, b) = (self.option(left), self.option(right));
                let when = when.take().map(|it| quote!(#it &&));
                if let (Ty::Text(_) | Ty::String, Ty::Text(_) | Ty::String) = (&left.ty, &right.ty) {
                    let holds = id(match comparison {
                        Comparison::Less => "is_lt",
                        Comparison::LessOrEqual => "is_le",
                        Comparison::Greater => "is_gt",
                        Comparison::GreaterOrEqual => "is_ge",
                        Comparison::Equal => "is_eq",
                        Comparison::NotEqual => "is_ne",
                    });
                    return quote! {
                        if #when let (Some(a), Some(b)) = (#a, #b)
                            && rt::check::order_of_times(a, b).is_some_and(|it| !it.#holds())
                        {
                            out.broken(#rule, rt::Actual::Nothing);
                        }
                    };
                }
                let fails = match comparison {
                    Comparison::Less => quote!(>=),
                    Comparison::LessOrEqual => quote!(>),
                    Comparison::Greater => quote!(<=),
                    Comparison::GreaterOrEqual => quote!(<),
                    Comparison::Equal => quote!(!=),
                    Comparison::NotEqual => quote!(==),
                };
                let (x, y) = match (&left.ty, &right.ty) {
                    (one, other) if one == other => (quote!(a), quote!(b)),
                    (Ty::Number, _) => (quote!(rt::check::Number::from(*a)), quote!(i128::from(*b))),
                    (_, Ty::Number) => (quote!(rt::check::Number::from(i128::from(*a))), quote!(*b)),
                    _ => (quote!(i128::from(*a)), quote!(i128::from(*b))),
                };
                return quote! {
                    if #when let (Some(a), Some(b)) = (#a, #b) && #x #fails #y {
                        out.broken(#rule, rt::Actual::Nothing);
                    }
                };
            }
            CrossTest::Sum { terms, saturating, minimum, maximum } => {
                let counts = terms.iter().map(|SumTerm { place, weight, lists }| {
                    let items = self.items(place, lists);
                    if *weight == 1 {
                        items
                    } else {
                        let weight = count(*weight);
                        if *saturating { quote!(#items.saturating_mul(#weight)) } else { quote!(#items * #weight) }
                    }
                });
                let counts: Vec<TokenStream> = counts.collect();
                let total = match counts.split_first() {
                    Some((first, others)) if *saturating => quote!(#first #(.saturating_add(#others))*),
                    _ => quote!(#(#counts)+*),
                };
                let outside = outside(*minimum, *maximum);
                let places: Vec<_> = terms.iter().map(|it| it.place.clone()).collect();
                let given = given(&places);
                quote! {
                    let total: usize = #total;
                    if #outside {
                        #given.first(out, #rule, rt::Actual::Items(total as u64));
                    }
                }
            }
            CrossTest::TotalLength { place, han_double, minimum, maximum } => {
                let length = if *han_double { quote!(rt::check::han_length) } else { quote!(rt::check::length) };
                let text = |it: TokenStream| match place.ty {
                    Ty::Named { .. } => quote!(#it.as_str()),
                    _ => it,
                };
                let add = self.for_each_reached(&place.steps, quote!(self), &|it| {
                    let text = text(it);
                    quote!(total += #length(#text);)
                });
                // What is not given has no length, so that a minimum says nothing of it.
                let first = FieldPlace { steps: place.steps[..1].to_vec(), ty: place.ty.clone() };
                let least = minimum.filter(|it| *it > 0);
                let optional = place.steps.first().is_some_and(|it| it.storage != Storage::Plain);
                let guard = (optional && least.is_some()).then(|| {
                    let present = self.present(&first);
                    quote!(#present &&)
                });
                let outside = outside(*minimum, *maximum);
                quote! {
                    let mut total = 0usize;
                    #add
                    if #guard #outside {
                        out.broken(#rule, rt::Actual::Length(total as u64));
                    }
                }
            }
            CrossTest::SeveralKinds(place) => {
                let items = self.option(place);
                let several = quote!(#items.is_some_and(|it| it.windows(2).any(|it| it[0].tag() != it[1].tag())));
                when = Some(match when {
                    Some(when) => quote!(#when && #several),
                    None => several,
                });
                quote!(out.broken(#rule, rt::Actual::Nothing);)
            }
        };
        match when {
            Some(when) => {
                let when = bare(when);
                quote!(if #when { #body })
            }
            None if matches!(check.test, CrossTest::Sum { .. } | CrossTest::TotalLength { .. }) => quote!({ #body }),
            None => body,
        }
    }

    /// Runs `each` for everything that a path reaches from `root`.
    pub(super) fn for_each_reached(
        self,
        steps: &[PlaceStep],
        root: TokenStream,
        each: &dyn Fn(TokenStream) -> TokenStream,
    ) -> TokenStream {
        let mut at = root;
        let mut is_reference = true;
        let mut given = Vec::new();
        let mut inner = None;
        for (index, step) in steps.iter().enumerate() {
            let ident = id(&step.ident);
            let some = match step.storage {
                Storage::Plain => None,
                Storage::Optional | Storage::Null => Some(quote!(let Some(value) = &#at.#ident)),
                Storage::OptionalNullable => Some(quote!(let Some(rt::Nullable::Value(value)) = &#at.#ident)),
            };
            is_reference = some.is_some();
            at = if is_reference { quote!(value) } else { quote!(#at.#ident) };
            given.extend(some);
            if step.each > 0 {
                let body = self.for_each_reached(&steps[index + 1..], quote!(it), each);
                let body = (1..step.each).fold(body, |body, _| quote!(for it in it { #body }));
                let list = if is_reference { at.clone() } else { quote!(&#at) };
                inner = Some(quote!(for it in #list { #body }));
                break;
            }
        }
        let inner = inner.unwrap_or_else(|| each(if is_reference { at } else { quote!(&#at) }));
        if given.is_empty() { inner } else { quote!(if #(#given)&&* { #inner }) }
    }

    /// Items of a list, or 1 where a scalar is given.
    pub(super) fn items(self, place: &FieldPlace, lists: &[String]) -> TokenStream {
        let option = self.option(place);
        match &place.ty {
            Ty::List(_) => quote!(#option.map_or(0, Vec::len)),
            Ty::Json => quote!(#option.map_or(0, rt::check::items)),
            ty if !lists.is_empty() => {
                let union = self.home.ty(ty);
                let arms = lists.iter().map(|it| {
                    let member = id(it);
                    quote!(#union::#member(items) => items.len(),)
                });
                quote!(#option.map_or(0, |it| match it { #(#arms)* _ => 1 }))
            }
            _ => {
                let present = self.present(place);
                quote!(usize::from(#present))
            }
        }
    }
}

/// `/a/b`, as rules of several parameters name their places.
fn pointer(place: &FieldPlace) -> String {
    place.steps.iter().map(|it| format!("/{}", it.wire.replace('~', "~0").replace('/', "~1"))).collect()
}

fn outside(minimum: Option<u64>, maximum: Option<u64>) -> TokenStream {
    match (minimum.filter(|it| *it > 0).map(count), maximum.map(count)) {
        (Some(least), Some(most)) => quote!(!(#least..=#most).contains(&total)),
        (Some(least), None) => quote!(total < #least),
        (None, Some(most)) => quote!(total > #most),
        (None, None) => quote!(false),
    }
}
