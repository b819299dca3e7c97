//! Markdown into HTML by pulldown-cmark, with what a book adds: anchors of headings, links between its pages, tables that
//! scroll. Raw HTML is shown as it is written, `<br>` and comments aside.

use std::collections::BTreeMap;

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};

use super::{Links, escape};
use crate::emit::markdown::anchor;

/// HTML of a document.
pub(super) fn html(markdown: &str, links: &Links<'_>) -> String {
    let mut writer = Writer { links, anchors: BTreeMap::new(), dropped: Vec::new(), events: Vec::new() };
    let mut events = Parser::new_ext(markdown, Options::ENABLE_TABLES);
    while let Some(event) = events.next() {
        writer.event(event, &mut events);
    }
    let mut out = String::with_capacity(markdown.len() * 2);
    html::push_html(&mut out, writer.events.into_iter());
    out
}

/// The text without its marks, of a page's first heading.
pub(super) fn first_heading(markdown: &str) -> Option<String> {
    let mut events = Parser::new_ext(markdown, Options::ENABLE_TABLES);
    events.find(|it| matches!(it, Event::Start(Tag::Heading { .. })))?;
    Some(plain(&events.take_while(|it| !matches!(it, Event::End(TagEnd::Heading(_)))).collect::<Vec<_>>()))
}

fn plain(events: &[Event<'_>]) -> String {
    let text = |it: &Event<'_>| match it {
        Event::Text(text) | Event::Code(text) | Event::InlineHtml(text) => text.to_string(),
        Event::SoftBreak | Event::HardBreak => " ".to_owned(),
        _ => String::new(),
    };
    events.iter().map(text).collect()
}

struct Writer<'l, 'm> {
    links: &'l Links<'l>,
    /// How often an anchor was given: the second gets `-1`.
    anchors: BTreeMap<String, usize>,
    /// Of each link that is open, whether it leads nowhere in the book, so that only its text stays.
    dropped: Vec<bool>,
    events: Vec<Event<'m>>,
}

impl<'m> Writer<'_, 'm> {
    fn event(&mut self, event: Event<'m>, rest: &mut Parser<'m>) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => self.heading(level as usize, rest),
            Event::Start(Tag::HtmlBlock) => self.raw_block(rest),
            Event::InlineHtml(text) if text.trim() != "<br>" => {
                if !is_comment(&text) {
                    self.events.push(Event::Text(text));
                }
            }
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let target = self.links.resolve(&dest_url);
                self.dropped.push(target.is_none());
                let dest_url = target.map(CowStr::from);
                self.events.extend(dest_url.map(|it| Event::Start(Tag::Link { link_type, dest_url: it, title, id })));
            }
            Event::End(TagEnd::Link) => {
                if self.dropped.pop() == Some(false) {
                    self.events.push(Event::End(TagEnd::Link));
                }
            }
            // Nothing is fetched: the words of a picture stay.
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => {}
            Event::Start(Tag::Table(columns)) => {
                self.raw("<div class=\"wide\">");
                self.events.push(Event::Start(Tag::Table(columns)));
            }
            Event::End(TagEnd::Table) => {
                self.events.push(Event::End(TagEnd::Table));
                self.raw("</div>\n");
            }
            other => self.events.push(other),
        }
    }

    fn raw(&mut self, html: impl Into<CowStr<'m>>) {
        self.events.push(Event::Html(html.into()));
    }

    fn heading(&mut self, level: usize, rest: &mut Parser<'m>) {
        let start = self.events.len();
        while let Some(event) = rest.next().filter(|it| !matches!(it, Event::End(TagEnd::Heading(_)))) {
            self.event(event, rest);
        }
        let id = anchor(&plain(&self.events[start..]));
        let times = self.anchors.entry(id.clone()).or_default();
        let id = if *times == 0 { id } else { format!("{id}-{times}") };
        *times += 1;
        let opening = format!("<h{level} id=\"{0}\"><a class=\"anchor\" href=\"#{0}\">#</a>", escape(&id));
        self.events.insert(start, Event::InlineHtml(opening.into()));
        self.raw(format!("</h{level}>\n"));
    }

    /// HTML that is a block of its own, as a paragraph that shows it.
    fn raw_block(&mut self, rest: &mut Parser<'m>) {
        let mut text = String::new();
        while let Some(event) = rest.next().filter(|it| !matches!(it, Event::End(TagEnd::HtmlBlock))) {
            if let Event::Html(piece) | Event::Text(piece) = event {
                text.push_str(&piece);
            }
        }
        if is_comment(&text) {
            return;
        }
        let text = escape(text.trim_end()).replace("&lt;br&gt;", "<br>");
        self.raw(format!("<p>{text}</p>\n"));
    }
}

fn is_comment(html: &str) -> bool {
    html.trim_start().starts_with("<!--") && html.trim_end().ends_with("-->")
}
