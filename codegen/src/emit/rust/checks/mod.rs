//! `check` functions: straight-line code over static rules, without allocation for a legal value.

mod conditions;
mod cross;
mod statements;
mod values;

use proc_macro2::TokenStream;
use quote::quote;

use self::statements::{Chain, Statements, bare, push};
use self::values::nested_actual_value;
use super::tokens::{CurrentModule, count, id};
use crate::lower::view::{
    Checks, FieldChecks, Guarded, NestedCheck, RuleData, Storage, Strength, Test, Ty, UnionChecks, UnionItem,
};

/// `fn check(&self, at, out)` of a record type.
pub(crate) fn function(checks: &Checks, home: CurrentModule) -> TokenStream {
    let (rules, body) = (rules(&checks.rules), body(checks, home));
    quote! {
        /// Collects everything that breaks a rule.
        #[inline]
        pub(crate) fn check(&self, at: &rt::InstancePath<'_>, out: &mut rt::Violations) {
            #rules
            #body
        }
    }
}

/// A request's `fn check(&self, out)`.
pub(crate) fn request_function(checks: &Checks) -> TokenStream {
    if checks.is_empty() {
        return quote!(
            #[inline]
            fn check(&self, _: &mut rt::Violations) {}
        );
    }
    let (rules, body) = (rules(&checks.rules), body(checks, CurrentModule::Operation));
    quote! {
        #[inline]
        fn check(&self, out: &mut rt::Violations) {
            #rules
            let at = &rt::InstancePath::Root;
            #body
        }
    }
}

