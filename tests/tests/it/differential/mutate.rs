//! Random requests: fields of the suite's requests are mixed, left out, and set to values near their limits.

use serde_json::{Map, Number, Value, json};
use specwright_codegen::model::number;
use specwright_codegen::model::{
    Access, Api, Argument, Condition, Constraint, Field, Matcher, Num, Record, RuleKind, TextFormat, Type, TypeKind,
};
use specwright_codegen::pattern::{Lengths, Pattern, Texts};

/// The maximum nesting of records.
const DEEPEST: usize = 4;

/// Text of all kinds: valid and invalid formats, and characters of one to four bytes.
pub(super) const TEXTS: &[&str] = &[
    "",
    "a",
    "ab",
    "abc",
    "Ab_9",
    "@name",
    "-",
    "a b",
    "a\nb",
    "é",
    "漢字",
    "漢字漢字漢",
    "🎬🎬",
    "e\u{301}",
    "none",
    "https://example.com/a.png",
    "http://example.com",
    "HTTPS://EXAMPLE.COM/?q#f",
    "https://",
    "https:///path",
    "https://a b.com",
    "https://user@host:80/",
    "https://host:port/",
    "http://[::1]:8080/x",
    "ftp://example.com",
    "example.com",
    "2026-11-20T08:30:00Z",
    "2026-02-29T08:30:00Z",
    "2024-02-29t08:30:60.5+02:00",
    "2016-12-31T23:59:60Z",
    "2017-01-01t05:29:60.5+05:30",
    "2015-06-30T15:59:60-08:00",
    "2016-03-31T23:59:60Z",
    "2017-01-01T23:59:60Z",
    "2026-11-20",
    "2026-11-20 08:30:00z",
    "2026-11",
    "2026-13",
    "QUJD",
    "QUI=",
    "QUI",
    "Q",
    "QQ==",
    "data:image/png;base64,QUJD",
    "data:image/png,QUJD",
    "a.b/c?d&e=f",
    ".",
    "..",
    "%2F",
    "tab\there \"quoted\" \\",
    "\u{7f}\u{1}",
];

/// Days of which one is before another.
const DAYS: [&str; 4] = ["2026-01-30", "2026-01-31", "2024-02-29", "2026-02-30"];

/// Times of which two are the same moment.
const TIMES: [&str; 5] = [
    "2026-01-01T00:00:00Z",
    "2026-01-01T02:00:00+02:00",
    "2025-12-31T23:59:59.999Z",
    "2026-01-01T00:00:00.001-00:30",
    "2026-01-01T00:00:00",
];

/// Numbers that are often near a limit.
const NUMBERS: &[f64] =
    &[0.0, 1.0, -1.0, 0.5, 0.1, 0.3, 2.0, 3.5, 10.0, -10.0, 11.9, 12.0, 119.0, 1e6, 0.30000000000000004];

/// Numbers in unusual forms: whole ones with a point or an exponent, signed zeros, and numbers at the limits of doubles
/// and 64-bit integers.
pub(super) const FORMS: &[&str] = &[
    "-0",
    "-0.0",
    "0e0",
    "1.0",
    "1e0",
    "1E5",
    "1.0e2",
    "100000.0",
    "9.0e15",
    "9007199254740991",
    "9007199254740992",
    "9007199254740992.0",
    "9007199254740993",
    "9007199254740993.0",
    "-9007199254740993",
    "9007199254740994",
    "1.7e18",
    "1.152921504606847e18",
    "9223372036854775806",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "-9223372036854775809",
    "18446744073709551615",
    "18446744073709551616",
    "1.8e19",
    "1e23",
    "1e300",
    "-1e300",
    "1.7976931348623157e308",
    "5e-324",
    "7.001",
    "7.01",
    "-0.3",
    "0.30000000000000004",
];

/// A number in one of its forms.
pub(super) fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// A seeded source of random numbers.
pub(crate) struct RandomSource {
    state: u64,
}

impl RandomSource {
    pub(crate) fn new(seed: &str) -> Self {
        Self {
            state: seed
                .bytes()
                .fold(0x9e37_79b9_7f4a_7c15, |it, byte| (it ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)),
        }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut it = self.state;
        it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        it ^ (it >> 31)
    }

