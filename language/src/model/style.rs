//! How lists and objects are written in a path, a query, a header, a form or a multipart body.

use super::XmlObject;

/// How a list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ListStyle {
    /// `a=1&a=2`
    Repeated,
    /// `a=1,2`
    Comma,
    /// `a=1%202`
    Space,
    /// `a=1%7C2`
    Pipe,
    /// `a[]=1&a[]=2`, and `a[0][b]=1` where an item holds several values.
    Brackets,
    /// `a[0]=1&a[1]=2`
    Indices,
    /// `a=1;2`
    Semicolon,
    /// `a.1=1&a.2=2`
    Numbered,
    /// `1.2`, in a path.
    Dots,
    /// `a=[1,2]`
    Json,
}

/// How an object is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ObjectStyle {
    /// `b=1&c=2`; `b=1,c=2` in a path or a header.
    Exploded,
    /// `a=b,1,c,2`
    Comma,
    /// `a[b]=1&a[c]=2`
    DeepObject,
    /// `a.b=1&a.c=2`
    Dots,
    /// `a={"b":1,"c":2}`
    Json,
}

/// How a text is written in a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextStyle {
    /// `a=b%2Fc`
    Encoded,
    /// `a=b/c`: what a query may hold stays as it is.
    Reserved,
    /// `a` without a `=`, where the text is empty.
    Flag,
}

/// How the lists, objects and texts of a parameter are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Style {
    /// Its lists, those inside of it included.
    pub lists: ListStyle,
    /// Its objects, those inside of it included; `None`: it has none.
    pub objects: Option<ObjectStyle>,
    /// The whole value is JSON text, whatever it is.
    pub json: bool,
    /// Its texts, those inside of it included.
    pub texts: TextStyle,
}

impl Style {
    /// Lists as repeated keys, and no objects.
    pub const PLAIN: Self = Self { lists: ListStyle::Repeated, objects: None, json: false, texts: TextStyle::Encoded };

    /// Whether its name alone is sent, `?uploads`, so that callers have no value to give.
    #[must_use]
    pub fn is_flag(self) -> bool {
        self.texts == TextStyle::Flag
    }
}

impl Default for Style {
    fn default() -> Self {
        Self::PLAIN
    }
}

/// A word for `style`: how lists are written, how objects are, or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StyleWord {
    /// As written in a spec.
    pub name: &'static str,
    /// Of lists.
    pub lists: Option<ListStyle>,
    /// Of objects.
    pub objects: Option<ObjectStyle>,
}

impl StyleWord {
    /// The fields of an object as parameters of their own.
    pub const EXPLODED: Self = Self { name: "exploded", lists: None, objects: Some(ObjectStyle::Exploded) };

    /// All of them.
    pub const ALL: [Self; 12] = [
        Self { name: "repeated", lists: Some(ListStyle::Repeated), objects: None },
        Self { name: "comma", lists: Some(ListStyle::Comma), objects: Some(ObjectStyle::Comma) },
        Self { name: "space", lists: Some(ListStyle::Space), objects: None },
        Self { name: "pipe", lists: Some(ListStyle::Pipe), objects: None },
        Self { name: "semicolon", lists: Some(ListStyle::Semicolon), objects: None },
        Self { name: "brackets", lists: Some(ListStyle::Brackets), objects: None },
        Self { name: "indices", lists: Some(ListStyle::Indices), objects: None },
        Self { name: "numbered", lists: Some(ListStyle::Numbered), objects: None },
        Self::EXPLODED,
        Self { name: "deep_object", lists: None, objects: Some(ObjectStyle::DeepObject) },
        Self { name: "dots", lists: Some(ListStyle::Dots), objects: Some(ObjectStyle::Dots) },
        Self { name: "json", lists: Some(ListStyle::Json), objects: Some(ObjectStyle::Json) },
    ];

    /// Whether the whole value becomes JSON text.
    #[must_use]
    pub fn is_json(self) -> bool {
        self.name == "json"
    }
}

impl ListStyle {
    /// As written in a spec.
    #[must_use]
    pub fn name(self) -> &'static str {
        StyleWord::ALL.iter().find(|it| it.lists == Some(self)).map_or("", |it| it.name)
    }

    /// Whether the items are joined into one text.
    #[must_use]
    pub fn joins(self) -> bool {
        matches!(self, Self::Comma | Self::Space | Self::Pipe | Self::Semicolon | Self::Dots)
    }
}

impl ObjectStyle {
    /// As written in a spec.
    #[must_use]
    pub fn name(self) -> &'static str {
        StyleWord::ALL.iter().find(|it| it.objects == Some(self)).map_or("", |it| it.name)
    }
}

/// What a parameter is called and looks like when it is sent, where that differs from the usual.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sent {
    /// Its name, if the spec calls it by an alias.
    pub name: Option<String>,
    /// How its lists and objects are written.
    pub style: Style,
    /// A slash in its value is one in the path.
    pub keeps_slashes: bool,
    /// What it is in a multipart body.
    pub part: PartForm,
    /// What its part of a multipart body is said to be, if the spec says so.
    pub content_type: Option<String>,
    /// How it is written in XML.
    pub xml: Option<Box<XmlObject>>,
}

/// What a parameter is in a multipart body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PartForm {
    /// A text or a file; a part for each item of a list.
    #[default]
    Plain,
    /// A text or a file for each item of a list, named as the style says: `a[]`, `a[0]`.
    Named,
    /// A text or a file for each entry of a map, named by its key: `a*` puts what is before the `*` before it.
    Entries,
    /// Texts, as the style says.
    Styled,
    /// One part of JSON.
    Json,
    /// A part of JSON for each item of a list.
    JsonItems,
}

impl Sent {
    /// The media type of its part of a multipart body, where the part says it.
    #[must_use]
    pub fn part_type(&self) -> Option<&str> {
        let json = matches!(self.part, PartForm::Json | PartForm::JsonItems).then_some("application/json");
        self.content_type.as_deref().or(json)
    }

    /// The name of the part that an item of a list is, by the name of the list.
    #[must_use]
    pub fn item_name(&self, name: &str, index: usize) -> String {
        match (self.part, self.style.lists) {
            (PartForm::Named, ListStyle::Indices) => format!("{name}[{index}]"),
            (PartForm::Named, _) => format!("{name}[]"),
            _ => name.to_owned(),
        }
    }
}
