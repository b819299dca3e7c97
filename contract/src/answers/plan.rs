//! A prepared response: a tree in which the parts that depend on the request are marked, and its rendering.
//!
//! Rendering goes through [`serde::Serialize`], so that bytes and values come from the same place and are equal.

use std::sync::Arc;

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::{Map, Value};
use specwright_codegen::interpret::fits_field;
use specwright_codegen::model::{Api, Field, FieldIx, TypeId, TypeKind};
use specwright_codegen::pattern::Texts;

use super::picture::Side;

/// The maximum number of items that a request can set. More is not plausible, and could fill the memory.
pub(super) const MOST_ITEMS: usize = 128;

/// A part of a response.
#[derive(Clone, Debug)]
pub(super) enum Plan {
    /// The same for every request.
    Fixed(Value),
    /// Fields in order.
    Object(Vec<(String, Plan)>),
    /// Items, whose number the request sets.
    List(Box<List>),
    /// A parameter of the request.
    Echo(Box<Echo>),
    /// The id of the task.
    Id,
    /// The same, as a whole number.
    WholeId,
    /// A unique text, which differs by seed and item.
    Label(String),
    /// One of many texts of a form, which differs likewise.
    Texts(Arc<Texts>),
    /// The position of an item in its list. The value is that of the prepared item.
    Index(Value),
    /// The URL of a result.
    Link(Box<Link>),
    /// Width or height of a picture.
    Side(Side, Value),
}

/// Items of an array.
#[derive(Clone, Debug)]
pub(super) struct List {
    /// The prepared items, used in turn.
    pub(super) items: Vec<Plan>,
    /// The parameter that sets the number, and its default.
    pub(super) count: Option<(String, Option<u64>)>,
    /// The minimum and maximum number.
    pub(super) limits: (usize, usize),
}

/// A field with the name of a parameter.
#[derive(Clone, Debug)]
pub(super) struct Echo {
    /// The name of the parameter.
    pub(super) name: String,
    /// The type and limits of the value.
    pub(super) field: (TypeId, FieldIx),
    /// The value if the request lacks the parameter.
    pub(super) absent: Absent,
    /// The value if the parameter's value does not fit.
    pub(super) other: Plan,
}

/// The value for a parameter that is not in the request.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Absent {
    /// As for a value that does not fit.
    Other,
    /// This value: the parameter's default, or null.
    Put(Value),
    /// No field.
    Nothing,
}

/// A URL in pieces.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Link {
    /// Up to and including a slash.
    pub(super) folder: String,
    /// Whether the task's id is a folder below it.
    pub(super) by_id: bool,
    /// The file's name.
    pub(super) stem: String,
    /// `.png`.
    pub(super) ending: String,
}

/// The input of rendering.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) api: &'a Api,
    /// All parameters by name.
    pub(super) request: Option<&'a Map<String, Value>>,
    /// The id of the task; empty without a task.
    pub(super) id: &'a str,
    pub(super) seed: u64,
    /// 0 for a prepared item; otherwise the number of a copy, counted from 1.
    pub(super) copy: usize,
}

impl<'a> Context<'a> {
    /// For an empty request.
    pub(super) fn plain(api: &'a Api) -> Self {
        Self { api, request: None, id: "", seed: 0, copy: 0 }
    }

    fn sent(&self, name: &str) -> Option<&'a Value> {
        self.request?.get(name)
    }

    /// The value of an echo. `None` if the fallback is used.
    fn echo(&self, echo: &Echo) -> Option<&'a Value> {
        let (id, ix) = echo.field;
        let value = self.sent(&echo.name)?;
        let fits = field(self.api, id, ix).is_some_and(|it| fits_field(self.api, it, value));
        fits.then_some(value)
    }

    fn is_left_out(&self, plan: &Plan) -> bool {
        match plan {
            Plan::Echo(echo) => echo.absent == Absent::Nothing && self.sent(&echo.name).is_none(),
            _ => false,
        }
    }
}

/// A field of a record type.
pub(super) fn field(api: &Api, id: TypeId, ix: FieldIx) -> Option<&Field> {
    match &api.types.get(id.0 as usize)?.kind {
        TypeKind::Record(record) => record.fields.get(ix.0 as usize),
        _ => None,
    }
}

impl List {
    fn len(&self, context: &Context<'_>) -> usize {
        let asked = self.count.as_ref().and_then(|(name, default)| match context.sent(name) {
            Some(Value::String(text)) => text.parse().ok(),
            // A count may have the type `number`; `4.0` is valid.
            Some(value) => value.as_u64().or_else(|| value.as_f64().filter(|it| *it >= 0.0).map(|it| it as u64)),
            None => *default,
        });
        let asked = asked.map_or(self.items.len(), |it| usize::try_from(it).unwrap_or(MOST_ITEMS).min(MOST_ITEMS));
        let (least, most) = self.limits;
        if self.items.is_empty() { 0 } else { asked.min(most).max(least) }
    }
}

