//! Limits of values: which of them are said, and which say nothing of their type.

use serde_json::{Number, Value, json};
use specwright_codegen::pattern::Pattern;

use super::Planner;
use super::flat::Flat;
use super::portable::portable;
use super::ty::{Piece, Ty};
use crate::finding::{Place, fault};
use crate::gaps;
use crate::openapi::JsonType;
use crate::spec::number;

impl Planner<'_> {
    /// Adds the limits of a schema to a piece. `types` are those that the piece is for; none means any.
    pub(super) fn set_limits(&mut self, piece: &mut Piece, types: &[JsonType], flat: &Flat, place: &Place) {
        let (limits, long) = (&mut flat.limits.clone(), flat.limits.pattern.as_deref().and_then(super::portable::long));
        if let Some((pattern, least, most)) = long {
            limits.min_length = limits.min_length.max(Some(least));
            limits.max_length = limits.max_length.map_or(most, |it| Some(most.map_or(it, |most| it.min(most))));
            limits.pattern = Some(pattern);
        }
        let is = |wanted: &[JsonType]| types.is_empty() || types.iter().any(|it| wanted.contains(it));
        // Where a schema has several types, its limits belong to one of the others.
        let alone = flat.types.len() <= 1;
        let mut found: Vec<(&'static str, Value)> = Vec::new();
        let mut misfits: Vec<&'static str> = Vec::new();
        let mut add = |keyword: &'static str, value: Option<Value>, fits: bool| {
            let Some(value) = value else { return };
            if fits {
                found.push((keyword, value));
            } else if alone {
                misfits.push(keyword);
            }
        };
        let numbers = is(&[JsonType::Integer, JsonType::Number]);
        let value = |it: &Option<Number>| it.as_ref().map(number);
        add("minimum", value(&limits.minimum), numbers);
        add("exclusive_minimum", value(&limits.exclusive_minimum), numbers);
        add("maximum", value(&limits.maximum), numbers);
        add("exclusive_maximum", value(&limits.exclusive_maximum), numbers);
        add("multiple_of", value(&limits.multiple_of), numbers);
        let texts = is(&[JsonType::String]);
        let is_sized = super::piece::is_sized(flat);
        add("min_length", limits.min_length.filter(|it| *it > 0 && !is_sized).map(Value::from), texts);
        add("max_length", limits.max_length.filter(|_| !is_sized).map(Value::from), texts);
        let lists = is(&[JsonType::Array]);
        add("min_items", limits.min_items.filter(|it| *it > 0).map(Value::from), lists);
        add("max_items", limits.max_items.map(Value::from), lists);
        add("unique_items", limits.unique_items.then_some(Value::Bool(true)), lists);
        let maps = is(&[JsonType::Object]);
        add("min_properties", limits.min_properties.filter(|it| *it > 0).map(Value::from), maps);
        add("max_properties", limits.max_properties.map(Value::from), maps);
        // `/^a$/`, as in JavaScript.
        let bare = |it: &str| it.strip_prefix("/^").and_then(|it| it.strip_suffix("$/")).map(|it| format!("^{it}$"));
        let in_slashes = limits.pattern.as_deref().and_then(bare);
        if let (Some(written), Some(_)) = (&limits.pattern, &in_slashes) {
            self.out.push(fault::pattern_in_slashes(written, place.clone()));
        }
        let pattern = in_slashes.or_else(|| limits.pattern.clone());
        let pattern = pattern.map(|it| if Pattern::parse(&it).is_ok() { it } else { portable(&it) });
        let (pattern, not) = self.refused_values((flat, texts), piece, pattern, place);
        found.extend(not.map(|it| ("not", it)));
        if let Some(pattern) = &pattern {
            if !texts {
                misfits.push("pattern");
            } else if Pattern::parse(pattern).is_ok() {
                found.push(("pattern", pattern.as_str().into()));
            } else {
                self.limit_gap(&gaps::PATTERN, place.clone(), &[pattern]);
                piece.unclear.push(format!("The document has the pattern `{pattern}`, which is not portable"));
            }
        }
        let ty = types.first().map_or("any JSON", |it| it.describe());
        for keyword in misfits {
            self.out.push(fault::limit_misfit(keyword, ty, place.clone()));
        }
        if matches!(piece.ty, Ty::Word("integer" | "int32" | "uint32" | "uint64")) {
            found.retain(|(keyword, value)| {
                let kept = limits_an_integer(&piece.ty, keyword, value);
                if !kept && (*keyword == "multiple_of") {
                    return true;
                }
                kept
            });
        }
        for (low, high) in [
            ("minimum", "maximum"),
            ("min_length", "max_length"),
            ("min_items", "max_items"),
            ("min_properties", "max_properties"),
        ] {
            let of = |keyword: &str| found.iter().find(|it| it.0 == keyword).and_then(|it| it.1.as_f64());
            if let (Some(least), Some(most)) = (of(low), of(high))
                && least > most
            {
                self.out.push(fault::limit_malformed(high, place.clone()));
                found.retain(|it| it.0 != high);
            }
        }
        if found.iter().any(|it| it.0 == "multiple_of" && it.1.as_f64().is_none_or(|it| it <= 0.0)) {
            self.out.push(fault::limit_malformed("multipleOf", place.clone()));
            found.retain(|it| it.0 != "multiple_of");
        }
        piece.limits.extend(found);
    }

    /// The pattern of a text, and what a value must not be. More than one `not` becomes part of the pattern.
    fn refused_values(
        &mut self,
        (flat, texts): (&Flat, bool),
        piece: &Piece,
        pattern: Option<String>,
        place: &Place,
    ) -> (Option<String>, Option<Value>) {
        let (mut pattern, mut excluded) = (pattern, None);
        for id in &flat.not {
            // Of a record it is a rule.
            if flat.types == [JsonType::Object] && !flat.properties.is_empty() {
                continue;
            }
            let not = self.schema(*id);
            let other_types = !not.types.is_empty() && not.types.iter().all(|it| !flat.types.contains(it));
            if other_types && !flat.types.is_empty() {
                continue;
            }
            let listed = not.values.clone().or_else(|| not.constant.clone().map(|it| vec![it]));
            if excluded.is_none() {
                excluded = said_by_not(piece, listed.as_deref(), not.limits.pattern.as_deref());
                if excluded.is_some() {
                    continue;
                }
            }
            let listed: Option<Vec<&str>> = listed.as_ref().and_then(|it| it.iter().map(Value::as_str).collect());
            let refused =
                listed.map(|it| super::portable::literals(it.into_iter())).or_else(|| not.limits.pattern.clone());
            match refused.filter(|_| texts) {
                Some(refused) => {
                    let body = refused.strip_prefix('^').map_or(format!("[\\s\\S]*(?:{refused})"), str::to_owned);
                    let without = format!("^(?!{body})");
                    pattern = Some(pattern.map_or(without.clone(), |it| super::portable::both(&without, &it)));
                }
                None => self.limit_gap(&gaps::NOT, place.clone(), &["not"]),
            }
        }
        (pattern, excluded)
    }
}

