//! The fixture with lines lost, doubled, swapped, cut and scrambled: nothing panics, and a model has no errors beside it.
//! Specs of hostile sizes: the work stays bounded.

use std::thread;

use super::faults::check;
use crate::diagnostics::{Severity, render};
use crate::load::Loaded;
use crate::source::Sources;
use crate::testing;

const ROUNDS: u64 = 600;
const TOKENS: &[&str] = &[
    "",
    "null",
    "[]",
    "{}",
    "- ",
    ": ",
    "type: ",
    "when: {model: $present}",
    "cases: [{}]",
    "use: prompt",
    "like: sketch",
    "{id}",
    "[Turn]",
    "map<",
    "A | B",
    "🎬",
    "\u{202e}",
    "-1",
    "99999999999",
    "0.5",
    "true",
    "*",
    "$x",
    "enum: [a, a]",
    "one_of: [Part, Content]",
    "fields: {a: Part}",
    "open: true",
    "variants: key",
    "min_length: 9",
    "max_length: 1",
    "nullable: true",
    "get: /x",
    "\n",
    "  ",
];

/// A small generator: the same numbers on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

#[test]
fn no_text_makes_the_compiler_panic() {
    // On all cores: it is one of the slowest tests.
    thread::scope(|scope| {
        for first in 0..4 {
            scope.spawn(move || (first..ROUNDS).step_by(4).for_each(check_round));
        }
    });
}

fn check_round(round: u64) {
    let mut random = Random(0x9e37_79b9_7f4a_7c15 ^ (round + 1).wrapping_mul(0x1234_5678_9abc_def1));
    let mut files: Vec<(&str, String)> =
        testing::atelier().iter().map(|(name, text)| (*name, (*text).to_owned())).collect();
    for _ in 0..=random.below(3) {
        let at = random.below(files.len());
        files[at].1 = mutated(&files[at].1, &mut random);
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let compiled = testing::compile(&files);
    let errors = compiled.diagnostics.iter().filter(|it| it.severity == Severity::Error).count();
    assert_eq!(compiled.api.is_some(), errors == 0, "round {round}");
    for diagnostic in &compiled.diagnostics {
        assert!(!diagnostic.message.is_empty() && !diagnostic.message.ends_with('.'), "{}", diagnostic.message);
        assert!(compiled.sources.get(diagnostic.primary.span.file).is_some());
        let _ = render::short(&compiled.sources, diagnostic);
    }
    if let Some(api) = &compiled.api {
        let _ = testing::model(api);
    } else {
        // What no error concerns is judged all the same.
        let mut sources = Sources::default();
        let files = files.iter().map(|(name, text)| sources.add(*name, *text)).collect();
        let _ = crate::stages::analyse(&Loaded { sources, files, ..Loaded::default() });
    }
}

fn mutated(text: &str, random: &mut Random) -> String {
    if text.trim().is_empty() {
        return "a: b\n".to_owned();
    }
    let mut lines: Vec<&str> = text.lines().collect();
    let (a, b) = (random.below(lines.len()), random.below(lines.len()));
    match random.below(9) {
        0 => {
            lines.remove(a);
        }
        1 => lines.insert(b, lines[a]),
        2 => lines.swap(a, b),
        3 => lines.truncate(a),
        4 => {
            let (first, last) = (a.min(b), a.max(b));
            lines.drain(first..last.min(first + 8));
        }
        5 => {
            let mut characters: Vec<char> = text.chars().collect();
            let at = random.below(characters.len());
            characters[at] = char::from_u32(random.below(0x250) as u32).unwrap_or('?');
            return characters.into_iter().collect();
        }
        6 => {
            let at = boundary(text, random);
            return format!("{}{}{}", &text[..at], TOKENS[random.below(TOKENS.len())], &text[at..]);
        }
        7 => {
            // A value of one line in place of another's.
            let (key, _) = lines[a].split_once(':').unwrap_or((lines[a], ""));
            let value = lines[b].split_once(':').map_or(TOKENS[random.below(TOKENS.len())], |(_, value)| value);
            let line = format!("{key}:{value}");
            lines[a] = &line;
            return lines.join("\n");
        }
        _ => {
            let (first, second) = (boundary(text, random), boundary(text, random));
            let (first, second) = (first.min(second), first.max(second).min(text.len()));
            let end = (first..=second.min(first + 12)).rev().find(|it| text.is_char_boundary(*it)).unwrap_or(first);
            return format!("{}{}", &text[..first], &text[end..]);
        }
    }
    lines.join("\n")
}

fn boundary(text: &str, random: &mut Random) -> usize {
    let mut at = random.below(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[test]
fn hostile_sizes_stay_bounded() {
    let values: Vec<String> = (0..5000).map(|it| format!("v{it}")).collect();
    let body = |parameters: &str, expected: &str| check(&super::body(parameters), &[expected]);
    body(&format!("a: {{enum: [{}]}}", values.join(", ")), "5000 values of an enum; at most 4096 are read");
    let cases = "{when: {b: x}, required: true}, ".repeat(2000);
    body(&format!("a: {{cases: [{cases}]}}\nb: string"), "2000 cases; at most 1024 are read");
    // A chain of operations that are each like the one before.
    let mut operations = String::new();
    for it in 0..1000 {
        let like = if it == 0 { String::new() } else { format!(", like: o{}", it - 1) };
        operations +=
            &format!("  o{it}: {{post: /o{it}, summary: X., response: none, body: {{p{it}: string}}{like}}}\n");
    }
    let compiled = testing::compile(&[("x.yaml", &testing::resource(&operations))]);
    assert_eq!(
        compiled.diagnostics.iter().map(|it| it.primary.span).collect::<std::collections::BTreeSet<_>>().len(),
        968,
        "one remark per operation that is too far down the chain"
    );
    // Ten thousand types, each in the next.
    let mut types: String = (0..10_000).map(|it| format!("  T{it}: {{fields: {{a: T{}}}}}\n", it + 1)).collect();
    types += "  T10000: {fields: {a: string}}\n";
    let text = format!(
        "resource: x\ntitle: X\ndoc: X.\ntypes:\n{types}operations:\n  a: {{get: /a, summary: A., response: T0}}\n"
    );
    assert!(testing::compile(&[("x.yaml", &text)]).api.is_some());
}
