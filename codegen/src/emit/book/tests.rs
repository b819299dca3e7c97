//! Markdown in, HTML out.

use std::collections::BTreeSet;

use super::{Links, Page, Section, html_path, markdown, relative, site};

#[track_caller]
fn shown(markdown: &str, expected: &str) {
    let known = BTreeSet::from(["docs/a.md", "docs/guide/README.md", "README.md"]);
    let html = markdown::html(markdown, &Links { page: "docs/here.md", known: &known });
    assert_eq!(html.trim_end(), expected, "{markdown}");
}

#[test]
fn text() {
    shown("a\nb\n\nc", "<p>a\nb</p>\n<p>c</p>");
    shown("a < b & c > \"d\"", "<p>a &lt; b &amp; c &gt; \"d\"</p>");
    shown("&lt; &#60; &#x3c; &no", "<p>&lt; &lt; &lt; &amp;no</p>");
    shown("\\*a\\* \\<b> \\\\ \\x", "<p>*a* &lt;b&gt; \\ \\x</p>");
    shown("<script>x</script> a<br>b", "<p>&lt;script&gt;x&lt;/script&gt; a<br>b</p>");
    shown("<!-- @generated -->\n\na", "<p>a</p>");
}

#[test]
fn emphasis_and_code() {
    shown("**a** *b* _c_ snake_case_name", "<p><strong>a</strong> <em>b</em> <em>c</em> snake_case_name</p>");
    shown("2 * 3 * 4, a** b", "<p>2 * 3 * 4, a** b</p>");
    shown("*a `*` b*", "<p><em>a <code>*</code> b</em></p>");
    shown("`<a>` `` ` `` `open", "<p><code>&lt;a&gt;</code> <code>`</code> `open</p>");
}

#[test]
fn links() {
    shown("[a](a.md#x)", "<p><a href=\"a.html#x\">a</a></p>");
    shown("[`g`](guide/README.md)", "<p><a href=\"guide/index.html\"><code>g</code></a></p>");
    shown("[up](../README.md)", "<p><a href=\"../index.html\">up</a></p>");
    shown(
        "[x](#y) [e](https://e.example/?a=b&c)",
        "<p><a href=\"#y\">x</a> <a href=\"https://e.example/?a=b&amp;c\">e</a></p>",
    );
    shown("<https://e.example>", "<p><a href=\"https://e.example\">https://e.example</a></p>");
    // What is not in the book, or no address to follow, is text.
    shown("[l](../LICENSE) [j](javascript:alert(1))", "<p>l j</p>");
    shown("[a] (b) [c", "<p>[a] (b) [c</p>");
    shown("[r](../../../x.md)", "<p>r</p>");
}

#[test]
fn headings() {
    shown("# A `b` c", "<h1 id=\"a-b-c\"><a class=\"anchor\" href=\"#a-b-c\">#</a>A <code>b</code> c</h1>");
    shown(
        "## A\n## A",
        "<h2 id=\"a\"><a class=\"anchor\" href=\"#a\">#</a>A</h2>\n<h2 id=\"a-1\"><a class=\"anchor\" href=\"#a-1\">#</a>A</h2>",
    );
    shown("#no", "<p>#no</p>");
}

#[test]
fn code_blocks() {
    shown(
        "a\n```rust\nlet a = \"<\";\n\n# b\n```\nc",
        "<p>a</p>\n<pre><code class=\"language-rust\">let a = \"&lt;\";\n\n# b\n</code></pre>\n<p>c</p>",
    );
    shown("````\n```\n````", "<pre><code>```\n</code></pre>");
    shown("```\nopen", "<pre><code>open</code></pre>");
    shown("```", "<pre><code></code></pre>");
}

#[test]
fn lists() {
    shown("- a\n- b\n  more\n\nc", "<ul>\n<li>a</li>\n<li>b\nmore</li>\n</ul>\n<p>c</p>");
    shown("1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>");
    shown("- a\n\n- b", "<ul>\n<li>\n<p>a</p>\n</li>\n<li>\n<p>b</p>\n</li>\n</ul>");
    shown("- a\n  - b\n- c", "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n<li>c</li>\n</ul>");
    shown("- a\n\n  ```\n  x\n  ```", "<ul>\n<li>\n<p>a</p>\n<pre><code>x\n</code></pre>\n</li>\n</ul>");
    shown("text\n- a", "<p>text</p>\n<ul>\n<li>a</li>\n</ul>");
    shown("-a\n1.b", "<p>-a\n1.b</p>");
}

#[test]
fn tables_and_quotes() {
    shown(
        "| a | b |\n|---|:-:|\n| `x\\|y` | **z** |\n| | c |",
        "<div class=\"wide\"><table><thead><tr><th>a</th><th style=\"text-align: center\">b</th></tr></thead><tbody>\n\
         <tr><td><code>x|y</code></td><td style=\"text-align: center\"><strong>z</strong></td></tr>\n\
         <tr><td></td><td style=\"text-align: center\">c</td></tr>\n</tbody></table>\n</div>",
    );
    shown("> a\n> - b\n\nc", "<blockquote>\n<p>a</p>\n<ul>\n<li>b</li>\n</ul>\n</blockquote>\n<p>c</p>");
    shown("| no table", "<p>| no table</p>");
    shown("---", "<hr />");
}

#[test]
fn nothing_ends_the_run() {
    let known = BTreeSet::new();
    let links = Links { page: "a.md", known: &known };
    let pieces = [
        "*", "_", "`", "[", "](", ")", "\\", "|", "\n", "> ", "- ", "1. ", "```", "é", " ", "<", "&", ";", "a", "#",
        "  ",
    ];
    let mut state = 7u64;
    for _ in 0..20_000 {
        let mut text = String::new();
        for _ in 0..12 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(pieces[(state >> 33) as usize % pieces.len()]);
        }
        markdown::html(&text, &links);
    }
    markdown::html(&"> ".repeat(2_000), &links);
    markdown::html(&"[".repeat(2_000), &links);
}

#[test]
fn paths() {
    assert_eq!(html_path("README.md"), "index.html");
    assert_eq!(html_path("docs/guide/README.md"), "docs/guide/index.html");
    assert_eq!(html_path("docs/a.md"), "docs/a.html");
    assert_eq!(relative("docs/guide/a.md", "docs/b.html"), "../b.html");
    assert_eq!(relative("README.md", "docs/b.html"), "docs/b.html");
    assert_eq!(relative("docs/a.md", "docs/b.html"), "b.html");
}

#[test]
fn a_site_lists_its_pages_on_each() {
    let page = |path: &str, markdown: &str| Page { path: path.into(), markdown: markdown.into() };
    let files = site(&[
        Section { title: "Start".into(), pages: vec![page("README.md", "# Hello `x` & y\n\n[b](docs/b.md)")] },
        Section { title: "Docs".into(), pages: vec![page("docs/b.md", "# B\n\n[home](../README.md)")] },
    ]);
    assert_eq!(files.keys().collect::<Vec<_>>(), ["docs/b.html", "index.html"]);
    let home = &files["index.html"];
    assert!(crate::write::is_marked(home));
    assert!(home.contains("<title>Hello x &amp; y</title>"), "{home}");
    assert!(home.contains("<a href=\"docs/b.html\">B</a>"), "{home}");
    assert!(home.contains("<details open><summary>Start</summary>"), "{home}");
    assert!(files["docs/b.html"].contains("<a href=\"../index.html\">home</a>"));
}
