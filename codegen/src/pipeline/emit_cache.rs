//! Keeps digests of the printed files in `target/specwright/emit_cache/`, one file per API. It may be deleted at any time.
//!
//! The texts are those of the crate, so a printed file is kept for as long as it stands there. A cache of another compiler,
//! or an incomplete one, is ignored. `--check` neither reads nor writes it.

use std::fs;
use std::path::{Path, PathBuf};

use super::fingerprint::{self, Before};
use crate::digest::Digest;
use crate::emit::{CachedFile, CachedResource, EmitCache};
use crate::lower::view::{Outline, RankedCall};
use crate::model::TypeId;
use crate::regular_file;

/// What this compiler printed before, and what still stands in the crate.
pub(super) fn load(project: &Path, api: &str, before: &Before) -> EmitCache {
    let read = || parse(&regular_file::read(&file(project, api)).ok()?, &header_line(api)?);
    let mut cache = read().unwrap_or_default();
    if !before.has_output(api) {
        let stands = |path: &str, it: &CachedFile| {
            let text = before.file(api, path).and_then(|it| regular_file::read(&it).ok());
            text.is_some_and(|text| Digest::of(text.as_slice()) == it.text)
        };
        let all = cache.files.len();
        cache.files.retain(|path, it| stands(path, it));
        cache.lacks_files = cache.files.len() < all;
    }
    cache
}

/// Whether it is stored. If not, the next run prints everything again.
pub(super) fn store(project: &Path, api: &str, printed: &EmitCache) -> bool {
    let file = file(project, api);
    let (Some(head), Some(folder)) = (header_line(api), file.parent()) else { return false };
    // Renamed into place, so that it is complete or absent. The lock keeps other runs away.
    let beside = file.with_extension("tmp");
    let written = fs::create_dir_all(folder)
        .and_then(|()| regular_file::check(&beside).and_then(|()| fs::write(&beside, serialized(&head, printed))));
    let stored = written.and_then(|()| fs::rename(&beside, &file)).is_ok();
    if !stored {
        let _ = fs::remove_file(&beside);
    }
    stored
}

/// The cache of an API.
pub(super) fn file(project: &Path, api: &str) -> PathBuf {
    project.join("target").join("specwright").join("emit_cache").join(api)
}

/// The bytes of [`last_line`].
const LAST_LINE: usize = 33;

/// The compiler and the API.
fn header_line(api: &str) -> Option<String> {
    Some(format!("{:016x} {api}\n", fingerprint::compiler()?))
}

/// The number of resources, and each of them. Then a line for each file, with the digests of what it was made from and of its
/// text, and its path; and one with a digest of all before it: without it, what is there is incomplete or damaged.
fn serialized(head: &str, printed: &EmitCache) -> Vec<u8> {
    let size: usize = printed.files.keys().map(|path| path.len() + 80).sum();
    let mut out = Vec::with_capacity(head.len() + size + 512 * printed.resources.len());
    out.extend_from_slice(head.as_bytes());
    out.extend_from_slice(format!("{}\n", printed.resources.len()).as_bytes());
    for (name, resource) in &printed.resources {
        put_resource(&mut out, name, resource);
    }
    for (path, CachedFile { from: Digest(from), foreign, text: Digest(text) }) in &printed.files {
        let line = format!("{from:032x} {text:032x} {} {path}\n", u8::from(*foreign));
        out.extend_from_slice(line.as_bytes());
    }
    let last = last_line(&out);
    out.extend_from_slice(last.as_bytes());
    out
}

fn last_line(before: &[u8]) -> String {
    let Digest(all) = Digest::of(before);
    format!("{all:032x}\n")
}

/// A line of digests and of what is so, and texts.
fn put_resource(out: &mut Vec<u8>, name: &str, resource: &CachedResource) {
    let CachedResource { words, rest, is_sound, files, outline } = resource;
    let Outline { around, shared, results, handle, methods, call, .. } = outline;
    let Outline { has_variants, has_downloads, has_redirects, has_streams, .. } = outline;
    for Digest(digest) in [words, rest, around, shared] {
        out.extend_from_slice(format!("{digest:032x} ").as_bytes());
    }
    let rank = call.as_ref().map_or([false; 4], |it| it.rank);
    let facts = [*is_sound, *has_variants, *has_downloads, *has_redirects, *has_streams, call.is_some()];
    out.extend(facts.iter().chain(&rank).map(|it| if *it { b'1' } else { b'0' }));
    out.push(b'\n');
    put_text(out, name);
    put_text(out, handle);
    put_texts(out, files);
    put_texts(out, methods);
    put_texts(out, call.as_ref().map_or(&[][..], |it| it.lines.as_slice()));
    let results: Vec<String> = results.iter().map(|(TypeId(id), Digest(shape))| format!("{id} {shape:032x}")).collect();
    put_texts(out, &results);
}

fn put_texts(out: &mut Vec<u8>, texts: &[String]) {
    out.extend_from_slice(format!("{}\n", texts.len()).as_bytes());
    texts.iter().for_each(|it| put_text(out, it));
}

/// Its length, and the text.
fn put_text(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(format!("{}\n", text.len()).as_bytes());
    out.extend_from_slice(text.as_bytes());
}

fn parse(bytes: &[u8], head: &str) -> Option<EmitCache> {
    let (all, last) = bytes.split_at_checked(bytes.len().checked_sub(LAST_LINE)?)?;
    let mut rest = all.strip_prefix(head.as_bytes())?;
    if last != last_line(all).as_bytes() {
        return None;
    }
    let mut printed = EmitCache::default();
    for _ in 0..take_line(&mut rest)?.parse::<usize>().ok()? {
        let (name, resource) = take_resource(&mut rest)?;
        printed.resources.insert(name, resource);
    }
    while !rest.is_empty() {
        let mut words = take_line(&mut rest)?.splitn(4, ' ');
        let (from, text) = (digest(words.next()?)?, digest(words.next()?)?);
        let (foreign, path) = (words.next()? == "1", words.next()?.to_owned());
        printed.files.insert(path, CachedFile { from, foreign, text });
    }
    Some(printed)
}

