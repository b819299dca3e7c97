//! Ids of tasks, in our own form or in the form that the spec requires.

use serde_json::Value;
use specwright_codegen::check;
use specwright_codegen::interpret::fits_field;
use specwright_codegen::model::{Api, Field, Record, Task, Type, TypeKind};
use specwright_codegen::pattern::Texts;

use crate::pointer;

/// The form of the ids of one operation's tasks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ids {
    texts: Option<Texts>,
    /// They are whole numbers.
    whole: bool,
}

impl Ids {
    /// Texts that match the patterns and lengths of the id's field, if our own form does not.
    pub(crate) fn of(api: &Api, task: &Task) -> Self {
        let TypeKind::Record(record) = &api.ty(task.created).kind else { return Self::default() };
        if task.is_url_in_header {
            return Self::default();
        }
        if field_at(api, record, &task.id_field).is_some_and(|it| it.ty.is_whole()) {
            return Self { texts: None, whole: true };
        }
        let own = Value::from(own(0, 0));
        let field = field_at(api, record, &task.id_field).filter(|it| !fits_field(api, it, &own));
        let fits =
            |it: &Texts| field.is_some_and(|field| it.nth(0).is_some_and(|id| fits_field(api, field, &id.into())));
        Self { texts: field.and_then(check::texts).filter(fits), whole: false }
    }

    /// An id, different for each count as long as the form has enough ids.
    pub(crate) fn nth(&self, seed: u64, count: u64) -> String {
        if self.whole {
            // Small enough for an `int32`.
            return (seed.wrapping_add(count) % 1_000_000_000 + 1).to_string();
        }
        let text = self.texts.as_ref().and_then(|it| it.nth(seed.wrapping_add(count) % it.count().max(1)));
        text.unwrap_or_else(|| own(seed, count))
    }
}

/// The field at a place: its name, or a JSON pointer through records.
pub(super) fn field_at<'a>(api: &'a Api, record: &'a Record, place: &str) -> Option<&'a Field> {
    let Some(pointer) = place.strip_prefix('/') else { return record.find(place).map(|it| it.1) };
    let (first, rest) = pointer.split_once('/').map_or((pointer, None), |(first, rest)| (first, Some(rest)));
    let (_, field) = record.find(&pointer::unescaped(first))?;
    let Some(rest) = rest else { return Some(field) };
    match &field.ty {
        Type::Named(id) => match &api.ty(*id).kind {
            TypeKind::Record(inner) => field_at(api, inner, &format!("/{rest}")),
            _ => None,
        },
        _ => None,
    }
}

/// Ids look random, but are the same in every run: a one-to-one mixing of the count.
fn own(seed: u64, count: u64) -> String {
    let mut x = seed.wrapping_add(count.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    format!("task_{:016x}", x ^ (x >> 31))
}
