//! Width and height of a picture, from the size in a request.

use serde_json::{Map, Value};

/// Width or height.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Width,
    Height,
}

/// Pixels of the short side if a request has a shape and no resolution.
const SHORT: u64 = 1024;
/// The maximum number of pixels of a side.
pub(super) const MOST: u64 = 20_000;

impl Side {
    /// Reads any text of a request that is a size (`1024x768`), or else a shape (`16:9`) and a resolution (`720p`, `4k`).
    pub(super) fn of_request(self, request: &Map<String, Value>) -> Option<u64> {
        let texts = || request.values().filter_map(Value::as_str).filter(|it| it.len() <= 16);
        if let Some((width, height)) = texts().find_map(|it| pair(it, &['x', 'X', '*', '×'])) {
            return Some(self.pick(width, height));
        }
        let short = texts().find_map(short_side);
        let shape = texts().find_map(|it| pair(it, &[':'])).filter(|(a, b)| *a <= 100 && *b <= 100);
        let (a, b) = match (shape, short) {
            (Some(shape), _) => shape,
            (None, Some(_)) => (16, 9),
            (None, None) => return None,
        };
        let short = short.unwrap_or(SHORT);
        let even = |pixels: u64| pixels / 2 * 2;
        let long = |by: u64, of: u64| even(short * by / of).min(MOST);
        let (width, height) = if a >= b { (long(a, b), short) } else { (short, long(b, a)) };
        Some(self.pick(width, height))
    }

    fn pick(self, width: u64, height: u64) -> u64 {
        match self {
            Self::Width => width,
            Self::Height => height,
        }
    }
}

fn pair(text: &str, separators: &[char]) -> Option<(u64, u64)> {
    let (first, second) = text.split_once(separators)?;
    let number = |it: &str| it.trim().parse().ok().filter(|it| (1..=MOST).contains(it));
    Some((number(first)?, number(second)?))
}

/// `720p`, `2K`.
fn short_side(text: &str) -> Option<u64> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let number = number.parse().ok().filter(|it| (1..=8192).contains(it))?;
    match (unit, number) {
        ("p", 100..) => Some(number),
        ("k" | "K", 1) => Some(1024),
        ("k" | "K", 2) => Some(1440),
        ("k" | "K", 3..=16) => Some(number * 540),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Side;

    #[test]
    fn sizes_shapes_and_resolutions() {
        let sides = |request: serde_json::Value| {
            let request = request.as_object().cloned().unwrap_or_default();
            Side::Width.of_request(&request).zip(Side::Height.of_request(&request))
        };
        assert_eq!(sides(json!({"size": "640x480", "aspect_ratio": "1:1"})), Some((640, 480)));
        assert_eq!(sides(json!({"aspect_ratio": "9:16", "resolution": "720p"})), Some((720, 1280)));
        assert_eq!(sides(json!({"aspect_ratio": "1:1"})), Some((1024, 1024)));
        assert_eq!(sides(json!({"resolution": "4k"})), Some((3840, 2160)));
        assert_eq!(sides(json!({"prompt": "at 10:30", "count": 3})), None);
        assert_eq!(sides(json!({"a": "0:1", "b": "99999999999999999999x1", "c": "é", "d": ""})), None);
    }
}
