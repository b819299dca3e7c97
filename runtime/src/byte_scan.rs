//! Tests every byte of a text, eight bytes at a time. Validators and writers use it for each text.

const ONES: u64 = u64::from_le_bytes([1; 8]);
const HIGH: u64 = ONES << 7;

/// Whether all bytes are visible ASCII.
pub(crate) fn all_visible(bytes: &[u8]) -> bool {
    // A byte that is too small makes the subtraction borrow. A byte that is too large has its highest bit set, before or
    // after adding 1.
    let visible = |it: u64| (it | it.wrapping_sub(ONES * 0x21) | it.wrapping_add(ONES)) & HIGH == 0;
    all(bytes, visible, |it| matches!(it, 0x21..=0x7e))
}

/// Whether all bytes are visible ASCII or spaces.
pub(crate) fn all_printable(bytes: &[u8]) -> bool {
    let printable = |it: u64| (it | it.wrapping_sub(ONES * 0x20) | it.wrapping_add(ONES)) & HIGH == 0;
    all(bytes, printable, |it| matches!(it, 0x20..=0x7e))
}

/// Whether all bytes may be between JSON quotes without escaping.
pub(crate) fn all_unescaped(bytes: &[u8]) -> bool {
    all(bytes, are_unescaped, is_unescaped)
}

/// The position of the first byte that is escaped between JSON quotes, or ends them. The length, if there is none.
#[inline(never)]
pub(crate) fn first_escaped(bytes: &[u8]) -> usize {
    let (words, _) = bytes.as_chunks();
    let before = words.iter().take_while(|it| are_unescaped(u64::from_le_bytes(**it))).count() * 8;
    before + bytes.get(before..).unwrap_or_default().iter().take_while(|it| is_unescaped(**it)).count()
}

fn are_unescaped(word: u64) -> bool {
    let less = |it: u64, least: u8| it.wrapping_sub(ONES * u64::from(least));
    // A quote with another second bit is a space, and what is less than a space stays so.
    let quote_or_control = less(word ^ (ONES * 2), b' ' + 1);
    let backslash = less(word ^ (ONES * u64::from(b'\\')), 1);
    (quote_or_control | backslash) & !word & HIGH == 0
}

fn is_unescaped(byte: u8) -> bool {
    byte >= 0x20 && byte != b'"' && byte != b'\\'
}

/// Both predicates must agree about every byte. If there are more than four bytes, some of the last are checked twice.
fn all(bytes: &[u8], word: impl Fn(u64) -> bool, byte: impl Fn(u8) -> bool) -> bool {
    if let Some(last) = bytes.last_chunk() {
        let (words, _) = bytes.as_chunks();
        words.iter().all(|it| word(u64::from_le_bytes(*it))) && word(u64::from_le_bytes(*last))
    } else if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        word(u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last)))
    } else {
        bytes.iter().all(|it| byte(*it))
    }
}

/// The position of `part`. Headers and error pages are short, and the standard library's searcher, which is made for long
/// texts, would be larger than all of its callers.
#[inline(never)]
pub(crate) fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len().max(1)).position(|it| it == part)
}

/// Whether the text contains `part`, regardless of the case of ASCII letters.
#[inline(never)]
pub(crate) fn contains_ignore_case(text: &str, part: &str) -> bool {
    text.as_bytes().windows(part.len().max(1)).any(|it| is_same(it, part.as_bytes()))
}

/// Whether both are the same, regardless of the case of ASCII letters. The standard library's function is made for long
/// texts, and is larger than all of its callers.
#[inline(never)]
pub(crate) fn equal_ignore_case(one: &str, other: &str) -> bool {
    is_same(one.as_bytes(), other.as_bytes())
}

fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.eq_ignore_ascii_case(other))
}

#[cfg(test)]
mod tests {
    use super::{all_printable, all_unescaped, all_visible, contains_ignore_case, find, first_escaped};

    #[test]
    fn parts_are_found_where_they_begin() {
        assert_eq!(find(b"a < title", b"<"), Some(2));
        assert_eq!((find(b"ab", b"abc"), find(b"", b"a"), find(b"aab", b"ab")), (None, None, Some(1)));
        assert!(
            contains_ignore_case("Application/JSON; charset=utf-8", "json")
                && !contains_ignore_case("text/plain", "json")
                && !contains_ignore_case("", "a")
        );
    }

    #[test]
    fn words_and_bytes_agree() {
        for byte in 0..=255_u8 {
            for length in 1..20 {
                for at in 0..length {
                    // Neighbours of every kind, to test carries.
                    for other in [b'!', b'~', b'a'] {
                        let mut text = vec![other; length];
                        text[at] = byte;
                        let case = format!("{byte:#x} at {at} of {length}");
                        assert_eq!(all_visible(&text), (0x21..0x7f).contains(&byte), "{case}");
                        assert_eq!(all_printable(&text), (0x20..0x7f).contains(&byte), "{case}");
                        let unescaped = byte >= 0x20 && byte != b'"' && byte != b'\\';
                        assert_eq!(all_unescaped(&text), unescaped, "{case}");
                        assert_eq!(first_escaped(&text), if unescaped { length } else { at }, "{case}");
                    }
                    let mut text = vec![0xff; length];
                    text[at] = byte;
                    assert_eq!(all_unescaped(&text), byte >= 0x20 && byte != b'"' && byte != b'\\');
                }
            }
        }
        assert!(all_visible(b"") && all_printable(b"") && all_unescaped(b""));
    }
}
