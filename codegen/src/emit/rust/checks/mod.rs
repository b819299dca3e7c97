//! `check` functions: a call of the runtime per rule, without allocation for a legal value.

mod conditions;
mod cross;
mod items;
mod statements;
mod values;

use specwright_format::{Ident, TokenStream, quote};

use self::statements::{Chain, Statements, bare};
pub(super) use self::values::json_is_one_of;
use self::values::nested_actual_value;
use super::tokens::{CurrentModule, id};
use crate::lower::view::{
    Checks, FieldChecks, Guarded, ItemsIn, NamedCondition, NestedCheck, PlainRule, RuleCall, RuleData, Storage,
    Strength, Test, Ty, UnionChecks, UnionItem, UnionTrial,
};

/// `fn check(&self, out)` of a record type.
pub(crate) fn function(checks: &Checks, home: CurrentModule) -> TokenStream {
    let body = body(checks, home);
    quote! {
        /// Collects everything that breaks a rule.
        #[inline]
        pub(crate) fn check(&self, out: &mut rt::Checks<'_>) {
            #body
        }
    }
}

/// A request's `fn check_rules(&self, out)`, if there are rules.
pub(crate) fn request_function(checks: &Checks) -> Option<TokenStream> {
    if checks.is_empty() {
        return None;
    }
    let body = body(checks, CurrentModule::Operation);
    Some(quote! {
        #[inline]
        fn check_rules(&self, out: &mut rt::Violations) {
            let out = &mut out.at_root();
            #body
        }
    })
}