impl Plan {
    /// The value for a request.
    pub(super) fn value(&self, context: Context<'_>) -> Value {
        match self {
            Self::Fixed(value) => value.clone(),
            // Keys are texts and numbers are finite, so serialization cannot fail.
            _ => serde_json::to_value(Shown { plan: self, context }).unwrap_or_default(),
        }
    }

    /// The same as text.
    pub(super) fn bytes(&self, context: Context<'_>) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(256);
        // Writing to memory does not fail.
        let _ = serde_json::to_writer(&mut bytes, &Shown { plan: self, context });
        bytes
    }

    /// A list whose items have types by place.
    pub(super) fn of_places(items: Vec<Self>) -> Self {
        let limits = (items.len(), items.len());
        Self::List(Box::new(List { items, count: None, limits })).fold_constants()
    }

    /// Objects and lists that do not depend on the request become one value.
    pub(super) fn fold_constants(self) -> Self {
        match self {
            Self::Object(fields) if fields.iter().all(|(_, it)| matches!(it, Self::Fixed(_))) => {
                let fields = fields.into_iter().filter_map(|(name, it)| match it {
                    Self::Fixed(value) => Some((name, value)),
                    _ => None,
                });
                Self::Fixed(Value::Object(fields.collect()))
            }
            Self::List(list) if list.count.is_none() && list.items.iter().all(|it| matches!(it, Self::Fixed(_))) => {
                let n_items =
                    if list.items.is_empty() { 0 } else { list.items.len().min(list.limits.1).max(list.limits.0) };
                let items = list.items.iter().cycle().take(n_items).filter_map(|it| match it {
                    Self::Fixed(value) => Some(value.clone()),
                    _ => None,
                });
                Self::Fixed(items.collect())
            }
            other => other,
        }
    }
}

/// A plan for a request.
struct Shown<'a> {
    plan: &'a Plan,
    context: Context<'a>,
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let context = self.context;
        match self.plan {
            Plan::Fixed(value) => value.serialize(to),
            Plan::Object(fields) => {
                let mut map = to.serialize_map(None)?;
                for (name, plan) in fields.iter().filter(|(_, it)| !context.is_left_out(it)) {
                    map.serialize_entry(name, &Shown { plan, context })?;
                }
                map.end()
            }
            Plan::List(list) => {
                let n_items = list.len(&context);
                let mut seq = to.serialize_seq(Some(n_items))?;
                for (index, plan) in list.items.iter().cycle().take(n_items).enumerate() {
                    let copy = if index < list.items.len() { context.copy } else { index + 1 };
                    seq.serialize_element(&Shown { plan, context: Context { copy, ..context } })?;
                }
                seq.end()
            }
            Plan::Echo(echo) => match (context.echo(echo), &echo.absent) {
                (Some(value), _) => value.serialize(to),
                (None, Absent::Put(value)) if context.sent(&echo.name).is_none() => value.serialize(to),
                (None, _) => Shown { plan: &echo.other, context }.serialize(to),
            },
            Plan::Id => to.serialize_str(context.id),
            Plan::WholeId => to.serialize_u64(context.id.parse().unwrap_or_default()),
            Plan::Label(text) if context.seed == 0 && context.copy == 0 => to.serialize_str(text),
            Plan::Label(text) => to.collect_str(&format_args!("{text}-{:08x}", distinguishing_bits(&context))),
            Plan::Texts(texts) => {
                let first = if context.seed == 0 { 0 } else { mix_bits(context.seed) };
                let n = first.wrapping_add(context.copy as u64) % texts.count().max(1);
                to.serialize_str(&texts.nth(n).unwrap_or_default())
            }
            Plan::Index(shown) => match context.copy.checked_sub(1) {
                None => shown.serialize(to),
                Some(index) => to.serialize_u64(index as u64),
            },
            Plan::Link(link) => {
                let Link { folder, by_id, stem, ending } = &**link;
                let id = if *by_id && is_safe(context.id) { context.id } else { "" };
                let slash = if id.is_empty() { "" } else { "/" };
                match context.copy {
                    0 => to.collect_str(&format_args!("{folder}{id}{slash}{stem}{ending}")),
                    copy => to.collect_str(&format_args!("{folder}{id}{slash}{stem}-{copy}{ending}")),
                }
            }
            Plan::Side(side, other) => match context.request.and_then(|it| side.of_request(it)) {
                Some(pixels) => to.serialize_u64(pixels),
                None => other.serialize(to),
            },
        }
    }
}

/// Whether an id can be part of a path without escaping.
fn is_safe(id: &str) -> bool {
    id.len() <= 128 && id.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_'))
}

/// 32 bits from id, seed and item.
fn distinguishing_bits(context: &Context<'_>) -> u32 {
    let mut state = context.seed ^ (context.copy as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for byte in context.id.bytes() {
        state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    mix_bits(state) as u32
}

/// The finalizer of `SplitMix64`: equal inputs give equal outputs, and similar inputs give very different ones.
pub(crate) fn mix_bits(state: u64) -> u64 {
    let state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}
