//! Random numbers from the keys that the standard library makes for hash maps, which every program contains.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::time::UNIX_EPOCH;

/// 64 random bits. They differ between calls, threads and processes, but are no secret.
#[inline(never)]
pub(crate) fn bits() -> u64 {
    // Each state has a key of its own: the first of a thread is from the operating system, and the next ones count up.
    let time = UNIX_EPOCH.elapsed().unwrap_or_default();
    mixed(&RandomState::new(), std::process::id(), time.subsec_nanos())
}

/// A process that was forked, and a machine that was restored, go on with the keys of the other one.
fn mixed(keys: &RandomState, process: u32, nanoseconds: u32) -> u64 {
    keys.build_hasher().finish() ^ (u64::from(process) << 32 | u64::from(nanoseconds))
}

/// 16 hexadecimal digits.
pub(crate) fn digits() -> String {
    let bits = bits();
    let digit = |at: u32| char::from(b"0123456789abcdef"[(bits >> (at * 4) & 15) as usize]);
    (0..16).map(digit).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::hash::RandomState;

    use super::{bits, digits, mixed};

    #[test]
    fn numbers_differ_and_every_bit_is_random() {
        let all: HashSet<u64> = (0..10_000).map(|_| bits()).collect();
        assert_eq!(all.len(), 10_000);
        for bit in 0..64 {
            let ones = all.iter().filter(|it| *it >> bit & 1 == 1).count();
            assert!((4_600..5_400).contains(&ones), "bit {bit} is set in {ones} of 10000");
        }
        let other =
            std::thread::spawn(|| (0..1_000).map(|_| bits()).collect::<HashSet<_>>()).join().unwrap_or_default();
        assert!(other.len() == 1_000 && other.is_disjoint(&all));
    }

    #[test]
    fn processes_and_times_with_the_same_keys_differ() {
        let keys = RandomState::new();
        let all: HashSet<_> = (0..100).flat_map(|it| [mixed(&keys, it, 7), mixed(&keys, 100, it)]).collect();
        assert_eq!(all.len(), 200);
    }

    #[test]
    fn digits_are_hexadecimal() {
        let text = digits();
        assert!(text.len() == 16 && text.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f')), "{text}");
    }
}