/// `fn check(&self, out)` of a union.
pub(crate) fn union_function(checks: &UnionChecks, item: &UnionItem, home: CurrentModule) -> TokenStream {
    let emitter = Emitter { home, rules: &checks.rules, conditions: &[] };
    let (value, out) = (quote!(value), quote!(out));
    let nothing = quote!(rt::Actual::Nothing);
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
                        emitter.broken(*rule, &nested_actual_value(test, &value)),
                    );
                }
                deep => body.push(emitter.nested(deep, &value, &out, false, 0)),
            }
            (variant, body)
        })
        .collect();
    let other_text = checks.other_text.map(|rule| {
        let broken = emitter.broken(rule, &nothing);
        quote!(Self::Other(value) if value.is_string() => { #broken })
    });
    let other = checks.other.map(|rule| {
        let broken = emitter.broken(rule, &nothing);
        quote!(Self::Other(_) => { #broken })
    });
    // What cannot be told apart is kept as it is, and left to the server.
    let kept: Vec<_> = checks.kept.iter().map(|it| super::unions::json_is(it, &quote!(value))).collect();
    let kept = (!kept.is_empty()).then(|| quote!(Self::Other(value) if #(#kept)||* => {}));
    let all = item.members.len() + usize::from(item.other);
    let covered = checks.members.len() + usize::from(checks.other.is_some());
    let body = match members.as_slice() {
        [] if other_text.is_none() && kept.is_none() && checks.other.is_some() => {
            let broken = emitter.broken(checks.other.unwrap_or_default(), &nothing);
            quote!(if let Self::Other(_) = self { #broken })
        }
        [(variant, body)] if covered < all && other.is_none() => body.under(&quote!(let Self::#variant(value) = self)),
        members => {
            let rest = (covered < all || members.iter().any(|(_, it)| it.lone_if().is_some())).then(|| quote!(_ => {}));
            let arms = members.iter().map(|(variant, body)| match body.lone_if() {
                Some((fails, push)) => quote!(Self::#variant(value) if #fails => { #push }),
                None => match body.lone_call() {
                    Some(call) => quote!(Self::#variant(value) => #call,),
                    None => {
                        let body = body.all();
                        quote!(Self::#variant(value) => { #body })
                    }
                },
            });
            quote!(match self { #(#arms)* #other_text #kept #other #rest })
        }
    };
    let trial = checks.trial.as_ref().map(|it| trial(it, emitter, checks, item));
    quote! {
        /// Collects everything that breaks a rule.
        #[inline]
        pub(crate) fn check(&self, out: &mut rt::Checks<'_>) {
            #body
            #trial
        }
    }
}

/// Asks the members that nothing tells apart which of them accept the value.
fn trial(trial: &UnionTrial, emitter: Emitter<'_>, checks: &UnionChecks, item: &UnionItem) -> TokenStream {
    let UnionTrial { members, none, several } = trial;
    let variants = members.iter().map(|it| id(&item.members[*it].ident));
    let accept = members.iter().map(|it| {
        let ty = emitter.home.ty(&item.members[*it].ty);
        let deep = checks.members.iter().find(|(member, _)| member == it);
        let inner = deep.map(|(_, it)| emitter.nested(it, &quote!(it), &quote!(out), false, 0));
        match inner {
            Some(inner) => quote!(|value, out| rt::accepts::<#ty>(value, out, |it, out| { #inner })),
            None => quote!(|value, out| rt::accepts::<#ty>(value, out, |_, _| {})),
        }
    });
    let none = emitter.rule(*none);
    let several = match several {
        Some(several) => {
            let rule = emitter.rule(*several);
            quote!(Some(#rule))
        }
        None => quote!(None),
    };
    quote! {
        if matches!(self, #(Self::#variants(_) |)* Self::Other(_)) {
            out.members(self, &[#(#accept,)*], #none, #several);
        }
    }
}

fn body(checks: &Checks, home: CurrentModule) -> TokenStream {
    let emitter = Emitter { home, rules: &checks.rules, conditions: &checks.conditions };
    let conditions = checks.conditions.iter().map(|it| {
        let (name, words) = (id(&it.ident), &it.words);
        // Without the names, or it would be called what it is.
        let condition = bare(Emitter { conditions: &[], ..emitter }.condition(&it.cond));
        quote!(let #name = rt::When(#condition, #words);)
    });
    let fields = checks.fields.iter().map(|it| emitter.field(it));
    let cross = checks.cross.iter().map(|it| emitter.cross_check(it));
    let additional = checks.additional.as_ref().map(|deep| {
        let inner = emitter.nested(
            &NestedCheck::EachValue(Box::new(deep.clone())),
            &quote!(&self.extra),
            &quote!(out),
            false,
            0,
        );
        quote!(#inner)
    });
    quote!(#(#conditions)* #(#fields)* #additional #(#cross)*)
}

#[derive(Clone, Copy)]
struct Emitter<'c> {
    home: CurrentModule,
    rules: &'c [RuleData],
    conditions: &'c [NamedCondition],
}

impl Emitter<'_> {
    /// Says that a rule is broken which has a sentence of its own.
    fn broken(self, rule: usize, found: &TokenStream) -> TokenStream {
        let rule = self.rule(rule);
        quote!(out.broken(#rule, #found);)
    }

    /// The rule as an expression.
    fn rule(self, rule: usize) -> TokenStream {
        let RuleData { at, keyword, limit, message, strength, plain: _ } = &self.rules[rule];
        let make = match strength {
            Strength::Stated => quote!(stated),
            Strength::Inferred => quote!(inferred),
            Strength::Ignored => quote!(ignored),
        };
        quote!(rt::Rule::#make(#at, #keyword, #limit, #message))
    }

    /// The call of the runtime that checks a rule: of whether the field is given, or of its value.
    fn call(self, rule: usize, value: &TokenStream, ty: &Ty) -> Option<TokenStream> {
        let RuleData { strength, plain, .. } = &self.rules[rule];
        let PlainRule { name, call, when, because } = plain.as_ref()?;
        let when = when.map(|it| {
            let condition = id(&self.conditions[it].ident);
            quote!(.when(#condition))
        });
        let inferred = matches!(strength, Strength::Inferred).then(|| quote!(.inferred()));
        let because = because.as_ref().map(|it| quote!(.because(#it)));
        let checked = match call {
            RuleCall::Presence(function) => {
                let function = id(function);
                quote!(#function(#name, #value))
            }
            RuleCall::Items(function, count) => {
                let (function, count) = (id(function), super::tokens::count(*count));
                quote!(#function(#name, #count, #value.len()))
            }
            RuleCall::Length(function, count) => {
                let (function, count) = (id(function), super::tokens::count(*count));
                quote!(#function(#name, #count, #value))
            }
            RuleCall::Integer(function, limit) => {
                let (function, limit) = (id(function), super::tokens::integer((*limit).into()));
                quote!(#function(#name, #limit, *#value))
            }
            RuleCall::Number(function, limit) => {
                let (function, limit) = (id(function), super::tokens::float(*limit));
                quote!(#function(#name, #limit, *#value))
            }
            RuleCall::OneOf(values) => match ty {
                Ty::String | Ty::Text(_) => quote!(one_of(#name, &[#(#values),*], #value)),
                _ => quote!(one_of(#name, &[#(#values),*], #value.as_str())),
            },
            RuleCall::OneOfIntegers(values) => {
                let values = values.iter().map(|it| super::tokens::integer((*it).into()));
                quote!(one_of_integers(#name, &[#(#values),*], *#value))
            }
            RuleCall::OneOfNumbers(values) => {
                let values = values.iter().map(|it| super::tokens::float(*it));
                quote!(one_of_numbers(#name, &[#(#values),*], *#value))
            }
            RuleCall::Format(function) => {
                let function = id(function);
                quote!(#function(#name, #value))
            }
        };
        Some(quote!(out #when #inferred #because.#checked))
    }

    /// Of rules for one place the first that is broken is told, and no other.
    fn first_of(calls: Vec<TokenStream>) -> TokenStream {
        match calls.as_slice() {
            [call] => quote!(#call;),
            calls => quote!(let _ = #(#calls)&&*;),
        }
    }

    /// Rules on whether a field is given, as calls.
    fn presence(self, guards: &[Guarded<()>], is_given: &TokenStream) -> Option<TokenStream> {
        let calls = guards.iter().map(|it| self.call(it.rule, is_given, &Ty::Boolean));
        let calls: Vec<_> = calls.collect::<Option<_>>()?;
        (!calls.is_empty()).then(|| Self::first_of(calls))
    }

    fn field(self, field: &FieldChecks) -> TokenStream {
        let FieldChecks { place, wire, secret, missing, present, ignored, value, items, items_in, deep } = field;
        let Some(step) = place.steps.first() else { return TokenStream::new() };
        let ident = id(&step.ident);
        // The value is bound under its own name, unless that is raw or hides an argument of the function.
        let own = !step.ident.starts_with("r#") && step.ident != "at" && step.ident != "out";
        let bound = id(if own { &step.ident } else { "value" });
        let is_given = match step.storage {
            Storage::Plain | Storage::Null => quote!(true),
            Storage::Optional | Storage::OptionalNullable => quote!(self.#ident.is_some()),
        };
        let required = self.presence(missing, &is_given);
        let missing = if required.is_some() { None } else { self.chain(missing) };
        let items = (items.as_slice(), items_in.as_ref());
        let inner = self.value(wire, *secret, &quote!(#bound), &place.ty, value, items, deep.as_ref());
        let given = [present, ignored].map(|guards| {
            self.presence(guards, &is_given).or_else(|| {
                self.chain(guards).map(|it| match step.storage {
                    Storage::Plain | Storage::Null => it.tokens,
                    Storage::Optional | Storage::OptionalNullable => it.under(&quote!(self.#ident.is_some())),
                })
            })
        });
        let given = required.iter().chain(given.iter().flatten());
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
            let push = self.broken(guard.rule, &quote!(rt::Actual::Nothing));
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
        let links = arms.into_iter().enumerate().map(|(index, (when, push))| {
            let otherwise = (index > 0).then(|| quote!(else));
            match when {
                Some(when) => {
                    let when = bare(when);
                    quote!(#otherwise if #when { #push })
                }
                None if index == 0 => push,
                None => quote!(else { #push }),
            }
        });
        let tokens = links.collect();
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
        (items, items_in): (&[Guarded<Test>], Option<&ItemsIn>),
        deep: Option<&NestedCheck>,
    ) -> Statements {
        let mut statements = Statements::default();
        // A value that the spec does not know is reported once: narrower sets are looked at only for known ones.
        let unknown = match deep {
            Some(NestedCheck::Test(test @ Test::Unknown, rule)) => Some((test, *rule)),
            _ => None,
        };
        let chained = |a: &Guarded<Test>, b: &Guarded<Test>| a.chain.is_some() && a.chain == b.chain;
        for group in tests.chunk_by(chained) {
            let own = |it: &Guarded<Test>| {
                let only_known = matches!(it.test, Test::NotOneOf { .. }) && unknown.is_some();
                if secret || only_known { None } else { self.call(it.rule, value, ty) }
            };
            if let Some(calls) = group.iter().map(own).collect::<Option<Vec<_>>>() {
                statements.push(Self::first_of(calls));
                continue;
            }
            for guarded in group {
                let test = self.test(&guarded.test, value, ty);
                let known = matches!(guarded.test, Test::NotOneOf { .. }) && unknown.is_some();
                let known = known.then(|| quote!(#value.is_known()));
                let when = guarded.when.as_ref().map(|it| self.condition(it));
                let all = known.into_iter().chain(when).chain([test]);
                let found =
                    if secret { quote!(rt::Actual::Nothing) } else { self.actual_value(&guarded.test, value, ty) };
                statements.push_link(guarded.chain, quote!(#(#all)&&*), self.broken(guarded.rule, &found));
            }
        }
        if !items.is_empty() {
            statements.push(self.each_item(wire, secret, (value, ty), items, items_in));
        }
        match deep {
            None => {}
            Some(NestedCheck::Test(test, rule)) => match self.call(*rule, value, ty) {
                Some(call) if !secret => statements.push(quote!(#call;)),
                _ => {
                    let found = if secret { quote!(rt::Actual::Nothing) } else { self.actual_value(test, value, ty) };
                    statements.push_if(self.test(test, value, ty), self.broken(*rule, &found));
                }
            },
            Some(NestedCheck::Each(inner)) if !secret && self.list_call(inner, value, ty).is_some() => {
                let call = self.list_call(inner, value, ty);
                statements.push(quote!(#call;));
            }
            Some(deep) => {
                let out = if secret { quote!(out.secret().field(#wire)) } else { quote!(out.field(#wire)) };
                statements.push(self.nested(deep, value, &out, secret, 0));
            }
        }
        statements
    }

    /// One call for the texts of a list.
    fn list_call(self, inner: &NestedCheck, value: &TokenStream, ty: &Ty) -> Option<TokenStream> {
        match inner {
            NestedCheck::Test(_, rule) => self.call(*rule, value, ty),
            NestedCheck::Check
            | NestedCheck::Each(_)
            | NestedCheck::EachValue(_)
            | NestedCheck::ByPlace(_)
            | NestedCheck::NonNull(_) => None,
        }
    }

    /// Checks inside `value`, whose place `out` leads to; `depth` lists and maps are around it.
    fn nested(
        self,
        deep: &NestedCheck,
        value: &TokenStream,
        out: &TokenStream,
        secret: bool,
        depth: usize,
    ) -> TokenStream {
        // The place names the index of every list around, so each has its own.
        let named = |it: &str| Ident::new(if depth == 0 { it.to_owned() } else { format!("{it}{}", depth + 1) });
        match deep {
            // A union's own place is where it stands already.
            NestedCheck::Check if out.is("out") => quote!(#value.check(out);),
            NestedCheck::Check => quote!(#value.check(&mut #out);),
            NestedCheck::Each(inner) => {
                let index = named("index");
                let inner = self.nested(inner, &quote!(it), &quote!(#out.index(#index)), secret, depth + 1);
                quote!(for (#index, it) in #value.iter().enumerate() { #inner })
            }
            NestedCheck::EachValue(inner) => {
                let key = named("key");
                let inner = self.nested(inner, &quote!(it), &quote!(#out.key(#key)), secret, depth + 1);
                quote!(for (#key, it) in #value { #inner })
            }
            NestedCheck::ByPlace(items) => {
                let items = items.iter().map(|(at, inner)| {
                    let index = super::tokens::count(*at as u64);
                    let item = named(&format!("item{at}"));
                    let inner = self.nested(inner, &quote!(#item), &quote!(#out.index(#index)), secret, depth + 1);
                    quote!(let #item = &#value.#index; #inner)
                });
                quote!(#(#items)*)
            }
            NestedCheck::NonNull(inner) => {
                if let NestedCheck::Test(test, rule) = &**inner {
                    let fails = self.test(test, &quote!(it), &Ty::String);
                    let broken = self.nested_violation(test, *rule, &quote!(it), out, secret);
                    return quote!(if let rt::Nullable::Value(it) = #value && #fails { #broken });
                }
                let inner = self.nested(inner, &quote!(it), out, secret, depth);
                quote!(if let rt::Nullable::Value(it) = #value { #inner })
            }
            NestedCheck::Test(test, rule) => {
                let fails = self.test(test, value, &Ty::String);
                let broken = self.nested_violation(test, *rule, value, out, secret);
                quote!(if #fails { #broken })
            }
        }
    }

    fn nested_violation(
        self,
        test: &Test,
        rule: usize,
        value: &TokenStream,
        out: &TokenStream,
        secret: bool,
    ) -> TokenStream {
        let rule = self.rule(rule);
        let found = if secret { quote!(rt::Actual::Nothing) } else { nested_actual_value(test, value) };
        quote!(#out.broken(#rule, #found);)
    }
}
