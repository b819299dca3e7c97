//! What responses from examples and generated responses have in common: places in a response, and what may vary there.

use std::cell::Cell;
use std::sync::Arc;

use serde_json::{Map, Value};
use specwright_codegen::check;
use specwright_codegen::constraints::{Measure, count_range};
use specwright_codegen::interpret::fits_field;
use specwright_codegen::model::number;
use specwright_codegen::model::{
    Api, Condition, Constraint, Field, FieldIx, Method, Num, Operation, Record, Target, Type, TypeId,
};

use super::count::{Count, counting, counts};
use super::example_index::ExampleIndex;
use super::name_hints::{self, words};
use super::picture::MOST;
use super::plan::{Absent, Context, Echo, Link, List, MOST_ITEMS, Plan};
use crate::pointer;

/// The maximum number of parts of one generated response.
const MOST_PARTS: usize = 2_000;

/// The maximum depth of records in which parameters of the request are searched.
const DEEPEST_ECHO: usize = 1;

/// The default URL of files.
const NOWHERE: &str = "https://files.example";

/// Creates plans for one operation.
pub(super) struct Maker<'a> {
    pub(super) api: &'a Api,
    pub(super) op: &'a Operation,
    /// Base URL of result files, without a slash at its end.
    files: Option<&'a str>,
    pub(super) examples: &'a ExampleIndex,
    counts: Vec<Count>,
    parts: Cell<usize>,
}

/// A place in a response.
#[derive(Clone)]
pub(super) struct ResponsePath<'a> {
    /// Names from the outermost to this one.
    pub(super) trail: Vec<&'a str>,
    /// The number of arrays around it.
    pub(super) arrays: usize,
    /// The number of records around it, including that of the response.
    pub(super) records: usize,
    /// Arrays and unions of a field share its place.
    pub(super) levels: usize,
}

impl<'a> ResponsePath<'a> {
    /// The whole response.
    pub(super) fn top() -> Self {
        Self { trail: Vec::new(), arrays: 0, records: 0, levels: 0 }
    }

    pub(super) fn field(&self, name: &'a str) -> Self {
        let trail = self.trail.iter().copied().chain([name]).collect();
        Self { trail, records: self.records + 1, levels: self.levels + 1, ..*self }
    }

    pub(super) fn item(&self) -> Self {
        Self { arrays: self.arrays + 1, levels: self.levels + 1, trail: self.trail.clone(), ..*self }
    }

    /// The place as a JSON pointer, as if every list had one item.
    pub(super) fn pointer(&self) -> String {
        self.trail.iter().map(|it| format!("/{}", pointer::escaped(it))).collect()
    }

    /// Whether it is the position of an item in its list.
    pub(super) fn is_index(&self) -> bool {
        self.arrays > 0 && self.name() == "index"
    }

    pub(super) fn name(&self) -> &'a str {
        self.trail.last().copied().unwrap_or_default()
    }
}

/// What an example shows for a field.
#[derive(Clone, Copy)]
pub(super) enum ExampleValue<'e> {
    /// There is no example.
    Nothing,
    /// It shows this value, with its request if it has one.
    Shown(&'e Value, Option<&'e Map<String, Value>>),
}

impl<'a> Maker<'a> {
    pub(super) fn new(api: &'a Api, op: &'a Operation, examples: &'a ExampleIndex, files: Option<&'a str>) -> Self {
        Self { api, op, files, examples, counts: counts(op), parts: Cell::new(0) }
    }

    /// Starts another response.
    pub(super) fn begin(&self) {
        self.parts.set(0);
    }

    /// Counts a part. False if there are too many.
    pub(super) fn count_part(&self) -> bool {
        self.parts.set(self.parts.get() + 1);
        self.parts.get() <= MOST_PARTS
    }

    /// A list whose number of items a parameter may set.
    pub(super) fn list(&self, at: &ResponsePath<'_>, items: Vec<Plan>, item: &Type, field: Option<&Field>) -> Plan {
        let count = (at.arrays == 0).then(|| counting(self.api, &self.counts, at.name(), item)).flatten();
        let count = count.map(|it| (it.name.clone(), it.default));
        let own = field.iter().flat_map(|it| &it.clauses).filter(|it| it.target == Target::Value);
        let range = count_range(own.map(|it| &it.constraint), Measure::Items);
        let size = |it: u64| usize::try_from(it).unwrap_or(usize::MAX);
        let limits = (size(range.least), range.most.map_or(usize::MAX, size));
        Plan::List(Box::new(List { items, count, limits })).fold_constants()
    }

