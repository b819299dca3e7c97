//! Keeps the printed files in `target/specwright/emit_cache/`, one file per API. It may be deleted at any time.
//!
//! A cache of another compiler, or an incomplete one, is ignored. `--check` neither reads nor writes it.

use std::fs;
use std::path::{Path, PathBuf};

use super::fingerprint;
use crate::digest::Digest;
use crate::emit::{CachedFile, CachedResource, EmitCache};

/// What this compiler printed before.
pub(super) fn load(project: &Path, api: &str) -> EmitCache {
    let read = || parse(&fs::read(file(project, api)).ok()?, &header_line(api)?);
    read().unwrap_or_default()
}

/// Errors are ignored: without the cache, the next run prints everything again.
pub(super) fn store(project: &Path, api: &str, printed: &EmitCache) {
    let file = file(project, api);
    let (Some(head), Some(folder)) = (header_line(api), file.parent()) else { return };
    // Renamed into place, so that it is complete or absent. The lock keeps other runs away.
    let beside = file.with_extension("tmp");
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(&beside, serialized(&head, printed)));
    if written.and_then(|()| fs::rename(&beside, &file)).is_err() {
        let _ = fs::remove_file(&beside);
    }
}

fn file(project: &Path, api: &str) -> PathBuf {
    project.join("target").join("specwright").join("emit_cache").join(api)
}

/// The compiler and the API.
fn header_line(api: &str) -> Option<String> {
    Some(format!("{:016x} {api}\n", fingerprint::compiler()?))
}

/// The number of resources, and a line per resource with two digests, whether it is sound, and its name. Then, for each
/// file, a line with the digest of what it was made from, a length and its path, and its text.
fn serialized(head: &str, printed: &EmitCache) -> Vec<u8> {
    let size: usize = printed.files.iter().map(|(path, it)| path.len() + it.text.len() + 64).sum();
    let mut out = Vec::with_capacity(head.len() + size);
    out.extend_from_slice(head.as_bytes());
    out.extend_from_slice(format!("{}\n", printed.resources.len()).as_bytes());
    for (name, CachedResource { words: Digest(words), rest: Digest(rest), is_sound }) in &printed.resources {
        let line = format!("{words:032x} {rest:032x} {} {name}\n", u8::from(*is_sound));
        out.extend_from_slice(line.as_bytes());
    }
    for (path, CachedFile { from: Digest(from), foreign, text }) in &printed.files {
        let line = format!("{from:032x} {} {} {path}\n", text.len(), u8::from(*foreign));
        out.extend_from_slice(line.as_bytes());
        out.extend_from_slice(text.as_bytes());
    }
    out
}

fn parse(bytes: &[u8], head: &str) -> Option<EmitCache> {
    let mut rest = bytes.strip_prefix(head.as_bytes())?;
    let mut printed = EmitCache::default();
    let digest = |word: &str| u128::from_str_radix(word, 16).ok().map(Digest);
    for _ in 0..take_line(&mut rest)?.parse::<usize>().ok()? {
        let mut words = take_line(&mut rest)?.splitn(4, ' ');
        let (of_words, rest) = (digest(words.next()?)?, digest(words.next()?)?);
        let cached = CachedResource { words: of_words, rest, is_sound: words.next()? == "1" };
        printed.resources.insert(words.next()?.to_owned(), cached);
    }
    while !rest.is_empty() {
        let mut words = take_line(&mut rest)?.splitn(4, ' ');
        let (from, text) = (digest(words.next()?)?, words.next()?.parse().ok()?);
        let (foreign, path) = (words.next()? == "1", words.next()?.to_owned());
        let (text, after) = rest.split_at_checked(text)?;
        let text = str::from_utf8(text).ok()?.to_owned();
        printed.files.insert(path, CachedFile { from, foreign, text });
        rest = after;
    }
    Some(printed)
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
    use super::{CachedFile, CachedResource, Digest, EmitCache, parse, serialized};

    fn some() -> EmitCache {
        let file = |from, text: &str| CachedFile { from: Digest(from), foreign: true, text: text.into() };
        let files = [("src/a b.rs", file(u128::MAX, "größer\n")), ("src/ü.rs", file(1, ""))];
        let resource = CachedResource { words: Digest(2), rest: Digest(3), is_sound: true };
        EmitCache {
            files: files.into_iter().map(|(path, it)| (path.to_owned(), it)).collect(),
            resources: [("a".to_owned(), resource), ("ü".to_owned(), resource)].into(),
        }
    }

    #[test]
    fn what_is_kept_comes_back() {
        let kept = serialized("1 api\n", &some());
        assert_eq!(format!("{:?}", parse(&kept, "1 api\n")), format!("{:?}", Some(some())));
    }

    #[test]
    fn what_another_compiler_wrote_or_what_broke_off_is_nothing() {
        let kept = serialized("1 api\n", &some());
        assert!(parse(&kept, "2 api\n").is_none());
        let whole = parse(&kept, "1 api\n").map_or(0, |it| it.files.len());
        for end in 0..kept.len() {
            assert!(parse(&kept[..end], "1 api\n").is_none_or(|it| it.files.len() < whole), "cut at {end}");
        }
    }
}
