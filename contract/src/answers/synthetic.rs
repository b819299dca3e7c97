//! Generates responses from types, names and formats if there is no example.

use serde_json::{Value, json};
use specwright_codegen::check;
use specwright_codegen::constraints::{Measure, count_range};
use specwright_codegen::interpret::{fits_field, validate_answer};
use specwright_codegen::model::{
    Access, Condition, Constraint, Field, FieldIx, Record, Target, Type, TypeId, TypeKind,
};

use super::gap::Gap;
use super::maker::{ExampleValue, Maker, ResponsePath, has_dependent_fields};
use super::name_hints::{self, words};
use super::picture::Side;
use super::plan::{Context, Plan};
use super::template::Template;

/// The maximum nesting of records, lists and unions.
const DEEPEST: usize = 64;
/// The maximum number of entries of a map.
const MOST_ENTRIES: u64 = 20;

/// Which optional fields are present.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fullness {
    /// All except those of failures, similar to the examples of other operations.
    Rich,
    /// No optional fields.
    Lean,
}

/// A value of the type of an event, in which nothing depends on a request.
pub(super) fn event(maker: &Maker<'_>, ty: &Type) -> Option<Value> {
    let ways = [Fullness::Rich, Fullness::Lean].into_iter();
    let made = ways.filter_map(|it| Synthesizer::new(maker, it).value(ty, &ResponsePath::top(), None));
    let values = made.map(|it| it.value(Context::plain(maker.api)));
    let mut sound = values.filter(|it| validate_answer(maker.api, ty, it).is_empty());
    sound.next()
}

/// Generates the values of one response.
pub(super) struct Synthesizer<'m, 'a> {
    maker: &'m Maker<'a>,
    fullness: Fullness,
    /// Record and union types around the value. A type that contains itself ends there.
    around: Vec<TypeId>,
    /// The first place at which generation failed, and why.
    endless: Option<Gap>,
}

impl<'m, 'a> Synthesizer<'m, 'a> {
    pub(super) fn new(maker: &'m Maker<'a>, fullness: Fullness) -> Self {
        maker.begin();
        Self { maker, fullness, around: Vec::new(), endless: None }
    }

    /// Why there is no value.
    pub(super) fn gap(self) -> Option<Gap> {
        self.endless
    }

    fn record_gap(&mut self, at: &ResponsePath<'_>, why: &str) {
        self.endless.get_or_insert_with(|| Gap { at: at.pointer(), why: why.to_owned() });
    }

    /// A value of a type. `None` if it would be infinite.
    pub(super) fn value(&mut self, ty: &'a Type, at: &ResponsePath<'a>, field: Option<&Field>) -> Option<Plan> {
        if at.levels > DEEPEST {
            self.record_gap(at, "its types are nested too deep");
            return None;
        }
        if !self.maker.count_part() {
            self.record_gap(at, "the answer has too many parts");
            return None;
        }
        Some(match ty {
            Type::String => self.text(at, field),
            Type::Integer | Type::Sized(_) if at.is_index() => Plan::Index(json!(0)),
            Type::Integer | Type::Sized(_) => self.number(at, true),
            Type::Number => self.number(at, false),
            Type::Boolean => Plan::Fixed(Value::Bool(true)),
            Type::Url => self.maker.link(at, None),
            Type::HttpsUrl => self.https(at),
            Type::DateTime => Plan::Fixed(name_hints::moment()),
            Type::Formatted(format) => Plan::Fixed(format.sample().into()),
            Type::Nullable(inner) => return self.value(inner, at, field),
            Type::Base64 => Plan::Fixed(name_hints::PNG.into()),
            Type::File => Plan::Fixed(json!("")),
            Type::Json => Plan::Fixed(json!({})),
            Type::Array(item) => {
                let items = self.value(item, &at.item(), None).into_iter().collect();
                self.maker.list(at, items, item, field)
            }
            Type::Tuple(types) => {
                let at = at.item();
                let items = types.iter().map(|it| self.value(it, &at, None)).collect::<Option<Vec<_>>>()?;
                Plan::of_places(items)
            }
            Type::Map(entry) => {
                let own = field.into_iter().flat_map(|it| &it.clauses).filter(|it| it.target == Target::Value);
                let range = count_range(own.map(|it| &it.constraint), Measure::Properties);
                let count = range.least.max(1).min(range.most.unwrap_or(u64::MAX)).min(MOST_ENTRIES);
                let names = (1..=count).map(|it| if it == 1 { "sample".to_owned() } else { format!("sample_{it}") });
                let entries = names.map_while(|it| Some((it, self.value(entry, &at.field("sample"), None)?)));
                Plan::Object(entries.collect()).fold_constants()
            }
            Type::Union(members) => self.first_of(members, at)?,
            Type::Named(id) => return self.named(*id, at),
        })
    }