    pub(crate) fn below(&mut self, count: usize) -> usize {
        (self.next() % count.max(1) as u64) as usize
    }

    pub(crate) fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn pick<'p, T>(&mut self, all: &'p [T]) -> Option<&'p T> {
        if all.is_empty() { None } else { Some(&all[self.below(all.len())]) }
    }

    /// A response of a type.
    pub(super) fn answer(&mut self, api: &Api, ty: &Type) -> Value {
        self.value(api, ty, &[], 0)
    }

    /// A request based on the seeds.
    pub(super) fn request(&mut self, api: &Api, record: &Record, seeds: &[Map<String, Value>]) -> Map<String, Value> {
        let mut request = self.pick(seeds).cloned().unwrap_or_default();
        for _ in 0..self.below(3) {
            let other = self.pick(seeds).cloned().unwrap_or_default();
            for (name, value) in other {
                if self.one_in(2) {
                    request.insert(name, value);
                }
            }
        }
        for _ in 0..self.below(4) {
            self.change(api, record, &mut request);
        }
        request
    }

    fn change(&mut self, api: &Api, record: &Record, request: &mut Map<String, Value>) {
        let Some(field) = self.pick(&record.fields) else { return };
        if self.one_in(4) {
            request.shift_remove(&field.name);
        } else {
            let value = self.field(api, record, field, 0);
            request.insert(field.name.clone(), value);
        }
    }

    fn field(&mut self, api: &Api, record: &Record, field: &Field, depth: usize) -> Value {
        if field.nullable && self.one_in(4) {
            return Value::Null;
        }
        let near: Vec<Value> = field.clauses.iter().flat_map(|it| near(&it.constraint)).collect();
        let tested = tested(record, field);
        if !tested.is_empty() && self.one_in(2) {
            return self.pick(&tested).cloned().unwrap_or_default();
        }
        self.value(api, &field.ty, &near, depth)
    }

    fn value(&mut self, api: &Api, ty: &Type, near: &[Value], depth: usize) -> Value {
        match ty {
            Type::Formatted(TextFormat::Date) if self.one_in(2) => DAYS[self.below(DAYS.len())].into(),
            Type::DateTime if self.one_in(2) => TIMES[self.below(TIMES.len())].into(),
            Type::Formatted(format) if self.one_in(2) => format.sample().into(),
            Type::String | Type::Url | Type::HttpsUrl | Type::DateTime | Type::Formatted(_) | Type::Base64 => {
                self.text(near)
            }
            Type::Sized(format) if self.one_in(4) => {
                let (least, most) = format.ends();
                let end = if self.one_in(2) { least } else { most };
                let number = end + self.below(3) as i128 - 1;
                // What is beyond all whole numbers of JSON is read as a double.
                number::whole(number).map_or(json!(number as f64), Value::Number)
            }
            Type::Integer | Type::Sized(_) => {
                let number = match self.pick(near) {
                    _ if self.one_in(12) => return read(FORMS[self.below(FORMS.len())]),
                    Some(limit) if self.one_in(2) => {
                        let limit = limit.as_i64().or_else(|| limit.as_f64().map(|it| it as i64)).unwrap_or(0);
                        limit.saturating_add(self.below(3) as i64 - 1)
                    }
                    _ => self.below(40) as i64 - 3,
                };
                if self.one_in(8) { self.form(number) } else { json!(number) }
            }
            Type::Number => {
                let number = match self.pick(near).and_then(Value::as_f64) {
                    _ if self.one_in(12) => return read(FORMS[self.below(FORMS.len())]),
                    _ if self.one_in(12) => return json!(self.below(40) as i64 - 3),
                    Some(limit) if self.one_in(2) => limit + [0.0, 0.05, -0.1, 1.0, -1.0][self.below(5)],
                    _ => NUMBERS[self.below(NUMBERS.len())],
                };
                Number::from_f64(number).map_or(Value::Null, Value::Number)
            }
            Type::Boolean => Value::from(self.one_in(2)),
            // Random objects rarely have the number of keys that a limit requires.
            Type::Json if !near.is_empty() && self.one_in(4) => {
                (0..self.count(near)).map(|it| (format!("key {it}"), self.json(depth + 1))).collect()
            }
            Type::Json => self.json(depth),
            // A text is a file of these bytes.
            Type::File => "bytes".into(),
            Type::Array(inner) => {
                let count = self.count(near);
                let mut items: Vec<Value> = (0..count).map(|_| self.value(api, inner, near, depth + 1)).collect();
                if self.one_in(5)
                    && let Some(first) = items.first().cloned()
                {
                    items.push(if self.one_in(2) { self.alike(&first) } else { first });
                }
                Value::Array(items)
            }
            Type::Tuple(types) => {
                let mut items: Vec<Value> = types.iter().map(|it| self.value(api, it, &[], depth + 1)).collect();
                match self.below(16) {
                    0 => items.truncate(1),
                    1 => items.push(Value::Null),
                    _ => {}
                }
                Value::Array(items)
            }
            Type::Map(inner) => {
                let keys = ["a", "weird/~ key", "", "漢"].map(str::to_owned);
                let keys = keys.into_iter().chain((0..).map(|it| format!("key {it}")));
                keys.take(self.count(near)).map(|it| (it, self.value(api, inner, near, depth + 1))).collect()
            }
            Type::Nullable(_) if self.one_in(3) => Value::Null,
            Type::Nullable(inner) => self.value(api, inner, near, depth),
            Type::Union(members) => self.member(api, members, near, depth),
            Type::Named(id) => match &api.ty(*id).kind {
                TypeKind::Enum(def) => match self.pick(&def.values) {
                    Some(value) if !self.one_in(12) => Value::from(value.value.as_str()),
                    _ => self.text(&[]),
                },
                TypeKind::Record(record) => Value::Object(self.record(api, record, depth + 1)),
                TypeKind::Tagged(union) => {
                    let Some((value, id)) = self.pick(&union.members) else { return Value::Null };
                    let TypeKind::Record(record) = &api.ty(*id).kind else { return Value::Null };
                    let mut object = self.record(api, record, depth + 1);
                    let tag = match self.below(24) {
                        0 => "unheard-of".into(),
                        1 => 99.into(),
                        _ => union.tag_value(value),
                    };
                    object.insert(union.tag.clone(), tag);
                    Value::Object(object)
                }
                TypeKind::Union { members, .. } => self.member(api, members, near, depth),
            },
        }
    }

    /// The number of items or entries: often the limit, or one more or less.
    fn count(&mut self, near: &[Value]) -> usize {
        match near.iter().filter_map(Value::as_u64).rfind(|it| *it < 30) {
            Some(limit) if self.one_in(2) => (limit as usize + self.below(3)).saturating_sub(1),
            _ => self.below(4),
        }
    }

    fn member(&mut self, api: &Api, members: &[Type], near: &[Value], depth: usize) -> Value {
        let member = self.pick(members).cloned().unwrap_or(Type::Json);
        self.value(api, &member, near, depth)
    }

    fn record(&mut self, api: &Api, record: &Record, depth: usize) -> Map<String, Value> {
        let mut object = Map::new();
        // What is only answered is never sent.
        for field in record.fields.iter().filter(|it| it.access != Access::ReadOnly) {
            let wanted = if field.always_required() { !self.one_in(40) } else { depth < DEEPEST && self.one_in(2) };
            if wanted {
                let value = self.field(api, record, field, depth);
                object.insert(field.name.clone(), value);
            }
        }
        if let Some(ty) = &record.additional {
            for name in ["other", "weird/~ key"] {
                if depth < DEEPEST && self.one_in(3) {
                    object.insert(name.to_owned(), self.value(api, ty, &[], depth + 1));
                }
            }
        }
        if self.one_in(25) {
            object.insert("unheard_of".to_owned(), json!(1));
        }
        object
    }

    /// A whole number with a point or an exponent.
    fn form(&mut self, number: i64) -> Value {
        match self.below(3) {
            0 => read(&format!("{number}.0")),
            1 => read(&format!("{number}e0")),
            _ if number == 0 => read("0E-1"),
            _ => read(&format!("{number}0E-1")),
        }
    }

    /// Text, often with a length near a limit, or a value in a condition.
    fn text(&mut self, near: &[Value]) -> Value {
        match self.pick(near) {
            Some(Value::String(text)) if self.one_in(2) => Value::from(text.as_str()),
            Some(Value::Number(limit)) if self.one_in(2) => {
                let limit = limit.as_u64().unwrap_or(0).min(3000) as usize;
                let length = (limit + self.below(3)).saturating_sub(1);
                let character = ["a", "é", "漢", "🎬"][self.below(4)];
                let length = if character == "漢" && self.one_in(2) { length / 2 } else { length };
                Value::from(character.repeat(length))
            }
            _ => Value::from(TEXTS[self.below(TEXTS.len())]),
        }
    }

    /// The same value, with some whole numbers in another form.
    fn alike(&mut self, value: &Value) -> Value {
        match value {
            Value::Number(number) => match number.as_i64() {
                Some(whole) if self.one_in(2) => self.form(whole),
                _ => value.clone(),
            },
            Value::Array(items) => items.iter().map(|it| self.alike(it)).collect(),
            Value::Object(fields) => {
                fields.iter().rev().map(|(name, it)| (name.clone(), self.alike(it))).collect::<Map<_, _>>().into()
            }
            other => other.clone(),
        }
    }

    fn json(&mut self, depth: usize) -> Value {
        match self.below(if depth > DEEPEST { 5 } else { 7 }) {
            0 => Value::Null,
            1 => Value::from(self.one_in(2)),
            2 if self.one_in(2) => read(FORMS[self.below(FORMS.len())]),
            2 => json!(self.below(9)),
            3 => json!([0.25, 1.0, 2.0, 5.0][self.below(4)]),
            4 => self.text(&[]),
            5 => (0..self.below(3)).map(|_| self.json(depth + 1)).collect(),
            _ => json!({"a": self.json(depth + 1)}),
        }
    }
}

