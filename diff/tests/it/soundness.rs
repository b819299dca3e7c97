//! What `diff` calls unchanged or widened refuses nothing: for chance edits of whole specs, and chance requests.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use specwright_codegen::boundary::{self, RequestParts};
use specwright_codegen::interpret::{Request, put_cookie, validate};
use specwright_codegen::load::{self, Loaded};
use specwright_codegen::model::{Api, Location, Operation};
use specwright_codegen::pipeline;
use specwright_diff::{Class, Side, Surface, compare, compare_surfaces};

/// Edits of each spec.
const EDITS: usize = 7;
/// Requests of each operation that are made by chance.
const REQUESTS: usize = 120;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn files(project: &Path, api: &str) -> Vec<(String, String)> {
    let loaded = load::load(project, api).unwrap();
    loaded.files.iter().filter_map(|it| loaded.sources.get(*it)).map(|it| (it.path.clone(), it.text.clone())).collect()
}

fn model(files: &[(String, String)]) -> Option<Api> {
    let mut loaded = Loaded::default();
    for (path, text) in files {
        let id = loaded.sources.add(path.clone(), text.clone());
        loaded.files.push(id);
    }
    pipeline::model(&loaded).0
}

/// The specs that are edited: whole ones, and one resource of a large one.
fn specs() -> Vec<Vec<(String, String)>> {
    let mut all = Vec::new();
    for name in ["bell", "depot", "forge", "jukebox", "kinds", "palaver", "payments", "studio"] {
        all.push(files(&root().join("tests/project"), name));
    }
    all.push(files(&root(), "animeapi"));
    for resource in ["seedance", "keys", "kling"] {
        let mut one = files(&root(), "runapi");
        one.retain(|(path, _)| path.ends_with("api.yaml") || path.ends_with(&format!("/{resource}.yaml")));
        one.iter_mut().for_each(|(_, text)| *text = text.replace("\nfirst_call:", "\n# first_call:"));
        all.push(one);
    }
    all
}

#[test]
fn a_spec_is_the_same_as_itself() {
    for files in specs() {
        let api = model(&files).unwrap_or_else(|| panic!("{}", files[0].0));
        let mut turned = files.clone();
        turned.reverse();
        let again = model(&turned).unwrap();
        let diff = compare(&api, &again);
        assert!(diff.changes.is_empty(), "{}: {:#?}", api.name, diff.changes);
    }
}

#[test]
fn chance_edits() {
    let mut chance = Chance(7);
    let (mut tried, mut harmless) = (0, 0);
    for files in specs() {
        let old = model(&files).unwrap();
        let of_old = Surface::new(&old);
        for _ in 0..EDITS {
            let Some(edited) = edit(&files, &mut chance) else { continue };
            // Most edits leave a spec that makes sense; the others are for the compiler to refuse.
            let Some(new) = model(&edited) else { continue };
            tried += 1;
            let diff = compare_surfaces(&of_old, &Surface::new(&new));
            for operation in &old.operations {
                let name = operation.full_name(&old);
                let Some(theirs) = new.operations.iter().find(|it| it.full_name(&new) == name) else { continue };
                let breaks = |it: &specwright_diff::Change| {
                    it.class == Class::Breaking && it.operation.as_ref() == Some(&name) && it.side != Side::Response
                };
                // Most operations are as they were: a few of these are enough.
                let told = diff.changes.iter().any(|it| it.operation.as_ref() == Some(&name));
                if !diff.changes.iter().any(breaks) && (told || chance.below(12) == 0) {
                    harmless += 1;
                    check_requests((&old, operation), (&new, theirs), &mut chance);
                }
            }
        }
    }
    assert!(tried > 40 && harmless > 40, "{tried} edits, {harmless} operations");
}

fn check_requests(old: (&Api, &Operation), new: (&Api, &Operation), chance: &mut Chance) {
    let mut pool: Vec<RequestParts> = Vec::new();
    pool.extend(boundary::suite(old.0, old.1).into_iter().map(|it| it.request));
    pool.extend(boundary::suite(new.0, new.1).into_iter().map(|it| it.request));
    if pool.is_empty() {
        return;
    }
    for _ in 0..REQUESTS {
        let request = mixed(old.1, &pool, chance);
        pool.push(request);
    }
    for request in &pool {
        let fields = &old.1.parameters.fields;
        let known = |name: &String| {
            fields.iter().any(|it| it.location == Location::Header && it.sent_name().eq_ignore_ascii_case(name))
        };
        let RequestParts { path, query, headers, body } = request;
        let parts = Request { path, query, headers, body: body.as_ref() };
        if headers.keys().all(known) && validate(old.0, old.1, &parts).is_valid() {
            let verdict = validate(new.0, new.1, &parts);
            let name = old.1.full_name(old.0);
            assert!(verdict.is_valid(), "{name} refuses {request:?}\n{:?}", verdict.violations);
        }
    }
}

