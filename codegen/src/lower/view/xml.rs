//! How the JSON of an API becomes XML: the statics of the module `xml`.

/// The object of a record, or of the members of a union.
#[derive(Debug, Hash)]
pub(crate) struct XmlRecord {
    /// The static.
    pub ident: String,
    pub fields: Vec<XmlField>,
    /// What elements hold that are none of the fields.
    pub rest: XmlContent,
}

#[derive(Debug, Hash)]
pub(crate) struct XmlField {
    pub wire: String,
    pub node: XmlNode,
}

#[derive(Debug, Hash)]
pub(crate) enum XmlNode {
    Element(XmlElement),
    Attribute(String, XmlContent),
    /// Its name with a prefix, and what that stands for.
    AttributeIn(String, String, XmlContent),
    Text(XmlContent),
    Items(XmlElement),
    AllItems(XmlElement),
    AllIn(XmlElement),
}

#[derive(Debug, Hash)]
pub(crate) struct XmlElement {
    pub name: String,
    pub namespaces: Vec<(String, String)>,
    pub content: XmlContent,
}

#[derive(Debug, Hash)]
pub(crate) enum XmlContent {
    Text,
    Number,
    Boolean,
    Any,
    /// By the static of the record.
    Record(String),
    List(Box<XmlElement>),
    Map(Box<XmlContent>),
    OneOf(Vec<XmlContent>),
}

/// What of an operation is XML.
#[derive(Debug, Hash)]
pub(crate) struct OperationXml {
    pub body: Option<XmlElement>,
    pub answers: Vec<(u16, XmlElement)>,
    pub errors: Vec<(u16, XmlElement)>,
}