/// The argument of `not`, where the language says it of this type.
fn said_by_not(piece: &Piece, listed: Option<&[Value]>, pattern: Option<&str>) -> Option<Value> {
    let Ty::Word(word) = &piece.ty else { return None };
    let fits = |it: &Value| match *word {
        "string" => it.is_string(),
        "integer" => it.is_i64(),
        "number" => it.as_f64().is_some(),
        "boolean" => it.is_boolean(),
        _ => false,
    };
    match (listed, pattern) {
        _ if piece.values.is_some() => None,
        (Some(values), _) => (!values.is_empty() && values.iter().all(fits)).then(|| json!({ "enum": values })),
        (None, Some(pattern)) => {
            (*word == "string" && Pattern::parse(pattern).is_ok()).then(|| json!({ "pattern": pattern }))
        }
        (None, None) => None,
    }
}

/// Whether a limit says more of an integer than that it has 64 bits.
fn limits_an_integer(ty: &Ty, keyword: &str, value: &Value) -> bool {
    let Some(number) = value.as_f64() else { return true };
    let is_unsigned = *ty == Ty::Word("uint64");
    match keyword {
        "minimum" if is_unsigned => number > 0.0,
        "exclusive_minimum" if is_unsigned => number >= 0.0,
        // The nearest double is the first number beyond.
        "maximum" | "exclusive_maximum" if is_unsigned => value.as_u64().is_some_and(|it| it < u64::MAX),
        "minimum" | "exclusive_minimum" => number > i64::MIN as f64,
        "maximum" | "exclusive_maximum" => number < i64::MAX as f64,
        _ => true,
    }
}
