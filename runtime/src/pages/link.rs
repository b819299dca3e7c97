//! `Link` headers (RFC 8288), as far as pagination needs them.

use http::HeaderMap;
use http::header::LINK;

/// The target of the first link with this relation. Relations are compared without regard to case.
pub(super) fn target(headers: &HeaderMap, relation: &str) -> Option<String> {
    let values = headers.get_all(LINK).iter().filter_map(|it| it.to_str().ok());
    values.flat_map(links).find(|it| it.has(relation)).map(|it| it.target.to_owned())
}

/// `<target>; name=value; …`
struct Link<'a> {
    target: &'a str,
    parameters: &'a str,
}

impl Link<'_> {
    fn has(&self, relation: &str) -> bool {
        split(self.parameters, b';').iter().any(|parameter| {
            let Some((name, value)) = parameter.split_once('=') else { return false };
            let value = value.trim().trim_matches('"');
            name.trim().eq_ignore_ascii_case("rel")
                && value.split_ascii_whitespace().any(|it| it.eq_ignore_ascii_case(relation))
        })
    }
}

/// The links of one header. What is no link is passed over.
fn links(value: &str) -> Vec<Link<'_>> {
    let whole = |text: &'_ str| -> Option<(usize, usize)> {
        let start = text.find('<')?;
        Some((start + 1, start + text[start..].find('>')?))
    };
    let mut found = Vec::new();
    for link in split(value, b',') {
        if let Some((start, end)) = whole(link) {
            found.push(Link { target: link[start..end].trim(), parameters: &link[end + 1..] });
        }
    }
    found
}

/// The parts between separators, except for separators within `<…>` and `"…"`.
fn split(text: &str, separator: u8) -> Vec<&str> {
    let (mut in_target, mut in_quotes, mut is_escaped) = (false, false, false);
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, byte) in text.bytes().enumerate() {
        if std::mem::take(&mut is_escaped) {
            continue;
        }
        match byte {
            b'\\' if in_quotes => is_escaped = true,
            b'"' if !in_target => in_quotes = !in_quotes,
            b'<' if !in_quotes => in_target = true,
            b'>' if !in_quotes => in_target = false,
            _ if byte == separator && !in_target && !in_quotes => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};

    #[track_caller]
    fn check(headers: &[&str], next: Option<&str>) {
        let mut map = HeaderMap::new();
        for value in headers {
            map.append("link", HeaderValue::from_str(value).expect("a header"));
        }
        assert_eq!(super::target(&map, "next").as_deref(), next, "{headers:?}");
    }

    #[test]
    fn the_target_of_the_relation_is_found() {
        check(&[r#"<https://a.example/x?page=2>; rel="next""#], Some("https://a.example/x?page=2"));
        check(&[r#"<https://a.example/?page=1>; rel="prev", </x?page=3>; rel="next""#], Some("/x?page=3"));
        check(&["<?p=1>;rel=first", "<?p=2>;rel=next"], Some("?p=2"));
        check(&[r#"<?p=2>; title="a, \"b\" <c>; rel=last"; rel="last NEXT""#], Some("?p=2"));
        check(&["<?ids=1,2;3>; REL=Next"], Some("?ids=1,2;3"));
        check(&["< ?p=2 > ; rel = next"], Some("?p=2"));
    }

    #[test]
    fn what_is_no_link_is_passed_over() {
        check(&[], None);
        check(&["", ",", ";", "<", ">", "<>", "<a", "a>; rel=next", "<a>", "<a>; rel", "<a>; rel=prev"], None);
        check(&[r#"<a>; rel="nextish""#, r#"<a>; title="rel=next""#, r#"<a>; rel="next"#], Some("a"));
        check(&["rel=next, <b>; rel=next"], Some("b"));
    }
}
