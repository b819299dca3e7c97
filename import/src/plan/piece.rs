//! From a schema to what the spec says of a value.

use serde_json::Value;

use super::flat::{Flat, Notes};
use super::members::put_innermost;
use super::portable::{self, Beside};
use super::ty::{Content, Piece, Ty, TypeId};
use super::{Hint, Owner, Planner};
use crate::finding::{Level, Place, fault};
use crate::gaps;
use crate::openapi::{Additional, JsonType, Limits, SchemaId};
use crate::spec::Items;
use specwright_codegen::model::number::Exact;
use specwright_codegen::pattern::Pattern;

/// How many types that are written in place may contain each other.
const DEEPEST: usize = 24;
/// How deep `[…]` and `map<…>` may nest in a type of the spec language.
const DEEPEST_TYPE: usize = 12;

impl Planner<'_> {
    /// What is said of a value with this schema.
    pub(super) fn piece(&mut self, id: SchemaId, hint: &Hint) -> Piece {
        let (base, notes) = self.base(id);
        let place = self.schema(base).place.clone();
        if let Some(known) = self.types_by_base.get(&base).copied() {
            return self.use_of(known, id == base, base, notes);
        }
        // A schema that is written in place is read once, so that the work does not grow with how often it is named.
        if let Some((piece, worst)) = self.pieces.get(&(base, self.files)).cloned() {
            self.mark_worst(worst);
            return noted(piece, notes);
        }
        if self.expanding.contains(&base) && self.is_choice(base) {
            // A union that contains itself.
            let own = self.declare(base, hint, &place);
            return self.use_of(own, id == base, base, notes);
        }
        if self.expanding.contains(&base) && self.is_map(base) {
            // A map that contains itself: a record without fields of its own.
            let own = self.named(base, hint, &place);
            return self.use_of(own, id == base, base, notes);
        }
        if self.expanding.contains(&base) || self.expanding.len() > DEEPEST {
            self.out.push(fault::cyclic_ref(&place.pointer.clone(), place));
            self.mark(Level::Approximated);
            return noted(Piece::of(Ty::JSON), notes);
        }
        self.expanding.push(base);
        let worst_before = std::mem::take(&mut self.worst);
        let mut piece = self.new_piece(base, hint);
        self.expanding.pop();
        let found = self.worst;
        self.worst = worst_before.max(found);
        if let Some(own) = self.types_by_base.get(&base).copied() {
            if self.is_map(base) {
                piece = Piece { nullable: piece.nullable, ..Piece::of(Ty::Named(own)) };
            } else if piece.ty != Ty::Named(own) {
                // It was named because it contains itself.
                self.types[own.0 as usize].content = match piece.ty.clone() {
                    Ty::Union(members) => Content::Union(members),
                    other => Content::Same(other),
                };
                piece = Piece { nullable: piece.nullable, ..Piece::of(Ty::Named(own)) };
            } else if self.is_choice(base) && matches!(self.types[own.0 as usize].content, Content::Waiting) {
                self.gap(&gaps::AMBIGUOUS_UNION, place.clone(), &["they are the union itself"]);
                self.types[own.0 as usize].content = Content::Same(Ty::JSON);
            }
            self.mark_of(Owner::Type(own), found.of_weight());
            if !piece.is_plain() || piece.nullable {
                self.limits_of.insert(own, piece.clone());
            }
            if piece.nullable {
                self.nullable_types.insert(own);
            }
            return self.use_of(own, id == base, base, notes);
        }
        self.pieces.insert((base, self.files), (piece.clone(), found));
        noted(piece, notes)
    }

    /// A value of a type: the words of the type stand with the type.
    fn use_of(&self, ty: TypeId, direct: bool, base: SchemaId, notes: Notes) -> Piece {
        let own = &self.schema(base).description;
        let doc = if notes.doc == *own { String::new() } else { notes.doc.clone() };
        let examples = if direct { Vec::new() } else { notes.examples.clone() };
        // `null` among the members of a union is said where the type is used.
        let mut piece = Piece { nullable: self.nullable_types.contains(&ty), ..Piece::of(Ty::Named(ty)) };
        if let Some(limits) = self.limits_of.get(&ty) {
            piece.limits.clone_from(&limits.limits);
            piece.items.clone_from(&limits.items);
            piece.nullable = limits.nullable;
        }
        noted(piece, Notes { doc, examples, ..notes })
    }

    fn is_choice(&self, id: SchemaId) -> bool {
        let schema = self.schema(id);
        !schema.one_of.is_empty() || !schema.any_of.is_empty()
    }

    /// Whether nothing is said of a value but what the values of its fields are.
    fn is_map(&mut self, id: SchemaId) -> bool {
        let flat = self.flat(id);
        let is_object = implied_types(&flat) == [JsonType::Object] && matches!(flat.additional, Additional::Of(_));
        let has_own = !flat.properties.is_empty() || !flat.required.is_empty() || !flat.choices.is_empty();
        let is_limited = flat.limits != Limits::default() || !flat.property_names.is_empty();
        is_object && !has_own && !is_limited && flat.pattern_properties.is_empty()
    }

    fn new_piece(&mut self, base: SchemaId, hint: &Hint) -> Piece {
        let flat = self.flat(base);
        let place = self.schema(base).place.clone();
        let mut piece = self.shape(base, &flat, hint, &place);
        if self.types_by_base.contains_key(&base) {
            return Piece { nullable: piece.nullable || flat.nullable, ..piece };
        }
        piece.unclear.extend(self.unread(&flat));
        piece.nullable |= flat.nullable;
        piece
    }

    /// Tells of the keywords that have no reading; what is unclear because of them.
    pub(super) fn unread(&mut self, flat: &Flat) -> Option<String> {
        for (keyword, place) in &flat.unread {
            self.limit_gap(&gaps::NOT, place.clone(), &[keyword]);
        }
        flat.unread.first().map(|it| format!("The document limits the values further, with `{}`.", it.0))
    }

    fn shape(&mut self, base: SchemaId, flat: &Flat, hint: &Hint, place: &Place) -> Piece {
        if flat.dangling {
            let mut piece = Piece::of(Ty::JSON);
            piece.unclear.push("The document refers to a schema that it does not have".to_owned());
            return piece;
        }
        if flat.nothing {
            self.out.push(fault::empty_type(place.clone()));
            return Piece::of(Ty::JSON);
        }
        if let Some(constant) = &flat.constant {
            return self.constant(constant, place);
        }
        if let (Some(values), [JsonType::Array]) = (&flat.values, flat.types.as_slice())
            && !flat.items.is_empty()
            && !values.iter().any(|it| it.is_array())
        {
            self.out.push(fault::enum_of_items(place.clone()));
            let mut of_items = self.blank(base);
            of_items.values.clone_from(&flat.values);
            let mut flat = Flat { values: None, ..flat.clone() };
            let has_own = flat.items.iter().any(|it| self.base(*it).0 != *it || self.schema(*it).values.is_some());
            if !has_own {
                let id = self.add(of_items);
                flat.items.push(id);
            }
            return self.shape(base, &flat, hint, place);
        }
        let is_empty = |it: &Value| it.as_object().is_some_and(serde_json::Map::is_empty);
        if flat.values.as_ref().is_some_and(|it| it.iter().all(is_empty)) && flat.properties.is_empty() {
            // The object that has nothing.
            let mut flat = Flat { values: None, types: vec![JsonType::Object], ..flat.clone() };
            flat.limits.max_properties = Some(0);
            return self.shape(base, &flat, hint, place);
        }
        if flat.values.is_some() {
            return self.enumeration(base, flat, hint, place);
        }
        if !flat.choices.is_empty() {
            return self.choice(base, flat, hint, place);
        }
        let types = implied_types(flat);
        if types.len() > 1 {
            return self.several_types(base, flat, &types, hint, place);
        }
        match types.first() {
            None => {
                let mut piece = Piece::of(Ty::JSON);
                self.set_limits(&mut piece, &[], flat, place);
                piece
            }
            Some(JsonType::Object) => self.object(base, flat, hint, place),
            Some(JsonType::Array) => self.array(flat, hint, place),
            Some(ty) => self.scalar(*ty, flat, place),
        }
    }

    /// `type: [string, integer]`
    fn several_types(&mut self, base: SchemaId, flat: &Flat, types: &[JsonType], hint: &Hint, place: &Place) -> Piece {
        let mut members = Vec::new();
        let mut whole = Piece::of(Ty::JSON);
        for ty in types {
            let only = Flat { types: vec![*ty], ..flat.clone() };
            let member = match ty {
                JsonType::Object => self.object(base, &only, hint, place),
                JsonType::Array => self.array(&only, hint, place),
                JsonType::String => self.scalar(*ty, &only, place),
                ty => self.scalar(*ty, &Flat { format: None, ..only }, place),
            };
            members.push(member.ty);
            let limits = member.limits.into_iter().filter(|it| !whole.limits.contains(it)).collect::<Vec<_>>();
            whole.limits.extend(limits);
            if whole.items == Items::default() {
                whole.items = member.items;
            }
        }
        whole.ty = Ty::Union(members);
        whole
    }

    fn scalar(&mut self, ty: JsonType, flat: &Flat, place: &Place) -> Piece {
        let format = flat.format.as_deref().unwrap_or_default();
        let word = match ty {
            JsonType::Integer => match format {
                "int32" => "int32",
                "uint32" => "uint32",
                "uint64" => "uint64",
                _ if is_unsigned(flat) => "uint64",
                _ => "integer",
            },
            JsonType::Number => "number",
            JsonType::Boolean => "boolean",
            _ if self.files && is_bytes(format, flat) => "file",
            _ => text_word(format),
        };
        let mut piece = Piece::of(Ty::Word(word));
        piece.secret = ty == JsonType::String && format == "password";
        self.set_limits(&mut piece, &[ty], flat, place);
        if ty == JsonType::String {
            self.settle_format(&mut piece, flat, place);
        }
        piece
    }

    /// A format beside limits that say nothing of its texts, or leave none of them.
    fn settle_format(&mut self, piece: &mut Piece, flat: &Flat, place: &Place) {
        if piece.limits.is_empty() {
            return;
        }
        let format = flat.format.as_deref().unwrap_or_default();
        let word = text_word(format);
        let pattern = piece.limits.iter().find(|it| it.0 == "pattern").and_then(|it| it.1.as_str());
        match portable::beside_format(word, pattern, &flat.limits) {
            Beside::Redundant => piece.limits.retain(|it| it.0 != "pattern"),
            Beside::Nothing => {
                self.out.push(fault::format_misfit(format, place.clone()));
                piece.ty = Ty::STRING;
                // What the format would have said.
                for (keyword, length) in
                    [("min_length", flat.limits.min_length), ("max_length", flat.limits.max_length)]
                {
                    let is_said = piece.limits.iter().any(|it| it.0 == keyword);
                    piece.limits.extend(length.filter(|it| *it > 0 && !is_said).map(|it| (keyword, it.into())));
                }
            }
            Beside::More => {}
        }
    }

    fn array(&mut self, flat: &Flat, hint: &Hint, place: &Place) -> Piece {
        if !flat.prefix_items.is_empty() {
            return self.tuple(flat, hint, place);
        }
        let item = if flat.items.is_empty() {
            if flat.limits.max_items != Some(0) {
                self.out.push(fault::array_without_items(place.clone()));
            }
            Piece::of(Ty::JSON)
        } else {
            let items = self.all_of(&flat.items);
            self.piece(items, &hint.item())
        };
        let mut piece = self.collection(item, hint, place, Ty::List);
        self.set_limits(&mut piece, &[JsonType::Array], flat, place);
        piece
    }

    /// A list or a map of some items.
    pub(super) fn collection(&mut self, item: Piece, hint: &Hint, place: &Place, make: fn(Box<Ty>) -> Ty) -> Piece {
        let mut item = item;
        let too_deep = item.items != Items::default();
        if too_deep {
            // An enum can have a name; limits cannot.
            if let Some(values) = item.items.values.take().filter(|it| it.list.iter().all(|it| it.value.is_string())) {
                let id = self.hoist(place.clone(), &hint.item(), Content::Enum(values));
                put_innermost(&mut item.ty, Ty::Named(id));
            }
            if item.items != Items::default() {
                self.limit_gap(&gaps::DEEP_LIMIT, place.clone(), &["a limit of items of items"]);
            }
        }
        let nullable = item.nullable && item.ty != Ty::JSON;
        let inner = if nullable { Ty::Nullable(Box::new(item.ty)) } else { item.ty };
        let mut piece = Piece::of(make(Box::new(inner)));
        if depth(&piece.ty) > DEEPEST_TYPE {
            self.gap(&gaps::DEEP_LIMIT, place.clone(), &["a list"]);
            piece.ty = Ty::JSON;
            return piece;
        }
        piece.items = Items { values: item.values, limits: item.limits };
        if let Some(constant) = item.constant {
            piece.items.limits.push(("const", constant));
        }
        piece.secret = item.secret;
        piece.unclear = item.unclear;
        piece
    }

    fn object(&mut self, base: SchemaId, flat: &Flat, hint: &Hint, place: &Place) -> Piece {
        let is_record =
            !flat.properties.is_empty() || flat.additional == Additional::Denied || !flat.required.is_empty();
        // All names that match a pattern: a map.
        let is_record = is_record
            && !(flat.properties.is_empty() && flat.required.is_empty() && flat.pattern_properties.len() == 1);
        if is_record {
            let id = self.named(base, hint, place);
            return Piece::of(Ty::Named(id));
        }
        let value = match (flat.additional, flat.pattern_properties.as_slice()) {
            (Additional::Of(id), []) => self.piece(id, &hint.value()),
            // Names that do not match are not allowed: a map whose names match.
            (Additional::Denied, [(_, id)]) => self.piece(*id, &hint.value()),
            _ => Piece::of(Ty::JSON),
        };
        let mut piece = self.collection(value, hint, place, Ty::Map);
        self.set_limits(&mut piece, &[JsonType::Object], flat, place);
        self.set_names(&mut piece, flat, hint, place);
        piece
    }

    /// What the names of a map must match.
    fn set_names(&mut self, piece: &mut Piece, flat: &Flat, hint: &Hint, place: &Place) {
        let mut patterns: Vec<Option<String>> = Vec::new();
        for id in &flat.property_names {
            patterns.push(self.names_pattern(*id, &Hint::new(&hint.owner, &format!("{}Name", hint.name))));
        }
        match (flat.additional, flat.pattern_properties.as_slice()) {
            (_, []) => {}
            (Additional::Denied, [(pattern, _)]) => patterns.push(Some(portable::portable(pattern))),
            _ => self.gap(&gaps::NOT, place.clone(), &["patternProperties"]),
        }
        let Some(first) = patterns.first().cloned() else { return };
        let both = |one: Option<String>, other: &Option<String>| Some(portable::both(&one?, other.as_ref()?));
        match patterns.iter().skip(1).fold(first, both).filter(|it| Pattern::parse(it).is_ok()) {
            Some(pattern) => piece.limits.push(("property_names", pattern.into())),
            None => self.limit_gap(&gaps::NOT, place.clone(), &["propertyNames"]),
        }
    }

    fn constant(&mut self, constant: &Value, place: &Place) -> Piece {
        let word = match constant {
            Value::String(_) => "string",
            Value::Bool(_) => "boolean",
            Value::Number(it) if it.is_i64() => "integer",
            Value::Number(it) if it.is_u64() => "uint64",
            Value::Number(_) => "number",
            Value::Null => {
                let mut piece = Piece::of(Ty::JSON);
                piece.nullable = true;
                piece.unclear.push("The document allows nothing but `null`".to_owned());
                return piece;
            }
            Value::Array(_) | Value::Object(_) => {
                self.limit_gap(&gaps::NOT, place.clone(), &["const"]);
                return Piece::of(Ty::JSON);
            }
        };
        let mut piece = Piece::of(Ty::Word(word));
        piece.constant = Some(constant.clone());
        piece
    }
}

