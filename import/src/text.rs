//! Words: names in our casing, and the prose of documents as people read it.

mod paragraph;

use heck::{ToSnakeCase, ToUpperCamelCase};
use specwright_codegen::naming;

pub(crate) use paragraph::{first_sentence, lead, only_repeats, without_first};

/// The longest name of an operation, a resource or a type.
pub(crate) const LONGEST_NAME: usize = 64;

/// A name as a type's: letters and digits, the first a capital.
pub(crate) fn pascal(name: &str) -> String {
    let words: String = name.chars().map(|it| if it.is_ascii_alphanumeric() { it } else { ' ' }).collect();
    let text: String =
        naming::with_plurals(&words).to_upper_camel_case().chars().filter(char::is_ascii_alphanumeric).collect();
    let text = match text.chars().next() {
        None => "Value".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("N{text}"),
        Some(_) => text,
    };
    text.chars().take(LONGEST_NAME).collect()
}

/// A name as a resource's or an operation's: `[a-z][a-z0-9_]*`.
pub(crate) fn snake(name: &str) -> String {
    snake_of_any_length(name).chars().take(LONGEST_NAME).collect::<String>().trim_end_matches('_').to_owned()
}

/// As [`snake`], however long it is.
pub(crate) fn snake_of_any_length(name: &str) -> String {
    let words: String = name.chars().map(|it| if it.is_ascii_alphanumeric() { it } else { ' ' }).collect();
    let text = naming::with_words(&words.replace("oAuth", "OAuth")).to_snake_case();
    match text.chars().next() {
        None => String::new(),
        Some(first) if first.is_ascii_digit() => format!("n{text}"),
        Some(_) => text,
    }
}

/// A name for Rust, if there is one in a text.
pub(crate) fn rust_name(name: &str) -> Option<String> {
    let name: String = name.chars().filter(|it| it.is_ascii_alphanumeric() || *it == '_').take(LONGEST_NAME).collect();
    name.starts_with(|it: char| it.is_ascii_alphabetic()).then_some(name)
}

/// Words that are the same in the plural.
const UNCHANGED: [&str; 3] = ["series", "species", "news"];
/// What a client calls a value in Rust, if it is another name than what is sent gives.
pub(crate) fn client_name(said: &str, sent: &str) -> Option<String> {
    let name = naming::snake(&snake(said));
    let is_plain = name.starts_with(|it: char| it.is_ascii_lowercase()) && !name.contains('#');
    (is_plain && name != naming::snake(sent)).then_some(name)
}

/// Plurals that are other words.
const OTHERS: [(&str, &str); 7] = [
    ("people", "person"),
    ("children", "child"),
    ("indices", "index"),
    ("vertices", "vertex"),
    ("matrices", "matrix"),
    ("analyses", "analysis"),
    ("criteria", "criterion"),
];
/// Plurals whose ends are no rule, and how much of the end goes.
const IRREGULAR: [(&str, usize); 15] = [
    ("aliases", 2),
    ("atlases", 2),
    ("biases", 2),
    ("bonuses", 2),
    ("buses", 2),
    ("campuses", 2),
    ("canvases", 2),
    ("censuses", 2),
    ("statuses", 2),
    ("viruses", 2),
    ("calories", 1),
    ("cookies", 1),
    ("movies", 1),
    ("selfies", 1),
    ("smoothies", 1),
];

/// The singular of an English word, for the items of a list.
pub(crate) fn singular(word: &str) -> String {
    let lower = word.to_ascii_lowercase();
    let ends = |it: &str| lower.ends_with(it) && word.len() > it.len() + 1;
    if UNCHANGED.iter().any(|it| lower.ends_with(it)) {
        return word.to_owned();
    }
    if let Some((plural, other)) = OTHERS.iter().find(|it| lower.ends_with(it.0)) {
        let (before, found) = word.split_at(word.len() - plural.len());
        let is_capital = found.starts_with(|it: char| it.is_ascii_uppercase());
        let first = &other[..1];
        let first = if is_capital { first.to_ascii_uppercase() } else { first.to_owned() };
        return format!("{before}{first}{}", &other[1..]);
    }
    if let Some((_, end)) = IRREGULAR.iter().find(|it| lower.ends_with(it.0)) {
        return word[..word.len() - end].to_owned();
    }
    if ends("ies") {
        return format!("{}y", &word[..word.len() - 3]);
    }
    if ends("sses") || ends("xes") || ends("ches") || ends("shes") || ends("zes") {
        return word[..word.len() - 2].to_owned();
    }
    if ends("s") && !ends("ss") && !ends("us") && !ends("is") && !ends("as") {
        return word[..word.len() - 1].to_owned();
    }
    word.to_owned()
}

