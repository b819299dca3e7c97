//! A page of Markdown, put together of blocks with an empty line between them.

/// The page so far.
pub(super) struct Page(String);

impl Page {
    /// A page whose first line is the marker of generated files.
    pub(super) fn new(marker: &str) -> Self {
        let mut page = Self(String::with_capacity(16 * 1024));
        page.line(&[marker]);
        page
    }

    pub(super) fn block(&mut self, text: &str) {
        self.0.push('\n');
        self.line(&[text]);
    }

    /// A block; nothing, if it has no text.
    pub(super) fn block_if_any(&mut self, text: &str) {
        if !text.is_empty() {
            self.block(text);
        }
    }

    pub(super) fn blocks(&mut self, texts: &[String]) {
        texts.iter().for_each(|it| self.block(it));
    }

    /// A heading, of the level that its signs say.
    pub(super) fn heading(&mut self, signs: &str, text: &str) {
        self.0.push('\n');
        self.line(&[signs, " ", text]);
    }

    /// A list; nothing, if there are no items.
    pub(super) fn list(&mut self, items: &[String]) {
        if !items.is_empty() {
            self.0.push('\n');
            items.iter().for_each(|it| self.line(&["- ", it]));
        }
    }

    /// A line right below what stands there.
    pub(super) fn line(&mut self, parts: &[&str]) {
        parts.iter().for_each(|it| self.0.push_str(it));
        self.0.push('\n');
    }

    pub(super) fn into_text(self) -> String {
        self.0
    }
}