/// The words of a schema on what is said of its values.
fn noted(mut piece: Piece, notes: Notes) -> Piece {
    piece.nullable = (piece.nullable || notes.nullable) && piece.ty != Ty::JSON;
    if piece.doc.is_empty() {
        piece.doc = notes.doc;
    }
    piece.default = piece.default.or(notes.default);
    piece.examples = notes.examples;
    piece.deprecated = piece.deprecated.or(notes.deprecated);
    piece.client_name = notes.client_name;
    piece.read_only |= notes.read_only;
    piece.write_only |= notes.write_only;
    piece
}

/// The types of a schema: those it names, or the one that its keywords show.
pub(super) fn implied_types(flat: &Flat) -> Vec<JsonType> {
    if !flat.types.is_empty() {
        return flat.types.clone();
    }
    let limits = &flat.limits;
    if !flat.properties.is_empty() || flat.additional != Additional::Unsaid || !flat.required.is_empty() {
        return vec![JsonType::Object];
    }
    if !flat.items.is_empty() || !flat.prefix_items.is_empty() {
        return vec![JsonType::Array];
    }
    if limits.pattern.is_some() || limits.min_length.is_some() || limits.max_length.is_some() {
        return vec![JsonType::String];
    }
    if limits.minimum.is_some() || limits.maximum.is_some() {
        return vec![JsonType::Number];
    }
    match flat.format.as_deref() {
        Some("int32" | "int64" | "uint32" | "uint64") => vec![JsonType::Integer],
        Some("float" | "double") => vec![JsonType::Number],
        Some(format) if text_word(format) != "string" => vec![JsonType::String],
        _ => Vec::new(),
    }
}

