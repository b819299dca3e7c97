//! The stages from text to meaning, in the order in which they run.

use crate::diagnostics::Diagnostics;
use crate::interpret::examples;
use crate::load::{self, Loaded};
use crate::model::Api;
use crate::parts::Parts;
use crate::{check, discard, resolve};

/// Text → model. `documents` runs `yaml` and `syntax` on each file.
#[must_use]
pub fn model(loaded: &Loaded) -> (Option<Api>, Diagnostics) {
    let (documents, mut found) = load::documents(loaded);
    let api = documents.map(|mut it| resolve::resolve(&mut it, &mut found));
    let found = loaded.with_faults_of_files(found);
    (api.filter(|_| !found.has_errors()), found)
}

/// Text → meaning: everything there is to say about a spec before anything is emitted.
///
/// Each stage tells all it finds. After errors in the model, `check` and `examples` judge only what none of them concerns.
#[must_use]
pub fn analyse(loaded: &Loaded) -> (Option<Api>, Diagnostics) {
    let (api, mut found) = resolved(loaded);
    if let Some(api) = &api {
        found.extend(judge(api, &Parts::default()).0);
    }
    (api, found)
}

/// The first half of [`analyse`]: text → model. Where the model has errors, there is none, and all has been judged that can
/// be.
#[must_use]
pub fn resolved(loaded: &Loaded) -> (Option<Api>, Diagnostics) {
    let (documents, mut found) = load::documents(loaded);
    let Some(mut documents) = documents else { return (None, loaded.with_faults_of_files(found)) };
    let api = resolve::resolve(&mut documents, &mut found);
    let mut found = loaded.with_faults_of_files(found);
    if found.has_errors() {
        let sound = resolve::sound::operations(&documents, &found);
        found.extend(check::check_sound(&api, &sound.operations, &sound.files));
        found.extend(examples::check_some(&api, &|at| sound.operations.get(at) == Some(&true)));
        return (None, found);
    }
    discard::aside(documents);
    (Some(api), found)
}

/// The second half of [`analyse`]: whether the rules make sense, and whether the examples follow them.
///
/// `known` are parts that were judged before, as they are now and with all that they lead to, and of which nothing was
/// told. They are not judged again. Also returns the parts that this must not be said of after this run.
#[must_use]
pub fn judge(api: &Api, known: &Parts) -> (Diagnostics, Parts) {
    let (mut found, mut told) = check::check_others(api, known);
    let (of_examples, told_of_examples) = examples::check_others(api, known);
    found.extend(of_examples);
    told.operations.extend(told_of_examples);
    (found, told)
}
