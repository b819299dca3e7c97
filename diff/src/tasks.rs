//! Tasks of an operation, in both specs.

use specwright_codegen::model::{Api, Task, Type, TypeKind};
use specwright_codegen::prose::code;

use crate::answers::Answers;
use crate::change::Class;

impl<'a> Answers<'a, '_> {
    pub(crate) fn task(&mut self, own: &'a Task, theirs: &'a Task) {
        self.types(&Type::Named(own.created), &Type::Named(theirs.created), "task");
        self.types(&Type::Named(own.result), &Type::Named(theirs.result), "task result");
        let path = |it: &Task| match &it.status {
            Some(path) => path.template(),
            None if it.is_url_in_header => "the URL in a header of the response".to_owned(),
            None => "the URL in the response".to_owned(),
        };
        self.differ("task", "the path of the status", &path(own), &path(theirs));
        // Names of headers are in no case.
        let both_in_headers = own.is_url_in_header && theirs.is_url_in_header;
        if !(both_in_headers && own.id_field.eq_ignore_ascii_case(&theirs.id_field)) {
            let what = if both_in_headers { "the header with the URL of the status" } else { "the place of the id" };
            self.differ("task", what, &own.id_field, &theirs.id_field);
        }
        self.differ("task", "the place of the state", &own.state_field, &theirs.state_field);
        self.differ("task", "the place of the failure's words", &own.error_pointer, &theirs.error_pointer);
        self.states(own, theirs);
        self.every_state(own, theirs);
        for (was, is, what) in [
            (own.callback.is_some(), theirs.callback.is_some(), "a callback"),
            (own.cancel.is_some(), theirs.cancel.is_some(), "a way to cancel the task"),
            (own.download.is_some(), theirs.download.is_some(), "a way to download the result"),
            (own.stage.is_some(), theirs.stage.is_some(), "a stage"),
        ] {
            match (was, is) {
                (true, false) => self.say(Class::Breaking, "task", format!("there is no longer {what}")),
                (false, true) => self.say(Class::Widening, "task", format!("there is {what}")),
                _ => {}
            }
        }
        if let (Some(own), Some(theirs)) = (&own.stage, &theirs.stage) {
            self.differ("task", "the field of the stage", &own.field, &theirs.field);
            if own.values != theirs.values {
                self.say(Class::Documentation, "task", "the stages are described in another way");
            }
        }
        for (what, was, is) in [
            ("the interval of waiting", own.poll_interval_ms, theirs.poll_interval_ms),
            ("the deadline of waiting", own.deadline_ms, theirs.deadline_ms),
        ] {
            if was != is {
                let message = format!("{what} is {} now (before: {})", duration(is), duration(was));
                self.say(Class::Documentation, "task", message);
            }
        }
    }

    fn states(&mut self, own: &Task, theirs: &Task) {
        let meaning = |task: &Task, state: &str| {
            let lists = [(&task.pending, "pending"), (&task.completed, "completed"), (&task.failed, "failed")];
            lists.into_iter().find(|(all, _)| all.iter().any(|it| it == state)).map(|(_, word)| word)
        };
        let states = |task: &Task| {
            [&task.pending, &task.completed, &task.failed].into_iter().flatten().cloned().collect::<Vec<_>>()
        };
        for state in states(own) {
            match (meaning(own, &state), meaning(theirs, &state)) {
                (Some(was), Some(is)) if was != is => {
                    self.differ("task", &format!("the state {}", code(&state)), was, is);
                }
                // An unknown state is pending.
                (Some("pending"), None) => self.say(
                    Class::Documentation,
                    "task",
                    format!("the pending state {} is not named any more", code(&state)),
                ),
                (Some(was), None) => {
                    self.say(Class::Breaking, "task", format!("the state {} is no longer {was}", code(&state)));
                }
                _ => {}
            }
        }
        for state in states(theirs) {
            let (was, is) = (meaning(own, &state), meaning(theirs, &state));
            match (was, is) {
                (None, Some("pending")) => {
                    let message = format!("the pending state {} is named now", code(&state));
                    self.say(Class::Documentation, "task", message);
                }
                (None, Some(is)) => {
                    self.say(Class::Widening, "task", format!("the state {} is known now: {is}", code(&state)));
                }
                _ => {}
            }
        }
    }

    /// Fields of every state that the result has in both specs: others are told of the result.
    fn every_state(&mut self, own: &Task, theirs: &Task) {
        let has = |api: &Api, task: &Task, name: &str| match &api.ty(task.result).kind {
            TypeKind::Record(record) => record.find(name).is_some(),
            TypeKind::Enum(_) | TypeKind::Tagged(_) | TypeKind::Union { .. } => false,
        };
        let (old, new) = (self.old, self.new);
        let both = |name: &str| has(old, own, name) && has(new, theirs, name);
        for gone in own.every_state.iter().filter(|it| !theirs.every_state.contains(it) && both(it)) {
            self.say(Class::Breaking, "task", format!("{} is no longer there in every state", code(gone)));
        }
        for added in theirs.every_state.iter().filter(|it| !own.every_state.contains(it) && both(it)) {
            self.say(Class::Widening, "task", format!("{} is there in every state", code(added)));
        }
    }
}

/// A time as specs write it.
fn duration(ms: u64) -> String {
    let units = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s")];
    let unit = units.into_iter().find(|(size, _)| ms > 0 && ms.is_multiple_of(*size));
    unit.map_or_else(|| format!("{ms}ms"), |(size, word)| format!("{}{word}", ms / size))
}
