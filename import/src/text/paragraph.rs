//! Paragraphs and sentences of prose.

use super::snake_of_any_length;

/// The fewest characters of a line that was wrapped because it was full.
const NARROWEST: usize = 48;
/// The longest summary.
const LONGEST_SUMMARY: usize = 120;

/// Paragraphs that were wrapped by hand, each as one line. Lines that end early on purpose stay as they are.
pub(super) fn unwrapped(text: &str) -> String {
    if !text.contains('\n') {
        return text.to_owned();
    }
    let mut out: Vec<String> = Vec::new();
    let mut run: Vec<&str> = Vec::new();
    let mut code = false;
    // What follows a line of a list belongs to it.
    let mut in_list = false;
    for line in text.lines() {
        let is_fence = line.starts_with("```") || line.starts_with("~~~");
        in_list = !line.is_empty() && (in_list || starts_block(line));
        if !code && !is_fence && !in_list && !line.is_empty() {
            run.push(line);
            continue;
        }
        end_run(&mut run, &mut out);
        code ^= is_fence;
        out.push(line.to_owned());
    }
    end_run(&mut run, &mut out);
    out.join("\n")
}

/// Puts the lines of a paragraph behind others: as one, if each was as full as the words allow.
fn end_run(run: &mut Vec<&str>, out: &mut Vec<String>) {
    let length = |it: &str| it.chars().count();
    let width = run.iter().map(|it| length(it)).max().unwrap_or_default();
    let is_full = |pair: &[&str]| {
        let [line, next] = pair else { return true };
        let word = next.split(' ').next().unwrap_or_default();
        length(line) + 1 + length(word) > width && !line.ends_with(':')
    };
    if run.len() > 1 && width >= NARROWEST && run.windows(2).all(is_full) {
        out.push(run.join(" "));
    } else {
        out.extend(run.iter().map(|it| (*it).to_owned()));
    }
    run.clear();
}

/// Whether a line is no plain text: of a list, a table, a heading, a quote, HTML, or code.
fn starts_block(line: &str) -> bool {
    let is_numbered = || {
        let digits = line.trim_start_matches(|it: char| it.is_ascii_digit());
        digits.len() < line.len() && digits.starts_with(['.', ')'])
    };
    line.starts_with([' ', '-', '*', '+', '#', '>', '|', '=', '<', '~']) && !line.starts_with("**") || is_numbered()
}

/// The first sentence of a prose, if it is short enough for a summary, and what is left.
pub(crate) fn first_sentence(text: &str) -> (String, String) {
    let paragraph = text.split("\n\n").next().unwrap_or_default();
    let flat = paragraph.replace('\n', " ");
    let end = end_of_sentence(&flat).unwrap_or(flat.len());
    let has_blocks = paragraph[..end].lines().any(starts_block) || paragraph.starts_with('`');
    let (sentence, leads_out) = without_links(&flat[..end]);
    let sentence = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
    if has_blocks || sentence.chars().count() > LONGEST_SUMMARY {
        return (String::new(), text.to_owned());
    }
    // Where links lead is worth keeping.
    let left = if leads_out { text } else { &text[end..] };
    (sentence, left.trim().to_owned())
}

/// A prose without the sentence that is its summary already.
pub(crate) fn without_first(text: &str, summary: &str) -> String {
    let summary = summary.trim_end_matches('.');
    let rest = text.strip_prefix(summary).and_then(|it| it.strip_prefix('.'));
    match rest.filter(|it| !summary.is_empty() && it.starts_with([' ', '\n'])) {
        Some(rest) => rest.trim().to_owned(),
        None => text.to_owned(),
    }
}

/// The sentence at the start of a line, and whether there is more on it.
pub(crate) fn lead(line: &str) -> Option<&str> {
    Some(&line[..end_of_sentence(line)?])
}