    /// The plan of a field. It echoes the parameter with its name, if there is one.
    pub(super) fn echo(
        &self,
        of: (TypeId, FieldIx),
        field: &Field,
        at: &ResponsePath<'_>,
        other: Plan,
        said: ExampleValue<'_>,
    ) -> Plan {
        let Some((_, parameter)) = self.op.parameters.find(&field.name) else { return other };
        let in_items = at.arrays > 0 && name_hints::is_id(&words(&field.name));
        if field.secret || parameter.secret || at.records > DEEPEST_ECHO + 1 || in_items {
            return other;
        }
        let default = parameter.default.as_ref().filter(|it| fits_field(self.api, field, it));
        let instead = || match default {
            Some(default) => Absent::Put(default.clone()),
            None if !field.always_required() => Absent::Nothing,
            None if field.nullable => Absent::Put(Value::Null),
            None => Absent::Other,
        };
        let absent = match said {
            ExampleValue::Nothing => instead(),
            ExampleValue::Shown(shown, request) => match request.and_then(|it| it.get(&field.name)) {
                // The example shows that field and parameter are different things.
                Some(sent) if sent != shown => return other,
                // Parameters that an update leaves out keep their values.
                Some(_) if self.op.method != Method::Patch => instead(),
                _ => Absent::Other,
            },
        };
        Plan::Echo(Box::new(Echo { name: field.name.clone(), field: of, absent, other }))
    }

    /// A URL: that of an example, or one generated from its name.
    pub(super) fn link(&self, at: &ResponsePath<'_>, documented: Option<&str>) -> Plan {
        let resource = self.api.resource(self.op.resource).name.as_str();
        let ending = || {
            let names = [resource, &self.op.name].into_iter().chain(at.trail.iter().copied());
            names.rev().find_map(|it| name_hints::ending(&words(it))).unwrap_or_default().to_owned()
        };
        let (folder, stem, documented_ending) = documented.map(split).unwrap_or_default();
        if self.files.is_none() && documented.is_some() {
            let link = Link { folder, by_id: false, stem, ending: documented_ending };
            return Plan::Link(Box::new(link));
        }
        let plain = |it: &str| -> String {
            let text = it.split(['?', '#']).next().unwrap_or_default();
            text.chars().filter(|it| it.is_ascii_alphanumeric() || matches!(it, '.' | '-' | '_')).collect()
        };
        let mut stem = plain(&stem).trim_matches('.').to_owned();
        if stem.is_empty() {
            let called = at.trail.iter().rev().flat_map(|it| words(it).into_iter().rev().collect::<Vec<_>>());
            let mut called = called.filter(|it| !name_hints::is_link(std::slice::from_ref(it)));
            stem = called.next().map_or_else(|| "result".to_owned(), |it| name_hints::singular(&it));
            stem.retain(|it| it.is_ascii_alphanumeric());
        }
        let shown = plain(&documented_ending);
        let ending = if shown.len() > 1 { shown } else { ending() };
        let folder = format!("{}/", self.files.unwrap_or(NOWHERE));
        Plan::Link(Box::new(Link { folder, by_id: true, stem, ending }))
    }

    /// Restricts a plan to values that the field allows in every form: as prepared, different by seed, and with any
    /// number of items. `None` if no allowed value can be generated.
    pub(super) fn restrict_to_field(&self, plan: Plan, field: &Field) -> Option<Plan> {
        let fits = |value: &Value| fits_field(self.api, field, value);
        if let Plan::Fixed(value) = &plan {
            if fits(value) {
                return Some(plan);
            }
            return nearest_legal(field, value).filter(fits).map(Plan::Fixed).or_else(|| self.sample(field));
        }
        if let Plan::Side(_, other) = &plan
            && ![1, MOST].iter().all(|it| fits(&Value::from(*it)))
        {
            return self.restrict_to_field(Plan::Fixed(other.clone()), field);
        }
        let first = Context::plain(self.api);
        let plain = plan.value(first);
        if !fits(&plain) {
            return self.distinct_form(&plan, field).or_else(|| self.sample(field));
        }
        if let Plan::List(list) = &plan
            && let Some((name, _)) = &list.count
        {
            let most = Map::from_iter([(name.clone(), Value::from(MOST_ITEMS))]);
            if !fits(&plan.value(Context { request: Some(&most), ..first })) {
                let list = List { count: None, ..(**list).clone() };
                return self.restrict_to_field(Plan::List(Box::new(list)).fold_constants(), field);
            }
        }
        let id = "0123456789abcdef0123456789abcdef0123";
        let far = Context { id, seed: u64::MAX, copy: 99, ..first };
        if fits(&plan.value(far)) {
            return Some(plan);
        }
        self.distinct_form(&plan, field).or(Some(Plan::Fixed(plain)))
    }

