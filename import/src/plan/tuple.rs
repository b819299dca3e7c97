//! Lists whose items have types by position.

use super::flat::Flat;
use super::ty::{Piece, Ty};
use super::{Hint, Planner};
use crate::finding::Place;
use crate::gaps;
use crate::openapi::{JsonType, Limits};

/// The most items of a tuple.
const MOST_PLACES: usize = 12;

impl Planner<'_> {
    /// A list whose items have types by position: exact if these are one type.
    pub(super) fn tuple(&mut self, flat: &Flat, hint: &Hint, place: &Place) -> Piece {
        let mut items: Vec<Piece> = Vec::new();
        for (at, id) in flat.prefix_items.iter().enumerate() {
            items.push(self.piece(*id, &hint.item().member(at, None)));
        }
        if !flat.items.is_empty() {
            let rest = self.all_of(&flat.items);
            items.push(self.piece(rest, &hint.item()));
        }
        let bare = |it: &Piece| Piece { doc: String::new(), default: None, examples: Vec::new(), ..it.clone() };
        let count = items.len() as u64;
        let is_fixed =
            flat.items.is_empty() && (flat.limits.min_items, flat.limits.max_items) == (Some(count), Some(count));
        // The items have no limits of their own.
        let is_plain = |it: &Piece| {
            let plain = Piece { nullable: it.nullable, unclear: it.unclear.clone(), ..Piece::of(it.ty.clone()) };
            bare(it) == plain && it.ty != Ty::Word("file")
        };
        if is_fixed && (2..=MOST_PLACES).contains(&items.len()) && items.iter().all(is_plain) {
            let of = |it: Piece| if it.nullable && it.ty != Ty::JSON { Ty::Nullable(Box::new(it.ty)) } else { it.ty };
            let mut piece = Piece::of(Ty::Tuple(items.into_iter().map(of).collect()));
            let limits = Limits { min_items: None, max_items: None, ..flat.limits.clone() };
            self.set_limits(&mut piece, &[JsonType::Array], &Flat { limits, ..flat.clone() }, place);
            return piece;
        }
        let same = items.iter().all(|it| bare(it) == bare(&items[0]));
        let mut piece = if same && (!flat.items.is_empty() || flat.limits.max_items.is_some()) {
            let item = items.swap_remove(0);
            self.collection(bare(&item), hint, place, Ty::List)
        } else {
            let words: Vec<Ty> = items.iter().map(|it| it.ty.clone()).collect();
            let closed = flat.limits.max_items.is_some();
            let item = if closed { scalars(&words) } else { Ty::JSON };
            self.gap(&gaps::TUPLE, place.clone(), &[]);
            let mut piece = Piece::of(Ty::List(Box::new(item)));
            piece.unclear.push("The document gives a type for each position of the list".to_owned());
            piece
        };
        self.set_limits(&mut piece, &[JsonType::Array], flat, place);
        piece
    }
}

/// Scalars of several kinds as one type; any JSON for anything else.
fn scalars(words: &[Ty]) -> Ty {
    let mut members: Vec<Ty> = Vec::new();
    for word in words {
        let member = match word {
            Ty::Word("integer" | "number" | "int32" | "uint32" | "uint64") => Ty::Word("number"),
            Ty::Word("boolean") => word.clone(),
            Ty::Word(it) if super::members::is_text(it) => Ty::STRING,
            _ => return Ty::JSON,
        };
        if !members.contains(&member) {
            members.push(member);
        }
    }
    match members.as_slice() {
        [only] => only.clone(),
        _ => Ty::Union(members),
    }
}
