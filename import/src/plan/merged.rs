//! Two operations with one method and path that nothing tells apart become one, which takes and brings what either does.

use super::body::{Body, WHOLE};
use super::endpoints::is_any_text;
use super::operation::{PlannedOperation, type_prefix};
use super::parameters::{Parameter, json_as_text, path_names};
use super::response::{Answer, Answers};
use super::ty::{Content, Piece, Ty};
use super::{Hint, Planner};
use crate::text;

/// Whether two operations can be one.
pub(super) fn can_be_one(one: &PlannedOperation<'_>, other: &PlannedOperation<'_>) -> bool {
    let is_json = |it: &Answer| matches!(it, Answer::Json { .. } | Answer::None);
    let (ours, theirs) = (&one.answers, &other.answers);
    let fits = ours.answer == theirs.answer || is_json(&ours.answer) && is_json(&theirs.answer);
    let has_body = |it: &Body| !it.parameters.is_empty();
    let bodies = [&one.body, &other.body];
    let same_bodies = !bodies.into_iter().all(has_body) || one.body.media_types() == other.body.media_types();
    let has_raw = |it: &Body| it.parameters.iter().any(|it| it.raw.is_some());
    let is_known = !bodies.into_iter().any(has_raw) || !bodies.into_iter().all(has_body) || is_same_raw(bodies);
    fits && ours.stream == theirs.stream
        && same_bodies
        && is_known
        && path_names(&one.path).len() == path_names(&other.path).len()
}

fn is_same_raw(bodies: [&Body; 2]) -> bool {
    let [ours, theirs] = bodies.map(|it| it.parameters.first().and_then(|it| it.raw.clone()));
    ours == theirs
}

impl Planner<'_> {
    /// Adds to an operation what another one takes and brings.
    pub(super) fn merge_operations(&mut self, one: &mut PlannedOperation<'_>, other: PlannedOperation<'_>) {
        let prefix = type_prefix(&one.resource, &one.name);
        for (ours, theirs) in one.parameters.path.iter_mut().zip(&other.parameters.path) {
            if ours.piece.ty != theirs.piece.ty || !ours.piece.is_plain() {
                any_text(&mut ours.piece);
            }
        }
        let lists = [
            (&mut one.parameters.query, other.parameters.query),
            (&mut one.parameters.headers, other.parameters.headers),
            (&mut one.parameters.cookies, other.parameters.cookies),
        ];
        for (ours, theirs) in lists {
            merge_lists(ours, theirs, &mut |ours, _| any_text(&mut ours.piece));
        }
        self.merge_bodies(&mut one.body, other.body, &prefix, one.from.place.clone());
        self.merge_answers(&mut one.answers, other.answers, &prefix, one.from.place.clone());
        for (code, doc, ty) in other.errors.statuses {
            if one.errors.statuses.iter().all(|it| it.0 != code) {
                one.errors.statuses.push((code, doc, ty));
            }
        }
        let words = [&other.from.summary, &other.from.description].map(|it| text::first_sentence(&text::prose(it)).0);
        let words = words.into_iter().find(|it| !it.is_empty());
        let words = words.unwrap_or_else(|| format!("`{}`", other.from.id.as_deref().unwrap_or(&other.from.path)));
        one.answers.unclear.push(format!(
            "The document has another operation here, whose parameters and responses stand among these: {}.",
            words.trim_end_matches('.')
        ));
    }

    fn merge_bodies(&mut self, ours: &mut Body, theirs: Body, prefix: &str, place: crate::finding::Place) {
        ours.rules.retain(|it| theirs.rules.contains(it));
        ours.open |= theirs.open;
        if ours.encodings.is_empty() {
            ours.encodings = theirs.encodings;
        }
        ours.examples.extend(theirs.examples);
        let is_json =
            ours.encodings.iter().all(|it| it != "form" && it != "multipart" && !it.starts_with("multipart/"));
        let is_whole = |list: &[Parameter]| list.iter().any(|it| it.name == WHOLE);
        let has_both = !ours.parameters.is_empty() && !theirs.parameters.is_empty();
        if has_both && is_whole(&ours.parameters) != is_whole(&theirs.parameters) {
            ours.parameters = vec![Parameter::new(WHOLE, true, Piece::of(Ty::JSON))];
            return;
        }
        let mut differ = |ours: &mut Parameter, theirs: &Parameter| {
            if ours.piece.is_plain() && theirs.piece.is_plain() && ours.name == WHOLE {
                let hint = Hint::new(prefix, "AnyBody");
                ours.piece.ty = self.either(&ours.piece.ty, &theirs.piece.ty, &hint, &place);
                return;
            }
            let doc = std::mem::take(&mut ours.piece.doc);
            ours.piece = Piece { doc, ..Piece::of(Ty::JSON) };
            if !is_json {
                json_as_text(&mut ours.piece);
            }
        };
        merge_lists(&mut ours.parameters, theirs.parameters, &mut differ);
    }

    fn merge_answers(&mut self, ours: &mut Answers, theirs: Answers, prefix: &str, place: crate::finding::Place) {
        let answer = match (&ours.answer, &theirs.answer) {
            (Answer::Json { ty, .. }, Answer::None) | (Answer::None, Answer::Json { ty, .. }) => {
                Answer::Json { ty: ty.clone(), nullable: true }
            }
            (Answer::Json { ty, nullable }, Answer::Json { ty: other, nullable: other_nullable }) => {
                let hint = Hint::new(prefix, "AnyResponse");
                Answer::Json { ty: self.either(ty, other, &hint, &place), nullable: *nullable || *other_nullable }
            }
            _ => ours.answer.clone(),
        };
        if ours.answer == Answer::None && theirs.answer != Answer::None {
            ours.success = theirs.success;
        }
        ours.answer = answer;
        for mut field in theirs.headers {
            if ours.headers.iter().all(|it| !it.name.eq_ignore_ascii_case(&field.name)) {
                field.required = false;
                ours.headers.push(field);
            }
        }
        ours.examples.extend(theirs.examples);
        ours.unclear.extend(theirs.unclear);
    }

    /// A type of the values of either.
    fn either(&mut self, one: &Ty, other: &Ty, hint: &Hint, place: &crate::finding::Place) -> Ty {
        if one == other {
            return one.clone();
        }
        let id = self.hoist(place.clone(), hint, Content::Union(vec![one.clone(), other.clone()]));
        self.judge(id);
        Ty::Named(id)
    }
}

/// Puts together what two operations send in one place. What both have is required if both require it.
fn merge_lists(ours: &mut Vec<Parameter>, theirs: Vec<Parameter>, differ: &mut dyn FnMut(&mut Parameter, &Parameter)) {
    for it in ours.iter_mut() {
        it.required &= theirs.iter().any(|other| other.name == it.name && other.required);
    }
    for it in theirs {
        match ours.iter_mut().find(|known| known.name == it.name) {
            None => ours.push(Parameter { required: false, ..it }),
            Some(known) if bare(&known.piece) == bare(&it.piece) => {}
            Some(known) => differ(known, &it),
        }
    }
}

/// What is said of a value, without words.
fn bare(piece: &Piece) -> Piece {
    Piece { doc: String::new(), unclear: Vec::new(), examples: Vec::new(), default: None, ..piece.clone() }
}

fn any_text(piece: &mut Piece) {
    if !is_any_text(piece) {
        let (doc, unclear) = (std::mem::take(&mut piece.doc), std::mem::take(&mut piece.unclear));
        *piece = Piece { doc, unclear, ..Piece::of(Ty::STRING) };
    }
}
