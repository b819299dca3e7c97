//! Splits text as models send it: word by word, and JSON into pieces that are not valid by themselves.

use serde_json::Value;

/// The maximum number of pieces of one text. A longer text has larger pieces.
const MOST_PIECES: usize = 256;
/// Characters of a piece of JSON, or of a text without blanks.
const SOME: usize = 9;
const FEW: usize = 4;

/// The pieces of a text. Words are not split; an empty text has no pieces.
pub(super) fn of_text(text: &str) -> Vec<String> {
    if is_json(text) {
        return of_json(text);
    }
    let without_blanks = !text.is_ascii() && !text.contains(char::is_whitespace);
    let mut pieces: Vec<String> = Vec::new();
    if without_blanks {
        pieces = by_length(text, FEW);
    } else {
        let mut blank = true;
        for character in text.chars() {
            let is_blank = character.is_whitespace();
            match pieces.last_mut() {
                // A word includes the blanks before it.
                Some(piece) if blank || !is_blank => piece.push(character),
                _ => pieces.push(character.to_string()),
            }
            blank = is_blank;
        }
    }
    grouped(pieces)
}

/// The pieces of JSON text.
pub(super) fn of_json(text: &str) -> Vec<String> {
    grouped(by_length(text, SOME))
}

fn is_json(text: &str) -> bool {
    text.starts_with(['{', '[']) && serde_json::from_str::<Value>(text).is_ok()
}

fn by_length(text: &str, length: usize) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    characters.chunks(length).map(|it| it.iter().collect()).collect()
}

fn grouped(pieces: Vec<String>) -> Vec<String> {
    let size = pieces.len().div_ceil(MOST_PIECES).max(1);
    if size == 1 { pieces } else { pieces.chunks(size).map(<[String]>::concat).collect() }
}

#[cfg(test)]
mod tests {
    use super::of_text;

    #[test]
    fn texts_are_split_into_pieces() {
        assert_eq!(of_text("A paper  boat.\n"), ["A", " paper", "  boat.", "\n"]);
        assert_eq!(of_text("get_weather"), ["get_weather"]);
        assert_eq!(of_text("{\"place\":\"Kiel\"}"), ["{\"place\":", "\"Kiel\"}"]);
        assert_eq!(of_text("纸船漂过水坑"), ["纸船漂过", "水坑"]);
        assert!(of_text("").is_empty());
        let long = "word ".repeat(5_000);
        assert!(of_text(&long).len() <= 256);
        assert_eq!(of_text(&long).concat(), long);
    }
}