    fn named(&mut self, id: TypeId, at: &ResponsePath<'a>) -> Option<Plan> {
        let kind = &self.maker.api.ty(id).kind;
        if let TypeKind::Enum(def) = kind {
            return Some(Plan::Fixed(def.values.first().map_or_else(|| "other".into(), |it| it.value.as_str().into())));
        }
        if self.around.contains(&id) {
            self.record_gap(at, "its type contains itself endlessly");
            return None;
        }
        self.around.push(id);
        let made = match kind {
            TypeKind::Record(record) => self.record(id, record, at).map(|it| Plan::Object(it).fold_constants()),
            TypeKind::Union { members, .. } => self.first_of(members, at),
            TypeKind::Tagged(union) => {
                let members = union.members.iter().map(|(tag, member)| (union.tag_value(tag), *member));
                let whole = Type::Named(id);
                self.first_sound(members, |it, (tag, member)| Some((&whole, it.tagged(&union.tag, tag, member, at)?)))
            }
            TypeKind::Enum(_) => None,
        };
        self.around.pop();
        made
    }

    fn tagged(&mut self, name: &str, tag: Value, member: TypeId, at: &ResponsePath<'a>) -> Option<Plan> {
        let TypeKind::Record(record) = &self.maker.api.ty(member).kind else { return None };
        if self.around.contains(&member) {
            self.record_gap(at, "its type contains itself endlessly");
            return None;
        }
        self.around.push(member);
        let fields = self.record(member, record, at);
        self.around.pop();
        let tag = (name.to_owned(), Plan::Fixed(tag));
        Some(Plan::Object(std::iter::once(tag).chain(fields?).collect()).fold_constants())
    }

    fn first_of(&mut self, members: &'a [Type], at: &ResponsePath<'a>) -> Option<Plan> {
        let at = &ResponsePath { levels: at.levels + 1, ..at.clone() };
        self.first_sound(members.iter(), |it, member| Some((member, it.value(member, at, None)?)))
    }

    /// The first member with a valid value, or else the first member with any value.
    fn first_sound<'t, M>(
        &mut self,
        members: impl Iterator<Item = M>,
        mut make: impl FnMut(&mut Self, M) -> Option<(&'t Type, Plan)>,
    ) -> Option<Plan> {
        let mut any = None;
        for member in members {
            let Some((ty, plan)) = make(self, member) else { continue };
            let value = plan.value(Context::plain(self.maker.api));
            if validate_answer(self.maker.api, ty, &value).is_empty() {
                return Some(plan);
            }
            any = any.or(Some(plan));
        }
        any
    }

