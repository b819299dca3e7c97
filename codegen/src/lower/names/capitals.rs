//! Capitals inside of words: `IDs` is one word, and not `I` and `Ds`.

use std::borrow::Cow;

/// Words that people write with capitals inside, and as one word in snake case.
const WORDS: [(&str, &str); 9] = [
    ("OAuth", "Oauth"),
    ("OpenID", "Openid"),
    ("IPv", "Ipv"),
    ("iOS", "Ios"),
    ("macOS", "Macos"),
    ("GraphQL", "Graphql"),
    ("GitHub", "Github"),
    ("GitLab", "Gitlab"),
    ("YouTube", "Youtube"),
];

/// A name whose plurals of abbreviations are words: `userIDs` as `userIds`.
pub(crate) fn with_plurals(name: &str) -> Cow<'_, str> {
    let bytes = name.as_bytes();
    let is_capital = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_uppercase);
    let mut folded: Option<String> = None;
    for at in 2..bytes.len() {
        let is_plural = bytes[at] == b's' && is_capital(at - 1) && is_capital(at - 2);
        if is_plural && !bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase) {
            let start = bytes[..at].iter().rposition(|it| !it.is_ascii_uppercase()).map_or(0, |it| it + 1);
            let text = folded.get_or_insert_with(|| name.to_owned());
            text.replace_range(start + 1..at, &name[start + 1..at].to_ascii_lowercase());
        }
    }
    folded.map_or(Cow::Borrowed(name), Cow::Owned)
}

/// As [`with_plurals`], with [`WORDS`] as one word each.
pub(crate) fn with_words(name: &str) -> Cow<'_, str> {
    if !name.as_bytes().iter().any(u8::is_ascii_uppercase) {
        return Cow::Borrowed(name);
    }
    let mut text = with_plurals(name);
    for (word, folded) in WORDS {
        if text.contains(word) {
            text = Cow::Owned(text.replace(word, folded));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, plurals: &str, words: &str) {
        assert_eq!((&*with_plurals(name), &*with_words(name)), (plurals, words));
    }

    #[test]
    fn abbreviations_stay_whole() {
        check("userIDs", "userIds", "userIds");
        check("IDs", "Ids", "Ids");
        check("baseURLsOf", "baseUrlsOf", "baseUrlsOf");
        check("allAPIs and URLs", "allApis and Urls", "allApis and Urls");
        check("DNSsec", "DNSsec", "DNSsec");
        check("Is", "Is", "Is");
        check("élanÉs", "élanÉs", "élanÉs");
        check("OAuth2Token", "OAuth2Token", "Oauth2Token");
        check("hostIPv6", "hostIPv6", "hostIpv6");
    }
}