/// `fn check(&self, at, out)` of a union.
pub(crate) fn union_function(checks: &UnionChecks, item: &UnionItem, home: CurrentModule) -> TokenStream {
    let rules = rules(&checks.rules);
    let emitter = Emitter { home };
    let (value, at) = (quote!(value), quote!(at));
    let members: Vec<_> = checks
        .members
        .iter()
        .map(|(member, deep)| {
            let variant = id(&item.members[*member].ident);
            let mut body = Statements::default();
            match deep {
                NestedCheck::Test(test, rule) => {
                    body.push_if(
                        emitter.test(test, &value, &Ty::String),
                        push(*rule, &nested_actual_value(test, &value)),
                    );
                }
                deep => body.push(emitter.nested(deep, &value, &at, false, 0)),
            }
            (variant, body)
        })
        .collect();
    let other_text = checks.other_text.map(|rule| {
        let rule = count(rule as u64);
        quote!(Self::Other(value) if value.is_string() => out.push(at, &RULES[#rule], rt::Actual::Nothing),)
    });
    let other = checks.other.map(|rule| {
        let rule = count(rule as u64);
        quote!(Self::Other(_) => out.push(at, &RULES[#rule], rt::Actual::Nothing),)
    });
    let all = item.members.len() + usize::from(item.other);
    let covered = checks.members.len() + usize::from(checks.other.is_some());
    let body = match members.as_slice() {
        [] if other_text.is_none() && checks.other.is_some() => {
            let rule = count(checks.other.unwrap_or_default() as u64);
            quote!(if let Self::Other(_) = self { out.push(at, &RULES[#rule], rt::Actual::Nothing); })
        }
        [(variant, body)] if covered < all && other.is_none() => body.under(&quote!(let Self::#variant(value) = self)),
        members => {
            let rest = (covered < all || members.iter().any(|(_, it)| it.lone_if().is_some())).then(|| quote!(_ => {}));
            let arms = members.iter().map(|(variant, body)| match body.lone_if() {
                Some((fails, push)) => quote!(Self::#variant(value) if #fails => { #push }),
                None => {
                    let body = body.all();
                    quote!(Self::#variant(value) => { #body })
                }
            });
            quote!(match self { #(#arms)* #other_text #other #rest })
        }
    };
    quote! {
        /// Collects everything that breaks a rule.
        #[inline]
        pub(crate) fn check(&self, at: &rt::InstancePath<'_>, out: &mut rt::Violations) {
            #rules
            #body
        }
    }
}

fn rules(rules: &[RuleData]) -> TokenStream {
    if rules.is_empty() {
        return TokenStream::new();
    }
    let n = count(rules.len() as u64);
    let items = rules.iter().map(|it| {
        let RuleData { at, keyword, limit, message, strength } = it;
        let make = match strength {
            Strength::Stated => quote!(stated),
            Strength::Inferred => quote!(inferred),
            Strength::Ignored => quote!(ignored),
        };
        quote!(rt::Rule::#make(#at, #keyword, #limit, #message))
    });
    quote!(static RULES: [rt::Rule; #n] = [#(#items),*];)
}

fn body(checks: &Checks, home: CurrentModule) -> TokenStream {
    let emitter = Emitter { home };
    let fields = checks.fields.iter().map(|it| emitter.field(it));
    let cross = checks.cross.iter().map(|it| emitter.cross_check(it, &checks.rules));
    quote!(#(#fields)* #(#cross)*)
}

#[derive(Clone, Copy)]
struct Emitter {
    home: CurrentModule,
}

impl Emitter {
    fn field(self, field: &FieldChecks) -> TokenStream {
        let FieldChecks { place, wire, secret, missing, present, ignored, value, items, deep } = field;
        let Some(step) = place.steps.first() else { return TokenStream::new() };
        let ident = id(&step.ident);
        // The value is bound under its own name, unless that is raw or hides an argument of the function.
        let own = !step.ident.starts_with("r#") && step.ident != "at" && step.ident != "out";
        let bound = id(if own { &step.ident } else { "value" });
        let missing = self.chain(missing);
        let inner = self.value(wire, *secret, &quote!(#bound), &place.ty, value, items, deep.as_ref());
        let given = [present, ignored].map(|guards| {
            self.chain(guards).map(|it| match step.storage {
                Storage::Plain | Storage::Null => it.tokens,
                Storage::Optional | Storage::OptionalNullable => it.under(&quote!(self.#ident.is_some())),
            })
        });
        let given = given.iter().flatten();
        let given = quote!(#(#given)*);
        match step.storage {
            Storage::Plain => {
                let unboxed = step.boxed.then(|| quote!(*));
                let bind = (!inner.is_empty()).then(|| quote!(let #bound = &#unboxed self.#ident;));
                let inner = inner.all();
                quote!(#given #bind #inner)
            }
            Storage::Null | Storage::Optional => {
                let some = if step.boxed {
                    quote!(let Some(#bound) = self.#ident.as_deref())
                } else {
                    quote!(let Some(#bound) = &self.#ident)
                };
                let checks = match (inner.is_empty(), missing) {
                    (true, None) => TokenStream::new(),
                    (true, Some(missing)) => missing.under(&quote!(self.#ident.is_none())),
                    (false, None) => inner.under(&some),
                    (false, Some(missing)) => {
                        let (inner, missing) = (inner.all(), missing.else_branch());
                        quote!(if #some { #inner } #missing)
                    }
                };
                quote!(#given #checks)
            }
            Storage::OptionalNullable => {
                let missing = missing.map(|it| it.under(&quote!(self.#ident.is_none())));
                let some = if step.boxed {
                    let value = self.option(place);
                    quote!(let Some(#bound) = #value)
                } else {
                    quote!(let Some(rt::Nullable::Value(#bound)) = &self.#ident)
                };
                let checks = (!inner.is_empty()).then(|| inner.under(&some));
                quote!(#given #missing #checks)
            }
        }
    }

    /// The first guard that holds is reported, and no other.
    fn chain(self, guards: &[Guarded<()>]) -> Option<Chain> {
        let (first, _) = guards.split_first()?;
        let mut arms = Vec::new();
        for guard in guards {
            let push = push(guard.rule, &quote!(rt::Actual::Nothing));
            match &guard.when {
                None => {
                    arms.push((None, push));
                    break;
                }
                Some(when) => arms.push((Some(self.condition(when)), push)),
            }
        }
        let single = match (&first.when, arms.as_slice()) {
            (None, _) => Some(None),
            (Some(_), [(Some(when), _)]) => Some(Some(when.clone())),
            _ => None,
        };
        let push = arms.first().map(|(_, push)| push.clone());
        let mut tokens = TokenStream::new();
        for (index, (when, push)) in arms.into_iter().enumerate() {
            let otherwise = (index > 0).then(|| quote!(else));
            tokens.extend(match when {
                Some(when) => {
                    let when = bare(when);
                    quote!(#otherwise if #when { #push })
                }
                None if index == 0 => push,
                None => quote!(else { #push }),
            });
        }
        Some(Chain { tokens, single, push })
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one field's checks, taken apart by the caller")]
    fn value(
        self,
        wire: &str,
        secret: bool,
        value: &TokenStream,
        ty: &Ty,
        tests: &[Guarded<Test>],
        items: &[Guarded<Test>],
        deep: Option<&NestedCheck>,
    ) -> Statements {
        let mut statements = Statements::default();
        // A value that the spec does not know is reported once: narrower sets are looked at only for known ones.
        let unknown = match deep {
            Some(NestedCheck::Test(test @ Test::Unknown, rule)) => Some((test, *rule)),
            _ => None,
        };
        for guarded in tests {
            let test = self.test(&guarded.test, value, ty);
            let known = matches!(guarded.test, Test::NotOneOf { .. }) && unknown.is_some();
            let known = known.then(|| quote!(#value.is_known()));
            let when = guarded.when.as_ref().map(|it| self.condition(it));
            let all = known.into_iter().chain(when).chain([test]);
            let found = if secret { quote!(rt::Actual::Nothing) } else { self.actual_value(&guarded.test, value, ty) };
            statements.push_link(guarded.chain, quote!(#(#all)&&*), push(guarded.rule, &found));
        }
        if !items.is_empty() {
            let item_ty = match ty {
                Ty::List(inner) | Ty::Map(inner) => (**inner).clone(),
                other => other.clone(),
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
                let rule = count(guarded.rule as u64);
                inner.push_link(guarded.chain, quote!(#(#all)&&*), quote!(out.push(at, &RULES[#rule], #found);));
            }
            let inner = inner.all();
            statements.push(match ty {
                Ty::Json => quote! {
                    for (key, it) in rt::check::entries(#value) {
                        let field = &rt::InstancePath::Field(at, #wire);
                        let at = &rt::InstancePath::Key(field, &key);
                        #inner
                    }
                },
                Ty::Map(_) => quote! {
                    for (key, it) in #value {
                        let field = &rt::InstancePath::Field(at, #wire);
                        let at = &rt::InstancePath::Key(field, key);
                        #inner
                    }
                },
                _ => quote! {
                    for (index, it) in #value.iter().enumerate() {
                        let field = &rt::InstancePath::Field(at, #wire);
                        let at = &rt::InstancePath::Index(field, index);
                        #inner
                    }
                },
            });
        }
        match deep {
            None => {}
            Some(NestedCheck::Test(test, rule)) => {
                let found = if secret { quote!(rt::Actual::Nothing) } else { self.actual_value(test, value, ty) };
                statements.push_if(self.test(test, value, ty), push(*rule, &found));
            }
            Some(deep) => {
                statements.push(self.nested(deep, value, &quote!(&rt::InstancePath::Field(at, #wire)), secret, 0))
            }
        }
        statements
    }

    /// Checks inside `value`, which stands at `at`; `depth` lists and maps are around it.
    fn nested(
        self,
        deep: &NestedCheck,
        value: &TokenStream,
        at: &TokenStream,
        secret: bool,
        depth: usize,
    ) -> TokenStream {
        // The place names the index of every list around, so each has its own.
        let named = |it: &str| if depth == 0 { id(it) } else { id(&format!("{it}{}", depth + 1)) };
        match deep {
            NestedCheck::Check if secret => quote!(out.hidden(|out| #value.check(#at, out));),
            NestedCheck::Check => quote!(#value.check(#at, out);),
            NestedCheck::Each(inner) => {
                let index = named("index");
                let inner =
                    self.nested(inner, &quote!(it), &quote!(&rt::InstancePath::Index(#at, #index)), secret, depth + 1);
                quote!(for (#index, it) in #value.iter().enumerate() { #inner })
            }
            NestedCheck::EachValue(inner) => {
                let key = named("key");
                let inner =
                    self.nested(inner, &quote!(it), &quote!(&rt::InstancePath::Key(#at, #key)), secret, depth + 1);
                quote!(for (#key, it) in #value { #inner })
            }
            NestedCheck::Test(test, rule) => {
                let rule = count(*rule as u64);
                let found = if secret { quote!(rt::Actual::Nothing) } else { nested_actual_value(test, value) };
                let fails = self.test(test, value, &Ty::String);
                quote!(if #fails { out.push(#at, &RULES[#rule], #found); })
            }
        }
    }
}
