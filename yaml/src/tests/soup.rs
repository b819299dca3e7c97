//! Documents by chance.

/// Some of the tokens in the order that a seed gives.
pub(crate) fn soup_of(tokens: &[&str], seed: u64) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as usize % below
    };
    let length = 1 + next(24);
    (0..length).map(|_| tokens[next(tokens.len())]).collect()
}