    /// A unique text in the form that the field's patterns and lengths require.
    fn distinct_form(&self, plan: &Plan, field: &Field) -> Option<Plan> {
        let texts = check::texts(field).filter(|_| matches!(plan, Plan::Label(_)))?;
        let plan = Plan::Texts(Arc::new(texts));
        let first = Context::plain(self.api);
        let contexts = [first, Context { seed: u64::MAX, copy: 99, ..first }];
        contexts.iter().all(|it| fits_field(self.api, field, &plan.value(*it))).then_some(plan)
    }

    fn sample(&self, field: &Field) -> Option<Plan> {
        check::sample(self.api, field).filter(|it| fits_field(self.api, field, it)).map(Plan::Fixed)
    }
}

/// Whether the value of one field restricts other fields. Such fields do not echo the request.
pub(super) fn has_dependent_fields(record: &Record) -> bool {
    let conditional = |it: &Field| it.clauses.iter().any(|it| it.when != Condition::Always);
    !record.rules.is_empty() || record.fields.iter().any(conditional)
}

/// The value within a limit: the limit itself, or the beginning of a text.
fn nearest_legal(field: &Field, value: &Value) -> Option<Value> {
    let number = |it: &Num| match it {
        Num::Integer(whole) => number::whole(*whole).map_or(Value::Null, Value::Number),
        Num::Float(number) => Value::from(*number),
    };
    field.clauses.iter().filter(|it| it.target == Target::Value).find_map(|clause| match (&clause.constraint, value) {
        (Constraint::Minimum(limit), Value::Number(it)) => (it.as_f64()? < limit.as_f64()).then(|| number(limit)),
        (Constraint::Maximum(limit), Value::Number(it)) => (it.as_f64()? > limit.as_f64()).then(|| number(limit)),
        (Constraint::MaxLength(most, _), Value::String(text)) => {
            let most = usize::try_from(*most).ok().filter(|it| *it < text.chars().count())?;
            Some(text.chars().take(most).collect::<String>().trim_end().into())
        }
        _ => None,
    })
}

/// The folder with its slash, the file name, and the extension with its dot and everything after it.
fn split(url: &str) -> (String, String, String) {
    let path_end = url.find(['?', '#']).unwrap_or(url.len());
    let (path, rest) = url.split_at(path_end);
    let host_start = path.find("://").map_or(0, |it| it + 3);
    let slash = path.get(host_start..).and_then(|it| it.rfind('/')).map(|it| host_start + it + 1);
    let (folder, file) = path.split_at(slash.unwrap_or(path.len()));
    let (stem, ending) = match file.rfind('.') {
        Some(dot) if dot > 0 && dot + 1 < file.len() => file.split_at(dot),
        _ => (file, ""),
    };
    (folder.to_owned(), stem.to_owned(), format!("{ending}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn urls_are_split_and_joined() {
        let of = |url| {
            let (folder, stem, ending) = split(url);
            assert_eq!(format!("{folder}{stem}{ending}"), url);
            [folder, stem, ending]
        };
        assert_eq!(of("https://a.example/b/c.d.mp4?x=/y.z#q"), ["https://a.example/b/", "c.d", ".mp4?x=/y.z#q"]);
        assert_eq!(of("https://a.example/image/..."), ["https://a.example/image/", "...", ""]);
        assert_eq!(of("https://a.example"), ["https://a.example", "", ""]);
        assert_eq!(of("x"), ["x", "", ""]);
        assert_eq!(of(""), ["", "", ""]);
    }
}
