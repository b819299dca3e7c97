//! Records: the fields of an object.

use super::flat::Flat;
use super::ty::{Content, Field, Piece, Ty, TypeId};
use super::{Hint, Owner, Planner};
use crate::finding::{Place, fault};
use crate::gaps;
use crate::openapi::Additional;
use crate::text;

impl Planner<'_> {
    /// Builds the types that are used, and those that they use.
    pub(super) fn build_types(&mut self) {
        while let Some(id) = self.waiting.pop_front() {
            self.owner = Some(Owner::Type(id));
            self.build(id);
        }
        self.owner = None;
    }

    fn build(&mut self, id: TypeId) {
        let planned = &self.types[id.0 as usize];
        let (Some(base), name, place) = (planned.base, planned.name.clone(), planned.place.clone()) else { return };
        if !matches!(planned.content, Content::Waiting) {
            return;
        }
        let flat = self.flat(base);
        let unclear = self.unread(&flat);
        let fields = self.fields(&flat, &name, &place);
        let nullable = fields.iter().filter(|it| it.piece.nullable).map(|it| it.name.clone()).collect();
        let rules = self.rules(&flat, &nullable, &place);
        let (open, extra) = self.is_open(&flat, &name, &place);
        let planned = &mut self.types[id.0 as usize];
        planned.unclear.extend(unclear);
        planned.content = Content::Record { fields, open, extra, rules };
    }

    /// Whether an object may have any other fields, and what these are otherwise.
    pub(super) fn is_open(&mut self, flat: &Flat, owner: &str, place: &Place) -> (bool, Option<Ty>) {
        for (pattern, id) in &flat.pattern_properties {
            // Names of a form that may have any value.
            let is_any = !super::flat::says_something(self.schema(*id));
            if !(is_any && flat.additional != Additional::Denied) {
                self.limit_gap(&gaps::NOT, place.clone(), &[&format!("patternProperties: {pattern}")]);
            }
        }
        match flat.additional {
            Additional::Unsaid | Additional::Denied => (!flat.pattern_properties.is_empty(), None),
            Additional::Allowed => (true, None),
            Additional::Of(id) => {
                let hint = Hint::new(owner, "Extra");
                let piece = self.piece(id, &hint);
                let nullable = piece.nullable;
                match self.bare(piece, place, &hint) {
                    // Any JSON is no limit.
                    Ty::Word("json") => (true, None),
                    ty if nullable => (false, Some(Ty::Nullable(Box::new(ty)))),
                    ty => (false, Some(ty)),
                }
            }
        }
    }

    /// The fields of an object; `owner` is what types in them are named after.
    pub(super) fn fields(&mut self, flat: &Flat, owner: &str, place: &Place) -> Vec<Field> {
        let mut fields = Vec::new();
        // As many as there are, where there can be no others.
        let is_closed = matches!(flat.additional, Additional::Unsaid | Additional::Denied);
        let unknown = flat.required.iter().filter(|it| flat.properties.iter().all(|known| known.0 != **it)).count();
        let all = flat.properties.len() + unknown;
        let needs_all = is_closed && flat.limits.min_properties == Some(all as u64);
        for (name, ids) in &flat.properties {
            if is_no_name(name) {
                let message = format!("the property `{}` has no name that can be written", name.escape_debug());
                self.gap(&gaps::LIMIT, place.clone(), &[&message]);
                continue;
            }
            let id = self.all_of(ids);
            let mut piece = self.piece(id, &Hint::new(owner, &text::pascal(name)));
            piece.xml = self.xml_of_property(name, ids);
            let required = flat.required.contains(name) || needs_all;
            fields.push(Field { name: name.clone(), required, piece });
        }
        for name in &flat.required {
            if flat.properties.iter().any(|(it, _)| it == name) || is_no_name(name) {
                continue;
            }
            if let Additional::Of(extra) = flat.additional {
                let piece = self.piece(extra, &Hint::new(owner, &text::pascal(name)));
                fields.push(Field { name: name.clone(), required: true, piece });
                continue;
            }
            if flat.additional == Additional::Denied {
                self.out.push(fault::required_dropped(name, place.clone()));
                continue;
            }
            self.out.push(fault::required_unknown(name, place.clone()));
            fields.push(Field { name: name.clone(), required: true, piece: Piece::of(Ty::JSON) });
        }
        fields
    }
}

pub(super) fn is_no_name(text: &str) -> bool {
    text.trim().is_empty() || text.chars().any(char::is_control) || text.len() > 256 || text.ends_with('?')
}
