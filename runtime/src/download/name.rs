//! The file name from `content-disposition`, which is untrusted.

use crate::escape::is_unseen;

/// The longest name in bytes that every file system accepts.
const LONGEST: usize = 200;

/// The bare name in a `content-disposition`. `filename*` comes before `filename`.
pub(super) fn file_name(header: &[u8]) -> Option<String> {
    // Some servers send UTF-8 in headers, although it is not allowed; the others send Latin-1.
    let header =
        std::str::from_utf8(header).map_or_else(|_| header.iter().map(|it| char::from(*it)).collect(), str::to_owned);
    let mut plain = None;
    let mut extended = None;
    for (name, value) in parameters(&header) {
        match name.to_ascii_lowercase().as_str() {
            "filename" => plain = plain.or(Some(value)),
            "filename*" => extended = extended.or_else(|| decoded(&value)),
            _ => {}
        }
    }
    extended.and_then(|it| bare(&it)).or_else(|| bare(&plain?))
}

/// The parameters after the first word.
fn parameters(header: &str) -> Vec<(&str, String)> {
    let mut found = Vec::new();
    let mut rest = header.split_once(';').map_or("", |it| it.1);
    while let Some((name, after)) = rest.split_once('=') {
        let after = after.trim_start();
        let value;
        (value, rest) = match after.strip_prefix('"') {
            Some(quoted) => unquoted(quoted),
            None => {
                let (value, rest) = after.split_once(';').unwrap_or((after, ""));
                (value.trim().to_owned(), rest)
            }
        };
        // Text between a quoted value and the next `;` has no meaning.
        found.push((name.rsplit(';').next().unwrap_or(name).trim(), value));
    }
    found
}

/// A quoted string, and the text after it.
fn unquoted(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (value, text.get(at + 1..).unwrap_or_default()),
            // Old browsers on Windows sent paths without escapes, so only a quote or a backslash counts as escaped.
            '\\' if text[at + 1..].starts_with(['"', '\\']) => value.extend(characters.next().map(|it| it.1)),
            _ => value.push(character),
        }
    }
    (value, "")
}

/// `UTF-8'en'a%20b`, RFC 8187.
fn decoded(text: &str) -> Option<String> {
    let mut parts = text.splitn(3, '\'');
    let (charset, _, value) = (parts.next()?, parts.next()?, parts.next()?);
    let mut bytes = Vec::new();
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits = [rest.next()?, rest.next()?];
        bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
    }
    if charset.eq_ignore_ascii_case("utf-8") {
        String::from_utf8(bytes).ok()
    } else {
        charset.eq_ignore_ascii_case("iso-8859-1").then(|| bytes.into_iter().map(char::from).collect())
    }
}

/// The name without folders, and without characters that some system forbids, hides or displays differently.
fn bare(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let kept: String = last
        .chars()
        // Some characters change the direction of writing, so that `gpj.exe` would be displayed as `exe.jpg`.
        .filter(|it| !is_unseen(*it))
        .map(|it| if r#"<>:"|?*"#.contains(it) { '_' } else { it })
        .collect();
    // A leading dot would hide the file; Windows drops dots and spaces at the end.
    let kept = kept.trim_start_matches(['.', ' ']).trim_end_matches(['.', ' ']);
    let kept = shortened(kept);
    let stem = kept.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let device = matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL")
        || stem.strip_prefix("COM").or(stem.strip_prefix("LPT")).is_some_and(|it| it.len() == 1 && it != "0");
    if kept.is_empty() { None } else { Some(if device { format!("_{kept}") } else { kept }) }
}

/// Shortens the name and keeps the extension.
fn shortened(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if extension.len() <= 16 => (stem, format!(".{extension}")),
        _ => (name, String::new()),
    };
    let mut end = LONGEST - extension.len();
    while !stem.is_char_boundary(end.min(stem.len())) {
        end -= 1;
    }
    format!("{}{extension}", &stem[..end.min(stem.len())])
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[track_caller]
    fn check(header: &str, expected: Option<&str>) {
        assert_eq!(file_name(header.as_bytes()).as_deref(), expected, "{header}");
    }

    #[test]
    fn names_are_read() {
        check("attachment; filename=speech.mp3", Some("speech.mp3"));
        check("attachment; filename=\"a b; c=d.mp3\"; size=3", Some("a b; c=d.mp3"));
        check("attachment;FileName = \"x.mp3\"", Some("x.mp3"));
        check("inline; filename=\"say \\\"hi\\\".mp3\"", Some("say _hi_.mp3"));
        check("attachment; filename=\"plain.mp3\"; filename*=UTF-8''gr%C3%BC%C3%9Fe.mp3", Some("grüße.mp3"));
        check("attachment; filename*=iso-8859-1'de'gr%FC%DFe.mp3", Some("grüße.mp3"));
        check("attachment; filename*=UTF-8''%FF; filename=plain.mp3", Some("plain.mp3"));
        check("attachment; filename*=UTF-8''%4; filename=plain.mp3", Some("plain.mp3"));
        check("attachment", None);
        check("attachment; filename", None);
        check("attachment; filename=", None);
        check("attachment; filename=\"not closed", Some("not closed"));
        check("", None);
        assert_eq!(file_name(b"attachment; filename=\"gr\xfc\xdfe.mp3\"").as_deref(), Some("grüße.mp3"));
    }

    #[test]
    fn names_lead_nowhere() {
        check("attachment; filename=\"../../etc/passwd\"", Some("passwd"));
        check("attachment; filename=\"C:\\\\Users\\\\x\\\\a.mp3\"", Some("a.mp3"));
        check("attachment; filename=\"C:\\Users\\x\\a.mp3\"", Some("a.mp3"));
        check("attachment; filename*=UTF-8''..%2F..%2Fa.mp3", Some("a.mp3"));
        check("attachment; filename=\"..\"", None);
        check("attachment; filename=\"/\"", None);
        check("attachment; filename=\"dir/\"", None);
        check("attachment; filename=\".bashrc\"", Some("bashrc"));
        check("attachment; filename=\"a\u{202e}3pm.exe\"", Some("a3pm.exe"));
        check("attachment; filename*=UTF-8''a%00b%0A.mp3", Some("ab.mp3"));
        check("attachment; filename=\"a:b?.mp3. \"", Some("a_b_.mp3"));
        check("attachment; filename=\"nul.mp3\"", Some("_nul.mp3"));
        check("attachment; filename=COM1", Some("_COM1"));
        check("attachment; filename=common.mp3", Some("common.mp3"));
    }

    #[test]
    fn long_names_keep_their_extension() {
        for (letter, count) in [("ü", 300), ("x", 300), ("x", 197)] {
            let name = file_name(format!("attachment; filename=\"{}.mp3\"", letter.repeat(count)).as_bytes());
            let name = name.unwrap_or_default();
            assert!(name.len() <= 200 && name.len() >= 198 && name.ends_with(&format!("{letter}.mp3")), "{name}");
        }
        assert_eq!(file_name(format!("a; filename={}", "ü".repeat(300)).as_bytes()).map(|it| it.len()), Some(200));
    }
}
