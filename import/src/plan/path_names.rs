//! Names of operations from the method and the path, for documents without ids.

use super::names::is_version;
use crate::openapi::Operation;
use crate::text::{singular, snake};

/// What the end of a path does, behind a `POST`: `/invoices/{id}/finalize`, `/jobs/{id}/mark_as_done`.
const ACTIONS: [&str; 62] = [
    "accept",
    "activate",
    "approve",
    "archive",
    "attach",
    "block",
    "cancel",
    "capture",
    "check",
    "clone",
    "close",
    "complete",
    "confirm",
    "copy",
    "deactivate",
    "decline",
    "detach",
    "disable",
    "duplicate",
    "enable",
    "execute",
    "expire",
    "export",
    "finalize",
    "finish",
    "import",
    "invite",
    "join",
    "leave",
    "lock",
    "mark",
    "merge",
    "move",
    "pause",
    "pay",
    "ping",
    "publish",
    "reactivate",
    "reject",
    "release",
    "renew",
    "reopen",
    "reset",
    "restart",
    "restore",
    "resume",
    "retry",
    "revoke",
    "rotate",
    "run",
    "send",
    "start",
    "stop",
    "submit",
    "subscribe",
    "sync",
    "unarchive",
    "unlock",
    "unpublish",
    "unsubscribe",
    "verify",
    "void",
];

/// Plurals of which a `GET` brings one.
const ONE: [&str; 8] = ["analytics", "details", "metrics", "options", "preferences", "settings", "statistics", "stats"];

/// A path, as far as names are made of it.
struct Words {
    /// The texts of the path that are no version.
    statics: Vec<String>,
    /// Of each text, whether a parameter follows it.
    followed: Vec<bool>,
    parameters: Vec<String>,
    ends_with_parameter: bool,
}

impl Words {
    fn of(path: &str) -> Self {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let segments: Vec<&str> = path.split('/').filter(|it| !it.is_empty()).collect();
        let is_parameter = |it: &&str| it.contains('{');
        let mut words = Self {
            statics: Vec::new(),
            followed: Vec::new(),
            parameters: segments.iter().filter(|it| is_parameter(it)).map(|it| snake(it)).collect(),
            ends_with_parameter: segments.last().is_some_and(is_parameter),
        };
        words.parameters.retain(|it| !it.is_empty());
        for (at, segment) in segments.iter().enumerate().filter(|it| !is_parameter(it.1)) {
            let word = snake(segment);
            if !word.is_empty() && word != "api" && !is_version(&word) {
                words.statics.push(word);
                words.followed.push(segments.get(at + 1).is_some_and(is_parameter));
            }
        }
        words
    }
}

/// Names that an operation may have, the best first.
pub(super) fn choices(resource: &str, operation: &Operation) -> Vec<String> {
    let words = Words::of(&operation.path);
    let of_resource = singular(resource);
    let rest: Vec<&str> = words.statics.iter().map(String::as_str).filter(|it| singular(it) != of_resource).collect();
    let method = operation.method.to_ascii_lowercase().replace('-', "_");
    let said = [&operation.summary, &operation.description].into_iter().find(|it| !it.trim().is_empty());
    let first_word = said.and_then(|it| it.split_whitespace().next()).map(snake).unwrap_or_default();
    let is_about_one = words.ends_with_parameter || method == "post";
    let verb = match (method.as_str(), words.ends_with_parameter) {
        ("get", true) => "get",
        ("get", false) => {
            let last = words.statics.last().map_or("", String::as_str);
            let word = last.rsplit('_').next().unwrap_or_default();
            if singular(last) == last || ONE.contains(&word) { "get" } else { "list" }
        }
        // A `POST` to what exists changes it, if nothing else is said.
        ("post", true) if !is_verb(&first_word, &["create", "add"]) => "update",
        ("post", _) if is_verb(&first_word, &["update", "modify", "edit", "change"]) => "update",
        ("post", _) => "create",
        ("put", _) => "replace",
        ("patch", _) => "update",
        (method, _) => method,
    };
    let with = |words: &[&str]| {
        let mut all = vec![verb.to_owned()];
        let last = words.len().saturating_sub(1);
        let of_one = |at: usize| at < last || is_about_one;
        all.extend(words.iter().enumerate().map(|(at, it)| if of_one(at) { singular(it) } else { (*it).to_owned() }));
        cut(&all.join("_"))
    };
    let mut choices = Vec::new();
    // `POST /hooks/{id}/ping` that "Pings a hook" is no `create_ping`.
    let acts = |it: &&&str| {
        let word = it.split('_').next().unwrap_or_default();
        let is_post = operation.method == "post" && words.statics.len() > 1;
        operation.method != "get"
            && !words.ends_with_parameter
            && (is_verb(&first_word, &[word]) || is_post && ACTIONS.contains(&word))
    };
    if let Some(action) = rest.last().filter(acts) {
        // `/charges/{charge}/dispute/close`: what it acts on is said, if that is not the resource.
        let on = rest.len().checked_sub(2).map(|at| singular(rest[at]));
        choices.extend(on.filter(|_| !action.contains('_')).map(|it| format!("{action}_{it}")));
        choices.push((*action).to_owned());
    }
    // `/accounts/{account}/transactions` among the transactions.
    let is_own = words.statics.last().is_some_and(|it| singular(it) == of_resource);
    let of_other = words.statics.iter().zip(&words.followed).rev().skip(1).find(|it| *it.1).map(|it| it.0);
    if let Some(other) = of_other.filter(|it| is_own && singular(it) != of_resource) {
        choices.push(cut(&format!("{verb}_for_{}", singular(other))));
    }
    if rest.is_empty() {
        choices.push(verb.to_owned());
    } else {
        choices.push(with(&rest[rest.len() - 1..]));
        choices.push(with(&rest));
    }
    let all: Vec<&str> = words.statics.iter().map(String::as_str).collect();
    choices.push(with(&all));
    if let Some(last) = words.parameters.last() {
        choices.push(cut(&format!("{}_by_{last}", with(&all))));
    }
    choices.push(cut(&format!("{method}_{}", snake(&operation.path))));
    choices
}

/// Whether a word is one of some verbs: `verify` or `verifies`.
fn is_verb(word: &str, verbs: &[&str]) -> bool {
    verbs.iter().filter(|it| !it.is_empty()).any(|verb| {
        let stem = verb.strip_suffix('y').unwrap_or(verb);
        word == *verb || word == format!("{verb}s") || word == format!("{verb}es") || word == format!("{stem}ies")
    })
}

fn cut(name: &str) -> String {
    name.chars().take(64).collect::<String>().trim_end_matches('_').to_owned()
}
