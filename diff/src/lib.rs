//! What changed for callers between two versions of a spec.
//!
//! [`compare`] takes two resolved specs and says what each change means: *breaking*, *widening* or *documentation*. It
//! decides on the meaning of the rules and not on their form, so a case that becomes a rule, or another order, is no
//! change.
//!
//! ```text
//! pairs → requests (what one spec accepts and the other may refuse) → witness (requests that show it)
//!       → wire, answers, api (how it is sent, what comes back, what all share) → docs
//!       → rust, leftovers (names of the crate that no change above explains)
//! ```
//!
//! That all requests of the old spec are requests of the new one is *proved*, by `prove`, or it is not said. Where there
//! is no proof, a request is looked for that the interpreter accepts by the old spec and refuses by the new one. Where
//! neither is found, the change "may break".

mod answer_types;
mod answers;
mod api;
mod asked;
mod callbacks;
mod candidates;
mod change;
pub mod changelog;
mod credentials;
mod docs;
mod exclusive;
mod gap;
mod items;
mod kept;
mod leftovers;
mod operation;
mod pages;
mod pairs;
mod prove;
pub mod report;
mod requests;
mod rust;
mod sample;
mod satisfy;
pub mod source;
mod space;
mod streams;
mod tasks;
mod trials;
mod types;
mod version;
mod wire;
mod witness;
#[cfg(test)]
mod work_tests;
mod xml;

use specwright_codegen::model::Api;

use crate::answers::Answers;
use crate::kept::Kept;
use crate::requests::Call;
use crate::rust::Surfaces;

pub use change::{ApiDiff, Change, Class, Evidence, Side};
pub use rust::Surface;
pub use version::{Bump, Version};

/// The diff of an API that only one of two versions has.
#[must_use]
pub fn only_in(old: Option<&Api>, new: Option<&Api>) -> ApiDiff {
    let (class, words) =
        if new.is_some() { (Class::Widening, "the API was added") } else { (Class::Breaking, "the API was removed") };
    ApiDiff {
        api: old.or(new).map(|it| it.name.clone()).unwrap_or_default(),
        old_version: old.map(|it| it.version.clone()),
        new_version: new.map(|it| it.version.clone()),
        changes: vec![Change::new(class, Side::Api, words)],
    }
}

/// All changes from one version of a spec to another.
#[must_use]
pub fn compare(old: &Api, new: &Api) -> ApiDiff {
    compare_surfaces(&Surface::new(old), &Surface::new(new))
}

/// As [`compare`], with the items of both crates listed before.
#[must_use]
pub fn compare_surfaces(old_surface: &Surface<'_>, new_surface: &Surface<'_>) -> ApiDiff {
    let (old, new) = (old_surface.api, new_surface.api);
    let mut changes = Vec::new();
    let operations = pairs::operations(old, new);
    let mut surfaces = Surfaces::new(old_surface, new_surface, &operations.pairs);
    surfaces.names(&mut changes);
    let breaking = |message: &str| Change::new(Class::Breaking, Side::Request, message);
    for id in operations.removed {
        let call = Call { api: old, id };
        let mut change = breaking("the operation was removed").of(&call.operation().full_name(old));
        change.rust = surfaces.tell_operation(id);
        let request = sample::known_requests(call).into_iter().find(|it| sample::verdict(call, it).is_valid());
        change.evidence = request.map_or(Evidence::None, |it| Evidence::Unanswered(Box::new(it)));
        changes.push(change);
    }
    for (id, other) in &operations.pairs {
        let (old_call, new_call) = (Call { api: old, id: *id }, Call { api: new, id: *other });
        let (was, is) = (old_call.operation().full_name(old), new_call.operation().full_name(new));
        let message = if was != is {
            format!("the operation is called `{is}` now (before: `{was}`); what is sent is the same")
        } else if let Some((was, is)) = surfaces.other_method(*id, *other) {
            format!("the operation is called `{is}` in Rust now (before: `{was}`)")
        } else {
            continue;
        };
        let mut change = Change::new(Class::Breaking, Side::Rust, message).of(&is);
        change.rust = surfaces.tell_operation(*id);
        change.rust.extend(surfaces.new_method(*other).map(str::to_owned));
        changes.push(change);
    }
    let mut kept = Kept::default();
    for (id, other) in operations.pairs {
        let (old_call, new_call) = (Call { api: old, id }, Call { api: new, id: other });
        wire::changes(old_call, new_call, &mut changes);
        operation::changes(old_call, new_call, &mut surfaces, &mut changes);
        let mut answers = Answers::new(old, new, &mut surfaces, &mut kept, &mut changes);
        answers.operation(id, other);
        docs::of_operation(old_call, new_call, &mut changes);
    }
    for id in operations.added {
        let name = new.operation(id).full_name(new);
        let mut change = Change::new(Class::Widening, Side::Request, "the operation was added").of(&name);
        change.rust = surfaces.new_method(id).map(str::to_owned).into_iter().collect();
        changes.push(change);
    }
    let mut answers = Answers::new(old, new, &mut surfaces, &mut kept, &mut changes);
    api::changes(&mut answers);
    docs::of_api(old, new, &mut changes);
    surfaces.rest(&mut changes);
    surfaces.complete(&mut changes);
    changes.sort_by_key(|it| std::cmp::Reverse(it.class));
    ApiDiff {
        api: new.name.clone(),
        old_version: Some(old.version.clone()),
        new_version: Some(new.version.clone()),
        changes,
    }
}