/// Where the first sentence of a line ends, if another one follows.
fn end_of_sentence(line: &str) -> Option<usize> {
    const ABBREVIATIONS: [&str; 9] = ["e.g", "i.e", "etc", "vs", "cf", "approx", "incl", "no", "resp"];
    line.match_indices(". ").map(|it| it.0).find_map(|at| {
        let word = line[..at].rsplit([' ', '(']).next().unwrap_or_default();
        let next = line[at + 2..].chars().next()?;
        let is_end = at > 8 && !ABBREVIATIONS.contains(&word.to_ascii_lowercase().as_str());
        (is_end && !next.is_lowercase()).then_some(at + 1)
    })
}

/// A sentence with the words of its links alone, and whether one of them leads out of the document.
fn without_links(sentence: &str) -> (String, bool) {
    let mut out = String::new();
    let mut leads_out = false;
    let mut rest = sentence;
    while let Some(at) = rest.find('[') {
        let link = rest[at..].find("](").and_then(|middle| {
            let (words, target) = (&rest[at + 1..at + middle], &rest[at + middle + 2..]);
            let end = target.find(')')?;
            (!words.contains(['[', ']'])).then_some((words, &target[..end], at + middle + 3 + end))
        });
        let Some((words, target, end)) = link else {
            out.push_str(&rest[..=at]);
            rest = &rest[at + 1..];
            continue;
        };
        leads_out |= target.contains("://");
        out.push_str(&rest[..at]);
        out.push_str(words);
        rest = &rest[end..];
    }
    out.push_str(rest);
    (out, leads_out)
}

/// Whether a description only repeats the name of what it describes: `Basic Error` of `BasicError`, `gist_id parameter`.
pub(crate) fn only_repeats(doc: &str, name: &str) -> bool {
    if doc.len() > 2 * name.len() + 24 || !doc.is_ascii() {
        return false;
    }
    let said = snake_of_any_length(doc);
    let said = ["the_", "a_", "an_"].iter().find_map(|it| said.strip_prefix(it)).unwrap_or(&said);
    let name = snake_of_any_length(name);
    let kinds = ["", "_parameter", "_param", "_object", "_schema", "_model", "_field", "_property"];
    !name.is_empty() && kinds.iter().any(|kind| said.strip_suffix(kind).is_some_and(|it| it == name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_were_wrapped_become_one() {
        let wrapped =
            "The pots that are on the shelf of the kitchen and\nthe ones below it, which nobody has used for\nyears.";
        assert_eq!(unwrapped(wrapped), wrapped.replace('\n', " "));
        for kept in [
            "Optional. Default is 30 minutes, as in the kitchen.\nAll others wait for longer.\nOr not at all, which is rare.",
            "Called for several lists of what is in the kitchen, such as:\n- pots\n- lids",
            "- a pot that is on the shelf of the kitchen and\nbelongs to it",
            "```\nlet pot = 1;\nlet lid = 2; // and a long comment behind it, over there\n```",
            "Short.\nLines.",
        ] {
            assert_eq!(unwrapped(kept), kept);
        }
    }

    #[test]
    fn a_sentence_is_said_once() {
        let check = |text: &str, summary: &str, rest: &str| {
            assert_eq!(first_sentence(text), (summary.to_owned(), rest.to_owned()));
        };
        check("Brews a pot. It takes a while.", "Brews a pot.", "It takes a while.");
        check("Brews tea, e.g. Assam. Slowly.\n\nAnd well.", "Brews tea, e.g. Assam.", "Slowly.\n\nAnd well.");
        check("Brews [green](/docs/green) tea.", "Brews green tea.", "");
        let linked = "Brews [green](https://tea.example/green) tea.";
        check(linked, "Brews green tea.", linked);
        let list = "Lists pots:\n- all\n- some";
        check(list, "", list);
    }

    #[test]
    fn words_that_say_only_the_name() {
        for (doc, name) in [("Basic Error", "BasicError"), ("gist_id parameter", "gist_id"), ("The name.", "name")] {
            assert!(only_repeats(doc, name), "{doc}");
        }
        assert!(!only_repeats("The name of a pot", "name"));
    }
}
