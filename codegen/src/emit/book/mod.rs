//! The book: Markdown pages into a static site. No scripts, nothing to install, nothing fetched.
//!
//! ```text
//! Section { title: "Guide", pages: [Page { path: "docs/guide/README.md", markdown: "# Guide\n\n[A](a.md)" }] }
//! ```
//! becomes `docs/guide/index.html` with a list of all sections beside the text, and the link as `a.html` if there is
//! such a page.

mod markdown;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

/// Pages that stand together in the list beside the text.
#[derive(Clone, Debug)]
pub struct Section {
    /// Its heading there.
    pub title: String,
    /// In reading order.
    pub pages: Vec<Page>,
}

/// One Markdown page.
#[derive(Clone, Debug)]
pub struct Page {
    /// Relative to the project, `/` between parts: links between pages are relative to it.
    pub path: String,
    /// Its text.
    pub markdown: String,
}

/// The HTML files of the site, by path. `README.md` of a folder becomes its `index.html`.
#[must_use]
pub fn site(sections: &[Section]) -> BTreeMap<String, String> {
    let pages = || sections.iter().flat_map(|it| &it.pages);
    let known: BTreeSet<&str> = pages().map(|it| it.path.as_str()).collect();
    let titles: BTreeMap<&str, String> = pages().map(|it| (it.path.as_str(), title(it))).collect();
    let mut files = BTreeMap::new();
    for page in pages() {
        let view = View {
            title: titles.get(page.path.as_str()).map_or("", String::as_str),
            sections: sections.iter().map(|it| section_view(it, page, &titles)).collect(),
            body: markdown::html(&page.markdown, &Links { page: &page.path, known: &known }),
        };
        files.insert(html_path(&page.path), view.html());
    }
    files
}

struct View<'a> {
    title: &'a str,
    sections: Vec<SectionView<'a>>,
    body: String,
}

struct SectionView<'a> {
    title: String,
    /// The page that is shown is in it.
    open: bool,
    pages: Vec<PageView<'a>>,
}

struct PageView<'a> {
    title: &'a str,
    link: String,
    here: bool,
}

impl View<'_> {
    /// The page.
    fn html(&self) -> String {
        let Self { title, sections, body } = self;
        let mut html = String::with_capacity(body.len() + 8 * 1024);
        html.push_str(include_str!("head.html"));
        html.push_str(&format!("<title>{title}</title>\n"));
        html.push_str(include_str!("style.html"));
        html.push_str("<nav>\n");
        for SectionView { title, open, pages } in sections {
            let open = if *open { " open" } else { "" };
            html.push_str(&format!("<details{open}><summary>{title}</summary>\n<ul>\n"));
            for PageView { title, link, here } in pages {
                let here = if *here { " aria-current=\"page\"" } else { "" };
                html.push_str(&format!("<li><a href=\"{link}\"{here}>{title}</a></li>\n"));
            }
            html.push_str("</ul>\n</details>\n");
        }
        html.push_str(&format!("</nav>\n<main>\n{body}</main>\n</body>\n</html>\n"));
        html
    }
}

fn section_view<'a>(section: &'a Section, shown: &Page, titles: &'a BTreeMap<&str, String>) -> SectionView<'a> {
    let page = |it: &'a Page| PageView {
        title: titles.get(it.path.as_str()).map_or("", String::as_str),
        link: relative(&shown.path, &html_path(&it.path)),
        here: it.path == shown.path,
    };
    SectionView {
        title: escape(&section.title),
        open: section.pages.iter().any(|it| it.path == shown.path),
        pages: section.pages.iter().map(page).collect(),
    }
}

/// The first heading as text that is safe in HTML, or the path.
fn title(page: &Page) -> String {
    markdown::first_heading(&page.markdown).map_or_else(|| escape(&page.path), |it| escape(&it))
}

/// What links of a page may lead to.
struct Links<'a> {
    page: &'a str,
    known: &'a BTreeSet<&'a str>,
}

impl Links<'_> {
    /// The address in the site; nothing for a file that is not in it, or an address a browser should not follow.
    fn resolve(&self, target: &str) -> Option<String> {
        if target.starts_with("https://") || target.starts_with("http://") || target.starts_with("mailto:") {
            return Some(target.to_owned());
        }
        let (path, anchor) = target.split_once('#').map_or((target, ""), |(path, anchor)| (path, anchor));
        let anchor = if anchor.is_empty() { String::new() } else { format!("#{anchor}") };
        if path.is_empty() {
            return (!anchor.is_empty()).then_some(anchor);
        }
        let page = joined(self.page, path)?;
        let page = self.known.get(page.as_str())?;
        Some(relative(self.page, &html_path(page)) + &anchor)
    }
}

/// `docs/README.md` → `docs/index.html`, `docs/a.md` → `docs/a.html`.
fn html_path(path: &str) -> String {
    let stem = path.strip_suffix(".md").unwrap_or(path);
    let stem = match stem.strip_suffix("README") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => format!("{folder}index"),
        _ => stem.to_owned(),
    };
    stem + ".html"
}

/// `link` as seen from the file `from`; nothing if it leads out of the project.
fn joined(from: &str, link: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The way from the folder of the file `from` to `to`; both relative to the project.
fn relative(from: &str, to: &str) -> String {
    let folders: Vec<&str> = from.split('/').collect();
    let folders = &folders[..folders.len() - 1];
    let target: Vec<&str> = to.split('/').collect();
    let common = folders.iter().zip(&target[..target.len() - 1]).take_while(|(a, b)| a == b).count();
    "../".repeat(folders.len() - common) + &target[common..].join("/")
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}