/// Prose without HTML, unseen characters and blanks at the ends of lines.
pub(crate) fn prose(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = without_html(&text);
    let mut out = String::with_capacity(text.len());
    let mut blank = 0;
    // Whether the present line is of a list, of a table or the like, or of code.
    let (mut in_block, mut code) = (false, false);
    for line in text.lines() {
        let line: String = line.chars().filter_map(seen).collect();
        let line = &code_spans(line.trim_end());
        if line.is_empty() {
            blank += 1;
            continue;
        }
        // A paragraph may be indented by less than code is.
        let bare = line.trim_start();
        let is_paragraph = (blank > 0 || out.is_empty()) && line.len() - bare.len() < 4;
        let is_item = bare.starts_with(['-', '*', '+']) || bare.starts_with(|it: char| it.is_ascii_digit());
        // One space means nothing.
        let is_slip = line.len() - bare.len() == 1;
        // In a paragraph that goes on, as in the doc of a function in Python, it means nothing at all.
        if blank > 0 || out.is_empty() {
            in_block = false;
        }
        code ^= bare.starts_with("```");
        in_block |= is_item || code || bare.starts_with(['|', '>', '#', '<']);
        let goes_on = !in_block && blank == 0 && !out.is_empty();
        let line = if is_paragraph && !is_item || is_slip && !code || goes_on { bare } else { line };
        if !out.is_empty() {
            out.push_str(if blank > 0 { "\n\n" } else { "\n" });
        }
        blank = 0;
        out.push_str(line);
    }
    paragraph::unwrapped(&out)
}

/// Code between backticks that were escaped by mistake.
fn code_spans(line: &str) -> String {
    let escaped = line.matches("\\`").count();
    let is_meant = escaped > 0 && escaped.is_multiple_of(2) && line.matches('`').count() == escaped;
    if is_meant { line.replace("\\`", "`") } else { line.to_owned() }
}

/// As [`prose`], in one line.
pub(crate) fn plain(text: &str) -> String {
    prose(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Tags of HTML go, and what they mean for the text stays.
fn without_html(text: &str) -> String {
    if !text.contains('<') && !text.contains('&') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut code = false;
    while let Some(at) = rest.find(['<', '&', '`']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('`') {
            code = !code;
            out.push('`');
            rest = &rest[1..];
            continue;
        }
        if code {
            out.push_str(&rest[..1]);
            rest = &rest[1..];
            continue;
        }
        if let Some((entity, plain)) = ENTITIES.iter().find(|it| rest.starts_with(it.0)) {
            out.push_str(plain);
            rest = &rest[entity.len()..];
            continue;
        }
        match tag(rest) {
            Some((name, length)) => {
                let link = (name == "a").then(|| attribute(&rest[..length], "href")).flatten();
                match name.as_str() {
                    "br" | "/p" | "/div" | "/ul" | "/ol" | "/h1" | "/h2" | "/h3" | "/h4" | "tr" | "/table" => {
                        out.push('\n')
                    }
                    "p" | "ul" | "ol" => out.push_str("\n\n"),
                    "li" => out.push_str("\n- "),
                    "code" | "/code" | "tt" | "/tt" => out.push('`'),
                    "b" | "/b" | "strong" | "/strong" => out.push_str("**"),
                    "i" | "/i" | "em" | "/em" => out.push('*'),
                    "a" => {
                        let end = rest[length..].find("</a>").map(|it| length + it);
                        if let (Some(link), Some(end)) = (link, end) {
                            out.push_str(&format!("[{}]({link})", without_html(&rest[length..end]).trim()));
                            rest = &rest[end + 4..];
                            continue;
                        }
                    }
                    _ => {}
                }
                rest = &rest[length..];
            }
            None => {
                out.push_str(&rest[..1]);
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

const ENTITIES: [(&str, &str); 8] = [
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", "\""),
    ("&#39;", "'"),
    ("&#x27;", "'"),
    ("&apos;", "'"),
    ("&nbsp;", " "),
    ("&amp;", "&"),
];

/// The name of the tag at the start of a text, `/` included, and how long the tag is.
fn tag(text: &str) -> Option<(String, usize)> {
    const TAGS: [&str; 41] = [
        "a",
        "b",
        "br",
        "blockquote",
        "code",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "em",
        "font",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "iframe",
        "img",
        "li",
        "ol",
        "p",
        "pre",
        "security-definitions",
        "small",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "tt",
        "ul",
    ];
    let end = text.find('>')?;
    let inner = text.get(1..end)?;
    let (slash, inner) = inner.strip_prefix('/').map_or(("", inner), |it| ("/", it));
    let length = inner.find(|it: char| !(it.is_ascii_alphanumeric() || it == '-')).unwrap_or(inner.len());
    let name = inner[..length].to_ascii_lowercase();
    let follows = inner[length..].chars().next();
    let fits = TAGS.contains(&name.as_str()) && follows.is_none_or(|it| it.is_whitespace() || it == '/');
    fits.then(|| (format!("{slash}{name}"), end + 1))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!("{name}="))?;
    let quote = rest.chars().next().filter(|it| matches!(it, '"' | '\''))?;
    Some(rest[1..].split(quote).next()?.trim().to_owned())
}

/// What is left of a character that is not seen.
fn seen(it: char) -> Option<char> {
    match it {
        '\t' => Some(' '),
        '\u{a0}' | '\u{2007}' | '\u{202f}' | '\u{3000}' | '\u{2000}'..='\u{200a}' => Some(' '),
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => None,
        it if it.is_control() => None,
        it => Some(it),
    }
}
/// Whether it can be the name of a header.
pub(crate) fn is_header_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|it| it.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(it))
}