/// A request with values of others, and some of no meaning.
fn mixed(operation: &Operation, pool: &[RequestParts], chance: &mut Chance) -> RequestParts {
    let mut request = pool[chance.below(pool.len())].clone();
    for _ in 0..=chance.below(3) {
        let fields = &operation.parameters.fields;
        let Some(field) = fields.get(chance.below(fields.len().max(1))) else { break };
        let other = pool[chance.below(pool.len())].clone();
        let name = field.sent_name();
        let odd = [json!(0), json!(-1), json!(""), json!("a"), json!([]), json!(true), json!(1.5), json!("漢字")];
        match field.location {
            Location::WholeBody => request.body = other.body,
            Location::Body => {
                let from = other.body.as_ref().and_then(|it| it.get(name)).cloned();
                if let Some(body) = request.body.as_mut().and_then(Value::as_object_mut) {
                    put(body, name, from, chance, &odd);
                }
            }
            Location::Query => put(&mut request.query, name, other.query.get(name).cloned(), chance, &odd),
            Location::Header => put(&mut request.headers, name, other.headers.get(name).cloned(), chance, &odd),
            Location::Cookie => {
                let other = other.headers.get("Cookie").and_then(|it| it.get(name)).cloned();
                put_cookie(&mut request.headers, name, other);
            }
            Location::Path => put(&mut request.path, name, other.path.get(name).cloned(), chance, &odd),
        }
    }
    request
}

fn put(
    place: &mut serde_json::Map<String, Value>,
    name: &str,
    value: Option<Value>,
    chance: &mut Chance,
    odd: &[Value],
) {
    match value {
        _ if chance.below(6) == 0 => {
            place.insert(name.to_owned(), odd[chance.below(odd.len())].clone());
        }
        Some(value) => {
            place.insert(name.to_owned(), value);
        }
        None => {
            place.shift_remove(name);
        }
    }
}

/// One edit of one file, as a maintainer could make it.
fn edit(files: &[(String, String)], chance: &mut Chance) -> Option<Vec<(String, String)>> {
    const LIMITS: [&str; 6] = ["max_length: ", "min_length: ", "maximum: ", "minimum: ", "max_items: ", "min_items: "];
    const SWAPS: [(&str, &str); 14] = [
        ("required: true", "required: false"),
        ("{type: string", "{type: string, required: true"),
        ("{type: string", "{type: string, max_length: 3"),
        ("{type: integer", "{type: number"),
        ("{type: number", "{type: integer"),
        ("{type: boolean", "{type: string"),
        ("nullable: true", "nullable: false"),
        ("unique_items: true", "unique_items: false"),
        ("forbidden: ", "ignored: "),
        ("only: ", "doc: x, when: "),
        ("open: true", "open: false"),
        ("any_of: ", "exactly_one_of: "),
        ("at_most_one_of: ", "exactly_one_of: "),
        ("default: true", "default: false"),
    ];
    for _ in 0..30 {
        let mut edited = files.to_vec();
        let at = chance.below(edited.len());
        let text = edited[at].1.clone();
        let new = match chance.below(3) {
            0 => {
                let key = LIMITS[chance.below(LIMITS.len())];
                let places: Vec<usize> = text.match_indices(key).map(|(at, _)| at + key.len()).collect();
                let Some(start) = places.get(chance.below(places.len().max(1))) else { continue };
                let digits = text[*start..].chars().take_while(char::is_ascii_digit).count();
                let Ok(number) = text[*start..*start + digits].parse::<u64>() else { continue };
                let number =
                    [number.saturating_add(1), number.saturating_sub(1), number.saturating_mul(2)][chance.below(3)];
                format!("{}{number}{}", &text[..*start], &text[*start + digits..])
            }
            1 => {
                let (from, to) = SWAPS[chance.below(SWAPS.len())];
                let places: Vec<usize> = text.match_indices(from).map(|(at, _)| at).collect();
                let Some(start) = places.get(chance.below(places.len().max(1))) else { continue };
                format!("{}{to}{}", &text[..*start], &text[*start + from.len()..])
            }
            _ => {
                // The first or the second of several values in a row.
                let places: Vec<usize> = text.match_indices(": [").map(|(at, _)| at + 3).collect();
                let Some(start) = places.get(chance.below(places.len().max(1))) else { continue };
                let Some(end) = text[*start..].find(", ") else { continue };
                format!("{}{}", &text[..*start], &text[*start + end + 2..])
            }
        };
        edited[at].1 = new;
        return Some(edited);
    }
    None
}

struct Chance(u64);

impl Chance {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((it ^ (it >> 31)) % count.max(1) as u64) as usize
    }
}
