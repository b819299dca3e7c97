//! Simplifies conditions: removes parts that always or never hold, and factors out what alternatives share.

use super::view::Cond;

pub(super) fn is_always(cond: &Cond) -> bool {
    matches!(cond, Cond::All(parts) if parts.is_empty())
}

pub(super) fn is_never(cond: &Cond) -> bool {
    matches!(cond, Cond::Any(parts) if parts.is_empty())
}

/// All of them, without one `all` in another.
pub(super) fn all(parts: Vec<Cond>) -> Cond {
    let mut flat = Vec::new();
    for part in parts {
        match part {
            Cond::All(inner) => inner.into_iter().for_each(|it| add(&mut flat, it)),
            other => add(&mut flat, other),
        }
    }
    if flat.iter().any(|it| is_never(it) || flat.contains(&not(it.clone()))) {
        return Cond::Any(Vec::new());
    }
    if flat.len() == 1 { flat.remove(0) } else { Cond::All(flat) }
}

/// One of them, without one `any` in another, and with what they share taken out.
pub(super) fn any(parts: Vec<Cond>) -> Cond {
    let mut flat = Vec::new();
    for part in parts {
        match part {
            Cond::Any(inner) => inner.into_iter().for_each(|it| add(&mut flat, it)),
            other => add(&mut flat, other),
        }
    }
    if flat.iter().any(|it| is_always(it) || flat.contains(&not(it.clone()))) {
        return Cond::All(Vec::new());
    }
    if flat.len() == 1 {
        return flat.remove(0);
    }
    factor_common_parts(&flat).unwrap_or(Cond::Any(flat))
}

/// `a && b || a && c` as `a && (b || c)`.
pub(super) fn factor_common_parts(parts: &[Cond]) -> Option<Cond> {
    fn operands(part: &Cond) -> &[Cond] {
        match part {
            Cond::All(inner) => inner,
            other => std::slice::from_ref(other),
        }
    }
    let (first, rest) = parts.split_first()?;
    let common: Vec<Cond> =
        operands(first).iter().filter(|it| rest.iter().all(|part| operands(part).contains(it))).cloned().collect();
    if common.is_empty() {
        return None;
    }
    let without = |part: &Cond| all(operands(part).iter().filter(|it| !common.contains(it)).cloned().collect());
    let left = any(parts.iter().map(without).collect());
    Some(all(common.into_iter().chain([left]).collect()))
}

pub(super) fn add(parts: &mut Vec<Cond>, part: Cond) {
    if !parts.contains(&part) {
        parts.push(part);
    }
}

/// The opposite, with every `not` as far in as it goes.
pub(super) fn not(cond: Cond) -> Cond {
    match cond {
        Cond::All(parts) => any(parts.into_iter().map(not).collect()),
        Cond::Any(parts) => all(parts.into_iter().map(not).collect()),
        Cond::Not(inner) => *inner,
        other => Cond::Not(Box::new(other)),
    }
}