    /// The fields of a record. `None` if it would be infinite.
    pub(super) fn record(
        &mut self,
        id: TypeId,
        record: &'a Record,
        at: &ResponsePath<'a>,
    ) -> Option<Vec<(String, Plan)>> {
        let stiff = has_dependent_fields(record);
        if stiff {
            // Fields that depend on each other are found by search and not one by one.
            let ty = Type::Named(id);
            let found = check::sample_of(self.maker.api, &ty);
            let found = found.filter(|it| validate_answer(self.maker.api, &ty, it).is_empty());
            if let Some(Value::Object(found)) = found {
                return Some(found.into_iter().map(|(name, value)| (name, Plan::Fixed(value))).collect());
            }
        }
        if self.fullness == Fullness::Rich
            && let Some(Value::Object(shown)) = self.maker.examples.of(id)
        {
            let template = Template { maker: self.maker, request: None };
            return Some(template.fields(id, record, shown, at));
        }
        let mut made = Vec::new();
        let fields = record.fields.iter().enumerate();
        for (index, field) in fields.filter(|(_, it)| it.access != Access::WriteOnly) {
            let of = (id, FieldIx(index as u32));
            if !field.always_required() && !self.includes_optional(field) {
                continue;
            }
            match self.field(field, at) {
                Some((plan, true)) if stiff => made.push((field.name.clone(), plan)),
                Some((plan, true)) => {
                    let plan = self.maker.echo(of, field, &at.field(&field.name), plan, ExampleValue::Nothing);
                    made.push((field.name.clone(), plan));
                }
                _ if !field.always_required() => {}
                _ if field.nullable => made.push((field.name.clone(), Plan::Fixed(Value::Null))),
                // The validation of the response reports what is wrong with it.
                Some((plan, false)) => made.push((field.name.clone(), plan)),
                None => return None,
            }
        }
        Some(made)
    }

    /// Whether an optional field is present.
    fn includes_optional(&self, field: &Field) -> bool {
        let forbidden = field.clauses.iter().any(|it| it.constraint == Constraint::Forbidden);
        self.fullness == Fullness::Rich && !forbidden && !name_hints::is_of_failure(&words(&field.name))
    }

    /// One field of a record, and whether it is within all limits.
    pub(super) fn field(&mut self, field: &'a Field, at: &ResponsePath<'a>) -> Option<(Plan, bool)> {
        let at = at.field(&field.name);
        let made = match first_listed(field) {
            Some(value) => Plan::Fixed(value.clone()),
            None => {
                match field.examples.iter().chain(&field.default).find(|it| fits_field(self.maker.api, field, it)) {
                    Some(value) => Plan::Fixed(value.clone()),
                    None => self.value(&field.ty, &at, Some(field))?,
                }
            }
        };
        match self.maker.restrict_to_field(made.clone(), field) {
            Some(made) => Some((made, true)),
            None => Some((made, false)),
        }
    }

    fn text(&self, at: &ResponsePath<'a>, field: Option<&Field>) -> Plan {
        let name = at.name();
        let spoken = words(name);
        if name_hints::is_link(&spoken) {
            return self.maker.link(at, None);
        }
        if name_hints::is_id(&spoken) || name_hints::is_secret(&spoken) || field.is_some_and(|it| it.secret) {
            let thing = match &*spoken {
                [] => "sample".to_owned(),
                [only] => {
                    let above = at.trail.iter().rev().nth(1).and_then(|it| words(it).pop());
                    let above = above.map_or_else(|| self.maker.op.name.clone(), |it| name_hints::singular(&it));
                    if name_hints::is_id(&spoken) { above } else { only.clone() }
                }
                [most @ .., _] => most.join("_"),
            };
            return Plan::Label(format!("{thing}_0001"));
        }
        Plan::Fixed(name_hints::text(name).into())
    }

    fn number(&self, at: &ResponsePath<'a>, whole: bool) -> Plan {
        let spoken = words(at.name());
        let other = name_hints::number(at.name(), whole);
        match () {
            () if name_hints::is_width(&spoken) => Plan::Side(Side::Width, other),
            () if name_hints::is_height(&spoken) => Plan::Side(Side::Height, other),
            () => Plan::Fixed(other),
        }
    }

    /// The server of the files may be unencrypted.
    fn https(&self, at: &ResponsePath<'a>) -> Plan {
        match self.maker.link(at, None) {
            Plan::Link(mut link) => {
                if !link.folder.starts_with("https://") {
                    "https://files.example/".clone_into(&mut link.folder);
                }
                Plan::Link(link)
            }
            other => other,
        }
    }
}

/// The first value that all clauses of a field allow, if they list values.
fn first_listed(field: &Field) -> Option<&Value> {
    field.clauses.iter().find_map(|it| match &it.constraint {
        _ if it.target == Target::Items || it.when != Condition::Always => None,
        Constraint::Enum(values) => values.first(),
        Constraint::Const(value) => Some(value),
        _ => None,
    })
}
