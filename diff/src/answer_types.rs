//! Types of what comes back, in both specs.

use specwright_codegen::model::{
    Access, Api, EnumDef, Field, IntegerFormat, Record, TaggedUnion, Type, TypeId, TypeKind,
};
use specwright_codegen::prose::{code, type_noun};
use specwright_codegen::surface::Part;

use crate::answers::Answers;
use crate::change::{Change, Class};
use crate::kept::Survey;

impl<'a> Answers<'a, '_> {
    /// Two types of what comes back.
    pub(crate) fn types(&mut self, was: &Type, is: &Type, place: &str) {
        match (was, is) {
            (Type::Nullable(was), Type::Nullable(is)) => self.types(was, is, place),
            (was, Type::Nullable(is)) => {
                self.say(Class::Breaking, place, "it may be null now");
                self.types(was, is, place);
            }
            (Type::Nullable(was), is) => {
                self.say(Class::Widening, place, "it is never null now");
                self.types(was, is, place);
            }
            (Type::Array(was), Type::Array(is)) | (Type::Map(was), Type::Map(is)) => {
                self.types(was, is, &format!("{}/*", spaced(place)));
            }
            (Type::Tuple(own), Type::Tuple(theirs)) if own.len() <= theirs.len() => {
                for (at, (was, is)) in own.iter().zip(theirs).enumerate() {
                    self.types(was, is, &format!("{}/{at}", spaced(place)));
                }
                if own.len() < theirs.len() {
                    self.say(Class::Widening, place, format!("it has {} items now", theirs.len()));
                }
            }
            (Type::Union(own), Type::Union(theirs)) => self.members(own, theirs, place, (Vec::new(), Vec::new())),
            (Type::Named(was), Type::Named(is)) => self.named(*was, *is, place),
            _ if was == is => {}
            _ => self.type_differs(was, is, place),
        }
    }

    fn type_differs(&mut self, was: &Type, is: &Type, place: &str) {
        // What comes back is still all that it was.
        let is_text = matches!(was, Type::String);
        let narrows = |id: &TypeId| match &self.new.ty(*id).kind {
            TypeKind::Enum(_) => is_text,
            TypeKind::Record(_) | TypeKind::Tagged(_) | TypeKind::Union { .. } => false,
        };
        let narrower = matches!(is, Type::Named(id) if narrows(id))
            || matches!(
                (is, was),
                (Type::Sized(IntegerFormat::Int32 | IntegerFormat::Uint32), Type::Integer)
                    | (Type::Sized(_) | Type::Integer, Type::Number)
                    | (Type::HttpsUrl, Type::Url)
                    | (_, Type::Json)
                    | (Type::Url | Type::HttpsUrl | Type::DateTime | Type::Formatted(_) | Type::Base64, Type::String)
            );
        let class = if narrower { Class::Widening } else { Class::Breaking };
        let (was, is) = (type_noun(self.old, was), type_noun(self.new, is));
        self.say(class, place, format!("it is {is} now (before: {was})"));
    }

    fn members(&mut self, own: &[Type], theirs: &[Type], place: &str, parts: (Vec<Part>, Vec<Part>)) {
        let mut left: Vec<&Type> = theirs.iter().collect();
        for was in own {
            let same = left.iter().position(|it| self.is_alike(was, it));
            match same {
                Some(at) => self.types(was, left.remove(at), place),
                None => {
                    let words = format!("it is never {} any more", member_noun(self.old, was));
                    self.say_of(Class::Breaking, place, words, parts.clone());
                }
            }
        }
        for is in left {
            let words = format!("it may be {}", member_noun(self.new, is));
            self.say_of(Class::Widening, place, words, parts.clone());
        }
    }

    fn is_alike(&self, was: &Type, is: &Type) -> bool {
        match (was, is) {
            (Type::Named(was), Type::Named(is)) => {
                let (was, is) = (self.old.ty(*was), self.new.ty(*is));
                was.name == is.name || (was.inline && is.inline && kind_word(&was.kind) == kind_word(&is.kind))
            }
            (Type::Array(was), Type::Array(is)) | (Type::Map(was), Type::Map(is)) => self.is_alike(was, is),
            (Type::Tuple(own), Type::Tuple(theirs)) => own.len() == theirs.len(),
            _ => was == is,
        }
    }

    fn named(&mut self, was: TypeId, is: TypeId, place: &str) {
        let pair = (was, is);
        if let Some(survey) = &mut self.survey {
            let Some(before) = survey.enter(pair, self.kept) else { return };
            self.held(was, is, place);
            if let Some(survey) = &mut self.survey {
                survey.leave(before);
            }
            return;
        }
        if !self.seen.insert(pair) {
            return;
        }
        // Headers are compared in another way.
        if !is_headers(place) {
            if self.kept.of(pair).is_none() {
                self.survey = Some(Survey::default());
                self.named(was, is, place);
                if let Some(survey) = self.survey.take() {
                    self.kept.learn(survey);
                }
            }
            if self.kept.of(pair) == Some(true) {
                return;
            }
        }
        self.held(was, is, place);
    }

    /// What two types hold.
    fn held(&mut self, was: TypeId, is: TypeId, place: &str) {
        #[cfg(test)]
        crate::work_tests::walked();
        self.surfaces.pair_types(was, is);
        match (&self.old.ty(was).kind, &self.new.ty(is).kind) {
            (TypeKind::Record(own), TypeKind::Record(theirs)) => self.records((was, own), (is, theirs), place),
            (TypeKind::Enum(own), TypeKind::Enum(theirs)) => self.enums((was, own), (is, theirs), place),
            (TypeKind::Tagged(own), TypeKind::Tagged(theirs)) => self.tagged((was, own), (is, theirs), place),
            (TypeKind::Union { members: own, .. }, TypeKind::Union { members: theirs, .. }) => {
                self.members(own, theirs, place, (vec![Part::Type(was)], vec![Part::Type(is)]));
            }
            _ => self.type_differs(&Type::Named(was), &Type::Named(is), place),
        }
    }

    fn records(&mut self, (was, own): (TypeId, &'a Record), (is, theirs): (TypeId, &'a Record), place: &str) {
        let answered = |it: &&Field| it.access != Access::WriteOnly;
        // Capitals of headers do not count.
        let is_header = is_headers(place);
        let same = |one: &str, other: &str| one == other || (is_header && one.eq_ignore_ascii_case(other));
        let find = |record: &'a Record, name: &str| record.fields.iter().find(|it| same(&it.name, name));
        for field in own.fields.iter().filter(answered) {
            let at = format!("{}/{}", spaced(place), field.name);
            let part = |id, field: &Field| vec![Part::Field(id, field.name.clone())];
            match find(theirs, &field.name).filter(answered) {
                None => {
                    let words = format!("the field {} was removed", code(&field.name));
                    self.say_of(Class::Breaking, &at, words, (part(was, field), Vec::new()));
                }
                Some(other) => {
                    let parts = || (part(was, field), part(is, other));
                    self.field(field, other, &at, &parts);
                }
            }
        }
        for field in theirs.fields.iter().filter(answered) {
            if find(own, &field.name).is_none_or(|it| it.access == Access::WriteOnly) {
                let at = format!("{}/{}", spaced(place), field.name);
                let words = format!("the field {} was added", code(&field.name));
                self.say_of(Class::Widening, &at, words, (Vec::new(), vec![Part::Field(is, field.name.clone())]));
            }
        }
        let extra = (vec![Part::Type(was)], vec![Part::Type(is)]);
        match (&own.additional, &theirs.additional) {
            (Some(was), Some(is)) => self.types(was, is, &format!("{}/*", spaced(place))),
            (None, None) => {}
            (was, is) => {
                let words =
                    |api: &Api, it: &Option<Type>| it.as_ref().map_or("anything".to_owned(), |it| type_noun(api, it));
                let (own, theirs) = (words(self.old, was), words(self.new, is));
                let message = format!("a field that is not listed is {theirs} now (before: {own})");
                self.say_of(Class::Breaking, place, message, extra);
            }
        }
    }

    fn field(&mut self, was: &Field, is: &Field, at: &str, parts: &dyn Fn() -> (Vec<Part>, Vec<Part>)) {
        let name = code(&was.name);
        match (was.always_required(), is.always_required()) {
            (true, false) => {
                self.say_of(Class::Breaking, at, format!("the field {name} may be missing now"), parts());
            }
            (false, true) => {
                self.say_of(Class::Widening, at, format!("the field {name} is always there now"), parts());
            }
            _ => {}
        }
        match (was.nullable, is.nullable) {
            (false, true) => self.say_of(Class::Breaking, at, format!("the field {name} may be null now"), parts()),
            (true, false) => self.say_of(Class::Widening, at, format!("the field {name} is never null now"), parts()),
            _ => {}
        }
        let before = self.out.len();
        self.types(&was.ty, &is.ty, at);
        let here = |it: &Change| it.place.starts_with(at) && it.rust.is_empty();
        if self.out.iter().skip(before).any(here) {
            let (old, new) = parts();
            let rust = self.surfaces.touched(&old, &new);
            let breaking = self.surfaces.is_source_breaking(&rust);
            for change in self.out.iter_mut().skip(before).filter(|it| here(it)) {
                change.source_breaking = change.class != Class::Breaking && breaking;
                change.rust.clone_from(&rust);
            }
        }
    }

    fn enums(&mut self, (was, own): (TypeId, &EnumDef), (is, theirs): (TypeId, &EnumDef), place: &str) {
        let lists = |def: &EnumDef, value: &str| def.values.iter().any(|it| it.value == value);
        for value in own.values.iter().filter(|it| !lists(theirs, &it.value)) {
            let words = format!("the value {} was removed", code(&value.value));
            self.say_of(Class::Breaking, place, words, (vec![Part::Value(was, value.value.clone())], Vec::new()));
        }
        for value in theirs.values.iter().filter(|it| !lists(own, &it.value)) {
            let words = format!("the value {} was added", code(&value.value));
            self.say_of(Class::Widening, place, words, (Vec::new(), vec![Part::Value(is, value.value.clone())]));
        }
        match (own.open, theirs.open) {
            (false, true) => self.say(Class::Widening, place, "values that are not listed may come"),
            (true, false) => self.say(Class::Widening, place, "listed values alone come"),
            _ => {}
        }
    }

    fn tagged(&mut self, (was, own): (TypeId, &TaggedUnion), (is, theirs): (TypeId, &TaggedUnion), place: &str) {
        self.differ(place, "the tag", &own.tag, &theirs.tag);
        let types = [type_noun(self.old, &own.tag_type), type_noun(self.new, &theirs.tag_type)];
        self.differ(place, "the type of the tag", &types[0], &types[1]);
        for (tag, member) in &own.members {
            let at = format!("{place} ({})", tag.value);
            match theirs.members.iter().find(|(it, _)| it.value == tag.value) {
                Some((_, other)) => self.types(&Type::Named(*member), &Type::Named(*other), &at),
                None => {
                    let words = format!("the member {} was removed", code(&tag.value));
                    self.say_of(Class::Breaking, place, words, (vec![Part::Value(was, tag.value.clone())], Vec::new()));
                }
            }
        }
        for (tag, _) in theirs.members.iter().filter(|(it, _)| own.members.iter().all(|(own, _)| own.value != it.value))
        {
            let words = format!("the member {} was added", code(&tag.value));
            self.say_of(Class::Widening, place, words, (Vec::new(), vec![Part::Value(is, tag.value.clone())]));
        }
    }
}

/// A type as a member of a union: several lists and records may be members.
fn member_noun(api: &Api, ty: &Type) -> String {
    match ty {
        Type::Array(item) => format!("a list of {}", member_noun(api, item)),
        Type::Map(item) => format!("a map of {}", member_noun(api, item)),
        Type::Named(id) if !api.ty(*id).inline => format!("a {}", code(&api.ty(*id).name)),
        _ => type_noun(api, ty),
    }
}

fn is_headers(place: &str) -> bool {
    place.starts_with("response headers")
}

fn spaced(place: &str) -> String {
    if place.contains('/') { place.to_owned() } else { format!("{place} ") }
}

fn kind_word(kind: &TypeKind) -> &'static str {
    match kind {
        TypeKind::Record(_) => "record",
        TypeKind::Enum(_) => "enum",
        TypeKind::Tagged(_) => "tagged union",
        TypeKind::Union { .. } => "union",
    }
}