/// Whether whole numbers go beyond those with a sign, and not below 0.
fn is_unsigned(flat: &Flat) -> bool {
    let most = flat.limits.maximum.as_ref().and_then(|it| Exact::of(it).whole());
    let least = flat.limits.minimum.as_ref().and_then(|it| Exact::of(it).whole());
    most.is_some_and(|it| it > i64::MAX.into()) && least.is_some_and(|it| it >= 0)
}

/// Whether a text is the bytes of a file.
pub(super) fn is_bytes(format: &str, flat: &Flat) -> bool {
    format == "binary" || flat.content_media_type.is_some() && flat.content_encoding.is_none()
}

/// Whether the texts of a format are of some lengths anyway, and the limits say no more than that.
pub(super) fn is_sized(flat: &Flat) -> bool {
    let (shortest, longest) = match flat.format.as_deref() {
        Some("uuid") => (36, 36),
        Some("date") => (10, 10),
        // Nobody writes more digits of a second than these.
        Some("date-time") => (20, 40),
        Some("time") => (9, 30),
        Some("ipv4") => (7, 15),
        Some("ipv6") => (2, 45),
        _ => return false,
    };
    let limits = &flat.limits;
    limits.min_length.is_none_or(|it| it <= shortest) && limits.max_length.is_none_or(|it| it >= longest)
}

/// The word for a text of a format.
fn text_word(format: &str) -> &'static str {
    match format {
        "date-time" => "date-time",
        "date" => "date",
        "time" => "time",
        "duration" => "duration",
        "uuid" => "uuid",
        "ipv4" => "ipv4",
        "ipv6" => "ipv6",
        "decimal" => "decimal",
        "email" => "email",
        "uri" => "uri",
        "url" => "url",
        "hostname" => "hostname",
        "byte" => "base64",
        // `contentEncoding` is a note, which documents also make of URLs with data in them.
        _ => "string",
    }
}

fn depth(ty: &Ty) -> usize {
    match ty {
        Ty::Word(_) | Ty::Named(_) => 0,
        Ty::List(it) | Ty::Map(it) => depth(it) + 1,
        Ty::Nullable(it) => depth(it),
        Ty::Tuple(members) | Ty::Union(members) => members.iter().map(depth).max().unwrap_or_default() + 1,
    }
}