fn take_resource(rest: &mut &[u8]) -> Option<(String, CachedResource)> {
    let mut line = take_line(rest)?.split(' ');
    let mut next_digest = || digest(line.next()?);
    let (words, of_view, around, shared) = (next_digest()?, next_digest()?, next_digest()?, next_digest()?);
    let facts: Vec<bool> = line.next()?.bytes().map(|it| it == b'1').collect();
    let [is_sound, has_variants, has_downloads, has_redirects, has_streams, has_call, rank @ ..] = facts.as_slice()
    else {
        return None;
    };
    let (name, handle) = (take_text(rest)?, take_text(rest)?);
    let (files, methods, lines) = (take_texts(rest)?, take_texts(rest)?, take_texts(rest)?);
    let call = has_call.then_some(RankedCall { rank: rank.try_into().ok()?, lines });
    let result = |it: &String| {
        let (id, shape) = it.split_once(' ')?;
        Some((TypeId(id.parse().ok()?), digest(shape)?))
    };
    let results = take_texts(rest)?.iter().map(result).collect::<Option<_>>()?;
    let outline = Outline {
        around,
        shared,
        results,
        handle,
        methods,
        has_variants: *has_variants,
        has_downloads: *has_downloads,
        has_redirects: *has_redirects,
        has_streams: *has_streams,
        call,
    };
    Some((name, CachedResource { words, rest: of_view, is_sound: *is_sound, files, outline }))
}

fn digest(word: &str) -> Option<Digest> {
    u128::from_str_radix(word, 16).ok().map(Digest)
}

fn take_texts(rest: &mut &[u8]) -> Option<Vec<String>> {
    let count: usize = take_line(rest)?.parse().ok()?;
    (0..count).map(|_| take_text(rest)).collect()
}

fn take_text(rest: &mut &[u8]) -> Option<String> {
    let length = take_line(rest)?.parse().ok()?;
    take_bytes(rest, length).map(str::to_owned)
}

fn take_bytes<'b>(rest: &mut &'b [u8], length: usize) -> Option<&'b str> {
    let (text, after) = rest.split_at_checked(length)?;
    *rest = after;
    str::from_utf8(text).ok()
}

/// Takes a line, without its end.
fn take_line<'b>(rest: &mut &'b [u8]) -> Option<&'b str> {
    let end = rest.iter().position(|it| *it == b'\n')?;
    let (line, after) = rest.split_at(end);
    *rest = &after[1..];
    str::from_utf8(line).ok()
}

#[cfg(test)]
mod tests {
    use super::{CachedFile, CachedResource, Digest, EmitCache, Outline, RankedCall, TypeId, parse, serialized};

    fn some() -> EmitCache {
        let file = |from, text| CachedFile { from: Digest(from), foreign: true, text: Digest(text) };
        let files = [("src/a b.rs", file(u128::MAX, 9)), ("src/ü.rs", file(1, u128::MAX))];
        let texts = |all: [&str; 2]| all.map(str::to_owned).to_vec();
        let outline = Outline {
            around: Digest(4),
            shared: Digest(5),
            results: vec![(TypeId(6), Digest(u128::MAX)), (TypeId(7), Digest(0))],
            handle: "Größe".to_owned(),
            methods: texts(["a", ""]),
            has_downloads: true,
            has_streams: true,
            call: Some(RankedCall { rank: [false, true, false, true], lines: texts(["x\n1", "\n"]) }),
            ..Outline::default()
        };
        let sources = texts(["src/a b.rs", "src/ü.rs"]);
        let resource = CachedResource { words: Digest(2), rest: Digest(3), is_sound: true, files: sources, outline };
        EmitCache {
            files: files.into_iter().map(|(path, it)| (path.to_owned(), it)).collect(),
            resources: [("a".to_owned(), resource), ("ü".to_owned(), CachedResource::default())].into(),
            lacks_files: false,
        }
    }

    #[test]
    fn what_is_kept_comes_back() {
        let kept = serialized("1 api\n", &some());
        assert_eq!(format!("{:?}", parse(&kept, "1 api\n")), format!("{:?}", Some(some())));
    }

    #[test]
    fn each_fact_comes_back_as_itself() {
        let facts: [fn(&mut CachedResource) -> &mut bool; 5] = [
            |it| &mut it.is_sound,
            |it| &mut it.outline.has_variants,
            |it| &mut it.outline.has_downloads,
            |it| &mut it.outline.has_redirects,
            |it| &mut it.outline.has_streams,
        ];
        for fact in facts {
            let mut resource = CachedResource::default();
            *fact(&mut resource) = true;
            let cache = EmitCache { resources: [("a".to_owned(), resource)].into(), ..EmitCache::default() };
            let back = parse(&serialized("1 api\n", &cache), "1 api\n").expect("a cache");
            assert_eq!(back.resources, cache.resources);
        }
    }

    #[test]
    fn what_another_compiler_wrote_and_what_is_damaged_is_nothing() {
        let kept = serialized("1 api\n", &some());
        assert!(parse(&kept, "2 api\n").is_none());
        for end in 0..kept.len() {
            assert!(parse(&kept[..end], "1 api\n").is_none(), "cut at {end}");
            for bit in 0..8 {
                let mut damaged = kept.clone();
                damaged[end] ^= 1 << bit;
                assert!(parse(&damaged, "1 api\n").is_none(), "bit {bit} of {end}");
            }
        }
    }
}
