//! How lists and objects are written, as far as OpenAPI has words for it.

use serde_json::{Map, Value, json};

use crate::model::{Api, Field, ListStyle, Location, ObjectStyle, PartForm, Style, TextStyle, Type, TypeKind};

/// The name of a parameter: of a list in brackets they are a part of it.
pub(super) fn parameter_name(api: &Api, field: &Field) -> String {
    let kinds = Kinds::of(api, &field.ty);
    let brackets = field.sent.style.lists == ListStyle::Brackets && kinds.lists && !kinds.objects && !kinds.nested;
    let brackets = brackets && field.location == Location::Query;
    format!("{}{}", field.sent_name(), if brackets { "[]" } else { "" })
}

/// Puts the schema of a parameter into it, with what says how it is written.
pub(super) fn put_schema(api: &Api, field: &Field, schema: Map<String, Value>, parameter: &mut Map<String, Value>) {
    let style = field.sent.style;
    if is_json_text(api, field) {
        parameter.insert("content".to_owned(), json!({"application/json": {"schema": schema}}));
        return;
    }
    if style.texts == TextStyle::Reserved {
        parameter.insert("allowReserved".to_owned(), true.into());
    }
    if style.is_flag() {
        parameter.insert("allowEmptyValue".to_owned(), true.into());
    }
    if field.sent.keeps_slashes {
        parameter.insert("x-specwright-allow-reserved".to_owned(), true.into());
    }
    if (Style { texts: TextStyle::Encoded, ..style }) != Style::PLAIN {
        parameter.extend(words(api, field));
    }
    parameter.insert("schema".to_owned(), Value::Object(schema));
}

/// The `encoding` of a form: how each field is written that is no scalar.
pub(super) fn encoding<'f>(api: &Api, fields: impl Iterator<Item = &'f Field>) -> Map<String, Value> {
    let mut encoding = Map::new();
    for field in fields.filter(|it| it.sent.style != Style::PLAIN) {
        let words = if is_json_text(api, field) {
            json!({"contentType": "application/json"})
        } else {
            Value::Object(words(api, field))
        };
        encoding.insert(field.sent_name().to_owned(), words);
    }
    encoding
}

/// The `encoding` of a part, unless it is plain.
pub(super) fn part(api: &Api, field: &Field) -> Option<Value> {
    let mut encoding = match field.sent.part {
        PartForm::Named | PartForm::Styled => words(api, field),
        PartForm::Plain | PartForm::Entries | PartForm::Json | PartForm::JsonItems => Map::new(),
    };
    encoding.extend(field.sent.part_type().map(|it| ("contentType".to_owned(), it.into())));
    (!encoding.is_empty()).then_some(Value::Object(encoding))
}

/// How a field of a form of one type is written: what is inside of it is a deep object.
pub(super) fn inside_of_form(api: &Api, field: &Field, of_form: Style) -> Style {
    let kinds = Kinds::of(api, &field.ty);
    let objects = (kinds.objects || kinds.nested).then_some(ObjectStyle::DeepObject);
    let lists = if kinds.lists || kinds.nested { of_form.lists } else { ListStyle::Repeated };
    Style { lists, objects, ..Style::PLAIN }
}

/// Whether all values of a parameter become one JSON text.
fn is_json_text(api: &Api, field: &Field) -> bool {
    let (style, kinds) = (field.sent.style, Kinds::of(api, &field.ty));
    let lists = !kinds.lists || style.lists == ListStyle::Json;
    let objects = !kinds.objects || style.objects == Some(ObjectStyle::Json);
    style.json || (lists && objects && (kinds.lists || kinds.objects) && !kinds.scalars)
}

/// `style` and `explode`; where they cannot say all of it, the spec's own words too.
fn words(api: &Api, field: &Field) -> Map<String, Value> {
    let (style, kinds) = (field.sent.style, Kinds::of(api, &field.ty));
    let in_text = matches!(field.location, Location::Path | Location::Header);
    let mut said = !(kinds.nested || kinds.lists && kinds.objects);
    let (name, explode) = match (kinds.objects, style.objects, style.lists) {
        (true, Some(ObjectStyle::Exploded), _) if in_text => ("simple", true),
        _ if in_text => {
            said &= !matches!(style.lists, ListStyle::Dots | ListStyle::Semicolon);
            ("simple", false)
        }
        _ if field.location == Location::Cookie => ("form", false),
        (true, Some(ObjectStyle::Exploded), _) => ("form", true),
        (true, Some(ObjectStyle::Comma), _) | (false, _, ListStyle::Comma) => ("form", false),
        (true, Some(ObjectStyle::DeepObject), _) => ("deepObject", true),
        (false, _, ListStyle::Space) => ("spaceDelimited", false),
        (false, _, ListStyle::Pipe) => ("pipeDelimited", false),
        (false, _, ListStyle::Repeated) => ("form", true),
        (false, _, ListStyle::Brackets) if !kinds.nested && field.location == Location::Query => ("form", true),
        _ => {
            said = false;
            ("deepObject", true)
        }
    };
    let mut words = Map::from_iter([("style".to_owned(), name.into()), ("explode".to_owned(), explode.into())]);
    if !said {
        let mut own = Map::new();
        own.insert("lists".to_owned(), style.lists.name().into());
        if let Some(objects) = style.objects {
            own.insert("objects".to_owned(), objects.name().into());
        }
        words.insert("x-specwright-style".to_owned(), Value::Object(own));
    }
    words
}

/// What values of a type may be.
struct Kinds {
    scalars: bool,
    lists: bool,
    objects: bool,
    /// Lists or objects inside of these.
    nested: bool,
}

impl Kinds {
    fn of(api: &Api, ty: &Type) -> Self {
        let mut kinds = Self { scalars: false, lists: false, objects: false, nested: false };
        kinds.add(api, ty, 16);
        kinds
    }

    fn add(&mut self, api: &Api, ty: &Type, fuel: usize) {
        let Some(fuel) = fuel.checked_sub(1) else { return };
        let scalar = |it: &Type| {
            let mut kinds = Self { scalars: false, lists: false, objects: false, nested: false };
            kinds.add(api, it, fuel);
            !kinds.lists && !kinds.objects
        };
        match ty {
            Type::Array(item) => {
                self.lists = true;
                self.nested |= !scalar(item);
            }
            Type::Tuple(_) => (self.lists, self.nested) = (true, true),
            Type::Map(value) => {
                self.objects = true;
                self.nested |= !scalar(value);
            }
            Type::Json => {
                (self.scalars, self.lists, self.objects, self.nested) = (true, true, true, true);
            }
            Type::Union(members) => members.iter().for_each(|it| self.add(api, it, fuel)),
            Type::Named(id) => match &api.ty(*id).kind {
                TypeKind::Record(record) => {
                    self.objects = true;
                    self.nested |= !record.fields.iter().all(|it| scalar(&it.ty));
                }
                TypeKind::Tagged(_) => (self.objects, self.nested) = (true, true),
                TypeKind::Union { members, .. } => members.iter().for_each(|it| self.add(api, it, fuel)),
                TypeKind::Enum(_) => self.scalars = true,
            },
            _ => self.scalars = true,
        }
    }
}