/// Values near the limit of a constraint.
fn near(constraint: &Constraint) -> Vec<Value> {
    match constraint.argument() {
        Argument::Values(values) => values.to_vec(),
        Argument::Value(value) => vec![value.clone()],
        Argument::Number(Num::Integer(it)) => vec![json!(it)],
        Argument::Number(Num::Float(it)) => vec![json!(it)],
        Argument::Count(it) => vec![json!(it)],
        // Texts that match are those that are refused.
        Argument::NotPattern(text) => {
            let texts = Pattern::parse(text).ok().and_then(|it| Texts::new(&[it], &Lengths::default()));
            texts.iter().flat_map(|it| (0..3).filter_map(|nth| it.nth(nth))).map(Value::from).collect()
        }
        Argument::None | Argument::Pattern(_) | Argument::Keys(_) => Vec::new(),
    }
}

/// Values of a field that occur in conditions of its record.
fn tested(record: &Record, field: &Field) -> Vec<Value> {
    let Some((ix, _)) = record.find(&field.name) else { return Vec::new() };
    let clauses = record.fields.iter().flat_map(|it| &it.clauses).map(|it| &it.when);
    let rules = record.rules.iter().map(|it| &it.when);
    let mut values = Vec::new();
    for when in clauses.chain(rules) {
        collect(when, &mut |test| {
            if test.path.field == ix && test.path.steps.is_empty() {
                of_matcher(&test.matcher, &mut values);
            }
        });
    }
    let compared = record
        .rules
        .iter()
        .any(|it| matches!(&it.kind, RuleKind::Compare(left, _, right) if left.field == ix || right.field == ix));
    if compared {
        values.extend([json!(1), json!(2)]);
    }
    values
}

fn collect(condition: &Condition, each: &mut dyn FnMut(&specwright_codegen::model::Test)) {
    match condition {
        Condition::Always => {}
        Condition::Test(test) => each(test),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|it| collect(it, each)),
        Condition::Not(inner) => collect(inner, each),
    }
}

fn of_matcher(matcher: &Matcher, values: &mut Vec<Value>) {
    match matcher {
        Matcher::OneOf(all) => values.extend(all.iter().cloned()),
        Matcher::Any(all) => all.iter().for_each(|it| of_matcher(it, values)),
        Matcher::Not(inner) => of_matcher(inner, values),
        Matcher::Present | Matcher::Absent | Matcher::Null | Matcher::Empty => {}
    }
}
