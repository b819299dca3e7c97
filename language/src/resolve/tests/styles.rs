//! Styles of types that hold themselves, or that stand in several places.

use super::faults::check;

/// Types that hold themselves, with and without an object between.
const ENDLESS: [&str; 6] = [
    "  D: {one_of: [string, '[D]']}\n",
    "  D: {one_of: [string, map<D>]}\n",
    "  D: {one_of: [string, '[D?]', 'map<[D]>']}\n",
    "  D: {one_of: [string, '[E]']}\n  E: {one_of: [integer, map<D>, '[E]']}\n",
    "  D: {one_of: [string, E, '[D]']}\n  E: {fields: {d: D, all?: '[E]'}}\n",
    "  D: {fields: {one?: D, all?: '[D]', by_name?: map<D>}}\n",
];

#[test]
fn styles_of_endless_types() {
    let all = "styles: {lists: brackets, objects: deep_object}\n";
    for types in ENDLESS {
        for place in [
            format!("get: /x\n{all}query: {{a: D}}"),
            format!("get: /x\n{all}query: {{a: map<D>}}"),
            format!("post: /x\n{all}encoding: form\nbody: H"),
            format!("post: /x\n{all}encoding: multipart\nbody: H"),
            "get: /x\nquery: {a: {type: H, style: exploded}}\nstyles: {lists: indices}".to_owned(),
            "get: /x\nquery: {a: {type: D, style: json}, b: {type: H, style: json}}".to_owned(),
        ] {
            let holder = if place.contains(" H") { "  H: {fields: {d: D}}\n" } else { "" };
            check(&format!("{}types:\n{types}{holder}", super::operation(&place)), &[]);
        }
    }
    // What is at fault is found at any depth.
    let text = "post: /x\nencoding: form\nstyles: {lists: repeated, objects: deep_object}\nbody: {a: D}";
    let why = "`a` cannot be written like this: a list of lists needs `brackets`, `indices`, `numbered` or `json`, so that its items can be told apart";
    check(&format!("{}types:\n{}", super::operation(text), ENDLESS[0]), &[why]);
}

#[test]
fn an_object_is_judged_in_each_style_it_has() {
    // As the parameter itself it is exploded, with deep objects inside. As an item it cannot be, in whatever order.
    let why = "`a` cannot be written like this: `exploded` is for the parameter itself, not for an object inside of it";
    for members in ["R, '[G]'", "'[G]', R"] {
        let types =
            format!("  F: {{one_of: [{members}]}}\n  R: {{fields: {{g: G}}}}\n  G: {{fields: {{b: string}}}}\n");
        let query = "get: /x\nquery: {a: F}\nstyles: {lists: brackets, objects: exploded}";
        check(&format!("{}types:\n{types}", super::operation(query)), &[why]);
    }
}
